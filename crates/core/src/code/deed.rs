//! Deeds of a sentence: the best frame at each trigger, operators over deeds, modals over both.

use super::explain::{Tried, Verdict};
use super::matcher::{Fit, Matcher};
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::frames::{Frame, OperatorKind};
use crate::knowledge::pattern::{Family, Pattern};
use crate::model::Mode;
use crate::model::syntax::Upos;
use std::rc::Rc;

/// A deed with its sides still words.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// CAMEO code.
    pub code: String,
    /// Trigger token.
    pub trigger: usize,
    /// Heads of the doers.
    pub source: Vec<usize>,
    /// Heads of those it is done to.
    pub target: Vec<usize>,
    /// Both sides in one phrase ("talks between A and B"): each with each.
    pub mutual: bool,
    /// Recorded both ways.
    pub symmetric: bool,
    /// Code of the record the other way.
    pub reciprocal: Option<String>,
    /// Mode by operators and the clause.
    pub mode: Mode,
    /// Frame and operators, outermost first: "ask(release)".
    pub frame: String,
    /// Statement act, when the frame names one.
    pub act: Option<String>,
    /// What it is about.
    pub about: Option<usize>,
    /// Where, when the frame says so.
    pub place: Option<usize>,
    /// Words used beside the trigger.
    pub used: Vec<usize>,
    /// How much the patterns asked for.
    pub weight: u32,
    /// Deeds under operators, kept as claims ("accuse of …").
    pub inside: Vec<Deed>,
    /// The deed that stands or stood if this one stops it.
    pub stopped: Option<Box<Deed>>,
    /// Files of the frame and operators.
    pub files: Vec<String>,
    /// Under a modal that speaks for the speaker ("must", "should"): the subject is addressed.
    pub modal: bool,
    /// The source owns the instrument that did it.
    pub instrument: bool,
    /// Its target is nobody, or somebody the sentence does not name: no other word may fill it.
    pub closed: bool,
    /// The clause's negation is part of the reading ("not prepared to": refuse).
    pub settled: bool,
}

/// Reads the deeds of one sentence.
pub struct Deeds<'a> {
    tree: &'a Tree<'a>,
    k: &'a Knowledge,
    matcher: Matcher<'a>,
    memo: Vec<Option<Rc<[Deed]>>>,
    busy: Vec<bool>,
    consumed: Vec<bool>,
    depth: usize,
    tried: Option<Vec<(usize, Tried)>>,
}

impl<'a> Deeds<'a> {
    /// Ready to read.
    pub fn new(tree: &'a Tree<'a>, k: &'a Knowledge, actors: &'a [bool]) -> Self {
        let n = tree.len();
        Self {
            tree,
            k,
            matcher: Matcher { tree, frames: &k.frames, actors },
            memo: vec![None; n],
            busy: vec![false; n],
            consumed: vec![false; n],
            depth: 0,
            tried: None,
        }
    }

    /// All deeds, with every wording that was tried and the tokens used up by larger deeds.
    pub fn explain(mut self) -> (Vec<Deed>, Vec<Tried>, Vec<usize>) {
        self.tried = Some(Vec::new());
        let deeds = self.collect();
        let used = (0..self.tree.len()).filter(|&v| self.consumed[v] && self.memo[v].as_ref().is_some_and(|d| !d.is_empty())).collect();
        let mut tried = self.tried.take().unwrap_or_default();
        tried.sort_by_key(|(v, _)| *v);
        (deeds, tried.into_iter().map(|(_, t)| t).collect(), used)
    }

    /// All deeds that are not part of a larger one, in text order.
    pub fn read(mut self) -> Vec<Deed> {
        self.collect()
    }

    fn collect(&mut self) -> Vec<Deed> {
        let n = self.tree.len();
        for v in 0..n {
            self.at(v);
        }
        let mut out = Vec::new();
        for v in 0..n {
            if !self.consumed[v] {
                out.extend(self.memo[v].take().unwrap_or_default().iter().cloned());
            }
        }
        out
    }

