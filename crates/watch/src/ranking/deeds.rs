//! Which deed comes next between two.

use super::Event;
use super::history::{History, LATELY};
use super::mixture::{Mixture, bucket};

/// The guesses about a deed.
pub const PARTS: usize = 6;

/// The mixture for deeds.
pub type Deeds = Mixture<PARTS>;

/// What the guesses give to each deed of a source to a target, and the bucket of the pair.
#[must_use]
pub fn parts(h: &History, source: u32, target: u32, step: u32) -> (usize, Vec<[f32; PARTS]>) {
    let deeds = h.deeds as usize;
    let mut out = vec![[0.0f32; PARTS]; deeds];
    let link = h.link(source, target);
    for (earlier, f) in link.map_or(&[][..], |l| &l.deeds[..]) {
        let c = f.counts(step, &h.fade);
        if (*earlier as usize) < deeds {
            let p = &mut out[*earlier as usize];
            (p[0], p[1]) = (c[LATELY], f.n);
        }
        for (d, p) in out.iter_mut().enumerate() {
            p[2] += c[LATELY] * h.leads(*earlier, d as u32);
        }
    }
    for (d, p) in out.iter_mut().enumerate() {
        p[3] = h.done(source, d as u32).map_or(0.0, |x| x.all.n);
        p[4] = h.done(target, h.inverse(d as u32)).map_or(0.0, |x| x.all.n);
        p[5] = h.deed[d].all.n;
    }
    for k in 0..PARTS {
        let sum: f32 = out.iter().map(|p| p[k]).sum();
        if sum > 0.0 {
            out.iter_mut().for_each(|p| p[k] /= sum);
        }
    }
    (bucket(link.map_or(0.0, |l| l.forward.n)), out)
}

/// What the guesses gave to the deeds that came, for fitting.
#[must_use]
pub fn seen(h: &History, events: &[Event]) -> Vec<(usize, [f32; PARTS])> {
    let each = |e: &Event| {
        let (bucket, parts) = parts(h, e.source, e.target, e.step);
        (bucket, parts[e.deed as usize])
    };
    events.iter().map(each).collect()
}
