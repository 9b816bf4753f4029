//! What an article has told so far: who was named, who spoke, which states it is about.

use crate::knowledge::Knowledge;
use crate::model::{Date, Link, Span};
use rustc_hash::{FxHashMap as HashMap, FxHashSet};
use std::collections::BTreeMap;

/// Before this year lies what no news tells as news: texts without a date are measured by it.
pub const NEWS: i16 = 1990;

/// What sort of thing a mention names, for pronouns and sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A state by its name or seat.
    State,
    /// A body or group by its name.
    Body,
    /// One person.
    Person,
    /// Somebody by a common noun ("troops").
    Agent,
    /// Something that belongs to an actor ("positions").
    Thing,
    /// A town or region.
    Place,
    /// People by their nation ("Iranians").
    People,
}

/// Words traced to an actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// Country or whole body code; no sector for a bare state.
    pub code: String,
    /// Name to show.
    pub name: String,
    /// Office at the article's date.
    pub office: Option<String>,
    /// What it is.
    pub sort: Sort,
    /// Head token.
    pub head: usize,
    /// Words.
    pub span: Span,
    /// How it was traced.
    pub link: Link,
    /// Knowledge entries behind it.
    pub why: Vec<String>,
    /// Whether the noun is plural.
    pub plural: bool,
    /// The country was not in the words but taken from the article.
    pub country_implied: bool,
    /// A person called by name.
    pub named: bool,
    /// Whose country nobody knows: the code is a sector alone ("rebels").
    pub stateless: bool,
    /// A state by its capital or seat of power ("the Kremlin"), which speaks for the government.
    pub seat: bool,
    /// A whole nation ("the Iranians"), which deals with others as its state and suffers as its people.
    pub nation: bool,
}

impl Resolved {
    /// Country or body, three letters.
    pub fn country(&self) -> &str {
        self.code.get(..3).unwrap_or(&self.code)
    }

    /// Code in an acting or addressed role: a bare state is its government.
    pub fn acting(&self) -> String {
        if self.nation {
            format!("{}GOV", self.country())
        } else if self.code.len() == 3 && !self.stateless && matches!(self.sort, Sort::State) {
            format!("{}GOV", self.code)
        } else {
            self.code.clone()
        }
    }
}

/// A person or body known from before in the article.
#[derive(Clone, Debug)]
struct Known {
    code: String,
    name: String,
    office: Option<String>,
}

/// Memory of one article.
#[derive(Debug)]
pub struct Memory<'k> {
    /// Knowledge.
    pub k: &'k Knowledge,
    /// The article's date.
    pub date: Option<Date>,
    known: HashMap<String, Known>,
    recent: Vec<Resolved>,
    counts: HashMap<String, u32>,
    order: Vec<String>,
    dyads: BTreeMap<(String, String), (u32, usize)>,
    /// Short forms the article has made: initials of a body's name, capitals in brackets behind it.
    short: HashMap<String, Resolved>,
    /// Last words of the names of people on no list.
    strangers: FxHashSet<String>,
    /// Whether somebody's own words go on without quotation marks.
    pub release: bool,
    /// Whether the last time told of in a text without a date was long ago.
    pub long_past: bool,
    foes: Option<[Resolved; 2]>,
    /// Speaker of the last attribution.
    pub speaker: Option<Resolved>,
    /// Who speaks as "we" outside quotation marks.
    pub own: Option<Resolved>,
    /// Whose title stood alone at the head of the text ("Foreign Secretary welcomes …").
    pub titled: Option<Resolved>,
    /// Whom the speaker addressed last.
    pub hearer: Option<Resolved>,
}

impl<'k> Memory<'k> {
    /// Nothing remembered yet.
    pub fn new(k: &'k Knowledge, date: Option<Date>) -> Self {
        Self {
            k,
            date,
            known: HashMap::default(),
            recent: Vec::new(),
            counts: HashMap::default(),
            order: Vec::new(),
            dyads: BTreeMap::new(),
            short: HashMap::default(),
            strangers: FxHashSet::default(),
            release: false,
            long_past: false,
            foes: None,
            speaker: None,
            own: None,
            titled: None,
            hearer: None,
        }
    }

    /// Remembers a name's last word (and the whole) for short forms.
    pub fn learn(&mut self, words: &[String], r: &Resolved) {
        let known = Known { code: r.code.clone(), name: r.name.clone(), office: r.office.clone() };
        if let Some(last) = words.last().filter(|w| w.chars().count() > 2) {
            self.known.insert(last.clone(), known.clone());
        }
        if words.len() > 1 {
            self.known.insert(words.join(" "), known);
        }
    }

    /// Remembers capitals as a short form of somebody.
    pub fn shorten(&mut self, capitals: &str, r: &Resolved) {
        self.short.entry(capitals.to_owned()).or_insert_with(|| r.clone());
    }

    /// Remembers the name of somebody on no list.
    pub fn meet(&mut self, name: &str) {
        self.strangers.insert(name.to_owned());
    }

    /// Whether the article has named somebody on no list so.
    pub fn strange(&self, name: &str) -> bool {
        self.strangers.contains(name)
    }

