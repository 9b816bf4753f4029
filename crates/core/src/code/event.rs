//! Deeds with words for sides become events with actors.

mod make;
mod protest;
mod rules;
mod sides;
mod unpolitical;

use super::deed::Deed;
use super::memory::{Memory, Resolved, Sort};
use super::mention::Mentions;
use super::names::Names;
use super::place;
use super::rels::Rels;
use super::sense::Sense;
use super::time::Timex;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::nouns::NounKind;
use crate::model::{Event, Link, Mode, Role, is_harm, syntax::Upos};

/// What a sentence's events are made with.
pub struct Maker<'a, 'k> {
    /// What the sentence tells of beside politics.
    pub sense: Sense,
    /// The sentence.
    pub tree: &'a Tree<'a>,
    /// Its index.
    pub index: u32,
    /// Names in it.
    pub names: &'a Names<'k>,
    /// Actors in it.
    pub mentions: &'a Mentions,
    /// Its deeds.
    pub deeds: &'a [Deed],
    /// Places in it.
    pub places: &'a [place::Named],
    /// Times in it.
    pub timexes: &'a [Timex],
    /// The article's memory.
    pub memory: &'a Memory<'k>,
}

impl Maker<'_, '_> {
    /// Events of a deed. `speaker` speaks the words the deed stands in.
    pub fn events(&self, deed: &Deed, speaker: Option<&Resolved>) -> Vec<Event> {
        self.weigh(deed, speaker, &mut Vec::new())
    }

