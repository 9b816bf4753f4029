//! Many articles at once, results in the order of the input.

use super::{Gather, Work};
use crate::failure::Stop;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much is in flight at once: memory stays bounded however long the input.
const CHUNK_BYTES: u64 = 64 << 20;
const CHUNK_PER_JOB: usize = 64;

/// What became of one work.
#[derive(Debug)]
pub struct Done<T> {
    /// Bytes of its input.
    pub bytes: u64,
    /// What the worker made of it.
    pub result: T,
}

/// Runs `work` on every input, `jobs` at a time, and hands the results to `take` in the order
/// of the input. When `stop` is set, works not yet begun are left out.
///
/// # Errors
/// The first error of `take`; inputs after it are not read.
pub fn for_each<T: Send>(
    gather: &mut Gather,
    jobs: usize,
    stop: &AtomicBool,
    work: impl Fn(&Work) -> T + Sync,
    mut take: impl FnMut(Done<T>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|err| crate::failure::Failure::new(format!("cannot start {jobs} threads: {err}")).hint("give a smaller --jobs"))?;
    // The first chunk is small so that one broken pipe or one article is answered at once.
    let mut limit = jobs;
    loop {
        let chunk = next_chunk(gather, limit);
        if chunk.is_empty() || stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        limit = jobs.saturating_mul(CHUNK_PER_JOB);
        let results: Vec<Option<Done<T>>> = pool.install(|| {
            chunk
                .par_iter()
                .with_max_len(1)
                .map(|w| (!stop.load(Ordering::Relaxed)).then(|| Done { bytes: w.bytes(), result: work(w) }))
                .collect()
        });
        for done in results.into_iter().flatten() {
            take(done)?;
        }
    }
}

fn next_chunk(gather: &mut Gather, limit: usize) -> Vec<Work> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while chunk.len() < limit && bytes < CHUNK_BYTES {
        let Some(work) = gather.next() else { break };
        bytes += work.bytes();
        chunk.push(work);
    }
    chunk
}
