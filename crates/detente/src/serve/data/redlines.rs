//! Red lines with their restatements and later events that may cross them.

use super::super::Desk;
use super::super::ask::{Ask, Problem, short};
use super::names;
use super::review::{field, writer};
use crate::store::Store;
use crate::watch::{self, RedlineQuestion};
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    (
        "lines",
        "red lines, those stated last first: holder, addressee, matter, statements, and later events that may cross them with their points",
    ),
    ("writable", "whether this desk takes verdicts"),
    ("names", "names of the actor codes in the answer"),
];

/// Candidates given with each line.
const CANDIDATES: usize = 8;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let rules = desk.rules();
    let question = RedlineQuestion {
        dyad: ask.filter()?.dyad.map(|(a, b)| (rules.side(&a), rules.side(&b))),
        holder: ask.get("source").map(|s| rules.side(s)),
        since: ask.date("from")?,
        coder: ask.get("coder").map(str::to_owned),
        candidates: CANDIDATES,
        ..RedlineQuestion::new(ask.date("to")?.unwrap_or(ask.now))
    };
    let lines = watch::redlines(store, &question)?;
    let codes = lines.iter().flat_map(|l| [l.holder.as_str(), l.addressee.as_deref().unwrap_or("")]);
    let crossing = lines.iter().flat_map(|l| &l.crossings).flat_map(|c| [c.source.as_str(), c.target.as_deref().unwrap_or("")]);
    let places = lines.iter().flat_map(|l| &l.places).map(String::as_str);
    let names = names(codes.chain(crossing).chain(places));
    Ok(json!({"lines": lines, "writable": desk.options.review, "names": names}))
}

/// Whether an event crosses a line.
pub(in crate::serve) fn judge(desk: &Desk, value: &Value) -> Result<Value, Problem> {
    let part = |name: &str| {
        let hint = "send {\"line\": \"r:…\", \"event\": \"e:…\", \"verdict\": \"crossed\"}";
        field(value, name).map(str::to_owned).ok_or_else(|| Problem::new(400, format!("no {name} is named"), hint))
    };
    let (line, event, verdict) = (part("line")?, part("event")?, part("verdict")?);
    if !["crossed", "kept", "open"].contains(&verdict.as_str()) {
        return Err(Problem::new(400, format!("no verdict \"{}\"", short(&verdict)), "verdicts are crossed, kept, open"));
    }
    let mut store = writer(desk)?;
    let question = RedlineQuestion { candidates: usize::MAX, ..RedlineQuestion::new(watch::now()) };
    let found = watch::redline(&store, &question, &line)?;
    if !found.crossings.iter().any(|c| c.event == event) {
        let what = format!("\"{}\" is no candidate of {}", short(&event), found.id);
        return Err(Problem::new(404, what, "/redlines.json lists the candidates"));
    }
    store.judge(&found.id, &event, &verdict, field(value, "note"), &desk.options.author)?;
    Ok(json!({"line": found.id, "event": event, "verdict": verdict}))
}
