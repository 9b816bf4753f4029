//! Web archives: the pages in WARC files, plain or gzipped record by record.

use super::Raw;
use crate::read::{self, Defaults, packed};
use crate::store::ImportRow;
use std::io::{self, BufRead, Read};

/// A response longer than this is not kept in memory, and rejected.
const LONGEST: u64 = 32 << 20;

/// Records of an archive, numbered from 1.
pub struct Reader<R> {
    reader: R,
    record: u64,
    over: bool,
}

/// One response of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Kind: response, request, …
    pub kind: String,
    /// Address.
    pub url: Option<String>,
    /// Bytes as the server sent them, with its headers.
    pub body: Vec<u8>,
    /// Its length when it is too long to be read.
    pub too_long: Option<u64>,
}

impl<R: BufRead> Reader<R> {
    /// Reads an archive that was unzipped already.
    pub fn new(reader: R) -> Self {
        Self { reader, record: 0, over: false }
    }

    fn read(&mut self) -> io::Result<Option<Raw>> {
        let mut line = String::new();
        // Empty lines part the records.
        loop {
            line.clear();
            if text_line(&mut self.reader, &mut line)? == 0 {
                return Ok(None);
            }
            if !line.trim().is_empty() {
                break;
            }
        }
        if !line.starts_with("WARC/") {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("record {} does not begin with WARC/", self.record)));
        }
        let (mut record, mut length) = (Record::default(), None);
        loop {
            line.clear();
            if text_line(&mut self.reader, &mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some((name, value)) = line.trim_end().split_once(':') else {
                if line.trim().is_empty() {
                    break;
                }
                continue;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "warc-type" => record.kind = value.to_ascii_lowercase(),
                "warc-target-uri" => record.url = Some(value.trim_matches(['<', '>']).to_owned()),
                "content-length" => length = value.parse::<u64>().ok(),
                _ => {}
            }
        }
        let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("record {} has no length", self.record)))?;
        let mut body = self.reader.by_ref().take(length);
        if record.kind == "response" && length <= LONGEST {
            body.read_to_end(&mut record.body)?;
        } else {
            record.too_long = (record.kind == "response").then_some(length);
            io::copy(&mut body, &mut io::sink())?;
        }
        if body.limit() > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Raw::Page(record)))
    }
}

fn text_line(reader: &mut impl BufRead, line: &mut String) -> io::Result<usize> {
    let mut bytes = Vec::new();
    let n = reader.take(64 << 10).read_until(b'\n', &mut bytes)?;
    line.push_str(&String::from_utf8_lossy(&bytes));
    Ok(n)
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<(u64, Raw)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        self.record += 1;
        let read = self.read();
        self.over = !matches!(read, Ok(Some(_)));
        match read {
            Ok(raw) => raw.map(|raw| Ok((self.record, raw))),
            // What came before the damage is kept; the damage is one rejected row.
            Err(err) if matches!(err.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
                Some(Ok((
                    self.record,
                    Raw::Broken(format!("the archive is damaged or cut short here: {err}; what follows could not be read")),
                )))
            }
            Err(err) => Some(Err(err)),
        }
    }
}

impl Record {
    /// The page as an article; `None` for records that are no response.
    pub fn article(&self, defaults: &Defaults) -> Option<ImportRow> {
        if self.kind != "response" {
            return None;
        }
        let url = self.url.clone().unwrap_or_default();
        let rejected = |reason: String| Some(ImportRow::Rejected(reason, url.clone()));
        if let Some(length) = self.too_long {
            return rejected(format!("the page is {} MB long", length >> 20));
        }
        let Some((head, body)) = split_head(&self.body) else { return rejected("no HTTP answer".to_owned()) };
        let head = String::from_utf8_lossy(head);
        let status = head.split_whitespace().nth(1).unwrap_or("");
        if status != "200" {
            return rejected(format!("the server answered {status}"));
        }
        let header = |name: &str| {
            head.lines().skip(1).find_map(|l| {
                l.split_once(':').filter(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_ascii_lowercase())
            })
        };
        let kind = header("content-type").unwrap_or_default();
        if !kind.is_empty() && !kind.contains("html") && !kind.starts_with("text/plain") {
            return rejected(format!("{kind} is no web page"));
        }
        let chunked = header("transfer-encoding").is_some_and(|t| t.contains("chunked"));
        let mut body = match chunked.then(|| unchunked(body)).flatten() {
            Some(whole) => whole,
            None => body.to_vec(),
        };
        for packing in packed::packings(&header("content-encoding").unwrap_or_default()) {
            // Some archives unpack the page and leave the header.
            if body.trim_ascii_start().starts_with(b"<") {
                break;
            }
            let (out, read) = packed::unpacked(&packing, &body, defaults.most().saturating_add(1));
            match read {
                Err(err) if out.is_empty() => {
                    return rejected(format!("the page is packed in a way that cannot be read ({packing}: {err})"));
                }
                // What came before a cut is a page that was cut.
                _ => body = out,
            }
        }
        let body = packed::as_told(body, &kind);
        let defaults = Defaults { url: self.url.clone(), ..defaults.clone() };
        match read::article(&body, self.url.as_deref().unwrap_or("page.html"), &defaults) {
            Ok(article) => Some(ImportRow::Article(Box::new(article))),
            Err(err) => rejected(err.to_string()),
        }
    }
}

