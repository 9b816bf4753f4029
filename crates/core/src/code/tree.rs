//! A sentence's tree, asked the questions frames ask: who is the subject, what stands after
//! which preposition, who does an infinitive's deed.

use super::rels::Rels;
use super::repair::{Node, repair};
use crate::knowledge::Knowledge;
use crate::knowledge::grammar::Grammar;
use crate::knowledge::irregular::regular;
use crate::knowledge::words::fold;
use crate::model::{Sentence, Span, Token, syntax::Upos};
use std::cell::OnceCell;

/// A sentence with its children lists and comparable words.
#[derive(Debug)]
pub struct Tree<'a> {
    /// The sentence.
    pub sentence: &'a Sentence,
    /// The article's text.
    pub text: &'a str,
    /// Folded form per token.
    pub forms: Vec<String>,
    /// Lower-case lemma per token, hyphenated compounds under their last part.
    pub lemmas: Vec<String>,
    /// Words a token can be looked up by: lemma, form, plain stems, both parts of a hyphenation.
    keys: Vec<Vec<String>>,
    grammar: &'a Grammar,
    nodes: Vec<Node>,
    /// Relations without their subtypes.
    bases: Vec<&'static str>,
    /// The same as sets of one.
    rels: Vec<Rels>,
    /// Children of all tokens one after the other, those of token i from `from[i]` to `from[i + 1]`.
    kids: Vec<usize>,
    from: Vec<usize>,
    /// Preposition per token; patterns ask for it again and again.
    cases: Vec<Option<String>>,
    /// Arguments per token, once asked for.
    args: Vec<OnceCell<Args>>,
}

/// An argument: its preposition (none for subjects and objects) and its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Preposition, lower case; compound ones joined by a blank ("because of").
    pub prep: Option<String>,
    /// Head token.
    pub head: usize,
}

/// The arguments of a verb or predicate, passives and gaps undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// Who does it.
    pub subject: Option<usize>,
    /// To what it is done.
    pub object: Option<usize>,
    /// Whether the subject was found by control rather than in place.
    pub controlled: bool,
    /// Whether the form is passive.
    pub passive: bool,
    /// Prepositional arguments and modifiers, in order.
    pub oblique: Vec<Arg>,
    /// Predicate complements and unmarked adverbials that can be words of an idiom.
    pub predicative: Vec<usize>,
    /// Infinitive or gerund clause (xcomp) heads.
    pub open: Vec<usize>,
    /// Finite clause (ccomp) heads.
    pub clause: Vec<usize>,
    /// Adverbial clause heads.
    pub adverbial: Vec<usize>,
}

