//! Words and marks: cuts a stretch of text as English Universal Dependencies cuts it.
//!
//! Needs: a stretch of the text, the word lists. Gives: pieces in order that cover every
//! character which is not blank.

use super::chars::{closes, is_apostrophe, is_blank, is_currency, is_joiner, is_stop, is_word, opens};
use crate::knowledge::text_cues::{Abbreviation, Words};
use crate::model::Span;

/// Longer runs without a blank are cut, so that nothing later sees an endless word.
const LONGEST: usize = 1_000;

/// What a piece is, as far as sentence splitting asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word, address or number.
    Word,
    /// A word with its period.
    Abbreviation(Abbreviation),
    /// Single letters with periods ("U.S.").
    Acronym,
    /// One capital with its period ("J.").
    Initial,
    /// Marks that end a sentence, in a run.
    Stop,
    /// Opening bracket or quotation mark.
    Open,
    /// Closing bracket or quotation mark.
    Close,
    /// A mark that may open or close: straight quotes, apostrophes.
    Quote,
    /// Any other mark.
    Mark,
}

/// One token before analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its words.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// Cuts `span` of `text` and appends the pieces.
pub fn tokenise(text: &str, span: Span, words: &Words, out: &mut Vec<Piece>) {
    let end = span.range().end.min(text.len());
    let mut at = span.range().start;
    let first = out.len();
    while at < end {
        let Some(rest) = text.get(at..end) else { return };
        let Some(skip) = rest.find(|c| !is_blank(c)) else { return };
        let start = at + skip;
        // Looked at piece by piece, so that an endless run costs no more than its length.
        let reach = text.floor_char_boundary((start + LONGEST).min(end));
        let stop = text[start..reach].find(is_blank).map_or(reach, |n| start + n);
        let mut lexer = Lexer { text, end: stop, limit: end, words, out, opening: first };
        lexer.chunk(start);
        at = stop;
    }
}

struct Lexer<'a> {
    text: &'a str,
    /// End of the run without blanks.
    end: usize,
    /// End of the paragraph.
    limit: usize,
    words: &'a Words,
    out: &'a mut Vec<Piece>,
    /// Number of pieces before the paragraph.
    opening: usize,
}

