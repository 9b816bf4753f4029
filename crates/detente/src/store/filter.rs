//! Which records are wanted: the filters of `events`, `statements`, `dyad` and `export` as SQL.

use crate::failure::Failure;
use detente_core::model::Date;
use rusqlite::types::Value as Sql;

/// Filters; what is empty filters nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Two sides in either order: countries, or codes; `*` stands for any letters.
    pub dyad: Option<(String, String)>,
    /// Only what the first of the dyad does to the second.
    pub directed: bool,
    /// Either side (for statements: speaker or about), `*` stands for any letters.
    pub actor: Option<String>,
    /// Who does it, or speaks.
    pub source: Option<String>,
    /// To whom.
    pub target: Option<String>,
    /// CAMEO codes or roots, or PLOVER events, any of them.
    pub codes: Vec<String>,
    /// Quad classes, any of them.
    pub quads: Vec<u8>,
    /// Place: a country's code, or words of its name.
    pub place: Option<String>,
    /// Outlet; `*` stands for any letters.
    pub outlet: Option<String>,
    /// Origin of a statement: who first had the words.
    pub origin: Option<String>,
    /// Acts of a statement, any of them.
    pub acts: Vec<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Modes, any of them.
    pub modes: Vec<String>,
    /// Lowest confidence; imported events have none and stay.
    pub confidence: Option<f64>,
    /// Coders, by the beginning of their name.
    pub coder: Option<String>,
    /// Article, by its id.
    pub article: Option<String>,
    /// Record, by the beginning of its id.
    pub id: Option<String>,
}

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Events.
    Events,
    /// Statements.
    Statements,
}

/// A condition and its values.
#[derive(Debug, Default)]
pub(super) struct Condition {
    parts: Vec<String>,
    values: Vec<Sql>,
}

impl Condition {
    fn put(&mut self, sql: impl Into<String>, values: impl IntoIterator<Item = Sql>) {
        self.parts.push(sql.into());
        self.values.extend(values);
    }

    /// SQL after WHERE, and the values of its holes.
    pub(super) fn finish(self) -> (String, Vec<Sql>) {
        if self.parts.is_empty() { ("true".to_owned(), self.values) } else { (self.parts.join(" AND "), self.values) }
    }
}

fn text(s: &str) -> Sql {
    Sql::Text(s.to_owned())
}

/// A code as a condition on an actor's columns. A country's three letters are compared with the
/// country, which has an index; everything else with the whole code.
fn side(column: &str, code: &str) -> (String, Vec<Sql>) {
    let code = code.to_ascii_uppercase();
    let literal = |s: &str| !s.contains(['*', '?', '[']);
    // IRN and IRN* are the country with all its sectors.
    let country = code.strip_suffix('*').unwrap_or(&code);
    let of_country = crate::record::country_sector(&code).0.filter(|c| literal(c));
    if country.len() == 3 && of_country.is_some() {
        return (format!("{column}_country = ?"), vec![text(country)]);
    }
    let (sign, code) = match literal(&code) {
        true if code.len() > 3 => ("=", code),
        // UNO with all its organs.
        true => ("GLOB", format!("{code}*")),
        false => ("GLOB", code),
    };
    // Indexes find the country, or the bodies of no country, first.
    match of_country {
        Some(country) => (format!("{column}_country = ? AND {column} {sign} ?"), vec![text(&country), text(&code)]),
        None if code.get(..3).is_none_or(|c| !literal(c)) => (format!("{column} {sign} ?"), vec![text(&code)]),
        None => (format!("{column}_country IS NULL AND {column} {sign} ?"), vec![text(&code)]),
    }
}

fn holes(n: usize) -> String {
    vec!["?"; n].join(", ")
}

impl Filter {
    /// The modes asked for; without any, those that count as having happened.
    pub fn modes_or_happened(&self) -> Vec<String> {
        if self.modes.is_empty() { ["happened", "claimed"].map(str::to_owned).to_vec() } else { self.modes.clone() }
    }

    /// Whether an index finds few rows, so that they are better put in order afterwards.
    pub(super) fn narrow(&self) -> bool {
        let who = self.dyad.is_some() || self.actor.is_some() || self.source.is_some() || self.target.is_some();
        who || self.article.is_some() || self.id.is_some() || self.from.is_some() || self.to.is_some()
    }

    /// The filter as a condition on `record_events`, with its values.
    ///
    /// # Errors
    /// A filter that has no meaning for events.
    pub(crate) fn events_sql(&self) -> Result<(String, Vec<Sql>), Failure> {
        Ok(self.condition(Wanted::Events)?.finish())
    }

