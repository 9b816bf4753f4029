//! `detente status`, or `detente` alone: what is in the store, what failed, what to do next.

use super::Exit;
use super::options::StoreArg;
use crate::config::Settings;
use crate::failure::Stop;
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell, clean};
use crate::store::{Status, Store};
use clap::Args;

/// Options of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// List the articles that could not be coded, and why
    #[arg(long)]
    failed: bool,
    #[command(flatten)]
    store: StoreArg,
}

impl Default for StatusArgs {
    fn default() -> Self {
        Self { json: false, failed: false, store: StoreArg { store: None } }
    }
}

pub(super) fn run(args: &StatusArgs) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let status = store.status()?;
    let mut out = Output::open(None)?;
    if args.failed {
        for (id, why) in store.uncodable()? {
            out.text(&format!("{id}\t{}\n", clean(&why)))?;
        }
    } else if args.json {
        // Plain texts and numbers: nothing in them can fail to serialise.
        let line = serde_json::to_string(&status).expect("a status is plain data");
        out.text(&format!("{line}\n"))?;
    } else {
        out.text(&shown(&store, &status))?;
    }
    out.flush()?;
    let empty = status.articles == 0 && status.coders.is_empty();
    Ok(if empty { Exit::Nothing } else { Exit::Found })
}

fn shown(store: &Store, s: &Status) -> String {
    let mut columns = Columns::default();
    let mut row = |what: &str, n: i64, more: String| {
        columns.row([cell(what).style(BOLD), cell(n.to_string()).right(), cell(clean(&more).into_owned()).style(DIM)])
    };
    let span = s.first.as_deref().zip(s.last.as_deref()).map_or(String::new(), |(a, b)| format!("{a} to {b}"));
    let undated = if s.undated > 0 { format!("{} without a date", s.undated) } else { String::new() };
    row("articles", s.articles, [span, undated].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", "));
    row("events", s.events, "read from articles".to_owned());
    row("statements", s.statements, String::new());
    let idle = if s.idle > 0 { format!("{} find no record in the present reading", s.idle) } else { String::new() };
    row("corrections", s.corrections, idle);
    if s.feeds + s.fetch_due + s.fetch_failures > 0 {
        let more = [(s.fetch_due, "pages are waiting"), (s.fetch_failures, "pages or feeds could not be had")];
        let more: Vec<String> = more.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        row("feeds", s.feeds, more.join(", "));
    }
    for (coder, ontology, n) in &s.coders {
        row("series", *n, format!("events with a day, coded by {coder} ({ontology})"));
    }
    for i in &s.imports {
        let state = if i.finished.is_some() { String::new() } else { ", CUT SHORT".to_owned() };
        row("import", i.taken, format!("of {} ({}): {} known, {} rejected{state}", i.file, i.format, i.known, i.rejected));
    }
    let next = next(s);
    format!("{BOLD}{}{BOLD:#}\n{}{DIM}next:{DIM:#} {next}\n", clean(&store.path().display().to_string()), columns.lines())
}

/// The most useful thing to do now.
fn next(s: &Status) -> String {
    if let Some(open) = s.imports.iter().find(|i| i.finished.is_none()) {
        return format!("detente import {} (goes on after row {})", open.file, open.lines);
    }
    if s.fetch_due > 0 {
        return format!("detente fetch ({} pages are waiting)", s.fetch_due);
    }
    if s.articles == 0 && s.coders.is_empty() {
        return "detente fetch URL…, detente import FILE…".to_owned();
    }
    if s.run_open {
        return "detente code --all (goes on where it stopped)".to_owned();
    }
    if s.uncoded > 0 {
        return format!("detente code --new ({} not coded yet)", s.uncoded);
    }
    if s.failed > 0 {
        return format!("detente status --failed ({} could not be coded)", s.failed);
    }
    "detente events --latest, detente dyad A B, detente search WORDS".to_owned()
}
