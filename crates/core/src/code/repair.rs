//! Slips of the parse that a closed class of words gives away, mended before anything is asked of
//! the tree.

mod headline;
mod named;

use crate::knowledge::grammar::Grammar;
use crate::model::syntax::Upos;

/// A token's place in the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Governing token.
    pub head: Option<usize>,
    /// Relation to it.
    pub rel: &'static str,
    /// Part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: &'static str,
}

impl Node {
    fn base(&self) -> &'static str {
        self.rel.split(':').next().unwrap_or(self.rel)
    }

    fn noun(&self) -> bool {
        matches!(self.upos, Upos::NOUN | Upos::PROPN)
    }
}

/// Mends a sentence's nodes; `forms` are the folded words.
pub fn repair(nodes: &mut [Node], forms: &[String], g: &Grammar) {
    for i in 0..nodes.len() {
        perfect(nodes, forms, g, i);
        infinitive(nodes, forms, i);
        citizen(nodes, forms, g, i);
        guest(nodes, forms, g, i);
        described(nodes, forms, g, i);
        progressive(nodes, i);
        if matches!(nodes[i].xpos, "VBD" | "VBZ" | "VBP") && nodes[i].upos == Upos::ADJ {
            nodes[i].upos = Upos::VERB;
        }
        finite(nodes, forms, i);
        predicate(nodes, forms, i);
        aside(nodes, i);
        said_to(nodes, i);
        one_of_many(nodes, forms, i);
        taking_part(nodes, forms, g, i);
        day(nodes, forms, g, i);
        at_least(nodes, i);
        second_phrase(nodes, forms, i);
        told_of_two(nodes, forms, i);
        two_subjects(nodes, i);
        crossed(nodes, i);
        active(nodes, forms, i);
        due(nodes, i);
        headline::to_come(nodes, i);
        headline::two_sides(nodes, i);
        headline::verb_in_name(nodes, forms, i);
        second_past(nodes, i);
        after_relative(nodes, forms, i);
        of_verb(nodes, i);
        titled(nodes, i);
        named::of_office(nodes, i);
        named::one_name(nodes, i);
        named::teller(nodes, forms, i);
        named::teller_of_all(nodes, forms, i);
        named::reteller(nodes, forms, i);
        phrase(nodes, forms, g, i);
        repeated(nodes, forms, g, i);
        closed(nodes, forms, g, i);
    }
    for i in 0..nodes.len() {
        lone_listener(nodes, forms, g, i);
    }
}

/// "held talks with visiting German Chancellor Angela Merkel": the participle describes whoever stands behind it.
fn guest(nodes: &mut [Node], forms: &[String], g: &Grammar, p: usize) {
    let clause = matches!(nodes[p].base(), "advcl" | "acl" | "xcomp" | "ccomp" | "obj" | "obl" | "nmod");
    if !clause || nodes[p].xpos != "VBG" || !g.guests.contains(&forms[p]) {
        return;
    }
    let kids = children(nodes, p);
    let Some(n) = kids.iter().copied().find(|&k| k > p && nodes[k].rel == "obj" && nodes[k].noun()) else { return };
    let bare =
        (p + 1..n).all(|k| !matches!(nodes[k].upos, Upos::DET | Upos::PRON | Upos::ADP)) && (n > p + 1 || nodes[n].upos == Upos::PROPN);
    let titled = nodes[n].upos == Upos::PROPN || children(nodes, n).into_iter().any(|k| k > n && nodes[k].upos == Upos::PROPN);
    let Some(h) = nodes[p].head.filter(|&h| bare && titled && n > p + 1 && h < p) else { return };
    let marks: Vec<usize> = kids.iter().copied().filter(|&k| k < p && matches!(nodes[k].base(), "mark" | "case")).collect();
    let rel = match (marks.is_empty(), nodes[h].upos == Upos::VERB) {
        (true, _) => "obj",
        (false, true) => "obl",
        (false, false) => "nmod",
    };
    hang(nodes, n, Some(h), rel);
    for k in kids.into_iter().filter(|&k| k != n) {
        nodes[k].head = Some(n);
    }
    for k in marks {
        nodes[k].rel = "case";
        nodes[k].upos = Upos::ADP;
    }
    hang(nodes, p, Some(n), "amod");
}

