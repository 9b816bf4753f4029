//! A pair's series with its usual band and its marks.

use super::super::Desk;
use super::super::ask::{Ask, Problem, short};
use super::{coder, names};
use crate::store::Store;
use crate::watch::{self, PointRow, SeriesQuestion, Step};
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
    (
        "marks",
        "steps with force (◆) or threats (◇): day and until of the step, sign, what, n events, their code; /openings.json has the openings",
    ),
    ("measures", "what can be asked for, with words"),
    ("names", "names of the sides"),
];

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
        out["marks"] = json!(found.points.iter().flat_map(marks).collect::<Vec<_>>());
        out["today"] = json!(found.today.to_string());
        out["points"] = json!(found.points);
        out["fan"] = json!(found.fan);
    }
    Ok(out)
}

/// What a step's roots say. Openings hang on the whole code, which series do not have.
fn marks(point: &PointRow) -> impl Iterator<Item = Value> {
    let of = |roots: &[&str]| roots.iter().filter_map(|r| point.roots.get(*r)).sum::<u32>();
    let found =
        [("◆", "force", &["18", "19", "20"][..]), ("◇", "threat", &["13"][..])].map(|(sign, what, roots)| (sign, what, roots, of(roots)));
    found.into_iter().filter(|f| f.3 > 0).map(|(sign, what, roots, n)| {
        let (day, until) = (point.start.to_string(), point.end.to_string());
        json!({"day": day, "until": until, "sign": sign, "what": what, "n": n, "code": roots.join(",")})
    })
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
