//! What the trees are told of a candidate: the guesses of the mixture, and counts and ages of what they rest on.

use super::history::{Done, Fading, LATELY, MEAN_LIVES};
use super::mixture::PARTS;
use super::slate::Asked;

/// Features of a candidate.
pub const FEATURES: usize = PARTS + 50;
/// The age of what never happened, as a logarithm.
const NEVER: f32 = 9.0;

/// A question seen from one place.
pub struct View<'a, 'b> {
    /// The source's surroundings.
    pub asked: &'b Asked<'a>,
    /// The deed asked about.
    pub deed: u32,
    /// The source's past with it.
    pub done: Option<&'b Done>,
    /// By link of the source: how much of the deed what passed lately leads to, by mean life.
    pub led: &'b [[f32; MEAN_LIVES.len()]],
    /// The most that any link has of it, lately.
    pub best_led: f32,
    /// By candidate: how often it suffered the deed from anybody.
    pub suffered: &'b [Fading],
    /// The deed's own past.
    pub of_deed: &'b Fading,
}

impl View<'_, '_> {
    /// Puts the features of a candidate: its row in the shortlist, its share by the mixture, its number among all candidates.
    pub fn features(&self, row: usize, share: f32, at: usize, o: u32, parts: &[f32; PARTS], put: &mut dyn FnMut(f32)) {
        let (h, now) = (self.asked.step.history, self.asked.step.step);
        let past = &h.past[self.asked.source as usize];
        let age = |f: &Fading| if f.n > 0.0 { ((now - f.last) as f32).ln_1p() } else { NEVER };
        let counts = |f: &Fading| if f.n > 0.0 { f.counts(now, &h.fade) } else { [0.0; 3] };
        let zero = Fading::default();
        let link = past.links.get(at);
        let find = |d: u32| link.and_then(|l| l.deeds.iter().find(|x| x.0 == d)).map_or(&zero, |x| &x.1);
        let (triple, back) = (find(self.deed), find(h.inverse(self.deed)));
        let (pair, forward) = link.map_or((&zero, &zero), |l| (&l.all, &l.forward));
        let (other, suffered) = (&h.past[o as usize], &self.suffered[at]);
        let (t, p, s, oc, fw) = (counts(triple), counts(pair), counts(suffered), counts(&other.all), counts(forward));
        // The mixture, part by part and whole.
        parts.iter().for_each(|x| put((x + 1e-6).ln()));
        put(share.ln());
        put(row as f32);
        // The pair: this deed, all deeds, those of the source, this deed the other way.
        for x in [triple.n, t[0], t[1], t[2], pair.n, p[0], p[1], p[2], forward.n, fw[LATELY], back.n, counts(back)[LATELY]] {
            put(x.ln_1p());
        }
        put(age(triple));
        put(age(pair));
        put(age(forward));
        put(forward.n / pair.n.max(1.0));
        put(triple.n / pair.n.max(1.0));
        put(triple.n / suffered.n.max(1.0));
        put(t[2] / s[2].max(0.1));
        put(p[2] / oc[2].max(0.1));
        put(pair.n / other.all.n.max(1.0));
        // The candidate: everything, and this deed from anybody.
        for x in [other.all.n, oc[0], oc[1], oc[2], suffered.n, s[0], s[1], s[2]] {
            put(x.ln_1p());
        }
        put(age(&other.all));
        put(age(suffered));
        put(s[2] / oc[2].max(0.1));
        put((other.links.len() as f32).ln_1p());
        put(other.links.len() as f32 / other.all.n.max(1.0));
        // The source, and what it does of this deed.
        let done = self.done.map_or((0.0, 0.0, 0.0), |d| (d.all.n, counts(&d.all)[LATELY], d.targets.len() as f32));
        for x in [past.all.n, counts(&past.all)[LATELY], past.links.len() as f32, done.0, done.1, done.2] {
            put(x.ln_1p());
        }
        // The deed, and how often it follows itself.
        put(self.of_deed.n.ln_1p());
        put(h.deed[self.deed as usize].targets.len() as f32 / self.of_deed.n.max(1.0));
        put(h.leads(self.deed, self.deed));
        // What passed between the two leads to this deed.
        let led = self.led.get(at).copied().unwrap_or_default();
        led.iter().for_each(|x| put((x + 1e-5).ln()));
        put(((led[LATELY] + 1e-5) / (self.best_led + 1e-5)).ln());
        // Through how many partners of the source the candidate is reached.
        put(self.asked.reached.get(&o).map_or(0, |x| x.1) as f32);
    }
}
