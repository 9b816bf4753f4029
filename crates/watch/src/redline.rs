//! Red lines: what a side says it will not accept, said again or for the first time, and later deeds that may cross it.

use crate::day::Day;
use std::collections::BTreeSet;

/// A statement that draws a red line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Id of the statement.
    pub id: String,
    /// When, as far as it is known.
    pub day: Option<Day>,
    /// Whose line it is: a side.
    pub holder: String,
    /// Who is told: a side.
    pub addressee: Option<String>,
    /// Sides it is about, in the order named.
    pub about: Vec<String>,
    /// What is not accepted, in the words of the text.
    pub matter: String,
}

/// A red line with all its restatements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub holder: String,
    /// Against whom.
    pub addressee: Option<String>,
    /// Where, when the statement names a third side.
    pub places: Vec<String>,
    /// Places of its statements in what was given, the earliest first; those without a day come last.
    pub said: Vec<usize>,
    /// First day.
    pub first: Option<Day>,
    /// Last day.
    pub last: Option<Day>,
    stems: BTreeSet<String>,
}

/// A later event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub day: Day,
    /// Who: a side.
    pub source: String,
    /// To whom.
    pub target: Option<String>,
    /// In which country.
    pub place: Option<String>,
    /// CAMEO code.
    pub code: String,
    /// Quad class.
    pub quad: u8,
    /// The words, where they are known.
    pub words: Option<String>,
}

/// Military cooperation and aid: a presence grows by these.
const MILITARY: [&str; 4] = ["0312", "0332", "062", "072"];
/// So many points make a candidate.
const ENOUGH: u32 = 3;
/// Two matters are one when so much of the shorter stands in the longer.
const SAME: f64 = 0.5;

/// The lines drawn in some statements. The same holder, addressee and matter are one line: the same third side, or
/// words of the matter in common.
pub fn lines(said: &[Said]) -> Vec<Line> {
    let mut order: Vec<usize> = (0..said.len()).collect();
    order.sort_by_key(|i| (said[*i].day.is_none(), said[*i].day, &said[*i].id));
    let mut out: Vec<Line> = Vec::new();
    for i in order {
        let s = &said[i];
        let addressee = s.addressee.clone().or_else(|| s.about.iter().find(|a| **a != s.holder).cloned());
        let named = |a: &&String| **a != s.holder && Some(*a) != addressee.as_ref();
        let mut places: Vec<String> = s.about.iter().filter(named).cloned().collect();
        places.sort_unstable();
        places.dedup();
        let stems = stems(&s.matter);
        let same = |l: &&mut Line| {
            let shared = l.places.iter().any(|p| places.contains(p));
            l.holder == s.holder && l.addressee == addressee && (shared || alike(&l.stems, &stems))
        };
        match out.iter_mut().find(same) {
            Some(line) => {
                line.said.push(i);
                line.last = s.day.or(line.last);
                line.stems.extend(stems);
            }
            None => out.push(Line { holder: s.holder.clone(), addressee, places, said: vec![i], first: s.day, last: s.day, stems }),
        }
    }
    out
}

/// Beginnings of the longer words, so that "strike" and "strikes" are one.
fn stems(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() >= 5);
    words.map(|w| w.to_lowercase().chars().take(6).collect()).collect()
}

fn alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let shorter = a.len().min(b.len());
    shorter > 0 && a.intersection(b).count() as f64 >= SAME * shorter as f64
}

/// Whether a later deed may cross a line: its points and the reasons, or nothing. That it does is for a person to say.
pub fn crossing(line: &Line, deed: &Deed) -> Option<(u32, Vec<&'static str>)> {
    let addressee = line.addressee.as_ref()?;
    if deed.source != *addressee || line.first.is_none_or(|first| deed.day < first) {
        return None;
    }
    let (mut points, mut why) = (0, Vec::new());
    let mut count = |n: u32, reason: &'static str| {
        points += n;
        why.push(reason);
    };
    let military = MILITARY.iter().any(|c| deed.code.starts_with(c));
    // Protest is material conflict and no force.
    let force = deed.quad == 4 && !deed.code.starts_with("14");
    if deed.place.iter().chain(&deed.target).any(|p| line.places.contains(p)) {
        count(2, "where the line is drawn");
    }
    if force && deed.target.as_ref() == Some(&line.holder) {
        count(2, "against the holder");
    }
    if force {
        count(1, "material conflict");
    }
    if military {
        count(1, "military cooperation");
    }
    if let Some(words) = &deed.words
        && stems(words).intersection(&line.stems).next().is_some()
    {
        count(1, "words of the line");
    }
    (points >= ENOUGH && (force || military || why.contains(&"words of the line"))).then_some((points, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(id: &str, day: Option<Day>, addressee: Option<&str>, about: &[&str], matter: &str) -> Said {
        Said {
            id: id.into(),
            day,
            holder: "ISR".into(),
            addressee: addressee.map(str::to_owned),
            about: about.iter().map(ToString::to_string).collect(),
            matter: matter.into(),
        }
    }

    #[test]
    fn restatements_are_joined() {
        let all = [
            said("b", Some(20), None, &["IRN", "SYR"], "an Iranian presence in Syria"),
            said("a", Some(10), Some("IRN"), &["IRN", "SYR"], "bases"),
            said("c", None, None, &["IRN"], "a nuclear weapon"),
            said("d", Some(30), Some("IRN"), &[], "nuclear weapons in its hands"),
            said("e", Some(30), Some("LBN"), &["SYR"], "bases"),
            said("f", Some(30), None, &[], ""),
        ];
        let found = lines(&all);
        let shown: Vec<_> = found.iter().map(|l| (l.addressee.as_deref().unwrap_or(""), l.places.join(" "), l.said.clone())).collect();
        let expect = [("IRN", "SYR", vec![1, 0]), ("IRN", "", vec![3, 2]), ("LBN", "SYR", vec![4]), ("", "", vec![5])];
        assert_eq!(shown, expect.map(|(a, p, s)| (a, p.to_owned(), s)));
        assert_eq!((found[0].first, found[0].last), (Some(10), Some(20)));
        assert!(lines(&[]).is_empty());
    }

    #[test]
    fn later_deeds_may_cross() {
        let line = &lines(&[said("a", Some(10), None, &["IRN", "SYR"], "an Iranian military presence in Syria")])[0];
        let check = |day, source: &str, code: &str, quad, target: &str, place: &str, expect: Option<u32>| {
            let text = |s: &str| Some(s.to_owned()).filter(|s| !s.is_empty());
            let deed = Deed { day, source: source.into(), target: text(target), place: text(place), code: code.into(), quad, words: None };
            assert_eq!(crossing(line, &deed).map(|(n, _)| n), expect, "{source} {code} {target} {place}");
        };
        check(20, "IRN", "190", 4, "ISR", "", Some(3));
        check(20, "IRN", "190", 4, "ISR", "SYR", Some(5));
        check(20, "IRN", "072", 2, "SYR", "", Some(3));
        check(20, "IRN", "042", 1, "SYR", "SYR", None);
        check(20, "RUS", "190", 4, "ISR", "SYR", None);
        check(9, "IRN", "190", 4, "ISR", "SYR", None);
        check(20, "IRN", "190", 4, "SAU", "YEM", None);
    }
}
