//! Measures of forecasts.

/// Forecasts in falling order, in groups of equal ones, ready to be weighed anew.
#[derive(Clone, Debug)]
pub struct Ranked {
    order: Vec<u32>,
    /// Whether a place is the last of its group.
    ends: Vec<bool>,
}

impl Ranked {
    /// Sorts scores.
    pub fn new(scores: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        order.sort_by(|a, b| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b)));
        let last = order.len().saturating_sub(1);
        let same = |i: usize| scores[order[i] as usize] == scores[order[i + 1] as usize];
        let ends = (0..order.len()).map(|i| i == last || !same(i)).collect();
        Self { order, ends }
    }

    /// Average precision of weighed rows; equal scores count as one step.
    pub fn average_precision(&self, labels: &[bool], weight: impl Fn(usize) -> f64) -> f64 {
        let (mut hits, mut seen, mut before, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for (place, i) in self.order.iter().enumerate() {
            let w = weight(*i as usize);
            seen += w;
            if labels[*i as usize] {
                hits += w;
            }
            if self.ends[place] && hits > before {
                sum += (hits - before) * hits / seen;
                before = hits;
            }
        }
        if hits > 0.0 { sum / hits } else { 0.0 }
    }
}

/// Mean precision over the recall gained at each score.
pub fn average_precision(scores: &[f64], labels: &[bool]) -> f64 {
    Ranked::new(scores).average_precision(labels, |_| 1.0)
}

/// Chance that a row that came true has a higher score than one that did not; equal scores count half.
pub fn auc(scores: &[f64], labels: &[bool]) -> f64 {
    let ranked = Ranked::new(scores);
    let (mut above, mut group, mut pairs, mut negatives) = (0.0, (0.0, 0.0), 0.0, 0.0);
    for (place, i) in ranked.order.iter().enumerate() {
        if labels[*i as usize] {
            group.0 += 1.0
        } else {
            group.1 += 1.0
        }
        if ranked.ends[place] {
            pairs += group.1 * (above + group.0 / 2.0);
            above += group.0;
            negatives += group.1;
            group = (0.0, 0.0);
        }
    }
    if above * negatives > 0.0 { pairs / (above * negatives) } else { 0.5 }
}

/// Mean squared distance of forecast and outcome.
pub fn brier(forecasts: &[f64], labels: &[bool]) -> f64 {
    mean(forecasts, labels, |p, y| (p - y) * (p - y))
}

/// Mean of minus the logarithm of the probability given to what came.
pub fn log_score(forecasts: &[f64], labels: &[bool]) -> f64 {
    mean(forecasts, labels, |p, y| -(if y > 0.5 { p } else { 1.0 - p }).max(1e-9).ln())
}

fn mean(forecasts: &[f64], labels: &[bool], f: impl Fn(f64, f64) -> f64) -> f64 {
    let sum: f64 = forecasts.iter().zip(labels).map(|(p, y)| f(*p, f64::from(u8::from(*y)))).sum();
    sum / (forecasts.len() as f64).max(1.0)
}

/// Expected calibration error: forecasts in ten parts of equal width, the distance of mean forecast and share that
/// came true, weighed by rows.
pub fn calibration_error(forecasts: &[f64], labels: &[bool]) -> f64 {
    let mut parts = [(0.0, 0.0, 0.0); 10];
    for (p, y) in forecasts.iter().zip(labels) {
        let part = &mut parts[((p * 10.0) as usize).min(9)];
        part.0 += p;
        part.1 += f64::from(u8::from(*y));
        part.2 += 1.0;
    }
    parts.iter().map(|(p, y, _)| (p - y).abs()).sum::<f64>() / (forecasts.len() as f64).max(1.0)
}

/// The 95 % interval of the ratio of two average precisions when groups (dyads) are drawn anew, `times` times from a
/// fixed seed. `group` gives each row's group below `groups`.
pub fn ratio_interval(a: &[f64], b: &[f64], labels: &[bool], group: &[u32], groups: usize, times: usize) -> (f64, f64) {
    let (a, b) = (Ranked::new(a), Ranked::new(b));
    let mut state = 0x5eed_u64;
    let mut draw = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut ratios: Vec<f64> = Vec::with_capacity(times);
    for _ in 0..times {
        let mut weights = vec![0.0; groups];
        (0..groups).for_each(|_| weights[(draw() % groups.max(1) as u64) as usize] += 1.0);
        let under = b.average_precision(labels, |i| weights[group[i] as usize]);
        let over = a.average_precision(labels, |i| weights[group[i] as usize]);
        if under > 0.0 {
            ratios.push(over / under);
        }
    }
    ratios.sort_by(f64::total_cmp);
    let at = |q: f64| ratios.get(((ratios.len() as f64 * q) as usize).min(ratios.len().saturating_sub(1))).copied().unwrap_or(0.0);
    (at(0.025), at(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_figures() {
        let labels = [true, false, true, false];
        let scores = [0.9, 0.8, 0.7, 0.1];
        // Precision 1 at the first hit, 2/3 at the second.
        assert!((average_precision(&scores, &labels) - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert!((auc(&scores, &labels) - 0.75).abs() < 1e-12);
        // All alike: the share that came true.
        assert!((average_precision(&[0.5; 4], &labels) - 0.5).abs() < 1e-12);
        assert!((auc(&[0.5; 4], &labels) - 0.5).abs() < 1e-12);
        assert!((brier(&[1.0, 0.0, 0.5, 0.5], &labels) - 0.125).abs() < 1e-12);
        assert!((log_score(&[0.5; 4], &labels) - 2f64.ln()).abs() < 1e-12);
        assert!((calibration_error(&[0.5; 4], &labels)).abs() < 1e-12);
        assert!((calibration_error(&[0.9; 4], &labels) - 0.4).abs() < 1e-12);
        assert_eq!(average_precision(&[], &[]), 0.0);
    }

    #[test]
    fn equal_forecasts_have_a_ratio_of_one() {
        let labels = [true, false, true, false, false];
        let scores = [0.9, 0.8, 0.7, 0.1, 0.2];
        assert_eq!(ratio_interval(&scores, &scores, &labels, &[0, 1, 2, 3, 4], 5, 50), (1.0, 1.0));
    }
}
