//! Events told in several articles: their tellings share a `group_id`, and one of them is counted for each pair of sides.

use super::{Store, rollup};
use crate::failure::Failure;
use crate::record::{group_id, telling};
use detente_core::link::again::{Known, Source, again};
use detente_core::link::event::{Sides, Telling, Weights, Where, among, find_mutual, kind, place_name, told_first, weights};
use detente_core::link::mutual;
use detente_core::model::{Date, Details, FORCE, Mode};
use jiff::ToSpan;
use rusqlite::{Connection, Row, ToSql, params};
use std::collections::{BTreeSet, HashMap};

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
pub(super) struct Kept {
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
        let words = weights(&tellings);
        let first = among(&mut tellings, &words);
        let changes = changes(&all, &tellings, &first);
        let mut articles: HashMap<usize, &str> = HashMap::new();
        let mut several: Vec<usize> = Vec::new();
        for (t, &f) in tellings.iter().zip(&first) {
            if *articles.entry(f).or_insert(&t.article) != t.article {
                several.push(f);
            }
        }
        several.sort_unstable();
        several.dedup();
        self.transaction(|db| {
            regroup(db, &changes)?;
            db.execute("DELETE FROM set_words", [])?;
            let mut insert = db.prepare("INSERT INTO set_words (word, weight) VALUES (?, ?)")?;
            words.iter().try_for_each(|(word, weight)| insert.execute(params![word, weight]).map(|_| ()))
        })?;
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

/// What is to be written: number, group, whether it is beyond the one that counts, whether that changed.
fn changes(all: &[Kept], tellings: &[Telling], first: &[usize]) -> Vec<(i64, String, bool, bool)> {
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
    all.iter()
        .enumerate()
        .map(|(i, k)| {
            let extra = counted.get(&(first[i], k.counted.0.as_str(), k.counted.1)) != Some(&i);
            (k, group_id(&tellings[first[i]].id), extra)
        })
        .filter(|(k, group, extra)| k.group.as_ref() != Some(group) || k.extra != *extra)
        .map(|(k, group, extra)| (k.n, group, extra, k.extra != extra))
        .collect()
}

/// The events of an article as tellings, with what is told from both sides marked.
pub(super) fn of_article(db: &Connection, article: i64) -> rusqlite::Result<Vec<(Kept, Telling)>> {
    let sql = format!("SELECT {COLUMNS} FROM events e JOIN articles a ON a.n = e.article WHERE e.article = ? ORDER BY e.n");
    let (kept, mut tellings): (Vec<Kept>, Vec<Telling>) =
        db.prepare_cached(&sql)?.query_map([article], kept)?.collect::<rusqlite::Result<(Vec<_>, Vec<_>)>>()?;
    find_mutual(&mut tellings);
    Ok(kept.into_iter().zip(tellings).collect())
}

/// Finds the events again that an article told or tells now; `before` are its tellings as they were. Part of the step that
/// reads the article anew or takes it out. The result is that of a pass over all articles in which words weigh the same.
pub(super) fn relink(db: &Connection, article: i64, before: Vec<(Kept, Telling)>) -> rusqlite::Result<()> {
    let mut source = Ground { db, articles: HashMap::new() };
    // Their numbers may be another telling's by now: they get ones that nothing has.
    let gone = before.into_iter().map(|(k, t)| known(&k, t));
    let mut gone: Vec<Known> = (i64::MIN..).zip(gone).map(|(n, k)| Known { n, ..k }).collect();
    let mut come: Vec<(i64, Telling)> = Vec::new();
    let mut stayed: BTreeSet<String> = BTreeSet::new();
    for k in source.article(article)? {
        // What is told as before stays where it is, perhaps under another number.
        match gone.iter().position(|g| g.telling == k.telling && g.group == k.group) {
            Some(i) => {
                gone.remove(i);
                stayed.insert(k.group);
            }
            None => come.push((k.n, k.telling)),
        }
    }
    let weights = db
        .prepare_cached("SELECT word, weight FROM set_words")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<Weights>>()?;
    let mut touched = again(gone, come, &weights, &mut source)?;
    // Events that stayed as they were may be counted by another telling for the time being.
    for group in stayed {
        let members: Vec<i64> = source.members(&group)?.iter().map(|k| k.n).collect();
        if !touched.iter().flatten().any(|n| members.contains(n)) {
            touched.push(members);
        }
    }
    let sql = format!("SELECT {COLUMNS} FROM events e JOIN articles a ON a.n = e.article WHERE e.n = ?");
    let (mut all, mut tellings, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for mut members in touched {
        members.sort_unstable();
        let from = tellings.len();
        for n in members {
            let (k, t) = db.prepare_cached(&sql)?.query_row([n], kept)?;
            all.push(k);
            tellings.push(t);
        }
        let named = told_first(&tellings, from..tellings.len()).unwrap_or(from);
        first.resize(tellings.len(), named);
    }
    regroup(db, &changes(&all, &tellings, &first))
}

fn known(k: &Kept, telling: Telling) -> Known {
    // Where events were never linked each is its own.
    Known { n: k.n, group: k.group.clone().unwrap_or_else(|| group_id(&telling.id)), telling }
}

/// The store as the place where tellings are.
struct Ground<'a> {
    db: &'a Connection,
    /// Articles looked at already.
    articles: HashMap<i64, Vec<Known>>,
}

impl Ground<'_> {
    fn article(&mut self, n: i64) -> rusqlite::Result<Vec<Known>> {
        if let Some(found) = self.articles.get(&n) {
            return Ok(found.clone());
        }
        let found: Vec<Known> = of_article(self.db, n)?.into_iter().map(|(k, t)| known(&k, t)).collect();
        self.articles.insert(n, found.clone());
        Ok(found)
    }

