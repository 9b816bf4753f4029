//! Corrections: what a person said of a record. They are ground: kept when everything derived is
//! made anew, laid over each new reading of the article, and taken back without being lost.

use super::{Reading, Store, StoredArticle, coded, now};
use crate::failure::Failure;
use crate::record::{EventRecord, Records, country_sector};
use detente_core::knowledge::ontology::Ontology;
use detente_core::model::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// What is said of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// It is right as it stands.
    Right,
    /// There is no such event or statement; it is left out.
    Wrong,
    /// One field is another.
    Change,
}

impl Kind {
    /// Name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Right => "right",
            Kind::Wrong => "wrong",
            Kind::Change => "change",
        }
    }
}

/// Fields of an event that can be changed.
pub const FIELDS: &[&str] = &["source", "target", "cameo", "mode", "date", "place"];

const MODES: &[&str] = &["happened", "future", "hypothetical", "negated", "historical", "claimed"];

/// A correction to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// Id of the article.
    pub article: String,
    /// Id of the record.
    pub record: String,
    /// What is said of it.
    pub kind: Kind,
    /// Field and new value, for a change; no value takes the old one away.
    pub change: Option<(String, Option<String>)>,
    /// Who says so.
    pub author: String,
    /// Why.
    pub note: Option<String>,
}

/// A correction as the store holds it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs)] // The columns of the table, described in docs/store.md.
pub struct Correction {
    pub n: i64,
    pub article: String,
    pub record: String,
    pub kind: String,
    pub field: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub words: Option<String>,
    pub author: String,
    pub note: Option<String>,
    pub at: String,
    pub undone: Option<String>,
}

const COLUMNS: &str = "n, article, record, kind, field, before, after, words, author, note, at, undone";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Correction> {
    Ok(Correction {
        n: r.get(0)?,
        article: r.get(1)?,
        record: r.get(2)?,
        kind: r.get(3)?,
        field: r.get(4)?,
        before: r.get(5)?,
        after: r.get(6)?,
        words: r.get(7)?,
        author: r.get(8)?,
        note: r.get(9)?,
        at: r.get(10)?,
        undone: r.get(11)?,
    })
}

impl Store {
    /// Writes corrections of one article's records down and reads the article anew with them, in one durable step. Each comes
    /// with what the field held and the record's evidence. Returns their numbers.
    ///
    /// # Errors
    /// The store cannot be written; nothing is kept then.
    pub fn correct(
        &mut self,
        all: &[(NewCorrection, Option<String>, Option<String>)],
        read: impl FnOnce(&StoredArticle, &[Correction]) -> Reading,
    ) -> Result<Vec<i64>, Failure> {
        self.transaction(|db| {
            let mut numbers = Vec::with_capacity(all.len());
            for (new, before, words) in all {
                let (field, after) = new.change.as_ref().map_or((None, None), |(f, v)| (Some(f), v.as_ref()));
                db.prepare_cached(
                    "INSERT INTO corrections (article, record, kind, field, before, after, words, author, note, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![new.article, new.record, new.kind.as_str(), field, before, after, words, new.author, new.note, now()])?;
                numbers.push(db.last_insert_rowid());
            }
            if let Some((new, ..)) = all.first() {
                coded::reread(db, &new.article, read)?;
            }
            Ok(numbers)
        })
    }

    /// Takes back a correction, the last one when none is named, and reads its article anew in the same step. It stays in the
    /// list as undone.
    ///
    /// # Errors
    /// There is none that stands, or the store cannot be written.
    pub fn undo(&mut self, n: Option<i64>, read: impl FnOnce(&StoredArticle, &[Correction]) -> Reading) -> Result<Correction, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM corrections WHERE undone IS NULL AND n = coalesce(?, (SELECT max(n) FROM corrections WHERE undone IS NULL))"
        );
        let found = self.transaction(|db| {
            let found = db.query_row(&sql, [n], from_row).optional()?;
            if let Some(found) = &found {
                db.execute("UPDATE corrections SET undone = ? WHERE n = ?", params![now(), found.n])?;
                coded::reread(db, &found.article, read)?;
            }
            Ok(found)
        })?;
        found.ok_or_else(|| Failure::new("there is no correction to take back").hint("`detente correct --list` shows them"))
    }

    /// All corrections, or those of one article, in the order they were made.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn corrections(&self, article: Option<&str>) -> Result<Vec<Correction>, Failure> {
        list(&self.db, article).map_err(|e| self.trouble(&e))
    }
}

pub(super) fn list(db: &Connection, article: Option<&str>) -> rusqlite::Result<Vec<Correction>> {
    let sql = format!("SELECT {COLUMNS} FROM corrections WHERE article = coalesce(?, article) ORDER BY n");
    db.prepare_cached(&sql)?.query_map([article], from_row)?.collect::<rusqlite::Result<Vec<_>>>()
}

