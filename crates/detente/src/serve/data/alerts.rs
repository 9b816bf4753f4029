//! Alarms and openings, and what people say of them.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::review::{field, writer};
use super::{coder, names};
use crate::store::Store;
use crate::watch::{self, AlertQuestion, now};
use detente_core::model::Date;
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("coder", "whose events are counted"),
    ("today", "last day judged"),
    ("since", "first day of the period"),
    ("pairs", "pairs looked at"),
    (
        "alarms",
        "alarms and openings, the latest first: what was measured, what was usual, the edge that was passed, state, events behind it",
    ),
    ("counts", "how many there are in each state"),
    ("rules", "the rules in force, as they stand in detente.toml"),
    ("writable", "whether this desk takes what is said of them"),
    ("names", "names of the actor codes in the answer"),
];

const STATES: [&str; 5] = ["new", "seen", "snoozed", "confirmed", "false"];
/// Alarms given at most, and events with each.
const MOST: usize = 200;
const BEHIND: usize = 20;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let rules = desk.rules();
    let mut out = json!({"coder": null, "today": null, "since": null, "pairs": 0, "alarms": [], "counts": {}, "rules": rules.shown(),
        "writable": desk.options.review, "names": {}});
    let states = ask.all("state");
    if let Some(wrong) = states.iter().find(|s| !STATES.contains(&s.as_str())) {
        return Err(Problem::new(
            400,
            format!("no state \"{}\"", super::super::ask::short(wrong)),
            format!("states are {}", STATES.join(", ")),
        ));
    }
    let Some((_, coder)) = coder(store, ask)? else { return Ok(out) };
    let dyad = ask.filter()?.dyad.map(|(a, b)| (rules.side(&a), rules.side(&b)));
    let question = AlertQuestion {
        coder: Some(coder.clone()),
        since: ask.date("from")?,
        dyad,
        actor: ask.get("actor").map(str::to_uppercase),
        rules: ask.all("rule"),
        because: BEHIND,
        ..AlertQuestion::new(ask.date("to")?.unwrap_or(ask.now))
    };
    let found = watch::alerts(store, rules, &question)?;
    for state in STATES {
        out["counts"][state] = json!(found.alarms.iter().filter(|a| a.state == state).count());
    }
    let shown: Vec<_> = found.alarms.iter().filter(|a| states.is_empty() || states.contains(&a.state)).take(MOST).collect();
    out["names"] = names(shown.iter().flat_map(|a| [a.a.as_str(), a.b.as_str(), a.by.as_deref().unwrap_or("")]));
    out["alarms"] = json!(shown);
    out["coder"] = json!(coder);
    out["today"] = json!(found.today.map(|d| d.to_string()));
    out["since"] = json!(found.since.map(|d| d.to_string()));
    out["pairs"] = json!(found.pairs);
    Ok(out)
}

/// The alarm meant, with the day up to which was read.
fn meant(desk: &Desk, store: &Store, value: &Value) -> Result<watch::AlarmRow, Problem> {
    let need = |name: &str| {
        field(value, name)
            .ok_or_else(|| Problem::new(400, format!("{name} is missing"), "send id, dyad, first and coder as the list has them"))
    };
    let (id, dyad, first, coder) = (need("id")?, need("dyad")?, need("first")?, need("coder")?);
    let first: Date = first.parse().map_err(|_| Problem::new(400, "first is no day", "write YYYY-MM-DD"))?;
    let rules = desk.rules();
    let (a, b) = dyad.split_once('-').ok_or_else(|| Problem::new(400, "that is no dyad", "two codes, as IRN-ISR"))?;
    let question = AlertQuestion {
        coder: Some(coder.to_owned()),
        since: Some(first),
        dyad: Some((rules.side(a), rules.side(b))),
        ..AlertQuestion::new(now())
    };
    watch::alarm(store, rules, &question, id).map_err(|failure| Problem { status: 404, failure })
}

pub(in crate::serve) fn say(desk: &Desk, value: &Value) -> Result<Value, Problem> {
    let state = field(value, "state").filter(|s| STATES[1..].contains(s));
    let state = state.ok_or_else(|| Problem::new(400, "that is no state", "states are seen, snoozed, confirmed, false"))?;
    let mut store = writer(desk)?;
    let row = meant(desk, &store, value)?;
    let until = match (state, field(value, "until")) {
        ("snoozed", Some(day)) => {
            let day: Date = day.parse().map_err(|_| Problem::new(400, "until is no day", "write YYYY-MM-DD"))?;
            Some(day)
        }
        ("snoozed", None) => row.last.max(now()).checked_add(jiff::Span::new().days(14)).ok(),
        _ => None,
    };
    let until = until.map(|d| d.to_string());
    store.say_of_alarm(&row.id, state, until.as_deref(), field(value, "note"), &desk.options.author)?;
    Ok(json!({"id": row.id, "state": state, "until": until}))
}

pub(in crate::serve) fn unsay(desk: &Desk, value: &Value) -> Result<Value, Problem> {
    let mut store = writer(desk)?;
    let row = meant(desk, &store, value)?;
    match store.unsay_of_alarm(&row.id)? {
        true => Ok(json!({"id": row.id, "was": row.state})),
        false => Err(Problem::new(404, format!("nothing was said of {}", row.id), "only what was said can be taken back")),
    }
}
