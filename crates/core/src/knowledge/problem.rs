//! What is wrong in a knowledge file.

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The knowledge cannot be used as written.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// Something wrong in a knowledge file: where, what, what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// File under `knowledge/`, or in the user's folder.
    pub file: String,
    /// Line, where one can be told.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
    /// How bad it is.
    pub severity: Severity,
}

impl Problem {
    pub(super) fn error(file: &str, what: impl Into<String>, hint: &str) -> Self {
        let mut what = what.into();
        // Readers of files put the line first.
        let told = what
            .strip_prefix("line ")
            .and_then(|rest| rest.split_once(": "))
            .and_then(|(n, rest)| Some((n.parse().ok()?, rest.to_owned())));
        let line = told.map(|(n, rest)| {
            what = rest;
            n
        });
        Self { file: file.to_owned(), line, what, hint: hint.to_owned(), severity: Severity::Error }
    }

    /// Where it is, as editors understand it: "actors/groups.toml:12".
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file))
    }

    pub(super) fn warning(file: &str, what: impl Into<String>, hint: &str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, what, hint) }
    }
}
