//! Clauses read as noun phrases: headlines, and verbs taken for a part of a name.

use super::{Node, children, hang, without_finite};
use crate::model::syntax::Upos;

/// "Germany to send missiles to Poland", a headline read as a name with a clause: what its bearer is going to do.
pub(super) fn to_come(nodes: &mut [Node], v: usize) {
    let open = nodes[v].rel == "acl" && nodes[v].xpos == "VB" && without_finite(nodes);
    let Some(r) = nodes[v].head.filter(|&r| open && r < v && nodes[r].head.is_none() && nodes[r].upos == Upos::PROPN) else { return };
    let Some(to) = children(nodes, v).into_iter().find(|&k| k < v && nodes[k].rel == "mark" && nodes[k].xpos == "TO") else { return };
    let beside = children(nodes, r);
    if beside.iter().any(|&k| k > r && k < to && nodes[k].base() != "flat") {
        return;
    }
    hang(nodes, v, None, "root");
    hang(nodes, r, Some(v), "nsubj");
    for k in beside.into_iter().filter(|&k| k > v) {
        nodes[k].head = Some(v);
    }
    (nodes[to].rel, nodes[to].upos, nodes[to].xpos) = ("aux", Upos::AUX, "MD");
}

/// "Chad, Malian forces trade fire": what is done by several is done by both sides of the comma.
pub(super) fn two_sides(nodes: &mut [Node], v: usize) {
    if nodes[v].xpos != "VBP" || nodes[v].upos != Upos::VERB {
        return;
    }
    let subject = children(nodes, v).into_iter().find(|&k| k < v && nodes[k].rel == "nsubj" && nodes[k].xpos == "NNP");
    let Some(s) = subject else { return };
    let beside = children(nodes, s).into_iter().find(|&k| k > s && nodes[k].rel == "appos" && nodes[k].xpos == "NNS");
    let Some(b) = beside.filter(|&b| children(nodes, b).iter().all(|&k| k < b) && b + 1 == v) else { return };
    // An article before it would set it beside the name: "Chad, the rebels say, …".
    if children(nodes, b).iter().any(|&k| nodes[k].base() == "det") {
        return;
    }
    nodes[b].rel = "conj";
}

/// "demanded that the government end curbs", "end curbs" read as a verb with a name before it: the first is the verb.
pub(super) fn verb_in_name(nodes: &mut [Node], forms: &[String], i: usize) {
    let h = i + 1;
    let joined = nodes[i].upos == Upos::VERB && nodes[i].rel == "compound" && nodes[i].head == Some(h);
    if !joined || nodes[h].xpos != "VBZ" || !forms[h].ends_with('s') || nodes[h].base() != "ccomp" {
        return;
    }
    let kids = children(nodes, h);
    if !kids.iter().chain(&children(nodes, i)).any(|&k| k < i && nodes[k].base() == "nsubj") {
        return;
    }
    let Node { head, rel, .. } = nodes[h];
    hang(nodes, i, head, rel);
    for k in kids.into_iter().filter(|&k| k != i) {
        match k < i {
            true => nodes[k].head = Some(i),
            false if nodes[k].rel == "obl" => nodes[k].rel = "nmod",
            false => {}
        }
    }
    hang(nodes, h, Some(i), "obj");
    nodes[i].xpos = "VB";
    (nodes[h].upos, nodes[h].xpos) = (Upos::NOUN, "NNS");
}
