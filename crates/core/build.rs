//! Lists the files of `knowledge/` so that they are compiled in; TOML as JSON, which is read ten times
//! as fast each time the program starts. Rewrites the patterns for lines, and reads actors and frames into
//! finished tables, for the same reason. The reading is the program's own code.
#![allow(dead_code, missing_docs)]

#[path = "src/knowledge/actors.rs"]
mod actors;
#[path = "src/knowledge/cells.rs"]
mod cells;
#[path = "src/model/date.rs"]
mod date;
#[path = "src/knowledge/frames.rs"]
mod frames;
#[path = "src/knowledge/packed.rs"]
mod packed;
#[path = "src/knowledge/pattern.rs"]
mod pattern;
#[path = "src/knowledge/people.rs"]
mod people;
#[path = "src/knowledge/problem.rs"]
mod problem;
#[path = "src/knowledge/sound.rs"]
mod sound;
#[path = "src/knowledge/words.rs"]
mod words;

use problem::{Problem, Severity};

/// What the shared files know by the names they have in the program.
mod model {
    pub use crate::date::{Date, days, parse_loose};
}
mod load {
    pub fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, String> {
        serde_json::from_str(json).map_err(|e| e.to_string())
    }
}

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn walk(dir: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            out.push(path);
        }
    }
    Ok(())
}

/// The file as JSON, whole and without what only `detente check` and readers of the file ask for.
fn toml_as_json(file: &Path) -> io::Result<Option<[String; 2]>> {
    if file.extension().is_none_or(|e| e != "toml") {
        return Ok(None);
    }
    let text = fs::read_to_string(file)?;
    let Ok(mut table) = text.parse::<toml::Table>() else { return Ok(None) };
    let json = |table: &toml::Table| serde_json::to_string(table).map_err(io::Error::other);
    let whole = json(&table)?;
    table.remove("test");
    table.iter_mut().for_each(|(_, value)| bare(value));
    Ok(Some([whole, json(&table)?]))
}

/// Takes tests and the days on which an office was looked up out of a list of entries.
fn bare(entries: &mut toml::Value) {
    for entry in entries.as_array_mut().into_iter().flatten().filter_map(toml::Value::as_table_mut) {
        for key in ["yes", "no", "todo", "checked"] {
            entry.remove(key);
        }
        entry.iter_mut().for_each(|(_, value)| bare(value));
    }
}

/// The lists of line patterns, as `knowledge::furniture` and `knowledge::text_cues` ask for them: of
/// each array of tables the regexes in order.
fn line_patterns(root: &Path) -> io::Result<String> {
    let mut code = String::from("static PREPARED: &[Prepared] = &[\n");
    for file in ["cues/furniture.toml", "cues/layout.toml"] {
        let Ok(table) = fs::read_to_string(root.join(file))?.parse::<toml::Table>() else { continue };
        for rows in table.values().filter_map(toml::Value::as_array) {
            let sources: Vec<&str> = rows.iter().filter_map(|r| r.get("regex")?.as_str()).collect();
            // What is no pattern is told of when the file is read.
            let Ok(cells::Lowered { cells, exact, needs, bounded }) = cells::lower(&sources) else { continue };
            let bytes = |list: &[Vec<u8>]| list.iter().map(|s| format!("b\"{}\", ", s.escape_ascii())).collect::<String>();
            let exact = bytes(&exact);
            let needs: String = needs.iter().map(|n| format!("({}, &[{}]), ", n.first, bytes(&n.strings))).collect();
            writeln!(
                code,
                "Prepared {{ sources: &{sources:?}, cells: &{cells:?}, exact: &[{exact}], needs: &[{needs}], bounded: &{bounded:?} }},"
            )
            .map_err(io::Error::other)?;
        }
    }
    code.push_str("];\n");
    Ok(code)
}

/// Actors, their sounds, and frames; empty, which cannot be read, when something is wrong with the files: the
/// program then reads these, and says what.
fn tables(files: &[(String, String)]) -> io::Result<[(&'static str, Vec<u8>); 3]> {
    let mut problems = Vec::new();
    let (mut actors, mut frames) = (actors::Actors::default(), frames::Frames::default());
    frames.trusted = true;
    for (path, text) in files.iter().filter(|(path, _)| frames::is_classes(path)) {
        frames.add_classes(path, text, &mut problems);
    }
    for (path, text) in files {
        frames.add_file(path, path, text, &mut problems);
        actors.add_file(path, path, text, &mut problems);
    }
    frames.seal();
    actors.seal();
    if problems.iter().any(|p: &Problem| p.severity == Severity::Error) {
        return Ok(["ACTORS", "SOUNDS", "FRAMES"].map(|name| (name, Vec::new())));
    }
    fn bytes<T: serde::Serialize>(table: &T) -> io::Result<Vec<u8>> {
        postcard::to_allocvec(table).map_err(io::Error::other)
    }
    Ok([("ACTORS", bytes(&actors)?), ("SOUNDS", bytes(actors.sounds())?), ("FRAMES", bytes(&frames)?)])
}

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let root = manifest.join("../../knowledge").canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut files = Vec::new();
    walk(&root, &mut files)?;
    files.sort();
    let mut whole = String::from(
        "/// The compiled-in files: path under `knowledge/`, content; TOML files as JSON.\npub static FILES: &[(&str, &str)] = &[\n",
    );
    let mut lean =
        String::from("/// The compiled-in files without the tests inside them.\npub static WITHOUT_TESTS: &[(&str, &str)] = &[\n");
    let mut texts = Vec::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        // What is no TOML goes in as it is: `detente check` says what is wrong with it.
        let json = toml_as_json(file)?;
        texts.push((name.clone(), json.as_ref().map_or_else(|| fs::read_to_string(file), |[_, lean]| Ok(lean.clone()))?));
        for (kind, code) in [&mut whole, &mut lean].into_iter().enumerate() {
            let mut at = file.clone();
            if let Some(json) = &json {
                at = out.join(format!("{}.{kind}.json", name.replace('/', "__")));
                fs::write(&at, &json[kind])?;
            }
            writeln!(code, "    ({name:?}, include_str!({:?})),", at.display()).map_err(io::Error::other)?;
        }
    }
    fs::write(out.join("line_patterns.rs"), line_patterns(&root)?)?;
    let mut code = format!("{whole}];\n{lean}];\n");
    for (name, bytes) in tables(&texts)? {
        let at = out.join(format!("{name}.bin"));
        fs::write(&at, bytes)?;
        writeln!(code, "pub static {name}: &[u8] = include_bytes!({:?});", at.display()).map_err(io::Error::other)?;
    }
    fs::write(out.join("knowledge_files.rs"), code)
}
