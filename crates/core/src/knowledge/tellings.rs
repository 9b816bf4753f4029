//! What tells tellings of one event from those of others: `knowledge/cues/tellings.toml`.

use super::Problem;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    hedge: RawHedge,
    #[serde(default)]
    vague: BTreeMap<String, [u32; 2]>,
    #[serde(default)]
    multiple: BTreeMap<String, u32>,
    #[serde(default)]
    alike: Vec<RawAlike>,
    #[serde(default)]
    anybody: Words,
    #[serde(default)]
    empty: Words,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHedge {
    least: Vec<String>,
    most: Vec<String>,
    about: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlike {
    words: Vec<String>,
    #[serde(default)]
    harm: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

/// What words beside a number make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hedge {
    /// That many or more.
    Least,
    /// That many or fewer.
    Most,
    /// Some more or fewer.
    About,
}

/// Words that compare tellings.
#[derive(Clone, Debug, Default)]
pub struct TellingWords {
    /// Words of a hedge, and what it does.
    pub hedges: Vec<(Vec<String>, Hedge)>,
    /// Words for numbers: least and most.
    pub vague: HashMap<String, [u32; 2]>,
    /// Words that multiply the number before them.
    pub multiples: HashMap<String, u32>,
    /// A word and the one that stands for all that say the same.
    alike: HashMap<String, String>,
    /// Words for what befalls people who are counted, those that stand for their row.
    harms: HashSet<String>,
    /// Counted things that say nothing of what they are.
    pub anybody: HashSet<String>,
    /// Words found in any telling.
    pub empty: HashSet<String>,
}

impl TellingWords {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: Raw = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        let split = |s: &String| s.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut hedges = Vec::new();
        for (list, hedge) in [(&raw.hedge.least, Hedge::Least), (&raw.hedge.most, Hedge::Most), (&raw.hedge.about, Hedge::About)] {
            hedges.extend(list.iter().map(|s| (split(s), hedge)));
        }
        // "no more than" before "more than".
        hedges.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        let mut alike = HashMap::new();
        let harms = raw.alike.iter().filter(|row| row.harm).filter_map(|row| row.words.first().cloned()).collect();
        for row in &raw.alike {
            for word in &row.words {
                if let Some(first) = row.words.first()
                    && let Some(other) = alike.insert(word.clone(), first.clone())
                {
                    problems.push(Problem::error(
                        file,
                        format!("\"{word}\" is alike \"{other}\" and \"{first}\""),
                        "take it out of one row",
                    ));
                }
            }
        }
        for (word, [least, most]) in raw.vague.iter().filter(|(_, [a, b])| a > b) {
            problems.push(Problem::error(file, format!("\"{word}\" means at least {least} and at most {most}"), "mend the numbers"));
        }
        *self = TellingWords {
            hedges,
            vague: raw.vague.into_iter().collect(),
            multiples: raw.multiple.into_iter().collect(),
            alike,
            harms,
            anybody: raw.anybody.words.into_iter().collect(),
            empty: raw.empty.words.into_iter().collect(),
        };
    }

    /// Whether a word says that people were killed or hurt.
    pub fn harm(&self, lemma: &str) -> bool {
        self.harms.contains(self.alike(lemma))
    }

    /// The word that stands for all that say the same.
    pub fn alike<'a>(&'a self, lemma: &'a str) -> &'a str {
        self.alike.get(lemma).map_or(lemma, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_wrong_ones_named() {
        let (mut words, mut problems) = (TellingWords::default(), Vec::new());
        words.add("x", "[[alike]]\nharm = true\nwords = [\"kill\", \"die\"]\n[vague]\ndozens = [13, 300]\n", &mut problems);
        assert!(problems.is_empty());
        assert!(words.harm("die") && !words.harm("walk"));
        assert_eq!((words.alike("die"), words.alike("walk"), words.vague["dozens"]), ("kill", "walk", [13, 300]));
        words.add("x", "[[alike]]\nwords = [\"a\", \"a\"]\n[vague]\nfew = [3, 2]\n", &mut problems);
        assert_eq!(problems.len(), 2);
    }
}
