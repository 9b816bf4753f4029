//! `score events`: who did what to whom, sentence by sentence.

use super::Report;
use super::gold::{self, Item, actor, is_plover, plover_quad};
use super::metrics::{Confusion, Counts, multiset_overlap, ratio, round};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::knowledge::ontology::{self, Ontology};
use detente_core::model::{Article, Event, Mode};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// An event of either side, as it is compared. CAMEO or PLOVER, as the labels are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Coded {
    source: Option<String>,
    code: String,
    target: Option<String>,
}

impl Coded {
    fn root(&self) -> &str {
        match is_plover(&self.code) {
            true => &self.code,
            false => self.code.get(..2).unwrap_or(&self.code),
        }
    }

    /// The code to three digits; a PLOVER event as it is.
    fn three(&self) -> &str {
        match is_plover(&self.code) {
            true => &self.code,
            false => self.code.get(..3).unwrap_or(&self.code),
        }
    }

    fn quad(&self) -> Option<u8> {
        match is_plover(&self.code) {
            true => plover_quad(&self.code),
            false => ontology::quad(&self.code),
        }
    }

    fn countries(&self) -> (Option<&str>, Option<&str>) {
        (country(self.source.as_deref()), country(self.target.as_deref()))
    }

    fn json(&self) -> Value {
        json!([self.source, self.code, self.target])
    }
}

fn country(code: Option<&str>) -> Option<&str> {
    code.map(|c| c.get(..3).unwrap_or(c))
}

/// Older label sets write every intergovernmental body IGO, the United Nations and the European
/// Union among them. Where the gold file does so, our finer codes are read as it would.
fn coarse(code: Option<String>, whole_igo: bool) -> Option<String> {
    code.map(|c| match c.strip_prefix("UNO").or_else(|| c.strip_prefix("EUR")) {
        Some(rest) if whole_igo => format!("IGO{rest}"),
        _ => c,
    })
}

/// Bags of one sentence compared in all the ways.
#[derive(Clone, Debug, Default)]
struct Tally {
    exact: Counts,
    code: Counts,
    code3: Counts,
    root: Counts,
    quad: Counts,
    countries: Counts,
    root_countries: Counts,
    per_root: BTreeMap<String, Counts>,
    confusion: Confusion,
    empty: usize,
    false_alarms: usize,
}

impl Tally {
    fn add(&mut self, gold: &[Coded], got: &[Coded]) {
        fn bag<'a, K>(events: &'a [Coded], key: impl Fn(&'a Coded) -> K) -> Vec<K> {
            events.iter().map(key).collect()
        }
        self.exact.add(gold, got);
        self.code.add(&bag(gold, |e| &e.code), &bag(got, |e| &e.code));
        self.code3.add(&bag(gold, Coded::three), &bag(got, Coded::three));
        self.root.add(&bag(gold, Coded::root), &bag(got, Coded::root));
        self.quad.add(&bag(gold, Coded::quad), &bag(got, Coded::quad));
        self.countries.add(&bag(gold, Coded::countries), &bag(got, Coded::countries));
        let both = |e| (Coded::root(e), Coded::countries(e));
        self.root_countries.add(&bag(gold, both), &bag(got, both));
        let mut roots: Vec<&str> = gold.iter().chain(got).map(Coded::root).collect();
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            let only = |events: &[Coded]| events.iter().filter(|e| e.root() == root).count();
            let (gold, got) = (only(gold), only(got));
            let counts = self.per_root.entry(root.to_owned()).or_default();
            counts.right += gold.min(got);
            counts.gold += gold;
            counts.got += got;
        }
        self.confuse(gold, got);
        if gold.is_empty() {
            self.empty += 1;
            self.false_alarms += usize::from(!got.is_empty());
        }
    }
}

impl Tally {
    /// Pairs each label with an answer: of the same root, else of the same countries, else any.
    fn confuse(&mut self, gold: &[Coded], got: &[Coded]) {
        let mut left: Vec<&Coded> = got.iter().collect();
        let mut open: Vec<&Coded> = gold.iter().collect();
        let ways: [fn(&Coded, &Coded) -> bool; 3] = [|a, b| a.root() == b.root(), |a, b| a.countries() == b.countries(), |_, _| true];
        for same in ways {
            open.retain(|label| match left.iter().position(|answer| same(label, answer)) {
                Some(at) => {
                    let answer = left.remove(at);
                    *self.confusion.entry(label.root().to_owned()).or_default().entry(answer.root().to_owned()).or_default() += 1;
                    false
                }
                None => true,
            });
        }
        for label in open {
            *self.confusion.entry(label.root().to_owned()).or_default().entry("-".to_owned()).or_default() += 1;
        }
        for answer in left {
            *self.confusion.entry("-".to_owned()).or_default().entry(answer.root().to_owned()).or_default() += 1;
        }
    }
}

