//! Records in the order of tables: by pair and day, so that a reader who wants one pair skips the rest.

use super::{Filter, Store, Wanted};
use crate::failure::{Failure, Stop};
use crate::store::Row;
use detente_arrow::Kind;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

/// Which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorted {
    /// Their kind.
    pub kind: Kind,
    /// Only those without a day.
    pub undated: bool,
}

impl Store {
    /// Hands every record that fulfils the filter to `take`: events by source, target and day, statements by speaker and
    /// day, articles by day. Of the filter, articles heed outlet and days.
    ///
    /// # Errors
    /// The filter makes no sense, the store cannot be read, or the first error of `take`.
    pub fn each_sorted(&self, sorted: Sorted, filter: &Filter, mut take: impl FnMut(Row) -> Result<(), Stop>) -> Result<usize, Stop> {
        let (view, whole, order) = match sorted.kind {
            Kind::Events => ("events_v1", "record_events", "source_country, target_country, day, n"),
            Kind::Statements => ("statements_v1", "record_statements", "speaker_country, day, n"),
            Kind::Articles => ("articles_v1", "articles_v1", "published, id"),
        };
        let columns = self.columns(view)?;
        let (mut condition, values) = self.of(sorted.kind, filter)?;
        if sorted.undated {
            condition.push_str(&format!(" AND {} IS NULL", day(sorted.kind)));
        }
        let sql = format!("SELECT {} FROM {whole} WHERE {condition} ORDER BY {order}", columns.join(", "));
        self.run(&sql, values, &columns, &mut take)
    }

    /// The years with records, in order; none stands for records without a day.
    ///
    /// # Errors
    /// The filter makes no sense, or the store cannot be read.
    pub fn years(&self, kind: Kind, filter: &Filter) -> Result<Vec<Option<i16>>, Failure> {
        let whole = match kind {
            Kind::Events => "record_events",
            Kind::Statements => "record_statements",
            Kind::Articles => "articles_v1",
        };
        let (condition, values) = self.of(kind, filter)?;
        let sql = format!("SELECT DISTINCT CAST(substr({}, 1, 4) AS INTEGER) FROM {whole} WHERE {condition} ORDER BY 1", day(kind));
        let read =
            || self.connection().prepare(&sql)?.query_map(params_from_iter(values), |r| r.get(0))?.collect::<rusqlite::Result<Vec<_>>>();
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    fn of(&self, kind: Kind, filter: &Filter) -> Result<(String, Vec<Sql>), Failure> {
        let wanted = match kind {
            Kind::Events => Wanted::Events,
            Kind::Statements => Wanted::Statements,
            Kind::Articles => {
                let (mut sql, mut values) = ("true".to_owned(), Vec::new());
                for (part, value) in [
                    ("lower(outlet) GLOB lower(?)", filter.outlet.clone()),
                    ("published >= ?", filter.from.map(|d| d.to_string())),
                    ("published <= ?", filter.to.map(|d| d.to_string())),
                    ("id = ?", filter.article.clone()),
                ] {
                    if let Some(value) = value {
                        sql.push_str(&format!(" AND {part}"));
                        values.push(Sql::Text(value));
                    }
                }
                return Ok((sql, values));
            }
        };
        Ok(filter.condition(wanted)?.finish())
    }
}

fn day(kind: Kind) -> &'static str {
    if kind == Kind::Articles { "published" } else { "day" }
}
