//! The names of people an article gives: in full, by one word, by a title.
//!
//! Needs: sentences with their mentions, in the order they are read. Gives: the full name behind a word or a title.

use super::memory::Sort;
use super::mention::Mentions;
use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::nouns::NounKind;
use crate::knowledge::words::fold;
use crate::model::syntax::Upos;
use rustc_hash::{FxHashMap, FxHashSet};

/// Names in one article.
#[derive(Debug, Default)]
pub struct Names {
    /// Personal names of several words, by their first and last.
    full: FxHashMap<String, Vec<String>>,
    /// Whether whoever bears a name is a woman.
    women: FxHashMap<String, bool>,
    /// The lists' names for those an article writes in another way.
    alias: FxHashMap<String, String>,
    /// Names that the lists place.
    listed: FxHashSet<String>,
    /// Titles people were named with, in text order.
    titled: Vec<Title>,
    /// Nouns of the sentence at hand that a name stands beside.
    here: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Title {
    noun: String,
    /// The words before the noun, with a blank around each.
    before: String,
    name: String,
    listed: bool,
}

impl Names {
    /// Reads the names of a sentence.
    pub fn learn(&mut self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions) {
        self.here.clear();
        let mut i = 0;
        while i < tree.len() {
            if tree.upos(i) != Upos::PROPN {
                i += 1;
                continue;
            }
            let end = run_end(tree, i);
            self.name(tree, k, mentions, i, end);
            i = end + 1;
        }
    }

    fn name(&mut self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, start: usize, end: usize) {
        let (from, end) = bare(tree, k, start, end);
        // "Ana Doe of the Lima Centre" is no place for all that.
        let person =
            |t: usize| mentions.of(t).iter().all(|r| r.sort == Sort::Person || !(from..=end).any(|w| shares(&r.name, &tree.forms[w])));
        if !(from..=end).all(person) {
            return;
        }
        let listed = (from..=end).flat_map(|t| mentions.of(t)).find(|r| r.sort == Sort::Person && r.named && !r.code.is_empty());
        let listed = listed.map(|r| r.name.clone());
        let own = tree.span(from).join(tree.span(end)).of(tree.text);
        if own.contains(' ') {
            for word in [end, from] {
                match self.full.get_mut(&tree.forms[word]) {
                    Some(known) if known.len() < 8 && !known.iter().any(|n| n == own) => known.push(own.to_owned()),
                    Some(_) => {}
                    None => drop(self.full.insert(tree.forms[word].clone(), vec![own.to_owned()])),
                }
            }
        }
        let top = (from..=end).find(|&t| tree.head(t).is_none_or(|h| h < from || h > end)).unwrap_or(end);
        let called = from.checked_sub(1).map(|t| tree.forms[t].as_str());
        let woman = called.and_then(|w| self.addressed(k, w));
        let mut name: Option<String> = None;
        for t in titles(tree, k, start, from, end, top).into_iter().flatten() {
            let name = name.get_or_insert_with(|| match &listed {
                Some(name) if name.contains(' ') => name.clone(),
                _ => self.whole(tree, k, top),
            });
            if listed.is_none() && !name.contains(' ') {
                break;
            }
            let first = tree.kids(t).first().map_or(t, |&f| f.min(t)).max(t.saturating_sub(6));
            let before = tree.forms[first..t].iter().fold(" ".to_owned(), |all, w| all + w + " ");
            self.here.push((t, name.clone()));
            // "her neighbour, a carpenter called Ali Doe": the neighbour's, too.
            let beside = tree.head(t).filter(|&h| tree.base(t) == "appos" && h < t && is_person(tree, k, h));
            self.here.extend(beside.map(|h| (h, name.clone())));
            self.titled.push(Title { noun: tree.forms[t].clone(), before, name: name.clone(), listed: listed.is_some() });
        }
        if let Some(woman) = woman {
            let name = name.unwrap_or_else(|| self.whole(tree, k, top));
            self.gender(&name, woman);
        }
        if let Some(name) = listed {
            if from < end && name != own && !self.alias.contains_key(own) {
                self.alias.insert(own.to_owned(), name.clone());
            }
            if !self.listed.contains(&name) {
                self.listed.insert(name);
            }
        }
    }

