//! Every column of record v1 is described in `docs/record-v1.md`, and nothing else is.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

use detente::record::{ArticleRecord, EventRecord, HopRecord, SkippedRecord, StatementRecord};
use detente_core::code::Coded;
use detente_core::knowledge::ontology::Ontology;
use detente_core::model::{Article, Attribution, Event, Statement, When};

/// The columns described under a heading.
fn described(heading: &str) -> Vec<String> {
    let page = include_str!("../../../docs/record-v1.md");
    let section = page
        .split("\n## ")
        .find(|s| s.lines().next() == Some(heading))
        .unwrap_or_else(|| panic!("docs/record-v1.md has no section {heading}"));
    let names = section.lines().filter_map(|l| l.strip_prefix("| `"));
    names.filter_map(|l| l.split('`').next()).map(str::to_owned).collect()
}

fn columns(record: &impl serde::Serialize) -> Vec<String> {
    let value = serde_json::to_value(record).unwrap();
    value.as_object().unwrap().keys().cloned().collect()
}

fn event() -> EventRecord {
    let event = Event {
        id: "e:1".into(),
        sentence: 0,
        source: None,
        target: None,
        code: "190".into(),
        when: When::default(),
        place: None,
        mode: Default::default(),
        count: None,
        said_in: None,
        claimed_by: None,
        evidence: vec![],
        frame: String::new(),
        confidence: 0.0,
        why: vec![],
        also: vec![],
        details: Default::default(),
    };
    EventRecord::new(&Article::default(), &Coded::default(), &event, &Ontology::default())
}

fn statement() -> StatementRecord {
    let statement = Statement {
        id: "s:1".into(),
        sentence: 0,
        speaker: None,
        office: None,
        acts: vec![],
        about: vec![],
        issue: None,
        addressee: None,
        reason: None,
        instrument: None,
        verbatim: false,
        quote: None,
        content: Default::default(),
        cue: None,
        when: When::default(),
        repeated: None,
        chain: Attribution::default(),
        evidence: Default::default(),
        why: vec![],
    };
    StatementRecord::new(&Article::default(), &statement)
}

#[test]
fn every_column_is_described_in_order() {
    assert_eq!(columns(&event()), described("Event"));
    assert_eq!(columns(&statement()), described("Statement"));
    let article = ArticleRecord::new(&Article::default(), &Coded::default());
    assert_eq!(columns(&article), described("Article"));
    let hop = HopRecord { name: None, kind: "speaker", via: "direct", cue: None, seen: false };
    assert_eq!(columns(&hop), described("Hop"));
    let skipped = SkippedRecord { kind: String::new(), reason: String::new(), text: String::new(), start: 0, end: 0 };
    assert_eq!(columns(&skipped), described("Skipped line"));
}

#[test]
fn missing_is_null() {
    let value = serde_json::to_value(event()).unwrap();
    for (key, value) in value.as_object().unwrap() {
        assert_ne!(value.as_str(), Some("").filter(|_| key != "frame" && key != "article_id"));
    }
    assert!(value["source"].is_null() && value["lat"].is_null() && value["goldstein"].is_null());
}
