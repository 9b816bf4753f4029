//! Stories of the store: which articles are copies of one text.

use super::article::{COLUMNS, from_row};
use super::{Filter, Row, Store, Wanted};
use crate::failure::Failure;
use crate::record::story_id;
use detente_core::link::story::{Sketch, Telling, stories};
use detente_core::model::{Article, Span, parse_loose};
use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use serde::Deserialize;

/// Articles sketched at once.
const BATCH: usize = 4_096;

/// What events or statements are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum By {
    /// Records, each for itself.
    Record,
    /// Events, however many tell them.
    Event,
    /// Articles that hold one.
    Article,
    /// Outlets that print one.
    Outlet,
    /// Who had it first: the first hop of the chain, else the earliest outlet of the story, which is assumed.
    Origin,
}

impl By {
    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Event => "event",
            Self::Article => "article",
            Self::Outlet => "outlet",
            Self::Origin => "origin",
        }
    }

    /// What a record counts for, over the columns of its view: what is named, null where nothing is, and what else stands for it.
    pub fn columns(self, wanted: Wanted) -> (&'static str, &'static str) {
        match (self, wanted) {
            (Self::Record, _) => ("NULL", "id || ' ' || coalesce(article_id, '')"),
            (Self::Event, Wanted::Events) => ("NULL", "coalesce(group_id, id)"),
            (Self::Event, Wanted::Statements) => {
                ("NULL", "coalesce(story_id || ' ' || coalesce(speaker, '') || ' ' || coalesce(content, ''), id)")
            }
            (Self::Article, _) => ("NULL", "coalesce(article_id, id)"),
            (Self::Outlet, _) => ("NULL", "coalesce(outlet, article_id, id)"),
            (Self::Origin, Wanted::Events) => {
                ("(SELECT x.origin FROM statements x WHERE x.id = statement_id AND x.article = article_n)", FIRST)
            }
            (Self::Origin, Wanted::Statements) => ("origin", FIRST),
        }
    }
}

/// Who had a story first: the outlet of its earliest article.
const FIRST: &str = "coalesce((SELECT f.outlet FROM articles f WHERE f.id = substr(story_id, 3)), story_id, outlet, article_id, id)";

/// A story as one of its articles has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Articles that tell it.
    pub articles: u64,
    /// Outlets among them; articles without a named one are left out.
    pub outlets: u64,
    /// The outlet of the earliest article.
    pub first_outlet: Option<String>,
    /// The day of the earliest article.
    pub first_day: Option<String>,
}

/// An article: number, id, day, text, skipped lines as JSON.
type Text = (i64, String, Option<String>, String, Option<String>);

/// A line of `readings.skipped`.
#[derive(Deserialize)]
struct Skipped {
    start: u32,
    end: u32,
}

