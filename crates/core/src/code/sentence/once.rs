//! What a sentence tells more than once, or only in passing, is recorded once or not at all.
//!
//! Needs: the events of a sentence with their trigger tokens. Gives: those that stay.

use super::side;
use crate::code::deed::Deed;
use crate::code::mention::Mentions;
use crate::code::tree::Tree;
use crate::model::{Event, Role, Span, is_force};

/// "the province, where 28 people have been killed in riots": harm that a side clause tells without its doer, of
/// victims whose country only the rest of the sentence lets guess, is no news of this sentence.
pub(super) fn in_passing(tree: &Tree<'_>, mentions: &Mentions, made: &mut Vec<(usize, Event)>) {
    made.retain(|(t, e)| {
        let harm = is_force(&e.code);
        let guessed = |r: &Role| mentions.at.iter().flatten().any(|m| m.span == r.span && m.country_implied);
        let side = std::iter::successors(Some(*t), |&v| tree.head(v)).take(4).any(|v| tree.rel(v) == "acl:relcl");
        !(harm && e.source.is_none() && tree.verbal(*t) && side && e.target.as_ref().is_some_and(guessed))
    });
}

/// "killed ten in an attack": the noun tells no deed beside its verb's, unless it has a doer.
pub(super) fn same_harm(tree: &Tree<'_>, deeds: &[Deed], made: &mut Vec<(usize, Event)>) {
    let verb_of = |noun: usize| {
        let mut at = noun;
        for _ in 0..3 {
            at = tree.head(at).filter(|_| matches!(tree.base(at), "obl" | "nmod" | "obj" | "nsubj"))?;
            if tree.verbal(at) {
                return Some(at);
            }
        }
        None
    };
    let told: Vec<usize> = made.iter().filter(|(_, e)| is_force(&e.code) && e.target.is_some()).map(|(t, _)| *t).collect();
    made.retain(|(t, e)| {
        let noun = e.source.is_none() && is_force(&e.code) && !tree.verbal(*t);
        !(noun && verb_of(*t).is_some_and(|v| told.contains(&v) && deeds.iter().any(|d| d.trigger == v && !d.used.contains(t))))
    });
    // "were killed when rebels attacked their bus": the clause tells who did it.
    let done: Vec<(usize, String)> = made
        .iter()
        .filter(|(t, e)| e.source.is_some() && is_force(&e.code) && tree.base(*t) == "advcl")
        .filter_map(|(t, e)| Some((tree.head(*t)?, e.target.as_ref()?.code.clone())))
        .collect();
    made.retain(|(t, e)| {
        let same = |(main, target): &(usize, String)| main == t && e.target.as_ref().is_some_and(|r| r.code == *target);
        e.source.is_some() || !is_force(&e.code) || !done.iter().any(same)
    });
}

/// "established ties with and opened an embassy in Chad": one deed told by two verbs, of which only one
/// names the other side.
pub(super) fn told_whole(made: &mut Vec<(usize, Event)>) {
    let whole: Vec<(String, String)> = made
        .iter()
        .filter(|(_, e)| e.target.is_some() && e.source.is_some() && e.code.as_str() < "14")
        .map(|(_, e)| (e.code.clone(), side(e.source.as_ref()).to_owned()))
        .collect();
    // Stances are taken toward somebody: beside a deed with both sides, one whose other side nobody can
    // place is a reading gone astray. What needs no other side (resignations, vetoes, elections) stays.
    let toward = |code: &str| match code.get(..2) {
        Some("02" | "05" | "11" | "13") => true,
        Some("10") => code.len() == 3 && code != "104",
        Some("12") => !matches!(code.get(..3), Some("123" | "128" | "129")),
        _ => false,
    };
    // Who claims a deed that is told here has it on record already.
    let harm: Vec<String> =
        made.iter().filter(|(_, e)| is_force(&e.code)).filter_map(|(_, e)| Some(e.source.as_ref()?.code.clone())).collect();
    // "was struck and killed by a missile": harm to the same words, of which one verb tells the doer.
    let suffered: Vec<(String, Span)> = made
        .iter()
        .filter(|(_, e)| e.source.is_some() && is_force(&e.code))
        .filter_map(|(_, e)| Some((e.code.clone(), e.target.as_ref()?.span)))
        .collect();
    made.retain(|(_, e)| {
        e.source.is_some() || !suffered.iter().any(|(code, span)| *code == e.code && e.target.as_ref().is_some_and(|t| t.span == *span))
    });
    let any = made.iter().any(|(_, e)| e.target.is_some() && e.source.is_some());
    made.retain(|(_, e)| {
        let told = whole.iter().any(|(code, who)| *code == e.code && *who == side(e.source.as_ref()));
        let claim = e.code == "015" && e.source.as_ref().is_some_and(|s| harm.contains(&s.code));
        !claim && (e.target.is_some() || !(told || any && toward(&e.code)))
    });
}
