use super::metrics::Confusion;
use crate::show::{BOLD, Columns, cell};
use serde_json::{Map, Value, json};

/// What a measurement came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Sentences measured.
    pub n: usize,
    /// Time taken.
    pub seconds: f64,
    /// Figures by key.
    pub figures: Map<String, Value>,
    /// What stood for what.
    pub confusion: Confusion,
    /// What was read wrongly: text, gold, got.
    pub errors: Vec<Value>,
}

impl Report {
    /// One JSON object: the figures, then `n` and `seconds`.
    pub fn json(&self) -> Value {
        let mut object = self.figures.clone();
        if !self.confusion.is_empty() {
            object.insert("confusion".to_owned(), json!(self.confusion));
        }
        object.insert("n".to_owned(), json!(self.n));
        object.insert("seconds".to_owned(), json!((self.seconds * 1e3).round() / 1e3));
        Value::Object(object)
    }

    /// The same for reading: single figures, then those with p, r and F1, then tables.
    pub fn table(&self) -> String {
        let mut out = Columns::default();
        let number = |v: &Value| match v.as_f64() {
            Some(f) if v.is_f64() && f.abs() <= 1.0 => format!("{f:.3}"),
            Some(f) if v.is_f64() => format!("{f:.1}"),
            _ => v.to_string(),
        };
        let single = |out: &mut Columns, key: &str, v: &Value| {
            out.row([cell(key), cell(number(v)).right()]);
        };
        let prf = |out: &mut Columns, key: &str, v: &Value| {
            let of = |k: &str| cell(v.get(k).map_or(String::new(), number)).right();
            out.row([cell(key), of("p"), of("r"), of("f1"), of("n")]);
        };
        let head = |s: &str| cell(s).style(BOLD).right();
        let heads = |out: &mut Columns, key: &str| {
            out.row([cell(key).style(BOLD), head("p"), head("r"), head("f1"), head("n")]);
        };
        let object = self.json();
        let figures = object.as_object().into_iter().flatten().filter(|(k, _)| *k != "confusion");
        let (nested, plain): (Vec<_>, Vec<_>) = figures.partition(|(_, v)| v.is_object());
        plain.iter().for_each(|(k, v)| single(&mut out, k, v));
        let (rows, tables): (Vec<_>, Vec<_>) = nested.into_iter().partition(|(_, v)| v.get("f1").is_some_and(Value::is_number));
        if !rows.is_empty() {
            heads(&mut out, "");
        }
        rows.iter().for_each(|(k, v)| prf(&mut out, k, v));
        for (name, table) in tables {
            let (counts, plain): (Vec<_>, Vec<_>) = table.as_object().into_iter().flatten().partition(|(_, v)| v.get("f1").is_some());
            plain.iter().for_each(|(k, v)| match v.as_object() {
                Some(inner) => inner.iter().for_each(|(i, v)| single(&mut out, &format!("{name} {k} {i}"), v)),
                None => single(&mut out, &format!("{name} {k}"), v),
            });
            if !counts.is_empty() {
                heads(&mut out, name);
            }
            counts.iter().for_each(|(k, v)| prf(&mut out, k, v));
        }
        out.lines()
    }

    /// What stood for what: a row for each label, a column for each answer, `-` for nothing.
    pub fn confusion(&self) -> String {
        let mut names: Vec<&str> = self.confusion.keys().map(String::as_str).collect();
        names.extend(self.confusion.values().flat_map(|row| row.keys().map(String::as_str)));
        names.sort_unstable_by_key(|n| (*n == "-", *n));
        names.dedup();
        let mut out = Columns::default();
        // "mat conf" for "material conflict", "CONSULT" as it is.
        let short = |name: &str| match name.split_once(' ') {
            Some((a, b)) => format!("{:.3} {:.4}", a, b),
            None => name.chars().take(8).collect::<String>(),
        };
        let head = names.iter().map(|n| cell(short(n)).style(BOLD).right());
        out.row(std::iter::once(cell("label, answer").style(BOLD)).chain(head));
        for label in &names {
            let Some(row) = self.confusion.get(*label) else { continue };
            let count = |n: &&str| cell(row.get(*n).map_or(String::new(), usize::to_string)).right();
            out.row(std::iter::once(cell(*label)).chain(names.iter().map(count)));
        }
        out.lines()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_holds_every_figure() {
        let mut report = Report { n: 2, seconds: 0.5, ..Report::default() };
        report.figures.insert("upos".into(), json!(0.5));
        report.figures.insert("root".into(), json!({"p": 0.25, "r": 0.75, "f1": 0.375}));
        report.figures.insert("per_root".into(), json!({"14": {"p": 1.0, "f1": 0.125, "n": 3}}));
        let table = anstream::adapter::strip_str(&report.table()).to_string();
        for figure in ["upos", "0.500", "0.250", "0.750", "0.375", "per_root", "0.125", " 3"] {
            assert!(table.contains(figure), "{figure} is not in\n{table}");
        }
        assert_eq!(report.json()["n"], 2);
    }
}
