//! What a page says of itself: title, author, outlet, date, address.

use detente_core::model::Date;
use dom_query::Document;
use serde_json::Value;

use super::near;

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
const ARTICLES: [&str; 14] = [
    "NewsArticle",
    "Article",
    "BlogPosting",
    "Report",
    "ReportageNewsArticle",
    "LiveBlogPosting",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "ScholarlyArticle",
    "TechArticle",
    "MedicalScholarlyArticle",
    "SocialMediaPosting",
    "DiscussionForumPosting",
];
/// How deep linked data is looked through.
const DEPTH: usize = 6;

/// Names of meta tags that date the article.
const DATES: [&str; 27] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datePublished",
    "date",
    "pubdate",
    "publish-date",
    "publish_date",
    "publishdate",
    "published",
    "published_at",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "dc.created",
    "article.published",
    "article:published",
    "cXenseParse:recs:publishtime",
    "citation_publication_date",
    "citation_date",
    "article_date_original",
];

/// Names of meta tags that date its last change: the last resort.
const CHANGES: [&str; 6] = ["article:modified_time", "og:updated_time", "last-modified", "dateModified", "dcterms.modified", "revised"];

/// Names of meta tags that name the writer.
const WRITERS: [&str; 11] = [
    "author",
    "article:author_name",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "citation_author",
    "cXenseParse:author",
];

/// What the page says of itself, in its head and around its heading. `html` is the page's source.
pub fn meta(doc: &Document, html: &str) -> Meta {
    let scripts = scripts(doc);
    let linked = scripts.iter().find_map(|v| find_article(v.clone(), DEPTH));
    let linked = linked.as_ref();
    let tag = |names: &[&str]| names.iter().find_map(|n| named(doc, n));
    let url = linked_text(linked, "url").filter(|u| u.starts_with("http"));
    let url = attr(doc, "link[rel=\"canonical\"]", "href").or_else(|| tag(&["og:url"])).or(url).filter(|u| u.starts_with("http"));
    let outlet = tag(&["og:site_name"])
        .or_else(|| linked.and_then(|l| l.get("publisher")).and_then(people))
        .or_else(|| tag(&["application-name", "publisher", "dc.publisher"]))
        .filter(|o| !o.starts_with("http") && o.len() <= 100);
    let title = title(doc, linked, outlet.as_deref());
    let near = near::lines(doc, title.as_deref());
    let order = near::Order::of(doc, url.as_deref());
    // The day readers see by the heading, unless it is called that of a change: pages that are brought out anew keep the
    // first day in what they tell machines, or tell them the day the page was made. Then what machines are told, then
    // what stands anywhere in the page.
    let told = linked_text(linked, "datePublished").and_then(|d| date(&d));
    let told = told.or_else(|| DATES.iter().find_map(|n| named(doc, n).and_then(|d| date(&d))));
    let seen = near::beside(&near, order);
    // 9.10. may be in September or October, and several days may stand by the heading, as those of other articles;
    // what machines are told decides.
    let turned = |a: Date, b: Date| a.year() == b.year() && (a.month(), a.day()) == (b.day(), b.month());
    let published = match (seen, told) {
        (Some(seen), Some(told)) if turned(seen, told) || near::shows(&near, order, told) => Some(told),
        _ => seen.or(told),
    };
    let published = published
        .or_else(|| ["[itemprop=\"datePublished\"]", "time[pubdate]"].iter().find_map(|s| time(doc, s)))
        .or_else(|| scripts.iter().find_map(|v| anywhere(v, "datePublished", DEPTH)).and_then(|d| date(&d)))
        .or_else(|| near::published(&near, order))
        .or_else(|| in_source(html))
        .or_else(|| ["article time[datetime]", "main time[datetime]", "time[datetime]"].iter().find_map(|s| time(doc, s)))
        .or_else(|| url.as_deref().and_then(date_in_url))
        .or_else(|| CHANGES.iter().find_map(|n| named(doc, n).and_then(|d| date(&d))));
    let author = author(doc, linked, outlet.as_deref(), &near);
    Meta { title, author, outlet, published, url }
}

