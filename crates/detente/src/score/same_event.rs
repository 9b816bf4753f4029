//! `score same-event`: which records of several articles are tellings of one event.
//!
//! A TOML file of `[[group]]` with `id` and `articles`, a list of [day of publication, outlet, text, tells]; `tells` is a
//! list of [words, event]. An event is named by the root of its code and a letter ("19a"); one name is one event within
//! its group. `corpus/same-event/README.md` tells how they are labelled.
//!
//! The items are the records the coder really reads. A record is a telling of a labelled event when the word it was
//! triggered by stands in the labelled words and its code is of the labelled root, force (18 to 20) being one root; all
//! other records stay in the comparison, so that they can be joined wrongly, but are no items.

use super::Report;
use super::metrics::{ratio, round};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::record::{Records, set_groups, story_id};
use detente_core::code::Coded;
use detente_core::link::event::kind;
use detente_core::link::story::{Sketch, Telling, stories};
use detente_core::model::{Article, parse_loose};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<Labelled>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    id: String,
    articles: Vec<LabelledArticle>,
}

/// Outlet, day, text, and the labelled records of an article of a group.
type LabelledArticle = (String, String, String, Vec<(String, String)>);

/// A labelled record.
struct Item {
    /// Label of its event, its group's id before it.
    gold: String,
    /// Group it was put in.
    got: String,
    words: String,
}

