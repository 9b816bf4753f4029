//! What speakers are called in a chain: the full name the article gives, the person a title stands
//! for, or the words of a source without a name.
//!
//! Needs: drafts of statements, in the order sentences are read. Gives: the speaker's name and whether it is one person.

use super::event::role;
use super::memory::{Resolved, Sort};
use super::mention::Mentions;
use super::people::{Names, is_person, shares, words_of};
use super::rels::Rels;
use super::statement::Draft;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::model::{HopKind, Role, Sentence, Statement, syntax::Upos};
use std::collections::HashMap;

/// Sentences within which "he" may still be whoever spoke last.
const NEAR: u32 = 3;

/// Sentences within which "the former nurse" may be whoever was told of last.
const CLOSE: u32 = 2;

/// Names of speakers in one article.
#[derive(Debug, Default)]
pub struct Speakers {
    /// Descriptions of sources without a name, by head noun.
    unnamed: HashMap<String, String>,
    /// Names of people, and their titles.
    names: Names,
    /// People told of, the latest last.
    past: Vec<Person>,
    /// Number of sentences read: quotations are read out of order.
    read: u32,
    /// Paragraph of the sentence at hand.
    paragraph: u32,
    /// A person of the lists of whom the sentence before told, with that sentence.
    beat: Option<(Resolved, u32, u32)>,
}

/// Somebody told of.
#[derive(Clone, Debug)]
struct Person {
    name: String,
    /// When, in sentences read.
    read: u32,
    paragraph: u32,
    /// The side the words give.
    side: Option<Role>,
    kind: HopKind,
    /// Whether the lists place the person, so that pronouns are resolved without this list.
    placed: bool,
    /// Whether the person spoke, and was not only told of.
    spoke: bool,
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
    /// Remembers the names in a sentence, the titles people are named with, and whom the sentence tells of.
    pub fn meet(&mut self, tree: &Tree<'_>, k: &Knowledge, paragraph: u32, mentions: &Mentions) {
        self.read += 1;
        self.paragraph = paragraph;
        self.names.learn(tree, k, mentions);
        // "Ali Doe, who leads them, smiled. "…," he said.": whom the sentence tells of.
        let root = (0..tree.len()).find(|&t| tree.head(t).is_none());
        // "Doe again." names nobody but Doe.
        let name = |&r: &usize| tree.upos(r) == Upos::PROPN && tree.len() < 6;
        let Some(s) = root.and_then(|r| tree.with(r, Rels::NSUBJ).next()).or(root.filter(name)) else { return };
        if tree.sentence.tokens[s].quoted || tree.upos(s) == Upos::PRON {
            return;
        }
        let who = mentions.of(s).first();
        let placed = who.filter(|r| r.sort == Sort::Person && r.named && !r.code.is_empty());
        if let Some(r) = placed {
            self.beat = Some((r.clone(), self.read, paragraph));
            self.push(r.name.clone(), Some(role(r, r.acting())), HopKind::Speaker, true, false);
            return;
        }
        if let Some(name) = self.names.linked(s).map(str::to_owned) {
            let listed = self.names.listed(&name);
            self.push(name, who.map(|r| role(r, r.acting())), HopKind::Speaker, listed, false);
        } else if tree.upos(s) == Upos::PROPN {
            let name = self.names.whole(tree, k, s);
            if who.is_none() && name.contains(' ') {
                self.push(name, None, HopKind::Speaker, false, false);
            }
        } else if is_person(tree, k, s) && who.is_none_or(|r| matches!(r.sort, Sort::Agent | Sort::Person)) {
            let definite = tree.definite(s);
            match self.names.bearer(tree, k, s).filter(|_| definite) {
                Some((name, listed)) => self.push(name, who.map(|r| role(r, r.acting())), HopKind::Speaker, listed, false),
                None if !definite => {
                    let words = words_of(tree, s);
                    self.unnamed.insert(tree.lemma(s).to_owned(), words.clone());
                    self.push(words, who.map(|r| role(r, r.acting())), HopKind::Anonymous, false, false);
                }
                // "The judge laughed."
                None if !self.describes(tree, k, s) => {
                    self.push(words_of(tree, s), who.map(|r| role(r, r.acting())), HopKind::Speaker, false, false);
                }
                None => {}
            }
        }
    }

