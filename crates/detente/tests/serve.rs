//! The desk, asked by a small client of our own: answers, filters, refusals.
#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;
#[path = "common/desk.rs"]
mod desk;

use common::{code, detente};
use desk::Desk;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::OnceLock;

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.body))
    }
}

impl Desk {
    fn open(store: &Path, args: &[&str]) -> Self {
        let mut serve = detente();
        serve.args(["serve", "--port", "0", "--author", "tester", "--store", store.to_str().unwrap()]).args(args);
        Self::start(serve)
    }

    /// Sends bytes as they are and reads all that comes back.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(bytes).unwrap();
        let mut out = Vec::new();
        stream.read_to_end(&mut out).unwrap();
        String::from_utf8_lossy(&out).into_owned()
    }

    fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Reply {
        let mut lines: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
        if !headers.iter().any(|h| h.to_lowercase().starts_with("host:")) {
            lines.push(format!("Host: 127.0.0.1:{}", self.port));
        }
        let lines = lines.join("\r\n");
        let answer = self.raw(
            format!("{method} {path} HTTP/1.1\r\n{lines}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes(),
        );
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        assert!(!chunked, "bodies have a length");
        Reply { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &["Content-Type: application/json", "X-Detente: 1"], &body.to_string())
    }
}

/// The sample's store, made once; a test that writes copies it.
fn sample() -> &'static Path {
    static DIR: OnceLock<tempfile::TempDir> = OnceLock::new();
    let dir = DIR.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let done = detente().args(["init", "--sample", "--store"]).arg(dir.path().join("s.db")).output().unwrap();
        assert_eq!(code(&done), 0, "{}", common::err(&done));
        dir
    });
    Box::leak(dir.path().join("s.db").into_boxed_path())
}

fn copy() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.db");
    std::fs::copy(sample(), &path).unwrap();
    (dir, path)
}

/// Addresses of all data, with filters that find something.
const QUESTIONS: &[(&str, &str)] = &[
    ("/today", ""),
    ("/dyad/{pair}", "?step=month"),
    ("/openings", "?dyad=IRN-ISR&limit=5"),
    ("/alerts", "?from=2023-01-01"),
    ("/events", "?dyad=IRN-ISR&quad=3,4&limit=5"),
    ("/statements", "?limit=5"),
    ("/search", "?q=strikes"),
    ("/network", "?limit=10"),
    ("/map", "?by=source"),
    ("/review", "?limit=3"),
    ("/redlines", ""),
    ("/mediators", "?dyad=IRN-ISR&limit=5"),
    ("/forecast", "?within=30"),
    ("/sources", ""),
    ("/method", ""),
];

