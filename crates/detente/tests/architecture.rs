//! The rules of the layout, read off the files themselves.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::root;
use std::fs;
use std::path::{Path, PathBuf};

/// Stages of the core in order: each may use those before it.
const STAGES: &[&str] = &["model", "knowledge", "text", "code", "link"];

/// `code` ends by running `link`; nothing else looks ahead.
const AHEAD: &[(&str, &str)] = &[("code", "link")];

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().flatten();
    files.map(|e| e.into_path()).filter(|p| p.extension().is_some_and(|e| e == "rs")).collect()
}

/// The program's part of a file: comments and the tests at its end left out.
fn source(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(&text);
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Names after every `crate::`, those in braces too.
fn uses(source: &str) -> Vec<String> {
    let mut out = Vec::new();
    for rest in source.split("crate::").skip(1) {
        let names = match rest.strip_prefix('{') {
            Some(list) => {
                let (mut depth, mut end) = (1, list.len());
                for (i, c) in list.char_indices() {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    if depth == 0 {
                        end = i;
                        break;
                    }
                }
                top_level(&list[..end])
            }
            None => vec![rest],
        };
        let word = |s: &str| s.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned();
        out.extend(names.into_iter().map(word));
    }
    out
}

/// Parts between the commas that stand in no inner braces.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut from, mut out) = (0, 0, Vec::new());
    for (i, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&list[from..i]);
                from = i + 1;
            }
            _ => {}
        }
    }
    out.push(&list[from..]);
    out
}

#[test]
fn stages_use_only_those_before_them() {
    let core = root().join("crates/core/src");
    let mut wrong = Vec::new();
    for (place, stage) in STAGES.iter().enumerate() {
        for file in rust_files(&core.join(stage)) {
            for used in uses(&source(&file)) {
                let later = STAGES.iter().position(|s| *s == used).is_some_and(|p| p > place);
                if later && !AHEAD.contains(&(stage, used.as_str())) {
                    wrong.push(format!("{} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_does_not_touch_the_world() {
    let mut wrong = Vec::new();
    for file in ["crates/core/src", "crates/watch/src"].into_iter().flat_map(|dir| rust_files(&root().join(dir))) {
        let source = source(&file);
        for word in ["fs", "net", "time", "thread", "env", "process", "io"] {
            for path in [format!("std::{word}"), format!("std::{{{word}")] {
                if source.contains(&path) {
                    wrong.push(format!("{} uses {path}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_stands_in_one_file() {
    let sources = ["crates/core/src", "crates/watch/src", "crates/detente/src"].into_iter().flat_map(|dir| rust_files(&root().join(dir)));
    let found: Vec<PathBuf> = sources.filter(|f| source(f).contains("allow(unsafe_code)")).collect();
    assert_eq!(found, [root().join("crates/core/src/text/model/kernel.rs")]);
}

#[test]
fn the_watch_reads_no_text() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("crates/watch/src")) {
        for part in source(&file).split("detente_core::").skip(1) {
            let used = part.trim_start_matches('{').split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_owned();
            if ["text", "code", "link"].contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_over_a_thousand_lines() {
    let long: Vec<String> = rust_files(&root().join("crates"))
        .into_iter()
        .filter(|f| fs::read_to_string(f).unwrap().lines().count() > 1000)
        .map(|f| f.display().to_string())
        .collect();
    assert!(long.is_empty(), "split {}", long.join(", "));
}

#[test]
fn uses_are_found() {
    let found = uses("use crate::{model::{A, B}, text::c};\nuse crate::code::X; crate::link::y();");
    assert_eq!(found, ["model", "text", "code", "link"]);
}
