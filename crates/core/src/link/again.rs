//! Which tellings are one event, found again after some of them changed: only what the change touches is compared anew, and
//! the result is what [`events`](super::event::events) makes of all.
//!
//! Tellings choose their event in the order of how much they say, each by what those before it chose. A change can
//! therefore only reach tellings that come later and meet one of a group that gained or lost a member; these are looked
//! through again in that order, until nothing changes any more.

use super::event::{Telling, Weights, alike, choice, rank};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A telling with its number and the event it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Number of the record.
    pub n: i64,
    /// The telling.
    pub telling: Telling,
    /// Its event before the change.
    pub group: String,
}

/// Where the tellings are that did not change.
pub trait Source {
    /// Why they cannot be had.
    type Error;

    /// All tellings that may share sides, kind of deed, and a day, article or story with one; more do no harm.
    ///
    /// # Errors
    /// They cannot be read.
    fn near(&mut self, telling: &Telling) -> Result<Vec<Known>, Self::Error>;

    /// All tellings of an event.
    ///
    /// # Errors
    /// They cannot be read.
    fn members(&mut self, group: &str) -> Result<Vec<Known>, Self::Error>;
}

/// An event: one that was known, or one that a telling begins.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Group {
    Old(String),
    New(i64),
}

type Rank = (Reverse<usize>, bool, Option<i32>, String, String, i64);

struct State<'a, S: Source> {
    source: &'a mut S,
    weights: &'a Weights,
    tellings: HashMap<i64, Telling>,
    /// The event each telling at hand is of; none for those that are still to choose.
    group: HashMap<i64, Group>,
    members: BTreeMap<Group, BTreeSet<i64>>,
    /// Those that changed: what the source says of their events counts no more.
    changed: BTreeSet<i64>,
    /// Those to choose again, in the order of choosing.
    queue: BTreeSet<(Rank, i64)>,
    touched: BTreeSet<Group>,
}

/// Finds the events of tellings that came in the place of others. Returns all events that gained, lost or changed a
/// telling, each with the numbers of its tellings; an event that lost all of them is left out.
///
/// # Errors
/// Those of the source.
pub fn again<S: Source>(gone: Vec<Known>, come: Vec<(i64, Telling)>, weights: &Weights, source: &mut S) -> Result<Vec<Vec<i64>>, S::Error> {
    let changed = come.iter().map(|(n, _)| *n).chain(gone.iter().map(|k| k.n)).collect();
    let mut state = State {
        source,
        weights,
        tellings: HashMap::new(),
        group: HashMap::new(),
        members: BTreeMap::new(),
        changed,
        queue: BTreeSet::new(),
        touched: BTreeSet::new(),
    };
    for known in &gone {
        let group = Group::Old(known.group.clone());
        state.load(&group)?;
        state.touched.insert(group.clone());
        state.spread(&known.telling, known.n, &group)?;
    }
    for (n, telling) in come {
        state.queue.insert((key(&telling, n), n));
        state.tellings.insert(n, telling);
    }
    while let Some((_, n)) = state.queue.pop_first() {
        state.choose(n)?;
    }
    let touched = std::mem::take(&mut state.touched);
    Ok(touched.iter().filter_map(|g| state.members.get(g)).filter(|m| !m.is_empty()).map(|m| m.iter().copied().collect()).collect())
}

fn key(t: &Telling, n: i64) -> Rank {
    let (strength, undated, published, id, article) = rank(t);
    (strength, undated, published, id.to_owned(), article.to_owned(), n)
}

