//! GDELT events: no header, tabs, no quotes; 58 columns (1.0) or 61 (2.0).

use super::table::{day, extras, number, some};
use super::{Context, Format};
use crate::store::{ImportRow, ImportedEvent};

/// The columns of 2.0; 1.0 has none of the three `ADM2Code`.
pub const COLUMNS: [&str; 61] = [
    "GlobalEventID",
    "Day",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    "Actor1Geo_Type",
    "Actor1Geo_Fullname",
    "Actor1Geo_CountryCode",
    "Actor1Geo_ADM1Code",
    "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor1Geo_FeatureID",
    "Actor2Geo_Type",
    "Actor2Geo_Fullname",
    "Actor2Geo_CountryCode",
    "Actor2Geo_ADM1Code",
    "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "Actor2Geo_FeatureID",
    "ActionGeo_Type",
    "ActionGeo_Fullname",
    "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code",
    "ActionGeo_ADM2Code",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "ActionGeo_FeatureID",
    "DATEADDED",
    "SOURCEURL",
];

/// Columns whose content stands whole in the event.
const HOMED: &[&str] = &[
    "Day",
    "MonthYear",
    "Year",
    "Actor1Code",
    "Actor1Name",
    "Actor1Type1Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2Type1Code",
    "EventCode",
    "QuadClass",
    "ActionGeo_Fullname",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "SOURCEURL",
];

pub(super) fn event(context: &Context<'_>, cells: &[&str]) -> Result<ImportRow, String> {
    let old = context.format == Format::Gdelt1;
    let names: Vec<&str> = COLUMNS.iter().copied().filter(|n| !(old && n.ends_with("ADM2Code"))).collect();
    if cells.len() != names.len() {
        return Err(format!("{} columns instead of {}", cells.len(), names.len()));
    }
    let cell = |name: &str| names.iter().position(|n| *n == name).map_or("", |i| cells[i]);
    let code = some(cell("EventCode")).ok_or("no event code")?;
    let plover = context.ontology.plover(&code);
    let source = context.actors.coded(cell("Actor1Code"), cell("Actor1CountryCode"), cell("Actor1Type1Code"));
    let target = context.actors.coded(cell("Actor2Code"), cell("Actor2CountryCode"), cell("Actor2Type1Code"));
    let precision = match cell("ActionGeo_Type") {
        "1" => Some("country"),
        "2" | "5" => Some("region"),
        "3" | "4" => Some("town"),
        _ => None,
    };
    // A country gets no point.
    let point = |name: &str| if precision == Some("country") { None } else { number(cell(name)) };
    let event = ImportedEvent {
        day: Some(day(cell("Day"))?),
        source: source.code,
        source_name: some(cell("Actor1Name")),
        source_country: source.country,
        source_sector: source.sector,
        target: target.code,
        target_name: some(cell("Actor2Name")),
        target_country: target.country,
        target_sector: target.sector,
        plover: plover.map(|p| p.event.clone()),
        plover_mode: plover.and_then(|p| p.mode.clone()),
        quad: number(cell("QuadClass")),
        goldstein: number(cell("GoldsteinScale")),
        place_name: some(cell("ActionGeo_Fullname")),
        place_country: context.actors.fips(cell("ActionGeo_CountryCode")),
        lat: point("ActionGeo_Lat"),
        lon: point("ActionGeo_Long"),
        place_precision: precision.map(str::to_owned),
        url: some(cell("SOURCEURL")),
        cameo: Some(code),
        ..ImportedEvent::default()
    };
    let kept = |name: &str| HOMED.contains(&name) && !(precision == Some("country") && name.starts_with("ActionGeo_L"));
    let rest = names.iter().zip(cells).filter(|(name, _)| !kept(name)).map(|(name, cell)| (*name, *cell));
    Ok(ImportRow::Event(Box::new(event), extras(rest)))
}
