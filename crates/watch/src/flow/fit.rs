//! How often a day has events of a stream, and what days before add to that: fitted by expectation-maximisation.

use super::{LIVES, Left, MEAN_LIVES, Pair, STREAMS, Walk, weight};
use crate::day::Day;
use std::collections::BTreeMap;

const ROUNDS: usize = 60;
/// How firmly a pair's own rate is held at that of all pairs, in days with events.
const FIRM: f64 = 0.5;
/// Days with events that all pairs' mean number of events on such a day is worth.
const MARKS: f64 = 5.0;

/// A fitted process.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Own rate of each pair by stream.
    own: BTreeMap<(u32, u32), [f64; STREAMS]>,
    /// The same of pairs that were not there.
    strange: [f64; STREAMS],
    /// What a day of a stream (second) adds to the rate of a stream (first), by mean life.
    pub(super) adds: [[[f64; LIVES]; STREAMS]; STREAMS],
    /// Mean number of events on a day with any, by stream.
    marks: [f64; STREAMS],
}

/// A day of a pair with events of a stream, and what the days before had left on it.
struct Cell {
    pair: usize,
    stream: usize,
    left: Left,
}

impl Flow {
    /// Fits to the days from `first` to `last`.
    pub fn fit(pairs: &[Pair], first: Day, last: Day) -> Self {
        let days = f64::from((last - first).max(0) + 1);
        let (mut cells, mut exposure) = (Vec::new(), [[0.0f64; LIVES]; STREAMS]);
        let (mut events, mut active) = ([0.0f64; STREAMS], [0.0f64; STREAMS]);
        for (pair, p) in pairs.iter().enumerate() {
            let mut walk = Walk::default();
            for (day, counts) in p.days.iter().take_while(|d| d.0 <= last) {
                let left = walk.at(*day);
                walk.day(*day, counts);
                for (stream, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                    cells.push(Cell { pair, stream, left });
                    events[stream] += f64::from(*n);
                    active[stream] += 1.0;
                    let ahead = f64::from(last - day);
                    exposure[stream].iter_mut().zip(MEAN_LIVES).for_each(|(e, life)| *e += weight(*n) * (1.0 - (-ahead / life).exp()));
                }
            }
        }
        let n = pairs.len().max(1) as f64;
        let mut mean: [f64; STREAMS] = std::array::from_fn(|s| (active[s] / 2.0 + FIRM) / (days * n + 100.0));
        let mut own: Vec<[f64; STREAMS]> = vec![mean; pairs.len()];
        let mut adds = [[[0.05; LIVES]; STREAMS]; STREAMS];
        for _ in 0..ROUNDS {
            let mut base = vec![[0.0f64; STREAMS]; pairs.len()];
            let mut added = [[[0.0f64; LIVES]; STREAMS]; STREAMS];
            for Cell { pair, stream, left } in &cells {
                let rate = rate(own[*pair][*stream], &adds[*stream], left).max(1e-12);
                // A day with any event at this rate has so many arrivals in the mean.
                let each = 1.0 / (1.0 - (-rate).exp());
                base[*pair][*stream] += each * own[*pair][*stream];
                for (sum, (add, left)) in added[*stream].iter_mut().zip(adds[*stream].iter().zip(&left.0)) {
                    sum.iter_mut().zip(add.iter().zip(left)).for_each(|(sum, (a, x))| *sum += each * a * x);
                }
            }
            for (add, sum) in adds.iter_mut().zip(&added) {
                for (add, (sum, e)) in add.iter_mut().zip(sum.iter().zip(&exposure)) {
                    add.iter_mut().zip(sum.iter().zip(e)).for_each(|(a, (sum, e))| *a = sum / (e + 1.0));
                }
            }
            for (own, base) in own.iter_mut().zip(&base) {
                for s in 0..STREAMS {
                    own[s] = (base[s] + FIRM) / (days + FIRM / mean[s]);
                }
            }
            if !own.is_empty() {
                mean = std::array::from_fn(|s| own.iter().map(|o| o[s]).sum::<f64>() / n);
            }
        }
        let strange = mean.map(|m| FIRM / (days + FIRM / m));
        let marks = std::array::from_fn(|s| (events[s] + MARKS) / (active[s] + MARKS));
        Self { own: pairs.iter().map(|p| p.sides).zip(own).collect(), strange, adds, marks }
    }

    /// A pair's own rate of days with events, by stream.
    pub(super) fn own(&self, pair: &Pair) -> [f64; STREAMS] {
        self.own.get(&pair.sides).copied().unwrap_or(self.strange)
    }

    /// A pair's mean number of events on a day with any, by stream, from the days up to `last`.
    pub(super) fn marks(&self, pair: &Pair, last: Day) -> [f64; STREAMS] {
        std::array::from_fn(|s| {
            let days = pair.days.iter().take_while(|d| d.0 <= last).map(|d| d.1[s]).filter(|n| *n > 0);
            let (n, events) = days.fold((0.0, 0.0), |(n, sum), x| (n + 1.0, sum + f64::from(x)));
            (events + MARKS * self.marks[s]) / (n + MARKS)
        })
    }

    /// What a day of a stream adds to the days of a stream after it, over all time: arrivals for one event.
    pub fn adds(&self, to: super::Stream, of: super::Stream) -> f64 {
        self.adds[to as usize][of as usize].iter().sum()
    }
}

/// The rate of a stream on a day.
pub(super) fn rate(own: f64, adds: &[[f64; LIVES]; STREAMS], left: &Left) -> f64 {
    own + adds.iter().flatten().zip(left.0.iter().flatten()).map(|(a, x)| a * x).sum::<f64>()
}
