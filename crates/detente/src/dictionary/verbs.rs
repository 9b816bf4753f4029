//! Verb dictionaries: blocks of verbs with a code, and patterns around them.

use super::lines::{Line, bracket};
use super::{Imported, Left, list, quoted};
use detente_core::knowledge::Knowledge;
use detente_core::knowledge::pattern::{Family, parse_pattern};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Verbs that share patterns.
#[derive(Default)]
struct Block {
    /// Code of its verbs, unless they have their own.
    code: Option<String>,
    verbs: Vec<String>,
}

#[derive(Default)]
struct Reader<'k> {
    k: Option<&'k Knowledge>,
    sets: HashMap<String, Vec<String>>,
    /// Set being filled.
    open_set: Option<String>,
    block: Block,
    /// Whether patterns have begun: the next verb opens another block.
    patterned: bool,
    /// Code → patterns, in order of the codes.
    found: BTreeMap<String, Vec<String>>,
}

pub(super) fn import(file: &str, stem: &str, lines: &[Line], k: &Knowledge) -> Imported {
    let mut out = Imported { toml: format!("# Made of {file} by import-dictionary.\n"), ..Imported::default() };
    let mut reader = Reader { k: Some(k), ..Reader::default() };
    for line in lines {
        if let Err(why) = reader.line(&line.text) {
            out.left.push(Left { file: file.to_owned(), line: line.number, text: line.text.clone(), why });
        }
    }
    for (code, mut patterns) in reader.found {
        patterns.dedup();
        out.taken += patterns.len();
        let id = quoted(&format!("{stem}-{code}"));
        // Writing to a string cannot fail.
        let _ = writeln!(out.toml, "\n[[frame]]\nid = {id}\ncode = {}\nverbs = {}", quoted(&code), list(&patterns));
    }
    out
}

