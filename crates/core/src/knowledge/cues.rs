//! Attribution cues: who says what, and through whom.

use super::Problem;
use super::phrases::Phrases;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCue {
    act: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    addressee: Option<String>,
    #[serde(default)]
    negated: Option<String>,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    adjs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
}

/// One cue word with what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Lemma.
    pub word: String,
    /// Particle or preposition that must be with it.
    pub with: Option<String>,
    /// Statement act.
    pub act: String,
    /// What it takes: clause, quote, np, inf, ing.
    pub content: Vec<String>,
    /// Where the hearer stands.
    pub addressee: Option<String>,
    /// Act under negation.
    pub negated: Option<String>,
    /// Counts only with a quote or a finite clause.
    pub weak: bool,
}

/// Words for a place where things are said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViaCue {
    /// "interview", "statement", …
    pub via: String,
    /// Nouns of it.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Verbs of it.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Prepositions before the outlet.
    #[serde(default)]
    pub outlet_preps: Vec<String>,
}

/// Verbs by which an outlet passes words on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// Lemmas.
    pub verbs: Vec<String>,
    /// reported, quoted, retold, monitored.
    pub kind: String,
    /// "from": the object is the earlier hop.
    #[serde(default)]
    pub direction: Option<String>,
}

/// Speakers without a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anonymous {
    /// Head nouns.
    #[serde(default)]
    pub heads: HashSet<String>,
    /// Modifiers.
    #[serde(default)]
    pub modifiers: HashSet<String>,
    /// "on condition of anonymity".
    #[serde(default)]
    pub phrases: Vec<String>,
    /// "reportedly".
    #[serde(default)]
    pub impersonal: Vec<String>,
}

/// Words of red lines.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Verbs under negation.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Negations.
    #[serde(default)]
    pub negators: Vec<String>,
    /// Modals.
    #[serde(default)]
    pub modals: Vec<String>,
    /// Phrases naming the line.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// Verbs of drawing one.
    #[serde(default)]
    pub draw: Vec<String>,
    /// Verbs of crossing one.
    #[serde(default)]
    pub cross: Vec<String>,
    /// Nouns for it.
    #[serde(default)]
    pub lines: Vec<String>,
    /// "unacceptable".
    #[serde(default)]
    pub unacceptable: Vec<String>,
}

