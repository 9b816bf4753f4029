//! Events told in several articles: their tellings share a `group_id`, and one of them is counted for each pair of sides.

use super::{Store, rollup};
use crate::failure::Failure;
use crate::record::{group_id, telling};
use detente_core::link::event::{Sides, Telling, Where, events, place_name};
use detente_core::link::mutual;
use detente_core::model::{Details, Mode};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;

const COLUMNS: &str = "e.n, e.id, a.id, e.story_id, a.published, e.evidence_start, e.evidence_end, e.source, e.target, e.cameo, e.mode,
  e.date_first, e.date_last, e.place_name, e.place_country, e.geonameid, e.lat, e.lon, e.place_precision, e.details,
  coalesce(e.source_country, e.source, '-') || ' ' || coalesce(e.target_country, e.target, '-'), e.coder, e.group_id, e.extra";

/// One telling of an event, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Id of the record.
    pub id: String,
    /// Outlet of its article.
    pub outlet: Option<String>,
    /// When that was published.
    pub published: Option<String>,
    /// The words.
    pub evidence: Option<String>,
    /// Whether its article is a copy of one that is shown before it.
    pub copy: bool,
}

/// What the store keeps of a record's group.
struct Kept {
    n: i64,
    /// Sides and coder it is counted under.
    counted: (String, i64),
    group: Option<String>,
    extra: bool,
}

impl Store {
    /// Finds anew which events of all articles are one, and counts each once. Returns how many events are told by more
    /// than one article.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn link_events(&mut self) -> Result<usize, Failure> {
        let read = || {
            let sql = format!("SELECT {COLUMNS} FROM events e JOIN articles a ON a.n = e.article ORDER BY e.n");
            let mut statement = self.db.prepare(&sql)?;
            statement.query_map([], kept)?.collect::<rusqlite::Result<(Vec<Kept>, Vec<Telling>)>>()
        };
        let (all, mut tellings) = read().map_err(|e: rusqlite::Error| self.trouble(&e))?;
        let first = events(&mut tellings);
        // For each pair of sides the telling that says most plainly what happened is counted.
        let mut counted: HashMap<(usize, &str, i64), usize> = HashMap::new();
        let plain = |i: usize| {
            let t = &tellings[i];
            (telling::rank(t.mode), t.day().is_none(), t.published.is_none(), t.published, &t.id)
        };
        for (i, k) in all.iter().enumerate() {
            let best = counted.entry((first[i], &k.counted.0, k.counted.1)).or_insert(i);
            if plain(i) < plain(*best) {
                *best = i;
            }
        }
        let mut articles: HashMap<usize, &str> = HashMap::new();
        let mut several: Vec<usize> = Vec::new();
        for (t, &f) in tellings.iter().zip(&first) {
            if *articles.entry(f).or_insert(&t.article) != t.article {
                several.push(f);
            }
        }
        several.sort_unstable();
        several.dedup();
        let changes: Vec<(i64, String, bool, bool)> = all
            .iter()
            .enumerate()
            .map(|(i, k)| {
                let extra = counted.get(&(first[i], k.counted.0.as_str(), k.counted.1)) != Some(&i);
                (k, group_id(&tellings[first[i]].id), extra)
            })
            .filter(|(k, group, extra)| k.group.as_ref() != Some(group) || k.extra != *extra)
            .map(|(k, group, extra)| (k.n, group, extra, k.extra != extra))
            .collect();
        self.transaction(|db| regroup(db, &changes))?;
        Ok(several.len())
    }

    /// All tellings of an event, the earliest first, copies after what they are copies of.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn tellings(&self, group: &str) -> Result<Vec<Other>, Failure> {
        let read = || {
            let mut statement = self.db.prepare_cached(
                "SELECT e.id, a.outlet, a.published, e.evidence, e.story_id IS NOT NULL AND e.story_id <> 't:' || a.id
                 FROM events e JOIN articles a ON a.n = e.article WHERE e.group_id = ? ORDER BY a.published IS NULL, a.published, a.n, e.n",
            )?;
            let rows = statement.query_map([group], |r| {
                Ok(Other { id: r.get(0)?, outlet: r.get(1)?, published: r.get(2)?, evidence: r.get(3)?, copy: r.get(4)? })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| self.trouble(&e))
    }
}