impl<'a> Tree<'a> {
    /// Reads the tree of a sentence.
    pub fn new(sentence: &'a Sentence, text: &'a str, k: &'a Knowledge) -> Self {
        let tokens = &sentence.tokens;
        let grammar = &k.grammar;
        let forms: Vec<String> = tokens.iter().map(|t| fold(t.span.of(text))).collect();
        // "US to send arms", the capitals read as a pronoun: a name, where not all is in capitals.
        let small = |t: &Token| t.span.of(text).chars().all(|c| c.is_lowercase() || !c.is_alphabetic());
        let mixed = tokens.iter().any(small);
        let name = |t: &Token| {
            mixed && t.upos == Upos::PRON && t.span.of(text).len() > 1 && t.span.of(text).chars().all(|c| c.is_ascii_uppercase())
        };
        let node = |t: &Token| Node {
            head: t.head.map(|h| h as usize).filter(|&h| h < tokens.len()),
            rel: t.deprel.as_str(),
            upos: if name(t) { Upos::PROPN } else { t.upos },
            xpos: if name(t) { "NNP" } else { t.xpos.as_str() },
        };
        let mut nodes: Vec<Node> = tokens.iter().map(node).collect();
        repair(&mut nodes, &forms, grammar);
        let (kids, from) = children(&nodes);
        let lemma = |i: usize| match k.irregular.lemma(&forms[i], nodes[i].xpos) {
            Some(lemma) => lemma.to_owned(),
            None => tokens[i].lemma.to_lowercase(),
        };
        let lemmas: Vec<String> = (0..tokens.len()).map(lemma).collect();
        let mut keys: Vec<Vec<String>> = (0..tokens.len()).map(|i| keys(i, nodes[i].xpos, &forms, &lemmas)).collect();
        // A past form tagged as a present one ("Britain froze the assets").
        for (i, key) in keys.iter_mut().enumerate().filter(|(i, _)| nodes[*i].xpos == "VBP") {
            key.extend(k.irregular.lemma(&forms[i], "VBD").map(str::to_owned));
        }
        let bases: Vec<&'static str> = nodes.iter().map(|n| n.rel.split(':').next().unwrap_or(n.rel)).collect();
        let rels = bases.iter().map(|base| Rels::named(base)).collect();
        let args = vec![OnceCell::new(); tokens.len()];
        let mut tree = Self { sentence, text, forms, lemmas, keys, grammar, nodes, bases, rels, kids, from, cases: Vec::new(), args };
        tree.cases = (0..tokens.len()).map(|i| tree.marked_by(i)).collect();
        tree
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.sentence.tokens.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sentence.tokens.is_empty()
    }

    /// Whether the sentence asks.
    pub fn question(&self) -> bool {
        (0..self.len())
            .rev()
            .find(|&i| self.upos(i) != Upos::PUNCT || self.word(i).contains('?'))
            .is_some_and(|i| self.word(i).contains('?'))
    }

    /// Children in order.
    pub fn kids(&self, i: usize) -> &[usize] {
        &self.kids[self.from[i]..self.from[i + 1]]
    }

    /// Governing token.
    pub fn head(&self, i: usize) -> Option<usize> {
        self.nodes[i].head
    }

