//! Records out of the store, one at a time and in a fixed order.

use super::{Filter, Store, Wanted};
use crate::failure::{Failure, Stop};
use rusqlite::params_from_iter;
use rusqlite::types::{Value as Sql, ValueRef};
use serde_json::{Map, Value};

/// A record as it leaves the process: the columns of record v1 in their order.
pub type Row = Map<String, Value>;

/// Columns that hold JSON lists.
const LISTS: &[&str] = &["acts", "about", "chain", "skipped", "notes"];
/// Columns that hold 0 or 1 for false and true.
const FLAGS: &[&str] = &["date_resolved", "verbatim", "source_bare_state", "target_bare_state", "speaker_bare_state"];

/// How many records, and in which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// At most so many.
    pub limit: Option<usize>,
    /// The latest days first instead of the order of arrival.
    pub latest_first: bool,
}

impl Store {
    /// Hands every record that fulfils the filter to `take`; returns how many there were.
    ///
    /// # Errors
    /// The filter makes no sense, the store cannot be read, or the first error of `take`.
    pub fn each(&self, wanted: Wanted, filter: &Filter, rows: Rows, mut take: impl FnMut(Row) -> Result<(), Stop>) -> Result<usize, Stop> {
        let (condition, values) = filter.condition(wanted)?.finish();
        let (view, whole) = match wanted {
            Wanted::Events => ("events_v1", "record_events"),
            Wanted::Statements => ("statements_v1", "record_statements"),
        };
        let columns = self.columns(view)?;
        let order = match (rows.latest_first, filter.narrow()) {
            (true, _) => "day DESC NULLS LAST, n DESC",
            // The plus keeps SQLite from reading the whole table in its order.
            (_, true) => "+n",
            _ => "n",
        };
        if let (Wanted::Events, true, Some(limit)) = (wanted, rows.latest_first, rows.limit)
            && let Some(numbers) = self.latest(filter, limit)?
        {
            let sql = format!("SELECT {} FROM {whole} WHERE n IN (SELECT value FROM json_each(?)) ORDER BY {order}", columns.join(", "));
            return self.run(&sql, vec![super::latest::list(&numbers)], &columns, &mut take);
        }
        let limit = rows.limit.map_or(String::new(), |n| format!(" LIMIT {n}"));
        let sql = format!("SELECT {} FROM {whole} WHERE {condition} ORDER BY {order}{limit}", columns.join(", "));
        self.run(&sql, values, &columns, &mut take)
    }

    /// How many records fulfil the filter.
    ///
    /// # Errors
    /// The filter makes no sense, or the store cannot be read.
    pub fn count(&self, wanted: Wanted, filter: &Filter) -> Result<u64, Failure> {
        if wanted == Wanted::Events
            && let Some(n) = self.counted_plainly(filter)?
        {
            return Ok(n);
        }
        let (condition, values) = filter.condition(wanted)?.finish();
        let view = if wanted == Wanted::Events { "record_events" } else { "record_statements" };
        let sql = format!("SELECT count(*) FROM {view} WHERE {condition}");
        let n: i64 = self.db.query_row(&sql, params_from_iter(values), |r| r.get(0)).map_err(|e| self.trouble(&e))?;
        Ok(n.unsigned_abs())
    }

    /// Articles whose title or text holds the words, the best first, each with the place where they stand.
    ///
    /// # Errors
    /// The words make no question, the store cannot be read, or the first error of `take`.
    pub fn search(&self, words: &str, filter: &Filter, limit: usize, mut take: impl FnMut(Row) -> Result<(), Stop>) -> Result<usize, Stop> {
        let mut values = vec![Sql::Text(words.to_owned())];
        let mut more = String::new();
        for (sql, value) in [
            ("lower(a.outlet) GLOB lower(?)", filter.outlet.clone()),
            ("a.published >= ?", filter.from.map(|d| d.to_string())),
            ("a.published <= ?", filter.to.map(|d| d.to_string())),
        ] {
            let Some(value) = value else { continue };
            more.push_str(&format!(" AND {sql}"));
            values.push(Sql::Text(value));
        }
        let columns = ["id", "published", "outlet", "title", "url", "words"].map(str::to_owned);
        let sql = format!(
            "SELECT a.id, a.published, a.outlet, a.title, a.url, snippet(articles_text, 1, '[', ']', '…', 24)
             FROM articles_text JOIN articles a ON a.n = articles_text.rowid
             WHERE articles_text MATCH ?{more} ORDER BY rank, a.n LIMIT {limit}"
        );
        self.run(&sql, values, &columns, &mut take).map_err(|stop| match stop {
            Stop::Failed(f)
                if ["fts5", "no such column", "unterminated string", "unknown special query"].iter().any(|w| f.what.contains(w)) =>
            {
                Failure::new(format!("cannot search for {words}"))
                    .hint("put words that stand together in quotes: '\"red line\"'; OR, NOT and * may be used")
                    .into()
            }
            other => other,
        })
    }

    /// All articles in record v1, in order of arrival.
    ///
    /// # Errors
    /// The store cannot be read, or the first error of `take`.
    pub fn each_article(&self, mut take: impl FnMut(Row) -> Result<(), Stop>) -> Result<usize, Stop> {
        let columns = self.columns("articles_v1")?;
        let sql = format!("SELECT {} FROM articles_v1", columns.join(", "));
        self.run(&sql, Vec::new(), &columns, &mut take)
    }

    /// Columns of an imported row that record v1 has no place for.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn extras(&self, id: &str) -> Result<Row, Failure> {
        let Some(n) = id.strip_prefix("i:").and_then(|n| n.parse::<i64>().ok()) else { return Ok(Row::new()) };
        let read = || {
            let mut statement = self.db.prepare_cached("SELECT columns FROM event_extras WHERE event = ?")?;
            let mut rows = statement.query([n])?;
            rows.next()?.map(|r| r.get::<_, String>(0)).transpose()
        };
        let text = read().map_err(|e: rusqlite::Error| self.trouble(&e))?;
        Ok(text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default())
    }

    pub(super) fn columns(&self, view: &str) -> Result<Vec<String>, Failure> {
        let read = || {
            let statement = self.db.prepare_cached(&format!("SELECT * FROM {view}"))?;
            Ok(statement.column_names().into_iter().map(str::to_owned).collect())
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    pub(super) fn run(
        &self,
        sql: &str,
        values: Vec<Sql>,
        columns: &[String],
        take: &mut impl FnMut(Row) -> Result<(), Stop>,
    ) -> Result<usize, Stop> {
        let fail = |e: rusqlite::Error| Stop::Failed(self.trouble(&e));
        let mut statement = self.db.prepare(sql).map_err(fail)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(fail)?;
        let mut n = 0;
        while let Some(row) = rows.next().map_err(fail)? {
            let mut out = Row::new();
            for (i, name) in columns.iter().enumerate() {
                out.insert(name.clone(), value(name, row.get_ref(i).map_err(fail)?));
            }
            take(out)?;
            n += 1;
        }
        Ok(n)
    }
}

fn value(name: &str, value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(i) if FLAGS.contains(&name) => Value::Bool(i != 0),
        ValueRef::Integer(i) => i.into(),
        ValueRef::Real(f) => f.into(),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            if LISTS.contains(&name) { serde_json::from_str(&text).unwrap_or(Value::String(text)) } else { Value::String(text) }
        }
        // No column of ours holds bytes.
        ValueRef::Blob(_) => Value::Null,
    }
}
