//! The data of each page.

pub(super) mod alerts;
pub(super) mod article;
pub(super) mod dyad;
pub(super) mod forecast;
pub(super) mod lists;
pub(super) mod map;
pub(super) mod mediators;
pub(super) mod method;
pub(super) mod network;
pub(super) mod openings;
pub(super) mod record;
pub(super) mod redlines;
pub(super) mod review;
pub(super) mod sources;
pub(super) mod today;

use super::ask::{Ask, Problem};
use crate::failure::Failure;
use crate::store::Store;
use detente_core::knowledge::embedded_actors;
use detente_core::model::Date;
use rusqlite::{Params, Row};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The rows of a question.
fn rows<T>(store: &Store, sql: &str, params: impl Params, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, Problem> {
    let ask = || {
        let mut statement = store.connection().prepare_cached(sql)?;
        statement.query_map(params, read)?.collect::<rusqlite::Result<Vec<T>>>()
    };
    ask().map_err(|e: rusqlite::Error| store.trouble(&e).into())
}

/// The coder meant: the one named, else the one with the most events. None without events.
fn coder(store: &Store, ask: &Ask) -> Result<Option<(i64, String)>, Problem> {
    let all = store.coders()?;
    match ask.get("coder") {
        Some(named) => match all.iter().find(|(_, name, ..)| name.starts_with(named)) {
            Some(c) => Ok(Some((c.0, c.1.clone()))),
            None => Err(Failure::new(format!("no coder \"{}\"", super::ask::short(named)))
                .hint(format!("the store has {}", all.iter().map(|c| c.1.as_str()).collect::<Vec<_>>().join(", ")))
                .into()),
        },
        None => Ok(all.first().filter(|c| c.3 > 0).map(|c| (c.0, c.1.clone()))),
    }
}

/// The last day with events of a coder that is not still to come.
fn last_day(store: &Store, coder: i64, now: Date) -> Result<Option<Date>, Problem> {
    let sql = "SELECT max(day) FROM read_days WHERE coder = ?1 AND day <= ?2";
    let day = rows(store, sql, (coder, now.to_string()), |r| r.get::<_, Option<String>>(0))?;
    Ok(day.into_iter().next().flatten().and_then(|d| d.parse().ok()))
}

/// The days asked for; without any, so many up to the last with events.
fn window(store: &Store, ask: &Ask, coder: i64, days: i64) -> Result<(Date, Date), Problem> {
    let to = match ask.date("to")? {
        Some(to) => to,
        None => last_day(store, coder, ask.now)?.unwrap_or(ask.now),
    };
    let from = ask.date("from")?.unwrap_or_else(|| before(to, days - 1));
    Ok((from, to))
}

/// So many days earlier; the first day there is when there are not so many.
fn before(day: Date, days: i64) -> Date {
    day.checked_sub(jiff::Span::new().days(days)).unwrap_or(Date::MIN)
}

/// Names of states in a list of actor codes.
fn names<'a>(codes: impl IntoIterator<Item = &'a str>) -> Value {
    let actors = embedded_actors();
    let states: BTreeSet<&str> = codes.into_iter().filter_map(|c| c.get(..3)).collect();
    let named = states.into_iter().filter_map(|c| Some((c.to_owned(), Value::String(actors.state(c)?.name.clone()))));
    Value::Object(named.collect::<Map<_, _>>())
}

/// The text of a column, nothing when it is missing.
fn text<'a>(row: &'a crate::store::Row, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or("")
}
