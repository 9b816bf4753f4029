//! The one place where the shell meets the core: knowledge and model, loaded once.

use crate::failure::Failure;
use detente_core::code::{self, Coded, Reader};
use detente_core::knowledge::{CheckCounts, Knowledge, Problem, ontology::Ontology};
use detente_core::model::{Article, Span};
use detente_core::text::{
    self,
    model::{Analysis, Model, ROOT},
};

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
    /// Loads the embedded knowledge and model.
    ///
    /// # Errors
    /// The knowledge compiled into this binary is broken; the first problems are named.
    pub fn new() -> Result<Self, Failure> {
        let knowledge = Knowledge::embedded().map_err(|problems| {
            let first: Vec<String> =
                problems.iter().take(3).map(|p| format!("{}: {}", p.file, p.what)).collect();
            Failure::new(format!("the knowledge in this binary is broken: {}", first.join("; ")))
                .hint("run `detente check` for the whole list")
        })?;
        let model = Model::embedded().map_err(|err| {
            Failure::new(err.to_string()).hint("build the program again from a whole checkout")
        })?;
        Ok(Self { knowledge, model })
    }

    /// Reads events and statements out of an article.
    pub fn code(&self, article: &Article) -> Coded {
        code::code(article, self.knowledge, self.model)
    }

    /// The ontology's tables.
    pub fn ontology(&self) -> &'static Ontology {
        &self.knowledge.ontology
    }

    /// CAMEO code of the deed between two marked stretches of a text.
    pub fn relate(&self, text: &str, source: &str, target: &str) -> Option<String> {
        code::relate(text, source, target, self.knowledge, self.model)
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

    /// Runs the tests of the knowledge files.
    pub fn check(&self, filter: Option<&str>) -> (Vec<Problem>, CheckCounts) {
        let reader = Reader { knowledge: self.knowledge, model: self.model };
        detente_core::knowledge::check(self.knowledge, &reader, filter)
    }
}
