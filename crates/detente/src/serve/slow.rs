//! Answers that take longer than a page may wait: worked out once beside the pages, and kept for a while.

use super::ask::Problem;
use super::locked;
use crate::store::Store;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a page waits for it; then it says that it is being worked out.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// For so long an answer is given although the store has changed: the past hardly changes what comes of it.
const FRESH: Duration = Duration::from_secs(600);
/// Answers kept.
const MOST: usize = 12;

type Found<T> = Result<Arc<T>, Problem>;

struct Held<T> {
    key: String,
    version: i64,
    made: Instant,
    /// None while it is worked out for the first time.
    found: Option<Found<T>>,
    working: bool,
}

/// Answers of one kind by what was asked.
pub(super) struct Slow<T> {
    held: Mutex<Vec<Held<T>>>,
    done: Condvar,
    /// One is worked out at a time: they take a core each.
    turn: Mutex<()>,
}

impl<T> Default for Slow<T> {
    fn default() -> Self {
        Self { held: Mutex::default(), done: Condvar::new(), turn: Mutex::new(()) }
    }
}

impl<T: Send + Sync + 'static> Slow<T> {
    /// The answer, or none while it is being worked out. `version` is the state of the store.
    pub(super) fn get(
        self: &Arc<Self>,
        store: &std::path::Path,
        version: i64,
        key: &str,
        make: impl FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    ) -> Option<Found<T>> {
        let mut held = locked(&self.held);
        let place = held.iter().position(|h| h.key == key);
        let stale = |h: &Held<T>| h.version != version && (h.made.elapsed() > FRESH || matches!(h.found, Some(Err(_))));
        let begin = match place.map(|i| &mut held[i]) {
            Some(h) if h.working || (h.found.is_some() && !stale(h)) => false,
            Some(h) => {
                h.working = true;
                h.found.take_if(|f| f.is_err());
                true
            }
            None => {
                if held.len() >= MOST {
                    // The oldest that nobody works at.
                    let oldest = held.iter().enumerate().filter(|(_, h)| !h.working).min_by_key(|(_, h)| h.made).map(|(i, _)| i);
                    held.remove(oldest?);
                }
                held.push(Held { key: key.to_owned(), version, made: Instant::now(), found: None, working: true });
                true
            }
        };
        if begin {
            let (own, path, key) = (Arc::clone(self), PathBuf::from(store), key.to_owned());
            std::thread::spawn(move || own.work(&path, version, &key, make));
        }
        let now = |held: &Vec<Held<T>>| held.iter().find(|h| h.key == key).and_then(|h| h.found.clone());
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = now(&held) {
                return Some(found);
            }
            let left = until.checked_duration_since(Instant::now())?;
            held = self.done.wait_timeout(held, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn work(&self, path: &std::path::Path, version: i64, key: &str, make: impl FnOnce(&Store) -> Result<T, Problem>) {
        let turn = locked(&self.turn);
        let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| make(&Store::open_read(path)?)));
        drop(turn);
        let found = made.unwrap_or_else(|_| Err(super::route::broke(key))).map(Arc::new);
        let mut held = locked(&self.held);
        if let Some(h) = held.iter_mut().find(|h| h.key == key) {
            (h.version, h.made, h.found, h.working) = (version, Instant::now(), Some(found), false);
        }
        drop(held);
        self.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn it_is_worked_out_once_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        drop(Store::create(&path).unwrap());
        let slow: Arc<Slow<usize>> = Arc::default();
        let times = Arc::new(AtomicUsize::new(0));
        let ask = |version, key: &str| {
            let times = Arc::clone(&times);
            slow.get(&path, version, key, move |_| Ok(times.fetch_add(1, Ordering::SeqCst)))
        };
        let value = |found: Option<Found<usize>>| found.map(|f| *f.unwrap());
        assert_eq!((value(ask(1, "a")), value(ask(1, "a")), value(ask(1, "b"))), (Some(0), Some(0), Some(1)));
        // Soon after a change it is still good enough.
        assert_eq!((value(ask(2, "a")), times.load(Ordering::SeqCst)), (Some(0), 2));
        let broken = slow.get(&path, 2, "c", |_| panic!("in the middle"));
        assert!(broken.is_some_and(|f| f.is_err_and(|p| p.status == 500)));
        // A failure is asked again when the store has changed.
        assert_eq!(value(slow.get(&path, 3, "c", |_| Ok(9))), Some(9));
    }
}
