//! Arc scores to a tree with exactly one root (Chu-Liu/Edmonds). The Python twin is
//! training/tree.py.

use super::rows::{fast, top};

/// A square score matrix; row = dependent, column = head, node 0 is the root.
struct Scores {
    n: usize,
    s: Vec<f64>,
}

impl Scores {
    fn at(&self, dep: usize, head: usize) -> f64 {
        self.s[dep * self.n + head]
    }
    fn set(&mut self, dep: usize, head: usize, v: f64) {
        self.s[dep * self.n + head] = v;
    }
}

/// First index of the greatest value.
fn argmax(values: impl Iterator<Item = f64>) -> usize {
    let (mut best, mut at) = (f64::NEG_INFINITY, 0);
    for (i, v) in values.enumerate() {
        if v > best {
            (best, at) = (v, i);
        }
    }
    at
}

/// A cycle among `head`, if there is one.
fn cycle(head: &[usize]) -> Option<Vec<usize>> {
    let mut seen = vec![0_usize; head.len()];
    seen[0] = usize::MAX;
    for i in 1..head.len() {
        let mut v = i;
        while seen[v] == 0 {
            seen[v] = i;
            v = head[v];
        }
        if seen[v] == i {
            let (start, mut out) = (v, vec![v]);
            let mut w = head[v];
            while w != start {
                out.push(w);
                w = head[w];
            }
            return Some(out);
        }
    }
    None
}

/// Head of each node in the greatest spanning tree below node 0.
fn edmonds(s: &Scores) -> Vec<usize> {
    let n = s.n;
    let mut head: Vec<usize> =
        (0..n).map(|d| if d == 0 { 0 } else { argmax((0..n).map(|h| if h == d { f64::NEG_INFINITY } else { s.at(d, h) })) }).collect();
    let Some(cyc) = cycle(&head) else { return head };
    let mut inside = vec![false; n];
    for &c in &cyc {
        inside[c] = true;
    }
    let rest: Vec<usize> = (0..n).filter(|&i| !inside[i]).collect();
    let m = rest.len();
    let mut t = Scores { n: m + 1, s: vec![f64::NEG_INFINITY; (m + 1) * (m + 1)] };
    let (mut enter, mut exits) = (vec![0; m], vec![0; m]);
    for (a, &i) in rest.iter().enumerate() {
        for (b, &j) in rest.iter().enumerate() {
            t.set(a, b, s.at(i, j));
        }
        enter[a] = argmax(cyc.iter().map(|&c| s.at(c, i) - s.at(c, head[c])));
        let c = cyc[enter[a]];
        t.set(m, a, s.at(c, i) - s.at(c, head[c]));
        exits[a] = argmax(cyc.iter().map(|&c| s.at(i, c)));
        t.set(a, m, s.at(i, cyc[exits[a]]));
    }
    let sub = edmonds(&t);
    for (a, &i) in rest.iter().enumerate() {
        head[i] = if sub[a] == m { cyc[exits[a]] } else { rest[sub[a]] };
    }
    if sub[m] < m {
        head[cyc[enter[sub[m]]]] = rest[sub[m]];
    }
    head[0] = 0;
    head
}

/// The heads when everyone's best is a tree already, as it is for nine sentences in ten; there is
/// then no better one.
fn greedy(arc: &[f32], n: usize) -> Option<Vec<usize>> {
    let mut head = vec![0; n];
    let mut plain = true;
    fast(
        #[inline(always)]
        || {
            for (d, (head, row)) in head.iter_mut().zip(arc.chunks_exact(n + 1)).enumerate() {
                *head = top(row);
                plain &= row[*head].is_finite() && *head != d + 1;
            }
        },
    );
    (plain && well_formed(&head)).then_some(head)
}

/// `arc[n][n + 1]`: scores of dependents by heads, column 0 being the root. Gives the head of each
/// dependent, 0 for the one root.
pub(super) fn tree(arc: &[f32], n: usize) -> Vec<usize> {
    greedy(arc, n).unwrap_or_else(|| spanning(arc, n))
}

fn spanning(arc: &[f32], n: usize) -> Vec<usize> {
    let mut s = Scores { n: n + 1, s: vec![f64::NEG_INFINITY; (n + 1) * (n + 1)] };
    for d in 0..n {
        for h in 0..=n {
            let v = f64::from(arc[d * (n + 1) + h]);
            s.set(d + 1, h, if v.is_finite() { v } else { -1e5 });
        }
    }
    let mut head = edmonds(&s);
    let mut roots: Vec<usize> = (1..=n).filter(|&i| head[i] == 0).collect();
    if roots.len() > 1 {
        roots.sort_by(|&a, &b| s.at(b, 0).total_cmp(&s.at(a, 0)));
        let mut best = f64::NEG_INFINITY;
        let mut kept = head.clone();
        for &r in roots.iter().take(8) {
            let mut t = Scores { n: n + 1, s: s.s.clone() };
            for i in 1..=n {
                t.set(i, 0, -1e9);
                t.set(r, i, -1e9);
            }
            t.set(r, 0, s.at(r, 0));
            let found = edmonds(&t);
            let total: f64 = (1..=n).map(|i| t.at(i, found[i])).sum();
            if total > best {
                (best, kept) = (total, found);
            }
        }
        head = kept;
    }
    head[1..].to_vec()
}

/// Whether the heads (0 = root) are a tree with one root.
pub(super) fn well_formed(head: &[usize]) -> bool {
    let all: Vec<usize> = std::iter::once(0).chain(head.iter().copied()).collect();
    all.iter().all(|&h| h <= head.len()) && head.iter().filter(|&&h| h == 0).count() == 1 && cycle(&all).is_none()
}

/// The last resort: everything below the first token.
pub(super) fn flat(n: usize) -> Vec<usize> {
    (0..n).map(|i| usize::from(i > 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn always_one_root_and_no_cycle() {
        let mut seed = 1_u64;
        for n in 1..40 {
            let arc: Vec<f32> = (0..n * (n + 1))
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (seed >> 40) as f32 / 1e6
                })
                .collect();
            let found = tree(&arc, n);
            assert!(well_formed(&found), "{n}");
            assert_eq!(found, spanning(&arc, n));
        }
        assert!(well_formed(&tree(&[f32::NAN; 12], 3)));
        assert!(well_formed(&flat(5)));
    }

    #[test]
    fn breaks_a_cycle_at_the_cheapest_place() {
        // 1 and 2 prefer each other; the root prefers 2.
        let arc = [1.0, -1e4, 9.0, 5.0, 9.0, -1e4];
        assert_eq!(tree(&arc, 2), [2, 0]);
    }
}
