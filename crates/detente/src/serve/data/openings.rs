//! Openings between two sides over time: talks, mediation, agreements, releases, easing.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{before, coder, last_day, names};
use crate::store::Store;
use crate::watch::{self, SeriesQuestion};
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("a", "one side"),
    ("b", "the other; null while no pair is named"),
    ("coder", "whose events are counted"),
    ("from", "first day looked at: a year before the last one unless another is asked for"),
    ("to", "last day looked at"),
    ("more", "whether there are earlier ones"),
    ("rows", "openings, the latest first: day, sign, what, ids of the events"),
    ("names", "names of the actor codes in the answer"),
];

/// Days looked at unless others are asked for: who turns to both sides is looked for among all that is done to either.
const DAYS: i64 = 366;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let limit = ask.number("limit", 200, 1_000)?;
    let mut out = json!({"a": null, "b": null, "coder": null, "from": null, "to": null, "more": false, "rows": [], "names": {}});
    let filter = ask.filter()?;
    let Some((a, b)) = filter.dyad.map(|(a, b)| (a.to_uppercase(), b.to_uppercase())) else { return Ok(out) };
    out["names"] = names([a.as_str(), b.as_str()]);
    (out["a"], out["b"]) = (json!(a), json!(b));
    let Some((n, coder)) = coder(store, ask)? else { return Ok(out) };
    let to = filter.to.map_or_else(|| last_day(store, n, ask.now), |to| Ok(Some(to)))?.unwrap_or(ask.now);
    let from = filter.from.unwrap_or_else(|| before(to, DAYS - 1));
    let rules = desk.rules();
    let question = SeriesQuestion {
        directed: filter.directed,
        coder: Some(coder.clone()),
        modes: filter.modes,
        ..SeriesQuestion::new(rules.side(&a), Some(rules.side(&b)), ask.now)
    };
    let mut found = watch::openings(store, rules, &question, from, to, limit + 1)?;
    found.reverse();
    out["more"] = json!(found.len() > limit);
    found.truncate(limit);
    out["coder"] = json!(coder);
    (out["from"], out["to"]) = (json!(from.to_string()), json!(to.to_string()));
    out["rows"] = json!(found);
    Ok(out)
}
