//! A user's own files laid over the compiled-in ones: entries are added, replaced and switched off.

use super::outlets::cells;
use super::words::words;
use super::{Problem, Severity};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A file of knowledge to be read.
#[derive(Clone, Debug)]
pub struct File<'a> {
    /// Path under `knowledge/`, which tells what it holds.
    pub path: &'a str,
    /// How it is called in messages.
    pub label: Cow<'a, str>,
    /// TOML, JSON or CSV.
    pub text: Cow<'a, str>,
    /// One of the user's, which wins over the others.
    pub own: bool,
}

impl<'a> File<'a> {
    /// A file as it stands.
    pub fn plain(path: &'a str, text: &'a str) -> Self {
        Self { path, label: Cow::Borrowed(path), text: Cow::Borrowed(text), own: false }
    }
}

/// How the files of a path are laid over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    /// States, bodies, people: by name, across files.
    Actors,
    /// Words.
    Agents,
    /// Frames by id, operators by name, across files.
    Frames,
    /// Classes of words, by name.
    Classes,
    /// A table read row by row, the own one after the other; how many cells are its key.
    Rows(usize),
    /// A table that has to be one text.
    Table,
    /// Replaced as a whole.
    Whole,
}

fn family(path: &str) -> Option<Family> {
    Some(match path {
        "frames/compose.csv" => Family::Rows(2),
        "outlets.csv" => Family::Rows(1),
        "cameo.csv" | "plover.csv" | "goldstein.csv" | "acts.csv" => Family::Table,
        "grammar.toml" => Family::Whole,
        p if !p.ends_with(".toml") => return None,
        p if p.starts_with("actors/agents") => Family::Agents,
        p if p.starts_with("actors/") => Family::Actors,
        p if p.starts_with("frames/classes") => Family::Classes,
        p if p.starts_with("frames/") => Family::Frames,
        p if p.starts_with("cues/") => Family::Whole,
        _ => return None,
    })
}

/// Whether the files are a whole knowledge of their own rather than some to be laid over another.
fn whole(own: &[(String, String)]) -> bool {
    ["cameo.csv", "grammar.toml"].iter().all(|needed| own.iter().any(|(path, _)| path == needed))
}

/// What the own files of a family do to the others.
#[derive(Default)]
struct Wish {
    /// Entries they give anew.
    given: BTreeSet<String>,
    /// Names, words, ids to be switched off, with file and whether anything bore them.
    off: BTreeMap<String, (String, bool)>,
    /// Lists that grow: section, key, words.
    lists: Vec<(String, String, Vec<Value>)>,
}

