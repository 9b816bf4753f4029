//! Many patterns at little cost: a small automaton that lets through too much says which of
//! them are worth asking, and only those are ever compiled as they are written.
//!
//! Counted repetitions and Unicode classes make automata of many thousand states. Nearly all lines
//! match nothing, so nearly all of that would be built for nothing each time the program starts.

use std::sync::OnceLock;

use regex::Regex;
use regex::bytes::{RegexSet, RegexSetBuilder};
use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Repetition};

/// Patterns by number.
#[derive(Debug, Default)]
pub struct Patterns {
    loose: RegexSet,
    sources: Vec<String>,
    exact: Vec<OnceLock<Option<Regex>>>,
}

impl Patterns {
    /// Reads patterns. The error is the number of the one at fault and what is wrong with it.
    pub fn new(sources: Vec<String>) -> Result<Patterns, (usize, String)> {
        let mut loose = Vec::with_capacity(sources.len());
        for (i, source) in sources.iter().enumerate() {
            let hir = regex_syntax::parse(source).map_err(|e| (i, e.to_string()))?;
            loose.push(widen(&hir).to_string());
        }
        let loose = RegexSetBuilder::new(&loose).size_limit(64 << 20).build().map_err(|e| (0, e.to_string()))?;
        let exact = sources.iter().map(|_| OnceLock::new()).collect();
        Ok(Patterns { loose, sources, exact })
    }

    /// The pattern as it is written; none when it is too big to compile.
    pub fn exact(&self, i: usize) -> Option<&Regex> {
        let (cell, source) = (self.exact.get(i)?, self.sources.get(i)?);
        cell.get_or_init(|| Regex::new(source).ok()).as_ref()
    }

    /// Numbers of the patterns that may match, in order; those that do are among them.
    pub fn candidates(&self, text: &str) -> impl Iterator<Item = usize> {
        self.loose.matches(text.as_bytes()).into_iter()
    }

    /// Patterns that match, in order.
    pub fn matching(&self, text: &str) -> impl Iterator<Item = (usize, &Regex)> {
        self.candidates(text).filter_map(|i| Some((i, self.exact(i)?))).filter(move |(_, r)| r.is_match(text))
    }

    /// Whether pattern `i` matches.
    pub fn is_match(&self, i: usize, text: &str) -> bool {
        self.matching(text).any(|(k, _)| k == i)
    }

    /// Patterns that cannot be compiled, and why.
    pub fn too_big(&self) -> Vec<(usize, String)> {
        let failed = |(i, s): (usize, &String)| Some((i, Regex::new(s).err()?.to_string()));
        self.sources.iter().enumerate().filter_map(failed).collect()
    }
}

/// A pattern that matches wherever the given one does, and is small: nothing is counted.
fn widen(hir: &Hir) -> Hir {
    match hir.kind() {
        // Letters beyond ASCII are any run of their bytes: one state instead of dozens.
        HirKind::Class(Class::Unicode(class)) if class.ranges().iter().any(|r| !r.end().is_ascii()) => {
            let ascii = class.ranges().iter().filter(|r| r.start().is_ascii());
            let ascii = ascii.map(|r| ClassBytesRange::new(r.start() as u8, if r.end().is_ascii() { r.end() as u8 } else { 0x7f }));
            let beyond = Hir::class(Class::Bytes(ClassBytes::new([ClassBytesRange::new(0x80, 0xff)])));
            let run = Hir::repetition(Repetition { min: 1, max: None, greedy: true, sub: Box::new(beyond) });
            Hir::alternation(vec![Hir::class(Class::Bytes(ClassBytes::new(ascii))), run])
        }
        // A look at what stands around costs a slower automaton; the ends of the text do not.
        HirKind::Look(look) if !matches!(look, regex_syntax::hir::Look::Start | regex_syntax::hir::Look::End) => Hir::empty(),
        HirKind::Repetition(r) => Hir::repetition(Repetition {
            min: r.min.min(1),
            max: r.max.filter(|m| *m <= 1),
            greedy: r.greedy,
            sub: Box::new(grouped(widen(&r.sub))),
        }),
        HirKind::Capture(c) => widen(&c.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(widen).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(widen).collect()),
        _ => hir.clone(),
    }
}

/// A repetition repeated is printed without a group, and `(?:a*)?` would become `a*?`.
fn grouped(hir: Hir) -> Hir {
    match hir.kind() {
        HirKind::Repetition(_) => Hir::capture(Capture { index: 1, name: None, sub: Box::new(hir) }),
        _ => hir,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_decides() {
        let p = Patterns::new(vec![r"^\w{2,30}:$".to_owned(), r"(?i)\bend\b".to_owned()]).unwrap();
        assert!(p.is_match(0, "Köln:") && !p.is_match(0, "K:") && !p.is_match(0, &format!("{}:", "x".repeat(31))));
        assert!(p.is_match(1, "The END") && !p.is_match(1, "tends"));
        assert_eq!(p.candidates("tends").collect::<Vec<_>>(), [1]);
        assert_eq!(Patterns::new(vec!["a".to_owned(), "(".to_owned()]).unwrap_err().0, 1);
    }

    proptest! {
        #[test]
        fn nothing_that_matches_is_missed(text in "[aB9é.: \\n]{0,12}") {
            let sources = [r"^\w{2,6}\b", r"(?i)b.{3,8}$", r"\p{Lu}[^.:]{1,5}[.:]", r"(?m)^\s*\d", r"(?:a|é{2,9}|\bB)+9", r"^(?:.{2,40})?(?:\s|^)[é9]", r"(?:[a9]{2,3}){2}"];
            let p = Patterns::new(sources.map(str::to_owned).to_vec()).unwrap();
            for (i, s) in sources.iter().enumerate() {
                prop_assert_eq!(Regex::new(s).unwrap().is_match(&text), p.is_match(i, &text));
            }
        }
    }
}
