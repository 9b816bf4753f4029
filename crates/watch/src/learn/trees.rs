//! Gradient-boosted trees over binned columns, for log loss.

use super::{Keep, Kept, Table, sigmoid};

const BINS: usize = 32;

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub struct TreesConfig {
    /// Number of trees.
    pub trees: usize,
    /// Splits from root to leaf.
    pub depth: usize,
    /// Share of each tree's answer that is taken.
    pub rate: f64,
    /// Least sum of p(1-p) in a leaf.
    pub least: f64,
    /// Penalty on squared leaf values.
    pub ridge: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    column: u32,
    /// Rows at or below it go left.
    cut: f32,
    bin: u8,
    left: u32,
    right: u32,
    value: f64,
}

/// A fitted sum of trees.
#[derive(Clone, Debug, PartialEq)]
pub struct Trees {
    base: f64,
    trees: Vec<Vec<Node>>,
}

impl Trees {
    /// Fits labels.
    pub fn fit(table: &Table, labels: &[bool], config: TreesConfig) -> Self {
        let n = table.len();
        let positives = labels.iter().filter(|l| **l).count() as f64;
        let rate = (positives + 0.5) / (n as f64 + 1.0);
        let base = (rate / (1.0 - rate)).ln();
        let cuts = cuts(table);
        let mut bins = vec![0u8; table.width * n];
        for (j, cuts) in cuts.iter().enumerate() {
            for i in 0..n {
                let x = table.cells[i * table.width + j];
                bins[j * n + i] = cuts.partition_point(|c| *c < x) as u8;
            }
        }
        let mut scores = vec![base; n];
        let mut trees = Vec::with_capacity(config.trees);
        for round in 0..config.trees {
            let gradients: Vec<(f64, f64)> = (0..n)
                .map(|i| {
                    let p = sigmoid(scores[i]);
                    (f64::from(u8::from(labels[i])) - p, (p * (1.0 - p)).max(1e-6))
                })
                .collect();
            let mut grower = Grower { bins: &bins, cuts: &cuts, gradients: &gradients, n, config, nodes: Vec::new(), round };
            let mut rows: Vec<u32> = (0..n as u32).collect();
            grower.grow(&mut rows, config.depth);
            let nodes = grower.nodes;
            for (i, score) in scores.iter_mut().enumerate() {
                let mut at = 0usize;
                while nodes[at].left != 0 {
                    let node = &nodes[at];
                    at = if bins[node.column as usize * n + i] <= node.bin { node.left } else { node.right } as usize;
                }
                *score += nodes[at].value;
            }
            trees.push(nodes);
        }
        Self { base, trees }
    }

    /// Log odds of a row.
    pub fn score(&self, row: &[f32]) -> f64 {
        let leaf = |nodes: &Vec<Node>| {
            let mut at = 0usize;
            while nodes[at].left != 0 {
                let node = &nodes[at];
                at = if row[node.column as usize] <= node.cut { node.left } else { node.right } as usize;
            }
            nodes[at].value
        };
        self.base + self.trees.iter().map(leaf).sum::<f64>()
    }

    /// Writes them down.
    pub fn keep(&self, to: &mut Keep) {
        to.put(self.base).put(self.trees.len()).line();
        for nodes in &self.trees {
            to.put(nodes.len());
            for n in nodes {
                to.put(n.column).put(n.cut).put(n.bin).put(n.left).put(n.right).put(n.value);
            }
            to.line();
        }
    }

    /// Reads trees over so many columns; none where the text is none of ours.
    pub fn kept(from: &mut Kept, width: usize) -> Option<Self> {
        let (base, n): (f64, usize) = (from.get()?, from.get()?);
        let tree = |from: &mut Kept| {
            let n: u32 = from.get()?;
            let node = |at: u32| {
                let (column, cut, bin, left, right, value) = (from.get()?, from.get()?, from.get()?, from.get()?, from.get()?, from.get()?);
                // Children come after their parent: no row walks in a circle.
                let leads = (left == 0 && right == 0) || (left > at && left < n && right > at && right < n);
                (leads && (column as usize) < width).then_some(Node { column, cut, bin, left, right, value })
            };
            (n > 0).then(|| (0..n).map(node).collect::<Option<Vec<Node>>>()).flatten()
        };
        Some(Self { base, trees: (0..n).map(|_| tree(from)).collect::<Option<_>>()? })
    }
}

struct Grower<'a> {
    bins: &'a [u8],
    cuts: &'a [Vec<f32>],
    gradients: &'a [(f64, f64)],
    n: usize,
    config: TreesConfig,
    nodes: Vec<Node>,
    round: usize,
}