/// Lays `own` files over the `base`. Problems are about the own files alone.
pub(super) fn lay<'a>(base: &[(&'a str, &'a str)], own: &'a [(String, String)], folder: &str) -> (Vec<File<'a>>, Vec<Problem>) {
    let mut problems = Vec::new();
    if whole(own) {
        return (own.iter().map(|(path, text)| File::plain(path, text)).collect(), problems);
    }
    let label = |path: &str| format!("{}/{path}", folder.trim_end_matches('/'));
    let mut wishes: BTreeMap<Family, Wish> = BTreeMap::new();
    let mut mine: Vec<File<'a>> = Vec::new();
    for (path, text) in own {
        let file = label(path);
        let Some(family) = family(path) else {
            problems.push(Problem::warning(&file, "no file of this path is read", "see the table of files in knowledge/README.md"));
            continue;
        };
        let mut text = Cow::Borrowed(text.as_str());
        let wish = wishes.entry(family).or_default();
        if matches!(family, Family::Actors | Family::Agents | Family::Frames | Family::Classes) {
            let table: Map<String, Value> = match super::load::read(&text) {
                Ok(table) => table,
                Err(e) => {
                    problems.push(Problem::error(&file, e, "mend the file"));
                    continue;
                }
            };
            if let Some(rest) = gather(family, &file, table, wish) {
                text = Cow::Owned(rest);
            }
        } else if let Family::Rows(key) = family {
            wish.given.extend(rows(&text).map(|r| row_key(&r, key)));
        }
        mine.push(File { path, label: Cow::Owned(file), text, own: true });
    }
    let mut out: Vec<File<'a>> = Vec::new();
    for (path, text) in base {
        let same = mine.iter().position(|f| f.path == *path);
        let text = match (family(path), same) {
            (Some(Family::Whole), Some(_)) => continue,
            (Some(Family::Table), Some(at)) => Cow::Owned(tabled(text, &mine.remove(at).text)),
            (Some(Family::Rows(key)), Some(_)) => {
                let wish = wishes.get(&Family::Rows(key));
                let kept = |line: &&str| !wish.is_some_and(|w| w.given.contains(&row_key(&cells(line), key)));
                Cow::Owned(text.lines().filter(kept).collect::<Vec<_>>().join("\n"))
            }
            (Some(family), _) => match wishes.get_mut(&family) {
                Some(wish) => sifted(family, text, wish).map_or(Cow::Borrowed(*text), Cow::Owned),
                None => Cow::Borrowed(*text),
            },
            (None, _) => Cow::Borrowed(*text),
        };
        out.push(File { path, label: Cow::Borrowed(path), text, own: false });
    }
    for (name, (file, found)) in wishes.values().flat_map(|w| &w.off) {
        if !found {
            problems.push(Problem::warning(file, format!("off: nothing is called \"{name}\""), "write the name as the entry has it"));
        }
    }
    for row in mine.iter_mut().filter(|f| matches!(family(f.path), Some(Family::Rows(_)))) {
        let key = if row.path == "outlets.csv" { 1 } else { 2 };
        let said = |line: &&str| cells(line).iter().skip(key).any(|c| !c.is_empty());
        row.text = Cow::Owned(row.text.lines().map(|l| if said(&l) { l } else { "" }).collect::<Vec<_>>().join("\n"));
    }
    out.extend(mine);
    (out, problems)
}

fn rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.lines().skip(1).filter(|l| !l.trim().is_empty()).map(cells)
}

fn row_key(row: &[String], cells: usize) -> String {
    row.iter().take(cells).cloned().collect::<Vec<_>>().join(",")
}

/// Rows of `own` in place of those of `base` with the same first cell; a row of nothing else goes.
fn tabled(base: &str, own: &str) -> String {
    let given: BTreeSet<String> = rows(own).map(|r| row_key(&r, 1)).collect();
    let kept = base.lines().enumerate().filter(|(i, l)| *i == 0 || !given.contains(&row_key(&cells(l), 1))).map(|(_, l)| l);
    let added = own.lines().skip(1).filter(|l| cells(l).iter().skip(1).any(|c| !c.is_empty()));
    kept.chain(added).collect::<Vec<_>>().join("\n")
}

/// A name as names are compared.
fn plain(name: &str) -> String {
    words(name).join(" ")
}

/// The name an entry goes by: of a person, a body, a force, a frame, a qualifier.
fn called(entry: &Value) -> Option<&str> {
    let first = || entry.get("names")?.as_array()?.first()?.as_str();
    ["id", "name", "word"].iter().find_map(|key| entry.get(key)?.as_str()).or_else(first)
}

/// Notes what an own file wants. Its text again when it had to be changed.
fn gather(family: Family, file: &str, mut table: Map<String, Value>, wish: &mut Wish) -> Option<String> {
    for name in table.get("off").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        wish.off.insert(plain(name), (file.to_owned(), false));
    }
    for entries in table.values().filter_map(Value::as_array) {
        for entry in entries {
            wish.given.extend(called(entry).map(plain));
            if family == Family::Agents {
                let words = entry.get("words").and_then(Value::as_array).into_iter().flatten();
                wish.given.extend(words.filter_map(Value::as_str).map(plain));
            }
        }
    }
    if family == Family::Classes {
        wish.given.extend(table.get("classes").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| plain(name)));
    }
    if family != Family::Agents {
        return None;
    }
    let mut changed = false;
    for section in ["modifiers", "relational"] {
        let Some(Value::Object(lists)) = table.remove(section) else { continue };
        changed = true;
        for (key, list) in lists {
            if let Value::Array(list) = list {
                wish.lists.push((section.to_owned(), key, list));
            }
        }
    }
    changed.then(|| Value::Object(table).to_string())
}

