//! What was considered in a sentence and what became of it: wordings tried, deeds found, sides
//! that made no record.

use crate::model::{Event, Mode, Span};

/// A wording tried at a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// The word.
    pub word: Span,
    /// Frame or operator.
    pub frame: String,
    /// Its code; empty for operators.
    pub code: String,
    /// The wording.
    pub pattern: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a wording.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is the reading of the word, with this score.
    Taken(u32),
    /// Another wording scored more.
    Weaker(u32),
    /// After so many parts one was not found.
    Lacks(usize, String),
    /// An operator that holds no deed its table knows.
    Idle,
}

/// A deed and the records it gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Considered {
    /// Its word.
    pub word: Span,
    /// Frame and operators.
    pub frame: String,
    /// CAMEO code.
    pub code: String,
    /// Words of the doer's side.
    pub source: Vec<Span>,
    /// Words of the other side.
    pub target: Vec<Span>,
    /// Mode by operators and clause.
    pub mode: Mode,
    /// Records made.
    pub events: Vec<Event>,
    /// Why pairs of sides made none.
    pub dropped: Vec<String>,
}

/// One sentence as it was considered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Considering {
    /// Its place in the article.
    pub sentence: u32,
    /// Wordings, in text order.
    pub tried: Vec<Tried>,
    /// Deeds that stand for themselves, in text order.
    pub deeds: Vec<Considered>,
    /// Words that name a deed under a stance and were used up by it.
    pub used: Vec<Span>,
}
