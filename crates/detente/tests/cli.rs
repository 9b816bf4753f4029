//! The commands end to end: help, exit codes, order, streams.

mod common;

use common::*;
use std::process::Stdio;

#[test]
fn help_version_completions_and_man_come_from_one_definition() {
    let help = run(&["--help"]);
    assert_eq!(code(&help), 0);
    let commands = ["code", "why", "check", "score", "import-dictionary", "config", "completions", "man"];
    // The page writes hyphens as `\\-`.
    let man = out(&run(&["man"])).replace('\\', "");
    let bash = out(&run(&["completions", "bash"]));
    for command in commands {
        assert!(out(&help).contains(command), "help lacks {command}");
        assert!(man.contains(command), "man page lacks {command}");
        assert!(bash.contains(command), "completions lack {command}");
        assert_eq!(code(&run(&[command, "--help"])), 0);
    }
    assert!(out(&run(&["man", "code"])).contains("published"));
    assert!(out(&run(&["--version"])).starts_with("detente "));
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert_eq!(code(&run(&["completions", shell])), 0);
    }
}

#[test]
fn mistyped_names_get_a_hint() {
    let wrong = run(&["cod", "x"]);
    assert_eq!(code(&wrong), 2);
    assert!(err(&wrong).contains("'code'"), "{}", err(&wrong));
    let wrong = run(&["code", "x", "--publishd", "2018-07-18"]);
    assert!(err(&wrong).contains("--published"));
    let wrong = run(&["code", "x", "--published", "Friday"]);
    assert_eq!(code(&wrong), 2);
    assert!(err(&wrong).contains("YYYY-MM-DD"));
    assert!(err(&run(&["man", "cod"])).contains("no command named \"cod\""));
}

#[test]
fn exit_codes_found_nothing_error() {
    let dir = folder(&[("a.txt", ARTICLE.as_bytes()), ("b.txt", NOTHING.as_bytes())]);
    let found = run(&["code", &at(&dir, "a.txt")]);
    assert_eq!(code(&found), 0, "{}{}", out(&found), err(&found));
    let nothing = run(&["code", &at(&dir, "b.txt")]);
    assert_eq!(code(&nothing), 1, "{}", out(&nothing));
    let both = run(&["code", &at(&dir, "a.txt"), &at(&dir, "missing.txt"), &at(&dir, "b.txt")]);
    assert_eq!(code(&both), 2);
    assert!(err(&both).contains("missing.txt"), "the broken file is named");
    assert!(out(&both).contains("Russia meets Iran"), "the run goes on");
    assert_eq!(code(&run(&["code"])), 2);
}

#[test]
fn table_shows_talk_and_deeds() {
    let dir = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let table = out(&run(&["code", &at(&dir, "a.txt"), "--published", "2018-07-18", "--outlet", "X"]));
    assert!(table.starts_with("Russia meets Iran over Syria · X · 2018-07-18\n"), "{table}");
    for word in ["STATEMENTS", "EVENTS", "◇ s:", "◆ e:", "190 Use", "Goldstein", "sentences"] {
        assert!(table.contains(word), "{word} is not in\n{table}");
    }
    assert!(!table.contains('\u{1b}'), "no colour in a pipe");
    assert!(!table.contains("no publication date"));
    let undated = out(&run(&["code", &at(&dir, "a.txt")]));
    assert!(undated.contains("no publication date"), "{undated}");
}

#[test]
fn stages_show_text_code_and_link() {
    let dir = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let stages = out(&run(&["code", &at(&dir, "a.txt"), "--stages"]));
    let place = |w: &str| stages.find(w).unwrap_or_else(|| panic!("{w} is not in\n{stages}"));
    assert!(place("TEXT") < place("\nCODE") && place("\nCODE") < place("\nLINK"));
    assert!(stages.contains("PROPN") && stages.contains("nsubj"));
}

