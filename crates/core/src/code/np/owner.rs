//! Whose a noun is: countries and bodies in its phrase, or in the article.

use super::super::rels::Rels;
use super::{DEPTH, Phrases};
use crate::code::memory::{Resolved, Sort};
use crate::code::names::Hit;
use crate::knowledge::actors::Kind;
use crate::knowledge::words::{fold, words};
use crate::model::{Link, syntax::Upos};
use rustc_hash::FxHashSet as HashSet;

/// Whose something is: countries or bodies found in a phrase.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub code: String,
    pub sort: Sort,
    pub why: String,
    pub name: String,
}

impl Phrases<'_, '_> {
    pub(super) fn owners(&self, h: usize, depth: usize) -> Vec<Owner> {
        self.owners_of(h, None, depth)
    }

    /// Names in front of a noun, its possessor left aside.
    pub(super) fn described_owners(&self, h: usize, depth: usize) -> Vec<Owner> {
        let mut out = Vec::new();
        for k in self.tree.with(h, Rels::AMOD | Rels::COMPOUND) {
            self.modifier_owner(k, h, depth, &mut out);
        }
        out
    }

    /// Owners by possession or origin, places left out.
    pub(super) fn possessors(&self, h: usize, depth: usize) -> Vec<Owner> {
        self.belonging(h, None, depth, &|prep| !self.memory.k.grammar.places.contains(prep))
    }

    /// Countries and bodies a head belongs to: modifiers first, then "of", then "from", "in".
    pub(super) fn owners_of(&self, h: usize, skip: Option<usize>, depth: usize) -> Vec<Owner> {
        self.belonging(h, skip, depth, &|_| true)
    }

    fn belonging(&self, h: usize, skip: Option<usize>, depth: usize, takes: &dyn Fn(&str) -> bool) -> Vec<Owner> {
        let mut out = Vec::new();
        if depth > DEPTH {
            return out;
        }
        if let Some(o) = self.before_participle(h, &self.memory.k.agents.modifiers.holding) {
            return vec![o];
        }
        // "a village held by the rebels" is theirs.
        out.extend(self.by_participle(h, &self.memory.k.agents.modifiers.holding, depth));
        if !out.is_empty() {
            return out;
        }
        let mut kids: Vec<usize> =
            self.tree.with(h, Rels::AMOD | Rels::COMPOUND | Rels::NMOD | Rels::FLAT | Rels::NUMMOD).filter(|&k| Some(k) != skip).collect();
        kids.sort_by_key(|&k| k.abs_diff(h));
        for &k in &kids {
            if self.tree.base(k) == "nmod" && self.tree.case(k).is_some() && self.tree.rel(k) != "nmod:poss" {
                continue;
            }
            self.modifier_owner(k, h, depth, &mut out);
            if !out.is_empty() {
                break;
            }
        }
        if !out.is_empty() {
            return out;
        }
        let g = &self.memory.k.grammar;
        let mut phrases: Vec<(u8, usize)> = self
            .tree
            .with(h, Rels::NMOD | Rels::OBL)
            .filter_map(|k| {
                let prep = self.tree.case(k)?;
                (g.belonging.contains(&prep) && takes(&prep)).then_some((if self.tree.genitive(&prep) { 0 } else { 1 }, k))
            })
            .collect();
        phrases.sort_unstable();
        for (_, k) in phrases {
            for c in self.tree.conjuncts(k) {
                out.extend(self.named_owners(c, depth));
            }
            if !out.is_empty() {
                return out;
            }
        }
        // "rebels operating in Chad"
        let m = &self.memory.k.agents.modifiers;
        for v in self.tree.with(h, Rels::ACL).filter(|&v| m.residing.contains(self.tree.lemma(v))) {
            for k in self.tree.with(v, Rels::OBL).filter(|&k| self.tree.case(k).is_some_and(|p| g.belonging.contains(&p))) {
                out.extend(self.named_owners(k, depth));
            }
        }
        // "the coalition led by Chad"
        out.extend(self.by_participle(h, &m.leading, depth));
        // "the government and people of Chad"
        let shared = |&c: &usize| c > h && self.tree.with(c, Rels::DET | Rels::AMOD | Rels::COMPOUND).next().is_none();
        if let Some(c) = self.tree.with(h, Rels::CONJ).find(shared).filter(|_| out.is_empty()) {
            out = self.belonging(c, None, depth + 1, takes);
        }
        out
    }

