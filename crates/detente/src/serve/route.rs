//! From an address to an answer.

use super::ask::{Ask, Problem};
use super::cache::Body;
use super::pages::{PAGES, Page, WRITES, Write};
use super::{Desk, assets, gate, live, locked, openapi, reply};
use axum::Router;
use axum::body::{Body as Stream, to_bytes};
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, post};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Largest body of a request.
const BODY: usize = 16 << 10;
/// Where pages listen for what is new.
pub(super) const LIVE: &str = "/live";
/// Every answer says of which state of the store it is.
const STATE: &str = "x-detente-state";
/// Longest address.
const ADDRESS: usize = 4 << 10;

pub(super) fn service(desk: Arc<Desk>) -> Router {
    let mut router = Router::new()
        .route("/assets/{name}", get(asset))
        .route(
            "/openapi.json",
            get(|State(desk): State<Arc<Desk>>, r: Request| async move { send(&Arc::new(reply::json(&openapi::document(&desk))), &r) }),
        )
        .route(LIVE, get(|State(desk): State<Arc<Desk>>| async move { listen(&desk).await }))
        .fallback(|request: Request| async move { lost(&request) });
    for page in PAGES {
        let handler = get(move |State(desk): State<Arc<Desk>>, path: RawPathParams, request: Request| show(page, desk, path, request));
        for address in page.addresses() {
            router = router.route(&address, handler.clone());
        }
    }
    for write in WRITES {
        router = router.route(write.path, post(move |State(desk): State<Arc<Desk>>, request: Request| change(write, desk, request)));
    }
    router.layer(from_fn_with_state(Arc::clone(&desk), pass)).with_state(desk)
}

/// An address that is none: a page that says so for whoever looks, words for whoever asks for data.
fn lost(request: &Request) -> Response<Stream> {
    let accepts = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"));
    let data = [".json", ".csv"].iter().any(|end| request.uri().path().ends_with(end));
    let page = assets::find(assets::INDEX).filter(|_| accepts && !data && request.method() == Method::GET);
    let Some(body) = page else {
        return reply::problem(&Problem::new(404, "there is no such page", "/ is the first page, /openapi.json describes the data"));
    };
    let mut answer = send(&body, request);
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    answer
}

