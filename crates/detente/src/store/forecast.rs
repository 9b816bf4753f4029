//! What forecasts are made from, and the ledger they are recorded in.

use super::{Store, now};
use crate::failure::Failure;
use detente_watch::day::{self, Day};
use rusqlite::params;

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The last day whose events were used.
    pub asked: Day,
    /// The last day that counts.
    pub due: Day,
    /// The two sides, in order of their codes.
    pub dyad: (String, String),
    /// force or material.
    pub deed: String,
    /// Least number of events.
    pub at_least: u32,
    /// Number of the coder.
    pub coder: i64,
    /// What made the forecast.
    pub model: String,
    /// Whether the pair was quiet.
    pub quiet: bool,
    /// The forecast.
    pub probability: f64,
    /// Base rate on that day.
    pub base: f64,
    /// How it resolves.
    pub rule: String,
}

impl Store {
    /// Writes a forecast into the ledger; false when the same one is there already.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn record_forecast(&mut self, e: &Entry) -> Result<bool, Failure> {
        let text = |day| day::date(day).to_string();
        self.transaction(|db| {
            let written = db.execute(
                "INSERT OR IGNORE INTO ledger (asked, due, a, b, deed, at_least, coder, model, quiet, probability, base, rule, recorded)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    text(e.asked),
                    text(e.due),
                    e.dyad.0,
                    e.dyad.1,
                    e.deed,
                    e.at_least,
                    e.coder,
                    e.model,
                    e.quiet,
                    e.probability,
                    e.base,
                    e.rule,
                    now()
                ],
            )?;
            Ok(written > 0)
        })
    }

    /// The ledger in order of its entries.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn ledger(&self) -> Result<Vec<Entry>, Failure> {
        let read = || {
            let mut statement = self
                .db
                .prepare("SELECT asked, due, a, b, deed, at_least, coder, model, quiet, probability, base, rule FROM ledger ORDER BY n")?;
            let day = |text: String| day::parse(&text).unwrap_or_default();
            let rows = statement.query_map([], |r| {
                Ok(Entry {
                    asked: day(r.get(0)?),
                    due: day(r.get(1)?),
                    dyad: (r.get(2)?, r.get(3)?),
                    deed: r.get(4)?,
                    at_least: r.get(5)?,
                    coder: r.get(6)?,
                    model: r.get(7)?,
                    quiet: r.get(8)?,
                    probability: r.get(9)?,
                    base: r.get(10)?,
                    rule: r.get(11)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<Entry>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}
