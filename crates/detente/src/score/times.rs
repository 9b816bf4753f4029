//! `score times`: spans and values of time expressions, as TempEval-3 counts them.

use super::metrics::Counts;
use super::{Report, gold};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::code::time::TextTime;
use detente_core::model::{Date, parse_loose};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::time::Instant;

/// A labelled document: `start` and `end` count characters.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    text: String,
    dct: Option<String>,
    timex: Vec<Label>,
}

#[derive(Debug, Deserialize)]
struct Label {
    start: usize,
    end: usize,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    value: Option<String>,
}

/// Measures time expressions: `strict` wants the same span, `relaxed` one that overlaps, `value` an
/// overlapping one with the same TIMEX3 value to the letter, as others count it, `value_alike` however it is written.
///
/// # Errors
/// A file is not in the format.
pub fn times(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let docs: Vec<Line> =
        gold::lines(files, limit, "one JSON object a line with \"text\", \"dct\" and \"timex\": [{\"start\", \"end\", \"value\"}]")?;
    let judged = judged_lines(&docs);
    let start = Instant::now();
    let got: Vec<Vec<TextTime>> = docs.par_iter().map(|d| engine.times(&d.text, d.dct.as_deref().and_then(day))).collect();
    let mut report = Report { n: docs.len(), seconds: start.elapsed().as_secs_f64(), ..Report::default() };
    let [mut strict, mut relaxed, mut value, mut value_alike, mut kind] = [(); 5].map(|()| Counts::default());
    for (doc, got) in docs.iter().zip(&got) {
        let chars = gold::Chars::new(&doc.text);
        let mut free: Vec<Option<(usize, usize, &TextTime)>> =
            got.iter().map(|t| Some((chars.at(t.span.start as usize), chars.at(t.span.end as usize), t))).collect();
        // What nobody labelled is neither right nor wrong.
        if let Some(lines) = judged {
            let end = doc.text.split_inclusive('\n').take(lines).map(|l| l.chars().count()).sum::<usize>();
            free.retain(|f| f.is_some_and(|(s, ..)| s < end));
        }
        let before = |c: usize| chars.slice(&doc.text, c.saturating_sub(40), c);
        for counts in [&mut strict, &mut relaxed, &mut value, &mut value_alike, &mut kind] {
            counts.gold += doc.timex.len();
            counts.got += free.len();
        }
        for label in &doc.timex {
            // The same span before any that overlaps; each answer serves one label.
            let exact = free.iter().position(|f| f.is_some_and(|(s, e, _)| s == label.start && e == label.end));
            let found = exact.or_else(|| free.iter().position(|f| f.is_some_and(|(s, e, _)| s < label.end && label.start < e)));
            let hit = found.and_then(|i| free[i].take());
            let same = hit.is_some_and(|(_, _, t)| label.value.as_deref().is_some_and(|v| plain(v) == plain(&t.value)));
            let to_the_letter = hit.is_some_and(|(_, _, t)| label.value.as_deref() == Some(&t.value));
            strict.right += usize::from(exact.is_some());
            relaxed.right += usize::from(hit.is_some());
            value.right += usize::from(to_the_letter);
            value_alike.right += usize::from(same);
            kind.right += usize::from(hit.is_some_and(|(_, _, t)| t.kind.as_str() == label.kind));
            if exact.is_none() || !same {
                report.errors.push(json!({
                    "id": doc.id, "dct": doc.dct, "before": before(label.start),
                    "gold": {"text": chars.slice(&doc.text, label.start, label.end), "type": label.kind, "value": label.value},
                    "after": chars.slice(&doc.text, label.end, label.end + 25),
                    "got": hit.map(|(s, e, t)| json!({"text": chars.slice(&doc.text, s, e), "value": t.value})),
                }));
            }
        }
        for (s, e, t) in free.into_iter().flatten() {
            report.errors.push(json!({
                "id": doc.id, "dct": doc.dct, "before": before(s), "gold": null, "after": chars.slice(&doc.text, e, e + 25),
                "got": {"text": chars.slice(&doc.text, s, e), "value": t.value},
            }));
        }
    }
    for (key, counts) in [("strict", strict), ("relaxed", relaxed), ("value", value), ("value_alike", value_alike), ("type", kind)] {
        report.figures.insert(key.to_owned(), counts.json());
    }
    report.figures.insert("expressions".to_owned(), json!(strict.gold));
    Ok(report)
}

/// A TIMEX3 value in one of its writings: label sets write 1949 also as 1949-XX, the eighties as 198X, a week as W6, an
/// hour as T17.
fn plain(value: &str) -> String {
    let bare = value.trim_end_matches("-XX");
    let mut v = if bare.ends_with(|c: char| c.is_ascii_digit()) { bare } else { value };
    let digits = v.bytes().take_while(u8::is_ascii_digit).count();
    if (2..4).contains(&digits) && v.len() == 4 && v[digits..].bytes().all(|b| b == b'X') {
        v = &v[..digits];
    }
    if let Some((year, week)) = v.split_once("-W").filter(|(_, w)| w.len() == 1 || w[1..].starts_with('-')) {
        return format!("{year}-W0{week}");
    }
    match v.split_once('T') {
        Some((day, hour)) if !day.is_empty() && hour.len() == 2 && hour.bytes().all(|b| b.is_ascii_digit()) => format!("{v}:00"),
        _ => v.to_owned(),
    }
}

/// The lines of each document that were labelled, when the labels tell: MEANTIME labels a document's first lines
/// only. No document of such a set has a label beyond that line, and most have lines beyond it.
fn judged_lines(docs: &[Line]) -> Option<usize> {
    let line = |d: &Line, at: usize| d.text.chars().take(at).filter(|c| *c == '\n').count() + 1;
    let last = docs.iter().flat_map(|d| d.timex.iter().map(|t| line(d, t.start))).max()?;
    let longer = docs.iter().filter(|d| d.text.trim_end().lines().count() > last).count();
    (longer * 2 > docs.len() && docs.len() > 9).then_some(last)
}

/// "1998-02-13", also with a time of day after it.
fn day(text: &str) -> Option<Date> {
    parse_loose(text.split('T').next().unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_several_writings() {
        for (a, b) in
            [("1949-XX-XX", "1949"), ("198X", "198"), ("19XX", "19"), ("2000-W6", "2000-W06"), ("1989-11-06T17", "1989-11-06T17:00")]
        {
            assert_eq!(plain(a), plain(b));
        }
        for v in ["XXXX-XX", "PXY", "1998-W28", "P1D", "1998-07-18TNI", "PT2H"] {
            assert_eq!(plain(v), v);
        }
    }
}
