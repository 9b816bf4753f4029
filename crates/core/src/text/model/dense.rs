//! Dense layers. Every output is summed over its inputs in one fixed order with fused
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
}