    /// Whoever stands behind a participle and "by" after `h`.
    fn by_participle(&self, h: usize, participles: &HashSet<String>, depth: usize) -> Vec<Owner> {
        let agent = |k: &usize| self.tree.case(*k).is_some_and(|p| self.memory.k.grammar.agents.contains(&p));
        let mut out = Vec::new();
        for v in self.tree.with(h, Rels::ACL).filter(|&v| participles.contains(&self.tree.forms[v])) {
            for k in self.tree.with(v, Rels::OBL).filter(agent) {
                out.extend(self.named_owners(k, depth));
            }
        }
        out
    }

    fn named_owners(&self, k: usize, depth: usize) -> Vec<Owner> {
        let found = self.resolve_at(k, depth + 1).into_iter().filter(|r| r.code.len() >= 3 && !r.stateless);
        found.map(|r| Owner { code: r.code.clone(), sort: r.sort, why: r.why.first().cloned().unwrap_or_default(), name: r.name }).collect()
    }

    /// Who stands right before a participle in front of `h`: "rebel-held", "Saudi-led".
    fn before_participle(&self, h: usize, participles: &HashSet<String>) -> Option<Owner> {
        let mut at = h;
        // Modifiers of one head stand close together.
        for _ in 0..4 {
            at = at.checked_sub(1)?;
            let form = self.tree.forms[at].rsplit('-').next().unwrap_or("");
            if participles.contains(form) {
                let whole = self.tree.forms[at].contains('-');
                let hyphen = at.checked_sub(1).filter(|&b| self.tree.word(b) == "-");
                let who = if whole { at } else { hyphen?.checked_sub(1)? };
                if let Some(hit) = self.names.at(who).filter(|x| x.actor.kind != Kind::Place) {
                    return Some(self.by_name(hit));
                }
                let agent = self.agent(who).filter(|a| !a.weak && !a.thing)?;
                // Not by this participle again: "the Shia-led government".
                let country = self.unnamed_owner(h, &agent.sector);
                let code = format!("{}{}", country.as_ref().and_then(|o| o.code.get(..3)).unwrap_or(""), agent.sector);
                let why = format!("actors/agents.toml#{}", agent.words.join(" "));
                return Some(Owner { code, sort: Sort::Agent, why, name: self.tree.word(who).to_owned() });
            }
            if !matches!(self.tree.upos(at), Upos::ADJ | Upos::NOUN | Upos::PROPN | Upos::PUNCT) {
                return None;
            }
        }
        None
    }

    /// A name as an owner.
    fn by_name(&self, hit: &Hit<'_>) -> Owner {
        let a = hit.actor;
        let code = if a.kind == Kind::Person { a.person_code(self.memory.date) } else { self.country_of(hit) };
        let sort = match a.kind {
            Kind::Agency | Kind::Body => Sort::Body,
            Kind::Person => Sort::Person,
            Kind::Place => Sort::Place,
            // Away from the home where it may rule itself.
            Kind::Demonym if code != a.code => Sort::People,
            _ => Sort::State,
        };
        let name = match a.kind {
            Kind::Demonym | Kind::Seat => self.memory.k.actors.state(&code).map_or_else(|| a.name.clone(), |s| s.name.clone()),
            _ => a.name.clone(),
        };
        Owner { code, sort, why: format!("{}#{}", a.file, a.name), name }
    }

