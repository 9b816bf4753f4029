//! Times at first level: dates as stated, weekdays, days and weeks relative to the article.

use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::time::Relative;
use crate::model::{Date, When};
use jiff::ToSpan;

/// A time expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Timex {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it says.
    pub when: When,
}

/// Finds the time expressions of a sentence.
pub fn find(tree: &Tree<'_>, k: &Knowledge, published: Option<Date>) -> Vec<Timex> {
    let words: Vec<&str> = tree.forms.iter().map(String::as_str).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let found = stated(&words, i, k).or_else(|| relative(&words, i, k, published)).or_else(|| weekday(tree, &words, i, k, published));
        match found {
            Some((end, first, last, how)) => {
                let text = tree.span(i).join(tree.span(end - 1)).of(tree.text).to_owned();
                out.push(Timex { start: i, end, when: When { first, last, text: Some(text), how } });
                i = end;
            }
            None => i += 1,
        }
    }
    out
}

type Found = (usize, Option<Date>, Option<Date>, Option<&'static str>);

fn number(word: Option<&&str>, max: i16) -> Option<i16> {
    let word = word?;
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let n: i16 = digits.parse().ok()?;
    (n >= 1 && n <= max).then_some(n)
}

fn year(word: Option<&&str>) -> Option<i16> {
    word.filter(|w| w.len() == 4)?.parse().ok().filter(|y| (1800..=2100).contains(y))
}

/// "18 July 2018", "July 18, 2018", "July 2018", "2018-07-18", "in 2018", "July 18".
fn stated(words: &[&str], i: usize, k: &Knowledge) -> Option<Found> {
    let at = |n: usize| words.get(i + n);
    if let Some(day) = at(0).filter(|w| w.len() == 10).and_then(|w| w.parse::<Date>().ok()) {
        return Some((i + 1, Some(day), Some(day), Some("date as stated")));
    }
    if let Some(month) = at(0).and_then(|w| k.time.month(w)) {
        if let Some(day) = number(at(1), 31) {
            let skip = if at(2) == Some(&",") { 3 } else { 2 };
            if let Some(y) = year(at(skip)) {
                return match Date::new(y, month, day as i8) {
                    Ok(d) => Some((i + skip + 1, Some(d), Some(d), Some("date as stated"))),
                    Err(_) => Some((i + skip + 1, None, None, Some("no such day"))),
                };
            }
            return Some((i + 2, None, None, Some(DAY_OF_MONTH)));
        }
        if let Some(y) = year(at(1)) {
            let first = Date::new(y, month, 1).ok()?;
            return Some((i + 2, Some(first), Some(first.last_of_month()), Some("month as stated")));
        }
        return None;
    }
    if let (Some(day), Some(month)) = (number(at(0), 31), at(1).and_then(|w| k.time.month(w))) {
        return match year(at(2)) {
            Some(y) => match Date::new(y, month, day as i8) {
                Ok(d) => Some((i + 3, Some(d), Some(d), Some("date as stated"))),
                Err(_) => Some((i + 3, None, None, Some("no such day"))),
            },
            None => Some((i + 2, None, None, Some(DAY_OF_MONTH))),
        };
    }
    if i > 0
        && let Some(y) = year(at(0))
        && k.grammar.places.contains(words[i - 1])
    {
        let first = Date::new(y, 1, 1).ok()?;
        return Some((i + 1, Some(first), Some(first.last_of_year()), Some("year as stated")));
    }
    None
}

const DAY_OF_MONTH: &str = "day of a month without a year";

fn relative(words: &[&str], i: usize, k: &Knowledge, published: Option<Date>) -> Option<Found> {
    let (r, n) = k.time.relative(&words[i..])?;
    let range = published.filter(|_| !r.vague).and_then(|p| resolve(r, p));
    let how = range.map(|_| "relative to the article's date");
    Some((i + n, range.map(|x| x.0), range.map(|x| x.1), how))
}

fn resolve(r: &Relative, published: Date) -> Option<(Date, Date)> {
    let unit = r.unit.as_deref()?;
    let offset = r.offset.unwrap_or(0);
    let (first, last) = match unit {
        "day" => {
            let d = published.checked_add(offset.days()).ok()?;
            (d, d)
        }
        "week" | "weekend" => {
            let monday = published.checked_sub(i32::from(published.weekday().to_monday_zero_offset()).days()).ok()?;
            let first = monday.checked_add(offset.weeks()).ok()?;
            let first = if unit == "weekend" { first.checked_add(5.days()).ok()? } else { first };
            (first, first.checked_add(if unit == "weekend" { 1.days() } else { 6.days() }).ok()?)
        }
        "month" => {
            let m = published.first_of_month().checked_add(offset.months()).ok()?;
            (m, m.last_of_month())
        }
        "year" => {
            let y = published.first_of_year().checked_add(offset.years()).ok()?;
            (y, y.last_of_year())
        }
        "decade" | "century" => return None,
        _ => return None,
    };
    match r.span.as_deref() {
        Some("so_far") => Some((first, published)),
        Some("back") => {
            let from = match unit {
                "day" => published.checked_add(offset.days()),
                "week" => published.checked_add(offset.weeks()),
                "month" => published.checked_add(offset.months()),
                _ => published.checked_add(offset.years()),
            };
            Some((from.ok()?, published))
        }
        Some("ahead" | "rest") => Some((published, last.max(published))),
        _ => {
            // A third of the unit, for "early", "mid", "late".
            let days = first.until(last).ok()?.get_days();
            let third = (days + 1) / 3;
            match r.part.as_deref() {
                Some("early") => Some((first, first.checked_add(third.days()).ok()?)),
                Some("mid") => Some((first.checked_add(third.days()).ok()?, last.checked_sub(third.days()).ok()?)),
                Some("late") => Some((last.checked_sub(third.days()).ok()?, last)),
                _ => Some((first, last)),
            }
        }
    }
}

/// The latest such weekday not after the article's date; a coming one under "next".
fn weekday(tree: &Tree<'_>, words: &[&str], i: usize, k: &Knowledge, published: Option<Date>) -> Option<Found> {
    let wanted = k.time.weekday(words[i])?;
    if !tree.word(i).chars().next().is_some_and(char::is_uppercase) && tree.word(0) != words[i] {
        return None;
    }
    let Some(p) = published else { return Some((i + 1, None, None, None)) };
    let today = p.weekday().to_monday_one_offset();
    let back = i32::from((today - wanted).rem_euclid(7));
    let day = p.checked_sub(back.days()).ok()?;
    Some((i + 1, Some(day), Some(day), Some("weekday not after the article's date")))
}

/// Completes "July 18" by the article's date: the latest such day not far after it.
pub fn complete(t: &mut Timex, words: &[String], k: &Knowledge, published: Option<Date>) {
    if t.when.how != Some(DAY_OF_MONTH) {
        return;
    }
    t.when.how = None;
    let Some(p) = published else { return };
    let month = (t.start..t.end).find_map(|i| k.time.month(&words[i]));
    let day = (t.start..t.end).find_map(|i| number(Some(&words[i].as_str()), 31));
    let (Some(month), Some(day)) = (month, day) else { return };
    let candidates = [p.year() - 1, p.year(), p.year() + 1].into_iter().filter_map(|y| Date::new(y, month, day as i8).ok());
    let limit = p.checked_add(60.days()).unwrap_or(p);
    if let Some(d) = candidates.filter(|d| *d <= limit).max() {
        t.when.first = Some(d);
        t.when.last = Some(d);
        t.when.how = Some("day nearest the article's date");
    }
}

/// The expression that belongs to a deed: the one whose chain of heads first meets the deed's
/// trigger or the words it used.
pub fn of_deed<'t>(tree: &Tree<'_>, timexes: &'t [Timex], trigger: usize, used: &[usize]) -> Option<&'t Timex> {
    timexes
        .iter()
        .filter_map(|t| {
            let mut at = outer(tree, t);
            for step in 0..5 {
                if at == trigger || used.contains(&at) {
                    return Some((step, t.start.abs_diff(trigger), t));
                }
                at = tree.head(at)?;
                // A clause in between has its own time.
                if step > 0 && tree.verbal(at) && at != trigger && !used.contains(&at) && tree.head(trigger) != Some(at) {
                    return None;
                }
            }
            (tree.head(trigger) == Some(at)).then_some((6, t.start.abs_diff(trigger), t))
        })
        .min_by_key(|(step, far, _)| (*step, *far))
        .map(|(_, _, t)| t)
}

fn outer(tree: &Tree<'_>, t: &Timex) -> usize {
    (t.start..t.end).find(|&i| tree.head(i).is_none_or(|h| h < t.start || h >= t.end)).unwrap_or(t.start)
}
