//! Files of other makers into the store and out again, no row unaccounted for; and what is left when
//! the program is killed.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{ARTICLE, at, code, detente, err, folder, out, records};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn here(dir: &TempDir, args: &[&str]) -> Output {
    detente().current_dir(dir.path()).args(args).stdin(Stdio::null()).output().unwrap()
}

fn ok(dir: &TempDir, args: &[&str]) -> Output {
    let output = here(dir, args);
    assert_eq!(code(&output), 0, "{args:?}\n{}\n{}", out(&output), err(&output));
    output
}

const ICEWS: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude";

/// ICEWS rows of our own making; ids come twice, as they do there.
fn icews(n: usize) -> String {
    let mut text = format!("{ICEWS}\n");
    for i in 0..n {
        let (day, code) = (1 + i % 28, ["040", "190", "1", "0871"][i % 4]);
        writeln!(
            text,
            "{}\t2018-06-{day:02}\tArmy (Ruritania)\tMilitary,Government\tIsrael\tSome deed\t{code}\t-2.5\tTeachers {i}\tEducation,Social\tIran\t9{i}\t{}\tThe Example\tNA\tNA\tNA\tSyria\t35.0\t38.5",
            i / 2,
            1 + i % 7
        )
        .unwrap();
    }
    text
}

fn gdelt(columns: usize) -> String {
    let mut cells = vec![String::new(); columns];
    for (i, v) in [
        (0, "77"),
        (1, "20180716"),
        (5, "ISRMIL"),
        (6, "ISRAEL"),
        (7, "ISR"),
        (12, "MIL"),
        (15, "IRN"),
        (16, "IRAN"),
        (17, "IRN"),
        (26, "190"),
        (29, "4"),
        (30, "-10"),
    ] {
        cells[i] = v.to_owned();
    }
    *cells.last_mut().unwrap() = "https://example.org/1".to_owned();
    cells.join("\t") + "\n"
}

fn events(dir: &TempDir, more: &[&str]) -> Vec<Value> {
    let mut args = vec!["events", "--json"];
    args.extend(more);
    records(&ok(dir, &args))
}

