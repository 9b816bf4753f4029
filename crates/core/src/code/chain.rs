//! Chains: the way words took from the mouth to the page in hand.

use super::attributed::Tokens;
use super::names::Names;
use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::words::{fold, words};
use crate::model::{self, Attribution, Hop, HopKind, Span, Via, syntax::Upos};
use crate::text::Text;

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
            let found = self.listed(tree, names, k, i).or_else(|| described(tree, names, k, i)).or_else(|| unnamed(tree, k, i));
            if let Some(station) = found.map(|s| with_programme(tree, k, s)) {
                i = station.end;
                self.outlets.retain(|o| *o != station.name);
                self.outlets.push(station.name.clone());
                out.push(station);
                continue;
            }
            if let Some(name) = self.short(tree, k, i) {
                out.push(Station { start: i, end: i + 1, name });
            }
            i += 1;
        }
        out
    }

    /// An outlet of the list, or the page in hand by its name.
    fn listed(&self, tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge, i: usize) -> Option<Station> {
        if !capital(tree, i) {
            return None;
        }
        let upper = !tree.word(i).chars().any(char::is_lowercase);
        let own = || {
            let own = self.own.as_ref()?;
            let parts = words(own);
            let whole = parts.len() > 1 && i + parts.len() <= tree.len() && parts.iter().zip(&tree.forms[i..]).all(|(a, b)| a == b);
            whole.then(|| (own.clone(), parts.len()))
        };
        // Hyphens part no names: "Al-Manar".
        let parts = |from: usize| -> (Vec<&str>, Vec<usize>) {
            let tokens = (from..tree.len().min(from + 10)).filter(|&t| !matches!(tree.word(t), "-" | "‐" | "‑"));
            tokens.map(|t| (tree.forms[t].as_str(), t)).unzip()
        };
        let named = |from: usize| {
            if !k.outlets.begins(&tree.forms[from]) {
                return None;
            }
            let (forms, at) = parts(from);
            k.outlets.at(&forms, upper).map(|(index, n)| (k.outlets.list[index].name.clone(), at[n - 1] + 1 - i))
        };
        let definite = i > 0 && k.grammar.definites.contains(&tree.forms[i - 1]);
        let (name, n) = named(i).or_else(|| if definite { named(i - 1) } else { None }).or_else(own)?;
        // A lone word inside a longer name, or an ordinary word, is no outlet.
        // "Fars news agency": what kind of outlet it is may be written small.
        let kind = |t: usize| {
            let pair = |a: usize| a > i && a + 1 < i + n && k.cues.outlet_noun(&format!("{} {}", tree.forms[a], tree.forms[a + 1]));
            t > i && (k.cues.outlet_noun(tree.lemma(t)) || pair(t) || pair(t - 1))
        };
        // "Asharq al-Awsat"
        let article = |t: usize| t + 1 < i + n && matches!(tree.word(t + 1), "-" | "‐" | "‑");
        let noun = |t: usize| matches!(tree.upos(t), Upos::NOUN | Upos::PROPN | Upos::ADJ);
        let capitals = (i..i + n).all(|t| !noun(t) || capital(tree, t) || kind(t) || article(t));
        let longer = names.at(i).is_some_and(|h| h.end - h.start > n);
        // "Dawn newspaper", "Al Arabiya television"
        let label = |h: usize| k.cues.outlet_noun(tree.lemma(h)) || k.cues.outlet_noun(&tree.forms[h]);
        let labelled = tree.head(i).is_some_and(|h| h > i && h <= i + n + 2 && label(h));
        let part = matches!(tree.base(i), "compound" | "flat" | "amod") && !labelled;
        let behind = i + n < tree.len() && tree.upos(i + n) == Upos::PROPN && tree.head(i) == Some(i + n) && !labelled;
        let noun = matches!(tree.upos(i), Upos::PROPN | Upos::X) || tree.upos(i) == Upos::NOUN && i > 0;
        let alone = n > 1 || noun && !part && !behind;
        (capitals && !longer && alone).then_some(Station { start: i, end: i + n, name })
    }

    /// "the Post" after The Jerusalem Post; "the paper" after any outlet.
    fn short(&self, tree: &Tree<'_>, k: &Knowledge, i: usize) -> Option<String> {
        let definite = (i.saturating_sub(2)..i).any(|d| k.grammar.definites.contains(&tree.forms[d]) && tree.head(d) == Some(i));
        if !definite {
            return None;
        }
        if capital(tree, i) {
            return self
                .outlets
                .iter()
                .rev()
                .find(|o| o.split(' ').next_back().is_some_and(|w| fold(w) == tree.forms[i]) && o.contains(' '))
                .cloned();
        }
        // "the broadcaster ONT" is no outlet named before.
        let named = i + 1 < tree.len() && capital(tree, i + 1) && tree.base(i + 1) != "punct" && tree.nominal(i + 1);
        if named || !k.cues.outlet_noun(tree.lemma(i)) {
            return None;
        }
        // The first-hand outlet is "the paper" a speaker tells; else the last one heard.
        self.outlets.last().cloned()
    }
}

