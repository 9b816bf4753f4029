//! Events in the column layouts of other data sets.
//!
//! A column we know nothing of is left empty. An imported event gives back the columns of its own file.

use crate::import::{GDELT, ICEWS, PHOENIX, POLECAT};
use crate::store::Row;
use serde_json::{Value, json};

/// Layouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Layout {
    /// Record v1, commas
    #[default]
    Csv,
    /// Record v1, one JSON object a line
    Jsonl,
    /// ICEWS: 20 columns, tabs, header
    Icews,
    /// GDELT 2.0: 61 columns, tabs, no header
    Gdelt2,
    /// Phoenix: 26 columns, tabs, no header
    Phoenix,
    /// POLECAT: 40 columns, tabs, header
    Polecat,
    /// PLOVER: one JSON object a line
    Plover,
    /// Record v1 as a Parquet file: zstd, sorted by pair and day
    Parquet,
    /// Record v1 as an Arrow file (Feather 2): zstd, sorted by pair and day
    Arrow,
}

/// Gives the cell of a column.
type Column = fn(&Row, &str) -> String;

impl Layout {
    /// First line, for layouts that have one.
    pub fn header(self) -> Option<String> {
        match self {
            Layout::Icews => Some(format!("{}\n", ICEWS.join("\t"))),
            Layout::Polecat => Some(format!("{}\n", POLECAT.join("\t"))),
            _ => None,
        }
    }

