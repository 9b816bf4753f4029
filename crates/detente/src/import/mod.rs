//! Files of articles and events, row by row: every row becomes an article, an event, or a rejected
//! row with its reason.

mod actors;
mod articles;
mod gdelt;
mod icews;
mod ids;
mod mail;
mod phoenix;
mod polecat;
mod records;
mod sniff;
mod table;
mod warc;

pub use actors::Actors;
pub use gdelt::COLUMNS as GDELT;
pub use icews::COLUMNS as ICEWS;
pub use phoenix::COLUMNS as PHOENIX;
pub use polecat::COLUMNS as POLECAT;
pub use sniff::sniff;
pub use warc::{Reader as WarcReader, Record as WarcRecord};

use crate::failure::Failure;
use crate::read::Defaults;
use crate::store::{ImportRow, Row};
use detente_core::knowledge::ontology::Ontology;
use std::io::BufRead;

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Articles as JSON objects, one a line
    Jsonl,
    /// Articles as a table with a header; comma or tab
    Csv,
    /// Web archives (WARC, also gzipped): the HTML pages in them
    Warc,
    /// Mailboxes (mbox) of newsletters
    Mbox,
    /// Text and web pages, or folders of them
    Files,
    /// ICEWS events (.tab)
    Icews,
    /// GDELT 1.0 events (58 columns)
    Gdelt1,
    /// GDELT 2.0 events (61 columns)
    Gdelt2,
    /// POLECAT events
    Polecat,
    /// Phoenix events (26 columns)
    Phoenix,
    /// Events as ids (source, relation, target, time), with entity2id.txt and relation2id.txt beside them
    Ids,
    /// Events of record v1 in Parquet files, as an archive's job writes them
    Records,
}

impl Format {
    /// Name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Warc => "warc",
            Format::Mbox => "mbox",
            Format::Files => "files",
            Format::Icews => "icews",
            Format::Gdelt1 => "gdelt1",
            Format::Gdelt2 => "gdelt2",
            Format::Polecat => "polecat",
            Format::Phoenix => "phoenix",
            Format::Ids => "ids",
            Format::Records => "records",
        }
    }

    /// Coder and ontology version its events are kept under; `None` for articles.
    pub fn coder(self) -> Option<(&'static str, &'static str)> {
        match self {
            Format::Jsonl | Format::Csv | Format::Warc | Format::Mbox | Format::Files => None,
            Format::Icews => Some(("icews", "cameo-icews")),
            Format::Gdelt1 => Some(("gdelt-1.0", "cameo-gdelt")),
            Format::Gdelt2 => Some(("gdelt-2.0", "cameo-gdelt")),
            Format::Polecat => Some(("polecat", "plover-polecat")),
            Format::Phoenix => Some(("phoenix", "cameo-phoenix")),
            // The collections are of ICEWS; what they have left out makes them another count.
            Format::Ids => Some(("icews-ids", "cameo-icews")),
            // Each row names its own.
            Format::Records => Some(("imported-detente", crate::record::ONTOLOGY_VERSION)),
        }
    }
}

/// A row as it stands in the file; made into an article or event on any thread.
#[derive(Debug)]
pub enum Raw {
    /// A line.
    Line(Vec<u8>),
    /// Cells of a table with quotes.
    Cells(Vec<String>),
    /// A record of a web archive.
    Page(warc::Record),
    /// A message of a mailbox.
    Mail(Vec<u8>),
    /// A record of our own.
    Record(Box<Row>),
    /// What could not even be read as a row.
    Broken(String),
}

impl Raw {
    /// Bytes it holds.
    pub fn bytes(&self) -> usize {
        match self {
            Raw::Line(bytes) | Raw::Mail(bytes) => bytes.len(),
            Raw::Cells(cells) => cells.iter().map(String::len).sum(),
            Raw::Page(record) => record.body.len(),
            Raw::Record(row) => row.values().map(|v| v.as_str().map_or(8, str::len)).sum(),
            Raw::Broken(text) => text.len(),
        }
    }
}

