//! Forecasts, their ledger and mediators from the command line.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::{code, detente, err, folder, out, records};
use serde_json::json;
use std::process::Output;
use tempfile::TempDir;

const RELATIONS: &str = "id\tname\tcameo\tgoldstein\troot\n0\tConsult\t040\t1\t04\n1\tThreaten\t130\t-4.4\t13\n\
    2\tUse conventional military force\t190\t-10\t19\n3\tMediate\t045\t5\t04\n";
const NAMES: &str = "Iran\t0\nIsrael\t1\nRussia\t2\nFrance\t3\nNobody\t4\n";
const COUNTRIES: &str =
    "id\tname\tiso3\thow\n0\tIran\tIRN\tname\n1\tIsrael\tISR\tname\n2\tRussia\tRUS\tname\n3\tFrance\tFRA\tname\n4\tNobody\t\tnone\n";
const RELATION_IDS: &str = "Consult\t0\nThreaten\t1\nUse conventional military force\t2\nMediate\t3\n";

/// A made-up history: Iran and Israel come to force every 40 days, Russia talks with both and mediates.
fn history(days: std::ops::Range<usize>) -> String {
    let mut rows = vec!["# source\trelation\ttarget\tday (0 = 2018-01-01)".to_owned()];
    for day in days {
        let mut row = |s: u8, r: u8, t: u8| rows.push(format!("{s}\t{r}\t{t}\t{day}"));
        row(0, 1, 1);
        row(2, 0, 0);
        row(2, 0, 1);
        row(3, 0, 2);
        row(4, 0, 2);
        row(1, 0, 3);
        if day % 40 == 39 {
            row(1, 2, 0);
        }
        if day % 20 == 10 {
            row(2, 3, 0);
        }
    }
    rows.join("\n") + "\n"
}

fn beside(events: &str, more: &str) -> TempDir {
    let files: [(&str, &[u8]); 7] = [
        ("a.txt", events.as_bytes()),
        ("b.txt", more.as_bytes()),
        ("relation_cameo.tsv", RELATIONS.as_bytes()),
        ("entity_country.tsv", COUNTRIES.as_bytes()),
        ("entity2id.txt", NAMES.as_bytes()),
        ("relation2id.txt", RELATION_IDS.as_bytes()),
        ("detente.toml", b""),
    ];
    folder(&files)
}

fn here(dir: &TempDir, args: &[&str]) -> Output {
    detente().current_dir(dir.path()).args(args).stdin(std::process::Stdio::null()).output().unwrap()
}

#[test]
fn a_forecast_is_recorded_and_resolves_itself() {
    let dir = beside(&history(0..200), &history(200..260));
    for args in [["init", ""], ["import", "a.txt"]] {
        let args: Vec<&str> = args.into_iter().filter(|a| !a.is_empty()).collect();
        assert_eq!(code(&here(&dir, &args)), 0, "{}", err(&here(&dir, &args)));
    }
    let forecast = here(&dir, &["forecast", "IRN-ISR", "--within", "60", "--json", "--record"]);
    assert_eq!(code(&forecast), 0, "{}", err(&forecast));
    let before = records(&forecast).remove(0);
    assert_eq!(
        (before["dyad"].as_str(), before["on"].as_str(), before["due"].as_str()),
        (Some("IRN-ISR"), Some("2018-07-19"), Some("2018-09-17"))
    );
    assert!(before["probability"].as_f64().is_some_and(|p| p > 0.5), "{before}");
    assert!(before["past_score"]["n"].as_u64().is_some_and(|n| n > 0), "{before}");
    let outcome = || records(&here(&dir, &["forecast", "--ledger", "--json"])).remove(0)["outcome"].clone();
    assert_eq!(outcome(), "open");
    assert_eq!(code(&here(&dir, &["import", "b.txt"])), 0);
    assert_eq!(outcome(), "yes");
    // Nothing that came later counts for a forecast of that day.
    let after = here(&dir, &["forecast", "IRN-ISR", "--within", "60", "--json", "--on", "2018-07-19"]);
    assert_eq!(records(&after).remove(0), before);
    let none = here(&dir, &["forecast", "IRN-FRA"]);
    assert_eq!(code(&none), 1, "{}", out(&none));
}

