//! Line patterns over an alphabet of at most 256 kinds of characters.
//!
//! Unicode classes, case folding and counted repetitions make automata of thousands of states, and
//! reading them takes most of a short run. But all patterns together ask only a few dozen questions
//! of a character beyond ASCII: all characters with the same answers are one cell, a cell is one
//! byte, and patterns over bytes are small. ASCII stands for itself, so an ASCII line is its own
//! translation.
//!
//! Also compiled into the build script, which does this work once for the project's own patterns.

use super::packed::pack;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

/// Least length of strings a line must start with.
const PREFIX: usize = 2;
/// Least length of strings a line must hold anywhere.
const INSIDE: usize = 2;

/// Patterns rewritten over cells.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lowered {
    /// First character beyond ASCII of each stretch, and the byte that stands for it.
    pub cells: Vec<(u32, u8)>,
    /// The patterns over bytes, packed; same matches, same groups.
    pub exact: Vec<Vec<u8>>,
    /// What a line must hold to be worth asking.
    pub needs: Vec<Needs>,
    /// Whether the pattern asks for word boundaries, which bytes tell only of ASCII words.
    pub bounded: Vec<bool>,
}

/// Rewrites patterns. The error is the number of the one at fault and what is wrong with it.
pub fn lower<S: AsRef<str>>(sources: &[S]) -> Result<Lowered, (usize, String)> {
    let mut hirs = Vec::with_capacity(sources.len());
    for (i, source) in sources.iter().enumerate() {
        hirs.push(regex_syntax::parse(source.as_ref()).map_err(|e| (i, e.to_string()))?);
    }
    let mut classes = Vec::new();
    hirs.iter().for_each(|h| collect(h, &mut classes));
    classes.sort();
    classes.dedup();
    let cells = Cells::new(&classes).ok_or_else(|| (0, "the patterns tell too many kinds of characters apart".to_owned()))?;
    let exact: Vec<Hir> = hirs.iter().map(|h| rewrite(h, &cells)).collect();
    let packed = exact.iter().enumerate().map(|(i, h)| pack(h).ok_or_else(|| (i, "the pattern cannot be packed".to_owned())));
    Ok(Lowered {
        needs: exact.iter().map(Needs::of).collect(),
        exact: packed.collect::<Result<_, _>>()?,
        bounded: hirs.iter().map(|h| h.properties().look_set().contains_word()).collect(),
        cells: cells.starts,
    })
}

/// Stretches of characters, first and last.
type Ranges = Vec<(u32, u32)>;

/// The classes of characters beyond ASCII a pattern names.
fn collect(hir: &Hir, out: &mut Vec<Ranges>) {
    match hir.kind() {
        HirKind::Class(Class::Unicode(c)) => {
            let beyond = c.ranges().iter().filter(|r| !r.end().is_ascii());
            out.push(beyond.map(|r| (u32::from(r.start()).max(0x80), u32::from(r.end()))).collect());
        }
        HirKind::Literal(l) => {
            let text = String::from_utf8_lossy(&l.0);
            out.extend(text.chars().filter(|c| !c.is_ascii()).map(|c| vec![(u32::from(c), u32::from(c))]));
        }
        HirKind::Repetition(r) => collect(&r.sub, out),
        HirKind::Capture(c) => collect(&c.sub, out),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|p| collect(p, out)),
        _ => {}
    }
}

/// Stretches of characters that no class tells apart.
struct Cells {
    starts: Vec<(u32, u8)>,
}

impl Cells {
    fn new(classes: &[Ranges]) -> Option<Cells> {
        let edges = classes.iter().flatten().flat_map(|&(a, b)| [a, b + 1]);
        let mut edges: Vec<u32> = std::iter::once(0x80).chain(edges).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut kinds: Vec<Vec<usize>> = Vec::new();
        let mut starts: Vec<(u32, u8)> = Vec::new();
        for &edge in &edges {
            let kind: Vec<usize> = (0..classes.len()).filter(|&k| holds(&classes[k], edge)).collect();
            let known = kinds.iter().position(|k| *k == kind);
            let cell = known.unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            });
            let byte = u8::try_from(0x80 + cell).ok()?;
            if starts.last().is_none_or(|&(_, b)| b != byte) {
                starts.push((edge, byte));
            }
        }
        Some(Cells { starts })
    }

    /// Bytes that stand for characters of these stretches.
    fn of(&self, ranges: &[(u32, u32)]) -> impl Iterator<Item = ClassBytesRange> {
        let inside = self.starts.iter().filter(|&&(start, _)| holds(ranges, start));
        inside.map(|&(_, byte)| ClassBytesRange::new(byte, byte))
    }
}

fn holds(ranges: &[(u32, u32)], c: u32) -> bool {
    let after = ranges.partition_point(|&(a, _)| a <= c);
    after > 0 && c <= ranges[after - 1].1
}

fn bytes(ranges: impl IntoIterator<Item = ClassBytesRange>) -> Hir {
    Hir::class(Class::Bytes(ClassBytes::new(ranges)))
}