    /// The same, with the reasons why pairs of sides gave none.
    pub fn weigh(&self, deed: &Deed, speaker: Option<&Resolved>, dropped: &mut Vec<String>) -> Vec<Event> {
        let mut out = Vec::new();
        let verbal = deed.code.as_str() < "14" && !matches!(root(deed), "04" | "06" | "07" | "08" | "09");
        let mut sources = self.side(&deed.source);
        let (mut targets, mut settled) = self.targets(deed);
        let mut implied_speaker = false;
        if sources.is_empty() {
            sources = self.sources(deed);
            targets.retain(|t| sources.iter().all(|s| s.head != t.head));
        }
        if sources.is_empty() {
            sources = self.policed(deed, &targets);
        }
        if sources.is_empty() && root(deed) == "16" {
            self.expelled(deed, &mut sources, &mut targets);
        }
        // "warned that it would respond": who warns is not who is warned.
        let itself = |t: &Resolved| self.tree.upos(t.head) == Upos::PRON && sources.iter().any(|s| s.country() == t.country());
        if root(deed) == "13" && !targets.is_empty() && targets.iter().all(itself) {
            targets.clear();
            settled = false;
        }
        self.aimed(deed, &sources, &mut targets);
        self.of_the_main_clause(deed, &sources, &mut targets);
        sources = self.of_the_place(deed, sources, &targets);
        // "the alleged abuses": whoever alleges is not whoever speaks.
        let modifier = matches!(self.tree.base(deed.trigger), "amod" | "acl");
        let open = verbal && deed.source.is_empty() && sources.is_empty() && deed.trigger_in(self.tree) && !modifier;
        if let Some(s) = speaker.filter(|_| open || deed.modal) {
            sources = vec![Resolved { link: Link::Speaker, ..s.clone() }];
            implied_speaker = true;
        }
        // "Russian aircraft killed": arms act for their owner.
        if !deed.instrument && !matches!(root(deed), "15" | "17" | "18" | "19" | "20") {
            sources.retain(|r| {
                !matches!(r.sort, Sort::Thing | Sort::Place) || r.code.len() >= 6 || matches!(r.code.as_str(), "IGO" | "UNO" | "EUR")
            });
        }
        // Drones that head somewhere pay no visit.
        let nouns = &self.memory.k.nouns;
        let thing = |r: &Resolved| self.tree.upos(r.head) == Upos::NOUN && nouns.kind(self.tree.lemma(r.head)) == Some(NounKind::Thing);
        if root(deed) == "04" && sources.iter().any(thing) {
            return out;
        }
        // "Holm met with the ministers of Chad and Mali": not those with each other.
        let doer = deed.source.iter().any(|&s| self.tree.upos(s) == Upos::PROPN && self.mentions.of(s).is_empty());
        if deed.symmetric && sources.is_empty() && targets.len() > 1 && !doer {
            sources = std::mem::take(&mut targets);
        }
        // "a new offensive in its war with Iraq": its own things are not the target.
        let organ = |r: &Resolved| matches!(r.acting().get(3..6), None | Some("GOV" | "MIL" | "COP" | "SPY" | "LEG" | "JUD"));
        let armed = |r: &Resolved| matches!(r.code.get(3..6), Some("REB" | "UAF" | "PRM" | "CRM"));
        let own = |t: &Resolved| {
            let holder = |s: &Resolved| s.country() == t.country() && (organ(s) || s.country_implied && !armed(s));
            t.sort == Sort::Thing && !armed(t) && sources.iter().any(holder)
        };
        if !sources.is_empty() && targets.iter().all(own) {
            targets.clear();
        }
        // "freed ten American prisoners in return for an ally of its own president": whom it is done to stands
        // nearer than what is the doer's own.
        let home = |t: &Resolved| sources.iter().any(|s| s.country() == t.country());
        if !sources.is_empty() && !targets.is_empty() && targets.iter().all(home) && root(deed) == "08" {
            let used = deed.used.iter().flat_map(|&u| self.mentions.of(u));
            let others: Vec<Resolved> = used.filter(|r| !home(r) && !r.stateless && !r.country_implied).cloned().collect();
            if !others.is_empty() {
                targets = others;
            }
        }
        // "kidnapped four Chinese workers in the south": whom it is done to stands nearer than where.
        let ground = |&t: &usize| self.tree.case(t).is_some_and(|p| self.memory.k.grammar.located.contains(&p));
        if !targets.is_empty() && deed.target.iter().all(ground) && matches!(root(deed), "08" | "17" | "18" | "19" | "20") {
            let object = Some(deed.trigger).filter(|&v| self.tree.verbal(v)).and_then(|v| self.tree.args(v).object);
            let used = object.filter(|o| deed.used.contains(o)).into_iter().flat_map(|o| self.mentions.of(o));
            let named = |r: &&Resolved| matches!(r.sort, Sort::Agent | Sort::Person | Sort::People) && !r.country_implied && !r.stateless;
            let people: Vec<Resolved> = used.filter(named).cloned().collect();
            if !people.is_empty() {
                targets = people;
            }
        }
        // "X and Y agreed to reopen embassies": what is read as their own is no third side.
        if sources.len() > 1 && targets.iter().all(|t| t.country_implied && home(t)) && matches!(root(deed), "03" | "05" | "06") {
            targets.clear();
        }
        if deed.code == "045" && targets.is_empty() {
            targets = self.reconciled(deed, &sources);
        }
        if targets.is_empty() && !sources.is_empty() && !deed.closed {
            let apart = sources.iter().any(|r| r.country() != sources[0].country() || opposed(r, &sources[0]));
            // "Chad and Mali sent troops to the mission": not to each other.
            let g = &self.memory.k.grammar;
            let addressed =
                deed.target.iter().any(|&t| self.tree.case(t).is_some_and(|p| g.promised.contains(&p) && !g.company.contains(&p)));
            if apart
                && sources.len() > 1
                && !deed.symmetric
                && !addressed
                && (matches!(root(deed), "03" | "04" | "05" | "06") || deed.code == "196")
            {
                // "Jordan and Britain agreed to …": with each other.
                return self.pairs(deed, &sources, implied_speaker);
            }
            let with_each_other = deed.symmetric && apart;
            let open = !settled && !with_each_other;
            if root(deed) == "14" {
                targets = self.protested(deed, &sources);
                sources = self.of_the_place(deed, sources, &targets);
            } else if open && root(deed) == "13" {
                targets = self.conditioned(deed, &sources);
            }
            if targets.is_empty() && open && root(deed) != "14" {
                targets = self.nearby(deed, &sources, false);
                if targets.is_empty() && !matches!(root(deed), "02" | "05" | "11") {
                    targets = self.nearby(deed, &sources, true);
                }
            }
            if targets.is_empty() {
                targets = self.beside(deed, &sources);
            }
            if targets.is_empty() {
                targets = self.ruled(deed, &sources);
            }
            if targets.is_empty() && open && matches!(root(deed), "05" | "11") {
                targets = self.responsible(deed, &sources);
            }
        }
        // Harm told as a noun with nobody beside it: "an attack in Iraq" is on whose place it was, "an
        // attack on a restaurant in al-Hilla", whoever it belongs to, on that country.
        // So are victims of whom only the number is told: "the bombings in Kenya claimed 200 lives".
        let noun = !self.tree.verbal(deed.trigger);
        let counted = |&t: &usize| self.tree.upos(t) == Upos::NUM || self.tree.with(t, Rels::NUMMOD).next().is_some();
        // "killed 200 people and injured 5,000" is told with the first.
        let joined =
            |d: &Deed| root(d) == root(deed) && self.tree.base(deed.trigger) == "conj" && self.tree.head(deed.trigger) == Some(d.trigger);
        let lone = || deed.target.iter().any(counted) && !self.deeds.iter().any(joined);
        let told = (noun || lone()) && matches!(root(deed), "18" | "19" | "20");
        if told && sources.is_empty() && targets.is_empty() {
            if !settled && noun {
                targets = self.nearby(deed, &sources, true);
                targets.retain(|t| self.tree.case(t.head).is_none_or(|p| self.memory.k.grammar.places.contains(&p)));
                // "the worst attack in the Malian uprising"
                let idea = |t: &Resolved| {
                    let (noun, nouns) = (self.tree.lemma(t.head), &self.memory.k.nouns);
                    t.sort == Sort::Thing && nouns.kind(noun) == Some(NounKind::Idea) && self.memory.k.agents.with_head(noun).is_empty()
                };
                targets.retain(|t| !idea(t));
            }
            if targets.is_empty() {
                targets = self.where_it_fell(deed);
            }
        }
        // "agreed that their countries should cooperate": with each other.
        let codes = |side: &[Resolved]| side.iter().map(|r| r.country().to_owned()).collect::<std::collections::BTreeSet<_>>();
        if sources.len() > 1 && targets.len() > 1 && codes(&sources) == codes(&targets) && codes(&sources).len() > 1 {
            return self.pairs(deed, &sources, implied_speaker);
        }
        // "refused the extradition of a suspect to Chad": whose nobody says gives way to a name.
        let unsaid = |r: &Resolved| r.country_implied && sources.iter().any(|s| s.country() == r.country());
        if !targets.is_empty() && targets.iter().all(unsaid) && matches!(root(deed), "03" | "10" | "12" | "13") {
            let named = self.nearby(deed, &sources, false);
            if !named.is_empty() {
                targets = named;
            }
        }
        // "accused each other of …"
        let mirrored =
            |&t: &usize| t > 0 && self.memory.k.grammar.reciprocals.contains(&format!("{} {}", self.tree.forms[t - 1], self.tree.forms[t]));
        if targets.is_empty() && sources.len() > 1 && deed.target.iter().any(mirrored) {
            return self.pairs(deed, &sources, implied_speaker);
        }
        // One phrase holds both sides ("the ministers of Egypt and Ethiopia met").
        let mutual = deed.mutual || deed.symmetric && targets.is_empty() && sources.len() > 1;
        let pairs: Vec<(Option<Resolved>, Option<Resolved>)> = if mutual {
            let all = if sources.is_empty() { std::mem::take(&mut targets) } else { sources };
            let mut pairs = Vec::new();
            for (i, a) in all.iter().enumerate() {
                for b in &all[i + 1..] {
                    pairs.push((Some(a.clone()), Some(b.clone())));
                }
            }
            pairs
        } else if targets.is_empty() {
            if sources.is_empty() && matches!(deed.code.get(..3), Some("190" | "194" | "195")) {
                vec![(None, None)]
            } else {
                sources.into_iter().map(|s| (Some(s), None)).collect()
            }
        } else if sources.is_empty() {
            targets.into_iter().map(|t| (None, Some(t))).collect()
        } else {
            sources.iter().flat_map(|s| targets.iter().map(move |t| (Some(s.clone()), Some(t.clone())))).collect()
        };
        if pairs.is_empty() {
            dropped.push(
                if deed.source.is_empty() && deed.target.is_empty() {
                    "no words for its sides"
                } else {
                    "nobody in the words of its sides"
                }
                .to_owned(),
            );
        }
        // "Reporters fired questions at the minister": a doer that is nobody is still the doer.
        let force = matches!(root(deed), "16" | "17" | "18" | "19" | "20");
        let nobody = force
            && self.tree.verbal(deed.trigger)
            && deed.source.iter().any(|&h| self.tree.upos(h) == Upos::NOUN)
            && deed.source.iter().all(|&h| self.mentions.of(h).is_empty() && self.tree.upos(h) != Upos::PROPN);
        // "They will contact you": done to the reader, and to no actor.
        let hearer = |t: usize| {
            let g = &self.memory.k.grammar;
            g.hearers.contains(&self.tree.forms[t]) || self.tree.owner(t).is_some_and(|o| g.hearers.contains(&self.tree.forms[o]))
        };
        let to_reader = deed.target.iter().any(|&t| hearer(t) && self.mentions.of(t).is_empty());
        let no_actor = self.against_no_actor(deed);
        for (s, t) in pairs {
            if no_actor {
                dropped.push("a fight against no actor".to_owned());
                continue;
            }
            if let Some(reason) = self.unpolitical(deed, s.as_ref(), t.as_ref()) {
                dropped.push(reason.to_owned());
                continue;
            }
            if to_reader && t.is_none() {
                dropped.push("it is done to the reader".to_owned());
                continue;
            }
            if nobody && s.is_none() {
                dropped.push("its doer is no actor".to_owned());
                continue;
            }
            // "Palestinians and Israelis failed to agree": two nations at one table are their states.
            let nations = deed.symmetric && [&s, &t].into_iter().all(|r| r.as_ref().is_some_and(|r| r.sort == Sort::People));
            let state = |r: Resolved| Resolved { nation: r.nation || nations, ..r };
            let (s, t) = (s.map(state), t.map(state));
            let t = t.map(|t| self.speakers_own(deed, s.as_ref(), t, speaker));
            // "Settlers attacked farmers near Nablus": the country read into the doer would make
            // both sides one.
            let people = |t: &Resolved| matches!(t.sort, Sort::Agent | Sort::Person | Sort::Body) && deed.target.contains(&t.head);
            let same = |s: &Resolved, t: &Resolved| {
                t.country() == s.country()
                    && (s.code == t.code || matches!(s.code.get(3..6), Some("UAF" | "CRM" | "BUS" | "SOC" | "LAB" | "EDU" | "MED")))
            };
            let read_in = |s: &Resolved| s.country_implied && t.as_ref().is_some_and(|t| same(s, t) && people(t));
            // "Gunmen abducted five Indian workers in Chad": the place says more than the victims.
            let s = s.map(|s| if armed(&s) { self.struck_at(deed, s, t.as_ref()) } else { s });
            if s.as_ref().is_some_and(|s| force && read_in(s) && matches!(s.code.get(3..6), Some("BUS" | "SOC" | "LAB" | "EDU" | "MED"))) {
                dropped.push("its doer is no political actor".to_owned());
                continue;
            }
            let s = s.filter(|s| !(force && read_in(s)));
            let s = s.map(|s| self.struck_at(deed, s, t.as_ref()));
            let t = t.map(|t| self.elsewhere(deed, s.as_ref(), t));
            // Whoever nobody can place is nobody; the other side still tells a deed.
            let both = s.is_some() && t.is_some();
            let s = s.filter(|r| !both || somebody(r));
            let t = t.filter(|r| !both || somebody(r));
            let t = t.map(|t| self.outside(deed, s.as_ref(), t));
            let t = t.unwrap_or_default();
            if let Err(reason) = self.allowed(deed, s.as_ref(), t.as_ref()) {
                let code = |r: Option<&Resolved>| r.map_or("-", |r| r.code.as_str()).to_owned();
                dropped.push(format!("{} {} {}: {reason}", code(s.as_ref()), deed.code, code(t.as_ref())));
                continue;
            }
            let event = self.event(deed, code_by(deed, s.as_ref()), s.as_ref(), t.as_ref(), implied_speaker);
            let back = if deed.symmetric { Some(deed.code.as_str()) } else { deed.reciprocal.as_deref() };
            if let Some(code) = back
                && s.is_some()
                && t.is_some()
            {
                out.push(event);
                out.push(self.event(deed, code, t.as_ref(), s.as_ref(), implied_speaker));
            } else {
                out.push(event);
            }
        }
        out
    }

