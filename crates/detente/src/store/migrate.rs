//! From any released version of the store to the present one.

use super::{APPLICATION, Store};
use crate::failure::{self, Failure};
use detente_core::knowledge::{Knowledge, ontology};
use rusqlite::{Connection, params};

/// What each version adds to the one before it, the first to nothing.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
];

/// Version of the present store.
pub const VERSION: usize = STEPS.len();

pub(super) const INDEXES: &str = include_str!("schema/indexes.sql");
const VIEWS: &str = include_str!("schema/views.sql");

/// Refuses what is no store, or one of a later version.
pub(super) fn known(store: &Store) -> Result<usize, Failure> {
    let number = |name: &str| store.db.pragma_query_value(None, name, |r| r.get::<_, i64>(0)).map_err(|e| store.trouble(&e));
    let name = store.path.display();
    if number("application_id")? != i64::from(APPLICATION) {
        return Err(Failure::new(format!("{name} is not a store of détente")).hint("--store names the store; `detente init` makes one"));
    }
    let version = usize::try_from(number("user_version")?).unwrap_or(usize::MAX);
    if version > VERSION {
        let what = format!("{name} was written by a later version of détente (store {version}; this program knows {VERSION})");
        return Err(Failure::new(what).hint("use that version of the program"));
    }
    Ok(version)
}

/// Refuses an older layout too: a reader cannot migrate.
pub(super) fn current(store: &Store) -> Result<(), Failure> {
    let version = known(store)?;
    if version < VERSION {
        let what = format!("{} is of an older version ({version} of {VERSION})", store.path.display());
        return Err(Failure::new(what).hint("`detente init` brings it up to date"));
    }
    Ok(())
}

/// Brings a store that is open for writing to the present version.
pub(super) fn migrate(store: &mut Store) -> Result<(), Failure> {
    let empty: bool = store.db.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |r| r.get(0)).map_err(|e| store.trouble(&e))?;
    let from = if empty { 0 } else { known(store)? };
    let stale: bool = from == VERSION && {
        let found: rusqlite::Result<Option<String>> = store.db.query_row("SELECT max(ontology) FROM codes", [], |r| r.get(0));
        found.map_err(|e| store.trouble(&e))?.as_deref() != Some(ontology::VERSION)
    };
    if (1..VERSION).contains(&from) {
        let what = format!("bringing {} from version {from} of the store to {VERSION}", store.path.display());
        failure::note(&format!("{what}; some seconds for each million events, and nothing is lost should it be broken off"));
        store.came_from = Some(from);
    }
    if from < VERSION || stale {
        store.transaction(|db| {
            for (i, step) in STEPS.iter().enumerate().skip(from) {
                db.execute_batch(step)?;
                db.pragma_update(None, "user_version", i + 1)?;
            }
            db.pragma_update(None, "application_id", APPLICATION)?;
            if (1..2).contains(&from) {
                super::rollup::fill(db)?;
            }
            db.execute_batch(VIEWS)?;
            names(db)
        })?;
    }
    // Missing where a large import was cut short.
    store.db.execute_batch(INDEXES).map_err(|e| store.trouble(&e))
}

/// Names of the codes, for the views.
fn names(db: &Connection) -> rusqlite::Result<()> {
    db.execute("DELETE FROM codes", [])?;
    // Without knowledge nothing can be coded either, and that is told elsewhere.
    let Ok(knowledge) = Knowledge::embedded() else { return Ok(()) };
    let mut insert = db.prepare("INSERT INTO codes (code, name, ontology) VALUES (?, ?, ?)")?;
    for (code, name) in knowledge.ontology.codes() {
        insert.execute(params![code, name, ontology::VERSION])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layout of a store, without what SQLite keeps for itself.
    fn layout(db: &Connection) -> Vec<String> {
        let sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1";
        let mut statement = db.prepare(sql).unwrap();
        statement.query_map([], |r| r.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn every_released_version_comes_to_the_present_one() {
        let dir = tempfile::tempdir().unwrap();
        let new = Store::create(&dir.path().join("new.db")).unwrap();
        for version in 1..=VERSION {
            let path = dir.path().join(format!("{version}.db"));
            let db = Connection::open(&path).unwrap();
            STEPS[..version].iter().for_each(|s| db.execute_batch(s).unwrap());
            db.execute("INSERT INTO articles (id, text, added) VALUES ('a', 'Words.', '2018-07-18T00:00:00Z')", []).unwrap();
            db.pragma_update(None, "user_version", version).unwrap();
            db.pragma_update(None, "application_id", APPLICATION).unwrap();
            drop(db);
            let store = Store::open_write(&path).unwrap();
            assert_eq!(layout(&store.db), layout(&new.db), "from version {version}");
            assert_eq!(store.came_from, (version < VERSION).then_some(version));
            let text: String = store.db.query_row("SELECT text FROM articles_v1 WHERE id = 'a'", [], |r| r.get(0)).unwrap();
            assert_eq!(text, "Words.");
        }
    }

    #[test]
    fn a_later_version_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        Store::create(&path).unwrap().db.pragma_update(None, "user_version", VERSION + 1).unwrap();
        for opened in [Store::open_read(&path), Store::open_write(&path)] {
            assert!(opened.is_err_and(|f| f.what.contains("later version")));
        }
    }
}
