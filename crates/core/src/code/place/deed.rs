//! The place of a deed among those that its sentence names.

use super::super::rels::Rels;
use super::{Named, Tree, goes_on_in, key, resolve::prior, stands_in_place, top_of};
use crate::knowledge::Knowledge;
use crate::model::syntax::Upos;

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
    if places.is_empty() {
        return None;
    }
    // What is condemned, praised or asked for happens elsewhere.
    let judges = judged(tree, k, trigger, used);
    let used = if judges { &[] } else { used };
    let mut ways: Vec<((u8, u8, usize, usize), usize)> = Vec::new();
    let mut look = |at: usize, used: &[usize], far: u8| {
        for (n, place) in places.iter().enumerate().filter(|(_, p)| allowed(p)) {
            let Some((cost, steps)) = under(tree, k, place, at, used) else { continue };
            if judges && at == trigger && !told_there(tree, k, place, trigger) {
                continue;
            }
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

/// Whether a deed is one of words on what somebody else does: its object has its own place.
fn judged(tree: &Tree<'_>, k: &Knowledge, trigger: usize, used: &[usize]) -> bool {
    let lemma = tree.lemma(trigger);
    if k.grammar.gatherings.contains(lemma) {
        return false;
    }
    let cues = if tree.verbal(trigger) { k.cues.verbs(lemma) } else { k.cues.nouns(lemma) };
    // "convey condolences"
    let whole = |with: &String| used.iter().any(|&u| tree.lemma(u) == with);
    k.grammar.discussing.contains(lemma) || cues.iter().any(|c| k.grammar.judging.contains(&c.act) && c.with.as_ref().is_none_or(whole))
}

/// Whether a place is where words are spoken: it hangs on the word itself ("condemned in Geneva"), not on what they are about,
/// which the object names.
fn told_there(tree: &Tree<'_>, k: &Knowledge, place: &Named, trigger: usize) -> bool {
    let mut at = top_of(tree, place.start, place.end);
    while let Some(up) = tree.head(at) {
        if up == trigger {
            let object = tree.with(trigger, Rels::OBJ).any(|o| o > trigger && o < place.start);
            let venue = |p: &str| k.grammar.located.contains(p) || k.grammar.meanwhile.contains(p);
            let occasion = || tree.upos(at) == Upos::NOUN && !stands_in_place(tree, k, at) && tree.prep(at).is_some_and(venue);
            return match tree.base(at) {
                "nsubj" => true,
                "obl" => !object || occasion(),
                "advcl" => tree.with(at, Rels::MARK | Rels::ADVMOD).any(|c| k.grammar.occasions.contains(&tree.forms[c])),
                _ => false,
            };
        }
        at = up;
    }
    false
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
    if beside(tree, k, inner, outer) {
        return true;
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

/// Whether one place is told right behind another, whatever the tree hangs it on: "near X village in the Y area",
/// "in X, in northern Y".
fn beside(tree: &Tree<'_>, k: &Knowledge, inner: &Named, outer: &Named) -> bool {
    let g = &k.grammar;
    if outer.start > inner.end + 6 {
        return false;
    }
    let mut led = false;
    (inner.end..outer.start).all(|i| match tree.upos(i) {
        // "the X town of Y"
        Upos::ADP if g.genitives.contains(&tree.forms[i]) && g.towns.contains(tree.lemma(i - 1)) => false,
        Upos::ADP => {
            led = g.located.contains(&tree.forms[i]) || g.genitives.contains(&tree.forms[i]);
            led
        }
        Upos::DET | Upos::ADJ | Upos::ADV => true,
        Upos::NOUN | Upos::PROPN => stands_in_place(tree, k, i) || g.compass.contains(&tree.forms[i]),
        _ => tree.word(i) == "," || tree.word(i) == "-",
    }) && led
}

/// Whether a preposition of place stands before a name, at most a word that says what it is between them.
fn led_close(tree: &Tree<'_>, k: &Knowledge, start: usize) -> bool {
    let g = &k.grammar;
    let passed = |i: usize| matches!(tree.upos(i), Upos::DET | Upos::ADJ) || stands_in_place(tree, k, i);
    (start.saturating_sub(4)..start)
        .rev()
        .find(|&i| !passed(i))
        .is_some_and(|i| tree.upos(i) == Upos::ADP && g.located.contains(&tree.forms[i]))
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
    // "was captured from X": whose it was.
    let from = tree.prep(head).is_some_and(|p| g.origins.contains(p));
    let taken_from = |v: usize| goes_on_in(tree, k, v) && (tree.xpos(v) == "VBN" || tree.with(v, Rels::OBJ).next().is_some());
    if place.kind >= 2 && from && tree.head(head).is_some_and(taken_from) {
        return None;
    }
    // Whether a doer bears its name, whether it is told by where something is without a clause between, and whether a
    // noun of place was passed.
    let (mut doer, mut sited) = (false, false);
    let mut seated = tree.prep(head).is_some_and(|p| g.located.contains(p));
    // "strikes against targets in X" are in X, "protests against the war in X" are not.
    let struck = |at: usize| goes_on_in(tree, k, at) || tree.with(at, Rels::OBJ).any(|o| goes_on_in(tree, k, o));
    // What hangs on more words than these is told of something else.
    for step in 0..7 {
        if at == trigger || used.contains(&at) {
            // "bombed the city of X", where the frame has the city.
            let ground = || tree.base(at) == "obj" || tree.rel(at) == "nsubj:pass";
            let town = at != trigger && stands_in_place(tree, k, at) && ground();
            // "London police shot him", where nothing tells more.
            let cost = if local || town { cost } else { cost + 8 };
            return ((local || town || doer) && step > 0).then_some((cost, step));
        }
        let up = tree.head(at)?;
        let top = up == trigger || used.contains(&up);
        let case = tree.prep(at);
        // "clashed with fighters in Syria's pay", "as president of Kenya": a state told by who takes part.
        // "by soldiers in Iraq" tells where it was.
        let where_doer = |p: &str| seated && g.agents.contains(p);
        if place.kind >= 2 && case.is_some_and(|p| g.shares.contains(p) && !where_doer(p)) {
            return None;
        }
        // "protested against the war in Iraq", where the tree has the state beside the war.
        let topic = || head.checked_sub(2).is_some_and(|n| tree.nominal(n) && tree.prep(n).is_some_and(|p| g.aimless.contains(p)));
        if place.kind >= 2 && top && at == head && topic() && !struck(up) {
            return None;
        }
        // "in the capital X on Sunday", "in X district of Y town", where the tree has the preposition on another word.
        if at == head && case.is_none() && matches!(tree.base(at), "obl" | "nmod") && led_close(tree, k, place.start) {
            local = true;
            seated = true;
        }
        // Of a thing or a person "from" and "to" tell where it came from or goes.
        let moved = |p: &str| g.bounds.contains(p) && !tree.verbal(up) && !top;
        local |= case.is_some_and(|p| (g.places.contains(p) || g.through.contains(p)) && !moved(p));
        // "during the occupation of X"
        local |= at != head && case.is_some_and(|p| g.meanwhile.contains(p));
        doer |= step == 0
            && place.known
            && place.kind == 0
            && tree.base(at) == "compound"
            && (tree.base(up) == "nsubj" || tree.rel(up) == "obl:agent");
        // "north of X" is somewhere else, which is better than nowhere.
        if case.is_some_and(|p| g.genitives.contains(p)) && g.compass.contains(&tree.forms[up]) {
            local = true;
            cost += 4;
        }
        firm |= case.is_some_and(|p| g.located.contains(p) || g.at_hand.contains(p));
        // "entered X", "X was shelled", "captured the X district"
        let origin = || tree.prep(head).is_some_and(|p| g.bounds.contains(p));
        sited |= stands_in_place(tree, k, at);
        let whole = at == head || sited || tree.base(head) == "nmod" && !origin();
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
                // "shot as he tried to flee X"
                let tried = || tree.base(at) == "xcomp" && tree.base(up) == "advcl";
                let far = !top && matches!(tree.base(at), "conj" | "xcomp") && !tried();
                if !firm || far || apart && tree.base(at) == "advcl" {
                    return None;
                }
                match (top, tree.rel(at)) {
                    (true, _) => 5,
                    // What is told of somebody besides.
                    (false, "acl:relcl") => 4,
                    (false, _) => 2,
                }
            }
            _ if top && case.is_some_and(|p| g.aimless.contains(p) && !(g.aims.contains(p) && seated && struck(up))) => return None,
            // "In X, … was shot near Y": what stands first is the wider one.
            "obl" if top && at < up && tree.with(up, Rels::NSUBJ).any(|s| s > at) => 1,
            _ => 0,
        };
        seated &= !tree.verbal(at);
        at = up;
    }
    None
}
