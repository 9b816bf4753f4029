//! A file of knowledge as JSON, whatever it is written in: what reads the entries is then compiled for one
//! format only, which takes a good part off the time of a build.

use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A TOML text as JSON in which every key stands on the line it has in the TOML. The error names line and kind.
pub fn json(text: &str) -> Result<String, String> {
    let table = DeTable::parse(text).map_err(|e| match e.span() {
        Some(span) => format!("line {}: {}", line(text, span.start), e.message()),
        None => e.message().to_owned(),
    })?;
    let mut writer = Writer { text, read: 0, out: String::with_capacity(text.len() + text.len() / 8) };
    writer.table(table.get_ref())?;
    Ok(writer.out)
}

/// The line of a byte of the text, from one.
fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

struct Writer<'a> {
    text: &'a str,
    /// As far as lines of the TOML have been written.
    read: usize,
    out: String,
}

impl Writer<'_> {
    /// Goes on to the line of a byte. A table that is opened again further up stays where the writing is.
    fn go_to(&mut self, at: usize) {
        let between = self.text.as_bytes().get(self.read..at).unwrap_or_default();
        self.out.extend(between.iter().filter(|b| **b == b'\n').map(|_| '\n'));
        self.read = self.read.max(at);
    }

    fn table(&mut self, table: &DeTable<'_>) -> Result<(), String> {
        let mut entries: Vec<(&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        self.out.push('{');
        for (i, (key, value)) in entries.into_iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            self.go_to(key.span().start);
            self.string(key.get_ref());
            self.out.push(':');
            self.value(value)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), String> {
        let at = value.span().start;
        let bad = |what: &str| Err(format!("line {}: {what}", line(self.text, at)));
        self.go_to(at);
        match value.get_ref() {
            DeValue::String(s) => self.string(s),
            DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
                Ok(n) => self.out.push_str(&n.to_string()),
                Err(_) => return bad("the number is too large"),
            },
            DeValue::Float(f) => match f.as_str().parse::<f64>() {
                Ok(f) if f.is_finite() => self.out.push_str(&serde_json::Value::from(f).to_string()),
                _ => return bad("not a finite number"),
            },
            DeValue::Boolean(b) => self.out.push_str(if *b { "true" } else { "false" }),
            // As people write it; a day is read from text everywhere.
            DeValue::Datetime(d) => self.string(&Cow::Owned(d.to_string())),
            DeValue::Array(values) => {
                self.out.push('[');
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        self.out.push(',');
                    }
                    self.value(value)?;
                }
                self.out.push(']');
            }
            DeValue::Table(table) => self.table(table)?,
        }
        Ok(())
    }

    fn string(&mut self, s: &DeString<'_>) {
        self.out.push_str(&serde_json::Value::from(s.as_ref()).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::json;

    fn check(toml: &str, expect: &str) {
        assert_eq!(json(toml).unwrap_or_else(|e| e), expect);
    }

    #[test]
    fn values_keep_their_kind_and_keys_their_line() {
        check("b = 1\na = \"x \\\" y\"\n", "{\"b\":1,\n\"a\":\"x \\\" y\"}");
        check("n = [0x10,\n 2_000, 1.5, true]\nd = 2001-02-03\n", "{\"n\":[16,\n2000,1.5,true],\n\"d\":\"2001-02-03\"}");
        check("[[entry]]\nname = 'é'\n\n[[entry]]\nat.b = 2\n", "{\"entry\":[{\n\"name\":\"é\"},\n\n{\n\"at\":{\"b\":2}}]}");
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        check("a = 1\nb = nan\n", "line 2: not a finite number");
        check("\n\nb = 99999999999999999999\n", "line 3: the number is too large");
        assert!(json("a = 1\na = 2\n").unwrap_err().starts_with("line 2: "), "{:?}", json("a = 1\na = 2\n"));
    }
}
