//! Who stands on either side of a deed: what its frame names, and where the frame is silent,
//! whoever the words around it tell.

use super::super::rels::Rels;
use super::{Maker, root};
use crate::code::deed::Deed;
use crate::code::memory::{Resolved, Sort};
use crate::model::{Link, is_harm, syntax::Upos};

impl Maker<'_, '_> {
    /// Those a deed is done to. Praise and blame of a deed are of its doer.
    pub(super) fn targets(&self, deed: &Deed) -> (Vec<Resolved>, bool) {
        let refused = self.refused(deed);
        if !refused.is_empty() {
            return (refused, true);
        }
        let held = self.held(deed);
        if !held.is_empty() {
            return (held, true);
        }
        // "condemned the attack, for which the group has claimed responsibility": blame of a deed told
        // without its doer.
        if deed.closed && deed.target.is_empty() && self.tree.verbal(deed.trigger) {
            let noun = self.tree.args(deed.trigger).object;
            if let Some(doers) = noun.and_then(|o| self.doers(deed, o)) {
                return (doers, true);
            }
        }
        let mut out: Vec<Resolved> = Vec::new();
        let mut settled = false;
        for &t in &deed.target {
            let found = match self.doers(deed, t) {
                Some(doers) => {
                    settled = true;
                    doers
                }
                None => self.side(&[t]),
            };
            for r in found {
                join(&mut out, r);
            }
        }
        (out, settled)
    }

    /// "X and Y made peace in a deal brokered by Z": those between whom Z went are the subject of the clause.
    pub(super) fn reconciled(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        let tree = self.tree;
        let mut at = deed.trigger;
        if tree.base(at) != "acl" || tree.xpos(at) != "VBN" {
            return Vec::new();
        }
        for _ in 0..6 {
            let Some(above) = tree.head(at) else { break };
            at = above;
            let Some(subject) = tree.verbal(at).then(|| tree.args(at).subject).flatten() else { continue };
            let all = tree.conjuncts(subject).into_iter().flat_map(|c| self.mentions.of(c).iter().cloned());
            let found: Vec<Resolved> =
                all.filter(|r| !r.stateless && !r.country_implied && sources.iter().all(|s| s.country() != r.country())).collect();
            if found.iter().any(|r| r.country() != found[0].country()) {
                return found;
            }
        }
        Vec::new()
    }

    /// "rejected Chad's demand to leave the alliance with Mali": who is rejected is whose demand,
    /// plan or offer it is, whatever stands within it.
    fn refused(&self, deed: &Deed) -> Vec<Resolved> {
        let tree = self.tree;
        if root(deed) != "12" || !tree.verbal(deed.trigger) {
            return Vec::new();
        }
        let Some(thing) = tree.args(deed.trigger).object.filter(|o| *o > deed.trigger && !deed.target.contains(o)) else {
            return Vec::new();
        };
        // Whose it is stands in front of it or after "from"; what it is about, after "of" and "on".
        let before = tree
            .with(thing, Rels::NMOD | Rels::AMOD | Rels::COMPOUND)
            .filter(|&k| k < thing && tree.case(k).is_none_or(|_| tree.rel(k) == "nmod:poss"));
        let from = tree.with(thing, Rels::NMOD).filter(|&k| tree.case(k).is_some_and(|p| self.memory.k.grammar.origins.contains(&p)));
        let whose = before.chain(from).flat_map(|k| tree.conjuncts(k)).flat_map(|k| self.mentions.of(k).iter().cloned());
        let sources = self.side(&deed.source);
        let own = |r: &Resolved| sources.iter().any(|s| s.country() == r.country() && (r.code.len() == 3 || s.acting() == r.acting()));
        whose.filter(|r| !r.stateless && !own(r)).collect()
    }

