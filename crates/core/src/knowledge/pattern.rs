//! The pattern language of frames (`knowledge/README.md`, Patterns).

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Which kind of word triggers a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Family {
    /// A verb.
    Verb,
    /// A noun.
    Noun,
    /// A predicate: adjective, or noun phrase after "be" ("be at odds with").
    Adj,
}

/// A place in a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum RoleName {
    Source,
    Target,
    About,
    Place,
}

/// Named sets of lemmas.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Classes {
    names: HashMap<String, usize>,
    sets: Vec<Vec<Word>>,
    /// Heads of each set, for quick refusal.
    heads: Vec<HashMap<String, Vec<usize>>>,
    /// Prepositions the patterns may use.
    preps: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClasses {
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    classes: HashMap<String, Vec<String>>,
    #[serde(default)]
    prepositions: Vec<String>,
}

impl Classes {
    /// Adds a class file; returns complaints.
    pub(super) fn add(&mut self, toml: &str) -> Vec<String> {
        let raw: RawClasses = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return vec![e],
        };
        let mut complaints = Vec::new();
        let mut classes: Vec<_> = raw.classes.into_iter().collect();
        classes.sort();
        for (name, words) in classes {
            if self.names.contains_key(&name) {
                complaints.push(format!("class {{{name}}} is defined twice"));
                continue;
            }
            let words: Vec<Word> = words.iter().map(|w| Word::parse(w)).collect();
            let mut heads: HashMap<String, Vec<usize>> = HashMap::default();
            for (i, w) in words.iter().enumerate() {
                heads.entry(w.head.clone()).or_default().push(i);
            }
            self.names.insert(name, self.sets.len());
            self.sets.push(words);
            self.heads.push(heads);
        }
        self.preps.extend(raw.prepositions);
        complaints
    }

    /// Words of a class with this head lemma.
    pub fn with_head(&self, class: usize, head: &str) -> impl Iterator<Item = &Word> {
        self.heads.get(class).and_then(|h| h.get(head)).into_iter().flatten().map(move |&i| &self.sets[class][i])
    }

    /// Whether patterns may use the word as a preposition.
    pub fn is_prep(&self, word: &str) -> bool {
        self.preps.contains(word)
    }
}

/// A lemma, with the words that stand before it ("peace_accord") or its particle ("carry_out").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Lemma to find.
    pub head: String,
    /// For nouns: modifiers it must have; for verbs: its particle.
    pub with: Vec<String>,
}

impl Word {
    /// Nouns have their head last, verbs first; both readings are kept apart by the caller.
    fn parse(text: &str) -> Self {
        let mut parts: Vec<String> = text.split(['_', ' ']).map(str::to_lowercase).collect();
        let head = parts.pop().unwrap_or_default();
        Self { head, with: parts }
    }

    fn parse_verb(text: &str) -> Self {
        let mut parts = text.split('_').map(str::to_lowercase);
        Self { head: parts.next().unwrap_or_default(), with: parts.collect() }
    }
}

/// One alternative of a word position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alt {
    /// A word.
    Word(Word),
    /// Any word of a class.
    Class(usize),
}

/// Alternatives for a head, with alternatives for a modifier it must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lex {
    /// Modifiers: one of these; empty when none is asked.
    pub mods: Vec<Alt>,
    /// Heads: one of these.
    pub heads: Vec<Alt>,
}

/// What fills a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Filler {
    /// An actor, issue or place.
    Role(RoleName),
    /// Particular words.
    Lex(Lex),
    /// Anything.
    Any,
    /// Nothing: the preposition alone is asked for.
    Bare,
    /// A deed noun (operators, light verbs).
    Deed,
    /// An infinitive: of these verbs, or any when empty. Holds a deed for operators.
    Infinitive(Lex),
    /// A finite clause.
    Clause,
    /// A gerund clause.
    Gerund,
}

/// One argument a pattern looks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Prepositions; empty for the direct object.
    pub preps: Vec<String>,
    /// What fills it.
    pub filler: Filler,
    /// The role that particular words play at once ("{captive}=TARGET").
    pub role: Option<RoleName>,
    /// Whether only people and bodies of people fill it ("PEOPLE").
    pub people: bool,
    /// Whether it may be missing.
    pub optional: bool,
    /// As written.
    pub text: String,
}

