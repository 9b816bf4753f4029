//! `detente code --all` and `--new`: everything derived made anew from the store's ground.

use crate::cli::Exit;
use crate::cli::progress::Progress;
use crate::engine::Engine;
use crate::failure::{self, Failure, Stop};
use crate::record::Records;
use crate::store::{Reading, Store, StoredArticle, correction};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;

/// Articles coded between two steps that are kept.
const PER_JOB: usize = 64;

pub(in crate::cli) fn run(path: &Path, all: bool, jobs: usize) -> Result<Exit, Stop> {
    let mut store = Store::open_write(path)?;
    let engine = Engine::new()?;
    let fingerprint = Engine::fingerprint()?;
    let run = if all { store.begin_run(&fingerprint)? } else { store.begin_new(&fingerprint)? };
    if run.done > 0 {
        failure::note(&format!("going on with a run that was cut short: {} coded already", super::count(many(run.done), "article")));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|err| Failure::new(format!("cannot start {jobs} threads: {err}")).hint("give a smaller --jobs"))?;
    let stop = super::stop_on_ctrl_c();
    let mut progress = Progress::counting(run.left, "articles");
    let (mut after, mut coded, mut failed, mut found) = (0, 0, 0, 0);
    loop {
        let articles = store.uncoded(&run, after, jobs * PER_JOB)?;
        let Some(last) = articles.last().map(|a| a.n) else { break };
        let with: Vec<_> =
            articles.into_iter().map(|a| Ok((store.corrections(Some(&a.article.id))?, a))).collect::<Result<_, Failure>>()?;
        let readings: Vec<Option<Reading>> = pool.install(|| {
            with.par_iter().with_max_len(1).map(|(c, a)| (!stop.load(Ordering::Relaxed)).then(|| read(&engine, a, c))).collect()
        });
        let readings: Vec<Reading> = readings.into_iter().flatten().collect();
        store.put(&run, &readings)?;
        for reading in &readings {
            match &reading.records {
                Ok(records) => {
                    coded += 1;
                    found += records.events.len() + records.statements.len();
                }
                Err(why) => {
                    failed += 1;
                    progress.quietly(|| failure::error(&Failure::new(why.clone())));
                }
            }
        }
        progress.add(readings.len() as u64);
        if stop.load(Ordering::Relaxed) {
            progress.finish();
            failure::warning(&format!("stopped: {} coded and kept; the same command goes on", super::count(coded, "article")));
            return Ok(Exit::Interrupted);
        }
        after = last;
    }
    progress.finish();
    store.finish_run(&run)?;
    if coded + failed > 0 || store.stories_stale()? {
        let (stories, articles) = store.link_stories(&pool)?;
        if stories > 0 {
            failure::note(&format!("{} in several articles: {}", stories_of(stories), super::count(articles, "article")));
        }
        let events = store.link_events()?;
        if events > 0 {
            failure::note(&format!("{} told by several articles, counted once each", super::count(events, "event")));
        }
    }
    store.settle()?;
    failure::note(&format!("{} coded, {} found", super::count(coded, "article"), super::count(found, "record")));
    Ok(match (failed, found) {
        (0, 0) if coded > 0 => Exit::Nothing,
        (0, _) => Exit::Found,
        _ => Exit::Error,
    })
}

fn stories_of(n: usize) -> String {
    format!("{n} {}", if n == 1 { "story" } else { "stories" })
}

fn many(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Codes an article and lays its corrections over the reading. A panic costs one article.
pub(in crate::cli) fn read(engine: &Engine, stored: &StoredArticle, corrections: &[correction::Correction]) -> Reading {
    let read = || {
        let coded = engine.code(&stored.article);
        let mut records = Records::new(&stored.article, &coded, engine.ontology());
        let idle = correction::apply(&mut records, corrections, engine.ontology());
        (records, idle)
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok((records, idle)) => Reading { article: stored.n, records: Ok(records), idle },
        Err(_) => Reading {
            article: stored.n,
            records: Err(Failure::broke_down(&format!("article {}", stored.article.id)).what),
            idle: Vec::new(),
        },
    }
}
