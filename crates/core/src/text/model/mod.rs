//! The English model: tags, lemmas and dependency trees for tokenised sentences.
//!
//! Needs: sentences as lists of forms. Gives: one [`Analysis`] per token. What a sentence gets
//! does not depend on the sentences beside it. How the weights are made: `training/README.md`.

mod decode;
mod dense;
mod encoder;
mod features;
mod forms;
mod kernel;
mod lemma;
mod load;
mod parse;
mod rows;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::model::syntax::{Deprel, Upos, Xpos};
use encoder::{Scratch, encode};
use load::Weights;
use rows::argmax;

/// Longer sentences are analysed in pieces of this many tokens.
pub const PIECE: usize = 200;
/// Tokens worked on together: their numbers stay in the processor's second cache.
const BATCH: usize = 160;
/// Relation of a later piece's root to the first piece's.
const JOIN: Deprel = Deprel("parataxis");
/// How far below the best lemma script a rival may score and still be asked.
const MARGIN: f32 = 3.0;
/// The head of the root.
pub const ROOT: u32 = u32::MAX;

static BYTES: &[u8] = include_bytes!("../../../../../models/en.safetensors");

/// What the model says of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
    /// Dictionary form.
    pub lemma: String,
    /// Index of the head in the sentence; [`ROOT`] for the root.
    pub head: u32,
    /// Relation to the head, with its subtype.
    pub deprel: Deprel,
}

/// Why weights could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError(String);

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the English model cannot be read: {}", self.0)
    }
}

impl std::error::Error for ModelError {}

/// Weights and label sets.
#[derive(Debug)]
pub struct Model {
    w: Weights,
    /// Buffers and forms met, as many as were ever needed at once.
    idle: Mutex<Vec<Scratch>>,
}

/// A stretch of one sentence.
struct Piece {
    sentence: usize,
    start: usize,
    len: usize,
}

impl Model {
    /// The model inside the program, read on first use.
    pub fn embedded() -> Result<&'static Model, ModelError> {
        static MODEL: OnceLock<Result<Model, ModelError>> = OnceLock::new();
        MODEL.get_or_init(|| Model::from_bytes(BYTES)).as_ref().map_err(Clone::clone)
    }

    /// A model from the bytes of a weight file. Its label names stay in memory for good.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Model, ModelError> {
        Ok(Model { w: Weights::read(bytes)?, idle: Mutex::default() })
    }

    /// Analyses sentences; the answer has their shape.
    pub fn analyse(&self, sentences: &[Vec<&str>]) -> Vec<Vec<Analysis>> {
        self.analyse_by(sentences, BATCH)
    }

    /// [`Model::analyse`] with batches of about so many tokens.
    fn analyse_by(&self, sentences: &[Vec<&str>], size: usize) -> Vec<Vec<Analysis>> {
        let mut out: Vec<Vec<Analysis>> = sentences.iter().map(|s| Vec::with_capacity(s.len())).collect();
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = idle().pop().unwrap_or_default();
        let (mut batch, mut forms): (Vec<Piece>, Vec<&str>) = (Vec::new(), Vec::new());
        for (sentence, tokens) in sentences.iter().enumerate() {
            for (k, piece) in tokens.chunks(PIECE).enumerate() {
                batch.push(Piece { sentence, start: k * PIECE, len: piece.len() });
                forms.extend_from_slice(piece);
                if forms.len() >= size {
                    self.run(&batch, &forms, &mut scratch, &mut out);
                    batch.clear();
                    forms.clear();
                }
            }
        }
        self.run(&batch, &forms, &mut scratch, &mut out);
        idle().push(scratch);
        for sentence in out.iter_mut().filter(|s| s.len() > PIECE) {
            join(sentence);
        }
        out
    }

    /// Analyses pieces laid end to end and appends each to its sentence.
    fn run(&self, batch: &[Piece], forms: &[&str], s: &mut Scratch, out: &mut [Vec<Analysis>]) {
        if forms.is_empty() {
            return;
        }
        let w = &self.w;
        let lengths: Vec<usize> = batch.iter().map(|p| p.len).collect();
        encode(w, forms, &lengths, s);
        w.tags.apply(&s.encoded, &mut s.tags);
        let (nu, nx) = (w.upos.len(), w.xpos.len());
        let tag = |t: &[f32]| (argmax(&t[..nu]), argmax(&t[nu..nu + nx]));
        let tagged: Vec<(usize, usize)> = s.tags.chunks_exact(w.tags.stride()).map(tag).collect();
        let lemmas = self.lemmas(forms, &tagged, s);
        let arcs = parse::arcs(w, &lengths, &s.encoded, &mut s.q, &mut s.parse);

        let mut each = lemmas.into_iter().zip(tagged).zip(arcs);
        for piece in batch {
            for ((lemma, (u, t)), (head, deprel)) in each.by_ref().take(piece.len) {
                out[piece.sentence].push(Analysis {
                    upos: w.upos[u],
                    xpos: w.xpos[t],
                    lemma,
                    head: head.map_or(ROOT, |h| (piece.start + h) as u32),
                    deprel,
                });
            }
        }
    }

    fn lemmas(&self, forms: &[&str], tagged: &[(usize, usize)], s: &mut Scratch) -> Vec<String> {
        let w = &self.w;
        let mut rest = Vec::new();
        let mut out: Vec<String> = forms
            .iter()
            .zip(tagged)
            .enumerate()
            .map(|(i, (_, &(u, _)))| match w.lexicon.get(s.forms.entry(s.rows[i]), u) {
                Some(lemma) => lemma.to_owned(),
                None => {
                    rest.push(i);
                    String::new()
                }
            })
            .collect();
        s.q.select(&s.encoded, &rest);
        w.lemma.apply(&s.q, &mut s.lemmas);
        for (i, row) in rest.into_iter().zip(s.lemmas.chunks_exact(w.lemma.stride())) {
            out[i] = self.choose(&row[..w.scripts.len()], forms[i], tagged[i]);
        }
        out
    }

    /// The best script's lemma, unless it is no known word and a near rival's is. A name in the
    /// singular loses no letters.
    fn choose(&self, scores: &[f32], form: &str, (upos, xpos): (usize, usize)) -> String {
        let w = &self.w;
        let upos = w.upos[upos];
        let whole = w.xpos[xpos].as_str() == "NNP";
        let lemma = |i: usize| {
            let script = &w.scripts[i];
            if whole { script.case_only(form) } else { script.apply(form) }
        };
        let known = |lemma: &str| w.words.contains_key(features::norm(lemma).as_str());
        let best = argmax(scores);
        let first = lemma(best);
        if !matches!(upos, Upos::VERB | Upos::NOUN | Upos::ADJ) || known(&first) {
            return first;
        }
        let mut rivals: Vec<usize> = (0..scores.len()).filter(|&i| i != best && scores[best] - scores[i] <= MARGIN).collect();
        rivals.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let mut lemmas = rivals.iter().take(2).map(|&i| lemma(i));
        lemmas.find(|l| known(l)).unwrap_or(first)
    }
}

/// Hangs the roots of later pieces below the first.
fn join(sentence: &mut [Analysis]) {
    let Some(first) = sentence.iter().position(|a| a.head == ROOT) else { return };
    for a in &mut sentence[first + 1..] {
        if a.head == ROOT {
            a.head = first as u32;
            a.deprel = JOIN;
        }
    }
}
