use super::Exit;
use crate::failure::Stop;
use crate::output::Output;
use clap::Args;
use clap_complete::Shell;

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  detente completions bash > ~/.local/share/bash-completion/completions/detente
  detente completions zsh > ~/.zfunc/_detente
  detente completions fish > ~/.config/fish/completions/detente.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::definition(), "detente", &mut script);
    let mut out = Output::open(None)?;
    out.bytes(&script)?;
    out.flush()?;
    Ok(Exit::Found)
}
