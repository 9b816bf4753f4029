//! Alarms and openings over all pairs of a store, each with a lasting id, its state, and the rows behind it.

use super::Rules;
use super::series::round;
use crate::failure::{Failure, Stop};
use crate::store::{AlarmState, By, Filter, PLAIN, Row, Rows, Side, Store, Wanted};
use detente_core::model::Date;
use detente_watch::alarm::{self, Coverage, Rule, Test};
use detente_watch::day::{self, Day};
use detente_watch::opening::openings;
use detente_watch::series::{Counts, Measure};
use rusqlite::params_from_iter;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Days within which a third party must turn to both sides.
const BOTH: Day = 7;

/// What is asked.
#[derive(Clone, Debug)]
pub struct AlertQuestion {
    /// Coder, by the beginning of its name.
    pub coder: Option<String>,
    /// Only alarms that held on or after this day; without it, within the last 14 days.
    pub since: Option<Date>,
    /// Days after this one are not looked at.
    pub now: Date,
    /// Only this pair.
    pub dyad: Option<(Side, Side)>,
    /// Only pairs with this side.
    pub actor: Option<String>,
    /// Only rules of these names.
    pub rules: Vec<String>,
    /// Only these states; without any, all.
    pub states: Vec<String>,
    /// So many ids of events with each alarm.
    pub because: usize,
}

impl AlertQuestion {
    /// All alarms of the last 14 days with 20 ids each.
    pub fn new(now: Date) -> Self {
        Self { coder: None, since: None, now, dyad: None, actor: None, rules: Vec::new(), states: Vec::new(), because: 20 }
    }
}

/// One alarm or opening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlarmRow {
    /// `a:` and a hash of coder, pair, rule and first day: the same for as long as those are.
    pub id: String,
    /// ◆ deed, ◇ talk, ▲ opening.
    pub sign: &'static str,
    /// Name of the rule.
    pub rule: String,
    /// level, change, opening.
    pub kind: &'static str,
    /// "IRN-ISR".
    pub dyad: String,
    /// One side.
    pub a: String,
    /// The other.
    pub b: String,
    /// Who brings the opening, when it is neither side.
    pub by: Option<String>,
    /// What is measured; for openings, their events.
    pub measure: &'static str,
    /// First day on which it held; never changes.
    #[serde(serialize_with = "super::as_text")]
    pub first: Date,
    /// Last day on which it held.
    #[serde(serialize_with = "super::as_text")]
    pub last: Date,
    /// Whether it holds still.
    pub open: bool,
    /// Day of the highest value.
    #[serde(serialize_with = "super::as_text")]
    pub peak: Date,
    /// The highest value.
    pub value: f64,
    /// What was usual.
    pub usual: f64,
    /// The edge that was passed.
    pub edge: f64,
    /// First of the days whose events are the cause.
    #[serde(serialize_with = "super::as_text")]
    pub cause_from: Date,
    /// Last of them.
    #[serde(serialize_with = "super::as_text")]
    pub cause_to: Date,
    /// new, seen, snoozed, confirmed, false.
    pub state: String,
    /// Day on which a snoozed alarm comes back.
    pub until: Option<String>,
    /// What was said of it.
    pub note: Option<String>,
    /// One line for a reader.
    pub says: String,
    /// Ids of events behind it, the latest first.
    pub because: Vec<String>,
    /// Coder of the events.
    pub coder: String,
}

/// All that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alerts {
    /// Coder.
    pub coder: String,
    /// The last day judged; none when nothing was read.
    #[serde(serialize_with = "super::as_text_or_null")]
    pub today: Option<Date>,
    /// First day of the period.
    #[serde(serialize_with = "super::as_text_or_null")]
    pub since: Option<Date>,
    /// Pairs looked at.
    pub pairs: usize,
    /// The latest first.
    pub alarms: Vec<AlarmRow>,
}

