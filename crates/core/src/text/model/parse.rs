//! Heads and relations: a biaffine score for every pair, the best tree, a label for each arc.

use super::decode;
use super::dense::Rows;
use super::load::{DIST, Weights};
use super::rows::{argmax, leak, pairs};
use crate::model::syntax::Deprel;

/// Slope below nought of the parser's own layer.
const SLOPE: f32 = 0.1;

/// Buffers.
#[derive(Debug, Default)]
pub(super) struct Parse {
    /// Of each token, and last of the root: dependent and head of arcs, of relations.
    proj: Vec<f32>,
    turned: Vec<f32>,
    panels: Vec<[f32; 16]>,
    arc: Vec<f32>,
    shared: Vec<f32>,
    /// Relation scores of what both share, of the dependent, of the head.
    parts: [Vec<f32>; 3],
}

/// Head within its piece (none for the root) and relation of every token of the batch.
pub(super) fn arcs(w: &Weights, lengths: &[usize], x: &Rows, q: &mut Rows, s: &mut Parse) -> Vec<(Option<usize>, Deprel)> {
    let (a, l, stride) = (w.arc, w.label, w.proj.stride());
    let (dep, head) = (2 * a, 2 * a + l);
    w.proj.apply(x, &mut s.proj);
    leak(&mut s.proj, SLOPE);
    let heads = heads(w, lengths, q, s);
    let n = heads.len();
    s.proj.resize((n + 1) * stride, 0.0);
    s.proj[n * stride + head..][..l].copy_from_slice(&w.root[a..]);

    // What a token gives to the relation as a head is worked out once, however many hang from it.
    let mut start = 0;
    let rows = lengths.iter().flat_map(|&len| {
        start += len;
        heads[start - len..start].iter().map(move |h| h.map_or(n, |h| start - len + h))
    });
    let rows: Vec<usize> = rows.collect();
    s.shared.resize(n * l, 0.0);
    for ((shared, &h), i) in s.shared.chunks_exact_mut(l).zip(&rows).zip(0..) {
        let (d, h) = (&s.proj[i * stride + dep..][..l], &s.proj[h * stride + head..][..l]);
        for ((s, d), h) in shared.iter_mut().zip(d).zip(h) {
            *s = d * h;
        }
    }
    let width = w.lab[0].stride();
    let [both, one, other] = &mut s.parts;
    q.fill(&s.shared, l, 0, l);
    w.lab[0].apply(q, both);
    q.fill(&s.proj[..n * stride], stride, dep, l);
    w.lab[1].apply(q, one);
    q.fill(&s.proj, stride, head, l);
    w.lab[2].apply(q, other);
    let scores = both.chunks_exact_mut(width).zip(one.chunks_exact(width));
    let labels = scores.zip(&rows).zip(&heads).map(|(((row, one), &h), head)| {
        if head.is_none() {
            return w.rels[w.root_rel];
        }
        for ((r, d), h) in row.iter_mut().zip(one).zip(&other[h * width..]) {
            *r = *r + d + h;
        }
        row[w.root_rel] = f32::MIN;
        w.rels[argmax(&row[..w.rels.len()])]
    });
    let labels: Vec<Deprel> = labels.collect();
    heads.into_iter().zip(labels).collect()
}

/// The head of every token within its piece.
fn heads(w: &Weights, lengths: &[usize], q: &mut Rows, s: &mut Parse) -> Vec<Option<usize>> {
    let (a, stride) = (w.arc, w.proj.stride());
    q.fill(&s.proj, stride, 0, a);
    w.arc_u.apply(q, &mut s.turned);
    let turned = w.arc_u.stride();
    let mut out = Vec::with_capacity(s.proj.len() / stride);
    let mut from = 0;
    for &len in lengths {
        let head = (0..len + 1).map(|h| if h == 0 { &w.root[..a] } else { &s.proj[(from + h - 1) * stride + a..][..a] });
        let dep = &s.turned[from * turned..(from + len) * turned];
        s.arc.resize(len * (len + 1), 0.0);
        pairs((dep, turned), head, a, &mut s.panels, &mut s.arc);
        for (d, row) in s.arc.chunks_exact_mut(len + 1).enumerate() {
            for (h, v) in row[1..].iter_mut().enumerate() {
                *v += w.dist[(h + DIST).saturating_sub(d).min(2 * DIST)];
            }
            row[d + 1] = -1e4;
        }
        let mut tree = decode::tree(&s.arc, len);
        if !decode::well_formed(&tree) {
            tree = decode::flat(len);
        }
        out.extend(tree.into_iter().map(|h| h.checked_sub(1)));
        from += len;
    }
    out
}
