//! Openings between two sides over time: talks, mediation, agreements, releases, easing.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{coder, last_day, names, rows};
use crate::store::Store;
use crate::watch::{self, SeriesQuestion};
use detente_core::model::Date;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("a", "one side"),
    ("b", "the other; null while no pair is named"),
    ("coder", "whose events are counted"),
    ("from", "first day looked at; a later one than asked for where very much is done to the two"),
    ("to", "last day looked at"),
    ("more", "whether there are earlier ones"),
    ("rows", "openings, the latest first: day, sign, what, ids of the events"),
    ("names", "names of the actor codes in the answer"),
];

/// Events towards the two that are looked through: who turns to both is among those that did anything to either.
const LOOKED: i64 = 200_000;

/// The earliest day from which on no more than [`LOOKED`] events are looked through.
fn earliest(store: &Store, coder: i64, codes: &[String], from: Date, to: Date) -> Result<Date, Problem> {
    let mut by_day: BTreeMap<String, i64> = BTreeMap::new();
    for code in codes {
        let sql = "SELECT day, sum(events) FROM actor_series WHERE actor = ?1 AND role = 'target' AND coder = ?2 AND day BETWEEN ?3 AND ?4 GROUP BY day";
        let days = (code.get(..3).unwrap_or(code), coder, from.to_string(), to.to_string());
        for (day, n) in rows(store, sql, days, |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))? {
            *by_day.entry(day).or_default() += n;
        }
    }
    let mut sum = 0;
    let late = by_day.iter().rev().find(|(_, n)| {
        sum += **n;
        sum > LOOKED
    });
    Ok(late.and_then(|(day, _)| day.parse::<Date>().ok()?.tomorrow().ok()).unwrap_or(from))
}

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let limit = ask.number("limit", 200, 1_000)?;
    let mut out = json!({"a": null, "b": null, "coder": null, "from": null, "to": null, "more": false, "rows": [], "names": {}});
    let filter = ask.filter()?;
    let Some((a, b)) = filter.dyad.map(|(a, b)| (a.to_uppercase(), b.to_uppercase())) else { return Ok(out) };
    out["names"] = names([a.as_str(), b.as_str()]);
    (out["a"], out["b"]) = (json!(a), json!(b));
    let Some((n, coder)) = coder(store, ask)? else { return Ok(out) };
    let to = filter.to.map_or_else(|| last_day(store, n, ask.now), |to| Ok(Some(to)))?.unwrap_or(ask.now);
    let rules = desk.rules();
    let (a, b) = (rules.side(&a), rules.side(&b));
    let first = || rows(store, "SELECT min(day) FROM read_days WHERE coder = ?1", [n], |r| r.get::<_, Option<String>>(0));
    let asked = match filter.from {
        Some(from) => from,
        None => first()?.into_iter().next().flatten().and_then(|d| d.parse().ok()).unwrap_or(to),
    };
    let codes: Vec<String> = a.members.iter().chain(&b.members).cloned().collect();
    let from = earliest(store, n, &codes, asked, to)?;
    let question = SeriesQuestion {
        directed: filter.directed,
        coder: Some(coder.clone()),
        modes: filter.modes,
        ..SeriesQuestion::new(a, Some(b), ask.now)
    };
    let mut found = watch::openings(store, rules, &question, from, to, limit + 1)?;
    found.reverse();
    out["more"] = json!(found.len() > limit || from > asked);
    found.truncate(limit);
    out["coder"] = json!(coder);
    (out["from"], out["to"]) = (json!(from.to_string()), json!(to.to_string()));
    // Third parties are named at the end of their words.
    let thirds: Vec<&str> = found.iter().filter_map(|m| Some(m.what.rsplit_once(" by ")?.1)).collect();
    out["names"] = names(codes.iter().map(String::as_str).chain(thirds));
    out["rows"] = json!(found);
    Ok(out)
}