/// Looks for alarms.
///
/// # Errors
/// The store cannot be read, or it is not plain which coder is meant.
pub fn alerts(store: &Store, rules: &Rules, q: &AlertQuestion) -> Result<Alerts, Failure> {
    let (coder, name) = store.coder(q.coder.as_deref())?;
    let read = store.read_days(coder)?;
    let now = day::number(q.now);
    let Some(today) = read.iter().rev().map(|(d, _)| *d).find(|d| *d <= now) else {
        return Ok(Alerts { coder: name, today: None, since: None, pairs: 0, alarms: Vec::new() });
    };
    let since = q.since.map_or(today - 13, day::number);
    let coverage = Coverage::new(&read.into_iter().filter(|(d, _)| *d <= today).collect::<Vec<_>>());
    let wanted = |rule: &str| q.rules.is_empty() || q.rules.iter().any(|r| r.eq_ignore_ascii_case(rule));
    let pairs: Vec<(Side, Side)> = match &q.dyad {
        // Either way round it is the same pair, with the same ids.
        Some((a, b)) if a.name > b.name => vec![(b.clone(), a.clone())],
        Some(pair) => vec![pair.clone()],
        None => all_pairs(store, rules, coder)?,
    };
    let actor = q.actor.as_ref().map(|a| a.to_uppercase());
    let modes = super::modes();
    let found_openings = found_openings(store, rules, coder, &modes, since, today)?;
    // The walk begins on the first day of a year, so that the same alarm begins on the same day whenever one asks.
    let begin = day::number(day::date(since).first_of_year());
    let begin = day::number(day::date(begin - 700).first_of_year());
    let longest = rules.alarms.iter().map(|r| r.usual + r.days).chain(rules.openings.iter().map(|(r, _)| r.usual)).max().unwrap_or(365);
    let states = store.alarm_states()?;
    let mut out = Vec::new();
    let mut looked = 0;
    for (a, b) in &pairs {
        if actor.as_ref().is_some_and(|x| !a.members.contains(x) && !b.members.contains(x)) {
            continue;
        }
        looked += 1;
        let days = store.days(a, Some(b), false, coder, &modes, begin - longest, today)?;
        if days.is_empty() {
            continue;
        }
        let dyad = format!("{}-{}", a.name, b.name);
        let make = Make { coder: &name, states: &states, a, b, dyad: &dyad, today };
        for rule in rules.alarms.iter().filter(|r| wanted(&r.name)) {
            let values = values(&days, rule.measure);
            let alarms = alarm::alarms(rule, &values, &coverage, today);
            out.extend(alarms.iter().filter(|a| a.last >= since).map(|a| make.alarm(rule, a)));
        }
        let conflict = values(&days, Measure::Conflict);
        let keys = [(a, b), (b, a)];
        for (rule, third) in rules.openings.iter().filter(|(r, _)| wanted(&r.kind)) {
            let mut on: BTreeMap<(Option<String>, Day), u32> = BTreeMap::new();
            match third {
                true => both(&found_openings, &rule.kind, a, b)
                    .into_iter()
                    .for_each(|(by, day, n)| *on.entry((Some(by), day)).or_default() += n),
                false => keys
                    .iter()
                    .flat_map(|(x, y)| x.members.iter().flat_map(move |x| y.members.iter().map(move |y| (x, y))))
                    .filter_map(|(x, y)| found_openings.get(&(rule.kind.clone(), x.clone(), y.clone())))
                    .flatten()
                    .for_each(|(day, n)| *on.entry((None, *day)).or_default() += n),
            }
            let mut by_whom: BTreeMap<Option<String>, Vec<(Day, u32)>> = BTreeMap::new();
            on.into_iter().for_each(|((by, day), n)| by_whom.entry(by).or_default().push((day, n)));
            for (by, days) in by_whom {
                let opened = openings(rule, &days, &conflict, today);
                out.extend(opened.iter().filter(|o| o.first >= since).map(|o| make.opening(rule, by.as_deref(), o)));
            }
        }
    }
    if name == crate::record::CODER_VERSION {
        let mut kept = Vec::new();
        for row in out {
            let needed = rules.alarms.iter().find(|r| row.kind != "opening" && r.name == row.rule).map_or(1, |r| r.origins);
            if needed <= 1 || origins(store, &because(store, rules, &row, coder, usize::MAX)?)? >= needed as usize {
                kept.push(row);
            }
        }
        out = kept;
    }
    out.retain(|row| q.states.is_empty() || q.states.contains(&row.state));
    out.sort_by(|x, y| (y.last, &x.dyad, &x.rule, &x.id).cmp(&(x.last, &y.dyad, &y.rule, &y.id)));
    for row in out.iter_mut().filter(|_| q.because > 0) {
        row.because = because(store, rules, row, coder, q.because)?.into_iter().map(|e| e.id).collect();
    }
    Ok(Alerts { coder: name, today: Some(day::date(today)), since: Some(day::date(since)), pairs: looked, alarms: out })
}

