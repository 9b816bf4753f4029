//! `score statements`: who is told to say or hold what.
//!
//! Two formats. Attributions over whole texts: `annotations` holds, per annotator, lists of
//! character ranges for source, cue and content; the first annotator by name counts. Statements of
//! sentences: `statements` with speaker, acts and content, sentences of one `doc` read together.

use super::Report;
use super::metrics::{Counts, classes, macro_f1, round};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::model::{Article, Span};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// Character ranges, end exclusive.
type Ranges = Vec<(usize, usize)>;

#[derive(Debug, Default, Deserialize)]
struct GoldAttribution {
    #[serde(default)]
    source: Ranges,
    #[serde(default)]
    cue: Ranges,
    #[serde(default)]
    content: Ranges,
}

#[derive(Debug, Deserialize)]
struct GoldStatement {
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    acts: Vec<String>,
    #[serde(default)]
    content: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    doc: Option<String>,
    #[serde(default)]
    annotations: BTreeMap<String, Vec<GoldAttribution>>,
    #[serde(default)]
    statements: Option<Vec<GoldStatement>>,
}

/// Counts of one text.
#[derive(Debug, Default)]
struct Tally {
    cue: Counts,
    source: Counts,
    content: Counts,
    exact: Counts,
    speaker: Counts,
    acts: Vec<(Option<String>, Option<String>)>,
    errors: Vec<Value>,
}

/// Measures attributions, or statements and their acts, by what the files hold.
///
/// # Errors
/// A file is not in the format, or holds neither.
pub fn statements(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let lines = read(files, limit)?;
    let (whole, parts): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|l| !l.annotations.is_empty());
    let parts: Vec<Line> = parts.into_iter().filter(|l| l.statements.is_some()).collect();
    if whole.is_empty() && parts.is_empty() {
        return Err(Failure::new("the files hold neither \"annotations\" nor \"statements\"")
            .hint("one JSON object a line with \"text\" and one of the two"));
    }
    let mut docs: Vec<Vec<&Line>> = Vec::new();
    for line in &parts {
        match docs.last_mut() {
            Some(doc) if line.doc.is_some() && doc.last().is_some_and(|l| l.doc == line.doc) => doc.push(line),
            _ => docs.push(vec![line]),
        }
    }
    let start = Instant::now();
    let mut tallies: Vec<Tally> = whole.par_iter().map(|l| attributions(engine, l)).collect();
    tallies.extend(docs.par_iter().map(|d| acts(engine, d)).collect::<Vec<_>>());
    let seconds = start.elapsed().as_secs_f64();
    Ok(report(&tallies, whole.len() + parts.len(), seconds, !whole.is_empty(), !parts.is_empty()))
}

fn read(files: &[(String, String)], limit: usize) -> Result<Vec<Line>, Failure> {
    let mut out = Vec::new();
    for (name, text) in files {
        for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            if out.len() == limit {
                return Ok(out);
            }
            let parsed = serde_json::from_str(line).map_err(|err| {
                Failure::new(format!("{name} line {}: {err}", i + 1))
                    .hint("one JSON object a line with \"text\" and \"annotations\" or \"statements\"")
            })?;
            out.push(parsed);
        }
    }
    Ok(out)
}

fn article(text: String) -> Article {
    Article { id: "score".to_owned(), text, ..Article::default() }
}

