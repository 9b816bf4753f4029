//! Arc scores to the best tree with exactly one root (Chu-Liu/Edmonds, in time that grows with the
//! square of the length whatever the scores). The Python twin is training/tree.py.

use super::rows::{fast, top};

/// What every arc from the root costs: more than any tree can gain, so that the best tree has one.
const ROOT_COST: f64 = 1e7;
/// The score of an arc whose score is no number.
const WORST: f64 = -1e5;

/// Scores between nodes, some of them cycles drawn together into one. Node 0 is the root.
struct Graph {
    n: usize,
    /// Row = dependent, column = head; with the nodes of the text that the arc joins.
    arcs: Vec<(f64, usize, usize)>,
    /// Nodes not drawn into another.
    active: Vec<usize>,
    /// Of every node, what it stands for in `parent`.
    name: Vec<usize>,
    /// Into which cycle a name was drawn; 0 for none.
    parent: Vec<usize>,
    /// Of every name, the text's nodes of the arc it entered its cycle with.
    entered: Vec<(usize, usize)>,
}

impl Graph {
    fn new(arc: &[f32], n: usize) -> Graph {
        let nodes = n + 1;
        let mut arcs = vec![(f64::NEG_INFINITY, 0, 0); nodes * nodes];
        for (d, row) in arc.chunks_exact(nodes).enumerate() {
            for (h, &v) in row.iter().enumerate() {
                let v = if v.is_finite() { f64::from(v) } else { WORST };
                let cost = if h == 0 { ROOT_COST } else { 0.0 };
                arcs[(d + 1) * nodes + h] = (v - cost, d + 1, h);
            }
        }
        let all = || (0..nodes).collect::<Vec<_>>();
        Graph { n: nodes, arcs, active: all(), name: all(), parent: vec![0; nodes], entered: vec![(0, 0); nodes] }
    }

    /// The best head of a node.
    fn best(&self, d: usize) -> usize {
        let row = &self.arcs[d * self.n..(d + 1) * self.n];
        let heads = self.active.iter().filter(|&&h| h != d);
        heads.copied().reduce(|a, b| if row[b].0 > row[a].0 { b } else { a }).unwrap_or(0)
    }

    /// Draws the nodes of a cycle, each headed by the one behind it, into the first of them.
    fn contract(&mut self, cycle: &[usize]) {
        let n = self.n;
        let own: Vec<f64> = (0..cycle.len()).map(|i| self.arcs[cycle[i] * n + cycle[(i + 1) % cycle.len()]].0).collect();
        for (i, &c) in cycle.iter().enumerate() {
            let (_, d, h) = self.arcs[c * n + cycle[(i + 1) % cycle.len()]];
            self.entered[self.name[c]] = (d, h);
            self.parent[self.name[c]] = self.parent.len();
        }
        let first = cycle[0];
        self.name[first] = self.parent.len();
        self.parent.push(0);
        self.entered.push((0, 0));
        self.active.retain(|x| *x == first || !cycle.contains(x));
        for &x in self.active.iter().filter(|x| **x != first) {
            let into = cycle.iter().zip(&own).map(|(&c, own)| (self.arcs[c * n + x], own));
            let into = into.map(|((v, d, h), own)| (v - own, d, h)).reduce(|a, b| if b.0 > a.0 { b } else { a });
            let out = cycle.iter().map(|&c| self.arcs[x * n + c]).reduce(|a, b| if b.0 > a.0 { b } else { a });
            if let (Some(into), Some(out)) = (into, out) {
                self.arcs[first * n + x] = into;
                self.arcs[x * n + first] = out;
            }
        }
    }

    /// Head of each of the text's nodes.
    fn solve(mut self) -> Vec<usize> {
        let n = self.n;
        // Node of a drawn-in node, found by way of `into`.
        let mut into: Vec<usize> = (0..n).collect();
        let mut head = vec![0; n];
        let (mut done, mut on_path) = (vec![false; n], vec![false; n]);
        done[0] = true;
        for start in 1..n {
            let mut path: Vec<usize> = Vec::new();
            let mut at = find(&mut into, start);
            while !done[at] {
                path.push(at);
                on_path[at] = true;
                let mut next = self.best(at);
                // The head is on the path: a cycle, which becomes one node and looks for a head again.
                while on_path[next] {
                    let from = path.iter().position(|&p| p == next).unwrap_or(0);
                    let cycle = path.split_off(from);
                    self.contract(&cycle);
                    for &c in &cycle[1..] {
                        on_path[c] = false;
                        into[c] = next;
                    }
                    path.push(next);
                    at = next;
                    next = self.best(at);
                }
                head[at] = next;
                at = next;
            }
            for p in path {
                done[p] = true;
                on_path[p] = false;
            }
        }
        for &x in self.active.iter().filter(|x| **x > 0) {
            let (_, d, h) = self.arcs[x * n + head[x]];
            self.entered[self.name[x]] = (d, h);
        }
        self.open(n)
    }

