//! Who was asked when: one request at a time to a host.

use super::robots::Robots;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use url::Url;

/// What is known of a host.
#[derive(Debug, Default)]
pub struct Host {
    /// When it was asked last.
    pub last: Option<Instant>,
    /// What it asks of robots, once that was read.
    pub robots: Option<Robots>,
}

/// All hosts of a run.
#[derive(Debug, Default)]
pub struct Hosts(Mutex<HashMap<String, Arc<Mutex<Host>>>>);

impl Hosts {
    /// The host of an address. Who holds it may ask it; nobody holds two.
    pub fn of(&self, url: &Url) -> Arc<Mutex<Host>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(name(url)).or_default())
    }
}

/// Scheme, name and port.
pub fn name(url: &Url) -> String {
    url.origin().ascii_serialization()
}
