//! Places: names of places in running text, the places they mean, and the place of a deed.

mod deed;
mod resolve;

pub use deed::of_deed;
use resolve::prior;
pub use resolve::{Asked, resolve};

use super::names::Names;
use super::rels::Rels;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::actors::Kind;
use crate::knowledge::gazetteer::{Candidate, PlaceKind, key};
use crate::knowledge::time::Lex;
use crate::model::{Span, syntax::Upos};
use crate::text::{self, model::Model};
use rustc_hash::FxHashSet as HashSet;
use std::collections::HashMap;

/// A place named in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its words in the text.
    pub span: Span,
    /// Whether the gazetteer or the actor lists know the name.
    pub known: bool,
    /// How wide it is: 0 a town, a site or nobody knows, 1 a district or region, 2 a country or more.
    pub kind: u8,
    /// Whether it is a site with a name ("the Bor Dam"), which the gazetteer does not hold.
    pub site: bool,
}

/// Longest name looked for, in tokens.
const LONGEST: usize = 6;

/// The places a sentence names. A people, a person and a body are none, whatever place they are called after.
pub fn find(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    let mut i = 0;
    while i < tree.len() {
        let named = at(tree, names, k, i);
        // "the Wadan hospital" is the hospital where nobody knows a Wadan.
        let house = if named.is_some_and(|(_, known)| known) { None } else { site(tree, names, k, i) };
        let house = house.filter(|end| named.is_none_or(|(e, _)| *end > e));
        let Some((end, known)) = house.map(|end| (end, false)).or(named) else {
            i += 1;
            continue;
        };
        let span = tree.span(i).join(tree.span(end - 1));
        let kind = if house.is_some() { u8::from(k.grammar.wide.contains(&tree.forms[end - 1])) } else { width(tree, names, k, i, end) };
        out.push(Named { start: i, end, span, known, kind, site: house.is_some() });
        i = end;
    }
    out
}

/// How wide the likeliest place of a name is, as [`Named::kind`] has it.
fn width(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge, start: usize, end: usize) -> u8 {
    let head = top_of(tree, start, end);
    // "Iraq's city of Mosul", "the West Bank town of Jenin": what another place is said to be of is wider than that one.
    let outer = u8::from(tree.rel(head) == "nmod:poss" || holds_another(tree, k, head));
    if names.at(start).is_some_and(|h| h.actor.kind == Kind::State) {
        return 2 + outer;
    }
    let all = k.places.named(&key(tree.span(start).join(tree.span(end - 1)).of(tree.text)));
    let likely = all.iter().max_by(|a, b| prior(a).total_cmp(&prior(b)));
    // "Homs province", "the countryside of Aleppo"
    let part = |i: usize| i < tree.len() && k.grammar.wide.contains(&tree.forms[i]);
    let of_part = matches!(tree.base(head), "compound" | "nmod") && tree.head(head).is_some_and(part);
    let least = u8::from(part(end - 1) || part(end) || of_part);
    // "the village of X", "X town": a town, whatever else bears the name.
    let town = |i: usize| i < tree.len() && k.grammar.towns.contains(tree.lemma(i));
    let of_town = matches!(tree.base(head), "nmod" | "appos") && tree.head(head).is_some_and(|n| n < start && town(n));
    if least == 0 && (town(end) || of_town) {
        return outer;
    }
    outer
        + match likely.map(|c| c.kind) {
            Some(PlaceKind::Country | PlaceKind::Continent) => 2,
            Some(PlaceKind::Region | PlaceKind::District | PlaceKind::Water) => 1,
            Some(PlaceKind::Town | PlaceKind::Point) | None => least,
        }
}

/// The token of a name that hangs on a word outside it.
fn top_of(tree: &Tree<'_>, start: usize, end: usize) -> usize {
    (start..end).find(|&i| tree.head(i).is_none_or(|p| p < start || p >= end)).unwrap_or(end - 1)
}

/// Whether a name stands before a noun that a name behind it is of: "the X town of Y", "the X capital, Y". An area or a
/// district of Y lies in it instead.
fn holds_another(tree: &Tree<'_>, k: &Knowledge, head: usize) -> bool {
    let noun = tree.head(head).filter(|&n| matches!(tree.base(head), "compound" | "amod") && k.grammar.towns.contains(tree.lemma(n)));
    let Some(noun) = noun else { return false };
    let of = |c: usize| tree.prep(c).is_none_or(|p| k.grammar.genitives.contains(p));
    tree.kids(noun).iter().any(|&c| c > noun && matches!(tree.base(c), "nmod" | "appos" | "flat") && of(c) && begins(tree, c))
}

