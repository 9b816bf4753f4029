//! Words per second on one core, model alone and from text to trees:
//! `cargo bench -p detente-core --bench model [-- FILE…]`.
//!
//! Each FILE is one article. Without any it takes those of `corpus/`, whose words soon repeat: real
//! articles are a little slower. Time is that of the processor where Linux tells it. Words are what stands between blanks; tokens are some 15 % more.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::time::Instant;

use detente_core::knowledge::embedded_text_cues;
use detente_core::model::Article;
use detente_core::text::{model::Model, read, segment};

/// Each figure is the best of this many rounds: other work on the machine only ever takes time.
const ROUNDS: usize = 7;
/// Articles are read again until a round has this many words.
const WORDS: usize = 60_000;

fn main() {
    let files: Vec<PathBuf> = std::env::args().skip(1).filter(|a| a != "--bench").map(PathBuf::from).collect();
    // `cargo test --all-targets` runs benches too, without --bench and without a wish for figures.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let start = Instant::now();
    let model = Model::embedded().expect("the embedded model is readable");
    println!("model read in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let cues = embedded_text_cues();
    let cues = cues.as_ref().expect("the embedded cues are readable");
    let articles: Vec<Article> = texts(files).into_iter().map(|text| Article { text, ..Article::default() }).collect();
    let count = |a: &Article| a.text.split_whitespace().count();
    let once: usize = articles.iter().map(count).sum();
    if once == 0 {
        println!("no article found");
        return;
    }
    let turns = WORDS.div_ceil(once);
    let words = once * turns;
    let (mut tokens, mut sentences) = (0, 0);
    let tree = best(|| {
        (tokens, sentences) = (0, 0);
        for article in (0..turns).flat_map(|_| &articles) {
            let text = read(article, cues, model);
            sentences += text.sentences.len();
            tokens += text.sentences.iter().map(|s| s.tokens.len()).sum::<usize>();
        }
    });
    let cut: Vec<Vec<Vec<&str>>> =
        articles.iter().map(|a| segment(&a.text, cues).iter().map(|s| s.iter().map(|t| t.of(&a.text)).collect()).collect()).collect();
    let alone: usize = turns * cut.iter().flatten().map(Vec::len).sum::<usize>();
    let analysis = best(|| {
        for article in (0..turns).flat_map(|_| &cut) {
            std::hint::black_box(model.analyse(article));
        }
    });
    println!("{} articles, {words} words, {tokens} tokens, {sentences} sentences", articles.len() * turns);
    println!("model alone:  {:.0} tokens/s", alone as f64 / analysis);
    println!("text to tree: {:.0} words/s, {:.0} tokens/s", words as f64 / tree, tokens as f64 / tree);
}

fn best(mut f: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let (start, worked) = (Instant::now(), worked());
        f();
        match (worked, self::worked()) {
            (Some(a), Some(b)) => b - a,
            _ => start.elapsed().as_secs_f64(),
        }
    });
    times.fold(f64::INFINITY, f64::min)
}

/// Seconds a processor has worked for this thread, where Linux says so: on a machine that others use
/// too, the clock on the wall measures them.
fn worked() -> Option<f64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(line.split(' ').next()?.parse::<f64>().ok()? * 1e-9)
}

fn texts(mut files: Vec<PathBuf>) -> Vec<String> {
    if files.is_empty() {
        let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
        files.extend(std::fs::read_dir(corpus).into_iter().flatten().flatten().map(|e| e.path()));
        files.retain(|p| p.extension().is_some_and(|e| e == "txt"));
        files.sort();
    }
    files.iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect()
}
