//! Places of the world by name: towns and regions from GeoNames, the rest from `places.csv`.
//!
//! `knowledge/gazetteer.bin` (made by `training/gazetteer.py`) is compiled in and read where it lies: names are
//! found by binary search, nothing is built at start. Layout, little endian: "DTG1"; five u32: countries, places,
//! names, postings, bytes of names; countries (three letters each); places (17 bytes: GeoNames id u32 or 0, latitude
//! and longitude i32 in 1/10,000 degree, country u8, kind u8, size u8 = log2(people) × 8, region u16 or 65,535);
//! offsets of the names (u32, one more than names); first postings of the names (likewise); postings (u24: place, with
//! the highest bit set for an alternate name); the names, sorted, without separators.

use super::Problem;
use super::outlets::cells;
use super::words::fold;
use rustc_hash::FxHashMap as HashMap;

static DATA: &[u8] = include_bytes!("../../../../knowledge/gazetteer.bin");
const PLACE: usize = 17;
const NO_REGION: u16 = 0xFFFF;

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A state.
    Country,
    /// Several states or a part of the world.
    Continent,
    /// First-level region, or a region in the news.
    Region,
    /// Second-level region.
    District,
    /// Populated place.
    Town,
    /// Sea, strait, river.
    Water,
    /// Base, crossing, facility, island.
    Point,
}

impl PlaceKind {
    /// How exact a pin on it is, as records have it.
    pub fn precision(self) -> &'static str {
        match self {
            PlaceKind::Country => "country",
            PlaceKind::Continent | PlaceKind::Region | PlaceKind::District | PlaceKind::Water => "region",
            PlaceKind::Town => "town",
            PlaceKind::Point => "point",
        }
    }
}

/// A place that bears a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// GeoNames id, when the source has one.
    pub id: Option<u32>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// ISO alpha-3; none for seas and continents.
    pub country: Option<[u8; 3]>,
    /// What it is.
    pub kind: PlaceKind,
    /// log10 of the people living there; 0 when unknown.
    pub size: f64,
    /// The first-level region it lies in or is, comparable within a country.
    pub region: Option<u32>,
    /// Whether the name is its main one.
    pub main: bool,
    /// Whether it stands in `places.csv`.
    pub listed: bool,
}

impl Candidate {
    /// ISO alpha-3 as text.
    pub fn country_code(&self) -> Option<&str> {
        self.country.as_ref().and_then(|c| std::str::from_utf8(c).ok())
    }

