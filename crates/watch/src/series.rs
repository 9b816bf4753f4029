//! Counts of what happened between two sides, step by step, zero where nothing was told.

use crate::day::{self, Day};

/// Events of a stretch of days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// All events.
    pub events: u32,
    /// By quad class: unknown, verbal cooperation, material cooperation, verbal conflict, material conflict.
    pub quads: [u32; 5],
    /// By CAMEO root; 0 is unknown.
    pub roots: [u32; 21],
    /// Sum of Goldstein values.
    pub goldstein: f64,
    /// Sum of Goldstein values of hostile words and deeds short of force (roots 09 to 17), as it is: 0 or below.
    pub hostile: f64,
    /// Sum of Goldstein values of cooperation (roots 01 to 08).
    pub friendly: f64,
}

impl Counts {
    /// One event: its CAMEO root (0 when unknown), quad class and Goldstein value.
    pub fn event(root: u8, quad: u8, goldstein: f64) -> Self {
        let mut out = Self { events: 1, goldstein, ..Self::default() };
        out.quads[usize::from(quad.min(4))] = 1;
        out.roots[usize::from(if root > 20 { 0 } else { root })] = 1;
        match root {
            1..=8 => out.friendly = goldstein,
            9..=17 => out.hostile = goldstein,
            _ => {}
        }
        out
    }

    /// Adds those of other days or directions.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.quads.iter_mut().zip(other.quads).for_each(|(a, b)| *a += b);
        self.roots.iter_mut().zip(other.roots).for_each(|(a, b)| *a += b);
        self.goldstein += other.goldstein;
        self.hostile += other.hostile;
        self.friendly += other.friendly;
    }

    /// Mean Goldstein value; none without events.
    pub fn mean(&self) -> Option<f64> {
        (self.events > 0).then(|| self.goldstein / f64::from(self.events))
    }

    fn sum(&self, roots: std::ops::RangeInclusive<usize>) -> f64 {
        roots.map(|r| f64::from(self.roots[r])).sum()
    }
}

/// What can be measured of a step. The formulas are in METHOD.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// All events.
    Events,
    /// Quad class 1, roots 01–05.
    VerbalCooperation,
    /// Quad class 2, roots 06–08.
    MaterialCooperation,
    /// Quad class 3, roots 09–13.
    VerbalConflict,
    /// Quad class 4, roots 14–20.
    MaterialConflict,
    /// Quad classes 1 and 2 without mere comments and appeals: roots 03–08.
    Cooperation,
    /// Quad classes 3 and 4.
    Conflict,
    /// Threats in words: root 13.
    Threat,
    /// Shows of force: root 15.
    Posture,
    /// Protest, broken relations, coercion: roots 14, 16, 17.
    Coercion,
    /// Force: roots 18–20.
    Force,
    /// Hostility short of force, weighed by Goldstein values: minus the sum over roots 09–17.
    Tension,
    /// Sum of Goldstein values of cooperation: roots 01–08.
    Warmth,
    /// Sum of all Goldstein values.
    Goldstein,
}

impl Measure {
    /// All of them with their names.
    pub const ALL: [(Measure, &'static str); 14] = [
        (Measure::Events, "events"),
        (Measure::VerbalCooperation, "verbal_cooperation"),
        (Measure::MaterialCooperation, "material_cooperation"),
        (Measure::VerbalConflict, "verbal_conflict"),
        (Measure::MaterialConflict, "material_conflict"),
        (Measure::Cooperation, "cooperation"),
        (Measure::Conflict, "conflict"),
        (Measure::Threat, "threat"),
        (Measure::Posture, "posture"),
        (Measure::Coercion, "coercion"),
        (Measure::Force, "force"),
        (Measure::Tension, "tension"),
        (Measure::Warmth, "warmth"),
        (Measure::Goldstein, "goldstein"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(m, _)| *m == self).map_or("", |(_, name)| name)
    }

    /// The measure of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(m, _)| *m)
    }

