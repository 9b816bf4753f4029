//! `detente code`: articles in, records out.

use super::Exit;
use super::options::{Fill, Jobs, StoreArg};
use super::progress;
use crate::config::Settings;
use crate::engine::Engine;
use crate::failure::{self, Failure, Stop};
use crate::input::{self, Gather, Work};
use crate::output::Output;
use crate::read::Defaults;
use crate::record::{Records, set_groups, story_id};
use crate::show;
use clap::Args;
use detente_core::link::story::{Telling, stories};
use detente_core::model::Article;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(in crate::cli) mod rebuild;

/// Options of `code`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente code article.txt --published 2018-07-18
  detente code news/ --json -o records.jsonl
  detente code articles.jsonl --json | jq -r 'select(.record == \"event\") | .cameo'
  detente code page.html --stages
  detente code --new
  detente code --explain \"Iran said it would not attack its neighbours.\"

Exit codes: 0 found, 1 nothing found, 2 error (a broken file is named and skipped).")]
pub struct CodeArgs {
    /// Files (.txt .text .md .html .htm .jsonl), folders, or - for standard input
    #[arg(required_unless_present_any = ["explain", "all", "new"], value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// Code a text typed here, and tell what was considered and dropped, and why
    #[arg(long, value_name = "SENTENCE", conflicts_with_all = ["inputs", "json", "stages", "jobs"])]
    explain: Option<String>,
    /// Code every article of the store anew; one that was cut short goes on where it stopped
    #[arg(long, conflicts_with_all = ["inputs", "explain", "json", "stages", "output", "new"])]
    all: bool,
    /// Code the articles of the store that are new, or were coded by another program or knowledge
    #[arg(long, conflicts_with_all = ["inputs", "explain", "json", "stages", "output"])]
    new: bool,
    #[command(flatten)]
    store: StoreArg,
    /// One record a line: the article, then its statements and events
    #[arg(long)]
    json: bool,
    /// Show what each stage made of the article: text, code, link
    #[arg(long, conflicts_with = "json")]
    stages: bool,
    /// Write states that are named by their name alone without a sector: RUS for "Russia said"
    ///
    /// The codebook reads such a state as its government, RUSGOV. Phoenix and ICEWS data write GOV
    /// only where the words name the government, its people or its seat. Ids are the same both ways.
    #[arg(long, conflicts_with = "explain")]
    bare_states: bool,
    /// Tell which of the articles are copies of one text, and which events are one: fill `story_id` and `group_id`
    ///
    /// All records are held until the last article is read. `--all` and `--new` do this for the whole store.
    #[arg(long, requires = "json", conflicts_with = "explain")]
    stories: bool,
    #[command(flatten)]
    fill: Fill,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    jobs: Jobs,
}

/// What the user wants to see.
#[derive(Clone, Copy)]
enum View {
    Table,
    Json,
    Stages,
}

/// How each article is to be shown.
#[derive(Clone, Copy)]
struct How {
    view: View,
    bare_states: bool,
    stories: bool,
}

/// One article, coded and ready to print.
struct Rendered {
    bytes: Vec<u8>,
    found: usize,
    /// Instead of bytes, while stories are not known.
    held: Option<(Telling, Records)>,
}

/// What the run came to.
#[derive(Default)]
struct Tally {
    articles: usize,
    found: usize,
    broken: usize,
}

