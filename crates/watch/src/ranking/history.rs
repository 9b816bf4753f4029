//! What happened so far, kept as counts that fade: of a source, a deed, a pair, a pair's deed.

use super::Event;
use rustc_hash::FxHashMap;

/// Mean lives of the fading counts, in time steps.
pub const MEAN_LIVES: [f32; 3] = [2.0, 12.0, 60.0];
/// The fading count that stands for "lately".
pub const LATELY: usize = 1;

/// Times something happened: all of them, and three counts in which each time fades with its age.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fading {
    /// The last step it happened.
    pub last: u32,
    /// How often in all.
    pub n: f32,
    counts: [f32; 3],
}

/// Ages whose fading is worked out once.
const KEPT: u32 = 4096;

/// `exp(-age / mean life)` for every age.
#[derive(Clone, Debug, Default)]
pub struct Fade(Vec<[f32; 3]>);

impl Fade {
    #[inline]
    fn at(&self, age: u32) -> [f32; 3] {
        self.0.get(age as usize).copied().unwrap_or_else(|| left(age))
    }

    fn upto(&mut self, age: u32) {
        while self.0.len() <= age as usize {
            self.0.push(left(self.0.len() as u32));
        }
    }
}

/// What is left of one time at an age.
fn left(age: u32) -> [f32; 3] {
    MEAN_LIVES.map(|life| (-(age as f32) / life).exp())
}

impl Fading {
    fn add(&mut self, step: u32, fade: &Fade) {
        let left = self.counts(step, fade);
        *self = Fading { last: step, n: self.n + 1.0, counts: left.map(|c| c + 1.0) };
    }

    /// The three fading counts at a step, which must not lie before the last time.
    #[inline]
    pub fn counts(&self, step: u32, fade: &Fade) -> [f32; 3] {
        let f = fade.at(step - self.last);
        [self.counts[0] * f[0], self.counts[1] * f[1], self.counts[2] * f[2]]
    }
}

/// All that passed between two, seen from one of them.
#[derive(Clone, Debug)]
pub struct Link {
    /// The other.
    pub other: u32,
    /// Everything, either way.
    pub all: Fading,
    /// What the one did to the other.
    pub forward: Fading,
    /// By deed, those suffered included.
    pub deeds: Vec<(u32, Fading)>,
}

/// An entity's past.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// With whom.
    pub links: Vec<Link>,
    /// Everything it did and suffered.
    pub all: Fading,
}

/// A source's past with one deed, or a deed's past with everybody.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Every time.
    pub all: Fading,
    /// Of a source: places in its links; of a deed: the targets.
    pub targets: Vec<u32>,
}

/// Everything up to a step.
///
/// Deeds stand twice: `deed` of the source to the target, `deed + deeds` of the target from the source.
#[derive(Clone, Debug)]
pub struct History {
    /// Number of deeds, those suffered not counted.
    pub deeds: u32,
    /// By entity.
    pub past: Vec<Past>,
    /// By deed.
    pub deed: Vec<Done>,
    /// The first step that nothing is known of.
    pub next: u32,
    /// The fading of counts.
    pub fade: Fade,
    links: FxHashMap<(u32, u32), u32>,
    done: FxHashMap<(u32, u32), Done>,
    /// How often a deed of a pair was followed by another, each event credited to what passed
    /// between the two lately: row the earlier, column the later.
    led: Vec<f32>,
}

impl History {
    /// An empty history of so many entities and deeds.
    #[must_use]
    pub fn new(entities: u32, deeds: u32) -> Self {
        let both = 2 * deeds as usize;
        let mut fade = Fade::default();
        fade.upto(0);
        Self {
            deeds,
            past: vec![Past::default(); entities as usize],
            deed: vec![Done::default(); both],
            next: 0,
            fade,
            links: FxHashMap::default(),
            done: FxHashMap::default(),
            led: vec![0.0; both * both],
        }
    }

    /// The deed as the other side has it.
    #[must_use]
    pub fn inverse(&self, deed: u32) -> u32 {
        if deed < self.deeds { deed + self.deeds } else { deed - self.deeds }
    }

    /// Adds all events of one step, later than any before.
    pub fn add(&mut self, step: u32, events: &[Event]) {
        self.fade.upto(step.min(KEPT));
        // What led to an event is read off the days before it alone.
        for e in events {
            self.credit(step, e.source, e.deed, e.target);
            self.credit(step, e.target, self.inverse(e.deed), e.source);
        }
        for e in events {
            self.put(step, e.source, e.deed, e.target);
            self.put(step, e.target, self.inverse(e.deed), e.source);
        }
        self.next = step + 1;
    }

    /// A history of events in order of time.
    #[must_use]
    pub fn of(events: &[Event], entities: u32, deeds: u32) -> Self {
        let mut out = Self::new(entities, deeds);
        events.chunk_by(|a, b| a.step == b.step).for_each(|s| out.add(s[0].step, s));
        out
    }

