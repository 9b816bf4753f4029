//! Feeds: RSS, Atom and JSON Feed, also those that are cut short or not quite in order.

use chrono::{DateTime, Utc};
use detente_core::model::Date;
use feed_rs::model::{Entry, Link};
use feed_rs::parser;
use std::collections::HashSet;
use url::Url;

/// A feed as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Its name.
    pub title: Option<String>,
    /// Its items, each once.
    pub items: Vec<Item>,
    /// What was odd about it, in words.
    pub notes: Vec<String>,
}

/// An item of a feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// Its page.
    pub url: Option<Url>,
    /// Its heading.
    pub title: Option<String>,
    /// The day it was published, as the feed writes it.
    pub published: Option<Date>,
    /// Its text, as markup.
    pub content: Option<String>,
}

/// Whether this is a feed, by how it begins.
pub fn is_feed(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if rest.starts_with('{') {
        return rest.get(..rest.len().min(2048)).unwrap_or_default().contains("jsonfeed.org/version") || json_feed(rest);
    }
    // Prologue, comments and the like stand before the root.
    loop {
        let end = match rest {
            r if r.starts_with("<?") => r.find("?>").map(|i| i + 2),
            r if r.starts_with("<!--") => r.find("-->").map(|i| i + 3),
            r if r.starts_with("<!") => r.find('>').map(|i| i + 1),
            _ => None,
        };
        let Some(end) = end else { break };
        rest = rest[end..].trim_start();
    }
    let root: String = rest.chars().skip(1).take_while(|c| c.is_alphanumeric() || *c == ':').collect();
    rest.starts_with('<') && matches!(root.to_ascii_lowercase().as_str(), "rss" | "feed" | "rdf:rdf" | "atom:feed")
}

/// The version may stand behind a long list.
fn json_feed(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text)
        .is_ok_and(|v| v.get("version").and_then(|v| v.as_str()).is_some_and(|v| v.contains("jsonfeed.org/version")))
}

/// Reads a feed that lies at an address. Dates after `today` and a day are not believed.
///
/// # Errors
/// It cannot be read at all, in words.
pub fn read(text: &str, at: &Url, today: Date) -> Result<Feed, String> {
    let mut notes = Vec::new();
    let parsed = match parse(text, at) {
        Ok(feed) => feed,
        Err(first) => {
            let mended = mended(text);
            let feed = parse(&mended, at).map_err(|_| format!("the feed cannot be read: {first}"))?;
            let why = if cut(text) {
                "the feed is cut short; what came before was read".to_owned()
            } else {
                format!("the feed is not in order ({first}) and was read as well as it goes")
            };
            notes.push(why);
            feed
        }
    };
    let (mut seen, mut items, mut twice, mut late) = (HashSet::new(), Vec::new(), 0, 0);
    for entry in &parsed.entries {
        let mut item = item(entry, at);
        if item.published.is_some_and(|d| d > today.tomorrow().unwrap_or(today)) {
            (item.published, late) = (None, late + 1);
        }
        let key = match &item.url {
            Some(url) => url.to_string(),
            None => format!("{}\n{}", item.title.as_deref().unwrap_or(""), item.content.as_deref().unwrap_or("")),
        };
        // Same address, same page: a number that comes twice with different pages is two items.
        match seen.insert(key) {
            true => items.push(item),
            false => twice += 1,
        }
    }
    let empty = items.iter().filter(|i| i.url.is_none() && i.content.is_none()).count();
    items.retain(|i| i.url.is_some() || i.content.is_some());
    let mut tell = |n: usize, one: &str, more: &str| {
        if n > 0 {
            notes.push(if n == 1 { one.to_owned() } else { format!("{n} {more}") });
        }
    };
    tell(twice, "one item stands in it twice", "items stand in it twice");
    tell(late, "one item is dated after today; its date was left out", "items are dated after today; their dates were left out");
    tell(empty, "one item has neither address nor text", "items have neither address nor text");
    let title = parsed.title.map(|t| plain(&t.content)).filter(|t| !t.is_empty());
    Ok(Feed { title, items, notes })
}

fn parse(text: &str, at: &Url) -> Result<feed_rs::model::Feed, parser::ParseFeedError> {
    // The text is UTF-8 by now, whatever its first line says.
    let text = match text.trim_start().strip_prefix("<?xml").and_then(|r| r.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    };
    parser::Builder::new().base_uri(Some(at.as_str())).timestamp_parser(moment).build().parse(text.trim_start().as_bytes())
}

/// The day as it is written, at noon: what day it was elsewhere is nobody's date.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let day = day(text)?;
    let day = chrono::NaiveDate::from_ymd_opt(day.year().into(), u32::try_from(day.month()).ok()?, u32::try_from(day.day()).ok()?)?;
    Some(DateTime::from_naive_utc_and_offset(day.and_hms_opt(12, 0, 0)?, Utc))
}

fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok().map(|z| z.date());
    date.or_else(|| text.get(..10)?.parse().ok()).or_else(|| crate::read::date(text))
}

