//! Boosted trees that put the true candidate of a question before the others.
//!
//! Trees are oblivious: all nodes of a level ask the same question, so that a leaf is a number of as
//! many bits as there are levels. The loss is that of a conditional logit: minus the log of the
//! softmax share of the true candidate, other true ones left out.

use super::Work;
use crate::learn::{Keep, Kept};

/// Levels of a tree.
const DEPTH: usize = 6;
const LEAVES: usize = 1 << DEPTH;
/// Values a feature is cut into.
const BINS: usize = 64;

/// Candidates of questions, with what came true.
#[derive(Debug, Default)]
pub struct Rows {
    /// By feature, by row.
    pub columns: Vec<Vec<u8>>,
    /// By row: the logarithm of the mixture's share.
    pub start: Vec<f32>,
    /// By row: how many left-out candidates it stands for.
    pub weight: Vec<f32>,
    /// By row: how often it came true.
    pub truth: Vec<f32>,
    /// Where each question's rows end.
    pub ends: Vec<u32>,
}

/// Cuts of every feature.
#[derive(Clone, Debug, Default)]
pub struct Cuts(Vec<Vec<f32>>);

impl Cuts {
    /// Cuts at the quantiles of values by feature.
    #[must_use]
    pub fn new(mut columns: Vec<Vec<f32>>) -> Self {
        let cut = |values: &mut Vec<f32>| {
            values.sort_unstable_by(f32::total_cmp);
            let mut cuts: Vec<f32> = (1..BINS).map(|i| values[(i * values.len() / BINS).min(values.len() - 1)]).collect();
            // Where one value fills most quantiles, the others share the cuts that are left.
            cuts.dedup();
            if cuts.len() < BINS / 2 {
                let mut other: Vec<f32> = values.clone();
                other.dedup();
                let left = BINS - 1 - cuts.len();
                cuts.extend((1..=left).map(|i| other[(i * other.len() / (left + 1)).min(other.len() - 1)]));
                cuts.sort_unstable_by(f32::total_cmp);
                cuts.dedup();
            }
            cuts
        };
        Self(columns.iter_mut().map(|c| if c.is_empty() { Vec::new() } else { cut(c) }).collect())
    }

    /// The bin of a value: the number of cuts below it.
    #[must_use]
    pub fn bin(&self, feature: usize, value: f32) -> u8 {
        self.0[feature].partition_point(|c| *c < value) as u8
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Tree {
    /// Feature and cut of each level: above the cut sets the level's bit.
    asks: [(u32, f32); DEPTH],
    leaves: [f32; LEAVES],
}

/// The trees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trees {
    trees: Vec<Tree>,
}

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// Number of trees.
    pub trees: usize,
    /// Step of each tree.
    pub rate: f32,
    /// Share of the questions a tree sees.
    pub questions: f32,
    /// Share of the features a tree sees.
    pub features: f32,
    /// Added to the sum of second derivatives of a leaf.
    pub ridge: f32,
}

/// A number from numbers, the same every time.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_add(0x632B_E59B_D9B4_E019);
    for _ in 0..2 {
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x ^= x >> 27;
    }
    x
}

pub(super) fn chance(a: u64, b: u64) -> f32 {
    (mix(a, b) >> 40) as f32 / (1u64 << 24) as f32
}

