//! Mentions of a sentence: every noun phrase and pronoun that stands for an actor.

use super::memory::{Memory, Resolved, Sort};
use super::names::{Hit, Names};
use super::np::{Phrases, linked};
use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::frames::OperatorKind;
use crate::knowledge::grammar::Grammar;
use crate::knowledge::words::words;
use crate::model::{Link, syntax::Upos};
use rustc_hash::FxHashSet;

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
            at[i] = pronoun(tree, i, memory, &at);
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
        let others = counterparts(tree, names, i, memory, &at);
        if !others.is_empty() {
            others.iter().for_each(|r| memory.push(r));
            at[i] = others;
            continue;
        }
        if let Some(r) = neighbour(tree, names, i, memory, &at) {
            memory.push(&r);
            at[i] = vec![r];
            continue;
        }
        let both = both(tree, names, i, memory);
        if !both.is_empty() {
            at[i] = both;
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
        if found.is_empty() && base == "nsubj" && names.at(i).is_none() && nameless(tree, i, memory) {
            unknown(tree, i, memory);
        }
        short_forms(tree, names, i, &found, memory);
        // "Egypt and Ethiopia", "Egyptian and Ethiopian ministers"
        let place = tree.span(i).start as usize;
        let first = tree.head(i).filter(|_| base == "conj").and_then(|h| at[h].first());
        if let Some((a, b)) = found.first().zip(first).or_else(|| found.first().zip(found.get(1))) {
            memory.told(&a.code.clone(), &b.code.clone(), place);
        }
        at[i] = found;
    }
    for i in 0..tree.len() {
        joined_name(tree, names, memory, i, &mut at);
        forward(tree, names, memory, i, &mut at);
    }
    Mentions { at }
}

/// "the Syrian Arab Coalition" will be "the SAC", "the Truce Monitoring Committee (TMC)" "the TMC".
fn short_forms(tree: &Tree<'_>, names: &Names<'_>, i: usize, found: &[Resolved], memory: &mut Memory<'_>) {
    let [r] = found else { return };
    if r.sort == Sort::Body && r.link == Link::Named {
        let initials: String =
            r.span.of(tree.text).split_whitespace().filter_map(|w| w.chars().next()).filter(|c| c.is_uppercase()).collect();
        if initials.len() > 2 {
            memory.shorten(&initials, r);
        }
    }
    let end = tree.extent(i).1.min(tree.len() - 1);
    let bracket = (i + 1..=end).find(|&k| tree.word(k) == "(");
    let inside = bracket.map(|b| b + 1).filter(|&k| k < tree.len() && names.at(k).is_none() && capitals(tree.word(k)));
    if let Some(k) = inside.filter(|&k| tree.word((k + 1).min(tree.len() - 1)) == ")" && !matches!(r.sort, Sort::Place | Sort::Thing)) {
        memory.shorten(tree.word(k), r);
    }
}

/// Whether a word looks like an abbreviation of a name.
pub fn capitals(word: &str) -> bool {
    (2..=8).contains(&word.len()) && word.chars().all(|c| c.is_ascii_uppercase() || c == '/' || c == '-')
}

/// "Prime Minister A and President B met": parses run the two names together. Whoever stands after
/// the "and" is somebody of his own, beside the first.
fn joined_name(tree: &Tree<'_>, names: &Names<'_>, memory: &mut Memory<'_>, i: usize, at: &mut [Vec<Resolved>]) {
    let Some(first) = tree.head(i).filter(|&h| tree.base(i) == "flat" && h < i && tree.upos(i) == Upos::PROPN) else { return };
    let own = tree.with(i, Rels::NMOD | Rels::COMPOUND | Rels::AMOD).filter(|&k| k < i).min().unwrap_or(i);
    let joined = (first..i).rev().take_while(|&c| c + 8 > i).find(|&c| tree.upos(c) == Upos::CCONJ);
    let Some(and) = joined.filter(|&c| (c + 1..i).all(|k| k >= own || tree.base(k) != "flat") && own > c) else { return };
    let found = Phrases { tree, names, memory, at }.resolve(i);
    let Some(r) = found.into_iter().find(|r| r.sort == Sort::Person && r.span.start >= tree.span(and).start) else { return };
    memory.push(&r);
    let mut host = Some(first);
    for _ in 0..3 {
        let Some(h) = host else { break };
        if at[h].iter().all(|x| x.code != r.code || x.name != r.name) && !at[h].is_empty() {
            at[h].push(r.clone());
        }
        host = tree.head(h).filter(|_| matches!(tree.base(h), "flat" | "appos" | "nmod" | "compound") && tree.case(h).is_none());
    }
    at[i] = vec![r];
}