/// The site with a name that begins at a token: capitals of which the last is what it is ("Bor Dam", "Saint Anne
/// Hospital") or a common noun behind them ("the Saray mosque"), where words of place lead to it.
fn site(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge, i: usize) -> Option<usize> {
    let g = &k.grammar;
    // "the Red Fort"
    let titled = |j: usize| capital(tree, j) && matches!(tree.upos(j), Upos::ADJ | Upos::NOUN);
    let article = i > 0 && tree.upos(i - 1) == Upos::DET;
    let first = begins(tree, i) || article && titled(i) && capital(tree, i + 1) && names.at(i).is_none();
    if !first || i > 0 && (name_like(tree, i - 1) || hyphen(tree, i - 1)) {
        return None;
    }
    let sited = |j: usize| [tree.forms[j].as_str(), tree.lemma(j)].iter().any(|w| g.sites.contains(*w) || g.place_nouns.contains(*w));
    // "T-4 airport"
    let number = |j: usize| j > i && j < tree.len() && tree.upos(j) == Upos::NUM && hyphen(tree, j - 1);
    let hyphened = |j: usize| hyphen(tree, j) && (name_like(tree, j + 1) || number(j + 1));
    let inner = |j: usize| j == i || name_like(tree, j) || hyphened(j) || number(j) || titled(j) || begins(tree, j);
    let run = (i..tree.len().min(i + LONGEST + 2)).take_while(|&j| inner(j)).last()? + 1;
    if names.hits.iter().any(|h| h.start <= i && h.end >= run) || (i..run).all(|j| g.creeds.contains(&tree.forms[j])) {
        return None;
    }
    let end = (i + 1..run).rev().find(|&j| sited(j)).map(|j| j + 1).filter(|e| *e == run);
    let end = end.or_else(|| {
        let noun = (run..tree.len().min(run + 2)).find(|&j| tree.upos(j) == Upos::NOUN && sited(j))?;
        (run..noun).all(|j| matches!(tree.upos(j), Upos::NOUN | Upos::ADJ)).then_some(run)
    })?;
    (led_to(tree, k, i) || acted_on(tree, k, i, end)).then_some(end)
}

/// Whether a preposition of place stands before a name, words of direction and description between them: "in
/// downtown X", "near the northern X", "at two X mansions", "in the capital's X market", "near the edge of X".
fn led_to(tree: &Tree<'_>, k: &Knowledge, start: usize) -> bool {
    let g = &k.grammar;
    let mut at = start;
    while at > 0 && start - at < 7 {
        let p = at - 1;
        if tree.upos(p) == Upos::ADP && (g.places.contains(&tree.forms[p]) || g.through.contains(&tree.forms[p])) {
            return true;
        }
        let passed = matches!(tree.upos(p), Upos::ADJ | Upos::DET | Upos::NUM)
            || g.compass.contains(&tree.forms[p])
            || g.place_nouns.contains(&tree.forms[p]);
        let hyphened = hyphen(tree, p) && g.compass.contains(&tree.forms[at]);
        // "near the capital, X"
        let named = tree.word(p) == "," && p > 0 && g.place_nouns.contains(&tree.forms[p - 1]);
        let part = p > 0 && g.genitives.contains(&tree.forms[p]) && part_of_place(tree, k, p - 1);
        let owner = p > 0 && g.possessives.contains(&tree.forms[p]) && tree.nominal(p - 1);
        let held = p > 1 && hyphen(tree, p - 1) && tree.upos(p) == Upos::VERB;
        if !(passed || hyphened || named || part || owner || held) {
            return false;
        }
        at = p - if held { 2 } else { usize::from(part || owner) };
    }
    false
}

