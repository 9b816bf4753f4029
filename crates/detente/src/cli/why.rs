//! `detente why`: a record opened to the words it was read from.

use super::Exit;
use super::options::{Fill, Jobs, StoreArg};
use crate::config::Settings;
use crate::engine::Engine;
use crate::failure::{self, Failure, Stop};
use crate::input::{self, Gather, Work};
use crate::output::Output;
use crate::read::Defaults;
use crate::record::{CopyOf, Records};
use crate::show;
use crate::store::{Filter, Rows, Store, Wanted};
use clap::Args;
use detente_core::link::drift::Words;
use detente_core::model::{Article, Span};
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Options of `why`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente why s:41d0 article.txt --published 2018-07-18
  detente why e:1f6a news/ --json
  detente why e:1f6a; detente why a:9c1d                   # an alarm opens to its events, r:… a red line

The ids are those `detente code` prints for the same files and options; the beginning of an
id is enough when no other record shares it.")]
pub struct WhyArgs {
    /// Id of an event (e:…), statement (s:…), alarm (a:…) or red line (r:…), or its beginning
    #[arg(value_name = "ID")]
    id: String,
    /// The coded files, folders, or - for standard input; without any, the store
    #[arg(value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// Print the record, its sentence, mentions and rules as one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    fill: Fill,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    store: StoreArg,
}

/// A record that matches, shown.
struct Match {
    id: String,
    shown: String,
    /// Its sentence.
    sentence: Span,
}

impl Match {
    /// What is shown as JSON, and the copies of its text.
    fn with(&self, copies: &[CopyOf]) -> serde_json::Value {
        // It was written as JSON a moment ago.
        let mut whole: serde_json::Value = serde_json::from_str(&self.shown).expect("a record is one JSON object");
        whole["copies"] = json!(copies);
        whole
    }
}

/// More copies than these of one text are not compared.
const COPIES: usize = 500;

/// The copies of a record's text in order of time, with what became of its sentence; none where no other article has the text.
pub(crate) fn copies(engine: &Engine, store: &Store, article: &Article, sentence: Span) -> Result<Vec<CopyOf>, Failure> {
    let articles = store.copies(&article.id, COPIES)?;
    if articles.len() < 2 {
        return Ok(Vec::new());
    }
    let cut: Vec<Vec<Vec<Span>>> = articles.iter().map(|a| engine.segment(&a.text)).collect();
    let spans: Vec<Span> = engine.segment(&article.text).into_iter().flatten().filter(|s| sentence.contains(*s)).collect();
    Ok(CopyOf::all(Words { text: &article.text, spans: &spans }, &articles, &cut))
}

/// The records of one article: those that match and, for the hint, how many there were.
struct Looked {
    matches: Vec<Match>,
    ids: Vec<String>,
}

pub(super) fn run(args: WhyArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    if args.inputs.is_empty() {
        return stored(&args, &settings);
    }
    let prefix = prefix(&args.id)?;
    let defaults = args.fill.defaults(&settings)?;
    let jobs = args.jobs.count(&settings)?;
    let engine = Engine::new()?;
    let mut gather = Gather::new(args.inputs);
    let (mut matches, mut ids, mut broken) = (Vec::new(), Vec::new(), false);
    let never = AtomicBool::new(false);
    input::for_each(
        &mut gather,
        jobs,
        &never,
        |work| look(&engine, work, &defaults, &prefix, args.json),
        |done| {
            match done.result {
                Ok(looked) => {
                    matches.extend(looked.matches);
                    if ids.len() < 50 {
                        ids.extend(looked.ids);
                    }
                }
                Err(failure) => {
                    broken = true;
                    failure::error(&failure);
                }
            }
            Ok(())
        },
    )?;
    let first = matches.first().ok_or_else(|| unknown(&args.id, &ids))?;
    if let Some(other) = matches.iter().find(|m| m.id != first.id) {
        return Err(Failure::new(format!("\"{}\" is the beginning of several ids", args.id))
            .hint(format!("give more of it: {}, {}, …", first.id, other.id))
            .into());
    }
    let mut out = Output::open(None)?;
    out.text(&first.shown)?;
    out.flush()?;
    Ok(if broken { Exit::Error } else { Exit::Found })
}

