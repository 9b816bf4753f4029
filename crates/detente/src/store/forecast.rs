//! What forecasts are made from, and the ledger they are recorded in.

use super::{Store, now};
use crate::failure::Failure;
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use rusqlite::params;

/// An event between two sides: countries with all their sectors, or actors of no country.
#[derive(Clone, Debug, PartialEq)]
pub struct SideEvent {
    /// Its id.
    pub id: String,
    /// The day it is counted under.
    pub day: Day,
    /// Who acts.
    pub source: String,
    /// Towards whom.
    pub target: String,
    /// CAMEO code.
    pub cameo: String,
    /// Goldstein value; 0 where there is none.
    pub goldstein: f64,
}

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
    /// Events of a coder that happened or were claimed, with two sides and a CAMEO code, up to and with a day, in order of days.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn told_between_sides(&self, coder: i64, until: Date) -> Result<Vec<SideEvent>, Failure> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT coalesce(id, 'i:' || n), day, coalesce(source_country, source), coalesce(target_country, target), cameo, coalesce(goldstein, 0.0)
                 FROM events WHERE coder = ? AND day <= ? AND mode IN ('happened', 'claimed') AND source IS NOT NULL
                 AND target IS NOT NULL AND cameo IS NOT NULL ORDER BY day, n",
            )?;
            let rows = statement.query_map(params![coder, until.to_string()], |r| {
                let day: String = r.get(1)?;
                // Days are checked by the table itself.
                let day = day::parse(&day).unwrap_or_default();
                Ok(SideEvent { id: r.get(0)?, day, source: r.get(2)?, target: r.get(3)?, cameo: r.get(4)?, goldstein: r.get(5)? })
            })?;
            rows.collect::<rusqlite::Result<Vec<SideEvent>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

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
