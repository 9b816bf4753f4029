//! Statements among the attributions: those whose source is somebody, with the acts of their cues.

use super::{Found, Kind, Tokens};
use crate::code::memory::Sort;
use crate::code::mention::Mentions;
use crate::code::people::is_person;
use crate::code::rels::Rels;
use crate::code::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::knowledge::nouns::NounKind;
use crate::model::{Span, syntax::Upos};

/// Act of plain saying.
pub const PLAIN: &str = "assertion";

/// What somebody says or holds in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Speaker's head token.
    pub speaker: Option<usize>,
    /// Cue token; `None` for words without a cue of their own.
    pub cue: Option<usize>,
    /// Acts of the cues, plain saying left out, in text order.
    pub acts: Vec<String>,
    /// Words of the content.
    pub content: Span,
    /// First and last token of the content.
    pub range: (usize, usize),
    /// Tokens of the content.
    pub tokens: Tokens,
    /// Hearer's head token.
    pub addressee: Option<usize>,
    /// Whether words are quoted.
    pub verbatim: bool,
    /// The cue by which an outlet passes on what another says.
    pub relay: bool,
}

/// The statements among what a sentence attributes: one for each speaker, who may do several
/// things in it ("condemned the raid and called for talks").
pub fn said(tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, found: &[Found]) -> Vec<Said> {
    let mut kept: Vec<Said> = Vec::new();
    let who = |s: &Said| s.speaker.map(|h| mentions.of(h).first().map_or_else(|| tree.word(h).to_owned(), |r| r.code.clone() + &r.name));
    for said in found.iter().filter_map(|f| statement(tree, k, mentions, found, f)) {
        match kept.iter_mut().find(|o| who(o) == who(&said)) {
            Some(o) => {
                o.content = o.content.join(said.content);
                o.range = (o.range.0.min(said.range.0), o.range.1.max(said.range.1));
                o.tokens.join(&said.tokens);
                o.verbatim |= said.verbatim;
                o.addressee = o.addressee.or(said.addressee);
                for act in said.acts {
                    if !o.acts.contains(&act) {
                        o.acts.push(act);
                    }
                }
            }
            None => kept.push(said),
        }
    }
    kept
}

/// "Doe was not so sure: “It will rain.”": whoever a sentence tells of before a colon speaks the words in marks
/// behind it.
pub fn introduced(tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions) -> Option<Said> {
    let n = tree.len();
    let quoted = |t: usize| tree.sentence.tokens[t].quoted;
    let colon = (1..n.saturating_sub(1)).find(|&i| tree.word(i) == ":" && !quoted(i) && (i + 1..n.min(i + 3)).any(quoted))?;
    let somebody = |s: &usize| {
        let s = *s;
        let who = mentions.of(s);
        s < colon
            && !quoted(s)
            && match tree.upos(s) {
                Upos::PROPN => who.iter().all(|r| !matches!(r.sort, Sort::Place | Sort::Thing)),
                Upos::PRON => k.grammar.persons.contains(&tree.forms[s]),
                _ => is_person(tree, k, s),
            }
    };
    let told = |v: &usize| !quoted(*v) && matches!(tree.base(*v), "root" | "parataxis" | "conj" | "ccomp");
    let (v, s) = (0..colon).filter(told).find_map(|v| Some((v, tree.with(v, Rels::NSUBJ).find(somebody)?)))?;
    let lo = (colon + 1..n).find(|&t| quoted(t))?;
    let hi = (lo..n).rev().find(|&t| quoted(t) && tree.upos(t) != Upos::PUNCT)?;
    Some(Said {
        speaker: Some(s),
        cue: Some(v),
        acts: Vec::new(),
        content: tree.span(lo).join(tree.span(hi)),
        range: (lo, hi),
        tokens: Tokens::of(n, (lo..=hi).filter(|&t| quoted(t))),
        addressee: None,
        verbatim: true,
        relay: false,
    })
}

