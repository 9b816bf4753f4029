use super::{CODER_VERSION, ONTOLOGY_VERSION, optional};
use detente_core::code::Coded;
use detente_core::model::Article;
use serde::Serialize;

/// An article, as it leaves the process.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArticleRecord {
    /// Always "article".
    pub record: &'static str,
    /// Stable name made from the text and its source.
    pub id: String,
    /// Where it was published.
    pub outlet: Option<String>,
    /// Publication date.
    pub published: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Headline, from the page's metadata or the text.
    pub title: Option<String>,
    /// Byline.
    pub byline: Option<String>,
    /// Language of the text.
    pub lang: &'static str,
    /// The text all offsets point into.
    pub text: Option<String>,
    /// Number of sentences read.
    pub sentences: usize,
    /// Lines left out, with reasons.
    pub skipped: Vec<SkippedRecord>,
    /// What a reader should know about the reading.
    pub notes: Vec<String>,
    /// Version of the program.
    pub coder_version: &'static str,
    /// Version of the ontology's tables.
    pub ontology_version: &'static str,
}

/// A line that is not news.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkippedRecord {
    /// Kind of furniture.
    pub kind: String,
    /// Reason to show.
    pub reason: String,
    /// Its words.
    pub text: String,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl ArticleRecord {
    /// Flattens an article.
    pub fn new(article: &Article, coded: &Coded) -> Self {
        let words = |span: detente_core::model::Span| super::text(span.of(&article.text).trim());
        Self {
            record: "article",
            id: article.id.clone(),
            outlet: optional(article.outlet.as_ref()),
            published: article.published.map(|d| d.to_string()),
            url: optional(article.url.as_ref()),
            title: optional(article.title.as_ref()).or_else(|| coded.text.headline.and_then(words)),
            byline: coded.text.byline.and_then(words),
            lang: "en",
            text: super::text(&article.text),
            sentences: coded.text.sentences.len(),
            skipped: coded
                .text
                .skipped
                .iter()
                .map(|s| SkippedRecord {
                    kind: s.kind.clone(),
                    reason: s.reason.clone(),
                    text: s.span.of(&article.text).to_owned(),
                    start: s.span.start,
                    end: s.span.end,
                })
                .collect(),
            notes: coded.text.notes.iter().chain(&coded.notes).cloned().collect(),
            coder_version: CODER_VERSION,
            ontology_version: ONTOLOGY_VERSION,
        }
    }
}
