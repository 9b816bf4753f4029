//! How well articles are taken out of pages: overlap of four-word runs with the true body, as
//! in the article-extraction-benchmark, and exact title, author and date.

use std::collections::HashMap;

use serde::Deserialize;

use super::{LIMIT, decode, page};

/// The truth about one page, as in the `ground_truth` object of a labelled file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Truth {
    /// Title.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Publication date, `YYYY-MM-DD…`.
    pub publish_date: Option<String>,
    /// Body.
    #[serde(default)]
    pub main_content: Option<String>,
}

/// Figures over pages; fractions of those whose truth names the thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PagesScore {
    /// Pages counted.
    pub n: usize,
    /// Mean precision of the body's four-word runs.
    pub p: f64,
    /// Their mean recall.
    pub r: f64,
    /// Harmonic mean of the two means.
    pub f1: f64,
    /// Titles right, letters and digits compared.
    pub title: f64,
    /// Authors right.
    pub author: f64,
    /// Dates right.
    pub date: f64,
}

/// Scores pages given as bytes (gzip or plain) with their truth.
pub fn score<'a>(pages: impl IntoIterator<Item = (&'a [u8], &'a Truth)>) -> PagesScore {
    let (mut n, mut p, mut r, mut with_words, mut with_truth) = (0usize, 0.0, 0.0, 0usize, 0usize);
    let (mut title, mut author, mut date) = (Share::default(), Share::default(), Share::default());
    for (bytes, truth) in pages {
        let html = decode::text(bytes, LIMIT).unwrap_or_default();
        let found = page(&html);
        n += 1;
        let (same, taken, gold) = overlap(&found.body, truth.main_content.as_deref().unwrap_or(""));
        if taken > 0 {
            with_words += 1;
            p += same as f64 / taken as f64;
        }
        if gold > 0 {
            with_truth += 1;
            r += same as f64 / gold as f64;
        }
        title.count(truth.title.as_deref(), found.title.as_deref());
        author.count(truth.author.as_deref(), found.author.as_deref());
        let day = found.published.map(|d| d.to_string());
        date.count(truth.publish_date.as_deref().and_then(|d| d.get(..10)), day.as_deref());
    }
    let (p, r) = (share(p, with_words), share(r, with_truth));
    let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    PagesScore { n, p, r, f1, title: title.value(), author: author.value(), date: date.value() }
}

fn share(sum: f64, n: usize) -> f64 {
    if n == 0 { 0.0 } else { sum / n as f64 }
}

#[derive(Default)]
struct Share {
    right: usize,
    n: usize,
}

impl Share {
    fn count(&mut self, truth: Option<&str>, found: Option<&str>) {
        let fold = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        if let Some(truth) = truth.map(fold).filter(|t| !t.is_empty()) {
            self.n += 1;
            self.right += usize::from(found.map(fold).as_deref() == Some(truth.as_str()));
        }
    }

    fn value(&self) -> f64 {
        share(self.right as f64, self.n)
    }
}

/// Four-word runs shared, in the found text, in the true text.
fn overlap(found: &str, truth: &str) -> (usize, usize, usize) {
    let runs = |text: &str| {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).map(str::to_owned).collect();
        let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
        if !words.is_empty() {
            for run in words.windows(words.len().min(4)) {
                *counts.entry(run.to_vec()).or_default() += 1;
            }
        }
        counts
    };
    let (a, b) = (runs(found), runs(truth));
    let same = a.iter().map(|(k, n)| b.get(k).map_or(0, |m| *n.min(m))).sum();
    (same, a.values().sum(), b.values().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_four_words() {
        assert_eq!(overlap("a b c d e", "x a b c d"), (1, 2, 2));
        assert_eq!(overlap("", "a b"), (0, 0, 1));
    }

    #[test]
    fn fields_are_counted_where_the_truth_has_them() {
        let truth = Truth { title: Some("Envoys meet".into()), ..Truth::default() };
        let s = score([(b"<html><title>Envoys: meet</title><p>One two three four.".as_slice(), &truth)]);
        assert_eq!((s.n, s.title, s.author), (1, 1.0, 0.0));
    }
}
