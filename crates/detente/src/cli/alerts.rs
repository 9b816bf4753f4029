//! `detente alerts`: what left its usual band, and what opened; what people said of it.

use super::Exit;
use super::correct::author;
use super::filters::{csv_line, pair, plain};
use super::options::{Form, StoreArg, date};
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DEED, DIM, TALK, cell, clean, shorten};
use crate::store::Store;
use crate::watch::{self, AlarmRow, AlertQuestion, Rules, deliver};
use clap::{Args, Subcommand};
use detente_core::model::Date;
use serde_json::{Value, json};

/// Options of `alerts`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  detente alerts                                     # new and confirmed ones of the last 14 days
  detente alerts --since 2018-04-01 --dyad IRN,ISR --all
  detente alerts --rule force,mediation --json
  detente alerts show a:41d0                         # the events behind one
  detente alerts snooze a:41d0 --until 2018-08-01
  detente alerts && mail -s 'something moved' desk@example.org

A day is judged by itself and the days before it. The last day judged is the last one read, or --today.
Rules stand in detente.toml as [[alarm]] and [[opening]]; `detente alerts rules` prints those in force.
Signs: ◆ deed, ◇ talk, ▲ opening. Exit codes: 0 there are some, 1 there are none, 2 error.")]
pub struct AlertsArgs {
    #[command(subcommand)]
    command: Option<AlertsCommand>,
    /// Alarms that held on or after this day [default: 14 days up to today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Date>,
    /// A pair of sides, either way round; names of [sides] too
    #[arg(long, value_name = "A,B", value_parser = pair)]
    dyad: Option<(String, String)>,
    /// Pairs with this side
    #[arg(long, value_name = "CODE")]
    actor: Option<String>,
    /// Rules, by name; may be repeated
    #[arg(long = "rule", value_name = "NAME", value_delimiter = ',')]
    rules: Vec<String>,
    /// States: new, seen, snoozed, confirmed, false [default: new, confirmed]
    #[arg(long = "state", value_name = "STATE", value_delimiter = ',', value_parser = ["new", "seen", "snoozed", "confirmed", "false"])]
    states: Vec<String>,
    /// All states
    #[arg(long, conflicts_with = "states")]
    all: bool,
    #[command(flatten)]
    form: Form,
    /// At most so many [default: 50 in a table, else all]
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<usize>,
    /// Tell new alarms by the ways of [delivery], each once
    #[arg(long)]
    deliver: bool,
    #[command(flatten)]
    of: Of,
}

/// Which store, coder and day.
#[derive(Debug, Args)]
pub struct Of {
    /// The day to judge by; later ones are not looked at [default: the last day read]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub today: Option<Date>,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    pub coder: Option<String>,
    #[command(flatten)]
    pub store: StoreArg,
}

/// What to do with an alarm.
#[derive(Debug, Subcommand)]
enum AlertsCommand {
    /// I have seen it
    Seen(Say),
    /// Leave it out until a day; it is still looked after
    Snooze(Snooze),
    /// It was right
    Confirm(Say),
    /// It was a false alarm
    False(Say),
    /// Take back what was said last
    Undo(Say),
    /// The events behind it
    Show(Show),
    /// The rules in force, as they stand in detente.toml
    Rules,
}

