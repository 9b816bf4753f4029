//! What is known of every pair of actors on a day: decaying counts of the past.

use crate::day::Day;
use crate::event::Event;

/// Kinds of events that are counted apart.
pub(super) const KINDS: usize = 9;
/// Half-lives in days.
pub(super) const HALF_LIVES: [f32; 4] = [4.0, 15.0, 60.0, 240.0];
pub(super) const LIVES: usize = HALF_LIVES.len();

/// Kinds of an event: bits for those it counts under.
pub(super) fn kinds(event: &Event) -> [bool; KINDS] {
    let r = event.root;
    [
        r >= 18,
        (14..=17).contains(&r),
        r == 13 || r == 15,
        (9..=12).contains(&r),
        (1..=2).contains(&r),
        (3..=5).contains(&r),
        (6..=8).contains(&r),
        true,
        r == 4,
    ]
}

/// Counts of a pair, in both directions together but for the last two.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub low: u32,
    pub high: u32,
    /// Decayed counts by kind and half-life.
    pub counts: [[f32; LIVES]; KINDS],
    /// Decayed counts of conflict (roots 9 to 20) by half-life, low to high and high to low.
    pub conflict: [[f32; LIVES]; 2],
    /// Decayed sum of Goldstein values, half-life 15 days.
    pub goldstein: f32,
    /// All events so far.
    pub total: u32,
    /// All events before the last day that had any.
    pub total_before: u32,
    /// Days with force so far.
    pub force_days: u32,
    /// Last day with force, material conflict, anything.
    pub last: [Option<Day>; 3],
    /// Number of separate spells of force: days with force after 30 without.
    pub spells: u32,
}

impl Pair {
    fn new(low: u32, high: u32) -> Self {
        Self {
            low,
            high,
            counts: [[0.0; LIVES]; KINDS],
            conflict: [[0.0; LIVES]; 2],
            goldstein: 0.0,
            total: 0,
            total_before: 0,
            force_days: 0,
            last: [None; 3],
            spells: 0,
        }
    }

    fn decay(&mut self, by: &[f32; LIVES]) {
        for kind in self.counts.iter_mut().chain(self.conflict.iter_mut()) {
            kind.iter_mut().zip(by).for_each(|(c, d)| *c *= d);
        }
        self.goldstein *= by[1];
    }

    fn add(&mut self, event: &Event) {
        for (kind, counted) in kinds(event).iter().enumerate() {
            if *counted {
                self.counts[kind].iter_mut().for_each(|c| *c += 1.0);
            }
        }
        if event.root >= 9 {
            let side = usize::from(event.source != self.low);
            self.conflict[side].iter_mut().for_each(|c| *c += 1.0);
        }
        self.goldstein += event.goldstein;
        let day = event.day;
        if self.last[2] != Some(day) {
            self.total_before = self.total;
        }
        self.total += 1;
        if event.root >= 18 && self.last[0] != Some(day) {
            self.force_days += 1;
            self.spells += u32::from(self.last[0].is_none_or(|l| day - l > 30));
            self.last[0] = Some(day);
        }
        if event.root >= 14 {
            self.last[1] = Some(day);
        }
        self.last[2] = Some(day);
    }
}

/// All pairs on a day.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub actors: usize,
    pub pairs: Vec<Pair>,
    /// Number of a pair in `pairs`, plus one; low × actors + high.
    at: Vec<u32>,
    /// Inside one actor: decayed force, material conflict and all events.
    pub inside: Vec<[[f32; LIVES]; 3]>,
    pub day: Day,
    pub first: Day,
}

impl State {
    pub fn new(actors: usize, first: Day) -> Self {
        Self { actors, pairs: Vec::new(), at: vec![0; actors * actors], inside: vec![[[0.0; LIVES]; 3]; actors], day: first, first }
    }

    pub fn pair(&self, a: u32, b: u32) -> Option<usize> {
        let at = self.at[a.min(b) as usize * self.actors + a.max(b) as usize];
        (at > 0).then(|| at as usize - 1)
    }

    /// The two sides of a pair.
    pub fn sides(&self, index: usize) -> (u32, u32) {
        (self.pairs[index].low, self.pairs[index].high)
    }

    /// Goes on to the end of `day`, whose events these are.
    pub fn advance(&mut self, day: Day, events: &[Event]) {
        let passed = (day - self.day).max(0) as f32;
        let by = HALF_LIVES.map(|h| 0.5f32.powf(passed / h));
        self.pairs.iter_mut().for_each(|p| p.decay(&by));
        for kinds in &mut self.inside {
            kinds.iter_mut().for_each(|k| k.iter_mut().zip(&by).for_each(|(c, d)| *c *= d));
        }
        self.day = day;
        for event in events {
            let (low, high) = (event.source.min(event.target), event.source.max(event.target));
            if low == high {
                let inside = &mut self.inside[low as usize];
                for (kind, counted) in [event.root >= 18, event.root >= 14, true].into_iter().enumerate() {
                    if counted {
                        inside[kind].iter_mut().for_each(|c| *c += 1.0);
                    }
                }
                continue;
            }
            let at = &mut self.at[low as usize * self.actors + high as usize];
            if *at == 0 {
                self.pairs.push(Pair::new(low, high));
                *at = self.pairs.len() as u32;
            }
            self.pairs[*at as usize - 1].add(event);
        }
    }
}
