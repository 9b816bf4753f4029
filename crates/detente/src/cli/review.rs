//! `detente review`: events one by one, the least certain first, with a key for each answer.

use super::Exit;
use super::correct::{author, keep_with, record, said, take_back};
use super::filters::{Common, OfEvents, text};
use super::options::StoreArg;
use crate::config::Settings;
use crate::engine::Engine;
use crate::failure::{self, Stop};
use crate::output::Output;
use crate::show::{BOLD, DIM, MARK, clean, mark};
use crate::store::{Kind, Row, Rows, Store, Wanted};
use clap::Args;
use std::collections::BTreeSet;
use std::io::BufRead;

/// Options of `review`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente review --dyad IRN,ISR
  detente review e:1f6a3b

Answers, each with enter: y right, n no such event, s FIELD=VALUE sets a field, enter skips,
u takes back the last answer, q ends.")]
pub struct ReviewArgs {
    /// One event
    #[arg(value_name = "ID")]
    record: Option<String>,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    events: OfEvents,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &ReviewArgs) -> Result<Exit, Stop> {
    let mut store = Store::open_write(&args.store.path(&Settings::load()?))?;
    let cards = match &args.record {
        Some(id) => vec![record(&store, id)?],
        None => cards(&store, args)?,
    };
    if cards.is_empty() {
        return Ok(Exit::Nothing);
    }
    let engine = Engine::new()?;
    let mut out = Output::open(None)?;
    let (author, mut answered) = (author(), 0);
    let mut lines = std::io::stdin().lock().lines();
    for (i, card) in cards.iter().enumerate() {
        out.text(&shown(card, i + 1, cards.len()))?;
        out.flush()?;
        let mut end = false;
        loop {
            let Some(line) = lines.next() else {
                end = true;
                break;
            };
            let line = line.map_err(|err| failure::Failure::io("read", "standard input", &err))?;
            let (kind, change) = match line.trim() {
                "" => break,
                "q" => {
                    end = true;
                    break;
                }
                "u" => {
                    match take_back(&mut store, &engine, None) {
                        Ok(undone) => failure::note(&format!("taken back: what was said of {}", undone.record)),
                        Err(nothing) => failure::error(&nothing),
                    }
                    continue;
                }
                "y" => (Kind::Right, None),
                "n" => (Kind::Wrong, None),
                other => match other.strip_prefix("s ").and_then(|rest| rest.split_once('=')) {
                    Some((field, value)) => {
                        (Kind::Change, Some((field.trim().to_owned(), Some(value.trim().to_owned()).filter(|v| !v.is_empty()))))
                    }
                    None => {
                        failure::warning("answers are y, n, s FIELD=VALUE, u, q, or enter to skip");
                        continue;
                    }
                },
            };
            match said(card, kind, change, &author, None) {
                Ok(said) => {
                    keep_with(&mut store, &engine, &[said])?;
                    answered += 1;
                    break;
                }
                // A wrong value is asked for again.
                Err(wrong) => failure::error(&wrong),
            }
        }
        if end {
            break;
        }
    }
    failure::note(&format!("{answered} answered"));
    Ok(Exit::Found)
}

/// Events nobody has judged yet, the least certain first.
fn cards(store: &Store, args: &ReviewArgs) -> Result<Vec<Row>, Stop> {
    let judged: BTreeSet<String> = store.corrections(None)?.into_iter().filter(|c| c.undone.is_none()).map(|c| c.record).collect();
    let filter = args.events.add(args.common.filter())?;
    let mut cards: Vec<Row> = Vec::new();
    store.each(Wanted::Events, &filter, Rows { latest_first: true, limit: Some(20_000) }, |row| {
        if !text(&row, "id").starts_with("i:") && !judged.contains(text(&row, "id")) {
            cards.push(row);
        }
        Ok(())
    })?;
    let certain = |row: &Row| row.get("confidence").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
    cards.sort_by(|a, b| certain(a).total_cmp(&certain(b)));
    cards.truncate(args.limit);
    Ok(cards)
}

fn shown(row: &Row, i: usize, n: usize) -> String {
    let or = |column: &str| clean(if text(row, column).is_empty() { "-" } else { text(row, column) }).into_owned();
    let code = text(row, "cameo");
    format!(
        "\n{DIM}{i} of {n}  {}  {} {}{DIM:#}\n{MARK}{}{MARK:#}\n{BOLD}{} {} {} {} {}{BOLD:#}  {}, {} to {}, place {}\n",
        or("id"),
        or("published"),
        or("outlet"),
        or("evidence"),
        or("source"),
        mark(code).0,
        or("cameo"),
        or("cameo_name"),
        or("target"),
        or("mode"),
        or("date_first"),
        or("date_last"),
        or("place_name"),
    )
}