    fn credit(&mut self, step: u32, source: u32, deed: u32, target: u32) {
        let Some(link) = self.link(source, target) else { return };
        let lately: Vec<(u32, f32)> = link.deeds.iter().map(|(d, f)| (*d, f.counts(step, &self.fade)[LATELY])).collect();
        let sum: f32 = lately.iter().map(|x| x.1).sum::<f32>() + 1e-6;
        let both = self.deed.len();
        for (earlier, count) in lately {
            self.led[earlier as usize * both + deed as usize] += count / sum;
        }
    }

    fn put(&mut self, step: u32, source: u32, deed: u32, target: u32) {
        let (deeds, fade) = (self.deeds, &self.fade);
        let past = &mut self.past[source as usize];
        past.all.add(step, fade);
        let at = *self.links.entry((source, target)).or_insert_with(|| {
            past.links.push(Link { other: target, all: Fading::default(), forward: Fading::default(), deeds: Vec::new() });
            past.links.len() as u32 - 1
        });
        let link = &mut past.links[at as usize];
        link.all.add(step, fade);
        if deed < deeds {
            link.forward.add(step, fade);
        }
        let done = self.done.entry((source, deed)).or_default();
        done.all.add(step, fade);
        match link.deeds.iter_mut().find(|(d, _)| *d == deed) {
            Some((_, f)) => f.add(step, fade),
            None => {
                let mut f = Fading::default();
                f.add(step, fade);
                link.deeds.push((deed, f));
                done.targets.push(at);
            }
        }
        // Whoever suffers a deed is a target of it: seen once when it first suffers it.
        let inverse = if deed < deeds { deed + deeds } else { deed - deeds };
        if done.all.n == 1.0 {
            self.deed[inverse as usize].targets.push(source);
        }
        self.deed[deed as usize].all.add(step, fade);
    }

    /// What passed between two.
    #[must_use]
    pub fn link(&self, source: u32, target: u32) -> Option<&Link> {
        let at = *self.links.get(&(source, target))?;
        Some(&self.past[source as usize].links[at as usize])
    }

    /// A source's past with a deed.
    #[must_use]
    pub fn done(&self, source: u32, deed: u32) -> Option<&Done> {
        self.done.get(&(source, deed))
    }

    /// How many times a deed of a pair is followed by another, per time it is done.
    #[must_use]
    pub fn leads(&self, earlier: u32, later: u32) -> f32 {
        self.led[earlier as usize * self.deed.len() + later as usize] / (self.deed[earlier as usize].all.n + 5.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(rows: &[(u32, u32, u32, u32)]) -> History {
        let mut h = History::new(4, 2);
        let events: Vec<Event> = rows.iter().map(|&(step, source, deed, target)| Event { step, source, deed, target }).collect();
        events.chunk_by(|a, b| a.step == b.step).for_each(|s| h.add(s[0].step, s));
        h
    }

    #[test]
    fn counts_fade_and_both_sides_have_them() {
        let h = history(&[(0, 0, 1, 2), (12, 0, 1, 2), (12, 2, 0, 0)]);
        let link = h.link(0, 2).unwrap();
        assert_eq!((link.all.n, link.forward.n, link.all.last), (3.0, 2.0, 12));
        let lately = link.forward.counts(24, &h.fade)[LATELY];
        let expect = (-2.0f32).exp() + (-1.0f32).exp();
        assert!((lately - expect).abs() < 1e-6, "{lately}");
        assert_eq!(h.link(2, 0).unwrap().forward.n, 1.0);
        assert_eq!(h.done(2, h.inverse(1)).unwrap().all.n, 2.0);
        assert_eq!((&h.deed[1].targets[..], &h.deed[3].targets[..]), (&[2][..], &[0][..]));
        assert!(h.link(0, 1).is_none());
        // Ages that were not worked out beforehand.
        assert_eq!(link.all.counts(u32::MAX, &h.fade), [0.0; 3]);
    }

    #[test]
    fn what_led_to_an_event_lies_on_the_steps_before_it() {
        let h = history(&[(0, 0, 0, 1), (0, 0, 1, 1), (1, 0, 1, 1)]);
        // Both deeds of step 0 share what came at step 1; those of one step lead to nothing.
        assert!((h.leads(0, 1) - 0.5 / 6.0).abs() < 1e-5);
        assert_eq!((h.leads(0, 0), h.leads(1, 0)), (0.0, 0.0));
    }

    #[test]
    fn somebody_can_do_it_to_themselves() {
        let h = history(&[(0, 3, 0, 3)]);
        assert_eq!((h.past[3].links.len(), h.link(3, 3).unwrap().all.n), (1, 2.0));
    }
}
