//! Series out of the roll-ups: days with their counts, and what was read.

use super::{Filter, Store, Wanted};
use crate::failure::Failure;
use detente_watch::day::{self, Day};
use detente_watch::series::Counts;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, ToSql, params_from_iter};

const COLUMNS: &str = "day, events, verbal_cooperation, material_cooperation, verbal_conflict, material_conflict,
  r01, r02, r03, r04, r05, r06, r07, r08, r09, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20, goldstein, hostile, friendly";

/// One side of a pair: a name, and the codes that make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// Countries (`IRN`, with all sectors), actors of no country, or codes with a sector (`LBNREB`).
    pub members: Vec<String>,
}

impl Side {
    /// A side of one code.
    pub fn one(code: &str) -> Self {
        let code = code.to_uppercase();
        Self { name: code.clone(), members: vec![code] }
    }

    /// Whether a code, with its country, belongs to it.
    pub fn takes(&self, code: Option<&str>, country: Option<&str>) -> bool {
        self.members.iter().any(|m| country == Some(m) || code == Some(m))
    }
}

/// Whether a side is a key of the roll-ups: a country, or an actor of no country.
fn whole(code: &str) -> bool {
    code.len() <= 3 || crate::record::country_sector(code).0.is_none()
}

impl Store {
    /// The coder meant: the one named, the only one, or our own. Number and name.
    ///
    /// # Errors
    /// There is no such coder, or it is not plain which is meant.
    pub fn coder(&self, named: Option<&str>) -> Result<(i64, String), Failure> {
        let all = self.coders()?;
        let list = || all.iter().map(|(_, name, _, n)| format!("{name} ({n} events)")).collect::<Vec<_>>().join(", ");
        let mut fitting = all.iter().filter(|(_, name, ..)| named.is_none_or(|n| name.starts_with(n)));
        let Some(first) = fitting.next() else {
            return Err(match named {
                Some(named) => Failure::new(format!("no coder \"{named}\"")).hint(format!("the store has {}", list())),
                None => Failure::new("the store holds no events").hint("detente import FILE…, detente code --new"),
            });
        };
        let second = fitting.next();
        let own = all.iter().find(|(_, name, _, n)| name == crate::record::CODER_VERSION && *n > 0);
        match (second, own) {
            (Some(_), Some(own)) if named.is_none() => Ok((own.0, own.1.clone())),
            (Some((.., 0)), _) | (None, _) => Ok((first.0, first.1.clone())),
            _ => Err(Failure::new("several coders have events").hint(format!("choose with --coder: {}", list()))),
        }
    }

