//! Events told in several articles: which tellings are of one event.
//!
//! A telling joins those it contradicts in nothing (`agree`) and with one of which enough speaks for one event. It may
//! contradict none of a group, so that two that do can never be joined by a third. Tellings that say most come first,
//! and each joins the group that most speaks for; what comes out is the same in whatever order they are given. Only
//! tellings that share sides, kind of deed and a day are compared.

use super::agree::{self, ENOUGH};
use crate::model::{Article, Date, Details, Event, FORCE, Mode, Role, is_force};
use std::cmp::Reverse;
use std::collections::HashMap;

/// A telling that may have happened on more days than this is compared only within its article and story.
const LONG: i32 = 40;
/// Words found in more than this share of tellings are nobody's.
const COMMON: f64 = 0.02;

/// Who did it to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Code of the doer.
    pub source: Option<String>,
    /// Code of who it was done to.
    pub target: Option<String>,
    /// Whether the deed is one for both, as a meeting.
    pub mutual: bool,
}

impl Sides {
    /// The same seen from the other side.
    pub fn turned(&self) -> Sides {
        Sides { source: self.target.clone(), target: self.source.clone(), mutual: self.mutual }
    }
}

/// Where a telling says it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Where {
    /// Name in lower case, without an article.
    pub name: String,
    /// ISO alpha-3; empty where unknown.
    pub country: String,
    /// GeoNames number.
    pub geonameid: Option<u32>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// "point", "town", "region", "country", or nothing.
    pub precision: String,
}

impl Where {
    /// Whether it is a point or town.
    pub fn exact(&self) -> bool {
        matches!(self.precision.as_str(), "point" | "town")
    }

    /// Whether its name is among hashed words; a name of several words by its last.
    pub fn named_in(&self, words: &[u32]) -> bool {
        let last = self.name.split(' ').next_back().filter(|w| !w.is_empty());
        !self.country_wide() && last.is_some_and(|w| words.binary_search(&super::details::hash(w)).is_ok())
    }

    /// Whether no more than a country is known.
    pub fn country_wide(&self) -> bool {
        self.precision == "country" || self.name.is_empty()
    }
}

/// An event as one article tells it. Days are numbers, see [`day`].
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// Id of the event.
    pub id: String,
    /// Id of the article.
    pub article: String,
    /// Story of the article, where it is known.
    pub story: Option<String>,
    /// When the article was published.
    pub published: Option<i32>,
    /// The stretch of text it was read from: records of one stretch are of one deed.
    pub words: (u32, u32),
    /// Who and whom.
    pub sides: Sides,
    /// CAMEO code.
    pub code: String,
    /// In what way it is said to be so.
    pub mode: Mode,
    /// First possible day, where the text tells.
    pub first: Option<i32>,
    /// Last possible day.
    pub last: Option<i32>,
    /// Where.
    pub place: Option<Where>,
    /// Numbers and words of its sentence.
    pub details: Details,
}

impl Telling {
    /// What an article tells by an event.
    pub fn new(article: &Article, event: &Event) -> Telling {
        let code = |r: &Option<Role>| r.as_ref().map(|r| r.code.clone());
        let place = |p: &crate::model::Place| Where {
            name: place_name(&p.name),
            country: p.country.clone(),
            geonameid: p.pin.and_then(|p| p.geonameid),
            point: p.pin.and_then(|p| p.point),
            precision: p.pin.map_or("", |p| p.precision).to_owned(),
        };
        let words = event.evidence.first().map_or((0, 0), |s| (s.start, s.end));
        Telling {
            id: event.id.clone(),
            article: article.id.clone(),
            story: None,
            published: article.published.map(day),
            words,
            sides: Sides { source: code(&event.source), target: code(&event.target), mutual: agree::mutual(&event.code) },
            code: event.code.clone(),
            mode: event.mode,
            first: event.when.first.map(day),
            last: event.when.last.map(day),
            place: event.place.as_ref().map(place),
            details: event.details.clone(),
        }
    }

