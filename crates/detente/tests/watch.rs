//! The watch, end to end: series, alarms and red lines of a store made of a few lines.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{at, code, detente, err, folder, out, records};
use serde_json::{Value, json};
use std::process::{Output, Stdio};

fn here(dir: &tempfile::TempDir, args: &[&str]) -> Output {
    detente().args(args).current_dir(dir.path()).stdin(Stdio::null()).output().unwrap()
}

fn ok(dir: &tempfile::TempDir, args: &[&str]) -> Output {
    let output = here(dir, args);
    assert_eq!(code(&output), 0, "{args:?}: {}", err(&output));
    output
}

/// Rows of ids: 0 Iran, 1 Israel, 2 Russia, 3 "Police (Iran)"; relations 0 force, 1 threat, 2 mediation, 3 talk.
fn store(rows: &[(u32, u32, u32, u32)], more: &[(&str, &str)]) -> tempfile::TempDir {
    let events: String = rows.iter().map(|(s, r, t, d)| format!("{s}\t{r}\t{t}\t{d}\n")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("events.txt", events.as_bytes()),
        ("entity2id.txt", b"Iran\t0\nIsrael\t1\nRussia\t2\nPolice (Iran)\t3\n"),
        ("relation2id.txt", b"Use conventional military force\t0\nThreaten\t1\nMediate\t2\nConsult\t3\n"),
    ];
    files.extend(more.iter().map(|(name, text)| (*name, text.as_bytes())));
    let dir = folder(&files);
    ok(&dir, &["init"]);
    if !rows.is_empty() {
        ok(&dir, &["import", "events.txt", "--start", "2018-01-01"]);
    }
    dir
}

/// A talk every tenth day for 200 days, then a week of force, and mediation after it.
fn clash() -> Vec<(u32, u32, u32, u32)> {
    let mut rows: Vec<_> = (0..200).map(|d| if d % 10 == 0 { (0, 3, 1, d) } else { (2, 3, 0, d) }).collect();
    rows.extend([(1, 0, 0, 200), (1, 0, 0, 201), (0, 0, 1, 201), (1, 0, 0, 202), (3, 1, 1, 202)]);
    rows.extend((0..8).map(|i| (1, 0, 0, 203 + i % 3)));
    rows.extend([(2, 2, 0, 204), (2, 2, 1, 205)]);
    rows
}

#[test]
fn ids_are_read_in_with_their_names() {
    let dir = store(&clash(), &[]);
    let first = &records(&ok(&dir, &["events", "--json", "--code", "19"]))[0];
    let columns = ["source", "target", "cameo", "quad", "goldstein", "date_first", "coder_version", "source_name"];
    let expect = json!(["ISR", "IRN", "190", 4, -10.0, "2018-07-20", "icews-ids", "Israel"]);
    assert_eq!(json!(columns.map(|c| first[c].clone())), expect);
    assert_eq!(records(&ok(&dir, &["events", "--json", "--code", "130"]))[0]["source"], "IRNCOP");
    // Rows that cannot be are listed with their reason; a time must be known.
    let wrong = folder(&[
        ("a.txt", b"# source relation target day (0 = 2018-01-01)\n0\t0\t1\t3\n9\t0\t1\t3\n0\t9\t1\t3\n0\t1\t1\t3\n"),
        ("b.txt", b"0\t0\t1\t0\n0\t0\t1\t24\n0\t0\t1\t48\n"),
        ("entity2id.txt", b"Iran\t0\nIsrael\t1\n"),
        ("relation2id.txt", b"Use_conventional_military_force\t0\nSing\t1\n"),
    ]);
    ok(&wrong, &["init"]);
    assert_eq!(code(&here(&wrong, &["import", "a.txt"])), 2);
    let rejects = out(&ok(&wrong, &["import", "--rejects"]));
    for reason in ["3\tno actor has the id 9", "4\tno relation has the id 9", "5\tno CAMEO code is called \"Sing\""] {
        assert!(rejects.contains(reason), "{rejects}");
    }
    let unknown = here(&wrong, &["import", "b.txt"]);
    assert!(code(&unknown) == 2 && err(&unknown).contains("--start 2018-01-01"), "{}", err(&unknown));
    ok(&wrong, &["import", "b.txt", "--start", "2014-01-01"]);
    let days: Vec<Value> =
        records(&ok(&wrong, &["events", "--json", "--to", "2014-12-31"])).iter().map(|e| e["date_first"].clone()).collect();
    assert_eq!(json!(days), json!(["2014-01-01", "2014-01-02", "2014-01-03"]), "time is in hours");
    std::fs::remove_file(wrong.path().join("entity2id.txt")).unwrap();
    std::fs::write(wrong.path().join("c.txt"), "0\t0\t1\t7\n").unwrap();
    assert!(err(&here(&wrong, &["import", "c.txt"])).contains("no entity2id.txt beside it"));
}

