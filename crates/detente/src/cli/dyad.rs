//! `detente dyad`: the series of a pair of actors, or of one, with its usual band, alarms and marks.

use super::Exit;
use super::options::{Form, StoreArg, date};
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DEED, DIM, TALK, cell};
use crate::store::{By, Store};
use crate::watch::{self, AlertQuestion, PointRow, Rules, SeriesQuestion, SeriesRows, Step, plot};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use detente_core::model::Date;
use detente_watch::series::Measure;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Options of `dyad`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente dyad IRN ISR --step month
  detente dyad IRN ISR --from 2018-01-01 --to 2018-07-31 --csv
  detente dyad IRN ISR --step week --plot iran-israel.svg
  detente dyad RUS USA --directed --coder icews --measure force
  detente dyad IRN ISR --by outlet                   # how many outlets tell each step's events
  detente dyad SYR                                   # one actor with everybody

A side is a country with all its sectors, the code of a body or group of no country, a code with a sector
(LBNREB), or a name of [sides] in detente.toml. Steps without events are zero; `read events` says whether anything
was read of them, and of how many days where it was not all. Counted are events told as having happened or claimed, unless --mode says otherwise. Events of
different coders are never added up. The usual band (5 to 95 %, with the median) is that of the steps before
each step. Events dated after today are left out.")]
pub struct DyadArgs {
    /// One side
    #[arg(value_name = "A")]
    a: String,
    /// The other side; without it, everybody
    #[arg(value_name = "B")]
    b: Option<String>,
    /// Only what the first does to the second
    #[arg(long)]
    directed: bool,
    /// Length of the steps
    #[arg(long, value_name = "STEP", default_value = "day", value_parser = step())]
    step: Step,
    /// First day [default: the first with events of the pair]
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Last day [default: the last day read]
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Days after this one are not looked at [default: this day]
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
    /// What the band, the line and the plot are of: tension, force, threat, conflict, cooperation, goldstein, …
    #[arg(long, value_name = "MEASURE", default_value = "tension", value_parser = measure)]
    measure: Measure,
    /// Modes that count
    #[arg(long = "mode", value_name = "MODE", value_delimiter = ',')]
    modes: Vec<String>,
    /// Whom the table counts beside the events: origins, outlets or articles; JSON and CSV have all three
    #[arg(long, value_name = "WHAT", default_value = "origin", value_parser = by())]
    by: By,
    /// Coder, by the beginning of its name
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// Draw the series with band and marks into a file (.svg)
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    store: StoreArg,
}

fn step() -> impl TypedValueParser<Value = Step> {
    PossibleValuesParser::new(Step::ALL.map(|s| s.1)).try_map(|name| Step::named(&name).ok_or("no such step"))
}

fn by() -> impl TypedValueParser<Value = By> {
    PossibleValuesParser::new(["origin", "outlet", "article"]).try_map(|name| <By as clap::ValueEnum>::from_str(&name, false))
}

fn measure(name: &str) -> Result<Measure, String> {
    let names = Measure::ALL.map(|(_, name)| name).join(", ");
    Measure::named(&name.replace('-', "_")).ok_or_else(|| format!("the measures are {names}"))
}

/// Columns of the table, which are the first of the CSV too.
const NAMES: [&str; 8] =
    ["start", "events", "verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict", "unknown", "goldstein"];

/// Columns of the CSV that the table leaves out.
const MORE: [&str; 21] = [
    "end",
    "goldstein_mean",
    "cooperation",
    "conflict",
    "threat",
    "posture",
    "coercion",
    "force",
    "tension",
    "warmth",
    "origins",
    "origins_assumed",
    "outlets",
    "articles",
    "read_events",
    "read_articles",
    "days_read",
    "value",
    "usual_low",
    "usual_median",
    "usual_high",
];

