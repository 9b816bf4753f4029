//! Mentions of a sentence: every noun phrase and pronoun that stands for an actor.

use super::memory::{Memory, Resolved, Sort};
use super::names::Names;
use super::np::Phrases;
use super::tree::Tree;
use crate::knowledge::words::words;
use crate::model::{Link, syntax::Upos};

/// Actors by head token.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// Per token; empty where nobody is meant.
    pub at: Vec<Vec<Resolved>>,
}

impl Mentions {
    /// Who a token stands for.
    pub fn of(&self, token: usize) -> &[Resolved] {
        self.at.get(token).map_or(&[], Vec::as_slice)
    }
}

/// Reads the mentions of a sentence in text order and remembers them.
pub fn read(tree: &Tree<'_>, names: &Names<'_>, memory: &mut Memory<'_>) -> Mentions {
    let mut at: Vec<Vec<Resolved>> = vec![Vec::new(); tree.len()];
    for i in 0..tree.len() {
        let base = tree.base(i);
        let modifier =
            matches!(base, "compound" | "flat" | "fixed" | "goeswith") || tree.rel(i) == "nmod:desc" || base == "amod" || base == "punct";
        if tree.upos(i) == Upos::PRON || tree.xpos(i) == "PRP$" {
            at[i] = pronoun(tree, i, memory, &at).into_iter().collect();
            continue;
        }
        if modifier {
            // Names in front of a deed noun can be its sides; they are not remembered twice.
            if names.at(i).is_some_and(|h| h.end == i + 1 || h.start == i) {
                at[i] = Phrases { tree, names, memory, at: &at }.resolve(i);
            }
            continue;
        }
        if !tree.nominal(i) && names.at(i).is_none() {
            continue;
        }
        if let Some(r) = counterpart(tree, names, i, memory, &at) {
            memory.push(&r);
            at[i] = vec![r];
            continue;
        }
        let phrases = Phrases { tree, names, memory, at: &at };
        let found = phrases.resolve(i);
        let spelling = phrases.name_words(i);
        for r in &found {
            if r.named && r.link != Link::ShortForm {
                memory.learn(&words(&r.name), r);
                // The article's own spelling, too ("Liberman").
                memory.learn(&spelling, r);
            }
            memory.push(r);
        }
        at[i] = found;
    }
    Mentions { at }
}

/// A pronoun's antecedent; "we" and "you" wait for the speaker to be known.
fn pronoun(tree: &Tree<'_>, i: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Option<Resolved> {
    let g = &memory.k.grammar;
    let form = &tree.forms[i];
    // A possessive inside the subject's own phrase cannot mean that phrase.
    let host = tree.head(i);
    let fits = |r: &Resolved, want: &dyn Fn(&Resolved) -> bool| want(r) && host != Some(r.head);
    let recent = |want: &dyn Fn(&Resolved) -> bool| memory.last(|r| fits(r, want)).cloned();
    // "Iran and its proxies": the other half of the pair.
    let pair = host.filter(|&h| tree.rel(i) == "nmod:poss" && tree.base(h) == "conj").and_then(|h| tree.head(h));
    if let Some(r) = pair.and_then(|p| at[p].first()) {
        return Some(linked(tree, i, r.clone(), Link::Pronoun));
    }
    let subject_first = |want: &dyn Fn(&Resolved) -> bool| {
        (0..i)
            .filter(|&j| matches!(tree.base(j), "nsubj"))
            .flat_map(|j| at[j].iter())
            // "Iran's presence …, because it was invited": what belongs to Iran stands for it.
            .rfind(|r| fits(r, want) || r.sort == Sort::Thing && g.things.contains(form) && host != Some(r.head))
            .cloned()
            .or_else(|| recent(want))
    };
    // ", he added": the one who has been speaking.
    let cue = tree.base(i) == "nsubj" && host.is_some_and(|h| !memory.k.cues.verbs(tree.lemma(h)).is_empty());
    let speaking = memory.speaker.as_ref().filter(|s| s.sort == Sort::Person && !s.plural && cue);
    let found = if let Some(s) = speaking.filter(|_| g.persons.contains(form)) {
        Some(s.clone())
    } else if g.persons.contains(form) {
        subject_first(&|r| r.sort == Sort::Person && !r.plural)
    } else if g.things.contains(form) {
        subject_first(&|r| matches!(r.sort, Sort::State | Sort::Body) || r.sort == Sort::Agent && !r.plural)
    } else if g.plurals.contains(form) {
        subject_first(&|r| r.plural || matches!(r.sort, Sort::Agent | Sort::People | Sort::Body | Sort::State))
    } else if g.speakers.contains(form) {
        return None;
    } else {
        None
    }?;
    Some(linked(tree, i, found, Link::Pronoun))
}

/// The same actor at another place of the text.
pub fn linked(tree: &Tree<'_>, i: usize, mut r: Resolved, link: Link) -> Resolved {
    r.why.push(format!("{} \"{}\" → {}", link.as_str(), tree.word(i), r.name));
    r.link = link;
    r.head = i;
    r.span = tree.span(i);
    r
}

/// "their Russian counterparts": the other country's holders of the same office.
fn counterpart(tree: &Tree<'_>, names: &Names<'_>, i: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Option<Resolved> {
    let rel = &memory.k.agents.relational;
    let lemma = tree.lemma(i);
    if !(rel.counterpart.contains(lemma) || rel.counterpart.contains(&tree.forms[i])) {
        return None;
    }
    let hit = tree.with(i, &["amod", "compound", "nmod"]).find_map(|k| names.at(k))?;
    let owner = tree.owner(i).and_then(|o| at[o].first().cloned());
    let same = owner.or_else(|| {
        (0..i)
            .filter(|&j| tree.base(j) == "nsubj" || tree.base(j) == "conj")
            .flat_map(|j| at[j].iter())
            .rfind(|r| r.sort == Sort::Person)
            .cloned()
    });
    let country = hit.actor.code.get(..3).unwrap_or(&hit.actor.code);
    let sector = same.as_ref().and_then(|r| r.code.get(3..6)).filter(|s| !s.is_empty()).unwrap_or("GOV");
    let office = same.as_ref().and_then(|r| r.office.clone());
    let span = Phrases { tree, names, memory, at }.core_span(i);
    let mut why = vec![format!("{}#{}", hit.actor.file, hit.actor.name)];
    if let Some(r) = &same {
        why.push(format!("office of {}", r.name));
    }
    Some(Resolved {
        code: format!("{country}{sector}"),
        name: span.of(tree.text).to_owned(),
        office,
        sort: Sort::Person,
        head: i,
        span,
        link: Link::Counterpart,
        why,
        plural: matches!(tree.xpos(i), "NNS"),
        country_implied: false,
        named: false,
        stateless: false,
    })
}

/// Gives "we", "our", "I" the speaker of the words they stand in.
pub fn speak(tree: &Tree<'_>, mentions: &mut Mentions, memory: &Memory<'_>, inside: impl Fn(usize) -> bool, speaker: &Resolved) {
    let g = &memory.k.grammar;
    for i in 0..tree.len() {
        if g.speakers.contains(&tree.forms[i])
            && inside(i)
            && mentions.at[i].is_empty()
            && (tree.upos(i) == Upos::PRON || tree.xpos(i) == "PRP$")
        {
            mentions.at[i] = vec![linked(tree, i, speaker.clone(), Link::Speaker)];
        }
    }
}
