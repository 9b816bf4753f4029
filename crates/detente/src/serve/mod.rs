//! The desk: `detente serve`. Pages over the store, each with the data behind it as JSON and CSV.
//!
//! One thread answers, a few more ask the store; what was asked before and has not changed is not asked again.
//! SECURITY.md lists what is defended against and the tests that hold it.

mod ask;
mod assets;
mod cache;
mod data;
mod gate;
mod live;
mod mcp;
mod openapi;
mod pages;
mod reply;
mod route;
mod slow;
mod wire;

pub use mcp::mcp;

use crate::failure::{self, Failure};
use crate::store::Store;
use crate::watch::{Forecasts, History, Rules};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Questions put to the store at the same time; more wait.
const QUESTIONS: usize = 4;

/// Limits on time and number. Tests of them take shorter ones.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Connections held at the same time; more wait.
    connections: usize,
    /// Within which a client must have sent its headers; an idle connection is closed after it too.
    headers: Duration,
    /// Within which a client must have sent what is to be written.
    body: Duration,
    /// Within which an answer must be found.
    answer: Duration,
    /// Within which a client must have taken its answer.
    reply: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connections: 128, headers: seconds(10), body: seconds(10), answer: seconds(20), reply: seconds(60) }
    }
}

/// What to serve, and to whom.
#[derive(Clone, Debug)]
pub struct Options {
    /// The store.
    pub store: PathBuf,
    /// Where to listen; a port of 0 takes any that is free.
    pub address: SocketAddr,
    /// What a client must show; always asked for when it is set.
    pub token: Option<String>,
    /// Whether corrections and states of alarms may be written.
    pub review: bool,
    /// Who writes them.
    pub author: String,
    /// Names under which the desk may be called, beside those of this machine and the address.
    pub hosts: Vec<String>,
}

/// All that answers share.
struct Desk {
    options: Options,
    limits: Limits,
    /// Tells the states of this run from those of others.
    run: String,
    /// The port really listened on.
    port: u16,
    readers: Mutex<Vec<Store>>,
    /// Looks whether somebody has written.
    watcher: Mutex<Store>,
    places: Arc<tokio::sync::Semaphore>,
    /// One writes at a time.
    pen: Arc<tokio::sync::Semaphore>,
    live: live::Live,
    cache: Mutex<cache::Cache>,
    engine: OnceLock<Result<crate::engine::Engine, Failure>>,
    rules: Rules,
    outlooks: Arc<slow::Slow<Option<Forecasts>>>,
    ties: Arc<slow::Slow<History>>,
}

impl Desk {
    fn new(options: Options, limits: Limits) -> Result<Self, Failure> {
        let rules = Rules::load(&crate::config::Settings::load()?)?;
        let watcher = Store::open_read(&options.store)?;
        let first = Store::open_read(&options.store)?;
        Ok(Self {
            port: 0,
            options,
            limits,
            run: format!("{:x}", jiff::Timestamp::now().as_millisecond()),
            readers: Mutex::new(vec![first]),
            watcher: Mutex::new(watcher),
            places: Arc::new(tokio::sync::Semaphore::new(QUESTIONS)),
            pen: Arc::new(tokio::sync::Semaphore::new(1)),
            live: live::Live::default(),
            cache: Mutex::default(),
            engine: OnceLock::new(),
            rules,
            outlooks: Arc::default(),
            ties: Arc::default(),
        })
    }

    fn engine(&self) -> Result<crate::engine::Engine, Failure> {
        self.engine.get_or_init(crate::engine::Engine::new).clone()
    }

    /// A name for the state of the store: later ones of a run have greater numbers.
    fn state(&self, version: i64) -> String {
        format!("{}-{version}", self.run)
    }

    /// The rules of the watch.
    fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A connection, an idle one if there is any.
    fn reader(&self) -> Result<Store, Failure> {
        match locked(&self.readers).pop() {
            Some(store) => Ok(store),
            None => Store::open_read(&self.options.store),
        }
    }

    fn give_back(&self, store: Store) {
        let mut idle = locked(&self.readers);
        if idle.len() < QUESTIONS {
            idle.push(store);
        }
    }
}

/// A panic in one answer must not end the others.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves until `stop`; `ready` is told the address.
///
/// # Errors
/// The store cannot be read, the address is taken, or it is open to others without a token.
pub fn serve(options: Options, stop: &Arc<AtomicBool>, ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    serve_within(options, Limits::default(), stop, ready)
}

fn serve_within(options: Options, limits: Limits, stop: &Arc<AtomicBool>, ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    if !options.address.ip().is_loopback() && options.token.is_none() {
        return Err(Failure::new(format!("{} can be reached from other machines", options.address.ip()))
            .hint("add --token WORDS, which everybody who opens the desk must know, or listen on 127.0.0.1"));
    }
    let mut desk = Desk::new(options, limits)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(QUESTIONS * 2)
        .build()
        .map_err(|e| Failure::new(format!("cannot start the server: {e}")))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(desk.options.address).await.map_err(|e| {
            Failure::new(format!("cannot listen on {}: {e}", desk.options.address)).hint("--port takes another port, 0 any that is free")
        })?;
        let address = listener.local_addr().map_err(|e| Failure::new(format!("cannot listen on {}: {e}", desk.options.address)))?;
        desk.port = address.port();
        ready(address);
        let desk = Arc::new(desk);
        let watching = tokio::spawn(live::watch(Arc::clone(&desk)));
        wire::accept(listener, limits, route::service(desk), stop).await;
        watching.abort();
        failure::note("the desk is closed");
        Ok(())
    })
}