fn kept(r: &Row<'_>) -> rusqlite::Result<(Kept, Telling)> {
    let text = |i: usize| r.get::<_, Option<String>>(i);
    let name = text(13)?;
    let point = r.get::<_, Option<f64>>(16)?.zip(r.get::<_, Option<f64>>(17)?);
    let (country, precision) = (text(14)?.unwrap_or_default(), text(18)?.unwrap_or_default());
    let geonameid = r.get(15)?;
    let place = name.map(|name| Where { name: place_name(&name), country, geonameid, point, precision });
    let code = text(9)?.unwrap_or_default();
    let details = text(19)?.and_then(|d| d.parse::<Details>().ok()).unwrap_or_default();
    let telling = Telling {
        id: text(1)?.unwrap_or_default(),
        article: r.get(2)?,
        story: text(3)?,
        published: telling::number(text(4)?.as_deref()),
        words: (r.get::<_, Option<u32>>(5)?.unwrap_or(0), r.get::<_, Option<u32>>(6)?.unwrap_or(0)),
        sides: Sides { source: text(7)?, target: text(8)?, mutual: mutual(&code) },
        code,
        mode: Mode::named(&r.get::<_, String>(10)?).unwrap_or_default(),
        first: telling::number(text(11)?.as_deref()),
        last: telling::number(text(12)?.as_deref()),
        place,
        details,
    };
    let extra = r.get::<_, Option<i64>>(23)?.is_some();
    Ok((Kept { n: r.get(0)?, counted: (r.get(20)?, r.get(21)?), group: r.get(22)?, extra }, telling))
}

/// Writes groups: number, group, whether it is beyond the one that counts, whether that changed.
fn regroup(db: &Connection, changes: &[(i64, String, bool, bool)]) -> rusqlite::Result<()> {
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS regrouped (n INTEGER PRIMARY KEY, group_id TEXT, extra INTEGER, moved INTEGER); DELETE FROM temp.regrouped",
    )?;
    let mut insert = db.prepare("INSERT INTO temp.regrouped VALUES (?, ?, ?, ?)")?;
    for (n, group, extra, moved) in changes {
        insert.execute(params![n, group, extra.then_some(1), moved])?;
    }
    let moved = "n IN (SELECT n FROM temp.regrouped WHERE moved)";
    let counts = changes.iter().any(|c| c.3);
    if counts {
        rollup::apply(db, -1, moved, &[])?;
    }
    db.execute("UPDATE events SET group_id = r.group_id, extra = r.extra FROM temp.regrouped r WHERE r.n = events.n", [])?;
    if counts {
        rollup::apply(db, 1, moved, &[])?;
        rollup::sweep(db)?;
    }
    db.execute_batch("DELETE FROM temp.regrouped")
}

/// Groups of an article's events, to be kept when it is read anew: id and group.
pub(super) fn remembered(db: &Connection, article: i64) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = db.prepare_cached("SELECT id, group_id FROM events WHERE article = ? AND group_id IS NOT NULL ORDER BY n")?;
    statement.query_map([article], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
}

/// Before an article's events go: those of their tellings elsewhere that take their place in the counts.
pub(super) fn hand_over(db: &Connection, article: i64) -> rusqlite::Result<()> {
    let sql = "SELECT (SELECT o.n FROM events o WHERE o.group_id = e.group_id AND o.article <> e.article AND o.coder = e.coder
             AND coalesce(o.source_country, o.source, '-') = coalesce(e.source_country, e.source, '-')
             AND coalesce(o.target_country, o.target, '-') = coalesce(e.target_country, e.target, '-') ORDER BY o.n LIMIT 1)
         FROM events e WHERE e.article = ? AND e.group_id IS NOT NULL AND e.extra IS NULL";
    let heirs: Vec<Option<i64>> = db.prepare_cached(sql)?.query_map([article], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    for n in heirs.into_iter().flatten() {
        if db.prepare_cached("UPDATE events SET extra = NULL WHERE n = ? AND extra IS NOT NULL")?.execute([n])? > 0 {
            rollup::apply(db, 1, "n = ?", &[&n])?;
        }
    }
    Ok(())
}

/// Puts the events of an article that is read anew into the groups they were in, not to be counted where another is.
pub(super) fn restore(db: &Connection, article: i64, groups: &[(String, String)]) -> rusqlite::Result<()> {
    for (id, group) in groups {
        let sql = "UPDATE events SET group_id = ?1, extra = (SELECT 1 FROM events o WHERE o.group_id = ?1 AND o.extra IS NULL AND o.coder = events.coder
             AND coalesce(o.source_country, o.source, '-') = coalesce(events.source_country, events.source, '-')
             AND coalesce(o.target_country, o.target, '-') = coalesce(events.target_country, events.target, '-') LIMIT 1)
           WHERE article = ?2 AND id = ?3";
        db.prepare_cached(sql)?.execute(params![group, article, id])?;
    }
    Ok(())
}
