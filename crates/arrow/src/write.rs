//! Batches to files.

use crate::{Error, Kind, schema};
use arrow_array::RecordBatch;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use std::io::Write;

/// Rows and bytes of a row group. Small enough that a dyad is found by reading few of them.
const GROUP_ROWS: usize = 65_536;
const GROUP_BYTES: usize = 128 << 20;

/// Formats of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, zstd.
    Parquet,
    /// Arrow IPC file (Feather 2), zstd.
    Arrow,
}

impl Format {
    /// Ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
        }
    }
}

/// A file being written.
pub enum Writer<W: Write + Send> {
    /// Parquet.
    Parquet(Box<ArrowWriter<W>>),
    /// Arrow.
    Arrow(Box<FileWriter<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file. `sorted` says that the rows come sorted by [`Kind::sorted_by`].
    ///
    /// # Errors
    /// The destination cannot be written.
    pub fn new(format: Format, kind: Kind, sorted: bool, to: W) -> Result<Self, Error> {
        let schema = schema(kind);
        if format == Format::Arrow {
            let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD))?;
            return Ok(Writer::Arrow(Box::new(FileWriter::try_new_with_options(to, &schema, options)?)));
        }
        let sorting = kind.sorted_by().iter().filter_map(|name| schema.index_of(name).ok());
        // Columns of Parquet are the leaves; those before a sorting column are none of them nested.
        let sorting =
            sorting.filter_map(|i| Some(SortingColumn { column_idx: i32::try_from(i).ok()?, descending: false, nulls_first: true }));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .set_created_by(concat!("detente ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_sorting_columns(sorted.then(|| sorting.collect()))
            .build();
        Ok(Writer::Parquet(Box::new(ArrowWriter::try_new(to, schema, Some(properties))?)))
    }

    /// Adds a batch.
    ///
    /// # Errors
    /// The destination cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        match self {
            Writer::Parquet(w) => w.write(batch)?,
            Writer::Arrow(w) => w.write(batch)?,
        }
        Ok(())
    }

    /// Writes the end and gives the destination back. A file without its end cannot be read.
    ///
    /// # Errors
    /// The destination cannot be written.
    pub fn finish(self) -> Result<W, Error> {
        Ok(match self {
            Writer::Parquet(w) => w.into_inner()?,
            Writer::Arrow(w) => w.into_inner()?,
        })
    }
}