    /// "welcomed the premier's remarks as a sign of Chad's good will": praise and blame are of whose
    /// thing it is, not of whoever the phrase names further on.
    fn held(&self, deed: &Deed) -> Vec<Resolved> {
        if !matches!(root(deed), "05" | "11") || !self.tree.verbal(deed.trigger) {
            return Vec::new();
        }
        let further = |u: usize| deed.target.iter().all(|&t| t > u && self.tree.head(t) != Some(u));
        let thing = deed.used.iter().copied().find(|&u| u > deed.trigger && !self.tree.verbal(u) && further(u));
        let Some(owner) = thing.filter(|_| !deed.target.is_empty()).and_then(|u| self.tree.owner(u)) else { return Vec::new() };
        let own = |r: &Resolved| self.side(&deed.source).iter().any(|s| s.country() == r.country());
        self.side(&[owner]).into_iter().filter(|r| !own(r) && !r.stateless).collect()
    }

    /// Doers of the deed noun at `t` that this deed is about; `None` when the noun's own mention
    /// says more.
    fn doers(&self, deed: &Deed, t: usize) -> Option<Vec<Resolved>> {
        if !matches!(root(deed), "05" | "11") || self.tree.verbal(t) {
            return None;
        }
        let noun = self.deeds.iter().find(|d| d.trigger == t && d.trigger != deed.trigger)?;
        let mut doers = self.side(&noun.source);
        if doers.is_empty() {
            doers = self.sources(noun);
        }
        doers.retain(|r| r.sort != Sort::Place);
        if doers.is_empty() {
            doers = self.claimants(t);
        }
        if doers.is_empty() && root(noun) == "17" {
            return Some(self.rulers(deed, noun));
        }
        let both = noun.mutual || noun.symmetric;
        if both {
            doers.extend(self.side(&noun.target));
        }
        // Of harm without a doer only the place is known, and no place is blamed.
        let harm = matches!(root(noun), "14" | "18" | "19" | "20") && root(deed) == "11";
        (!doers.is_empty() || harm).then_some(doers)
    }

    /// "condemned the arrest of a journalist in Chad": whoever arrests and bans there, and not whom it befell.
    fn rulers(&self, deed: &Deed, noun: &Deed) -> Vec<Resolved> {
        let states = &self.memory.k.actors;
        let sources = self.side(&deed.source);
        let befallen = self.side(&noun.target);
        let of = |r: &Resolved| (r.country().to_owned(), r.clone());
        let home = befallen.iter().find(|r| !r.stateless && !r.country_implied).map(of);
        let Some((country, r)) = self.place(noun).and_then(|p| Some((p.country, befallen.first()?.clone()))).or(home) else {
            return Vec::new();
        };
        let Some(state) = states.state(&country).filter(|_| sources.iter().all(|s| s.country() != country)) else { return Vec::new() };
        let mut why = r.why.clone();
        why.push("whoever arrests and bans there".to_owned());
        let (code, name) = (format!("{country}GOV"), state.name.clone());
        vec![Resolved { code, name, sort: Sort::Body, link: Link::Implied, why, office: None, named: false, ..r }]
    }

    /// "the attack for which the group claimed responsibility"
    fn claimants(&self, noun: usize) -> Vec<Resolved> {
        let (lo, hi) = self.tree.extent(noun);
        let claims = self.deeds.iter().filter(|d| d.code == "015" && d.trigger >= lo && d.trigger <= hi);
        claims.flat_map(|d| self.side(&d.source)).collect()
    }

