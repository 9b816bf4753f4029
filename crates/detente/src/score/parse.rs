//! `score parse`: CoNLL-U, from gold tokens and from raw text.

use super::Report;
use super::align::{self, Placed, Raw};
use super::conllu::{self, Sentence};
use super::metrics::{Counts, ratio, round};
use crate::engine::{Analysed, Engine};
use crate::failure::Failure;
use detente_core::model::Span;
use serde_json::{Value, json};
use std::time::Instant;

/// Right answers with gold tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Gold {
    words: usize,
    upos: usize,
    xpos: usize,
    lemma: usize,
    uas: usize,
    las: usize,
}

/// Measures tags, heads and relations. LAS is on relations without their subtypes, over all
/// tokens, punctuation included.
///
/// # Errors
/// A file is not CoNLL-U.
pub fn parse(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let start = Instant::now();
    let (mut gold, mut raw) = (Gold::default(), Raw::default());
    let (mut n, mut words, mut raw_seconds) = (0, 0, 0.0);
    let mut errors = Vec::new();
    for (name, text) in files {
        let mut sentences = conllu::read(name, text)?;
        sentences.truncate(limit - n.min(limit));
        n += sentences.len();
        gold_tokens(engine, &sentences, &mut gold, &mut errors);
        let laid = align::lay(&sentences);
        let reading = Instant::now();
        let tokens = engine.segment(&laid.text);
        let forms: Vec<Vec<&str>> = tokens.iter().map(|s| s.iter().map(|t| t.of(&laid.text)).collect()).collect();
        let read = engine.analyse(&forms);
        raw_seconds += reading.elapsed().as_secs_f64();
        words += tokens.iter().map(Vec::len).sum::<usize>();
        let spans: Vec<_> = tokens.iter().filter_map(|s| Some((s.first()?.start, s.last()?.end))).collect();
        let placed: Vec<Placed> = tokens.iter().zip(&read).flat_map(|(t, a)| placed(t, a)).collect();
        let got = align::compare(&laid, &spans, &placed);
        for (sum, add) in [
            (&mut raw.sentences, got.sentences),
            (&mut raw.tokens, got.tokens),
            (&mut raw.upos, got.upos),
            (&mut raw.uas, got.uas),
            (&mut raw.las, got.las),
        ] {
            *sum = plus(*sum, add);
        }
    }
    let mut report = Report { n, seconds: start.elapsed().as_secs_f64(), errors, ..Report::default() };
    let of = |right| round(ratio(right, gold.words));
    let f1 = |c: Counts| round(c.f1());
    let speed = if raw_seconds > 0.0 { (words as f64 / raw_seconds).round() } else { 0.0 };
    for (key, value) in [
        ("upos", of(gold.upos)),
        ("uas", of(gold.uas)),
        ("las", of(gold.las)),
        ("xpos", of(gold.xpos)),
        ("lemma", of(gold.lemma)),
        ("raw_upos", f1(raw.upos)),
        ("raw_uas", f1(raw.uas)),
        ("raw_las", f1(raw.las)),
        ("sentence_f1", f1(raw.sentences)),
        ("token_f1", f1(raw.tokens)),
        ("words_per_second", speed),
    ] {
        report.figures.insert(key.to_owned(), json!(value));
    }
    report.figures.insert("words".to_owned(), json!(gold.words));
    Ok(report)
}

fn plus(a: Counts, b: Counts) -> Counts {
    Counts { right: a.right + b.right, gold: a.gold + b.gold, got: a.got + b.got }
}

fn gold_tokens(engine: &Engine, sentences: &[Sentence], sum: &mut Gold, errors: &mut Vec<Value>) {
    let forms: Vec<Vec<&str>> = sentences.iter().map(|s| s.words.iter().map(|w| w.form.as_str()).collect()).collect();
    for (sentence, analysis) in sentences.iter().zip(engine.analyse(&forms)) {
        let mut wrong = Vec::new();
        for (word, got) in sentence.words.iter().zip(analysis) {
            let deprel = conllu::base(got.deprel) == word.deprel;
            let head = got.head == word.head;
            sum.words += 1;
            sum.upos += usize::from(got.upos == word.upos);
            sum.xpos += usize::from(got.xpos == word.xpos);
            sum.lemma += usize::from(got.lemma == word.lemma);
            sum.uas += usize::from(head);
            sum.las += usize::from(head && deprel);
            if !(head && deprel && got.upos == word.upos) {
                wrong.push(json!({
                    "form": word.form,
                    "gold": [word.upos, word.head, word.deprel],
                    "got": [got.upos, got.head, got.deprel],
                }));
            }
        }
        if !wrong.is_empty() {
            let text: Vec<&str> = sentence.words.iter().map(|w| w.form.as_str()).collect();
            errors.push(json!({"text": text.join(" "), "wrong": wrong}));
        }
    }
}

fn placed<'a>(tokens: &'a [Span], analysis: &'a [Analysed]) -> impl Iterator<Item = Placed> + 'a {
    let place = |t: &Span| (t.start, t.end, 0);
    tokens.iter().zip(analysis).map(move |(t, a)| Placed {
        place: place(t),
        head: a.head.checked_sub(1).and_then(|h| tokens.get(h)).map(place),
        upos: a.upos.to_owned(),
        deprel: conllu::base(a.deprel).to_owned(),
    })
}
