//! Sentences: where a paragraph's tokens are cut.
//!
//! Needs: the tokens of one paragraph. Gives: ranges of them that follow on each other.

use std::ops::Range;

use super::chars::{is_apostrophe, is_stop};
use super::token::{Kind, Piece};
use crate::knowledge::text_cues::{Abbreviation, Words};
use crate::model::Span;

/// Longer sentences are cut into pieces at the best mark.
pub const LONGEST: usize = 400;

/// Cuts a paragraph into sentences. A letter whose period turns out to end the sentence
/// ("Plan B. The …") is split in two, so the tokens may change.
pub fn split(text: &str, pieces: &mut Vec<Piece>, words: &Words) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    // Pieces whose period becomes a mark of its own.
    let mut parted = Vec::new();
    let mut start = 0;
    let mut i = 0;
    let mut straight = false;
    // Where the dash before a name that signs a quotation stands.
    let mut signed: Option<usize> = None;
    while i < pieces.len() {
        let piece = pieces[i];
        if is_dash(piece.span.of(text)) && i > start && is_quote(pieces[i - 1].span.of(text)) {
            signed = Some(i);
        } else if signed.is_some_and(|d| d + 1 < i && i - d <= SIGNATURE) && line_ends(text, pieces, i) {
            // What follows on a signature in a line of its own is somebody else's.
            out.push(start..i);
            start = i;
            signed = None;
        }
        if piece.kind == Kind::Quote && piece.span.of(text) == "\"" {
            straight = !straight;
        }
        if !may_end(piece.kind) || (i == start && piece.kind != Kind::Stop) {
            i += 1;
            continue;
        }
        let mut next = i + 1;
        while next < pieces.len() && closing(text, pieces, next, straight) {
            if pieces[next].span.of(text) == "\"" {
                straight = false;
            }
            next += 1;
        }
        next = trailing(text, pieces, next);
        let last = next == pieces.len();
        if last || ends(text, pieces, start, i, next, words) {
            if parts(text, pieces, i, words) || piece.kind == Kind::Initial && !last {
                parted.push(i);
            }
            out.push(start..next);
            start = next;
            signed = None;
        }
        i = next;
    }
    if start < pieces.len() {
        out.push(start..pieces.len());
    }
    part_periods(pieces, &parted, &mut out);
    out
}

/// Whether the abbreviation at `i`, which ends its sentence, gives its period away: those in
/// lower case do ("etc.", "p.m."), as in the treebanks; capitals keep it, so that "U.S." is one
/// name everywhere.
fn parts(text: &str, pieces: &[Piece], i: usize, words: &Words) -> bool {
    let word = pieces[i].span.of(text);
    let parts = match pieces[i].kind {
        Kind::Acronym => !word.contains(char::is_uppercase),
        Kind::Abbreviation(Abbreviation::MayEnd) => !words.ends_whole(word),
        _ => false,
    };
    let stopped = pieces.get(i + 1).is_some_and(|p| p.kind == Kind::Stop);
    parts && !stopped && word.ends_with('.') && word.len() >= 3
}

/// Cuts the periods off in one pass and moves the sentences along.
fn part_periods(pieces: &mut Vec<Piece>, parted: &[usize], sentences: &mut [Range<usize>]) {
    if parted.is_empty() {
        return;
    }
    let mut moved = Vec::with_capacity(pieces.len() + parted.len());
    let mut waiting = parted.iter().peekable();
    for (i, piece) in pieces.iter().enumerate() {
        if waiting.next_if_eq(&&i).is_none() {
            moved.push(*piece);
            continue;
        }
        let Span { start, end } = piece.span;
        moved.push(Piece { span: Span { start, end: end - 1 }, kind: Kind::Word });
        moved.push(Piece { span: Span { start: end - 1, end }, kind: Kind::Stop });
    }
    *pieces = moved;
    // Each cut lies within one sentence, and both run in order.
    let mut cuts = parted.iter().peekable();
    let mut shift = 0;
    for s in sentences {
        let start = s.start + shift;
        while cuts.next_if(|c| **c < s.end).is_some() {
            shift += 1;
        }
        *s = start..s.end + shift;
    }
}

