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
    let tells = joined && matches!(nodes[v].xpos, "VBD" | "VBZ" | "VBP");
    let Some(host) = nodes[v].head.filter(|&h| tells && h < v && v > 2) else { return };
    if children(nodes, v).into_iter().any(|k| k < v && nodes[k].base() != "punct") {
        return;
    }
    // The outermost apposition that ends before the verb.
    let mut at = if forms[v - 1] == "," { v - 2 } else { v - 1 };
    let mut name = None;
    for _ in 0..nodes.len() {
        match nodes[at].rel {
            "appos" => name = Some(at),
            "flat" | "compound" | "nmod:desc" => {}
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
    while nodes[top].upos != Upos::VERB {
        let Some(h) = nodes[top].head else { return };
        top = h;
    }
    if top > first {
        return;
    }
    hang(nodes, name, Some(v), "nsubj");
    hang(nodes, v, Some(top), "parataxis");
}
