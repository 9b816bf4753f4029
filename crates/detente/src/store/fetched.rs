//! Feeds and pages of the network: what was asked for, what came of it, what is still to be asked.

use super::{Added, Store, article, now};
use crate::failure::Failure;
use detente_core::model::{Article, Date};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

/// The longest text of a feed's item that is kept for a page that may not be had, in bytes.
const LONGEST: usize = 1 << 20;

/// An address that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchRow {
    /// The address.
    pub url: String,
    /// Number of the feed, where it is a known one.
    pub feed: Option<i64>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// For asking whether there is anything new.
    pub etag: Option<String>,
    /// The same by date.
    pub modified: Option<String>,
    /// Name to give the outlet.
    pub outlet: Option<String>,
    /// Seconds that the server wants to be left alone.
    pub after: Option<u64>,
    /// What came.
    pub fetched: Fetched,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// An article, with what was odd about it.
    Article(Box<Article>, Option<String>),
    /// A feed.
    Feed {
        /// Its name.
        title: Option<String>,
        /// Name of the outlet of pages that give none.
        outlet: Option<String>,
        /// Its items.
        items: Vec<FeedItem>,
        /// What was odd about it.
        note: Option<String>,
    },
    /// Nothing new.
    Unchanged,
    /// Nothing, and why; `passing` when it is to be tried again.
    Failed {
        /// In words.
        what: String,
        /// Whether another try may help.
        passing: bool,
    },
}

/// An item of a feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedItem {
    /// Its page.
    pub url: Option<String>,
    /// Its heading.
    pub title: Option<String>,
    /// Its day.
    pub published: Option<Date>,
    /// Its text, as markup.
    pub content: Option<String>,
    /// The article itself, where there is no page.
    pub article: Option<Article>,
}

/// What was kept of it, for the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FetchKept {
    /// The address.
    pub url: String,
    /// new, known, removed, feed, unchanged, failed.
    pub result: &'static str,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Id of the article.
    pub article: Option<String>,
    /// Items of a feed.
    pub items: Option<i64>,
    /// Those not seen before.
    pub new_items: Option<i64>,
    /// Why it failed, in words.
    pub failure: Option<String>,
    /// When it will be asked for again.
    pub again: Option<String>,
    /// What was odd about it.
    pub note: Option<String>,
}

/// A page that is to be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Its address.
    pub url: String,
    /// What the feed says of it.
    pub outlet: Option<String>,
    /// Its day.
    pub published: Option<Date>,
    /// Its heading.
    pub title: Option<String>,
    /// Its text.
    pub content: Option<String>,
    /// Runs that asked for it in vain.
    pub tries: i64,
}

/// A feed with what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedState {
    /// Its number.
    #[serde(skip)]
    pub n: i64,
    /// Its address.
    pub url: String,
    /// Its name.
    pub title: Option<String>,
    /// Outlet of its pages.
    pub outlet: Option<String>,
    /// When it was asked for last.
    pub checked: Option<String>,
    /// Why that failed.
    pub failure: Option<String>,
    /// What was odd about it.
    pub note: Option<String>,
    /// Pages it named so far.
    pub pages: i64,
    /// Pages still to be asked for.
    pub due: i64,
    /// Pages that could not be had.
    pub failed: i64,
    #[serde(skip)]
    /// For asking whether there is anything new.
    pub etag: Option<String>,
    #[serde(skip)]
    /// The same by date.
    pub modified: Option<String>,
}

/// What could not be had: address, when, why, when again.
type NotHad = (String, String, String, Option<String>);

impl Store {
    /// Keeps what came, all of it in one durable step.
    ///
    /// # Errors
    /// The store cannot be written; nothing of it is kept then.
    pub fn keep_fetched(&mut self, rows: &[FetchRow]) -> Result<Vec<FetchKept>, Failure> {
        self.transaction(|db| rows.iter().map(|row| keep(db, row)).collect())
    }

