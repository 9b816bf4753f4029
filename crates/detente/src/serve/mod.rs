//! The desk: `detente serve`. Pages over the store, each with the data behind it as JSON and CSV.
//!
//! One thread answers, a few more ask the store; what was asked before and has not changed is not asked again.
//! SECURITY.md lists what is defended against and the tests that hold it.

mod ask;
mod assets;
mod cache;
mod data;
mod gate;
mod mcp;
mod openapi;
mod pages;
mod reply;
mod route;
mod slow;

pub use mcp::mcp;

use crate::failure::{self, Failure};
use crate::store::Store;
use crate::watch::{Forecasts, History, Rules};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Connections held at the same time; more wait.
const CONNECTIONS: usize = 128;
/// Questions put to the store at the same time; more wait.
const QUESTIONS: usize = 4;
/// Within which a client must have sent its headers.
const HEADERS: Duration = Duration::from_secs(10);
/// Within which an answer must be found.
const ANSWER: Duration = Duration::from_secs(20);

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
    /// The port really listened on.
    port: u16,
    readers: Mutex<Vec<Store>>,
    /// Looks whether somebody has written.
    watcher: Mutex<Store>,
    places: tokio::sync::Semaphore,
    cache: Mutex<cache::Cache>,
    engine: OnceLock<Result<crate::engine::Engine, Failure>>,
    rules: Rules,
    outlooks: Arc<slow::Slow<Option<Forecasts>>>,
    ties: Arc<slow::Slow<History>>,
}

impl Desk {
    fn new(options: Options, port: u16) -> Result<Self, Failure> {
        let rules = Rules::load(&crate::config::Settings::load()?)?;
        let watcher = Store::open_read(&options.store)?;
        let first = Store::open_read(&options.store)?;
        Ok(Self {
            port,
            options,
            readers: Mutex::new(vec![first]),
            watcher: Mutex::new(watcher),
            places: tokio::sync::Semaphore::new(QUESTIONS),
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
    if !options.address.ip().is_loopback() && options.token.is_none() {
        return Err(Failure::new(format!("{} can be reached from other machines", options.address.ip()))
            .hint("add --token WORDS, which everybody who opens the desk must know, or listen on 127.0.0.1"));
    }
    let mut desk = Desk::new(options, 0)?;
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
        accept(listener, Arc::new(desk), stop).await;
        Ok(())
    })
}

async fn accept(listener: tokio::net::TcpListener, desk: Arc<Desk>, stop: &Arc<AtomicBool>) {
    let service = route::service(desk);
    let places = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    while !stop.load(Ordering::Relaxed) {
        // Woken now and then, so that Ctrl-C is heard.
        let Ok(accepted) = tokio::time::timeout(Duration::from_millis(250), listener.accept()).await else { continue };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, most likely: let some connections end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let service = hyper_util::service::TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let io = hyper_util::rt::TokioIo::new(stream);
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(hyper_util::rt::TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(64 << 10);
            // A client that goes away in the middle is no failure of ours.
            let _ = http.serve_connection(io, service).await;
            drop(place);
        });
    }
    failure::note("the desk is closed");
}