    /// Somebody told of becomes the latest.
    fn push(&mut self, name: String, side: Option<Role>, kind: HopKind, placed: bool, spoke: bool) {
        /// Nobody remembers more.
        const KEPT: usize = 8;
        self.past.retain(|p| p.name != name);
        if self.past.len() == KEPT {
            self.past.remove(0);
        }
        let (read, paragraph) = (self.read, self.paragraph);
        self.past.push(Person { name, read, paragraph, side, kind, placed, spoke });
    }

    /// The person of the lists whose doings the sentence before told, in the same paragraph: words in quotation
    /// marks after it are this person's. `Some(None)` for somebody whom nothing places.
    pub fn beat(&self) -> Option<Option<Resolved>> {
        if let Some((r, read, paragraph)) = &self.beat
            && *read + 1 == self.read
            && *paragraph == self.paragraph
        {
            return Some(Some(r.clone()));
        }
        self.goes_on().then_some(None)
    }

    /// Somebody spoke with a cue of its own.
    pub fn spoken(&mut self) {
        self.beat = None;
    }

    /// Whether words without a cue are those of somebody whom nothing places.
    pub fn goes_on(&self) -> bool {
        self.past.last().is_some_and(|p| !p.placed && p.read + 1 >= self.read && (p.spoke || p.paragraph == self.paragraph))
    }

    /// "- Ali Doe, Minister of Mines" under a quotation: the words before it are read next.
    pub fn signed(&mut self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions) -> Option<Resolved> {
        let h = (0..tree.len()).find(|&i| tree.upos(i) == Upos::PROPN)?;
        let end = super::people::run_end(tree, h);
        let who = (h..=end).flat_map(|t| mentions.of(t)).find(|r| r.sort == Sort::Person && r.named).cloned();
        let name = who.as_ref().map_or_else(|| self.names.whole(tree, k, h), |r| r.name.clone());
        let placed = who.as_ref().is_some_and(|r| !r.code.is_empty());
        self.push(name, who.as_ref().map(|r| role(r, r.acting())), HopKind::Speaker, placed, true);
        who
    }

    /// What a person at a token is called.
    pub fn name_of(&self, tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, s: usize) -> Option<String> {
        let form = tree.forms[s].as_str();
        let who = mentions.of(s).iter().find(|r| r.sort == Sort::Person && r.named).map(|r| r.name.clone());
        if k.grammar.persons.contains(form) {
            return self.meant(form, k).map(|p| p.name.clone()).or(who);
        }
        let own = self.names.linked(s).map(str::to_owned).or(who);
        own.or_else(|| (tree.upos(s) == Upos::PROPN).then(|| self.names.whole(tree, k, s)))
    }

    /// Whom "he", "she" or a body's "it" means when nothing but this list tells.
    fn meant(&self, form: &str, k: &Knowledge) -> Option<&Person> {
        let woman = k.grammar.persons.contains(form).then(|| k.grammar.women.contains(form));
        let near = self.past.iter().rev().filter(|p| self.read.saturating_sub(p.read) <= NEAR);
        let fits = |p: &&Person| woman.is_none_or(|w| self.names.woman(&p.name).is_none_or(|known| known == w));
        let skipped = self.past.last().is_some_and(|p| !fits(&p));
        // "Abdi said no. His adviser, Omar, shrugged. He told …": whom the sentence before tells of.
        let told = |p: &&Person| !p.spoke && p.read + 1 == self.read;
        near.clone().find(fits).filter(|p| !p.placed || skipped || told(p))
    }