/// "In their march on the town, the rebels …": a pronoun in front of the subject means the subject.
fn forward(tree: &Tree<'_>, names: &Names<'_>, memory: &Memory<'_>, i: usize, at: &mut [Vec<Resolved>]) {
    let g = &memory.k.grammar;
    let form = &tree.forms[i];
    if tree.rel(i) != "nmod:poss" || !(g.things.contains(form) || g.plurals.contains(form)) {
        return;
    }
    let Some(host) = tree.head(i) else { return };
    let phrase = std::iter::successors(Some(host), |&h| tree.head(h)).take(4).find(|&h| tree.head(h).is_some_and(|v| tree.verbal(v)));
    let Some(p) = phrase.filter(|&p| tree.base(p) == "obl") else { return };
    let Some(s) = tree.head(p).and_then(|v| tree.args(v).subject).filter(|&s| s > p) else { return };
    let fits = |r: &&Resolved| !matches!(r.sort, Sort::Place | Sort::Thing) && (g.plurals.contains(form) || r.sort != Sort::Person);
    // "In their attack on the army, police said": whoever only tells of it has nothing of theirs.
    let cue = tree.head(p).is_some_and(|v| !memory.k.cues.verbs(tree.lemma(v)).is_empty());
    let Some(r) = at[s].iter().find(fits).filter(|_| !cue).cloned() else { return };
    at[i] = vec![linked(tree, i, r, Link::Pronoun)];
    if at[host].iter().all(|r| r.sort == Sort::Thing) {
        at[host] = Phrases { tree, names, memory, at }.resolve(host);
    }
}

