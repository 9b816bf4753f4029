//! Lists of records and of articles found.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{names, text};
use crate::store::{Filter, Row, Rows, Store, Wanted};
use serde_json::{Value, json};

/// Most rows of one answer, and how far a list can be paged.
const MOST: usize = 1_000;
const DEEP: usize = 20_000;

pub(in crate::serve) fn events(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    list(store, ask, Wanted::Events)
}

pub(in crate::serve) fn statements(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    list(store, ask, Wanted::Statements)
}

fn list(store: &Store, ask: &Ask, wanted: Wanted) -> Result<Value, Problem> {
    let filter = ask.filter()?;
    let (limit, offset) = (ask.number("limit", 50, MOST)?, ask.number("offset", 0, DEEP)?);
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = 0;
    store.each(wanted, &filter, Rows { latest_first: true, limit: Some(offset + limit + 1) }, |row| {
        seen += 1;
        if seen > offset {
            rows.push(row);
        }
        Ok(())
    })?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let total = match (offset, more) {
        // Everything was seen.
        (_, false) if !rows.is_empty() || offset == 0 => (offset + rows.len()) as u64,
        _ => total(store, &filter, wanted)?,
    };
    let codes = rows.iter().flat_map(|r| ["source", "target", "speaker", "addressee"].map(|c| text(r, c)));
    let about = rows.iter().filter_map(|r| r.get("about")?.as_array()).flatten().filter_map(Value::as_str);
    let names = names(codes.chain(about));
    Ok(json!({"total": total, "offset": offset, "more": more, "rows": rows, "names": names}))
}

fn total(store: &Store, filter: &Filter, wanted: Wanted) -> Result<u64, Problem> {
    if *filter != Filter::default() {
        return Ok(store.count(wanted, filter)?);
    }
    // Without the joins of the view.
    let table = if wanted == Wanted::Events { "events" } else { "statements" };
    let n: Vec<i64> = super::rows(store, &format!("SELECT count(*) FROM {table}"), [], |r| r.get(0))?;
    Ok(n.first().map_or(0, |n| n.unsigned_abs()))
}

pub(in crate::serve) fn search(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let mut found: Vec<Row> = Vec::new();
    if let Some(words) = ask.get("q") {
        let filter =
            Filter { outlet: ask.get("outlet").map(str::to_owned), from: ask.date("from")?, to: ask.date("to")?, ..Filter::default() };
        let taken = store.search(words, &filter, ask.number("limit", 50, 200)?, |row| {
            found.push(row);
            Ok(())
        });
        taken.map_err(|stop| match Problem::from(stop) {
            p if p.failure.what.starts_with("cannot search") => Problem { status: 400, ..p },
            p => p,
        })?;
    }
    Ok(json!({"rows": found}))
}
