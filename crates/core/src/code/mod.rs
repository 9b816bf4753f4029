//! Code: from analysed sentences to events and statements.
//!
//! Needs: the text stage's sentences, the knowledge.
//! Gives: mentions traced to actors, events, statements with their chains, notes.

mod attribution;
mod chain;
mod deed;
mod event;
mod matcher;
mod memory;
mod mention;
mod names;
mod np;
mod relate;
mod sentence;
mod statement;
mod tester;
mod tree;
mod when;

pub use relate::relate;
pub use tester::Reader;

use crate::knowledge::Knowledge;
use crate::model::{Article, Event, Mention, Part, Statement};
use crate::text::{self, Text, model::Model};
use sentence::State;

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

/// Codes an article: text → code → link.
pub fn code(article: &Article, k: &Knowledge, model: &Model) -> Coded {
    let text = text::read(article, &k.text, model);
    let mut coded = read(article, text, k);
    crate::link::link(&mut coded);
    coded
}

/// Codes an article whose text is already read.
pub fn read(article: &Article, text: Text, k: &Knowledge) -> Coded {
    let mut state = State::new(article, k);
    let mut open_time = false;
    for (i, sentence) in text.sentences.iter().enumerate() {
        if sentence.part == Part::Byline {
            continue;
        }
        open_time |= state.sentence(i as u32, sentence, &text);
    }
    let mut coded = state.finish();
    if article.published.is_none() && open_time {
        coded.notes.push("no publication date: relative dates stay open".to_owned());
    }
    coded.notes.extend(text.notes.iter().cloned());
    coded.text = text;
    coded
}