impl Lexer<'_> {
    fn rest(&self, at: usize) -> &str {
        self.text.get(at..self.end).unwrap_or("")
    }

    fn char(&self, at: usize) -> Option<char> {
        self.rest(at).chars().next()
    }

    fn push(&mut self, start: usize, end: usize, kind: Kind) -> usize {
        self.out.push(Piece { span: Span::new(start, end), kind });
        end
    }

    /// First character after the blanks that follow the run.
    fn beyond(&self) -> Option<char> {
        self.text.get(self.end..self.limit).unwrap_or("").chars().find(|c| !is_blank(*c))
    }

    fn chunk(&mut self, start: usize) {
        let mut at = start;
        let has_at = self.rest(start).contains('@');
        while let Some(c) = self.char(at) {
            let after = self.rest(at).len() - c.len_utf8();
            at = if let Some(len) = emoticon(self.rest(at)).filter(|n| at == start || *n == after + c.len_utf8()) {
                self.push(at, at + len, Kind::Mark)
            } else if let Some(len) = address(self.rest(at)) {
                self.push(at, at + len, Kind::Word)
            } else if let Some(len) = has_at.then(|| mail(self.rest(at))).flatten() {
                self.push(at, at + len, Kind::Word)
            } else if c.is_ascii_digit() {
                self.number(at, at, start)
            } else if is_word(c) {
                self.word(at)
            } else {
                self.mark(at, c, start)
            };
        }
    }

    /// Marks and what begins with one; gives the offset after it.
    fn mark(&mut self, at: usize, c: char, start: usize) -> usize {
        let rest = self.rest(at);
        let one = at + c.len_utf8();
        let next = self.char(one);
        let digit = next.is_some_and(|n| n.is_ascii_digit());
        let letter = next.is_some_and(char::is_alphabetic);
        if matches!(c, '@' | '#') && letter && (at == start || !self.glued(at)) {
            let len = rest[1..].find(|c| !is_word(c)).map_or(rest.len(), |n| n + 1);
            return self.push(at, at + len, Kind::Word);
        }
        if (c == '+' && digit && at == start) || (c == '.' && digit && !self.glued(at)) {
            return self.number(at, one, start);
        }
        if is_apostrophe(c) {
            return self.apostrophe(at, c);
        }
        if is_stop(c) {
            let len = rest.find(|c| !is_stop(c)).unwrap_or(rest.len());
            return self.push(at, at + len, Kind::Stop);
        }
        if matches!(c, '-' | '=' | '*' | '_' | '~' | '+' | '<' | '>' | '|' | '–' | '—' | '#') {
            let mut len = rest.find(|n| n != c).unwrap_or(rest.len());
            if matches!(c, '#' | '—') {
                len = c.len_utf8();
            }
            return self.push(at, at + len, Kind::Mark);
        }
        let len = rest[c.len_utf8()..].find(|n| !is_joiner(n)).map_or(rest.len(), |n| n + c.len_utf8());
        let kind = match c {
            _ if opens(c) => Kind::Open,
            _ if closes(c) => Kind::Close,
            '"' | '＂' => Kind::Quote,
            _ => Kind::Mark,
        };
        self.push(at, at + len, kind)
    }

    /// Whether a word stands directly before `at`.
    fn glued(&self, at: usize) -> bool {
        self.text[..at].chars().next_back().is_some_and(is_word)
    }

    fn apostrophe(&mut self, at: usize, c: char) -> usize {
        let rest = self.rest(at);
        let one = c.len_utf8();
        if rest[one..].starts_with(c) {
            return self.push(at, at + 2 * one, Kind::Quote);
        }
        let joined = self.out.len() > self.opening && self.out.last().is_some_and(|p| p.span.range().end == at);
        let run = rest[one..].find(|c: char| !is_word(c)).map_or(rest.len(), |n| n + one);
        let body = &rest[one..run];
        let straight = format!("'{}", body.get(..body.len().min(16)).unwrap_or(body));
        if joined {
            let ending = self.words.endings.iter().any(|e| e.eq_ignore_ascii_case(&straight));
            if ending {
                return self.push(at, at + run, Kind::Word);
            }
        } else {
            let digits = body.bytes().take_while(u8::is_ascii_digit).count();
            let decade = digits == 2 && matches!(&body[2..], "" | "s");
            if decade && c != '‘' || self.words.whole(&straight) {
                return self.push(at, at + run, Kind::Word);
            }
        }
        let kind = if c == '‘' { Kind::Open } else { Kind::Quote };
        self.push(at, at + one, kind)
    }

    /// Digits and what belongs to them, from `digits` on; the token starts at `at`.
    fn number(&mut self, at: usize, digits: usize, start: usize) -> usize {
        let bytes = self.rest(digits).as_bytes();
        let count = |from: usize| bytes.get(from..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).count();
        let mut n = count(0);
        if let Some(len) = phone(bytes).or_else(|| day(bytes)) {
            return self.push(at, digits + len, Kind::Word);
        }
        while let Some(b) = bytes.get(n) {
            let more = count(n + 1);
            let joins = match b {
                b',' => more == 3,
                b'.' | b':' => more > 0,
                _ => false,
            };
            if !joins {
                break;
            }
            n += 1 + more;
        }
        let mut end = digits + n;
        let tail = self.rest(end);
        let letters = tail.find(|c| !is_word(c)).unwrap_or(tail.len());
        if letters > 0 {
            let money = self.text[..at].chars().next_back().is_some_and(is_currency);
            if self.words.unit(&tail[..letters], money) {
                self.push(at, end, Kind::Word);
                return self.push(end, end + letters, Kind::Word);
            }
            end += letters;
        } else if let Some(c) = tail.chars().next().filter(|c| is_apostrophe(*c)) {
            // "1930's"
            let s = &tail[c.len_utf8()..];
            if s.starts_with('s') && !s[1..].starts_with(is_word) {
                end += c.len_utf8() + 1;
            }
        }
        // "1." before an item of a list.
        let item = self.out.len() == self.opening && at == start && self.rest(end) == "." && self.beyond().is_some();
        if item && end - at <= 4 {
            return self.push(at, end + 1, Kind::Abbreviation(Abbreviation::Inside));
        }
        self.push(at, end, Kind::Word)
    }

    /// End of the word that starts at `at`, before periods and clitics are looked at.
    fn reach(&self, at: usize) -> usize {
        let rest = self.rest(at);
        let mut end = 0;
        // Start of the part after the last period, hyphen or ampersand.
        let mut part = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            if is_word(c) {
                end = i + c.len_utf8();
                continue;
            }
            let so_far = &rest[part..i];
            if is_currency(c) {
                let short = i <= 3 && rest.as_bytes()[..i].iter().all(u8::is_ascii_uppercase);
                return if short { at + i + c.len_utf8() } else { at + i };
            }
            let Some(&(_, next)) = chars.peek() else { break };
            let joins = match c {
                _ if is_apostrophe(c) && c != '‘' => next.is_alphabetic() && (c != '`' || next == 's'),
                '&' => next.is_uppercase() && so_far.chars().all(char::is_uppercase),
                '.' => next.is_alphabetic() && self.dotted(rest, i),
                '-' | '‑' | '\u{2010}' => next.is_alphanumeric() && part == 0 && self.words.prefix(so_far),
                _ => false,
            };
            if !joins {
                break;
            }
            part = i + c.len_utf8();
        }
        at + end.max(rest.chars().next().map_or(0, char::len_utf8))
    }

    /// Whether the period at `dot` stands inside a word: "U.S", "Ph.D", "amazon.com".
    fn dotted(&self, rest: &str, dot: usize) -> bool {
        let head = &rest[rest.floor_char_boundary(dot.saturating_sub(40))..dot];
        let before = head.rsplit('.').next().unwrap_or("");
        let after = &rest[dot + 1..];
        let len = after.find(|c| !is_word(c)).unwrap_or(after.len());
        let (segment, beyond) = (&after[..len], &after[len..]);
        let single = |s: &str| s.chars().count() == 1;
        if dot <= 24 && single(before) && single(segment) && rest[..dot].split('.').all(single) {
            return true;
        }
        if dot + len <= 16 && self.words.abbreviation(&rest[..dot + 1 + len]).is_some() {
            return true;
        }
        // A name of a site: lower case, short, and nothing but marks behind it.
        before.chars().count() > 1
            && (2..=4).contains(&len)
            && segment.bytes().all(|b| b.is_ascii_lowercase())
            && !beyond.trim_start_matches(is_stop).starts_with(is_word)
    }

    fn word(&mut self, at: usize) -> usize {
        let end = self.reach(at);
        let word = &self.text[at..end];
        if self.rest(end).starts_with('.') {
            let tail = &self.rest(end)[1..];
            let alone = !tail.starts_with(|c| is_stop(c) || is_word(c));
            if let Some(kind) = alone.then(|| self.period(word, tail)).flatten() {
                return self.push(at, end + 1, kind);
            }
        }
        let mut cuts = [0usize; 4];
        let n = self.clitics(word, &mut cuts);
        let mut start = at;
        for cut in cuts[..n].iter().rev() {
            self.push(start, at + cut, Kind::Word);
            start = at + cut;
        }
        self.push(start, end, Kind::Word)
    }

    /// What `word` and its period are, when the period is part of the word.
    fn period(&self, word: &str, tail: &str) -> Option<Kind> {
        let mut chars = word.chars();
        let first = chars.next()?;
        let single = chars.next().is_none();
        if word.contains('.') && word.split('.').all(|s| s.chars().count() == 1) {
            return Some(Kind::Acronym);
        }
        let found = self.words.abbreviation(word).or_else(|| {
            // "Lt.-Gen" and the like: the part after the hyphen decides.
            word.rsplit_once('-').and_then(|(_, last)| self.words.abbreviation(last))
        });
        match found {
            Some(Abbreviation::BeforeNumber) => {
                let next = if tail.is_empty() { self.beyond() } else { tail.chars().next() };
                if next.is_some_and(|c| c.is_ascii_digit()) {
                    return found.map(Kind::Abbreviation);
                }
            }
            Some(_) => return found.map(Kind::Abbreviation),
            None => {}
        }
        if single && first.is_uppercase() {
            // The last letter of a text is a word and a full stop.
            let more = tail.is_empty() && self.beyond().is_some() || tail.starts_with([',', '-', ')']);
            return more.then_some(Kind::Initial);
        }
        tail.starts_with(',').then_some(Kind::Abbreviation(Abbreviation::Inside))
    }

    /// Where clitics are cut off, last first; offsets into the word.
    fn clitics(&self, word: &str, cuts: &mut [usize; 4]) -> usize {
        if let Some(cut) = self.words.cut(word) {
            cuts[0] = cut;
            return 1;
        }
        let mut n = 0;
        let mut end = word.len();
        while n < cuts.len() && word[..end].contains(is_apostrophe) {
            let Some(cut) = self.clitic(&word[..end]) else { break };
            cuts[n] = cut;
            n += 1;
            end = cut;
        }
        n
    }

    fn clitic(&self, word: &str) -> Option<usize> {
        let (mark, c) = word.char_indices().rev().find(|(_, c)| is_apostrophe(*c))?;
        let after = &word[mark + c.len_utf8()..];
        let straight = format!("{}'{}", word.get(..mark)?, after);
        if self.words.whole(&straight) {
            return None;
        }
        let ending = self.words.endings.iter().find(|e| {
            straight.len() > e.len()
                && straight.is_char_boundary(straight.len() - e.len())
                && straight[straight.len() - e.len()..].eq_ignore_ascii_case(e)
        })?;
        // Letters of the ending that stand before the apostrophe ("n" of "n't").
        let before = ending.find('\'')?;
        let cut = mark.checked_sub(before)?;
        (cut > 0 && word.is_char_boundary(cut)).then_some(cut)
    }
}