    /// Deeds triggered at a token.
    fn at(&mut self, v: usize) -> Rc<[Deed]> {
        if let Some(done) = &self.memo[v] {
            return Rc::clone(done);
        }
        // Stances over stances over deeds: deeper than this nobody writes, and the stack is finite.
        if self.busy[v] || self.depth > 24 {
            return Rc::from([]);
        }
        self.busy[v] = true;
        self.depth += 1;
        let found: Rc<[Deed]> = self.evaluate(v).into();
        self.depth -= 1;
        self.busy[v] = false;
        self.memo[v] = Some(Rc::clone(&found));
        found
    }

    fn evaluate(&mut self, v: usize) -> Vec<Deed> {
        if matches!(self.tree.upos(v), Upos::PUNCT | Upos::ADP | Upos::DET | Upos::PRON | Upos::NUM | Upos::CCONJ) {
            return Vec::new();
        }
        let k = self.k;
        let mut frames: Vec<(&Frame, &Pattern, Fit)> = Vec::new();
        let mut operators: Vec<(&Frame, &Pattern, Fit)> = Vec::new();
        let mut scores: Vec<(&Frame, &Pattern, Verdict)> = Vec::new();
        let tracing = self.tried.is_some();
        let mut light = None;
        for key in self.tree.keys(v) {
            for &trigger in k.frames.triggers(key) {
                let (frame, pattern) = k.frames.get(trigger);
                let Some(mut fit) = self.matcher.fit(v, pattern) else {
                    if tracing {
                        let (found, what) = self.matcher.lacks(v, pattern);
                        scores.push((frame, pattern, Verdict::Lacks(found, what)));
                    }
                    continue;
                };
                if pattern.family == Family::Noun {
                    let light = light.get_or_insert_with(|| self.light(v));
                    self.noun_sides(v, &mut fit, light.as_ref());
                }
                if frame.operator.is_some() { operators.push((frame, pattern, fit)) } else { frames.push((frame, pattern, fit)) }
            }
        }
        let mut best: Option<(u32, Vec<Deed>, Vec<usize>)> = None;
        // Deeds under the operators here: a wording that names such a deed itself is the closer one.
        let mut named: Vec<usize> = Vec::new();
        let mut stances: Vec<(u32, Vec<Deed>, Vec<usize>)> = Vec::new();
        for (op, pattern, fit) in &operators {
            // "not prepared to", "did not agree to": the opposite stance.
            let opposite = op.negated.as_deref().filter(|_| self.tree.negated(v)).and_then(|id| k.frames.by_id(id));
            let (mut deeds, inner_used, held) = self.operate(v, opposite.unwrap_or(op), fit);
            for deed in &mut deeds {
                deed.settled |= opposite.is_some();
            }
            let Some(first) = deeds.first() else {
                scores.push((op, pattern, Verdict::Idle));
                continue;
            };
            // Stance and deed together are weighed against wordings of the whole.
            let score = if held { first.weight * 4 + 34 } else { fit.weight * 4 + self.sides(fit) };
            scores.push((op, pattern, Verdict::Weaker(score)));
            named.extend(&inner_used);
            let mut used = inner_used;
            used.extend(&fit.used);
            stances.push((score, deeds, used));
        }
        for (frame, pattern, fit) in &frames {
            let whole = u32::from(fit.used.iter().any(|u| named.contains(u))) * 10;
            let score = fit.weight * 4 + self.sides(fit) + u32::from(frame.code.len() > 3) + u32::from(fit.instrument) * 3 + whole;
            scores.push((frame, pattern, Verdict::Weaker(score)));
            if best.as_ref().is_none_or(|(s, ..)| score > *s) {
                best = Some((score, vec![self.plain(v, frame, fit)], fit.used.clone()));
            }
        }
        if let Some((_, deeds, used)) = &mut best {
            for deed in deeds.iter_mut() {
                self.lent(v, deed);
                self.blamed(deed);
                // What a word of the pattern tells beside itself is not lost with it.
                for &u in used.iter() {
                    deed.inside.extend(self.at(u).iter().flat_map(|d| d.inside.iter().cloned()));
                }
            }
        }
        for stance in stances {
            if best.as_ref().is_none_or(|(s, ..)| stance.0 > *s) {
                best = Some(stance);
            }
        }
        if let Some(tried) = &mut self.tried {
            let top = best.as_ref().map(|(s, ..)| *s);
            let mut taken = false;
            tried.extend(scores.into_iter().map(|(frame, pattern, verdict)| {
                let verdict = match verdict {
                    Verdict::Weaker(s) if Some(s) == top && !std::mem::replace(&mut taken, true) => Verdict::Taken(s),
                    other => other,
                };
                let word = self.tree.span(v);
                (v, Tried { word, frame: frame.id.clone(), code: frame.code.clone(), pattern: pattern.text.clone(), verdict })
            }));
        }
        let Some((_, mut deeds, used)) = best else { return self.obliged(v) };
        for u in used {
            self.consumed[u] = true;
        }
        self.clause(v, &mut deeds);
        deeds
    }

