//! The command line: one definition from which help, completions and man page are made.

mod alerts;
mod check;
mod code;
mod completions;
mod config;
pub mod correct;
mod dyad;
mod events;
mod export;
mod fetch;
mod filters;
mod forecast;
mod import;
mod import_dictionary;
mod init;
mod man;
#[cfg(feature = "serve")]
mod mcp;
mod mediators;
mod next;
mod options;
mod progress;
mod redlines;
mod review;
mod sample;
mod score;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod statements;
mod status;
mod what_if;
pub(crate) mod why;

use crate::failure::{self, Stop};
use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// How a command ended, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Records were found, or everything is in order.
    Found,
    /// Nothing went wrong and nothing was found.
    Nothing,
    /// Something went wrong; it was named on stderr.
    Error,
    /// Stopped by Ctrl-C; what was finished was written.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Found => 0,
            Exit::Nothing => 1,
            Exit::Error => 2,
            Exit::Interrupted => 130,
        })
    }
}

/// Reads the news and codes who did what to whom, and who says so.
#[derive(Debug, Parser)]
#[command(name = "detente", version, max_term_width = 100)]
#[command(long_about = "Détente reads news articles and codes political events: who did what to whom, \
                  when and where, and who says so through which outlets. Codes are CAMEO with \
                  PLOVER, quad class and Goldstein value looked up. It works offline and every \
                  record opens to the words it was read from.")]
#[command(after_long_help = "\
Examples:
  detente code article.txt --published 2018-07-18
  detente code news/ --json > records.jsonl
  curl -s https://example.org/story.html | detente code - --outlet \"Example Post\"
  detente init; detente import news/ events.tab; detente code --new; detente events --dyad IRN,ISR
  detente why s:41d0 article.txt --published 2018-07-18

Exit codes: 0 found, 1 nothing found, 2 error, 130 stopped by Ctrl-C.
Settings: flag, DETENTE_* variable, ./detente.toml, the user's config folder, default;
`detente config` shows each value and where it came from.")]
pub struct Cli {
    /// What to do; without a command, what the store holds is shown.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Code articles: print the statements and events in them
    Code(code::CodeArgs),
    /// Make a store, or bring an older one up to date
    Init(init::InitArgs),
    /// Fetch pages and feeds from the network into the store
    Fetch(Box<fetch::FetchArgs>),
    /// Read articles and events of files into the store
    Import(import::ImportArgs),
    /// Show what is in the store, what failed and what to do next
    Status(status::StatusArgs),
    /// List events of the store
    Events(Box<events::EventsArgs>),
    /// List statements of the store
    Statements(Box<statements::StatementsArgs>),
    /// The series of a pair of actors with its usual band: by day, week, month or year
    Dyad(Box<dyad::DyadArgs>),
    /// What left its usual band and what opened, over all pairs
    Alerts(Box<alerts::AlertsArgs>),
    /// What sides say they will not accept, and later events that may cross it
    Redlines(Box<redlines::RedlinesArgs>),
    /// Will a pair come to force? With base rate, past score and a ledger
    Forecast(forecast::ForecastArgs),
    /// Third parties for a pair, ranked, with what speaks for and against each
    Mediators(mediators::MediatorsArgs),
    /// Find articles of the store by their words
    Search(search::SearchArgs),
    /// Write the store's records in the layouts of other data sets
    Export(Box<export::ExportArgs>),
    /// Correct a record, take a correction back, list them; take an article out
    Correct(correct::CorrectArgs),
    /// Go through events one by one and say which are right
    Review(Box<review::ReviewArgs>),
    /// Open a record to the words, chain and rules behind it
    Why(why::WhyArgs),
    /// Open the desk: a web page over the store, on this machine alone unless told otherwise
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    /// Give language-model clients the desk's reads, over standard input and output (MCP)
    #[cfg(feature = "serve")]
    Mcp(mcp::McpArgs),
    /// Run the tests inside the knowledge files and look for mistakes in them
    Check(check::CheckArgs),
    /// Measure the program on a labelled file
    Score(score::ScoreArgs),
    /// Turn actor, agent and verb dictionaries of older coders into an overlay of knowledge
    ImportDictionary(import_dictionary::ImportDictionaryArgs),
    /// Show each setting and where it came from
    Config(config::ConfigArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(man::ManArgs),
}

/// The whole definition, for completions and the manual page.
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let Some(command) = cli.command else { return bare() };
    let result = match command {
        Command::Init(args) => init::run(&args),
        Command::Fetch(args) => fetch::run(&args),
        Command::Import(args) => import::run(args),
        Command::Status(args) => status::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Statements(args) => statements::run(&args),
        Command::Dyad(args) => dyad::run(&args),
        Command::Alerts(args) => alerts::run(&args),
        Command::Redlines(args) => redlines::run(&args),
        Command::Forecast(args) => forecast::run(&args),
        Command::Mediators(args) => mediators::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Correct(args) => correct::run(&args),
        Command::Review(args) => review::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args),
        #[cfg(feature = "serve")]
        Command::Mcp(args) => mcp::run(&args),
        Command::Code(args) => code::run(args),
        Command::Why(args) => why::run(args),
        Command::Check(args) => check::run(&args),
        Command::Score(args) => score::run(&args),
        Command::ImportDictionary(args) => import_dictionary::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    end(result)
}

/// Without a command: what the store here holds, or the help where there is none.
fn bare() -> ExitCode {
    match crate::config::Settings::load() {
        Ok(settings) if settings.store().exists() => end(status::run(&status::StatusArgs::default())),
        Ok(_) => {
            // When even stderr is gone there is nobody left to tell.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{}\n", Cli::command().render_help()).as_bytes());
            Exit::Error.into()
        }
        Err(failure) => end(Err(failure.into())),
    }
}

fn end(result: Result<Exit, Stop>) -> ExitCode {
    match result {
        Ok(exit) => exit.into(),
        // Whoever read our output has seen enough.
        Err(Stop::Pipe) => Exit::Found.into(),
        Err(Stop::Failed(failure)) => {
            failure::error(&failure);
            Exit::Error.into()
        }
    }
}
