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
        let undone = take_back(&mut store, &Engine::new()?, n)?;
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
    // All that is said in one command stands or falls together.
    let said = kinds.into_iter().map(|(kind, change)| said(&record, kind, change, &author, args.note.as_deref()));
    let said = said.collect::<Result<Vec<_>, _>>()?;
    keep_with(&mut store, &Engine::new()?, &said)?;
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

/// Writes corrections of one article down, reads it anew with them, and says so.
pub(super) fn keep_with(store: &mut Store, engine: &Engine, said: &[Said]) -> Result<(), Failure> {
    for n in keep(store, engine, said)? {
        failure::note(&format!("correction {n} is kept; `detente correct --undo {n}` takes it back"));
    }
    Ok(())
}

/// The same without a word, in one step; returns the numbers of the corrections.
///
/// # Errors
/// The store cannot be written; nothing is kept then.
pub fn keep(store: &mut Store, engine: &Engine, said: &[Said]) -> Result<Vec<i64>, Failure> {
    store.correct(said, |article, corrections| rebuild::read(engine, article, corrections))
}

/// Takes a correction back, the last one where none is named, and reads its article anew, in one step.
///
/// # Errors
/// There is none, or the store cannot be written.
pub fn take_back(store: &mut Store, engine: &Engine, n: Option<i64>) -> Result<Correction, Failure> {
    store.undo(n, |article, corrections| rebuild::read(engine, article, corrections))
}

/// A correction with what the field held and the words of the record.
pub type Said = (NewCorrection, Option<String>, Option<String>);

/// What is said of a record, looked at before it is kept.
///
/// # Errors
/// The field cannot be changed so.
pub fn said(record: &Row, kind: Kind, change: Change, author: &str, note: Option<&str>) -> Result<Said, Failure> {
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
    Ok((new, before, words.map(str::to_owned)))
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
