//! Deeds that are none because the words tell of something else than politics.

use super::super::rels::Rels;
use super::{Maker, root};
use crate::code::deed::Deed;
use crate::code::memory::{Resolved, Sort};
use crate::knowledge::nouns::NounKind;
use crate::model::Link;
use crate::model::syntax::Upos;

impl Maker<'_, '_> {
    /// "the war on drugs", "a fight against extremism", "fended off a bid": force against what is no actor.
    pub(super) fn against_no_actor(&self, deed: &Deed) -> bool {
        let k = self.memory.k;
        let nothing = |&t: &usize| self.mentions.of(t).is_empty() && k.senses.abstracts.contains(self.tree.lemma(t));
        // "avenged the attack" is on whoever attacked.
        let idea = |&t: &usize| {
            self.tree.upos(t) == Upos::NOUN
                && self.tree.case(t).is_none()
                // "claimed 200 lives"
                && self.tree.with(t, Rels::NUMMOD).next().is_none()
                && k.nouns.kind(self.tree.lemma(t)) == Some(NounKind::Idea)
                && self.deeds.iter().all(|d| d.trigger != t)
                && self.mentions.of(t).iter().all(|r| r.sort == Sort::Thing)
        };
        let force = matches!(root(deed), "18" | "19" | "20");
        // "a heart attack", "a legal battle", "an ideological war"
        let kind = |m: usize| k.senses.kinds.contains(self.tree.lemma(m)) || k.senses.kinds.contains(&self.tree.forms[m]);
        if force && !self.tree.verbal(deed.trigger) && self.tree.with(deed.trigger, Rels::AMOD | Rels::COMPOUND).any(kind) {
            return true;
        }
        (force || root(deed) == "15") && !deed.target.is_empty() && deed.target.iter().all(|t| nothing(t) || force && idea(t))
    }

    /// Why a deed is none where the words tell of sport, business, mishaps, crime or a tale.
    pub(super) fn unpolitical(&self, deed: &Deed, s: Option<&Resolved>, t: Option<&Resolved>) -> Option<&'static str> {
        let sense = self.sense;
        let sides = || [s, t].into_iter().flatten();
        let harm = matches!(root(deed), "18" | "19" | "20");
        let people = |r: &Resolved| {
            matches!(sector(r), "" | "CVL" | "BUS" | "EDU" | "UNK") && r.country_implied && matches!(r.sort, Sort::Agent | Sort::Person)
        };
        if sense.teams && !sides().any(acts) && !(harm && t.is_some_and(|r| r.sort == Sort::Agent)) {
            return Some("sport: states are teams here");
        }
        let unnamed = |r: &Resolved| bare(r) && !matches!(r.link, Link::Named | Link::ShortForm);
        if sense.firms && (s.is_some_and(unnamed) || !sides().any(|r| power(r) || bare(r) || acts(r))) {
            return Some("business: whoever is not named is a firm");
        }
        let weapons = matches!(deed.code.get(..3), Some("183" | "194" | "195" | "204"));
        if sense.mishap && harm && s.is_none() && !weapons && !t.is_some_and(power) {
            return Some("a mishap, done by nobody");
        }
        if sense.crime {
            let law = matches!(deed.code.get(..3), Some("173" | "116" | "171" | "170" | "090" | "091"));
            let police =
                |r: &Resolved| matches!(sector(r), "COP" | "JUD" | "CRM") || r.country_implied && matches!(sector(r), "CVL" | "GOV");
            let gang = s.is_some_and(|r| sector(r) == "CRM" && r.country_implied);
            let unsaid = s.is_none_or(|r| police(r) || r.stateless);
            if harm && gang && !t.is_some_and(power) || (harm || law) && unsaid && t.is_none_or(people) {
                return Some("ordinary crime");
            }
        }
        // What is done to the book itself, or to who made it, is done.
        let (tree, k) = (self.tree, self.memory.k);
        let inside = |i: usize| tree.case(i).is_some_and(|p| k.grammar.places.contains(&p));
        let itself = |&w: &usize| {
            let (lo, hi) = tree.extent(w);
            w != deed.trigger && (lo..=hi).any(|i| k.senses.tales.contains(tree.lemma(i)) && !inside(i))
        };
        if sense.tale && !deed.target.iter().chain(&deed.used).any(itself) {
            return Some("a tale tells it");
        }
        None
    }
}

fn sector(r: &Resolved) -> &str {
    r.code.get(3..6).unwrap_or("")
}

/// Holds power or arms.
fn power(r: &Resolved) -> bool {
    matches!(sector(r), "GOV" | "MIL" | "COP" | "JUD" | "LEG" | "OPP" | "PTY" | "REB" | "PRM" | "SPY" | "UAF")
}

/// A state or people by its bare name.
fn bare(r: &Resolved) -> bool {
    matches!(r.sort, Sort::State | Sort::People | Sort::Place)
}

/// An organ of a state, told as such, or a body of states.
fn acts(r: &Resolved) -> bool {
    power(r) && !bare(r) && !(r.country_implied && r.sort == Sort::Thing)
        || r.sort == Sort::Body && matches!(r.country(), "UNO" | "EUR" | "IGO" | "IMG")
}
