//! Days as numbers, so that a stretch of days is an array.

use detente_core::model::Date;
use jiff::Span;

/// Days since 1970-01-01.
pub type Day = i32;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The number of a day.
pub fn number(date: Date) -> Day {
    (date - EPOCH).get_days()
}

/// The day of a number; the first or last day there is when the number lies outside the calendar.
pub fn date(day: Day) -> Date {
    let edge = if day < 0 { Date::MIN } else { Date::MAX };
    Span::new().try_days(day).and_then(|span| EPOCH.checked_add(span)).unwrap_or(edge)
}

/// The number of a day written YYYY-MM-DD.
pub fn parse(text: &str) -> Option<Day> {
    text.parse().ok().map(number)
}

/// 0 is Monday, 6 is Sunday.
pub fn weekday(day: Day) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_their_numbers() {
        let check = |text: &str, expect: Day, week: usize| {
            assert_eq!(parse(text), Some(expect), "{text}");
            assert_eq!(date(expect).to_string(), text);
            assert_eq!(weekday(expect), week, "{text}");
        };
        check("1970-01-01", 0, 3);
        check("2018-07-18", 17730, 2);
        check("1969-12-28", -4, 6);
        check("9999-12-31", 2_932_896, 4);
        assert_eq!(parse("2018-02-30"), None);
        assert_eq!((date(Day::MAX), date(Day::MIN)), (Date::MAX, Date::MIN));
    }
}