    /// Whole relation ("nsubj:pass").
    pub fn rel(&self, i: usize) -> &'static str {
        self.nodes[i].rel
    }

    /// Relation without subtype.
    pub fn base(&self, i: usize) -> &'static str {
        self.bases[i]
    }

    /// Part of speech.
    pub fn upos(&self, i: usize) -> Upos {
        self.nodes[i].upos
    }

    /// Penn tag.
    pub fn xpos(&self, i: usize) -> &'static str {
        self.nodes[i].xpos
    }

    /// Lower-case lemma.
    pub fn lemma(&self, i: usize) -> &str {
        &self.lemmas[i]
    }

    /// Words of a token as written.
    pub fn word(&self, i: usize) -> &'a str {
        self.sentence.tokens[i].span.of(self.text)
    }

    /// Span of a token.
    pub fn span(&self, i: usize) -> Span {
        self.sentence.tokens[i].span
    }

    /// Words a token can be looked up by, lemma first.
    pub fn keys(&self, i: usize) -> &[String] {
        &self.keys[i]
    }

    /// Whether a token's lemma, form, stem or hyphenation is `word`.
    pub fn is(&self, i: usize, word: &str) -> bool {
        // Most words differ in their first letter: it is looked at before all are compared.
        let first = word.as_bytes().first();
        self.keys[i].iter().any(|k| k.len() == word.len() && k.as_bytes().first() == first && k == word)
    }

    /// Children with one of these base relations.
    pub fn with(&self, i: usize, rels: Rels) -> impl Iterator<Item = usize> {
        self.kids(i).iter().copied().filter(move |&k| self.rels[k].meets(rels))
    }

    /// Noun or pronoun, something that can bear a role.
    pub fn nominal(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::NOUN | Upos::PROPN | Upos::PRON | Upos::NUM | Upos::X | Upos::SYM)
            || (matches!(self.upos(i), Upos::ADJ | Upos::DET) && matches!(self.base(i), "nsubj" | "obj" | "obl" | "nmod" | "iobj" | "conj"))
    }

    /// The verb or predicate reading of a token's form.
    pub fn verbal(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::VERB | Upos::AUX)
    }

    /// Preposition of a noun ("of", "because of"), lower case.
    pub fn case(&self, i: usize) -> Option<String> {
        self.cases[i].clone()
    }

    /// The same as [`Tree::case`], not a copy of it.
    pub fn prep(&self, i: usize) -> Option<&str> {
        self.cases[i].as_deref()
    }

    /// The prepositions of all nouns.
    pub fn prepositions(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().filter_map(Option::as_deref)
    }

    fn marked_by(&self, i: usize) -> Option<String> {
        let mut words: Vec<usize> = Vec::new();
        for k in self.with(i, Rels::CASE) {
            if !self.grammar.possessives.contains(&self.forms[k]) {
                words.push(k);
                words.extend(self.with(k, Rels::FIXED));
            }
        }
        if words.is_empty() {
            return None;
        }
        words.sort_unstable();
        Some(words.iter().map(|&w| self.forms[w].as_str()).collect::<Vec<_>>().join(" "))
    }

    /// Whether a token has no conjuncts: [`Tree::conjuncts`] would give it alone.
    pub fn alone(&self, i: usize) -> bool {
        self.with(i, Rels::CONJ | Rels::APPOS | Rels::FLAT).next().is_none()
    }

    /// `head` and its conjuncts, in order.
    pub fn conjuncts(&self, head: usize) -> Vec<usize> {
        let mut out = vec![head];
        let mut at = 0;
        while at < out.len() && out.len() < 64 {
            let i = out[at];
            out.extend(self.with(i, Rels::CONJ));
            // "Libyan leader A and Bulgarian President B": the second hangs on the first one's name.
            let name = |&n: &usize| n > i && self.upos(n) == Upos::PROPN && self.base(n - 1) != "punct";
            let titled = self.with(i, Rels::APPOS | Rels::FLAT).filter(name).find(|_| self.upos(i) == Upos::NOUN);
            if let Some(n) = titled {
                out.extend(self.with(n, Rels::CONJ).filter(|&c| self.upos(c) == Upos::PROPN));
            }
            at += 1;
        }
        out.sort_unstable();
        out
    }

    /// First and last token of the subtree, punctuation at its edges left out.
    pub fn extent(&self, i: usize) -> (usize, usize) {
        let mut stack = vec![i];
        let (mut lo, mut hi) = (i, i);
        let mut steps = 0;
        while let Some(t) = stack.pop() {
            steps += 1;
            if steps > self.len() {
                break;
            }
            if self.base(t) != "punct" {
                lo = lo.min(t);
                hi = hi.max(t);
            }
            stack.extend(self.kids(t));
        }
        (lo, hi)
    }

    /// Span of a subtree.
    pub fn extent_span(&self, i: usize) -> Span {
        let (lo, hi) = self.extent(i);
        self.span(lo).join(self.span(hi))
    }

    /// "who", "which", "that" standing for the noun their clause hangs on.
    fn relative_pronoun(&self, i: usize) -> bool {
        matches!(self.xpos(i), "WDT" | "WP" | "WP$") || (self.upos(i) == Upos::PRON && self.grammar.relatives.contains(&self.forms[i]))
    }

    /// Arguments of the verb, adjective or predicate noun at `v`.
    pub fn args(&self, v: usize) -> &Args {
        self.args[v].get_or_init(|| self.args_at(v, 0))
    }

    fn args_at(&self, v: usize, depth: usize) -> Args {
        let mut a = Args::default();
        let mut passive_subject = None;
        for &k in self.kids(v) {
            match self.rel(k) {
                "nsubj:pass" | "csubj:pass" => passive_subject = Some(k),
                "aux:pass" => a.passive = true,
                // A second "subject" after the verb is a time or a slip ("said Wednesday").
                "nsubj" | "csubj" | "nsubj:outer" => {
                    // Two side by side are one phrase, its head last ("rights watchdog Amnesty").
                    let joined = a.subject.is_some_and(|s| k < v && self.extent(k).0 <= self.extent(s).1 + 1);
                    a.subject = Some(a.subject.filter(|&s| (s < v || k > v) && !joined).unwrap_or(k));
                }
                "obj" => match a.object {
                    // Two objects: the first receives ("gave Chad aid").
                    Some(first) if first < k => {
                        a.oblique.push(Arg { prep: Some("to".to_owned()), head: first });
                        a.object = Some(k);
                    }
                    _ => a.object = Some(k),
                },
                "iobj" => a.oblique.push(Arg { prep: Some("to".to_owned()), head: k }),
                "xcomp" => a.open.push(k),
                "ccomp" => a.clause.push(k),
                "advcl" | "advcl:relcl" => a.adverbial.push(k),
                "compound:prt" => {}
                r if r.starts_with("obl") => match self.case(k) {
                    Some(prep) => a.oblique.push(Arg { prep: Some(prep), head: k }),
                    None => a.predicative.push(k),
                },
                // Predicate nouns and adjectives, and misattached "nmod" of a verb.
                r if r.starts_with("nmod") => match self.case(k) {
                    Some(prep) => a.oblique.push(Arg { prep: Some(prep), head: k }),
                    None => a.predicative.push(k),
                },
                "advmod" => a.predicative.push(k),
                _ => {}
            }
        }
        // A subject hung on the auxiliary is the verb's.
        if a.subject.is_none() && passive_subject.is_none() {
            a.subject = self.with(v, Rels::AUX | Rels::COP).flat_map(|x| self.with(x, Rels::NSUBJ).collect::<Vec<_>>()).next();
        }
        let participle = self.verbal(v) && self.xpos(v) == "VBN";
        // A finite form without a passive auxiliary is active, whatever the label says.
        if !a.passive && matches!(self.xpos(v), "VBD" | "VBZ" | "VBP") && a.subject.is_none() && a.object.is_none() {
            a.subject = passive_subject.take();
        }
        // "Unions promised to …" and "X promised that …" are active without an auxiliary, too.
        if !a.passive && a.subject.is_none() && (a.object.is_some() || !a.open.is_empty() || !a.clause.is_empty()) {
            a.subject = passive_subject.take();
        }
        // "Five soldiers injured in a raid"
        let bare = a.object.is_none() && a.open.is_empty() && a.clause.is_empty();
        if !a.passive && self.xpos(v) == "VBD" && bare && self.grammar.harmed.contains(self.lemma(v)) {
            passive_subject = passive_subject.or(a.subject.take());
        }
        if passive_subject.is_some() {
            a.passive = true;
        }
        let base = self.base(v);
        let bare_participle = participle && !self.kids(v).iter().any(|&k| self.base(k) == "aux") && a.subject.is_none();
        if bare_participle && matches!(base, "acl" | "advcl" | "amod" | "root" | "parataxis") && a.object.is_none() {
            a.passive = true;
        }
        // A conjunct passive shares its auxiliary: "was arrested and jailed".
        if base == "conj" && participle && !a.passive && a.subject.is_none() && a.object.is_none() && depth < 4 {
            a.passive = self.head(v).is_some_and(|h| self.xpos(h) == "VBN" && self.args_at(h, depth + 1).passive);
        }
        if a.passive {
            if let Some(s) = passive_subject.or(a.subject.take()) {
                // "was given aid" keeps its object; the subject is then the receiver.
                if a.object.is_some() {
                    a.oblique.push(Arg { prep: Some("to".to_owned()), head: s });
                } else {
                    a.object = Some(s);
                }
            }
            if let Some(at) = a
                .oblique
                .iter()
                .position(|o| self.rel(o.head) == "obl:agent" || o.prep.as_ref().is_some_and(|p| self.grammar.agents.contains(p)))
            {
                a.subject = Some(a.oblique.remove(at).head);
            } else {
                a.subject = self.doer_within(v);
            }
        }
        // "released at least 19 sailors": a bare phrase after the verb is its object, whatever the
        // label; "let free some prisoners" has it under the adjective.
        if a.object.is_none() && !a.passive && self.verbal(v) && a.clause.is_empty() {
            let bare = |k: &usize| self.rel(*k) == "obl" && *k > v && self.nominal(*k) && !self.timely(*k);
            if let Some(at) = a.predicative.iter().position(bare) {
                a.object = Some(a.predicative.remove(at));
            } else if let Some(free) = a.open.iter().copied().find(|&x| !self.verbal(x) && x == v + 1) {
                a.object = self.with(free, Rels::OBJ).next();
            }
        }
        self.gaps(v, depth, &mut a);
        if depth == 0 && self.verbal(v) {
            self.adjacent(v, &mut a);
        }
        a
    }

    /// "was accused of arming rebels by Chad": an active verb with its object takes no doer by "by", so that it is the
    /// doer of the passive above.
    fn doer_within(&self, v: usize) -> Option<usize> {
        let gerund = |&k: &usize| k > v && self.xpos(k) == "VBG" && self.with(k, Rels::OBJ).next().is_some();
        let doer = |&k: &usize| self.case(k).is_some_and(|p| self.grammar.agents.contains(&p));
        self.with(v, Rels::ADVCL | Rels::XCOMP | Rels::CCOMP)
            .filter(gerund)
            .find_map(|k| self.with(k, Rels::OBL).filter(|&o| o > k).find(doer))
    }

    /// What a parse lost: the noun phrase that ends right before a finite verb without subject,
    /// the one that begins right after a verb without object.
    fn adjacent(&self, v: usize, a: &mut Args) {
        let first = self.kids(v).iter().copied().filter(|&k| k < v && self.base(k) == "aux").min().unwrap_or(v);
        let finite = matches!(self.xpos(v), "VBD" | "VBZ" | "VBP") || first < v;
        if a.subject.is_none()
            && finite
            && !a.passive
            && !matches!(self.base(v), "conj" | "xcomp")
            && (self.base(v) != "amod" || self.xpos(v) == "VBD")
        {
            a.subject = self.phrase_before(first).filter(|&h| Some(h) != a.object);
        }
        if a.object.is_none() && !a.passive && a.clause.is_empty() && a.open.is_empty() {
            let mut j = v + 1;
            while j < self.len()
                && j < v + 8
                && (matches!(self.base(j), "amod" | "compound" | "det" | "nummod" | "punct") && self.base(j) != "punct"
                    || self.rel(j).starts_with("nmod") && self.prep(j).is_none())
                && self.head(j).is_some_and(|h| h > j)
            {
                j += 1;
            }
            if j < self.len()
                && self.upos(j) == Upos::PROPN
                && self.prep(j).is_none()
                && self.head(j).is_some_and(|h| h < v)
                && self.base(j) == "flat"
            {
                a.object = Some(j);
            }
        }
    }

    /// Head of the noun phrase that ends right before a token; "on Saturday" between them is
    /// passed over.
    pub fn phrase_before(&self, at: usize) -> Option<usize> {
        let mut at = at;
        for _ in 0..3 {
            let mut h = at.checked_sub(1)?;
            while h > 0 && matches!(self.upos(h), Upos::ADV | Upos::AUX) {
                h -= 1;
            }
            if !self.nominal(h) || self.upos(h) == Upos::PRON {
                return None;
            }
            while matches!(self.base(h), "flat" | "nmod" | "compound") && self.prep(h).is_none() {
                match self.head(h) {
                    Some(up) if up < at && self.nominal(up) => h = up,
                    _ => break,
                }
            }
            // A phrase with its own preposition is an adjunct, or the tail of a longer phrase.
            let Some(first) = self.with(h, Rels::CASE).filter(|&c| c < h).min() else { return Some(h) };
            match self.head(h) {
                Some(up) if up < first && self.base(h) == "nmod" && self.nominal(up) && self.prep(up).is_none() => return Some(up),
                _ => at = first,
            }
        }
        None
    }

    /// Fills subject and object from what the clause hangs on.
    fn gaps(&self, v: usize, depth: usize, a: &mut Args) {
        if depth > 6 {
            return;
        }
        let Some(h) = self.head(v) else { return };
        match self.base(v) {
            "acl" if self.rel(v) == "acl:relcl" => {
                let stands_for = |slot: &mut Option<usize>| {
                    if slot.is_some_and(|k| self.relative_pronoun(k)) {
                        *slot = Some(h);
                        true
                    } else {
                        false
                    }
                };
                let mut found = stands_for(&mut a.subject) | stands_for(&mut a.object);
                for o in &mut a.oblique {
                    if self.relative_pronoun(o.head) {
                        o.head = h;
                        found = true;
                    }
                }
                if !found && a.object.is_none() && a.subject.is_some() && self.verbal(v) {
                    a.object = Some(h);
                }
            }
            "acl" => {
                if a.passive {
                    a.object = a.object.or(Some(h));
                } else if a.subject.is_none() && self.xpos(v) == "VBG" {
                    a.subject = Some(h);
                    a.controlled = true;
                } else if a.subject.is_none() && self.nominal(h) {
                    // "its plan to attack": the noun's owner does it.
                    a.subject = self.owner(h).or_else(|| self.carrier(h, depth));
                    a.controlled = true;
                }
            }
            "xcomp" | "advcl" if a.subject.is_none() || a.passive && a.object.is_none() => {
                let up = self.args_at(h, depth + 1);
                // "thanked Chad for sending troops": Chad sent them.
                let merit = self.xpos(v) == "VBG" && self.with(v, Rels::MARK).any(|m| self.grammar.merits.contains(&self.forms[m]));
                let control = if self.base(v) == "xcomp" || merit { up.object.or(up.subject) } else { up.subject.or(up.object) };
                let control = if self.base(v) == "advcl" && up.passive && !merit { up.subject.or(up.object) } else { control };
                a.controlled = true;
                if a.passive {
                    a.object = a.object.or(control);
                } else {
                    a.subject = control;
                }
            }
            "conj" if self.verbal(h) || self.upos(h) == Upos::ADJ || self.verbal(v) => {
                let up = self.args_at(h, depth + 1);
                if a.passive {
                    if a.object.is_none() {
                        a.object = if up.passive { up.object } else { up.subject };
                        a.controlled = true;
                    }
                } else if a.subject.is_none() && self.kids(v).iter().all(|&k| self.base(k) != "nsubj") {
                    a.subject = if up.passive { up.object } else { up.subject };
                    a.controlled = true;
                }
                // "shelled and burned the village" hangs the object on either verb.
                if a.object.is_none() && !a.passive && !up.passive && up.object.is_some_and(|o| o > v) {
                    a.object = up.object;
                }
            }
            _ => {}
        }
        if a.object.is_none() && !a.passive && self.verbal(v) && a.clause.is_empty() && a.open.is_empty() {
            let shared = self.with(v, Rels::CONJ).find_map(|c| {
                let own = self.with(c, Rels::OBJ).next();
                own.filter(|_| self.verbal(c) && a.oblique.is_empty())
            });
            a.object = shared;
        }
    }

    /// Whether a noun has a definite article or its like ("the", "this").
    pub fn definite(&self, n: usize) -> bool {
        self.with(n, Rels::DET).any(|d| self.grammar.definites.contains(&self.forms[d]))
    }

    /// Possessor of a noun.
    pub fn owner(&self, n: usize) -> Option<usize> {
        // "last month's invasion" is no month's.
        self.kids(n).iter().copied().find(|&k| self.rel(k) == "nmod:poss" && !self.grammar.timely.contains(self.lemma(k)))
    }

    /// Subject of the verb that has this noun as its object ("made an effort to stop …").
    fn carrier(&self, n: usize, depth: usize) -> Option<usize> {
        let v = self.head(n).filter(|_| matches!(self.base(n), "obj" | "obl" | "xcomp"))?;
        if self.verbal(v) { self.args_at(v, depth + 1).subject } else { None }
    }

    /// Whether a negation hangs on the token.
    pub fn negated(&self, i: usize) -> bool {
        self.kids(i).iter().any(|&k| {
            let no = |k: usize| self.grammar.negators.contains(&self.forms[k]);
            // "no longer"
            let no_more = || self.base(k) == "advmod" && k > 0 && self.head(k - 1) == Some(k) && no(k - 1);
            matches!(self.base(k), "advmod" | "det" | "cc" | "cc:preconj" | "discourse") && no(k) || no_more()
        })
    }

    /// Whether a preposition marks the doer of a noun's deed ("by", "from").
    pub fn agentive(&self, prep: &str) -> bool {
        self.grammar.agents.contains(prep) || self.grammar.origins.contains(prep)
    }

    /// Whether a phrase may tell a time rather than a thing.
    pub fn timely(&self, i: usize) -> bool {
        self.grammar.timely.contains(self.lemma(i))
    }

    /// Whether a token is "it" or its kin.
    pub fn thing_pronoun(&self, i: usize) -> bool {
        self.grammar.things.contains(&self.forms[i])
    }

    /// Whether a preposition marks the doer and nothing else ("by").
    pub fn doer(&self, prep: &str) -> bool {
        self.grammar.agents.contains(prep)
    }

    /// Whether a preposition after a noun tells what kind of thing it is ("on trade").
    pub fn topical(&self, prep: &str) -> bool {
        self.grammar.topical.contains(prep)
    }

    /// Whether a preposition marks belonging only ("of").
    pub fn genitive(&self, prep: &str) -> bool {
        self.grammar.genitives.contains(prep)
    }

    /// Whether a token is a plain verb form rather than a name tagged as one.
    pub fn names_nothing(&self, i: usize) -> bool {
        i == 0 || !self.word(i).chars().next().is_some_and(char::is_uppercase)
    }
}

