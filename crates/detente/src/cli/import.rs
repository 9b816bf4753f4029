//! `detente import`: files into the store, no row unaccounted for.

use super::Exit;
use super::code::stop_on_ctrl_c;
use super::options::{Fill, Jobs, StoreArg};
use super::progress::Progress;
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::import::{self, Actors, Context, Format, Raw};
use crate::input::{Gather, Work};
use crate::output::Output;
use crate::read::Defaults;
use crate::show::{BOLD, Columns, DIM, cell, clean};
use crate::store::{Import, ImportRow, Kept, NewImport, Store};
use crate::tables::{self, Holds};
use clap::Args;
use detente_core::knowledge::Knowledge;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Rows, and bytes, kept in one step.
const ROWS: usize = 20_000;
const BYTES: usize = 24 << 20;

/// Options of `import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente import news/ --outlet 'Example Post'
  detente import articles.jsonl CC-NEWS-20180718-00001.warc.gz
  detente import icews-2018.tab 20180718.export.CSV
  detente import ICEWS18/train.txt --start 2018-01-01
  detente import --rejects

Formats are told by how a file begins; --format says it otherwise. Files may be gzipped. Events keep
the codes, coder and ontology of their file. The same bytes are not read in twice, and an import
that was cut short goes on where it stopped. Every row that cannot be taken is listed by --rejects
with the reason. Exit codes: 0 all taken, 1 nothing new, 2 rows were rejected or a file cannot be read.")]
pub struct ImportArgs {
    /// Files, folders of articles, or - for standard input
    #[arg(required_unless_present = "rejects", value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// Format, where the file's beginning does not tell
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Day of time 0, for events as ids whose file does not say it
    #[arg(long, value_name = "DATE", value_parser = super::options::date)]
    start: Option<detente_core::model::Date>,
    /// List rejected rows: file, line, reason, row
    #[arg(long, conflicts_with_all = ["inputs", "format"])]
    rejects: bool,
    #[command(flatten)]
    fill: Fill,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    store: StoreArg,
}

/// What became of a file's rows in this run.
#[derive(Default)]
struct Tally {
    taken: i64,
    rejected: i64,
    reasons: BTreeMap<String, u64>,
}

struct Importer<'a> {
    store: Store,
    defaults: Defaults,
    actors: Actors,
    knowledge: &'static Knowledge,
    pool: rayon::ThreadPool,
    stop: &'a AtomicBool,
    start: Option<detente_core::model::Date>,
}