    /// What it is, in words a reader needs.
    pub fn about(self) -> &'static str {
        match self {
            Measure::Events => "all events",
            Measure::VerbalCooperation => "verbal cooperation (roots 01–05)",
            Measure::MaterialCooperation => "material cooperation (06–08)",
            Measure::VerbalConflict => "verbal conflict (09–13)",
            Measure::MaterialConflict => "material conflict (14–20)",
            Measure::Cooperation => "cooperation (03–08)",
            Measure::Conflict => "conflict (09–20)",
            Measure::Threat => "threats in words (13)",
            Measure::Posture => "shows of force (15)",
            Measure::Coercion => "coercion (14, 16, 17)",
            Measure::Force => "force (18–20)",
            Measure::Tension => "hostility short of force, minus the sum of Goldstein values over 09–17",
            Measure::Warmth => "sum of Goldstein values over 01–08",
            Measure::Goldstein => "sum of Goldstein values",
        }
    }

    /// Its value.
    pub fn of(self, c: &Counts) -> f64 {
        match self {
            Measure::Events => f64::from(c.events),
            Measure::VerbalCooperation => f64::from(c.quads[1]),
            Measure::MaterialCooperation => f64::from(c.quads[2]),
            Measure::VerbalConflict => f64::from(c.quads[3]),
            Measure::MaterialConflict => f64::from(c.quads[4]),
            Measure::Cooperation => c.sum(3..=8),
            Measure::Conflict => f64::from(c.quads[3] + c.quads[4]),
            Measure::Threat => c.sum(13..=13),
            Measure::Posture => c.sum(15..=15),
            Measure::Coercion => c.sum(14..=14) + c.sum(16..=17),
            Measure::Force => c.sum(18..=20),
            // No negative zero.
            Measure::Tension => 0.0 - c.hostile,
            Measure::Warmth => c.friendly,
            Measure::Goldstein => c.goldstein,
        }
    }

    /// Whether an event of this root and quad class counts in it.
    pub fn counts(self, root: u8, quad: u8) -> bool {
        match self {
            Measure::Tension => (9..=17).contains(&root),
            Measure::Warmth => (1..=8).contains(&root),
            Measure::Goldstein => true,
            other => other.of(&Counts::event(root, quad, 0.0)) > 0.0,
        }
    }
}

/// Length of the steps of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// A day.
    #[default]
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

impl Step {
    /// All of them with their names.
    pub const ALL: [(Step, &'static str); 4] = [(Step::Day, "day"), (Step::Week, "week"), (Step::Month, "month"), (Step::Year, "year")];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The step of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(step, _)| *step)
    }

    /// The first day of the step a day lies in.
    pub fn start(self, day: Day) -> Day {
        match self {
            Step::Day => day,
            Step::Week => day - i32::try_from(day::weekday(day)).unwrap_or(0),
            Step::Month => day::number(day::date(day).first_of_month()),
            Step::Year => day::number(day::date(day).first_of_year()),
        }
    }

    /// The first day of the next step.
    pub fn next(self, start: Day) -> Day {
        let date = day::date(start);
        match self {
            Step::Day => start + 1,
            Step::Week => start + 7,
            Step::Month => start + i32::from(date.days_in_month()),
            Step::Year => start + i32::from(date.days_in_year()),
        }
    }
}

/// One step of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its first day.
    pub start: Day,
    /// Its last day.
    pub end: Day,
    /// What was told of it.
    pub counts: Counts,
    /// Events that were read of its days, over all pairs. With none, silence says nothing.
    pub read: u64,
    /// Days of it of which anything was read. With fewer than it has, its counts are those of a part.
    pub days_read: u32,
}

