//! Errors for people: what is wrong, where, and what to do about it.

use anstyle::{AnsiColor, Style};
use std::fmt;
use std::io::{self, Write};

/// Something that went wrong, in words a user can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What and where.
    pub what: String,
    /// What to do, when we know.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a hint.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What a worker died of, as a failure that names the article.
    pub fn broke_down(name: &str) -> Self {
        Self::new(format!("détente broke down on {name}: this is a mistake in the program")).hint("please report it with the article")
    }

    /// A failed file operation: "cannot read a.txt: no such file" with the usual remedy.
    pub fn io(doing: &str, name: &str, err: &io::Error) -> Self {
        let reason = match err.kind() {
            io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            _ => err.to_string(),
        };
        let failure = Self::new(format!("cannot {doing} {name}: {reason}"));
        match err.kind() {
            io::ErrorKind::NotFound => failure.hint("check the path"),
            io::ErrorKind::PermissionDenied => failure.hint("check who may read and write there"),
            _ => failure,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// Why a command ends early.
#[derive(Debug)]
pub enum Stop {
    /// The reader of our output has gone (`| head`): nothing is wrong.
    Pipe,
    /// Something a user should know.
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl From<io::Error> for Stop {
    fn from(err: io::Error) -> Self {
        if err.kind() == io::ErrorKind::BrokenPipe {
            return Stop::Pipe;
        }
        Stop::Failed(Failure::new(format!("cannot write the output: {err}")).hint("check that the disk is not full"))
    }
}

fn say(label: &str, colour: AnsiColor, what: &str, hint: Option<&str>) {
    let style = Style::new().fg_color(Some(colour.into())).bold();
    let mut text = format!("{style}{label}:{style:#} {}\n", crate::show::clean(what));
    if let Some(hint) = hint {
        text.push_str(&format!(" hint: {}\n", crate::show::clean(hint)));
    }
    // When even stderr is gone there is nobody left to tell.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Prints an error on stderr.
pub fn error(failure: &Failure) {
    say("error", AnsiColor::Red, &failure.what, failure.hint.as_deref());
}

/// Prints a warning on stderr.
pub fn warning(what: &str) {
    say("warning", AnsiColor::Yellow, what, None);
}

/// Prints something worth knowing on stderr.
pub fn note(what: &str) {
    say("note", AnsiColor::Cyan, what, None);
}
