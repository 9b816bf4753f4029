//! The one place where the shell meets the core: knowledge and model, loaded once.

use crate::config::Settings;
use crate::failure::Failure;
use crate::record::Records;
use detente_core::code::place::TextPlace;
use detente_core::code::time::TextTime;
use detente_core::code::{self, Coded, Considering, PhraseActor, Reader};
use detente_core::knowledge::{
    CheckCounts, FILES, Knowledge, Problem, Severity, WITHOUT_TESTS, embedded_actors, embedded_text_cues, ontology::Ontology,
};
use detente_core::model::{Article, Date, Span};
use detente_core::text::{
    self,
    model::{Analysis, Model, ROOT},
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Setting that names a folder of knowledge files laid over the compiled-in ones.
const OVERLAY: &str = "knowledge";

/// Reads a folder laid out like `knowledge/` over the compiled-in files. Lives as long as the program.
fn overlay(dir: &Path, base: &'static [(&str, &str)]) -> Result<Result<&'static Knowledge, Vec<Problem>>, Failure> {
    let mut files: Vec<(String, String)> = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.map_err(|e| {
            Failure::new(format!("{}: {e}", dir.display()))
                .hint("the setting `knowledge` (DETENTE_KNOWLEDGE) names a folder like knowledge/")
        })?;
        let path = entry.path();
        if !path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            continue;
        }
        let text = std::fs::read_to_string(path).map_err(|e| Failure::new(format!("{}: {e}", path.display())))?;
        let name = path.strip_prefix(dir).unwrap_or(path).to_string_lossy().replace('\\', "/");
        files.push((name, text));
    }
    Ok(Knowledge::laid_over(base, &files, &dir.display().to_string()).map(|k| &*Box::leak(Box::new(k))))
}

/// The knowledge the settings ask for, or what is wrong with it.
///
/// # Errors
/// The folder named by the setting cannot be read.
pub fn knowledge(settings: &Settings) -> Result<Result<&'static Knowledge, Vec<Problem>>, Failure> {
    laid_over(settings.get(OVERLAY).map(|dir| Path::new(&dir.text)))
}

fn laid_over(dir: Option<&Path>) -> Result<Result<&'static Knowledge, Vec<Problem>>, Failure> {
    match dir {
        Some(dir) => overlay(dir, WITHOUT_TESTS),
        None => Ok(Knowledge::embedded().map_err(<[_]>::to_vec)),
    }
}

/// The same with the tests inside the files.
///
/// # Errors
/// The folder named by the setting cannot be read.
pub fn tested(settings: &Settings) -> Result<Result<&'static Knowledge, Vec<Problem>>, Failure> {
    match settings.get(OVERLAY) {
        Some(dir) => overlay(Path::new(&dir.text), FILES),
        None => Ok(Knowledge::load(FILES).map(|k| &*Box::leak(Box::new(k)))),
    }
}

/// Everything needed to code an article. Shared by all threads.
#[derive(Clone, Copy)]
pub struct Engine {
    knowledge: &'static Knowledge,
    model: &'static Model,
}

/// What the model says of a token, as CoNLL-U counts: words from 1, the root is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysed {
    /// Universal part of speech.
    pub upos: &'static str,
    /// Penn tag.
    pub xpos: &'static str,
    /// Dictionary form.
    pub lemma: String,
    /// Head.
    pub head: usize,
    /// Relation with its subtype.
    pub deprel: &'static str,
}

impl Engine {
    /// Loads model and knowledge, with the folder laid over it that the settings name.
    ///
    /// # Errors
    /// The knowledge is broken; the first problems are named.
    pub fn new() -> Result<Self, Failure> {
        let settings = Settings::load()?;
        Self::with(settings.get(OVERLAY).map(|dir| Path::new(&dir.text)))
    }

    /// Loads model and knowledge, with a folder laid over it. Lives as long as the program.
    ///
    /// # Errors
    /// The folder cannot be read, or the knowledge is broken; the first problems are named.
    pub fn with(dir: Option<&Path>) -> Result<Self, Failure> {
        // Line patterns and model, actors, and the rest of the knowledge take about as long: side by
        // side. Whoever needs a part first waits for it; what is wrong comes with the knowledge's errors.
        let (knowledge, model) = std::thread::scope(|scope| {
            if dir.is_none() {
                scope.spawn(|| {
                    embedded_actors();
                });
            }
            let model = scope.spawn(|| {
                let _ = embedded_text_cues();
                Model::embedded()
            });
            let knowledge = laid_over(dir);
            (knowledge, model.join().unwrap_or_else(|_| Model::embedded()))
        });
        let loaded = knowledge?;
        let knowledge = loaded.map_err(|problems| {
            let first: Vec<String> =
                problems.iter().filter(|p| p.severity == Severity::Error).take(3).map(|p| format!("{}: {}", p.place(), p.what)).collect();
            Failure::new(format!("the knowledge cannot be used: {}", first.join("; "))).hint("run `detente check` for the whole list")
        })?;
        Ok(Self { knowledge, model: model.map_err(broken)? })
    }

