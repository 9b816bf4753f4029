//! Tellings of one event among records.

use super::{EventRecord, Records};
use detente_core::link::event::{Sides, Telling, Where, day, events, place_name};
use detente_core::link::mutual;
use detente_core::model::{Mode, parse_loose};

/// The id of an event told in several records, from that of the one that told it first.
pub fn group_id(first: &str) -> String {
    format!("g:{}", first.strip_prefix("e:").unwrap_or(first))
}

/// Modes by how plainly they say that something happened.
pub fn rank(mode: Mode) -> u8 {
    match mode {
        Mode::Happened => 0,
        Mode::Claimed => 1,
        _ => 2,
    }
}

/// A day of a record as a number.
pub fn number(date: Option<&str>) -> Option<i32> {
    date.and_then(parse_loose).map(day)
}

impl EventRecord {
    /// The record as a telling of an event.
    pub fn telling(&self) -> Telling {
        let place = self.place_name.as_ref().map(|name| Where {
            name: place_name(name),
            country: self.place_country.clone().unwrap_or_default(),
            geonameid: self.geonameid,
            point: self.lat.zip(self.lon),
            precision: self.place_precision.clone().unwrap_or_default(),
        });
        Telling {
            id: self.id.clone(),
            article: self.article_id.clone(),
            story: self.story_id.clone(),
            published: number(self.published.as_deref()),
            words: (self.evidence_start.unwrap_or(0), self.evidence_end.unwrap_or(0)),
            sides: Sides { source: self.source.clone(), target: self.target.clone(), mutual: mutual(&self.cameo) },
            code: self.cameo.clone(),
            mode: Mode::named(self.mode).unwrap_or_default(),
            first: number(self.date_first.as_deref()),
            last: number(self.date_last.as_deref()),
            place,
            details: self.details.clone(),
        }
    }
}

/// Names on the events of some articles which of them are one.
pub fn set_groups(all: &mut [Records]) {
    let mut tellings: Vec<Telling> = all.iter().flat_map(|r| &r.events).map(EventRecord::telling).collect();
    let first = events(&mut tellings);
    let records = all.iter_mut().flat_map(|r| &mut r.events);
    for (record, first) in records.zip(first) {
        record.group_id = Some(group_id(&tellings[first].id));
    }
}
