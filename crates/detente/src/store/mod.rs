//! The store: one SQLite file that holds ground (articles, imported events, corrections, feeds,
//! alarm states) and what is derived from it. The tables are described in `docs/store.md`.
//!
//! One program writes at a time, held apart by a lock file beside the store; any number read.

mod alarm;
mod article;
mod between;
mod coded;
pub mod correction;
mod damage;
mod fetched;
mod filter;
mod forecast;
mod group;
mod imported;
mod latest;
mod look;
mod migrate;
mod model;
mod rollup;
mod series;
#[cfg(feature = "arrow")]
mod sorted;
mod status;
mod story;

pub use alarm::{AlarmState, Verdict};
pub use article::{Added, StoredArticle};
pub use between::{Between, Passed};
pub use coded::{Reading, Run};
pub use correction::{Correction, Kind, NewCorrection};
pub use damage::{Damage, Kind as DamageKind, salvage};
pub use fetched::{Due, FeedItem, FeedState, FetchKept, FetchRow, Fetched};
pub use filter::{Filter, Wanted};
pub use forecast::Entry;
pub use group::Other;
pub use imported::{Import, ImportRow, ImportedEvent, Kept, NewImport, Own};
pub(crate) use latest::PLAIN;
pub use look::{Row, Rows};
pub use migrate::VERSION;
pub use model::TrainedModel;
pub(crate) use rollup::ROOT;
pub use series::Side;
#[cfg(feature = "arrow")]
pub use sorted::Sorted;
pub use status::{ImportState, Status};
pub use story::{By, Told};

use crate::failure::{self, Failure};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Marks a file as a store of détente in its header.
const APPLICATION: i32 = 0x6474_6e74;

/// How long a statement waits for another connection's transaction.
const PATIENCE: Duration = Duration::from_secs(60);

/// A store, open for reading or for writing.
pub struct Store {
    db: Connection,
    path: PathBuf,
    /// The version it was of before this program brought it up to date.
    pub came_from: Option<usize>,
    /// Held while writing; released by the system even when the program is killed.
    _lock: Option<File>,
}

