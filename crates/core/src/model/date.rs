use std::fmt;
use std::str::FromStr;

/// A calendar day (proleptic Gregorian).
pub type Date = jiff::civil::Date;

/// When something happened, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// First possible day; `None` while unresolved.
    pub first: Option<Date>,
    /// Last possible day.
    pub last: Option<Date>,
    /// The words that say so ("last week"); `None` when the sentence is silent.
    pub text: Option<String>,
    /// How the days were reached, for a reader ("weekday before 2018-07-18").
    pub how: Option<&'static str>,
}

impl When {
    /// Whether days are known.
    pub fn resolved(&self) -> bool {
        self.first.is_some()
    }
}

impl fmt::Display for When {
    /// "2018-07-09…2018-07-15", the words when unresolved, "undated" when silent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last, &self.text) {
            (Some(a), Some(b), _) if a == b => write!(f, "{a}"),
            (Some(a), Some(b), _) => write!(f, "{a}…{b}"),
            (Some(a), None, _) => write!(f, "{a}…"),
            (None, _, Some(text)) => f.write_str(text),
            (None, _, None) => f.write_str("undated"),
        }
    }
}

/// Days as the compiled-in tables have them.
pub mod days {
    use super::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(missing_docs)]
    pub fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        day.map(|d| (d.year(), d.month(), d.day())).serialize(to)
    }

    #[allow(missing_docs)]
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        let day = Option::<(i16, i8, i8)>::deserialize(from)?;
        day.map(|(y, m, d)| Date::new(y, m, d).map_err(serde::de::Error::custom)).transpose()
    }
}

/// Reads `YYYY-MM-DD`, `YYYY-MM` or `YYYY` as the first day meant.
pub fn parse_loose(s: &str) -> Option<Date> {
    match s.len() {
        4 => Date::from_str(&format!("{s}-01-01")).ok(),
        7 => Date::from_str(&format!("{s}-01")).ok(),
        _ => Date::from_str(s).ok(),
    }
}
