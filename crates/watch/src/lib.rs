//! The watch over what was coded or imported: series, alarms, red lines, mediators and forecasts.
//!
//! As pure as the core: no files, clock, network, threads or randomness. Events come in as rows, and what
//! is known on a day is what the rows up to that day say. It reads the core's dates and ontology and nothing of its
//! text or model, so that a history of imported events needs neither.

#![forbid(unsafe_code)]

pub mod alarm;
pub mod band;
mod change;
pub mod day;
pub mod event;
pub mod fan;
pub mod flow;
pub mod learn;
pub mod ledger;
pub mod mediator;
pub mod onset;
pub mod opening;
pub mod ranking;
pub mod redline;
pub mod series;