    /// Its one day, where the text tells one.
    pub fn day(&self) -> Option<i32> {
        self.first.filter(|f| self.last.is_none_or(|l| l == *f))
    }

    /// How much it says.
    fn strength(&self) -> usize {
        let place = self.place.as_ref().map_or(0, |p| if p.exact() { 2 } else { 1 });
        let sides = usize::from(self.sides.source.is_some()) + usize::from(self.sides.target.is_some());
        2 * usize::from(self.day().is_some()) + place + 2 * sides + self.details.figures.len().min(2)
    }

    /// Keys under which it is found, and those it looks under: kind of deed with both sides, or with the one that is
    /// known. Two that name both sides need not be looked through by one side.
    fn keys(&self) -> (Vec<Key>, Vec<Key>) {
        let root = kind(&self.code);
        let country = |s: &Option<String>| s.as_ref().map_or(String::new(), |c| c.get(..3).unwrap_or(c).to_owned());
        let (mut a, mut b) = (country(&self.sides.source), country(&self.sides.target));
        if self.sides.mutual && b < a {
            std::mem::swap(&mut a, &mut b);
        }
        let key = |kind: char, sides: String| format!("{root}{kind}{sides}");
        // The side a mutual deed names may stand on either.
        let sides = [('s', &a), (if self.sides.mutual { 's' } else { 't' }, &b)];
        let named = || sides.iter().filter(|(_, side)| !side.is_empty());
        let any: Vec<Key> = named().map(|(place, side)| key('*', format!("{place}{side}"))).collect();
        let lone: Vec<Key> = named().map(|(place, side)| key('1', format!("{place}{side}"))).collect();
        match any.len() {
            2 => {
                let both = key('2', format!("{a} {b}"));
                (std::iter::once(both.clone()).chain(any).collect(), std::iter::once(both).chain(lone).collect())
            }
            1 => (any.iter().cloned().chain(lone).collect(), any),
            _ => (vec![key('0', String::new())], vec![key('0', String::new())]),
        }
    }

    /// Days it may have happened on, where they are few enough to look through.
    pub fn days(&self) -> Option<(i32, i32)> {
        let (first, last) = agree::range(self);
        (last.saturating_sub(first) <= LONG).then_some((first, last))
    }

    /// Whether it looks where another is found: by sides, kind of deed, and a day, article or story.
    pub fn finds(&self, other: &Telling) -> bool {
        let (_, looked) = self.keys();
        let (keys, _) = other.keys();
        let days = || self.days().zip(other.days()).is_some_and(|((a, b), (x, y))| a <= y && x <= b);
        let homes = || self.article == other.article || self.story.is_some() && self.story == other.story;
        looked.iter().any(|k| keys.contains(k)) && (days() || homes())
    }

    fn whole(&self) -> bool {
        self.sides.source.is_some() && self.sides.target.is_some()
    }
}

/// Kind of deed, which sides, the sides.
type Key = String;

/// A day as a number: days since the year 0.
pub fn day(date: Date) -> i32 {
    jiff::civil::Date::ZERO.until(date).map_or(0, |s| s.get_days())
}

