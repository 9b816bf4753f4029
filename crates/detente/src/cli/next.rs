//! `detente forecast next`: the likeliest deed of a pair, target of a source and a deed, source of a deed and a target.

use super::Exit;
use super::filters::pair;
use super::options::{StoreArg, as_of, date};
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell};
use crate::store::Store;
use crate::watch::{self, NextQuestion};
use clap::Args;
use detente_core::knowledge::Knowledge;
use detente_core::model::Date;
use detente_watch::day;

/// Options of `forecast next`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente forecast next IRN-ISR                    # what Iran will do to Israel next
  detente forecast next --source RUS --deed 045    # between whom Russia will mediate next
  detente forecast next --deed 190 --target SYR    # who will use force in Syria next

Two of source, deed and target are given, the third is ranked. Shares are among all that were looked at. The model
is the one `detente forecast --train` keeps; without one it is fitted anew, which takes a minute for a
large store. METHOD.md has the formulas.")]
pub struct NextArgs {
    /// Source and target, as IRN-ISR: what the one will do to the other
    #[arg(value_name = "A-B", value_parser = pair, conflicts_with_all = ["source", "target"])]
    dyad: Option<(String, String)>,
    /// Who acts
    #[arg(long, value_name = "CODE")]
    source: Option<String>,
    /// What: a CAMEO code of three digits
    #[arg(long, value_name = "CODE", value_parser = deed)]
    deed: Option<String>,
    /// To whom
    #[arg(long, value_name = "CODE")]
    target: Option<String>,
    /// As it was known on this day [default: the last day read]
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// At most so many answers
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5)]
    limit: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreArg,
}

fn deed(code: &str) -> Result<String, String> {
    let digits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
    if digits { Ok(code.to_owned()) } else { Err("a CAMEO code of three digits, as 045".to_owned()) }
}

pub(super) fn run(args: &NextArgs) -> Result<Exit, Stop> {
    let (source, target) = match &args.dyad {
        Some((a, b)) => (Some(a.clone()), Some(b.clone())),
        None => (args.source.clone(), args.target.clone()),
    };
    if [&source, &args.deed, &target].iter().filter(|x| x.is_some()).count() != 2 {
        return Err(Failure::new("two of source, deed and target are to be given")
            .hint("detente forecast next --source RUS --deed 045")
            .into());
    }
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let question =
        NextQuestion { source, deed: args.deed.clone(), target, on: as_of(args.on), coder: args.coder.clone(), limit: args.limit };
    let Some(found) = watch::next(&store, &question)? else {
        failure::note("no event with these sides and this deed was read");
        return Ok(Exit::Nothing);
    };
    if let Some(what) = &found.warning {
        failure::warning(what);
    }
    // Without knowledge a code has no name.
    let knowledge = Knowledge::embedded().ok();
    let name = |code: &str| {
        let name = knowledge.as_ref().and_then(|k| k.ontology.name(code));
        name.map_or_else(|| code.to_owned(), |name| format!("{code} {name}"))
    };
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    for (rank, row) in (1..).zip(&found.rows) {
        let events = store.ids(&row.behind)?;
        if args.json {
            out.text(&format!("{}\n", found.json(rank, row, &events)))?;
            continue;
        }
        let answer = if found.of_deeds() { name(&row.answer) } else { row.answer.clone() };
        let why = row.reasons.first().map_or("", |r| r.0);
        table.row([
            cell(answer).style(BOLD),
            cell(format!("{:.1} %", row.share * 100.0)).right(),
            cell(format!("{} before", row.before)).right(),
            cell(why),
            cell(events.join(" ")).style(DIM),
        ]);
    }
    if !args.json {
        let side = |s: &Option<String>| s.as_ref().map_or_else(|| "who".to_owned(), |s| s.to_uppercase());
        let what = question.deed.as_ref().map_or_else(|| "does what".to_owned(), |d| name(d));
        let to = question.target.as_ref().map_or_else(|| "whom".to_owned(), |t| t.to_uppercase());
        out.text(&format!(
            "{BOLD}{} {what} to {to}{BOLD:#}, after {}, coded by {}\n",
            side(&question.source),
            day::date(found.last),
            found.coder
        ))?;
        out.text(&table.lines())?;
        out.text(&format!("{DIM}{}{DIM:#}\nrows: detente why ID\n", found.past.words(found.of_deeds())))?;
    }
    out.flush()?;
    Ok(if found.rows.is_empty() { Exit::Nothing } else { Exit::Found })
}
