//! Stories: copies and rewrites of one text among many articles.
//!
//! A text is held as a sample of its three-word shingles: those whose hash ends in two zero bits, so
//! that copies sample the same ones wherever they were cut or reordered. Articles that share a shingle and
//! lie within days of each other are compared; one is a copy of the other when enough of the shorter one's
//! sample is in the longer one's. Copies of copies are one story. Shingles that many stories have are set phrases
//! ("the foreign minister said") and tell nothing.
//!
//! Nothing depends on the order in which articles are given.

use crate::code::Coded;
use crate::model::{Article, Date, Span};
use std::cmp::Ordering;

/// Words of a shingle. Longer ones break at every changed word, shorter ones are anybody's.
const WORDS: usize = 3;
/// Every so many shingles one is kept; a power of two.
const SAMPLE: u64 = 4;
/// Copies are published within so many days of another copy.
pub const DAYS: i32 = 14;
/// Least share of the shorter text's sample, set phrases left out, that is in the longer one's. Different articles
/// share a paragraph of background, which may be a third of the shorter.
pub const SHARED: f64 = 0.50;
/// The share of texts that are nearly the same, set phrases and all.
pub const NEARLY: f64 = 0.70;
/// A shingle in more stories than this is a set phrase.
pub const PHRASE: usize = 16;
/// The same for texts of few words, where a set phrase is a large share.
const SHARED_SHORT: f64 = 0.60;
/// Samples below this size are those of short texts.
const SHORT: usize = 16;
/// Fewer shingles in common say nothing.
const LEAST: usize = 3;
/// A text is no copy of one so many times as long: that is a digest, which holds several.
const DIGEST: usize = 5;
/// Shingles are looked at in so many parts, for less memory at once; a power of two.
pub const PARTS: u32 = 16;
/// Up to so many bearers of a shingle each is compared with two before it, beyond with one.
pub const CROWD: usize = 64;

/// What of a text tells its copies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Sampled shingles, sorted.
    shingles: Box<[u32]>,
}

impl Sketch {
    /// Sketches a text; lines that are not news are left out.
    pub fn of(text: &str, skipped: &[Span]) -> Sketch {
        let mut shingles = Vec::new();
        let mut last = [0u64; WORDS];
        let mut seen = 0;
        let mut word = 0u64;
        let mut skipped: Vec<Span> = skipped.to_vec();
        skipped.sort_unstable();
        let mut left_out = skipped.iter().peekable();
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            while left_out.next_if(|s| s.end as usize <= at).is_some() {}
            let inside = left_out.peek().is_some_and(|s| s.start as usize <= at);
            if c.is_alphanumeric() && !inside {
                let fold = |h: u64, c: char| (h ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3);
                word = match c.is_ascii() {
                    true => fold(word.max(1), c.to_ascii_lowercase()),
                    false => c.to_lowercase().fold(word.max(1), fold),
                };
                continue;
            }
            // "don't" is one word, however its apostrophe is written.
            if word == 0 || matches!(c, '\'' | '’') {
                continue;
            }
            last.rotate_left(1);
            last[WORDS - 1] = std::mem::take(&mut word);
            seen += 1;
            if seen >= WORDS {
                let hash = last.iter().fold(0u64, |h, w| mix(h ^ w));
                if hash.is_multiple_of(SAMPLE) {
                    shingles.push((hash >> 32) as u32);
                }
            }
        }
        shingles.sort_unstable();
        shingles.dedup();
        Sketch { shingles: shingles.into() }
    }

    /// The sampled shingles, sorted.
    pub fn shingles(&self) -> &[u32] {
        &self.shingles
    }

    /// How much of the shorter text is in the longer, 0 to 1; 0 where nothing can be said.
    pub fn shared(&self, other: &Sketch) -> f64 {
        let short = self.shingles.len().min(other.shingles.len());
        if short == 0 { 0.0 } else { common(&self.shingles, &other.shingles) as f64 / short as f64 }
    }

    fn part(&self, part: u32) -> impl Iterator<Item = u32> {
        self.shingles.iter().copied().filter(move |s| s % PARTS == part)
    }
}

/// Spreads bits (the finaliser of SplitMix64).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// An article as stories see it.
#[derive(Clone, Debug)]
pub struct Telling {
    /// Id of the article; decides between articles of one day.
    pub id: String,
    /// When it was published. An article without a day may be a copy of any.
    pub published: Option<Date>,
    /// Its text.
    pub sketch: Sketch,
}

impl Telling {
    /// Of an article that was read; its lines that are not news are left out.
    pub fn of(article: &Article, coded: &Coded) -> Telling {
        let skipped: Vec<Span> = coded.text.skipped.iter().map(|s| s.span).collect();
        Telling { id: article.id.clone(), published: article.published, sketch: Sketch::of(&article.text, &skipped) }
    }
}

