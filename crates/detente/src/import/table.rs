//! Lines and cells of tables.

use super::{Raw, RawRows};
use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// A line longer than this is no row; it is rejected in part and read past.
const LONGEST: u64 = 64 << 20;

/// Lines of a file, numbered from 1.
pub(super) struct Lines<R> {
    reader: R,
    line: u64,
    over: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R, line: u64) -> Self {
        Self { reader, line, over: false }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<(u64, Raw)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let mut bytes = Vec::new();
        self.line += 1;
        match self.reader.by_ref().take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(0) => None,
            Ok(_) if bytes.len() as u64 == LONGEST && bytes.last() != Some(&b'\n') => {
                let skipped = skip_line(&mut self.reader);
                self.over = skipped.is_err();
                Some(skipped.map(|()| (self.line, Raw::Broken(format!("the line is longer than {} MB", LONGEST >> 20)))))
            }
            Ok(_) => {
                while matches!(bytes.last(), Some(b'\n' | b'\r')) {
                    bytes.pop();
                }
                Some(Ok((self.line, Raw::Line(bytes))))
            }
            Err(err) => {
                self.over = true;
                Some(Err(err))
            }
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let used = end.map_or(buffer.len(), |i| i + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// Bytes as text: UTF-8, or the encoding older files are in.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Header and rows of a table with quotes; tab when the header holds one, else comma.
pub(super) fn cells<'a>(mut reader: Box<dyn BufRead + Send + 'a>) -> Result<(Vec<String>, RawRows<'a>), csv::Error> {
    let head = reader.fill_buf()?;
    let first = head.split(|b| *b == b'\n').next().unwrap_or(head);
    let delimiter = if first.contains(&b'\t') {
        b'\t'
    } else if first.contains(&b';') && !first.contains(&b',') {
        b';'
    } else {
        b','
    };
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(reader);
    let header = table.byte_headers()?.iter().map(|c| text(c).trim().trim_start_matches('\u{feff}').to_owned()).collect();
    let rows = table.into_byte_records().map(|row| match row {
        Ok(row) => {
            let line = row.position().map_or(0, csv::Position::line);
            Ok((line, Raw::Cells(row.iter().map(|c| text(c).into_owned()).collect())))
        }
        Err(err) => match err.into_kind() {
            csv::ErrorKind::Io(err) => Err(err),
            other => Err(io::Error::other(format!("{other:?}"))),
        },
    });
    Ok((header, Box::new(rows)))
}

/// Text that says something: not empty, and not one of the words for nothing.
pub(super) fn some(cell: &str) -> Option<String> {
    let cell = cell.trim();
    (!matches!(cell, "" | "NA" | "None" | "NULL" | "nan" | "---")).then(|| cell.to_owned())
}

/// A number, if the cell holds one.
pub(super) fn number<T: std::str::FromStr>(cell: &str) -> Option<T> {
    cell.trim().parse().ok()
}

/// The day of 20180718, 2018-07-18 or 18jul2018.
pub(super) fn day(cell: &str) -> Result<String, String> {
    let cell = cell.trim();
    let digits = cell.len() == 8 && cell.bytes().all(|b| b.is_ascii_digit());
    let date = match digits {
        true => format!("{}-{}-{}", &cell[..4], &cell[4..6], &cell[6..]).parse().ok(),
        false => cell.get(..10).and_then(|d| d.parse().ok()).or_else(|| detente_core::model::Date::strptime("%d%b%Y", cell).ok()),
    };
    date.map(|d: detente_core::model::Date| d.to_string()).ok_or_else(|| format!("\"{cell}\" is no date"))
}

/// Columns that say something and have no place in an event, as a JSON object in their order.
pub(super) fn extras<'a>(columns: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let map: serde_json::Map<String, serde_json::Value> =
        columns.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_owned(), v.into())).collect();
    (!map.is_empty()).then(|| serde_json::Value::Object(map).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let check = |s: &str, expect: &str| assert_eq!(day(s).unwrap_or_default(), expect, "{s}");
        check("20180718", "2018-07-18");
        check("2018-07-18T00:00", "2018-07-18");
        check("18jul2018", "2018-07-18");
        check("20181318", "");
        check("", "");
    }

    #[test]
    fn lines_are_numbered_and_cells_may_hold_line_ends() {
        let lines: Vec<_> = Lines::new(&b"a\r\n\nb"[..], 0).map(|l| l.unwrap().0).collect();
        assert_eq!(lines, [1, 2, 3]);
        let (header, rows) = cells(Box::new(&b"id\ttext\n1\t\"a\nb\"\n2\tc\n"[..])).unwrap();
        assert_eq!(header, ["id", "text"]);
        let rows: Vec<_> = rows.map(|r| r.unwrap()).map(|(n, r)| (n, r.bytes())).collect();
        assert_eq!(rows, [(2, 4), (4, 2)]);
    }
}
