//! `detente dyad`: the series of a pair of actors.

use super::Exit;
use super::filters::csv_line;
use super::options::{StoreArg, date};
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, cell};
use crate::store::{Filter, Point, Step, Store};
use clap::Args;
use detente_core::model::Date;
use serde_json::json;

/// Options of `dyad`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente dyad IRN ISR --step month
  detente dyad IRN ISR --from 2018-01-01 --to 2018-07-31 --csv
  detente dyad RUS USA --directed --coder icews

A side is a country with all its sectors, or the code of a body or group of no country. Steps
without events are zero. Counted are events told as having happened or claimed, unless --mode says
otherwise. Events of different coders are never added up.")]
pub struct DyadArgs {
    /// One side
    #[arg(value_name = "A")]
    a: String,
    /// The other side
    #[arg(value_name = "B")]
    b: String,
    /// Only what the first does to the second
    #[arg(long)]
    directed: bool,
    /// Length of the steps
    #[arg(long, value_enum, default_value_t)]
    step: Step,
    /// First day
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Modes that count
    #[arg(long = "mode", value_name = "MODE", value_delimiter = ',')]
    modes: Vec<String>,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// A table parted by commas
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &DyadArgs) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(&Settings::load()?))?;
    let (coder, name) = coder(&store, args.coder.as_deref())?;
    let filter = Filter { from: args.from, to: args.to, modes: args.modes.clone(), ..Filter::default() };
    let (a, b) = (args.a.to_uppercase(), args.b.to_uppercase());
    let points = store.series((&a, &b), args.directed, coder, args.step, &filter)?;
    if points.is_empty() {
        failure::note(&format!("{name} has no events of {a} and {b}"));
        return Ok(Exit::Nothing);
    }
    let points = filled(points, args.step, args.from, args.to);
    let mut out = Output::open(None)?;
    const NAMES: [&str; 8] =
        ["start", "events", "verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict", "unknown", "goldstein"];
    if args.json {
        for p in &points {
            let line = json!({"dyad": format!("{a}-{b}"), "coder": name, "start": p.start, "events": p.events, "verbal_cooperation": p.quad[1],
                "material_cooperation": p.quad[2], "verbal_conflict": p.quad[3], "material_conflict": p.quad[4], "unknown": p.quad[0], "goldstein": p.goldstein});
            out.text(&format!("{line}\n"))?;
        }
    } else if args.csv {
        out.bytes(&csv_line(NAMES))?;
        for p in &points {
            let cells = cells(p);
            out.bytes(&csv_line(cells.iter().map(String::as_str)))?;
        }
    } else {
        let mut columns = Columns::default();
        columns.row(NAMES.map(|n| cell(n.replace('_', " ")).style(BOLD).right()));
        points.iter().for_each(|p| columns.row(cells(p).map(|c| cell(c).right())));
        out.text(&format!("{BOLD}{a} and {b}{BOLD:#}, coded by {name}\n{}", columns.lines()))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

fn cells(p: &Point) -> [String; 8] {
    let n = |i: usize| p.quad[i].to_string();
    [p.start.clone(), p.events.to_string(), n(1), n(2), n(3), n(4), n(0), format!("{:.1}", p.goldstein)]
}

/// The coder meant: the one named, the only one, or our own.
fn coder(store: &Store, named: Option<&str>) -> Result<(i64, String), Failure> {
    let all = store.coders()?;
    let list = || all.iter().map(|(_, name, _, n)| format!("{name} ({n} events)")).collect::<Vec<_>>().join(", ");
    let mut fitting = all.iter().filter(|(_, name, ..)| named.is_none_or(|n| name.starts_with(n)));
    let Some(first) = fitting.next() else {
        return Err(match named {
            Some(named) => Failure::new(format!("no coder \"{named}\"")).hint(format!("the store has {}", list())),
            None => Failure::new("the store holds no events").hint("detente import FILE…, detente code --new"),
        });
    };
    let second = fitting.next();
    let own = all.iter().find(|(_, name, _, n)| name == crate::record::CODER_VERSION && *n > 0);
    match (second, own) {
        (Some(_), Some(own)) if named.is_none() => Ok((own.0, own.1.clone())),
        (Some((.., 0)), _) | (None, _) => Ok((first.0, first.1.clone())),
        _ => Err(Failure::new("several coders have events").hint(format!("choose with --coder: {}", list()))),
    }
}

/// Steps without events put in between, from the first day asked for, or that has events, to the last.
fn filled(points: Vec<Point>, step: Step, from: Option<Date>, to: Option<Date>) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return points };
    let day = |s: &str| s.parse::<Date>().ok();
    let begin = from.map(|d| start(d, step)).or_else(|| day(&first.start));
    let end = to.map(|d| start(d, step)).or_else(|| day(&last.start));
    let (Some(mut at), Some(end)) = (begin, end) else { return points };
    let mut have = points.into_iter().peekable();
    let mut out = Vec::new();
    while at <= end {
        let name = at.to_string();
        match have.next_if(|p| p.start == name) {
            Some(p) => out.push(p),
            None => out.push(Point { start: name, ..Point::default() }),
        }
        let Ok(next) = (match step {
            Step::Day => at.tomorrow(),
            Step::Week => at.checked_add(jiff::Span::new().weeks(1)),
            Step::Month => at.checked_add(jiff::Span::new().months(1)),
            Step::Year => at.checked_add(jiff::Span::new().years(1)),
        }) else {
            break;
        };
        at = next;
    }
    out
}

/// The first day of the step a day lies in.
fn start(day: Date, step: Step) -> Date {
    match step {
        Step::Day => day,
        Step::Week => day.checked_sub(jiff::Span::new().days(day.weekday().to_monday_zero_offset())).unwrap_or(day),
        Step::Month => day.first_of_month(),
        Step::Year => day.first_of_year(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled() {
        let point = |start: &str| Point { start: start.into(), events: 1, ..Point::default() };
        let check = |step, points: &[&str], expect: usize| {
            let out = filled(points.iter().map(|p| point(p)).collect(), step, None, None);
            assert_eq!((out.len(), out.iter().map(|p| p.events).sum::<i64>()), (expect, points.len() as i64));
        };
        check(Step::Day, &["2018-02-27", "2018-03-02"], 4);
        check(Step::Week, &["2018-07-09", "2018-07-23"], 3);
        check(Step::Month, &["2017-11-01", "2018-02-01"], 4);
        check(Step::Year, &["2018-01-01"], 1);
        assert_eq!(start("2018-07-15".parse().unwrap(), Step::Week).to_string(), "2018-07-09");
    }
}