/// Words that announce a consequence.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    /// Verbs.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Nouns.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Conditions.
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// Words by which outlets and what they do are known; `cues/attribution.toml` says what each is for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // One comment each, in the file.
pub struct OutletNames {
    pub ends: HashSet<String>,
    pub begins: HashSet<String>,
    pub credits: Vec<String>,
    pub to: HashSet<String>,
    pub spread: HashSet<String>,
    pub asked: HashSet<String>,
    pub tell: HashSet<String>,
    pub reports: HashSet<String>,
    pub talks: HashSet<String>,
    pub according: HashSet<String>,
    pub programmes: HashSet<String>,
    pub arise: HashSet<String>,
    pub sessions: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTone {
    act: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    #[serde(default)]
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCues {
    #[serde(default)]
    cue: Vec<RawCue>,
    #[serde(default)]
    tone: Vec<RawTone>,
    #[serde(default)]
    via: Vec<ViaCue>,
    #[serde(default)]
    relay: Vec<Relay>,
    #[serde(default)]
    relay_phrases: HashMap<String, Vec<String>>,
    #[serde(default)]
    outlet_nouns: HashMap<String, Vec<String>>,
    #[serde(default)]
    outlet_names: OutletNames,
    #[serde(default)]
    anonymous: Anonymous,
    #[serde(default)]
    tolerance: Tolerance,
    #[serde(default)]
    consequence: Consequence,
    #[serde(default)]
    repetition: HashMap<String, Vec<String>>,
    #[serde(default)]
    hedge: Option<RawWords>,
    #[serde(default)]
    means: HashMap<String, Vec<String>>,
    #[serde(default)]
    reason: Option<RawWords>,
}

/// All attribution cues.
#[derive(Clone, Debug, Default)]
pub struct Cues {
    verbs: HashMap<String, Vec<Cue>>,
    adjs: HashMap<String, Vec<Cue>>,
    nouns: HashMap<String, Vec<Cue>>,
    /// Phrases that stand before the speaker, as words, with their act.
    pub phrases: Phrases<String>,
    /// Words by which what is said does more than say, word by word, with the act.
    pub tones: Phrases<String>,
    /// Kinds of place where words are spoken.
    pub via: Vec<ViaCue>,
    relays: HashMap<String, (String, bool)>,
    /// Phrases of relays, by kind.
    pub relay_phrases: HashMap<String, Vec<String>>,
    /// Nouns for an outlet named before.
    outlet_nouns: HashSet<String>,
    /// Those of stations on the air.
    pub stations: HashSet<String>,
    /// Phrases for outlets without a name ("local media").
    pub unnamed: Phrases<()>,
    /// What the kinds of place in `via` are called, the last word first, with the kind.
    pub spoken: Phrases<String>,
    /// How outlets are known.
    pub outlet_names: OutletNames,
    /// Speakers without a name.
    pub anonymous: Anonymous,
    /// Red lines.
    pub tolerance: Tolerance,
    /// Verbs of tolerance that need no further word.
    pub tolerating: HashSet<String>,
    /// Phrases that name a red line.
    pub lines: Phrases<()>,
    /// Consequences.
    pub consequence: Consequence,
    /// Repetition words by kind.
    pub repetition: HashMap<String, Vec<String>>,
    /// Words of possibility.
    pub hedges: HashSet<String>,
    /// Instruments by kind.
    pub means: HashMap<String, Vec<String>>,
    /// Words before a reason.
    pub reasons: Vec<String>,
}

impl Cues {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: RawCues = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        let mut phrases: Vec<(Vec<String>, String)> = Vec::new();
        for cue in raw.cue {
            let entry = |text: &str| {
                let (word, with) = match text.split_once(['_', ' ']) {
                    Some((w, rest)) => (w, Some(rest.to_owned())),
                    None => (text, None),
                };
                Cue {
                    word: word.to_lowercase(),
                    with,
                    act: cue.act.clone(),
                    content: cue.content.split('|').map(str::to_owned).collect(),
                    addressee: cue.addressee.clone(),
                    negated: cue.negated.clone(),
                    weak: cue.weak,
                }
            };
            for (texts, map) in [(&cue.verbs, &mut self.verbs), (&cue.adjs, &mut self.adjs), (&cue.nouns, &mut self.nouns)] {
                for text in texts {
                    let c = entry(text);
                    map.entry(c.word.clone()).or_default().push(c);
                }
            }
            for phrase in &cue.phrases {
                if !phrase.contains("SPEAKER") {
                    phrases.push((phrase.split(' ').map(str::to_lowercase).collect(), cue.act.clone()));
                }
            }
        }
        let mut tones = Vec::new();
        for tone in raw.tone {
            let split = |w: &String| (w.split(' ').map(str::to_lowercase).collect(), tone.act.clone());
            tones.extend(tone.words.iter().map(split));
        }
        self.tones = Phrases::new(tones);
        phrases.sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
        self.phrases = Phrases::new(phrases);
        for map in [&mut self.verbs, &mut self.adjs, &mut self.nouns] {
            for cues in map.values_mut() {
                cues.sort_by_key(|c| c.with.is_none());
            }
        }
        for relay in raw.relay {
            for verb in &relay.verbs {
                self.relays.entry(verb.to_lowercase()).or_insert((relay.kind.clone(), relay.direction.is_some()));
            }
        }
        let backwards = |noun: &String| noun.split(' ').rev().map(str::to_owned).collect();
        self.spoken = Phrases::new(raw.via.iter().flat_map(|v| v.nouns.iter().map(move |noun| (backwards(noun), v.via.clone()))));
        self.via = raw.via;
        self.relay_phrases = raw.relay_phrases;
        let mut nouns = raw.outlet_nouns;
        let unnamed = nouns.remove("unnamed").unwrap_or_default();
        let several = unnamed.iter().filter(|w| w.contains(' '));
        self.unnamed = Phrases::new(several.map(|w| (w.split(' ').map(str::to_owned).collect(), ())));
        self.stations = nouns.get("broadcaster").into_iter().flatten().cloned().collect();
        self.outlet_nouns = nouns.into_values().flatten().collect();
        self.outlet_names = raw.outlet_names;
        self.anonymous = raw.anonymous;
        let bare = raw.tolerance.verbs.iter().filter(|w| !w.contains(' '));
        self.tolerating = bare.map(|w| w.split('_').next().unwrap_or(w).to_owned()).collect();
        self.lines = Phrases::new(raw.tolerance.phrases.iter().map(|p| (p.split(' ').map(str::to_owned).collect(), ())));
        self.tolerance = raw.tolerance;
        self.consequence = raw.consequence;
        self.repetition = raw.repetition;
        self.hedges = raw.hedge.map(|h| h.words.into_iter().collect()).unwrap_or_default();
        self.means = raw.means;
        self.reasons = raw.reason.map(|r| r.words).unwrap_or_default();
    }

    /// Cues of a verb lemma, those with a particle first.
    pub fn verbs(&self, lemma: &str) -> &[Cue] {
        self.verbs.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Cues of an adjective lemma.
    pub fn adjs(&self, lemma: &str) -> &[Cue] {
        self.adjs.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Cues of a noun lemma.
    pub fn nouns(&self, lemma: &str) -> &[Cue] {
        self.nouns.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Kind of relay of a verb and whether its object is the earlier hop.
    pub fn relay(&self, lemma: &str) -> Option<(&str, bool)> {
        self.relays.get(lemma).map(|(k, from)| (k.as_str(), *from))
    }

    /// Whether a noun is words somebody gave out: a statement, a speech, a report.
    pub fn said_in(&self, lemma: &str) -> bool {
        self.via.iter().any(|v| matches!(v.via.as_str(), "statement" | "speech") && v.nouns.iter().any(|n| n == lemma))
    }

    /// Whether a noun can stand for an outlet named before.
    pub fn outlet_noun(&self, lemma: &str) -> bool {
        self.outlet_nouns.contains(lemma)
    }
}
