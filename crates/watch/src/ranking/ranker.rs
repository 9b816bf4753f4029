//! Learns from a history how to rank, and ranks.

use super::deeds::{self, Deeds};
use super::features::FEATURES;
use super::history::History;
use super::mixture::{PARTS, Targets};
use super::slate::{Asked, Slate, Step};
use super::trees::{Cuts, Growth, Rows, Trees, chance};
use super::{Event, NAME, Work};
use crate::learn::{Keep, Kept};

/// A question with its true answers, as often as they came.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who acts, or suffers where the deed is one suffered.
    pub source: u32,
    /// What; `deed + deeds` is the deed suffered.
    pub deed: u32,
    /// The answers.
    pub truths: Vec<u32>,
}

/// The ranked candidates of a question.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Those looked at closely.
    pub targets: Vec<u32>,
    /// Their scores.
    pub scores: Vec<f32>,
    /// What the parts of the mixture gave them, and the mixture's bucket.
    pub parts: Vec<[f32; PARTS]>,
    /// See `parts`.
    pub bucket: usize,
    /// Those that follow, in order; all others follow by fame.
    pub rest: Vec<u32>,
}

/// How to learn.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Events at the end of the history from which is learnt how to rank.
    pub learn: usize,
    /// Questions kept of them.
    pub questions: usize,
    /// The trees.
    pub growth: Growth,
}

impl Default for Options {
    fn default() -> Self {
        let growth = Growth { trees: 150, rate: 0.1, questions: 0.3, features: 0.5, ridge: 5.0 };
        Self { learn: 24_000, questions: 24_000, growth }
    }
}

/// A fitted ranker with all it knows.
#[derive(Clone, Debug)]
pub struct Ranker {
    /// The history.
    pub history: History,
    pub(super) mixture: Targets,
    pub(super) mixture_of_deeds: Deeds,
    trees: Trees,
}

/// The questions of one step's events, both ways, in order.
#[must_use]
pub fn questions(events: &[Event], deeds: u32) -> Vec<Question> {
    let mut all: Vec<(u32, u32, u32)> =
        events.iter().flat_map(|e| [(e.source, e.deed, e.target), (e.target, e.deed + deeds, e.source)]).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|c| Question { source: c[0].0, deed: c[0].1, truths: c.iter().map(|x| x.2).collect() })
        .collect()
}

/// Does something with every question's shortlist; in order.
fn each<T: Send>(
    step: &Step,
    mixture: &Targets,
    questions: &[Question],
    keep: bool,
    work: &impl Work,
    job: &(dyn Fn(usize, &Question, Slate) -> T + Sync),
) -> Vec<T> {
    let parts: Vec<&[Question]> = questions.chunk_by(|a, b| a.source == b.source).collect();
    // A few questions at a time, so that the work is even.
    let mut starts = vec![0];
    parts.iter().for_each(|p| starts.push(starts[starts.len() - 1] + p.len()));
    let per = parts.len().div_ceil(32).max(1);
    let jobs = parts.len().div_ceil(per);
    let out = work.map(jobs, &|j| {
        let mut scratch = Vec::new();
        let mut out = Vec::new();
        for i in j * per..((j + 1) * per).min(parts.len()) {
            let asked = Asked::new(step, parts[i][0].source);
            for (k, q) in parts[i].iter().enumerate() {
                let with: &[u32] = if keep { &q.truths } else { &[] };
                out.push(job(starts[i] + k, q, asked.slate(q.deed, mixture, &mut scratch, with)));
            }
        }
        out
    });
    out.into_iter().flatten().collect()
}

impl Ranker {
    /// Learns from events in order of time.
    #[must_use]
    pub fn fit(events: &[Event], entities: u32, deeds: u32, options: &Options, work: &impl Work) -> Self {
        let mut history = History::new(entities, deeds);
        let mut mixture = Targets::default();
        let steps: Vec<&[Event]> = events.chunk_by(|a, b| a.step == b.step).collect();
        // The last part teaches the trees, as much before it the mixture.
        let (mut trees_from, mut mixture_from, mut n) = (steps.len(), steps.len(), 0);
        for (i, s) in steps.iter().enumerate().rev() {
            n += s.len();
            if n <= options.learn.min(events.len() * 2 / 5) {
                trees_from = i;
            }
            if n <= (options.learn * 3 / 2).min(events.len() * 3 / 5) {
                mixture_from = i;
            }
        }
        let mut seen_deeds = Vec::new();
        let (mut seen, mut rows, mut cuts) = (Vec::new(), Rows::default(), Cuts::default());
        let mut asked = 0;
        let total: usize = steps[trees_from..].iter().map(|s| 2 * s.len()).sum();
        let share = options.questions as f32 / total.max(1) as f32;
        let mut picks: Vec<Pick> = Vec::new();
        for (i, s) in steps.iter().enumerate() {
            if i >= mixture_from {
                seen_deeds.extend(deeds::seen(&history, s));
                if i == trees_from {
                    mixture = Targets::fit(&seen);
                }
                let mut questions = questions(s, deeds);
                if i >= trees_from {
                    questions.retain(|q| chance(u64::from(s[0].step) << 32 | u64::from(q.source), u64::from(q.deed)) < share);
                }
                let asks: Vec<u32> = questions.iter().map(|q| q.deed).collect();
                let step = Step::new(&history, s[0].step, &asks);
                if i < trees_from {
                    let found = each(&step, &mixture, &questions, true, work, &|_, q, slate| {
                        let at = |t: &u32| slate.targets.iter().position(|x| x == t);
                        q.truths.iter().filter_map(at).map(|i| (slate.bucket, slate.parts[i])).collect::<Vec<_>>()
                    });
                    seen.extend(found.into_iter().flatten());
                } else {
                    let found = each(&step, &mixture, &questions, true, work, &|k, q, slate| Pick::new((asked + k) as u64, q, &slate));
                    picks.extend(found.into_iter().flatten());
                    asked += questions.len();
                    if picks.len() >= 1500 || i + 1 == steps.len() {
                        if rows.columns.is_empty() {
                            cuts = cut(&picks);
                            rows.columns = vec![Vec::new(); FEATURES];
                        }
                        picks.drain(..).for_each(|p| p.put(&cuts, &mut rows));
                    }
                }
            }
            history.add(s[0].step, s);
        }
        if trees_from == steps.len() {
            mixture = Targets::fit(&seen);
        }
        let trees = Trees::grow(&rows, &cuts, &options.growth, work);
        Self { history, mixture, mixture_of_deeds: Deeds::fit(&seen_deeds), trees }
    }