/// For each article the number of the article that told its story first: the earliest day, then the least
/// id. An article nobody copied is its own.
pub fn stories(tellings: &[Telling]) -> Vec<usize> {
    // Articles without a day come last: they are not known to be the first.
    let mut order: Vec<usize> = (0..tellings.len()).collect();
    order.sort_by_key(|&i| (tellings[i].published.is_none(), tellings[i].published, &tellings[i].id));
    let day = |d: Date| jiff::civil::Date::ZERO.until(d).map_or(0, |s| s.get_days());
    let days: Vec<Option<i32>> = order.iter().map(|&i| tellings[i].published.map(day)).collect();
    let near = |a: u32, b: u32| days[a as usize].zip(days[b as usize]).is_none_or(|(x, y)| x.abs_diff(y) <= DAYS.unsigned_abs());
    let sketch = |n: u32| &tellings[order[n as usize]].sketch;

    let count = order.len() as u32;
    let mut groups = Groups::new(order.len());
    // Near-identical texts first. They share so much that a quarter of the shingles finds them.
    for part in 0..PARTS / 4 {
        for (a, b) in meetings(count, |n| sketch(n).part(part), near, &mut groups) {
            if groups.first(a) != groups.first(b) && copies(&sketch(a).shingles, &sketch(b).shingles, NEARLY) {
                groups.unite(a, b);
            }
        }
    }
    // Then rewrites, by the shingles that few of these stories have: the rest are set phrases.
    let mut phrases = Vec::new();
    for part in 0..PARTS {
        for same in bearers(count, |n| sketch(n).part(part)).chunk_by(|a, b| a.0 == b.0).filter(|s| s.len() > PHRASE) {
            if groups.many(same.iter().map(|b| b.1), PHRASE) {
                phrases.push(same[0].0);
            }
        }
    }
    phrases.sort_unstable();
    let own = |n: u32| -> Box<[u32]> { sketch(n).shingles.iter().copied().filter(|s| phrases.binary_search(s).is_err()).collect() };
    let own: Vec<Box<[u32]>> = (0..count).map(own).collect();
    for part in 0..PARTS {
        let here = |n: u32| own[n as usize].iter().copied().filter(move |s| s % PARTS == part);
        for (a, b) in meetings(count, here, near, &mut groups) {
            if groups.first(a) != groups.first(b) && copies(&own[a as usize], &own[b as usize], SHARED) {
                groups.unite(a, b);
            }
        }
    }
    let mut first = vec![0; tellings.len()];
    for n in 0..count {
        first[order[n as usize]] = order[groups.first(n) as usize];
    }
    first
}

/// Shingles with their bearers, sorted.
fn bearers<I: Iterator<Item = u32>>(count: u32, shingles: impl Fn(u32) -> I) -> Vec<(u32, u32)> {
    let mut all: Vec<(u32, u32)> = (0..count).flat_map(|n| shingles(n).map(move |s| (s, n))).collect();
    all.sort_unstable();
    all
}