/// A pronoun's antecedent; "we" and "you" wait for the speaker to be known.
fn pronoun(tree: &Tree<'_>, i: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Vec<Resolved> {
    let g = &memory.k.grammar;
    let form = &tree.forms[i];
    // A possessive inside the subject's own phrase cannot mean that phrase.
    let host = tree.head(i);
    let fits = |r: &Resolved, want: &dyn Fn(&Resolved) -> bool| want(r) && host != Some(r.head);
    let recent = |want: &dyn Fn(&Resolved) -> bool| memory.last(|r| fits(r, want)).cloned();
    // "Iran and its proxies": the other half of the pair.
    let pair = host.filter(|&h| tree.rel(i) == "nmod:poss" && tree.base(h) == "conj").and_then(|h| tree.head(h));
    if let Some(r) = pair.and_then(|p| at[p].first()) {
        return vec![linked(tree, i, r.clone(), Link::Pronoun)];
    }
    // "the board's summary of its inquiry": whoever the whole belongs to.
    let whole = std::iter::successors(host, |&h| tree.head(h).filter(|_| tree.base(h) == "nmod")).skip(1).take(3);
    let holder = whole.filter(|_| tree.rel(i) == "nmod:poss" && g.things.contains(form)).find_map(|h| tree.owner(h)).filter(|&o| o < i);
    if let Some(r) = holder.and_then(|o| at[o].first()).filter(|r| matches!(r.sort, Sort::State | Sort::Body | Sort::Agent)) {
        return vec![linked(tree, i, r.clone(), Link::Pronoun)];
    }
    // "urged him to …": a clause's object is not its subject; "press X to end its attacks": X's.
    let verb = std::iter::successors(host, |&h| tree.head(h)).take(4).find(|&h| tree.verbal(h));
    let object = matches!(tree.base(i), "obj" | "obl" | "iobj") && !form.ends_with("self");
    let subject = verb.filter(|_| object).and_then(|v| tree.args(v).subject);
    let subjects = subject.map(|s| tree.conjuncts(s)).unwrap_or_default();
    let told = verb.filter(|_| tree.rel(i) == "nmod:poss").filter(|&v| tree.base(v) == "xcomp");
    let told = told.and_then(|v| tree.head(v)).and_then(|v| tree.args(v).object).filter(|&o| o < i && host != Some(o));
    let told = told.or_else(|| obliged(tree, i, verb?, g)).or_else(|| befallen(tree, i, verb?, memory, at));
    let fits = |r: &Resolved, want: &dyn Fn(&Resolved) -> bool| fits(r, want) && !subjects.contains(&r.head);
    // "filed a case against Israel at the court, accusing it": whom the clause above is against.
    let above = verb.filter(|&v| object && matches!(tree.base(v), "advcl" | "conj")).and_then(|v| tree.head(v));
    let against = |t: &usize| tree.case(*t).is_some_and(|p| g.aims.contains(&p));
    let aimed: Vec<usize> = above.map(|h| (h..i).filter(against).collect()).unwrap_or_default();
    let recent = |want: &dyn Fn(&Resolved) -> bool| {
        let near = told.iter().chain(&aimed).flat_map(|&o| at[o].iter()).find(|&r| want(r));
        near.cloned().or_else(|| recent(&|r| fits(r, want)))
    };
    let subject_first = |want: &dyn Fn(&Resolved) -> bool| {
        if subject.is_some() || told.is_some_and(|o| at[o].iter().any(want)) {
            return recent(want);
        }
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
    if g.persons.contains(form) && verb.is_some_and(|v| stranger(tree, i, v, memory, at)) {
        return Vec::new();
    }
    let found = if let Some(s) = speaking.filter(|_| g.persons.contains(form)) {
        Some(s.clone())
    } else if g.persons.contains(form) {
        subject_first(&|r| r.sort == Sort::Person && !r.plural)
    } else if g.things.contains(form) {
        subject_first(&|r| matches!(r.sort, Sort::State | Sort::Body) || r.sort == Sort::Agent && !r.plural)
    } else if g.plurals.contains(form) {
        // "A and B said their forces": all that share the subject.
        let several = |j: usize| -> Vec<Resolved> {
            let all = tree.conjuncts(j).into_iter().filter(|&c| c < i && host != Some(c)).flat_map(|c| at[c].iter());
            let mut out: Vec<Resolved> = Vec::new();
            for r in all.filter(|r| r.sort != Sort::Thing) {
                if out.iter().all(|o| o.code != r.code) {
                    out.push(linked(tree, i, r.clone(), Link::Pronoun));
                }
            }
            out
        };
        // "A and B expelled ten diplomats, accusing them": not A and B themselves.
        let shared = (0..i).rev().filter(|&j| tree.base(j) == "nsubj" && !subjects.contains(&j)).map(several).find(|all| all.len() > 1);
        let nearest = (0..i).rev().find(|&j| tree.base(j) == "nsubj" && !at[j].is_empty());
        match (shared, nearest) {
            (Some(all), Some(n)) if all.iter().any(|r| at[n].iter().any(|x| x.code == r.code)) => return all,
            _ => subject_first(&|r| r.plural || matches!(r.sort, Sort::Agent | Sort::People | Sort::Body | Sort::State)),
        }
    } else {
        None
    };
    found.filter(|r| !r.code.is_empty()).map(|r| linked(tree, i, r, Link::Pronoun)).into_iter().collect()
}

/// "Holm said he …", "Holm, when he was abducted, …": the person nobody knows of whom the clauses around the pronoun
/// tell is meant, and nobody named elsewhere.
fn stranger(tree: &Tree<'_>, i: usize, verb: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> bool {
    let mut v = verb;
    for step in 0..4 {
        // A clause's subject is whom its own possessives mean ("Holm met his lawyer").
        if step > 0 || tree.rel(i) == "nmod:poss" {
            let s = tree.with(v, Rels::NSUBJ).find(|&s| s < i);
            if let Some(s) = s.filter(|&s| tree.upos(s) != Upos::PRON) {
                return at[s].is_empty() && nameless(tree, s, memory);
            }
        }
        let Some(h) = tree.head(v).filter(|_| matches!(tree.base(v), "ccomp" | "advcl" | "xcomp" | "conj")) else { return false };
        if !tree.verbal(h) {
            return false;
        }
        v = h;
    }
    false
}

/// Remembers a person on no list by the name's last word, so that a pronoun to come means nobody named before.
fn unknown(tree: &Tree<'_>, i: usize, memory: &mut Memory<'_>) {
    let last = tree.with(i, Rels::FLAT).filter(|&k| tree.upos(k) == Upos::PROPN).max();
    let word = tree.forms[last.unwrap_or(i)].clone();
    if last.is_none() && !memory.strange(&word) {
        return;
    }
    memory.meet(&word);
    memory.push(&Resolved {
        code: String::new(),
        name: word,
        office: None,
        sort: Sort::Person,
        head: i,
        span: tree.span(i),
        link: Link::Implied,
        why: Vec::new(),
        plural: false,
        country_implied: true,
        named: false,
        stateless: true,
        seat: false,
        nation: false,
    });
}

/// Whether a subject looks like the name of a person on no list.
fn nameless(tree: &Tree<'_>, s: usize, memory: &Memory<'_>) -> bool {
    // "Tom Brown" is no colour.
    let whole = tree.with(s, Rels::FLAT).any(|k| tree.upos(k) == Upos::PROPN);
    let named = tree.upos(s) == Upos::PROPN && (whole || memory.k.nouns.kind(tree.lemma(s)).is_none());
    named && tree.with(s, Rels::DET | Rels::NMOD | Rels::AMOD).next().is_none()
}

/// "backed the army in its fight", "the sanctions imposed on Chad after its invasion", "support for the army in its fight":
/// whose the noun behind is.
fn befallen(tree: &Tree<'_>, i: usize, verb: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Option<usize> {
    let host = tree.head(i).filter(|&h| tree.rel(i) == "nmod:poss" && matches!(tree.base(h), "obl" | "nmod"))?;
    let somebody = |&k: &usize| {
        let body = |r: &Resolved| matches!(r.sort, Sort::State | Sort::Body | Sort::Agent | Sort::People) && !r.stateless;
        k < i && at[k].iter().any(body) && tree.upos(k) != Upos::PRON
    };
    let above = tree.head(host)?;
    if tree.base(host) == "nmod" {
        return Some(above).filter(|&n| tree.nominal(n)).filter(somebody);
    }
    if above != verb {
        return None;
    }
    let args = tree.args(verb);
    if tree.base(verb) == "acl" && tree.xpos(verb) == "VBN" {
        let onto = args.oblique.iter().filter(|o| o.prep.as_deref().is_some_and(|p| memory.k.grammar.targets.contains(p)));
        return onto.map(|o| o.head).filter(|&o| o != host).find(somebody);
    }
    // "supported the army in its fight", "voiced support for the army in its fight": whoever is helped, not whoever is hit.
    let frames = |at: usize| tree.keys(at).iter().flat_map(|key| memory.k.frames.triggers(key)).map(|&t| memory.k.frames.get(t));
    let done_to = |roots: &[&str]| {
        frames(verb)
            .any(|(f, p)| f.operator.is_none() && roots.iter().any(|r| f.code.starts_with(r)) && p.text.split(' ').nth(1) == Some("TARGET"))
    };
    if !tree.prep(host).is_some_and(|p| memory.k.grammar.within.contains(p)) {
        return None;
    }
    let helped = args.object.filter(|_| done_to(&["05", "07"])).filter(somebody);
    let fight = || frames(host).any(|(f, _)| f.code.starts_with("19") || f.operator == Some(OperatorKind::Transparent));
    let beside = || (verb + 1..tree.extent(host).0).rev().find(somebody).filter(|_| fight() && !done_to(&["17", "18", "19", "20"]));
    helped.or_else(beside)
}

/// "reminded X that it must …", "sent a message to X that it should …": whoever was told.
fn obliged(tree: &Tree<'_>, i: usize, verb: usize, g: &Grammar) -> Option<usize> {
    let bound = tree.base(i) == "nsubj"
        && matches!(tree.base(verb), "ccomp" | "acl")
        && tree.with(verb, Rels::AUX).any(|k| k > i && g.obliging.contains(&tree.forms[k]));
    let above = tree.head(verb).filter(|_| bound)?;
    let teller = std::iter::successors(Some(above), |&h| tree.head(h)).take(3).find(|&h| tree.verbal(h))?;
    let args = tree.args(teller);
    let to = args.oblique.iter().filter(|o| o.prep.as_deref().is_some_and(|p| g.promised.contains(p))).map(|o| o.head);
    let below = args.object.into_iter().flat_map(|o| tree.with(o, Rels::NMOD));
    let below = below.filter(|&k| tree.case(k).is_some_and(|p| g.promised.contains(&p)));
    to.chain(below).chain(args.object).find(|&o| o < i && tree.upos(o) != Upos::PRON)
}

/// "the two sides", "both leaders": those two the article told of last.
fn both(tree: &Tree<'_>, names: &Names<'_>, i: usize, memory: &Memory<'_>) -> Vec<Resolved> {
    let rel = &memory.k.agents.relational;
    let noun = |set: &FxHashSet<String>| set.contains(tree.lemma(i)) || set.contains(&tree.forms[i]);
    let (bodies, people) = (noun(&rel.pair), noun(&rel.pair_people));
    let said = tree.with(i, Rels::NUMMOD | Rels::DET | Rels::AMOD).any(|k| rel.both.contains(&tree.forms[k]));
    let named = tree.with(i, Rels::AMOD | Rels::COMPOUND | Rels::NMOD).any(|k| names.at(k).is_some());
    if !(said && (bodies || people)) || named {
        return Vec::new();
    }
    let start = tree.span(0).start;
    let mut found: Vec<Resolved> = Vec::new();
    if people {
        let one = |r: &&Resolved| r.sort == Sort::Person && !r.plural && !r.stateless && !r.country_implied;
        for r in memory.recent().filter(one).take(12) {
            if found.len() < 2 && found.iter().all(|f| f.country() != r.country()) && memory.k.actors.state(r.country()).is_some() {
                found.push(r.clone());
            }
        }
    }
    // Two sides of a war inside one country are no two states.
    if found.len() < 2 && bodies {
        found = memory.foes().into_iter().flatten().cloned().collect();
        if found.len() == 2 {
            found.reverse();
            return found.into_iter().map(|r| linked(tree, i, r, Link::Definite)).collect();
        }
    }
    if found.len() < 2 && bodies {
        let pair = memory.dyad(start as usize);
        found = pair.iter().filter_map(|c| memory.recent().find(|r| r.country() == c && !r.stateless).cloned()).collect();
    }
    if found.len() < 2 {
        return Vec::new();
    }
    found.reverse();
    let both = found.into_iter().map(|r| {
        let mut r = linked(tree, i, r, Link::Definite);
        if let Some(state) = memory.k.actors.state(r.country()).filter(|_| !people) {
            r.name.clone_from(&state.name);
            r.code = r.country().to_owned();
            r.sort = Sort::State;
            r.seat = false;
        }
        r
    });
    both.collect()
}

/// "their Russian counterparts": the other countries' holders of the same office.
fn counterparts(tree: &Tree<'_>, names: &Names<'_>, i: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Vec<Resolved> {
    let rel = &memory.k.agents.relational;
    let lemma = tree.lemma(i);
    if !(rel.counterpart.contains(lemma) || rel.counterpart.contains(&tree.forms[i])) {
        return Vec::new();
    }
    // "his Egyptian and Iraqi counterparts"
    let described = tree.with(i, Rels::AMOD | Rels::COMPOUND | Rels::NMOD).flat_map(|k| tree.conjuncts(k)).filter(|&k| k < i);
    let mut hits: Vec<&Hit<'_>> = Vec::new();
    for hit in described.filter_map(|k| names.at(k)) {
        if hits.iter().all(|h| h.actor.code != hit.actor.code) {
            hits.push(hit);
        }
    }
    hits.into_iter().map(|hit| counterpart(tree, names, i, hit, memory, at)).collect()
}

fn counterpart(tree: &Tree<'_>, names: &Names<'_>, i: usize, hit: &Hit<'_>, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Resolved {
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
    Resolved {
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
        seat: false,
        nation: false,
    }
}

/// "its neighbour": the state told of beside the one it is the neighbour of.
fn neighbour(tree: &Tree<'_>, names: &Names<'_>, i: usize, memory: &Memory<'_>, at: &[Vec<Resolved>]) -> Option<Resolved> {
    if !memory.k.agents.relational.neighbour.contains(tree.lemma(i)) || tree.xpos(i) != "NN" {
        return None;
    }
    let owner = tree.owner(i).and_then(|o| at[o].first())?;
    let named = tree.with(i, Rels::AMOD | Rels::COMPOUND | Rels::NMOD | Rels::APPOS | Rels::FLAT).any(|k| names.at(k).is_some());
    let state = |r: &&Resolved| r.sort == Sort::State && r.country() != owner.country();
    let here = at[..i].iter().flatten().rfind(state).cloned();
    let other = || {
        let code = memory.beside(owner.country())?;
        memory.recent().find(|r| r.sort == Sort::State && r.country() == code).cloned()
    };
    let r = here.filter(|_| !named).or_else(|| if named { None } else { other() })?;
    Some(Resolved { seat: false, code: r.country().to_owned(), ..linked(tree, i, r, Link::Definite) })
}

/// Gives "we", "our", "I" the speaker of the words they stand in, and what is ours with them.
pub fn speak(
    tree: &Tree<'_>,
    names: &Names<'_>,
    mentions: &mut Mentions,
    memory: &Memory<'_>,
    inside: impl Fn(usize) -> bool,
    speaker: &Resolved,
) {
    let g = &memory.k.grammar;
    for i in 0..tree.len() {
        if g.hearers.contains(&tree.forms[i])
            && inside(i)
            && mentions.at[i].is_empty()
            && let Some(hearer) = &memory.hearer
        {
            mentions.at[i] = vec![linked(tree, i, hearer.clone(), Link::Definite)];
        }
        if g.speakers.contains(&tree.forms[i])
            && inside(i)
            && mentions.at[i].is_empty()
            && (tree.upos(i) == Upos::PRON || tree.xpos(i) == "PRP$")
        {
            mentions.at[i] = vec![linked(tree, i, speaker.clone(), Link::Speaker)];
            // "our soldiers"
            let mut owned = tree.head(i).filter(|_| tree.rel(i) == "nmod:poss");
            // "two of our soldiers"
            for _ in 0..3 {
                let Some(h) = owned.filter(|&h| mentions.at[h].iter().all(|r| r.country_implied || r.stateless)) else { break };
                mentions.at[h] = Phrases { tree, names, memory, at: &mentions.at }.resolve(h);
                owned = tree.head(h).filter(|_| tree.base(h) == "nmod");
            }
        }
    }
}
