use super::Span;
use std::fmt;

/// Country or organisation plus sector: "RUSGOV", "IMGISI", "UNO".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActorCode(pub String);

impl ActorCode {
    /// Code text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First three letters: the country or the kind of body.
    pub fn country(&self) -> &str {
        self.0.get(..3).unwrap_or(&self.0)
    }

    /// What follows the country; empty for a bare state.
    pub fn sector(&self) -> &str {
        self.0.get(3..).unwrap_or("")
    }
}

impl fmt::Display for ActorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How words that name nobody were traced to an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Named in place.
    Named,
    /// A family name or short form seen in full before.
    ShortForm,
    /// A pronoun.
    Pronoun,
    /// "the ministry", "the group".
    Definite,
    /// "their Russian counterparts".
    Counterpart,
    /// The speaker of the quote the words stand in ("we").
    Speaker,
    /// Left out in the sentence, plain from the article.
    Implied,
}

impl Link {
    /// Name as it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Link::Named => "named",
            Link::ShortForm => "short form",
            Link::Pronoun => "pronoun",
            Link::Definite => "definite noun",
            Link::Counterpart => "counterpart",
            Link::Speaker => "speaker",
            Link::Implied => "implied",
        }
    }
}

/// Why a mention has its code: the knowledge entries and links used, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why(pub Vec<String>);

/// Words that stand for an actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Words in the text.
    pub span: Span,
    /// Sentence index.
    pub sentence: u32,
    /// Head token in the sentence.
    pub head: u32,
    /// Actor code; sector empty for a bare state.
    pub code: ActorCode,
    /// Best name for showing ("Levan Dzhagaryan", "Russia").
    pub name: String,
    /// Office held at the article's date, when one was found ("defence minister").
    pub office: Option<String>,
    /// Whether the mention is a person (rather than a state, body or group).
    pub person: bool,
    /// How it was traced.
    pub link: Link,
    /// Knowledge entries behind it.
    pub why: Why,
}
