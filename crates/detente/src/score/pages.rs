//! How well articles are taken out of web pages: overlap of four-word runs with the true body, and
//! exact title, author and date.

use super::Report;
use crate::failure::Failure;
use crate::read::{LIMIT, Page, decoded, page};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A file of `ground-truth/`.
#[derive(Deserialize)]
struct Label {
    #[serde(alias = "truth")]
    ground_truth: Truth,
    #[serde(default, alias = "internal", rename = "_internal")]
    internal: Value,
}

/// The truth about one page.
#[derive(Clone, Debug, Default, Deserialize)]
struct Truth {
    title: Option<String>,
    author: Option<String>,
    publish_date: Option<String>,
    main_content: Option<String>,
}

/// What one page came to.
struct Scored {
    name: String,
    kind: Option<String>,
    truth: Truth,
    found: Page,
    same: usize,
    taken: usize,
    gold: usize,
}

/// Scores folders that hold `html/NAME.html` (or `.html.gz`) and `ground-truth/NAME.json`.
///
/// `body` is counted over articles where the labels tell kinds of pages, `body_all` over all.
///
/// # Errors
/// A folder has no labels, or a label or a page cannot be read.
pub fn pages(folders: &[PathBuf], limit: usize) -> Result<Report, Failure> {
    let started = Instant::now();
    let mut names = Vec::new();
    for folder in folders {
        names.extend(labels(folder)?);
    }
    names.truncate(limit);
    let scored: Result<Vec<Scored>, Failure> = names.par_iter().map(|(folder, name)| score(folder, name)).collect();
    let scored = scored?;
    let mut report = Report { n: scored.len(), ..Report::default() };
    let kinds = scored.iter().any(|s| s.kind.as_deref() == Some("article"));
    let article = |s: &&Scored| !kinds || s.kind.as_deref() == Some("article");
    let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
    put("body", body(scored.iter().filter(article)));
    put("body_all", body(scored.iter()));
    for (suffix, only) in [("", true), ("_all", false)] {
        let of = || scored.iter().filter(|s| !only || article(s));
        put(&format!("title{suffix}"), json!(share(of(), title)));
        put(&format!("author{suffix}"), json!(share(of(), author)));
        put(&format!("date{suffix}"), json!(share(of(), date)));
    }
    let dated = |s: &&Scored| day(&s.truth).is_none();
    let undated: Vec<_> = scored.iter().filter(dated).collect();
    put("date_false", json!(ratio(undated.iter().filter(|s| s.found.published.is_some()).count() as f64, undated.len())));
    let mut by_kind: BTreeMap<&str, Vec<&Scored>> = BTreeMap::new();
    scored.iter().for_each(|s| by_kind.entry(s.kind.as_deref().unwrap_or("unknown")).or_default().push(s));
    put("by_kind", by_kind.into_iter().map(|(kind, s)| (kind.to_owned(), body(s.into_iter()))).collect());
    report.errors = scored.iter().flat_map(wrong).collect();
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

fn labels(folder: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let dir = folder.join("ground-truth");
    let wrong = |err: std::io::Error| {
        Failure::io("read", &dir.display().to_string(), &err).hint("give a folder that holds ground-truth/NAME.json and html/NAME.html")
    };
    let mut out = Vec::new();
    for entry in std::fs::read_dir(&dir).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".json") {
            out.push((folder.to_owned(), name.to_owned()));
        }
    }
    out.sort();
    Ok(out)
}

fn score(folder: &Path, name: &str) -> Result<Scored, Failure> {
    let path = folder.join("ground-truth").join(format!("{name}.json"));
    let read = |path: &Path| std::fs::read(path).map_err(|err| Failure::io("read", &path.display().to_string(), &err));
    let label: Label =
        serde_json::from_slice(&read(&path)?).map_err(|err| Failure::new(format!("{} is not a label of a page: {err}", path.display())))?;
    let plain = folder.join("html").join(format!("{name}.html"));
    let bytes = if plain.exists() { read(&plain)? } else { read(&folder.join("html").join(format!("{name}.html.gz")))? };
    // A page that cannot be read counts as a page without a body.
    let found = decoded(&bytes, LIMIT).map(|html| page(&html)).unwrap_or_default();
    let (same, taken, gold) = overlap(&found.body, label.ground_truth.main_content.as_deref().unwrap_or(""));
    let kind = label.internal.pointer("/page_type/primary").and_then(Value::as_str).map(str::to_owned);
    Ok(Scored { name: name.to_owned(), kind, truth: label.ground_truth, found, same, taken, gold })
}

