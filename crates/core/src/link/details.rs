//! What an event's sentence tells beside its columns: numbers with what they count, and the words it is about.

use crate::knowledge::Knowledge;
use crate::knowledge::tellings::Hedge;
use crate::knowledge::time::Lex;
use crate::model::syntax::Upos;
use crate::model::{Article, Details, Event, Figure, Sentence, Span};

/// No more words and numbers of a sentence are kept: those after are a list's.
const MOST: usize = 24;

/// Reads the sentence of an event. Words of its sides and place are left out: these are compared as such, and
/// would make any two tellings of the same pair look alike.
pub fn of(article: &Article, sentence: &Sentence, event: &Event, k: &Knowledge) -> Details {
    let look = Look { sentence, k, forms: forms(article, sentence) };
    let states = [event.source.as_ref(), event.target.as_ref()].into_iter().flatten().filter(|r| r.bare_state).map(|r| r.span);
    let place = event.place.as_ref().map(|p| p.span);
    let left_out: Vec<Span> = states.chain(place).collect();
    let mut words: Vec<u32> = (0..sentence.tokens.len()).filter_map(|i| look.word(i, &left_out)).collect();
    let mut figures = look.figures();
    words.sort_unstable();
    words.dedup();
    words.truncate(MOST);
    figures.sort_unstable();
    figures.dedup();
    figures.truncate(MOST);
    Details { figures, words }
}

/// A word as stores keep it: FNV-1a, never 0.
pub fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193)).max(1)
}

fn forms(article: &Article, sentence: &Sentence) -> Vec<String> {
    sentence.tokens.iter().map(|t| t.span.of(&article.text).to_lowercase()).collect()
}

struct Look<'a> {
    sentence: &'a Sentence,
    k: &'a Knowledge,
    forms: Vec<String>,
}

