//! Makes a table of events as ICEWS has them, for trying the store and the watch at size:
//! `cargo run --release --example history -- EVENTS PAIRS YEARS > events.tab`.
//!
//! The same numbers give the same bytes. A few pairs have most events, as in real histories; bursts come and go.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use detente_core::knowledge::Knowledge;
use detente_core::knowledge::actors::Kind;
use detente_watch::day;
use std::io::{BufWriter, Write};

const CODES: [(&str, &str); 12] = [
    ("010", "0.0"),
    ("020", "3.0"),
    ("036", "4.0"),
    ("040", "1.0"),
    ("042", "1.9"),
    ("051", "3.4"),
    ("111", "-2.0"),
    ("112", "-2.0"),
    ("130", "-4.4"),
    ("150", "-7.2"),
    ("173", "-5.0"),
    ("190", "-10.0"),
];

fn main() -> std::io::Result<()> {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let [events, pairs, years] = numbers[..] else {
        eprintln!("usage: history EVENTS PAIRS YEARS");
        std::process::exit(2);
    };
    let Ok(knowledge) = Knowledge::embedded() else {
        eprintln!("the knowledge cannot be used");
        std::process::exit(2);
    };
    let mut names: Vec<&str> =
        knowledge.actors.list.iter().filter(|a| a.kind == Kind::State && a.code.len() == 3).map(|a| a.code.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let states = names.len() as u64;
    let most = states * (states - 1) / 2;
    if pairs > most || pairs == 0 || events == 0 || years == 0 {
        eprintln!("there are 1 to {most} pairs of {states} states, with at least one event and year");
        std::process::exit(2);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", detente::import::ICEWS.join("\t"))?;
    let days = years * 365;
    let first = day::parse("2010-01-01").unwrap_or(0);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |n: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % n.max(1)
    };
    for n in 0..events {
        let date = day::date(first + i32::try_from(n * days / events).unwrap_or(0));
        // Low numbers are likelier, the lowest by far.
        let share = next(1_000_000) as f64 / 1_000_000.0;
        let pair = ((pairs as f64).powf(share) as u64 - 1).min(pairs - 1);
        // Every distance on the circle of states makes a pair of each of them.
        let (a, b) = (pair % states, (pair % states + pair / states + 1) % states);
        let (code, score) = CODES[next(12) as usize];
        let (source, target) = if next(2) == 0 { (a, b) } else { (b, a) };
        let (source, target) = (names[source as usize], names[target as usize]);
        writeln!(out, "{n}\t{date}\t{source}\t\t{source}\tEvent\t{code}\t{score}\t{target}\t\t{target}\t{n}\t1\tSource\t\t\t\t\t\t")?;
    }
    out.flush()
}
