//! Red lines of a store: from its statements, with later events that may cross them.

use crate::failure::{Failure, Stop};
use crate::store::{Filter, Row, Rows, Side, Store, Verdict, Wanted};
use detente_core::model::Date;
use detente_watch::day;
use detente_watch::redline::{self, Deed, Line, Said};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Days after its last restatement for which a line is held to be in force.
const IN_FORCE: i32 = 365;

/// What is asked.
#[derive(Clone, Debug)]
pub struct RedlineQuestion {
    /// Only lines between these, either way round.
    pub dyad: Option<(Side, Side)>,
    /// Only lines of this side.
    pub holder: Option<Side>,
    /// Only lines stated on or after this day.
    pub since: Option<Date>,
    /// Events after this day are not looked at.
    pub now: Date,
    /// Coder of the events, by the beginning of its name; without it, every coder's.
    pub coder: Option<String>,
    /// At most so many candidates for each line, the likeliest first.
    pub candidates: usize,
}

impl RedlineQuestion {
    /// All lines, with 20 candidates each.
    pub fn new(now: Date) -> Self {
        Self { dyad: None, holder: None, since: None, now, coder: None, candidates: 20 }
    }
}

/// A red line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RedlineRow {
    /// `r:` and a hash of holder, addressee and matter.
    pub id: String,
    /// Whose line it is.
    pub holder: String,
    /// Against whom; null when nobody is named.
    pub addressee: Option<String>,
    /// Third sides the line is about: where.
    pub places: Vec<String>,
    /// What is not accepted, in the words of the latest statement that names it.
    pub matter: String,
    /// First day.
    #[serde(serialize_with = "super::as_text_or_null")]
    pub first: Option<Date>,
    /// Last day.
    #[serde(serialize_with = "super::as_text_or_null")]
    pub last: Option<Date>,
    /// Statements that draw it.
    pub times: usize,
    /// Origins of those statements, where they are named.
    pub origins: usize,
    /// Who said so.
    pub speakers: Vec<String>,
    /// Ids of the statements, the earliest first.
    pub statements: Vec<String>,
    /// Whether a consequence was announced.
    pub threat: bool,
    /// Later events that may cross it, the likeliest first.
    pub crossings: Vec<CrossingRow>,
    /// How many candidates there are in all.
    pub candidates: usize,
}

/// A later event that may cross a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // Columns of the event, and what was said of it.
pub struct CrossingRow {
    pub event: String,
    #[serde(serialize_with = "super::as_text")]
    pub day: Date,
    pub source: String,
    pub cameo: String,
    pub cameo_name: Option<String>,
    pub target: Option<String>,
    pub place_country: Option<String>,
    pub evidence: Option<String>,
    /// Points, out of 6.
    pub points: u32,
    /// What the points are for.
    pub why: Vec<&'static str>,
    /// crossed, kept, open; null while nobody judged.
    pub verdict: Option<String>,
    pub note: Option<String>,
}

/// The red lines, those stated last first.
///
/// # Errors
/// The store cannot be read.
pub fn redlines(store: &Store, q: &RedlineQuestion) -> Result<Vec<RedlineRow>, Stop> {
    let mut rows: Vec<(Row, Option<String>)> = Vec::new();
    let filter = Filter { acts: vec!["red line".to_owned()], to: Some(q.now), ..Filter::default() };
    store.each(Wanted::Statements, &filter, Rows::default(), |row| {
        let day = ["date_first", "published"].iter().find_map(|c| text(&row, c));
        rows.push((row, day));
        Ok(())
    })?;
    // Words nobody is known to have said are nobody's line.
    let said: Vec<Said> = rows.iter().filter_map(|(row, day)| said(row, day.as_deref())).collect();
    let by_id = |id: &str| rows.iter().find(|(r, _)| text(r, "id").as_deref() == Some(id)).map(|(r, _)| r);
    let verdicts = store.verdicts()?;
    let mut out = Vec::new();
    for line in redline::lines(&said) {
        if !wanted(q, &line) {
            continue;
        }
        let of: Vec<&Row> = line.said.iter().filter_map(|i| by_id(&said[*i].id)).collect();
        let unique = |column: &str| -> BTreeSet<String> { of.iter().filter_map(|r| text(r, column)).collect() };
        let matter = line.said.iter().rev().map(|i| said[*i].matter.clone()).find(|m| !m.is_empty()).unwrap_or_default();
        let id = id(&line, &said);
        let mut crossings = crossings(store, q, &line, &id, &verdicts)?;
        let candidates = crossings.len();
        crossings.truncate(q.candidates);
        out.push(RedlineRow {
            id,
            holder: line.holder.clone(),
            addressee: line.addressee.clone(),
            places: line.places.clone(),
            matter,
            first: line.first.map(day::date),
            last: line.last.map(day::date),
            times: line.said.len(),
            origins: unique("origin").len(),
            speakers: unique("speaker_name").into_iter().collect(),
            statements: line.said.iter().map(|i| said[*i].id.clone()).collect(),
            threat: of.iter().any(|r| r.get("acts").and_then(|a| a.as_array()).is_some_and(|a| a.iter().any(|x| x == "threat"))),
            crossings,
            candidates,
        });
    }
    out.sort_by(|x, y| (y.last, &x.id).cmp(&(x.last, &y.id)));
    Ok(out)
}