/// "the home of a Palestinian accused of murder": the word of nation before a participle that goes on is the noun,
/// and the participle describes it.
fn citizen(nodes: &mut [Node], forms: &[String], g: &Grammar, p: usize) {
    let noun = matches!(nodes[p].base(), "obj" | "nmod" | "obl" | "nsubj" | "conj" | "appos") && nodes[p].xpos == "VBN";
    if !noun || p < 2 || nodes[p - 1].head != Some(p) || nodes[p - 1].rel != "amod" {
        return;
    }
    let kids = children(nodes, p);
    let article = nodes[p - 2].head == Some(p) && g.indefinites.contains(&forms[p - 2]);
    let goes_on = kids.iter().any(|&k| k > p && matches!(nodes[k].base(), "obl" | "advcl" | "xcomp" | "nmod" | "ccomp"));
    if !article || !goes_on || kids.iter().any(|&k| matches!(nodes[k].base(), "aux" | "cop" | "nsubj")) {
        return;
    }
    let Node { head, rel, .. } = nodes[p];
    hang(nodes, p - 1, head, rel);
    nodes[p - 1].upos = Upos::NOUN;
    for k in kids.into_iter().filter(|&k| k < p - 1) {
        nodes[k].head = Some(p - 1);
    }
    hang(nodes, p, Some(p - 1), "acl");
    nodes[p].upos = Upos::VERB;
}

/// "Five men were deported, the paper said": of two subjects the one before the words told is theirs, and the one
/// behind them the teller's.
fn two_subjects(nodes: &mut [Node], r: usize) {
    let kids = children(nodes, r);
    let subjects: Vec<usize> = kids.iter().copied().filter(|&k| nodes[k].base() == "nsubj" && nodes[k].rel != "nsubj:outer").collect();
    let [first, second] = subjects[..] else { return };
    let between = |k: &usize| matches!(nodes[*k].base(), "ccomp" | "parataxis") && (first < r && r < second || first < *k && *k < second);
    let Some(other) = kids.iter().copied().find(between) else { return };
    let parts = children(nodes, other);
    let tensed =
        matches!(nodes[other].xpos, "VBD" | "VBZ" | "VBP") || parts.iter().any(|&k| nodes[k].base() == "aux" || nodes[k].rel == "cop");
    if !tensed || parts.iter().any(|&k| matches!(nodes[k].base(), "nsubj" | "csubj")) {
        return;
    }
    let passive = parts.iter().any(|&k| nodes[k].rel == "aux:pass");
    let moved = if first < r && r < second { second } else { first };
    // The teller stands beside the verb of telling.
    if moved == second && (nodes[other].base() != "parataxis" || second > other) {
        return;
    }
    hang(nodes, moved, Some(other), if passive { "nsubj:pass" } else { "nsubj" });
}

/// "used banned weapons": of two past tenses side by side the second describes the object.
fn second_past(nodes: &mut [Node], p: usize) {
    let open = nodes[p].rel == "xcomp" && matches!(nodes[p].xpos, "VBD" | "VBN");
    let Some(v) = nodes[p].head.filter(|&v| open && v + 1 == p && matches!(nodes[v].xpos, "VBD" | "VBZ" | "VBP")) else { return };
    let kids = children(nodes, p);
    let Some(o) = kids.iter().copied().find(|&k| k > p && nodes[k].rel == "obj" && nodes[k].noun()) else { return };
    for k in kids.into_iter().filter(|&k| k != o) {
        nodes[k].head = Some(v);
    }
    hang(nodes, o, Some(v), "obj");
    hang(nodes, p, Some(o), "amod");
}