#[test]
fn a_series_has_its_band_and_what_was_read() {
    let dir = store(&clash(), &[]);
    let days = records(&ok(&dir, &["dyad", "IRN", "ISR", "--json"]));
    assert_eq!(days.len(), 206, "from the first event of the pair to the last day read");
    let last = days.iter().find(|d| d["start"] == "2018-07-22").unwrap();
    let columns = ["events", "force", "threat", "tension", "value", "read_events", "origins", "end"];
    assert_eq!(json!(columns.map(|c| last[c].clone())), json!([2, 1.0, 1.0, 4.4, 4.4, 2, null, "2018-07-22"]));
    assert_eq!(last["roots"], json!({"13": 1, "19": 1}));
    assert_eq!(last["usual"], json!({"low": 0.0, "median": 0.0, "high": 0.0}));
    assert_eq!((&days[1]["events"], &days[1]["read_events"], &days[1]["usual"]), (&json!(0), &json!(1), &Value::Null));
    // The same days in a week, directed, of one actor, of a side of the settings.
    let week = |args: &[&str]| {
        records(&ok(&dir, &[&["dyad", "--step", "week", "--json", "--from", "2018-07-16", "--to", "2018-07-22"], args].concat()))[0].clone()
    };
    assert_eq!(week(&["IRN", "ISR"])["events"], 5);
    assert_eq!(week(&["IRN", "ISR", "--directed"])["events"], 2);
    assert_eq!(week(&["ISR"])["events"], 5);
    assert_eq!(week(&["RUS", "--measure", "cooperation"])["value"], 4.0);
    std::fs::write(dir.path().join("detente.toml"), "[sides]\n\"Both\" = [\"irn\", \"RUS\"]\n").unwrap();
    assert_eq!(week(&["both", "ISR"])["dyad"], "Both-ISR");
    assert_eq!(week(&["IRNCOP", "ISR"])["events"], 1);
    let csv = out(&ok(&dir, &["dyad", "IRN", "ISR", "--csv", "--step", "month"]));
    assert!(csv.starts_with("start,events,") && csv.lines().all(|l| l.split(',').count() == 49), "{csv}");
    // The last week ends after the last day read, which is a Wednesday: it is told as a part, and quiet is not said of it.
    let last = records(&ok(&dir, &["dyad", "IRN", "ISR", "--step", "week", "--json", "--from", "2018-07-23"]))[0].clone();
    assert_eq!((&last["end"], &last["days_read"]), (&json!("2018-07-29"), &json!(3)));
    assert!(out(&ok(&dir, &["dyad", "IRN", "ISR", "--step", "week", "--from", "2018-07-16"])).contains("(3 of 7 days)"));
    assert_eq!(code(&here(&dir, &["dyad", "IRN", "ISR", "--step", "hour"])), 2);
    ok(&dir, &["dyad", "IRN", "ISR", "--plot", "a.svg"]);
    let picture = std::fs::read_to_string(at(&dir, "a.svg")).unwrap();
    roxmltree::Document::parse(&picture).unwrap();
    assert!(picture.contains("mediation by RUS") && picture.contains("◆<title>"), "{picture}");
    let png = here(&dir, &["dyad", "IRN", "ISR", "--plot", "a.png"]);
    assert!(code(&png) == 2 && err(&png).contains("only .svg is drawn"));
    assert_eq!(code(&here(&dir, &["dyad", "IRN", "ISR", "--from", "2018-02-01", "--to", "2018-01-01"])), 2);
}