impl Store {
    /// Finds the stories of all articles anew and writes them on their records. Returns how many stories have
    /// more than one article, and how many articles these are.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn link_stories(&mut self, pool: &rayon::ThreadPool) -> Result<(usize, usize), Failure> {
        let (mut numbers, mut tellings) = (Vec::new(), Vec::new());
        let mut after = 0;
        loop {
            let batch = self.texts(after).map_err(|e| self.trouble(&e))?;
            let Some(last) = batch.last() else { break };
            after = last.0;
            numbers.extend(batch.iter().map(|b| b.0));
            tellings.extend(pool.install(|| batch.into_par_iter().map(telling).collect::<Vec<_>>()));
        }
        let first = stories(&tellings);
        let mut sizes = vec![0usize; first.len()];
        first.iter().for_each(|&f| sizes[f] += 1);
        self.transaction(|db| {
            db.execute("DELETE FROM stories", [])?;
            let mut insert = db.prepare("INSERT INTO stories (article, story) VALUES (?, ?)")?;
            for (n, &f) in numbers.iter().zip(&first) {
                insert.execute(params![n, story_id(&tellings[f].id)])?;
            }
            for table in ["events", "statements"] {
                db.execute(
                    &format!(
                        "UPDATE {table} SET story_id = s.story FROM stories s WHERE s.article = {table}.article AND {table}.story_id IS NOT s.story"
                    ),
                    [],
                )?;
            }
            Ok(())
        })?;
        let shared: Vec<usize> = sizes.into_iter().filter(|&n| n > 1).collect();
        Ok((shared.len(), shared.iter().sum()))
    }

    /// Whether articles have come or gone since stories were last found.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn stories_stale(&self) -> Result<bool, Failure> {
        let sql = "SELECT (SELECT count(*) FROM articles) <> (SELECT count(*) FROM stories)";
        self.db.query_row(sql, [], |r| r.get(0)).map_err(|e| self.trouble(&e))
    }

    fn texts(&self, after: i64) -> rusqlite::Result<Vec<Text>> {
        let mut statement = self.db.prepare_cached(
            "SELECT a.n, a.id, a.published, a.text, r.skipped FROM articles a LEFT JOIN readings r ON r.article = a.n
             WHERE a.n > ?1 ORDER BY a.n LIMIT ?2",
        )?;
        let rows = statement.query_map(params![after, BATCH as i64], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?;
        rows.collect()
    }

    /// The story of an article; nothing while stories are not linked.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn story(&self, article: &str) -> Result<Option<Told>, Failure> {
        let sql = "SELECT count(*), count(DISTINCT m.outlet), f.outlet, f.published
            FROM articles a JOIN stories s ON s.article = a.n JOIN stories o ON o.story = s.story JOIN articles m ON m.n = o.article
            LEFT JOIN articles f ON 't:' || f.id = s.story WHERE a.id = ? GROUP BY s.story";
        let told = |r: &rusqlite::Row<'_>| {
            let count = |i| r.get::<_, i64>(i).map(i64::unsigned_abs);
            Ok(Told { articles: count(0)?, outlets: count(1)?, first_outlet: r.get(2)?, first_day: r.get(3)? })
        };
        self.db.query_row(sql, [article], told).optional().map_err(|e| self.trouble(&e))
    }

    /// How many articles, outlets or origins stand behind the records that fulfil the filter, and how many of
    /// these are assumed. Records of imported events, which have no article, count for their outlet or for one.
    ///
    /// # Errors
    /// The filter makes no sense, or the store cannot be read.
    pub fn count_by(&self, wanted: Wanted, filter: &Filter, by: By) -> Result<(u64, u64), Failure> {
        let (condition, values) = filter.condition(wanted)?.finish();
        let (view, (named, key)) = (view(wanted), by.columns(wanted));
        let sql = format!(
            "SELECT count(*), coalesce(sum(NOT known), 0) FROM (SELECT coalesce(named, key) AS k, max(named IS NOT NULL) AS known
             FROM (SELECT {named} AS named, {key} AS key FROM {view} WHERE {condition}) GROUP BY 1)"
        );
        let row = |r: &rusqlite::Row<'_>| Ok((r.get::<_, i64>(0)?.unsigned_abs(), r.get::<_, i64>(1)?.unsigned_abs()));
        self.db.query_row(&sql, params_from_iter(values), row).map_err(|e| self.trouble(&e))
    }

    /// What the records that fulfil the filter are counted by, those with most events first: what it is called, whether that is
    /// assumed, and how many records, events, articles and outlets it stands behind. At most `limit`.
    ///
    /// # Errors
    /// The filter makes no sense, or the store cannot be read.
    pub fn tellers(&self, wanted: Wanted, filter: &Filter, by: By, limit: usize) -> Result<Vec<Row>, Failure> {
        let (condition, values) = filter.condition(wanted)?.finish();
        let (view, (named, key), (_, event)) = (view(wanted), by.columns(wanted), By::Event.columns(wanted));
        let sql = format!(
            "SELECT coalesce(named, key) AS k, max(named IS NOT NULL), count(*), count(DISTINCT event) AS events, count(DISTINCT article_id),
               count(DISTINCT outlet) FROM (SELECT {named} AS named, {key} AS key, {event} AS event, article_id, outlet
               FROM {view} WHERE {condition}) GROUP BY 1 ORDER BY events DESC, 1 LIMIT {}",
            i64::try_from(limit).unwrap_or(i64::MAX)
        );
        let read = || {
            let mut statement = self.db.prepare(&sql)?;
            let rows = statement.query_map(params_from_iter(values), |r| {
                let mut row = Row::new();
                row.insert("by".to_owned(), by.name().into());
                row.insert("name".to_owned(), r.get::<_, String>(0)?.into());
                let assumed = (by == By::Origin).then_some(r.get::<_, i64>(1)? == 0);
                row.insert("assumed".to_owned(), assumed.into());
                for (i, name) in ["records", "events", "articles", "outlets"].into_iter().enumerate() {
                    row.insert(name.to_owned(), r.get::<_, i64>(i + 2)?.into());
                }
                Ok(row)
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// The articles that are copies of one text with this one, itself among them, in order of time; none while stories are not linked.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn copies(&self, article: &str, limit: usize) -> Result<Vec<Article>, Failure> {
        let sql = format!(
            "SELECT {} FROM articles m JOIN stories o ON o.article = m.n JOIN stories s ON s.story = o.story JOIN articles a ON a.n = s.article
             WHERE a.id = ?1 ORDER BY m.published IS NULL, m.published, m.n LIMIT ?2",
            COLUMNS.split(", ").map(|c| format!("m.{c}")).collect::<Vec<_>>().join(", ")
        );
        let read = || {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map(params![article, i64::try_from(limit).unwrap_or(i64::MAX)], |r| Ok(from_row(r)?.article))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}

fn view(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Events => "record_events",
        Wanted::Statements => "record_statements",
    }
}

fn telling((_, id, published, text, skipped): Text) -> Telling {
    let skipped: Vec<Skipped> = skipped.and_then(|s| serde_json::from_str(&s).ok()).unwrap_or_default();
    let skipped: Vec<Span> = skipped.iter().map(|s| Span { start: s.start, end: s.end }).collect();
    Telling { id, published: published.as_deref().and_then(parse_loose), sketch: Sketch::of(&text, &skipped) }
}

/// Writes the story an article is known to tell on its fresh records.
pub(super) fn keep(db: &Connection, article: i64) -> rusqlite::Result<()> {
    for table in ["events", "statements"] {
        let sql = format!("UPDATE {table} SET story_id = (SELECT story FROM stories s WHERE s.article = ?1) WHERE article = ?1");
        db.prepare_cached(&sql)?.execute([article])?;
    }
    Ok(())
}
