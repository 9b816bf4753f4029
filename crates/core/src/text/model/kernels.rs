//! Arithmetic. Every output is summed over its inputs in one fixed order with fused
//! multiply-add, whatever the processor's vector width and whatever rows stand beside it.

use pulp::{Arch, Simd, WithSimd};

/// Columns per packed panel.
const PANEL: usize = 16;

/// A dense layer, packed by panels of sixteen outputs.
#[derive(Debug)]
pub(super) struct Dense {
    pub inputs: usize,
    bias: Vec<f32>,
    panels: Vec<f32>,
}

impl Dense {
    /// From row-major weights `[outputs][inputs]`.
    pub(super) fn new(weight: &[f32], bias: &[f32], inputs: usize) -> Dense {
        let outputs = bias.len();
        let count = outputs.div_ceil(PANEL);
        let mut panels = vec![0.0; count * inputs * PANEL];
        for (o, row) in weight.chunks_exact(inputs.max(1)).take(outputs).enumerate() {
            let panel = &mut panels[(o / PANEL) * inputs * PANEL..][..inputs * PANEL];
            for (slot, &w) in panel[o % PANEL..].iter_mut().step_by(PANEL).zip(row) {
                *slot = w;
            }
        }
        let mut padded = bias.to_vec();
        padded.resize(count * PANEL, 0.0);
        Dense { inputs, bias: padded, panels }
    }

    /// Width of an output row: the outputs rounded up to whole panels.
    pub(super) fn stride(&self) -> usize {
        self.bias.len()
    }

    /// `out[rows][stride] = x[rows][inputs] · Wᵀ + b`.
    pub(super) fn apply(&self, x: &[f32], rows: usize, scratch: &mut Vec<f32>, out: &mut Vec<f32>) {
        out.resize(rows * self.stride(), 0.0);
        Arch::new().dispatch(Product { dense: self, x, rows, scratch, out });
    }
}

struct Product<'a> {
    dense: &'a Dense,
    x: &'a [f32],
    rows: usize,
    scratch: &'a mut Vec<f32>,
    out: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            16 => self.run::<S, 1, 12>(simd),
            8 => self.run::<S, 2, 6>(simd),
            4 => self.run::<S, 4, 4>(simd),
            _ => self.run::<S, 16, 1>(simd),
        }
    }
}

impl Product<'_> {
    #[inline(always)]
    fn run<S: Simd, const VECS: usize, const ROWS: usize>(self, simd: S) {
        if VECS * S::F32_LANES != PANEL {
            return;
        }
        let (k, stride) = (self.dense.inputs, self.dense.stride());
        if k == 0 || stride == 0 {
            return;
        }
        // Rows in blocks, each block transposed so that one step reads ROWS neighbours.
        let blocks = self.rows.div_ceil(ROWS);
        self.scratch.resize(blocks * k * ROWS, 0.0);
        for (r, row) in self.x.chunks_exact(k).take(self.rows).enumerate() {
            let block = &mut self.scratch[(r / ROWS) * k * ROWS..][..k * ROWS];
            for (slot, &v) in block[r % ROWS..].iter_mut().step_by(ROWS).zip(row) {
                *slot = v;
            }
        }
        for (p, panel) in self.dense.panels.chunks_exact(k * PANEL).enumerate() {
            let (bias, _) = S::as_simd_f32s(&self.dense.bias[p * PANEL..][..PANEL]);
            let (panel, _) = S::as_simd_f32s(panel);
            for (b, block) in self.scratch.chunks_exact(k * ROWS).enumerate() {
                let mut acc = [[bias[0]; VECS]; ROWS];
                for row in &mut acc {
                    row.copy_from_slice(&bias[..VECS]);
                }
                for (w, x) in panel.chunks_exact(VECS).zip(block.chunks_exact(ROWS)) {
                    for r in 0..ROWS {
                        let a = simd.splat_f32s(x[r]);
                        for v in 0..VECS {
                            acc[r][v] = simd.mul_add_f32s(a, w[v], acc[r][v]);
                        }
                    }
                }
                for (r, row) in acc.iter().enumerate().take(self.rows - b * ROWS) {
                    let at = (b * ROWS + r) * stride + p * PANEL;
                    let (to, _) = S::as_mut_simd_f32s(&mut self.out[at..at + PANEL]);
                    to.copy_from_slice(row);
                }
            }
        }
    }
}

