//! The stage as one readable function.

use std::borrow::Cow;
use std::ops::Range;

use super::Text;
use super::chars::{is_blank, is_joiner};
use super::layout::layout;
use super::lines::paragraphs;
use super::model::{Analysis, Model};
use super::quote::pair;
use super::sentence::{LONGEST, shorten, split};
use super::token::{Piece, tokenise};
use crate::knowledge::text_cues::TextCues;
use crate::model::syntax::{Deprel, Upos, Xpos};
use crate::model::{Article, Part, Sentence, Span, Token};

/// Sentences handed to the model together; bounds the memory, not the result.
const BATCH: usize = 512;

/// Reads an article: layout, tokens, sentences, quotations, analysis.
pub fn read(article: &Article, cues: &TextCues, model: &Model) -> Text {
    read_with(article, cues, |sentences| model.analyse(sentences))
}

/// [`read`] with any analyser: it gets sentences as lists of forms and answers in their shape;
/// what it leaves out is filled with a flat tree.
pub fn read_with(article: &Article, cues: &TextCues, analyse: impl Fn(&[Vec<&str>]) -> Vec<Vec<Analysis>>) -> Text {
    let mut notes = Vec::new();
    let text = within_reach(&article.text, &mut notes);
    let outside = layout(text, article.title.as_deref(), cues);

    let mut pieces: Vec<Piece> = Vec::new();
    let mut sentences: Vec<(Range<usize>, Part, u32)> = Vec::new();
    let mut blocks: Vec<(Range<usize>, Part)> = Vec::new();
    for block in &outside.blocks {
        let whole = block.part != Part::Body && block.part != Part::Caption;
        let (found, ranges, cut) = block_sentences(text, block.span, cues, whole);
        let base = pieces.len();
        pieces.extend(found);
        blocks.push((base..pieces.len(), block.part));
        sentences.extend(ranges.into_iter().map(|r| (base + r.start..base + r.end, block.part, block.paragraph)));
        notes.extend(cut.iter().map(|n| format!("sentence of {n} words cut into pieces of at most {LONGEST}")));
    }

    // Headline and caption quotations do not run on into the text.
    let mut quoted = vec![false; pieces.len()];
    let mut quotes = Vec::new();
    for group in blocks.chunk_by(|a, b| a.1 == b.1) {
        let refs: Vec<&[Piece]> = group.iter().map(|(r, _)| &pieces[r.clone()]).collect();
        let (flags, spans) = pair(text, &refs);
        for ((range, _), flags) in group.iter().zip(flags) {
            quoted[range.clone()].copy_from_slice(&flags);
        }
        quotes.extend(spans);
    }
    quotes.sort();

    let mut out = Vec::with_capacity(sentences.len());
    for batch in sentences.chunks(BATCH) {
        let forms: Vec<Vec<Cow<'_, str>>> =
            batch.iter().map(|(r, ..)| pieces[r.clone()].iter().map(|p| form(p.span.of(text))).collect()).collect();
        let borrowed: Vec<Vec<&str>> = forms.iter().map(|s| s.iter().map(AsRef::as_ref).collect()).collect();
        let mut analysed = analyse(&borrowed).into_iter();
        for (range, part, paragraph) in batch {
            let analysis = analysed.next().unwrap_or_default();
            out.push(sentence(text, &pieces[range.clone()], &quoted[range.clone()], analysis, *part, *paragraph));
        }
    }
    Text {
        sentences: out,
        skipped: outside.skipped,
        headline: outside.headline,
        byline: outside.byline,
        dateline: outside.dateline,
        quotes,
        notes,
    }
}

/// Cuts raw text into sentences of token spans, without model and without leaving anything out.
pub fn segment(text: &str, cues: &TextCues) -> Vec<Vec<Span>> {
    let text = within_reach(text, &mut Vec::new());
    let mut out = Vec::new();
    for p in paragraphs(text) {
        let (pieces, ranges, _) = block_sentences(text, p.span, cues, false);
        out.extend(ranges.into_iter().map(|r| pieces[r].iter().map(|p| p.span).collect()));
    }
    out
}