impl Store {
    /// Makes a new store.
    ///
    /// # Errors
    /// The file exists, or cannot be written.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        if path.exists() {
            return Err(Failure::new(format!("{} exists already", path.display())).hint("`detente status` shows what is in it"));
        }
        Self::write(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens a store for writing; waits for whoever is writing, and says so.
    ///
    /// # Errors
    /// There is no store, it is damaged or of a later version, or it cannot be written.
    pub fn open_write(path: &Path) -> Result<Self, Failure> {
        present(path)?;
        Self::write(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// The same without waiting: none while another program writes.
    ///
    /// # Errors
    /// As for [`Store::open_write`].
    pub fn try_open_write(path: &Path) -> Result<Option<Self>, Failure> {
        present(path)?;
        let Some(lock) = lock_now(path)? else { return Ok(None) };
        Self::locked(path, OpenFlags::SQLITE_OPEN_READ_WRITE, lock).map(Some)
    }

    fn write(path: &Path, flags: OpenFlags) -> Result<Self, Failure> {
        let lock = lock(path)?;
        Self::locked(path, flags, lock)
    }

    fn locked(path: &Path, flags: OpenFlags, lock: File) -> Result<Self, Failure> {
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|e| trouble(path, &e))?;
        let mut store = Self { db, path: path.to_owned(), came_from: None, _lock: Some(lock) };
        store.prepare_writer().map_err(|e| trouble(path, &e))?;
        migrate::migrate(&mut store)?;
        Ok(store)
    }

    fn prepare_writer(&self) -> rusqlite::Result<()> {
        self.db.busy_timeout(PATIENCE)?;
        self.db.pragma_update(None, "journal_mode", "wal")?;
        // Durable: a commit that was acknowledged survives a loss of power.
        self.db.pragma_update(None, "synchronous", "full")?;
        self.db.pragma_update(None, "foreign_keys", true)?;
        self.db.pragma_update(None, "journal_size_limit", 64 << 20)?;
        // Many small steps are put into the file together; each is durable in the log.
        self.db.pragma_update(None, "wal_autocheckpoint", 8_000)?;
        // What is taken out is overwritten, so that a text that must go is gone.
        self.db.pragma_update(None, "secure_delete", true)?;
        self.db.pragma_update(None, "cache_size", -131_072)?;
        self.db.set_prepared_statement_cache_capacity(64);
        Ok(())
    }

    /// Opens a store for reading.
    ///
    /// # Errors
    /// There is no store, it is damaged, or of a version this program does not know.
    pub fn open_read(path: &Path) -> Result<Self, Failure> {
        let store = Self::open_as_it_is(path)?;
        migrate::current(&store)?;
        Ok(store)
    }

    /// Opens a store of any version for a look at its damage: an old one that is damaged cannot be brought up to date.
    ///
    /// # Errors
    /// There is no store, its beginning is damaged, or it is of a later version.
    pub fn open_as_it_is(path: &Path) -> Result<Self, Failure> {
        present(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = |name: &Path, flags| {
            let db = Connection::open_with_flags(name, flags)?;
            db.busy_timeout(PATIENCE)?;
            db.pragma_update(None, "cache_size", -65_536)?;
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            Ok::<_, rusqlite::Error>(db)
        };
        let db = open(path, flags).or_else(|err| match (err.sqlite_error_code(), std::path::absolute(path)) {
            // A store in a folder that cannot be written, with nobody writing: read it as it lies.
            (Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly), Ok(whole)) if !beside(path, "-wal").exists() => {
                let escaped = whole.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
                open(Path::new(&format!("file:{escaped}?immutable=1")), flags | OpenFlags::SQLITE_OPEN_URI)
            }
            _ => Err(err),
        });
        let store = Self { db: db.map_err(|e| trouble(path, &e))?, path: path.to_owned(), came_from: None, _lock: None };
        store.db.set_prepared_statement_cache_capacity(64);
        migrate::known(&store)?;
        Ok(store)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The connection, for questions this module does not ask.
    pub fn connection(&self) -> &Connection {
        &self.db
    }

    /// A failure of the database in words.
    pub fn trouble(&self, err: &rusqlite::Error) -> Failure {
        trouble(&self.path, err)
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Failure> {
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(|e| trouble(&self.path, &e))?;
        let result = work(&tx).map_err(|e| trouble(&self.path, &e))?;
        tx.commit().map_err(|e| trouble(&self.path, &e))?;
        Ok(result)
    }

    /// Writes everything that is in the log into the store's one file.
    ///
    /// # Errors
    /// The disk is full, or the file cannot be written.
    pub fn settle(&self) -> Result<(), Failure> {
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(|e| self.trouble(&e))
    }
}

/// This moment, in UTC, to the second.
pub(crate) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn present(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    Err(Failure::new(format!("there is no store at {}", path.display()))
        .hint("`detente init` makes one; --store or DETENTE_STORE names another"))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The lock every writer holds. It lies beside the store because SQLite's own locks last for a
/// transaction only, and an import is many.
fn lock(path: &Path) -> Result<File, Failure> {
    let name = beside(path, "-lock");
    let wrong = |err: std::io::Error| Failure::io("write", &path.display().to_string(), &err);
    let file = File::options().create(true).truncate(false).write(true).open(&name).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            failure::note(&format!("another détente is writing to {}; waiting until it is done", path.display()));
            file.lock().map_err(wrong)?;
        }
        Err(TryLockError::Error(err)) => return Err(wrong(err)),
    }
    Ok(file)
}

/// The same without waiting.
fn lock_now(path: &Path) -> Result<Option<File>, Failure> {
    let wrong = |err: std::io::Error| Failure::io("write", &path.display().to_string(), &err);
    let file = File::options().create(true).truncate(false).write(true).open(beside(path, "-lock")).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(err)) => Err(wrong(err)),
    }
}

/// What the database says, as a user needs to hear it.
fn trouble(path: &Path, err: &rusqlite::Error) -> Failure {
    let name = path.display();
    match err.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Failure::new(format!("the disk is full: {name} could not grow"))
            .hint("what was stored before is whole; free some space and run the same command again"),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            Failure::new(format!("cannot write {name}: the file or its folder is read-only")).hint("check who may write there")
        }
        Some(ErrorCode::NotADatabase) => Failure::new(format!("{name} is not a store of détente")).hint(
            "--store names the store; `detente init` makes one; should it have been one, its beginning is damaged: use a copy made earlier",
        ),
        Some(ErrorCode::DatabaseCorrupt) => {
            Failure::new(format!("{name} is damaged: {err}")).hint("`detente check --store` tells how far and what to do")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Failure::new(format!("another program holds {name}")).hint("close it and run the command again")
        }
        Some(ErrorCode::SystemIoFailure) => {
            Failure::new(format!("cannot read or write {name}: {err}")).hint("check that the disk is not full and is well")
        }
        _ => Failure::new(format!("{name}: {err}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_made_once_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        assert!(Store::open_read(&path).is_err_and(|f| f.what.contains("there is no store")));
        drop(Store::create(&path).unwrap());
        assert!(Store::create(&path).is_err_and(|f| f.what.contains("exists already")));
        let store = Store::open_read(&path).unwrap();
        assert_eq!(store.damage().unwrap(), []);
    }

    #[test]
    fn what_is_no_store_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        std::fs::write(&path, "words, and more words, that are no database at all ".repeat(40)).unwrap();
        assert!(Store::open_write(&path).is_err_and(|f| f.what.contains("is not a store")));
        let other = dir.path().join("b.db");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
        assert!(Store::open_write(&other).is_err_and(|f| f.what.contains("is not a store")));
        assert!(Store::open_read(&other).is_err_and(|f| f.what.contains("is not a store")));
    }
}
