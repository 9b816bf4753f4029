//! Statements: who said or holds what, with which acts.

use super::attributed::{PLAIN, Said, Tokens, own_acts};
use super::chain::Station;
use super::event::role;
use super::memory::{Resolved, Sort};
use super::mention::Mentions;
use super::people::words_of;
use super::rels::Rels;
use super::time::{Timex, of_deed};
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::model::{Event, HopKind, Link, Mode, Span, Statement, is_harm};

/// What a sentence's statements are made from.
pub struct Context<'a> {
    /// The sentence.
    pub tree: &'a Tree<'a>,
    /// Its index.
    pub index: u32,
    /// Knowledge.
    pub k: &'a Knowledge,
    /// Actors in it.
    pub mentions: &'a Mentions,
    /// Attributions in it.
    pub saids: &'a [Said],
    /// Their speakers.
    pub speakers: &'a [Option<Resolved>],
    /// Events with their trigger tokens.
    pub events: &'a [(usize, Event)],
    /// Outlets in it.
    pub stations: &'a [Station],
    /// Times in it.
    pub timexes: &'a [Timex],
    /// Quoted passages of the article.
    pub quotes: &'a [Span],
    /// Speaker whose quote runs on through this whole sentence.
    pub continued: Option<&'a Resolved>,
    /// Whether it runs on though nothing places its speaker.
    pub goes_on: bool,
    /// Who speaks outside quotation marks, in a text that is somebody's own words.
    pub voice: Option<&'a Resolved>,
    /// Whether what follows without marks was introduced as somebody's words ("the minister said:").
    pub opened: bool,
}

/// A statement before its chain is drawn.
pub struct Draft {
    /// The record.
    pub statement: Statement,
    /// Cue token.
    pub cue_token: Option<usize>,
    /// Tokens of the content.
    pub tokens: Tokens,
    /// Speaker's head token.
    pub speaker_token: Option<usize>,
    /// Events (of this sentence) it performs.
    pub events: Vec<usize>,
    /// What the speaker is.
    pub kind: HopKind,
    /// Words for a speaker without a name.
    pub description: Option<String>,
    /// The outlet itself speaks.
    pub outlet_speaker: bool,
    /// The speaker is one person, by name.
    pub person: bool,
}

/// Statements of a sentence.
pub fn drafts(c: &Context<'_>) -> Vec<Draft> {
    let mut out = Vec::new();
    let mut claimed: Vec<usize> = Vec::new();
    for (said, who) in c.saids.iter().zip(c.speakers) {
        if said.relay {
            continue;
        }
        let draft = attributed(c, said, who.as_ref());
        claimed.extend(&draft.events);
        out.push(draft);
    }
    let whole = (0, c.tree.len() - 1);
    // Whatever follows "the minister said:" is his; of a release, what takes a stand.
    let voice = c.voice.filter(|_| c.saids.is_empty() && (c.opened || !tone_acts(c, whole).is_empty()));
    // "We appreciate …" is said by somebody, known or not.
    let own = c.saids.is_empty() && !own_acts(c.tree, c.k, &outside(c.tree)).is_empty();
    let speaker = c.continued.or(voice).or(c.voice.filter(|_| own));
    if speaker.is_some() || own || c.goes_on {
        let n = c.tree.len();
        let said = Said {
            speaker: None,
            cue: None,
            acts: Vec::new(),
            content: c.tree.sentence.span,
            range: (0, n - 1),
            tokens: Tokens::of(n, 0..n),
            addressee: None,
            verbatim: true,
            relay: false,
        };
        let who = speaker.map(|who| Resolved { link: Link::Speaker, ..who.clone() });
        let draft = attributed(c, &said, who.as_ref());
        claimed.extend(&draft.events);
        out.push(draft);
    }
    // Positions told without a verb of saying: "Germany urged Iran to …", "Russia is concerned …".
    let mut free: Vec<(String, Vec<usize>)> = Vec::new();
    for (i, (_, e)) in c.events.iter().enumerate() {
        let Some(source) = e.source.as_ref().filter(|_| !claimed.contains(&i) && takes_a_stand(&e.code)) else { continue };
        match free.iter_mut().find(|(code, _)| *code == source.code) {
            Some((_, events)) => events.push(i),
            None => free.push((source.code.clone(), vec![i])),
        }
    }
    for (_, events) in free {
        if let Some(draft) = position(c, &events) {
            out.push(draft);
        }
    }
    out
}

