//! Deeds of a sentence: the best frame at each trigger, operators over deeds, modals over both.

use super::explain::{Tried, Verdict};
use super::matcher::{Fit, Matcher};
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::frames::Frame;
use crate::knowledge::pattern::{Family, Pattern};
use crate::model::syntax::Upos;
use crate::model::{Mode, is_force};
use std::rc::Rc;

/// A deed with its sides still words.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Code when a state does it as a state.
    pub state: Option<String>,
    /// Counts only under an operator or a modal.
    pub under: bool,
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
    /// A stance toward nothing that is known ("refused to elaborate").
    pub hollow: bool,
    /// The clause's negation is part of the reading ("not prepared to": refuse).
    pub settled: bool,
}

/// Before the frame of a deed somebody answers for.
pub const ANSWERED: &str = "answer-for";

/// Reads the deeds of one sentence.
pub struct Deeds<'a> {
    pub(super) tree: &'a Tree<'a>,
    pub(super) k: &'a Knowledge,
    pub(super) matcher: Matcher<'a>,
    /// Tokens of names of several words.
    named: &'a [bool],
    memo: Vec<Option<Rc<[Deed]>>>,
    busy: Vec<bool>,
    pub(super) consumed: Vec<bool>,
    depth: usize,
    tried: Option<Vec<(usize, Tried)>>,
}

impl<'a> Deeds<'a> {
    /// Ready to read. `actors` are tokens that stand for somebody, `named` those within names of several words.
    pub fn new(tree: &'a Tree<'a>, k: &'a Knowledge, actors: &'a [bool], named: &'a [bool]) -> Self {
        let n = tree.len();
        Self {
            tree,
            k,
            matcher: Matcher { tree, k, actors },
            named,
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
                out.extend(self.memo[v].take().unwrap_or_default().iter().filter(|d| !d.under).cloned());
            }
        }
        self.answered_for(&mut out);
        self.told_twice(&mut out);
        out
    }

    /// "a strike carried out by Chad killed five": what the strike did tells of the strike itself.
    fn told_twice(&self, deeds: &mut Vec<Deed>) {
        let bare = |d: &Deed| d.target.is_empty() && is_force(&d.code);
        let whole = |d: &Deed, of: &Deed| {
            !d.source.is_empty() && !d.target.is_empty() && d.used.contains(&of.trigger) && d.code.get(..2) == of.code.get(..2)
        };
        let twice = |&i: &usize| bare(&deeds[i]) && deeds.iter().any(|d| whole(d, &deeds[i]));
        let twice: Vec<usize> = (0..deeds.len()).filter(twice).collect();
        for at in twice.into_iter().rev() {
            deeds.remove(at);
        }
    }

    /// "an attack for which the group claimed responsibility": whoever takes the blame for a deed
    /// that is named did it, and the claim is no deed beside it.
    fn answered_for(&self, deeds: &mut Vec<Deed>) {
        let tree = self.tree;
        let actor = |side: &[usize]| side.iter().any(|&t| self.matcher.actors.get(t).copied().unwrap_or(false));
        let mut at = 0;
        while at < deeds.len() {
            let claim = &deeds[at];
            let (v, doer) = (claim.trigger, claim.source.clone());
            if claim.code != "015" || claim.mode != Mode::Happened || !actor(&doer) {
                at += 1;
                continue;
            }
            let (lo, hi) = tree.extent(v);
            let relative = tree.base(v) == "acl" || tree.head(v).is_some_and(|h| tree.base(h) == "acl" && tree.verbal(h));
            let open = |d: &Deed| is_force(&d.code) && !tree.verbal(d.trigger) && !actor(&d.source);
            let below = |d: &&mut Deed| open(d) && d.trigger > v && (lo..=hi).contains(&d.trigger);
            let before = |d: &&mut Deed| open(d) && relative && d.trigger < v;
            let found = match deeds.iter_mut().find(below) {
                Some(d) => Some(d),
                None => deeds.iter_mut().rev().find(before),
            };
            let Some(deed) = found else {
                at += 1;
                continue;
            };
            let noun = deed.trigger;
            deed.source.clone_from(&doer);
            deed.frame = format!("{}({})", ANSWERED, deed.frame);
            // Whoever condemns the deed condemns its doer.
            for d in deeds.iter_mut().filter(|d| d.closed && d.target.is_empty() && d.code.starts_with("11")) {
                let (lo, hi) = tree.extent(d.trigger);
                if (lo..=hi).contains(&noun) && !doer.iter().any(|t| d.source.contains(t)) {
                    d.target.clone_from(&doer);
                    d.closed = false;
                }
            }
            deeds.remove(at);
        }
    }

    /// Deeds triggered at a token.
    pub(super) fn at(&mut self, v: usize) -> Rc<[Deed]> {
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
        // A word of a name tells no deed ("Allied Democratic Forces").
        if self.named.get(v).copied().unwrap_or(false) {
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
                    self.owner_of_used(v, frame, &mut fit);
                }
                if frame.operator.is_some() { operators.push((frame, pattern, fit)) } else { frames.push((frame, pattern, fit)) }
            }
        }
        let mut best: Option<(u32, Vec<Deed>, Vec<usize>)> = None;
        let mut told: Vec<(u32, Deed)> = Vec::new();
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
            deeds.iter_mut().for_each(|d| self.convened(d));
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
            let deed = self.plain(v, frame, fit);
            let whole = u32::from(fit.used.iter().any(|u| named.contains(u))) * 10;
            let score = fit.weight * 4 + self.sides(fit) + u32::from(frame.code.len() > 3) + u32::from(fit.instrument) * 3 + whole;
            scores.push((frame, pattern, Verdict::Weaker(score)));
            told.push((score, deed.clone()));
            if best.as_ref().is_none_or(|(s, ..)| score > *s) {
                best = Some((score, vec![deed], fit.used.clone()));
            }
        }
        if let Some((_, deeds, used)) = &mut best {
            for deed in deeds.iter_mut() {
                self.shared(deed, &told);
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
        for deed in &mut deeds {
            self.issued(deed);
            self.scope(v, deed);
        }
        self.clause(v, &mut deeds);
        deeds
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
            state: frame.state.clone(),
            under: frame.under,
            frame: frame.id.clone(),
            act: frame.act.clone(),
            about: fit.about,
            place: fit.place,
            used: fit.used.clone(),
            weight: fit.weight,
            files: vec![frame.file.clone()],
            instrument: fit.instrument,
            ..Deed::default()
        }
    }
}
