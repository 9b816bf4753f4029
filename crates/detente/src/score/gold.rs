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
    /// Where a side has several stretches of text, or none.
    #[serde(default)]
    pub source_texts: Option<Vec<String>>,
    #[serde(default)]
    pub target_texts: Option<Vec<String>>,
}

impl GoldEvent {
    /// Marked stretches of the source's and the target's side.
    pub fn marks(&self) -> (Vec<&str>, Vec<&str>) {
        fn side<'a>(one: Option<&'a String>, more: Option<&'a Vec<String>>) -> Vec<&'a str> {
            one.into_iter().chain(more.into_iter().flatten()).map(String::as_str).collect()
        }
        (side(self.source_text.as_ref(), self.source_texts.as_ref()), side(self.target_text.as_ref(), self.target_texts.as_ref()))
    }
}

/// The five classes some label sets use instead of codes.
pub(super) const PENTA: [&str; 5] = ["statement", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict"];

/// Class of a CAMEO code in five: statements and appeals, then the quads, with reduced relations
/// (16) among the verbal conflict, as the pipelines have it that use these classes.
pub(super) fn penta(code: &str) -> Option<&'static str> {
    let class = match code.get(..2)?.parse::<u8>().ok()? {
        1 | 2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        9..=13 | 16 => 3,
        14..=20 => 4,
        _ => return None,
    };
    PENTA.get(class).copied()
}

/// Reads the files' sentences, at most `limit`.
pub(super) fn read(files: &[(String, String)], limit: usize) -> Result<Vec<Item>, Failure> {
    lines(files, limit, "one JSON object a line with \"text\" and \"events\"")
}

/// Reads the files' lines, at most `limit`; `hint` tells the format.
pub(super) fn lines<T: serde::de::DeserializeOwned>(files: &[(String, String)], limit: usize, hint: &str) -> Result<Vec<T>, Failure> {
    let mut out = Vec::new();
    for (name, text) in files {
        for (i, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            if out.len() == limit {
                return Ok(out);
            }
            out.push(serde_json::from_str(line).map_err(|err| Failure::new(format!("{name} line {}: {err}", i + 1)).hint(hint))?);
        }
    }
    Ok(out)
}

/// Labels count characters where spans count bytes.
pub(super) struct Chars {
    /// Byte offset of every character, and the text's length.
    starts: Vec<usize>,
}

impl Chars {
    pub fn new(text: &str) -> Self {
        Self { starts: text.char_indices().map(|(i, _)| i).chain([text.len()]).collect() }
    }

    /// Character number of a byte offset.
    pub fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|&s| s < byte)
    }

    /// The words between two character numbers; what lies outside the text is left out.
    pub fn slice<'t>(&self, text: &'t str, from: usize, to: usize) -> &'t str {
        let last = self.starts.len() - 1;
        text.get(self.starts[from.min(last)]..self.starts[to.min(last)]).unwrap_or("")
    }
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
