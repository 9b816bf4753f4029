//! Logistic regression with a ridge penalty, fitted by Newton's method.

use super::{Table, sigmoid};

/// A fitted ridge logit. Columns are brought to mean 0 and deviation 1 first.
#[derive(Clone, Debug)]
pub struct Logit {
    mean: Vec<f64>,
    scale: Vec<f64>,
    weights: Vec<f64>,
    intercept: f64,
}

impl Logit {
    /// Fits labels with weights of rows. `ridge` is the penalty on each squared weight, in rows.
    pub fn fit(table: &Table, labels: &[bool], ridge: f64) -> Self {
        let (n, k) = (table.len(), table.width);
        let total = (n as f64).max(1.0);
        let mut mean = vec![0.0; k];
        let mut square = vec![0.0; k];
        for i in 0..n {
            for (j, &x) in table.row(i).iter().enumerate() {
                mean[j] += f64::from(x);
                square[j] += f64::from(x) * f64::from(x);
            }
        }
        let mut scale = vec![0.0; k];
        for j in 0..k {
            mean[j] /= total;
            let variance = square[j] / total - mean[j] * mean[j];
            scale[j] = if variance > 1e-9 { 1.0 / variance.sqrt() } else { 0.0 };
        }
        let positives = labels.iter().filter(|l| **l).count() as f64;
        let base = (positives + 0.5) / (total + 1.0);
        let mut beta = vec![0.0; k + 1];
        beta[k] = (base / (1.0 - base)).ln();
        let mut x = vec![0.0; k + 1];
        for _ in 0..12 {
            let mut gradient = vec![0.0; k + 1];
            let mut hessian = vec![0.0; (k + 1) * (k + 1)];
            for (i, label) in labels.iter().enumerate().take(n) {
                for (j, &cell) in table.row(i).iter().enumerate() {
                    x[j] = (f64::from(cell) - mean[j]) * scale[j];
                }
                x[k] = 1.0;
                let z: f64 = x.iter().zip(&beta).map(|(a, b)| a * b).sum();
                let p = sigmoid(z);
                let error = f64::from(u8::from(*label)) - p;
                let weight = (p * (1.0 - p)).max(1e-6);
                for a in 0..=k {
                    gradient[a] += error * x[a];
                    let wa = weight * x[a];
                    let row = &mut hessian[a * (k + 1)..=a * (k + 1) + a];
                    row.iter_mut().zip(&x).for_each(|(h, b)| *h += wa * b);
                }
            }
            for a in 0..k {
                gradient[a] -= ridge * beta[a];
                hessian[a * (k + 1) + a] += ridge;
            }
            hessian[k * (k + 1) + k] += 1e-6;
            let step = solve(&mut hessian, gradient, k + 1);
            let mut size: f64 = 0.0;
            for (b, s) in beta.iter_mut().zip(&step) {
                *b += s.clamp(-3.0, 3.0);
                size = size.max(s.abs());
            }
            if size < 1e-5 {
                break;
            }
        }
        let intercept = beta[k];
        beta.truncate(k);
        Self { mean, scale, weights: beta, intercept }
    }

    /// Log odds of a row.
    pub fn score(&self, row: &[f32]) -> f64 {
        let terms = row.iter().zip(&self.mean).zip(&self.scale).zip(&self.weights);
        // Held inside what was seen in fitting: five deviations.
        self.intercept + terms.map(|(((x, m), s), w)| ((f64::from(*x) - m) * s).clamp(-5.0, 5.0) * w).sum::<f64>()
    }
}

/// Solves H x = g for a positive definite H of which the lower half is given (Cholesky).
fn solve(h: &mut [f64], mut g: Vec<f64>, n: usize) -> Vec<f64> {
    for j in 0..n {
        for i in j..n {
            let mut sum = h[i * n + j];
            for k in 0..j {
                sum -= h[i * n + k] * h[j * n + k];
            }
            h[i * n + j] = if i == j { sum.max(1e-12).sqrt() } else { sum / h[j * n + j] };
        }
    }
    for i in 0..n {
        for k in 0..i {
            g[i] -= h[i * n + k] * g[k];
        }
        g[i] /= h[i * n + i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            g[i] -= h[k * n + i] * g[k];
        }
        g[i] /= h[i * n + i];
    }
    g
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let mut h = vec![4.0, 0.0, 2.0, 3.0];
        let x = solve(&mut h, vec![10.0, 8.0], 2);
        assert!((x[0] - 1.75).abs() < 1e-9 && (x[1] - 1.5).abs() < 1e-9, "{x:?}");
    }

    #[test]
    fn what_tells_them_apart_is_found() {
        let mut table = Table::new(2);
        let labels: Vec<bool> = (0..200)
            .map(|i| {
                table.push(&[(i % 10) as f32, (i % 3) as f32]);
                i % 10 >= 7
            })
            .collect();
        let model = Logit::fit(&table, &labels, 1.0);
        assert!(model.score(&[9.0, 1.0]) > 1.0 && model.score(&[1.0, 1.0]) < -1.0);
        let empty = Logit::fit(&Table::new(2), &[], 1.0);
        assert!(empty.score(&[1.0, 1.0]).is_finite());
    }
}
