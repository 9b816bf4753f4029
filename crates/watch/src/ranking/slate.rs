//! The candidates for a question, and what speaks for each.

use super::features::{FEATURES, View};
use super::history::{Fading, History, LATELY, Link};
use super::mixture::{PARTS, Targets, bucket};
use rustc_hash::FxHashMap;

/// What is the same for all questions of a step.
#[derive(Debug)]
pub struct Step<'a> {
    /// All that is known.
    pub history: &'a History,
    /// The step asked about.
    pub step: u32,
    /// By deed: its likely targets.
    favourites: FxHashMap<u32, Vec<u32>>,
    /// Everything of every entity in the long run, and the sum.
    fame: Vec<f32>,
    fame_sum: f32,
    /// Entities by falling fame, and the place of each.
    order: Vec<u32>,
    place: Vec<u32>,
    /// How many of them ever did anything.
    known: usize,
}

/// Candidates from the favourites of a deed.
const FAVOURITES: usize = 120;
/// Partners through which others are reached.
const THROUGH: usize = 30;
/// Candidates reached through partners.
const REACHED: usize = 80;
/// Candidates that are looked at closely.
pub const SHORTLIST: usize = 200;

impl<'a> Step<'a> {
    /// What holds for the questions about these deeds at a step.
    #[must_use]
    pub fn new(history: &'a History, step: u32, deeds: &[u32]) -> Self {
        let fade = &history.fade;
        let fame: Vec<f32> =
            history.past.iter().map(|p| if p.all.n > 0.0 { p.all.counts(step, fade)[2] + 0.02 * p.all.n } else { 0.0 }).collect();
        let fame_sum = fame.iter().sum::<f32>().max(1e-6);
        let mut order: Vec<u32> = (0..fame.len() as u32).collect();
        order.sort_unstable_by(|a, b| fame[*b as usize].total_cmp(&fame[*a as usize]).then(a.cmp(b)));
        let mut place = vec![0; order.len()];
        for (i, e) in order.iter().enumerate() {
            place[*e as usize] = i as u32;
        }
        let mut favourites = FxHashMap::default();
        for &deed in deeds {
            favourites.entry(deed).or_insert_with(|| {
                let inverse = history.inverse(deed);
                let mut list: Vec<(f32, u32)> = history.deed[deed as usize]
                    .targets
                    .iter()
                    .map(|o| {
                        let f = history.done(*o, inverse).map_or(Fading::default(), |d| d.all);
                        let c = f.counts(step, fade);
                        (c[LATELY] + 0.3 * c[2] + 0.02 * f.n, *o)
                    })
                    .collect();
                keep(&mut list, FAVOURITES);
                list.into_iter().map(|x| x.1).collect()
            });
        }
        let known = order.partition_point(|e| fame[*e as usize] > 0.0);
        Self { history, step, favourites, fame, fame_sum, order, place, known }
    }

    /// How many entities have a past; they stand first in [`Self::order`].
    #[must_use]
    pub fn known(&self) -> usize {
        self.known
    }

    /// Entities by falling fame, the order of those nothing else speaks for.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The place of an entity in [`Self::order`].
    #[must_use]
    pub fn place(&self, entity: u32) -> u32 {
        self.place[entity as usize]
    }
}

/// Keeps the highest, in falling order; of equals the lower number.
fn keep(list: &mut Vec<(f32, u32)>, n: usize) {
    let by = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if list.len() > n {
        list.select_nth_unstable_by(n, by);
        list.truncate(n);
    }
    list.sort_unstable_by(by);
}

/// A source at a step, whatever it is asked to do.
#[derive(Debug)]
pub struct Asked<'a> {
    pub(super) step: &'a Step<'a>,
    pub(super) source: u32,
    /// Partners by their share of what the source did lately.
    through: Vec<(f32, u32)>,
    /// Entities reached through partners: the walk's share, and through how many.
    pub(super) reached: FxHashMap<u32, (f32, u32)>,
    best: Vec<u32>,
}