fn capital(tree: &Tree<'_>, i: usize) -> bool {
    tree.word(i).chars().next().is_some_and(char::is_uppercase)
}

/// "the BBC's Focus on Africa programme", "told CNN's State of the Union": what an outlet sends, or who asks for it,
/// is the outlet. Whoever does something of their own is not.
fn with_programme(tree: &Tree<'_>, k: &Knowledge, s: Station) -> Station {
    /// No programme has more words.
    const WORDS: usize = 7;
    if s.end >= tree.len() || !k.grammar.possessives.contains(&tree.forms[s.end]) {
        return s;
    }
    let last = tree.len().min(s.end + 1 + WORDS);
    let small = |t: usize| matches!(tree.upos(t), Upos::ADP | Upos::DET) && t + 1 < last && capital(tree, t + 1);
    let mut end = s.end + 1;
    while end < last && tree.base(end) != "punct" && (capital(tree, end) || small(end)) {
        end += 1;
    }
    if end < tree.len() && k.cues.outlet_names.programmes.contains(tree.lemma(end)) {
        end += 1;
    }
    let top = (s.start..end).find(|&i| tree.head(i).is_none_or(|h| h < s.start || h >= end));
    let acts = top.is_some_and(|t| matches!(tree.base(t), "nsubj" | "root"));
    if end == s.end + 1 || acts { s } else { Station { end, ..s } }
}

/// Outlets that are on no list: "the broadcaster NTV", "Koha Ditore newspaper", and names that end
/// or begin as those of outlets do ("the Sofia Globe").
fn described(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge, i: usize) -> Option<Station> {
    let label = |t: usize| k.cues.outlet_noun(tree.lemma(t)) && matches!(tree.upos(t), Upos::NOUN | Upos::ADJ | Upos::ADV);
    // "the broadcaster ONT": letters are a name whatever they are taken for.
    let letters = |t: usize| {
        let word = tree.word(t);
        t > 0 && label(t - 1) && word.chars().count() > 1 && word.chars().all(char::is_uppercase) && tree.upos(t) != Upos::NUM
    };
    // "told The Reporter": an article in capitals within the sentence makes any noun a name.
    let article =
        |t: usize| t > 1 && k.grammar.definites.contains(&tree.forms[t - 1]) && capital(tree, t - 1) && tree.upos(t) == Upos::NOUN;
    let named = |t: usize| t < tree.len() && capital(tree, t) && (tree.upos(t) == Upos::PROPN || letters(t) || article(t));
    // "the Baltic Morning Gazette": an adjective may begin the name.
    let begins = named(i) || i > 0 && i + 1 < tree.len() && named(i + 1) && capital(tree, i) && tree.upos(i) == Upos::ADJ;
    if !begins || i > 0 && named(i - 1) && tree.base(i) != "appos" || noun_via(tree, k, i).is_some() && !article(i) {
        return None;
    }
    let start = i;
    let i = if named(i) { i } else { i + 1 };
    let end = (i..tree.len()).find(|&t| !named(t)).unwrap_or(tree.len());
    let noun = label;
    let behind = end < tree.len() && noun(end) && tree.head(end - 1).is_some_and(|h| h == end || tree.head(h) == Some(end));
    let before = i > 0 && noun(i - 1) && matches!(tree.xpos(i - 1), "NN" | "JJ" | "RB") && start == i;
    // "first reported by Primicias"
    let reports = tree.prep(end - 1).is_some_and(|p| tree.doer(p)) || tree.prep(i).is_some_and(|p| tree.doer(p));
    let top = if tree.base(i) == "obl" { i } else { end - 1 };
    let relays = reports && tree.base(top) == "obl" && tree.head(top).is_some_and(|g| k.cues.relay(tree.lemma(g)).is_some());
    let relays = relays && (i..end).all(|t| names.at(t).is_none());
    let person = (i..end).any(|t| names.at(t).is_some_and(|h| h.actor.kind == crate::knowledge::actors::Kind::Person));
    let shaped = end - i > 1
        && (k.cues.outlet_names.ends.contains(&tree.forms[end - 1]) || k.cues.outlet_names.begins.contains(&tree.forms[i]))
        && names.at(end - 1).is_none_or(|h| h.start < end - 1 || h.end == end);
    // "The Herald reported": one word of such a name, where it tells.
    let tells =
        end == i + 1 && start == i && tree.base(i) == "nsubj" && tree.head(i).is_some_and(|g| k.cues.relay(tree.lemma(g)).is_some());
    let article = i > 0 && k.grammar.definites.contains(&tree.forms[i - 1]);
    // "told The National": an article in capitals is part of a name, and who is told is an outlet.
    let told = tree.head(end - 1).is_some_and(|g| {
        let top = if g >= i && g < end { tree.head(g) } else { Some(g) };
        top.is_some_and(|v| v < i && k.cues.outlet_names.tell.contains(tree.lemma(v)) && tree.verbal(v))
    });
    let titled = i > 1 && article && start == i && capital(tree, i - 1) && told && (i..end).all(|t| names.at(t).is_none());
    let alone = tells && article && k.cues.outlet_names.ends.contains(&tree.forms[i]) && names.at(i).is_none();
    let start = if shaped {
        start
    } else if alone || titled {
        i - 1
    } else {
        i
    };
    let whole = tree.span(start).join(tree.span(end - 1)).of(tree.text);
    // "the agency Turan" may be listed as the Turan agency.
    let listed = || {
        let forms: Vec<String> = tree.forms[start..end].iter().chain([&tree.forms[start - 1]]).cloned().collect();
        k.outlets.at(&forms, false).filter(|(_, n)| *n == forms.len()).map(|(at, _)| k.outlets.list[at].name.clone())
    };
    let listed = if before { listed() } else { None };
    let found = (behind && end > i || before || shaped || relays || alone || titled) && !person;
    found.then(|| Station { start, end, name: listed.unwrap_or_else(|| whole.to_owned()) })
}