impl Trees {
    /// Grows trees on rows.
    #[must_use]
    pub fn grow(rows: &Rows, cuts: &Cuts, growth: &Growth, work: &impl Work) -> Self {
        let mut score = rows.start.clone();
        let mut out = Self::default();
        let n = score.len();
        let mut slopes = vec![(0.0f32, 0.0f32); n];
        let mut leaf = vec![0u8; n];
        for t in 0..growth.trees {
            // The rows of the questions this tree sees, as ranges.
            let mut picked: Vec<(u32, u32)> = Vec::new();
            let mut from = 0;
            for (q, &end) in rows.ends.iter().enumerate() {
                if chance(t as u64 + 1, q as u64) < growth.questions {
                    slope(rows, &score, &mut slopes, from as usize, end as usize);
                    picked.push((from, end));
                }
                from = end;
            }
            let features: Vec<usize> = (0..rows.columns.len())
                .filter(|f| !cuts.0[*f].is_empty() && chance(t as u64 + 1, (1 << 40) + *f as u64) < growth.features)
                .collect();
            if features.is_empty() || picked.is_empty() {
                continue;
            }
            for r in &picked {
                leaf[r.0 as usize..r.1 as usize].fill(0);
            }
            let mut tree = Tree { asks: [(0, f32::INFINITY); DEPTH], leaves: [0.0; LEAVES] };
            let mut bins = [(0usize, u8::MAX); DEPTH];
            for (level, own) in bins.iter_mut().enumerate() {
                let best =
                    work.map(features.len(), &|i| best_cut(&rows.columns[features[i]], &slopes, &leaf, &picked, 1 << level, growth.ridge));
                let (i, (_, bin)) =
                    best.iter().enumerate().fold((0, (f32::MIN, u8::MAX)), |a, (i, b)| if b.0 > a.1.0 { (i, *b) } else { a });
                let f = features[i];
                if usize::from(bin) >= cuts.0[f].len() {
                    continue;
                }
                tree.asks[level] = (f as u32, cuts.0[f][usize::from(bin)]);
                *own = (f, bin);
                let column = &rows.columns[f];
                for range in picked.iter().map(|r| r.0 as usize..r.1 as usize) {
                    leaf[range.clone()].iter_mut().zip(&column[range]).for_each(|(leaf, x)| *leaf |= u8::from(*x > bin) << level);
                }
            }
            let mut sums = [(0.0f64, 0.0f64); LEAVES];
            for range in picked.iter().map(|r| r.0 as usize..r.1 as usize) {
                for (leaf, slope) in leaf[range.clone()].iter().zip(&slopes[range]) {
                    let s = &mut sums[usize::from(*leaf)];
                    s.0 += f64::from(slope.0);
                    s.1 += f64::from(slope.1);
                }
            }
            for (value, s) in tree.leaves.iter_mut().zip(&sums) {
                *value = (-s.0 / (s.1 + f64::from(growth.ridge))) as f32 * growth.rate;
            }
            for (row, score) in score.iter_mut().enumerate() {
                let mut at = 0;
                for (level, (f, bin)) in bins.iter().enumerate() {
                    if *bin != u8::MAX {
                        at |= usize::from(rows.columns[*f][row] > *bin) << level;
                    }
                }
                *score += tree.leaves[at];
            }
            out.trees.push(tree);
        }
        out
    }

    /// Writes them down.
    pub fn keep(&self, to: &mut Keep) {
        to.put(self.trees.len()).line();
        for tree in &self.trees {
            tree.asks.iter().for_each(|(feature, cut)| {
                to.put(feature).put(cut);
            });
            to.all(tree.leaves).line();
        }
    }

    /// Reads trees over so many features.
    pub fn kept(from: &mut Kept, features: usize) -> Option<Self> {
        let n: usize = from.get()?;
        let tree = |from: &mut Kept| {
            let mut asks = [(0u32, 0.0f32); DEPTH];
            for ask in &mut asks {
                *ask = (from.get()?, from.get()?);
            }
            asks.iter().all(|a| (a.0 as usize) < features).then_some(())?;
            Some(Tree { asks, leaves: from.many()? })
        };
        Some(Self { trees: (0..n).map(|_| tree(from)).collect::<Option<_>>()? })
    }

    /// Adds what the trees say to the scores of candidates, whose features stand by column.
    pub fn add(&self, features: &[f32], scores: &mut [f32]) {
        let n = scores.len();
        let mut at = vec![0u32; n];
        for tree in &self.trees {
            at.fill(0);
            for (level, (f, cut)) in tree.asks.iter().enumerate() {
                let column = &features[*f as usize * n..][..n];
                for (at, x) in at.iter_mut().zip(column) {
                    *at |= u32::from(*x > *cut) << level;
                }
            }
            for (s, at) in scores.iter_mut().zip(&at) {
                *s += tree.leaves[(*at as usize) & (LEAVES - 1)];
            }
        }
    }

    /// How often each feature is asked for.
    #[must_use]
    pub fn used(&self, features: usize) -> Vec<usize> {
        let mut out = vec![0; features];
        self.trees.iter().flat_map(|t| t.asks).filter(|a| a.1 < f32::INFINITY).for_each(|a| out[a.0 as usize] += 1);
        out
    }
}

/// First and second derivatives of a question's loss.
fn slope(rows: &Rows, score: &[f32], slopes: &mut [(f32, f32)], from: usize, end: usize) {
    let (score, truth, weight) = (&score[from..end], &rows.truth[from..end], &rows.weight[from..end]);
    let top = score.iter().copied().fold(f32::MIN, f32::max);
    let power = |s: &f32| (s - top).exp();
    let others: f32 = score.iter().zip(truth).zip(weight).filter(|x| *x.0.1 == 0.0).map(|((s, _), w)| w * power(s)).sum();
    // Each true candidate is weighed against those that did not come true.
    let (mut all, mut all_squared) = (0.0, 0.0);
    for (s, y) in score.iter().zip(truth) {
        let sum = power(s) + others;
        all += y / sum;
        all_squared += y / sum / sum;
    }
    for (((slope, s), y), w) in slopes[from..end].iter_mut().zip(score).zip(truth).zip(weight) {
        *slope = if *y > 0.0 {
            let p = power(s) / (power(s) + others);
            (y * (p - 1.0), y * p * (1.0 - p) + 1e-6)
        } else {
            let e = w * power(s);
            (e * all, (e * all - e * e * all_squared).max(0.0) + 1e-6)
        };
    }
}