/// What stands before the trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// An actor's role.
    Role(RoleName),
    /// Words of a kind, no role.
    Lex(Lex),
    /// Anything, no role.
    Any,
}

/// One way to word a deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// As written.
    pub text: String,
    /// Verb, noun or predicate.
    pub family: Family,
    /// The trigger's words.
    pub trigger: Lex,
    /// Preposition before the trigger ("be at odds").
    pub case: Vec<String>,
    /// What the subject is.
    pub subject: Subject,
    /// Whether the subject was written out (and so must be there).
    pub subject_required: bool,
    /// Arguments.
    pub slots: Vec<Slot>,
    /// Whether a word that leads to the trigger's head is the trigger: none asks for a word beside it.
    pub plain: bool,
    /// Whether a wording of the trigger knows particles.
    pub particles: bool,
}

impl Pattern {
    /// One that holds nowhere.
    pub(super) fn never(text: &str, family: Family) -> Self {
        Self {
            text: text.to_owned(),
            family,
            trigger: Lex::default(),
            case: Vec::new(),
            subject: Subject::Any,
            subject_required: false,
            slots: Vec::new(),
            plain: false,
            particles: false,
        }
    }

    /// How much the pattern asks for beside its trigger's particle: particular words count most.
    pub fn weight(&self) -> u32 {
        let lex = |l: &Lex| if l.mods.is_empty() { 10 } else { 15 };
        let own = u32::from(!self.trigger.mods.is_empty()) * 8 + u32::from(!self.case.is_empty()) * 10;
        let subject = match &self.subject {
            Subject::Lex(l) => lex(l),
            _ => 0,
        };
        let slots: u32 = self
            .slots
            .iter()
            .filter(|s| !s.optional)
            .map(|s| match &s.filler {
                Filler::Lex(l) => lex(l) + u32::from(s.role.is_some()) * 2,
                Filler::Infinitive(l) if !l.heads.is_empty() => lex(l),
                Filler::Role(_) if !s.preps.is_empty() => 3,
                Filler::Bare => 3,
                Filler::Role(_) => 2,
                _ => 1,
            })
            .sum();
        own + subject + slots
    }
}

/// A target that no thing can be: who is freed, arrested, met.
const PEOPLE: &str = "PEOPLE";

fn role(text: &str) -> Option<RoleName> {
    Some(match text {
        "SOURCE" => RoleName::Source,
        "TARGET" | PEOPLE => RoleName::Target,
        "ABOUT" => RoleName::About,
        "PLACE" => RoleName::Place,
        _ => return None,
    })
}

fn alts(text: &str, verb: bool, classes: &Classes) -> Result<Vec<Alt>, String> {
    if let Some(r) = text.split('|').find(|w| role(w).is_some()) {
        return Err(format!("\"{r}\" cannot be one of several words; write two patterns, or {{class}}={r}"));
    }
    text.split('|')
        .filter(|w| !w.is_empty())
        .map(|w| match w.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(name) => classes.names.get(name).map(|&c| Alt::Class(c)).ok_or_else(|| format!("no class {{{name}}}")),
            None if verb => Ok(Alt::Word(Word::parse_verb(w))),
            None => Ok(Alt::Word(Word::parse(w))),
        })
        .collect()
}

fn lex(text: &str, verb: bool, classes: &Classes) -> Result<Lex, String> {
    match text.split_once('+') {
        Some((mods, heads)) => Ok(Lex { mods: alts(mods, false, classes)?, heads: alts(heads, verb, classes)? }),
        None => Ok(Lex { mods: Vec::new(), heads: alts(text, verb, classes)? }),
    }
}

/// The words of a pattern up to its trigger.
struct Front<'t> {
    subject: Option<&'t str>,
    family: Family,
    /// Preposition before the trigger.
    case: Option<&'t str>,
    /// Number of the trigger among the words.
    at: usize,
}

/// Most words a trigger can come after, and itself.
const FRONT: usize = 4;

