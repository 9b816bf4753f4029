//! Events per pair and day, kept beside the events so that series need not count them.

use super::{Filter, Store};
use crate::failure::Failure;
use rusqlite::{Connection, ToSql};

/// Who counts as one side: the country, or the code of an actor of no country.
const SIDES: &str = "coalesce(source_country, source, '-'), coalesce(target_country, target, '-')";
const CLASS: &str = "coalesce(substr(cameo, 1, 2), plover, '-'), coalesce(quad, 0)";
const CHANGE: &str = "events = events + excluded.events, goldstein = round(goldstein + excluded.goldstein, 3)";

/// Adds (`sign` 1) or takes away (-1) the events that fulfil a condition.
pub(super) fn apply(db: &Connection, sign: i64, condition: &str, params: &[&dyn ToSql]) -> rusqlite::Result<()> {
    let of = |quad: u8| format!("{sign} * count(*) FILTER (WHERE quad = {quad})");
    let counted = format!("{sign} * count(*), {sign} * total(goldstein)");
    let from = format!("FROM events WHERE {condition} AND day IS NOT NULL");
    let tables = [
        format!(
            "INSERT INTO dyad_days (source, target, coder, day, class, quad, mode, events, goldstein)
             SELECT {SIDES}, coder, day, {CLASS}, mode, {counted} {from} GROUP BY 1, 2, 3, 4, 5, 6, 7 ON CONFLICT DO UPDATE SET {CHANGE}"
        ),
        format!(
            "INSERT INTO dyad_quads (source, target, coder, mode, day, events, goldstein, verbal_cooperation, material_cooperation, verbal_conflict, material_conflict)
             SELECT {SIDES}, coder, mode, day, {counted}, {}, {}, {}, {} {from} GROUP BY 1, 2, 3, 4, 5
             ON CONFLICT DO UPDATE SET {CHANGE}, verbal_cooperation = verbal_cooperation + excluded.verbal_cooperation,
               material_cooperation = material_cooperation + excluded.material_cooperation,
               verbal_conflict = verbal_conflict + excluded.verbal_conflict, material_conflict = material_conflict + excluded.material_conflict",
            of(1), of(2), of(3), of(4)
        ),
        format!(
            "INSERT INTO months (coder, month, class, quad, mode, events, goldstein)
             SELECT coder, substr(day, 1, 7), {CLASS}, mode, {counted} {from} GROUP BY 1, 2, 3, 4, 5 ON CONFLICT DO UPDATE SET {CHANGE}"
        ),
    ];
    for sql in tables {
        db.prepare_cached(&sql)?.execute(params)?;
    }
    Ok(())
}

/// Takes out the rows that came to nothing; called once at the end of a change.
pub(super) fn sweep(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "DELETE FROM dyad_days WHERE events = 0; DELETE FROM dyad_quads WHERE events = 0; DELETE FROM months WHERE events = 0;",
    )
}

/// Length of the steps of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Step {
    /// A day.
    #[default]
    Day,
    /// Monday to Sunday, named by the Monday.
    Week,
    /// A month, named by its first day.
    Month,
    /// A year.
    Year,
}

/// One step of a pair's series. Steps without events are not among the points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    /// First day of the step.
    pub start: String,
    /// All events.
    pub events: i64,
    /// By quad class: unknown, verbal cooperation, material cooperation, verbal conflict, material conflict.
    pub quad: [i64; 5],
    /// Sum of Goldstein values.
    pub goldstein: f64,
}

impl Store {
    /// The series of a pair of sides (`IRN`, `ISR`, or the code of an actor of no country), as one
    /// coder has it. `directed` counts only what the first does to the second. Modes are those
    /// of the filter, or told as having happened when it names none.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn series(&self, pair: (&str, &str), directed: bool, coder: i64, step: Step, filter: &Filter) -> Result<Vec<Point>, Failure> {
        let start = match step {
            Step::Day => "day",
            Step::Week => "date(day, '-6 days', 'weekday 1')",
            Step::Month => "substr(day, 1, 7) || '-01'",
            Step::Year => "substr(day, 1, 4) || '-01-01'",
        };
        let modes = filter.modes_or_happened();
        // An arm for each direction and mode, along the primary key, instead of an OR that would read everything.
        const ARM: &str = "SELECT * FROM dyad_quads WHERE source = ? AND target = ? AND coder = ? AND mode = ? AND day BETWEEN ? AND ?";
        let directions = if directed || pair.0 == pair.1 { 1 } else { 2 };
        let arms = vec![ARM; directions * modes.len()].join(" UNION ALL ");
        let sql = format!(
            "SELECT {start}, sum(events), sum(events - verbal_cooperation - material_cooperation - verbal_conflict - material_conflict),
               sum(verbal_cooperation), sum(material_cooperation), sum(verbal_conflict), sum(material_conflict), sum(goldstein)
             FROM ({arms}) GROUP BY 1 ORDER BY 1"
        );
        let (from, to) = (filter.from.map_or("0000".to_owned(), |d| d.to_string()), filter.to.map_or("9999".to_owned(), |d| d.to_string()));
        let mut params: Vec<&dyn ToSql> = Vec::new();
        for turned in [false, true].into_iter().take(directions) {
            let (a, b) = if turned { (&pair.1, &pair.0) } else { (&pair.0, &pair.1) };
            for mode in &modes {
                params.extend([a as &dyn ToSql, b, &coder, mode, &from, &to]);
            }
        }
        let read = || {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map(params.as_slice(), |r| {
                let mut point = Point { start: r.get(0)?, events: r.get(1)?, goldstein: r.get(7)?, ..Point::default() };
                for (i, n) in point.quad.iter_mut().enumerate() {
                    *n = r.get::<_, Option<i64>>(i + 2)?.unwrap_or(0);
                }
                Ok(point)
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }

    /// Coders with events, the most events first: number, name, ontology, events.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn coders(&self) -> Result<Vec<(i64, String, String, i64)>, Failure> {
        let read = || {
            let mut statement = self.db.prepare_cached(
                "SELECT c.n, c.coder, c.ontology, coalesce(sum(m.events), 0) AS events FROM coders c LEFT JOIN months m ON m.coder = c.n
                 GROUP BY c.n ORDER BY events DESC, c.n",
            )?;
            let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e: rusqlite::Error| self.trouble(&e))
    }
}
