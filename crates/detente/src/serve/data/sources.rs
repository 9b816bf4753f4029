//! Where what is in the store came from, and what failed.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::rows;
use crate::store::Store;
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("outlets", "outlet, articles, first and last day"),
    ("imports", "files that were read in: rows seen, taken, known, rejected; finished is null while rows are missing"),
    ("feeds", "feeds with what their servers said last"),
    ("failures", "pages that could not be fetched, the latest first"),
    ("uncodable", "articles that could not be coded, with the reason"),
    ("status", "counts of the whole store, as `detente status` has them"),
];

pub(in crate::serve) fn answer(_: &Desk, store: &Store, _: &Ask) -> Result<Value, Problem> {
    let outlets = rows(
        store,
        "SELECT outlet, count(*), min(published), max(published) FROM articles GROUP BY outlet ORDER BY 2 DESC, 1 LIMIT 500",
        [],
        |r| {
            Ok(json!({"outlet": r.get::<_, Option<String>>(0)?, "articles": r.get::<_, i64>(1)?, "first": r.get::<_, Option<String>>(2)?,
                "last": r.get::<_, Option<String>>(3)?}))
        },
    )?;
    let feeds = rows(store, "SELECT url, outlet, checked, failure FROM feeds ORDER BY n", [], |r| {
        Ok(json!({"url": r.get::<_, String>(0)?, "outlet": r.get::<_, Option<String>>(1)?, "checked": r.get::<_, Option<String>>(2)?,
            "failure": r.get::<_, Option<String>>(3)?}))
    })?;
    let failures = rows(
        store,
        "SELECT url, at, status, failure FROM fetches WHERE failure IS NOT NULL ORDER BY at DESC, url LIMIT 200",
        [],
        |r| {
            Ok(
                json!({"url": r.get::<_, String>(0)?, "at": r.get::<_, String>(1)?, "status": r.get::<_, Option<i64>>(2)?, "failure": r.get::<_, String>(3)?}),
            )
        },
    )?;
    let uncodable: Vec<Value> =
        store.uncodable()?.into_iter().take(200).map(|(article, reason)| json!({"article": article, "reason": reason})).collect();
    let status = store.status()?;
    let imports = status.imports.clone();
    Ok(json!({"outlets": outlets, "imports": imports, "feeds": feeds, "failures": failures, "uncodable": uncodable, "status": status}))
}
