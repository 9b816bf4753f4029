//! What is counted how, and how well it was measured.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use crate::record::{CODER_VERSION, ONTOLOGY_VERSION};
use crate::store::Store;
use detente_watch::series::Measure;
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("coder", "version of the program"),
    ("ontology", "versions of the tables looked up in"),
    ("coders", "coders with events in the store; their counts are never added up"),
    ("formulas", "every number the desk shows: name, formula, why"),
    ("accuracy", "figures of accuracy/figures.csv: what was measured on which set, and what others reach"),
];

const FIGURES: &str = include_str!("../../../../../accuracy/figures.csv");

/// Every number the desk shows.
const FORMULAS: &[(&str, &str, &str)] = &[
    (
        "Day",
        "the day the text gives when it gives exactly one, else the day the article was published, else none",
        "A stretch of days is neither spread out nor put on its first day. Events without a day are in the tables and in no series.",
    ),
    (
        "Counted",
        "events told as having happened or claimed",
        "Talk of what may come, what did not happen and what is long past is kept, and not counted unless you ask for it.",
    ),
    (
        "Side",
        "a country with all its sectors, or the code of a body or group of no country",
        "IRNGOV and IRNMIL are both Iran in a series; the filters of Events tell them apart.",
    ),
    (
        "Coders",
        "one coder at a time",
        "Two coders count differently; adding them up would count what only one of them sees as if both did.",
    ),
    (
        "Conflict",
        "verbal conflict + material conflict (quad classes 3 and 4)",
        "Threats and deeds of force are shown apart wherever there is room.",
    ),
    ("Cooperation", "verbal cooperation + material cooperation (quad classes 1 and 2)", ""),
    (
        "Goldstein",
        "sum of the Goldstein values of the events, −10 to 10 each",
        "A look-up by CAMEO code (knowledge/goldstein.csv), never typed by hand.",
    ),
    (
        "Usual band",
        "the 5 % and 95 % quantiles of the steps before, median between; days of the week are told apart, days on which nothing was read are left out",
        "A step's band never knows the step itself or what came after.",
    ),
    (
        "Moved",
        "(n − m) / √(m + 1): n conflict events of the last 28 days, m the mean of the twelve 28 days before",
        "About how many standard deviations of a count n lies from m. It ranks what to look at first and is no forecast.",
    ),
    ("Certainty", "confidence of the reading, 0 to 1", "Review asks for the least certain first."),
];

pub(in crate::serve) fn answer(_: &Desk, store: &Store, _: &Ask) -> Result<Value, Problem> {
    let coders: Vec<Value> = store
        .coders()?
        .into_iter()
        .map(|(_, name, ontology, events)| json!({"coder": name, "ontology": ontology, "events": events}))
        .collect();
    let mut figures = csv::Reader::from_reader(FIGURES.as_bytes());
    let columns: Vec<String> = figures.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
    // A line of our own table that cannot be read is left out; the test below sees that there is none.
    let accuracy: Vec<Value> = figures
        .records()
        .flatten()
        .map(|r| Value::Object(columns.iter().cloned().zip(r.iter().map(|c| Value::String(c.to_owned()))).collect()))
        .collect();
    let measures = Measure::ALL.iter().map(|(m, name)| json!({"name": name, "formula": m.about(), "why": ""}));
    let formulas: Vec<Value> =
        FORMULAS.iter().map(|(name, formula, why)| json!({"name": name, "formula": formula, "why": why})).chain(measures).collect();
    Ok(json!({"coder": CODER_VERSION, "ontology": ONTOLOGY_VERSION, "coders": coders, "formulas": formulas, "accuracy": accuracy}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_can_be_read() {
        let mut figures = csv::Reader::from_reader(FIGURES.as_bytes());
        assert!(figures.records().all(|r| r.is_ok()) && FIGURES.lines().count() > 10);
    }
}
