//! Alarms: days on which a measure leaves what is usual for a pair, and changes of its level.
//!
//! A day is judged by itself and the days before it. Alarms of days that follow each other are one: it has a
//! first day, which never changes later, and a last.

use crate::band::quantile;
use crate::change;
use crate::day::Day;
use crate::series::Measure;
use std::collections::VecDeque;

/// When to raise an alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What is measured.
    pub measure: Measure,
    /// How it is judged.
    pub test: Test,
    /// Days that are summed up.
    pub days: i32,
    /// Days before them that tell what is usual.
    pub usual: i32,
    /// With fewer days read among those nothing is told.
    pub least: i32,
    /// The sum must be at least this.
    pub floor: f64,
    /// Days without a cause after which an alarm is over.
    pub hold: i32,
    /// Origins the events must come from, where origins are known.
    pub origins: u32,
}

/// How a measure is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// The sum is above this quantile of the usual sums, and at least so many times their median.
    Level {
        /// The quantile.
        quantile: f64,
        /// Times the median.
        ratio: f64,
    },
    /// The daily rate has risen at least so many times (cumulative sum of log-likelihood ratios of Poisson counts).
    Change {
        /// Times the usual rate.
        ratio: f64,
        /// The sum at which it counts as risen.
        threshold: f64,
    },
}

/// Something left its usual band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alarm {
    /// First day on which the rule held.
    pub first: Day,
    /// Last day on which it held.
    pub last: Day,
    /// Day of the highest value.
    pub peak: Day,
    /// The highest value: the sum over the rule's days; for a change, since `since`.
    pub value: f64,
    /// Median of the usual sums then; for a change, the sum to be expected at the usual rate.
    pub usual: f64,
    /// The edge it passed; for a change, the sum from which on a risen rate fits better than the usual one.
    pub edge: f64,
    /// First of the days whose events are the cause; the last is `last`.
    pub since: Day,
}

impl Alarm {
    /// Whether it still holds on a day.
    pub fn open(&self, rule: &Rule, today: Day) -> bool {
        self.last.saturating_add(rule.hold) >= today
    }
}

/// Which days were read, over all pairs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    first: Day,
    /// Days read before each day, from the first on.
    before: Vec<i32>,
}

impl Coverage {
    /// From days with the number of events read; in any order.
    pub fn new(days: &[(Day, u64)]) -> Self {
        let read = || days.iter().filter(|(_, n)| *n > 0).map(|(d, _)| *d);
        let (Some(first), Some(last)) = (read().min(), read().max()) else { return Self::default() };
        let mut on = vec![false; usize::try_from(last - first).unwrap_or(0) + 1];
        read().for_each(|d| on[usize::try_from(d - first).unwrap_or(0)] = true);
        let mut before = vec![0];
        let mut n = 0;
        for was in on {
            n += i32::from(was);
            before.push(n);
        }
        Self { first, before }
    }

    /// Days read from one to another, both counted.
    pub fn count(&self, from: Day, to: Day) -> i32 {
        let at = |day: i64| {
            let i = (day - i64::from(self.first)).clamp(0, self.before.len().saturating_sub(1) as i64);
            self.before.get(usize::try_from(i).unwrap_or(0)).copied().unwrap_or(0)
        };
        if from > to { 0 } else { at(i64::from(to) + 1) - at(i64::from(from)) }
    }

    /// Whether a day was read.
    pub fn read(&self, day: Day) -> bool {
        self.count(day, day) > 0
    }

    /// The last day read.
    pub fn last(&self) -> Option<Day> {
        (self.before.len() > 1).then(|| self.first + i32::try_from(self.before.len()).unwrap_or(i32::MAX) - 2)
    }
}

/// The alarms of a rule up to today. `days` are those with a value, in order of time, each once; those after
/// today are not looked at.
pub fn alarms(rule: &Rule, days: &[(Day, f64)], coverage: &Coverage, today: Day) -> Vec<Alarm> {
    let days = &days[..days.partition_point(|(d, _)| *d <= today)];
    match rule.test {
        Test::Level { quantile, ratio } => level(rule, quantile, ratio, days, coverage, today),
        Test::Change { ratio, threshold } => change::alarms(rule, ratio, threshold, days, coverage),
    }
}

/// Adds a day on which the rule holds: to the alarm that still holds, or as a new one.
pub(crate) fn raise(out: &mut Vec<Alarm>, rule: &Rule, alarm: Alarm) {
    match out.last_mut() {
        Some(held) if held.open(rule, alarm.first) => {
            held.last = alarm.last;
            if alarm.value > held.value {
                (held.peak, held.value, held.usual, held.edge) = (alarm.peak, alarm.value, alarm.usual, alarm.edge);
            }
        }
        _ => out.push(alarm),
    }
}

