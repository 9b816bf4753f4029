//! Who might mediate: third parties ranked by their ties to a side or to both sides of a quarrel.
//!
//! A mediation is told as a deed of the third party towards one side. Ranking uses what was told before a day.

mod around;
mod fit;
mod tally;

pub use around::{Around, around};
pub use fit::{Label, Ranks, Weights, rank_labels};
pub use tally::{Tally, Ties};

use crate::day::Day;

/// What an event says of mediation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// CAMEO 045: mediates.
    Mediate,
    /// CAMEO 039: means or offers to mediate.
    Offer,
    /// CAMEO 026, 027, 028, 108: asks others to meet, to settle a dispute, to mediate or accept it.
    Ask,
    /// CAMEO 126, 165 (and 0356 of none): refuses or halts mediation.
    Refuse,
    /// Root 04 but for 045: meets, visits, telephones, negotiates.
    Consult,
    /// Roots 05 to 08.
    Cooperate,
    /// Roots 09 to 20 but for the above.
    Conflict,
    /// Roots 01 to 03 but for the above.
    Talk,
}

impl Act {
    /// The act of a CAMEO code; none when it has no root.
    pub fn of(code: &str) -> Option<Self> {
        let root: u8 = code.get(..2)?.parse().ok()?;
        Some(match code.get(..3).unwrap_or(code) {
            "045" => Act::Mediate,
            "039" => Act::Offer,
            "026" | "027" | "028" | "108" => Act::Ask,
            "126" | "165" => Act::Refuse,
            _ => match root {
                4 => Act::Consult,
                5..=8 => Act::Cooperate,
                9..=20 => Act::Conflict,
                1..=3 => Act::Talk,
                _ => return None,
            },
        })
    }
}

/// An event as mediation is read from it. Actors are numbers of the caller's own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The day it is counted under.
    pub day: Day,
    /// Who acts.
    pub source: u32,
    /// Towards whom.
    pub target: u32,
    /// What it is.
    pub act: Act,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |day, source, target, act| Row { day, source, target, act };
        let mut out = Vec::new();
        for day in 0..60 {
            out.push(row(day, 0, 1, Act::Conflict));
            out.push(row(day, 3, 0, Act::Conflict));
            if day % 3 == 0 {
                out.push(row(day, 2, 0, Act::Consult));
                out.push(row(day, 1, 2, Act::Consult));
                out.push(row(day, 4, 0, Act::Consult));
            }
            if day % 10 == 5 {
                out.push(row(day, 2, if day % 20 == 5 { 0 } else { 1 }, Act::Mediate));
            }
        }
        out
    }

    #[test]
    fn codes_and_acts() {
        let check = |code: &str, expect| assert_eq!(Act::of(code), expect, "{code}");
        check("045", Some(Act::Mediate));
        check("039", Some(Act::Offer));
        check("042", Some(Act::Consult));
        check("126", Some(Act::Refuse));
        check("0251", Some(Act::Talk));
        check("190", Some(Act::Conflict));
        check("", None);
        check("99", None);
    }

    #[test]
    fn the_one_who_talks_with_both_and_has_done_it_comes_first() {
        let mut ties = Ties::default();
        rows().iter().for_each(|r| ties.add(r));
        let ranked = ties.rank(&[0, 1], 60, &Weights::default());
        assert_eq!(ranked[0].0, 2);
        assert!(ranked.iter().all(|(actor, _)| *actor > 1));
        assert!(ranked.iter().position(|r| r.0 == 4) < ranked.iter().position(|r| r.0 == 3));
        assert!(Ties::default().rank(&[0, 1], 60, &Weights::default()).is_empty());
    }

    #[test]
    fn refusals_count_against() {
        let mut ties = Ties::default();
        rows().iter().for_each(|r| ties.add(r));
        let score = |ties: &Ties| ties.rank(&[0], 60, &Weights::default()).iter().find(|r| r.0 == 2).map_or(0.0, |r| r.1);
        let before = score(&ties);
        (0..3).for_each(|_| ties.add(&Row { day: 59, source: 0, target: 2, act: Act::Refuse }));
        assert!(score(&ties) < before);
    }

    #[test]
    fn labels_are_ranked_from_the_past_alone() {
        let mut all = rows();
        let ranks = rank_labels(&all, 20);
        assert_eq!(ranks.labels.len(), 4);
        assert!(ranks.labels.iter().all(|l| l.rank == 1.0), "{ranks:?}");
        let before: Vec<Label> = ranks.labels.into_iter().filter(|l| l.day < 50).collect();
        all.extend((50..60).map(|day| Row { day, source: 4, target: 0, act: Act::Mediate }));
        all.reverse();
        let after: Vec<Label> = rank_labels(&all, 20).labels.into_iter().filter(|l| l.day < 50).collect();
        assert_eq!(before, after);
        assert!(rank_labels(&[], 0).labels.is_empty());
    }
}
