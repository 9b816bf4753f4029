//! Patterns as bytes a program can carry: read back without the parser, which takes most of what a
//! pattern costs that is asked about once.
//!
//! A node is a byte that says its kind and what the kind needs; numbers are LEB128. Only what
//! [`super::cells`] writes is here: bytes, no Unicode classes.
//!
//! Also compiled into the build script, which does the packing.

use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

const EMPTY: u8 = 0;
const LITERAL: u8 = 1;
const CLASS: u8 = 2;
const LOOK: u8 = 3;
const REPETITION: u8 = 4;
const CAPTURE: u8 = 5;
const CONCAT: u8 = 6;
const ALTERNATION: u8 = 7;

/// Writes a pattern over bytes; none when it holds a class of characters.
pub fn pack(hir: &Hir) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write(hir, &mut out)?;
    Some(out)
}

/// Reads what [`pack`] wrote.
pub fn unpack(bytes: &[u8]) -> Option<Hir> {
    let mut rest = bytes;
    read(&mut rest).filter(|_| rest.is_empty())
}

fn write(hir: &Hir, out: &mut Vec<u8>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => out.push(EMPTY),
        HirKind::Literal(l) => {
            out.push(LITERAL);
            text(&l.0, out);
        }
        HirKind::Class(Class::Bytes(c)) => {
            out.push(CLASS);
            number(u32::try_from(c.ranges().len()).ok()?, out);
            c.ranges().iter().for_each(|r| out.extend([r.start(), r.end()]));
        }
        HirKind::Class(Class::Unicode(_)) => return None,
        HirKind::Look(look) => {
            out.push(LOOK);
            number(look.as_repr(), out);
        }
        HirKind::Repetition(r) => {
            out.push(REPETITION);
            number(r.min, out);
            // One more than it is, so that 0 is no end.
            number(r.max.map_or(Some(0), |m| m.checked_add(1))?, out);
            out.push(u8::from(r.greedy));
            write(&r.sub, out)?;
        }
        HirKind::Capture(c) => {
            out.push(CAPTURE);
            number(c.index, out);
            text(c.name.as_deref().unwrap_or_default().as_bytes(), out);
            write(&c.sub, out)?;
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            out.push(if matches!(hir.kind(), HirKind::Concat(_)) { CONCAT } else { ALTERNATION });
            number(u32::try_from(parts.len()).ok()?, out);
            for part in parts {
                write(part, out)?;
            }
        }
    }
    Some(())
}

fn number(mut n: u32, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn text(bytes: &[u8], out: &mut Vec<u8>) {
    number(bytes.len() as u32, out);
    out.extend(bytes);
}

fn read(rest: &mut &[u8]) -> Option<Hir> {
    Some(match byte(rest)? {
        EMPTY => Hir::empty(),
        LITERAL => Hir::literal(words(rest)?),
        CLASS => {
            let length = 2 * count(rest)?;
            let (ranges, after) = rest.split_at_checked(length)?;
            *rest = after;
            Hir::class(Class::Bytes(ClassBytes::new(ranges.chunks_exact(2).map(|r| ClassBytesRange::new(r[0], r[1])))))
        }
        LOOK => Hir::look(Look::from_repr(value(rest)?)?),
        REPETITION => {
            let (min, max, greedy) = (value(rest)?, value(rest)?.checked_sub(1), byte(rest)? != 0);
            Hir::repetition(Repetition { min, max, greedy, sub: Box::new(read(rest)?) })
        }
        CAPTURE => {
            let index = value(rest)?;
            let name = std::str::from_utf8(words(rest)?).ok().filter(|n| !n.is_empty()).map(Into::into);
            Hir::capture(Capture { index, name, sub: Box::new(read(rest)?) })
        }
        CONCAT => Hir::concat(parts(rest)?),
        ALTERNATION => Hir::alternation(parts(rest)?),
        _ => return None,
    })
}

fn parts(rest: &mut &[u8]) -> Option<Vec<Hir>> {
    (0..count(rest)?).map(|_| read(rest)).collect()
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (&first, after) = rest.split_first()?;
    *rest = after;
    Some(first)
}

fn value(rest: &mut &[u8]) -> Option<u32> {
    let mut n = 0u32;
    for shift in (0..32).step_by(7) {
        let b = byte(rest)?;
        n |= u32::from(b & 0x7f) << shift;
        if b < 0x80 {
            return Some(n);
        }
    }
    None
}

fn count(rest: &mut &[u8]) -> Option<usize> {
    value(rest)?.try_into().ok()
}

fn words<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = count(rest)?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went() {
        let check = |pattern: &str| {
            let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap();
            let packed = pack(&hir).unwrap();
            assert_eq!(unpack(&packed).as_ref(), Some(&hir), "{pattern}");
            for cut in 0..packed.len() {
                assert_eq!(unpack(&packed[..cut]), None, "{pattern} cut after {cut}");
            }
        };
        for pattern in ["", "abc", r"^[a-c\x80-\xff]{2,300}?x*$", r"(?P<author>\w+)|(b|cd)+\b", r"(?:(?:a*)?b){0}", "(?m)^x$"] {
            check(pattern);
        }
        assert_eq!(unpack(&[9]), None);
        assert_eq!(pack(&regex_syntax::parse("é|[à-ü]").unwrap()), None);
    }
}