/// Whether a noun is a part of a place: "the outskirts of X", "the farms of X", "the western part of X".
fn part_of_place(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    let g = &k.grammar;
    let one_of = |words: &HashSet<String>| words.contains(tree.lemma(i)) || words.contains(&tree.forms[i]);
    let side = || one_of(&g.place_sides) && tree.with(i, Rels::AMOD | Rels::COMPOUND).any(|c| g.compass.contains(&tree.forms[c]));
    tree.upos(i) == Upos::NOUN && (one_of(&g.place_parts) || side())
}

/// Whether a name stands right behind a noun that says it is a place: "the capital X", "the capital, X".
fn called(tree: &Tree<'_>, k: &Knowledge, start: usize) -> bool {
    let comma = start > 0 && tree.word(start - 1) == ",";
    let noun = start.checked_sub(1 + usize::from(comma));
    noun.is_some_and(|n| tree.upos(n) == Upos::NOUN && k.grammar.place_nouns.contains(tree.lemma(n)))
}

/// Whether a noun is a kind of place or of what stands in one: "town", "mosque".
fn stands_in_place(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    k.grammar.place_nouns.contains(tree.lemma(i)) || k.grammar.sites.contains(tree.lemma(i))
}

/// Whether a name is what is gone into, taken or fired at: "patrolled X", "X was shelled".
fn acted_on(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let head = top_of(tree, start, end);
    let grounds = |i: usize| tree.head(i).is_some_and(|h| goes_on_in(tree, k, h));
    let patient = |i: usize| (tree.base(i) == "obj" || tree.rel(i) == "nsubj:pass") && grounds(i);
    // "patrolled X Sunday", where the tree takes the day for what is patrolled
    let dated = || tree.head(head).is_some_and(|h| h == end && timed(tree, k, h) && grounds(h)) && tree.base(head) == "compound";
    patient(head) || dated() || tree.base(head) == "compound" && tree.head(head).is_some_and(|h| stands_in_place(tree, k, h) && patient(h))
}

/// Whether what a verb is done to may be where it happens.
pub(super) fn goes_on_in(tree: &Tree<'_>, k: &Knowledge, verb: usize) -> bool {
    tree.keys(verb).iter().any(|w| k.grammar.grounds.contains(w))
}

/// "in Seoul Thursday"
fn timed(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    k.time.at(&[tree.word(i).to_lowercase()]).any(|(_, l)| matches!(l, Lex::Month(_) | Lex::Weekday(_)))
}

/// "at 10 a.m. Moscow time"
fn o_clock(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    tree.base(i) == "compound" && tree.head(i).is_some_and(|h| h == i + 1 && k.grammar.clocks.contains(&tree.forms[h]))
}

fn capital(tree: &Tree<'_>, i: usize) -> bool {
    let quoted = |c: &char| matches!(c, '‘' | '’' | 'ʿ' | 'ʾ' | '`' | '\'');
    i < tree.len() && tree.word(i).chars().find(|c| !quoted(c)).is_some_and(char::is_uppercase)
}

fn name_like(tree: &Tree<'_>, i: usize) -> bool {
    i < tree.len() && capital(tree, i) && tree.upos(i) == Upos::PROPN
}

/// A name may begin with a particle in lower case: "al-Wafa".
fn begins(tree: &Tree<'_>, i: usize) -> bool {
    let particle = |w: &str| (2..=3).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_lowercase());
    name_like(tree, i) || i + 2 < tree.len() && particle(tree.word(i)) && hyphen(tree, i + 1) && capital(tree, i + 2)
}

fn hyphen(tree: &Tree<'_>, i: usize) -> bool {
    i < tree.len() && matches!(tree.word(i), "-" | "–" | "‑")
}

