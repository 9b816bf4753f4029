//! The grammar of time: which words make an expression, and what it says before anybody knows the day.

mod amounts;
mod named;
mod numbers;

pub use amounts::duration;

use super::period::Period;
use crate::code::tree::Tree;
use crate::knowledge::time::{Calendar, Class, Lex, TimeWords, Unit, Vague};
use crate::model::{Date, syntax::Upos};
use numbers::named_day;

/// Something that comes again and again and has a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Named {
    /// 1–12.
    Month(i8),
    /// Month and day.
    Day(i8, i8),
    /// Monday 1.
    Weekday(i8),
    /// Index.
    Season(usize),
    /// 1–4.
    Quarter(i8),
    /// 1–2.
    Half(i8),
    /// Index.
    Holiday(usize),
    /// Month of another calendar, perhaps a day of it.
    Foreign(Calendar, u8, Option<u8>),
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A stretch of the calendar told in full.
    At(Period),
    /// A day of another calendar told in full, a day off perhaps.
    About(Date),
    /// A date no calendar has.
    Never,
    /// The one the tense points at.
    Nearest(Named),
    /// The last (−1), this (0), the next (1).
    Turn(Named, i32),
    /// Within a year told in some way.
    Within(Named, Box<Said>),
    /// The unit that holds a day told in some way ("the week of March 6").
    Holding(Unit, Box<Said>),
    /// The day before (−1) or after (1) one told in some way.
    Beside(i32, Box<Said>),
    /// Units from the article's date.
    Relative(Unit, i32),
    /// The unit up to the article's date ("the past year").
    Trailing(Unit),
    /// Units from the time told last.
    Anaphoric(Unit, i32),
    /// So many units before or after: amount (none when nobody counted), unit, −1 or 1, whether from the
    /// article's date rather than from the time told last.
    Shift(Option<f64>, Unit, i32, bool),
    /// How long; −1 up to the article's date, 1 from it on, 0 neither.
    Length(Option<f64>, Unit, i32),
    /// Again and again: TIMEX3 value.
    Often(String),
    /// Told vaguely.
    Vague(Vague),
    /// The same part of the year before ("year-ago").
    YearBefore,
    /// The part of the year told last, in another year ("the 1988 period").
    SameQuarter(i16),
}

/// Which part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// First third.
    Early,
    /// Middle third.
    Middle,
    /// Last third.
    Late,
    /// Up to the article's date.
    Before,
    /// From the article's date on.
    After,
    /// The day before.
    Eve,
}

/// A time of day: hours, minutes when told, whether universal time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0–24.
    pub hour: i8,
    /// 0–59.
    pub minute: Option<i8>,
    /// GMT or UTC.
    pub universal: bool,
}

/// An expression: its tokens and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it says.
    pub said: Said,
    /// Part of the day, an index.
    pub part: Option<usize>,
    /// Time of day.
    pub clock: Option<Clock>,
    /// Part of the period.
    pub stage: Option<Stage>,
}

/// A sentence and the classes of its words.
pub struct Grammar<'t> {
    tree: &'t Tree<'t>,
    k: &'t TimeWords,
    /// Lower-case words, "mid-" taken off.
    words: Vec<String>,
    /// Where it was.
    mid: Vec<bool>,
    lex: Vec<Vec<(usize, Lex)>>,
}

const MID: &str = "mid-";

impl<'t> Grammar<'t> {
    /// Classes of a sentence's words; none when no word can be part of a time.
    pub fn new(tree: &'t Tree<'t>, k: &'t TimeWords) -> Option<Self> {
        let mut words: Vec<String> = (0..tree.len()).map(|i| tree.word(i).to_lowercase().replace('’', "'")).collect();
        let mid: Vec<bool> = words.iter().map(|w| w.len() > MID.len() && w.starts_with(MID)).collect();
        for (w, _) in words.iter_mut().zip(&mid).filter(|(_, m)| **m) {
            w.drain(..MID.len());
        }
        let mut lex: Vec<Vec<(usize, Lex)>> = (0..words.len()).map(|i| k.at(&words[i..]).collect()).collect();
        let core = |l: &(usize, Lex)| !matches!(l.1, Lex::Word(_) | Lex::Number(_) | Lex::Ordinal(_));
        let numbers = lex.iter().flatten().filter(|l| matches!(l.1, Lex::Number(_))).count();
        let told = lex.iter().flatten().any(core)
            || numbers > 1
            || words.iter().any(|w| w.bytes().filter(u8::is_ascii_digit).count() >= 2)
            || lex.iter().flatten().any(|l| {
                matches!(
                    l.1,
                    Lex::Word(
                        Class::Noon | Class::Midnight | Class::YearEnd | Class::Adjectival | Class::Latest | Class::This | Class::Recent
                    )
                )
            });
        if !told {
            return None;
        }
        for (i, l) in lex.iter_mut().enumerate() {
            l.retain(|(_, l)| fits(tree, i, *l));
        }
        Some(Self { tree, k, words, mid, lex })
    }

