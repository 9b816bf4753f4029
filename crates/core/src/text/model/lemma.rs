//! Lemmas: a lexicon of forms seen often, edit scripts for the rest.

use std::collections::HashMap;

/// Case operation, characters to strip at the end, text to add.
#[derive(Debug)]
pub(super) struct Script {
    case: Case,
    strip: usize,
    add: String,
}

#[derive(Clone, Copy, Debug)]
enum Case {
    Lower,
    Keep,
    Title,
    Upper,
}

impl Script {
    /// Reads "l2+y": lower case, strip two, add "y".
    pub(super) fn parse(text: &str) -> Option<Script> {
        let (head, add) = text.split_once('+')?;
        let mut rest = head.chars();
        let case = match rest.next()? {
            'l' => Case::Lower,
            'k' => Case::Keep,
            't' => Case::Title,
            'u' => Case::Upper,
            _ => return None,
        };
        Some(Script { case, strip: rest.as_str().parse().ok()?, add: add.to_owned() })
    }

    /// The form in the script's case, nothing cut or added.
    pub(super) fn case_only(&self, form: &str) -> String {
        match self.case {
            Case::Lower => form.to_lowercase(),
            Case::Keep => form.to_owned(),
            Case::Upper => form.to_uppercase(),
            Case::Title => {
                let mut rest = form.chars();
                let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
                first + &rest.as_str().to_lowercase()
            }
        }
    }

    /// The lemma of a form.
    pub(super) fn apply(&self, form: &str) -> String {
        let mut out = self.case_only(form);
        if self.strip > 0 {
            let cut = out.char_indices().rev().nth(self.strip - 1).map_or(0, |(i, _)| i);
            out.truncate(cut);
        }
        out.push_str(&self.add);
        // Nothing may be without a lemma.
        if out.is_empty() { form.to_owned() } else { out }
    }
}

/// Lemmas of frequent lower-cased forms, by part of speech.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    by_upos: Vec<HashMap<Box<str>, Box<str>>>,
}

impl Lexicon {
    pub(super) fn new(tags: usize) -> Lexicon {
        Lexicon { by_upos: (0..tags).map(|_| HashMap::new()).collect() }
    }

    pub(super) fn add(&mut self, upos: usize, form: &str, lemma: &str) {
        if let Some(map) = self.by_upos.get_mut(upos) {
            map.insert(form.into(), lemma.into());
        }
    }

    pub(super) fn get(&self, upos: usize, lower: &str) -> Option<&str> {
        self.by_upos.get(upos)?.get(lower).map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts() {
        let apply = |s: &str, f: &str| Script::parse(s).map(|s| s.apply(f));
        assert_eq!(apply("l3+y", "Countries").as_deref(), Some("country"));
        assert_eq!(apply("t0+", "LONDON").as_deref(), Some("London"));
        assert_eq!(apply("l9+", "is").as_deref(), Some("is"));
        assert_eq!(apply("k1+", "").as_deref(), Some(""));
        assert!(Script::parse("z1+").is_none());
        assert!(Script::parse("l").is_none());
    }
}
