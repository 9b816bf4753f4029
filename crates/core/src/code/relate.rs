//! The deed between a marked source and target.

use super::deed::{Deed, Deeds};
use super::tree::Tree;
use super::when;
use crate::knowledge::Knowledge;
use crate::model::{Article, Mode, Span};
use crate::text::{self, model::Model};

/// CAMEO code of the deed that the first occurrence of `source` does to that of `target`;
/// `None` when no frame speaks.
pub fn relate(text: &str, source: &str, target: &str, k: &Knowledge, model: &Model) -> Option<String> {
    let article = Article { id: String::new(), text: text.to_owned(), ..Article::default() };
    let read = text::read(&article, &k.text, model);
    let find = |what: &str, not: Option<Span>| -> Option<Span> {
        text.match_indices(what).map(|(i, w)| Span::new(i, i + w.len())).find(|s| not.is_none_or(|n| !n.overlaps(*s)))
    };
    let s = find(source, None)?;
    let t = find(target, Some(s)).or_else(|| find(target, None));
    let mut best: Option<(i64, String)> = None;
    for sentence in &read.sentences {
        let tree = Tree::new(sentence, text, &k.grammar);
        if tree.is_empty() {
            continue;
        }
        // The pair is marked by hand, so every noun may be a side.
        let mut actors: Vec<bool> = (0..tree.len()).map(|i| tree.nominal(i)).collect();
        for t in when::find(&tree, k, None) {
            actors[t.start..t.end].fill(false);
        }
        for deed in Deeds::new(&tree, k, &actors).read() {
            for d in std::iter::once(&deed).chain(&deed.inside) {
                let score = score(&tree, d, s, t);
                if best.as_ref().is_none_or(|(b, _)| score > *b) {
                    best = Some((score, d.code.clone()));
                }
            }
        }
    }
    best.map(|(_, code)| code)
}

fn score(tree: &Tree<'_>, d: &Deed, s: Span, t: Option<Span>) -> i64 {
    let on = |heads: &[usize], span: Span| {
        heads.iter().any(|&h| span.contains(tree.span(h)) || tree.extent_span(h).overlaps(span) && tree.span(h).overlaps(span))
    };
    let near = |heads: &[usize], span: Span| heads.iter().any(|&h| tree.extent_span(h).overlaps(span));
    let mut score = i64::from(d.weight);
    if on(&d.source, s) {
        score += 100;
    } else if near(&d.source, s) {
        score += 40;
    }
    if let Some(t) = t {
        if on(&d.target, t) {
            score += 90;
        } else if near(&d.target, t) {
            score += 45;
        } else if tree.extent_span(d.trigger).overlaps(t) {
            score += 20;
        }
        if on(&d.target, s) && !on(&d.source, s) {
            score -= if d.symmetric { 0 } else { 30 };
        }
    }
    // What the source itself does outweighs what is told inside its words.
    if d.mode == Mode::Claimed {
        score -= 25;
    }
    score -= (tree.span(d.trigger).start as i64 - s.start as i64).abs() / 20;
    score
}