    /// "soldiers died when rebels attacked their patrol": nobody strikes what is his own, so that it is theirs of whom the
    /// main clause tells.
    pub(super) fn of_the_main_clause(&self, deed: &Deed, sources: &[Resolved], targets: &mut Vec<Resolved>) {
        let tree = self.tree;
        let v = deed.trigger;
        let own = |t: &Resolved| {
            sources.iter().any(|s| s.acting() == t.acting()) && tree.with(t.head, Rels::NMOD).any(|k| tree.upos(k) == Upos::PRON)
        };
        if !is_harm(&deed.code) || tree.base(v) != "advcl" || targets.is_empty() || !targets.iter().all(own) {
            return;
        }
        let Some(main) = tree.head(v) else { return };
        let args = tree.args(main);
        let told = args.subject.or(args.object).map(|h| self.side(&[h])).unwrap_or_default();
        if !told.is_empty() && told.iter().all(|m| sources.iter().all(|s| s.acting() != m.acting())) {
            *targets = told;
        }
    }

    /// "In Syria, jets carried out strikes … against X": a place where it happened gives way to
    /// whom it was against.
    pub(super) fn aimed(&self, deed: &Deed, sources: &[Resolved], targets: &mut Vec<Resolved>) {
        let tree = self.tree;
        let g = &self.memory.k.grammar;
        // "in Syria and Iraq" is two places.
        let locative = |t: usize| {
            let first = std::iter::successors(Some(t), |&t| tree.head(t).filter(|_| tree.base(t) == "conj")).take(6).last().unwrap_or(t);
            tree.case(first).is_some_and(|p| g.places.contains(&p) && !g.upon.contains(&p))
        };
        let place = |r: &Resolved| matches!(r.sort, Sort::Place | Sort::State) && locative(r.head);
        if !matches!(root(deed), "14" | "15" | "17" | "18" | "19" | "20") || !targets.iter().all(place) {
            return;
        }
        // "killed dozens of protesters in Khartoum": the people, not the town.
        let people = |r: &&Resolved| matches!(r.sort, Sort::Agent | Sort::Person) && sources.iter().all(|s| s.head != r.head);
        let befallen: Vec<Resolved> = deed.used.iter().flat_map(|&u| self.mentions.of(u)).filter(people).cloned().collect();
        if !befallen.is_empty() && !targets.is_empty() && !matches!(root(deed), "14" | "15") {
            *targets = befallen;
            return;
        }
        // "attacked a Houthi base in Yemen": the base's owners.
        let owned = |r: &&Resolved| {
            r.sort == Sort::Thing && targets.iter().all(|t| t.code != r.code) && sources.iter().all(|s| s.country() != r.country())
        };
        let used: Vec<Resolved> = deed.used.iter().flat_map(|&u| self.mentions.of(u)).filter(owned).cloned().collect();
        if !used.is_empty() && !targets.is_empty() {
            *targets = used;
            return;
        }
        let end = tree.extent(deed.trigger).1;
        let aim = |i: &usize| tree.case(*i).is_some_and(|p| g.aims.contains(&p)) && !self.mentions.of(*i).is_empty();
        let Some(head) = (deed.trigger + 1..=end).find(aim) else { return };
        let found: Vec<Resolved> = tree
            .conjuncts(head)
            .into_iter()
            .flat_map(|c| self.mentions.of(c).iter().cloned())
            .filter(|r| !r.country_implied && sources.iter().all(|s| s.code != r.code))
            .collect();
        if !found.is_empty() {
            *targets = found;
        }
    }

