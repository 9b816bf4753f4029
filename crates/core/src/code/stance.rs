//! Stances over deeds: operators, modals, negation and conditions of the clause.

use super::deed::{Deed, Deeds};
use super::matcher::Fit;
use super::rels::Rels;
use crate::knowledge::frames::{Frame, OperatorKind};
use crate::model::Mode;
use crate::model::syntax::Upos;

impl Deeds<'_> {
    /// "China must drop its barriers", said by somebody: a demand, whatever the deed. "will not sign
    /// the treaty with China": a refusal.
    pub(super) fn obliged(&self, v: usize) -> Vec<Deed> {
        if !self.tree.verbal(v) && self.tree.with(v, Rels::COP).next().is_none() {
            return Vec::new();
        }
        let modal = self.tree.with(v, Rels::AUX).find_map(|a| self.k.frames.modal(&self.tree.forms[a]));
        let Some(op) = modal else { return Vec::new() };
        let opposite = op.negated.as_deref().filter(|_| self.tree.negated(v)).and_then(|id| self.k.frames.by_id(id));
        if !self.addressed(op) {
            return opposite.map(|refuse| self.refused(v, refuse)).unwrap_or_default();
        }
        let subject = self.tree.args(v).subject.map(|s| self.tree.conjuncts(s)).unwrap_or_default();
        let somebody = subject.iter().any(|&s| self.matcher.actors.get(s).copied().unwrap_or(false));
        let Some(code) = self.k.frames.composed(&op.table, "").filter(|_| somebody) else { return Vec::new() };
        vec![Deed {
            code: code.to_owned(),
            trigger: v,
            target: subject,
            frame: op.id.clone(),
            act: op.act.clone(),
            weight: 1,
            files: vec![op.file.clone()],
            modal: true,
            ..Deed::default()
        }]
    }

    /// What a speaker will not do, whatever it is, when it would be done to or with somebody.
    pub(super) fn refused(&self, v: usize, refuse: &Frame) -> Vec<Deed> {
        let actor = |t: &usize| self.matcher.actors.get(*t).copied().unwrap_or(false);
        let source = self.tree.args(v).subject.map(|s| self.tree.conjuncts(s)).unwrap_or_default();
        let target = self.partner(v, &source);
        let Some(code) = self.k.frames.composed(&refuse.table, "").filter(|_| source.iter().any(actor) && !target.is_empty()) else {
            return Vec::new();
        };
        vec![Deed {
            code: code.to_owned(),
            trigger: v,
            source,
            target,
            frame: refuse.id.clone(),
            act: refuse.act.clone(),
            weight: 1,
            files: vec![refuse.file.clone()],
            settled: true,
            ..Deed::default()
        }]
    }

    /// An operator at `v`: the deeds it makes, the inner triggers it uses up, and whether it
    /// held a known deed.
    pub(super) fn operate(&mut self, v: usize, op: &Frame, fit: &Fit) -> (Vec<Deed>, Vec<usize>, bool) {
        let mut out = Vec::new();
        let mut used = Vec::new();
        let mut held = false;
        let asks = op.operator == Some(OperatorKind::Compose) && self.addressed(op);
        for &inner in &fit.inner {
            if inner == v || asks && self.told_as_fact(v, inner) {
                continue;
            }
            for deed in self.at(inner).iter() {
                if let Some(made) = self.wrap(v, op, fit, deed.clone()) {
                    out.push(made);
                    used.push(inner);
                    held = true;
                }
            }
        }
        if out.is_empty()
            && op.operator == Some(OperatorKind::Compose)
            && !fit.inner.is_empty()
            && !(asks && fit.inner.iter().all(|&i| self.told_as_fact(v, i)))
            && let Some(code) = self.k.frames.composed(&op.table, "").or(op.bare.as_deref())
            && !op.own_deed
        {
            let bare = op.bare.is_some();
            let asked = if fit.target.is_empty() && self.addressed(op) {
                fit.inner
                    .iter()
                    .filter(|&&i| self.tree.verbal(i))
                    .find_map(|&i| self.tree.args(i).subject)
                    .map(|s| self.tree.conjuncts(s))
                    .unwrap_or_default()
            } else {
                fit.target.clone()
            };
            let mut target: Vec<usize> = asked.into_iter().filter(|t| !fit.source.contains(t)).collect();
            if bare && target.is_empty() {
                target = fit.inner.iter().flat_map(|&i| self.partner(i, &fit.source)).collect();
                // "X and Y agreed to build a railway": with each other.
                let both = fit.source.iter().filter(|&&s| self.matcher.actors.get(s).copied().unwrap_or(false)).count() > 1;
                if target.is_empty() && !both {
                    return (out, used, held);
                }
            }
            out.push(Deed {
                code: code.to_owned(),
                trigger: v,
                source: fit.source.clone(),
                target,
                symmetric: op.symmetric,
                frame: op.id.clone(),
                act: op.act.clone(),
                about: fit.inner.first().copied(),
                hollow: true,
                used: fit.used.clone(),
                weight: fit.weight,
                files: vec![op.file.clone()],
                ..Deed::default()
            });
        }
        (out, used, held)
    }

    /// Whom an unknown deed is done to or with: the first actor among the clause's own objects
    /// and phrases of aim.
    pub(super) fn partner(&self, v: usize, source: &[usize]) -> Vec<usize> {
        let args = self.tree.args(v);
        let aims = args.oblique.iter().filter(|o| o.prep.as_ref().is_some_and(|p| self.k.grammar.promised.contains(p))).map(|o| o.head);
        let mut all: Vec<usize> = args.object.into_iter().chain(aims).collect();
        let below = |h: usize| {
            let kids = self.tree.with(h, Rels::NMOD);
            kids.filter(|&k| self.tree.prep(k).is_some_and(|p| self.k.grammar.promised.contains(p))).collect::<Vec<_>>()
        };
        all.extend(args.object.into_iter().flat_map(below));
        let actor = |&t: &usize| self.matcher.actors.get(t).copied().unwrap_or(false) && !source.contains(&t);
        all.into_iter()
            .map(|h| self.tree.conjuncts(h).into_iter().filter(actor).collect::<Vec<_>>())
            .find(|c| !c.is_empty())
            .unwrap_or_default()
    }

    /// One deed under an operator.
    pub(super) fn wrap(&self, v: usize, op: &Frame, fit: &Fit, mut inner: Deed) -> Option<Deed> {
        let negated = inner.mode == Mode::Negated;
        // "insisted on its demands that Chad withdraw": one demand.
        let own = |&s: &usize| fit.source.contains(&s) || self.tree.upos(s) == Upos::PRON;
        if self.addressed(op) && !fit.source.is_empty() && inner.frame.starts_with(&format!("{}(", op.id)) && inner.source.iter().all(own) {
            inner.source.clone_from(&fit.source);
            inner.used.push(inner.trigger);
            return Some(inner);
        }
        match op.operator {
            Some(OperatorKind::Compose) => {}
            Some(OperatorKind::Transparent) => {
                if inner.source.is_empty() {
                    inner.source = fit.source.clone();
                }
                if inner.target.is_empty() && !fit.target.is_empty() {
                    inner.target = fit.target.clone();
                }
                // Few transparent operators change few codes ("attempt to assassinate").
                if let Some(code) = self.k.frames.composed(&op.table, &inner.code).filter(|c| *c != "same") {
                    inner.code = code.to_owned();
                }
                inner.used.push(inner.trigger);
                inner.frame = format!("{}({})", op.id, inner.frame);
                return Some(inner);
            }
            _ => {
                // "police foiled an attack", "Chad fears an attack": whoever prevents or expects force does not use it.
                let force = (op.mode.as_deref() == Some("hypothetical")
                    || op.mode.as_deref() == Some("negated") && inner.code.as_str() >= "18")
                    && inner.code.as_str() >= "14"
                    && !fit.inner.iter().all(|&i| self.tree.verbal(i));
                if inner.source.is_empty() && !force {
                    inner.source = fit.source.clone();
                }
                inner.mode = op.mode.as_deref().and_then(Mode::named).unwrap_or(inner.mode);
                inner.used.push(inner.trigger);
                inner.frame = format!("{}({})", op.id, inner.frame);
                return Some(inner);
            }
        }
        // "warn that": only the warner's own deed is a threat.
        if op.own_deed
            && !inner.source.is_empty()
            && !inner.source.iter().any(|s| fit.source.contains(s) || self.tree.upos(*s) == Upos::PRON)
        {
            return None;
        }
        // "urged Iran not to attack" asks to stop; "said it would not attack" is a promise to refrain.
        let mut deed_code = inner.code.clone();
        if negated && let Some(stopped) = self.k.frames.composed("stop", &deed_code) {
            deed_code = stopped.to_owned();
        }
        let code = self.k.frames.composed(&op.table, &deed_code)?.to_owned();
        let code = if code == "same" { deed_code } else { code };
        // "were accused of plotting": whoever did the inner deed did not accuse.
        let claims = op.mode.as_deref() == Some("claimed");
        let source = if fit.source.is_empty() && !self.addressed(op) && !claims { inner.source.clone() } else { fit.source.clone() };
        let other = |side: &[usize]| -> Vec<usize> { side.iter().copied().filter(|s| !source.contains(s)).collect() };
        let inner_source = other(&inner.source);
        let inner_target = other(&inner.target);
        let target = if !fit.target.is_empty() {
            fit.target.clone()
        } else if op.symmetric {
            // Who talks about a deed talks with whom the sentence says, not with the deed's sides.
            Vec::new()
        } else if self.addressed(op) && !inner_source.is_empty() {
            inner_source
        } else if !inner_target.is_empty() {
            inner_target
        } else {
            inner_source
        };
        let mut used = fit.used.clone();
        used.push(inner.trigger);
        used.extend(&inner.used);
        let mut inside = inner.inside.clone();
        // "discussed the campaign against the rebels" tells that there is one.
        if op.symmetric && self.spoken_of(&inner) {
            inside.push(inner.clone());
        }
        // Who asks for an end of a deed tells that it is being done.
        if self.addressed(op)
            && let Some(deed) = &inner.stopped
        {
            inside.push((**deed).clone());
        }
        let stopped = op.presupposes.then(|| {
            Box::new(Deed { source: if inner.source.is_empty() { fit.source.clone() } else { inner.source.clone() }, ..inner.clone() })
        });
        if claims {
            let mut claim = inner.clone();
            claim.mode = Mode::Claimed;
            // "accused Chad of arming rebels": the accused, not the accuser, though the tree lets the
            // subject do both.
            let accuser = claim.source.iter().all(|s| fit.source.contains(s));
            if claim.source.is_empty() || accuser && !fit.target.is_empty() {
                claim.source = fit.target.clone();
            }
            inside.push(claim);
        }
        let mut files = vec![op.file.clone()];
        files.extend(inner.files);
        // "Chad and Mali failed to reach a deal": with each other.
        let together = inner.symmetric && self.k.grammar.shared.contains(op.table.as_str());
        let mutual = together && target.is_empty() && source.len() > 1;
        Some(Deed {
            code,
            trigger: v,
            source,
            target,
            mutual,
            symmetric: op.symmetric || together,
            frame: format!("{}({})", op.id, inner.frame),
            act: op.act.clone(),
            about: inner.about.or(Some(inner.trigger)),
            place: inner.place,
            used,
            weight: fit.weight + inner.weight,
            inside,
            stopped,
            files,
            instrument: inner.instrument,
            // Who talks about a deed talks with whom the sentence says, not with the deed's sides.
            closed: op.symmetric && fit.target.is_empty(),
            ..Deed::default()
        })
    }

    /// "insisted that it had only responded": a clause in the indicative past is no demand.
    fn told_as_fact(&self, v: usize, inner: usize) -> bool {
        let tree = self.tree;
        let clause = tree.base(inner) == "ccomp" && tree.head(inner) == Some(v) && tree.verbal(inner);
        let modal = || tree.with(inner, Rels::AUX).any(|a| tree.xpos(a) == "MD");
        let perfect = || tree.with(inner, Rels::AUX).any(|a| self.k.grammar.perfect.contains(&tree.forms[a]));
        clause && !modal() && (tree.xpos(inner) == "VBD" || perfect())
    }

    /// Whether a deed of force is told as a thing that is there: "the campaign", "their strikes".
    fn spoken_of(&self, inner: &Deed) -> bool {
        let tree = self.tree;
        let definite = |d: usize| self.k.grammar.definites.contains(&tree.forms[d]) || tree.rel(d) == "nmod:poss";
        inner.code.starts_with("19")
            && inner.mode == Mode::Happened
            && !tree.verbal(inner.trigger)
            && tree.with(inner.trigger, Rels::DET | Rels::NMOD).any(|d| d < inner.trigger && definite(d))
    }

    /// Operators addressed to somebody who is to do the inner deed.
    pub(super) fn addressed(&self, op: &Frame) -> bool {
        self.k.grammar.addressed.contains(op.table.as_str())
    }

    /// Modals, negation and conditions of the clause at `v`.
    pub(super) fn clause(&mut self, v: usize, deeds: &mut Vec<Deed>) {
        let g = &self.k.grammar;
        let carrier = self.carrier(v);
        let mut negated = self.tree.negated(v) || carrier.is_some_and(|c| self.tree.negated(c));
        // "was neither arrested nor …", "no strikes".
        negated |= self.tree.with(v, Rels::DET).any(|d| g.negators.contains(&self.tree.forms[d]));
        negated |= !self.tree.verbal(v) && self.tree.case(v).is_some_and(|c| g.instead.contains(&c));
        let mut modal: Option<&Frame> = None;
        let mut possible = false;
        // "must free them and enter into talks": the carrier shares its first verb's auxiliaries.
        let first = carrier.filter(|&c| self.tree.base(c) == "conj" && self.tree.with(c, Rels::AUX | Rels::NSUBJ).next().is_none());
        let first = first.and_then(|c| self.tree.head(c)).filter(|&h| self.tree.verbal(h));
        for host in [Some(v), carrier, first].into_iter().flatten() {
            for a in self.tree.with(host, Rels::AUX | Rels::ADVMOD).collect::<Vec<_>>() {
                let form = &self.tree.forms[a];
                let word = match form.as_str() {
                    "'ll" => "will",
                    "'d" => "would",
                    f => f,
                };
                if self.tree.base(a) == "aux"
                    && let Some(op) = self.k.frames.modal(word)
                {
                    modal = modal.or(Some(op));
                } else if g.possible.contains(word) && self.tree.base(a) == "aux"
                    || g.possible.contains(word) && self.tree.base(a) == "advmod"
                {
                    possible = true;
                }
            }
            possible |= self.condition(host);
        }
        possible |= self.tree.with(v, Rels::AMOD).any(|m| g.hypothetical.contains(&self.tree.forms[m]));
        possible |= self.tree.head(v).is_some_and(|h| {
            matches!(self.tree.base(v), "nmod" | "obl")
                && g.possibilities.contains(self.tree.lemma(h))
                && self.tree.prep(v).is_some_and(|c| self.tree.genitive(c))
        });
        // "a disregard for its commitments, and for …"
        let mut lead = v;
        while self.tree.base(lead) == "conj" {
            let Some(h) = self.tree.head(lead) else { break };
            lead = h;
        }
        negated |= self.tree.head(lead).is_some_and(|h| {
            matches!(self.tree.base(lead), "nmod" | "obl")
                && g.lacking.contains(self.tree.lemma(h))
                && self.tree.case(lead).is_some_and(|c| g.topical.contains(&c))
        });
        // "must cooperate to defeat X", "will deny them a haven to plot attacks": what an infinitive
        // serves is told no surer than its clause.
        possible |= self.unsure_above(v);
        // What is asked is not told.
        possible |= self.tree.question();
        let hearsay = self.hearsay(v);
        let past = self.tree.with(v, Rels::AMOD | Rels::ADVMOD).any(|m| g.past.contains(&self.tree.forms[m]));
        let mut out = Vec::new();
        for mut deed in std::mem::take(deeds) {
            if past {
                deed.mode = Mode::Historical;
            }
            // "would need to": what is only possible is promised by nobody.
            let sure = !possible && deed.mode != Mode::Hypothetical;
            // "has not been let in": whoever could have let them in refused.
            let shut_out = negated && deed.code.starts_with("086") && deed.source.is_empty() && self.tree.args(v).passive;
            if let Some(code) = Some("refuse").filter(|_| shut_out && !possible).and_then(|op| self.k.frames.composed(op, &deed.code)) {
                deed.code = code.to_owned();
                out.push(deed);
                continue;
            }
            if let Some(op) = modal.filter(|_| sure) {
                let op = if negated { op.negated.as_deref().and_then(|id| self.k.frames.by_id(id)) } else { Some(op) };
                let addressed = op.is_some_and(|o| self.addressed(o));
                let made = op.and_then(|op| {
                    let fit = Fit { source: if addressed { Vec::new() } else { deed.source.clone() }, weight: 2, ..Fit::default() };
                    self.wrap(v, op, &fit, Deed { mode: Mode::Happened, ..deed.clone() })
                });
                match made {
                    Some(mut made) => {
                        made.modal = addressed;
                        made.trigger = deed.trigger;
                        made.used.retain(|&u| u != deed.trigger);
                        out.push(made);
                        continue;
                    }
                    None => deed.mode = if negated { Mode::Negated } else { Mode::Future },
                }
            } else if negated && !deed.settled {
                deed.mode = Mode::Negated;
            } else if possible && deed.mode == Mode::Happened {
                deed.mode = Mode::Hypothetical;
            } else if hearsay && deed.mode == Mode::Happened {
                deed.mode = Mode::Claimed;
            }
            out.push(deed);
        }
        *deeds = out;
    }

    /// "after reports that X had spied on Y": somebody says so, nobody is named.
    fn hearsay(&self, v: usize) -> bool {
        let tree = self.tree;
        let mut at = v;
        for _ in 0..4 {
            let Some(h) = tree.head(at) else { return false };
            let clause =
                matches!(tree.rel(at), "acl" | "ccomp") && tree.nominal(h) && tree.with(at, Rels::MARK | Rels::NSUBJ).next().is_some();
            if clause {
                return self.k.grammar.hearsay.contains(tree.lemma(h));
            }
            if !matches!(tree.rel(at), "xcomp" | "obj" | "conj" | "obl" | "nmod" | "advcl") {
                return false;
            }
            at = h;
        }
        false
    }

    /// Whether the deed stands in or under an infinitive whose own clause is not told as fact.
    pub(super) fn unsure_above(&self, v: usize) -> bool {
        let tree = self.tree;
        let infinitive = |i: usize| tree.verbal(i) && tree.with(i, Rels::MARK).any(|m| tree.xpos(m) == "TO");
        // "will continue to support": the verb above only carries the deed, and the modal is its own.
        let carries = |i: usize| {
            let h = tree.head(i).filter(|_| tree.rel(i) == "xcomp");
            let keys = h.into_iter().flat_map(|h| tree.keys(h));
            keys.flat_map(|key| self.k.frames.triggers(key)).any(|&t| self.k.frames.get(t).0.operator == Some(OperatorKind::Transparent))
        };
        // "could start a war by attacking": by means of what.
        let means = |i: usize| tree.xpos(i) == "VBG" && tree.with(i, Rels::MARK).any(|m| tree.agentive(&tree.forms[m]));
        let mut at = v;
        let mut inside = infinitive(v) || means(v);
        for _ in 0..6 {
            let Some(h) = tree.head(at).filter(|_| matches!(tree.rel(at), "xcomp" | "advcl" | "acl" | "conj" | "obj" | "obl" | "nmod"))
            else {
                return false;
            };
            if inside && self.k.grammar.purposes.contains(tree.lemma(h)) {
                return true;
            }
            if inside && tree.verbal(h) && !infinitive(h) {
                let modal = |a: usize| {
                    let form = tree.forms[a].as_str();
                    self.k.grammar.possible.contains(form) || self.k.frames.modal(form).is_some() || form == "'ll"
                };
                if tree.with(h, Rels::AUX).any(modal) || tree.negated(h) {
                    return at != v || !carries(v);
                }
            }
            inside |= infinitive(h) || means(h);
            at = h;
        }
        false
    }

    /// Verb that carries a deed noun, for its tense and negation.
    pub(super) fn carrier(&self, n: usize) -> Option<usize> {
        if self.tree.verbal(n) {
            // A conjunct shares its first verb's auxiliaries.
            return (self.tree.base(n) == "conj" && self.tree.with(n, Rels::AUX | Rels::NSUBJ).next().is_none())
                .then(|| self.tree.head(n))
                .flatten()
                .filter(|&h| self.tree.verbal(h));
        }
        let v = self.tree.head(n)?;
        let light = || self.tree.keys(v).iter().flat_map(|k| self.k.frames.lights(k));
        let carries = match self.tree.base(n) {
            "obj" | "nsubj" => light().next().is_some(),
            // "enter into a dialogue"
            "obl" => light().any(|l| self.matcher.fit(v, &l.pattern).is_some_and(|fit| fit.inner.contains(&n))),
            _ => false,
        };
        (self.tree.verbal(v) && carries).then_some(v)
    }

    /// Whether the clause of `v` is a condition ("if", "unless").
    pub(super) fn condition(&self, v: usize) -> bool {
        let g = &self.k.grammar;
        let mut at = v;
        for _ in 0..6 {
            if self.tree.with(at, Rels::MARK).any(|m| g.conditions.contains(&self.tree.forms[m])) {
                return true;
            }
            match (self.tree.base(at), self.tree.head(at)) {
                ("conj" | "xcomp" | "aux", Some(h)) => at = h,
                _ => return false,
            }
        }
        false
    }
}
