//! Will a pair come to force? With its base rate and the model's past score.
//!
//! The model is the one that `train` kept in the store. Where there is none, or it knows of days after the one asked about, it is
//! fitted anew to what was known on that day.

mod ledger;
mod past;

pub use ledger::{Ledger, LedgerRow, LedgerScore, ledger, outcomes};
pub(crate) use past::round;
pub use past::{Bin, PastScore};

use crate::failure::Failure;
use crate::store::{Entry, Store, TrainedModel};
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::onset::{self, Deed, Forecast, Model, NAME, Plan, Question};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// Days of history that are learnt from: longer ones take minutes to walk through.
pub(super) const HISTORY: i32 = 400;
/// Days after its last one for which a model is not called old: it is fitted every 14 days where it is judged.
const FRESH: i32 = 28;
/// Days in which events that came later are looked for.
const RECENT: i32 = 60;
/// What is said of a model that cannot be read.
pub(super) const OTHER: &str =
    "the model in the store is of another version of détente and was not used; `detente forecast --train` trains it anew";

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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForecastRow {
    /// One side.
    pub a: String,
    /// The other.
    pub b: String,
    /// onset after 30 quiet days, else incidence.
    pub kind: &'static str,
    /// That it comes to it.
    #[serde(serialize_with = "rounded")]
    pub probability: f64,
    /// Share of windows of all pairs of this kind in which it came.
    #[serde(serialize_with = "rounded")]
    pub base_rate: f64,
    /// Share of this pair's windows in which it came.
    #[serde(serialize_with = "rounded")]
    pub own_record: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks so.
fn rounded<S: Serializer>(x: &f64, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_f64(round(*x))
}

impl ForecastRow {
    /// Whether there was no such deed for 30 days.
    pub fn quiet(&self) -> bool {
        self.kind == ONSET
    }
}

const ONSET: &str = "onset";

/// Forecasts with all that belongs to them.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Forecasts {
    /// The likeliest first.
    pub rows: Vec<ForecastRow>,
    /// The first day of the history, the last one whose events were used, and the last that counts.
    pub from: Day,
    pub last: Day,
    pub due: Day,
    /// The last day the model knows of.
    pub trained: Day,
    /// Events it was made from.
    pub events: usize,
    /// How it resolves, in words.
    pub rule: String,
    /// What is forecast, in words.
    pub what: &'static str,
    /// Why there is no forecast of the pair asked for.
    pub none: Option<String>,
    /// What is wrong with the model that was kept.
    pub warning: Option<String>,
    pub base_of_quiet: f64,
    pub coder: String,
    coder_n: i64,
    question: Question,
    /// Events of the last days of it.
    recent: i64,
    /// How forecasts of pairs that were not quiet did, and those of quiet ones.
    pub past: [PastScore; 2],
    /// The model, where it was fitted just now.
    fitted: Option<Model>,
}

/// Whose events, by what model.
struct Asked {
    coder: (i64, String),
    question: Question,
    on: Date,
    /// Not by the model that was kept.
    anew: bool,
}

/// The forecasts asked for.
///
/// # Errors
/// The store cannot be read, has too little history, or it is not plain which coder is meant.
pub fn forecast(store: &Store, q: &ForecastQuestion) -> Result<Forecasts, Failure> {
    let mut found = ask(store, q, false)?;
    match &q.dyad {
        Some((a, b)) => {
            let (a, b) = (a.to_uppercase(), b.to_uppercase());
            found.rows.retain(|r| (r.a == a && r.b == b) || (r.a == b && r.b == a));
            if found.rows.is_empty() {
                let (floor, last) = (found.question.floor, day::date(found.last));
                found.none = Some(format!("{a} and {b} have fewer than {floor} events by {last}: no forecast"));
            }
        }
        None => {
            found.rows.retain(ForecastRow::quiet);
            found.rows.truncate(q.limit);
        }
    }
    Ok(found)
}

