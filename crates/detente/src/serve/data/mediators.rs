//! Third parties for a pair, with what passed between them and both sides.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{before, coder, last_day, names};
use crate::store::Store;
use crate::watch::{AROUND, History, Tie};
use serde_json::{Map, Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("a", "one side; null when no pair is asked for"),
    ("b", "the other"),
    ("coder", "whose events are counted"),
    ("from", "first day of what was looked at"),
    ("on", "last day of it"),
    ("working", "whether it is being worked out: ask again in a moment"),
    (
        "rows",
        "third parties, the likeliest first: third, weight (1 for the first), and of each side (_a, _b) consultations, mediations, offers, requests to it, refusals of it, conflict",
    ),
    ("around", "material conflict between the two in the days before and after mediations; null without any"),
    ("names", "names of the actor codes in the answer"),
];

/// Days looked back on: ties halve in 240.
const HISTORY: i64 = 1_100;

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let limit = ask.number("limit", 15, 100)?;
    let mut out =
        json!({"a": null, "b": null, "coder": null, "from": null, "on": null, "working": false, "rows": [], "around": null, "names": {}});
    let pair = ask.filter()?.dyad.map(|(a, b)| (a.to_uppercase(), b.to_uppercase()));
    let asked = ask.date("to")?;
    let Some((n, coder)) = coder(store, ask)? else { return Ok(out) };
    out["coder"] = json!(coder);
    let Some((a, b)) = pair else { return Ok(out) };
    (out["a"], out["b"]) = (json!(a), json!(b));
    out["names"] = names([a.as_str(), b.as_str()]);
    let Some(on) = last_day(store, n, asked.unwrap_or(ask.now).min(ask.now))? else { return Ok(out) };
    let from = before(on, HISTORY);
    let key = format!("mediators {n} {on}");
    let version = super::super::route::version(desk)?;
    let history = desk.ties.get(&desk.options.store, version, &key, move |store| Ok(History::read(store, n, from, on)?));
    let Some(history) = history else {
        out["working"] = json!(true);
        return Ok(out);
    };
    let Some(found) = history?.mediators(&a, &b, limit) else { return Ok(out) };
    (out["from"], out["on"]) = (json!(found.from.to_string()), json!(found.on.to_string()));
    out["names"] = names(found.rows.iter().map(|r| r.third.as_str()).chain([a.as_str(), b.as_str()]));
    out["around"] =
        found.around.map_or(Value::Null, |w| json!({"mediations": w.mediations, "days": AROUND, "before": w.before, "after": w.after}));
    let rows = found.rows.iter().map(|row| {
        let mut out = Map::new();
        out.insert("third".to_owned(), json!(row.third));
        out.insert("weight".to_owned(), json!(crate::watch::four_digits(row.weight)));
        for (tie, side) in row.ties.iter().zip(["a", "b"]) {
            let Tie { consultations, mediations, offers, requests, refusals, conflict } = *tie;
            let kinds = [
                ("consultations", consultations),
                ("mediations", mediations),
                ("offers", offers),
                ("requests", requests),
                ("refusals", refusals),
                ("conflict", conflict),
            ];
            kinds.into_iter().for_each(|(kind, n)| _ = out.insert(format!("{kind}_{side}"), json!(n)));
        }
        Value::Object(out)
    });
    out["rows"] = rows.collect();
    Ok(out)
}
