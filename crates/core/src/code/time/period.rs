//! Stretches of the calendar: their days, their neighbours, their TIMEX3 values.

use crate::knowledge::time::{Calendar, Holiday, TimeWords, Unit};
use crate::model::Date;
use jiff::ToSpan;

/// A calendar stretch with a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One day.
    Day(Date),
    /// By its Monday.
    Weekend(Date),
    /// By its Monday.
    Week(Date),
    /// Year, 1–12.
    Month(i16, i8),
    /// Year, 1–4.
    Quarter(i16, i8),
    /// Year, 1–2.
    Half(i16, i8),
    /// Year it begins in, index into the seasons.
    Season(i16, usize),
    /// One year.
    Year(i16),
    /// 199 is the nineties.
    Decade(i16),
    /// 19 holds the years 1900 to 1999.
    Century(i16),
}

fn monday(d: Date) -> Option<Date> {
    d.checked_sub(i32::from(d.weekday().to_monday_zero_offset()).days()).ok()
}

/// Year and number of a stretch that divides the year, `n` further on.
fn part(year: i16, number: i8, per_year: i64, n: i64) -> Option<(i16, i8)> {
    let at = i64::from(year) * per_year + i64::from(number) - 1 + n;
    Some((i16::try_from(at.div_euclid(per_year)).ok()?, at.rem_euclid(per_year) as i8 + 1))
}

impl Period {
    /// The stretch of this unit that holds the day; none for parts of a day and a millennium.
    pub fn of(unit: Unit, d: Date) -> Option<Period> {
        let m = d.month();
        Some(match unit {
            Unit::Day => Period::Day(d),
            Unit::Week | Unit::Fortnight => Period::Week(monday(d)?),
            Unit::Weekend => Period::Weekend(monday(d)?),
            Unit::Month => Period::Month(d.year(), m),
            Unit::Quarter => Period::Quarter(d.year(), (m - 1) / 3 + 1),
            Unit::Half => Period::Half(d.year(), (m - 1) / 6 + 1),
            Unit::Year => Period::Year(d.year()),
            Unit::Decade => Period::Decade(d.year() / 10),
            Unit::Century => Period::Century(d.year() / 100),
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Millennium => return None,
        })
    }

    /// The stretch of the same kind `n` further on.
    pub fn shift(self, n: i64) -> Option<Period> {
        let small = i32::try_from(n).ok().filter(|n| n.abs() < 100_000)?;
        let year = |y: i16| i16::try_from(i64::from(y) + n).ok().filter(|y| (1..=9999).contains(y));
        Some(match self {
            Period::Day(d) => Period::Day(d.checked_add(small.days()).ok()?),
            Period::Weekend(d) => Period::Weekend(d.checked_add(small.weeks()).ok()?),
            Period::Week(d) => Period::Week(d.checked_add(small.weeks()).ok()?),
            Period::Month(y, m) => part(y, m, 12, n).map(|(y, m)| Period::Month(y, m))?,
            Period::Quarter(y, q) => part(y, q, 4, n).map(|(y, q)| Period::Quarter(y, q))?,
            Period::Half(y, h) => part(y, h, 2, n).map(|(y, h)| Period::Half(y, h))?,
            Period::Season(y, s) => Period::Season(year(y)?, s),
            Period::Year(y) => Period::Year(year(y)?),
            Period::Decade(d) => Period::Decade(year(d)?),
            Period::Century(c) => Period::Century(year(c)?),
        })
    }

    /// First day.
    pub fn first(self, k: &TimeWords) -> Option<Date> {
        let day = |y: i16, m: i8| Date::new(y, m, 1).ok();
        match self {
            Period::Day(d) | Period::Week(d) => Some(d),
            Period::Weekend(d) => d.checked_add(5.days()).ok(),
            Period::Month(y, m) => day(y, m),
            Period::Quarter(y, q) => day(y, q * 3 - 2),
            Period::Half(y, h) => day(y, h * 6 - 5),
            Period::Season(y, s) => day(y, k.seasons.get(s)?.months[0]),
            Period::Year(y) => day(y, 1),
            Period::Decade(d) => day(d.checked_mul(10)?.max(1), 1),
            Period::Century(c) => day(c.checked_mul(100)?.max(1), 1),
        }
    }

    /// Last day.
    pub fn last(self, k: &TimeWords) -> Option<Date> {
        let end = |y: i16, m: i8| Date::new(y, m, 1).ok().map(Date::last_of_month);
        match self {
            Period::Day(d) => Some(d),
            Period::Week(d) | Period::Weekend(d) => d.checked_add(6.days()).ok(),
            Period::Month(y, m) => end(y, m),
            Period::Quarter(y, q) => end(y, q * 3),
            Period::Half(y, h) => end(y, h * 6),
            Period::Season(y, s) => {
                let [from, to] = k.seasons.get(s)?.months;
                end(if to < from { y.checked_add(1)? } else { y }, to)
            }
            Period::Year(y) => end(y, 12),
            Period::Decade(d) => end(d.checked_mul(10)?.checked_add(9)?, 12),
            Period::Century(c) => end(c.checked_mul(100)?.checked_add(99)?, 12),
        }
    }

    /// The year it begins in.
    pub fn year(self, k: &TimeWords) -> Option<i16> {
        self.first(k).map(Date::year)
    }

