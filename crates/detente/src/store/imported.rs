//! Files read into the store: in steps that are kept one by one, so that an import that was cut
//! short goes on where it stopped.

use super::coded::coder;
use super::{Added, Store, article, migrate, now, rollup};
use crate::failure::Failure;
use detente_core::model::Article;
use rusqlite::{Connection, OptionalExtension, params};

/// Files with more rows than this are read without the indexes, which are made afterwards: into
/// them, rows would go in no order.
const LARGE: u64 = 300_000;

/// A file that is to be read in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImport<'a> {
    /// Its name.
    pub file: &'a str,
    /// Its format.
    pub format: &'a str,
    /// Digest of its bytes; the same bytes are not read in twice.
    pub digest: &'a str,
    /// Coder and ontology version of its events; none for articles.
    pub coder: Option<(&'a str, &'a str)>,
}

/// An import under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its number.
    pub n: i64,
    /// Rows read in by an earlier try.
    pub lines: u64,
    /// Whether an earlier import read the same bytes to their end.
    pub complete: bool,
    coder: Option<i64>,
    large: bool,
}

/// What became of some rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// New in the store.
    pub taken: i64,
    /// In the store before.
    pub known: i64,
    /// Not taken; listed with the reason.
    pub rejected: i64,
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportRow {
    /// An article.
    Article(Box<Article>),
    /// An event, with the columns of the file that have no place in it, as JSON.
    Event(Box<ImportedEvent>, Option<String>),
    /// A row that cannot be taken: the reason and the whole row.
    Rejected(String, String),
}

/// An event as another coder has it. Codes are text, as they stand in the file.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)] // Columns of record v1, described in docs/record-v1.md.
pub struct ImportedEvent {
    /// Coder and ontology, where the row names its own.
    pub coder: Option<(String, String)>,
    pub day: Option<String>,
    pub source: Option<String>,
    pub source_name: Option<String>,
    pub source_country: Option<String>,
    pub source_sector: Option<String>,
    pub target: Option<String>,
    pub target_name: Option<String>,
    pub target_country: Option<String>,
    pub target_sector: Option<String>,
    pub cameo: Option<String>,
    pub plover: Option<String>,
    pub plover_mode: Option<String>,
    pub quad: Option<u8>,
    pub goldstein: Option<f64>,
    pub sentence: Option<i64>,
    pub place_name: Option<String>,
    pub place_country: Option<String>,
    pub geonameid: Option<i64>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub place_precision: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    /// What only events of our own have.
    pub own: Option<Box<Own>>,
}

/// Columns that only events coded by this program have.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[allow(missing_docs)] // Columns of record v1, described in docs/record-v1.md.
#[serde(default)]
pub struct Own {
    pub source_bare_state: bool,
    pub target_bare_state: bool,
    pub mode: String,
    pub date_first: Option<String>,
    pub date_last: Option<String>,
    pub date_text: Option<String>,
    pub date_resolved: bool,
    pub count_text: Option<String>,
    pub claimed_by: Option<String>,
    pub confidence: Option<f64>,
    pub frame: Option<String>,
    pub evidence: Option<String>,
}

/// Rows of an import lie together, in the order of the file: a row's number is the import's and its line.
const PER_IMPORT: i64 = 10_000_000_000;

// A row may be there where an import is read again into a store that was saved from damage.
const INSERT: &str = "INSERT INTO events (n, coder, import, line, day, source, source_name, source_country, source_sector,
  target, target_name, target_country, target_sector, cameo, plover, plover_mode, quad, goldstein, mode, sentence,
  date_first, date_last, date_resolved, place_name, place_country, geonameid, lat, lon, place_precision, outlet, url)
  VALUES (?27, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 'happened', ?18, ?4, ?4, ?4 IS NOT NULL,
  ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26) ON CONFLICT (n) DO NOTHING";

