//! Many patterns at little cost: strings without which they cannot match say which of them are worth
//! asking, and only those are ever compiled.
//!
//! Nearly all lines match nothing, so nearly all automata would be built for nothing each time the
//! program starts. The patterns run over bytes that stand for kinds of characters
//! ([`super::cells`]); for the project's own files they come so rewritten out of the build.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;
use regex_automata::meta;

use super::cells::{Lowered, fold, lower};
use super::packed::unpack;

/// Lines a pattern is asked about before it is compiled in full: a single article asks few patterns, and
/// those a few times, for which the automata that make long runs fast are not worth making.
const FEW: u32 = 12;

/// What a compiled pattern may take, as `regex` has it.
const LARGEST: usize = 10 << 20;

/// Patterns rewritten when the program was built, with what they were written as.
pub(super) struct Prepared {
    pub sources: &'static [&'static str],
    pub cells: &'static [(u32, u8)],
    /// Over cells, packed.
    pub exact: &'static [&'static [u8]],
    /// Whether a line must start with one of the strings, and these.
    pub needs: &'static [(bool, &'static [&'static [u8]])],
    pub bounded: &'static [bool],
}

include!(concat!(env!("OUT_DIR"), "/line_patterns.rs"));

/// Patterns by number.
#[derive(Debug, Default)]
pub struct Patterns {
    cells: Cow<'static, [(u32, u8)]>,
    each: Vec<Pattern>,
    strings: Option<AhoCorasick>,
    /// Of each string: the pattern it is for, and whether a line must start with it.
    wanted: Vec<(usize, bool)>,
}

#[derive(Debug)]
struct Pattern {
    /// Whether no string tells that it is worth asking.
    always: bool,
    source: Cow<'static, str>,
    exact: Cow<'static, [u8]>,
    bounded: bool,
    asked: AtomicU32,
    /// For the first [`FEW`] lines: made quickly, slow, with the same matches.
    quick: OnceLock<Option<meta::Regex>>,
    compiled: OnceLock<Option<meta::Regex>>,
    /// As it is written, for lines whose word boundaries bytes do not tell.
    whole: OnceLock<Option<Regex>>,
}

/// A match: all of it, and its named groups, in bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The whole match.
    pub range: Range<usize>,
    groups: Vec<(String, Range<usize>)>,
}

impl Hit {
    /// The group of this name, if it took part.
    pub fn group(&self, name: &str) -> Option<Range<usize>> {
        self.groups.iter().find(|(n, _)| n == name).map(|(_, r)| r.clone())
    }
}

/// A line over cells.
struct Line<'a> {
    bytes: Cow<'a, [u8]>,
    /// Where each character starts in the text, and where the text ends; empty when every
    /// character is one byte anyway.
    starts: Vec<usize>,
    /// Whether a character beyond ASCII belongs to words.
    words: bool,
}

impl Patterns {
    /// Reads patterns. The error is the number of the one at fault and what is wrong with it.
    pub fn new(sources: Vec<String>) -> Result<Patterns, (usize, String)> {
        if let Some(p) = PREPARED.iter().find(|p| *p.sources == *sources) {
            let each = p.sources.iter().zip(p.exact).zip(p.bounded);
            let each = each.map(|((&s, &e), &b)| Pattern::new(s.into(), e.into(), b)).collect();
            return Patterns::build(Cow::Borrowed(p.cells), each, p.needs.iter().copied());
        }
        let Lowered { cells, exact, needs, bounded } = lower(&sources)?;
        let each = sources.into_iter().zip(exact).zip(bounded);
        let each = each.map(|((s, e), b)| Pattern::new(s.into(), e.into(), b)).collect();
        Patterns::build(cells.into(), each, needs.iter().map(|n| (n.first, &*n.strings)))
    }

