//! The English model: tags, lemmas and dependency trees for tokenised sentences.
//!
//! Needs: sentences as lists of forms. Gives: one [`Analysis`] per token. What a sentence gets
//! does not depend on the sentences beside it. How the weights are made: `training/README.md`.

mod decode;
mod dense;
mod encoder;
mod features;
mod lemma;
mod load;
mod rows;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::OnceLock;

use crate::model::syntax::{Deprel, Upos, Xpos};
use encoder::{Scratch, encode};
use load::{DIST, Weights};

/// Longer sentences are analysed in pieces of this many tokens.
pub const PIECE: usize = 200;
/// Tokens worked on together.
const BATCH: usize = 384;
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
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        Ok(Model { w: Weights::read(bytes)? })
    }

    /// Analyses sentences; the answer has their shape.
    pub fn analyse(&self, sentences: &[Vec<&str>]) -> Vec<Vec<Analysis>> {
        let mut out: Vec<Vec<Analysis>> = sentences.iter().map(|s| Vec::with_capacity(s.len())).collect();
        let mut scratch = Scratch::default();
        let (mut batch, mut forms): (Vec<Piece>, Vec<&str>) = (Vec::new(), Vec::new());
        for (sentence, tokens) in sentences.iter().enumerate() {
            for (k, piece) in tokens.chunks(PIECE).enumerate() {
                batch.push(Piece { sentence, start: k * PIECE, len: piece.len() });
                forms.extend_from_slice(piece);
                if forms.len() >= BATCH {
                    self.run(&batch, &forms, &mut scratch, &mut out);
                    batch.clear();
                    forms.clear();
                }
            }
        }
        self.run(&batch, &forms, &mut scratch, &mut out);
        for sentence in out.iter_mut().filter(|s| s.len() > PIECE) {
            join(sentence);
        }
        out
    }

    /// Analyses pieces laid end to end and appends each to its sentence.
    fn run<'a>(&self, batch: &[Piece], forms: &[&'a str], s: &mut Scratch<'a>, out: &mut [Vec<Analysis>]) {
        if forms.is_empty() {
            return;
        }
        let (w, n) = (&self.w, forms.len());
        let lengths: Vec<usize> = batch.iter().map(|p| p.len).collect();
        let x = encode(w, forms, &lengths, s);

        let (mut tags, mut p) = (Vec::new(), Vec::new());
        w.tags.apply(&x, n, &mut s.pack, &mut tags);
        let (nu, nx) = (w.upos.len(), w.xpos.len());
        let tagged: Vec<(usize, usize)> = tags.chunks_exact(w.tags.stride()).map(|t| (argmax(&t[..nu]), argmax(&t[nu..nu + nx]))).collect();

        w.proj.apply(&x, n, &mut s.pack, &mut p);
        for v in &mut p {
            *v = v.max(0.1 * *v);
        }
        let heads = self.heads(&p, &lengths, s);
        let rels = self.relations(&p, &heads, s);
        let lemmas = self.lemmas(&x, forms, &tagged, s);

        let mut each = lemmas.into_iter().zip(tagged).zip(heads).zip(rels);
        for piece in batch {
            for (((lemma, (u, t)), head), rel) in each.by_ref().take(piece.len) {
                out[piece.sentence].push(Analysis {
                    upos: w.upos[u],
                    xpos: w.xpos[t],
                    lemma,
                    head: head.local.map_or(ROOT, |h| (piece.start + h) as u32),
                    deprel: rel,
                });
            }
        }
    }

    /// The head of every token of the batch.
    fn heads(&self, p: &[f32], lengths: &[usize], s: &mut Scratch<'_>) -> Vec<Head> {
        let (w, a) = (&self.w, self.w.arc);
        let stride = w.proj.stride();
        let n: usize = lengths.iter().sum();
        let dep = columns(p, stride, 0, a);
        let mut turned = Vec::new();
        w.arc_u.apply(&dep, n, &mut s.pack, &mut turned);
        let dep = columns(&turned, w.arc_u.stride(), 0, a);
        let head = columns(p, stride, a, 2 * a);
        let mut out = Vec::with_capacity(n);
        let (mut from, mut pool, mut arc) = (0, Vec::new(), Vec::new());
        for &len in lengths {
            pool.clear();
            pool.extend_from_slice(&w.root[..a]);
            pool.extend_from_slice(&head[from * a..(from + len) * a]);
            arc.clear();
            arc.resize(len * (len + 1), 0.0);
            rows::pairs(&dep[from * a..(from + len) * a], &pool, a, &mut arc);
            for (d, row) in arc.chunks_exact_mut(len + 1).enumerate() {
                for (h, v) in row[1..].iter_mut().enumerate() {
                    *v += w.dist[(h + DIST).saturating_sub(d).min(2 * DIST)];
                }
                row[d + 1] = -1e4;
            }
            let mut tree = decode::tree(&arc, len);
            if !decode::well_formed(&tree) {
                tree = decode::flat(len);
            }
            out.extend(tree.into_iter().map(|h| Head { local: h.checked_sub(1), row: h.checked_sub(1).map(|h| from + h) }));
            from += len;
        }
        out
    }

    /// The relation of every token to its head.
    fn relations(&self, p: &[f32], heads: &[Head], s: &mut Scratch<'_>) -> Vec<Deprel> {
        let (w, a, l) = (&self.w, self.w.arc, self.w.label);
        let stride = w.proj.stride();
        let mut x = Vec::with_capacity(heads.len() * 3 * l);
        for (row, head) in p.chunks_exact(stride).zip(heads) {
            let d = &row[2 * a..2 * a + l];
            let h = match head.row {
                Some(r) => &p[r * stride + 2 * a + l..r * stride + 2 * (a + l)],
                None => &w.root[a..],
            };
            x.extend(d.iter().zip(h).map(|(d, h)| d * h));
            x.extend_from_slice(d);
            x.extend_from_slice(h);
        }
        let mut logits = Vec::new();
        w.lab.apply(&x, heads.len(), &mut s.pack, &mut logits);
        logits
            .chunks_exact_mut(w.lab.stride())
            .zip(heads)
            .map(|(row, head)| {
                if head.row.is_none() {
                    return w.rels[w.root_rel];
                }
                row[w.root_rel] = f32::MIN;
                w.rels[argmax(&row[..w.rels.len()])]
            })
            .collect()
    }

    fn lemmas(&self, x: &[f32], forms: &[&str], tagged: &[(usize, usize)], s: &mut Scratch<'_>) -> Vec<String> {
        let (w, d) = (&self.w, self.w.dim);
        let (mut rest, mut rows) = (Vec::new(), Vec::new());
        let mut out: Vec<String> = forms
            .iter()
            .zip(tagged)
            .enumerate()
            .map(|(i, (form, &(u, _)))| match w.lexicon.get(u, &form.to_lowercase()) {
                Some(lemma) => lemma.to_owned(),
                None => {
                    rest.push(i);
                    rows.extend_from_slice(&x[i * d..(i + 1) * d]);
                    String::new()
                }
            })
            .collect();
        let mut logits = Vec::new();
        w.lemma.apply(&rows, rest.len(), &mut s.pack, &mut logits);
        for (i, row) in rest.into_iter().zip(logits.chunks_exact(w.lemma.stride())) {
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

/// A head within its piece and within the batch; none for the root.
struct Head {
    local: Option<usize>,
    row: Option<usize>,
}

/// Columns `from..to` of every row.
fn columns(x: &[f32], stride: usize, from: usize, to: usize) -> Vec<f32> {
    x.chunks_exact(stride).flat_map(|r| &r[from..to]).copied().collect()
}

/// First index of the greatest value.
fn argmax(row: &[f32]) -> usize {
    let mut at = 0;
    for (i, v) in row.iter().enumerate() {
        if *v > row[at] {
            at = i;
        }
    }
    at
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
