//! The next event: which target for a source and a deed, which source for a deed and a target, which
//! deed for a pair.
//!
//! Everything is a question about a source and a deed: the source of a deed is the target of the deed
//! suffered. A [`History`] keeps counts that fade; a mixture of simple guesses
//! read off it names the candidates; trees over what speaks for each put them in order.
//! How to weigh is learnt from the last part of the history, each step of it asked with only the steps
//! before it known. Formulas and figures are in `METHOD.md`.

mod deeds;
mod features;
mod guess;
mod history;
mod measure;
mod mixture;
mod plain;
mod ranker;
mod slate;
mod trees;

pub use guess::Guess;
pub use history::History;
pub use measure::{Answer, Figures, Measured, measure};
pub use plain::frequency;
pub use ranker::{Options, Ranker};
pub use trees::Growth;

/// Name of the model and its version, which changes with every formula.
pub const NAME: &str = "next-1";

/// Somebody did something to somebody at a time step. All are numbers from 0 without large gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event {
    /// When, counted in steps.
    pub step: u32,
    /// Who.
    pub source: u32,
    /// What.
    pub deed: u32,
    /// To whom.
    pub target: u32,
}

/// Runs independent parts of the work, in turn or side by side; what comes out is the same.
pub trait Work: Sync {
    /// The results of `job(0)` to `job(n - 1)`, in order.
    fn map<T: Send>(&self, n: usize, job: &(dyn Fn(usize) -> T + Sync)) -> Vec<T>;
}

/// One part after the other.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Work for InTurn {
    fn map<T: Send>(&self, n: usize, job: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        (0..n).map(job).collect()
    }
}
