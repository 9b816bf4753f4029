//! Places: names of places in running text, the places they mean, and the place of a deed.

use super::names::Names;
use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::actors::Kind;
use crate::knowledge::gazetteer::{Candidate, PlaceKind, key};
use crate::knowledge::time::Lex;
use crate::model::{Span, syntax::Upos};
use crate::text::{self, model::Model};
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
}

/// Longest name looked for, in tokens.
const LONGEST: usize = 6;

/// The places a sentence names. A people, a person and a body are none, whatever place they are called after.
pub fn find(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    let mut i = 0;
    while i < tree.len() {
        match at(tree, names, k, i) {
            Some((end, known)) => {
                out.push(Named { start: i, end, span: tree.span(i).join(tree.span(end - 1)), known });
                i = end;
            }
            None => i += 1,
        }
    }
    out
}

fn capital(tree: &Tree<'_>, i: usize) -> bool {
    tree.word(i).chars().next().is_some_and(char::is_uppercase)
}

fn name_like(tree: &Tree<'_>, i: usize) -> bool {
    i < tree.len() && capital(tree, i) && tree.upos(i) == Upos::PROPN
}

fn hyphen(tree: &Tree<'_>, i: usize) -> bool {
    i < tree.len() && matches!(tree.word(i), "-" | "–" | "‑")
}

