//! What coding gives: statements, events and the reading of each article. Derived, so that all of
//! it can be thrown away and made anew.

use super::article::{COLUMNS, from_row};
use super::{Store, StoredArticle, correction, group, now, rollup, story};
use crate::failure::Failure;
use crate::record::Records;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use serde_json::Value;

/// Columns of `events` that are columns of the record too, in this order.
const EVENT: &[&str] = &[
    "id",
    "sentence",
    "story_id",
    "group_id",
    "source",
    "source_name",
    "source_country",
    "source_sector",
    "source_bare_state",
    "target",
    "target_name",
    "target_country",
    "target_sector",
    "target_bare_state",
    "cameo",
    "plover",
    "plover_mode",
    "quad",
    "goldstein",
    "mode",
    "date_first",
    "date_last",
    "date_text",
    "date_resolved",
    "place_name",
    "place_country",
    "geonameid",
    "lat",
    "lon",
    "place_precision",
    "count_text",
    "statement_id",
    "claimed_by",
    "confidence",
    "frame",
    "evidence",
    "evidence_start",
    "evidence_end",
];

/// The same for `statements`.
const STATEMENT: &[&str] = &[
    "id",
    "sentence",
    "story_id",
    "speaker",
    "speaker_name",
    "speaker_office",
    "speaker_country",
    "speaker_sector",
    "speaker_bare_state",
    "acts",
    "about",
    "issue",
    "addressee",
    "addressee_name",
    "reason",
    "instrument",
    "verbatim",
    "quote",
    "content",
    "cue",
    "repeated",
    "chain",
    "origin",
    "date_first",
    "date_last",
    "date_text",
    "date_resolved",
    "evidence",
    "evidence_start",
    "evidence_end",
];

/// A pass over the store's articles that makes everything derived anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub n: i64,
    /// Articles still to be coded.
    pub left: u64,
    /// Articles an earlier, interrupted try had coded already.
    pub done: u64,
}

/// Numbers of records follow from their article, so that a record has the same number and place
/// whatever was coded before it. Those of events read from articles lie under those of imported ones.
const PER_ARTICLE: i64 = 10_000_000;
const FIRST_EVENT: i64 = -4_000_000_000_000_000_000;

/// What coding an article gave.
#[derive(Debug)]
pub struct Reading {
    /// Number of the article.
    pub article: i64,
    /// Its records, or why there are none.
    pub records: Result<Records, String>,
    /// Corrections that found no record, with the reason.
    pub idle: Vec<(i64, String)>,
}

