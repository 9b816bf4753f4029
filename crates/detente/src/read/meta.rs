//! What a page says of itself: title, author, outlet, date, address.

use detente_core::model::Date;
use dom_query::Document;
use serde_json::Value;

/// Metadata of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    pub title: Option<String>,
    pub author: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<Date>,
    pub url: Option<String>,
}

/// Kinds of linked data that are an article.
const ARTICLES: [&str; 8] = [
    "NewsArticle",
    "Article",
    "BlogPosting",
    "Report",
    "ReportageNewsArticle",
    "LiveBlogPosting",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
];
/// How deep linked data is looked through.
const DEPTH: usize = 6;

pub fn meta(doc: &Document) -> Meta {
    let linked = linked(doc);
    let linked = linked.as_ref();
    let tag = |names: &[&str]| names.iter().find_map(|n| named(doc, n));
    let url = linked_text(linked, "url").filter(|u| u.starts_with("http"));
    let url = attr(doc, "link[rel=\"canonical\"]", "href").or_else(|| tag(&["og:url"])).or(url).filter(|u| u.starts_with("http"));
    let published = linked_text(linked, "datePublished").and_then(|d| date(&d));
    let published = published
        .or_else(|| {
            let names = [
                "article:published_time",
                "og:article:published_time",
                "datePublished",
                "date",
                "pubdate",
                "publish-date",
                "publish_date",
                "publishdate",
                "parsely-pub-date",
                "sailthru.date",
                "dc.date.issued",
                "dcterms.issued",
                "dcterms.created",
                "dc.date",
                "dcterms.date",
                "article.published",
                "cXenseParse:recs:publishtime",
                "citation_publication_date",
                "article_date_original",
            ];
            names.iter().find_map(|n| named(doc, n).and_then(|d| date(&d)))
        })
        .or_else(|| {
            ["[itemprop=\"datePublished\"]", "time[pubdate]", "article time[datetime]", "main time[datetime]", "time[datetime]"]
                .iter()
                .find_map(|s| time(doc, s))
        })
        .or_else(|| url.as_deref().and_then(date_in_url));
    let author = linked.and_then(|l| l.get("author")).and_then(people);
    let author = author
        .or_else(|| {
            tag(&[
                "author",
                "article:author",
                "parsely-author",
                "sailthru.author",
                "byl",
                "dc.creator",
                "dcterms.creator",
                "citation_author",
                "cXenseParse:author",
            ])
        })
        .or_else(|| {
            ["[rel=\"author\"]", "[itemprop=\"author\"] [itemprop=\"name\"]", "[itemprop=\"author\"]"].iter().find_map(|s| shown(doc, s))
        })
        .map(|a| tidy(without_by(&a)))
        .filter(|a| !a.starts_with("http") && !a.is_empty() && a.len() <= 120);
    let outlet = tag(&["og:site_name"])
        .or_else(|| linked.and_then(|l| l.get("publisher")).and_then(people))
        .or_else(|| tag(&["application-name", "publisher", "dc.publisher"]))
        .filter(|o| !o.starts_with("http") && o.len() <= 100);
    Meta { title: title(doc, linked, outlet.as_deref()), author, outlet, published, url }
}

/// The heading of the page if there is one that its other titles confirm; else those titles.
fn title(doc: &Document, linked: Option<&Value>, outlet: Option<&str>) -> Option<String> {
    let head = shown(doc, "head title").or_else(|| shown(doc, "title"));
    let open = named(doc, "og:title").or_else(|| named(doc, "twitter:title"));
    let headline = linked_text(linked, "headline");
    let others: Vec<String> = [&head, &open, &headline].into_iter().flatten().map(|t| folded(t)).collect();
    let headings = doc.select("h1");
    let headings: Vec<String> = headings.iter().map(|h| tidy(&h.text())).filter(|h| !h.is_empty() && h.len() <= 300).collect();
    let confirmed = headings.iter().find(|h| {
        let h = folded(h);
        h.len() > 3 && others.iter().any(|o| o.contains(&h) || h.contains(o.as_str()) && o.len() > 10)
    });
    let whole = confirmed.cloned().or(headline).or(open).or(head).or_else(|| headings.first().cloned())?;
    Some(if confirmed.is_some() { whole } else { without_outlet(&whole, outlet) })
}

