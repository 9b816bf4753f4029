//! Products of bytes, summed in whole numbers: the same on every processor, whichever kernel runs.
//!
//! A kernel multiplies rows of activations (bytes from 0 to 255, 128 standing for nought) with the
//! tiles of a layer. This is the only file with `unsafe` in it, and for one thing alone: calling a
//! function compiled for instructions that the processor was just asked about. The functions
//! themselves are safe code on slices.
#![allow(unsafe_code)]
// Plain counting keeps the registers of the inner loops in view.
#![allow(clippy::needless_range_loop)]

/// Outputs per tile.
pub(super) const PANEL: usize = 16;
/// Inputs per tile.
pub(super) const GROUP: usize = 4;
/// Panels that lie side by side in a block.
pub(super) const BLOCK: usize = 4;
/// Rows of activations come in multiples of this.
pub(super) const ROWS: usize = 6;

/// Weights of sixteen outputs for four inputs, by output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Tile(pub [[i8; GROUP]; PANEL]);

/// One product: `out[row][panel * 16 + i] = finish(Σ weight · (activation - 128))`.
#[derive(Debug)]
pub(super) struct Job<'a> {
    /// By block of [`BLOCK`] panels (the last may have fewer), then group, then panel.
    pub tiles: &'a [Tile],
    /// 128 times the sum of each output's weights.
    pub offset: &'a [[i32; PANEL]],
    /// What one step of an output is worth.
    pub scale: &'a [[f32; PANEL]],
    pub bias: &'a [[f32; PANEL]],
    /// Activations, rows of `groups`, [`ROWS`] at a time.
    pub x: &'a [[u8; GROUP]],
    /// What one step of each row is worth.
    pub worth: &'a [f32],
    pub groups: usize,
    /// `worth.len()` rows of `scale.len()` panels.
    pub out: &'a mut [[f32; PANEL]],
}

/// Ways to do it, fastest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// 512 bits with byte products (VNNI).
    #[cfg(target_arch = "x86_64")]
    Vnni,
    /// 256 bits, bytes widened to 16.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Any processor.
    Plain,
}

impl Kernel {
    /// Those this processor can run.
    pub(super) fn available() -> impl Iterator<Item = Kernel> {
        #[cfg(target_arch = "x86_64")]
        let fast = [(has_vnni as fn() -> bool, Kernel::Vnni), (has_avx2 as fn() -> bool, Kernel::Avx2)];
        #[cfg(not(target_arch = "x86_64"))]
        let fast: [(fn() -> bool, Kernel); 0] = [];
        fast.into_iter().filter(|(has, _)| has()).map(|(_, k)| k).chain([Kernel::Plain])
    }

