//! Events between sides as numbers: what mediators and forecasts are worked out from, without a text for each.

use super::Store;
use crate::failure::Failure;
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::event::Event;
use rusqlite::params;
use std::collections::HashMap;

/// An event between two sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passed {
    /// Its number in the table of events.
    pub n: i64,
    /// The day it is counted under.
    pub day: Day,
    /// Who acts: a place in [`Between::codes`].
    pub source: u32,
    /// Towards whom.
    pub target: u32,
    /// First three digits of its CAMEO code, 0 for a missing one.
    pub code: u16,
    /// Goldstein value; 0 where there is none.
    pub goldstein: f32,
}

/// Events between sides, in order of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Between {
    /// The sides, in order of their codes.
    pub codes: Vec<String>,
    /// The events.
    pub events: Vec<Passed>,
}

impl Passed {
    /// Its CAMEO root; 0 is unknown.
    fn root(&self) -> u8 {
        u8::try_from(self.code / 10).ok().filter(|r| *r <= 20).unwrap_or(0)
    }

    /// As forecasts are made of it.
    pub fn event(&self) -> Event {
        Event { day: self.day, source: self.source, target: self.target, root: self.root(), goldstein: self.goldstein }
    }
}

impl Between {
    /// Events between sides of three letters: countries and bodies, of which there are few enough to be told of each other.
    pub fn countries(&self) -> Vec<Event> {
        let known = |n: u32| self.codes.get(n as usize).is_some_and(|c| c.len() == 3);
        self.events.iter().filter(|e| known(e.source) && known(e.target)).map(Passed::event).collect()
    }

    /// The number of a side.
    pub fn side(&self, code: &str) -> Option<u32> {
        self.codes.binary_search_by(|c| c.as_str().cmp(code)).ok().and_then(|i| u32::try_from(i).ok())
    }
}

impl Store {
    /// Events of a coder from one day to another that happened or were claimed, with two sides and a CAMEO code.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn between(&self, coder: i64, from: Date, to: Date) -> Result<Between, Failure> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT n, day, coalesce(source_country, source), coalesce(target_country, target), cameo, coalesce(goldstein, 0.0)
                 FROM events WHERE coder = ? AND day BETWEEN ? AND ? AND mode IN ('happened', 'claimed') AND source IS NOT NULL
                 AND target IS NOT NULL AND cameo IS NOT NULL ORDER BY day, n",
            )?;
            let mut numbers: HashMap<String, u32> = HashMap::new();
            let mut number = |code: &str| match numbers.get(code) {
                Some(n) => *n,
                None => {
                    let n = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                    numbers.insert(code.to_owned(), n);
                    n
                }
            };
            let mut events = Vec::new();
            let mut rows = statement.query(params![coder, from.to_string(), to.to_string()])?;
            while let Some(row) = rows.next()? {
                let text = |i| row.get_ref(i).and_then(|v| Ok(v.as_str()?));
                let code = text(4)?.get(..3).or(text(4)?.get(..2)).unwrap_or("");
                let code: u16 = if code.len() == 2 { code.parse::<u16>().map(|c| c * 10) } else { code.parse() }.unwrap_or(0);
                events.push(Passed {
                    n: row.get(0)?,
                    // Days are checked by the table itself.
                    day: day::parse(text(1)?).unwrap_or_default(),
                    source: number(text(2)?),
                    target: number(text(3)?),
                    code,
                    goldstein: row.get::<_, f64>(5)? as f32,
                });
            }
            let mut codes: Vec<(String, u32)> = numbers.into_iter().collect();
            codes.sort_unstable();
            let mut place = vec![0; codes.len()];
            (0..).zip(&codes).for_each(|(to, (_, from))| place[*from as usize] = to);
            events.iter_mut().for_each(|e| (e.source, e.target) = (place[e.source as usize], place[e.target as usize]));
            Ok(Between { codes: codes.into_iter().map(|c| c.0).collect(), events })
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Ids of events by their numbers, in the order given.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn ids(&self, numbers: &[i64]) -> Result<Vec<String>, Failure> {
        let read = || {
            let mut statement = self.db.prepare_cached("SELECT coalesce(id, 'i:' || n) FROM events WHERE n = ?")?;
            numbers.iter().map(|n| statement.query_row([n], |r| r.get(0))).collect::<rusqlite::Result<Vec<String>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}
