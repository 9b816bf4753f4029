//! The places that names mean.

use super::{Candidate, HashMap, PlaceKind, key};
use crate::knowledge::Knowledge;

/// A name to be resolved and what stands beside it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// As the text has it.
    pub name: String,
    /// The name after a comma that it lies in ("Homs, Syria"), if one stands there.
    pub within: Option<String>,
    /// Country a demonym or a list of actors gives it, when it is one.
    pub country: Option<String>,
    /// Whether it is a demonym.
    pub demonym: bool,
}

struct Group {
    candidates: Vec<(Candidate, f64)>,
    best: Option<usize>,
    count: usize,
}

/// Resolves an article's names together: the same name is one place; what is named beside it tells which.
/// `countries` are the states the article is about with how often it names them.
pub fn resolve(asked: &[Asked], countries: &HashMap<String, usize>, k: &Knowledge) -> Vec<Option<Candidate>> {
    let mut order: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut of: Vec<usize> = Vec::with_capacity(asked.len());
    for a in asked {
        let key = key(&a.name);
        let at = *order.entry(key.clone()).or_insert_with(|| {
            groups.push(Group { candidates: candidates(&key, a, k), best: None, count: 0 });
            groups.len() - 1
        });
        groups[at].count += 1;
        of.push(at);
    }
    // Nesting is the surest sign.
    for (a, &at) in asked.iter().zip(&of) {
        let Some(outer) = &a.within else { continue };
        let outers = k.places.named(&key(outer));
        for (c, score) in &mut groups[at].candidates {
            let inside = outers.iter().any(|o| {
                o.country == c.country
                    && match o.kind {
                        PlaceKind::Country => true,
                        PlaceKind::Region => o.region.is_some() && o.region == c.region && c.kind != PlaceKind::Region,
                        PlaceKind::District => o.km(c.lat, c.lon) < 60.0 && c.kind == PlaceKind::Town,
                        _ => false,
                    }
            });
            if inside {
                *score += 6.0;
            }
        }
    }
    for g in &mut groups {
        g.best = top(&g.candidates.iter().map(|(_, s)| *s).collect::<Vec<_>>());
    }
    for _ in 0..3 {
        let context: Vec<(Candidate, usize, usize)> =
            groups.iter().enumerate().filter_map(|(n, g)| Some((g.candidates.get(g.best?)?.0, g.count, n))).collect();
        let mut named: HashMap<[u8; 3], f64> = HashMap::new();
        for (c, count, _) in context.iter().filter(|(c, ..)| c.kind == PlaceKind::Country) {
            if let Some(code) = c.country {
                *named.entry(code).or_default() += *count as f64;
            }
        }
        for (code, n) in countries {
            if let Ok(code) = <[u8; 3]>::try_from(code.as_bytes()) {
                *named.entry(code).or_default() += *n as f64;
            }
        }
        // Towns and regions speak for their country as well, each less than its name does.
        let most = named.values().copied().fold(0.0, f64::max);
        for (n, g) in groups.iter_mut().enumerate() {
            let scores: Vec<f64> = g.candidates.iter().map(|(c, s)| s + beside(c, n, &context, &named, most)).collect();
            g.best = top(&scores);
        }
    }
    of.iter().map(|&at| groups[at].best.and_then(|b| groups[at].candidates.get(b)).map(|(c, _)| *c)).collect()
}

fn top(scores: &[f64]) -> Option<usize> {
    (0..scores.len()).reduce(|a, b| if scores[b] > scores[a] { b } else { a })
}

