//! The usual band of a series, at every step from the steps before it alone.

use crate::series::Step;
use std::collections::VecDeque;

/// What is usual at a step: quantiles of the steps before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lower edge.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// Upper edge.
    pub high: f64,
}

/// How the usual is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// Steps looked back on.
    pub window: usize,
    /// With fewer steps that were read there is no band.
    pub least: usize,
    /// Quantile of the lower edge.
    pub low: f64,
    /// Quantile of the upper edge.
    pub high: f64,
    /// Steps after which a season comes again (7 for days); 0 for none.
    pub season: usize,
}

impl Usual {
    /// A year of days with weekdays told apart, two years of weeks, three of months, ten years.
    pub fn of(step: Step) -> Self {
        let (window, least, season) = match step {
            Step::Day => (365, 60, 7),
            Step::Week => (104, 12, 0),
            Step::Month => (36, 6, 0),
            Step::Year => (10, 3, 0),
        };
        Self { window, least, low: 0.05, high: 0.95, season }
    }
}

/// The factor of each place in the season is drawn to 1 as if so much had been seen without any season.
const PRIOR: f64 = 50.0;
/// Seasons, and events for each place in one, without which none is looked for.
const SEASONS: usize = 8;
const EVENTS: f64 = 10.0;

/// The band before each value. `first` is the place of the first value in its season (the weekday);
/// steps of which nothing was `read` are no part of the usual.
pub fn bands(values: &[f64], read: &[bool], first: usize, usual: &Usual) -> Vec<Option<Band>> {
    let mut out = Vec::with_capacity(values.len());
    let mut window = Window { usual: *usual, first, factors: Vec::new(), held: VecDeque::new(), sorted: Vec::new() };
    for (i, value) in values.iter().enumerate() {
        window.leave(i);
        if usual.season > 1 && (i + first).is_multiple_of(usual.season) {
            window.seasons();
        }
        out.push(window.band(i));
        if read.get(i).copied().unwrap_or(true) && value.is_finite() {
            window.enter(i, *value);
        }
    }
    out
}

/// The values looked back on, freed of their season, in order of time and of size.
struct Window {
    usual: Usual,
    first: usize,
    factors: Vec<f64>,
    held: VecDeque<(usize, f64, f64)>,
    sorted: Vec<f64>,
}

impl Window {
    fn factor(&self, i: usize) -> f64 {
        if self.factors.is_empty() { 1.0 } else { self.factors[(i + self.first) % self.usual.season] }
    }

    fn leave(&mut self, i: usize) {
        while self.held.front().is_some_and(|(at, ..)| at + self.usual.window < i) {
            let Some((_, _, freed)) = self.held.pop_front() else { break };
            let at = self.sorted.partition_point(|v| *v < freed);
            self.sorted.remove(at);
        }
    }

    fn enter(&mut self, i: usize, value: f64) {
        let freed = value / self.factor(i);
        self.held.push_back((i, value, freed));
        let at = self.sorted.partition_point(|v| *v < freed);
        self.sorted.insert(at, freed);
    }

    /// Finds the factors anew; once a season, since it takes all values.
    fn seasons(&mut self) {
        let season = self.usual.season;
        let (mut sums, mut counts) = (vec![0.0; season], vec![0.0; season]);
        for (i, value, _) in &self.held {
            sums[(i + self.first) % season] += value.abs();
            counts[(i + self.first) % season] += 1.0;
        }
        let total: f64 = sums.iter().sum();
        let all: f64 = counts.iter().sum();
        let enough = self.held.len() >= season * SEASONS && total >= EVENTS * season as f64 && counts.iter().all(|n| *n > 0.0);
        self.factors = match enough {
            true => sums.iter().zip(&counts).map(|(s, n)| (s + PRIOR) / (n * total / all + PRIOR)).collect(),
            false => Vec::new(),
        };
        let freed: Vec<f64> = self.held.iter().map(|(i, value, _)| value / self.factor(*i)).collect();
        self.held.iter_mut().zip(&freed).for_each(|(held, f)| held.2 = *f);
        self.sorted = freed;
        self.sorted.sort_unstable_by(f64::total_cmp);
    }

    fn band(&self, i: usize) -> Option<Band> {
        let factor = self.factor(i);
        let at = |q| quantile(&self.sorted, 0, q) * factor;
        (self.sorted.len() >= self.usual.least.max(1)).then(|| Band { low: at(self.usual.low), median: at(0.5), high: at(self.usual.high) })
    }
}

/// The quantile of sorted values with so many zeros below them: the smallest value that has at least
/// this share at or below it.
pub(crate) fn quantile(sorted: &[f64], zeros: usize, q: f64) -> f64 {
    let n = sorted.len() + zeros;
    let rank = ((q * n as f64).ceil() as usize).clamp(1, n.max(1)) - 1;
    rank.checked_sub(zeros).and_then(|i| sorted.get(i)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Usual = Usual { window: 20, least: 5, low: 0.1, high: 0.9, season: 0 };

    fn noise(n: usize) -> Vec<f64> {
        (0..n).map(|i| f64::from(u32::try_from(i * 7919 % 13).unwrap())).collect()
    }

    #[test]
    fn quantiles() {
        let check =
            |sorted: &[f64], zeros, q, expect: f64| assert!((quantile(sorted, zeros, q) - expect).abs() < 1e-9, "{sorted:?} {zeros} {q}");
        check(&[1.0, 2.0, 3.0, 4.0], 0, 0.5, 2.0);
        check(&[1.0, 2.0, 3.0, 4.0], 0, 1.0, 4.0);
        check(&[5.0], 9, 0.9, 0.0);
        check(&[5.0], 9, 0.95, 5.0);
        check(&[], 0, 0.5, 0.0);
    }

    #[test]
    fn later_values_change_no_earlier_band() {
        for usual in [PLAIN, Usual { window: 100, season: 7, ..PLAIN }] {
            let values = noise(300);
            let whole = bands(&values, &[], 3, &usual);
            for cut in [1, 60, 150, 299] {
                let mut other = values[..cut].to_vec();
                other.extend(noise(300 - cut).iter().map(|v| v * 100.0 + 7.0));
                assert_eq!(bands(&other, &[], 3, &usual)[..=cut], whole[..=cut], "cut at {cut}");
            }
        }
    }

    #[test]
    fn too_little_past_has_no_band() {
        let found = bands(&[1.0; 8], &[], 0, &PLAIN);
        assert_eq!(found.iter().filter(|b| b.is_none()).count(), 5);
        assert_eq!(found[7], Some(Band { low: 1.0, median: 1.0, high: 1.0 }));
        assert!(bands(&[], &[], 0, &PLAIN).is_empty());
    }

    #[test]
    fn days_that_were_not_read_are_no_part() {
        let values = [5.0, 0.0, 5.0, 0.0, 5.0, 5.0, 5.0, 5.0];
        let read = values.map(|v| v > 0.0);
        assert_eq!(bands(&values, &read, 0, &PLAIN)[7].map(|b| b.low), Some(5.0));
    }

    #[test]
    fn weekends_have_a_band_of_their_own() {
        let usual = Usual { window: 364, least: 60, low: 0.05, high: 0.95, season: 7 };
        let values: Vec<f64> = (0..400).map(|i| if i % 7 >= 5 { 20.0 } else { 100.0 }).collect();
        let found = bands(&values, &[], 0, &usual);
        let (friday, saturday) = (found[396].unwrap(), found[397].unwrap());
        assert!(saturday.high < 30.0 && friday.median > 90.0, "{friday:?} {saturday:?}");
    }
}
