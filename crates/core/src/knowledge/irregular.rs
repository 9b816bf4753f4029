//! Irregular forms and their dictionary words (`knowledge/irregular.csv`).

use super::Problem;
use rustc_hash::FxHashMap as HashMap;

/// Dictionary words of irregular verb and noun forms.
#[derive(Clone, Debug, Default)]
pub struct Irregular {
    verbs: HashMap<String, String>,
    nouns: HashMap<String, String>,
}

impl Irregular {
    /// Adds `form,lemma,kind` lines under a header; kind is V or N.
    pub(super) fn add(&mut self, file: &str, csv: &str, problems: &mut Vec<Problem>) {
        for (i, line) in csv.lines().enumerate().skip(1) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            let map = match cells.as_slice() {
                [_, _, "V"] => &mut self.verbs,
                [_, _, "N"] => &mut self.nouns,
                _ => {
                    problems.push(Problem::error(file, format!("line {}: \"{line}\"", i + 1), "write form,lemma,V or N"));
                    continue;
                }
            };
            map.insert(cells[0].to_owned(), cells[1].to_owned());
        }
    }

    /// The dictionary word of a past tense, participle or plural with this Penn tag.
    pub fn lemma(&self, form: &str, xpos: &str) -> Option<&str> {
        let map = match xpos {
            "VBD" | "VBN" => &self.verbs,
            "NNS" | "NNPS" => &self.nouns,
            _ => return None,
        };
        map.get(form).map(String::as_str)
    }
}

/// What a regular form may be a form of: "expelled" of expel, expell and expelle, "denies" of deny.
pub fn regular(form: &str, xpos: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut stems = |stem: &str, silent: bool| {
        if stem.len() < 2 {
            return;
        }
        out.push(stem.to_owned());
        if silent {
            out.push(format!("{stem}e"));
        }
        if let Some(s) = stem.strip_suffix('i') {
            out.push(format!("{s}y"));
        }
        let mut last = stem.chars().rev();
        if let (Some(a), Some(b)) = (last.next(), last.next())
            && a == b
            && a.is_ascii_lowercase()
            && !matches!(a, 'a' | 'e' | 'i' | 'o' | 'u')
            && let Some(s) = stem.strip_suffix(a)
        {
            out.push(s.to_owned());
        }
    };
    match xpos {
        "VBD" | "VBN" => form.strip_suffix("ed").into_iter().for_each(|s| stems(s, true)),
        "VBG" => form.strip_suffix("ing").into_iter().for_each(|s| stems(s, true)),
        "VBZ" | "NNS" | "NNPS" => {
            form.strip_suffix('s').into_iter().for_each(|s| stems(s, false));
            form.strip_suffix("es").into_iter().for_each(|s| stems(s, false));
        }
        _ => {}
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_dictionary_words() {
        let mut all = Irregular::default();
        let mut problems = Vec::new();
        all.add("irregular.csv", "form,lemma,kind\nfought,fight,V\nwives,wife,N\nbad,line\n", &mut problems);
        assert_eq!(all.lemma("fought", "VBD"), Some("fight"));
        assert_eq!(all.lemma("fought", "NN"), None);
        assert_eq!(all.lemma("wives", "NNS"), Some("wife"));
        assert_eq!(problems.len(), 1);
        assert!(regular("expelled", "VBN").contains(&"expel".to_owned()));
        assert!(regular("denies", "VBZ").contains(&"deny".to_owned()));
        assert!(regular("seizing", "VBG").contains(&"seize".to_owned()));
    }
}
