//! The next event: which target for a source and a deed, which source for a deed and a target.

pub mod history;
pub mod mixture;
pub mod slate;
pub mod trees;
pub mod ranker;
pub mod measure;

/// Somebody did something to somebody at a time step.
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
