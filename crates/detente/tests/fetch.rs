//! Pages and feeds from a server that misbehaves: nothing lost, nothing twice, every failure in words.
#![cfg(feature = "net")]
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{code, detente, err, out, records};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What a path answers, given the request's head and how often the path was asked for before.
type Answer = Box<dyn Fn(&str, usize) -> Reply + Send + Sync>;

/// An answer: bytes as they go over the line, with a pause before them; `hold` keeps the line open afterwards.
#[derive(Clone, Default)]
struct Reply {
    bytes: Vec<u8>,
    pause: Duration,
    hold: Duration,
}

fn reply(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Reply { bytes, ..Reply::default() }
}

fn html(body: impl AsRef<[u8]>) -> Reply {
    reply("200 OK", "Content-Type: text/html\r\n", body)
}

/// A request: when it came, and its head.
type Seen = Arc<Mutex<Vec<(Instant, String)>>>;

/// A server on this machine; it ends with the test.
struct Server {
    base: String,
    seen: Seen,
}

fn serve(paths: Vec<(&'static str, Answer)>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen: Seen = Seen::default();
    let (noted, paths) = (Arc::clone(&seen), Arc::new(paths));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (noted, paths) = (Arc::clone(&noted), Arc::clone(&paths));
            std::thread::spawn(move || answer(stream, &noted, &paths));
        }
    });
    Server { base, seen }
}

fn answer(stream: TcpStream, seen: &Seen, paths: &[(&'static str, Answer)]) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        head.push_str(&std::mem::take(&mut line));
    }
    let path = head.split_whitespace().nth(1).unwrap_or("").to_owned();
    let before = {
        let mut seen = seen.lock().unwrap();
        let before = seen.iter().filter(|(_, h)| h.split_whitespace().nth(1) == Some(&path)).count();
        seen.push((Instant::now(), head.clone()));
        before
    };
    // The longest beginning that fits.
    let found = paths.iter().filter(|(p, _)| path.starts_with(p)).max_by_key(|(p, _)| p.len());
    let made = found.map_or_else(|| reply("404 Not Found", "", "no"), |(_, make)| make(&head, before));
    std::thread::sleep(made.pause);
    let mut stream = stream;
    let _ = stream.write_all(&made.bytes);
    let _ = stream.flush();
    std::thread::sleep(made.hold);
}

impl Server {
    fn asked(&self, path: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|(_, h)| h.split_whitespace().nth(1) == Some(path)).count()
    }

    fn head(&self, path: &str, time: usize) -> String {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(_, h)| h.split_whitespace().nth(1) == Some(path)).nth(time).unwrap().1.clone()
    }
}

fn always(reply: Reply) -> Answer {
    Box::new(move |_, _| reply.clone())
}

/// A page about somebody, with enough words to be an article.
fn page(who: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=utf-8><title>{who} meet again</title><meta property='article:published_time' content='2018-07-18'></head><body><article><h1>{who} meet again</h1>\
         <p>{who} of the two states met again in the old town on Monday, and they said that talks would go on for a while yet.</p>\
         <p>Nobody, said the host of {who}, had thought that they would come, and yet they came, and they stayed for two hours.</p>\
         <p>They will meet once more before the end of the month, the host said, and then, perhaps, sign the paper they brought.</p></article></body></html>"
    )
}

fn rss(items: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>The Daily</title>{items}</channel></rss>")
}

fn item(path: &str, more: &str) -> String {
    format!("<item><title>About {path}</title><link>{path}</link>{more}</item>")
}

fn store() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(&here(&dir, &["init"])), 0);
    dir
}

fn here(dir: &TempDir, args: &[&str]) -> Output {
    let mut command = detente();
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.current_dir(dir.path()).args(args).stdin(Stdio::null()).output().unwrap()
}

/// Fetches from this machine, in a hurry.
fn fetch(dir: &TempDir, more: &[&str]) -> Output {
    let mut args = vec!["fetch", "--allow-private", "--json", "--delay", "0", "--back-off", "0.01"];
    args.extend(more);
    here(dir, &args)
}

/// Result, or failure in words, of each address by its path.
fn said(server: &Server, output: &Output) -> BTreeMap<String, String> {
    let text = |v: &serde_json::Value, key: &str| v[key].as_str().map(str::to_owned);
    let row = |v: serde_json::Value| {
        let path = text(&v, "url").unwrap().replace(&server.base, "");
        (path, text(&v, "failure").or_else(|| text(&v, "note")).or_else(|| text(&v, "result")).unwrap())
    };
    records(output).into_iter().map(row).collect()
}