    /// Who does a deed whose frame found nobody.
    pub(super) fn sources(&self, deed: &Deed) -> Vec<Resolved> {
        let tree = self.tree;
        let v = deed.trigger;
        let g = &self.memory.k.grammar;
        let somebody = |i: usize| -> Vec<Resolved> {
            let all = tree.conjuncts(i).into_iter().flat_map(|c| self.mentions.of(c).iter().cloned());
            all.filter(|r| !matches!(r.sort, Sort::Place) && !r.stateless).collect()
        };
        if deed.source.is_empty() {
            let before = self.before_fragment(deed);
            if !before.is_empty() {
                return before;
            }
        }
        if !tree.verbal(v) {
            // "the use of gas by the army": "by" hangs on any noun of the phrase.
            let inner =
                tree.with(v, Rels::NMOD | Rels::OBL).flat_map(|k| tree.with(k, Rels::NMOD | Rels::OBL).chain([k]).collect::<Vec<_>>());
            // Parses also hang it on the verb above, though that has a subject of its own.
            let above = tree.head(v).filter(|&h| tree.verbal(h) && !tree.args(h).passive);
            let inner = inner.chain(above.into_iter().flat_map(|h| tree.with(h, Rels::OBL).filter(move |&k| k > v && h < v)));
            let by = inner.filter(|&k| tree.case(k).is_some_and(|p| g.agents.contains(&p)));
            let found = by.map(somebody).find(|found| !found.is_empty()).unwrap_or_default();
            let harm = found.is_empty() && matches!(root(deed), "18" | "19" | "20");
            return if harm { self.claimants(v) } else { found };
        }
        // "killed at the hands of the army"
        let hands = tree.with(v, Rels::OBL).filter(|&k| g.hands.contains(tree.lemma(k)));
        let of =
            hands.flat_map(|k| tree.with(k, Rels::NMOD).filter(|&n| tree.case(n).is_some_and(|p| tree.genitive(&p))).collect::<Vec<_>>());
        let found = of.map(somebody).find(|found| !found.is_empty()).unwrap_or_default();
        // "bulldozers demolished homes, officials said": parses take the verb for a participle.
        let own = tree.with(v, Rels::NSUBJ).next().is_some();
        if tree.base(v) == "acl" && !own && matches!(tree.xpos(v), "VBN" | "VBD") && tree.with(v, Rels::OBJ).next().is_some() {
            return tree.head(v).map(somebody).unwrap_or_default();
        }
        let stance = matches!(root(deed), "01" | "02" | "10" | "11" | "12" | "13");
        if !found.is_empty() || stance || tree.args(v).passive || tree.with(v, Rels::NSUBJ).next().is_some() {
            return found;
        }
        self.controller(v, &somebody)
    }

    /// Whoever the verb above speaks of: "methods the army uses to kill", "their campaign to
    /// defeat".
    fn controller(&self, v: usize, somebody: &dyn Fn(usize) -> Vec<Resolved>) -> Vec<Resolved> {
        let tree = self.tree;
        let mut at = v;
        for _ in 0..4 {
            let Some(h) = tree.head(at) else { break };
            let goes_on = match tree.base(at) {
                "xcomp" | "conj" => true,
                // "rebels fighting the army": the noun itself would do it.
                "acl" => tree.rel(at) == "acl" && !matches!(tree.xpos(at), "VBG" | "VBN"),
                "advcl" => true,
                "obl" | "nmod" | "obj" => at != v,
                _ => false,
            };
            if !goes_on {
                break;
            }
            let of = || tree.with(h, Rels::NMOD).find(|&k| tree.case(k).is_some_and(|p| tree.genitive(&p)));
            let subject = if tree.verbal(h) { tree.args(h).subject } else { tree.owner(h).or_else(of) };
            let found = subject.map(somebody).unwrap_or_default();
            if !found.is_empty() {
                return found;
            }
            if tree.with(h, Rels::NSUBJ).next().is_some() {
                break;
            }
            at = h;
        }
        Vec::new()
    }

    /// A line that begins with a verb goes on from the line before: "conducted five strikes".
    pub(super) fn before_fragment(&self, deed: &Deed) -> Vec<Resolved> {
        let tree = self.tree;
        let opening = tree.xpos(0) == "VBD" && tree.word(0).chars().next().is_some_and(char::is_lowercase);
        let from_opening = deed.trigger == 0 || tree.head(deed.trigger) == Some(0) && matches!(tree.base(deed.trigger), "conj" | "obj");
        if !opening || !from_opening || tree.with(0, Rels::NSUBJ).next().is_some() {
            return Vec::new();
        }
        let start = tree.span(0).start;
        let last =
            self.memory.recent().find(|r| r.span.start < start && !r.code.is_empty() && !matches!(r.sort, Sort::Thing | Sort::Place));
        let mut found: Vec<Resolved> = last.cloned().into_iter().collect();
        for r in &mut found {
            r.link = Link::Implied;
            r.why.push("from the line before".to_owned());
        }
        found
    }

