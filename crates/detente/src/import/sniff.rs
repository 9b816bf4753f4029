//! Which format a file is in, by how it begins.

use super::{Format, articles, gdelt, icews, ids, mail, phoenix, polecat};

/// The format of a file that begins with these bytes (unzipped).
pub fn sniff(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"WARC/") {
        return Some(Format::Warc);
    }
    if mail::begins(head) {
        return Some(Format::Mbox);
    }
    let text = super::table::text(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.lines().next().unwrap_or("");
    if first.starts_with('{') {
        return Some(Format::Jsonl);
    }
    // A comment may stand above rows of ids.
    if ids::is_row(text.lines().find(|l| !l.starts_with('#')).unwrap_or("")) {
        return Some(Format::Ids);
    }
    let cells: Vec<&str> = first.split('\t').collect();
    if cells.len() == icews::COLUMNS.len() && cells[..3] == icews::COLUMNS[..3] {
        return Some(Format::Icews);
    }
    let names: Vec<&str> = first.split(['\t', ',']).map(|c| c.trim().trim_matches('"')).collect();
    if names.starts_with(&polecat::COLUMNS[..3]) {
        return Some(Format::Polecat);
    }
    let date = |c: Option<&&str>| c.is_some_and(|c| c.len() == 8 && c.bytes().all(|b| b.is_ascii_digit()));
    if date(cells.get(1)) {
        return match cells.len() {
            n if n == gdelt::COLUMNS.len() => Some(Format::Gdelt2),
            n if n == gdelt::COLUMNS.len() - 3 => Some(Format::Gdelt1),
            n if n == phoenix::COLUMNS.len() => Some(Format::Phoenix),
            _ => None,
        };
    }
    (names.len() > 1 && articles::has_text(&names)).then_some(Format::Csv)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let check = |head: &str, expect: Option<Format>| assert_eq!(sniff(head.as_bytes()), expect, "{head}");
        check("WARC/1.0\r\n", Some(Format::Warc));
        check("{\"text\": \"x\"}\n", Some(Format::Jsonl));
        check(&icews::COLUMNS.join("\t"), Some(Format::Icews));
        check(&polecat::COLUMNS.join("\t"), Some(Format::Polecat));
        check(&format!("1\t20180101{}", "\t".repeat(59)), Some(Format::Gdelt2));
        check(&format!("1\t20130101{}", "\t".repeat(56)), Some(Format::Gdelt1));
        check(&format!("1\t20180101{}", "\t".repeat(24)), Some(Format::Phoenix));
        check("\"date\",\"text\"\n", Some(Format::Csv));
        check("0\t3\t12\t24\n", Some(Format::Ids));
        check("# source\trelation\ttarget\tday (0 = 2018-01-01)\n0\t3\t12\t0\t-1\n", Some(Format::Ids));
        check("From a@example.org Wed Jul 18 09:00:00 2018\nSubject: x\n", Some(Format::Mbox));
        check("Envoys met, and text was read.\n", None);
    }
}
