//! Reads every knowledge file once.

use super::Problem;
use super::actors::{ActorTest, Actors};
use super::agents::Agents;
use super::attitudes::Attitudes;
use super::cues::Cues;
use super::frames::{Frames, is_classes};
use super::gazetteer::Gazetteer;
use super::grammar::Grammar;
use super::irregular::Irregular;
use super::nouns::Nouns;
use super::ontology::Ontology;
use super::outlets::{Outlets, cells};
use super::overlay::{File, broken, lay, locate};
use super::sense::Senses;
use super::tellings::TellingWords;
use super::text_cues::TextCues;
use super::time::TimeWords;
use std::sync::{Arc, OnceLock};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/knowledge_files.rs"));
}

pub use embedded::{FILES, WITHOUT_TESTS};

/// Reads a file of knowledge: TOML as a person writes it, or the same as JSON.
pub(super) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    // No TOML file begins with a brace.
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|e| e.to_string());
    }
    serde_json::from_str(&super::plain::json(text)?).map_err(|e| {
        let message = e.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        format!("line {}: {what}", e.line())
    })
}

/// Everything the coder knows.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// States, bodies, groups, people.
    pub actors: Arc<Actors>,
    /// Common nouns and titles.
    pub agents: Agents,
    /// Deeds and operators.
    pub frames: Frames,
    /// Words of attitude.
    pub attitudes: Attitudes,
    /// Attribution cues.
    pub cues: Cues,
    /// Furniture lines, abbreviations and whatever else the text stage asks for.
    pub text: Arc<TextCues>,
    /// Codes, names, scales.
    pub ontology: Ontology,
    /// Outlets.
    pub outlets: Outlets,
    /// Closed-class words.
    pub grammar: Grammar,
    /// Dictionary words of irregular forms.
    pub irregular: Irregular,
    /// Kinds of common nouns.
    pub nouns: Nouns,
    /// Time words.
    pub time: TimeWords,
    /// Places of the world.
    pub places: Gazetteer,
    /// Words of sport, mishaps, crime and tales.
    pub senses: Senses,
    /// Words that compare tellings of events.
    pub tellings: TellingWords,
    /// CAMEO prefix → statement act, longest prefix first.
    pub acts: Vec<(String, String)>,
    /// Tests of the actor files: file, test.
    pub actor_tests: Vec<(String, ActorTest)>,
    /// What was found wrong on the way; warnings only, once loaded.
    pub warnings: Vec<Problem>,
    /// Files that are not compiled in, as people wrote them: name in messages, text.
    pub(super) sources: Vec<(String, String)>,
}

impl Knowledge {
    /// The compiled-in knowledge, read once; the tests inside the files are left out, which are half
    /// of them.
    ///
    /// # Errors
    /// The problems that make it unusable; `detente check` prints them all.
    pub fn embedded() -> Result<&'static Knowledge, &'static [Problem]> {
        static CELL: OnceLock<Result<Knowledge, Vec<Problem>>> = OnceLock::new();
        CELL.get_or_init(|| Self::read(&plain(WITHOUT_TESTS), Vec::new(), true)).as_ref().map_err(Vec::as_slice)
    }

    /// Reads files given as (path under `knowledge/`, content).
    ///
    /// # Errors
    /// All problems, when one of them is an error.
    pub fn load(files: &[(&str, &str)]) -> Result<Knowledge, Vec<Problem>> {
        Self::read(&plain(files), Vec::new(), false)
    }

    /// Reads files laid over others, see `knowledge/README.md`; `folder` is how messages call theirs.
    ///
    /// # Errors
    /// All problems, when one of them is an error.
    pub fn laid_over(base: &[(&str, &str)], own: &[(String, String)], folder: &str) -> Result<Knowledge, Vec<Problem>> {
        let (files, problems) = lay(base, own, folder);
        let mut read = Self::read(&files, problems, false);
        let labels = files.iter().filter(|f| f.own || !base.iter().any(|(_, text)| *text == f.text));
        let sources: Vec<(String, String)> =
            labels.filter_map(|f| Some((f.label.to_string(), own.iter().find(|(path, _)| *path == f.path)?.1.clone()))).collect();
        let problems = match &mut read {
            Ok(k) => &mut k.warnings,
            Err(problems) => problems,
        };
        for (path, text) in own {
            let label = format!("{}/{path}", folder.trim_end_matches('/'));
            locate(problems, &label, text);
            locate(problems, path, text);
        }
        if let Ok(k) = &mut read {
            k.sources = sources;
        }
        read
    }