/// A file of the base without what own files give anew or switch off; `None` when it stays as it is.
fn sifted(family: Family, text: &str, wish: &mut Wish) -> Option<String> {
    if wish.given.is_empty() && wish.off.is_empty() && wish.lists.is_empty() {
        return None;
    }
    let mut table: Map<String, Value> = super::load::read(text).ok()?;
    let mut changed = false;
    if let Some(classes) = table.get_mut("classes").and_then(Value::as_object_mut) {
        let before = classes.len();
        classes.retain(|name, _| !dropped(name, wish, true));
        changed |= classes.len() != before;
    }
    for (key, value) in &mut table {
        // Tests of an entry that is gone, or another's now, cannot hold.
        let Value::Array(list) = value else {
            if let (Value::Object(lists), true) = (value, family == Family::Agents) {
                for (section, name, more) in wish.lists.iter().filter(|(section, _, _)| section == key) {
                    if let Some(list) = lists.get_mut(name).and_then(Value::as_array_mut) {
                        changed |= !section.is_empty();
                        list.extend(more.iter().cloned());
                    }
                }
                for list in lists.values_mut().filter_map(Value::as_array_mut) {
                    changed |= thinned(list, wish, false);
                }
            }
            continue;
        };
        if key == "test" {
            let before = list.len();
            list.retain(|t| !t.get("text").and_then(Value::as_str).is_some_and(|text| touches(text, wish)));
            changed |= list.len() != before;
            continue;
        }
        changed |= thinned(list, wish, false);
        let before = list.len();
        list.retain(|entry| !called(entry).is_some_and(|name| dropped(name, wish, true)));
        changed |= list.len() != before;
        for entry in list.iter_mut().filter_map(Value::as_object_mut) {
            for (name, names) in entry.iter_mut() {
                if let (Value::Array(names), false) =
                    (names, matches!(name.as_str(), "office" | "yes" | "no" | "todo" | "verbs" | "nouns" | "adjs"))
                {
                    changed |= thinned(names, wish, family == Family::Agents);
                }
            }
        }
    }
    changed.then(|| Value::Object(table).to_string())
}

/// Takes the words out of a list that are switched off, and with `given` those that own files give.
fn thinned(list: &mut Vec<Value>, wish: &mut Wish, given: bool) -> bool {
    let before = list.len();
    list.retain(|word| !word.as_str().is_some_and(|w| dropped(w, wish, given)));
    list.len() != before
}

fn dropped(name: &str, wish: &mut Wish, given: bool) -> bool {
    let name = plain(name);
    if let Some((_, found)) = wish.off.get_mut(&name) {
        *found = true;
        return true;
    }
    given && wish.given.contains(&name)
}

/// Whether a test's text holds a name that was given anew or switched off.
fn touches(text: &str, wish: &Wish) -> bool {
    let text = format!(" {} ", plain(text));
    wish.given.iter().chain(wish.off.keys()).any(|name| text.contains(&format!(" {name} ")))
}

/// Gives problems the line that the words in question stand on.
pub(super) fn locate(problems: &mut [Problem], file: &str, text: &str) {
    for problem in problems.iter_mut().filter(|p| p.line.is_none() && p.file == file) {
        let quoted = problem.what.split('"').skip(1).step_by(2);
        let before = problem.what.split(": ").next().into_iter();
        let found = quoted.chain(before).filter(|w| !w.is_empty()).find_map(|w| {
            let written = format!("\"{w}\"");
            let lines = || text.lines().enumerate();
            lines().find(|(_, l)| l.contains(&written)).or_else(|| lines().find(|(_, l)| l.contains(w)))
        });
        problem.line = found.map(|(i, _)| i + 1);
    }
}

