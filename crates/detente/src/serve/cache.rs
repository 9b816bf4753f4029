//! Answers that were given before, for as long as nobody has written to the store.

use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of answers kept.
const MOST: usize = 32 << 20;

/// A finished body in both forms.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) plain: Vec<u8>,
    pub(super) zipped: Option<Vec<u8>>,
    pub(super) kind: &'static str,
}

impl Body {
    fn len(&self) -> usize {
        self.plain.len() + self.zipped.as_ref().map_or(0, Vec::len)
    }
}

#[derive(Debug, Default)]
pub(super) struct Cache {
    /// SQLite's number of the state of the file.
    version: i64,
    bytes: usize,
    held: HashMap<String, Arc<Body>>,
}

impl Cache {
    /// The answer given in this state of the store.
    pub(super) fn get(&mut self, version: i64, key: &str) -> Option<Arc<Body>> {
        self.turn(version);
        self.held.get(key).cloned()
    }

    /// Keeps an answer that was begun in a state of the store, unless the state is another by now.
    pub(super) fn put(&mut self, version: i64, key: String, body: &Arc<Body>) {
        if version != self.version || body.len() > MOST / 8 {
            return;
        }
        if self.bytes + body.len() > MOST {
            self.held.clear();
            self.bytes = 0;
        }
        self.bytes += body.len();
        self.held.insert(key, Arc::clone(body));
    }

    fn turn(&mut self, version: i64) {
        if version != self.version {
            *self = Self { version, ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_since_is_seen() {
        let body = |n: usize| Arc::new(Body { plain: vec![0; n], zipped: None, kind: "x" });
        let mut cache = Cache::default();
        assert!(cache.get(1, "a").is_none());
        cache.put(1, "a".into(), &body(10));
        assert!(cache.get(1, "a").is_some() && cache.get(2, "a").is_none() && cache.get(1, "a").is_none());
        cache.put(7, "late".into(), &body(10));
        assert!(cache.get(1, "late").is_none());
        for i in 0..40 {
            cache.put(1, format!("{i}"), &body(3 << 20));
        }
        assert!(cache.bytes <= MOST && cache.get(1, "39").is_some());
        cache.put(1, "huge".into(), &body(MOST));
        assert!(cache.get(1, "huge").is_none());
    }
}
