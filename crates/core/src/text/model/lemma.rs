//! Lemmas: a lexicon of forms seen often, edit scripts for the rest.

use rustc_hash::FxHashMap as HashMap;

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
#[derive(Debug)]
pub(super) struct Lexicon {
    /// Last entry of each form.
    index: HashMap<&'static str, u32>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    upos: usize,
    lemma: &'static str,
    /// Another entry of the same form; 0 is none.
    next: u32,
}

impl Lexicon {
    /// Room for about `forms` forms.
    pub(super) fn new(forms: usize) -> Lexicon {
        let none = Entry { upos: usize::MAX, lemma: "", next: 0 };
        let mut entries = Vec::with_capacity(forms + 1);
        entries.push(none);
        Lexicon { index: HashMap::with_capacity_and_hasher(forms, Default::default()), entries }
    }

    pub(super) fn add(&mut self, upos: usize, form: &'static str, lemma: &'static str) {
        let at = self.entries.len() as u32;
        let next = self.index.insert(form, at).unwrap_or(0);
        self.entries.push(Entry { upos, lemma, next });
    }

    /// Where the entries of a form begin, for [`Lexicon::get`].
    pub(super) fn entry(&self, lower: &str) -> u32 {
        self.index.get(lower).copied().unwrap_or(0)
    }

    /// The lemma of the form whose entries begin at `entry`.
    pub(super) fn get(&self, mut entry: u32, upos: usize) -> Option<&'static str> {
        while let Some(e) = self.entries.get(entry as usize).filter(|_| entry > 0) {
            if e.upos == upos {
                return Some(e.lemma);
            }
            entry = e.next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexicon() {
        let mut l = Lexicon::new(2);
        l.add(1, "saw", "see");
        l.add(2, "saw", "saw");
        l.add(1, "lay", "lie");
        assert_eq!([1, 2, 3].map(|u| l.get(l.entry("saw"), u)), [Some("see"), Some("saw"), None]);
        assert_eq!(l.get(l.entry("lain"), 1), None);
    }

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
