//! `detente redlines`: what sides say they will not accept, and later events that may cross it.

use super::Exit;
use super::alerts::Of;
use super::correct::author;
use super::filters::{csv_line, pair, plain};
use super::options::date;
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DEED, DIM, TALK, cell, clean, shorten};
use crate::store::{Filter, Rows, Store, Wanted};
use crate::watch::{self, RedlineQuestion, RedlineRow, Rules};
use clap::{Args, Subcommand};
use detente_core::model::Date;
use serde_json::Value;

/// Options of `redlines`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  detente redlines
  detente redlines IRN-ISR --json
  detente redlines show r:41d0
  detente redlines judge r:41d0 e:9a2e crossed --note 'named by the minister himself'

Lines come from statements with the act `red line`. The same holder, addressee and matter are one line. Candidates
are later events by the addressee, up to a year after the line was last stated; the points are for: where the line is
drawn 2, against the holder 2, material conflict 1, military cooperation 1, words of the line 1; from 3 on they are
shown. Whether one is a crossing is for you to judge. Exit codes: 0 there are some, 1 there are none, 2 error.")]
pub struct RedlinesArgs {
    #[command(subcommand)]
    command: Option<RedlinesCommand>,
    /// Lines between these two, either way round
    #[arg(value_name = "A-B", value_parser = pair)]
    dyad: Option<(String, String)>,
    /// Lines of this side
    #[arg(long, value_name = "CODE")]
    holder: Option<String>,
    /// Lines stated on or after this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Date>,
    /// One JSON object a line, with statements and candidates
    #[arg(long)]
    json: bool,
    /// A table parted by commas: a row for each candidate, and for each line without any
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    of: Of,
}

#[derive(Debug, Subcommand)]
enum RedlinesCommand {
    /// The statements and candidates of one line
    Show {
        /// Id of the line (r:…), or its beginning
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        of: Of,
    },
    /// Say whether an event crosses a line
    Judge {
        /// Id of the line (r:…), or its beginning
        #[arg(value_name = "ID")]
        id: String,
        /// Id of the event (e:… or i:…)
        #[arg(value_name = "EVENT")]
        event: String,
        /// crossed, kept (it is no crossing), open (nobody has judged)
        #[arg(value_name = "VERDICT", value_parser = ["crossed", "kept", "open"])]
        verdict: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// Who says so [default: the user's name]
        #[arg(long, value_name = "NAME")]
        author: Option<String>,
        #[command(flatten)]
        of: Of,
    },
}

fn question(of: &Of) -> RedlineQuestion {
    RedlineQuestion { coder: of.coder.clone(), ..RedlineQuestion::new(of.today.unwrap_or_else(watch::now)) }
}

pub(super) fn run(args: &RedlinesArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    let rules = Rules::load(&settings)?;
    match &args.command {
        None => {
            let store = Store::open_read(&args.of.store.path(&settings))?;
            let q = RedlineQuestion {
                dyad: args.dyad.as_ref().map(|(a, b)| (rules.side(a), rules.side(b))),
                holder: args.holder.as_ref().map(|h| rules.side(h)),
                since: args.since,
                ..question(&args.of)
            };
            list(args, &watch::redlines(&store, &q)?)
        }
        Some(RedlinesCommand::Show { id, of }) => opened(&Store::open_read(&of.store.path(&settings))?, of, id, false),
        Some(RedlinesCommand::Judge { id, event, verdict, note, author: by, of }) => {
            let mut store = Store::open_write(&of.store.path(&settings))?;
            let line = watch::redline(&store, &question(of), id)?;
            let filter = Filter { id: Some(event.clone()), ..Filter::default() };
            let mut found = Vec::new();
            store.each(Wanted::Events, &filter, Rows { limit: Some(2), ..Rows::default() }, |row| {
                found.push(super::filters::text(&row, "id").to_owned());
                Ok(())
            })?;
            let [event] = &found[..] else {
                let what =
                    if found.is_empty() { format!("no event \"{event}\"") } else { format!("several events begin with \"{event}\"") };
                return Err(Failure::new(what).hint("`detente redlines show` lists the candidates with their ids").into());
            };
            let by = by.clone().unwrap_or_else(author);
            store.judge(&line.id, event, verdict, note.as_deref(), &by)?;
            failure::note(&format!(
                "{event} and {} ({} to {}): {verdict}",
                line.id,
                line.holder,
                line.addressee.as_deref().unwrap_or("nobody named")
            ));
            Ok(Exit::Found)
        }
    }
}

fn value(line: &RedlineRow) -> Value {
    // A row of plain values: nothing in it can fail to serialise.
    serde_json::to_value(line).expect("a red line is plain data")
}

