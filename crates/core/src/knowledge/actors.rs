//! Actors: states, bodies, groups and people with dated offices, found by their names.

use super::Problem;
use super::people::Sounds;
use super::words::words;
use crate::model::Date;
use rustc_hash::FxHashMap as HashMap;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// "Iran".
    State,
    /// "Kremlin": the government when it acts.
    Seat,
    /// "Iranian", "Iranians".
    Demonym,
    /// "Aleppo": tells the country, never the government.
    Place,
    /// "IDF": has its own whole code.
    Agency,
    /// "United Nations", "Hezbollah".
    Body,
    /// A person with dated offices.
    Person,
}

/// One bearer of names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// Best name to show.
    pub name: String,
    /// Whole code for agencies and bodies, the country for the rest.
    pub code: String,
    /// What it is.
    pub kind: Kind,
    /// Offices, for people.
    pub offices: Vec<Office>,
    /// Bodies whose code changed with time.
    #[serde(with = "crate::model::days")]
    pub from: Option<Date>,
    /// Last day of this code.
    #[serde(with = "crate::model::days")]
    pub to: Option<Date>,
    /// Countries a people without a state of its own lives in; `code` is the usual one.
    pub homes: Vec<String>,
    /// File the entry stands in, for `why`.
    pub file: String,
    /// One of the user's own, which wins over the others.
    pub own: bool,
}

/// An office and when it was held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Office {
    /// "foreign minister".
    pub title: String,
    /// "RUSGOV".
    pub code: String,
    /// First day; `None` when unknown.
    #[serde(with = "crate::model::days")]
    pub from: Option<Date>,
    /// Last day; `None` while held.
    #[serde(with = "crate::model::days")]
    pub to: Option<Date>,
}

/// A name found in running words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Index into [`Actors::list`].
    pub actor: usize,
    /// Number of words matched.
    pub words: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Name {
    pub(super) words: Vec<String>,
    pub(super) actor: usize,
    /// Short all-capital names match in capitals only ("US", "IS", "WHO").
    pub(super) caps: bool,
}

