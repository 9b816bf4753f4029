//! Words for days, weeks and months.

use super::Problem;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

/// A phrase relative to the article's date.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Relative {
    /// "last week".
    pub text: String,
    /// day, week, month, year …; absent for vague ones.
    #[serde(default)]
    pub unit: Option<String>,
    /// Units from the article's.
    #[serde(default)]
    pub offset: Option<i32>,
    /// whole, so_far, back, ahead, rest.
    #[serde(default)]
    pub span: Option<String>,
    /// early, mid, late.
    #[serde(default)]
    pub part: Option<String>,
    /// Not to be resolved ("recently").
    #[serde(default)]
    pub vague: bool,
    /// past or future.
    #[serde(default)]
    pub tense: Option<String>,
}

#[derive(Deserialize)]
struct RawNumbered {
    number: i8,
    names: Vec<String>,
}

#[derive(Deserialize)]
struct RawTime {
    #[serde(default)]
    month: Vec<RawNumbered>,
    #[serde(default)]
    weekday: Vec<RawNumbered>,
    #[serde(default)]
    relative: Vec<Relative>,
}

fn numbered(rows: Vec<RawNumbered>) -> HashMap<String, i8> {
    let mut out = HashMap::default();
    for row in rows {
        for name in row.names {
            out.insert(name.trim_end_matches('.').to_lowercase(), row.number);
        }
    }
    out
}

/// All time words.
#[derive(Clone, Debug, Default)]
pub struct TimeWords {
    months: HashMap<String, i8>,
    weekdays: HashMap<String, i8>,
    relative: HashMap<String, Vec<(Vec<String>, Relative)>>,
    /// First words of relative phrases, for quick refusal.
    firsts: HashSet<String>,
}

impl TimeWords {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: RawTime = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        self.months = numbered(raw.month);
        self.weekdays = numbered(raw.weekday);
        for r in raw.relative {
            let parts: Vec<String> = r.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
            if let Some(first) = parts.first() {
                self.firsts.insert(first.clone());
                self.relative.entry(first.clone()).or_default().push((parts, r));
            }
        }
        for rows in self.relative.values_mut() {
            rows.sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
        }
    }

    /// Month number 1–12 of a name or abbreviation.
    pub fn month(&self, word: &str) -> Option<i8> {
        self.months.get(word.trim_end_matches('.')).copied()
    }

    /// Weekday number, Monday 1 to Sunday 7.
    pub fn weekday(&self, word: &str) -> Option<i8> {
        self.weekdays.get(word.trim_end_matches('.')).copied()
    }

    /// Longest relative phrase at the first of these lower-case words, with its length.
    pub fn relative(&self, words: &[&str]) -> Option<(&Relative, usize)> {
        self.relative
            .get(*words.first()?)?
            .iter()
            .find(|(p, _)| words.len() >= p.len() && p.iter().zip(words).all(|(a, b)| a == b))
            .map(|(p, r)| (r, p.len()))
    }
}
