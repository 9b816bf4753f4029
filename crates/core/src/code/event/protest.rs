//! Protests: who takes to the street, and against whom.

use super::super::rels::Rels;
use super::{Maker, root};
use crate::code::deed::Deed;
use crate::code::memory::{Resolved, Sort};
use crate::knowledge::nouns::NounKind;
use crate::model::Link;

impl Maker<'_, '_> {
    /// Whom a protest is against: whoever its demands, its anger or its occasion name.
    pub(super) fn protested(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        let tree = self.tree;
        let g = &self.memory.k.grammar;
        let organ = |r: &Resolved| matches!(r.code.get(3..6), Some("GOV" | "MIL" | "LEG" | "COP" | "JUD" | "SPY" | "PTY"));
        // "threw stones during a march against the army"
        let protest = |k: usize| self.deeds.iter().any(|d| d.trigger == k && root(d) == "14");
        let mut frontier: Vec<usize> = vec![deed.trigger];
        frontier.extend(&deed.used);
        let mut seen = frontier.clone();
        for _ in 0..5 {
            let mut next = Vec::new();
            let mut found: Vec<Resolved> = Vec::new();
            for &h in &frontier {
                for k in tree.with(h, Rels::OBJ | Rels::OBL | Rels::NMOD | Rels::XCOMP | Rels::ACL | Rels::ADVCL | Rels::CCOMP | Rels::CONJ)
                {
                    let prep = tree.case(k);
                    if seen.contains(&k)
                        || tree.rel(k) == "acl:relcl"
                        || k < deed.trigger && tree.rel(k) != "nmod:poss"
                        || prep.as_ref().is_some_and(|p| g.occasions.contains(p)) && !protest(k)
                        || tree.with(k, Rels::MARK).any(|m| g.occasions.contains(&tree.forms[m]))
                    {
                        continue;
                    }
                    next.push(k);
                    let inside = prep.as_deref().is_some_and(|p| g.places.contains(p) && !g.targets.contains(p) || g.within.contains(p));
                    found.extend(
                        self.mentions
                            .of(k)
                            .iter()
                            .filter(|r| {
                                let home = sources.iter().any(|s| s.country() == r.country());
                                let ground = r.sort == Sort::Place || inside && r.sort == Sort::State;
                                !(r.stateless || r.country_implied || ground)
                                    && (organ(r) || !home && !matches!(r.code.get(3..6), Some("CVL" | "REF" | "SOC" | "LAB")))
                            })
                            .cloned(),
                    );
                }
            }
            if let Some(first) = found.into_iter().next() {
                return vec![Resolved {
                    why: first.why.iter().cloned().chain(["what the protest is about".to_owned()]).collect(),
                    ..first
                }];
            }
            seen.extend(&next);
            frontier = next;
        }
        self.occasioned(deed, sources)
    }

    /// "went on strike over the arrest of colleagues": arrests and bans that nobody is told to have made are the
    /// government's at home.
    fn occasioned(&self, deed: &Deed, sources: &[Resolved]) -> Vec<Resolved> {
        let (lo, hi) = self.tree.extent(deed.trigger);
        let power = |d: &&Deed| matches!(d.code.get(..3), Some("172" | "173" | "174"));
        let nobody = |d: &&Deed| self.side(&d.source).is_empty() && !self.tree.verbal(d.trigger);
        let told = self.deeds.iter().filter(power).filter(nobody).any(|d| d.trigger > deed.trigger && (lo..=hi).contains(&d.trigger));
        let home = sources.iter().find(|s| !s.stateless && !matches!(s.acting().get(3..6), Some("GOV" | "MIL" | "COP")));
        let Some((s, state)) = home.filter(|_| told).and_then(|s| Some((s, self.memory.k.actors.state(s.country())?))) else {
            return Vec::new();
        };
        let mut why = s.why.clone();
        why.push("whoever arrests and bans at home".to_owned());
        let code = format!("{}GOV", s.country());
        vec![Resolved { code, name: state.name.clone(), sort: Sort::Body, link: Link::Implied, why, office: None, ..s.clone() }]
    }

    /// Protesters of whom no country is told are of the place they protest in, or of the state whose organ
    /// they protest against: "hundreds of people blocked roads in Lagos".
    pub(super) fn of_the_place(&self, deed: &Deed, mut sources: Vec<Resolved>, targets: &[Resolved]) -> Vec<Resolved> {
        if root(deed) != "14" {
            return sources;
        }
        if sources.is_empty() {
            // A frame that asks for a kind of doer names no role for it.
            let subject =
                Some(deed.trigger).filter(|&v| deed.source.is_empty() && self.tree.verbal(v)).and_then(|v| self.tree.args(v).subject);
            sources = deed.source.iter().copied().chain(subject).filter_map(|h| self.crowd(h)).collect();
        }
        let open = |r: &Resolved| r.sort == Sort::Agent && (r.stateless || r.country_implied && r.link == Link::Implied);
        if !sources.iter().any(open) {
            return sources;
        }
        let organ = |r: &&Resolved| matches!(r.acting().get(3..6), Some("GOV" | "MIL" | "LEG" | "COP" | "JUD")) && !r.stateless;
        let place = self.place(deed).filter(|p| p.country.len() == 3).map(|p| (p.country, p.name));
        let against = || targets.iter().find(organ).map(|r| (r.country().to_owned(), r.name.clone()));
        for r in sources.iter_mut().filter(|r| open(r)) {
            let found = if r.stateless { place.clone().or_else(against) } else { place.clone() };
            let Some((country, name)) = found else { continue };
            let sector = if r.stateless { &r.code } else { r.code.get(3..).unwrap_or("") };
            *r = Resolved { code: format!("{country}{sector}"), stateless: false, country_implied: true, ..r.clone() };
            r.why.push(format!("where they protest, or against whom: {name}"));
        }
        sources
    }

    /// People by a noun that is no actor of the lists ("hundreds of thousands of people").
    fn crowd(&self, head: usize) -> Option<Resolved> {
        let tree = self.tree;
        let people = |i: usize| matches!(self.memory.k.nouns.kind(tree.lemma(i)), Some(NounKind::Person | NounKind::Group));
        let counted = |i: usize| self.memory.k.grammar.counts.contains(&tree.forms[i]) && tree.with(i, Rels::NMOD).next().is_none();
        let mut at = head;
        for _ in 0..3 {
            if !self.mentions.of(at).is_empty() || people(at) || counted(at) {
                break;
            }
            at = tree.with(at, Rels::NMOD).find(|&k| tree.case(k).is_some_and(|p| tree.genitive(&p)))?;
        }
        ((people(at) || counted(at)) && self.mentions.of(at).is_empty()).then(|| Resolved {
            code: "CVL".to_owned(),
            name: tree.word(at).to_owned(),
            office: None,
            sort: Sort::Agent,
            head: at,
            span: tree.span(at),
            link: Link::Implied,
            why: Vec::new(),
            plural: true,
            country_implied: false,
            named: false,
            stateless: true,
            seat: false,
            nation: false,
        })
    }
}