impl Store {
    /// Begins an import, or goes on with one of the same bytes that was cut short.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_import(&mut self, new: &NewImport<'_>) -> Result<Import, Failure> {
        self.transaction(|db| begin(db, new))
    }

    /// Reads in a short file in one durable step, from the first row to the last.
    ///
    /// # Errors
    /// The store cannot be written; nothing of the file is kept then.
    pub fn import_whole(&mut self, new: &NewImport<'_>, rows: &[(u64, ImportRow)]) -> Result<(Import, Kept), Failure> {
        self.transaction(|db| {
            let mut import = begin(db, new)?;
            // Begun before, or read in by another program since it was looked for.
            let fresh = import.lines == 0 && !import.complete;
            let kept = if fresh { put(db, &import, rows)? } else { Kept::default() };
            if let Some((last, _)) = rows.last().filter(|_| fresh) {
                import.lines = *last;
            }
            if fresh {
                finish(db, import.n)?;
            }
            Ok((import, kept))
        })
    }

    /// The import of these bytes, when there was one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn import_of(&self, new: &NewImport<'_>) -> Result<Option<Import>, Failure> {
        of(&self.db, new).map_err(|e| self.trouble(&e))
    }

    /// Makes ready for about so many rows.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn expect_rows(&mut self, import: &mut Import, rows: u64) -> Result<(), Failure> {
        if rows < LARGE {
            return Ok(());
        }
        import.large = true;
        // Until the end nothing is acknowledged, so that a loss of power may take the last steps.
        self.db.pragma_update(None, "synchronous", "normal").map_err(|e| self.trouble(&e))?;
        let names: Vec<&str> =
            migrate::INDEXES.lines().filter_map(|l| l.strip_prefix("CREATE INDEX IF NOT EXISTS ")?.split(' ').next()).collect();
        self.transaction(|db| names.iter().try_for_each(|name| db.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))))
    }

    /// Keeps some rows in one step. Lines are counted on from those of earlier steps.
    ///
    /// # Errors
    /// The store cannot be written; none of these rows is kept then.
    pub fn put_rows(&mut self, import: &mut Import, rows: &[(u64, ImportRow)]) -> Result<Kept, Failure> {
        let Some((last, _)) = rows.last() else { return Ok(Kept::default()) };
        let of = import.clone();
        let kept = self.transaction(|db| put(db, &of, rows))?;
        import.lines = *last;
        Ok(kept)
    }

    /// Closes an import: its events are counted, missing indexes made, and the whole is durable.
    ///
    /// # Errors
    /// The store cannot be written; the import stays open then and can be gone on with.
    pub fn finish_import(&mut self, import: &Import) -> Result<(), Failure> {
        self.db.execute_batch(migrate::INDEXES).map_err(|e| self.trouble(&e))?;
        self.transaction(|db| finish(db, import.n))?;
        if import.large {
            self.db.pragma_update(None, "synchronous", "full").map_err(|e| self.trouble(&e))?;
            self.db.execute_batch("PRAGMA optimize").map_err(|e| self.trouble(&e))?;
            self.settle()?;
        }
        // A small one is durable in the log; many of them are settled together.
        Ok(())
    }

    /// How an import stands: rows taken, known, rejected.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn import_kept(&self, import: &Import) -> Result<(String, String, Kept), Failure> {
        let sql = "SELECT file, format, taken, known, rejected FROM imports WHERE n = ?";
        let read = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?, Kept { taken: r.get(2)?, known: r.get(3)?, rejected: r.get(4)? }));
        self.db.prepare_cached(sql).and_then(|mut s| s.query_row([import.n], read)).map_err(|e| self.trouble(&e))
    }

    /// Rejected rows, of one import or of all: file, line, reason, row.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn rejects(&self, import: Option<i64>) -> Result<Vec<(String, i64, String, String)>, Failure> {
        let read = || {
            let mut statement = self.db.prepare_cached(
                "SELECT i.file, r.line, r.reason, r.text FROM rejects r JOIN imports i ON i.n = r.import
                 WHERE i.n = coalesce(?, i.n) ORDER BY r.import, r.line",
            )?;
            statement.query_map([import], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}

fn of(db: &Connection, new: &NewImport<'_>) -> rusqlite::Result<Option<Import>> {
    let found = |r: &rusqlite::Row<'_>| {
        let lines = r.get::<_, i64>(1)?.unsigned_abs();
        Ok(Import { n: r.get(0)?, lines, complete: r.get(2)?, coder: r.get(3)?, large: false })
    };
    db.prepare_cached("SELECT n, lines, finished IS NOT NULL, coder FROM imports WHERE digest = ? AND format = ?")?
        .query_row([new.digest, new.format], found)
        .optional()
}