/// Sentences of running text, analysed, with nothing left out and no quotations marked: for whoever asks
/// for words anywhere in a text.
pub fn plain(text: &str, cues: &TextCues, model: &Model) -> Vec<Sentence> {
    let text = within_reach(text, &mut Vec::new());
    let mut cut: Vec<(Vec<Piece>, u32)> = Vec::new();
    for (paragraph, p) in (0..).zip(paragraphs(text)) {
        let (pieces, ranges, _) = block_sentences(text, p.span, cues, false);
        cut.extend(ranges.into_iter().map(|r| (pieces[r].to_vec(), paragraph)));
    }
    let mut out = Vec::with_capacity(cut.len());
    for batch in cut.chunks(BATCH) {
        let forms: Vec<Vec<Cow<'_, str>>> = batch.iter().map(|(s, _)| s.iter().map(|p| form(p.span.of(text))).collect()).collect();
        let borrowed: Vec<Vec<&str>> = forms.iter().map(|s| s.iter().map(AsRef::as_ref).collect()).collect();
        let mut analysed = model.analyse(&borrowed).into_iter();
        for (pieces, paragraph) in batch {
            let quoted = vec![false; pieces.len()];
            out.push(sentence(text, pieces, &quoted, analysed.next().unwrap_or_default(), Part::Body, *paragraph));
        }
    }
    out
}

/// Spans count in 32 bits; what lies beyond is left out and said to be.
fn within_reach<'a>(text: &'a str, notes: &mut Vec<String>) -> &'a str {
    let limit = u32::MAX as usize;
    if text.len() <= limit {
        return text;
    }
    notes.push("text longer than 4 GB: the rest was not read".to_owned());
    &text[..text.floor_char_boundary(limit)]
}

fn block_sentences(text: &str, span: Span, cues: &TextCues, whole: bool) -> (Vec<Piece>, Vec<Range<usize>>, Vec<usize>) {
    let mut pieces = Vec::new();
    tokenise(text, span, &cues.words, &mut pieces);
    let ranges = match (whole, pieces.is_empty()) {
        (_, true) => Vec::new(),
        (true, _) => std::iter::once(0..pieces.len()).collect(),
        _ => split(text, &mut pieces, &cues.words),
    };
    let (ranges, cut) = shorten(text, &pieces, ranges);
    (pieces, ranges, cut)
}

/// The word as the model should see it: without soft hyphens and joiners.
fn form(word: &str) -> Cow<'_, str> {
    let hidden = |c: char| matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}') || is_blank(c);
    if word.is_ascii() || !word.contains(hidden) || word.chars().all(|c| hidden(c) || is_joiner(c)) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|c| !hidden(*c)).collect())
}