/// Tokens outside quotation marks.
fn outside(tree: &Tree<'_>) -> Tokens {
    Tokens::of(tree.len(), (0..tree.len()).filter(|&t| !tree.sentence.tokens[t].quoted))
}

/// Codes that are things said: statement, appeal, intent, approval, demand to threat.
pub fn verbal(code: &str) -> bool {
    matches!(code.get(..2), Some("01" | "02" | "03" | "10" | "11" | "12" | "13"))
        || matches!(code.get(..3), Some("051" | "052" | "053" | "055" | "056"))
}

/// Codes that show where somebody stands without a word of saying. What is told to come is the
/// writer's own report, but for tries to mediate.
fn takes_a_stand(code: &str) -> bool {
    verbal(code) && (!code.starts_with("03") || code == "039")
}

fn attributed(c: &Context<'_>, said: &Said, who: Option<&Resolved>) -> Draft {
    let tree = c.tree;
    let inside = |t: usize| said.tokens.has(t);
    let mut events = Vec::new();
    let mut acts: Vec<String> = Vec::new();
    let add = |acts: &mut Vec<String>, act: &str| {
        if !acts.iter().any(|a| a == act) {
            acts.push(act.to_owned());
        }
    };
    for (i, (trigger, e)) in c.events.iter().enumerate() {
        let own = match (&e.source, who) {
            (Some(s), Some(w)) => {
                s.code == w.acting()
                    || s.code.get(..3) == Some(w.country())
                        && verbal(&e.code)
                        && s.code.len() > 3
                        && w.code.len() > 3
                        && (s.code.ends_with("GOV") || s.link == Link::Speaker)
            }
            _ => false,
        };
        let own = own || e.source.as_ref().is_some_and(|s| said.speaker.is_some_and(|h| tree.span(h).overlaps(s.span)));
        if own && verbal(&e.code) && (inside(*trigger) || said.cue.is_none_or(|cue| *trigger == cue)) {
            if let Some(act) = act_of(c, *trigger, &e.code) {
                add(&mut acts, act);
            }
            events.push(i);
        } else if inside(*trigger) {
            events.push(i);
        }
    }
    for (at, act) in said.acts.iter().filter(|a| !acts.contains(a)).cloned().collect::<Vec<_>>().into_iter().enumerate() {
        acts.insert(at, act);
    }
    for act in own_acts(tree, c.k, &said.tokens) {
        add(&mut acts, &act);
    }
    let line = red_line(c, said.range);
    if line.is_some() {
        acts.retain(|a| a != "rejection");
        add(&mut acts, "rejection");
        add(&mut acts, "red line");
    }
    let instrument = means(c, said.range);
    if instrument.is_some() {
        add(&mut acts, "position on means");
    }
    for act in phrase_acts(c, said.range) {
        add(&mut acts, &act);
    }
    if acts.iter().all(|a| a == PLAIN) {
        // Plain saying does what its words do: condemn, ask, praise.
        let tones = tone_acts(c, said.range);
        if !tones.is_empty() {
            acts = tones;
        }
    }
    // Words that judge, or stand for themselves, accuse whoever they tell a hostile deed of.
    let judges = said.cue.is_none() || said.verbatim || acts.iter().any(|a| a == "criticism");
    if said.acts.is_empty() && judges && acts.len() < 2 && acts.iter().all(|a| a == "criticism" || a == PLAIN) && accuses(c, said, who) {
        acts.retain(|a| a != PLAIN);
        add(&mut acts, "accusation");
    }
    if acts.is_empty() {
        acts.push(PLAIN.to_owned());
    }
    let speaker_outlet = said.speaker.is_some_and(|h| c.stations.iter().any(|s| h >= s.start && h < s.end));
    let anonymous = said.speaker.is_some_and(|h| {
        c.k.cues.anonymous.heads.contains(tree.lemma(h))
            && who.is_none_or(|r| r.sort != Sort::Person || r.name.chars().next().is_some_and(char::is_lowercase))
    });
    let quote =
        c.quotes.iter().copied().filter(|q| q.overlaps(said.content)).reduce(Span::join).filter(|_| said.verbatim || said.cue.is_none());
    let cue = said.cue.map(|v| tree.span(v));
    let when = said.cue.and_then(|v| of_deed(tree, c.timexes, v, &[])).map(|t| t.when.clone()).unwrap_or_default();
    let addressee = said.addressee.and_then(|h| c.mentions.of(h).first()).map(|r| role(r, r.acting()));
    let addressee = addressee.or_else(|| {
        events
            .iter()
            .filter_map(|&i| c.events.get(i))
            .find(|(_, e)| matches!(e.code.get(..2), Some("02" | "10" | "13")))
            .and_then(|(_, e)| e.target.clone())
    });
    let description = said.speaker.map(|h| words_of(tree, h));
    let mut why = vec!["cues/attribution.toml".to_owned()];
    why.extend(who.iter().flat_map(|r| r.why.iter().cloned()));
    let verbatim = said.verbatim || said.cue.is_none();
    Draft {
        statement: Statement {
            id: String::new(),
            sentence: c.index,
            speaker: who.filter(|_| !speaker_outlet).map(|r| role(r, r.acting())),
            office: who.and_then(|r| r.office.clone()),
            about: about(c, said.range, who, &events),
            issue: issue(c, line),
            acts,
            addressee,
            reason: reason(c, said.range),
            instrument,
            verbatim,
            quote,
            content: said.content,
            cue,
            when,
            repeated: repeated(c, said),
            chain: crate::model::Attribution::default(),
            evidence: tree.sentence.span,
            why,
        },
        cue_token: said.cue,
        tokens: said.tokens.clone(),
        speaker_token: said.speaker,
        events,
        kind: if anonymous { HopKind::Anonymous } else { HopKind::Speaker },
        description,
        outlet_speaker: speaker_outlet,
        person: who.is_some_and(|r| r.sort == Sort::Person && r.named),
    }
}