/// The name that begins at a token: its end, and whether it is known.
fn at(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge, i: usize) -> Option<(usize, bool)> {
    let g = &k.grammar;
    if !(capital(tree, i) || begins(tree, i) || tree.upos(i) == Upos::PROPN && i + 1 < tree.len()) {
        return None;
    }
    // "in March", "on Tuesday"
    if timed(tree, k, i) || o_clock(tree, k, i) {
        return None;
    }
    if let Some(hit) = names.at(i) {
        // "southern Sudan", "the Philippines" are one name to the actor lists; the place begins at the capital.
        let lead = |j: usize| (g.compass.contains(&tree.forms[j]) || tree.upos(j) == Upos::DET) && !capital(tree, j);
        let start = hit.start == i || (hit.start..i).all(lead);
        let within = part_of_name(tree, k, i, hit.end);
        let known = k.places.knows(&key(tree.span(i).join(tree.span(hit.end - 1)).of(tree.text)));
        match hit.actor.kind {
            Kind::State | Kind::Place if start && !within => return Some((hit.end, true)),
            // A seat of power acts more often than it is a place: "Moscow said" is none, "in Moscow" is one.
            Kind::Seat if start && !within && known => {
                let after = i > 0 && k.grammar.genitives.contains(&tree.forms[i - 1]) || led_to(tree, k, i);
                let comma = hit.end < tree.len() && tree.word(hit.end) == ",";
                let placed = after || comma || called(tree, k, i) || before_site(tree, k, i, hit.end) || acted_on(tree, k, i, hit.end);
                return placed.then_some((hit.end, true));
            }
            // The beginning of a longer name ("Balad Ruz"), a name that only looks like the seat.
            Kind::Place | Kind::State | Kind::Seat if start && (within || !known) => {}
            _ => return None,
        }
    }
    // The longest run of the sentence the gazetteer knows.
    for n in (1..=LONGEST.min(tree.len() - i)).rev() {
        let end = i + n;
        let alone = n == 1 && capital(tree, i) && tree.upos(i) != Upos::VERB && k.places.lists(&key(tree.word(i)));
        if !(name_like(tree, end - 1) || alone) {
            continue;
        }
        if (i..end).any(|j| names.at(j).is_some_and(|h| h.start != i || h.end >= end)) {
            continue;
        }
        // "the Middle East" has no place called East in it.
        if n == 1 && g.compass.contains(&tree.forms[i]) {
            continue;
        }
        let inside = |j: usize| {
            begins(tree, j)
                || hyphen(tree, j)
                || g.genitives.contains(&tree.forms[j])
                || tree.upos(j) == Upos::DET
                || tree.upos(j) == Upos::ADP
                || tree.word(j) == "and"
        };
        if !(i..end).all(inside) || !name_like(tree, i) && n > 1 {
            continue;
        }
        let words = tree.span(i).join(tree.span(end - 1)).of(tree.text);
        if k.places.knows(&key(words)) && !part_of_name(tree, k, i, end) {
            return placed(tree, k, i, end).then_some((end, true));
        }
    }
    // "in the village of Kafr X", "near Tal Y": nobody lists it, the words around it say so.
    if g.compass.contains(&tree.forms[i]) && !name_like(tree, i + 1) {
        return None;
    }
    let end = (i..tree.len().min(i + LONGEST))
        .take_while(|&j| {
            name_like(tree, j) && !(j > i && timed(tree, k, j)) || begins(tree, j) || hyphen(tree, j) && j > i && capital(tree, j + 1)
        })
        .last()?
        + 1;
    let longer = names.at(i).is_none_or(|h| end > h.end || h.actor.kind == Kind::Seat);
    if !longer || !begins(tree, i) || i > 0 && (name_like(tree, i - 1) || hyphen(tree, i - 1)) {
        return None;
    }
    (!part_of_name(tree, k, i, end) && told_as_place(tree, k, i, end)).then_some((end, false))
}

