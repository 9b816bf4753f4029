//! How the process did before: fitted to the first four fifths of a history, asked about the rest.

use super::path::Change;
use super::{Flow, Pair};
use crate::day::Day;
use crate::onset::{Baselines, Forecast, Question};

/// The last so manieth part of the days is asked about.
const PART: i32 = 5;
/// Every how many days.
const EVERY: usize = 7;
/// Draws for each.
const DRAWS: u32 = 400;

/// Forecasts of every seventh day of the last fifth of a history whose windows have closed, by a process fitted to the days
/// before, each from the events up to its day. Base rates are of the days before too.
pub fn record(pairs: &[Pair], first: Day, last: Day, question: Question) -> Vec<Forecast> {
    let cut = last - (last - first) / PART;
    let flow = Flow::fit(pairs, first, cut);
    let known = |p: &&Pair, day: Day| p.known.is_some_and(|k| k <= day);
    let mut base = [(0.5, 1.0); 2];
    for day in (first + question.quiet..=cut - question.horizon).step_by(EVERY) {
        for p in pairs.iter().filter(|p| known(p, day)) {
            let (hits, of) = &mut base[usize::from(p.quiet(day, question))];
            *hits += f64::from(u8::from(p.came(day, question)));
            *of += 1.0;
        }
    }
    let mut out = Vec::new();
    for day in (cut..=last - question.horizon).step_by(EVERY) {
        for p in pairs.iter().filter(|p| known(p, day)) {
            let baselines = Baselines { historical: p.record(first, day, question), ..Baselines::default() };
            let (quiet, outcome) = (p.quiet(day, question), Some(p.came(day, question)));
            let probability = flow.told(p, day, question, &Change::default(), DRAWS).probability;
            let (hits, of) = base[usize::from(quiet)];
            out.push(Forecast { day, pair: p.sides, quiet, probability, raw: 0.0, baselines, base: hits / of, outcome });
        }
    }
    out
}
