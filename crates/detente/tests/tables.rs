//! Parquet and Arrow files, written and read back.
#![allow(clippy::unwrap_used)] // Helpers stand outside the test functions.

mod common;

use common::*;

#[test]
#[cfg(not(feature = "tables"))]
fn a_build_without_tables_says_which_has_them() {
    let dir = folder(&[("a.parquet", b"PAR1")]);
    let done = run(&["code", &at(&dir, "a.parquet")]);
    assert_eq!(code(&done), 2);
    assert!(err(&done).contains("--features full"), "{}", err(&done));
    let store = at(&dir, "a.db");
    assert_eq!(code(&run(&["init", "--store", &store])), 0);
    let done = run(&["export", "--format", "parquet", "--store", &store, "-o", &at(&dir, "b.parquet")]);
    assert_eq!(code(&done), 2);
    assert!(err(&done).contains("--features full"), "{}", err(&done));
}

#[cfg(feature = "tables")]
mod with {
    use super::*;
    use detente_arrow::open::Table;
    use detente_arrow::read::{at as cell, texts};
    use detente_arrow::{Kind, schema};
    use serde_json::{Value, json};
    use std::fs::File;
    use std::path::Path;

    /// The rows of a file as texts, in order.
    fn column(path: &Path, name: &str) -> Vec<Option<String>> {
        let table = Table::open(File::open(path).unwrap(), |c| c == name).unwrap();
        let batches = table.map(|b| texts(&b.unwrap(), 0).unwrap());
        batches.flat_map(|t| (0..t.iter().len()).map(|i| cell(&t, i).map(str::to_owned)).collect::<Vec<_>>()).collect()
    }

    /// A store with two articles, coded.
    fn store(dir: &tempfile::TempDir) -> String {
        let store = at(dir, "a.db");
        let lines = [
            json!({"text": ARTICLE, "published": "2018-07-18", "id": "one"}),
            json!({"text": ARTICLE, "published": "2019-03-04", "id": "two"}),
        ];
        let file = dir.path().join("articles.jsonl");
        std::fs::write(&file, lines.map(|l| format!("{l}\n")).concat()).unwrap();
        for args in [vec!["init"], vec!["import", file.to_str().unwrap()], vec!["code", "--all"]] {
            let done = run(&[&args[..], &["--store", &store]].concat());
            assert_eq!(code(&done), 0, "{}", err(&done));
        }
        store
    }

    #[test]
    fn exported_tables_hold_every_record() {
        let dir = folder(&[]);
        let store = store(&dir);
        for (kind, name) in [(Kind::Events, "events"), (Kind::Statements, "statements"), (Kind::Articles, "articles")] {
            let own = run(&["export", "--format", "jsonl", "--records", name, "--store", &store]);
            let mut expected: Vec<String> = records(&own).iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
            let file = dir.path().join(format!("{name}.parquet"));
            let done = run(&["export", "--format", "parquet", "--records", name, "--store", &store, "-o", file.to_str().unwrap()]);
            assert_eq!(code(&done), 0, "{}", err(&done));
            let table = Table::open(File::open(&file).unwrap(), |_| true).unwrap();
            assert_eq!(table.schema().fields(), schema(kind).fields());
            assert_eq!(table.rows(), expected.len() as u64);
            let mut ids: Vec<String> = column(&file, "id").into_iter().flatten().collect();
            ids.sort();
            expected.sort();
            assert_eq!(ids, expected);
        }
        let file = dir.path().join("events.parquet");
        let sources = column(&file, "source_country");
        assert!(sources.is_sorted(), "{sources:?}");
        assert!(column(&file, "cameo").iter().flatten().all(|c| c.len() >= 3));
        assert!(!dir.path().join("events.parquet.part").exists());
    }

    #[test]
    fn years_are_folders() {
        let dir = folder(&[]);
        let store = store(&dir);
        let out = at(&dir, "events");
        let args = ["export", "--format", "parquet", "--by-year", "--store", &store, "-o", &out];
        assert_eq!(code(&run(&args)), 0);
        let ids = |year: &str| column(&dir.path().join(format!("events/year={year}/events.parquet")), "article_id");
        assert!(ids("2018").iter().flatten().all(|id| id == "one") && ids("2019").iter().flatten().all(|id| id == "two"));
        let all = records(&run(&["export", "--format", "jsonl", "--store", &store])).len();
        let undated = dir.path().join("events/year=__HIVE_DEFAULT_PARTITION__/events.parquet");
        let rest = if undated.exists() { column(&undated, "id").len() } else { 0 };
        assert_eq!(ids("2018").len() + ids("2019").len() + rest, all);
        // A second export is not mixed into the first.
        let again = run(&args);
        assert!(code(&again) == 2 && err(&again).contains("not empty"), "{}", err(&again));
    }