impl Grower<'_> {
    /// Grows a node over these rows and gives its number.
    fn grow(&mut self, rows: &mut [u32], depth: usize) -> u32 {
        let (g, h) = rows.iter().map(|r| self.gradients[*r as usize]).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let me = self.nodes.len();
        let value = self.config.rate * g / (h + self.config.ridge);
        self.nodes.push(Node { column: 0, cut: 0.0, bin: 0, left: 0, right: 0, value });
        if depth == 0 || h < 2.0 * self.config.least {
            return me as u32;
        }
        let Some((column, bin)) = self.split(rows, g, h) else { return me as u32 };
        let mut left = 0;
        for i in 0..rows.len() {
            if self.bins[column * self.n + rows[i] as usize] <= bin {
                rows.swap(i, left);
                left += 1;
            }
        }
        let (low, high) = rows.split_at_mut(left);
        let left = self.grow(low, depth - 1);
        let right = self.grow(high, depth - 1);
        self.nodes[me] = Node { column: column as u32, cut: self.cuts[column][usize::from(bin)], bin, left, right, value };
        me as u32
    }

    /// The best column and bin to split at.
    fn split(&self, rows: &[u32], g: f64, h: f64) -> Option<(usize, u8)> {
        let worth = |g: f64, h: f64| g * g / (h + self.config.ridge);
        let mut best = (worth(g, h) + 1e-3, None);
        for (column, cuts) in self.cuts.iter().enumerate() {
            // A third of the columns rest in each round, in turn, so that no column speaks alone.
            if cuts.is_empty() || (column + self.round).is_multiple_of(3) {
                continue;
            }
            let mut sums = [(0.0, 0.0); BINS];
            let bins = &self.bins[column * self.n..(column + 1) * self.n];
            for r in rows {
                let (g, h) = self.gradients[*r as usize];
                let sum = &mut sums[usize::from(bins[*r as usize])];
                sum.0 += g;
                sum.1 += h;
            }
            let (mut gl, mut hl) = (0.0, 0.0);
            for (bin, sum) in sums.iter().enumerate().take(cuts.len()) {
                gl += sum.0;
                hl += sum.1;
                if hl < self.config.least || h - hl < self.config.least {
                    continue;
                }
                let gain = worth(gl, hl) + worth(g - gl, h - hl);
                if gain > best.0 {
                    best = (gain, Some((column, bin as u8)));
                }
            }
        }
        best.1
    }
}

/// Where each column is cut: at most 31 places that part its rows evenly.
fn cuts(table: &Table) -> Vec<Vec<f32>> {
    let n = table.len();
    (0..table.width)
        .map(|j| {
            let mut column: Vec<f32> = (0..n).map(|i| table.cells[i * table.width + j]).collect();
            column.sort_by(f32::total_cmp);
            let mut cuts: Vec<f32> = (1..BINS).filter_map(|b| column.get(b * n / BINS).copied()).collect();
            cuts.dedup();
            // Nothing lies above the greatest.
            if cuts.last().is_some_and(|c| column.last().is_some_and(|l| c >= l)) {
                cuts.pop();
            }
            cuts
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exclusive_or_is_learnt() {
        let mut table = Table::new(4);
        let labels: Vec<bool> = (0..400usize)
            .map(|i| {
                let (a, b) = (i % 2, (i / 2) % 2);
                table.push(&[a as f32, b as f32, (i % 7) as f32, 1.0]);
                a != b || i.is_multiple_of(40)
            })
            .collect();
        let config = TreesConfig { trees: 40, depth: 3, rate: 0.2, least: 1.0, ridge: 1.0 };
        let model = Trees::fit(&table, &labels, config);
        assert!(model.score(&[1.0, 0.0, 3.0, 1.0]) > 1.0 && model.score(&[1.0, 1.0, 3.0, 1.0]) < -1.0);
        assert!(Trees::fit(&Table::new(2), &[], config).score(&[0.0, 0.0]).is_finite());
        // Kept and read again they are the same, and what is no tree is not read.
        let mut keep = Keep::default();
        model.keep(&mut keep);
        let text = keep.text();
        assert_eq!(Trees::kept(&mut Kept::new(&text), 4).as_ref(), Some(&model));
        for wrong in ["", "0.5 1 1 9 0 0 0 0 0", "0.5 1 2 0 0 0 0 1 0 0 0 0 0 0 1", &text[..text.len() / 2]] {
            assert_eq!(Trees::kept(&mut Kept::new(wrong), 4), None, "{wrong}");
        }
    }
}