/// Letters and digits only, for comparing.
fn folded(s: &str) -> String {
    s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// "Envoys meet | The Daily" without the outlet's name.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    for mark in [" | ", " – ", " — ", " - ", " :: ", " « ", " » "] {
        let Some((left, right)) = title.rsplit_once(mark) else { continue };
        let known = outlet.is_some_and(|o| folded(right).contains(&folded(o)) || folded(o).contains(&folded(right)));
        let short = right.split_whitespace().count() <= 4 && left.split_whitespace().count() >= 4;
        if known || short && (mark != " - " || outlet.is_none()) {
            return left.trim().to_owned();
        }
    }
    title.to_owned()
}

fn without_by(author: &str) -> &str {
    let a = author.trim();
    match a.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") || by.eq_ignore_ascii_case("by:") => a[3..].trim(),
        _ => a,
    }
}

fn tidy(s: &str) -> String {
    s.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Content of the meta tag of that name, however it is attached.
fn named(doc: &Document, name: &str) -> Option<String> {
    for key in ["property", "name", "itemprop"] {
        if let Some(found) =
            attr(doc, &format!("meta[{key}=\"{name}\" i]"), "content").or_else(|| attr(doc, &format!("meta[{key}=\"{name}\"]"), "content"))
        {
            return Some(found);
        }
    }
    None
}

fn attr(doc: &Document, selector: &str, name: &str) -> Option<String> {
    let found = doc.try_select(selector)?;
    found.iter().find_map(|s| s.attr(name).map(|v| tidy(&v)).filter(|v| !v.is_empty()))
}

fn shown(doc: &Document, selector: &str) -> Option<String> {
    let found = doc.try_select(selector)?;
    found.iter().map(|s| tidy(&s.text())).find(|t| !t.is_empty())
}

fn time(doc: &Document, selector: &str) -> Option<Date> {
    ["datetime", "content"]
        .iter()
        .find_map(|a| attr(doc, selector, a).and_then(|d| date(&d)))
        .or_else(|| shown(doc, selector).and_then(|d| date(&d)))
}

/// The first article among the page's linked data.
fn linked(doc: &Document) -> Option<Value> {
    let scripts = doc.select("script[type=\"application/ld+json\"]");
    scripts.iter().find_map(|s| {
        let text = s.text();
        let text = text.trim().trim_start_matches("<![CDATA[").trim_start_matches("<!--").trim_end_matches("-->").trim_end_matches("]]>");
        let value: Value = serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace(['\n', '\r', '\t'], " "))).ok()?;
        find_article(value, DEPTH)
    })
}

fn find_article(value: Value, depth: usize) -> Option<Value> {
    if depth == 0 {
        return None;
    }
    match value {
        Value::Array(items) => items.into_iter().find_map(|v| find_article(v, depth - 1)),
        Value::Object(ref map) => {
            let is = |v: &Value| v.as_str().is_some_and(|s| ARTICLES.contains(&s));
            let kind = map.get("@type");
            if kind.is_some_and(|k| is(k) || k.as_array().is_some_and(|a| a.iter().any(is))) {
                return Some(value);
            }
            ["@graph", "mainEntity", "mainEntityOfPage"].iter().find_map(|k| map.get(*k).and_then(|v| find_article(v.clone(), depth - 1)))
        }
        _ => None,
    }
}

fn linked_text(linked: Option<&Value>, key: &str) -> Option<String> {
    let text = tidy(linked?.get(key)?.as_str()?);
    let text = if text.contains('&') { tidy(&super::strip::words(&text)) } else { text };
    (!text.is_empty()).then_some(text)
}

