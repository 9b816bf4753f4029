//! Bytes to text: which encoding, and whether it is text at all.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Trouble;

/// Bytes looked at when the kind of file is judged.
const HEAD: usize = 64 << 10;

/// First bytes of files that are never text, and what they are.
const MAGIC: [(&[u8], &str); 16] = [
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, film or image file"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"OggS", "a sound file"),
];

/// The text of the bytes; gzip is opened first. `limit` is in bytes of text.
pub fn text(bytes: &[u8], limit: u64) -> Result<String, Trouble> {
    if bytes.starts_with(b"\x1f\x8b") {
        let mut inner = Vec::new();
        let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(limit.saturating_add(1));
        // A gzip cut short still gives what came before the cut.
        if reader.read_to_end(&mut inner).is_err() && inner.is_empty() {
            return Err(Trouble::Gzip);
        }
        return plain(&inner, limit);
    }
    plain(bytes, limit)
}

fn plain(bytes: &[u8], limit: u64) -> Result<String, Trouble> {
    if bytes.len() as u64 > limit {
        return Err(Trouble::TooLong { limit: limit >> 20 });
    }
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, len)) => encoding.decode_without_bom_handling(&bytes[len..]).0.into_owned(),
        None => guess(bytes)?,
    };
    if text.trim().is_empty() {
        return Err(Trouble::Empty);
    }
    Ok(text)
}

fn guess(bytes: &[u8]) -> Result<String, Trouble> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Trouble::Binary { what });
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.contains(&0) {
        let encoding = utf16(head).ok_or(Trouble::Binary { what: "a binary file" })?;
        return Ok(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    let control = head.iter().filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x0b | 0x1b)).count();
    if control * 50 > head.len() {
        return Err(Trouble::Binary { what: "a binary file" });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        // Cut in the middle of a character.
        Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => return Ok(String::from_utf8_lossy(bytes).into_owned()),
        Err(_) => {}
    }
    let encoding = declared(bytes).filter(|e| *e != UTF_8).unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        detector.guess(None, Utf8Detection::Allow)
    });
    // A stray byte does not make a UTF-8 text a Latin one.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.matches('\u{fffd}').count();
    let good = lossy.chars().filter(|c| !c.is_ascii()).count() - broken;
    if good > 8 * broken {
        return Ok(lossy.into_owned());
    }
    Ok(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// UTF-16 without a mark: the zero bytes stand nearly all on one side.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let count = |side: usize| head.chunks_exact(2).filter(|c| c[side] == 0).count();
    let (even, odd) = (count(0), count(1));
    if pairs > 0 && odd * 10 > pairs * 4 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if pairs > 0 && even * 10 > pairs * 4 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The encoding an HTML page names in its head.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    let at = head.windows(8).position(|w| w.eq_ignore_ascii_case(b"charset="))? + 8;
    let rest = &head[at..];
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')).count();
    Encoding::for_label(&rest[..len])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: &str) {
        assert_eq!(text(bytes, 1 << 20).unwrap(), expect);
    }

    fn refuse(bytes: &[u8], expect: &str) {
        assert!(text(bytes, 1 << 20).unwrap_err().to_string().contains(expect));
    }

    #[test]
    fn encodings() {
        check("détente “yes”".as_bytes(), "détente “yes”");
        check(b"\xef\xbb\xbfword", "word");
        check(b"\xff\xfeh\0i\0", "hi");
        check(b"\xfe\xff\0h\0i", "hi");
        check(b"h\0e\0l\0l\0o\0 \0y\0o\0u\0", "hello you");
        check(b"\0h\0e\0l\0l\0o", "hello");
        check(
            b"The minister said \x93we agree\x94 in the caf\xe9 of the ministry.",
            "The minister said “we agree” in the café of the ministry.",
        );
        check(b"<meta charset=windows-1251>\xcc\xee\xf1\xea\xe2\xe0", "<meta charset=windows-1251>Москва");
    }

    #[test]
    fn a_cut_or_stray_byte_does_no_harm() {
        check(&"café".as_bytes()[..4], "caf\u{fffd}");
        let mut long = "é".repeat(50).into_bytes();
        long.push(0xff);
        assert!(text(&long, 1 << 20).unwrap().starts_with("éé"));
    }

    #[test]
    fn what_is_not_text() {
        refuse(b"\x89PNG\r\n\x1a\n\0\0", "PNG");
        refuse(b"%PDF-1.7", "PDF");
        refuse(b"ab\0\0\0\x01\x02cd\0\0\0zz", "binary");
        refuse(b"\x01\x02\x03\x04", "binary");
        refuse(b"", "empty");
        refuse(b" \n\t ", "empty");
        refuse(b"\x1f\x8b\x00", "gzip");
        refuse(&vec![b'a'; (1 << 20) + 1], "longer");
    }
}