    /// What was learnt, as text: all but the history.
    #[must_use]
    pub fn keep(&self) -> String {
        let mut to = Keep::default();
        to.put(NAME).put(FEATURES).line();
        self.mixture.keep(&mut to);
        self.mixture_of_deeds.keep(&mut to);
        self.trees.keep(&mut to);
        to.text()
    }

    /// What was learnt, over a history; none when it is of another version, or damaged.
    #[must_use]
    pub fn kept(text: &str, history: History) -> Option<Self> {
        let mut from = Kept::new(text);
        from.word(NAME)?;
        from.word(&FEATURES.to_string())?;
        let (mixture, mixture_of_deeds) = (Targets::kept(&mut from)?, Deeds::kept(&mut from)?);
        let trees = Trees::kept(&mut from, FEATURES)?;
        from.done()?;
        Some(Self { history, mixture, mixture_of_deeds, trees })
    }

    /// How often the trees ask for each feature.
    #[must_use]
    pub fn used(&self) -> Vec<usize> {
        self.trees.used(FEATURES)
    }

    /// Ranks the answers of questions at a step.
    #[must_use]
    pub(super) fn rank<T: Send>(
        &self,
        step: &Step,
        questions: &[Question],
        work: &impl Work,
        job: &(dyn Fn(&Question, Ranked) -> T + Sync),
    ) -> Vec<T> {
        each(step, &self.mixture, questions, false, work, &|_, q, slate| {
            let mut scores: Vec<f32> = slate.shares.iter().map(|s| s.ln()).collect();
            self.trees.add(&slate.features, &mut scores);
            job(q, Ranked { targets: slate.targets, scores, parts: slate.parts, bucket: slate.bucket, rest: slate.rest })
        })
    }
}

/// The rows of a question that teach: the best, and some of the others.
#[derive(Debug)]
struct Pick {
    features: Vec<[f32; FEATURES]>,
    start: Vec<f32>,
    weight: Vec<f32>,
    truth: Vec<f32>,
}

/// Candidates that always teach, and how many of the others one stands for.
const BEST: usize = 32;
const STANDS_FOR: f32 = 6.0;

impl Pick {
    /// Nothing is learnt from a question none of whose answers is a candidate.
    fn new(question: u64, q: &Question, slate: &Slate) -> Option<Self> {
        let n = slate.targets.len();
        let mut pick = Self { features: Vec::new(), start: Vec::new(), weight: Vec::new(), truth: Vec::new() };
        for (row, t) in slate.targets.iter().enumerate() {
            let truth = q.truths.iter().filter(|x| *x == t).count();
            let weight = if truth > 0 || row < BEST { 1.0 } else { STANDS_FOR };
            if weight == 1.0 || chance(question + 7, row as u64) * STANDS_FOR < 1.0 {
                pick.features.push(std::array::from_fn(|f| slate.features[f * n + row]));
                pick.start.push(slate.shares[row].ln());
                pick.weight.push(weight);
                pick.truth.push(truth as f32);
            }
        }
        pick.truth.iter().any(|t| *t > 0.0).then_some(pick)
    }

    fn put(&self, cuts: &Cuts, rows: &mut Rows) {
        for features in &self.features {
            for (f, x) in features.iter().enumerate() {
                rows.columns[f].push(cuts.bin(f, *x));
            }
        }
        rows.start.extend(&self.start);
        rows.weight.extend(&self.weight);
        rows.truth.extend(&self.truth);
        rows.ends.push(rows.start.len() as u32);
    }
}

fn cut(picks: &[Pick]) -> Cuts {
    let columns = (0..FEATURES).map(|f| picks.iter().flat_map(|p| p.features.iter().map(move |x| x[f])).collect()).collect();
    Cuts::new(columns)
}
