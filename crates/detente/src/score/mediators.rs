//! `score mediators`: who mediates with a side, ranked from what was told before that day.

use super::Report;
use super::history;
use crate::failure::Failure;
use detente_watch::mediator::{Act, Label, Row, rank_labels};
use serde_json::json;
use std::time::Instant;

/// Days before the first label that is scored, where a single file is walked.
const WARM_UP: i32 = 30;

/// A ranking by its name, and the rank it gives.
type Ranking = (&'static str, fn(&Label) -> f64);

/// Ranks the mediators of the last file, or of a single file after its first 30 days.
///
/// # Errors
/// A file is not in the format, or the files beside it are missing.
pub fn mediators(files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let started = Instant::now();
    let history = history::read(files)?;
    let first = history.rows.first().map_or(0, |r| r.day);
    let from = history.scored_from.unwrap_or(first + WARM_UP);
    let act = |r: &history::Row| Some(Row { day: r.day, source: r.source, target: r.target, act: Act::of(&r.code)? });
    let rows: Vec<Row> = history.rows.iter().filter_map(act).collect();
    let mut ranks = rank_labels(&rows, from);
    ranks.labels.truncate(limit);
    let mut report = Report { n: ranks.labels.len(), ..Report::default() };
    let by: [Ranking; 3] = [("", |l| l.rank), ("_frequency", |l| l.frequency), ("_consultations_frequency", |l| l.consultations)];
    for (name, rank) in by {
        let round = |x: f64| json!((x * 1e4).round() / 1e4 + 0.0);
        report.figures.insert(format!("mrr{name}"), round(ranks.mrr(rank)));
        report.figures.insert(format!("h10{name}"), round(ranks.hits(10.0, rank)));
    }
    report.figures.insert("first_scored_day".into(), json!(from));
    let name = |i: &u32| history.countries[*i as usize].as_str();
    report.errors = ranks
        .labels
        .iter()
        .filter(|l| l.rank > 1.0)
        .map(|l| json!({"day": l.day, "sides": l.sides.iter().map(name).collect::<Vec<_>>(), "gold": name(&l.third), "got": l.rank}))
        .collect();
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}