    /// "Clashes between Gabon and Chad killed dozens": the noun that does the verb's deed lends it
    /// the sides it has.
    fn lent(&mut self, v: usize, deed: &mut Deed) {
        if !self.tree.verbal(v) || !deed.source.is_empty() && !deed.target.is_empty() {
            return;
        }
        let args = self.tree.args(v);
        let passive = args.object.filter(|_| args.passive);
        let Some(noun) = args.subject.into_iter().chain(passive).find(|s| deed.used.contains(s)) else { return };
        let deeds = self.at(noun);
        let Some(lender) = deeds.first() else { return };
        let actor = |side: &[usize]| side.iter().any(|&t| self.matcher.actors.get(t).copied().unwrap_or(false));
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

    /// "condemned the murder of a journalist": blame and praise of a deed fall on who did it, not
    /// on whom it befell.
    fn blamed(&mut self, deed: &mut Deed) {
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

    fn plain(&self, v: usize, frame: &Frame, fit: &Fit) -> Deed {
        let mutual = frame.symmetric && (fit.source.is_empty() && fit.target.len() > 1 || fit.target.is_empty() && fit.source.len() > 1);
        let (source, target) =
            if mutual && fit.source.is_empty() { (fit.target.clone(), Vec::new()) } else { (fit.source.clone(), fit.target.clone()) };
        Deed {
            code: frame.code.clone(),
            trigger: v,
            source,
            target,
            mutual,
            symmetric: frame.symmetric,
            reciprocal: frame.reciprocal.clone(),
            mode: Mode::Happened,
            frame: frame.id.clone(),
            act: frame.act.clone(),
            about: fit.about,
            place: fit.place,
            used: fit.used.clone(),
            weight: fit.weight,
            inside: Vec::new(),
            stopped: None,
            files: vec![frame.file.clone()],
            modal: false,
            instrument: fit.instrument,
            settled: false,
            closed: false,
        }
    }

    /// "China must drop its barriers", said by somebody: a demand, whatever the deed.
    fn obliged(&self, v: usize) -> Vec<Deed> {
        if !self.tree.verbal(v) && self.tree.with(v, &["cop"]).next().is_none() {
            return Vec::new();
        }
        let modal = self.tree.with(v, &["aux"]).find_map(|a| self.k.frames.modal(&self.tree.forms[a]));
        let Some(op) = modal.filter(|op| self.addressed(op)) else { return Vec::new() };
        let subject = self.tree.args(v).subject.map(|s| self.tree.conjuncts(s)).unwrap_or_default();
        let somebody = subject.iter().any(|&s| self.matcher.actors.get(s).copied().unwrap_or(false));
        let Some(code) = self.k.frames.composed(&op.table, "").filter(|_| somebody) else { return Vec::new() };
        vec![Deed {
            code: code.to_owned(),
            trigger: v,
            source: Vec::new(),
            target: subject,
            mutual: false,
            symmetric: false,
            reciprocal: None,
            mode: Mode::Happened,
            frame: op.id.clone(),
            act: op.act.clone(),
            about: None,
            place: None,
            used: Vec::new(),
            weight: 1,
            inside: Vec::new(),
            stopped: None,
            files: vec![op.file.clone()],
            modal: true,
            instrument: false,
            settled: false,
            closed: false,
        }]
    }

    /// Sides of a deed noun from its modifiers and the light verb that carries it.
    fn noun_sides(&self, n: usize, fit: &mut Fit, light: Option<&(Fit, bool)>) {
        let mut modifiers = self.matcher.modifiers(n);
        modifiers.retain(|m| !fit.used.contains(m));
        if let Some((verb_fit, target_side)) = light {
            if *target_side {
                if fit.target.is_empty() {
                    fit.target.clone_from(&verb_fit.source);
                } else if fit.source.is_empty() {
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

    /// "raised it in a call with the minister": who acts in the clause is one side of the meeting.
    fn convener(&self, n: usize, fit: &Fit) -> Vec<usize> {
        let with = fit.target.iter().any(|&t| self.tree.prep(t).is_some_and(|p| self.k.grammar.company.contains(p)));
        let place = self.tree.prep(n).is_some_and(|p| self.k.grammar.venues.contains(p));
        let verb = self.tree.head(n).filter(|&h| with && place && self.tree.base(n) == "obl" && self.tree.verbal(h));
        let subject = verb.and_then(|v| self.tree.args(v).subject);
        subject.map(|s| self.tree.conjuncts(s)).unwrap_or_default()
    }

    /// The light verb whose object is `n`: its subject, and prepositional roles of its own.
    fn light(&self, n: usize) -> Option<(Fit, bool)> {
        // "strikes" in "carried out strikes and raids" hangs as a conjunct.
        let mut top = n;
        for _ in 0..4 {
            if self.tree.base(top) != "conj" {
                break;
            }
            top = self.tree.head(top)?;
        }
        let v = self.tree.head(top)?;
        let relative = self.tree.with(n, &["acl"]).find(|&c| self.tree.verbal(c));
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

    /// An operator at `v`: the deeds it makes, the inner triggers it uses up, and whether it
    /// held a known deed.
    fn operate(&mut self, v: usize, op: &Frame, fit: &Fit) -> (Vec<Deed>, Vec<usize>, bool) {
        let mut out = Vec::new();
        let mut used = Vec::new();
        let mut held = false;
        for &inner in &fit.inner {
            if inner == v {
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
                if target.is_empty() {
                    return (out, used, held);
                }
            }
            out.push(Deed {
                code: code.to_owned(),
                trigger: v,
                source: fit.source.clone(),
                target,
                mutual: false,
                symmetric: op.symmetric,
                reciprocal: None,
                mode: Mode::Happened,
                frame: op.id.clone(),
                act: op.act.clone(),
                about: fit.inner.first().copied(),
                place: None,
                used: fit.used.clone(),
                weight: fit.weight,
                inside: Vec::new(),
                stopped: None,
                files: vec![op.file.clone()],
                modal: false,
                instrument: false,
                settled: false,
                closed: false,
            });
        }
        (out, used, held)
    }

    /// Whom an unknown deed is done to or with: the first actor among the clause's own objects
    /// and phrases of aim.
    fn partner(&self, v: usize, source: &[usize]) -> Vec<usize> {
        let args = self.tree.args(v);
        let aims = args.oblique.iter().filter(|o| o.prep.as_ref().is_some_and(|p| self.k.grammar.promised.contains(p))).map(|o| o.head);
        let mut all: Vec<usize> = args.object.into_iter().chain(aims).collect();
        let below = |h: usize| {
            let kids = self.tree.with(h, &["nmod"]);
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
    fn wrap(&self, v: usize, op: &Frame, fit: &Fit, mut inner: Deed) -> Option<Deed> {
        let negated = inner.mode == Mode::Negated;
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
                if inner.source.is_empty() {
                    inner.source = fit.source.clone();
                }
                inner.mode = mode(op.mode.as_deref()).unwrap_or(inner.mode);
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
        let source = if fit.source.is_empty() && !self.addressed(op) { inner.source.clone() } else { fit.source.clone() };
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
        let claims = op.mode.as_deref() == Some("claimed");
        let mut used = fit.used.clone();
        used.push(inner.trigger);
        used.extend(&inner.used);
        let mut inside = inner.inside.clone();
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
        Some(Deed {
            code,
            trigger: v,
            source,
            target,
            mutual: false,
            symmetric: op.symmetric,
            reciprocal: None,
            mode: Mode::Happened,
            frame: format!("{}({})", op.id, inner.frame),
            act: op.act.clone(),
            about: inner.about.or(Some(inner.trigger)),
            place: inner.place,
            used,
            weight: fit.weight + inner.weight,
            inside,
            stopped,
            files,
            modal: false,
            instrument: inner.instrument,
            settled: false,
            closed: false,
        })
    }

    /// Operators addressed to somebody who is to do the inner deed.
    fn addressed(&self, op: &Frame) -> bool {
        self.k.grammar.addressed.contains(op.table.as_str())
    }

    /// Modals, negation and conditions of the clause at `v`.
    fn clause(&mut self, v: usize, deeds: &mut Vec<Deed>) {
        let g = &self.k.grammar;
        let carrier = self.carrier(v);
        let mut negated = self.tree.negated(v) || carrier.is_some_and(|c| self.tree.negated(c));
        // "was neither arrested nor …", "no strikes".
        negated |= self.tree.with(v, &["det"]).any(|d| g.negators.contains(&self.tree.forms[d]));
        let mut modal: Option<&Frame> = None;
        let mut possible = false;
        for host in [Some(v), carrier].into_iter().flatten() {
            for a in self.tree.with(host, &["aux", "advmod"]).collect::<Vec<_>>() {
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
        possible |= self.tree.with(v, &["amod"]).any(|m| g.hypothetical.contains(&self.tree.forms[m]));
        possible |= self.tree.head(v).is_some_and(|h| {
            matches!(self.tree.base(v), "nmod" | "obl")
                && g.possibilities.contains(self.tree.lemma(h))
                && self.tree.prep(v).is_some_and(|c| self.tree.genitive(c))
        });
        // "must cooperate to defeat X", "will deny them a haven to plot attacks": what an infinitive
        // serves is told no surer than its clause.
        possible |= self.unsure_above(v);
        // What is asked is not told.
        possible |= self.tree.question();
        let past = self.tree.with(v, &["amod", "advmod"]).any(|m| g.past.contains(&self.tree.forms[m]));
        let mut out = Vec::new();
        for mut deed in std::mem::take(deeds) {
            if past {
                deed.mode = Mode::Historical;
            }
            // "would need to": what is only possible is promised by nobody.
            let sure = !possible && deed.mode != Mode::Hypothetical;
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
            }
            out.push(deed);
        }
        *deeds = out;
    }

    /// Whether the deed stands in or under an infinitive whose own clause is not told as fact.
    fn unsure_above(&self, v: usize) -> bool {
        let tree = self.tree;
        let infinitive = |i: usize| tree.verbal(i) && tree.with(i, &["mark"]).any(|m| tree.xpos(m) == "TO");
        let mut at = v;
        let mut inside = infinitive(v);
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
                if tree.with(h, &["aux"]).any(modal) || tree.negated(h) {
                    return true;
                }
            }
            inside |= infinitive(h);
            at = h;
        }
        false
    }

    /// How well a fit's sides are filled: by actors best.
    fn sides(&self, fit: &Fit) -> u32 {
        let filled = |side: &[usize], actor: u32, any: u32| match side {
            [] => 0,
            s if s.iter().any(|&t| self.matcher.actors.get(t).copied().unwrap_or(false)) => actor,
            _ => any,
        };
        // An owner read out of a word of the pattern is weaker than a side in its own place.
        let owned = !fit.target.is_empty() && fit.target.iter().all(|t| fit.used.contains(t));
        filled(&fit.source, 9, 2) + if owned { 2 } else { filled(&fit.target, 9, 2) }
    }

    /// Verb that carries a deed noun, for its tense and negation.
    fn carrier(&self, n: usize) -> Option<usize> {
        if self.tree.verbal(n) {
            // A conjunct shares its first verb's auxiliaries.
            return (self.tree.base(n) == "conj" && self.tree.with(n, &["aux", "nsubj"]).next().is_none())
                .then(|| self.tree.head(n))
                .flatten()
                .filter(|&h| self.tree.verbal(h));
        }
        let v = self.tree.head(n)?;
        (self.tree.verbal(v)
            && matches!(self.tree.base(n), "obj" | "nsubj")
            && self.tree.keys(v).iter().any(|k| self.k.frames.lights(k).next().is_some()))
        .then_some(v)
    }

    /// Whether the clause of `v` is a condition ("if", "unless").
    fn condition(&self, v: usize) -> bool {
        let g = &self.k.grammar;
        let mut at = v;
        for _ in 0..6 {
            if self.tree.with(at, &["mark"]).any(|m| g.conditions.contains(&self.tree.forms[m])) {
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

fn mode(name: Option<&str>) -> Option<Mode> {
    [Mode::Happened, Mode::Future, Mode::Hypothetical, Mode::Negated, Mode::Historical, Mode::Claimed]
        .into_iter()
        .find(|m| Some(m.as_str()) == name)
}
