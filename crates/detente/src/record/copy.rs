//! A record's sentence in the copies of its text.

use detente_core::link::drift::{self, Kind, Run, Words};
use detente_core::model::{Article, Span};
use serde::Serialize;

/// The sentence of a record in an article that is a copy of its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyOf {
    /// Id of the copy.
    pub article_id: String,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its day.
    pub published: Option<String>,
    /// The sentence as it stands there; none where it was left out.
    pub sentence: Option<String>,
    /// Whether it differs from that of the earliest copy that has it.
    pub changed: bool,
    /// How, from its first word to its last; empty where nothing changed or nothing is left.
    pub changes: Vec<Run>,
}

impl CopyOf {
    /// A sentence in copies of its text, in their order; `cut` has the words of each, sentence by sentence.
    pub fn all(mine: Words<'_>, articles: &[Article], cut: &[Vec<Vec<Span>>]) -> Vec<Self> {
        let found: Vec<Option<Words<'_>>> = articles
            .iter()
            .zip(cut)
            .map(|(a, cut)| drift::counterpart(mine, &a.text, cut).and_then(|i| Some(Words { text: &a.text, spans: cut.get(i)? })))
            .collect();
        let first = found.iter().flatten().next().copied();
        articles
            .iter()
            .zip(&found)
            .map(|(a, words)| {
                let mut changes = first.zip(*words).map_or_else(Vec::new, |(first, words)| drift::drift(first, words));
                if changes.iter().all(|r| r.kind == Kind::Same) {
                    changes.clear();
                }
                Self {
                    article_id: a.id.clone(),
                    outlet: a.outlet.clone(),
                    published: a.published.map(|d| d.to_string()),
                    sentence: words.map(Words::whole),
                    changed: words.is_none() || !changes.is_empty(),
                    changes,
                }
            })
            .collect()
    }
}