/// "Russia, whose bombers took part, accused …": the verb behind the relative clause is the sentence's own.
fn after_relative(nodes: &mut [Node], forms: &[String], p: usize) {
    let finite = matches!(nodes[p].xpos, "VBD" | "VBZ" | "VBP") && nodes[p].rel == "conj" && p > 0 && forms[p - 1] == ",";
    let Some(r) = nodes[p].head.filter(|&r| finite && nodes[r].rel == "acl:relcl") else { return };
    let Some(n) = nodes[r].head.filter(|&n| n < r && nodes[n].head.is_none() && nodes[n].noun()) else { return };
    if children(nodes, p).into_iter().any(|k| k < p && matches!(nodes[k].base(), "cc" | "nsubj")) {
        return;
    }
    hang(nodes, p, None, "root");
    hang(nodes, n, Some(p), "nsubj");
}

/// A phrase with a preposition that hangs on a verb is the verb's, whatever it is called.
fn of_verb(nodes: &mut [Node], i: usize) {
    let verb = nodes[i].head.is_some_and(|h| nodes[h].upos == Upos::VERB);
    if verb && nodes[i].rel == "nmod" && children(nodes, i).into_iter().any(|k| nodes[k].base() == "case") {
        nodes[i].rel = "obl";
    }
}

/// "notified Norway of the test": who is told of something, without an object or a clause beside it, is the object.
fn lone_listener(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    let Some(v) = nodes[i].head.filter(|_| nodes[i].rel == "iobj") else { return };
    let kids = children(nodes, v);
    let of = |k: usize| k > i && nodes[k].base() == "obl" && children(nodes, k).into_iter().any(|c| g.genitives.contains(&forms[c]));
    if kids.iter().any(|&k| of(k)) && !kids.iter().any(|&k| matches!(nodes[k].base(), "obj" | "ccomp" | "xcomp" | "parataxis")) {
        nodes[i].rel = "obj";
    }
}

/// "opposition leader Keir Starmer said": of two subjects side by side the second is the first one's name.
fn titled(nodes: &mut [Node], i: usize) {
    let name = nodes[i].rel == "nsubj" && nodes[i].upos == Upos::PROPN && i > 0;
    let Some(v) = nodes[i].head.filter(|_| name) else { return };
    let title = nodes[i - 1].rel == "nsubj" && nodes[i - 1].head == Some(v) && nodes[i - 1].upos == Upos::NOUN;
    if title {
        hang(nodes, i, Some(i - 1), "appos");
    }
}

/// "is due to send": the adjective, read as a mark of its verb, is what is told, and the verb what is to come.
fn due(nodes: &mut [Node], i: usize) {
    let Some(v) = nodes[i].head.filter(|&v| nodes[i].xpos == "JJ" && nodes[i].rel == "mark" && v > i && nodes[v].xpos == "VB") else {
        return;
    };
    let Some(to) = children(nodes, i).into_iter().find(|&k| nodes[k].rel == "fixed") else { return };
    let cop = children(nodes, v).into_iter().rfind(|&k| k < i && nodes[k].base() == "cop");
    let Some(cop) = cop else { return };
    let Node { head, rel, .. } = nodes[v];
    hang(nodes, i, head, rel);
    for k in children(nodes, v).into_iter().filter(|&k| k < i && k != i) {
        nodes[k].head = Some(i);
    }
    hang(nodes, cop, Some(i), "cop");
    hang(nodes, v, Some(i), "xcomp");
    hang(nodes, to, Some(v), "mark");
}

/// "told the paper that Iran is a partner": what somebody is told is no description of the listener.
fn said_to(nodes: &mut [Node], i: usize) {
    let Some(listener) = nodes[i].head.filter(|&h| nodes[h].base() == "iobj") else { return };
    let kids = children(nodes, i);
    let marked = kids.iter().any(|&k| nodes[k].rel == "mark" && nodes[k].xpos == "IN" && k > listener);
    let subject = kids.iter().any(|&k| nodes[k].base() == "nsubj" && nodes[k].xpos != "WDT");
    if nodes[i].rel == "acl" && marked && subject {
        let verb = nodes[listener].head;
        hang(nodes, i, verb, "ccomp");
    }
}

