//! What is new: one task looks whether somebody has written, and tells all pages that listen.
//!
//! `/live` is a stream of server-sent events. Each holds the state of the store, which every answer carries too in
//! `x-detente-state`, so that a page knows whether what it shows is of now.

use super::ask::Problem;
use super::{Desk, locked, route};
use crate::store::Store;
use axum::body::Bytes;
use hyper::body::{Body, Frame};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How often the store is looked at, as long as anybody listens.
const LOOK: Duration = Duration::from_secs(1);
/// After so long without news a line is sent all the same, so that dead connections are found.
const ALIVE: Duration = Duration::from_secs(15);
/// Longest stream. A browser opens the next by itself.
const LONGEST: Duration = Duration::from_secs(3_600);
/// Streams at the same time: they leave places for questions.
const STREAMS: usize = 32;
/// Messages a client may leave lying; with more it is let go.
const UNTAKEN: usize = 4;

/// The clients that listen.
#[derive(Default)]
pub(super) struct Live {
    /// What was told last. Held while telling, so that nobody hears an older state after a later one.
    told: tokio::sync::Mutex<Option<(i64, Bytes)>>,
    listeners: Mutex<Vec<Listener>>,
}

struct Listener {
    to: Sender<Bytes>,
    since: Instant,
}

impl Live {
    /// The clients that are still there.
    fn count(&self) -> usize {
        let mut all = locked(&self.listeners);
        all.retain(|l| !l.to.is_closed() && l.since.elapsed() < LONGEST);
        all.len()
    }

    fn tell(&self, words: &Bytes) {
        // Whoever takes nothing is let go and asks again.
        locked(&self.listeners).retain(|l| l.to.try_send(words.clone()).is_ok());
    }
}

/// A client's end.
pub(super) struct Heard(Receiver<Bytes>);

impl Body for Heard {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|some| some.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// A stream for one more client; it begins with how things stand.
pub(super) async fn listen(desk: &Arc<Desk>) -> Result<Heard, Problem> {
    if desk.live.count() >= STREAMS {
        return Err(Problem::new(503, format!("{STREAMS} pages listen already"), "close some, or ask again without listening"));
    }
    let (to, heard) = channel(UNTAKEN);
    let mut told = desk.live.told.lock().await;
    let words = news(desk, &mut told).await?.0;
    // There is room: nothing was sent before.
    let _ = to.try_send(Bytes::from([b"retry: 5000\n\n", words.as_ref()].concat()));
    locked(&desk.live.listeners).push(Listener { to, since: Instant::now() });
    Ok(Heard(heard))
}

/// Looks, and tells whoever listens, until it is dropped.
pub(super) async fn watch(desk: Arc<Desk>) {
    let mut last = Instant::now();
    loop {
        tokio::time::sleep(LOOK).await;
        if desk.live.count() == 0 {
            continue;
        }
        let mut told = desk.live.told.lock().await;
        // A store that cannot be read is told of where it is asked.
        if let Ok((words, true)) = news(&desk, &mut told).await {
            desk.live.tell(&words);
            last = Instant::now();
        } else if last.elapsed() > ALIVE {
            desk.live.tell(&Bytes::from_static(b": alive\n\n"));
            last = Instant::now();
        }
    }
}

/// How the store stands, as a message, and whether that was told before.
async fn news(desk: &Arc<Desk>, told: &mut Option<(i64, Bytes)>) -> Result<(Bytes, bool), Problem> {
    let version = route::version(desk)?;
    if let Some((_, words)) = told.as_ref().filter(|(v, _)| *v == version) {
        return Ok((words.clone(), false));
    }
    let own = Arc::clone(desk);
    let counted = tokio::task::spawn_blocking(move || {
        let store = own.reader()?;
        let counts = counts(&store);
        own.give_back(store);
        counts
    });
    let mut value = counted.await.map_err(|_| route::broke("live"))??;
    value["state"] = json!(desk.state(version));
    let words = Bytes::from(format!("data: {value}\n\n"));
    *told = Some((version, words.clone()));
    Ok((words, true))
}

/// Counts that cost little with millions of rows.
fn counts(store: &Store) -> Result<Value, Problem> {
    let sql = "SELECT (SELECT count(*) FROM articles), (SELECT coalesce(sum(events), 0) FROM months), (SELECT count(*) FROM statements)";
    let read = store.connection().query_row(sql, [], |r| {
        Ok(json!({"articles": r.get::<_, i64>(0)?, "events": r.get::<_, i64>(1)?, "statements": r.get::<_, i64>(2)?}))
    });
    read.map_err(|e| store.trouble(&e).into())
}
