//! Parsing from raw text, compared as the CoNLL 2018 shared task does: words are the same when
//! they stand on the same characters.

use super::conllu::Sentence;
use super::metrics::Counts;
use std::collections::HashMap;

/// A word on its characters: bytes from, to, and which of the words on these very characters.
pub(super) type Place = (u32, u32, u32);

/// A word of either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub place: Place,
    /// `None` for the root.
    pub head: Option<Place>,
    pub upos: String,
    pub deprel: String,
}

/// A file's text and where its sentences and words stand in it.
#[derive(Debug, Default)]
pub(super) struct Laid {
    pub text: String,
    pub sentences: Vec<(u32, u32)>,
    pub words: Vec<Placed>,
}

/// Counts over a whole file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Raw {
    pub sentences: Counts,
    pub tokens: Counts,
    pub upos: Counts,
    pub uas: Counts,
    pub las: Counts,
}

/// Rebuilds the text: a blank line before a paragraph, a space where the file has one.
pub(super) fn lay(sentences: &[Sentence]) -> Laid {
    let mut laid = Laid::default();
    let mut space = false;
    for (i, sentence) in sentences.iter().enumerate() {
        match (i, sentence.newpar) {
            (0, _) => {}
            (_, true) => laid.text.push_str("\n\n"),
            (_, false) if space => laid.text.push(' '),
            _ => {}
        }
        let start = laid.text.len();
        let mut places = vec![(0, 0, 0); sentence.words.len()];
        for (k, surface) in sentence.surface.iter().enumerate() {
            let at = laid.text.len();
            laid.text.push_str(&surface.form);
            let forms: Vec<&str> = sentence.words[surface.words.clone()].iter().map(|w| w.form.as_str()).collect();
            place(&surface.form, &forms, at, &mut places[surface.words.clone()]);
            space = surface.space_after;
            if space && k + 1 < sentence.surface.len() {
                laid.text.push(' ');
            }
        }
        laid.sentences.push((start as u32, laid.text.len() as u32));
        for (word, place) in sentence.words.iter().zip(&places) {
            laid.words.push(Placed {
                place: *place,
                head: word.head.checked_sub(1).map(|h| places[h]),
                upos: word.upos.clone(),
                deprel: word.deprel.clone(),
            });
        }
    }
    laid
}

/// Words that spell out their surface get its parts; others share all of it, in order.
fn place(surface: &str, forms: &[&str], at: usize, places: &mut [Place]) {
    let spelled = forms.concat() == surface;
    let mut from = at;
    for (i, (form, place)) in forms.iter().zip(places).enumerate() {
        if spelled {
            *place = (from as u32, (from + form.len()) as u32, 0);
            from += form.len();
        } else {
            *place = (at as u32, (at + surface.len()) as u32, i as u32);
        }
    }
}

/// Compares the program's reading with the file's.
pub(super) fn compare(gold: &Laid, sentences: &[(u32, u32)], words: &[Placed]) -> Raw {
    let mut raw = Raw::default();
    raw.sentences.add(&gold.sentences, sentences);
    let by_place: HashMap<Place, &Placed> = words.iter().map(|w| (w.place, w)).collect();
    let both = Counts { right: 0, gold: gold.words.len(), got: words.len() };
    (raw.tokens, raw.upos, raw.uas, raw.las) = (both, both, both, both);
    for word in &gold.words {
        let Some(got) = by_place.get(&word.place) else { continue };
        let head = got.head == word.head;
        raw.tokens.right += 1;
        raw.upos.right += usize::from(got.upos == word.upos);
        raw.uas.right += usize::from(head);
        raw.las.right += usize::from(head && got.deprel == word.deprel);
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::super::conllu;
    use super::*;

    fn gold() -> Laid {
        let text = conllu::tests::sentence(&[
            "1 We PRON 4 nsubj",
            "2-3 don't _ _ _",
            "2 do AUX 4 aux",
            "3 n't PART 4 advmod",
            "4 go VERB 0 root SpaceAfter=No",
            "5 . PUNCT 4 punct",
        ]) + &conllu::tests::sentence(&["newpar", "1 Stop VERB 0 root"]);
        lay(&conllu::read("a", &text).unwrap())
    }

    #[test]
    fn text_is_rebuilt_with_spans() {
        let gold = gold();
        assert_eq!(gold.text, "We don't go.\n\nStop");
        assert_eq!(gold.sentences, [(0, 12), (14, 18)]);
        assert_eq!(gold.words[2].place, (5, 8, 0));
        assert_eq!(gold.words[0].head, Some((9, 11, 0)));
    }

    #[test]
    fn the_file_itself_scores_one_and_errors_count() {
        let gold = gold();
        let raw = compare(&gold, &gold.sentences, &gold.words);
        assert_eq!((raw.las.f1(), raw.sentences.f1(), raw.tokens.f1()), (1.0, 1.0, 1.0));
        // One sentence instead of two; "don't" whole; a wrong tag and a wrong head.
        let mut words = gold.words.clone();
        words[1].place = (3, 8, 0);
        words.remove(2);
        words[0].upos = "NOUN".into();
        words[3].head = None;
        let raw = compare(&gold, &[(0, 18)], &words);
        assert_eq!((raw.sentences.right, raw.tokens.right), (0, 4));
        assert_eq!((raw.tokens.gold, raw.tokens.got), (6, 5));
        assert_eq!((raw.upos.right, raw.uas.right, raw.las.right), (3, 3, 3));
    }

    #[test]
    fn words_that_do_not_spell_their_surface_share_it() {
        let mut places = [(0, 0, 0); 2];
        place("ain't", &["be", "not"], 10, &mut places);
        assert_eq!(places, [(10, 15, 0), (10, 15, 1)]);
    }
}
