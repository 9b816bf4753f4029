//! Events per pair and day, kept beside the events so that series need not count them. Of the tellings of one event
//! only the one that is not `extra` counts (I4).

use super::Store;
use crate::failure::Failure;
use rusqlite::{Connection, ToSql};

/// Who counts as one side: the country, or the code of an actor of no country.
const SIDES: &str = "coalesce(source_country, source, '-') AS source, coalesce(target_country, target, '-') AS target";
const CLASS: &str = "coalesce(substr(cameo, 1, 2), plover, '-')";
const CHANGE: &str = "events = events + excluded.events, goldstein = round(goldstein + excluded.goldstein, 3)";

/// The CAMEO root of a class; PLOVER events stand for the root that the 2021 map has them come from.
pub(crate) const ROOT: &str = "CASE class WHEN 'REQUEST' THEN 2 WHEN 'AGREE' THEN 3 WHEN 'CONSULT' THEN 4 WHEN 'SUPPORT' THEN 5 WHEN 'COOPERATE' THEN 6
  WHEN 'AID' THEN 7 WHEN 'CONCEDE' THEN 8 WHEN 'RETREAT' THEN 8 WHEN 'INVESTIGATE' THEN 9 WHEN 'ACCUSE' THEN 11 WHEN 'REJECT' THEN 12 WHEN 'THREATEN' THEN 13
  WHEN 'PROTEST' THEN 14 WHEN 'MOBILIZE' THEN 15 WHEN 'SANCTION' THEN 16 WHEN 'COERCE' THEN 17 WHEN 'ASSAULT' THEN 19 ELSE CAST(class AS INTEGER) END";

/// What is counted of a change, once, before it is laid on the tables.
const COUNTED: &str = "CREATE TEMP TABLE IF NOT EXISTS counted (source TEXT, target TEXT, coder INTEGER, mode TEXT, day TEXT, class TEXT, quad INTEGER,
  root INTEGER, events INTEGER, goldstein REAL, PRIMARY KEY (source, target, coder, mode, day, class, quad)) WITHOUT ROWID; DELETE FROM temp.counted";

/// The columns of a series, with how each is counted.
fn columns() -> Vec<(String, String)> {
    let quads = ["verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict"];
    let mut out = vec![("events".to_owned(), "sum(events)".to_owned())];
    out.extend((1..).zip(quads).map(|(i, name)| (name.to_owned(), format!("coalesce(sum(events) FILTER (WHERE quad = {i}), 0)"))));
    out.extend((1..=20).map(|i| (format!("r{i:02}"), format!("coalesce(sum(events) FILTER (WHERE root = {i}), 0)"))));
    out.push(("goldstein".to_owned(), "total(goldstein)".to_owned()));
    out.push(("hostile".to_owned(), "total(goldstein) FILTER (WHERE root BETWEEN 9 AND 17)".to_owned()));
    out.push(("friendly".to_owned(), "total(goldstein) FILTER (WHERE root BETWEEN 1 AND 8)".to_owned()));
    out
}

/// Lays what was counted on a table of series whose first columns are made so.
fn series_sql(table: &str, key: &str, made: &str, condition: &str, by: usize) -> String {
    let columns = columns();
    let list = |f: &dyn Fn(&(String, String)) -> String| columns.iter().map(f).collect::<Vec<_>>().join(", ");
    let change = list(&|(name, how)| match how.starts_with("total") {
        true => format!("{name} = round({name} + excluded.{name}, 3)"),
        false => format!("{name} = {name} + excluded.{name}"),
    });
    let by = (1..=by).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    format!(
        "INSERT INTO {table} ({key}, {}) SELECT {made}, {} FROM temp.counted WHERE {condition} GROUP BY {by} ON CONFLICT DO UPDATE SET {change}",
        list(&|(name, _)| name.clone()),
        list(&|(_, how)| how.clone())
    )
}

