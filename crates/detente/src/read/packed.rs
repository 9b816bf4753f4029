//! What servers send, before it is text: packing, and the server's own word on the encoding.

use encoding_rs::Encoding;
use std::io::{self, Read};

/// Undoes a packing that HTTP names, up to `most` bytes. What was read before the damage comes with the error;
/// [`io::ErrorKind::Unsupported`] where the packing is not known, or not to a program built without fetching.
pub fn unpacked(name: &str, input: &[u8], most: u64) -> (Vec<u8>, io::Result<()>) {
    let mut out = Vec::new();
    let mut all = |mut reader: Box<dyn Read + '_>| reader.by_ref().take(most).read_to_end(&mut out).map(|_| ());
    let read = match name {
        // Servers say gzip of what is none.
        "gzip" | "x-gzip" if !input.starts_with(b"\x1f\x8b") => all(Box::new(input)),
        "gzip" | "x-gzip" => all(Box::new(flate2::read::MultiGzDecoder::new(input))),
        "deflate" if input.first().is_some_and(|b| b & 0x0f == 8) => all(Box::new(flate2::read::ZlibDecoder::new(input))),
        "deflate" => all(Box::new(flate2::read::DeflateDecoder::new(input))),
        #[cfg(feature = "net")]
        "br" => all(Box::new(brotli_decompressor::Decompressor::new(input, 4096))),
        #[cfg(feature = "net")]
        "zstd" => ruzstd::decoding::StreamingDecoder::new(input).map_err(io::Error::other).and_then(|d| all(Box::new(d))),
        _ => Err(io::ErrorKind::Unsupported.into()),
    };
    (out, read)
}

/// The packings of a header, in the order they are to be undone.
pub fn packings(header: &str) -> Vec<String> {
    let names = header.split(',').map(|n| n.trim().to_ascii_lowercase()).filter(|n| !n.is_empty() && n != "identity");
    let mut names: Vec<String> = names.collect();
    names.reverse();
    names.truncate(4);
    names
}

/// Bytes in UTF-8 where the server's word is all that tells what they are. Servers are often wrong, so
/// that UTF-8, marks of order and the page's own word go before it. `kind` is the Content-Type.
pub fn as_told(body: Vec<u8>, kind: &str) -> Vec<u8> {
    let charset = kind.split(';').skip(1).find_map(|p| {
        let p = p.trim();
        p.get(..8).filter(|k| k.eq_ignore_ascii_case("charset=")).map(|_| p[8..].trim_matches(['"', '\'', ' ']))
    });
    let Some(encoding) = charset.and_then(|c| Encoding::for_label(c.as_bytes())) else { return body };
    let head = &body[..body.len().min(4096)];
    let tells = |mark: &[u8]| head.windows(mark.len()).any(|w| w.eq_ignore_ascii_case(mark));
    if std::str::from_utf8(&body).is_ok() || Encoding::for_bom(&body).is_some() || tells(b"charset=") || tells(b"encoding=") {
        return body;
    }
    match encoding.decode_without_bom_handling(&body) {
        (text, false) => text.into_owned().into_bytes(),
        _ => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_charset_counts_where_nothing_else_tells() {
        let check = |body: &[u8], kind: &str, expect: &[u8]| assert_eq!(as_told(body.to_vec(), kind), expect, "{kind}");
        check(b"\xcc\xee\xf1\xea\xe2\xe0", "text/html; charset=windows-1251", "Москва".as_bytes());
        check(b"\xcc\xee\xf1\xea\xe2\xe0", "text/html;Charset=\"windows-1251\"", "Москва".as_bytes());
        check("Москва".as_bytes(), "text/html; charset=windows-1251", "Москва".as_bytes());
        check(b"<meta charset=koi8-r>\xed\xcf", "text/html; charset=windows-1251", b"<meta charset=koi8-r>\xed\xcf");
        check(b"\xcc\xee", "text/html", b"\xcc\xee");
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        use std::io::Write;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&vec![b'a'; 1 << 20]).unwrap();
        let gz = gz.finish().unwrap();
        let check = |name: &str, input: &[u8], most: u64, expect: usize, whole: bool| {
            let (out, read) = unpacked(name, input, most);
            assert_eq!((out.len(), read.is_ok()), (expect, whole), "{name}");
        };
        check("gzip", &gz, 1 << 30, 1 << 20, true);
        check("gzip", &gz, 10, 10, true);
        check("gzip", b"plain", 10, 5, true);
        check("gzip", &gz[..3], 10, 0, false);
        check("zip-of-sorts", &gz, 10, 0, false);
        assert_eq!(packings("gzip, identity, Br"), ["br", "gzip"]);
    }
}
