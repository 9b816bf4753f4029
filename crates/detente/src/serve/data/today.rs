//! The first page: what moved, what was read, what is to be done.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{before, coder, last_day, names, rows};
use crate::store::{Side, Store};
use crate::watch;
use detente_core::model::Date;
use detente_watch::day;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("coder", "whose events are counted"),
    ("today", "last day with events that is not still to come"),
    ("from", "first of the 28 days looked at"),
    ("moved", "pairs whose conflict left what is usual for them, the furthest first: a, b, conflict, events, usual, moved, weeks"),
    ("read", "articles and events of each of the last 28 days: with none, silence says nothing"),
    ("store", "articles, events, statements, and what is left to do"),
    ("coders", "coders with events"),
    ("writable", "whether this desk takes corrections"),
    ("names", "names of the actor codes in the answer"),
];

/// Days looked at, and how many times as many make the usual.
const DAYS: i64 = 28;
const BEFORE: i64 = 12;
/// Pairs shown, and pairs looked at for them.
const SHOWN: usize = 12;
const LOOKED: usize = 60;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let coders: Vec<Value> =
        store.coders()?.into_iter().filter(|c| c.3 > 0).map(|(_, name, _, events)| json!({"coder": name, "events": events})).collect();
    let mut out = json!({"coder": null, "today": null, "from": null, "moved": [], "read": [], "store": counts(store)?, "coders": coders,
        "writable": desk.options.review, "names": {}});
    let Some((n, name)) = coder(store, ask)? else { return Ok(out) };
    out["coder"] = json!(name);
    let Some(today) = last_day(store, n, ask.now)? else { return Ok(out) };
    let from = before(today, DAYS - 1);
    let mut moved = moved(store, n, from, today)?;
    moved.truncate(SHOWN);
    let codes: Vec<String> =
        moved.iter().flat_map(|m| [m["a"].clone(), m["b"].clone()]).filter_map(|v| Some(v.as_str()?.to_owned())).collect();
    out["today"] = json!(today.to_string());
    out["from"] = json!(from.to_string());
    out["moved"] = json!(moved);
    out["read"] = json!(read(store, n, from, today)?);
    out["names"] = names(codes.iter().map(String::as_str));
    Ok(out)
}

/// Pairs of the last days with what is usual for them.
fn moved(store: &Store, coder: i64, from: Date, today: Date) -> Result<Vec<Value>, Problem> {
    let sql = "SELECT coalesce(source_country, source), coalesce(target_country, target), count(*), count(*) FILTER (WHERE quad >= 3)
        FROM events WHERE day BETWEEN ?2 AND ?3 AND coder = ?1 AND mode IN ('happened', 'claimed') AND source IS NOT NULL AND target IS NOT NULL GROUP BY 1, 2";
    let found = rows(store, sql, (coder, from.to_string(), today.to_string()), |r| {
        Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, i64>(2)?, r.get::<_, i64>(3)?))
    })?;
    let mut pairs: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for (a, b, events, conflict) in found {
        if a != b {
            let pair = if a < b { (a, b) } else { (b, a) };
            let sum = pairs.entry(pair).or_default();
            *sum = (sum.0 + events, sum.1 + conflict);
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by(|x, y| y.1.1.cmp(&x.1.1).then(y.1.0.cmp(&x.1.0)).then(x.0.cmp(&y.0)));
    pairs.truncate(LOOKED);
    let begin = before(from, DAYS * BEFORE);
    let (first, last) = (day::number(begin), day::number(today));
    let mut out: Vec<(f64, Value)> = Vec::new();
    for ((a, b), (events, conflict)) in pairs {
        let days = store.days(&Side::one(&a), Some(&Side::one(&b)), false, coder, &watch::modes(), first, last)?;
        let mut weeks = vec![0u32; usize::try_from((BEFORE + 1) * DAYS / 7).unwrap_or(0)];
        let mut earlier = 0;
        for (day, counts) in &days {
            let n = counts.quads[3] + counts.quads[4];
            let at = (day - first) / 7;
            if let Some(week) = usize::try_from(at).ok().and_then(|i| weeks.get_mut(i)) {
                *week += n;
            }
            if *day < day::number(from) {
                earlier += n;
            }
        }
        let usual = f64::from(earlier) / BEFORE as f64;
        let moved = (conflict as f64 - usual) / (usual + 1.0).sqrt();
        let round = |x: f64| (x * 10.0).round() / 10.0;
        let row =
            json!({"a": a, "b": b, "conflict": conflict, "events": events, "usual": round(usual), "moved": round(moved), "weeks": weeks});
        out.push((moved, row));
    }
    out.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()));
    Ok(out.into_iter().map(|r| r.1).collect())
}

fn read(store: &Store, coder: i64, from: Date, today: Date) -> Result<Vec<Value>, Problem> {
    let days = (from.to_string(), today.to_string());
    let by_day = |sql: &str, with_coder: bool| {
        let read = |r: &rusqlite::Row<'_>| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?));
        let found = match with_coder {
            true => rows(store, sql, (&days.0, &days.1, coder), read)?,
            false => rows(store, sql, (&days.0, &days.1), read)?,
        };
        Ok::<_, Problem>(found.into_iter().collect::<BTreeMap<_, _>>())
    };
    let articles = by_day("SELECT published, count(*) FROM articles WHERE published BETWEEN ?1 AND ?2 GROUP BY 1", false)?;
    let events = by_day("SELECT day, events FROM read_days WHERE day BETWEEN ?1 AND ?2 AND coder = ?3", true)?;
    let (mut out, mut day) = (Vec::new(), from);
    while day <= today {
        let name = day.to_string();
        out.push(json!({"day": name, "articles": articles.get(&name).unwrap_or(&0), "events": events.get(&name).unwrap_or(&0)}));
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    Ok(out)
}

/// Counts that cost little with millions of rows.
fn counts(store: &Store) -> Result<Value, Problem> {
    let count = |sql: &str| Ok::<_, Problem>(rows(store, sql, [], |r| r.get::<_, i64>(0))?.first().copied().unwrap_or(0));
    let articles = count("SELECT count(*) FROM articles")?;
    let read = count("SELECT count(*) FROM readings")?;
    Ok(json!({
        "articles": articles, "uncoded": (articles - read).max(0), "events": count("SELECT coalesce(sum(events), 0) FROM months")?,
        "statements": count("SELECT count(*) FROM statements")?, "failed": count("SELECT count(*) FROM readings WHERE failure IS NOT NULL")?,
        "corrections": count("SELECT count(*) FROM corrections WHERE undone IS NULL")?,
        "idle": count("SELECT count(*) FROM corrections_idle")?,
    }))
}