    /// Code of a name. A people without a state is at home where the sentence says, else where
    /// the article does.
    pub(super) fn country_of(&self, hit: &Hit<'_>) -> String {
        let homes = &hit.actor.homes;
        let here = self
            .names
            .hits
            .iter()
            .filter(|x| x.start != hit.start && x.actor.homes.is_empty() && homes.contains(&x.actor.code))
            // "Kurds in Syria" wherever else the sentence has been.
            .min_by_key(|x| {
                let place = (x.start..x.end).any(|t| self.tree.case(t).is_some_and(|p| self.memory.k.grammar.places.contains(&p)));
                // "Turkish Kurds in Iraq" are Turkey's.
                let beside = x.end == hit.start || hit.end == x.start;
                (!beside, !place, x.start.abs_diff(hit.start))
            });
        match here {
            _ if homes.is_empty() => hit.actor.code.clone(),
            Some(x) => x.actor.code.clone(),
            None => self.memory.most_named(homes).map_or_else(|| hit.actor.code.clone(), str::to_owned),
        }
    }

    /// Names in a modifier of `h`, and those joined to it.
    pub(super) fn modifier_owner(&self, k: usize, h: usize, depth: usize, out: &mut Vec<Owner>) {
        let m = &self.memory.k.agents.modifiers;
        if m.backed.contains(&self.tree.forms[k]) || self.foreign_participle(k) {
            return;
        }
        if let Some(hit) = self.names.at(k) {
            let called = matches!(hit.actor.kind, Kind::Place | Kind::Seat) && self.memory.k.grammar.pacts.contains(self.tree.lemma(h));
            if !called && (hit.end <= h || hit.start > h || k > h) {
                // "anti-Israeli", "pro-Russian": feeling, not belonging.
                let before = hit.start.checked_sub(1).map(|b| if self.tree.word(b) == "-" { b.saturating_sub(1) } else { b });
                // "anti-Israeli" in one word
                let first = self.tree.forms[hit.start].split_once('-').map(|(first, _)| first);
                let whole = first.is_some_and(|p| m.stance.contains(p) || m.stance.contains(&format!("{p}-")));
                let stance = whole
                    || before
                        .is_some_and(|b| m.stance.contains(&self.tree.forms[b]) || m.stance.contains(&format!("{}-", self.tree.forms[b])));
                // "armed" of "armed groups" is the group's own word.
                let own = self.agent(h).map_or(h, |a| (h + 1).saturating_sub(a.words.len()));
                let backed = (hit.end..own).take(3).any(|t| m.backed.contains(&self.tree.forms[t]));
                let ethnic = before.is_some_and(|b| m.ethnic.contains(&self.tree.forms[b])) && self.elsewhere(h, hit);
                if !stance && !backed && !ethnic {
                    let owner = self.by_name(hit);
                    if !out.iter().any(|o: &Owner| o.code == owner.code) {
                        out.push(owner);
                    }
                }
            }
        } else if let Some(found) = self.at.get(k).filter(|f| !f.is_empty() && self.tree.rel(k) == "nmod:poss") {
            for r in found.iter().filter(|r| !r.stateless) {
                out.push(Owner {
                    code: r.code.clone(),
                    sort: r.sort,
                    why: r.why.last().cloned().unwrap_or_default(),
                    name: r.name.clone(),
                });
            }
        } else if self.tree.rel(k) == "nmod:poss" {
            out.extend(self.named_owners(k, depth));
        }
        for c in self.tree.with(k, Rels::CONJ | Rels::COMPOUND | Rels::AMOD | Rels::NMOD | Rels::FLAT).collect::<Vec<_>>() {
            let inner = matches!(self.tree.base(c), "conj") || self.tree.case(c).is_none();
            let name = || self.names.at(c).is_some_and(|hc| self.names.at(k).is_none_or(|hk| hk.start != hc.start));
            // "NATO Secretary-General Jane Doe": the name hangs on the title's first word.
            let title = || c < k && (c + 1..k).all(|t| self.tree.word(t) == "-") && self.agent(k).is_some_and(|a| a.words.len() > 1);
            if depth < 4 && inner && (name() || title()) {
                self.modifier_owner(c, h, depth + 1, out);
            }
        }
    }