/// Fits the model of a question to the store's history and keeps it there.
///
/// # Errors
/// As for [`forecast`]; and the store cannot be written.
pub fn train(store: &mut Store, q: &ForecastQuestion) -> Result<Forecasts, Failure> {
    let found = ask(store, q, true)?;
    if let Some(model) = &found.fitted {
        store.keep_model(&TrainedModel {
            kind: ONSET,
            question: key(found.question),
            coder: found.coder_n,
            trained: found.last,
            events: found.recent,
            // Plain data: nothing in it can fail to serialise.
            past: serde_json::to_string(&found.past).expect("a score is plain data"),
            body: model.keep(),
        })?;
    }
    Ok(found)
}

fn ask(store: &Store, q: &ForecastQuestion, anew: bool) -> Result<Forecasts, Failure> {
    let question = Question { deed: q.deed, horizon: q.within, at_least: q.at_least, ..Question::default() };
    let asked = Asked { coder: store.coder(q.coder.as_deref())?, question, on: q.on, anew };
    let hint = "three months of events are needed: detente import FILE… reads ICEWS, GDELT and Phoenix";
    of_all(store, &asked)?.map_err(|little| Failure::new(little).hint(hint))
}

/// Forecasts of all pairs, for those who can do without: none with too little history to learn from.
///
/// # Errors
/// The store cannot be read.
pub fn outlook(store: &Store, coder: (i64, String), deed: Deed, within: i32, now: Date) -> Result<Option<Forecasts>, Failure> {
    let question = Question { deed, horizon: within, ..Question::default() };
    Ok(of_all(store, &Asked { coder, question, on: now, anew: false })?.ok())
}

/// Forecasts of all pairs, or why there are none.
fn of_all(store: &Store, asked: &Asked) -> Result<Result<Forecasts, String>, Failure> {
    let Asked { coder: (coder, name), question, on, anew } = asked;
    let nothing = || format!("{name} has no events of two countries with CAMEO codes by {on}");
    let Some(today) = super::today(store, *coder, *on)? else { return Ok(Err(nothing())) };
    let between = store.between(*coder, day::date(day::number(today) - HISTORY), today)?;
    let events = between.countries();
    let (Some(first), Some(last)) = (events.first().map(|e| e.day), events.last().map(|e| e.day)) else {
        return Ok(Err(nothing()));
    };
    let mut warning = None;
    let kept = if *anew { None } else { store.model(ONSET, &key(*question), *coder)? };
    let kept = kept.filter(|m| m.trained <= last).and_then(|m| match (Model::kept(&m.body), serde_json::from_str(&m.past)) {
        (Some(model), Ok(past)) => Some((m, model, past)),
        _ => {
            warning = Some(OTHER.to_owned());
            None
        }
    });
    let of_last = |f: &&Forecast| f.day == last;
    let (now, past, trained, fitted): (Vec<Forecast>, [PastScore; 2], Day, Option<Model>) = match kept {
        Some((kept, model, past)) => {
            warning = old(&kept, events.iter().map(|e| e.day), last);
            (onset::apply(&events, between.codes.len(), *question, &model), past, kept.trained, None)
        }
        None => {
            let walk = onset::walk(&events, between.codes.len(), *question, Plan::default());
            let past = [false, true].map(|quiet| PastScore::of(walk.forecasts.iter().filter(|f| f.quiet == quiet)));
            (walk.forecasts.iter().filter(of_last).copied().collect(), past, last, walk.model)
        }
    };
    if now.is_empty() {
        return Ok(Err(format!(
            "too little history to learn from: {} events from {} to {}, with fewer than 10 windows in which it came",
            events.len(),
            day::date(first),
            day::date(last)
        )));
    }
    let code = |n: u32| between.codes.get(n as usize).cloned().unwrap_or_default();
    let row = |f: &Forecast| ForecastRow {
        a: code(f.pair.0),
        b: code(f.pair.1),
        kind: if f.quiet { ONSET } else { "incidence" },
        probability: f.probability,
        base_rate: f.base,
        own_record: f.baselines.historical,
    };
    let mut rows: Vec<ForecastRow> = now.iter().map(row).collect();
    rows.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((&x.a, &x.b).cmp(&(&y.a, &y.b))));
    let due = last + question.horizon;
    let what = match question.deed {
        Deed::Material => "material conflict (CAMEO 14 to 20)",
        Deed::Force => "force (CAMEO 18 to 20)",
    };
    let rule = format!(
        "at least {} event{} of {what} between the two, either way round, coded by {name}, on {} to {}; void when events of fewer than half of these days were read",
        question.at_least,
        if question.at_least == 1 { "" } else { "s" },
        day::date(last + 1),
        day::date(due)
    );
    Ok(Ok(Forecasts {
        rows,
        from: first,
        last,
        due,
        trained,
        events: events.len(),
        rule,
        what,
        none: None,
        warning,
        base_of_quiet: now.iter().find(|f| f.quiet).map_or(0.0, |f| f.base),
        coder: name.clone(),
        coder_n: *coder,
        question: *question,
        recent: recent(events.iter().map(|e| e.day), last),
        past,
        fitted,
    }))
}

