//! Files to articles: encodings, plain text, web pages.

mod decode;
mod html;
mod meta;
mod near;
pub mod packed;
mod plain;
mod strip;

use detente_core::model::{Article, Date};
use sha2::{Digest, Sha256};

pub use html::{Page, page};

/// Largest text read unless the caller allows more, in bytes. Longer files are seldom one article,
/// and reading takes about 100 bytes of memory for each of theirs.
pub const LIMIT: u64 = 16 << 20;

/// What the caller knows of an article that the file may not say. The file wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// Publication date.
    pub published: Option<Date>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Largest text read, in bytes; [`LIMIT`] when none.
    pub limit: Option<u64>,
}

impl Defaults {
    /// Largest text read, in bytes. Spans count in 32 bits.
    pub fn most(&self) -> u64 {
        self.limit.unwrap_or(LIMIT).min(u64::from(u32::MAX))
    }
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A web page.
    Html,
    /// Anything else that is text.
    Plain,
}

impl Source {
    /// Judged by how the text begins, then by the name.
    pub fn of(text: &str, name: &str) -> Source {
        let head = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let head: String = head.chars().take(1024).collect::<String>().to_ascii_lowercase();
        let begins = ["<!doctype html", "<html", "<head", "<body"].iter().any(|t| head.starts_with(t));
        let wrapped = (head.starts_with("<?xml") || head.starts_with("<!--")) && head.contains("<html");
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let named = [".html", ".htm", ".xhtml", ".shtml"].iter().any(|e| name.ends_with(e));
        if begins || wrapped || named && head.contains('<') { Source::Html } else { Source::Plain }
    }
}

/// Why a file gives no article. The text says what is wrong; [`ReadError::name`] where, and
/// [`ReadError::hint`] what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{trouble}")]
pub struct ReadError {
    name: String,
    #[source]
    trouble: Trouble,
}

impl ReadError {
    /// The file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self.trouble {
            Trouble::Empty => "give a file that holds an article",
            Trouble::Binary { .. } => "save it as plain text or HTML first",
            Trouble::Gzip => "fetch the file again",
            Trouble::TooLong { .. } => "split it into one file an article, or allow more with --max-size",
            Trouble::NoArticle => "save the page again after it has loaded, or save its text",
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Trouble {
    #[error("it is empty")]
    Empty,
    #[error("it is {what}, not text")]
    Binary { what: &'static str },
    #[error("it is a broken gzip file")]
    Gzip,
    #[error("it is longer than {limit} MB")]
    TooLong { limit: u64 },
    #[error("the page holds no article text")]
    NoArticle,
}

/// Reads one file. `name` is its path, or how else it is called in messages.
///
/// # Errors
/// The bytes are empty, not text, too many, or a page without text.
pub fn article(bytes: &[u8], name: &str, defaults: &Defaults) -> Result<Article, ReadError> {
    let fail = |trouble| ReadError { name: name.to_owned(), trouble };
    let text = decode::text(bytes, defaults.most()).map_err(fail)?;
    match Source::of(&text, name) {
        Source::Html => html::article(&text, defaults).ok_or_else(|| fail(Trouble::NoArticle)),
        Source::Plain => Ok(plain::article(text, defaults)),
    }
}

/// The text of bytes in whatever encoding; gzip is opened first.
///
/// # Errors
/// The bytes are empty, not text or too many.
pub fn decoded(bytes: &[u8], limit: u64) -> Result<String, ReadError> {
    decode::text(bytes, limit).map_err(|trouble| ReadError { name: "the bytes".to_owned(), trouble })
}

/// An article out of a piece of markup, as feeds hold them: every word of it, under the title.
pub fn from_markup(markup: &str, title: Option<&str>, defaults: &Defaults) -> Option<Article> {
    html::piece(markup, title, defaults)
}

/// The words of a piece of markup.
pub fn words(markup: &str) -> String {
    strip::words(markup)
}

/// Addresses of the feeds that a page names, as it writes them.
pub fn feeds(html: &str) -> Vec<String> {
    html::feeds(html)
}

/// A date as pages write it.
pub fn date(text: &str) -> Option<Date> {
    meta::date(text)
}

/// The stable name of an article: the first 16 hexadecimal digits of SHA-256 over its text and
/// address. The same text from the same place has the same name wherever the file lies.
pub fn article_id(text: &str, url: Option<&str>) -> String {
    let mut hash = Sha256::new();
    hash.update(text.as_bytes());
    hash.update([0]);
    hash.update(url.unwrap_or("").as_bytes());
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_untouched() {
        let a = article(b"Envoys meet\r\n\r\nThey met.\n", "a.txt", &Defaults::default()).unwrap();
        assert_eq!(a.text, "Envoys meet\r\n\r\nThey met.\n");
        assert_eq!(a.id.len(), 16);
        assert_eq!(a.id, article(a.text.as_bytes(), "elsewhere/b.txt", &Defaults::default()).unwrap().id);
        assert_ne!(a.id, article_id(&a.text, Some("https://example.org/1")));
    }

    #[test]
    fn kinds_of_files() {
        let check = |text, name, kind| assert_eq!(Source::of(text, name), kind);
        check(" <!DOCTYPE html><p>", "a.txt", Source::Html);
        check("<p>Hi", "a.html.gz", Source::Html);
        check("<p>Hi", "a.txt", Source::Plain);
        check("Words only", "a.html", Source::Plain);
    }

    #[test]
    fn errors_say_what_where_and_what_to_do() {
        let e = article(b"", "a.txt", &Defaults::default()).unwrap_err();
        assert_eq!((e.to_string().as_str(), e.name()), ("it is empty", "a.txt"));
        assert!(!e.hint().is_empty());
        assert!(article(b"too long", "a", &Defaults { limit: Some(3), ..Defaults::default() }).is_err());
    }
}