fn attributions(engine: &Engine, line: &Line) -> Tally {
    let text = &line.text;
    // Byte offset of each character, and of the end.
    let at: Vec<u32> = text.char_indices().map(|(b, _)| b as u32).chain([text.len() as u32]).collect();
    let spans = |ranges: &Ranges| -> Vec<Span> {
        let byte = |c: usize| at.get(c).or(at.last()).copied().unwrap_or(0);
        ranges.iter().map(|&(s, e)| Span { start: byte(s), end: byte(e) }).filter(|s| !s.is_empty()).collect()
    };
    let empty = Vec::new();
    let gold = line.annotations.values().next().unwrap_or(&empty);
    let got = engine.code(&article(text.clone())).attributions;
    let role = |of: fn(&GoldAttribution) -> &Ranges| gold.iter().map(|g| spans(of(g))).collect::<Vec<_>>();
    let (cues, sources, contents) = (role(|g| &g.cue), role(|g| &g.source), role(|g| &g.content));
    let got_cues: Vec<Vec<Span>> = got.iter().map(|a| vec![a.cue]).collect();
    let got_sources: Vec<Vec<Span>> = got.iter().map(|a| a.source.into_iter().collect()).collect();
    let got_contents: Vec<Vec<Span>> = got.iter().map(|a| a.content.clone()).collect();
    let mut tally = Tally::default();
    let pairs;
    (tally.cue, pairs) = overlap(&cues, &got_cues);
    (tally.source, _) = overlap(&sources, &got_sources);
    (tally.content, _) = overlap(&contents, &got_contents);
    let words = |all: &[Vec<Span>]| all.iter().filter(|s| !s.is_empty()).map(|s| letters(text, s)).collect::<Vec<_>>();
    tally.exact.add(&words(&contents), &words(&got_contents));
    let say = |spans: &[Span]| spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … ");
    let show = |s: &[Span], c: &[Span], t: &[Span]| json!([say(s), say(c), say(t)]);
    // Where an error stands: the text, and the byte its cue (or what there is of it) begins at.
    let place = |spans: [&[Span]; 3]| spans.iter().find_map(|s| s.first()).map_or(0, |s| s.start);
    let mut put = |at: u32, gold: Value, got: Value| tally.errors.push(json!({"id": line.id, "at": at, "gold": gold, "got": got}));
    for (i, cue) in cues.iter().enumerate() {
        let gold = show(&sources[i], cue, &contents[i]);
        let at = place([cue, &contents[i], &sources[i]]);
        match pairs[i] {
            None => put(at, gold, Value::Null),
            Some(j) if letters(text, &contents[i]) != letters(text, &got_contents[j]) => {
                put(at, gold, show(&got_sources[j], &got_cues[j], &got_contents[j]));
            }
            Some(_) => {}
        }
    }
    for j in (0..got.len()).filter(|j| !pairs.contains(&Some(*j))) {
        put(got[j].cue.start, Value::Null, show(&got_sources[j], &got_cues[j], &got_contents[j]));
    }
    tally
}

/// Offsets of the letters and digits: the same words are the same content, whatever marks stand
/// around them.
fn letters(text: &str, spans: &[Span]) -> Vec<u32> {
    let mut out: Vec<u32> = spans
        .iter()
        .flat_map(|s| s.of(text).char_indices().filter(|(_, c)| c.is_alphanumeric()).map(|(i, _)| s.start + i as u32))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The largest one-to-one pairing of words that overlap: counts, and the pair of each gold one.
fn overlap(gold: &[Vec<Span>], got: &[Vec<Span>]) -> (Counts, Vec<Option<usize>>) {
    let meet = |a: &[Span], b: &[Span]| a.iter().any(|x| b.iter().any(|y| x.overlaps(*y)));
    let near: Vec<Vec<usize>> = gold.iter().map(|g| (0..got.len()).filter(|&j| meet(g, &got[j])).collect()).collect();
    let mut owner: Vec<Option<usize>> = vec![None; got.len()];
    for i in 0..gold.len() {
        pair(i, &near, &mut owner, &mut vec![false; got.len()]);
    }
    let mut pairs = vec![None; gold.len()];
    for (j, i) in owner.iter().enumerate() {
        if let Some(i) = i {
            pairs[*i] = Some(j);
        }
    }
    let filled = |all: &[Vec<Span>]| all.iter().filter(|s| !s.is_empty()).count();
    (Counts { right: pairs.iter().flatten().count(), gold: filled(gold), got: filled(got) }, pairs)
}

/// Finds a partner for gold `i`, moving others to theirs where that helps.
fn pair(i: usize, near: &[Vec<usize>], owner: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for &j in &near[i] {
        if seen[j] {
            continue;
        }
        seen[j] = true;
        if owner[j].is_none_or(|other| pair(other, near, owner, seen)) {
            owner[j] = Some(i);
            return true;
        }
    }
    false
}

fn acts(engine: &Engine, doc: &[&Line]) -> Tally {
    let mut text = String::new();
    let mut places: Vec<Span> = Vec::new();
    for line in doc {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&line.text);
        places.push(Span::new(start, text.len()));
    }
    let got = engine.code(&article(text.clone())).statements;
    let mut tally = Tally::default();
    for (line, place) in doc.iter().zip(&places) {
        let gold = line.statements.as_deref().unwrap_or_default();
        let here: Vec<_> = got.iter().filter(|s| place.overlaps(s.evidence)).collect();
        let wanted: Vec<&str> = gold.iter().flat_map(|g| g.acts.iter().map(String::as_str)).collect();
        let given: Vec<&str> = here.iter().flat_map(|s| s.acts.iter().map(String::as_str)).collect();
        let before = tally.acts.len();
        // Same acts stand for each other; the rest are misses and false alarms.
        let mut left = given.clone();
        for act in &wanted {
            let found = left.iter().position(|g| g == act).map(|at| left.remove(at).to_owned());
            tally.acts.push((Some((*act).to_owned()), found));
        }
        tally.acts.extend(left.iter().map(|g| (None, Some((*g).to_owned()))));
        let wrong = tally.acts[before..].iter().any(|(a, b)| a != b);
        let speakers: Vec<&str> = gold.iter().filter_map(|g| g.speaker.as_deref()).collect();
        let told: Vec<&str> = here.iter().filter_map(|s| s.speaker.as_ref().map(|r| r.code.as_str())).collect();
        tally.speaker.add(&speakers, &told);
        let find = |g: &GoldStatement| -> Vec<Span> {
            let words = g.content.as_deref().unwrap_or_default();
            let at = line.text.find(words).filter(|_| !words.is_empty()).map(|i| place.start as usize + i);
            at.map(|i| Span::new(i, i + words.len())).into_iter().collect()
        };
        let contents: Vec<Vec<Span>> = gold.iter().map(find).collect();
        let got_contents: Vec<Vec<Span>> = here.iter().map(|s| vec![s.content]).collect();
        let (content, _) = overlap(&contents, &got_contents);
        for (sum, one) in
            [(&mut tally.content.right, content.right), (&mut tally.content.gold, content.gold), (&mut tally.content.got, content.got)]
        {
            *sum += one;
        }
        let words = |all: &[Vec<Span>]| all.iter().filter(|s| !s.is_empty()).map(|s| letters(&text, s)).collect::<Vec<_>>();
        tally.exact.add(&words(&contents), &words(&got_contents));
        if wrong || speakers != told {
            tally.errors.push(json!({"text": line.text, "gold": [speakers, wanted], "got": [told, given]}));
        }
    }
    tally
}

