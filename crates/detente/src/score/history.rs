//! Daily events as rows of ids, with the countries and codes of the ids in files beside them.

use crate::failure::Failure;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// An event between two countries, or inside one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub day: i32,
    pub source: u32,
    pub target: u32,
    pub code: String,
    pub goldstein: f32,
}

/// A history and the part of it that is scored.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// Rows in order of days.
    pub rows: Vec<Row>,
    /// Countries by number.
    pub countries: Vec<String>,
    /// First day of the last file that no file before it reaches; none with a single file.
    pub scored_from: Option<i32>,
}

/// Code and Goldstein value of each relation, as its number says.
type Relations = HashMap<u32, (String, f32)>;

/// Reads files in order of time: history first, what is scored last. Days of the last file that an earlier one reaches are
/// not read twice.
pub(super) fn read(files: &[(String, String)]) -> Result<History, Failure> {
    let mut out = History::default();
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut files_rows: Vec<Vec<(u32, u32, u32, i32)>> = Vec::new();
    for (name, text) in files {
        files_rows.push(rows(name, text)?);
    }
    let mut times = files_rows.iter().flatten().map(|r| r.3).filter(|t| *t > 0).peekable();
    // Some collections count hours, and have whole days of them.
    let unit = if times.peek().is_some() && times.all(|t| t % 24 == 0) { 24 } else { 1 };
    let mut reached: Option<i32> = None;
    for (i, ((name, _), rows)) in files.iter().zip(files_rows).enumerate() {
        let relations = relations(name)?;
        let countries = countries(name)?;
        let known = reached;
        for (source, relation, target, time) in rows {
            let day = time / unit;
            if known.is_some_and(|k| day <= k) {
                continue;
            }
            reached = Some(reached.map_or(day, |r| r.max(day)));
            let Some((code, goldstein)) = relations.get(&relation) else {
                return Err(Failure::new(format!("{name}: relation {relation} is not in relation_cameo.tsv beside it")));
            };
            let mut number = |id: &u32| {
                let country = countries.get(id)?;
                let next = numbers.len() as u32;
                Some(*numbers.entry(country.clone()).or_insert(next))
            };
            let (Some(source), Some(target)) = (number(&source), number(&target)) else { continue };
            out.rows.push(Row { day, source, target, code: code.clone(), goldstein: *goldstein });
        }
        if i > 0 && i + 1 == files.len() {
            out.scored_from = Some(known.map_or(i32::MIN, |k| k + 1));
        }
    }
    out.rows.sort_by_key(|r| r.day);
    out.countries = vec![String::new(); numbers.len()];
    numbers.into_iter().for_each(|(country, n)| out.countries[n as usize] = country);
    Ok(out)
}

/// Source, relation, target and time of each line.
fn rows(name: &str, text: &str) -> Result<Vec<(u32, u32, u32, i32)>, Failure> {
    let mut out = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
        let mut cells = line.split('\t').map(str::trim);
        let mut id = || cells.next().and_then(|c| c.parse::<u32>().ok());
        let ids: Option<Vec<u32>> = (0..4).map(|_| id()).collect();
        let row = ids.and_then(|c| Some((c[0], c[1], c[2], i32::try_from(c[3]).ok()?)));
        out.push(row.ok_or_else(|| {
            Failure::new(format!("{name}:{}: not a row of source, relation, target and day", i + 1))
                .hint("four whole numbers with tabs between them, as in the ICEWS18 collection")
        })?);
    }
    Ok(out)
}

/// A table of tab-separated columns that lies beside a file, as columns by the names of its head.
fn beside(file: &str, name: &str, columns: [&str; 3]) -> Result<Vec<[String; 3]>, Failure> {
    let path = Path::new(file).parent().unwrap_or(Path::new("")).join(name);
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|err| {
        let failure = Failure::io("read", &shown, &err);
        failure.hint(format!("{name} lies beside {file}: a table with the columns {}, which says what its ids are", columns.join(", ")))
    })?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
    let mut at = [0; 3];
    for (at, column) in at.iter_mut().zip(columns) {
        *at = head
            .iter()
            .position(|h| h.trim() == column)
            .ok_or_else(|| Failure::new(format!("{shown} has no column {column}")).hint(format!("it has {}", head.join(", "))))?;
    }
    let cell = |cells: &[&str], i: usize| cells.get(i).map_or("", |c| c.trim()).to_owned();
    Ok(lines.map(|l| l.split('\t').collect::<Vec<_>>()).map(|c| at.map(|i| cell(&c, i))).collect())
}

fn relations(file: &str) -> Result<Relations, Failure> {
    let rows = beside(file, "relation_cameo.tsv", ["id", "cameo", "goldstein"])?;
    Ok(rows.into_iter().filter_map(|[id, code, value]| Some((id.parse().ok()?, (code, value.parse().unwrap_or(0.0))))).collect())
}

fn countries(file: &str) -> Result<HashMap<u32, String>, Failure> {
    let rows = beside(file, "entity_country.tsv", ["id", "iso3", "name"])?;
    Ok(rows.into_iter().filter(|[_, iso, _]| !iso.is_empty()).filter_map(|[id, iso, _]| Some((id.parse().ok()?, iso))).collect())
}
