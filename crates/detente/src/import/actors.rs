//! Actors of other data sets as ours: names of countries and sectors to codes, by
//! `knowledge/import/` and then by the names the coder knows.

use detente_core::knowledge::actors::Kind;
use detente_core::knowledge::{FILES, Knowledge, words::words};
use std::collections::HashMap;
use std::sync::Mutex;

/// Who is who in other data sets.
pub struct Actors {
    knowledge: &'static Knowledge,
    countries: HashMap<String, String>,
    fips: HashMap<String, String>,
    sectors: HashMap<String, (usize, String)>,
    /// Names come again and again.
    bodies: Mutex<HashMap<String, Option<String>>>,
}

/// An actor's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Country and sector, or the code of an actor of no country.
    pub code: Option<String>,
    /// ISO alpha-3.
    pub country: Option<String>,
    /// Sector.
    pub sector: Option<String>,
}

impl Actors {
    /// With the coder's names.
    pub fn new(knowledge: &'static Knowledge) -> Self {
        let table = |path: &str| {
            let text = FILES.iter().find(|(p, _)| *p == path).map_or("", |(_, text)| *text);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let pair = |r: csv::StringRecord| Some((r.get(0)?.to_owned(), r.get(1)?.to_owned()));
            let rows: Vec<(String, String)> = reader.records().flatten().filter_map(pair).collect();
            rows
        };
        let sectors = table("import/sectors.csv").into_iter().enumerate().map(|(rank, (name, code))| (name, (rank, code)));
        Self {
            knowledge,
            countries: table("import/countries.csv").into_iter().collect(),
            fips: table("import/fips.csv").into_iter().collect(),
            sectors: sectors.collect(),
            bodies: Mutex::default(),
        }
    }

    /// The country a name or code stands for.
    pub fn country(&self, name: &str) -> Option<String> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        if let Some(code) = self.countries.get(name) {
            return Some(code.clone());
        }
        if self.knowledge.actors.state(name).is_some() {
            return Some(name.to_owned());
        }
        self.named(name).filter(|code| code.len() == 3 && self.knowledge.actors.state(code).is_some())
    }

    /// The country of a two-letter FIPS code, as GDELT writes places.
    pub fn fips(&self, code: &str) -> Option<String> {
        self.fips.get(code).cloned()
    }

    /// An actor given by name, sectors in words, and country in words.
    pub fn side(&self, name: &str, sectors: &str, country: &str) -> Side {
        let sector = sectors.split([',', ';']).filter_map(|s| self.sectors.get(s.trim())).min_by_key(|(rank, _)| *rank);
        let sector = sector.map(|(_, code)| code.clone());
        match self.country(country) {
            Some(country) => {
                let code = format!("{country}{}", sector.as_deref().unwrap_or(""));
                // "Iran" itself, not somebody there.
                let bare = self.country(name).as_ref() == Some(&country);
                let (code, sector) = if bare { (country.clone(), None) } else { (code, sector) };
                Side { code: Some(code), country: Some(country), sector }
            }
            None => match self.named(name) {
                // A state's ministry or army, known by its name.
                Some(code) if crate::record::country_sector(&code).0.is_some() => {
                    let (country, own) = crate::record::country_sector(&code);
                    Side { code: Some(code), country, sector: own }
                }
                code => Side { code, country: None, sector },
            },
        }
    }

    /// An actor given by codes: its own, and that of its country.
    pub fn coded(&self, code: &str, country: &str, sector: &str) -> Side {
        let text = |s: &str| super::table::some(s);
        Side { code: text(code), country: self.country(country), sector: text(sector) }
    }

    /// The code of a body or state that bears exactly this name.
    fn named(&self, name: &str) -> Option<String> {
        if let Some(known) = self.bodies.lock().ok().and_then(|b| b.get(name).cloned()) {
            return known;
        }
        let parts = words(name);
        let upper = vec![true; parts.len()];
        let found = self.knowledge.actors.at(&parts, &upper).into_iter().find(|f| f.words == parts.len());
        let actor = found.map(|f| &self.knowledge.actors.list[f.actor]).filter(|a| a.kind != Kind::Person);
        let code = actor.map(|a| a.code.clone());
        if let Ok(mut bodies) = self.bodies.lock() {
            bodies.insert(name.to_owned(), code.clone());
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_data_sets() {
        let actors = Actors::new(Knowledge::embedded().unwrap());
        let check = |name: &str, sectors: &str, country: &str, expect: &str| {
            assert_eq!(actors.side(name, sectors, country).code.unwrap_or_default(), expect, "{name}");
        };
        check("Foreign Affairs (Bangladesh)", "Executive,Foreign Ministry,Government", "Bangladesh", "BGDGOV");
        check("High Ranking Military Personnel (Vietnam)", "Military,Government", "Vietnam", "VNMMIL");
        check("Iran", "", "Iran", "IRN");
        check("Citizen (Russian Federation)", "Social", "Russian Federation", "RUSCVL");
        check("Revolutionary Guards", "", "", "IRNMIL");
        check("United Nations", "International Government Organization", "NA", "UNO");
        check("Somebody Unheard Of", "", "", "");
        assert_eq!(actors.country("Occupied Palestinian Territory").as_deref(), Some("PSE"));
        assert_eq!(actors.country("WST"), None);
        assert_eq!(actors.fips("IS").as_deref(), Some("ISR"));
    }

    #[test]
    fn every_sector_and_country_is_one_of_ours() {
        let actors = Actors::new(Knowledge::embedded().unwrap());
        assert!(actors.sectors.len() > 20 && actors.countries.len() > 20 && actors.fips.len() > 150);
        for (name, (_, code)) in &actors.sectors {
            assert!(crate::record::country_sector(&format!("USA{code}")).1.is_some(), "{name}: {code}");
        }
        for code in actors.countries.values().chain(actors.fips.values()) {
            assert!(code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
        }
    }
}
