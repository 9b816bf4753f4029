//! `detente init`: a store, made or brought up to date.

use super::Exit;
use super::options::StoreArg;
use crate::config::Settings;
use crate::failure::{self, Stop};
use crate::store::{Store, VERSION, salvage};
use clap::Args;
use std::path::{Path, PathBuf};

/// Options of `init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente init
  detente init --store ~/watch/iran.db
  detente init --sample --store sample.db; detente serve --review --store sample.db
  detente init --salvage damaged.db --store new.db; detente code --all --store new.db

A store is one file. Copy it while nothing writes to it, or with SQLite's own backup.")]
pub struct InitArgs {
    /// Fill it with articles of our own wording and a made-up history, to have something to look at
    #[arg(long)]
    sample: bool,
    /// Take over what can be read of a damaged store; coding makes the rest anew
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    salvage: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &InitArgs) -> Result<Exit, Stop> {
    let path = args.store.path(&Settings::load()?);
    if args.sample {
        return super::sample::fill(&path);
    }
    if let Some(from) = &args.salvage {
        return salvaged(from, &path);
    }
    if path.exists() {
        let store = Store::open_write(&path)?;
        let name = store.path().display();
        failure::note(&match store.came_from {
            Some(from) => format!(
                "{name} was of version {from} and is of version {VERSION} now; `detente code --new` reads what the new version adds"
            ),
            None => format!("{name} is a store of version {VERSION}; nothing is to be done"),
        });
        return Ok(Exit::Found);
    }
    Store::create(&path)?;
    failure::note(&format!("made {}; next: detente import FILE…", path.display()));
    Ok(Exit::Found)
}

fn salvaged(from: &Path, path: &Path) -> Result<Exit, Stop> {
    let mut store = Store::create(path)?;
    let (mut rows, mut lost) = (0, Vec::new());
    for (table, taken, places) in salvage(from, &mut store)? {
        rows += taken;
        if places > 0 {
            lost.push(format!("{table} ({taken} rows saved)"));
        }
    }
    failure::note(&format!(
        "{rows} rows of {} are in {}; next: detente code --all --store {}",
        from.display(),
        path.display(),
        path.display()
    ));
    if lost.is_empty() {
        return Ok(Exit::Found);
    }
    failure::warning(&format!("not all could be read of {}; import the same files again to fill in what is missing", lost.join(", ")));
    Ok(Exit::Error)
}
