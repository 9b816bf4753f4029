use super::{Link, Span, When};
use std::fmt;
use std::str::FromStr;

/// In what way the deed is said to be so. Never a reason to drop it silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Told as fact.
    #[default]
    Happened,
    /// Said to come.
    Future,
    /// A condition or possibility.
    Hypothetical,
    /// Said not to be so.
    Negated,
    /// Background from another time.
    Historical,
    /// So somebody says of somebody else.
    Claimed,
}

impl Mode {
    /// The mode of that name.
    pub fn named(name: &str) -> Option<Mode> {
        [Mode::Happened, Mode::Future, Mode::Hypothetical, Mode::Negated, Mode::Historical, Mode::Claimed]
            .into_iter()
            .find(|m| m.as_str() == name)
    }

    /// Name as records have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Happened => "happened",
            Mode::Future => "future",
            Mode::Hypothetical => "hypothetical",
            Mode::Negated => "negated",
            Mode::Historical => "historical",
            Mode::Claimed => "claimed",
        }
    }
}

/// One side of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Actor code ("ISRMIL", "IRN").
    pub code: String,
    /// Name to show.
    pub name: String,
    /// Words in the sentence (or of the antecedent when `link` says so).
    pub span: Span,
    /// How it was traced.
    pub link: Link,
    /// The words name a state and nothing of it ("Russia", "both countries"): the sector is the
    /// codebook's reading, not the text's.
    pub bare_state: bool,
}

impl Role {
    /// The code without a sector that the words do not hold: "RUS" where `code` is "RUSGOV" for
    /// "Russia".
    pub fn bare_code(&self) -> &str {
        if self.bare_state { self.code.get(..3).unwrap_or(&self.code) } else { &self.code }
    }
}

/// A place of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pin {
    /// GeoNames id; towns have one.
    pub geonameid: Option<u32>,
    /// Degrees north and east; none for a country, which is no point.
    pub point: Option<(f64, f64)>,
    /// "point", "town", "region" or "country".
    pub precision: &'static str,
}

/// Where.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// As the text names it.
    pub name: String,
    /// ISO alpha-3 of the country; empty when nobody knows it.
    pub country: String,
    /// Its words.
    pub span: Span,
    /// Which place of the world the words mean, when that is known.
    pub pin: Option<Pin>,
}

/// Somebody did something to somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `e:` and a hash of article and evidence.
    pub id: String,
    /// Sentence index.
    pub sentence: u32,
    /// Doer; `None` for agentless harm.
    pub source: Option<Role>,
    /// Done-to; `None` for deeds without one.
    pub target: Option<Role>,
    /// CAMEO code, three or four digits.
    pub code: String,
    /// When.
    pub when: When,
    /// Where.
    pub place: Option<Place>,
    /// How it is said to be so.
    pub mode: Mode,
    /// Number of deeds or things, in words ("multiple", "13").
    pub count: Option<String>,
    /// Statement it was said in (index into the statements).
    pub said_in: Option<u32>,
    /// Speaker who claims it, for mode claimed.
    pub claimed_by: Option<String>,
    /// Trigger words first, then everything else used; all in the text.
    pub evidence: Vec<Span>,
    /// Frame (and operators) that read it: "fight-attack", "ask(release)".
    pub frame: String,
    /// 0–1: product of what the reading leaned on.
    pub confidence: f32,
    /// Knowledge entries and links used, in order.
    pub why: Vec<String>,
    /// Further sentences that tell the same event (filled by `link`).
    pub also: Vec<Span>,
    /// What else its sentence tells, to compare tellings by (filled by `link`).
    pub details: Details,
}

/// A number of a telling. Words are hashes, 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Figure {
    /// What is counted ("soldiers"); 0 for people of any kind.
    pub what: u32,
    /// What happened to them ("killed").
    pub how: u32,
    /// As many at least, and at most.
    pub least: u32,
    /// See `least`.
    pub most: u32,
}

/// What an event's sentence tells beside its columns: numbers, names and things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Details {
    /// Numbers with what they count, sorted.
    pub figures: Vec<Figure>,
    /// Hashes of the words that say what it is about, sorted.
    pub words: Vec<u32>,
}

impl fmt::Display for Details {
    /// `what.how.least.most …|word …`, as stores keep it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, n) in self.figures.iter().enumerate() {
            write!(f, "{}{:x}.{:x}.{}.{}", if i > 0 { " " } else { "" }, n.what, n.how, n.least, n.most)?;
        }
        f.write_str("|")?;
        for (i, w) in self.words.iter().enumerate() {
            write!(f, "{}{w:x}", if i > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl FromStr for Details {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        let (figures, words) = s.split_once('|').ok_or(())?;
        let hex = |s: &str| u32::from_str_radix(s, 16).map_err(|_| ());
        let figure = |s: &str| {
            let mut parts = s.split('.');
            let mut next = || parts.next().ok_or(());
            let (what, how) = (hex(next()?)?, hex(next()?)?);
            let (least, most) = (next()?.parse().map_err(|_| ())?, next()?.parse().map_err(|_| ())?);
            Ok(Figure { what, how, least, most })
        };
        Ok(Details {
            figures: figures.split_whitespace().map(figure).collect::<Result<_, ()>>()?,
            words: words.split_whitespace().map(hex).collect::<Result<_, ()>>()?,
        })
    }
}

/// Roots of the codes of force, by whatever means.
pub const FORCE: [&str; 3] = ["18", "19", "20"];

/// Whether a code is one of harm: coercion or force.
pub fn is_harm(code: &str) -> bool {
    code.starts_with("17") || is_force(code)
}

/// Whether a code is one of force.
pub fn is_force(code: &str) -> bool {
    code.get(..2).is_some_and(|root| FORCE.contains(&root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_written_and_read() {
        let all = Details { figures: vec![Figure { what: 0xab, how: 0, least: 3, most: u32::MAX }], words: vec![1, 0xffff_ffff] };
        for details in [all, Details::default()] {
            assert_eq!(details.to_string().parse(), Ok(details));
        }
        for wrong in ["", "a", "1.2.3|", "|zz"] {
            assert_eq!(wrong.parse::<Details>(), Err(()), "{wrong}");
        }
    }
}
