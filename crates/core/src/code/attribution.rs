//! Attributions: who says what in a sentence, by which cue.

use super::memory::Sort;
use super::mention::Mentions;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::cues::Cue;
use crate::model::{Span, syntax::Upos};

/// Act of plain saying.
pub const PLAIN: &str = "assertion";

/// One attribution found in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Speaker's head token.
    pub speaker: Option<usize>,
    /// Cue token.
    pub cue: usize,
    /// Act of the cue.
    pub act: String,
    /// Words of the content.
    pub content: Span,
    /// First and last token of the content.
    pub range: (usize, usize),
    /// Hearer's head token.
    pub addressee: Option<usize>,
    /// Whether the cue stands with a quotation.
    pub verbatim: bool,
    /// The cue by which an outlet passes on what another says.
    pub relay: bool,
}

/// Finds the attributions of a sentence. `quotes` are the article's quoted passages.
pub fn find(tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, quotes: &[Span]) -> Vec<Said> {
    let mut out: Vec<Said> = Vec::new();
    let sentence_quotes: Vec<Span> = quotes.iter().copied().filter(|q| q.overlaps(tree.sentence.span)).collect();
    for v in 0..tree.len() {
        if tree.verbal(v) && !matches!(tree.base(v), "aux" | "cop" | "amod") {
            out.extend(verb(tree, k, mentions, v, &sentence_quotes));
        }
        if let Some(said) = phrase(tree, k, v, &sentence_quotes) {
            out.push(said);
        }
    }
    // "He said he believed …": the outer cue holds the inner one; same speaker keeps one record.
    let mut kept: Vec<Said> = Vec::new();
    for said in out {
        let who =
            |s: &Said| s.speaker.map(|h| mentions.of(h).first().map_or_else(|| tree.word(h).to_owned(), |r| r.code.clone() + &r.name));
        match kept.iter_mut().find(|o| who(o) == who(&said)) {
            Some(o) => {
                o.content = o.content.join(said.content);
                o.range = (o.range.0.min(said.range.0), o.range.1.max(said.range.1));
                o.verbatim |= said.verbatim;
                if o.act == PLAIN {
                    o.act = said.act;
                }
                o.addressee = o.addressee.or(said.addressee);
            }
            None => kept.push(said),
        }
    }
    kept
}

fn cue_of<'k>(tree: &Tree<'_>, cues: &'k [Cue], v: usize) -> Option<&'k Cue> {
    cues.iter().find(|c| match &c.with {
        None => true,
        // Every word of "put it", "ask for forgiveness" must follow, in order, close by.
        Some(w) => {
            let mut from = v + 1;
            w.split(['_', ' ']).all(|word| {
                let found = (from..tree.len().min(from + 3)).find(|&i| tree.is(i, word));
                if let Some(i) = found {
                    from = i + 1;
                }
                found.is_some()
            })
        }
    })
}

