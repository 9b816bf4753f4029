//! The store from the command line: made, filled, coded, asked, corrected.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{ARTICLE, at, code, detente, err, folder, out, records};
use serde_json::{Value, json};
use std::process::Output;
use tempfile::TempDir;

/// Runs in a folder, whose `detente.db` is the store.
fn here(dir: &TempDir, args: &[&str]) -> Output {
    detente().current_dir(dir.path()).args(args).stdin(std::process::Stdio::null()).output().unwrap()
}

fn ok(dir: &TempDir, args: &[&str]) -> Output {
    let output = here(dir, args);
    assert_eq!(code(&output), 0, "{args:?}\n{}\n{}", out(&output), err(&output));
    output
}

/// Articles as JSON lines, all of them different.
fn articles(n: usize) -> Vec<u8> {
    let line = |i: usize| {
        let text = format!("{ARTICLE}\nThis was report number {i} of the day.\n");
        format!(
            "{}\n",
            json!({"id": format!("a{i:04}"), "text": text, "published": "2018-07-18", "outlet": if i.is_multiple_of(2) { "Example Post" } else { "Other Daily" }})
        )
    };
    (0..n).map(line).collect::<String>().into_bytes()
}

fn filled() -> TempDir {
    let dir = folder(&[("news.jsonl", &articles(4)), ("detente.toml", b"")]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "news.jsonl"]);
    ok(&dir, &["code", "--all", "--jobs", "2"]);
    dir
}

fn lines(dir: &TempDir, args: &[&str]) -> Vec<Value> {
    records(&ok(dir, args))
}

/// The store's records, as they would be after a fresh run.
fn everything(dir: &TempDir) -> String {
    let of = |kind: &str| out(&ok(dir, &["export", "--layout", "jsonl", "--records", kind]));
    of("events") + &of("statements") + &of("articles") + &out(&ok(dir, &["dyad", "RUS", "IRN", "--csv"]))
}

#[test]
fn from_files_to_answers() {
    let dir = filled();
    let direct = detente().current_dir(dir.path()).args(["code", "news.jsonl", "--json", "--stories"]).output().unwrap();
    let kind = |k: &str, all: &[Value]| all.iter().filter(|r| r["record"] == k).cloned().collect::<Vec<_>>();
    let direct = records(&direct);
    // What comes out of the store is what coding the files gives.
    assert_eq!(lines(&dir, &["events", "--json"]), kind("event", &direct));
    assert_eq!(lines(&dir, &["statements", "--json"]), kind("statement", &direct));
    // All four are one text but for a line.
    assert!(direct.iter().filter(|r| r["record"] != "article").all(|r| r["story_id"] == "t:a0000"));
    let id = kind("statement", &direct)[0]["id"].as_str().unwrap().to_owned();
    let why = out(&ok(&dir, &["why", &id]));
    assert!(why.contains("told by 4 articles of 2 outlets, first by Example Post on 2018-07-18"), "{why}");
    let by = |what: &str| out(&ok(&dir, &["events", "--count", "--by", what])).trim().to_owned();
    assert_eq!((by("article").as_str(), by("outlet").as_str()), ("4", "2"));
    let events = kind("event", &direct);
    let groups: std::collections::BTreeSet<&str> = events.iter().map(|e| e["group_id"].as_str().unwrap()).collect();
    assert_eq!((by("record"), by("event")), (events.len().to_string(), groups.len().to_string()));
    // Four copies of a text make no more events than one.
    let counted = lines(&dir, &["events", "--article", "a0000", "--json"]).len();
    assert!(groups.len() <= counted, "{} events of {counted} told in each article", groups.len());
    let why = out(&ok(&dir, &["why", events[0]["id"].as_str().unwrap()]));
    assert!(why.contains("counted once with") && why.contains("copies of a text"), "{why}");
    let origins = ok(&dir, &["events", "--count", "--by", "origin"]);
    assert!(err(&origins).contains("assumed"), "{}", err(&origins));
    let status = out(&ok(&dir, &[]));
    assert!(status.contains("articles") && status.contains("2018-07-18") && status.contains("next:"), "{status}");
    let found = out(&ok(&dir, &["search", "\"multiple strikes\"", "--outlet", "example*"]));
    assert!(found.contains("[multiple strikes]") && found.contains("Example Post") && !found.contains("Other Daily"), "{found}");
    assert_eq!(code(&here(&dir, &["search", "nowhere"])), 1);
    assert_eq!(code(&here(&dir, &["search", "\"open"])), 2);
}