    /// Whom a threat is meant for when only its condition names them: "will cut supplies unless Chad gives way".
    pub(super) fn conditioned(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        let tree = self.tree;
        let g = &self.memory.k.grammar;
        let verbs = [deed.trigger].into_iter().chain(deed.used.iter().copied()).filter(|&v| tree.verbal(v));
        let own = verbs.flat_map(|v| tree.with(v, Rels::ADVCL).collect::<Vec<_>>());
        // "to stop the talks to cut arms if Chad goes ahead": hung on any verb within.
        let within = (deed.trigger + 1..=tree.extent(deed.trigger).1).filter(|&c| tree.base(c) == "advcl");
        for c in own.chain(within) {
            if !tree.with(c, Rels::MARK).any(|m| g.conditions.contains(&tree.forms[m])) {
                continue;
            }
            let subject = tree.args(c).subject.map(|s| tree.conjuncts(s)).unwrap_or_default();
            let all = subject.into_iter().flat_map(|t| self.mentions.of(t).iter().cloned());
            let mut found: Vec<Resolved> =
                all.filter(|r| !r.stateless && r.sort != Sort::Place && sources.iter().all(|s| s.acting() != r.acting())).collect();
            if !found.is_empty() {
                found.iter_mut().for_each(|r| r.why.push("what the threat hangs on".to_owned()));
                return found;
            }
        }
        Vec::new()
    }

    /// Whom other deeds of the sentence name where this one's words do not: those whose protest was prevented, those
    /// talked with before a strike was called off, those from whom what is returned was taken.
    pub(super) fn beside(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        let others = |r: &Resolved| !r.stateless && r.sort != Sort::Place && sources.iter().all(|s| s.acting() != r.acting());
        let kin = |d: &&Deed| d.used.iter().chain([&d.trigger]).any(|t| deed.used.contains(t)) && d.trigger != deed.trigger;
        let found: Vec<Resolved> = match (root(deed), deed.code.as_str()) {
            ("17", _) => {
                self.deeds.iter().filter(|d| root(d) == "14").filter(kin).flat_map(|d| self.side(&d.source)).filter(others).collect()
            }
            (_, "082") => {
                let with = |d: &&Deed| matches!(root(d), "03" | "04" | "05");
                let ours = |d: &&Deed| self.side(&d.source).iter().any(|r| sources.iter().any(|s| s.code == r.code));
                let organ = |r: &Resolved| matches!(r.acting().get(3..6), Some("GOV" | "LEG" | "MIL"));
                let talks = self.deeds.iter().filter(with).filter(ours);
                talks.flat_map(|d| self.side(&d.target)).filter(|r| organ(r) && others(r)).collect()
            }
            // "Chad expelled a Malian envoy, and Mali said it would retaliate"
            ("13", _) => {
                let hurt = |d: &&Deed| self.side(&d.target).iter().any(|t| sources.iter().any(|s| s.country() == t.country()));
                let harm = self.deeds.iter().filter(|d| d.trigger != deed.trigger && d.code.as_str() >= "10").filter(hurt);
                harm.flat_map(|d| self.side(&d.source)).filter(others).collect()
            }
            ("08", code) if code.starts_with("084") => self.taken_from(deed, &others),
            ("03", code) if code.starts_with("0353") => self.taken_from(deed, &others),
            _ => Vec::new(),
        };
        let mut out: Vec<Resolved> = Vec::new();
        for mut r in found {
            r.why.push("from what is told beside the deed".to_owned());
            join(&mut out, r);
        }
        out
    }