pub(super) fn run(args: ImportArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    let path = args.store.path(&settings);
    if args.rejects {
        return rejects(&Store::open_read(&path)?);
    }
    let defaults = args.fill.defaults(&settings)?;
    let jobs = args.jobs.count(&settings)?;
    let knowledge = Knowledge::embedded().map_err(|_| Failure::new("the knowledge cannot be used").hint("run `detente check`"))?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|err| Failure::new(format!("cannot start {jobs} threads: {err}")).hint("give a smaller --jobs"))?;
    let stop = stop_on_ctrl_c();
    let store = Store::open_write(&path)?;
    let mut importer = Importer { store, defaults, actors: Actors::new(knowledge), knowledge, pool, stop: &stop, start: args.start };
    let mut columns = Columns::default();
    let head = |s: &str| cell(s).style(BOLD);
    columns.row([
        head("file"),
        head("format"),
        head("rows").right(),
        head("taken").right(),
        head("known").right(),
        head("rejected").right(),
    ]);
    let (mut taken, mut rejected, mut broken, mut reasons) = (0, 0, 0, BTreeMap::<String, u64>::new());
    let inputs: Vec<PathBuf> = args.inputs.into_iter().flat_map(expanded).collect();
    for input in &inputs {
        match importer.input(input, args.format) {
            Ok((import, tally)) => {
                columns.row(importer.row(&import)?);
                taken += tally.taken;
                rejected += tally.rejected;
                tally.reasons.into_iter().for_each(|(why, n)| *reasons.entry(why).or_default() += n);
            }
            Err(Stop::Failed(failure)) => {
                broken += 1;
                failure::error(&failure);
            }
            Err(pipe) => return Err(pipe),
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    importer.store.settle()?;
    let mut out = Output::open(None)?;
    out.text(&columns.lines())?;
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    for (why, n) in reasons.iter().take(12) {
        out.text(&format!("{DIM}{n} rejected: {}{DIM:#}\n", clean(why)))?;
    }
    out.flush()?;
    if rejected > 0 {
        failure::warning(&format!("{rejected} rows were rejected; `detente import --rejects` lists them"));
    }
    if stop.load(Ordering::Relaxed) {
        failure::warning("stopped: what was read is kept; the same command goes on");
        return Ok(Exit::Interrupted);
    }
    Ok(match (broken + rejected, taken) {
        (0, 0) => Exit::Nothing,
        (0, _) => Exit::Found,
        _ => Exit::Error,
    })
}

/// A folder of records of our own, as an archive's job writes it, is its files of events; anything else is itself.
fn expanded(input: PathBuf) -> Vec<PathBuf> {
    let folder = match input.join("events") {
        events if events.is_dir() => events,
        _ => input.clone(),
    };
    if !folder.is_dir() {
        return vec![input];
    }
    let files = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().flatten().map(walkdir::DirEntry::into_path);
    let files: Vec<PathBuf> = files.filter(|p| tables::is_parquet(p)).collect();
    match files.first().map(|first| tables::holds(first)) {
        Some(Ok(Holds::Events)) => files,
        _ => vec![input],
    }
}

fn rejects(store: &Store) -> Result<Exit, Stop> {
    let rows = store.rejects(None)?;
    let mut out = Output::open(None)?;
    for (file, line, reason, text) in &rows {
        out.text(&format!("{}\t{line}\t{}\t{}\n", clean(file), clean(reason), clean(text)))?;
    }
    out.flush()?;
    Ok(if rows.is_empty() { Exit::Nothing } else { Exit::Found })
}

impl Importer<'_> {
    fn row(&self, import: &Import) -> Result<Vec<crate::show::Cell>, Failure> {
        let (file, format, kept) = self.store.import_kept(import)?;
        let n = |n: i64| cell(n.to_string()).right();
        let rows = kept.taken + kept.known + kept.rejected;
        Ok(vec![cell(clean(&file).into_owned()), cell(format), n(rows), n(kept.taken), n(kept.known), n(kept.rejected)])
    }

    fn input(&mut self, input: &Path, format: Option<Format>) -> Result<(Import, Tally), Stop> {
        let name = input.display().to_string();
        let stdin = input.as_os_str() == "-";
        if stdin || input.is_dir() || format == Some(Format::Files) {
            return self.files(input, &name);
        }
        if format.is_none() && tables::is_parquet(input) {
            return match tables::holds(input)? {
                Holds::Articles => self.files(input, &name),
                Holds::Events => self.table(input, &name, Format::Records, input.metadata().map_or(0, |m| m.len())),
                Holds::Statements => Err(Failure::new(format!("{name} holds statements, which belong to their articles"))
                    .hint("import the articles and run `detente code --new`")
                    .into()),
            };
        }
        let (head, size) = head(input).map_err(|err| Failure::io("read", &name, &err))?;
        let format = match format.or_else(|| import::sniff(&head)) {
            Some(format) => format,
            None if crate::input::EXTENSIONS.iter().any(|e| name.to_lowercase().ends_with(&format!(".{e}"))) => {
                return self.files(input, &name);
            }
            None => {
                let hint = "formats are articles (.jsonl, .csv, .warc, .mbox, .txt, .html) and events of ICEWS (also as ids), GDELT, POLECAT, Phoenix; --format names one";
                return Err(Failure::new(format!("cannot tell the format of {name}")).hint(hint).into());
            }
        };
        self.table(input, &name, format, size)
    }

    /// A file of many rows.
    fn table(&mut self, input: &Path, name: &str, format: Format, size: u64) -> Result<(Import, Tally), Stop> {
        let io = |err: io::Error| Failure::io("read", name, &err);
        let digest = digest(input).map_err(io)?;
        let new = NewImport { file: name, format: format.as_str(), digest: &digest, coder: format.coder() };
        let earlier = self.store.import_of(&new)?;
        if let Some(done) = earlier.as_ref().filter(|i| i.complete) {
            failure::note(&format!("{name} was read in before; nothing is to be done"));
            return Ok((done.clone(), Tally::default()));
        }
        let after = earlier.as_ref().map_or(0, |i| i.lines);
        if after > 0 {
            failure::note(&format!("going on with {name} after row {after}"));
        }
        let read = Arc::new(AtomicU64::new(0));
        let reader = open(input, Arc::clone(&read)).map_err(io)?;
        let mut context = Context {
            file: name,
            format,
            defaults: &self.defaults,
            actors: &self.actors,
            ontology: &self.knowledge.ontology,
            header: Vec::new(),
            start: self.start,
            ids: None,
        };
        let mut rows = import::rows(reader, &mut context)?;
        let mut tally = Tally::default();
        let mut chunk = next_chunk(&mut rows, after);
        if chunk.last && chunk.broken.is_none() && earlier.is_none() {
            // Short: one durable step for all of it, so that many small files are quick.
            let made = made(&self.pool, &context, chunk.rows);
            let (import, kept) = self.store.import_whole(&new, &made)?;
            tally.add(&made, kept);
            return Ok((import, tally));
        }
        let mut import = self.store.begin_import(&new)?;
        if format.coder().is_some() {
            // A row is some 200 bytes; gzip makes a tenth of them.
            let gzipped = name.ends_with(".gz");
            self.store.expect_rows(&mut import, size / if gzipped { 20 } else { 200 })?;
        }
        let mut progress = Progress::new(&[input.to_owned()]);
        loop {
            let made = made(&self.pool, &context, chunk.rows);
            tally.add(&made, self.store.put_rows(&mut import, &made)?);
            progress.set(read.load(Ordering::Relaxed));
            if let Some(err) = chunk.broken {
                // What came before it is kept, and the import stays open.
                let hint = format!("rows up to {} are kept; give the whole file again to go on", import.lines);
                return Err(io(err).hint(hint).into());
            }
            if chunk.last || self.stop.load(Ordering::Relaxed) {
                break;
            }
            chunk = next_chunk(&mut rows, after);
        }
        progress.finish();
        if !self.stop.load(Ordering::Relaxed) {
            self.store.finish_import(&import)?;
        }
        Ok((import, tally))
    }

    /// Files that hold an article each, folders of them, standard input.
    fn files(&mut self, input: &Path, name: &str) -> Result<(Import, Tally), Stop> {
        // Files change, so that a folder is read anew each time; articles known already stay as they are.
        let digest = format!("files:{}:{}", name, jiff::Timestamp::now().as_nanosecond());
        let mut gather = Gather::new(vec![input.to_owned()]);
        let mut first: Vec<Work> = gather.by_ref().take(1).collect();
        if let Some(Work::Broken(failure)) = first.first() {
            return Err(failure.clone().into());
        }
        let mut import = self.store.begin_import(&NewImport { file: name, format: "files", digest: &digest, coder: None })?;
        let (mut line, mut tally) = (0, Tally::default());
        let mut progress = Progress::new(&[input.to_owned()]);
        loop {
            let mut bytes = 0;
            let mut chunk = std::mem::take(&mut first);
            while chunk.len() < 512 && bytes < BYTES as u64 {
                let Some(work) = gather.next() else { break };
                bytes += work.bytes();
                chunk.push(work);
            }
            if chunk.is_empty() || self.stop.load(Ordering::Relaxed) {
                break;
            }
            let defaults = &self.defaults;
            let read = |work: &Work| match work.article(defaults) {
                Ok(article) => ImportRow::Article(Box::new(article)),
                Err(failure) => ImportRow::Rejected(failure.what, work.name()),
            };
            let rows: Vec<ImportRow> = self.pool.install(|| chunk.par_iter().with_max_len(1).map(read).collect());
            let rows: Vec<(u64, ImportRow)> = rows
                .into_iter()
                .map(|row| {
                    line += 1;
                    (line, row)
                })
                .collect();
            tally.add(&rows, self.store.put_rows(&mut import, &rows)?);
            chunk.iter().for_each(|w| progress.add(w.bytes()));
        }
        progress.finish();
        if let Some(unread) = gather.unread().shown() {
            failure::note(&unread);
        }
        self.store.finish_import(&import)?;
        Ok((import, tally))
    }
}