impl<'t> Front<'t> {
    /// Reads the first words of a pattern, [`FRONT`] of them or all there are.
    fn new(words: &[&'t str], family: Family, classes: &Classes) -> Self {
        let looks_like_subject = || {
            let first = words[0];
            role(first).is_some()
                || first == "_"
                || (first.starts_with('{')
                    && !words[1].starts_with(char::is_uppercase)
                    && !classes.is_prep(words[1].split('|').next().unwrap_or("")))
        };
        let subject = (family != Family::Noun && words.len() > 1 && looks_like_subject()).then(|| words[0]);
        let at = usize::from(subject.is_some());
        let mut out = Self { subject, family, case: None, at };
        // "be at odds with" and "be ready to": in UD the predicate is the head and "be" hangs on it.
        if family == Family::Verb && words[at] == "be" && words.len() > at + 1 {
            out.family = Family::Adj;
            out.at += 1;
            if words[out.at].split('|').all(|w| classes.is_prep(w)) && words.len() > out.at + 1 {
                out.case = Some(words[out.at]);
                out.at += 1;
            }
        }
        out
    }
}

/// Small letters; knowledge files are written in them.
fn small(word: &str) -> Cow<'_, str> {
    match word.contains(char::is_uppercase) {
        true => word.to_lowercase().into(),
        false => word.into(),
    }
}

/// Calls `each` with every head lemma of a pattern's trigger, without reading the pattern.
pub(super) fn trigger_heads(text: &str, family: Family, classes: &Classes, mut each: impl FnMut(&str)) {
    let mut words = [""; FRONT];
    let mut count = 0;
    for (place, word) in words.iter_mut().zip(text.split_whitespace()) {
        *place = word;
        count += 1;
    }
    if count == 0 {
        return;
    }
    let front = Front::new(&words[..count], family, classes);
    let trigger = words[front.at];
    let heads = trigger.split_once('+').map_or(trigger, |(_, heads)| heads);
    let mut none = true;
    for word in heads.split('|').filter(|w| !w.is_empty()) {
        none = false;
        match word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(class) => {
                let set = classes.names.get(class).and_then(|&c| classes.sets.get(c));
                set.into_iter().flatten().for_each(|w| each(&w.head));
            }
            None if front.family == Family::Verb => each(&small(word.split('_').next().unwrap_or(""))),
            None => each(&small(word.rsplit(['_', ' ']).next().unwrap_or(""))),
        }
    }
    if none {
        each("");
    }
}

/// Reads one pattern.
///
/// # Errors
/// Says what in the text cannot be read.
pub fn parse_pattern(text: &str, family: Family, classes: &Classes) -> Result<Pattern, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Err("it is empty".to_owned());
    }
    let Front { subject, family, case, mut at } = Front::new(&words, family, classes);
    let subject = match subject {
        None => None,
        Some("_") => Some(Subject::Any),
        Some(word) => Some(match role(word) {
            Some(r) => Subject::Role(r),
            None => Subject::Lex(lex(word, false, classes)?),
        }),
    };
    let subject_required = subject.as_ref().is_some_and(|s| !matches!(s, Subject::Any));
    let subject = subject.unwrap_or(Subject::Role(RoleName::Source));
    let case = case.map_or_else(Vec::new, |c| c.split('|').map(str::to_owned).collect());
    let mut trigger = lex(words[at], family == Family::Verb, classes)?;
    at += 1;
    // A class used as a verb trigger keeps nouns' reading of "_"; verbs in it are single words.
    if trigger.heads.is_empty() {
        trigger.heads = vec![Alt::Word(Word { head: String::new(), with: Vec::new() })];
    }
    let slots = parse_slots(&words[at..], classes)?;
    let plain = trigger.heads.iter().all(|alt| match alt {
        Alt::Word(w) => w.with.is_empty(),
        Alt::Class(c) => family == Family::Verb || classes.sets.get(*c).is_some_and(|set| set.iter().all(|w| w.with.is_empty())),
    });
    let particles = trigger.heads.iter().any(|alt| matches!(alt, Alt::Word(w) if !w.with.is_empty()));
    Ok(Pattern { text: text.to_owned(), family, trigger, case, subject, subject_required, slots, plain, particles })
}

