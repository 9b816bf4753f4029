//! Small models for tables of numbers, without randomness: a ridge logit, boosted trees, a calibration,
//! and the measures that judge them.

mod calibrate;
mod kept;
mod logit;
mod measure;
mod trees;

pub use calibrate::Calibration;
pub use kept::{Keep, Kept};
pub use logit::Logit;
pub use measure::{Ranked, auc, average_precision, brier, calibration_error, log_score, ratio_interval};
pub use trees::{Trees, TreesConfig};

/// A table of rows with the same number of columns.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Columns of a row.
    pub width: usize,
    /// Row after row.
    pub cells: Vec<f32>,
}

impl Table {
    /// An empty table.
    pub fn new(width: usize) -> Self {
        Self { width, cells: Vec::new() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A row.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.cells[i * self.width..(i + 1) * self.width]
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[f32]) {
        debug_assert_eq!(row.len(), self.width);
        self.cells.extend_from_slice(row);
    }
}

/// 1 / (1 + e^-z)
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// ln(p / (1 - p)), kept finite.
pub fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}
