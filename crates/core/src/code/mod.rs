//! Code: from analysed sentences to events and statements.

use crate::knowledge::Knowledge;
use crate::model::{Article, Event, Mention, Statement};
use crate::text::{Text, model::Model};

/// Everything read out of one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coded {
    /// Output of the text stage.
    pub text: Text,
    /// Words that stand for actors, in text order.
    pub mentions: Vec<Mention>,
    /// Deeds, in text order.
    pub events: Vec<Event>,
    /// Attributed utterances and positions, in text order.
    pub statements: Vec<Statement>,
    /// What a reader should know about the reading ("no publication date: …").
    pub notes: Vec<String>,
}
