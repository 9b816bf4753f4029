//! Words of time, by class; `code::time` puts them together.

use super::Problem;
use rustc_hash::FxHashMap as HashMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A stretch of the calendar or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Of a minute.
    Second,
    /// Of an hour.
    Minute,
    /// Of a day.
    Hour,
    /// Calendar day.
    Day,
    /// Saturday and Sunday.
    Weekend,
    /// Monday to Sunday.
    Week,
    /// Two weeks.
    Fortnight,
    /// Calendar month.
    Month,
    /// Three months, the first beginning in January.
    Quarter,
    /// Six months.
    Half,
    /// Calendar year.
    Year,
    /// Ten years.
    Decade,
    /// A hundred.
    Century,
    /// A thousand.
    Millennium,
}

impl Unit {
    fn named(name: &str) -> Option<Unit> {
        use Unit::*;
        let all = [
            ("second", Second),
            ("minute", Minute),
            ("hour", Hour),
            ("day", Day),
            ("weekend", Weekend),
            ("week", Week),
            ("fortnight", Fortnight),
            ("month", Month),
            ("quarter", Quarter),
            ("half", Half),
            ("year", Year),
            ("decade", Decade),
            ("century", Century),
            ("millennium", Millennium),
        ];
        all.into_iter().find(|(n, _)| *n == name).map(|(_, u)| u)
    }
}

/// What a word of time is, as `cues/time.toml` classes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lex {
    /// 1–12.
    Month(i8),
    /// Monday 1 to Sunday 7.
    Weekday(i8),
    /// Month of another calendar: calendar, 1–12.
    Foreign(Calendar, u8),
    /// Index into the seasons.
    Season(usize),
    /// TIMEX3 code ("MO").
    DayPart(usize),
    /// Unit; whether the form is plural.
    Unit(Unit, bool),
    /// Number word.
    Number(u32),
    /// Ordinal word.
    Ordinal(u32),
    /// "nineties": 9.
    Decade(u8),
    /// "today": index.
    Deictic(usize),
    /// "daily": index.
    Frequency(usize),
    /// Index into the holidays.
    Holiday(usize),
    /// Told vaguely.
    Vague(Vague),
    /// A class of `[words]`.
    Word(Class),
}

/// Which way a vague word points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vague {
    /// "recently".
    Past,
    /// "now".
    Present,
    /// "soon".
    Future,
}

/// Calendars with months of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Islamic, civil reckoning.
    Hijri,
    /// Solar, of Iran and Afghanistan.
    Iranian,
}

macro_rules! classes {
    ($($name:literal $class:ident),* $(,)?) => {
        /// Classes of `[words]`; the file says what each is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Class { $($class),* }
        impl Class {
            fn named(name: &str) -> Option<Class> {
                match name { $($name => Some(Class::$class),)* _ => None }
            }
        }
    };
}

classes! {
    "fuzzy" Fuzzy, "approximate" Approximate, "fillers" Filler, "tails" Tail, "previous" Previous, "closing" Closing, "preceding" Preceding, "past" Past, "this" This,
    "next" Next, "following" Following, "that" That, "latest" Latest, "recent" Recent, "each" Each, "the" The, "a" A,
    "ago" Ago, "earlier" Earlier, "later" Later, "hence" Hence, "ahead" Ahead, "early" Early, "middle" Middle, "late" Late,
    "sooner" Sooner, "afterward" Afterward, "year_end" YearEnd, "eve" Eve, "of" Of, "fiscal" Fiscal, "ended" Ended, "awaited" Awaited, "effective" Effective, "timetabled" Timetabled, "since" Since, "between" Between, "through" Through, "and" And, "on" On, "ante" Ante, "post" Post,
    "oclock" OClock, "noon" Noon, "midnight" Midnight, "zones" Zone, "universal" Universal, "bce" Bce, "period" Period,
    "adjectival" Adjectival, "year_cues" YearCue, "counted" Counted, "currencies" Currency, "future" Future, "arranged" Arranged, "uncounted_of" UncountedOf, "uncounted" Uncounted, "set_for" SetFor, "planned_nouns" PlannedNoun,
}

/// A season: TIMEX3 code, first and last month.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Season {
    /// "WI".
    pub code: String,
    names: Vec<String>,
    /// First and last, inclusive; the last may be the smaller one.
    pub months: [i8; 2],
}

/// A day or period told by one word.
#[derive(Clone, Debug, PartialEq)]
pub struct Deictic {
    /// Unit.
    pub unit: Unit,
    /// From the article's.
    pub offset: i32,
    /// Part of the day, an index.
    pub part: Option<usize>,
}

/// How a holiday's day is reckoned; see `cues/time.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Holiday {
    names: Vec<String>,
    pub month: Option<i8>,
    pub day: Option<i8>,
    pub easter: Option<i32>,
    pub orthodox_easter: Option<i32>,
    pub weekday: Option<i8>,
    pub nth: Option<i8>,
    pub hijri_month: Option<u8>,
}

#[derive(Deserialize)]
struct RawNumbered {
    number: i8,
    names: Vec<String>,
}

