//! Row-wise arithmetic: gates, normalisation, recurrence, dot products. Compiled for several
//! vector widths; the order of every sum is the same in all.

use pulp::Arch;

/// Partial sums kept side by side.
const LANES: usize = 16;

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
pub(super) fn layer_norm(x: &[f32], gain: &[f32], bias: &[f32], out: &mut Vec<f32>) {
    let d = gain.len();
    out.resize(x.len(), 0.0);
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
    Arch::new().dispatch(
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
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for v in x {
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

/// Scores of every dependent row against every head row, summed over `d` in order. The head rows
/// are turned into panels of sixteen in `panels` first.
pub(super) fn pairs(dep: &[f32], head: &[f32], d: usize, panels: &mut Vec<[f32; LANES]>, out: &mut [f32]) {
    let n = head.len() / d;
    panels.clear();
    panels.resize(n.div_ceil(LANES) * d, [0.0; LANES]);
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for (h, row) in head.chunks_exact(d).enumerate() {
                for (panel, &v) in panels[h / LANES * d..].iter_mut().zip(row) {
                    panel[h % LANES] = v;
                }
            }
            for (p, panel) in panels.chunks_exact(d).enumerate() {
                let width = LANES.min(n - p * LANES);
                let (four, rest) = (dep.chunks_exact(4 * d), dep.chunks_exact(4 * d).remainder());
                for (i, rows) in four.enumerate() {
                    let sums = sums::<4>(rows, panel, d);
                    for (r, sum) in sums.iter().enumerate() {
                        out[(4 * i + r) * n + p * LANES..][..width].copy_from_slice(&sum[..width]);
                    }
                }
                let done = dep.len() / (4 * d) * 4;
                for (i, row) in rest.chunks_exact(d).enumerate() {
                    let [sum] = sums::<1>(row, panel, d);
                    out[(done + i) * n + p * LANES..][..width].copy_from_slice(&sum[..width]);
                }
            }
        },
    );
}

/// `R` rows against a panel.
#[inline(always)]
fn sums<const R: usize>(rows: &[f32], panel: &[[f32; LANES]], d: usize) -> [[f32; LANES]; R] {
    let mut acc = [[0.0_f32; LANES]; R];
    for (k, w) in panel.iter().enumerate() {
        for r in 0..R {
            let x = rows[r * d + k];
            for i in 0..LANES {
                acc[r][i] += x * w[i];
            }
        }
    }
    acc
}

/// Runs `f` compiled for the processor at hand.
pub(super) fn fast(f: impl FnOnce()) {
    Arch::new().dispatch(f);
}

/// First index of the greatest value; 0 of nothing.
pub(super) fn argmax(row: &[f32]) -> usize {
    let mut at = 0;
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let mut most = [f32::NEG_INFINITY; LANES];
            let (chunks, rest) = row.as_chunks::<LANES>();
            for c in chunks {
                for (m, &v) in most.iter_mut().zip(c) {
                    *m = if v > *m { v } else { *m };
                }
            }
            let top = most.iter().chain(rest).fold(f32::NEG_INFINITY, |m, &v| if v > m { v } else { m });
            at = row.iter().position(|&v| v == top).unwrap_or(0);
        },
    );
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_close() {
        for i in -2000..2000 {
            let x = i as f32 * 0.05;
            assert!((sigmoid(x) - 1.0 / (1.0 + (-x).exp())).abs() < 1e-6, "{x}");
        }
    }
}
