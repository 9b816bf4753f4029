//! Dates told by numbers: days, months with years, years, decades, centuries, other calendars.

use super::super::period::{Period, foreign};
use super::{Grammar, Named, Said, unit};
use crate::knowledge::time::{Calendar, Class, Lex, Unit};
use crate::model::{Date, syntax::Upos};

impl Grammar<'_> {
    /// Digits up to a limit, ordinal endings allowed ("5th").
    pub(super) fn digits(&self, i: usize, max: i32) -> Option<i32> {
        let w = self.word(i);
        let bare = w.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let tail = &w[bare.len()..];
        if bare.is_empty()
            || bare.len() > 4
            || !bare.bytes().all(|b| b.is_ascii_digit())
            || !(tail.is_empty() || tail.len() == 2 && tail != "am" && tail != "pm")
        {
            return None;
        }
        bare.parse().ok().filter(|n| (1..=max).contains(n))
    }

    /// A year by itself: "1998", "'98", "nineteen ninety-eight", "two thousand five".
    pub(super) fn bare_year(&self, i: usize) -> Option<(usize, i16)> {
        let w = self.word(i);
        if w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()) {
            let year: i16 = w.parse().ok()?;
            return (1000..=2199).contains(&year).then_some((i + 1, year));
        }
        if let Some(two) = w.strip_prefix(['\'', '’']).filter(|d| d.len() == 2 && d.bytes().all(|b| b.is_ascii_digit())) {
            let n: i16 = two.parse().ok()?;
            return Some((i + 1, if n < 30 { 2000 + n } else { 1900 + n }));
        }
        let number = |i: usize| self.pick(i, |l| if let Lex::Number(n) = l { Some(n as i16) } else { None });
        let (j, head) = number(i)?;
        if head == 2 && number(j).is_some_and(|(_, n)| n == 1000) {
            let after = j + 1;
            let after = if self.word(after) == "and" { after + 1 } else { after };
            return match number(after) {
                Some((end, n)) if n < 100 => Some((end, 2000 + n)),
                _ => Some((j + 1, 2000)),
            };
        }
        if !(17..=20).contains(&head) {
            return None;
        }
        let (mut end, tens) = number(self.past_hyphen(j)).filter(|(_, n)| (10..100).contains(n))?;
        let mut year = head * 100 + tens;
        if tens >= 20
            && let Some((e, ones)) = number(self.past_hyphen(end)).filter(|(_, n)| *n < 10)
        {
            end = e;
            year += ones;
        }
        Some((end, year))
    }

    /// A year after a month or "of": any four digits.
    pub(super) fn year_after(&self, i: usize) -> Option<(usize, i16)> {
        let i = if self.word(i) == "," { i + 1 } else { i };
        self.bare_year(i)
    }

    /// Year-like: "1998", "last year", "the year".
    pub(super) fn yearly(&self, i: usize) -> Option<(usize, Said)> {
        if let Some((end, y)) = self.bare_year(i) {
            return Some((end, Said::At(Period::Year(y))));
        }
        if let Some(j) = self.class(i, Class::Fiscal) {
            let j = if self.word(j) == "year" { j + 1 } else { j };
            let (end, y) = self.bare_year(j)?;
            return Some((end, Said::At(Period::Year(y))));
        }
        let (end, said) = self.directed(i).or_else(|| self.anaphoric(i))?;
        matches!(said, Said::Relative(Unit::Year, _) | Said::Anaphoric(Unit::Year, _)).then_some((end, said))
    }

    /// Dates with numbers: ISO, slashes, "July 18, 2018", "18 July", "July 2018", "2018".
    pub(super) fn fixed(&self, i: usize) -> Option<(usize, Said)> {
        let w = self.word(i);
        if w.len() == 10 && w.as_bytes()[4] == b'-' && w.is_ascii() {
            return match w.parse::<Date>() {
                Ok(d) => Some((i + 1, Said::At(Period::Day(d)))),
                Err(_) => w.bytes().all(|b| b.is_ascii_digit() || b == b'-').then_some((i + 1, Said::Never)),
            };
        }
        if w.contains('/')
            && let Some(found) = slashed(w)
        {
            return Some((i + 1, found));
        }
        if let Some(found) = self.month_first(i).or_else(|| self.day_first(i)).or_else(|| self.other_calendar(i)) {
            return Some(found);
        }
        // "fiscal 1990", "the year 2000"
        let cued = self.class(i, Class::Fiscal).or_else(|| self.class(i, Class::The).filter(|&j| self.word(j) == "year").map(|j| j + 1));
        if let Some(j) = cued {
            let j = if self.word(j) == "year" { j + 1 } else { j };
            if let Some((end, y)) = self.bare_year(j) {
                return Some((end, Said::At(Period::Year(y))));
            }
        }
        let (end, year) = self.bare_year(i).filter(|_| self.plainly_year(i))?;
        if self.is(end, Class::Bce) {
            return None;
        }
        Some((end, Said::At(Period::Year(year))))
    }

    /// Whether a bare number of four digits is a year, by its neighbours.
    pub(super) fn plainly_year(&self, i: usize) -> bool {
        let digits = self.word(i).bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return self.word(i).starts_with(['\'', '’']) || i == 0 || self.tree.upos(i) == Upos::NUM;
        }
        let year: i32 = self.word(i).parse().unwrap_or(0);
        let before = i.checked_sub(1);
        if before.is_some_and(|b| self.is(b, Class::Currency) || self.word(b) == "." || self.word(b) == "/") {
            return false;
        }
        if self.is(i + 1, Class::Counted) || self.word(i + 1) == "/" || self.hyphen(i + 1) && self.pick(i + 2, unit).is_some() {
            return false;
        }
        // "between 1,500 and 2000 men": a number word beside it; "about 1900".
        if before.is_some_and(|b| self.is(b, Class::Approximate) && !self.is(b, Class::YearCue)) {
            return false;
        }
        let cue = before.is_some_and(|b| self.is(b, Class::YearCue));
        match year {
            1900..=2040 => {
                // A counted noun right after it, without a cue: "2000 soldiers".
                cue || before.is_none()
                    || !(self.tree.upos(i + 1 - usize::from(i + 1 >= self.words.len())) == Upos::NOUN
                        && self.tree.xpos(i + 1 - usize::from(i + 1 >= self.words.len())) == "NNS")
            }
            1500..=1899 | 2041..=2100 => cue && self.tree.rel(i) != "nummod",
            _ => false,
        }
    }

    /// "July 18, 2018", "July 18", "July 2018", "July last year", "the July 18".
    pub(super) fn month_first(&self, i: usize) -> Option<(usize, Said)> {
        let (j, month) = self.pick(i, |l| if let Lex::Month(m) = l { Some(m) } else { None })?;
        let the = if self.word(j) == "the" { j + 1 } else { j };
        let day =
            self.digits(the, 99).map(|d| (the + 1, d)).or_else(|| self.ordinal(the).filter(|(_, n)| *n <= 31).map(|(e, n)| (e, n as i32)));
        if let Some((end, day)) = day.filter(|(end, d)| *d <= 31 || self.year_after(*end).is_some()) {
            let full = self.year_after(end).filter(|_| self.word(end) == "," || self.bare_year(end).is_some());
            if let Some((end, year)) = full {
                return Some((end, day_or_never(year, month, day)));
            }
            if let Some((end, said)) = self.yearly(end) {
                return Some((end, Said::Within(named_day(month, day)?, Box::new(said))));
            }
            return Some((end, named_day(month, day).map_or(Said::Never, Said::Nearest)));
        }
        // "Feb. 30" with or without a year is no day; longer numbers are something else.
        if let Some((end, year)) = self.year_after(j) {
            return Some((end, Said::At(Period::Month(year, month))));
        }
        let of = self.skip(j, Class::Of);
        if let Some((end, said)) = self.bare_year(of).map(|(e, y)| (e, Said::At(Period::Year(y)))).or_else(|| self.yearly(of)) {
            let said = match said {
                Said::At(Period::Year(y)) => Said::At(Period::Month(y, month)),
                other => Said::Within(Named::Month(month), Box::new(other)),
            };
            return Some((end, said));
        }
        Some((j, Said::Nearest(Named::Month(month))))
    }

    /// "18 July 2018", "the 5th of May".
    pub(super) fn day_first(&self, i: usize) -> Option<(usize, Said)> {
        let start = self.class(i, Class::The).unwrap_or(i);
        let (j, day) = match self.digits(start, 99) {
            Some(d) => (start + 1, d),
            None => self.ordinal(start).map(|(e, n)| (e, n as i32))?,
        };
        if start > i && self.word(start).bytes().all(|b| b.is_ascii_digit()) && self.word(j) != "of" {
            return None;
        }
        let j = if self.word(j) == "of" { j + 1 } else { j };
        let (end, month) = self.pick(j, |l| if let Lex::Month(m) = l { Some(m) } else { None })?;
        if let Some((end, year)) = self.year_after(end) {
            return Some((end, day_or_never(year, month, day)));
        }
        if day > 31 {
            return None;
        }
        if let Some((end, said)) = self.yearly(end) {
            return Some((end, Said::Within(named_day(month, day)?, Box::new(said))));
        }
        Some((end, named_day(month, day).map_or(Said::Never, Said::Nearest)))
    }

    /// "22 Bahman 1357", "10 Muharram", "the month of Ramadan".
    pub(super) fn other_calendar(&self, i: usize) -> Option<(usize, Said)> {
        let month = |l: Lex| if let Lex::Foreign(c, m) = l { Some((c, m)) } else { None };
        if let Some(day) = self.digits(i, 31)
            && let Some((end, (calendar, m))) = self.pick(i + 1, month)
        {
            if let Some(year) = self.digits(end, 1600).filter(|y| *y > 1000) {
                let found = foreign(calendar, year, m, day as u8);
                let said =
                    found.map_or(Said::Never, |d| if calendar == Calendar::Iranian { Said::At(Period::Day(d)) } else { Said::About(d) });
                return Some((end + 1, said));
            }
            return Some((end, Said::Nearest(Named::Foreign(calendar, m, Some(day as u8)))));
        }
        let (end, (calendar, m)) = self.pick(i, month)?;
        // Iranian months look like names; without a day only the Islamic ones are taken.
        (calendar == Calendar::Hijri).then_some((end, Said::Nearest(Named::Foreign(calendar, m, None))))
    }

    /// "Friday", "Friday, July 18, 2018", "Friday the 18th of July".
    pub(super) fn weekday_date(&self, i: usize) -> Option<(usize, Said)> {
        let (j, day) = self.pick(i, |l| if let Lex::Weekday(d) = l { Some(d) } else { None })?;
        let after = if self.word(j) == "," { j + 1 } else { j };
        let full = self.month_first(after).or_else(|| self.day_first(after));
        if let Some((end, said)) = full.filter(|(_, s)| !matches!(s, Said::Nearest(Named::Month(_)) | Said::At(Period::Month(..)))) {
            return Some((end, said));
        }
        Some((j, Said::Nearest(Named::Weekday(day))))
    }

    pub(super) fn decade(&self, i: usize) -> Option<(usize, Said)> {
        let j = self.skip(i, Class::The);
        let w = self.word(j).trim_start_matches(['\'', '’']);
        let digits = w.strip_suffix('s').filter(|d| d.bytes().all(|b| b.is_ascii_digit()) && d.ends_with('0'));
        if let Some(d) = digits {
            let n: i16 = d.parse().ok()?;
            return match d.len() {
                4 if n % 100 == 0 && n < 1900 => Some((j + 1, Said::At(Period::Century(n / 100)))),
                4 => Some((j + 1, Said::At(Period::Decade(n / 10)))),
                // "in his 30s"
                2 if i > 0 && self.tree.rel(i - 1) == "nmod:poss" && self.tree.upos(i - 1) == Upos::PRON => None,
                2 if n >= 20 || self.word(j).starts_with(['\'', '’']) => {
                    Some((j + 1, Said::At(Period::Decade(if n == 0 { 200 } else { 190 + n / 10 }))))
                }
                _ => None,
            };
        }
        // "a man in his forties" has no article.
        if j > i
            && let Some((end, d)) = self.pick(j, |l| if let Lex::Decade(d) = l { Some(i16::from(d)) } else { None })
        {
            return Some((end, Said::At(Period::Decade(190 + d))));
        }
        let (end, n) = self.ordinal(j)?;
        let end = self.past_hyphen(end);
        if self.word(end) == "century" && n > 1 {
            return Some((end + 1, Said::At(Period::Century(n as i16 - 1))));
        }
        None
    }
}

/// A day that some year has.
pub(super) fn named_day(month: i8, day: i32) -> Option<Named> {
    let day = i8::try_from(day).ok()?;
    Date::new(2024, month, day).ok().map(|_| Named::Day(month, day))
}

fn day_or_never(year: i16, month: i8, day: i32) -> Said {
    let date = i8::try_from(day).ok().and_then(|day| Date::new(year, month, day).ok());
    date.map_or(Said::Never, |d| Said::At(Period::Day(d)))
}

/// "11/02/1989" with the month first unless it cannot be; two-digit years too.
fn slashed(w: &str) -> Option<Said> {
    let parts: Vec<i16> = w.split('/').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let [a, b, y] = parts.as_slice() else { return None };
    let year = match *y {
        0..=29 => 2000 + y,
        30..=99 => 1900 + y,
        1000..=2199 => *y,
        _ => return None,
    };
    let (month, day) = if *a > 12 { (*b, *a) } else { (*a, *b) };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Some(Date::new(year, month, day).map_or(Said::Never, |d| Said::At(Period::Day(d))))
}
