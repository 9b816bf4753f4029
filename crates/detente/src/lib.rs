//! The shell of détente: everything that touches the world. The reading itself is in
//! `detente-core`, which knows no files, clock or network.
#![forbid(unsafe_code)]

pub mod cli;
pub mod config;
pub mod dictionary;
pub mod engine;
pub mod export;
pub mod failure;
#[cfg(feature = "net")]
pub mod fetch;
pub mod import;
pub mod input;
pub mod output;
pub mod read;
pub mod record;
pub mod score;
#[cfg(feature = "serve")]
pub mod serve;
pub mod show;
pub mod store;
pub mod tables;
pub mod watch;