#[test]
fn alarms_open_to_their_events_and_keep_what_is_said_of_them() {
    let dir = store(&clash(), &[]);
    let list = |args: &[&str]| records(&here(&dir, &[&["alerts", "--json"], args].concat()));
    let all = list(&[]);
    let of =
        |rule: &str| all.iter().find(|a| a["rule"] == rule && a["dyad"] == "IRN-ISR").unwrap_or_else(|| panic!("no {rule} in {all:?}"));
    let force = of("force");
    // The fourth in a week: one on day 200, two on 201, one on 202.
    assert_eq!(
        (&force["first"], &force["sign"], &force["state"], &force["open"]),
        (&json!("2018-07-22"), &json!("◆"), &json!("new"), &json!(true))
    );
    assert_eq!(force["because"].as_array().unwrap().len(), 12);
    let mediation = of("mediation");
    assert_eq!((&mediation["by"], &mediation["first"], &mediation["sign"]), (&json!("RUS"), &json!("2018-07-25"), &json!("▲")));
    assert_eq!(mediation["because"].as_array().unwrap().len(), 2);
    let id = force["id"].as_str().unwrap();
    let shown: Value = serde_json::from_str(&out(&ok(&dir, &["why", id, "--json"]))).unwrap();
    assert_eq!((shown["events"].as_array().unwrap().len(), &shown["events"][0]["cameo"]), (12, &json!("190")));
    assert!(out(&ok(&dir, &["alerts", "show", id])).contains("force 12 in 7 days"));
    let ids = || list(&[]).iter().map(|a| a["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    for (word, state) in [("seen", "seen"), ("false", "false"), ("confirm", "confirmed")] {
        ok(&dir, &["alerts", word, id, "--author", "me", "--note", "so"]);
        let now = &list(&["--state", state])[0];
        assert_eq!((now["id"].as_str(), now["note"].as_str()), (Some(id), Some("so")));
        assert_eq!(ids().contains(&id.to_owned()), state == "confirmed", "{state}");
    }
    // A snoozed alarm is looked after, and comes back on its day.
    ok(&dir, &["alerts", "snooze", id, "--until", "2018-07-27"]);
    assert!(!ids().contains(&id.to_owned()) && list(&["--state", "snoozed"])[0]["until"] == "2018-07-27");
    std::fs::write(dir.path().join("later.txt"), "2\t3\t0\t210\n").unwrap();
    ok(&dir, &["import", "later.txt", "--start", "2018-01-01"]);
    assert!(ids().contains(&id.to_owned()), "the same alarm, with its id, after more was read");
    ok(&dir, &["alerts", "undo", id]);
    assert_eq!(code(&here(&dir, &["alerts", "seen", "a:0000"])), 2);
    assert_eq!(code(&here(&dir, &["alerts", "snooze", id, "--until", "2018-01-01"])), 2);
    // Scripts ask by the exit code.
    assert_eq!(code(&here(&dir, &["alerts", "--dyad", "IRN,RUS", "--rule", "force"])), 1);
    assert_eq!(code(&here(&dir, &["alerts", "--rule", "forse"])), 2);
    let before = list(&["--today", "2018-07-21", "--all"]);
    assert!(before.iter().all(|a| a["rule"] != "force"), "nothing is known before its day: {before:?}");
}

#[test]
fn rules_of_the_settings_hold_and_alarms_are_told_once() {
    let rules = "[[alarm]]\nname = \"any threat\"\nmeasure = \"threat\"\nfloor = 1\n[[alarm]]\nname = \"force\"\noff = true\n\
        [delivery]\ncommand = [\"sh\", \"-c\", \"cat >> told.jsonl\"]\n";
    let dir = store(&clash(), &[("detente.toml", rules)]);
    let told = || std::fs::read_to_string(dir.path().join("told.jsonl")).unwrap_or_default().lines().count();
    let found = records(&ok(&dir, &["alerts", "--json", "--deliver"]));
    let named = |rule: &str| found.iter().filter(|a| a["rule"] == rule).count();
    assert_eq!((named("any threat"), named("force"), told()), (1, 0, found.len()));
    ok(&dir, &["alerts", "--deliver"]);
    assert_eq!(told(), found.len(), "each is told once");
    assert!(out(&ok(&dir, &["alerts", "rules"])).contains("name = \"any threat\""));
    let change = |text: &str| std::fs::write(dir.path().join("detente.toml"), text).unwrap();
    change("[[alarm]]\nname = \"x\"\nmeasure = \"anger\"\n");
    let wrong = here(&dir, &["alerts"]);
    assert!(code(&wrong) == 2 && err(&wrong).contains("no measure \"anger\""), "{}", err(&wrong));
    change("[delivery]\nwebhook = \"https://example.org\"\n");
    let wrong = here(&dir, &["alerts", "--deliver"]);
    assert!(code(&wrong) == 2 && err(&wrong).contains("only http://"), "{}", err(&wrong));
    change("");
    assert!(err(&here(&dir, &["alerts", "--deliver"])).contains("no way to tell"));
}

#[test]
fn a_webhook_gets_the_alarms() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("[delivery]\nwebhook = \"http://{}/in\"\n", listener.local_addr().unwrap());
    let dir = store(&clash(), &[("detente.toml", &address)]);
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut got, mut buffer) = (Vec::new(), [0; 4096]);
        // The list ends the message.
        while !got.ends_with(b"]") {
            let n = stream.read(&mut buffer).unwrap();
            got.extend_from_slice(&buffer[..n]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n").unwrap();
        String::from_utf8(got).unwrap()
    });
    ok(&dir, &["alerts", "--deliver"]);
    let got = server.join().unwrap();
    assert!(got.starts_with("POST /in HTTP/1.1") && got.contains("\"rule\":\"force\""), "{got}");
}

