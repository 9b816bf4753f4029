use super::{CODER_VERSION, ONTOLOGY_VERSION, country_sector, days, optional, text};
use detente_core::model::{Article, Hop, HopKind, Role, Span, Statement};
use serde::Serialize;

/// A statement, as it leaves the process. Columns are described in `docs/record-v1.md`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // One description each, in docs/record-v1.md, kept whole by a test.
pub struct StatementRecord {
    pub record: &'static str,
    pub id: String,
    pub article_id: String,
    pub sentence: u32,
    pub story_id: Option<String>,
    pub speaker: Option<String>,
    pub speaker_name: Option<String>,
    pub speaker_office: Option<String>,
    pub speaker_country: Option<String>,
    pub speaker_sector: Option<String>,
    pub speaker_bare_state: bool,
    pub acts: Vec<String>,
    pub about: Vec<String>,
    pub issue: Option<String>,
    pub addressee: Option<String>,
    pub addressee_name: Option<String>,
    pub reason: Option<String>,
    pub instrument: Option<String>,
    pub verbatim: bool,
    pub quote: Option<String>,
    pub content: Option<String>,
    pub cue: Option<String>,
    pub repeated: Option<String>,
    pub chain: Vec<HopRecord>,
    pub origin: Option<String>,
    pub date_first: Option<String>,
    pub date_last: Option<String>,
    pub date_text: Option<String>,
    pub date_resolved: bool,
    pub evidence: Option<String>,
    pub evidence_start: u32,
    pub evidence_end: u32,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub url: Option<String>,
    pub coder_version: &'static str,
    pub ontology_version: &'static str,
}

/// One station of the words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct HopRecord {
    pub name: Option<String>,
    pub kind: &'static str,
    pub via: &'static str,
    pub cue: Option<String>,
    pub seen: bool,
}

impl StatementRecord {
    /// Flattens a statement.
    pub fn new(article: &Article, statement: &Statement) -> Self {
        let words = |span: Option<Span>| span.and_then(|s| text(s.of(&article.text)));
        let code = |role: Option<&Role>| role.and_then(|r| text(&r.code));
        let name = |role: Option<&Role>| role.and_then(|r| text(&r.name));
        let speaker = statement.speaker.as_ref();
        let addressee = statement.addressee.as_ref();
        let (speaker_country, speaker_sector) = speaker.map_or((None, None), |r| country_sector(&r.code));
        let (date_first, date_last, date_text) = days(&statement.when);
        Self {
            record: "statement",
            id: statement.id.clone(),
            article_id: article.id.clone(),
            sentence: statement.sentence,
            story_id: None,
            speaker: code(speaker),
            speaker_name: name(speaker),
            speaker_office: optional(statement.office.as_ref()),
            speaker_country,
            speaker_sector,
            speaker_bare_state: speaker.is_some_and(|r| r.bare_state),
            acts: statement.acts.clone(),
            about: statement.about.clone(),
            issue: optional(statement.issue.as_ref()),
            addressee: code(addressee),
            addressee_name: name(addressee),
            reason: words(statement.reason),
            instrument: words(statement.instrument),
            verbatim: statement.verbatim,
            quote: words(statement.quote),
            content: words(Some(statement.content)),
            cue: words(statement.cue),
            repeated: words(statement.repeated),
            chain: statement.chain.hops.iter().map(|hop| HopRecord::new(article, hop)).collect(),
            origin: statement.chain.origin().and_then(|hop| text(&hop.name)),
            date_first,
            date_last,
            date_text,
            date_resolved: statement.when.resolved(),
            evidence: words(Some(statement.evidence)),
            evidence_start: statement.evidence.start,
            evidence_end: statement.evidence.end,
            outlet: optional(article.outlet.as_ref()),
            published: article.published.map(|d| d.to_string()),
            url: optional(article.url.as_ref()),
            coder_version: CODER_VERSION,
            ontology_version: ONTOLOGY_VERSION,
        }
    }

    /// The origin with the way its words got there: "Kommersant interview", "not named".
    pub fn origin_shown(&self) -> String {
        // The page in hand is no origin unless it says so: `origin` knows.
        let outlet = self.chain.iter().find(|h| h.name.is_some() && h.name == self.origin && h.kind != HopKind::Speaker.as_str());
        match outlet {
            Some(HopRecord { name: Some(name), via, .. }) if *via == "direct" => name.clone(),
            Some(HopRecord { name: Some(name), via, .. }) => format!("{name} {via}"),
            _ => "not named".to_owned(),
        }
    }
}

impl HopRecord {
    fn new(article: &Article, hop: &Hop) -> Self {
        Self {
            name: text(&hop.name),
            kind: hop.kind.as_str(),
            via: hop.via.as_str(),
            cue: hop.cue.and_then(|s| text(s.of(&article.text))),
            seen: hop.seen,
        }
    }
}