/// A place's name to compare by.
pub fn place_name(name: &str) -> String {
    let lower = crate::knowledge::words::fold(name);
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Tellings of one event.
struct Group {
    members: Vec<usize>,
}

/// What shared words weigh, where it is less than 1.
pub type Weights = HashMap<u32, f64>;

/// For each telling the number of the one that told its event first: the earliest day of publication, then the least
/// id. A telling that no other agrees with is its own.
pub fn events(tellings: &mut [Telling]) -> Vec<usize> {
    let rare = weights(tellings);
    among(tellings, &rare)
}

/// The same for a part of an archive: all its tellings of one [`kind`], which no other kind can join, with the
/// [`rarity`] of words in the whole of it.
pub fn among(tellings: &mut [Telling], rare: &Weights) -> Vec<usize> {
    find_mutual(tellings);
    let tellings = &*tellings;
    // Those that say most come first, for others to join.
    let mut order: Vec<usize> = (0..tellings.len()).collect();
    order.sort_by(|&a, &b| rank(&tellings[a]).cmp(&rank(&tellings[b])));
    let mut groups: Vec<Group> = Vec::new();
    let mut found: HashMap<(Key, i32), Vec<usize>> = HashMap::new();
    let mut near: HashMap<(Key, &str), Vec<usize>> = HashMap::new();
    for n in order {
        let telling = &tellings[n];
        let days = telling.days().map(|(first, last)| first..=last);
        let (keys, looked) = telling.keys();
        let mut candidates: Vec<usize> = Vec::new();
        let homes = [Some(telling.article.as_str()), telling.story.as_deref()];
        for key in &looked {
            for day in days.clone().into_iter().flatten() {
                candidates.extend(found.get(&(key.clone(), day)).into_iter().flatten());
            }
            for home in homes.into_iter().flatten() {
                candidates.extend(near.get(&(key.clone(), home)).into_iter().flatten());
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let of = |g: &usize| groups[*g].members.iter().map(|&m| &tellings[m]);
        let g = match choice(candidates.iter().map(of), telling, rare).map(|i| candidates[i]) {
            Some(g) => g,
            None => {
                groups.push(Group { members: Vec::new() });
                groups.len() - 1
            }
        };
        let known = groups[g].members.iter().any(|&m| alike(&tellings[m], telling));
        groups[g].members.push(n);
        if known {
            continue;
        }
        for key in keys {
            for day in days.clone().into_iter().flatten() {
                add(found.entry((key.clone(), day)).or_default(), g);
            }
            for home in homes.into_iter().flatten() {
                add(near.entry((key.clone(), home)).or_default(), g);
            }
        }
    }
    let mut out = vec![0; tellings.len()];
    for group in groups {
        let first = told_first(tellings, group.members.iter().copied());
        group.members.iter().for_each(|&m| out[m] = first.unwrap_or(m));
    }
    out
}

/// Which of an event's tellings told it first: the earliest day of publication, then the least id.
pub fn told_first(tellings: &[Telling], members: impl Iterator<Item = usize>) -> Option<usize> {
    members.min_by_key(|&m| {
        let t = &tellings[m];
        (t.published.is_none(), t.published, &t.id, m)
    })
}

fn add(list: &mut Vec<usize>, g: usize) {
    if !list.contains(&g) {
        list.push(g);
    }
}

/// Tellings in the order they are taken.
pub(super) fn rank(t: &Telling) -> (Reverse<usize>, bool, Option<i32>, &str, &str) {
    (Reverse(t.strength()), t.published.is_none(), t.published, &t.id, &t.article)
}

/// Whether a telling adds nothing to compare by.
pub(super) fn alike(a: &Telling, b: &Telling) -> bool {
    a.article == b.article && a.words == b.words && a.sides == b.sides && a.code == b.code && agree::range(a) == agree::range(b)
}

/// Which of some groups a telling joins: the one that most speaks for, the first of equals.
pub(super) fn choice<'a, G>(groups: impl Iterator<Item = G>, telling: &Telling, rare: &Weights) -> Option<usize>
where
    G: Iterator<Item = &'a Telling>,
{
    let mut best: Option<(f64, usize)> = None;
    for (g, group) in groups.enumerate() {
        if let Some(score) = weigh(group, telling, rare).filter(|s| best.is_none_or(|(b, _)| *s > b)) {
            best = Some((score, g));
        }
    }
    best.filter(|(score, _)| *score >= ENOUGH).map(|(_, g)| g)
}

/// How much speaks for a telling being of a group's event; none where it contradicts one of it.
fn weigh<'a>(group: impl Iterator<Item = &'a Telling>, telling: &Telling, rare: &Weights) -> Option<f64> {
    let mut best = 0.0;
    for other in group {
        if agree::contradiction(other, telling).is_some() {
            return None;
        }
        let one = match other.article == telling.article && other.words == telling.words && other.code == telling.code {
            // The same words read from both sides are one deed.
            true if other.whole() && other.sides == telling.sides.turned() => 2.0 * ENOUGH,
            _ => agree::evidence(other, telling, |w| rare.get(&w).copied().unwrap_or(1.0)),
        };
        best = f64::max(best, one);
    }
    Some(best)
}

/// Marks deeds that are told from both sides in the same words: "India and Pakistan signed".
pub fn find_mutual(tellings: &mut [Telling]) {
    let deed = |t: &Telling| (t.article.clone(), t.words, t.code.clone());
    let mut seen: HashMap<_, Vec<Sides>> = HashMap::new();
    tellings.iter().filter(|t| t.whole()).for_each(|t| seen.entry(deed(t)).or_default().push(t.sides.clone()));
    for t in tellings.iter_mut().filter(|t| t.whole() && t.sides.source != t.sides.target) {
        t.sides.mutual |=
            seen.get(&deed(t)).is_some_and(|all| all.iter().any(|s| s.source == t.sides.target && s.target == t.sides.source));
    }
}

/// What a shared word weighs, where it is less than 1: words of many tellings are set phrases. `seen` says how many of
/// so many tellings have a word.
pub fn rarity(tellings: usize, seen: impl IntoIterator<Item = (u32, usize)>) -> Weights {
    let limit = limit(tellings);
    seen.into_iter().filter(|(_, n)| *n as f64 > limit).map(|(w, n)| (w, limit / n as f64)).collect()
}

/// A word in more tellings than this weighs less than 1.
pub fn limit(tellings: usize) -> f64 {
    (tellings as f64 * COMMON).max(64.0)
}

/// Kind of deed: the root of its code. Tellings of two kinds are never compared.
pub fn kind(code: &str) -> &str {
    // Force by whatever means is one kind.
    if is_force(code) { FORCE[1] } else { code.get(..2).unwrap_or("") }
}

/// The [`rarity`] of the words of these tellings.
pub fn weights(tellings: &[Telling]) -> Weights {
    let mut seen: HashMap<u32, usize> = HashMap::new();
    tellings.iter().flat_map(|t| &t.details.words).for_each(|w| *seen.entry(*w).or_default() += 1);
    rarity(tellings.len(), seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::details::hash;
    use crate::model::Figure;

    /// "article day source code target [date=D] [in=town] [killed=N] [story=S] [about=word,word]": a telling of sorts.
    fn telling(line: &str) -> Telling {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap().to_owned();
        let (article, published) = (next(), next().parse().unwrap());
        let side = |s: String| (s != "-").then_some(s);
        let (source, code, target) = (side(next()), next(), side(next()));
        let mut t = Telling {
            id: format!("e:{line}"),
            article,
            story: None,
            published: Some(published),
            words: (0, 1),
            sides: Sides { source, target, mutual: agree::mutual(&code) },
            code,
            mode: Mode::Happened,
            first: None,
            last: None,
            place: None,
            details: Details::default(),
        };
        for more in words {
            match more.split_once('=').unwrap() {
                ("date", d) => (t.first, t.last) = (d.parse().ok(), d.parse().ok()),
                ("in", town) => t.place = Some(Where { name: town.to_owned(), precision: "town".to_owned(), ..Where::default() }),
                ("killed", n) => {
                    let (least, most) = n.split_once("..").unwrap_or((n, n));
                    let figure =
                        Figure { what: 0, how: hash("kill"), least: least.parse().unwrap(), most: most.parse().unwrap_or(u32::MAX) };
                    t.details.figures.push(figure);
                }
                ("story", s) => t.story = Some(s.to_owned()),
                ("about", list) => t.details.words = list.split(',').map(hash).collect(),
                ("mode", "future") => t.mode = Mode::Future,
                (key, _) => panic!("{key}"),
            }
        }
        t.details.words.sort_unstable();
        t
    }

    /// Numbers of the groups, in order of their first telling; the same however the tellings are ordered.
    fn check(lines: &[&str], expect: &[usize]) {
        for turn in 0..lines.len() {
            let mut all: Vec<Telling> = lines.iter().map(|l| telling(l)).collect();
            all.rotate_left(turn);
            let mut got = events(&mut all);
            got.rotate_right(turn);
            let firsts: Vec<usize> = got.iter().map(|f| (f + turn) % lines.len()).collect();
            let mut names: Vec<usize> = Vec::new();
            let numbers: Vec<usize> = firsts
                .iter()
                .map(|f| {
                    names.iter().position(|n| n == f).unwrap_or_else(|| {
                        names.push(*f);
                        names.len() - 1
                    })
                })
                .collect();
            assert_eq!(numbers, expect, "{lines:#?} turned by {turn}");
        }
    }

    #[test]
    fn tellings_that_agree_are_one_event() {
        check(
            &["a 10 ISRMIL 195 SYR date=9 in=palmyra", "b 11 ISR 190 SYRMIL date=9 in=palmyra", "c 10 ISRMIL 195 SYR in=palmyra"],
            &[0, 0, 0],
        );
        check(&["a 10 SYRGOV 040 IRNGOV date=9 in=damascus", "b 10 IRNGOV 040 SYRGOV date=9 in=damascus"], &[0, 0]);
        // Who did it is not known in one of them.
        check(&["a 10 TUR 194 SYRREB date=9 in=manbij", "b 10 - 194 SYRREB date=9 in=manbij killed=3"], &[0, 0]);
        check(&["a 10 USAGOV 163 RUSBUS about=bank,assets story=s", "b 12 USAGOV 163 RUSBUS about=bank,assets story=s"], &[0, 0]);
    }

    #[test]
    fn contradictions_stay_apart() {
        let first = "a 10 ISRMIL 195 SYR date=9 in=palmyra killed=12";
        for other in [
            "b 10 ISRMIL 195 SYR date=10 in=palmyra killed=12",
            "b 10 ISRMIL 195 SYR date=9 in=homs killed=12",
            "b 10 ISRMIL 195 SYR date=9 in=palmyra killed=20",
            "b 10 ISRMIL 194 SYR date=9 in=palmyra killed=12",
            "b 10 ISRMIL 195 LBN date=9 in=palmyra killed=12",
            "b 10 SYRMIL 195 ISR date=9 in=palmyra killed=12",
            "b 10 ISRMIL 195 SYR date=9 in=palmyra killed=12 mode=future",
        ] {
            check(&[first, other], &[0, 1]);
        }
        check(&[first, "b 10 ISRMIL 195 SYR date=9 in=palmyra killed=9.."], &[0, 0]);
    }

    #[test]
    fn no_third_telling_joins_two_that_contradict() {
        check(
            &[
                "a 10 ISRMIL 195 SYR date=9 in=palmyra killed=12",
                "b 10 ISRMIL 195 SYR date=9 in=palmyra",
                "c 10 ISRMIL 195 SYR date=9 in=palmyra killed=20",
            ],
            &[0, 0, 1],
        );
    }

    #[test]
    fn too_little_says_nothing() {
        check(&["a 10 ISRMIL 190 SYR", "b 11 ISRMIL 190 SYR"], &[0, 1]);
        check(&["a 10 RUSGOV 040 TURGOV date=9 about=lavrov,fidan", "b 10 RUSGOV 040 TURGOV date=9 about=shoigu,guler"], &[0, 1]);
        check(&["a 10 - 190 -", "b 10 - 190 -"], &[0, 1]);
    }

    #[test]
    fn words_read_from_both_sides_are_one_deed() {
        check(&["a 10 INDGOV 057 PAKGOV", "a 10 PAKGOV 057 INDGOV"], &[0, 0]);
        check(&["a 10 INDGOV 112 PAKGOV", "b 10 PAKGOV 112 INDGOV"], &[0, 1]);
    }

    #[test]
    fn days_that_are_not_told_lie_before_publication() {
        check(&["a 10 TUR 194 SYRREB date=9 in=manbij", "b 16 TUR 194 SYRREB in=manbij"], &[0, 1]);
        check(&["a 10 TUR 194 SYRREB date=9 in=manbij", "b 12 TUR 194 SYRREB in=manbij"], &[0, 0]);
    }
}
