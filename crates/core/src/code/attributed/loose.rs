//! Attributions read from the order of the words, where parses are of no help.

use super::super::rels::Rels;
use super::clause::Frame;
use super::{Found, Kind, Reader, Tokens, closes};
use crate::model::syntax::Upos;

impl Reader<'_> {
    /// What a verb of saying reports when no clause hangs on it: what stands before a trailing
    /// "…, the envoy said", around ", he said,", or after "said … that".
    pub(super) fn beside(&self, f: &Frame) -> Option<Tokens> {
        let tree = self.tree;
        let (v, n) = (f.v, tree.len());
        let finite = |t: usize| matches!(tree.xpos(t), "VBD" | "VBZ" | "VBP" | "MD");
        if f.passive || f.relative() || !finite(v) && !tree.with(v, Rels::AUX).any(finite) {
            return None;
        }
        let (first, last) = (f.source.iter().find(|&t| !self.is_punct(t))?, f.source.iter().rev().find(|&t| !self.is_punct(t))?);
        let lo = first.min(v);
        let hi = last.max(v);
        let aside = lo > 1 && (tree.word(lo - 1) == "," || closes(tree, lo - 1));
        let words = |mut r: std::ops::Range<usize>| r.any(|t| !self.is_punct(t));
        // "“…,” the envoy told the paper": a hearer, unless what stands before is no more than a phrase.
        let heard = || f.hears() && (closes(tree, lo - 1) || (0..lo).any(finite));
        if aside && words(0..lo) && (f.objects.is_empty() || heard()) {
            let rest = Tokens::subtree(tree, v, |t| t == lo);
            let short =
                hi + 9 > n && (hi + 1..n).all(|t| self.is_punct(t) || rest.has(t) && !matches!(tree.upos(t), Upos::VERB | Upos::AUX));
            if short {
                return Some(Tokens::of(n, 0..lo));
            }
            if hi + 2 < n && tree.word(hi + 1) == "," && tree.word(lo - 1) == "," && words(hi + 1..n) && !self.begins_quotation(hi + 2) {
                return Some(Tokens::of(n, (0..lo).chain(hi + 1..n)));
            }
        }
        if last > v || !matches!(tree.base(v), "root" | "conj" | "parataxis" | "ccomp" | "advcl") {
            return None;
        }
        let direct = matches!(tree.base(v), "root" | "conj") && f.objects.is_empty() && self.goes_straight_on(v);
        if direct {
            return Some(Tokens::of(n, v + 1..n));
        }
        let that = (v + 1..n.min(v + 14)).take_while(|&t| !finite(t)).find(|&t| self.k.words.that.contains(&tree.forms[t]))?;
        let noun = |t: usize| matches!(tree.upos(t), Upos::DET | Upos::PRON | Upos::PROPN);
        let opens = (tree.upos(that) == Upos::SCONJ || that + 1 < n && noun(that + 1)) && (that + 1..n).any(finite);
        let end = if matches!(tree.base(v), "root" | "conj") { n } else { tree.extent(v).1 + 1 };
        (opens && end > that).then(|| Tokens::of(n, that..end))
    }

    /// "said “reforms” would pay for it": a clause right behind its verb.
    fn goes_straight_on(&self, v: usize) -> bool {
        let tree = self.tree;
        let n = tree.len();
        let finite = |t: usize| matches!(tree.xpos(t), "VBD" | "VBZ" | "VBP" | "MD") && !self.quoted(t);
        let Some(next) = (v + 1..n).find(|&t| !self.is_punct(t)) else { return false };
        let near = next == v + 1 || self.quoted(next) && next == v + 2;
        let begins = tree.nominal(next) && !tree.timely(next) || matches!(tree.upos(next), Upos::DET | Upos::ADJ | Upos::NUM);
        near && begins
            && !tree.kids(v).iter().any(|&k| tree.base(k) == "nsubj" && k > v)
            && (next + 1..n).any(finite)
            && tree.head(next) != Some(v)
    }

    /// "… said one aide", "Col. Doe, a spokesman in Aden, said": a speaker that parses hang elsewhere.
    pub(super) fn subject_beside(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        let finite = |i: usize| matches!(tree.xpos(i), "VBD" | "VBZ" | "VBP");
        let first = tree.with(v, Rels::AUX | Rels::ADVMOD).filter(|&a| a < v).min().unwrap_or(v);
        if tree.rel(v) == "acl:relcl" || !finite(v) && !tree.with(v, Rels::AUX).any(finite) {
            return None;
        }
        let sound = |s: &usize| {
            let (lo, hi) = tree.extent(*s);
            !tree.timely(*s) && !(lo..=hi).contains(&v) && !(lo..=hi).any(|t| self.quoted(t))
        };
        let head_of = |t: usize, within: &dyn Fn(usize) -> bool| {
            let (mut t, mut best) = (t, None);
            loop {
                if tree.nominal(t) && tree.case(t).is_none() {
                    best = Some(t);
                }
                match tree.head(t) {
                    Some(h) if within(h) && !self.quoted(h) && (!tree.verbal(h) || tree.base(h) == "acl") => t = h,
                    _ => return best,
                }
            }
        };
        if v > 1 && (closes(tree, v - 1) || tree.word(v - 1) == ",") && v + 1 < tree.len() {
            let part = |t: &usize| matches!(tree.upos(*t), Upos::DET | Upos::ADJ | Upos::NUM | Upos::NOUN | Upos::PROPN | Upos::PRON);
            let lead = (v + 1..tree.len()).take_while(|t| part(t)).find(|&t| tree.nominal(t));
            if let Some(s) = lead.and_then(|t| head_of(t, &|h| h > v)).filter(sound) {
                return Some(s);
            }
        }
        let mut at = first.checked_sub(1)?;
        if tree.word(at) == "," || tree.word(at) == ")" {
            at = at.checked_sub(1)?;
        }
        if self.quoted(at) || self.is_punct(at) {
            return None;
        }
        head_of(at, &|h| h < first).filter(sound)
    }

    /// "…, saying that": who adds something behind a comma is who the sentence tells of.
    pub(super) fn subject_of_addition(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        if tree.xpos(v) != "VBG"
            || !matches!(tree.base(v), "advcl" | "acl" | "conj" | "parataxis")
            || tree.extent(v).0 != v
            || !self.parted(v)
        {
            return None;
        }
        let mut h = tree.head(v).filter(|&h| h < v)?;
        let mut best = None;
        for _ in 0..tree.len() {
            if tree.upos(h) == Upos::VERB
                && !self.quoted(h)
                && let (Some(s), false) = self.subject(h, 0)
                && matches!(tree.xpos(h), "VBD" | "VBZ" | "VBP")
            {
                best = Some(s);
            }
            match tree.head(h) {
                Some(up) if up < v => h = up,
                _ => break,
            }
        }
        best.filter(|&s| s < v && !self.quoted(s))
    }

    /// "reportedly": what is told by somebody, nobody says who.
    pub(super) fn hearsay(&self, i: usize) -> Option<Found> {
        let tree = self.tree;
        let h = tree.head(i).filter(|_| tree.upos(i) == Upos::ADV && self.k.words.hearsay.contains(&tree.forms[i]))?;
        let content = Tokens::subtree(tree, h, |t| t == i);
        Some(Found {
            head: i,
            kind: Kind::Predicate,
            cue: (i, i),
            subject: None,
            source: Tokens::none(tree.len()),
            content,
            speech: false,
            own: false,
            under: None,
        })
    }

    /// "Envoy Slams Deal Over Border": of a headline in capitals parses often know no verb.
    pub(super) fn headline(&self, found: &[Found]) -> Option<Found> {
        let tree = self.tree;
        let n = tree.len();
        let starts = |t: &usize| tree.word(*t).chars().next().is_some_and(char::is_alphabetic);
        let words = (0..n).filter(starts).count();
        let capitals = (0..n).filter(starts).filter(|&t| tree.word(t).chars().next().is_some_and(char::is_uppercase)).count();
        if words < 4 || capitals * 10 < words * 7 || is_all_capitals(self) {
            return None;
        }
        let v = (1..n.saturating_sub(1)).find(|&t| !self.quoted(t) && self.attitude_in_capitals(t))?;
        let verb_before = (0..v).any(|t| matches!(tree.upos(t), Upos::VERB | Upos::AUX));
        let taken = found.iter().any(|f| f.head <= v || f.content.has(v) || f.source.has(v) || f.cue.0 <= v && v <= f.cue.1);
        let subject = (0..v).find(|&t| matches!(tree.upos(t), Upos::PROPN | Upos::NOUN | Upos::PRON))?;
        if verb_before
            || taken
            || (0..v).any(|t| matches!(tree.word(t), ":" | ";"))
            || !(starts(&(v + 1)) || v + 2 < n && self.quoted(v + 2))
        {
            return None;
        }
        Some(Found {
            head: v,
            kind: Kind::Object,
            cue: (v, v),
            subject: Some(subject),
            source: Tokens::of(n, 0..v),
            content: Tokens::of(n, v + 1..n),
            speech: false,
            own: false,
            under: None,
        })
    }

    /// Whether a word is a verb of attitude in the present or the past, also where it was taken for a name.
    fn attitude_in_capitals(&self, t: usize) -> bool {
        let tree = self.tree;
        if tree.upos(t) == Upos::VERB {
            return matches!(tree.xpos(t), "VBZ" | "VBD") && tree.keys(t).iter().any(|k| self.k.is_verb(k));
        }
        let form = tree.forms[t].as_str();
        let name = matches!(tree.upos(t), Upos::PROPN | Upos::NOUN | Upos::ADJ);
        let plain = form.strip_suffix('s').filter(|s| !s.ends_with('s'));
        name && plain.is_some_and(|s| self.k.is_verb(s) || s.strip_suffix('e').is_some_and(|s| self.k.is_verb(s)))
    }
}

/// Whether a sentence is written in capitals throughout.
fn is_all_capitals(r: &Reader<'_>) -> bool {
    (0..r.tree.len()).all(|t| !r.tree.word(t).contains(char::is_lowercase))
}
