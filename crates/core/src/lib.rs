//! Text in, records out: the pure part of détente.
//!
//! No files, clock, network, threads or randomness: the same text, knowledge and model give
//! the same records. The stages are modules, each reading only those before it:
//! `model` ← `knowledge` ← `text` ← `code` ← `link`.

pub mod code;
pub mod knowledge;
pub mod link;
pub mod model;
pub mod text;
