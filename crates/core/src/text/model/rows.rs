//! Row-wise arithmetic: gates, normalisation, recurrence, dot products. Compiled for several
//! vector widths; the order of every sum is the same in all.

use pulp::{Arch, Simd, WithSimd};

/// Runs `f` compiled for the processor at hand, if it is a closure marked `#[inline(always)]`.
#[inline]
pub(super) fn fast(f: impl FnMut()) {
    struct Closure<F>(F);
    // Called by reference: called by value the compiler puts a function in between that is not
    // compiled for the processor.
    impl<F: FnMut()> WithSimd for Closure<F> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(mut self, _: S) {
            (self.0)();
        }
    }
    Arch::new().dispatch(Closure(f));
}

/// Partial sums kept side by side.
const LANES: usize = 16;

/// e^-x by range reduction and a polynomial (error about 1e-7), for x within 40 of nought.
#[inline(always)]
fn decay(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0;
    // Beyond 40 the gate is shut or open to the last bit, and the product of two stays a number.
    let x = (-x).clamp(-40.0, 40.0);
    let t = x * std::f32::consts::LOG2_E + MAGIC;
    let n = t - MAGIC;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4_f32;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p * r + c;
    }
    let e = p * r * r + r + 1.0;
    e * f32::from_bits((t.to_bits() << 23).wrapping_add(0x3f80_0000))
}

/// Logistic function.
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + decay(x))
}