    /// Great-circle distance in kilometres.
    pub fn km(&self, lat: f64, lon: f64) -> f64 {
        let (a, b) = (self.lat.to_radians(), lat.to_radians());
        let (dlat, dlon) = (b - a, (lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * 6371.0 * h.sqrt().min(1.0).asin()
    }
}

/// The key a name is looked up by.
pub fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in fold(name).chars() {
        match c {
            '-' | '–' | '‑' | '_' => out.push(' '),
            '\'' | 'ʿ' | 'ʾ' | ',' => {}
            c => out.push(c),
        }
    }
    if out.contains("  ") || out.starts_with(' ') || out.ends_with(' ') {
        out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    out
}

/// The compiled-in file and the listed places.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    listed: HashMap<String, Vec<Candidate>>,
    /// Longest listed name in words.
    longest: usize,
}

struct Layout {
    places: usize,
    names: usize,
    at_places: usize,
    at_offsets: usize,
    at_starts: usize,
    at_postings: usize,
    at_blob: usize,
}

fn u32_at(at: usize) -> u32 {
    DATA.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// Where the parts of the file begin; nothing when it is not the file that is told of above.
fn layout() -> Option<Layout> {
    if DATA.get(..4)? != b"DTG1" {
        return None;
    }
    let n = |i: usize| u32_at(4 + 4 * i) as usize;
    let (countries, places, names, postings, blob) = (n(0), n(1), n(2), n(3), n(4));
    let at_places = 24 + countries * 3;
    let at_offsets = at_places + places * PLACE;
    let at_starts = at_offsets + 4 * (names + 1);
    let at_postings = at_starts + 4 * (names + 1);
    let at_blob = at_postings + 3 * postings;
    (DATA.len() == at_blob + blob).then_some(Layout { places, names, at_places, at_offsets, at_starts, at_postings, at_blob })
}

impl Layout {
    fn name(&self, i: usize) -> &'static [u8] {
        let at = |i: usize| self.at_blob + u32_at(self.at_offsets + 4 * i) as usize;
        DATA.get(at(i)..at(i + 1)).unwrap_or(&[])
    }

    fn place(&self, i: usize, main: bool) -> Option<Candidate> {
        let at = self.at_places + i * PLACE;
        let row = DATA.get(at..at + PLACE).filter(|_| i < self.places)?;
        let degrees = |from: usize| Some(f64::from(i32::from_le_bytes(row.get(from..from + 4)?.try_into().ok()?)) / 1e4);
        let code = DATA.get(24 + 3 * usize::from(row[12])..)?.get(..3)?;
        let region = u16::from_le_bytes([row[15], row[16]]);
        let kind = match row[13] {
            0 => PlaceKind::Town,
            1 => PlaceKind::Region,
            _ => PlaceKind::District,
        };
        let region = match (kind, region) {
            (PlaceKind::Region, _) => Some(i as u32),
            (_, NO_REGION) => None,
            (_, r) => Some(u32::from(r)),
        };
        Some(Candidate {
            id: Some(u32_at(at)).filter(|id| *id > 0),
            lat: degrees(4)?,
            lon: degrees(8)?,
            country: code.try_into().ok(),
            kind,
            size: f64::from(row[14]) / 8.0 * std::f64::consts::LOG10_2,
            region,
            main,
            listed: false,
        })
    }

    fn find(&self, key: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.names);
        while low < high {
            let mid = (low + high) / 2;
            match self.name(mid).cmp(key.as_bytes()) {
                std::cmp::Ordering::Less => low = mid + 1,
                std::cmp::Ordering::Greater => high = mid,
                std::cmp::Ordering::Equal => return Some(mid),
            }
        }
        None
    }
}