impl Store {
    /// Begins a run over all articles, or goes on with one of the same program and knowledge that
    /// was interrupted.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_run(&mut self, fingerprint: &str) -> Result<Run, Failure> {
        self.transaction(|db| {
            let last: Option<(i64, String, bool)> = db
                .query_row("SELECT n, fingerprint, finished IS NULL FROM runs ORDER BY n DESC LIMIT 1", [], |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?))
                })
                .optional()?;
            let n = match last {
                Some((n, print, true)) if print == fingerprint => n,
                _ => {
                    db.execute("INSERT INTO runs (fingerprint, started) VALUES (?, ?)", params![fingerprint, now()])?;
                    db.last_insert_rowid()
                }
            };
            let done: i64 = db.query_row("SELECT count(*) FROM readings WHERE run = ?", [n], |r| r.get(0))?;
            let all: i64 = db.query_row("SELECT count(*) FROM articles", [], |r| r.get(0))?;
            Ok(Run { n, left: (all - done).max(0).unsigned_abs(), done: done.unsigned_abs() })
        })
    }

    /// Begins, or goes on with, a run over the articles that were never coded or were coded by
    /// another program or other knowledge.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_new(&mut self, fingerprint: &str) -> Result<Run, Failure> {
        self.transaction(|db| {
            let last: Option<i64> =
                db.query_row("SELECT max(n) FROM runs WHERE fingerprint = ?", [fingerprint], |r| r.get(0)).optional()?.flatten();
            let n = match last {
                Some(n) => n,
                None => {
                    db.execute("INSERT INTO runs (fingerprint, started) VALUES (?, ?)", params![fingerprint, now()])?;
                    db.last_insert_rowid()
                }
            };
            // Coded by an earlier run of the same program and knowledge: as good as by this one.
            db.execute("UPDATE readings SET run = ?1 WHERE run IN (SELECT n FROM runs WHERE fingerprint = ?2)", params![n, fingerprint])?;
            let left: i64 =
                db.query_row("SELECT (SELECT count(*) FROM articles) - (SELECT count(*) FROM readings WHERE run = ?)", [n], |r| r.get(0))?;
            Ok(Run { n, left: left.max(0).unsigned_abs(), done: 0 })
        })
    }

    /// The next articles of a run, in order of arrival, after a given number.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn uncoded(&self, run: &Run, after: i64, limit: usize) -> Result<Vec<StoredArticle>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM articles a
             WHERE n > ?1 AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.article = a.n AND r.run = ?2) ORDER BY n LIMIT ?3"
        );
        let read = || {
            let mut statement = self.db.prepare_cached(&sql)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            statement.query_map(params![after, run.n, limit], from_row)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Puts the readings of some articles in the place of their earlier ones, in one durable step.
    /// An article that could not be coded comes with the reason.
    ///
    /// # Errors
    /// The store cannot be written; the earlier readings stay then.
    pub fn put(&mut self, run: &Run, coded: &[Reading]) -> Result<(), Failure> {
        self.transaction(|db| {
            for reading in coded {
                replace(db, run.n, reading)?;
            }
            rollup::sweep(db)
        })
    }

    /// Closes a run.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn finish_run(&mut self, run: &Run) -> Result<(), Failure> {
        self.transaction(|db| {
            db.execute("UPDATE runs SET finished = ? WHERE n = ?", params![now(), run.n])?;
            // Runs nothing stems from any more.
            db.execute("DELETE FROM runs WHERE n < ?1 AND n NOT IN (SELECT run FROM readings)", [run.n])?;
            Ok(())
        })
    }
}

/// Puts an article's reading in the place of its earlier one.
fn replace(db: &Connection, run: i64, Reading { article, records, idle }: &Reading) -> rusqlite::Result<()> {
    let groups = group::remembered(db, *article)?;
    take_out(db, *article)?;
    match records {
        Ok(records) => {
            put(db, run, *article, records, &groups)?;
            correction::note_idle(db, &records.article.id, idle)?;
        }
        Err(reason) => {
            let coder = coder(db, crate::record::CODER_VERSION, crate::record::ONTOLOGY_VERSION)?;
            db.prepare_cached("INSERT INTO readings (article, run, coder, skipped, notes, failure) VALUES (?, ?, ?, '[]', '[]', ?)")?
                .execute(params![article, run, coder, reason])?;
        }
    }
    Ok(())
}

/// Reads an article anew within a step, with its corrections as they stand, and links what it tells: all of it or nothing.
/// Nothing is done for one that was never read, or has been taken out.
pub(super) fn reread(
    db: &Connection,
    id: &str,
    read: impl FnOnce(&StoredArticle, &[correction::Correction]) -> Reading,
) -> rusqlite::Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM articles WHERE id = ?");
    let Some(stored) = db.prepare_cached(&sql)?.query_row([id], from_row).optional()? else { return Ok(()) };
    let run = db.prepare_cached("SELECT run FROM readings WHERE article = ?")?.query_row([stored.n], |r| r.get(0)).optional()?;
    let Some(run) = run else { return Ok(()) };
    let before = group::of_article(db, stored.n)?;
    let reading = read(&stored, &correction::list(db, Some(id))?);
    replace(db, run, &reading)?;
    rollup::sweep(db)?;
    group::relink(db, stored.n, before)
}

/// The number of a coder, made when it is new.
pub(super) fn coder(db: &Connection, name: &str, ontology: &str) -> rusqlite::Result<i64> {
    db.prepare_cached("INSERT INTO coders (coder, ontology) VALUES (?, ?) ON CONFLICT DO NOTHING")?.execute([name, ontology])?;
    db.prepare_cached("SELECT n FROM coders WHERE coder = ? AND ontology = ?")?.query_row([name, ontology], |r| r.get(0))
}

