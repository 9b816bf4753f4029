//! Articles as JSON objects, one a line.

use super::Fields;
use crate::failure::Failure;
use crate::read::Defaults;
use detente_core::model::Article;
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    #[serde(alias = "body")]
    text: Option<String>,
    title: Option<String>,
    #[serde(alias = "date")]
    published: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
    id: Option<serde_json::Value>,
}

/// Whether the bytes begin with a JSON object that holds an article.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let first = bytes.trim_ascii_start().split(|b| *b == b'\n').next().unwrap_or(b"");
    first.starts_with(b"{") && serde_json::from_slice::<Line>(first).is_ok_and(|line| line.text.is_some())
}

/// The article of one line; what the line lacks is taken from the defaults.
pub(super) fn article(file: &str, number: usize, json: &[u8], defaults: &Defaults) -> Result<Article, Failure> {
    let fail = |what: String| Failure::new(format!("cannot read {file} line {number}: {what}"));
    let line: Line = serde_json::from_slice(json).map_err(|err| fail(err.to_string()).hint("one JSON object a line, in UTF-8"))?;
    let id = match line.id {
        Some(serde_json::Value::String(id)) => Some(id),
        Some(serde_json::Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let Line { text, title, published, outlet, url, .. } = line;
    Fields { text, title, published, outlet, url, id }.article(&format!("{file} line {number}"), defaults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Article, Failure> {
        let defaults = Defaults { outlet: Some("Default".into()), ..Defaults::default() };
        article("a.jsonl", 3, json.as_bytes(), &defaults)
    }

    #[test]
    fn own_fields_win_over_defaults() {
        let a = read(r#"{"body":"B.","title":"T","date":"2018-07-18T10:00:00Z","id":7}"#).unwrap();
        assert_eq!((a.text.as_str(), a.id.as_str()), ("T\n\nB.", "7"));
        assert_eq!(a.published.unwrap().to_string(), "2018-07-18");
        assert_eq!(a.outlet.as_deref(), Some("Default"));
        let a = read(r#"{"text":"T. B.","title":"T.","outlet":"Own"}"#).unwrap();
        assert_eq!((a.text.as_str(), a.outlet.as_deref()), ("T. B.", Some("Own")));
        assert!(!a.id.is_empty());
    }

    #[test]
    fn errors_name_file_and_line() {
        for json in [r#"{"title":"T"}"#, "{", r#"{"text":"x","date":"18 July"}"#, "[]"] {
            let err = read(json).unwrap_err();
            assert!(err.what.starts_with("cannot read a.jsonl line 3"), "{err}");
        }
    }

    #[test]
    fn sniffs_objects_with_text() {
        assert!(looks_like(b" \n{\"text\":\"x\"}\n{}"));
        assert!(!looks_like(b"{curly} words"));
        assert!(!looks_like(b""));
    }
}