/// Length of a web address at the start.
fn address(rest: &str) -> Option<usize> {
    const HEADS: [&str; 6] = ["http://", "https://", "ftp://", "www.", "mailto:", "HTTP://"];
    let head = HEADS.iter().find(|h| rest.starts_with(**h))?;
    let len = rest.find(['<', '>', '"', '“', '”', '»', '«', '|']).unwrap_or(rest.len());
    let mut address = &rest[..len];
    loop {
        let cut = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', ']', '}', '…', '*']);
        let cut = if cut.ends_with(')') && !cut.contains('(') { &cut[..cut.len() - 1] } else { cut };
        if cut.len() == address.len() {
            break;
        }
        address = cut;
    }
    (address.len() > head.len()).then_some(address.len())
}

/// Length of a mail address at the start.
fn mail(rest: &str) -> Option<usize> {
    let near = &rest[..rest.floor_char_boundary(rest.len().min(80))];
    let local = near.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')))?;
    if local == 0 || !rest[local..].starts_with('@') {
        return None;
    }
    let host = &rest[local + 1..];
    let len = host.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(host.len());
    let host = host[..len].trim_end_matches(['.', '-']);
    (!host.is_empty()).then_some(local + 1 + host.len())
}

/// Length of a face made of marks, when nothing else follows it.
fn emoticon(rest: &str) -> Option<usize> {
    const FACES: [&str; 14] = [":-)", ":-(", ";-)", ":-D", ":)", ":(", ";)", ":D", ":P", ":p", "=)", "<3", ":/", "^_^"];
    let face = FACES.iter().find(|f| rest.starts_with(**f))?;
    (rest.len() == face.len()).then_some(face.len())
}