/// A record of the store: read anew, so that the rules behind it can be told.
fn stored(args: &WhyArgs, settings: &Settings) -> Result<Exit, Stop> {
    let store = Store::open_read(&args.store.path(settings))?;
    let of = super::alerts::Of { today: None, coder: None, store: StoreArg { store: args.store.store.clone() } };
    if args.id.starts_with("a:") {
        return super::alerts::opened(&store, &crate::watch::Rules::load(settings)?, &of, &args.id, 50, args.json);
    }
    if args.id.starts_with("r:") {
        return super::redlines::opened(&store, &of, &args.id, args.json);
    }
    let mut out = Output::open(None)?;
    if args.id.starts_with("i:") {
        let filter = Filter { id: Some(args.id.clone()), ..Filter::default() };
        let n = store.each(Wanted::Events, &filter, Rows { limit: Some(1), ..Rows::default() }, |row| {
            let whole = json!({"record": row, "own_columns": store.extras(&args.id)?});
            out.text(&format!("{}\n", if args.json { whole.to_string() } else { format!("{whole:#}") }))
        })?;
        out.flush()?;
        return Ok(if n == 0 { Exit::Nothing } else { Exit::Found });
    }
    let prefix = prefix(&args.id)?;
    let record = super::correct::record(&store, &prefix)?;
    let id = super::filters::text(&record, "id").to_owned();
    let article = store.article(super::filters::text(&record, "article_id"))?.article;
    let engine = Engine::new()?;
    let looked = look_at(&engine, &article, &article.id, &id, args.json)?;
    let found = looked.matches.first().ok_or_else(|| {
        Failure::new(format!("{id} is not in the present reading of its article"))
            .hint("run `detente code --new`: program or knowledge have changed")
    })?;
    let copies = copies(&engine, &store, &article, found.sentence)?;
    if args.json {
        out.text(&format!("{}\n", found.with(&copies)))?;
        out.flush()?;
        return Ok(Exit::Found);
    }
    out.text(&found.shown)?;
    if let Some(told) = store.story(&article.id)? {
        out.text(&show::story(&told))?;
        out.text(&show::copies(&copies))?;
    }
    let group = super::filters::text(&record, "group_id");
    if !group.is_empty() {
        out.text(&show::tellings(&id, &store.tellings(group)?))?;
    }
    for c in store.corrections(Some(&article.id))?.iter().filter(|c| c.record == id) {
        let what = c.field.as_ref().map_or(c.kind.clone(), |f| format!("{f} is {}", c.after.as_deref().unwrap_or("nothing")));
        let undone = if c.undone.is_some() { ", taken back" } else { "" };
        out.text(&format!("corrected  {} by {}, {}{undone}\n", show::clean(&what), show::clean(&c.author), c.at))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// The id as typed must name a kind and at least one digit.
fn prefix(id: &str) -> Result<String, Failure> {
    let id = id.trim().to_lowercase();
    let digits = id.strip_prefix("e:").or_else(|| id.strip_prefix("s:"));
    if digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_hexdigit())) {
        return Ok(id);
    }
    Err(Failure::new(format!("\"{id}\" is not the id of a record"))
        .hint("ids look like e:1f6a (event) and s:41d0 (statement); `detente code` prints them"))
}

fn unknown(id: &str, ids: &[String]) -> Failure {
    let failure = Failure::new(format!("no record with id {id} in these files"));
    let like = |n: usize| ids.iter().find(|i| i.get(..n).is_some_and(|p| id.starts_with(p)));
    match (3..id.len()).rev().find_map(like) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint("ids hold for the same text, --published and --outlet; run `detente code` on the files"),
    }
}

