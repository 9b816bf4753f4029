//! Connections: how many there are, and how long a client may take over its part.

use super::Limits;
use axum::Router;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;

/// Largest head of a request.
const HEAD: usize = 64 << 10;

/// Takes connections until `stop`.
pub(super) async fn accept(listener: TcpListener, limits: Limits, router: Router, stop: &Arc<AtomicBool>) {
    let places = Arc::new(tokio::sync::Semaphore::new(limits.connections));
    while !stop.load(Ordering::Relaxed) {
        // Woken now and then, so that Ctrl-C is heard.
        let pause = Duration::from_millis(250);
        let Ok(place) = tokio::time::timeout(pause, Arc::clone(&places).acquire_owned()).await else { continue };
        let Ok(place) = place else { break };
        let Ok(accepted) = tokio::time::timeout(pause, listener.accept()).await else { continue };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, most likely: let some connections end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Answers are whole: nothing is to be waited for. Where that cannot be set they come a little later.
        let _ = stream.set_nodelay(true);
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let io = Timed { io: TokioIo::new(stream), limit: limits.reply, until: None };
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(limits.headers).max_buf_size(HEAD);
            // A client that goes away in the middle is no failure of ours.
            let _ = http.serve_connection(io, service).await;
            drop(place);
        });
    }
}

/// A connection that ends when its client does not take what it asked for. The time counts from the first byte that
/// had to wait until all are gone: taking a little now and then does not help.
struct Timed {
    io: TokioIo<TcpStream>,
    limit: Duration,
    until: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    fn waiting(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let limit = self.limit;
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        until.as_mut().poll(cx).map(|()| Err(io::Error::new(ErrorKind::TimedOut, "the client does not take its answer")))
    }
}

impl Read for Timed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, into)
    }
}

