//! Sides of a deed from the words around it: light verbs, modifiers, papers, other wordings of the
//! same deed; and what stands in its scope.

use super::deed::{Deed, Deeds};
use super::matcher::Fit;
use super::rels::Rels;
use crate::knowledge::frames::Frame;
use crate::model::is_force;
use crate::model::{Mode, syntax::Upos};

impl Deeds<'_> {
    /// "put out a report accusing the army": who issued the paper says what stands in it.
    pub(super) fn issued(&self, deed: &mut Deed) {
        let tree = self.tree;
        let actor = |t: usize| self.matcher.actors.get(t).copied().unwrap_or(false);
        let [paper] = deed.source[..] else { return };
        if actor(paper) || !self.k.grammar.papers.contains(tree.lemma(paper)) {
            return;
        }
        let hung = tree.with(paper, Rels::NMOD).filter(|&k| tree.case(k).is_some_and(|p| tree.agentive(&p) || tree.genitive(&p)));
        let named = tree.owner(paper).into_iter().chain(hung).find(|&k| actor(k));
        let verb = tree.head(paper).filter(|&v| tree.base(paper) == "obj" && tree.verbal(v));
        if let Some(issuer) = named.or_else(|| verb.and_then(|v| tree.args(v).subject)) {
            deed.source = tree.conjuncts(issuer);
        }
    }

    /// What stands beside the deed a stance is about ("accused of violating rights and ignoring
    /// the law") is in its scope, and so is the reason of a charge ("arrested for spying").
    pub(super) fn scope(&mut self, v: usize, deed: &Deed) {
        let tree = self.tree;
        let root = deed.code.get(..2).unwrap_or("");
        if matches!(root, "02" | "10" | "11" | "12" | "13") {
            for &u in deed.used.iter().filter(|&&u| u != v && tree.verbal(u) && !matches!(tree.xpos(u), "VBD" | "VBZ" | "VBP")) {
                for c in tree.conjuncts(u).into_iter().filter(|&c| c != v && tree.xpos(c) == tree.xpos(u)) {
                    self.consumed[c] = true;
                }
            }
        }
        // "agreed to host a summit to sign a pact", "demanded support in regaining control": what for has not happened.
        // So has not what a pact is to do ("a deal to end the strikes").
        if matches!(root, "02" | "03" | "10" | "12" | "13") || deed.code == "057" {
            let own = [v].into_iter().filter(|_| !matches!(root, "05" | "12"));
            let mut hosts: Vec<usize> = own.chain(deed.used.iter().copied()).collect();
            let below: Vec<usize> =
                hosts.iter().flat_map(|&h| tree.with(h, Rels::OBJ | Rels::OBL | Rels::NMOD)).filter(|&k| k > v).collect();
            hosts.extend(below);
            for c in hosts.iter().flat_map(|&h| tree.with(h, Rels::ADVCL | Rels::ACL)).filter(|&c| c > v) {
                let purpose = tree.xpos(c) == "VB" && tree.with(c, Rels::MARK).any(|m| tree.xpos(m) == "TO");
                let marks = |m: usize| tree.upos(m) == Upos::ADP || tree.upos(m) == Upos::SCONJ;
                let occasion = |m: usize| self.k.grammar.occasions.contains(&tree.forms[m]);
                let within = tree.xpos(c) == "VBG"
                    && tree.head(c) != Some(v)
                    && tree.with(c, Rels::MARK | Rels::CASE).any(marks)
                    && !tree.with(c, Rels::MARK | Rels::CASE).any(occasion);
                if purpose || within {
                    for c in tree.conjuncts(c).into_iter().filter(|&c| c > v && tree.verbal(c)) {
                        self.consumed[c] = true;
                    }
                }
            }
        }
        if matches!(root, "11" | "17") {
            for c in tree.args(v).adverbial.iter().copied().filter(|&c| c > v && tree.xpos(c) == "VBG") {
                if tree.with(c, Rels::MARK | Rels::CASE).any(|m| self.k.grammar.reasons.contains(&tree.forms[m])) {
                    self.consumed[c] = true;
                }
            }
        }
    }

    /// "fired tear gas at protesters": the wording that knows the gas does not ask at whom, another
    /// wording of the same kind of deed does.
    pub(super) fn shared(&self, deed: &mut Deed, told: &[(u32, Deed)]) {
        let actor = |side: &[usize]| side.iter().any(|&t| self.matcher.actors.get(t).copied().unwrap_or(false));
        if actor(&deed.target) || deed.symmetric || deed.mutual {
            return;
        }
        let kin = told.iter().filter(|(_, d)| d.code.get(..2) == deed.code.get(..2) && d.source == deed.source && actor(&d.target));
        if let Some((_, other)) = kin.max_by_key(|(score, _)| *score) {
            deed.target = other.target.clone();
        }
    }

    /// "were killed in an Israeli raid": whose raid it was.
    fn suffered(&mut self, v: usize, deed: &mut Deed) {
        let tree = self.tree;
        let g = &self.k.grammar;
        let within = |&o: &usize| o > v && tree.prep(o).is_some_and(|p| g.suffered.contains(p));
        for o in tree.with(v, Rels::OBL | Rels::NMOD).filter(within) {
            let found = self.at(o);
            let actors = self.matcher.actors;
            let doer = |d: &&Deed| is_force(&d.code) && !d.mutual && d.source.iter().any(|&t| actors.get(t).copied().unwrap_or(false));
            if let Some(d) = found.iter().find(doer) {
                deed.source.clone_from(&d.source);
                self.consumed[o] = true;
                return;
            }
            // "hurt in Israeli fire": arms act for their owner.
            if found.is_empty() && deed.used.contains(&o) && actors.get(o).copied().unwrap_or(false) {
                deed.source.push(o);
                return;
            }
        }
    }

    /// "Clashes between Gabon and Chad killed dozens": the noun that does the verb's deed lends it
    /// the sides it has.
    pub(super) fn lent(&mut self, v: usize, deed: &mut Deed) {
        if !self.tree.verbal(v) || !deed.source.is_empty() && !deed.target.is_empty() {
            return;
        }
        let args = self.tree.args(v);
        let passive = args.object.filter(|_| args.passive);
        if deed.source.is_empty() && is_force(&deed.code) {
            self.suffered(v, deed);
        }
        let Some(noun) = args.subject.into_iter().chain(passive).find(|s| deed.used.contains(s)) else { return };
        let deeds = self.at(noun);
        let actors = self.matcher.actors;
        let actor = |side: &[usize]| side.iter().any(|&t| actors.get(t).copied().unwrap_or(false));
        // "attacks, claimed by the group, have killed ten": whoever answers for the noun did it, and told it once.
        if deed.source.is_empty() {
            for c in self.tree.with(noun, Rels::ACL).filter(|&c| self.tree.verbal(c)).collect::<Vec<_>>() {
                let same = |d: &&Deed| d.used.contains(&noun) && d.code.get(..2) == deed.code.get(..2) && actor(&d.source);
                let found = self.at(c);
                // "an attack blamed on the group killed ten": only claimed.
                let laid =
                    || found.iter().flat_map(|d| &d.inside).find(|d| d.trigger == noun && d.mode == Mode::Claimed && actor(&d.source));
                if let Some(claim) = found.iter().find(same).or_else(laid) {
                    deed.source.clone_from(&claim.source);
                    if claim.mode == Mode::Claimed {
                        deed.mode = Mode::Claimed;
                    }
                    self.consumed[c] = true;
                    break;
                }
            }
        }
        let Some(lender) = deeds.first() else { return };
        // "Raid on an airport kills four": a bare number is nobody.
        let bare = |&t: &usize| self.tree.upos(t) == Upos::NUM && self.tree.kids(t).is_empty();
        if deed.source.is_empty() && !actor(&lender.source) && actor(&lender.target) && deed.target.iter().all(bare) {
            deed.target.clear();
        }
        if lender.mutual && deed.source.is_empty() && deed.target.is_empty() {
            (deed.source, deed.mutual, deed.symmetric) = (lender.source.clone(), true, true);
            return;
        }
        if deed.source.is_empty() && actor(&lender.source) {
            deed.source.clone_from(&lender.source);
        }
        if deed.target.is_empty() && actor(&lender.target) {
            deed.target.clone_from(&lender.target);
        }
    }

    /// "The summit between Chad and Mali failed to reach a deal": those who met failed.
    pub(super) fn convened(&mut self, deed: &mut Deed) {
        let actors = self.matcher.actors;
        let actor = |t: usize| actors.get(t).copied().unwrap_or(false);
        if !deed.symmetric || deed.source.len() != 1 || deed.source.iter().any(|&t| actor(t)) || !deed.target.is_empty() {
            return;
        }
        let noun = deed.source[0];
        let deeds = self.at(noun);
        if let Some(met) = deeds.iter().find(|d| d.symmetric && d.source.iter().chain(&d.target).any(|&t| actor(t))) {
            (deed.source, deed.target, deed.mutual) = (met.source.clone(), met.target.clone(), met.mutual);
            self.consumed[noun] = true;
        }
    }

    /// "condemned the murder of a journalist": blame and praise of a deed fall on who did it, not
    /// on whom it befell.
    pub(super) fn blamed(&mut self, deed: &mut Deed) {
        if !(deed.code.starts_with("11") || deed.code.starts_with("051")) {
            return;
        }
        let actor = |side: &[usize], actors: &[bool]| side.iter().any(|&t| actors.get(t).copied().unwrap_or(false));
        let actors = self.matcher.actors;
        let heads: Vec<usize> = if deed.target.is_empty() { deed.used.clone() } else { deed.target.clone() };
        for h in heads {
            if self.tree.verbal(h) || actors.get(h).copied().unwrap_or(false) {
                continue;
            }
            let deeds = self.at(h);
            let Some(inner) = deeds.first() else { continue };
            if actor(&inner.source, actors) && !inner.source.iter().any(|s| deed.source.contains(s)) {
                deed.target.clone_from(&inner.source);
                return;
            }
            if inner.code.as_str() >= "14" {
                deed.target.retain(|&t| t != h);
                deed.closed = deed.target.is_empty();
            }
        }
    }

    /// Sides of a deed noun from its modifiers and the light verb that carries it.
    pub(super) fn noun_sides(&self, n: usize, fit: &mut Fit, light: Option<&(Fit, bool)>) {
        if let Some((source, target)) = self.backed(n) {
            (fit.source, fit.target) = (source, target);
            return;
        }
        let mut modifiers = self.matcher.modifiers(n);
        // "horrific attacks", "a car bombing": what only describes is no side.
        let describes = |m: usize| matches!(self.tree.upos(m), Upos::ADJ | Upos::NOUN) && self.matcher.actors.get(m) != Some(&true);
        modifiers.retain(|&m| !fit.used.contains(&m) && !describes(m));
        if let Some((verb_fit, target_side)) = light {
            if *target_side {
                if fit.target.is_empty() {
                    fit.target.clone_from(&verb_fit.source);
                // "welcomed the agreement between A and B" is no party to it.
                } else if fit.source.is_empty() && fit.target.len() < 2 {
                    fit.source.clone_from(&verb_fit.source);
                }
            } else if fit.source.is_empty() {
                fit.source.clone_from(&verb_fit.source);
            }
            if fit.target.is_empty() {
                fit.target.clone_from(&verb_fit.target);
            }
            fit.weight += 1;
        }
        // "Kuwait's invasion by Iraq": the doer is named, so that whose it is befell him.
        let by = |s: usize| self.tree.case(s).is_some_and(|p| self.tree.agentive(&p));
        if fit.target.is_empty() && fit.source.iter().any(|&s| by(s)) && fit.source.iter().any(|&s| self.tree.rel(s) == "nmod:poss") {
            fit.target = fit.source.iter().copied().filter(|&s| self.tree.rel(s) == "nmod:poss").collect();
            fit.source.retain(|s| !fit.target.contains(s));
        }
        // "the Kuwait invasion", "Cuba sanctions" befell the state named; "the US invasion" is who did it.
        if self.k.grammar.befalling.contains(self.tree.lemma(n)) && fit.target.is_empty() {
            let state = |m: usize| {
                let capitals = self.tree.word(m).chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
                self.tree.upos(m) == Upos::PROPN && self.tree.base(m) == "compound" && self.tree.rel(m) != "nmod:poss" && !capitals
            };
            let befallen: Vec<usize> =
                modifiers.iter().copied().filter(|&m| state(m) && self.matcher.actors.get(m) == Some(&true)).collect();
            if modifiers.iter().all(|m| befallen.contains(m)) && !befallen.is_empty() && fit.source.iter().all(|s| befallen.contains(s)) {
                modifiers.clear();
                fit.source.clear();
                fit.target = befallen;
            }
        }
        if fit.source.is_empty() {
            fit.source = modifiers;
            if fit.source.iter().all(|&m| !self.matcher.actors.get(m).copied().unwrap_or(false)) {
                fit.source.extend(self.convener(n, fit));
            }
        } else if fit.target.is_empty() {
            // "its Syria strikes", "US Iran sanctions": a name in front that is not the doer.
            fit.target = modifiers.into_iter().filter(|m| self.tree.upos(*m) == Upos::PROPN && !fit.source.contains(m)).collect();
        }
    }

    /// "the deployment of Kenyan peacekeepers", "the lifting of the Union's sanctions": whose troops
    /// and measures they are does it.
    pub(super) fn owner_of_used(&self, n: usize, frame: &Frame, fit: &mut Fit) {
        let actor = |t: usize| self.matcher.actors.get(t).copied().unwrap_or(false);
        let own = matches!(frame.code.get(..2), Some("07" | "08" | "15")) && !frame.code.starts_with("084");
        if !own || fit.source.iter().any(|&s| actor(s)) {
            return;
        }
        let of = |u: usize| {
            let named = self.tree.owner(u).into_iter().chain(self.matcher.modifiers(u));
            if actor(u) { Some(u) } else { named.into_iter().find(|&k| actor(k)) }
        };
        let owner = fit.used.iter().filter(|&&u| u != n).find_map(|&u| of(u));
        if let Some(owner) = owner.filter(|o| !fit.target.contains(o)) {
            fit.source = vec![owner];
        }
    }

    /// "struck the town in support of the army", "advanced with the support of jets": who acts in
    /// the clause and who stands after "of" are its sides.
    fn backed(&self, n: usize) -> Option<(Vec<usize>, Vec<usize>)> {
        let (tree, g) = (self.tree, &self.k.grammar);
        if !g.backing.contains(tree.lemma(n)) {
            return None;
        }
        let prep = tree.case(n)?;
        let given = g.company.contains(&prep);
        if !given && !g.within.contains(&prep) {
            return None;
        }
        let gives = |p: &str| tree.genitive(p) || given && g.origins.contains(p);
        let other = tree.with(n, Rels::NMOD).find(|&k| tree.case(k).is_some_and(|p| gives(&p)))?;
        let mut at = n;
        let mut verb = None;
        for _ in 0..4 {
            at = tree.head(at)?;
            if tree.verbal(at) && tree.args(at).subject.is_some_and(|s| s != other) {
                verb = Some(at);
                break;
            }
        }
        let actor = |&t: &usize| self.matcher.actors.get(t).copied().unwrap_or(false);
        let subject: Vec<usize> = tree.conjuncts(tree.args(verb?).subject?).into_iter().filter(actor).collect();
        let other: Vec<usize> = tree.conjuncts(other).into_iter().filter(actor).collect();
        if subject.is_empty() || other.is_empty() {
            return None;
        }
        Some(if given { (other, subject) } else { (subject, other) })
    }

    /// "raised it in a call with the minister": who acts in the clause is one side of the meeting.
    pub(super) fn convener(&self, n: usize, fit: &Fit) -> Vec<usize> {
        let with = fit.target.iter().any(|&t| self.tree.prep(t).is_some_and(|p| self.k.grammar.company.contains(p)));
        let place = self.tree.prep(n).is_some_and(|p| self.k.grammar.venues.contains(p));
        let verb = self.tree.head(n).filter(|&h| with && place && self.tree.base(n) == "obl" && self.tree.verbal(h));
        let subject = verb.and_then(|v| self.tree.args(v).subject);
        subject.map(|s| self.tree.conjuncts(s)).unwrap_or_default()
    }

    /// The light verb whose object is `n`: its subject, and prepositional roles of its own.
    pub(super) fn light(&self, n: usize) -> Option<(Fit, bool)> {
        // "strikes" in "carried out strikes and raids" hangs as a conjunct.
        let mut top = n;
        for _ in 0..4 {
            if self.tree.base(top) != "conj" {
                break;
            }
            top = self.tree.head(top)?;
        }
        let v = self.tree.head(top)?;
        let relative = self.tree.with(n, Rels::ACL).find(|&c| self.tree.verbal(c));
        for verb in [Some(v), relative].into_iter().flatten() {
            if !self.tree.verbal(verb) {
                continue;
            }
            for key in self.tree.keys(verb) {
                for light in self.k.frames.lights(key) {
                    let Some(fit) = self.matcher.fit(verb, &light.pattern) else { continue };
                    if !fit.inner.contains(&n) {
                        continue;
                    }
                    let args = self.tree.args(verb);
                    let mut out = Fit { source: fit.source, ..Fit::default() };
                    // "imposed sanctions on Iran" with "on" hung on the verb.
                    // "in" is a target only when nothing stands after "on" or "against".
                    let aims = |place: bool| {
                        args.oblique.iter().find(|o| {
                            o.prep
                                .as_ref()
                                .is_some_and(|p| self.k.grammar.targets.contains(p) && self.k.grammar.places.contains(p) == place)
                                && !fit.inner.contains(&o.head)
                                && o.head > verb
                        })
                    };
                    if let Some(o) = aims(false).or_else(|| aims(true)) {
                        out.target = self.tree.conjuncts(o.head);
                    }
                    return Some((out, light.subject_is_target));
                }
            }
        }
        None
    }

    /// How well a fit's sides are filled: by actors best.
    pub(super) fn sides(&self, fit: &Fit) -> u32 {
        let filled = |side: &[usize], actor: u32, any: u32| match side {
            [] => 0,
            s if s.iter().any(|&t| self.matcher.actors.get(t).copied().unwrap_or(false)) => actor,
            _ => any,
        };
        // An owner read out of a word of the pattern is weaker than a side in its own place.
        let owned = !fit.target.is_empty() && fit.target.iter().all(|t| fit.used.contains(t));
        filled(&fit.source, 9, 2) + if owned { 2 } else { filled(&fit.target, 9, 2) }
    }
}