#[derive(Debug, Args)]
struct Say {
    /// Id of the alarm (a:…), or its beginning
    #[arg(value_name = "ID")]
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Who says so [default: the user's name]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    of: Of,
}

#[derive(Debug, Args)]
struct Snooze {
    /// The day it comes back [default: in 14 days]
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<Date>,
    #[command(flatten)]
    say: Say,
}

#[derive(Debug, Args)]
struct Show {
    /// Id of the alarm (a:…), or its beginning
    #[arg(value_name = "ID")]
    id: String,
    /// One JSON object: the alarm and its events
    #[arg(long)]
    json: bool,
    /// At most so many events
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    of: Of,
}

pub(super) fn run(args: &AlertsArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    let rules = Rules::load(&settings)?;
    match &args.command {
        None => list(args, &settings, &rules),
        Some(AlertsCommand::Seen(say)) => said(say, "seen", None, &settings, &rules),
        Some(AlertsCommand::Confirm(say)) => said(say, "confirmed", None, &settings, &rules),
        Some(AlertsCommand::False(say)) => said(say, "false", None, &settings, &rules),
        Some(AlertsCommand::Snooze(s)) => {
            let store = Store::open_read(&s.say.of.store.path(&settings))?;
            let today = judged(&store, &s.say.of)?;
            let until = s.until.unwrap_or_else(|| today.checked_add(jiff::Span::new().days(14)).unwrap_or(today));
            if until <= today {
                return Err(Failure::new(format!("{until} is not after {today}, the day judged")).hint("give a later --until").into());
            }
            said(&s.say, "snoozed", Some(until), &settings, &rules)
        }
        Some(AlertsCommand::Undo(say)) => {
            let mut store = Store::open_write(&say.of.store.path(&settings))?;
            let row = find(&store, &rules, &say.of, &say.id)?;
            let undone = store.unsay_of_alarm(&row.id)?;
            failure::note(&if undone {
                format!("taken back: {} was {}", row.id, row.state)
            } else {
                format!("nothing was said of {}", row.id)
            });
            Ok(if undone { Exit::Found } else { Exit::Nothing })
        }
        Some(AlertsCommand::Show(show)) => self::show(show, &settings, &rules),
        Some(AlertsCommand::Rules) => {
            let mut out = Output::open(None)?;
            out.text(&rules.shown())?;
            out.flush()?;
            Ok(Exit::Found)
        }
    }
}

/// The day judged: the last one read that is not after the one given.
fn judged(store: &Store, of: &Of) -> Result<Date, Stop> {
    let (coder, name) = store.coder(of.coder.as_deref())?;
    let now = of.today.unwrap_or_else(watch::now);
    watch::today(store, coder, now)?.ok_or_else(|| Failure::new(format!("{name} has no events up to {now}")).into())
}

fn question(of: &Of) -> AlertQuestion {
    AlertQuestion { coder: of.coder.clone(), ..AlertQuestion::new(of.today.unwrap_or_else(watch::now)) }
}

/// The alarm meant: among those of the last days, else of all days.
pub(super) fn find(store: &Store, rules: &Rules, of: &Of, id: &str) -> Result<AlarmRow, Failure> {
    if !id.starts_with("a:") || id.len() < 4 {
        return Err(
            Failure::new(format!("\"{id}\" is no id of an alarm")).hint("they look like a:41d0…; `detente alerts --all` lists them")
        );
    }
    let q = question(of);
    watch::alarm(store, rules, &q, id).or_else(|_| watch::alarm(store, rules, &AlertQuestion { since: Some(Date::MIN), ..q }, id))
}

fn said(say: &Say, state: &str, until: Option<Date>, settings: &Settings, rules: &Rules) -> Result<Exit, Stop> {
    let mut store = Store::open_write(&say.of.store.path(settings))?;
    let row = find(&store, rules, &say.of, &say.id)?;
    let until = until.map(|d| d.to_string());
    let author = say.author.clone().unwrap_or_else(author);
    store.say_of_alarm(&row.id, state, until.as_deref(), say.note.as_deref(), &author)?;
    let end = until.map_or(String::new(), |d| format!(" until {d}"));
    failure::note(&format!("{} {} ({}) is {state}{end}; `detente alerts undo {}` takes it back", row.dyad, row.rule, row.first, row.id));
    Ok(Exit::Found)
}

fn list(args: &AlertsArgs, settings: &Settings, rules: &Rules) -> Result<Exit, Stop> {
    let path = args.of.store.path(settings);
    let store = Store::open_read(&path)?;
    let known: Vec<&str> =
        rules.alarms.iter().map(|r| r.name.as_str()).chain(rules.openings.iter().map(|(r, _)| r.kind.as_str())).collect();
    if let Some(wrong) = args.rules.iter().find(|r| !known.iter().any(|k| k.eq_ignore_ascii_case(r))) {
        return Err(Failure::new(format!("no rule \"{wrong}\"")).hint(format!("the rules are {}", known.join(", "))).into());
    }
    let states = match (args.all, args.states.is_empty()) {
        (true, _) => Vec::new(),
        (_, true) => vec!["new".to_owned(), "confirmed".to_owned()],
        _ => args.states.clone(),
    };
    let q = AlertQuestion {
        since: args.since,
        dyad: args.dyad.as_ref().map(|(a, b)| (rules.side(a), rules.side(b))),
        actor: args.actor.clone(),
        rules: args.rules.clone(),
        states,
        because: if args.form.json { 20 } else { 0 },
        ..question(&args.of)
    };
    let found = watch::alerts(&store, rules, &q)?;
    let mut out = Output::open(None)?;
    let limit = args.limit.unwrap_or(if args.form.json || args.form.csv { usize::MAX } else { 50 });
    if args.form.json {
        for row in found.alarms.iter().take(limit) {
            out.text(&format!("{}\n", value(row)))?;
        }
    } else if args.form.csv {
        for (i, row) in found.alarms.iter().take(limit).enumerate() {
            let Value::Object(mut map) = value(row) else { continue };
            map.remove("because");
            if i == 0 {
                out.bytes(&csv_line(map.keys().map(String::as_str)))?;
            }
            let cells: Vec<String> = map.values().map(plain).collect();
            out.bytes(&csv_line(cells.iter().map(String::as_str)))?;
        }
    } else {
        out.text(&table(&found.alarms[..found.alarms.len().min(limit)]))?;
        if found.alarms.len() > limit {
            failure::note(&format!("the first {limit} of {}; --limit shows more", found.alarms.len()));
        }
        if let (Some(since), Some(today)) = (found.since, found.today) {
            failure::note(&format!("{} pairs, {since} to {today}, coded by {}", found.pairs, found.coder));
        }
    }
    out.flush()?;
    drop(store);
    if args.deliver {
        let fresh: Vec<&AlarmRow> = found.alarms.iter().filter(|a| a.state == "new").collect();
        deliver(&mut Store::open_write(&path)?, &rules.delivery, &fresh)?;
    }
    Ok(if found.alarms.is_empty() { Exit::Nothing } else { Exit::Found })
}

fn value(row: &AlarmRow) -> Value {
    // A row of plain values: nothing in it can fail to serialise.
    serde_json::to_value(row).expect("an alarm is plain data")
}

fn table(rows: &[AlarmRow]) -> String {
    let mut columns = Columns::default();
    if rows.is_empty() {
        return String::new();
    }
    columns.row(["id", "dyad", "", "rule", "first", "last", "what", "state"].map(|h| cell(h).style(BOLD)));
    for row in rows {
        let style = if row.sign == "◆" { DEED } else { TALK };
        let state = row.until.as_ref().map_or_else(|| row.state.clone(), |u| format!("{} until {u}", row.state));
        columns.row([
            cell(row.id.clone()).style(DIM),
            cell(row.dyad.clone()),
            cell(row.sign).style(style),
            cell(row.rule.clone()),
            cell(row.first.to_string()),
            cell(row.last.to_string()),
            cell(row.says.clone()),
            cell(if state == "new" { String::new() } else { state }).style(DIM),
        ]);
    }
    columns.lines()
}

fn show(args: &Show, settings: &Settings, rules: &Rules) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.of.store.path(settings))?;
    opened(&store, rules, &args.of, &args.id, args.limit, args.json)
}

