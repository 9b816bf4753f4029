//! Records of the store into Parquet and Arrow files.

use crate::failure::{Failure, Stop};
use crate::store::{Filter, Sorted, Store};
use detente_arrow::write::{Format, Writer};
use detente_arrow::{Batches, Error, Kind};
use detente_core::model::Date;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What is to be written, and how.
#[derive(Clone, Debug)]
pub struct Export<'a> {
    /// Format of the files.
    pub format: Format,
    /// Kind of record.
    pub kind: Kind,
    /// Which records.
    pub filter: &'a Filter,
    /// A file, or a folder for [`Export::by_year`]; standard output without it.
    pub output: Option<&'a Path>,
    /// A folder with one file a year, `year=2018/events.parquet`, as DuckDB, Spark, polars and Arrow know them.
    pub by_year: bool,
}

/// Writes records sorted by pair and day (articles: by day); returns how many there were.
///
/// # Errors
/// The store cannot be read or the files not written.
pub fn export(store: &Store, what: &Export<'_>) -> Result<usize, Stop> {
    if !what.by_year {
        let sorted = Sorted { kind: what.kind, undated: false };
        return match what.output {
            None if io::stdout().is_terminal() => {
                Err(Failure::new("a table in this format is no text for a terminal").hint("name a file: -o events.parquet").into())
            }
            None => Ok(write(store, what, what.filter, sorted, io::stdout())?.0),
            Some(path) => file(store, what, what.filter, sorted, path),
        };
    }
    let Some(folder) = what.output else {
        return Err(Failure::new("a table by years is a folder").hint("name it: -o events/").into());
    };
    let cannot = |path: &Path, err: &io::Error| Failure::io("write", &path.display().to_string(), err);
    fs::create_dir_all(folder).map_err(|err| cannot(folder, &err))?;
    if fs::read_dir(folder).map_err(|err| cannot(folder, &err))?.next().is_some() {
        return Err(Failure::new(format!("{} is not empty", folder.display()))
            .hint("name a new folder: years of an earlier export would be mixed with these")
            .into());
    }
    let name = format!("{}.{}", what.kind.as_str(), what.format.ending());
    let part = |year: &str| -> Result<PathBuf, Failure> {
        let dir = folder.join(format!("year={year}"));
        fs::create_dir_all(&dir).map_err(|err| cannot(&dir, &err))?;
        Ok(dir.join(&name))
    };
    let mut n = 0;
    for year in store.years(what.kind, what.filter)? {
        let day = |year: i16, month, day| Date::new(year, month, day).ok();
        match year {
            Some(year) => {
                let (first, last) = (day(year, 1, 1), day(year, 12, 31));
                let filter =
                    Filter { from: what.filter.from.max(first), to: what.filter.to.into_iter().chain(last).min(), ..what.filter.clone() };
                n += file(store, what, &filter, Sorted { kind: what.kind, undated: false }, &part(&format!("{year:04}"))?)?;
            }
            // The name that Hive gave to what has no value, which all readers know.
            None => {
                let undated = Sorted { kind: what.kind, undated: true };
                n += file(store, what, what.filter, undated, &part("__HIVE_DEFAULT_PARTITION__")?)?;
            }
        }
    }
    Ok(n)
}

/// A file that has its name only once it is whole.
fn file(store: &Store, what: &Export<'_>, filter: &Filter, sorted: Sorted, path: &Path) -> Result<usize, Stop> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let cannot = |err: io::Error| Failure::io("write", &path.display().to_string(), &err);
    let begun = File::create(&unfinished).map_err(cannot)?;
    let written = write(store, what, filter, sorted, BufWriter::new(begun)).and_then(|(n, to)| {
        let file = to.into_inner().map_err(|err| cannot(err.into_error()))?;
        file.sync_all().map_err(cannot)?;
        fs::rename(&unfinished, path).map_err(cannot)?;
        Ok(n)
    });
    if written.is_err() {
        // The first error is the one that tells; a file that cannot be taken away is seen by its name.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

fn write<W: Write + Send>(store: &Store, what: &Export<'_>, filter: &Filter, sorted: Sorted, to: W) -> Result<(usize, W), Stop> {
    let mut batches = Batches::new(what.kind).map_err(stop)?;
    let mut writer = Writer::new(what.format, what.kind, true, to).map_err(stop)?;
    let n = store.each_sorted(sorted, filter, |row| {
        if let Some(batch) = batches.push(&row, super::weight(&row)).map_err(stop)? {
            writer.write(&batch).map_err(stop)?;
        }
        Ok(())
    })?;
    if batches.waiting() > 0 {
        writer.write(&batches.rest().map_err(stop)?).map_err(stop)?;
    }
    Ok((n, writer.finish().map_err(stop)?))
}

/// A closed pipe is no failure, however deep it was met.
fn stop(err: Error) -> Stop {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&err);
    while let Some(at) = cause {
        if let Some(io) = at.downcast_ref::<io::Error>() {
            return io::Error::new(io.kind(), io.to_string()).into();
        }
        cause = at.source();
    }
    Failure::new(format!("cannot write the table: {err}")).hint("check that the disk is not full").into()
}
