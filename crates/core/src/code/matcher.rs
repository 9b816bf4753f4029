//! Patterns of frames over a sentence's tree.

use super::rels::Rels;
use super::tree::{Args, Tree};
use crate::knowledge::Knowledge;
use crate::knowledge::nouns::NounKind;
use crate::knowledge::pattern::{Alt, Classes, Family, Filler, Lex, Pattern, RoleName, Slot, Subject, Word};
use crate::model::syntax::Upos;
use std::borrow::Cow;

/// A pattern that holds at a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// How much it asked for.
    pub weight: u32,
    /// Heads of the doers.
    pub source: Vec<usize>,
    /// Heads of those it is done to.
    pub target: Vec<usize>,
    /// What it is about.
    pub about: Option<usize>,
    /// Where.
    pub place: Option<usize>,
    /// Tokens of inner deeds or clauses.
    pub inner: Vec<usize>,
    /// Words the pattern used beside the trigger.
    pub used: Vec<usize>,
    /// The source is an instrument's owner ("Israeli jets bombed").
    pub instrument: bool,
    /// A thing stands where people were asked for.
    pub unfit: bool,
}

impl Fit {
    fn give(&mut self, role: RoleName, heads: &[usize]) {
        match role {
            RoleName::Source => self.source.extend(heads),
            RoleName::Target => self.target.extend(heads),
            RoleName::About => self.about = heads.first().copied(),
            RoleName::Place => self.place = heads.first().copied(),
        }
    }
}

/// Looks for patterns in one sentence.
pub struct Matcher<'a> {
    /// The sentence.
    pub tree: &'a Tree<'a>,
    /// The frames, and what else is known of words.
    pub k: &'a Knowledge,
    /// Which tokens stand for an actor.
    pub actors: &'a [bool],
}

