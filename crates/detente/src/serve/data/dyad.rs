//! A pair's series.

use super::super::ask::{Ask, Problem, short};
use super::super::Desk;
use super::{coder, names};
use crate::cli::dyad::filled;
use crate::store::{Step, Store};
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("a", "one side"),
    ("b", "the other"),
    ("coder", "whose events are counted"),
    ("step", "day, week, month or year"),
    ("points", "a row for each step; those without events are zero"),
    ("names", "names of the sides"),
];

pub(in crate::serve) fn answer(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let (a, b) = pair(ask)?;
    let step = ask.step(Step::Week)?;
    let name = clap::ValueEnum::to_possible_value(&step).map_or(String::new(), |v| v.get_name().to_owned());
    let names = names([a.as_str(), b.as_str()]);
    let Some((n, coder)) = coder(store, ask)? else {
        return Ok(json!({"a": a, "b": b, "coder": null, "step": name, "points": [], "names": names}));
    };
    let filter = ask.filter()?;
    let points = store.series((&a, &b), filter.directed, n, step, &filter)?;
    let points = filled(points, step, filter.from, filter.to);
    let points: Vec<Value> = points
        .iter()
        .map(|p| {
            json!({"start": p.start, "events": p.events, "verbal_cooperation": p.quad[1], "material_cooperation": p.quad[2],
                "verbal_conflict": p.quad[3], "material_conflict": p.quad[4], "unknown": p.quad[0], "goldstein": (p.goldstein * 10.0).round() / 10.0})
        })
        .collect();
    Ok(json!({"a": a, "b": b, "coder": coder, "step": name, "points": points, "names": names}))
}

/// The two sides of the path.
pub(super) fn pair(ask: &Ask) -> Result<(String, String), Problem> {
    let whole = ask.path.first().map_or("", String::as_str);
    match whole.split_once(['-', ',']) {
        Some((a, b)) if !a.is_empty() && !b.is_empty() && whole.is_ascii() => Ok((a.to_uppercase(), b.to_uppercase())),
        _ => Err(Problem::new(400, format!("\"{}\" is no dyad", short(whole)), "a dyad is two codes, as /dyad/IRN-ISR")),
    }
}