    /// Reads an article into its records; `name` is what it is called in messages. The core must not panic; should it, one
    /// article is lost and not the archive's run.
    ///
    /// # Errors
    /// The program broke down on it.
    pub fn read(&self, article: &Article, bare_states: bool, name: &str) -> Result<(Coded, Records), Failure> {
        catch_unwind(AssertUnwindSafe(|| {
            let mut coded = self.code(article);
            if bare_states {
                coded.bare_states();
            }
            let records = Records::new(article, &coded, self.ontology());
            (coded, records)
        }))
        .map_err(|_| Failure::broke_down(name))
    }

    /// What decides about the reading of a text: this program, with its knowledge and model, and
    /// the files laid over its knowledge. Two runs of the same fingerprint read the same.
    ///
    /// # Errors
    /// The program's own file or the overlay cannot be read.
    pub fn fingerprint() -> Result<String, Failure> {
        use sha2::{Digest, Sha256};
        let read = |path: &Path| std::fs::read(path).map_err(|err| Failure::io("read", &path.display().to_string(), &err));
        let program = std::env::current_exe().map_err(|err| Failure::new(format!("cannot find the program's own file: {err}")))?;
        let mut hash = Sha256::new();
        hash.update(read(&program)?);
        if let Some(dir) = Settings::load()?.get(OVERLAY) {
            for entry in walkdir::WalkDir::new(&dir.text).sort_by_file_name().into_iter().flatten().filter(|e| e.file_type().is_file()) {
                hash.update(entry.path().to_string_lossy().as_bytes());
                hash.update(read(entry.path())?);
            }
        }
        Ok(hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect())
    }

    /// Reads events and statements out of an article.
    pub fn code(&self, article: &Article) -> Coded {
        code::code(article, self.knowledge, self.model)
    }

    /// Reads an article and tells what was considered and dropped.
    pub fn explain(&self, article: &Article) -> (Coded, Vec<Considering>) {
        code::explain(article, self.knowledge, self.model)
    }

    /// The ontology's tables.
    pub fn ontology(&self) -> &'static Ontology {
        &self.knowledge.ontology
    }

    /// CAMEO code of the deed between marked stretches of a text.
    pub fn relate(&self, text: &str, sources: &[&str], targets: &[&str]) -> Option<String> {
        code::relate(text, sources, targets, self.knowledge, self.model)
    }

    /// Who an actor phrase standing alone names on a day.
    pub fn phrase(&self, text: &str, on: Option<Date>) -> Option<PhraseActor> {
        code::phrase(text, on, self.knowledge, self.model)
    }

    /// Tags, lemmas and trees of tokenised sentences.
    pub fn analyse(&self, sentences: &[Vec<&str>]) -> Vec<Vec<Analysed>> {
        let word = |a: Analysis| Analysed {
            upos: a.upos.as_str(),
            xpos: a.xpos.as_str(),
            lemma: a.lemma,
            head: if a.head == ROOT { 0 } else { a.head as usize + 1 },
            deprel: a.deprel.as_str(),
        };
        let analysed = self.model.analyse(sentences);
        analysed.into_iter().map(|s| s.into_iter().map(word).collect()).collect()
    }

    /// Token spans of the sentences of running text, nothing skipped as furniture.
    pub fn segment(&self, text: &str) -> Vec<Vec<Span>> {
        text::segment(text, &self.knowledge.text)
    }

    /// Time expressions of a text with their TIMEX3 values.
    pub fn times(&self, text: &str, published: Option<Date>) -> Vec<TextTime> {
        code::time::times(text, published, self.knowledge, self.model)
    }

    /// Places of a text and what they mean; with `given` those of these spans.
    pub fn places(&self, text: &str, given: Option<&[Span]>) -> Vec<TextPlace> {
        code::place::places(text, given, self.knowledge, self.model)
    }

    /// Words of the place where the deed of a trigger happened.
    pub fn place_of(&self, text: &str, trigger: Span) -> Option<Span> {
        code::place::place_of(text, trigger, self.knowledge, self.model)
    }

    /// Runs the tests of the knowledge files; [`tested`] reads them.
    ///
    /// # Errors
    /// The model compiled into this binary is broken.
    pub fn check(knowledge: &'static Knowledge, filter: Option<&str>) -> Result<(Vec<Problem>, CheckCounts), Failure> {
        let model = Model::embedded().map_err(broken)?;
        Ok(detente_core::knowledge::check(knowledge, &Reader { knowledge, model }, filter))
    }
}

fn broken(model: impl std::fmt::Display) -> Failure {
    Failure::new(model.to_string()).hint("build the program again from a whole checkout")
}
