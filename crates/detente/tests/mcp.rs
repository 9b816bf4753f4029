//! The reads for language-model clients, asked over the real program's pipes.
#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{code, detente};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

fn store() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let done = detente().args(["init", "--sample", "--store"]).arg(&path).output().unwrap();
    assert_eq!(code(&done), 0, "{}", common::err(&done));
    (dir, path)
}

/// Sends lines and reads all answers.
fn talk(store: &Path, lines: &[Vec<u8>]) -> Vec<Value> {
    let mut child = detente().arg("mcp").arg("--store").arg(store).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let all = lines.join(&b'\n');
    let writer = std::thread::spawn(move || {
        // It may have ended by itself.
        let _ = input.write_all(&all).and_then(|()| input.write_all(b"\n"));
    });
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!(code(&done), 0, "{}", common::err(&done));
    String::from_utf8(done.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn ask(id: u32, method: &str, params: &Value) -> Vec<u8> {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string().into_bytes()
}

fn call(id: u32, tool: &str, arguments: &Value) -> Vec<u8> {
    ask(id, "tools/call", &json!({"name": tool, "arguments": arguments}))
}

fn data(answer: &Value) -> Value {
    assert_eq!(answer["result"]["isError"], json!(false), "{answer}");
    assert!(answer["result"]["content"][0]["text"].as_str().unwrap().contains("third parties"), "{answer}");
    serde_json::from_str(answer["result"]["content"][1]["text"].as_str().unwrap()).unwrap()
}

#[test]
fn a_client_finds_its_way_from_a_list_to_the_words() {
    let (_dir, store) = store();
    let begin = [
        ask(1, "initialize", &json!({"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}})),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string().into_bytes(),
        ask(2, "tools/list", &json!({})),
        call(3, "events", &json!({"dyad": "IRN-ISR", "quad": "4", "limit": 3})),
        call(4, "events", &json!({"coder": "detente", "limit": 1})),
        call(5, "dyad", &json!({"pair": "IRN-ISR", "step": "day"})),
        ask(6, "ping", &json!({})),
    ];
    let answers = talk(&store, &begin);
    assert_eq!(answers.iter().map(|a| a["id"].clone()).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6].map(|n| json!(n)));
    assert_eq!(answers[0]["result"]["protocolVersion"], json!("2025-03-26"));
    let tools = answers[1]["result"]["tools"].as_array().unwrap();
    for name in ["today", "dyad", "alerts", "events", "statements", "search", "article", "record", "redlines", "mediators", "forecast"] {
        assert!(tools.iter().any(|t| t["name"] == name && t["inputSchema"]["type"] == "object"), "{name}");
    }
    let events = data(&answers[2]);
    assert!(events["rows"].as_array().unwrap().len() == 3 && events["more"] == json!(true), "{events}");
    assert!(events["rows"].as_array().unwrap().iter().all(|r| r["quad"] == json!(4)));
    let series = data(&answers[4]);
    assert!(series.to_string().len() < 26_000 && series["left_out"]["rows"]["points"].as_u64().is_some_and(|n| n > 0));
    let event = data(&answers[3])["rows"][0].clone();
    let answers = talk(
        &store,
        &[call(1, "record", &json!({"id": event["id"]})), call(2, "article", &json!({"id": event["article_id"], "offset": 5}))],
    );
    assert!(data(&answers[0])["sentence"].as_str().is_some_and(|s| !s.is_empty()));
    assert_eq!(data(&answers[1])["article"]["text_offset"], json!(5));
}

#[test]
fn what_is_sent_wrongly_is_answered_and_breaks_nothing() {
    let (_dir, store) = store();
    let hostile: Vec<Vec<u8>> = vec![
        b"{".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"\xff\xfe".to_vec(),
        [b"{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"".to_vec(), vec![b'x'; 400_000], b"\"}".to_vec()].concat(),
        vec![b'['; 100_000],
        json!({"jsonrpc": "1.0", "id": 1, "method": "ping"}).to_string().into_bytes(),
        json!({"jsonrpc": "2.0", "id": {"a": 1}, "method": "ping"}).to_string().into_bytes(),
        ask(7, "tools/drop", &json!({})),
        call(8, "correct", &json!({"record": "e:1", "kind": "wrong"})),
        call(9, "events", &json!({"from": "'; DROP TABLE events; --"})),
        call(10, "events", &json!({"nosuch": "1"})),
        call(11, "events", &json!({"dyad": ["IRN", "ISR"]})),
        call(12, "events", &json!([1])),
        call(13, "article", &json!({"id": "../../etc/passwd"})),
        call(14, "record", &json!({})),
        call(15, "events", &json!({"limit": -1})),
        call(16, "search", &json!({"q": "\"open"})),
        call(17, "dyad", &json!({"pair": "x"})),
        ask(18, "tools/call", &json!("events")),
        ask(99, "ping", &json!({})),
    ];
    let answers = talk(&store, &hostile);
    assert_eq!(answers.len(), hostile.len(), "{answers:?}");
    for answer in &answers[..answers.len() - 1] {
        let refused = answer.get("error").is_some() || answer["result"]["isError"] == json!(true);
        assert!(refused && !answer.to_string().contains("root:"), "{answer}");
    }
    assert_eq!(answers.last().unwrap()["result"], json!({}));
    // A notification has no answer.
    assert!(talk(&store, &[json!({"jsonrpc": "2.0", "method": "tools/call", "params": {}}).to_string().into_bytes()]).is_empty());
}