    /// An event as a line; `extras` are the columns of its own file, when it was imported.
    pub fn line(self, row: &Row, extras: &Row) -> String {
        let (names, of): (&[&str], Column) = match self {
            Layout::Icews => (&ICEWS, icews),
            Layout::Gdelt2 => (&GDELT, gdelt),
            Layout::Phoenix => (&PHOENIX, phoenix),
            Layout::Polecat => (&POLECAT, polecat),
            Layout::Plover => return plover(row),
            Layout::Csv | Layout::Jsonl | Layout::Parquet | Layout::Arrow => return String::new(),
        };
        let cells: Vec<String> = names
            .iter()
            .map(|name| {
                let cell = extras.get(*name).map_or_else(|| of(row, name), text);
                // A tab or line end in a cell would break the row.
                cell.replace(['\t', '\n', '\r'], " ")
            })
            .collect();
        format!("{}\n", cells.join("\t"))
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        // 4, not 4.0, as the other makers write it.
        Value::Number(n) if n.as_f64().is_some_and(|f| f.fract() == 0.0 && f.abs() < 1e15) => {
            format!("{:.0}", n.as_f64().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

fn get(row: &Row, column: &str) -> String {
    row.get(column).map_or(String::new(), text)
}

/// The day an event is dated, else that of its publication.
fn day(row: &Row) -> String {
    let own = get(row, "date_first");
    if own.is_empty() { get(row, "published") } else { own }
}

fn digits(day: &str, n: usize) -> String {
    day.chars().filter(char::is_ascii_digit).take(n).collect()
}

fn icews(row: &Row, name: &str) -> String {
    match name {
        "Event ID" => get(row, "id"),
        "Event Date" => day(row),
        "Source Name" => get(row, "source_name"),
        "Source Sectors" => get(row, "source_sector"),
        "Source Country" => get(row, "source_country"),
        "Event Text" => get(row, "cameo_name"),
        "CAMEO Code" => get(row, "cameo"),
        "Intensity" => get(row, "goldstein"),
        "Target Name" => get(row, "target_name"),
        "Target Sectors" => get(row, "target_sector"),
        "Target Country" => get(row, "target_country"),
        "Story ID" => get(row, "article_id"),
        "Sentence Number" => row.get("sentence").and_then(Value::as_i64).map_or(String::new(), |n| (n + 1).to_string()),
        "Publisher" => get(row, "outlet"),
        "Country" => get(row, "place_country"),
        "Latitude" => get(row, "lat"),
        "Longitude" => get(row, "lon"),
        _ => String::new(),
    }
}

fn gdelt(row: &Row, name: &str) -> String {
    let code = get(row, "cameo");
    match name {
        "GlobalEventID" => get(row, "id"),
        "Day" => digits(&day(row), 8),
        "MonthYear" => digits(&day(row), 6),
        "Year" => digits(&day(row), 4),
        "Actor1Code" => get(row, "source"),
        "Actor1Name" => get(row, "source_name").to_uppercase(),
        "Actor1CountryCode" => get(row, "source_country"),
        "Actor1Type1Code" => get(row, "source_sector"),
        "Actor2Code" => get(row, "target"),
        "Actor2Name" => get(row, "target_name").to_uppercase(),
        "Actor2CountryCode" => get(row, "target_country"),
        "Actor2Type1Code" => get(row, "target_sector"),
        "EventCode" => code,
        "EventBaseCode" => code.get(..3).unwrap_or(&code).to_owned(),
        "EventRootCode" => code.get(..2).unwrap_or(&code).to_owned(),
        "QuadClass" => get(row, "quad"),
        "GoldsteinScale" => get(row, "goldstein"),
        "ActionGeo_Fullname" => get(row, "place_name"),
        "ActionGeo_Lat" => get(row, "lat"),
        "ActionGeo_Long" => get(row, "lon"),
        "DATEADDED" => digits(&get(row, "published"), 8),
        "SOURCEURL" => get(row, "url"),
        _ => String::new(),
    }
}

fn phoenix(row: &Row, name: &str) -> String {
    let (day, code) = (day(row), get(row, "cameo"));
    match name {
        "EventID" => get(row, "id"),
        "Date" => digits(&day, 8),
        "Year" => digits(&day, 4),
        "Month" => day.get(5..7).unwrap_or("").to_owned(),
        "Day" => day.get(8..10).unwrap_or("").to_owned(),
        "SourceActorFull" => get(row, "source"),
        "SourceActorEntity" => get(row, "source_country"),
        "SourceActorRole" => get(row, "source_sector"),
        "TargetActorFull" => get(row, "target"),
        "TargetActorEntity" => get(row, "target_country"),
        "TargetActorRole" => get(row, "target_sector"),
        "EventCode" => code,
        "EventRootCode" => code.get(..2).unwrap_or(&code).to_owned(),
        "QuadClass" => get(row, "quad"),
        "GoldsteinScore" => get(row, "goldstein"),
        "Lat" => get(row, "lat"),
        "Lon" => get(row, "lon"),
        "LocationName" => get(row, "place_name"),
        "CountryCode" => get(row, "place_country"),
        "SentenceID" => get(row, "sentence"),
        "URLs" => get(row, "url"),
        "NewsSources" => get(row, "outlet"),
        _ => String::new(),
    }
}

fn polecat(row: &Row, name: &str) -> String {
    match name {
        "Event ID" => get(row, "id"),
        "Event Date" => day(row),
        "Event Type" => get(row, "plover"),
        "Event Mode" => get(row, "plover_mode"),
        "Intensity" => get(row, "goldstein"),
        "Quad Code" => match row.get("quad").and_then(Value::as_i64) {
            Some(1) => "VERBAL COOPERATION",
            Some(2) => "MATERIAL COOPERATION",
            Some(3) => "VERBAL CONFLICT",
            Some(4) => "MATERIAL CONFLICT",
            _ => "",
        }
        .to_owned(),
        "Actor Name" => get(row, "source_name"),
        "Actor Country" => get(row, "source_country"),
        "Primary Actor Sector" | "Actor Sectors" => get(row, "source_sector"),
        "Recipient Name" => get(row, "target_name"),
        "Recipient Country" => get(row, "target_country"),
        "Primary Recipient Sector" | "Recipient Sectors" => get(row, "target_sector"),
        "Placename" | "Raw Placename" => get(row, "place_name"),
        "Country" => get(row, "place_country"),
        "Latitude" => get(row, "lat"),
        "Longitude" => get(row, "lon"),
        "GeoNames ID" => get(row, "geonameid"),
        "Source" => get(row, "outlet"),
        "Publication Date" => get(row, "published"),
        "Version" => get(row, "coder_version"),
        _ => String::new(),
    }
}

/// PLOVER's own form: nested, what is unknown left out.
fn plover(row: &Row) -> String {
    let own = |column: &str| row.get(column).cloned().filter(|v| !v.is_null());
    let actor = |side: &str| {
        let code = own(side)?;
        let mut actor = json!({"code": code});
        for (key, column) in [("text", "name"), ("country", "country"), ("sector", "sector")] {
            if let Some(value) = own(&format!("{side}_{column}")) {
                actor[key] = value;
            }
        }
        Some(json!([actor]))
    };
    let mut out = serde_json::Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    put("id", own("id"));
    put("date", Some(json!(day(row))).filter(|d| d != ""));
    put("enddate", own("date_last"));
    put("actor", actor("source"));
    put("recipient", actor("target"));
    put("event", own("plover"));
    put("mode", own("plover_mode"));
    put(
        "event_loc",
        own("place_name")
            .map(|text| json!({"text": text, "country": row.get("place_country"), "lat": row.get("lat"), "lon": row.get("lon")})),
    );
    put("quad_code", own("quad"));
    put("event_scale", own("goldstein"));
    put("text", own("evidence"));
    put("cite_info", own("url").or_else(|| own("outlet")));
    put("coder", own("coder_version"));
    format!("{}\n", Value::Object(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Row {
        let row = json!({"id": "e:1", "source": "ISRMIL", "source_name": "Israeli\tarmy", "source_country": "ISR", "source_sector": "MIL",
            "target": "IRN", "target_country": "IRN", "cameo": "190", "quad": 4, "goldstein": -10.0, "date_first": "2018-07-16", "sentence": 0,
            "plover": "ASSAULT", "lat": null});
        row.as_object().unwrap().clone()
    }

    #[test]
    fn every_layout_has_its_columns() {
        for (layout, n) in [(Layout::Icews, 20), (Layout::Gdelt2, 61), (Layout::Phoenix, 26), (Layout::Polecat, 40)] {
            let line = layout.line(&event(), &Row::new());
            assert_eq!(line.trim_end_matches('\n').split('\t').count(), n, "{layout:?}");
            if let Some(header) = layout.header() {
                assert_eq!(header.trim_end().split('\t').count(), n);
            }
        }
        assert!(Layout::Gdelt2.line(&event(), &Row::new()).starts_with("e:1\t20180716\t201807\t2018\t\tISRMIL\tISRAELI ARMY"));
        let plover: Value = serde_json::from_str(&Layout::Plover.line(&event(), &Row::new())).unwrap();
        assert_eq!((&plover["event"], &plover["actor"][0]["code"]), (&json!("ASSAULT"), &json!("ISRMIL")));
    }

    #[test]
    fn imported_events_give_back_their_own_columns() {
        let extras = json!({"Event ID": "7", "Province": "Damascus"});
        let line = Layout::Icews.line(&event(), extras.as_object().unwrap());
        assert!(line.starts_with("7\t2018-07-16") && line.contains("Damascus"));
    }
}