/// What is needed to make rows into records.
pub struct Context<'a> {
    /// Name of the file, for messages.
    pub file: &'a str,
    /// Its format.
    pub format: Format,
    /// What articles may lack.
    pub defaults: &'a Defaults,
    /// Who is who.
    pub actors: &'a Actors,
    /// What codes mean.
    pub ontology: &'a Ontology,
    /// Names of the columns, for tables with a header.
    pub header: Vec<String>,
    /// Day of time 0, for rows of ids.
    pub start: Option<detente_core::model::Date>,
    /// Names of the ids, for rows of ids.
    pub ids: Option<ids::Ids>,
}

/// Rows of a file in their order, each with its line (of a web archive: its record), from 1.
pub type RawRows<'a> = Box<dyn Iterator<Item = std::io::Result<(u64, Raw)>> + Send + 'a>;

/// Opens the rows of a file; the header's names are put into the context.
///
/// # Errors
/// The header cannot be read, or lacks a column that must be there.
pub fn rows<'a>(mut reader: Box<dyn BufRead + Send + 'a>, context: &mut Context<'_>) -> Result<RawRows<'a>, Failure> {
    let io = |err: std::io::Error| Failure::io("read", context.file, &err);
    match context.format {
        Format::Jsonl | Format::Files | Format::Gdelt1 | Format::Gdelt2 | Format::Phoenix => Ok(Box::new(table::Lines::new(reader, 0))),
        Format::Icews => {
            let mut lines = table::Lines::new(reader, 0);
            let first = lines.next().transpose().map_err(io)?;
            let header = match &first {
                Some((_, Raw::Line(line))) => table::text(line).split('\t').map(|c| c.trim().to_owned()).collect(),
                _ => Vec::new(),
            };
            icews::check(&header, context.file)?;
            context.header = header;
            Ok(Box::new(lines))
        }
        Format::Csv | Format::Polecat => {
            let (header, cells) = table::cells(reader).map_err(|e| Failure::new(format!("cannot read {}: {e}", context.file)))?;
            match context.format {
                Format::Csv => articles::check(&header, context.file)?,
                _ => polecat::check(&header, context.file)?,
            }
            context.header = header;
            Ok(cells)
        }
        Format::Warc => Ok(Box::new(warc::Reader::new(reader))),
        Format::Mbox => Ok(Box::new(mail::Reader::new(reader))),
        Format::Records => crate::tables::records(std::path::Path::new(context.file)),
        Format::Ids => {
            let head = table::text(reader.fill_buf().map_err(io)?).into_owned();
            context.ids = Some(ids::Ids::beside(context.file, &head, context.start, context.ontology)?);
            Ok(Box::new(table::Lines::new(reader, 0)))
        }
    }
}

/// Makes a row into a record. `None` for rows that hold nothing by their kind (blank lines, the
/// requests of a web archive).
pub fn record(context: &Context<'_>, line: u64, raw: Raw) -> Option<ImportRow> {
    let rejected = |reason: String, text: &str| Some(ImportRow::Rejected(reason, text.to_owned()));
    match raw {
        Raw::Broken(why) => rejected(why, ""),
        Raw::Page(record) => record.article(context.defaults),
        Raw::Mail(message) => Some(mail::article(&message, context.defaults)),
        Raw::Record(row) => {
            let shown = serde_json::Value::Object((*row).clone()).to_string();
            Some(records::event(*row).unwrap_or_else(|why| ImportRow::Rejected(why, shown)))
        }
        Raw::Cells(cells) => {
            let made = match context.format {
                Format::Csv => articles::from_cells(context, line, &cells),
                _ => polecat::event(context, &cells),
            };
            Some(made.unwrap_or_else(|why| ImportRow::Rejected(why, cells.join("\t"))))
        }
        Raw::Line(bytes) if bytes.trim_ascii().is_empty() => None,
        Raw::Line(bytes) if context.format == Format::Ids && bytes.starts_with(b"#") => None,
        Raw::Line(bytes) if context.format == Format::Jsonl => Some(articles::from_json(context, line, &bytes)),
        Raw::Line(bytes) => {
            let text = table::text(&bytes);
            let cells: Vec<&str> = text.split('\t').collect();
            let made = match context.format {
                Format::Icews => icews::event(context, &cells),
                Format::Phoenix => phoenix::event(context, &cells),
                Format::Ids => ids::event(context, &cells),
                _ => gdelt::event(context, &cells),
            };
            Some(made.unwrap_or_else(|why| ImportRow::Rejected(why, text.to_string())))
        }
    }
}
