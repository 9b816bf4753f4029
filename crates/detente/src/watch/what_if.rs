//! What if? The chance of force between two with a stream of their events added or removed.

use super::forecast::{HISTORY, PastScore};
use super::four_digits as round;
use crate::failure::Failure;
use crate::store::Store;
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::flow::{self, Change, Flow, NAME, Outcome, Pair, Stream};
use detente_watch::onset::{Deed, Question};
use serde_json::{Value, json};

/// With fewer days there is nothing to learn from.
const LEAST: i32 = 60;
/// Times that what comes next is drawn.
const DRAWS: u32 = 10_000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The two sides.
    pub dyad: (String, String),
    /// Days ahead.
    pub within: i32,
    /// Least number of events.
    pub at_least: u32,
    /// Force, or material conflict.
    pub deed: Deed,
    /// The day it is made on, or the last one read before it.
    pub on: Date,
    /// Coder, by the beginning of its name.
    pub coder: Option<String>,
    /// Streams that are added and removed.
    pub changes: Vec<Altered>,
}

/// A stream that is otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// Which.
    pub stream: Stream,
    /// Events a day that are added; none is a stream removed.
    pub added: Option<u32>,
    /// First and last day.
    pub days: Span,
}

/// Days of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Days of the calendar.
    Dates(Date, Date),
    /// Days after the last one read, the first being 1.
    Ahead(i32, i32),
}

impl Altered {
    /// Reads `force`, `force=3`, with the days after an @: `@2018-08-01`, `@2018-08-01..2018-08-07`, `@1..7`. Without days
    /// an addition is on the first day ahead, a removal on all of them.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(text: &str, adds: bool) -> Result<Self, String> {
        let (what, days) = text.split_once('@').map_or((text, None), |(w, d)| (w, Some(d)));
        let (name, number) = what.split_once('=').map_or((what, None), |(n, x)| (n, Some(x)));
        let names = Stream::ALL.map(|s| s.1).join(", ");
        let stream = Stream::named(name.trim()).ok_or_else(|| format!("the streams are {names}"))?;
        let added = match (adds, number) {
            (true, None) => Some(1),
            (true, Some(n)) => Some(n.parse().ok().filter(|n| (1..=1000).contains(n)).ok_or("events a day: a number from 1 to 1000")?),
            (false, None) => None,
            (false, Some(_)) => return Err("a stream is removed as a whole: no number".to_owned()),
        };
        let days = match days {
            None => {
                if adds {
                    Span::Ahead(1, 1)
                } else {
                    Span::Ahead(1, 90)
                }
            }
            Some(days) => {
                let (first, last) = days.split_once("..").unwrap_or((days, days));
                let wrong = "days are written 2018-08-01, 2018-08-01..2018-08-07 or 1..7 (days ahead)";
                let span = match (first.parse(), last.parse(), first.parse(), last.parse()) {
                    (Ok(first), Ok(last), _, _) => Span::Dates(first, last),
                    (_, _, Ok(first), Ok(last)) => Span::Ahead(first, last),
                    _ => return Err(wrong.to_owned()),
                };
                match span {
                    Span::Dates(first, last) if first <= last => span,
                    Span::Ahead(first, last) if 1 <= first && first <= last && last <= 366 => span,
                    _ => return Err(wrong.to_owned()),
                }
            }
        };
        Ok(Self { stream, added, days })
    }
}

/// The chance as it stands and as it would be.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Answer {
    pub dyad: (String, String),
    pub last: Day,
    pub due: Day,
    pub quiet: bool,
    pub plain: Outcome,
    pub changed: Outcome,
    /// What is changed, in words.
    pub changes: Vec<String>,
    /// Of all pairs of its kind, where any were asked about before, and of this pair's windows.
    pub base: Option<f64>,
    pub own_record: f64,
    pub what: &'static str,
    pub coder: String,
    pub past: PastScore,
    question: Question,
}

