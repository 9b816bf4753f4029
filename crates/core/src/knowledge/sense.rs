//! Words of sport, mishaps, crime and tales: `knowledge/cues/sense.toml`.

use super::Problem;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

/// What a field of words makes of the deeds told beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drops {
    /// Bare states are teams.
    Teams,
    /// An unnamed state is a firm.
    Firms,
    /// Harm nobody did.
    Mishap,
    /// Harm without a doer, arrests of people nobody calls political.
    Crime,
    /// What a book or film tells.
    Tale,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    field: Vec<RawField>,
    #[serde(default)]
    r#abstract: Words,
    #[serde(default)]
    test: Vec<SenseTest>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: HashSet<String>,
    #[serde(default)]
    kinds: HashSet<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: String,
    drops: Drops,
    span: Reach,
    strong: Vec<String>,
    weak: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reach {
    Sentence,
    Article,
    Whole,
}

/// A test of the file: sentences of one article that give nothing, or each something.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenseTest {
    /// The article in which nothing is read.
    #[serde(default)]
    pub none: Vec<String>,
    /// Sentences that each give a record.
    #[serde(default)]
    pub some: Vec<String>,
}

/// A field of words.
#[derive(Clone, Debug)]
pub struct Field {
    /// For messages.
    pub name: String,
    /// What it makes of deeds.
    pub drops: Drops,
    /// Whether a third of an article's sentences make it hold for all.
    pub article: bool,
    /// Whether one sentence is enough for that sentence.
    pub sentence: bool,
}

/// A word of a field: the words after the first, the field, whether it is enough alone.
#[derive(Clone, Debug)]
struct Entry {
    rest: Vec<String>,
    field: usize,
    strong: bool,
}

/// All fields.
#[derive(Clone, Debug, Default)]
pub struct Senses {
    /// Fields in the order of the file.
    pub fields: Vec<Field>,
    words: HashMap<String, Vec<Entry>>,
    /// A fight against one of these is no use of force.
    pub abstracts: HashSet<String>,
    /// Words before a noun of force that make it none ("a heart attack", "a legal battle").
    pub kinds: HashSet<String>,
    /// Single words for a book or a film.
    pub tales: HashSet<String>,
    /// Tests of the file.
    pub tests: Vec<SenseTest>,
}

impl Senses {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: Raw = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        for f in raw.field {
            let field = self.fields.len();
            for (list, strong) in [(&f.strong, true), (&f.weak, false)] {
                for text in list {
                    let mut parts = text.split(' ').map(str::to_lowercase);
                    if f.drops == Drops::Tale && strong && !text.contains(' ') {
                        self.tales.insert(text.to_lowercase());
                    }
                    let Some(first) = parts.next().filter(|w| !w.is_empty()) else {
                        problems.push(Problem::error(file, format!("an empty word in the field {}", f.name), "take it out"));
                        continue;
                    };
                    self.words.entry(first).or_default().push(Entry { rest: parts.collect(), field, strong });
                }
            }
            self.fields.push(Field { name: f.name, drops: f.drops, article: f.span != Reach::Sentence, sentence: f.span != Reach::Whole });
        }
        self.abstracts = raw.r#abstract.words;
        self.kinds = raw.r#abstract.kinds;
        self.tests = raw.test;
    }

    /// Fields told of in a sentence whose words are read by `word` as lemma and form: each with
    /// its index and how many of its strong and weak words stand there.
    pub fn hits<'w>(&self, n: usize, word: impl Fn(usize) -> [&'w str; 2]) -> Vec<(usize, u32, u32)> {
        let mut found: Vec<(usize, u32, u32)> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for i in 0..n {
            let [lemma, form] = word(i);
            if seen.contains(&lemma) {
                continue;
            }
            let entries = self.words.get(lemma).into_iter().chain(self.words.get(form).filter(|_| form != lemma)).flatten();
            let fits = |e: &&Entry| e.rest.iter().enumerate().all(|(k, w)| i + 1 + k < n && word(i + 1 + k).contains(&w.as_str()));
            let mut hit = false;
            for e in entries.filter(fits) {
                hit = true;
                let at = match found.iter().position(|f| f.0 == e.field) {
                    Some(at) => at,
                    None => {
                        found.push((e.field, 0, 0));
                        found.len() - 1
                    }
                };
                if e.strong {
                    found[at].1 += 1;
                } else {
                    found[at].2 += 1;
                }
            }
            if hit {
                seen.push(lemma);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_are_counted_once() {
        let mut senses = Senses::default();
        let mut problems = Vec::new();
        let toml = "[[field]]\nname = \"sport\"\ndrops = \"teams\"\nspan = \"article\"\nstrong = [\"world cup\"]\nweak = [\"goal\"]\n";
        senses.add("x", toml, &mut problems);
        assert!(problems.is_empty());
        let words = ["the", "world", "cup", "goal", "goal"];
        assert_eq!(senses.hits(words.len(), |i| [words[i], words[i]]), [(0, 1, 1)]);
        let words = ["the", "world", "goal"];
        assert_eq!(senses.hits(words.len(), |i| [words[i], words[i]]), [(0, 0, 1)]);
        senses.add("x", "[[field]]\nname = 1", &mut problems);
        assert_eq!(problems.len(), 1);
    }
}
