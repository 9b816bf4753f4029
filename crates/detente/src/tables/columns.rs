//! Articles out of the columns of a table.

use crate::failure::Failure;
use crate::input::{Fields, fields::ours};
use detente_arrow::RecordBatch;
use detente_arrow::read::{self, LargeStringArray, at};

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