#[test]
fn answers_are_what_the_openapi_document_says() {
    let desk = Desk::open(sample(), &[]);
    let document = desk.get("/openapi.json").json();
    let paths = document["paths"].as_object().unwrap();
    let event = desk.get("/events.json?coder=detente&limit=1").json()["rows"][0].clone();
    let mut questions: Vec<(String, String)> = QUESTIONS.iter().map(|(p, q)| ((*p).to_owned(), (*q).to_owned())).collect();
    questions.push(("/article".into(), format!("?id={}", event["article_id"].as_str().unwrap())));
    questions.push(("/record".into(), format!("?id={}", event["id"].as_str().unwrap())));
    for path in paths.keys().filter(|p| p.ends_with(".json")) {
        assert!(questions.iter().any(|(q, _)| format!("{q}.json") == *path), "{path} is in the document and not asked here");
    }
    for (path, query) in &questions {
        let address = path.replace("{pair}", "IRN-ISR");
        let reply = desk.get(&format!("{address}.json{query}"));
        assert_eq!(reply.status, 200, "{path} {}", reply.body);
        let schema = &paths[&format!("{path}.json")]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(keys(&reply.json()), keys(&schema["properties"]), "{path}");
        // What is worked out beside the pages is there after a while.
        let began = std::time::Instant::now();
        while desk.get(&format!("{address}.json{query}")).json()["working"] == json!(true) {
            assert!(began.elapsed().as_secs() < 300, "{path}");
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        let csv = desk.get(&format!("{address}.csv{query}"));
        assert!(csv.status == 200 && csv.head.contains("text/csv") && csv.body.lines().count() > 1, "{path}.csv {}", csv.body);
        let page = desk.get(&format!("{}{query}", if path == "/today" { "/" } else { &address }));
        assert!(page.status == 200 && page.head.contains("text/html") && page.body.contains("<script type=\"module\""), "{path}");
        // Every filter the document names is taken, all others are refused.
        assert_eq!(desk.get(&format!("{address}.json?nosuchfilter=1")).status, 400, "{path}");
    }
}

#[test]
fn filters_are_those_of_the_command_line() {
    let desk = Desk::open(sample(), &[]);
    let check = |query: &str, args: &[&str]| {
        let here = desk.get(&format!("/events.json?limit=1000&{query}")).json();
        let there = detente().args(["events", "--json", "--latest", "--store"]).arg(sample()).args(args).output().unwrap();
        let there = common::records(&there);
        assert!(!there.is_empty() && there.len() < 1000, "{query}: {}", there.len());
        assert_eq!(here["rows"], json!(there), "{query}");
        assert_eq!(here["total"], json!(there.len()), "{query}");
    };
    check("dyad=IRN-ISR&from=2023-10-01", &["--dyad", "IRN,ISR", "--from", "2023-10-01"]);
    check("coder=detente&quad=4", &["--coder", "detente", "--quad", "4"]);
    check("actor=QAT&code=045,036", &["--actor", "QAT", "--code", "045,036"]);
    let (first, second) = (desk.get("/events.json?limit=7&actor=QAT").json(), desk.get("/events.json?limit=7&offset=7&actor=QAT").json());
    let both = desk.get("/events.json?limit=14&actor=QAT").json();
    let joined: Vec<Value> = [&first, &second].iter().flat_map(|v| v["rows"].as_array().unwrap().clone()).collect();
    assert_eq!(both["rows"], json!(joined));
    for (bad, words) in [
        ("/events.json?from=July", "is no day"),
        ("/events.json?limit=99999999", "whole number"),
        ("/dyad/IRN.json", "is no dyad"),
        ("/dyad/IRN-ISR.json?step=fortnight", "no step"),
        ("/dyad/IRN-ISR.json?measure=fear", "no measure"),
        ("/map.json?by=moon", "no map by"),
        ("/search.json?q=%22open", "cannot search"),
        ("/article.json", "no article is named"),
        ("/events.json?coder=nobody&dyad=IRN", "is no dyad"),
    ] {
        let reply = desk.get(bad);
        assert!(
            reply.status == 400 && reply.json()["error"].as_str().unwrap().contains(words) || reply.body.contains(words),
            "{bad}: {} {}",
            reply.status,
            reply.body
        );
    }
    for (bad, words) in [
        ("/forecast.json?within=15", "within"),
        ("/forecast.json?deed=peace", "forecast"),
        ("/mediators.json?dyad=IRN", "is no dyad"),
        ("/redlines.json?dyad=IRN", "is no dyad"),
        ("/openings.json?dyad=IRN", "is no dyad"),
    ] {
        let reply = desk.get(bad);
        assert!(reply.status == 400 && reply.json()["error"].as_str().unwrap().contains(words), "{bad}: {}", reply.body);
    }
    for missing in ["/article.json?id=zzz", "/record.json?id=e:ffffffffffff", "/nowhere", "/nowhere.json", "/assets/nothing.js"] {
        assert_eq!(desk.get(missing).status, 404, "{missing}");
    }
}

#[test]
fn sql_in_a_filter_is_only_words() {
    let desk = Desk::open(sample(), &[]);
    let document = desk.get("/openapi.json").json();
    let before = desk.get("/events.json?limit=1").json()["total"].clone();
    let mut asked = 0;
    for (path, about) in document["paths"].as_object().unwrap().iter().filter(|(p, _)| p.ends_with(".json")) {
        for parameter in about["get"]["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            for words in ["x' OR '1'='1", "x\"; DELETE FROM events; --", "1) UNION SELECT text FROM articles --", "*[^", "\u{0}", "%_?"] {
                let value: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
                let address = path.replace("{pair}", if name == "pair" { &value } else { "IRN-ISR" });
                let query = if name == "pair" { String::new() } else { format!("?{name}={value}") };
                let reply = desk.get(&format!("{address}{query}"));
                assert!([200, 400, 404].contains(&reply.status), "{address}{query}: {} {}", reply.status, reply.body);
                assert!(!reply.body.contains("syntax error") && !reply.body.contains("no such column"), "{address}{query}: {}", reply.body);
                asked += 1;
            }
        }
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(desk.get("/events.json?limit=1").json()["total"], before);
    for none in ["actor", "source", "outlet", "place", "coder"] {
        assert_eq!(desk.get(&format!("/events.json?{none}=x%27%20OR%20%271%27%3D%271")).json()["total"], json!(0), "{none}");
    }
}

#[test]
fn corrections_are_kept_and_taken_back() {
    let (_dir, store) = copy();
    let desk = Desk::open(&store, &["--review"]);
    let card = desk.get("/review.json?limit=1").json()["rows"][0].clone();
    let id = card["id"].as_str().unwrap();
    let kept = desk.post("/correct", &json!({"record": id, "kind": "change", "field": "cameo", "value": "190", "note": "seen"}));
    assert_eq!(kept.status, 200, "{}", kept.body);
    let record = desk.get(&format!("/record.json?id={id}")).json();
    // What was written is seen at once: no answer of before is given.
    assert_eq!((&record["record"]["cameo"], &record["corrections"][0]["author"]), (&json!("190"), &json!("tester")));
    assert_ne!(desk.get("/review.json?limit=1").json()["rows"][0]["id"], card["id"]);
    assert_eq!(desk.post("/undo", &json!({"n": kept.json()["n"]})).status, 200);
    assert_eq!(desk.get(&format!("/record.json?id={id}")).json()["record"]["cameo"], card["cameo"]);
    assert_eq!(desk.post("/undo", &json!({})).status, 404);
    for bad in [
        json!({}),
        json!({"record": id}),
        json!({"record": id, "kind": "maybe"}),
        json!({"record": id, "kind": "change", "field": "cameo", "value": "x"}),
        json!([1]),
    ] {
        assert_eq!(desk.post("/correct", &bad).status, 400, "{bad}");
    }
    assert_eq!(desk.post("/correct", &json!({"record": "e:ffffffffffff", "kind": "wrong"})).status, 404);
    assert_eq!(desk.send("POST", "/correct", &["Content-Type: application/json", "X-Detente: 1"], "{").status, 400);
}

#[test]
fn alarms_are_answered_and_asked_again() {
    let (_dir, store) = copy();
    let desk = Desk::open(&store, &["--review"]);
    let alarm = desk.get("/alerts.json?state=new").json()["alarms"][0].clone();
    let with =
        |state: &str| json!({"id": alarm["id"], "dyad": alarm["dyad"], "first": alarm["first"], "coder": alarm["coder"], "state": state});
    let said = desk.post("/alarm", &with("snoozed")).json();
    assert!(said["until"].as_str().unwrap() > alarm["last"].as_str().unwrap(), "{said}");
    let listed = |state: &str| {
        let all = desk.get(&format!("/alerts.json?state={state}")).json();
        all["alarms"].as_array().unwrap().iter().any(|a| a["id"] == alarm["id"])
    };
    assert!(listed("snoozed") && !listed("new"));
    assert_eq!(desk.post("/alarm/undo", &with("")).status, 200);
    assert!(listed("new") && !listed("snoozed"));
    assert_eq!(desk.post("/alarm/undo", &with("")).status, 404);
    assert_eq!(desk.post("/alarm", &with("forgotten")).status, 400);
    assert_eq!(
        desk.post(
            "/alarm",
            &json!({"id": "a:000000000000", "dyad": "IRN-ISR", "first": "2023-01-01", "coder": "made-up-sample", "state": "seen"})
        )
        .status,
        404
    );
}

#[test]
fn crossings_are_judged_and_taken_back() {
    let (dir, store) = copy();
    let text = "Israel will not tolerate Iranian bases in Syria, Benjamin Netanyahu said on Thursday.";
    let article = json!({"id": "line", "title": "Israel warns Iran", "outlet": "Example Post", "published": "2023-06-01", "text": text});
    std::fs::write(dir.path().join("line.jsonl"), article.to_string()).unwrap();
    for args in [&["import", "line.jsonl", "--store", "c.db"][..], &["code", "--new", "--store", "c.db"]] {
        let done = detente().current_dir(dir.path()).args(args).output().unwrap();
        assert_eq!(code(&done), 0, "{}", common::err(&done));
    }
    let desk = Desk::open(&store, &["--review"]);
    let lines = || desk.get("/redlines.json").json()["lines"].as_array().unwrap().clone();
    let line = lines().into_iter().find(|l| !l["crossings"].as_array().unwrap().is_empty()).expect("the sample has a line with candidates");
    let verdict = || lines().into_iter().find(|l| l["id"] == line["id"]).map(|l| l["crossings"][0]["verdict"].clone()).unwrap();
    let with = |verdict: &str| json!({"line": line["id"], "event": line["crossings"][0]["event"], "verdict": verdict});
    assert_eq!(desk.post("/redlines/judge", &with("crossed")).status, 200);
    assert_eq!(verdict(), json!("crossed"));
    assert_eq!(desk.post("/redlines/judge", &with("open")).status, 200);
    assert_eq!(verdict(), json!("open"));
    assert_eq!(desk.post("/redlines/judge", &with("perhaps")).status, 400);
    assert_eq!(desk.post("/redlines/judge", &json!({"line": line["id"], "event": "e:none", "verdict": "kept"})).status, 404);
    assert_eq!(desk.post("/redlines/judge", &json!({"line": "r:none", "event": "e:none", "verdict": "kept"})).status, 404);
    let reader = Desk::open(&store, &[]);
    assert_eq!(reader.post("/redlines/judge", &with("kept")).status, 403);
}

#[test]
fn what_comes_from_elsewhere_is_refused() {
    let (_dir, store) = copy();
    let desk = Desk::open(&store, &["--review"]);
    let own = format!("Host: 127.0.0.1:{}", desk.port);
    // DNS rebinding: the browser sends the name of the page it was lured to.
    for host in ["evil.example", "127.0.0.1", "evil.example:80", "localhost.evil.example"] {
        for path in ["/", "/events.json", "/assets/x", "/openapi.json", "/live"] {
            assert_eq!(desk.send("GET", path, &[&format!("Host: {host}")], "").status, 421, "{host} {path}");
        }
    }
    assert_eq!(desk.send("GET", "/events.json", &[&own, "Host: evil.example"], "").status, 421);
    // Another page may link to the desk, and load nothing from it.
    for path in ["/", "/events.json", "/live", "/openapi.json"] {
        for site in ["cross-site", "same-site"] {
            let headers = [own.as_str(), &format!("Sec-Fetch-Site: {site}"), "Sec-Fetch-Mode: no-cors"];
            assert_eq!(desk.send("GET", path, &headers, "").status, 403, "{path} {site}");
        }
    }
    assert_eq!(desk.send("GET", "/", &[&own, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"], "").status, 200);
    // A form or a script of another page.
    let body = json!({"record": "e:1", "kind": "wrong"}).to_string();
    for headers in [
        vec!["Content-Type: application/x-www-form-urlencoded"],
        vec!["Content-Type: text/plain", "X-Detente: 1"],
        vec!["Content-Type: application/json"],
        vec!["Content-Type: application/json", "X-Detente: 1", "Origin: http://evil.example"],
        vec!["Content-Type: application/json", "X-Detente: 1", "Origin: null"],
        vec!["Content-Type: application/json", "X-Detente: 1", "Sec-Fetch-Site: cross-site"],
        vec!["Content-Type: application/json", "X-Detente: 1", "Sec-Fetch-Site: same-site"],
    ] {
        assert_eq!(desk.send("POST", "/correct", &headers, &body).status, 403, "{headers:?}");
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        assert_eq!(desk.send(method, "/events.json", &[], "").status, 405, "{method}");
    }
    assert!(!desk.get("/events.json").head.to_lowercase().contains("access-control-allow"));
}

#[test]
fn a_desk_that_only_reads_writes_nothing() {
    let desk = Desk::open(sample(), &[]);
    for path in ["/correct", "/undo", "/alarm", "/alarm/undo", "/redlines/judge"] {
        assert_eq!(desk.post(path, &json!({"record": "e:1", "kind": "wrong"})).status, 403, "{path}");
    }
    assert_eq!(desk.get("/review.json").json()["writable"], json!(false));
}

/// A client of `/live` that reads message by message.
struct Listener(BufReader<TcpStream>);

impl Listener {
    fn open(desk: &Desk) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", desk.port)).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        write!(stream, "GET /live HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", desk.port).unwrap();
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        Self(lines)
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

#[test]
fn what_another_process_writes_is_told() {
    let (dir, store) = copy();
    let desk = Desk::open(&store, &[]);
    let mut listeners = [Listener::open(&desk), Listener::open(&desk)];
    let before = listeners.each_mut().map(Listener::next);
    assert_eq!(before[0], before[1]);
    let state = |reply: &Reply| reply.head.lines().find_map(|l| l.strip_prefix("x-detente-state: ")).map(str::to_owned).unwrap();
    assert_eq!(json!(state(&desk.get("/today.json"))), before[0]["state"]);
    let article = json!({"id": "new", "title": "Iran", "outlet": "Example Post", "published": "2023-06-01", "text": "Iran condemned Israel on Thursday."});
    std::fs::write(dir.path().join("new.jsonl"), article.to_string()).unwrap();
    for args in [&["import", "new.jsonl", "--store", "c.db"][..], &["code", "--new", "--store", "c.db"]] {
        let done = detente().current_dir(dir.path()).args(args).output().unwrap();
        assert_eq!(code(&done), 0, "{}", common::err(&done));
    }
    let n = |v: &Value, what: &str| v[what].as_i64().unwrap();
    let last = json!(state(&desk.get("/today.json")));
    for listener in &mut listeners {
        // Nothing comes later than what an answer is of; states in between may have been told.
        let after = std::iter::from_fn(|| Some(listener.next())).find(|v| v["state"] == last).unwrap();
        assert_eq!(n(&after, "articles"), n(&before[0], "articles") + 1);
        assert!(n(&after, "events") > n(&before[0], "events"));
        assert_ne!(after["state"], before[0]["state"]);
    }
}

#[test]
fn only_so_many_listen() {
    let desk = Desk::open(sample(), &[]);
    let mut all: Vec<Listener> = (0..32).map(|_| Listener::open(&desk)).collect();
    let more = || desk.send("GET", "/live", &[], "");
    assert_eq!(more().status, 503);
    // The pages are still answered, and who goes leaves a place.
    assert_eq!(desk.get("/today.json").status, 200);
    all.truncate(30);
    let began = std::time::Instant::now();
    loop {
        let mut stream = TcpStream::connect(("127.0.0.1", desk.port)).unwrap();
        write!(stream, "GET /live HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", desk.port).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        if line.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(began.elapsed().as_secs() < 60, "{line}");
    }
}

#[test]
fn no_path_leaves_the_pages() {
    let desk = Desk::open(sample(), &[]);
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/assets/%00",
        "/../../etc/passwd",
        "/assets/..%5c..%5cx",
        "//etc/passwd",
    ] {
        let reply = desk.get(path);
        assert!(reply.status == 404 || reply.status == 400, "{path}: {}", reply.status);
        assert!(!reply.body.contains("root:") && !reply.body.contains("[package]"), "{path}");
    }
}

#[test]
fn every_answer_is_guarded() {
    let desk = Desk::open(sample(), &[]);
    for path in ["/", "/events.json", "/events.csv", "/openapi.json", "/nowhere", "/events.json?bad=1"] {
        let head = desk.get(path).head.to_lowercase();
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "frame-ancestors 'none'",
            "cross-origin-resource-policy: same-origin",
            "cross-origin-opener-policy: same-origin",
            "x-frame-options: deny",
        ] {
            assert!(head.contains(line), "{path} lacks {line}");
        }
        assert!(!head.contains("unsafe-inline"), "{path}");
    }
    let page = desk.get("/").body;
    assert!(!page.contains("<script>") && !page.contains(" on") && !page.contains("<style"), "{page}");
}

#[test]
fn too_much_is_refused() {
    let (_dir, store) = copy();
    let desk = Desk::open(&store, &["--review"]);
    assert_eq!(desk.get(&format!("/events.json?code={}", "9".repeat(5000))).status, 414);
    assert_eq!(desk.get(&format!("/events.json?code={}", "9".repeat(500))).status, 400);
    assert_eq!(desk.post("/correct", &json!({"record": "e:1", "note": "x".repeat(20_000)})).status, 413);
    let huge = desk.raw(format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nX: {}\r\n\r\n", desk.port, "y".repeat(200_000)).as_bytes());
    assert!(huge.starts_with("HTTP/1.1 431") || huge.is_empty(), "{}", &huge[..huge.len().min(80)]);
    assert!(desk.raw(b"\x16\x03\x01 nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    // It goes on answering.
    assert_eq!(desk.get("/today.json").status, 200);
}

#[test]
fn others_need_the_token() {
    let refused = detente().args(["serve", "--address", "0.0.0.0", "--port", "0", "--store"]).arg(sample()).output().unwrap();
    assert!(code(&refused) == 2 && common::err(&refused).contains("--token"), "{}", common::err(&refused));
    let short = detente().args(["serve", "--port", "0", "--token", "1234567", "--store"]).arg(sample()).output().unwrap();
    assert!(code(&short) == 2 && common::err(&short).contains("too short"), "{}", common::err(&short));
    let desk = Desk::open(sample(), &["--token", "long secret"]);
    for path in ["/", "/events.json", "/assets/x.js", "/openapi.json", "/live", "/?token=wrong"] {
        let reply = desk.get(path);
        assert!(reply.status == 401 && !reply.body.contains("secret"), "{path}");
    }
    assert_eq!(desk.send("GET", "/today.json", &["Authorization: Bearer long secret"], "").status, 200);
    let welcome = desk.get("/events?quad=4&token=long+secret");
    assert!(welcome.status == 303 && welcome.head.contains("location: /events?quad=4\r\n"), "{}", welcome.head);
    assert!(welcome.head.contains("HttpOnly; SameSite=Strict"), "{}", welcome.head);
    assert_eq!(desk.send("GET", "/today.json", &["Cookie: detente=long+secret"], "").status, 200);
    assert!(desk.get("//evil.example/?token=long+secret").head.contains("location: /evil.example"));
}

#[test]
fn answers_are_compressed_where_that_is_taken() {
    let desk = Desk::open(sample(), &[]);
    let reply = desk.send("GET", "/network.json", &["Accept-Encoding: br, gzip"], "");
    assert!(reply.head.contains("content-encoding: gzip") && !reply.body.starts_with('{'));
    let plain = desk.send("GET", "/network.json", &["Accept-Encoding: br"], "");
    assert!(plain.body.starts_with('{') && plain.head.to_lowercase().contains("cache-control: no-store"));
}