/// The act of a deed's code; "supports" and "our support" are support, whatever their code counts as.
fn act_of<'k>(c: &Context<'k>, trigger: usize, code: &str) -> Option<&'k str> {
    let cues = &c.k.cues;
    let lemma = c.tree.lemma(trigger);
    let named = |act: &str| cues.verbs(lemma).iter().chain(cues.nouns(lemma)).any(|cue| cue.act == act);
    let act = c.k.act(code)?;
    Some(if act == "praise" && named(SUPPORT) && !named("praise") { SUPPORT } else { act })
}

/// Act of taking somebody's side.
const SUPPORT: &str = "support";

/// Whether the content tells of force, repression or broken promises by another actor, as a fact.
fn accuses(c: &Context<'_>, said: &Said, who: Option<&Resolved>) -> bool {
    c.events.iter().filter(|(t, e)| said.tokens.has(*t) && is_harm(&e.code)).any(|(_, e)| {
        let told = matches!(e.mode, Mode::Happened | Mode::Claimed | Mode::Historical);
        told && e.source.as_ref().is_some_and(|s| s.link != Link::Implied && who.is_some_and(|w| s.code.get(..3) != Some(w.country())))
    })
}

fn position(c: &Context<'_>, events: &[usize]) -> Option<Draft> {
    let (trigger, first) = c.events.get(*events.first()?)?;
    let source = first.source.clone()?;
    let tree = c.tree;
    let mut acts: Vec<String> = Vec::new();
    for &i in events {
        if let Some(act) = c.events.get(i).and_then(|(t, e)| act_of(c, *t, &e.code))
            && !acts.iter().any(|a| a == act)
        {
            acts.push(act.to_owned());
        }
    }
    let (lo, hi) = tree.extent(*trigger);
    let line = red_line(c, (lo, hi));
    if line.is_some() {
        acts.push("red line".to_owned());
    }
    let who = c.mentions.at.iter().flatten().find(|r| r.span == source.span).cloned();
    let content = tree.span(lo).join(tree.span(hi));
    Some(Draft {
        statement: Statement {
            id: String::new(),
            sentence: c.index,
            office: who.as_ref().and_then(|r| r.office.clone()),
            about: about(c, (lo, hi), who.as_ref(), events),
            issue: issue(c, line),
            acts,
            addressee: first.target.clone().filter(|_| matches!(first.code.get(..2), Some("02" | "10" | "12" | "13"))),
            reason: reason(c, (lo, hi)),
            instrument: None,
            verbatim: false,
            quote: None,
            content,
            cue: first.evidence.first().copied(),
            when: first.when.clone(),
            repeated: None,
            chain: crate::model::Attribution::default(),
            evidence: tree.sentence.span,
            why: first.why.clone(),
            speaker: Some(source),
        },
        cue_token: Some(*trigger),
        tokens: Tokens::subtree(tree, *trigger, |t| who.as_ref().is_some_and(|r| r.head == t)),
        speaker_token: who.as_ref().map(|r| r.head),
        events: events.to_vec(),
        kind: HopKind::Speaker,
        description: None,
        outlet_speaker: false,
        person: who.is_some_and(|r| r.sort == Sort::Person && r.named),
    })
}

