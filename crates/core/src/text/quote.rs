//! Quotation marks: which words somebody else's mouth is given.
//!
//! Needs: the tokens of the article by paragraph. Gives: for each token whether it is quoted,
//! and the quoted passages. Apostrophes are not quotation marks.

use super::chars::is_apostrophe;
use super::token::{Kind, Piece};
use crate::model::Span;

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Opens(Style),
    Closes(Style),
    /// A straight mark with a blank, or a word, on both sides.
    Either(Style),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Double,
    Single,
    Angle,
}

/// Marks quoted tokens; `paragraphs` are the tokens of each paragraph in order. Gives the
/// passages with their marks left out, one for each paragraph a quotation runs over.
pub fn pair(text: &str, paragraphs: &[&[Piece]]) -> (Vec<Vec<bool>>, Vec<Span>) {
    let mut spans = Vec::new();
    let mut marked = Vec::with_capacity(paragraphs.len());
    // Style of a quotation that the paragraph before left open.
    let mut carried = None;
    for (i, pieces) in paragraphs.iter().enumerate() {
        let follower = paragraphs.get(i + 1).and_then(|p| p.first());
        let goes_on = |style: Style| follower.is_some_and(|p| style_of(p.span.of(text)) == Some(style) && !closes_only(p.span.of(text)));
        let (flags, open) = paragraph(text, pieces, carried, goes_on, &mut spans);
        marked.push(flags);
        carried = open;
    }
    (marked, spans)
}

fn style_of(mark: &str) -> Option<Style> {
    match mark {
        "\"" | "“" | "”" | "„" | "``" | "''" | "＂" => Some(Style::Double),
        "«" | "»" => Some(Style::Angle),
        m if m.chars().count() == 1 && m.starts_with(is_apostrophe) => Some(Style::Single),
        _ => None,
    }
}

fn closes_only(mark: &str) -> bool {
    matches!(mark, "”" | "»")
}

