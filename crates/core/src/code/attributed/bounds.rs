//! Where the words of a content begin and end: what the writer adds around them stands outside.

use super::super::rels::Rels;
use super::{Found, Kind, Reader, Tokens};
use crate::model::syntax::Upos;
use crate::text::is_dash;

impl Reader<'_> {
    /// Sets the bounds of a content among all a sentence attributes.
    pub(super) fn bound(&self, f: &Found, all: &[Found], content: &mut Tokens) {
        self.after_quotation(f, content);
        self.without_additions(f, content);
        self.with_second_clause(f, content);
        if f.kind == Kind::Clause {
            self.around_cue(f, content);
            self.with_misread_subject(f, content);
        }
        if matches!(f.kind, Kind::Clause | Kind::Quote) {
            self.without_others(f, all, content);
        }
    }

    /// First and last token of a cue and its source.
    fn telling(&self, f: &Found) -> (usize, usize) {
        let word = |t: &usize| !self.is_punct(*t);
        let lo = f.source.iter().find(word).map_or(f.head, |s| s.min(f.head));
        let hi = f.source.iter().rev().find(word).map_or(f.head, |s| s.max(f.head));
        (lo, hi)
    }

    /// "“…,” she said, drawing jeers": behind the cue of a quotation before it only quoted words are said.
    fn after_quotation(&self, f: &Found, content: &mut Tokens) {
        if !matches!(f.kind, Kind::Clause | Kind::Quote) {
            return;
        }
        let word = |t: &usize| !self.is_punct(*t);
        let (lo, hi) = self.telling(f);
        let before = content.iter().take_while(|&t| t < lo).filter(word).last();
        if before.is_some_and(|t| self.quoted(t)) && !content.iter().any(|t| t > hi && self.quoted(t)) {
            content.retain(|t| t <= hi);
        }
    }

    /// Takes out what trails the content and tells of it: "…, an idea that many like", "… and added".
    fn without_additions(&self, f: &Found, content: &mut Tokens) {
        if !matches!(f.kind, Kind::Clause | Kind::Object | Kind::Prep | Kind::Inf | Kind::Predicate) {
            return;
        }
        // Whatever reaches to the end stands above the last word.
        let Some(mut at) = content.iter().rev().find(|&t| !self.is_punct(t)).filter(|&t| t > f.head) else { return };
        let mut cut = None;
        for _ in 0..self.tree.len() {
            if at > f.head && self.adds(f, at) {
                cut = Some(at);
            }
            match self.tree.head(at) {
                Some(h) if content.has(h) => at = h,
                _ => break,
            }
        }
        if let Some(x) = cut {
            content.without(&Tokens::subtree(self.tree, x, |_| false));
        }
    }

    fn adds(&self, f: &Found, x: usize) -> bool {
        let tree = self.tree;
        let words = &self.k.words;
        let base = tree.base(x);
        let clause = f.kind == Kind::Clause;
        if self.quoted(x) || !matches!(base, "appos" | "parataxis" | "dep" | "list" | "conj" | "obl" | "nmod" | "acl" | "advcl") {
            return false;
        }
        // "said the deal was dead and warned …"
        if base == "conj" && clause && tree.upos(x) == Upos::VERB && tree.xpos(x) != "VB" && tree.xpos(x) == tree.xpos(f.head) {
            let speaks = self.k.verb(tree.lemma(x), |_| false).is_some_and(|t| t.speech);
            return speaks && tree.with(x, Rels::NSUBJ).next().is_none();
        }
        let lo = tree.extent(x).0;
        if lo <= f.head || !(self.parted(lo) || is_dash(tree.word(lo - 1))) {
            return false;
        }
        match base {
            "acl" => !clause && tree.rel(x) == "acl:relcl" && matches!(tree.xpos(lo), "WDT" | "WP" | "WP$" | "WRB"),
            "advcl" => !clause && words.contrast.contains(&tree.forms[lo]),
            _ if !matches!(tree.upos(x), Upos::NOUN | Upos::PRON | Upos::NUM) => false,
            "conj" | "obl" | "nmod" => words.some.contains(&tree.forms[lo]),
            _ => words.some.contains(&tree.forms[lo]) || words.the.contains(&tree.forms[lo]),
        }
    }

    /// "said the bridge was shut and that the road would follow": a second clause that parses join to the cue.
    fn with_second_clause(&self, f: &Found, content: &mut Tokens) {
        let tree = self.tree;
        let Some(last) = content.iter().next_back().filter(|&l| f.kind == Kind::Clause && l > f.head) else { return };
        for k in tree.with(f.head, Rels::CONJ).filter(|&k| k > last) {
            let (lo, hi) = tree.extent(k);
            let own = || tree.with(k, Rels::NSUBJ).next().is_some() && !self.k.is_verb(tree.lemma(k)) && tree.word(lo.max(1) - 1) != ",";
            if self.marked(k, &self.k.words.that) || own() {
                (last + 1..=hi).for_each(|t| content.add(t));
            }
        }
    }

    /// "Asked why, she said that …": before the cue nothing is said where a clause opens behind it;
    /// "…, she said, and …": what goes on behind it is said.
    fn around_cue(&self, f: &Found, content: &mut Tokens) {
        let tree = self.tree;
        let (lo, hi) = self.telling(f);
        let word = |t: &usize| !self.is_punct(*t);
        let Some(before) = content.iter().take_while(|&t| t < lo).filter(word).last() else { return };
        let behind = content.iter().filter(word).find(|&t| t > f.head);
        match behind {
            Some(first) if tree.base(first) == "mark" || tree.xpos(first) == "WRB" => content.retain(|t| t >= lo),
            Some(_) => {}
            None => {
                let comma = |t: usize| tree.word(t) == ",";
                let aside = hi + 2 < tree.len() && comma(hi + 1) && comma(lo - 1) && !self.quoted(before);
                if aside && (tree.upos(hi + 2) == Upos::CCONJ || tree.xpos(hi + 2) == "WDT") {
                    (hi + 1..tree.len() - 1).for_each(|t| content.add(t));
                }
            }
        }
    }

    /// "The poll showed most voters agree": a clause's subject that parses take for the cue's object.
    fn with_misread_subject(&self, f: &Found, content: &mut Tokens) {
        let tree = self.tree;
        for o in tree.with(f.head, Rels::OBJ).filter(|&o| o > f.head) {
            if content.has(o) || Some(o) == f.subject || f.source.has(o) {
                continue;
            }
            let hi = tree.extent(o).1;
            let opens = |t: usize| tree.base(t) == "mark" || matches!(tree.xpos(t), "WRB" | "WP" | "WDT");
            if hi + 1 < tree.len() && content.has(hi + 1) && !opens(hi + 1) && !content.iter().any(|t| t > f.head && t <= hi) {
                let hangs = |word: &str| tree.kids(f.head).iter().any(|&k| tree.forms[k] == word);
                let hears = self.k.verb(tree.lemma(f.head), hangs).is_some_and(|t| t.speech && t.clause && t.inf);
                if !hears {
                    content.join(&Tokens::subtree(tree, o, |_| false));
                }
            }
        }
    }

    /// "“…,” she wrote, arguing that …": what another cue of the sentence tells is that one's.
    fn without_others(&self, f: &Found, all: &[Found], content: &mut Tokens) {
        let (_, hi) = self.telling(f);
        for o in all.iter().filter(|o| o.head > f.head && !o.content.has(f.head)) {
            if content.has(o.head) || o.kind == Kind::Gap && !o.speech || !self.hangs_below(o.head, f.head) {
                continue;
            }
            let shared = |t: usize| t > hi && t > o.head && o.content.has(t);
            if content.iter().any(|t| !shared(t)) {
                content.retain(|t| !shared(t));
            }
        }
    }

    fn hangs_below(&self, t: usize, top: usize) -> bool {
        let mut at = t;
        for _ in 0..self.tree.len() {
            match self.tree.head(at) {
                Some(h) if h == top => return true,
                Some(h) => at = h,
                None => return false,
            }
        }
        false
    }

    /// A part of what a verb tells without the verb and what is `outside`; of the noun that the verb's clause hangs on, what
    /// belongs to it.
    pub(super) fn below(&self, i: usize, v: usize, outside: impl Fn(usize) -> bool) -> Tokens {
        let tree = self.tree;
        if tree.base(v) == "acl" && tree.head(v) == Some(i) {
            return self.antecedent(i, v);
        }
        Tokens::subtree(tree, i, |t| t == v || outside(t))
    }

    /// The noun a clause hangs on with what belongs to it, not what sets it into its own sentence.
    fn antecedent(&self, h: usize, clause: usize) -> Tokens {
        let tree = self.tree;
        let predicate = tree.with(h, Rels::COP).next().is_some();
        let outside = |t: usize| {
            tree.head(t) == Some(h)
                && match tree.base(t) {
                    "case" | "mark" | "cc" | "cop" | "aux" | "expl" => true,
                    "nsubj" | "advmod" | "obl" | "advcl" | "csubj" | "ccomp" | "parataxis" => predicate,
                    _ => false,
                }
        };
        Tokens::subtree(tree, h, |t| t == clause || outside(t))
    }
}