fn item(entry: &Entry, at: &Url) -> Item {
    let page = |l: &&Link| l.rel.as_deref().is_none_or(|r| r == "alternate" || r.is_empty());
    let link = entry.links.iter().find(page).map(|l| l.href.as_str());
    let link = link.or_else(|| Some(entry.id.as_str()).filter(|id| id.starts_with("http://") || id.starts_with("https://")));
    let mut url = link.and_then(|l| at.join(l.trim()).ok()).filter(|u| matches!(u.scheme(), "http" | "https"));
    if let Some(url) = &mut url {
        url.set_fragment(None);
    }
    let content = entry.content.as_ref().and_then(|c| c.body.clone()).or_else(|| entry.summary.as_ref().map(|s| s.content.clone()));
    let published = entry.published.or(entry.updated).and_then(|t| t.date_naive().to_string().parse().ok());
    let title = entry.title.as_ref().map(|t| plain(&t.content)).filter(|t| !t.is_empty());
    Item { url, title, published, content: content.filter(|c| !c.trim().is_empty()) }
}

/// Words without markup, on one line.
fn plain(text: &str) -> String {
    crate::read::words(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> bool {
    let end = text.trim_end();
    !["</rss>", "</feed>", "</rdf:RDF>", "</RDF>", "}"].iter().any(|e| end.ends_with(e))
}

/// A feed without what keeps it from being read: lone ampersands, characters that XML does not know, and an end
/// that was cut off in the middle of an item.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1024);
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name: String = rest.chars().take(12).take_while(|c| *c != ';').collect();
        let known = matches!(name.as_str(), "amp" | "lt" | "gt" | "quot" | "apos") || name.starts_with('#');
        out.push_str(if known && rest[name.len()..].starts_with(';') { "&" } else { "&amp;" });
    }
    out.push_str(rest);
    out.retain(|c| c >= ' ' || matches!(c, '\n' | '\t' | '\r'));
    if !cut(text) {
        return out;
    }
    for (item, ends) in [("</item>", ["</channel></rss>", "</rdf:RDF>"]), ("</entry>", ["</feed>", "</feed>"])] {
        if let Some(last) = out.rfind(item) {
            out.truncate(last + item.len());
            let ends = if out.contains("<rdf:RDF") { ends[1] } else { ends[0] };
            out.push_str(ends);
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(text: &str) -> Feed {
        assert!(is_feed(text), "{text}");
        read(text, &Url::parse("https://example.org/feed/").unwrap(), Date::constant(2018, 7, 18)).unwrap()
    }

    fn item(url: &str, title: &str, day: &str) -> Item {
        Item { url: Url::parse(url).ok(), title: (!title.is_empty()).then(|| title.to_owned()), published: day.parse().ok(), content: None }
    }

    #[test]
    fn the_kinds_of_feeds() {
        let rss = "<?xml version='1.0' encoding='windows-1251'?>\n<rss version='2.0'><channel><title>The Daily</title><item><title>Envoys &amp; hosts</title>\
            <link>/a?x=1&amp;y=2#top</link><pubDate>Wed, 18 Jul 2018 01:30:00 +0300</pubDate></item></channel></rss>";
        let read = feed(rss);
        assert_eq!(read.title.as_deref(), Some("The Daily"));
        assert_eq!(read.items, [item("https://example.org/a?x=1&y=2", "Envoys & hosts", "2018-07-18")]);
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>D</title><id>d</id><updated>2018-07-18T01:00:00Z</updated><entry><id>1</id><title>Talks</title>\
            <link rel='self' href='https://example.org/1.xml'/><link rel='alternate' href='https://example.org/1'/><updated>2018-07-17T23:00:00-05:00</updated></entry></feed>";
        assert_eq!(feed(atom).items, [item("https://example.org/1", "Talks", "2018-07-17")]);
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"D","items":[{"id":"1","url":"https://example.org/2","title":"T","date_published":"2018-07-16T10:00:00Z"}]}"#;
        assert_eq!(feed(json).items, [item("https://example.org/2", "T", "2018-07-16")]);
        let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='x'><title>D</title><link>x</link><description/></channel>\
            <item rdf:about='https://example.org/3'><title>T</title><link>https://example.org/3</link></item></rdf:RDF>";
        assert_eq!(feed(rdf).items, [item("https://example.org/3", "T", "")]);
        assert!(!is_feed("<!doctype html><html><title>rss</title>"));
        assert!(!is_feed("rss"));
    }

    #[test]
    fn what_is_not_in_order_is_read_as_far_as_it_goes() {
        let item_of =
            |n: u32, day: &str| format!("<item><guid>same</guid><link>https://example.org/{n}</link><pubDate>{day}</pubDate></item>");
        let head = "<rss version='2.0'><channel><title>Q&A</title>";
        let cut = format!(
            "{head}{}{}<item><link>https://exam",
            item_of(1, "Tue, 17 Jul 2018 10:00:00 GMT"),
            item_of(2, "Fri, 01 Jan 2100 00:00:00 GMT")
        );
        let read = feed(&cut);
        assert_eq!(read.items, [item("https://example.org/1", "", "2018-07-17"), item("https://example.org/2", "", "")]);
        assert!(read.notes[0].contains("cut short") && read.notes[1].contains("dated after today"), "{:?}", read.notes);
        let twice = format!("{head}{}{}</channel></rss>", item_of(1, "x"), item_of(1, "x"));
        let read = feed(&twice);
        assert_eq!(read.items.len(), 1);
        assert!(read.notes.iter().any(|n| n.contains("twice")), "{:?}", read.notes);
    }
}
