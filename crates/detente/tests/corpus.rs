//! Every article in `corpus/` is coded and compared with the readable snapshot beside it.
//!
//! `DETENTE_UPDATE=1 cargo test -p detente --test corpus` writes the snapshots anew.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{code, detente, err, out, root};
use std::fs;
use std::path::{Path, PathBuf};

/// What the snapshot says: the table.
fn read(article: &Path) -> String {
    let name = article.file_name().unwrap().to_string_lossy().into_owned();
    let date = name.get(..10).unwrap_or_else(|| panic!("{name}: the name begins with a date"));
    let mut command = detente();
    command.args(["code", "--published", date]).arg(article);
    if let Ok(facts) = fs::read_to_string(article.with_extension("toml")) {
        let facts: toml::Table = facts.parse().unwrap_or_else(|e| panic!("{name}: {e}"));
        for (key, value) in &facts {
            assert!(["outlet", "url"].contains(&key.as_str()), "{name}: unknown key {key}");
            command.arg(format!("--{key}")).arg(value.as_str().expect("text"));
        }
    }
    let output = command.output().unwrap();
    assert!(code(&output) < 2, "{name}: {}", err(&output));
    out(&output)
}

fn articles() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("corpus")).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    files.sort();
    files
}

#[test]
fn readings_are_those_of_the_snapshots() {
    let update = std::env::var_os("DETENTE_UPDATE").is_some();
    let mut changed = Vec::new();
    for article in articles() {
        let got = read(&article);
        let snap = article.with_extension("snap");
        // A checkout may have turned the line ends.
        let want = fs::read_to_string(&snap).unwrap_or_default().replace("\r\n", "\n");
        if got == want {
            continue;
        }
        if update {
            fs::write(&snap, &got).unwrap();
        } else {
            changed.push(format!("--- {}\n{want}+++ now\n{got}", snap.display()));
        }
    }
    assert!(
        changed.is_empty(),
        "{}\n{} reading(s) differ; if they are right: DETENTE_UPDATE=1 cargo test -p detente --test corpus",
        changed.join("\n"),
        changed.len()
    );
}

#[test]
fn every_snapshot_has_its_article() {
    for file in fs::read_dir(root().join("corpus")).unwrap().map(|e| e.unwrap().path()) {
        if file.extension().is_some_and(|e| e == "snap" || e == "toml") {
            assert!(file.with_extension("txt").exists(), "{} has no article", file.display());
        }
    }
}
