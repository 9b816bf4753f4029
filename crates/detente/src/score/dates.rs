//! `score dates`: the days given to events.

use super::metrics::{ratio, round};
use super::{Report, gold};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::model::{Article, Date, When, parse_loose};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::time::Instant;

/// A sentence with one event: the word that tells it, its first and last day; null where nobody can know.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    text: String,
    published: Option<String>,
    trigger: String,
    first: Option<String>,
    last: Option<String>,
}

/// Measures the days of events: `exact_range` wants both ends, `wrong_day` counts events put on one exact day that is
/// not theirs, `events` is how many of the events were found at all.
///
/// # Errors
/// A file is not in the format.
pub fn dates(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let hint = "one JSON object a line with \"text\", \"published\", \"trigger\", \"first\" and \"last\"";
    let lines: Vec<Line> = gold::lines(files, limit, hint)?;
    let start = Instant::now();
    let got: Vec<Option<When>> = lines.par_iter().map(|l| read(engine, l)).collect();
    let mut report = Report { n: lines.len(), seconds: start.elapsed().as_secs_f64(), ..Report::default() };
    let (mut exact, mut wrong) = (0, 0);
    for (line, got) in lines.iter().zip(&got) {
        let days = got.as_ref().map_or((None, None), |w| (w.first, w.last));
        let holds = got.is_some() && days == (day(&line.first), day(&line.last));
        exact += usize::from(holds);
        wrong += usize::from(!holds && days.0.is_some() && days.0 == days.1);
        if !holds {
            report.errors.push(json!({
                "id": line.id, "text": line.text, "published": line.published, "gold": [line.first, line.last],
                "got": got.as_ref().map(|w| json!({"first": w.first.map(|d| d.to_string()), "last": w.last.map(|d| d.to_string()), "text": w.text, "how": w.how})),
            }));
        }
    }
    let mut put = |key: &str, part: usize| report.figures.insert(key.to_owned(), json!(round(ratio(part, lines.len()))));
    put("exact_range", exact);
    put("wrong_day", wrong);
    put("events", got.iter().flatten().count());
    Ok(report)
}

fn day(text: &Option<String>) -> Option<Date> {
    text.as_deref().and_then(parse_loose)
}

/// When the event of the trigger happened; none when no such event is read.
fn read(engine: &Engine, line: &Line) -> Option<When> {
    let article = Article { id: line.id.clone(), text: line.text.clone(), published: day(&line.published), ..Article::default() };
    let coded = engine.code(&article);
    let at = line.text.find(&line.trigger)?;
    let within = |start: u32, end: u32| (start as usize) < at + line.trigger.len() && at < end as usize;
    let event =
        coded.events.iter().find(|e| e.evidence.first().is_some_and(|s| within(s.start, s.end))).or_else(|| coded.events.first())?;
    Some(event.when.clone())
}
