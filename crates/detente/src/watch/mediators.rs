//! Third parties for a pair, ranked by what passed between them and both sides.

use crate::failure::Failure;
use crate::store::{Between, Passed, Store};
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::mediator::{self, Act, Around, Row, Ties, Weights, rank_labels};
use serde::Serialize;

/// Days looked at before and after a mediation.
pub const AROUND: i32 = 30;

/// Ties of a history between all sides, from which third parties of any pair are ranked.
pub struct History {
    between: Between,
    ties: Ties,
    weights: Weights,
}

/// What passed between a third party and one side: events that were told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Kinds of acts, as METHOD.md has them under "How mediators are ranked".
pub struct Tie {
    pub consultations: usize,
    pub mediations: usize,
    pub offers: usize,
    pub requests: usize,
    pub refusals: usize,
    pub conflict: usize,
}

/// A third party.
#[derive(Clone, Debug, PartialEq)]
pub struct MediatorRow {
    /// Its code.
    pub third: String,
    /// Chance beside that of the first, which has 1.
    pub weight: f64,
    /// What passed between it and each of the two sides.
    pub ties: [Tie; 2],
    /// Its mediations, its offers, requests to it, refusals of it: numbers of the events, in order of days.
    pub behind: [Vec<i64>; 4],
    /// What passed between the two sides around its mediations.
    pub around: Option<Around>,
}

/// Third parties of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Mediators {
    /// The last day with events.
    pub on: Date,
    /// The first.
    pub from: Date,
    /// Ranked, the best first.
    pub rows: Vec<MediatorRow>,
    /// What passed between the two sides around mediations of those ranked.
    pub around: Option<Around>,
}

fn act(e: &Passed) -> Option<Act> {
    Act::of(&format!("{:03}", e.code))
}

impl History {
    /// Reads what passed between all sides from one day to another.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(store: &Store, coder: i64, from: Date, to: Date) -> Result<Self, Failure> {
        let between = store.between(coder, from, to)?;
        let row = |e: &Passed| Some(Row { day: e.day, source: e.source, target: e.target, act: act(e)? });
        let rows: Vec<Row> = between.events.iter().filter_map(row).collect();
        let weights = rank_labels(&rows, Day::MAX).weights;
        let mut ties = Ties::default();
        rows.iter().for_each(|r| ties.add(r));
        Ok(Self { between, ties, weights })
    }

    /// Whether a side has events.
    pub fn has(&self, side: &str) -> bool {
        self.between.side(side).is_some()
    }

    /// Third parties for a pair; none when a side has no events.
    pub fn mediators(&self, a: &str, b: &str, limit: usize) -> Option<Mediators> {
        let events = &self.between.events;
        let sides = [self.between.side(a)?, self.between.side(b)?];
        let (first, last) = (events.first()?.day, events.last()?.day);
        let ranked = self.ties.rank(&sides, last, &self.weights);
        let top = ranked.first().map_or(0.0, |r| r.1);
        let between = |e: &&Passed| sides.contains(&e.source) && sides.contains(&e.target) && e.source != e.target;
        let deeds: Vec<Day> = events.iter().filter(between).filter(|e| e.code >= 140).map(|e| e.day).collect();
        let around = |days: &[Day]| mediator::around(days, &deeds, AROUND, first, last);
        let mut all_days: Vec<Day> = Vec::new();
        let row = |(third, score): &(u32, f64)| {
            let (ties, behind, days) = evidence(events, *third, sides);
            let row = MediatorRow {
                third: self.between.codes[*third as usize].clone(),
                weight: (score - top).exp(),
                ties,
                behind,
                around: around(&days),
            };
            all_days.extend(days);
            row
        };
        let rows = ranked.iter().take(limit).map(row).collect();
        Some(Mediators { on: day::date(last), from: day::date(first), rows, around: around(&all_days) })
    }
}

/// Counts, numbers and days of mediation between a third party and the two sides.
fn evidence(events: &[Passed], third: u32, sides: [u32; 2]) -> ([Tie; 2], [Vec<i64>; 4], Vec<Day>) {
    let (mut ties, mut behind, mut days) = ([Tie::default(); 2], <[Vec<i64>; 4]>::default(), Vec::new());
    for e in events {
        let acts = e.source == third;
        let other = match (acts, e.target == third) {
            (true, false) => e.target,
            (false, true) => e.source,
            _ => continue,
        };
        let Some(side) = sides.iter().position(|s| *s == other) else { continue };
        let tie = &mut ties[side];
        let (count, list) = match (act(e), acts) {
            (Some(Act::Mediate), true) => {
                days.push(e.day);
                (&mut tie.mediations, Some(0))
            }
            (Some(Act::Offer), true) => (&mut tie.offers, Some(1)),
            (Some(Act::Ask), false) => (&mut tie.requests, Some(2)),
            (Some(Act::Refuse), false) => (&mut tie.refusals, Some(3)),
            (Some(Act::Consult), _) => (&mut tie.consultations, None),
            (Some(Act::Conflict), _) => (&mut tie.conflict, None),
            _ => continue,
        };
        *count += 1;
        if let Some(list) = list {
            behind[list].push(e.n);
        }
    }
    (ties, behind, days)
}
