//! Changes of level: the cumulative sum of log-likelihood ratios of counts at a multiple of the usual rate
//! against the usual rate (Page's test), with the counts' own spread in place of Poisson's.

use crate::alarm::{Alarm, Coverage, Rule, raise};
use crate::day::Day;

/// Alarms of a rule that looks for a risen rate. `days` are in order of time.
pub(crate) fn alarms(rule: &Rule, ratio: f64, threshold: f64, days: &[(Day, f64)], coverage: &Coverage) -> Vec<Alarm> {
    let mut out = Vec::new();
    if ratio <= 1.0 {
        return out;
    }
    let length = rule.days.max(1);
    // Sum and sum of squares of the usual days; `from..to` are their places in `days`.
    let (mut from, mut to, mut sum, mut squares) = (0, 0, 0.0, 0.0);
    let (mut evidence, mut began, mut before) = (0.0_f64, None, None::<Day>);
    for (i, (t, value)) in days.iter().enumerate() {
        if !coverage.read(*t) {
            continue;
        }
        let (first, last) = (t - length - rule.usual + 1, t - length);
        while to < i && days[to].0 <= last {
            sum += days[to].1;
            squares += days[to].1 * days[to].1;
            to += 1;
        }
        while from < to && days[from].0 < first {
            sum -= days[from].1;
            squares -= days[from].1 * days[from].1;
            from += 1;
        }
        let read = coverage.count(first, last);
        if read < rule.least {
            continue;
        }
        let n = f64::from(read);
        // One event more than was seen, so that the rate of a pair nothing was told of is not zero.
        let rate = (sum.max(0.0) + 1.0) / n;
        let spread = ((squares / n - (sum / n).powi(2)).max(0.0) / rate).max(1.0);
        let cost = (ratio - 1.0) * rate / spread;
        let quiet = before.map_or(0, |b| coverage.count(b + 1, t - 1));
        evidence = (evidence - f64::from(quiet) * cost).max(0.0);
        if evidence <= 0.0 {
            began = Some(*t);
        }
        evidence = (evidence + value * ratio.ln() / spread - cost).max(0.0);
        before = Some(*t);
        let since = began.unwrap_or(*t);
        let risen: f64 = days[..=i].iter().rev().take_while(|(d, _)| *d >= since).map(|(_, v)| v).sum();
        if evidence >= threshold && risen >= rule.floor {
            let usual = rate * f64::from(coverage.count(since, *t));
            raise(
                &mut out,
                rule,
                Alarm { first: *t, last: *t, peak: *t, value: risen, usual, edge: usual * (ratio - 1.0) / ratio.ln(), since },
            );
            evidence = 0.0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::alarm::tests::{all, rule};
    use crate::alarm::{Rule, Test, alarms};
    use crate::day::Day;

    const CHANGE: Test = Test::Change { ratio: 2.0, threshold: 4.0 };

    fn found(days: &[(Day, f64)]) -> Vec<Day> {
        alarms(&Rule { floor: 1.0, ..rule(CHANGE) }, days, &all(0, 400), 400).iter().map(|a| a.first).collect()
    }

    #[test]
    fn a_risen_rate_is_found_and_a_steady_one_is_not() {
        let steady: Vec<(Day, f64)> = (0..400).filter(|d| d % 5 == 0).map(|d| (d, 1.0)).collect();
        assert!(found(&steady).is_empty());
        let risen: Vec<(Day, f64)> = (0..400).filter(|d| d % 5 == 0 || *d >= 300).map(|d| (d, 1.0)).collect();
        let first = found(&risen)[0];
        assert!((301..=315).contains(&first), "{first}");
    }

    #[test]
    fn bursts_count_less_where_they_are_usual() {
        let bursts: Vec<(Day, f64)> = (0..400).filter(|d| d % 60 == 0).map(|d| (d, 6.0)).collect();
        let with_burst: Vec<(Day, f64)> = bursts.iter().copied().chain([(390, 6.0)]).collect();
        assert!(!found(&with_burst).contains(&390), "{:?}", found(&with_burst));
        assert_eq!(found(&[(390, 6.0)]), [390]);
    }
}
