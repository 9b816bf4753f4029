//! Will a pair come to force? With its base rate and the model's past score.

use super::outlook::round;
use crate::failure::Failure;
use crate::store::{Entry, Store};
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::learn::{average_precision, brier, calibration_error};
use detente_watch::onset::{Deed, Forecast, Plan, Question, walk};
use serde_json::{Value, json};

/// Name of the model and its version, which changes with every formula.
const MODEL: &str = "onset-2";

/// What is asked.
#[derive(Clone, Debug)]
pub struct ForecastQuestion {
    /// Two sides; without them, the pairs most likely to come to it after quiet.
    pub dyad: Option<(String, String)>,
    /// Days ahead.
    pub within: i32,
    /// Least number of events.
    pub at_least: u32,
    /// Force, or material conflict.
    pub deed: Deed,
    /// The day it is made on, or the last one read before it.
    pub on: Date,
    /// Coder, by the beginning of its name.
    pub coder: Option<String>,
    /// At most so many pairs.
    pub limit: usize,
}

/// The forecast of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastRow {
    /// The two sides.
    pub dyad: (String, String),
    /// Whether there was no force for 30 days: then it is one of an onset.
    pub quiet: bool,
    /// That it comes to it.
    pub probability: f64,
    /// Of all pairs of its kind.
    pub base: f64,
    /// Of this pair's windows so far.
    pub own_record: f64,
}

/// Forecasts with all that belongs to them.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Forecasts {
    pub rows: Vec<ForecastRow>,
    /// The last day whose events were used, and the last that counts.
    pub last: Day,
    pub due: Day,
    /// How it resolves, in words.
    pub rule: String,
    /// What is forecast, in words.
    pub what: &'static str,
    /// Why there is no forecast of the pair asked for.
    pub none: Option<String>,
    pub base_of_quiet: f64,
    pub coder: String,
    coder_n: i64,
    question: Question,
    past: [Past; 2],
}

/// The forecasts asked for, learned from the store's own history.
///
/// # Errors
/// The store cannot be read, has too little history, or it is not plain which coder is meant.
pub fn forecast(store: &Store, q: &ForecastQuestion) -> Result<Forecasts, Failure> {
    let (coder, name) = store.coder(q.coder.as_deref())?;
    let between = store.between(coder, Date::ZERO, q.on)?;
    let events = between.countries();
    let little =
        |why: String| Failure::new(why).hint("three months of events are needed: detente import FILE… reads ICEWS, GDELT and Phoenix");
    let Some(last) = events.last().map(|e| e.day) else {
        return Err(little(format!("{name} has no events of two countries with CAMEO codes by {}", q.on)));
    };
    let question = Question { deed: q.deed, horizon: q.within, at_least: q.at_least, ..Question::default() };
    let walk = walk(&events, between.codes.len(), question, Plan::default());
    if walk.forecasts.last().is_none_or(|f| f.day != last) {
        let first = events.first().map_or(last, |e| e.day);
        return Err(little(format!(
            "too little history to learn from: {} events from {} to {}, with fewer than 10 windows in which it came",
            events.len(),
            day::date(first),
            day::date(last)
        )));
    }
    let now: Vec<&Forecast> = walk.forecasts.iter().filter(|f| f.day == last).collect();
    let mut none = None;
    let shown: Vec<&Forecast> = match &q.dyad {
        Some((a, b)) => {
            let (a, b) = (a.to_uppercase(), b.to_uppercase());
            let pair = between.side(&a).zip(between.side(&b)).map(|(x, y)| (x.min(y), x.max(y)));
            let found: Vec<&Forecast> = now.iter().filter(|f| Some(f.pair) == pair).copied().collect();
            if found.is_empty() {
                none = Some(format!("{a} and {b} have fewer than {} events by {}: no forecast", question.floor, day::date(last)));
            }
            found
        }
        None => {
            let mut quiet: Vec<&Forecast> = now.iter().filter(|f| f.quiet).copied().collect();
            quiet.sort_by(|x, y| y.probability.total_cmp(&x.probability).then(x.pair.cmp(&y.pair)));
            quiet.truncate(q.limit);
            quiet
        }
    };
    let row = |f: &&Forecast| ForecastRow {
        dyad: (between.codes[f.pair.0 as usize].clone(), between.codes[f.pair.1 as usize].clone()),
        quiet: f.quiet,
        probability: f.probability,
        base: f.base,
        own_record: f.baselines.historical,
    };
    let due = last + q.within;
    let what = match q.deed {
        Deed::Material => "material conflict (CAMEO 14 to 20)",
        Deed::Force => "force (CAMEO 18 to 20)",
    };
    let rule = format!(
        "at least {} event{} of {what} between the two, either way round, coded by {name}, on {} to {}; void when events of fewer than half of these days were read",
        q.at_least,
        if q.at_least == 1 { "" } else { "s" },
        day::date(last + 1),
        day::date(due)
    );
    Ok(Forecasts {
        rows: shown.iter().map(row).collect(),
        last,
        due,
        rule,
        what,
        none,
        base_of_quiet: now.iter().find(|f| f.quiet).map_or(0.0, |f| f.base),
        coder: name,
        coder_n: coder,
        question,
        past: [false, true].map(|quiet| Past::of(walk.forecasts.iter().filter(|f| f.quiet == quiet))),
    })
}