/// Logistic function, from e^-x by range reduction and a polynomial (error about 1e-7).
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0;
    let x = (-x).clamp(-80.0, 80.0);
    let t = x * std::f32::consts::LOG2_E + MAGIC;
    let n = t - MAGIC;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4_f32;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p * r + c;
    }
    let e = p * r * r + r + 1.0;
    let scale = f32::from_bits((t.to_bits() << 23).wrapping_add(0x3f80_0000));
    1.0 / (1.0 + e * scale)
}

/// `out[rows][d] += a · σ(b)` for rows `[a | b]`.
pub(super) fn glu(rows: &[f32], stride: usize, d: usize, out: &mut [f32]) {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for (row, out) in rows.chunks_exact(stride).zip(out.chunks_exact_mut(d)) {
                let (a, b) = row[..2 * d].split_at(d);
                for ((o, &a), &b) in out.iter_mut().zip(a).zip(b) {
                    *o += a * sigmoid(b);
                }
            }
        },
    );
}

/// Layer normalisation of every row.
pub(super) fn layer_norm(x: &[f32], gain: &[f32], bias: &[f32], out: &mut [f32]) {
    let d = gain.len();
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for (x, out) in x.chunks_exact(d).zip(out.chunks_exact_mut(d)) {
                let mean = sum(x, |v| v) / d as f32;
                let var = sum(x, |v| (v - mean) * (v - mean)) / d as f32;
                let scale = 1.0 / (var + 1e-5).sqrt();
                for (((o, &v), &g), &b) in out.iter_mut().zip(x).zip(gain).zip(bias) {
                    *o = (v - mean) * scale * g + b;
                }
            }
        },
    );
}

/// Sum in sixteen lanes.
#[inline(always)]
fn sum(x: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut acc = [0.0_f32; PANEL];
    let (chunks, rest) = x.as_chunks::<PANEL>();
    for c in chunks {
        for (a, &v) in acc.iter_mut().zip(c) {
            *a += f(v);
        }
    }
    fold(acc) + rest.iter().map(|&v| f(v)).sum::<f32>()
}

#[inline(always)]
fn fold(mut acc: [f32; PANEL]) -> f32 {
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            acc[i] += acc[i + half];
        }
    }
    acc[0]
}

/// The gated recurrence over one sentence: rows `[z | f | o]` become `[σ(o) · c]`, the first half
/// of the channels running forwards, the second backwards.
pub(super) fn recur(rows: &mut [f32], stride: usize, d: usize, out: &mut [f32]) {
    let h = d / 2;
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for row in rows.chunks_exact_mut(stride) {
                let (z, rest) = row[..3 * d].split_at_mut(d);
                let (f, o) = rest.split_at_mut(d);
                for ((z, f), o) in z.iter_mut().zip(f).zip(o) {
                    *f = sigmoid(*f);
                    *z *= 1.0 - *f;
                    *o = sigmoid(*o);
                }
            }
            let mut state = vec![0.0_f32; d];
            let (fore, back) = state.split_at_mut(h);
            for (row, out) in rows.chunks_exact(stride).zip(out.chunks_exact_mut(d)) {
                step(fore, &row[..h], &row[d..d + h], &row[2 * d..2 * d + h], &mut out[..h]);
            }
            for (row, out) in rows.chunks_exact(stride).zip(out.chunks_exact_mut(d)).rev() {
                step(back, &row[h..d], &row[d + h..2 * d], &row[2 * d + h..3 * d], &mut out[h..]);
            }
        },
    );
}