    /// What the speaker of a draft is called. Who was nobody the lists place takes the place of a
    /// wrongly resolved "he".
    pub fn call(&mut self, tree: &Tree<'_>, k: &Knowledge, draft: &mut Parts<'_>) -> Called {
        let token = draft.token.filter(|_| !draft.outlet);
        let who = token.filter(|_| draft.kind == HopKind::Speaker);
        let form = |h: usize| tree.forms[h].as_str();
        let statement = &mut *draft.statement;
        // "he said" after somebody whom nothing places is still he; so are words that go on without a cue.
        let body = |h: usize| k.attitudes.words.body.contains(form(h)) && statement.speaker.is_none();
        let pronoun = who.filter(|&h| k.grammar.persons.contains(form(h)) || body(h));
        let again = match (pronoun, draft.token, draft.cue) {
            (Some(h), ..) => self.meant(form(h), k).cloned(),
            (None, None, false) if !draft.outlet && self.goes_on() => self.past.last().cloned(),
            _ => None,
        };
        if let Some(p) = &again {
            statement.speaker.clone_from(&p.side);
            statement.office = None;
        }
        if let Some((h, p)) = pronoun.zip(again.as_ref()).filter(|(h, _)| k.grammar.persons.contains(form(*h))) {
            self.names.gender(&p.name, k.grammar.women.contains(form(h)));
        }
        let noun = token.filter(|&h| tree.upos(h) == Upos::NOUN);
        let named = who.filter(|&h| tree.upos(h) == Upos::PROPN && statement.speaker.is_none()).map(|h| self.names.whole(tree, k, h));
        // "The commander of the rebels, Ali Doe, said": the words place him, the name is his.
        // "One of them, a baker called Ali Doe, said"
        let linked = token.filter(|&h| !draft.person && tree.upos(h) != Upos::PROPN);
        let linked = linked.and_then(|h| self.names.linked(h)).map(str::to_owned);
        let definite = noun.filter(|&h| tree.definite(h));
        // "The minister said" after somebody was named with that title.
        let bearer = definite.filter(|_| !draft.person).and_then(|h| self.names.bearer(tree, k, h)).map(|(name, _)| name);
        // "the source" is the source told of before.
        let plain = |&h: &usize| tree.with(h, Rels::NMOD).next().is_none();
        let before =
            definite.filter(plain).filter(|_| !draft.person).filter(|&h| draft.kind == HopKind::Anonymous || is_person(tree, k, h));
        let before = before.and_then(|h| self.unnamed.get(tree.lemma(h)).cloned());
        // "the former nurse" is who was told of last.
        let last = self.past.last().filter(|p| p.read < self.read && self.read - p.read <= CLOSE);
        let epithet = definite.filter(|&h| linked.is_none() && bearer.is_none() && before.is_none() && self.describes(tree, k, h));
        // With a kind behind it ("the director of a clinic") only of whom the sentence before tells.
        let told = |p: &&Person| !p.spoke && p.read + 1 == self.read && p.paragraph == self.paragraph;
        let epithet = epithet.filter(|_| !draft.person).and_then(|h| last.filter(|p| plain(&h) || told(p)));
        let epithet = epithet.map(|p| (p.name.clone(), p.kind));
        // "Chile's Cobrenor": the name is not whose it is.
        // "Ana Doe of the Lima Centre": nor where whoever bears it works.
        let owner = |h: usize| tree.owner(h).is_some() || tree.with(h, Rels::NMOD).any(|n| n > h);
        let owned = who.filter(|&h| tree.upos(h) == Upos::PROPN && named.is_none() && !draft.person && owner(h)).filter(|&h| {
            let name = statement.speaker.as_ref().map_or("", |r| r.name.as_str());
            !shares(name, &tree.forms[h])
        });
        let of_own = owned.map(|h| (h, self.names.whole(tree, k, h)));
        let owned = of_own.filter(|(h, name)| tree.owner(*h).is_some() || name.contains(' ')).map(|(_, name)| name);
        let known = linked.clone().or(bearer);
        let kind = match (&again, &known, &epithet) {
            (Some(p), ..) => p.kind,
            (_, Some(_), _) => HopKind::Speaker,
            (_, _, Some((_, kind))) => *kind,
            _ => draft.kind,
        };
        let words = draft.description.take();
        let unplaced = again.is_some() || named.is_some() || known.is_some() || epithet.is_some();
        let spoken = again.as_ref().map(|p| p.name.clone()).or(named.clone()).or(known).or(epithet.map(|(name, _)| name));
        let resolved = statement.speaker.as_ref().map(|r| r.name.clone());
        // "Orlov" after "Ivan Orlov", "Admiral Ivan Orlov (Russia)": the name alone, and in full.
        let short = |name: &str| !name.contains(' ') || name.ends_with(')');
        let resolved = resolved.map(|name| match who.filter(|&h| tree.upos(h) == Upos::PROPN && short(&name)) {
            Some(h) => Some(self.names.whole(tree, k, h)).filter(|own| own.contains(' ')).unwrap_or(name),
            None => name,
        });
        // "The representative" is called by all its words, "the representative of Peru"; so is a source without a name.
        let core = resolved.as_deref().map_or("", |name| name.split(" (").next().unwrap_or(name));
        let more = !draft.person && words.as_ref().is_some_and(|w| w.len() > core.len() && w.contains(core));
        let rest = if kind == HopKind::Anonymous || more { words.or(resolved) } else { resolved.or(words) };
        let name = spoken.or(owned).or(before).or(rest);
        if let (HopKind::Anonymous, Some(h), Some(name)) = (kind, noun, &name) {
            self.unnamed.insert(tree.lemma(h).to_owned(), name.clone());
        }
        // Whom a pronoun means is as well known as before.
        let stranger = named.is_some() || linked.is_some() || again.as_ref().is_some_and(|p| !p.placed);
        self.remember(tree, k, draft, noun, unplaced, stranger, kind, name.as_ref());
        Called { name: name.filter(|_| !draft.outlet), kind, person: kind == HopKind::Anonymous || draft.person || unplaced }
    }

