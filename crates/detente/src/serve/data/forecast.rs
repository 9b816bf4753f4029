//! Forecasts with base rate and past score, and the ledger.

use super::super::Desk;
use super::super::ask::{Ask, Problem, short};
use super::{coder, names};
use crate::store::Store;
use crate::watch::{self, ForecastRow};
use detente_watch::day;
use detente_watch::onset::Deed;
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("coder", "whose events are counted"),
    ("on", "last day whose events were used; null while there is no forecast"),
    ("from", "first day of the history that was learnt from"),
    ("due", "last day that counts"),
    ("trained", "last day the model knows of: earlier than `on` where it was trained before and kept in the store"),
    ("warning", "what is wrong with the model that was kept; null when nothing is"),
    ("within", "days ahead"),
    ("deed", "force (CAMEO 18 to 20) or material (14 to 20)"),
    ("working", "whether the model is being fitted: ask again in a moment"),
    (
        "rows",
        "pairs, the likeliest first: a, b, kind (onset after 30 quiet days, else incidence), probability, base_rate (of all pairs of the kind), own_record (of the pair)",
    ),
    (
        "onset",
        "past score of onsets: n, came_true, brier_skill over the base rate, ece, ap, ap_own_record, calibration; null without a forecast",
    ),
    ("incidence", "the same of pairs that were not quiet"),
    ("ledger", "forecasts that were recorded, the latest first, with what became of them"),
    ("score", "how those of the ledger did that have come due"),
    ("names", "names of the actor codes in the answer"),
];

/// Horizons that can be asked for: each is a model of its own.
const WITHIN: [usize; 4] = [7, 14, 30, 90];

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let limit = ask.number("limit", 30, 500)?;
    let within = ask.number("within", 14, 90)?;
    if !WITHIN.contains(&within) {
        return Err(Problem::new(400, "within: no such number of days", "choose 7, 14, 30 or 90"));
    }
    let deed = ask.get("deed").unwrap_or("force");
    let kind = ask.get("kind").unwrap_or("");
    if !["force", "material"].contains(&deed) || !["", "onset", "incidence"].contains(&kind) {
        let what = if ["", "onset", "incidence"].contains(&kind) { deed } else { kind };
        return Err(Problem::new(
            400,
            format!("nothing called \"{}\" is forecast", short(what)),
            "deed is force or material, kind onset or incidence",
        ));
    }
    let filter = ask.filter()?;
    let ledger = watch::ledger(store, ask.now)?;
    let mut out = json!({"coder": null, "on": null, "from": null, "due": null, "trained": null, "warning": null, "within": within, "deed": deed, "working": false, "rows": [],
        "onset": null, "incidence": null, "ledger": ledger.rows, "score": ledger.score, "names": {}});
    let named = ledger.rows.iter().flat_map(|r| [r.a.clone(), r.b.clone()]);
    let mut codes: Vec<String> = named.collect();
    out["names"] = names(codes.iter().map(String::as_str));
    let Some((n, coder)) = coder(store, ask)? else { return Ok(out) };
    out["coder"] = json!(coder);
    let horizon = i32::try_from(within).unwrap_or(14);
    let (of, whose, now) = (if deed == "material" { Deed::Material } else { Deed::Force }, (n, coder), ask.now);
    let key = format!("forecast {n} {deed} {within} {}", ask.now);
    let version = super::super::route::version(desk)?;
    let found =
        desk.outlooks.get(&desk.options.store, version, &key, move |store| Ok(watch::outlook(store, whose.clone(), of, horizon, now)?));
    let Some(found) = found else {
        out["working"] = json!(true);
        return Ok(out);
    };
    let found = found?;
    let Some(found) = found.as_ref() else { return Ok(out) };
    let [incidence, onset] = &found.past;
    let wanted = |r: &&ForecastRow| {
        let pair = filter.dyad.as_ref().is_none_or(|(a, b)| {
            let is = |code: &str, side: &str| code.eq_ignore_ascii_case(side);
            (is(&r.a, a) && is(&r.b, b)) || (is(&r.a, b) && is(&r.b, a))
        });
        let actor = filter.actor.as_ref().is_none_or(|x| x.eq_ignore_ascii_case(&r.a) || x.eq_ignore_ascii_case(&r.b));
        pair && actor && (kind.is_empty() || r.kind == kind)
    };
    let rows: Vec<&ForecastRow> = found.rows.iter().filter(wanted).take(limit).collect();
    codes.extend(rows.iter().flat_map(|r| [r.a.clone(), r.b.clone()]));
    out["names"] = names(codes.iter().map(String::as_str));
    for (key, date) in [("on", found.last), ("from", found.from), ("due", found.due), ("trained", found.trained)] {
        out[key] = json!(day::date(date).to_string());
    }
    out["warning"] = json!(found.warning);
    (out["rows"], out["onset"], out["incidence"]) = (json!(rows), json!(onset), json!(incidence));
    Ok(out)
}
