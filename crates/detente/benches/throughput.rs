//! How fast it is: `cargo bench -p detente --bench throughput`.
//!
//! Codes 2,000 articles made of the corpus' paragraphs on one thread, then starts the program on
//! one article. Prints figures and judges none of them: machines differ.
#![allow(clippy::print_stdout)]

use detente::engine::Engine;
use detente::read::{self, Defaults};
use detente::record::Records;
use detente_core::model::Article;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ARTICLES: usize = 2000;
const STARTS: usize = 20;

fn main() {
    // `cargo test --all-targets` runs benches too, without --bench and without a wish for figures.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let files = texts(&corpus);
    let Some(first) = files.first() else {
        println!("corpus/ holds no article: nothing to measure");
        return;
    };
    let articles = shuffled(&files);
    let words: usize = articles.iter().map(|a| a.text.split_whitespace().count()).sum();
    let engine = match Engine::new() {
        Ok(engine) => engine,
        Err(failure) => {
            println!("{failure}");
            return;
        }
    };
    let start = Instant::now();
    let (mut events, mut statements, mut bytes) = (0, 0, 0);
    for article in &articles {
        let coded = engine.code(article);
        let records = Records::new(article, &coded, engine.ontology());
        events += records.events.len();
        statements += records.statements.len();
        bytes += records.json_lines().len();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{} articles, {words} words, one thread: {seconds:.1} s", articles.len());
    println!("{:.0} words per second per core", words as f64 / seconds);
    println!("{events} events, {statements} statements, {:.1} MB of JSON", bytes as f64 / 1e6);
    starts(&first.0);
}

/// Paths and texts of the corpus.
fn texts(corpus: &Path) -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(corpus)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    paths.into_iter().filter_map(|p| Some((p.clone(), std::fs::read_to_string(p).ok()?))).collect()
}

/// Articles of the corpus' own lengths, their paragraphs drawn from all of it, always alike.
fn shuffled(files: &[(PathBuf, String)]) -> Vec<Article> {
    let split = |t: &str| t.split("\n\n").map(str::to_owned).collect::<Vec<_>>();
    let pool: Vec<String> = files.iter().flat_map(|(_, t)| split(t)).collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % n as u64) as usize
    };
    (0..ARTICLES)
        .map(|i| {
            let length = split(&files[i % files.len()].1).len();
            let text: Vec<&str> = (0..length).map(|_| pool[next(pool.len())].as_str()).collect();
            let published = "2018-07-18".parse().ok();
            let defaults = Defaults { published, ..Defaults::default() };
            read::article(text.join("\n\n").as_bytes(), "bench.txt", &defaults).unwrap_or_default()
        })
        .collect()
}

/// Start-up with one article, and the most memory it takes.
fn starts(article: &Path) {
    let program = env!("CARGO_BIN_EXE_detente");
    let command = || {
        let mut c = Command::new(program);
        c.arg("code").arg(article).args(["--json", "--jobs", "1"]);
        c.stdout(Stdio::null()).stderr(Stdio::null());
        c
    };
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        if command().status().is_err() {
            println!("{program} does not start");
            return;
        }
        times.push(start.elapsed());
    }
    times.sort();
    println!("start and one article: {} ms (median of {STARTS}; best {} ms)", times[STARTS / 2].as_millis(), times[0].as_millis());
    match peak_megabytes(program, article) {
        Some(mb) => println!("peak memory of that: {mb:.0} MB"),
        None => println!("peak memory: only measured where /proc/self/status has VmHWM"),
    }
}

/// Most memory held, read from /proc while the program waits: with `-` as second input it codes
/// the article and then stands until standard input ends.
fn peak_megabytes(program: &str, article: &Path) -> Option<f64> {
    let mut child = Command::new(program)
        .arg("code")
        .arg(article)
        .arg("-")
        .args(["--json", "--jobs", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    std::thread::sleep(Duration::from_millis(1500));
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok();
    drop(child.stdin.take());
    let _ = child.wait();
    let line = status?.lines().find(|l| l.starts_with("VmHWM"))?.to_owned();
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
