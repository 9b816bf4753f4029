//! `detente init`: a store, made or brought up to date.

use super::Exit;
use super::options::StoreArg;
use crate::config::Settings;
use crate::failure::{self, Stop};
use crate::store::{Store, VERSION};
use clap::Args;

/// Options of `init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente init
  detente init --store ~/watch/iran.db
  detente init --sample --store sample.db; detente serve --review --store sample.db

A store is one file. Copy it while nothing writes to it, or with SQLite's own backup.")]
pub struct InitArgs {
    /// Fill it with articles of our own wording and a made-up history, to have something to look at
    #[arg(long)]
    sample: bool,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &InitArgs) -> Result<Exit, Stop> {
    let path = args.store.path(&Settings::load()?);
    if args.sample {
        return super::sample::fill(&path);
    }
    if path.exists() {
        let store = Store::open_write(&path)?;
        failure::note(&format!("{} is a store of version {VERSION}; nothing is to be done", store.path().display()));
        return Ok(Exit::Found);
    }
    Store::create(&path)?;
    failure::note(&format!("made {}; next: detente import FILE…", path.display()));
    Ok(Exit::Found)
}