#[inline(always)]
fn step(state: &mut [f32], u: &[f32], f: &[f32], o: &[f32], out: &mut [f32]) {
    for ((((c, &u), &f), &o), out) in state.iter_mut().zip(u).zip(f).zip(o).zip(out) {
        *c = f * *c + u;
        *out = o * *c;
    }
}

/// `x += y` where `y` has rows of `stride` and `x` rows of `d`.
pub(super) fn add_rows(x: &mut [f32], d: usize, y: &[f32], stride: usize) {
    for (x, y) in x.chunks_exact_mut(d).zip(y.chunks_exact(stride)) {
        for (x, &y) in x.iter_mut().zip(y) {
            *x += y;
        }
    }
}

/// `x += scale · q` for bytes `q`.
#[inline(always)]
pub(super) fn add_bytes(x: &mut [f32], q: &[u8], scale: f32) {
    for (x, &q) in x.iter_mut().zip(q) {
        *x += f32::from(q as i8) * scale;
    }
}

/// Scores of every dependent row against every head row.
pub(super) fn pairs(dep: &[f32], head: &[f32], d: usize, out: &mut [f32]) {
    let n = head.len() / d;
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for (a, out) in dep.chunks_exact(d).zip(out.chunks_exact_mut(n)) {
                for (b, out) in head.chunks_exact(d).zip(out) {
                    *out = dot(a, b);
                }
            }
        },
    );
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut acc = [0.0_f32; PANEL];
    let ((a, ra), (b, rb)) = (a.as_chunks::<PANEL>(), b.as_chunks::<PANEL>());
    for (a, b) in a.iter().zip(b) {
        for ((s, &x), &y) in acc.iter_mut().zip(a).zip(b) {
            *s += x * y;
        }
    }
    fold(acc) + ra.iter().zip(rb).map(|(x, y)| x * y).sum::<f32>()
}

/// `out = own + left + right`, the neighbours where there are any.
pub(super) fn mix(left: Option<&[f32]>, own: &[f32], right: Option<&[f32]>, out: &mut [f32]) {
    out.copy_from_slice(own);
    for side in [left, right].into_iter().flatten() {
        for (o, &v) in out.iter_mut().zip(side) {
            *o += v;
        }
    }
}

/// Runs `f` compiled for the processor at hand.
pub(super) fn fast(f: impl FnOnce()) {
    Arch::new().dispatch(f);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_is_the_plain_sum() {
        let (rows, k, n) = (15, 7, 21);
        let x: Vec<f32> = (0..rows * k).map(|i| (i as f32 * 0.37).sin()).collect();
        let w: Vec<f32> = (0..n * k).map(|i| (i as f32 * 0.11).cos()).collect();
        let b: Vec<f32> = (0..n).map(|i| i as f32).collect();
        let dense = Dense::new(&w, &b, k);
        let (mut scratch, mut out) = (Vec::new(), Vec::new());
        dense.apply(&x, rows, &mut scratch, &mut out);
        for r in 0..rows {
            for o in 0..n {
                let want: f32 = b[o] + (0..k).map(|i| x[r * k + i] * w[o * k + i]).sum::<f32>();
                assert!((out[r * dense.stride() + o] - want).abs() < 1e-4);
            }
        }
        let mut one = Vec::new();
        dense.apply(&x[13 * k..14 * k], 1, &mut scratch, &mut one);
        assert_eq!(one, out[13 * dense.stride()..14 * dense.stride()]);
    }

    #[test]
    fn sigmoid_is_close() {
        for i in -2000..2000 {
            let x = i as f32 * 0.05;
            assert!((sigmoid(x) - 1.0 / (1.0 + (-x).exp())).abs() < 1e-6, "{x}");
        }
    }
}