    /// "Egyptian gunmen killed ten people in Tel Aviv": victims without a country are of the place, not
    /// of the country the article named for their killers.
    fn elsewhere(&self, deed: &Deed, s: Option<&Resolved>, t: Resolved) -> Resolved {
        let doers = |s: &&Resolved| !s.country_implied && s.country() == t.country();
        // "Britain flew supplies to civilians": aid goes abroad, to the state the article is about.
        let abroad = s.filter(|s| t.country_implied && root(deed) == "07" && doers(s)).and_then(|s| self.memory.main_other(s.country()));
        if let Some(code) = abroad {
            let code = of_country(&t, code);
            return Resolved { code, ..t };
        }
        if !t.country_implied || !matches!(root(deed), "18" | "19" | "20") {
            return t;
        }
        // "attacked a camp of Congolese refugees, killing ten people": of those who were attacked.
        let aside = self.tree.base(deed.trigger) == "advcl" && self.tree.xpos(deed.trigger) == "VBG";
        let mut above =
            std::iter::successors(Some(deed.trigger).filter(|_| aside), |&v| self.tree.head(v).filter(|_| self.tree.base(v) == "advcl"));
        let struck =
            above.find_map(|v| self.deeds.iter().find(|d| d.trigger == v && v != deed.trigger && matches!(root(d), "18" | "19" | "20")));
        let of = struck.map(|d| self.side(&d.target)).unwrap_or_default();
        if let Some(r) = of.iter().find(|r| !r.stateless && !r.country_implied && self.memory.k.actors.state(r.country()).is_some()) {
            return moved(t, r.country(), &r.name);
        }
        // "Four people were killed in Dar es Salaam, near the American embassy."
        let tree = self.tree;
        // "died in the shelling of Kherson"
        let hit = |i: usize| tree.head(i).is_some_and(|h| deed.used.contains(&h));
        let ground = |i: usize| hit(i) || tree.case(i).is_some_and(|p| self.memory.k.grammar.places.contains(&p));
        let told = |r: &&Resolved| {
            matches!(r.sort, Sort::Place | Sort::State)
                && r.country() != t.country()
                && r.span.start > tree.span(deed.trigger).start
                && ground(r.head)
        };
        let place = match s {
            None => self.place(deed).filter(|p| p.country != t.country()).map(|p| (p.country, p.name)),
            Some(s) if !doers(&s) => None,
            Some(_) => self.mentions.at.iter().flatten().find(told).map(|p| (p.country().to_owned(), p.name.clone())),
        };
        match place {
            Some((country, name)) => moved(t, &country, &name),
            None => t,
        }
    }

