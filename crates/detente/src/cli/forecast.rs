//! `detente forecast`: will a pair come to force? With its base rate, its past score and a ledger.

use super::Exit;
use super::filters::pair;
use super::options::{StoreArg, as_of, date};
use crate::config::Settings;
use crate::failure::{self, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell};
use crate::store::Store;
use crate::watch::{self, ForecastQuestion, Forecasts, NextPast, four_digits as round};
use clap::{Args, Subcommand};
use detente_core::model::Date;
use detente_watch::day;
use detente_watch::ledger::{self, Outcome, Score};
use detente_watch::onset::Deed;
use detente_watch::ranking;
use serde_json::json;
use std::collections::BTreeMap;

/// Options of `forecast`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  detente forecast                                  # the pairs most likely to come to force after quiet
  detente forecast IRN-ISR --within 30
  detente forecast IRN-ISR --on 2018-05-01 --record # as it was known on that day; into the ledger
  detente forecast --ledger                         # what became of what was recorded
  detente forecast --train                          # fit the models once and keep them in the store
  detente forecast next IRN-ISR                     # what the one will do to the other next
  detente forecast what-if IRN-ISR --hold 7         # what if a mediation held for seven days?

The model learns from the last 400 days of the store, always alike: from windows that had closed by the day of the
forecast, and from nothing after it. A model that was kept is used for later days, and said to be old after four weeks;
for earlier days, and without one, it is fitted anew. Sides are countries and bodies whose code has three letters.
An onset is force after 30 days without; other pairs are judged apart. METHOD.md has the formulas.")]
pub struct ForecastArgs {
    #[command(subcommand)]
    command: Option<ForecastCommand>,
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
    /// Fit the model of this question, and that of the next event, to the store's history and keep them there
    #[arg(long, conflicts_with_all = ["dyad", "record", "ledger"])]
    train: bool,
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

#[derive(Debug, Subcommand)]
enum ForecastCommand {
    /// The likeliest deed of a pair, target of a source and a deed, source of a deed and a target
    Next(super::next::NextArgs),
    /// The same forecast with a stream of events added or removed
    WhatIf(super::what_if::WhatIfArgs),
}

pub(super) fn run(args: &ForecastArgs) -> Result<Exit, Stop> {
    match &args.command {
        Some(ForecastCommand::Next(args)) => return super::next::run(args),
        Some(ForecastCommand::WhatIf(args)) => return super::what_if::run(args),
        None => {}
    }
    let path = args.store.path(&Settings::load()?);
    let mut store = if args.record || args.train { Store::open_write(&path)? } else { Store::open_read(&path)? };
    if args.ledger {
        return print_ledger(&store, args.json);
    }
    let question = ForecastQuestion {
        dyad: args.dyad.clone(),
        within: args.within,
        at_least: args.at_least,
        deed: if args.material { Deed::Material } else { Deed::Force },
        on: as_of(args.on),
        coder: args.coder.clone(),
        limit: args.limit,
    };
    if args.train {
        let onset = watch::train(&mut store, &question)?;
        let (next, events) = watch::train_next(&mut store, args.coder.as_deref(), question.on)?;
        return trained(&onset, &next, events, args.json);
    }
    let found = watch::forecast(&store, &question)?;
    if let Some(what) = &found.warning {
        failure::warning(what);
    }
    if let Some(why) = &found.none {
        failure::note(why);
        return Ok(Exit::Nothing);
    }
    let (last, due) = (day::date(found.last), day::date(found.due));
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    for row in &found.rows {
        let (a, b) = (&row.a, &row.b);
        if args.json {
            out.text(&format!("{}\n", found.json(row)))?;
        } else if args.dyad.is_some() {
            out.text(&format!("{BOLD}{a} and {b}{BOLD:#}, {last}: {}\n", found.rule))?;
            table.row([cell("probability"), cell(percent(row.probability)).style(BOLD).right(), cell(row.kind)]);
            table.row([
                cell("base rate"),
                cell(percent(row.base_rate)).right(),
                cell(if row.quiet() { "of quiet pairs" } else { "of pairs that are not quiet" }),
            ]);
            table.row([cell("own record"), cell(percent(row.own_record)).right(), cell("of this pair's windows so far")]);
            out.text(&table.lines())?;
            out.text(&format!("{DIM}{}{DIM:#}\nrows: detente events --dyad {a},{b} --to {last}\n", found.past(row).words()))?;
        } else {
            table.row([
                cell(format!("{a}-{b}")),
                cell(percent(row.probability)).style(BOLD).right(),
                cell(format!("own record {}", percent(row.own_record))),
            ]);
        }
    }
    if !args.json && args.dyad.is_none() {
        out.text(&format!(
            "Onsets of {} from {} to {due}, base rate {}\n",
            found.what,
            day::date(found.last + 1),
            percent(found.base_of_quiet)
        ))?;
        out.text(&table.lines())?;
        out.text(&format!("{DIM}{}{DIM:#}\n", found.past[1].words()))?;
    }
    out.flush()?;
    if let (true, Some(row)) = (args.record, found.rows.first()) {
        let fresh = store.record_forecast(&found.entry(row))?;
        failure::note(if fresh { "recorded; `detente forecast --ledger` tells what becomes of it" } else { "it is in the ledger already" });
    }
    Ok(if found.rows.is_empty() { Exit::Nothing } else { Exit::Found })
}

fn trained(found: &Forecasts, next: &NextPast, events: usize, as_json: bool) -> Result<Exit, Stop> {
    let mut out = Output::open(None)?;
    if as_json {
        out.text(&format!("{}\n", found.trained_json()))?;
        let trained = day::date(found.trained).to_string();
        let line = json!({"model": ranking::NAME, "trained": trained, "events": events, "coder": found.coder, "past_score": next});
        out.text(&format!("{line}\n"))?;
    } else {
        let (from, to) = (day::date(found.from), day::date(found.last));
        out.text(&format!(
            "{BOLD}trained{BOLD:#} on {} events from {from} to {to}, coded by {}: {}\n",
            found.events, found.coder, found.what
        ))?;
        for (kind, past) in ["incidence", "onset"].iter().zip(&found.past).rev() {
            out.text(&format!("{kind}: {}\n", past.words()))?;
        }
        out.text(&format!("the next event, from {events} events: {}\n{}\n", next.words(false), next.words(true)))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

fn percent(x: f64) -> String {
    format!("{:.1} %", x * 100.0)
}

fn print_ledger(store: &Store, as_json: bool) -> Result<Exit, Stop> {
    let entries = watch::outcomes(store, watch::now())?;
    if entries.is_empty() {
        failure::note("nothing was recorded yet: detente forecast A-B --record");
        return Ok(Exit::Nothing);
    }
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    table.row(["asked", "dyad", "what", "due", "forecast", "base", "outcome"].map(|h| cell(h).style(BOLD)));
    let mut groups: BTreeMap<String, Vec<(f64, f64, Outcome)>> = BTreeMap::new();
    for (e, outcome) in &entries {
        let dyad = format!("{}-{}", e.dyad.0, e.dyad.1);
        let row = (e.probability, e.base, *outcome);
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