/// One text in four papers on four days, with another verb, a word more, a sentence less; and an interview of one paper told by two.
fn copied() -> TempDir {
    let body = "The delegations met for two days in a hotel beside the lake. Neither of them would say what had been agreed on. \
        A second round is planned for the spring, officials close to the talks added. The border between the two countries has been shut for \
        nine years, and trade goes through a third country. Both armies have moved troops away from the river since the winter.";
    let article = |id: &str, day: u32, outlet: Option<&str>, text: &str| {
        format!("{}\n", json!({"id": id, "text": text, "published": format!("2021-03-0{day}"), "outlet": outlet}))
    };
    let news = [
        article("c1", 1, Some("Reuters"), &format!("Iran's foreign minister said Israel attacked a Syrian base on Sunday. {body}")),
        article("c2", 2, Some("Daily Echo"), &format!("Iran's foreign minister claimed Israel attacked a Syrian base on Sunday. {body}")),
        article(
            "c3",
            3,
            Some("Morning Call"),
            &format!("Iran's foreign minister said Israel attacked a large Syrian base on Sunday. {body}"),
        ),
        article("c4", 4, Some("Evening Sun"), body),
        article("d1", 5, Some("Daily Echo"), "Turkey will not close the strait, the Greek president told Kommersant."),
        article("d2", 5, None, "\"We demand an apology from Turkey,\" the Greek president told Kommersant on Friday."),
    ];
    let dir = folder(&[("news.jsonl", news.concat().as_bytes()), ("detente.toml", b"")]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "news.jsonl"]);
    ok(&dir, &["code", "--all"]);
    dir
}

