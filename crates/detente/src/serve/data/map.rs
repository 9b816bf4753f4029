//! Events by country. A country is coloured, never given a point.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{coder, names, rows, window};
use crate::store::Store;
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("coder", "whose events are counted"),
    ("from", "first day"),
    ("to", "last day"),
    ("by", "place, source or target of the events"),
    ("rows", "country, events, conflict, cooperation; the most conflict first"),
    ("unplaced", "events of these days that name no country of this kind"),
    ("towns", "towns that were named: name, country, geonameid, lat, lon, events"),
    ("names", "names of the countries"),
];

const DAYS: i64 = 365;

pub(in crate::serve) fn answer(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let by = ask.get("by").unwrap_or("place");
    let column = match by {
        "place" => "place_country",
        "source" => "source_country",
        "target" => "target_country",
        other => {
            return Err(Problem::new(400, format!("no map by \"{}\"", super::super::ask::short(other)), "by is place, source or target"));
        }
    };
    let Some((n, coder)) = coder(store, ask)? else {
        return Ok(json!({"coder": null, "from": null, "to": null, "by": by, "rows": [], "unplaced": 0, "towns": [], "names": {}}));
    };
    let (from, to) = window(store, ask, n, DAYS)?;
    let quads = ask.filter()?.quads;
    let list = quads.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    // Digits alone: they were read as numbers.
    let only = if quads.is_empty() { String::new() } else { format!(" AND quad IN ({list})") };
    let days = (n, from.to_string(), to.to_string());
    let of = format!("FROM events WHERE coder = ?1 AND day BETWEEN ?2 AND ?3 AND mode IN ('happened', 'claimed'){only}");
    let sql = format!(
        "SELECT {column}, count(*), count(*) FILTER (WHERE quad >= 3), count(*) FILTER (WHERE quad <= 2) {of} GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1"
    );
    let all = rows(store, &sql, days.clone(), |r| {
        Ok((r.get::<_, Option<String>>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?, r.get::<_, i64>(3)?))
    })?;
    let unplaced: i64 = all.iter().filter(|r| r.0.is_none()).map(|r| r.1).sum();
    let placed: Vec<Value> = all
        .iter()
        .filter_map(|(c, events, conflict, cooperation)| {
            Some(json!({"country": c.as_ref()?, "events": events, "conflict": conflict, "cooperation": cooperation}))
        })
        .collect();
    let towns = match by {
        "place" => rows(
            store,
            &format!(
                "SELECT place_name, place_country, geonameid, lat, lon, count(*) {of} AND geonameid IS NOT NULL AND lat IS NOT NULL GROUP BY 3 ORDER BY 6 DESC, 3 LIMIT 300"
            ),
            days,
            |r| {
                Ok(
                    json!({"name": r.get::<_, Option<String>>(0)?, "country": r.get::<_, Option<String>>(1)?, "geonameid": r.get::<_, i64>(2)?,
                    "lat": r.get::<_, f64>(3)?, "lon": r.get::<_, f64>(4)?, "events": r.get::<_, i64>(5)?}),
                )
            },
        )?,
        _ => Vec::new(),
    };
    let names = names(all.iter().filter_map(|r| r.0.as_deref()));
    Ok(
        json!({"coder": coder, "from": from.to_string(), "to": to.to_string(), "by": by, "rows": placed, "unplaced": unplaced, "towns": towns, "names": names}),
    )
}