impl Matcher<'_> {
    fn classes(&self) -> &Classes {
        &self.k.frames.classes
    }

    fn word(&self, i: usize, w: &Word) -> bool {
        let head = self.tree.is(i, &w.head);
        head && w.with.iter().all(|m| self.has_modifier(i, |k| self.tree.is(k, m)))
    }

    fn verb_word(&self, i: usize, w: &Word) -> bool {
        let head = self.tree.is(i, &w.head);
        head && w.with.iter().all(|p| {
            self.tree.kids(i).iter().any(|&k| {
                self.tree.forms[k] == *p
                    && (matches!(self.tree.base(k), "compound" | "advmod" | "case" | "obl" | "mark" | "xcomp") || k == i + 1)
            }) || self.tree.forms.get(i + 1).is_some_and(|f| f == p)
        })
    }

    fn has_modifier(&self, i: usize, test: impl Fn(usize) -> bool) -> bool {
        self.tree.kids(i).iter().any(|&k| {
            // "agreement on trade" is a trade agreement; "talks after the attack" are none of attack.
            let modifier = matches!(self.tree.base(k), "amod" | "compound" | "flat" | "nummod" | "advmod" | "det" | "acl")
                || self.tree.base(k) == "nmod" && self.tree.prep(k).is_none_or(|p| self.tree.topical(p));
            modifier && (test(k) || self.tree.with(k, Rels::CONJ | Rels::COMPOUND | Rels::AMOD).any(&test))
        }) || i > 0 && test(i - 1)
    }

    fn alt(&self, i: usize, alt: &Alt, verb: bool) -> bool {
        match alt {
            Alt::Word(w) if verb => self.verb_word(i, w),
            Alt::Word(w) => self.word(i, w),
            Alt::Class(c) => {
                self.tree.keys(i).iter().any(|key| self.classes().with_head(*c, key).any(|w| w.with.is_empty() || verb || self.word(i, w)))
            }
        }
    }

    /// Whether a token (with its modifiers) is one of these words.
    pub fn lex(&self, i: usize, lex: &Lex, verb: bool) -> bool {
        lex.heads.iter().any(|a| self.alt(i, a, verb))
            && (lex.mods.is_empty() || self.has_modifier(i, |k| lex.mods.iter().any(|m| self.alt(k, m, false))))
    }

    /// Whether a token is the trigger of a noun or predicate. One of its keys led to the pattern.
    fn names(&self, i: usize, p: &Pattern) -> bool {
        let lex = &p.trigger;
        (p.plain || lex.heads.iter().any(|a| self.alt(i, a, false)))
            && (lex.mods.is_empty() || self.has_modifier(i, |k| lex.mods.iter().any(|m| self.alt(k, m, false))))
    }

    /// What a token's match with a verb trigger is worth.
    fn trigger(&self, i: usize, p: &Pattern) -> Option<u32> {
        let lex = &p.trigger;
        if !lex.mods.is_empty() && !self.has_modifier(i, |k| lex.mods.iter().any(|m| self.alt(k, m, false))) {
            return None;
        }
        // The frames are weighed as written: a wording that knows particles asks for more.
        let worth = u32::from(p.particles) * 8;
        (p.plain || lex.heads.iter().any(|a| self.alt(i, a, true))).then_some(worth)
    }

    /// Why a pattern does not hold at a token, for readers: how many parts were found, and the
    /// first that was not.
    pub fn lacks(&self, v: usize, p: &Pattern) -> (usize, String) {
        let bare = Pattern { subject: Subject::Any, slots: Vec::new(), ..p.clone() };
        if self.fit(v, &bare).is_none() {
            return (0, "the word itself, in this form".to_owned());
        }
        let begun = Pattern { slots: Vec::new(), ..p.clone() };
        if self.fit(v, &begun).is_none() {
            return (1, "its subject".to_owned());
        }
        let last = (1..=p.slots.len()).find(|&n| self.fit(v, &Pattern { slots: p.slots[..n].to_vec(), ..p.clone() }).is_none());
        let named = |n: usize| (n, format!("\"{}\"", p.slots[n - 1].text));
        last.map_or_else(|| (p.slots.len(), "the parts together".to_owned()), named)
    }

    /// Tries a pattern at a token.
    pub fn fit(&self, v: usize, p: &Pattern) -> Option<Fit> {
        match p.family {
            Family::Verb => self.verb(v, p),
            Family::Noun => self.noun(v, p),
            Family::Adj => self.adjective(v, p),
        }
    }

    fn verb(&self, v: usize, p: &Pattern) -> Option<Fit> {
        let participle = self.tree.upos(v) == Upos::ADJ && matches!(self.tree.xpos(v), "VBN" | "VBG");
        if !(self.tree.verbal(v) || participle) || matches!(self.tree.base(v), "aux" | "cop") {
            return None;
        }
        // "hard-hitting" hits nobody.
        if self.tree.base(v) == "amod" && self.tree.xpos(v) == "VBG" && self.tree.forms[v].contains('-') {
            return None;
        }
        let own = self.trigger(v, p)?;
        let mut args = Cow::Borrowed(self.tree.args(v));
        if self.tree.base(v) == "amod" && self.tree.xpos(v) != "VBD" && args.object.is_none() && args.subject.is_none() {
            // "the captured town", "the visiting minister".
            let h = self.tree.head(v)?;
            if self.tree.xpos(v) == "VBG" { args.to_mut().subject = Some(h) } else { args.to_mut().object = Some(h) }
        }
        // "has taken in refugees", the particle read as a preposition.
        let particle = |i: usize| {
            self.tree.forms.get(i).is_some_and(|f| p.trigger.heads.iter().any(|a| matches!(a, Alt::Word(w) if w.with.contains(f))))
        };
        if own > 0 && args.object.is_none() && particle(v + 1) {
            let beside = |o: &super::tree::Arg| self.tree.with(o.head, Rels::CASE).any(|c| c == v + 1);
            if let Some(at) = args.oblique.iter().position(beside) {
                let object = args.to_mut().oblique.remove(at).head;
                args.to_mut().object = Some(object);
            }
        }
        // "demonstrated its support", "rallied the party": a wording that knows but a place takes no object.
        let placed = |s: &Slot| matches!(s.filler, Filler::Role(RoleName::Place));
        let object = args.object.filter(|&o| !args.passive && o > v && self.tree.upos(o) == Upos::NOUN);
        let thing = |o: usize| !self.timely(o) && (!p.slots.is_empty() || self.thing(o));
        if object.is_some_and(thing) && p.slots.iter().all(placed) {
            return None;
        }
        let mut fit = Fit { weight: p.weight() + own, ..Fit::default() };
        self.subject(p, args.subject, &mut fit)?;
        self.slots(v, &args, &p.slots, &mut fit)?;
        Some(fit)
    }

    /// "demonstrated two days": a time is no object.
    fn timely(&self, i: usize) -> bool {
        self.k.grammar.timely.contains(self.tree.lemma(i))
    }

    fn adjective(&self, v: usize, p: &Pattern) -> Option<Fit> {
        if !self.names(v, p) {
            return None;
        }
        let mut args = Cow::Borrowed(self.tree.args(v));
        // "is concerned by the risk": the agent is what the feeling is about.
        if args.passive
            && let Some(agent) = args.subject
        {
            let told = self.tree.case(agent).map(|prep| super::tree::Arg { prep: Some(prep), head: agent });
            args.to_mut().oblique.extend(told);
        }
        let cop = self.tree.with(v, Rels::COP).next().is_some();
        // "a united force with ten tanks": what stands behind the noun is the noun's.
        let before = self.tree.base(v) == "amod" && self.tree.head(v).is_some_and(|h| h > v);
        let behind = |s: &Slot| !s.preps.is_empty() && !s.optional && matches!(s.filler, Filler::Role(_));
        if before && p.slots.iter().any(behind) {
            return None;
        }
        if self.tree.verbal(v) && !matches!(self.tree.xpos(v), "VBN" | "VBD") {
            return None;
        }
        if !p.case.is_empty() {
            let case = self.tree.prep(v)?;
            if !p.case.iter().any(|c| c == case) {
                return None;
            }
        } else if self.tree.nominal(v) && self.tree.upos(v) != Upos::ADJ && !cop {
            return None;
        }
        let surface = self
            .tree
            .with(v, Rels::NSUBJ | Rels::CSUBJ)
            .find(|&k| !self.tree.rel(k).ends_with("outer"))
            .or(args.subject)
            .or(args.object)
            .or_else(|| if matches!(self.tree.base(v), "amod" | "acl") { self.tree.head(v) } else { None });
        let surface = surface.map(|s| match self.tree.head(v) {
            Some(h) if self.tree.rel(v) == "acl:relcl" && self.tree.upos(s) == Upos::PRON => h,
            _ => s,
        });
        let mut fit = Fit { weight: p.weight(), ..Fit::default() };
        self.subject(p, surface, &mut fit)?;
        let args = Args { subject: surface, object: None, ..args.into_owned() };
        self.slots(v, &args, &p.slots, &mut fit)?;
        Some(fit)
    }

    fn subject(&self, p: &Pattern, subject: Option<usize>, fit: &mut Fit) -> Option<()> {
        match (&p.subject, subject) {
            (Subject::Any, _) => {}
            (Subject::Lex(lex), Some(s)) => {
                let found = self.tree.conjuncts(s).into_iter().find(|&c| self.lex(c, lex, false))?;
                fit.used.push(found);
                if self.actors.get(found).copied().unwrap_or(false) {
                    fit.source.push(found);
                    fit.instrument = true;
                } else {
                    fit.source.extend(self.wielder(found));
                }
            }
            (Subject::Lex(_), None) => return None,
            (Subject::Role(r), Some(s)) => {
                // A subject asked for by name must be somebody: storms hit coasts too.
                if p.subject_required && !self.tree.conjuncts(s).iter().any(|&c| self.actors.get(c).copied().unwrap_or(false)) {
                    return None;
                }
                self.assign(*r, s, fit);
            }
            (Subject::Role(_), None) => {
                if p.subject_required {
                    return None;
                }
            }
        }
        Some(())
    }

    /// "a rocket fired by rebels": who made a thing do what it did.
    fn wielder(&self, thing: usize) -> Option<usize> {
        let by = |v: usize| self.tree.args(v).subject.filter(|&s| s > v && self.actors.get(s).copied().unwrap_or(false));
        self.tree.with(thing, Rels::ACL).filter(|&v| self.tree.rel(v) == "acl" && self.tree.xpos(v) == "VBN").find_map(by)
    }

    /// Gives a role to a head and its conjuncts.
    fn assign(&self, role: RoleName, head: usize, fit: &mut Fit) {
        if self.tree.alone(head) {
            return fit.give(role, &[head]);
        }
        let mut all = self.tree.conjuncts(head);
        all.retain(|&h| !self.tree.verbal(h));
        if all.is_empty() {
            all.push(head);
        }
        fit.give(role, &all);
    }

    fn slots(&self, v: usize, args: &Args, slots: &[Slot], fit: &mut Fit) -> Option<()> {
        let mut args = args;
        let mut v = v;
        let mut taken: Vec<usize> = Vec::new();
        // Slots after "to:verb" hang on that verb; within a stretch, particular words claim
        // their places before roles do.
        let lower = |s: &Slot| matches!(&s.filler, Filler::Infinitive(l) if !l.heads.is_empty());
        let mut rest = slots;
        while !rest.is_empty() {
            let cut = rest.iter().position(lower).map_or(rest.len(), |i| if i == 0 { 1 } else { i });
            let (stretch, after) = rest.split_at(cut);
            rest = after;
            let words = stretch.iter().filter(|s| matches!(s.filler, Filler::Lex(_)));
            let order = words.chain(stretch.iter().filter(|s| !matches!(s.filler, Filler::Lex(_))));
            for slot in order {
                match self.slot(v, args, slot, &mut taken, fit) {
                    Some(Some((below, below_args))) => {
                        v = below;
                        args = below_args;
                    }
                    Some(None) => {}
                    None if fit.unfit => return None,
                    None if self.owned(slot, fit) || slot.optional => {}
                    None => return None,
                }
            }
        }
        Some(())
    }

    /// Whether a noun names what is no person and no body of people, however it is owned ("its decision").
    fn thing(&self, h: usize) -> bool {
        let lemma = self.tree.lemma(h);
        let agents = &self.k.agents;
        let whole = &agents.modifiers.transparent;
        let somebody = || {
            // "hundreds of Syrians"
            whole.contains(lemma)
                || whole.contains(&self.tree.forms[h])
                || agents.relational.counterpart.contains(lemma)
                || agents.with_head(lemma).iter().any(|a| !a.thing)
        };
        self.tree.upos(h) == Upos::NOUN && matches!(self.k.nouns.kind(lemma), Some(NounKind::Thing | NounKind::Idea)) && !somebody()
    }

    /// Whether only things would fill a slot that asks for people.
    fn unfit(&self, slot: &Slot, h: usize) -> bool {
        slot.people && self.tree.conjuncts(h).into_iter().all(|c| self.thing(c))
    }

    /// A missing "of TARGET" is made good by the owner of a word used: "expelled two Russian
    /// diplomats".
    fn owned(&self, slot: &Slot, fit: &mut Fit) -> bool {
        let of = slot.preps.iter().any(|p| self.tree.genitive(p));
        if !matches!(slot.filler, Filler::Role(RoleName::Target)) || !of {
            return false;
        }
        let somebody = |u: usize| self.actors.get(u).copied().unwrap_or(false) && self.tree.upos(u) != Upos::PRON;
        // "massed troops along the Ukrainian border": the border's, which stands after a preposition, before the troops'.
        let all = || fit.used.iter().copied().filter(|&u| !fit.source.contains(&u) && somebody(u));
        let placed = |&u: &usize| self.tree.prep(u).is_some_and(|p| self.k.grammar.places.contains(p));
        let owner = all().find(placed).or_else(|| all().next());
        if let Some(o) = owner {
            fit.target.push(o);
        }
        owner.is_some()
    }

    /// Every preposition that a phrase within reach may have.
    fn prepositions<'s>(&'s self, args: &'s Args) -> impl Iterator<Item = &'s str> {
        args.oblique.iter().filter_map(|o| o.prep.as_deref()).chain(self.tree.prepositions())
    }

    /// Prepositional phrases within reach: the verb's own, and those of words the pattern used
    /// ("impose sanctions on": the parse may hang "on" on either).
    fn phrases<'s>(&'s self, args: &'s Args, taken: &[usize], v: usize) -> Vec<(&'s str, usize)> {
        let mut out: Vec<(&str, usize)> = args.oblique.iter().filter_map(|o| Some((o.prep.as_deref()?, o.head))).collect();
        let mut hosts: Vec<usize> = taken.to_vec();
        hosts.extend(args.object);
        // "tons of food to refugees" hangs "to" on "tons" or on "food".
        let measured: Vec<usize> = hosts.iter().filter_map(|&h| self.measured(h)).collect();
        hosts.extend(measured);
        hosts.sort_unstable();
        hosts.dedup();
        for h in hosts {
            for k in self.tree.with(h, Rels::NMOD | Rels::OBL) {
                if let Some(prep) = self.tree.prep(k) {
                    out.push((prep, k));
                }
            }
        }
        // Wherever the parse hung it: an actor's phrase to the right, before the next verb.
        // "returned a ring engraved with a crest to Chad": a participle that describes a noun ends nothing, but
        // what hangs on it is its own.
        let describes = |i: usize| {
            self.tree.rel(i) == "acl" && self.tree.xpos(i) == "VBN" && self.tree.head(i).is_some_and(|h| h > v && Some(h) == args.object)
        };
        let next = |&i: &usize| self.tree.verbal(i) && self.tree.base(i) != "aux" && !describes(i);
        let end = (v + 1..self.tree.len()).find(next).unwrap_or(self.tree.len());
        for i in v + 1..end.min(v + 20) {
            if self.actors.get(i).copied().unwrap_or(false)
                && !self.tree.head(i).is_some_and(describes)
                && !matches!(self.tree.base(i), "compound" | "flat" | "amod")
                && let Some(prep) = self.tree.prep(i)
                && !(args.passive && args.subject == Some(i))
                && !out.iter().any(|(_, h)| *h == i)
            {
                out.push((prep, i));
            }
        }
        out
    }

    /// What a measure measures: "tons of aid" is aid.
    fn measured(&self, h: usize) -> Option<usize> {
        self.tree.with(h, Rels::NMOD).find(|&k| self.tree.prep(k).is_some_and(|p| self.tree.genitive(p)))
    }

    #[allow(clippy::type_complexity)]
    fn slot<'s>(
        &'s self,
        v: usize,
        args: &'s Args,
        slot: &Slot,
        taken: &mut Vec<usize>,
        fit: &mut Fit,
    ) -> Option<Option<(usize, &'s Args)>> {
        let edge = |p: &str, s: &str| p.contains(' ') && (p.split(' ').next_back() == Some(s) || p.split(' ').next() == Some(s));
        let prep_fits = |p: &str| slot.preps.iter().any(|s| s == p || edge(p, s));
        if slot.preps.is_empty() {
            let iobj = self.tree.with(v, Rels::IOBJ).next();
            match &slot.filler {
                Filler::Role(r) => {
                    let free = |o: &usize| !taken.contains(o);
                    // "designated the group a terrorist organisation", both read as objects.
                    let other = || self.tree.with(v, Rels::OBJ).find(free);
                    let h = args.object.filter(free).or(iobj.filter(free)).or_else(other)?;
                    // A clause is not an actor.
                    if self.tree.verbal(h) && self.tree.names_nothing(h) {
                        return None;
                    }
                    if self.unfit(slot, h) {
                        fit.unfit = true;
                        return None;
                    }
                    taken.push(h);
                    self.assign(*r, h, fit);
                }
                Filler::Lex(lex) => {
                    let mut places: Vec<usize> = args
                        .object
                        .into_iter()
                        .chain(iobj)
                        .chain(args.predicative.iter().copied())
                        .chain(args.open.iter().copied())
                        .collect();
                    places.extend(
                        self.tree.with(v, Rels::COMPOUND | Rels::NMOD | Rels::OBL | Rels::DEP).filter(|&k| self.tree.prep(k).is_none()),
                    );
                    // "found the general guilty", the adjective hung on the noun before it.
                    let before = taken.iter().copied().chain(args.object);
                    places.extend(before.flat_map(|t| self.tree.with(t, Rels::AMOD | Rels::ACL).filter(move |&k| k > t)));
                    let h = places
                        .into_iter()
                        .flat_map(|o| {
                            if Some(o) == args.object {
                                let mut all = self.tree.conjuncts(o);
                                // "tens of thousands of troops"
                                all.extend(std::iter::successors(self.measured(o), |&m| self.measured(m)).take(3));
                                all
                            } else {
                                vec![o]
                            }
                        })
                        .find_map(|o| {
                            if taken.contains(&o) {
                                return None;
                            }
                            if self.lex(o, lex, false) { Some(o) } else { self.antecedent(o, lex) }
                        })?;
                    taken.push(h);
                    match slot.role {
                        Some(role) => self.assign(role, h, fit),
                        None => fit.used.push(h),
                    }
                }
                Filler::Any => {
                    let h = args.object.filter(|o| !taken.contains(o)).or(args.clause.first().copied()).or(args.open.first().copied())?;
                    taken.push(h);
                }
                Filler::Deed => {
                    let h = args.object.filter(|o| !taken.contains(o))?;
                    taken.push(h);
                    fit.inner.extend(self.tree.conjuncts(h));
                }
                Filler::Infinitive(lex) => {
                    let mut places: Vec<usize> = args.open.clone();
                    places.extend(args.adverbial.iter().chain(&args.clause).copied().filter(|&c| self.marked_to(c)));
                    places.extend(self.tree.with(v, Rels::ACL).filter(|&c| self.marked_to(c)));
                    // "urged the parties and their supporters to remain calm"
                    for t in taken.iter().chain(args.object.iter()).flat_map(|&t| self.tree.conjuncts(t)) {
                        places.extend(self.tree.with(t, Rels::ACL).filter(|&c| self.marked_to(c)));
                        // "everything possible to prevent", "all in its power to prevent".
                        let told = self.tree.with(t, Rels::AMOD | Rels::NMOD | Rels::ACL).filter(|&k| k > t);
                        let below = told.flat_map(|k| self.tree.with(k, Rels::XCOMP | Rels::CCOMP | Rels::ADVCL | Rels::ACL));
                        places.extend(below.filter(|&c| self.marked_to(c)));
                    }
                    let h = places.into_iter().find(|&c| lex.heads.is_empty() || self.lex(c, lex, true))?;
                    if lex.heads.is_empty() {
                        fit.inner.extend(self.tree.conjuncts(h));
                    } else {
                        fit.used.push(h);
                        let lower = self.tree.args(h);
                        return Some(Some((h, lower)));
                    }
                }
                Filler::Clause => {
                    let mut places = args.clause.clone();
                    places.extend(self.tree.with(v, Rels::ACL).filter(|&c| self.tree.rel(c) == "acl"));
                    for &t in taken.iter() {
                        places.extend(self.tree.with(t, Rels::ACL | Rels::CCOMP));
                    }
                    let h = places.first().copied()?;
                    fit.inner.extend(self.tree.conjuncts(h));
                }
                Filler::Gerund => {
                    // "ruled out sending troops", the gerund hung as a clause of circumstance.
                    let next = args.adverbial.iter().filter(|&&c| c > v && c <= v + 2 && self.tree.with(c, Rels::MARK).next().is_none());
                    let places = args.open.iter().chain(&args.clause).chain(args.object.iter()).chain(next);
                    let h = places.copied().find(|&c| self.tree.xpos(c) == "VBG")?;
                    fit.inner.extend(self.tree.conjuncts(h));
                }
                Filler::Bare => {}
            }
            return Some(None);
        }
        match &slot.filler {
            Filler::Gerund => {
                let mut places = args.adverbial.clone();
                places.extend(&args.open);
                places.extend(args.oblique.iter().map(|o| o.head));
                for &t in taken.iter() {
                    places.extend(self.tree.with(t, Rels::ACL | Rels::NMOD));
                }
                places.extend(self.tree.with(v, Rels::ACL));
                let h = places.into_iter().find(|&c| {
                    self.tree.xpos(c) == "VBG" && self.tree.with(c, Rels::MARK | Rels::CASE).any(|m| prep_fits(&self.tree.forms[m]))
                })?;
                fit.inner.extend(self.tree.conjuncts(h));
                Some(None)
            }
            // "called for Chad to withdraw"
            Filler::Infinitive(_) => {
                let marked = |&c: &usize| {
                    self.tree.xpos(c) == "VB"
                        && self.tree.with(c, Rels::MARK).any(|m| m < c && prep_fits(&self.tree.forms[m]))
                        && self.marked_to(c)
                };
                let below = taken.iter().flat_map(|&t| self.tree.with(t, Rels::ACL | Rels::ADVCL));
                let own = self.tree.with(v, Rels::ACL);
                let places = args.adverbial.iter().chain(&args.clause).chain(&args.open).copied();
                let h = places.chain(own).chain(below).find(marked)?;
                fit.inner.extend(self.tree.conjuncts(h));
                Some(None)
            }
            Filler::Clause => {
                let h = args.adverbial.iter().chain(&args.clause).copied().next()?;
                fit.inner.extend(self.tree.conjuncts(h));
                Some(None)
            }
            Filler::Bare => {
                let phrase = self.prepositions(args).any(prep_fits) && self.phrases(args, taken, v).iter().any(|(p, _)| prep_fits(p));
                let clause =
                    args.adverbial.iter().chain(&args.open).any(|&c| self.tree.with(c, Rels::MARK).any(|m| prep_fits(&self.tree.forms[m])));
                (phrase || clause).then_some(None)
            }
            filler => {
                if !self.prepositions(args).any(prep_fits) {
                    return None;
                }
                let phrases = self.phrases(args, taken, v);
                // "called on Friday": of several phrases an actor's fills a role.
                let role = matches!(filler, Filler::Role(_));
                let actor = |h: usize| self.tree.conjuncts(h).iter().any(|&c| self.actors.get(c).copied().unwrap_or(false));
                let some_actor = role && phrases.iter().any(|(p, h)| prep_fits(p) && !taken.contains(h) && actor(*h));
                let (_, h) = phrases.iter().find(|(p, h)| {
                    prep_fits(p)
                        && (!some_actor || actor(*h))
                        && !(role && self.tree.timely(*h) && !actor(*h))
                        && !taken.contains(h)
                        // "massed tens of thousands of troops on the border of": what is counted is no owner.
                        && !(role && std::iter::successors(self.measured(*h), |&m| self.measured(m)).take(3).any(|m| taken.contains(&m)))
                        && match filler {
                            Filler::Lex(lex) => self.tree.conjuncts(*h).into_iter().any(|c| self.lex(c, lex, false)),
                            _ => true,
                        }
                })?;
                let h = *h;
                taken.push(h);
                match filler {
                    Filler::Role(_) if self.unfit(slot, h) => {
                        fit.unfit = true;
                        return None;
                    }
                    Filler::Role(r) => self.assign(*r, h, fit),
                    Filler::Lex(_) if slot.role.is_some() => {
                        slot.role.into_iter().for_each(|r| self.assign(r, h, fit));
                    }
                    Filler::Deed => fit.inner.extend(self.tree.conjuncts(h)),
                    _ => fit.used.push(h),
                }
                Some(None)
            }
        }
    }

    /// "a clash …, and does everything to prevent it": the noun before that "it" stands for.
    fn antecedent(&self, o: usize, lex: &Lex) -> Option<usize> {
        if self.tree.upos(o) != Upos::PRON || !self.tree.thing_pronoun(o) {
            return None;
        }
        (0..o).rev().find(|&j| self.tree.upos(j) == Upos::NOUN && self.lex(j, lex, false))
    }

    fn marked_to(&self, c: usize) -> bool {
        self.tree.with(c, Rels::MARK).any(|m| self.tree.xpos(m) == "TO")
    }

    fn noun(&self, n: usize, p: &Pattern) -> Option<Fit> {
        let upos = self.tree.upos(n);
        if !matches!(upos, Upos::NOUN | Upos::PROPN) && self.tree.xpos(n) != "NN" {
            return None;
        }
        // "Chamber of Commerce", "Ministry of Trade": part of a name.
        let named = upos == Upos::PROPN
            && self.tree.base(n) == "nmod"
            && self.tree.head(n).is_some_and(|h| h < n && self.tree.upos(h) == Upos::PROPN)
            && self.tree.prep(n).is_some_and(|p| self.tree.genitive(p))
            && self.tree.with(n, Rels::DET).next().is_none();
        if named || matches!(self.tree.base(n), "compound" | "amod") || !self.names(n, p) {
            return None;
        }
        let mut fit = Fit { weight: p.weight(), ..Fit::default() };
        let args = Args {
            oblique: self
                .tree
                .with(n, Rels::NMOD | Rels::OBL)
                .filter(|&k| self.tree.rel(k) != "nmod:poss")
                .filter_map(|k| self.tree.case(k).map(|prep| super::tree::Arg { prep: Some(prep), head: k }))
                .collect(),
            adverbial: self
                .tree
                .with(n, Rels::ACL | Rels::ADVCL)
                .filter(|&k| self.tree.rel(k) == "acl" || self.tree.base(k) == "advcl")
                .collect(),
            ..Args::default()
        };
        // "Our thoughts are with the people of Nepal".
        let mut args = args;
        if self.tree.base(n) == "nsubj"
            && let Some(h) = self.tree.head(n)
            && self.tree.nominal(h)
            && self.tree.with(h, Rels::COP).next().is_some()
            && let Some(prep) = self.tree.case(h)
        {
            args.oblique.push(super::tree::Arg { prep: Some(prep), head: h });
        }
        let mut taken = Vec::new();
        for slot in &p.slots {
            let role = matches!(slot.filler, Filler::Role(_));
            match &slot.filler {
                // An object role of a noun is a compound or possessive: "hostage exchange".
                Filler::Role(_) if slot.preps.is_empty() => continue,
                _ => {}
            }
            if self.slot(n, &args, slot, &mut taken, &mut fit).is_none() {
                if fit.unfit {
                    return None;
                }
                if role && fit.target.is_empty() {
                    self.owned(slot, &mut fit);
                }
                if !role && !slot.optional {
                    return None;
                }
            }
        }
        // Who does it: possessor, "by"/"from", "of" when free; adjectives and compounds.
        let owner = self.tree.owner(n);
        if let Some(o) = owner {
            self.assign(RoleName::Source, o, &mut fit);
        }
        if fit.source.is_empty() {
            let by = args.oblique.iter().find(|o| !taken.contains(&o.head) && o.prep.as_ref().is_some_and(|p| self.tree.agentive(p)));
            let of = args.oblique.iter().find(|o| !taken.contains(&o.head) && o.prep.as_deref().is_some_and(|p| self.tree.genitive(p)));
            // "the killing of a scientist by Chad", the last words hung on the scientist.
            let plain = p.slots.iter().all(|s| matches!(s.filler, Filler::Role(_)));
            let below = || {
                if !plain {
                    return None;
                }
                let hung = |&t: &usize| self.tree.with(t, Rels::NMOD).find(|&k| self.tree.prep(k).is_some_and(|p| self.tree.doer(p)));
                taken.iter().find_map(hung)
            };
            if let Some(a) = by.map(|a| a.head).or_else(below).or(of.map(|a| a.head)) {
                self.assign(RoleName::Source, a, &mut fit);
            }
        }
        Some(fit)
    }

    /// Modifiers before a deed noun that may name its sides, nearest first.
    pub fn modifiers(&self, n: usize) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for k in self.tree.with(n, Rels::AMOD | Rels::COMPOUND | Rels::NMOD) {
            if k < n && self.tree.prep(k).is_none() && self.tree.rel(k) != "nmod:poss" {
                out.push(k);
                out.extend(self.tree.with(k, Rels::CONJ | Rels::COMPOUND | Rels::AMOD | Rels::FLAT).filter(|&c| c < n));
            }
        }
        out.sort_unstable();
        out
    }
}
