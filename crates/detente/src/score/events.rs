//! `score events`: who did what to whom, sentence by sentence.

use super::Report;
use super::gold::{self, Item, actor, is_plover, plover_quad};
use super::metrics::{Confusion, Counts, multiset_overlap, ratio, round};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::knowledge::ontology::{self, Ontology};
use detente_core::model::{Article, Event, Mode, Role};
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

/// Ways of writing that differ between label sets and change no reading. Our answers are written
/// as the file writes; the figures without that are kept beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Convention {
    /// The labels are PLOVER events.
    plover: bool,
    /// Every intergovernmental body is IGO, the United Nations and the European Union among them.
    one_igo: bool,
    /// A state named by its name alone has no sector, though it acts.
    bare_states: bool,
    /// Codes have a third part (a people or a religion, "MKDREBalb"), and bodies a sector GOV, which our
    /// codes have not.
    third_parts: bool,
    /// A visit is the visitor's record alone or the host's, never both.
    visits_once: bool,
}

impl Convention {
    /// What a file's labels show.
    fn of(items: &[Item]) -> Self {
        let labels = || items.iter().flat_map(|i| gold_events(i).into_iter());
        let sides = |kind: &str| labels().flat_map(|e| [e.source, e.target]).flatten().any(|c| c.starts_with(kind));
        let body = |c: &str| matches!(c.get(..3), Some("IGO" | "NGO" | "IMG" | "ISM" | "MNC" | "UNO" | "EUR"));
        let (mut bare, mut government) = (0, 0);
        for doer in labels().filter_map(|e| e.source).filter(|c| !body(c)) {
            bare += usize::from(doer.len() == 3);
            government += usize::from(doer.get(3..6) == Some("GOV"));
        }
        let visits = || labels().filter(|e| matches!(e.code.as_str(), "042" | "043"));
        let back = |e: &Coded| Coded { source: e.target.clone(), target: e.source.clone(), code: other_visit(&e.code).to_owned() };
        let paired = items.iter().map(gold_events).any(|all| all.iter().any(|e| other_visit(&e.code) != e.code && all.contains(&back(e))));
        Self {
            plover: labels().any(|e| is_plover(&e.code)),
            one_igo: sides("IGO") && !sides("UNO") && !sides("EUR"),
            // One in ten: a stray bare doer is a slip of the coder, not a way of writing.
            bare_states: bare * 10 > bare + government,
            third_parts: labels().flat_map(|e| [e.source, e.target]).flatten().any(|c| c.len() > 6),
            visits_once: visits().next().is_some() && !paired,
        }
    }

    /// The conventions that change how answers are written, by the names the report gives them.
    fn followed(self) -> Vec<&'static str> {
        let all = [
            (self.one_igo, "one IGO"),
            (self.bare_states, "bare states"),
            (self.third_parts, "no third part"),
            (self.visits_once, "visits once"),
        ];
        all.into_iter().filter(|(held, _)| *held).map(|(_, name)| name).collect()
    }

    /// Labels compared as our own codebook writes them.
    fn strict(self) -> Self {
        Self { plover: self.plover, ..Self::default() }
    }

    /// A label without what our codes have no part for.
    fn label(self, code: Option<String>) -> Option<String> {
        code.map(|c| match c.get(..6) {
            Some("IGOGOV") if self.third_parts && self.one_igo => "IGO".to_owned(),
            Some(two) if self.third_parts => two.to_owned(),
            _ => c,
        })
    }

    /// Labels as they are compared.
    fn labels(self, gold: &[Coded]) -> Vec<Coded> {
        gold.iter().cloned().map(|e| Coded { source: self.label(e.source), target: self.label(e.target), ..e }).collect()
    }

    fn side(self, role: Option<&Role>) -> Option<String> {
        let code = actor(role.map(|r| if self.bare_states { r.bare_code() } else { &r.code }))?;
        Some(match code.strip_prefix("UNO").or_else(|| code.strip_prefix("EUR")) {
            Some(rest) if self.one_igo => format!("IGO{rest}"),
            _ => code.to_owned(),
        })
    }

    /// Our events of a sentence, as the labels would write them.
    fn write(self, events: &[&Event], ontology: &Ontology) -> Vec<Coded> {
        let twin = |(i, e): (usize, &&Event)| {
            let other = other_visit(&e.code);
            let back = |o: &&Event| o.code == other && code_of(&o.source) == code_of(&e.target) && code_of(&o.target) == code_of(&e.source);
            other != e.code && events[..i].iter().any(back)
        };
        let kept = events.iter().enumerate().filter(|&(i, e)| !(self.visits_once && twin((i, e)))).map(|(_, e)| e);
        kept.filter(|e| !matches!(e.mode, Mode::Negated | Mode::Hypothetical))
            .filter_map(|e| {
                let code = match self.plover {
                    // What PLOVER leaves out is no event there.
                    true => ontology.plover(&e.code)?.event.clone(),
                    false => e.code.clone(),
                };
                Some(Coded { source: self.side(e.source.as_ref()), code, target: self.side(e.target.as_ref()) })
            })
            .collect()
    }
}

