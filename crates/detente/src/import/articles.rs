//! Articles as JSON lines or as a table.

use super::Context;
use crate::failure::Failure;
use crate::input::{Work, fields::ours};
use crate::store::ImportRow;
use serde_json::{Map, Value};

/// Whether the header names a column of text.
pub(super) fn check(header: &[String], file: &str) -> Result<(), Failure> {
    if header.iter().any(|h| ours(h) == Some("text")) {
        return Ok(());
    }
    Err(Failure::new(format!("{file} has no column of texts"))
        .hint("name it text, body or content; title, published, outlet, url and id are read too"))
}

pub(super) fn has_text(header: &[&str]) -> bool {
    header.iter().any(|h| ours(h.trim_matches('"')) == Some("text"))
}

pub(super) fn from_cells(context: &Context<'_>, line: u64, cells: &[String]) -> Result<ImportRow, String> {
    if cells.len() != context.header.len() {
        return Err(format!("{} columns instead of {}", cells.len(), context.header.len()));
    }
    let mut object = Map::new();
    for (column, cell) in context.header.iter().zip(cells) {
        if let Some(name) = ours(column).filter(|_| !cell.is_empty()) {
            object.entry(name).or_insert_with(|| Value::String(cell.clone()));
        }
    }
    Ok(from_json(context, line, Value::Object(object).to_string().as_bytes()))
}

pub(super) fn from_json(context: &Context<'_>, line: u64, json: &[u8]) -> ImportRow {
    let number = usize::try_from(line).unwrap_or(usize::MAX);
    let work = Work::Line { file: context.file.to_owned(), number, json: json.to_vec() };
    match work.article(context.defaults) {
        Ok(article) => ImportRow::Article(Box::new(article)),
        // The file and line stand beside it.
        Err(failure) => {
            let what = failure.what.split_once(&format!(" line {number}: ")).map_or(failure.what.clone(), |(_, why)| why.to_owned());
            ImportRow::Rejected(what, String::from_utf8_lossy(json).into_owned())
        }
    }
}