/// The writer: people named for machines, then people shown, then the outlet where it signs itself.
fn author(doc: &Document, linked: Option<&Value>, outlet: Option<&str>, near: &[near::Line]) -> Option<String> {
    let told = linked.and_then(|l| l.get("author"));
    let body = told.is_some_and(|a| a.get("@type").and_then(Value::as_str) == Some("Organization"));
    let tagged = WRITERS.iter().find_map(|n| all_named(doc, n)).filter(|a| plausible(a));
    let shown = ["[itemprop=\"author\"] [itemprop=\"name\"]", "[rel=\"author\"]", "[itemprop=\"author\"]"];
    let shown = || shown.iter().find_map(|s| shown_all(doc, s)).and_then(|a| near::name(&a, true));
    let told = told.and_then(people).map(|a| tidy(without_by(&a))).filter(|a| plausible(a));
    let is_outlet = |a: &str| {
        let (a, o) = (folded(a), folded(outlet.unwrap_or("")));
        !o.is_empty() && (a == o || o.contains(&a) && a.len() * 2 > o.len())
    };
    // A single word in lower case is an account, not a name.
    let account = |a: &str| !a.contains(' ') && a.chars().all(|c| c.is_lowercase() || !c.is_alphabetic());
    let sure = |a: &String| !is_outlet(a) && !account(a);
    let strong = told.clone().filter(|a| !body && sure(a)).or_else(|| tagged.clone().map(|a| tidy(without_by(&a))).filter(|a| sure(a)));
    strong.or_else(|| near::author(near).filter(|a| !is_outlet(a))).or_else(|| shown().filter(|a| sure(a))).or(told).or(tagged)
}

fn plausible(author: &str) -> bool {
    let words = author.chars().filter(|c| c.is_alphabetic()).count();
    !author.starts_with("http") && !author.contains("://") && words >= 2 && author.len() <= 300 && !near::is_nobody(author)
}

/// A date anywhere in the page's source that is called the day of publication.
fn in_source(html: &str) -> Option<Date> {
    for key in ["datePublished", "publishedAt", "published_at", "first_publication_date", "publishDate", "publish_date", "date_published"] {
        for (at, _) in html.match_indices(key).take(3) {
            // Quotes may be escaped in one way or another.
            let rest = html.get(at + key.len()..).unwrap_or("");
            let end = rest.char_indices().map(|(i, _)| i).take_while(|i| *i < 60).last().unwrap_or(0);
            let rest = rest[..end].replace("&quot;", "\"").replace('\\', "");
            let value = rest.trim_start_matches(['"', '\'', ' ', ':', '=']);
            if rest.starts_with(['"', '\'', ' ', ':'])
                && let Some(day) = value.split('"').next().and_then(date)
            {
                return Some(day);
            }
        }
    }
    None
}

/// The heading that readers see, if there is one; else the title of the page.
fn title(doc: &Document, linked: Option<&Value>, outlet: Option<&str>) -> Option<String> {
    let head = shown(doc, "head title").or_else(|| shown(doc, "title"));
    let open = named(doc, "og:title").or_else(|| named(doc, "twitter:title"));
    let headline = linked_text(linked, "headline");
    let others: Vec<&String> = [&headline, &open, &head].into_iter().flatten().collect();
    let site = |h: &str| {
        let h = folded(h);
        let segment = |t: &str| {
            [" | ", " – ", " — ", " - ", " :: ", " • ", " » "].iter().any(|m| t.rsplit_once(m).is_some_and(|(_, last)| folded(last) == h))
        };
        outlet.is_some_and(|o| folded(o) == h || folded(o).starts_with(&h)) || head.as_deref().is_some_and(segment)
    };
    let headings = doc.select("h1");
    let words_of = |h: &dom_query::NodeRef<'_>| {
        let texts = h.descendants_it().filter(dom_query::NodeRef::is_text).map(|t| t.text().to_string());
        plain(&texts.collect::<Vec<_>>().join(" "))
    };
    let headings: Vec<String> = headings.nodes().iter().map(words_of).filter(|h| (4..=300).contains(&h.len()) && !site(h)).collect();
    let confirms = |h: &&String| {
        let h = folded(h);
        others.iter().map(|o| folded(o)).any(|o| o.contains(&h) || h.contains(&o) && o.len() > 10)
    };
    // One word of a longer title is the heading of a section.
    let section = |h: &&String| {
        !h.contains(' ')
            && others.iter().any(|o| folded(o).len() > 2 * folded(h).len())
            && !others.iter().any(|o| folded(o).starts_with(&folded(h)))
    };
    let confirmed = headings.iter().filter(|h| confirms(h) && !section(h)).max_by_key(|h| folded(h).len());
    // A heading in other words than the title: the same matter, when the title has one of four of its long words.
    let akin = || {
        let words =
            |t: &str| t.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= 5).map(str::to_lowercase).collect::<Vec<_>>();
        let of_title: Vec<String> = others.iter().flat_map(|o| words(o)).collect();
        headings.first().filter(|h| {
            let own = words(h);
            let shared = own.iter().filter(|w| of_title.contains(w)).count();
            h.split_whitespace().count() >= 3 && shared > 0 && shared * 4 >= own.len()
        })
    };
    if let Some(heading) = confirmed.filter(|h| h.split_whitespace().count() >= 2).or_else(akin).or(confirmed) {
        // A standfirst or a source within the heading: the title is what comes before it. What a colon or dash joins is of
        // the title; what stands in parentheses, as a source or a number of comments, is not.
        let before = others.iter().map(|o| without_outlet(o, outlet)).filter(|o| {
            let (whole, h) = (folded(o), folded(heading));
            let rest = heading.get(o.len()..).filter(|_| heading.starts_with(o.as_str())).map(str::trim_start);
            let joined = rest.is_some_and(|r| r.starts_with([':', '-', '–', '—', '?', ',']));
            let apart = rest.is_some_and(|r| r.starts_with('('));
            whole.len() >= 12 && h.starts_with(&whole) && !joined && (apart || h.len() * 2 > whole.len() * 3)
        });
        if let Some(title) = before.max_by_key(String::len) {
            return Some(title);
        }
        let known = |o: &str| [" | ", " – ", " — ", " - "].iter().find_map(|m| heading.strip_suffix(&format!("{m}{o}")));
        return Some(outlet.and_then(known).unwrap_or(heading).to_owned());
    }
    // A headline may be cut to a length that machines ask for; the title of the page holds the rest.
    let cut = |h: &String| {
        let longer = [&open, &head].into_iter().flatten().map(|o| without_outlet(o, outlet));
        longer.filter(|o| h.len() >= 60 && o.len() > h.len() && o.starts_with(h.trim_end_matches(['…', '.', ' ']))).max_by_key(String::len)
    };
    let whole = headline.as_ref().and_then(cut).or(headline).or(open).or(head).or_else(|| headings.first().cloned())?;
    Some(without_outlet(&whole, outlet))
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