    /// All expressions in order; none overlaps another.
    pub fn all(&self) -> Vec<Hit> {
        let mut out: Vec<Hit> = Vec::new();
        let mut i = 0;
        while i < self.words.len() {
            match self.expression(i) {
                Some(hit) => {
                    i = hit.end;
                    let day = matches!(hit.said, Said::Nearest(Named::Day(..))).then_some(hit.said.clone());
                    out.push(hit);
                    // "April 24 and 25"
                    if let Some(Said::Nearest(Named::Day(month, first))) = day
                        && let Some(more) = self.further_day(i, month, first)
                    {
                        i = more.end;
                        out.push(more);
                    }
                }
                None => i += 1,
            }
        }
        out
    }

    fn word(&self, i: usize) -> &str {
        self.words.get(i).map_or("", String::as_str)
    }

    /// End of the longest phrase of a class at `i`.
    fn class(&self, i: usize, class: Class) -> Option<usize> {
        self.lex.get(i)?.iter().find(|(_, l)| *l == Lex::Word(class)).map(|(n, _)| i + n)
    }

    fn skip(&self, i: usize, class: Class) -> usize {
        self.class(i, class).unwrap_or(i)
    }

    fn is(&self, i: usize, class: Class) -> bool {
        self.class(i, class).is_some()
    }

    fn pick<T>(&self, i: usize, f: impl Fn(Lex) -> Option<T>) -> Option<(usize, T)> {
        self.lex.get(i)?.iter().find_map(|(n, l)| f(*l).map(|t| (i + n, t)))
    }

    fn hyphen(&self, i: usize) -> bool {
        matches!(self.word(i), "-" | "–")
    }

    fn past_hyphen(&self, i: usize) -> usize {
        if self.hyphen(i) { i + 1 } else { i }
    }

    /// A further day of the month just told.
    fn further_day(&self, i: usize, month: i8, after: i8) -> Option<Hit> {
        if !(matches!(self.word(i), "and" | "to" | "through" | ",") || self.hyphen(i)) {
            return None;
        }
        let day = self.digits(i + 1, 31).filter(|d| *d > i32::from(after))?;
        let dated = self.pick(i + 2, |l| matches!(l, Lex::Month(_)).then_some(())).is_some();
        let noun = dated || i + 2 < self.words.len() && matches!(self.tree.upos(i + 2), Upos::NOUN | Upos::ADJ | Upos::NUM | Upos::SYM);
        let said = Said::Nearest(named_day(month, day)?);
        (!noun).then_some(Hit { start: i + 1, end: i + 2, said, part: None, clock: None, stage: None })
    }

    fn expression(&self, i: usize) -> Option<Hit> {
        let hit = |(end, said): (usize, Said)| Hit { start: i, end, said, part: None, clock: None, stage: None };
        let candidates = [
            self.clocked(i),
            self.staged(i),
            self.dated(i),
            self.amount_said(i).map(hit),
            self.ordinal_day(i).map(hit),
            self.often(i).map(hit),
            self.vague(i).map(hit),
        ];
        let mut best: Option<Hit> = None;
        for hit in candidates.into_iter().flatten() {
            if best.as_ref().is_none_or(|b| hit.end > b.end) {
                best = Some(hit);
            }
        }
        best
    }

    /// "early 1990", "the end of the month", "the late 1970s", "later this week".
    fn staged(&self, i: usize) -> Option<Hit> {
        let stages = [
            (Class::Early, Stage::Early),
            (Class::Middle, Stage::Middle),
            (Class::Late, Stage::Late),
            (Class::Sooner, Stage::Before),
            (Class::Afterward, Stage::After),
            (Class::Eve, Stage::Eve),
        ];
        let bare = self.class(i, Class::The).filter(|&j| stages[..3].iter().any(|(c, _)| self.is(j, *c))).unwrap_or(i);
        let (mut at, stage) = if self.mid.get(bare) == Some(&true) {
            (bare, Stage::Middle)
        } else {
            let (end, stage) = stages.iter().filter_map(|(c, s)| Some((self.class(bare, *c)?, *s))).max_by_key(|(end, _)| *end)?;
            (end, stage)
        };
        at = self.past_hyphen(at);
        let inner = match self.dated(at) {
            Some(hit) => hit,
            // "the early summer", "late July", "the late 80s" with the article first.
            None if bare > i => self.dated_bare(at)?,
            None => return None,
        };
        if matches!(stage, Stage::Before | Stage::After)
            && !matches!(inner.said, Said::Relative(..) | Said::Anaphoric(..) | Said::Nearest(_) | Said::Turn(..))
        {
            return None;
        }
        // A part of the day keeps its own stage.
        Some(Hit { start: i, stage: Some(stage), ..inner })
    }

    /// A date or a period, with the part of the day that follows it.
    fn dated(&self, i: usize) -> Option<Hit> {
        let (end, said) = self.date(i).or_else(|| self.year_end(i))?;
        Some(self.with_part(Hit { start: i, end, said, part: None, clock: None, stage: None }))
    }

    fn dated_bare(&self, i: usize) -> Option<Hit> {
        let (end, said) = self.seasonal(i).or_else(|| self.decade(i)).or_else(|| self.fixed(i))?;
        Some(Hit { start: i, end, said, part: None, clock: None, stage: None })
    }

