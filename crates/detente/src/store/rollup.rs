//! Events per pair and day, kept beside the events so that series need not count them.

use super::{Filter, Store};
use crate::failure::Failure;
use rusqlite::{Connection, ToSql};

/// Who counts as one side: the country, or the code of an actor of no country.
const GROUPED: &str = "coalesce(source_country, source, '-'), coalesce(target_country, target, '-'), coder, day,
    coalesce(substr(cameo, 1, 2), plover, '-'), coalesce(quad, 0), mode";

/// Adds (`sign` 1) or takes away (-1) the events that fulfil a condition.
pub(super) fn apply(db: &Connection, sign: i64, condition: &str, params: &[&dyn ToSql]) -> rusqlite::Result<()> {
    let days = format!(
        "INSERT INTO dyad_days (source, target, coder, day, class, quad, mode, events, goldstein)
         SELECT {GROUPED}, {sign} * count(*), {sign} * total(goldstein) FROM events WHERE {condition} AND day IS NOT NULL
         GROUP BY 1, 2, 3, 4, 5, 6, 7
         ON CONFLICT DO UPDATE SET events = events + excluded.events, goldstein = round(goldstein + excluded.goldstein, 3)"
    );
    db.prepare_cached(&days)?.execute(params)?;
    let months = format!(
        "INSERT INTO months (coder, month, class, quad, mode, events, goldstein)
         SELECT coder, substr(day, 1, 7), coalesce(substr(cameo, 1, 2), plover, '-'), coalesce(quad, 0), mode,
           {sign} * count(*), {sign} * total(goldstein) FROM events WHERE {condition} AND day IS NOT NULL
         GROUP BY 1, 2, 3, 4, 5
         ON CONFLICT DO UPDATE SET events = events + excluded.events, goldstein = round(goldstein + excluded.goldstein, 3)"
    );
    db.prepare_cached(&months)?.execute(params)?;
    Ok(())
}

/// Takes out the rows that came to nothing; called once at the end of a change.
pub(super) fn sweep(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("DELETE FROM dyad_days WHERE events = 0; DELETE FROM months WHERE events = 0;")
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
        let holes = vec!["?"; modes.len()].join(", ");
        // Two arms, each along the primary key, instead of an OR that would read everything.
        let arm = format!(
            "SELECT day, quad, events, goldstein FROM dyad_days
             WHERE source = ? AND target = ? AND coder = ? AND day BETWEEN ? AND ? AND mode IN ({holes})"
        );
        let both = if directed || pair.0 == pair.1 { arm.clone() } else { format!("{arm} UNION ALL {arm}") };
        let sql = format!(
            "SELECT {start}, sum(events), sum(events) FILTER (WHERE quad = 0), sum(events) FILTER (WHERE quad = 1),
               sum(events) FILTER (WHERE quad = 2), sum(events) FILTER (WHERE quad = 3), sum(events) FILTER (WHERE quad = 4),
               sum(goldstein) FROM ({both}) GROUP BY 1 ORDER BY 1"
        );
        let (from, to) = (filter.from.map_or("0000".to_owned(), |d| d.to_string()), filter.to.map_or("9999".to_owned(), |d| d.to_string()));
        let mut params: Vec<&dyn ToSql> = Vec::new();
        let arms = if directed || pair.0 == pair.1 { 1 } else { 2 };
        for turned in [false, true].into_iter().take(arms) {
            let (a, b) = if turned { (&pair.1, &pair.0) } else { (&pair.0, &pair.1) };
            params.extend([a as &dyn ToSql, b, &coder, &from, &to]);
            params.extend(modes.iter().map(|m| m as &dyn ToSql));
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
