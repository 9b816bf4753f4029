//! Names in a sentence: the longest entry of the actor lists at each place.

use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::actors::{Actor, Found, Kind};
use crate::knowledge::gazetteer::{Candidate, PlaceKind, key};
use crate::model::{Date, syntax::Upos};

/// A listed name found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<'k> {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Who bears it.
    pub actor: &'k Actor,
}

impl Eq for Actor {}

/// Names of a sentence, by token.
#[derive(Debug, Default)]
pub struct Names<'k> {
    /// In order, not overlapping.
    pub hits: Vec<Hit<'k>>,
    at: Vec<Option<usize>>,
}

impl<'k> Names<'k> {
    /// Which of `n` tokens stand within a name of several words, but for its last.
    pub fn long(&self, n: usize) -> Vec<bool> {
        let mut out = vec![false; n];
        for h in self.hits.iter().filter(|h| h.end - h.start > 1) {
            out[h.start..h.end - 1].fill(true);
        }
        out
    }

    /// Finds the names of a sentence as they stood on `date`.
    pub fn find(tree: &Tree<'_>, k: &'k Knowledge, date: Option<Date>, local: &[(Vec<String>, usize)]) -> Self {
        // Comparable words with the token each came from; hyphens vanish, other marks part names.
        let mut words: Vec<String> = Vec::with_capacity(tree.len());
        let mut from: Vec<usize> = Vec::with_capacity(tree.len());
        let mut upper: Vec<bool> = Vec::with_capacity(tree.len());
        let mut capital: Vec<bool> = Vec::with_capacity(tree.len());
        for i in 0..tree.len() {
            let word = tree.word(i);
            if matches!(word, "-" | "‐" | "‑" | "–") {
                continue;
            }
            let form = &tree.forms[i];
            let parts: Vec<&str> = form.split('-').filter(|p| !p.is_empty()).collect();
            let parts = if parts.is_empty() { vec![form.as_str()] } else { parts };
            for (n, part) in parts.into_iter().enumerate() {
                words.push(part.to_owned());
                from.push(i);
                upper.push(!word.chars().any(char::is_lowercase));
                capital.push(n > 0 || word.chars().next().is_some_and(char::is_uppercase));
            }
        }
        let lower_text = !capital.iter().any(|&c| c);
        let mut hits: Vec<Hit<'k>> = Vec::new();
        let mut w = 0;
        while w < words.len() {
            let mut found = k.actors.at(&words[w..], &upper[w..]);
            if found.is_empty() && !lower_text && capital[w] {
                found.extend(otherwise(tree, k, &words[w..], &capital[w..], &from[w..]));
            }
            let best = found
                .iter()
                .filter(|f| lower_text || capital[w..w + f.words].iter().any(|&c| c))
                .map(|f| (f, &k.actors.list[f.actor]))
                // A body out of its time is still itself when nobody else bears the name.
                .max_by_key(|(f, a)| (a.valid(date), a.own, rank(a, date), std::cmp::Reverse(f.actor)));
            // One-word names must be names in this sentence: "may", "china shop", "turkey".
            let ok = best.filter(|(f, a)| f.words > 1 || plausible(tree, from[w], a, lower_text));
            // Names that count in this article only ("the coalition").
            let near = local
                .iter()
                .filter(|(parts, a)| words[w..].starts_with(parts) && k.actors.list[*a].valid(date))
                .find(|(parts, _)| ok.as_ref().is_none_or(|(f, _)| parts.len() > f.words));
            if let Some((parts, a)) = near {
                let last = from[w + parts.len() - 1];
                hits.push(Hit { start: from[w], end: last + 1, actor: &k.actors.list[*a] });
                w += parts.len();
            } else if let Some((f, actor)) = ok {
                let last = from[w + f.words - 1];
                hits.push(Hit { start: from[w], end: last + 1, actor });
                w += f.words;
            } else {
                w += 1;
            }
        }
        hits.retain(|h| !namesake(tree, k, h));
        let mut at = vec![None; tree.len()];
        for (i, hit) in hits.iter().enumerate() {
            for slot in &mut at[hit.start..hit.end] {
                slot.get_or_insert(i);
            }
        }
        Self { hits, at }
    }

    /// The name a token belongs to.
    pub fn at(&self, token: usize) -> Option<&Hit<'k>> {
        self.at.get(token).copied().flatten().map(|i| &self.hits[i])
    }
}

