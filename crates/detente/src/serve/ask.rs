//! A question: path and filters of a request, read strictly.

use crate::failure::{Failure, Stop};
use crate::store::Filter;
use crate::watch::Step;
use detente_core::model::Date;
use serde_json::{Value, json};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) failure: Failure,
}

impl Problem {
    pub(super) fn new(status: u16, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { status, failure: Failure::new(what).hint(hint) }
    }

    pub(super) fn json(&self) -> Value {
        json!({"error": self.failure.what, "hint": self.failure.hint})
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        // What is missing or wrongly asked for is the client's; a store that cannot be read is ours.
        let missing = failure.what.starts_with("no ") || failure.what.starts_with("several ");
        Self { status: if missing { 404 } else { 500 }, failure }
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Failed(failure) => failure.into(),
            Stop::Pipe => Self { status: 500, failure: Failure::new("the answer could not be written") },
        }
    }
}

/// What is asked of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Ask {
    /// The variable parts of the path.
    pub(super) path: Vec<String>,
    query: Vec<(String, String)>,
    /// The day of the question.
    pub(super) now: Date,
}

/// Longest value of a filter, in bytes.
const LONGEST: usize = 400;

impl Ask {
    /// Reads a query; a filter that is not among those known is refused.
    pub(super) fn new(path: Vec<String>, query: &str, known: &[&str], now: Date) -> Result<Self, Problem> {
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().filter(|(_, v)| !v.is_empty()).collect();
        if let Some((name, _)) = query.iter().find(|(n, _)| !known.contains(&n.as_str())) {
            let hint =
                if known.is_empty() { "this page has no filters".to_owned() } else { format!("filters here are {}", known.join(", ")) };
            return Err(Problem::new(400, format!("no filter \"{}\"", short(name)), hint));
        }
        if query.len() > 40 || query.iter().any(|(_, v)| v.len() > LONGEST) || path.iter().any(|p| p.len() > LONGEST) {
            return Err(Problem::new(400, "the question is too long", format!("a value may have {LONGEST} bytes")));
        }
        Ok(Self { path, query, now })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of a filter, those parted by commas too.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let values = self.query.iter().filter(|(n, _)| n == name).flat_map(|(_, v)| v.split(','));
        values.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    }

    pub(super) fn date(&self, name: &str) -> Result<Option<Date>, Problem> {
        let read = |v: &str| v.parse().map_err(|_| Problem::new(400, format!("{name}: \"{}\" is no day", short(v)), "write YYYY-MM-DD"));
        self.get(name).map(read).transpose()
    }

    /// A number between 0 and `most`.
    pub(super) fn number(&self, name: &str, otherwise: usize, most: usize) -> Result<usize, Problem> {
        match self.get(name) {
            None => Ok(otherwise),
            Some(v) => v.parse().ok().filter(|n| *n <= most).ok_or_else(|| {
                Problem::new(
                    400,
                    format!("{name}: \"{}\" is no number that can be used", short(v)),
                    format!("give a whole number up to {most}"),
                )
            }),
        }
    }

    pub(super) fn step(&self, otherwise: Step) -> Result<Step, Problem> {
        match self.get("step") {
            None => Ok(otherwise),
            Some(v) => {
                Step::named(v).ok_or_else(|| Problem::new(400, format!("no step \"{}\"", short(v)), "steps are day, week, month, year"))
            }
        }
    }

    /// The filters of lists of records.
    pub(super) fn filter(&self) -> Result<Filter, Problem> {
        let own = |name: &str| self.get(name).map(str::to_owned);
        let dyad = match self.get("dyad") {
            None => None,
            Some(pair) => match pair.split_once([',', '-', ':']) {
                Some((a, b)) if !a.trim().is_empty() && !b.trim().is_empty() => Some((a.trim().to_owned(), b.trim().to_owned())),
                _ => return Err(Problem::new(400, format!("\"{}\" is no dyad", short(pair)), "a dyad is two codes, as IRN,ISR")),
            },
        };
        let quads = self.all("quad").iter().map(|q| q.parse().ok().filter(|q| (1..=4).contains(q))).collect::<Option<Vec<u8>>>();
        let confidence = self.get("confidence").map(|c| c.parse::<f64>().ok().filter(|c| (0.0..=1.0).contains(c)));
        const MODES: [&str; 6] = ["happened", "future", "hypothetical", "negated", "historical", "claimed"];
        let modes = self.all("mode");
        if let Some(wrong) = modes.iter().find(|m| !MODES.contains(&m.as_str())) {
            return Err(Problem::new(400, format!("no mode \"{}\"", short(wrong)), format!("the modes are {}", MODES.join(", "))));
        }
        Ok(Filter {
            dyad,
            directed: self.get("directed").is_some_and(|v| v == "1" || v == "true"),
            actor: own("actor"),
            source: own("source"),
            target: own("target"),
            codes: self.all("code"),
            quads: quads.ok_or_else(|| Problem::new(400, "quad: no such quad class", "quad classes are 1 to 4"))?,
            place: own("place"),
            outlet: own("outlet"),
            origin: own("origin"),
            acts: self.all("act"),
            from: self.date("from")?,
            to: self.date("to")?,
            modes,
            confidence: match confidence {
                Some(None) => return Err(Problem::new(400, "confidence: not a number from 0 to 1", "as 0.5")),
                other => other.flatten(),
            },
            coder: own("coder"),
            article: own("article"),
            id: own("id"),
        })
    }
}

/// The beginning of what a client sent, for an error's words.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_read_strictly() {
        let ask = |q: &str| Ask::new(vec![], q, &["dyad", "quad", "from", "code", "limit", "mode", "confidence"], Date::default());
        assert_eq!(ask("dyad=IRN-ISR&quad=3,4&from=2018-01-01").unwrap().filter().unwrap().quads, [3, 4]);
        assert_eq!(ask("code=19&code=20,ASSAULT").unwrap().all("code"), ["19", "20", "ASSAULT"]);
        assert_eq!(ask("dyad=").unwrap().filter().unwrap(), Filter::default());
        let bad = |q: &str| ask(q).and_then(|a| a.filter().and_then(|_| a.number("limit", 1, 500))).unwrap_err();
        for q in ["dyda=IRN", "dyad=IRN", "quad=5", "from=July", "limit=9999", "limit=-1", "mode=maybe", "confidence=2"] {
            let problem = bad(q);
            assert!(problem.status == 400 && problem.failure.hint.is_some(), "{q}");
        }
        assert_eq!(bad(&format!("code={}", "9".repeat(500))).status, 400);
    }
}
