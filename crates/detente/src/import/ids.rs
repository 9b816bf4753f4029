//! Events as rows of ids (source, relation, target, time), as collections of temporal knowledge graphs have
//! them, with the names of the ids in files beside them.

use super::table::{number, some};
use super::{Actors, Context};
use crate::failure::Failure;
use crate::store::{ImportRow, ImportedEvent};
use detente_core::knowledge::FILES;
use detente_core::knowledge::ontology::Ontology;
use detente_core::model::Date;
use detente_watch::day::{self, Day};
use std::collections::HashMap;
use std::path::Path;

/// Files beside the events: names of actors and relations; the other two may be missing.
const FILES_BESIDE: [&str; 4] = ["entity2id.txt", "relation2id.txt", "entity_country.tsv", "relation_cameo.tsv"];

/// What the ids stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// Name and country.
    actors: HashMap<u32, (String, Option<String>)>,
    /// Name and CAMEO code.
    relations: HashMap<u32, (String, Option<String>)>,
    /// The day of time 0.
    start: Day,
    /// Time between two days.
    unit: Day,
}

impl Ids {
    /// Reads the names beside a file that begins so. `start` is the day of time 0, where the file does not say it.
    ///
    /// # Errors
    /// Names are missing, or the day of time 0 is not known.
    pub(super) fn beside(file: &str, head: &str, start: Option<Date>, ontology: &Ontology) -> Result<Self, Failure> {
        let folder = Path::new(file).parent().unwrap_or(Path::new("."));
        let read = |name: &str| {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(err) if err.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(err) => Err(Failure::io("read", &path.display().to_string(), &err)),
            }
        };
        let needed = |name: &str| {
            read(name)?.ok_or_else(|| {
                Failure::new(format!("{file} holds ids, and there is no {name} beside it"))
                    .hint("entity2id.txt and relation2id.txt come with the collection: a name and its number a line, with a tab between")
            })
        };
        let names = |text: &str| -> HashMap<u32, String> {
            text.lines()
                .filter_map(|l| l.rsplit_once('\t'))
                .filter_map(|(name, id)| Some((number(id)?, name.trim().replace('_', " "))))
                .collect()
        };
        let column = |text: Option<String>| -> HashMap<u32, String> {
            let rows = text.as_deref().unwrap_or("").lines().map(|l| l.split('\t').collect::<Vec<_>>()).collect::<Vec<_>>();
            rows.iter().filter_map(|r| Some((number(r.first()?)?, some(r.get(2)?)?))).collect()
        };
        let mut countries = column(read(FILES_BESIDE[2])?);
        let mut codes = column(read(FILES_BESIDE[3])?);
        let known = names_of_codes(ontology);
        let actors = names(&needed(FILES_BESIDE[0])?).into_iter().map(|(id, name)| (id, (name, countries.remove(&id)))).collect();
        let relations = names(&needed(FILES_BESIDE[1])?).into_iter().map(|(id, name)| {
            let code = codes.remove(&id).or_else(|| known.get(&plain(&name)).cloned());
            (id, (name, code))
        });
        let said = head.lines().next().filter(|l| l.starts_with('#')).and_then(|l| l.split_once("0 = ")?.1.get(..10)?.parse().ok());
        let Some(start) = start.or(said) else {
            return Err(Failure::new(format!("{file} counts time from a day it does not name"))
                .hint("give the day of time 0: --start 2018-01-01 for ICEWS18, 2014-01-01 for ICEWS14, 2005-01-01 for ICEWS05-15"));
        };
        Ok(Self { actors, relations: relations.collect(), start: day::number(start), unit: unit(head) })
    }
}

/// A name without case, marks and the codebook's "not specified below".
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(", not specified below", "");
    name.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn names_of_codes(ontology: &Ontology) -> HashMap<String, String> {
    let mut out = HashMap::new();
    // Of a root and its unspecified code, which share a name, the latter.
    for (code, name) in ontology.codes().into_iter().filter(|(code, _)| code.len() > 2) {
        out.entry(plain(name)).or_insert_with(|| code.to_owned());
    }
    let more = FILES.iter().find(|(path, _)| *path == "import/relations.csv").map_or("", |(_, text)| *text);
    let mut more = csv::Reader::from_reader(more.as_bytes());
    out.extend(more.deserialize::<(String, String)>().flatten().map(|(name, code)| (plain(&name), code)));
    out
}

/// Whether a line is a row of ids: four whole numbers or more, parted by tabs.
pub(super) fn is_row(line: &str) -> bool {
    let cells: Vec<&str> = line.trim_end().split('\t').collect();
    (4..=5).contains(&cells.len()) && cells.iter().enumerate().all(|(i, c)| c.parse::<i64>().is_ok_and(|n| i == 4 || n >= 0))
}

