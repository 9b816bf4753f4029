//! Sets of tokens and the stretches of text they make.

use crate::code::tree::Tree;
use crate::model::syntax::Upos;

/// Tokens of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    n: usize,
    bits: Vec<u64>,
}

impl Tokens {
    /// None of `n` tokens.
    pub fn none(n: usize) -> Self {
        Self { n, bits: vec![0; n.div_ceil(64)] }
    }

    /// These of `n` tokens.
    pub fn of(n: usize, tokens: impl IntoIterator<Item = usize>) -> Self {
        let mut out = Self::none(n);
        tokens.into_iter().for_each(|t| out.add(t));
        out
    }

    /// A token and what hangs on it, leaving out the skipped ones with all that hangs on them.
    pub fn subtree(tree: &Tree<'_>, top: usize, skip: impl Fn(usize) -> bool) -> Self {
        let mut out = Self::none(tree.len());
        let mut stack = vec![top];
        while let Some(t) = stack.pop() {
            if !skip(t) && !out.has(t) {
                out.add(t);
                stack.extend(tree.kids(t));
            }
        }
        out
    }

    /// Adds a token.
    pub fn add(&mut self, t: usize) {
        if t < self.n {
            self.bits[t / 64] |= 1 << (t % 64);
        }
    }

    /// Takes a token out.
    pub fn remove(&mut self, t: usize) {
        if t < self.n {
            self.bits[t / 64] &= !(1 << (t % 64));
        }
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: &Tokens) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a |= b);
    }

    /// Takes all of another set out.
    pub fn without(&mut self, other: &Tokens) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a &= !b);
    }

    /// Keeps the tokens that fit.
    pub fn retain(&mut self, fits: impl Fn(usize) -> bool) {
        for t in 0..self.n {
            if self.has(t) && !fits(t) {
                self.remove(t);
            }
        }
    }

    /// Whether a token is in.
    pub fn has(&self, t: usize) -> bool {
        t < self.n && self.bits[t / 64] >> (t % 64) & 1 == 1
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|w| *w == 0)
    }

    /// Its tokens in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.n).filter(|&t| self.has(t))
    }
}

/// Whether a token opens a quotation.
pub fn opens(tree: &Tree<'_>, i: usize) -> bool {
    if i >= tree.len() {
        return false;
    }
    match tree.word(i) {
        "“" | "‘" | "«" => true,
        "\"" | "``" | "''" | "'" => tree.sentence.tokens.get(i + 1).is_some_and(|t| t.quoted),
        _ => false,
    }
}

/// Whether a token closes a quotation.
pub fn closes(tree: &Tree<'_>, i: usize) -> bool {
    match tree.word(i) {
        "”" | "’" | "»" => tree.base(i) == "punct" || tree.upos(i) == Upos::PUNCT,
        "\"" | "''" | "'" => i > 0 && tree.sentence.tokens[i - 1].quoted,
        _ => false,
    }
}

/// First and last tokens of the stretches a set makes: punctuation between two of its tokens is
/// passed over unless a barred token stands there; quotation marks go with the words they hold.
pub fn spans(tree: &Tree<'_>, tokens: &Tokens, barred: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let punct = |i: usize| tree.base(i) == "punct";
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for t in tokens.iter() {
        match runs.last_mut() {
            Some((_, hi)) if (*hi + 1..t).all(|g| punct(g) && !barred(g)) => *hi = t,
            _ => runs.push((t, t)),
        }
    }
    let trim = |(mut lo, mut hi): (usize, usize)| {
        while lo <= hi && punct(lo) && !opens(tree, lo) {
            lo += 1;
        }
        while hi > lo && punct(hi) && !closes(tree, hi) {
            hi -= 1;
        }
        if lo > hi || lo == hi && punct(lo) {
            return None;
        }
        if lo > 0 && opens(tree, lo - 1) {
            lo -= 1;
        }
        if tree.sentence.tokens[hi].quoted {
            // "…,” : the comma and the mark behind it.
            let behind = (hi + 1..tree.len().min(hi + 4)).take_while(|&e| punct(e));
            hi = behind.into_iter().find(|&e| closes(tree, e)).unwrap_or(hi);
        } else if hi + 1 < tree.len() && closes(tree, hi + 1) {
            hi += 1;
        }
        Some((lo, hi))
    };
    runs.into_iter().filter_map(trim).collect()
}
