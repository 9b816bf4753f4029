//! Periods with names, told from the article's date or from the time told last.

use super::super::period::Period;
use super::numbers::named_day;
use super::{Grammar, Named, Said, unit};
use crate::knowledge::time::{Class, Lex, Unit};

impl Grammar<'_> {
    pub(super) fn ordinal(&self, i: usize) -> Option<(usize, u32)> {
        let w = self.word(i);
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| w.strip_suffix(end));
        if let Some(digits) = digits.filter(|d| d.starts_with(|c: char| c.is_ascii_digit())) {
            return digits.parse().ok().map(|n| (i + 1, n));
        }
        self.pick(i, |l| if let Lex::Ordinal(n) = l { Some(n) } else { None })
    }

    /// "third quarter", "third-quarter", "first half".
    pub(super) fn share(&self, i: usize) -> Option<(usize, Named)> {
        let i = self.past_hyphen(self.skip(i, Class::Fiscal));
        let (j, n) = self.ordinal(i)?;
        let j = self.skip(self.past_hyphen(j), Class::Fiscal);
        match self.pick(j, unit)? {
            (end, (Unit::Quarter, false)) if n <= 4 => Some((end, Named::Quarter(n as i8))),
            (end, (Unit::Half, false)) if n <= 2 => Some((end, Named::Half(n as i8))),
            _ => None,
        }
    }

    /// "the final quarter of 2009", "the last half of this year".
    fn closing(&self, i: usize) -> Option<(usize, Said)> {
        let j = self.past_hyphen(self.class(i, Class::Closing)?);
        let (end, share) = match self.pick(j, unit)? {
            (end, (Unit::Quarter, false)) => (end, Named::Quarter(4)),
            (end, (Unit::Half, false)) => (end, Named::Half(2)),
            _ => return None,
        };
        let (end, year) = self.yearly(self.class(end, Class::Of)?)?;
        Some((end, within(share, year)))
    }

    pub(super) fn season(&self, i: usize) -> Option<(usize, Named)> {
        self.pick(i, |l| if let Lex::Season(s) = l { Some(Named::Season(s)) } else { None })
    }

    /// "the third quarter of 1998", "third-quarter", "the summer", "spring 1999", "the first half of this year".
    pub(super) fn seasonal(&self, i: usize) -> Option<(usize, Said)> {
        let mut j = self.skip(i, Class::The);
        // "the 1988 second quarter", "the year-ago third quarter"
        let before = self.bare_year(j).filter(|(e, _)| self.share(*e).is_some());
        let ago = self.class(j, Class::Adjectival).filter(|e| self.share(*e).is_some());
        if let Some((e, _)) = before {
            j = e;
        } else if let Some(e) = ago {
            j = e;
        }
        if let Some(found) = self.closing(j) {
            return Some(found);
        }
        if let Some((end, share)) = self.share(j) {
            if let Some((_, y)) = before {
                return Some((end, within(share, Said::At(Period::Year(y)))));
            }
            if ago.is_some() {
                return Some((end, Said::Within(share, Box::new(Said::Relative(Unit::Year, -1)))));
            }
            let of = self.skip(end, Class::Of);
            if let Some((e, said)) = self.yearly(of).or_else(|| self.yearly(end)) {
                return Some((e, within(share, said)));
            }
            // "half" is more often a share of something else; "of the year" makes it one of time.
            if let Named::Half(_) = share {
                return None;
            }
            return Some((end, Said::Nearest(share)));
        }
        let (end, season) = self.season(j)?;
        let of = self.skip(end, Class::Of);
        if let Some((e, said)) = self.yearly(of) {
            return Some((e, within(season, said)));
        }
        (j > i).then_some((end, Said::Nearest(season)))
    }

    /// "this year's third quarter", "last year's spring".
    pub(super) fn possessed(&self, i: usize) -> Option<(usize, Said)> {
        let (j, year) = self.yearly(i)?;
        let j = if matches!(self.word(j), "'s" | "’s") { j + 1 } else { return None };
        let (end, named) = self.share(j).or_else(|| self.season(j))?;
        Some((end, within(named, year)))
    }

    pub(super) fn holiday(&self, i: usize) -> Option<(usize, Said)> {
        let (end, h) = self.pick(i, |l| if let Lex::Holiday(h) = l { Some(Named::Holiday(h)) } else { None })?;
        let capital = self.tree.word(i).chars().next().is_some_and(char::is_uppercase);
        if !capital {
            return None;
        }
        if let Some((e, y)) = self.bare_year(end) {
            return Some((e, within(h, Said::At(Period::Year(y)))));
        }
        Some((end, Said::Nearest(h)))
    }

    pub(super) fn deictic(&self, i: usize) -> Option<(usize, Said)> {
        let (end, d) = self.pick(i, |l| if let Lex::Deictic(d) = l { self.k.deictics.get(d) } else { None })?;
        Some((end, Said::Relative(d.unit, d.offset)))
    }

    /// "last week", "this summer", "next Monday", "the coming year", "the past three months", "this morning".
    pub(super) fn directed(&self, i: usize) -> Option<(usize, Said)> {
        let the = self.skip(i, Class::The);
        let kinds = [
            (Class::Previous, -1),
            (Class::Past, -1),
            (Class::Preceding, -1),
            (Class::This, 0),
            (Class::Next, 1),
            (Class::Latest, 0),
            (Class::Recent, -1),
            (Class::Following, 1),
        ];
        let (j, class, turn) = kinds.iter().filter_map(|(c, t)| Some((self.class(the, *c)?, *c, *t))).max_by_key(|(end, ..)| *end)?;
        let j = self.past_hyphen(j);
        let reach = if turn > 0 { 1 } else { -1 };
        if matches!(
            class,
            Class::Recent | Class::Past | Class::Next | Class::Preceding | Class::Previous | Class::Latest | Class::Following
        ) {
            // "recent years", "coming weeks"
            if let Some((end, (unit, true))) = self.pick(self.skip(j, Class::Fuzzy), unit) {
                let fuzzy = matches!(class, Class::Recent | Class::Next | Class::Past) || self.is(j, Class::Fuzzy);
                return fuzzy.then_some((end, Said::Length(None, unit, reach)));
            }
            if let Some((end, n, unit)) = self.amount(j).filter(|_| class != Class::Recent && class != Class::Following) {
                return Some((self.skip(end, Class::Tail), Said::Length(n, unit, reach)));
            }
        }
        let fiscal = self.skip(j, Class::Fiscal);
        if let Some((end, (unit, plural))) = self.pick(fiscal, unit) {
            if plural || matches!(unit, Unit::Second | Unit::Minute | Unit::Hour | Unit::Fortnight | Unit::Millennium) {
                return match unit {
                    Unit::Hour if !plural && class == Class::Past => Some((end, Said::Length(Some(1.0), unit, reach))),
                    _ => None,
                };
            }
            let said = match class {
                Class::Recent => return None,
                Class::Past if unit == Unit::Decade => Said::Length(Some(10.0), Unit::Year, -1),
                Class::Past => Said::Trailing(unit),
                Class::Preceding | Class::Following => Said::Anaphoric(unit, turn),
                Class::Next if the > i && unit == Unit::Day => Said::Anaphoric(unit, 1),
                Class::Latest if unit == Unit::Quarter => Said::Nearest(Named::Quarter(0)),
                _ => Said::Relative(unit, turn),
            };
            return Some((self.skip(end, Class::Tail), said));
        }
        if matches!(class, Class::Recent | Class::Following) {
            return None;
        }
        if class == Class::Latest {
            return self.class(j, Class::Period).map(|end| (end, Said::Nearest(Named::Quarter(0))));
        }
        // "the next morning", "the previous night"
        if the > i && matches!(class, Class::Next | Class::Preceding) && self.part(j).is_some() {
            return Some((j, Said::Anaphoric(Unit::Day, turn)));
        }
        if class == Class::This && the == i && self.part(j).is_some() {
            // The part itself is read with what follows a day.
            return Some((j, Said::Relative(Unit::Day, 0)));
        }
        let named = self.season(j).or_else(|| self.share(j)).or_else(|| {
            self.pick(j, |l| match l {
                Lex::Month(m) => Some(Named::Month(m)),
                Lex::Weekday(d) => Some(Named::Weekday(d)),
                Lex::Holiday(h) => Some(Named::Holiday(h)),
                _ => None,
            })
        });
        let (end, named) = named?;
        // "this Monday", "last July 4": a day of the month may follow.
        if let Named::Month(m) = named
            && let Some(d) = self.digits(end, 31)
        {
            return Some((end + 1, Said::Turn(named_day(m, d)?, turn)));
        }
        Some((end, Said::Turn(named, turn)))
    }

    /// "that day", "the same month", "the quarter", "the weekend".
    pub(super) fn anaphoric(&self, i: usize) -> Option<(usize, Said)> {
        if let Some(j) = self.class(i, Class::That) {
            if self.part(j).is_some() {
                return Some((j, Said::Anaphoric(Unit::Day, 0)));
            }
            let (end, (unit, plural)) = self.pick(j, unit)?;
            return (!plural && unit >= Unit::Day).then_some((end, Said::Anaphoric(unit, 0)));
        }
        let j = self.class(i, Class::The)?;
        let ago = self.class(j, Class::Adjectival);
        if let Some(end) = ago.and_then(|a| self.class(a, Class::Period).or_else(|| self.pick(a, unit).map(|(e, _)| e))) {
            return Some((end, Said::YearBefore));
        }
        if ago.is_some() {
            return None;
        }
        if let Some((end, y)) = self.bare_year(j)
            && let Some(end) =
                self.class(end, Class::Period).or_else(|| self.pick(end, unit).filter(|(_, u)| u.0 == Unit::Quarter).map(|(e, _)| e))
        {
            return Some((end, Said::SameQuarter(y)));
        }
        let full = self.class(j, Class::Filler).filter(|_| self.word(j) == "full");
        let fiscal = self.skip(full.unwrap_or(j), Class::Fiscal);
        let (end, (unit, plural)) = self.pick(fiscal, unit)?;
        if !plural && let Some(found) = self.told_by_day(end, unit) {
            return Some(found);
        }
        // "the year before", "the day after"
        for (class, way) in [(Class::Earlier, -1), (Class::Later, 1)] {
            if let Some(e) = self.class(end, class).filter(|&e| !plural && unit >= Unit::Day && self.closes(e)) {
                return Some((e, Said::Anaphoric(unit, way)));
            }
        }
        if plural
            || unit < Unit::Day
            || matches!(self.word(end), "of" | "when" | "that")
            || matches!(unit, Unit::Half | Unit::Millennium | Unit::Fortnight)
        {
            return None;
        }
        // "the year ended March 31", "the fiscal year" are lengths.
        if unit == Unit::Year && (fiscal > full.unwrap_or(j) || self.is(end, Class::Ended)) {
            return Some((end, Said::Length(Some(1.0), Unit::Year, 0)));
        }
        match unit {
            Unit::Day | Unit::Quarter => Some((end, Said::Anaphoric(unit, 0))),
            _ => Some((end, Said::Relative(unit, 0))),
        }
    }

    /// "the week of March 6", "the day before last Tuesday", after the unit.
    fn told_by_day(&self, end: usize, unit: Unit) -> Option<(usize, Said)> {
        let day = |at: usize| {
            let (end, said) =
                self.fixed(at).or_else(|| self.weekday_date(at)).or_else(|| self.directed(at)).or_else(|| self.holiday(at))?;
            let daily = matches!(
                said,
                Said::Nearest(Named::Day(..) | Named::Weekday(_) | Named::Holiday(_))
                    | Said::At(Period::Day(_))
                    | Said::Turn(Named::Day(..) | Named::Weekday(_) | Named::Holiday(_), _)
                    | Said::Within(Named::Holiday(_) | Named::Day(..), _)
            );
            daily.then_some((end, Box::new(said)))
        };
        match (unit, self.word(end)) {
            (Unit::Week | Unit::Weekend, "of") => day(end + 1).map(|(e, said)| (e, Said::Holding(unit, said))),
            // "the day before Tuesday's vote" is told by the vote, but it is the same day.
            (Unit::Day, "before") => day(end + 1).map(|(e, said)| (e, Said::Beside(-1, said))),
            (Unit::Day, "after") => day(end + 1).map(|(e, said)| (e, Said::Beside(1, said))),
            _ => None,
        }
    }

    pub(super) fn year_end(&self, i: usize) -> Option<(usize, Said)> {
        if let Some(end) = self.class(i, Class::YearEnd) {
            let of = self.skip(end, Class::Of);
            return match self.bare_year(of) {
                Some((end, y)) => Some((end, Said::At(Period::Year(y)))),
                None => Some((end, Said::Relative(Unit::Year, 0))),
            };
        }
        None
    }

    /// "the morning of", no more: a part of a day by itself is left alone.
    pub(super) fn parted_day(&self, i: usize) -> Option<(usize, Said)> {
        let (j, _) = self.part(i)?;
        let (end, said) = self.weekday_date(j).or_else(|| self.deictic(j))?;
        matches!(said, Said::Nearest(_) | Said::Relative(Unit::Day, _)).then_some((end, said))
    }
}

fn within(named: Named, year: Said) -> Said {
    match (named, &year) {
        (Named::Quarter(q), Said::At(Period::Year(y))) => Said::At(Period::Quarter(*y, q)),
        (Named::Half(h), Said::At(Period::Year(y))) => Said::At(Period::Half(*y, h)),
        (Named::Season(s), Said::At(Period::Year(y))) => Said::At(Period::Season(*y, s)),
        (Named::Month(m), Said::At(Period::Year(y))) => Said::At(Period::Month(*y, m)),
        _ => Said::Within(named, Box::new(year)),
    }
}