/// Hangs a token elsewhere, unless that would close a circle.
fn hang(nodes: &mut [Node], i: usize, head: Option<usize>, rel: &'static str) {
    let mut at = head;
    for _ in 0..nodes.len() {
        match at {
            Some(h) if h == i => return,
            Some(h) => at = nodes[h].head,
            None => break,
        }
    }
    nodes[i].head = head;
    nodes[i].rel = rel;
}

fn children(nodes: &[Node], i: usize) -> Vec<usize> {
    (0..nodes.len()).filter(|&k| nodes[k].head == Some(i)).collect()
}

/// The verb `p` takes the place of `old` in the tree; what hung on `old` hangs on it.
fn promote(nodes: &mut [Node], p: usize, old: usize) {
    let Node { head, rel, .. } = nodes[old];
    let kids = children(nodes, old);
    nodes[p].head = head;
    nodes[p].rel = rel;
    nodes[p].upos = Upos::VERB;
    for k in kids.into_iter().filter(|&k| k != p) {
        nodes[k].head = Some(p);
    }
    nodes[old].head = Some(p);
}

/// "have shared evidence", read as having some shared evidence: nobody puts the participle
/// there without an article unless it is the verb.
fn perfect(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    if nodes[i].upos != Upos::VERB || !g.perfect.contains(&forms[i]) {
        return;
    }
    let participle = (i + 1..nodes.len().min(i + 4)).find(|&p| nodes[p].upos != Upos::ADV && forms[p] != "not");
    let Some(p) = participle.filter(|&p| matches!(nodes[p].xpos, "VBN" | "VBD") && nodes[p].base() == "amod") else { return };
    let Some(n) = nodes[p].head.filter(|&n| n > p && nodes[n].head == Some(i) && nodes[n].base() == "obj") else { return };
    promote(nodes, p, i);
    nodes[i].rel = "aux";
    nodes[i].upos = Upos::AUX;
    hang(nodes, n, Some(p), "obj");
}

/// "threatened to flatten Seoul", the verb hung on the name as if it described it.
fn described(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    let v = i + 1;
    if forms[i] != "to" || v >= nodes.len() {
        return;
    }
    // "to free Iraqi captives": what stands before another adjective or a number is the verb.
    let doubtful = nodes[v].upos == Upos::ADJ && (nodes[v].xpos == "VB" || g.verbal.contains(&forms[v]));
    if !(doubtful || nodes[v].upos == Upos::VERB) || matches!(nodes[v].xpos, "VBN" | "VBG" | "VBD") {
        return;
    }
    let Some(n) = nodes[i].head.filter(|&n| n > v && nodes[v].head == Some(n) && nodes[v].base() == "amod") else { return };
    let begun = matches!(nodes[v + 1].upos, Upos::ADJ | Upos::NUM | Upos::DET | Upos::PRON | Upos::PROPN) && nodes[v + 1].base() != "conj";
    if doubtful && nodes[v].xpos != "VB" && !begun {
        return;
    }
    let Some(host) = nodes[n].head.filter(|&h| h < i && nodes[h].upos == Upos::VERB) else { return };
    hang(nodes, v, Some(host), "xcomp");
    if nodes[v].head != Some(host) {
        return;
    }
    nodes[v].upos = Upos::VERB;
    nodes[v].xpos = "VB";
    hang(nodes, n, Some(v), "obj");
    hang(nodes, i, Some(v), "mark");
    nodes[i].xpos = "TO";
}

/// "is probing abuses", read as being some probing abuses.
fn progressive(nodes: &mut [Node], v: usize) {
    if nodes[v].xpos != "VBG" || nodes[v].base() != "amod" {
        return;
    }
    let Some(n) = nodes[v].head.filter(|&n| n > v && nodes[n].noun()) else { return };
    let kids = children(nodes, n);
    let cop = kids.iter().copied().find(|&k| nodes[k].base() == "cop" && k < v && (k + 1..v).all(|a| nodes[a].upos == Upos::ADV));
    let Some(cop) = cop.filter(|_| kids.iter().any(|&k| nodes[k].rel == "nsubj" && k < v)) else { return };
    promote(nodes, v, n);
    for k in kids {
        if k != v && (k > v && k < n || matches!(nodes[k].base(), "nmod" | "acl")) {
            nodes[k].head = Some(n);
        }
    }
    nodes[n].rel = "obj";
    nodes[cop].rel = "aux";
}

