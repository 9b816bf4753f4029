//! The network's forward pass over a batch of pieces laid end to end.

use std::collections::HashMap;

use super::features::Features;
use super::load::{Layer, Weights};
use super::rows::{add_bytes, add_rows, fast, glu, layer_norm, mix, recur};

/// Distinct forms remembered before starting afresh.
const REMEMBER: usize = 3000;

/// Buffers kept from batch to batch, and the forms met.
#[derive(Debug, Default)]
pub(super) struct Scratch<'a> {
    pub pack: Vec<f32>,
    wide: Vec<f32>,
    narrow: Vec<f32>,
    window: Vec<f32>,
    extra: Vec<f32>,
    index: HashMap<&'a str, usize>,
    /// Of each form: its vector, and what it gives the first layer as right neighbour, as the
    /// token itself and as left neighbour.
    vectors: Vec<f32>,
    taps: Vec<f32>,
}

/// Row of each token's form in `s.vectors`, computing those not met before.
fn look_up<'a>(w: &Weights, forms: &[&'a str], s: &mut Scratch<'a>) -> Vec<usize> {
    if s.index.len() > REMEMBER {
        s.index.clear();
        s.vectors.clear();
        s.taps.clear();
    }
    let mut fresh = Vec::new();
    let rows = forms
        .iter()
        .map(|&f| {
            let next = s.index.len();
            *s.index.entry(f).or_insert_with(|| {
                fresh.push(f);
                next
            })
        })
        .collect();
    let width = w.input.inputs;
    let (a, b) = (w.word.width, w.word.width + w.affix.width);
    let mut x = vec![0.0_f32; fresh.len() * width];
    for (form, x) in fresh.iter().zip(x.chunks_exact_mut(width)) {
        let f = Features::of(form);
        let word = w.words.get(f.norm.as_str()).map_or(0, |&i| i as usize);
        fast(
            #[inline(always)]
            || {
                let (q, scale) = w.word.row(word);
                add_bytes(&mut x[..a], q, scale);
                for &i in &f.affix {
                    let (q, scale) = w.affix.row(i.into());
                    add_bytes(&mut x[a..b], q, scale);
                }
                let share = 1.0 / f.grams.len() as f32;
                for &i in &f.grams {
                    let (q, scale) = w.gram.row(i.into());
                    add_bytes(&mut x[b..], q, scale * share);
                }
            },
        );
    }
    w.input.apply(&x, fresh.len(), &mut s.pack, &mut s.wide);
    let d = w.dim;
    s.narrow.clear();
    s.narrow.resize(fresh.len() * d, 0.0);
    glu(&s.wide, w.input.stride(), d, &mut s.narrow);
    s.vectors.extend_from_slice(&s.narrow);
    if let Some((norm, taps)) = &w.first {
        s.extra.resize(fresh.len() * d, 0.0);
        layer_norm(&s.narrow, &norm.gain, &norm.bias, &mut s.extra);
        taps.apply(&s.extra, fresh.len(), &mut s.pack, &mut s.wide);
        s.taps.extend_from_slice(&s.wide);
    }
    rows
}

/// Encoded tokens, rows of `dim`; `lengths` are those of the pieces.
pub(super) fn encode<'a>(w: &Weights, forms: &[&'a str], lengths: &[usize], s: &mut Scratch<'a>) -> Vec<f32> {
    let (d, n) = (w.dim, forms.len());
    let rows = look_up(w, forms, s);
    let mut x = Vec::with_capacity(n * d);
    for &r in &rows {
        x.extend_from_slice(&s.vectors[r * d..(r + 1) * d]);
    }
    if let Some((_, taps)) = &w.first {
        first(&rows, lengths, &s.taps, taps.stride(), d, &mut s.wide);
        glu(&s.wide, 2 * d, d, &mut x);
    }
    s.narrow.resize(n * d, 0.0);
    for layer in &w.layers {
        match layer {
            Layer::Conv { norm, lin } => {
                layer_norm(&x, &norm.gain, &norm.bias, &mut s.narrow);
                windows(&s.narrow, d, lengths, &mut s.window);
                lin.apply(&s.window, n, &mut s.pack, &mut s.wide);
                glu(&s.wide, lin.stride(), d, &mut x);
            }
            Layer::Sru { norm, lin, out } => {
                layer_norm(&x, &norm.gain, &norm.bias, &mut s.narrow);
                lin.apply(&s.narrow, n, &mut s.pack, &mut s.wide);
                let (stride, mut at) = (lin.stride(), 0);
                for &len in lengths {
                    let wide = &mut s.wide[at * stride..(at + len) * stride];
                    recur(wide, stride, d, &mut s.narrow[at * d..(at + len) * d]);
                    at += len;
                }
                out.apply(&s.narrow, n, &mut s.pack, &mut s.extra);
                add_rows(&mut x, d, &s.extra, out.stride());
            }
        }
    }
    layer_norm(&x, &w.norm.gain, &w.norm.bias, &mut s.narrow);
    s.narrow.clone()
}

/// The first layer's sums out of what each form contributes to its places.
fn first(rows: &[usize], lengths: &[usize], taps: &[f32], stride: usize, d: usize, out: &mut Vec<f32>) {
    let part = |i: usize, k: usize| &taps[rows[i] * stride + 2 * k * d..][..2 * d];
    out.resize(rows.len() * 2 * d, 0.0);
    let mut at = 0;
    for &len in lengths {
        for (i, out) in (at..).zip(out[2 * at * d..2 * (at + len) * d].chunks_exact_mut(2 * d)) {
            let left = (i > at).then(|| part(i - 1, 0));
            let right = (i + 1 < at + len).then(|| part(i + 1, 2));
            mix(left, part(i, 1), right, out);
        }
        at += len;
    }
}

/// Each row with its left and right neighbour in the piece: `[left | own | right]`.
fn windows(x: &[f32], d: usize, lengths: &[usize], out: &mut Vec<f32>) {
    out.clear();
    out.resize(3 * x.len(), 0.0);
    let mut at = 0;
    for &len in lengths {
        for i in at..at + len {
            let row = &mut out[3 * i * d..3 * (i + 1) * d];
            if i > at {
                row[..d].copy_from_slice(&x[(i - 1) * d..i * d]);
            }
            row[d..2 * d].copy_from_slice(&x[i * d..(i + 1) * d]);
            if i + 1 < at + len {
                row[2 * d..].copy_from_slice(&x[(i + 1) * d..(i + 2) * d]);
            }
        }
        at += len;
    }
}
