//! Telling new alarms: to a program, and to an address.

use super::{AlarmRow, Delivery};
use crate::failure::{self, Failure};
use crate::store::Store;
use std::io::Write;
use std::process::{Command, Stdio};

/// Seconds an address has to answer.
const PATIENCE: u64 = 10;

/// Tells the alarms by every way of the settings, each by each way once.
///
/// # Errors
/// There is no way, or one of them failed; what was told before stays told.
pub fn deliver(store: &mut Store, ways: &Delivery, alarms: &[&AlarmRow]) -> Result<(), Failure> {
    if ways.command.is_none() && ways.webhook.is_none() {
        return Err(Failure::new("there is no way to tell alarms")
            .hint("[delivery] in detente.toml: command = [\"program\"], webhook = \"http://…\""));
    }
    let ids: Vec<String> = alarms.iter().map(|a| a.id.clone()).collect();
    let fresh = |store: &Store, way: &str| -> Result<Vec<&AlarmRow>, Failure> {
        let untold = store.untold(way, &ids)?;
        Ok(alarms.iter().copied().filter(|a| untold.contains(&a.id)).collect())
    };
    if let Some(command) = &ways.command {
        let rows = fresh(store, "command")?;
        if !rows.is_empty() {
            run(command, &rows)?;
            tell(store, "command", &rows)?;
        }
    }
    if let Some(address) = &ways.webhook {
        let rows = fresh(store, "webhook")?;
        if !rows.is_empty() {
            post(address, &rows)?;
            tell(store, "webhook", &rows)?;
        }
    }
    Ok(())
}

fn tell(store: &mut Store, way: &str, rows: &[&AlarmRow]) -> Result<(), Failure> {
    store.told(way, &rows.iter().map(|a| a.id.clone()).collect::<Vec<_>>())?;
    failure::note(&format!("{} told by {way}", rows.len()));
    Ok(())
}

fn run(command: &[String], rows: &[&AlarmRow]) -> Result<(), Failure> {
    let name = command.join(" ");
    let failed =
        |why: String| Failure::new(format!("the delivery command failed: {name}: {why}")).hint("it is [delivery] command in detente.toml");
    let Some((program, args)) = command.split_first() else { return Err(failed("it is empty".to_owned())) };
    let child = Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    let mut child = child.map_err(|e| failed(e.to_string()))?;
    let lines: String = rows.iter().map(|r| format!("{}\n", serde_json::to_string(r).expect("an alarm is plain data"))).collect();
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(lines.as_bytes()));
    let status = child.wait().map_err(|e| failed(e.to_string()))?;
    match (status.success(), written) {
        (false, _) => Err(failed(status.to_string())),
        // It had heard enough.
        (true, Err(err)) if err.kind() != std::io::ErrorKind::BrokenPipe => Err(failed(err.to_string())),
        _ => Ok(()),
    }
}

fn post(address: &str, rows: &[&AlarmRow]) -> Result<(), Failure> {
    let failed = |why: String| Failure::new(format!("cannot post to {address}: {why}")).hint("it is [delivery] webhook in detente.toml");
    if !address.starts_with("http://") {
        return Err(failed("only http:// is spoken".to_owned())
            .hint("for https let a command do it: command = [\"curl\", \"--data-binary\", \"@-\", \"https://…\"]"));
    }
    let body = serde_json::to_string(rows).expect("alarms are plain data");
    let answer = minreq::post(address).with_header("Content-Type", "application/json").with_body(body).with_timeout(PATIENCE).send();
    let answer = answer.map_err(|e| failed(e.to_string()))?;
    match answer.status_code {
        200..=299 => Ok(()),
        code => Err(failed(format!("it answered {code}"))),
    }
}
