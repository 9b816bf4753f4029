//! Two tellings compared: what contradicts, and what speaks for one event.

use super::event::{Sides, Telling, Where};
use crate::model::{Figure, Mode, is_force};
use std::cmp::Ordering;

/// Days before its publication that a deed told without a day may have happened.
const FRESH: i32 = 3;
/// Days after it that one said to come may.
const AHEAD: i32 = 30;
/// Regions within so many kilometres may hold a place of their country.
const REGION_KM: f64 = 200.0;
/// Points of one place of different sources.
const SPOT_KM: f64 = 1.5;

/// The least that speaks for one event, for two tellings to be one.
pub const ENOUGH: f64 = 3.0;

/// What two tellings tell differently, so that they cannot be of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// Other sides.
    Sides,
    /// Another kind of deed.
    Deed,
    /// Done, to come, or denied.
    Mode,
    /// Another day.
    Day,
    /// Another place.
    Place,
    /// Another number.
    Number,
}

/// What two tellings contradict each other in, if anything.
pub fn contradiction(a: &Telling, b: &Telling) -> Option<Contradiction> {
    let cases = [
        (!sides(a, b), Contradiction::Sides),
        (!deeds(&a.code, &b.code), Contradiction::Deed),
        (!modes(a, b), Contradiction::Mode),
        (!days(a, b), Contradiction::Day),
        (!places(a.place.as_ref(), b.place.as_ref()), Contradiction::Place),
        (!numbers(&a.details.figures, &b.details.figures), Contradiction::Number),
    ];
    cases.into_iter().find(|(holds, _)| *holds).map(|(_, what)| what)
}

/// Whether two tellings contradict the same others: nothing that [`contradiction`] asks for is different.
pub fn interchangeable(a: &Telling, b: &Telling) -> bool {
    a.sides == b.sides
        && a.code == b.code
        && a.mode == b.mode
        && range(a) == range(b)
        && a.place == b.place
        && a.details.figures == b.details.figures
}

/// How much speaks for two tellings that do not contradict each other being of one event; [`ENOUGH`] is enough. `rare`
/// weighs a shared word, 0 to 1.
pub fn evidence(a: &Telling, b: &Telling, rare: impl Fn(u32) -> f64) -> f64 {
    let mut sum = 0.0;
    let known = |s: &Sides| s.source.is_some() && s.target.is_some();
    sum += if known(&a.sides) && known(&b.sides) { 0.5 } else { 0.0 };
    sum += match a.code == b.code {
        // Words of one day are many, and alike in kind.
        true if special(&a.code) && !talk(&a.code) => 1.0,
        true => 0.5,
        false => 0.0,
    };
    sum += match (a.day(), b.day()) {
        (Some(x), Some(y)) if x == y => 1.0,
        _ => 0.0,
    };
    sum += match (a.place.as_ref(), b.place.as_ref()) {
        (Some(x), Some(y)) if x.exact() && y.exact() => 1.5,
        (Some(x), Some(y)) if x.name == y.name && !x.country_wide() => 1.0,
        // A town that may lie in a region, or not.
        (Some(x), Some(y)) if !x.country_wide() && !y.country_wide() => -1.0,
        // Named in the other's sentence, if not read as its place.
        (Some(x), None) if x.named_in(&b.details.words) => 1.0,
        (None, Some(y)) if y.named_in(&a.details.words) => 1.0,
        _ => 0.0,
    };
    // Copies tell the same of the same, dated or not.
    sum += if a.story.is_some() && a.story == b.story && a.article != b.article { 2.5 } else { 0.0 };
    sum += if a.article == b.article { 1.5 } else { 0.0 };
    let agreed = |f: &&Figure| b.details.figures.iter().any(|g| comparable(f, g) && f.least == g.least && f.most == g.most);
    let figures: f64 = a.details.figures.iter().filter(agreed).map(|f| if f.least > 2 { 1.0 } else { 0.5 }).sum();
    sum += figures.min(1.5);
    let shared = common(&a.details.words, &b.details.words).map(rare).sum::<f64>();
    sum += (shared * 0.5).min(2.0);
    let short = a.details.words.len().min(b.details.words.len());
    if short >= 4 && shared < 0.5 {
        sum -= 0.5;
    }
    sum
}

/// Numbers in both of two sorted lists.
pub fn common<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    a.iter().copied().filter(|w| b.binary_search(w).is_ok())
}

/// A code that says more than its root.
fn special(code: &str) -> bool {
    stem(code).len() > 2
}

/// Words rather than deeds.
fn talk(code: &str) -> bool {
    matches!(code.get(..2), Some("01" | "02" | "10" | "11" | "12" | "13"))
}

/// A code without the zero that only fills it up: "190" is any use of force.
fn stem(code: &str) -> &str {
    if code.len() == 3 { code.strip_suffix('0').unwrap_or(code) } else { code }
}

