//! Runs the tests inside the knowledge files and looks for contradictions.

use super::actors::Kind;
use super::{Knowledge, Problem, Severity};
use crate::model::Date;
use std::collections::{HashMap, HashSet};

/// Reads a sentence or phrase with the coder; the coder lives in a later stage.
pub trait Tester {
    /// Records of a sentence as (source, code, target, frame); "-" for a missing side.
    fn records(&self, sentence: &str) -> Vec<[String; 4]>;
    /// Attributions of a sentence as source (empty when left out), cue and content; several
    /// parts of a content are joined by " … ".
    fn attributions(&self, sentence: &str) -> Vec<[String; 3]>;
    /// Code of an actor phrase.
    fn actor(&self, phrase: &str, date: Option<Date>) -> Option<String>;
}

/// How many tests ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckCounts {
    /// Tests that hold.
    pub passed: usize,
    /// Tests that do not.
    pub failed: usize,
    /// Tests marked as known to fail that do.
    pub known: usize,
}

/// Runs every test and check; `filter` keeps files and frames whose name holds it.
pub fn check(k: &Knowledge, tester: &dyn Tester, filter: Option<&str>) -> (Vec<Problem>, CheckCounts) {
    let mut problems = k.warnings.clone();
    let mut counts = CheckCounts::default();
    structure(k, &mut problems);
    for wrong in k.text.check() {
        let file = if wrong.starts_with("layout") { "cues/layout.toml" } else { "cues/furniture.toml" };
        problems.push(Problem::error(file, wrong, "mend the pattern or the example"));
    }
    problems.retain(|p| filter.is_none_or(|f| p.file.contains(f)));
    if filter.is_none_or(|f| FIPS.contains(f)) {
        fips(k, tester, &mut counts, &mut problems);
    }
    for (file, test) in &k.actor_tests {
        if filter.is_some_and(|f| !file.contains(f)) {
            continue;
        }
        let date = test.date.as_deref().and_then(crate::model::parse_loose);
        let got = tester.actor(&test.text, date);
        let holds = got.as_deref() == Some(test.code.as_str()) || (got.is_none() && test.code == "-");
        verdict(
            holds,
            test.todo.as_deref(),
            &mut counts,
            || {
                Problem::error(
                    file,
                    format!("\"{}\" is {}, expected {}", test.text, got.as_deref().unwrap_or("nobody"), test.code),
                    "mend the entry or the test",
                )
            },
            &mut problems,
        );
    }
    sense(k, tester, filter, &mut counts, &mut problems);
    for (file, test) in &k.attitudes.tests {
        if filter.is_some_and(|f| !file.contains(f)) {
            continue;
        }
        let got = tester.attributions(&test.text);
        let holds = got.iter().any(|[s, c, t]| *s == test.source && *c == test.cue && *t == test.content);
        verdict(
            holds,
            test.todo.as_deref(),
            &mut counts,
            || {
                let got: Vec<String> = got.iter().map(|[s, c, t]| format!("{s} | {c} | {t}")).collect();
                let got = if got.is_empty() { "nothing".to_owned() } else { got.join("; ") };
                Problem::error(
                    file,
                    format!("\"{}\" gives {got}; expected {} | {} | {}", test.text, test.source, test.cue, test.content),
                    "mend the entry or the test",
                )
            },
            &mut problems,
        );
    }
    for frame in &k.frames.list {
        if filter.is_some_and(|f| !frame.file.contains(f) && !frame.id.contains(f)) {
            continue;
        }
        for (sentence, expect) in &frame.yes {
            let got = tester.records(sentence);
            let holds = got.iter().any(|r| matches(r, expect));
            let todo = frame.todo.iter().find(|(s, _)| s == sentence).map(|(_, why)| why.as_str());
            verdict(
                holds,
                todo,
                &mut counts,
                || {
                    let got: Vec<String> = got.iter().map(|r| format!("{} {} {} ({})", r[0], r[1], r[2], r[3])).collect();
                    let got = if got.is_empty() { "nothing".to_owned() } else { got.join("; ") };
                    Problem::error(
                        &frame.file,
                        format!("{}: \"{sentence}\" gives {got}; expected {expect}", frame.id),
                        "mend the frame or the test",
                    )
                },
                &mut problems,
            );
        }
        for sentence in &frame.no {
            let got = tester.records(sentence);
            let fired = got.iter().any(|r| r[3] == frame.id || r[3].starts_with(&format!("{}(", frame.id)));
            let todo = frame.todo.iter().find(|(s, _)| s == sentence).map(|(_, why)| why.as_str());
            verdict(
                !fired,
                todo,
                &mut counts,
                || Problem::error(&frame.file, format!("{}: \"{sentence}\" must not match", frame.id), "ask for more words in the pattern"),
                &mut problems,
            );
        }
    }
    for (file, text) in &k.sources {
        super::overlay::locate(&mut problems, file, text);
    }
    (problems, counts)
}

