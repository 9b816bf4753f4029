//! Counting: precision, recall and F1, and their mean over classes.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::hash::Hash;

/// How many there were, how many we gave, how many of those were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Right ones.
    pub right: usize,
    /// In the labels.
    pub gold: usize,
    /// Given by the program.
    pub got: usize,
}

impl Counts {
    /// Adds one comparison of two bags.
    pub fn add<K: Hash + Ord>(&mut self, gold: &[K], got: &[K]) {
        self.right += multiset_overlap(gold, got);
        self.gold += gold.len();
        self.got += got.len();
    }

    /// Right among given.
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.got)
    }

    /// Right among labelled.
    pub fn recall(&self) -> f64 {
        ratio(self.right, self.gold)
    }

    /// Harmonic mean of the two.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.right, self.gold + self.got)
    }

    /// `{p, r, f1}`.
    pub fn json(&self) -> Value {
        json!({"p": round(self.precision()), "r": round(self.recall()), "f1": round(self.f1())})
    }
}

/// A fraction; 0 when there is nothing to divide by.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Four decimals: more would only be noise.
pub(super) fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// How many members two bags share, each counted as often as it is in both.
pub fn multiset_overlap<K: Hash + Ord>(a: &[K], b: &[K]) -> usize {
    let mut counts: BTreeMap<&K, usize> = BTreeMap::new();
    a.iter().for_each(|k| *counts.entry(k).or_default() += 1);
    b.iter()
        .filter(|k| match counts.get_mut(k) {
            Some(n) if *n > 0 => {
                *n -= 1;
                true
            }
            _ => false,
        })
        .count()
}

/// What stood for what: rows are the labels, columns what was given, `-` is nothing.
pub type Confusion = BTreeMap<String, BTreeMap<String, usize>>;

/// What stood for what, from pairs of gold and given label.
pub fn confusion<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Confusion {
    let mut rows = Confusion::new();
    for (gold, got) in pairs {
        *rows.entry(gold.to_owned()).or_default().entry(got.unwrap_or("-").to_owned()).or_default() += 1;
    }
    rows
}

/// Counts of every class from pairs of gold and given label; no label given is a miss only.
pub fn classes<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> BTreeMap<&'a str, Counts> {
    let mut classes: BTreeMap<&str, Counts> = BTreeMap::new();
    for (gold, got) in pairs {
        let class = classes.entry(gold).or_default();
        class.gold += 1;
        class.right += usize::from(got == Some(gold));
        if let Some(got) = got {
            classes.entry(got).or_default().got += 1;
        }
    }
    classes
}

/// Mean F1 of the classes that occur in the labels.
pub(super) fn macro_f1(classes: &BTreeMap<&str, Counts>) -> f64 {
    let f1s: Vec<f64> = classes.values().filter(|c| c.gold > 0).map(Counts::f1).collect();
    if f1s.is_empty() { 0.0 } else { f1s.iter().sum::<f64>() / f1s.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bags_count_repeats() {
        assert_eq!(multiset_overlap(&["a", "a", "b"], &["a", "c", "a", "a"]), 2);
        assert_eq!(multiset_overlap::<u8>(&[], &[1]), 0);
        let mut c = Counts::default();
        c.add(&["a", "a", "b"], &["a", "c"]);
        assert_eq!((c.right, c.gold, c.got), (1, 3, 2));
        assert_eq!(c.json(), json!({"p": 0.5, "r": 0.3333, "f1": 0.4}));
    }

    #[test]
    fn nothing_at_all_is_zero_and_no_nan() {
        assert_eq!(Counts::default().json(), json!({"p": 0.0, "r": 0.0, "f1": 0.0}));
    }

    #[test]
    fn macro_f1_is_over_gold_classes() {
        let pairs = [("A", Some("A")), ("A", Some("B")), ("B", Some("B")), ("B", None)];
        let c = classes(pairs);
        // A: p 1, r 1/2, f1 2/3. B: p 1/2, r 1/2, f1 1/2. A stray class does not count.
        assert!((macro_f1(&c) - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-9);
        let stray = classes([("A", Some("Z")), ("A", Some("A"))]);
        assert!((macro_f1(&stray) - 2.0 / 3.0).abs() < 1e-9);
    }
}