/// Whether the words before or after make it a place: "in X", "the village of X", "X province".
fn told_as_place(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let g = &k.grammar;
    let mut b = start;
    let mut article = false;
    loop {
        if b > 0 && (matches!(tree.upos(b - 1), Upos::DET | Upos::ADJ) || g.compass.contains(&tree.forms[b - 1])) {
            b -= 1;
            article |= tree.upos(b) == Upos::DET;
        } else if b > 2 && hyphen(tree, b - 2) && tree.upos(b - 1) == Upos::VERB {
            // "in rebel-held X"
            b -= 3;
        } else if b > 0 && matches!(tree.word(b - 1), "‘" | "`") {
            // "the village of ‘Ayn X"
            b -= 1;
        } else {
            break;
        }
    }
    let before = b.checked_sub(1);
    let noun_before = before.is_some_and(|p| g.place_nouns.contains(tree.lemma(p)));
    let of_noun = before.is_some_and(|p| g.genitives.contains(&tree.forms[p]) && p > 0 && of_place(tree, k, p - 1));
    let noun_after = end < tree.len() && g.place_nouns.contains(tree.lemma(end)) || before_place(tree, k, start, end);
    // "in rural X", "on nearby X"
    let by_compass = start > 0 && !capital(tree, start - 1) && g.compass.contains(&tree.forms[start - 1]);
    // "X, a village in Y"
    let described = || {
        let head = top_of(tree, start, end);
        tree.with(head, Rels::APPOS).any(|c| c > end && tree.upos(c) == Upos::NOUN && g.towns.contains(tree.lemma(c)))
    };
    // "Jabal X", "Wadi X"
    let generic = end > start + 1 && g.place_heads.contains(&tree.forms[start]);
    let within = before.is_some_and(|p| g.located.contains(&tree.forms[p]) && tree.upos(p) == Upos::ADP);
    // Towns take no article, and are seldom anybody's: "at the News Agency", "outside Ahmed's house".
    let known = || k.places.knows(&key(tree.span(start).join(tree.span(end - 1)).of(tree.text)));
    let owner = end < tree.len() && g.possessives.contains(&tree.forms[end]);
    let taken = || {
        let head = top_of(tree, start, end);
        let verb = tree.head(head).filter(|_| tree.base(head) == "obj" || tree.rel(head) == "nsubj:pass");
        verb.is_some_and(|v| tree.keys(v).iter().any(|w| g.entered.contains(w) || g.grounds.contains(w) && known()))
    };
    noun_before
        || of_noun
        || noun_after
        || by_compass
        || generic
        || within && (!article && !owner || known())
        || !article && !owner && taken()
        || !article && described()
}

/// Whether "of" behind a word makes a name a place: "the village of X", "the outskirts of X", "north of X", "outside
/// of X", "20 km of X".
fn of_place(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    let g = &k.grammar;
    let form = &tree.forms[i];
    g.place_nouns.contains(tree.lemma(i))
        || g.place_nouns.contains(form)
        || g.compass.contains(form)
        || g.located.contains(form)
        || g.distances.contains(form)
        || part_of_place(tree, k, i)
}

/// "the X refugee camp", "the X sub-district": a noun of place that a name describes, not right behind it.
fn before_place(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let head = top_of(tree, start, end);
    let noun = tree.head(head).filter(|&n| matches!(tree.base(head), "compound" | "amod") && n >= end && n < end + 3);
    let noun = noun.filter(|&n| tree.upos(n) == Upos::NOUN && (end..n).all(|j| matches!(tree.upos(j), Upos::NOUN | Upos::ADJ)));
    noun.is_some_and(|n| {
        let last = tree.lemma(n).rsplit('-').next().unwrap_or_default();
        stands_in_place(tree, k, n) || k.grammar.place_nouns.contains(last)
    })
}

/// "a Baghdad mosque", "the Paris suburb": a name before what stands in the place.
fn before_site(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    matches!(tree.base(end - 1), "compound" | "nmod")
        && tree.head(end - 1).is_some_and(|h| (h < start || h >= end) && stands_in_place(tree, k, h))
}

/// Whether a known name is used for the place: not a person's or a body's, not a plain word.
fn placed(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let key = key(tree.span(start).join(tree.span(end - 1)).of(tree.text));
    if k.places.lists(&key) {
        return true;
    }
    let g = &k.grammar;
    let before = start.checked_sub(1);
    if end == start + 1 && somebody(tree, k, start) {
        return false;
    }
    // "Laurel County"
    if end > start + 1 && g.place_nouns.contains(&tree.forms[end - 1]) {
        return true;
    }
    // Towns take no article: "the Council", "the University".
    if end == start + 1 && (before.is_some_and(|p| tree.upos(p) == Upos::DET) || g.place_nouns.contains(&tree.forms[start])) {
        return false;
    }
    if told_as_place(tree, k, start, end) {
        return true;
    }
    if before.is_some_and(|p| g.places.contains(&tree.forms[p]) && tree.upos(p) == Upos::ADP) {
        return true;
    }
    if called(tree, k, start) && tree.base(top_of(tree, start, end)) != "nsubj" {
        return true;
    }
    // "Paris, Texas"; "Pandi, Bulacan".
    let comma = |i: usize| i < tree.len() && tree.word(i) == ",";
    if comma(end) && name_like(tree, end + 1) && k.places.knows(&self::key(tree.word(end + 1)))
        || before.is_some_and(|p| comma(p) && p > 0 && name_like(tree, p - 1))
    {
        return true;
    }
    // A town of some size by its main name.
    let size = k.places.named(&key).iter().filter(|c| c.main).map(|c| c.size).fold(0.0, f64::max);
    let subject = tree.base(start) == "nsubj" && tree.head(start).is_some_and(|h| !k.cues.verbs(tree.lemma(h)).is_empty());
    size >= 5.3 && !subject
}