/// Takes an article's reading out, the counts of its events with it.
pub(super) fn take_out(db: &Connection, article: i64) -> rusqlite::Result<()> {
    if db.prepare_cached("SELECT 1 FROM events WHERE article = ? LIMIT 1")?.exists([article])? {
        rollup::apply(db, -1, "article = ?", &[&article])?;
        group::hand_over(db, article)?;
        db.prepare_cached("DELETE FROM events WHERE article = ?")?.execute([article])?;
    }
    db.prepare_cached("DELETE FROM statements WHERE article = ?")?.execute([article])?;
    db.prepare_cached("DELETE FROM readings WHERE article = ?")?.execute([article])?;
    Ok(())
}

fn put(db: &Connection, run: i64, article: i64, records: &Records, groups: &[(String, String)]) -> rusqlite::Result<()> {
    let a = &records.article;
    let coder = coder(db, a.coder_version, a.ontology_version)?;
    db.prepare_cached("INSERT INTO readings (article, run, coder, byline, sentences, skipped, notes) VALUES (?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![article, run, coder, a.byline, a.sentences as i64, json(&a.skipped), json(&a.notes)])?;
    for (i, record) in (0..).zip(&records.statements) {
        let day = day(&record.date_first, &record.date_last, &record.published);
        insert(db, "statements", STATEMENT, Place { n: article * PER_ARTICLE + i, article, coder, day }, record)?;
    }
    for (i, record) in (0..).zip(&records.events) {
        let day = day(&record.date_first, &record.date_last, &record.published);
        let n = FIRST_EVENT + article * PER_ARTICLE + i;
        insert(db, "events", EVENT, Place { n, article, coder, day }, record)?;
        db.prepare_cached("UPDATE events SET details = ? WHERE n = ?")?.execute(params![record.details.to_string(), n])?;
    }
    if !records.events.is_empty() {
        group::restore(db, article, groups)?;
        rollup::apply(db, 1, "article = ?", &[&article])?;
    }
    story::keep(db, article)
}

/// The day a record is counted under: its own when it is one day, else the day it was published,
/// else none. A stretch of days is not spread out and not put on its first.
fn day<'a>(first: &'a Option<String>, last: &'a Option<String>, published: &'a Option<String>) -> Option<&'a str> {
    match (first, last) {
        (Some(a), Some(b)) if a == b => Some(a),
        _ => published.as_deref(),
    }
}

/// Where a record goes: its columns that are none of the record.
struct Place<'a> {
    n: i64,
    article: i64,
    coder: i64,
    day: Option<&'a str>,
}

fn insert(db: &Connection, table: &str, columns: &[&str], place: Place<'_>, record: &impl serde::Serialize) -> rusqlite::Result<()> {
    let Place { n, article, coder, day } = place;
    let holes = ", ?".repeat(columns.len());
    let sql = format!("INSERT INTO {table} (n, article, coder, day, {}) VALUES (?, ?, ?, ?{holes})", columns.join(", "));
    let record = serde_json::to_value(record).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let own = [Sql::Integer(n), Sql::Integer(article), Sql::Integer(coder), day.map_or(Sql::Null, |d| Sql::Text(d.to_owned()))];
    let values = own.into_iter().chain(columns.iter().map(|c| sql_value(&record[*c])));
    db.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// A value of a record as SQLite holds it; lists are JSON.
fn sql_value(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(b) => Sql::Integer(i64::from(*b)),
        Value::Number(n) => n.as_i64().map_or_else(|| n.as_f64().map_or(Sql::Null, Sql::Real), Sql::Integer),
        Value::String(s) => Sql::Text(s.clone()),
        list => Sql::Text(list.to_string()),
    }
}

/// A list of a record as JSON text.
fn json(list: &impl serde::Serialize) -> String {
    // Plain structs of texts and numbers: nothing in them can fail to serialise.
    serde_json::to_string(list).expect("records are plain data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_record() {
        let d = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        let check = |first: &str, last: &str, published: &str, expect: &str| {
            assert_eq!(day(&d(first), &d(last), &d(published)).unwrap_or(""), expect);
        };
        check("2018-07-16", "2018-07-16", "2018-07-18", "2018-07-16");
        check("2018-07-09", "2018-07-15", "2018-07-18", "2018-07-18");
        check("", "", "2018-07-18", "2018-07-18");
        check("", "", "", "");
    }
}