    /// "Chad said a Malian sniper had killed one of its men": nobody's victims are his own, so that they are
    /// the speaker's.
    fn speakers_own(&self, deed: &Deed, s: Option<&Resolved>, t: Resolved, speaker: Option<&Resolved>) -> Resolved {
        let force = is_harm(&deed.code);
        let Some(speaker) = speaker.filter(|o| force && s.is_some_and(|s| s.country() == t.country() && o.country() != s.country())) else {
            return t;
        };
        let (lo, hi) = self.tree.extent(t.head);
        let own = |i: usize| self.tree.rel(i) == "nmod:poss" && self.tree.upos(i) == Upos::PRON;
        if speaker.stateless || !(lo..=hi).any(own) {
            return t;
        }
        let mut out = Resolved { code: of_country(&t, speaker.country()), link: Link::Speaker, ..t };
        out.why.push(format!("not the doer's own but the speaker's: {}", speaker.name));
        out
    }

    /// "A suicide bomber struck the Russian embassy in Kabul": a doer without a country is not of the country
    /// he struck but of the place.
    fn struck_at(&self, deed: &Deed, s: Resolved, t: Option<&Resolved>) -> Resolved {
        let force = matches!(root(deed), "18" | "19" | "20");
        // "Rwandan-backed rebels overran an army base": armed men of no state that is told fight the state at home.
        let state = |t: &&Resolved| !t.stateless && !t.country_implied && matches!(t.acting().get(3..6), Some("GOV" | "MIL" | "COP"));
        if let Some(t) = t.filter(state).filter(|_| force && s.stateless && matches!(s.code.as_str(), "REB" | "UAF" | "PRM")) {
            let at = self.place(deed).map_or((t.country().to_owned(), t.name.clone()), |p| (p.country, p.name));
            let mut s = Resolved { code: format!("{}{}", at.0, s.code), stateless: false, country_implied: true, ..s };
            s.why.push(format!("where it happened: {}", at.1));
            return s;
        }
        if !force || !s.country_implied || t.is_none_or(|t| t.country_implied || t.country() != s.country()) {
            return s;
        }
        if let Some(place) = self.place(deed).filter(|p| p.country != s.country()) {
            return moved(s, &place.country, &place.name);
        }
        // "abducted three French nurses in eastern Chad", the place read as theirs.
        let ground = |h: usize| self.tree.case(h).is_some_and(|p| self.memory.k.grammar.located.contains(&p));
        let state = |r: &&Resolved| matches!(r.sort, Sort::State | Sort::Place) && !r.country_implied && r.country() != s.country();
        let at = deed.target.iter().filter(|&&h| ground(h)).flat_map(|&h| self.mentions.of(h)).find(state);
        match at.map(|r| (r.country().to_owned(), r.name.clone())) {
            Some((country, name)) => moved(s, &country, &name),
            None => s,
        }
    }

