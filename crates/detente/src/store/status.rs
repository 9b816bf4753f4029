//! What is in the store, what failed, and what is still to do.

use super::Store;
use crate::failure::Failure;

/// An import, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs)] // The columns of the table, described in docs/store.md.
pub struct ImportState {
    pub n: i64,
    pub file: String,
    pub format: String,
    pub lines: i64,
    pub taken: i64,
    pub known: i64,
    pub rejected: i64,
    pub started: String,
    pub finished: Option<String>,
}

/// What the store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// Articles.
    pub articles: i64,
    /// First day of publication.
    pub first: Option<String>,
    /// Last day of publication.
    pub last: Option<String>,
    /// Articles without a day.
    pub undated: i64,
    /// Articles that were never coded.
    pub uncoded: i64,
    /// Articles that could not be coded.
    pub failed: i64,
    /// Whether a run of `code --all` was cut short.
    pub run_open: bool,
    /// Events read from articles.
    pub events: i64,
    /// Statements.
    pub statements: i64,
    /// Corrections that stand.
    pub corrections: i64,
    /// Corrections that found no record in the present reading.
    pub idle: i64,
    /// Feeds.
    pub feeds: i64,
    /// Pages that are to be fetched by now.
    pub fetch_due: i64,
    /// Pages and feeds whose last try failed.
    pub fetch_failures: i64,
    /// Coder, ontology, events that have a day.
    pub coders: Vec<(String, String, i64)>,
    /// Imports in their order.
    pub imports: Vec<ImportState>,
}

impl Store {
    /// Looks over the whole store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn status(&self) -> Result<Status, Failure> {
        let coders = self.coders()?.into_iter().map(|(_, name, ontology, n)| (name, ontology, n)).collect();
        let read = || {
            let count = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0));
            let (first, last, undated) =
                self.db.query_row("SELECT min(published), max(published), count(*) - count(published) FROM articles", [], |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?))
                })?;
            let mut imports =
                self.db.prepare("SELECT n, file, format, lines, taken, known, rejected, started, finished FROM imports ORDER BY n")?;
            let imports = imports.query_map([], |r| {
                Ok(ImportState {
                    n: r.get(0)?,
                    file: r.get(1)?,
                    format: r.get(2)?,
                    lines: r.get(3)?,
                    taken: r.get(4)?,
                    known: r.get(5)?,
                    rejected: r.get(6)?,
                    started: r.get(7)?,
                    finished: r.get(8)?,
                })
            })?;
            Ok(Status {
                articles: count("SELECT count(*) FROM articles")?,
                first,
                last,
                undated,
                uncoded: count("SELECT count(*) FROM articles WHERE n NOT IN (SELECT article FROM readings)")?,
                failed: count("SELECT count(*) FROM readings WHERE failure IS NOT NULL")?,
                run_open: count("SELECT count(*) FROM runs WHERE finished IS NULL AND n = (SELECT max(n) FROM runs)")? > 0,
                events: count("SELECT count(*) FROM events WHERE article IS NOT NULL")?,
                statements: count("SELECT count(*) FROM statements")?,
                corrections: count("SELECT count(*) FROM corrections WHERE undone IS NULL")?,
                idle: count("SELECT count(*) FROM corrections_idle")?,
                feeds: count("SELECT count(*) FROM feeds")?,
                fetch_due: self
                    .db
                    .query_row("SELECT count(*) FROM fetches WHERE due IS NOT NULL AND due <= ?", [super::now()], |r| r.get(0))?,
                fetch_failures: count(
                    "SELECT (SELECT count(*) FROM fetches WHERE failure IS NOT NULL) + (SELECT count(*) FROM feeds WHERE failure IS NOT NULL)",
                )?,
                coders,
                imports: imports.collect::<rusqlite::Result<_>>()?,
            })
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Articles that could not be coded, with the reason.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn uncodable(&self) -> Result<Vec<(String, String)>, Failure> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT a.id, r.failure FROM readings r JOIN articles a ON a.n = r.article WHERE r.failure IS NOT NULL ORDER BY a.n",
            )?;
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}
