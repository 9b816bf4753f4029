use super::Exit;
use crate::config::{KEYS, Settings, files};
use crate::failure::Stop;
use crate::output::Output;
use crate::show::{BOLD, Columns, DIM, cell, clean};
use clap::Args;
use serde_json::json;

/// Options of `config`.
#[derive(Debug, Args)]
#[command(after_help = "\
Settings are read, later ones winning, from the user's config folder, ./detente.toml and
DETENTE_* variables; a flag wins over all of them.")]
pub struct ConfigArgs {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ConfigArgs) -> Result<Exit, Stop> {
    let settings = Settings::load()?;
    // Wrong values are named here too, not only once a command needs them.
    settings.jobs()?;
    settings.published()?;
    let mut out = Output::open(None)?;
    if args.json {
        let values: serde_json::Map<_, _> = KEYS
            .iter()
            .map(|key| {
                let value = settings.get(key.name);
                let entry = json!({
                    "value": value.map(|v| &v.text),
                    "from": value.map_or("default", |v| v.from.as_str()),
                });
                (key.name.to_owned(), entry)
            })
            .collect();
        out.text(&format!("{}\n", serde_json::Value::Object(values)))?;
    } else {
        let mut columns = Columns::default();
        for key in KEYS {
            let (value, from) = match settings.get(key.name) {
                Some(v) => (clean(&v.text).into_owned(), clean(&v.from).into_owned()),
                None => (key.default.to_owned(), "default".to_owned()),
            };
            columns.row([cell(key.name).style(BOLD), cell(value), cell(from), cell(key.about).style(DIM)]);
        }
        out.text(&columns.lines())?;
        let files: Vec<String> = files().iter().map(|p| p.display().to_string()).collect();
        out.text(&format!("{DIM}files looked for: {}{DIM:#}\n", clean(&files.join(", "))))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}
