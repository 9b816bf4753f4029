//! `score actors`: country and sector of actor phrases.

use super::Report;
use super::metrics::{ratio, round};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::code::PhraseActor;
use detente_core::model::{Date, parse_loose};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// A labelled phrase: `country` and `sector` stand in the line itself, or in `expect` under the
/// names of the coder whose unit tests the labels come from.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    text: String,
    #[serde(default)]
    date: Option<String>,
    country: Option<String>,
    sector: Option<String>,
    #[serde(default)]
    expect: Map<String, Value>,
    #[serde(default)]
    kwargs: Map<String, Value>,
    /// Labels that their own makers mark as not to be relied on.
    #[serde(default)]
    xfail: bool,
}

/// What is asked of a phrase.
struct Phrase {
    id: String,
    text: String,
    date: Option<Date>,
    country: Option<String>,
    /// Any of these is right: a defence minister is GOV and MIL.
    sectors: Option<Vec<String>>,
}

/// Measures the country and the sector of phrases, each over the lines that state it.
///
/// # Errors
/// A file is not in the format.
pub fn actors(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let phrases = read(files, limit)?;
    let start = Instant::now();
    let got: Vec<Option<PhraseActor>> = phrases.par_iter().map(|p| engine.phrase(&p.text, p.date)).collect();
    let seconds = start.elapsed().as_secs_f64();
    Ok(report(&phrases, &got, seconds))
}

fn read(files: &[(String, String)], limit: usize) -> Result<Vec<Phrase>, Failure> {
    let mut out = Vec::new();
    for (name, text) in files {
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            if out.len() == limit {
                return Ok(out);
            }
            let wrong = |what: String| {
                Failure::new(format!("{name} line {}: {what}", i + 1))
                    .hint("one JSON object a line with \"text\", \"country\", \"sector\" and perhaps \"date\"")
            };
            let line: Line = serde_json::from_str(line).map_err(|e| wrong(e.to_string()))?;
            let phrase = asked(line).map_err(wrong)?;
            if phrase.country.is_some() || phrase.sectors.is_some() {
                out.push(phrase);
            }
        }
    }
    if out.is_empty() {
        return Err(Failure::new("the files hold no phrase with a country or a sector").hint("see accuracy/README.md"));
    }
    Ok(out)
}

fn asked(line: Line) -> Result<Phrase, String> {
    let string = |map: &Map<String, Value>, keys: &[&str]| keys.iter().find_map(|k| map.get(*k)).and_then(Value::as_str).map(str::to_owned);
    let date = line.date.filter(|d| !d.is_empty()).or_else(|| string(&line.kwargs, &["query_date"]));
    let date = match date {
        Some(text) => Some(day(&text).ok_or_else(|| format!("\"{text}\" is not a date"))?),
        None => None,
    };
    let country = line.country.or_else(|| string(&line.expect, &["code['country']", "cc"]));
    let sectors = line.sector.map(|s| vec![s]).or_else(|| {
        let first = string(&line.expect, &["code['code_1']"])?;
        Some([Some(first), string(&line.expect, &["code['code_2']"])].into_iter().flatten().collect())
    });
    // Nobody can be wrong about a label its makers take back.
    let (country, sectors) = if line.xfail { (None, None) } else { (country, sectors) };
    Ok(Phrase { id: line.id, text: line.text, date, country, sectors })
}

/// "2022-06-01" or "12 April 2022".
fn day(text: &str) -> Option<Date> {
    parse_loose(text).or_else(|| Date::strptime("%d %B %Y", text).ok())
}

/// Sectors under their names of today; the ways of saying that nobody in particular acts are one.
fn sector(code: &str) -> &str {
    match code {
        "HLH" => "MED",
        "UNK" | "JNK" | "---" => "",
        other => other,
    }
}