pub(super) fn run(args: &DyadArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    let rules = Rules::load(&settings)?;
    if let Some(path) = &args.plot
        && path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("svg"))
    {
        return Err(Failure::new(format!("cannot draw {}: only .svg is drawn", path.display()))
            .hint("name it .svg; a browser, Inkscape or `rsvg-convert -o a.png a.svg` makes other formats of it")
            .into());
    }
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from > to
    {
        return Err(Failure::new(format!("--from {from} is after --to {to}")).hint("give the earlier day first").into());
    }
    let store = Store::open_read(&args.store.path(&settings))?;
    let now = args.today.unwrap_or_else(watch::now);
    let question = SeriesQuestion {
        directed: args.directed,
        coder: args.coder.clone(),
        modes: args.modes.clone(),
        step: args.step,
        from: args.from,
        to: args.to,
        measure: args.measure,
        ..SeriesQuestion::new(rules.side(&args.a), args.b.as_ref().map(|b| rules.side(b)), now)
    };
    let Some(found) = watch::series(&store, &question)? else {
        let (_, name) = store.coder(args.coder.as_deref())?;
        failure::note(&format!("{name} has no events of {} up to {now}", question.name()));
        return Ok(Exit::Nothing);
    };
    if found.future > 0 {
        failure::warning(&format!(
            "{} events are dated after {}, the last day read up to {now}; they are left out",
            found.future, found.today
        ));
    }
    let mut out = Output::open(None)?;
    if args.form.json {
        for p in &found.points {
            out.text(&format!("{}\n", value(&found, p)))?;
        }
    } else if args.form.csv {
        // One writer for all lines: ten years of days are many.
        let mut lines = csv::Writer::from_writer(Vec::new());
        let header = NAMES.into_iter().chain(MORE).chain(ROOTS).map(str::to_owned).collect();
        for cells in std::iter::once(header).chain(found.points.iter().map(all_cells)) {
            lines.write_record(&cells).expect("memory can be written, and all lines are of the same length");
        }
        out.bytes(&lines.into_inner().unwrap_or_default())?;
    } else {
        table(&mut out, &store, &rules, &question, &found, args.by)?;
    }
    out.flush()?;
    if let Some(path) = &args.plot {
        let (from, to) = bounds(&found);
        let marks = watch::marks(&store, &rules, &question, from, to, 400)?;
        let mut file = Output::open(Some(path))?;
        file.text(&plot::svg(&found, &marks))?;
        file.flush()?;
        failure::note(&format!("drawn: {}", path.display()));
    }
    Ok(Exit::Found)
}

fn bounds(found: &SeriesRows) -> (Date, Date) {
    (found.points.first().map_or(found.today, |p| p.start), found.points.last().map_or(found.today, |p| p.end))
}

/// From how many a step's events come, those that are assumed marked; unknown for imported events.
fn told_by(p: &PointRow, by: By) -> String {
    let (n, assumed) = match by {
        By::Outlet => (p.outlets, None),
        By::Article => (p.articles, None),
        _ => (p.origins, p.origins_assumed),
    };
    let n = n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    assumed.filter(|a| *a > 0).map_or_else(|| n.clone(), |a| format!("{n} ({a} assumed)"))
}

