//! A pair's series with its usual band and its marks.

use super::super::Desk;
use super::super::ask::{Ask, Problem, short};
use super::{coder, names};
use crate::store::Store;
use crate::watch::{self, SeriesQuestion, Step};
use detente_watch::series::Measure;
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("a", "one side"),
    ("b", "the other"),
    ("coder", "whose events are counted"),
    ("step", "day, week, month or year"),
    ("measure", "what `value` and `usual` are of"),
    ("about", "the same in words"),
    ("today", "last day read"),
    ("points", "a row for each step, those without events too; METHOD.md describes the columns under Series"),
    (
        "fan",
        "what may come of the measure next, by quantiles of what followed earlier steps like the last, with how earlier fans did; null with too little past",
    ),
    ("marks", "◆ force, ◇ threats, ▲ openings: day, sign, what, ids of events"),
    ("measures", "what can be asked for, with words"),
    ("names", "names of the sides"),
];

/// Marks shown at most.
const MARKS: usize = 80;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let (a, b) = pair(ask)?;
    let step = ask.step(Step::Week)?;
    let measure = match ask.get("measure") {
        None => Measure::Tension,
        Some(name) => Measure::named(name).ok_or_else(|| {
            Problem::new(400, format!("no measure \"{}\"", short(name)), format!("measures are {}", all().collect::<Vec<_>>().join(", ")))
        })?,
    };
    let rules = desk.rules();
    let filter = ask.filter()?;
    let named = names([a.as_str(), b.as_str()]);
    let measures: Vec<Value> = Measure::ALL.iter().map(|(m, name)| json!([name, m.about()])).collect();
    let mut out = json!({"a": a, "b": b, "coder": null, "step": step.name(), "measure": measure.name(), "about": measure.about(), "today": null,
        "points": [], "fan": null, "marks": [], "measures": measures, "names": named});
    let Some((_, coder)) = coder(store, ask)? else { return Ok(out) };
    let question = SeriesQuestion {
        directed: filter.directed,
        coder: Some(coder.clone()),
        modes: filter.modes.clone(),
        step,
        from: filter.from,
        to: filter.to,
        measure,
        ahead: true,
        ..SeriesQuestion::new(rules.side(&a), Some(rules.side(&b)), ask.now)
    };
    out["coder"] = json!(coder);
    if let Some(found) = watch::series(store, &question)? {
        if let (Some(first), Some(last)) = (found.points.first(), found.points.last()) {
            out["marks"] = json!(watch::marks(store, rules, &question, first.start, last.end, MARKS)?);
        }
        out["today"] = json!(found.today.to_string());
        out["points"] = json!(found.points);
        out["fan"] = json!(found.fan);
    }
    Ok(out)
}

fn all() -> impl Iterator<Item = &'static str> {
    Measure::ALL.iter().map(|m| m.1)
}

/// The two sides of the path.
fn pair(ask: &Ask) -> Result<(String, String), Problem> {
    let whole = ask.path.first().map_or("", String::as_str);
    match whole.split_once(['-', ',']) {
        Some((a, b)) if !a.is_empty() && !b.is_empty() && whole.is_ascii() => Ok((a.to_uppercase(), b.to_uppercase())),
        _ => Err(Problem::new(400, format!("\"{}\" is no dyad", short(whole)), "a dyad is two codes, as /dyad/IRN-ISR")),
    }
}
