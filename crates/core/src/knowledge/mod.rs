//! Knowledge: facts a person edits, loaded, checked and looked up.
//!
//! Needs nothing but the files of `knowledge/` (compiled in) and the user's overlay.

pub mod actors;
pub mod agents;
pub mod attitudes;
mod cells;
mod check;
pub mod cues;
pub mod frames;
pub mod furniture;
pub mod gazetteer;
pub mod grammar;
pub mod irregular;
mod load;
mod loose;
pub mod nouns;
pub mod ontology;
pub mod outlets;
mod overlay;
mod packed;
pub mod pattern;
pub mod people;
pub mod phrases;
mod plain;
mod problem;
pub mod sense;
mod sound;
pub mod tellings;
pub mod text_cues;
pub mod time;
pub mod words;

pub use check::{CheckCounts, Tester, check};
pub use load::{FILES, Knowledge, WITHOUT_TESTS, embedded_actors, embedded_text_cues};
pub use problem::{Problem, Severity};