/// "offered to hand over": what follows the infinitive's "to" is a verb.
fn infinitive(nodes: &mut [Node], forms: &[String], i: usize) {
    if forms[i] != "to" || nodes[i].xpos != "TO" {
        return;
    }
    let Some(v) = nodes[i].head.filter(|&v| v > i && v <= i + 2 && nodes[v].upos == Upos::NOUN && nodes[v].xpos == "NN") else { return };
    nodes[v].upos = Upos::VERB;
    nodes[v].xpos = "VB";
    nodes[i].rel = "mark";
    let above = nodes[v].head.map(|h| nodes[h]);
    nodes[v].rel = match (above, nodes[v].base()) {
        (None, _) => nodes[v].rel,
        (_, "conj") => "conj",
        (Some(h), _) if h.noun() => "acl",
        _ => "xcomp",
    };
    let object = children(nodes, v)
        .into_iter()
        .find(|&k| k > v && nodes[k].base() == "nmod" && !children(nodes, k).iter().any(|&c| nodes[c].base() == "case"));
    if let Some(o) = object {
        nodes[o].rel = "obj";
    }
}

/// A past tense cannot stand in front of a noun as an adjective does: "Russia condemned strikes"
/// read as one noun phrase.
fn finite(nodes: &mut [Node], forms: &[String], p: usize) {
    if nodes[p].base() != "amod" || p == 0 {
        return;
    }
    let Some(n) = nodes[p].head.filter(|&n| n > p && nodes[n].noun()) else { return };
    let own = children(nodes, p).into_iter().find(|&k| k < p && nodes[k].base() == "nsubj");
    let past = match nodes[p].xpos {
        "VBD" => true,
        "VBN" => own.is_some() || without_finite(nodes),
        "JJ" => own.is_some() && forms[p].ends_with("ed"),
        _ => false,
    };
    // Only where the whole phrase has no other verb to serve.
    let served = match nodes[n].base() {
        "root" => true,
        "nsubj" => nodes[n].head.is_none_or(|h| nodes[h].upos != Upos::VERB),
        _ => false,
    };
    let beside = Some(p - 1).filter(|&s| nodes[s].noun() && nodes[s].head.is_some_and(|h| h == n || h == p));
    let Some(s) = own.or(beside).filter(|_| past && served) else { return };
    promote(nodes, p, n);
    nodes[n].rel = "obj";
    nodes[p].xpos = "VBD";
    for k in children(nodes, p) {
        if k < s && own.is_none() {
            nodes[k].head = Some(s);
        } else if k > p && k < n {
            nodes[k].head = Some(n);
        }
    }
    nodes[s].head = Some(p);
    nodes[s].rel = "nsubj";
}

/// "Polish soldiers deployed near the border." is no noun phrase when it ends in a period.
fn predicate(nodes: &mut [Node], forms: &[String], p: usize) {
    if nodes[p].rel != "acl" || nodes[p].xpos != "VBN" || !told(forms) || !without_finite(nodes) {
        return;
    }
    let Some(n) = nodes[p].head.filter(|&n| n < p && nodes[n].noun() && nodes[n].head.is_none()) else { return };
    let between = (n + 1..p).all(|k| matches!(nodes[k].upos, Upos::ADV | Upos::NOUN | Upos::PROPN));
    if !between || children(nodes, p).iter().any(|&k| matches!(nodes[k].base(), "aux" | "nsubj")) {
        return;
    }
    let kids = children(nodes, n);
    promote(nodes, p, n);
    // What described the noun still does.
    for k in kids.into_iter().filter(|&k| k < n) {
        nodes[k].head = Some(n);
    }
    nodes[n].rel = "nsubj";
    nodes[p].xpos = "VBD";
}

