//! Noun phrases to actors: names, titles, common nouns, owners.

use super::memory::{Memory, Resolved, Sort};
use super::names::{Hit, Names};
use super::tree::Tree;
use crate::knowledge::actors::{Kind, Office};
use crate::knowledge::agents::Agent;
use crate::knowledge::words::words;
use crate::model::{Link, syntax::Upos};

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

/// Whose something is: countries or bodies found in a phrase.
#[derive(Clone, Debug)]
struct Owner {
    code: String,
    sort: Sort,
    why: String,
    name: String,
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
                    r
                })
                .collect();
            if !r.is_empty() {
                return r;
            }
        }
        if let Some(agent) = self.agent(h) {
            return self.agents(h, agent, depth);
        }
        if self.tree.upos(h) == Upos::PROPN || self.tree.word(h).chars().next().is_some_and(char::is_uppercase) {
            let r = self.titled(h, depth);
            if !r.is_empty() {
                return r;
            }
        }
        self.owners(h, depth)
            .into_iter()
            .map(|o| Resolved {
                code: o.code.clone(),
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
            })
            .collect()
    }

    fn transparent(&self, h: usize) -> bool {
        let m = &self.memory.k.agents.modifiers.transparent;
        m.contains(self.tree.lemma(h)) || m.contains(&self.tree.forms[h])
    }

    /// Head of the "of" phrase.
    fn of(&self, h: usize) -> Option<usize> {
        self.tree.with(h, &["nmod", "obl"]).find(|&k| self.tree.case(k).as_deref() == Some("of"))
    }

    /// A listed person in the core of the phrase: the head itself, or a name beside a title.
    fn person_in(&self, h: usize) -> Option<&Hit<'k>> {
        let is_person = |hit: &&Hit<'k>| hit.actor.kind == Kind::Person;
        if let Some(hit) = self.names.at(h).filter(is_person) {
            return Some(hit);
        }
        if self.names.at(h).is_some() {
            return None;
        }
        self.tree
            .with(h, &["flat", "appos", "compound", "nmod"])
            .filter(|&k| self.tree.base(k) != "nmod" || self.tree.rel(k) == "nmod:desc")
            .find_map(|k| {
                let hit = self.names.at(k).filter(is_person)?;
                // A compound person is an owner ("the Assad regime") unless the head is a title.
                (self.tree.base(k) != "compound" || self.agent(h).is_some_and(|a| a.title) && hit.end > h).then_some(hit)
            })
    }

    fn person(&self, h: usize, hit: &Hit<'k>) -> Resolved {
        let a = hit.actor;
        let date = self.memory.date;
        let mut office = a.office(date);
        let mut code = a.person_code(date);
        let mut why = vec![format!("{}#{}", a.file, a.name)];
        if let Some(o) = office {
            why.push(format!("{} from {}", o.title, o.from.map_or_else(|| "?".to_owned(), |d| d.to_string())));
        }
        // A title in the text is better evidence than the dates of a list, or than none.
        let beside = self.tree.with(h, &["compound", "nmod", "appos", "flat"]).filter(|&k| self.tree.case(k).is_none());
        let title = [Some(h), hit.start.checked_sub(1)].into_iter().flatten().chain(beside).find_map(|i| self.agent(i).filter(|a| a.title));
        if let Some(title) = title.filter(|_| (code.ends_with("ELI") || date.is_none()) && !self.former(h)) {
            let begun = |o: &&Office| date.is_none_or(|d| o.from.is_none_or(|f| f <= d));
            let named = |o: &&Office| title.words.last().is_some_and(|w| words(&o.title).contains(w));
            let mut past = a.offices.iter().rev().filter(begun);
            if let Some(o) = past.clone().find(named).or_else(|| past.next()) {
                code = o.code.clone();
                office = Some(o);
                why.push(format!("called by a title as when {}", o.title));
            }
        }
        if self.former(h) {
            code = format!("{}ELI", code.get(..3).unwrap_or(&code));
            why.push("former".to_owned());
        }
        Resolved {
            code,
            name: a.name.clone(),
            office: office.map(|o| o.title.clone()),
            sort: Sort::Person,
            head: h,
            span: self.core_span(h),
            link: if hit.end - hit.start == 1 { Link::ShortForm } else { Link::Named },
            why,
            plural: false,
            country_implied: false,
            named: true,
            stateless: false,
        }
    }

    fn former(&self, h: usize) -> bool {
        let m = &self.memory.k.agents.modifiers.former;
        let has = |i: usize| self.tree.with(i, &["amod", "compound", "advmod", "nmod"]).any(|k| m.contains(&self.tree.forms[k]));
        has(h) || self.tree.with(h, &["nmod", "compound", "appos"]).any(has)
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
        let mut code = a.code.clone();
        let mut sort = sort;
        // "the Indian Congress" is not the American one.
        if a.kind == Kind::Agency
            && let Some(o) = self
                .owners_of(h, None, depth + 1)
                .into_iter()
                .find(|o| o.code.len() == 3 && a.code.get(..3) != Some(&o.code) && o.sort == Sort::State)
        {
            let sector = a.code.get(3..).unwrap_or("");
            code = format!("{}{sector}", o.code);
        }
        if sort == Sort::People {
            // An adjective standing alone is the state ("Israeli, Palestinian and US officials").
            if self.tree.upos(h) == Upos::ADJ && self.tree.base(h) != "nsubj" && self.tree.base(h) != "obj"
                || matches!(self.tree.base(h), "amod" | "compound")
                || self.tree.rel(h) == "nmod:desc"
            {
                sort = Sort::State;
            } else {
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
        }]
    }

    /// Longest agent phrase ending at `h`.
    pub fn agent(&self, h: usize) -> Option<&'k Agent> {
        let agents = &self.memory.k.agents;
        [self.tree.lemma(h), self.tree.forms[h].as_str()].into_iter().find_map(|key| {
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
        })
    }

    fn agents(&self, h: usize, agent: &Agent, depth: usize) -> Vec<Resolved> {
        let (sector, mut why) = self.sector(h, agent);
        let mut owners = self.owners(h, depth);
        let plural = matches!(self.tree.xpos(h), "NNS" | "NNPS");
        let words = agent.words.join(" ");
        why.insert(0, format!("actors/agents.toml#{words}"));
        let mut implied = false;
        if owners.is_empty() {
            if agent.weak && sector == agent.sector || agent.thing {
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
                let code = join(&o, &sector);
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
                }
            })
            .map(|r| self.stray_name(h, agent, r))
            .collect()
    }

    /// Sector after qualifiers and "former".
    fn sector(&self, h: usize, agent: &Agent) -> (String, Vec<String>) {
        let agents = &self.memory.k.agents;
        let mut sector = agent.sector.clone();
        let mut why = Vec::new();
        let neutral = agent.weak
            || agents.modifiers.neutral.contains(agent.words.last().map_or("", String::as_str))
            || agents.modifiers.transparent.contains(self.tree.lemma(h));
        for k in self.tree.with(h, &["amod", "compound", "nmod"]) {
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

    /// An unknown name made known by a title beside it or by the article.
    fn titled(&self, h: usize, depth: usize) -> Vec<Resolved> {
        let title = self
            .tree
            .with(h, &["compound", "nmod", "appos", "flat", "amod", "dep", "list"])
            .filter(|&k| self.tree.base(k) != "nmod" || self.tree.case(k).is_none())
            .filter_map(|k| Some((k, self.agent(k)?)))
            .filter(|(k, a)| a.title || self.tree.base(*k) == "appos" || !a.weak)
            .min_by_key(|(k, _)| k.abs_diff(h));
        let title = title.or_else(|| {
            // Parses that hang name and title otherwise: the title's last word right before the name.
            let start = self.name_start(h);
            let k = start.checked_sub(1)?;
            self.agent(k).filter(|a| a.title).map(|a| (k, a))
        });
        if let Some((t, agent)) = title {
            if let Some(r) = self.by_family(h, t, agent, depth) {
                return vec![r];
            }
            let mut found = self.agents(t, agent, depth + 1);
            let extra = self.owners_of(h, Some(t), depth);
            for r in &mut found {
                if (r.code.len() < 6 || r.country_implied)
                    && let Some(o) = extra.first()
                {
                    let sector = r.code.get(r.code.len().saturating_sub(3)..).unwrap_or("").to_owned();
                    r.code = join(o, &sector);
                    r.stateless = false;
                    r.country_implied = false;
                    r.link = Link::Named;
                    r.why.push(o.why.clone());
                }
                r.head = h;
                r.name = self.name_text(h);
                r.sort = Sort::Person;
                r.named = true;
                r.span = r.span.join(self.core_span(h));
                r.plural = false;
            }
            found.truncate(1);
            return found;
        }
        self.heard_of(h).into_iter().collect()
    }

    /// A name the article has introduced.
    fn heard_of(&self, h: usize) -> Option<Resolved> {
        let (code, name, office) = self.memory.known(&self.name_words(h))?;
        Some(Resolved {
            code: code.to_owned(),
            name: name.to_owned(),
            office: office.map(str::to_owned),
            sort: Sort::Person,
            head: h,
            span: self.core_span(h),
            link: Link::ShortForm,
            why: vec![format!("named before as {name}")],
            plural: false,
            country_implied: false,
            named: true,
            stateless: code.len() == 3 && self.memory.k.actors.state(code).is_none(),
        })
    }

    /// "Foreign Minister Lavrov", "President Bush": the office holder of that family name.
    fn by_family(&self, h: usize, t: usize, agent: &Agent, depth: usize) -> Option<Resolved> {
        let family = self.name_words(h).pop()?;
        let owners = self.owners(t, depth + 1);
        let own = self.owners_of(h, Some(t), depth + 1);
        let country = owners.first().or(own.first()).map(|o| o.code.get(..3).unwrap_or(&o.code).to_owned());
        let a = self.memory.k.actors.titled(&family, &agent.words, country.as_deref(), self.memory.date)?;
        let date = self.memory.date;
        let office = a.office(date).or(a.offices.last())?;
        Some(Resolved {
            code: if self.former(h) { format!("{}ELI", office.code.get(..3).unwrap_or(&office.code)) } else { office.code.clone() },
            name: a.name.clone(),
            office: Some(office.title.clone()),
            sort: Sort::Person,
            head: h,
            span: self.core_span(h),
            link: Link::Named,
            why: vec![format!("{}#{}", a.file, a.name), format!("{} by title and family name", office.title)],
            plural: false,
            country_implied: false,
            named: true,
            stateless: false,
        })
    }

    /// "Russian Ambassador to Iran Levan Dzhagaryan": parses hang the name on "Iran"; it is the
    /// ambassador's.
    fn stray_name(&self, h: usize, agent: &Agent, mut r: Resolved) -> Resolved {
        if !agent.title || r.plural {
            return r;
        }
        // However the tree hangs it: title, preposition, state, then names.
        let mut at = h + 1;
        while at < self.tree.len() && matches!(self.tree.upos(at), Upos::ADP | Upos::DET) && at < h + 3 {
            at += 1;
        }
        let state = self
            .names
            .at(at.min(self.tree.len().saturating_sub(1)))
            .filter(|n| at > h + 1 && n.start == at && n.actor.kind != Kind::Person);
        let stray = state.and_then(|hit| {
            let mut end = hit.end;
            while end < self.tree.len()
                && self.tree.upos(end) == Upos::PROPN
                && self.names.at(end).is_none_or(|n| n.actor.kind == Kind::Person)
                && self.agent(end).is_none()
            {
                end += 1;
            }
            (end > hit.end).then_some((hit.end, end))
        });
        if let Some((a, b)) = stray {
            let span = self.tree.span(a).join(self.tree.span(b - 1));
            r.name = span.of(self.tree.text).to_owned();
            r.sort = Sort::Person;
            r.named = true;
            r.span = r.span.join(span);
        }
        r
    }

    /// First token of the run of names that holds `h`.
    fn name_start(&self, h: usize) -> usize {
        self.tree
            .with(h, &["flat", "compound"])
            .filter(|&k| self.tree.upos(k) == Upos::PROPN && self.agent(k).is_none() && k < h)
            .min()
            .unwrap_or(h)
    }

    /// Folded words of a personal name.
    pub fn name_words(&self, h: usize) -> Vec<String> {
        self.name_tokens(h).into_iter().map(|i| self.tree.forms[i].clone()).collect()
    }

    fn name_tokens(&self, h: usize) -> Vec<usize> {
        let mut tokens: Vec<usize> = self
            .tree
            .with(h, &["flat", "compound"])
            .filter(|&k| self.tree.upos(k) == Upos::PROPN && self.agent(k).is_none() && self.names.at(k).is_none())
            .chain([h])
            .collect();
        tokens.sort_unstable();
        tokens
    }

    /// A personal name as written.
    pub fn name_text(&self, h: usize) -> String {
        let tokens = self.name_tokens(h);
        match (tokens.first(), tokens.last()) {
            (Some(&a), Some(&b)) => self.tree.span(a).join(self.tree.span(b)).of(self.tree.text).to_owned(),
            _ => self.tree.word(h).to_owned(),
        }
    }

    /// The phrase's own words, relative clauses and prepositions left out.
    pub fn core_span(&self, h: usize) -> crate::model::Span {
        let mut span = self.tree.span(h);
        for k in self.tree.with(h, &["amod", "compound", "flat", "nmod", "nummod", "det"]) {
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

    fn owners(&self, h: usize, depth: usize) -> Vec<Owner> {
        self.owners_of(h, None, depth)
    }

    /// Countries and bodies a head belongs to: modifiers first, then "of", then "from", "in".
    fn owners_of(&self, h: usize, skip: Option<usize>, depth: usize) -> Vec<Owner> {
        let mut out = Vec::new();
        if depth > DEPTH {
            return out;
        }
        let mut kids: Vec<usize> =
            self.tree.with(h, &["amod", "compound", "nmod", "flat", "nummod"]).filter(|&k| Some(k) != skip).collect();
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
            .with(h, &["nmod", "obl"])
            .filter_map(|k| {
                let prep = self.tree.case(k)?;
                g.belonging.contains(&prep).then_some((if prep == "of" { 0 } else { 1 }, k))
            })
            .collect();
        phrases.sort_unstable();
        for (_, k) in phrases {
            for c in self.tree.conjuncts(k) {
                for r in self.resolve_at(c, depth + 1) {
                    if r.code.len() >= 3 && !r.stateless {
                        out.push(Owner {
                            code: r.code.clone(),
                            sort: r.sort,
                            why: r.why.first().cloned().unwrap_or_default(),
                            name: r.name,
                        });
                    }
                }
            }
            if !out.is_empty() {
                break;
            }
        }
        out
    }

    /// Names in a modifier of `h`, and those joined to it.
    fn modifier_owner(&self, k: usize, h: usize, depth: usize, out: &mut Vec<Owner>) {
        let m = &self.memory.k.agents.modifiers;
        if m.backed.contains(&self.tree.forms[k]) || self.foreign_participle(k) {
            return;
        }
        if let Some(hit) = self.names.at(k) {
            let a = hit.actor;
            if hit.end <= h || hit.start > h || k > h {
                // "anti-Israeli", "pro-Russian": feeling, not belonging.
                let before = hit.start.checked_sub(1).map(|b| if self.tree.word(b) == "-" { b.saturating_sub(1) } else { b });
                let stance = before
                    .is_some_and(|b| m.stance.contains(&self.tree.forms[b]) || m.stance.contains(&format!("{}-", self.tree.forms[b])));
                let backed = (hit.end..h).take(3).any(|t| m.backed.contains(&self.tree.forms[t]));
                if !stance && !backed {
                    let sort = match a.kind {
                        Kind::Agency | Kind::Body => Sort::Body,
                        Kind::Person => Sort::Person,
                        Kind::Place => Sort::Place,
                        _ => Sort::State,
                    };
                    let code = if a.kind == Kind::Person { a.person_code(self.memory.date) } else { a.code.clone() };
                    let name = match a.kind {
                        Kind::Demonym | Kind::Seat => {
                            self.memory.k.actors.state(&a.code).map_or_else(|| a.name.clone(), |s| s.name.clone())
                        }
                        _ => a.name.clone(),
                    };
                    if !out.iter().any(|o: &Owner| o.code == code) {
                        out.push(Owner { code, sort, why: format!("{}#{}", a.file, a.name), name });
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
            for r in self.resolve_at(k, depth + 1).into_iter().filter(|r| !r.stateless) {
                out.push(Owner { code: r.code.clone(), sort: r.sort, why: r.why.first().cloned().unwrap_or_default(), name: r.name });
            }
        }
        for c in self.tree.with(k, &["conj", "compound", "amod", "nmod", "flat"]).collect::<Vec<_>>() {
            let inner = matches!(self.tree.base(c), "conj") || self.tree.case(c).is_none();
            if depth < 4 && inner && self.names.at(c).is_some_and(|hc| self.names.at(k).is_none_or(|hk| hk.start != hc.start)) {
                self.modifier_owner(c, h, depth + 1, out);
            }
        }
    }

    /// A participle modifier has its own subject: "Turkish-backed", "Iran-trained".
    fn foreign_participle(&self, k: usize) -> bool {
        self.tree.upos(k) == Upos::VERB && matches!(self.tree.xpos(k), "VBN" | "VBD") && self.names.at(k).is_none()
    }

    /// For "the army" with no country: the last mention of that sector, the state named before
    /// in the sentence, the state the article is about.
    fn implied_owner(&self, h: usize, sector: &str) -> Option<Owner> {
        let g = &self.memory.k.grammar;
        let definite = self.tree.with(h, &["det"]).any(|d| g.definites.contains(&self.tree.forms[d]));
        let same =
            self.memory.last(|r| r.code.len() >= 6 && r.code.ends_with(sector) && !sector.is_empty() && definite && r.link == Link::Named);
        if let Some(r) = same {
            return Some(Owner { code: r.code.clone(), sort: r.sort, why: format!("the {sector} named before"), name: r.name.clone() });
        }
        let near = self
            .names
            .hits
            .iter()
            .filter(|x| matches!(x.actor.kind, Kind::State | Kind::Demonym | Kind::Place | Kind::Seat))
            .filter(|x| {
                !(x.end..self.tree.len().min(x.end + 2)).any(|t| self.memory.k.agents.modifiers.backed.contains(&self.tree.forms[t]))
            })
            .min_by_key(|x| x.start.abs_diff(h))
            .map(|x| x.actor.code.clone());
        let code = near.or_else(|| self.memory.main_country().map(str::to_owned))?;
        let name = self.memory.k.actors.state(&code).map_or_else(|| code.clone(), |s| s.name.clone());
        Some(Owner { why: format!("country {code}"), code, sort: Sort::State, name })
    }
}

/// Owner's code with a sector: "IRN"+MIL, but "IMGISI" fighters stay IMGISI.
fn join(owner: &Owner, sector: &str) -> String {
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