/// Whether a change can be made, said before it is written down.
///
/// # Errors
/// No such field, or a value it cannot hold.
pub fn check(field: &str, value: Option<&str>, ontology: &Ontology) -> Result<(), Failure> {
    let wrong = |what: String, hint: &str| Err(Failure::new(what).hint(hint));
    match (field, value) {
        ("cameo", Some(code)) if ontology.knows(code) => Ok(()),
        ("cameo", Some(code)) => {
            wrong(format!("no CAMEO code \"{code}\""), "codes have two to four digits, as 190; knowledge/cameo.csv lists them")
        }
        ("mode", Some(mode)) if MODES.contains(&mode) => Ok(()),
        ("mode", Some(mode)) => wrong(format!("no mode \"{mode}\""), &format!("the modes are {}", MODES.join(", "))),
        ("cameo" | "mode", None) => wrong(format!("{field} cannot be taken away"), "say that the record is wrong instead"),
        ("date", Some(date)) => match dates(date) {
            Some(_) => Ok(()),
            None => wrong(format!("\"{date}\" is no day"), "write YYYY-MM-DD, or two with .. between them"),
        },
        ("source" | "target", Some(code)) if code.len() < 3 || !code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) => {
            wrong(format!("\"{code}\" is no actor code"), "codes are three capitals and a sector, as IRN or ISRMIL")
        }
        ("source" | "target" | "place" | "date", _) => Ok(()),
        _ => wrong(format!("no field \"{field}\""), &format!("the fields are {}", FIELDS.join(", "))),
    }
}

fn dates(text: &str) -> Option<(Date, Date)> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last): (Date, Date) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

/// Lays an article's corrections over a reading of it. Returns those that found no record.
pub fn apply(records: &mut Records, corrections: &[Correction], ontology: &Ontology) -> Vec<(i64, String)> {
    let mut idle = Vec::new();
    for c in corrections.iter().filter(|c| c.undone.is_none()) {
        if c.kind == "right" {
            continue;
        }
        // The id first; should the reading have changed, a record read from the same words.
        let words = |evidence: &Option<String>| c.words.is_some() && *evidence == c.words;
        let statement = records.statements.iter().position(|s| s.id == c.record);
        let event = records.events.iter().position(|e| e.id == c.record);
        let event =
            event.or_else(|| if c.record.starts_with("e:") { records.events.iter().position(|e| words(&e.evidence)) } else { None });
        let statement = statement
            .or_else(|| if c.record.starts_with("s:") { records.statements.iter().position(|s| words(&s.evidence)) } else { None });
        match (event, statement, c.field.as_deref()) {
            (Some(i), _, Some(field)) => change(&mut records.events[i], field, c.after.as_deref(), ontology),
            (Some(i), _, None) => {
                records.events.remove(i);
            }
            (None, Some(i), None) => {
                let gone = records.statements.remove(i);
                for e in records.events.iter_mut().filter(|e| e.statement_id.as_ref() == Some(&gone.id)) {
                    e.statement_id = None;
                }
            }
            (None, Some(_), Some(_)) => idle.push((c.n, "fields of statements cannot be changed yet".to_owned())),
            (None, None, _) => idle.push((c.n, "the present reading has no such record".to_owned())),
        }
    }
    idle
}

fn change(event: &mut EventRecord, field: &str, value: Option<&str>, ontology: &Ontology) {
    let owned = value.map(str::to_owned);
    match field {
        "source" => {
            (event.source_country, event.source_sector) = value.map_or((None, None), country_sector);
            event.source_bare_state = false;
            (event.source, event.source_name) = (owned.clone(), owned);
        }
        "target" => {
            (event.target_country, event.target_sector) = value.map_or((None, None), country_sector);
            event.target_bare_state = false;
            (event.target, event.target_name) = (owned.clone(), owned);
        }
        "cameo" => event.set_code(value.unwrap_or_default(), ontology),
        "mode" => event.mode = MODES.iter().find(|m| Some(**m) == value).copied().unwrap_or(event.mode),
        "date" => {
            let days = value.and_then(dates);
            event.date_first = days.map(|d| d.0.to_string());
            event.date_last = days.map(|d| d.1.to_string());
            event.date_resolved = days.is_some();
        }
        "place" => (event.place_name, event.place_country) = (owned, None),
        _ => {}
    }
    if !event.frame.ends_with(" + corrected") {
        event.frame.push_str(" + corrected");
    }
}

/// Notes which corrections of an article found nothing.
pub(super) fn note_idle(db: &Connection, article: &str, idle: &[(i64, String)]) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM corrections_idle WHERE correction IN (SELECT n FROM corrections WHERE article = ?)")?
        .execute([article])?;
    for (n, reason) in idle {
        db.prepare_cached("INSERT INTO corrections_idle (correction, reason) VALUES (?, ?)")?.execute(params![n, reason])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_before_they_are_written() {
        let ontology = &detente_core::knowledge::Knowledge::embedded().unwrap().ontology;
        let good = |f: &str, v: &str| assert!(check(f, Some(v), ontology).is_ok(), "{f} {v}");
        let bad = |f: &str, v: &str| assert!(check(f, Some(v), ontology).is_err(), "{f} {v}");
        good("cameo", "190");
        good("date", "2018-07-09..2018-07-15");
        good("source", "ISRMIL");
        bad("cameo", "999");
        bad("mode", "maybe");
        bad("date", "July");
        bad("date", "2018-07-15..2018-07-09");
        bad("source", "Israel");
        bad("frame", "x");
        assert!(check("cameo", None, ontology).is_err() && check("place", None, ontology).is_ok());
    }
}