/// Whether what befalls a name befalls a person, by the pronoun that takes it up or an age: "X was captured as he fled",
/// "X, 72, was captured".
fn somebody(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    if tree.rel(i) != "nsubj:pass" && tree.base(i) != "obj" {
        return false;
    }
    let aged = tree.kids(i).iter().any(|&c| c > i && tree.upos(c) == Upos::NUM);
    aged || (i + 1..tree.len()).any(|j| k.grammar.persons.contains(&tree.forms[j]))
}

/// Whether the words are part of a longer name that is no place ("Bank of England", "London Zoo", "Paris Hilton").
fn part_of_name(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let g = &k.grammar;
    let noun = |i: usize| g.place_nouns.contains(tree.lemma(i)) || g.place_nouns.contains(&tree.forms[i]);
    if name_like(tree, end) && !noun(end) && !hyphen(tree, end) && !timed(tree, k, end) {
        return true;
    }
    let before = start.checked_sub(1).filter(|&b| tree.word(b) != ",");
    let compass = |b: usize| g.compass.contains(&tree.forms[b]);
    if let Some(b) = before.filter(|&b| name_like(tree, b) && !noun(b)) {
        // A compass word or a title: "Northern Iraq", "President Paris".
        return tree.base(b) != "amod" && !compass(b);
    }
    // "the City Council", "Laurel County High School"
    let inner = |b: usize| tree.head(b) == Some(start) && g.towns.contains(tree.lemma(b)) && !g.place_heads.contains(&tree.forms[b]);
    let titled = |b: usize| b > 0 && tree.upos(b) == Upos::ADJ && tree.base(b) == "amod" && !compass(b) && name_like(tree, b - 1);
    if before.is_some_and(|b| capital(tree, b) && (name_like(tree, b) && inner(b) || titled(b))) {
        return true;
    }
    // "University of X", "Bank of X"
    start > 1
        && g.genitives.contains(&tree.forms[start - 1])
        && name_like(tree, start - 2)
        && !compass(start - 2)
        && (!noun(start - 2) || g.offices.contains(&tree.forms[start - 2]) && !region(tree, k, start, end))
}

/// Whether a region bears a name: "the Department of X" is a body otherwise.
fn region(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let named = k.places.named(&key(tree.span(start).join(tree.span(end - 1)).of(tree.text)));
    named.iter().any(|c| matches!(c.kind, PlaceKind::Region | PlaceKind::Country))
}

/// What the names of a sentence ask the gazetteer, in their order.
pub fn asked(tree: &Tree<'_>, names: &Names<'_>, places: &[Named]) -> Vec<Asked> {
    let listed = |p: &Named| names.at(p.start).filter(|h| matches!(h.actor.kind, Kind::State | Kind::Place | Kind::Seat | Kind::Demonym));
    places
        .iter()
        .map(|p| {
            // "Homs, Syria", "Homs (Syria)", "Homs in Syria"
            let beside = p.end + 1 < tree.len() && (matches!(tree.word(p.end), "," | "(") || tree.base(p.end) == "case");
            let within = places.iter().find(|o| beside && o.start == p.end + 1).map(|o| o.span.of(tree.text).to_owned());
            let hit = listed(p);
            let country = hit.and_then(|h| h.actor.code.get(..3)).map(str::to_owned);
            let demonym = hit.is_some_and(|h| h.actor.kind == Kind::Demonym && h.end == p.end);
            Asked { name: p.span.of(tree.text).to_owned(), within, country, demonym }
        })
        .collect()
}

/// Counts the states a sentence is about.
pub fn count_states(names: &Names<'_>, k: &Knowledge, countries: &mut HashMap<String, usize>) {
    for code in names.hits.iter().filter_map(|h| h.actor.code.get(..3)).filter(|c| k.actors.state(c).is_some()) {
        *countries.entry(code.to_owned()).or_default() += 1;
    }
}

