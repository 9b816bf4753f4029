//! What was read of articles, as tables.

use crate::failure::Failure;
use crate::record::Records;
use detente_arrow::batch::joined;
use detente_arrow::{Batches, Error, Kind, RecordBatch};

/// Tables that grow by the records of articles.
pub struct Coded {
    articles: bool,
    builders: [Batches; 3],
    done: [Vec<RecordBatch>; 3],
}

/// In the order in which an article's records are told.
pub const KINDS: [Kind; 3] = [Kind::Articles, Kind::Statements, Kind::Events];

fn failure(err: Error) -> Failure {
    Failure::new(format!("cannot make a table: {err}")).hint("this is a mistake in the program; please report it")
}

impl Coded {
    /// Empty; `articles` says whether articles with their texts are wanted beside what they tell.
    ///
    /// # Errors
    /// None for the schemas of record v1.
    pub fn new(articles: bool) -> Result<Self, Failure> {
        let [a, b, c] = KINDS.map(Batches::new);
        Ok(Self { articles, builders: [a.map_err(failure)?, b.map_err(failure)?, c.map_err(failure)?], done: Default::default() })
    }

    /// Adds the records of an article.
    ///
    /// # Errors
    /// A record does not fit the schema, which would be a mistake in this program.
    pub fn add(&mut self, records: &Records) -> Result<(), Failure> {
        let Self { articles: wanted, builders: [articles, statements, events], done: [some, most, more] } = self;
        if *wanted {
            let bytes = records.article.text.as_ref().map_or(0, String::len);
            some.extend(articles.push(&records.article, 2 * bytes).map_err(failure)?);
        }
        for event in &records.events {
            more.extend(events.push(event, event.evidence.as_ref().map_or(0, String::len)).map_err(failure)?);
        }
        for statement in &records.statements {
            most.extend(statements.push(statement, 3 * statement.evidence.as_ref().map_or(0, String::len)).map_err(failure)?);
        }
        Ok(())
    }

    /// Articles, statements and events, each kind in few batches; `parts` come in order.
    ///
    /// # Errors
    /// As for [`Coded::add`].
    pub fn finish(parts: impl IntoIterator<Item = Coded>) -> Result<[Vec<RecordBatch>; 3], Failure> {
        let mut all: [Vec<RecordBatch>; 3] = Default::default();
        for mut part in parts {
            for ((builder, done), all) in part.builders.iter_mut().zip(&mut part.done).zip(&mut all) {
                all.append(done);
                if builder.waiting() > 0 {
                    all.push(builder.rest().map_err(failure)?);
                }
            }
        }
        let [a, b, c] = all.map(joined);
        Ok([a.map_err(failure)?, b.map_err(failure)?, c.map_err(failure)?])
    }
}

/// About as many bytes as the texts of a stored record have.
pub fn weight(row: &crate::store::Row) -> usize {
    row.values().map(|v| v.as_str().map_or(8, str::len)).sum()
}
