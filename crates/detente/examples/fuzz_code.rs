//! Throws mangled articles at `read` and `code` until the time is up; a panic ends it.
//!
//! `cargo run --release -p detente --example fuzz_code -- SECONDS [SEED]`. The same seed gives
//! the same inputs; the input in hand is kept in `fuzz/artifacts/last-input` while it is worked on.
#![allow(clippy::print_stdout)]

use detente::engine::Engine;
use detente::read::{self, Defaults};
use detente::record::Records;
use detente::show;
use std::path::Path;
use std::time::{Duration, Instant};

const HOSTILE: &[&[u8]] = &[
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\"",
    "\u{201c}".as_bytes(),
    "\u{201d}".as_bytes(),
    "\u{2028}".as_bytes(),
    "e\u{301}\u{301}".as_bytes(),
    "\u{1f1f7}\u{1f1fa}".as_bytes(),
    b"\n\n",
    b"\r",
    b"\t",
    b"...",
    b"--",
    b"(",
    b")",
    b"'s",
    b"n't",
    b"<p>",
    b"</p>",
    b"<html>",
    b"<!--",
    b"&#x10ffff;",
    b"By: ",
    b"Read  ",
    b"said",
    b"their Russian counterparts",
    b"last week",
    b"31 February 2018",
    b"99999999999999999999",
    b"0000-00-00",
    b"between and",
    b"not not not",
    b"if",
    b"US",
    b"he",
];

/// A small generator, so that runs can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let seconds: u64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(60);
    let seed: u64 = args.next().and_then(|a| a.parse().ok()).unwrap_or(1);
    let engine = match Engine::new() {
        Ok(engine) => engine,
        Err(failure) => {
            println!("{failure}");
            return 2.into();
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seeds: Vec<Vec<u8>> = std::fs::read_dir(root.join("corpus"))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|e| e == "txt"))
        .filter_map(|e| std::fs::read(e.path()).ok())
        .collect();
    seeds.sort();
    seeds.push(b"Israel attacked Iran. \"We condemn it,\" he said last week.".to_vec());
    let kept = root.join("fuzz/artifacts");
    let _ = std::fs::create_dir_all(&kept);
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (start, limit) = (Instant::now(), Duration::from_secs(seconds));
    let (mut runs, mut articles, mut records) = (0u64, 0u64, 0usize);
    let mut slowest = Duration::ZERO;
    while start.elapsed() < limit {
        let input = mangled(&seeds, &mut dice);
        // Should the process die without a word, the culprit lies there.
        let _ = std::fs::write(kept.join("last-input"), &input);
        let name = ["a.txt", "a.html", "-"][dice.below(3)];
        let published = (dice.below(2) == 0).then(|| "2018-07-18".parse().ok()).flatten();
        let defaults = Defaults { published, ..Defaults::default() };
        let one = Instant::now();
        runs += 1;
        if let Ok(article) = read::article(&input, name, &defaults) {
            let coded = engine.code(&article);
            let found = Records::new(&article, &coded, engine.ontology());
            // Every way of showing must bear every reading.
            let _ = (show::table(&found), show::stages(&article, &coded), found.json_lines());
            for (e, r) in coded.events.iter().zip(&found.events) {
                assert!(r.evidence.is_some(), "event {} holds no words (I2)", e.id);
                let _ = show::why_event(&article, &coded, e, r);
            }
            for (s, r) in coded.statements.iter().zip(&found.statements) {
                assert!(r.evidence.is_some(), "statement {} holds no words (I2)", s.id);
                let _ = show::why_statement(&article, &coded, s, r);
            }
            articles += 1;
            records += found.events.len() + found.statements.len();
        }
        slowest = slowest.max(one.elapsed());
    }
    println!("{runs} inputs, {articles} articles, {records} records, slowest {} ms, no panic (seed {seed})", slowest.as_millis());
    std::process::ExitCode::SUCCESS
}

/// A seed with some of its bytes, words or paragraphs changed.
fn mangled(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut text = seeds[dice.below(seeds.len())].clone();
    for _ in 0..1 + dice.below(12) {
        let (at, n) = (dice.below(text.len() + 1), text.len());
        match dice.below(9) {
            0 => text.truncate(at),
            1 if at < n => text[at] = dice.below(256) as u8,
            2 => text = text.split_off(at),
            3 => {
                let end = (at + dice.below(200)).min(n);
                text.drain(at..end);
            }
            4 => {
                let end = (at + dice.below(300)).min(n);
                let piece = text[at..end].to_vec();
                for _ in 0..dice.below(20) {
                    text.splice(at..at, piece.iter().copied());
                }
            }
            5 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len());
                let end = (from + dice.below(400)).min(other.len());
                text.splice(at..at, other[from..end].iter().copied());
            }
            6 => text.retain(|b| *b != b'\n'),
            _ => {
                let piece = HOSTILE[dice.below(HOSTILE.len())];
                for _ in 0..1 + dice.below(3) {
                    text.splice(at..at, piece.iter().copied());
                }
            }
        }
        text.truncate(200_000);
    }
    text
}
