//! The ledger of recorded forecasts, with what became of each.

use super::past::{Bin, bins, round};
use crate::failure::Failure;
use crate::store::{Between, Entry, Passed, Store};
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::ledger::{self, Outcome};
use detente_watch::onset::Deed;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// A recorded forecast and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // Columns of the ledger, as `detente forecast --ledger --json` has them.
pub struct LedgerRow {
    pub asked: String,
    pub due: String,
    pub a: String,
    pub b: String,
    pub deed: String,
    pub at_least: u32,
    pub model: String,
    pub probability: f64,
    pub base_rate: f64,
    pub rule: String,
    pub outcome: &'static str,
}

/// Measures of what was recorded.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct LedgerScore {
    pub n: usize,
    pub came_true: usize,
    pub open: usize,
    pub void: usize,
    pub brier: Option<f64>,
    pub brier_base: Option<f64>,
    pub log_score: Option<f64>,
    pub ece: Option<f64>,
    pub calibration: Vec<Bin>,
}

/// The ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// The latest first.
    pub rows: Vec<LedgerRow>,
    /// Over all of them.
    pub score: LedgerScore,
}

/// What was recorded with `detente forecast --record`, each with what became of it by a day.
///
/// # Errors
/// The store cannot be read.
pub fn outcomes(store: &Store, now: Date) -> Result<Vec<(Entry, Outcome)>, Failure> {
    let entries = store.ledger()?;
    let Some(first) = entries.iter().map(|e| e.asked).min() else { return Ok(Vec::new()) };
    let mut told: BTreeMap<i64, (Between, Vec<Day>)> = BTreeMap::new();
    for coder in entries.iter().map(|e| e.coder) {
        if let Slot::Vacant(slot) = told.entry(coder) {
            let between = store.between(coder, day::date(first), now)?;
            let mut read: Vec<Day> = between.events.iter().map(|p| p.day).collect();
            read.dedup();
            slot.insert((between, read));
        }
    }
    let resolved = entries.into_iter().filter_map(|e| {
        let (between, read) = told.get(&e.coder)?;
        let sides = [between.side(&e.dyad.0), between.side(&e.dyad.1)];
        let deed = if e.deed == "material" { Deed::Material } else { Deed::Force };
        let of =
            |p: &&Passed| p.source != p.target && sides.contains(&Some(p.source)) && sides.contains(&Some(p.target)) && deed.is(&p.event());
        let deeds: Vec<Day> = between.events.iter().filter(of).map(|p| p.day).collect();
        let outcome = ledger::resolve(e.asked, e.due - e.asked, e.at_least, &deeds, read);
        Some((e, outcome))
    });
    Ok(resolved.collect())
}

/// The ledger, with its measures.
///
/// # Errors
/// The store cannot be read.
pub fn ledger(store: &Store, now: Date) -> Result<Ledger, Failure> {
    let (mut rows, mut scored) = (Vec::new(), Vec::new());
    for (e, outcome) in outcomes(store, now)? {
        scored.push((e.probability, e.base, outcome));
        rows.push(LedgerRow {
            asked: day::date(e.asked).to_string(),
            due: day::date(e.due).to_string(),
            a: e.dyad.0,
            b: e.dyad.1,
            deed: e.deed,
            at_least: e.at_least,
            model: e.model,
            probability: round(e.probability),
            base_rate: round(e.base),
            rule: e.rule,
            outcome: outcome.name(),
        });
    }
    rows.reverse();
    let s = ledger::score(&scored);
    let settled: Vec<(f64, bool)> =
        scored.iter().filter(|r| matches!(r.2, Outcome::Yes | Outcome::No)).map(|r| (r.0, r.2 == Outcome::Yes)).collect();
    let score = LedgerScore {
        n: s.n,
        came_true: s.yes,
        open: s.open,
        void: s.void,
        brier: s.brier.map(round),
        brier_base: s.brier_base.map(round),
        log_score: s.log_score.map(round),
        ece: s.ece.map(round),
        calibration: bins(&settled),
    };
    Ok(Ledger { rows, score })
}
