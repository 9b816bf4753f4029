use super::Exit;
use crate::failure::Stop;
use crate::output::Output;
use clap::Args;

/// Options of `man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente man | man -l -
  detente man > ~/.local/share/man/man1/detente.1
  detente man code")]
pub struct ManArgs {
    /// Page of one command instead of the whole
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(args: &ManArgs) -> Result<Exit, Stop> {
    let mut definition = super::definition();
    definition.build();
    let command = match &args.command {
        None => definition,
        Some(name) => {
            let names: Vec<_> = definition.get_subcommands().map(|c| c.get_name().to_owned()).collect();
            definition.find_subcommand(name).cloned().ok_or_else(|| {
                crate::failure::Failure::new(format!("no command named \"{name}\"")).hint(format!("the commands are {}", names.join(", ")))
            })?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let mut out = Output::open(None)?;
    out.bytes(&page)?;
    out.flush()?;
    Ok(Exit::Found)
}