    /// TIMEX3 value.
    pub fn value(self, k: &TimeWords) -> String {
        let week = |d: Date| {
            let w = d.iso_week_date();
            format!("{:04}-W{:02}", w.year(), w.week())
        };
        match self {
            Period::Day(d) => d.to_string(),
            Period::Week(d) => week(d),
            Period::Weekend(d) => format!("{}-WE", week(d)),
            Period::Month(y, m) => format!("{y:04}-{m:02}"),
            Period::Quarter(y, q) => format!("{y:04}-Q{q}"),
            Period::Half(y, h) => format!("{y:04}-H{h}"),
            Period::Season(y, s) => format!("{y:04}-{}", k.seasons.get(s).map_or("XX", |s| &s.code)),
            Period::Year(y) => format!("{y:04}"),
            Period::Decade(d) => format!("{d:03}"),
            Period::Century(c) => format!("{c:02}"),
        }
    }
}

/// The day of a holiday in a year.
pub fn holiday(h: &Holiday, year: i16) -> Option<Date> {
    if let Some(days) = h.easter {
        return easter(year)?.checked_add(days.days()).ok();
    }
    if let Some(days) = h.orthodox_easter {
        return orthodox_easter(year)?.checked_add(days.days()).ok();
    }
    if let (Some(month), Some(day)) = (h.hijri_month, h.day) {
        // The Islamic year is shorter: one of two begins early enough.
        let about = (i32::from(year) - 622) * 33 / 32;
        return (about - 1..=about + 2).find_map(|y| hijri(y, month, day as u8).filter(|d| d.year() == year));
    }
    let month = h.month?;
    match (h.weekday, h.nth) {
        (Some(weekday), Some(nth)) => {
            let weekday = jiff::civil::Weekday::from_monday_one_offset(weekday).ok()?;
            Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
        }
        _ => Date::new(year, month, h.day?).ok(),
    }
}

/// Easter Sunday of the western churches (the anonymous Gregorian computus).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

/// Easter Sunday of the orthodox churches (Meeus's Julian computus), good for 1900 to 2099.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let n = d + e + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()?.checked_add(13.days()).ok()
}

/// Days from the Gregorian 0001-01-01 on, which is day 1.
fn from_fixed(n: i64) -> Option<Date> {
    Date::new(1, 1, 1).ok()?.checked_add(jiff::Span::new().try_days(n - 1).ok()?).ok()
}

/// A day of the Islamic calendar by civil reckoning; sightings of the moon may put it a day off.
pub fn hijri(year: i32, month: u8, day: u8) -> Option<Date> {
    if !(1..=2000).contains(&year) || !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    let (y, m, d) = (i64::from(year), i64::from(month), i64::from(day));
    from_fixed(227_014 + 354 * (y - 1) + (3 + 11 * y).div_euclid(30) + 29 * (m - 1) + m / 2 + d)
}

/// A day of Iran's solar calendar, whose year begins on 20 or 21 March (33-year leap cycle).
pub fn iranian(year: i32, month: u8, day: u8) -> Option<Date> {
    if !(1..=2000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (y, m, d) = (i64::from(year), i64::from(month), i64::from(day));
    let months = if m <= 7 { 31 * (m - 1) } else { 30 * (m - 1) + 6 };
    from_fixed(226_894 + 365 * (y - 1) + (8 * y + 21).div_euclid(33) + months + d)
}

/// A day of another calendar.
pub fn foreign(calendar: Calendar, year: i32, month: u8, day: u8) -> Option<Date> {
    match calendar {
        Calendar::Hijri => hijri(year, month, day),
        Calendar::Iranian => iranian(year, month, day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    fn d(s: &str) -> Date {
        s.parse().unwrap()
    }

    #[test]
    fn periods_shift_and_have_days() {
        let k = &Knowledge::embedded().unwrap().time;
        let check = |unit, day: &str, n, value: &str, first: &str, last: &str| {
            let p = Period::of(unit, d(day)).unwrap().shift(n).unwrap();
            assert_eq!((p.value(k).as_str(), p.first(k), p.last(k)), (value, Some(d(first)), Some(d(last))));
        };
        check(Unit::Day, "2024-02-28", 1, "2024-02-29", "2024-02-29", "2024-02-29");
        check(Unit::Week, "2018-07-18", -1, "2018-W28", "2018-07-09", "2018-07-15");
        check(Unit::Weekend, "2018-07-18", 0, "2018-W29-WE", "2018-07-21", "2018-07-22");
        check(Unit::Month, "2018-01-31", -1, "2017-12", "2017-12-01", "2017-12-31");
        check(Unit::Quarter, "2018-01-31", -1, "2017-Q4", "2017-10-01", "2017-12-31");
        check(Unit::Half, "2018-07-01", 1, "2019-H1", "2019-01-01", "2019-06-30");
        check(Unit::Decade, "2018-07-01", -1, "200", "2000-01-01", "2009-12-31");
        check(Unit::Century, "2018-07-01", -1, "19", "1900-01-01", "1999-12-31");
        let winter = k.seasons.iter().position(|s| s.code == "WI").unwrap();
        assert_eq!(Period::Season(2017, winter).last(k), Some(d("2018-02-28")));
        assert_eq!(Period::Year(9999).shift(1), None);
    }

    #[test]
    fn feasts_and_other_calendars() {
        assert_eq!(easter(2024), Some(d("2024-03-31")));
        assert_eq!(easter(1998), Some(d("1998-04-12")));
        assert_eq!(orthodox_easter(2024), Some(d("2024-05-05")));
        assert_eq!(iranian(1357, 11, 22), Some(d("1979-02-11")));
        assert_eq!(iranian(1403, 1, 1), Some(d("2024-03-20")));
        // Off by the sighting at most: 1 Muharram 1445 was 19 July 2023.
        assert_eq!(hijri(1445, 1, 1), Some(d("2023-07-19")));
        assert_eq!(hijri(0, 1, 1), None);
        assert_eq!(iranian(1403, 13, 1), None);
    }
}
