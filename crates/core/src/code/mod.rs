//! Code: from analysed sentences to events and statements.
//!
//! Needs: the text stage's sentences, the knowledge.
//! Gives: mentions traced to actors, events, statements with their chains, notes.

mod attributed;
mod chain;
mod deed;
mod event;
mod explain;
mod matcher;
mod memory;
mod mention;
mod names;
mod np;
mod people;
pub mod place;
mod relate;
mod rels;
mod repair;
mod sense;
mod sentence;
mod sides;
mod speaker;
mod stance;
mod statement;
mod tester;
#[cfg(test)]
mod tests;
pub mod time;
mod tree;

pub use explain::{Considered, Considering, Tried, Verdict};
pub use relate::relate;
pub use tester::{PhraseActor, Reader, phrase};

use crate::knowledge::Knowledge;
use crate::model::{Article, Attributed, Event, Mention, Part, Role, Statement};
use crate::text::{self, Text, model::Model};
use sentence::State;

/// Everything read out of one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coded {
    /// Output of the text stage.
    pub text: Text,
    /// Words that stand for actors, in text order.
    pub mentions: Vec<Mention>,
    /// Deeds, in text order.
    pub events: Vec<Event>,
    /// Attributed utterances and positions, in text order.
    pub statements: Vec<Statement>,
    /// Everything put in somebody's mouth or mind, in text order; statements are those of it that
    /// political actors make.
    pub attributions: Vec<Attributed>,
    /// What a reader should know about the reading ("no publication date: …").
    pub notes: Vec<String>,
}

impl Coded {
    /// Leaves states that are named by their name alone without a sector, as Phoenix and ICEWS data
    /// have them: "RUS" for "Russia said", "RUSGOV" only for "the Russian government" and "Moscow".
    /// Ids stay, so that records of both ways of writing can be joined.
    pub fn bare_states(&mut self) {
        let strip = |role: &mut Option<Role>| {
            if let Some(r) = role {
                r.code = r.bare_code().to_owned();
            }
        };
        for event in &mut self.events {
            let said = event.said_in.and_then(|i| self.statements.get(i as usize));
            let claimer = said.and_then(|s| s.speaker.as_ref()).filter(|r| event.claimed_by.as_deref() == Some(&r.code));
            if let Some(r) = claimer {
                event.claimed_by = Some(r.bare_code().to_owned());
            }
            strip(&mut event.source);
            strip(&mut event.target);
        }
        for statement in &mut self.statements {
            strip(&mut statement.speaker);
            strip(&mut statement.addressee);
        }
    }
}

/// Codes an article: text → code → link.
pub fn code(article: &Article, k: &Knowledge, model: &Model) -> Coded {
    let text = text::read(article, &k.text, model);
    let mut coded = read(article, text, k);
    crate::link::link(article, &mut coded, k);
    coded
}

/// Codes an article and tells what was considered and dropped in each sentence.
pub fn explain(article: &Article, k: &Knowledge, model: &Model) -> (Coded, Vec<Considering>) {
    let text = text::read(article, &k.text, model);
    let mut considered = Vec::new();
    let mut coded = run(article, text, k, Some(&mut considered));
    crate::link::link(article, &mut coded, k);
    considered.sort_by_key(|c| c.sentence);
    (coded, considered)
}

/// Codes an article whose text is already read.
pub fn read(article: &Article, text: Text, k: &Knowledge) -> Coded {
    run(article, text, k, None)
}

fn run(article: &Article, text: Text, k: &Knowledge, considered: Option<&mut Vec<Considering>>) -> Coded {
    let mut state = State::new(article, k);
    let explain = considered.is_some();
    if explain {
        state.explain();
    }
    let senses = sense::read(&text, &article.text, k);
    state.senses.clone_from(&senses);
    state.credited(&text);
    let mut open_time = sentences(&mut state, &article.text, &text);
    // "We condemn …" and only then "the United States reaffirms …", "Foreign Secretary welcomes …"
    // and only then his name: read again knowing who it is.
    let (speaker, titled) = (state.speaker_found_late(), state.title_found_late());
    if speaker.is_some() || titled.is_some() {
        state = State::again(article, k, speaker, titled);
        state.senses = senses;
        state.credited(&text);
        if explain {
            state.explain();
        }
        open_time = sentences(&mut state, &article.text, &text);
    }
    if let Some(out) = considered {
        *out = state.considered();
    }
    let readings = state.readings();
    let mut coded = state.finish();
    coded.attributions = attributed::carry(&article.text, &text, readings);
    if article.published.is_none() && open_time {
        coded.notes.push("no publication date: relative dates stay open".to_owned());
    }
    coded.notes.extend(text.notes.iter().cloned());
    coded.text = text;
    coded
}

/// Reads all sentences; says whether a relative date stayed open.
fn sentences(state: &mut State<'_>, article: &str, text: &Text) -> bool {
    let mut open_time = false;
    for i in reading_order(article, text) {
        let sentence = &text.sentences[i];
        if sentence.part != Part::Byline {
            open_time |= state.sentence(i as u32, sentence, text);
        }
    }
    open_time
}

/// Sentences in the order they are read: text order, but of a quotation that runs over several
/// sentences or paragraphs the one that names the speaker comes first, be it only a signature.
fn reading_order(article: &str, text: &Text) -> Vec<usize> {
    let sentences = &text.sentences;
    let inside = |i: usize| {
        let (quoted, all) = sentence::quoted(&sentences[i]);
        quoted > 0 && quoted * 10 >= all * 9
    };
    // A quotation that a paragraph leaves open goes on in the next.
    let open = |i: usize| {
        let last = sentences[i].tokens.last();
        last.is_some_and(|t| t.quoted && !text::is_quote(t.span.of(article)))
    };
    let joined = |i: usize| sentences[i].paragraph == sentences[i - 1].paragraph || open(i - 1);
    // A paragraph within a quotation begins with a mark of its own.
    let goes_on = |i: usize| {
        let mut words = sentences[i].tokens.iter().skip_while(|t| open(i - 1) && text::is_quote(t.span.of(article)));
        words.next().is_some_and(|t| t.quoted)
    };
    let mut order = Vec::with_capacity(sentences.len());
    let mut i = 0;
    while i < sentences.len() {
        let mut end = i;
        while end < sentences.len() && inside(end) && (end == i || joined(end)) {
            end += 1;
        }
        let closes = end > i
            && end < sentences.len()
            && (joined(end) && goes_on(end)
                || sentences[end].paragraph <= sentences[end - 1].paragraph + 1 && speaker::signs(article, &sentences[end]));
        if closes {
            order.push(end);
            order.extend(i..end);
            i = end + 1;
        } else {
            order.extend(i..end.max(i + 1));
            i = end.max(i + 1);
        }
    }
    order
}