/// Countries and bodies the content is about: sides of its events first, then mentions.
fn about(c: &Context<'_>, range: (usize, usize), who: Option<&Resolved>, events: &[usize]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |code: &str| {
        let short = if code.starts_with("IMG") || code.starts_with("IGO") { code } else { code.get(..3).unwrap_or(code) };
        if short.len() >= 3 && !out.iter().any(|o| o == short) && who.is_none_or(|w| w.country() != short && w.code != short) {
            out.push(short.to_owned());
        }
    };
    for &i in events {
        if let Some((_, e)) = c.events.get(i) {
            for r in [&e.source, &e.target].into_iter().flatten() {
                add(&r.code);
            }
        }
    }
    for t in range.0..=range.1.min(c.mentions.at.len().saturating_sub(1)) {
        for r in c.mentions.of(t) {
            if !matches!(r.sort, Sort::Agent) || !r.country_implied {
                add(&r.code);
            }
        }
    }
    out
}

/// Issue words: the object of a red line.
fn issue(c: &Context<'_>, line: Option<usize>) -> Option<String> {
    let token = line?;
    let object = c.tree.args(token).object?;
    let (lo, hi) = c.tree.extent(object);
    Some(c.tree.span(lo).join(c.tree.span(hi)).of(c.tree.text).to_owned())
}

/// Acts marked by fixed phrases of the content ("language of force").
fn phrase_acts(c: &Context<'_>, range: (usize, usize)) -> Vec<String> {
    let tree = c.tree;
    let end = range.1.min(tree.len() - 1);
    let phrases = &c.k.cues.phrases;
    let stands = |at: usize| phrases.at([tree.forms[at].as_str()], |n, w| at + n <= end && tree.forms[at + n] == w);
    let mut found: Vec<usize> = (range.0..=end).flat_map(stands).collect();
    // In the order of the phrases, whatever the order of the words.
    found.sort_unstable();
    found.dedup();
    let several = found.into_iter().map(|i| phrases.get(i)).filter(|(words, act)| act != PLAIN && words.len() > 1);
    several.map(|(_, act)| act.clone()).collect()
}