    /// The filter as a condition on `record_events` or `record_statements`.
    ///
    /// # Errors
    /// A filter that has no meaning for this kind of record.
    pub(super) fn condition(&self, wanted: Wanted) -> Result<Condition, Failure> {
        let mut c = Condition::default();
        let events = wanted == Wanted::Events;
        if let Some((a, b)) = &self.dyad {
            let pair = |x: &str, y: &str| {
                let ((first, mut values), (second, more)) = match events {
                    true => (side("source", x), side("target", y)),
                    false => (side("speaker", x), about(y)),
                };
                values.extend(more);
                (format!("({first} AND {second})"), values)
            };
            let (one, mut values) = pair(a, b);
            if self.directed || a == b {
                c.put(one, values);
            } else {
                let (other, more) = pair(b, a);
                values.extend(more);
                c.put(format!("({one} OR {other})"), values);
            }
        }
        if let Some(code) = &self.actor {
            let ((first, mut values), (second, more)) = match events {
                true => (side("source", code), side("target", code)),
                false => (side("speaker", code), about(code)),
            };
            values.extend(more);
            c.put(format!("(({first}) OR ({second}))"), values);
        }
        for (code, column) in [(&self.source, if events { "source" } else { "speaker" }), (&self.target, "target")] {
            let Some(code) = code else { continue };
            let (sql, values) = if column == "target" && !events { about(code) } else { side(column, code) };
            c.put(format!("({sql})"), values);
        }
        if events {
            self.events(&mut c)?;
        } else {
            self.statements(&mut c)?;
        }
        if let Some(outlet) = &self.outlet {
            c.put("lower(outlet) GLOB lower(?)", [text(outlet)]);
        }
        if let Some(from) = self.from {
            c.put("day >= ?", [text(&from.to_string())]);
        }
        if let Some(to) = self.to {
            c.put("day <= ?", [text(&to.to_string())]);
        }
        if let Some(coder) = &self.coder {
            c.put("coder_n IN (SELECT n FROM coders WHERE coder GLOB ?)", [text(&format!("{coder}*"))]);
        }
        if let Some(article) = &self.article {
            c.put("article_n IN (SELECT n FROM articles WHERE id = ?)", [text(article)]);
        }
        if let Some(id) = &self.id {
            match id.strip_prefix("i:").map(str::parse::<i64>) {
                Some(Ok(n)) if events => c.put("n = ?", [Sql::Integer(n)]),
                _ => c.put(
                    "n IN (SELECT n FROM ".to_owned()
                        + if events { "events" } else { "statements" }
                        + " WHERE id >= ? AND id < ? || char(0x10ffff))",
                    [text(id), text(id)],
                ),
            }
        }
        Ok(c)
    }

    fn events(&self, c: &mut Condition) -> Result<(), Failure> {
        if self.origin.is_some() || !self.acts.is_empty() {
            return Err(Failure::new("events have no origin and no acts").hint("ask `detente statements` for these"));
        }
        if !self.codes.is_empty() {
            let (mut parts, mut values) = (Vec::new(), Vec::new());
            for code in &self.codes {
                // "19" is the root with all under it, as "190" is all of 190; CAMEO is a tree.
                let cameo = code.bytes().all(|b| b.is_ascii_digit());
                parts.push(if cameo { "cameo GLOB ? || '*'" } else { "plover = upper(?)" });
                values.push(text(code));
            }
            c.put(format!("({})", parts.join(" OR ")), values);
        }
        if !self.quads.is_empty() {
            c.put(format!("quad IN ({})", holes(self.quads.len())), self.quads.iter().map(|q| Sql::Integer(i64::from(*q))));
        }
        if let Some(place) = &self.place {
            c.put("(place_country = upper(?) OR place_name LIKE '%' || ? || '%')", [text(place), text(place)]);
        }
        if !self.modes.is_empty() {
            c.put(format!("mode IN ({})", holes(self.modes.len())), self.modes.iter().map(|m| text(m)));
        }
        if let Some(confidence) = self.confidence {
            c.put("coalesce(confidence, 1) >= ?", [Sql::Real(confidence)]);
        }
        Ok(())
    }

    fn statements(&self, c: &mut Condition) -> Result<(), Failure> {
        if !self.codes.is_empty() || !self.quads.is_empty() || !self.modes.is_empty() || self.place.is_some() || self.confidence.is_some() {
            return Err(
                Failure::new("statements have no code, quad class, mode, place or confidence").hint("ask `detente events` for these")
            );
        }
        if let Some(origin) = &self.origin {
            c.put("lower(origin) GLOB lower(?)", [text(origin)]);
        }
        if !self.acts.is_empty() {
            let sql = format!("EXISTS (SELECT 1 FROM json_each(acts) WHERE value IN ({}))", holes(self.acts.len()));
            c.put(sql, self.acts.iter().map(|a| text(a)));
        }
        Ok(())
    }
}

/// An actor among those a statement is about.
fn about(code: &str) -> (String, Vec<Sql>) {
    let code = code.to_ascii_uppercase();
    let glob = if code.len() == 3 { format!("{code}*") } else { code };
    ("EXISTS (SELECT 1 FROM json_each(about) WHERE value GLOB ?)".to_owned(), vec![text(&glob)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides() {
        let check = |code: &str, expect: &str| assert_eq!(side("source", code).0, expect, "{code}");
        check("irn", "source_country = ?");
        check("IRN*", "source_country = ?");
        check("IRNGOV", "source_country = ? AND source = ?");
        check("IRN*MIL", "source_country = ? AND source GLOB ?");
        check("UNO", "source_country IS NULL AND source GLOB ?");
        check("IMGISI", "source_country IS NULL AND source = ?");
        check("*MIL", "source GLOB ?");
        check("U*", "source GLOB ?");
    }

    #[test]
    fn filters_that_make_no_sense_are_refused() {
        let filter = Filter { acts: vec!["demand".into()], ..Filter::default() };
        assert!(filter.condition(Wanted::Events).is_err() && filter.condition(Wanted::Statements).is_ok());
        let filter = Filter { quads: vec![4], ..Filter::default() };
        assert!(filter.condition(Wanted::Statements).is_err());
    }
}