/// Pairs of the roll-ups, and the sides of the settings with each partner of their members.
fn all_pairs(store: &Store, rules: &Rules, coder: i64) -> Result<Vec<(Side, Side)>, Failure> {
    let plain = store.pairs(coder)?;
    let mut out: Vec<(Side, Side)> = plain.iter().map(|(a, b)| (Side::one(a), Side::one(b))).collect();
    for side in &rules.sides {
        let of = |code: &String| side.members.iter().any(|m| m == code || (m.len() > 3 && m.starts_with(code.as_str())));
        let partners = plain.iter().filter_map(|(a, b)| match (of(a), of(b)) {
            (true, false) => Some(b),
            (false, true) => Some(a),
            _ => None,
        });
        let partners: BTreeSet<&String> = partners.collect();
        out.extend(partners.into_iter().map(|p| {
            let other = Side::one(p);
            if side.name < other.name { (side.clone(), other) } else { (other, side.clone()) }
        }));
    }
    Ok(out)
}

/// The alarm whose id begins so, as of today; looked for over all time unless `since` says where.
///
/// # Errors
/// There is none, or several.
pub fn alarm(store: &Store, rules: &Rules, q: &AlertQuestion, id: &str) -> Result<AlarmRow, Failure> {
    let found = alerts(store, rules, &AlertQuestion { because: 0, states: Vec::new(), ..q.clone() })?;
    let mut fitting = found.alarms.into_iter().filter(|a| a.id.starts_with(id));
    let Some(first) = fitting.next() else {
        let since = found.since.map_or(String::new(), |d| format!(" since {d}"));
        return Err(Failure::new(format!("no alarm \"{id}\"{since}"))
            .hint("`detente alerts --since DATE` lists earlier ones; give the same --since here"));
    };
    if fitting.next().is_some() {
        return Err(Failure::new(format!("several alarms begin with \"{id}\"")).hint("give more of the id"));
    }
    Ok(first)
}

/// The events behind an alarm as records, the latest first.
///
/// # Errors
/// The store cannot be read.
pub fn behind(store: &Store, rules: &Rules, row: &AlarmRow, limit: usize) -> Result<Vec<Row>, Stop> {
    let (coder, _) = store.coder(Some(&row.coder))?;
    let mut out = Vec::new();
    for event in because(store, rules, row, coder, limit)? {
        store.each(
            Wanted::Events,
            &Filter { id: Some(event.id), ..Filter::default() },
            Rows { limit: Some(1), ..Rows::default() },
            |r| {
                out.push(r);
                Ok(())
            },
        )?;
    }
    Ok(out)
}

struct Make<'a> {
    coder: &'a str,
    states: &'a HashMap<String, AlarmState>,
    a: &'a Side,
    b: &'a Side,
    dyad: &'a str,
    today: Day,
}