    /// Takes the cycles apart again, the last made first: the arc into a cycle takes the place of the
    /// one that its dependent had within.
    fn open(mut self, n: usize) -> Vec<usize> {
        for cycle in (n..self.parent.len()).rev() {
            let (d, h) = self.entered[cycle];
            let mut member = d;
            while self.parent[member] != cycle {
                member = self.parent[member];
                if member == 0 {
                    break;
                }
            }
            self.entered[member] = (d, h);
        }
        self.entered[1..n].iter().map(|&(_, h)| h).collect()
    }
}

fn find(into: &mut [usize], mut x: usize) -> usize {
    while into[x] != x {
        into[x] = into[into[x]];
        x = into[x];
    }
    x
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
    greedy(arc, n).unwrap_or_else(|| Graph::new(arc, n).solve())
}

/// Whether the heads (0 = root) are a tree with one root.
pub(super) fn well_formed(head: &[usize]) -> bool {
    if head.iter().any(|&h| h > head.len()) || head.iter().filter(|&&h| h == 0).count() != 1 {
        return false;
    }
    // The walk up from each node: of every node, the walk that came by.
    let mut walk = vec![0; head.len() + 1];
    (1..=head.len()).all(|start| {
        let mut v = start;
        while v > 0 && walk[v] == 0 {
            walk[v] = start;
            v = head[v - 1];
        }
        v == 0 || walk[v] != start
    })
}

/// The last resort: everything below the first token.
pub(super) fn flat(n: usize) -> Vec<usize> {
    (0..n).map(|i| usize::from(i > 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(n: usize, seed: &mut u64) -> Vec<f32> {
        let mut next = || {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (*seed >> 40) as f32 / 1e6
        };
        let mut arc: Vec<f32> = (0..n * (n + 1)).map(|_| next()).collect();
        (0..n).for_each(|d| arc[d * (n + 1) + d + 1] = -1e4);
        arc
    }

    fn total(arc: &[f32], head: &[usize]) -> f32 {
        head.iter().enumerate().map(|(d, h)| arc[d * (head.len() + 1) + h]).sum()
    }

    #[test]
    fn always_one_root_and_no_cycle() {
        let mut seed = 1;
        for n in 1..60 {
            assert!(well_formed(&tree(&random(n, &mut seed), n)), "{n}");
        }
        assert!(well_formed(&tree(&[f32::NAN; 12], 3)));
        assert!(well_formed(&tree(&[0.0; 200 * 201], 200)));
        assert!(well_formed(&flat(5)));
    }

    #[test]
    fn no_tree_is_better() {
        let mut seed = 7;
        for turn in 0..400 {
            let n = turn % 5 + 1;
            let arc = random(n, &mut seed);
            let best = (0..(n + 1).pow(n as u32))
                .map(|code| (0..n).map(|d| code / (n + 1).pow(d as u32) % (n + 1)).collect::<Vec<_>>())
                .filter(|head| well_formed(head))
                .map(|head| total(&arc, &head))
                .fold(f32::NEG_INFINITY, f32::max);
            let found = tree(&arc, n);
            assert!((total(&arc, &found) - best).abs() < 1e-4, "{n}: {found:?}");
            assert_eq!(found, Graph::new(&arc, n).solve(), "with and without the short cut");
        }
    }

    #[test]
    fn breaks_a_cycle_at_the_cheapest_place() {
        // 1 and 2 prefer each other; the root prefers 2.
        let arc = [1.0, -1e4, 9.0, 5.0, 9.0, -1e4];
        assert_eq!(tree(&arc, 2), [2, 0]);
    }

    #[test]
    fn what_is_no_tree_is_seen() {
        assert!(well_formed(&[2, 0, 2]));
        assert!(!well_formed(&[2, 0, 0]) && !well_formed(&[2, 1, 0]) && !well_formed(&[0, 2]) && !well_formed(&[0, 9]));
    }
}
