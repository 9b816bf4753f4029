//! `score places`: names of places found and resolved (XML), or the place of a deed (JSONL).

use super::metrics::{Counts, ratio, round};
use super::{Report, gold};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::code::place::TextPlace;
use detente_core::model::Span;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::json;
use std::time::Instant;

/// Within this many kilometres a place counts as found (100 miles, as the field has it).
const NEAR_KM: f64 = 161.0;

/// A labelled article: character offsets of the names, with coordinates where the labels have them.
#[derive(Debug, Default)]
struct Article {
    text: String,
    places: Vec<Label>,
}

#[derive(Debug)]
struct Label {
    start: usize,
    end: usize,
    at: Option<(f64, f64)>,
}

/// Measures places: `recognition` wants an overlapping span, `acc161` and `median_km` are over the labelled names that
/// have coordinates. A file of JSON lines (`text`, `events` with `event_text` and `locations`) is measured on which
/// place is given to the event.
///
/// # Errors
/// A file is in neither format.
pub fn places(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    if files.iter().all(|(_, text)| text.trim_start().starts_with('{')) {
        return deeds(engine, files, limit);
    }
    let mut articles = Vec::new();
    for (name, text) in files {
        articles.extend(xml(name, text)?);
    }
    articles.truncate(limit);
    let start = Instant::now();
    let got: Vec<(Vec<TextPlace>, Vec<TextPlace>)> = articles.par_iter().map(|a| read(engine, a)).collect();
    let mut report = Report { n: articles.len(), seconds: start.elapsed().as_secs_f64(), ..Report::default() };
    let mut recognition = Counts::default();
    let mut far: Vec<f64> = Vec::new();
    for (article, (found, resolved)) in articles.iter().zip(&got) {
        let chars = gold::Chars::new(&article.text);
        let mut free: Vec<Option<Span>> = found.iter().map(|(s, _)| Some(*s)).collect();
        recognition.gold += article.places.len();
        recognition.got += found.len();
        for (label, (span, means)) in article.places.iter().zip(resolved) {
            let hit = free.iter().position(|f| f.is_some_and(|s| s.overlaps(*span)));
            if let Some(i) = hit {
                free[i] = None;
                recognition.right += 1;
            }
            let name = chars.slice(&article.text, label.start, label.end);
            let km = label.at.map(|(lat, lon)| means.map_or(20_000.0, |c| c.km(lat, lon)));
            far.extend(km);
            if hit.is_none() || km.is_some_and(|km| km > NEAR_KM) {
                report.errors.push(json!({
                    "before": chars.slice(&article.text, label.start.saturating_sub(50), label.start), "gold": name, "at": label.at,
                    "after": chars.slice(&article.text, label.end, label.end + 40), "found": hit.is_some(), "km": km,
                    "got": means.map(|c| json!({"lat": c.lat, "lon": c.lon, "country": c.country_code(), "kind": c.kind.precision(), "geonameid": c.id})),
                }));
            }
        }
        for span in free.into_iter().flatten() {
            let (s, e) = (chars.at(span.start as usize), chars.at(span.end as usize));
            let cut = |a, b| chars.slice(&article.text, a, b);
            report.errors.push(json!({"before": cut(s.saturating_sub(50), s), "gold": null, "got": cut(s, e), "after": cut(e, e + 40)}));
        }
    }
    far.sort_by(f64::total_cmp);
    let near = far.iter().filter(|km| **km <= NEAR_KM).count();
    let mut put = |key: &str, value| report.figures.insert(key.to_owned(), value);
    put("recognition", recognition.json());
    put("acc161", json!(round(ratio(near, far.len()))));
    put("median_km", json!(far.get(far.len() / 2).map(|km| (km * 10.0).round() / 10.0)));
    put("names", json!(far.len()));
    Ok(report)
}

/// What the program finds by itself, and what it says of the labelled names.
fn read(engine: &Engine, article: &Article) -> (Vec<TextPlace>, Vec<TextPlace>) {
    let bytes: Vec<usize> = article.text.char_indices().map(|(i, _)| i).chain([article.text.len()]).collect();
    let at = |c: usize| bytes[c.min(bytes.len() - 1)];
    let given: Vec<Span> = article.places.iter().map(|l| Span::new(at(l.start), at(l.end))).collect();
    (engine.places(&article.text, None), engine.places(&article.text, Some(&given)))
}