/// What every request goes through.
async fn pass(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response<Stream> {
    let long = request.uri().path_and_query().is_some_and(|p| p.as_str().len() > ADDRESS);
    let checked = match long {
        true => Err(Problem::new(414, "the address is too long", format!("an address may have {ADDRESS} bytes"))),
        false => gate::check(&desk.options, desk.port, request.method(), request.uri(), request.headers()),
    };
    let mut answer = match checked {
        Ok(gate::Pass::Through) => next.run(request).await,
        Ok(gate::Pass::Cookie(cookie)) => welcome(&request, &cookie),
        Err(problem) => reply::problem(&problem),
    };
    reply::guard(answer.headers_mut());
    answer
}

/// The token goes into a cookie and out of the address.
fn welcome(request: &Request, cookie: &str) -> Response<Stream> {
    let query = form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()).filter(|(n, _)| n != "token");
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    // One slash: two would name another machine.
    let path = format!("/{}", request.uri().path().trim_start_matches(['/', '\\']));
    let to = if query.is_empty() { path } else { format!("{path}?{query}") };
    let mut answer = Response::new(Stream::empty());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    for (name, value) in [(header::LOCATION, to.as_str()), (header::SET_COOKIE, cookie), (header::CACHE_CONTROL, "no-store")] {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

async fn asset(path: RawPathParams, request: Request) -> Response<Stream> {
    match path.iter().next().and_then(|(_, name)| assets::find(name)) {
        Some(body) => reply::body(&body, request.headers(), true),
        None => reply::problem(&Problem::new(404, "there is no such file", "/ is the first page")),
    }
}

fn send(body: &Arc<Body>, request: &Request) -> Response<Stream> {
    reply::body(body, request.headers(), false)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Json,
    Csv,
}

async fn show(page: &'static Page, desk: Arc<Desk>, path: RawPathParams, request: Request) -> Response<Stream> {
    let last = request.uri().path();
    let form = match last {
        p if p.ends_with(".json") => Form::Json,
        p if p.ends_with(".csv") => Form::Csv,
        _ => Form::Page,
    };
    if form == Form::Page {
        return match assets::find(assets::INDEX) {
            Some(body) => send(&body, &request),
            None => reply::problem(&Problem::new(500, "the pages are not in this program", "build it with web/dist in place")),
        };
    }
    let parts = path.iter().map(|(_, v)| v.trim_end_matches(".json").trim_end_matches(".csv").to_owned()).collect();
    let now = crate::watch::now();
    let ask = match Ask::new(parts, request.uri().query().unwrap_or(""), page.filters, now) {
        Ok(ask) => ask,
        Err(problem) => return reply::problem(&problem),
    };
    let key = format!("{now} {}", request.uri());
    match answer(page, &desk, ask, form, key).await {
        Ok((body, version)) => {
            let mut answer = send(&body, &request);
            if let Ok(state) = HeaderValue::from_str(&desk.state(version)) {
                answer.headers_mut().insert(STATE, state);
            }
            answer
        }
        Err(problem) => reply::problem(&problem),
    }
}

/// News of the store for as long as the client stays.
async fn listen(desk: &Arc<Desk>) -> Response<Stream> {
    match live::listen(desk).await {
        Ok(heard) => {
            let mut answer = Response::new(Stream::new(heard));
            for (name, value) in [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")] {
                answer.headers_mut().insert(name, HeaderValue::from_static(value));
            }
            answer
        }
        Err(problem) => reply::problem(&problem),
    }
}

/// How far a question is.
#[derive(PartialEq, Eq)]
enum Run {
    Asked,
    Done,
    /// Nobody waits any more: its connection may be interrupted at any moment and is given to nobody.
    Late,
}

/// The answer to a question, and the state of the store it was begun in: one given before, or one that is looked for
/// now, within a time.
async fn answer(page: &'static Page, desk: &Arc<Desk>, ask: Ask, form: Form, key: String) -> Result<(Arc<Body>, i64), Problem> {
    let version = version(desk)?;
    if let Some(body) = locked(&desk.cache).get(version, &key) {
        return Ok((body, version));
    }
    let late = || Problem::new(503, "the answer takes too long", "ask for fewer days, or try again when nothing else is running");
    let waited = tokio::time::timeout(desk.limits.answer, Arc::clone(&desk.places).acquire_owned()).await;
    let Ok(Ok(place)) = waited else { return Err(late()) };
    let store = desk.reader()?;
    let interrupt = store.connection().get_interrupt_handle();
    let run = Arc::new(Mutex::new(Run::Asked));
    let (own, its) = (Arc::clone(desk), Arc::clone(&run));
    let mut task = tokio::task::spawn_blocking(move || {
        // A question that is given up keeps its place until it has really ended.
        let _place = place;
        let found = catch_unwind(AssertUnwindSafe(|| (page.answer)(&own, &store, &ask)));
        let mut run = locked(&its);
        if *run == Run::Asked {
            *run = Run::Done;
            own.give_back(store);
        }
        drop(run);
        let value = found.map_err(|_| broke(page.name))??;
        let working = value.get("working").and_then(Value::as_bool).unwrap_or(false);
        Ok::<_, Problem>((Arc::new(reply_of(&value, form, page)), working))
    });
    let Ok(done) = tokio::time::timeout(desk.limits.answer, &mut task).await else {
        let mut state = locked(&run);
        if *state == Run::Asked {
            *state = Run::Late;
            // A question is many statements: each is interrupted until there are no more.
            tokio::spawn(async move {
                while !task.is_finished() {
                    interrupt.interrupt();
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
        }
        return Err(late());
    };
    let (body, working) = done.map_err(|_| broke(page.name))??;
    // What is still being worked out is another answer the next time.
    if !working {
        locked(&desk.cache).put(version, key, &body);
    }
    Ok((body, version))
}

fn reply_of(value: &Value, form: Form, page: &Page) -> Body {
    match form {
        Form::Csv => reply::csv(value, page.rows),
        _ => reply::json(value),
    }
}

pub(super) fn broke(name: &str) -> Problem {
    Problem::new(500, format!("détente broke down on {name}: this is a mistake in the program"), "please report it with the address")
}

/// SQLite's number of the state of the file; another when somebody has written.
pub(super) fn version(desk: &Desk) -> Result<i64, Problem> {
    let watcher = locked(&desk.watcher);
    let read = watcher.connection().query_row("PRAGMA data_version", [], |r| r.get(0));
    read.map_err(|e| watcher.trouble(&e).into())
}

async fn change(write: &'static Write, desk: Arc<Desk>, request: Request) -> Response<Stream> {
    debug_assert_eq!(request.method(), Method::POST);
    let read = tokio::time::timeout(desk.limits.body, to_bytes(request.into_body(), BODY)).await;
    let Ok(Ok(bytes)) = read else {
        return reply::problem(&Problem::new(413, "the request is too long or came too slowly", format!("it may have {BODY} bytes")));
    };
    let Ok(value) = serde_json::from_slice(&bytes) else {
        return reply::problem(&Problem::new(400, "the request is no JSON", "see /openapi.json"));
    };
    let limit = desk.limits.answer;
    let waited = tokio::time::timeout(limit, Arc::clone(&desk.pen).acquire_owned()).await;
    let Ok(Ok(pen)) = waited else {
        return reply::problem(&Problem::new(503, "something else is being written", "try again when it is done"));
    };
    let task = tokio::task::spawn_blocking(move || {
        let _pen = pen;
        let done = catch_unwind(AssertUnwindSafe(|| (write.make)(&desk, &value)));
        done.map_err(|_| broke(write.name)).and_then(|r| r)
    });
    // What was begun is finished: half a correction is none.
    let Ok(done) = tokio::time::timeout(limit, task).await else {
        return reply::problem(&Problem::new(503, "it takes long and is still being written", "look at the record again in a moment"));
    };
    match done.map_err(|_| broke(write.name)).and_then(|r| r) {
        Ok(value) => {
            let body = reply::json(&value);
            reply::body(&Arc::new(body), &axum::http::HeaderMap::new(), false)
        }
        Err(problem) => reply::problem(&problem),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Options, QUESTIONS};
    use super::*;
    use crate::store::Store;

    fn endless(_: &Desk, store: &Store, _: &Ask) -> Result<Value, Problem> {
        let sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
        // It goes on although it was told to stop.
        for _ in 0..5 {
            let stopped = store.connection().query_row(sql, [], |_| Ok(())).unwrap_err();
            assert_eq!(stopped.sqlite_error_code(), Some(rusqlite::ErrorCode::OperationInterrupted));
        }
        Ok(Value::Null)
    }

    #[test]
    fn a_question_without_end_is_ended() {
        const PAGE: &Page = &Page { name: "endless", path: "/", about: "", filters: &[], keys: &[], rows: "", answer: endless };
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("a.db");
        drop(Store::create(&store).unwrap());
        let options = Options { store, address: ([127, 0, 0, 1], 0).into(), token: None, review: false, author: "a".into(), hosts: vec![] };
        let limits = Limits { answer: Duration::from_millis(300), ..Limits::default() };
        let desk = Arc::new(Desk::new(options, limits).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(QUESTIONS * 2).build().unwrap();
        runtime.block_on(async {
            // More than there are places: those that get none are told the same.
            let ask = |i: usize| {
                tokio::spawn({
                    let desk = Arc::clone(&desk);
                    async move { answer(PAGE, &desk, Ask::default(), Form::Json, i.to_string()).await.map(|a| a.1) }
                })
            };
            let asked: Vec<_> = (0..3 * QUESTIONS).map(ask).collect();
            for one in asked {
                assert_eq!(one.await.unwrap().unwrap_err().status, 503);
            }
            // All places come back, and no connection that could still be interrupted does.
            let all = u32::try_from(QUESTIONS).unwrap();
            let places = tokio::time::timeout(Duration::from_secs(60), desk.places.acquire_many(all)).await;
            assert!(places.is_ok_and(|p| p.is_ok()), "a place is lost");
            assert!(locked(&desk.readers).len() <= 1);
        });
    }
}
