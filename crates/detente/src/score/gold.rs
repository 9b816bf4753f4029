//! Labelled sentences: JSONL with a text and its events.

use crate::failure::Failure;
use serde::Deserialize;

/// A labelled sentence.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Item {
    #[serde(default)]
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub date: Option<String>,
    /// Sentences of one document follow each other and share this.
    #[serde(default)]
    pub doc: Option<String>,
    #[serde(default)]
    pub events: Vec<GoldEvent>,
}

/// A labelled event.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct GoldEvent {
    pub source: Option<String>,
    pub target: Option<String>,
    /// CAMEO digits or a PLOVER name.
    pub code: Option<String>,
    pub mode: Option<String>,
    pub source_text: Option<String>,
    pub target_text: Option<String>,
}

/// Reads the files' sentences, at most `limit`.
pub(super) fn read(files: &[(String, String)], limit: usize) -> Result<Vec<Item>, Failure> {
    let mut out = Vec::new();
    for (name, text) in files {
        for (i, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            if out.len() == limit {
                return Ok(out);
            }
            out.push(serde_json::from_str(line).map_err(|err| {
                Failure::new(format!("{name} line {}: {err}", i + 1)).hint("one JSON object a line with \"text\" and \"events\"")
            })?);
        }
    }
    Ok(out)
}

/// The actor, or `None` for the ways of writing that there is none.
pub(super) fn actor(code: Option<&str>) -> Option<&str> {
    code.map(str::trim).filter(|c| !c.is_empty() && c.chars().any(|c| !"-*".contains(c)))
}

/// Whether the code is a PLOVER name rather than CAMEO digits.
pub(super) fn is_plover(code: &str) -> bool {
    !code.starts_with(|c: char| c.is_ascii_digit())
}

/// Quad class of a PLOVER event, as the labelled data groups them.
pub(super) fn plover_quad(event: &str) -> Option<u8> {
    match event {
        "AGREE" | "CONSULT" | "SUPPORT" => Some(1),
        "COOPERATE" | "AID" | "YIELD" | "CONCEDE" | "RETREAT" => Some(2),
        "REQUEST" | "ACCUSE" | "REJECT" | "THREATEN" => Some(3),
        "PROTEST" | "SANCTION" | "MOBILIZE" | "COERCE" | "ASSAULT" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_written_in_many_ways() {
        for nobody in [None, Some(""), Some("-"), Some("---"), Some("***"), Some("---***")] {
            assert_eq!(actor(nobody), None);
        }
        assert_eq!(actor(Some("RUSGOV")), Some("RUSGOV"));
    }

    #[test]
    fn errors_name_file_and_line() {
        let files = [("a.jsonl".to_owned(), "{\"text\":\"x\"}\n\n{}\n".to_owned())];
        assert!(read(&files, 9).unwrap_err().what.starts_with("a.jsonl line 3: "));
        assert_eq!(read(&files, 1).unwrap().len(), 1);
    }
}