#[test]
fn a_model_is_trained_once_and_used_until_it_is_old() {
    let dir = beside(&history(0..200), &history(200..215));
    std::fs::write(dir.path().join("c.txt"), history(215..240)).unwrap();
    here(&dir, &["init"]);
    here(&dir, &["import", "a.txt"]);
    let asked = |args: &[&str]| {
        let found = here(&dir, &[&["forecast", "IRN-ISR", "--within", "30", "--json"], args].concat());
        assert_eq!(code(&found), 0, "{}", err(&found));
        (records(&found).remove(0), err(&found))
    };
    let train = || {
        let done = here(&dir, &["forecast", "--train", "--within", "30", "--json"]);
        assert_eq!(code(&done), 0, "{}", err(&done));
        records(&done).remove(0)
    };
    let (anew, _) = asked(&[]);
    let (earlier, _) = asked(&["--on", "2018-06-30"]);
    let trained = train();
    assert_eq!((&trained["trained"], &trained["incidence"]), (&json!("2018-07-19"), &anew["past_score"]));
    assert_eq!(train(), trained, "the same events give the same model");
    // On the day it was trained it says what a fresh one says; it knows too much for earlier days, which do not change.
    assert_eq!(asked(&[]), (anew, String::new()));
    assert_eq!(asked(&["--on", "2018-06-30"]), (earlier, String::new()));
    // Two weeks later it is still used, and what it was trained on is told; later still it is old.
    here(&dir, &["import", "b.txt"]);
    let (later, said) = asked(&[]);
    assert_eq!(
        (&later["on"], &later["trained"], &later["past_score"], said.as_str()),
        (&json!("2018-08-03"), &json!("2018-07-19"), &trained["incidence"], "")
    );
    here(&dir, &["import", "c.txt"]);
    let (late, said) = asked(&[]);
    assert!(late["trained"] == "2018-07-19" && said.contains("nothing after 2018-07-19, 40 days ago"), "{said}");
    assert_eq!(train()["trained"], "2018-08-28");
    assert_eq!(asked(&[]).1, "");
    // Events of days it knew that come later are seen.
    std::fs::write(dir.path().join("d.txt"), "# source relation target day (0 = 2018-01-01)\n0\t2\t1\t230\n").unwrap();
    here(&dir, &["import", "d.txt"]);
    let (_, said) = asked(&[]);
    assert!(said.contains("and now there are"), "{said}");
}

#[test]
fn too_little_history_is_refused() {
    let dir = beside(&history(0..1), "");
    here(&dir, &["init"]);
    for args in [&["forecast"][..], &["forecast", "--train"]] {
        let empty = here(&dir, args);
        assert_eq!(code(&empty), 2, "{}", out(&empty));
    }
    here(&dir, &["import", "a.txt"]);
    let one_day = here(&dir, &["forecast", "IRN-ISR"]);
    assert_eq!(code(&one_day), 2, "{}", out(&one_day));
    assert!(err(&one_day).contains("too little history"), "{}", err(&one_day));
    assert_eq!(code(&here(&dir, &["forecast", "--ledger"])), 1);
}

#[test]
fn mediators_come_with_what_speaks_for_them() {
    let dir = beside(&history(0..200), "");
    here(&dir, &["init"]);
    here(&dir, &["import", "a.txt"]);
    let ranked = records(&here(&dir, &["mediators", "IRN-ISR", "--json"]));
    assert_eq!(ranked[0]["third_party"], "RUS");
    let id = ranked[0]["mediations"][0].as_str().unwrap().to_owned();
    assert_eq!(code(&here(&dir, &["why", &id])), 0);
    assert!(ranked[0]["around_mediations"]["mediations"].as_u64().is_some_and(|n| n > 0), "{ranked:?}");
}

#[test]
fn scores_say_what_is_missing() {
    let dir = beside(&history(0..200), &history(180..260));
    let score = |args: &[&str]| here(&dir, args);
    let onset = score(&["score", "onset", "a.txt", "b.txt", "--json"]);
    assert_eq!(code(&onset), 0, "{}", err(&onset));
    let onset = records(&onset).remove(0);
    assert_eq!(onset["first_scored_day"], 200);
    assert!(onset["n_pos"].as_u64().is_some_and(|n| n > 0), "{onset}");
    let mediators = records(&score(&["score", "mediators", "a.txt", "--json"])).remove(0);
    assert_eq!((mediators["mrr"].as_f64(), mediators["n"].as_u64()), (Some(1.0), Some(9)), "{mediators}");
    std::fs::remove_file(dir.path().join("relation_cameo.tsv")).unwrap();
    let missing = score(&["score", "onset", "a.txt"]);
    assert_eq!(code(&missing), 2);
    assert!(err(&missing).contains("relation_cameo.tsv"), "{}", err(&missing));
}
