//! How fast the store answers, and how fast it takes many small steps: `cargo run --release --example ground -- STORE A B`.
//!
//! STORE is a store with many events, as `examples/history.rs` makes them; A and B are two sides of it. Nothing is written to
//! it but with `--writer`, which imports small files beside the questions: give it a copy. Prints figures and judges none.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use detente::failure::Failure;
use detente::store::{Filter, ImportRow, ImportedEvent, NewImport, Rows, Side, Store, Wanted};
use detente_watch::day;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

const COMMITS: usize = 1_000;
const EVENTS: u64 = 100;
const TIMES: usize = 21;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let named: Vec<&String> = args.iter().filter(|a| !a.starts_with("--")).collect();
    let [store, a, b] = named[..] else {
        eprintln!("usage: ground STORE A B [--writer]");
        std::process::exit(2);
    };
    if let Err(failure) = measure(Path::new(store), a, b, args.iter().any(|a| a == "--writer")) {
        eprintln!("{failure}");
        std::process::exit(2);
    }
}

fn measure(path: &Path, a: &str, b: &str, writer: bool) -> Result<(), Failure> {
    if !writer {
        return questions(path, a, b);
    }
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    // Waits for whoever writes, and brings the store up to date, before anything is timed.
    let mut store = Store::open_write(path)?;
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                small_step(&mut store, "beside the questions", n)?;
                n += 1;
                done.store(n, Ordering::Relaxed);
            }
            Ok::<_, Failure>(())
        });
        let began = Instant::now();
        let asked = questions(path, a, b);
        stop.store(true, Ordering::Relaxed);
        println!(
            "beside them {} steps of {EVENTS} events were written in {:.1} s",
            done.load(Ordering::Relaxed),
            began.elapsed().as_secs_f64()
        );
        writing.join().map_err(|_| Failure::new("the writer broke down"))??;
        asked
    })?;
    let began = Instant::now();
    for n in 0..COMMITS {
        small_step(&mut store, "by itself", n)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{COMMITS} steps of {EVENTS} events, each durable: {seconds:.1} s");
    Ok(())
}

fn questions(path: &Path, a: &str, b: &str) -> Result<(), Failure> {
    let store = Store::open_read(path)?;
    let (coder, name) = store.coder(None).or_else(|_| store.coder(Some("icews")))?;
    let read = store.read_days(coder)?;
    let Some((last, _)) = read.last() else { return Err(Failure::new("the store holds no events with a day")) };
    let first = day::parse(&day::date(*last).to_string().replacen(
        &day::date(*last).year().to_string(),
        &(day::date(*last).year() - 10).to_string(),
        1,
    ));
    let modes = ["happened".to_owned(), "claimed".to_owned()];
    let (mut days, mut events) = (0, 0);
    timed("ten years of a pair, day by day", || {
        let series = store.days(&Side::one(a), Some(&Side::one(b)), false, coder, &modes, first.unwrap_or(read[0].0), *last)?;
        (days, events) = (series.len(), series.iter().map(|(_, c)| u64::from(c.events)).sum());
        Ok(())
    })?;
    println!("  {a} {b}, coded by {name}: {days} days with {events} events");
    let count = |sql: &str| store.connection().query_row(sql, [], |r| r.get::<_, i64>(0)).map_err(|e| store.trouble(&e));
    let (low, high) = (count("SELECT min(n) FROM events WHERE n > 0")?, count("SELECT max(n) FROM events")?);
    let mut nth = 0;
    timed("one event by its id", || {
        nth = (nth * 1_103_515_245 + 12_345) % (high - low + 1).min(5_000_000);
        let filter = Filter { id: Some(format!("i:{}", low + nth)), ..Filter::default() };
        store
            .each(Wanted::Events, &filter, Rows { limit: Some(2), ..Rows::default() }, |_| Ok(()))
            .map(|_| ())
            .map_err(|_| Failure::new("cannot be read"))
    })?;
    timed("months by quad class, all events, from the counts", || {
        let mut statement =
            store.connection().prepare("SELECT month, quad, sum(events) FROM months GROUP BY 1, 2").map_err(|e| store.trouble(&e))?;
        let rows = statement.query_map([], |r| r.get::<_, i64>(2)).map_err(|e| store.trouble(&e))?;
        rows.collect::<Result<Vec<_>, _>>().map(|_| ()).map_err(|e| store.trouble(&e))
    })
}

/// Runs once to warm up, then prints the least, middle and greatest time.
fn timed(what: &str, mut ask: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    ask()?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        ask()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.2} ms ({:.2} to {:.2})", times[TIMES / 2], times[0], times[TIMES - 1]);
    Ok(())
}

/// A file of a few events, as a feed of events sends them.
fn small_step(store: &mut Store, what: &str, n: usize) -> Result<(), Failure> {
    let event = |i: u64| ImportedEvent {
        day: Some(format!("2019-{:02}-{:02}", 1 + n % 12, 1 + i % 28)),
        source: Some("ISRMIL".into()),
        source_country: Some("ISR".into()),
        target: Some("IRN".into()),
        target_country: Some("IRN".into()),
        cameo: Some(if i.is_multiple_of(2) { "190" } else { "040" }.into()),
        quad: Some(if i.is_multiple_of(2) { 4 } else { 1 }),
        goldstein: Some(-1.0),
        ..ImportedEvent::default()
    };
    let rows: Vec<(u64, ImportRow)> = (1..=EVENTS).map(|i| (i, ImportRow::Event(Box::new(event(i)), None))).collect();
    // Another name each time: the same bytes are not read in twice.
    let digest = format!("{what} {n} {:?}", std::time::SystemTime::now());
    store.import_whole(&NewImport { file: what, format: "icews", digest: &digest, coder: Some(("measured", "cameo-icews")) }, &rows)?;
    Ok(())
}
