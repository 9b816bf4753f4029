//! A web page: its article without menus, scripts and the rest, and what it says of itself.

use detente_core::model::{Article, Date};
use dom_query::{Document, NodeId};
use dom_smoothie::{Config, Readability, TextMode};

use super::meta::{Meta, meta};
use super::{Defaults, article_id, near, strip};
use std::collections::HashMap;

/// Pages longer than this, or nested deeper, are read without building a tree of them.
const LARGEST: usize = 24 << 20;
const DEEPEST: usize = 1_500;

/// A body shorter than this many bytes is looked for again in the page's main part.
const SHORT: usize = 400;

/// What was taken from a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Title of the article, without the outlet's name.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Name of the site.
    pub outlet: Option<String>,
    /// Publication date.
    pub published: Option<Date>,
    /// Canonical address.
    pub url: Option<String>,
    /// Paragraphs of the article with empty lines between them, without the title.
    pub body: String,
}

/// Takes the article out of a page.
pub fn page(html: &str) -> Page {
    if html.len() > LARGEST || strip::depth(html) > DEEPEST {
        return Page { body: paragraphs(&strip::words(html), None), ..Page::default() };
    }
    let doc = Document::from(html);
    let Meta { title, author, outlet, published, url } = meta(&doc, html);
    // What a server sends in pieces stands hidden until a script puts it in its place.
    for piece in doc.select("div[hidden][id^=\"S:\"]").nodes() {
        piece.remove_attr("hidden");
    }
    // What readers do not see is not news.
    for hidden in
        ["[hidden]", "[aria-hidden=\"true\"] p", "[style*=\"display:none\"]", "[style*=\"display: none\"]", "noscript", "template"]
    {
        if let Some(found) = doc.try_select(hidden) {
            found.remove();
        }
    }
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let found = Readability::with_document(doc, None, Some(config)).ok().and_then(|mut r| r.parse().ok());
    let author = author.or_else(|| found.as_ref().and_then(|a| a.byline.as_deref()).and_then(|b| near::name(b, true)));
    let mut body = found.map(|a| paragraphs(&a.text_content, title.as_deref())).unwrap_or_default();
    if body.len() < SHORT {
        let whole = marked(html, title.as_deref());
        if whole.len() > 2 * body.len() {
            body = whole;
        }
    }
    if let Some(whole) = dense(html, body.len(), title.as_deref()) {
        body = whole;
    }
    Page { title, author, outlet, published, url, body }
}

/// The part of the page that holds most of its paragraphs, when the body found holds only a small
/// share of them.
fn dense(html: &str, found: usize, title: Option<&str>) -> Option<String> {
    let doc = Document::from(html);
    for apart in ["script", "style", "noscript", "template", "nav", "footer", "aside", "dialog", "svg"] {
        doc.select(apart).remove();
    }
    let mut sums: HashMap<NodeId, (usize, usize)> = HashMap::new();
    let mut total = 0;
    for p in doc.select("p").nodes() {
        let long = p.text().trim().len();
        if long < 60 || near::is_apart(p, &[]) {
            continue;
        }
        total += long;
        let above: Vec<NodeId> = p.ancestors_it(None).map(|a| a.id).collect();
        for (i, id) in above.iter().enumerate() {
            let sum = sums.entry(*id).or_insert((0, above.len() - i));
            sum.0 += long;
        }
    }
    if total < 1_500 || found * 5 > total * 2 {
        return None;
    }
    let enough = sums.iter().filter(|(_, (sum, _))| sum * 5 >= total * 4);
    // The deepest; of equals the one met first in the page, whatever the order of the map.
    let (id, _) = enough.max_by_key(|(id, (_, depth))| (*depth, std::cmp::Reverse(id.to_owned())))?;
    let part = doc.select("*").nodes().iter().find(|n| n.id == *id)?.html();
    Some(paragraphs(&strip::words(&part), title)).filter(|t| t.len() > 2 * found)
}

/// The part of the page that it marks as its main one, for pages without running text.
fn marked(html: &str, title: Option<&str>) -> String {
    let doc = Document::from(html);
    for apart in ["script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "dialog", "[hidden]"] {
        doc.select(apart).remove();
    }
    let parts = ["[itemprop=\"articleBody\"]", "main", "[role=\"main\"]", "article", "#content", "body"];
    let found = parts.iter().filter_map(|s| doc.try_select(s)).map(|s| paragraphs(&strip::words(&s.html()), title));
    let mut found = found.filter(|t| !t.is_empty());
    let first = found.next().unwrap_or_default();
    if first.len() < SHORT { found.find(|t| t.len() >= SHORT).unwrap_or(first) } else { first }
}

