use crate::failure::Failure;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Endings of the files read in a folder. A file named on the command line is always tried.
pub const EXTENSIONS: &[&str] = match cfg!(feature = "tables") {
    true => &["txt", "text", "md", "html", "htm", "jsonl", "ndjson", "parquet"],
    false => &["txt", "text", "md", "html", "htm", "jsonl", "ndjson"],
};

/// Files in folders that were left alone, counted by ending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread(BTreeMap<String, usize>);

impl Unread {
    /// "3 files not read: 2 .pdf, 1 .zip"; `None` when all were.
    pub fn shown(&self) -> Option<String> {
        let total: usize = self.0.values().sum();
        let kinds: Vec<String> = self.0.iter().map(|(ext, n)| format!("{n} {ext}")).collect();
        let files = if total == 1 { "file" } else { "files" };
        (total > 0).then(|| format!("{total} {files} not read: {}", kinds.join(", ")))
    }

    fn count(&mut self, kind: &str) {
        *self.0.entry(kind.to_owned()).or_default() += 1;
    }
}

/// The files of a folder in order of names, hidden ones left out.
pub(super) struct Walk {
    entries: Box<dyn Iterator<Item = walkdir::Result<DirEntry>> + Send>,
}

impl Walk {
    pub(super) fn new(root: &Path) -> Self {
        let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|e| e.depth() == 0 || !hidden(e));
        Self { entries: Box::new(entries) }
    }

    pub(super) fn next(&mut self, unread: &mut Unread) -> Option<Result<PathBuf, Failure>> {
        for entry in self.entries.by_ref() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(err) => return Some(Err(Failure::new(format!("cannot walk on: {err}")))),
            };
            if entry.file_type().is_dir() {
                continue;
            }
            // Links are not followed: a loop of links has no end, and a linked file may be
            // read twice.
            if !entry.file_type().is_file() {
                unread.count("link or device");
                continue;
            }
            match entry.path().extension().and_then(|e| e.to_str()) {
                Some(ext) if EXTENSIONS.contains(&ext.to_ascii_lowercase().as_str()) => {
                    return Some(Ok(entry.into_path()));
                }
                Some(ext) => unread.count(&format!(".{}", ext.to_ascii_lowercase())),
                None => unread.count("without an ending"),
            }
        }
        None
    }
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
