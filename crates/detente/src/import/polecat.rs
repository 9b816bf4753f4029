//! POLECAT events: a header, up to 40 columns, tabs or commas, quotes.

use super::Context;
use super::table::{day, extras, number, some};
use crate::failure::Failure;
use crate::store::{ImportRow, ImportedEvent};

/// The columns.
pub const COLUMNS: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// Without these a row is no event.
const NEEDED: [&str; 3] = ["Event ID", "Event Date", "Event Type"];

/// Columns whose content stands whole in the event.
const HOMED: &[&str] = &["Event Date", "Latitude", "Longitude", "Source", "Actor Name", "Recipient Name"];

pub(super) fn check(header: &[String], file: &str) -> Result<(), Failure> {
    match NEEDED.iter().find(|n| !header.iter().any(|h| h == *n)) {
        None => Ok(()),
        Some(lacking) => {
            Err(Failure::new(format!("{file} has no POLECAT header: \"{lacking}\" is missing")).hint("the first line names the columns"))
        }
    }
}

pub(super) fn event(context: &Context<'_>, cells: &[String]) -> Result<ImportRow, String> {
    let header = &context.header;
    if cells.len() != header.len() {
        return Err(format!("{} columns instead of {}", cells.len(), header.len()));
    }
    let cell = |name: &str| header.iter().position(|h| h == name).map_or("", |i| cells[i].as_str());
    let class = some(cell("Event Type")).ok_or("no event type")?.to_uppercase();
    let side = |who: &str, sector: &str| {
        let country = cell(&format!("{who} Country"));
        // Several are parted by semicolons; the pair is that of the first.
        let country = context.actors.country(country.split(';').next().unwrap_or(""));
        let sector = some(cell(sector)).filter(|s| s.len() == 3);
        let code = country.as_ref().map(|c| format!("{c}{}", sector.as_deref().unwrap_or("")));
        let name = cell(&format!("{who} Name"));
        (code.or_else(|| context.actors.side(name, "", "").code), some(name), country, sector)
    };
    let (source, source_name, source_country, source_sector) = side("Actor", "Primary Actor Sector");
    let (target, target_name, target_country, target_sector) = side("Recipient", "Primary Recipient Sector");
    let quad = cell("Quad Code").to_lowercase().replace(['-', '_'], " ");
    let quad = match quad.trim() {
        "1" | "verbal cooperation" => Some(1),
        "2" | "material cooperation" => Some(2),
        "3" | "verbal conflict" => Some(3),
        "4" | "material conflict" => Some(4),
        _ => None,
    };
    let version = some(cell("Version")).map(|v| (format!("polecat-{v}"), "plover-polecat".to_owned()));
    let event = ImportedEvent {
        coder: version,
        day: Some(day(cell("Event Date"))?),
        source,
        source_name,
        source_country,
        source_sector,
        target,
        target_name,
        target_country,
        target_sector,
        plover: Some(class),
        plover_mode: some(cell("Event Mode")),
        quad,
        goldstein: number(cell("Intensity")),
        place_name: some(cell("Placename")).or_else(|| some(cell("Country"))),
        place_country: context.actors.country(cell("Country")),
        geonameid: number(cell("GeoNames ID")),
        lat: number(cell("Latitude")),
        lon: number(cell("Longitude")),
        outlet: some(cell("Source")),
        ..ImportedEvent::default()
    };
    let rest =
        header.iter().zip(cells).filter(|(name, _)| !HOMED.contains(&name.as_str())).map(|(name, cell)| (name.as_str(), cell.as_str()));
    Ok(ImportRow::Event(Box::new(event), extras(rest)))
}