    /// `trusted` files are those compiled in: their frames come as a finished table, with patterns that
    /// `detente check` has read before.
    fn read(files: &[File<'_>], mut problems: Vec<Problem>, trusted: bool) -> Result<Knowledge, Vec<Problem>> {
        let mut k = Knowledge::default();
        let text = |path: &str| files.iter().rev().find(|f| f.path == path).map_or("", |f| &*f.text);
        let made = if trusted { postcard::from_bytes::<Frames>(embedded::FRAMES).ok() } else { None };
        let read_frames = made.is_none();
        match made {
            Some(frames) => k.frames = frames,
            None => {
                for file in files.iter().filter(|f| is_classes(f.path)) {
                    k.frames.add_classes(&file.label, &file.text, &mut problems);
                }
            }
        }
        for file in files {
            let (label, content): (&str, &str) = (&file.label, &file.text);
            match file.path {
                p if p.starts_with("actors/agents") => {
                    let tests = k.agents.add(label, content, &mut problems);
                    k.actor_tests.extend(tests.into_iter().map(|t| (label.to_owned(), t)));
                }
                p if p.starts_with("frames/") && read_frames => k.frames.add_file(p, label, content, &mut problems),
                "cues/attitudes.toml" => k.attitudes.add(label, content, &mut problems),
                "cues/attribution.toml" => k.cues.add(label, content, &mut problems),
                "cues/sense.toml" => k.senses.add(label, content, &mut problems),
                "cues/tellings.toml" => k.tellings.add(label, content, &mut problems),
                "cues/time.toml" => k.time.add(label, content, &mut problems),
                "nouns.csv" => k.nouns.add(label, content, trusted, &mut problems),
                "irregular.csv" => k.irregular.add(label, content, &mut problems),
                "places.csv" => k.places.add(label, content, &mut problems),
                "outlets.csv" => k.outlets.add(label, content, &mut problems),
                _ => {}
            }
        }
        match Ontology::load(text("cameo.csv"), text("plover.csv"), text("goldstein.csv")) {
            Ok(o) => k.ontology = o,
            Err(e) => problems.push(Problem::error("cameo.csv", e, "mend the table")),
        }
        match text_cues(text) {
            Ok(t) => k.text = t,
            Err(e) => problems.push(Problem::error("cues/furniture.toml", e, "mend the file")),
        }
        match read(text("grammar.toml")) {
            Ok(g) => k.grammar = g,
            Err(e) => problems.push(Problem::error("grammar.toml", e, "mend the file")),
        }
        for line in text("acts.csv").lines().skip(1) {
            if let [code, act, ..] = cells(line).as_slice() {
                k.acts.push((code.clone(), act.clone()));
            }
        }
        k.acts.sort_by_key(|(code, _)| std::cmp::Reverse(code.len()));
        let (actors, tests, wrong) = if trusted { compiled_in().clone() } else { who(files) };
        k.actors = actors;
        k.actor_tests.extend(tests);
        problems.extend(wrong);
        if read_frames {
            k.frames.seal();
        }
        if broken(&problems) {
            return Err(problems);
        }
        k.warnings = problems;
        Ok(k)
    }

    /// Statement act of a verbal event's code, by the longest prefix.
    pub fn act(&self, code: &str) -> Option<&str> {
        self.acts.iter().find(|(prefix, _)| code.starts_with(prefix.as_str())).map(|(_, act)| act.as_str())
    }
}

fn plain<'a>(files: &[(&'a str, &'a str)]) -> Vec<File<'a>> {
    files.iter().map(|(path, text)| File::plain(path, text)).collect()
}

/// Actors, tests in their files, and what is wrong with these.
type Who = (Arc<Actors>, Vec<(String, ActorTest)>, Vec<Problem>);

fn who(files: &[File<'_>]) -> Who {
    let (mut actors, mut all, mut problems) = (Actors::default(), Vec::new(), Vec::new());
    for file in files {
        let label: &str = &file.label;
        actors.own = file.own;
        let tests = actors.add_file(file.path, label, &file.text, &mut problems);
        all.extend(tests.into_iter().map(|t| (label.to_owned(), t)));
    }
    actors.seal();
    (Arc::new(actors), all, problems)
}

fn compiled_in() -> &'static Who {
    static CELL: OnceLock<Who> = OnceLock::new();
    // Where the build could not read the files, what is wrong is told as for any others.
    CELL.get_or_init(|| match postcard::from_bytes::<Actors>(embedded::ACTORS) {
        Ok(mut actors) => {
            actors.packed_sounds = Some(embedded::SOUNDS);
            (Arc::new(actors), Vec::new(), Vec::new())
        }
        Err(_) => who(&plain(WITHOUT_TESTS)),
    })
}

/// The compiled-in actors. They take as long to read as much of the rest, so a caller in a hurry asks for
/// them beside [`Knowledge::embedded`].
pub fn embedded_actors() -> Arc<Actors> {
    compiled_in().0.clone()
}

/// Files the text stage's cues are read from, in the order [`TextCues::load`] takes them.
const CUE_FILES: [&str; 4] = ["cues/furniture.toml", "cues/abbreviations.toml", "cues/contractions.toml", "cues/layout.toml"];

fn own(path: &str) -> &'static str {
    WITHOUT_TESTS.iter().find(|(p, _)| *p == path).map_or("", |(_, content)| content)
}

