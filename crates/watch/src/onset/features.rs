//! What a model is told of a pair on a day. Every column is a number that a reader can recompute; METHOD.md lists them.

use super::state::{KINDS, LIVES, State};
use crate::learn::logit;

/// Sums over third parties and over each side, made once for a day.
pub(super) struct Context {
    n: usize,
    /// Force of each actor with all others, by half-life.
    force: Vec<[f32; LIVES]>,
    hostile: Vec<[f32; LIVES]>,
    volume: Vec<[f32; LIVES]>,
    all_force: [f32; LIVES],
    /// Paths over third parties.
    theatre: Vec<f32>,
    theatre_old: Vec<f32>,
    long: Vec<f32>,
    friend_foe: Vec<f32>,
    talk: Vec<f32>,
}

/// Number of columns.
pub(super) fn width() -> usize {
    KINDS * LIVES + 2 * LIVES + EXTRA + 2
}

const EXTRA: usize = 45;

impl Context {
    pub fn new(state: &State) -> Self {
        let n = state.actors;
        let mut me = Self {
            n,
            force: vec![[0.0; LIVES]; n],
            hostile: vec![[0.0; LIVES]; n],
            volume: vec![[0.0; LIVES]; n],
            all_force: [0.0; LIVES],
            theatre: Vec::new(),
            theatre_old: Vec::new(),
            long: Vec::new(),
            friend_foe: Vec::new(),
            talk: Vec::new(),
        };
        let mut recent = vec![0.0f32; n * n];
        let mut old = vec![0.0f32; n * n];
        let mut friends = vec![0.0f32; n * n];
        let mut quarrel = vec![0.0f32; n * n];
        for pair in &state.pairs {
            let (a, b) = (pair.low as usize, pair.high as usize);
            for life in 0..LIVES {
                for side in [a, b] {
                    me.force[side][life] += pair.counts[0][life];
                    me.hostile[side][life] += pair.counts[1][life] + pair.counts[2][life];
                    me.volume[side][life] += pair.counts[7][life];
                }
                me.all_force[life] += pair.counts[0][life];
            }
            let set = |m: &mut Vec<f32>, x: f32| {
                m[a * n + b] = x;
                m[b * n + a] = x;
            };
            set(&mut recent, pair.counts[0][1].ln_1p());
            set(&mut old, pair.counts[0][3].ln_1p());
            set(&mut friends, (pair.counts[5][2] + pair.counts[6][2]).ln_1p());
            set(&mut quarrel, (pair.counts[1][2] + pair.counts[2][2] + pair.counts[3][2]).ln_1p());
        }
        let scaled = |m: &[f32]| {
            // By the size of each side, so that great powers do not own every path.
            let size: Vec<f32> = (0..n).map(|i| m[i * n..(i + 1) * n].iter().map(|x| x * x).sum::<f32>().sqrt().max(0.5)).collect();
            let mut out = m.to_vec();
            (0..n).for_each(|i| (0..n).for_each(|j| out[i * n + j] /= (size[i] * size[j]).sqrt()));
            out
        };
        let old_scaled = scaled(&old);
        let friends_scaled = scaled(&friends);
        me.theatre = product(&recent, &recent, n);
        let two = product(&old_scaled, &old_scaled, n);
        me.long = product(&two, &old_scaled, n);
        me.theatre_old = product(&old, &old, n);
        me.friend_foe = product(&friends_scaled, &recent, n);
        me.talk = product(&friends_scaled, &quarrel, n);
        me
    }

    /// The columns of a pair, which had the deed in `hits` of `windows` closed windows.
    pub fn row(&self, state: &State, index: usize, hits: u32, windows: i32, out: &mut Vec<f32>) {
        out.clear();
        let pair = &state.pairs[index];
        let (a, b) = (pair.low as usize, pair.high as usize);
        for kind in &pair.counts {
            out.extend(kind.iter().map(|c| c.ln_1p()));
        }
        for life in 0..LIVES {
            let (x, y) = (pair.conflict[0][life].ln_1p(), pair.conflict[1][life].ln_1p());
            out.extend([x.max(y), x.min(y)]);
        }
        let start = out.len();
        let age = (state.day - state.first + 1) as f32;
        for last in pair.last {
            out.push(last.map_or(400.0, |l| (state.day - l) as f32).min(400.0).ln_1p());
        }
        out.push((pair.force_days as f32 + 0.02) / (age + 10.0) * 100.0);
        out.push((pair.force_days as f32).ln_1p());
        out.push((pair.spells as f32).ln_1p());
        out.push((pair.total as f32 / age).ln_1p());
        out.push(pair.goldstein.signum() * pair.goldstein.abs().ln_1p());
        let mut both = |x: f32, y: f32| out.extend([x.max(y).ln_1p(), x.min(y).ln_1p()]);
        for life in 0..LIVES {
            let own = pair.counts[0][life];
            both((self.force[a][life] - own).max(0.0), (self.force[b][life] - own).max(0.0));
        }
        for life in [1, 2] {
            let own = pair.counts[1][life] + pair.counts[2][life];
            both((self.hostile[a][life] - own).max(0.0), (self.hostile[b][life] - own).max(0.0));
            both(state.inside[a][0][life], state.inside[b][0][life]);
            both(state.inside[a][1][life], state.inside[b][1][life]);
        }
        for life in [1, 3] {
            both(self.volume[a][life], self.volume[b][life]);
        }
        // Share of a side's doings that are force.
        let share = |i: usize| self.force[i][2] / (self.volume[i][2] + 5.0);
        both(share(a), share(b));
        let at = a * self.n + b;
        let back = b * self.n + a;
        let mut pair_of = |m: &[f32]| out.extend([m[at].max(m[back]).ln_1p(), m[at].min(m[back]).ln_1p()]);
        pair_of(&self.friend_foe);
        pair_of(&self.talk);
        out.push(self.theatre[at].ln_1p());
        out.push(self.theatre_old[at].ln_1p());
        out.push(self.long[at]);
        out.push(((self.all_force[1] + 1.0) / (self.all_force[3] + 1.0)).ln());
        // Now against the usual: conflict and all events.
        let rise = |kind: usize, short: usize, long: usize| ((pair.counts[kind][short] + 0.3) / (pair.counts[kind][long] + 1.0)).ln();
        out.push(rise(7, 0, 2));
        out.push(rise(3, 0, 2));
        out.push(rise(1, 1, 3));
        debug_assert_eq!(out.len() - start, EXTRA);
        let share = (f64::from(hits) + 0.3) / (f64::from(windows) + 8.0);
        out.push(logit(share) as f32);
        out.push(((pair.force_days as f32 + 0.05) / (age + 10.0)).ln());
    }
}

/// Product of two square matrices, the way through either side itself left in: a diagonal is zero.
fn product(a: &[f32], b: &[f32], n: usize) -> Vec<f32> {
    let mut out = vec![0.0f32; n * n];
    for i in 0..n {
        let row = &mut out[i * n..(i + 1) * n];
        for k in 0..n {
            let x = a[i * n + k];
            if x == 0.0 {
                continue;
            }
            row.iter_mut().zip(&b[k * n..(k + 1) * n]).for_each(|(o, y)| *o += x * y);
        }
    }
    out
}
