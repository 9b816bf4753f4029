//! `score ranking`: the next event of a temporal knowledge graph, in the format and by the rules of its papers.

use super::Report;
use super::metrics::round;
use crate::failure::Failure;
use crate::watch::AllCores;
use detente_watch::ranking::{Answer, Event, Figures, Measured, Options, Ranker, measure};
use serde_json::{Value, json};
use std::time::Instant;

/// More deeds than any ontology has: likely a column that holds something else.
const MOST_DEEDS: usize = 4000;
/// More entities than fit the memory that ranking may take.
const MOST_ENTITIES: usize = 2_000_000;
/// Without a second file the last of this many parts of the steps is scored.
const PARTS: u32 = 5;
/// A true answer ranked below this is written to the errors.
const WRONG: f32 = 10.0;

/// A row as it stands in a file, with the number of the file.
#[derive(Clone, Copy, Debug)]
struct Row {
    file: usize,
    source: u64,
    deed: u64,
    target: u64,
    time: i64,
}

/// Rows with ids and times made dense.
#[derive(Debug)]
struct Graph {
    entities: Vec<u64>,
    deeds: Vec<u64>,
    first: i64,
    /// Time between two steps.
    unit: i64,
    /// In order of time.
    known: Vec<Event>,
    scored: Vec<Event>,
}

/// Ranks target and source of the events of the last file, or of the last fifth of the days of a single one.
///
/// # Errors
/// A file is not in the format, or there is nothing before what is scored.
pub fn ranking(files: &[(String, String)], limit: usize, multi_step: bool) -> Result<Report, Failure> {
    let start = Instant::now();
    let mut graph = graph(&read(files)?, files.len())?;
    graph.scored.truncate(limit);
    let first = graph.scored.first().map_or(0, |e| e.step);
    let past = &graph.known[..graph.known.partition_point(|e| e.step < first)];
    let (entities, deeds) = (graph.entities.len() as u32, graph.deeds.len() as u32);
    let mut ranker = Ranker::fit(past, entities, deeds, &Options::default(), &AllCores);
    let measured = measure(&mut ranker, &graph.known, &graph.scored, multi_step, &AllCores);
    Ok(report(&graph, &measured, start.elapsed().as_secs_f64()))
}

fn read(files: &[(String, String)]) -> Result<Vec<Row>, Failure> {
    let mut out = Vec::new();
    for (file, (name, text)) in files.iter().enumerate() {
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            let wrong = |what: String| {
                Failure::new(format!("{name} line {}: {what}", i + 1)).hint(
                    "four whole numbers a line with tabs between: source, relation, target, time; lines that start with # are skipped",
                )
            };
            let cells: Vec<&str> = line.split_whitespace().collect();
            let [source, deed, target, time, ..] = cells[..] else {
                return Err(wrong(format!("{} columns where at least 4 are needed", cells.len())));
            };
            let id = |what: &str, cell: &str| cell.parse::<u64>().map_err(|_| wrong(format!("the {what} \"{cell}\" is no id")));
            let time = time.parse::<i64>().map_err(|_| wrong(format!("the time \"{time}\" is no whole number")))?;
            out.push(Row { file, source: id("source", source)?, deed: id("relation", deed)?, target: id("target", target)?, time });
        }
    }
    Ok(out)
}

