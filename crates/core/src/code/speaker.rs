//! What speakers are called in a chain: the full name the article gives, the person a title stands
//! for, or the words of a source without a name.
//!
//! Needs: drafts of statements, in text order. Gives: the speaker's name and whether it is one person.

use super::memory::Sort;
use super::mention::Mentions;
use super::rels::Rels;
use super::statement::Draft;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::model::{HopKind, Role, Statement, syntax::Upos};
use std::collections::HashMap;

/// Sentences within which "he" may still be whoever spoke last.
const NEAR: u32 = 3;

/// Names of speakers in one article.
#[derive(Debug, Default)]
pub struct Speakers {
    /// Descriptions of sources without a name, by head noun.
    unnamed: HashMap<String, String>,
    /// Personal names of several words, by their last.
    full: HashMap<String, Vec<String>>,
    /// Who spoke last, when it is nobody that the lists place, where, and the side the words give.
    stranger: Option<(String, u32, Option<Role>)>,
    /// Who was named last with a title ("minister").
    titled: HashMap<String, String>,
}

/// How a speaker is called.
pub struct Called {
    /// The name, if there is any.
    pub name: Option<String>,
    /// What the speaker is.
    pub kind: HopKind,
    /// Whether it is one person, whose words came one way.
    pub person: bool,
}

impl Speakers {
    /// Remembers personal names of several words, and the titles people are named with.
    pub fn meet(&mut self, tree: &Tree<'_>, index: u32, mentions: &Mentions) {
        for h in (0..tree.len()).filter(|&h| tree.upos(h) == Upos::PROPN) {
            let last = tree.with(h, Rels::FLAT).filter(|&f| tree.upos(f) == Upos::PROPN && f > h && f < h + 4).max();
            let Some(last) = last.filter(|&l| (h..=l).all(|t| tree.upos(t) == Upos::PROPN)) else { continue };
            let name = tree.span(h).join(tree.span(last)).of(tree.text).to_owned();
            let known = self.full.entry(tree.forms[last].clone()).or_default();
            if known.len() < 8 && !known.contains(&name) {
                known.push(name);
            }
        }
        for h in (0..tree.len()).filter(|&h| tree.upos(h) == Upos::PROPN) {
            let listed = mentions.of(h).iter().find(|r| r.sort == Sort::Person && r.named).map(|r| r.name.clone());
            let Some(name) = listed.or_else(|| self.stranger_at(tree, mentions, h)) else { continue };
            // "Minister Anna Holm", "Anna Holm, the minister", "the minister, Anna Holm".
            let noun = |t: &usize| tree.upos(*t) == Upos::NOUN || tree.upos(*t) == Upos::PROPN && mentions.of(*t).is_empty();
            let titles = tree.with(h, Rels::COMPOUND | Rels::FLAT | Rels::NMOD).filter(|&t| t < h && tree.case(t).is_none()).max();
            let beside = tree.with(h, Rels::APPOS).filter(|&t| t > h);
            let over = tree.head(h).filter(|_| matches!(tree.base(h), "appos" | "flat"));
            for t in titles.into_iter().chain(beside).chain(over).filter(noun) {
                self.titled.insert(tree.forms[t].clone(), name.clone());
            }
        }
        // "Ali Doe, who leads them, smiled. "…," he said.": whom the sentence tells of.
        let root = (0..tree.len()).find(|&t| tree.head(t).is_none());
        let Some(subject) = root.and_then(|r| tree.with(r, Rels::NSUBJ).next()) else { return };
        // "farmer Hamad Saleh": the name may hang on what he is.
        let name_of = |s: usize| {
            if tree.upos(s) == Upos::PROPN {
                Some(s)
            } else {
                tree.with(s, Rels::FLAT | Rels::APPOS).find(|&t| tree.upos(t) == Upos::PROPN)
            }
        };
        let Some(subject) = name_of(subject) else { return };
        let named = mentions.of(subject).iter().any(|r| r.sort == Sort::Person && r.named);
        let name = self.whole_name(tree, subject);
        if named {
            self.stranger = None;
        } else if mentions.of(subject).is_empty() && name.contains(' ') {
            self.stranger = Some((name, index, None));
        }
    }

    /// The name of somebody on no list, if it has several words.
    fn stranger_at(&self, tree: &Tree<'_>, mentions: &Mentions, h: usize) -> Option<String> {
        let person = mentions.of(h).iter().all(|r| r.sort == Sort::Person);
        let name = self.whole_name(tree, h);
        (person && tree.with(h, Rels::FLAT).next().is_some() && name.contains(' ')).then_some(name)
    }

