//! `detente serve`: the desk.

use super::Exit;
use super::options::StoreArg;
use crate::config::Settings;
use crate::failure::{self, Failure, Stop};
use crate::serve::{Options, serve};
use clap::Args;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Options of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente serve
  detente serve --review --store iran.db
  detente serve --token-file secret.txt --address 0.0.0.0 --host desk.example.org

The address is printed on standard output once the desk is open. Every page has its data at the same
address with .json and .csv; /openapi.json describes them. Ctrl-C closes the desk.")]
pub struct ServeArgs {
    /// Address to listen on; any but this machine's own asks for --token
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Port; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 8718)]
    port: u16,
    /// What everybody who opens the desk must know
    #[arg(long, value_name = "WORDS")]
    token: Option<String>,
    /// The same out of a file, where other users of this machine cannot see it
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// Name under which the desk may be called, beside localhost and the address; may be repeated
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Take corrections; without it the desk only reads
    #[arg(long)]
    review: bool,
    /// Who corrects [default: the user's name]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    #[command(flatten)]
    store: StoreArg,
}

pub(super) fn run(args: ServeArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    let token = match &args.token_file {
        None => args.token,
        Some(path) => {
            let read = std::fs::read_to_string(path).map_err(|e| Failure::io("read", &path.display().to_string(), &e))?;
            Some(read.trim().to_owned())
        }
    };
    if token.as_ref().is_some_and(|t| t.len() < 8) {
        return Err(Failure::new("the token is too short").hint("give at least eight letters").into());
    }
    let options = Options {
        store: args.store.path(&settings),
        address: SocketAddr::new(args.address, args.port),
        token,
        review: args.review,
        author: args.author.unwrap_or_else(super::correct::author),
        hosts: args.hosts,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Without a handler Ctrl-C ends the program at once, which is as well.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let review = options.review;
    serve(options, &stop, |address| {
        let mut out = std::io::stdout().lock();
        // Nobody may be listening to standard output; the desk is open all the same.
        let _ = writeln!(out, "http://{address}/");
        let _ = out.flush();
        failure::note(if review {
            "the desk is open and takes corrections; Ctrl-C closes it"
        } else {
            "the desk is open; Ctrl-C closes it"
        });
    })?;
    Ok(Exit::Found)
}