/// The shortlist of a question.
#[derive(Debug, Default)]
pub struct Slate {
    /// The candidates, best first as the mixture has it.
    pub targets: Vec<u32>,
    /// Share of each by the mixture.
    pub shares: Vec<f32>,
    /// By candidate, what the parts of the mixture give it.
    pub parts: Vec<[f32; PARTS]>,
    /// Features by column: `features[f * targets.len() + candidate]`.
    pub features: Vec<f32>,
    /// The mixture's weights used.
    pub bucket: usize,
    /// All candidates that were not shortlisted, in order.
    pub rest: Vec<u32>,
}

impl<'a> Asked<'a> {
    /// Looks around a source.
    #[must_use]
    pub fn new(step: &'a Step<'a>, source: u32) -> Self {
        let h = step.history;
        let past = &h.past[source as usize];
        let mut through: Vec<(f32, u32)> =
            past.links.iter().map(|l| (l.all.counts(step.step, &h.fade)[2] + 0.02 * l.all.n, l.other)).collect();
        let sum = through.iter().map(|x| x.0).sum::<f32>().max(1e-6);
        keep(&mut through, THROUGH);
        through.iter_mut().for_each(|x| x.0 /= sum);
        let mut reached: FxHashMap<u32, (f32, u32)> = FxHashMap::default();
        for (share, m) in &through {
            if *m == source {
                continue;
            }
            let links = &h.past[*m as usize].links;
            let each = |l: &Link| l.all.counts(step.step, &h.fade)[2] + 0.02 * l.all.n;
            let sum = links.iter().map(each).sum::<f32>().max(1e-6);
            for l in links.iter().filter(|l| l.other != source) {
                let to = reached.entry(l.other).or_default();
                to.0 += share * each(l) / sum;
                to.1 += 1;
            }
        }
        let mut best: Vec<(f32, u32)> = reached.iter().map(|(o, x)| (x.0, *o)).collect();
        keep(&mut best, REACHED);
        Self { step, source, through, reached, best: best.into_iter().map(|x| x.1).collect() }
    }