fn sentence(text: &str, pieces: &[Piece], quoted: &[bool], analysis: Vec<Analysis>, part: Part, paragraph: u32) -> Sentence {
    let mut analysis = analysis.into_iter();
    let count = pieces.len() as u32;
    let tokens: Vec<Token> = pieces
        .iter()
        .zip(quoted)
        .enumerate()
        .map(|(i, (piece, quoted))| match analysis.next() {
            Some(a) => Token {
                span: piece.span,
                lemma: a.lemma,
                upos: a.upos,
                xpos: a.xpos,
                head: (a.head < count).then_some(a.head),
                deprel: a.deprel,
                quoted: *quoted,
            },
            None => Token {
                span: piece.span,
                lemma: piece.span.of(text).to_owned(),
                upos: Upos::X,
                xpos: Xpos("FW"),
                head: (i > 0).then_some(0),
                deprel: Deprel(if i > 0 { "dep" } else { "root" }),
                quoted: *quoted,
            },
        })
        .collect();
    let span = match (tokens.first(), tokens.last()) {
        (Some(a), Some(b)) => a.span.join(b.span),
        _ => Span::default(),
    };
    Sentence { span, part, paragraph, tokens }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::text_cues::tests::cues;
    use proptest::prelude::*;

    fn plain(text: &str) -> Text {
        let article = Article { text: text.to_owned(), ..Article::default() };
        read_with(&article, cues(), |s| s.iter().map(|_| Vec::new()).collect())
    }

    /// One line per sentence: part, then tokens; quoted ones between angle marks.
    fn check(text: &str, expect: &str) {
        let t = plain(text);
        let shown: Vec<String> = t
            .sentences
            .iter()
            .map(|s| {
                let words: Vec<String> =
                    s.tokens.iter().map(|t| if t.quoted { format!("<{}>", t.span.of(text)) } else { t.span.of(text).to_owned() }).collect();
                format!("{:?} {}", s.part, words.join(" "))
            })
            .collect();
        assert_eq!(shown.join("\n"), expect);
    }

    #[test]
    fn an_article() {
        check(
            "Envoys meet again in Geneva\n\nBy Jane Doe\n\nGENEVA (Reuters) - “We met,” Gen. Doe said. They left.\n\nRead  More of this",
            "Headline Envoys meet again in Geneva\nByline By Jane Doe\nBody “ <We> <met> <,> ” Gen. Doe said .\nBody They left .",
        );
    }

    #[test]
    fn quotations_run_over_paragraphs() {
        check(
            "He said: “It began. It rained.\n\n“It ended.” He left.",
            "Body He said : “ <It> <began> <.>\nBody <It> <rained> <.>\nBody “ <It> <ended> <.> ”\nBody He left .",
        );
    }

    #[test]
    fn one_endless_line() {
        let text = "word ".repeat(3_000);
        let t = plain(&text);
        assert!(t.sentences.iter().all(|s| s.tokens.len() <= LONGEST));
        assert_eq!(t.notes, ["sentence of 3000 words cut into pieces of at most 400"]);
        assert!(plain(&"x".repeat(100_000)).sentences.iter().flat_map(|s| &s.tokens).all(|t| t.span.len() <= 1_000));
    }

    #[test]
    fn hidden_characters_are_kept_from_the_model() {
        assert_eq!(form("Ge\u{ad}neva"), "Geneva");
        assert_eq!(form("\u{ad}"), "\u{ad}");
    }

    proptest! {
        #[test]
        fn every_character_has_its_place(text in "(\\PC|[ \\n\\r\\u{a0}\\u{200b}'\"“”‘’.!?]|Read  |By |BEIRUT \\(Reuters\\) - |U\\.S\\. |The ){0,80}") {
            let t = plain(&text);
            let mut at = 0;
            let mut covered = vec![false; text.len()];
            for token in t.sentences.iter().flat_map(|s| &s.tokens) {
                let r = token.span.range();
                prop_assert!(r.start >= at && r.start < r.end && text.get(r.clone()).is_some());
                at = r.end;
                covered[r].fill(true);
            }
            for span in t.skipped.iter().map(|s| s.span) {
                covered[span.range()].fill(true);
            }
            // A dateline and the dash behind it are not read.
            if let Some(d) = t.dateline {
                let next = t.sentences.iter().map(|s| s.span.range().start).find(|s| *s >= d.range().end).unwrap_or(text.len());
                covered[d.range().start..next].fill(true);
            }
            for (i, c) in text.char_indices() {
                prop_assert!(covered[i] || is_blank(c), "{c:?} at {i} is in no token");
            }
            for s in &t.sentences {
                prop_assert!(!s.tokens.is_empty() && s.tokens.len() <= LONGEST);
                prop_assert!(s.tokens.iter().all(|t| t.head.is_none_or(|h| (h as usize) < s.tokens.len())));
            }
            let raw: Vec<Span> = segment(&text, cues()).into_iter().flatten().collect();
            prop_assert!(raw.windows(2).all(|w| w[0].end <= w[1].start));
        }
    }
}