/// "Chad, a close ally of the south, has …": of two subjects the one between commas describes the first.
fn aside(nodes: &mut [Node], v: usize) {
    if nodes[v].upos != Upos::VERB {
        return;
    }
    let subjects: Vec<usize> = children(nodes, v).into_iter().filter(|&k| k < v && nodes[k].rel == "nsubj" && nodes[k].noun()).collect();
    let [a, b] = subjects[..] else { return };
    let mark = |range: std::ops::Range<usize>| range.into_iter().any(|k| nodes[k].base() == "punct");
    if mark(a + 1..b) && mark(b + 1..v) && nodes[b].upos == Upos::NOUN {
        hang(nodes, b, Some(a), "appos");
    }
}

/// "rejected Thursday an appeal": nobody rejects a day. "A day of mourning" has words of its own.
fn day(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    let object = nodes[i].rel == "obj" && nodes[i].noun() && nodes[i].head.is_some_and(|h| h < i);
    if object && g.timely.contains(&forms[i]) && children(nodes, i).is_empty() {
        nodes[i].rel = "obl:unmarked";
    }
}

/// "will travel to Turkey on Monday and to Lebanon on Tuesday": a phrase is joined to the phrase that begins
/// as it does, not to the verb.
fn second_phrase(nodes: &mut [Node], forms: &[String], i: usize) {
    let Some(verb) = nodes[i].head.filter(|&h| nodes[i].rel == "conj" && nodes[i].noun() && h < i && nodes[h].upos == Upos::VERB) else {
        return;
    };
    let case = |n: usize| children(nodes, n).into_iter().find(|&k| k < n && nodes[k].rel == "case").map(|k| forms[k].as_str());
    let Some(own) = case(i) else { return };
    let before = children(nodes, verb).into_iter().filter(|&k| k > verb && k < i && nodes[k].base() == "obl");
    if let Some(first) = before.filter(|&k| case(k) == Some(own)).max() {
        nodes[i].head = Some(first);
    }
}

/// "At least 74 were killed": how many is who, not a phrase with "at".
fn at_least(nodes: &mut [Node], i: usize) {
    let Some(verb) = nodes[i].head.filter(|&h| nodes[i].rel == "obl" && matches!(nodes[h].upos, Upos::VERB | Upos::AUX)) else { return };
    let kids = children(nodes, i);
    let least = kids.iter().any(|&k| k < i && matches!(nodes[k].xpos, "JJS" | "RBS"));
    let counted = nodes[i].upos == Upos::NUM || kids.iter().any(|&k| nodes[k].base() == "nummod");
    let Some(&at) = kids.iter().find(|&&k| k < i && nodes[k].rel == "case").filter(|_| least && counted) else { return };
    let of_verb = children(nodes, verb);
    let has = |rel: &str| of_verb.iter().any(|&k| nodes[k].base() == rel);
    let passive = of_verb.iter().any(|&k| nodes[k].rel == "aux:pass");
    let rel = match i < verb {
        true if !has("nsubj") && !has("csubj") && passive => "nsubj:pass",
        true if !has("nsubj") && !has("csubj") => "nsubj",
        false if !has("obj") && !passive && has("nsubj") => "obj",
        _ => return,
    };
    nodes[at].rel = "advmod";
    nodes[i].rel = rel;
}

/// "rejected a United Nations appeal", the last noun read as a verb: nothing plural follows "a" unless
/// it describes what comes next.
fn one_of_many(nodes: &mut [Node], forms: &[String], v: usize) {
    if v == 0 || !matches!(nodes[v].xpos, "VBP" | "VB") || !matches!(nodes[v].base(), "ccomp" | "xcomp" | "parataxis") {
        return;
    }
    let s = v - 1;
    let singular = |k: usize| nodes[k].head == Some(s) && matches!(forms[k].as_str(), "a" | "an");
    if nodes[s].head != Some(v) || nodes[s].base() != "nsubj" || !matches!(nodes[s].xpos, "NNS" | "NNPS") {
        return;
    }
    let Some(article) = (0..s).find(|&k| singular(k)) else { return };
    for k in children(nodes, s) {
        if k < s {
            nodes[k].head = Some(if k == article { v } else { s });
        }
    }
    nodes[s].rel = "compound";
    nodes[v].upos = Upos::NOUN;
    nodes[v].xpos = "NN";
    nodes[v].rel = "obj";
    for k in children(nodes, v) {
        nodes[k].rel = match nodes[k].base() {
            "obl" => "nmod",
            "advcl" | "xcomp" => "acl",
            _ => nodes[k].rel,
        };
    }
}