fn verb(tree: &Tree<'_>, k: &Knowledge, mentions: &Mentions, v: usize, quotes: &[Span]) -> Option<Said> {
    let cue = cue_of(tree, k.cues.verbs(tree.lemma(v)), v)?;
    let args = tree.args(v);
    let speaker = args
        .subject
        .filter(|&s| tree.nominal(s))
        .or_else(|| tree.phrase_before(v).filter(|_| matches!(tree.xpos(v), "VBD" | "VBZ" | "VBP")))?;
    if k.grammar.hearers.contains(&tree.forms[speaker])
        || k.grammar.relatives.contains(&tree.forms[speaker]) && mentions.of(speaker).is_empty()
    {
        return None;
    }
    let who = mentions.of(speaker);
    let somebody = !who.is_empty()
        || k.cues.anonymous.heads.contains(tree.lemma(speaker))
        || k.cues.outlet_noun(tree.lemma(speaker))
        || tree.upos(speaker) == Upos::PROPN
        || tree.upos(speaker) == Upos::PRON;
    if !somebody || who.first().is_some_and(|r| matches!(r.sort, Sort::Thing | Sort::Place)) && cue.weak {
        return None;
    }
    let accepts = |what: &str| cue.content.iter().any(|c| c == what);
    // Where the content is: a clause, the host clause of a parenthesis, quoted words, an object.
    let mut heads: Vec<usize> = args.clause.clone();
    if accepts("inf") || accepts("ing") {
        heads.extend(&args.open);
    }
    heads.extend(tree.with(v, &["parataxis"]).filter(|&c| c > v || c < speaker));
    // ", he said, the Post reported": a parenthesis takes its host, not what follows it.
    let host = tree.head(v).filter(|&h| tree.base(v) == "parataxis" && h < v);
    if host.is_some() {
        heads.clear();
    }
    let mut range: Option<(usize, usize)> = None;
    for h in heads {
        let (lo, hi) = tree.extent(h);
        range = Some(range.map_or((lo, hi), |(a, b)| (a.min(lo), b.max(hi))));
    }
    let parenthesis = match tree.base(v) {
        "parataxis" | "dep" => true,
        // "as he said": the host clause is the content.
        "advcl" => tree.with(v, &["mark", "advmod"]).any(|m| k.grammar.parenthetical.contains(&tree.forms[m])),
        _ => false,
    };
    if range.is_none() && parenthesis {
        let host = tree.head(v)?;
        let (lo, hi) = tree.extent(host);
        let (vlo, vhi) = tree.extent(v);
        let (vlo, vhi) = (vlo.min(tree.extent(speaker).0), vhi.max(v));
        range = Some(if vlo > lo { (lo, (vlo - 1).min(hi)) } else { (vhi + 1, hi) });
    }
    let own: Vec<Span> = quotes.to_vec();
    if range.is_none() && !own.is_empty() && accepts("quote") {
        let tokens: Vec<usize> = (0..tree.len()).filter(|&t| own.iter().any(|q| q.overlaps(tree.span(t)))).collect();
        range = tokens.first().zip(tokens.last()).map(|(&a, &b)| (a, b));
    }
    let finite = range.is_some();
    if range.is_none() && accepts("np") && !cue.weak {
        range = args.object.map(|o| tree.extent(o)).or_else(|| args.oblique.first().map(|o| tree.extent(o.head)));
    }
    let (mut lo, hi) = range?;
    if cue.weak && !finite && own.is_empty() {
        return None;
    }
    while lo < hi && tree.base(lo) == "punct" {
        lo += 1;
    }
    // A pronoun is no content.
    if lo > hi || hi >= tree.len() || (lo..=hi).all(|t| matches!(tree.upos(t), Upos::PRON | Upos::PUNCT)) {
        return None;
    }
    let content = tree.span(lo).join(tree.span(hi));
    let addressee = match cue.addressee.as_deref() {
        Some("object") => args.object,
        Some(prep) => args.oblique.iter().find(|o| o.prep.as_deref() == Some(prep)).map(|o| o.head),
        None => None,
    };
    let negated = tree.negated(v);
    let act = if negated { cue.negated.clone().unwrap_or_else(|| cue.act.clone()) } else { cue.act.clone() };
    Some(Said {
        speaker: Some(speaker),
        cue: v,
        act,
        content,
        range: (lo, hi),
        addressee,
        verbatim: own.iter().any(|q| q.overlaps(content)),
        relay: false,
    })
}

/// "according to X": X is the speaker, the rest of the sentence the content.
fn phrase(tree: &Tree<'_>, k: &Knowledge, at: usize, quotes: &[Span]) -> Option<Said> {
    // Phrases of other acts mark the content, not the speaker.
    let (words, act) = k.cues.phrases.iter().find(|(words, act)| {
        act == PLAIN && words.len() > 1 && at + words.len() <= tree.len() && words.iter().zip(&tree.forms[at..]).all(|(a, b)| a == b)
    })?;
    let after = at + words.len();
    let speaker = (after..tree.len().min(after + 12)).find(|&i| {
        tree.nominal(i) && !matches!(tree.base(i), "compound" | "amod" | "flat" | "nummod" | "det") && tree.rel(i) != "nmod:poss"
    })?;
    let (slo, shi) = tree.extent(speaker);
    let (slo, shi) = (slo.min(at), shi.max(speaker));
    let last = tree.len() - 1;
    let (lo, hi) = if slo > 0 && slo >= last - shi { (0, slo - 1) } else { ((shi + 1).min(last), last) };
    let (mut lo, mut hi) = (lo, hi);
    while lo < hi && tree.base(lo) == "punct" {
        lo += 1;
    }
    while hi > lo && tree.base(hi) == "punct" {
        hi -= 1;
    }
    let content = tree.span(lo).join(tree.span(hi));
    Some(Said {
        speaker: Some(speaker),
        cue: at,
        act: act.clone(),
        content,
        range: (lo, hi),
        addressee: None,
        verbatim: quotes.iter().any(|q| q.overlaps(content)),
        relay: false,
    })
}
