//! Ranks among all entities with the time-aware filter, and the figures over them.

use super::deeds;
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

/// How the questions of some events were answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Two of each event, its target and its source, in order of time.
    pub answers: Vec<Answer>,
    /// Of each event, the rank of its deed among all deeds, the pair given; other deeds of the pair
    /// and step left out.
    pub deeds: Vec<f32>,
}

/// Candidates that an answer shows.
const SHOWN: usize = 5;

/// Asks for the target and the source of each scored event and ranks the answers among all entities.
///
/// Each step is asked with all that came before it known, of `known` and of `scored`, or with nothing
/// but what the ranker was fitted on where `frozen`. Events of `known` before the first scored step
/// must be those the ranker was fitted on. Both must be in order of time.
pub fn measure(ranker: &mut Ranker, known: &[Event], scored: &[Event], frozen: bool, work: &impl Work) -> Measured {
    let deeds = ranker.history.deeds;
    let Some(first) = scored.first() else { return Measured::default() };
    let mut known = &known[known.partition_point(|e| e.step < first.step)..];
    let mut out = Measured::default();
    for step_events in scored.chunk_by(|a, b| a.step == b.step) {
        let now = step_events[0].step;
        let earlier = known.partition_point(|e| e.step < now);
        let with = known.partition_point(|e| e.step <= now);
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
        out.answers.extend(found.into_iter().flatten());
        let mut all: Vec<Event> = step_events.iter().chain(also).copied().collect();
        all.sort_unstable();
        let mut pairs: Vec<Event> = step_events.to_vec();
        pairs.sort_unstable_by_key(|e| (e.source, e.target, e.deed));
        let pairs: Vec<&[Event]> = pairs.chunk_by(|a, b| (a.source, a.target) == (b.source, b.target)).collect();
        let deeds_true: FxHashSet<(u32, u32, u32)> = also.iter().map(|e| (e.source, e.target, e.deed)).collect();
        let ranks = work.map(pairs.len(), &|i| ranker.deed_ranks(now, pairs[i], &deeds_true));
        out.deeds.extend(ranks.into_iter().flatten());
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

impl Ranker {
    /// Ranks of the deeds of one pair at one step.
    fn deed_ranks(&self, step: u32, events: &[Event], also: &FxHashSet<(u32, u32, u32)>) -> Vec<f32> {
        let (source, target) = (events[0].source, events[0].target);
        let (bucket, parts) = deeds::parts(&self.history, source, target, step);
        let shares: Vec<f32> = parts.iter().map(|p| self.mixture_of_deeds.share(bucket, p)).collect();
        let is_true = |d: usize| also.contains(&(source, target, d as u32)) || events.iter().any(|e| e.deed as usize == d);
        let rank = |e: &Event| {
            let own = shares[e.deed as usize];
            1.0 + shares.iter().enumerate().filter(|(d, _)| !is_true(*d)).map(|(_, s)| ahead(*s, own)).sum::<f32>()
        };
        events.iter().map(rank).collect()
    }
}

/// Places that a score takes from another: of ties half of one.
fn ahead(score: f32, own: f32) -> f32 {
    if score > own { 1.0 } else { f32::from(u8::from(score == own)) / 2.0 }
}

/// The rank of a candidate among all entities but the other true ones.
fn rank(step: &Step, ranked: &Ranked, target: u32, is_true: &dyn Fn(u32) -> bool) -> f32 {
    let counted = |t: &&u32| !is_true(**t);
    if let Some(at) = ranked.targets.iter().position(|t| *t == target) {
        let own = ranked.scores[at];
        let others = ranked.targets.iter().zip(&ranked.scores).filter(|(t, _)| counted(t));
        return 1.0 + others.map(|(_, s)| ahead(*s, own)).sum::<f32>();
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

#[cfg(test)]
mod tests {
    use super::super::{InTurn, Options};
    use super::*;

    fn event((step, source, deed, target): (u32, u32, u32, u32)) -> Event {
        Event { step, source, deed, target }
    }

    fn fitted(rows: &[(u32, u32, u32, u32)], entities: u32, deeds: u32) -> Ranker {
        let events: Vec<Event> = rows.iter().copied().map(event).collect();
        Ranker::fit(&events, entities, deeds, &Options::default(), &InTurn)
    }

    /// The rank of a target among candidates with scores, others following by fame.
    fn check(candidates: &[(u32, f32)], rest: &[u32], truths: &[u32], expect: &[f32]) {
        // Fame falls from 0 to 5; 6 and 7 are unknown.
        let past: Vec<_> = (0..6).flat_map(|e| (0..8 - e).map(move |_| (0, e, 0, e))).collect();
        let ranker = fitted(&past, 8, 1);
        let step = Step::new(&ranker.history, 1, &[0]);
        assert_eq!(step.order(), [0, 1, 2, 3, 4, 5, 6, 7]);
        let ranked = Ranked {
            targets: candidates.iter().map(|c| c.0).collect(),
            scores: candidates.iter().map(|c| c.1).collect(),
            parts: Vec::new(),
            bucket: 0,
            rest: rest.to_vec(),
        };
        let got: Vec<f32> = truths.iter().map(|t| rank(&step, &ranked, *t, &|e| truths.contains(&e))).collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn other_true_ones_are_left_out_and_ties_share_their_mean() {
        check(&[(3, 2.0), (1, 1.0), (0, 0.5)], &[], &[1], &[2.0]);
        check(&[(3, 2.0), (1, 1.0), (0, 0.5)], &[], &[1, 3], &[1.0, 1.0]);
        check(&[(3, 1.0), (1, 1.0), (0, 1.0), (2, 0.0)], &[], &[1], &[2.0]);
        check(&[(3, 1.0), (1, 1.0), (0, 1.0), (2, 0.0)], &[], &[1, 0], &[1.5, 1.5]);
        check(&[(3, 1.0), (1, 1.0)], &[5, 0], &[0], &[4.0]);
        check(&[(3, 1.0), (1, 1.0)], &[5, 0], &[0, 3], &[3.0, 1.5]);
        // Unlisted: 0 and 2 are more famous than 4; of the unknown the mean.
        check(&[(3, 1.0), (1, 1.0)], &[5], &[4], &[6.0]);
        check(&[(3, 1.0), (1, 1.0)], &[5], &[4, 0], &[5.0, 4.0]);
        check(&[(3, 1.0), (1, 1.0)], &[5], &[6], &[7.5]);
    }

    #[test]
    fn a_step_is_asked_with_only_the_steps_before_it_known() {
        let past: Vec<_> = (0..20).flat_map(|d| [(d, 0, 0, 1), (d, 2, 0, 3)]).collect();
        let scored: Vec<Event> = [(20, 0, 0, 4), (21, 0, 0, 4)].map(event).to_vec();
        let mut ranker = fitted(&past, 5, 1);
        let got = measure(&mut ranker.clone(), &[], &scored, false, &InTurn);
        assert_eq!(got.answers.iter().map(|a| a.met).collect::<Vec<_>>(), [false, false, true, true]);
        let frozen = measure(&mut ranker, &[], &scored, true, &InTurn);
        assert!(frozen.answers.iter().all(|a| !a.met));
        assert_eq!(ranker.history.next, 20, "nothing was learnt");
        let tail = |m: &Measured, i: usize| m.answers.iter().filter(|a| !a.head).nth(i).unwrap().rank;
        assert!(tail(&got, 1) < tail(&frozen, 1));
    }

    #[test]
    fn the_true_of_the_same_step_in_the_history_files_are_left_out_too() {
        let past: Vec<_> = (0..20).map(|d| (d, 0, 0, 1)).collect();
        let scored = [event((20, 0, 0, 2))];
        let rank = |known: &[Event]| {
            let got = measure(&mut fitted(&past, 3, 1), known, &scored, false, &InTurn);
            got.answers.iter().find(|a| !a.head).unwrap().rank
        };
        assert!(rank(&[]) >= 2.0);
        assert_eq!(rank(&[event((20, 0, 0, 1))]), rank(&[]) - 1.0);
    }

    #[test]
    fn empty_single_and_same_day_histories_give_ranks() {
        for past in [&[][..], &[(3, 0, 0, 1)][..], &[(3, 0, 0, 1), (3, 1, 1, 2), (3, 0, 0, 1), (3, 2, 0, 2)][..]] {
            let scored = [event((4, 0, 0, 1)), event((4, 2, 1, 0))];
            let got = measure(&mut fitted(past, 3, 2), &[], &scored, false, &InTurn);
            assert_eq!((got.answers.len(), got.deeds.len()), (4, 2));
            assert!(got.answers.iter().all(|a| (1.0..=3.0).contains(&a.rank)), "{got:?}");
            assert!(got.deeds.iter().all(|r| (1.0..=2.0).contains(r)));
        }
        assert_eq!(measure(&mut fitted(&[], 0, 0), &[], &[], false, &InTurn), Measured::default());
    }

    #[test]
    fn figures_are_means() {
        let f = Figures::of([1.0, 2.0, 4.0, 20.0].into_iter());
        assert_eq!((f.n, f.mrr(), f.hits()), (4, 0.45, [0.25, 0.5, 0.75]));
        assert_eq!((Figures::default().mrr(), Figures::default().hits()), (0.0, [0.0; 3]));
    }
}
