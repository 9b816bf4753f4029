//! Ties between actors: decaying counts of what passed between them.

use super::{Act, Row, Weights};
use crate::day::Day;
use std::collections::BTreeMap;

/// Counts between a third party and a side. Those without a half-life in their name halve in 240 days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    day: Day,
    /// Consultations, half-life 15 days.
    pub consult_recent: f64,
    /// Consultations.
    pub consult: f64,
    /// Roots 05 to 08.
    pub cooperate: f64,
    /// Roots 09 to 20.
    pub conflict: f64,
    /// Everything, half-life 4 days.
    pub recent: f64,
    /// Mediations and offers by the third party towards the side (of actors: towards anybody).
    pub mediated: f64,
    /// The same, half-life 15 days.
    pub mediated_recent: f64,
    /// Refusals of the third party by the side.
    pub refused: f64,
    /// The side asked the third party to help settle.
    pub asked: f64,
    /// Everything.
    pub all: f64,
}

impl Tally {
    fn fields(&mut self) -> [(&mut f64, f64); 10] {
        [
            (&mut self.consult_recent, 15.0),
            (&mut self.consult, 240.0),
            (&mut self.cooperate, 240.0),
            (&mut self.conflict, 240.0),
            (&mut self.recent, 4.0),
            (&mut self.mediated, 240.0),
            (&mut self.mediated_recent, 15.0),
            (&mut self.refused, 240.0),
            (&mut self.asked, 240.0),
            (&mut self.all, 240.0),
        ]
    }

    /// The counts as they have decayed by `day`.
    pub fn at(mut self, day: Day) -> Self {
        let passed = f64::from((day - self.day).max(0));
        if passed > 0.0 {
            self.fields().into_iter().for_each(|(count, half)| *count *= 0.5f64.powf(passed / half));
            self.day = day;
        }
        self
    }

    /// Counts an act; `acts` when the third party is the one who acts.
    fn add(&mut self, act: Act, acts: bool) {
        self.all += 1.0;
        self.recent += 1.0;
        match act {
            Act::Consult => {
                self.consult += 1.0;
                self.consult_recent += 1.0;
            }
            Act::Cooperate => self.cooperate += 1.0,
            Act::Conflict => self.conflict += 1.0,
            Act::Mediate | Act::Offer if acts => {
                self.mediated += 1.0;
                self.mediated_recent += 1.0;
            }
            Act::Refuse if !acts => self.refused += 1.0,
            Act::Ask if !acts => self.asked += 1.0,
            _ => {}
        }
    }
}

/// All ties.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// By side, then by third party.
    sides: BTreeMap<u32, BTreeMap<u32, Tally>>,
    actors: BTreeMap<u32, Tally>,
    /// Those who ever mediated or offered to.
    mediators: BTreeMap<u32, u32>,
}

impl Ties {
    /// Takes an event. Days may come in any order only inside a day.
    pub fn add(&mut self, row: &Row) {
        if row.source == row.target {
            return;
        }
        for (third, side, acts) in [(row.source, row.target, true), (row.target, row.source, false)] {
            for tally in [self.sides.entry(side).or_default().entry(third).or_default(), self.actors.entry(third).or_default()] {
                *tally = tally.at(row.day);
                tally.day = row.day;
                tally.add(row.act, acts);
            }
        }
        if matches!(row.act, Act::Mediate | Act::Offer) {
            *self.mediators.entry(row.source).or_default() += 1;
        }
    }

    /// Number of actors seen.
    pub fn actors(&self) -> usize {
        self.actors.len()
    }

    /// What passed between a third party and a side, by `day`.
    pub fn between(&self, third: u32, side: u32, day: Day) -> Tally {
        self.sides.get(&side).and_then(|s| s.get(&third)).copied().unwrap_or_default().at(day)
    }

    /// What an actor did and met in all, by `day`.
    pub fn of(&self, actor: u32, day: Day) -> Tally {
        self.actors.get(&actor).copied().unwrap_or_default().at(day)
    }

    /// Third parties worth a thought: in touch with a side, or with a record of mediating.
    pub fn candidates(&self, sides: &[u32]) -> Vec<u32> {
        let mut out: Vec<u32> = self.mediators.keys().copied().collect();
        out.extend(sides.iter().filter_map(|s| self.sides.get(s)).flat_map(|s| s.keys().copied()));
        out.sort_unstable();
        out.dedup();
        out.retain(|m| !sides.contains(m));
        out
    }

    /// Candidates with their scores, best first.
    pub fn rank(&self, sides: &[u32], day: Day, weights: &Weights) -> Vec<(u32, f64)> {
        let mut out: Vec<(u32, f64)> =
            self.candidates(sides).into_iter().map(|m| (m, weights.score(&self.features(m, sides, day)))).collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out
    }

    /// What speaks for a third party, averaged over the sides. The columns are those of [`Weights`].
    pub fn features(&self, third: u32, sides: &[u32], day: Day) -> [f64; Weights::WIDTH] {
        let own = self.of(third, day);
        let mut out = [0.0; Weights::WIDTH];
        for side in sides {
            let tie = self.between(third, *side, day);
            let other = (own.mediated - tie.mediated).max(0.0);
            let values = [
                (own.mediated + 0.3).ln(),
                (tie.mediated + 0.3).ln(),
                tie.consult_recent.ln_1p(),
                tie.consult.ln_1p(),
                tie.cooperate.ln_1p(),
                tie.conflict.ln_1p(),
                own.all.ln_1p(),
                tie.asked.ln_1p(),
                (own.mediated_recent + 0.1).ln(),
                tie.refused.ln_1p(),
                tie.recent.ln_1p(),
                f64::from(u8::from(other == 0.0 && tie.mediated == 0.0)),
                (tie.mediated_recent + 0.1).ln(),
                tie.all.ln_1p(),
            ];
            out.iter_mut().zip(values).for_each(|(o, v)| *o += v / sides.len() as f64);
        }
        out
    }
}
