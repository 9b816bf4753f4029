//! `detente events`: events of the store.

use super::Exit;
use super::filters::{Common, OfEvents, Shape, list, text};
use crate::failure::Stop;
use crate::show::{BOLD, Columns, DIM, cell, mark, shorten};
use crate::store::{Row, Wanted};
use clap::Args;

/// Options of `events`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente events --dyad IRN,ISR --quad 4 --from 2018-01-01
  detente events --actor '*REB' --code 19,ASSAULT --json
  detente events --place SYR --mode happened --csv > syria.csv

Days are those events are counted under: their own when the text gives one day, else the day
of publication. Exit codes: 0 found, 1 nothing found, 2 error.")]
pub struct EventsArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    events: OfEvents,
    #[command(flatten)]
    shape: Shape,
}

pub(super) fn run(args: &EventsArgs) -> Result<Exit, Stop> {
    list(Wanted::Events, &args.events.add(args.common.filter())?, &args.shape, table)
}

pub(super) fn table(rows: &[Row]) -> String {
    let mut columns = Columns::default();
    let head = |s: &str| cell(s).style(BOLD);
    columns.row([
        head("id"),
        head("day"),
        head("source"),
        head(""),
        head("code"),
        head("target"),
        head("mode"),
        head("place"),
        head("outlet"),
    ]);
    for row in rows {
        let code = text(row, "cameo");
        let (sign, style) = mark(code);
        let what = match (code, text(row, "cameo_name")) {
            ("", _) => text(row, "plover").to_owned(),
            (code, name) => format!("{code} {}", shorten(name, 32)),
        };
        let side = |code: &str, name: &str| shorten(if text(row, code).is_empty() { text(row, name) } else { text(row, code) }, 24);
        let day = if text(row, "date_first").is_empty() { text(row, "published") } else { text(row, "date_first") };
        columns.row([
            cell(shorten(text(row, "id"), 14)).style(DIM),
            cell(day),
            cell(side("source", "source_name")),
            cell(sign).style(style),
            cell(what),
            cell(side("target", "target_name")),
            cell(text(row, "mode")),
            cell(shorten(text(row, "place_name"), 24)),
            cell(shorten(text(row, "outlet"), 24)).style(DIM),
        ]);
    }
    if rows.is_empty() { String::new() } else { columns.lines() }
}
