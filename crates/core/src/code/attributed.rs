//! Attributions of every kind in a sentence: the words of cue, source and content.
//!
//! Needs: a sentence's tree, the words of attitude. Gives: what is attributed to whom; of it the
//! statements ([`said`]), and readings before quotations are followed into the sentences around
//! ([`carry`]).

mod bounds;
mod carry;
mod clause;
mod loose;
mod said;
mod words;

pub use carry::carry;
pub use said::{PLAIN, Said, introduced, own_acts, said};
pub use words::Tokens;

use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::attitudes::Attitudes;
use crate::model::{Attributed, Span, syntax::Upos};
use crate::text::is_dash;
use words::{closes, opens, spans};

/// Where the content of an attribution was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A clause, the host of a parenthesis, words before or around the cue.
    Clause,
    /// Quoted words of the sentence without a clause of their own.
    Quote,
    /// The rest of the sentence beside "according to".
    Phrase,
    /// After "Name:", before "— Name".
    Colon,
    /// An infinitive.
    Inf,
    /// After a preposition.
    Prep,
    /// An object.
    Object,
    /// What a relative clause hangs on.
    Gap,
    /// After a noun or an adjective of attitude.
    Predicate,
}

/// One attribution as tokens.
#[derive(Clone, Debug)]
pub struct Found {
    head: usize,
    kind: Kind,
    cue: (usize, usize),
    subject: Option<usize>,
    source: Tokens,
    content: Tokens,
    speech: bool,
    /// By the writer of the text ("we condemn …"): a statement, if it is known whose text it is,
    /// but no source that the text names.
    own: bool,
    /// "vowed to condemn": the attitude this one stands under, which the text's words are of.
    under: Option<Box<Found>>,
}

/// One attribution of a sentence and what its quotations ask of the sentences around.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The attribution so far.
    pub said: Attributed,
    /// Whether somebody's words are quoted.
    quoted: bool,
    /// Whether the sentence begins within the quotation.
    first: bool,
}

/// Finds what a sentence attributes to anybody.
pub fn find(tree: &Tree<'_>, k: &Attitudes) -> Vec<Found> {
    Reader { tree, k }.found()
}

/// The words of those attributions that name their source.
pub fn readings<'a>(tree: &'a Tree<'_>, k: &'a Attitudes, found: &'a [Found], index: u32) -> impl Iterator<Item = Reading> + 'a {
    let reader = Reader { tree, k };
    let told = move |f: &&Found| !f.own && !reader.within_verb(f, found) && !reader.in_passing(f, found);
    found.iter().filter(told).filter_map(move |f| reader.reading(f, found, index))
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    tree: &'a Tree<'a>,
    k: &'a Attitudes,
}

