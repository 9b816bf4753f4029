//! Codes of older dictionaries in today's lists.

use detente_core::knowledge::Knowledge;
use detente_core::model::Date;

/// State codes that have changed since.
const STATES: &[(&str, &str)] = &[
    ("ROM", "ROU"),
    ("ZAR", "COD"),
    ("TMP", "TLS"),
    ("YUG", "SRB"),
    ("SCG", "SRB"),
    ("BUR", "MMR"),
    ("KSV", "XKX"),
    ("PSX", "PSE"),
    ("WBK", "PSE"),
    ("GZS", "PSE"),
    ("DDR", "DEU"),
    ("KNT", "KNA"),
];

/// Regions CAMEO uses as countries: armed groups of these are groups across borders.
const REGIONS: &[&str] = &[
    "AFR", "ASA", "BLK", "CRB", "CAU", "CFR", "CAS", "CEU", "EIN", "EAF", "EEU", "INT", "LAM", "MEA", "MDT", "NAF", "NMR", "PGS", "SCN",
    "SAM", "SAS", "SEA", "SAF", "WAF", "WEU", "WST",
];

/// Sectors that are folded into others in PLOVER, CAMEO's religions among them.
const SECTORS: &[(&str, &str)] = &[
    ("MED", "JRN"),
    ("HLH", "MED"),
    ("INS", "REB"),
    ("SEP", "REB"),
    ("DEV", "SOC"),
    ("ENV", "SOC"),
    ("HRI", "SOC"),
    ("NGO", "SOC"),
    ("UIS", "UNK"),
    ("CHR", "REL"),
    ("MUS", "REL"),
    ("JEW", "REL"),
    ("HIN", "REL"),
    ("BUD", "REL"),
    ("SIK", "REL"),
    ("TAO", "REL"),
    ("SHN", "REL"),
    ("CPT", "REL"),
];

const OWN: &[&str] = &[
    "GOV", "MIL", "COP", "JUD", "LEG", "OPP", "PTY", "REB", "PRM", "SPY", "UAF", "UNK", "BUS", "CVL", "EDU", "JRN", "LAB", "REF", "REL",
    "SOC", "CRM", "AGR", "ELI",
];

/// Bodies that belong to no state.
const BODIES: &[&str] = &["UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"];

/// The sector of a block of three letters. MED is health in PLOVER and media in CAMEO, whose
/// dictionaries these are.
pub(super) fn sector(block: &str) -> Option<&'static str> {
    let renamed = SECTORS.iter().find(|(from, _)| *from == block).map(|(_, to)| *to);
    renamed.or_else(|| OWN.iter().find(|s| **s == block).copied())
}

/// A whole code: state or body with the first sector that has a place; later blocks say more than
/// the lists hold and are dropped. `Ok(None)` is a code for nobody.
pub(super) fn actor(code: &str, k: &Knowledge) -> Result<Option<String>, String> {
    let letters: String = code.chars().take_while(char::is_ascii_uppercase).collect();
    if code.trim_matches('-').is_empty() {
        return Ok(None);
    }
    if letters.is_empty() || !letters.len().is_multiple_of(3) {
        return Err(format!("the code {code} is not in blocks of three capitals"));
    }
    let blocks: Vec<&str> = (0..letters.len()).step_by(3).map(|i| &letters[i..i + 3]).collect();
    let (first, rest) = match blocks.as_slice() {
        ["IGO", body @ ("UNO" | "EUR"), rest @ ..] => (*body, rest),
        ["NGM", rest @ ..] => ("NGO", rest),
        [first, rest @ ..] => (*first, rest),
        [] => return Ok(None),
    };
    let first = STATES.iter().find(|(from, _)| *from == first).map_or(first, |(_, to)| *to);
    if first == "IMG" || first == "ISM" {
        // The further blocks of these tell one group from another.
        return Ok(Some(format!("{first}{}", rest.concat())));
    }
    if REGIONS.contains(&first) && rest.iter().any(|b| sector(b) == Some("REB")) {
        return Ok(Some("IMG".to_owned()));
    }
    if !BODIES.contains(&first) && k.actors.state(first).is_none() {
        return Err(match sector(first) {
            Some(_) => format!("the code {code} names no country"),
            None => format!("no state or body has the code {first}"),
        });
    }
    let sectors: Vec<&str> = rest.iter().filter_map(|b| sector(b)).collect();
    match (sectors.first(), rest.first()) {
        (Some(s), _) => Ok(Some(format!("{first}{s}"))),
        (None, None) => Ok(Some(first.to_owned())),
        (None, Some(_)) if BODIES.contains(&first) => Ok(Some(first.to_owned())),
        (None, Some(block)) => Err(format!("{block} of the code {code} has no place among the sectors")),
    }
}

/// When a code holds: the days between which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// Reads "<970101", ">19970101", "970101-061231"; empty is always.
pub(super) fn span(text: &str) -> Result<Span, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Span::default());
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Ok(Span { from: None, to: Some(day(rest)?) });
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Ok(Span { from: Some(day(rest)?), to: None });
    }
    let (a, b) = text.split_once('-').ok_or_else(|| format!("\"{text}\" is neither <date, >date nor date-date"))?;
    let span = Span { from: Some(day(a)?), to: Some(day(b)?) };
    match span.from > span.to {
        true => Err(format!("\"{text}\" ends before it begins")),
        false => Ok(span),
    }
}

/// YYYYMMDD or YYMMDD; years of two figures up to 30 are of this century.
fn day(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let wrong = || format!("\"{text}\" is not a date of six or eight figures");
    if !text.bytes().all(|b| b.is_ascii_digit()) || !matches!(text.len(), 6 | 8) {
        return Err(wrong());
    }
    let (year, rest) = text.split_at(text.len() - 4);
    let mut year: i16 = year.parse().map_err(|_| wrong())?;
    if text.len() == 6 {
        year += if year <= 30 { 2000 } else { 1900 };
    }
    let (month, day) = (rest[..2].parse().map_err(|_| wrong())?, rest[2..].parse().map_err(|_| wrong())?);
    Date::new(year, month, day).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        let k = Knowledge::embedded().unwrap();
        let check = |code: &str, expect: &str| assert_eq!(actor(code, k).unwrap().as_deref(), Some(expect), "{code}");
        check("FRA", "FRA");
        check("ROMGOVMIL", "ROUGOV");
        check("IGOUNO", "UNO");
        check("IGOUNOREFHCR", "UNOREF");
        check("IGOEUREEC", "EUR");
        check("TURINS", "TURREB");
        check("NGMHLH", "NGOMED");
        check("IMGMUSALQ", "IMGMUSALQ");
        check("EAFREB", "IMG");
        assert_eq!(actor("---", k), Ok(None));
        for wrong in ["FRAXX", "QQQGOV", "FRAKUR", "ELI", "s"] {
            assert!(actor(wrong, k).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates() {
        let d = |y, m, d| Some(Date::new(y, m, d).unwrap());
        assert_eq!(span("970101-061231"), Ok(Span { from: d(1997, 1, 1), to: d(2006, 12, 31) }));
        assert_eq!(span("> 20070101"), Ok(Span { from: d(2007, 1, 1), to: None }));
        assert_eq!(span("<19310101"), Ok(Span { from: None, to: d(1931, 1, 1) }));
        for wrong in ["2004017-20061201", "061231-970101", "970000", "always"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
