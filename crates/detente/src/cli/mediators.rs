//! `detente mediators`: third parties for a pair, ranked, with the events that speak for and against each.

use super::Exit;
use super::filters::{csv_line, pair};
use super::options::{Form, StoreArg, as_of, date};
use crate::config::Settings;
use crate::failure::{self, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell};
use crate::store::Store;
use crate::watch::{AROUND, History, Tie, four_digits};
use clap::Args;
use detente_core::model::Date;
use serde_json::json;

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

pub(super) fn run(args: &MediatorsArgs) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let (coder, name) = store.coder(args.coder.as_deref())?;
    let (a, b) = (args.dyad.0.to_uppercase(), args.dyad.1.to_uppercase());
    let until = as_of(args.on);
    let history = History::read(&store, coder, Date::MIN, until)?;
    let Some(found) = history.mediators(&a, &b, args.limit) else {
        let missing = if history.has(&a) { &b } else { &a };
        failure::note(&format!("{name} has no events of {missing} by that day"));
        return Ok(Exit::Nothing);
    };
    let mut out = Output::open(None)?;
    let mut table = Columns::default();
    const HEADS: [&str; 8] =
        ["third party", "weight", "consultations A", "consultations B", "mediations", "offers", "requests", "refusals"];
    table.row(HEADS.map(|h| cell(h.replace(" A", &format!(" {a}")).replace(" B", &format!(" {b}"))).style(BOLD)));
    if args.form.csv {
        out.bytes(&csv_line(HEADS.map(|h| h.replace(' ', "_").to_lowercase()).iter().map(String::as_str)))?;
    }
    for row in &found.rows {
        let [with_a, with_b] = row.ties;
        let sum = |of: fn(&Tie) -> usize| (of(&with_a) + of(&with_b)).to_string();
        let cells = [
            row.third.clone(),
            format!("{:.3}", row.weight),
            with_a.consultations.to_string(),
            with_b.consultations.to_string(),
            sum(|t| t.mediations),
            sum(|t| t.offers),
            sum(|t| t.requests),
            sum(|t| t.refusals),
        ];
        if args.form.json {
            let ids = row.behind.iter().map(|n| store.ids(n)).collect::<Result<Vec<_>, _>>()?;
            let line = json!({"third_party": row.third, "dyad": format!("{a}-{b}"), "on": found.on.to_string(), "weight": four_digits(row.weight),
                "consultations": {&a: with_a.consultations, &b: with_b.consultations}, "conflict": {&a: with_a.conflict, &b: with_b.conflict},
                "mediations": ids[0], "offers": ids[1], "requests": ids[2], "refusals": ids[3],
                "around_mediations": row.around.map(|w| json!({"mediations": w.mediations, "days": AROUND, "material_conflict_before": w.before, "material_conflict_after": w.after})),
                "coder": name});
            out.text(&format!("{line}\n"))?;
        } else if args.form.csv {
            out.bytes(&csv_line(cells.iter().map(String::as_str)))?;
        } else {
            table.row(cells.map(cell));
        }
    }
    if !args.form.json && !args.form.csv {
        out.text(&format!("{BOLD}Third parties for {a} and {b}{BOLD:#}, {}, coded by {name}\n{}", found.on, table.lines()))?;
        if let Some(w) = found.around {
            out.text(&format!(
                "{DIM}Around {} mediations with either side: {:.1} events of material conflict between the two in the {AROUND} days before, {:.1} in the \
                 {AROUND} after. That says what came, not why.{DIM:#}\n",
                w.mediations, w.before, w.after
            ))?;
        }
        out.text(&format!("rows: detente mediators {a}-{b} --json has the ids; detente why ID\n"))?;
    }
    out.flush()?;
    Ok(if found.rows.is_empty() { Exit::Nothing } else { Exit::Found })
}
