//! The place of a deed among those that its sentence names.

use super::super::rels::Rels;
use super::{Named, Tree, goes_on_in, key, resolve::prior, stands_in_place, top_of};
use crate::knowledge::Knowledge;

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
    let (_, mut best) = *ways.iter().min_by_key(|(rank, _)| *rank)?;
    // The narrowest of places told together.
    for _ in 0..3 {
        let inside = ways.iter().filter(|(_, i)| *i != best && lies_in(tree, k, &places[*i], &places[best]));
        let Some((_, i)) = inside.min_by_key(|(rank, _)| *rank) else { break };
        best = *i;
    }
    Some(best)
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
    // What hangs on more words than these is told of something else.
    for step in 0..7 {
        if at == trigger || used.contains(&at) {
            // "bombed the city of X", where the frame has the city.
            let ground = || tree.base(at) == "obj" || tree.rel(at) == "nsubj:pass";
            let town = at != trigger && stands_in_place(tree, k, at) && ground();
            return ((local || town) && step > 0).then_some((cost, step));
        }
        let up = tree.head(at)?;
        let top = up == trigger || used.contains(&up);
        let case = tree.prep(at);
        // "clashed with fighters in Syria's pay", "as president of Kenya": a state told by who takes part.
        if place.kind >= 2 && case.is_some_and(|p| g.shares.contains(p)) {
            return None;
        }
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
                let apart = tree.with(at, Rels::MARK | Rels::ADVMOD).any(|c| g.apart.contains(&tree.forms[c]));
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