/// Cuts what is longer than [`LONGEST`]; says whether it had to.
pub fn shorten(text: &str, pieces: &[Piece], sentences: Vec<Range<usize>>) -> (Vec<Range<usize>>, Vec<usize>) {
    let mut out = Vec::with_capacity(sentences.len());
    let mut cut = Vec::new();
    for s in sentences {
        if s.len() <= LONGEST {
            out.push(s);
            continue;
        }
        cut.push(s.len());
        let mut start = s.start;
        while s.end - start > LONGEST {
            let from = start + LONGEST / 2;
            let to = start + LONGEST;
            let rank = |i: &usize| match pieces[*i].span.of(text) {
                t if t.starts_with(is_stop) => 4,
                ";" => 3,
                ":" | "—" | "–" | "--" => 2,
                "," | ")" | "|" => 1,
                _ => 0,
            };
            let at = (from..to).max_by_key(|i| (rank(i), *i)).unwrap_or(to - 1);
            out.push(start..at + 1);
            start = at + 1;
        }
        out.push(start..s.end);
    }
    (out, cut)
}

/// So many words and marks a signature has at most.
const SIGNATURE: usize = 10;

/// Whether a token is a dash, as before a name that signs.
pub fn is_dash(word: &str) -> bool {
    matches!(word, "—" | "–" | "―" | "--" | "-")
}

/// Whether a word is a quotation mark.
pub fn is_quote(mark: &str) -> bool {
    matches!(mark, "\"" | "”" | "“" | "''" | "»" | "’")
}

/// Whether the token at `i` begins a line.
fn line_ends(text: &str, pieces: &[Piece], i: usize) -> bool {
    let before = pieces[i - 1].span;
    Span { start: before.end, end: pieces[i].span.start }.of(text).contains('\n')
}

fn may_end(kind: Kind) -> bool {
    matches!(kind, Kind::Stop | Kind::Acronym | Kind::Initial | Kind::Abbreviation(Abbreviation::MayEnd))
}

fn gap(pieces: &[Piece], i: usize) -> bool {
    match (i.checked_sub(1).and_then(|p| pieces.get(p)), pieces.get(i)) {
        (Some(a), Some(b)) => b.span.start > a.span.end,
        _ => true,
    }
}

/// Whether the mark at `i` closes what stands before it. `straight`: a straight quote is open.
fn closing(text: &str, pieces: &[Piece], i: usize, straight: bool) -> bool {
    let before = gap(pieces, i);
    let behind = gap(pieces, i + 1);
    match pieces[i].kind {
        Kind::Close => true,
        Kind::Stop => !before,
        Kind::Quote if pieces[i].span.of(text) == "\"" => !before || straight && behind,
        Kind::Quote => !before,
        _ => false,
    }
}

/// Steps over what belongs to the sentence although it stands behind the full stop: numbers of
/// notes ("ended.[12]", "ended. [citation needed]") and faces made of marks.
fn trailing(text: &str, pieces: &[Piece], mut next: usize) -> usize {
    while let Some(piece) = pieces.get(next) {
        let word = piece.span.of(text);
        if piece.kind == Kind::Mark && word.len() > 1 && word.starts_with([':', ';']) {
            next += 1;
            continue;
        }
        if word != "[" {
            break;
        }
        let Some(close) = pieces[next..].iter().take(6).position(|p| p.span.of(text) == "]") else { break };
        let inside = pieces[next + 1].span.of(text);
        if !inside.starts_with(|c: char| c.is_ascii_digit() || c.is_lowercase()) {
            break;
        }
        next += close + 1;
    }
    next
}

/// Whether a sentence ends between the mark at `i` (with closers up to `next`) and `next`.
fn ends(text: &str, pieces: &[Piece], start: usize, i: usize, next: usize, words: &Words) -> bool {
    let spaced = gap(pieces, next);
    // "3. Then …": the number of an item belongs to what follows.
    let number = i == start + 1 && pieces[start].span.of(text).bytes().all(|b| b.is_ascii_digit());
    if number && pieces[start].span.len() <= 3 && next == i + 1 {
        return false;
    }
    let mut k = next;
    while matches!(pieces.get(k).map(|p| p.kind), Some(Kind::Open | Kind::Quote)) {
        k += 1;
    }
    let Some(word) = pieces.get(k) else { return spaced };
    let follower = word.span.of(text);
    // “… at last.” ― Jane Doe
    if next > i + 1 && k == next && is_dash(follower) && is_quote(pieces[next - 1].span.of(text)) {
        return false;
    }
    let Some(first) = follower.chars().find(|c| !is_apostrophe(*c)) else { return spaced };
    let mark = pieces[i].span.of(text);
    let upper = first.is_uppercase() || first.is_alphabetic() && !first.is_lowercase();
    let closed = next > i + 1;
    if pieces[i].kind != Kind::Stop {
        return spaced && upper && word.kind == Kind::Word && words.starts(follower);
    }
    if word.kind == Kind::Stop || matches!(follower, "," | ";" | ":" | "--" | "—") {
        return false;
    }
    if !spaced {
        // A blank forgotten: "It ended.The town fell."
        return !closed && upper && mark == "." && word.kind == Kind::Word && i > 0 && pieces[i - 1].span.len() > 1;
    }
    if mark.len() > 1 && mark.chars().all(|c| matches!(c, '.' | '…')) {
        return upper && (!closed || !says_soon(text, pieces, k, words));
    }
    if closed && !mark.ends_with('.') {
        return !first.is_lowercase() && !says_soon(text, pieces, k, words);
    }
    if first.is_lowercase() {
        // Text all in lower case has its full stops and questions all the same.
        return !closed && (mark == "." || mark.ends_with('?') && !says_soon(text, pieces, k, words));
    }
    true
}