fn role(text: &str, pieces: &[Piece], i: usize) -> Option<Role> {
    let mark = pieces[i].span.of(text);
    let style = style_of(mark)?;
    let before = i == 0 || pieces[i - 1].span.end < pieces[i].span.start;
    let behind = pieces.get(i + 1).is_none_or(|p| p.span.start > pieces[i].span.end);
    let bracket = i > 0 && matches!(pieces[i - 1].kind, Kind::Open | Kind::Mark);
    // "in ‘08", "the ‘90s": years written short.
    let year = |p: &Piece| {
        let digits = p.span.of(text).strip_suffix('s').unwrap_or(p.span.of(text));
        digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    if style == Style::Single && !behind && pieces.get(i + 1).is_some_and(year) {
        return None;
    }
    Some(match mark {
        "“" | "„" | "‘" | "«" | "``" => Role::Opens(style),
        "”" | "»" => Role::Closes(style),
        _ if style == Style::Single => match (before || bracket, behind) {
            (true, false) if mark != "’" => Role::Opens(style),
            (false, _) => Role::Closes(style),
            _ => return None,
        },
        _ => match (before, behind) {
            (true, false) => Role::Opens(style),
            (false, true) => Role::Closes(style),
            (false, false) if bracket => Role::Opens(style),
            _ => Role::Either(style),
        },
    })
}

fn paragraph(
    text: &str,
    pieces: &[Piece],
    carried: Option<Style>,
    goes_on: impl Fn(Style) -> bool,
    spans: &mut Vec<Span>,
) -> (Vec<bool>, Option<Style>) {
    let mut quoted = vec![false; pieces.len()];
    // The outermost open mark; inner quotations only change when the outer one may close.
    let mut open: Option<(usize, Style)> = None;
    let mut inner: Option<Style> = None;
    let mut closed = false;
    let close = |from: usize, to: usize, quoted: &mut Vec<bool>, spans: &mut Vec<Span>| {
        quoted[from..to].fill(true);
        if from < to {
            spans.push(pieces[from].span.join(pieces[to - 1].span));
        }
    };
    let last_single = (0..pieces.len()).rev().find(|i| role(text, pieces, *i) == Some(Role::Closes(Style::Single)));
    for i in 0..pieces.len() {
        let Some(role) = role(text, pieces, i) else { continue };
        match (open, role) {
            // A single mark that nothing closes is an apostrophe.
            (None, Role::Opens(s) | Role::Either(s)) if s != Style::Single || last_single.is_some_and(|l| l > i + 1) => {
                open = Some((i, s));
                inner = None;
            }
            // The carried quotation was opened again only by its words, not by a mark.
            (None, Role::Closes(s)) if carried == Some(s) && spans.last().is_some() && s != Style::Single && !closed => {
                close(0, i, &mut quoted, spans);
                closed = true;
            }
            (Some((from, s)), Role::Closes(c) | Role::Either(c)) if c == s => {
                if s == Style::Single && possessive(text, pieces, i, last_single) {
                    continue;
                }
                if inner == Some(c) {
                    inner = None;
                    continue;
                }
                close(from + 1, i, &mut quoted, spans);
                closed = true;
                open = None;
            }
            (Some((_, s)), Role::Opens(c)) if c != s => inner = Some(c),
            (Some((from, s)), Role::Opens(c)) if c == s && i > from + 1 && pieces[i].span.of(text) != "\"" => {
                // A second opening mark of the same style: the first was never closed, or the
                // marks are nested. Keep the first open; the pair inside cancels out.
                inner = Some(c);
            }
            (Some((from, s)), Role::Opens(c)) if c == s && i > from + 1 => {
                // A straight mark that looks opening while one is open: the first was closed by
                // nothing; start again here.
                let _ = from;
                open = Some((i, s));
            }
            (Some(_), Role::Closes(c)) if inner == Some(c) => inner = None,
            _ => {}
        }
    }
    let Some((from, style)) = open else { return (quoted, None) };
    if style == Style::Single {
        return (quoted, None);
    }
    let continues = goes_on(style);
    let curly = matches!(pieces[from].span.of(text), "“" | "«" | "„");
    if continues || curly || from == 0 && carried.is_some() {
        close(from + 1, pieces.len(), &mut quoted, spans);
    }
    (quoted, continues.then_some(style))
}

/// Whether the apostrophe at `i` belongs to a plural ("the states' leaders") rather than
/// closing, because another one can close later.
fn possessive(text: &str, pieces: &[Piece], i: usize, last: Option<usize>) -> bool {
    let plural = i > 0 && pieces[i - 1].kind == Kind::Word && pieces[i - 1].span.of(text).ends_with(['s', 'S']);
    let word = pieces.get(i + 1).is_some_and(|p| p.span.of(text).starts_with(char::is_alphabetic));
    plural && word && last.is_some_and(|l| l > i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::text_cues::tests::cues;
    use crate::text::token::tokenise;

    fn check(paragraphs: &[&str], expect: &[&str]) {
        let text = paragraphs.join("\n\n");
        let cues = cues();
        let mut at = 0;
        let mut all = Vec::new();
        for p in paragraphs {
            let mut pieces = Vec::new();
            tokenise(&text, Span::new(at, at + p.len()), &cues.words, &mut pieces);
            all.push(pieces);
            at += p.len() + 2;
        }
        let refs: Vec<&[Piece]> = all.iter().map(Vec::as_slice).collect();
        let (_, spans) = pair(&text, &refs);
        assert_eq!(spans.iter().map(|s| s.of(&text)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn plain_pairs() {
        check(&["He said “yes” and \"no\" and «da»."], &["yes", "no", "da"]);
        check(&["\"Go,\" he said, \"and don't stop.\""], &["Go,", "and don't stop."]);
        check(&["The states' leaders don't say it's 'over'."], &["over"]);
        check(&["It is ‘the states’ choice’, he said."], &["the states’ choice"]);
        check(&["“He said ‘no’ to it,” she said."], &["He said ‘no’ to it,"]);
    }

    #[test]
    fn over_paragraphs() {
        check(&["He said: “It began.", "“It went on.", "“It ended.” So he said."], &["It began.", "It went on.", "It ended."]);
        check(&["\"It began.", "\"It ended,\" he said."], &["It began.", "It ended,"]);
    }

    #[test]
    fn stray_marks() {
        check(&["A 5\" gun fired.", "He said \"no\"."], &["no"]);
        check(&["He said “it goes on.", "Then it rained."], &["it goes on."]);
        check(&["Rock 'n' roll, the '90s and workers' rights."], &[]);
        check(&["In ‘08 it’s “no” and in ‘12 it was ‘yes’."], &["no", "yes"]);
        check(&["”"], &[]);
    }
}