impl Forecasts {
    /// How the model did before on pairs of this kind.
    pub fn past(&self, row: &ForecastRow) -> &Past {
        &self.past[usize::from(row.quiet)]
    }

    /// How it did on quiet pairs.
    pub fn past_of_quiet(&self) -> &Past {
        &self.past[1]
    }

    /// A forecast as JSON.
    pub fn json(&self, row: &ForecastRow) -> Value {
        let (a, b) = &row.dyad;
        json!({"dyad": format!("{a}-{b}"), "on": day::date(self.last).to_string(), "due": day::date(self.due).to_string(),
            "kind": if row.quiet { "onset" } else { "incidence" }, "probability": round(row.probability), "base_rate": round(row.base),
            "own_record": round(row.own_record), "at_least": self.question.at_least, "within": self.question.horizon,
            "deed": name_of(self.question.deed), "rule": self.rule, "model": MODEL, "coder": self.coder, "past_score": self.past(row).json()})
    }

    /// A forecast as a line of the ledger.
    pub fn entry(&self, row: &ForecastRow) -> Entry {
        Entry {
            asked: self.last,
            due: self.due,
            dyad: row.dyad.clone(),
            deed: name_of(self.question.deed).to_owned(),
            at_least: self.question.at_least,
            coder: self.coder_n,
            model: MODEL.to_owned(),
            quiet: row.quiet,
            probability: row.probability,
            base: row.base,
            rule: self.rule.clone(),
        }
    }
}

fn name_of(deed: Deed) -> &'static str {
    match deed {
        Deed::Force => "force",
        Deed::Material => "material",
    }
}

/// How the model did before, walked forward over the same history.
#[derive(Clone, Debug)]
pub struct Past {
    pub(super) n: usize,
    pub(super) yes: usize,
    pub(super) skill: f64,
    pub(super) ece: f64,
    pub(super) precision: f64,
    pub(super) historical: f64,
    /// Forecasts with what came of them.
    pub(super) settled: Vec<(f64, bool)>,
}

impl Past {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Forecast>) -> Self {
        let rows: Vec<(&Forecast, bool)> = rows.filter_map(|f| Some((f, f.outcome?))).collect();
        let labels: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let of = |get: fn(&Forecast) -> f64| -> Vec<f64> { rows.iter().map(|r| get(r.0)).collect() };
        let model = of(|f| f.probability);
        let base = brier(&of(|f| f.base), &labels);
        Self {
            n: rows.len(),
            yes: labels.iter().filter(|l| **l).count(),
            skill: if base > 0.0 { 1.0 - brier(&model, &labels) / base } else { 0.0 },
            ece: calibration_error(&model, &labels),
            precision: average_precision(&model, &labels),
            historical: average_precision(&of(|f| f.baselines.historical), &labels),
            settled: model.into_iter().zip(labels).collect(),
        }
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        json!({"n": self.n, "came_true": self.yes, "brier_skill": round(self.skill), "ece": round(self.ece),
            "ap": round(self.precision), "ap_own_record": round(self.historical)})
    }

    /// In a sentence.
    pub fn words(&self) -> String {
        if self.n == 0 {
            return format!("model {MODEL}: no past forecast of this kind has come due, so that nothing is known of its quality");
        }
        format!(
            "model {MODEL}: of {} past forecasts of this kind {} came true; Brier skill {:.3} over the base rate, calibration error {:.3}, \
             average precision {:.3} (own record alone {:.3})",
            self.n, self.yes, self.skill, self.ece, self.precision, self.historical
        )
    }
}