/// An alarm with the events behind it.
pub(super) fn opened(store: &Store, rules: &Rules, of: &Of, id: &str, limit: usize, json: bool) -> Result<Exit, Stop> {
    let row = find(store, rules, of, id)?;
    let events = watch::behind(store, rules, &row, limit)?;
    let mut out = Output::open(None)?;
    if json {
        out.text(&format!("{}\n", json!({"alarm": value(&row), "events": events})))?;
    } else {
        out.text(&format!(
            "{BOLD}{} {} {}{BOLD:#}  {} to {}\n{}\nhighest on {}; the cause is told from {} to {}\n",
            row.sign, row.dyad, row.rule, row.first, row.last, row.says, row.peak, row.cause_from, row.cause_to
        ))?;
        if let Some(note) = &row.note {
            out.text(&format!("{} {}: {}\n", DIM, row.state, clean(note)))?;
        }
        out.text(&super::events::table(&events))?;
        for event in events.iter().filter(|e| !super::filters::text(e, "evidence").is_empty()).take(3) {
            out.text(&format!("{DIM}\"{}\"{DIM:#}\n", shorten(super::filters::text(event, "evidence"), 160)))?;
        }
        if events.len() == limit {
            failure::note(&format!("the latest {limit}; --limit shows more"));
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}