impl<S: Source> State<'_, S> {
    /// Takes a telling of the source in, with its event.
    fn take(&mut self, known: Known) -> Result<(), S::Error> {
        if self.changed.contains(&known.n) || self.tellings.contains_key(&known.n) {
            return Ok(());
        }
        let group = Group::Old(known.group);
        self.tellings.insert(known.n, known.telling);
        self.group.insert(known.n, group.clone());
        self.members.entry(group).or_default().insert(known.n);
        Ok(())
    }

    /// Has all members of an event at hand.
    fn load(&mut self, group: &Group) -> Result<(), S::Error> {
        if let Group::Old(name) = group {
            for known in self.source.members(name)? {
                self.take(known)?;
            }
            self.members.entry(group.clone()).or_default();
        }
        Ok(())
    }

    /// Those near a telling, its events' members with them.
    fn near(&mut self, telling: &Telling) -> Result<Vec<i64>, S::Error> {
        let mut out: Vec<i64> = Vec::new();
        for known in self.source.near(telling)? {
            let (n, group) = (known.n, Group::Old(known.group.clone()));
            if self.changed.contains(&n) {
                continue;
            }
            if !self.tellings.contains_key(&n) {
                self.load(&group)?;
                self.take(known)?;
            }
            out.push(n);
        }
        // The source knows those that came by their old events, or not at all.
        out.extend(self.changed.iter().copied().filter(|n| self.tellings.contains_key(n)));
        out.sort_unstable();
        out.dedup();
        Ok(out)
    }

    /// Lets a telling choose its event.
    fn choose(&mut self, n: i64) -> Result<(), S::Error> {
        let Some(telling) = self.tellings.get(&n).cloned() else { return Ok(()) };
        let own = key(&telling, n);
        let before = self.group.get(&n).cloned();
        let mut found: BTreeSet<Group> = BTreeSet::new();
        for m in self.near(&telling)? {
            let other = &self.tellings[&m];
            if m != n
                && key(other, m) < own
                && telling.finds(other)
                && let Some(group) = self.group.get(&m)
            {
                found.insert(group.clone());
            }
        }
        // Each event as it was when this telling's turn came, in the order in which they began.
        let mut candidates: Vec<(Rank, Group, Vec<i64>)> = Vec::new();
        for group in found {
            let mut earlier: Vec<(Rank, i64)> = self
                .members
                .get(&group)
                .into_iter()
                .flatten()
                .map(|m| (key(&self.tellings[m], *m), *m))
                .filter(|(k, _)| *k < own)
                .collect();
            earlier.sort();
            let members = earlier.iter().map(|(_, m)| *m).collect();
            if let Some((first, _)) = earlier.into_iter().next() {
                candidates.push((first, group, members));
            }
        }
        candidates.sort();
        let of = |(.., members): &(Rank, Group, Vec<i64>)| members.iter().map(|m| &self.tellings[m]).collect::<Vec<_>>().into_iter();
        let chosen = choice(candidates.iter().map(of), &telling, self.weights).map(|i| candidates[i].1.clone());
        let after = match chosen {
            Some(group) => group,
            // It begins its event, as before where nobody of it came earlier.
            None => match &before {
                Some(group) if self.members.get(group).is_some_and(|m| m.iter().all(|m| *m == n || key(&self.tellings[m], *m) > own)) => {
                    group.clone()
                }
                _ => Group::New(n),
            },
        };
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        if let Some(before) = &before {
            if let Some(members) = self.members.get_mut(before) {
                members.remove(&n);
            }
            self.touched.insert(before.clone());
        }
        self.group.insert(n, after.clone());
        self.members.entry(after.clone()).or_default().insert(n);
        self.touched.insert(after.clone());
        if let Some(before) = &before {
            self.spread(&telling, n, before)?;
        }
        self.spread(&telling, n, &after)
    }

    /// Those that come later and may find an event that gained or lost a telling choose again.
    fn spread(&mut self, telling: &Telling, n: i64, group: &Group) -> Result<(), S::Error> {
        let own = key(telling, n);
        let mut by: Vec<Telling> = vec![telling.clone()];
        by.extend(self.members.get(group).into_iter().flatten().map(|m| self.tellings[m].clone()));
        // Copies of one telling are found by the same.
        let mut asked: Vec<Telling> = Vec::new();
        for member in by {
            if asked.iter().any(|a| alike(a, &member)) {
                continue;
            }
            for m in self.near(&member)? {
                let other = &self.tellings[&m];
                let rank = key(other, m);
                if rank > own && other.finds(&member) {
                    self.queue.insert((rank, m));
                }
            }
            asked.push(member);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::{Sides, Where, events, weights};
    use super::*;
    use crate::link::details::hash;
    use crate::model::{Details, Mode};

    /// All tellings, looked through one by one.
    struct All(Vec<Known>);

    impl Source for All {
        type Error = std::convert::Infallible;

        fn near(&mut self, telling: &Telling) -> Result<Vec<Known>, Self::Error> {
            Ok(self.0.iter().filter(|k| k.telling.finds(telling) || telling.finds(&k.telling)).cloned().collect())
        }

        fn members(&mut self, group: &str) -> Result<Vec<Known>, Self::Error> {
            Ok(self.0.iter().filter(|k| k.group == group).cloned().collect())
        }
    }

    /// Numbers without a pattern, the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % n
        }
    }

    fn made(dice: &mut Dice, article: u64, i: u64) -> Telling {
        let pick = |dice: &mut Dice, list: &[&str]| list[dice.below(list.len() as u64) as usize].to_owned();
        let side = |dice: &mut Dice| Some(pick(dice, &["ISRMIL", "ISR", "SYR", "SYRREB", "TUR", ""])).filter(|s| !s.is_empty());
        let code = pick(dice, &["190", "195", "194", "040", "042", "18"]);
        let published = 100 + dice.below(12) as i32;
        let first = (dice.below(3) > 0).then(|| published - dice.below(4) as i32);
        let mut words: Vec<u32> =
            (0..dice.below(6)).map(|_| hash(&pick(dice, &["town", "bridge", "talks", "fire", "night", "mine", "ship"]))).collect();
        words.sort_unstable();
        words.dedup();
        let town =
            (dice.below(2) > 0).then(|| Where { name: pick(dice, &["homs", "idlib"]), precision: "town".to_owned(), ..Where::default() });
        Telling {
            id: format!("e:{article}:{i}"),
            article: format!("a{article}"),
            story: (dice.below(3) == 0).then(|| format!("t:{}", dice.below(3))),
            published: Some(published),
            words: (i as u32, i as u32 + 1),
            sides: Sides { source: side(dice), target: side(dice), mutual: code.starts_with("04") },
            code,
            mode: if dice.below(6) == 0 { Mode::Future } else { Mode::Happened },
            first,
            last: first,
            place: town,
            details: Details { words, ..Details::default() },
        }
    }

    /// Events as sets of ids, whatever they are called.
    fn sets(all: &[Known]) -> BTreeSet<BTreeSet<String>> {
        let mut by: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        all.iter().for_each(|k| {
            by.entry(&k.group).or_default().insert(k.telling.id.clone());
        });
        by.into_values().collect()
    }

    fn linked(tellings: Vec<(i64, Telling)>) -> Vec<Known> {
        let (numbers, mut tellings): (Vec<i64>, Vec<Telling>) = tellings.into_iter().unzip();
        let first = events(&mut tellings);
        let name = |f: &usize| format!("g:{f}");
        numbers.into_iter().zip(&tellings).zip(&first).map(|((n, t), f)| Known { n, telling: t.clone(), group: name(f) }).collect()
    }

    #[test]
    fn only_what_is_touched_is_found_again_and_it_comes_to_the_same() {
        let (mut moved, mut joined) = (0, 0);
        for seed in 0..50 {
            let mut dice = Dice(seed);
            let mut all: Vec<(i64, Telling)> = Vec::new();
            for article in 0..30 {
                let n = 1 + dice.below(4);
                all.extend((0..n).map(|i| ((article * 10 + i) as i64, made(&mut dice, article, i))));
            }
            let mut known = linked(all);
            for turn in 0..4u64 {
                // An article is read anew: some of its tellings go, some are other, some come.
                let article = dice.below(30);
                let of = |k: &Known| k.telling.article == format!("a{article}");
                let gone: Vec<Known> = known.iter().filter(|k| of(k)).cloned().collect();
                let rest: Vec<Known> = known.iter().filter(|k| !of(k)).cloned().collect();
                let come: Vec<(i64, Telling)> =
                    (0..dice.below(4)).map(|i| ((article * 10 + i) as i64, made(&mut dice, article, i))).collect();
                let mut whole: Vec<(i64, Telling)> = rest.iter().map(|k| (k.n, k.telling.clone())).chain(come.iter().cloned()).collect();
                whole.sort_by_key(|(n, _)| *n);
                let expect = linked(whole);
                // As the whole has them, with what is told from both sides marked.
                let come: Vec<(i64, Telling)> = expect.iter().filter(|k| of(k)).map(|k| (k.n, k.telling.clone())).collect();
                let found = again(
                    gone,
                    come.clone(),
                    &weights(&expect.iter().map(|k| k.telling.clone()).collect::<Vec<_>>()),
                    &mut All(rest.clone()),
                );
                let Ok(found) = found;
                let mut now = rest;
                now.extend(come.into_iter().map(|(n, telling)| Known { n, telling, group: String::new() }));
                for (i, members) in found.iter().enumerate() {
                    joined += usize::from(members.len() > 1);
                    for k in now.iter_mut().filter(|k| members.contains(&k.n)) {
                        k.group = format!("again:{seed}:{turn}:{i}");
                        moved += 1;
                    }
                }
                assert_eq!(sets(&now), sets(&expect), "seed {seed}, turn {turn}");
                known = now;
                known.sort_by_key(|k| k.n);
            }
        }
        assert!(moved > 200 && joined > 20, "{moved} {joined}: the trial tries nothing");
    }
}