fn begin(db: &Connection, new: &NewImport<'_>) -> rusqlite::Result<Import> {
    if let Some(found) = of(db, new)? {
        return Ok(found);
    }
    let coder = new.coder.map(|(name, ontology)| coder(db, name, ontology)).transpose()?;
    db.prepare_cached("INSERT INTO imports (file, format, digest, coder, started) VALUES (?, ?, ?, ?, ?)")?.execute(params![
        new.file,
        new.format,
        new.digest,
        coder,
        now()
    ])?;
    Ok(Import { n: db.last_insert_rowid(), lines: 0, complete: false, coder, large: false })
}

fn put(db: &Connection, of: &Import, rows: &[(u64, ImportRow)]) -> rusqlite::Result<Kept> {
    let mut kept = Kept::default();
    let Some((last, _)) = rows.last() else { return Ok(kept) };
    for (line, row) in rows {
        match row {
            ImportRow::Article(a) => match article::add(db, a, Some(of.n))? {
                Added::New => kept.taken += 1,
                Added::Known => kept.known += 1,
                Added::Removed => {
                    kept.rejected += 1;
                    reject(db, of.n, *line, "the article was taken out of the store on request", &a.id)?;
                }
            },
            ImportRow::Event(event, extras) => {
                kept.taken += 1;
                put_event(db, of, *line, event, extras.as_deref())?;
            }
            ImportRow::Rejected(reason, text) => {
                kept.rejected += 1;
                reject(db, of.n, *line, reason, text)?;
            }
        }
    }
    db.prepare_cached("UPDATE imports SET lines = ?2, taken = taken + ?3, known = known + ?4, rejected = rejected + ?5 WHERE n = ?1")?
        .execute(params![of.n, last.cast_signed(), kept.taken, kept.known, kept.rejected])?;
    Ok(kept)
}

/// Counts the events of an import and closes it.
fn finish(db: &Connection, n: i64) -> rusqlite::Result<()> {
    rollup::apply(db, 1, "n BETWEEN ? AND ?", &[&(n * PER_IMPORT), &((n + 1) * PER_IMPORT - 1)])?;
    db.prepare_cached("UPDATE imports SET finished = ? WHERE n = ?")?.execute(params![now(), n])?;
    Ok(())
}

fn reject(db: &Connection, import: i64, line: u64, reason: &str, text: &str) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO rejects (import, line, reason, text) VALUES (?, ?, ?, ?)")?.execute(params![
        import,
        line.cast_signed(),
        reason,
        text
    ])?;
    Ok(())
}

fn put_event(db: &Connection, import: &Import, line: u64, e: &ImportedEvent, extras: Option<&str>) -> rusqlite::Result<()> {
    let coder = match &e.coder {
        Some((name, ontology)) => Some(coder(db, name, ontology)?),
        None => import.coder,
    };
    let n = import.n * PER_IMPORT + line.cast_signed();
    db.prepare_cached(INSERT)?.execute(params![
        coder,
        import.n,
        line.cast_signed(),
        e.day,
        e.source,
        e.source_name,
        e.source_country,
        e.source_sector,
        e.target,
        e.target_name,
        e.target_country,
        e.target_sector,
        e.cameo,
        e.plover,
        e.plover_mode,
        e.quad,
        e.goldstein,
        e.sentence,
        e.place_name,
        e.place_country,
        e.geonameid,
        e.lat,
        e.lon,
        e.place_precision,
        e.outlet,
        e.url,
        n
    ])?;
    if let Some(own) = &e.own {
        db.prepare_cached(
            "UPDATE events SET source_bare_state = ?, target_bare_state = ?, mode = ?, date_first = ?, date_last = ?, date_text = ?,
               date_resolved = ?, count_text = ?, claimed_by = ?, confidence = ?, frame = ?, evidence = ? WHERE n = ?",
        )?
        .execute(params![
            own.source_bare_state,
            own.target_bare_state,
            own.mode,
            own.date_first,
            own.date_last,
            own.date_text,
            own.date_resolved,
            own.count_text,
            own.claimed_by,
            own.confidence,
            own.frame,
            own.evidence,
            n
        ])?;
    }
    if let Some(extras) = extras {
        db.prepare_cached("INSERT INTO event_extras (event, columns) VALUES (?, ?) ON CONFLICT (event) DO NOTHING")?
            .execute(params![n, extras])?;
    }
    Ok(())
}
