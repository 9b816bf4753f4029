//! The network's forward pass over a batch of pieces laid end to end.

use super::dense::{Rows, steps, worth};
use super::forms::Forms;
use super::load::{Layer, Weights};
use super::parse::Parse;
use super::rows::{add_rows, bytes, fast, glu, layer_norm, peak, recur};

/// Buffers kept from batch to batch, each for one purpose so that its size hardly changes, and the
/// forms met.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub forms: Forms,
    /// Of each token of the batch, its form.
    pub rows: Vec<usize>,
    /// The encoded tokens, rounded.
    pub encoded: Rows,
    pub q: Rows,
    pub tags: Vec<f32>,
    pub lemmas: Vec<f32>,
    pub parse: Parse,
    wide: Vec<f32>,
    out: Vec<f32>,
    narrow: Vec<f32>,
    x: Vec<f32>,
}

/// Encodes tokens into `s.encoded`, rows of `dim`; `lengths` are those of the pieces.
pub(super) fn encode(w: &Weights, forms: &[&str], lengths: &[usize], s: &mut Scratch) {
    let d = w.dim;
    s.forms.look_up(w, forms, &mut s.rows, &mut s.q);
    s.x.clear();
    for &r in &s.rows {
        s.x.extend_from_slice(s.forms.vector(r, d));
    }
    for layer in &w.layers {
        match layer {
            Layer::Conv { norm, lin } => {
                layer_norm(&s.x, &norm.gain, &norm.bias, &mut s.narrow);
                windows(&s.narrow, d, lengths, &mut s.q);
                lin.apply(&s.q, &mut s.wide);
                glu(&s.wide, lin.stride(), d, &mut s.x);
            }
            Layer::Sru { norm, lin, out } => {
                layer_norm(&s.x, &norm.gain, &norm.bias, &mut s.narrow);
                s.q.fill(&s.narrow, d, 0, d);
                lin.apply(&s.q, &mut s.wide);
                let (stride, mut at) = (lin.stride(), 0);
                for &len in lengths {
                    let wide = &s.wide[at * stride..(at + len) * stride];
                    recur(wide, stride, d, &mut s.narrow[at * d..(at + len) * d]);
                    at += len;
                }
                s.q.fill(&s.narrow, d, 0, d);
                out.apply(&s.q, &mut s.out);
                add_rows(&mut s.x, d, &s.out, out.stride());
            }
        }
    }
    layer_norm(&s.x, &w.norm.gain, &w.norm.bias, &mut s.narrow);
    s.encoded.fill(&s.narrow, d, 0, d);
}

/// Each row with its left and right neighbour in the piece, `[left | own | right]`, rounded.
fn windows(x: &[f32], d: usize, lengths: &[usize], out: &mut Rows) {
    out.start(x.len() / d, 3 * d);
    fast(
        #[inline(always)]
        || {
            let mut from = 0;
            for &len in lengths {
                let own = |i: usize| &x[i * d..(i + 1) * d];
                let mut peaks = [0.0, 0.0, if len > 0 { peak(own(from)) } else { 0.0 }];
                for i in from..from + len {
                    let next = i + 1 < from + len;
                    peaks = [peaks[1], peaks[2], if next { peak(own(i + 1)) } else { 0.0 }];
                    let most = peaks.iter().fold(0.0, |m: f32, &v| if v > m { v } else { m });
                    let (row, step) = out.row(i);
                    *step = worth(most);
                    let (left, rest) = row.split_at_mut(d);
                    let (middle, right) = rest.split_at_mut(d);
                    if i > from {
                        bytes(own(i - 1), steps(most), left);
                    } else {
                        left.fill(128);
                    }
                    bytes(own(i), steps(most), middle);
                    if next {
                        bytes(own(i + 1), steps(most), right);
                    } else {
                        right.fill(128);
                    }
                }
                from += len;
            }
        },
    );
}