/// A place of a text: its words, and what they mean when anything bears the name.
pub type TextPlace = (Span, Option<Candidate>);

/// The places of a text, nothing left out as furniture. With `given` the spans are known and only what they mean is
/// asked; the other names of the text help.
pub fn places(text: &str, given: Option<&[Span]>, k: &Knowledge, model: &Model) -> Vec<TextPlace> {
    let mut found: Vec<(Span, Asked)> = Vec::new();
    let mut countries = HashMap::new();
    let local = k.actors.in_context(text);
    for sentence in &text::plain(text, &k.text, model) {
        let tree = Tree::new(sentence, text, k);
        if tree.is_empty() {
            continue;
        }
        let names = Names::find(&tree, k, None, &local);
        count_states(&names, k, &mut countries);
        let named: Vec<Named> = find(&tree, &names, k).into_iter().filter(|n| !n.site).collect();
        let asks = asked(&tree, &names, &named);
        // A demonym that was given is a country's.
        for span in given.into_iter().flatten() {
            let hit = names.hits.iter().find(|h| {
                tree.span(h.start).start == span.start && matches!(h.actor.kind, Kind::Demonym | Kind::State | Kind::Place | Kind::Seat)
            });
            if let Some((hit, code)) = hit.and_then(|h| Some((h, h.actor.code.get(..3)?))) {
                let demonym = hit.actor.kind == Kind::Demonym && tree.span(hit.end - 1).end == span.end;
                found.push((*span, Asked { name: span.of(text).to_owned(), within: None, country: Some(code.to_owned()), demonym }));
            }
        }
        found.extend(named.iter().map(|n| n.span).zip(asks));
    }
    if let Some(given) = given {
        let mut all: Vec<(Span, Asked)> = Vec::new();
        for span in given {
            let same = found.iter().filter(|(s, _)| s == span);
            let country = same.clone().find_map(|(_, a)| a.country.clone());
            let demonym = same.clone().any(|(_, a)| a.demonym);
            let within = same.clone().find_map(|(_, a)| a.within.clone()).or_else(|| {
                let next = given.iter().find(|o| o.start > span.end && o.start - span.end <= 2)?;
                let gap = text.get(span.end as usize..next.start as usize)?;
                (gap.trim() == "," || gap == " (").then(|| next.of(text).to_owned())
            });
            all.push((*span, Asked { name: span.of(text).to_owned(), within, country, demonym }));
        }
        let asked_for = all.len();
        all.extend(found.into_iter().filter(|(s, _)| !given.iter().any(|g| g.overlaps(*s))));
        let asks: Vec<Asked> = all.iter().map(|(_, a)| a.clone()).collect();
        let means = resolve(&asks, &countries, k);
        return all.into_iter().map(|(s, _)| s).zip(means).take(asked_for).collect();
    }
    let asks: Vec<Asked> = found.iter().map(|(_, a)| a.clone()).collect();
    let means = resolve(&asks, &countries, k);
    found.into_iter().map(|(s, _)| s).zip(means).collect()
}

/// The named place of the deed whose trigger is given as a stretch of the text.
pub fn place_of(text: &str, trigger: Span, k: &Knowledge, model: &Model) -> Option<Span> {
    let local = k.actors.in_context(text);
    for sentence in &text::plain(text, &k.text, model) {
        if !sentence.span.overlaps(trigger) {
            continue;
        }
        let tree = Tree::new(sentence, text, k);
        let names = Names::find(&tree, k, None, &local);
        let places = find(&tree, &names, k);
        let at = (0..tree.len()).find(|&i| tree.span(i).overlaps(trigger))?;
        return of_deed(&tree, k, &places, at, &[], |_| true).map(|n| places[n].span);
    }
    None
}

