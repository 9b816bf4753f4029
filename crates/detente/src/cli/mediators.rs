//! `detente mediators`: third parties for a pair, ranked, with the events that speak for and against each.

use super::Exit;
use super::filters::{csv_line, pair};
use super::options::{Form, StoreArg, date};
use crate::config::Settings;
use crate::failure::{self, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell};
use crate::store::{SideEvent, Store};
use crate::watch;
use clap::Args;
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use detente_watch::mediator::{Act, Row, Ties, around, rank_labels};
use serde_json::json;
use std::collections::BTreeMap;

/// Options of `mediators`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente mediators IRN-ISR
  detente mediators IRN-ISR --on 2018-07-16 --json   # with the ids of the events behind each

Ranked by mediations, offers, requests, consultations and other ties with both sides; refusals count
against. How much each weighs is learnt from the mediations of the store (METHOD.md).")]
pub struct MediatorsArgs {
    /// Two sides, as IRN-ISR
    #[arg(value_name = "A-B", value_parser = pair)]
    dyad: (String, String),
    /// As it was known on this day [default: the last day read]
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    store: StoreArg,
}

/// Days looked at before and after a mediation.
const AROUND: i32 = 30;

/// What passed between a third party and the two sides, with ids.
#[derive(Default)]
struct Evidence {
    consultations: [usize; 2],
    conflict: [usize; 2],
    mediations: Vec<String>,
    offers: Vec<String>,
    requests: Vec<String>,
    refusals: Vec<String>,
    days: Vec<Day>,
}

pub(super) fn run(args: &MediatorsArgs) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let (coder, name) = store.coder(args.coder.as_deref())?;
    let told = store.told_between_sides(coder, args.on.map_or_else(watch::now, |on| on.min(watch::now())))?;
    let (a, b) = (args.dyad.0.to_uppercase(), args.dyad.1.to_uppercase());
    let mut numbers: BTreeMap<&str, u32> = told.iter().flat_map(|t| [t.source.as_str(), t.target.as_str()]).map(|s| (s, 0)).collect();
    numbers.values_mut().zip(0..).for_each(|(n, i)| *n = i);
    let codes: Vec<&str> = numbers.keys().copied().collect();
    let (Some(x), Some(y), Some(last)) = (numbers.get(a.as_str()), numbers.get(b.as_str()), told.last().map(|t| t.day)) else {
        failure::note(&format!("{name} has no events of {} by that day", if numbers.contains_key(a.as_str()) { &b } else { &a }));
        return Ok(Exit::Nothing);
    };
    let row = |t: &SideEvent| {
        Some(Row { day: t.day, source: numbers[t.source.as_str()], target: numbers[t.target.as_str()], act: Act::of(&t.cameo)? })
    };
    let rows: Vec<Row> = told.iter().filter_map(row).collect();
    let weights = rank_labels(&rows, Day::MAX).weights;
    let mut ties = Ties::default();
    rows.iter().for_each(|r| ties.add(r));
    let sides = [*x, *y];
    let ranked: Vec<(u32, f64)> = ties.rank(&sides, last, &weights).into_iter().take(args.limit).collect();
    let top = ranked.first().map_or(0.0, |r| r.1);
    let deeds: Vec<Day> = told
        .iter()
        .filter(|t| (t.source == a && t.target == b) || (t.source == b && t.target == a))
        .filter(|t| t.cameo.get(..2).is_some_and(|r| r >= "14"))
        .map(|t| t.day)
        .collect();
    let first = told.first().map_or(last, |t| t.day);
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    const HEADS: [&str; 8] =
        ["third party", "weight", "consultations A", "consultations B", "mediations", "offers", "requests", "refusals"];
    table.row(HEADS.map(|h| cell(h.replace(" A", &format!(" {a}")).replace(" B", &format!(" {b}"))).style(BOLD)));
    if args.form.csv {
        out.bytes(&csv_line(HEADS.map(|h| h.replace(' ', "_").to_lowercase()).iter().map(String::as_str)))?;
    }
    let mut all_days: Vec<Day> = Vec::new();
    for (third, score) in &ranked {
        let code = codes[*third as usize];
        let e = evidence(&told, code, [&a, &b]);
        all_days.extend(&e.days);
        let weight = (score - top).exp();
        let n = |v: &Vec<String>| v.len().to_string();
        let cells = [
            code.to_owned(),
            format!("{weight:.3}"),
            e.consultations[0].to_string(),
            e.consultations[1].to_string(),
            n(&e.mediations),
            n(&e.offers),
            n(&e.requests),
            n(&e.refusals),
        ];
        if args.form.json {
            let around = around(&e.days, &deeds, AROUND, first, last);
            let line = json!({"third_party": code, "dyad": format!("{a}-{b}"), "on": day::date(last).to_string(), "weight": (weight * 1e4).round() / 1e4,
                "consultations": {&a: e.consultations[0], &b: e.consultations[1]}, "conflict": {&a: e.conflict[0], &b: e.conflict[1]},
                "mediations": e.mediations, "offers": e.offers, "requests": e.requests, "refusals": e.refusals,
                "around_mediations": around.map(|w| json!({"mediations": w.mediations, "days": AROUND, "material_conflict_before": w.before, "material_conflict_after": w.after})),
                "coder": name});
            out.text(&format!("{line}\n"))?;
        } else if args.form.csv {
            out.bytes(&csv_line(cells.iter().map(String::as_str)))?;
        } else {
            table.row(cells.map(cell));
        }
    }
    if !args.form.json && !args.form.csv {
        out.text(&format!("{BOLD}Third parties for {a} and {b}{BOLD:#}, {}, coded by {name}\n{}", day::date(last), table.lines()))?;
        if let Some(w) = around(&all_days, &deeds, AROUND, first, last) {
            out.text(&format!(
                "{DIM}Around {} mediations with either side: {:.1} events of material conflict between the two in the {AROUND} days before, {:.1} in the \
                 {AROUND} after. That says what came, not why.{DIM:#}\n",
                w.mediations, w.before, w.after
            ))?;
        }
        out.text(&format!("rows: detente mediators {a}-{b} --json has the ids; detente why ID\n"))?;
    }
    out.flush()?;
    Ok(if ranked.is_empty() { Exit::Nothing } else { Exit::Found })
}

fn evidence(told: &[SideEvent], third: &str, sides: [&str; 2]) -> Evidence {
    let mut out = Evidence::default();
    for t in told {
        let acts = t.source == third;
        let other = match (acts, t.target == third) {
            (true, false) => &t.target,
            (false, true) => &t.source,
            _ => continue,
        };
        let Some(side) = sides.iter().position(|s| s == other) else { continue };
        match (Act::of(&t.cameo), acts) {
            (Some(Act::Mediate), true) => {
                out.mediations.push(t.id.clone());
                out.days.push(t.day);
            }
            (Some(Act::Offer), true) => out.offers.push(t.id.clone()),
            (Some(Act::Ask), false) => out.requests.push(t.id.clone()),
            (Some(Act::Refuse), false) => out.refusals.push(t.id.clone()),
            (Some(Act::Consult), _) => out.consultations[side] += 1,
            (Some(Act::Conflict), _) => out.conflict[side] += 1,
            _ => {}
        }
    }
    out
}
