use super::{Attribution, Role, Span, When};

/// Names of the acts a statement performs, as in the codebook's table.
pub type Acts = Vec<String>;

/// Somebody said or holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// `s:` and a hash of article and evidence.
    pub id: String,
    /// Sentence index.
    pub sentence: u32,
    /// Who; `None` when nobody is named.
    pub speaker: Option<Role>,
    /// Office of the speaker at the article's date.
    pub office: Option<String>,
    /// Acts, in the order found.
    pub acts: Acts,
    /// Actor codes it is about (sides of the content's events first).
    pub about: Vec<String>,
    /// Issue words it is about ("military presence").
    pub issue: Option<String>,
    /// To whom.
    pub addressee: Option<Role>,
    /// Reason given.
    pub reason: Option<Span>,
    /// Instrument named as the means.
    pub instrument: Option<Span>,
    /// Whether (part of) the content is quoted word for word.
    pub verbatim: bool,
    /// Quoted words, when verbatim.
    pub quote: Option<Span>,
    /// What is said.
    pub content: Span,
    /// Cue word.
    pub cue: Option<Span>,
    /// When it was said.
    pub when: When,
    /// Words that say it is said again and again ("repeatedly").
    pub repeated: Option<Span>,
    /// From the mouth to the page in hand.
    pub chain: Attribution,
    /// Whole evidence.
    pub evidence: Span,
    /// Knowledge entries and links used.
    pub why: Vec<String>,
}