    /// Whether the phrase names another state than a nation's own: "ethnic Albanians in Serbia".
    pub(super) fn elsewhere(&self, h: usize, hit: &Hit<'_>) -> bool {
        let (lo, hi) = self.tree.extent(h);
        let states = |x: &&Hit<'_>| matches!(x.actor.kind, Kind::State | Kind::Place | Kind::Seat);
        self.names.hits.iter().filter(states).any(|x| x.start >= lo && x.end <= hi + 1 && x.actor.code != hit.actor.code)
    }

    /// A participle modifier has its own subject: "Turkish-backed", "Iran-trained".
    pub(super) fn foreign_participle(&self, k: usize) -> bool {
        self.tree.upos(k) == Upos::VERB && matches!(self.tree.xpos(k), "VBN" | "VBD") && self.names.at(k).is_none()
    }

    /// "the enemy": the armed group the article told of last.
    pub(super) fn enemy(&self) -> Option<Owner> {
        let r = self.memory.last(|r| r.sort == Sort::Body && armed(&r.code))?;
        Some(Owner { code: r.code.clone(), sort: r.sort, why: format!("the enemy: {}", r.name), name: r.name.clone() })
    }

    /// For "the army" with no country: the last mention of that sector, the state named before
    /// in the sentence, the state the article is about.
    pub(super) fn implied_owner(&self, h: usize, sector: &str) -> Option<Owner> {
        if let Some(o) = self.before_participle(h, &self.memory.k.agents.modifiers.leading) {
            return Some(o);
        }
        // "allied forces", "a multinational force": the article's main state is as often their enemy.
        let alien = |k: usize| self.memory.k.agents.modifiers.alien.contains(&self.tree.forms[k]);
        if matches!(sector, "MIL" | "COP" | "PRM") && self.tree.with(h, Rels::AMOD | Rels::COMPOUND).any(alien) {
            return None;
        }
        self.unnamed_owner(h, sector)
    }

    /// The same, participles before the noun left aside.
    fn unnamed_owner(&self, h: usize, sector: &str) -> Option<Owner> {
        let foe = &self.memory.k.agents.relational.foe;
        if self.tree.with(h, Rels::COMPOUND | Rels::AMOD).chain([h]).any(|k| foe.contains(&self.tree.forms[k])) {
            return self.enemy();
        }
        let g = &self.memory.k.grammar;
        let definite = self.tree.definite(h);
        // Nobody calls the own government a regime, and people nobody places are not at home in a
        // government's words about another country.
        let local = !matches!(sector, "GOV" | "LEG" | "JUD");
        let disowned = g.disowned.contains(&self.tree.forms[h]);
        let home = self.memory.home().filter(|_| disowned || local && !matches!(sector, "MIL" | "COP"));
        let known =
            |r: &Resolved| r.code.len() >= 6 && r.link == Link::Named && !r.country_implied && !(disowned && home == Some(r.country()));
        // "Foreign Secretary welcomes …", before anybody was named.
        let titled =
            self.memory.titled.as_ref().filter(|r| r.office.as_deref().is_some_and(|o| words(o).iter().any(|w| *w == self.tree.forms[h])));
        let same = titled.filter(|_| !definite);
        let named = definite
            .then(|| {
                // "the ministry": the one last called so, then whoever last had the office, then
                // whoever last was of that kind.
                let head = self.tree.forms[h].as_str();
                let called = |r: &Resolved| known(r) && r.name.rsplit(' ').next().is_some_and(|w| fold(w) == head);
                let office = |r: &Resolved| known(r) && r.office.as_deref().is_some_and(|o| words(o).iter().any(|w| w == head));
                let kind = |r: &Resolved| {
                    known(r)
                        && (r.code.ends_with(sector) && !sector.is_empty() || sector == "REB" && r.sort == Sort::Body && armed(&r.code))
                };
                self.memory.last(called).or_else(|| self.memory.last(office)).or_else(|| self.memory.last(kind))
            })
            .flatten();
        if let Some(r) = same.or(named) {
            return Some(Owner { code: r.code.clone(), sort: r.sort, why: format!("{} named before", r.name), name: r.name.clone() });
        }
        // "attacked a rebel base in Yemen": where it happened, unless a seat of power is meant.
        let verb = std::iter::successors(self.tree.head(h), |&v| self.tree.head(v)).take(3).find(|&v| self.tree.verbal(v));
        let place = verb.filter(|_| local).into_iter().flat_map(|v| self.tree.with(v, Rels::OBL)).find_map(|k| {
            let inside = self.tree.case(k).is_some_and(|p| g.places.contains(&p) && !g.targets.contains(&p) || g.within.contains(&p));
            self.names.at(k).filter(|x| inside && matches!(x.actor.kind, Kind::State | Kind::Place | Kind::Seat))
        });
        // "An Argentine judge …, court sources said": of the country whose kin the sentence named.
        let kin = |r: &&Resolved| {
            known(r) && r.code.get(3..) == Some(sector) && !sector.is_empty() && self.memory.k.actors.state(r.country()).is_some()
        };
        let akin = || self.at.iter().take(h).flatten().rfind(kin).map(|r| r.country().to_owned());
        let near = place.map(|x| x.actor.code.clone()).or_else(akin).or_else(|| self.nearest(h, home));
        let code = near.or_else(|| self.memory.main_country(home).map(str::to_owned))?;
        let name = self.memory.k.actors.state(&code).map_or_else(|| code.clone(), |s| s.name.clone());
        Some(Owner { why: format!("country {code}"), code, sort: Sort::State, name })
    }