    /// Every pair of one phrase, both ways.
    fn pairs(&self, deed: &Deed, all: &[Resolved], implied: bool) -> Vec<Event> {
        let mut out = Vec::new();
        for a in all {
            for b in all {
                let political = self.allowed(deed, Some(a), Some(b)).is_ok() && self.unpolitical(deed, Some(a), Some(b)).is_none();
                if (a.country() != b.country() || opposed(a, b)) && political {
                    out.push(self.event(deed, &deed.code, Some(a), Some(b), implied));
                }
            }
        }
        out
    }

    /// Whose doing is praised or blamed: an owner, a doer or a party within the phrase of the
    /// thing ("the steps taken by the government", "the agreement between X and Y").
    fn responsible(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        let tree = self.tree;
        let things = if deed.target.is_empty() { &deed.used } else { &deed.target };
        let somebody_else = |t: usize| -> Vec<Resolved> {
            let all = tree.conjuncts(t).into_iter().flat_map(|c| self.mentions.of(c).iter().cloned());
            all.filter(|r| !r.stateless && !r.country_implied && sources.iter().all(|s| s.country() != r.country())).collect()
        };
        for &thing in things {
            let (lo, hi) = tree.extent(thing);
            let inside = (lo..=hi).filter(|&t| t != thing && t > deed.trigger);
            // Owners first, then those behind "by" and "between", then those behind "of" and "from".
            let rank = |t: usize| match (tree.base(t), tree.case(t)) {
                ("nmod", None) if tree.rel(t) == "nmod:poss" => Some(0),
                (_, Some(p)) if tree.agentive(&p) || self.memory.k.grammar.parties.contains(&p) => Some(1),
                ("nmod", Some(p)) if tree.genitive(&p) => Some(2),
                ("nsubj", None) => Some(3),
                _ => None,
            };
            let mut ranked: Vec<(u8, usize)> = inside.filter_map(|t| rank(t).map(|r| (r, t))).collect();
            ranked.sort_unstable();
            if let Some(found) = ranked.into_iter().map(|(_, t)| somebody_else(t)).find(|f| !f.is_empty()) {
                return found;
            }
        }
        Vec::new()
    }