    fn build<'a, S: AsRef<[u8]> + 'a>(
        cells: Cow<'static, [(u32, u8)]>,
        mut each: Vec<Pattern>,
        needs: impl Iterator<Item = (bool, &'a [S])>,
    ) -> Result<Patterns, (usize, String)> {
        let (mut strings, mut wanted) = (Vec::new(), Vec::new());
        for (i, (first, list)) in needs.enumerate() {
            each[i].always = list.is_empty();
            wanted.extend(list.iter().map(|_| (i, first)));
            strings.extend(list);
        }
        let strings = AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).build(strings);
        Ok(Patterns { cells, each, strings: Some(strings.map_err(|e| (0, e.to_string()))?), wanted })
    }

    /// Which patterns may match; those that do are among them.
    fn candidates(&self, line: &Line<'_>) -> Vec<bool> {
        let mut worth: Vec<bool> = self.each.iter().map(|p| p.always).collect();
        let folded: Vec<u8> = line.bytes.iter().map(|&b| fold(b)).collect();
        for hit in self.strings.iter().flat_map(|s| s.find_overlapping_iter(&folded)) {
            let (pattern, first) = self.wanted[hit.pattern()];
            worth[pattern] |= !first || hit.start() == 0;
        }
        worth
    }

    /// The patterns for which `ask` holds and which match, in order.
    pub fn matching<'a>(&'a self, text: &'a str, ask: impl Fn(usize) -> bool + 'a) -> impl Iterator<Item = (usize, Hit)> + 'a {
        let line = self.line(text);
        let candidates = self.candidates(&line);
        (0..self.each.len()).filter(move |&i| candidates[i] && ask(i)).filter_map(move |i| Some((i, self.each[i].find(&line, text)?)))
    }

    /// Whether pattern `i` matches.
    pub fn is_match(&self, i: usize, text: &str) -> bool {
        self.matching(text, |k| k == i).next().is_some()
    }

    /// Patterns that cannot be compiled, and why.
    pub fn too_big(&self) -> Vec<(usize, String)> {
        let failed = |(i, p): (usize, &Pattern)| Some((i, compile(&p.exact, full()).err()?));
        self.each.iter().enumerate().filter_map(failed).collect()
    }

    fn line<'a>(&self, text: &'a str) -> Line<'a> {
        if text.is_ascii() {
            return Line { bytes: text.as_bytes().into(), starts: Vec::new(), words: false };
        }
        let cell = |c: char| match u8::try_from(c).ok().filter(u8::is_ascii) {
            Some(b) => b,
            None => {
                let after = self.cells.partition_point(|&(start, _)| start <= u32::from(c));
                after.checked_sub(1).map_or(0x80, |k| self.cells[k].1)
            }
        };
        let word = |c: char| !c.is_ascii() && regex_syntax::is_word_character(c);
        Line {
            bytes: text.chars().map(cell).collect(),
            starts: text.char_indices().map(|(at, _)| at).chain([text.len()]).collect(),
            words: text.chars().any(word),
        }
    }
}

impl Pattern {
    fn new(source: Cow<'static, str>, exact: Cow<'static, [u8]>, bounded: bool) -> Pattern {
        let (asked, quick, compiled, whole) = Default::default();
        Pattern { always: true, source, exact, bounded, asked, quick, compiled, whole }
    }

    /// The first match; none when the pattern is too big to compile.
    fn find(&self, line: &Line<'_>, text: &str) -> Option<Hit> {
        if self.bounded && line.words {
            let regex = self.whole.get_or_init(|| Regex::new(&self.source).ok()).as_ref()?;
            let found = regex.captures(text)?;
            let groups = regex.capture_names().flatten();
            let groups = groups.filter_map(|n| Some((n.to_owned(), found.name(n)?.range()))).collect();
            return Some(Hit { range: found.get(0)?.range(), groups });
        }
        let back = |r: Range<usize>| match line.starts.is_empty() {
            true => r,
            false => line.starts[r.start]..line.starts[r.end],
        };
        let regex = if self.asked.load(Ordering::Relaxed) < FEW {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.quick.get_or_init(|| compile(&self.exact, quick()).ok())
        } else {
            self.compiled.get_or_init(|| compile(&self.exact, full()).ok())
        };
        let regex = regex.as_ref()?;
        let mut found = regex.create_captures();
        regex.captures(&line.bytes[..], &mut found);
        let names = found.group_info().pattern_names(found.pattern()?).flatten();
        let groups = names.filter_map(|n| Some((n.to_owned(), back(found.get_group_by_name(n)?.range())))).collect();
        Some(Hit { range: back(found.get_match()?.range()), groups })
    }
}

