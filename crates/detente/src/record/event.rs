use super::{CODER_VERSION, ONTOLOGY_VERSION, country_sector, days, optional, text};
use detente_core::code::Coded;
use detente_core::knowledge::ontology::Ontology;
use detente_core::model::{Article, Details, Event, Role, Span};
use serde::Serialize;

/// An event, as it leaves the process. Columns are described in `docs/record-v1.md`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // One description each, in docs/record-v1.md, kept whole by a test.
pub struct EventRecord {
    pub record: &'static str,
    pub id: String,
    pub article_id: String,
    pub sentence: u32,
    pub story_id: Option<String>,
    pub group_id: Option<String>,
    pub source: Option<String>,
    pub source_name: Option<String>,
    pub source_country: Option<String>,
    pub source_sector: Option<String>,
    pub source_bare_state: bool,
    pub target: Option<String>,
    pub target_name: Option<String>,
    pub target_country: Option<String>,
    pub target_sector: Option<String>,
    pub target_bare_state: bool,
    pub cameo: String,
    pub cameo_name: Option<String>,
    pub cameo_root: Option<String>,
    pub plover: Option<String>,
    pub plover_mode: Option<String>,
    pub quad: Option<u8>,
    pub goldstein: Option<f64>,
    pub mode: &'static str,
    pub date_first: Option<String>,
    pub date_last: Option<String>,
    pub date_text: Option<String>,
    pub date_resolved: bool,
    pub place_name: Option<String>,
    pub place_country: Option<String>,
    pub geonameid: Option<u32>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub place_precision: Option<String>,
    pub count_text: Option<String>,
    pub statement_id: Option<String>,
    pub claimed_by: Option<String>,
    pub confidence: f64,
    pub frame: String,
    pub evidence: Option<String>,
    pub evidence_start: Option<u32>,
    pub evidence_end: Option<u32>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub url: Option<String>,
    pub coder_version: &'static str,
    pub ontology_version: &'static str,
    /// Not a column: what tellings are compared by.
    #[serde(skip)]
    pub details: Details,
}

impl EventRecord {
    /// Flattens an event.
    pub fn new(article: &Article, coded: &Coded, event: &Event, ontology: &Ontology) -> Self {
        let source = Side::new(event.source.as_ref());
        let target = Side::new(event.target.as_ref());
        let (date_first, date_last, date_text) = days(&event.when);
        let plover = ontology.plover(&event.code);
        let pin = event.place.as_ref().and_then(|p| p.pin);
        let evidence = evidence(coded, event);
        let statement = event.said_in.and_then(|i| coded.statements.get(i as usize));
        Self {
            record: "event",
            id: event.id.clone(),
            article_id: article.id.clone(),
            sentence: event.sentence,
            story_id: None,
            group_id: None,
            source: source.code,
            source_name: source.name,
            source_country: source.country,
            source_sector: source.sector,
            source_bare_state: event.source.as_ref().is_some_and(|r| r.bare_state),
            target: target.code,
            target_name: target.name,
            target_country: target.country,
            target_sector: target.sector,
            target_bare_state: event.target.as_ref().is_some_and(|r| r.bare_state),
            cameo: event.code.clone(),
            cameo_name: ontology.name(&event.code).map(str::to_owned),
            cameo_root: event.code.get(..2).map(str::to_owned),
            plover: plover.map(|p| p.event.clone()),
            plover_mode: plover.and_then(|p| p.mode.clone()),
            quad: ontology.quad(&event.code),
            goldstein: ontology.goldstein(&event.code).map(|v| round(v, 10.0)),
            mode: event.mode.as_str(),
            date_first,
            date_last,
            date_text,
            date_resolved: event.when.resolved(),
            place_name: event.place.as_ref().and_then(|p| text(&p.name)),
            place_country: event.place.as_ref().and_then(|p| text(&p.country)),
            geonameid: pin.and_then(|p| p.geonameid),
            lat: pin.and_then(|p| p.point).map(|p| p.0),
            lon: pin.and_then(|p| p.point).map(|p| p.1),
            place_precision: pin.map(|p| p.precision.to_owned()),
            count_text: optional(event.count.as_ref()),
            statement_id: statement.map(|s| s.id.clone()),
            claimed_by: optional(event.claimed_by.as_ref()),
            confidence: round(event.confidence, 1000.0),
            frame: event.frame.clone(),
            evidence: evidence.and_then(|s| text(s.of(&article.text))),
            evidence_start: evidence.map(|s| s.start),
            evidence_end: evidence.map(|s| s.end),
            outlet: optional(article.outlet.as_ref()),
            published: article.published.map(|d| d.to_string()),
            url: optional(article.url.as_ref()),
            coder_version: CODER_VERSION,
            ontology_version: ONTOLOGY_VERSION,
            details: event.details.clone(),
        }
    }
}

impl EventRecord {
    /// Gives the event another code; what follows from a code is looked up anew (I9).
    pub fn set_code(&mut self, code: &str, ontology: &Ontology) {
        let plover = ontology.plover(code);
        self.cameo = code.to_owned();
        self.cameo_name = ontology.name(code).map(str::to_owned);
        self.cameo_root = code.get(..2).map(str::to_owned);
        self.plover = plover.map(|p| p.event.clone());
        self.plover_mode = plover.and_then(|p| p.mode.clone());
        self.quad = ontology.quad(code);
        self.goldstein = ontology.goldstein(code).map(|v| round(v, 10.0));
    }
}

struct Side {
    code: Option<String>,
    name: Option<String>,
    country: Option<String>,
    sector: Option<String>,
}

impl Side {
    fn new(role: Option<&Role>) -> Self {
        let (country, sector) = role.map_or((None, None), |r| country_sector(&r.code));
        Self { code: role.and_then(|r| text(&r.code)), name: role.and_then(|r| text(&r.name)), country, sector }
    }
}

/// The smallest stretch holding the trigger and all other evidence of its own sentence; words
/// of linked mentions may stand far away and would stretch it over half the article.
fn evidence(coded: &Coded, event: &Event) -> Option<Span> {
    let trigger = *event.evidence.first()?;
    let sentence = coded.text.sentences.get(event.sentence as usize).map_or(trigger, |s| s.span);
    Some(event.evidence.iter().filter(|s| sentence.contains(**s)).fold(trigger, |a, b| a.join(*b)))
}

/// An f32 as the decimal number it was meant to be.
fn round(value: f32, unit: f64) -> f64 {
    (f64::from(value) * unit).round() / unit
}
