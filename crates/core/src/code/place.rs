//! Places: names of places in running text, the places they mean, and the place of a deed.

use super::names::Names;
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
        let whole = |end: usize| site(tree, names, k, i).is_some_and(|e| e > end);
        // "the Wadan hospital" is the hospital where nobody knows a Wadan.
        match at(tree, names, k, i).filter(|(end, known)| *known || !whole(*end)) {
            Some((end, known)) => {
                let span = tree.span(i).join(tree.span(end - 1));
                out.push(Named { start: i, end, span, known, kind: width(tree, names, k, i, end), site: false });
                i = end;
            }
            None => match site(tree, names, k, i) {
                Some(end) => {
                    let span = tree.span(i).join(tree.span(end - 1));
                    out.push(Named { start: i, end, span, known: false, kind: 0, site: true });
                    i = end;
                }
                None => i += 1,
            },
        }
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
    let side = || one_of(&g.place_sides) && tree.with(i, &["amod", "compound"]).any(|c| g.compass.contains(&tree.forms[c]));
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
    if timed(tree, k, i) {
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
            name_like(tree, j)
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

/// Whether the words are part of a longer name that is no place ("Bank of England", "London Zoo", "Paris Hilton").
fn part_of_name(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let g = &k.grammar;
    let noun = |i: usize| g.place_nouns.contains(tree.lemma(i)) || g.place_nouns.contains(&tree.forms[i]);
    if name_like(tree, end) && !noun(end) && !hyphen(tree, end) && !timed(tree, k, end) {
        return true;
    }
    if start > 0 && name_like(tree, start - 1) && !noun(start - 1) && tree.word(start - 1) != "," {
        // A compass word or a title: "Northern Iraq", "President Paris".
        return tree.base(start - 1) != "amod" && !g.compass.contains(&tree.forms[start - 1]);
    }
    // "University of X", "Bank of X"
    start > 1
        && g.genitives.contains(&tree.forms[start - 1])
        && name_like(tree, start - 2)
        && !noun(start - 2)
        && !g.compass.contains(&tree.forms[start - 2])
}

/// The named place a deed happened at, among those `allowed`: under its words by a preposition of place or as what the
/// deed was done to, in a clause under it, or in the clause it hangs on. Of names in one phrase the most exact one counts
/// ("Syria's city of Homs"), of several phrases the one that hangs nearest.
pub fn of_deed(
    tree: &Tree<'_>,
    k: &Knowledge,
    places: &[Named],
    trigger: usize,
    used: &[usize],
    allowed: impl Fn(&Named) -> bool,
) -> Option<usize> {
    let mut ways: Vec<((u8, u8, usize, usize), usize)> = Vec::new();
    let mut look = |at: usize, used: &[usize], far: u8| {
        for (n, place) in places.iter().enumerate().filter(|(_, p)| allowed(p)) {
            let Some((cost, steps)) = under(tree, k, place, at, used) else { continue };
            ways.push(((cost + far, place.kind, steps, place.start.abs_diff(trigger)), n));
        }
    };
    look(trigger, used, 0);
    // "struck at X, killing 19", "killed in an attack in X": the clause has the place of the one it belongs to.
    let mut at = trigger;
    for step in 1..=4 {
        let up = tree.head(at).filter(|&h| match tree.base(at) {
            // What is said has another place than the saying.
            "ccomp" | "parataxis" => k.cues.verbs(tree.lemma(h)).is_empty(),
            _ => true,
        });
        let Some(up) = up else { break };
        look(up, &[], 10 + step);
        at = up;
    }
    let best = ways.iter().min_by_key(|(rank, _)| *rank).copied().map(|(rank, mut n)| {
        // The narrowest of places told together.
        for _ in 0..3 {
            let inside = ways.iter().filter(|(_, i)| *i != n && lies_in(tree, k, &places[*i], &places[n]));
            let Some((_, i)) = inside.min_by_key(|(rank, _)| *rank) else { break };
            n = *i;
        }
        (rank, n)
    });
    best.map(|(_, n)| n)
}

/// Whether a noun is a part of a state: "the Mexico state of X", "Iraq's border", "Syria's countryside".
fn part_of_state(tree: &Tree<'_>, k: &Knowledge, i: usize) -> bool {
    let lemma = tree.lemma(i);
    [&k.grammar.wide, &k.grammar.towns, &k.grammar.place_parts].iter().any(|words| words.contains(lemma))
}

/// Whether one place lies in another that is named beside it: "the X district of Y", "X, Y", "a road near X in Y".
fn lies_in(tree: &Tree<'_>, k: &Knowledge, inner: &Named, outer: &Named) -> bool {
    let g = &k.grammar;
    let size = |p: &Named| k.places.named(&key(p.span.of(tree.text))).iter().map(prior).fold(0.0, f64::max);
    // "the Homs neighbourhood of X" is the other way round.
    if outer.start < inner.end || size(inner) > size(outer).max(3.0) {
        return false;
    }
    // The words of the inner one's phrase, the name first.
    let mut phrase = vec![top_of(tree, inner.start, inner.end)];
    while let Some(up) = phrase.last().copied().and_then(|at| {
        let of = tree.prep(at).is_some_and(|p| g.genitives.contains(p));
        let part = matches!(tree.base(at), "compound" | "flat" | "amod") || of && tree.base(at) == "nmod";
        let up = tree.head(at).filter(|&up| part && !tree.verbal(up))?;
        (!of || g.towns.contains(tree.lemma(up))).then_some(up)
    }) {
        phrase.push(up);
        if phrase.len() > 3 {
            break;
        }
    }
    let mut at = top_of(tree, outer.start, outer.end);
    for _ in 0..5 {
        let Some(up) = tree.head(at) else { return false };
        if phrase.contains(&up) {
            let prep = tree.prep(at);
            let of = prep.is_some_and(|p| g.genitives.contains(p));
            let named = of && up != phrase[0] && g.towns.contains(tree.lemma(up));
            return matches!(tree.base(at), "nmod" | "appos" | "obl")
                && tree.rel(at) != "nmod:poss"
                && !named
                && prep.is_none_or(|p| of || g.located.contains(p));
        }
        if tree.verbal(up) || !matches!(tree.base(at), "nmod" | "compound" | "flat" | "appos") {
            return false;
        }
        at = up;
    }
    false
}

/// How a place hangs on a deed's word: what the way costs and how long it is; nothing when it is no place of the deed.
fn under(tree: &Tree<'_>, k: &Knowledge, place: &Named, trigger: usize, used: &[usize]) -> Option<(u8, usize)> {
    let g = &k.grammar;
    let head = top_of(tree, place.start, place.end);
    let (mut at, mut local, mut firm, mut cost) = (head, false, false, 0);
    // "the US embassy", "in Georgia's worst crisis": whose it is, while "Syria's north" is in Syria.
    let owner = tree.rel(head) == "nmod:poss";
    let whose = |n: usize| !(part_of_state(tree, k, n) || g.compass.contains(&tree.forms[n]) || owner && stands_in_place(tree, k, n));
    if place.kind >= 2 && (owner || tree.base(head) == "compound") && tree.head(head).is_some_and(whose) {
        return None;
    }
    for step in 0..10 {
        if at == trigger || used.contains(&at) {
            // "bombed the city of X", where the frame has the city.
            let ground = || tree.base(at) == "obj" || tree.rel(at) == "nsubj:pass";
            let town = at != trigger && stands_in_place(tree, k, at) && ground();
            return ((local || town) && step > 0).then_some((cost, step));
        }
        let up = tree.head(at)?;
        let top = up == trigger || used.contains(&up);
        let case = tree.prep(at);
        // "protested against the war in Iraq", where the tree has the state beside the war.
        let topic = || head.checked_sub(2).is_some_and(|n| tree.nominal(n) && tree.prep(n).is_some_and(|p| g.aimless.contains(p)));
        if place.kind >= 2 && top && at == head && topic() {
            return None;
        }
        // Of a thing or a person "from" and "to" tell where it came from or goes.
        let moved = |p: &str| g.bounds.contains(p) && !tree.verbal(up) && !top;
        local |= case.is_some_and(|p| (g.places.contains(p) || g.through.contains(p)) && !moved(p));
        // "north of X" is somewhere else, which is better than nowhere.
        if case.is_some_and(|p| g.genitives.contains(p)) && g.compass.contains(&tree.forms[up]) {
            local = true;
            cost += 4;
        }
        firm |= case.is_some_and(|p| g.located.contains(p) || g.at_hand.contains(p));
        // "entered X", "X was shelled", "captured the X district"
        let origin = || tree.prep(head).is_some_and(|p| g.bounds.contains(p));
        let whole = at == head || stands_in_place(tree, k, at) || tree.base(head) == "nmod" && !origin();
        local |= tree.base(at) == "obj" && whole;
        let taken = whole && goes_on_in(tree, k, up);
        local |= tree.rel(at) == "nsubj:pass" && taken;
        // "launched an assault, storming X"
        firm |= tree.base(at) == "obj" && taken;
        cost += match tree.base(at) {
            "nsubj" if tree.rel(at) != "nsubj:pass" && at == head => return None,
            // "the mission in X will patrol": where the doer is.
            "nsubj" => 3,
            "ccomp" | "parataxis" => return None,
            "advcl" | "xcomp" | "acl" | "conj" if tree.verbal(at) => {
                // Another clause has its own place, and lends it where the deed's has none: "shot as he left a
                // house in X". What comes before, after or of it is elsewhere.
                let apart = tree.with(at, &["mark", "advmod"]).any(|c| g.apart.contains(&tree.forms[c]));
                if !firm || apart && tree.base(at) == "advcl" || !top && matches!(tree.base(at), "conj" | "xcomp") {
                    return None;
                }
                if top { 5 } else { 2 }
            }
            _ if top && case.is_some_and(|p| g.aimless.contains(p)) => return None,
            _ => 0,
        };
        at = up;
    }
    None
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
            let country = listed(p).and_then(|h| h.actor.code.get(..3)).map(str::to_owned);
            Asked { name: p.span.of(tree.text).to_owned(), within, country }
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
            if let Some(code) = hit.and_then(|h| h.actor.code.get(..3)) {
                found.push((*span, Asked { name: span.of(text).to_owned(), within: None, country: Some(code.to_owned()) }));
            }
        }
        found.extend(named.iter().map(|n| n.span).zip(asks));
    }
    if let Some(given) = given {
        let mut all: Vec<(Span, Asked)> = Vec::new();
        for span in given {
            let same = found.iter().filter(|(s, _)| s == span);
            let country = same.clone().find_map(|(_, a)| a.country.clone());
            let within = same.clone().find_map(|(_, a)| a.within.clone()).or_else(|| {
                let next = given.iter().find(|o| o.start > span.end && o.start - span.end <= 2)?;
                let gap = text.get(span.end as usize..next.start as usize)?;
                (gap.trim() == "," || gap == " (").then(|| next.of(text).to_owned())
            });
            all.push((*span, Asked { name: span.of(text).to_owned(), within, country }));
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

/// A name to be resolved and what stands beside it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// As the text has it.
    pub name: String,
    /// The name after a comma that it lies in ("Homs, Syria"), if one stands there.
    pub within: Option<String>,
    /// Country a demonym or a list of actors gives it, when it is one.
    pub country: Option<String>,
}

struct Group {
    candidates: Vec<(Candidate, f64)>,
    best: Option<usize>,
    count: usize,
}

/// Resolves an article's names together: the same name is one place; what is named beside it tells which.
/// `countries` are the states the article is about with how often it names them.
pub fn resolve(asked: &[Asked], countries: &HashMap<String, usize>, k: &Knowledge) -> Vec<Option<Candidate>> {
    let mut order: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut of: Vec<usize> = Vec::with_capacity(asked.len());
    for a in asked {
        let key = key(&a.name);
        let at = *order.entry(key.clone()).or_insert_with(|| {
            groups.push(Group { candidates: candidates(&key, a, k), best: None, count: 0 });
            groups.len() - 1
        });
        groups[at].count += 1;
        of.push(at);
    }
    // Nesting is the surest sign.
    for (a, &at) in asked.iter().zip(&of) {
        let Some(outer) = &a.within else { continue };
        let outers = k.places.named(&key(outer));
        for (c, score) in &mut groups[at].candidates {
            let inside = outers.iter().any(|o| {
                o.country == c.country
                    && match o.kind {
                        PlaceKind::Country => true,
                        PlaceKind::Region => o.region.is_some() && o.region == c.region && c.kind != PlaceKind::Region,
                        PlaceKind::District => o.km(c.lat, c.lon) < 60.0 && c.kind == PlaceKind::Town,
                        _ => false,
                    }
            });
            if inside {
                *score += 6.0;
            }
        }
    }
    for g in &mut groups {
        g.best = top(&g.candidates.iter().map(|(_, s)| *s).collect::<Vec<_>>());
    }
    for _ in 0..3 {
        let context: Vec<(Candidate, usize, usize)> =
            groups.iter().enumerate().filter_map(|(n, g)| Some((g.candidates.get(g.best?)?.0, g.count, n))).collect();
        let mut named: HashMap<[u8; 3], f64> = HashMap::new();
        for (c, count, _) in context.iter().filter(|(c, ..)| c.kind == PlaceKind::Country) {
            if let Some(code) = c.country {
                *named.entry(code).or_default() += *count as f64;
            }
        }
        for (code, n) in countries {
            if let Ok(code) = <[u8; 3]>::try_from(code.as_bytes()) {
                *named.entry(code).or_default() += *n as f64;
            }
        }
        // Towns and regions speak for their country as well, each less than its name does.
        let most = named.values().copied().fold(0.0, f64::max);
        for (n, g) in groups.iter_mut().enumerate() {
            let scores: Vec<f64> = g.candidates.iter().map(|(c, s)| s + beside(c, n, &context, &named, most)).collect();
            g.best = top(&scores);
        }
    }
    of.iter().map(|&at| groups[at].best.and_then(|b| groups[at].candidates.get(b)).map(|(c, _)| *c)).collect()
}

fn top(scores: &[f64]) -> Option<usize> {
    (0..scores.len()).reduce(|a, b| if scores[b] > scores[a] { b } else { a })
}

/// What the other names of the article say for a candidate.
fn beside(c: &Candidate, own: usize, context: &[(Candidate, usize, usize)], named: &HashMap<[u8; 3], f64>, most: f64) -> f64 {
    let mut score = 0.0;
    if let Some(n) = c.country.and_then(|code| named.get(&code))
        && c.kind != PlaceKind::Country
    {
        score += 0.6 + 1.4 * n / most.max(1.0);
    }
    let (mut same_country, mut same_region, mut others) = (0.0, 0.0, 0.0);
    let mut near = [0.0f64; 3];
    for (o, count, n) in context {
        if *n == own || matches!(o.kind, PlaceKind::Continent | PlaceKind::Water) {
            continue;
        }
        let weight = (*count as f64).sqrt();
        others += weight;
        if o.country == c.country {
            same_country += weight;
            if c.region.is_some() && o.region == c.region {
                same_region += if o.kind == PlaceKind::Region { 2.0 * weight } else { weight };
            }
        }
        if o.kind != PlaceKind::Country && c.kind != PlaceKind::Country {
            let close = (-o.km(c.lat, c.lon) / 120.0).exp();
            let least = (0..3).reduce(|a, b| if near[b] < near[a] { b } else { a }).unwrap_or(0);
            near[least] = near[least].max(close);
        }
    }
    if others > 0.0 {
        score += 1.2 * same_country / others + 1.6 * (same_region / others).min(1.0) + if same_region > 0.0 { 0.6 } else { 0.0 };
    }
    score + 0.8 * near.iter().sum::<f64>()
}

/// Every place a name may mean, with how likely it is before anything else is read.
fn candidates(key: &str, asked: &Asked, k: &Knowledge) -> Vec<(Candidate, f64)> {
    let mut out: Vec<(Candidate, f64)> = k.places.named(key).into_iter().map(|c| (c, prior(&c))).collect();
    if out.is_empty() {
        // "Homs province", "the city of Homs", "Mt. Pleasant": without the word that says what it is.
        let words: Vec<&str> = key.split(' ').collect();
        let noun = |w: &str| k.grammar.place_nouns.contains(w);
        let inner = match words.as_slice() {
            [rest @ .., last] if noun(last) && !rest.is_empty() => rest.join(" "),
            [first, rest @ ..] if (noun(first) || k.grammar.compass.contains(*first)) && !rest.is_empty() => rest.join(" "),
            [first, rest @ ..] if *first == "the" => rest.join(" "),
            _ => String::new(),
        };
        out = k.places.named(&inner).into_iter().map(|c| (c, prior(&c))).collect();
    }
    // "Georgia": the state of the union and the state of the world are weighed by what stands beside them.
    if out.iter().any(|(c, _)| c.kind == PlaceKind::Region && c.listed) {
        out.iter_mut().filter(|(c, _)| c.kind == PlaceKind::Country).for_each(|(_, s)| *s = s.min(8.2));
    }
    if let Some(code) = &asked.country {
        let state = |c: &Candidate| c.kind == PlaceKind::Country && c.country_code() == Some(code);
        if !out.iter().any(|(c, _)| state(c)) && out.is_empty() {
            let found = k.actors.state(code).and_then(|a| k.places.named(&self::key(&a.name)).into_iter().find(state));
            out.extend(found.map(|c| (c, 8.0)));
        }
        for (c, score) in &mut out {
            if c.country_code() == Some(code) {
                *score += 2.0;
            }
        }
    }
    // The unlikely ones only cost time.
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out.truncate(40);
    out
}

fn prior(c: &Candidate) -> f64 {
    let name = if c.main { 0.5 } else { -0.6 };
    match c.kind {
        PlaceKind::Country | PlaceKind::Continent => 12.0,
        PlaceKind::Water => 10.0,
        PlaceKind::Point => 7.5,
        PlaceKind::Region if c.listed => 7.0,
        PlaceKind::Town if c.listed => 8.5,
        PlaceKind::Region => c.size.min(6.5) + name - 0.3,
        PlaceKind::District => c.size.min(5.5) + name - 0.8,
        PlaceKind::Town => c.size + name,
    }
}

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
        check("In March the Russians said they were leaving.", "");
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
        check("Moscow accused Kyiv of bombing a hospital in Luhansk.", "accused", "");
        // TODO: what is condemned happened there, the condemning did not.
        check("The United States condemned the coup in Niger.", "condemned", "Niger");
        // What comes after a deed happened elsewhere.
        check("He was arrested before he could return to the camp in Jenin.", "arrested", "");
    }
}
