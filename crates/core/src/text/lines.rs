//! Paragraphs: lines joined where they were only wrapped, kept apart where they were not.

use super::chars::trim;
use super::layout::finished;
use crate::model::Span;

/// Lines are taken as wrapped by hand when none is longer than this many bytes.
const WRAPPED: usize = 110;

/// A stretch of text between hard breaks, without blanks at its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its words.
    pub span: Span,
    /// Counted over the article.
    pub number: u32,
    /// Whether an empty line stands before it.
    pub blank_before: bool,
}

/// Cuts the text into paragraphs.
pub fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut block: Vec<Span> = Vec::new();
    let mut blank = false;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{c}', '\u{b}']) {
        let (start, end) = trim(text, at, at + line.len());
        // "\r\n" gives an empty piece between its two characters; it is no empty line.
        let pair = line == "\n" && at > 0 && text.as_bytes()[at - 1] == b'\r';
        at += line.len();
        if pair {
            continue;
        }
        if start < end {
            block.push(Span::new(start, end));
        } else {
            flush(text, &mut block, blank, &mut out);
            blank = true;
        }
    }
    flush(text, &mut block, blank, &mut out);
    out
}

/// Turns the lines between two empty lines into paragraphs.
fn flush(text: &str, lines: &mut Vec<Span>, blank: bool, out: &mut Vec<Paragraph>) {
    let longest = lines.iter().map(|l| l.len()).max().unwrap_or(0);
    let inner = lines.len().saturating_sub(1);
    let open = lines.iter().take(inner).filter(|l| !finished(l.of(text))).count();
    // Hand-wrapped text breaks mostly inside sentences, at about the same width.
    let full = lines.iter().take(inner).filter(|l| l.len() * 10 >= longest * 6).count();
    let wrapped = inner > 0 && longest <= WRAPPED && open * 2 >= inner && full * 3 >= inner * 2 && longest >= 40;
    let mut first = true;
    for line in lines.drain(..) {
        if !first
            && let Some(last) = out.last_mut()
            && joins(text, last.span, line, wrapped)
        {
            last.span = last.span.join(line);
            continue;
        }
        let number = out.len() as u32;
        out.push(Paragraph { span: line, number, blank_before: first && blank });
        first = false;
    }
}

/// Whether the line goes on with the paragraph before it.
fn joins(text: &str, before: Span, line: Span, wrapped: bool) -> bool {
    if wrapped {
        return true;
    }
    let lower = line.of(text).starts_with(char::is_lowercase);
    lower && !finished(before.of(text)) && before.len() >= 30
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = paragraphs(text).iter().map(|p| p.span.of(text)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn one_line_one_paragraph() {
        check("One.\nTwo.\r\n\r\n  Three \u{2029}Four", &["One.", "Two.", "Three", "Four"]);
        check(" \n\t\n", &[]);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let text = "The envoys of the two states met again in the old\ntown on Monday and said that they would go on with\nthe talks.\n\nNobody else was there.";
        check(text, &[&text[..text.len() - 24], "Nobody else was there."]);
    }

    #[test]
    fn numbers_and_blanks() {
        let found = paragraphs("One\nTwo.\n\nThree.");
        assert_eq!(found.iter().map(|p| (p.number, p.blank_before)).collect::<Vec<_>>(), [(0, false), (1, false), (2, true)]);
    }
}