/// The compiled-in cues of the text stage. Their line patterns take as long to build as all the
/// rest takes to read, so a caller in a hurry asks for them beside [`Knowledge::embedded`].
///
/// # Errors
/// What in the files cannot be read.
pub fn embedded_text_cues() -> Result<Arc<TextCues>, String> {
    static CELL: OnceLock<Result<Arc<TextCues>, String>> = OnceLock::new();
    CELL.get_or_init(|| {
        let [a, b, c, d] = CUE_FILES.map(own);
        TextCues::load(a, b, c, d).map(Arc::new)
    })
    .clone()
}

/// Cues from these files; the compiled-in ones are built once.
fn text_cues<'a>(text: impl Fn(&str) -> &'a str) -> Result<Arc<TextCues>, String> {
    let files = CUE_FILES.map(&text);
    if files == CUE_FILES.map(own) {
        return embedded_text_cues();
    }
    let [a, b, c, d] = files;
    TextCues::load(a, b, c, d).map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::super::pattern::Alt;
    use super::*;

    /// Patterns taken on trust are those that were read: same triggers, same patterns, none that holds nowhere.
    #[test]
    fn trusted_patterns_are_those_read_whole() {
        let (lean, whole) = (Knowledge::embedded().unwrap(), Knowledge::load(FILES).unwrap());
        assert_eq!(lean.frames.list.len(), whole.frames.list.len());
        for (a, b) in lean.frames.list.iter().zip(&whole.frames.list) {
            assert_eq!(a.id, b.id);
            assert!(lean.frames.patterns(a).eq(whole.frames.patterns(b)), "{}", a.id);
            for pattern in lean.frames.patterns(a) {
                assert!(!pattern.trigger.heads.is_empty(), "{}: {}", a.id, pattern.text);
                for head in &pattern.trigger.heads {
                    if let Alt::Word(w) = head {
                        assert_eq!(lean.frames.triggers(&w.head), whole.frames.triggers(&w.head), "{}", w.head);
                    }
                }
            }
        }
        assert_eq!(lean.actors.list, whole.actors.list);
        assert_eq!(lean.actors.sounds(), whole.actors.sounds());
        assert!(lean.actors.packed_sounds.is_some() && whole.actors.packed_sounds.is_none());
        assert!(lean.actor_tests.is_empty() && !whole.actor_tests.is_empty());
    }
}