    #[test]
    fn articles_of_a_parquet_file_are_coded_and_imported() {
        let dir = folder(&[]);
        let store = store(&dir);
        let file = at(&dir, "articles.parquet");
        assert_eq!(code(&run(&["export", "--format", "parquet", "--records", "articles", "--store", &store, "-o", &file])), 0);
        let strip = |output: &std::process::Output| -> Vec<Value> { records(output) };
        let lines = run(&["code", "--json", &at(&dir, "articles.jsonl")]);
        let table = run(&["code", "--json", &file]);
        assert_eq!(code(&table), 0, "{}", err(&table));
        // The title is a column of the table and a line of the text.
        let events = |all: Vec<Value>| all.into_iter().filter(|r| r["record"] == "event").collect::<Vec<_>>();
        assert_eq!(events(strip(&table)), events(strip(&lines)));
        let other = at(&dir, "b.db");
        assert_eq!(code(&run(&["init", "--store", &other])), 0);
        let done = run(&["import", &file, "--store", &other]);
        assert_eq!(code(&done), 0, "{}", err(&done));
        // The same articles are not taken in twice.
        assert_eq!(code(&run(&["import", &file, "--store", &other])), 1);
    }

    #[test]
    fn exported_events_are_taken_into_another_store() {
        let dir = folder(&[]);
        let (store, other, out) = (store(&dir), at(&dir, "b.db"), at(&dir, "events"));
        assert_eq!(code(&run(&["export", "--format", "parquet", "--by-year", "--store", &store, "-o", &out])), 0);
        assert_eq!(code(&run(&["init", "--store", &other])), 0);
        let done = run(&["import", &out, "--store", &other]);
        assert_eq!(code(&done), 0, "{}", err(&done));
        let told = |store: &str| {
            let rows = records(&run(&["events", "--json", "--store", store]));
            let kept = ["source", "cameo", "target", "mode", "date_first", "evidence"];
            let mut rows: Vec<String> = rows.iter().map(|r| kept.map(|name| r[name].to_string()).join(" ")).collect();
            rows.sort();
            rows
        };
        assert!(!told(&store).is_empty());
        assert_eq!(told(&other), told(&store));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let dir = folder(&[("a.parquet", b"words"), ("b.parquet", b"PAR1"), ("good.txt", ARTICLE.as_bytes())]);
        for name in ["a.parquet", "b.parquet"] {
            let done = run(&["code", &at(&dir, name)]);
            assert!(code(&done) == 2 && err(&done).contains(name), "{}", err(&done));
        }
        let done = run(&["code", "--json", &dir.path().display().to_string()]);
        assert!(code(&done) == 2 && !records(&done).is_empty(), "{}", err(&done));
    }

    /// `docs/record-v1.md` is the schema.
    #[test]
    fn the_schema_is_the_described_one() {
        let page = include_str!("../../../docs/record-v1.md");
        for (kind, heading) in [(Kind::Events, "Event"), (Kind::Statements, "Statement"), (Kind::Articles, "Article")] {
            let section = page.split("\n## ").find(|s| s.lines().next() == Some(heading)).unwrap();
            let described: Vec<(String, String)> = section
                .lines()
                .filter_map(|l| l.strip_prefix("| `"))
                .map(|l| {
                    let mut cells = l.split('|').map(|c| c.trim().trim_matches('`').to_owned());
                    (cells.next().unwrap(), cells.next().unwrap())
                })
                .collect();
            let of = |name: &str| match name {
                "text" => "Utf8",
                "integer" => "Int64",
                "number" => "Float64",
                "boolean" => "Boolean",
                "date" => "Date32",
                _ => "List",
            };
            let described: Vec<(&str, &str)> = described.iter().map(|(name, kind)| (name.as_str(), of(kind))).collect();
            let ours = schema(kind);
            let ours: Vec<(String, String)> = ours.fields().iter().map(|f| (f.name().clone(), f.data_type().to_string())).collect();
            let ours: Vec<(&str, &str)> = ours.iter().map(|(n, t)| (n.as_str(), t.split('(').next().unwrap())).collect();
            assert_eq!(ours, described);
        }
    }
}
