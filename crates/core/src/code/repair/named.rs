//! Names beside the office of whoever bears them.

use super::{Node, children, hang};
use crate::model::syntax::Upos;

/// "Egyptian envoy Hany Selim": two names side by side on one noun are one.
pub(super) fn one_name(nodes: &mut [Node], i: usize) {
    let name = |k: usize, rel: &str| nodes[k].upos == Upos::PROPN && nodes[k].rel == rel;
    if i > 0 && name(i, "appos") && (name(i - 1, "appos") && nodes[i - 1].head == nodes[i].head) {
        hang(nodes, i, Some(i - 1), "flat");
    }
}

/// "Secretary of State Marco Rubio", read as one of a State called so: the name is the office's.
pub(super) fn of_office(nodes: &mut [Node], i: usize) {
    let name = nodes[i].upos == Upos::PROPN && nodes[i].rel == "nmod";
    let Some(office) = nodes[i].head.filter(|&h| name && h < i && nodes[h].noun()) else { return };
    let before = |&k: &usize| k < i && nodes[k].rel == "nmod:desc" && children(nodes, k).iter().any(|&c| nodes[c].base() == "case");
    let Some(of) = children(nodes, i).into_iter().find(before) else { return };
    hang(nodes, of, Some(office), "nmod");
    hang(nodes, i, Some(office), "appos");
}

/// "It will buy two ships, Minister Jane Doe said", read as ships called Jane Doe that said; "…, their spokesman, John Roe,
/// wrote", read as a verb without a subject: whoever stands between the commas tells it.
pub(super) fn teller(nodes: &mut [Node], forms: &[String], v: usize) {
    let joined = matches!(nodes[v].rel, "acl:relcl" | "ccomp" | "parataxis" | "conj" | "advcl");
    // "…, Admiral Jane Doe was quoted as saying"
    let passive = |k: &usize| *k < v && nodes[*k].rel == "aux:pass";
    let was = children(nodes, v).into_iter().find(passive).filter(|_| nodes[v].xpos == "VBN");
    let tells = joined && (matches!(nodes[v].xpos, "VBD" | "VBZ" | "VBP") || was.is_some());
    let start = was.unwrap_or(v);
    let Some(host) = nodes[v].head.filter(|&h| tells && h < start && start > 2) else { return };
    if children(nodes, v).into_iter().any(|k| k < start && nodes[k].base() != "punct") {
        return;
    }
    // The outermost apposition that ends before the verb.
    let mut at = if forms[start - 1] == "," { start - 2 } else { start - 1 };
    let mut name = None;
    for _ in 0..nodes.len() {
        match nodes[at].rel {
            "appos" => name = Some(at),
            "flat" | "compound" | "nmod:desc" | "nmod" => {}
            _ => break,
        }
        let Some(h) = nodes[at].head else { break };
        at = h;
    }
    let Some(name) = name.filter(|&k| nodes[k].noun()) else { return };
    let within = |mut k: usize| {
        for _ in 0..nodes.len() {
            match nodes[k].head {
                _ if k == name => return true,
                Some(h) => k = h,
                None => return false,
            }
        }
        false
    };
    let first = (0..=name).find(|&k| within(k) && forms[k] != ",").unwrap_or(name);
    if first == 0 || forms[first - 1] != "," {
        return;
    }
    let mut top = host;
    // The verb of the sentence around, or its predicate.
    while nodes[top].upos != Upos::VERB
        && let Some(h) = nodes[top].head
    {
        top = h;
    }
    if top > first {
        return;
    }
    hang(nodes, name, Some(v), if was.is_some() { "nsubj:pass" } else { "nsubj" });
    hang(nodes, v, Some(top), "parataxis");
}

/// "There are no talks with Ankara, Jane Doe, the commander, said": the verb of it all has no subject, and whoever stands
/// before it between commas was read as one more name of the last thing told.
pub(super) fn teller_of_all(nodes: &mut [Node], forms: &[String], v: usize) {
    let finite = matches!(nodes[v].xpos, "VBD" | "VBZ" | "VBP") && nodes[v].head.is_none();
    if !finite || v < 4 || forms[v - 1] != "," {
        return;
    }
    let kids = children(nodes, v);
    let clause = kids.iter().copied().find(|&k| k < v && nodes[k].base() == "ccomp");
    let alone = kids.iter().all(|&k| k > v || matches!(nodes[k].base(), "ccomp" | "punct"));
    if clause.is_none() || !alone || kids.iter().any(|&k| nodes[k].base() == "nsubj") {
        return;
    }
    // The apposition that ends before the verb, and the one before it on the same thing.
    let up = |k: usize| nodes[k].head.filter(|_| matches!(nodes[k].base(), "flat" | "compound" | "nmod"));
    let mut at = v - 2;
    for _ in 0..nodes.len() {
        match up(at) {
            Some(h) => at = h,
            None => break,
        }
    }
    let Some(host) = nodes[at].head.filter(|_| nodes[at].rel == "appos" && nodes[at].noun()) else { return };
    let beside = |k: &usize| *k < at && *k > host && nodes[*k].rel == "appos" && nodes[*k].upos == Upos::PROPN;
    let name = children(nodes, host).into_iter().find(beside);
    let first = name.unwrap_or(at);
    let first = children(nodes, first).into_iter().min().map_or(first, |k| if forms[k] == "," { first } else { k.min(first) });
    if first == 0 || forms[first - 1] != "," {
        return;
    }
    match name {
        Some(name) => {
            hang(nodes, at, Some(name), "appos");
            hang(nodes, name, Some(v), "nsubj");
        }
        None => hang(nodes, at, Some(v), "nsubj"),
    }
}

/// "It will open, an aide to the premier told lawmakers, the agency reported", read as what the aide told: who reports
/// at the end tells it all, and what stands before the last comma is not his.
pub(super) fn reteller(nodes: &mut [Node], forms: &[String], v: usize) {
    let last = (v + 1..nodes.len()).all(|k| nodes[k].base() == "punct");
    let finite = |k: usize| matches!(nodes[k].xpos, "VBD" | "VBZ" | "VBP");
    if !(last && finite(v) && nodes[v].rel == "ccomp") {
        return;
    }
    let Some(told) = nodes[v].head.filter(|&h| h < v && finite(h)) else { return };
    let Some(comma) = (told + 1..v).rev().find(|&k| forms[k] == ",") else { return };
    let subject = |k: &usize| nodes[*k].rel == "nsubj" && *k > comma;
    let kids = children(nodes, v);
    // What is told stands before: the verb at the end brings no other words.
    let before = nodes[told].base() == "parataxis" || children(nodes, told).iter().any(|&k| k < told && nodes[k].base() == "ccomp");
    if !before || !kids.iter().any(subject) || kids.iter().any(|k| *k > comma && !subject(k) && nodes[*k].base() != "punct") {
        return;
    }
    let own = children(nodes, told).iter().any(|&k| nodes[k].base() == "nsubj");
    for k in kids.into_iter().filter(|&k| k < comma) {
        if k > told || nodes[k].base() == "nsubj" && !own {
            let rel = nodes[k].rel;
            hang(nodes, k, Some(told), rel);
        }
    }
    hang(nodes, v, Some(told), "parataxis");
}