/// "local media", "state television".
fn unnamed(tree: &Tree<'_>, k: &Knowledge, i: usize) -> Option<Station> {
    let unnamed = &k.cues.unnamed;
    let found = unnamed.at([tree.forms[i].as_str()], |d, w| tree.forms.get(i + d).is_some_and(|f| f == w));
    let n = found.into_iter().map(|p| unnamed.get(p).0.len()).max()?;
    let last = i + n - 1;
    let alone = tree.upos(last) == Upos::NOUN && !(last + 1 < tree.len() && named_by(tree, last));
    alone.then(|| Station { start: i, end: i + n, name: tree.span(i).join(tree.span(last)).of(tree.text).to_lowercase() })
}

/// Whether a noun is only the label of a name ("state news agency KCNA").
fn named_by(tree: &Tree<'_>, noun: usize) -> bool {
    tree.upos(noun + 1) == Upos::PROPN && (tree.head(noun) == Some(noun + 1) || tree.head(noun + 1) == Some(noun))
}

/// The agency whose text this is: named in the dateline, the byline, or a line of credit.
pub fn credit(text: &Text, article: &str, own: Option<&str>, k: &Knowledge) -> Option<String> {
    let outlet = |line: &str| -> Option<String> {
        let raw: Vec<&str> = line.split(|c: char| c.is_whitespace() || "()/.,;:|[]—–".contains(c)).filter(|w| !w.is_empty()).collect();
        let all: Vec<String> = raw.iter().map(|w| fold(w)).collect();
        let found = (0..all.len()).find_map(|i| {
            let upper = !raw[i].chars().any(char::is_lowercase);
            k.outlets.at(&all[i..], upper).map(|(at, _)| k.outlets.list[at].name.clone())
        })?;
        Some(found)
    };
    let credits = |line: &str| {
        let line = fold(line.trim_start_matches(|c: char| !c.is_alphanumeric()));
        k.cues.outlet_names.credits.iter().any(|c| line.starts_with(c.as_str()))
    };
    // Nothing but an outlet's name and marks.
    let bare =
        |line: &str| outlet(line).filter(|_| line.split_whitespace().count() <= 4 && line.starts_with(|c: char| !c.is_alphanumeric()));
    let of = |s: Span| s.of(article);
    let skipped = text.skipped.iter().map(|s| of(s.span));
    let skipped = skipped.filter(|l| credits(l) || bare(l).is_some()).find_map(outlet);
    let n = text.sentences.len();
    let opening = text.sentences.iter().take(4).find_map(|s| bare(of(s.span)));
    let closing = text.sentences.iter().skip(n.saturating_sub(4)).map(|s| of(s.span));
    let closing = closing.filter(|l| l.len() < 160).find_map(|l| bare(l).or_else(|| outlet(l).filter(|_| credits(l))));
    text.dateline
        .and_then(|s| outlet(of(s)))
        .or_else(|| text.byline.and_then(|s| outlet(of(s))))
        .or_else(|| text.sentences.iter().filter(|s| s.part == model::Part::Byline).find_map(|s| outlet(of(s.span))))
        .or(skipped)
        .or(opening)
        .or(closing)
        .filter(|name| own.is_none_or(|o| fold(o) != fold(name)))
}