/// Measures events. Modes negated and hypothetical are left out on both sides.
///
/// # Errors
/// A file is not in the format.
pub fn events(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let items = gold::read(files, limit)?;
    let start = Instant::now();
    let groups: Vec<&[Item]> = items.chunk_by(|a, b| a.doc.is_some() && a.doc == b.doc).collect();
    let got: Vec<Vec<Event>> = groups.par_iter().flat_map_iter(|g| code(engine, g)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let plover = items.iter().flat_map(|i| &i.events).any(|e| e.code.as_deref().is_some_and(is_plover));
    let kinds =
        |kind: &str| items.iter().flat_map(|i| &i.events).flat_map(|e| [&e.source, &e.target]).flatten().any(|c| c.starts_with(kind));
    let whole_igo = kinds("IGO") && !kinds("UNO") && !kinds("EUR");
    let sideless = items.iter().flat_map(|i| &i.events).all(|e| e.source.is_none() && e.target.is_none());
    let mut tally = Tally::default();
    let mut errors = Vec::new();
    for (item, events) in items.iter().zip(&got) {
        let gold = gold_events(item);
        // Labels that name no sides tell a deed once, whoever it joins.
        let told = if sideless { firsts(events, |e| (e.mode, e.evidence.first().copied())) } else { events.iter().collect() };
        let read: Vec<Coded> = told
            .into_iter()
            .filter_map(|e| ours(e, plover, engine.ontology()))
            .map(|e| Coded { source: coarse(e.source, whole_igo), target: coarse(e.target, whole_igo), ..e })
            .collect();
        if multiset_overlap(&gold, &read) != gold.len().max(read.len()) {
            let details: Vec<Value> = events.iter().map(|e| json!({"frame": e.frame, "mode": e.mode.as_str(), "code": e.code})).collect();
            errors.push(json!({
                "id": item.id, "text": item.text,
                "gold": gold.iter().map(Coded::json).collect::<Vec<_>>(),
                "got": read.iter().map(Coded::json).collect::<Vec<_>>(),
                "read_by": details,
            }));
        }
        tally.add(&gold, &read);
    }
    let mut report = report(&tally, items.len(), seconds);
    report.errors = errors;
    Ok(report)
}

fn report(tally: &Tally, n: usize, seconds: f64) -> Report {
    let mut report = Report { n, seconds, ..Report::default() };
    let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
    put("exact", tally.exact.json());
    put("code", tally.code.json());
    put("code3", tally.code3.json());
    put("root", tally.root.json());
    put("quad", tally.quad.json());
    put("countries", tally.countries.json());
    put("root_countries", tally.root_countries.json());
    put("false_alarm_rate", json!(round(ratio(tally.false_alarms, tally.empty))));
    put("false_alarms", json!(tally.false_alarms));
    put("sentences_without_event", json!(tally.empty));
    put("gold_events", json!(tally.exact.gold));
    put("got_events", json!(tally.exact.got));
    let per_root: Map<String, Value> = tally
        .per_root
        .iter()
        .map(|(root, counts)| {
            let mut figures = counts.json();
            figures["n"] = json!(counts.gold);
            (root.clone(), figures)
        })
        .collect();
    put("per_root", Value::Object(per_root));
    report.confusion = tally.confusion.clone();
    report
}

/// The events of each sentence. A document's sentences are one article, one to a paragraph, so
/// that links across sentences work; an event told in two of them belongs to both.
fn code(engine: &Engine, items: &[Item]) -> Vec<Vec<Event>> {
    let mut text = String::new();
    let mut ends = Vec::new();
    for item in items {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(item.text.trim());
        ends.push(text.len() as u32);
    }
    let published = items.first().and_then(|i| i.date.as_deref()).and_then(|d| d.parse().ok());
    let article = Article { id: "score".to_owned(), published, text, ..Article::default() };
    let mut out = vec![Vec::new(); items.len()];
    for event in engine.code(&article).events {
        let told = event.evidence.first().into_iter().chain(&event.also);
        let mut homes: Vec<usize> = told.map(|s| ends.partition_point(|e| *e <= s.start)).collect();
        homes.dedup();
        for home in homes {
            if let Some(events) = out.get_mut(home) {
                events.push(event.clone());
            }
        }
    }
    out
}

/// Of those alike the first.
fn firsts<T, K: PartialEq>(all: &[T], key: impl Fn(&T) -> K) -> Vec<&T> {
    all.iter().enumerate().filter(|(i, e)| all[..*i].iter().all(|before| key(before) != key(e))).map(|(_, e)| e).collect()
}

fn gold_events(item: &Item) -> Vec<Coded> {
    let counted = |mode: &Option<String>| !matches!(mode.as_deref(), Some("negated" | "hypothetical"));
    item.events
        .iter()
        .filter(|e| counted(&e.mode))
        .filter_map(|e| {
            Some(Coded {
                source: actor(e.source.as_deref()).map(str::to_owned),
                code: e.code.clone()?,
                target: actor(e.target.as_deref()).map(str::to_owned),
            })
        })
        .collect()
}

fn ours(event: &Event, plover: bool, ontology: &Ontology) -> Option<Coded> {
    if matches!(event.mode, Mode::Negated | Mode::Hypothetical) {
        return None;
    }
    let side = |role: Option<&detente_core::model::Role>| actor(role.map(|r| r.code.as_str())).map(str::to_owned);
    let code = match plover {
        // What PLOVER leaves out is no event there.
        true => ontology.plover(&event.code)?.event.clone(),
        false => event.code.clone(),
    };
    Some(Coded { source: side(event.source.as_ref()), code, target: side(event.target.as_ref()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(source: &str, code: &str, target: &str) -> Coded {
        let side = |s| actor(Some(s)).map(str::to_owned);
        Coded { source: side(source), code: code.to_owned(), target: side(target) }
    }

    #[test]
    fn bags_are_compared_in_every_way() {
        let mut tally = Tally::default();
        tally.add(
            &[coded("RUSGOV", "042", "IRNGOV"), coded("IRNGOV", "043", "RUSGOV")],
            &[coded("RUSGOV", "042", "IRNGOV"), coded("IRN", "040", "RUS")],
        );
        tally.add(&[], &[coded("USA", "190", "---")]);
        tally.add(&[], &[]);
        assert_eq!((tally.exact.right, tally.exact.gold, tally.exact.got), (1, 2, 3));
        assert_eq!(tally.code.right, 1);
        assert_eq!((tally.code3.right, tally.root.right, tally.quad.right), (1, 2, 2));
        assert_eq!((tally.countries.right, tally.root_countries.right), (2, 2));
        assert_eq!((tally.empty, tally.false_alarms), (2, 1));
        assert_eq!(tally.per_root["04"], Counts { right: 2, gold: 2, got: 2 });
        let figures = report(&tally, 3, 0.1).json();
        assert_eq!(figures["false_alarm_rate"], json!(0.5));
        assert_eq!(figures["root"], json!({"p": 0.6667, "r": 1.0, "f1": 0.8}));
    }

    #[test]
    fn plover_labels_have_quads_and_are_their_own_roots() {
        let a = coded("USA", "ASSAULT", "IRQ");
        assert_eq!((a.root(), a.quad()), ("ASSAULT", Some(4)));
        let b = coded("USA", "1246", "***");
        assert_eq!((b.root(), b.quad(), b.countries().1), ("12", Some(3), None));
    }

    #[test]
    fn a_deed_told_without_sides_counts_once() {
        assert_eq!(firsts(&[(5, "ARM"), (5, "AZE"), (9, "ARM")], |e| e.0), [&(5, "ARM"), &(9, "ARM")]);
    }

    #[test]
    fn gold_without_counted_modes() {
        let item: Item = serde_json::from_str(
            r#"{"text":"x","events":[{"source":"A","target":null,"code":"190","mode":"negated"},
                {"source":"RUS","target":"---","code":"040","mode":"claimed"}]}"#,
        )
        .unwrap();
        assert_eq!(gold_events(&item), [coded("RUS", "040", "-")]);
    }
}
