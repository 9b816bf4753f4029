//! Amounts: durations, what is counted from them, what comes again and again; vague times; the clock.

use super::super::period::Period;
use super::{Clock, Grammar, Hit, Named, Said, unit};
use crate::knowledge::time::{Class, Lex, Unit, Vague};
use crate::model::syntax::Upos;

impl Grammar<'_> {
    /// A number as written: none for one nobody counted.
    pub(super) fn number(&self, i: usize) -> Option<(usize, Option<f64>)> {
        if let Some(end) = self.class(i, Class::Fuzzy) {
            return Some((end, None));
        }
        let w = self.word(i);
        if w.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            let plain = w.replace(',', "");
            let n: f64 = plain.parse().ok()?;
            // "5 1/2 hours"
            let part = |j: usize| self.word(j).parse::<f64>().ok().filter(|p| (1.0..=9.0).contains(p) && self.word(j).len() == 1);
            if self.word(i + 2) == "/"
                && let (Some(a), Some(b)) = (part(i + 1), part(i + 3))
                && a < b
            {
                return Some((i + 4, Some(n + a / b)));
            }
            if let Some((a, b)) = self.word(i + 1).split_once('/')
                && let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>())
                && a < b
                && b < 10.0
            {
                return Some((i + 2, Some(n + a / b)));
            }
            return Some(self.range_or_half(i + 1, n));
        }
        let article = self.class(i, Class::A);
        let number = |i: usize| self.pick(i, |l| if let Lex::Number(n) = l { Some(n) } else { None });
        if w == "half" {
            let j = self.class(i + 1, Class::A)?;
            return self.pick(j, unit).map(|_| (j, Some(0.5)));
        }
        let mut at = i;
        let (mut total, mut group) = (0u64, 0u64);
        let mut last = u32::MAX;
        if let Some(j) = article.filter(|_| number(i).is_none()) {
            match number(j) {
                // "a dozen", "a hundred"; "a sixteen-month high" is counted from the number on.
                Some((_, 12 | 100 | 1000)) => {
                    at = j;
                    group = 1;
                }
                _ => return None,
            }
        }
        let mut any = false;
        while let Some((end, n)) = number(if any { self.joint(at) } else { at }) {
            match n {
                1000 => {
                    total += group.max(1) * 1000;
                    group = 0;
                }
                100 | 12 if n == 100 || group > 0 && any || article.is_some() && at > i => group = group.max(1) * u64::from(n),
                _ if any && last < 20 || any && n >= 10 && last != 100 && last != 1000 => break,
                _ => group += u64::from(n),
            }
            last = n;
            at = end;
            any = true;
            if total > 1_000_000 || group > 1_000_000 {
                return None;
            }
        }
        if !any {
            return None;
        }
        Some(self.range_or_half(at, (total + group) as f64))
    }

    pub(super) fn joint(&self, i: usize) -> usize {
        if self.hyphen(i) || self.word(i) == "and" { i + 1 } else { i }
    }

    /// "two and a half", "two to three", "2-3", "a year or two" is elsewhere.
    pub(super) fn range_or_half(&self, at: usize, n: f64) -> (usize, Option<f64>) {
        let dash = |i: usize| self.past_hyphen(i);
        let and = dash(at);
        if self.word(and) == "and" {
            let a = dash(and + 1);
            if self.is(a, Class::A) && self.word(dash(a + 1)) == "half" {
                return (dash(a + 1) + 1, Some(n + 0.5));
            }
        }
        if matches!(self.word(at), "to" | "or" | "-" | "–")
            && let Some((end, Some(_))) = self.plain_number(at + 1)
            && self.pick(self.past_hyphen(self.skip(end, Class::Filler)), unit).is_some()
        {
            return (end, Some(n));
        }
        (at, Some(n))
    }

    pub(super) fn plain_number(&self, i: usize) -> Option<(usize, Option<f64>)> {
        let w = self.word(i);
        if w.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return w.parse().ok().map(|n| (i + 1, Some(n)));
        }
        self.pick(i, |l| if let Lex::Number(n) = l { Some(Some(f64::from(n))) } else { None })
    }

    /// "three months", "30-year", "nearly two and a half years", "a few days".
    pub(super) fn amount(&self, i: usize) -> Option<(usize, Option<f64>, Unit)> {
        let start = self.skip(i, Class::Approximate);
        let (j, n) = match self.number(start) {
            // Nobody says "about several years".
            Some((_, None)) if start > i => return None,
            Some(found) => found,
            None => {
                let j = self.class(start, Class::A)?;
                (j, Some(1.0))
            }
        };
        let j = self.past_hyphen(j);
        let mut j = self.skip(j, Class::Filler);
        if self.word(j) == "-" {
            j += 1;
        }
        let (end, (unit, _)) = self.pick(j, unit)?;
        // "three-quarters of" is a share; "a 6-year-old" is a person.
        if unit == Unit::Quarter && (self.word(j) == "quarters" && n == Some(3.0) || self.hyphen(j - 1)) {
            return None;
        }
        if unit >= Unit::Day && (self.word(self.past_hyphen(end)) == "old" || self.word(end) == "olds") {
            return None;
        }
        let unit_n = match unit {
            Unit::Fortnight => (n.map(|n| n * 2.0), Unit::Week),
            other => (n, other),
        };
        Some((end, unit_n.0, unit_n.1))
    }

    /// Durations and what is counted from them.
    pub(super) fn amount_said(&self, i: usize) -> Option<(usize, Said)> {
        // "weeks", "decades" by themselves
        let bare = self
            .pick(i, unit)
            .filter(|(_, (u, plural))| *plural && *u >= Unit::Minute && !matches!(u, Unit::Quarter | Unit::Half | Unit::Weekend));
        if let Some((end, (unit, _))) = bare {
            // "52 years old", "a matter of days", "minutes apart"
            let matter = i > 1 && self.class(i - 2, Class::UncountedOf) == Some(i);
            if self.word(end) == "old" || matter || self.is(end, Class::Uncounted) {
                return None;
            }
            if let Some(said) = self.shifted(end, None, unit) {
                return Some(said);
            }
            let of = i > 0 && self.tree.upos(i - 1) == Upos::ADJ;
            return (!of).then_some((self.tailed(end), Said::Length(None, unit, 0)));
        }
        if self.class(i, Class::A).is_some_and(|j| self.is(j, Class::Adjectival)) {
            return None;
        }
        let the = self.class(i, Class::The);
        if let Some(j) = the {
            // "over the years"
            if i > 0
                && matches!(self.word(i - 1), "over" | "through")
                && let Some((end, (unit, true))) = self.pick(j, unit)
            {
                return Some((end, Said::Length(None, unit, 0)));
            }
            // "the nine months", "the first six months", "the two-week"
            let (first, counted) = match self.ordinal(j) {
                Some((e, 1)) => (e, true),
                _ => (j, false),
            };
            if let Some((end, n, per)) = self.number(first).and_then(|_| self.amount(first))
                && (counted || !self.hyphen(end))
            {
                let plural = self.pick(end - 1, unit).is_some_and(|(_, (_, p))| p);
                return plural.then_some((end, Said::Length(n, per, 0)));
            }
            return None;
        }
        let (end, n, unit) = self.amount(i)?;
        // "a second", "a minute", "a half": seldom times.
        let bare = self.skip(i, Class::Approximate);
        let article = self.is(bare, Class::A) && self.number(bare).is_none();
        if article && matches!(unit, Unit::Second | Unit::Half | Unit::Quarter | Unit::Weekend | Unit::Millennium) {
            return None;
        }
        if unit == Unit::Second && n == Some(1.0) || unit == Unit::Half {
            return None;
        }
        if let Some(said) = self.shifted(end, n, unit) {
            return Some(said);
        }
        let end = self.tailed(end);
        // "15 a year", "twice a day"
        if article
            && i > 0
            && matches!(self.tree.upos(i - 1), Upos::NOUN | Upos::NUM | Upos::SYM | Upos::ADV)
            && self.is(i, Class::A)
            && self.rate(i)
        {
            return Some((end, Said::Often(duration(Some(1.0), unit))));
        }
        Some((end, Said::Length(n, unit, 0)))
    }

    pub(super) fn rate(&self, i: usize) -> bool {
        let from = i.saturating_sub(3);
        (from..i).any(|j| self.tree.upos(j) == Upos::NUM || self.tree.upos(j) == Upos::SYM)
            || self.tree.upos(i - 1) == Upos::ADV
            || self.word(i - 1) == "times"
    }

    /// "or so", "-old", "-long".
    pub(super) fn tailed(&self, end: usize) -> usize {
        self.skip(end, Class::Tail)
    }

    /// "ago", "earlier", "later", "from now" after an amount.
    pub(super) fn shifted(&self, end: usize, n: Option<f64>, unit: Unit) -> Option<(usize, Said)> {
        let at = if self.hyphen(end) { end + 1 } else { end };
        let tail = self.skip(at, Class::Tail);
        for (class, way, now) in [(Class::Ago, -1, true), (Class::Hence, 1, true), (Class::Earlier, -1, false), (Class::Later, 1, false)] {
            if let Some(e) = self.class(tail, class) {
                // "two days before the vote", "a year after the war" tell a length only.
                let open = matches!(self.word(tail), "before" | "after" | "back" | "prior" | "previous");
                if open && !self.closes(e) {
                    return None;
                }
                return Some((e, Said::Shift(n, unit, way, now)));
            }
        }
        None
    }

    /// Whether a clause or phrase ends here.
    pub(super) fn closes(&self, i: usize) -> bool {
        i >= self.words.len() || matches!(self.tree.upos(i), Upos::PUNCT | Upos::CCONJ)
    }

    /// "a second day", "the third straight day".
    pub(super) fn ordinal_day(&self, i: usize) -> Option<(usize, Said)> {
        let j = self.class(i, Class::A).or_else(|| self.class(i, Class::The)).unwrap_or(i);
        let (j, _) = self.ordinal(j)?;
        let filler = self.class(j, Class::Filler);
        let (end, (unit, plural)) = self.pick(filler.unwrap_or(j), unit)?;
        let days = matches!(unit, Unit::Day | Unit::Week | Unit::Month | Unit::Year) && !plural;
        // "their third day-long meeting"
        (days && !self.hyphen(end) && (filler.is_some() || unit == Unit::Day)).then_some((end, Said::Relative(unit, 0)))
    }

    pub(super) fn often(&self, i: usize) -> Option<(usize, Said)> {
        if let Some((end, f)) = self.pick(i, |l| if let Lex::Frequency(f) = l { self.k.frequencies.get(f) } else { None }) {
            // "the party daily": a paper
            let noun = |i: usize| matches!(self.tree.upos(i), Upos::NOUN | Upos::PROPN);
            let paper = i > 0 && noun(i - 1) && (noun(i) || self.tree.upos(i) == Upos::ADJ);
            return (!paper).then(|| (end, Said::Often(f.clone())));
        }
        let j = self.class(i, Class::Each)?;
        if let Some((end, n, unit)) = self.number(j).and_then(|_| self.amount(j)) {
            return Some((end, Said::Often(duration(n, unit))));
        }
        let other = self.skip(j, Class::Filler);
        if let Some((end, (unit, false))) = self.pick(other, unit) {
            return Some((end, Said::Often(duration(Some(if other > j { 2.0 } else { 1.0 }), unit))));
        }
        let value = self.pick(j, |l| match l {
            Lex::Month(m) => Some(format!("XXXX-{m:02}")),
            Lex::Weekday(d) => Some(format!("XXXX-WXX-{d}")),
            Lex::Season(s) => self.k.seasons.get(s).map(|s| format!("XXXX-{}", s.code)),
            Lex::DayPart(p) => self.k.parts.get(p).map(|p| format!("XXXX-XX-XXT{p}")),
            _ => None,
        })?;
        Some((value.0, Said::Often(value.1)))
    }

    pub(super) fn vague(&self, i: usize) -> Option<(usize, Said)> {
        if let Some(end) = self.class(i, Class::Adjectival) {
            return Some((end, Said::YearBefore));
        }
        // "current conditions", "a recent filing"
        for (class, v) in [(Class::This, Vague::Present), (Class::Recent, Vague::Past)] {
            if self.word(i) != "this"
                && !self.is(i, Class::The)
                && let Some(end) = self.class(i, class).filter(|&e| e == i + 1)
            {
                return Some((end, Said::Vague(v)));
            }
        }
        let (end, v) = self.pick(i, |l| if let Lex::Vague(v) = l { Some(v) } else { None })?;
        // "the past three months" and "the future minister" are something else.
        if self.word(end) == "as" && i > 0 && self.word(i - 1) == "as" {
            return None;
        }
        let noun = self.word(end - 1) == "past" || self.word(end - 1) == "future";
        if noun && end < self.words.len() && matches!(self.tree.upos(end), Upos::NOUN | Upos::PROPN | Upos::ADJ | Upos::NUM) {
            return None;
        }
        Some((end, Said::Vague(v)))
    }

    /// "9:30 a.m. EST Friday", "noon Thursday", "16:15 UTC".
    pub(super) fn clocked(&self, i: usize) -> Option<Hit> {
        let (end, mut clock) = self.clock(i)?;
        let mut end = end;
        let open = usize::from(self.word(end) == "(");
        if let Some(e) = self.class(end + open, Class::Zone) {
            clock.universal = self.is(end + open, Class::Universal);
            end = if open > 0 && self.word(e) == ")" {
                e + 1
            } else if open > 0 {
                end
            } else {
                e
            };
        }
        // Without a day of its own it is of the day told last.
        let mut hit = Hit { start: i, end, said: Said::Anaphoric(Unit::Day, 0), part: None, clock: Some(clock), stage: None };
        // "10:35 a.m. (0735 GMT) Friday": the day is told once.
        let close = match self.word(end) {
            "(" => (end + 1..end + 6).find(|&j| self.word(j) == ")"),
            ")" => Some(end),
            _ => None,
        };
        if let Some(close) = close
            && let Some((
                _,
                said @ (Said::Nearest(Named::Weekday(_) | Named::Day(..)) | Said::At(Period::Day(_)) | Said::Relative(Unit::Day, _)),
            )) = self.date(close + 1 + usize::from(self.word(close + 1) == "on"))
        {
            hit.said = said;
            return Some(hit);
        }
        let after = if self.word(end) == "," || self.word(end) == "on" { end + 1 } else { end };
        if let Some((e, said)) = self.date(after)
            && matches!(
                said,
                Said::Nearest(Named::Weekday(_) | Named::Day(..))
                    | Said::At(Period::Day(_))
                    | Said::Relative(Unit::Day, _)
                    | Said::Turn(Named::Weekday(_), _)
            )
        {
            hit.end = e;
            hit.said = said;
        }
        Some(hit)
    }

    pub(super) fn clock(&self, i: usize) -> Option<(usize, Clock)> {
        let clock = |hour: i8, minute: Option<i8>| Clock { hour, minute, universal: false };
        if let Some(end) = self.class(i, Class::Noon) {
            return Some((end, clock(12, Some(0))));
        }
        if let Some(end) = self.class(i, Class::Midnight) {
            return Some((end, clock(24, None)));
        }
        let w = self.word(i);
        if let Some((h, m)) = w.split_once(':').or_else(|| w.split_once('.')) {
            let (hour, minute) = (small(h, 24)?, small(m, 59).filter(|_| m.len() == 2)?);
            return match self.half_day(i + 1) {
                Some((end, pm)) => Some((end, clock(twelve(hour, pm)?, Some(minute)))),
                None => w.contains(':').then_some((i + 1, clock(hour, Some(minute)))),
            };
        }
        if w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()) && self.is(i + 1, Class::Zone) {
            return Some((i + 1, clock(small(&w[..2], 24)?, Some(small(&w[2..], 59)?))));
        }
        let hour = match small(w, 24) {
            Some(h) => h,
            None => self.pick(i, |l| if let Lex::Number(n @ 1..=12) = l { Some(n as i8) } else { None })?.1,
        };
        if let Some((end, pm)) = self.half_day(i + 1) {
            return Some((end, clock(twelve(hour, pm)?, None)));
        }
        if let Some(end) = self.class(i + 1, Class::OClock) {
            return Some((end, clock(hour, None)));
        }
        None
    }

    /// "a.m." or "p.m."; true for the latter.
    pub(super) fn half_day(&self, i: usize) -> Option<(usize, bool)> {
        self.class(i, Class::Ante).map(|e| (e, false)).or_else(|| self.class(i, Class::Post).map(|e| (e, true)))
    }
}

