//! What people said of alarms and red lines, and what was told to whom.

use super::{Store, now};
use crate::failure::Failure;
use rusqlite::params;
use std::collections::HashMap;

/// What a person said of an alarm last.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AlarmState {
    /// new, seen, snoozed, confirmed, false.
    pub state: String,
    /// Day on which a snoozed alarm comes back.
    pub until: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// Who said so.
    pub author: String,
    /// When.
    pub at: String,
}

/// What a person said of a candidate crossing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    /// crossed, kept, open.
    pub verdict: String,
    /// Why.
    pub note: Option<String>,
    /// Who said so.
    pub author: String,
    /// When.
    pub at: String,
}

impl Store {
    /// The present state of every alarm somebody said something of.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn alarm_states(&self) -> Result<HashMap<String, AlarmState>, Failure> {
        let read = || {
            let mut statement =
                self.db.prepare_cached("SELECT alarm, state, until, note, author, at FROM alarm_states ORDER BY alarm, at")?;
            let rows = statement.query_map([], |r| {
                Ok((r.get(0)?, AlarmState { state: r.get(1)?, until: r.get(2)?, note: r.get(3)?, author: r.get(4)?, at: r.get(5)? }))
            })?;
            rows.collect::<rusqlite::Result<HashMap<String, AlarmState>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Keeps what a person says of an alarm. Earlier words stay.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn say_of_alarm(&mut self, alarm: &str, state: &str, until: Option<&str>, note: Option<&str>, author: &str) -> Result<(), Failure> {
        self.transaction(|db| {
            // The second of two words within a second is the one that holds.
            db.execute(
                "INSERT OR REPLACE INTO alarm_states (alarm, state, until, note, author, at) VALUES (?, ?, ?, ?, ?, ?)",
                params![alarm, state, until, note, author, now()],
            )?;
            Ok(())
        })
    }

    /// Takes the last words said of an alarm back; returns whether there were any.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn unsay_of_alarm(&mut self, alarm: &str) -> Result<bool, Failure> {
        self.transaction(|db| {
            let n = db.execute(
                "DELETE FROM alarm_states WHERE alarm = ?1 AND at = (SELECT max(at) FROM alarm_states WHERE alarm = ?1)",
                [alarm],
            )?;
            Ok(n > 0)
        })
    }

    /// Alarms of these that were not yet told by a way.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn untold(&self, way: &str, alarms: &[String]) -> Result<Vec<String>, Failure> {
        let read = || {
            let mut told = self.db.prepare_cached("SELECT 1 FROM alarm_deliveries WHERE alarm = ? AND way = ?")?;
            let mut out = Vec::new();
            for alarm in alarms {
                if !told.exists([alarm, way])? {
                    out.push(alarm.clone());
                }
            }
            Ok(out)
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Keeps that alarms were told.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn told(&mut self, way: &str, alarms: &[String]) -> Result<(), Failure> {
        self.transaction(|db| {
            let mut insert = db.prepare("INSERT OR IGNORE INTO alarm_deliveries (alarm, way, at) VALUES (?, ?, ?)")?;
            alarms.iter().try_for_each(|alarm| insert.execute(params![alarm, way, now()]).map(|_| ()))
        })
    }

    /// The present verdicts on candidate crossings, by red line and event.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn verdicts(&self) -> Result<HashMap<(String, String), Verdict>, Failure> {
        let read = || {
            let mut statement =
                self.db.prepare_cached("SELECT line, event, verdict, note, author, at FROM redline_verdicts ORDER BY at")?;
            let rows = statement.query_map([], |r| {
                Ok(((r.get(0)?, r.get(1)?), Verdict { verdict: r.get(2)?, note: r.get(3)?, author: r.get(4)?, at: r.get(5)? }))
            })?;
            rows.collect::<rusqlite::Result<HashMap<_, _>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Keeps what a person says of a candidate crossing.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn judge(&mut self, line: &str, event: &str, verdict: &str, note: Option<&str>, author: &str) -> Result<(), Failure> {
        self.transaction(|db| {
            db.execute(
                "INSERT OR REPLACE INTO redline_verdicts (line, event, verdict, note, author, at) VALUES (?, ?, ?, ?, ?, ?)",
                params![line, event, verdict, note, author, now()],
            )?;
            Ok(())
        })
    }
}