/// `out[rows][d] += a · σ(b)` for rows `[a | b]`.
pub(super) fn glu(rows: &[f32], stride: usize, d: usize, out: &mut [f32]) {
    fast(
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
pub(super) fn layer_norm(x: &[f32], gain: &[f32], bias: &[f32], out: &mut Vec<f32>) {
    let d = gain.len();
    out.resize(x.len(), 0.0);
    fast(
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
    let mut acc = [0.0_f32; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for c in chunks {
        for (a, &v) in acc.iter_mut().zip(c) {
            *a += f(v);
        }
    }
    fold(acc) + rest.iter().map(|&v| f(v)).sum::<f32>()
}

#[inline(always)]
fn fold(mut acc: [f32; LANES]) -> f32 {
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            acc[i] += acc[i + half];
        }
    }
    acc[0]
}

/// σ(x) and σ(y) with one division.
#[inline(always)]
fn gates(x: f32, y: f32) -> (f32, f32) {
    let (x, y) = (1.0 + decay(x), 1.0 + decay(y));
    let both = 1.0 / (x * y);
    (y * both, x * both)
}

/// The gated recurrence over one sentence: rows `[z | f | o]` become `[σ(o) · c]`, the first half
/// of the channels running forwards, the second backwards.
pub(super) fn recur(rows: &[f32], stride: usize, d: usize, out: &mut [f32]) {
    let h = d / 2;
    fast(
        #[inline(always)]
        || {
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
fn step(state: &mut [f32], z: &[f32], f: &[f32], o: &[f32], out: &mut [f32]) {
    for ((((c, &z), &f), &o), out) in state.iter_mut().zip(z).zip(f).zip(o).zip(out) {
        let (f, o) = gates(f, o);
        *c = f * *c + (1.0 - f) * z;
        *out = o * *c;
    }
}

/// `x += y` where `y` has rows of `stride` and `x` rows of `d`.
pub(super) fn add_rows(x: &mut [f32], d: usize, y: &[f32], stride: usize) {
    fast(
        #[inline(always)]
        || {
            for (x, y) in x.chunks_exact_mut(d).zip(y.chunks_exact(stride)) {
                for (x, &y) in x.iter_mut().zip(y) {
                    *x += y;
                }
            }
        },
    );
}

/// `x = max(x, slope · x)`.
pub(super) fn leak(x: &mut [f32], slope: f32) {
    fast(
        #[inline(always)]
        || {
            for v in &mut *x {
                *v = v.max(slope * *v);
            }
        },
    );
}

/// `x += scale · q` for bytes `q`.
#[inline(always)]
pub(super) fn add_bytes(x: &mut [f32], q: &[u8], scale: f32) {
    for (x, &q) in x.iter_mut().zip(q) {
        *x += f32::from(q as i8) * scale;
    }
}

/// Greatest magnitude.
#[inline(always)]
pub(super) fn peak(x: &[f32]) -> f32 {
    let mut most = [0.0_f32; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for c in chunks {
        for (m, v) in most.iter_mut().zip(c) {
            let v = v.abs();
            *m = if v > *m { v } else { *m };
        }
    }
    most.iter().chain(rest).fold(0.0, |m, v| if v.abs() > m { v.abs() } else { m })
}

/// `x · steps` to the nearest whole number, 128 added, for values within 127 steps of nought.
#[inline(always)]
pub(super) fn bytes(x: &[f32], steps: f32, out: &mut [u8]) {
    // Adding this leaves the whole number in the lowest bits, halves rounded to even.
    const MAGIC: f32 = 12_582_912.0;
    for (out, v) in out.iter_mut().zip(x) {
        *out = (v * steps + MAGIC).to_bits() as u8 ^ 128;
    }
}

/// Scores of every dependent row (with their stride) against every head row, summed over `d` in
/// order: one row of scores for each dependent. `panels` takes the head rows, turned by sixteens.
pub(super) fn pairs<'a>(
    (dep, stride): (&[f32], usize),
    head: impl ExactSizeIterator<Item = &'a [f32]>,
    d: usize,
    panels: &mut Vec<[f32; LANES]>,
    out: &mut [f32],
) {
    let n = head.len();
    panels.resize(n.div_ceil(LANES) * d, [0.0; LANES]);
    for (h, row) in head.enumerate() {
        for (panel, &v) in panels[h / LANES * d..].iter_mut().zip(row) {
            panel[h % LANES] = v;
        }
    }
    fast(
        #[inline(always)]
        || {
            for (p, panel) in panels.chunks_exact(d).enumerate() {
                let width = LANES.min(n - p * LANES);
                let mut out = out.chunks_exact_mut(n);
                let four = dep.chunks_exact(4 * stride);
                let rest = four.remainder();
                for rows in four {
                    for (sum, out) in sums::<4>(rows, stride, panel).iter().zip(&mut out) {
                        out[p * LANES..][..width].copy_from_slice(&sum[..width]);
                    }
                }
                for (row, out) in rest.chunks_exact(stride).zip(out) {
                    let [sum] = sums::<1>(row, stride, panel);
                    out[p * LANES..][..width].copy_from_slice(&sum[..width]);
                }
            }
        },
    );
}

/// `R` rows against a panel.
#[inline(always)]
fn sums<const R: usize>(rows: &[f32], stride: usize, panel: &[[f32; LANES]]) -> [[f32; LANES]; R] {
    let mut acc = [[0.0_f32; LANES]; R];
    for (k, w) in panel.iter().enumerate() {
        for r in 0..R {
            let x = rows[r * stride + k];
            for i in 0..LANES {
                acc[r][i] += x * w[i];
            }
        }
    }
    acc
}

/// First index of the greatest value; 0 of nothing.
pub(super) fn argmax(row: &[f32]) -> usize {
    let mut at = 0;
    fast(
        #[inline(always)]
        || at = top(row),
    );
    at
}

/// [`argmax`], to be used inside [`fast`].
#[inline(always)]
pub(super) fn top(row: &[f32]) -> usize {
    let mut most = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for c in chunks {
        for (m, &v) in most.iter_mut().zip(c) {
            *m = if v > *m { v } else { *m };
        }
    }
    let top = most.iter().chain(rest).fold(f32::NEG_INFINITY, |m, &v| if v > m { v } else { m });
    row.iter().position(|&v| v == top).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_close() {
        for i in -2000..2000 {
            let x = i as f32 * 0.05;
            let close = |got: f32, x: f32| (got - 1.0 / (1.0 + (-x).exp())).abs() < 1e-6;
            let (a, b) = gates(x, 3.0 - x);
            assert!(close(sigmoid(x), x) && close(a, x) && close(b, 3.0 - x), "{x}");
        }
    }
}
