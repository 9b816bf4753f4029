//! Attitudes: words that put something in somebody's mouth or mind.

use super::Problem;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Take {
    Clause,
    Quote,
    Inf,
    Np,
    Prep,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVerb {
    takes: Vec<Take>,
    #[serde(default)]
    speech: bool,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    words: Option<Words>,
    #[serde(default)]
    verb: Vec<RawVerb>,
    #[serde(default)]
    noun: Vec<RawList>,
    #[serde(default)]
    adj: Vec<RawList>,
    #[serde(default)]
    test: Vec<AttitudeTest>,
}

/// Closed-class words the reader asks for; `cues/attitudes.toml` says what each is for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // One comment each, in the file.
pub struct Words {
    pub mute: HashSet<String>,
    pub bodies: HashSet<String>,
    pub writers: HashSet<String>,
    pub body: HashSet<String>,
    pub phrases: Vec<String>,
    pub within: HashSet<String>,
    pub surveys: HashSet<String>,
    pub hearsay: HashSet<String>,
    pub openers: HashSet<String>,
    pub that: HashSet<String>,
    pub to: HashSet<String>,
    pub parts: HashSet<String>,
    pub reaches: HashSet<String>,
    pub light: HashSet<String>,
    pub empty: HashSet<String>,
    pub asked_about: HashSet<String>,
    pub likeness: HashSet<String>,
    pub contrast: HashSet<String>,
    pub some: HashSet<String>,
    pub the: HashSet<String>,
    pub holders: HashSet<String>,
    pub sure_holders: HashSet<String>,
    pub noun_topics: HashSet<String>,
    pub adj_topics: HashSet<String>,
    pub adj_openers: HashSet<String>,
    pub seeming: HashSet<String>,
    pub reasons: HashSet<String>,
    pub sight: HashSet<String>,
}

/// A sentence and one attribution in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // As in the file.
pub struct AttitudeTest {
    pub text: String,
    #[serde(default)]
    pub source: String,
    pub cue: String,
    pub content: String,
    #[serde(default)]
    pub todo: Option<String>,
}

/// What a verb takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// A finite clause.
    pub clause: bool,
    /// Quoted words.
    pub quote: bool,
    /// An infinitive.
    pub inf: bool,
    /// An object.
    pub np: bool,
    /// A verb of utterance.
    pub speech: bool,
    /// Prepositions before the content.
    pub preps: Vec<String>,
}

impl Takes {
    fn add(&mut self, other: &Takes) {
        self.clause |= other.clause;
        self.quote |= other.quote;
        self.inf |= other.inf;
        self.np |= other.np;
        self.speech |= other.speech;
        self.preps.extend(other.preps.iter().cloned());
    }
}

/// Words of attitude.
#[derive(Clone, Debug, Default)]
pub struct Attitudes {
    /// By lemma: the second word asked for, and what it takes then.
    verbs: HashMap<String, Vec<(Option<String>, Takes)>>,
    nouns: HashSet<String>,
    adjs: HashSet<String>,
    /// Closed-class words.
    pub words: Words,
    /// `words.phrases`, word by word.
    pub phrases: Vec<Vec<String>>,
    /// Tests of the file.
    pub tests: Vec<(String, AttitudeTest)>,
}

impl Attitudes {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: Raw = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        for verb in raw.verb {
            let has = |t: Take| verb.takes.contains(&t);
            let plain = Takes {
                clause: has(Take::Clause),
                quote: has(Take::Quote),
                inf: has(Take::Inf),
                np: has(Take::Np),
                speech: verb.speech,
                preps: Vec::new(),
            };
            for words in &verb.words {
                let (word, second) = words.split_once(' ').map_or((words.as_str(), None), |(w, s)| (w, Some(s.to_owned())));
                let entry = match second {
                    Some(second) if has(Take::Prep) => (None, Takes { preps: vec![second], ..Takes::default() }),
                    second => (second, plain.clone()),
                };
                self.verbs.entry(word.to_owned()).or_default().push(entry);
            }
        }
        self.nouns.extend(raw.noun.into_iter().flat_map(|n| n.words));
        self.adjs.extend(raw.adj.into_iter().flat_map(|n| n.words));
        if let Some(words) = raw.words {
            self.phrases = words.phrases.iter().map(|p| p.split(' ').map(str::to_owned).collect()).collect();
            self.words = words;
        }
        self.tests.extend(raw.test.into_iter().map(|t| (file.to_owned(), t)));
    }

    /// What a verb takes, `hangs` telling whether a word hangs on it. `None`: no verb of attitude.
    pub fn verb(&self, lemma: &str, hangs: impl Fn(&str) -> bool) -> Option<Takes> {
        let mut out = Takes::default();
        for (second, takes) in self.verbs.get(lemma)? {
            if second.as_deref().is_none_or(&hangs) {
                out.add(takes);
            }
        }
        (out != Takes::default()).then_some(out)
    }

    /// Whether a verb is in the list at all.
    pub fn is_verb(&self, lemma: &str) -> bool {
        self.verbs.contains_key(lemma)
    }

    /// Whether a noun is one of attitude.
    pub fn is_noun(&self, lemma: &str) -> bool {
        self.nouns.contains(lemma)
    }

    /// Whether an adjective is one of attitude.
    pub fn is_adj(&self, lemma: &str) -> bool {
        self.adjs.contains(lemma)
    }
}