fn parse_slots(words: &[&str], classes: &Classes) -> Result<Vec<Slot>, String> {
    let mut slots = Vec::new();
    let mut preps: Vec<String> = Vec::new();
    let slot = |preps: Vec<String>, filler: Filler, optional: bool, word: &str| {
        let text = if preps.is_empty() { word.to_owned() } else { format!("{} {word}", preps.join("|")).trim_end().to_owned() };
        Slot { preps, filler, role: None, people: word.split('|').any(|w| w == PEOPLE), optional, text }
    };
    for word in words {
        let (word, optional) = match word.strip_suffix('?') {
            Some(w) => (w, true),
            None => (*word, false),
        };
        let filler = if let Some((words, named)) = word.split_once('=') {
            let both = role(named).ok_or_else(|| format!("\"{named}\" after \"=\" is no role"))?;
            let filler = Filler::Lex(lex(words, false, classes)?);
            slots.push(Slot { role: Some(both), ..slot(std::mem::take(&mut preps), filler, optional, word) });
            continue;
        } else if let Some(r) = word.split('|').find_map(role) {
            // "TARGET|prisoner": whoever it is.
            Filler::Role(r)
        } else if word == "_" {
            Filler::Any
        } else if word == "DEED" {
            Filler::Deed
        } else if let Some((mark, rest)) = word.split_once(':') {
            let rest_lex = if rest == "*" { Lex::default() } else { lex(rest, true, classes)? };
            match mark {
                "to" => Filler::Infinitive(rest_lex),
                "that" => Filler::Clause,
                "ing" => Filler::Gerund,
                prep if classes.is_prep(prep) => {
                    preps = vec![prep.to_owned()];
                    Filler::Lex(lex(rest, false, classes)?)
                }
                other => return Err(format!("\"{other}:\" is neither to:, that:, ing: nor a preposition")),
            }
        } else if word == "that" {
            Filler::Clause
        } else if word.split('|').all(|w| classes.is_prep(w)) {
            if !preps.is_empty() {
                slots.push(slot(std::mem::take(&mut preps), Filler::Bare, false, ""));
            }
            preps = word.split('|').map(str::to_owned).collect();
            continue;
        } else {
            Filler::Lex(lex(word, false, classes)?)
        };
        slots.push(slot(std::mem::take(&mut preps), filler, optional, word));
    }
    if !preps.is_empty() {
        slots.push(slot(preps, Filler::Bare, false, ""));
    }
    Ok(slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes() -> Classes {
        let mut c = Classes::default();
        let bad = c.add("prepositions = [\"on\", \"to\", \"against\", \"with\", \"at\", \"of\"]\n[classes]\naid = [\"aid\", \"food_aid\"]\nbomb = [\"bomb\"]");
        assert!(bad.is_empty(), "{bad:?}");
        c
    }

    #[test]
    fn reads_slots() {
        let c = classes();
        let p = parse_pattern("provide {aid} to TARGET?", Family::Verb, &c).unwrap();
        assert_eq!(p.slots.len(), 2);
        assert!(matches!(p.slots[0].filler, Filler::Lex(_)) && p.slots[0].preps.is_empty());
        assert!(p.slots[1].optional && p.slots[1].preps == ["to"]);
        let p = parse_pattern("{bomb} kill TARGET", Family::Verb, &c).unwrap();
        assert!(matches!(p.subject, Subject::Lex(_)));
        let p = parse_pattern("be at odds with TARGET", Family::Verb, &c).unwrap();
        assert_eq!((p.family, p.case.len()), (Family::Adj, 1));
        let p = parse_pattern("send {aid}=TARGET", Family::Verb, &c).unwrap();
        assert_eq!(p.slots[0].role, Some(RoleName::Target));
        assert!(parse_pattern("send {aid}=BACK", Family::Verb, &c).is_err());
        assert_eq!(parse_pattern("free prisoner|TARGET", Family::Verb, &c).unwrap().slots[0].filler, Filler::Role(RoleName::Target));
        assert!(parse_pattern("send|TARGET home", Family::Verb, &c).is_err());
        let p = parse_pattern("accuse TARGET of", Family::Verb, &c).unwrap();
        assert_eq!(p.slots[1].filler, Filler::Bare);
        assert!(parse_pattern("hit {nothing}", Family::Verb, &c).is_err());
    }
}
