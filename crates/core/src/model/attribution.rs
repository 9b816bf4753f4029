/// What kind of hop carries the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HopKind {
    /// The mouth.
    Speaker,
    /// A paper, agency, broadcaster, site.
    Outlet,
    /// A source without a name ("a senior official").
    Anonymous,
    /// A document or report.
    Document,
}

/// How the words came to this hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Via {
    Direct,
    Interview,
    Statement,
    PressConference,
    Speech,
    Post,
    Broadcast,
    Quoted,
    Retold,
    /// An agency's text, printed as it came.
    Wire,
}

impl HopKind {
    /// Name as records have it.
    pub fn as_str(self) -> &'static str {
        match self {
            HopKind::Speaker => "speaker",
            HopKind::Outlet => "outlet",
            HopKind::Anonymous => "anonymous",
            HopKind::Document => "document",
        }
    }
}

impl Via {
    /// Name as records have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Direct => "direct",
            Via::Interview => "interview",
            Via::Statement => "statement",
            Via::PressConference => "press conference",
            Via::Speech => "speech",
            Via::Post => "post",
            Via::Broadcast => "broadcast",
            Via::Quoted => "quoted",
            Via::Retold => "retold",
            Via::Wire => "wire copy",
        }
    }
}

/// One station of the words on their way to the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// Who.
    pub name: String,
    /// What it is.
    pub kind: HopKind,
    /// How the words came here from the hop before.
    pub via: Via,
    /// Words that show it ("quoted by the Post").
    pub cue: Option<super::Span>,
    /// Whether we hold its text ourselves.
    pub seen: bool,
}

impl Hop {
    /// Whether the text tells of this hop: neither the mouth, named or not, nor merely the page in hand.
    pub fn tells(&self) -> bool {
        !matches!(self.kind, HopKind::Speaker | HopKind::Anonymous) && (!self.seen || self.cue.is_some())
    }
}

/// The chain from the mouth to the page in hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attribution {
    /// In order, speaker first.
    pub hops: Vec<Hop>,
}

impl Attribution {
    /// First hop that is not the speaker and not merely the page in hand: counts are counts of
    /// these. `None`: not named. The page in hand is an origin only when it says it was told.
    pub fn origin(&self) -> Option<&Hop> {
        self.hops.iter().find(|h| h.tells())
    }
}