    /// "Friday night", "yesterday morning", "this afternoon", "July 5 morning".
    fn with_part(&self, mut hit: Hit) -> Hit {
        if let Said::Relative(Unit::Day, _) = hit.said
            && let Some((_, d)) = self.pick(hit.start, |l| if let Lex::Deictic(d) = l { self.k.deictics.get(d) } else { None })
        {
            hit.part = d.part;
        }
        // "mid-afternoon yesterday"
        hit.part = hit.part.or_else(|| self.part(hit.start).map(|(_, p)| p));
        let daily = matches!(
            hit.said,
            Said::Nearest(Named::Weekday(_) | Named::Day(..))
                | Said::Turn(Named::Weekday(_), _)
                | Said::Relative(Unit::Day, _)
                | Said::At(Period::Day(_))
                | Said::Anaphoric(Unit::Day, _)
                | Said::Beside(..)
        );
        if daily
            && hit.part.is_none()
            && let Some((end, part)) = self.part(hit.end)
        {
            hit.end = end;
            hit.part = Some(part);
        }
        hit
    }

    fn part(&self, i: usize) -> Option<(usize, usize)> {
        self.pick(i, |l| if let Lex::DayPart(p) = l { Some(p) } else { None })
    }

    fn date(&self, i: usize) -> Option<(usize, Said)> {
        let all = [
            self.fixed(i),
            self.weekday_date(i),
            self.possessed(i),
            self.directed(i),
            self.decade(i),
            self.seasonal(i),
            self.anaphoric(i),
            self.deictic(i),
            self.holiday(i),
            self.parted_day(i),
        ];
        all.into_iter().flatten().reduce(|a, b| if b.0 > a.0 { b } else { a })
    }
}

fn unit(l: Lex) -> Option<(Unit, bool)> {
    if let Lex::Unit(u, plural) = l { Some((u, plural)) } else { None }
}

/// Whether a word can be what its class says, by its letters, its tag and its neighbours.
fn fits(tree: &Tree<'_>, i: usize, lex: Lex) -> bool {
    let capital = tree.word(i).chars().next().is_some_and(char::is_uppercase);
    let verb = matches!(tree.upos(i), Upos::VERB | Upos::AUX);
    match lex {
        Lex::Month(_) => (capital || tree.word(i).starts_with(MID)) && !verb && !person(tree, i) && !march(tree, i),
        // "High Noon"
        Lex::Word(Class::Noon | Class::Midnight) => !capital || i == 0 || tree.upos(i - 1) != Upos::ADJ,
        Lex::Foreign(..) => capital && !verb,
        Lex::Weekday(_) => capital || tree.word(i).len() > 5,
        Lex::Season(_) | Lex::Word(Class::Previous | Class::Past) => !verb,
        // Titles: "60 Minutes", "This Week".
        Lex::Unit(..) => {
            let number = i > 0 && tree.upos(i - 1) == Upos::NUM && !tree.word(i - 1).chars().next().is_some_and(char::is_uppercase);
            !capital || i == 0 || i + 1 == tree.len() || tree.upos(i) != Upos::PROPN && !number
        }
        _ => true,
    }
}

/// Whether a month's name is a noun: "the annual March for Life", "the March of the Mothers".
fn march(tree: &Tree<'_>, i: usize) -> bool {
    let described = |p: usize| tree.upos(p) == Upos::ADJ && p > 0 && tree.upos(p - 1) == Upos::DET;
    let quoted = |p: usize| tree.upos(p) == Upos::PUNCT && p > 0 && tree.upos(p - 1) == Upos::DET;
    let article = i > 0 && (tree.upos(i - 1) == Upos::DET || described(i - 1) || quoted(i - 1));
    let digit = |j: usize| j < tree.len() && tree.word(j).starts_with(|c: char| c.is_ascii_digit());
    let of = i + 2 < tree.len() && tree.upos(i + 1) == Upos::ADP && !digit(i + 2);
    article && of && tree.upos(i) == Upos::PROPN && tree.kids(i).iter().any(|&c| c > i && tree.base(c) == "nmod")
}

/// Whether a month's name is somebody's: "Theresa May", "May said", "Jan Kubis".
fn person(tree: &Tree<'_>, i: usize) -> bool {
    let word = tree.word(i);
    let digit = |j: usize| j < tree.len() && tree.word(j).starts_with(|c: char| c.is_ascii_digit());
    if digit(i + 1) || i > 0 && digit(i - 1) {
        return false;
    }
    let name = |j: usize| tree.upos(j) == Upos::PROPN && tree.word(j).chars().next().is_some_and(char::is_uppercase);
    let short = word.chars().count() == 3;
    // "Jan Kubis", and short forms without a period that no number follows.
    if short && word != "May" {
        return i + 1 < tree.len() && name(i + 1);
    }
    let subject = matches!(tree.base(i), "nsubj") && tree.head(i).is_some_and(|h| tree.verbal(h));
    word == "May" && (subject || i > 0 && name(i - 1) && !digit(i - 1))
}
