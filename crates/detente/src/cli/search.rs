//! `detente search`: articles by their words.

use super::Exit;
use super::filters::{csv_line, csv_row, json_line, text};
use super::options::{Form, StoreArg, date};
use crate::config::Settings;
use crate::failure::Stop;
use crate::output::Output;
use crate::show::{BOLD, DIM, clean};
use crate::store::{Filter, Store};
use clap::Args;
use detente_core::model::Date;

/// Options of `search`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente search 'red line'
  detente search '\"red line\" AND Syria' --from 2018-07-01
  detente search 'mediat*' --outlet 'Example*' --json")]
pub struct SearchArgs {
    /// Words; \"quotes\" for words that stand together, OR, NOT, and * at a word's end
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Outlet; * stands for any letters
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// First day of publication
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Last day of publication
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &SearchArgs) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let filter = Filter { outlet: args.outlet.clone(), from: args.from, to: args.to, ..Filter::default() };
    let mut out = Output::open(None)?;
    let mut header = true;
    let n = store.search(&args.words.join(" "), &filter, args.limit, |row| {
        if args.form.json {
            return json_line(&mut out, &row);
        }
        if args.form.csv {
            if std::mem::take(&mut header) {
                out.bytes(&csv_line(row.keys().map(String::as_str)))?;
            }
            return csv_row(&mut out, &row);
        }
        let or = |column: &str, otherwise: &str| {
            let found = text(&row, column);
            clean(if found.is_empty() { otherwise } else { found }).into_owned()
        };
        let head = format!("{} {BOLD}{}{BOLD:#} {DIM}{}{DIM:#}", or("published", "undated"), or("title", "untitled"), or("outlet", ""));
        out.text(&format!("{head} {DIM}{}{DIM:#}\n  {}\n", or("id", ""), or("words", "")))
    })?;
    out.flush()?;
    Ok(if n == 0 { Exit::Nothing } else { Exit::Found })
}