fn articles(dir: &TempDir) -> Vec<(String, String, Option<String>)> {
    let db = rusqlite::Connection::open(dir.path().join("detente.db")).unwrap();
    let mut statement = db.prepare("SELECT coalesce(url, ''), text, published FROM articles ORDER BY url, text").unwrap();
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn every_way_of_failing_is_told_in_words() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(&vec![b' '; 3 << 20]).unwrap();
    let bomb = gz.finish().unwrap();
    let whole = page("Envoys");
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", whole.len(), &whole[..whole.len() / 2]).into_bytes();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nhalf of a chun".to_vec();
    let to = |where_to: &str| always(reply("302 Found", &format!("Location: {where_to}\r\n"), ""));
    let slow = Reply { pause: Duration::from_secs(3), ..html(&whole) };
    let server = serve(vec![
        ("/500", always(reply("500 Internal Server Error", "", "no"))),
        ("/gone", always(reply("410 Gone", "", "no"))),
        ("/slow", always(slow)),
        ("/cut", always(Reply { bytes: cut, ..Reply::default() })),
        ("/chunk", always(Reply { bytes: chunked, ..Reply::default() })),
        ("/noise", always(Reply { bytes: b"\x00\x01\x02 no http".to_vec(), ..Reply::default() })),
        ("/bomb", always(reply("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", bomb))),
        ("/long", always(html(vec![b'a'; 2 << 20]))),
        ("/circle", to("/circle/2")),
        ("/circle/2", to("/circle")),
        ("/file", to("file:///etc/passwd")),
        ("/pdf", always(reply("200 OK", "Content-Type: application/pdf\r\n", "%PDF-1.7 and so on"))),
        ("/blank", always(html("<html><head><link rel=alternate type=application/rss+xml href=/feed></head><script>x</script>"))),
        ("/hidden", always(html(&whole))),
        ("/robots.txt", always(reply("200 OK", "", "User-agent: *\nDisallow: /hidden"))),
    ]);
    let dir = store();
    let paths =
        ["/500", "/gone", "/slow", "/cut", "/chunk", "/noise", "/bomb", "/long", "/circle", "/file", "/pdf", "/blank", "/hidden", "/none"];
    let urls: Vec<String> = paths.iter().map(|p| format!("{}{p}", server.base)).collect();
    let mut args = vec!["--timeout", "0.5", "--max-size", "1"];
    args.extend(urls.iter().map(String::as_str));
    let output = fetch(&dir, &args);
    assert_eq!(code(&output), 2, "{}", err(&output));
    let told = said(&server, &output);
    let expect = [
        ("/500", "answered 500 (Internal Server Error)"),
        ("/gone", "answered 410 (Gone)"),
        ("/slow", "did not answer in full within 0.5 s"),
        ("/cut", "broke off its answer"),
        ("/chunk", "broke off its answer"),
        ("/noise", "no HTTP"),
        ("/bomb", "unpacks to more than 1 MB"),
        ("/long", "longer than 1 MB"),
        ("/circle", "leads in a circle"),
        ("/file", "leads to file:"),
        ("/pdf", "it is a PDF document, not text"),
        ("/blank", "names the feed"),
        ("/hidden", "robots.txt"),
        ("/none", "answered 404 (Not Found)"),
    ];
    for (path, words) in expect {
        assert!(told[path].contains(words), "{path}: {}", told[path]);
    }
    assert_eq!(told.len(), paths.len());
    // What may pass was tried three times, the rest once; what robots may not have was not asked for.
    assert_eq!((server.asked("/500"), server.asked("/cut"), server.asked("/gone"), server.asked("/hidden")), (3, 3, 1, 0));
    assert_eq!(out(&here(&dir, &["fetch", "--failed"])).lines().count(), paths.len());
    assert!(articles(&dir).is_empty());
}

