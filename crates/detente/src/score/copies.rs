//! `score copies`: which articles are copies of one text.

use super::metrics::{ratio, round};
use super::{Report, gold};
use crate::failure::Failure;
use detente_core::link::story::{Sketch, Telling, stories};
use detente_core::model::parse_loose;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// An article with the label of its story.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<String>,
    text: String,
    #[serde(default)]
    published: Option<String>,
    story: String,
}

/// Measures stories over pairs of articles: `pairs` counts those found to be of one story against those labelled so;
/// `false_merges` is the share of labelled stories that were put together with another.
///
/// # Errors
/// A file is not in the format.
pub fn copies(files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let hint = "one JSON object a line with \"text\", \"story\" and perhaps \"published\" and \"id\"";
    let lines: Vec<Line> = gold::lines(files, limit, hint)?;
    let start = Instant::now();
    let telling = |(i, l): (usize, &Line)| Telling {
        id: l.id.clone().unwrap_or_else(|| format!("{i:08}")),
        published: l.published.as_deref().and_then(parse_loose),
        sketch: Sketch::of(&l.text, &[]),
    };
    let tellings: Vec<Telling> = lines.par_iter().enumerate().map(telling).collect();
    let got = stories(&tellings);
    let mut report = Report { n: lines.len(), seconds: start.elapsed().as_secs_f64(), ..Report::default() };
    let mut both: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut labelled: BTreeMap<&str, usize> = BTreeMap::new();
    for (line, &first) in lines.iter().zip(&got) {
        *both.entry(first).or_default().entry(&line.story).or_default() += 1;
        *labelled.entry(&line.story).or_default() += 1;
    }
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    let right: usize = both.values().flat_map(BTreeMap::values).map(|&n| pairs(n)).sum();
    let found: usize = both.values().map(|b| pairs(b.values().sum())).sum();
    let gold: usize = labelled.values().map(|&n| pairs(n)).sum();
    let (p, r) = (ratio(right, found), ratio(right, gold));
    let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    let merged: BTreeSet<&str> = both.values().filter(|b| b.len() > 1).flat_map(|b| b.keys().copied()).collect();
    report.figures.insert("pairs".to_owned(), json!({"p": round(p), "r": round(r), "f1": round(f1), "n": gold}));
    report.figures.insert("false_merges".to_owned(), json!(round(ratio(merged.len(), labelled.len()))));
    report.figures.insert("stories".to_owned(), json!(labelled.len()));
    for (first, stories) in both.iter().filter(|(_, b)| b.len() > 1) {
        report.errors.push(json!({"first": tellings[*first].id, "text": lines[*first].text, "gold": stories}));
    }
    Ok(report)
}