/// A record of an article, read anew: its sentence, spans, rules, mentions and copies; none when the reading has no such record.
#[cfg(feature = "serve")]
pub(crate) fn opened(engine: &Engine, store: &Store, article: &Article, id: &str) -> Result<Option<serde_json::Value>, Failure> {
    let looked = look_at(engine, article, &article.id, id, true)?;
    let Some(found) = looked.matches.first() else { return Ok(None) };
    Ok(Some(found.with(&copies(engine, store, article, found.sentence)?)))
}

fn look(engine: &Engine, work: &Work, defaults: &Defaults, prefix: &str, as_json: bool) -> Result<Looked, Failure> {
    look_at(engine, &work.article(defaults)?, &work.name(), prefix, as_json)
}

fn look_at(engine: &Engine, article: &Article, name: &str, prefix: &str, as_json: bool) -> Result<Looked, Failure> {
    catch_unwind(AssertUnwindSafe(|| {
        let coded = engine.code(article);
        let records = Records::new(article, &coded, engine.ontology());
        let mut matches = Vec::new();
        let whole = |i: u32| coded.text.sentences.get(i as usize).map_or_else(Span::default, |s| s.span);
        let sentence = |i: u32| coded.text.sentences.get(i as usize).map(|s| s.span.of(&article.text));
        let mentions = |i: u32| -> Vec<_> {
            let here = coded.mentions.iter().filter(|m| m.sentence == i);
            here.map(|m| {
                json!({
                    "text": m.span.of(&article.text), "start": m.span.start, "end": m.span.end,
                    "code": m.code.as_str(), "name": m.name, "link": m.link.as_str(),
                    "why": m.why.0,
                })
            })
            .collect()
        };
        let spans = |spans: &[Span]| -> Vec<_> { spans.iter().map(|s| json!([s.start, s.end, s.of(&article.text)])).collect() };
        for (event, record) in coded.events.iter().zip(&records.events) {
            if !record.id.starts_with(prefix) {
                continue;
            }
            let shown = if as_json {
                let value = json!({
                    "record": record, "sentence": sentence(event.sentence),
                    "spans": spans(&event.evidence), "rules": event.why,
                    "also": spans(&event.also), "mentions": mentions(event.sentence),
                });
                format!("{value}\n")
            } else {
                show::why_event(article, &coded, event, record)
            };
            matches.push(Match { id: record.id.clone(), shown, sentence: whole(event.sentence) });
        }
        for (statement, record) in coded.statements.iter().zip(&records.statements) {
            if !record.id.starts_with(prefix) {
                continue;
            }
            let shown = if as_json {
                let mut evidence = vec![statement.content];
                evidence.extend(statement.cue);
                let value = json!({
                    "record": record, "sentence": sentence(statement.sentence),
                    "spans": spans(&evidence), "rules": statement.why,
                    "mentions": mentions(statement.sentence),
                });
                format!("{value}\n")
            } else {
                show::why_statement(article, &coded, statement, record)
            };
            matches.push(Match { id: record.id.clone(), shown, sentence: whole(statement.sentence) });
        }
        let ids = records.events.iter().map(|e| e.id.clone());
        let ids = ids.chain(records.statements.iter().map(|s| s.id.clone())).collect();
        Looked { matches, ids }
    }))
    .map_err(|_| Failure::broke_down(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_are_ids() {
        assert_eq!(prefix("S:41D0").unwrap(), "s:41d0");
        for bad in ["41d0", "s:", "x:12", "s:zz", ""] {
            assert!(prefix(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn near_ids_are_named() {
        let ids = ["s:41d0aa".to_owned(), "e:aaaa".to_owned()];
        assert_eq!(unknown("s:41ff", &ids).hint.unwrap(), "did you mean s:41d0aa?");
        assert!(unknown("s:99", &ids).hint.unwrap().contains("detente code"));
    }
}