const FORECASTS: [&[&str]; 6] = [
    &["forecast", "--json"],
    &["forecast", "IRN-ISR", "--json"],
    &["forecast", "--train", "--json"],
    &["forecast", "next", "IRN-ISR", "--json"],
    &["forecast", "what-if", "IRN-ISR", "--hold", "7", "--json"],
    &["mediators", "IRN-ISR", "--json"],
];

#[test]
fn histories_at_their_edges() {
    // Nothing: told in words.
    let none = store(&[], &[]);
    for args in [&["dyad", "IRN", "ISR"][..], &["alerts"]].iter().chain(&FORECASTS) {
        let found = here(&none, args);
        assert!(code(&found) == 2 && err(&found).contains("the store holds no events"), "{args:?}: {}", err(&found));
    }
    assert_eq!(code(&here(&none, &["redlines"])), 1);
    // One event, and many on the same day: no past, so no band and no alarm.
    for rows in [vec![(1, 0, 0, 5)], vec![(1, 0, 0, 5); 50]] {
        let dir = store(&rows, &[]);
        let days = records(&ok(&dir, &["dyad", "IRN", "ISR", "--json"]));
        assert_eq!((days.len(), &days[0]["events"], &days[0]["usual"]), (1, &json!(rows.len()), &Value::Null));
        assert_eq!(code(&here(&dir, &["alerts"])), 1);
        assert_eq!(code(&here(&dir, &["dyad", "IRN", "USA"])), 1);
        ok(&dir, &["dyad", "IRN", "ISR", "--plot", "a.svg"]);
        for args in &FORECASTS {
            let found = here(&dir, args);
            match args[0] {
                "mediators" => assert_eq!(code(&found), 1, "{args:?}: nobody mediates"),
                _ => assert!(code(&found) == 2 && err(&found).contains("too little history"), "{args:?}: {}", err(&found)),
            }
        }
    }
    // Out of order is the same as in order.
    let mut turned = clash();
    turned.reverse();
    let (one, other) = (store(&clash(), &[]), store(&turned, &[]));
    let seen = |dir: &tempfile::TempDir| {
        let alarms = records(&here(dir, &["alerts", "--json"])).into_iter().map(|mut a| {
            a.as_object_mut().unwrap().remove("because");
            a
        });
        let forecasts = FORECASTS.map(|args| {
            let found = here(dir, args);
            let mut rows = records(&found);
            // Events have the numbers of their lines.
            let numbered = ["events", "mediations", "offers", "requests", "refusals"];
            rows.iter_mut().for_each(|r| numbered.iter().for_each(|n| drop(r.as_object_mut().unwrap().remove(*n))));
            (code(&found), rows)
        });
        // Three days of force teach nothing of when it comes.
        assert_eq!(forecasts.each_ref().map(|f| f.0), [2, 2, 2, 0, 0, 0], "{forecasts:?}");
        (out(&ok(dir, &["dyad", "IRN", "ISR", "--csv"])), alarms.collect::<Vec<_>>(), forecasts)
    };
    assert_eq!(seen(&one), seen(&other));
    // Events dated after today are left out, and it is said.
    let mut future = clash();
    future.push((1, 0, 0, 60_000));
    let dir = store(&future, &[]);
    let found = here(&dir, &["dyad", "IRN", "ISR", "--json"]);
    assert_eq!((code(&found), records(&found).len()), (0, 206));
    assert!(err(&found).contains("1 events are dated after 2018-07-25"), "{}", err(&found));
    assert_eq!(seen(&dir), seen(&one));
    let none = here(&dir, &["alerts", "--today", "2017-01-01"]);
    assert_eq!(code(&none), 1, "{}", err(&none));
}