    /// The country a deed of force befell, when its victims are told only by place.
    fn where_it_fell(&self, deed: &Deed) -> Vec<Resolved> {
        let Some(place) = self.place(deed) else { return Vec::new() };
        let at = |r: &&Resolved| r.span.overlaps(place.span) && r.country() == place.country;
        let found = self.mentions.at.iter().flatten().find(at).cloned();
        found
            .map(|r| Resolved { code: place.country.clone(), sort: Sort::Place, ..r })
            .map(|mut r| {
                r.why.push("the country it happened in".to_owned());
                r
            })
            .into_iter()
            .collect()
    }
}

/// A state's organs and those who fight or contest it at home: two sides under one country.
fn opposed(a: &Resolved, b: &Resolved) -> bool {
    let state = |r: &Resolved| matches!(r.acting().get(3..6), Some("GOV" | "MIL" | "LEG" | "COP"));
    let against = |r: &Resolved| matches!(r.code.get(3..6), Some("REB" | "OPP" | "UAF" | "PRM"));
    a.country() == b.country() && (state(a) && against(b) || against(a) && state(b))
}

/// Somebody with a country, or a bearer of arms or power without one.
fn somebody(r: &Resolved) -> bool {
    r.code.len() >= 3 && (!r.stateless || matches!(r.code.as_str(), "REB" | "MIL" | "UAF" | "OPP" | "COP" | "PRM"))
}