/// Rows that are kept in one step.
struct Chunk {
    rows: Vec<(u64, Raw)>,
    /// Whether the file ends here.
    last: bool,
    /// What stopped the reading.
    broken: Option<io::Error>,
}

/// The next rows of a file, those up to `after` left out.
fn next_chunk(rows: &mut import::RawRows<'_>, after: u64) -> Chunk {
    let (mut chunk, mut bytes) = (Chunk { rows: Vec::new(), last: false, broken: None }, 0);
    while chunk.rows.len() < ROWS && bytes < BYTES {
        match rows.next() {
            Some(Ok((line, _))) if line <= after => {}
            Some(Ok((line, raw))) => {
                bytes += raw.bytes();
                chunk.rows.push((line, raw));
            }
            Some(Err(err)) => {
                chunk.broken = Some(err);
                break;
            }
            None => {
                chunk.last = true;
                break;
            }
        }
    }
    chunk
}

impl Tally {
    fn add(&mut self, rows: &[(u64, ImportRow)], kept: Kept) {
        self.taken += kept.taken;
        self.rejected += kept.rejected;
        for (_, row) in rows {
            if let ImportRow::Rejected(why, _) = row
                && (self.reasons.len() < 1_000 || self.reasons.contains_key(why))
            {
                *self.reasons.entry(why.clone()).or_default() += 1;
            }
        }
    }
}

/// Makes rows into records, all threads at once, in their order.
fn made(pool: &rayon::ThreadPool, context: &Context<'_>, chunk: Vec<(u64, Raw)>) -> Vec<(u64, ImportRow)> {
    pool.install(|| chunk.into_par_iter().filter_map(|(line, raw)| Some((line, import::record(context, line, raw)?))).collect())
}

/// Counts what was read of a file.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A file, unzipped when it is gzip.
fn open(path: &Path, read: Arc<AtomicU64>) -> io::Result<Box<dyn BufRead + Send>> {
    let mut reader = BufReader::with_capacity(1 << 18, Counted { file: File::open(path)?, read });
    Ok(match reader.fill_buf()?.starts_with(b"\x1f\x8b") {
        true => Box::new(BufReader::with_capacity(1 << 18, flate2::bufread::MultiGzDecoder::new(reader))),
        false => Box::new(reader),
    })
}

/// How a file begins, unzipped, and how long it is as it lies.
fn head(path: &Path) -> io::Result<(Vec<u8>, u64)> {
    let size = path.metadata()?.len();
    let mut head = Vec::new();
    // A gzip cut short in its beginning shows what there is.
    let read = open(path, Arc::default())?.take(64 << 10).read_to_end(&mut head);
    if head.is_empty() {
        read?;
    }
    Ok((head, size))
}

fn digest(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}
