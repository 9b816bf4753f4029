//! An event as the watch needs it: who, whom, what, when.

use crate::day::Day;

/// An event between two actors. Actors are numbers of the caller's own list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The day it is counted under.
    pub day: Day,
    /// Who acts.
    pub source: u32,
    /// To or with whom.
    pub target: u32,
    /// CAMEO root, 1 to 20; 0 is unknown.
    pub root: u8,
    /// Goldstein value; 0 where there is none.
    pub goldstein: f32,
}

/// CAMEO root of a code, 1 to 20; 0 when it has none.
pub fn root(code: &str) -> u8 {
    code.get(..2).and_then(|r| r.parse().ok()).filter(|r| *r <= 20).unwrap_or(0)
}

impl Event {
    /// Quad class of the root: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict;
    /// 0 is unknown.
    pub fn quad(&self) -> u8 {
        match self.root {
            1..=5 => 1,
            6..=8 => 2,
            9..=13 => 3,
            14..=20 => 4,
            _ => 0,
        }
    }
}