    /// "will return weapons seized from peacekeepers": whose they were.
    fn taken_from(&self, deed: &Deed, fits: &dyn Fn(&Resolved) -> bool) -> Vec<Resolved> {
        let tree = self.tree;
        let g = &self.memory.k.grammar;
        let participles = deed.used.iter().filter(|&&u| !tree.verbal(u)).flat_map(|&u| tree.with(u, Rels::ACL));
        let from = participles.flat_map(|p| tree.with(p, Rels::OBL)).filter(|&k| tree.case(k).is_some_and(|p| g.origins.contains(&p)));
        from.flat_map(|k| tree.conjuncts(k)).flat_map(|c| self.mentions.of(c).iter().cloned()).filter(|r| fits(r)).collect()
    }

    /// "was arrested in Chad": where nobody else is told, the police that detains, tries or looks into foreigners is
    /// the country's own.
    pub(super) fn policed(&self, deed: &Deed, targets: &[Resolved]) -> Vec<Resolved> {
        let tree = self.tree;
        let police = matches!(deed.code.get(..3), Some("173" | "174" | "090" | "091" | "092" | "093" | "094"));
        if !police || targets.is_empty() || !tree.verbal(deed.trigger) || !tree.args(deed.trigger).passive {
            return Vec::new();
        }
        let g = &self.memory.k.grammar;
        let ground = |&k: &usize| k > deed.trigger && tree.case(k).is_some_and(|p| g.located.contains(&p));
        let hosts = [deed.trigger].into_iter().chain(deed.used.iter().copied());
        let places = hosts.flat_map(|h| tree.with(h, Rels::OBL | Rels::NMOD).filter(ground).collect::<Vec<_>>());
        let home = |r: &&Resolved| {
            matches!(r.sort, Sort::State | Sort::Place)
                && !r.stateless
                && targets.iter().all(|t| !t.country_implied && !t.stateless && t.country() != r.country())
        };
        let Some(r) = places.flat_map(|k| self.mentions.of(k)).find(home) else { return Vec::new() };
        let Some(state) = self.memory.k.actors.state(r.country()) else { return Vec::new() };
        let mut out =
            Resolved { code: r.country().to_owned(), name: state.name.clone(), sort: Sort::State, link: Link::Implied, ..r.clone() };
        out.why.push("where it happened".to_owned());
        vec![out]
    }

    /// "monitors of the Union were expelled from Chad": with nobody else told, the state they had to leave sent them off.
    pub(super) fn expelled(&self, deed: &Deed, sources: &mut Vec<Resolved>, targets: &mut Vec<Resolved>) {
        let tree = self.tree;
        let from = |&t: &usize| tree.case(t).is_some_and(|p| self.memory.k.grammar.origins.contains(&p));
        if !tree.verbal(deed.trigger) || !tree.args(deed.trigger).passive || deed.target.is_empty() {
            return;
        }
        // "Chad's ambassador to Mali was told to leave": by those he was sent to.
        if !deed.target.iter().all(from) {
            let posts = tree.args(deed.trigger).object.into_iter().flat_map(|o| tree.with(o, Rels::NMOD));
            let posts = posts.filter(|&k| tree.case(k).is_some_and(|p| self.memory.k.grammar.places.contains(&p)));
            let hosts = posts.flat_map(|k| self.mentions.of(k)).filter(|r| matches!(r.sort, Sort::State) && !r.stateless);
            sources.extend(hosts.filter(|r| targets.iter().all(|t| t.country() != r.country())).cloned());
            return;
        }
        let state = |r: &&Resolved| matches!(r.sort, Sort::State) && !r.stateless;
        let Some(host) = targets.iter().find(state).cloned() else { return };
        let sent = tree.args(deed.trigger).object.map(|o| self.side(&[o])).unwrap_or_default();
        let sent: Vec<Resolved> = sent.into_iter().filter(|r| !r.stateless && r.country() != host.country()).collect();
        if !sent.is_empty() {
            (*sources, *targets) = (vec![host], sent);
        }
    }