/// Lines as paragraphs; the title is left out where the body begins with it.
fn paragraphs(text: &str, title: Option<&str>) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if out.is_empty() && title.is_some_and(|t| t.trim() == line) {
            continue;
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(line);
    }
    out
}

/// A piece of markup as an article: all its words, under the title.
pub fn piece(markup: &str, title: Option<&str>, defaults: &Defaults) -> Option<Article> {
    let title = title.map(str::trim).filter(|t| !t.is_empty());
    let body = paragraphs(&strip::words(markup), title);
    let text = match title {
        Some(title) if body.is_empty() => title.to_owned(),
        Some(title) => format!("{title}\n\n{body}"),
        None => body,
    };
    (!text.trim().is_empty()).then(|| Article {
        id: article_id(&text, defaults.url.as_deref()),
        outlet: defaults.outlet.clone(),
        url: defaults.url.clone(),
        published: defaults.published,
        title: title.map(str::to_owned),
        text,
    })
}

/// Addresses of the feeds that a page names.
pub fn feeds(html: &str) -> Vec<String> {
    if html.len() > LARGEST || strip::depth(html) > DEEPEST {
        return Vec::new();
    }
    let doc = Document::from(html);
    let links = doc.select("link[rel~=\"alternate\"][href]");
    let feed = |kind: &str| ["application/rss+xml", "application/atom+xml", "application/feed+json"].contains(&kind);
    let named = links.iter().filter(|l| l.attr("type").is_some_and(|t| feed(t.trim())));
    named.filter_map(|l| l.attr("href").map(|h| h.trim().to_owned())).collect()
}

/// The page as an article; `None` when it holds no words.
pub fn article(html: &str, defaults: &Defaults) -> Option<Article> {
    let page = page(html);
    let text = match page.title.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(title) if page.body.is_empty() => title.to_owned(),
        Some(title) => format!("{title}\n\n{}", page.body),
        None => page.body,
    };
    if text.trim().is_empty() {
        return None;
    }
    let url = page.url.or_else(|| defaults.url.clone());
    Some(Article {
        id: article_id(&text, url.as_deref()),
        outlet: page.outlet.or_else(|| defaults.outlet.clone()),
        url,
        published: page.published.or(defaults.published),
        title: page.title,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html><head><title>Envoys meet again | The Daily</title>
<meta property="og:site_name" content="The Daily"><meta property="article:published_time" content="2018-07-18T09:00:00Z">
<meta name="author" content="Jane Doe"><link rel="canonical" href="https://example.org/envoys"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Envoys meet again</h1>
<p>The envoys of the two states met again in the old town on Monday, and they said that talks would go on.</p>
<p>Nobody, said the host, had thought that they would come, and yet they came, and they stayed for two hours.</p>
<div style="display:none"><p>Hidden words that nobody, not even the host, was ever meant to see on this page at all.</p></div>
<script>var x = "never shown";</script>
<p>They will meet once more before the end of the month, the host said, and then, perhaps, sign the paper.</p></article>
<footer>All rights reserved</footer>"#;

    #[test]
    fn an_article_is_taken_out() {
        let a = article(PAGE, &Defaults { outlet: Some("Other".into()), ..Defaults::default() }).unwrap();
        assert_eq!(a.title.as_deref(), Some("Envoys meet again"));
        assert_eq!(a.outlet.as_deref(), Some("The Daily"));
        assert_eq!(a.url.as_deref(), Some("https://example.org/envoys"));
        assert_eq!(a.published.map(|d| d.to_string()).as_deref(), Some("2018-07-18"));
        let lines: Vec<&str> = a.text.split("\n\n").collect();
        assert_eq!(lines.len(), 4, "{}", a.text);
        assert!(!a.text.contains("Hidden") && !a.text.contains("never shown") && !a.text.contains("rights"));
        assert_eq!(page(PAGE).author.as_deref(), Some("Jane Doe"));
    }

    #[test]
    fn a_cut_page_is_read_as_far_as_it_goes() {
        for end in (0..PAGE.len()).step_by(7) {
            let _ = article(&PAGE[..end], &Defaults::default());
        }
        let cut = article(&PAGE[..PAGE.len() - 150], &Defaults::default()).unwrap();
        assert!(cut.text.contains("Nobody, said the host"));
    }

    #[test]
    fn deep_pages_do_no_harm() {
        let deep = format!("<html>{}<p>Words.", "<div>".repeat(200_000));
        assert_eq!(article(&deep, &Defaults::default()).unwrap().text, "Words.");
        assert!(article("<html><script>x</script>", &Defaults::default()).is_none());
    }
}
