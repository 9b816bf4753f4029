//! Will two sides come to force within two weeks? Forecasts walked forward over a history.
//!
//! A forecast of a day is made from the events up to that day and a model fitted to windows that had closed by then.

mod features;
mod lead;
mod model;
mod state;
#[cfg(test)]
mod tests;

pub use lead::{Lead, lead};
pub use model::{Model, NAME};

use crate::day::Day;
use crate::event::Event;
use crate::learn::Table;
use features::{Context, width};
use model::Lesson;
use state::State;

/// What counts as the deed that is forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deed {
    /// CAMEO roots 18, 19, 20.
    #[default]
    Force,
    /// CAMEO roots 14 to 20.
    Material,
}

impl Deed {
    /// Whether an event is one.
    pub fn is(self, event: &Event) -> bool {
        event.root
            >= match self {
                Deed::Force => 18,
                Deed::Material => 14,
            }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The deed.
    pub deed: Deed,
    /// Days looked ahead: those after the day of the forecast.
    pub horizon: i32,
    /// Least number of events of the deed in those days.
    pub at_least: u32,
    /// Days without the deed, up to and with the day of the forecast, that make a pair quiet.
    pub quiet: i32,
    /// Least number of events of the pair so far.
    pub floor: u32,
}

impl Default for Question {
    fn default() -> Self {
        Self { deed: Deed::Force, horizon: 14, at_least: 1, quiet: 30, floor: 20 }
    }
}

/// How the walk goes.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The first day whose forecasts are kept.
    pub judged_from: Day,
    /// Days between fits.
    pub refit: i32,
    /// Every how many days rows are kept to learn from.
    pub every: i32,
    /// Days of history before the first fit.
    pub warm_up: i32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { judged_from: Day::MIN, refit: 14, every: 3, warm_up: 60 }
    }
}

/// The simple forecasts beside the model. They are scores: only their order counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Baselines {
    /// All events of the pair so far.
    pub frequency: f64,
    /// Share of its windows closed so far in which the deed came: its own record.
    pub historical: f64,
    /// Historical rate: events of the deed a day so far.
    pub rate: f64,
    /// Minus the sum of Goldstein values, half-life 15 days.
    pub goldstein: f64,
}

/// A forecast and what came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Its day.
    pub day: Day,
    /// The two sides, lower number first.
    pub pair: (u32, u32),
    /// No such deed in the days before.
    pub quiet: bool,
    /// Probability.
    pub probability: f64,
    /// Log odds before calibration.
    pub raw: f64,
    /// The simple forecasts.
    pub baselines: Baselines,
    /// Share of rows of its kind (quiet or not) that came true so far.
    pub base: f64,
    /// Whether it came true; none while the window is open.
    pub outcome: Option<bool>,
}

/// What a walk gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Walk {
    /// Forecasts, day by day.
    pub forecasts: Vec<Forecast>,
    /// Days on which the deed came to a quiet pair that had been forecast the day before.
    pub onsets: Vec<((u32, u32), Day)>,
    /// The last model that was fitted.
    pub model: Option<Model>,
}

/// Days with the deed of a pair and how many events, in order.
type Deeds = Vec<(Day, u32)>;

/// Walks forward over events in any order and gives every forecast from `plan.judged_from` on, the last of them on the last
/// day that has events. `actors` is one more than the greatest number of an actor.
pub fn walk(events: &[Event], actors: usize, question: Question, plan: Plan) -> Walk {
    go(events, actors, question, plan, None)
}

/// The forecasts of the last day that has events by a model that was fitted before. With the model of a walk over the same events
/// they are those that the walk ends with.
pub fn apply(events: &[Event], actors: usize, question: Question, model: &Model) -> Vec<Forecast> {
    go(events, actors, question, Plan::default(), Some(model)).forecasts
}

