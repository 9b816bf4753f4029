//! Source and content of verbs, nouns and adjectives of attitude.

use super::super::rels::Rels;
use super::{Found, Kind, Reader, Tokens, closes, opens};
use crate::knowledge::attitudes::Takes;
use crate::model::syntax::Upos;
use rustc_hash::FxHashSet;

/// What hangs on a verb of attitude.
pub(super) struct Frame {
    pub(super) v: usize,
    takes: Takes,
    pub(super) subject: Option<usize>,
    pub(super) passive: bool,
    relative: bool,
    pub(super) objects: Vec<usize>,
    /// Subjects of the passive.
    patients: Vec<usize>,
    clauses: Vec<usize>,
    infinitives: Vec<usize>,
    pub(super) source: Tokens,
}

impl Frame {
    /// Whether its object is who hears it ("told the paper").
    pub(super) fn hears(&self) -> bool {
        self.takes.speech && self.takes.clause && self.takes.inf
    }

    /// Whether its clause is a relative one.
    pub(super) fn relative(&self) -> bool {
        self.relative
    }
}

impl Reader<'_> {
    /// Who a verb's attitude is, and whether the verb is passive.
    pub(super) fn subject(&self, v: usize, depth: usize) -> (Option<usize>, bool) {
        let tree = self.tree;
        if depth > 5 {
            return (None, false);
        }
        let kids = tree.kids(v);
        let by = || {
            let phrase = |k: &usize| tree.base(*k) == "obl" && tree.case(*k).is_some_and(|c| tree.doer(&c));
            kids.iter().copied().find(|&k| tree.rel(k) == "obl:agent").or_else(|| kids.iter().copied().find(phrase))
        };
        if kids.iter().any(|&k| matches!(tree.rel(k), "nsubj:pass" | "csubj:pass" | "aux:pass")) {
            return (by(), true);
        }
        let own: Vec<usize> = kids
            .iter()
            .copied()
            .filter(|&k| matches!(tree.rel(k), "nsubj" | "csubj" | "nsubj:outer"))
            // "the envoy said Friday"
            .filter(|&k| k < v || !tree.timely(k))
            .collect();
        if let Some(&first) = own.first() {
            return (Some(own.iter().copied().rfind(|&s| s < v).unwrap_or(first)), false);
        }
        let Some(h) = tree.head(v) else { return (None, false) };
        let passive_subject = |of: usize| tree.kids(of).iter().copied().find(|&k| tree.rel(k) == "nsubj:pass");
        let up = || {
            let (subject, passive) = self.subject(h, depth + 1);
            if passive { (passive_subject(h), true) } else { (subject, false) }
        };
        match (tree.base(v), tree.xpos(v)) {
            ("conj", xpos) => {
                let (subject, passive) = up();
                (subject, passive && xpos == "VBN")
            }
            ("acl", _) if tree.rel(v) == "acl:relcl" => (None, false),
            ("acl", "VBN") => (by(), true),
            ("acl", "VBG") => (Some(h), false),
            ("acl", _) => {
                let carrier = || {
                    let verb = tree.head(h).filter(|&g| matches!(tree.base(h), "obj" | "obl") && tree.upos(g) == Upos::VERB)?;
                    self.subject(verb, depth + 1).0
                };
                (tree.owner(h).or_else(carrier), false)
            }
            ("advcl" | "ccomp" | "parataxis", "VBN") => (None, true),
            ("xcomp" | "advcl" | "ccomp" | "parataxis", "VB" | "VBG" | "VBN") => {
                // "quoted him as saying"
                let takes_object = tree.base(v) == "xcomp" || self.marked(v, &self.k.words.likeness);
                let object = tree.with(h, Rels::OBJ | Rels::IOBJ).next().filter(|_| takes_object);
                (object.or_else(|| up().0), false)
            }
            _ => (None, false),
        }
    }

    /// Words of a source: its subtree without the possessive mark.
    fn source(&self, s: usize) -> Tokens {
        let tree = self.tree;
        let mut out = Tokens::subtree(tree, s, |_| false);
        tree.kids(s).iter().filter(|&&k| tree.base(k) == "case" && tree.case(s).is_none()).for_each(|&k| out.remove(k));
        out
    }

    fn mute(&self, s: usize) -> bool {
        self.k.words.mute.contains(&self.tree.forms[s])
    }

    pub(super) fn marked(&self, i: usize, set: &FxHashSet<String>) -> bool {
        self.tree.with(i, Rels::MARK | Rels::CASE).any(|m| set.contains(&self.tree.forms[m]))
    }

    pub(super) fn verb(&self, v: usize) -> Option<Found> {
        let tree = self.tree;
        let kids = tree.kids(v);
        let hangs = |word: &str| kids.iter().any(|&k| tree.forms[k] == word);
        let takes = tree.keys(v).iter().find_map(|key| self.k.verb(key, hangs))?;
        let (mut subject, passive) = self.subject(v, 0);
        // "…,” stated the envoy": a speaker behind the verb may be called its object.
        if subject.is_none() && !passive && takes.speech && v > 0 && closes(tree, v - 1) && matches!(tree.xpos(v), "VBD" | "VBZ" | "VBP") {
            let bare = |k: &usize| {
                *k > v
                    && matches!(tree.base(*k), "obj" | "iobj" | "obl")
                    && matches!(tree.upos(*k), Upos::PROPN | Upos::PRON | Upos::NOUN)
                    && tree.case(*k).is_none()
            };
            subject = kids.iter().copied().find(bare);
        }
        let relative = tree.rel(v) == "acl:relcl";
        if subject.is_none() && !passive && takes.speech {
            subject = self.subject_behind_clause(v).or_else(|| self.subject_beside(v));
        }
        if takes.speech
            && let Some(s) = self.subject_of_addition(v)
        {
            subject = Some(s);
        }
        let own = subject.is_some_and(|s| self.k.words.writers.contains(&tree.forms[s]));
        // "It said the raid was over": a body told of before speaks, if in so many words.
        let body = subject.is_some_and(|s| self.k.words.bodies.contains(&tree.forms[s]));
        let stands_for = |s: usize| relative && self.k.words.that.contains(&tree.forms[s]);
        if !own && !body && subject.is_some_and(|s| self.mute(s) && !stands_for(s)) {
            return None;
        }
        // Of a body told of before as "it" anything may be told, of the others only what they say.
        let holds = subject.is_some_and(|s| self.k.words.body.contains(&tree.forms[s]));
        if body && !holds && (passive || !takes.speech || !matches!(tree.xpos(v), "VBD" | "VBZ" | "VBP" | "VBN")) {
            return None;
        }
        let colon = |k: usize| (v + 1..k).any(|p| tree.word(p) == ":" || self.quoted(p));
        let mut clauses: Vec<usize> = tree.with(v, Rels::CCOMP).filter(|&k| Some(k) != subject && !self.trails(k)).collect();
        if clauses.is_empty() && takes.clause {
            clauses.extend(self.under_place(v));
        }
        if clauses.is_empty() && takes.clause && takes.speech {
            // "has said four of his ministers will resign": a clause that parses join to the verb.
            let joined = |&k: &usize| matches!(tree.base(k), "conj" | "parataxis" | "advcl" | "dep") && k > v && tree.extent(k).0 == v + 1;
            clauses.extend(kids.iter().copied().filter(joined).filter(|&k| tree.with(k, Rels::NSUBJ).next().is_some()));
        }
        clauses.extend(tree.with(v, Rels::PARATAXIS).filter(|&k| k > v + 1 && colon(k)));
        let infinitives = tree.with(v, Rels::XCOMP).filter(|&k| self.marked(k, &self.k.words.to) || tree.xpos(k) == "VB").collect();
        let mut patients: Vec<usize> = kids.iter().copied().filter(|&k| matches!(tree.rel(k), "nsubj:pass" | "csubj:pass")).collect();
        if passive && tree.base(v) == "acl" && patients.is_empty() {
            patients = tree.head(v).into_iter().collect();
        }
        let source = match subject {
            // A participle within its subject's phrase: "a memo stating …".
            Some(s) => {
                let mut words = self.source(s);
                if words.has(v) {
                    words = Tokens::subtree(tree, s, |t| t == v);
                }
                words
            }
            None => Tokens::none(tree.len()),
        };
        let objects = tree.with(v, Rels::OBJ | Rels::IOBJ).filter(|&k| Some(k) != subject).collect();
        let speech = takes.speech;
        let mut frame = Frame { v, takes, subject, passive, relative, objects, patients, clauses, infinitives, source };
        // "He added:", or "She said." behind a quotation: the words stand in other sentences.
        let announces = speech && !passive && tree.head(v).is_none() && !frame.source.is_empty() && self.lone(v, &frame);
        let none = || announces.then(|| (Kind::Quote, Tokens::none(tree.len())));
        let (kind, mut content) = self.content(&mut frame).or_else(none)?;
        if body && !holds && !matches!(kind, Kind::Clause | Kind::Quote) {
            return None;
        }
        content.remove(v);
        let Frame { takes, subject, mut source, .. } = frame;
        if takes.speech && matches!(kind, Kind::Clause | Kind::Quote) {
            self.whole_quotation(v, &mut content);
        }
        if kind != Kind::Gap {
            source.without(&content);
        }
        content.without(&source);
        let first = kids.iter().copied().filter(|&k| {
            k < v && matches!(tree.base(k), "aux" | "advmod") && (k..v).all(|j| matches!(tree.base(j), "aux" | "advmod" | "punct"))
        });
        let last = kids.iter().copied().filter(|&k| tree.rel(k) == "compound:prt").max();
        let cue = (first.min().unwrap_or(v), last.unwrap_or(v).max(v));
        Some(Found { head: v, kind, cue, subject, source, content, speech: takes.speech, own, under: None })
    }

    /// Whether a sentence is a verb of saying with its subject and no more, or ends in a colon.
    fn lone(&self, v: usize, f: &Frame) -> bool {
        let tree = self.tree;
        let colon = tree.word(tree.len() - 1) == ":";
        let bare = || (0..tree.len()).all(|t| t == v || f.source.has(t) || self.is_punct(t) || tree.base(t) == "aux");
        colon || matches!(tree.xpos(v), "VBD" | "VBZ" | "VBP") && bare()
    }

    /// Where the content of a verb stands: a clause first, then what is narrower.
    fn content(&self, f: &mut Frame) -> Option<(Kind, Tokens)> {
        let tree = self.tree;
        let v = f.v;
        let tail = |t: usize| t > v && tree.rel(t) == "acl:relcl" && !self.quoted(t) && self.appended(t, tree.extent(t).0);
        let sub = |i: usize| self.below(i, v, tail);
        if f.takes.clause || f.takes.quote {
            if let Some(content) = self.clause(f) {
                return Some((Kind::Clause, content));
            }
            if let Some(&p) = f.patients.first().filter(|&&p| f.passive && tree.rel(p) == "csubj:pass") {
                return Some((Kind::Clause, sub(p)));
            }
            if let Some(content) = f.takes.speech.then(|| self.beside(f)).flatten() {
                return Some((Kind::Clause, content));
            }
        }
        let mut content = Tokens::none(tree.len());
        if f.takes.inf && !f.infinitives.is_empty() {
            for &c in &f.infinitives {
                let mark = tree.with(c, Rels::MARK).find(|&m| self.k.words.to.contains(&tree.forms[m]));
                let adds = |t: usize| tree.base(t) == "advcl" && t > c && tree.xpos(t) == "VBG" && tree.extent(t).0 == t && self.parted(t);
                let mut part = Tokens::subtree(tree, c, |t| t == v || tail(t) || adds(t));
                // "vowed on Tuesday to leave": the day is the vow's.
                part.retain(|t| mark.is_none_or(|m| t >= m) || t < v);
                content.join(&part);
            }
            if let Some(&p) = f.patients.first().filter(|_| f.passive) {
                content.join(&sub(p));
            } else if self.k.words.seeming.contains(tree.lemma(v)) && f.subject.is_some() {
                content.join(&f.source);
                f.source = Tokens::none(tree.len());
                f.subject = None;
            } else if let Some(&o) = f.objects.first().filter(|_| !f.passive) {
                content.join(&sub(o));
            }
            return Some((Kind::Inf, content));
        }
        // "The vote seemed certain": all of it is what seems.
        // "suggested closing the port"
        if f.takes.clause && f.takes.np && f.objects.is_empty() && !f.passive {
            tree.with(v, Rels::XCOMP).filter(|&c| c > v && tree.xpos(c) == "VBG").for_each(|c| content.join(&sub(c)));
            if !content.is_empty() {
                return Some((Kind::Inf, content));
            }
        }
        let seems = f.takes.inf && f.subject.is_some() && self.k.words.seeming.contains(tree.lemma(v));
        if seems && tree.with(v, Rels::XCOMP).next().is_some() {
            tree.with(v, Rels::XCOMP).for_each(|c| content.join(&sub(c)));
            content.join(&f.source);
            f.source = Tokens::none(tree.len());
            f.subject = None;
            return Some((Kind::Inf, content));
        }
        if let Some(content) = self.after_preposition(f) {
            return Some((Kind::Prep, content));
        }
        if f.takes.np && (!f.objects.is_empty() || f.passive && !f.patients.is_empty()) {
            if let Some(content) = self.within_object(f) {
                return Some((Kind::Object, content));
            }
            let held = if f.objects.is_empty() { &f.patients } else { &f.objects };
            held.iter().for_each(|&o| content.join(&sub(o)));
            tree.with(v, Rels::XCOMP).for_each(|c| content.join(&sub(c)));
            let words = &self.k.words;
            // "As a senator, she opposed …": what stands in front is told of the opposing.
            let from = f.subject.map_or(v, |s| s.min(v));
            let parts = tree.with(v, Rels::OBL | Rels::NMOD | Rels::ADVCL).filter(|&k| k > from && self.marked(k, &words.parts));
            parts.for_each(|k| content.join(&sub(k)));
            // "prefers the train to the plane": what follows at once.
            for k in tree.with(v, Rels::OBL | Rels::NMOD | Rels::ADVCL) {
                let next = content.iter().next_back().is_some_and(|last| last > v && tree.extent(k).0 == last + 1);
                if next && !tree.timely(k) && (self.marked(k, &words.reaches) || tree.base(k) == "advcl" && self.marked(k, &words.to)) {
                    content.join(&sub(k));
                }
            }
            // "promised elections “when the guns are silent”": quoted words right behind.
            let end = content.iter().next_back();
            if let Some(last) = end.filter(|&l| f.takes.speech && l > v && opens(tree, l + 1) && !self.quoted(l)) {
                (last + 2..tree.len()).take_while(|&t| self.quoted(t)).for_each(|t| content.add(t));
            }
            return Some((Kind::Object, content));
        }
        let any = f.takes.clause || f.takes.quote || f.takes.inf || f.takes.np || !f.takes.preps.is_empty();
        if f.relative && any {
            let subject = f.subject?;
            let pronoun = |k: &usize| matches!(tree.xpos(*k), "WDT" | "WP");
            let gap = tree.kids(v).iter().copied().find(|k| pronoun(k) && *k != subject);
            let content = match gap {
                Some(k) => Tokens::of(tree.len(), [k]),
                None if pronoun(&subject) => return None,
                None => sub(tree.head(v)?),
            };
            return Some((Kind::Gap, content));
        }
        let quoted = Tokens::of(tree.len(), (0..tree.len()).filter(|&t| self.quoted(t)));
        let speaks = f.takes.quote && f.takes.speech && tree.xpos(v) != "VB";
        (speaks && !quoted.is_empty() && !f.source.is_empty()).then_some((Kind::Quote, quoted))
    }

    /// "made the claim that …", "voiced concern about …": what the object is about.
    fn within_object(&self, f: &Frame) -> Option<Tokens> {
        let tree = self.tree;
        let words = &self.k.words;
        if words.empty.contains(tree.lemma(f.v)) {
            return self.behind_set_phrase(f);
        }
        let &o = f.objects.first().filter(|_| words.light.contains(tree.lemma(f.v)))?;
        let clause = tree.with(o, Rels::ACL | Rels::CCOMP).find(|&c| tree.rel(c) != "acl:relcl" && self.marked(c, &words.openers));
        if let Some(c) = clause {
            return Some(Tokens::subtree(tree, c, |t| t == f.v));
        }
        let topic = |k: &usize| tree.case(*k).is_some_and(|p| words.noun_topics.contains(&p) || words.adj_topics.contains(&p));
        let k = tree.with(o, Rels::NMOD).filter(|_| self.k.is_noun(tree.lemma(o))).find(topic)?;
        Some(Tokens::subtree(tree, k, |t| t == f.v || tree.base(t) == "case" && tree.head(t) == Some(k)))
    }

    /// "took aim at the plan": what stands behind the object, which goes with the verb.
    fn behind_set_phrase(&self, f: &Frame) -> Option<Tokens> {
        let tree = self.tree;
        let &o = f.objects.first()?;
        let behind = |k: &usize| *k > o && tree.case(*k).is_some() && !tree.timely(*k);
        let k = tree.with(o, Rels::NMOD).chain(tree.with(f.v, Rels::OBL)).find(behind)?;
        Some(Tokens::subtree(tree, k, |t| t == f.v || tree.base(t) == "case" && tree.head(t) == Some(k)))
    }

    /// A clause, what stands before the verb, or what it stands in.
    fn clause(&self, f: &Frame) -> Option<Tokens> {
        let tree = self.tree;
        let (v, n) = (f.v, tree.len());
        let start = f.source.iter().next().map_or(v, |s| s.min(v));
        let root = tree.head(v).is_none();
        let own = |t: usize| t == v || Some(t) == f.subject;
        if !f.clauses.is_empty() {
            let mut content = Tokens::none(n);
            for &c in &f.clauses {
                content.join(&self.reported(v, c, own));
            }
            let (lo, hi) = (content.iter().next()?, content.iter().next_back()?);
            if hi < start && root {
                // "…,” Warren, who …, told them": the quotation ends where its mark is.
                let end = (2..start).rev().find(|&i| {
                    closes(tree, i) && !self.quoted(i) && tree.word(i - 1).ends_with([',', '.', '!', '?']) && self.quoted(i - 1)
                });
                let end = end.filter(|&e| !(e + 1..start).any(|i| self.quoted(i))).map_or(start, |e| e + 1);
                return Some(Tokens::of(n, 0..end));
            }
            if lo > v && root && !f.source.is_empty() {
                // "In a merger, she said, the brand would survive".
                let mut end = v;
                for k in tree.with(v, Rels::OBL | Rels::ADVMOD).filter(|&k| k > v) {
                    let last = tree.extent(k).1;
                    if last < lo {
                        end = end.max(last);
                    }
                }
                let before = f.source.iter().next_back().is_some_and(|s| s <= v);
                let between = end + 1 < n && tree.word(end + 1) == "," && !self.begins_quotation(end + 2);
                // "Asked about the raid, she said, …": what she did is not what she says.
                let does = tree.with(v, Rels::ADVCL).any(|a| a < start && matches!(tree.xpos(a), "VBG" | "VBN"));
                if before && start > 1 && tree.word(start - 1) == "," && between && !does {
                    content.join(&Tokens::of(n, 0..start - 1));
                }
            }
            return Some(content);
        }
        if self.trails(v) {
            // "…, the envoy said, the Post reported": all that stands before is reported.
            let end = f.source.iter().next().filter(|&s| s < v)?;
            let content = Tokens::of(n, 0..end);
            let words = content.iter().any(|t| tree.base(t) != "punct");
            return words.then_some(content);
        }
        let as_said = tree.base(v) == "advcl" && tree.with(v, Rels::MARK | Rels::ADVMOD).any(|m| self.parenthetical(m));
        let mut host = tree.head(v).filter(|_| tree.base(v) == "parataxis" || as_said)?;
        let mut v = v;
        if as_said && tree.xpos(v) == "VBG" {
            // "…, the envoy was quoted as saying": what is said stands beside the quoting.
            v = host;
            let said = tree.with(v, Rels::CCOMP).filter(|&c| c < v).max();
            if let Some(c) = said {
                return Some(Tokens::subtree(tree, c, own));
            }
            host = tree.head(v).filter(|_| matches!(tree.base(v), "parataxis" | "advcl"))?;
        }
        // "…, the envoy told the paper": the hearer is no content.
        if f.objects.iter().any(|&o| tree.base(o) != "iobj") || !f.infinitives.is_empty() {
            return None;
        }
        let mut aside = Tokens::subtree(tree, v, |t| t == host);
        let mut content = Tokens::subtree(tree, host, own);
        if matches!(tree.base(host), "root" | "ccomp") {
            aside.join(&f.source);
            let (lo, hi) = (aside.iter().next()?, aside.iter().next_back()?);
            content.retain(|t| t < lo || t > hi);
        } else {
            content.without(&aside);
        }
        (!content.is_empty()).then_some(content)
    }

    /// Whether a verb with its subject trails what it reports ("…, the agency reported."): parses
    /// make it a clause of what stands before.
    fn trails(&self, k: usize) -> bool {
        let tree = self.tree;
        if !matches!(tree.base(k), "ccomp" | "parataxis" | "conj" | "advcl" | "dep") || !matches!(tree.xpos(k), "VBD" | "VBZ" | "VBP") {
            return false;
        }
        if self.quoted(k)
            || tree.with(k, Rels::MARK | Rels::CC | Rels::CCOMP | Rels::XCOMP | Rels::OBJ).next().is_some()
            || !self.k.is_verb(tree.lemma(k))
        {
            return false;
        }
        let Some(s) = tree.with(k, Rels::NSUBJ).next().filter(|&s| s < k) else { return false };
        let lo = tree.extent(s).0;
        let last = (0..tree.len()).rev().find(|&t| !self.is_punct(t)).unwrap_or(k);
        lo > 1 && tree.word(lo - 1) == "," && tree.extent(k).1 == last && last <= k + 3 && tree.head(k).is_some_and(|h| h < lo)
    }

    /// "told a news conference that …", "said in a statement that …": a clause that parses hang on the noun.
    fn under_place(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        let places = tree.with(v, Rels::OBL | Rels::OBJ | Rels::IOBJ).filter(|&o| o > v);
        let clauses = places.flat_map(|o| tree.with(o, Rels::ACL | Rels::CCOMP)).filter(|&c| c > v);
        clauses.into_iter().find(|&c| {
            let that = |&m: &usize| self.k.words.that.contains(&tree.forms[m]) && tree.upos(m) == Upos::SCONJ;
            tree.with(c, Rels::MARK).any(|m| that(&m)) && tree.with(c, Rels::NSUBJ | Rels::EXPL).any(|s| tree.xpos(s) != "WDT")
        })
    }

    /// "…, its minister, Anna Holm, has told the paper": a subject that parses hang on the clause before.
    fn subject_behind_clause(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        let finite = |i: usize| matches!(tree.xpos(i), "VBD" | "VBZ" | "VBP");
        let first = tree.with(v, Rels::AUX).filter(|&a| a < v).min().unwrap_or(v);
        if !finite(v) && !tree.with(v, Rels::AUX).any(finite) || !tree.with(v, Rels::CCOMP).any(|c| c < v) {
            return None;
        }
        let mut at = first.checked_sub(1)?;
        if tree.word(at) == "," {
            at = at.checked_sub(1)?;
        }
        if self.quoted(at) || !matches!(tree.upos(at), Upos::PROPN | Upos::NOUN) {
            return None;
        }
        while matches!(tree.base(at), "flat" | "compound") && tree.head(at).is_some_and(|h| h < first) {
            at = tree.head(at)?;
        }
        if tree.base(at) == "appos" && tree.head(at).is_some_and(|h| tree.base(h) == "appos" && tree.upos(h) == Upos::NOUN) {
            at = tree.head(at)?;
        }
        let lo = tree.extent(at).0;
        (lo > 1 && tree.word(lo - 1) == "," && tree.prep(at).is_none()).then_some(at)
    }

    /// Whether a quotation with a beginning of its own opens at a token: nothing before the cue belongs to it.
    pub(super) fn begins_quotation(&self, i: usize) -> bool {
        let tree = self.tree;
        i + 1 < tree.len() && opens(tree, i) && tree.word(i + 1).chars().next().is_some_and(char::is_uppercase)
    }

    fn parenthetical(&self, m: usize) -> bool {
        self.k.words.likeness.contains(&self.tree.forms[m])
    }

    /// Whether a comma, or a comma within a closing quotation mark, stands before a token.
    pub(super) fn parted(&self, i: usize) -> bool {
        let tree = self.tree;
        i > 0 && (tree.word(i - 1) == "," || i > 1 && closes(tree, i - 1) && tree.word(i - 2) == ",")
    }

    /// Whether a clause is a relative one behind a comma at the end of a sentence ("…, which nobody wants").
    fn appended(&self, t: usize, lo: usize) -> bool {
        let tree = self.tree;
        tree.rel(t) == "acl:relcl" && self.parted(lo) && (tree.extent(t).1 + 1..tree.len()).all(|p| self.is_punct(p))
    }

    /// A reported clause without what tells of the reporting.
    fn reported(&self, v: usize, c: usize, own: impl Fn(usize) -> bool) -> Tokens {
        let tree = self.tree;
        let aside = |t: usize| {
            if t <= c || !matches!(tree.base(t), "advcl" | "acl" | "parataxis" | "conj") || self.quoted(t) {
                return false;
            }
            let lo = tree.extent(t).0;
            if lo == 0 || !self.parted(lo) {
                return false;
            }
            let adds = tree.xpos(t) == "VBG" && lo == t && self.k.is_verb(tree.lemma(t));
            adds || self.appended(t, lo) || tree.with(t, Rels::MARK).any(|m| self.k.words.contrast.contains(&tree.forms[m]))
        };
        let mut part = Tokens::subtree(tree, c, |t| own(t) || aside(t));
        let that = tree.with(c, Rels::MARK).find(|&m| m > v && self.k.words.that.contains(&tree.forms[m]));
        let first = part.iter().find(|&t| self.quoted(t));
        if let Some(m) = that {
            part.retain(|t| t >= m);
        } else if c > v
            && let Some(q) = first
            && q > 1
            && opens(tree, q - 1)
            && matches!(tree.word(q - 2), "," | ":")
            && part.iter().all(|t| t >= q || tree.rel(t) != "nsubj")
        {
            // "said of the senator, “She …": the quotation alone.
            part.retain(|t| t + 1 >= q);
        }
        part
    }

    /// What stands after the verb's own preposition, with the object it is held of.
    fn after_preposition(&self, f: &Frame) -> Option<Tokens> {
        let tree = self.tree;
        let sub = |i: usize| self.below(i, f.v, |_| false);
        let wanted = |p: &str| f.takes.preps.iter().any(|w| w == p || p.split(' ').next() == Some(w));
        for k in tree.with(f.v, Rels::OBL | Rels::NMOD) {
            let Some(prep) = tree.case(k).filter(|p| wanted(p)) else { continue };
            let held = f.objects.first().or(f.patients.first());
            let mut content = sub(k);
            // "asked the envoy about the raid": of the hearer nothing is told.
            let hearer = f.takes.speech && self.k.words.asked_about.contains(&prep);
            match held {
                Some(&o) if !hearer => content.join(&sub(o)),
                None if self.k.words.likeness.contains(&prep) => {}
                _ => tree.with(k, Rels::CASE).for_each(|c| content.remove(c)),
            }
            // "is known as", "was accused of": it goes with the verb.
            tree.with(k, Rels::CASE).filter(|&c| c == f.v + 1).for_each(|c| content.remove(c));
            // "called on both sides to withdraw"
            let end = tree.extent(k).1;
            let to =
                |c: &usize| matches!(tree.base(*c), "xcomp" | "advcl") && self.marked(*c, &self.k.words.to) && tree.extent(*c).0 == end + 1;
            tree.kids(f.v).iter().copied().filter(to).for_each(|c| content.join(&sub(c)));
            return Some(content);
        }
        let clause = tree.with(f.v, Rels::ADVCL).find(|&k| tree.with(k, Rels::MARK | Rels::CASE).any(|m| wanted(&tree.forms[m])))?;
        let mut content = sub(clause);
        if let Some(&o) = f.objects.first() {
            content.join(&sub(o));
        }
        // "called for both to be freed": who is to be freed may hang on the verb.
        let (lo, hi) = (content.iter().next()?, content.iter().next_back()?);
        if lo > f.v && wanted(&tree.forms[lo]) && tree.with(clause, Rels::MARK | Rels::CASE).any(|m| m == lo) {
            (lo + 1..=hi).filter(|&t| !f.source.has(t)).for_each(|t| content.add(t));
            content.remove(lo);
        }
        Some(content)
    }

    /// Quotations are taken whole; those of a main verb all of them.
    fn whole_quotation(&self, v: usize, content: &mut Tokens) {
        let tree = self.tree;
        let root = tree.head(v).is_none();
        if !content.iter().any(|t| self.quoted(t)) {
            return;
        }
        let mut t = 0;
        while t < tree.len() {
            let end = (t..tree.len()).find(|&i| !self.quoted(i)).unwrap_or(tree.len());
            // Of a word or two in marks elsewhere in the sentence nothing is told.
            let long = || (t..end).filter(|&i| !self.is_punct(i)).count() > 3 || self.beside_cue(v, t, end);
            if end > t && (root && long() || (t..end).any(|i| content.has(i))) {
                (t..end).for_each(|i| content.add(i));
            }
            t = end.max(t) + 1;
        }
    }

    /// Whether quoted words stand by a verb with no more than its speaker between them.
    fn beside_cue(&self, v: usize, from: usize, to: usize) -> bool {
        let between = if to <= v { to..v } else { v + 1..from };
        let words: Vec<usize> = between.clone().filter(|&t| !self.is_punct(t)).collect();
        let Some(&last) = words.last() else { return true };
        // The comma of the quotation itself may stand behind its mark.
        let inner = words.first().map_or(last, |&f| f);
        words.len() <= 8 && !(inner..last).any(|t| self.tree.word(t) == ",")
    }

    pub(super) fn noun(&self, n: usize) -> Option<Found> {
        let tree = self.tree;
        let words = &self.k.words;
        let clause = |&k: &usize| match tree.base(k) {
            "ccomp" => true,
            "acl" if tree.rel(k) != "acl:relcl" => tree.with(k, Rels::MARK).any(|m| words.openers.contains(&tree.forms[m])),
            // A "that" clause is often called relative.
            "acl" => tree.with(k, Rels::MARK).any(|m| words.that.contains(&tree.forms[m])),
            _ => false,
        };
        let clauses: Vec<usize> = tree.kids(n).iter().copied().filter(clause).collect();
        let phrases: Vec<(usize, String)> = tree.with(n, Rels::NMOD | Rels::OBL).filter_map(|k| Some((k, tree.case(k)?))).collect();
        let mut cue = (n, n);
        let mut holder = tree.owner(n);
        if holder.is_none() {
            let verb = tree.head(n).filter(|&h| tree.base(n) == "obj" && tree.upos(h) == Upos::VERB && !self.quoted(h));
            if let Some(h) = verb
                && let (Some(s), false) = self.subject(h, 0)
            {
                holder = Some(s);
                cue.0 = h.min(n);
            }
        }
        holder = holder.or_else(|| {
            let named = |k: usize| matches!(tree.upos(k), Upos::PROPN | Upos::PRON);
            let holds = |(k, p): &&(usize, String)| words.sure_holders.contains(p) || words.holders.contains(p) && named(*k);
            phrases.iter().find(holds).map(|(k, _)| *k)
        });
        let mut content = Tokens::none(tree.len());
        for &c in &clauses {
            content.join(&Tokens::subtree(tree, c, |m| tree.base(m) == "mark" && !words.openers.contains(&tree.forms[m])));
        }
        if clauses.is_empty() {
            let (k, _) = phrases.iter().find(|(k, p)| Some(*k) != holder && words.noun_topics.contains(p))?;
            content = Tokens::subtree(tree, *k, |t| tree.base(t) == "case" && tree.head(t) == Some(*k));
        }
        if clauses.is_empty() && holder.is_none() || holder.is_some_and(|h| self.mute(h)) {
            return None;
        }
        let mut source = holder.map_or_else(|| Tokens::none(tree.len()), |h| self.source(h));
        source.without(&content);
        source.remove(n);
        let own = holder.is_some_and(|h| words.writers.contains(&tree.forms[h]));
        Some(Found { head: n, kind: Kind::Predicate, cue, subject: holder, source, content, speech: false, own, under: None })
    }

    pub(super) fn adjective(&self, a: usize) -> Option<Found> {
        let tree = self.tree;
        let words = &self.k.words;
        let kids = tree.kids(a);
        let predicate = kids.iter().any(|&k| tree.base(k) == "cop");
        if !predicate && !matches!(tree.base(a), "xcomp" | "acl" | "advcl" | "parataxis" | "conj") {
            return None;
        }
        let above = || tree.head(a).filter(|_| tree.base(a) == "xcomp").and_then(|h| self.subject(h, 0).0);
        let holder = self.subject(a, 0).0.or_else(above)?;
        let own = self.k.words.writers.contains(&tree.forms[holder]);
        if self.mute(holder) && !own {
            return None;
        }
        let after = |rels: Rels| tree.with(a, rels).filter(|&k| k > a).collect::<Vec<usize>>();
        let mut content = Tokens::none(tree.len());
        after(Rels::CCOMP | Rels::XCOMP).into_iter().for_each(|k| content.join(&Tokens::subtree(tree, k, |_| false)));
        if content.is_empty()
            && let Some(&k) = after(Rels::ADVCL).iter().find(|&&k| self.marked(k, &words.adj_openers))
        {
            let about =
                |t: usize| tree.head(t) == Some(k) && words.adj_topics.contains(&tree.forms[t]) && !words.to.contains(&tree.forms[t]);
            content = Tokens::subtree(tree, k, |t| matches!(tree.base(t), "mark" | "case") && about(t));
        }
        if content.is_empty() {
            let topic = |k: &&usize| tree.case(**k).is_some_and(|p| words.adj_topics.contains(&p));
            let k = *after(Rels::OBL | Rels::NMOD).iter().find(topic)?;
            content = Tokens::subtree(tree, k, |t| tree.base(t) == "case" && tree.head(t) == Some(k));
        }
        let mut source = self.source(holder);
        source.without(&content);
        source.remove(a);
        let end = source.iter().next_back().map_or(0, |s| s + 1);
        let first = kids.iter().copied().filter(|&k| k < a && k >= end && matches!(tree.base(k), "cop" | "aux" | "advmod")).min();
        Some(Found {
            head: a,
            kind: Kind::Predicate,
            cue: (first.unwrap_or(a), a),
            subject: Some(holder),
            source,
            content,
            speech: false,
            own,
            under: None,
        })
    }
}
