//! Parquet and Arrow files. Builds without the feature `tables` know them by name and say which build has it; the feature
//! `arrow` alone has the same tables in memory.

#[cfg(feature = "tables")]
mod articles;
#[cfg(feature = "arrow")]
mod columns;
#[cfg(feature = "arrow")]
mod records;
#[cfg(feature = "tables")]
mod write;

#[cfg(feature = "tables")]
pub use articles::{articles, holds, records};
#[cfg(feature = "arrow")]
pub use columns::{Columns, Texts};
#[cfg(feature = "arrow")]
pub use records::{Coded, KINDS, weight};
#[cfg(feature = "tables")]
pub use write::{Export, export};

use crate::input::Work;
use std::path::Path;

/// Rows of a table of articles.
pub type Rows = Box<dyn Iterator<Item = Work> + Send>;

/// Whether a file is Parquet, by its name.
pub fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"))
}

/// What a build without tables says.
#[cfg(not(feature = "tables"))]
pub(crate) fn missing(what: &str) -> crate::failure::Failure {
    crate::failure::Failure::new(format!("{what}: this build has no Parquet and no Arrow files"))
        .hint("build it with them: cargo install --path crates/detente --features full")
}

/// What a Parquet file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Articles, or whatever else has texts.
    Articles,
    /// Events of record v1.
    Events,
    /// Statements of record v1.
    Statements,
}

/// What a Parquet file holds.
///
/// # Errors
/// This build cannot read it.
#[cfg(not(feature = "tables"))]
pub fn holds(path: &Path) -> Result<Holds, crate::failure::Failure> {
    Err(missing(&format!("cannot read {}", path.display())))
}

/// The records of a Parquet file.
///
/// # Errors
/// This build cannot read it.
#[cfg(not(feature = "tables"))]
pub fn records(path: &Path) -> Result<crate::import::RawRows<'static>, crate::failure::Failure> {
    Err(missing(&format!("cannot read {}", path.display())))
}

/// The articles of a Parquet file.
///
/// # Errors
/// This build cannot read it.
#[cfg(not(feature = "tables"))]
pub fn articles(path: &Path) -> Result<Rows, crate::failure::Failure> {
    Err(missing(&format!("cannot read {}", path.display())))
}