/// All contents of meta tags of that name, in one line.
fn all_named(doc: &Document, name: &str) -> Option<String> {
    for key in ["property", "name", "itemprop"] {
        let Some(found) = doc.try_select(&format!("meta[{key}=\"{name}\" i]")) else { continue };
        let mut all: Vec<String> = found.iter().filter_map(|s| s.attr("content").map(|v| tidy(&v))).filter(|v| !v.is_empty()).collect();
        all.dedup();
        if !all.is_empty() {
            return Some(all.join(", "));
        }
    }
    None
}

/// All texts shown by a selector, in one line; a name twice is one.
fn shown_all(doc: &Document, selector: &str) -> Option<String> {
    let found = doc.try_select(selector)?;
    let mut all: Vec<String> = Vec::new();
    for text in found.iter().map(|s| tidy(&s.text())).filter(|t| !t.is_empty()) {
        if !all.contains(&text) && all.len() < 8 {
            all.push(text);
        }
    }
    (!all.is_empty()).then(|| all.join(", "))
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

/// The page's linked data.
fn scripts(doc: &Document) -> Vec<Value> {
    let scripts = doc.select("script[type*=\"ld+json\"]");
    let parse = |text: &str| {
        let text = text.trim().trim_start_matches("<![CDATA[").trim_start_matches("<!--").trim_end_matches("-->").trim_end_matches("]]>");
        serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace(['\n', '\r', '\t'], " "))).ok()
    };
    scripts.iter().filter_map(|s| parse(&s.text())).collect()
}