    /// The shortlist for a deed; `with` are kept in it if they are candidates at all.
    #[must_use]
    pub fn slate(&self, deed: u32, mixture: &Targets, scratch: &mut Vec<u32>, with: &[u32]) -> Slate {
        let (h, now) = (self.step.history, self.step.step);
        let fade = &h.fade;
        let past = &h.past[self.source as usize];
        let inverse = h.inverse(deed);
        scratch.resize(h.past.len(), u32::MAX);
        let mut targets: Vec<u32> = past.links.iter().map(|l| l.other).collect();
        for (i, o) in targets.iter().enumerate() {
            scratch[*o as usize] = i as u32;
        }
        let none = Vec::new();
        for &o in self.step.favourites.get(&deed).unwrap_or(&none).iter().chain(&self.best) {
            if scratch[o as usize] == u32::MAX {
                scratch[o as usize] = targets.len() as u32;
                targets.push(o);
            }
        }
        let mut parts = vec![[0.0f32; PARTS]; targets.len()];
        let mut led = vec![[0.0f32; 3]; past.links.len()];
        let pair_sum = past.all.counts(now, fade);
        let leads: Vec<f32> = (0..h.deed.len() as u32).map(|d| h.leads(d, deed)).collect();
        let mut led_sum = [1e-9f32; 3];
        for (i, l) in past.links.iter().enumerate() {
            for (d, f) in &l.deeds {
                let w = leads[*d as usize];
                if w > 0.0 {
                    let c = f.counts(now, fade);
                    led[i] = [led[i][0] + w * c[0], led[i][1] + w * c[1], led[i][2] + w * c[2]];
                }
            }
            led_sum.iter_mut().zip(led[i]).for_each(|(sum, x)| *sum += x);
        }
        let done = h.done(self.source, deed);
        let sums = done.map_or([0.0; 3], |d| d.all.counts(now, fade));
        for &at in done.map_or(&none, |d| &d.targets) {
            let l = &past.links[at as usize];
            let f = l.deeds.iter().find(|(d, _)| *d == deed).map_or(Fading::default(), |x| x.1);
            let c = f.counts(now, fade);
            let p = &mut parts[at as usize];
            p[0] = c[0] / sums[0].max(0.3);
            p[1] = c[1] / sums[1].max(0.3);
            p[2] = f.n / done.map_or(1.0, |d| d.all.n);
        }
        for (i, l) in past.links.iter().enumerate() {
            let p = &mut parts[i];
            let c = l.all.counts(now, fade);
            p[3] = led[i][LATELY] / led_sum[LATELY];
            p[4] = led[i][2] / led_sum[2];
            p[5] = c[LATELY] / pair_sum[LATELY].max(0.3);
            p[6] = l.all.n / past.all.n;
        }
        let of_deed = h.deed[deed as usize].all;
        let of_deed_counts = of_deed.counts(now, fade);
        let suffered: Vec<Fading> = targets.iter().map(|o| h.done(*o, inverse).map_or(Fading::default(), |d| d.all)).collect();
        for (i, o) in targets.iter().enumerate() {
            let p = &mut parts[i];
            let f = &suffered[i];
            if f.n > 0.0 {
                p[7] = f.counts(now, fade)[LATELY] / of_deed_counts[LATELY].max(0.3);
                p[8] = f.n / of_deed.n;
            }
            p[9] = self.reached.get(o).map_or(0.0, |x| x.0);
            p[11] = self.step.fame[*o as usize] / self.step.fame_sum;
        }
        for (share, m) in &self.through {
            let Some(d) = h.done(*m, deed) else { continue };
            let links = &h.past[*m as usize].links;
            for at in &d.targets {
                let l = &links[*at as usize];
                let i = scratch[l.other as usize];
                if i != u32::MAX && l.other != self.source {
                    let f = l.deeds.iter().find(|(d, _)| *d == deed).map_or(Fading::default(), |x| x.1);
                    parts[i as usize][10] +=
                        share * (f.counts(now, fade)[2] + 0.02 * f.n) / (0.5 + d.all.counts(now, fade)[2] + 0.02 * d.all.n);
                }
            }
        }
        for o in &targets {
            scratch[*o as usize] = u32::MAX;
        }
        let bucket = bucket(done.map_or(0.0, |d| d.all.n));
        let mut ranked: Vec<(f32, u32)> = (0..targets.len()).map(|i| (mixture.share(bucket, &parts[i]), i as u32)).collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(targets[a.1 as usize].cmp(&targets[b.1 as usize])));
        let mut rest = Vec::new();
        if ranked.len() > SHORTLIST {
            let left = ranked.split_off(SHORTLIST);
            for x in left {
                match with.contains(&targets[x.1 as usize]) {
                    true => ranked.push(x),
                    false => rest.push(targets[x.1 as usize]),
                }
            }
        }
        let n = ranked.len();
        let mut slate = Slate {
            targets: ranked.iter().map(|x| targets[x.1 as usize]).collect(),
            shares: ranked.iter().map(|x| x.0).collect(),
            parts: ranked.iter().map(|x| parts[x.1 as usize]).collect(),
            features: vec![0.0; n * FEATURES],
            bucket,
            rest,
        };
        let best_led = led.iter().map(|l| l[LATELY]).fold(0.0, f32::max);
        let view = View { asked: self, deed, done, led: &led, best_led, suffered: &suffered, of_deed: &of_deed };
        for (row, (share, at)) in ranked.iter().enumerate() {
            let mut column = 0;
            view.features(row, *share, *at as usize, slate.targets[row], &slate.parts[row], &mut |x| {
                slate.features[column * n + row] = x;
                column += 1;
            });
            debug_assert_eq!(column, FEATURES);
        }
        slate
    }
}