fn text(row: &Row, column: &str) -> Option<String> {
    row.get(column).and_then(|v| v.as_str()).filter(|s| !s.is_empty()).map(str::to_owned)
}

/// The side of a code: its country, or the code of an actor of no country.
fn side(code: &str) -> String {
    crate::record::country_sector(code).0.unwrap_or_else(|| code.to_owned())
}

fn said(row: &Row, day: Option<&str>) -> Option<Said> {
    let holder = side(&text(row, "speaker")?);
    let about = row.get("about").and_then(|a| a.as_array()).into_iter().flatten().filter_map(|a| a.as_str()).map(side).collect();
    Some(Said {
        id: text(row, "id")?,
        day: day.and_then(day::parse),
        addressee: text(row, "addressee").map(|a| side(&a)).filter(|a| *a != holder),
        holder,
        about,
        matter: text(row, "issue").or_else(|| text(row, "content")).or_else(|| text(row, "evidence")).unwrap_or_default(),
    })
}

fn wanted(q: &RedlineQuestion, line: &Line) -> bool {
    let has = |side: &Side, code: &str| side.members.iter().any(|m| m == code);
    let between = q.dyad.as_ref().is_none_or(|(a, b)| {
        let addressed = |side: &Side| line.addressee.as_ref().is_some_and(|x| has(side, x));
        (has(a, &line.holder) && addressed(b)) || (has(b, &line.holder) && addressed(a))
    });
    let held = q.holder.as_ref().is_none_or(|h| has(h, &line.holder));
    let late = q.since.is_none_or(|since| line.last.is_some_and(|last| last >= day::number(since)));
    between && held && late
}

/// The same line keeps its id when it is said again.
fn id(line: &Line, said: &[Said]) -> String {
    let matter = if line.places.is_empty() { line.said.first().map_or("", |i| &said[*i].id).to_owned() } else { line.places.join(" ") };
    let mut hash = Sha256::new();
    hash.update(format!("{}\n{}\n{matter}", line.holder, line.addressee.as_deref().unwrap_or("")));
    format!("r:{}", hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect::<String>())
}

fn crossings(
    store: &Store,
    q: &RedlineQuestion,
    line: &Line,
    id: &str,
    verdicts: &std::collections::HashMap<(String, String), Verdict>,
) -> Result<Vec<CrossingRow>, Stop> {
    let (Some(addressee), Some(first), Some(last)) = (&line.addressee, line.first, line.last) else { return Ok(Vec::new()) };
    let to = q.now.min(day::date(last.saturating_add(IN_FORCE)));
    let filter = Filter {
        source: Some(addressee.clone()),
        from: Some(day::date(first)),
        to: Some(to),
        modes: super::modes(),
        coder: q.coder.clone(),
        ..Filter::default()
    };
    let mut out = Vec::new();
    store.each(Wanted::Events, &filter, Rows::default(), |row| {
        let Some(day) =
            text(&row, "date_first").filter(|_| text(&row, "date_first") == text(&row, "date_last")).or_else(|| text(&row, "published"))
        else {
            return Ok(());
        };
        let deed = Deed {
            day: day::parse(&day).unwrap_or(i32::MIN),
            source: addressee.clone(),
            target: text(&row, "target").map(|t| side(&t)),
            place: text(&row, "place_country"),
            code: text(&row, "cameo").unwrap_or_default(),
            quad: row.get("quad").and_then(|v| v.as_u64()).and_then(|v| u8::try_from(v).ok()).unwrap_or(0),
            words: text(&row, "evidence"),
        };
        let Some((points, why)) = redline::crossing(line, &deed) else { return Ok(()) };
        let event = text(&row, "id").unwrap_or_default();
        let said = verdicts.get(&(id.to_owned(), event.clone()));
        out.push(CrossingRow {
            event,
            day: day::date(deed.day),
            source: text(&row, "source").unwrap_or_default(),
            cameo: deed.code,
            cameo_name: text(&row, "cameo_name"),
            target: text(&row, "target"),
            place_country: deed.place,
            evidence: deed.words,
            points,
            why,
            verdict: said.map(|v| v.verdict.clone()),
            note: said.and_then(|v| v.note.clone()),
        });
        Ok(())
    })?;
    out.sort_by(|x, y| (y.points, y.day, &x.event).cmp(&(x.points, x.day, &y.event)));
    Ok(out)
}

/// The line whose id begins so.
///
/// # Errors
/// There is none, or several.
pub fn redline(store: &Store, q: &RedlineQuestion, id: &str) -> Result<RedlineRow, Stop> {
    let mut fitting = redlines(store, q)?.into_iter().filter(|l| l.id.starts_with(id));
    match (fitting.next(), fitting.next()) {
        (Some(line), None) => Ok(line),
        (None, _) => Err(Failure::new(format!("no red line \"{id}\"")).hint("`detente redlines` lists them").into()),
        _ => Err(Failure::new(format!("several red lines begin with \"{id}\"")).hint("give more of the id").into()),
    }
}