#[derive(Deserialize)]
struct RawForeign {
    calendar: String,
    names: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct RawPart {
    code: String,
    names: Vec<String>,
}

#[derive(Deserialize)]
struct RawUnit {
    name: String,
    names: Vec<String>,
    plurals: Vec<String>,
}

#[derive(Deserialize)]
struct RawDeictic {
    text: String,
    unit: String,
    offset: i32,
    part: Option<String>,
}

#[derive(Deserialize)]
struct RawFrequency {
    names: Vec<String>,
    value: String,
}

#[derive(Deserialize)]
struct RawVague {
    present: Vec<String>,
    past: Vec<String>,
    future: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTime {
    month: Vec<RawNumbered>,
    weekday: Vec<RawNumbered>,
    foreign_month: Vec<RawForeign>,
    season: Vec<Season>,
    daypart: Vec<RawPart>,
    unit: Vec<RawUnit>,
    numbers: BTreeMap<String, u32>,
    ordinals: BTreeMap<String, u32>,
    decades: BTreeMap<String, u8>,
    words: BTreeMap<String, Vec<String>>,
    vague: RawVague,
    deictic: Vec<RawDeictic>,
    frequency: Vec<RawFrequency>,
    holiday: Vec<Holiday>,
}

/// All words of time.
#[derive(Clone, Debug, Default)]
pub struct TimeWords {
    /// First token → tokens after it and the class.
    phrases: HashMap<String, Vec<(Vec<String>, Lex)>>,
    /// In the file's order.
    pub seasons: Vec<Season>,
    /// TIMEX3 codes of parts of a day.
    pub parts: Vec<String>,
    /// In the file's order.
    pub deictics: Vec<Deictic>,
    /// TIMEX3 values.
    pub frequencies: Vec<String>,
    /// In the file's order.
    pub holidays: Vec<Holiday>,
}

impl TimeWords {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        match super::load::read(toml).and_then(Self::build) {
            Ok(words) => *self = words,
            Err(e) => problems.push(Problem::error(file, e, "mend the file")),
        }
    }

    fn build(raw: RawTime) -> Result<Self, String> {
        let mut k = TimeWords::default();
        for m in raw.month {
            k.put(&m.names, Lex::Month(m.number));
        }
        for w in raw.weekday {
            k.put(&w.names, Lex::Weekday(w.number));
        }
        for f in raw.foreign_month {
            let calendar = match f.calendar.as_str() {
                "hijri" => Calendar::Hijri,
                "iranian" => Calendar::Iranian,
                other => return Err(format!("no calendar is called \"{other}\" (hijri or iranian)")),
            };
            for (names, number) in f.names.iter().zip(1..) {
                k.put(names, Lex::Foreign(calendar, number));
            }
        }
        for s in raw.season {
            k.put(&s.names, Lex::Season(k.seasons.len()));
            k.seasons.push(s);
        }
        for p in raw.daypart {
            k.put(&p.names, Lex::DayPart(k.parts.len()));
            k.parts.push(p.code);
        }
        let unit = |name: &str| Unit::named(name).ok_or_else(|| format!("no unit is called \"{name}\""));
        for u in raw.unit {
            let this = unit(&u.name)?;
            k.put(&u.names, Lex::Unit(this, false));
            k.put(&u.plurals, Lex::Unit(this, true));
        }
        raw.numbers.into_iter().for_each(|(w, n)| k.put(&[w], Lex::Number(n)));
        raw.ordinals.into_iter().for_each(|(w, n)| k.put(&[w], Lex::Ordinal(n)));
        raw.decades.into_iter().for_each(|(w, n)| k.put(&[w], Lex::Decade(n)));
        for (name, words) in raw.words {
            let class = Class::named(&name).ok_or_else(|| format!("[words] has no class \"{name}\""))?;
            k.put(&words, Lex::Word(class));
        }
        k.put(&raw.vague.present, Lex::Vague(Vague::Present));
        k.put(&raw.vague.past, Lex::Vague(Vague::Past));
        k.put(&raw.vague.future, Lex::Vague(Vague::Future));
        for d in raw.deictic {
            let part = match &d.part {
                Some(code) => Some(k.parts.iter().position(|p| p == code).ok_or_else(|| format!("no daypart has the code \"{code}\""))?),
                None => None,
            };
            k.put(&[d.text], Lex::Deictic(k.deictics.len()));
            k.deictics.push(Deictic { unit: unit(&d.unit)?, offset: d.offset, part });
        }
        for f in raw.frequency {
            k.put(&f.names, Lex::Frequency(k.frequencies.len()));
            k.frequencies.push(f.value);
        }
        for h in raw.holiday {
            k.put(&h.names, Lex::Holiday(k.holidays.len()));
            k.holidays.push(h);
        }
        for rows in k.phrases.values_mut() {
            rows.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Ok(k)
    }

    fn put(&mut self, names: &[String], lex: Lex) {
        for name in names {
            let mut parts = name.split(' ').map(str::to_owned);
            let first = parts.next().unwrap_or_default();
            self.phrases.entry(first).or_default().push((parts.collect(), lex));
        }
    }

    /// Every class of a phrase that begins at the first of these lower-case words, longest first, with
    /// its length in words.
    pub fn at<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = (usize, Lex)> + 'a {
        let rows = words.first().and_then(|w| self.phrases.get(w.as_str())).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .filter(|(rest, _)| words.len() > rest.len() && rest.iter().zip(&words[1..]).all(|(a, b)| a == b))
            .map(|(rest, lex)| (rest.len() + 1, *lex))
    }
}
