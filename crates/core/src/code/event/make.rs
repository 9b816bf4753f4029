//! A record of a deed and its sides: codes, words, day, place and number.

use super::super::rels::Rels;
use super::{Maker, place, role, source_code, target_code};
use crate::code::deed::{ANSWERED, Deed};
use crate::code::memory::{NEWS, Resolved};
use crate::code::time::{Timex, of_deed};
use crate::knowledge::actors::Kind;
use crate::model::{Details, Event, Link, Mode, Place};

impl Maker<'_, '_> {
    pub(super) fn event(&self, deed: &Deed, code: &str, s: Option<&Resolved>, t: Option<&Resolved>, implied: bool) -> Event {
        let tree = self.tree;
        // What somebody answers for in public, but for war on armed men, is terror.
        let armed = |r: &Resolved| matches!(r.code.get(3..6), Some("MIL" | "REB" | "COP" | "PRM" | "UAF"));
        let terror = deed.frame.starts_with(ANSWERED) && code == "190" && !t.is_some_and(armed);
        let code = if terror { "180" } else { code }.to_owned();
        let mut evidence = vec![tree.span(deed.trigger)];
        evidence.extend(deed.used.iter().map(|&u| tree.span(u)));
        let source = s.map(|r| role(r, source_code(r, &code)));
        let target = t.map(|r| role(r, target_code(r, &code)));
        for r in [s, t].into_iter().flatten() {
            if tree.sentence.span.contains(r.span) {
                evidence.push(r.span);
            }
        }
        let timex = of_deed(tree, self.timexes, deed.trigger, &deed.used);
        let mut why = deed.files.clone();
        let mut confidence: f32 = 0.9;
        for r in [s, t].into_iter().flatten() {
            why.extend(r.why.iter().cloned());
            confidence *= match r.link {
                Link::Named => 1.0,
                Link::ShortForm => 0.97,
                Link::Counterpart => 0.9,
                Link::Definite | Link::Speaker => 0.85,
                Link::Pronoun => 0.8,
                Link::Implied => 0.7,
            };
        }
        if s.is_none() || t.is_none() {
            confidence *= 0.8;
        }
        if implied {
            why.push("speaker of the words".to_owned());
        }
        Event {
            id: String::new(),
            sentence: self.index,
            source,
            target,
            code,
            when: timex.map(|t| t.when.clone()).unwrap_or_default(),
            place: self.named_place(deed),
            mode: match deed.mode {
                Mode::Happened if self.long_past(timex) => Mode::Historical,
                mode => mode,
            },
            count: self.count(deed.trigger),
            said_in: None,
            claimed_by: None,
            evidence,
            frame: deed.frame.clone(),
            confidence,
            why,
            also: Vec::new(),
            details: Details::default(),
        }
    }

    /// Where a deed happened: a place named under it, listed among the actors or not.
    fn named_place(&self, deed: &Deed) -> Option<Place> {
        let listed = self.place(deed);
        let tree = self.tree;
        let aimed = |p: &place::Named| deed.target.iter().chain(&deed.source).any(|&t| (p.start..p.end).contains(&t));
        // The town that was shelled is where it happened, a state is not.
        let ground = |p: &place::Named| p.kind < 2 && place::goes_on_in(tree, self.memory.k, deed.trigger);
        let allowed = |p: &place::Named| !aimed(p) || ground(p) || listed.as_ref().is_some_and(|l| l.span.overlaps(p.span));
        let found = place::of_deed(tree, self.memory.k, self.places, deed.trigger, &deed.used, allowed);
        let Some(p) = found.map(|n| &self.places[n]) else {
            // A name that was read as a place and is none of the deed's stays none.
            return listed.filter(|l| !self.places.iter().any(|p| p.span.overlaps(l.span)));
        };
        if let Some(l) = listed.as_ref().filter(|l| l.span.overlaps(p.span)) {
            return Some(l.clone());
        }
        let country = self.names.at(p.start).and_then(|h| h.actor.code.get(..3)).unwrap_or("").to_owned();
        Some(Place { name: p.span.of(tree.text).to_owned(), country, span: p.span, pin: None })
    }

    /// Whether a deed is told of another time than the article's: more than a year before it, or,
    /// in a text without a date, before any news that is read today.
    fn long_past(&self, timex: Option<&Timex>) -> bool {
        let last = timex.and_then(|t| t.when.last);
        match (last, self.memory.date) {
            (Some(last), Some(p)) => last < p && (p - last).get_days() > 365,
            (Some(last), None) => last.year() < NEWS,
            (None, None) => self.memory.long_past,
            (None, Some(_)) => false,
        }
    }

    /// A place named under the deed: "in Syria", "near Mosul", "targets inside Syria".
    pub(super) fn place(&self, deed: &Deed) -> Option<Place> {
        let g = &self.memory.k.grammar;
        let tree = self.tree;
        self.names
            .hits
            .iter()
            .filter(|h| matches!(h.actor.kind, Kind::Place | Kind::State | Kind::Seat))
            .filter_map(|h| {
                let head = (h.start..h.end).find(|&i| tree.head(i).is_none_or(|p| p < h.start || p >= h.end))?;
                let prep = tree.case(head)?;
                if !g.places.contains(&prep) || deed.target.contains(&head) && h.actor.kind != Kind::Place {
                    return None;
                }
                let mut at = head;
                for step in 0..4 {
                    if at == deed.trigger || deed.used.contains(&at) {
                        return Some((step, h));
                    }
                    // "…, officials in Kyiv said": where something is told is not where it happened.
                    if matches!(tree.base(at), "ccomp" | "parataxis") {
                        return None;
                    }
                    at = tree.head(at)?;
                }
                None
            })
            .min_by_key(|(step, h)| (*step, h.start))
            .map(|(_, h)| {
                let span = tree.span(h.start).join(tree.span(h.end - 1));
                Place { name: h.actor.name.clone(), country: h.actor.code.get(..3).unwrap_or(&h.actor.code).to_owned(), span, pin: None }
            })
    }

    /// "multiple strikes", "met several times".
    fn count(&self, trigger: usize) -> Option<String> {
        let g = &self.memory.k.grammar;
        let tree = self.tree;
        let word = |i: usize| {
            tree.with(i, Rels::NUMMOD | Rels::AMOD | Rels::DET)
                .find(|&k| tree.base(k) == "nummod" || g.counts.contains(&tree.forms[k]))
                .map(|k| tree.word(k).to_lowercase())
        };
        if !tree.verbal(trigger) {
            return word(trigger);
        }
        tree.kids(trigger)
            .iter()
            .copied()
            .find(|&k| g.times.contains(tree.lemma(k)))
            .and_then(word)
            .or_else(|| tree.with(trigger, Rels::OBJ).find(|&o| !self.memory.k.frames.triggers(tree.lemma(o)).is_empty()).and_then(word))
    }
}