fn table(out: &mut Output, store: &Store, rules: &Rules, q: &SeriesQuestion, found: &SeriesRows, by: By) -> Result<(), Stop> {
    let sides = q.b.as_ref().map_or_else(
        || format!("{} with everybody", q.a.name),
        |b| format!("{} {} {}", q.a.name, if q.directed { "to" } else { "and" }, b.name),
    );
    out.text(&format!("{BOLD}{sides}{BOLD:#}, coded by {}\n", found.coder))?;
    let values: Vec<f64> = found.points.iter().map(|p| p.value).collect();
    out.text(&format!(
        "{}  {}\n{DIM}{}: {}{DIM:#}\n",
        plot::sparkline(&values, 72),
        found.measure,
        plot::summary(found),
        found.measure_about
    ))?;
    let mut columns = Columns::default();
    let names = NAMES.iter().map(|n| n.replace('_', " ")).chain([
        found.measure.replace('_', " "),
        "usual".into(),
        "".into(),
        format!("{}s", by.name()),
        "read".into(),
    ]);
    columns.row(names.map(|n| cell(n).style(BOLD).right()));
    for p in &found.points {
        let usual = p.usual.map_or_else(|| "-".to_owned(), |u| format!("{}..{}", short(u.low), short(u.high)));
        // Outside its band, above or below.
        let sign = p.usual.map_or("", |u| {
            if p.value > u.high {
                "↑"
            } else if p.value < u.low && !p.partial() {
                "↓"
            } else {
                ""
            }
        });
        let read = p.read_articles.unwrap_or(p.read_events);
        // A step of which only a part was read is not quiet.
        let read = if p.partial() { format!("{read} ({} of {} days)", p.days_read, p.days()) } else { read.to_string() };
        let row = cells(p).into_iter().chain([short(p.value), usual, sign.to_owned(), told_by(p, by), read]);
        let style = if p.read_events == 0 { DIM } else { anstyle::Style::new() };
        columns.row(row.map(|c| cell(c).right().style(style)));
    }
    out.text(&columns.lines())?;
    let (Some(b), false) = (&q.b, q.directed) else { return Ok(()) };
    let (from, to) = bounds(found);
    let alerts = watch::alerts(
        store,
        rules,
        &AlertQuestion {
            coder: Some(found.coder.clone()),
            since: Some(from),
            dyad: Some((q.a.clone(), b.clone())),
            because: 0,
            ..AlertQuestion::new(to.min(found.today))
        },
    )?;
    let mut lines = Columns::default();
    for a in alerts.alarms.iter().filter(|a| a.state != "false").take(12) {
        let style = if a.sign == "◆" { DEED } else { TALK };
        lines.row([
            cell(a.sign).style(style),
            cell(a.rule.clone()),
            cell(format!("{} to {}", a.first, a.last)),
            cell(a.says.clone()),
            cell(a.id.clone()).style(DIM),
        ]);
    }
    if !alerts.alarms.is_empty() {
        let more = if alerts.alarms.len() > 12 { format!(" (the latest 12 of {})", alerts.alarms.len()) } else { String::new() };
        out.text(&format!("{BOLD}alarms and openings{BOLD:#}{more}\n{}", lines.lines()))?;
    }
    Ok(())
}

fn value(found: &SeriesRows, p: &PointRow) -> Value {
    let mut out = json!({"dyad": found.name, "coder": found.coder, "measure": found.measure});
    // A row of plain values: nothing in it can fail to serialise.
    if let (Value::Object(out), Ok(Value::Object(more))) = (&mut out, serde_json::to_value(p)) {
        out.extend(more);
    }
    out
}

const ROOTS: [&str; 20] = [
    "r01", "r02", "r03", "r04", "r05", "r06", "r07", "r08", "r09", "r10", "r11", "r12", "r13", "r14", "r15", "r16", "r17", "r18", "r19",
    "r20",
];

fn cells(p: &PointRow) -> [String; 8] {
    let n = |n: u32| n.to_string();
    let quads = [n(p.verbal_cooperation), n(p.material_cooperation), n(p.verbal_conflict), n(p.material_conflict)];
    let [a, b, c, d] = quads;
    [p.start.to_string(), n(p.events), a, b, c, d, n(p.unknown), format!("{:.1}", p.goldstein)]
}

fn all_cells(p: &PointRow) -> Vec<String> {
    let maybe = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    let mut out: Vec<String> = cells(p).into();
    out.push(p.end.to_string());
    out.push(maybe(p.goldstein_mean));
    out.extend([p.cooperation, p.conflict, p.threat, p.posture, p.coercion, p.force, p.tension, p.warmth].map(|x| x.to_string()));
    out.extend([p.origins, p.origins_assumed, p.outlets, p.articles].map(|n| n.map_or_else(String::new, |n| n.to_string())));
    out.push(p.read_events.to_string());
    out.push(p.read_articles.map_or_else(String::new, |n| n.to_string()));
    out.push(p.days_read.to_string());
    out.push(p.value.to_string());
    out.extend([maybe(p.usual.map(|u| u.low)), maybe(p.usual.map(|u| u.median)), maybe(p.usual.map(|u| u.high))]);
    out.extend(ROOTS.iter().map(|r| p.roots.get(&r[1..]).copied().unwrap_or(0).to_string()));
    out
}

fn short(x: f64) -> String {
    if x.fract().abs() < 1e-9 { format!("{x:.0}") } else { format!("{x:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_have_names() {
        assert_eq!(measure("verbal-conflict"), Ok(Measure::VerbalConflict));
        assert!(measure("anger").is_err_and(|e| e.contains("tension")));
    }
}