    /// Feeds in the order they were added.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn feeds(&self) -> Result<Vec<FeedState>, Failure> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT f.n, f.url, f.title, f.outlet, f.checked, f.failure, f.note, f.etag, f.modified, count(p.url), count(p.due), count(p.failure)
                 FROM feeds f LEFT JOIN fetches p ON p.feed = f.n GROUP BY f.n ORDER BY f.n",
            )?;
            let rows = statement.query_map([], |r| {
                Ok(FeedState {
                    n: r.get(0)?,
                    url: r.get(1)?,
                    title: r.get(2)?,
                    outlet: r.get(3)?,
                    checked: r.get(4)?,
                    failure: r.get(5)?,
                    note: r.get(6)?,
                    etag: r.get(7)?,
                    modified: r.get(8)?,
                    pages: r.get(9)?,
                    due: r.get(10)?,
                    failed: r.get(11)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Pages that are to be asked for by now, those asked for in vain the least first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due(&self, most: usize) -> Result<Vec<Due>, Failure> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT url, outlet, published, title, content, tries FROM fetches WHERE due IS NOT NULL AND due <= ?
                 ORDER BY tries, feed, place, url LIMIT ?",
            )?;
            let rows = statement.query_map(params![now(), i64::try_from(most).unwrap_or(i64::MAX)], |r| {
                let published: Option<String> = r.get(2)?;
                Ok(Due {
                    url: r.get(0)?,
                    outlet: r.get(1)?,
                    published: published.and_then(|d| d.parse().ok()),
                    title: r.get(3)?,
                    content: r.get(4)?,
                    tries: r.get(5)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Pages that are to be asked for by now, and those that are later.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn count_due(&self) -> Result<(i64, i64), Failure> {
        let sql = "SELECT count(*) FILTER (WHERE due <= ?1), count(*) FILTER (WHERE due > ?1) FROM fetches WHERE due IS NOT NULL";
        self.db.query_row(sql, [now()], |r| Ok((r.get(0)?, r.get(1)?))).map_err(|e| self.trouble(&e))
    }

    /// What was said when a page was had last: its `ETag` and `Last-Modified`.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn page_known(&self, url: &str) -> Result<(Option<String>, Option<String>), Failure> {
        let sql = "SELECT etag, modified FROM fetches WHERE url = ? AND article IS NOT NULL";
        let found = self.db.query_row(sql, [url], |r| Ok((r.get(0)?, r.get(1)?))).optional();
        found.map(Option::unwrap_or_default).map_err(|e| self.trouble(&e))
    }

    /// Pages and feeds that could not be had: address, when, why, when again.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn fetch_failures(&self) -> Result<Vec<NotHad>, Failure> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT url, coalesce(checked, ''), failure, NULL FROM feeds WHERE failure IS NOT NULL
                 UNION ALL SELECT url, at, failure, due FROM fetches WHERE failure IS NOT NULL ORDER BY 2, 1",
            )?;
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Asks for everything that failed again now; tells how many pages that are.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn fetch_again(&mut self) -> Result<usize, Failure> {
        self.transaction(|db| db.execute("UPDATE fetches SET due = ?, tries = 0 WHERE failure IS NOT NULL", [now()]))
    }

    /// Forgets a feed with the pages of it that were not had yet, or the failure of a page. What was read stays. Tells
    /// whether there was such a one.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn forget_fetch(&mut self, url: &str) -> Result<bool, Failure> {
        self.transaction(|db| {
            let feed: Option<i64> = db.query_row("SELECT n FROM feeds WHERE url = ?", [url], |r| r.get(0)).optional()?;
            if let Some(feed) = feed {
                db.execute("DELETE FROM fetches WHERE feed = ? AND article IS NULL", [feed])?;
                db.execute("UPDATE fetches SET feed = NULL WHERE feed = ?", [feed])?;
                db.execute("DELETE FROM feeds WHERE n = ?", [feed])?;
            }
            Ok(feed.is_some() | (db.execute("DELETE FROM fetches WHERE url = ? AND article IS NULL", [url])? > 0))
        })
    }
}

fn keep(db: &Connection, row: &FetchRow) -> rusqlite::Result<FetchKept> {
    let mut kept = FetchKept { url: row.url.clone(), status: row.status, ..FetchKept::default() };
    match (&row.fetched, row.feed) {
        (Fetched::Article(article, note), _) => {
            kept.result = match article::add(db, article, None)? {
                Added::New => "new",
                Added::Known => "known",
                Added::Removed => "removed",
            };
            kept.note.clone_from(note);
            kept.article = Some(article.id.clone());
            page(db, row, None, None, note.as_deref(), kept.article.as_deref())?;
        }
        (Fetched::Feed { title, outlet, items, note }, feed) => {
            let feed = match feed {
                Some(feed) => feed,
                None => {
                    // It may have failed before it was known to be a feed.
                    db.execute("DELETE FROM fetches WHERE url = ? AND article IS NULL", [&row.url])?;
                    db.execute("INSERT INTO feeds (url, outlet) VALUES (?, ?) ON CONFLICT DO NOTHING", params![row.url, row.outlet])?;
                    db.query_row("SELECT n FROM feeds WHERE url = ?", [&row.url], |r| r.get(0))?
                }
            };
            db.execute(
                "UPDATE feeds SET title = coalesce(?, title), etag = ?, modified = ?, checked = ?, status = ?, failure = NULL, note = ? WHERE n = ?",
                params![title, row.etag, row.modified, now(), row.status, note, feed],
            )?;
            let mut new = 0;
            for (place, item) in items.iter().enumerate() {
                new += i64::from(queue(db, feed, place, outlet.as_deref(), item)?);
            }
            kept.result = "feed";
            kept.note.clone_from(note);
            (kept.items, kept.new_items) = (i64::try_from(items.len()).ok(), Some(new));
        }
        (Fetched::Unchanged, Some(feed)) => {
            kept.result = "unchanged";
            db.execute("UPDATE feeds SET checked = ?, status = ?, failure = NULL WHERE n = ?", params![now(), row.status, feed])?;
        }
        (Fetched::Unchanged, None) => {
            kept.result = "unchanged";
            db.execute(
                "UPDATE fetches SET at = ?, status = ?, failure = NULL, due = NULL WHERE url = ?",
                params![now(), row.status, row.url],
            )?;
        }
        (Fetched::Failed { what, .. }, Some(feed)) => {
            (kept.result, kept.failure) = ("failed", Some(what.clone()));
            db.execute("UPDATE feeds SET checked = ?, status = ?, failure = ? WHERE n = ?", params![now(), row.status, what, feed])?;
        }
        (Fetched::Failed { what, passing }, None) => {
            (kept.result, kept.failure) = ("failed", Some(what.clone()));
            let tries: Option<u32> = db.query_row("SELECT tries FROM fetches WHERE url = ?", [&row.url], |r| r.get(0)).optional()?;
            kept.again = passing.then(|| later(tries.unwrap_or(0), row.after));
            page(db, row, Some(what), kept.again.as_deref(), None, None)?;
        }
    }
    Ok(kept)
}

/// A quarter of an hour after the first try, four times as long after each, a day at most.
fn later(tries: u32, after: Option<u64>) -> String {
    let seconds = 900_u64.saturating_mul(4_u64.saturating_pow(tries)).min(86_400).max(after.unwrap_or(0).min(7 * 86_400));
    let then = Timestamp::now().saturating_add(SignedDuration::from_secs(seconds.cast_signed())).unwrap_or(Timestamp::MAX);
    then.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Writes what came of a page; its content is needed no longer when it is had.
fn page(
    db: &Connection,
    row: &FetchRow,
    failure: Option<&str>,
    due: Option<&str>,
    note: Option<&str>,
    had: Option<&str>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO fetches (url, at, status, tries, failure, due, note, article, etag, modified, outlet) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT DO UPDATE SET at = ?2, status = ?3, tries = tries + 1, failure = ?4, due = ?5, note = ?6, article = coalesce(?7, article),
           etag = ?8, modified = ?9, content = iif(?7 IS NULL, content, NULL)",
    )?
    .execute(params![row.url, now(), row.status, failure, due, note, had, row.etag, row.modified, row.outlet])?;
    Ok(())
}

/// Puts an item where it will be asked for; true when it was not there before.
fn queue(db: &Connection, feed: i64, place: usize, outlet: Option<&str>, item: &FeedItem) -> rusqlite::Result<bool> {
    let Some(url) = &item.url else {
        return Ok(match &item.article {
            Some(article) => article::add(db, article, None)? == Added::New,
            None => false,
        });
    };
    let known = db.prepare_cached("SELECT 1 FROM fetches WHERE url = ?")?.exists([url])?;
    if known || db.prepare_cached("SELECT 1 FROM removed WHERE url = ?")?.exists([url])? {
        return Ok(false);
    }
    let article: Option<String> = db.prepare_cached("SELECT id FROM articles WHERE url = ?")?.query_row([url], |r| r.get(0)).optional()?;
    let due = article.is_none().then(now);
    let content = item.content.as_deref().filter(|c| article.is_none() && c.len() <= LONGEST);
    db.prepare_cached(
        "INSERT INTO fetches (url, feed, at, tries, due, place, outlet, published, title, content, article) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        url,
        feed,
        now(),
        due,
        i64::try_from(place).unwrap_or(i64::MAX),
        outlet,
        item.published.map(|d| d.to_string()),
        item.title,
        content,
        article
    ])?;
    Ok(article.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(url: &str, fetched: Fetched) -> FetchRow {
        FetchRow { url: url.into(), feed: None, status: Some(200), etag: None, modified: None, outlet: None, after: None, fetched }
    }

    #[test]
    fn items_wait_until_they_are_had_and_are_asked_for_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::create(&dir.path().join("a.db")).unwrap();
        let item = |n: u32| FeedItem { url: Some(format!("https://example.org/{n}")), ..FeedItem::default() };
        let feed = |items: Vec<FeedItem>| Fetched::Feed { title: Some("D".into()), outlet: Some("D".into()), items, note: None };
        let kept = store.keep_fetched(&[row("https://example.org/feed", feed(vec![item(1), item(2)]))]).unwrap();
        assert_eq!((kept[0].items, kept[0].new_items), (Some(2), Some(2)));
        let kept = store.keep_fetched(&[row("https://example.org/feed", feed(vec![item(3), item(2)]))]).unwrap();
        assert_eq!((kept[0].items, kept[0].new_items), (Some(2), Some(1)));
        let urls = |store: &Store| store.due(10).unwrap().into_iter().map(|d| d.url).collect::<Vec<_>>();
        assert_eq!(urls(&store), ["https://example.org/1", "https://example.org/3", "https://example.org/2"]);
        let article = Article { id: "a".into(), text: "Envoys met.".into(), ..Article::default() };
        let failed = |passing| Fetched::Failed { what: "the server answered 500".into(), passing };
        let kept = store
            .keep_fetched(&[
                row("https://example.org/1", Fetched::Article(Box::new(article), None)),
                row("https://example.org/2", failed(true)),
                row("https://example.org/3", failed(false)),
            ])
            .unwrap();
        assert_eq!(kept.iter().map(|k| k.result).collect::<Vec<_>>(), ["new", "failed", "failed"]);
        assert!(kept[1].again.is_some() && kept[2].again.is_none());
        assert!(urls(&store).is_empty());
        assert_eq!(store.count_due().unwrap(), (0, 1));
        assert_eq!(store.fetch_failures().unwrap().len(), 2);
        store.fetch_again().unwrap();
        assert_eq!(urls(&store).len(), 2);
        assert!(store.forget_fetch("https://example.org/feed").unwrap());
        assert!(urls(&store).is_empty() && store.article("a").is_ok());
        assert!(!store.forget_fetch("https://example.org/feed").unwrap());
    }
}
