//! Articles out of tables.

use super::{Holds, Rows};
use crate::failure::Failure;
use crate::import::{Raw, RawRows};
use crate::input::{Fields, Work, fields::ours};
use crate::store::Row;
use detente_arrow::RecordBatch;
use detente_arrow::read::{self, LargeStringArray, Table, at};
use std::fs::File;
use std::path::Path;

/// Which column of a table is what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Our name and the place of the column.
    of: Vec<(&'static str, usize)>,
}

impl Columns {
    /// Finds the columns by their names; the first of a kind counts.
    ///
    /// # Errors
    /// None holds texts.
    pub fn find<'a>(names: impl IntoIterator<Item = &'a str>, table: &str) -> Result<Self, Failure> {
        let mut of: Vec<(&'static str, usize)> = Vec::new();
        for (i, name) in names.into_iter().enumerate() {
            if let Some(name) = ours(name).filter(|n| !of.iter().any(|(known, _)| known == n)) {
                of.push((name, i));
            }
        }
        match of.iter().any(|(name, _)| *name == "text") {
            true => Ok(Self { of }),
            false => Err(Failure::new(format!("{table} has no column of texts"))
                .hint("name it text, body or content; title, published, outlet, url and id are read too")),
        }
    }

    /// The texts of these columns.
    ///
    /// # Errors
    /// A column is neither text nor date nor number.
    pub fn texts(&self, batch: &RecordBatch, table: &str) -> Result<Texts, Failure> {
        let read = |&(name, i): &(&'static str, usize)| {
            read::texts(batch, i).map(|t| (name, t)).map_err(|err| {
                Failure::new(format!("cannot read the column {} of {table}: {err}", batch.schema_ref().field(i).name()))
                    .hint("columns of articles are texts; published may be a date or a time")
            })
        };
        Ok(Texts(self.of.iter().map(read).collect::<Result<_, Failure>>()?))
    }
}

/// Columns of a batch as texts.
#[derive(Clone, Debug)]
pub struct Texts(Vec<(&'static str, LargeStringArray)>);

impl Texts {
    /// The cells of a row.
    pub fn row(&self, row: usize) -> Fields {
        let cell = |ours: &str| self.0.iter().find(|(name, _)| *name == ours).and_then(|(_, t)| at(t, row)).map(str::to_owned);
        Fields {
            text: cell("text"),
            title: cell("title"),
            published: cell("published"),
            outlet: cell("outlet"),
            url: cell("url"),
            id: cell("id"),
        }
    }
}

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
