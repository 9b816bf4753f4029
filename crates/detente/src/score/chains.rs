//! `score chains`: the way words took from the mouth to the page in hand.
//!
//! A TOML file of `[[article]]` with `id`, `outlet`, `text` and `says`, a list of [words of the
//! content, chain, origin]; a chain is written "Name (via) > Outlet (via) > …", an origin nobody
//! names is "". `corpus/chains/README.md` tells how they are labelled.

use super::Report;
use super::metrics::round;
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::knowledge::words::words;
use detente_core::model::{Article, Attribution, Statement};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Instant;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    article: Vec<Labelled>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    id: String,
    outlet: String,
    text: String,
    says: Vec<(String, String, String)>,
}

/// What was right of one article.
#[derive(Debug, Default)]
struct Tally {
    chains: usize,
    chain: usize,
    origin: usize,
    speaker: usize,
    whole: bool,
    errors: Vec<Value>,
}

/// Measures the chains of labelled statements.
///
/// # Errors
/// A file is not in the format, or a text does not hold the words of its label.
pub fn chains(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let mut articles = Vec::new();
    for (name, text) in files {
        let file: File = toml::from_str(text).map_err(|err| {
            Failure::new(format!("{name}: {err}")).hint("[[article]] with id, outlet, text and says = [[words, chain, origin]]")
        })?;
        for a in &file.article {
            if let Some((words, ..)) = a.says.iter().find(|(words, ..)| !a.text.contains(words.as_str())) {
                return Err(
                    Failure::new(format!("{name}: article {} does not hold \"{words}\"", a.id)).hint("copy the words from its text")
                );
            }
        }
        articles.extend(file.article);
    }
    articles.truncate(limit);
    let start = Instant::now();
    let tallies: Vec<Tally> = articles.par_iter().map(|a| tally(engine, a)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let share = |of: usize, all: usize| json!(round(of as f64 / all.max(1) as f64));
    let mut report = Report { n: articles.len(), seconds, ..Report::default() };
    let all = sum(|t| t.chains);
    for (key, value) in [
        ("statements", json!(all)),
        ("chain", share(sum(|t| t.chain), all)),
        ("origin", share(sum(|t| t.origin), all)),
        ("speaker", share(sum(|t| t.speaker), all)),
        ("articles_whole", share(sum(|t| usize::from(t.whole)), articles.len())),
    ] {
        report.figures.insert(key.to_owned(), value);
    }
    report.errors = tallies.into_iter().flat_map(|t| t.errors).collect();
    Ok(report)
}

fn tally(engine: &Engine, labelled: &Labelled) -> Tally {
    let article =
        Article { id: labelled.id.clone(), outlet: Some(labelled.outlet.clone()), text: labelled.text.clone(), ..Article::default() };
    let statements = engine.code(&article).statements;
    let mut tally = Tally { chains: labelled.says.len(), whole: true, ..Tally::default() };
    for (words, chain, origin) in &labelled.says {
        let at = labelled.text.find(words.as_str()).unwrap_or(0) as u32;
        let holds = |s: &&Statement| s.content.start <= at && at < s.content.end;
        // Of nested statements the narrowest.
        let got = statements.iter().filter(holds).min_by_key(|s| s.content.end - s.content.start);
        let shown = got.map(|s| show(&s.chain)).unwrap_or_default();
        let from = got.and_then(|s| s.chain.origin()).map_or("", |h| h.name.as_str());
        let right = got.is_some() && same(chain, &shown);
        let right_origin = got.is_some() && fold(origin) == fold(from);
        tally.chain += usize::from(right);
        tally.origin += usize::from(right_origin);
        let right_speaker = got.is_some() && named(mouth(chain), mouth(&shown));
        tally.speaker += usize::from(right_speaker);
        tally.whole &= right && right_origin;
        if !right || !right_origin || !right_speaker {
            let told = got.map(|_| json!([shown, from]));
            let error = json!({"id": labelled.id, "text": words, "gold": [chain, origin], "got": told, "speaker": right_speaker});
            tally.errors.push(error);
        }
    }
    tally
}

fn show(chain: &Attribution) -> String {
    chain.hops.iter().map(|h| format!("{} ({})", h.name, h.via.as_str())).collect::<Vec<_>>().join(" > ")
}

/// Whether two chains have the same hops in the same ways. Speakers without a listed name are the
/// same when the words of one are among the other's.
fn same(gold: &str, got: &str) -> bool {
    let hops = |chain: &str| -> Vec<Hop> {
        let hop = |h: &str| h.trim().rsplit_once(" (").map_or((fold(h), String::new()), |(n, v)| (fold(n), v.to_owned()));
        chain.split(" > ").map(hop).collect()
    };
    let (gold, got) = (hops(gold), hops(got));
    let alike = |(i, (a, b)): (usize, (&Hop, &Hop))| a.1 == b.1 && (a.0 == b.0 || i == 0 && (within(&a.0, &b.0) || within(&b.0, &a.0)));
    gold.len() == got.len() && gold.iter().zip(&got).enumerate().all(alike)
}

/// Name of the first hop.
fn mouth(chain: &str) -> &str {
    let first = chain.split(" > ").next().unwrap_or(chain);
    first.rsplit_once(" (").map_or(first, |(name, _)| name)
}

/// Whether a name found is the one labelled: more of it than its last word, where the label has more. A source without
/// a name is known by any of its words.
fn named(gold: &str, got: &str) -> bool {
    let nameless = gold.starts_with(char::is_lowercase);
    let (gold, got) = (fold(gold), fold(got));
    gold == got || !got.is_empty() && (within(&gold, &got) || within(&got, &gold) && (nameless || got.contains(' ')))
}

/// Name and way of a hop.
type Hop = (String, String);

fn within(a: &str, b: &str) -> bool {
    a.split(' ').all(|w| b.split(' ').any(|x| x == w))
}

/// Comparable words, without articles and marks.
fn fold(name: &str) -> String {
    let words = words(name).into_iter().flat_map(|w| w.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>());
    words.filter(|w| !matches!(w.as_str(), "" | "the" | "a" | "an" | "s")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hops_are_compared_in_order() {
        let gold = "Ana Holm (interview) > The Post (interview) > Mail (retold)";
        assert!(same(gold, "Ana Holm (interview) > Post (interview) > Mail (retold)"));
        assert!(!same(gold, "Ana Holm (interview) > Mail (retold)"));
        assert!(!same(gold, "Ana Holm (direct) > The Post (interview) > Mail (retold)"));
        assert!(same("Iraq's foreign ministry (statement)", "the Foreign Ministry (statement)"));
    }

    #[test]
    fn a_last_word_is_no_name() {
        let check = |gold: &str, got: &str, expect: bool| assert_eq!(named(gold, mouth(got)), expect, "{gold} / {got}");
        check("Ana Holm", "Ana Holm (direct) > Mail (direct)", true);
        check("Ana Holm", "Ana Maria Holm (direct)", true);
        check("Ana Maria Holm", "Ana Holm (direct)", true);
        check("Ana Holm", "Holm (direct)", false);
        check("Ana Holm", "", false);
        check("police", "The police (direct)", true);
        check("a trader from Kano", "trader (direct)", true);
    }

    #[test]
    fn labels_must_stand_in_the_text() {
        let file = "[[article]]\nid = \"a\"\noutlet = \"Mail\"\ntext = \"They left.\"\nsays = [[\"stayed\", \"\", \"\"]]\n";
        let engine = Engine::new().unwrap();
        let err = chains(&engine, &[("a.toml".to_owned(), file.to_owned())], 9).unwrap_err();
        assert!(err.what.contains("article a does not hold"), "{}", err.what);
    }
}
