use super::Span;

/// Something a text puts in somebody's mouth or mind, whoever it is and whatever it is about:
/// speech, belief, wish, praise, blame. Statements of political actors are a part of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributed {
    /// Index of the cue's sentence.
    pub sentence: u32,
    /// Words that attribute ("has said", "according to").
    pub cue: Span,
    /// Words of the one it is attributed to; `None` when left out ("was widely expected").
    pub source: Option<Span>,
    /// What is attributed, in text order; words broken up by cue and source, or going on in later
    /// sentences, are several spans.
    pub content: Vec<Span>,
    /// Whether words of a quotation are among the content.
    pub verbatim: bool,
}
