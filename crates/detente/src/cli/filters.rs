//! Filters that several commands share, and rows on their way out.

use super::options::{StoreArg, date};
use crate::config::Settings;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell, shorten};
use crate::store::{By, Filter, Row, Rows, Store, Wanted};
use clap::Args;
use detente_core::model::Date;

/// Who, where, when.
#[derive(Debug, Args)]
pub struct Common {
    /// A pair of sides, either way round: IRN,ISR or IRNMIL,USA
    #[arg(long, value_name = "A,B", value_parser = pair)]
    pub dyad: Option<(String, String)>,
    /// Only what the first of the dyad does to the second
    #[arg(long, requires = "dyad")]
    pub directed: bool,
    /// Either side: IRN (with all its sectors), IRNMIL, 'IRN*', '*REB'
    #[arg(long, value_name = "CODE")]
    pub actor: Option<String>,
    /// Who does it, or speaks
    #[arg(long, value_name = "CODE")]
    pub source: Option<String>,
    /// To whom, or whom it is about
    #[arg(long, value_name = "CODE")]
    pub target: Option<String>,
    /// Outlet; * stands for any letters
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// First day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Option<Date>,
    /// Coder, by the beginning of its name: detente, icews, gdelt
    #[arg(long, value_name = "NAME")]
    pub coder: Option<String>,
    /// Records of one article
    #[arg(long, value_name = "ID")]
    pub article: Option<String>,
    /// One record, by its id or the beginning of it
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

/// What happened.
#[derive(Debug, Args)]
pub struct OfEvents {
    /// CAMEO code or the beginning of one (19, 190), or PLOVER event (ASSAULT); may be repeated
    #[arg(long = "code", value_name = "CODE", value_delimiter = ',')]
    pub codes: Vec<String>,
    /// Quad class: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    #[arg(long = "quad", value_name = "N", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=4))]
    pub quads: Vec<u8>,
    /// Country of the place (SYR), or words of its name
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// Mode: happened, future, hypothetical, negated, historical, claimed
    #[arg(long = "mode", value_name = "MODE", value_delimiter = ',')]
    pub modes: Vec<String>,
    /// Lowest confidence, 0 to 1
    #[arg(long, value_name = "P")]
    pub confidence: Option<f64>,
}

/// How many, and how they are written.
#[derive(Debug, Args)]
pub struct Shape {
    /// One JSON object a line, all columns of record v1
    #[arg(long)]
    pub json: bool,
    /// A table with all columns, parted by commas
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// At most so many [default: 50 on a terminal's table, else all]
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
    /// The latest days first
    #[arg(long)]
    pub latest: bool,
    /// Only how many there are, and from how many origins; with --json or --csv by everything they can be counted by
    #[arg(long)]
    pub count: bool,
    /// Instead of the records, who is behind them: origin, outlet or article, with how many each has; with --count only how many
    ///
    /// The origin is the first hop of the chain of outlets, or else the earliest outlet of the story, which is
    /// marked as assumed.
    #[arg(long, value_name = "WHAT")]
    pub by: Option<By>,
    #[command(flatten)]
    pub store: StoreArg,
}

pub(super) fn pair(s: &str) -> Result<(String, String), String> {
    match s.split_once([',', '-', ':']) {
        Some((a, b)) if !a.trim().is_empty() && !b.trim().is_empty() => Ok((a.trim().to_owned(), b.trim().to_owned())),
        _ => Err("a dyad is two codes, as IRN,ISR".to_owned()),
    }
}

impl Common {
    /// As a filter of the store.
    pub fn filter(&self) -> Filter {
        Filter {
            dyad: self.dyad.clone(),
            directed: self.directed,
            actor: self.actor.clone(),
            source: self.source.clone(),
            target: self.target.clone(),
            outlet: self.outlet.clone(),
            from: self.from,
            to: self.to,
            coder: self.coder.clone(),
            article: self.article.clone(),
            id: self.id.clone(),
            ..Filter::default()
        }
    }
}

impl OfEvents {
    /// Lays these over a filter.
    ///
    /// # Errors
    /// There is no such mode.
    pub fn add(&self, filter: Filter) -> Result<Filter, Failure> {
        const MODES: [&str; 6] = ["happened", "future", "hypothetical", "negated", "historical", "claimed"];
        if let Some(wrong) = self.modes.iter().find(|m| !MODES.contains(&m.as_str())) {
            return Err(Failure::new(format!("no mode \"{wrong}\"")).hint(format!("the modes are {}", MODES.join(", "))));
        }
        Ok(Filter {
            codes: self.codes.clone(),
            quads: self.quads.clone(),
            place: self.place.clone(),
            modes: self.modes.clone(),
            confidence: self.confidence,
            ..filter
        })
    }
}

/// Writes the records that fulfil a filter; `table` makes a table of at most so many rows.
pub(super) fn list(wanted: Wanted, filter: &Filter, shape: &Shape, table: impl FnOnce(&[Row]) -> String) -> Result<super::Exit, Stop> {
    let store = Store::open_read(&shape.store.path(&Settings::load()?))?;
    let mut out = Output::open(None)?;
    let rows = |limit| Rows { limit, latest_first: shape.latest };
    if shape.count {
        return count(&store, wanted, filter, shape, &mut out);
    }
    if let Some(by) = shape.by {
        return tellers(&store, wanted, filter, by, shape, &mut out);
    }
    let n = if shape.json {
        store.each(wanted, filter, rows(shape.limit), |row| json_line(&mut out, &row))?
    } else if shape.csv {
        let mut header = true;
        store.each(wanted, filter, rows(shape.limit), |row| {
            if std::mem::take(&mut header) {
                out.bytes(&csv_line(row.keys().map(String::as_str)))?;
            }
            csv_row(&mut out, &row)
        })?
    } else {
        let limit = shape.limit.unwrap_or(50);
        let mut held = Vec::new();
        store.each(wanted, filter, rows(Some(limit.saturating_add(1))), |row| {
            held.push(row);
            Ok(())
        })?;
        let more = held.len() > limit;
        held.truncate(limit);
        out.text(&table(&held))?;
        if more {
            crate::failure::note(&format!("the first {limit}; --limit shows more, --count tells how many"));
        }
        held.len()
    };
    out.flush()?;
    Ok(if n == 0 { super::Exit::Nothing } else { super::Exit::Found })
}

/// How many there are. One number is of what --by says, else of records, with the origins beside it.
fn count(store: &Store, wanted: Wanted, filter: &Filter, shape: &Shape, out: &mut Output) -> Result<super::Exit, Stop> {
    let n = if shape.json || shape.csv {
        let mut row = Row::new();
        for by in [By::Record, By::Event, By::Article, By::Outlet, By::Origin] {
            let (n, assumed) = store.count_by(wanted, filter, by)?;
            row.insert(format!("{}s", by.name()), n.into());
            if by == By::Origin {
                row.insert("origins_assumed".to_owned(), assumed.into());
            }
        }
        if shape.csv {
            out.bytes(&csv_line(row.keys().map(String::as_str)))?;
            csv_row(out, &row)?;
        } else {
            json_line(out, &row)?;
        }
        row["records"].as_u64().unwrap_or(0)
    } else {
        let (n, _) = match shape.by {
            Some(by) => store.count_by(wanted, filter, by)?,
            None => (store.count(wanted, filter)?, 0),
        };
        out.text(&format!("{n}\n"))?;
        if n > 0 && matches!(shape.by, None | Some(By::Origin)) {
            let (origins, assumed) = store.count_by(wanted, filter, By::Origin)?;
            let why = if assumed > 0 { ": no chain is told, the story's earliest outlet counts" } else { "" };
            let are = if origins == 1 { "origin" } else { "origins" };
            crate::failure::note(&format!("{origins} {are}, {assumed} of them assumed{why}"));
        }
        n
    };
    out.flush()?;
    Ok(if n == 0 { super::Exit::Nothing } else { super::Exit::Found })
}

/// Who is behind the records, with how many each has.
fn tellers(store: &Store, wanted: Wanted, filter: &Filter, by: By, shape: &Shape, out: &mut Output) -> Result<super::Exit, Stop> {
    let limit = shape.limit.unwrap_or(if shape.json || shape.csv { usize::MAX } else { 50 });
    let mut rows = store.tellers(wanted, filter, by, limit.saturating_add(1))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    if shape.json {
        rows.iter().try_for_each(|row| json_line(out, row))?;
    } else if shape.csv {
        if let Some(first) = rows.first() {
            out.bytes(&csv_line(first.keys().map(String::as_str)))?;
        }
        rows.iter().try_for_each(|row| csv_row(out, row))?;
    } else if !rows.is_empty() {
        let mut columns = Columns::default();
        let numbers = ["records", "events", "articles", "outlets"];
        columns.row([cell(by.name()).style(BOLD), cell("")].into_iter().chain(numbers.map(|n| cell(n).style(BOLD).right())));
        for row in &rows {
            let assumed = if row["assumed"] == true { "assumed" } else { "" };
            let n = numbers.map(|n| cell(plain(&row[n])).right());
            columns.row([cell(shorten(text(row, "name"), 40)), cell(assumed).style(DIM)].into_iter().chain(n));
        }
        out.text(&columns.lines())?;
        if more {
            crate::failure::note(&format!("the first {limit}; --limit shows more, --count tells how many"));
        }
    }
    out.flush()?;
    Ok(if rows.is_empty() { super::Exit::Nothing } else { super::Exit::Found })
}

/// A record as a line of JSON.
pub(super) fn json_line(out: &mut Output, row: &Row) -> Result<(), Stop> {
    // A map of plain values: nothing in it can fail to serialise.
    let mut line = serde_json::to_vec(row).expect("records are plain data");
    line.push(b'\n');
    out.bytes(&line)
}

/// A record as a line of a table; lists are JSON, missing values nothing.
pub(super) fn csv_row(out: &mut Output, row: &Row) -> Result<(), Stop> {
    let cells: Vec<String> = row.values().map(plain).collect();
    out.bytes(&csv_line(cells.iter().map(String::as_str)))
}

/// A value as it stands in a cell.
pub(super) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

/// Cells parted by commas, quoted where they must be.
pub(super) fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and all lines are written with their own writer.
    writer.write_record(cells).and_then(|()| Ok(writer.flush()?)).expect("memory can be written");
    writer.into_inner().unwrap_or_default()
}

/// The text of a column, nothing when it is missing.
pub(super) fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).and_then(serde_json::Value::as_str).unwrap_or("")
}
