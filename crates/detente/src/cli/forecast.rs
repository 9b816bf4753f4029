//! `detente forecast`: will a pair come to force? With its base rate, its past score and a ledger.

use super::Exit;
use super::filters::pair;
use super::options::{StoreArg, date};
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell};
use crate::store::{Entry, SideEvent, Store};
use crate::watch;
use clap::Args;
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::event::{Event, root};
use detente_watch::learn::{average_precision, brier, calibration_error};
use detente_watch::ledger::{self, Outcome, Score};
use detente_watch::onset::{Deed, Forecast, Plan, Question, walk};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// Options of `forecast`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente forecast                                  # the pairs most likely to come to force after quiet
  detente forecast IRN-ISR --within 30
  detente forecast IRN-ISR --on 2018-05-01 --record # as it was known on that day; into the ledger
  detente forecast --ledger                         # what became of what was recorded

The model learns from the store's own history, anew at each call and always alike: windows that had closed
by the day of the forecast, and nothing after it. Sides are countries and bodies whose code has three letters.
An onset is force after 30 days without; other pairs are judged apart. METHOD.md has the formulas.")]
pub struct ForecastArgs {
    /// Two sides, as IRN-ISR; without them, the pairs most likely to come to it after quiet
    #[arg(value_name = "A-B", value_parser = pair)]
    dyad: Option<(String, String)>,
    /// Days ahead
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(i32).range(1..=90))]
    within: i32,
    /// Least number of events
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    at_least: u32,
    /// Force: CAMEO 18, 19, 20 [default]
    #[arg(long, conflicts_with = "material")]
    force: bool,
    /// Material conflict: CAMEO 14 to 20
    #[arg(long)]
    material: bool,
    /// The day it is made on [default: the last day read]
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// Write it into the ledger
    #[arg(long, requires = "dyad")]
    record: bool,
    /// What was recorded and what became of it
    #[arg(long, conflicts_with_all = ["dyad", "record", "on"])]
    ledger: bool,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// At most so many pairs
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArg,
}

/// Name of the model and its version, which changes with every formula.
const MODEL: &str = "onset-2";

