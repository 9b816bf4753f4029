//! Openings: offers to mediate, talks, releases, ceasefires between sides that are in conflict.

use crate::day::Day;

/// When an opening is worth telling.
#[derive(Clone, Debug, PartialEq)]
pub struct OpeningRule {
    /// Its kind: "mediation", "talks", …
    pub kind: String,
    /// CAMEO codes, or beginnings of them.
    pub codes: Vec<String>,
    /// Conflict of the pair in the `usual` days before must be at least this.
    pub floor: f64,
    /// Days that tell whether the pair is in conflict.
    pub usual: i32,
    /// Days without one of its kind after which the next is new.
    pub hold: i32,
}

impl OpeningRule {
    /// Whether a code is of this kind.
    pub fn takes(&self, code: &str) -> bool {
        self.codes.iter().any(|c| code.starts_with(c.as_str()))
    }
}

/// An opening, or several with less than `hold` days between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Day of the first.
    pub first: Day,
    /// Day of the last.
    pub last: Day,
    /// How many events.
    pub events: u32,
}

/// The openings of a pair: `days` are those with events of the kind, in order of time; `conflict` the days
/// with conflict of the pair, in order of time.
pub fn openings(rule: &OpeningRule, days: &[(Day, u32)], conflict: &[(Day, f64)], today: Day) -> Vec<Opening> {
    let mut out: Vec<Opening> = Vec::new();
    let mut last = None::<Day>;
    for (day, events) in days.iter().filter(|(d, n)| *d <= today && *n > 0) {
        let new = last.is_none_or(|l| l + rule.hold < *day);
        last = Some(*day);
        if !new {
            // It belongs to the one before, when that was worth telling.
            if let Some(held) = out.last_mut().filter(|o| o.last + rule.hold >= *day) {
                held.last = *day;
                held.events += events;
            }
            continue;
        }
        let from = conflict.partition_point(|(d, _)| *d < day - rule.usual);
        let to = conflict.partition_point(|(d, _)| d <= day);
        if conflict[from..to].iter().map(|(_, v)| v).sum::<f64>() >= rule.floor {
            out.push(Opening { first: *day, last: *day, events: *events });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talks_between_foes_after_silence_are_openings() {
        let rule = OpeningRule { kind: "talks".into(), codes: vec!["046".into()], floor: 5.0, usual: 365, hold: 30 };
        let check = |days: &[(Day, u32)], conflict: &[(Day, f64)], expect: &[(Day, Day, u32)]| {
            let found: Vec<_> = openings(&rule, days, conflict, 400).iter().map(|o| (o.first, o.last, o.events)).collect();
            assert_eq!(found, expect, "{days:?} {conflict:?}");
        };
        check(&[(100, 1)], &[(90, 5.0)], &[(100, 100, 1)]);
        check(&[(100, 1), (120, 2), (200, 1)], &[(90, 5.0)], &[(100, 120, 3), (200, 200, 1)]);
        check(&[(100, 1)], &[(90, 4.0)], &[]);
        check(&[(100, 1)], &[(101, 9.0)], &[]);
        check(&[(401, 1)], &[(90, 9.0)], &[]);
        check(&[], &[], &[]);
        assert!(rule.takes("046") && !rule.takes("04") && !rule.takes("045"));
    }
}
