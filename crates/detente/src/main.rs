//! `detente`: reads the news and codes political events. The commands are in `detente::cli`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    detente::cli::main()
}
