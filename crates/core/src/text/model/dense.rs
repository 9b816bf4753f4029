//! Dense layers with 8-bit weights. Activations are rounded to 8 bits too, each row by its own
//! greatest value, and summed in whole numbers, so that an output does not depend on the processor
//! or on the rows beside it.

use super::kernel::{BLOCK, GROUP, Job, Kernel, PANEL, ROWS, Tile};
use super::rows::{bytes, fast, peak};

/// Greatest step of a rounded value.
const STEPS: f32 = 127.0;
/// The byte that stands for nought.
const ZERO: u8 = 128;

/// A dense layer, packed by panels of sixteen outputs.
#[derive(Debug)]
pub(super) struct Dense {
    pub inputs: usize,
    kernel: Kernel,
    tiles: Vec<Tile>,
    offset: Vec<[i32; PANEL]>,
    scale: Vec<[f32; PANEL]>,
    bias: Vec<[f32; PANEL]>,
}

impl Dense {
    /// From row-major weights `[outputs][inputs]`; each output's weights are rounded by the
    /// greatest of them.
    pub(super) fn new(weight: &[f32], bias: &[f32], inputs: usize) -> Dense {
        let (panels, groups) = (bias.len().div_ceil(PANEL), inputs.div_ceil(GROUP));
        let mut dense = Dense {
            inputs,
            kernel: Kernel::available().next().unwrap_or(Kernel::Plain),
            tiles: vec![Tile([[0; GROUP]; PANEL]); panels * groups],
            offset: vec![[0; PANEL]; panels],
            scale: vec![[0.0; PANEL]; panels],
            bias: vec![[0.0; PANEL]; panels],
        };
        for (slot, b) in dense.bias.as_flattened_mut().iter_mut().zip(bias) {
            *slot = *b;
        }
        let mut row = vec![ZERO; groups * GROUP];
        for (o, weight) in weight.chunks_exact(inputs.max(1)).take(bias.len()).enumerate() {
            let (p, lane) = (o / PANEL, o % PANEL);
            let mut scale = 0.0;
            fast(
                #[inline(always)]
                || scale = round(weight, &mut row),
            );
            dense.scale[p][lane] = scale;
            dense.offset[p][lane] = row.iter().map(|&b| i32::from(ZERO) * (i32::from(b) - i32::from(ZERO))).sum();
            let block = p / BLOCK * BLOCK;
            let wide = BLOCK.min(panels - block);
            let tiles = dense.tiles[block * groups + p - block..].iter_mut().step_by(wide);
            for (tile, four) in tiles.zip(row.as_chunks::<GROUP>().0) {
                tile.0[lane] = four.map(|b| (b ^ ZERO) as i8);
            }
        }
        dense
    }

    /// Width of an output row: the outputs rounded up to whole panels.
    pub(super) fn stride(&self) -> usize {
        self.bias.len() * PANEL
    }

    /// `out[rows][stride] = x[rows][inputs] · Wᵀ + b`.
    pub(super) fn apply(&self, x: &Rows, out: &mut Vec<f32>) {
        self.run(self.kernel, x, out);
    }

    fn run(&self, kernel: Kernel, x: &Rows, out: &mut Vec<f32>) {
        debug_assert_eq!(x.width, self.inputs);
        out.resize(x.worth.len() * self.stride(), 0.0);
        let (out, _) = out.as_chunks_mut();
        let (tiles, offset, scale, bias) = (&self.tiles, &self.offset, &self.scale, &self.bias);
        kernel.run(Job { tiles, offset, scale, bias, x: &x.q, worth: &x.worth, groups: x.groups, out });
    }
}

/// Rows of activations rounded to bytes.
#[derive(Debug, Default)]
pub(super) struct Rows {
    width: usize,
    groups: usize,
    q: Vec<[u8; GROUP]>,
    /// What one step of a row is worth.
    worth: Vec<f32>,
}

impl Rows {
    /// Makes room for `rows` rows of `width`.
    pub(super) fn start(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.groups = width.div_ceil(GROUP);
        self.worth.clear();
        self.worth.resize(rows, 0.0);
        self.q.resize(rows.next_multiple_of(ROWS) * self.groups, [ZERO; GROUP]);
    }

    /// Row `i`, to be filled by [`round`] or [`bytes`], and its worth.
    #[inline(always)]
    pub(super) fn row(&mut self, i: usize) -> (&mut [u8], &mut f32) {
        (self.q[i * self.groups..(i + 1) * self.groups].as_flattened_mut(), &mut self.worth[i])
    }

    /// Rounds the part of every row of `x` (rows of `stride`) from column `from` on.
    pub(super) fn fill(&mut self, x: &[f32], stride: usize, from: usize, width: usize) {
        self.start(x.len() / stride.max(1), width);
        fast(
            #[inline(always)]
            || {
                for (i, x) in x.chunks_exact(stride).enumerate() {
                    let (row, worth) = self.row(i);
                    *worth = round(&x[from..from + width], row);
                }
            },
        );
    }