fn go(events: &[Event], actors: usize, question: Question, plan: Plan, given: Option<&Model>) -> Walk {
    let mut events = events.to_vec();
    events.sort_by_key(|e| (e.day, e.source, e.target, e.root, e.goldstein.to_bits()));
    let (Some(first), Some(last)) = (events.first().map(|e| e.day), events.last().map(|e| e.day)) else { return Walk::default() };
    let mut state = State::new(actors, first);
    let mut deeds: Vec<Deeds> = Vec::new();
    let mut hits: Vec<u32> = Vec::new();
    let mut lesson = Lesson { table: Table::new(width()), days: Vec::new(), pairs: Vec::new(), quiet: Vec::new() };
    let mut model: Option<Model> = given.cloned();
    let mut out = Walk::default();
    let mut indices: Vec<u32> = Vec::new();
    let mut row = Vec::new();
    let mut at = 0;
    for day in first..=last {
        let until = at + events[at..].partition_point(|e| e.day <= day);
        let today = &events[at..until];
        at = until;
        state.advance(day, today);
        let fresh = record(&mut deeds, &state, question, today);
        let age = day - first;
        if age < question.quiet {
            continue;
        }
        hits.resize(deeds.len(), 0);
        let windows = (age - question.horizon + 1).max(0);
        // Windows that closed today; on the first day that counts, all that had closed before.
        let closing = if age == question.quiet { first } else { day - question.horizon };
        for start in closing.max(first)..=day - question.horizon {
            for (hit, deeds) in hits.iter_mut().zip(&deeds) {
                *hit += u32::from(outcome(deeds, question, start, day) == Some(true));
            }
        }
        if day > plan.judged_from && model.is_some() {
            out.onsets.extend(fresh.iter().filter(|i| state.pairs[**i].total_before >= question.floor).map(|i| (state.sides(*i), day)));
        }
        if given.is_none() && age >= plan.warm_up && (age - plan.warm_up) % plan.refit.max(1) == 0 {
            model = Model::fit(&lesson, &deeds, question, day, &out.forecasts, &indices).or(model);
        }
        let learn = given.is_none() && age % plan.every.max(1) == 0;
        let forecast = model.is_some() && (given.is_none() || day == last);
        if !forecast && !learn {
            continue;
        }
        let context = Context::new(&state);
        for (index, pair) in state.pairs.iter().enumerate().filter(|(_, p)| p.total >= question.floor) {
            context.row(&state, index, hits[index], windows, &mut row);
            let quiet = deeds[index].last().is_none_or(|(d, _)| day - d >= question.quiet);
            if learn {
                lesson.table.push(&row);
                lesson.days.push(day);
                lesson.pairs.push(index as u32);
                lesson.quiet.push(quiet);
            }
            let Some(model) = model.as_ref().filter(|_| forecast) else { continue };
            let raw = model.raw(&row, hits[index], windows);
            let events: u32 = deeds[index].iter().map(|(_, n)| n).sum();
            let baselines = Baselines {
                frequency: f64::from(pair.total),
                historical: f64::from(hits[index]) / f64::from(windows.max(1)),
                rate: f64::from(events) / f64::from(age + 1),
                goldstein: f64::from(-pair.goldstein),
            };
            let (probability, base) = (model.probability(raw, quiet), model.base[usize::from(quiet)]);
            out.forecasts.push(Forecast { day, pair: state.sides(index), quiet, probability, raw, baselines, base, outcome: None });
            indices.push(index as u32);
        }
    }
    for (forecast, index) in out.forecasts.iter_mut().zip(&indices) {
        forecast.outcome = outcome(&deeds[*index as usize], question, forecast.day, last);
    }
    out.forecasts.retain(|f| f.day >= plan.judged_from);
    out.model = model;
    out
}

/// Writes down the deeds of a day; gives the pairs that were quiet before it.
fn record(deeds: &mut Vec<Deeds>, state: &State, question: Question, today: &[Event]) -> Vec<usize> {
    deeds.resize(state.pairs.len(), Vec::new());
    let mut fresh = Vec::new();
    for event in today.iter().filter(|e| question.deed.is(e) && e.source != e.target) {
        let Some(pair) = state.pair(event.source, event.target) else { continue };
        match deeds[pair].last_mut() {
            Some((d, n)) if *d == event.day => *n += 1,
            last => {
                if last.is_none_or(|(d, _)| event.day - *d > question.quiet) {
                    fresh.push(pair);
                }
                deeds[pair].push((event.day, 1));
            }
        }
    }
    fresh
}

/// Whether the deed came in the window after `day`; none when the window had not closed on `known`.
fn outcome(deeds: &Deeds, question: Question, day: Day, known: Day) -> Option<bool> {
    if day.saturating_add(question.horizon) > known {
        return None;
    }
    let from = deeds.partition_point(|(d, _)| *d <= day);
    let count: u32 = deeds[from..].iter().take_while(|(d, _)| *d <= day + question.horizon).map(|(_, n)| n).sum();
    Some(count >= question.at_least)
}
