//! Damage: where it is, whether ground is hit, and what can be saved of it.

use super::Store;
use crate::failure::Failure;
use rusqlite::{Connection, ErrorCode};
use std::path::Path;

/// Tables of ground, in an order in which rows find what they point to. Those of events hold derived rows too.
const GROUND: &[&str] = &[
    "coders",
    "imports",
    "rejects",
    "articles",
    "removed",
    "corrections",
    "feeds",
    "fetches",
    "alarm_states",
    "alarm_deliveries",
    "redline_verdicts",
    "ledger",
    "events",
    "event_extras",
];

/// What is hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An index: made anew from its table.
    Index,
    /// The index of words for search: made anew from the articles.
    Words,
    /// What coding and counting made: made anew from ground.
    Derived,
    /// Rows that cannot be made again.
    Ground,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is hit.
    pub kind: Kind,
    /// The table, or the file where no table can be named.
    pub place: String,
    /// What the database says.
    pub what: String,
}

impl Store {
    /// Looks for damage: what SQLite finds wrong in each table, rows that point nowhere, a search index that does not fit.
    ///
    /// # Errors
    /// The file cannot even be looked through.
    pub fn damage(&self) -> Result<Vec<Damage>, Failure> {
        let mut found = Vec::new();
        // Without imported events all events are derived.
        let imported =
            self.db.query_row("SELECT count(*) FROM imports WHERE coder IS NOT NULL", [], |r| r.get::<_, bool>(0)).unwrap_or(true);
        let kind = |table: &str, what: &str| match kind(table, what) {
            Kind::Ground if !imported && matches!(table, "events" | "event_extras") => Kind::Derived,
            kind => kind,
        };
        // The list of tables lies on the first pages; without it nothing else can be told.
        for table in tables(&self.db).map_err(|e| self.trouble(&e))? {
            for what in lines(&self.db, &format!("PRAGMA integrity_check(\"{table}\")")) {
                // Where the table reads from end to end, it is one of its indexes that is hit.
                let of_index = tree(&what).map_or_else(|| reads(&self.db, &table), |root| is_index(&self.db, root));
                found.push(Damage { kind: if of_index { Kind::Index } else { kind(&table, &what) }, place: table.clone(), what });
            }
        }
        for what in lines(&self.db, "PRAGMA integrity_check(20)") {
            // Pages that belong to no table, or to two.
            if !found.iter().any(|d| d.what == what) && found.is_empty() {
                found.push(Damage { kind: Kind::Ground, place: "the file".to_owned(), what });
            }
        }
        for what in
            lines(&self.db, "SELECT 'a row of ' || \"table\" || ' points to nothing in ' || parent FROM pragma_foreign_key_check LIMIT 20")
        {
            let table = what.split(' ').nth(3).unwrap_or_default().to_owned();
            found.push(Damage { kind: kind(&table, ""), place: table, what });
        }
        Ok(found)
    }
}

fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name")?;
    statement.query_map([], |r| r.get(0))?.collect()
}