fn report(tallies: &[Tally], n: usize, seconds: f64, spans: bool, acts: bool) -> Report {
    let sum = |of: fn(&Tally) -> &Counts| {
        tallies.iter().map(of).fold(Counts::default(), |a, b| Counts {
            right: a.right + b.right,
            gold: a.gold + b.gold,
            got: a.got + b.got,
        })
    };
    let mut report = Report { n, seconds, ..Report::default() };
    let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
    if spans {
        put("cue", sum(|t| &t.cue).json());
        put("source", sum(|t| &t.source).json());
    }
    put("content", sum(|t| &t.content).json());
    put("content_exact", sum(|t| &t.exact).json());
    if acts {
        let pairs = || tallies.iter().flat_map(|t| &t.acts).map(|(a, b)| (a.as_deref(), b.as_deref()));
        let mut by_act = classes(pairs().filter_map(|(a, b)| Some((a?, b))));
        for (_, b) in pairs().filter(|(a, _)| a.is_none()) {
            if let Some(class) = b.and_then(|b| by_act.get_mut(b)) {
                class.got += 1;
            }
        }
        let counts = |f: fn(&Counts) -> usize| by_act.values().map(f).sum::<usize>();
        let all = Counts { right: counts(|c| c.right), gold: counts(|c| c.gold), got: pairs().filter(|(_, b)| b.is_some()).count() };
        put("acts", all.json());
        put("acts_macro_f1", json!(round(macro_f1(&by_act))));
        put("speaker", sum(|t| &t.speaker).json());
        let per: serde_json::Map<String, Value> = by_act
            .iter()
            .map(|(act, c)| {
                let mut figures = c.json();
                figures["n"] = json!(c.gold);
                ((*act).to_owned(), figures)
            })
            .collect();
        put("per_act", Value::Object(per));
    }
    report.errors = tallies.iter().flat_map(|t| t.errors.iter().cloned()).collect();
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_stands_for_one_label() {
        let s = |a, b| vec![Span::new(a, b)];
        let (c, pairs) = overlap(&[s(0, 4), s(3, 8), vec![]], &[s(3, 5), s(0, 2)]);
        assert_eq!((c.right, c.gold, c.got), (2, 2, 2));
        // The first moves on so that the second finds a partner.
        assert_eq!(pairs, [Some(1), Some(0), None]);
        let (c, _) = overlap(&[s(0, 4)], &[s(0, 2), s(2, 4)]);
        assert_eq!((c.right, c.gold, c.got), (1, 1, 2));
    }

    #[test]
    fn marks_around_words_do_not_count() {
        let text = "“Yes, no,” he said.";
        let (with, without) = (Span::new(0, "“Yes, no,”".len()), Span::new("“".len(), "“Yes, no".len()));
        assert_eq!(letters(text, &[with]), letters(text, &[without]));
        assert_ne!(letters(text, &[with]), letters(text, &[Span::new(0, 6)]));
    }

    #[test]
    fn files_without_labels_are_refused() {
        let files = [("a.jsonl".to_owned(), "{\"text\":\"x\"}\n{}\n".to_owned())];
        assert!(read(&files, 9).unwrap_err().what.starts_with("a.jsonl line 2: "));
        assert_eq!(read(&files, 1).unwrap().len(), 1);
    }
}