#[test]
fn json_has_every_column_and_evidence_is_in_the_text() {
    let output = pipe(&["code", "-", "--json", "--published", "2018-07-18"], ARTICLE.as_bytes());
    assert_eq!(code(&output), 0);
    let records = records(&output);
    assert_eq!(records[0]["record"], "article");
    let text = records[0]["text"].as_str().unwrap();
    let of = |kind: &str| records.iter().filter(|r| r["record"] == kind).count();
    assert!(of("event") > 0 && of("statement") > 0 && of("article") == 1);
    for r in &records[1..] {
        let (start, end) = (&r["evidence_start"], &r["evidence_end"]);
        let (start, end) = (start.as_u64().unwrap() as usize, end.as_u64().unwrap() as usize);
        assert_eq!(&text[start..end], r["evidence"].as_str().unwrap());
        assert_eq!(r["article_id"], records[0]["id"]);
    }
    let event = records.iter().find(|r| r["record"] == "event").unwrap();
    assert_eq!(event.as_object().unwrap().len(), 47);
}

#[test]
fn folders_are_walked_in_order_whatever_the_jobs() {
    let mut files: Vec<(String, Vec<u8>)> =
        (0..40).map(|i| (format!("d{}/n{i:02}.txt", i % 3), format!("{ARTICLE}\nNumber {i}.\n").into())).collect();
    files.push((".hidden/x.txt".into(), ARTICLE.into()));
    files.push(("picture.jpg".into(), b"\xff\xd8\xff".to_vec()));
    files.push(("d0/more.jsonl".into(), br#"{"text":"Israel attacked Iran.","id":"j1"}"#.to_vec()));
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let dir = folder(&borrowed);
    let path = dir.path().display().to_string();
    let one = run(&["code", &path, "--json", "--jobs", "1"]);
    for jobs in ["2", "8"] {
        let more = run(&["code", &path, "--json", "--jobs", jobs]);
        assert!(one.stdout == more.stdout, "the same bytes with one job and {jobs}");
    }
    assert!(err(&one).contains("1 file not read: 1 .jpg"), "{}", err(&one));
    let articles = records(&one).into_iter().filter(|r| r["record"] == "article");
    let texts: Vec<String> = articles.map(|r| r["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts.len(), 41);
    assert!(texts[0].contains("Israel attacked Iran."), "names in order: more.jsonl, n00.txt, …");
    assert!(texts[1].contains("Number 0.") && texts[2].contains("Number 3."));
}

#[test]
fn standard_input_takes_text_html_and_json_lines() {
    let html = format!(
        "<!doctype html><html><head><title>T</title></head><body><article><h1>T</h1><p>{}</p>\
         </article></body></html>",
        ARTICLE.replace("\n\n", "</p><p>")
    );
    let from = |bytes: &[u8]| records(&pipe(&["code", "-", "--json"], bytes));
    assert!(!from(html.as_bytes())[0]["text"].as_str().unwrap().contains('<'));
    let lines = b"{\"text\":\"Israel attacked Iran.\",\"id\":\"a\",\"outlet\":\"X\"}\n\
                  {\"body\":\"Iran condemned Israel.\",\"date\":\"2018-07-18\"}\n";
    let articles: Vec<_> = from(lines).into_iter().filter(|r| r["record"] == "article").collect();
    assert_eq!(articles.len(), 2);
    assert_eq!((&articles[0]["id"], &articles[0]["outlet"]), (&"a".into(), &"X".into()));
    assert_eq!(articles[1]["published"], "2018-07-18");
}

#[test]
fn broken_pipe_is_no_error() {
    let mut files = Vec::new();
    for i in 0..200 {
        files.push((format!("{i}.txt"), ARTICLE.repeat(3).into_bytes()));
    }
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let dir = folder(&borrowed);
    let mut child = detente()
        .args(["code", "--json", &dir.path().display().to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(err(&output), "");
}

#[test]
fn output_file_holds_what_standard_output_would() {
    let dir = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let (a, o) = (at(&dir, "a.txt"), at(&dir, "o.jsonl"));
    let to_file = run(&["code", &a, "--json", "-o", &o]);
    assert_eq!((code(&to_file), out(&to_file).as_str()), (0, ""));
    assert_eq!(std::fs::read(&o).unwrap(), run(&["code", &a, "--json"]).stdout);
}

#[test]
fn why_opens_a_record() {
    let dir = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let a = at(&dir, "a.txt");
    let all = records(&run(&["code", &a, "--json"]));
    let id = |kind| all.iter().find(|r| r["record"] == kind).unwrap()["id"].as_str().unwrap();
    let event = run(&["why", id("event"), &a]);
    assert_eq!(code(&event), 0, "{}", err(&event));
    assert!(out(&event).contains("frame") && out(&event).contains("rules"));
    assert!(out(&run(&["why", id("statement"), &a])).contains("chain"));
    let json = run(&["why", id("event"), &a, "--json"]);
    assert_eq!(records(&json)[0]["record"]["id"], id("event"));
    let none = run(&["why", "e:0123456789", &a]);
    assert_eq!(code(&none), 2);
    assert!(err(&none).contains("no record with id e:0123456789"));
    assert!(err(&run(&["why", "1f6a", &a])).contains("is not the id of a record"));
}

#[test]
fn settings_are_laid_over_each_other_and_unknown_keys_are_errors() {
    let dir = folder(&[("detente.toml", b"outlet = \"From File\"\n"), ("a.txt", NOTHING.as_bytes())]);
    let here = |args: &[&str]| detente().current_dir(dir.path()).args(args).output().unwrap();
    assert!(out(&here(&["config"])).contains("From File"));
    assert!(out(&here(&["code", "a.txt"])).contains("· From File ·"));
    assert!(out(&here(&["code", "a.txt", "--outlet", "Flag"])).contains("· Flag ·"));
    std::fs::write(dir.path().join("detente.toml"), "outlt = \"x\"\n").unwrap();
    let wrong = here(&["code", "a.txt"]);
    assert_eq!(code(&wrong), 2);
    assert!(err(&wrong).contains("no setting named \"outlt\""), "{}", err(&wrong));
}

#[test]
fn check_runs_the_knowledge_tests() {
    let check = run(&["check", "--filter", "no-such-frame-or-file"]);
    assert_eq!(code(&check), 0, "{}", out(&check));
    assert!(out(&check).contains("0 errors"));
}

#[test]
fn score_prints_every_key() {
    let dir = folder(&[
        ("e.jsonl", br#"{"text":"Israel attacked Iran.","events":[{"source":"ISR","target":"IRN","code":"190"}]}"#),
        ("r.jsonl", br#"{"text":"Israel attacked Iran.","events":[{"source_text":"Israel","target_text":"Iran","code":"ASSAULT"}]}"#),
        ("a.jsonl", br#"{"text":"Holm said it rained.","annotations":{"a":[{"source":[[0,4]],"cue":[[5,9]],"content":[[10,19]]}]}}"#),
        (
            "s.jsonl",
            br#"{"text":"Israel condemned the attack.","statements":[{"speaker":"ISRGOV","acts":["criticism"],"content":"the attack"}]}"#,
        ),
        ("p.conllu", b"1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No\n2\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_\n\n"),
    ]);
    let keys = |task: &str, file: &str, keys: &[&str]| {
        let output = run(&["score", task, &at(&dir, file), "--json"]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let object = records(&output).remove(0);
        for key in keys {
            assert!(!object[key].is_null(), "{task} lacks {key}: {object}");
        }
        assert_eq!(object["n"], 1);
    };
    let parse = ["upos", "uas", "las", "raw_upos", "raw_las", "sentence_f1", "token_f1"];
    keys("parse", "p.conllu", &parse);
    keys("relations", "r.jsonl", &["accuracy", "macro_f1", "quad_accuracy", "per_class"]);
    let events = ["exact", "code", "root", "quad", "countries", "root_countries", "per_root"];
    keys("events", "e.jsonl", &events);
    keys("statements", "a.jsonl", &["cue", "source", "content", "content_exact"]);
    keys("statements", "s.jsonl", &["content", "acts_macro_f1", "speaker", "per_act"]);
    let broken = run(&["score", "parse", &at(&dir, "e.jsonl")]);
    assert_eq!(code(&broken), 2);
    assert!(err(&broken).contains("line 1"), "{}", err(&broken));
}

#[test]
fn ranking_scores_the_last_file() {
    let days = |days: std::ops::Range<u32>| -> String {
        let day = |d: u32| format!("0\t0\t1\t{}\t-1\n2\t1\t{}\t{}\t-1\n", d * 24, 3 + d % 4, d * 24);
        days.map(day).collect()
    };
    let scored = format!("{}7\t0\t8\t480\t-1\n", days(20..22));
    let dir =
        folder(&[("history.txt", days(0..20).as_bytes()), ("scored.txt", scored.as_bytes()), ("odd.txt", b"0\t0\t1\t0\n0\t0\tx\t1\n")]);
    let (history, scored) = (at(&dir, "history.txt"), at(&dir, "scored.txt"));
    let output = run(&["score", "ranking", &history, &scored, "--json", "--errors", &at(&dir, "errors.jsonl")]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let object = records(&output).remove(0);
    for key in ["mrr", "h1", "h3", "h10", "unseen_pairs_mrr", "unseen_pairs_share", "heads_mrr", "tails_mrr", "deeds_mrr", "seconds"] {
        assert!(object[key].is_number(), "no {key}: {object}");
    }
    assert_eq!((&object["n"], &object["history"], &object["entities"]), (&10.into(), &40.into(), &9.into()));
    assert!(object["mrr"].as_f64().unwrap() > 0.5, "{object}");
    assert_eq!(code(&run(&["score", "ranking", &history, "--multi-step", "--limit", "3"])), 0);
    let odd = run(&["score", "ranking", &history, &at(&dir, "odd.txt")]);
    assert_eq!(code(&odd), 2);
    assert!(err(&odd).contains("odd.txt line 2: the target \"x\""), "{}", err(&odd));
}

#[test]
fn dictionaries_become_an_overlay_and_what_is_left_is_listed() {
    let dictionary = "ZENDA_LIBERATION_FRONT_\n+ZLF_\n\t[DEUREB]\nZENDA_TRADERS_ [DEUKUR]\n";
    let dir = folder(&[("own.actors.txt", dictionary.as_bytes())]);
    let done = run(&["import-dictionary", &at(&dir, "own.actors.txt"), "--out", &at(&dir, "own")]);
    assert_eq!(code(&done), 0, "{}{}", out(&done), err(&done));
    let toml = std::fs::read_to_string(dir.path().join("own/actors/own-actors.toml")).unwrap();
    assert!(toml.contains("code = \"DEUREB\"\nname = \"Zenda Liberation Front\""), "{toml}");
    let left = std::fs::read_to_string(dir.path().join("own/not-taken.tsv")).unwrap();
    assert!(left.lines().nth(1).unwrap().contains("own.actors.txt\t4\t"), "{left}");
    assert_eq!(code(&run(&["import-dictionary", &at(&dir, "none.txt"), "--out", &at(&dir, "own")])), 2);
}

#[test]
fn own_knowledge_is_laid_over_and_its_mistakes_have_a_line() {
    let own = "[[actor]]\ncode = \"FRAREB\"\nname = \"Zenda Front\"\n[[test]]\ntext = \"the Zenda Front\"\ncode = \"FRAREB\"\n";
    let dir = folder(&[("own/actors/mine.toml", own.as_bytes()), ("bad/actors/mine.toml", b"[[actor]]\nname = \"Zenda\"\ncode = 7\n")]);
    let check = |folder: &str, filter: &str| {
        let path = at(&dir, folder);
        detente().args(["check", "--filter", filter]).env("DETENTE_KNOWLEDGE", path).output().unwrap()
    };
    let good = check("own", "mine.toml");
    assert_eq!(code(&good), 0, "{}{}", out(&good), err(&good));
    assert!(out(&good).starts_with("1 tests hold, 0 fail"), "{}", out(&good));
    let bad = check("bad", "mine.toml");
    assert_eq!(code(&bad), 2);
    assert!(out(&bad).contains("bad/actors/mine.toml:3:"), "{}", out(&bad));
}