impl Make<'_> {
    fn id(&self, rule: &str, by: Option<&str>, first: Day) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{}\n{}\n{rule}\n{}\n{}", self.coder, self.dyad, by.unwrap_or(""), day::date(first)));
        format!("a:{}", hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect::<String>())
    }

    /// State, end of the snooze, note. A snooze that is over is no state any more.
    fn state(&self, id: &str) -> (String, Option<String>, Option<String>) {
        match self.states.get(id) {
            Some(s) if s.state == "snoozed" && s.until.as_deref().is_some_and(|u| *u <= *day::date(self.today).to_string()) => {
                ("new".to_owned(), None, s.note.clone())
            }
            Some(s) => (s.state.clone(), s.until.clone(), s.note.clone()),
            None => ("new".to_owned(), None, None),
        }
    }

    fn alarm(&self, rule: &Rule, a: &alarm::Alarm) -> AlarmRow {
        let id = self.id(&rule.name, None, a.first);
        let (state, until, note) = self.state(&id);
        let sign = match rule.measure {
            Measure::Threat | Measure::VerbalConflict | Measure::VerbalCooperation => "◇",
            Measure::Cooperation | Measure::MaterialCooperation | Measure::Warmth => "▲",
            _ => "◆",
        };
        let (kind, says) = match rule.test {
            Test::Level { .. } => {
                ("level", format!("{} {} in {} days; usual {}, edge {}", rule.measure.name(), n(a.value), rule.days, n(a.usual), n(a.edge)))
            }
            Test::Change { .. } => {
                let since = day::date(a.since);
                ("change", format!("{} {} since {since}; {} to be expected at the usual rate", rule.measure.name(), n(a.value), n(a.usual)))
            }
        };
        AlarmRow {
            id,
            sign,
            rule: rule.name.clone(),
            kind,
            dyad: self.dyad.to_owned(),
            a: self.a.name.clone(),
            b: self.b.name.clone(),
            by: None,
            measure: rule.measure.name(),
            first: day::date(a.first),
            last: day::date(a.last),
            open: a.open(rule, self.today),
            peak: day::date(a.peak),
            value: round(a.value),
            usual: round(a.usual),
            edge: round(a.edge),
            cause_from: day::date(a.since),
            cause_to: day::date(a.last),
            state,
            until,
            note,
            says,
            because: Vec::new(),
            coder: self.coder.to_owned(),
        }
    }

    fn opening(&self, rule: &detente_watch::opening::OpeningRule, by: Option<&str>, o: &detente_watch::opening::Opening) -> AlarmRow {
        let id = self.id(&rule.kind, by, o.first);
        let (state, until, note) = self.state(&id);
        let by_whom = by.map_or(String::new(), |by| format!(" by {by}"));
        AlarmRow {
            id,
            sign: "▲",
            rule: rule.kind.clone(),
            kind: "opening",
            dyad: self.dyad.to_owned(),
            a: self.a.name.clone(),
            b: self.b.name.clone(),
            by: by.map(str::to_owned),
            measure: "openings",
            first: day::date(o.first),
            last: day::date(o.last),
            open: o.last.saturating_add(rule.hold) >= self.today,
            peak: day::date(o.first),
            value: f64::from(o.events),
            usual: 0.0,
            edge: 0.0,
            cause_from: day::date(o.first),
            cause_to: day::date(o.last),
            state,
            until,
            note,
            says: format!("{}{by_whom}, the first in {} days", rule.kind, rule.hold),
            because: Vec::new(),
            coder: self.coder.to_owned(),
        }
    }
}

