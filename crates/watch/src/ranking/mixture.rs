//! A mixture of simple guesses about the next target, its weights learnt from the days before.

/// The guesses of the mixture.
pub const PARTS: usize = 12;
/// Weights differ by how often the source did the deed before.
pub const BUCKETS: usize = 6;

/// Weights by bucket.
#[derive(Clone, Debug)]
pub struct Mixture {
    weights: [[f32; PARTS]; BUCKETS],
    floor: f32,
}

impl Default for Mixture {
    fn default() -> Self {
        Self { weights: [[1.0 / PARTS as f32; PARTS]; BUCKETS], floor: 1e-7 }
    }
}

impl Mixture {
    /// The bucket of a source that did a deed so many times.
    #[must_use]
    pub fn bucket(n: f32) -> usize {
        (n + 1.0).log2().floor().min(BUCKETS as f32 - 1.0) as usize
    }

    /// The mixture's share for a candidate.
    #[must_use]
    pub fn share(&self, bucket: usize, parts: &[f32; PARTS]) -> f32 {
        self.weights[bucket].iter().zip(parts).map(|(w, p)| w * p).sum::<f32>() + self.floor
    }

    /// Fits the weights to what the guesses gave to the targets that came true, by expectation-maximisation.
    #[must_use]
    pub fn fit(seen: &[(usize, [f32; PARTS])]) -> Self {
        let mut mixture = Self::default();
        for _ in 0..60 {
            let mut sums = [[1.0f64; PARTS]; BUCKETS];
            for (bucket, parts) in seen {
                let share = mixture.share(*bucket, parts);
                for (k, p) in parts.iter().enumerate() {
                    sums[*bucket][k] += f64::from(mixture.weights[*bucket][k] * p / share);
                }
            }
            for (weights, sums) in mixture.weights.iter_mut().zip(&sums) {
                let all: f64 = sums.iter().sum();
                for (w, s) in weights.iter_mut().zip(sums) {
                    *w = (s / all) as f32;
                }
            }
        }
        mixture
    }
}