/// The same pattern over cells.
fn rewrite(hir: &Hir, cells: &Cells) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(|p| rewrite(p, cells)).collect();
    match hir.kind() {
        HirKind::Class(Class::Unicode(c)) => {
            let ascii = c.ranges().iter().filter(|r| r.start().is_ascii());
            let ascii = ascii.map(|r| ClassBytesRange::new(r.start() as u8, if r.end().is_ascii() { r.end() as u8 } else { 0x7f }));
            let beyond: Ranges = c.ranges().iter().map(|r| (u32::from(r.start()), u32::from(r.end()))).collect();
            bytes(ascii.chain(cells.of(&beyond)))
        }
        HirKind::Literal(l) => {
            let letter = |c: char| match u8::try_from(c).ok().filter(u8::is_ascii) {
                Some(b) => bytes([ClassBytesRange::new(b, b)]),
                None => bytes(cells.of(&[(c.into(), c.into())])),
            };
            Hir::concat(String::from_utf8_lossy(&l.0).chars().map(letter).collect())
        }
        HirKind::Look(Look::WordUnicode) => Hir::look(Look::WordAscii),
        HirKind::Look(Look::WordUnicodeNegate) => Hir::look(Look::WordAsciiNegate),
        HirKind::Repetition(r) => {
            Hir::repetition(Repetition { min: r.min, max: r.max, greedy: r.greedy, sub: Box::new(rewrite(&r.sub, cells)) })
        }
        HirKind::Capture(c) => Hir::capture(Capture { index: c.index, name: c.name.clone(), sub: Box::new(rewrite(&c.sub, cells)) }),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        _ => hir.clone(),
    }
}

/// What a line must hold for a pattern to match it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether the line starts with one of the strings.
    pub first: bool,
    /// One of these stands in every match, folded; none when nothing can be said.
    pub strings: Vec<Vec<u8>>,
}

impl Needs {
    fn of(hir: &Hir) -> Needs {
        let hir = small(hir);
        if let HirKind::Concat(parts) = hir.kind()
            && let [start, rest @ ..] = parts.as_slice()
            && matches!(start.kind(), HirKind::Look(Look::Start))
            && let Some(mut strings) = prefixes(&Hir::concat(rest.to_vec())).filter(|s| shortest(s) >= PREFIX)
        {
            thin(&mut strings, |long, short| long.starts_with(short));
            return Needs { first: true, strings };
        }
        let mut strings = inside(&hir).unwrap_or_default();
        thin(&mut strings, |long, short| long.windows(short.len()).any(|w| w == short));
        Needs { first: false, strings }
    }
}

/// Drops strings that hold another, which is found wherever they are.
fn thin(strings: &mut Vec<Vec<u8>>, holds: impl Fn(&[u8], &[u8]) -> bool) {
    strings.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Vec<Vec<u8>> = Vec::new();
    for s in strings.drain(..) {
        if !kept.iter().any(|k| holds(&s, k)) {
            kept.push(s);
        }
    }
    *strings = kept;
}

/// Strings of which one stands in every match, if they are worth looking for.
fn inside(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut found: Vec<Vec<Vec<u8>>> = prefixes(hir).into_iter().collect();
    match hir.kind() {
        HirKind::Concat(parts) => {
            found.extend((1..parts.len()).filter_map(|i| prefixes(&Hir::concat(parts[i..].to_vec()))));
            found.extend(parts.iter().filter_map(inside));
        }
        HirKind::Alternation(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(inside).collect();
            found.extend(each.map(|e| e.concat()));
        }
        HirKind::Repetition(r) if r.min > 0 => found.extend(inside(&r.sub)),
        HirKind::Capture(c) => found.extend(inside(&c.sub)),
        _ => {}
    }
    found.retain(|s| shortest(s) >= INSIDE);
    found.into_iter().max_by_key(|s| (shortest(s), std::cmp::Reverse(s.len())))
}

/// Strings of which one begins every match.
fn prefixes(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut found = Extractor::new().limit_class(12).limit_repeat(8).limit_literal_len(7).limit_total(400).extract(hir);
    found.dedup();
    let strings: Vec<Vec<u8>> = found.literals()?.iter().map(|l| l.as_bytes().to_vec()).collect();
    (!strings.is_empty()).then_some(strings)
}

/// Length of the shortest string; a sign is worth as much as two letters.
fn shortest(strings: &[Vec<u8>]) -> usize {
    let worth = |s: &Vec<u8>| s.len() + s.iter().filter(|b| !b.is_ascii_alphanumeric() && !b" .,".contains(b)).count();
    strings.iter().map(worth).min().unwrap_or(0)
}

/// A byte of a line as [`Needs`] has it: small letters, one kind of white space.
pub fn fold(byte: u8) -> u8 {
    match byte {
        b'\t'..=b'\r' => b' ',
        b => b.to_ascii_lowercase(),
    }
}

/// The pattern for a folded line.
fn small(hir: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(small).collect();
    match hir.kind() {
        HirKind::Class(Class::Bytes(c)) => {
            let each = c.ranges().iter().flat_map(|r| r.start()..=r.end()).map(fold);
            bytes(each.map(|b| ClassBytesRange::new(b, b)))
        }
        HirKind::Literal(l) => Hir::literal(l.0.iter().map(|&b| fold(b)).collect::<Vec<_>>()),
        HirKind::Look(Look::Start) => hir.clone(),
        HirKind::Look(_) => Hir::empty(),
        HirKind::Repetition(r) => Hir::repetition(Repetition { min: r.min, max: r.max, greedy: r.greedy, sub: Box::new(small(&r.sub)) }),
        HirKind::Capture(c) => small(&c.sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        _ => hir.clone(),
    }
}
