//! Words per second of the English model on one core: `cargo bench -p detente-core --bench model`.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use detente_core::text::model::Model;

/// A stem and its endings make forms enough that few are met twice running.
const STEMS: &str = "minister rebel border soldier treaty sanction protest village army reporter \
                     region talk city leader parliament police convoy election office worker";
const FRAME: &str = "The {} of the {} said on Monday that {} had attacked two {} near the {} , \
                     killing at least 14 {} and wounding many more .";

fn main() {
    let start = Instant::now();
    let model = Model::embedded().expect("the embedded model is readable");
    println!("start-up {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let stems: Vec<&str> = STEMS.split_whitespace().collect();
    let mut turn = 0_usize;
    let texts: Vec<Vec<String>> = (0..1500)
        .map(|_| {
            FRAME
                .split_whitespace()
                .map(|w| {
                    turn += 1;
                    let stem = stems[turn * 7 % stems.len()];
                    if w == "{}" { format!("{stem}{}", turn % 97) } else { w.to_owned() }
                })
                .collect()
        })
        .collect();
    let sentences: Vec<Vec<&str>> = texts.iter().map(|s| s.iter().map(String::as_str).collect()).collect();
    let words: usize = sentences.iter().map(Vec::len).sum();
    for _ in 0..5 {
        let start = Instant::now();
        let out = model.analyse(&sentences);
        let seconds = start.elapsed().as_secs_f64();
        println!("{words} words, {} sentences, {:.0} words/s", out.len(), words as f64 / seconds);
    }
}
