//! What may come next, drawn many times.

use super::fit::{Flow, rate};
use super::{Left, Pair, STREAMS, Stream, keep};
use crate::day::Day;
use crate::onset::Question;

/// What is otherwise than it is, or than it would be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Events on a day.
    pub added: Vec<(Day, Stream, u32)>,
    /// Days, first and last, without events of a stream.
    pub removed: Vec<(Day, Day, Stream)>,
}

impl Change {
    fn off(&self, day: Day, stream: usize) -> bool {
        self.removed.iter().any(|r| r.2 as usize == stream && r.0 <= day && day <= r.1)
    }

    fn added(&self, day: Day, stream: usize) -> u32 {
        self.added.iter().filter(|a| a.0 == day && a.1 as usize == stream).map(|a| a.2).sum()
    }

    /// The days of a pair up to `last` as they would have been.
    fn past(&self, pair: &Pair, last: Day) -> Vec<(Day, [u32; STREAMS])> {
        let mut days: Vec<(Day, [u32; STREAMS])> = pair.days.iter().take_while(|d| d.0 <= last).copied().collect();
        for (day, ..) in self.added.iter().filter(|a| a.0 <= last) {
            if let Err(at) = days.binary_search_by_key(day, |d| d.0) {
                days.insert(at, (*day, [0; STREAMS]));
            }
        }
        for (day, counts) in &mut days {
            for (stream, n) in counts.iter_mut().enumerate() {
                *n = if self.off(*day, stream) { 0 } else { *n } + self.added(*day, stream);
            }
        }
        days
    }
}

/// What came of the draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Share of them in which the deed came often enough.
    pub probability: f64,
    /// Mean number of events of the deed. Those that were added do not count.
    pub events: f64,
}

/// A number from 0 to 1 for two numbers, the same every time.
fn chance(a: u64, b: u64) -> f64 {
    let mut z = (a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_mul(0xd1b5_4a32_d192_ed03)).wrapping_add(0x8cb9_2ba7_2f3d_8dd7);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

impl Flow {
    /// Tells on from the end of day `last`, `draws` times. Draws are alike whatever is changed, so that what
    /// differs is the change.
    pub fn told(&self, pair: &Pair, last: Day, question: Question, change: &Change, draws: u32) -> Outcome {
        let (own, marks, keep) = (self.own(pair), self.marks(pair, last), keep());
        let start = Left::after(&change.past(pair, last), last);
        // The deed, and for each day ahead and stream: whether it is shut off, and what is added.
        let deeds: Vec<bool> = Stream::ALL.iter().map(|s| s.0.is(question.deed)).collect();
        let ahead: Vec<[(bool, u32); STREAMS]> =
            (1..=question.horizon).map(|d| std::array::from_fn(|s| (change.off(last + d, s), change.added(last + d, s)))).collect();
        // Number of events on a day with any: 1 and then one more with this chance each time.
        let more = marks.map(|m| ((m - 1.0) / m).max(1e-9).ln());
        let (mut came, mut all) = (0u32, 0.0);
        for draw in 0..u64::from(draws) {
            let (mut left, mut sum) = (start, 0u32);
            for (d, day) in ahead.iter().enumerate() {
                let mut counts = [0u32; STREAMS];
                for s in 0..STREAMS {
                    let (off, added) = day[s];
                    let at = (d * STREAMS + s) as u64;
                    if !off && chance(draw, 2 * at) < 1.0 - (-rate(own[s], &self.adds[s], &left)).exp() {
                        counts[s] = 1 + (chance(draw, 2 * at + 1).max(1e-12).ln() / more[s]) as u32;
                        sum += if deeds[s] { counts[s] } else { 0 };
                    }
                    counts[s] += added;
                }
                left.on(&counts, &keep);
            }
            came += u32::from(sum >= question.at_least);
            all += f64::from(sum);
        }
        let draws = f64::from(draws.max(1));
        Outcome { probability: f64::from(came) / draws, events: all / draws }
    }
}