/// Both chances; none when the two have no events by that day.
///
/// # Errors
/// The store cannot be read, has too little history, or it is not plain which coder is meant.
pub fn what_if(store: &Store, q: &WhatIf) -> Result<Option<Answer>, Failure> {
    let (coder, name) = store.coder(q.coder.as_deref())?;
    let Some(today) = super::today(store, coder, q.on)? else { return Ok(None) };
    let between = store.between(coder, day::date(day::number(today) - HISTORY), today)?;
    let events = between.countries();
    let dyad = (q.dyad.0.to_uppercase(), q.dyad.1.to_uppercase());
    let sides = between.side(&dyad.0).zip(between.side(&dyad.1)).map(|(a, b)| (a.min(b), a.max(b)));
    let question = Question { deed: q.deed, horizon: q.within, at_least: q.at_least, ..Question::default() };
    let (Some(first), Some(last), Some(sides)) = (events.first().map(|e| e.day), events.last().map(|e| e.day), sides) else {
        return Ok(None);
    };
    let pairs = flow::pairs(&events, question.floor);
    let Some(pair) = pairs.iter().find(|p| p.sides == sides) else { return Ok(None) };
    if last - first < LEAST {
        let what = format!("too little history to learn from: {} events from {} to {}", events.len(), day::date(first), day::date(last));
        return Err(Failure::new(what).hint("three months of events are needed: detente import FILE… reads ICEWS, GDELT and Phoenix"));
    }
    let rows = flow::record(&pairs, first, last, question);
    let quiet = pair.quiet(last, question);
    let kind = || rows.iter().filter(|f| f.quiet == quiet);
    let (change, changes) = change(&q.changes, last, last + question.horizon)?;
    let fitted = Flow::fit(&pairs, first, last);
    let told = |pair: &Pair, change: &Change| fitted.told(pair, last, question, change, DRAWS);
    Ok(Some(Answer {
        dyad,
        last,
        due: last + question.horizon,
        quiet,
        plain: told(pair, &Change::default()),
        changed: told(pair, &change),
        changes,
        base: kind().next().map(|f| f.base),
        own_record: pair.record(first, last, question),
        what: match q.deed {
            Deed::Force => "force (CAMEO 18 to 20)",
            Deed::Material => "material conflict (CAMEO 14 to 20)",
        },
        coder: name,
        past: PastScore::of(kind()),
        question,
    }))
}

/// The changes by their days, and in words.
fn change(altered: &[Altered], last: Day, due: Day) -> Result<(Change, Vec<String>), Failure> {
    let (mut change, mut words) = (Change::default(), Vec::new());
    for a in altered {
        let (from, to) = match a.days {
            Span::Dates(from, to) => (day::number(from), day::number(to)),
            Span::Ahead(from, to) => (last + from, last + to),
        };
        let to = to.min(due);
        if from > due || to - from > 366 * 2 {
            let what = format!("nothing can be changed on {} and after: the window ends on {}", day::date(from), day::date(due));
            return Err(Failure::new(what).hint("name days up to that one, and no more than two years of them"));
        }
        let on = if from == to { format!("on {}", day::date(from)) } else { format!("on {} to {}", day::date(from), day::date(to)) };
        match a.added {
            Some(n) => {
                change.added.extend((from..=to).map(|day| (day, a.stream, n)));
                words.push(format!(
                    "{n} more event{} of {} {}{on}",
                    if n == 1 { "" } else { "s" },
                    a.stream.name(),
                    if from == to { "" } else { "a day " }
                ));
            }
            None => {
                change.removed.push((from, to, a.stream));
                words.push(format!("no {} {on}", a.stream.name()));
            }
        }
    }
    Ok((change, words))
}

impl Answer {
    /// As JSON.
    pub fn json(&self) -> Value {
        let (a, b) = &self.dyad;
        let outcome = |o: &Outcome| json!({"probability": round(o.probability), "events": round(o.events)});
        json!({"dyad": format!("{a}-{b}"), "on": day::date(self.last).to_string(), "due": day::date(self.due).to_string(),
            "kind": if self.quiet { "onset" } else { "incidence" }, "as_it_stands": outcome(&self.plain), "changed": outcome(&self.changed),
            "changes": self.changes, "base_rate": self.base.map(round), "own_record": round(self.own_record),
            "at_least": self.question.at_least, "within": self.question.horizon, "what": self.what, "model": NAME, "coder": self.coder,
            "draws": DRAWS, "past_score": self.past.json()})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let check = |text: &str, adds, expect: Option<(Stream, Option<u32>, Span)>| {
            assert_eq!(Altered::read(text, adds).ok().map(|a| (a.stream, a.added, a.days)), expect, "{text}");
        };
        check("force", true, Some((Stream::Force, Some(1), Span::Ahead(1, 1))));
        check("words=3@2018-08-01", true, Some((Stream::Words, Some(3), Span::Dates(date("2018-08-01"), date("2018-08-01")))));
        check("force@1..7", false, Some((Stream::Force, None, Span::Ahead(1, 7))));
        check("cooperation", false, Some((Stream::Cooperation, None, Span::Ahead(1, 90))));
        for wrong in
            ["", "war", "force=0", "force=x", "force@", "force@7..1", "force@0..3", "force@2018-08-02..2018-08-01", "force@1..2018-08-01"]
        {
            check(wrong, true, None);
        }
        check("force=2", false, None);
    }
}