/// "were engaged in the shelling of …": whoever is engaged acts; nobody else engages them.
fn taking_part(nodes: &mut [Node], forms: &[String], g: &Grammar, p: usize) {
    if nodes[p].xpos != "VBN" || !g.acting.contains(&forms[p]) {
        return;
    }
    let kids = children(nodes, p);
    let within = kids
        .iter()
        .any(|&k| k > p && nodes[k].base() == "obl" && children(nodes, k).iter().any(|&c| nodes[c].base() == "case" && forms[c] == "in"));
    let Some(be) = kids.iter().copied().find(|&k| nodes[k].rel == "aux:pass").filter(|_| within) else { return };
    nodes[be].rel = "cop";
    nodes[p].upos = Upos::ADJ;
    nodes[p].xpos = "JJ";
    for k in kids {
        if nodes[k].rel == "nsubj:pass" {
            nodes[k].rel = "nsubj";
        }
    }
}

/// "Helicopters and tanks shelled positions near …", the verb read as a participle before a third
/// noun of the list: a list without a word before its last member is none.
fn told_of_two(nodes: &mut [Node], forms: &[String], p: usize) {
    if nodes[p].base() != "amod" || !matches!(nodes[p].xpos, "VBN" | "VBD") || p == 0 || !told(forms) || !without_finite(nodes) {
        return;
    }
    let Some(n) = nodes[p].head.filter(|&n| n > p && nodes[n].noun() && nodes[n].base() == "conj") else { return };
    let Some(s) = nodes[n].head.filter(|&s| s < p && nodes[s].noun() && nodes[s].head.is_none()) else { return };
    let joined = children(nodes, n).iter().any(|&k| k < p && matches!(nodes[k].base(), "cc" | "punct"));
    let last = p - 1 == s || nodes[p - 1].head == Some(s) && nodes[p - 1].base() == "conj";
    if joined || !last {
        return;
    }
    let own = children(nodes, s);
    promote(nodes, p, s);
    for k in own.into_iter().filter(|&k| k < p) {
        nodes[k].head = Some(s);
    }
    nodes[s].rel = "nsubj";
    nodes[p].xpos = "VBD";
    nodes[n].head = Some(p);
    nodes[n].rel = "obj";
}

fn without_finite(nodes: &[Node]) -> bool {
    !nodes.iter().any(|n| matches!(n.xpos, "VBD" | "VBZ" | "VBP" | "MD"))
}

/// Whether a sentence ends as sentences do, not as headlines: the folded period is empty.
fn told(forms: &[String]) -> bool {
    forms.iter().rev().take(3).any(|f| matches!(f.as_str(), "" | "!"))
}

/// "Indian troops clashed with …", the verb read as a participle and its subject as a passive's: a
/// main clause that ends in a period has a finite verb.
fn active(nodes: &mut [Node], forms: &[String], p: usize) {
    let clause = matches!(nodes[p].base(), "root" | "ccomp" | "parataxis") && nodes[p].upos == Upos::VERB;
    if !clause || nodes[p].xpos != "VBN" || !told(forms) {
        return;
    }
    let kids = children(nodes, p);
    if kids.iter().any(|&k| matches!(nodes[k].base(), "aux" | "cop" | "nsubj" | "csubj") && nodes[k].rel != "nsubj:pass") {
        return;
    }
    let Some(s) = kids.into_iter().find(|&k| k < p && nodes[k].rel == "nsubj:pass") else { return };
    nodes[s].rel = "nsubj";
    nodes[p].xpos = "VBD";
}