    /// Rule over one's own people: curfews, martial law and their easing fall on the state's own.
    pub(super) fn ruled(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        // "rebels blew up a pipeline": what they wreck at home is the state's.
        if deed.code == "1712" {
            let rebels = sources.iter().find(|s| matches!(s.code.get(3..6), Some("REB" | "PRM")) && !s.stateless);
            let Some((s, state)) = rebels.and_then(|s| Some((s, self.memory.k.actors.state(s.country())?))) else { return Vec::new() };
            let mut why = s.why.clone();
            why.push("the state at home".to_owned());
            return vec![Resolved {
                code: s.country().to_owned(),
                name: state.name.clone(),
                sort: Sort::Place,
                link: Link::Implied,
                why,
                ..s.clone()
            }];
        }
        let sector = match deed.code.get(..3).unwrap_or("") {
            "081" => "",
            "132" | "172" if matches!(deed.code.get(3..), Some("3" | "4")) => "CVL",
            _ => return Vec::new(),
        };
        let organ = |r: &&Resolved| matches!(r.acting().get(3..6), Some("GOV" | "MIL" | "COP" | "JUD" | "LEG"));
        let states = &self.memory.k.actors;
        let Some((s, state)) = sources.iter().filter(organ).find_map(|s| Some((s, states.state(s.country())?))) else {
            return Vec::new();
        };
        let mut why = s.why.clone();
        why.push("its own people".to_owned());
        let code = format!("{}{sector}", s.country());
        vec![Resolved { code, name: state.name.clone(), sort: Sort::Place, link: Link::Implied, why, office: None, ..s.clone() }]
    }

    /// Where a phrase goes on, with the preposition: also "from neighboring Chad", whose
    /// participle parses take for a clause.
    fn steps(&self, h: usize) -> Vec<(usize, Option<String>)> {
        let tree = self.tree;
        let mut out: Vec<(usize, Option<String>)> =
            tree.with(h, Rels::OBJ | Rels::OBL | Rels::NMOD | Rels::XCOMP | Rels::ACL).map(|k| (k, tree.case(k))).collect();
        for c in tree.with(h, Rels::ADVCL | Rels::ACL).filter(|&c| tree.xpos(c) == "VBG") {
            let mark = tree.with(c, Rels::MARK | Rels::CASE).find(|&m| m + 1 == c);
            let object = tree.with(c, Rels::OBJ).find(|&o| tree.upos(o) == Upos::PROPN && tree.extent(o).0 == c + 1);
            if let (Some(m), Some(o)) = (mark, object) {
                out.push((o, Some(tree.forms[m].clone())));
            }
        }
        out
    }