    /// The rows at the given places.
    pub(super) fn select(&mut self, from: &Rows, places: &[usize]) {
        self.start(places.len(), from.width);
        for (i, &at) in places.iter().enumerate() {
            let (row, worth) = self.row(i);
            row.copy_from_slice(from.q[at * from.groups..(at + 1) * from.groups].as_flattened());
            *worth = from.worth[at];
        }
    }
}

/// Rounds `x` to bytes and gives the worth of a step.
#[inline(always)]
pub(super) fn round(x: &[f32], out: &mut [u8]) -> f32 {
    let most = peak(x);
    bytes(x, steps(most), out);
    most / STEPS
}

/// Steps per unit when the greatest value is `most`.
#[inline(always)]
pub(super) fn steps(most: f32) -> f32 {
    if most > 0.0 { STEPS / most } else { 0.0 }
}

/// What a step is worth when the greatest value is `most`.
#[inline(always)]
pub(super) fn worth(most: f32) -> f32 {
    most / STEPS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layer(n: usize, k: usize, seed: f32) -> (Vec<f32>, Dense) {
        let w: Vec<f32> = (0..n * k).map(|i| (i as f32 * 0.11 + seed).cos()).collect();
        let b: Vec<f32> = (0..n).map(|i| i as f32).collect();
        let dense = Dense::new(&w, &b, k);
        (w, dense)
    }

    #[test]
    fn product_is_nearly_the_plain_sum() {
        let (rows, k, n) = (15, 7, 21);
        let x: Vec<f32> = (0..rows * k).map(|i| (i as f32 * 0.37).sin()).collect();
        let (w, dense) = layer(n, k, 0.0);
        let (mut q, mut out) = (Rows::default(), Vec::new());
        q.fill(&x, k, 0, k);
        dense.apply(&q, &mut out);
        for r in 0..rows {
            for o in 0..n {
                let want: f32 = o as f32 + (0..k).map(|i| x[r * k + i] * w[o * k + i]).sum::<f32>();
                assert!((out[r * dense.stride() + o] - want).abs() < 0.05);
            }
        }
    }

    #[test]
    fn a_row_does_not_feel_its_neighbours() {
        let (rows, k) = (14, 40);
        let x: Vec<f32> = (0..rows * k).map(|i| (i as f32 * 0.37).sin()).collect();
        let (_, dense) = layer(50, k, 0.0);
        let (mut q, mut all, mut one) = (Rows::default(), Vec::new(), Vec::new());
        q.fill(&x, k, 0, k);
        dense.apply(&q, &mut all);
        for (r, row) in x.chunks_exact(k).enumerate() {
            q.fill(row, k, 0, k);
            dense.apply(&q, &mut one);
            assert_eq!(one, all[r * dense.stride()..(r + 1) * dense.stride()]);
        }
    }

    #[test]
    fn nought_and_what_is_no_number() {
        let (_, dense) = layer(3, 5, 0.0);
        let (mut q, mut out) = (Rows::default(), Vec::new());
        q.fill(&[0.0; 5], 5, 0, 5);
        dense.apply(&q, &mut out);
        assert_eq!(out[..3], [0.0, 1.0, 2.0]);
        q.fill(&[f32::NAN, f32::INFINITY, 1.0, f32::NEG_INFINITY, 0.0], 5, 0, 5);
        dense.apply(&q, &mut out);
        q.fill(&[], 5, 0, 5);
        dense.apply(&q, &mut out);
        assert!(out.is_empty());
    }

    proptest! {
        // Bits, not nearness: the kernels must agree on every processor.
        #[test]
        fn kernels_agree(n in 1_usize..150, k in 1_usize..70, rows in 1_usize..20, seed in -9.0_f32..9.0, big in 0_u8..3) {
            let (_, dense) = layer(n, k, seed);
            let edge = [0.0, 1e-30, 1e30][usize::from(big)];
            let x: Vec<f32> = (0..rows * k).map(|i| if i % 11 == 3 { edge } else { (i as f32 * seed).sin() }).collect();
            let mut q = Rows::default();
            q.fill(&x, k, 0, k);
            let mut want = Vec::new();
            dense.run(Kernel::Plain, &q, &mut want);
            for kernel in Kernel::available() {
                let mut got = Vec::new();
                dense.run(kernel, &q, &mut got);
                let bits = |v: &[f32]| v.iter().map(|f| f.to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(bits(&got), bits(&want), "{:?}", kernel);
            }
        }

        // The greatest bytes everywhere: no sum may saturate.
        #[test]
        fn the_greatest_sums_hold(k in 1_usize..1100, sign in prop::bool::ANY) {
            let w = vec![if sign { -2.0 } else { 2.0 }; k];
            let dense = Dense::new(&w, &[0.0], k);
            let mut q = Rows::default();
            q.fill(&vec![1.0; k], k, 0, k);
            for kernel in Kernel::available() {
                let mut got = Vec::new();
                dense.run(kernel, &q, &mut got);
                let want = if sign { -2.0 } else { 2.0 } * k as f32;
                prop_assert!((got[0] / want - 1.0).abs() < 1e-4, "{:?} {} {}", kernel, got[0], want);
            }
        }
    }
}