/// Articles in which nothing is to be read, and sentences that the fields must leave alone.
fn sense(k: &Knowledge, tester: &dyn Tester, filter: Option<&str>, counts: &mut CheckCounts, problems: &mut Vec<Problem>) {
    const FILE: &str = "cues/sense.toml";
    if filter.is_some_and(|f| !FILE.contains(f)) {
        return;
    }
    for test in &k.senses.tests {
        let article = test.none.join(" ");
        let read = if article.is_empty() { Vec::new() } else { tester.records(&article) };
        let wrong = read.first().map(|r| format!("\"{article}\" gives {} {} {} ({})", r[0], r[1], r[2], r[3]));
        let silent = test.some.iter().find(|s| tester.records(s).is_empty()).map(|s| format!("\"{s}\" gives nothing"));
        let problem = || Problem::error(FILE, wrong.clone().or(silent.clone()).unwrap_or_default(), "mend a field or the test");
        verdict(wrong.is_none() && silent.is_none(), None, counts, problem, problems);
    }
}

fn verdict(holds: bool, todo: Option<&str>, counts: &mut CheckCounts, problem: impl FnOnce() -> Problem, problems: &mut Vec<Problem>) {
    match (holds, todo) {
        (true, None) => counts.passed += 1,
        (false, Some(_)) => counts.known += 1,
        (true, Some(why)) => {
            counts.failed += 1;
            let mut p = problem();
            p.what = format!("marked as failing ({why}) but holds: {}", p.what);
            p.hint = "take the todo away".to_owned();
            problems.push(p);
        }
        (false, None) => {
            counts.failed += 1;
            problems.push(problem());
        }
    }
}

/// Whether a record is what a test expects: "SRC CODE TGT", three letters compare by country.
fn matches(record: &[String; 4], expect: &str) -> bool {
    let parts: Vec<&str> = expect.split_whitespace().collect();
    let [source, code, target] = parts.as_slice() else { return false };
    let actor = |got: &str, want: &str| match want {
        "*" => true,
        w if w.len() == 3 => got.get(..3) == Some(w),
        w => got == w,
    };
    actor(&record[0], source) && (record[1] == *code || *code == "*") && actor(&record[2], target)
}

/// Codes of places in GDELT, with ours and the name of the country in FIPS 10-4.
const FIPS: &str = "import/fips.csv";

/// Whether each code's country is the one that its name stands for, and no code stands twice.
fn fips(k: &Knowledge, tester: &dyn Tester, counts: &mut CheckCounts, problems: &mut Vec<Problem>) {
    let text = super::FILES.iter().find(|(path, _)| *path == FIPS).map_or("", |(_, text)| *text);
    let mut seen = HashSet::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [fips, code, name] = cells[..] else {
            problems.push(Problem::error(FIPS, format!("\"{line}\" has not three columns"), "write FIPS code, our code, name"));
            continue;
        };
        let plain = fips.len() == 2 && fips.bytes().all(|b| b.is_ascii_uppercase());
        if !plain || !seen.insert(fips) || k.actors.state(code).is_none() {
            problems.push(Problem::error(FIPS, format!("\"{line}\": a code that is none, or stands twice"), "mend the row"));
        }
        let got = tester.actor(name, None).unwrap_or_default();
        verdict(
            got.get(..3) == Some(code),
            None,
            counts,
            || Problem::error(FIPS, format!("\"{name}\" is {got}, expected {code}"), "mend the code or the name"),
            problems,
        );
    }
}

