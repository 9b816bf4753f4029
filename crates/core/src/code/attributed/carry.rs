//! Quotations that run over sentences: whose words the sentences without a cue are.

use super::Reading;
use crate::model::{Attributed, Sentence, Span, Token};
use crate::text::Text;

/// Gives sentences that stand wholly in quotation marks to the attribution before them, or to the
/// one that closes their quotation, and the sentence after "said:" to that. In text order.
pub fn carry(article: &str, text: &Text, mut all: Vec<Reading>) -> Vec<Attributed> {
    let sentences = &text.sentences;
    all.sort_by_key(|r| (r.said.sentence, r.said.cue));
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); sentences.len()];
    for (i, r) in all.iter().enumerate() {
        if let Some(list) = of.get_mut(r.said.sentence as usize) {
            list.push(i);
        }
    }
    turns(article, sentences, &of, &mut all);
    // Wholly quoted, or a quotation begins in it that goes on in the next.
    let runs = |i: usize| sentences.get(i + 1).is_some_and(|next| goes_on(article, &sentences[i], next));
    let open: Vec<bool> = (0..sentences.len()).map(|i| of[i].is_empty() && (whole(&sentences[i]) || runs(i))).collect();
    for i in 0..sentences.len() {
        let taken = |r: &Reading| r.said.sentence as usize != i && r.said.content.iter().any(|c| c.contains(sentences[i].span));
        if !open[i] || all.iter().any(taken) {
            continue;
        }
        let before = (0..i).rev().find(|&j| !open[j]);
        let after = (i + 1..sentences.len()).find(|&j| !open[j]);
        let near = |j: usize| sentences[j].paragraph == sentences[i].paragraph;
        let back = before.and_then(|j| of[j].iter().copied().rfind(|&r| all[r].quoted));
        let ahead = after.filter(|&j| near(j)).and_then(|j| of[j].iter().copied().find(|&r| all[r].quoted && all[r].first));
        let runs_on = after.is_some_and(|j| (i..j).all(|s| goes_on(article, &sentences[s], &sentences[s + 1])));
        let beside = before.is_some_and(near);
        let next = before.is_some_and(|j| sentences[j].paragraph + 1 >= sentences[i].paragraph);
        let chosen = match (ahead, back) {
            (Some(r), back) if runs_on || whole(&sentences[i]) && !(beside && back.is_some()) => Some(r),
            _ if !whole(&sentences[i]) => None,
            (_, Some(r)) if next => Some(r),
            _ => {
                let introduced = before.filter(|&j| sentences[j].tokens.last().is_some_and(|t| t.span.of(article) == ":"));
                introduced.and_then(|j| of[j].last().copied())
            }
        };
        if let Some(r) = chosen {
            all[r].said.content.push(sentences[i].span);
            all[r].said.verbatim = true;
        }
    }
    all.retain(|r| !r.said.content.is_empty());
    all.into_iter().map(|r| Attributed { content: joined(article, r.said.content), ..r.said }).collect()
}

/// In a transcript ("SMITH: …" at the head of several paragraphs) all of a paragraph is its speaker's.
fn turns(article: &str, sentences: &[Sentence], of: &[Vec<usize>], all: &mut [Reading]) {
    let first = |i: usize| i == 0 || sentences[i - 1].paragraph != sentences[i].paragraph;
    let turn = |i: usize| {
        let of_name = |r: &&usize| {
            let said = &all[**r].said;
            said.cue.of(article) == ":" && said.source.is_some_and(|s| super::is_capitals(s.of(article)))
        };
        of.get(i).filter(|_| first(i)).and_then(|list| list.iter().find(of_name)).copied()
    };
    let found: Vec<(usize, usize)> = (0..sentences.len()).filter_map(|i| Some((i, turn(i)?))).collect();
    if found.len() < 2 {
        return;
    }
    for (i, r) in found {
        let rest = sentences[i + 1..].iter().take_while(|s| s.paragraph == sentences[i].paragraph);
        all[r].said.content.extend(rest.map(|s| s.span));
    }
}

fn words(s: &Sentence) -> impl Iterator<Item = &Token> {
    s.tokens.iter().filter(|t| !t.deprel.as_str().starts_with("punct"))
}

/// Whether a sentence is nothing but quoted words.
fn whole(s: &Sentence) -> bool {
    let (quoted, all) = words(s).fold((0, 0), |(q, n), t| (q + usize::from(t.quoted), n + 1));
    all > 0 && quoted * 10 >= all * 9
}

/// Whether a quotation goes on from one sentence into the next without marks between them.
fn goes_on(article: &str, a: &Sentence, b: &Sentence) -> bool {
    let mark = |t: &Token| matches!(t.span.of(article), "\"" | "“" | "”" | "''" | "``" | "’" | "‘" | "«" | "»");
    let (Some(last), Some(first)) = (a.tokens.last(), b.tokens.first()) else { return false };
    last.quoted && !mark(last) && first.quoted && !mark(first)
}

/// Spans in order, those with no word between them made one.
fn joined(article: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for s in spans {
        match out.last_mut() {
            Some(l) if s.start <= l.end || !Span { start: l.end, end: s.start }.of(article).contains(char::is_alphanumeric) => {
                *l = l.join(s)
            }
            _ => out.push(s),
        }
    }
    out
}
