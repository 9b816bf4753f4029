//! `detente mcp`: the reads of the desk for language-model clients.

use super::Exit;
use super::options::StoreArg;
use crate::config::Settings;
use crate::failure::Stop;
use clap::Args;

/// Options of `mcp`.
#[derive(Debug, Args)]
#[command(after_help = "\
A client starts it by itself; in its settings stand the command `detente` and the arguments `mcp --store FILE`.
Messages are JSON-RPC 2.0, one a line, on standard input and output. Every tool only reads; replies are short
and paged; texts of articles are marked as third parties' words.")]
pub struct McpArgs {
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: &McpArgs) -> Result<Exit, Stop> {
    let store = args.store.path(&Settings::load()?);
    crate::serve::mcp(store, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())?;
    Ok(Exit::Found)
}