fn statement(tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, all: &[Found], f: &Found) -> Option<Said> {
    let v = f.head;
    let speaker = speaker(tree, k, mentions, f)?;
    let who = mentions.of(speaker);
    let somebody = !who.is_empty()
        || k.cues.anonymous.heads.contains(tree.lemma(speaker))
        || k.cues.outlet_noun(tree.lemma(speaker))
        || matches!(tree.upos(speaker), Upos::PROPN | Upos::PRON)
        // "the mayor", "his counterpart, Ali Doe"
        || k.agents.with_head(tree.lemma(speaker)).iter().any(|a| a.title)
        || tree.with(speaker, Rels::APPOS).any(|a| tree.upos(a) == Upos::PROPN && a > speaker);
    let told = f.speech && matches!(f.kind, Kind::Clause | Kind::Quote);
    // "One of them said", "the two said", "a carpenter said", "the movement said"
    let group = || tree.upos(speaker) == Upos::NOUN && k.nouns.kind(tree.lemma(speaker)) == Some(NounKind::Group);
    let somebody = somebody || told && (tree.upos(speaker) == Upos::NUM || is_person(tree, k, speaker) || group());
    if !somebody || k.grammar.hearers.contains(&tree.forms[speaker]) {
        return None;
    }
    let plain = matches!(f.kind, Kind::Clause | Kind::Quote | Kind::Phrase | Kind::Colon);
    let cues: &[Cue] = match (f.kind, tree.upos(v)) {
        (Kind::Phrase | Kind::Colon, _) => &[],
        (_, Upos::NOUN) => k.cues.nouns(tree.lemma(v)),
        (_, Upos::ADJ) => k.cues.adjs(tree.lemma(v)),
        _ => k.cues.verbs(tree.lemma(v)),
    };
    let thing = who.first().is_some_and(|r| matches!(r.sort, Sort::Thing | Sort::Place));
    let quoted = f.content.iter().any(|t| tree.sentence.tokens[t].quoted);
    let fits = |cue: &&Cue| {
        let accepts = |what: &str| cue.content.iter().any(|c| c == what);
        let takes = match f.kind {
            Kind::Inf => accepts("inf") || accepts("ing"),
            // "called the court “a club”": words in marks are words said.
            Kind::Object | Kind::Prep if quoted => accepts("np") && !cue.weak || accepts("quote"),
            Kind::Object | Kind::Prep | Kind::Gap => accepts("np") && !cue.weak,
            Kind::Predicate if tree.upos(v) == Upos::ADJ => true,
            // "his claim that …", "voiced concern about …"; not "the support for the war".
            Kind::Predicate => f.cue.0 != v || clausal(tree, f),
            _ => true,
        };
        takes && !(thing && cue.weak)
    };
    let cue = cues.iter().filter(|c| stands(tree, c, v, Some(&f.content))).find(fits);
    if cue.is_none() && !(plain && f.speech && (cues.is_empty() || !thing)) {
        return None;
    }
    // "denied them a haven": what is kept from somebody is not denied.
    let kept = f.kind == Kind::Object && tree.with(v, Rels::IOBJ).next().is_some();
    if kept && cue.is_some_and(|c| c.addressee.is_none()) {
        return None;
    }
    // "Reuters quoted him as saying …": the words are his.
    let passes_on = k.cues.relay(tree.lemma(v)).is_some_and(|(kind, _)| kind == "quoted");
    if passes_on && !plain && all.iter().any(|o| o.head != v && f.content.has(o.head)) {
        return None;
    }
    let mut tokens = f.content.clone();
    tokens.without(&f.source);
    tokens.remove(v);
    let bare = |t: usize| matches!(tree.upos(t), Upos::PUNCT) || tree.base(t) == "punct";
    let lo = tokens.iter().find(|&t| !bare(t))?;
    let hi = tokens.iter().rev().find(|&t| !bare(t))?;
    // A pronoun is no content.
    if tokens.iter().all(|t| matches!(tree.upos(t), Upos::PRON | Upos::PUNCT)) {
        return None;
    }
    let args = tree.args(v);
    let addressee = match cue.and_then(|c| c.addressee.as_deref()) {
        Some("object") => args.object,
        Some(prep) => args.oblique.iter().find(|o| o.prep.as_deref() == Some(prep)).map(|o| o.head),
        None => None,
    };
    let act = cue.map(|c| if tree.negated(v) { c.negated.as_ref().unwrap_or(&c.act) } else { &c.act });
    let verbatim = tokens.iter().any(|t| tree.sentence.tokens[t].quoted);
    Some(Said {
        speaker: Some(speaker),
        cue: Some(v),
        acts: act.filter(|a| *a != PLAIN).cloned().into_iter().collect(),
        content: tree.span(lo).join(tree.span(hi)),
        range: (lo, hi),
        verbatim,
        tokens,
        addressee,
        relay: false,
    })
}