/// "The US military struck militia groups", the words before the verb hung on its object.
fn crossed(nodes: &mut [Node], p: usize) {
    let kids = children(nodes, p);
    if !matches!(nodes[p].xpos, "VBN" | "VBD") || kids.iter().any(|&k| matches!(nodes[k].base(), "nsubj" | "aux" | "csubj")) {
        return;
    }
    let Some(n) = kids.into_iter().find(|&k| k > p && nodes[k].base() == "obj") else { return };
    let across: Vec<usize> = children(nodes, n)
        .into_iter()
        .filter(|&k| k < p && matches!(nodes[k].base(), "det" | "amod" | "compound" | "nmod" | "nummod" | "flat"))
        .collect();
    let Some(&s) = across.last().filter(|&&s| s + 1 == p && (nodes[s].noun() || nodes[s].upos == Upos::ADJ)) else { return };
    hang(nodes, s, Some(p), "nsubj");
    if nodes[s].upos == Upos::ADJ {
        nodes[s].upos = Upos::NOUN;
        nodes[s].xpos = "NN";
    }
    for k in across {
        if k != s {
            nodes[k].head = Some(s);
        }
    }
    nodes[p].xpos = "VBD";
}

/// "granted asylum to officers holed up in …", the "to" read as opening a clause.
fn phrase(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    if nodes[i].base() != "mark" || nodes[i].xpos != "IN" || !g.phrasal.contains(&forms[i]) {
        return;
    }
    let Some(v) = nodes[i].head.filter(|&v| v > i && matches!(nodes[v].xpos, "VBN" | "VBD")) else { return };
    let Some(host) = nodes[v].head.filter(|&h| h < i) else { return };
    let Some(n) = (i + 1..v).find(|&n| nodes[n].head == Some(v) && nodes[n].base() == "nsubj") else { return };
    let rel = if nodes[host].noun() { "nmod" } else { "obl" };
    hang(nodes, n, Some(host), rel);
    if nodes[n].head != Some(host) {
        return;
    }
    hang(nodes, i, Some(n), "case");
    hang(nodes, v, Some(n), "acl");
    nodes[v].xpos = "VBN";
    nodes[i].upos = Upos::ADP;
}

/// "condemn in the strongest possible terms attacks in Chad", read as one noun phrase: some nouns
/// end the phrase of manner they stand in, and the verb's object follows.
fn closed(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    if !g.manners.contains(&forms[i]) || nodes[i].base() != "compound" {
        return;
    }
    let Some(n) = nodes[i].head.filter(|&n| n > i && matches!(nodes[n].base(), "obl" | "nmod")) else { return };
    let Some(v) = nodes[n].head.filter(|&v| v < i && nodes[v].upos == Upos::VERB) else { return };
    if children(nodes, v).iter().any(|&k| nodes[k].base() == "obj") {
        return;
    }
    for k in children(nodes, n).into_iter().filter(|&k| k < i) {
        nodes[k].head = Some(i);
    }
    hang(nodes, i, Some(v), "obl");
    nodes[n].rel = "obj";
}

/// "stand shoulder to shoulder with X": a noun said twice around a preposition is a manner, and
/// whatever hangs on its second half belongs to the verb.
fn repeated(nodes: &mut [Node], forms: &[String], g: &Grammar, i: usize) {
    if i == 0 || i + 1 >= nodes.len() || !g.twice.contains(&forms[i]) || forms[i - 1] != forms[i + 1] {
        return;
    }
    let (a, b) = (i - 1, i + 1);
    let Some(v) = (0..a).rev().take(3).find(|&v| nodes[v].upos == Upos::VERB) else { return };
    let below: Vec<usize> =
        (0..nodes.len()).filter(|&k| ![a, i, b].contains(&k) && nodes[k].head.is_some_and(|h| h == a || h == b)).collect();
    for k in below {
        let rel = if nodes[k].base() == "nmod" { "obl" } else { nodes[k].rel };
        hang(nodes, k, Some(v), rel);
    }
    hang(nodes, a, Some(v), "obl");
    hang(nodes, b, Some(a), "nmod");
    hang(nodes, i, Some(b), "case");
    for k in [a, b] {
        nodes[k].upos = Upos::NOUN;
        nodes[k].xpos = "NN";
    }
    nodes[i].upos = Upos::ADP;
    nodes[i].xpos = "IN";
}

#[cfg(test)]
mod tests;
