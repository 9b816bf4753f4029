//! Forms met: what the network's first layer makes of each, kept from document to document.

use std::collections::HashMap;

use super::dense::Rows;
use super::features::Features;
use super::load::Weights;
use super::rows::{add_bytes, fast, glu};

/// Distinct forms remembered before starting afresh.
const REMEMBER: usize = 12_000;

/// What is remembered. It changes how soon an answer comes, never the answer.
#[derive(Debug, Default)]
pub(super) struct Forms {
    index: HashMap<Box<str>, usize>,
    vectors: Vec<f32>,
    entries: Vec<u32>,
    x: Vec<f32>,
    wide: Vec<f32>,
}

impl Forms {
    /// The form's vector of width `d`.
    #[inline]
    pub(super) fn vector(&self, form: usize, d: usize) -> &[f32] {
        &self.vectors[form * d..(form + 1) * d]
    }

    /// Where the lexicon speaks of the form.
    #[inline]
    pub(super) fn entry(&self, form: usize) -> u32 {
        self.entries[form]
    }

    /// Number of each token's form, learning those not met before.
    pub(super) fn look_up(&mut self, w: &Weights, forms: &[&str], rows: &mut Vec<usize>, q: &mut Rows) {
        if self.index.len() > REMEMBER {
            self.index.clear();
            self.vectors.clear();
            self.entries.clear();
        }
        let mut fresh = Vec::new();
        rows.clear();
        rows.extend(forms.iter().map(|&f| {
            if let Some(&row) = self.index.get(f) {
                return row;
            }
            let row = self.index.len();
            self.index.insert(f.into(), row);
            fresh.push(f);
            row
        }));
        if fresh.is_empty() {
            return;
        }
        let width = w.input.inputs;
        let (a, b) = (w.word.width, w.word.width + w.affix.width);
        self.x.clear();
        self.x.resize(fresh.len() * width, 0.0);
        for (form, x) in fresh.iter().zip(self.x.chunks_exact_mut(width)) {
            let f = Features::of(form);
            let word = w.words.get(f.norm.as_str()).map_or(0, |&i| i as usize);
            self.entries.push(w.lexicon.entry(&f.norm));
            fast(
                #[inline(always)]
                || {
                    let (q, scale) = w.word.row(word);
                    add_bytes(&mut x[..a], q, scale);
                    for &i in &f.affix {
                        let (q, scale) = w.affix.row(i.into());
                        add_bytes(&mut x[a..b], q, scale);
                    }
                    let share = 1.0 / f.grams.len() as f32;
                    for &i in &f.grams {
                        let (q, scale) = w.gram.row(i.into());
                        add_bytes(&mut x[b..], q, scale * share);
                    }
                },
            );
        }
        q.fill(&self.x, width, 0, width);
        w.input.apply(q, &mut self.wide);
        let from = self.vectors.len();
        self.vectors.resize(from + fresh.len() * w.dim, 0.0);
        glu(&self.wide, w.input.stride(), w.dim, &mut self.vectors[from..]);
    }
}