/// Events of the days up to the last one a model knows.
pub(super) fn recent(days: impl Iterator<Item = Day>, trained: Day) -> i64 {
    let inside = days.filter(|d| *d <= trained && *d > trained - RECENT);
    i64::try_from(inside.count()).unwrap_or(i64::MAX)
}

/// What speaks against a model that was kept.
pub(super) fn old(kept: &TrainedModel, days: impl Iterator<Item = Day>, last: Day) -> Option<String> {
    let trained = day::date(kept.trained);
    let renew = "`detente forecast --train` trains it anew";
    if last - kept.trained > FRESH {
        return Some(format!("the model knows of nothing after {trained}, {} days ago; {renew}", last - kept.trained));
    }
    let found = recent(days, kept.trained);
    (found != kept.events).then(|| {
        format!("the model was trained on {} events of the {RECENT} days up to {trained}, and now there are {found}; {renew}", kept.events)
    })
}

fn key(q: Question) -> String {
    format!("{} {} {}", name_of(q.deed), q.at_least, q.horizon)
}

impl Forecasts {
    /// How the model did before on pairs of this kind.
    pub fn past(&self, row: &ForecastRow) -> &PastScore {
        &self.past[usize::from(row.quiet())]
    }

    /// A forecast as JSON.
    pub fn json(&self, row: &ForecastRow) -> Value {
        json!({"dyad": format!("{}-{}", row.a, row.b), "on": day::date(self.last).to_string(), "due": day::date(self.due).to_string(),
            "kind": row.kind, "probability": round(row.probability), "base_rate": round(row.base_rate),
            "own_record": round(row.own_record), "at_least": self.question.at_least, "within": self.question.horizon,
            "deed": name_of(self.question.deed), "rule": self.rule, "model": NAME, "trained": day::date(self.trained).to_string(),
            "coder": self.coder, "past_score": self.past(row).json()})
    }

    /// A model that was just trained, as JSON.
    pub fn trained_json(&self) -> Value {
        json!({"model": NAME, "deed": name_of(self.question.deed), "at_least": self.question.at_least, "within": self.question.horizon,
            "from": day::date(self.from).to_string(), "trained": day::date(self.trained).to_string(), "events": self.events,
            "coder": self.coder, "onset": self.past[1].json(), "incidence": self.past[0].json()})
    }

    /// A forecast as a line of the ledger.
    pub fn entry(&self, row: &ForecastRow) -> Entry {
        Entry {
            asked: self.last,
            due: self.due,
            dyad: (row.a.clone(), row.b.clone()),
            deed: name_of(self.question.deed).to_owned(),
            at_least: self.question.at_least,
            coder: self.coder_n,
            model: NAME.to_owned(),
            quiet: row.quiet(),
            probability: row.probability,
            base: row.base_rate,
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
