//! What may come next of a series: quantiles of what followed when it stood where it stands now.

use crate::band::quantile;

/// Quantiles drawn of each step ahead.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// Steps that end a fifth of the past stand near enough to the present one, but no fewer than these.
const NEAREST: usize = 20;
const SHARE: usize = 5;
/// More of them than this say nothing further.
const MOST: usize = 200;
/// Half-life of the level, in steps.
const HALF_LIFE: f64 = 3.0;
/// With less past than this there is no fan.
const LEAST: usize = 40;
/// Of the steps most like one, so many are looked up: those too late for a step ahead are left out after that.
fn looked_up(horizon: usize) -> usize {
    MOST + horizon
}

/// Steps of the past from which fans are drawn again to see how good they were.
const TRIALS: usize = 80;

/// A fan with its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// The quantiles of each step ahead, the nearest first.
    pub steps: Vec<[f64; 5]>,
    /// How fans drawn from earlier steps did.
    pub past: Past,
}

/// How earlier fans did, each drawn from the steps before it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Past {
    /// Steps that were forecast and came.
    pub n: usize,
    /// Share of them between the outer quantiles; 0.9 is to be expected.
    pub inside: f64,
    /// Mean quantile loss.
    pub loss: f64,
    /// The same of the quantiles of everything before: the base rate.
    pub loss_base: f64,
}

/// The fan after the last of the values; none with too little past. Values are in order of time; a step of which nothing was
/// read is no value and is to be left out.
pub fn fan(values: &[f64], horizon: usize) -> Option<Fan> {
    if values.len() < LEAST || horizon == 0 || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let levels = levels(values);
    let last = values.len() - 1;
    let wanted = looked_up(horizon);
    let like = like(&levels, last, wanted);
    let steps = (1..=horizon).map(|ahead| after(values, &like, last, ahead)).collect::<Option<Vec<_>>>()?;
    let mut past = Past::default();
    let mut inside = 0;
    let from = (LEAST - 1).max(values.len().saturating_sub(TRIALS + horizon));
    let mut before: Vec<f64> = values[..from].to_vec();
    before.sort_unstable_by(f64::total_cmp);
    for at in from..last {
        let place = before.partition_point(|v| v.total_cmp(&values[at]).is_lt());
        before.insert(place, values[at]);
        let base = QUANTILES.map(|q| quantile(&before, 0, q));
        let like = self::like(&levels, at, wanted);
        for ahead in 1..=horizon.min(last - at) {
            let Some(quantiles) = after(values, &like, at, ahead) else { continue };
            let came = values[at + ahead];
            past.n += 1;
            inside += usize::from(quantiles[0] <= came && came <= quantiles[4]);
            past.loss += loss(&quantiles, came);
            past.loss_base += loss(&base, came);
        }
    }
    let n = past.n.max(1) as f64;
    (past.inside, past.loss, past.loss_base) = (inside as f64 / n, past.loss / n, past.loss_base / n);
    Some(Fan { steps, past })
}

/// Where the series stands at each step: values that fade.
fn levels(values: &[f64]) -> Vec<f64> {
    let keep = 0.5f64.powf(1.0 / HALF_LIFE);
    let mut level = values.first().copied().unwrap_or(0.0);
    let next = |value: &f64| {
        level = keep * level + (1.0 - keep) * value;
        level
    };
    values.iter().map(next).collect()
}

/// Steps before `at`, those first whose level was nearest to that of `at`; no more than `wanted`.
fn like(levels: &[f64], at: usize, wanted: usize) -> Vec<usize> {
    let far = |i: usize| (levels[i] - levels[at]).abs();
    let mut out: Vec<usize> = (0..at).collect();
    // Of equals the later ones: they say more of the present.
    let order = |x: &usize, y: &usize| far(*x).total_cmp(&far(*y)).then(y.cmp(x));
    if out.len() > wanted {
        out.select_nth_unstable_by(wanted, order);
        out.truncate(wanted);
    }
    out.sort_unstable_by(order);
    out
}

/// Quantiles of what came so many steps after the steps most `like` step `at`; nothing after `at` is looked at.
fn after(values: &[f64], like: &[usize], at: usize, ahead: usize) -> Option<[f64; 5]> {
    let known = (at + 1).checked_sub(ahead)?;
    if known < NEAREST {
        return None;
    }
    let near = like.iter().filter(|i| **i < known).take((known / SHARE).clamp(NEAREST, MOST));
    let mut came: Vec<f64> = near.map(|i| values[i + ahead]).collect();
    came.sort_unstable_by(f64::total_cmp);
    Some(QUANTILES.map(|q| quantile(&came, 0, q)))
}

/// Mean quantile (pinball) loss over [`QUANTILES`].
fn loss(quantiles: &[f64; 5], came: f64) -> f64 {
    let one = |(q, at): (f64, &f64)| if came >= *at { q * (came - at) } else { (1.0 - q) * (at - came) };
    QUANTILES.into_iter().zip(quantiles).map(one).sum::<f64>() / QUANTILES.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long calm and long unrest, with noise that is the same each time.
    fn waves(n: usize) -> Vec<f64> {
        (0..n).map(|i| if (i / 30) % 2 == 0 { 2.0 } else { 50.0 } + ((i * 7919) % 11) as f64 / 2.0).collect()
    }

    #[test]
    fn unrest_stays_unrest_for_a_while() {
        // 100 ends in unrest, 70 in calm.
        let (high, low) = (fan(&waves(110), 4).unwrap(), fan(&waves(80), 4).unwrap());
        assert!(high.steps[0][2] > 40.0 && low.steps[0][2] < 10.0, "{high:?} {low:?}");
        assert!(high.steps.iter().all(|s| s.is_sorted()));
        // It did better than what was usual, and says so.
        assert!(high.past.n > 100 && high.past.loss < high.past.loss_base && high.past.inside > 0.7, "{:?}", high.past);
    }

    #[test]
    fn a_fan_knows_nothing_of_what_came_after() {
        let all = waves(160);
        let mut other = all[..120].to_vec();
        other.extend(vec![9_999.0; 40]);
        for at in [60, 100, 119] {
            let seen = |v: &[f64]| after(v, &like(&levels(v), at, looked_up(3)), at, 3);
            assert_eq!(seen(&all), seen(&other), "{at}");
        }
    }

    #[test]
    fn with_too_little_past_there_is_none() {
        assert!(fan(&[], 4).is_none() && fan(&waves(39), 4).is_none() && fan(&waves(80), 0).is_none());
        assert!(fan(&[f64::NAN; 80], 4).is_none());
        let flat = fan(&[0.0; 80], 4).unwrap();
        assert!(flat.steps.iter().all(|s| *s == [0.0; 5]) && flat.past.inside == 1.0);
    }
}
