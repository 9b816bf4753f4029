//! Common nouns and titles that make a sector: "minister", "troops", "rebels".

use super::Problem;
use super::actors::ActorTest;
use super::words::fold;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

/// A common noun that stands for an actor or belongs to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Lemmas, head last.
    pub words: Vec<String>,
    /// PLOVER sector; empty keeps the bare country.
    pub sector: String,
    /// May stand before a name ("Gen. Smith").
    pub title: bool,
    /// An actor only with a country, body or qualifier beside it.
    pub weak: bool,
    /// Belongs to an actor but never acts ("base", "convoy").
    pub thing: bool,
}

/// Modifiers of a head and what they do to it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modifiers {
    /// Out of office: ELI.
    #[serde(default)]
    pub former: HashSet<String>,
    /// Still in office.
    #[serde(default)]
    pub incumbent: HashSet<String>,
    /// Not yet in office.
    #[serde(default)]
    pub coming: HashSet<String>,
    /// The country before it does not own the head ("Turkish-backed").
    #[serde(default)]
    pub backed: HashSet<String>,
    /// It does ("-owned").
    #[serde(default)]
    pub owning: HashSet<String>,
    /// "pro-", "anti-".
    #[serde(default)]
    pub stance: HashSet<String>,
    /// Rank or size.
    #[serde(default)]
    pub neutral: HashSet<String>,
    /// "suspected".
    #[serde(default)]
    pub uncertain: HashSet<String>,
    /// Nouns that hand on to "of …".
    #[serde(default)]
    pub transparent: HashSet<String>,
    /// Forces so called are not the own of the country told of ("foreign troops").
    #[serde(default)]
    pub alien: HashSet<String>,
    /// Of these those who only stand behind somebody ("supporters of the president").
    #[serde(default)]
    pub followers: HashSet<String>,
    /// The one before it has the thing in hand ("rebel-held").
    #[serde(default)]
    pub holding: HashSet<String>,
    /// The one before it heads the body ("Saudi-led").
    #[serde(default)]
    pub leading: HashSet<String>,
    /// The nation after it lives in another state ("ethnic Albanians").
    #[serde(default)]
    pub ethnic: HashSet<String>,
    /// Participles whose place is the home of whoever they follow ("rebels operating in Chad").
    #[serde(default)]
    pub residing: HashSet<String>,
}

/// Nouns that name the other side of somebody's office.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relational {
    /// "counterpart".
    #[serde(default)]
    pub counterpart: HashSet<String>,
    /// "ally".
    #[serde(default)]
    pub friend: HashSet<String>,
    /// "ocean", "language": what only bears the name of a nation.
    #[serde(default)]
    pub named_only: HashSet<String>,
    /// "foe".
    #[serde(default)]
    pub foe: HashSet<String>,
    /// "neighbour".
    #[serde(default)]
    pub neighbour: HashSet<String>,
    /// "sides", "countries": both of the two told of.
    #[serde(default)]
    pub pair: HashSet<String>,
    /// "leaders", "ministers": both people told of.
    #[serde(default)]
    pub pair_people: HashSet<String>,
    /// Words that say both: "two", "both".
    #[serde(default)]
    pub both: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAgent {
    sector: String,
    words: Vec<String>,
    #[serde(default)]
    title: bool,
    #[serde(default)]
    weak: bool,
    /// Arms that act for their owner ("warplanes bombed"): actors like the rest.
    #[serde(default)]
    #[allow(dead_code)]
    weapon: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQualifier {
    word: String,
    sector: String,
    #[serde(default)]
    over: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAgents {
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    agent: Vec<RawAgent>,
    #[serde(default)]
    thing: Vec<RawAgent>,
    #[serde(default)]
    qualifier: Vec<RawQualifier>,
    #[serde(default)]
    modifiers: Option<Modifiers>,
    #[serde(default)]
    relational: Option<Relational>,
    #[serde(default)]
    test: Vec<ActorTest>,
}

/// All agents, qualifiers and modifiers.
#[derive(Clone, Debug, Default)]
pub struct Agents {
    by_head: HashMap<String, Vec<Agent>>,
    qualifiers: HashMap<String, (String, Vec<String>)>,
    /// Modifiers.
    pub modifiers: Modifiers,
    /// Relational nouns.
    pub relational: Relational,
}

impl Agents {
    pub(super) fn add(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) -> Vec<ActorTest> {
        let raw: RawAgents = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => {
                problems.push(Problem::error(file, e, "mend the file"));
                return Vec::new();
            }
        };
        let agents = raw.agent.into_iter().map(|a| (a, false));
        for (entry, thing) in agents.chain(raw.thing.into_iter().map(|a| (a, true))) {
            for text in &entry.words {
                let words: Vec<String> = text.split([' ', '-']).map(fold).filter(|w| !w.is_empty()).collect();
                let Some(head) = words.last().cloned() else { continue };
                let agent = Agent { words, sector: entry.sector.clone(), title: entry.title, weak: entry.weak, thing };
                let bucket = self.by_head.entry(head).or_default();
                if let Some(other) = bucket.iter().find(|o| o.words == agent.words) {
                    if other.sector != agent.sector {
                        problems.push(Problem::warning(file, format!("\"{text}\" is {} and {}", other.sector, agent.sector), "keep one"));
                    }
                    continue;
                }
                bucket.push(agent);
            }
        }
        for q in raw.qualifier {
            let word = fold(&q.word);
            if self.qualifiers.insert(word, (q.sector, q.over)).is_some() {
                problems.push(Problem::warning(file, format!("qualifier \"{}\" stands twice", q.word), "keep one"));
            }
        }
        // Those of a user's file are in the first file by now.
        if let Some(modifiers) = raw.modifiers {
            self.modifiers = modifiers;
        }
        if let Some(relational) = raw.relational {
            self.relational = relational;
        }
        for bucket in self.by_head.values_mut() {
            bucket.sort_by_key(|a| std::cmp::Reverse(a.words.len()));
        }
        raw.test
    }

    /// Agents whose last word is this lemma, longest first.
    pub fn with_head(&self, lemma: &str) -> &[Agent] {
        self.by_head.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Sector a qualifier gives to a head of `sector` (`""`/`UNK`: undecided), if any.
    pub fn qualified(&self, word: &str, sector: &str, neutral: bool) -> Option<&str> {
        let (own, over) = self.qualifiers.get(word)?;
        (neutral || sector.is_empty() || sector == "UNK" || over.iter().any(|o| o == sector)).then_some(own.as_str())
    }
}