pub(super) fn run(args: &ForecastArgs) -> Result<Exit, Stop> {
    let path = args.store.path(&Settings::load()?);
    let mut store = if args.record { Store::open_write(&path)? } else { Store::open_read(&path)? };
    if args.ledger {
        return print_ledger(&store, args.json);
    }
    let (coder, name) = store.coder(args.coder.as_deref())?;
    let today = args.on.map_or_else(watch::now, |on| on.min(watch::now()));
    let told = sides(store.told_between_sides(coder, today)?);
    let little =
        |why: String| Failure::new(why).hint("three months of events are needed: detente import FILE… reads ICEWS, GDELT and Phoenix");
    let Some(last) = told.last().map(|t| t.day) else {
        return Err(little(format!("{name} has no events of two countries with CAMEO codes by {today}")).into());
    };
    let mut numbers: BTreeMap<&str, u32> = told.iter().flat_map(|t| [t.source.as_str(), t.target.as_str()]).map(|s| (s, 0)).collect();
    numbers.values_mut().zip(0..).for_each(|(n, i)| *n = i);
    let codes: Vec<&str> = numbers.keys().copied().collect();
    let event = |t: &SideEvent| Event {
        day: t.day,
        source: numbers[t.source.as_str()],
        target: numbers[t.target.as_str()],
        root: root(&t.cameo),
        goldstein: t.goldstein as f32,
    };
    let events: Vec<Event> = told.iter().map(event).collect();
    let deed = if args.material { Deed::Material } else { Deed::Force };
    let question = Question { deed, horizon: args.within, at_least: args.at_least, ..Question::default() };
    let walk = walk(&events, codes.len(), question, Plan::default());
    if walk.forecasts.last().is_none_or(|f| f.day != last) {
        let first = told.first().map_or(last, |t| t.day);
        return Err(little(format!(
            "too little history to learn from: {} events from {} to {}, with fewer than 10 windows in which it came",
            told.len(),
            day::date(first),
            day::date(last)
        ))
        .into());
    }
    let now: Vec<&Forecast> = walk.forecasts.iter().filter(|f| f.day == last).collect();
    let shown: Vec<&Forecast> = match &args.dyad {
        Some((a, b)) => {
            let (a, b) = (a.to_uppercase(), b.to_uppercase());
            let number = |code: &str| numbers.get(code).copied();
            let pair = number(&a).zip(number(&b)).map(|(x, y)| (x.min(y), x.max(y)));
            let found: Vec<&Forecast> = now.iter().filter(|f| Some(f.pair) == pair).copied().collect();
            if found.is_empty() {
                failure::note(&format!("{a} and {b} have fewer than {} events by {}: no forecast", question.floor, day::date(last)));
                return Ok(Exit::Nothing);
            }
            found
        }
        None => {
            let mut quiet: Vec<&Forecast> = now.iter().filter(|f| f.quiet).copied().collect();
            quiet.sort_by(|x, y| y.probability.total_cmp(&x.probability).then(x.pair.cmp(&y.pair)));
            quiet.truncate(args.limit);
            quiet
        }
    };
    let due = last + args.within;
    let what = if args.material { "material conflict (CAMEO 14 to 20)" } else { "force (CAMEO 18 to 20)" };
    let rule = format!(
        "at least {} event{} of {what} between the two, either way round, coded by {name}, on {} to {}; void when events of fewer than half of these days were read",
        args.at_least,
        if args.at_least == 1 { "" } else { "s" },
        day::date(last + 1),
        day::date(due)
    );
    let past = [false, true].map(|quiet| Past::of(walk.forecasts.iter().filter(|f| f.quiet == quiet)));
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    for f in &shown {
        let (a, b) = (codes[f.pair.0 as usize], codes[f.pair.1 as usize]);
        let past = &past[usize::from(f.quiet)];
        let kind = if f.quiet { "onset" } else { "incidence" };
        if args.json {
            let line = json!({"dyad": format!("{a}-{b}"), "on": day::date(last).to_string(), "due": day::date(due).to_string(), "kind": kind,
                "probability": round(f.probability), "base_rate": round(f.base), "own_record": round(f.baselines.historical),
                "at_least": args.at_least, "within": args.within, "deed": name_of(deed), "rule": rule, "model": MODEL, "coder": name, "past_score": past.json()});
            out.text(&format!("{line}\n"))?;
        } else if args.dyad.is_some() {
            out.text(&format!("{BOLD}{a} and {b}{BOLD:#}, {}: {rule}\n", day::date(last)))?;
            table.row([cell("probability"), cell(percent(f.probability)).style(BOLD).right(), cell(kind)]);
            table.row([
                cell("base rate"),
                cell(percent(f.base)).right(),
                cell(if f.quiet { "of quiet pairs" } else { "of pairs that are not quiet" }),
            ]);
            table.row([cell("own record"), cell(percent(f.baselines.historical)).right(), cell("of this pair's windows so far")]);
            out.text(&table.lines())?;
            out.text(&format!("{DIM}{}{DIM:#}\nrows: detente events --dyad {a},{b} --to {}\n", past.words(), day::date(last)))?;
        } else {
            table.row([
                cell(format!("{a}-{b}")),
                cell(percent(f.probability)).style(BOLD).right(),
                cell(format!("own record {}", percent(f.baselines.historical))),
            ]);
        }
    }
    if !args.json && args.dyad.is_none() {
        out.text(&format!(
            "Onsets of {what} from {} to {}, base rate {}\n",
            day::date(last + 1),
            day::date(due),
            percent(now.iter().find(|f| f.quiet).map_or(0.0, |f| f.base))
        ))?;
        out.text(&table.lines())?;
        out.text(&format!("{DIM}{}{DIM:#}\n", past[1].words()))?;
    }
    out.flush()?;
    if let (true, Some(f)) = (args.record, shown.first()) {
        let dyad = (codes[f.pair.0 as usize].to_owned(), codes[f.pair.1 as usize].to_owned());
        let entry = Entry {
            asked: last,
            due,
            dyad,
            deed: name_of(deed).to_owned(),
            at_least: args.at_least,
            coder,
            model: MODEL.to_owned(),
            quiet: f.quiet,
            probability: f.probability,
            base: f.base,
            rule,
        };
        let fresh = store.record_forecast(&entry)?;
        failure::note(if fresh { "recorded; `detente forecast --ledger` tells what becomes of it" } else { "it is in the ledger already" });
    }
    Ok(if shown.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// Only sides of three letters: countries and bodies, of which there are few enough to be told of each other.
fn sides(mut told: Vec<SideEvent>) -> Vec<SideEvent> {
    told.retain(|t| t.source.len() == 3 && t.target.len() == 3);
    told
}

fn name_of(deed: Deed) -> &'static str {
    match deed {
        Deed::Force => "force",
        Deed::Material => "material",
    }
}

fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

fn percent(x: f64) -> String {
    format!("{:.1} %", x * 100.0)
}

/// How the model did before, walked forward over the same history.
struct Past {
    n: usize,
    yes: usize,
    skill: f64,
    ece: f64,
    precision: f64,
    historical: f64,
}

impl Past {
    fn of<'a>(rows: impl Iterator<Item = &'a Forecast>) -> Self {
        let rows: Vec<&Forecast> = rows.filter(|f| f.outcome.is_some()).collect();
        let labels: Vec<bool> = rows.iter().map(|f| f.outcome == Some(true)).collect();
        let of = |get: fn(&Forecast) -> f64| -> Vec<f64> { rows.iter().map(|f| get(f)).collect() };
        let model = of(|f| f.probability);
        let base = brier(&of(|f| f.base), &labels);
        Self {
            n: rows.len(),
            yes: labels.iter().filter(|l| **l).count(),
            skill: if base > 0.0 { 1.0 - brier(&model, &labels) / base } else { 0.0 },
            ece: calibration_error(&model, &labels),
            precision: average_precision(&model, &labels),
            historical: average_precision(&of(|f| f.baselines.historical), &labels),
        }
    }

    fn json(&self) -> Value {
        json!({"n": self.n, "came_true": self.yes, "brier_skill": round(self.skill), "ece": round(self.ece),
            "ap": round(self.precision), "ap_own_record": round(self.historical)})
    }

    fn words(&self) -> String {
        if self.n == 0 {
            return format!("model {MODEL}: no past forecast of this kind has come due, so that nothing is known of its quality");
        }
        format!(
            "model {MODEL}: of {} past forecasts of this kind {} came true; Brier skill {:.3} over the base rate, calibration error {:.3}, \
             average precision {:.3} (own record alone {:.3})",
            self.n, self.yes, self.skill, self.ece, self.precision, self.historical
        )
    }
}