    /// An actor in the deed's own phrase when no slot of its frame was filled: "lift embargoes on
    /// sales to Iran", "troops for the force in Liberia".
    pub(super) fn nearby(&self, deed: &Deed, sources: &[Resolved], places: bool) -> Vec<Resolved> {
        if matches!(root(deed), "01" | "15") {
            return Vec::new();
        }
        let tree = self.tree;
        let g = &self.memory.k.grammar;
        // "refused to lift the sanctions it has imposed on Chad"
        let own = |k: usize| {
            let told = tree.args(k).subject.into_iter().flat_map(|s| self.mentions.of(s));
            root(deed) == "12" && told.into_iter().any(|r| sources.iter().any(|s| s.country() == r.country()))
        };
        let mut frontier: Vec<usize> = vec![deed.trigger];
        frontier.extend(&deed.used);
        let mut seen: Vec<usize> = frontier.clone();
        for _ in 0..3 {
            let mut next = Vec::new();
            for &h in &frontier {
                for (k, prep) in self.steps(h) {
                    if k < deed.trigger && tree.base(k) == "obl" || seen.contains(&k) {
                        continue;
                    }
                    let towards = prep.as_ref().is_none_or(|p| {
                        // "sanctions imposed on Chad"
                        let aimed = tree.verbal(h) && h != deed.trigger && !g.located.contains(p);
                        let place = g.places.contains(p) && !g.belonging.contains(p) && !aimed || g.within.contains(p);
                        tree.agentive(p)
                            || (g.targets.contains(p) || g.belonging.contains(p)) && (places || !place || g.destinations.contains(p))
                    });
                    // Whoever one meets or signs with stands after "with", not in the topic.
                    let aside = deed.symmetric && !prep.as_ref().is_some_and(|p| g.partners.contains(p)) && tree.base(k) != "obj";
                    // "seized a town on the Malian border": on which side of it nobody says.
                    let edge = h != deed.trigger && is_harm(&deed.code) && g.borders.contains(tree.lemma(k));
                    if tree.rel(k) == "acl:relcl" && !own(k) || !towards || aside || edge {
                        continue;
                    }
                    next.push(k);
                }
            }
            next.sort_unstable();
            for &k in &next {
                let found: Vec<Resolved> = tree
                    .conjuncts(k)
                    .into_iter()
                    .flat_map(|c| self.mentions.of(c).iter().cloned())
                    .filter(|r| !r.stateless && !r.country_implied && sources.iter().all(|s| s.country() != r.country()))
                    .map(|mut r| {
                        r.why.push("from the deed's own phrase".to_owned());
                        r
                    })
                    .collect();
                if !found.is_empty() {
                    return found;
                }
            }
            seen.extend(&next);
            frontier = next;
        }
        Vec::new()
    }

    pub(super) fn side(&self, tokens: &[usize]) -> Vec<Resolved> {
        let mut out: Vec<Resolved> = Vec::new();
        for &t in tokens {
            // A phrase whose head says nothing may carry the name beside it ("rights watchdog
            // Amnesty International").
            let beside = || {
                let near = self
                    .tree
                    .with(t, Rels::APPOS | Rels::FLAT | Rels::COMPOUND | Rels::DEP | Rels::NMOD)
                    .filter(|&k| self.tree.case(k).is_none());
                near.map(|k| self.mentions.of(k))
                    .find(|m| m.iter().any(|r| matches!(r.sort, Sort::Body | Sort::Person | Sort::Agent)))
                    .unwrap_or(&[])
            };
            let own = self.mentions.of(t);
            for r in if own.is_empty() { beside() } else { own } {
                join(&mut out, r.clone());
            }
        }
        out
    }

    /// A government's deed to its own state: the bare state is the target of rule and relief;
    /// reforms and promises of them have none.
    pub(super) fn outside(&self, deed: &Deed, s: Option<&Resolved>, t: Resolved) -> Option<Resolved> {
        let Some(s) = s.filter(|s| s.country() == t.country() && !t.stateless) else { return Some(t) };
        let own = s.acting() == t.acting();
        // Mobilising one's own forces is against nobody named.
        let forces = matches!(t.code.get(3..6), Some("MIL" | "COP" | "PRM"));
        if root(deed) == "15" && forces {
            return None;
        }
        let ruled = self.ruled(deed, std::slice::from_ref(s));
        match root(deed) {
            _ if own && !ruled.is_empty() => ruled.into_iter().next(),
            "08" | "17" if own => Some(Resolved { code: t.country().to_owned(), sort: Sort::Place, ..t }),
            "03" | "08" | "12" | "13" | "10" | "02" if own => None,
            _ => Some(t),
        }
    }
}

/// Puts somebody on a side, once: of one code only people and bodies of other names stand apart.
fn join(side: &mut Vec<Resolved>, r: Resolved) {
    if !side.iter().any(|o| o.code == r.code && (o.name == r.name || !matches!(o.sort, Sort::Person | Sort::Body))) {
        side.push(r);
    }
}