/// A number without digits that say nothing.
fn n(x: f64) -> String {
    let rounded = (x * 10.0).round() / 10.0;
    if rounded.fract().abs() < 1e-9 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

fn values(days: &[(Day, Counts)], measure: Measure) -> Vec<(Day, f64)> {
    days.iter().map(|(d, c)| (*d, measure.of(c))).filter(|(_, v)| *v > 0.0).collect()
}

/// Openings by kind, source and target: days with the number of events.
type Found = HashMap<(String, String, String), Vec<(Day, u32)>>;

/// All events that may be openings, from `hold` days before the period on, so that it is known which are the first.
fn found_openings(store: &Store, rules: &Rules, coder: i64, modes: &[String], since: Day, today: Day) -> Result<Found, Failure> {
    let hold = rules.openings.iter().map(|(r, _)| r.hold).max().unwrap_or(0).saturating_add(BOTH);
    let codes: Vec<String> = rules.openings.iter().flat_map(|(r, _)| r.codes.clone()).collect();
    let mut out = Found::new();
    if codes.is_empty() {
        return Ok(out);
    }
    let filter = Filter {
        codes,
        modes: modes.to_vec(),
        from: Some(day::date(since.saturating_sub(hold))),
        to: Some(day::date(today)),
        ..Filter::default()
    };
    for e in few(store, &filter, coder, usize::MAX)? {
        for (rule, _) in rules.openings.iter().filter(|(r, _)| r.takes(&e.code)) {
            // The side as the roll-ups have it, and the whole code for sides of the settings.
            let days = out.entry((rule.kind.clone(), e.source.clone(), e.target.clone())).or_default();
            match days.iter_mut().find(|(d, _)| *d == e.day) {
                Some((_, n)) => *n += 1,
                None => days.push((e.day, 1)),
            }
        }
    }
    out.values_mut().for_each(|days| days.sort_unstable());
    Ok(out)
}

/// Third parties who turned to both sides within a week: who, the day on which it was both, how many events.
fn both(found: &Found, kind: &str, a: &Side, b: &Side) -> Vec<(String, Day, u32)> {
    let mut to: HashMap<&str, [Vec<(Day, u32)>; 2]> = HashMap::new();
    for ((k, source, target), days) in found {
        if k != kind || a.members.contains(source) || b.members.contains(source) || source == "-" {
            continue;
        }
        for (i, side) in [a, b].into_iter().enumerate() {
            if side.members.contains(target) {
                to.entry(source).or_default()[i].extend(days);
            }
        }
    }
    let mut out = Vec::new();
    for (by, [x, y]) in to {
        for (day, n) in x.iter().chain(&y) {
            let near = |days: &[(Day, u32)]| days.iter().any(|(d, _)| *d <= *day && *d > day - BOTH);
            if near(&x) && near(&y) {
                out.push((by.to_owned(), *day, *n));
            }
        }
    }
    out.sort_unstable();
    out
}

/// An event, as far as it is needed here.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub id: String,
    pub day: Day,
    pub source: String,
    pub target: String,
    pub code: String,
    root: u8,
    quad: u8,
}

/// Events of a coder that fulfil a filter, the latest first.
pub(super) fn few(store: &Store, filter: &Filter, coder: i64, limit: usize) -> Result<Vec<Brief>, Failure> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut out: Vec<(i64, Brief)> = Vec::new();
    for way in filter.ways() {
        let (sql, mut values) = way.events_sql()?;
        values.push(coder.into());
        let sql = format!(
            "SELECT coalesce(id, 'i:' || n), day, coalesce(source_country, source, '-'), coalesce(target_country, target, '-'), coalesce(cameo, ''), {} AS root,
             coalesce(quad, 0), n FROM {PLAIN} WHERE {sql} AND coder_n = ? AND day IS NOT NULL ORDER BY day DESC, n DESC LIMIT {most}",
            crate::store::ROOT
        );
        let read = || {
            let mut statement = store.connection().prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(r) = rows.next()? {
                let Some(day) = day::parse(r.get_ref(1)?.as_str()?) else { continue };
                let brief =
                    Brief { id: r.get(0)?, day, source: r.get(2)?, target: r.get(3)?, code: r.get(4)?, root: r.get(5)?, quad: r.get(6)? };
                out.push((r.get(7)?, brief));
            }
            Ok(())
        };
        read().map_err(|e: rusqlite::Error| store.trouble(&e))?;
    }
    out.sort_by_key(|(n, e)| std::cmp::Reverse((e.day, *n)));
    out.dedup_by_key(|(n, _)| *n);
    out.truncate(limit);
    Ok(out.into_iter().map(|e| e.1).collect())
}

