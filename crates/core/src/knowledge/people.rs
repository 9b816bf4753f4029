//! People looked up by less than their listed name: title and family name, another spelling.

use super::actors::{Actor, Actors, Found, Kind, Office};
use super::sound::{apart, mistyped, skeleton, sound};
use super::words::words;
use crate::model::Date;
use rustc_hash::FxHashMap as HashMap;
use serde::{Deserialize, Serialize};

/// Shortest family name whose spellings are compared: short ones differ by a letter and are other people's.
const FAMILY: usize = 5;
/// Words of so many letters inside a name are particles.
const PARTICLE: usize = 3;
/// A name has at most so many words.
const LONGEST: usize = 5;

/// Names by what they sound like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sounds {
    /// Skeleton of the family name → sounds of the whole name, person.
    people: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// One-word names of states, peoples and seats, by first letter.
    states: HashMap<char, Vec<(String, usize)>>,
}

/// Sounds of a name. Short words in its middle come and go: "Mohammed bin Salman", "Musab al-Zarqawi".
fn sounds(words: &[String]) -> Vec<String> {
    let last = words.len().saturating_sub(1);
    let kept = words.iter().enumerate().filter(|(i, w)| *i == 0 || *i == last || w.len() > PARTICLE);
    kept.map(|(_, w)| sound(w)).collect()
}

impl Actors {
    pub(super) fn sounds(&self) -> &Sounds {
        self.sounds.get_or_init(|| {
            if let Some(made) = self.packed_sounds.and_then(|b| postcard::from_bytes(b).ok()) {
                return made;
            }
            let mut out = Sounds::default();
            let asked = |kind| matches!(kind, Kind::Person | Kind::State | Kind::Demonym | Kind::Seat);
            let mut names: Vec<_> = self.by_first.values().flatten().filter(|n| asked(self.list[n.actor].kind)).collect();
            names.sort_by(|a, b| a.actor.cmp(&b.actor).then_with(|| a.words.cmp(&b.words)));
            for name in names {
                let actor = &self.list[name.actor];
                match (actor.kind, name.words.as_slice()) {
                    (Kind::Person, [_, .., family]) if family.len() >= FAMILY => {
                        let said = sounds(&name.words);
                        let bucket = said.last().map(|f| out.people.entry(skeleton(f)).or_default());
                        if let Some(bucket) = bucket.filter(|b| said.len() > 1 && !b.iter().any(|(s, a)| *s == said && *a == name.actor)) {
                            bucket.push((said, name.actor));
                        }
                    }
                    (Kind::State | Kind::Demonym | Kind::Seat, [word]) if word.len() >= FAMILY && !name.caps => {
                        let first = word.chars().next().unwrap_or(' ');
                        out.states.entry(first).or_default().push((word.clone(), name.actor));
                    }
                    _ => {}
                }
            }
            out
        })
    }

    /// The person whose name at the start of `words` is written otherwise than in the lists: every
    /// word sounds the same, one of them but for one letter. `capital` tells which words have one.
    pub fn spelt_otherwise(&self, words: &[String], capital: &[bool]) -> Option<Found> {
        let fits = |n: usize| -> Option<Found> {
            let run = words.get(..n)?;
            let family = run.last()?;
            let all = run.iter().zip(capital).all(|(w, &c)| c || w.len() <= PARTICLE);
            if !all || !*capital.first()? || !*capital.get(n - 1)? || family.len() < FAMILY {
                return None;
            }
            let said = sounds(run);
            if said.len() < 2 {
                return None;
            }
            let mut best: Option<(usize, usize)> = None;
            for (listed, actor) in self.sounds().people.get(&skeleton(said.last()?))? {
                if listed.len() != said.len() {
                    continue;
                }
                let off = listed.iter().zip(&said).try_fold(0, |sum, (a, b)| {
                    let off = apart(a, b)?;
                    (off == 0 || a.len().min(b.len()) >= 4).then_some(sum + off)
                });
                if let Some(off) = off.filter(|&o| o <= 1 && best.is_none_or(|(b, _)| o < b)) {
                    best = Some((off, *actor));
                }
            }
            best.map(|(_, actor)| Found { actor, words: n })
        };
        (2..=LONGEST.min(words.len()).min(capital.len())).rev().find_map(fits)
    }

    /// The state, people or seat whose name this word is but for a slip of the keys ("Ethopia").
    pub fn mistyped(&self, word: &str) -> Option<usize> {
        let names = self.sounds().states.get(&word.chars().next()?)?;
        names.iter().find(|(name, _)| mistyped(word, name)).map(|(_, actor)| *actor)
    }

    /// People whose family name sounds like this one.
    fn families_like(&self, family: &str) -> Vec<usize> {
        if family.len() < FAMILY {
            return Vec::new();
        }
        let said = sound(family);
        let listed = self.sounds().people.get(&skeleton(&said)).map_or(&[][..], Vec::as_slice);
        let mut out: Vec<usize> = listed
            .iter()
            .filter(|(name, _)| name.last().is_some_and(|f| *f == said || said.len() >= 6 && apart(f, &said).is_some()))
            .map(|(_, actor)| *actor)
            .collect();
        out.dedup();
        out
    }

    /// The person of this family name whose office at the date bears one of the title's words:
    /// "Foreign Minister Lavrov". Only when there is just one, or one of `country`. A family name no
    /// list has may be another spelling of one ("President Bouteflicka").
    pub fn titled(&self, family: &str, title: &[String], country: Option<&str>, on: Option<Date>) -> Option<&Actor> {
        let fits = |o: &Office| {
            let office = words(&o.title);
            title.last().is_some_and(|t| office.contains(t))
        };
        let exact = self.families.get(family).cloned();
        let alike = exact.unwrap_or_else(|| self.families_like(family));
        let candidates: Vec<&Actor> = alike
            .iter()
            .map(|&i| &self.list[i])
            .filter(|a| country.is_none_or(|c| a.offices.iter().any(|o| o.code.starts_with(c))))
            .filter(|a| a.offices.iter().any(fits))
            .collect();
        let serving: Vec<&Actor> = candidates.iter().copied().filter(|a| a.office(on).is_some_and(fits)).collect();
        match (serving.as_slice(), candidates.as_slice()) {
            ([one], _) => Some(one),
            ([], [one]) => Some(one),
            // Several bore it: the latest who had it by then.
            ([], many) => many
                .iter()
                .copied()
                .filter(|a| a.offices.iter().any(|o| fits(o) && on.is_none_or(|d| o.from.is_none_or(|f| f <= d))))
                .max_by_key(|a| a.offices.iter().filter(|o| fits(o)).filter_map(|o| o.from).max()),
            (many, _) => many.first().copied(),
        }
    }
}
