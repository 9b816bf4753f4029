//! The deed between a marked source and target.

use super::deed::{Deed, Deeds};
use super::memory::Memory;
use super::mention;
use super::names::Names;
use super::time;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::model::syntax::Upos;
use crate::model::{Article, Mode, Span};
use crate::text::{self, model::Model};

/// CAMEO code of the deed that one of `sources` does to one of `targets`, both marked as words of
/// the text (white space aside); `None` when no frame speaks. Without marks on a side every deed
/// of the text is a candidate and the one told first and highest in the sentence stands.
pub fn relate(text: &str, sources: &[&str], targets: &[&str], k: &Knowledge, model: &Model) -> Option<String> {
    let article = Article { id: String::new(), text: text.to_owned(), ..Article::default() };
    let read = text::read(&article, &k.text, model);
    let s: Vec<Span> = sources.iter().filter_map(|w| find(text, w, &[])).collect();
    let t: Vec<Span> = targets.iter().filter_map(|w| find(text, w, &s).or_else(|| find(text, w, &[]))).collect();
    let mut best: Option<(i64, String)> = None;
    let mut said: Option<String> = None;
    let local = k.actors.in_context(text);
    let mut memory = Memory::new(k, None);
    for sentence in &read.sentences {
        let tree = Tree::new(sentence, text, k);
        if tree.is_empty() {
            continue;
        }
        // Whatever is marked may be a side; of the rest, those who are somebody.
        let names = Names::find(&tree, k, None, &local);
        let mentions = mention::read(&tree, &names, &mut memory);
        let marked = |i: usize| s.iter().chain(&t).any(|m| m.overlaps(tree.span(i)));
        let mut actors: Vec<bool> = (0..tree.len()).map(|i| tree.nominal(i) && (marked(i) || !mentions.of(i).is_empty())).collect();
        for t in time::find(&tree, k, &mut time::Told::default()) {
            actors[t.start..t.end].fill(false);
        }
        // Words alone, when no deed is told.
        if said.is_none() && (0..tree.len()).any(|v| tree.verbal(v) && k.cues.verbs(tree.lemma(v)).iter().any(|c| !c.weak)) {
            said = Some("010".to_owned());
        }
        for deed in Deeds::new(&tree, k, &actors, &names.long(tree.len())).read() {
            for (i, d) in std::iter::once(&deed).chain(&deed.inside).enumerate() {
                // What a demand or charge takes for granted is told by the demand.
                let told = (i == 0).then(|| told_of(&tree, d, &s, &t)).flatten();
                let (score, code) = match told.and_then(|()| k.frames.composed("accuse", &d.code)) {
                    Some(charge) => (190, charge.to_owned()),
                    None => (score(&tree, d, &s, &t), d.code.clone()),
                };
                if best.as_ref().is_none_or(|(b, _)| score > *b) {
                    best = Some((score, code));
                }
            }
        }
    }
    best.map(|(_, code)| code).or(said)
}

/// First place of some words in a text, white space aside, outside the spans given.
fn find(text: &str, words: &str, outside: &[Span]) -> Option<Span> {
    let wanted: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
    let first = *wanted.first()?;
    text.char_indices().filter(|(_, c)| *c == first).find_map(|(start, _)| {
        let mut left = wanted.iter();
        let mut next = left.next();
        for (i, c) in text[start..].char_indices() {
            if c.is_whitespace() {
                continue;
            }
            if next != Some(&c) {
                return None;
            }
            next = left.next();
            if next.is_none() {
                let span = Span::new(start, start + i + c.len_utf8());
                return (!outside.iter().any(|o| o.overlaps(span))).then_some(span);
            }
        }
        None
    })
}

/// Whether the source tells a hostile deed of the target ("Georgia says Russian agents planned
/// the coup"): it accuses.
fn told_of(tree: &Tree<'_>, d: &Deed, sources: &[Span], targets: &[Span]) -> Option<()> {
    let on = |heads: &[usize], marks: &[Span]| heads.iter().any(|&h| marks.iter().any(|m| m.overlaps(tree.span(h))));
    let hostile = d.code.as_str() >= "128" && !matches!(d.mode, Mode::Negated | Mode::Hypothetical);
    if !hostile || !on(&d.source, targets) || on(&d.source, sources) || on(&d.target, sources) {
        return None;
    }
    let mut at = d.trigger;
    for _ in 0..6 {
        let h = tree.head(at)?;
        if matches!(tree.base(at), "ccomp" | "parataxis") || tree.base(h) == "parataxis" {
            let speaker = tree.args(h).subject.map(|s| tree.conjuncts(s)).unwrap_or_default();
            if on(&speaker, sources) {
                return Some(());
            }
        }
        at = h;
    }
    None
}

fn score(tree: &Tree<'_>, d: &Deed, sources: &[Span], targets: &[Span]) -> i64 {
    let on = |heads: &[usize], marks: &[Span]| {
        heads.iter().any(|&h| {
            let word = tree.span(h);
            marks.iter().any(|m| m.contains(word) || m.overlaps(word))
        })
    };
    let near = |heads: &[usize], marks: &[Span]| heads.iter().any(|&h| marks.iter().any(|m| tree.extent_span(h).overlaps(*m)));
    let mut score = i64::from(d.weight);
    // "said they will": the pronoun may well stand for whoever is marked before it.
    let pronoun = |heads: &[usize]| {
        let before = |h: usize| sources.iter().any(|m| m.end <= tree.span(h).start);
        heads.iter().any(|&h| tree.upos(h) == Upos::PRON && before(h))
    };
    if on(&d.source, sources) {
        score += 100;
    } else if pronoun(&d.source) {
        score += 60;
    } else if near(&d.source, sources) {
        score += 40;
    }
    if !targets.is_empty() {
        if on(&d.target, targets) {
            score += 90;
        } else if near(&d.target, targets) {
            score += 45;
        // "will not lift the embargo it has put on the island": the deed has no other target.
        } else if d.target.is_empty() && d.used.iter().any(|&u| !tree.verbal(u) && near(&[u], targets)) {
            score += 50;
        } else if targets.iter().any(|t| tree.extent_span(d.trigger).overlaps(*t)) {
            score += 20;
        }
        if on(&d.target, sources) && !on(&d.source, sources) {
            score -= if d.symmetric { 0 } else { 30 };
        }
    }
    // A participle that describes a side tells what was before.
    if matches!(tree.base(d.trigger), "amod" | "acl") {
        score -= 25;
    }
    // What the source itself does outweighs what is told inside its words.
    if d.mode == Mode::Claimed {
        score -= 25;
    }
    if let Some(s) = sources.first() {
        score -= (i64::from(tree.span(d.trigger).start) - i64::from(s.start)).abs() / 20;
    } else {
        score -= 8 * depth(tree, d.trigger) + i64::from(tree.span(d.trigger).start - tree.sentence.span.start) / 20;
    }
    score
}

/// Steps from a token to the root of its tree.
fn depth(tree: &Tree<'_>, token: usize) -> i64 {
    let mut at = token;
    let mut steps = 0;
    while let Some(h) = tree.head(at) {
        at = h;
        steps += 1;
        if steps as usize > tree.len() {
            break;
        }
    }
    steps
}