/// What a sentence says about the way its words came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Hops after the speaker, first hand first.
    pub hops: Vec<Hop>,
    /// The place the words were spoken in.
    pub place: Option<Via>,
}

/// How an outlet stands to the words.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    First(Option<Via>),
    Later(Via),
}

/// An attribution whose way is asked for.
pub struct Asked<'a> {
    /// The sentence.
    pub tree: &'a Tree<'a>,
    /// Knowledge.
    pub k: &'a Knowledge,
    /// Outlets in it.
    pub stations: &'a [Station],
    /// Cue token.
    pub cue: Option<usize>,
    /// Speaker's head token.
    pub speaker: Option<usize>,
    /// What is said: outlets told of in it are no hops.
    pub content: &'a Tokens,
}

impl Asked<'_> {
    /// Reads the hops.
    pub fn path(&self) -> Path {
        let mut place = self.place();
        let mut first: Vec<Hop> = Vec::new();
        let mut later: Vec<Hop> = Vec::new();
        for s in self.stations {
            let head = (s.start..s.end).find(|&i| self.tree.head(i).is_none_or(|h| h < s.start || h >= s.end)).unwrap_or(s.start);
            if self.speaker.is_some_and(|sp| sp >= s.start && sp < s.end || sp == head) {
                // The outlet is the speaker itself.
                continue;
            }
            let cue = Some(self.evidence(s));
            let hop = |via| Hop { name: s.name.clone(), kind: HopKind::Outlet, via, cue, seen: false };
            // "told the press" is a press conference.
            let nameless = s.name.starts_with(char::is_lowercase);
            let press = noun_via(self.tree, self.k, s.end - 1).filter(|(via, _)| nameless && *via == Via::PressConference);
            match self.part(head) {
                Some(Part::First(_)) if press.is_some() => place = place.or(Some(Via::PressConference)),
                Some(Part::First(via)) => {
                    let air = if self.airs(s, head) { Some(Via::Broadcast) } else { None };
                    place = place.or(air);
                    first.push(hop(via.or(place).unwrap_or(Via::Direct)));
                }
                Some(Part::Later(via)) => later.push(hop(via)),
                None => {}
            }
        }
        first.extend(later);
        let mut hops: Vec<Hop> = Vec::new();
        for h in first {
            if !hops.iter().any(|o| o.name == h.name) {
                hops.push(h);
            }
        }
        Path { hops, place }
    }

    /// "on Al-Masirah TV", "told the BBC's Newsday programme": spoken on the air.
    fn airs(&self, s: &Station, head: usize) -> bool {
        let (tree, cues) = (self.tree, &self.k.cues);
        let last = s.end - 1;
        let on = || tree.prep(head).or_else(|| tree.prep(last)).is_some_and(|p| self.k.grammar.aired.contains(p));
        s.end > s.start + 1
            && (cues.outlet_names.programmes.contains(tree.lemma(last)) || on() && cues.stations.contains(&tree.forms[last]))
    }

    /// Words that show a hop: the outlet and what it hangs on.
    fn evidence(&self, s: &Station) -> Span {
        let span = self.tree.span(s.start).join(self.tree.span(s.end - 1));
        let head = (s.start..s.end).find_map(|i| self.tree.head(i).filter(|&h| h < s.start || h >= s.end));
        head.filter(|h| h.abs_diff(s.start) < 12).map_or(span, |h| self.tree.span(h).join(span))
    }

    fn part(&self, head: usize) -> Option<Part> {
        let (tree, k) = (self.tree, self.k);
        // Labels of the name, and whatever it is joined to.
        let mut at = head;
        for _ in 0..4 {
            let label =
                matches!(tree.base(at), "compound" | "appos" | "flat" | "nmod") && tree.prep(at).is_none() || tree.base(at) == "conj";
            match tree.head(at).filter(|&h| label && tree.nominal(h)) {
                Some(h)
                    if tree.base(at) == "conj"
                        || k.cues.outlet_noun(tree.lemma(h))
                        || tree.upos(h) == Upos::PROPN
                        // "the business daily Al Ahali", the label read as an adverb
                        || h < at && (h + 1..at).all(|t| k.cues.outlet_noun(&tree.forms[t]) || tree.head(t) == Some(at)) =>
                {
                    at = h;
                }
                _ => break,
            }
        }
        let mut labelled = false;
        // "told the state broadcaster ONT": where the name hangs elsewhere, its label tells.
        if let Some(label) = at.checked_sub(1).filter(|&l| k.cues.outlet_noun(tree.lemma(l)) && tree.nominal(l))
            && tree.head(label) == tree.head(at)
            && matches!(tree.base(label), "obj" | "iobj" | "obl")
        {
            at = label;
            labelled = true;
        }
        let g = tree.head(at)?;
        let prep = tree.prep(at);
        let cues = &k.cues;
        // "picked up by"
        let particle = tree.kids(g).iter().copied().find(|&p| tree.rel(p) == "compound:prt");
        let joined = particle.and_then(|p| cues.relay(&format!("{}_{}", tree.lemma(g), tree.forms[p])));
        let relay = joined.or_else(|| cues.relay(tree.lemma(g)));
        let subject = matches!(tree.rel(at), "nsubj" | "nsubj:outer");
        let telling = subject && tree.verbal(g) && (relay.is_some() || !cues.verbs(tree.lemma(g)).is_empty());
        let asked = prep.is_some_and(|p| tree.doer(p)) && self.asks(g) && self.cue.is_some_and(|c| g < c);
        let according = prep.is_some_and(|p| cues.outlet_names.according.contains(p));
        let report =
            cues.outlet_names.reports.contains(tree.lemma(g)) && tree.head(g).is_none_or(|h| !self.content.has(h) || Some(h) == self.cue);
        if self.content.has(head) && !labelled && !(telling && !self.content.has(g) || asked || report || according) {
            // Behind the words a parse may take for part of them: "…, the Post reported".
            return None;
        }
        if according {
            return Some(Part::Later(Via::Retold));
        }
        if telling {
            let quotes = relay.is_some_and(|(kind, _)| kind == "quoted") || self.cites(g).is_some();
            return Some(Part::Later(if quotes { Via::Quoted } else { Via::Retold }));
        }
        if tree.verbal(g) {
            let hearer = matches!(tree.base(at), "obj" | "iobj")
                || matches!(tree.base(at), "obl" | "nmod") && prep.is_some_and(|p| cues.outlet_names.to.contains(p));
            let by = prep.is_some_and(|p| tree.doer(p));
            let own = Some(g) == self.cue;
            // "was quoted as saying by the agency"
            let quoting = |h: usize| cues.relay(tree.lemma(h)).is_some_and(|(kind, _)| kind == "quoted");
            if by && tree.head(g).is_some_and(quoting) {
                return Some(Part::Later(Via::Quoted));
            }
            return match relay {
                _ if own && hearer && !by => Some(Part::First(None)),
                // "quoting the Post"
                Some(("quoted", _)) if matches!(tree.base(at), "obj" | "iobj") => Some(Part::First(None)),
                Some((kind, _)) if by => match kind {
                    "quoted" => Some(Part::Later(Via::Quoted)),
                    "retold" | "monitored" => Some(Part::Later(Via::Retold)),
                    _ if self.spreads(g) => Some(Part::First(None)),
                    _ => Some(Part::Later(Via::Retold)),
                },
                _ if by && self.asks(g) => Some(Part::First(None)),
                _ if hearer && (self.spreads(g) || self.tells(g)) => Some(Part::First(None)),
                _ if by && self.spreads(g) => Some(Part::First(None)),
                _ => None,
            };
        }
        // "at a press conference broadcast by the channel", the participle read as a noun
        if self.spreads(g) && prep.is_some_and(|p| tree.doer(p) || self.k.grammar.aired.contains(p)) {
            return Some(Part::First(None));
        }
        // "an interview with the Post", "a report by the Post", "on Fox News' show"
        let via = self.noun_via(g).map(|(via, _)| via);
        let report = cues.outlet_names.reports.contains(tree.lemma(g));
        // "…, El Universal newspaper reports": the last word taken for a noun.
        let last = (0..tree.len()).rev().find(|&t| tree.base(t) != "punct");
        if report && tree.base(at) == "compound" && last == Some(g) && tree.xpos(g) == "NNS" {
            return Some(Part::Later(Via::Retold));
        }
        // "wrote in an article for the Post"
        let own = self.cue.is_some() && tree.head(g) == self.cue && tree.prep(g).is_some_and(|p| cues.outlet_names.to.contains(p));
        if report && prep.is_some() && own {
            return Some(Part::First(None));
        }
        if report && prep.is_some() {
            let sourced = tree.head(g).is_some_and(|v| cues.relay(tree.lemma(v)).is_some_and(|(kind, _)| kind == "quoted"));
            return match sourced {
                true => Some(Part::First(None)),
                false
                    if tree.prep(g).is_some_and(|p| cues.outlet_names.according.contains(p))
                        || matches!(tree.base(g), "parataxis" | "root") =>
                {
                    Some(Part::Later(Via::Retold))
                }
                false => None,
            };
        }
        let near = tree.prep(g).is_some() || self.cue == tree.head(g);
        if prep.is_some() && near && (via.is_some() || cues.outlet_names.talks.contains(tree.lemma(g))) {
            return Some(Part::First(via.filter(|v| *v != Via::Broadcast)));
        }
        None
    }

    /// A verb of publishing or sending out.
    fn spreads(&self, g: usize) -> bool {
        self.k.cues.outlet_names.spread.contains(self.tree.lemma(g))
    }

    /// A verb of asking or interviewing.
    fn asks(&self, g: usize) -> bool {
        self.k.cues.outlet_names.asked.contains(self.tree.lemma(g))
    }

    /// Whether an outlet is whom the cue's words are told: "told the Post in remarks".
    fn hears(&self) -> bool {
        let told = |i: usize| matches!(self.tree.base(i), "obj" | "iobj") && self.tree.head(i) == self.cue;
        self.cue.is_some() && self.stations.iter().any(|s| (s.start..s.end).any(told))
    }

    /// A verb of talking to somebody that hangs on the cue, or tells what the cue's words tell.
    fn tells(&self, g: usize) -> bool {
        let tree = self.tree;
        let aside = matches!(tree.base(g), "advcl" | "xcomp" | "acl" | "parataxis" | "conj" | "root" | "ccomp") && !self.content.has(g);
        // "who was not allowed to speak to the press"
        let denied = tree.negated(g) || tree.base(g) == "xcomp" && tree.head(g).is_some_and(|h| Some(h) != self.cue && tree.negated(h));
        aside && !denied && self.k.cues.outlet_names.tell.contains(tree.lemma(g))
    }

    /// Whom a verb's "citing …" names.
    fn cites(&self, g: usize) -> Option<usize> {
        cited(self.tree, self.k, g)
    }

    /// The kind of place a noun is, with the number of its words, the longest entry.
    fn noun_via(&self, i: usize) -> Option<(Via, usize)> {
        noun_via(self.tree, self.k, i)
    }

    /// Where the words were spoken: what the cue's hearers are, then the longest name of a place
    /// outside the content and the speaker's own phrase.
    fn place(&self) -> Option<Via> {
        let (tree, k) = (self.tree, self.k);
        if self.cue.is_some_and(|v| posts(tree, k, v)) {
            return Some(Via::Post);
        }
        let speaker = self.speaker.map(|s| Tokens::subtree(tree, s, |t| Some(t) == self.cue));
        // A platform tells more than the form of the words ("in a message on Facebook").
        let mut best: Option<(bool, usize, Via)> = None;
        for i in 0..tree.len() {
            let outlet = self.stations.iter().any(|s| i >= s.start && i < s.end);
            if self.content.has(i) || outlet || !tree.nominal(i) {
                continue;
            }
            let aside = speaker.as_ref().is_some_and(|s| s.has(i));
            let told = matches!(tree.base(i), "obj" | "iobj") && tree.head(i).is_some_and(|g| Some(g) == self.cue || self.tells(g));
            // "He made the remarks in an interview"
            let talk = k.cues.outlet_names.talks.contains(tree.lemma(i));
            if talk && (told || self.hears()) {
                continue;
            }
            let session = || k.cues.outlet_names.sessions.contains(tree.lemma(i)).then_some((Via::Speech, 1));
            let found = self.noun_via(i).or_else(|| if told { session() } else { None });
            let Some((mut via, n)) = found else { continue };
            // "in a speech broadcast on", the participle read as a noun
            if via == Via::Broadcast
                && let Some((inner, _)) = i.checked_sub(1).filter(|&c| tree.base(c) == "compound").and_then(|c| self.noun_via(c))
            {
                via = inner;
            }
            let place = |t: usize| tree.prep(t).is_some_and(|p| !k.grammar.unplaced.contains(p));
            // "in the House of Lords": the preposition stands before the whole name.
            if !told && !(i + 1 - n..=i).any(place) {
                continue;
            }
            // "The Reporter" is a name; "told Al Jadeed television" names no programme.
            let platform = tree.upos(i) != Upos::PROPN || via == Via::Post || n > 1 || told && session().is_some();
            let named = || self.stations.iter().any(|s| tree.head(s.end - 1) == Some(i) || tree.head(s.start) == Some(i));
            let label = told && k.cues.outlet_noun(tree.lemma(i)) && named();
            if !platform || label {
                continue;
            }
            // Within the speaker's own phrase only what can be nothing else ("at a news conference").
            let hearer = || via == Via::PressConference && tree.prep(i).is_some_and(|p| k.cues.outlet_names.to.contains(p));
            if aside && (n < 2 || hearer()) {
                continue;
            }
            let rank = |(told, n, via): (bool, usize, Via)| (told, n, via == Via::Post);
            if best.is_none_or(|b| rank((told, n, via)) > rank(b)) {
                best = Some((told, n, via));
            }
        }
        best.map(|(.., via)| via)
    }
}

