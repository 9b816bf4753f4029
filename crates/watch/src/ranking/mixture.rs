//! Mixtures of simple guesses about what comes next, their weights learnt from the days before.

use crate::learn::{Keep, Kept};

/// The guesses about a target.
pub const PARTS: usize = 12;
/// Weights differ by how often the like happened before.
const BUCKETS: usize = 6;
/// What every candidate gets.
const FLOOR: f32 = 1e-7;

/// The mixture for targets.
pub type Targets = Mixture<PARTS>;

/// Weights by bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture<const N: usize>([[f32; N]; BUCKETS]);

impl<const N: usize> Default for Mixture<N> {
    fn default() -> Self {
        Self([[1.0 / N as f32; N]; BUCKETS])
    }
}

/// The bucket of what happened so many times.
#[must_use]
pub fn bucket(n: f32) -> usize {
    (n + 1.0).log2().floor().min(BUCKETS as f32 - 1.0) as usize
}

impl<const N: usize> Mixture<N> {
    /// The mixture's share for a candidate.
    #[must_use]
    pub fn share(&self, bucket: usize, parts: &[f32; N]) -> f32 {
        self.0[bucket].iter().zip(parts).map(|(w, p)| w * p).sum::<f32>() + FLOOR
    }

    /// What each part has of the share, as fractions.
    #[must_use]
    pub fn reasons(&self, bucket: usize, parts: &[f32; N]) -> [f32; N] {
        let share = self.share(bucket, parts);
        std::array::from_fn(|k| self.0[bucket][k] * parts[k] / share)
    }

    /// Writes the weights down.
    pub fn keep(&self, to: &mut Keep) {
        to.all(self.0.iter().flatten()).line();
    }

    /// Reads weights.
    pub fn kept(from: &mut Kept) -> Option<Self> {
        let mut out = Self::default();
        for weights in &mut out.0 {
            *weights = from.many()?;
        }
        Some(out)
    }

    /// Fits the weights to what the guesses gave to the answers that came true, by expectation-maximisation.
    #[must_use]
    pub fn fit(seen: &[(usize, [f32; N])]) -> Self {
        let mut mixture = Self::default();
        for _ in 0..60 {
            let mut sums = [[1.0f64; N]; BUCKETS];
            for (bucket, parts) in seen {
                for (sum, r) in sums[*bucket].iter_mut().zip(mixture.reasons(*bucket, parts)) {
                    *sum += f64::from(r);
                }
            }
            for (weights, sums) in mixture.0.iter_mut().zip(&sums) {
                let all: f64 = sums.iter().sum();
                weights.iter_mut().zip(sums).for_each(|(w, s)| *w = (s / all) as f32);
            }
        }
        mixture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guess_that_was_right_gets_the_weight() {
        let seen: Vec<(usize, [f32; 2])> = (0..50).map(|i| (2, if i % 5 == 0 { [0.0, 0.3] } else { [0.9, 0.0] })).collect();
        let mixture = Mixture::fit(&seen);
        assert!(mixture.0[2][0] > 0.75 && mixture.0[2][0] < 0.9, "{:?}", mixture.0[2]);
        assert_eq!(mixture.0[3], [0.5, 0.5], "nothing seen, nothing learnt");
        let reasons = mixture.reasons(2, &[0.9, 0.0]);
        assert!(reasons[0] > 0.99 && reasons[1] == 0.0);
    }

    #[test]
    fn buckets_double() {
        assert_eq!([0.0, 1.0, 2.0, 3.0, 6.0, 7.0, 15.0, 31.0, 1e6].map(bucket), [0, 1, 1, 2, 2, 3, 4, 5, 5]);
    }
}