/// Events behind an alarm, the latest first.
fn because(store: &Store, rules: &Rules, row: &AlarmRow, coder: i64, limit: usize) -> Result<Vec<Brief>, Failure> {
    let (a, b) = (rules.side(&row.a), rules.side(&row.b));
    let opening = rules.openings.iter().find(|(r, _)| row.kind == "opening" && r.kind == row.rule);
    let measure = Measure::named(row.measure);
    let mut filter = Filter {
        from: Some(row.cause_from),
        to: Some(row.cause_to),
        modes: super::modes(),
        codes: opening.map_or(Vec::new(), |(r, _)| r.codes.clone()),
        ..Filter::default()
    };
    let mut out = Vec::new();
    if let Some(by) = &row.by {
        filter.from = Some(day::date(day::number(row.cause_from) - BOTH + 1));
        for target in a.members.iter().chain(&b.members) {
            let filter = Filter { source: Some(by.clone()), target: Some(target.clone()), ..filter.clone() };
            out.extend(few(store, &filter, coder, usize::MAX)?);
        }
    } else {
        for x in &a.members {
            for y in &b.members {
                let filter = Filter { dyad: Some((x.clone(), y.clone())), ..filter.clone() };
                out.extend(few(store, &filter, coder, usize::MAX)?);
            }
        }
    }
    out.retain(|e| opening.is_some() || measure.is_some_and(|m| m.counts(e.root, e.quad)));
    out.sort_by(|x, y| (y.day, &y.id).cmp(&(x.day, &x.id)));
    out.dedup_by(|x, y| x.id == y.id);
    out.truncate(limit);
    Ok(out)
}

/// From how many origins events come, counted as everywhere.
fn origins(store: &Store, events: &[Brief]) -> Result<usize, Failure> {
    let mut out = BTreeSet::new();
    let (named, first) = By::Origin.columns(Wanted::Events);
    let mut read = || {
        let mut statement = store.connection().prepare_cached(&format!(
            "SELECT coalesce({named}, {first}) FROM record_events WHERE n IN (SELECT n FROM events WHERE id = ?)"
        ))?;
        for event in events {
            out.extend(statement.query_map([&event.id], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        Ok(out.len())
    };
    read().map_err(|e: rusqlite::Error| store.trouble(&e))
}

/// A third party's turn to both sides.
#[derive(Clone, Debug)]
pub(super) struct Third {
    pub kind: String,
    pub by: String,
    pub day: Day,
    pub events: Vec<String>,
}

/// Third parties who turned to both sides of a pair within a week, in a period.
#[allow(clippy::too_many_arguments)] // A pair, a coder, modes and a period.
pub(super) fn third_parties(
    store: &Store,
    rules: &Rules,
    a: &Side,
    b: &Side,
    coder: i64,
    modes: &[String],
    from: Day,
    to: Day,
) -> Result<Vec<Third>, Failure> {
    let mut out = Vec::new();
    for (rule, _) in rules.openings.iter().filter(|(_, third)| *third) {
        let mut turns: BTreeMap<String, [Vec<(Day, String)>; 2]> = BTreeMap::new();
        for (i, side) in [a, b].into_iter().enumerate() {
            for member in &side.members {
                let filter = Filter {
                    target: Some(member.clone()),
                    codes: rule.codes.clone(),
                    modes: modes.to_vec(),
                    from: Some(day::date(from.saturating_sub(BOTH - 1))),
                    to: Some(day::date(to)),
                    ..Filter::default()
                };
                for e in few(store, &filter, coder, usize::MAX)? {
                    if e.source != "-" && !a.members.contains(&e.source) && !b.members.contains(&e.source) {
                        turns.entry(e.source).or_default()[i].push((e.day, e.id));
                    }
                }
            }
        }
        for (by, [x, y]) in turns {
            let mut days: Vec<Day> = x.iter().chain(&y).map(|(d, _)| *d).filter(|d| *d >= from).collect();
            days.sort_unstable();
            days.dedup();
            let mut last = None::<Day>;
            for day in days {
                let near = |turns: &[(Day, String)]| -> Vec<String> {
                    turns.iter().filter(|(d, _)| *d <= day && *d > day - BOTH).map(|(_, id)| id.clone()).collect()
                };
                let (to_a, to_b) = (near(&x), near(&y));
                if !to_a.is_empty() && !to_b.is_empty() && last.is_none_or(|l| day - l >= BOTH) {
                    last = Some(day);
                    out.push(Third { kind: rule.kind.clone(), by: by.clone(), day, events: to_a.into_iter().chain(to_b).collect() });
                }
            }
        }
    }
    Ok(out)
}