/// Whether a verb of saying stands at `k` or behind the name there.
fn says_soon(text: &str, pieces: &[Piece], k: usize, words: &Words) -> bool {
    pieces[k..].iter().take(4).any(|p| words.says(p.span.of(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::text_cues::tests::cues;
    use crate::text::token::tokenise;

    fn check(text: &str, expect: &[&str]) {
        let cues = cues();
        let mut pieces = Vec::new();
        tokenise(text, Span::new(0, text.len()), &cues.words, &mut pieces);
        let found = split(text, &mut pieces, &cues.words);
        let shown: Vec<&str> =
            found.iter().map(|r| &text[pieces[r.start].span.range().start..pieces[r.end - 1].span.range().end]).collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn full_stops() {
        check("He left. She stayed! Why? Nobody knew.", &["He left.", "She stayed!", "Why?", "Nobody knew."]);
        check("It rose 3.5 percent. Mr. Doe and Gen. Roe met.", &["It rose 3.5 percent.", "Mr. Doe and Gen. Roe met."]);
        check("It ended.The town fell.", &["It ended.", "The town fell."]);
        check("did they go? nobody knows. what now? asked the envoy.", &["did they go?", "nobody knows.", "what now? asked the envoy."]);
    }

    #[test]
    fn abbreviations() {
        check("The U.S. President met him in the U.S. The talks failed.", &["The U.S. President met him in the U.S.", "The talks failed."]);
        check("Acme Inc. shares fell. J. R. Doe sold.", &["Acme Inc. shares fell.", "J. R. Doe sold."]);
        check("They chose Plan B. The rest fled.", &["They chose Plan B.", "The rest fled."]);
    }

    #[test]
    fn quotations() {
        check("“We left. They stayed.” He sat. \"Go!\" he said.", &["“We left.", "They stayed.”", "He sat.", "\"Go!\" he said."]);
        check("“Why now?” Doe asked. 'No.' Then he left.", &["“Why now?” Doe asked.", "'No.'", "Then he left."]);
        check("It ended.[12] Then rain. [3] [4] Then sun.", &["It ended.[12]", "Then rain. [3] [4]", "Then sun."]);
    }

    #[test]
    fn signatures() {
        check("“We left. They stayed.” ― Jane Doe", &["“We left.", "They stayed.” ― Jane Doe"]);
        check("“We left.” ― Jane Doe\n“They stayed.”― John Roe", &["“We left.” ― Jane Doe", "“They stayed.”― John Roe"]);
        check("He sat. – She stood.", &["He sat.", "– She stood."]);
    }

    #[test]
    fn numbers_of_items() {
        check("They asked for two things. 1. Peace. 2. Quiet.", &["They asked for two things.", "1. Peace.", "2. Quiet."]);
        check("It fell in 1971. The rest fled at 5 p.m. They rest.", &["It fell in 1971.", "The rest fled at 5 p.m.", "They rest."]);
    }

    #[test]
    fn dots() {
        check("Well... we left... Then it rained.", &["Well... we left...", "Then it rained."]);
    }

    #[test]
    fn endless_sentences_are_cut() {
        let text = "word word, ".repeat(500);
        let mut pieces = Vec::new();
        tokenise(&text, Span::new(0, text.len()), &cues().words, &mut pieces);
        let whole = split(&text, &mut pieces, &cues().words);
        let (parts, cut) = shorten(&text, &pieces, whole);
        assert_eq!(cut, [1500]);
        assert!(parts.iter().all(|r| r.len() <= LONGEST && !r.is_empty()));
        assert_eq!(parts.iter().map(Range::len).sum::<usize>(), 1500);
    }
}