fn structure(k: &Knowledge, problems: &mut Vec<Problem>) {
    problems.extend(k.actors.clashes());
    for actor in k.actors.list.iter().filter(|a| a.kind == Kind::Person) {
        for (i, a) in actor.offices.iter().enumerate() {
            if a.from.zip(a.to).is_some_and(|(f, t)| t < f) {
                problems.push(Problem::error(&actor.file, format!("{}: {} ends before it begins", actor.name, a.title), "mend the dates"));
            }
            for b in &actor.offices[i + 1..] {
                let overlap = a.from.is_none_or(|f| b.to.is_none_or(|t| f < t)) && b.from.is_none_or(|f| a.to.is_none_or(|t| f < t));
                if overlap && a.title == b.title && a.code == b.code {
                    problems.push(Problem::warning(
                        &actor.file,
                        format!("{}: {} is listed twice for overlapping times", actor.name, a.title),
                        "join or part the terms",
                    ));
                }
            }
        }
    }
    let sectors: HashSet<&str> =
        "GOV MIL COP JUD LEG OPP PTY REB PRM SPY UAF UNK BUS CVL EDU JRN LAB MED REF REL SOC CRM AGR ELI PRE".split(' ').collect();
    for actor in &k.actors.list {
        let codes = actor.offices.iter().map(|o| o.code.as_str()).chain([actor.code.as_str()]);
        for code in codes {
            let plain = code.len() >= 3 && code.len() % 3 == 0 && code.chars().all(|c| c.is_ascii_uppercase());
            let known = code.len() < 6
                || sectors.contains(&code[3..6])
                || code.starts_with("IMG")
                || code.starts_with("IGO")
                || code.starts_with("ISM")
                || code.starts_with("NGO")
                || code.starts_with("MNC");
            if !plain || !known {
                problems.push(Problem::error(
                    &actor.file,
                    format!("{}: code \"{code}\"", actor.name),
                    "country or body, then a sector of knowledge/README.md",
                ));
            }
        }
    }
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for frame in &k.frames.list {
        if let Some(other) = seen.insert(&frame.id, &frame.file) {
            problems.push(Problem::error(&frame.file, format!("{} is also in {other}", frame.id), "give it another id"));
        }
        if frame.operator.is_none() && !k.ontology.knows(&frame.code) {
            problems.push(Problem::error(
                &frame.file,
                format!("{}: CAMEO has no code \"{}\"", frame.id, frame.code),
                "see knowledge/cameo.csv",
            ));
        }
        let mut texts = HashSet::new();
        for p in k.frames.patterns(frame) {
            if !texts.insert((&p.text, p.family)) {
                problems.push(Problem::warning(&frame.file, format!("{}: pattern \"{}\" stands twice", frame.id, p.text), "take one away"));
            }
        }
    }
    for (op, code) in k.frames.composed_codes() {
        if !code.is_empty() && !k.ontology.knows(code) && code != "same" && code != "-" {
            problems.push(Problem::error("frames/compose.csv", format!("{op} gives unknown code \"{code}\""), "see knowledge/cameo.csv"));
        }
        if !k.frames.list.iter().any(|f| f.operator.is_some() && f.id == op) {
            problems.push(Problem::warning("frames/compose.csv", format!("no operator \"{op}\""), "see frames/operators.toml"));
        }
    }
    problems.sort_by(|a, b| {
        (a.severity == Severity::Warning).cmp(&(b.severity == Severity::Warning)).then(a.file.cmp(&b.file)).then(a.what.cmp(&b.what))
    });
}
