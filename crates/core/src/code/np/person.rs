//! People in a noun phrase: names on the lists, titles that make an unknown name known.

use super::super::rels::Rels;
use super::Phrases;
use super::owner::join;
use crate::code::memory::{Resolved, Sort};
use crate::code::names::Hit;
use crate::knowledge::actors::{Kind, Office};
use crate::knowledge::agents::Agent;
use crate::knowledge::words::words;
use crate::model::{Link, syntax::Upos};

impl<'k> Phrases<'_, 'k> {
    /// A listed person in the core of the phrase: the head itself, or a name beside a title.
    pub(super) fn person_in(&self, h: usize) -> Option<&Hit<'k>> {
        let is_person = |hit: &&Hit<'k>| hit.actor.kind == Kind::Person;
        if let Some(hit) = self.names.at(h).filter(is_person) {
            return Some(hit);
        }
        if self.names.at(h).is_some() {
            return None;
        }
        self.tree
            .with(h, Rels::FLAT | Rels::APPOS | Rels::COMPOUND | Rels::NMOD)
            .filter(|&k| self.tree.base(k) != "nmod" || self.tree.rel(k) == "nmod:desc")
            .find_map(|k| {
                let hit = self.names.at(k).filter(is_person)?;
                // A compound person is an owner ("the Assad regime") unless the head is a title.
                (self.tree.base(k) != "compound" || self.agent(h).is_some_and(|a| a.title) && hit.end > h).then_some(hit)
            })
            .or_else(|| self.apart(h).filter(|_| self.agent(h).is_some()).find_map(|k| self.names.at(k).filter(is_person)))
    }

    pub(super) fn person(&self, h: usize, hit: &Hit<'k>) -> Resolved {
        let a = hit.actor;
        let date = self.memory.date;
        let mut office = a.office(date);
        let mut code = a.person_code(date);
        let mut why = vec![format!("{}#{}", a.file, a.name)];
        if let Some(o) = office {
            why.push(format!("{} from {}", o.title, o.from.map_or_else(|| "?".to_owned(), |d| d.to_string())));
        }
        // A title in the text is better evidence than the dates of a list, or than none.
        let beside = self.tree.with(h, Rels::COMPOUND | Rels::NMOD | Rels::APPOS | Rels::FLAT).filter(|&k| self.tree.case(k).is_none());
        let title = [Some(h), hit.start.checked_sub(1)]
            .into_iter()
            .flatten()
            .chain(beside)
            .find_map(|i| self.agent(i).filter(|a| a.title || a.sector == "GOV" && !a.weak))
            .or_else(|| self.title_before(hit.start));
        if let Some(title) = title.filter(|_| (code.ends_with("ELI") || date.is_none()) && !self.former(h)) {
            let begun = |o: &&Office| date.is_none_or(|d| o.from.is_none_or(|f| f <= d));
            // "Defense Minister": the office that shares most of its words, however they are spelled.
            let alike = |a: &str, b: &str| a == b || a.len() > 4 && b.get(..5) == a.get(..5);
            let shared = |o: &Office| title.words.iter().filter(|w| words(&o.title).iter().any(|t| alike(w, t))).count();
            let named = |o: &&Office| title.words.last().is_some_and(|w| words(&o.title).contains(w));
            let mut past = a.offices.iter().filter(begun);
            if let Some(o) = past.clone().filter(named).max_by_key(|o| shared(o)).or_else(|| past.next_back()) {
                code = o.code.clone();
                office = Some(o);
                why.push(format!("called by a title as when {}", o.title));
            }
        } else if date.is_none()
            && let Some((known, _, as_what)) = self.memory.known(&words(&a.name)).filter(|(_, name, _)| *name == a.name)
            && known != code
            && let Some(o) = a.offices.iter().rev().find(|o| o.code == known && as_what == Some(o.title.as_str()))
        {
            // Without a date of the text, what it called him before is better evidence than who he is today.
            code = known.to_owned();
            office = Some(o);
            why.push(format!("called by a title before, as when {}", o.title));
        }
        // "NATO chief Jane Doe": the office at the body the words name.
        let hosts = [Some(h), hit.start.checked_sub(1)].into_iter().flatten();
        let named = hosts
            .flat_map(|t| self.tree.with(t, Rels::COMPOUND | Rels::NMOD | Rels::AMOD))
            .filter(|&k| k < hit.start && self.tree.case(k).is_none());
        let bodies: Vec<&Hit<'k>> = named.filter_map(|k| self.names.at(k)).filter(|x| x.actor.kind == Kind::Body).collect();
        let there = |o: &&Office| bodies.iter().any(|b| o.code.get(..3) == b.actor.code.get(..3));
        if let Some(o) = a.offices.iter().rev().find(there).filter(|o| date.is_none() && o.code.get(..3) != code.get(..3)) {
            code = o.code.clone();
            office = Some(o);
            why.push(format!("called as when {}", o.title));
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
            seat: false,
            nation: false,
        }
    }

    /// "Minister for the Middle East Jane Doe": a title whose office stands between it and the name.
    fn title_before(&self, start: usize) -> Option<&'k Agent> {
        /// No office is told in more words.
        const WORDS: usize = 9;
        let from = start.saturating_sub(WORDS);
        for i in (from..start.saturating_sub(1)).rev() {
            let office = self.tree.upos(i) == Upos::ADP && self.tree.base(i) == "case";
            if let Some(title) = i.checked_sub(1).and_then(|t| self.agent(t)).filter(|a| office && a.title) {
                return Some(title);
            }
            let part = matches!(self.tree.upos(i), Upos::ADP | Upos::DET | Upos::CCONJ)
                || self.tree.word(i).chars().next().is_some_and(char::is_uppercase);
            if !part || self.names.at(i).is_some_and(|h| h.actor.kind == Kind::Person) {
                return None;
            }
        }
        None
    }

    pub(super) fn former(&self, h: usize) -> bool {
        let m = &self.memory.k.agents.modifiers.former;
        let has =
            |i: usize| self.tree.with(i, Rels::AMOD | Rels::COMPOUND | Rels::ADVMOD | Rels::NMOD).any(|k| m.contains(&self.tree.forms[k]));
        has(h) || self.tree.with(h, Rels::NMOD | Rels::COMPOUND | Rels::APPOS).any(has)
    }

    /// An unknown name made known by a title beside it or by the article.
    pub(super) fn titled(&self, h: usize, depth: usize) -> Vec<Resolved> {
        let title = self
            .tree
            .with(h, Rels::COMPOUND | Rels::NMOD | Rels::APPOS | Rels::FLAT | Rels::AMOD | Rels::DEP | Rels::LIST)
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
                if self.former(h) && r.code.ends_with("GOV") {
                    r.code.truncate(r.code.len() - 3);
                    r.code.push_str("ELI");
                    r.why.push("former".to_owned());
                }
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
    pub(super) fn heard_of(&self, h: usize) -> Option<Resolved> {
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
            seat: false,
            nation: false,
        })
    }

    /// "Foreign Minister Lavrov", "President Bush": the office holder of that family name.
    pub(super) fn by_family(&self, h: usize, t: usize, agent: &Agent, depth: usize) -> Option<Resolved> {
        let family = self.name_words(h).pop()?;
        let owners = self.owners(t, depth + 1);
        let own = self.owners_of(h, Some(t), depth + 1);
        let country = owners.first().or(own.first()).map(|o| o.code.get(..3).unwrap_or(&o.code).to_owned());
        let a = self.memory.k.actors.titled(&family, &agent.words, country.as_deref(), self.memory.date)?;
        // "Finance Minister Tiago Ramos" is not the Américo Ramos of the list.
        let given = self.name_words(h).into_iter().find(|w| *w != family);
        let listed = words(&a.name);
        let initial = |w: &String| w.chars().next();
        if given.is_some_and(|g| g.chars().count() > 2 && listed.iter().all(|w| initial(w) != initial(&g) || *w == family)) {
            return None;
        }
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
            seat: false,
            nation: false,
        })
    }

    /// "Russian Ambassador to Iran Levan Dzhagaryan": parses hang the name on "Iran"; it is the
    /// ambassador's.
    pub(super) fn stray_name(&self, h: usize, agent: &Agent, mut r: Resolved) -> Resolved {
        if r.plural {
            return r;
        }
        // "the governor of Samara, Ivan Orlov", "opposition leader Ana Holm", "the chief, Colonel Ana Holm"
        let agents = &self.memory.k.agents;
        let titled = || agents.with_head(self.tree.lemma(h)).iter().any(|a| a.title);
        let person = agent.title || titled() || self.memory.k.cues.anonymous.heads.contains(self.tree.lemma(h));
        let name = |k: &usize| {
            let own =
                self.tree.with(*k, Rels::NMOD | Rels::AMOD | Rels::DET | Rels::COMPOUND).all(|t| self.agent(t).is_some_and(|a| a.title));
            *k > h
                && self.tree.upos(*k) == Upos::PROPN
                && self.tree.prep(*k).is_none()
                && self.agent(*k).is_none()
                && self.names.at(*k).is_none()
                && self.tree.with(*k, Rels::FLAT).any(|f| self.tree.upos(f) == Upos::PROPN)
                && own
        };
        if let Some(k) = self.tree.with(h, Rels::APPOS | Rels::FLAT).chain(self.apart(h)).find(name).filter(|_| person && !r.named) {
            r.name = self.name_text(k);
            r.sort = Sort::Person;
            r.named = true;
            r.span = r.span.join(self.core_span(k));
            return r;
        }
        if !agent.title {
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

    /// "the envoy to Libya, Jane Doe, said": names between commas that parses hang on what the office is of.
    fn apart(&self, h: usize) -> impl Iterator<Item = usize> {
        let tree = self.tree;
        let of = tree.with(h, Rels::NMOD).filter(move |&n| n > h && tree.prep(n).is_some());
        let of: Vec<usize> = of.filter(|&n| self.agent(n).is_none_or(|a| !a.title)).collect();
        let aside = move |&k: &usize| {
            let (lo, hi) = tree.extent(k);
            let mark = |i: usize| i < tree.len() && tree.word(i) == ",";
            tree.upos(k) == Upos::PROPN && (mark(lo) || lo > 0 && mark(lo - 1)) && mark(hi + 1)
        };
        let found: Vec<usize> = of.into_iter().flat_map(|n| tree.with(n, Rels::APPOS).collect::<Vec<_>>()).filter(aside).collect();
        found.into_iter()
    }

    /// First token of the run of names that holds `h`.
    pub(super) fn name_start(&self, h: usize) -> usize {
        self.tree
            .with(h, Rels::FLAT | Rels::COMPOUND)
            .filter(|&k| self.tree.upos(k) == Upos::PROPN && self.agent(k).is_none() && k < h)
            .min()
            .unwrap_or(h)
    }

    /// Folded words of a personal name.
    pub fn name_words(&self, h: usize) -> Vec<String> {
        self.name_tokens(h).into_iter().map(|i| self.tree.forms[i].clone()).collect()
    }

    pub(super) fn name_tokens(&self, h: usize) -> Vec<usize> {
        let mut tokens: Vec<usize> = self
            .tree
            .with(h, Rels::FLAT | Rels::COMPOUND)
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
}
