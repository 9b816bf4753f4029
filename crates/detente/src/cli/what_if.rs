//! `detente forecast what-if`: the chance of force with a stream of events added or removed.

use super::Exit;
use super::filters::pair;
use super::options::{StoreArg, as_of, date};
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell};
use crate::store::Store;
use crate::watch::{self, Altered, Span, WhatIf};
use clap::Args;
use detente_core::model::Date;
use detente_watch::day;
use detente_watch::flow::Stream;
use detente_watch::onset::Deed;

/// Options of `forecast what-if`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente forecast what-if IRN-ISR --add force=3                # a strike on the first day ahead, told three times
  detente forecast what-if IRN-ISR --hold 7                     # a mediation that holds for seven days
  detente forecast what-if IRN-ISR --remove force@2018-05-09..2018-05-10 --on 2018-05-12
  detente forecast what-if IRN-ISR --remove words --add cooperation=2@1..14

Streams between the two, either way round: force (CAMEO 18 to 20), coercion (14 to 17), words (09 to 13), cooperation
(03 to 08). Days follow an @: days of the calendar, past ones too, or days ahead. Events that are added are not counted
themselves. The model is a self-exciting process fitted to the store's last 400 days; pairs stand alone in it, and what
used to follow on what is no cause: read METHOD.md before you lean on it.")]
pub struct WhatIfArgs {
    /// Two sides, as IRN-ISR
    #[arg(value_name = "A-B", value_parser = pair)]
    dyad: (String, String),
    /// Events added: STREAM[=N][@DAY[..DAY]], N a day
    #[arg(long, value_name = "STREAM", value_parser = |s: &str| Altered::read(s, true))]
    add: Vec<Altered>,
    /// A stream removed: STREAM[@DAY[..DAY]]
    #[arg(long, value_name = "STREAM", value_parser = |s: &str| Altered::read(s, false))]
    remove: Vec<Altered>,
    /// A mediation that holds: no force for so many days
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(1..=90))]
    hold: Option<i32>,
    /// Days ahead
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(i32).range(1..=90))]
    within: i32,
    /// Least number of events
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    at_least: u32,
    /// Material conflict (CAMEO 14 to 20) instead of force
    #[arg(long)]
    material: bool,
    /// The day it is made on [default: the last day read]
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// As one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &WhatIfArgs) -> Result<Exit, Stop> {
    let hold = args.hold.map(|days| Altered { stream: Stream::Force, added: None, days: Span::Ahead(1, days) });
    let changes: Vec<Altered> = args.add.iter().chain(&args.remove).cloned().chain(hold).collect();
    if changes.is_empty() {
        return Err(Failure::new("nothing is changed").hint("--add force=3, --remove words, --hold 7").into());
    }
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let question = WhatIf {
        dyad: args.dyad.clone(),
        within: args.within,
        at_least: args.at_least,
        deed: if args.material { Deed::Material } else { Deed::Force },
        on: as_of(args.on),
        coder: args.coder.clone(),
        changes,
    };
    let Some(found) = watch::what_if(&store, &question)? else {
        failure::note(&format!("{} and {} have no events by {}", args.dyad.0.to_uppercase(), args.dyad.1.to_uppercase(), question.on));
        return Ok(Exit::Nothing);
    };
    let mut out = Output::open(None)?;
    if args.json {
        out.text(&format!("{}\n", found.json()))?;
        out.flush()?;
        return Ok(Exit::Found);
    }
    let (a, b) = &found.dyad;
    let (last, first, due) = (day::date(found.last), day::date(found.last + 1), day::date(found.due));
    let plural = if args.at_least == 1 { "" } else { "s" };
    out.text(&format!(
        "{BOLD}{a} and {b}{BOLD:#}, {last}: at least {} event{plural} of {} between the two on {first} to {due}, coded by {}\n",
        args.at_least, found.what, found.coder
    ))?;
    let mut table = Columns::default();
    let percent = |x: f64| format!("{:.1} %", x * 100.0);
    for (name, outcome, words) in [("as it stands", &found.plain, String::new()), ("changed", &found.changed, found.changes.join("; "))] {
        let mean = format!("{:.1} events in the mean", outcome.events);
        table.row([cell(name), cell(percent(outcome.probability)).style(BOLD).right(), cell(mean).right(), cell(words)]);
    }
    table.row([
        cell("base rate"),
        cell(found.base.map_or_else(|| "-".to_owned(), percent)).right(),
        cell(if found.quiet { "of quiet pairs" } else { "of pairs that are not quiet" }),
    ]);
    table.row([cell("own record"), cell(percent(found.own_record)).right(), cell("of this pair's windows so far")]);
    out.text(&table.lines())?;
    out.text(&format!(
        "{DIM}{}\nIt tells what used to follow on what between two, and nothing of causes. Events that were added are not counted.{DIM:#}\n",
        found.past.words_of(detente_watch::flow::NAME)
    ))?;
    out.flush()?;
    Ok(Exit::Found)
}
