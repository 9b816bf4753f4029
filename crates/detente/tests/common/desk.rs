//! A desk of its own process, for tests and benches.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A desk that ends with whoever began it.
pub struct Desk {
    pub child: Child,
    pub port: u16,
}

impl Drop for Desk {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Desk {
    /// Starts `serve` with this program and its arguments, and waits for its address.
    pub fn start(mut serve: Command) -> Self {
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap_or_else(|_| panic!("no address: {line}"));
        Self { child, port }
    }
}
