//! The latest events that fulfil a filter, found along the indexes: millions of others are not read for it.

use super::{Filter, Store, Wanted};
use crate::failure::Failure;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

/// Events under the names that filters know. The views join what a record needs; before that SQLite can go along an
/// index and stop early.
pub(crate) const PLAIN: &str =
    "(SELECT n, day, coder AS coder_n, article AS article_n, id, source, source_country, target, target_country, cameo, plover,
  coalesce(substr(cameo, 1, 2), plover, '-') AS class, quad, mode, place_name, place_country, confidence FROM events)";

impl Filter {
    /// The filter as filters of one direction each, which together find the same: an index serves each.
    pub(crate) fn ways(&self) -> Vec<Self> {
        match (&self.dyad, &self.actor) {
            (Some((a, b)), None) if !self.directed && a != b => {
                [(a, b), (b, a)].map(|(x, y)| Self { dyad: Some((x.clone(), y.clone())), directed: true, ..self.clone() }).to_vec()
            }
            (None, Some(actor)) if self.source.is_none() && self.target.is_none() => vec![
                Self { actor: None, source: Some(actor.clone()), ..self.clone() },
                Self { actor: None, target: Some(actor.clone()), ..self.clone() },
            ],
            _ => vec![self.clone()],
        }
    }

    /// Whether it asks for nothing that the events themselves do not have.
    fn plain(&self) -> bool {
        self.outlet.is_none() && self.id.is_none()
    }
}

impl Store {
    /// Numbers of the latest events, the latest first; none where the filter asks for more than events have.
    pub(super) fn latest(&self, filter: &Filter, limit: usize) -> Result<Option<Vec<i64>>, Failure> {
        if !filter.plain() {
            return Ok(None);
        }
        let mut found: Vec<(Option<String>, i64)> = Vec::new();
        for way in filter.ways() {
            let (condition, values) = way.condition(Wanted::Events)?.finish();
            let sql = format!("SELECT day, n FROM {PLAIN} WHERE {condition} ORDER BY day DESC, n DESC LIMIT {limit}");
            let read = || {
                let mut statement = self.db.prepare_cached(&sql)?;
                statement.query_map(params_from_iter(values), |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<Vec<_>>>()
            };
            found.extend(read().map_err(|e: rusqlite::Error| self.trouble(&e))?);
        }
        // No day comes last, as SQLite has it.
        found.sort_unstable_by(|x, y| y.cmp(x));
        found.dedup();
        found.truncate(limit);
        Ok(Some(found.into_iter().map(|f| f.1).collect()))
    }

    /// How many events fulfil a filter, counted from the events alone; none where the filter asks for more.
    pub(super) fn counted_plainly(&self, filter: &Filter) -> Result<Option<u64>, Failure> {
        if !filter.plain() {
            return Ok(None);
        }
        // A coder that all events have needs not be looked for: an index then has all that is asked.
        let all = self.coders()?;
        let every = filter
            .coder
            .as_ref()
            .is_some_and(|c| !c.contains(['*', '?', '[']) && all.iter().all(|(_, name, ..)| name.starts_with(c.as_str())));
        let filter = if every { Filter { coder: None, ..filter.clone() } } else { filter.clone() };
        let (condition, values) = filter.condition(Wanted::Events)?.finish();
        let sql = format!("SELECT count(*) FROM {PLAIN} WHERE {condition}");
        let count = || self.db.prepare_cached(&sql)?.query_row(params_from_iter(values), |r| r.get::<_, i64>(0));
        Ok(Some(count().map_err(|e: rusqlite::Error| self.trouble(&e))?.unsigned_abs()))
    }
}

/// Numbers as SQL takes them.
pub(super) fn list(numbers: &[i64]) -> Sql {
    Sql::Text(format!("[{}]", numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Rows;
    use serde_json::Value;

    /// What the views give is what is found along the indexes.
    #[test]
    fn the_same_as_all_that_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        drop(Store::create(&path).unwrap());
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA foreign_keys = off; INSERT INTO coders VALUES (7, 'one', 'x'), (8, 'two', 'x')").unwrap();
        let sides = ["IRN", "ISR", "USA"];
        for i in 0..600_i64 {
            let (a, b) = (sides[(i % 3) as usize], sides[(i / 3 % 3) as usize]);
            let day = (i % 11 > 0).then(|| format!("2020-01-{:02}", 1 + i % 28));
            db.execute(
                "INSERT INTO events (n, coder, import, line, day, source, source_country, target, target_country, cameo, quad, mode, date_resolved)
                 VALUES (?1, ?2, 1, ?1, ?3, ?4 || 'GOV', ?4, ?5, ?5, ?6, ?7, ?8, 1)",
                rusqlite::params![i, 7 + i % 5 / 4, day, a, b, ["042", "190", "0256"][(i % 7 % 3) as usize], 1 + i % 4, ["happened", "claimed", "future"][(i % 13 % 3) as usize]],
            )
            .unwrap();
        }
        drop(db);
        let store = Store::open_read(&path).unwrap();
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        let one = |s: &str| Some(s.to_owned());
        for filter in [
            Filter::default(),
            Filter { dyad: pair("IRN", "ISR"), ..Filter::default() },
            Filter { dyad: pair("ISR", "IRN"), directed: true, ..Filter::default() },
            Filter { dyad: pair("IRN", "IRN"), ..Filter::default() },
            Filter { dyad: pair("IRNGOV", "ISR"), quads: vec![3, 4], ..Filter::default() },
            Filter { actor: one("IRN"), codes: vec!["19".into()], ..Filter::default() },
            Filter { actor: one("IRN"), source: one("IRN"), ..Filter::default() },
            Filter { target: one("USA"), from: "2020-01-05".parse().ok(), to: "2020-01-20".parse().ok(), ..Filter::default() },
            Filter { coder: one("two"), modes: vec!["future".into()], ..Filter::default() },
            Filter { dyad: pair("IRN", "ISR"), coder: one("o"), ..Filter::default() },
            Filter { dyad: pair("IRN", "ISR"), coder: one(""), ..Filter::default() },
        ] {
            let ids = |filter: &Filter, limit: Option<usize>| {
                let mut out = Vec::new();
                let rows = Rows { latest_first: true, limit };
                store
                    .each(Wanted::Events, filter, rows, |r| {
                        out.push(r["id"].clone());
                        Ok(())
                    })
                    .unwrap();
                out
            };
            let all: Vec<Value> = ids(&filter, None);
            assert!(all.len() > 20, "{filter:?}");
            for n in [0, 1, 17, 10_000] {
                assert_eq!(ids(&filter, Some(n)), all[..n.min(all.len())], "{filter:?} {n}");
            }
            assert_eq!(store.count(Wanted::Events, &filter).unwrap(), all.len() as u64, "{filter:?}");
        }
    }
}