    fn articles(&mut self, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<Vec<Known>> {
        let numbers: Vec<i64> = self.db.prepare_cached(sql)?.query_map(values, |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut out = Vec::new();
        for n in numbers {
            out.extend(self.article(n)?);
        }
        Ok(out)
    }
}

/// Days before and after its own that a telling is counted under at most: one without a day is counted under the day of publication,
/// up to a month before what it says will come.
const EARLIER: i32 = 30;
const LATER: i32 = 3;
/// A stretch begins so many days before its end, at most.
const STRETCH: i32 = 40;

impl Source for Ground<'_> {
    type Error = rusqlite::Error;

    fn near(&mut self, telling: &Telling) -> rusqlite::Result<Vec<Known>> {
        let mut parts = vec!["SELECT ?1 AS article".to_owned(), "SELECT article FROM stories WHERE story = ?2".to_owned()];
        let article: i64 = self
            .db
            .prepare_cached("SELECT coalesce((SELECT n FROM articles WHERE id = ?), -1)")?
            .query_row([&telling.article], |r| r.get(0))?;
        let side = |code: &Option<String>| code.as_ref().map(|c| c.get(..3).unwrap_or(c).to_owned());
        let (a, b) = (side(&telling.sides.source), side(&telling.sides.target));
        let day = |n: i32, by: i32| Date::ZERO.checked_add(i64::from(n.saturating_add(by)).days()).unwrap_or(Date::ZERO).to_string();
        let days = telling.days();
        let window = days
            .map_or_else(Default::default, |(first, last)| (day(first, -EARLIER), day(last, LATER), day(first, -STRETCH), day(last, 0)));
        if days.is_some() {
            let roots = match kind(&telling.code) {
                root if FORCE.contains(&root) => format!("'{}'", FORCE.join("', '")),
                root => format!("'{}'", root.replace('\'', "")),
            };
            let when = format!("AND e.day BETWEEN ?5 AND ?6 AND e.article IS NOT NULL AND substr(e.cameo, 1, 2) IN ({roots})");
            // A side is a country, or a body of none whose code begins so.
            let is = |side: &str, hole: &str| {
                [
                    format!("e.{side}_country = {hole}"),
                    format!("e.{side}_country IS NULL AND e.{side} >= {hole} AND e.{side} < {hole} || '~'"),
                ]
            };
            let none = |side: &str| [format!("e.{side}_country IS NULL AND e.{side} IS NULL"), String::new()];
            let mut add = |sources: [String; 2], targets: [String; 2]| {
                for s in sources.iter().filter(|s| !s.is_empty()) {
                    for t in targets.iter().filter(|t| !t.is_empty()) {
                        parts.push(format!("SELECT e.article FROM events e WHERE {s} AND {t} {when}"));
                    }
                }
            };
            match (&a, &b) {
                (Some(_), Some(_)) => {
                    for (x, y) in [("?3", "?4"), ("?4", "?3")] {
                        add(is("source", x), is("target", y));
                        add(is("source", x), none("target"));
                        add(none("source"), is("target", y));
                    }
                }
                (None, None) => add(none("source"), none("target")),
                (Some(_), None) | (None, Some(_)) => {
                    let hole = if a.is_some() { "?3" } else { "?4" };
                    let all = || ["true".to_owned(), String::new()];
                    add(is("source", hole), all());
                    add(all(), is("target", hole));
                }
            }
            parts.push(format!(
                "SELECT e.article FROM events e WHERE e.article IS NOT NULL AND e.date_first IS NOT e.date_last AND e.date_first BETWEEN ?7 AND ?8
                 AND substr(e.cameo, 1, 2) IN ({roots})"
            ));
        }
        let sql =
            format!("SELECT DISTINCT article FROM ({}) WHERE coalesce(?3, ?4, ?5, ?6, ?7, ?8) IS NULL OR true", parts.join(" UNION ALL "));
        let values: [&dyn ToSql; 8] = [&article, &telling.story, &a, &b, &window.0, &window.1, &window.2, &window.3];
        let mut near = self.articles(&sql, &values)?;
        near.retain(|k| k.telling.finds(telling) || telling.finds(&k.telling));
        Ok(near)
    }

    fn members(&mut self, group: &str) -> rusqlite::Result<Vec<Known>> {
        let mut members = self.articles("SELECT DISTINCT article FROM events WHERE group_id = ?", &[&group])?;
        members.retain(|k| k.group == group);
        Ok(members)
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