impl Look<'_> {
    /// The hash of a word that says what the sentence is about.
    fn word(&self, i: usize, left_out: &[Span]) -> Option<u32> {
        let token = &self.sentence.tokens[i];
        let empty = |w: &str| self.k.tellings.empty.contains(w);
        let lemma = token.lemma.to_lowercase();
        let alike = self.k.tellings.alike(&lemma);
        let says = matches!(token.upos, Upos::NOUN | Upos::PROPN) && lemma.chars().filter(|c| c.is_alphabetic()).count() > 1;
        if !says || empty(&lemma) || empty(alike) || left_out.iter().any(|s| s.contains(token.span)) || self.timed(i) {
            return None;
        }
        Some(hash(alike))
    }

    /// Whether a word is of a date or a stretch of time.
    fn timed(&self, i: usize) -> bool {
        self.k.time.at(&self.forms[i..]).any(|(_, lex)| matches!(lex, Lex::Unit(..) | Lex::Month(_) | Lex::Weekday(_) | Lex::Foreign(..)))
    }

    fn figures(&self) -> Vec<Figure> {
        let mut out = Vec::new();
        let mut i = 0;
        while i < self.forms.len() {
            let Some((end, least, most)) = self.number(i) else {
                i += 1;
                continue;
            };
            out.extend(self.figure(i, end, least, most));
            i = end;
        }
        out
    }

    /// A number that begins at a word: its end, least and most.
    fn number(&self, start: usize) -> Option<(usize, u32, u32)> {
        let words = &self.k.tellings;
        let (mut least, mut most) = self.plain(start)?;
        let mut end = start + 1;
        while let Some(form) = self.forms.get(end) {
            if let Some(&by) = words.multiples.get(form) {
                (least, most) = (least.saturating_mul(by), most.saturating_mul(by));
            } else if form == "-" {
                // "twenty-five": the hyphen may be a word.
            } else if let Some((more, _)) = self.plain(end).filter(|(more, _)| least == most && *more < 100 && least >= 20) {
                (least, most) = (least + more, most + more);
            } else {
                break;
            }
            end += 1;
        }
        let said = |w: &[String], at: usize| self.forms.get(at..at + w.len()) == Some(w);
        let hedge = |(w, _): &&(Vec<String>, Hedge)| start >= w.len() && said(w, start - w.len()) || said(w, end);
        match words.hedges.iter().find(hedge) {
            Some((_, Hedge::Least)) => most = u32::MAX,
            Some((_, Hedge::Most)) => least = 0,
            Some((_, Hedge::About)) => (least, most) = (least - least / 5, most.saturating_add(most / 5)),
            None => {}
        }
        Some((end, least, most))
    }

    /// A number of one word.
    fn plain(&self, i: usize) -> Option<(u32, u32)> {
        let form = self.forms.get(i)?;
        if form.starts_with(|c: char| c.is_ascii_digit()) {
            let digits: String = form.chars().filter(|c| *c != ',').collect();
            // "1.2 million" is cut to its whole part, which is enough to tell numbers apart.
            let whole = digits.split('.').next().unwrap_or_default();
            return whole.parse().ok().filter(|_| digits.chars().all(|c| c.is_ascii_digit() || c == '.')).map(|n| (n, n));
        }
        if let Some(&[least, most]) = self.k.tellings.vague.get(form) {
            return Some((least, most));
        }
        let one = |(len, lex): (usize, Lex)| if let (1, Lex::Number(n)) = (len, lex) { Some(n) } else { None };
        let number = |w: &[String]| self.k.time.at(w).find_map(one);
        if let Some(n) = number(&self.forms[i..=i]) {
            // "one" is a pronoun as often as a number.
            return (n > 1 || self.sentence.tokens[i].upos == Upos::NUM).then_some((n, n));
        }
        let (tens, ones) = form.split_once('-')?;
        let whole = number(&[tens.to_owned()])? + number(&[ones.to_owned()])?;
        Some((whole, whole))
    }

    /// What a number counts and what happened to it.
    fn figure(&self, start: usize, end: usize, least: u32, most: u32) -> Option<Figure> {
        let tokens = &self.sentence.tokens;
        let head = |i: usize| tokens[i].head.map(|h| h as usize).filter(|&h| h < tokens.len());
        let outside = (start..end).filter_map(head).find(|h| !(start..end).contains(h))?;
        let words = &self.k.tellings;
        let lemma = |i: usize| tokens[i].lemma.to_lowercase();
        let noun = |i: usize| matches!(tokens[i].upos, Upos::NOUN | Upos::PROPN | Upos::SYM);
        let after_or_at = |i: usize| self.timed(i) || self.forms[i].ends_with('%') || self.forms[i] == "percent";
        if after_or_at(outside) || (end < tokens.len() && after_or_at(end)) || (start > 0 && self.timed(start - 1)) {
            return None;
        }
        // "12 soldiers", "a dozen of the soldiers"; "killed 12" counts somebody.
        let (counted, from) = match noun(outside) && outside >= start {
            true => (Some(lemma(outside)), outside),
            false => (None, start),
        };
        let what = counted.as_deref().filter(|w| !words.anybody.contains(*w)).map_or(0, |w| hash(words.alike(w)));
        // "12 dead": the word right after says what happened.
        let beside = (end < tokens.len()).then(|| lemma(end)).filter(|w| words.harm(w));
        let mut at = if from == start { Some(outside) } else { head(from) };
        let mut how = None;
        for _ in 0..4 {
            let Some(i) = at else { break };
            if tokens[i].upos == Upos::VERB || words.harm(&lemma(i)) {
                how = Some(lemma(i));
                break;
            }
            at = head(i);
        }
        let how = counted.filter(|w| words.harm(w)).or(beside.filter(|_| what == 0)).or(how);
        let how = how.as_deref().map_or(0, |w| hash(words.alike(w)));
        (what != 0 || how != 0).then_some(Figure { what: if what == how { 0 } else { what }, how, least, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Token, syntax::Deprel, syntax::Xpos};

    /// Words with lemma, tag and head, as "killed/kill/VERB/0".
    fn read(words: &str) -> Vec<(String, String, u32, u32)> {
        let k = Knowledge::embedded().unwrap();
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for word in words.split(' ') {
            let parts: Vec<&str> = word.split('/').collect();
            let start = text.len();
            text.push_str(parts[0]);
            let head: u32 = parts[3].parse().unwrap();
            tokens.push(Token {
                span: Span::new(start, text.len()),
                lemma: parts[1].to_owned(),
                upos: parts[2].parse().unwrap(),
                xpos: Xpos("NN"),
                head: head.checked_sub(1),
                deprel: Deprel("dep"),
                quoted: false,
            });
            text.push(' ');
        }
        let sentence = Sentence { span: Span::new(0, text.len()), part: crate::model::Part::Body, paragraph: 0, tokens };
        let article = Article { text, ..Article::default() };
        let look = Look { sentence: &sentence, k, forms: forms(&article, &sentence) };
        let names = ["kill", "wound", "soldier", "bank", "release", "civilian"];
        let name = |h: u32| names.iter().find(|n| hash(n) == h).map_or(if h == 0 { "" } else { "?" }, |n| *n).to_owned();
        look.figures().iter().map(|f| (name(f.how), name(f.what), f.least, f.most)).collect()
    }

    fn check(words: &str, expect: &[(&str, &str, u32, u32)]) {
        let expect: Vec<_> = expect.iter().map(|(a, b, c, d)| ((*a).to_owned(), (*b).to_owned(), *c, *d)).collect();
        assert_eq!(read(words), expect, "{words}");
    }

    #[test]
    fn numbers_are_read_with_what_they_count() {
        check("raids/raid/NOUN/2 killed/kill/VERB/0 12/12/NUM/4 troops/troop/NOUN/2", &[("kill", "soldier", 12, 12)]);
        check("it/it/PRON/2 killed/kill/VERB/0 at/at/ADP/5 least/least/ADJ/5 nine/nine/NUM/2", &[("kill", "", 9, u32::MAX)]);
        check("dozens/dozen/NOUN/3 were/be/AUX/3 wounded/wound/VERB/0", &[("wound", "", 13, 300)]);
        check("twenty-five/25/NUM/2 civilians/civilian/NOUN/3 died/die/VERB/0", &[("kill", "civilian", 25, 25)]);
        check("on/on/ADP/2 May/May/PROPN/0 12/12/NUM/2", &[]);
        check("three/three/NUM/2 days/day/NOUN/0", &[]);
    }
}