/// Children of every token in order, and where each token's begin.
fn children(nodes: &[Node]) -> (Vec<usize>, Vec<usize>) {
    let mut from = vec![0; nodes.len() + 1];
    for h in nodes.iter().filter_map(|n| n.head) {
        from[h + 1] += 1;
    }
    for i in 0..nodes.len() {
        from[i + 1] += from[i];
    }
    let mut free = from.clone();
    let mut kids = vec![0; from[nodes.len()]];
    for (i, n) in nodes.iter().enumerate() {
        if let Some(h) = n.head {
            kids[free[h]] = i;
            free[h] += 1;
        }
    }
    (kids, from)
}

/// Lemma, form, stems a weak lemma may have missed, and a hyphenation joined both ways.
fn keys(i: usize, xpos: &str, forms: &[String], lemmas: &[String]) -> Vec<String> {
    let mut out = vec![lemmas[i].clone()];
    let mut add = |key: String| {
        if key.len() > 1 && !out.contains(&key) {
            out.push(key);
        }
    };
    add(forms[i].clone());
    regular(&forms[i], xpos).into_iter().for_each(&mut add);
    if i >= 2 && forms[i - 1] == "-" {
        add(format!("{}-{}", forms[i - 2], lemmas[i]));
        add(format!("{}{}", forms[i - 2], lemmas[i]));
    }
    out
}