/// The name that begins at a token: its end, and whether it is known.
fn at(tree: &Tree<'_>, names: &Names<'_>, k: &Knowledge, i: usize) -> Option<(usize, bool)> {
    let g = &k.grammar;
    if !(capital(tree, i) || tree.upos(i) == Upos::PROPN && i + 1 < tree.len()) {
        return None;
    }
    // "in March", "on Tuesday"
    if k.time.at(&[tree.word(i).to_lowercase()]).any(|(_, l)| matches!(l, Lex::Month(_) | Lex::Weekday(_))) {
        return None;
    }
    if let Some(hit) = names.at(i) {
        return match hit.actor.kind {
            Kind::State | Kind::Place if hit.start == i && !part_of_name(tree, k, i, hit.end) => Some((hit.end, true)),
            // A seat of power acts more often than it is a place: "Moscow said" is none, "in Moscow" is one.
            Kind::Seat if hit.start == i && !part_of_name(tree, k, i, hit.end) => {
                let known = k.places.knows(&key(tree.span(i).join(tree.span(hit.end - 1)).of(tree.text)));
                let after = i > 0 && (k.grammar.places.contains(&tree.forms[i - 1]) || k.grammar.genitives.contains(&tree.forms[i - 1]));
                (known && (after || hit.end < tree.len() && tree.word(hit.end) == ",")).then_some((hit.end, true))
            }
            _ => None,
        };
    }
    // The longest run of the sentence the gazetteer knows.
    for n in (1..=LONGEST.min(tree.len() - i)).rev() {
        let end = i + n;
        let alone = n == 1 && capital(tree, i) && tree.upos(i) != Upos::VERB && k.places.lists(&key(tree.word(i)));
        if !(name_like(tree, end - 1) || alone) {
            continue;
        }
        if (i..end).any(|j| names.at(j).is_some()) {
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
        if k.places.knows(&key(words)) {
            return (!part_of_name(tree, k, i, end) && placed(tree, k, i, end)).then_some((end, true));
        }
    }
    // "in the village of Kafr X", "near Tal Y": nobody lists it, the words around it say so.
    let end = (i..tree.len().min(i + LONGEST))
        .take_while(|&j| name_like(tree, j) || hyphen(tree, j) && j > i && name_like(tree, j + 1))
        .last()?
        + 1;
    if !name_like(tree, i) || i > 0 && (name_like(tree, i - 1) || hyphen(tree, i - 1)) {
        return None;
    }
    (!part_of_name(tree, k, i, end) && told_as_place(tree, k, i, end)).then_some((end, false))
}

/// Whether the words before or after make it a place: "in X", "the village of X", "X province".
fn told_as_place(tree: &Tree<'_>, k: &Knowledge, start: usize, end: usize) -> bool {
    let g = &k.grammar;
    let mut b = start;
    while b > 0 && matches!(tree.upos(b - 1), Upos::DET | Upos::ADJ) {
        b -= 1;
    }
    let before = b.checked_sub(1);
    let noun_before = before.is_some_and(|p| g.place_nouns.contains(tree.lemma(p)));
    let of_noun = before.is_some_and(|p| g.genitives.contains(&tree.forms[p]) && p > 0 && g.place_nouns.contains(tree.lemma(p - 1)));
    let noun_after = end < tree.len() && g.place_nouns.contains(tree.lemma(end));
    let within = before.is_some_and(|p| g.located.contains(&tree.forms[p]) && tree.upos(p) == Upos::ADP);
    noun_before || of_noun || noun_after || within
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
    if name_like(tree, end) && !noun(end) && !hyphen(tree, end) {
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

/// The named place a deed happened at: the nearest one under its words, by a preposition of place or as what the deed
/// was done to; else the one of the clause it hangs on.
pub fn of_deed(tree: &Tree<'_>, k: &Knowledge, places: &[Named], trigger: usize, used: &[usize]) -> Option<usize> {
    if let Some(found) = under(tree, k, places, trigger, used) {
        return Some(found);
    }
    // "struck at X, killing 19": the clause has the place of the one it belongs to.
    let mut at = trigger;
    for _ in 0..2 {
        let base = tree.base(at);
        let up = tree.head(at).filter(|_| matches!(base, "advcl" | "conj" | "xcomp" | "parataxis" | "acl"))?;
        if let Some(found) = under(tree, k, places, up, &[]) {
            return Some(found);
        }
        at = up;
    }
    None
}

fn under(tree: &Tree<'_>, k: &Knowledge, places: &[Named], trigger: usize, used: &[usize]) -> Option<usize> {
    let g = &k.grammar;
    let mut best: Option<((usize, usize), usize)> = None;
    for (n, place) in places.iter().enumerate() {
        let head =
            (place.start..place.end).find(|&i| tree.head(i).is_none_or(|p| p < place.start || p >= place.end)).unwrap_or(place.end - 1);
        // The preposition stands on the name, or on the noun it names ("the village of X", "X province").
        let mut at = head;
        let (mut local, mut step) = (false, 0);
        let found = loop {
            if at == trigger || used.contains(&at) {
                break local && step > 0;
            }
            local |= tree.case(at).is_some_and(|p| g.places.contains(&p) || g.through.contains(&p));
            // "entered X", "shelled the X district"
            local |= tree.base(at) == "obj" && (at == head || g.place_nouns.contains(tree.lemma(at)) || tree.base(head) == "nmod");
            step += 1;
            // Another clause has its own place; whoever acts is no place.
            let apart = match tree.base(at) {
                // "the mission in X will patrol": where the doer is.
                "nsubj" => !local || at == head,
                base => matches!(base, "acl" | "advcl" | "ccomp" | "parataxis"),
            };
            let up = tree.head(at).filter(|_| step < 8 && !apart);
            match up {
                Some(h) => at = h,
                None => break false,
            }
        };
        if !found {
            continue;
        }
        let rank = (step, place.start.abs_diff(trigger));
        if best.as_ref().is_none_or(|(r, _)| rank < *r) {
            best = Some((rank, n));
        }
    }
    best.map(|(_, n)| n)
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
        let named = find(&tree, &names, k);
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
        return of_deed(&tree, k, &places, at, &[]).map(|n| places[n].span);
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
        let text = "Rebels shelled soldiers in the town of Hama, officials in Damascus said.";
        let at = text.find("shelled").unwrap();
        let found = place_of(text, Span::new(at, at + 7), k, model).map(|s| s.of(text));
        assert_eq!(found, Some("Hama"));
    }
}