/// Acts that the tone of the words tells: "appalling" condemns, "must" demands. In order of the
/// words, two at most: more would be a list of feelings.
pub fn tone_acts(c: &Context<'_>, range: (usize, usize)) -> Vec<String> {
    let tree = c.tree;
    let end = range.1.min(tree.len() - 1);
    let mut out: Vec<String> = Vec::new();
    for at in range.0..=end {
        let keys = tree.keys(at).iter().map(String::as_str);
        for i in c.k.cues.tones.at(keys, |n, w| at + n <= end && tree.is(at + n, w)) {
            let (_, act) = c.k.cues.tones.get(i);
            if out.len() < 2 && !out.contains(act) {
                out.push(act.clone());
            }
        }
    }
    out
}

/// Token of a verb of tolerance under negation: a red line.
fn red_line(c: &Context<'_>, range: (usize, usize)) -> Option<usize> {
    let cues = &c.k.cues;
    let tree = c.tree;
    (range.0..=range.1.min(tree.len() - 1)).find(|&v| {
        let keys = tree.keys(v).iter().map(String::as_str);
        if !cues.lines.at(keys, |n, w| v + n < tree.len() && tree.is(v + n, w)).is_empty() {
            return true;
        }
        if !tree.verbal(v) || !cues.tolerating.contains(tree.lemma(v)) {
            return false;
        }
        let mut negated = tree.negated(v);
        let mut at = v;
        for _ in 0..3 {
            if tree.base(at) != "xcomp" && tree.base(at) != "conj" {
                break;
            }
            match tree.head(at) {
                Some(h) => at = h,
                None => break,
            }
            negated |= tree.negated(at);
        }
        let modals = &cues.tolerance.modals;
        let modal =
            tree.with(v, Rels::AUX).any(|a| modals.iter().any(|m| m == tree.lemma(a) || *m == tree.forms[a])) || tree.base(v) == "xcomp";
        negated && modal
    })
}

/// Words that name a means where the content speaks of ways of acting.
fn means(c: &Context<'_>, range: (usize, usize)) -> Option<Span> {
    let tree = c.tree;
    let tokens = range.0..=range.1.min(tree.len() - 1);
    let kind = |i: usize| c.k.cues.means.iter().find(|(_, words)| words.iter().any(|w| tree.lemma(i) == w)).map(|(kind, _)| kind.as_str());
    let mut found: Vec<(usize, &str)> = Vec::new();
    for i in tokens.clone() {
        if let Some(kind) = kind(i) {
            found.push((i, kind));
        }
    }
    let way = tokens.clone().any(|i| c.k.grammar.ways.contains(tree.lemma(i)));
    let (first, _) = *found.first()?;
    way.then(|| tree.span(first))
}

fn reason(c: &Context<'_>, range: (usize, usize)) -> Option<Span> {
    let tree = c.tree;
    (range.0..=range.1.min(tree.len() - 1))
        .find(|&i| {
            matches!(tree.base(i), "advcl" | "obl" | "nmod")
                && tree
                    .with(i, Rels::MARK | Rels::CASE)
                    .any(|m| c.k.cues.reasons.iter().any(|r| *r == tree.forms[m] || tree.prep(i) == Some(r.as_str())))
        })
        .map(|i| tree.extent_span(i))
}

fn repeated(c: &Context<'_>, said: &Said) -> Option<Span> {
    let tree = c.tree;
    tree.kids(said.cue?)
        .iter()
        .copied()
        .find(|&k| c.k.cues.repetition.values().any(|words| words.iter().any(|w| *w == tree.forms[k])))
        .map(|k| tree.span(k))
}