#[test]
fn red_lines_are_joined_and_judged() {
    let text = "Israel will not tolerate Iranian bases in Syria\n\n\
        Israel will not tolerate an Iranian military presence in Syria, Prime Minister Benjamin Netanyahu said on Monday.\n";
    let dir = store(&[(0, 0, 1, 190), (0, 0, 1, 100), (2, 0, 1, 190)], &[("a.txt", text)]);
    ok(&dir, &["import", "a.txt", "--published", "2018-05-08"]);
    ok(&dir, &["code", "--new"]);
    let lines = records(&ok(&dir, &["redlines", "IRN-ISR", "--json"]));
    let columns = ["holder", "addressee", "places", "times", "candidates"];
    assert_eq!(json!(columns.map(|c| lines[0][c].clone())), json!(["ISR", "IRN", ["SYR"], 2, 1]));
    let crossing = &lines[0]["crossings"][0];
    assert_eq!(
        (&crossing["day"], &crossing["why"], &crossing["verdict"]),
        (&json!("2018-07-10"), &json!(["against the holder", "material conflict"]), &Value::Null)
    );
    let (id, event) = (lines[0]["id"].as_str().unwrap(), crossing["event"].as_str().unwrap());
    ok(&dir, &["redlines", "judge", id, event, "crossed", "--note", "so it was called"]);
    let lines = records(&ok(&dir, &["redlines", "--holder", "isr", "--json"]));
    assert_eq!((&lines[0]["crossings"][0]["verdict"], &lines[0]["crossings"][0]["note"]), (&json!("crossed"), &json!("so it was called")));
    assert!(out(&ok(&dir, &["why", id])).contains("Netanyahu") && out(&ok(&dir, &["redlines", "--csv"])).contains("crossed"));
    // What a person said outlives a new reading.
    ok(&dir, &["code", "--all"]);
    assert_eq!(records(&ok(&dir, &["redlines", "--json"]))[0]["crossings"][0]["verdict"], "crossed");
    assert_eq!(code(&here(&dir, &["redlines", "IRN-USA"])), 1);
    assert_eq!(code(&here(&dir, &["redlines", "judge", id, "e:none", "crossed"])), 2);
    assert_eq!(code(&here(&dir, &["redlines", "show", "r:none"])), 2);
}
