//! The series of a pair or an actor with its usual band and its marks.

use super::Rules;
use crate::failure::Failure;
use crate::record::CODER_VERSION;
use crate::store::{By, Filter, Side, Store, Wanted};
use detente_core::model::Date;
use detente_watch::band::{Usual, bands};
use detente_watch::day::{self, Day};
use detente_watch::series::{Counts, Measure, Point, Step};
use rusqlite::params_from_iter;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked.
#[derive(Clone, Debug)]
pub struct SeriesQuestion {
    /// One side.
    pub a: Side,
    /// The other; without it, everybody.
    pub b: Option<Side>,
    /// Only what the first does.
    pub directed: bool,
    /// Coder, by the beginning of its name.
    pub coder: Option<String>,
    /// Modes that count; without any, happened and claimed.
    pub modes: Vec<String>,
    /// Length of the steps.
    pub step: Step,
    /// First day; without it, the first with events of the pair.
    pub from: Option<Date>,
    /// Last day; without it, today.
    pub to: Option<Date>,
    /// What the band is of.
    pub measure: Measure,
    /// Days after this one are not looked at.
    pub now: Date,
    /// Whether what may come next is asked for too: it takes as long as all the rest.
    pub ahead: bool,
}

impl SeriesQuestion {
    /// Of a pair, day by day, with the band of the tension.
    pub fn new(a: Side, b: Option<Side>, now: Date) -> Self {
        let (directed, step) = (false, Step::Day);
        Self { a, b, directed, coder: None, modes: Vec::new(), step, from: None, to: None, measure: Measure::Tension, now, ahead: false }
    }

    /// "IRN-ISR", or the one side.
    pub fn name(&self) -> String {
        self.b.as_ref().map_or_else(|| self.a.name.clone(), |b| format!("{}-{}", self.a.name, b.name))
    }
}

/// The usual band of a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // Quantiles .05, .5 and .95 of the steps before.
pub struct BandRow {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // Columns, described in METHOD.md under "Series".
pub struct PointRow {
    #[serde(serialize_with = "super::as_text")]
    pub start: Date,
    #[serde(serialize_with = "super::as_text")]
    pub end: Date,
    pub events: u32,
    pub verbal_cooperation: u32,
    pub material_cooperation: u32,
    pub verbal_conflict: u32,
    pub material_conflict: u32,
    pub unknown: u32,
    pub goldstein: f64,
    pub goldstein_mean: Option<f64>,
    pub cooperation: f64,
    pub conflict: f64,
    pub threat: f64,
    pub posture: f64,
    pub coercion: f64,
    pub force: f64,
    pub tension: f64,
    pub warmth: f64,
    /// Events by CAMEO root, those without one under "00".
    pub roots: BTreeMap<String, u32>,
    /// Origins the events come from, and how many of these are assumed; unknown for imported events.
    pub origins: Option<u32>,
    pub origins_assumed: Option<u32>,
    /// Outlets and articles that tell them; unknown for imported events.
    pub outlets: Option<u32>,
    pub articles: Option<u32>,
    /// Events read of these days over all pairs: with none, silence says nothing.
    pub read_events: u64,
    /// Days of the step of which anything was read. With fewer than it has, its counts are those of a part.
    pub days_read: u32,
    /// Articles published on these days, where articles are what was read.
    pub read_articles: Option<u64>,
    /// The measure the band is of.
    pub value: f64,
    /// Its usual band, from the steps before alone; none with too little past.
    pub usual: Option<BandRow>,
}

impl PointRow {
    /// Days of the step.
    pub fn days(&self) -> u32 {
        (day::number(self.end) - day::number(self.start)).unsigned_abs() + 1
    }

    /// Whether only some of its days were read, so that little is not quiet.
    pub fn partial(&self) -> bool {
        self.days_read > 0 && self.days_read < self.days()
    }
}

/// A mark beside the line: ◆ force, ◇ a threat, ▲ an opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Mark {
    #[serde(serialize_with = "super::as_text")]
    pub day: Date,
    pub sign: &'static str,
    pub what: String,
    /// Events behind it.
    pub events: Vec<String>,
}

