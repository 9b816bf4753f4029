//! From what an expression says to days: by the article's date, the tense, the time told before.

use super::grammar::{Hit, Named, Said, Stage, duration};
use super::period::{Period, foreign, holiday};
use crate::knowledge::time::{TimeWords, Unit, Vague};
use crate::model::Date;
use jiff::ToSpan;

/// Where the sentence's verb puts the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// By the very verb it hangs on, as past.
    Direct,
    /// Told as past.
    Past,
    /// Told as to come.
    Future,
    /// The verb does not say.
    Open,
    /// It is the time of something that is planned ("the summit in April").
    Planned,
}

/// What the article told before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// The article's date.
    pub published: Option<Date>,
    /// The time told last.
    pub last: Option<Period>,
    /// Whether a date was told that no calendar has.
    pub never: bool,
    /// The quarter told last: reports compare it with "a year earlier".
    pub quarter: Option<Period>,
}

/// Kind of a TIMEX3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Calendar.
    Date,
    /// Clock or part of a day.
    Time,
    /// Length.
    Duration,
    /// Again and again.
    Set,
}

impl Kind {
    /// As TIMEX3 writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Date => "DATE",
            Kind::Time => "TIME",
            Kind::Duration => "DURATION",
            Kind::Set => "SET",
        }
    }
}

/// An expression resolved as far as may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// TIMEX3 type.
    pub kind: Kind,
    /// TIMEX3 value; X where unknown.
    pub value: String,
    /// First and last possible day.
    pub days: Option<(Date, Date)>,
    /// How they were reached.
    pub how: Option<&'static str>,
    /// The calendar stretch, for what refers back to it.
    pub period: Option<Period>,
}

const STATED: &str = "date as stated";
const RELATIVE: &str = "relative to the article's date";
const TENSE: &str = "the one nearest the article's date, by the verb's tense";
const BEFORE: &str = "relative to the time told before";
/// A date no calendar has stays text, with this note.
pub const NEVER: &str = "no such day";

/// Resolves an expression.
pub fn resolve(hit: &Hit, tense: Tense, told: &Told, k: &TimeWords) -> Resolved {
    let r = Resolver { k, told, tense };
    let mut out = r.said(&hit.said);
    if let Some((first, last)) = out.days {
        out.days = r.stage(hit.stage, first, last);
    }
    if hit.stage == Some(Stage::Eve)
        && let Some(Period::Day(d)) = out.period
        && let Some(before) = Period::Day(d).shift(-1)
    {
        out.value = before.value(k);
        out.period = Some(before);
        out.days = before.first(k).map(|d| (d, d));
    }
    if let Some(part) = hit.part.and_then(|p| k.parts.get(p)) {
        out.value.push('T');
        out.value.push_str(part);
        out.kind = Kind::Time;
    }
    if let Some(c) = hit.clock {
        out.value.push_str(&match (c.hour, c.minute) {
            (24, None) => "T24".to_owned(),
            (h, m) => format!("T{h:02}:{:02}", m.unwrap_or(0)),
        });
        if c.universal {
            out.value.push('Z');
        }
        out.kind = Kind::Time;
    }
    out
}

struct Resolver<'a> {
    k: &'a TimeWords,
    told: &'a Told,
    tense: Tense,
}

fn plus(d: Date, n: f64, unit: Unit) -> Option<Date> {
    let whole = n.round() as i32;
    match unit {
        Unit::Second | Unit::Minute => Some(d),
        Unit::Hour => d.checked_add(((n / 24.0).trunc() as i32).days()).ok(),
        Unit::Day => d.checked_add(whole.days()).ok(),
        Unit::Weekend | Unit::Week => d.checked_add(((n * 7.0).round() as i32).days()).ok(),
        Unit::Fortnight => d.checked_add((whole * 14).days()).ok(),
        Unit::Month => d.checked_add(whole.months()).ok(),
        Unit::Quarter => d.checked_add((whole * 3).months()).ok(),
        Unit::Half => d.checked_add((whole * 6).months()).ok(),
        Unit::Year => d.checked_add(((n * 12.0).round() as i32).months()).ok(),
        Unit::Decade => d.checked_add((whole.checked_mul(120)?).months()).ok(),
        Unit::Century => d.checked_add((whole.checked_mul(1200)?).months()).ok(),
        Unit::Millennium => None,
    }
}