fn split_head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|i| (i, i + 4));
    let (end, start) = at.or_else(|| bytes.windows(2).position(|w| w == b"\n\n").map(|i| (i, i + 2)))?;
    bytes.starts_with(b"HTTP/").then(|| (&bytes[..end], &bytes[start..]))
}

/// A body sent in chunks; `None` when it was put together already, as some archives do.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = bytes.iter().position(|b| *b == b'\n')?;
        let size = std::str::from_utf8(&bytes[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        bytes = &bytes[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(bytes.get(..size)?);
        bytes = bytes.get(size..)?;
        bytes = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, url: &str, body: &str) -> String {
        format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n", body.len())
    }

    #[test]
    fn pages_of_an_archive() {
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Envoys meet</title><p>They met in the old town.";
        let archive = record("warcinfo", "", "x")
            + &record("request", "https://example.org/1", "GET")
            + &record("response", "https://example.org/1", page)
            + &record("response", "https://example.org/2", "HTTP/1.1 404 Not Found\r\n\r\nno")
            + "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999\r\n\r\ncut";
        let rows: Vec<_> = Reader::new(archive.as_bytes()).map(|r| r.unwrap()).collect();
        assert_eq!(rows.len(), 5);
        let article = |raw: &Raw| match raw {
            Raw::Page(record) => record.article(&Defaults::default()),
            Raw::Broken(why) => Some(ImportRow::Rejected(why.clone(), String::new())),
            _ => None,
        };
        assert!(article(&rows[0].1).is_none() && article(&rows[1].1).is_none());
        assert!(matches!(article(&rows[2].1), Some(ImportRow::Article(a)) if a.url.as_deref() == Some("https://example.org/1")));
        assert!(matches!(article(&rows[3].1), Some(ImportRow::Rejected(why, url)) if why.contains("404") && url.ends_with("/2")));
        assert!(matches!(article(&rows[4].1), Some(ImportRow::Rejected(why, _)) if why.contains("cut short")));
    }

    #[test]
    fn packed_pages() {
        let check = |headers: &str, body: &[u8], expect: &str| {
            let bytes =
                [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n{headers}\r\n").as_bytes(), body].concat();
            let record = Record { kind: "response".into(), url: Some("https://example.org/1".into()), body: bytes, too_long: None };
            match record.article(&Defaults::default()) {
                Some(ImportRow::Article(a)) => assert!(a.text.contains(expect), "{headers}: {}", a.text),
                Some(ImportRow::Rejected(why, _)) => assert!(why.contains(expect), "{headers}: {why}"),
                other => panic!("{other:?}"),
            }
        };
        let page = b"<html><title>Envoys meet</title><p>They met in the old town.";
        let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        io::Write::write_all(&mut deflated, page).unwrap();
        check("Content-Encoding: deflate\r\n", &deflated.finish().unwrap(), "old town");
        // Unpacked by the crawler, the header left as it was.
        check("Content-Encoding: br\r\n", page, "old town");
        check("Content-Encoding: zip-of-sorts\r\n", b"PKxx", "zip-of-sorts");
        check("", b"<html><title>\xcc\xee\xf1\xea\xe2\xe0</title><p>\xcc\xee\xf1\xea\xe2\xe0 \xcc\xee\xf1\xea\xe2\xe0.", "Москва");
    }

    #[test]
    fn chunks() {
        assert_eq!(unchunked(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").unwrap(), b"abcde");
        assert_eq!(unchunked(b"<html>"), None);
    }
}
