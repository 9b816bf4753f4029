//! Noun phrases to actors: names, titles, common nouns, owners.

mod owner;
mod person;

use super::memory::{Memory, Resolved, Sort};
use super::names::{Hit, Names};
use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::actors::Kind;
use crate::knowledge::agents::Agent;
use crate::knowledge::pattern::Family;
use crate::model::{Link, syntax::Upos};
use owner::{Owner, join};

/// Phrases within phrases are followed this far: a title before a name may itself hold the name.
const DEPTH: usize = 5;

/// Everything a noun phrase is read with.
pub struct Phrases<'a, 'k> {
    /// The sentence.
    pub tree: &'a Tree<'a>,
    /// Names in it.
    pub names: &'a Names<'k>,
    /// What the article told so far.
    pub memory: &'a Memory<'k>,
    /// Mentions of the sentence found so far, for owners that are pronouns ("his ministry").
    pub at: &'a [Vec<Resolved>],
}

impl<'k> Phrases<'_, 'k> {
    /// Actors named by the noun phrase whose head is `h`, conjuncts of `h` left out. Several when
    /// several states share the head ("Egyptian and Ethiopian ministers").
    pub fn resolve(&self, h: usize) -> Vec<Resolved> {
        self.resolve_at(h, 0)
    }

    fn resolve_at(&self, h: usize, depth: usize) -> Vec<Resolved> {
        if depth > DEPTH || h >= self.tree.len() {
            return Vec::new();
        }
        if let Some(r) = self.shortened(h) {
            return vec![r];
        }
        if let Some(hit) = self.person_in(h) {
            // A family name alone is whoever the article introduced by it.
            if hit.end - hit.start == 1
                && let Some(r) = self.heard_of(h)
            {
                return vec![r];
            }
            return vec![self.person(h, hit)];
        }
        if let Some(hit) = self.names.at(h) {
            // "Kurdistan Workers' Party leader": the name ends before the head.
            return self.named(h, hit, depth);
        }
        if self.tree.upos(h) == Upos::PRON {
            return Vec::new();
        }
        if self.transparent(h)
            && let Some(inner) = self.of(h)
        {
            let r: Vec<Resolved> = self
                .tree
                .conjuncts(inner)
                .into_iter()
                .flat_map(|c| self.resolve_at(c, depth + 1))
                .filter(|r| r.sort != Sort::State && r.sort != Sort::Place)
                .map(|mut r| {
                    r.span = r.span.join(self.tree.span(h));
                    r.head = h;
                    self.following(h, r)
                })
                .collect();
            if !r.is_empty() {
                return r;
            }
        }
        if let Some(agent) = self.agent(h) {
            return if self.office_alone(h, agent) { Vec::new() } else { self.agents(h, agent, depth) };
        }
        // "the Indian Ocean", "the Russian language", "a former French colony"
        if self.memory.k.agents.relational.named_only.contains(self.tree.lemma(h)) {
            return Vec::new();
        }
        // "the enemy"
        if self.memory.k.agents.relational.foe.contains(self.tree.lemma(h))
            && self.tree.with(h, Rels::NMOD | Rels::AMOD | Rels::COMPOUND | Rels::COP).next().is_none()
            && let Some(o) = self.enemy()
        {
            return vec![Resolved { link: Link::Definite, sort: Sort::Body, ..self.owned(h, o) }];
        }
        if self.tree.upos(h) == Upos::PROPN || self.tree.word(h).chars().next().is_some_and(char::is_uppercase) {
            let r = self.titled(h, depth);
            if !r.is_empty() {
                return r;
            }
        }
        // "attacks in Syria" are nobody's in particular.
        let frames = &self.memory.k.frames;
        let harm = |key: &String| {
            let mut deeds = frames.triggers(key).iter().map(|&t| frames.get(t));
            deeds.any(|(f, p)| p.family == Family::Noun && matches!(f.code.get(..2), Some("14" | "18" | "19" | "20")))
        };
        let rel = &self.memory.k.agents.relational;
        let relation = |set: &rustc_hash::FxHashSet<String>| set.contains(self.tree.lemma(h));
        if [&rel.friend, &rel.foe, &rel.neighbour].into_iter().any(relation) {
            // "its ally Chad"
            let beside =
                self.tree.with(h, Rels::APPOS | Rels::FLAT | Rels::COMPOUND | Rels::NMOD).filter(|&k| k > h && self.tree.case(k).is_none());
            if let Some((k, hit)) = beside.filter_map(|k| Some((k, self.names.at(k)?))).next() {
                return self.named(k, hit, depth).into_iter().map(|r| Resolved { head: h, ..r }).collect();
            }
        }
        let owners = if [&rel.friend, &rel.foe, &rel.neighbour].into_iter().any(relation) {
            // "its Syrian partners" are Syria's, "its partners" nobody's that is known.
            self.described_owners(h, depth)
        } else if self.tree.keys(h).iter().any(harm) {
            self.possessors(h, depth)
        } else {
            self.owners(h, depth)
        };
        owners
            .into_iter()
            .map(|o| match o.sort {
                // "the president's supporters"
                Sort::Person => self.following(h, Resolved { sort: Sort::Person, ..self.owned(h, o) }),
                _ => self.owned(h, o),
            })
            .map(|r| if r.sort == Sort::Person { Resolved { sort: Sort::Thing, ..r } } else { r })
            .collect()
    }

    /// Capitals that the article has used for somebody, unless the lists have them for the same.
    fn shortened(&self, h: usize) -> Option<Resolved> {
        let r = self.memory.shortened(self.tree.word(h))?;
        let other = self.names.at(h).is_none_or(|hit| hit.end - hit.start == 1 && hit.actor.name != r.name);
        other.then(|| linked(self.tree, h, r.clone(), Link::ShortForm))
    }

    /// What belongs to an owner.
    fn owned(&self, h: usize, o: Owner) -> Resolved {
        Resolved {
            code: o.code,
            name: o.name,
            office: None,
            sort: Sort::Thing,
            head: h,
            span: self.core_span(h),
            link: Link::Named,
            why: vec![o.why],
            plural: false,
            country_implied: false,
            named: false,
            stateless: false,
            seat: false,
            nation: false,
        }
    }

    /// "ran for president", "stocks in general": an office and nobody in it.
    fn office_alone(&self, h: usize, agent: &Agent) -> bool {
        let tree = self.tree;
        agent.title
            && agent.words.len() == 1
            && tree.xpos(h) == "NN"
            && tree.case(h).is_some_and(|p| !tree.agentive(&p))
            && tree
                .with(
                    h,
                    Rels::DET | Rels::NMOD | Rels::AMOD | Rels::COMPOUND | Rels::FLAT | Rels::APPOS | Rels::NUMMOD | Rels::ACL | Rels::CONJ,
                )
                .next()
                .is_none()
            && tree.word(h).chars().all(|c| !c.is_uppercase())
    }

    /// "supporters of the president" are people, "supporters of the ousted president" the opposition.
    fn following(&self, h: usize, r: Resolved) -> Resolved {
        let followers = self.memory.k.agents.modifiers.followers.contains(self.tree.lemma(h));
        let sector = match r.code.get(3..) {
            _ if !followers || r.sort != Sort::Person => return r,
            Some("GOV" | "MIL" | "") => "CVL",
            Some("ELI") => "OPP",
            _ => return r,
        };
        let code = format!("{}{sector}", r.code.get(..3).unwrap_or(""));
        Resolved { code, sort: Sort::Agent, named: false, plural: true, office: None, name: self.words(h), ..r }
    }

    fn transparent(&self, h: usize) -> bool {
        let m = &self.memory.k.agents.modifiers.transparent;
        // "two of our soldiers"
        m.contains(self.tree.lemma(h)) || m.contains(&self.tree.forms[h]) || self.tree.upos(h) == Upos::NUM
    }

    /// Head of the "of" phrase.
    fn of(&self, h: usize) -> Option<usize> {
        self.tree.with(h, Rels::NMOD | Rels::OBL).find(|&k| self.tree.prep(k).is_some_and(|p| self.tree.genitive(p)))
    }

    fn named(&self, h: usize, hit: &Hit<'k>, depth: usize) -> Vec<Resolved> {
        let a = hit.actor;
        let sort = match a.kind {
            Kind::State | Kind::Seat => Sort::State,
            Kind::Demonym => Sort::People,
            Kind::Place => Sort::Place,
            Kind::Agency | Kind::Body => Sort::Body,
            Kind::Person => Sort::Person,
        };
        let mut code = self.country_of(hit);
        let mut sort = sort;
        let mut nation = false;
        // "the Indian Congress" is not the American one, "Saddam's Baath Party" not the Syrian; "the U.S. Embassy in
        // Chad" stays American.
        let whose = |o: &Owner| o.code.len() == 3 && o.sort == Sort::State || o.sort == Sort::Person && a.code.ends_with("PTY");
        if a.kind == Kind::Agency
            && let Some(country) = self
                .possessors(h, depth + 1)
                .into_iter()
                .filter(whose)
                .find_map(|o| o.code.get(..3).map(str::to_owned).filter(|c| !a.code.starts_with(c.as_str())))
        {
            let sector = a.code.get(3..).unwrap_or("");
            code = format!("{country}{sector}");
        }
        if sort == Sort::People {
            // An adjective standing alone is the state ("Israeli, Palestinian and US officials").
            if self.tree.upos(h) == Upos::ADJ && self.tree.base(h) != "nsubj" && self.tree.base(h) != "obj"
                || matches!(self.tree.base(h), "amod" | "compound")
                || self.tree.rel(h) == "nmod:desc"
            {
                sort = Sort::State;
            } else {
                // "ethnic Albanians in Serbia", "the Albanians of Serbia"
                let ethnic = self.tree.with(h, Rels::AMOD).any(|k| self.memory.k.agents.modifiers.ethnic.contains(&self.tree.forms[k]));
                let of = self.of(h).is_some();
                if (ethnic || of)
                    && let Some(o) = self.owners(h, depth + 1).into_iter().find(|o| o.code.len() == 3 && o.sort != Sort::Body)
                {
                    code = o.code;
                }
                // "the Palestinians rejected …", but not "thousands of Palestinians" or "Palestinians in Gaza".
                let det = |d: usize| self.memory.k.grammar.definites.contains(&self.tree.forms[d]);
                nation = matches!(self.tree.xpos(h), "NNS" | "NNPS")
                    && a.homes.is_empty()
                    && self.tree.with(h, Rels::DET).any(det)
                    && self.tree.with(h, Rels::AMOD | Rels::NMOD | Rels::ACL | Rels::NUMMOD | Rels::COMPOUND).next().is_none();
                code.push_str("CVL");
            }
        }
        let name = if matches!(a.kind, Kind::Demonym | Kind::Seat) {
            self.memory.k.actors.state(&a.code).map_or_else(|| a.name.clone(), |s| s.name.clone())
        } else {
            a.name.clone()
        };
        vec![Resolved {
            code,
            name,
            office: None,
            sort,
            head: h,
            span: self.tree.span(hit.start).join(self.tree.span(hit.end - 1)),
            link: Link::Named,
            why: vec![format!("{}#{}", a.file, a.name)],
            plural: self.tree.xpos(h) == "NNS" || self.tree.xpos(h) == "NNPS",
            country_implied: false,
            named: false,
            stateless: false,
            seat: a.kind == Kind::Seat,
            nation,
        }]
    }

    /// Longest agent phrase ending at `h`.
    pub fn agent(&self, h: usize) -> Option<&'k Agent> {
        let agents = &self.memory.k.agents;
        // Of two as long the word as it stands: "people" is more than the plural of "person".
        let found = [self.tree.lemma(h), self.tree.forms[h].as_str()].into_iter().filter_map(|key| {
            agents.with_head(key).iter().find(|a| {
                let mut at = h;
                a.words.iter().rev().skip(1).all(|w| {
                    while at > 0 && self.tree.word(at - 1) == "-" {
                        at -= 1;
                    }
                    at > 0 && {
                        at -= 1;
                        self.tree.is(at, w)
                    }
                })
            })
        });
        found.max_by_key(|a| a.words.len())
    }

    fn agents(&self, h: usize, agent: &Agent, depth: usize) -> Vec<Resolved> {
        let (sector, mut why) = self.sector(h, agent);
        let mut owners = self.owners(h, depth);
        let plural = matches!(self.tree.xpos(h), "NNS" | "NNPS");
        let words = agent.words.join(" ");
        why.insert(0, format!("actors/agents.toml#{words}"));
        let mut implied = false;
        if owners.is_empty() && !armed(&sector) {
            owners = self.shared(h, depth);
        }
        if owners.is_empty() {
            // "a rebel base" is some rebels', "a base" nobody's.
            if (agent.weak || agent.thing) && sector == agent.sector {
                return Vec::new();
            }
            if let Some(o) = self.implied_owner(h, &sector) {
                implied = true;
                owners.push(o);
            }
        }
        if owners.is_empty() {
            // A sector without a country still is somebody.
            owners.push(Owner { code: String::new(), sort: Sort::Agent, why: String::new(), name: String::new() });
        }
        owners
            .into_iter()
            .map(|o| {
                // "the rebels' base" is the rebels', "a camp for refugees" the refugees'.
                let whole = agent.thing && o.code.len() > 3 && o.sort == Sort::Agent;
                // "the Hezbollah faction" is Hezbollah.
                let whole = whole || agent.weak && o.sort == Sort::Body && o.code.len() >= 6;
                let code = if whole { o.code.clone() } else { join(&o, &sector) };
                let mut why = why.clone();
                if !o.why.is_empty() {
                    why.push(if implied { format!("{} (from the article)", o.why) } else { o.why.clone() });
                }
                let name = if o.name.is_empty() {
                    self.words(h)
                } else if implied {
                    format!("{} ({})", self.words(h), o.name)
                } else {
                    self.words(h)
                };
                Resolved {
                    code,
                    name,
                    office: agent.title.then(|| words.clone()),
                    sort: if agent.thing {
                        Sort::Thing
                    } else if agent.title && !plural {
                        Sort::Person
                    } else {
                        Sort::Agent
                    },
                    head: h,
                    span: self.core_span(h),
                    link: if implied { Link::Implied } else { Link::Named },
                    why,
                    plural,
                    country_implied: implied,
                    named: false,
                    stateless: o.code.is_empty(),
                    seat: false,
                    nation: false,
                }
            })
            .map(|r| self.stray_name(h, agent, r))
            .collect()
    }

    /// "the government and people of Chad", "Chadian police and soldiers": whose the first is, the second
    /// is, too.
    fn shared(&self, h: usize, depth: usize) -> Vec<Owner> {
        let own = self.tree.with(h, Rels::DET | Rels::NMOD | Rels::AMOD | Rels::COMPOUND | Rels::NUMMOD).next().is_some();
        let first = self.tree.head(h).filter(|&f| !own && f < h && self.tree.base(h) == "conj" && self.agent(f).is_some());
        first.map(|f| self.owners(f, depth + 1)).unwrap_or_default()
    }

    /// Sector after qualifiers and "former".
    fn sector(&self, h: usize, agent: &Agent) -> (String, Vec<String>) {
        let agents = &self.memory.k.agents;
        let mut sector = agent.sector.clone();
        let mut why = Vec::new();
        let neutral = agent.weak
            || agents.modifiers.neutral.contains(agent.words.last().map_or("", String::as_str))
            || agents.modifiers.transparent.contains(self.tree.lemma(h));
        for k in self.tree.with(h, Rels::AMOD | Rels::COMPOUND | Rels::NMOD) {
            if self.tree.base(k) == "nmod" && self.tree.rel(k) != "nmod:poss" && self.tree.rel(k) != "nmod:desc" {
                continue;
            }
            let words = [self.tree.lemma(k), self.tree.forms[k].as_str()];
            if agent.words.len() > 1 && k + agent.words.len() > h {
                continue;
            }
            if let Some(q) = words.iter().find_map(|w| agents.qualified(w, &agent.sector, neutral)) {
                why.push(format!("qualifier {}", self.tree.word(k)));
                sector = q.to_owned();
            }
        }
        if agent.title && self.former(h) {
            sector = "ELI".to_owned();
            why.push("former".to_owned());
        }
        (sector, why)
    }

    /// The phrase's own words, relative clauses and prepositions left out.
    pub fn core_span(&self, h: usize) -> crate::model::Span {
        let mut span = self.tree.span(h);
        for k in self.tree.with(h, Rels::AMOD | Rels::COMPOUND | Rels::FLAT | Rels::NMOD | Rels::NUMMOD | Rels::DET) {
            let inner = self.tree.base(k) != "nmod" || self.tree.case(k).is_none();
            if inner && self.tree.rel(k) != "acl" && k.abs_diff(h) < 12 {
                let (lo, hi) = self.tree.extent(k);
                span = span.join(self.tree.span(lo));
                if hi > h && self.tree.base(k) == "flat" {
                    span = span.join(self.tree.span(hi));
                }
            }
        }
        span
    }

    fn words(&self, h: usize) -> String {
        self.core_span(h).of(self.tree.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Sectors that fight or contest their state, and are not its own.
fn armed(sector: &str) -> bool {
    matches!(sector, "REB" | "UAF" | "PRM" | "OPP" | "CRM")
}

/// The same actor at another place of the text.
pub fn linked(tree: &Tree<'_>, i: usize, mut r: Resolved, link: Link) -> Resolved {
    r.why.push(format!("{} \"{}\" → {}", link.as_str(), tree.word(i), r.name));
    r.link = link;
    r.head = i;
    r.span = tree.span(i);
    r
}