/// A series with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct SeriesRows {
    pub name: String,
    pub coder: String,
    pub measure: &'static str,
    pub measure_about: &'static str,
    #[serde(serialize_with = "super::as_text")]
    pub today: Date,
    pub points: Vec<PointRow>,
    /// Events dated after today; they are in no series.
    pub future: u64,
    /// What may come next; none unless asked for, with too little past, and when the series ends before today.
    pub fan: Option<FanRows>,
}

/// What may come of the measure after the last step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct FanRows {
    pub steps: Vec<FanStep>,
    /// Steps forecast before, from what was known then, that have come.
    pub past: usize,
    /// Share of them between the outer edges.
    pub inside: f64,
    /// Mean quantile loss of these forecasts, and of the quantiles of everything before each.
    pub loss: f64,
    pub loss_base: f64,
}

/// Quantiles .05, .25, .5, .75 and .95 of one step ahead.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct FanStep {
    #[serde(serialize_with = "super::as_text")]
    pub start: Date,
    pub low: f64,
    pub lower: f64,
    pub median: f64,
    pub upper: f64,
    pub high: f64,
}

/// The series asked for; none when the coder has no events of the sides up to today.
///
/// # Errors
/// The store cannot be read, or it is not plain which coder is meant.
pub fn series(store: &Store, question: &SeriesQuestion) -> Result<Option<SeriesRows>, Failure> {
    let (coder, name) = store.coder(question.coder.as_deref())?;
    let filter = Filter { modes: question.modes.clone(), ..Filter::default() };
    let modes = filter.modes_or_happened();
    let read = store.read_days(coder)?;
    let Some(today) = read.iter().rev().map(|(d, _)| *d).find(|d| *d <= day::number(question.now)) else { return Ok(None) };
    let whole = (day::number(Date::MIN), day::number(Date::MAX));
    let mut days = store.days(&question.a, question.b.as_ref(), question.directed, coder, &modes, whole.0, whole.1)?;
    let future: u64 = days.iter().filter(|(d, _)| *d > today).map(|(_, c)| u64::from(c.events)).sum();
    days.retain(|(d, _)| *d <= today);
    let Some((first, _)) = days.first().copied() else { return Ok(None) };
    let from = question.from.map_or(first, day::number);
    // What was asked for stays asked for: zeros, up to the last day there can be anything.
    let to = question.to.map_or(today, day::number);
    let points = points(question, &days, &read, from, to);
    let mut rows: Vec<PointRow> = points.iter().map(|(p, usual)| row(p, question.measure, *usual)).collect();
    if name == CODER_VERSION {
        let articles = store.article_days()?;
        let told = told(store, question, coder, &modes)?;
        for row in &mut rows {
            let (start, end) = (day::number(row.start), day::number(row.end));
            let sum = |days: &[(Day, u64)]| {
                days[days.partition_point(|(d, _)| *d < start)..].iter().take_while(|(d, _)| *d <= end).map(|(_, n)| n).sum()
            };
            row.read_articles = Some(sum(&articles));
            let mut origins: BTreeMap<&str, bool> = BTreeMap::new();
            let (mut outlets, mut articles) = (BTreeSet::new(), BTreeSet::new());
            for told in told[told.partition_point(|t| t.day < start)..].iter().take_while(|t| t.day <= end) {
                *origins.entry(&told.origin).or_default() |= told.named;
                outlets.insert(&told.outlet);
                articles.insert(&told.article);
            }
            let n = |n: usize| Some(u32::try_from(n).unwrap_or(u32::MAX));
            row.origins = n(origins.len());
            row.origins_assumed = n(origins.values().filter(|named| !**named).count());
            (row.outlets, row.articles) = (n(outlets.len()), n(articles.len()));
        }
    }
    Ok(Some(SeriesRows {
        name: question.name(),
        coder: name,
        measure: question.measure.name(),
        measure_about: question.measure.about(),
        today: day::date(today),
        points: rows,
        future,
        fan: if question.ahead && to >= today { fan(question, &days, &read, today) } else { None },
    }))
}

/// Steps looked ahead.
fn ahead(step: Step) -> usize {
    match step {
        Step::Day => 28,
        Step::Week => 8,
        Step::Month => 6,
        Step::Year => 0,
    }
}

