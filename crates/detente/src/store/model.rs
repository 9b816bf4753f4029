//! Forecast models that were trained on the store's events.

use super::Store;
use crate::failure::Failure;
use detente_watch::day::{self, Day};
use rusqlite::{OptionalExtension, params};

/// A trained model.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedModel {
    /// What it answers: onset, next, flow.
    pub kind: &'static str,
    /// What was asked of it; empty where there is but one question.
    pub question: String,
    /// Number of the coder whose events it learnt from.
    pub coder: i64,
    /// The last day it knows of.
    pub trained: Day,
    /// Events of the days before, by which later additions to them are seen.
    pub events: i64,
    /// How it did before, as JSON.
    pub past: String,
    /// Its numbers.
    pub body: String,
}

impl Store {
    /// Keeps a model in place of the one of its kind, question and coder.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_model(&mut self, m: &TrainedModel) -> Result<(), Failure> {
        self.transaction(|db| {
            db.execute(
                "INSERT OR REPLACE INTO models (kind, question, coder, trained, events, past, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![m.kind, m.question, m.coder, day::date(m.trained).to_string(), m.events, m.past, m.body],
            )
            .map(drop)
        })
    }

    /// A model that was trained.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn model(&self, kind: &'static str, question: &str, coder: i64) -> Result<Option<TrainedModel>, Failure> {
        let sql = "SELECT trained, events, past, body FROM models WHERE kind = ? AND question = ? AND coder = ?";
        let of = |r: &rusqlite::Row<'_>| {
            let trained: String = r.get(0)?;
            let (question, trained) = (question.to_owned(), day::parse(&trained).unwrap_or_default());
            Ok(TrainedModel { kind, question, coder, trained, events: r.get(1)?, past: r.get(2)?, body: r.get(3)? })
        };
        self.db.query_row(sql, params![kind, question, coder], of).optional().map_err(|e| self.trouble(&e))
    }
}
