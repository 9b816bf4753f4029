//! Records to batches.

use crate::{Error, Kind, schema};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use serde::Serialize;
use serde_arrow::ArrayBuilder;

/// Rows and bytes of text of a batch: offsets of texts count in 32 bits, and readers hold a batch at once.
const ROWS: usize = 8_192;
const BYTES: usize = 64 << 20;

/// Collects records and gives them back as batches.
pub struct Batches {
    builder: ArrayBuilder,
    schema: SchemaRef,
    rows: usize,
    bytes: usize,
}

impl Batches {
    /// Of a kind of record.
    ///
    /// # Errors
    /// None for the schemas of this crate.
    pub fn new(kind: Kind) -> Result<Self, Error> {
        Self::of(schema(kind))
    }

    /// Of rows with any schema.
    ///
    /// # Errors
    /// The schema holds a type that no record has.
    pub fn of(schema: SchemaRef) -> Result<Self, Error> {
        Ok(Self { builder: ArrayBuilder::from_arrow(schema.fields())?, schema, rows: 0, bytes: 0 })
    }

    /// Adds a record; `bytes` is about as long as its texts. Gives a batch when one is full.
    ///
    /// # Errors
    /// The record has a value of another type than its column, or a date that is none.
    pub fn push(&mut self, record: &impl Serialize, bytes: usize) -> Result<Option<RecordBatch>, Error> {
        self.builder.push(record)?;
        self.rows += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        if self.rows < ROWS && self.bytes < BYTES {
            return Ok(None);
        }
        self.rest().map(Some)
    }

    /// How many records wait for their batch.
    pub fn waiting(&self) -> usize {
        self.rows
    }

    /// The records that wait, as a batch, which may be empty.
    ///
    /// # Errors
    /// None for what was pushed without one.
    pub fn rest(&mut self) -> Result<RecordBatch, Error> {
        (self.rows, self.bytes) = (0, 0);
        let arrays = self.builder.to_arrow()?;
        // The same schema object for all batches, so that readers need not compare.
        Ok(RecordBatch::try_new(SchemaRef::clone(&self.schema), arrays)?)
    }
}

/// The same rows in fewer batches.
///
/// # Errors
/// The batches are not of one schema.
pub fn joined(batches: Vec<RecordBatch>) -> Result<Vec<RecordBatch>, Error> {
    let (mut out, mut some, mut rows, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
    let join = |some: &mut Vec<RecordBatch>| match some.len() {
        0 | 1 => Ok(some.pop()),
        _ => {
            let joined = arrow_select::concat::concat_batches(some[0].schema_ref(), some.iter());
            some.clear();
            joined.map(Some)
        }
    };
    for batch in batches {
        if rows + batch.num_rows() > ROWS || bytes > BYTES {
            out.extend(join(&mut some)?);
            (rows, bytes) = (0, 0);
        }
        rows += batch.num_rows();
        bytes += batch.get_array_memory_size();
        some.push(batch);
    }
    out.extend(join(&mut some)?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Date32Type, Int64Type};
    use arrow_array::{Array, StructArray};
    use serde_json::json;

    #[test]
    fn missing_is_null_and_codes_are_text() {
        let mut batches = Batches::new(Kind::Events).unwrap();
        let full = json!({"record": "event", "id": "e:1", "cameo": "010", "quad": 4, "date_first": "2018-07-18", "date_resolved": true, "source": null});
        assert!(batches.push(&full, 10).unwrap().is_none());
        assert_eq!(batches.waiting(), 1);
        let batch = batches.rest().unwrap();
        assert_eq!((batch.num_rows(), batch.schema()), (1, schema(Kind::Events)));
        let column = |name: &str| batch.column_by_name(name).unwrap();
        assert_eq!(column("cameo").as_string::<i32>().value(0), "010");
        assert_eq!(column("quad").as_primitive::<Int64Type>().value(0), 4);
        assert_eq!(column("date_first").as_primitive::<Date32Type>().value(0), 17_730);
        assert!(column("source").is_null(0) && column("target").is_null(0) && column("lat").is_null(0));
    }

    #[test]
    fn lists_hold_structs() {
        let mut batches = Batches::new(Kind::Statements).unwrap();
        let hop = json!({"name": "Kommersant", "kind": "outlet", "via": "interview", "cue": null, "seen": false});
        batches.push(&json!({"id": "s:1", "acts": ["concern"], "about": [], "chain": [hop]}), 0).unwrap();
        let batch = batches.rest().unwrap();
        let list = |name: &str| batch.column_by_name(name).unwrap().as_list::<i32>().value(0);
        assert_eq!((list("acts").len(), list("about").len()), (1, 0));
        let chain = list("chain");
        let chain: &StructArray = chain.as_struct();
        assert_eq!(chain.column_by_name("name").unwrap().as_string::<i32>().value(0), "Kommersant");
        assert!(chain.column_by_name("cue").unwrap().is_null(0));
    }

    #[test]
    fn a_full_batch_is_given_at_once() {
        let mut batches = Batches::new(Kind::Articles).unwrap();
        assert!(batches.push(&json!({"text": "short"}), 5).unwrap().is_none());
        assert_eq!(batches.push(&json!({"text": "long"}), BYTES).unwrap().unwrap().num_rows(), 2);
        assert_eq!(batches.rest().unwrap().num_rows(), 0);
    }

    #[test]
    fn batches_are_joined() {
        let mut batches = Batches::new(Kind::Articles).unwrap();
        let mut one = |text: &str| {
            batches.push(&json!({"text": text}), 1).unwrap();
            batches.rest().unwrap()
        };
        let all = joined(vec![one("a"), one("b"), one("c")]).unwrap();
        assert_eq!(all.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [3]);
        assert!(joined(Vec::new()).unwrap().is_empty());
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let mut batches = Batches::new(Kind::Events).unwrap();
        assert!(batches.push(&json!({"quad": "four"}), 0).is_err());
        let mut batches = Batches::new(Kind::Events).unwrap();
        assert!(batches.push(&json!({"date_first": "last week"}), 0).is_err());
    }
}
