//! Paragraphs and what each is: headline, byline, dateline, caption, furniture, running text.
//!
//! Needs: the untouched text, the cues. Gives: blocks in text order and the skipped lines.

use super::chars::{closes, is_apostrophe, trim};
use super::lines::{Paragraph, paragraphs};
use crate::knowledge::furniture::Scope;
use crate::knowledge::text_cues::TextCues;
use crate::model::{Part, Skipped, Span};

/// A headline is not longer than this many bytes, and a standfirst than three times it.
const HEADLINE: usize = 220;
/// A byline stands within the first paragraphs, or it is the last.
const HEAD: usize = 7;
/// A dateline is looked for in this many bytes.
const DATELINE: usize = 160;

/// A stretch of text that is split into sentences on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its words; a dateline is not among them.
    pub span: Span,
    /// What it is.
    pub part: Part,
    /// Number of the paragraph in the article.
    pub paragraph: u32,
}

/// The outside of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// What is read, in order.
    pub blocks: Vec<Block>,
    /// What is not, with reasons.
    pub skipped: Vec<Skipped>,
    /// The headline.
    pub headline: Option<Span>,
    /// Who wrote it.
    pub byline: Option<Span>,
    /// Where and by which agency it was sent.
    pub dateline: Option<Span>,
}

/// Looks at the text from the outside. `title` is what the page's metadata calls it.
pub fn layout(text: &str, title: Option<&str>, cues: &TextCues) -> Layout {
    let mut out = Layout::default();
    let mut kept: Vec<Paragraph> = Vec::new();
    let all = paragraphs(text);
    let count = all.len();
    // Paragraphs that the cues call bylines, and the name in them.
    let mut signed: Option<(Span, Span)> = None;
    for (index, mut p) in all.into_iter().enumerate() {
        // A block may lose a label in front and a credit behind, and then be furniture itself.
        for _ in 0..3 {
            let line = p.span.of(text);
            let start = p.span.range().start;
            if line.len() <= HEADLINE && cues.outside.date_line(line) {
                let reason = "line that only gives a date".to_owned();
                out.skipped.push(Skipped { span: p.span, kind: "date-line".to_owned(), reason });
                p.span = Span::new(start, start);
                break;
            }
            let Some(found) = cues.furniture.find(line, index, count) else { break };
            let part = Span::new(start + found.range.start, start + found.range.end);
            let rest = match found.scope {
                Scope::Line => Span::new(start, start),
                Scope::Byline => {
                    let name = found.author.map_or(p.span, |a| Span::new(start + a.start, start + a.end));
                    if signed.is_none() {
                        signed = Some((p.span, name));
                    }
                    break;
                }
                Scope::Prefix => Span { start: part.end, end: p.span.end },
                Scope::Suffix => Span { start: p.span.start, end: part.start },
            };
            let (from, to) = trim(text, rest.range().start, rest.range().end);
            let gone = if found.scope == Scope::Line { p.span } else { part };
            let (gone_from, gone_to) = trim(text, gone.range().start, gone.range().end);
            if found.kind == "dateline" && out.dateline.is_none() {
                let words = text[gone_from..gone_to].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':'));
                out.dateline = Some(Span::new(gone_from, gone_from + words.len()));
            } else {
                let (kind, reason) = (found.kind.to_owned(), found.reason.to_owned());
                out.skipped.push(Skipped { span: Span::new(gone_from, gone_to), kind, reason });
            }
            p.span = Span::new(from, to);
            if from >= to {
                break;
            }
        }
        if !p.span.is_empty() {
            kept.push(p);
        }
    }
    let mut parts: Vec<Part> = kept.iter().map(|p| part_alone(p.span.of(text), cues)).collect();
    let headline = headline(text, title, &kept, &parts, &out.skipped);
    if headline {
        out.headline = kept.first().map(|p| p.span);
        if let Some(first) = parts.first_mut() {
            *first = Part::Headline;
        }
    }
    let signed = signed.and_then(|(line, name)| Some((kept.iter().position(|p| p.span == line)?, name)));
    let byline = signed.filter(|(i, _)| parts[*i] == Part::Body).or_else(|| byline(text, &kept, &parts, headline, cues));
    if let Some((i, name)) = byline {
        parts[i] = Part::Byline;
        out.byline = Some(name);
    }
    if headline {
        standfirst(text, &kept, &mut parts, byline.map(|(i, _)| i), &out.skipped);
    }
    let first_body = parts.iter().position(|p| *p == Part::Body);
    for (i, (p, part)) in kept.iter().zip(parts).enumerate() {
        let mut span = p.span;
        if first_body == Some(i)
            && out.dateline.is_none()
            && let Some((words, rest)) = dateline(text, span, cues)
        {
            out.dateline = Some(words);
            span = rest;
        }
        out.blocks.push(Block { span, part, paragraph: p.number });
    }
    out
}

fn part_alone(line: &str, cues: &TextCues) -> Part {
    if line.len() <= 3 * HEADLINE && cues.outside.caption(line) { Part::Caption } else { Part::Body }
}

/// Whether the line ends as a sentence does.
pub(super) fn finished(line: &str) -> bool {
    let bare = line.trim_end_matches(|c| closes(c) || is_apostrophe(c) || c == '"');
    // "in the U.S" + period: a headline may end so.
    let acronym =
        bare.ends_with('.') && bare.rsplit(char::is_whitespace).next().is_some_and(|w| w.matches('.').count() > 1 && w.len() <= 8);
    bare.ends_with(['.', ':', ';', ',', '。', '…']) && !acronym
}