/// Whether a verb is one of writing where everybody may read it ("posted").
pub fn posts(tree: &Tree<'_>, k: &Knowledge, v: usize) -> bool {
    k.cues.via.iter().any(|c| c.via == "post" && c.verbs.iter().any(|w| w == tree.lemma(v)))
}

/// Whom the "citing …" of a verb names.
pub fn cited(tree: &Tree<'_>, k: &Knowledge, g: usize) -> Option<usize> {
    let quotes = |&c: &usize| k.cues.relay(tree.lemma(c)).is_some_and(|(kind, _)| kind == "quoted");
    let clauses = Rels::ADVCL | Rels::XCOMP | Rels::ACL | Rels::PARATAXIS;
    // "The agency, citing the Post, said"
    let beside = || tree.with(g, Rels::NSUBJ).flat_map(|s| tree.with(s, clauses)).find(quotes);
    let citing = tree.with(g, clauses).find(quotes).or_else(beside)?;
    tree.args(citing).object.or_else(|| tree.with(citing, Rels::OBJ).next())
}

/// The kind of place a noun is, with the number of its words, the longest entry.
pub fn noun_via(tree: &Tree<'_>, k: &Knowledge, i: usize) -> Option<(Via, usize)> {
    let spoken = &k.cues.spoken;
    let found = spoken.at(tree.keys(i).iter().map(String::as_str), |d, w| d <= i && tree.is(i - d, w));
    let mut best: Option<(Via, usize)> = None;
    for (words, via) in found.into_iter().map(|p| spoken.get(p)) {
        if best.is_none_or(|(_, n)| words.len() > n)
            && let Some(via) = via_named(via)
        {
            best = Some((via, words.len()));
        }
    }
    best
}

