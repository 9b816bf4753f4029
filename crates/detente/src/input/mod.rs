//! What the user named, one article at a time: files, folders, standard input, JSON lines.
//!
//! Everything is lazy, so an archive of millions of lines never lies in memory.

pub mod fields;
mod jsonl;
mod pool;
mod walk;

pub use fields::Fields;
pub use pool::{Done, for_each};
pub use walk::{EXTENSIONS, Unread};

use crate::failure::Failure;
use crate::read::{self, Defaults};
use crate::tables;
use detente_core::model::Article;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// One thing to turn into an article.
#[derive(Debug)]
pub enum Work {
    /// A file.
    File {
        /// Where.
        path: PathBuf,
        /// Its size, for progress and for keeping memory bounded.
        bytes: u64,
    },
    /// All of standard input.
    Stdin(Vec<u8>),
    /// A line of a JSONL file.
    Line {
        /// File it stands in.
        file: String,
        /// Counted from 1.
        number: usize,
        /// The line.
        json: Vec<u8>,
    },
    /// A row of a table.
    Row {
        /// File it stands in.
        file: String,
        /// Counted from 1.
        number: u64,
        /// Its cells.
        fields: Box<Fields>,
    },
    /// Could not even be opened.
    Broken(Failure),
}

impl Work {
    /// Bytes it holds or will hold.
    pub fn bytes(&self) -> u64 {
        match self {
            Work::File { bytes, .. } => *bytes,
            Work::Stdin(bytes) => bytes.len() as u64,
            Work::Line { json, .. } => json.len() as u64,
            Work::Row { fields, .. } => fields.text.as_ref().map_or(0, String::len) as u64,
            Work::Broken(_) => 0,
        }
    }

    /// What to call it in messages.
    pub fn name(&self) -> String {
        match self {
            Work::File { path, .. } => path.display().to_string(),
            Work::Stdin(_) => "standard input".to_owned(),
            Work::Line { file, number, .. } => format!("{file} line {number}"),
            Work::Row { file, number, .. } => format!("{file} row {number}"),
            Work::Broken(failure) => failure.what.clone(),
        }
    }

    /// Reads the article.
    ///
    /// # Errors
    /// The file cannot be read or holds no article; the failure names it.
    pub fn article(&self, defaults: &Defaults) -> Result<Article, Failure> {
        match self {
            Work::File { path, .. } => {
                let name = path.display().to_string();
                // One byte more than is allowed tells that the file is too long.
                let mut bytes = Vec::new();
                let read = File::open(path).and_then(|f| f.take(defaults.most().saturating_add(1)).read_to_end(&mut bytes));
                read.map_err(|err| Failure::io("read", &name, &err))?;
                from_bytes(&bytes, &name, defaults)
            }
            Work::Stdin(bytes) => from_bytes(bytes, "standard input", defaults),
            Work::Line { file, number, json } => jsonl::article(file, *number, json, defaults),
            Work::Row { fields, .. } => fields.clone().article(&self.name(), defaults),
            Work::Broken(failure) => Err(failure.clone()),
        }
    }
}

fn from_bytes(bytes: &[u8], name: &str, defaults: &Defaults) -> Result<Article, Failure> {
    read::article(bytes, name, defaults).map_err(|err| Failure::new(format!("cannot read {name}: {err}")).hint(err.hint()))
}

/// Everything the command line named, in order; folders are walked in order of names.
pub struct Gather {
    inputs: std::vec::IntoIter<PathBuf>,
    walk: Option<walk::Walk>,
    lines: Option<Lines>,
    rows: Option<tables::Rows>,
    unread: Unread,
}

struct Lines {
    file: String,
    number: usize,
    reader: Box<dyn BufRead + Send>,
}

impl Gather {
    /// Of the named inputs.
    pub fn new(inputs: Vec<PathBuf>) -> Self {
        Self { inputs: inputs.into_iter(), walk: None, lines: None, rows: None, unread: Unread::default() }
    }

    /// Files met in folders that hold no kind of text we read; whole once the end is reached.
    pub fn unread(&self) -> &Unread {
        &self.unread
    }

    fn next_line(&mut self) -> Option<Work> {
        let lines = self.lines.as_mut()?;
        loop {
            let mut json = Vec::new();
            lines.number += 1;
            match lines.reader.read_until(b'\n', &mut json) {
                Ok(0) => {
                    self.lines = None;
                    return None;
                }
                Ok(_) if json.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let (file, number) = (lines.file.clone(), lines.number);
                    return Some(Work::Line { file, number, json });
                }
                Err(err) => {
                    let failure = Failure::io("read", &lines.file, &err);
                    self.lines = None;
                    return Some(Work::Broken(failure));
                }
            }
        }
    }

    /// The work for one file; `None` when it opened a stream of lines.
    fn file(&mut self, path: PathBuf) -> Option<Work> {
        let name = path.display().to_string();
        if is_jsonl(&path) {
            match File::open(&path) {
                Ok(file) => self.open_lines(name, Box::new(BufReader::new(file))),
                Err(err) => return Some(Work::Broken(Failure::io("read", &name, &err))),
            }
            return None;
        }
        if tables::is_parquet(&path) {
            match tables::articles(&path) {
                Ok(rows) => self.rows = Some(rows),
                Err(failure) => return Some(Work::Broken(failure)),
            }
            return None;
        }
        let bytes = path.metadata().map_or(0, |m| m.len());
        Some(Work::File { path, bytes })
    }

    fn stdin(&mut self) -> Option<Work> {
        let mut bytes = Vec::new();
        if let Err(err) = io::stdin().lock().read_to_end(&mut bytes) {
            return Some(Work::Broken(Failure::io("read", "standard input", &err)));
        }
        if jsonl::looks_like(&bytes) {
            self.open_lines("standard input".to_owned(), Box::new(Cursor::new(bytes)));
            return None;
        }
        Some(Work::Stdin(bytes))
    }

    fn open_lines(&mut self, file: String, reader: Box<dyn BufRead + Send>) {
        self.lines = Some(Lines { file, number: 0, reader });
    }

    fn named(&mut self, input: PathBuf) -> Option<Work> {
        if input.as_os_str() == "-" {
            return self.stdin();
        }
        let name = input.display().to_string();
        match input.metadata() {
            Ok(meta) if meta.is_dir() => {
                self.walk = Some(walk::Walk::new(&input));
                None
            }
            Ok(_) => self.file(input),
            Err(err) => {
                let failure = Failure::io("read", &name, &err);
                Some(Work::Broken(match looks_like_url(&name) {
                    true => failure.hint("save the page as .html and give the file"),
                    false => failure,
                }))
            }
        }
    }
}

impl Iterator for Gather {
    type Item = Work;

    fn next(&mut self) -> Option<Work> {
        loop {
            if let Some(work) = self.next_line() {
                return Some(work);
            }
            if let Some(rows) = &mut self.rows {
                match rows.next() {
                    Some(work) => return Some(work),
                    None => self.rows = None,
                }
                continue;
            }
            if let Some(walk) = &mut self.walk {
                match walk.next(&mut self.unread) {
                    Some(Ok(path)) => match self.file(path) {
                        Some(work) => return Some(work),
                        None => continue,
                    },
                    Some(Err(failure)) => return Some(Work::Broken(failure)),
                    None => self.walk = None,
                }
                continue;
            }
            let input = self.inputs.next()?;
            if let Some(work) = self.named(input) {
                return Some(work);
            }
        }
    }
}

fn is_jsonl(path: &Path) -> bool {
    let ext = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    matches!(ext.as_str(), "jsonl" | "ndjson")
}

fn looks_like_url(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}
