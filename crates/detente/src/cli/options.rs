//! Options several commands share.

use crate::config::Settings;
use crate::failure::Failure;
use crate::read::Defaults;
use crate::watch;
use clap::Args;
use detente_core::model::Date;
use std::path::PathBuf;

/// What the page may lack.
#[derive(Debug, Args)]
pub struct Fill {
    /// Publication date of articles that state none (YYYY-MM-DD)
    ///
    /// Without a date nothing relative ("last week") is resolved, and offices are those held
    /// when the knowledge was last checked.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub published: Option<Date>,
    /// Outlet of articles that name none
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// Address of articles that give none
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Largest article read, in megabytes [default: 16]
    ///
    /// A longer one is named and left alone. Reading takes about 100 MB of memory for each megabyte.
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub max_size: Option<u64>,
}

impl Fill {
    /// The defaults for reading, settings laid under the flags.
    pub fn defaults(&self, settings: &Settings) -> Result<Defaults, Failure> {
        Ok(Defaults {
            published: match self.published {
                Some(date) => Some(date),
                None => settings.published()?,
            },
            outlet: self.outlet.clone().or_else(|| settings.outlet()),
            url: self.url.clone(),
            limit: self.max_size.map(|mb| mb << 20),
        })
    }
}

/// How a list is written for other programs.
#[derive(Debug, Args)]
pub struct Form {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// A table parted by commas
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// Which store.
#[derive(Debug, Args)]
pub struct StoreArg {
    /// The store [default: detente.db]
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
}

impl StoreArg {
    /// Where it lies: the flag, else the setting, else detente.db in this folder.
    pub fn path(&self, settings: &Settings) -> PathBuf {
        self.store.clone().unwrap_or_else(|| settings.store())
    }
}

/// How many at once.
#[derive(Debug, Args)]
pub struct Jobs {
    /// Articles coded at the same time [default: one per core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

impl Jobs {
    /// Number of threads.
    pub fn count(&self, settings: &Settings) -> Result<usize, Failure> {
        if let Some(jobs) = self.jobs {
            return Ok(jobs.into());
        }
        if let Some(jobs) = settings.jobs()? {
            return Ok(jobs);
        }
        Ok(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

/// The day something is asked of: none later than today.
pub(super) fn as_of(on: Option<Date>) -> Date {
    on.map_or_else(watch::now, |on| on.min(watch::now()))
}

/// Reads a day.
pub(crate) fn date(s: &str) -> Result<Date, String> {
    s.parse().map_err(|_| "a day is written YYYY-MM-DD, as 2018-07-18".to_owned())
}
