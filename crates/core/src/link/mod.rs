//! Link: one event told twice becomes one event with two pieces of evidence.
//!
//! Needs: the coded article. Gives: its events, the same deed of the same pair united.

pub mod story;

use crate::code::Coded;
use crate::model::{Event, Mode};
use std::collections::HashMap;

/// Unites events of one article that tell the same deed: same code, sides and mode, and times
/// that do not contradict each other.
pub fn link(coded: &mut Coded) {
    let mut kept: Vec<Event> = Vec::with_capacity(coded.events.len());
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    for event in std::mem::take(&mut coded.events) {
        let side = |r: &Option<crate::model::Role>| r.as_ref().map_or("-", |r| r.code.as_str()).to_owned();
        let tellings = index.entry(format!("{} {} {}", side(&event.source), event.code, side(&event.target))).or_default();
        // Tellings that contradict each other stay apart; of many only the latest are compared.
        match tellings.iter().rev().take(32).find(|&&i| same(&kept[i], &event)).map(|&i| &mut kept[i]) {
            Some(k) => {
                k.also.extend(event.evidence.first().copied());
                if !k.when.resolved() && event.when.resolved() {
                    k.when = event.when;
                }
                k.place = k.place.take().or(event.place);
                k.count = k.count.take().or(event.count);
                k.said_in = k.said_in.or(event.said_in);
                // A deed told as fact is no longer only claimed.
                if event.mode == Mode::Happened {
                    k.mode = Mode::Happened;
                    k.claimed_by = None;
                }
                k.confidence = k.confidence.max(event.confidence);
            }
            None => {
                tellings.push(kept.len());
                kept.push(event);
            }
        }
    }
    coded.events = kept;
}

fn same(a: &Event, b: &Event) -> bool {
    let code = |r: &Option<crate::model::Role>| r.as_ref().map(|r| r.code.clone());
    let told = |m: Mode| matches!(m, Mode::Happened | Mode::Claimed);
    a.sentence != b.sentence
        && a.code == b.code
        && code(&a.source) == code(&b.source)
        && code(&a.target) == code(&b.target)
        && a.source.is_some()
        && a.target.is_some()
        && (a.mode == b.mode || told(a.mode) && told(b.mode))
        && (!a.when.resolved() || !b.when.resolved() || a.when.first <= b.when.last && b.when.first <= a.when.last)
        && a.place.as_ref().zip(b.place.as_ref()).is_none_or(|(x, y)| x.country == y.country)
        && a.count.as_ref().zip(b.count.as_ref()).is_none_or(|(x, y)| x == y)
}