impl Reader<'_> {
    fn line(&mut self, text: &str) -> Result<(), String> {
        if text.starts_with("---") {
            let code = bracket(text, '[', ']').map(|(_, c, _)| c.to_owned());
            self.block = Block { code: code.filter(|c| c != "---"), verbs: Vec::new() };
            self.patterned = false;
            self.open_set = None;
            return Ok(());
        }
        if let Some(name) = text.strip_prefix('&') {
            self.open_set = Some(name.trim_end_matches('_').to_owned());
            self.sets.insert(name.trim_end_matches('_').to_owned(), Vec::new());
            return Ok(());
        }
        if let (Some(word), Some(set)) = (text.strip_prefix('+'), &self.open_set) {
            let word = word.trim().trim_end_matches('_').to_lowercase().replace(' ', "_");
            self.sets.entry(set.clone()).or_default().push(word);
            return Ok(());
        }
        self.open_set = None;
        match text.strip_prefix('-') {
            Some(pattern) => self.pattern(pattern.trim()),
            None => self.verb(text),
        }
    }

    fn verb(&mut self, text: &str) -> Result<(), String> {
        if self.patterned {
            self.block = Block::default();
            self.patterned = false;
        }
        let (before, code) = match bracket(text, '[', ']') {
            Some((before, code, _)) => (before, Some(code.to_owned())),
            None => (text, None),
        };
        let word = bracket(before, '{', '}').map_or(before, |(w, _, _)| w).trim().trim_end_matches('_');
        let parts: Vec<&str> = word.split('_').collect();
        // "+BEEF_UP" has its verb first, as ours have; "WIRE_+TAP" does not.
        if parts.iter().skip(1).any(|p| p.starts_with('+')) {
            return Err("a verb whose first word is not the verb".to_owned());
        }
        if word.is_empty() || !word.trim_start_matches('+').chars().all(|c| c.is_alphabetic() || c == '_' || c == '-') {
            return Err("not a verb".to_owned());
        }
        let verb = word.trim_start_matches('+').to_lowercase();
        // The first verb's code is the block's when no heading gave one.
        if self.block.code.is_none() && self.block.verbs.is_empty() {
            self.block.code = code.clone().filter(|c| c != "---");
        }
        self.block.verbs.push(verb.clone());
        match code.or_else(|| self.block.code.clone()).filter(|c| c != "---") {
            Some(code) => self.add(&code, &format!("{verb} TARGET")),
            None => Ok(()),
        }
    }

    fn pattern(&mut self, text: &str) -> Result<(), String> {
        self.patterned = true;
        let (words, code, _) = bracket(text, '[', ']').ok_or("no code in brackets")?;
        if code == "---" {
            return Err("a pattern for no event has no place here".to_owned());
        }
        if code.contains(':') {
            return Err("two codes for one deed".to_owned());
        }
        if self.block.verbs.is_empty() {
            return Err("a pattern without a verb".to_owned());
        }
        if let Some(sign) = words.chars().find(|c| "{}()|^~".contains(*c)) {
            return Err(format!("the sign {sign} has no place in patterns here"));
        }
        let words: Vec<&str> = words.split_whitespace().collect();
        let star = words.iter().position(|w| matches!(*w, "*" | "**")).ok_or("no * for the verb")?;
        if let Some(other) = words[..star].iter().find(|w| **w != "$") {
            return Err(format!("{other} before the verb"));
        }
        let after = self.after(&words[star + 1..])?;
        let verbs = self.block.verbs.join("|");
        self.add(code, format!("{verbs} {after}").trim())
    }

    /// What follows the verb: words of the object, prepositions, the target.
    fn after(&self, words: &[&str]) -> Result<String, String> {
        let preps = |w: &str| self.k.is_some_and(|k| k.frames.classes.is_prep(w));
        let mut out: Vec<String> = Vec::new();
        // Nouns in a row are one head with what stands before it.
        let mut nouns: Vec<String> = Vec::new();
        let flush = |nouns: &mut Vec<String>, out: &mut Vec<String>| {
            match nouns.as_slice() {
                [] => {}
                [one] => out.push(one.clone()),
                [.., modifier, head] => out.push(format!("{modifier}+{head}")),
            }
            nouns.clear();
        };
        let mut target = false;
        for word in words.iter().flat_map(|w| w.split('_')).filter(|w| !w.is_empty()) {
            let lower = word.to_lowercase();
            match word {
                "+" => {
                    flush(&mut nouns, &mut out);
                    if std::mem::replace(&mut target, true) {
                        return Err("two targets".to_owned());
                    }
                    out.push("TARGET".to_owned());
                }
                "$" => return Err("a source after the verb".to_owned()),
                "%" => return Err("both sides in one word".to_owned()),
                "*" | "**" => return Err("two verbs".to_owned()),
                _ if word.starts_with('&') => {
                    let set = self.sets.get(word[1..].trim_end_matches('_')).filter(|s| !s.is_empty());
                    let set = set.ok_or_else(|| format!("the set {word} is not given above"))?;
                    nouns.push(set.join("|"));
                }
                _ if preps(&lower) => {
                    flush(&mut nouns, &mut out);
                    out.push(lower);
                }
                _ => nouns.push(lower),
            }
        }
        flush(&mut nouns, &mut out);
        if !target {
            // Whom it is done to may be left out in these dictionaries.
            let open = out.last().is_some_and(|w| preps(w));
            out.push(if open { "TARGET".to_owned() } else { "with|to|against|on|for TARGET?".to_owned() });
        }
        Ok(out.join(" "))
    }

    fn add(&mut self, code: &str, pattern: &str) -> Result<(), String> {
        let k = self.k.ok_or("no knowledge")?;
        if !k.ontology.knows(code) {
            return Err(format!("CAMEO has no code {code}"));
        }
        parse_pattern(pattern, Family::Verb, &k.frames.classes)?;
        self.found.entry(code.to_owned()).or_default().push(pattern.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::lines::lines;

    fn read(text: &str) -> Imported {
        import("f", "f", &lines("f", text, &mut Vec::new()), Knowledge::embedded().unwrap())
    }

    #[test]
    fn blocks_patterns_and_sets() {
        let got = read(
            "&PAPER\n+TREATY\n+CHARTER_\n\n--- SIGN [057] ---\nSIGN\nINITIAL {INITIALED INITIALING}\n- * &PAPER WITH + [057]\n\
             - * SHIPS TO + [0256]\n\nGREET [050]\n- $ * + [051]\n",
        );
        assert!(got.left.is_empty(), "{:?}", got.left);
        for part in ["\"sign TARGET\"", "\"initial TARGET\"", "\"sign|initial treaty|charter with TARGET\"", "\"greet TARGET\""] {
            assert!(got.toml.contains(part), "{part} is not in\n{}", got.toml);
        }
        assert!(got.toml.contains("id = \"f-0256\"\ncode = \"0256\""), "{}", got.toml);
    }

    #[test]
    fn what_has_no_place_is_listed() {
        let got = read(
            "WIRE_+TAP [170]\nGREET [050]\n- WAS * BY $ [051]\n- * % [040]\n- * (ABOUT +) [010]\n- * &NONE [010]\n- * + [999]\n- * + [050:050]\n- * + [---]\n",
        );
        assert_eq!(got.left.iter().map(|l| l.line).collect::<Vec<_>>(), [1, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(got.taken, 1);
    }
}
