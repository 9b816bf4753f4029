//! `detente import-dictionary`: dictionaries of older coders as an overlay of knowledge.

use super::Exit;
use crate::dictionary::{self, Imported, Kind, Left};
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell, clean};
use clap::Args;
use detente_core::knowledge::Knowledge;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the list of lines left out, beside the overlay's folders.
const LEFT: &str = "not-taken.tsv";

/// Options of `import-dictionary`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente import-dictionary own.actors.txt own.agents.txt own.verbs.txt --out own
  DETENTE_KNOWLEDGE=own detente check
  DETENTE_KNOWLEDGE=own detente code article.txt

Names, words and codes the knowledge has already are not written again. What has no place in it is
listed in not-taken.tsv in the folder: file, line, words, reason.")]
pub struct ImportDictionaryArgs {
    /// Dictionaries in the format of TABARI or PETRARCH
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Overlay folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What the files list, when their text does not tell
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

pub(super) fn run(args: &ImportDictionaryArgs) -> Result<Exit, Stop> {
    let knowledge = Knowledge::embedded().map_err(|problems| {
        Failure::new(format!("the knowledge cannot be used: {}", problems.first().map_or("", |p| p.what.as_str())))
            .hint("run `detente check` for the whole list")
    })?;
    let mut columns = Columns::default();
    let head = |s: &str| cell(s).style(BOLD);
    columns.row([head("file"), head("holds"), head("taken").right(), head("known").right(), head("left").right(), head("written to")]);
    let mut left: Vec<Left> = Vec::new();
    let mut taken = 0;
    for path in &args.files {
        let name = path.display().to_string();
        let (kind, imported) = dictionary::import(&name, &read(path)?, args.kind, knowledge);
        let kind = format!("{kind:?}").to_lowercase();
        let count = |n: usize| cell(n.to_string()).right();
        columns.row([
            cell(clean(&name).into_owned()),
            cell(kind),
            count(imported.taken),
            count(imported.known),
            count(imported.left.len()),
            cell(imported.path.clone()),
        ]);
        write(&args.out, &imported)?;
        taken += imported.taken;
        left.extend(imported.left);
    }
    let list: String = left.iter().map(|l| format!("{}\t{}\t{}\t{}\n", l.file, l.line, l.text.replace('\t', " "), l.why)).collect();
    save(&args.out.join(LEFT), &format!("file\tline\ttext\twhy\n{list}"))?;
    let mut out = Output::open(None)?;
    out.text(&columns.lines())?;
    for (why, n) in reasons(&left) {
        out.text(&format!("{DIM}{n} left out: {}{DIM:#}\n", clean(&why)))?;
    }
    if !left.is_empty() {
        out.text(&format!("every line left out is in {}\n", clean(&args.out.join(LEFT).display().to_string())))?;
    }
    out.flush()?;
    Ok(if taken == 0 { Exit::Nothing } else { Exit::Found })
}

/// The commonest reasons, their particulars left away.
fn reasons(left: &[Left]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for l in left {
        let plain: Vec<&str> = l.why.split(' ').map(|w| if w.chars().any(char::is_lowercase) { w } else { "…" }).collect();
        *counts.entry(plain.join(" ")).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts.truncate(12);
    counts
}

/// A dictionary's text. They come in UTF-8 or in Windows-1252.
fn read(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|err| Failure::io("read", &path.display().to_string(), &err))?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned(),
    })
}

fn write(dir: &Path, imported: &Imported) -> Result<(), Failure> {
    save(&dir.join(&imported.path), &imported.toml)
}

fn save(path: &Path, text: &str) -> Result<(), Failure> {
    let wrong = |err: std::io::Error| Failure::io("write", &path.display().to_string(), &err);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(wrong)?;
    }
    std::fs::write(path, text).map_err(wrong)
}
