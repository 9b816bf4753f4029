//! Dictionaries of older coders (TABARI, PETRARCH) turned into overlay files of knowledge.
//!
//! Needs: the texts of actor, agent and verb dictionaries, the knowledge as it is. Gives: TOML files
//! for an overlay folder, and every line that has no place there, with the reason.

mod actors;
mod agents;
mod codes;
mod lines;
mod verbs;

use detente_core::knowledge::Knowledge;
use lines::{Line, lines};
use std::collections::HashSet;
use std::fmt::Write as _;

/// What a dictionary lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Names with codes and dates
    Actors,
    /// Common nouns with the part of a code they add (`FARMER [~AGR]`)
    Agents,
    /// Verbs and patterns with event codes
    Verbs,
}

/// A line that could not be taken, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Dictionary.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The words in question.
    pub text: String,
    /// Why it has no place.
    pub why: String,
}

/// What a dictionary came to.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Path under the overlay folder.
    pub path: String,
    /// TOML.
    pub toml: String,
    /// Names, words or patterns written.
    pub taken: usize,
    /// Those the knowledge has already, with the same country or sector.
    pub known: usize,
    /// Lines left out.
    pub left: Vec<Left>,
}

/// Turns a dictionary into an overlay file. `kind` is told from the text when not given.
pub fn import(name: &str, text: &str, kind: Option<Kind>, k: &Knowledge) -> (Kind, Imported) {
    let mut left = Vec::new();
    let lines = lines(name, text, &mut left);
    let kind = kind.unwrap_or_else(|| guess(&lines));
    let stem = stem(name);
    let mut out = match kind {
        Kind::Actors => Imported { path: format!("actors/{stem}.toml"), ..actors::import(name, &lines, k) },
        Kind::Agents => Imported { path: format!("actors/agents-{stem}.toml"), ..agents::import(name, &lines, k) },
        Kind::Verbs => Imported { path: format!("frames/{stem}.toml"), ..verbs::import(name, &stem, &lines, k) },
    };
    out.left.extend(left);
    out.left.sort_by_key(|l| l.line);
    (kind, out)
}

/// Agents have a tilde in their codes, verbs patterns with a star.
fn guess(lines: &[Line]) -> Kind {
    let count = |f: fn(&Line) -> bool| lines.iter().filter(|l| f(l)).count();
    let agents = count(|l| l.text.contains("[~") || l.text.contains("~]"));
    let verbs = count(|l| l.text.starts_with('-') && l.text.contains('*'));
    match (agents * 4 > lines.len(), verbs > 0 && verbs >= agents) {
        (true, _) => Kind::Agents,
        (_, true) => Kind::Verbs,
        _ => Kind::Actors,
    }
}

/// A file name of the overlay made of the dictionary's: small letters, digits and hyphens.
fn stem(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let base = base.strip_suffix(".txt").or_else(|| base.strip_suffix(".actors")).unwrap_or(base);
    let words: Vec<String> =
        base.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_ascii_lowercase).collect();
    if words.is_empty() { "imported".to_owned() } else { words.join("-") }
}

/// A TOML string.
fn quoted(s: &str) -> String {
    toml::Value::String(s.to_owned()).to_string()
}

/// A TOML list, broken into lines of bearable length.
fn list(words: &[String]) -> String {
    let mut out = String::from("[");
    let mut width = 1;
    for word in words {
        let word = quoted(word);
        if width + word.len() > 110 {
            out.push_str("\n ");
            width = 1;
        }
        let _ = write!(out, " {word},");
        width += word.len() + 2;
    }
    out.push_str(" ]");
    out
}

/// Drops what was seen before.
fn fresh(seen: &mut HashSet<String>, words: Vec<String>) -> Vec<String> {
    words.into_iter().filter(|w| seen.insert(w.to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, text: &str) -> (Kind, Imported) {
        import(name, text, None, Knowledge::embedded().unwrap())
    }

    #[test]
    fn kinds_are_told_from_the_text() {
        assert_eq!(run("a.txt", "MARINER_ [~MIL]\nPLOUGHWRIGHT [~AGR]\n").0, Kind::Agents);
        assert_eq!(run("a.txt", "--- GREET [040] ---\nGREET\n- * + [041]\n").0, Kind::Verbs);
        assert_eq!(run("a.txt", "RURITANIA_ [FRA]\n+STRELSAU_\n").0, Kind::Actors);
    }

    #[test]
    fn file_names_are_plain() {
        assert_eq!(stem("x/Phoenix.Countries.actors.txt"), "phoenix-countries-actors");
        assert_eq!(stem("…"), "imported");
    }

    #[test]
    fn what_is_written_is_knowledge() {
        let (_, actors) = run("own.actors.txt", include_str!("fixtures/own.actors.txt"));
        let (_, agents) = run("own.agents.txt", include_str!("fixtures/own.agents.txt"));
        let (_, verbs) = run("own.verbs.txt", include_str!("fixtures/own.verbs.txt"));
        for file in [&actors, &agents, &verbs] {
            assert!(file.taken > 0, "{}", file.path);
            file.toml.parse::<toml::Table>().unwrap_or_else(|e| panic!("{}: {e}\n{}", file.path, file.toml));
        }
    }
}