/// Length of a telephone number or a date with hyphens at the start.
fn phone(bytes: &[u8]) -> Option<usize> {
    let mut groups = [0usize; 6];
    let (mut n, mut at) = (0, 0);
    loop {
        let len = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if len == 0 || n == groups.len() {
            return None;
        }
        groups[n] = len;
        n += 1;
        at += len;
        if bytes.get(at) != Some(&b'-') {
            break;
        }
        at += 1;
    }
    let letter = bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    let whole = match groups[..n] {
        [a, b] => (a, b) == (3, 4) || (a, b) == (5, 4),
        [_, _, _] | [_, _, _, _] => true,
        _ => false,
    };
    (whole && !letter).then_some(at)
}

/// Length of a date with slashes at the start ("9/11", "11/28/2000"); fractions are not dates.
fn day(bytes: &[u8]) -> Option<usize> {
    let group = |at: usize| -> (usize, u32) {
        let digits = bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).take(5);
        digits.fold((0, 0), |(n, v), b| (n + 1, v * 10 + u32::from(b - b'0')))
    };
    let (n1, a) = group(0);
    if !(1..=4).contains(&n1) || bytes.get(n1) != Some(&b'/') {
        return None;
    }
    let (n2, b) = group(n1 + 1);
    let two = n1 + 1 + n2;
    if n2 == 0 || n2 > 2 {
        return None;
    }
    if bytes.get(two) == Some(&b'/') {
        let (n3, _) = group(two + 1);
        return (n3 == 2 || n3 == 4).then_some(two + 1 + n3);
    }
    let zero = bytes.get(n1 + 1) == Some(&b'0');
    (n1 <= 2 && (1..=12).contains(&a) && n2 == 2 && (zero || b <= 31) && a != b).then_some(two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::text_cues::tests::cues;
    use proptest::prelude::*;

    /// Tokens shown with a blank between them.
    fn cut(text: &str) -> String {
        let mut out = Vec::new();
        tokenise(text, Span::new(0, text.len()), &cues().words, &mut out);
        out.iter().map(|p| p.span.of(text)).collect::<Vec<_>>().join(" ")
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(cut(text), expect);
    }

    #[test]
    fn clitics() {
        check("They don't; it's Iran's, isn’t it?", "They do n't ; it 's Iran 's , is n’t it ?");
        check("I cannot, we'll've won't", "I can not , we 'll 've wo n't");
        check("the workers' rights o'clock O'Connor Qa'ida Sha'lan", "the workers ' rights o'clock O'Connor Qa'ida Sha'lan");
        check("U.S.'s 'em '90s 1930’s", "U.S. 's 'em '90s 1930’s");
    }

    #[test]
    fn hyphens() {
        check(
            "Israeli-Iranian anti-American U.S.-led 15-year-old al-Assad",
            "Israeli - Iranian anti-American U.S. - led 15 - year - old al - Assad",
        );
        check("co-operate mid-1980s e-mail 1969-1970 713-853-3989", "co-operate mid-1980s e-mail 1969 - 1970 713-853-3989");
        check("war—they said – and--then", "war — they said – and -- then");
    }

    #[test]
    fn numbers_and_money() {
        check("$3.5M US$20 €5,000 50% 35mm 7:30PM 20th 1990s", "$ 3.5 M US$ 20 € 5,000 50 % 35 mm 7:30 PM 20th 1990s");
        check("9/11 11/28/2000 1/2 and/or 1,2", "9/11 11/28/2000 1 / 2 and / or 1 , 2");
        check("1. First of all .22 calibre", "1. First of all .22 calibre");
        check("It was 5. ", "It was 5 .");
    }

    #[test]
    fn periods() {
        check("Gen. J. Smith of Acme Inc. met U.S. and U.N. staff, etc.", "Gen. J. Smith of Acme Inc. met U.S. and U.N. staff , etc.");
        check("He said no. No. 5 fell at 5 p.m. today...", "He said no . No. 5 fell at 5 p.m. today ...");
        check("It ended.The amazon.com site", "It ended . The amazon.com site");
        check("Plan B.", "Plan B .");
    }

    #[test]
    fn addresses() {
        check(
            "See https://example.org/a(b)?c=1. Or a.b@c.example, @user #tag #1",
            "See https://example.org/a(b)?c=1 . Or a.b@c.example , @user #tag # 1",
        );
        check("(www.example.com)", "( www.example.com )");
    }

    #[test]
    fn scripts_and_blanks() {
        check("Ра\u{ad}да\u{a0}сказала\u{200b}так\u{feff} 中文", "Ра\u{ad}да сказала так 中文");
        check("naïve cafe\u{301} \u{200d}", "naïve cafe\u{301} \u{200d}");
        check("“Yes,” he said—«no»", "“ Yes , ” he said — « no »");
    }

    proptest! {
        #[test]
        fn pieces_cover_the_text(text in "(\\PC|[ \\n'’.,\"-]|n't|U\\.S\\.|[0-9/:-]{1,6}|http://|@a){0,60}") {
            let mut out = Vec::new();
            tokenise(&text, Span::new(0, text.len()), &cues().words, &mut out);
            let mut at = 0;
            for p in &out {
                let r = p.span.range();
                prop_assert!(r.start >= at && r.end > r.start && r.end <= text.len());
                prop_assert!(text.is_char_boundary(r.start) && text.is_char_boundary(r.end));
                prop_assert!(text[at..r.start].chars().all(is_blank));
                prop_assert!(!text[r.clone()].chars().any(is_blank));
                at = r.end;
            }
            prop_assert!(text[at..].chars().all(is_blank));
        }
    }
}