impl Resolver<'_> {
    fn unknown(&self, value: impl Into<String>) -> Resolved {
        Resolved { kind: Kind::Date, value: value.into(), days: None, how: None, period: None }
    }

    fn period(&self, p: Option<Period>, how: &'static str) -> Resolved {
        let Some(p) = p else { return self.unknown("XXXX-XX-XX") };
        let days = p.first(self.k).zip(p.last(self.k));
        Resolved { kind: Kind::Date, value: p.value(self.k), days, how: days.map(|_| how), period: Some(p) }
    }

    fn stage(&self, stage: Option<Stage>, first: Date, last: Date) -> Option<(Date, Date)> {
        let third = first.until(last).map_or(0, |s| (s.get_days() + 1) / 3);
        let after = |d: Date, n: i32| d.checked_add(n.days()).ok();
        Some(match stage {
            Some(Stage::Early) => (first, after(first, third)?.min(last)),
            Some(Stage::Middle) => (after(first, third)?, after(last, -third)?),
            Some(Stage::Late) => (after(last, -third)?.max(first), last),
            Some(Stage::Before) => (first, self.told.published.filter(|p| *p >= first).map_or(last, |p| p.min(last))),
            Some(Stage::After) => (self.told.published.filter(|p| *p <= last).map_or(first, |p| p.max(first)), last),
            _ => (first, last),
        })
    }

    fn said(&self, said: &Said) -> Resolved {
        let published = self.told.published;
        match said {
            Said::At(p) => self.period(Some(*p), STATED),
            Said::About(d) => {
                let mut out = self.period(Some(Period::Day(*d)), "date of another calendar, a day off perhaps");
                out.days = d.yesterday().ok().zip(d.tomorrow().ok());
                out
            }
            Said::Never => Resolved { how: Some(NEVER), ..self.unknown("XXXX-XX-XX") },
            Said::Nearest(named) => match published {
                Some(p) => self.period(self.nearest(*named, p), TENSE),
                None => self.unknown(self.open(*named)),
            },
            Said::Turn(named, turn) => match published {
                Some(p) => self.period(self.turn(*named, *turn, p), RELATIVE),
                None => self.unknown(self.open(*named)),
            },
            Said::Within(named, year) => {
                let year = self.said(year);
                let y = year.period.and_then(|p| p.year(self.k));
                match y.and_then(|y| self.within(*named, y)) {
                    Some(p) => self.period(Some(p), year.how.unwrap_or(STATED)),
                    None => self.unknown(self.open(*named)),
                }
            }
            Said::Holding(unit, day) => {
                let day = self.said(day);
                let held = day.period.and_then(|p| Period::of(*unit, p.first(self.k)?));
                match day.how.filter(|_| held.is_some()) {
                    Some(how) => self.period(held, how),
                    None => self.unknown(self.open_unit(*unit)),
                }
            }
            Said::Beside(way, day) => {
                let day = self.said(day);
                match (day.period.and_then(|p| p.shift(i64::from(*way))), day.how) {
                    (Some(p @ Period::Day(_)), Some(how)) => self.period(Some(p), how),
                    _ => self.unknown("XXXX-XX-XX"),
                }
            }
            Said::Relative(unit, n) => match published {
                Some(p) => self.period(self.relative(*unit, *n, p), RELATIVE),
                None => self.unknown(self.open_unit(*unit)),
            },
            Said::Trailing(unit) => match published {
                Some(p) => {
                    let mut out = self.period(Period::of(*unit, p).and_then(|u| u.shift(-1)), RELATIVE);
                    out.days = plus(p, -1.0, *unit).map(|from| (from, p));
                    out
                }
                None => self.unknown(self.open_unit(*unit)),
            },
            Said::Anaphoric(unit, n) => {
                // "the day" after a year was told is a day of the article, not the year's first.
                let fine = |p: &Period| *unit != Unit::Day || matches!(p, Period::Day(_));
                let told = self.told.last.filter(fine).and_then(|p| p.first(self.k));
                if *unit == Unit::Quarter {
                    let quarter = self.told.quarter.or_else(|| Period::of(Unit::Quarter, published?)?.shift(-1));
                    return self.period(quarter.and_then(|q| q.shift(i64::from(*n))), BEFORE);
                }
                match told.or(published) {
                    Some(d) => self.period(Period::of(*unit, d).and_then(|p| p.shift(i64::from(*n))), BEFORE),
                    None => self.unknown(self.open_unit(*unit)),
                }
            }
            Said::Shift(n, unit, way, now) => self.shift(*n, *unit, *way, *now),
            Said::Length(n, unit, reach) => {
                let mut out = self.unknown(duration(*n, *unit));
                out.kind = Kind::Duration;
                if let (Some(p), Some(n), true) = (published, n, *reach != 0) {
                    let other = plus(p, n * f64::from(*reach), *unit);
                    out.days = other.map(|o| (o.min(p), o.max(p)));
                    out.how = out.days.map(|_| RELATIVE);
                }
                out
            }
            Said::Often(value) => Resolved { kind: Kind::Set, ..self.unknown(value.clone()) },
            Said::Vague(v) => self.unknown(match v {
                Vague::Past => "PAST_REF",
                Vague::Present => "PRESENT_REF",
                Vague::Future => "FUTURE_REF",
            }),
            Said::SameQuarter(y) => match self.told.quarter {
                Some(Period::Quarter(_, q)) => self.period(Some(Period::Quarter(*y, q)), BEFORE),
                _ => self.period(Some(Period::Year(*y)), STATED),
            },
            Said::YearBefore => {
                let unit = self
                    .told
                    .quarter
                    .or_else(|| Period::of(Unit::Year, published?))
                    .and_then(|p| p.shift(if self.told.quarter.is_some() { -4 } else { -1 }));
                self.period(unit, BEFORE)
            }
        }
    }

    fn shift(&self, n: Option<f64>, unit: Unit, way: i32, now: bool) -> Resolved {
        let vague = if way < 0 { "PAST_REF" } else { "FUTURE_REF" };
        let base = if now { self.told.published } else { self.told.last.and_then(|p| p.first(self.k)).or(self.told.published) };
        let (Some(n), Some(base)) = (n, base) else { return self.unknown(vague) };
        let how = if now { RELATIVE } else { BEFORE };
        if unit == Unit::Year
            && n == 1.0
            && way < 0
            && let Some(q) = self.told.quarter
        {
            return self.period(q.shift(-4), BEFORE);
        }
        let Some(day) = plus(base, n * f64::from(way), unit) else { return self.unknown(vague) };
        let grain = match unit {
            Unit::Year if n.fract() != 0.0 => Unit::Month,
            Unit::Year | Unit::Decade | Unit::Century => Unit::Year,
            Unit::Month | Unit::Quarter | Unit::Half => Unit::Month,
            _ => Unit::Day,
        };
        let mut out = self.period(Period::of(grain, day), how);
        match unit {
            // Nobody counts the days of weeks.
            Unit::Week | Unit::Fortnight | Unit::Weekend => {
                out.days = Period::of(Unit::Week, day).and_then(|w| w.first(self.k).zip(w.last(self.k)));
            }
            Unit::Hour | Unit::Minute | Unit::Second => out.days = Some((day.min(base), day.max(base))),
            // "ten years ago" may be nine or eleven.
            Unit::Year if n >= 10.0 && n % 5.0 == 0.0 => out.days = None,
            Unit::Decade | Unit::Century => out.days = None,
            _ => {}
        }
        if out.days.is_none() {
            out.how = None;
        }
        out
    }

    /// What a name would be worth without a date.
    fn open(&self, named: Named) -> String {
        match named {
            Named::Month(m) => format!("XXXX-{m:02}"),
            Named::Day(m, d) => format!("XXXX-{m:02}-{d:02}"),
            Named::Weekday(d) => format!("XXXX-WXX-{d}"),
            Named::Season(s) => format!("XXXX-{}", self.k.seasons.get(s).map_or("XX", |s| &s.code)),
            Named::Quarter(0) => "XXXX-QX".to_owned(),
            Named::Quarter(q) => format!("XXXX-Q{q}"),
            Named::Half(h) => format!("XXXX-H{h}"),
            Named::Holiday(_) | Named::Foreign(..) => "XXXX-XX-XX".to_owned(),
        }
    }

    fn open_unit(&self, unit: Unit) -> &'static str {
        match unit {
            Unit::Week | Unit::Fortnight => "XXXX-WXX",
            Unit::Weekend => "XXXX-WXX-WE",
            Unit::Month => "XXXX-XX",
            Unit::Year => "XXXX",
            Unit::Quarter => "XXXX-QX",
            _ => "XXXX-XX-XX",
        }
    }

    /// The one in a given year.
    fn within(&self, named: Named, y: i16) -> Option<Period> {
        Some(match named {
            Named::Month(m) => Period::Month(y, m),
            Named::Day(m, d) => Period::Day(Date::new(y, m, d).ok()?),
            Named::Season(s) => Period::Season(y, s),
            Named::Quarter(q) => Period::Quarter(y, q.max(1)),
            Named::Half(h) => Period::Half(y, h),
            Named::Holiday(h) => Period::Day(holiday(self.k.holidays.get(h)?, y)?),
            Named::Foreign(..) | Named::Weekday(_) => return None,
        })
    }

    /// All that may be meant around a day, in order.
    fn around(&self, named: Named, p: Date) -> Vec<Period> {
        let year = p.year();
        match named {
            Named::Weekday(d) => {
                let back = i32::from((p.weekday().to_monday_one_offset() - d).rem_euclid(7));
                let at = |n: i32| p.checked_add(n.days()).ok().map(Period::Day);
                [-back - 7, -back, 7 - back, 14 - back].into_iter().filter_map(at).collect()
            }
            Named::Foreign(calendar, month, day) => {
                let about = match calendar {
                    crate::knowledge::time::Calendar::Hijri => (i32::from(year) - 622) * 33 / 32,
                    crate::knowledge::time::Calendar::Iranian => i32::from(year) - 622,
                };
                let days = (about - 2..=about + 3).filter_map(|y| foreign(calendar, y, month, day.unwrap_or(15)));
                days.map(Period::Day).collect()
            }
            // A Chinese box of leap days: look far enough to find one.
            Named::Day(2, 29) => (year - 8..=year + 8).filter_map(|y| self.within(named, y)).collect(),
            _ => (year - 2..=year + 2).filter_map(|y| self.within(named, y)).collect(),
        }
    }

    fn nearest(&self, named: Named, p: Date) -> Option<Period> {
        if named == Named::Quarter(0) {
            return self.told.quarter.or_else(|| Period::of(Unit::Quarter, p)?.shift(-1));
        }
        let all = self.around(named, p);
        let begun = || all.iter().copied().rfind(|x| x.first(self.k).is_some_and(|f| f <= p));
        let coming = || all.iter().copied().find(|x| x.last(self.k).is_some_and(|l| l >= p));
        let (a, b) = match (begun(), coming()) {
            (Some(a), Some(b)) => (a, b),
            (a, b) => return a.or(b),
        };
        let past = a.last(self.k)?.until(p).ok()?.get_days().max(0);
        let ahead = p.until(b.first(self.k)?).ok()?.get_days().max(0);
        // How much nearer the one must be that the tense does not point at.
        let back = match (self.tense, named) {
            (_, Named::Quarter(_) | Named::Half(_)) => true,
            (Tense::Past, Named::Weekday(_)) | (Tense::Direct, _) => true,
            (Tense::Future, Named::Weekday(_)) => false,
            (Tense::Open | Tense::Planned, Named::Weekday(_)) => true,
            (Tense::Future, _) => past * 4 < ahead,
            // News looks back.
            (Tense::Past, _) => past <= ahead * 4,
            (Tense::Open, _) => past <= ahead * 2,
            (Tense::Planned, _) => past <= ahead,
        };
        Some(if back { a } else { b })
    }

    fn turn(&self, named: Named, turn: i32, p: Date) -> Option<Period> {
        let all = self.around(named, p);
        match turn {
            -1 => all.into_iter().rfind(|x| x.last(self.k).is_some_and(|l| l < p)),
            0 => match named {
                Named::Weekday(d) => Period::of(Unit::Week, p)?.first(self.k)?.checked_add(i32::from(d - 1).days()).ok().map(Period::Day),
                _ => all.into_iter().min_by_key(|x| {
                    let far = |d: Date| p.until(d).map_or(i32::MAX, |s| s.get_days());
                    match (x.first(self.k).map(far), x.last(self.k).map(far)) {
                        (Some(a), Some(b)) if a <= 0 && b >= 0 => 0,
                        // A season or month of the article's own year.
                        (Some(_), Some(_)) if x.year(self.k) == Some(p.year()) => 1,
                        (Some(a), Some(b)) => a.abs().min(b.abs()).saturating_add(2),
                        _ => i32::MAX,
                    }
                }),
            },
            _ => all.into_iter().find(|x| x.first(self.k).is_some_and(|f| f > p)),
        }
    }

    fn relative(&self, unit: Unit, n: i32, p: Date) -> Option<Period> {
        let this = Period::of(unit, p)?;
        if unit == Unit::Weekend && n == 0 && self.tense != Tense::Future {
            // "over the weekend" told on a Monday is the one before.
            let begun = this.first(self.k)? <= p;
            return if begun { Some(this) } else { this.shift(-1) };
        }
        this.shift(i64::from(n))
    }
}