/// Mean precision over pages that gave words, mean recall over pages that have some, and their
/// harmonic mean.
fn body<'a>(scored: impl Iterator<Item = &'a Scored>) -> Value {
    let (mut n, mut p, mut r, mut taken, mut gold) = (0, 0.0, 0.0, 0, 0);
    for s in scored {
        n += 1;
        if s.taken > 0 {
            taken += 1;
            p += s.same as f64 / s.taken as f64;
        }
        if s.gold > 0 {
            gold += 1;
            r += s.same as f64 / s.gold as f64;
        }
    }
    let (p, r) = (ratio(p, taken), ratio(r, gold));
    json!({"p": p, "r": r, "f1": if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }, "n": n})
}

fn ratio(sum: f64, n: usize) -> f64 {
    if n == 0 { 0.0 } else { sum / n as f64 }
}

/// Share of right ones among the pages whose truth names the thing.
fn share<'a>(scored: impl Iterator<Item = &'a Scored>, right: impl Fn(&Scored) -> Option<bool>) -> f64 {
    let all: Vec<bool> = scored.filter_map(right).collect();
    ratio(all.iter().filter(|r| **r).count() as f64, all.len())
}

/// Letters and digits, for comparing.
fn folded(s: &str) -> String {
    s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn same(truth: Option<&str>, found: Option<&str>) -> Option<bool> {
    let truth = truth.map(folded).filter(|t| !t.is_empty())?;
    Some(found.map(folded).as_deref() == Some(truth.as_str()))
}

fn title(s: &Scored) -> Option<bool> {
    same(s.truth.title.as_deref(), s.found.title.as_deref())
}

fn author(s: &Scored) -> Option<bool> {
    same(s.truth.author.as_deref(), s.found.author.as_deref())
}

fn day(truth: &Truth) -> Option<&str> {
    truth.publish_date.as_deref().and_then(|d| d.get(..10))
}

fn date(s: &Scored) -> Option<bool> {
    same(day(&s.truth), s.found.published.map(|d| d.to_string()).as_deref())
}

/// Everything about a page that is not as the label says.
fn wrong(s: &Scored) -> Vec<Value> {
    let found_day = s.found.published.map(|d| d.to_string());
    let mut out = Vec::new();
    let mut put =
        |what: &str, gold: Value, got: Value| out.push(json!({"page": s.name, "kind": s.kind, "what": what, "gold": gold, "got": got}));
    if title(s) == Some(false) {
        put("title", json!(s.truth.title), json!(s.found.title));
    }
    if author(s) == Some(false) {
        put("author", json!(s.truth.author), json!(s.found.author));
    }
    if date(s) == Some(false) {
        put("date", json!(s.truth.publish_date), json!(found_day));
    }
    if s.same < s.taken.max(s.gold) {
        let of = |n: usize| ratio(s.same as f64, n);
        out.push(json!({"page": s.name, "kind": s.kind, "what": "body", "p": of(s.taken), "r": of(s.gold), "gold": s.truth.main_content, "got": s.found.body}));
    }
    out
}

/// Four-word runs shared, in the found text, in the true text.
fn overlap(found: &str, truth: &str) -> (usize, usize, usize) {
    fn runs(text: &str) -> HashMap<Vec<&str>, usize> {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        let mut counts: HashMap<Vec<&str>, usize> = HashMap::new();
        if !words.is_empty() {
            for run in words.windows(words.len().min(4)) {
                *counts.entry(run.to_vec()).or_default() += 1;
            }
        }
        counts
    }
    let (a, b) = (runs(found), runs(truth));
    let same = a.iter().map(|(k, n)| b.get(k).map_or(0, |m| *n.min(m))).sum();
    (same, a.values().sum(), b.values().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_four_words() {
        assert_eq!(overlap("a b c d e", "x a b c d"), (1, 2, 2));
        assert_eq!(overlap("", "a b"), (0, 0, 1));
    }

    #[test]
    fn a_folder_is_scored() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("html/1.html", "<html><title>Envoys: meet</title><h1>Envoys meet</h1><p>One two three four.".to_owned()),
            ("ground-truth/1.json", json!({"ground_truth": {"title": "Envoys meet", "author": "Jane Doe"}}).to_string()),
        ] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let report = pages(&[dir.path().to_owned()], 10).unwrap();
        assert_eq!((report.n, &report.figures["title"], &report.figures["author"]), (1, &json!(1.0), &json!(0.0)));
        assert_eq!(report.errors.iter().filter(|e| e["what"] == "author").count(), 1);
        assert!(pages(&[dir.path().join("none")], 1).is_err());
    }
}
