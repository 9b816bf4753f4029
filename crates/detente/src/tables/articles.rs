//! Articles and records out of Parquet files.

use super::{Columns, Holds, Rows};
use crate::failure::Failure;
use crate::import::{Raw, RawRows};
use crate::input::{Work, fields::ours};
use crate::store::Row;
use detente_arrow::open::Table;
use detente_arrow::read;
use std::fs::File;
use std::path::Path;

fn broken(name: &str, err: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("cannot read {name}: {err}")).hint("the file may be damaged, cut short, or no Parquet file")
}

fn open(path: &Path, wanted: impl Fn(&str) -> bool) -> Result<(Table, String), Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|err| Failure::io("read", &name, &err))?;
    Ok((Table::open(file, wanted).map_err(|err| broken(&name, &err))?, name))
}

/// What a Parquet file holds, by its columns.
///
/// # Errors
/// The file cannot be read.
pub fn holds(path: &Path) -> Result<Holds, Failure> {
    let (table, _) = open(path, |_| false)?;
    let has = |names: &[&str]| names.iter().all(|n| table.schema().index_of(n).is_ok());
    Ok(match (has(&["cameo", "mode", "evidence"]), has(&["speaker", "acts", "chain"])) {
        (true, _) => Holds::Events,
        (_, true) => Holds::Statements,
        _ => Holds::Articles,
    })
}

/// The records of a Parquet file, with their rows from 1.
///
/// # Errors
/// The file cannot be read.
pub fn records(path: &Path) -> Result<RawRows<'static>, Failure> {
    let (table, _) = open(path, |_| true)?;
    let mut number = 0;
    Ok(Box::new(table.flat_map(move |batch| {
        let rows = batch.map_err(|err| err.to_string()).and_then(|b| read::rows::<Row>(&b).map_err(|err| err.to_string()));
        let rows = rows.unwrap_or_else(|err| vec![Row::from_iter([(BROKEN.to_owned(), err.into())])]);
        let mut numbered = Vec::with_capacity(rows.len());
        for mut row in rows {
            number += 1;
            numbered.push(Ok((
                number,
                match row.remove(BROKEN) {
                    Some(why) => Raw::Broken(format!("the file is damaged here: {why}")),
                    None => Raw::Record(Box::new(row)),
                },
            )));
        }
        numbered
    })))
}

/// Name of a column that no table has.
const BROKEN: &str = "\0broken";

/// The articles of a Parquet file, a few rows in memory at a time.
///
/// # Errors
/// The file cannot be read, or no column holds texts.
pub fn articles(path: &Path) -> Result<Rows, Failure> {
    let (table, name) = open(path, |column| ours(column).is_some())?;
    // What the file has decides whether it is one of articles; what is read has other places.
    Columns::find(table.schema().fields().iter().map(|f| f.name().as_str()), &name)?;
    let mut number = 0;
    let mut over = false;
    let rows = table.flat_map(move |batch| {
        if over {
            return Vec::new();
        }
        let made = batch.map_err(|err| broken(&name, &err)).and_then(|batch| {
            let columns = Columns::find(batch.schema_ref().fields().iter().map(|f| f.name().as_str()), &name)?;
            Ok((columns.texts(&batch, &name)?, batch.num_rows()))
        });
        match made {
            Ok((texts, rows)) => (0..rows)
                .map(|row| {
                    number += 1;
                    Work::Row { file: name.clone(), number, fields: Box::new(texts.row(row)) }
                })
                .collect(),
            Err(failure) => {
                over = true;
                vec![Work::Broken(failure)]
            }
        }
    });
    Ok(Box::new(rows))
}