/// A pattern that is fast.
fn full() -> meta::Config {
    meta::Config::new().utf8_empty(false).nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(LARGEST / 5)
}

/// A pattern without the automata that make it fast.
fn quick() -> meta::Config {
    full().hybrid(false).dfa(false).onepass(false).auto_prefilter(false)
}

fn compile(packed: &[u8], how: meta::Config) -> Result<meta::Regex, String> {
    let hir = unpack(packed).ok_or("the packed pattern cannot be read")?;
    meta::Regex::builder()
        .configure(how)
        .build_from_hir(&hir)
        .map_err(|e| e.size_limit().map_or_else(|| e.to_string(), |limit| format!("it takes more than {limit} bytes when compiled")))
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
        assert_eq!(p.candidates(&p.line("tends")), [false, true]);
        assert_eq!(p.candidates(&p.line("tens:")), [true, false]);
        assert_eq!(Patterns::new(vec!["a".to_owned(), "(".to_owned()]).unwrap_err().0, 1);
    }

    #[test]
    fn groups_are_bytes_of_the_text() {
        let p = Patterns::new(vec![r"^“?(?P<name>\p{Lu}\w+)”?[,–]".to_owned()]).unwrap();
        assert!(p.matching("“Élan” – no, “Élan”, yes", |_| true).next().is_none());
        let (_, hit) = p.matching("“Élan”, yes", |_| true).next().unwrap();
        assert_eq!((hit.range.clone(), hit.group("name"), hit.group("other")), (0..12, Some(3..8), None));
    }

    /// The build prepared the project's own patterns, and as they are prepared here.
    #[test]
    fn prepared_as_when_asked() {
        assert_eq!(PREPARED.len(), 5);
        for p in PREPARED {
            let now = lower(p.sources).unwrap();
            assert_eq!((&*now.cells, &*now.exact.iter().map(Vec::as_slice).collect::<Vec<_>>()), (p.cells, p.exact));
            let needs: Vec<_> = now.needs.iter().map(|n| (n.first, n.strings.iter().map(Vec::as_slice).collect::<Vec<_>>())).collect();
            assert_eq!(needs, p.needs.iter().map(|&(f, s)| (f, s.to_vec())).collect::<Vec<_>>());
            assert_eq!(now.bounded, p.bounded);
        }
    }

    proptest! {
        #[test]
        fn same_as_the_pattern_as_written(text in "[aBkK9é.:’–\u{a0}ſ \\n]{0,12}") {
            let sources = [
                r"^\w{2,6}\b", r"(?i)b.{3,8}$", r"\p{Lu}[^.:]{1,5}[.:]", r"(?m)^\s*\d", r"(?:a|é{2,9}|\bB)+9",
                r"^(?:.{2,40})?(?:\s|^)[é9]", r"(?:[a9]{2,3}){2}", r"(?i)[k’]s|–+", r"(?P<x>[^\x00-\x7f]+?)\s", r"^(?:a+|:\s+)k", r"(?i).k[b9]|a:a",
            ];
            let p = Patterns::new(sources.map(str::to_owned).to_vec()).unwrap();
            for (i, s) in sources.iter().enumerate() {
                let want = Regex::new(s).unwrap().captures(&text).map(|c| (c.get(0).unwrap().range(), c.name("x").map(|m| m.range())));
                for _ in 0..2 {
                    let got = p.matching(&text, |k| k == i).next().map(|(_, h)| (h.range.clone(), h.group("x")));
                    prop_assert_eq!(&want, &got, "{}", s);
                    // Asked often, it is compiled in full.
                    p.each[i].asked.store(FEW, Ordering::Relaxed);
                }
            }
        }
    }
}
