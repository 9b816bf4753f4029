//! What a person says of records.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{names, text};
use crate::cli::correct as correcting;
use crate::failure::Failure;
use crate::store::{Kind, Row, Rows, Store, Wanted};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("rows", "events read from articles that nobody has judged, the least certain first"),
    ("last", "the last ten corrections that stand, the latest first"),
    ("judged", "corrections that stand"),
    ("writable", "whether this desk takes corrections"),
    ("fields", "fields that can be changed"),
    ("codes", "CAMEO codes with their names"),
    ("names", "names of the actor codes in the answer"),
];

/// Events looked through for those that are least certain.
const LOOKED: usize = 5_000;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let filter = ask.filter()?;
    let limit = ask.number("limit", 20, 200)?;
    let standing: Vec<_> = store.corrections(None)?.into_iter().filter(|c| c.undone.is_none()).collect();
    let judged: BTreeSet<&str> = standing.iter().map(|c| c.record.as_str()).collect();
    let own = crate::store::Filter { coder: Some("detente".to_owned()), ..filter };
    let mut cards: Vec<Row> = Vec::new();
    store.each(Wanted::Events, &own, Rows { latest_first: true, limit: Some(LOOKED) }, |row| {
        if !text(&row, "id").starts_with("i:") && !judged.contains(text(&row, "id")) {
            cards.push(row);
        }
        Ok(())
    })?;
    let certain = |row: &Row| row.get("confidence").and_then(Value::as_f64).unwrap_or(1.0);
    cards.sort_by(|a, b| certain(a).total_cmp(&certain(b)));
    cards.truncate(limit);
    let names = names(cards.iter().flat_map(|r| [text(r, "source"), text(r, "target")]));
    let codes: Vec<Value> = super::rows(store, "SELECT code, name FROM codes ORDER BY code", [], |r| {
        Ok(json!([r.get::<_, String>(0)?, r.get::<_, String>(1)?]))
    })?;
    let last: Vec<_> = standing.iter().rev().take(10).collect();
    Ok(
        json!({"rows": cards, "last": last, "judged": standing.len(), "writable": desk.options.review, "fields": crate::store::correction::FIELDS,
        "codes": codes, "names": names}),
    )
}

pub(super) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str().map(str::trim).filter(|v| !v.is_empty())
}

/// What was said wrongly is the client's to mend.
fn asked(failure: Failure) -> Problem {
    Problem { status: 400, failure }
}

/// The store for writing, unless another program holds it.
pub(super) fn writer(desk: &Desk) -> Result<Store, Problem> {
    let free = Store::try_open_write(&desk.options.store)?;
    free.ok_or_else(|| Problem::new(503, "another détente is writing to the store", "try again when it is done"))
}

pub(in crate::serve) fn correct(desk: &Desk, value: &Value) -> Result<Value, Problem> {
    let id =
        field(value, "record").ok_or_else(|| Problem::new(400, "no record is named", "send {\"record\": \"e:…\", \"kind\": \"wrong\"}"))?;
    let (kind, change) = match field(value, "kind") {
        Some("right") => (Kind::Right, None),
        Some("wrong") => (Kind::Wrong, None),
        Some("change") => {
            let name = field(value, "field").ok_or_else(|| Problem::new(400, "no field is named", "send \"field\" and \"value\""))?;
            (Kind::Change, Some((name.to_owned(), field(value, "value").map(str::to_owned))))
        }
        _ => return Err(Problem::new(400, "it is not said what is right or wrong", "kind is right, wrong or change")),
    };
    let mut store = writer(desk)?;
    let record = correcting::record(&store, id).map_err(|stop| Problem { status: 404, ..Problem::from(stop) })?;
    let said = correcting::said(&record, kind, change, &desk.options.author, field(value, "note")).map_err(asked)?;
    let n = correcting::keep(&mut store, &desk.engine()?, &[said])?;
    Ok(json!({"n": n.first(), "record": text(&record, "id"), "article": text(&record, "article_id")}))
}

pub(in crate::serve) fn undo(desk: &Desk, value: &Value) -> Result<Value, Problem> {
    let n = match &value["n"] {
        Value::Null => None,
        n => Some(n.as_i64().ok_or_else(|| Problem::new(400, "n is no number", "numbers are those of the list of corrections"))?),
    };
    let mut store = writer(desk)?;
    let undone = correcting::take_back(&mut store, &desk.engine()?, n).map_err(|failure| Problem { status: 404, failure })?;
    Ok(json!({"n": undone.n, "record": undone.record, "article": undone.article}))
}
