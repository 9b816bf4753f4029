//! `detente check`: the tests inside the knowledge files, and mistakes in them.

use super::Exit;
use crate::config::Settings;
use crate::engine::{self, Engine};
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, DEED, DIM, clean};
use crate::store::{DamageKind, Store};
use clap::Args;
use detente_core::knowledge::{CheckCounts, Problem, Severity};
use std::path::{Path, PathBuf};

/// Options of `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente check
  detente check --filter fight-attack
  detente check --store
  detente check --filter actors/states/IRN.toml

Exit codes: 0 all in order (warnings allowed), 2 at least one error.")]
pub struct CheckArgs {
    /// Only frames and files whose name holds this
    #[arg(long, value_name = "FRAME-OR-FILE")]
    filter: Option<String>,
    /// One problem a line as JSON
    #[arg(long)]
    json: bool,
    /// Look for damage in the store instead [default: detente.db]
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with_all = ["filter", "json"])]
    store: Option<Option<PathBuf>>,
}

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    if let Some(store) = &args.store {
        let path = store.clone().unwrap_or(Settings::load()?.store());
        return check_store(&path);
    }
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

/// What is wrong with a store, and what to do.
fn check_store(path: &Path) -> Result<Exit, Stop> {
    let store = Store::open_as_it_is(path)?;
    let damage = store.damage()?;
    let mut out = Output::open(None)?;
    for d in damage.iter().take(40) {
        out.text(&format!("{DEED}damage{DEED:#} {}, {}: {}\n", clean(&d.place), hit(d.kind), clean(&d.what)))?;
    }
    if damage.len() > 40 {
        out.text(&format!("{DIM}and {} more{DIM:#}\n", damage.len() - 40))?;
    }
    let Some(worst) = damage.iter().map(|d| d.kind).max() else {
        out.text(&format!("{} is whole\n", clean(&path.display().to_string())))?;
        out.flush()?;
        return Ok(Exit::Found);
    };
    out.flush()?;
    let name = path.display();
    let salvage = format!("`detente init --salvage {name} --store NEW.db`");
    let advice = match worst {
        DamageKind::Ground => format!(
            "keep a copy of the file; a backup made earlier is best. Without one, {salvage} takes over every row that can be read and says \
             what is lost; then import the same files again, which fills in what is missing, and run `detente code --all`"
        ),
        _ => format!("all that cannot be made again is whole: {salvage} takes it over, and `detente code --all` makes the rest anew"),
    };
    Err(Failure::new(format!("{name} is damaged")).hint(advice).into())
}

/// What a damage hits, in words.
fn hit(kind: DamageKind) -> &'static str {
    match kind {
        DamageKind::Index => "an index",
        DamageKind::Words => "the index for search",
        DamageKind::Derived => "made by coding and counting",
        DamageKind::Ground => "ground",
    }
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
