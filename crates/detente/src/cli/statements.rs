//! `detente statements`: statements of the store.

use super::Exit;
use super::filters::{Common, Shape, list, text};
use crate::failure::Stop;
use crate::show::{BOLD, Columns, DIM, cell, shorten};
use crate::store::{Filter, Row, Wanted};
use clap::Args;

/// Options of `statements`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente statements --source ISR --act 'red line'
  detente statements --dyad RUS,ISR --json
  detente statements --origin Kommersant --from 2018-07-01")]
pub struct StatementsArgs {
    #[command(flatten)]
    common: Common,
    /// What the statement does: concern, demand, threat, red line, …; may be repeated
    #[arg(long = "act", value_name = "ACT", value_delimiter = ',')]
    acts: Vec<String>,
    /// Who first had the words; * stands for any letters
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    #[command(flatten)]
    shape: Shape,
}

pub(super) fn run(args: &StatementsArgs) -> Result<Exit, Stop> {
    let filter = Filter { acts: args.acts.clone(), origin: args.origin.clone(), ..args.common.filter() };
    list(Wanted::Statements, &filter, &args.shape, table)
}

fn table(rows: &[Row]) -> String {
    let mut columns = Columns::default();
    let head = |s: &str| cell(s).style(BOLD);
    columns.row([head("id"), head("published"), head("speaker"), head(""), head("act"), head("about"), head("origin"), head("words")]);
    let list = |row: &Row, column: &str| {
        let items = row.get(column).and_then(serde_json::Value::as_array);
        items.map_or(String::new(), |l| l.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(", "))
    };
    for row in rows {
        let words = if text(row, "content").is_empty() { text(row, "evidence") } else { text(row, "content") };
        columns.row([
            cell(shorten(text(row, "id"), 14)).style(DIM),
            cell(text(row, "published")),
            cell(shorten(text(row, "speaker_name"), 28)),
            cell(text(row, "speaker")),
            cell(shorten(&list(row, "acts"), 24)),
            cell(shorten(&list(row, "about"), 20)),
            cell(shorten(text(row, "origin"), 20)),
            cell(shorten(words, 60)).style(DIM),
        ]);
    }
    if rows.is_empty() { String::new() } else { columns.lines() }
}
