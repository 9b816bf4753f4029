//! Lines of a page that are not news: `knowledge/cues/furniture.toml`.

use regex::{RegexSet, RegexSetBuilder};
use serde::Deserialize;

/// Lines longer than this many bytes are never furniture; keeps the work linear and small.
pub const LONGEST_LINE: usize = 1_000;

#[derive(Deserialize)]
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
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

/// Compiled furniture patterns, in file order.
#[derive(Debug, Default)]
pub struct Furniture {
    set: RegexSet,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    kind: String,
    reason: String,
    yes: Vec<String>,
    no: Vec<String>,
}

impl Furniture {
    /// Reads and compiles the file. The error names the pattern at fault.
    pub fn load(toml: &str) -> Result<Furniture, String> {
        let file: File = toml::from_str(toml).map_err(|e| format!("furniture.toml: {e}"))?;
        for p in &file.pattern {
            regex::Regex::new(&p.regex).map_err(|e| format!("furniture.toml: kind {:?}: {e}", p.kind))?;
        }
        let set = RegexSetBuilder::new(file.pattern.iter().map(|p| p.regex.as_str()))
            .size_limit(64 << 20)
            .build()
            .map_err(|e| format!("furniture.toml: {e}"))?;
        let rows = file.pattern.into_iter().map(|p| Row { kind: p.kind, reason: p.reason, yes: p.yes, no: p.no }).collect();
        Ok(Furniture { set, rows })
    }

    /// Kind and reason of the first pattern that matches the (trimmed) line.
    pub fn find(&self, line: &str) -> Option<(&str, &str)> {
        let line = line.trim();
        if line.is_empty() || line.len() > LONGEST_LINE {
            return None;
        }
        let first = self.set.matches(line).into_iter().next()?;
        self.rows.get(first).map(|r| (r.kind.as_str(), r.reason.as_str()))
    }

    /// Runs the tests written beside the patterns; one line for each that fails.
    pub fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (i, row) in self.rows.iter().enumerate() {
            if row.yes.is_empty() {
                wrong.push(format!("furniture: {} (pattern {}) has no example in `yes`", row.kind, i + 1));
            }
            for s in row.yes.iter().filter(|s| !self.set.matches(s.trim()).matched(i)) {
                wrong.push(format!("furniture: {} should match {s:?}", row.kind));
            }
            for s in row.no.iter().filter(|s| self.set.matches(s.trim()).matched(i)) {
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
        assert_eq!(f.find("  Read  Something else "), Some(("read-also", "link to another article")));
        assert_eq!(f.find("He read  it."), None);
        assert_eq!(f.find(&format!("Read  {}", "x".repeat(LONGEST_LINE))), None);
        assert_eq!(f.check(), Vec::<String>::new());
    }

    #[test]
    fn names_what_is_wrong() {
        assert!(Furniture::load("[[pattern]]\nkind='k'\nreason='r'\nregex='('").unwrap_err().contains("\"k\""));
        let f = Furniture::load("[[pattern]]\nkind='k'\nreason='r'\nregex='^a'\nyes=['b']\nno=['ab']").unwrap();
        assert_eq!(f.check().len(), 2);
    }
}
