//! Chains: the way words took from the mouth to the page in hand.

use super::names::Names;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::words::fold;
use crate::model::{Attribution, Hop, HopKind, Span, Via, syntax::Upos};

/// Outlets an article has named, for "the paper", "the Post".
#[derive(Debug, Default)]
pub struct Heard {
    outlets: Vec<String>,
    /// The page in hand.
    pub own: Option<String>,
}

/// An outlet standing in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its name.
    pub name: String,
}

impl Heard {
    /// Nothing heard yet; `own` is the page in hand.
    pub fn new(own: Option<String>) -> Self {
        Self { outlets: Vec::new(), own }
    }

    /// Outlets of a sentence, short forms of those heard before among them.
    pub fn stations(&mut self, tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge) -> Vec<Station> {
        let mut out = Vec::new();
        let mut i = 0;
        while i < tree.len() {
            let upper = !tree.word(i).chars().any(char::is_lowercase);
            let capital = tree.word(i).chars().next().is_some_and(char::is_uppercase);
            let found = if capital { k.outlets.at(&tree.forms[i..], upper) } else { None };
            // A lone word inside a longer name, or an ordinary word, is no outlet.
            let found = found.filter(|(_, n)| {
                let all_capital = (i..i + n).all(|t| {
                    !matches!(tree.upos(t), Upos::NOUN | Upos::PROPN | Upos::ADJ)
                        || tree.word(t).chars().next().is_some_and(char::is_uppercase)
                });
                let longer = names.at(i).is_some_and(|h| h.end - h.start > *n);
                let alone = *n > 1 || tree.upos(i) == Upos::PROPN && !matches!(tree.base(i), "compound" | "flat" | "amod");
                all_capital && !longer && alone
            });
            // "the Times said": a listed name of one word must not be an ordinary word here.
            if let Some((index, n)) = found {
                let name = k.outlets.list[index].name.clone();
                self.hear(&name);
                out.push(Station { start: i, end: i + n, name });
                i += n;
                continue;
            }
            if let Some(name) = self.short(tree, k, i) {
                out.push(Station { start: i, end: i + 1, name });
            }
            i += 1;
        }
        out
    }

    fn hear(&mut self, name: &str) {
        self.outlets.retain(|o| o != name);
        self.outlets.push(name.to_owned());
    }

    /// "the Post" after The Jerusalem Post; "the paper" after any outlet.
    fn short(&self, tree: &Tree<'_>, k: &Knowledge, i: usize) -> Option<String> {
        let definite = i > 0 && k.grammar.definites.contains(&tree.forms[i - 1]);
        let capital = tree.word(i).chars().next().is_some_and(char::is_uppercase);
        if !definite {
            return None;
        }
        if capital {
            return self
                .outlets
                .iter()
                .rev()
                .find(|o| o.split(' ').next_back().is_some_and(|w| fold(w) == tree.forms[i]) && o.contains(' '))
                .cloned();
        }
        if !k.cues.outlet_noun(tree.lemma(i)) {
            return None;
        }
        // The first-hand outlet is "the paper" a speaker tells; else the last one heard.
        self.outlets.last().cloned()
    }
}

/// What a sentence says about the way its words came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Hops after the speaker, first hand first.
    pub hops: Vec<Hop>,
}

