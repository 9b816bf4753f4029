//! An article as a row of cells: JSON lines and tables alike.

use crate::failure::Failure;
use crate::read::Defaults;
use detente_core::model::{Article, Date};

/// Our names of the columns of a table, and what others call them.
const NAMES: &[(&str, &[&str])] = &[
    ("text", &["text", "body", "content", "article", "main_content"]),
    ("title", &["title", "headline", "head"]),
    ("published", &["published", "date", "publish_date", "publication_date", "pubdate", "datetime"]),
    ("outlet", &["outlet", "source", "publisher", "publication", "site"]),
    ("url", &["url", "link", "address"]),
    ("id", &["id", "article_id"]),
];

/// Our name of a column that somebody named.
pub fn ours(column: &str) -> Option<&'static str> {
    let column = column.trim().to_lowercase();
    NAMES.iter().find(|(_, others)| others.contains(&column.as_str())).map(|(name, _)| *name)
}

/// The cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // Columns of an article, described in the README.
pub struct Fields {
    pub text: Option<String>,
    pub title: Option<String>,
    pub published: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub id: Option<String>,
}

impl Fields {
    /// The article; what the cells lack is taken from the defaults. `place` is where they stand: "a.jsonl line 3".
    ///
    /// # Errors
    /// There is no text, it is too long, or the date is none.
    pub fn article(self, place: &str, defaults: &Defaults) -> Result<Article, Failure> {
        let fail = |what: String| Failure::new(format!("cannot read {place}: {what}"));
        let body = self.text.ok_or_else(|| fail("it has neither \"text\" nor \"body\"".to_owned()))?;
        let published = match self.published.as_deref().filter(|d| !d.trim().is_empty()) {
            Some(date) => Some(day(date).ok_or_else(|| fail(format!("\"{date}\" is not a date")).hint("write dates as YYYY-MM-DD"))?),
            None => defaults.published,
        };
        let title = self.title.filter(|t| !t.trim().is_empty());
        let text = match &title {
            Some(title) if !body.trim_start().starts_with(title.trim()) => {
                format!("{}\n\n{body}", title.trim())
            }
            _ => body,
        };
        if text.len() as u64 > defaults.most() {
            return Err(fail(format!("the text is longer than {} MB", defaults.most() >> 20)).hint("allow more with --max-size"));
        }
        let url = self.url.or_else(|| defaults.url.clone());
        let id = self.id.filter(|id| !id.is_empty()).unwrap_or_else(|| crate::read::article_id(&text, url.as_deref()));
        let outlet = self.outlet.or_else(|| defaults.outlet.clone());
        Ok(Article { id, outlet, url, published, title, text })
    }
}

/// The day of a date or of a date with a time.
fn day(s: &str) -> Option<Date> {
    s.trim().get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_many_names() {
        assert_eq!((ours(" Content "), ours("publish_date"), ours("colour")), (Some("text"), Some("published"), None));
    }

    #[test]
    fn a_row_without_text_is_no_article() {
        let failure = Fields::default().article("a.parquet row 2", &Defaults::default()).unwrap_err();
        assert!(failure.what.starts_with("cannot read a.parquet row 2"), "{failure}");
    }
}
