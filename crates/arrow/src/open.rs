//! Files to batches.

use crate::Error;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;

/// Rows of a batch read: articles are long.
const ROWS: usize = 256;

/// Rows of a Parquet file, only the columns asked for.
pub struct Table {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    rows: u64,
}

impl Table {
    /// Opens a Parquet file; `wanted` says of each column's name whether it is to be read.
    ///
    /// # Errors
    /// It is no Parquet file, is damaged, or compressed in a way this build cannot read.
    pub fn open(file: File, wanted: impl Fn(&str) -> bool) -> Result<Self, Error> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        let schema = SchemaRef::clone(builder.schema());
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let roots = schema.fields().iter().enumerate().filter(|(_, f)| wanted(f.name())).map(|(i, _)| i);
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let reader = builder.with_projection(mask).with_batch_size(ROWS).build()?;
        Ok(Self { reader, schema, rows })
    }

    /// All columns of the file.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

impl Iterator for Table {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.next()
    }
}
