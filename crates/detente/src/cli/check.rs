//! `detente check`: the tests inside the knowledge files, and mistakes in them.

use super::Exit;
use crate::config::Settings;
use crate::engine::{self, Engine};
use crate::failure::Stop;
use crate::output::Output;
use crate::show::{BOLD, DEED, DIM, clean};
use clap::Args;
use detente_core::knowledge::{CheckCounts, Problem, Severity};

/// Options of `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente check
  detente check --filter fight-attack
  detente check --filter actors/states/IRN.toml

Exit codes: 0 all in order (warnings allowed), 2 at least one error.")]
pub struct CheckArgs {
    /// Only frames and files whose name holds this
    #[arg(long, value_name = "FRAME-OR-FILE")]
    filter: Option<String>,
    /// One problem a line as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let filter = args.filter.as_deref();
    // Knowledge too broken to load cannot run its tests; what is wrong with it is the answer.
    let (problems, counts) = match engine::tested(&Settings::load()?)? {
        Ok(knowledge) => Engine::check(knowledge, filter)?,
        Err(problems) => (problems, CheckCounts::default()),
    };
    let mut out = Output::open(None)?;
    for problem in &problems {
        let line = if args.json { json(problem) } else { shown(problem) };
        out.text(&line)?;
    }
    let count = |severity| problems.iter().filter(|p| p.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if !args.json {
        let CheckCounts { passed, failed, known } = counts;
        out.text(&format!(
            "{passed} tests hold, {failed} fail, {known} known to fail; \
             {errors} errors, {warnings} warnings\n"
        ))?;
    }
    out.flush()?;
    Ok(if errors > 0 { Exit::Error } else { Exit::Found })
}

fn label(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn json(problem: &Problem) -> String {
    let line = serde_json::json!({
        "severity": label(problem), "file": problem.file, "line": problem.line, "what": problem.what,
        "hint": problem.hint,
    });
    format!("{line}\n")
}

fn shown(problem: &Problem) -> String {
    let style = if problem.severity == Severity::Error { DEED } else { BOLD };
    let (file, what, hint) = (clean(&problem.place()).into_owned(), clean(&problem.what), clean(&problem.hint));
    let mut out = format!("{style}{}{style:#} {file}: {what}\n", label(problem));
    if !hint.is_empty() {
        out.push_str(&format!("{DIM} hint: {hint}{DIM:#}\n"));
    }
    out
}