fn via_named(name: &str) -> Option<Via> {
    Some(match name {
        "interview" => Via::Interview,
        "statement" => Via::Statement,
        "speech" => Via::Speech,
        "press conference" | "briefing" => Via::PressConference,
        "post" => Via::Post,
        "broadcast" => Via::Broadcast,
        _ => return None,
    })
}

/// A sentence that only tells how words came ("He was speaking to the Post", "His remarks were
/// carried by the agency"): the token to read hops from.
pub fn about_words(tree: &Tree<'_>, k: &Knowledge) -> Option<usize> {
    let (root, subject) = subject(tree)?;
    let person = k.grammar.persons.contains(&tree.forms[subject]);
    let names = &k.cues.outlet_names;
    let words = noun_via(tree, k, subject).is_some() || names.talks.contains(tree.lemma(subject));
    let spoke = names.tell.contains(tree.lemma(root)) && person && tree.with(root, Rels::CCOMP).next().is_none();
    // "He made the remarks in an interview with …"
    let talk = |o: usize| names.talks.contains(tree.lemma(o)) && tree.definite(o);
    let spoke = spoke || person && tree.with(root, Rels::OBJ).any(talk);
    let spread = words
        && (names.arise.contains(tree.lemma(root)) || names.spread.contains(tree.lemma(root)) || k.cues.relay(tree.lemma(root)).is_some());
    (spoke || spread).then_some(root)
}