/// Measures which records were put together (B³ over records).
///
/// # Errors
/// A file is not in the format, or a text does not hold the words of its label.
pub fn same_event(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let mut groups = Vec::new();
    for (name, text) in files {
        let file: File = toml::from_str(text).map_err(|err| {
            Failure::new(format!("{name}: {err}")).hint("[[group]] with id and articles = [[day, outlet, text, [[words, event]]]]")
        })?;
        for g in &file.group {
            let absent = g.articles.iter().find_map(|(.., text, tells)| tells.iter().find(|(words, _)| !text.contains(words.as_str())));
            if let Some((words, _)) = absent {
                return Err(Failure::new(format!("{name}: no article of {} holds \"{words}\"", g.id)).hint("copy the words from its text"));
            }
            if let Some((day, ..)) = g.articles.iter().find(|(day, ..)| parse_loose(day).is_none()) {
                return Err(Failure::new(format!("{name}: \"{day}\" in {} is no day", g.id)).hint("write YYYY-MM-DD"));
            }
        }
        groups.extend(file.group);
    }
    groups.truncate(limit);
    let start = Instant::now();
    let labelled: Vec<_> = groups.iter().flat_map(|g| (0..).zip(&g.articles).map(move |(i, a)| (g.id.as_str(), i, a))).collect();
    let coded: Vec<(Article, Coded)> = labelled
        .par_iter()
        .map(|(group, i, (day, outlet, text, _))| {
            let article = Article {
                id: format!("{group}-{i}"),
                outlet: Some(outlet.clone()),
                published: parse_loose(day),
                text: text.clone(),
                ..Article::default()
            };
            let coded = engine.code(&article);
            (article, coded)
        })
        .collect();
    let mut records: Vec<Records> = coded.iter().map(|(a, c)| Records::new(a, c, engine.ontology())).collect();
    let telling = |(a, _): &(Article, Coded)| Telling { id: a.id.clone(), published: a.published, sketch: Sketch::of(&a.text, &[]) };
    let tellings: Vec<Telling> = coded.iter().map(telling).collect();
    for (first, records) in stories(&tellings).into_iter().zip(&mut records) {
        records.set_story(&story_id(&tellings[first].id));
    }
    set_groups(&mut records);
    let (mut items, mut told, mut read, mut errors) = (Vec::new(), 0, 0, Vec::new());
    for (((group, _, (.., tells)), (article, coded)), records) in labelled.iter().zip(&coded).zip(&records) {
        for (words, label) in tells {
            told += 1;
            let at = article.text.find(words.as_str()).unwrap_or(0) as u32;
            let inside = at..at + words.len() as u32;
            let mut found = false;
            for (event, record) in coded.events.iter().zip(&records.events) {
                let trigger = event.evidence.first().is_some_and(|s| inside.contains(&s.start));
                if trigger && kind(&record.cameo) == kind(label) {
                    found = true;
                    let sides = [&record.source, &record.target].map(|s| s.as_deref().unwrap_or("-"));
                    let shown = format!(
                        "{}: {} {} {} {}..{} {} | {words}",
                        article.id,
                        sides[0],
                        record.cameo,
                        sides[1],
                        record.date_first.as_deref().unwrap_or(""),
                        record.date_last.as_deref().unwrap_or(""),
                        record.place_name.as_deref().unwrap_or("")
                    );
                    items.push(Item { gold: format!("{group} {label}"), got: record.group_id.clone().unwrap_or_default(), words: shown });
                }
            }
            read += usize::from(found);
            if !found {
                errors.push(json!({"id": article.id, "text": words, "gold": label, "got": null}));
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let (p, r) = b_cubed(&items);
    let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    let mut report = Report { n: groups.len(), seconds, ..Report::default() };
    report.figures.insert("b3".to_owned(), json!({"p": round(p), "r": round(r), "f1": round(f1), "n": items.len()}));
    report.figures.insert("tellings".to_owned(), json!(told));
    report.figures.insert("tellings_read".to_owned(), json!(round(ratio(read, told))));
    report.figures.insert("events".to_owned(), json!(items.iter().map(|i| &i.gold).collect::<BTreeSet<_>>().len()));
    report.errors = errors;
    report.errors.extend(mixed(&items));
    Ok(report)
}

/// Precision and recall, averaged over items.
fn b_cubed(items: &[Item]) -> (f64, f64) {
    let mut both: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut gold, mut got): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
    for i in items {
        *both.entry((&i.gold, &i.got)).or_default() += 1;
        *gold.entry(&i.gold).or_default() += 1;
        *got.entry(&i.got).or_default() += 1;
    }
    let mean = |of: &dyn Fn(&Item) -> usize| {
        let sum: f64 = items.iter().map(|i| ratio(both[&(i.gold.as_str(), i.got.as_str())], of(i))).sum();
        sum / items.len().max(1) as f64
    };
    (mean(&|i| got[i.got.as_str()]), mean(&|i| gold[i.gold.as_str()]))
}

/// Events put together, or taken apart, wrongly.
fn mixed(items: &[Item]) -> Vec<serde_json::Value> {
    let mut by_got: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    let mut by_gold: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for i in items {
        by_got.entry(&i.got).or_default().push(i);
        by_gold.entry(&i.gold).or_default().push(i);
    }
    let shown = |all: &[&Item]| all.iter().map(|i| json!([i.gold, i.got, i.words])).collect::<Vec<_>>();
    let joined = by_got.values().filter(|all| all.iter().any(|i| i.gold != all[0].gold));
    let parted = by_gold.values().filter(|all| all.iter().any(|i| i.got != all[0].got));
    let joined = joined.map(|all| json!({"kind": "joined", "tellings": shown(all)}));
    joined.chain(parted.map(|all| json!({"kind": "parted", "tellings": shown(all)}))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(gold: &str, got: &str) -> Item {
        Item { gold: gold.to_owned(), got: got.to_owned(), words: String::new() }
    }

    #[test]
    fn b_cubed_of_three_records() {
        let check = |items: &[Item], p: f64, r: f64| {
            let got = b_cubed(items);
            assert!((got.0 - p).abs() < 1e-9 && (got.1 - r).abs() < 1e-9, "{got:?}");
        };
        check(&[item("a", "1"), item("a", "1"), item("b", "2")], 1.0, 1.0);
        check(&[item("a", "1"), item("a", "1"), item("b", "1")], 5.0 / 9.0, 1.0);
        check(&[item("a", "1"), item("a", "2"), item("b", "3")], 1.0, 2.0 / 3.0);
        assert_eq!(mixed(&[item("a", "1"), item("b", "1"), item("b", "2")]).len(), 2);
    }

    #[test]
    fn labels_must_stand_in_the_text() {
        let file = "[[group]]\nid = \"g\"\narticles = [[\"2020-01-01\", \"Mail\", \"They left.\", [[\"stayed\", \"19a\"]]]]\n";
        let engine = Engine::new().unwrap();
        let err = same_event(&engine, &[("a.toml".to_owned(), file.to_owned())], 9).unwrap_err();
        assert!(err.what.contains("no article of g holds"), "{}", err.what);
    }
}