/// Whether a verb's subject is itself a deed of force: "one strike destroyed a bridge".
pub fn by_deed(tree: &Tree<'_>, k: &Knowledge, v: usize) -> bool {
    let force = |s: usize| {
        let keys = tree.keys(s).iter();
        keys.flat_map(|key| k.frames.triggers(key)).any(|&t| k.frames.get(t).0.code.starts_with("19"))
    };
    tree.verbal(v) && tree.args(v).subject.is_some_and(|s| tree.upos(s) == Upos::NOUN && force(s))
}

/// An actor as one of the country a deed happened in.
fn moved(mut r: Resolved, country: &str, place: &str) -> Resolved {
    r.code = of_country(&r, country);
    r.why.push(format!("where it happened: {place}"));
    r
}

/// An actor's code with another country.
fn of_country(r: &Resolved, country: &str) -> String {
    format!("{country}{}", r.code.get(3..).unwrap_or(""))
}

/// The code of a deed, which for some is another when a state does it.
fn code_by<'d>(deed: &'d Deed, s: Option<&Resolved>) -> &'d str {
    let organ = |r: &&Resolved| r.acting().get(3..6) == Some("GOV") && !r.nation && !r.plural;
    deed.state.as_deref().filter(|_| s.filter(organ).is_some()).unwrap_or(&deed.code)
}

fn root(deed: &Deed) -> &str {
    deed.code.get(..2).unwrap_or("")
}

/// Code of a doer: a state acts through its government, its strikes are its army's.
fn source_code(r: &Resolved, code: &str) -> String {
    if r.sort == Sort::State && r.code.len() == 3 && matches!(code.get(..3), Some("194" | "195")) {
        return format!("{}MIL", r.code);
    }
    if r.nation {
        return match code.get(..2) {
            Some("14" | "17" | "18" | "20") => r.code.clone(),
            Some("15" | "19") => format!("{}MIL", r.country()),
            _ => r.acting(),
        };
    }
    match r.sort {
        // A people protests, not its government.
        Sort::State if r.code.len() == 3 && code.starts_with("14") => format!("{}CVL", r.code),
        Sort::Thing if r.code.len() == 3 && matches!(code.get(..2), Some("15" | "18" | "19" | "20")) => format!("{}MIL", r.code),
        _ => r.acting(),
    }
}

/// Code of the done-to: a state is addressed as its government, but is struck as a state.
fn target_code(r: &Resolved, code: &str) -> String {
    if matches!(code.get(..2), Some("01" | "02" | "04" | "05" | "09" | "10" | "11" | "12" | "13")) { r.acting() } else { r.code.clone() }
}

/// A mention as a side of a record.
pub fn role(r: &Resolved, code: String) -> Role {
    let bare_state = r.nation && !code.ends_with("CVL") || r.sort == Sort::State && !r.seat && r.code.len() == 3;
    Role { code, name: r.name.clone(), span: r.span, link: r.link, bare_state }
}

impl Deed {
    /// Whether the trigger's own clause leaves the doer open (no subject to misread).
    fn trigger_in(&self, tree: &Tree<'_>) -> bool {
        tree.with(self.trigger, Rels::NSUBJ).next().is_none() || self.source.is_empty()
    }
}

/// Whether a deed counts as said of somebody else: mode claimed.
pub fn claim(event: &mut Event, speaker: &Resolved) {
    let ours = |r: &Option<Role>| r.as_ref().is_some_and(|r| r.code.get(..3) == speaker.code.get(..3));
    // A meeting is the deed of both, and harm to one's own is told as fact.
    let shared = matches!(event.code.get(..2), Some("03" | "04" | "05" | "06")) || event.source.is_none();
    let own = ours(&event.source) || shared && ours(&event.target);
    if event.mode == Mode::Happened && !own {
        event.mode = Mode::Claimed;
        event.claimed_by = Some(speaker.acting());
    }
}