impl Reader<'_> {
    fn quoted(&self, i: usize) -> bool {
        self.tree.sentence.tokens[i].quoted
    }

    fn is_punct(&self, i: usize) -> bool {
        self.tree.base(i) == "punct"
    }

    fn found(&self) -> Vec<Found> {
        let tree = self.tree;
        let mut out: Vec<Found> = Vec::new();
        for v in 0..tree.len() {
            // Attitudes within a quotation are the speaker's own business.
            if self.quoted(v) {
                continue;
            }
            out.extend(self.phrase(v));
            out.extend(self.hearsay(v));
            if matches!(tree.base(v), "aux" | "cop" | "amod" | "compound" | "case") {
                continue;
            }
            out.extend(match tree.upos(v) {
                Upos::VERB => self.verb(v),
                Upos::NOUN if self.k.is_noun(tree.lemma(v)) => self.noun(v),
                Upos::ADJ if self.k.is_adj(tree.lemma(v)) => self.adjective(v),
                _ => None,
            });
        }
        if let Some(colon) = self.colon() {
            out.retain(|f| f.kind != Kind::Object);
            out.push(colon);
        }
        out.extend(self.signature());
        out.extend(self.headline(&out));
        // What the writer says himself stands beside what he tells of others.
        let (own, told): (Vec<Found>, Vec<Found>) = out.into_iter().partition(|f| f.own);
        let mut all = self.weigh(told);
        all.extend(self.weigh(own));
        all
    }

    /// Of an attitude toward an attitude the inner one counts, the words told are the outer one's; of what stands within another's
    /// words only speech does.
    fn weigh(&self, mut all: Vec<Found>) -> Vec<Found> {
        let tree = self.tree;
        let mut gone: Vec<usize> = Vec::new();
        for i in 0..all.len() {
            if all[i].kind != Kind::Inf {
                continue;
            }
            for c in tree.with(all[i].head, Rels::XCOMP) {
                if let Some(j) = (0..all.len()).find(|&j| j != i && all[j].head == c) {
                    let cue = all[i].cue.0.min(all[j].cue.0);
                    let source = all[i].source.clone();
                    all[j].cue.0 = cue;
                    if all[j].source.is_empty() {
                        all[j].source = source;
                    }
                    if !self.k.words.seeming.contains(tree.lemma(all[i].head)) {
                        all[j].under = Some(Box::new(all[i].clone()));
                    }
                    gone.push(i);
                }
            }
        }
        let mut n = 0;
        all.retain(|_| {
            n += 1;
            !gone.contains(&(n - 1))
        });
        let within = |f: &Found| all.iter().any(|o| o.head != f.head && o.content.has(f.head) && !f.content.has(o.head));
        let keep: Vec<bool> = all.iter().map(|f| self.counts(f, within(f))).collect();
        let mut kept = keep.iter();
        all.retain(|_| kept.next().copied().unwrap_or(true));
        all
    }

    fn counts(&self, f: &Found, nested: bool) -> bool {
        let tree = self.tree;
        let attitude = matches!(f.kind, Kind::Inf | Kind::Prep | Kind::Object);
        let aside = tree.rel(f.head) == "acl" && if f.subject.is_none() { f.kind != Kind::Prep } else { tree.xpos(f.head) != "VBG" };
        // "The vote is expected in May": nobody in particular expects it.
        let stands = || {
            matches!(tree.base(f.head), "root" | "conj" | "parataxis" | "xcomp")
                || tree.kids(f.head).iter().any(|&k| tree.rel(k) == "aux:pass")
        };
        let nobody = f.kind == Kind::Object && f.subject.is_none() && !stands();
        let speech = f.speech && matches!(f.kind, Kind::Clause | Kind::Quote) || f.kind == Kind::Phrase;
        !(nested && !speech || attitude && aside || nobody)
    }

    /// "according to X"; "In a poll, …".
    fn phrase(&self, i: usize) -> Option<Found> {
        let tree = self.tree;
        let n = tree.len();
        let words = self.k.phrases.iter().find(|p| i + p.len() < n && p.iter().zip(&tree.forms[i..]).all(|(a, b)| a == b));
        let begins = words.is_none() && i <= 1 && self.k.words.within.contains(&tree.forms[i]);
        if words.is_none() && !begins {
            return None;
        }
        let from = i + words.map_or(1, Vec::len);
        let whole = |k: &usize| {
            matches!(tree.upos(*k), Upos::NOUN | Upos::PROPN | Upos::PRON)
                && !matches!(tree.base(*k), "compound" | "amod" | "flat" | "nummod" | "det")
                && tree.rel(*k) != "nmod:poss"
        };
        let source = (from..n.min(from + 12)).find(whole)?;
        if begins && !self.k.words.surveys.contains(tree.lemma(source)) {
            return None;
        }
        let under = Tokens::subtree(tree, source, |_| false);
        let end = under.iter().max().unwrap_or(source);
        let mut last = n - 1;
        while last > end && self.is_punct(last) {
            last -= 1;
        }
        let opening = i <= 1 || i == 2 && tree.upos(1) == Upos::CCONJ;
        let content = if opening {
            Tokens::of(n, end + 1..n)
        } else if end >= last {
            Tokens::of(n, 0..i)
        } else {
            Tokens::of(n, (0..i).chain(end + 1..n))
        };
        Some(Found {
            head: i,
            kind: Kind::Phrase,
            cue: (i, from - 1),
            subject: Some(source),
            source: Tokens::of(n, from..end + 1),
            content,
            speech: true,
            own: false,
            under: None,
        })
    }

    /// "Name: words".
    fn colon(&self) -> Option<Found> {
        let tree = self.tree;
        let n = tree.len();
        let at = (1..n.saturating_sub(1).min(10)).find(|&i| tree.word(i) == ":")?;
        // A transcript that stands in quotation marks has its speakers within them.
        let speaker = self.quoted(at) && (0..at).all(|i| self.is_punct(i) || is_capitals(tree.word(i)));
        let name = |i: usize| {
            matches!(tree.upos(i), Upos::PROPN | Upos::NOUN | Upos::ADJ | Upos::DET | Upos::PUNCT | Upos::PART)
                && (speaker || !self.quoted(i))
                && (at == 1
                    || matches!(tree.upos(i), Upos::PART | Upos::PUNCT)
                    || tree.word(i).chars().next().is_some_and(char::is_uppercase))
        };
        // Lines of tables ("Turnout: 54 %", "width: 100px") are nobody's words.
        let words = (at + 1..n).filter(|&i| tree.word(i).contains(char::is_alphabetic)).count();
        let verb = (at + 1..n).any(|i| matches!(tree.upos(i), Upos::VERB | Upos::AUX));
        let letters: usize = (0..at).filter(|&i| !self.is_punct(i)).map(|i| tree.word(i).chars().count()).sum();
        if letters < 2 || !tree.word(at - 1).chars().next().is_some_and(|c| c.is_uppercase() || at > 1) || words < 2 && !verb {
            return None;
        }
        let named = (0..at).all(name) && (0..at).any(|i| matches!(tree.upos(i), Upos::PROPN | Upos::NOUN));
        named.then(|| Found {
            head: at,
            kind: Kind::Colon,
            cue: (at, at),
            subject: Some(0),
            source: Tokens::of(n, 0..at),
            content: Tokens::of(n, at + 1..n),
            speech: true,
            own: false,
            under: None,
        })
    }

    /// “Words.” — Name, whoever that is.
    fn signature(&self) -> Option<Found> {
        let tree = self.tree;
        let n = tree.len();
        let at = (1..n.saturating_sub(1)).rev().find(|&i| is_dash(tree.word(i)) && !self.quoted(i))?;
        let end = (at + 1..n).rev().find(|&i| !self.is_punct(i))? + 1;
        let words = |i: &usize| !self.is_punct(*i);
        let said = (0..at).filter(words).count() > 0 && (0..at).filter(words).all(|i| self.quoted(i)) && closes(tree, at - 1);
        let person =
            |i: usize| matches!(tree.upos(i), Upos::PROPN | Upos::NOUN | Upos::ADJ | Upos::DET | Upos::ADP | Upos::PUNCT | Upos::NUM);
        let named = end - at <= 10
            && tree.word(at + 1).chars().next().is_some_and(char::is_uppercase)
            && (at + 1..end).all(|i| person(i) && !self.quoted(i));
        (said && named).then(|| Found {
            head: at,
            kind: Kind::Colon,
            cue: (at, at),
            subject: Some(at + 1),
            source: Tokens::of(n, at + 1..end),
            content: Tokens::of(n, 0..at),
            speech: true,
            own: false,
            under: None,
        })
    }

    /// Whether an attitude is told of no more than in passing, as part of what is told of somebody or something else.
    fn in_passing(&self, f: &Found, all: &[Found]) -> bool {
        let tree = self.tree;
        let words = &self.k.words;
        let v = f.head;
        let vb = tree.xpos(v) == "VB";
        let attitude = !matches!(f.kind, Kind::Clause | Kind::Quote | Kind::Phrase | Kind::Colon);
        // "Holm, a critic who opposed the bridge, …"; "a man who came to oppose it".
        let (mut at, mut subject, mut appos, mut relative) = (v, false, false, false);
        for _ in 0..4 {
            let Some(h) = tree.head(at) else { break };
            at = h;
            match tree.base(h) {
                "nsubj" => subject = true,
                "appos" => appos = true,
                "acl" => relative = true,
                _ => {}
            }
        }
        if attitude && (appos && subject || relative && vb) {
            return true;
        }
        let who = f.subject.is_some_and(|s| tree.xpos(s) == "WP");
        let blamed = tree.xpos(v) == "VBG" && self.marked(v, &words.reasons);
        let meant = who && vb && v > 0 && words.to.contains(&tree.forms[v - 1]);
        let seen = words.sight.contains(tree.lemma(v)) && tree.base(v) != "root" && matches!(f.kind, Kind::Object | Kind::Clause);
        let nobody = tree.base(v) == "xcomp" && f.subject.is_none();
        let unsaid = f.kind == Kind::Quote && tree.with(v, Rels::AUX).next().is_some();
        // "The poll shows that 40 percent say …": the poll's words.
        let counted = || {
            f.speech
                && f.source.iter().any(|t| tree.upos(t) == Upos::NUM)
                && all.iter().any(|o| o.head != v && o.content.has(v) && !f.content.has(o.head))
        };
        blamed || meant || seen || nobody || unsaid || counted()
    }

    /// Whether a noun of attitude hangs on a verb that is read as one, too: "voiced its concern" is told once, by the verb.
    fn within_verb(&self, f: &Found, all: &[Found]) -> bool {
        let tree = self.tree;
        f.kind == Kind::Predicate
            && tree.upos(f.head) == Upos::NOUN
            && matches!(tree.base(f.head), "obj" | "nsubj" | "obl" | "xcomp")
            && all.iter().any(|o| o.kind != Kind::Predicate && Some(o.head) == tree.head(f.head))
    }

    fn reading(&self, f: &Found, all: &[Found], index: u32) -> Option<Reading> {
        let tree = self.tree;
        let mut f = f;
        while let Some(outer) = &f.under {
            f = outer;
        }
        // "the bridge he wanted": of what somebody is after only the words of speech tell.
        if f.kind == Kind::Gap && !f.speech {
            return None;
        }
        let mut content = f.content.clone();
        self.bound(f, all, &mut content);
        for t in f.source.iter().chain(f.cue.0..=f.cue.1) {
            if f.kind != Kind::Quote {
                content.remove(t);
            }
        }
        content.remove(f.head);
        // "And the bridge, he said, would stand": what joins sentences is not said.
        let joins = content.iter().next().filter(|&t| {
            tree.xpos(t) == "CC" && !self.quoted(t) && t < f.cue.0 && tree.sentence.tokens[..t].iter().all(|p| p.upos == Upos::PUNCT)
        });
        joins.into_iter().for_each(|t| content.remove(t));
        let runs = spans(tree, &content, |t| f.source.has(t) || t == f.head);
        // What is announced ("He added:") may stand in the sentences after.
        let elsewhere = runs.is_empty() && f.kind == Kind::Quote;
        if runs.is_empty() && !elsewhere {
            return None;
        }
        let trails = elsewhere && tree.word(tree.len() - 1) != ":";
        let quoted = content.iter().find(|&t| self.quoted(t));
        let words = |lo: usize, hi: usize| tree.span(lo).join(tree.span(hi));
        let source: Vec<usize> = f.source.iter().collect();
        let lo = source.iter().copied().find(|&t| !self.is_punct(t));
        let hi = source.iter().rev().copied().find(|&t| !self.is_punct(t));
        let speaks = f.speech && quoted.is_some();
        Some(Reading {
            quoted: speaks || trails,
            first: trails || speaks && quoted.is_some_and(|q| (0..q).all(|t| self.quoted(t) || self.is_punct(t))),
            said: Attributed {
                sentence: index,
                cue: words(f.cue.0, f.cue.1),
                source: lo.zip(hi).map(|(lo, hi)| words(lo, hi)),
                content: runs.into_iter().map(|(lo, hi)| words(lo, hi)).collect::<Vec<Span>>(),
                verbatim: quoted.is_some(),
            },
        })
    }
}

/// Whether a word is written in capitals, as speakers are in a transcript.
fn is_capitals(word: &str) -> bool {
    !word.contains(char::is_lowercase) && word.contains(char::is_uppercase)
}