/// The first text of that name in linked data of any kind.
fn anywhere(value: &Value, key: &str, depth: usize) -> Option<String> {
    if depth == 0 {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().find_map(|v| anywhere(v, key, depth - 1)),
        Value::Object(map) => {
            let own = map.get(key).and_then(Value::as_str).map(str::to_owned);
            // Comments and reviews have their own days.
            let inner = map.iter().filter(|(k, _)| !matches!(k.as_str(), "comment" | "review" | "reviews"));
            own.or_else(|| inner.filter(|(_, v)| v.is_object() || v.is_array()).find_map(|(_, v)| anywhere(v, key, depth - 1)))
        }
        _ => None,
    }
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
    let text = plain(linked?.get(key)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

/// Text without character entities.
fn plain(text: &str) -> String {
    if text.contains('&') { tidy(&super::strip::words(text)) } else { tidy(text) }
}

/// Names of a person, body, or list of them.
fn people(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(s) => plain(s),
        Value::Object(map) => match map.get("name")? {
            Value::String(s) => plain(s),
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => return None,
        },
        Value::Array(items) => items.iter().filter_map(people).collect::<Vec<_>>().join(", "),
        _ => return None,
    };
    (!name.is_empty()).then_some(name)
}

/// The day of a date as pages write it.
pub(super) fn date(s: &str) -> Option<Date> {
    let s = s.trim();
    let plausible = |d: &Date| (1990..=2100).contains(&d.year());
    if let Some(d) = s.get(..10).and_then(|d| d.replace('/', "-").parse::<Date>().ok()) {
        return Some(d).filter(plausible);
    }
    const FORMS: [&str; 13] = [
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
        "%Y %b %d",
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
        assert_eq!(meta(&doc, "").title.as_deref(), Some("Envoys meet again"));
        let check = |html: &str, expect: &str| assert_eq!(meta(&Document::from(html), "").title.as_deref(), Some(expect), "{html}");
        check(
            "<title>Talks in the old town: Geneva and Oslo compared</title><h1>Geneva</h1>",
            "Talks in the old town: Geneva and Oslo compared",
        );
        check(
            "<title>Envoys meet in Oslo</title><h1>Envoys meet in Oslo: what the two sides want from each other</h1>",
            "Envoys meet in Oslo: what the two sides want from each other",
        );
        check("<title>Envoys meet in Oslo - Wire</title><h1>Envoys meet in Oslo <a>(example.org)</a> 87</h1>", "Envoys meet in Oslo");
        check(
            r#"<title>Envoys of the two neighbouring states meet again in the old town of Oslo | The Daily</title>
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Envoys of the two neighbouring states meet again in the old town"}</script>"#,
            "Envoys of the two neighbouring states meet again in the old town of Oslo",
        );
    }

    #[test]
    fn the_day_that_readers_see() {
        let check = |html: &str, expect: &str| {
            assert_eq!(meta(&Document::from(html), "").published.map(|d| d.to_string()).as_deref(), Some(expect), "{html}")
        };
        let told = r#"<meta property="article:published_time" content="2018-07-16T22:30:00Z">"#;
        check(&format!("{told}<h1>Envoys meet</h1><p>17 July 2018</p>"), "2018-07-17");
        check(&format!("{told}<h1>Envoys meet</h1><p>Updated 19 July 2018</p>"), "2018-07-16");
        check(
            &format!("{told}<h1>Envoys meet</h1><p>They had met in the old town last on 3 May 2016, and they will meet again.</p>"),
            "2018-07-16",
        );
        check(&format!("{told}<h1>Envoys meet</h1><p>16/07/2018</p>"), "2018-07-16");
        check(r#"<meta name=date content="2018-09-10"><h1>Envoys meet</h1><p>09.10.2018</p>"#, "2018-09-10");
        check("<div><b>Last updated:</b> <i>3 August 2018</i></div><h1>Envoys meet</h1><p>Words.</p><p>17 July 2018</p>", "2018-07-17");
        check("<b>16 July 2018</b><i>Updated: 18 July 2018</i><h1>Envoys meet</h1>", "2018-07-16");
        check(
            "<title>Envoys meet</title><h1>Envoys meet</h1><p>16 July 2018</p><main><h1>More news</h1><p>9 July 2018</p></main>",
            "2018-07-16",
        );
        check("<html lang=en-GB><h1>Envoys meet</h1><p>03/10/2023</p>", "2023-10-03");
        check("<h1>Envoys meet</h1><p>03/10/2023</p><aside>9 February 2024 <b>28 January 2024</b></aside>", "2023-10-03");
        check("<h1>Envoys meet</h1><p>03/10/2023</p><aside>February 9, 2024</aside>", "2023-03-10");
        check(&format!("{told}<b>16 July 2018</b><h1>Envoys meet</h1><p>Markets fall</p><p>12 July 2018</p>"), "2018-07-16");
        check("<div class=fixed-sidebar><h1>Envoys meet</h1><p>16 July 2018</p></div><div class=sidebar>9 July 2018</div>", "2018-07-16");
        check("<title>Envoys meet</title><h2>Envoys meet</h2><p>16 July 2018</p><h1>Method</h1><p>9 July 2018</p>", "2018-07-16");
        check("<meta name=citation_publication_date content='2018 Jul 16'>", "2018-07-16");
        check("<html lang=en-US><h1>Envoys meet</h1><p>03/10/2023</p>", "2023-03-10");
    }

    #[test]
    fn linked_data() {
        let doc = Document::from(
            r#"<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],"headline":"Envoys meet","datePublished":"2018-07-18","author":[{"name":"By Jane Doe"}],"publisher":{"name":"The Daily"}}]}</script>"#,
        );
        let m = meta(&doc, "");
        assert_eq!(
            (m.title.as_deref(), m.author.as_deref(), m.outlet.as_deref()),
            (Some("Envoys meet"), Some("Jane Doe"), Some("The Daily"))
        );
        assert_eq!(m.published.map(|d| d.to_string()).as_deref(), Some("2018-07-18"));
        assert_eq!(meta(&Document::from(r#"<script type="application/ld+json">{"@type":</script>"#), ""), Meta::default());
    }
}