    /// What "Mrs", "brother" before a name tells.
    fn addressed(&self, k: &Knowledge, word: &str) -> Option<bool> {
        if k.grammar.women.contains(word) { Some(true) } else { k.grammar.men.contains(word).then_some(false) }
    }

    /// Notes that a name is a woman's or a man's.
    pub fn gender(&mut self, name: &str, woman: bool) {
        if !self.women.contains_key(name) {
            self.women.insert(name.to_owned(), woman);
        }
    }

    /// Whether whoever bears the name is a woman, if the article tells.
    pub fn woman(&self, name: &str) -> Option<bool> {
        self.women.get(name).copied()
    }

    /// Whether the lists place the name.
    pub fn listed(&self, name: &str) -> bool {
        self.listed.contains(name)
    }

    /// The name beside a noun of the sentence at hand: "the mayor of Gaziantep, Ali Doe".
    pub fn linked(&self, noun: usize) -> Option<&str> {
        self.here.iter().find(|(t, _)| *t == noun).map(|(_, name)| name.as_str())
    }

    /// Who was named last with the title that a definite noun tells, and whether the lists place them.
    pub fn bearer(&self, tree: &Tree<'_>, k: &Knowledge, h: usize) -> Option<(String, bool)> {
        let behind = tree.with(h, Rels::NMOD).any(|n| n > h);
        let asked = |t: &usize| *t < h && !k.grammar.definites.contains(&tree.forms[*t]);
        let more = || tree.kids(h).iter().copied().filter(asked);
        let held = |title: &&Title| title.noun == tree.forms[h] && more().all(|t| title.before.split(' ').any(|w| w == tree.forms[t]));
        let found = self.titled.iter().rev().find(held).filter(|_| !behind && tree.xpos(h) == "NN")?;
        Some((found.name.clone(), found.listed))
    }