#[test]
fn a_feed_is_followed_and_nothing_comes_twice() {
    let items = item("/a", "<guid>same</guid><pubDate>Tue, 17 Jul 2018 23:30:00 -0500</pubDate>")
        + &item("/b", "<guid>same</guid><pubDate>Fri, 01 Jan 2100 10:00:00 GMT</pubDate>")
        + &item("/a#again", "<guid>other</guid>")
        + &item("/broken", "")
        + &format!(
            "<item><title>Told in full</title><guid isPermaLink='false'>x</guid><description>{}</description></item>",
            "The envoys talked. ".repeat(30)
        )
        + &item("/gone", &format!("<description>{}</description>", "The ministers talked at length. ".repeat(30)));
    let bare = |who: &str| page(who).replace("<meta property='article:published_time' content='2018-07-18'>", "");
    let broken = page("Hosts");
    let server = serve(vec![
        (
            "/feed",
            Box::new(move |head, _| match head.to_lowercase().contains("if-none-match: \"1\"") {
                true => reply("304 Not Modified", "ETag: \"1\"\r\n", ""),
                false => reply("200 OK", "Content-Type: application/rss+xml\r\nETag: \"1\"\r\n", rss(&items)),
            }),
        ),
        ("/a", always(html(bare("Envoys")))),
        ("/b", always(html(bare("Ministers")))),
        ("/gone", always(reply("403 Forbidden", "", "no"))),
        (
            "/broken",
            Box::new(move |_, before| match before {
                0..3 => reply("503 Service Unavailable", "", "no"),
                _ => html(&broken),
            }),
        ),
    ]);
    let dir = store();
    let feed = format!("{}/feed", server.base);
    let output = fetch(&dir, &[&feed]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    let told = said(&server, &output);
    assert!(told["/feed"].contains("twice") && told["/feed"].contains("dated after today"), "{}", told["/feed"]);
    assert!(told["/broken"].contains("answered 503"), "{}", told["/broken"]);
    assert!(told["/gone"].contains("this is the feed's text"), "{}", told["/gone"]);
    let rows = articles(&dir);
    let days: Vec<_> = rows.iter().map(|(url, _, day)| (url.replace(&server.base, ""), day.clone())).collect();
    let day = |d: &str| Some(d.to_owned());
    assert_eq!(days, [(String::new(), None), ("/a".into(), day("2018-07-17")), ("/b".into(), None), ("/gone".into(), None)]);
    // Nothing is new, and what failed has its time.
    let again = fetch(&dir, &[]);
    assert_eq!(code(&again), 1, "{}", err(&again));
    assert_eq!(said(&server, &again)["/feed"], "unchanged");
    assert_eq!((server.asked("/a"), server.asked("/b"), server.asked("/broken")), (1, 1, 3));
    // Tried again when the user says so.
    let again = fetch(&dir, &["--again"]);
    assert_eq!(code(&again), 0, "{}", err(&again));
    assert_eq!(said(&server, &again)["/broken"], "new");
    assert_eq!(articles(&dir).len(), 5);
    assert_eq!(code(&here(&dir, &["fetch", "--failed"])), 1);
    let list = records(&here(&dir, &["fetch", "--list", "--json"]));
    assert_eq!((list[0]["title"].as_str(), list[0]["pages"].as_i64(), list[0]["due"].as_i64()), (Some("The Daily"), Some(4), Some(0)));
}

#[test]
fn encodings_and_packings_are_read_whatever_the_server_says() {
    let text = "Ambassador Gül of the Republic met the “special envoy” in Zürich, and they said that talks would go on for a while yet. "
        .repeat(4);
    let body = format!("<html><title>Envoys in Zürich</title><body><article><p>{text}</p></article>");
    let latin: Vec<u8> = encoding_rs::WINDOWS_1252.encode(&body).0.into_owned();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(body.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let of = |charset: &str, body: &[u8]| always(reply("200 OK", &format!("Content-Type: text/html; charset={charset}\r\n"), body));
    let packed = |how: &str, body: &[u8]| always(reply("200 OK", &format!("Content-Type: text/html\r\nContent-Encoding: {how}\r\n"), body));
    let server = serve(vec![
        ("/right", of("windows-1252", &latin)),
        ("/wrong", of("iso-8859-1", body.as_bytes())),
        ("/silent", always(html(&latin))),
        ("/gzip", packed("gzip", &gz)),
        ("/not-gzip", packed("gzip", body.as_bytes())),
        ("/moved", always(reply("301 Moved Permanently", "Location: right?from=moved\r\n", ""))),
    ]);
    let dir = store();
    for path in ["/right", "/wrong", "/silent", "/gzip", "/not-gzip", "/moved"] {
        let output = fetch(&dir, &[&format!("{}{path}", server.base)]);
        assert_eq!(code(&output), 0, "{path}: {}", err(&output));
    }
    let rows = articles(&dir);
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|(_, text, _)| text.contains("Ambassador Gül") && text.contains("“special envoy” in Zürich")), "{rows:?}");
    assert!(rows.iter().any(|(url, ..)| url.ends_with("/right?from=moved")));
}

