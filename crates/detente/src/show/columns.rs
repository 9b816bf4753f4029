use anstyle::Style;
use unicode_width::UnicodeWidthStr;

/// One cell: words and how they look.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
    right: bool,
}

impl Cell {
    /// With a style.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Set to the right, as numbers are.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// A cell of plain words.
pub fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), ..Cell::default() }
}

/// Rows whose columns line up, two spaces apart, without lines around them.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    rows: Vec<Vec<Cell>>,
}

impl Columns {
    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The finished lines.
    pub fn lines(&self) -> String {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.width());
            }
        }
        let mut out = String::new();
        for row in &self.rows {
            let last = row.iter().rposition(|c| !c.text.is_empty()).map_or(0, |i| i + 1);
            for (i, cell) in row.iter().take(last).enumerate() {
                let gap = " ".repeat(widths[i] - cell.text.width());
                let style = cell.style;
                if i > 0 {
                    out.push_str("  ");
                }
                match (cell.right, i + 1 == last) {
                    (true, _) => out.push_str(&format!("{gap}{style}{}{style:#}", cell.text)),
                    (false, true) => out.push_str(&format!("{style}{}{style:#}", cell.text)),
                    (false, false) => out.push_str(&format!("{style}{}{style:#}{gap}", cell.text)),
                }
            }
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_leave_no_trailing_space() {
        let mut c = Columns::default();
        c.row([cell("é"), cell("1.0").right(), cell("")]);
        c.row([cell("long"), cell("-10.0").right(), cell("x")]);
        assert_eq!(c.lines(), "é       1.0\nlong  -10.0  x\n");
    }
}