fn headline(text: &str, title: Option<&str>, kept: &[Paragraph], parts: &[Part], skipped: &[Skipped]) -> bool {
    let (Some(first), Some(second)) = (kept.first(), kept.get(1)) else { return false };
    let line = first.span.of(text);
    if title.is_some_and(|t| !t.trim().is_empty() && t.trim() == line) {
        return true;
    }
    let dated = skipped.iter().any(|s| s.span.start > first.span.start && s.span.start < second.span.start);
    let apart = second.blank_before || dated || parts.get(1) != Some(&Part::Body) || second.span.len() > 2 * first.span.len();
    line.len() <= HEADLINE && !line.contains('\n') && !finished(line) && apart
}

/// The paragraph that says who wrote the article, and the name in it.
fn byline(text: &str, kept: &[Paragraph], parts: &[Part], headline: bool, cues: &TextCues) -> Option<(usize, Span)> {
    let last = kept.len().checked_sub(1)?;
    let near = (usize::from(headline)..kept.len().min(HEAD)).chain((last >= HEAD).then_some(last));
    for i in near {
        let line = kept[i].span.of(text);
        if parts[i] != Part::Body || line.len() > 160 || kept.len() == 1 {
            continue;
        }
        let initials = line.rsplit(char::is_whitespace).next().is_some_and(|w| w.len() <= 3);
        if line.ends_with('.') && !initials {
            continue;
        }
        if let Some(name) = cues.outside.byline(line) {
            let start = kept[i].span.range().start;
            return Some((i, Span::new(start + name.start, start + name.end)));
        }
    }
    None
}

/// Lines between the headline and the byline (or date) belong to the headline.
fn standfirst(text: &str, kept: &[Paragraph], parts: &mut [Part], byline: Option<usize>, skipped: &[Skipped]) {
    let dated = |i: usize| match (kept.get(i), kept.get(i + 1)) {
        (Some(a), Some(b)) => skipped.iter().any(|s| s.kind == "date-line" && s.span.start > a.span.start && s.span.start < b.span.start),
        _ => false,
    };
    let mark = byline.filter(|b| (2..=3).contains(b)).or_else(|| (1..=2).find(|i| dated(*i)).map(|i| i + 1));
    if let Some(end) = mark {
        let short = kept[1..end].iter().all(|p| p.span.len() <= 3 * HEADLINE);
        if short && end < kept.len() {
            parts[1..end].iter_mut().filter(|p| **p == Part::Body).for_each(|p| *p = Part::Headline);
            return;
        }
    }
    // A second line that does not end as a sentence does, with more text after it.
    if kept.len() > 2 && parts[1] == Part::Body {
        let line = kept[1].span.of(text);
        let words = line.split_whitespace().count();
        if line.len() <= HEADLINE
            && words > 3
            && !finished(line)
            && !line.ends_with(['?', '!', '"', '”'])
            && finished(kept[2].span.of(text))
        {
            parts[1] = Part::Headline;
        }
    }
}

/// The dateline's words and the rest of the paragraph.
fn dateline(text: &str, span: Span, cues: &TextCues) -> Option<(Span, Span)> {
    let start = span.range().start;
    let head_end = text.floor_char_boundary((start + DATELINE).min(span.range().end));
    let (words, rest) = cues.outside.dateline(text.get(start..head_end)?)?;
    let (from, to) = trim(text, start + rest, span.range().end);
    (from < to).then(|| (Span::new(start, start + words), Span::new(from, to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::text_cues::tests::cues;

    fn check(text: &str, expect: &str) {
        let cues = cues();
        let l = layout(text, None, cues);
        let mut shown: Vec<String> = l.blocks.iter().map(|b| format!("{:?}: {}", b.part, b.span.of(text))).collect();
        shown.extend(l.skipped.iter().map(|s| format!("{}: {}", s.kind, s.span.of(text))));
        shown.extend(l.byline.map(|s| format!("by: {}", s.of(text))));
        shown.extend(l.dateline.map(|s| format!("from: {}", s.of(text))));
        assert_eq!(shown.join("\n"), expect.trim());
    }

    #[test]
    fn whole_article() {
        check(
            "Envoys meet again\n\nThey hope to prevent a clash.\n\nBy: Our Own Staff\n\nBEIRUT (Reuters) - They met.\n\nRead  Something else\n\nThe end.",
            "Headline: Envoys meet again\nHeadline: They hope to prevent a clash.\nByline: By: Our Own Staff\nBody: They met.\nBody: The end.\nread-also: Read  Something else\nby: Our Own Staff\nfrom: BEIRUT (Reuters)",
        );
    }

    #[test]
    fn without_a_headline() {
        check("Envoys met again.\n\nThey left.", "Body: Envoys met again.\nBody: They left.");
        check("envoys met again", "Body: envoys met again");
        check("", "");
    }

    #[test]
    fn dates_and_captions() {
        check(
            "Envoys meet\nJuly 18, 2018\nThey met on Monday.\nFILE PHOTO: An envoy waves.\nThey left.",
            "Headline: Envoys meet\nBody: They met on Monday.\nBody: They left.\ndate-line: July 18, 2018\ncredit: FILE PHOTO: An envoy waves.",
        );
    }

    #[test]
    fn sentences_that_open_with_by() {
        check("Envoys meet\n\nBy dawn they had left.\n\nThe end.", "Headline: Envoys meet\nBody: By dawn they had left.\nBody: The end.");
        check(
            "Envoys meet\n\nBy Monday they had left.\n\nThe end.",
            "Headline: Envoys meet\nBody: By Monday they had left.\nBody: The end.",
        );
    }
}
