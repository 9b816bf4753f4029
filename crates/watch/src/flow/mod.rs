//! What if? How likely force is when a stream of events between two is added or removed: a self-exciting process, told on by
//! drawing what comes next many times, from a fixed seed.
//!
//! Days with events of a stream come at a rate of the pair's own, and more often after days with events of any stream, the less
//! the longer ago they were. What it takes for granted is in METHOD.md: pairs stand alone, and what came
//! after what is no cause.

mod fit;
mod path;
mod record;

pub use fit::Flow;
pub use path::{Change, Outcome};
pub use record::record;

use crate::day::Day;
use crate::event::Event;
use crate::onset::{Deed, Question};
use std::collections::BTreeMap;

/// Name of the model and its version, which changes with every formula.
pub const NAME: &str = "flow-1";
/// Streams of events between two.
pub const STREAMS: usize = 4;
/// Mean lives of what a day leaves behind, in days.
const MEAN_LIVES: [f64; 3] = [2.0, 12.0, 60.0];
const LIVES: usize = MEAN_LIVES.len();

/// A stream of events between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// CAMEO roots 18 to 20.
    Force,
    /// Roots 14 to 17.
    Coercion,
    /// Roots 9 to 13.
    Words,
    /// Roots 3 to 8.
    Cooperation,
}

impl Stream {
    /// All of them with their names.
    pub const ALL: [(Stream, &'static str); STREAMS] =
        [(Stream::Force, "force"), (Stream::Coercion, "coercion"), (Stream::Words, "words"), (Stream::Cooperation, "cooperation")];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The stream of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|s| s.1 == name).map(|s| s.0)
    }

    /// The stream of a CAMEO root; statements, appeals and what is unknown are in none.
    fn of(root: u8) -> Option<Self> {
        Some(match root {
            18..=20 => Stream::Force,
            14..=17 => Stream::Coercion,
            9..=13 => Stream::Words,
            3..=8 => Stream::Cooperation,
            _ => return None,
        })
    }

    /// Whether its events are the deed.
    fn is(self, deed: Deed) -> bool {
        self == Stream::Force || (self == Stream::Coercion && deed == Deed::Material)
    }
}

/// A pair with the days that had events, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The two sides, lower number first.
    pub sides: (u32, u32),
    /// The day with the event that made them enough to be told of, those in no stream too.
    pub known: Option<Day>,
    /// Events by stream.
    pub days: Vec<(Day, [u32; STREAMS])>,
}

impl Pair {
    /// Whether there was no such deed in the days before, up to and with `day`.
    pub fn quiet(&self, day: Day, question: Question) -> bool {
        self.deeds(question.deed, day - question.quiet, day) == 0
    }

    /// Share of its windows in which the deed came, from `first` on, of those that had closed on `day`.
    pub fn record(&self, first: Day, day: Day, question: Question) -> f64 {
        let windows = (day - question.horizon - first + 1).max(0);
        let hits = (0..windows).filter(|w| self.came(first + w, question)).count();
        hits as f64 / f64::from(windows.max(1))
    }

    /// Whether the deed came in the window after `day`.
    fn came(&self, day: Day, question: Question) -> bool {
        self.deeds(question.deed, day, day + question.horizon) >= question.at_least
    }

    /// Events of the deed on the days after `after` up to `until`.
    fn deeds(&self, deed: Deed, after: Day, until: Day) -> u32 {
        let from = self.days.partition_point(|d| d.0 <= after);
        let inside = self.days[from..].iter().take_while(|d| d.0 <= until);
        let of = |counts: &[u32; STREAMS]| Stream::ALL.iter().zip(counts).filter(|(s, _)| s.0.is(deed)).map(|(_, n)| n).sum::<u32>();
        inside.map(|d| of(&d.1)).sum()
    }
}

/// The day of every event of a pair, and its streams by day.
type Seen = (Vec<Day>, BTreeMap<Day, [u32; STREAMS]>);

/// The pairs of a history, by their numbers; `floor` events make a pair known. Events inside one side are left out.
pub fn pairs(events: &[Event], floor: u32) -> Vec<Pair> {
    let mut all: BTreeMap<(u32, u32), Seen> = BTreeMap::new();
    for e in events.iter().filter(|e| e.source != e.target) {
        let (every, days) = all.entry((e.source.min(e.target), e.source.max(e.target))).or_default();
        every.push(e.day);
        if let Some(stream) = Stream::of(e.root) {
            days.entry(e.day).or_default()[stream as usize] += 1;
        }
    }
    let pair = |(sides, (mut every, days)): ((u32, u32), Seen)| {
        every.sort_unstable();
        let known = every.get((floor.max(1) - 1) as usize).copied();
        Pair { sides, known, days: days.into_iter().collect() }
    };
    all.into_iter().map(pair).collect()
}

/// How much a day with so many events leaves behind.
fn weight(n: u32) -> f64 {
    if n == 0 { 0.0 } else { 1.0 + f64::from(n).ln() }
}

/// What the days before leave on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Left([[f64; LIVES]; STREAMS]);

impl Left {
    /// On to the next day, with the events of this one.
    fn on(&mut self, counts: &[u32; STREAMS], keep: &[f64; LIVES]) {
        for (left, n) in self.0.iter_mut().zip(counts) {
            let more = weight(*n);
            left.iter_mut().zip(keep).for_each(|(x, d)| *x = d * *x + (1.0 - d) * more);
        }
    }

    /// On over so many days without events.
    fn idle(&mut self, days: i32) {
        let by = MEAN_LIVES.map(|life| (-f64::from(days.max(0)) / life).exp());
        self.0.iter_mut().for_each(|left| left.iter_mut().zip(by).for_each(|(x, d)| *x *= d));
    }

