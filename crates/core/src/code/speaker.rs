//! What speakers are called in a chain: the full name the article gives, the person a title stands
//! for, or the words of a source without a name.
//!
//! Needs: drafts of statements, in text order. Gives: the speaker's name and whether it is one person.

use super::memory::Sort;
use super::mention::Mentions;
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
    pub fn meet(&mut self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions) {
        for h in (0..tree.len()).filter(|&h| tree.upos(h) == Upos::PROPN) {
            let last = tree.with(h, &["flat"]).filter(|&f| tree.upos(f) == Upos::PROPN && f > h && f < h + 4).max();
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
            let beside = tree.with(h, &["compound", "appos", "flat", "nmod"]).filter(|&t| tree.case(t).is_none());
            let over = tree.head(h).filter(|_| matches!(tree.base(h), "appos" | "flat"));
            for t in beside.chain(over).filter(|&t| k.cues.anonymous.heads.contains(tree.lemma(t))) {
                self.titled.insert(tree.lemma(t).to_owned(), name.clone());
            }
        }
    }

    /// The name of somebody on no list, if it has several words.
    fn stranger_at(&self, tree: &Tree<'_>, mentions: &Mentions, h: usize) -> Option<String> {
        let person = mentions.of(h).iter().all(|r| r.sort == Sort::Person);
        let name = self.whole_name(tree, h);
        (person && tree.with(h, &["flat"]).next().is_some() && name.contains(' ')).then_some(name)
    }

    /// What the speaker of a draft is called. Who was nobody the lists place takes the place of a
    /// wrongly resolved "he".
    pub fn call(&mut self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, draft: &mut Parts<'_>) -> Called {
        let who = draft.token.filter(|_| draft.kind == HopKind::Speaker && !draft.outlet);
        let statement = &mut *draft.statement;
        // "he said" after somebody whom nothing places is still he.
        let again = who.filter(|&h| k.grammar.persons.contains(&tree.forms[h]));
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
            let names = tree.with(h, &["appos"]).filter(|&a| tree.upos(a) == Upos::PROPN && a > h);
            names.filter_map(|a| self.stranger_at(tree, mentions, a)).next()
        });
        let definite = draft
            .token
            .filter(|&h| tree.upos(h) == Upos::NOUN && tree.with(h, &["det"]).any(|d| k.grammar.definites.contains(&tree.forms[d])));
        // "The minister said" after somebody was named with that title.
        let bare = |&h: &usize| tree.xpos(h) == "NN" && tree.with(h, &["nmod", "compound", "amod", "appos", "acl"]).next().is_none();
        let bearer = definite.filter(bare).filter(|_| !draft.person && !draft.outlet).and_then(|h| self.titled.get(tree.lemma(h)).cloned());
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
        let parts = tree.with(h, &["flat", "compound"]).filter(|&f| tree.upos(f) == Upos::PROPN && f.abs_diff(h) < 4);
        let (lo, hi) = parts.fold((h, h), |(lo, hi), f| (lo.min(f), hi.max(f)));
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
