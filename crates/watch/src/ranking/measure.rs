//! Ranks among all entities with the time-aware filter, and the figures over them.

use super::ranker::{Question, Ranked, Ranker, questions};
use super::slate::Step;
use super::{Event, Work};
use rustc_hash::FxHashSet;

/// Where the true answer to a question came.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The event asked about.
    pub event: Event,
    /// Whether its source was asked for, its target otherwise.
    pub head: bool,
    /// 1 is best; of ties the mean.
    pub rank: f32,
    /// Whether the two had any event with each other before, either way.
    pub met: bool,
    /// The first candidates, other true ones left out.
    pub best: Vec<u32>,
}

/// Candidates that an answer shows.
const SHOWN: usize = 5;

/// Asks for the target and the source of each scored event and ranks the answers among all entities.
///
/// Each step is asked with all that came before it known, of `known` and of `scored`, or with nothing
/// but what the ranker was fitted on where `frozen`. Events of `known` before the first scored step
/// must be those the ranker was fitted on. Both must be in order of time.
pub fn measure(ranker: &mut Ranker, known: &[Event], scored: &[Event], frozen: bool, work: &impl Work) -> Vec<Answer> {
    let deeds = ranker.history.deeds;
    let Some(first) = scored.first() else { return Vec::new() };
    let mut known = &known[known.partition_point(|e| e.step < first.step)..];
    let mut out = Vec::new();
    for step_events in scored.chunk_by(|a, b| a.step == b.step) {
        let now = step_events[0].step;
        let earlier = known.partition_point(|e| e.step < now);
        let with = known.partition_point(|e| e.step == now || e.step < now);
        if !frozen {
            known[..earlier].chunk_by(|a, b| a.step == b.step).for_each(|s| ranker.history.add(s[0].step, s));
        }
        let also = &known[earlier..with];
        let asked = questions(step_events, deeds);
        let true_too: FxHashSet<(u32, u32, u32)> =
            questions(also, deeds).iter().flat_map(|q| q.truths.iter().map(|t| (q.source, q.deed, *t))).collect();
        let asks: Vec<u32> = asked.iter().map(|q| q.deed).collect();
        let step = Step::new(&ranker.history, now, &asks);
        let found = ranker.rank(&step, &asked, work, &|q, ranked| {
            let others = |t: u32| q.truths.contains(&t) || true_too.contains(&(q.source, q.deed, t));
            answers(&step, q, &ranked, &others, deeds)
        });
        out.extend(found.into_iter().flatten());
        let mut all: Vec<Event> = step_events.iter().chain(also).copied().collect();
        all.sort_unstable();
        if !frozen {
            ranker.history.add(now, &all);
        }
        known = &known[with..];
    }
    out
}

fn answers(step: &Step, q: &Question, ranked: &Ranked, is_true: &dyn Fn(u32) -> bool, deeds: u32) -> Vec<Answer> {
    let now = step.step;
    let mut order: Vec<usize> = (0..ranked.targets.len()).filter(|i| !is_true(ranked.targets[*i])).collect();
    order.sort_by(|a, b| ranked.scores[*b].total_cmp(&ranked.scores[*a]));
    let best: Vec<u32> = order.iter().take(SHOWN).map(|i| ranked.targets[*i]).collect();
    let answer = |t: &u32| {
        let head = q.deed >= deeds;
        let event = match head {
            false => Event { step: now, source: q.source, deed: q.deed, target: *t },
            true => Event { step: now, source: *t, deed: q.deed - deeds, target: q.source },
        };
        let met = step.history.link(q.source, *t).is_some();
        Answer { event, head, rank: rank(step, ranked, *t, is_true), met, best: best.clone() }
    };
    q.truths.iter().map(answer).collect()
}

/// The rank of a candidate among all entities but the other true ones.
fn rank(step: &Step, ranked: &Ranked, target: u32, is_true: &dyn Fn(u32) -> bool) -> f32 {
    let counted = |t: &&u32| !is_true(**t);
    if let Some(at) = ranked.targets.iter().position(|t| *t == target) {
        let own = ranked.scores[at];
        let ahead = |s: f32| if s > own { 1.0 } else { f32::from(u8::from(s == own)) / 2.0 };
        let others = ranked.targets.iter().zip(&ranked.scores).filter(|(t, _)| counted(t));
        return 1.0 + others.map(|(_, s)| ahead(*s)).sum::<f32>();
    }
    let before = ranked.targets.iter().filter(counted).count();
    if let Some(at) = ranked.rest.iter().position(|t| *t == target) {
        return (1 + before + ranked.rest[..at].iter().filter(counted).count()) as f32;
    }
    // All others follow by fame; those nobody has heard of are alike.
    let listed = before + ranked.rest.iter().filter(counted).count();
    let skip: FxHashSet<u32> = ranked.targets.iter().chain(&ranked.rest).copied().collect();
    let open = |t: &&u32| counted(t) && !skip.contains(*t);
    let place = step.place(target) as usize;
    match step.known().cmp(&place) {
        std::cmp::Ordering::Greater => (1 + listed + step.order()[..place].iter().filter(open).count()) as f32,
        _ => {
            let known = step.order()[..step.known()].iter().filter(open).count();
            let unknown = step.order()[step.known()..].iter().filter(open).count();
            (1 + listed + known) as f32 + unknown as f32 / 2.0
        }
    }
}

/// Sums over ranks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Ranks.
    pub n: usize,
    reciprocal: f64,
    hits: [usize; 3],
}

impl Figures {
    /// The figures of some ranks.
    pub fn of(ranks: impl Iterator<Item = f32>) -> Self {
        let mut out = Self::default();
        for rank in ranks {
            out.n += 1;
            out.reciprocal += 1.0 / f64::from(rank);
            for (hits, k) in out.hits.iter_mut().zip([1.0, 3.0, 10.0]) {
                *hits += usize::from(rank <= k);
            }
        }
        out
    }

    /// Mean reciprocal rank.
    #[must_use]
    pub fn mrr(&self) -> f64 {
        self.reciprocal / self.n.max(1) as f64
    }

    /// Shares of ranks up to 1, 3 and 10.
    #[must_use]
    pub fn hits(&self) -> [f64; 3] {
        self.hits.map(|h| h as f64 / self.n.max(1) as f64)
    }
}
