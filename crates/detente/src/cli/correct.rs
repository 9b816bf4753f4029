//! `detente correct`: what a person says of a record, kept for good.

use super::Exit;
use super::code::rebuild;
use super::options::StoreArg;
use crate::config::Settings;
use crate::engine::Engine;
use crate::failure::{self, Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell, clean};
use crate::store::{Correction, Filter, Kind, NewCorrection, Row, Rows, Store, Wanted, correction};
use clap::Args;
use detente_core::knowledge::Knowledge;

/// Options of `correct`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente correct e:1f6a3b --wrong --note 'a drill, not an attack'
  detente correct e:1f6a3b --set cameo=150 --set target=SYR
  detente correct --undo
  detente correct --list --json
  detente correct --remove-article 3f2a --note 'asked for by the publisher'

Fields of events that can be set: source, target, cameo, mode, date (a day, or first..last), place; an
empty value takes the old one away. Corrections survive `detente code --all`.")]
pub struct CorrectArgs {
    /// Id of an event (e:…) or statement (s:…), or its beginning
    #[arg(value_name = "ID", required_unless_present_any = ["undo", "list", "remove_article"])]
    id: Option<String>,
    /// There is no such event or statement
    #[arg(long, conflicts_with_all = ["right", "set"])]
    wrong: bool,
    /// It is right as it stands
    #[arg(long, conflicts_with = "set")]
    right: bool,
    /// A field is another
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Who says so [default: the user's name]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Take back the last correction, or that of this number
    #[arg(long, value_name = "N", num_args = 0..=1, conflicts_with_all = ["id", "list"])]
    undo: Option<Option<i64>>,
    /// List all corrections, those taken back too
    #[arg(long, conflicts_with = "id")]
    list: bool,
    /// One JSON object a line
    #[arg(long, requires = "list")]
    json: bool,
    /// Take an article out of the store for good, with everything read from it
    #[arg(long, value_name = "ID", conflicts_with_all = ["id", "list", "undo"], requires = "note")]
    remove_article: Option<String>,
    #[command(flatten)]
    store: StoreArg,
}

/// Field and new value; no value takes the old one away.
pub type Change = Option<(String, Option<String>)>;

pub(super) fn run(args: &CorrectArgs) -> Result<Exit, Stop> {
    let path = args.store.path(&Settings::load()?);
    if args.list {
        return list(&Store::open_read(&path)?, args.json);
    }
    let mut store = Store::open_write(&path)?;
    if let Some(id) = &args.remove_article {
        let id = store.remove(id, args.note.as_deref().unwrap_or_default())?;
        failure::note(&format!("article {id} and everything read from it is gone; it will not be taken in again"));
        return Ok(Exit::Found);
    }
    if let Some(n) = args.undo {
        let undone = store.undo(n)?;
        again(&mut store, &undone.article)?;
        failure::note(&format!("taken back: {}", shown(&undone)));
        return Ok(Exit::Found);
    }
    let record = record(&store, args.id.as_deref().unwrap_or_default())?;
    let mut kinds: Vec<(Kind, Change)> = Vec::new();
    if args.wrong {
        kinds.push((Kind::Wrong, None));
    }
    if args.right {
        kinds.push((Kind::Right, None));
    }
    for set in &args.set {
        let (field, value) =
            set.split_once('=').ok_or_else(|| Failure::new(format!("\"{set}\" is no FIELD=VALUE")).hint("as --set cameo=150"))?;
        kinds.push((Kind::Change, Some((field.trim().to_owned(), Some(value.trim().to_owned()).filter(|v| !v.is_empty())))));
    }
    if kinds.is_empty() {
        return Err(Failure::new("nothing is said of the record").hint("give --wrong, --right or --set FIELD=VALUE").into());
    }
    let author = args.author.clone().unwrap_or_else(author);
    for (kind, change) in kinds {
        make(&mut store, &record, kind, change, &author, args.note.as_deref())?;
    }
    again(&mut store, text(&record, "article_id"))?;
    Ok(Exit::Found)
}

/// The user's name, as the system gives it.
pub fn author() -> String {
    ["DETENTE_AUTHOR", "USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|n| !n.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    super::filters::text(row, column)
}

/// The one record whose id begins so.
///
/// # Errors
/// There is none or there are several, it was imported, or the store cannot be read.
pub fn record(store: &Store, id: &str) -> Result<Row, Stop> {
    let wanted = if id.starts_with("s:") { Wanted::Statements } else { Wanted::Events };
    if id.starts_with("i:") {
        return Err(Failure::new(format!("{id} was imported: what others coded is kept as they have it"))
            .hint("only records read from articles can be corrected")
            .into());
    }
    let mut found = Vec::new();
    store.each(wanted, &Filter { id: Some(id.to_owned()), ..Filter::default() }, Rows { limit: Some(2), ..Rows::default() }, |row| {
        found.push(row);
        Ok(())
    })?;
    match (found.len(), found.pop()) {
        (1, Some(row)) => Ok(row),
        (0, _) => Err(Failure::new(format!("no record \"{id}\" in {}", store.path().display()))
            .hint("`detente events` and `detente statements` show the ids")
            .into()),
        _ => Err(Failure::new(format!("several records begin with \"{id}\"")).hint("give more of the id").into()),
    }
}

/// Writes a correction down; the reading is made anew by [`again`].
pub(super) fn make(store: &mut Store, record: &Row, kind: Kind, change: Change, author: &str, note: Option<&str>) -> Result<(), Failure> {
    let n = keep(store, record, kind, change, author, note)?;
    failure::note(&format!("correction {n} is kept; `detente correct --undo {n}` takes it back"));
    Ok(())
}

/// The same without a word; returns the number of the correction.
///
/// # Errors
/// The field cannot be changed so, or the store cannot be written.
pub fn keep(store: &mut Store, record: &Row, kind: Kind, change: Change, author: &str, note: Option<&str>) -> Result<i64, Failure> {
    let mut before = None;
    if let Some((field, value)) = &change {
        let knowledge = Knowledge::embedded().map_err(|_| Failure::new("the knowledge cannot be used").hint("run `detente check`"))?;
        if text(record, "record") == "statement" {
            return Err(Failure::new("fields of statements cannot be changed yet").hint("say --wrong or --right"));
        }
        correction::check(field, value.as_deref(), &knowledge.ontology)?;
        let column = match field.as_str() {
            "date" => "date_first",
            "place" => "place_name",
            other => other,
        };
        before = record.get(column).and_then(|v| v.as_str()).map(str::to_owned);
    }
    let new = NewCorrection {
        article: text(record, "article_id").to_owned(),
        record: text(record, "id").to_owned(),
        kind,
        change,
        author: author.to_owned(),
        note: note.map(str::to_owned),
    };
    let words = Some(text(record, "evidence")).filter(|w| !w.is_empty());
    store.correct(&new, before.as_deref(), words)
}

/// Reads an article anew, with its corrections.
pub(super) fn again(store: &mut Store, article: &str) -> Result<(), Failure> {
    again_with(store, &Engine::new()?, article)
}

/// Reads an article anew with its corrections, by an engine that is loaded already.
///
/// # Errors
/// The store cannot be written.
pub fn again_with(store: &mut Store, engine: &Engine, article: &str) -> Result<(), Failure> {
    // The article may have been taken out since.
    let Ok(stored) = store.article(article) else { return Ok(()) };
    let corrections = store.corrections(Some(article))?;
    let reading = rebuild::read(engine, &stored, &corrections);
    store.put_again(&reading)
}

fn shown(c: &Correction) -> String {
    match (&c.field, &c.after) {
        (Some(field), after) => {
            format!("{} {field} {} to {}", c.record, c.before.as_deref().unwrap_or("-"), after.as_deref().unwrap_or("-"))
        }
        _ => format!("{} {}", c.record, c.kind),
    }
}

fn list(store: &Store, json: bool) -> Result<Exit, Stop> {
    let all = store.corrections(None)?;
    let mut out = Output::open(None)?;
    if json {
        for c in &all {
            // Plain texts: nothing in them can fail to serialise.
            out.text(&format!("{}\n", serde_json::to_string(c).expect("a correction is plain data")))?;
        }
    } else if !all.is_empty() {
        let mut columns = Columns::default();
        columns.row(["n", "what", "by", "at", "note", ""].map(|h| cell(h).style(BOLD)));
        for c in &all {
            let undone = c.undone.as_ref().map_or(String::new(), |at| format!("taken back {at}"));
            let texts = [shown(c), c.author.clone(), c.at.clone(), c.note.clone().unwrap_or_default(), undone];
            columns.row(
                std::iter::once(cell(c.n.to_string()).right())
                    .chain(texts.iter().map(|t| cell(clean(t)).style(if c.undone.is_some() { DIM } else { anstyle::Style::new() }))),
            );
        }
        out.text(&columns.lines())?;
    }
    out.flush()?;
    Ok(if all.is_empty() { Exit::Nothing } else { Exit::Found })
}