impl Write for Timed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.io).poll_write(cx, bytes) {
            Poll::Pending => self.waiting(cx),
            ready => ready,
        }
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.io).poll_write_vectored(cx, bytes) {
            Poll::Pending => self.waiting(cx),
            ready => ready,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    // Asked for when nothing is left to be written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        if flushed.is_ready() {
            self.until = None;
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, serve_within};
    use super::*;
    use crate::store::Store;
    use std::io::{Read as _, Write as _};
    use std::net::{Shutdown, SocketAddr};
    use std::sync::mpsc;

    /// A desk with short limits on a store of its own; closed when dropped.
    struct Desk {
        address: SocketAddr,
        stop: Arc<AtomicBool>,
        _dir: tempfile::TempDir,
    }

    impl Drop for Desk {
        fn drop(&mut self) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    impl Desk {
        fn open() -> Self {
            Self::patient(Duration::from_millis(300))
        }

        /// One that waits so long for its answers to be taken.
        fn patient(reply: Duration) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let store = dir.path().join("a.db");
            drop(Store::create(&store).unwrap());
            let options =
                Options { store, address: ([127, 0, 0, 1], 0).into(), token: None, review: true, author: "a".into(), hosts: vec![] };
            let short = Duration::from_millis(300);
            let limits = Limits { connections: 8, headers: short, body: short, reply, answer: Duration::from_secs(20) };
            let (say, hear) = mpsc::channel();
            let stop = Arc::new(AtomicBool::new(false));
            let its = Arc::clone(&stop);
            std::thread::spawn(move || serve_within(options, limits, &its, move |a| say.send(a).unwrap()).unwrap());
            Self { address: hear.recv().unwrap(), stop, _dir: dir }
        }

        /// A client that waits long, but not for ever: whoever is not let go fails the test.
        fn connect(&self) -> std::net::TcpStream {
            let stream = std::net::TcpStream::connect(self.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            stream
        }

        fn head(&self, what: &str) -> String {
            format!("{what} HTTP/1.1\r\nHost: {}\r\n", self.address)
        }
    }

    /// All that comes until the connection ends; how it ends does not matter.
    fn rest(stream: &mut std::net::TcpStream) -> Vec<u8> {
        let mut out = Vec::new();
        let ended = stream.read_to_end(&mut out);
        assert!(!ended.is_err_and(|e| matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)), "it was not let go");
        out
    }

    /// Sends letters one by one for as long as they are taken.
    fn drip(stream: &mut std::net::TcpStream) {
        for _ in 0..600 {
            std::thread::sleep(Duration::from_millis(50));
            if stream.write_all(b"a").is_err() {
                return;
            }
        }
        panic!("it was not let go");
    }

    #[test]
    fn slow_heads_are_let_go() {
        let desk = Desk::open();
        let mut stream = desk.connect();
        stream.write_all(desk.head("GET /").as_bytes()).unwrap();
        stream.write_all(b"X: ").unwrap();
        drip(&mut stream);
        // Nothing at all, and nothing more after a good question.
        assert!(rest(&mut desk.connect()).is_empty());
        let mut stream = desk.connect();
        stream.write_all(format!("{}\r\n", desk.head("GET /openapi.json")).as_bytes()).unwrap();
        assert!(rest(&mut stream).starts_with(b"HTTP/1.1 200"));
    }

    #[test]
    fn slow_bodies_are_refused() {
        let desk = Desk::open();
        let head =
            |what: &str| format!("{}Content-Type: application/json\r\nX-Detente: 1\r\nContent-Length: 9000\r\n\r\n{{", desk.head(what));
        let mut stream = desk.connect();
        stream.write_all(head("POST /correct").as_bytes()).unwrap();
        drip(&mut stream);
        let mut stream = desk.connect();
        stream.write_all(head("POST /correct").as_bytes()).unwrap();
        assert!(rest(&mut stream).starts_with(b"HTTP/1.1 413"));
        // A question has no body; one that comes slowly is not waited for.
        let mut stream = desk.connect();
        stream.write_all(head("GET /openapi.json").as_bytes()).unwrap();
        assert!(rest(&mut stream).starts_with(b"HTTP/1.1 200"));
    }

    #[test]
    fn whoever_takes_no_answer_is_let_go() {
        let desk = Desk::open();
        const TIMES: usize = 600;
        let ask = |desk: &Desk, last: &str| format!("{}{last}\r\n", desk.head("GET /openapi.json"));
        let mut stream = desk.connect();
        stream.write_all(ask(&desk, "Connection: close\r\n").as_bytes()).unwrap();
        let one = rest(&mut stream).len();
        // More than the buffers of both ends hold. Heads differ by a few lines between a last answer and the others.
        let quick = |stream: &mut std::net::TcpStream, many: String| {
            let mut writer = stream.try_clone().unwrap();
            let sent = std::thread::spawn(move || writer.write_all(many.as_bytes()).and_then(|()| writer.shutdown(Shutdown::Write)));
            (rest(stream).len(), sent)
        };
        let patient = Desk::patient(Duration::from_secs(25));
        let (taken, sent) = quick(&mut patient.connect(), ask(&patient, "").repeat(TIMES));
        assert!(sent.join().unwrap().is_ok() && taken >= (one - 400) * TIMES, "{taken} of {}", one * TIMES);
        let mut stream = desk.connect();
        let mut writer = stream.try_clone().unwrap();
        let many = ask(&desk, "").repeat(TIMES);
        std::thread::spawn(move || writer.write_all(many.as_bytes()));
        // A letter now and then is no progress.
        let mut letter = [0];
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(50));
            if stream.read(&mut letter).is_err() {
                break;
            }
        }
        let taken = rest(&mut stream).len();
        assert!(taken < (one - 400) * TIMES, "{taken} of {}", one * TIMES);
    }

    #[test]
    fn a_crowd_of_silent_clients_keeps_nobody_out() {
        let desk = Desk::open();
        let silent: Vec<_> = (0..40).map(|_| desk.connect()).collect();
        let mut stream = desk.connect();
        stream.write_all(format!("{}Connection: close\r\n\r\n", desk.head("GET /openapi.json")).as_bytes()).unwrap();
        assert!(rest(&mut stream).starts_with(b"HTTP/1.1 200"));
        drop(silent);
    }
}
