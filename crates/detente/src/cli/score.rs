//! `detente score`: the program measured on a labelled file.

use super::Exit;
use crate::engine::Engine;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::score::{self, Report};
use clap::{Args, Subcommand};
use detente_watch::onset::Deed;
use std::path::PathBuf;

/// Options of `score`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente score parse dev.conllu
  detente score events gold.jsonl --json --errors wrong.jsonl

All that is needed is in the labelled files: no network, no side files.")]
pub struct ScoreArgs {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Tags, heads and relations against CoNLL-U, from gold tokens and from raw text
    Parse(TaskArgs),
    /// The class of the deed between a marked source and target (JSONL)
    Relations(TaskArgs),
    /// Events of sentences (JSONL): source, code, target
    Events(TaskArgs),
    /// Country and sector of actor phrases (JSONL)
    Actors(TaskArgs),
    /// Who is told to say what: attributions of whole texts, or statements and acts of sentences (JSONL)
    Statements(TaskArgs),
    /// Body, title, author and date of web pages (folders with html/ and ground-truth/)
    Pages(TaskArgs),
    /// Time expressions and their TIMEX3 values (JSONL)
    Times(TaskArgs),
    /// Places in running text and what they mean (XML), or the place of a deed (JSONL)
    Places(TaskArgs),
    /// First and last day of events (JSONL)
    Dates(TaskArgs),
    /// Copies of one text among articles labelled with their story (JSONL)
    Copies(TaskArgs),
    /// The way statements took from the mouth to the page in hand (TOML)
    Chains(TaskArgs),
    /// Events told in several articles, labelled with which are one (TOML)
    SameEvent(TaskArgs),
    /// Target and source of the next event (tab-separated ids: source, relation, target, time)
    #[command(after_help = "\
The last file is scored and those before it are the history; of a single file the last fifth of its
days is scored. Every day is asked with all days before it known.

Examples:
  detente score ranking train.txt valid.txt test.txt
  detente score ranking events.txt --json --multi-step")]
    Ranking(RankingArgs),
    /// Force between countries within two weeks, forecast by walking forward (tab-separated ids: source, relation, target, day)
    #[command(after_help = "\
Files go in order of time: the last one is scored, those before it are its history. A single file is
walked from its start and scored after 90 days. relation_cameo.tsv and entity_country.tsv lie beside
each file.

Examples:
  detente score onset jan-jul.txt
  detente score onset jan-jul.txt aug-dec.txt --json --errors surprises.jsonl")]
    Onset(OnsetArgs),
    /// Who mediates with a side or between sides (tab-separated ids: source, relation, target, day)
    #[command(after_help = "\
Every third country that mediates or offers to (CAMEO 045, 039) is ranked by what was told before that
day. Of several files the last one is scored; a single file is scored after 30 days. relation_cameo.tsv
and entity_country.tsv lie beside each file.

Examples:
  detente score mediators jan-jul.txt")]
    Mediators(TaskArgs),
}

#[derive(Debug, Args)]
struct OnsetArgs {
    #[command(flatten)]
    task: TaskArgs,
    /// Material conflict (CAMEO 14 to 20) instead of force (18 to 20)
    #[arg(long)]
    material: bool,
}

#[derive(Debug, Args)]
struct RankingArgs {
    #[command(flatten)]
    task: TaskArgs,
    /// Ask about all days with only what was before the first of them known
    #[arg(long)]
    multi_step: bool,
}

#[derive(Debug, Args)]
struct TaskArgs {
    /// Labelled files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Only the first N sentences, pages or events
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Show what stood for what: a row for each label, a column for each answer
    #[arg(long)]
    confusion: bool,
    /// Write what was read wrongly as JSON lines: text, gold, got
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

impl OnsetArgs {
    fn deed(&self) -> Deed {
        if self.material { Deed::Material } else { Deed::Force }
    }
}

pub(super) fn run(args: &ScoreArgs) -> Result<Exit, Stop> {
    let (Task::Parse(task)
    | Task::Relations(task)
    | Task::Events(task)
    | Task::Actors(task)
    | Task::Statements(task)
    | Task::Pages(task)
    | Task::Times(task)
    | Task::Places(task)
    | Task::Dates(task)
    | Task::Chains(task)
    | Task::SameEvent(task)
    | Task::Copies(task)
    | Task::Ranking(RankingArgs { task, .. })
    | Task::Onset(OnsetArgs { task, .. })
    | Task::Mediators(task)) = &args.task;
    let mut errors = match &task.errors {
        Some(path) => Some(Output::open(Some(path))?),
        None => None,
    };
    let limit = task.limit.unwrap_or(usize::MAX);
    // No engine is needed to take a page apart, or to compare texts.
    let report = match &args.task {
        Task::Pages(_) => score::pages(&task.files, limit)?,
        Task::Ranking(ranking) => score::ranking(&read(&task.files)?, limit, ranking.multi_step)?,
        Task::Onset(onset) => score::onset(&read(&task.files)?, limit, onset.deed())?,
        Task::Mediators(_) => score::mediators(&read(&task.files)?, limit)?,
        Task::Copies(_) => score::copies(&read(&task.files)?, limit)?,
        coding => score_coding(coding, task, limit)?,
    };
    if let Some(errors) = &mut errors {
        for wrong in &report.errors {
            errors.text(&format!("{wrong}\n"))?;
        }
        errors.flush()?;
    }
    let mut out = Output::open(None)?;
    match task.json {
        true => out.text(&format!("{}\n", report.json()))?,
        false => out.text(&report.table())?,
    }
    if task.confusion && !task.json {
        out.text(&report.confusion())?;
    }
    out.flush()?;
    Ok(if report.n == 0 { Exit::Nothing } else { Exit::Found })
}

/// Measures a task that reads texts.
fn score_coding(what: &Task, task: &TaskArgs, limit: usize) -> Result<Report, Failure> {
    let texts = read(&task.files)?;
    let engine = Engine::new()?;
    match what {
        Task::Parse(_) => score::parse(&engine, &texts, limit),
        Task::Relations(_) => score::relations(&engine, &texts, limit),
        Task::Events(_) => score::events(&engine, &texts, limit),
        Task::Actors(_) => score::actors(&engine, &texts, limit),
        Task::Statements(_) => score::statements(&engine, &texts, limit),
        Task::Times(_) => score::times(&engine, &texts, limit),
        Task::Places(_) => score::places(&engine, &texts, limit),
        Task::Dates(_) => score::dates(&engine, &texts, limit),
        Task::Chains(_) => score::chains(&engine, &texts, limit),
        Task::SameEvent(_) => score::same_event(&engine, &texts, limit),
        // These need no engine; `run` has seen to them.
        Task::Copies(_) => score::copies(&texts, limit),
        Task::Pages(_) => score::pages(&task.files, limit),
        Task::Ranking(ranking) => score::ranking(&texts, limit, ranking.multi_step),
        Task::Onset(onset) => score::onset(&texts, limit, onset.deed()),
        Task::Mediators(_) => score::mediators(&texts, limit),
    }
}

/// Name and text of each file.
fn read(files: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        std::fs::read_to_string(path).map(|text| (name.clone(), text)).map_err(|err| Failure::io("read", &name, &err))
    };
    files.iter().map(read).collect()
}
