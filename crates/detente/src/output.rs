//! Where data goes: standard output or a file, always through one locked, buffered writer.

use crate::failure::{Failure, Stop};
use anstream::{AutoStream, ColorChoice};
use std::fs::File;
use std::io::{BufWriter, StdoutLock, Write};
use std::path::Path;

/// The destination of a command's data.
pub enum Output {
    /// Standard output; colour is dropped when it is no terminal.
    Stdout(BufWriter<AutoStream<StdoutLock<'static>>>),
    /// A file named by `--output`; never coloured.
    File(BufWriter<AutoStream<File>>),
}

impl Output {
    /// Opens the file, or standard output when there is none.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Output::Stdout(BufWriter::new(anstream::stdout().lock())));
        };
        let file = File::create(path).map_err(|err| {
            let failure = Failure::io("write", &path.display().to_string(), &err);
            match failure.hint {
                Some(_) => failure,
                None => failure.hint("give --output a file that can be written"),
            }
        })?;
        Ok(Output::File(BufWriter::new(AutoStream::new(file, ColorChoice::Never))))
    }

    /// Writes text that may hold colour.
    ///
    /// # Errors
    /// The reader has gone, or the disk is full.
    pub fn text(&mut self, text: &str) -> Result<(), Stop> {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// The reader has gone, or the disk is full.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match self {
            Output::Stdout(w) => w.write_all(bytes)?,
            Output::File(w) => w.write_all(bytes)?,
        }
        Ok(())
    }

    /// Hands everything on; call it once at the end, errors on closing are lost otherwise.
    ///
    /// # Errors
    /// The reader has gone, or the disk is full.
    pub fn flush(&mut self) -> Result<(), Stop> {
        match self {
            Output::Stdout(w) => w.flush()?,
            Output::File(w) => w.flush()?,
        }
        Ok(())
    }
}