fn print_ledger(store: &Store, as_json: bool) -> Result<Exit, Stop> {
    let entries = store.ledger()?;
    if entries.is_empty() {
        failure::note("nothing was recorded yet: detente forecast A-B --record");
        return Ok(Exit::Nothing);
    }
    let mut told: BTreeMap<i64, (Vec<SideEvent>, Vec<Day>)> = BTreeMap::new();
    for entry in &entries {
        if let Slot::Vacant(slot) = told.entry(entry.coder) {
            let events = store.told_between_sides(entry.coder, watch::now())?;
            let mut read: Vec<Day> = events.iter().map(|t| t.day).collect();
            read.dedup();
            slot.insert((events, read));
        }
    }
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    table.row(["asked", "dyad", "what", "due", "forecast", "base", "outcome"].map(|h| cell(h).style(BOLD)));
    let mut groups: BTreeMap<String, Vec<(f64, f64, Outcome)>> = BTreeMap::new();
    for e in &entries {
        let Some((events, read)) = told.get(&e.coder) else { continue };
        let least = if e.deed == "material" { 14 } else { 18 };
        let between = |t: &&SideEvent| (t.source == e.dyad.0 && t.target == e.dyad.1) || (t.source == e.dyad.1 && t.target == e.dyad.0);
        let deeds: Vec<Day> = events.iter().filter(between).filter(|t| root(&t.cameo) >= least).map(|t| t.day).collect();
        let outcome = ledger::resolve(e.asked, e.due - e.asked, e.at_least, &deeds, read);
        let dyad = format!("{}-{}", e.dyad.0, e.dyad.1);
        let row = (e.probability, e.base, outcome);
        for group in ["all".to_owned(), format!("model {}", e.model), format!("dyad {dyad}")] {
            groups.entry(group).or_default().push(row);
        }
        let (asked, due) = (day::date(e.asked).to_string(), day::date(e.due).to_string());
        if as_json {
            let line = json!({"asked": asked, "due": due, "dyad": dyad, "deed": e.deed, "at_least": e.at_least, "model": e.model,
                "probability": round(e.probability), "base_rate": round(e.base), "rule": e.rule, "outcome": outcome.name()});
            out.text(&format!("{line}\n"))?;
        } else {
            let what = format!("{} ≥ {}", e.deed, e.at_least);
            table.row([asked, dyad, what, due, percent(e.probability), percent(e.base), outcome.name().to_owned()].map(cell));
        }
    }
    if as_json {
        for (name, rows) in &groups {
            let s = ledger::score(rows);
            let line = json!({"score": name, "n": s.n, "came_true": s.yes, "open": s.open, "void": s.void, "brier": s.brier.map(round),
                "brier_base": s.brier_base.map(round), "log_score": s.log_score.map(round), "ece": s.ece.map(round)});
            out.text(&format!("{line}\n"))?;
        }
    } else {
        out.text(&table.lines())?;
        out.text("\n")?;
        let mut scores = Columns::default();
        scores.row(
            ["", "settled", "yes", "open", "void", "Brier", "of base", "log score", "calibration"].map(|h| cell(h).style(BOLD).right()),
        );
        groups.iter().for_each(|(name, rows)| scores.row(score_cells(name, &ledger::score(rows)).map(|c| cell(c).right())));
        out.text(&scores.lines())?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

fn score_cells(name: &str, s: &Score) -> [String; 9] {
    let figure = |x: Option<f64>| x.map_or("-".to_owned(), |x| format!("{x:.3}"));
    let n = |n: usize| n.to_string();
    [name.to_owned(), n(s.n), n(s.yes), n(s.open), n(s.void), figure(s.brier), figure(s.brier_base), figure(s.log_score), figure(s.ece)]
}