fn small(w: &str, max: i8) -> Option<i8> {
    if w.is_empty() || w.len() > 2 || !w.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    w.parse().ok().filter(|n| *n <= max)
}

fn twelve(hour: i8, pm: bool) -> Option<i8> {
    match (hour, pm) {
        (12, false) => Some(0),
        (12, true) => Some(12),
        (1..=11, true) => Some(hour + 12),
        (0..=11, false) => Some(hour),
        _ => Some(hour),
    }
}

/// TIMEX3 duration.
pub fn duration(n: Option<f64>, unit: Unit) -> String {
    let (letter, times) = match unit {
        Unit::Second => ("S", 1.0),
        Unit::Minute => ("M", 1.0),
        Unit::Hour => ("H", 1.0),
        Unit::Day => ("D", 1.0),
        Unit::Weekend => ("WE", 1.0),
        Unit::Week => ("W", 1.0),
        Unit::Fortnight => ("W", 2.0),
        Unit::Month => ("M", 1.0),
        Unit::Quarter => ("Q", 1.0),
        Unit::Half => ("M", 6.0),
        Unit::Year => ("Y", 1.0),
        Unit::Decade => (if n.is_some() { "Y" } else { "E" }, 10.0),
        Unit::Century => (if n.is_some() { "Y" } else { "C" }, 100.0),
        Unit::Millennium => ("Y", 1000.0),
    };
    let t = if unit < Unit::Day { "T" } else { "" };
    match n {
        Some(n) => format!("P{t}{}{letter}", n * times),
        None => format!("P{t}X{letter}"),
    }
}