    /// What the days of a pair up to `day` leave on the day after it.
    fn after(days: &[(Day, [u32; STREAMS])], day: Day) -> Self {
        let mut walk = Walk::default();
        days.iter().take_while(|d| d.0 <= day).for_each(|(d, counts)| walk.day(*d, counts));
        walk.at(day + 1)
    }
}

/// Goes over the days of a pair that have events.
#[derive(Clone, Copy, Debug, Default)]
struct Walk {
    left: Left,
    /// The day on which it is left.
    on: Option<Day>,
}

impl Walk {
    /// What is left on a day after those gone over.
    fn at(&self, day: Day) -> Left {
        let mut left = self.left;
        left.idle(self.on.map_or(0, |on| day - on));
        left
    }

    /// Goes over a day.
    fn day(&mut self, day: Day, counts: &[u32; STREAMS]) {
        self.left = self.at(day);
        self.left.on(counts, &keep());
        self.on = Some(day + 1);
    }
}

/// What a day keeps of what was left on the day before.
fn keep() -> [f64; LIVES] {
    MEAN_LIVES.map(|life| (-1.0 / life).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(day: Day, root: u8) -> Event {
        Event { day, source: 1, target: 0, root, goldstein: 0.0 }
    }

    /// Pair 0–1 comes to blows in bursts and quarrels apart from them, 2–3 hardly ever, 4–5 only talks.
    pub(super) fn history(days: Day) -> Vec<Event> {
        let mut out = Vec::new();
        for day in 0..days {
            if day % 50 < 6 {
                out.push(event(day, 19));
            }
            if day % 50 == 30 {
                out.push(event(day, 13));
            }
            if day % 2 == 0 {
                out.push(Event { source: 4, target: 5, ..event(day, 4) });
            }
            if day % 97 == 0 {
                out.push(Event { source: 2, target: 3, ..event(day, 19) });
            }
            out.push(Event { source: 2, target: 3, ..event(day, 1) });
        }
        out
    }

    #[test]
    fn what_is_left_fades() {
        let days = [(3, [1, 0, 0, 0]), (5, [0, 0, 0, 2])];
        let left = Left::after(&days, 8);
        let mut other = Left::default();
        for day in 3..=8 {
            other.on(&days.iter().find(|d| d.0 == day).map_or([0; STREAMS], |d| d.1), &keep());
        }
        for (x, y) in left.0.iter().flatten().zip(other.0.iter().flatten()) {
            assert!((x - y).abs() < 1e-12, "{left:?} {other:?}");
        }
        assert_eq!(Left::after(&days, 2), Left::default());
    }

    #[test]
    fn force_removed_is_force_less_likely_and_force_added_is_more() {
        let pairs = pairs(&history(400), 20);
        let flow = Flow::fit(&pairs, 0, 399);
        let (calm, question) = (&pairs[0], Question::default());
        let told = |change: &Change, last| flow.told(calm, last, question, change, 2000);
        // Day 399 is the last of 44 quiet ones.
        let plain = told(&Change::default(), 399);
        let strike = told(&Change { added: vec![(400, Stream::Force, 3)], ..Change::default() }, 399);
        assert!(strike.probability > plain.probability + 0.05, "{plain:?} {strike:?}");
        // Without what came on days 350 to 355 as well.
        let without = told(&Change { removed: vec![(350, 355, Stream::Force)], ..Change::default() }, 357);
        let with = told(&Change::default(), 357);
        assert!(without.probability < with.probability, "{with:?} {without:?}");
        // A mediation that holds for all of the window leaves nothing.
        let held = told(&Change { removed: vec![(400, 413, Stream::Force)], ..Change::default() }, 399);
        assert_eq!((held.probability, held.events), (0.0, 0.0));
        assert_eq!(told(&Change::default(), 399), plain, "drawn alike each time");
        // More is less likely.
        let three = flow.told(calm, 399, Question { at_least: 3, ..question }, &Change::default(), 2000);
        assert!(three.probability < plain.probability);
    }

    #[test]
    fn histories_at_their_edges() {
        let none = Flow::fit(&[], 0, 0);
        let pair = Pair { sides: (0, 1), known: None, days: Vec::new() };
        let told = none.told(&pair, 0, Question::default(), &Change::default(), 100);
        assert!(told.probability < 0.3, "{told:?}");
        let one = pairs(&[event(5, 19)], 1);
        let told = Flow::fit(&one, 5, 5).told(&one[0], 5, Question::default(), &Change::default(), 100);
        assert!((0.0..=1.0).contains(&told.probability), "{told:?}");
        assert!(record(&one, 5, 5, Question::default()).is_empty());
        assert!(pairs(&[Event { target: 1, ..event(5, 19) }], 1).is_empty(), "inside one side");
    }

    #[test]
    fn the_record_knows_nothing_of_later_days() {
        let all = pairs(&history(400), 20);
        let rows = record(&all, 0, 399, Question::default());
        assert!(!rows.is_empty() && rows.iter().all(|f| f.outcome.is_some() && (0.0..=1.0).contains(&f.probability)));
        // The pair that often fights is told so, and the one that only talks not.
        let mean = |pair| {
            let of: Vec<f64> = rows.iter().filter(|f| f.pair == pair).map(|f| f.probability).collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        assert!(mean((0, 1)) > mean((4, 5)) + 0.1, "{} {}", mean((0, 1)), mean((4, 5)));
        let mut stirred = history(400);
        stirred.extend((390..400).map(|day| Event { source: 4, target: 5, ..event(day, 19) }));
        let other = record(&pairs(&stirred, 20), 0, 399, Question::default());
        for (x, y) in rows.iter().zip(&other).filter(|(x, _)| x.day < 390) {
            assert_eq!((x.day, x.pair, x.probability), (y.day, y.pair, y.probability));
        }
    }
}