fn level(rule: &Rule, q: f64, ratio: f64, days: &[(Day, f64)], coverage: &Coverage, today: Day) -> Vec<Alarm> {
    let length = rule.days.max(1);
    let mut out = Vec::new();
    // Sums over the rule's days, zeros left out: those still too near, and those that tell what is usual.
    let mut near: VecDeque<(Day, f64)> = VecDeque::new();
    let mut past: VecDeque<(Day, f64)> = VecDeque::new();
    let mut sorted: Vec<f64> = Vec::new();
    let (mut sum, mut oldest) = (0.0, 0);
    let mut next = 0;
    let Some((mut t, _)) = days.first().copied() else { return out };
    while t <= today {
        while next < days.len() && days[next].0 <= t {
            sum += days[next].1;
            next += 1;
        }
        while oldest < next && days[oldest].0 <= t - length {
            sum -= days[oldest].1;
            oldest += 1;
        }
        if oldest == next {
            // Nothing until the next day with a value.
            let Some((day, _)) = days.get(next) else { break };
            (sum, t) = (0.0, *day);
            continue;
        }
        if coverage.read(t) && sum > 0.0 {
            let (from, to) = (t - length - rule.usual + 1, t - length);
            while near.front().is_some_and(|(d, _)| *d <= to) {
                let Some((d, v)) = near.pop_front() else { break };
                past.push_back((d, v));
                sorted.insert(sorted.partition_point(|s| *s < v), v);
            }
            while past.front().is_some_and(|(d, _)| *d < from) {
                let Some((_, v)) = past.pop_front() else { break };
                sorted.remove(sorted.partition_point(|s| *s < v));
            }
            let read = coverage.count(from, to);
            if sum >= rule.floor && read >= rule.least {
                let zeros = usize::try_from(read).unwrap_or(0).saturating_sub(sorted.len());
                let (median, edge) = (quantile(&sorted, zeros, 0.5), quantile(&sorted, zeros, q));
                if sum > edge && sum >= ratio * median {
                    let edge = edge.max(ratio * median);
                    raise(&mut out, rule, Alarm { first: t, last: t, peak: t, value: sum, usual: median, edge, since: t - length + 1 });
                }
            }
            near.push_back((t, sum));
        }
        t += 1;
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn rule(test: Test) -> Rule {
        Rule { name: "force".into(), measure: Measure::Force, test, days: 7, usual: 365, least: 60, floor: 3.0, hold: 14, origins: 1 }
    }

    pub(crate) fn all(from: Day, to: Day) -> Coverage {
        Coverage::new(&(from..=to).map(|d| (d, 1)).collect::<Vec<_>>())
    }

    const LEVEL: Test = Test::Level { quantile: 0.95, ratio: 2.0 };

    fn check(days: &[(Day, f64)], today: Day, expect: &[(Day, Day)]) {
        let found = alarms(&rule(LEVEL), days, &all(0, 400), today);
        assert_eq!(found.iter().map(|a| (a.first, a.last)).collect::<Vec<_>>(), expect, "{days:?}");
    }

    #[test]
    fn what_leaves_the_usual_raises_an_alarm() {
        check(&[], 400, &[]);
        check(&[(200, 2.0)], 400, &[]);
        check(&[(200, 5.0)], 400, &[(200, 206)]);
        // Too little past.
        check(&[(40, 5.0)], 400, &[]);
        // One alarm while it holds, another after.
        check(&[(200, 5.0), (210, 6.0), (300, 9.0)], 400, &[(200, 216), (300, 306)]);
        // What is after today is not looked at.
        check(&[(200, 5.0), (300, 9.0)], 299, &[(200, 206)]);
        // Usual here.
        check(&(0..400).map(|d| (d, 5.0)).collect::<Vec<_>>(), 399, &[]);
    }

    #[test]
    fn later_days_change_no_earlier_alarm() {
        let days: Vec<(Day, f64)> = (0..400).filter(|d| d % 11 == 0 || (300..310).contains(d)).map(|d| (d, f64::from(d % 5 + 1))).collect();
        for test in [LEVEL, Test::Change { ratio: 2.0, threshold: 4.0 }] {
            let whole = alarms(&rule(test), &days, &all(0, 400), 400);
            assert!(!whole.is_empty());
            for today in (60..400).step_by(7) {
                let cut: Vec<_> = days.iter().copied().filter(|(d, _)| *d <= today).collect();
                let then: Vec<Day> = alarms(&rule(test), &cut, &all(0, today), today).iter().map(|a| a.first).collect();
                let now: Vec<Day> = whole.iter().map(|a| a.first).filter(|d| *d <= today).collect();
                assert_eq!(then, now, "on day {today}");
            }
        }
    }

    #[test]
    fn days_read() {
        let c = Coverage::new(&[(10, 3), (8, 1), (9, 0), (20, 1)]);
        assert_eq!((c.count(0, 100), c.count(9, 10), c.count(9, 9), c.last()), (3, 1, 0, Some(20)));
        assert_eq!((Coverage::default().count(-5, 5), Coverage::default().last()), (0, None));
        assert!(c.read(8) && !c.read(7));
    }
}
