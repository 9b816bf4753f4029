//! Lines of a page that are not news: `knowledge/cues/furniture.toml`.

use std::ops::Range;

use serde::Deserialize;

use super::loose::Patterns;

/// Lines longer than this many bytes are never furniture; keeps the work linear and small.
pub const LONGEST_LINE: usize = 1_000;

/// A pattern for the top of a page holds among this many blocks.
const TOP: usize = 10;
/// A pattern for the end of a page holds among this many blocks.
const END: usize = 15;

/// How much of a block the pattern takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All of it.
    #[default]
    Line,
    /// The match at its front.
    Prefix,
    /// The match at its end.
    Suffix,
    /// All of it; who wrote the article is kept.
    Byline,
}

/// What a pattern found in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Kind of furniture.
    pub kind: &'a str,
    /// Reason to show a reader.
    pub reason: &'a str,
    /// How much of the block is meant.
    pub scope: Scope,
    /// The match, in bytes of the block as it was given.
    pub range: Range<usize>,
    /// Who wrote the article, for bylines that say so.
    pub author: Option<Range<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
struct Pattern {
    kind: String,
    reason: String,
    regex: String,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    top: bool,
    #[serde(default)]
    end: bool,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

/// Compiled furniture patterns, in file order.
#[derive(Debug, Default)]
pub struct Furniture {
    patterns: Patterns,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    kind: String,
    reason: String,
    scope: Scope,
    top: bool,
    end: bool,
    yes: Vec<String>,
    no: Vec<String>,
}

impl Furniture {
    /// Reads and compiles the file. The error names the pattern at fault.
    pub fn load(toml: &str) -> Result<Furniture, String> {
        let file: File = super::load::read(toml).map_err(|e| format!("furniture.toml: {e}"))?;
        let sources = file.pattern.iter().map(|p| p.regex.clone()).collect();
        let patterns = Patterns::new(sources).map_err(|(i, e)| format!("furniture.toml: kind {:?}: {e}", file.pattern[i].kind))?;
        let row = |Pattern { kind, reason, scope, top, end, yes, no, .. }| Row { kind, reason, scope, top, end, yes, no };
        Ok(Furniture { patterns, rows: file.pattern.into_iter().map(row).collect() })
    }

    /// The first pattern that matches the (trimmed) block, which is the `index`th of `count`.
    pub fn find(&self, block: &str, index: usize, count: usize) -> Option<Found<'_>> {
        if block.trim().is_empty() || block.len() > LONGEST_LINE {
            return None;
        }
        let here = |r: &Row| (!r.top || index < TOP) && (!r.end || index + END >= count);
        let (i, hit) = self.patterns.matching(block, |i| here(&self.rows[i])).next()?;
        let (row, author) = (&self.rows[i], hit.group("author"));
        Some(Found { kind: &row.kind, reason: &row.reason, scope: row.scope, range: hit.range, author })
    }

    /// Runs the tests written beside the patterns; one line for each that fails.
    pub fn check(&self) -> Vec<String> {
        let mut wrong: Vec<String> =
            self.patterns.too_big().into_iter().map(|(i, e)| format!("furniture: {}: {e}", self.rows[i].kind)).collect();
        for (i, row) in self.rows.iter().enumerate() {
            if row.yes.is_empty() {
                wrong.push(format!("furniture: {} (pattern {}) has no example in `yes`", row.kind, i + 1));
            }
            for s in row.yes.iter().filter(|s| !self.patterns.is_match(i, s.trim())) {
                wrong.push(format!("furniture: {} should match {s:?}", row.kind));
            }
            for s in row.no.iter().filter(|s| self.patterns.is_match(i, s.trim())) {
                wrong.push(format!("furniture: {} should not match {s:?}", row.kind));
            }
        }
        wrong
    }

    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[pattern]]
kind = "read-also"
reason = "link to another article"
regex = '^Read(?: also)?:?\s{2,}'
yes = ["Read  Parliament votes again"]
no = ["Read the letter aloud, he said."]
"#;

    #[test]
    fn finds_the_kind() {
        let f = Furniture::load(FILE).unwrap();
        let kind = |s: &str| f.find(s, 0, 1).map(|f| (f.kind.to_owned(), f.scope));
        assert_eq!(kind("Read  Something else"), Some(("read-also".to_owned(), Scope::Line)));
        assert_eq!(kind("He read  it."), None);
        assert_eq!(kind(&format!("Read  {}", "x".repeat(LONGEST_LINE))), None);
        assert_eq!(f.check(), Vec::<String>::new());
    }

    #[test]
    fn patterns_keep_to_their_place() {
        let f = Furniture::load("[[pattern]]\nkind='k'\nreason='r'\nregex='^a'\ntop=true\nscope='prefix'").unwrap();
        assert_eq!(f.find("ab", 0, 99).map(|f| (f.scope, f.range)), Some((Scope::Prefix, 0..1)));
        assert_eq!(f.find("ab", TOP, 99), None);
    }

    /// The project's own file holds what its examples say.
    #[test]
    fn own_file_passes_its_tests() {
        let f = Furniture::load(include_str!("../../../../knowledge/cues/furniture.toml")).unwrap();
        assert_eq!(f.check(), Vec::<String>::new());
    }

    #[test]
    fn names_what_is_wrong() {
        assert!(Furniture::load("[[pattern]]\nkind='k'\nreason='r'\nregex='('").unwrap_err().contains("\"k\""));
        let f = Furniture::load("[[pattern]]\nkind='k'\nreason='r'\nregex='^a'\nyes=['b']\nno=['ab']").unwrap();
        assert_eq!(f.check().len(), 2);
    }
}