    /// Does the product. A kernel the processor lacks gives way to the plain one.
    pub(super) fn run(self, job: Job<'_>) {
        match self {
            // SAFETY: the processor has just said that it has the instructions; there is no other
            // condition, since the callee is safe code.
            #[cfg(target_arch = "x86_64")]
            Kernel::Vnni if has_vnni() => unsafe { x86::vnni(job) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 if has_avx2() => unsafe { x86::avx2(job) },
            _ => plain(job),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn has_vnni() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vnni")
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2")
}

/// Splits tiles into blocks: first panel, panels, tiles.
#[inline(always)]
fn blocks(tiles: &[Tile], panels: usize, groups: usize) -> impl Iterator<Item = (usize, usize, &[Tile])> {
    (0..panels).step_by(BLOCK).map(move |p| {
        let wide = BLOCK.min(panels - p);
        (p, wide, &tiles[p * groups..(p + wide) * groups])
    })
}

fn plain(job: Job<'_>) {
    let (panels, groups) = (job.scale.len(), job.groups);
    for (p, wide, block) in blocks(job.tiles, panels, groups) {
        for (r, &worth) in job.worth.iter().enumerate() {
            let x = &job.x[r * groups..(r + 1) * groups];
            for i in 0..wide {
                let mut acc = job.offset[p + i].map(i32::wrapping_neg);
                for (tiles, x) in block.chunks_exact(wide).zip(x) {
                    let x = x.map(i32::from);
                    for (acc, w) in acc.iter_mut().zip(&tiles[i].0) {
                        *acc += i32::from(w[0]) * x[0] + i32::from(w[1]) * x[1] + i32::from(w[2]) * x[2] + i32::from(w[3]) * x[3];
                    }
                }
                let out = &mut job.out[r * panels + p + i];
                for k in 0..PANEL {
                    out[k] = acc[k] as f32 * (worth * job.scale[p + i][k]) + job.bias[p + i][k];
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Job, PANEL, ROWS, Tile, blocks};
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    pub(super) fn vnni(mut job: Job<'_>) {
        let (tiles, panels, groups) = (job.tiles, job.scale.len(), job.groups);
        for (p, wide, block) in blocks(tiles, panels, groups) {
            match wide {
                4 => vnni_block::<4>(p, block, &mut job),
                3 => vnni_block::<3>(p, block, &mut job),
                2 => vnni_block::<2>(p, block, &mut job),
                _ => vnni_block::<1>(p, block, &mut job),
            }
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    fn vnni_block<const P: usize>(p: usize, block: &[Tile], job: &mut Job<'_>) {
        let (panels, groups) = (job.scale.len(), job.groups);
        let block = &block[..groups * P];
        let mut start = [_mm512_setzero_si512(); P];
        for i in 0..P {
            start[i] = _mm512_sub_epi32(_mm512_setzero_si512(), pulp::cast(job.offset[p + i]));
        }
        for from in (0..job.worth.len()).step_by(ROWS) {
            let x = &job.x[from * groups..(from + ROWS) * groups];
            let mut acc = [start; ROWS];
            for g in 0..groups {
                let mut w = [_mm512_setzero_si512(); P];
                for i in 0..P {
                    w[i] = pulp::cast(block[g * P + i].0);
                }
                for r in 0..ROWS {
                    let v = _mm512_set1_epi32(i32::from_le_bytes(x[r * groups + g]));
                    for i in 0..P {
                        acc[r][i] = _mm512_dpbusd_epi32(acc[r][i], v, w[i]);
                    }
                }
            }
            for r in 0..ROWS.min(job.worth.len() - from) {
                let worth = _mm512_set1_ps(job.worth[from + r]);
                let out = &mut job.out[(from + r) * panels + p..][..P];
                for i in 0..P {
                    let step = _mm512_mul_ps(worth, pulp::cast(job.scale[p + i]));
                    let sum = _mm512_mul_ps(_mm512_cvtepi32_ps(acc[r][i]), step);
                    out[i] = pulp::cast(_mm512_add_ps(sum, pulp::cast(job.bias[p + i])));
                }
            }
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn avx2(mut job: Job<'_>) {
        let (tiles, panels, groups) = (job.tiles, job.scale.len(), job.groups);
        for (p, wide, block) in blocks(tiles, panels, groups) {
            for i in 0..wide {
                avx2_panel(p + i, i, wide, block, &mut job);
            }
        }
    }

    /// Three rows at a time, so that sums and weights fit the sixteen registers.
    #[target_feature(enable = "avx2")]
    fn avx2_panel(p: usize, lane: usize, wide: usize, block: &[Tile], job: &mut Job<'_>) {
        const AT_ONCE: usize = ROWS / 2;
        let (panels, groups) = (job.scale.len(), job.groups);
        let offset: [__m256i; 2] = pulp::cast(job.offset[p]);
        let scale: [__m256; 2] = pulp::cast(job.scale[p]);
        let bias: [__m256; 2] = pulp::cast(job.bias[p]);
        let zero = _mm256_setzero_si256();
        let low = _mm256_set1_epi16(0xff);
        for from in (0..job.worth.len()).step_by(AT_ONCE) {
            let x = &job.x[from * groups..(from + AT_ONCE) * groups];
            let mut acc = [[_mm256_sub_epi32(zero, offset[0]), _mm256_sub_epi32(zero, offset[1])]; AT_ONCE];
            for g in 0..groups {
                let w: [__m256i; 2] = pulp::cast(block[g * wide + lane].0);
                // The first and third byte of each four, then the second and fourth, as 16 bits.
                let even = [_mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(w[0])), _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(w[1]))];
                let odd = [_mm256_srai_epi16::<8>(w[0]), _mm256_srai_epi16::<8>(w[1])];
                for r in 0..AT_ONCE {
                    let v = _mm256_set1_epi32(i32::from_le_bytes(x[r * groups + g]));
                    let (a, b) = (_mm256_and_si256(v, low), _mm256_srli_epi16::<8>(v));
                    for h in 0..2 {
                        let pair = _mm256_add_epi32(_mm256_madd_epi16(a, even[h]), _mm256_madd_epi16(b, odd[h]));
                        acc[r][h] = _mm256_add_epi32(acc[r][h], pair);
                    }
                }
            }
            for r in 0..AT_ONCE.min(job.worth.len() - from) {
                let worth = _mm256_set1_ps(job.worth[from + r]);
                let mut halves = [_mm256_setzero_ps(); 2];
                for h in 0..2 {
                    let sum = _mm256_mul_ps(_mm256_cvtepi32_ps(acc[r][h]), _mm256_mul_ps(worth, scale[h]));
                    halves[h] = _mm256_add_ps(sum, bias[h]);
                }
                let out: &mut [f32; PANEL] = &mut job.out[(from + r) * panels + p];
                *out = pulp::cast(halves);
            }
        }
    }
}