#[test]
fn icews_goes_in_and_comes_out() {
    let mut text = icews(40);
    text.push_str("1\t2018-06-31\tx\tx\tx\tx\t040\t1\tx\tx\tx\t1\t1\tx\tx\tx\tx\tx\t1\t1\n2\ttoo few\n");
    let dir = folder(&[("a.tab", text.as_bytes())]);
    ok(&dir, &["init"]);
    let output = here(&dir, &["import", "a.tab"]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(out(&output).contains("40") && err(&output).contains("2 rows were rejected"), "{}{}", out(&output), err(&output));
    let rejects = out(&ok(&dir, &["import", "--rejects"]));
    assert!(rejects.contains("42\t\"2018-06-31\" is no date") && rejects.contains("43\t2 columns instead of 20"), "{rejects}");
    let all = events(&dir, &[]);
    let first = &all[0];
    assert_eq!(all.len(), 40);
    let columns = ["source", "target", "cameo", "place_country", "coder_version", "ontology_version", "article_id", "evidence"];
    let expect = json!(["ISRMIL", "IRNEDU", "040", "SYR", "icews", "cameo-icews", null, null]);
    assert_eq!(json!(columns.map(|c| first[c].clone())), expect);
    assert_eq!(all.iter().filter(|e| e["cameo"] == "1").count(), 10, "codes stay text, as they are");
    // The rows come out as they went in, but for the order of what they were rejected for.
    let back = out(&ok(&dir, &["export", "--layout", "icews"]));
    let cut = |text: &str| {
        text.lines()
            .map(|l| l.split('\t').map(|c| if c == "NA" { "" } else { c }.trim_end_matches(".0").to_owned()).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert_eq!(cut(&back), cut(&icews(40)));
    // The same bytes again change nothing.
    let again = here(&dir, &["import", "a.tab"]);
    assert!(code(&again) == 1 && err(&again).contains("read in before"), "{}", err(&again));
    assert_eq!(events(&dir, &[]).len(), 40);
    let point = events(&dir, &["--id", first["id"].as_str().unwrap()]);
    assert_eq!(&point[0], first);
    let series = records(&ok(&dir, &["dyad", "ISR", "IRN", "--step", "month", "--json"]));
    assert_eq!((series.len(), &series[0]["events"], &series[0]["start"]), (1, &json!(40), &json!("2018-06-01")));
}

#[test]
fn other_formats_are_told_by_their_beginning() {
    let mut phoenix = vec![""; 26];
    for (i, v) in [
        (0, "20180716-1"),
        (1, "20180716"),
        (5, "ISRMIL"),
        (6, "ISR"),
        (7, "MIL"),
        (9, "IRN"),
        (10, "IRN"),
        (13, "190"),
        (15, "4"),
        (16, "-10.0"),
    ] {
        phoenix[i] = v;
    }
    let polecat = "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tActor Name\tActor Country\tPrimary Actor Sector\tRecipient Name\tRecipient Country\tVersion\n\
        P1\t2018-07-16\tASSAULT\tfirearms\t-9\tMATERIAL CONFLICT\t\"Army, the\"\tISR\tMIL\tIran\tIRN\tv1\n";
    let dir = folder(&[
        ("g2.csv", gdelt(61).as_bytes()),
        ("g1.csv", gdelt(58).as_bytes()),
        ("p.txt", (phoenix.join("\t") + "\n").as_bytes()),
        ("polecat.txt", polecat.as_bytes()),
    ]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "g2.csv", "g1.csv", "p.txt", "polecat.txt"]);
    let all = events(&dir, &[]);
    let coders: Vec<&str> = all.iter().map(|e| e["coder_version"].as_str().unwrap()).collect();
    assert_eq!(coders, ["gdelt-2.0", "gdelt-1.0", "phoenix", "polecat-v1"]);
    for e in &all {
        assert_eq!(
            (&e["source"], &e["target"], &e["plover"], &e["quad"], &e["date_first"]),
            (&json!("ISRMIL"), &json!("IRN"), &json!("ASSAULT"), &json!(4), &json!("2018-07-16"))
        );
    }
    assert!(all[3]["cameo"].is_null());
    let own = |layout: &str, coder: &str| out(&ok(&dir, &["export", "--layout", layout, "--coder", coder]));
    assert_eq!(own("gdelt2", "gdelt-2").split('\t').filter(|c| !c.trim().is_empty()).count(), 17);
    assert!(own("gdelt2", "gdelt-2").starts_with("77\t20180716\t201807\t2018\t"));
    assert_eq!(
        own("polecat", "polecat").lines().nth(1).unwrap().split('\t').take(4).collect::<Vec<_>>(),
        ["P1", "2018-07-16", "ASSAULT", "firearms"]
    );
    // Coders are not added up.
    let output = here(&dir, &["dyad", "ISR", "IRN"]);
    assert!(code(&output) == 2 && err(&output).contains("--coder"), "{}", err(&output));
}

#[test]
fn articles_come_from_everywhere() {
    let page = "<html><head><title>Envoys meet</title><meta property=\"article:published_time\" content=\"2018-07-18\"></head><body><p>The envoys of the two states met again in the old town on Monday.</p></body></html>";
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
    let warc = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/w\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(warc.as_bytes()).unwrap();
    let csv = format!("date,headline,content,source\n2018-07-17,Talks,\"{ARTICLE}\",Example Post\n2018-07-17,Short row\n");
    let dir = folder(&[
        ("n/a.txt", ARTICLE.as_bytes()),
        ("n/b.html", page.as_bytes()),
        ("n/empty.txt", b""),
        ("w.warc.gz", &zipped.finish().unwrap()),
        ("t.csv", csv.as_bytes()),
    ]);
    ok(&dir, &["init"]);
    let output = here(&dir, &["import", "n", "w.warc.gz", "t.csv"]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    let all = records(&ok(&dir, &["export", "--records", "articles", "--layout", "jsonl"]));
    assert_eq!(all.len(), 4);
    assert_eq!((&all[2]["url"], &all[2]["published"]), (&json!("https://example.org/w"), &json!("2018-07-18")));
    assert_eq!((&all[3]["outlet"], &all[3]["title"]), (&json!("Example Post"), &json!("Talks")));
    let rejects = out(&ok(&dir, &["import", "--rejects"]));
    assert!(rejects.contains("empty.txt") && rejects.contains("2 columns instead of 4"), "{rejects}");
    let output = here(&dir, &["import", "missing.tab", "t.csv"]);
    assert!(code(&output) == 2 && err(&output).contains("no such file"));
}

/// What the store gives, whatever happened on the way to it.
fn everything(dir: &TempDir) -> String {
    let of = |args: &[&str]| out(&here(dir, args));
    of(&["export", "--layout", "jsonl"])
        + &of(&["export", "--layout", "jsonl", "--records", "statements"])
        + &of(&["export", "--layout", "jsonl", "--records", "articles"])
        + &of(&["dyad", "ISR", "IRN", "--csv", "--coder", "icews"])
        + &of(&["dyad", "ISR", "IRN", "--csv", "--coder", "detente"])
}

/// Kills a command after some time, again and again, then lets it end.
fn torn(dir: &TempDir, args: &[&str], times: usize, step: Duration) {
    for i in 0..times {
        let mut child = detente().current_dir(dir.path()).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(step * u32::try_from(i + 1).unwrap());
        let _ = child.kill();
        child.wait().unwrap();
        ok(dir, &["check", "--store"]);
    }
    let last = here(dir, args);
    assert!(code(&last) < 2, "{}{}", out(&last), err(&last));
}

#[test]
fn killed_and_run_again_comes_to_the_same() {
    let news: String = (0..300)
        .map(|i| format!("{}\n", json!({"id": format!("a{i}"), "text": format!("{ARTICLE}\nReport {i}."), "published": "2018-07-18"})))
        .collect();
    let files = [("e.tab", icews(60_000).into_bytes()), ("news.jsonl", news.into_bytes())];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (*n, b.as_slice())).collect();
    let (calm, rough) = (folder(&files), folder(&files));
    for dir in [&calm, &rough] {
        ok(dir, &["init"]);
    }
    ok(&calm, &["import", "e.tab", "news.jsonl"]);
    ok(&calm, &["code", "--all"]);
    torn(&rough, &["import", "e.tab", "news.jsonl"], 6, Duration::from_millis(60));
    torn(&rough, &["code", "--all"], 6, Duration::from_millis(120));
    assert!(everything(&calm) == everything(&rough), "the stores differ");
    assert_eq!(out(&ok(&rough, &["events", "--count", "--coder", "icews"])).trim(), "60000");
}

#[test]
fn where_nothing_can_be_written() {
    let dir = folder(&[("e.tab", icews(10).as_bytes())]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "e.tab"]);
    // Tests may run as a user who may write everywhere; a folder in the place of the lock stops anybody.
    std::fs::remove_file(at(&dir, "detente.db-lock")).unwrap();
    std::fs::create_dir(at(&dir, "detente.db-lock")).unwrap();
    let output = here(&dir, &["code", "--all"]);
    assert!(code(&output) == 2 && err(&output).contains("cannot write"), "{}", err(&output));
    assert_eq!(events(&dir, &[]).len(), 10);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_harms_nothing() {
    let dir = folder(&[("small.tab", icews(10).as_bytes()), ("large.tab", icews(20_000).as_bytes())]);
    ok(&dir, &["init"]);
    ok(&dir, &["import", "small.tab"]);
    // A limit on the size of files is to the program as a disk that is full.
    let program = env!("CARGO_BIN_EXE_detente");
    let script = format!("trap '' XFSZ; ulimit -f 600; exec {program} import large.tab");
    let output = std::process::Command::new("bash").current_dir(dir.path()).args(["-c", &script]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("disk"), "{}", err(&output));
    ok(&dir, &["check", "--store"]);
    assert_eq!(events(&dir, &[]).len(), 10);
    ok(&dir, &["import", "large.tab"]);
    assert_eq!(out(&ok(&dir, &["events", "--count"])).trim(), "20010");
    // Coding and correcting as well: what was there stays.
    let news: String = (0..200)
        .map(|i| format!("{}\n", json!({"id": format!("a{i}"), "text": format!("{ARTICLE}\nReport {i}."), "published": "2018-07-18"})))
        .collect();
    std::fs::write(at(&dir, "news.jsonl"), news).unwrap();
    ok(&dir, &["import", "news.jsonl"]);
    let blocks = std::fs::metadata(at(&dir, "detente.db")).unwrap().len() / 1024 + 8;
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} code --all --jobs 2");
    let output = std::process::Command::new("bash").current_dir(dir.path()).args(["-c", &script]).output().unwrap();
    assert!(code(&output) == 2 && err(&output).contains("disk"), "{}", err(&output));
    ok(&dir, &["check", "--store"]);
    assert_eq!(records(&ok(&dir, &["export", "--records", "articles", "--layout", "jsonl"])).len(), 200);
    ok(&dir, &["code", "--all"]);
}
