//! Phoenix events: no header, 26 columns, tabs.

use super::Context;
use super::table::{day, extras, number, some};
use crate::store::{ImportRow, ImportedEvent};

/// The columns.
pub const COLUMNS: [&str; 26] = [
    "EventID",
    "Date",
    "Year",
    "Month",
    "Day",
    "SourceActorFull",
    "SourceActorEntity",
    "SourceActorRole",
    "SourceActorAttribute",
    "TargetActorFull",
    "TargetActorEntity",
    "TargetActorRole",
    "TargetActorAttribute",
    "EventCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScore",
    "Issues",
    "Lat",
    "Lon",
    "LocationName",
    "StateName",
    "CountryCode",
    "SentenceID",
    "URLs",
    "NewsSources",
];

pub(super) fn event(context: &Context<'_>, c: &[&str]) -> Result<ImportRow, String> {
    if c.len() != COLUMNS.len() {
        return Err(format!("{} columns instead of {}", c.len(), COLUMNS.len()));
    }
    let code = some(c[13]).ok_or("no event code")?;
    let plover = context.ontology.plover(&code);
    let source = context.actors.coded(c[5], c[6], c[7]);
    let target = context.actors.coded(c[9], c[10], c[11]);
    let event = ImportedEvent {
        day: Some(day(c[1])?),
        source: source.code,
        source_country: source.country,
        source_sector: source.sector,
        target: target.code,
        target_country: target.country,
        target_sector: target.sector,
        plover: plover.map(|p| p.event.clone()),
        plover_mode: plover.and_then(|p| p.mode.clone()),
        quad: number(c[15]),
        goldstein: number(c[16]),
        lat: number(c[18]),
        lon: number(c[19]),
        place_name: some(c[20]).or_else(|| some(c[21])),
        place_country: context.actors.country(c[22]),
        sentence: number(c[23]),
        url: c[24].split(';').next().and_then(some),
        outlet: c[25].split(';').next().and_then(some),
        cameo: Some(code),
        ..ImportedEvent::default()
    };
    let rest = [0, 6, 8, 10, 12, 17, 20, 21, 22, 23, 24, 25];
    Ok(ImportRow::Event(Box::new(event), extras(rest.iter().map(|i| (COLUMNS[*i], c[*i])))))
}