/// Codes that may tell one deed: one is the other's kind.
fn deeds(a: &str, b: &str) -> bool {
    let (x, y) = (stem(a), stem(b));
    // A visit is one for guest and host.
    let visit = |s: &str| matches!(s, "042" | "043");
    // "bombed" may be told of aircraft or of those who lay bombs.
    let bombs = |s: &str| matches!(s, "183" | "195");
    x.starts_with(y)
        || y.starts_with(x)
        || bombs(x) && bombs(y)
        || is_force(x) && is_force(y) && (x.len() == 2 || y.len() == 2)
        || visit(x) && visit(y)
}

/// Whether a code's deed is one for both of its sides: meetings and talks but mediation.
pub fn mutual(code: &str) -> bool {
    code.starts_with("04") && code != "045"
}

fn modes(a: &Telling, b: &Telling) -> bool {
    let class = |m: Mode| match m {
        Mode::Happened | Mode::Claimed | Mode::Historical => 0,
        Mode::Future => 1,
        Mode::Hypothetical => 2,
        Mode::Negated => 3,
    };
    class(a.mode) == class(b.mode)
}

fn sides(a: &Telling, b: &Telling) -> bool {
    let material = a.code.as_str() >= "15";
    let one = |x: &Option<String>, y: &Option<String>, doer: bool| match (x, y) {
        (Some(x), Some(y)) => actors(x, y, doer && material),
        _ => true,
    };
    let pair = |s: &Telling, t: &Sides| one(&s.sides.source, &t.source, true) && one(&s.sides.target, &t.target, false);
    if a.sides.mutual || b.sides.mutual {
        return pair(a, &b.sides) || pair(a, &b.sides.turned());
    }
    pair(a, &b.sides)
}

/// Whether two codes may name one actor: the same, one a part of the other, or organs of one state that act for it.
fn actors(a: &str, b: &str, acting: bool) -> bool {
    let (a_country, b_country) = (a.get(..3).unwrap_or(a), b.get(..3).unwrap_or(b));
    let organ = |s: &str| matches!(s, "GOV" | "MIL" | "SPY" | "COP");
    let (x, y) = (a.get(3..).unwrap_or(""), b.get(3..).unwrap_or(""));
    a_country == b_country && (x.starts_with(y) || y.starts_with(x) || acting && organ(x) && organ(y))
}

/// The days a telling may mean; without bounds where nothing is known.
pub fn range(t: &Telling) -> (i32, i32) {
    match (t.first, t.last, t.published, t.mode) {
        (Some(first), last, ..) => (first, last.unwrap_or(first).max(first)),
        (None, _, None, _) => (i32::MIN, i32::MAX),
        (None, _, Some(p), Mode::Historical) => (i32::MIN, p - 1),
        (None, _, Some(p), Mode::Happened | Mode::Claimed) => (p - FRESH, p),
        (None, _, Some(p), Mode::Future) => (p, p + AHEAD),
        (None, _, Some(p), Mode::Hypothetical | Mode::Negated) => (p - FRESH, p + FRESH),
    }
}

fn days(a: &Telling, b: &Telling) -> bool {
    let ((a_first, a_last), (b_first, b_last)) = (range(a), range(b));
    a_first <= b_last && b_first <= a_last
}

fn places(a: Option<&Where>, b: Option<&Where>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    if !a.country.is_empty() && !b.country.is_empty() && a.country != b.country {
        return false;
    }
    if a.geonameid.is_some() && a.geonameid == b.geonameid || a.name == b.name || a.country_wide() || b.country_wide() {
        return true;
    }
    // "Damascus airport" is in Damascus.
    let within = |x: &str, y: &str| y.split(' ').any(|w| w == x) || x.split(' ').all(|w| y.split(' ').any(|v| v == w));
    if within(&a.name, &b.name) || within(&b.name, &a.name) {
        return true;
    }
    match (a.point, b.point) {
        (Some(x), Some(y)) if a.exact() && b.exact() => km(x, y) <= SPOT_KM,
        (Some(x), Some(y)) => km(x, y) <= REGION_KM && a.exact() != b.exact(),
        // Of a place nobody knows nothing is known but its name.
        _ => false,
    }
}

fn km((a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
    let (lat, other) = (a.to_radians(), c.to_radians());
    let h = ((other - lat) / 2.0).sin().powi(2) + lat.cos() * other.cos() * ((d - b).to_radians() / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

/// Whether two numbers count the same: alike things, or people harmed alike where one says no more of them.
fn comparable(a: &Figure, b: &Figure) -> bool {
    let what = a.what == b.what || a.what == 0 || b.what == 0;
    let how = a.how == b.how || a.how == 0 || b.how == 0;
    // Something both say must be the same.
    what && how && (a.what != 0 && a.what == b.what || a.how != 0 && a.how == b.how)
}

/// Whether of the numbers that count the same some can be one.
fn numbers(a: &[Figure], b: &[Figure]) -> bool {
    let meet = |f: &Figure, g: &Figure| f.least.max(g.least).cmp(&f.most.min(g.most)) != Ordering::Greater;
    let mut compared = false;
    for f in a {
        for g in b.iter().filter(|g| comparable(f, g)) {
            compared = true;
            if meet(f, g) {
                return true;
            }
        }
    }
    !compared
}