/// What the other names of the article say for a candidate.
fn beside(c: &Candidate, own: usize, context: &[(Candidate, usize, usize)], named: &HashMap<[u8; 3], f64>, most: f64) -> f64 {
    let mut score = 0.0;
    if let Some(n) = c.country.and_then(|code| named.get(&code))
        && c.kind != PlaceKind::Country
    {
        score += 0.6 + 1.4 * n / most.max(1.0);
    }
    let (mut same_country, mut same_region, mut others) = (0.0, 0.0, 0.0);
    let mut near = [0.0f64; 3];
    for (o, count, n) in context {
        if *n == own || matches!(o.kind, PlaceKind::Continent | PlaceKind::Water) {
            continue;
        }
        let weight = (*count as f64).sqrt();
        others += weight;
        if o.country == c.country {
            same_country += weight;
            if c.region.is_some() && o.region == c.region {
                same_region += if o.kind == PlaceKind::Region { 2.0 * weight } else { weight };
            }
        }
        if o.kind != PlaceKind::Country && c.kind != PlaceKind::Country {
            let close = (-o.km(c.lat, c.lon) / 120.0).exp();
            let least = (0..3).reduce(|a, b| if near[b] < near[a] { b } else { a }).unwrap_or(0);
            near[least] = near[least].max(close);
        }
    }
    if others > 0.0 {
        score += 1.2 * same_country / others + 1.6 * (same_region / others).min(1.0) + if same_region > 0.0 { 0.6 } else { 0.0 };
    }
    score + 0.8 * near.iter().sum::<f64>()
}

/// Every place a name may mean, with how likely it is before anything else is read.
fn candidates(key: &str, asked: &Asked, k: &Knowledge) -> Vec<(Candidate, f64)> {
    let mut out: Vec<(Candidate, f64)> = k.places.named(key).into_iter().map(|c| (c, prior(&c))).collect();
    if out.is_empty() {
        // "Homs province", "the city of Homs", "Mt. Pleasant": without the word that says what it is.
        let words: Vec<&str> = key.split(' ').collect();
        let noun = |w: &str| k.grammar.place_nouns.contains(w);
        let inner = match words.as_slice() {
            [rest @ .., last] if noun(last) && !rest.is_empty() => rest.join(" "),
            [first, rest @ ..] if (noun(first) || k.grammar.compass.contains(*first)) && !rest.is_empty() => rest.join(" "),
            [first, rest @ ..] if k.grammar.definites.contains(*first) => rest.join(" "),
            _ => String::new(),
        };
        out = k.places.named(&inner).into_iter().map(|c| (c, prior(&c))).collect();
    }
    // "Georgia": the state of the union and the state of the world are weighed by what stands beside them.
    if out.iter().any(|(c, _)| c.kind == PlaceKind::Region && c.listed) {
        out.iter_mut().filter(|(c, _)| c.kind == PlaceKind::Country).for_each(|(_, s)| *s = s.min(8.2));
    }
    if let Some(code) = &asked.country {
        let state = |c: &Candidate| c.kind == PlaceKind::Country && c.country_code() == Some(code);
        // "Canadian" is Canada's, whatever town in Texas is called so.
        if out.is_empty() || asked.demonym && !out.iter().any(|(c, _)| c.country_code() == Some(code)) {
            let found = k.actors.state(code).and_then(|a| k.places.named(&self::key(&a.name)).into_iter().find(state));
            out.extend(found.map(|c| (c, 8.0)));
        }
        for (c, score) in &mut out {
            if c.country_code() == Some(code) {
                *score += 2.0;
            }
        }
    }
    // The unlikely ones only cost time.
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out.truncate(40);
    out
}

pub(super) fn prior(c: &Candidate) -> f64 {
    let name = if c.main { 0.5 } else { -0.6 };
    match c.kind {
        PlaceKind::Country | PlaceKind::Continent => 12.0,
        PlaceKind::Water => 10.0,
        PlaceKind::Point => 7.5,
        PlaceKind::Region if c.listed => 7.0,
        PlaceKind::Town if c.listed => 8.5,
        PlaceKind::Region => c.size.min(6.5) + name - 0.3,
        PlaceKind::District => c.size.min(5.5) + name - 0.8,
        PlaceKind::Town => c.size + name,
    }
}
