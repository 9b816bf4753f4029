//! Actor dictionaries: a name, other names after `+`, codes in brackets with their dates.

use super::codes::{self, Span};
use super::lines::{Line, bracket};
use super::{Imported, Left, fresh, list, quoted};
use detente_core::knowledge::{Knowledge, words::words};
use std::collections::HashSet;
use std::fmt::Write as _;

#[derive(Default)]
struct Entry {
    names: Vec<(usize, String)>,
    /// Line, code as written.
    codes: Vec<(usize, String)>,
}

pub(super) fn import(file: &str, lines: &[Line], k: &Knowledge) -> Imported {
    let mut out = Imported { toml: format!("# Made of {file} by import-dictionary.\n"), ..Imported::default() };
    let mut seen = HashSet::new();
    for entry in entries(file, lines, &mut out.left) {
        write(file, entry, k, &mut seen, &mut out);
    }
    out
}

fn entries(file: &str, lines: &[Line], left: &mut Vec<Left>) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    let mut stray = |line: &Line, why: &str| {
        left.push(Left { file: file.to_owned(), line: line.number, text: line.text.clone(), why: why.to_owned() });
    };
    for line in lines {
        let text = line.text.as_str();
        if text.starts_with('[') {
            let mut rest = text;
            let Some(entry) = out.last_mut() else {
                stray(line, "a code before any name");
                continue;
            };
            match bracket(rest, '[', ']') {
                Some(_) => {
                    while let Some((_, code, after)) = bracket(rest, '[', ']') {
                        entry.codes.push((line.number, code.to_owned()));
                        rest = after;
                    }
                }
                None => stray(line, "the bracket is not closed"),
            }
            continue;
        }
        let (name, code) = match bracket(text, '[', ']') {
            Some((name, code, _)) => (name, Some(code.to_owned())),
            None if text.contains('[') => {
                stray(line, "the bracket is not closed");
                continue;
            }
            None => (text, None),
        };
        // Names under each other share the code below them, with or without a plus.
        let more = name.starts_with('+') || code.is_none() && out.last().is_some_and(|e| e.codes.is_empty());
        if !more || out.is_empty() {
            out.push(Entry::default());
        }
        if let Some(entry) = out.last_mut() {
            entry.names.push((line.number, name.trim_start_matches('+').to_owned()));
            entry.codes.extend(code.map(|c| (line.number, c)));
        }
    }
    out
}

/// "BAN_KI-MOON_" is "Ban Ki-moon". Short words without a vowel, and all of two letters, are
/// taken for abbreviations, which count in capitals only.
fn name(raw: &str) -> Result<String, &'static str> {
    let raw = raw.trim().trim_end_matches('_');
    if raw.chars().any(|c| matches!(c, '+' | '[' | ']' | '{' | '}' | '*' | '$' | '%' | '&' | '|' | '\u{fffd}')) {
        return Err("a sign in it belongs to no name");
    }
    let parts: Vec<String> = raw.split(|c: char| c == '_' || c.is_whitespace()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 {
        return Err("too short for a name");
    }
    let short = |w: &str| w.len() <= 2 || w.len() <= 4 && !w.contains(['A', 'E', 'I', 'O', 'U', 'Y', 'a', 'e', 'i', 'o', 'u', 'y']);
    if let [only] = parts.as_slice() {
        let plain: String = only.chars().filter(|c| *c != '.').collect();
        if only.contains('.') || short(&plain) {
            return Ok(only.to_uppercase());
        }
    }
    let title = |w: &String| {
        let mut letters = w.chars();
        letters.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase())
    };
    Ok(parts.iter().map(title).collect::<Vec<_>>().join(" "))
}

/// Whether the lists have this name for the same country or body.
fn known(name: &str, code: &str, k: &Knowledge) -> bool {
    let parts = words(name);
    let found = k.actors.at(&parts, &vec![true; parts.len()]);
    found.iter().any(|f| f.words == parts.len() && k.actors.list[f.actor].code.get(..3) == code.get(..3))
}