#[test]
fn drift_between_copies() {
    let dir = copied();
    let id = lines(&dir, &["statements", "--article", "c3", "--json"])[0]["id"].as_str().unwrap().to_owned();
    let why = out(&ok(&dir, &["why", &id]));
    assert!(why.contains("told by 4 articles of 4 outlets, first by Reuters on 2021-03-01"), "{why}");
    for line in ["[-said-] {+claimed+}", "attacked a {+large+} Syrian base", "2021-03-04 Evening Sun c4\n   left out"] {
        assert!(why.contains(line), "{line}\n{why}");
    }
    let copies = lines(&dir, &["why", &id, "--json"])[0]["copies"].clone();
    let told: Vec<_> =
        copies.as_array().unwrap().iter().map(|c| (c["article_id"].as_str().unwrap(), c["changed"].as_bool().unwrap())).collect();
    assert_eq!(told, [("c1", false), ("c2", true), ("c3", true), ("c4", true)]);
    assert_eq!(copies[2]["changes"][1], json!({"kind": "new", "words": "large"}));
    assert_eq!((&copies[3]["sentence"], &copies[3]["changes"]), (&Value::Null, &json!([])));
    // What no other article has has no copies.
    let alone = lines(&dir, &["statements", "--article", "d1", "--json"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(lines(&dir, &["why", &alone, "--json"])[0]["copies"], json!([]));
}

#[test]
fn counted_by_origin_outlet_and_article() {
    let dir = copied();
    let rows = |args: &[&str]| {
        let told = lines(&dir, args);
        told.iter()
            .map(|r| (r["name"].as_str().unwrap().to_owned(), r["assumed"].as_bool(), r["articles"].as_u64().unwrap()))
            .collect::<Vec<_>>()
    };
    let one = |name: &str, assumed, n| (name.to_owned(), assumed, n);
    let greek = ["statements", "--source", "GRC", "--json", "--by"];
    let by = |what: &str| rows(&[&greek[..], &[what]].concat());
    assert_eq!(by("origin"), [one("Kommersant", Some(false), 2)]);
    assert_eq!(by("outlet"), [one("Daily Echo", None, 1), one("d2", None, 1)]);
    assert_eq!(by("article").len(), 2);
    // Nobody says whence the copies have it: their earliest outlet is assumed.
    let copies = rows(&["events", "--dyad", "ISR,SYR", "--json", "--by", "origin"]);
    assert_eq!(copies, [one("Reuters", Some(true), 3)]);
    let table = out(&ok(&dir, &["events", "--dyad", "ISR,SYR", "--by", "origin"]));
    assert!(table.lines().any(|l| l.starts_with("Reuters") && l.contains("assumed")), "{table}");
    let csv = out(&ok(&dir, &["events", "--dyad", "ISR,SYR", "--by", "origin", "--csv"]));
    assert!(csv.starts_with("by,name,assumed,records,events,articles,outlets\norigin,Reuters,true,3,1,3,3"), "{csv}");
    // A count says from how many origins; as JSON it is by everything.
    let count = ok(&dir, &["events", "--dyad", "ISR,SYR", "--count"]);
    assert!(out(&count).trim() == "3" && err(&count).contains("1 origin, 1 of them assumed"), "{}", err(&count));
    let count = &lines(&dir, &["events", "--dyad", "ISR,SYR", "--count", "--json"])[0];
    assert_eq!(*count, json!({"records": 3, "events": 1, "articles": 3, "outlets": 3, "origins": 1, "origins_assumed": 1}));
    // A series has the same three, by origin where nothing else is asked.
    let month = ["dyad", "ISR", "SYR", "--step", "month", "--from", "2021-02-01", "--to", "2021-03-31"];
    let points = lines(&dir, &[&month[..], &["--json"]].concat());
    let told: Vec<_> =
        points.iter().map(|p| ["origins", "origins_assumed", "outlets", "articles"].map(|k| p[k].as_u64().unwrap())).collect();
    assert!(told.contains(&[1, 1, 3, 3]), "{told:?}");
    let table = |by: &[&str]| out(&ok(&dir, &[&month[..], by].concat()));
    assert!(table(&[]).contains("origins") && table(&[]).contains("1 (1 assumed)"), "{}", table(&[]));
    assert!(table(&["--by", "outlet"]).contains("outlets") && !table(&["--by", "outlet"]).contains("assumed"));
}

#[test]
fn filters() {
    let dir = filled();
    let all = lines(&dir, &["events", "--json"]);
    let check = |args: &[&str], keep: &dyn Fn(&Value) -> bool| {
        let mut whole = vec!["events", "--json"];
        whole.extend(args);
        let output = here(&dir, &whole);
        let expect: Vec<Value> = all.iter().filter(|e| keep(e)).cloned().collect();
        assert_eq!(records(&output), expect, "{args:?}");
        assert_eq!(code(&output), i32::from(expect.is_empty()), "{args:?}");
    };
    let text = |e: &Value, key: &str| e[key].as_str().unwrap_or("").to_owned();
    check(&["--dyad", "irn,isr"], &|e| {
        let pair = (text(e, "source_country"), text(e, "target_country"));
        pair == ("IRN".into(), "ISR".into()) || pair == ("ISR".into(), "IRN".into())
    });
    check(&["--dyad", "ISR,IRN", "--directed"], &|e| e["source_country"] == "ISR" && e["target_country"] == "IRN");
    check(&["--actor", "RUS*"], &|e| e["source_country"] == "RUS" || e["target_country"] == "RUS");
    check(&["--source", "*GOV"], &|e| text(e, "source").ends_with("GOV"));
    check(&["--code", "19"], &|e| e["cameo_root"] == "19");
    check(&["--code", "CONSULT"], &|e| e["plover"] == "CONSULT");
    check(&["--quad", "4"], &|e| e["quad"] == 4);
    check(&["--place", "SYR"], &|e| e["place_country"] == "SYR");
    check(&["--outlet", "Other*"], &|e| e["outlet"] == "Other Daily");
    check(&["--mode", "negated"], &|e| e["mode"] == "negated");
    check(&["--from", "2030-01-01"], &|_| false);
    check(&["--article", "a0001"], &|e| e["article_id"] == "a0001");
    assert_eq!(code(&here(&dir, &["events", "--mode", "sometimes"])), 2);
    let csv = out(&ok(&dir, &["events", "--csv"]));
    assert_eq!(csv.lines().next().unwrap().split(',').count(), all[0].as_object().unwrap().len());
    let count = out(&ok(&dir, &["events", "--count"]));
    assert_eq!(count.trim(), all.len().to_string());
    let table = out(&ok(&dir, &["events"]));
    assert!(table.contains("ISR") && table.contains("happened"), "{table}");
}

#[test]
fn a_pairs_series_counts_its_events() {
    let dir = filled();
    let counted = lines(&dir, &["events", "--json", "--dyad", "ISR,IRN", "--mode", "happened,claimed"]);
    let series = lines(&dir, &["dyad", "IRN", "ISR", "--json", "--from", "2018-07-01", "--to", "2018-07-31"]);
    assert_eq!(series.len(), 31);
    let total: i64 = series.iter().map(|p| p["events"].as_i64().unwrap()).sum();
    // Each event once, however many articles tell it.
    let groups: std::collections::BTreeSet<&str> = counted.iter().map(|e| e["group_id"].as_str().unwrap()).collect();
    assert!(total > 0 && total == groups.len() as i64 && groups.len() < counted.len());
    assert_eq!(code(&here(&dir, &["dyad", "IRN", "FJI"])), 1);
    assert_eq!(code(&here(&dir, &["dyad", "IRN", "ISR", "--coder", "icews"])), 2);
}

#[test]
fn views_are_record_v1() {
    let dir = filled();
    let db = rusqlite::Connection::open(dir.path().join("detente.db")).unwrap();
    for (view, args) in [("events_v1", "events"), ("statements_v1", "statements")] {
        let columns: Vec<String> =
            db.prepare(&format!("SELECT * FROM {view}")).unwrap().column_names().into_iter().map(str::to_owned).collect();
        let record = &lines(&dir, &[args, "--json"])[0];
        assert_eq!(columns, record.as_object().unwrap().keys().cloned().collect::<Vec<_>>());
    }
    let page = include_str!("../../../docs/store.md");
    let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB 'articles_text_*' AND name NOT GLOB 'sqlite_*'").unwrap();
    let tables: Vec<String> = tables.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    for table in tables {
        assert!(page.contains(&format!("`{table}`")), "docs/store.md does not tell of {table}");
    }
}

#[test]
fn corrections_are_ground() {
    let dir = filled();
    let before = everything(&dir);
    let first = lines(&dir, &["events", "--json", "--code", "19"])[0].clone();
    let id = first["id"].as_str().unwrap();
    ok(&dir, &["correct", id, "--set", "cameo=150", "--set", "target=", "--author", "ada", "--note", "a show of force"]);
    let why = out(&ok(&dir, &["why", id]));
    assert!(why.contains("cameo is 150 by ada"), "{why}");
    let changed = lines(&dir, &["events", "--json", "--id", id])[0].clone();
    assert_eq!((&changed["cameo"], &changed["quad"], &changed["target"]), (&json!("150"), &json!(4), &Value::Null));
    let corrected = everything(&dir);
    assert_ne!(before, corrected);
    ok(&dir, &["code", "--all"]);
    assert_eq!(corrected, everything(&dir), "a correction survives rebuilding");
    let list = lines(&dir, &["correct", "--list", "--json"]);
    assert_eq!((list.len(), &list[0]["author"], &list[0]["before"]), (2, &json!("ada"), &first["cameo"]));
    ok(&dir, &["correct", "--undo"]);
    ok(&dir, &["correct", "--undo"]);
    assert_eq!(before, everything(&dir), "taken back");
    assert_eq!(code(&here(&dir, &["correct", "--undo"])), 2);
    ok(&dir, &["correct", id, "--wrong"]);
    assert_eq!(code(&here(&dir, &["events", "--json", "--id", id])), 1);
    for wrong in [["correct", id, "--right"], ["correct", "e:ffffffff", "--wrong"]] {
        assert_eq!(code(&here(&dir, &wrong)), 2);
    }
    let other = lines(&dir, &["events", "--json"])[0]["id"].as_str().unwrap().to_owned();
    for set in ["cameo=999", "mode=often", "date=soon", "colour=red", "cameo"] {
        assert_eq!(code(&here(&dir, &["correct", &other, "--set", set])), 2, "{set}");
    }
}

#[test]
fn review_asks_and_keeps() {
    let dir = filled();
    let mut child = detente()
        .current_dir(dir.path())
        .args(["review", "--limit", "3"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"y\nwhat\nn\nu\nq\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    assert!(out(&output).contains("1 of 3") && err(&output).contains("answers are"), "{}{}", out(&output), err(&output));
    let list = lines(&dir, &["correct", "--list", "--json"]);
    assert_eq!(list.iter().map(|c| c["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["right", "wrong"]);
    assert!(list[0]["undone"].is_null() && !list[1]["undone"].is_null());
}

#[test]
fn an_article_taken_out_stays_out() {
    let dir = filled();
    ok(&dir, &["correct", "--remove-article", "a0001", "--note", "asked for"]);
    assert_eq!(code(&here(&dir, &["events", "--article", "a0001"])), 1);
    assert!(!out(&ok(&dir, &["export", "--records", "articles", "--layout", "jsonl"])).contains("a0001"));
    std::fs::write(dir.path().join("again.jsonl"), [articles(4), b"\n".to_vec()].concat()).unwrap();
    let output = here(&dir, &["import", "again.jsonl"]);
    assert_eq!(code(&output), 2);
    assert!(out(&here(&dir, &["import", "--rejects"])).contains("on request"));
    ok(&dir, &["code", "--all"]);
    assert!(!everything(&dir).contains("a0001"));
}

#[test]
fn a_second_writer_waits() {
    let dir = filled();
    let lock = std::fs::File::options().write(true).open(dir.path().join("detente.db-lock")).unwrap();
    lock.lock().unwrap();
    let mut child = detente().current_dir(dir.path()).args(["code", "--new"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    // Readers do not wait.
    ok(&dir, &["events"]);
    let mut said = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stderr.take().unwrap()), &mut said).unwrap();
    assert!(said.contains("another détente is writing"), "{said}");
    assert!(child.try_wait().unwrap().is_none());
    lock.unlock().unwrap();
    child.wait().unwrap();
}

#[test]
fn stores_that_cannot_be_used_are_told_in_words() {
    let dir = folder(&[("detente.db", b"no database, only words, and many of them, over and over again".repeat(30).as_slice())]);
    let output = here(&dir, &["events"]);
    assert!(code(&output) == 2 && err(&output).contains("is not a store"), "{}", err(&output));
    let dir = folder(&[]);
    let output = here(&dir, &["events"]);
    assert!(code(&output) == 2 && err(&output).contains("detente init"), "{}", err(&output));
    let dir = filled();
    assert_eq!(code(&here(&dir, &["init"])), 0);
    ok(&dir, &["check", "--store"]);
}

/// As somebody whom the rights of files bind, which they do not bind root.
#[cfg(unix)]
fn plainly(dir: &TempDir, copy: &std::path::Path, args: &[&str]) -> Output {
    use std::os::unix::fs::MetadataExt as _;
    let program = detente();
    let mut command = if std::fs::metadata(dir.path()).unwrap().uid() == 0 {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
        command
    } else {
        std::process::Command::new(copy)
    };
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(dir.path()).args(args).stdin(std::process::Stdio::null()).output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_read_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let rights = |path: &std::path::Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    // The program may lie where nobody else may look.
    let elsewhere = folder(&[]);
    let copy = elsewhere.path().join("detente");
    std::fs::copy(detente().get_program(), &copy).unwrap();
    rights(elsewhere.path(), 0o755);
    let dir = filled();
    std::fs::write(dir.path().join("more.jsonl"), articles(6)).unwrap();
    let before = everything(&dir);
    for name in ["detente.db-lock", "detente.db-wal", "detente.db-shm"] {
        // Left behind or not, by the system's leave.
        let _ = std::fs::remove_file(dir.path().join(name));
    }
    let bytes = std::fs::read(at(&dir, "detente.db")).unwrap();
    rights(dir.path().join("detente.db").as_path(), 0o444);
    rights(dir.path(), 0o555);
    for reading in [&["events"][..], &["status"], &["dyad", "RUS", "IRN"], &["search", "strikes"], &["check", "--store"]] {
        let output = plainly(&dir, &copy, reading);
        assert_eq!(code(&output), 0, "{reading:?}: {}", err(&output));
    }
    for writing in [
        &["import", "more.jsonl"][..],
        &["code", "--all"],
        &["correct", "--remove-article", "a0001", "--note", "asked"],
        &["init", "--store", "new.db"],
        &["init", "--salvage", "detente.db", "--store", "new.db"],
        &["code", "news.jsonl", "-o", "out.jsonl"],
        &["export", "--records", "events", "--layout", "csv", "-o", "events.csv"],
    ] {
        let output = plainly(&dir, &copy, writing);
        assert!(code(&output) == 2 && err(&output).contains("cannot write"), "{writing:?}: {}", err(&output));
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 4, "nothing was left behind");
    assert_eq!(std::fs::read(at(&dir, "detente.db")).unwrap(), bytes);
    rights(dir.path(), 0o755);
    rights(dir.path().join("detente.db").as_path(), 0o644);
    assert_eq!(everything(&dir), before);
}

/// Overwrites the page that a table or index begins with, or that holds some bytes.
fn spoil(dir: &TempDir, what: &str, bytes: Option<&[u8]>) {
    let path = at(dir, "detente.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    let page: usize = db.query_row("PRAGMA page_size", [], |r| r.get::<_, i64>(0)).unwrap() as usize;
    let root: i64 = db.query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?", [what], |r| r.get(0)).unwrap();
    drop(db);
    let mut file = std::fs::read(&path).unwrap();
    let at = match bytes {
        Some(bytes) => file.windows(bytes.len()).position(|w| w == bytes).unwrap() / page,
        None => root as usize - 1,
    };
    file[at * page..(at + 1) * page].fill(0x5a);
    std::fs::write(&path, file).unwrap();
}

#[test]
fn damage_is_told_by_what_it_hits_and_ground_is_saved() {
    let check = |what: &str, told: &str| {
        let dir = filled();
        let before = everything(&dir);
        spoil(&dir, what, None);
        let output = here(&dir, &["check", "--store"]);
        assert!(code(&output) == 2 && out(&output).contains(told), "{what}: {}{}", out(&output), err(&output));
        assert!(err(&output).contains("--salvage"), "{what}: {}", err(&output));
        ok(&dir, &["init", "--salvage", "detente.db", "--store", "new.db"]);
        ok(&dir, &["check", "--store", "new.db"]);
        std::fs::rename(at(&dir, "new.db"), at(&dir, "detente.db")).unwrap();
        ok(&dir, &["code", "--all"]);
        assert_eq!(before, everything(&dir), "{what}");
    };
    check("dyad_days", "dyad_days, made by coding and counting");
    check("statements", "statements, made by coding and counting");
    check("events_day", "events, an index");
    check("articles_text_data", "the index for search");
}

#[test]
fn ground_that_is_hit_is_saved_as_far_as_it_can_be_read() {
    let dir = folder(&[("news.jsonl", &articles(40)), ("detente.toml", b"")]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "news.jsonl"]);
    spoil(&dir, "articles", Some(b"report number 20 of"));
    let output = here(&dir, &["check", "--store"]);
    assert!(code(&output) == 2 && out(&output).contains("articles, ground"), "{}{}", out(&output), err(&output));
    assert!(err(&output).contains("every row that can be read"), "{}", err(&output));
    let output = here(&dir, &["init", "--salvage", "detente.db", "--store", "new.db"]);
    assert!(code(&output) == 2 && err(&output).contains("articles ("), "{}", err(&output));
    let kept = out(&ok(&dir, &["export", "--records", "articles", "--layout", "jsonl", "--store", "new.db"])).lines().count();
    assert!((20..40).contains(&kept), "{kept}");
    // The same file fills in what is missing.
    ok(&dir, &["import", "news.jsonl", "--store", "new.db"]);
    assert_eq!(out(&ok(&dir, &["export", "--records", "articles", "--layout", "jsonl", "--store", "new.db"])).lines().count(), 40);
    // Nothing can be made of a store whose beginning is gone.
    let mut bytes = std::fs::read(at(&dir, "new.db")).unwrap();
    bytes[..100].fill(0);
    std::fs::write(at(&dir, "new.db"), bytes).unwrap();
    let output = here(&dir, &["check", "--store", "new.db"]);
    assert!(code(&output) == 2 && err(&output).contains("copy made earlier"), "{}", err(&output));
}

#[test]
fn an_older_store_is_brought_up_to_date_and_said_so() {
    let dir = folder(&[]);
    let db = rusqlite::Connection::open(at(&dir, "detente.db")).unwrap();
    db.execute_batch(include_str!("../src/store/schema/1.sql")).unwrap();
    db.execute_batch("PRAGMA user_version = 1; PRAGMA application_id = 0x64746e74").unwrap();
    drop(db);
    let output = here(&dir, &["status"]);
    assert!(code(&output) == 2 && err(&output).contains("detente init"), "{}", err(&output));
    let output = ok(&dir, &["init"]);
    assert!(err(&output).contains("from version 1") && err(&output).contains("code --new"), "{}", err(&output));
    assert!(err(&ok(&dir, &["init"])).contains("nothing is to be done"));
}

#[test]
fn an_older_store_that_is_damaged_is_saved_as_it_lies() {
    let dir = folder(&[("detente.toml", b"")]);
    let db = rusqlite::Connection::open(at(&dir, "detente.db")).unwrap();
    db.execute_batch(include_str!("../src/store/schema/1.sql")).unwrap();
    db.execute_batch("PRAGMA user_version = 1; PRAGMA application_id = 0x64746e74").unwrap();
    for n in 1..=40 {
        let text = format!("Iran condemned the raid, says report number {n} of forty. {}", "More words follow. ".repeat(60));
        db.execute("INSERT INTO articles (id, text, added) VALUES (?, ?, '2018-07-18T00:00:00Z')", [format!("a{n}"), text]).unwrap();
    }
    drop(db);
    spoil(&dir, "articles", Some(b"report number 20 of"));
    // It can neither be read as it is nor brought up to date, but it can be looked at and saved.
    let output = here(&dir, &["check", "--store"]);
    assert!(code(&output) == 2 && out(&output).contains("articles, ground"), "{}{}", out(&output), err(&output));
    let output = here(&dir, &["init", "--salvage", "detente.db", "--store", "new.db"]);
    assert!(code(&output) == 2 && err(&output).contains("articles ("), "{}", err(&output));
    let kept = out(&ok(&dir, &["export", "--records", "articles", "--layout", "jsonl", "--store", "new.db"])).lines().count();
    assert!((30..40).contains(&kept), "{kept}");
    ok(&dir, &["code", "--all", "--store", "new.db"]);
    ok(&dir, &["check", "--store", "new.db"]);
}

#[test]
fn words_of_a_removed_article_are_nowhere() {
    let odd = json!({"id": "odd", "text": format!("{ARTICLE}\n\nIran condemned the Zyxwvutopia accord on Monday. The Zyxwvutopia accord was signed by Russia."), "published": "2018-07-18"});
    let dir = folder(&[("news.jsonl", &articles(4)), ("odd.jsonl", format!("{odd}\n").as_bytes()), ("detente.toml", b"")]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "odd.jsonl", "news.jsonl"]);
    ok(&dir, &["code", "--all"]);
    let id = lines(&dir, &["events", "--article", "odd", "--json"])[0]["id"].as_str().unwrap().to_owned();
    ok(&dir, &["correct", &id, "--right"]);
    // Read anew, so that earlier readings have been thrown away.
    ok(&dir, &["code", "--all"]);
    let there = || {
        ["detente.db", "detente.db-wal", "detente.db-shm"].iter().any(|name| {
            std::fs::read(dir.path().join(name)).is_ok_and(|bytes| bytes.to_ascii_lowercase().windows(9).any(|w| w == b"xwvutopia"))
        })
    };
    assert!(there());
    ok(&dir, &["correct", "--remove-article", "odd", "--note", "asked for"]);
    assert!(!there());
    ok(&dir, &["check", "--store"]);
    assert_eq!(lines(&dir, &["correct", "--list", "--json"])[0]["words"], Value::Null);
}

#[test]
fn a_correction_counts_as_a_pass_over_all_does() {
    let dir = filled();
    let groups = |dir: &TempDir| {
        let db = rusqlite::Connection::open(at(dir, "detente.db")).unwrap();
        let mut statement = db.prepare("SELECT id, article, group_id, extra FROM events ORDER BY article, n").unwrap();
        let rows = statement.query_map([], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?, r.get::<_, Option<String>>(2)?, r.get::<_, Option<i64>>(3)?))
        });
        rows.unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    let ids: Vec<String> = lines(&dir, &["events", "--json"]).iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect();
    for (i, said) in
        [vec!["--set", "target=TUR"], vec!["--set", "date=2018-07-01"], vec!["--wrong"], vec!["--set", "cameo=042"]].iter().enumerate()
    {
        let mut args = vec!["correct", ids[i * 3 % ids.len()].as_str()];
        args.extend(said);
        ok(&dir, &args);
        let after = groups(&dir);
        assert!(after.iter().all(|(.., group, _)| group.is_some()));
        ok(&dir, &["code", "--all"]);
        assert_eq!(after, groups(&dir), "{args:?}");
    }
    ok(&dir, &["correct", "--remove-article", "a0000", "--note", "asked for"]);
    let after = groups(&dir);
    ok(&dir, &["code", "--all"]);
    assert_eq!(after, groups(&dir), "after an article went");
}