    /// Whoever spoke is the latest, if it is one person.
    #[allow(clippy::too_many_arguments)]
    fn remember(
        &mut self,
        tree: &Tree<'_>,
        k: &Knowledge,
        draft: &Parts<'_>,
        noun: Option<usize>,
        unplaced: bool,
        stranger: bool,
        kind: HopKind,
        name: Option<&String>,
    ) {
        let Some(name) = name.filter(|_| !draft.outlet) else { return };
        let one = unplaced || draft.person || noun.is_some_and(|h| is_person(tree, k, h));
        if one {
            // What a title places is placed; a name that nothing places is a stranger's.
            let known = self.past.iter().find(|p| p.name == *name).map(|p| (p.placed, p.side.clone()));
            let side = if stranger {
                draft.statement.speaker.clone().or(known.clone().and_then(|(_, s)| s))
            } else {
                draft.statement.speaker.clone()
            };
            let placed = !stranger && (draft.person || known.is_some_and(|(placed, _)| placed)) || self.names.listed(name);
            self.push(name.clone(), side, kind, placed, true);
        }
    }

    /// Whether a definite noun only says more about somebody told of: "the economist", "the former minister".
    fn describes(&self, tree: &Tree<'_>, k: &Knowledge, h: usize) -> bool {
        let former = || tree.with(h, Rels::AMOD).any(|a| k.agents.modifiers.former.contains(&tree.forms[a]));
        let another = || tree.with(h, Rels::AMOD).any(|a| k.grammar.others.contains(&tree.forms[a]));
        let title = k.agents.with_head(tree.lemma(h)).iter().any(|a| a.title);
        let own = tree.with(h, Rels::NMOD | Rels::COMPOUND).next().is_none();
        // "The director of a clinic": what kind of director, not which.
        let kind = |n: usize| tree.with(n, Rels::DET).any(|d| k.grammar.indefinites.contains(&tree.forms[d]));
        let kind = tree.with(h, Rels::NMOD).any(|n| n > h && kind(n));
        is_person(tree, k, h) && !another() && (kind || own && (!title || former()))
    }
}

/// Whether a sentence only signs the quotation before it: "- Ali Doe, Minister of Mines".
pub fn signs(text: &str, s: &Sentence) -> bool {
    let t = &s.tokens;
    let dash = t.first().is_some_and(|t| crate::text::is_dash(t.span.of(text)));
    dash && (3..=20).contains(&t.len()) && t[1].upos == Upos::PROPN && t.iter().all(|t| !matches!(t.upos, Upos::VERB | Upos::AUX))
}

/// What of a draft tells how its speaker is called.
pub struct Parts<'a> {
    statement: &'a mut Statement,
    token: Option<usize>,
    cue: bool,
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
            cue: draft.cue_token.is_some(),
            kind: draft.kind,
            description: draft.description.take(),
            outlet: draft.outlet_speaker,
            person: draft.person,
            statement: &mut draft.statement,
        }
    }
}
