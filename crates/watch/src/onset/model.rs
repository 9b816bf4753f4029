//! The model of an onset: a pair's own record, drawn towards what pairs like it do.

use super::features::width;
use super::{Deeds, Forecast, Question, outcome};
use crate::day::Day;
use crate::learn::{Calibration, Keep, Kept, Table, Trees, TreesConfig, logit, sigmoid};

/// Name of the model and its version, which changes with every formula.
pub const NAME: &str = "onset-2";
/// Windows of a pair's own record that weigh as much as what the model expects of it.
const STRENGTH: f64 = 120.0;
/// A record counts for no more than so many windows: what was long ago says less.
const MEMORY: f64 = 365.0;
/// How firmly calibration stays at none, in forecasts.
const FIRM: f64 = 300.0;
const TREES: TreesConfig = TreesConfig { trees: 80, depth: 3, rate: 0.05, least: 4.0, ridge: 5.0 };

/// Rows to learn from, in order of days.
#[derive(Debug)]
pub(super) struct Lesson {
    pub table: Table,
    pub days: Vec<Day>,
    pub pairs: Vec<u32>,
    pub quiet: Vec<bool>,
}

/// A fitted model. Of each two, the first is of pairs that are not quiet, the second of quiet ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The day it was fitted on: windows had closed by then.
    pub fitted: Day,
    /// Learnt from all rows: quiet ones alone are too few.
    trees: Trees,
    calibration: [Calibration; 2],
    /// Share of rows that came true.
    pub base: [f64; 2],
}

impl Model {
    /// Fits to windows that had closed on `day`; none when they hold too little to learn from.
    pub(super) fn fit(lesson: &Lesson, deeds: &[Deeds], question: Question, day: Day, past: &[Forecast], indices: &[u32]) -> Option<Self> {
        let known = lesson.days.partition_point(|d| d + question.horizon <= day);
        let label = |i: usize| outcome(&deeds[lesson.pairs[i] as usize], question, lesson.days[i], day) == Some(true);
        let mut table = Table::new(lesson.table.width);
        let labels: Vec<bool> = (0..known).map(label).collect();
        (0..known).for_each(|i| table.push(lesson.table.row(i)));
        let hits = labels.iter().filter(|l| **l).count();
        if hits < 10 || hits + 10 > known {
            return None;
        }
        let trees = Trees::fit(&table, &labels, TREES);
        let calibration = [false, true].map(|side| {
            let judged = past.iter().zip(indices).filter(|(f, _)| f.quiet == side);
            let judged: Vec<(f64, bool)> =
                judged.filter_map(|(f, i)| Some((f.raw, outcome(&deeds[*i as usize], question, f.day, day)?))).collect();
            Calibration::fit(&judged, FIRM)
        });
        let base = [false, true].map(|quiet| {
            let rows = (0..known).filter(|i| lesson.quiet[*i] == quiet);
            let (hits, of) = rows.fold((0, 0), |(hits, of), i| (hits + usize::from(labels[i]), of + 1));
            (hits as f64 + 0.5) / (f64::from(of) + 1.0)
        });
        Some(Self { fitted: day, trees, calibration, base })
    }

    /// Log odds before calibration of a row whose pair had the deed in `hits` of `windows`.
    pub(super) fn raw(&self, row: &[f32], hits: u32, windows: i32) -> f64 {
        let windows = f64::from(windows.max(0));
        let kept = if windows > MEMORY { MEMORY / windows } else { 1.0 };
        let share = (f64::from(hits) * kept + STRENGTH * sigmoid(self.trees.score(row))) / (windows * kept + STRENGTH);
        logit(share)
    }

    /// The probability of log odds.
    pub(super) fn probability(&self, raw: f64, quiet: bool) -> f64 {
        self.calibration[usize::from(quiet)].probability(raw)
    }

    /// As text, to be kept.
    pub fn keep(&self) -> String {
        let mut to = Keep::default();
        to.put(NAME).put(width()).put(self.fitted).line();
        to.all(self.base).all(self.calibration.iter().flat_map(|c| [c.shift, c.slope])).line();
        self.trees.keep(&mut to);
        to.text()
    }

    /// From its text; none when it is of another version, or damaged.
    pub fn kept(text: &str) -> Option<Self> {
        let mut from = Kept::new(text);
        from.word(NAME)?;
        from.word(&width().to_string())?;
        let (fitted, base, [a, b, c, d]) = (from.get()?, from.many()?, from.many()?);
        let calibration = [Calibration { shift: a, slope: b }, Calibration { shift: c, slope: d }];
        let trees = Trees::kept(&mut from, width())?;
        from.done()?;
        Some(Self { fitted, trees, calibration, base })
    }
}