/// Names of a person, body, or list of them.
fn people(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(s) => tidy(s),
        Value::Object(map) => match map.get("name")? {
            Value::String(s) => tidy(s),
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => return None,
        },
        Value::Array(items) => items.iter().filter_map(people).collect::<Vec<_>>().join(", "),
        _ => return None,
    };
    (!name.is_empty()).then_some(name)
}

/// The day of a date as pages write it.
fn date(s: &str) -> Option<Date> {
    let s = s.trim();
    let plausible = |d: &Date| (1990..=2100).contains(&d.year());
    if let Some(d) = s.get(..10).and_then(|d| d.replace('/', "-").parse::<Date>().ok()) {
        return Some(d).filter(plausible);
    }
    const FORMS: [&str; 12] = [
        "%B %d, %Y",
        "%b %d, %Y",
        "%d %B %Y",
        "%d %b %Y",
        "%A, %B %d, %Y",
        "%a, %d %b %Y",
        "%B %d %Y",
        "%Y%m%d",
        "%b. %d, %Y",
        "%a, %b %d, %Y",
        "%A, %d %B %Y",
        "%Y/%m/%d",
    ];
    // A time of day may follow; forms are tried on growing numbers of words.
    let words: Vec<&str> = s.split_whitespace().take(5).collect();
    (1..=words.len()).rev().find_map(|n| {
        let part = words[..n].join(" ");
        let part = part.trim_end_matches(',');
        FORMS.iter().find_map(|f| Date::strptime(f, part).ok()).filter(plausible)
    })
}

/// ".../2018/07/18/..." in an address.
fn date_in_url(url: &str) -> Option<Date> {
    let parts: Vec<&str> = url.split('/').collect();
    parts.windows(3).find_map(|w| {
        let digits = w.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
        (digits && w[0].len() == 4).then(|| date(&format!("{}-{:0>2}-{:0>2}", w[0], w[1], w[2])))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let check = |s: &str, expect: Option<&str>| assert_eq!(date(s).map(|d| d.to_string()).as_deref(), expect, "{s}");
        check("2018-07-18T10:00:00+03:00", Some("2018-07-18"));
        check("July 18, 2018 10:30 am", Some("2018-07-18"));
        check("18 July 2018", Some("2018-07-18"));
        check("Wed, 18 Jul 2018 10:00:00 GMT", Some("2018-07-18"));
        check("20180718", Some("2018-07-18"));
        check("yesterday", None);
        check("0001-01-01", None);
        assert_eq!(date_in_url("https://example.org/2018/7/18/x").map(|d| d.to_string()).as_deref(), Some("2018-07-18"));
    }

    #[test]
    fn titles() {
        assert_eq!(without_outlet("Envoys of two states meet | The Daily", None), "Envoys of two states meet");
        assert_eq!(without_outlet("Envoys meet - The Daily", Some("The Daily")), "Envoys meet");
        assert_eq!(without_outlet("Talks - a beginning", Some("The Daily")), "Talks - a beginning");
        let doc = Document::from("<title>Envoys meet again – Daily</title><h1>Menu</h1><h1> Envoys  meet again</h1>");
        assert_eq!(meta(&doc).title.as_deref(), Some("Envoys meet again"));
    }

    #[test]
    fn linked_data() {
        let doc = Document::from(
            r#"<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],"headline":"Envoys meet","datePublished":"2018-07-18","author":[{"name":"By Jane Doe"}],"publisher":{"name":"The Daily"}}]}</script>"#,
        );
        let m = meta(&doc);
        assert_eq!(
            (m.title.as_deref(), m.author.as_deref(), m.outlet.as_deref()),
            (Some("Envoys meet"), Some("Jane Doe"), Some("The Daily"))
        );
        assert_eq!(m.published.map(|d| d.to_string()).as_deref(), Some("2018-07-18"));
        assert_eq!(meta(&Document::from(r#"<script type="application/ld+json">{"@type":</script>"#)), Meta::default());
    }
}