/// The answers of a check, without "ok"; a failure of the check is an answer too.
fn lines(db: &Connection, sql: &str) -> Vec<String> {
    let read = || {
        let mut statement = db.prepare(sql)?;
        statement.query_map([], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<String>>>()
    };
    match read() {
        Ok(mut all) => {
            all.retain(|line| line != "ok");
            all
        }
        Err(err) => vec![err.to_string()],
    }
}

/// "Tree 12 page 34: …": what begins at page 12 is hit.
fn tree(what: &str) -> Option<i64> {
    what.rsplit("Tree ").next().filter(|_| what.contains("Tree "))?.split(' ').next()?.parse().ok()
}

fn reads(db: &Connection, table: &str) -> bool {
    let all = || {
        let mut statement = db.prepare(&format!("SELECT * FROM \"{table}\" NOT INDEXED"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            (0..columns).try_for_each(|i| row.get_ref(i).map(|_| ()))?;
        }
        Ok::<_, rusqlite::Error>(())
    };
    // The words for search are no table with indexes of its own.
    !table.starts_with("articles_text") && all().is_ok()
}

fn is_index(db: &Connection, root: i64) -> bool {
    // A table without numbers of rows lies in what is an index to SQLite, and is none to us.
    db.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND rootpage = ?", [root], |r| r.get(0)).unwrap_or(false)
}

fn kind(table: &str, what: &str) -> Kind {
    let of_index =
        what.contains("missing from index") || what.contains("wrong # of entries in index") || what.contains("non-unique entry in index");
    match table {
        _ if of_index => Kind::Index,
        _ if table.starts_with("articles_text") => Kind::Words,
        _ if GROUND.contains(&table) => Kind::Ground,
        _ => Kind::Derived,
    }
}

/// Takes everything of ground that can be read out of a damaged store, of this or an older version, into a fresh one.
/// Returns for each table how many rows were taken and how many places could not be read.
///
/// # Errors
/// The old file is no store at all, or the new one cannot be written.
pub fn salvage(from: &Path, into: &mut Store) -> Result<Vec<(&'static str, u64, u64)>, Failure> {
    let old = Store::open_as_it_is(from)?;
    let mut out = Vec::new();
    for table in GROUND {
        let (taken, lost) = take(&old.db, into, table)?;
        out.push((*table, taken, lost));
    }
    // An import that lost rows is open again: the same file fills in what is missing.
    into.transaction(|db| {
        db.execute_batch(
            "CREATE TEMP TABLE open AS SELECT n FROM imports i WHERE finished IS NOT NULL AND taken >
               (SELECT count(*) FROM events e WHERE e.import = i.n) + (SELECT count(*) FROM articles a WHERE a.import = i.n);
             DELETE FROM rejects WHERE import IN (SELECT n FROM temp.open);
             UPDATE imports SET lines = 0, taken = 0, known = 0, rejected = 0, finished = NULL WHERE n IN (SELECT n FROM temp.open);
             DROP TABLE temp.open",
        )
    })?;
    into.recount()?;
    into.settle()?;
    Ok(out)
}

/// Rows taken at once.
const STEP: i64 = 5_000;

fn take(old: &Connection, into: &mut Store, table: &str) -> Result<(u64, u64), Failure> {
    let mut columns = columns(&into.db, table).map_err(|e| into.trouble(&e))?;
    // Versions only add: an older store lacks some tables and columns, which begin empty.
    match self::columns(old, table) {
        Ok(there) if there.is_empty() => return Ok((0, 0)),
        Ok(there) => columns.retain(|c| there.contains(c)),
        Err(_) => return Ok((0, 1)),
    }
    let list = columns.join(", ");
    let holes = vec!["?"; columns.len()].join(", ");
    let insert = format!("INSERT OR IGNORE INTO {table} ({list}) VALUES ({holes})");
    let key = ["n", "event"].into_iter().find(|k| columns.iter().any(|c| c == k) && *table != *"redline_verdicts");
    let own = if table == "events" { "import IS NOT NULL" } else { "true" };
    let (mut taken, mut lost) = (0, 0);
    let Some(key) = key else {
        // Short tables: from the front as far as it goes, then from the back.
        for order in ["", " DESC"] {
            let (rows, whole) = read(old, &format!("SELECT {list} FROM {table} ORDER BY {}{order}", columns[0]), columns.len());
            taken += keep(into, &insert, &rows)?;
            if whole {
                return Ok((taken, lost));
            }
        }
        return Ok((taken, 1));
    };
    let (low, high) = ends(old, table, key);
    let mut at = low;
    while at <= high {
        let (rows, whole) =
            read(old, &format!("SELECT {list} FROM {table} WHERE {key} >= {at} AND {own} ORDER BY {key} LIMIT {STEP}"), columns.len());
        taken += keep(into, &insert, &rows)?;
        let number = columns.iter().position(|c| c == key).unwrap_or(0);
        let last = rows.last().and_then(|r| match r[number] {
            rusqlite::types::Value::Integer(n) => Some(n),
            _ => None,
        });
        match (whole, last) {
            (true, None) => break,
            (true, Some(last)) => at = last + 1,
            // Over the bad place, by ever longer leaps.
            (false, last) => {
                let Some(next) = beyond(old, table, key, last.map_or(at, |l| l + 1), high) else {
                    lost += 1;
                    break;
                };
                lost += 1;
                at = next;
            }
        }
    }
    Ok((taken, lost))
}

/// The first number after a bad place from which a row can be read: found by ever longer leaps, then by halving the last.
fn beyond(old: &Connection, table: &str, key: &str, from: i64, high: i64) -> Option<i64> {
    let good = |at: i64| {
        let n = old
            .query_row(&format!("SELECT {key} FROM {table} WHERE {key} >= {at} ORDER BY {key} LIMIT 1"), [], |r| r.get::<_, i64>(0))
            .ok()?;
        let whole = |r: &rusqlite::Row<'_>| (0..r.as_ref().column_count()).try_for_each(|i| r.get_ref(i).map(|_| ()));
        old.query_row(&format!("SELECT * FROM {table} WHERE {key} = ?"), [n], whole).ok().map(|()| n)
    };
    let (mut bad, mut leap) = (from, 1_i64);
    let mut found = loop {
        let at = from.checked_add(leap).filter(|at| *at <= high)?;
        match good(at) {
            Some(n) => break n,
            None => (bad, leap) = (at, leap.checked_mul(2)?),
        }
    };
    while found - bad > 1 {
        let middle = bad + (found - bad) / 2;
        match good(middle) {
            // The same row again: nothing lies between.
            Some(n) if n >= found => break,
            Some(n) => found = n,
            None => bad = middle,
        }
    }
    Some(found)
}

/// The least and greatest number of a table; where they cannot be read, the greatest there may be.
fn ends(old: &Connection, table: &str, key: &str) -> (i64, i64) {
    let end = |f: &str| old.query_row(&format!("SELECT {f}({key}) FROM {table}"), [], |r| r.get::<_, Option<i64>>(0));
    if matches!(end("min"), Ok(None)) {
        return (1, 0);
    }
    // Rows of ground are counted from 1; those of events read from articles lie under them.
    (0, end("max").ok().flatten().unwrap_or(i64::MAX / 2))
}

fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
    statement.query_map([], |r| r.get(0))?.collect()
}

type Values = Vec<rusqlite::types::Value>;

/// Rows up to the first that cannot be read, and whether that was all of them.
fn read(db: &Connection, sql: &str, columns: usize) -> (Vec<Values>, bool) {
    let mut out = Vec::new();
    let Ok(mut statement) = db.prepare(sql) else { return (out, false) };
    let Ok(mut rows) = statement.query([]) else { return (out, false) };
    loop {
        match rows.next() {
            Ok(Some(row)) => match (0..columns).map(|i| row.get(i)).collect::<rusqlite::Result<Values>>() {
                Ok(values) => out.push(values),
                Err(_) => return (out, false),
            },
            Ok(None) => return (out, true),
            Err(_) => return (out, false),
        }
    }
}

fn keep(into: &mut Store, insert: &str, rows: &[Values]) -> Result<u64, Failure> {
    into.transaction(|db| {
        let mut taken = 0;
        let mut statement = db.prepare(insert)?;
        for row in rows {
            match statement.execute(rusqlite::params_from_iter(row)) {
                Ok(n) => taken += n as u64,
                // What points to a row that was lost, or is garbled, cannot be kept.
                Err(err) if err.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
                Err(err) => return Err(err),
            }
        }
        Ok(taken)
    })
}