fn list(args: &RedlinesArgs, lines: &[RedlineRow]) -> Result<Exit, Stop> {
    let mut out = Output::open(None)?;
    if args.json {
        for line in lines {
            out.text(&format!("{}\n", value(line)))?;
        }
    } else if args.csv {
        const LINE: [&str; 10] = ["id", "holder", "addressee", "places", "matter", "first", "last", "times", "origins", "threat"];
        const CROSSING: [&str; 10] = ["event", "day", "source", "cameo", "target", "place_country", "points", "why", "verdict", "note"];
        out.bytes(&csv_line(LINE.into_iter().chain(CROSSING)))?;
        for line in lines {
            let of = |value: &Value, names: &[&str]| names.iter().map(|n| value.get(n).map_or_else(String::new, plain)).collect::<Vec<_>>();
            let whole = value(line);
            let crossings = whole.get("crossings").and_then(Value::as_array).cloned().unwrap_or_default();
            let none = [Value::Null];
            for crossing in if crossings.is_empty() { &none[..] } else { &crossings } {
                let cells: Vec<String> = of(&whole, &LINE).into_iter().chain(of(crossing, &CROSSING)).collect();
                out.bytes(&csv_line(cells.iter().map(String::as_str)))?;
            }
        }
    } else {
        let mut columns = Columns::default();
        if !lines.is_empty() {
            columns.row(["id", "holder", "addressee", "where", "what", "times", "last", "candidates"].map(|h| cell(h).style(BOLD)));
        }
        for line in lines {
            let crossed = line.crossings.iter().filter(|c| c.verdict.as_deref() == Some("crossed")).count();
            let more = if crossed > 0 { format!("{} ({crossed} crossed)", line.candidates) } else { line.candidates.to_string() };
            columns.row([
                cell(line.id.clone()).style(DIM),
                cell(line.holder.clone()),
                cell(line.addressee.clone().unwrap_or_else(|| "-".to_owned())),
                cell(line.places.join(" ")),
                cell(shorten(&line.matter, 48)),
                cell(line.times.to_string()).right(),
                cell(line.last.map_or_else(|| "undated".to_owned(), |d| d.to_string())),
                cell(more).right(),
            ]);
        }
        out.text(&columns.lines())?;
    }
    out.flush()?;
    Ok(if lines.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// A line with the words that draw it and the candidates.
pub(super) fn opened(store: &Store, of: &Of, id: &str, json: bool) -> Result<Exit, Stop> {
    let line = watch::redline(store, &question(of), id)?;
    let mut out = Output::open(None)?;
    if json {
        out.text(&format!("{}\n", value(&line)))?;
        out.flush()?;
        return Ok(Exit::Found);
    }
    let place = if line.places.is_empty() { String::new() } else { format!(" in {}", line.places.join(", ")) };
    out.text(&format!(
        "{BOLD}{} to {}{place}{BOLD:#}: {}\n",
        line.holder,
        line.addressee.as_deref().unwrap_or("nobody named"),
        clean(&line.matter)
    ))?;
    let mut said = Columns::default();
    for id in &line.statements {
        let filter = Filter { id: Some(id.clone()), ..Filter::default() };
        store.each(Wanted::Statements, &filter, Rows { limit: Some(1), ..Rows::default() }, |row| {
            let text = |column: &str| super::filters::text(&row, column).to_owned();
            let day = if text("date_first").is_empty() { text("published") } else { text("date_first") };
            let words = if text("content").is_empty() { text("evidence") } else { text("content") };
            said.row([
                cell("◇").style(TALK),
                cell(day),
                cell(text("speaker_name")),
                cell(shorten(&words, 90)),
                cell(text("id")).style(DIM),
            ]);
            Ok(())
        })?;
    }
    out.text(&said.lines())?;
    let mut candidates = Columns::default();
    for c in &line.crossings {
        candidates.row([
            cell("◆").style(DEED),
            cell(c.day.to_string()),
            cell(format!("{} {} {}", c.source, c.cameo, c.target.as_deref().unwrap_or("-"))),
            cell(c.place_country.clone().unwrap_or_default()),
            cell(format!("{}: {}", c.points, c.why.join(", "))),
            cell(c.verdict.clone().unwrap_or_default()),
            cell(c.event.clone()).style(DIM),
        ]);
    }
    if line.candidates > 0 {
        out.text(&format!("{BOLD}candidates{BOLD:#}, {} in all\n{}", line.candidates, candidates.lines()))?;
    } else {
        out.text(&format!("{DIM}no later event is a candidate{DIM:#}\n"))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}
