//! How early onsets were warned of, when only so many alarms may be rung.

use super::{Forecast, Walk};
use crate::day::Day;
use std::collections::BTreeMap;

/// Warnings before onsets at a fixed budget.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lead {
    /// Onsets of pairs that were forecast.
    pub onsets: usize,
    /// Those with an alarm in the days looked back.
    pub warned: usize,
    /// Median days from the first alarm in those days to the onset, over the warned; 0 when none was.
    pub median_days: f64,
}

impl Lead {
    /// Share of onsets that were warned of.
    pub fn share(&self) -> f64 {
        self.warned as f64 / (self.onsets as f64).max(1.0)
    }
}

/// Rings, on every day, the `budget` (a share) of quiet pairs with the highest scores, and looks `days` back from every onset.
/// Pairs of equal score go by their numbers.
pub fn lead(walk: &Walk, budget: f64, days: i32, score: impl Fn(&Forecast) -> f64) -> Lead {
    let mut by_day: BTreeMap<Day, Vec<&Forecast>> = BTreeMap::new();
    walk.forecasts.iter().filter(|f| f.quiet).for_each(|f| by_day.entry(f.day).or_default().push(f));
    let mut alarms: BTreeMap<(u32, u32), Vec<Day>> = BTreeMap::new();
    for (day, forecasts) in &mut by_day {
        forecasts.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.pair.cmp(&b.pair)));
        let ring = (forecasts.len() as f64 * budget).round() as usize;
        forecasts.iter().take(ring).for_each(|f| alarms.entry(f.pair).or_default().push(*day));
    }
    let mut leads: Vec<i32> = Vec::new();
    for (pair, day) in &walk.onsets {
        let first = alarms.get(pair).and_then(|a| a.iter().find(|d| **d < *day && **d >= day - days));
        leads.extend(first.map(|d| day - d));
    }
    leads.sort_unstable();
    let middle = leads.len() / 2;
    let median_days = match leads.len() {
        0 => 0.0,
        n if n % 2 == 1 => f64::from(leads[middle]),
        _ => f64::from(leads[middle - 1] + leads[middle]) / 2.0,
    };
    Lead { onsets: walk.onsets.len(), warned: leads.len(), median_days }
}
