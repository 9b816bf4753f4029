//! The next event: which deed for a pair, which target for a source and a deed, which source for a deed and a target.

use super::forecast::HISTORY;
use super::four_digits as round;
use crate::failure::Failure;
use crate::store::{Between, Passed, Store, TrainedModel};
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::ranking::{Event, Figures, Guess, History, NAME, Options, Ranker, Work, frequency, measure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const KIND: &str = "next";
/// The part of the history, at its end, that shows how good it is: one day of so many.
const PART: i32 = 10;
/// With fewer events there is nothing to learn from.
const LEAST: usize = 200;
/// Events shown behind an answer.
const SHOWN: usize = 3;

/// All cores.
pub struct AllCores;

impl Work for AllCores {
    fn map<T: Send>(&self, n: usize, job: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        (0..n).into_par_iter().map(job).collect()
    }
}

/// What is asked for: the one of the three that is left out.
#[derive(Clone, Debug)]
pub struct NextQuestion {
    /// Who acts.
    pub source: Option<String>,
    /// CAMEO code of three digits.
    pub deed: Option<String>,
    /// To whom.
    pub target: Option<String>,
    /// The day it is made on, or the last one read before it.
    pub on: Date,
    /// Coder, by the beginning of its name.
    pub coder: Option<String>,
    /// At most so many answers.
    pub limit: usize,
}

/// A possible answer.
#[derive(Clone, Debug, PartialEq)]
pub struct NextRow {
    /// A side, or a CAMEO code.
    pub answer: String,
    /// Its share among all that were looked at.
    pub share: f64,
    /// What it rests on, with the part each has.
    pub reasons: Vec<(&'static str, f64)>,
    /// How often it came before, in the history that was read.
    pub before: usize,
    /// Numbers of the last events behind it; of the two, where there is none with the deed.
    pub behind: Vec<i64>,
}

/// How such answers did on the last tenth of the days, each asked with only the days before it known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Mean reciprocal rank and shares among the first, as METHOD.md has them.
pub struct NextPast {
    pub n: usize,
    pub mrr: f64,
    pub h1: f64,
    pub h10: f64,
    pub mrr_frequency: f64,
    pub deeds_n: usize,
    pub deeds_mrr: f64,
    pub deeds_h1: f64,
    pub deeds_mrr_frequency: f64,
}

/// Answers with all that belongs to them.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Next {
    pub rows: Vec<NextRow>,
    /// The last day whose events were used, and the last that the model knows of.
    pub last: Day,
    pub trained: Day,
    pub coder: String,
    pub past: NextPast,
    /// What is wrong with the model that was kept.
    pub warning: Option<String>,
    /// What was asked, as the columns of an event; none for what was asked for.
    asked: [Option<String>; 3],
}

/// A history as the ranking has it.
struct Graph {
    events: Vec<Event>,
    /// CAMEO codes by number.
    deeds: Vec<u16>,
    first: Day,
    last: Day,
}

impl Graph {
    fn of(between: &Between) -> Option<Self> {
        // What a side does to itself is no answer to whom it will do something.
        let told = |e: &&Passed| e.code > 0 && e.source != e.target;
        let (first, last) = (between.events.iter().find(|e| told(e))?.day, between.events.iter().rfind(|e| told(e))?.day);
        let mut deeds: Vec<u16> = between.events.iter().filter(told).map(|e| e.code).collect();
        deeds.sort_unstable();
        deeds.dedup();
        let event = |e: &Passed| Event {
            step: (e.day - first).unsigned_abs(),
            source: e.source,
            deed: deeds.partition_point(|d| *d < e.code) as u32,
            target: e.target,
        };
        let mut events: Vec<Event> = between.events.iter().filter(told).map(event).collect();
        events.sort_unstable();
        Some(Self { events, deeds, first, last })
    }

    /// Learns from all but the last part, and sees how it does on that; the history goes on to the end.
    fn learn(&self, sides: u32) -> (Ranker, NextPast) {
        let from = (self.last - self.first - ((self.last - self.first) / PART).max(1) + 1).unsigned_abs();
        let (known, scored) = self.events.split_at(self.events.partition_point(|e| e.step < from));
        let deeds = self.deeds.len() as u32;
        let mut ranker = Ranker::fit(known, sides, deeds, &Options::default(), &AllCores);
        let measured = measure(&mut ranker, known, scored, false, &AllCores);
        let (ours, of_deeds) = (Figures::of(measured.answers.iter().map(|a| a.rank)), Figures::of(measured.deeds.iter().copied()));
        let [plain, plain_deeds] = frequency(known, scored, sides, deeds);
        let past = NextPast {
            n: ours.n,
            mrr: round(ours.mrr()),
            h1: round(ours.hits()[0]),
            h10: round(ours.hits()[2]),
            mrr_frequency: round(plain.mrr()),
            deeds_n: of_deeds.n,
            deeds_mrr: round(of_deeds.mrr()),
            deeds_h1: round(of_deeds.hits()[0]),
            deeds_mrr_frequency: round(plain_deeds.mrr()),
        };
        (ranker, past)
    }
}

fn read(store: &Store, coder: (i64, &str), on: Date) -> Result<(Between, Graph), Failure> {
    let little = |what: String| Failure::new(what).hint("detente import FILE… reads ICEWS, GDELT and Phoenix");
    let nothing = || little(format!("{} has no events of two sides with CAMEO codes by {on}", coder.1));
    let Some(today) = super::today(store, coder.0, on)? else { return Err(nothing()) };
    let between = store.between(coder.0, day::date(day::number(today) - HISTORY), today)?;
    let Some(graph) = Graph::of(&between) else { return Err(nothing()) };
    if graph.events.len() < LEAST || graph.last - graph.first < PART {
        let (n, first, last) = (graph.events.len(), day::date(graph.first), day::date(graph.last));
        return Err(little(format!(
            "too little history to learn from: {n} events from {first} to {last}, where {LEAST} over more than {PART} days are needed"
        )));
    }
    Ok((between, graph))
}

/// Fits the model to the store's history and keeps it there.
///
/// # Errors
/// The store cannot be read or written, has too little history, or it is not plain which coder is meant.
pub fn train_next(store: &mut Store, coder: Option<&str>, on: Date) -> Result<(NextPast, usize), Failure> {
    let (coder, name) = store.coder(coder)?;
    let (between, graph) = read(store, (coder, &name), on)?;
    let (ranker, past) = graph.learn(between.codes.len() as u32);
    store.keep_model(&TrainedModel {
        kind: KIND,
        question: String::new(),
        coder,
        trained: graph.last,
        events: super::forecast::recent(graph.events.iter().map(|e| graph.first + e.step as Day), graph.last),
        // Plain data: nothing in it can fail to serialise.
        past: serde_json::to_string(&past).expect("a score is plain data"),
        body: ranker.keep(),
    })?;
    Ok((past, graph.events.len()))
}

/// The likeliest answers; none when a side or a deed is not among the events that were read.
///
/// # Errors
/// As for [`train_next`].
pub fn next(store: &Store, q: &NextQuestion) -> Result<Option<Next>, Failure> {
    let (coder, name) = store.coder(q.coder.as_deref())?;
    let (between, graph) = read(store, (coder, &name), q.on)?;
    let number = |side: &Option<String>| side.as_ref().map(|s| between.side(&s.to_uppercase()));
    let code = q.deed.as_ref().map(|d| d.parse::<u16>().ok().and_then(|d| graph.deeds.binary_search(&d).ok()).map(|d| d as u32));
    let (source, target) = (number(&q.source), number(&q.target));
    if [source, target, code].contains(&Some(None)) {
        return Ok(None);
    }
    let (source, target, deed) = (source.flatten(), target.flatten(), code.flatten());
    let (sides, deeds) = (between.codes.len() as u32, graph.deeds.len() as u32);
    let mut warning = None;
    let kept = store.model(KIND, "", coder)?.filter(|m| m.trained <= graph.last);
    let found = kept.and_then(|m| {
        let ranker = Ranker::kept(&m.body, History::of(&graph.events, sides, deeds)).zip(serde_json::from_str(&m.past).ok());
        let days = graph.events.iter().map(|e| graph.first + e.step as Day);
        warning = match &ranker {
            Some(_) => super::forecast::old(&m, days, graph.last),
            None => Some(super::forecast::OTHER.to_owned()),
        };
        ranker.map(|(ranker, past)| (ranker, past, m.trained))
    });
    let (ranker, past, trained) = found.unwrap_or_else(|| {
        let (ranker, past) = graph.learn(sides);
        (ranker, past, graph.last)
    });
    let step = (graph.last - graph.first).unsigned_abs() + 1;
    // One more, since the side itself may be among the answers.
    let guesses = match (source, deed, target) {
        (Some(s), None, Some(t)) => ranker.deeds(s, t, step, q.limit),
        (Some(s), Some(d), None) => ranker.targets(s, d, step, q.limit + 1),
        (None, Some(d), Some(t)) => ranker.sources(d, t, step, q.limit + 1),
        _ => return Err(Failure::new("two of source, deed and target are needed").hint("detente forecast next --help")),
    };
    let row = |g: &Guess| {
        let (s, d, t) = (source.unwrap_or(g.answer), deed.unwrap_or(g.answer), target.unwrap_or(g.answer));
        let is = |e: &&Passed| e.source == s && e.target == t && graph.deeds.get(d as usize) == Some(&e.code);
        let before = between.events.iter().filter(is).count();
        let between_two = |e: &&Passed| (e.source == s && e.target == t) || (e.source == t && e.target == s);
        let behind: Vec<i64> = match before {
            0 => between.events.iter().rev().filter(between_two).take(SHOWN).map(|e| e.n).collect(),
            _ => between.events.iter().rev().filter(is).take(SHOWN).map(|e| e.n).collect(),
        };
        let answer = match deed {
            None => graph.deeds.get(g.answer as usize).map(|d| format!("{d:03}")).unwrap_or_default(),
            Some(_) => between.codes.get(g.answer as usize).cloned().unwrap_or_default(),
        };
        let reasons = g.reasons.iter().map(|r| (r.0, f64::from(r.1))).collect();
        NextRow { answer, share: f64::from(g.share), reasons, before, behind }
    };
    let own = |g: &&Guess| deed.is_none() || (source != Some(g.answer) && target != Some(g.answer));
    let rows = guesses.iter().filter(own).take(q.limit).map(row).collect();
    let upper = |s: &Option<String>| s.as_ref().map(|s| s.to_uppercase());
    let asked = [upper(&q.source), q.deed.clone(), upper(&q.target)];
    Ok(Some(Next { rows, last: graph.last, trained, coder: name, past, warning, asked }))
}

impl Next {
    /// An answer as JSON; `events` are the ids behind it.
    pub fn json(&self, rank: usize, row: &NextRow, events: &[String]) -> Value {
        let [source, deed, target] = self.asked.clone().map(|x| x.unwrap_or_else(|| row.answer.clone()));
        let asked = ["source", "deed", "target"][self.asked.iter().position(Option::is_none).unwrap_or(0)];
        let reasons: Vec<Value> = row.reasons.iter().map(|(why, part)| json!({"why": why, "part": round(*part)})).collect();
        json!({"asked": asked, "rank": rank, "source": source, "cameo": deed, "target": target, "share": round(row.share), "before": row.before,
            "reasons": reasons, "events": events, "on": day::date(self.last).to_string(), "model": NAME,
            "trained": day::date(self.trained).to_string(), "coder": self.coder, "past_score": self.past})
    }

    /// Whether deeds were asked for.
    pub fn of_deeds(&self) -> bool {
        self.asked[1].is_none()
    }
}

impl NextPast {
    /// How answers about deeds of a pair, or about sides, did, in a sentence.
    pub fn words(&self, of_deeds: bool) -> String {
        if of_deeds {
            return format!(
                "model {NAME}: of {} past events between two the deed came first in {:.0} %; mean reciprocal rank {:.3} (frequency alone {:.3})",
                self.deeds_n,
                self.deeds_h1 * 100.0,
                self.deeds_mrr,
                self.deeds_mrr_frequency
            );
        }
        format!(
            "model {NAME}: of {} past questions for a side the one that came was first in {:.0} %, among the first ten in {:.0} %; mean reciprocal \
             rank {:.3} (frequency alone {:.3})",
            self.n,
            self.h1 * 100.0,
            self.h10 * 100.0,
            self.mrr,
            self.mrr_frequency
        )
    }
}