    /// A personal name, in full when the article has given it so.
    pub fn whole(&self, tree: &Tree<'_>, k: &Knowledge, h: usize) -> String {
        let mut start = h;
        while let Some(before) = part_before(tree, start) {
            start = before;
        }
        let (from, end) = bare(tree, k, start, run_end(tree, h));
        let own = tree.span(from).join(tree.span(end)).of(tree.text);
        let listed = |name: &String| self.alias.get(name).unwrap_or(name).clone();
        // "Asante-Poku" is one name.
        if own.contains(' ') {
            return listed(&own.to_owned());
        }
        let called = from.checked_sub(1).and_then(|t| self.addressed(k, &tree.forms[t]));
        let fits = |n: &&String| called.is_none_or(|w| self.woman(n).is_none_or(|known| known == w));
        let mut all = self.full.get(&tree.forms[end]).into_iter().flatten().filter(fits);
        // "Mr. Orlov", "Orlov" after "Ivan Orlov"; of two Orlovs neither.
        match (all.next(), all.next()) {
            (Some(one), None) => listed(one),
            // "Lord Doe", of whom nothing more is told
            _ => tree.span(start.max(from.saturating_sub(1))).join(tree.span(end)).of(tree.text).to_owned(),
        }
    }
}

/// Whether a folded word is among those of a name.
pub fn shares(name: &str, form: &str) -> bool {
    name.split([' ', '-']).any(|w| w.eq_ignore_ascii_case(form) || !w.is_ascii() && fold(w) == form)
}

/// Last token of the run of names that begins or goes on at `i`; hyphens part none.
pub fn run_end(tree: &Tree<'_>, i: usize) -> usize {
    let mut end = i;
    loop {
        let next = if hyphen(tree, end + 1) { end + 2 } else { end + 1 };
        let name = |t: usize| tree.upos(t) == Upos::PROPN && tree.word(t).starts_with(char::is_alphanumeric);
        if next >= tree.len() || !name(next) || tree.timely(next) {
            return end;
        }
        end = next;
    }
}

/// The token of the same run before `i`.
fn part_before(tree: &Tree<'_>, i: usize) -> Option<usize> {
    let before = i.checked_sub(1)?;
    let before = if hyphen(tree, before) { before.checked_sub(1)? } else { before };
    (tree.upos(before) == Upos::PROPN && !tree.timely(before)).then_some(before)
}

fn hyphen(tree: &Tree<'_>, i: usize) -> bool {
    i < tree.len() && matches!(tree.word(i), "-" | "‐" | "‑")
}

/// A run without titles and forms of address before the name and titles behind it.
fn bare(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> (usize, usize) {
    let g = &k.grammar;
    let title = |t: usize| k.agents.with_head(tree.lemma(t)).iter().any(|a| a.title);
    let address = |t: usize| g.women.contains(&tree.forms[t]) || g.men.contains(&tree.forms[t]);
    // "Ana Doe MP"
    let letters = |t: usize| t > start + 1 && tree.word(t).len() < 5 && tree.word(t).chars().all(char::is_uppercase);
    let end = (start..=end).rev().find(|&t| t == start || !title(t) && !letters(t)).unwrap_or(end);
    ((start..end).rev().find(|&t| title(t) || address(t)).map_or(start, |t| t + 1), end)
}

/// The nouns that say what a name's bearer is: before the name, beside it, or told of it ("Ali Doe is the mayor").
fn titles(tree: &Tree<'_>, k: &Knowledge, start: usize, from: usize, end: usize, top: usize) -> [Option<usize>; 4] {
    let noun = |t: &usize| is_person(tree, k, *t);
    let within = from.checked_sub(1).filter(|&t| t >= start);
    // "farmer Ali Doe"
    let before = start.checked_sub(1).filter(|&t| within.is_none() && tree.upos(t) == Upos::NOUN && tree.head(t) != Some(t)).filter(noun);
    let beside = tree.with(top, Rels::APPOS).filter(|&t| t > end && tree.upos(t) == Upos::NOUN).find(noun);
    let h = tree.head(top);
    let over = h.and_then(|h| match tree.base(top) {
        // "the mayor of Gaziantep, Ali Doe": the name may hang on the town.
        "appos" | "flat" if tree.upos(h) == Upos::NOUN && noun(&h) => Some(h),
        "appos" | "flat" => tree.head(h).filter(|&u| h < start && tree.base(h) == "nmod" && tree.upos(u) == Upos::NOUN && noun(&u)),
        "nsubj" => Some(h).filter(|&h| tree.upos(h) == Upos::NOUN && noun(&h) && tree.with(h, Rels::COP).next().is_some()),
        // "a carpenter called Ali Doe"
        "xcomp" | "obj" => {
            tree.head(h).filter(|&u| k.grammar.naming.contains(tree.lemma(h)) && tree.xpos(h) == "VBN" && tree.base(h) == "acl" && noun(&u))
        }
        _ => None,
    });
    [within, before, beside, over]
}

/// Whether a noun means one person ("teacher", "minister").
pub fn is_person(tree: &Tree<'_>, k: &Knowledge, h: usize) -> bool {
    let one = tree.xpos(h) == "NN" || tree.upos(h) == Upos::PROPN && tree.xpos(h) == "NNP";
    let lemma = tree.lemma(h);
    let title = || k.agents.with_head(lemma).iter().any(|a| a.title);
    one && (tree.upos(h) == Upos::NOUN && k.nouns.kind(lemma) == Some(NounKind::Person) || title())
}

/// The words of a phrase up to a comma or a clause about it.
pub fn words_of(tree: &Tree<'_>, h: usize) -> String {
    let (lo, hi) = tree.extent(h);
    let clause = tree.with(h, Rels::ACL | Rels::APPOS | Rels::PARATAXIS | Rels::ADVCL).filter(|&c| c > h).map(|c| tree.extent(c).0).min();
    let comma = (h + 1..=hi).find(|&t| tree.word(t) == ",");
    let hi = [clause, comma].into_iter().flatten().min().map_or(hi, |c| c.saturating_sub(1)).clamp(h, h.max(lo) + 8);
    tree.span(lo).join(tree.span(hi)).of(tree.text).split_whitespace().collect::<Vec<_>>().join(" ")
}
