//! Driving the real binary.

#![allow(dead_code, clippy::unwrap_used)] // Each test file uses its part.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An article with events and statements whatever the knowledge of the day.
pub const ARTICLE: &str = "Russia meets Iran over Syria\n\n\
    Russian Foreign Minister Sergey Lavrov met Iranian Foreign Minister Mohammad Javad Zarif in \
    Moscow on Tuesday.\n\n\
    Israel carried out multiple strikes against Iranian targets inside Syria.\n\n\
    \u{201c}We condemn these attacks,\u{201d} Zarif said.\n";

/// A text in which nothing political happens.
pub const NOTHING: &str = "The recipe needs two eggs, a cup of flour and a little patience.\n";

/// The program, deaf to the settings of whoever runs the tests.
pub fn detente() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DETENTE_") {
            command.env_remove(name);
        }
    }
    let nowhere = concat!(env!("CARGO_TARGET_TMPDIR"), "/nowhere");
    command.env("XDG_CONFIG_HOME", nowhere).env("HOME", nowhere).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs with arguments.
pub fn run(args: &[&str]) -> Output {
    detente().args(args).stdin(Stdio::null()).output().unwrap()
}

/// Runs with arguments and standard input.
pub fn pipe(args: &[&str], input: &[u8]) -> Output {
    let mut child = detente().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// Exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("the program was killed by a signal")
}

/// What was written to standard output.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

/// What was written to standard error.
pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder holding files.
pub fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    dir
}

/// The path of a file in a folder as an argument.
pub fn at(dir: &tempfile::TempDir, name: &str) -> String {
    dir.path().join(name).display().to_string()
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The JSON records of an output.
pub fn records(output: &Output) -> Vec<serde_json::Value> {
    out(output).lines().map(|l| serde_json::from_str(l).expect("each line is JSON")).collect()
}
