//! ICEWS events: a header, 20 columns, tabs, no quotes.

use super::Context;
use super::table::{day, extras, number, some};
use crate::failure::Failure;
use crate::store::{ImportRow, ImportedEvent};

/// The columns, as later files have them.
pub const COLUMNS: [&str; 20] = [
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Sectors",
    "Source Country",
    "Event Text",
    "CAMEO Code",
    "Intensity",
    "Target Name",
    "Target Sectors",
    "Target Country",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
];

/// Whether the header is one.
pub(super) fn check(header: &[String], file: &str) -> Result<(), Failure> {
    if header.iter().map(String::as_str).eq(COLUMNS) {
        return Ok(());
    }
    Err(Failure::new(format!("{file} has no ICEWS header")).hint("the first line names 20 columns, from \"Event ID\" to \"Longitude\""))
}

pub(super) fn event(context: &Context<'_>, c: &[&str]) -> Result<ImportRow, String> {
    if c.len() != COLUMNS.len() {
        return Err(format!("{} columns instead of {}", c.len(), COLUMNS.len()));
    }
    let code = some(c[6]).ok_or("no CAMEO code")?;
    let source = context.actors.side(c[2], c[3], c[4]);
    let target = context.actors.side(c[8], c[9], c[10]);
    let plover = context.ontology.plover(&code);
    let event = ImportedEvent {
        day: Some(day(c[1])?),
        source: source.code,
        source_name: some(c[2]),
        source_country: source.country,
        source_sector: source.sector,
        target: target.code,
        target_name: some(c[8]),
        target_country: target.country,
        target_sector: target.sector,
        quad: context.ontology.quad(&code),
        plover: plover.map(|p| p.event.clone()),
        plover_mode: plover.and_then(|p| p.mode.clone()),
        goldstein: number(c[7]),
        // They count sentences from 1.
        sentence: number::<i64>(c[12]).filter(|n| *n > 0).map(|n| n - 1),
        place_name: [c[14], c[15], c[16], c[17]].iter().find_map(|p| some(p)),
        place_country: context.actors.country(c[17]),
        lat: number(c[18]),
        lon: number(c[19]),
        outlet: some(c[13]),
        cameo: Some(code),
        ..ImportedEvent::default()
    };
    let rest = [0, 3, 4, 5, 9, 10, 11, 14, 15, 16, 17];
    Ok(ImportRow::Event(Box::new(event), extras(rest.iter().map(|i| (COLUMNS[*i], c[*i])))))
}