    /// What the speaker of a draft is called. Who was nobody the lists place takes the place of a
    /// wrongly resolved "he".
    pub fn call(&mut self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, draft: &mut Parts<'_>) -> Called {
        let who = draft.token.filter(|_| draft.kind == HopKind::Speaker && !draft.outlet);
        let statement = &mut *draft.statement;
        // "he said" after somebody whom nothing places is still he.
        let body = |h: usize| k.attitudes.words.body.contains(&tree.forms[h]) && statement.speaker.is_none();
        let again = who.filter(|&h| k.grammar.persons.contains(&tree.forms[h]) || body(h));
        let again = again.and(self.stranger.as_ref()).filter(|(_, s, _)| statement.sentence - s <= NEAR).cloned();
        let mut side = None;
        if let Some((_, _, of)) = &again {
            statement.speaker.clone_from(of);
            statement.office = None;
            side.clone_from(of);
        }
        let again = again.map(|(name, ..)| name);
        let named = who.filter(|&h| tree.upos(h) == Upos::PROPN && statement.speaker.is_none()).map(|h| self.whole_name(tree, h));
        // "The commander of the rebels, Ali Doe, said": the words place him, the name is his.
        let apposed = draft.token.filter(|_| !draft.person && !draft.outlet).filter(|&h| tree.upos(h) == Upos::NOUN).and_then(|h| {
            let names = tree.with(h, Rels::APPOS).filter(|&a| a > h).chain(tree.head(h).filter(|_| tree.base(h) == "appos"));
            names.filter(|&a| tree.upos(a) == Upos::PROPN).filter_map(|a| self.stranger_at(tree, mentions, a)).next()
        });
        let definite = draft
            .token
            .filter(|&h| tree.upos(h) == Upos::NOUN && tree.with(h, Rels::DET).any(|d| k.grammar.definites.contains(&tree.forms[d])));
        // "The minister said" after somebody was named with that title.
        let bare = |&h: &usize| {
            tree.xpos(h) == "NN" && tree.with(h, Rels::NMOD | Rels::COMPOUND | Rels::AMOD | Rels::APPOS | Rels::ACL).next().is_none()
        };
        let bearer =
            definite.filter(bare).filter(|_| !draft.person && !draft.outlet).and_then(|h| self.titled.get(&tree.forms[h]).cloned());
        // "the source" is the source told of before.
        let before = definite.filter(|_| draft.kind == HopKind::Anonymous).and_then(|h| self.unnamed.get(tree.lemma(h)).cloned());
        if apposed.is_some() {
            side.clone_from(&statement.speaker);
        }
        let kind = if apposed.is_some() || bearer.is_some() { HopKind::Speaker } else { draft.kind };
        let stranger = again.or(named).or(apposed);
        match &stranger {
            Some(name) => self.stranger = Some((name.clone(), statement.sentence, side)),
            None if who.is_some() => self.stranger = None,
            None => {}
        }
        let unplaced = stranger.is_some() || bearer.is_some();
        let words = draft.description.take();
        let (words, resolved) = (words, statement.speaker.as_ref().map(|r| r.name.clone()));
        // A source without a name is called by its own words.
        let rest = if kind == HopKind::Anonymous { words.or(resolved) } else { resolved.or(words) };
        let name = stranger.or(bearer).or(before).or(rest);
        if let (HopKind::Anonymous, Some(h), Some(name)) = (kind, draft.token, &name) {
            self.unnamed.insert(tree.lemma(h).to_owned(), name.clone());
        }
        Called { name: name.filter(|_| !draft.outlet), kind, person: kind == HopKind::Anonymous || draft.person || unplaced }
    }

    /// A personal name, in full when the article has given it so.
    fn whole_name(&self, tree: &Tree<'_>, h: usize) -> String {
        let parts = tree.with(h, Rels::FLAT | Rels::COMPOUND).filter(|&f| tree.upos(f) == Upos::PROPN && f.abs_diff(h) < 4);
        let (lo, mut hi) = parts.fold((h, h), |(lo, hi), f| (lo.min(f), hi.max(f)));
        // Parts of a name may hang on each other.
        while hi + 1 < tree.len()
            && tree.upos(hi + 1) == Upos::PROPN
            && tree.base(hi + 1) == "flat"
            && tree.head(hi + 1).is_some_and(|p| p >= lo && p <= hi)
        {
            hi += 1;
        }
        let own = tree.span(lo).join(tree.span(hi)).of(tree.text);
        match self.full.get(&tree.forms[hi]).map(Vec::as_slice) {
            // "Mr. Orlov", "Orlov" after "Ivan Orlov"; of two Orlovs neither.
            Some([one]) if own.split(' ').count() < one.split(' ').count() || lo == hi => one.clone(),
            _ => own.to_owned(),
        }
    }
}

/// What of a draft tells how its speaker is called.
pub struct Parts<'a> {
    statement: &'a mut Statement,
    token: Option<usize>,
    kind: HopKind,
    description: Option<String>,
    outlet: bool,
    person: bool,
}

impl<'a> Parts<'a> {
    /// Those of a draft.
    pub fn of(draft: &'a mut Draft) -> Self {
        Self {
            token: draft.speaker_token,
            kind: draft.kind,
            description: draft.description.take(),
            outlet: draft.outlet_speaker,
            person: draft.person,
            statement: &mut draft.statement,
        }
    }
}