    /// Whom the article calls by these capitals.
    pub fn shortened(&self, word: &str) -> Option<&Resolved> {
        if self.short.is_empty() { None } else { self.short.get(word) }
    }

    /// Code, name and office of a name heard before.
    pub fn known(&self, words: &[String]) -> Option<(&str, &str, Option<&str>)> {
        let k = self.known.get(&words.join(" ")).or_else(|| self.known.get(words.last()?))?;
        Some((&k.code, &k.name, k.office.as_deref()))
    }

    /// Adds a mention for pronouns and definite nouns to come.
    pub fn push(&mut self, r: &Resolved) {
        if matches!(r.sort, Sort::Thing) {
            return;
        }
        let country = r.country().to_owned();
        if !r.stateless && r.link == Link::Named && self.k.actors.state(&country).is_some() {
            let n = self.counts.entry(country.clone()).or_insert(0);
            *n += 1;
            if *n == 1 {
                self.order.push(country);
            }
        }
        self.recent.push(r.clone());
    }

    /// Most recent mention that fits.
    pub fn last(&self, fits: impl Fn(&Resolved) -> bool) -> Option<&Resolved> {
        self.recent.iter().rev().take(40).find(|r| fits(r))
    }

    /// Mentions, the latest first.
    pub fn recent(&self) -> impl Iterator<Item = &Resolved> {
        self.recent.iter().rev()
    }

    /// The first person called by name who fits.
    pub fn first_named(&self, fits: impl Fn(&&Resolved) -> bool) -> Option<&Resolved> {
        self.recent.iter().filter(|r| r.named && r.sort == Sort::Person && !r.country_implied).find(fits)
    }

    /// Counts two states named together, or told of together in a deed, at a place of the text.
    pub fn told(&mut self, a: &str, b: &str, at: usize) {
        let [a, b] = [a, b].map(|c| c.get(..3).unwrap_or(c).to_owned());
        if a != b && self.k.actors.state(&a).is_some() && self.k.actors.state(&b).is_some() {
            let pair = if a < b { (a, b) } else { (b, a) };
            let (count, last) = self.dyads.entry(pair).or_insert((0, 0));
            *count += 1;
            *last = at;
        }
    }

    /// Remembers two bodies of one country told of as fighting or ending a fight.
    pub fn fought(&mut self, a: &Resolved, b: &Resolved) {
        if a.country() == b.country() && a.code != b.code && !a.stateless && !b.stateless {
            self.foes = Some([a.clone(), b.clone()]);
        }
    }

    /// The last two of one country told of as fighting.
    pub fn foes(&self) -> Option<&[Resolved; 2]> {
        self.foes.as_ref()
    }

    /// The two states meant by "both": those joined since `start`, else the two most often told
    /// of together, else the two named most.
    pub fn dyad(&self, start: usize) -> Vec<String> {
        let here = self.dyads.iter().filter(|(_, (_, last))| *last >= start).max_by_key(|(_, (_, last))| *last);
        if let Some(((a, b), _)) = here.or_else(|| self.dyads.iter().max_by_key(|(_, told)| **told)) {
            return vec![a.clone(), b.clone()];
        }
        let mut named: Vec<&String> = self.order.iter().collect();
        named.sort_by_key(|c| std::cmp::Reverse(self.counts.get(*c).copied().unwrap_or(0)));
        named.into_iter().take(2).cloned().collect()
    }

    /// The state told of together with this one last.
    pub fn beside(&self, country: &str) -> Option<&str> {
        let pairs = self.dyads.iter().filter(|((a, b), _)| a == country || b == country);
        let ((a, b), _) = pairs.max_by_key(|(_, (_, last))| *last)?;
        Some(if a == country { b } else { a })
    }

    /// Of these states the one most named so far.
    pub fn most_named<'c>(&self, among: &'c [String]) -> Option<&'c str> {
        let named = among.iter().rev().filter_map(|c| Some((self.counts.get(c)?, c)));
        named.max_by_key(|(n, _)| **n).map(|(_, c)| c.as_str())
    }

    /// The state most named so far besides this one.
    pub fn main_other(&self, than: &str) -> Option<&str> {
        let others = self.order.iter().rev().filter(|c| *c != than);
        others.max_by_key(|c| self.counts.get(*c).copied().unwrap_or(0)).map(String::as_str)
    }

    /// The country whose words the text is: a government's release tells of people abroad.
    pub fn home(&self) -> Option<&str> {
        let speaker = self.own.as_ref().or(self.speaker.as_ref().filter(|_| self.release));
        speaker.map(Resolved::country).filter(|c| self.k.actors.state(c).is_some())
    }

    /// The state most named so far, but for `home`; the first named among equals.
    pub fn main_country(&self, home: Option<&str>) -> Option<&str> {
        let mut best: Option<(&str, u32)> = None;
        for c in self.order.iter().filter(|c| home != Some(c.as_str()) || self.order.len() == 1) {
            let n = self.counts.get(c).copied().unwrap_or(0);
            if best.is_none_or(|(_, m)| n > m) {
                best = Some((c, n));
            }
        }
        best.map(|(c, _)| c)
    }
}