/// The verb of a sentence and its subject.
pub fn subject(tree: &Tree<'_>) -> Option<(usize, usize)> {
    let root = (0..tree.len()).find(|&i| tree.head(i).is_none() && tree.verbal(i))?;
    tree.with(root, Rels::NSUBJ).next().map(|s| (root, s))
}

/// The way of one statement, before its chain is drawn.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// Who said it, and what the speaker is.
    pub speaker: Option<(String, HopKind)>,
    /// Whether the speaker is one person, whose words came one way.
    pub person: bool,
    /// What the sentence says.
    pub path: Path,
    /// Cue words.
    pub cue: Option<Span>,
    /// The sentence another chain was taken from.
    pub from: Option<u32>,
}

impl Way {
    fn outlets(&self) -> impl Iterator<Item = &str> {
        self.path.hops.iter().map(|h| h.name.as_str())
    }
}

/// One speaker's words in one article came one way: the fullest way serves the statements whose
/// own hops it holds. States and bodies speak in many places; a person gave one interview.
/// `sentences` are those of the ways.
/// `told` are ways that sentences without a statement tell ("Doe gave an interview to the Post."), with theirs.
pub fn unite(ways: &mut [Way], sentences: &[u32], told: Vec<(Way, u32)>) {
    /// Nobody's words are told in more ways than this.
    const MANY: usize = 64;
    let mut speakers: rustc_hash::FxHashMap<String, Vec<usize>> = rustc_hash::FxHashMap::default();
    for (i, w) in ways.iter().enumerate() {
        if let Some((name, _)) = w.speaker.as_ref().filter(|_| w.person) {
            let known = speakers.entry(name.clone()).or_default();
            if known.len() < MANY {
                known.push(i);
            }
        }
    }
    let (extra, places): (Vec<Way>, Vec<u32>) = told.into_iter().unzip();
    for (i, w) in extra.iter().enumerate() {
        if let Some((name, _)) = &w.speaker {
            speakers.entry(name.clone()).or_default().push(ways.len() + i);
        }
    }
    let sentences: Vec<u32> = sentences.iter().copied().chain(places).collect();
    let told: Vec<Way> = ways.iter().cloned().chain(extra).collect();
    for i in 0..ways.len() {
        let Some(known) = told[i].speaker.as_ref().filter(|_| told[i].person).and_then(|(name, _)| speakers.get(name)) else { continue };
        let own: Vec<&str> = told[i].outlets().collect();
        let holds = |j: &usize| own.iter().all(|o| told[*j].outlets().any(|t| t == *o));
        let fuller = known.iter().copied().filter(holds).filter(|&j| told[j].path.hops.len() > own.len());
        let near = |j: usize| sentences[i].abs_diff(sentences[j]);
        let best = fuller.max_by_key(|&j| (told[j].path.hops.len(), std::cmp::Reverse(near(j))));
        if let Some(j) = best {
            let place = told[i].path.place;
            ways[i].path = told[j].path.clone();
            ways[i].path.place = ways[i].path.place.or(place);
            ways[i].from = Some(sentences[j]);
        }
        if ways[i].path.place.is_none() {
            // What was said before a post was not posted.
            let posted = |j: usize| told[j].path.place == Some(Via::Post) && sentences[j] > sentences[i];
            let same = |j: &usize| {
                let told = &told[*j];
                *j != i && told.path.place.is_some() && !posted(*j) && told.outlets().all(|t| ways[i].outlets().any(|o| o == t))
            };
            if let Some(j) = known.iter().copied().filter(same).min_by_key(|&j| near(j)) {
                let place = told[j].path.place;
                ways[i].path.place = place;
                ways[i].from = ways[i].from.or(Some(sentences[j]));
                let direct = ways[i].path.hops.first_mut().filter(|h| h.via == Via::Direct);
                if let Some((hop, via)) = direct.zip(place) {
                    hop.via = via;
                }
            }
        }
    }
}