/// Pairs worth comparing: bearers of a shingle with the one before them, and with two where they are no crowd.
fn meetings<I: Iterator<Item = u32>>(
    count: u32,
    shingles: impl Fn(u32) -> I,
    near: impl Fn(u32, u32) -> bool,
    groups: &mut Groups,
) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for same in bearers(count, shingles).chunk_by(|a, b| a.0 == b.0) {
        let back = if same.len() <= CROWD { 2 } else { 1 };
        for (i, &(_, n)) in same.iter().enumerate() {
            let before = same[i.saturating_sub(back)..i].iter().map(|b| b.1);
            pairs.extend(before.filter(|&m| near(m, n) && groups.first(m) != groups.first(n)).map(|m| (m, n)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Whether one of two sorted samples is a copy of the other, when so much must be shared.
pub fn copies(a: &[u32], b: &[u32], shared: f64) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if short == 0 || long > short * DIGEST {
        return false;
    }
    let least = if short < SHORT { shared.max(SHARED_SHORT) } else { shared };
    let n = common(a, b);
    n >= LEAST && n as f64 >= least * short as f64 || n == long
}

/// How many numbers two sorted lists have in common.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut k, mut n) = (0, 0, 0);
    while i < a.len() && k < b.len() {
        match a[i].cmp(&b[k]) {
            Ordering::Less => i += 1,
            Ordering::Greater => k += 1,
            Ordering::Equal => (i, k, n) = (i + 1, k + 1, n + 1),
        }
    }
    n
}

/// Each member of the pairs with the least member of its group, in order.
///
/// For archives whose pairs were found elsewhere.
pub fn firsts(pairs: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut members: Vec<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    members.sort_unstable();
    members.dedup();
    let place = |n: i64| members.partition_point(|m| *m < n) as u32;
    let mut groups = Groups::new(members.len());
    pairs.iter().for_each(|(a, b)| groups.unite(place(*a), place(*b)));
    (0..).zip(&members).map(|(i, n)| (*n, members[groups.first(i) as usize])).collect()
}

/// Groups that grow together; each is known by its least member.
struct Groups {
    up: Vec<u32>,
}

impl Groups {
    fn new(n: usize) -> Groups {
        Groups { up: (0..n as u32).collect() }
    }

    fn first(&mut self, n: u32) -> u32 {
        let mut n = n as usize;
        while self.up[n] as usize != n {
            self.up[n] = self.up[self.up[n] as usize];
            n = self.up[n] as usize;
        }
        n as u32
    }

    /// Whether members of more than `limit` groups are among these.
    fn many(&mut self, members: impl Iterator<Item = u32>, limit: usize) -> bool {
        let mut seen: Vec<u32> = Vec::new();
        for n in members {
            let first = self.first(n);
            if !seen.contains(&first) {
                seen.push(first);
            }
            if seen.len() > limit {
                return true;
            }
        }
        false
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        self.up[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse_loose;

    const TALKS: &str = "Envoys of the two river states met on Monday in the old customs house at Halden to settle who may draw water \
        from the upper lake in the dry months. The talks, the third this year, ended after nine hours without a signed paper, but both \
        delegations said that their engineers would measure the flow together from next week. A spokeswoman for the downstream state \
        said farmers could not wait for another summer of empty canals.";
    const SHELLS: &str = "Two villages on the northern bank were shelled during the night, the district governor said, and the power \
        line to the pumping station was cut. Nobody was hurt. The army across the river denied that its batteries had fired and \
        accused the other side of staging the attack in order to break off the talks on water that had begun on Monday.";

    fn telling(id: &str, day: &str, text: &str) -> Telling {
        Telling { id: id.to_owned(), published: parse_loose(day), sketch: Sketch::of(text, &[]) }
    }

    /// Ids of the first tellings.
    fn first_ids(all: &[Telling]) -> Vec<&str> {
        stories(all).into_iter().map(|i| all[i].id.as_str()).collect()
    }

    #[test]
    fn groups_are_known_by_their_least_member() {
        assert_eq!(firsts(&[(9, 7), (3, 9), (20, 21)]), [(3, 3), (7, 3), (9, 3), (20, 20), (21, 20)]);
    }

    #[test]
    fn copies_are_one_story_and_other_texts_are_not() {
        let cut = TALKS.split_inclusive(". ").take(2).collect::<String>();
        let turned: String = TALKS.split_inclusive(". ").collect::<Vec<_>>().into_iter().rev().collect();
        let worded = TALKS.replace("settle", "agree").replace("third", "latest").replace("farmers", "growers").replace("Halden", "Holden");
        let all = [
            telling("e", "2021-03-04", &worded),
            telling("a", "2021-03-02", &cut),
            telling("d", "2021-03-03", SHELLS),
            telling("c", "", &turned),
            telling("b", "2021-03-02", TALKS),
        ];
        assert_eq!(first_ids(&all), ["a", "a", "d", "a", "a"]);
        let turned: Vec<Telling> = all.iter().rev().cloned().collect();
        assert_eq!(first_ids(&turned), ["a", "a", "d", "a", "a"]);
    }

    #[test]
    fn the_same_words_long_after_are_another_story() {
        let all = [telling("a", "2020-03-02", TALKS), telling("b", "2021-03-02", TALKS), telling("c", "2021-03-15", TALKS)];
        assert_eq!(first_ids(&all), ["a", "b", "b"]);
    }

    #[test]
    fn a_digest_joins_nothing() {
        let digest = format!("{TALKS} {SHELLS} {}", (0..900).map(|i| format!("word{i} ")).collect::<String>());
        let all = [telling("a", "2021-03-02", TALKS), telling("b", "2021-03-02", SHELLS), telling("c", "2021-03-02", &digest)];
        assert_eq!(first_ids(&all), ["a", "b", "c"]);
    }

    #[test]
    fn skipped_lines_do_not_count() {
        // Long enough for the sample to hold words of it.
        let skipped = (0..200).map(|n| format!("headline{n} ")).collect::<String>();
        let page = format!("{skipped}{TALKS}");
        let span = Span::new(0, skipped.len());
        assert_eq!(Sketch::of(&page, &[span]), Sketch::of(TALKS, &[]));
        assert_ne!(Sketch::of(&page, &[]), Sketch::of(&page, &[span]));
        assert_eq!(Sketch::of("", &[]).shared(&Sketch::of(&page, &[])), 0.0);
        assert!(stories(&[]).is_empty());
    }
}
