//! Link: one event told twice becomes one event with two pieces of evidence.
//!
//! Needs: the coded article. Gives: its events, the same deed of the same pair united, each with the
//! details that tellings are compared by. [`event`] and [`story`] look at many articles, [`drift`] at two wordings.

pub mod again;
mod agree;
mod details;
pub mod drift;
pub mod event;
pub mod story;

pub use agree::mutual;

use crate::code::Coded;
use crate::knowledge::Knowledge;
use crate::model::{Article, Event, Mode};
use event::Telling;
use std::collections::HashMap;

/// Unites events of one article that tell the same deed: same code and sides, modes that go together, and nothing
/// that contradicts.
pub fn link(article: &Article, coded: &mut Coded, k: &Knowledge) {
    let mut kept: Vec<(Event, Vec<Telling>)> = Vec::with_capacity(coded.events.len());
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    for mut event in std::mem::take(&mut coded.events) {
        if let Some(sentence) = coded.text.sentences.get(event.sentence as usize) {
            event.details = details::of(article, sentence, &event, k);
        }
        let telling = Telling::new(article, &event);
        let side = |r: &Option<crate::model::Role>| r.as_ref().map_or("-", |r| r.code.as_str()).to_owned();
        let tellings = index.entry(format!("{} {} {}", side(&event.source), event.code, side(&event.target))).or_default();
        // Tellings that contradict each other stay apart; of many only the latest are compared.
        match tellings.iter().rev().take(32).find(|&&i| same(&kept[i], &event, &telling)).map(|&i| &mut kept[i]) {
            Some((k, all)) => {
                // What can contradict nothing new need not be asked again: a book may repeat a deed ten thousand times.
                if !all.iter().any(|t| agree::interchangeable(t, &telling)) {
                    all.push(telling);
                }
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
                kept.push((event, vec![telling]));
            }
        }
    }
    coded.events = kept.into_iter().map(|(event, _)| event).collect();
}

/// Whether a further event of an article with the same code and sides is one told before: no telling of that may
/// contradict it.
fn same((a, before): &(Event, Vec<Telling>), b: &Event, telling: &Telling) -> bool {
    let told = |m: Mode| matches!(m, Mode::Happened | Mode::Claimed);
    let twice = a.sentence != b.sentence || a.evidence.first() == b.evidence.first();
    twice
        && a.source.is_some()
        && a.target.is_some()
        && (a.mode == b.mode || told(a.mode) && told(b.mode))
        && a.count.as_ref().zip(b.count.as_ref()).is_none_or(|(x, y)| x == y)
        && before.iter().all(|t| agree::contradiction(t, telling).is_none())
}
