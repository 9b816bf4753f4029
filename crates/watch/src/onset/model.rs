//! The model of an onset: a pair's own record, drawn towards what pairs like it do.

use super::{Deeds, Forecast, Question, outcome};
use crate::day::Day;
use crate::learn::{Calibration, Logit, Table, Trees, TreesConfig, logit, sigmoid};

/// Windows of a pair's own record that weigh as much as what the model expects of it.
const STRENGTH: f64 = 120.0;
/// A record counts for no more than so many windows: what was long ago says less.
const MEMORY: f64 = 365.0;
/// Penalty of the logits, in rows.
const RIDGE: f64 = 700.0;
/// How firmly calibration stays at none, in forecasts.
const FIRM: f64 = 300.0;
const TREES: TreesConfig = TreesConfig { trees: 60, depth: 3, rate: 0.05, least: 4.0, ridge: 2.0 };

/// Rows to learn from, in order of days.
#[derive(Debug)]
pub(super) struct Lesson {
    pub table: Table,
    pub days: Vec<Day>,
    pub pairs: Vec<u32>,
    pub quiet: Vec<bool>,
}

/// A fitted model. Of each two, the first is of all rows, the second of quiet ones.
#[derive(Debug)]
pub(super) struct Model {
    logit: [Logit; 2],
    trees: [Trees; 2],
    calibration: [Calibration; 2],
    /// Share of rows that came true among those not quiet and those quiet.
    pub base: [f64; 2],
}

impl Model {
    /// Fits to windows that had closed on `day`; none when they hold too little to learn from.
    pub fn fit(lesson: &Lesson, deeds: &[Deeds], question: Question, day: Day, past: &[Forecast], indices: &[u32]) -> Option<Self> {
        let known = lesson.days.partition_point(|d| d + question.horizon <= day);
        let label = |i: usize| outcome(&deeds[lesson.pairs[i] as usize], question, lesson.days[i], day) == Some(true);
        let mut tables = [Table::new(lesson.table.width), Table::new(lesson.table.width)];
        let mut labels = [Vec::new(), Vec::new()];
        for i in 0..known {
            for side in 0..=usize::from(lesson.quiet[i]) {
                tables[side].push(lesson.table.row(i));
                labels[side].push(label(i));
            }
        }
        let hits = |side: usize| labels[side].iter().filter(|l| **l).count();
        if hits(0) < 10 || hits(0) + 10 > known {
            return None;
        }
        let fit = |side: usize| (Logit::fit(&tables[side], &labels[side], RIDGE), Trees::fit(&tables[side], &labels[side], TREES));
        let ((all, all_trees), (quiet, quiet_trees)) = (fit(0), fit(1));
        let calibration = [false, true].map(|side| {
            let judged = past.iter().zip(indices).filter(|(f, _)| f.quiet == side);
            let judged: Vec<(f64, bool)> =
                judged.filter_map(|(f, i)| Some((f.raw, outcome(&deeds[*i as usize], question, f.day, day)?))).collect();
            Calibration::fit(&judged, FIRM)
        });
        let share = |hits: usize, of: usize| (hits as f64 + 0.5) / (of as f64 + 1.0);
        let base = [share(hits(0) - hits(1), labels[0].len() - labels[1].len()), share(hits(1), labels[1].len())];
        Some(Self { logit: [all, quiet], trees: [all_trees, quiet_trees], calibration, base })
    }

    /// Log odds before calibration of a row whose pair had the deed in `hits` of `windows`.
    pub fn raw(&self, row: &[f32], quiet: bool, hits: u32, windows: i32) -> f64 {
        let side = usize::from(quiet);
        let like_it = (self.logit[0].score(row) + self.logit[side].score(row) + self.trees[side].score(row)) / 3.0;
        let windows = f64::from(windows.max(0));
        let kept = if windows > MEMORY { MEMORY / windows } else { 1.0 };
        let share = (f64::from(hits) * kept + STRENGTH * sigmoid(like_it)) / (windows * kept + STRENGTH);
        logit(share)
    }

    /// The probability of log odds.
    pub fn probability(&self, raw: f64, quiet: bool) -> f64 {
        self.calibration[usize::from(quiet)].probability(raw)
    }
}
