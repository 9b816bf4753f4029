//! Log odds turned into probabilities that keep their word.

use super::sigmoid;

/// p = 1 / (1 + e^-(a + b z)), drawn towards a = 0, b = 1 where there is little to learn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Shift of the log odds.
    pub shift: f64,
    /// Slope.
    pub slope: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { shift: 0.0, slope: 1.0 }
    }
}

impl Calibration {
    /// Fits to forecasts made before and what came of them. `prior` is how firmly both stay at (0, 1).
    pub fn fit(past: &[(f64, bool)], prior: f64) -> Self {
        let (mut a, mut b) = (0.0, 1.0);
        for _ in 0..25 {
            let (mut ga, mut gb) = (-prior * a, -prior * (b - 1.0));
            let (mut haa, mut hab, mut hbb) = (prior, 0.0, prior);
            for (z, happened) in past {
                let p = sigmoid(a + b * z);
                let error = f64::from(u8::from(*happened)) - p;
                let w = (p * (1.0 - p)).max(1e-9);
                ga += error;
                gb += error * z;
                haa += w;
                hab += w * z;
                hbb += w * z * z;
            }
            let det = haa * hbb - hab * hab;
            if det.abs() < 1e-12 {
                break;
            }
            let (da, db) = ((hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det);
            a += da.clamp(-1.0, 1.0);
            b += db.clamp(-0.5, 0.5);
            if da.abs().max(db.abs()) < 1e-8 {
                break;
            }
        }
        Self { shift: a, slope: b.max(0.05) }
    }

    /// The probability of log odds.
    pub fn probability(&self, z: f64) -> f64 {
        sigmoid(self.shift + self.slope * z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_bold_forecasts_are_tamed() {
        // Said 88 %, came true in half of the cases.
        let past: Vec<(f64, bool)> = (0..400).map(|i| (if i % 4 < 2 { 2.0 } else { -2.0 }, i % 2 == 0)).collect();
        let tamed = Calibration::fit(&past, 1.0);
        assert!((tamed.probability(2.0) - 0.5).abs() < 0.05, "{tamed:?}");
        assert_eq!(Calibration::fit(&[], 1.0), Calibration::default());
    }
}