/// All actors and an index over their names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Actors {
    /// Every entry.
    pub list: Vec<Actor>,
    /// Whether a file of the user's is being read.
    pub(super) own: bool,
    pub(super) by_first: HashMap<String, Vec<Name>>,
    pub(super) states: HashMap<String, usize>,
    /// People by the last word of their name.
    pub(super) families: HashMap<String, Vec<usize>>,
    /// People by their whole best name; asked while files are added.
    #[serde(skip)]
    people: HashMap<Vec<String>, usize>,
    /// Names by what they sound like, made when first asked for.
    #[serde(skip)]
    pub(super) sounds: OnceLock<Sounds>,
    /// The same as bytes, where they were made when the program was built.
    #[serde(skip)]
    pub(super) packed_sounds: Option<&'static [u8]>,
    /// Names that count only after a word of their context: actor, context words, names.
    pub conditional: Vec<(usize, Vec<String>, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOffice {
    title: String,
    code: String,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    #[allow(dead_code)]
    checked: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPerson {
    name: String,
    #[serde(default)]
    variants: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    office: Vec<RawOffice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAgency {
    names: Vec<String>,
    code: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

/// A test inside an actor file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorTest {
    /// Phrase.
    pub text: String,
    /// Date to read it at.
    pub date: Option<String>,
    /// Expected code.
    pub code: String,
    /// Reason a test is known to fail, when it is.
    #[serde(default)]
    pub todo: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawState {
    code: String,
    /// May be left out where the state is known.
    #[serde(default)]
    name: String,
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    demonyms: Vec<String>,
    #[serde(default)]
    seats: Vec<String>,
    #[serde(default)]
    places: Vec<String>,
    /// Parts of the state that act for themselves ("Abkhazia").
    #[serde(default)]
    breakaway: Vec<String>,
    #[serde(default)]
    agency: Vec<RawAgency>,
    #[serde(default)]
    person: Vec<RawPerson>,
    #[serde(default)]
    test: Vec<ActorTest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBody {
    code: String,
    name: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    sector: Option<String>,
    #[serde(default)]
    #[allow(dead_code)]
    country: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    short: Vec<String>,
    #[serde(default)]
    near: Vec<String>,
    /// "state": other names of a state, as dictionaries of other coders list them.
    #[serde(default)]
    kind: Option<String>,
}

/// A people without a state of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPeople {
    names: Vec<String>,
    homes: Vec<String>,
    #[serde(default)]
    default: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBodies {
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    people: Vec<RawPeople>,
    #[serde(default)]
    actor: Vec<RawBody>,
    #[serde(default)]
    person: Vec<RawPerson>,
    #[serde(default)]
    test: Vec<ActorTest>,
}

/// Reads a date of a knowledge file: a whole day, a month or a year; the end of the period for `to`.
pub(super) fn date(s: &str, end: bool) -> Option<Date> {
    let first = crate::model::parse_loose(s)?;
    if !end {
        return Some(first);
    }
    match s.len() {
        4 => Some(first.last_of_year()),
        7 => Some(first.last_of_month()),
        _ => Some(first),
    }
}

fn dated(text: Option<&str>, end: bool, file: &str, problems: &mut Vec<Problem>) -> Option<Date> {
    let text = text?;
    let day = date(text, end);
    if day.is_none() {
        problems.push(Problem::error(file, format!("\"{text}\" is not a date"), "write YYYY, YYYY-MM or YYYY-MM-DD"));
    }
    day
}

impl Actors {
    /// Adds a file of `knowledge/`, if it is one of actors; its tests are returned.
    pub(super) fn add_file(&mut self, path: &str, file: &str, toml: &str, problems: &mut Vec<Problem>) -> Vec<ActorTest> {
        match path {
            p if p.starts_with("actors/states/") => self.add_state(file, toml, problems),
            p if p.starts_with("actors/agents") => Vec::new(),
            p if p.starts_with("actors/") => self.add_bodies(file, toml, problems),
            _ => Vec::new(),
        }
    }

    /// Adds a state file; its tests are returned.
    fn add_state(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) -> Vec<ActorTest> {
        let raw: RawState = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => {
                problems.push(Problem::error(file, e, "mend the file"));
                return Vec::new();
            }
        };
        let plain = |kind, name: &str, code: &str| Actor {
            name: name.to_owned(),
            code: code.to_owned(),
            kind,
            offices: Vec::new(),
            from: None,
            to: None,
            homes: Vec::new(),
            file: file.to_owned(),
            own: false,
        };
        match self.states.get(&raw.code) {
            // A user's file on a state there is already.
            Some(&known) => self.add_names(known, raw.names.iter().chain([&raw.name])),
            None if raw.name.is_empty() => {
                problems.push(Problem::error(file, format!("no state has the code \"{}\"", raw.code), "give the new state a name"));
            }
            None => {
                let state = self.add(plain(Kind::State, &raw.name, &raw.code), raw.names.iter().chain([&raw.name]));
                self.states.insert(raw.code.clone(), state);
            }
        }
        for (kind, names) in [(Kind::Demonym, &raw.demonyms), (Kind::Seat, &raw.seats), (Kind::Place, &raw.places)] {
            for name in names {
                self.add(plain(kind, name, &raw.code), [name]);
            }
        }
        for name in &raw.breakaway {
            self.add(plain(Kind::Place, name, &format!("{}PRE", raw.code)), [name]);
        }
        for agency in &raw.agency {
            let Some(first) = agency.names.first() else { continue };
            let mut actor = plain(Kind::Agency, first, &agency.code);
            actor.from = dated(agency.from.as_deref(), false, file, problems);
            actor.to = dated(agency.to.as_deref(), true, file, problems);
            self.add(actor, agency.names.iter());
        }
        for person in raw.person {
            self.add_person(person, &raw.code, file, problems);
        }
        raw.test
    }

    /// Adds a file of organisations or groups; its tests are returned.
    fn add_bodies(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) -> Vec<ActorTest> {
        let raw: RawBodies = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => {
                problems.push(Problem::error(file, e, "mend the file"));
                return Vec::new();
            }
        };
        for body in raw.actor {
            let mut code = body.code;
            if let Some(sector) = body.sector.filter(|s| !code.ends_with(s.as_str()))
                && code.len() == 3
            {
                code.push_str(&sector);
            }
            let kind = match body.kind.as_deref() {
                None => Kind::Body,
                Some("state") => Kind::State,
                Some(other) => {
                    problems.push(Problem::error(file, format!("{}: kind \"{other}\"", body.name), "kind is \"state\" or left out"));
                    Kind::Body
                }
            };
            let actor = Actor {
                name: body.name.clone(),
                code,
                kind,
                offices: Vec::new(),
                from: dated(body.from.as_deref(), false, file, problems),
                to: dated(body.to.as_deref(), true, file, problems),
                homes: Vec::new(),
                file: file.to_owned(),
                own: false,
            };
            // Short names count once the full name or the context was seen, context-bound names
            // once the context was.
            let mut context = body.near.clone();
            let index = if body.near.is_empty() || !body.short.is_empty() {
                context.extend(body.names.iter().cloned());
                context.push(body.name.clone());
                self.add(actor, body.names.iter().chain([&body.name]))
            } else {
                self.conditional.push((self.list.len(), body.near, body.names));
                self.add(actor, [&body.name])
            };
            if !body.short.is_empty() {
                self.conditional.push((index, context, body.short));
            }
        }
        for people in raw.people {
            let Some(name) = people.names.first().cloned() else { continue };
            let actor = Actor {
                name,
                code: people.default.clone().or_else(|| people.homes.first().cloned()).unwrap_or_default(),
                kind: Kind::Demonym,
                offices: Vec::new(),
                from: None,
                to: None,
                homes: people.homes,
                file: file.to_owned(),
                own: false,
            };
            self.add(actor, people.names.iter());
        }
        for person in raw.person {
            self.add_person(person, "", file, problems);
        }
        raw.test
    }

    fn add_person(&mut self, person: RawPerson, country: &str, file: &str, problems: &mut Vec<Problem>) {
        let mut offices: Vec<Office> = Vec::new();
        for o in person.office {
            offices.push(Office {
                from: dated(o.from.as_deref(), false, file, problems),
                to: dated(o.to.as_deref(), true, file, problems),
                title: o.title,
                code: o.code,
            });
        }
        let country = match offices.first() {
            Some(o) if country.is_empty() => o.code.clone(),
            _ => country.to_owned(),
        };
        let actor = Actor {
            name: person.name.clone(),
            code: country,
            kind: Kind::Person,
            offices,
            from: None,
            to: None,
            homes: Vec::new(),
            file: file.to_owned(),
            own: false,
        };
        let all = [&person.name].into_iter().chain(&person.variants).chain(&person.aliases);
        let all: Vec<(&String, Vec<String>)> = all.map(|n| (n, words(n))).collect();
        // Offices in several files are one person's.
        let whole = &all[0].1;
        let index = match self.people.get(whole) {
            Some(&known) => {
                self.list[known].offices.extend(actor.offices);
                known
            }
            None => {
                self.people.insert(whole.clone(), self.list.len());
                self.add(actor, [])
            }
        };
        for (name, parts) in all {
            if let Some(family) = parts.last() {
                match self.families.get_mut(family) {
                    Some(bucket) if bucket.contains(&index) => {}
                    Some(bucket) => bucket.push(index),
                    None => {
                        self.families.insert(family.clone(), vec![index]);
                    }
                }
            }
            self.add_name(index, name, parts);
        }
    }

    fn add<'a>(&mut self, actor: Actor, names: impl IntoIterator<Item = &'a String>) -> usize {
        let index = self.list.len();
        self.list.push(Actor { own: self.own, ..actor });
        self.add_names(index, names);
        index
    }

    fn add_names<'a>(&mut self, index: usize, names: impl IntoIterator<Item = &'a String>) {
        for name in names {
            self.add_name(index, name, words(name));
        }
    }

    /// Adds a name, given also as its words.
    fn add_name(&mut self, index: usize, name: &str, parts: Vec<String>) {
        let Some(first) = parts.first() else { return };
        let caps = parts.len() == 1 && !name.chars().any(char::is_lowercase) && name.chars().filter(|c| c.is_alphabetic()).count() <= 5;
        let Some(bucket) = self.by_first.get_mut(first) else {
            self.by_first.insert(first.clone(), vec![Name { words: parts, actor: index, caps }]);
            return;
        };
        // Names of one actor come one after the other.
        match bucket.iter_mut().rev().take_while(|n| n.actor == index).find(|n| n.words == parts) {
            // "HAMAS" and "Hamas": the freer spelling holds.
            Some(n) => n.caps &= caps,
            None => bucket.push(Name { words: parts, actor: index, caps }),
        }
    }

    /// Puts longest names first; called once after the last file.
    pub(super) fn seal(&mut self) {
        for bucket in self.by_first.values_mut() {
            bucket.sort_by(|a, b| b.words.len().cmp(&a.words.len()).then(a.actor.cmp(&b.actor)));
        }
        for actor in &mut self.list {
            actor.offices.sort_by_key(|o| o.from);
        }
    }

    /// The longest names starting at the first of `words` (folded), with the word's looks in
    /// `upper` (whether every letter is a capital). Several actors may bear the same name.
    pub fn at(&self, words: &[String], upper: &[bool]) -> Vec<Found> {
        let Some(bucket) = words.first().and_then(|w| self.by_first.get(w)) else { return Vec::new() };
        let mut found: Vec<Found> = Vec::new();
        for name in bucket {
            let n = name.words.len();
            if found.first().is_some_and(|f| f.words > n) {
                break;
            }
            let fits = words.len() >= n && words[..n] == name.words[..];
            if fits && (!name.caps || upper.first().copied().unwrap_or(false)) {
                found.push(Found { actor: name.actor, words: n });
            }
        }
        found
    }

    /// Names that count in this text: those whose context stands in it, as words with their actor.
    pub fn in_context(&self, text: &str) -> Vec<(Vec<String>, usize)> {
        let mut out: Vec<(Vec<String>, usize)> = Vec::new();
        for (actor, context, names) in &self.conditional {
            if context.iter().any(|c| text.contains(c.as_str())) {
                out.extend(names.iter().map(|n| (words(n), *actor)));
            }
        }
        out.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        out
    }

    /// The state with this code.
    pub fn state(&self, code: &str) -> Option<&Actor> {
        self.states.get(code).map(|&i| &self.list[i])
    }

    /// Names borne by several actors of different code at overlapping times.
    pub(super) fn clashes(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut firsts: Vec<_> = self.by_first.iter().collect();
        firsts.sort_by(|a, b| a.0.cmp(b.0));
        for (_, bucket) in firsts {
            for (i, a) in bucket.iter().enumerate() {
                for b in &bucket[i + 1..] {
                    let (x, y) = (&self.list[a.actor], &self.list[b.actor]);
                    let apart = x.own
                        || y.own
                        || x.kind == Kind::Person
                        || y.kind == Kind::Person
                        || x.to.zip(y.from).is_some_and(|(to, from)| to < from)
                        || y.to.zip(x.from).is_some_and(|(to, from)| to < from);
                    if a.words == b.words && a.caps == b.caps && x.code != y.code && !apart {
                        problems.push(Problem::warning(
                            &x.file,
                            format!("\"{}\" is {} here and {} in {}", a.words.join(" "), x.code, y.code, y.file),
                            "take the name out of one, or give both dates",
                        ));
                    }
                }
            }
        }
        problems
    }
}

impl Actor {
    /// The office held on a day; the latest begun when several are.
    pub fn office(&self, on: Option<Date>) -> Option<&Office> {
        let on = on?;
        self.offices.iter().filter(|o| o.from.is_none_or(|f| f <= on) && o.to.is_none_or(|t| on <= t)).max_by_key(|o| o.from)
    }

    /// Whether this code holds on a day (always, when the day is unknown).
    pub fn valid(&self, on: Option<Date>) -> bool {
        on.is_none_or(|on| self.from.is_none_or(|f| f <= on) && self.to.is_none_or(|t| on <= t))
    }

    /// Code of a person on a day: the office's, country + ELI after the last, the last known
    /// office's when the day is not known.
    pub fn person_code(&self, on: Option<Date>) -> String {
        if let Some(office) = self.office(on) {
            return office.code.clone();
        }
        let Some(on) = on else {
            // The office held longest into our days.
            let last = self.offices.iter().max_by_key(|o| (o.to.unwrap_or(Date::MAX), o.from));
            return last.map_or_else(|| self.code.clone(), |o| o.code.clone());
        };
        let last = self.offices.iter().filter(|o| o.to.is_some_and(|t| t < on)).max_by_key(|o| o.to);
        match last {
            Some(o) => format!("{}ELI", o.code.get(..3).unwrap_or(&o.code)),
            None => self.offices.first().map_or_else(|| self.code.get(..3).unwrap_or(&self.code).to_owned(), |o| o.code.clone()),
        }
    }
}
