//! Actor phrases standing alone, and the tests inside knowledge files run on the coder.

use super::{code, memory::Memory, memory::Resolved, names::Names, np::Phrases, tree::Tree};
use crate::knowledge::{Knowledge, Tester};
use crate::model::{Article, Date, Span};
use crate::text::{self, model::Model};

/// The coder as a tester.
pub struct Reader<'a> {
    /// Knowledge under test.
    pub knowledge: &'a Knowledge,
    /// The English model.
    pub model: &'a Model,
}

impl Tester for Reader<'_> {
    fn records(&self, sentence: &str) -> Vec<[String; 4]> {
        let article = Article { id: "test".to_owned(), text: sentence.to_owned(), ..Article::default() };
        let side = |r: &Option<crate::model::Role>| r.as_ref().map_or_else(|| "-".to_owned(), |r| r.code.clone());
        code(&article, self.knowledge, self.model)
            .events
            .iter()
            .map(|e| [side(&e.source), e.code.clone(), side(&e.target), e.frame.clone()])
            .collect()
    }

    fn attributions(&self, sentence: &str) -> Vec<[String; 3]> {
        let article = Article { id: "test".to_owned(), text: sentence.to_owned(), ..Article::default() };
        let words = |span: Span| span.of(sentence).to_owned();
        let content = |spans: &[Span]| spans.iter().map(|&s| words(s)).collect::<Vec<_>>().join(" … ");
        let coded = code(&article, self.knowledge, self.model);
        coded.attributions.iter().map(|a| [a.source.map_or_else(String::new, words), words(a.cue), content(&a.content)]).collect()
    }

    fn actor(&self, phrase: &str, date: Option<Date>) -> Option<String> {
        actor(phrase, date, self.knowledge, self.model)
    }
}

/// Who a phrase standing alone names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseActor {
    /// Country or body, three letters; empty when only the sector is known ("gunmen").
    pub country: String,
    /// Sector; empty for a bare state or body.
    pub sector: String,
    /// Name to show.
    pub name: String,
    /// The knowledge entries behind it.
    pub why: Vec<String>,
}

/// Who a phrase standing alone names, read as the coder reads it in a sentence.
pub fn phrase(phrase: &str, date: Option<Date>, k: &Knowledge, model: &Model) -> Option<PhraseActor> {
    let r = resolve(phrase, date, k, model)?;
    let (country, sector) = match r.stateless {
        true => ("", r.code.as_str()),
        false => r.code.split_at_checked(3).unwrap_or((r.code.as_str(), "")),
    };
    Some(PhraseActor {
        country: country.to_owned(),
        sector: sector.get(..3).unwrap_or(sector).to_owned(),
        name: r.name.clone(),
        why: r.why,
    })
}

/// Code of an actor phrase standing alone; a bare state is its government.
pub fn actor(phrase: &str, date: Option<Date>, k: &Knowledge, model: &Model) -> Option<String> {
    let r = resolve(phrase, date, k, model)?;
    Some(if r.code.len() == 3 { r.acting() } else { r.code })
}

fn resolve(phrase: &str, date: Option<Date>, k: &Knowledge, model: &Model) -> Option<Resolved> {
    // A phrase alone parses badly; as a subject it parses as it does in the news.
    let phrase = phrase.trim();
    let text = format!("{phrase} said so.");
    let article = Article { id: "test".to_owned(), text, published: date, ..Article::default() };
    let read = text::read(&article, &k.text, model);
    let sentence = read.sentences.first()?;
    let tree = Tree::new(sentence, &article.text, k);
    let names = Names::find(&tree, k, date, &k.actors.in_context(phrase));
    let memory = Memory::new(k, date);
    let phrases = Phrases { tree: &tree, names: &names, memory: &memory, at: &[] };
    let end = phrase.len() as u32;
    let subject = (0..tree.len()).find(|&i| tree.base(i) == "nsubj" && tree.span(i).end <= end);
    let found = subject.map(|s| phrases.resolve(s)).unwrap_or_default();
    let found = if found.is_empty() {
        (0..tree.len()).rev().filter(|&i| tree.span(i).end <= end).map(|i| phrases.resolve(i)).find(|r| !r.is_empty()).unwrap_or_default()
    } else {
        found
    };
    found.into_iter().next()
}