fn sector_fits(gold: &[String], got: Option<&PhraseActor>) -> bool {
    let own = got.map_or("", |g| sector(&g.sector));
    gold.iter().any(|g| sector(g) == own) || gold.iter().any(|g| g == "GOV") && got.is_some_and(|g| own.is_empty() && !g.country.is_empty())
}

fn report(phrases: &[Phrase], got: &[Option<PhraseActor>], seconds: f64) -> Report {
    let (mut countries, mut right_countries, mut sectors, mut right_sectors) = (0, 0, 0, 0);
    let mut report = Report { n: phrases.len(), seconds, ..Report::default() };
    for (phrase, got) in phrases.iter().zip(got) {
        let country = got.as_ref().map_or("", |g| g.country.as_str());
        let country_fits = phrase.country.as_ref().map(|gold| gold == country);
        let sector_fits = phrase.sectors.as_ref().map(|gold| sector_fits(gold, got.as_ref()));
        countries += usize::from(country_fits.is_some());
        right_countries += usize::from(country_fits == Some(true));
        sectors += usize::from(sector_fits.is_some());
        right_sectors += usize::from(sector_fits == Some(true));
        if country_fits == Some(false) || sector_fits == Some(false) {
            report.errors.push(json!({
                "id": phrase.id, "text": phrase.text, "date": phrase.date.map(|d| d.to_string()),
                "gold": {"country": phrase.country, "sector": phrase.sectors},
                "got": got.as_ref().map(|g| json!({"country": g.country, "sector": g.sector, "name": g.name, "why": g.why})),
            }));
        }
    }
    let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
    put("country", json!(round(ratio(right_countries, countries))));
    put("sector", json!(round(ratio(right_sectors, sectors))));
    put("countries_asked", json!(countries));
    put("sectors_asked", json!(sectors));
    put("unresolved", json!(got.iter().filter(|g| g.is_none()).count()));
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    fn got(country: &str, sector: &str) -> Option<PhraseActor> {
        Some(PhraseActor { country: country.into(), sector: sector.into(), name: String::new(), why: Vec::new() })
    }

    #[test]
    fn both_ways_of_writing_labels_are_read() {
        let plain = r#"{"text": "Chad", "country": "TCD", "sector": "", "date": "2001-02"}"#;
        let tests = r#"{"text": "Chad", "expect": {"code['country']": "TCD", "code['code_1']": "GOV", "code['code_2']": "MIL"},
            "kwargs": {"query_date": "12 April 2022"}}"#
            .replace('\n', " ");
        let silent = r#"{"text": "Chad", "expect": {"wiki['title']": "Chad"}}"#;
        let taken_back = r#"{"text": "Chad", "country": "TCD", "xfail": true}"#;
        let files = [("a".to_owned(), [plain, &tests, silent, taken_back].join("\n"))];
        let read = read(&files, 9).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[1].date, Some(jiff_day(2022, 4, 12)));
        assert_eq!(read[1].sectors.as_deref(), Some(&["GOV".to_owned(), "MIL".to_owned()][..]));
        let wrong = [("a".to_owned(), "{\"text\": \"x\", \"country\": \"TCD\", \"date\": \"soon\"}".to_owned())];
        assert!(super::read(&wrong, 9).err().unwrap().what.starts_with("a line 1: "));
    }

    fn jiff_day(y: i16, m: i8, d: i8) -> Date {
        Date::new(y, m, d).unwrap()
    }

    #[test]
    fn a_bare_state_may_be_its_government_and_nobody_is_nobody() {
        let gold = |s: &str| vec![s.to_owned()];
        assert!(sector_fits(&gold(""), got("TCD", "").as_ref()));
        assert!(sector_fits(&gold("GOV"), got("TCD", "").as_ref()));
        assert!(!sector_fits(&gold("MIL"), got("TCD", "").as_ref()));
        assert!(!sector_fits(&gold("GOV"), None));
        assert!(sector_fits(&gold("UNK"), None));
        assert!(sector_fits(&gold("HLH"), got("UNO", "MED").as_ref()));
    }
}