/// Time is in hours when only whole days of hours occur, else in days.
fn unit(head: &str) -> Day {
    // The last line may be cut.
    let whole = head.rfind('\n').map_or("", |i| &head[..i]);
    let mut times = whole.lines().filter(|l| is_row(l)).filter_map(|l| number::<Day>(l.split('\t').nth(3)?)).filter(|t| *t > 0).peekable();
    if times.peek().is_some() && times.all(|t| t % 24 == 0) { 24 } else { 1 }
}

pub(super) fn event(context: &Context<'_>, c: &[&str]) -> Result<ImportRow, String> {
    let Some(ids) = &context.ids else { return Err("the names of the ids are not known".to_owned()) };
    if !(4..=5).contains(&c.len()) {
        return Err(format!("{} columns instead of 4", c.len()));
    }
    let id = |cell: &str| number::<u32>(cell).ok_or_else(|| format!("\"{cell}\" is no id"));
    let actor = |cell: &str| ids.actors.get(&id(cell)?).ok_or_else(|| format!("no actor has the id {cell}"));
    let (source, target) = (actor(c[0])?, actor(c[2])?);
    let (name, code) = ids.relations.get(&id(c[1])?).ok_or_else(|| format!("no relation has the id {}", c[1]))?;
    let code = code.clone().ok_or_else(|| format!("no CAMEO code is called \"{name}\""))?;
    let time = number::<Day>(c[3]).filter(|t| *t >= 0).ok_or_else(|| format!("\"{}\" is no time", c[3]))?;
    if time % ids.unit != 0 {
        return Err(format!("time {time} is no whole day of {} hours", ids.unit));
    }
    let day = ids
        .start
        .checked_add(time / ids.unit)
        .filter(|d| *d < day::number(Date::MAX))
        .ok_or_else(|| format!("no calendar has day {time}"))?;
    let side = |(name, country): &(String, Option<String>)| side(context.actors, name, country.as_deref());
    let (s, t) = (side(source), side(target));
    let plover = context.ontology.plover(&code);
    let event = ImportedEvent {
        day: Some(day::date(day).to_string()),
        source: s.code,
        source_name: Some(source.0.clone()),
        source_country: s.country,
        source_sector: s.sector,
        target: t.code,
        target_name: Some(target.0.clone()),
        target_country: t.country,
        target_sector: t.sector,
        quad: context.ontology.quad(&code),
        plover: plover.map(|p| p.event.clone()),
        plover_mode: plover.and_then(|p| p.mode.clone()),
        goldstein: context.ontology.goldstein(&code).map(f64::from).map(|g| (g * 10.0).round() / 10.0),
        cameo: Some(code),
        ..ImportedEvent::default()
    };
    Ok(ImportRow::Event(Box::new(event), None))
}

/// "Police (Iran)", with its country where a file tells it.
fn side(actors: &Actors, name: &str, country: Option<&str>) -> super::actors::Side {
    let (head, inside) = match name.strip_suffix(')').and_then(|n| n.rsplit_once(" (")) {
        Some((head, inside)) => (head, Some(inside)),
        None => (name, None),
    };
    let country = country.or_else(|| inside.filter(|c| actors.country(c).is_some())).unwrap_or(name);
    actors.side(name, head, country)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_core::knowledge::Knowledge;

    #[test]
    fn rows_and_units() {
        let check = |line: &str, expect: bool| assert_eq!(is_row(line), expect, "{line}");
        check("0\t3\t12\t0", true);
        check("0\t3\t12\t24\t-1\r", true);
        check("0\t3\t12", false);
        check("-1\t3\t12\t0", false);
        check("id\tname\tiso3\thow", false);
        assert_eq!((unit("0\t0\t1\t0\n0\t0\t1\t24\n0\t0\t1\t4"), unit("0\t0\t1\t0\n0\t0\t1\t1\n"), unit("")), (24, 1, 1));
    }

    #[test]
    fn names_find_their_codes_and_countries() {
        let knowledge = Knowledge::embedded().unwrap();
        let codes = names_of_codes(&knowledge.ontology);
        let check = |name: &str, expect: &str| assert_eq!(codes.get(&plain(name)).map_or("", String::as_str), expect, "{name}");
        check("Make statement", "010");
        check("Use conventional military force", "190");
        check("Conduct suicide, car, or other non military bombing", "183");
        check("Carry out car bombing", "1832");
        check("Mediate", "045");
        check("Sing", "");
        let actors = Actors::new(knowledge);
        let check = |name: &str, country: Option<&str>, code: &str| {
            assert_eq!(side(&actors, name, country).code.unwrap_or_default(), code, "{name}");
        };
        check("Israel", None, "ISR");
        check("Military (Iran)", None, "IRNMIL");
        check("Citizen (Nigeria)", Some("NGA"), "NGA");
        check("Somebody Unheard Of", Some("RUS"), "RUS");
        check("Somebody Unheard Of", None, "");
    }
}
