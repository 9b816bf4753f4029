//! How forecasts did before.

use detente_watch::learn::{average_precision, brier, calibration_error};
use detente_watch::onset::{Forecast, NAME};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How forecasts did, each made from what was known before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// How many.
    pub n: usize,
    /// Their mean probability.
    pub forecast: f64,
    /// Share that came true.
    pub came_true: f64,
}

/// Four digits after the point, as forecasts are told.
pub(crate) fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// Forecasts in tenths, as far as there are any.
pub(super) fn bins(rows: &[(f64, bool)]) -> Vec<Bin> {
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

impl PastScore {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Forecast>) -> Self {
        let rows: Vec<(&Forecast, bool)> = rows.filter_map(|f| Some((f, f.outcome?))).collect();
        let labels: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let of = |get: fn(&Forecast) -> f64| -> Vec<f64> { rows.iter().map(|r| get(r.0)).collect() };
        let model = of(|f| f.probability);
        let base = brier(&of(|f| f.base), &labels);
        Self {
            n: rows.len(),
            came_true: labels.iter().filter(|l| **l).count(),
            brier_skill: round(if base > 0.0 { 1.0 - brier(&model, &labels) / base } else { 0.0 }),
            ece: round(calibration_error(&model, &labels)),
            ap: round(average_precision(&model, &labels)),
            ap_own_record: round(average_precision(&of(|f| f.baselines.historical), &labels)),
            calibration: bins(&model.into_iter().zip(labels).collect::<Vec<_>>()),
        }
    }

    /// As JSON, without the calibration.
    pub fn json(&self) -> Value {
        json!({"n": self.n, "came_true": self.came_true, "brier_skill": self.brier_skill, "ece": self.ece, "ap": self.ap,
            "ap_own_record": self.ap_own_record})
    }

    /// In a sentence.
    pub fn words(&self) -> String {
        if self.n == 0 {
            return format!("model {NAME}: no past forecast of this kind has come due, so that nothing is known of its quality");
        }
        format!(
            "model {NAME}: of {} past forecasts of this kind {} came true; Brier skill {:.3} over the base rate, calibration error {:.3}, \
             average precision {:.3} (own record alone {:.3})",
            self.n, self.came_true, self.brier_skill, self.ece, self.ap, self.ap_own_record
        )
    }
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