/// Head of the source; of "who said", whom the clause hangs on.
fn speaker(tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, f: &Found) -> Option<usize> {
    if f.kind == Kind::Colon {
        let top = |&t: &usize| tree.head(t).is_none_or(|h| !f.source.has(h));
        return f.source.iter().find(|&t| !mentions.of(t).is_empty()).or_else(|| f.source.iter().find(top));
    }
    let v = f.head;
    let finite = || matches!(tree.xpos(v), "VBD" | "VBZ" | "VBP") && f.kind == Kind::Clause;
    let s = f.subject.or_else(|| tree.phrase_before(v).filter(|_| finite()))?;
    if k.grammar.relatives.contains(&tree.forms[s]) && mentions.of(s).is_empty() {
        return tree.head(v).filter(|&h| tree.rel(v) == "acl:relcl" && h < s && !mentions.of(h).is_empty());
    }
    tree.nominal(s).then_some(s)
}

fn clausal(tree: &Tree<'_>, f: &Found) -> bool {
    tree.with(f.head, Rels::CCOMP | Rels::ACL).any(|c| f.content.has(c))
}

/// Whether the second words of a cue follow close by ("put it", "ask for forgiveness"), or a lone
/// one stands in the content ("the attack it claimed").
fn stands(tree: &Tree<'_>, cue: &Cue, v: usize, content: Option<&Tokens>) -> bool {
    let Some(w) = &cue.with else { return true };
    let mut from = v + 1;
    let follows = w.split(['_', ' ']).all(|word| {
        let found = (from..tree.len().min(from + 3)).find(|&i| tree.is(i, word));
        if let Some(i) = found {
            from = i + 1;
        }
        found.is_some()
    });
    let held = || content.is_some_and(|c| !w.contains(['_', ' ']) && w.len() > 3 && c.iter().any(|t| tree.nominal(t) && tree.is(t, w)));
    follows || held()
}

/// Acts that a speaker performs in so many words ("we condemn", "I am sorry that"): those of the
/// cues whose subject is "I" or "we" among these tokens.
pub fn own_acts(tree: &Tree<'_>, k: &Knowledge, tokens: &Tokens) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for v in tokens.iter() {
        let cues = match tree.upos(v) {
            Upos::VERB => k.cues.verbs(tree.lemma(v)),
            Upos::ADJ => k.cues.adjs(tree.lemma(v)),
            _ => continue,
        };
        if cues.is_empty() || !tree.args(v).subject.is_some_and(|s| k.attitudes.words.writers.contains(&tree.forms[s])) {
            continue;
        }
        // Of what was done before, or will be, nothing is done now.
        if tree.upos(v) == Upos::VERB && (tree.xpos(v) == "VBD" || matches!(tree.base(v), "advcl" | "acl" | "ccomp")) {
            continue;
        }
        if let Some(cue) = cues.iter().find(|c| stands(tree, c, v, None)) {
            let act = if tree.negated(v) { cue.negated.as_ref().unwrap_or(&cue.act) } else { &cue.act };
            if act != PLAIN && !cue.weak && !out.contains(act) {
                out.push(act.clone());
            }
        }
    }
    out
}
