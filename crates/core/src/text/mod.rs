//! Text: from an article's untouched words to analysed sentences.
//!
//! Needs: the article, the cues about English writing, the English model.
//! Gives: sentences whose tokens are spans into the article, the skipped lines with their
//! reasons, the headline and byline.

mod chars;
mod layout;
mod lines;
pub mod model;
mod quote;
mod read;
mod sentence;
#[cfg(test)]
mod tests;
mod token;

use crate::model::{Sentence, Skipped, Span};

pub use read::{plain, read, read_with, segment};
pub(crate) use sentence::{is_dash, is_quote};

/// What the stage gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// In text order; furniture is not among them.
    pub sentences: Vec<Sentence>,
    /// Lines that are not news.
    pub skipped: Vec<Skipped>,
    /// The headline's words.
    pub headline: Option<Span>,
    /// The byline's words ("By: …"), without the "By".
    pub byline: Option<Span>,
    /// Dateline place and agency, when the body opens with one.
    pub dateline: Option<Span>,
    /// Passages in quotation marks, marks excluded, in order; a quote running over several
    /// paragraphs is one entry per paragraph.
    pub quotes: Vec<Span>,
    /// Things a reader should know ("sentence of 9,120 words cut into pieces").
    pub notes: Vec<String>,
}