/// GeoVirus (`location` with `lat`, `lon`) and LGL (`toponym` with a `gaztag`).
fn xml(name: &str, text: &str) -> Result<Vec<Article>, Failure> {
    let wrong =
        |what: String| Failure::new(format!("{name}: {what}")).hint("XML of GeoVirus or LGL, or JSON lines; see accuracy/README.md");
    let doc = roxmltree::Document::parse(text).map_err(|e| wrong(e.to_string()))?;
    let mut out = Vec::new();
    for article in doc.descendants().filter(|n| n.has_tag_name("article")) {
        let child =
            |n: roxmltree::Node<'_, '_>, tag: &str| n.children().find(|c| c.has_tag_name(tag)).and_then(|c| c.text().map(str::to_owned));
        let mut a = Article { text: child(article, "text").unwrap_or_default(), places: Vec::new() };
        for place in article.descendants().filter(|n| n.has_tag_name("location") || n.has_tag_name("toponym")) {
            let number = |tag: &str| {
                child(place, tag).and_then(|t| t.trim().parse::<usize>().ok()).ok_or_else(|| wrong(format!("a place without <{tag}>")))
            };
            let tag = place.children().find(|c| c.has_tag_name("gaztag")).unwrap_or(place);
            let degrees = |t: &str| child(tag, t).and_then(|t| t.trim().parse::<f64>().ok());
            // Some offsets are a character off: the name tells where it stands.
            let (start, end) = match child(place, "name").or_else(|| child(place, "phrase")) {
                Some(name) => beside(&a.text, &name, number("start")?).unwrap_or((number("start")?, number("end")?)),
                None => (number("start")?, number("end")?),
            };
            a.places.push(Label { start, end, at: degrees("lat").zip(degrees("lon")) });
        }
        out.push(a);
    }
    if out.is_empty() {
        return Err(wrong("no <article> in it".to_owned()));
    }
    Ok(out)
}

/// Character offsets of the occurrence of a name nearest to where the labels put it.
fn beside(text: &str, name: &str, start: usize) -> Option<(usize, usize)> {
    let length = name.chars().count();
    let places = text.match_indices(name).map(|(at, _)| text[..at].chars().count());
    places.min_by_key(|at| at.abs_diff(start)).filter(|at| at.abs_diff(start) < 20).map(|at| (at, at + length))
}

#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    text: String,
    #[serde(default)]
    events: Vec<Deed>,
    /// Where the labels put the words of events (`VERB`) and places, in characters.
    #[serde(default)]
    spans: Vec<Marked>,
}

#[derive(Debug, Deserialize)]
struct Marked {
    start: usize,
    label: String,
}

impl Line {
    /// Where the words of an event begin, in bytes: where the labels say, if its words stand there.
    fn at(&self, words: &str) -> Option<usize> {
        let byte = |chars: usize| self.text.char_indices().nth(chars).map(|(i, _)| i);
        let told = self.spans.iter().filter(|s| s.label == "VERB").filter_map(|s| byte(s.start));
        told.into_iter().find(|&i| self.text[i..].starts_with(words)).or_else(|| self.text.find(words))
    }
}

#[derive(Debug, Deserialize)]
struct Deed {
    event_text: String,
    #[serde(default)]
    locations: Vec<String>,
}

/// Whether each event is given one of its labelled places, or none where none is labelled.
fn deeds(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let lines: Vec<Line> =
        gold::lines(files, limit, "one JSON object a line with \"text\" and \"events\": [{\"event_text\", \"locations\"}]")?;
    let start = Instant::now();
    let got: Vec<Vec<Option<String>>> = lines
        .par_iter()
        .map(|l| {
            let place = |d: &Deed| {
                let at = l.at(&d.event_text)?;
                engine.place_of(&l.text, Span::new(at, at + d.event_text.len())).map(|s| s.of(&l.text).to_owned())
            };
            l.events.iter().map(place).collect()
        })
        .collect();
    let mut report = Report { n: lines.len(), seconds: start.elapsed().as_secs_f64(), ..Report::default() };
    let (mut right, mut all) = (0, 0);
    let mut counts = Counts::default();
    for (line, got) in lines.iter().zip(&got) {
        for (deed, got) in line.events.iter().zip(got) {
            let same = |gold: &String, got: &String| {
                let (a, b) = (gold.trim().to_lowercase(), got.to_lowercase());
                !a.is_empty() && (a.contains(&b) || b.contains(&a))
            };
            let holds = match got {
                Some(got) => deed.locations.iter().any(|l| same(l, got)),
                None => deed.locations.is_empty(),
            };
            all += 1;
            right += usize::from(holds);
            counts.gold += usize::from(!deed.locations.is_empty());
            counts.got += usize::from(got.is_some());
            counts.right += usize::from(holds && got.is_some());
            if !holds {
                report.errors.push(json!({"id": line.id, "text": line.text, "event": deed.event_text, "gold": deed.locations, "got": got}));
            }
        }
    }
    report.figures.insert("right_place".to_owned(), json!(round(ratio(right, all))));
    report.figures.insert("place".to_owned(), counts.json());
    report.figures.insert("events".to_owned(), json!(all));
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_labels_are_read() {
        let virus = "<articles><article><text>In Bo.</text><locations><location><name>Bo</name><start>3</start><end>5</end><lat>7.9</lat><lon>-11.7</lon></location></locations></article></articles>";
        let lgl = "<articles><article><text><![CDATA[In Bo.]]></text><toponyms><toponym><start>3</start><end>5</end><gaztag><lat>7.9</lat><lon>-11.7</lon></gaztag></toponym><toponym><start>0</start><end>2</end></toponym></toponyms></article></articles>";
        for (text, n) in [(virus, 1), (lgl, 2)] {
            let articles = xml("a", text).unwrap();
            assert_eq!((articles[0].text.as_str(), articles[0].places.len(), articles[0].places[0].at), ("In Bo.", n, Some((7.9, -11.7))));
        }
        assert!(xml("a", "{}").unwrap_err().what.starts_with("a: "));
        assert!(xml("a", "<x/>").is_err());
    }
}