/// What may come after the last step that is over; a step that has only begun says too little.
fn fan(q: &SeriesQuestion, days: &[(Day, Counts)], read: &[(Day, u64)], today: Day) -> Option<FanRows> {
    let step = q.step;
    let begin = step.start(read.first()?.0);
    let mut all = detente_watch::series::series(days, read, step, begin, today);
    all.pop_if(|p| p.end > today);
    let mut start = all.last()?.end;
    let values: Vec<f64> = all.iter().filter(|p| p.read > 0).map(|p| q.measure.of(&p.counts)).collect();
    let found = detente_watch::fan::fan(&values, ahead(q.step))?;
    let steps = found.steps.iter().map(|[low, lower, median, upper, high]| {
        let first = start.saturating_add(1);
        start = step.next(first) - 1;
        let [low, lower, median, upper, high] = [low, lower, median, upper, high].map(|v| round(*v));
        FanStep { start: day::date(first), low, lower, median, upper, high }
    });
    let steps = steps.collect();
    let past = found.past;
    Some(FanRows { steps, past: past.n, inside: round(past.inside), loss: round(past.loss), loss_base: round(past.loss_base) })
}

/// The steps asked for, with the band each had from those before it.
fn points(q: &SeriesQuestion, days: &[(Day, Counts)], read: &[(Day, u64)], from: Day, to: Day) -> Vec<(Point, Option<BandRow>)> {
    let step = q.step;
    let usual = Usual::of(step);
    // The band looks back on steps before the first one asked for, and no further than anything was read.
    let begin = read.first().map_or(from, |(d, _)| *d);
    let back = (0..usual.window + 1).fold(step.start(from), |start, _| step.start(start.saturating_sub(1)));
    let begin = back.max(step.start(begin)).min(step.start(from));
    let all = detente_watch::series::series(days, read, step, begin, to);
    let values: Vec<f64> = all.iter().map(|p| q.measure.of(&p.counts)).collect();
    let was_read: Vec<bool> = all.iter().map(|p| p.read > 0).collect();
    let bands = bands(&values, &was_read, day::weekday(begin), &usual);
    let band = |b: detente_watch::band::Band| BandRow { low: round(b.low), median: round(b.median), high: round(b.high) };
    let start = step.start(from);
    all.into_iter().zip(bands).filter(|(p, _)| p.start >= start).map(|(p, b)| (p, b.map(band))).collect()
}

/// Three digits after the point, as Goldstein values have them; no negative zero.
pub(super) fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0 + 0.0
}

fn row(p: &Point, measure: Measure, usual: Option<BandRow>) -> PointRow {
    let c = &p.counts;
    let of = |m: Measure| round(m.of(c));
    PointRow {
        start: day::date(p.start),
        end: day::date(p.end),
        events: c.events,
        verbal_cooperation: c.quads[1],
        material_cooperation: c.quads[2],
        verbal_conflict: c.quads[3],
        material_conflict: c.quads[4],
        unknown: c.quads[0],
        goldstein: round(c.goldstein),
        goldstein_mean: c.mean().map(round),
        cooperation: of(Measure::Cooperation),
        conflict: of(Measure::Conflict),
        threat: of(Measure::Threat),
        posture: of(Measure::Posture),
        coercion: of(Measure::Coercion),
        force: of(Measure::Force),
        tension: of(Measure::Tension),
        warmth: of(Measure::Warmth),
        roots: (0..).zip(&c.roots).filter(|(_, n)| **n > 0).map(|(r, n): (usize, _)| (format!("{r:02}"), *n)).collect(),
        origins: None,
        origins_assumed: None,
        outlets: None,
        articles: None,
        read_events: p.read,
        days_read: p.days_read,
        read_articles: None,
        value: of(measure),
        usual,
    }
}

/// Who tells a day's events.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    day: Day,
    origin: String,
    /// Whether the origin is told, not assumed.
    named: bool,
    outlet: String,
    article: String,
}