pub(super) fn run(args: CodeArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    let defaults = args.fill.defaults(&settings)?;
    if let Some(text) = args.explain {
        return explain(text, &defaults, args.output.as_deref());
    }
    let jobs = args.jobs.count(&settings)?;
    if args.all || args.new {
        return rebuild::run(&args.store.path(&settings), args.all, jobs);
    }
    let view = match (args.json, args.stages) {
        (true, _) => View::Json,
        (_, true) => View::Stages,
        _ => View::Table,
    };
    // Opened before anything is read, so that a long run cannot end in "cannot write".
    let mut output = Output::open(args.output.as_deref())?;
    let engine = Engine::new()?;
    let stop = stop_on_ctrl_c();
    let mut progress = progress::Progress::new(&args.inputs);
    let mut gather = Gather::new(args.inputs);
    let mut tally = Tally::default();
    let mut held: Vec<(Telling, Records)> = Vec::new();
    let how = How { view, bare_states: args.bare_states, stories: args.stories };
    let result = input::for_each(
        &mut gather,
        jobs,
        &stop,
        |work| render(&engine, work, &defaults, how),
        |done| {
            progress.add(done.bytes);
            match done.result {
                Ok(rendered) => {
                    if matches!(view, View::Table | View::Stages) && tally.articles > 0 {
                        progress.quietly(|| output.bytes(b"\n"))?;
                    }
                    tally.articles += 1;
                    tally.found += rendered.found;
                    held.extend(rendered.held);
                    progress.quietly(|| output.bytes(&rendered.bytes))?;
                }
                Err(failure) => {
                    tally.broken += 1;
                    progress.quietly(|| failure::error(&failure));
                }
            }
            Ok(())
        },
    );
    progress.finish();
    result?;
    let (tellings, mut records): (Vec<Telling>, Vec<Records>) = held.into_iter().unzip();
    for (first, records) in stories(&tellings).into_iter().zip(&mut records) {
        records.set_story(&story_id(&tellings[first].id));
    }
    set_groups(&mut records);
    for records in &records {
        output.bytes(&records.json_lines())?;
    }
    output.flush()?;
    Ok(close(&gather, &tally, stop.load(Ordering::Relaxed)))
}

/// One typed text, with what was considered and dropped.
fn explain(text: String, defaults: &Defaults, output: Option<&Path>) -> Result<Exit, Stop> {
    let mut output = Output::open(output)?;
    let engine = Engine::new()?;
    let article =
        Article { id: "explain".to_owned(), text, published: defaults.published, outlet: defaults.outlet.clone(), ..Article::default() };
    let (coded, considered) = catch_unwind(AssertUnwindSafe(|| engine.explain(&article))).map_err(|_| Failure::broke_down("the text"))?;
    output.text(&show::explain(&article, &coded, &considered))?;
    output.flush()?;
    Ok(if coded.events.is_empty() && coded.statements.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// The last words on stderr, and the exit code.
fn close(gather: &Gather, tally: &Tally, stopped: bool) -> Exit {
    if let Some(unread) = gather.unread().shown() {
        failure::note(&unread);
    }
    let articles = count(tally.articles, "article");
    if stopped {
        failure::warning(&format!("stopped: the {articles} finished before Ctrl-C were written"));
        return Exit::Interrupted;
    }
    if tally.broken > 0 {
        let broken = count(tally.broken, "input");
        failure::warning(&format!("{broken} could not be read, {articles} coded"));
        return Exit::Error;
    }
    if tally.articles == 0 {
        failure::warning("no article: the folder holds no .txt .text .md .html .htm .jsonl file");
    }
    if tally.found > 0 { Exit::Found } else { Exit::Nothing }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn render(engine: &Engine, work: &Work, defaults: &Defaults, how: How) -> Result<Rendered, Failure> {
    let article = work.article(defaults)?;
    let (coded, records) = engine.read(&article, how.bare_states, &work.name())?;
    let found = records.events.len() + records.statements.len();
    if how.stories {
        let telling = Telling::of(&article, &coded);
        return Ok(Rendered { bytes: Vec::new(), found, held: Some((telling, records)) });
    }
    let bytes = match how.view {
        View::Json => records.json_lines(),
        View::Table => show::table(&records).into_bytes(),
        View::Stages => show::stages(&article, &coded).into_bytes(),
    };
    Ok(Rendered { bytes, found, held: None })
}

/// A flag that the first Ctrl-C raises; the second ends the program at once.
pub(super) fn stop_on_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    // Without a handler Ctrl-C still ends the program, only less politely.
    let _ = ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    stop
}
