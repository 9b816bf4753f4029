use super::{
    Date, Span,
    syntax::{Deprel, Upos, Xpos},
};

/// A text as it was read. Ground: never edited after reading.
///
/// All spans of all records are offsets into `text`. For a page, `text` is the title, a blank
/// line and the extracted body; for a plain file, the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// Stable name: made from the text and its source by the reader.
    pub id: String,
    /// Where it was published, when known.
    pub outlet: Option<String>,
    /// Address, when known.
    pub url: Option<String>,
    /// Publication date, when known; nothing relative is resolved without it.
    pub published: Option<Date>,
    /// Title as given by the page's metadata; plain text has its headline in `text` only.
    pub title: Option<String>,
    /// The untouched text.
    pub text: String,
}

/// Which part of an article a sentence stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The headline, and a standfirst under it.
    Headline,
    /// "By …" lines; they are hops of the chain, not news.
    Byline,
    /// Running text.
    Body,
    /// Words under a picture.
    Caption,
    /// Lines of the page that are not news.
    Furniture,
}

/// One sentence: tokens that are spans into the article.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// From the first to the last token.
    pub span: Span,
    /// Where in the article it stands.
    pub part: Part,
    /// Paragraph number, counted over the whole article.
    pub paragraph: u32,
    /// In text order.
    pub tokens: Vec<Token>,
}

/// One word or mark with its analysis (Universal Dependencies v2).
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its words in the text.
    pub span: Span,
    /// Dictionary form.
    pub lemma: String,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag: tense, number, participles.
    pub xpos: Xpos,
    /// Index of the governing token; `None` for the root.
    pub head: Option<u32>,
    /// Relation to the head.
    pub deprel: Deprel,
    /// Whether it stands within quotation marks (which may have opened sentences before).
    pub quoted: bool,
}

/// A line that is not news and why it was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    /// Its words.
    pub span: Span,
    /// Kind of furniture, as named in `knowledge/cues/furniture.toml`.
    pub kind: String,
    /// Reason to show a reader.
    pub reason: String,
}
