//! `detente export`: the store's records in the layouts of other data sets.

use super::Exit;
use super::filters::{Common, OfEvents, csv_line, csv_row, json_line};
use super::options::StoreArg;
use crate::config::Settings;
use crate::export::Layout;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::store::{Filter, Rows, Store, Wanted};
use clap::Args;
use std::path::PathBuf;

/// Options of `export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente export --layout icews --dyad IRN,ISR -o iran-israel.tab
  detente export --layout csv --coder detente > events.csv
  detente export --layout jsonl --records statements
  detente export --layout polecat -o events.txt
  detente export --format parquet -o events.parquet
  detente export --format parquet --by-year -o events/ --records statements

Columns of other layouts that we do not know are left empty, never guessed; imported events give
back the columns of their own file. Parquet and Arrow files hold record v1 with dates as dates, lists as lists; they
need a build with the feature `tables` (or `full`).")]
pub struct ExportArgs {
    /// Columns and format
    #[arg(long, visible_alias = "format", value_enum, default_value_t)]
    layout: Layout,
    /// Kind of record; layouts of other data sets have events only
    #[arg(long, value_enum, default_value_t)]
    records: Kind,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    events: OfEvents,
    /// A folder of files, one a year: year=2018/events.parquet
    #[arg(long, requires = "output")]
    by_year: bool,
    /// Write to a file (with --by-year, a folder) instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArg,
}

/// Kinds of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Events
    #[default]
    Events,
    /// Statements
    Statements,
    /// Articles
    Articles,
}

pub(super) fn run(args: &ExportArgs) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let filter = args.events.add(args.common.filter())?;
    if matches!(args.layout, Layout::Parquet | Layout::Arrow) {
        return tables(&store, args, &filter);
    }
    if args.by_year {
        return Err(Failure::new("--by-year is for Parquet and Arrow files").hint("give --format parquet").into());
    }
    let mut out = Output::open(args.output.as_deref())?;
    let mut header = true;
    let mut plain = |row: crate::store::Row, out: &mut Output| match args.layout {
        Layout::Jsonl => json_line(out, &row),
        _ => {
            if std::mem::take(&mut header) {
                out.bytes(&csv_line(row.keys().map(String::as_str)))?;
            }
            csv_row(out, &row)
        }
    };
    let own = matches!(args.layout, Layout::Csv | Layout::Jsonl);
    let n = match args.records {
        Kind::Events if own => store.each(Wanted::Events, &filter, Rows::default(), |row| plain(row, &mut out))?,
        Kind::Events => {
            if let Some(head) = args.layout.header() {
                out.text(&head)?;
            }
            store.each(Wanted::Events, &filter, Rows::default(), |row| {
                let id = row.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
                let extras = store.extras(id)?;
                out.text(&args.layout.line(&row, &extras))
            })?
        }
        _ if !own => {
            return Err(Failure::new("this layout has events only").hint("statements and articles go out as csv or jsonl").into());
        }
        Kind::Statements => store.each(Wanted::Statements, &filter, Rows::default(), |row| plain(row, &mut out))?,
        Kind::Articles => store.each_article(|row| plain(row, &mut out))?,
    };
    out.flush()?;
    Ok(if n == 0 { Exit::Nothing } else { Exit::Found })
}

#[cfg(feature = "tables")]
fn tables(store: &Store, args: &ExportArgs, filter: &Filter) -> Result<Exit, Stop> {
    use crate::tables::{Export, export};
    use detente_arrow::{Kind as Of, write::Format};
    let what = Export {
        format: if args.layout == Layout::Arrow { Format::Arrow } else { Format::Parquet },
        kind: match args.records {
            Kind::Events => Of::Events,
            Kind::Statements => Of::Statements,
            Kind::Articles => Of::Articles,
        },
        filter,
        output: args.output.as_deref(),
        by_year: args.by_year,
    };
    Ok(if export(store, &what)? == 0 { Exit::Nothing } else { Exit::Found })
}

#[cfg(not(feature = "tables"))]
fn tables(_: &Store, _: &ExportArgs, _: &Filter) -> Result<Exit, Stop> {
    Err(crate::tables::missing("cannot write the table").into())
}
