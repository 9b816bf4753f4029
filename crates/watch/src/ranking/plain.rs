//! What is learnt without any learning: whoever suffered it most often will suffer it next.

use super::{Event, Figures};
use rustc_hash::{FxHashMap, FxHashSet};

/// How often an answer came to a question so far.
type Counts = FxHashMap<(u32, u32), FxHashMap<u32, u32>>;

/// Ranks by frequency alone: of targets and sources among so many entities, and of deeds of a pair. Asked and filtered as by
/// [`measure`](super::measure), of equals the mean place.
pub fn frequency(known: &[Event], scored: &[Event], entities: u32, deeds: u32) -> [Figures; 2] {
    let (mut of_sides, mut of_deeds) = (Counts::default(), Counts::default());
    let (mut sides, mut pairs) = (Vec::new(), Vec::new());
    let both = |e: &Event| [((e.source, e.deed), e.target), ((e.target, e.deed + deeds), e.source)];
    let deed = |e: &Event| ((e.source, e.target), e.deed);
    let learn = |of_sides: &mut Counts, of_deeds: &mut Counts, e: &Event| {
        for (question, answer) in both(e) {
            *of_sides.entry(question).or_default().entry(answer).or_default() += 1;
        }
        let (question, answer) = deed(e);
        *of_deeds.entry(question).or_default().entry(answer).or_default() += 1;
    };
    let first = scored.first().map_or(u32::MAX, |e| e.step);
    known.iter().filter(|e| e.step < first).for_each(|e| learn(&mut of_sides, &mut of_deeds, e));
    for step in scored.chunk_by(|a, b| a.step == b.step) {
        let true_sides: FxHashSet<_> = step.iter().flat_map(both).collect();
        let true_deeds: FxHashSet<_> = step.iter().map(deed).collect();
        sides.extend(step.iter().flat_map(both).map(|q| rank(&of_sides, q, &true_sides, entities)));
        pairs.extend(step.iter().map(deed).map(|q| rank(&of_deeds, q, &true_deeds, deeds)));
        step.iter().for_each(|e| learn(&mut of_sides, &mut of_deeds, e));
    }
    [sides, pairs].map(|ranks| Figures::of(ranks.into_iter()))
}

fn rank(counts: &Counts, (question, answer): ((u32, u32), u32), truths: &FxHashSet<((u32, u32), u32)>, of: u32) -> f32 {
    let none = FxHashMap::default();
    let counts = counts.get(&question).unwrap_or(&none);
    let own = counts.get(&answer).copied().unwrap_or(0);
    let others = counts.iter().filter(|(other, _)| !truths.contains(&(question, **other)));
    let (mut above, mut same, mut counted) = (0u32, 0u32, 0u32);
    for (_, n) in others {
        above += u32::from(*n > own);
        same += u32::from(*n == own);
        counted += 1;
    }
    // All who never suffered it are alike.
    let rest = if own == 0 { of.saturating_sub(counted + 1) } else { 0 };
    1.0 + above as f32 + (same + rest) as f32 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_comes_first_and_true_ones_are_left_out() {
        let event = |step, target| Event { step, source: 0, deed: 0, target };
        let known = [event(0, 1), event(1, 1), event(2, 2)];
        let ranks = |scored: &[Event]| frequency(&known, scored, 5, 1)[0].mrr();
        // Asked for the target 2, which is second; and for its source, which is the only one.
        assert!((ranks(&[event(3, 2)]) - (0.5 + 1.0) / 2.0).abs() < 1e-6);
        // With 1 true as well, 2 is the first of those that are left.
        assert!((ranks(&[event(3, 1), event(3, 2)]) - 1.0).abs() < 1e-6);
        // One that was never met is somewhere among the two others.
        assert!(ranks(&[event(3, 4)]) < 0.3);
        assert_eq!(frequency(&[], &[], 0, 0)[1].n, 0);
    }
}
