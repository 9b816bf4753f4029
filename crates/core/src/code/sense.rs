//! Which sentences tell of sport, mishaps, crime or tales, where states are teams and harm is
//! nobody's deed.

use crate::knowledge::Knowledge;
use crate::knowledge::sense::Drops;
use crate::knowledge::words::fold;
use crate::text::Text;

/// What a sentence tells of beside politics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sense {
    /// Sport: bare states are teams.
    pub teams: bool,
    /// Business: whoever is not named is a firm.
    pub firms: bool,
    /// An accident, a disease or the weather.
    pub mishap: bool,
    /// Ordinary crime.
    pub crime: bool,
    /// A book or a film.
    pub tale: bool,
}

impl Sense {
    fn set(&mut self, drops: Drops) {
        match drops {
            Drops::Teams => self.teams = true,
            Drops::Firms => self.firms = true,
            Drops::Mishap => self.mishap = true,
            Drops::Crime => self.crime = true,
            Drops::Tale => self.tale = true,
        }
    }
}

/// Reads the senses of an article's sentences. A field that fills a third of them holds for all.
pub fn read(text: &Text, article: &str, k: &Knowledge) -> Vec<Sense> {
    let fields = &k.senses.fields;
    let mut told = vec![0usize; fields.len()];
    let mut out: Vec<Sense> = Vec::with_capacity(text.sentences.len());
    for s in &text.sentences {
        let forms: Vec<String> = s.tokens.iter().map(|t| fold(t.span.of(article))).collect();
        let lemmas: Vec<String> = s.tokens.iter().map(|t| t.lemma.to_lowercase()).collect();
        let mut sense = Sense::default();
        for (field, strong, weak) in k.senses.hits(forms.len(), |i| [&lemmas[i], &forms[i]]) {
            if strong > 0 || weak > 1 {
                told[field] += 1;
                if fields[field].sentence {
                    sense.set(fields[field].drops);
                }
            }
        }
        out.push(sense);
    }
    for (field, n) in fields.iter().zip(told) {
        if field.article && n > 1 && n * 3 >= out.len() {
            out.iter_mut().for_each(|s| s.set(field.drops));
        }
    }
    out
}