/// A series from the step of one day to that of another. Days may come in any order and more than once;
/// those outside are left out. `read` has what was read, with one row a day.
pub fn series(days: &[(Day, Counts)], read: &[(Day, u64)], step: Step, from: Day, to: Day) -> Vec<Point> {
    let mut out = Vec::new();
    if from > to {
        return out;
    }
    let mut start = step.start(from);
    while start <= to {
        let next = step.next(start);
        out.push(Point { start, end: next - 1, counts: Counts::default(), read: 0, days_read: 0 });
        // At the end of the calendar there is no next step.
        if next <= start {
            break;
        }
        start = next;
    }
    let first = out.first().map_or(0, |p| p.start);
    let end = out.last().map_or(0, |p| p.end);
    let place = |day: Day, out: &[Point]| match step {
        _ if day < first || day > end => None,
        Step::Day => usize::try_from(day - first).ok(),
        Step::Week => usize::try_from((day - first) / 7).ok(),
        Step::Month | Step::Year => out.partition_point(|p| p.start <= day).checked_sub(1),
    };
    for (day, counts) in days {
        if let Some(i) = place(*day, &out) {
            out[i].counts.add(counts);
        }
    }
    for (day, n) in read {
        if let Some(i) = place(*day, &out) {
            out[i].read += n;
            out[i].days_read += u32::from(*n > 0);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(s: &str) -> Day {
        day::parse(s).unwrap()
    }

    #[test]
    fn steps_are_filled_with_zeros() {
        let check = |step, from: &str, to: &str, on: &[&str], expect: &[u32]| {
            let days: Vec<_> = on.iter().map(|d| (day(d), Counts::event(19, 4, -10.0))).collect();
            let found: Vec<u32> = series(&days, &[], step, day(from), day(to)).iter().map(|p| p.counts.events).collect();
            assert_eq!(found, expect, "{from} {to} {on:?}");
        };
        check(Step::Day, "2018-02-27", "2018-03-02", &["2018-03-02", "2018-02-27", "2018-03-02"], &[1, 0, 0, 2]);
        check(Step::Week, "2018-07-11", "2018-07-23", &["2018-07-15", "2018-07-16", "2018-07-09"], &[2, 1, 0]);
        check(Step::Month, "2017-11-30", "2018-02-01", &["2018-02-28", "2017-10-31"], &[0, 0, 0, 1]);
        check(Step::Year, "2016-05-05", "2018-05-05", &["2016-12-31", "2018-01-01"], &[1, 0, 1]);
        check(Step::Day, "2018-07-18", "2018-07-17", &["2018-07-18"], &[]);
        check(Step::Month, "9999-12-01", "9999-12-31", &["9999-12-31"], &[1]);
    }

    #[test]
    fn what_was_read_stands_beside() {
        let points = series(&[], &[(day("2018-07-17"), 40), (day("2018-07-19"), 2)], Step::Day, day("2018-07-17"), day("2018-07-18"));
        assert_eq!(points.iter().map(|p| (p.read, p.days_read)).collect::<Vec<_>>(), [(40, 1), (0, 0)]);
        let week = series(&[], &[(day("2018-07-17"), 40), (day("2018-07-19"), 2)], Step::Week, day("2018-07-17"), day("2018-07-18"));
        assert_eq!((week[0].read, week[0].days_read), (42, 2));
        assert!(Step::ALL.iter().all(|(step, name)| step.name() == *name && Step::named(name) == Some(*step)));
    }

    #[test]
    fn measures() {
        let mut c = Counts::event(19, 4, -10.0);
        c.add(&Counts::event(13, 3, -4.4));
        c.add(&Counts::event(15, 4, -7.2));
        c.add(&Counts::event(4, 1, 1.0));
        c.add(&Counts::event(0, 0, 0.0));
        let check = |m: Measure, expect: f64| assert!((m.of(&c) - expect).abs() < 1e-9, "{} {}", m.name(), m.of(&c));
        check(Measure::Events, 5.0);
        check(Measure::Force, 1.0);
        check(Measure::Conflict, 3.0);
        check(Measure::Threat, 1.0);
        check(Measure::Tension, 11.6);
        check(Measure::Warmth, 1.0);
        check(Measure::Goldstein, -20.6);
        assert!((c.mean().unwrap() + 4.12).abs() < 1e-9 && Counts::default().mean().is_none());
        assert!(Measure::ALL.iter().all(|(m, name)| Measure::named(name) == Some(*m) && !m.about().is_empty()));
        assert!(Measure::Tension.counts(13, 3) && !Measure::Tension.counts(19, 4) && Measure::Force.counts(18, 4));
    }
}