    /// The state named nearest in the sentence.
    fn nearest(&self, h: usize, home: Option<&str>) -> Option<String> {
        self.names
            .hits
            .iter()
            // "Turkish police stopped students …": a state's own body names the state too.
            .filter(|x| {
                matches!(x.actor.kind, Kind::State | Kind::Demonym | Kind::Place | Kind::Seat)
                    || x.actor.kind == Kind::Agency && x.actor.code.get(..3).is_some_and(|c| self.memory.k.actors.state(c).is_some())
            })
            .filter(|x| home.is_none() || x.actor.code.get(..3) != home)
            // "a ban on the Russian language on radio"
            .filter(|x| {
                let bearer = self.tree.head(x.end - 1).filter(|_| x.actor.kind == Kind::Demonym);
                bearer.is_none_or(|b| !self.memory.k.agents.relational.named_only.contains(self.tree.lemma(b)))
            })
            .filter(|x| {
                // "Turkish-backed", but not "Turkey has armed".
                let next = x.end + usize::from(x.end < self.tree.len() && self.tree.word(x.end) == "-");
                next >= self.tree.len() || !self.memory.k.agents.modifiers.backed.contains(&self.tree.forms[next])
            })
            // What was named before is known; what comes after may be the other side.
            .min_by_key(|x| (x.start > h, x.start.abs_diff(h)))
            .map(|x| x.actor.code.get(..3).unwrap_or(&x.actor.code).to_owned())
    }
}

/// A group under arms.
fn armed(code: &str) -> bool {
    code.starts_with("IMG") || code.ends_with("REB")
}

/// Owner's code with a sector: "IRN"+MIL, but "IMGISI" fighters stay IMGISI.
pub(super) fn join(owner: &Owner, sector: &str) -> String {
    let code = &owner.code;
    match code.len() {
        0 => sector.to_owned(),
        3 if matches!(code.as_str(), "UNO" | "EUR" | "IGO" | "NGO") => {
            if sector == "MIL" {
                format!("{code}{sector}")
            } else {
                code.clone()
            }
        }
        // The leaders of a people in somebody else's state are no government.
        3 if owner.sort == Sort::People && sector == "GOV" => format!("{code}ELI"),
        3 => format!("{code}{sector}"),
        _ if owner.sort == Sort::Body && (code.starts_with("IMG") || code.starts_with("IGO") || code.ends_with("REB")) => code.clone(),
        _ if sector.is_empty() => code.clone(),
        _ => {
            let keep = code.get(..3).unwrap_or(code);
            // "Assad's forces", "the minister's spokesman": the owner's country, the head's sector.
            format!("{keep}{sector}")
        }
    }
}
