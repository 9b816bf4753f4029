//! What passed between two sides before and after somebody mediated. It claims no cause.

use crate::day::Day;

/// Means over mediations of the events between two sides in the days before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Around {
    /// Mediations whose days before and after were both read.
    pub mediations: usize,
    /// Mean number of events in the days before.
    pub before: f64,
    /// Mean number of events in the days after.
    pub after: f64,
}

/// Counts `deeds` (a day for each event) in the `days` before and after each of the days of mediation, which count for neither.
/// Days of mediation that follow one another within `days` are one mediation, the first. None when no mediation has as many
/// days of history on both sides, `first` and `last` being the first and last day read.
pub fn around(mediations: &[Day], deeds: &[Day], days: i32, first: Day, last: Day) -> Option<Around> {
    let mut sorted = mediations.to_vec();
    sorted.sort_unstable();
    let mut starts: Vec<Day> = Vec::new();
    for day in sorted {
        if starts.last().is_none_or(|s| day - s > days) {
            starts.push(day);
        }
    }
    starts.retain(|d| d - days >= first && d + days <= last);
    let count = |from: Day, to: Day| deeds.iter().filter(|d| (from..=to).contains(*d)).count() as f64;
    let n = starts.len() as f64;
    let before: f64 = starts.iter().map(|d| count(d - days, d - 1)).sum();
    let after: f64 = starts.iter().map(|d| count(d + 1, d + days)).sum();
    (!starts.is_empty()).then(|| Around { mediations: starts.len(), before: before / n, after: after / n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_and_after() {
        let deeds = [80, 95, 99, 100, 101, 131];
        let check = |days: &[Day], expect| assert_eq!(around(days, &deeds, 30, 0, 200), expect, "{days:?}");
        check(&[100], Some(Around { mediations: 1, before: 3.0, after: 1.0 }));
        check(&[100, 104, 101], Some(Around { mediations: 1, before: 3.0, after: 1.0 }));
        check(&[10, 190], None);
        check(&[], None);
    }
}
