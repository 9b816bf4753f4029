//! `score onset`: will a quiet pair of countries come to force within two weeks?

use super::Report;
use super::history::{self, History};
use crate::failure::Failure;
use detente_watch::event::{Event, root};
use detente_watch::learn::{auc, average_precision, brier, calibration_error, log_score, ratio_interval};
use detente_watch::onset::{Deed, Forecast, Plan, Question, Walk, lead, walk};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::Instant;

/// Days before the first forecast that is scored, where a single file is walked.
const WARM_UP: i32 = 90;
/// Times that dyads are drawn anew.
const DRAWS: usize = 500;
/// Share of quiet dyads that may be alarmed on a day.
const BUDGET: f64 = 0.05;

/// Walks forward over the files and judges the forecasts for the days of the last one.
///
/// # Errors
/// A file is not in the format, or the files beside it are missing.
pub fn onset(files: &[(String, String)], limit: usize, deed: Deed) -> Result<Report, Failure> {
    let started = Instant::now();
    let history = history::read(files)?;
    let question = Question { deed, ..Question::default() };
    let first = history.rows.first().map_or(0, |r| r.day);
    let from = history.scored_from.unwrap_or(first + WARM_UP).max(first + Plan::default().warm_up);
    let events: Vec<Event> = history
        .rows
        .iter()
        .map(|r| Event { day: r.day, source: r.source, target: r.target, root: root(&r.code), goldstein: r.goldstein })
        .collect();
    // The calibration learns from forecasts before the scored days too.
    let mut walk = walk(&events, history.countries.len(), question, Plan::default());
    walk.forecasts.retain(|f| f.day >= from);
    walk.onsets.retain(|(_, day)| *day > from);
    let closed: Vec<&Forecast> = walk.forecasts.iter().filter(|f| f.outcome.is_some()).collect();
    let quiet: Vec<&Forecast> = closed.iter().filter(|f| f.quiet).take(limit).copied().collect();
    let all: Vec<&Forecast> = closed.into_iter().take(limit).collect();
    let mut report = Report { n: quiet.len(), ..Report::default() };
    report.figures = figures(&quiet);
    report.figures.insert("incidence".into(), Value::Object(figures(&all)));
    report.figures.insert("warning".into(), warning(&walk));
    report.figures.insert("first_scored_day".into(), json!(from));
    report.figures.insert(
        "question".into(),
        json!({"deed": match deed { Deed::Force => "CAMEO 18-20", Deed::Material => "CAMEO 14-20" }, "horizon": question.horizon,
            "at_least": question.at_least, "quiet": question.quiet, "floor": question.floor}),
    );
    report.errors = surprises(&quiet, &history);
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

fn figures(rows: &[&Forecast]) -> Map<String, Value> {
    let labels: Vec<bool> = rows.iter().map(|f| f.outcome == Some(true)).collect();
    let of = |get: fn(&Forecast) -> f64| -> Vec<f64> { rows.iter().map(|f| get(f)).collect() };
    let (model, historical, record) = (of(|f| f.probability), of(|f| f.baselines.rate), of(|f| f.baselines.historical));
    let ap = |scores: &[f64]| average_precision(scores, &labels);
    let positive = labels.iter().filter(|l| **l).count();
    let base = positive as f64 / (rows.len() as f64).max(1.0);
    let mut numbers: HashMap<(u32, u32), u32> = HashMap::new();
    let dyads: Vec<u32> = rows
        .iter()
        .map(|f| {
            let next = numbers.len() as u32;
            *numbers.entry(f.pair).or_insert(next)
        })
        .collect();
    let interval = |under: &[f64]| ratio_interval(&model, under, &labels, &dyads, numbers.len(), DRAWS);
    let (low, high) = interval(&historical);
    let (record_low, record_high) = interval(&record);
    let ratio = |under: f64| if under > 0.0 { ap(&model) / under } else { 0.0 };
    let climate = brier(&of(|f| f.base), &labels);
    let skill = |reference: f64| if reference > 0.0 { 1.0 - brier(&model, &labels) / reference } else { 0.0 };
    let pairs = [
        ("ap", ap(&model)),
        ("ap_historical", ap(&historical)),
        ("ap_ratio", ratio(ap(&historical))),
        ("ap_ratio_low", low),
        ("ap_ratio_high", high),
        ("auc", auc(&model, &labels)),
        ("bss", skill(base * (1.0 - base))),
        ("bss_past_base", skill(climate)),
        ("ece", calibration_error(&model, &labels)),
        ("brier", brier(&model, &labels)),
        ("log_score", log_score(&model, &labels)),
        ("base_rate", base),
        ("ap_dyad_frequency", ap(&of(|f| f.baselines.frequency))),
        ("ap_own_record", ap(&record)),
        ("ap_ratio_own_record", ratio(ap(&record))),
        ("ap_ratio_own_record_low", record_low),
        ("ap_ratio_own_record_high", record_high),
        ("ap_goldstein", ap(&of(|f| f.baselines.goldstein))),
    ];
    let mut out: Map<String, Value> = pairs.into_iter().map(|(key, x)| (key.to_owned(), json!((x * 1e4).round() / 1e4 + 0.0))).collect();
    out.insert("n_pos".into(), json!(positive));
    out.insert("n".into(), json!(rows.len()));
    out.insert("dyads".into(), json!(numbers.len()));
    out
}

/// A forecast by its name, and what it says.
type Forecaster = (&'static str, fn(&Forecast) -> f64);

/// How early onsets were warned of, at the same number of alarms a day for all.
fn warning(walk: &Walk) -> Value {
    let mut out = Map::new();
    let by: [Forecaster; 5] = [
        ("model", |f| f.probability),
        ("dyad_frequency", |f| f.baselines.frequency),
        ("historical", |f| f.baselines.rate),
        ("own_record", |f| f.baselines.historical),
        ("goldstein", |f| f.baselines.goldstein),
    ];
    for (name, score) in by {
        let lead = lead(walk, BUDGET, Question::default().horizon, score);
        let (share, median) = ((lead.share() * 1e4).round() / 1e4, lead.median_days);
        out.insert(name.to_owned(), json!({"onsets": lead.onsets, "warned": lead.warned, "share": share, "median_days": median}));
    }
    Value::Object(out)
}

/// Forecasts that were furthest from what came.
fn surprises(rows: &[&Forecast], history: &History) -> Vec<Value> {
    let far = |f: &Forecast| (f.probability - f64::from(u8::from(f.outcome == Some(true)))).abs();
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| far(b).total_cmp(&far(a)).then(a.day.cmp(&b.day)).then(a.pair.cmp(&b.pair)));
    let name = |i: u32| history.countries[i as usize].as_str();
    let row = |f: &&Forecast| json!({"day": f.day, "dyad": [name(f.pair.0), name(f.pair.1)], "gold": f.outcome, "got": f.probability});
    rows.iter().take(1000).map(row).collect()
}
