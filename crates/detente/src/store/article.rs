//! Articles: ground, kept word for word.

use super::{Store, now};
use crate::failure::{self, Failure};
use detente_core::model::Article;
use rusqlite::{Connection, Row, params};

/// What became of an article that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is in the store now.
    New,
    /// The store has it already.
    Known,
    /// It was taken out on request and stays out.
    Removed,
}

/// An article with its number in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredArticle {
    /// Order of arrival.
    pub n: i64,
    /// The article.
    pub article: Article,
}

pub(super) const COLUMNS: &str = "n, id, outlet, url, published, title, text";

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredArticle> {
    // The table's check has seen to it that the text is a date.
    let published: Option<String> = row.get(4)?;
    let published = published.and_then(|d| d.parse().ok());
    let article = Article { id: row.get(1)?, outlet: row.get(2)?, url: row.get(3)?, published, title: row.get(5)?, text: row.get(6)? };
    Ok(StoredArticle { n: row.get(0)?, article })
}

/// Adds an article; part of a larger transaction.
pub(super) fn add(db: &Connection, article: &Article, import: Option<i64>) -> rusqlite::Result<Added> {
    let removed = db
        .prepare_cached("SELECT 1 FROM removed WHERE id = ?1 OR (url IS NOT NULL AND url = ?2)")?
        .exists(params![article.id, article.url])?;
    if removed {
        return Ok(Added::Removed);
    }
    let rows = db
        .prepare_cached(
            "INSERT INTO articles (id, outlet, published, url, title, text, added, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            article.id,
            article.outlet,
            article.published.map(|d| d.to_string()),
            article.url,
            article.title,
            article.text,
            now(),
            import
        ])?;
    Ok(if rows == 0 { Added::Known } else { Added::New })
}

impl Store {
    /// Adds articles in one durable step.
    ///
    /// # Errors
    /// The store cannot be written; none of them is kept then.
    pub fn add(&mut self, articles: &[Article]) -> Result<Vec<Added>, Failure> {
        self.transaction(|db| articles.iter().map(|a| add(db, a, None)).collect())
    }

    /// An article by its id, or by the beginning of its id when only one begins so.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn article(&self, id: &str) -> Result<StoredArticle, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM articles WHERE id >= ?1 AND id < ?1 || char(0x10ffff) ORDER BY id <> ?1, id LIMIT 2");
        let found = (|| {
            let mut statement = self.db.prepare(&sql)?;
            statement.query_map([id], from_row)?.collect::<rusqlite::Result<Vec<_>>>()
        })();
        let mut found = found.map_err(|e| self.trouble(&e))?;
        if found.len() == 2 && found[0].article.id != id {
            return Err(Failure::new(format!("several articles begin with \"{id}\"")).hint("give more of the id"));
        }
        found.truncate(1);
        found.pop().ok_or_else(|| {
            Failure::new(format!("no article \"{id}\" in {}", self.path.display())).hint("`detente search WORDS` finds articles")
        })
    }

    /// Takes an article out, with everything read from it, and keeps it out. Its words are overwritten wherever the store
    /// had them: in the tables, the index for search, the log.
    ///
    /// # Errors
    /// There is no such article, or the store cannot be written.
    pub fn remove(&mut self, id: &str, reason: &str) -> Result<String, Failure> {
        let found = self.article(id)?;
        self.transaction(|db| {
            let before = super::group::of_article(db, found.n)?;
            super::coded::take_out(db, found.n)?;
            super::rollup::sweep(db)?;
            // Events that it told first are another's now.
            super::group::relink(db, found.n, before)?;
            let article = &found.article;
            db.execute(
                "INSERT OR REPLACE INTO removed (id, url, reason, at) VALUES (?, ?, ?, ?)",
                params![article.id, article.url, reason, now()],
            )?;
            db.execute("DELETE FROM articles WHERE n = ?", [found.n])?;
            // Words of it that stand elsewhere: in what was said of its records, and in what a feed told of its page.
            db.execute("UPDATE corrections SET words = NULL WHERE article = ?", [&article.id])?;
            db.execute("UPDATE fetches SET title = NULL, content = NULL WHERE article = ?1 OR url = ?2", params![article.id, article.url])?;
            // The index for search only marks what is deleted, until its parts are put together.
            db.execute("INSERT INTO articles_text (articles_text) VALUES ('optimize')", [])?;
            Ok(())
        })?;
        let busy: bool = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0)).map_err(|e| self.trouble(&e))?;
        if busy {
            failure::warning("another program reads the store: the words stay in its log until it is closed and the next change is made");
        }
        Ok(found.article.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_kept_once_and_stay_out_once_removed() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::create(&dir.path().join("a.db")).unwrap();
        let article = |id: &str| Article { id: id.into(), text: format!("Envoys met {id}."), ..Article::default() };
        assert_eq!(store.add(&[article("aa"), article("ab"), article("aa")]).unwrap(), [Added::New, Added::New, Added::Known]);
        assert_eq!(store.article("ab").unwrap().article.text, "Envoys met ab.");
        assert!(store.article("a").is_err_and(|f| f.what.contains("several")));
        assert!(store.article("b").is_err_and(|f| f.what.contains("no article")));
        store.remove("aa", "asked for").unwrap();
        assert!(store.article("aa").is_err());
        assert_eq!(store.add(&[article("aa")]).unwrap(), [Added::Removed]);
        let edited = store.connection().execute("UPDATE articles SET text = 'x'", []);
        assert!(edited.is_err_and(|e| e.to_string().contains("never edited")));
    }
}
