//! Answers with their shares and what speaks for them, for those who ask about what is not known yet.

use super::InTurn;
use super::deeds;
use super::ranker::{Question, Ranker};
use super::slate::Step;

/// What a guess about a target rests on, in the order of the mixture's parts.
const OF_TARGETS: [&str; super::mixture::PARTS] = [
    "did this to it in the last days",
    "did this to it in the last weeks",
    "did this to it before",
    "what passed between the two in the last weeks leads to this",
    "what passed between the two in the last months leads to this",
    "dealt with it in the last weeks",
    "dealt with it before",
    "it suffers this from anybody lately",
    "it suffered this from anybody before",
    "its partners deal with it",
    "its partners did this to it",
    "much happens around it",
];

/// The same about a deed.
const OF_DEEDS: [&str; deeds::PARTS] = [
    "done between the two in the last weeks",
    "done between the two before",
    "what passed between the two in the last weeks leads to this",
    "the source does this",
    "the target suffers this",
    "done by anybody",
];

/// A possible answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The entity, or the deed.
    pub answer: u32,
    /// Its share among the candidates, 0 to 1.
    pub share: f32,
    /// What it rests on with the part each has in the first estimate, most first; fractions of 1.
    pub reasons: Vec<(&'static str, f32)>,
}

fn reasons(names: &[&'static str], parts: &[f32]) -> Vec<(&'static str, f32)> {
    let mut out: Vec<_> = names.iter().copied().zip(parts.iter().copied()).filter(|x| x.1 >= 0.005).collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}

fn first(mut guesses: Vec<Guess>, n: usize) -> Vec<Guess> {
    guesses.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.answer.cmp(&b.answer)));
    guesses.truncate(n);
    guesses
}

impl Ranker {
    /// To whom the source will do the deed next, at a step not before what is known; the best `n`.
    /// Nothing where source or deed are unknown.
    #[must_use]
    pub fn targets(&self, source: u32, deed: u32, step: u32, n: usize) -> Vec<Guess> {
        if source as usize >= self.history.past.len() || deed as usize >= self.history.deed.len() {
            return Vec::new();
        }
        let now = Step::new(&self.history, step.max(self.history.next), &[deed]);
        let question = Question { source, deed, truths: Vec::new() };
        let found = self.rank(&now, &[question], &InTurn, &|_, ranked| {
            let top = ranked.scores.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = ranked.scores.iter().map(|s| (s - top).exp()).sum();
            let each = (0..ranked.targets.len()).map(|i| Guess {
                answer: ranked.targets[i],
                share: (ranked.scores[i] - top).exp() / sum,
                reasons: reasons(&OF_TARGETS, &self.mixture.reasons(ranked.bucket, &ranked.parts[i])),
            });
            first(each.collect(), n)
        });
        found.into_iter().next().unwrap_or_default()
    }

    /// Who will do the deed to the target next.
    #[must_use]
    pub fn sources(&self, deed: u32, target: u32, step: u32, n: usize) -> Vec<Guess> {
        match deed < self.history.deeds {
            true => self.targets(target, self.history.inverse(deed), step, n),
            false => Vec::new(),
        }
    }

    /// What the source will do to the target next.
    #[must_use]
    pub fn deeds(&self, source: u32, target: u32, step: u32, n: usize) -> Vec<Guess> {
        if source.max(target) as usize >= self.history.past.len() {
            return Vec::new();
        }
        let (bucket, parts) = deeds::parts(&self.history, source, target, step.max(self.history.next));
        let shares: Vec<f32> = parts.iter().map(|p| self.mixture_of_deeds.share(bucket, p)).collect();
        let sum: f32 = shares.iter().sum();
        let each = parts.iter().zip(&shares).enumerate().map(|(d, (p, share))| Guess {
            answer: d as u32,
            share: share / sum,
            reasons: reasons(&OF_DEEDS, &self.mixture_of_deeds.reasons(bucket, p)),
        });
        first(each.collect(), n)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Options};
    use super::*;

    #[test]
    fn the_usual_target_source_and_deed_come_first_with_their_reasons() {
        let rows = (0..30).flat_map(|d| [(d, 0, 0, 1), (d, 0, 1, 2), (d, 3, 0, 2)]);
        let events: Vec<Event> = rows.map(|(step, source, deed, target)| Event { step, source, deed, target }).collect();
        let ranker = Ranker::fit(&events, 4, 2, &Options::default(), &InTurn);
        let check = |guesses: Vec<Guess>, expect: u32| {
            let best = &guesses[0];
            assert_eq!(best.answer, expect, "{guesses:?}");
            assert!(best.share > 0.5 && best.share <= 1.0, "{guesses:?}");
            let sum: f32 = best.reasons.iter().map(|r| r.1).sum();
            assert!(!best.reasons.is_empty() && sum > 0.9 && sum < 1.001, "{guesses:?}");
        };
        // Kept and read again over the same history, it says the same.
        let kept = Ranker::kept(&ranker.keep(), super::super::History::of(&events, 4, 2)).unwrap();
        assert_eq!((kept.targets(0, 0, 30, 3), kept.deeds(0, 1, 30, 2)), (ranker.targets(0, 0, 30, 3), ranker.deeds(0, 1, 30, 2)));
        assert!(Ranker::kept("next-0", super::super::History::new(4, 2)).is_none());
        check(ranker.targets(0, 0, 30, 3), 1);
        check(ranker.targets(0, 1, 30, 3), 2);
        check(ranker.sources(0, 2, 30, 3), 3);
        check(ranker.deeds(0, 1, 30, 2), 0);
        check(ranker.deeds(0, 2, 0, 2), 1);
        assert_eq!(ranker.deeds(0, 2, 30, 9).len(), 2);
        assert!(ranker.targets(9, 0, 30, 3).is_empty() && ranker.targets(0, 9, 30, 3).is_empty());
        assert!(ranker.sources(2, 0, 30, 3).is_empty() && ranker.deeds(0, 9, 30, 3).is_empty());
    }
}