// ------------------------------------------------------------ which place a name means

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let k = Knowledge::embedded().expect("the compiled-in knowledge loads");
        let model = Model::embedded().expect("the compiled-in model loads");
        let got: Vec<String> = places(text, None, k, model)
            .iter()
            .map(|(s, c)| format!("{} {}", s.of(text), c.and_then(|c| c.country_code().map(str::to_owned)).unwrap_or_default()))
            .collect();
        assert_eq!(got.join("; "), expect, "{text}");
    }

    #[test]
    fn a_place_is_where_something_is() {
        check("The shells fell near Homs in Syria.", "Homs SYR; Syria SYR");
        check("Fighting went on in Tripoli, Lebanon.", "Tripoli LBN; Lebanon LBN");
        check("Police arrested a man in Paris, Ky., on Sunday.", "Paris USA; Ky. USA");
        check("The storm hit Moscow, Idaho.", "Moscow USA; Idaho USA");
        check("A fire broke out in Walker County, Ala., on Sunday.", "Walker County USA; Ala. USA");
        check("In March the Russians said they were leaving.", "");
        check("The City Council met in Boise with the Department of Labor.", "Boise USA");
    }

    #[test]
    fn the_place_of_a_deed() {
        let k = Knowledge::embedded().expect("the compiled-in knowledge loads");
        let model = Model::embedded().expect("the compiled-in model loads");
        let check = |text: &str, trigger: &str, expect: &str| {
            let at = text.find(trigger).unwrap();
            let found = place_of(text, Span::new(at, at + trigger.len()), k, model).map(|s| s.of(text));
            assert_eq!(found.unwrap_or(""), expect, "{text}");
        };
        check("Rebels shelled soldiers in the town of Hama, officials in Damascus said.", "shelled", "Hama");
        check("A bomb killed two people in Iraq's northern city of Mosul.", "killed", "Mosul");
        check("Thousands marched through central Moscow on Sunday.", "marched", "Moscow");
        check("A teacher was shot as he left his house in the village of al-Zarqa.", "shot", "al-Zarqa");
        check("Gunmen stormed the Saray mosque.", "stormed", "Saray");
        check("He was arrested last month in the Philippines.", "arrested", "Philippines");
        check("Troops patrolled central Kabul on Sunday.", "patrolled", "Kabul");
        check("Rebels held positions on the northern edge of Kafr Wadan.", "held", "Kafr Wadan");
        check("A shell landed near the entrance of the Wadan Military Hospital.", "landed", "Wadan Military Hospital");
        check("The army launched an offensive in rural Homs, storming the town of Zaran.", "launched", "Homs");
        check("Protesters burned a flag outside the United States consulate in Lahore.", "burned", "Lahore");
        check("Militants fired mortars at the Zamka area in Idlib.", "fired", "Zamka");
        check("A patrol was ambushed in a village 30 km north of Mosul.", "ambushed", "Mosul");
        check("A bomb went off near a Shiite mosque in Karbala.", "went", "Karbala");
        check("Students protested against the war in Iraq.", "protested", "");
        check("The army carried out strikes against targets in Yemen.", "strikes", "Yemen");
        check("Moscow accused Kyiv of bombing a hospital in Luhansk.", "accused", "");
        // What is condemned happened there, the condemning did not.
        check("The United States condemned the coup in Niger.", "condemned", "");
        check("France denounced the killing of aid workers in Goma.", "denounced", "");
        check("At a dinner in Doha the minister praised the talks.", "praised", "Doha");
        check("We condemn in the strongest terms the attacks this week in Goma and Beni.", "condemn", "");
        check("Hundreds protested the minister's visit in Sofia.", "protested", "Sofia");
        check("The rebels captured the fort from Sudan.", "captured", "");
        check("Two gunmen were shot by soldiers in Mali.", "shot", "Mali");
        check("The prisoners were killed during the occupation of Kharkiv.", "killed", "Kharkiv");
        check("In Mosul, a baker was shot near the town of Tal Zaran.", "shot", "Tal Zaran");
        check("A bomb went off in Zaran district in western Baghdad.", "went", "Zaran");
        check("A smuggler was shot as he tried to leave a house in Tikrit.", "shot", "Tikrit");
        check("Dallas police shot a bear.", "shot", "Dallas");
        check("Santacruz was arrested as he dined in Lima.", "arrested", "Lima");
        check("The shell fell at 10 a.m. Moscow time.", "fell", "");
        check("Rebels captured Zaran, a village in Homs province.", "captured", "Zaran");
        check("Troops shelled the Wadi Zaran pocket.", "shelled", "Wadi Zaran");
        // What comes after a deed happened elsewhere.
        check("He was arrested before he could return to the camp in Jenin.", "arrested", "");
    }
}
