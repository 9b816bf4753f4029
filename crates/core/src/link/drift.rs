//! Drift: what became of a sentence in a copy of its text.
//!
//! Needs: two texts and their words, sentence by sentence. Gives: the sentence of the second that stands for one of the first, and
//! what was taken out and put in, word by word.

use crate::model::Span;
use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::borrow::Cow;
use std::collections::HashMap;

/// Two sentences with less than this share of their words in common are not one sentence.
const ONE_SENTENCE: f64 = 0.5;

/// A sentence: its text and where the words stand.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// What the spans are of.
    pub text: &'a str,
    /// The words and marks in order.
    pub spans: &'a [Span],
}

/// What became of a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In both.
    Same,
    /// Only in the first.
    Gone,
    /// Only in the copy.
    New,
}

/// A run of words with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// What became of it.
    pub kind: Kind,
    /// The words as they stand in their text.
    pub words: String,
}

impl<'a> Words<'a> {
    /// The words as they are compared: quotation marks, dashes and apostrophes of all shapes are one.
    fn forms(self) -> Vec<Cow<'a, str>> {
        self.spans.iter().map(|s| form(s.of(self.text))).collect()
    }

    /// All of them as they stand in their text.
    pub fn whole(self) -> String {
        self.text(0..self.spans.len())
    }

    /// The text from the first of some words to the last.
    fn text(self, range: std::ops::Range<usize>) -> String {
        let spans = self.spans.get(range).unwrap_or_default();
        match (spans.first(), spans.last()) {
            (Some(a), Some(b)) => a.join(*b).of(self.text).to_owned(),
            _ => String::new(),
        }
    }
}

fn form(word: &str) -> Cow<'_, str> {
    match word {
        "“" | "”" | "„" | "«" | "»" | "''" | "``" => Cow::Borrowed("\""),
        "‘" | "’" => Cow::Borrowed("'"),
        "–" | "—" | "--" => Cow::Borrowed("-"),
        _ if word.contains('’') => Cow::Owned(word.replace('’', "'")),
        _ => Cow::Borrowed(word),
    }
}

/// The sentence of a copy that stands for this one: that with most words in common, the earliest of several; none when it was
/// left out.
pub fn counterpart(sentence: Words<'_>, copy: &str, sentences: &[Vec<Span>]) -> Option<usize> {
    let mine = sentence.forms();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    mine.iter().for_each(|w| *counts.entry(w).or_default() += 1);
    let mut best: Option<(f64, usize)> = None;
    for (i, spans) in sentences.iter().enumerate() {
        let theirs = Words { text: copy, spans }.forms();
        let mut left = counts.clone();
        let common =
            theirs.iter().filter(|w| left.get_mut(w.as_ref()).is_some_and(|n| std::mem::replace(n, n.saturating_sub(1)) > 0)).count();
        let share = 2.0 * common as f64 / (mine.len() + theirs.len()).max(1) as f64;
        if share >= ONE_SENTENCE && best.is_none_or(|(b, _)| share > b) {
            best = Some((share, i));
        }
    }
    best.map(|(_, i)| i)
}

/// What changed from one wording to another; one run of kind `Same` when nothing did.
pub fn drift(from: Words<'_>, to: Words<'_>) -> Vec<Run> {
    let (old, new) = (from.forms(), to.forms());
    let mut out = Vec::new();
    let mut put = |kind, words: String| out.push(Run { kind, words });
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (a, b) = (op.old_range(), op.new_range());
        match op {
            DiffOp::Equal { .. } => put(Kind::Same, to.text(b)),
            DiffOp::Delete { .. } => put(Kind::Gone, from.text(a)),
            DiffOp::Insert { .. } => put(Kind::New, to.text(b)),
            DiffOp::Replace { .. } => {
                put(Kind::Gone, from.text(a));
                put(Kind::New, to.text(b));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::text_cues::tests::cues;
    use crate::text::segment;

    #[test]
    fn words_that_changed() {
        let check = |from: &str, to: &str, expect: &str| {
            let (a, b) = (segment(from, cues()), segment(to, cues()));
            let first = Words { text: from, spans: &a[0] };
            let shown = counterpart(first, to, &b).map_or("left out".to_owned(), |i| {
                let runs = drift(first, Words { text: to, spans: &b[i] });
                let mark = |r: &Run| match r.kind {
                    Kind::Same => r.words.clone(),
                    Kind::Gone => format!("[-{}-]", r.words),
                    Kind::New => format!("{{+{}+}}", r.words),
                };
                runs.iter().map(mark).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown, expect, "{from} / {to}");
        };
        let first = "The envoy said on Monday that \"talks\" may fail.";
        check(first, first, first);
        check(first, "The envoy said on Monday that “talks” may fail.", "The envoy said on Monday that “talks” may fail.");
        check(
            first,
            "Nothing was signed. The envoy warned on Monday that \"talks\" will surely fail.",
            "The envoy [-said-] {+warned+} on Monday that \"talks\" [-may-] {+will surely+} fail.",
        );
        check(first, "The envoy said that \"talks\" may fail.", "The envoy said [-on Monday-] that \"talks\" may fail.");
        check(first, "Rain fell over the hills.", "left out");
    }
}