fn write(file: &str, entry: Entry, k: &Knowledge, seen: &mut HashSet<String>, out: &mut Imported) {
    let mut leave = |line: usize, text: &str, why: String| {
        out.left.push(Left { file: file.to_owned(), line, text: text.to_owned(), why });
    };
    let mut coded: Vec<(String, Span)> = Vec::new();
    let before = out_of(&entry);
    for (line, text) in &entry.codes {
        let (code, dates) = text
            .split_once(|c: char| c.is_whitespace() || c == '<' || c == '>')
            .map_or((text.as_str(), ""), |(code, _)| (code, text[code.len()..].trim()));
        // Out of office, whatever the country: people are that by themselves.
        if code == "ELI" && entry.codes.len() > 1 {
            continue;
        }
        match codes::actor(code, k).map(|c| c.map(|c| (c, codes::span(dates)))) {
            Ok(Some((code, Ok(span)))) => coded.push((code, span)),
            Ok(Some((_, Err(why)))) | Err(why) => leave(*line, text, why),
            Ok(None) => leave(*line, text, "a code for nobody".to_owned()),
        }
    }
    let Some((first, _)) = coded.first().cloned() else {
        if entry.codes.is_empty() {
            leave(before.0, &before.1, "no code".to_owned());
        }
        return;
    };
    let mut names = Vec::new();
    let mut had = 0;
    for (line, raw) in &entry.names {
        match name(raw) {
            Ok(n) if coded.len() == 1 && known(&n, &first, k) => had += 1,
            Ok(n) => names.push(n),
            Err(why) => leave(*line, raw, why.to_owned()),
        }
    }
    out.known += had;
    let names = fresh(seen, names);
    let Some((best, others)) = names.split_first() else { return };
    out.taken += names.len();
    let dated = coded.iter().any(|(_, s)| *s != Span::default());
    let toml = &mut out.toml;
    // Writing to a string cannot fail.
    let _ = if dated && best.contains(' ') {
        let _ = writeln!(toml, "\n[[person]]\nname = {}", quoted(best));
        if !others.is_empty() {
            let _ = writeln!(toml, "variants = {}", list(others));
        }
        coded.iter().try_for_each(|(code, span)| {
            writeln!(toml, "[[person.office]]\ntitle = {}\ncode = {}", quoted(code.get(3..).unwrap_or("")), quoted(code))?;
            dates(toml, *span)
        })
    } else {
        coded.iter().try_for_each(|(code, span)| {
            writeln!(toml, "\n[[actor]]\ncode = {}\nname = {}", quoted(code), quoted(best))?;
            if !others.is_empty() {
                writeln!(toml, "names = {}", list(others))?;
            }
            if code.len() == 3 && k.actors.state(code).is_some() {
                writeln!(toml, "kind = \"state\"")?;
            }
            dates(toml, *span)
        })
    };
}

fn out_of(entry: &Entry) -> (usize, String) {
    entry.names.first().cloned().unwrap_or_default()
}

fn dates(toml: &mut String, span: Span) -> std::fmt::Result {
    for (key, day) in [("from", span.from), ("to", span.to)] {
        if let Some(day) = day {
            writeln!(toml, "{key} = \"{day}\"")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::lines::lines;

    fn read(text: &str) -> Imported {
        import("f", &lines("f", text, &mut Vec::new()), Knowledge::embedded().unwrap())
    }

    #[test]
    fn names() {
        let check = |raw: &str, expect: &str| assert_eq!(name(raw).as_deref(), Ok(expect), "{raw}");
        check("BAN_KI-MOON_", "Ban Ki-moon");
        check("UN_", "UN");
        check("U.N._", "U.N.");
        check("RURITANIAN LANCERS_", "Ruritanian Lancers");
        assert!(name("ISLAMI+_ARMY").is_err());
        assert!(name("_").is_err());
    }

    #[test]
    fn dated_names_of_two_words_are_people() {
        let got = read("RUDOLF_RASSENDYLL_ ; note\n+R._RASSENDYLL_\n\t[GBRMIL 19900101-951231]\n\t[FRAGOV >960101]\n\t[ELI]\n");
        assert!(got.toml.contains("[[person]]\nname = \"Rudolf Rassendyll\"\nvariants = [ \"R. Rassendyll\", ]\n"), "{}", got.toml);
        assert!(got.toml.contains("title = \"GOV\"\ncode = \"FRAGOV\"\nfrom = \"1996-01-01\"\n"), "{}", got.toml);
        assert!(got.left.is_empty(), "{:?}", got.left);
        assert_eq!(got.taken, 2);
    }

    #[test]
    fn names_above_one_code_share_it() {
        let got = read("ZENDA_LEAGUE_\nLEAGUE_OF_ZENDA_\n\t[FRAREB]\n");
        assert!(
            got.toml.contains("[[actor]]\ncode = \"FRAREB\"\nname = \"Zenda League\"\nnames = [ \"League Of Zenda\", ]\n"),
            "{}",
            got.toml
        );
    }

    #[test]
    fn what_is_known_is_not_written_again() {
        let got = read("FRANCE_ [FRA]\n+LA_ZENDANIE_\n");
        assert_eq!((got.taken, got.known), (1, 1));
        assert!(got.toml.contains("kind = \"state\""));
    }

    #[test]
    fn what_has_no_place_is_listed() {
        let got = read("\t[FRA]\nZENDA_CLUB_ [FRAKUR]\nZENDA_GUILD_\n\t[FRAGOV 2004017-20061201]\nALONE_\n");
        let why: Vec<(usize, &str)> = got.left.iter().map(|l| (l.line, l.why.as_str())).collect();
        assert_eq!(why.len(), 4, "{why:?}");
        assert_eq!(why[0], (1, "a code before any name"));
        assert!(why.iter().any(|(line, why)| *line == 5 && *why == "no code"), "{why:?}");
        assert_eq!(got.taken, 0);
    }
}
