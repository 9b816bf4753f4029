//! Record v1: the flat, versioned schema of everything that leaves the process (I8).
//!
//! Columns are described in `docs/record-v1.md`; a test compares that page with these structs.
//! Missing values are `null`, never an empty text or a zero.

mod article;
mod copy;
mod event;
mod statement;
pub mod telling;

pub use article::{ArticleRecord, SkippedRecord};
pub use copy::CopyOf;
pub use event::EventRecord;
pub use statement::{HopRecord, StatementRecord};
pub use telling::{group_id, set_groups};

use detente_core::code::Coded;
use detente_core::knowledge::ontology::{self, Ontology};
use detente_core::model::{Article, When};

/// Version of this program, as records name it.
pub const CODER_VERSION: &str = concat!("detente-", env!("CARGO_PKG_VERSION"));

/// Version of the ontology's tables, as records name it.
pub const ONTOLOGY_VERSION: &str = ontology::VERSION;

/// All records of one article: the article first, then statements, then events.
#[derive(Clone, Debug, PartialEq)]
pub struct Records {
    /// The article.
    pub article: ArticleRecord,
    /// In text order.
    pub statements: Vec<StatementRecord>,
    /// In text order.
    pub events: Vec<EventRecord>,
}

impl Records {
    /// Flattens what was read; names and classes are looked up from the codes (I9).
    pub fn new(article: &Article, coded: &Coded, ontology: &Ontology) -> Self {
        let events = coded.events.iter().map(|e| EventRecord::new(article, coded, e, ontology)).collect();
        let statements = coded.statements.iter().map(|s| StatementRecord::new(article, s)).collect();
        Self { article: ArticleRecord::new(article, coded), statements, events }
    }

    /// Names the story all of them are part of.
    pub fn set_story(&mut self, id: &str) {
        self.events.iter_mut().for_each(|e| e.story_id = Some(id.to_owned()));
        self.statements.iter_mut().for_each(|s| s.story_id = Some(id.to_owned()));
    }

    /// One JSON object a line.
    pub fn json_lines(&self) -> Vec<u8> {
        let mut out = Vec::new();
        line(&mut out, &self.article);
        self.statements.iter().for_each(|s| line(&mut out, s));
        self.events.iter().for_each(|e| line(&mut out, e));
        out
    }
}

/// The id of a story, from that of the article that told it first.
pub fn story_id(article: &str) -> String {
    format!("t:{article}")
}

fn line(out: &mut Vec<u8>, record: &impl serde::Serialize) {
    // Plain structs of texts and numbers: nothing in them can fail to serialise.
    serde_json::to_writer(&mut *out, record).expect("records are plain data");
    out.push(b'\n');
}

/// `Some` text only when there is text.
pub(crate) fn text(s: &str) -> Option<String> {
    (!s.is_empty()).then(|| s.to_owned())
}

/// The same for optional text.
pub(crate) fn optional(s: Option<&String>) -> Option<String> {
    s.and_then(|s| text(s))
}

/// First day, last day, words.
pub(crate) fn days(when: &When) -> (Option<String>, Option<String>, Option<String>) {
    (when.first.map(|d| d.to_string()), when.last.or(when.first).map(|d| d.to_string()), optional(when.text.as_ref()))
}

/// Prefixes that stand where a country would, for actors of no country.
const NO_COUNTRY: &[&str] = &["UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC", "NON", "UNK"];

const SECTORS: &[&str] = &[
    "GOV", "MIL", "COP", "JUD", "LEG", "OPP", "PTY", "REB", "PRM", "SPY", "UAF", "BUS", "CVL", "EDU", "JRN", "LAB", "MED", "REF", "REL",
    "SOC", "CRM", "AGR", "ELI", "UNK", "SEP", "INS",
];

/// Country and sector of an actor code; bodies without a country have none.
pub fn country_sector(code: &str) -> (Option<String>, Option<String>) {
    let country = code.get(..3).filter(|c| !NO_COUNTRY.contains(c) && *c != "---");
    let sector = code.get(3..6).filter(|s| SECTORS.contains(s));
    (country.map(str::to_owned), sector.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_and_sector_of_codes() {
        let pair = |c: &str| {
            let (a, b) = country_sector(c);
            (a.unwrap_or_default(), b.unwrap_or_default())
        };
        assert_eq!(pair("RUSGOV"), ("RUS".into(), "GOV".into()));
        assert_eq!(pair("IRN"), ("IRN".into(), String::new()));
        assert_eq!(pair("IMGISI"), (String::new(), String::new()));
        assert_eq!(pair("IGOMIL"), (String::new(), "MIL".into()));
        assert_eq!(pair(""), (String::new(), String::new()));
    }
}