/// Who tells each day's events, in order of the days.
fn told(store: &Store, q: &SeriesQuestion, coder: i64, modes: &[String]) -> Result<Vec<Told>, Failure> {
    let mut out = BTreeSet::new();
    let pairs: Vec<Filter> = match &q.b {
        Some(b) => {
            q.a.members
                .iter()
                .flat_map(|x| b.members.iter().map(move |y| Filter { dyad: Some((x.clone(), y.clone())), ..Filter::default() }))
                .collect()
        }
        None => q.a.members.iter().map(|x| Filter { actor: Some(x.clone()), ..Filter::default() }).collect(),
    };
    for filter in pairs {
        let filter = Filter { directed: q.directed, modes: modes.to_vec(), ..filter };
        let (sql, mut values) = filter.events_sql()?;
        values.push(coder.into());
        let [(named, first), (_, outlet), (_, article)] = [By::Origin, By::Outlet, By::Article].map(|by| by.columns(Wanted::Events));
        let sql = format!(
            "SELECT DISTINCT day, coalesce({named}, {first}), {named} IS NOT NULL, {outlet}, {article}
             FROM record_events WHERE {sql} AND coder_n = ? AND day IS NOT NULL"
        );
        let read = || {
            let mut statement = store.connection().prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                if let Some(day) = day::parse(&row.get::<_, String>(0)?) {
                    out.insert(Told { day, origin: row.get(1)?, named: row.get(2)?, outlet: row.get(3)?, article: row.get(4)? });
                }
            }
            Ok(())
        };
        read().map_err(|e: rusqlite::Error| store.trouble(&e))?;
    }
    Ok(out.into_iter().collect())
}

/// The marks of a series: force, threats and openings between the sides, and third parties who turned to both. At most
/// `limit`, the latest.
///
/// # Errors
/// The store cannot be read.
pub fn marks(store: &Store, rules: &Rules, q: &SeriesQuestion, from: Date, to: Date, limit: usize) -> Result<Vec<Mark>, Failure> {
    marked(store, rules, q, &["13", "18", "19", "20"], from, to, limit)
}

/// Of these the openings alone.
///
/// # Errors
/// The store cannot be read.
pub fn openings(store: &Store, rules: &Rules, q: &SeriesQuestion, from: Date, to: Date, limit: usize) -> Result<Vec<Mark>, Failure> {
    marked(store, rules, q, &[], from, to, limit)
}

fn marked(
    store: &Store,
    rules: &Rules,
    q: &SeriesQuestion,
    more: &[&str],
    from: Date,
    to: Date,
    limit: usize,
) -> Result<Vec<Mark>, Failure> {
    let (coder, _) = store.coder(q.coder.as_deref())?;
    let modes = Filter { modes: q.modes.clone(), ..Filter::default() }.modes_or_happened();
    let Some(b) = &q.b else { return Ok(Vec::new()) };
    let mut out: BTreeMap<(Day, String), Mark> = BTreeMap::new();
    let mut codes: Vec<String> = rules.openings.iter().flat_map(|(r, _)| r.codes.clone()).collect();
    codes.extend(more.iter().map(|c| (*c).to_owned()));
    for x in &q.a.members {
        for y in b.members.iter().filter(|_| !codes.is_empty()) {
            let filter = Filter {
                dyad: Some((x.clone(), y.clone())),
                directed: q.directed,
                codes: codes.clone(),
                modes: modes.clone(),
                from: Some(from),
                to: Some(to),
                ..Filter::default()
            };
            for e in super::alerts::few(store, &filter, coder, limit)? {
                let opening = rules.openings.iter().find(|(r, _)| r.takes(&e.code));
                let (sign, what) = match (e.code.get(..2), opening) {
                    (_, Some((r, _))) => ("▲", r.kind.clone()),
                    (Some("13"), _) => ("◇", "threat".to_owned()),
                    _ => ("◆", "force".to_owned()),
                };
                let what = format!("{what}: {} {} {}", e.source, e.code, e.target);
                let mark = Mark { day: day::date(e.day), sign, what: what.clone(), events: Vec::new() };
                out.entry((e.day, what)).or_insert(mark).events.push(e.id);
            }
        }
    }
    for third in super::alerts::third_parties(store, rules, &q.a, b, coder, &modes, day::number(from), day::number(to))? {
        let what = format!("{} by {}", third.kind, third.by);
        let mark = Mark { day: day::date(third.day), sign: "▲", what: what.clone(), events: third.events };
        out.insert((third.day, what), mark);
    }
    let cut = out.len().saturating_sub(limit);
    Ok(out.into_values().skip(cut).collect())
}
