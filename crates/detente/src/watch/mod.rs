//! The watch over a store: what the pure crate `detente-watch` finds, fed from the store and said with ids.
//!
//! The command line and the web page both ask here. "Today" is always an argument.

mod alerts;
mod deliver;
mod forecast;
mod mediators;
pub mod plot;
mod redlines;
mod rules;
mod series;

pub use alerts::{AlarmRow, AlertQuestion, Alerts, alarm, alerts, behind};
pub use deliver::deliver;
pub(crate) use forecast::round as four_digits;
pub use forecast::{
    Bin, ForecastQuestion, ForecastRow, Forecasts, Ledger, LedgerRow, LedgerScore, PastScore, forecast, ledger, outcomes, outlook, train,
};
pub use mediators::{AROUND, History, MediatorRow, Mediators, Tie};
pub use redlines::{CrossingRow, RedlineQuestion, RedlineRow, redline, redlines};
pub use rules::{Delivery, Rules};
pub use series::{BandRow, FanRows, FanStep, Mark, PointRow, SeriesQuestion, SeriesRows, Step, marks, series};

use crate::failure::Failure;
use crate::store::Store;
use detente_core::model::Date;
use detente_watch::day;

/// The last day that can be judged: the last one read, and not after `now`. None when nothing was read by then.
///
/// # Errors
/// The store cannot be read.
pub fn today(store: &Store, coder: i64, now: Date) -> Result<Option<Date>, Failure> {
    let now = day::number(now);
    Ok(store.read_days(coder)?.iter().rev().find(|(d, _)| *d <= now).map(|(d, _)| day::date(*d)))
}

/// This day, as the clock has it.
pub fn now() -> Date {
    jiff::Zoned::now().date()
}

/// Modes that count as having happened.
pub(crate) fn modes() -> Vec<String> {
    crate::store::Filter::default().modes_or_happened()
}

fn as_text<S: serde::Serializer>(day: &Date, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(day)
}

fn as_text_or_null<S: serde::Serializer>(day: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => out.collect_str(day),
        None => out.serialize_none(),
    }
}