impl Gazetteer {
    pub(super) fn add(&mut self, file: &str, text: &str, problems: &mut Vec<Problem>) {
        for (number, line) in text.lines().enumerate().skip(1).filter(|(_, l)| !l.trim().is_empty()) {
            let cells = cells(line);
            let wrong = |what: &str| Problem::error(file, format!("line {}: {what}", number + 1), "name,variants,kind,country,lat,lon");
            let [name, variants, kind, country, lat, lon] = cells.as_slice() else {
                problems.push(wrong("not six columns"));
                continue;
            };
            let kind = match kind.as_str() {
                "country" => PlaceKind::Country,
                "continent" => PlaceKind::Continent,
                "region" => PlaceKind::Region,
                "town" => PlaceKind::Town,
                "sea" | "strait" | "river" => PlaceKind::Water,
                "border" | "base" | "facility" | "island" => PlaceKind::Point,
                _ => {
                    problems.push(wrong("no such kind of place"));
                    continue;
                }
            };
            let (Ok(lat), Ok(lon)) = (lat.parse::<f64>(), lon.parse::<f64>()) else {
                problems.push(wrong("latitude and longitude are no numbers"));
                continue;
            };
            if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
                problems.push(wrong("latitude is within 90, longitude within 180 degrees"));
                continue;
            }
            let country: Option<[u8; 3]> = country.as_bytes().try_into().ok();
            for (i, name) in std::iter::once(name.as_str()).chain(variants.split('|')).filter(|n| !n.is_empty()).enumerate() {
                let key = key(name);
                self.longest = self.longest.max(key.split(' ').count());
                // The region of the same name in the file tells which towns lie in it.
                let region = (kind == PlaceKind::Region)
                    .then(|| self.filed(&key).into_iter().find(|c| c.kind == kind && c.country == country))
                    .flatten();
                let own = Candidate {
                    id: None,
                    lat,
                    lon,
                    country,
                    kind,
                    size: 0.0,
                    region: region.and_then(|r| r.region),
                    main: i == 0,
                    listed: true,
                };
                self.listed.entry(key).or_default().push(own);
            }
        }
        // Variants lie in the same towns as the main name.
        let regions: Vec<Candidate> = self.listed.values().flatten().filter(|c| c.region.is_some()).copied().collect();
        for c in self.listed.values_mut().flatten().filter(|c| c.kind == PlaceKind::Region && c.region.is_none()) {
            c.region = regions.iter().find(|r| r.lat == c.lat && r.lon == c.lon).and_then(|r| r.region);
        }
    }

    fn filed(&self, key: &str) -> Vec<Candidate> {
        let Some(l) = layout() else { return Vec::new() };
        let Some(i) = l.find(key) else { return Vec::new() };
        let start = |i: usize| u32_at(l.at_starts + 4 * i) as usize;
        (start(i)..start(i + 1))
            .filter_map(|p| {
                let at = l.at_postings + 3 * p;
                let b = DATA.get(at..at + 3)?;
                let p = u32::from_le_bytes([b[0], b[1], b[2], 0]);
                l.place((p & 0x7F_FFFF) as usize, p >> 23 == 0)
            })
            .collect()
    }

    /// Every place that bears a name, given by its [`key`]; listed ones first.
    pub fn named(&self, key: &str) -> Vec<Candidate> {
        let mut out = self.listed.get(key).cloned().unwrap_or_default();
        let regions = out.iter().any(|c| c.kind == PlaceKind::Region);
        // A listed region stands for the one in the file.
        out.extend(self.filed(key).into_iter().filter(|c| !(regions && c.kind == PlaceKind::Region && self.same_region(key, c))));
        out
    }

    fn same_region(&self, key: &str, c: &Candidate) -> bool {
        self.listed.get(key).is_some_and(|l| l.iter().any(|x| x.kind == PlaceKind::Region && x.country == c.country))
    }

    /// Whether any place bears the name.
    pub fn knows(&self, key: &str) -> bool {
        self.listed.contains_key(key) || layout().is_some_and(|l| l.find(key).is_some())
    }

    /// Whether the name is listed in `places.csv`.
    pub fn lists(&self, key: &str) -> bool {
        self.listed.contains_key(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn the_file_is_whole_and_sorted() {
        let l = layout().expect("the compiled-in file is of this layout");
        assert!(l.names > 300_000 && l.places > 150_000);
        assert!((1..l.names).all(|i| l.name(i - 1) < l.name(i)));
        assert!((0..l.places).all(|i| l.place(i, true).is_some_and(|c| c.lat.abs() <= 90.0 && c.lon.abs() <= 180.0)));
    }

    #[test]
    fn names_are_found_however_they_are_spelt() {
        let k = &Knowledge::embedded().unwrap().places;
        let has = |name: &str, country: &str| k.named(&key(name)).iter().any(|c| c.country_code() == Some(country));
        for (name, country) in
            [("Homs", "SYR"), ("Deir ez-Zor", "SYR"), ("Kyiv", "UKR"), ("U.S.", "USA"), ("Ala.", "USA"), ("Strait of Hormuz", "")]
        {
            assert!(country.is_empty() && k.knows(&key(name)) || has(name, country), "{name}");
        }
        assert!(!k.knows("qwxyz"));
        let texas = k.named("texas").into_iter().find(|c| c.listed).unwrap();
        assert!(k.named("houston").iter().any(|c| c.region == texas.region));
    }

    #[test]
    fn distances_are_on_the_globe() {
        let at = |lat, lon| Candidate {
            id: None,
            lat,
            lon,
            country: None,
            kind: PlaceKind::Town,
            size: 0.0,
            region: None,
            main: true,
            listed: false,
        };
        // London to Paris.
        let km = at(51.507, -0.128).km(48.857, 2.352);
        assert!((340.0..348.0).contains(&km), "{km}");
    }
}
