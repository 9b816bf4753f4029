use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Nothing is shown before this: short runs stay quiet.
const AFTER: Duration = Duration::from_secs(2);

/// Progress on stderr, when that is a terminal and the run is long.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    shown: bool,
}

impl Progress {
    pub(super) fn new(inputs: &[PathBuf]) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(total(inputs), ProgressDrawTarget::hidden());
            let template = "{bytes} of {total_bytes} read, {bytes_per_sec}, {eta} left {wide_bar}";
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, started: Instant::now(), shown: false }
    }

    /// Counts articles or rows instead of bytes.
    pub(super) fn counting(total: u64, what: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
            let template = format!("{{human_pos}} of {{human_len}} {what}, {{per_sec}}, {{eta}} left {{wide_bar}}");
            bar.set_style(ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, started: Instant::now(), shown: false }
    }

    /// So much is done in all.
    pub(super) fn set(&mut self, done: u64) {
        let step = self.bar.as_ref().map_or(0, |bar| done.saturating_sub(bar.position()));
        self.add(step);
    }

    pub(super) fn add(&mut self, bytes: u64) {
        let Some(bar) = &self.bar else { return };
        if !self.shown && self.started.elapsed() > AFTER {
            self.shown = true;
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.inc(bytes);
    }

    /// Runs `f` with the bar off the screen.
    pub(super) fn quietly<T>(&self, f: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if self.shown => bar.suspend(f),
            _ => f(),
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Bytes of all named files; unknown while standard input is among them.
fn total(inputs: &[PathBuf]) -> Option<u64> {
    if inputs.iter().any(|p| p.as_os_str() == "-") {
        return None;
    }
    let files = inputs.iter().flat_map(|p| walkdir::WalkDir::new(p).into_iter().flatten());
    Some(files.filter_map(|e| e.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum())
}
