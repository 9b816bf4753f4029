//! Heads and relations: a biaffine score for every pair, the best tree, a label for each arc.

use super::decode;
use super::encoder::Scratch;
use super::load::{DIST, Weights};
use super::rows::{argmax, leak, pairs};
use crate::model::syntax::Deprel;

/// Slope below nought of the parser's own layer.
const SLOPE: f32 = 0.1;

/// Head within its piece (none for the root) and relation of every token of the batch.
pub(super) fn arcs(w: &Weights, lengths: &[usize], s: &mut Scratch) -> Vec<(Option<usize>, Deprel)> {
    let (a, l, stride) = (w.arc, w.label, w.proj.stride());
    let mut p = std::mem::take(&mut s.wide);
    w.proj.apply(&s.encoded, &mut p);
    leak(&mut p, SLOPE);
    let heads = heads(w, &p, lengths, s);

    // What the head gives to the relation is worked out once for each, the root coming last.
    let n = heads.len();
    let (dep, head) = (2 * a, 2 * a + l);
    let mut shared = std::mem::take(&mut s.narrow);
    shared.resize(n * l, 0.0);
    let mut at = 0;
    let rows: Vec<usize> = lengths
        .iter()
        .flat_map(|&len| {
            at += len;
            heads[at - len..at].iter().map(move |h| h.map_or(n, |h| at - len + h))
        })
        .collect();
    p.resize(n * stride, 0.0);
    p.resize((n + 1) * stride, 0.0);
    p[n * stride + head..][..l].copy_from_slice(&w.root[a..]);
    for ((shared, &h), i) in shared.chunks_exact_mut(l).zip(&rows).zip(0..) {
        let (d, h) = (&p[i * stride + dep..][..l], &p[h * stride + head..][..l]);
        for ((s, d), h) in shared.iter_mut().zip(d).zip(h) {
            *s = d * h;
        }
    }
    let [both, one, other] = &w.lab;
    let width = both.stride();
    s.q.fill(&shared, l, 0, l);
    both.apply(&s.q, &mut s.extra);
    s.q.fill(&p[..n * stride], stride, dep, l);
    one.apply(&s.q, &mut s.wide);
    s.q.fill(&p, stride, head, l);
    other.apply(&s.q, &mut shared);
    let arcs = rows.iter().zip(heads).enumerate().map(|(i, (&h, local))| {
        if local.is_none() {
            return (None, w.rels[w.root_rel]);
        }
        let row = &mut s.extra[i * width..(i + 1) * width];
        for ((r, d), h) in row.iter_mut().zip(&s.wide[i * width..]).zip(&shared[h * width..]) {
            *r = *r + d + h;
        }
        row[w.root_rel] = f32::MIN;
        (local, w.rels[argmax(&row[..w.rels.len()])])
    });
    let arcs = arcs.collect();
    (s.narrow, s.wide) = (shared, p);
    arcs
}

/// The head of every token within its piece.
fn heads(w: &Weights, p: &[f32], lengths: &[usize], s: &mut Scratch) -> Vec<Option<usize>> {
    let (a, stride) = (w.arc, w.proj.stride());
    s.q.fill(p, stride, 0, a);
    w.arc_u.apply(&s.q, &mut s.extra);
    let turned = w.arc_u.stride();
    let mut out = Vec::with_capacity(p.len() / stride);
    let (mut from, mut dep, mut head, mut arc) = (0, Vec::new(), Vec::new(), Vec::new());
    for &len in lengths {
        dep.clear();
        head.clear();
        head.extend_from_slice(&w.root[..a]);
        for i in from..from + len {
            dep.extend_from_slice(&s.extra[i * turned..][..a]);
            head.extend_from_slice(&p[i * stride + a..][..a]);
        }
        arc.clear();
        arc.resize(len * (len + 1), 0.0);
        pairs(&dep, &head, a, &mut s.panels, &mut arc);
        for (d, row) in arc.chunks_exact_mut(len + 1).enumerate() {
            for (h, v) in row[1..].iter_mut().enumerate() {
                *v += w.dist[(h + DIST).saturating_sub(d).min(2 * DIST)];
            }
            row[d + 1] = -1e4;
        }
        let mut tree = decode::tree(&arc, len);
        if !decode::well_formed(&tree) {
            tree = decode::flat(len);
        }
        out.extend(tree.into_iter().map(|h| h.checked_sub(1)));
        from += len;
    }
    out
}