    /// Days with events of a pair of sides, in order, each once. Without `b`, of `a` with anybody. `directed` counts
    /// only what `a` does.
    ///
    /// # Errors
    /// The store cannot be read.
    #[allow(clippy::too_many_arguments)] // A pair, how it is read, and a period.
    pub fn days(
        &self,
        a: &Side,
        b: Option<&Side>,
        directed: bool,
        coder: i64,
        modes: &[String],
        from: Day,
        to: Day,
    ) -> Result<Vec<(Day, Counts)>, Failure> {
        let mut out = Vec::new();
        let range = (day::date(from).to_string(), day::date(to).to_string());
        let Some(b) = b else {
            for member in &a.members {
                if whole(member) {
                    for role in if directed { &["source", "within"][..] } else { &["source", "target", "within"] } {
                        self.rolled("actor_series", ("actor", "role"), (member, role), coder, modes, &range, &mut out)?;
                    }
                } else {
                    let mut filter = Filter { actor: Some(member.clone()), ..Filter::default() };
                    if directed {
                        filter = Filter { source: filter.actor.take(), ..Filter::default() };
                    }
                    self.counted(filter, coder, modes, &range, &mut out)?;
                }
            }
            return Ok(merged(out));
        };
        let mut pairs: Vec<(&String, &String)> = Vec::new();
        for x in &a.members {
            for y in &b.members {
                pairs.push((x, y));
                if !directed {
                    pairs.push((y, x));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for (x, y) in pairs {
            if whole(x) && whole(y) {
                self.rolled("dyad_series", ("source", "target"), (x, y), coder, modes, &range, &mut out)?;
            } else {
                let filter = Filter { dyad: Some((x.clone(), y.clone())), directed: true, ..Filter::default() };
                self.counted(filter, coder, modes, &range, &mut out)?;
            }
        }
        Ok(merged(out))
    }

    #[allow(clippy::too_many_arguments)] // A table, its two keys, and what is wanted of it.
    fn rolled(
        &self,
        table: &str,
        keys: (&str, &str),
        values: (&str, &str),
        coder: i64,
        modes: &[String],
        range: &(String, String),
        out: &mut Vec<(Day, Counts)>,
    ) -> Result<(), Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {table} WHERE {} = ? AND {} = ? AND coder = ? AND mode = ? AND day BETWEEN ? AND ?",
            keys.0, keys.1
        );
        let mut read = || {
            let mut statement = self.db.prepare_cached(&sql)?;
            for mode in modes {
                let params: [&dyn ToSql; 6] = [&values.0, &values.1, &coder, mode, &range.0, &range.1];
                let mut rows = statement.query(params)?;
                while let Some(row) = rows.next()? {
                    if let Some(day) = day::parse(row.get_ref(0)?.as_str()?) {
                        out.push((day, counts(row)?));
                    }
                }
            }
            Ok(())
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Sides that no roll-up has are counted from the events themselves.
    fn counted(
        &self,
        filter: Filter,
        coder: i64,
        modes: &[String],
        range: &(String, String),
        out: &mut Vec<(Day, Counts)>,
    ) -> Result<(), Failure> {
        let filter = Filter { modes: modes.to_vec(), from: range.0.parse().ok(), to: range.1.parse().ok(), ..filter };
        let (condition, mut values) = filter.condition(Wanted::Events)?.finish();
        values.push(Sql::Integer(coder));
        let class = "coalesce(cameo_root, plover, '-')";
        let sql = format!(
            "SELECT day, {} AS root, coalesce(quad, 0), count(*), total(goldstein) FROM
               (SELECT *, {class} AS class, row_number() OVER (PARTITION BY coalesce(group_id, id), source, target ORDER BY extra, n) AS telling
                FROM record_events WHERE {condition} AND coder_n = ?)
             WHERE telling = 1 GROUP BY 1, 2, 3",
            super::rollup::ROOT
        );
        let read = || {
            let mut statement = self.db.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                let Some(day) = day::parse(row.get_ref(0)?.as_str()?) else { continue };
                let (root, quad, n): (u8, u8, u32) = (row.get(1)?, row.get(2)?, row.get(3)?);
                let mut one = Counts::event(root, quad, row.get(4)?);
                one.events = n;
                one.quads.iter_mut().chain(&mut one.roots).filter(|v| **v > 0).for_each(|v| *v = n);
                out.push((day, one));
            }
            Ok(())
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Events of a coder by day, over all pairs: what was read. In order of the days.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read_days(&self, coder: i64) -> Result<Vec<(Day, u64)>, Failure> {
        self.by_day("SELECT day, events FROM read_days WHERE coder = ? AND events > 0 ORDER BY day", &[&coder])
    }

    /// Articles by the day they were published, in order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn article_days(&self) -> Result<Vec<(Day, u64)>, Failure> {
        self.by_day("SELECT day, articles FROM article_days ORDER BY day", &[])
    }

    fn by_day(&self, sql: &str, params: &[&dyn ToSql]) -> Result<Vec<(Day, u64)>, Failure> {
        let read = || {
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                if let Some(day) = day::parse(row.get_ref(0)?.as_str()?) {
                    out.push((day, row.get::<_, i64>(1)?.unsigned_abs()));
                }
            }
            Ok(out)
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Pairs of different sides with events, the lesser code first, in order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn pairs(&self, coder: i64) -> Result<Vec<(String, String)>, Failure> {
        let read = || {
            // From pair to pair along the key, instead of over all days.
            let mut next = self.db.prepare_cached(
                "SELECT source, target FROM dyad_series WHERE (source, target, coder) > (?, ?, 9223372036854775807) LIMIT 1",
            )?;
            let mut has = self.db.prepare_cached("SELECT 1 FROM dyad_series WHERE source = ? AND target = ? AND coder = ? LIMIT 1")?;
            let (mut at, mut out) = ((String::new(), String::new()), Vec::new());
            loop {
                let mut rows = next.query([&at.0, &at.1])?;
                let Some(row) = rows.next()? else { break };
                at = (row.get(0)?, row.get(1)?);
                if at.0 != at.1 && at.0 != "-" && at.1 != "-" && has.exists((&at.0, &at.1, coder))? {
                    let (a, b) = at.clone();
                    out.push(if a < b { (a, b) } else { (b, a) });
                }
            }
            Ok(out)
        };
        let mut pairs = read().map_err(|e: rusqlite::Error| self.trouble(&e))?;
        pairs.sort_unstable();
        pairs.dedup();
        Ok(pairs)
    }
}

fn counts(row: &Row<'_>) -> rusqlite::Result<Counts> {
    let n = |i: usize| row.get_ref(i).and_then(|v| Ok(u32::try_from(v.as_i64()?).unwrap_or(0)));
    let mut out = Counts { events: n(1)?, goldstein: row.get(26)?, hostile: row.get(27)?, friendly: row.get(28)?, ..Counts::default() };
    for (i, quad) in out.quads.iter_mut().enumerate().skip(1) {
        *quad = n(i + 1)?;
    }
    for (i, root) in out.roots.iter_mut().enumerate().skip(1) {
        *root = n(i + 5)?;
    }
    out.quads[0] = out.events.saturating_sub(out.quads.iter().sum());
    out.roots[0] = out.events.saturating_sub(out.roots.iter().sum());
    Ok(out)
}

/// Each day once, in order.
fn merged(mut days: Vec<(Day, Counts)>) -> Vec<(Day, Counts)> {
    days.sort_by_key(|(d, _)| *d);
    days.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1.add(&later.1);
        }
        same
    });
    days
}
