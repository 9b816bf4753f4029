//! Record v1 as Arrow tables: the schema, records to batches, columns of articles out of whatever types their makers
//! chose, and, with the feature `files`, batches to Parquet and Arrow files and back.
//!
//! The types are those of `docs/record-v1.md`: text is `Utf8`, integer `Int64`, number `Float64`, boolean
//! `Boolean`, date `Date32` (days since 1970-01-01), lists `List`. Every column may be null.

pub mod batch;
#[cfg(feature = "files")]
pub mod open;
pub mod read;
pub mod schema;
#[cfg(feature = "files")]
pub mod write;

pub use arrow_array::{RecordBatch, RecordBatchReader};
pub use arrow_schema::{ArrowError, SchemaRef};
pub use batch::Batches;
pub use schema::{Kind, schema};

/// What goes wrong with tables.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A record that does not fit its schema.
    #[error("a record does not fit the schema: {0}")]
    Record(#[from] serde_arrow::Error),
    /// Arrow itself.
    #[error("{0}")]
    Arrow(#[from] ArrowError),
    /// Parquet files.
    #[cfg(feature = "files")]
    #[error("{0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Files.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}