/// Whether a name of a place is another one's, by the region told behind it: "Paris, Ky.", "Moscow, Idaho".
fn namesake(tree: &Tree<'_>, k: &Knowledge, hit: &Hit<'_>) -> bool {
    let at = hit.end + 1;
    let place = matches!(hit.actor.kind, Kind::Seat | Kind::Place | Kind::State);
    if !place || at >= tree.len() || tree.word(hit.end) != "," || tree.upos(at) != Upos::PROPN {
        return false;
    }
    let words = |from: usize, to: usize| k.places.named(&key(tree.span(from).join(tree.span(to - 1)).of(tree.text)));
    let own = |c: &Candidate| c.country_code() == hit.actor.code.get(..3);
    let mut outer = words(at, (at + 2).min(tree.len()));
    if outer.is_empty() {
        outer = words(at, at + 1);
    }
    outer.retain(|o| o.kind == PlaceKind::Region && o.listed && !own(o));
    !outer.is_empty()
        && words(hit.start, hit.end)
            .iter()
            .any(|c| outer.iter().any(|o| o.country == c.country && o.region.is_some() && o.region == c.region))
}

/// A name written otherwise than the lists have it: another transliteration, a slip of the keys.
/// `from` are the tokens of the words.
fn otherwise(tree: &Tree<'_>, k: &Knowledge, words: &[String], capital: &[bool], from: &[usize]) -> Option<Found> {
    let first = *from.first()?;
    // Names are found whole or not at all: "Muhammad bin Ibrahim al Mutawa" is no Ibrahim.
    let joined = |a: usize, b: usize| {
        b < tree.len()
            && tree.upos(b) == Upos::PROPN
            && (tree.head(b) == Some(a) || tree.head(a) == Some(b) || tree.head(a) == tree.head(b) && tree.base(b) == "flat")
    };
    let alone = |words: usize| {
        from.get(words - 1).is_some_and(|&last| !joined(last, last + 1))
            && !(first > 0 && tree.upos(first - 1) == Upos::PROPN && joined(first - 1, first))
    };
    if let Some(person) = k.actors.spelt_otherwise(words, capital) {
        return Some(person).filter(|p| from.get(p.words - 1).is_some_and(|&last| !joined(last, last + 1)));
    }
    if !matches!(tree.upos(first), Upos::PROPN | Upos::ADJ | Upos::NOUN) || !alone(1) {
        return None;
    }
    k.actors.mistyped(words.first()?).map(|actor| Found { actor, words: 1 })
}

fn rank(a: &Actor, date: Option<Date>) -> u8 {
    match a.kind {
        Kind::State => 9,
        Kind::Person if a.office(date).is_some() => 8,
        Kind::Agency | Kind::Body => 7,
        Kind::Seat => 6,
        Kind::Person => 5,
        Kind::Demonym => 4,
        Kind::Place => 3,
    }
}

fn plausible(tree: &Tree<'_>, token: usize, actor: &Actor, lower_text: bool) -> bool {
    match tree.upos(token) {
        Upos::VERB | Upos::AUX | Upos::ADP | Upos::ADV | Upos::DET | Upos::CCONJ | Upos::SCONJ | Upos::PART => {
            // A capital inside the sentence outweighs a wrong tag, and so do all capitals in a
            // sentence that has small letters too ("IMF approves …").
            let word = tree.word(token);
            let capitals = word.len() > 2 && !word.chars().any(char::is_lowercase);
            let others = || (0..tree.len()).any(|i| tree.word(i).chars().any(char::is_lowercase));
            !lower_text && word.chars().next().is_some_and(char::is_uppercase) && (token > 0 || capitals && others())
        }
        Upos::PRON => !tree.word(token).chars().any(char::is_lowercase) && tree.word(token).len() > 1,
        _ => {
            // A lone family name behind another name is somebody else ("Jeb Bush", "Carlos Valencia Ruiz").
            let inside_name = matches!(actor.kind, Kind::Person | Kind::Place | Kind::State)
                && tree.base(token) == "flat"
                && tree.head(token).is_some_and(|h| h < token && (h..token).all(|t| tree.upos(t) == Upos::PROPN));
            // "Milan Babic", "Georgia Meloni": a given name.
            let given = matches!(actor.kind, Kind::Place | Kind::State | Kind::Seat | Kind::Demonym)
                && tree.case(token).is_none()
                && tree.with(token, Rels::FLAT).any(|k| k == token + 1 && tree.upos(k) == Upos::PROPN);
            !inside_name && !given
        }
    }
}