/// Puts speaker, hops, the agency whose text it is and the page in hand together.
pub fn chain(way: &Way, credit: Option<&str>, own: Option<&str>) -> Attribution {
    let mut out = Vec::new();
    if let Some((name, kind)) = &way.speaker {
        let via = way.path.place.unwrap_or(Via::Direct);
        out.push(Hop { name: name.clone(), kind: *kind, via, cue: way.cue, seen: false });
    }
    let known = way.path.hops.len();
    for hop in &way.path.hops {
        if Some(hop.name.as_str()) != own {
            out.push(hop.clone());
        } else if known == 1 {
            out.push(Hop { seen: true, ..hop.clone() });
        }
    }
    let told = out.iter().any(|h| h.kind == HopKind::Outlet);
    if let Some(agency) = credit.filter(|a| out.iter().all(|h| h.name != **a)) {
        let via = if told { Via::Retold } else { Via::Direct };
        out.push(Hop { name: agency.to_owned(), kind: HopKind::Outlet, via, cue: None, seen: false });
    }
    if let Some(own) = own
        && out.last().is_none_or(|h| h.name != own)
    {
        let via = match (credit, told) {
            (Some(_), _) => Via::Wire,
            (None, true) => Via::Retold,
            (None, false) => Via::Direct,
        };
        out.push(Hop { name: own.to_owned(), kind: HopKind::Outlet, via, cue: None, seen: true });
    }
    Attribution { hops: out }
}