#[test]
fn a_host_is_asked_politely() {
    let server = serve(vec![
        ("/robots.txt", always(reply("200 OK", "", "User-agent: *\nCrawl-delay: 0.2\n"))),
        ("/p", always(html(page("Envoys")))),
        (
            "/busy",
            Box::new(|_, before| match before {
                0 => reply("429 Too Many Requests", "Retry-After: 1\r\n", ""),
                _ => html(page("Hosts")),
            }),
        ),
    ]);
    let dir = store();
    let urls: Vec<String> = ["/p/1", "/p/2", "/busy"].iter().map(|p| format!("{}{p}", server.base)).collect();
    let output = fetch(&dir, &[&urls[0], &urls[1], &urls[2]]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let seen = server.seen.lock().unwrap();
    assert_eq!(seen.len(), 5, "robots.txt once, three pages, one of them twice");
    assert!(seen.windows(2).skip(1).all(|w| w[1].0 - w[0].0 >= Duration::from_millis(190)));
    assert!(seen[4].0 - seen[3].0 >= Duration::from_millis(990));
    assert!(seen[0].1.to_lowercase().contains("user-agent: detente/"));
}

#[test]
fn private_addresses_are_left_alone() {
    let server = serve(vec![("/", always(html(page("Envoys"))))]);
    let dir = store();
    for url in [
        server.base.clone(),
        server.base.replace("127.0.0.1", "localhost"),
        "http://[::ffff:127.0.0.1]:9/".into(),
        "http://0x7f.1:9/".into(),
    ] {
        let output = here(&dir, &["fetch", "--json", "--retries", "0", &url]);
        assert_eq!(code(&output), 2);
        assert!(out(&output).contains("private address"), "{url}: {}", out(&output));
    }
    assert!(server.seen.lock().unwrap().is_empty());
    let wrong = here(&dir, &["fetch", "ftp://example.org/a"]);
    assert!(code(&wrong) == 2 && err(&wrong).contains("is no address of a page"));
    let none = here(&dir, &["fetch"]);
    assert!(code(&none) == 2 && err(&none).contains("knows no feeds"));
}

#[test]
fn pages_are_asked_for_conditionally() {
    let server = serve(vec![(
        "/a",
        Box::new(|head, before| match (before, head.to_lowercase().contains("if-modified-since: wed, 18 jul 2018 10:00:00 gmt")) {
            (1, true) => reply("304 Not Modified", "", ""),
            (0, _) => reply("200 OK", "Content-Type: text/html\r\nLast-Modified: Wed, 18 Jul 2018 10:00:00 GMT\r\n", page("Envoys")),
            _ => html(page("Hosts")),
        }),
    )]);
    let dir = store();
    let url = format!("{}/a", server.base);
    for (expect, results) in [(0, "new"), (1, "unchanged"), (0, "new")] {
        let output = fetch(&dir, &[&url]);
        assert_eq!((code(&output), said(&server, &output)["/a"].as_str()), (expect, results));
    }
    assert!(server.head("/a", 0).to_lowercase().contains("accept-encoding: gzip, br, zstd"));
    // The page changed: both texts are kept.
    assert_eq!(articles(&dir).len(), 2);
}

/// What a feed has named is waiting in the store: a run that is killed loses nothing.
#[test]
fn a_killed_run_is_gone_on_with() {
    let items: String = (0..40).map(|n| item(&format!("/p/{n}"), "")).collect();
    let server = serve(vec![
        ("/feed", always(reply("200 OK", "", rss(&items)))),
        ("/p/", Box::new(|head, _| html(page(head.split_whitespace().nth(1).unwrap())))),
    ]);
    let dir = store();
    let feed = format!("{}/feed", server.base);
    let mut child = {
        let mut command = detente();
        command.current_dir(dir.path()).args(["fetch", "--allow-private", "--delay", "0.02", &feed]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let until = Instant::now() + Duration::from_secs(60);
    while server.asked("/p/10") == 0 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let had = articles(&dir).len();
    assert!(had < 40);
    assert_eq!(code(&here(&dir, &["check", "--store"])), 0);
    let output = fetch(&dir, &[]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let rows = articles(&dir);
    let urls: std::collections::BTreeSet<_> = rows.iter().map(|r| &r.0).collect();
    assert_eq!((rows.len(), urls.len()), (40, 40));
    // Only what was under way when the program was killed is asked for again.
    let pages = server.seen.lock().unwrap().iter().filter(|(_, h)| h.contains("GET /p/")).count();
    assert!(pages <= 40 + 12, "{pages}");
}

/// Large and cut short: what came before the cut is there.
#[test]
fn a_large_feed_is_taken_whole() {
    let items: String = (0..100_000).map(|n| item(&format!("/p/{n}"), "")).collect();
    let server = serve(vec![("/feed", always(reply("200 OK", "", rss(&items) + "<item>")))]);
    let dir = store();
    let output = fetch(&dir, &["--most", "3", "--retries", "0", &format!("{}/feed", server.base)]);
    let rows = records(&output);
    assert_eq!((rows[0]["items"].as_i64(), rows[0]["new_items"].as_i64(), rows.len()), (Some(100_000), Some(100_000), 4));
    assert_eq!(records(&here(&dir, &["fetch", "--list", "--json"]))[0]["due"].as_i64(), Some(99_997));
}