fn graph(rows: &[Row], files: usize) -> Result<Graph, Failure> {
    let dense = |ids: &mut Vec<u64>| {
        ids.sort_unstable();
        ids.dedup();
    };
    let mut entities: Vec<u64> = rows.iter().flat_map(|r| [r.source, r.target]).collect();
    let mut deeds: Vec<u64> = rows.iter().map(|r| r.deed).collect();
    dense(&mut entities);
    dense(&mut deeds);
    if deeds.len() > MOST_DEEDS || entities.len() > MOST_ENTITIES {
        return Err(Failure::new(format!("{} relations and {} entities are more than can be ranked", deeds.len(), entities.len()))
            .hint(format!("at most {MOST_DEEDS} and {MOST_ENTITIES}; is the second column the relation?")));
    }
    let (Some(first), Some(last)) = (rows.iter().map(|r| r.time).min(), rows.iter().map(|r| r.time).max()) else {
        return Err(Failure::new("the files hold no event").hint("four columns: source, relation, target, time"));
    };
    let span = |time: i64| u64::try_from(i128::from(time) - i128::from(first)).unwrap_or(u64::MAX);
    let unit = rows.iter().map(|r| span(r.time)).fold(0, gcd).max(1);
    let Ok(steps) = u32::try_from((span(last) / unit).saturating_add(1)) else {
        return Err(Failure::new(format!("the times run from {first} to {last} in steps of {unit}, too many"))
            .hint("is the fourth column the time?"));
    };
    let split = match files {
        1 => steps - (steps / PARTS).max(1),
        _ => 0,
    };
    let (mut known, mut scored) = (Vec::new(), Vec::new());
    for row in rows {
        let step = (span(row.time) / unit) as u32;
        let place = |ids: &[u64], id: u64| ids.partition_point(|x| *x < id) as u32;
        let (source, target) = (place(&entities, row.source), place(&entities, row.target));
        let event = Event { step, source, deed: place(&deeds, row.deed), target };
        match row.file + 1 == files && step >= split {
            true => scored.push(event),
            false => known.push(event),
        }
    }
    known.sort_unstable();
    scored.sort_unstable();
    match (known.first(), scored.first()) {
        (_, None) => Err(Failure::new("the last file holds no event to score").hint("files before the last are the history")),
        (k, Some(s)) if k.is_none_or(|k| k.step >= s.step) => Err(Failure::new("nothing is known before the first day that is scored")
            .hint("give the history before the file to score, or one file with at least two days")),
        _ => Ok(Graph { entities, deeds, first, unit: i64::try_from(unit).unwrap_or(i64::MAX), known, scored }),
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn report(graph: &Graph, measured: &Measured, seconds: f64) -> Report {
    let answers = &measured.answers;
    let mut report = Report { n: answers.len(), seconds, ..Report::default() };
    let figures = |keep: &dyn Fn(&Answer) -> bool| Figures::of(answers.iter().filter(|a| keep(a)).map(|a| a.rank));
    let (all, heads, tails) = (figures(&|_| true), figures(&|a| a.head), figures(&|a| !a.head));
    let (met, unmet) = (figures(&|a| a.met), figures(&|a| !a.met));
    let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
    put("mrr", json!(round(all.mrr())));
    for (k, h) in ["h1", "h3", "h10"].iter().zip(all.hits()) {
        put(k, json!(round(h)));
    }
    for (name, f) in [("heads", heads), ("tails", tails), ("seen_pairs", met), ("unseen_pairs", unmet)] {
        // Nothing of a kind is no figure of it.
        put(&format!("{name}_mrr"), if f.n == 0 { Value::Null } else { json!(round(f.mrr())) });
    }
    put("unseen_pairs_h10", if unmet.n == 0 { Value::Null } else { json!(round(unmet.hits()[2])) });
    put("unseen_pairs_share", json!(round(unmet.n as f64 / all.n.max(1) as f64)));
    put("deeds_mrr", json!(round(Figures::of(measured.deeds.iter().copied()).mrr())));
    put("entities", json!(graph.entities.len()));
    put("history", json!(graph.known.len()));
    let id = |entity: u32| graph.entities[entity as usize];
    for a in answers.iter().filter(|a| a.rank > WRONG) {
        report.errors.push(json!({
            "time": graph.first + graph.unit * i64::from(a.event.step),
            "source": id(a.event.source), "relation": graph.deeds[a.event.deed as usize], "target": id(a.event.target),
            "asked": if a.head { "source" } else { "target" }, "rank": a.rank, "met_before": a.met,
            "first": a.best.iter().map(|e| id(*e)).collect::<Vec<_>>(),
        }));
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_watch::ranking::InTurn;

    fn files(texts: &[&str]) -> Vec<(String, String)> {
        texts.iter().enumerate().map(|(i, t)| (format!("f{i}"), t.replace(' ', "\t"))).collect()
    }

    #[test]
    fn what_cannot_be_read_is_told_with_file_and_line() {
        let check = |texts: &[&str], expect: &str| {
            let err = ranking(&files(texts), usize::MAX, false).err().unwrap();
            assert!(err.what.contains(expect), "{err}");
        };
        check(&["0 0 1 0\n0 0 1"], "f0 line 2: 3 columns");
        check(&["0 0 1 0", "# head\n\n0 x 1 0"], "f1 line 3: the relation \"x\"");
        check(&["0 0 1 monday"], "f0 line 1: the time \"monday\"");
        check(&["0 0 -1 0"], "the target \"-1\"");
        check(&[""], "no event");
        check(&["0 0 1 0", "# nothing"], "no event to score");
        check(&["0 0 1 5"], "nothing is known before");
        check(&["0 0 1 5\n1 0 0 5\n2 0 1 5"], "nothing is known before");
        check(&["0 0 1 5", "0 0 1 5"], "nothing is known before");
        check(&["0 0 1 0\n0 0 1 9000000000\n0 0 1 9000000001", "0 0 1 9000000001"], "too many");
    }

    #[test]
    fn steps_and_ids_are_dense_and_order_does_not_matter() {
        let read = |texts: &[&str]| {
            let files = files(texts);
            graph(&read(&files).unwrap(), files.len()).unwrap()
        };
        let g = read(&["900 7 5 48\n5 7 900 0 -1\n5 9 900 24\r\n"]);
        assert_eq!((g.unit, g.first, &g.entities[..], &g.deeds[..]), (24, 0, &[5, 900][..], &[7, 9][..]));
        assert_eq!(g.known.iter().map(|e| e.step).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(g.scored, [Event { step: 2, source: 1, deed: 0, target: 0 }]);
        let (a, b) = (read(&["0 0 1 3\n1 0 0 1", "1 1 0 7\n0 1 1 5"]), read(&["1 0 0 1\n0 0 1 3", "0 1 1 5\n1 1 0 7"]));
        assert_eq!((a.known, a.scored), (b.known, b.scored));
    }

    #[test]
    fn a_pair_that_always_repeats_is_ranked_first_and_figures_add_up() {
        let mut text = String::new();
        for day in 0..40 {
            for pair in 0..10 {
                text.push_str(&format!("{}\t0\t{}\t{}\n", pair * 2, pair * 2 + 1, day * 24));
            }
        }
        let text = vec![("a".to_owned(), text)];
        let whole = ranking(&text, usize::MAX, false).unwrap();
        assert_eq!(whole.n, 8 * 10 * 2);
        assert_eq!(whole.figures["mrr"], 1.0);
        assert_eq!((&whole.figures["unseen_pairs_share"], &whole.figures["unseen_pairs_mrr"]), (&json!(0.0), &Value::Null));
        assert!(whole.errors.is_empty());
        assert_eq!(ranking(&text, 3, true).unwrap().n, 6);
    }
    #[test]
    fn threads_change_nothing() {
        // A graph with some order in it and some chance.
        let row = |i: u32| format!("{}\t{}\t{}\t{}\n", i * 7 % 13, i * i % 3, 13 + i * 5 % 11, i / 20);
        let files = vec![("a".to_owned(), (0..1200).map(row).collect())];
        let graph = graph(&read(&files).unwrap(), 1).unwrap();
        let (entities, deeds) = (graph.entities.len() as u32, graph.deeds.len() as u32);
        let options = Options { learn: 300, ..Options::default() };
        let mut one = Ranker::fit(&graph.known, entities, deeds, &options, &InTurn);
        let mut many = Ranker::fit(&graph.known, entities, deeds, &options, &AllCores);
        let measured = measure(&mut one, &graph.known, &graph.scored, false, &InTurn);
        assert_eq!(measured, measure(&mut many, &graph.known, &graph.scored, false, &AllCores));
        assert_eq!(measured.answers.len(), 2 * graph.scored.len());
    }
}