/// Reads the hops of an attribution whose cue stands at `cue`; `speaker` is its head token.
pub fn path(tree: &Tree<'_>, k: &Knowledge, stations: &[Station], cue: usize, speaker: Option<usize>) -> Path {
    let mut first: Vec<Hop> = Vec::new();
    let mut later: Vec<Hop> = Vec::new();
    let via = place(tree, k);
    for s in stations {
        let head = (s.start..s.end).find(|&i| tree.head(i).is_none_or(|h| h < s.start || h >= s.end)).unwrap_or(s.start);
        if speaker.is_some_and(|sp| sp >= s.start && sp < s.end) {
            // The outlet is the speaker itself.
            continue;
        }
        let governor = tree.head(head);
        let span = tree.span(s.start).join(tree.span(s.end - 1));
        let relay = governor.and_then(|g| k.cues.relay(tree.lemma(g)).map(|(kind, from)| (g, kind.to_owned(), from)));
        let hop = |via, cue| Hop { name: s.name.clone(), kind: HopKind::Outlet, via, cue: Some(cue), seen: false };
        // "told the paper", "told The Post": the hearer is the first hand.
        if governor == Some(cue) && matches!(tree.base(head), "obj" | "iobj")
            || tree.base(head) == "obl" && governor == Some(cue) && tree.case(head).is_some()
        {
            first.push(hop(via.unwrap_or(Via::Direct), tree.span(cue).join(span)));
            continue;
        }
        if let Some((g, kind, _)) = &relay
            && *g != cue
        {
            let cue_span = tree.span(*g).join(span);
            match kind.as_str() {
                "quoted" => later.insert(0, hop(Via::Quoted, cue_span)),
                "retold" => later.push(hop(Via::Retold, cue_span)),
                // "published in Kommersant": first hand; "The Post reported" around a cue: later.
                _ if tree.base(head) == "nsubj" => later.push(hop(Via::Retold, cue_span)),
                _ => first.push(hop(via.unwrap_or(Via::Direct), cue_span)),
            }
            continue;
        }
        // In the phrase of an interview, statement, broadcast: the outlet that has it first hand.
        if via.is_some() && first.is_empty() {
            first.push(hop(via.unwrap_or(Via::Direct), span));
        } else if governor.is_some() {
            later.push(hop(Via::Retold, span));
        }
    }
    first.extend(later);
    let mut hops: Vec<Hop> = Vec::new();
    for h in first {
        if !hops.iter().any(|o| o.name == h.name) {
            hops.push(h);
        }
    }
    Path { hops }
}

/// Kind of place the words were spoken in, by the nouns of the sentence.
pub fn place(tree: &Tree<'_>, k: &Knowledge) -> Option<Via> {
    for via in &k.cues.via {
        let named = (0..tree.len()).any(|i| {
            tree.upos(i) == Upos::NOUN
                && tree.case(i).is_some()
                && via.nouns.iter().any(|n| {
                    let mut parts = n.split(' ').rev();
                    parts.next().is_some_and(|h| tree.is(i, h)) && parts.enumerate().all(|(d, w)| i > d && tree.is(i - d - 1, w))
                })
        });
        if named {
            return match via.via.as_str() {
                "interview" => Some(Via::Interview),
                "statement" => Some(Via::Statement),
                "speech" => Some(Via::Speech),
                "press conference" | "briefing" => Some(Via::PressConference),
                "post" => Some(Via::Post),
                "broadcast" => Some(Via::Broadcast),
                _ => None,
            };
        }
    }
    None
}

/// Puts speaker, hops and the page in hand together.
pub fn chain(speaker: Option<(&str, HopKind)>, hops: Vec<Hop>, place: Option<Via>, own: Option<&str>, cue: Option<Span>) -> Attribution {
    let mut out = Vec::new();
    if let Some((name, kind)) = speaker {
        out.push(Hop { name: name.to_owned(), kind, via: place.unwrap_or(Via::Direct), cue, seen: false });
    }
    let known = hops.len();
    for hop in hops {
        if Some(hop.name.as_str()) != own {
            out.push(hop);
        } else if known == 1 {
            out.push(Hop { seen: true, ..hop });
        }
    }
    if let Some(own) = own
        && out.last().is_none_or(|h| h.name != own)
    {
        let via = if out.iter().any(|h| h.kind == HopKind::Outlet) { Via::Retold } else { Via::Direct };
        out.push(Hop { name: own.to_owned(), kind: HopKind::Outlet, via, cue: None, seen: true });
    }
    Attribution { hops: out }
}