/// Adds (`sign` 1) or takes away (-1) the events that fulfil a condition.
pub(super) fn apply(db: &Connection, sign: i64, condition: &str, params: &[&dyn ToSql]) -> rusqlite::Result<()> {
    count(db, sign, condition, params)?;
    for sql in [
        format!(
            "INSERT INTO dyad_days (source, target, coder, day, class, quad, mode, events, goldstein)
             SELECT source, target, coder, day, class, quad, mode, events, goldstein FROM temp.counted WHERE true ON CONFLICT DO UPDATE SET {CHANGE}"
        ),
        format!(
            "INSERT INTO months (coder, month, class, quad, mode, events, goldstein)
             SELECT coder, substr(day, 1, 7), class, quad, mode, sum(events), total(goldstein) FROM temp.counted GROUP BY 1, 2, 3, 4, 5
             ON CONFLICT DO UPDATE SET {CHANGE}"
        ),
    ] {
        db.prepare_cached(&sql)?.execute([])?;
    }
    lay_series(db)
}

/// Fills the tables that version 2 of the store brought.
pub(super) fn fill(db: &Connection) -> rusqlite::Result<()> {
    count(db, 1, "true", &[])?;
    lay_series(db)
}

fn count(db: &Connection, sign: i64, condition: &str, params: &[&dyn ToSql]) -> rusqlite::Result<()> {
    db.execute_batch(COUNTED)?;
    let sql = format!(
        "INSERT INTO temp.counted SELECT source, target, coder, mode, day, class, quad, {ROOT}, events, goldstein FROM
           (SELECT {SIDES}, coder, mode, day, {CLASS} AS class, coalesce(quad, 0) AS quad, {sign} * count(*) AS events, {sign} * total(goldstein) AS goldstein
            FROM events WHERE {condition} AND day IS NOT NULL AND extra IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7)"
    );
    db.prepare_cached(&sql)?.execute(params)?;
    Ok(())
}

fn lay_series(db: &Connection) -> rusqlite::Result<()> {
    for sql in [
        series_sql("dyad_series", "source, target, coder, mode, day", "source, target, coder, mode, day", "true", 5),
        series_sql(
            "actor_series",
            "actor, role, coder, mode, day",
            "source, iif(source = target, 'within', 'source'), coder, mode, day",
            "source <> '-'",
            5,
        ),
        series_sql(
            "actor_series",
            "actor, role, coder, mode, day",
            "target, 'target', coder, mode, day",
            "target <> '-' AND source <> target",
            5,
        ),
        "INSERT INTO read_days SELECT coder, day, sum(events) FROM temp.counted GROUP BY 1, 2
         ON CONFLICT DO UPDATE SET events = events + excluded.events"
            .to_owned(),
    ] {
        db.prepare_cached(&sql)?.execute([])?;
    }
    db.execute_batch("DELETE FROM temp.counted")
}

/// Takes out the rows that came to nothing; called once at the end of a change.
pub(super) fn sweep(db: &Connection) -> rusqlite::Result<()> {
    ["dyad_days", "dyad_series", "actor_series", "read_days", "months"]
        .iter()
        .try_for_each(|table| db.execute_batch(&format!("DELETE FROM {table} WHERE events = 0")))
}

impl Store {
    /// Counts all events anew.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(super) fn recount(&mut self) -> Result<(), Failure> {
        self.transaction(|db| {
            ["dyad_days", "dyad_series", "actor_series", "read_days", "months"]
                .iter()
                .try_for_each(|table| db.execute_batch(&format!("DELETE FROM {table}")))?;
            // Those of an import that is open are counted when its last row is in.
            apply(db, 1, "(import IS NULL OR import IN (SELECT n FROM imports WHERE finished IS NOT NULL))", &[])
        })
    }

    /// Coders with events, the most events first: number, name, ontology, events.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn coders(&self) -> Result<Vec<(i64, String, String, i64)>, Failure> {
        let read = || {
            let mut statement = self.db.prepare_cached(
                "SELECT c.n, c.coder, c.ontology, coalesce(sum(m.events), 0) AS events FROM coders c LEFT JOIN months m ON m.coder = c.n
                 GROUP BY c.n ORDER BY events DESC, c.n",
            )?;
            let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}
