//! Weights of what speaks for a mediator, and how well they rank those who came.

use super::{Act, Row, Ties};
use crate::day::Day;

/// Weights of a conditional logit: the chance of a candidate is e^score over the sum of all candidates'.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights(pub [f64; Self::WIDTH]);

impl Weights {
    /// Number of columns: logarithms of mediations, mediations with the side, consultations of late and in all, cooperation,
    /// conflict, size, requests, mediations of late, refusals, contact of late, none ever, with the side of late, contact in all.
    pub const WIDTH: usize = 14;

    /// Score of a candidate.
    pub fn score(&self, features: &[f64; Self::WIDTH]) -> f64 {
        self.0.iter().zip(features).map(|(w, f)| w * f).sum()
    }
}

impl Default for Weights {
    /// Where nothing is known: frequency times consultations, requests for, refusals against.
    fn default() -> Self {
        Self([0.8, 0.6, 0.4, 0.4, 0.0, -0.1, 0.0, 0.3, 0.2, -1.0, 0.1, 0.0, 0.2, 0.1])
    }
}

/// Somebody who mediated, and where the ranking of the day before had them.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The day.
    pub day: Day,
    /// Who mediated.
    pub third: u32,
    /// With whom: one side, or all sides that are told of the same day.
    pub sides: Vec<u32>,
    /// Rank, 1 is best; the mean of the places of equals.
    pub rank: f64,
    /// Rank by how often each has mediated.
    pub frequency: f64,
    /// Rank by that times consultations with the side.
    pub consultations: f64,
}

/// What came of ranking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranks {
    /// Those from the first scored day on.
    pub labels: Vec<Label>,
    /// Weights fitted to all labels.
    pub weights: Weights,
}

impl Ranks {
    /// Mean of 1 / rank.
    pub fn mrr(&self, rank: impl Fn(&Label) -> f64) -> f64 {
        self.labels.iter().map(|l| 1.0 / rank(l)).sum::<f64>() / (self.labels.len() as f64).max(1.0)
    }

    /// Share ranked at `k` or better.
    pub fn hits(&self, k: f64, rank: impl Fn(&Label) -> f64) -> f64 {
        self.labels.iter().filter(|l| rank(l) <= k).count() as f64 / (self.labels.len() as f64).max(1.0)
    }
}

struct Case {
    right: usize,
    rows: Vec<[f64; Weights::WIDTH]>,
}

/// Walks over events in any order. Every third party that mediates with, or offers it to, others is one
/// label a day, with all sides it does so with on that day; it is ranked by what was told before that day, with weights fitted to the labels before it.
pub fn rank_labels(rows: &[Row], judged_from: Day) -> Ranks {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|r| (r.day, r.source, r.target, r.act as u8));
    let mut ties = Ties::default();
    let mut weights = Weights::default();
    let mut cases: Vec<Case> = Vec::new();
    let mut fitted = 0;
    let mut out = Ranks::default();
    for today in rows.chunk_by(|a, b| a.day == b.day) {
        let day = today[0].day;
        if cases.len() >= fitted + 5 {
            weights = fit(&cases);
            fitted = cases.len();
        }
        let mut labels: Vec<(u32, u32)> = today
            .iter()
            .filter(|r| matches!(r.act, Act::Mediate | Act::Offer) && r.source != r.target)
            .map(|r| (r.source, r.target))
            .collect();
        labels.sort_unstable();
        labels.dedup();
        for with in labels.chunk_by(|a, b| a.0 == b.0) {
            let third = with[0].0;
            let sides: Vec<u32> = with.iter().map(|(_, side)| *side).collect();
            // Others who mediate with a side on this day are no wrong answers.
            let others = |c: &u32| *c != third && labels.iter().any(|(t, s)| t == c && sides.contains(s));
            let candidates: Vec<u32> = ties.candidates(&sides).into_iter().filter(|c| !others(c)).collect();
            let features: Vec<_> = candidates.iter().map(|c| ties.features(*c, &sides, day)).collect();
            let right = candidates.iter().position(|c| *c == third);
            // One who was never seen is somewhere among all the others.
            let rank = |score: &dyn Fn(&[f64; Weights::WIDTH]) -> f64| match right {
                None => candidates.len() as f64 + 1.0 + ties.actors().saturating_sub(candidates.len()) as f64 / 2.0,
                Some(right) => {
                    let own = score(&features[right]);
                    let above = features.iter().filter(|f| score(f) > own).count();
                    let same = features.iter().filter(|f| score(f) == own).count();
                    above as f64 + (same as f64 + 1.0) / 2.0
                }
            };
            if day >= judged_from {
                out.labels.push(Label {
                    day,
                    third,
                    sides: sides.clone(),
                    rank: rank(&|f| weights.score(f)),
                    frequency: rank(&|f| f[0]),
                    consultations: rank(&|f| f[0].exp() * (f[3].exp())),
                });
            }
            if let Some(right) = right {
                cases.push(Case { right, rows: features });
            }
        }
        today.iter().for_each(|r| ties.add(r));
    }
    out.weights = fit(&cases);
    out
}

/// How firmly weights stay where they are without labels, in labels.
const RIDGE: f64 = 3.0;

/// Gradient steps on the penalised likelihood, the same number every time.
fn fit(cases: &[Case]) -> Weights {
    let start = Weights::default();
    let mut weights = start;
    let mut sum_of_squares = [1e-9; Weights::WIDTH];
    for _ in 0..60 {
        let mut gradient: [f64; Weights::WIDTH] = std::array::from_fn(|j| -RIDGE * (weights.0[j] - start.0[j]));
        for case in cases {
            let scores: Vec<f64> = case.rows.iter().map(|r| weights.score(r)).collect();
            let top = scores.iter().copied().fold(f64::MIN, f64::max);
            let total: f64 = scores.iter().map(|s| (s - top).exp()).sum();
            for (row, score) in case.rows.iter().zip(&scores) {
                let p = (score - top).exp() / total;
                gradient.iter_mut().zip(row).for_each(|(g, x)| *g -= p * x);
            }
            gradient.iter_mut().zip(&case.rows[case.right]).for_each(|(g, x)| *g += x);
        }
        for j in 0..Weights::WIDTH {
            sum_of_squares[j] += gradient[j] * gradient[j];
            weights.0[j] += 0.3 * gradient[j] / sum_of_squares[j].sqrt();
        }
    }
    weights
}
