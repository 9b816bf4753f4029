//! Forecasts of a store's pairs with their past score, and the ledger with what became of it.

use super::forecast::Past;
use crate::failure::Failure;
use crate::store::{Between, Entry, Passed, Store};
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::ledger::{self, Outcome};
use detente_watch::onset::{Deed, Forecast, Plan, Question, walk};
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// What is asked of all pairs.
#[derive(Clone, Debug)]
pub struct OutlookQuestion {
    /// Number of the coder.
    pub coder: i64,
    /// CAMEO 14 to 20 instead of 18 to 20.
    pub material: bool,
    /// Days ahead.
    pub within: i32,
    /// Days of history that are learnt from, up to the last one read.
    pub history: i32,
    /// Days after this one are not looked at.
    pub now: Date,
}

/// Forecasts of all pairs on the last day read.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The last day whose events were used.
    pub on: Date,
    /// The first one.
    pub from: Date,
    /// The last day that counts.
    pub due: Date,
    /// The likeliest first.
    pub rows: Vec<OutlookRow>,
    /// How forecasts of pairs that were not quiet did, and those of quiet ones.
    pub past: [PastScore; 2],
}

/// The forecast of a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutlookRow {
    /// One side.
    pub a: String,
    /// The other.
    pub b: String,
    /// onset after 30 quiet days, else incidence.
    pub kind: &'static str,
    /// The forecast.
    pub probability: f64,
    /// Share of windows of all pairs of this kind in which it came.
    pub base_rate: f64,
    /// Share of this pair's windows in which it came.
    pub own_record: f64,
}

/// How forecasts did, each made from what was known before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[allow(missing_docs)] // Measures described in METHOD.md.
pub struct PastScore {
    pub n: usize,
    pub came_true: usize,
    pub brier_skill: f64,
    pub ece: f64,
    pub ap: f64,
    pub ap_own_record: f64,
    pub calibration: Vec<Bin>,
}

/// Forecasts of about the same probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// How many.
    pub n: usize,
    /// Their mean probability.
    pub forecast: f64,
    /// Share that came true.
    pub came_true: f64,
}

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

/// Four digits after the point, as forecasts are told.
pub(crate) fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// Forecasts in tenths, as far as there are any.
fn bins(rows: &[(f64, bool)]) -> Vec<Bin> {
    let bin = |p: f64| ((p * 10.0) as usize).min(9);
    let of = |i: usize| {
        let inside: Vec<&(f64, bool)> = rows.iter().filter(|r| bin(r.0) == i).collect();
        let n = inside.len();
        let share = |x: f64| round(x / n as f64);
        let came = inside.iter().filter(|r| r.1).count() as f64;
        (n > 0).then(|| Bin { n, forecast: share(inside.iter().map(|r| r.0).sum()), came_true: share(came) })
    };
    (0..10).filter_map(of).collect()
}

impl From<Past> for PastScore {
    fn from(past: Past) -> Self {
        Self {
            n: past.n,
            came_true: past.yes,
            brier_skill: round(past.skill),
            ece: round(past.ece),
            ap: round(past.precision),
            ap_own_record: round(past.historical),
            calibration: bins(&past.settled),
        }
    }
}

/// Forecasts of all pairs; none with too little history to learn from.
///
/// # Errors
/// The store cannot be read.
pub fn outlook(store: &Store, q: &OutlookQuestion) -> Result<Option<Outlook>, Failure> {
    let Some(today) = super::today(store, q.coder, q.now)? else { return Ok(None) };
    let between = store.between(q.coder, day::date(day::number(today) - q.history), today)?;
    let events = between.countries();
    let (Some(first), Some(last)) = (events.first().map(|e| e.day), events.last().map(|e| e.day)) else { return Ok(None) };
    let deed = if q.material { Deed::Material } else { Deed::Force };
    let walk = walk(&events, between.codes.len(), Question { deed, horizon: q.within, ..Question::default() }, Plan::default());
    let code = |n: u32| between.codes.get(n as usize).cloned().unwrap_or_default();
    let row = |f: &Forecast| OutlookRow {
        a: code(f.pair.0),
        b: code(f.pair.1),
        kind: if f.quiet { "onset" } else { "incidence" },
        probability: round(f.probability),
        base_rate: round(f.base),
        own_record: round(f.baselines.historical),
    };
    let mut rows: Vec<OutlookRow> = walk.forecasts.iter().filter(|f| f.day == last).map(row).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    rows.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((&x.a, &x.b).cmp(&(&y.a, &y.b))));
    let past = [false, true].map(|quiet| Past::of(walk.forecasts.iter().filter(|f| f.quiet == quiet)).into());
    Ok(Some(Outlook { on: day::date(last), from: day::date(first), due: day::date(last + q.within), rows, past }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forecasts_by_tenths() {
        let found = bins(&[(0.04, false), (0.06, true), (0.55, true), (1.0, true)]);
        let shown: Vec<_> = found.iter().map(|b| (b.n, b.forecast, b.came_true)).collect();
        assert_eq!(shown, [(2, 0.05, 0.5), (1, 0.55, 1.0), (1, 1.0, 1.0)]);
        assert!(bins(&[]).is_empty());
    }
}
