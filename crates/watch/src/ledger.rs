//! The record of forecasts: what was asked, when it is due, and what came of it.

use crate::day::Day;
use crate::learn::{brier, calibration_error, log_score};

/// What became of a recorded forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its window has not closed in what was read.
    Open,
    /// It came.
    Yes,
    /// It did not.
    No,
    /// Too little was read of its window to tell.
    Void,
}

impl Outcome {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Open => "open",
            Outcome::Yes => "yes",
            Outcome::No => "no",
            Outcome::Void => "void",
        }
    }
}

/// Resolves a question asked on day `asked` over the `within` days after it: yes as soon as `at_least` of `deeds` (a day for
/// each event) fall into the window; else no when the window has closed and something was read on at least half of its
/// days, void when it has closed and less was read. `read` are days with any event, in order.
pub fn resolve(asked: Day, within: i32, at_least: u32, deeds: &[Day], read: &[Day]) -> Outcome {
    let due = asked.saturating_add(within);
    let inside = |day: &Day| *day > asked && *day <= due;
    if deeds.iter().filter(|d| inside(d)).count() >= at_least as usize {
        return Outcome::Yes;
    }
    if read.last().is_none_or(|last| *last < due) {
        return Outcome::Open;
    }
    let covered = read.iter().filter(|d| inside(d)).count();
    if covered * 2 >= usize::try_from(within).unwrap_or(0) { Outcome::No } else { Outcome::Void }
}

/// Measures of forecasts that were resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Forecasts that came true or did not.
    pub n: usize,
    /// Those that came true.
    pub yes: usize,
    /// Void ones.
    pub void: usize,
    /// Open ones.
    pub open: usize,
    /// Mean squared error; none without resolved ones.
    pub brier: Option<f64>,
    /// The same of the base rates given with them.
    pub brier_base: Option<f64>,
    /// Mean of minus the logarithm of the probability of what came.
    pub log_score: Option<f64>,
    /// Expected calibration error.
    pub ece: Option<f64>,
}

/// Measures rows of probability, base rate and outcome.
pub fn score(rows: &[(f64, f64, Outcome)]) -> Score {
    let settled: Vec<&(f64, f64, Outcome)> = rows.iter().filter(|r| matches!(r.2, Outcome::Yes | Outcome::No)).collect();
    let labels: Vec<bool> = settled.iter().map(|r| r.2 == Outcome::Yes).collect();
    let forecasts: Vec<f64> = settled.iter().map(|r| r.0).collect();
    let base: Vec<f64> = settled.iter().map(|r| r.1).collect();
    let of = |x: f64| (!labels.is_empty()).then_some(x);
    let count = |what| rows.iter().filter(|r| r.2 == what).count();
    Score {
        n: labels.len(),
        yes: count(Outcome::Yes),
        void: count(Outcome::Void),
        open: count(Outcome::Open),
        brier: of(brier(&forecasts, &labels)),
        brier_base: of(brier(&base, &labels)),
        log_score: of(log_score(&forecasts, &labels)),
        ece: of(calibration_error(&forecasts, &labels)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_resolve_by_their_window() {
        let read: Vec<Day> = (0..40).collect();
        let check = |deeds: &[Day], read: &[Day], at_least, expect| assert_eq!(resolve(10, 14, at_least, deeds, read), expect, "{deeds:?}");
        check(&[12], &read, 1, Outcome::Yes);
        check(&[10, 25], &read, 1, Outcome::No);
        check(&[24], &read, 1, Outcome::Yes);
        check(&[11, 24], &read, 2, Outcome::Yes);
        check(&[11], &read, 2, Outcome::No);
        check(&[], &read[..20], 1, Outcome::Open);
        check(&[12], &read[..20], 1, Outcome::Yes);
        check(&[], &[1, 12, 30], 1, Outcome::Void);
        check(&[], &[], 1, Outcome::Open);
    }

    #[test]
    fn open_and_void_ones_are_counted_and_not_scored() {
        let rows = [(0.8, 0.5, Outcome::Yes), (0.2, 0.5, Outcome::No), (0.9, 0.5, Outcome::Void), (0.9, 0.5, Outcome::Open)];
        let got = score(&rows);
        assert_eq!((got.n, got.yes, got.void, got.open), (2, 1, 1, 1));
        assert!(got.brier.is_some_and(|b| (b - 0.04).abs() < 1e-12) && got.brier_base.is_some_and(|b| (b - 0.25).abs() < 1e-12));
        assert_eq!(score(&[]), Score::default());
    }
}
