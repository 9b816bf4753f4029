//! Who does how much to whom.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{coder, names, rows, window};
use crate::store::Store;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("coder", "whose events are counted"),
    ("from", "first day"),
    ("to", "last day"),
    ("sides", "sides with the most events, the most first"),
    ("rows", "events of each ordered pair of them: source, target, events, conflict, cooperation, goldstein (sum)"),
    ("names", "names of the sides"),
];

/// Days looked at when none are named.
const DAYS: i64 = 365;

pub(in crate::serve) fn answer(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let Some((n, coder)) = coder(store, ask)? else {
        return Ok(json!({"coder": null, "from": null, "to": null, "sides": [], "rows": [], "names": {}}));
    };
    let (from, to) = window(store, ask, n, DAYS)?;
    let most = ask.number("limit", 20, 60)?;
    let actor = ask.get("actor").map(str::to_ascii_uppercase);
    let sql = "SELECT source, target, sum(events), sum(verbal_conflict + material_conflict), sum(verbal_cooperation + material_cooperation), round(sum(goldstein), 1)
        FROM dyad_series WHERE coder = ?1 AND mode IN ('happened', 'claimed') AND day BETWEEN ?2 AND ?3 AND source <> '-' AND target <> '-' AND source <> target
        GROUP BY source, target";
    let all = rows(store, sql, (n, from.to_string(), to.to_string()), |r| {
        Ok((
            r.get::<_, String>(0)?,
            r.get::<_, String>(1)?,
            r.get::<_, i64>(2)?,
            r.get::<_, i64>(3)?,
            r.get::<_, i64>(4)?,
            r.get::<_, f64>(5)?,
        ))
    })?;
    let mut sides: BTreeMap<&str, i64> = BTreeMap::new();
    for (a, b, events, ..) in &all {
        if actor.as_deref().is_some_and(|x| x != a && x != b) {
            continue;
        }
        *sides.entry(a).or_default() += events;
        *sides.entry(b).or_default() += events;
    }
    let mut sides: Vec<(&str, i64)> = sides.into_iter().collect();
    sides.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    sides.truncate(most);
    let sides: Vec<&str> = sides.into_iter().map(|s| s.0).collect();
    let shown: BTreeSet<&str> = sides.iter().copied().collect();
    let cells = all.iter().filter(|c| shown.contains(c.0.as_str()) && shown.contains(c.1.as_str()));
    let cells: Vec<Value> = cells
        .map(|(a, b, events, conflict, cooperation, goldstein)| {
            json!({"source": a, "target": b, "events": events, "conflict": conflict, "cooperation": cooperation, "goldstein": goldstein})
        })
        .collect();
    let names = names(sides.iter().copied());
    Ok(json!({"coder": coder, "from": from.to_string(), "to": to.to_string(), "sides": sides, "rows": cells, "names": names}))
}