/// Whether any of them makes the knowledge unusable.
pub(super) fn broken(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::super::Knowledge;
    use super::super::load::FILES;
    use super::*;

    fn load(own: &[(&str, &str)]) -> Result<Knowledge, Vec<Problem>> {
        let own: Vec<(String, String)> = own.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect();
        Knowledge::laid_over(FILES, &own, "own")
    }

    fn code(k: &Knowledge, name: &str) -> Option<String> {
        let parts = words(name);
        let found = k.actors.at(&parts, &vec![true; parts.len()]);
        let best = found.iter().filter(|f| f.words == parts.len()).max_by_key(|f| k.actors.list[f.actor].own)?;
        Some(k.actors.list[best.actor].code.clone())
    }

    #[test]
    fn entries_are_added_replaced_and_switched_off() {
        let k = load(&[
            ("actors/mine.toml", "off = [\"Hezbollah\"]\n[[actor]]\ncode = \"FRAREB\"\nname = \"Zenda Front\"\n[[actor]]\ncode = \"FRAREB\"\nname = \"Boko Haram\"\n"),
            ("actors/states/FRA.toml", "code = \"FRA\"\nplaces = [\"Zendaville\"]\n[[person]]\nname = \"Rudolf Rassendyll\"\n"),
            ("actors/agents-mine.toml", "[[agent]]\nsector = \"SPY\"\nwords = [\"farmer\", \"zitherist\"]\n[modifiers]\nformer = [\"quondam\"]\n"),
            ("frames/mine.toml", "off = [\"threaten\"]\n[[frame]]\nid = \"zither\"\ncode = \"010\"\nverbs = [\"zither TARGET\"]\n"),
            ("outlets.csv", "name,variants,country,kind,language,owner\nReuters,,FRA,agency,en,\nZenda Post,,FRA,paper,fr,\n"),
        ])
        .unwrap();
        assert_eq!(code(&k, "Zenda Front").as_deref(), Some("FRAREB"));
        assert_eq!(code(&k, "Boko Haram").as_deref(), Some("FRAREB"));
        assert_eq!(code(&k, "Hezbollah"), None);
        assert_eq!(code(&k, "Zendaville").as_deref(), Some("FRA"));
        assert_eq!(code(&k, "France").as_deref(), Some("FRA"), "the rest of the state stays");
        assert_eq!(code(&k, "Rudolf Rassendyll").as_deref(), Some("FRA"));
        let sector = |word: &str| k.agents.with_head(word).iter().find(|a| a.words == [word]).map(|a| a.sector.as_str());
        assert_eq!(sector("farmer"), Some("SPY"));
        assert_eq!(sector("zitherist"), Some("SPY"));
        assert_eq!(sector("soldier"), Some("MIL"));
        assert!(k.agents.modifiers.former.contains("quondam") && k.agents.modifiers.former.contains("former"));
        assert!(k.frames.by_id("zither").is_some());
        let outlet = |name: &str| k.outlets.list.iter().filter(|o| o.name == name).map(|o| o.country.clone()).collect::<Vec<_>>();
        assert_eq!(outlet("Reuters"), ["FRA"]);
        assert_eq!(outlet("Zenda Post"), ["FRA"]);
    }

    #[test]
    fn mistakes_name_file_and_line() {
        let first = |own: &[(&str, &str)]| {
            let problems = load(own).map(|k| k.warnings).unwrap_or_else(|p| p);
            let p = problems.into_iter().find(|p| p.file.starts_with("own/")).unwrap();
            (p.file, p.line, p.what)
        };
        let (file, line, what) = first(&[("actors/mine.toml", "[[actor]]\ncode = \"FRA\"\nname = \"Z\"\ncolour = \"red\"\n")]);
        assert_eq!((file.as_str(), line), ("own/actors/mine.toml", Some(4)), "{what}");
        let (_, line, what) = first(&[("actors/mine.toml", "[[actor]]\ncode = \"FRA\"\nname = \"Z\n")]);
        assert_eq!(line, Some(3), "{what}");
        let (_, line, what) = first(&[("actors/mine.toml", "[[actor]]\ncode = \"FRA\"\nname = \"Zed\"\nfrom = \"soon\"\n")]);
        assert_eq!(line, Some(4), "{what}");
        let (_, line, what) = first(&[("actors/mine.toml", "\noff = [\"Nobody at all\"]\n")]);
        assert_eq!(line, Some(2), "{what}");
        let (_, _, what) = first(&[("actor/mine.toml", "")]);
        assert!(what.contains("no file of this path"), "{what}");
    }

    #[test]
    fn a_whole_knowledge_stands_alone() {
        let own: Vec<(String, String)> = FILES.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect();
        let (files, problems) = lay(FILES, &own, "own");
        assert!(problems.is_empty());
        assert_eq!(files.len(), FILES.len());
    }
}