/// The code of the other side's record of a visit.
fn other_visit(code: &str) -> &str {
    match code {
        "042" => "043",
        "043" => "042",
        same => same,
    }
}

fn code_of(role: &Option<Role>) -> Option<&str> {
    role.as_ref().map(|r| r.code.as_str())
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
    matched: usize,
    same_mode: usize,
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

/// An event of any mode with the mode it is told in.
type Told = (Coded, String);

impl Tally {
    /// Modes of the events that label and answer share by root and countries, and by code where several do.
    fn modes(&mut self, gold: &[Told], got: &[Told]) {
        let mut left: Vec<&Told> = got.iter().collect();
        for (label, mode) in gold {
            let alike = |e: &Told| e.0.root() == label.root() && e.0.countries() == label.countries();
            let rank = |e: &Told| (e.0.code == label.code, e.1 == *mode);
            let best = left.iter().enumerate().filter(|(_, e)| alike(e)).max_by_key(|(i, e)| (rank(e), std::cmp::Reverse(*i)));
            if let Some((at, _)) = best {
                self.matched += 1;
                self.same_mode += usize::from(left.remove(at).1 == *mode);
            }
        }
    }

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
    let convention = Convention::of(&items);
    let sideless = items.iter().flat_map(|i| &i.events).all(|e| e.source.is_none() && e.target.is_none());
    let (mut tally, mut strict) = (Tally::default(), Tally::default());
    let mut errors = Vec::new();
    for (item, events) in items.iter().zip(&got) {
        let written = gold_events(item);
        let gold = convention.labels(&written);
        // Labels that name no sides tell a deed once, whoever it joins.
        let told = if sideless { firsts(events, |e| (e.mode, e.evidence.first().copied())) } else { events.iter().collect() };
        let read = convention.write(&told, engine.ontology());
        strict.add(&written, &convention.strict().write(&told, engine.ontology()));
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
        // Of any mode: written as if it had happened, and its mode beside it.
        let any = |e: &Event| convention.write(&[&Event { mode: Mode::Happened, ..e.clone() }], engine.ontology()).pop();
        let told: Vec<Told> = events.iter().filter_map(|e| Some((any(e)?, e.mode.as_str().to_owned()))).collect();
        let written = |e: Coded| convention.labels(&[e]).pop();
        let labelled: Vec<Told> = item.events.iter().filter_map(|e| Some((written(label(e)?)?, e.mode.clone()?))).collect();
        tally.modes(&labelled, &told);
    }
    let mut report = report(&tally, items.len(), seconds);
    let followed = convention.followed();
    if !followed.is_empty() {
        let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
        put("conventions", json!(followed.join(", ")));
        put("exact_strict", strict.exact.json());
        put("countries_strict", strict.countries.json());
        put("root_countries_strict", strict.root_countries.json());
    }
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
    put("mode", json!(round(ratio(tally.same_mode, tally.matched))));
    put("mode_pairs", json!(tally.matched));
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
    item.events.iter().filter(|e| counted(&e.mode)).filter_map(label).collect()
}

fn label(event: &gold::GoldEvent) -> Option<Coded> {
    Some(Coded {
        source: actor(event.source.as_deref()).map(str::to_owned),
        code: event.code.clone()?,
        target: actor(event.target.as_deref()).map(str::to_owned),
    })
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
    fn modes_are_compared_where_events_agree() {
        let told = |source: &str, code: &str, target: &str, mode: &str| (coded(source, code, target), mode.to_owned());
        let mut tally = Tally::default();
        let gold = [told("USAGOV", "190", "IRQ", "claimed"), told("USA", "195", "IRQ", "historical"), told("IRN", "040", "-", "negated")];
        let got = [told("USA", "195", "IRQ", "happened"), told("USAMIL", "190", "IRQ", "claimed"), told("IRN", "040", "RUS", "negated")];
        tally.modes(&gold, &got);
        assert_eq!((tally.matched, tally.same_mode), (2, 1));
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

    fn items(lines: &[&str]) -> Vec<Item> {
        lines.iter().map(|events| serde_json::from_str(&format!(r#"{{"text":"x","events":[{events}]}}"#)).unwrap()).collect()
    }

    #[test]
    fn conventions_are_read_off_the_labels() {
        let check = |lines: &[&str], expect: &[&str]| assert_eq!(Convention::of(&items(lines)).followed(), expect, "{lines:?}");
        let visit = r#"{"source":"RUSGOV","target":"IRNGOV","code":"042"}"#;
        let host = r#"{"source":"IRNGOV","target":"RUSGOV","code":"043"}"#;
        check(&[visit], &["visits once"]);
        check(&[visit, host], &["visits once"]);
        check(&[&format!("{visit},{host}")], &[]);
        check(&[r#"{"source":"RUS","target":"IGO","code":"111"}"#], &["one IGO", "bare states"]);
        check(&[r#"{"source":"RUSREBche","target":"RUSGOV","code":"190"}"#], &["no third part"]);
        check(&[r#"{"source":"RUSGOV","target":"IGO","code":"111"}"#, r#"{"source":"UNO","target":"RUS","code":"111"}"#], &[]);
        let one = r#"{"source":"RUSGOV","target":"USA","code":"111"}"#;
        let slip = r#"{"source":"RUS","target":"USA","code":"111"}"#;
        let mut lines = vec![one; 9];
        lines.push(slip);
        check(&lines, &[]);
        lines.push(slip);
        check(&lines, &["bare states"]);
    }

    #[test]
    fn answers_are_written_as_the_labels_are() {
        let engine = Engine::new().unwrap();
        let article = Article { text: "Russia and the Kremlin's envoy criticised the United Nations.\n\nMoscow criticised Iran. The Russian president visited Iran.".to_owned(), ..Article::default() };
        let events = engine.code(&article).events;
        let events: Vec<&Event> = events.iter().collect();
        let check = |convention: Convention, expect: &[Coded]| {
            let got = convention.write(&events, engine.ontology());
            assert!(expect.iter().all(|e| got.contains(e)), "{got:?}");
        };
        check(Convention::default(), &[coded("RUSGOV", "111", "UNO"), coded("RUSGOV", "111", "IRNGOV"), coded("IRNGOV", "043", "RUSGOV")]);
        let all = Convention { one_igo: true, bare_states: true, third_parts: true, visits_once: true, plover: false };
        let label = coded("MKDREBalb", "190", "IGOGOV");
        assert_eq!(all.labels(std::slice::from_ref(&label)), [coded("MKDREB", "190", "IGO")]);
        assert_eq!(all.strict().labels(std::slice::from_ref(&label)), [label]);
        check(all, &[coded("RUS", "111", "IGO"), coded("RUSGOV", "111", "IRN"), coded("RUSGOV", "042", "IRN")]);
        let written = all.write(&events, engine.ontology());
        assert!(written.iter().all(|e| e.code != "043"), "{written:?}");
    }
}