/// The gain and the bin of the best cut of a feature for all nodes of a level at once.
fn best_cut(column: &[u8], slopes: &[(f32, f32)], leaf: &[u8], picked: &[(u32, u32)], nodes: usize, ridge: f32) -> (f32, u8) {
    let mut sums = vec![(0.0f32, 0.0f32); nodes * BINS];
    for r in picked {
        let range = r.0 as usize..r.1 as usize;
        for ((bin, s), leaf) in column[range.clone()].iter().zip(&slopes[range.clone()]).zip(&leaf[range]) {
            let to = &mut sums[usize::from(*leaf) * BINS + usize::from(*bin & (BINS as u8 - 1))];
            to.0 += s.0;
            to.1 += s.1;
        }
    }
    let mut gain = [0.0f32; BINS];
    for node in sums.chunks_exact(BINS) {
        let all = node.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let base = all.0 * all.0 / (all.1 + ridge);
        let mut left = (0.0, 0.0);
        for (bin, s) in node.iter().enumerate().take(BINS - 1) {
            left = (left.0 + s.0, left.1 + s.1);
            let right = (all.0 - left.0, all.1 - left.1);
            gain[bin] += left.0 * left.0 / (left.1 + ridge) + right.0 * right.0 / (right.1 + ridge) - base;
        }
    }
    gain[..BINS - 1].iter().enumerate().fold((f32::MIN, 0), |a, (i, g)| if *g > a.0 { (*g, i as u8) } else { a })
}

#[cfg(test)]
mod tests {
    use super::super::InTurn;
    use super::*;

    /// Questions of three candidates; the one with the middle value of the second feature is true.
    fn rows() -> (Rows, Cuts, Vec<Vec<f32>>) {
        let mut columns = vec![Vec::new(), Vec::new()];
        let mut rows = Rows { columns: vec![Vec::new(); 2], ..Rows::default() };
        for q in 0..200u64 {
            for c in 0..3u64 {
                columns[0].push(chance(q, c));
                columns[1].push(((c + q) % 3) as f32);
                rows.truth.push(f32::from(u8::from((c + q) % 3 == 1)));
                rows.weight.push(1.0);
                rows.start.push(0.0);
            }
            rows.ends.push(rows.start.len() as u32);
        }
        let cuts = Cuts::new(columns.clone());
        for (f, column) in columns.iter().enumerate() {
            rows.columns[f] = column.iter().map(|x| cuts.bin(f, *x)).collect();
        }
        (rows, cuts, columns)
    }

    #[test]
    fn trees_learn_what_no_line_can() {
        let (rows, cuts, columns) = rows();
        let growth = Growth { trees: 20, rate: 0.3, questions: 0.7, features: 1.0, ridge: 1.0 };
        let trees = Trees::grow(&rows, &cuts, &growth, &InTurn);
        let mut scores = vec![0.0; 6];
        let features: Vec<f32> = columns.iter().flat_map(|c| c[..6].to_vec()).collect();
        trees.add(&features, &mut scores);
        for question in 0..2 {
            let own = &scores[question * 3..][..3];
            let best = (0..3).fold(0, |a, b| if own[b] > own[a] { b } else { a });
            assert_eq!(rows.truth[question * 3 + best], 1.0, "{scores:?}");
        }
        let used = trees.used(2);
        assert!(used[1] > 0);
        let mut keep = Keep::default();
        trees.keep(&mut keep);
        let text = keep.text();
        assert_eq!(Trees::kept(&mut Kept::new(&text), 2).as_ref(), Some(&trees));
        assert_eq!(Trees::kept(&mut Kept::new(&text), 1), None, "asks for a feature that is not there");
    }

    #[test]
    fn nothing_to_learn_from_is_no_tree() {
        let growth = Growth { trees: 5, rate: 0.3, questions: 1.0, features: 1.0, ridge: 1.0 };
        let trees = Trees::grow(&Rows::default(), &Cuts::default(), &growth, &InTurn);
        let mut scores = [1.0, 2.0];
        trees.add(&[], &mut scores);
        assert_eq!(scores, [1.0, 2.0]);
    }

    #[test]
    fn cuts_part_rare_values_too() {
        let mut values = vec![0.0; 10_000];
        values.extend([1.0, 2.0, 3.0]);
        let cuts = Cuts::new(vec![values]);
        let bins: Vec<u8> = [0.0, 1.0, 2.0, 3.0].iter().map(|x| cuts.bin(0, *x)).collect();
        assert!(bins.windows(2).all(|w| w[0] < w[1]), "{bins:?}");
    }
}
