//! What the page shows around its heading: the line that names the writer, the date.
//!
//! Used where the page's own metadata say nothing, or name the outlet as the writer.

use super::meta::date;
use detente_core::knowledge::FILES;
use detente_core::model::Date;
use dom_query::{Document, NodeId, NodeRef};
use serde::Deserialize;
use std::sync::LazyLock;

/// Words of `knowledge/cues/pages.toml`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Words {
    by: Vec<String>,
    after_name: Vec<String>,
    nobody: Vec<String>,
    published: Vec<String>,
    changed: Vec<String>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let text = FILES.iter().find(|(path, _)| *path == "cues/pages.toml").map_or("{}", |(_, text)| *text);
    // The build makes JSON of the files.
    serde_json::from_str(text).unwrap_or_default()
});

/// Parts of a page whose words are about other articles.
const APART: &[&str] = &["aside", "nav", "footer", "script", "style", "noscript", "template", "form", "svg", "select", "button"];
/// Names of classes of such parts.
const APART_CLASSES: &[&str] = &[
    "comment",
    "related",
    "sidebar",
    "recommend",
    "popular",
    "trending",
    "newsletter",
    "footer",
    "breadcrumb",
    "menu",
    "read-next",
    "more-posts",
    "latest",
    "card",
];

/// Where a day can stand that needs no word to say that it is the article's: so many lines after the heading and before it.
const BESIDE: i32 = 15;
const ABOVE: i32 = 6;
/// Longer lines are running text there, and its days are those of events.
const SHORT: usize = 80;
/// Lines read after the heading, and before it.
const AFTER: usize = 120;
const BEFORE: usize = 25;
/// Longer lines are running text; after so many of them the heading is far behind.
const LONGEST: usize = 140;
const RUNNING: usize = 8;

/// A piece of text between two tags.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    text: String,
    /// Classes, ids and roles of the element and of those around it.
    classes: String,
    /// How the nearest element says that this is the writer.
    writer: bool,
    /// The element's own date, for machines.
    datetime: Option<String>,
    /// How far it is from the heading; negative above it.
    distance: i32,
}

/// Whether 3/10/2023 is in October.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// As in the United States, and where nothing is known.
    #[default]
    MonthFirst,
    /// As nearly everywhere else.
    DayFirst,
}

impl Order {
    /// Judged by the region of the page's language, then by its address, then by how it writes other days.
    pub(super) fn of(doc: &Document, url: Option<&str>) -> Order {
        let lang = doc.select("html[lang]").attr("lang").map(|l| l.to_string());
        let locale = || doc.select("meta[property=\"og:locale\"]").attr("content").map(|l| l.to_string());
        let region = |tag: &String| tag.split(['-', '_']).nth(1).filter(|r| r.len() == 2).map(str::to_ascii_uppercase);
        let host = url.and_then(|u| u.split('/').nth(2)).and_then(|h| h.rsplit('.').next()).filter(|t| t.len() == 2);
        match lang.as_ref().and_then(region).or_else(|| locale().as_ref().and_then(region)) {
            Some(region) if !["US", "CA", "PH"].contains(&region.as_str()) => Order::DayFirst,
            None if host.is_some_and(|t| ["uk", "au", "in", "ie", "nz", "za", "ng", "ke", "pk"].contains(&t)) => Order::DayFirst,
            None if host.is_none() => Order::written(&doc.text()),
            _ => Order::MonthFirst,
        }
    }

    /// By what is more frequent in a text: "3 October 2023" or "October 3, 2023".
    fn written(text: &str) -> Order {
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |w: &str, digits: usize| w.len() <= digits && !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
        let (mut day, mut month) = (0, 0);
        for w in words.windows(3).filter(|w| w[2].get(..4).is_some_and(|y| number(y, 4))) {
            day += usize::from(number(w[0], 2) && is_month(w[1]));
            month += usize::from(is_month(w[0]) && number(w[1].trim_end_matches(','), 2));
        }
        if day > month { Order::DayFirst } else { Order::MonthFirst }
    }
}

/// The lines around the heading, nearest first within each side: those after it, then those before it.
pub(super) fn lines(doc: &Document, title: Option<&str>) -> Vec<Line> {
    let mut before: Vec<Line> = Vec::new();
    let mut after: Vec<Line> = Vec::new();
    let titled = |n: &NodeRef<'_>| title.is_some_and(|t| letters(t) == letters(&n.text()));
    // Of equals the first in the page.
    let first = doc.select("h1");
    let first =
        first.nodes().iter().rev().max_by_key(|n| (titled(n), n.text().trim().len() > 3, inside(n, "article") || inside(n, "main")));
    // A lesser heading where the title stands in it alone.
    let second = doc.select("h2");
    let second = if first.is_some_and(titled) { None } else { second.nodes().iter().find(|n| titled(n)) };
    let node = second.or(first);
    let heading = node.map(|n| n.id);
    // What holds the heading holds the article, whatever else it is called after.
    let holding: Vec<NodeId> = node.map(|n| n.ancestors_it(None).map(|a| a.id).collect()).unwrap_or_default();
    let (mut seen, mut running) = (false, 0);
    for node in doc.root().descendants_it() {
        if Some(node.id) == heading {
            seen = true;
        }
        if !node.is_text() {
            continue;
        }
        let text = node.text();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() < 2 && !text.chars().any(char::is_alphanumeric) && !matches!(text.as_str(), "," | "&" | ";") {
            continue;
        }
        let Some(line) = line(&node, text, &holding) else { continue };
        if seen {
            running += usize::from(line.text.chars().count() > LONGEST);
            after.push(line);
            if after.len() >= AFTER || running >= RUNNING {
                break;
            }
        } else {
            before.push(line);
        }
    }
    if heading.is_none() {
        before.truncate(AFTER);
        // Beside nothing, but in their order.
        (1_000..).zip(&mut before).for_each(|(i, l)| l.distance = i);
        return before;
    }
    (1..).zip(&mut after).for_each(|(i, l)| l.distance = i);
    (1..).zip(before.iter_mut().rev()).for_each(|(i, l)| l.distance = -i);
    after.extend(before.into_iter().rev().take(BEFORE));
    after
}

/// Letters and digits, for comparing.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn inside(node: &NodeRef<'_>, name: &str) -> bool {
    node.ancestors_it(Some(30)).any(|a| a.node_name().is_some_and(|n| &*n == name))
}

/// Whether a node stands in a part of the page that is about other articles; what is known to hold the article is none.
pub(super) fn is_apart(node: &NodeRef<'_>, holding: &[NodeId]) -> bool {
    node.ancestors_it(Some(8)).take_while(|a| !holding.contains(&a.id)).enumerate().any(|(i, above)| {
        let Some(name) = above.node_name() else { return false };
        let classes = classes(&above);
        let own = |token: &str| ["author", "byline", "meta", "date", "hero", "header", "info"].iter().any(|w| token.contains(w));
        if APART.contains(&&*name) && !(&*name == "footer" && own(&classes)) {
            return true;
        }
        if i == 0 || matches!(&*name, "body" | "html" | "main" | "article") {
            return false;
        }
        let said = |token: &str| {
            // "has-sidebar" is the whole page beside its sidebar.
            let whole =
                ["has", "no-", "with", "under", "below", "single", "layout", "page", "grid", "col"].iter().any(|w| token.starts_with(w));
            !whole && !own(token) && !token.contains(':') && APART_CLASSES.iter().any(|c| token.contains(c))
        };
        classes.split_whitespace().any(said)
    })
}

fn classes(node: &NodeRef<'_>) -> String {
    ["class", "id"].iter().filter_map(|a| node.attr(a)).map(|c| c.to_lowercase()).collect::<Vec<_>>().join(" ")
}

/// A text node as a line; `None` when it stands apart from the article.
fn line(node: &NodeRef<'_>, text: String, holding: &[NodeId]) -> Option<Line> {
    if is_apart(node, holding) {
        return None;
    }
    let mut out = Line { text, ..Line::default() };
    for above in node.ancestors_it(Some(3)) {
        let Some(name) = above.node_name() else { continue };
        let rel = above.attr("rel").unwrap_or_default();
        let prop = above.attr("itemprop").unwrap_or_default();
        let href = above.attr("href").unwrap_or_default().to_lowercase();
        let people =
            ["/author", "/authors/", "/people/", "/team/", "/contributor", "/reviewer/", "/profile/", "/by/", "/staff/", "/writer"];
        out.writer |= &*rel == "author" || &*prop == "author" || !href.is_empty() && people.iter().any(|p| href.contains(p));
        if &*name == "time" {
            out.datetime = out.datetime.take().or_else(|| above.attr("datetime").map(|d| d.to_string()));
        }
        out.classes.push(' ');
        out.classes.push_str(&classes(&above));
    }
    Some(out)
}

/// Words that stand where a name should, and are none.
pub(super) fn is_nobody(name: &str) -> bool {
    WORDS.nobody.contains(&name.trim().to_lowercase())
}

/// The writer shown near the heading.
pub(super) fn author(lines: &[Line]) -> Option<String> {
    let words = &*WORDS;
    // "By Jane Doe", or "By" with the name in the next element.
    for (i, l) in lines.iter().enumerate() {
        let Some(rest) = lead(&l.text, &words.by) else { continue };
        let found = match rest.trim().is_empty() {
            false => name(rest, false),
            true => lines.get(i + 1).and_then(|next| name(&next.text, next.writer)).map(|first| {
                // "By A, B and C" in an element each.
                let mut all = vec![first];
                for pair in lines[i + 2..].chunks(2).take(6) {
                    let [mark, next] = pair else { break };
                    let joins = matches!(mark.text.trim(), "," | "and" | "&" | ", and" | ";");
                    match name(&next.text, next.writer).filter(|_| joins) {
                        Some(n) => all.push(n),
                        None => break,
                    }
                }
                all.join(", ")
            }),
        };
        if found.is_some() {
            return found;
        }
    }
    let marked = |l: &&Line| l.writer || ["author", "byline", "writer"].iter().any(|c| l.classes.contains(c)) && l.text.len() <= 60;
    if let Some(found) = lines.iter().filter(marked).find_map(|l| name(&l.text, l.writer)) {
        return Some(found);
    }
    // A name by itself right under the heading, with a date beside it.
    let near = &lines[..lines.len().min(8)];
    let dated = |i: usize| {
        near.get(i).is_some_and(|l| l.text.chars().count() <= 60 && (l.datetime.is_some() || within(&l.text, Order::default()).is_some()))
    };
    near.iter().enumerate().find_map(|(i, l)| {
        let parts = l.text.split_whitespace().count();
        let capitals = l.text.split_whitespace().all(|p| p.chars().next().is_some_and(char::is_uppercase));
        let beside = dated(i + 1) || dated(i + 2) || i >= 1 && dated(i - 1) || i >= 2 && dated(i - 2);
        name(&l.text, false).filter(|n| *n == l.text && (2..=4).contains(&parts) && capitals && beside)
    })
}

/// The rest of a line that begins with one of these words.
fn lead<'a>(text: &'a str, leads: &[String]) -> Option<&'a str> {
    let lower = text.to_lowercase();
    // Lower case may be of another length in other scripts; leads are plain.
    let found = leads.iter().filter(|w| lower.starts_with(w.as_str())).max_by_key(|w| w.len())?;
    let rest = text.get(found.len()..)?;
    // "ByJane Doe" is two elements without a space between them.
    let glued = |c: char| {
        c.is_uppercase()
            && found.chars().last().is_some_and(char::is_lowercase)
            && text.get(..found.len()).is_some_and(|l| !l.ends_with(char::is_uppercase))
    };
    rest.chars().next().is_none_or(|c| !c.is_alphanumeric() || glued(c)).then(|| rest.trim_start_matches([':', ' ', '-', '–', '|']))
}

/// A name at the beginning of words, cut before whatever is no name; `None` when there is none.
pub(super) fn name(text: &str, marked: bool) -> Option<String> {
    // A date may stand before the name.
    text.split(['·', '|', '•']).find_map(|part| one_name(part, marked))
}

fn one_name(text: &str, marked: bool) -> Option<String> {
    let words = &*WORDS;
    let text = text.trim().trim_start_matches(['-', '–', '|', '•', '·', '@']).trim();
    let text = lead(text, &words.by).filter(|rest| !rest.is_empty()).unwrap_or(text);
    let opening = text.to_lowercase();
    if words.after_name.iter().chain(&words.changed).chain(&words.published).any(|w| opening.starts_with(w.as_str())) {
        return None;
    }
    let mut end = text.len();
    for mark in [" | ", " • ", " · ", " — ", " – ", " - ", " » ", " / ", " (", " on "] {
        end = end.min(text.find(mark).unwrap_or(end));
    }
    if let Some(digit) = text.find(|c: char| c.is_ascii_digit()) {
        // "Jane Doe July 3, 2025": the month goes with the day.
        let head = text[..digit.min(end)].trim_end();
        let cut = head.rfind(' ').filter(|at| is_month(&head[at + 1..]));
        end = end.min(cut.unwrap_or(head.len()));
        if digit == 0 || is_month(head) {
            return None;
        }
    }
    let lower = text.to_lowercase();
    for word in &words.after_name {
        if lower.len() == text.len() {
            end = end.min(
                lower.match_indices(word.as_str()).map(|(at, _)| at).find(|at| *at > 3 && lower.as_bytes()[at - 1] == b' ').unwrap_or(end),
            );
        }
    }
    let name = text.get(..end)?.trim().trim_end_matches([',', '-', '–', '|', '•', '·', ':', '.']).trim();
    let parts: Vec<&str> = name.split_whitespace().collect();
    let capitals = parts.iter().filter(|p| p.chars().next().is_some_and(char::is_uppercase)).count();
    let plausible = match parts.len() {
        0 => false,
        1 => marked && name.chars().count() >= 3,
        n if n <= 5 => capitals * 2 > n,
        _ => name.contains([',', '&']) && capitals * 2 > parts.len() && parts.len() < 40,
    };
    let good = plausible
        && !name.contains(['@', '/', '?', '!', '{', '='])
        && !name.ends_with("'s")
        && !words.nobody.contains(&name.to_lowercase());
    good.then(|| name.to_owned())
}

fn is_month(word: &str) -> bool {
    let word = ordinals(word);
    ["%b", "%B"].iter().any(|form| Date::strptime(format!("{form} %d %Y"), format!("{word} 1 2000")).is_ok())
}

/// The date shown right by the heading, not called that of a change.
pub(super) fn beside(lines: &[Line], order: Order) -> Option<Date> {
    let mut near: Vec<&Line> = lines.iter().filter(|l| l.distance != 0 && (-ABOVE..=BESIDE).contains(&l.distance)).collect();
    // What stands above the heading is often of the site, as the day of today.
    near.sort_by_key(|l| if l.distance < 0 { -3 * l.distance } else { l.distance });
    near.into_iter()
        .filter(|l| l.text.chars().count() <= SHORT)
        .find_map(|l| day(lines, l, order).filter(|(_, changed)| !changed))
        .map(|(d, _)| d)
}

/// Whether a day is among those shown by the heading and not called that of a change.
pub(super) fn shows(lines: &[Line], order: Order, wanted: Date) -> bool {
    let close = |l: &&Line| l.distance != 0 && l.distance <= BESIDE && l.text.chars().count() <= SHORT;
    lines.iter().filter(close).any(|l| day(lines, l, order) == Some((wanted, false)))
}

/// The date shown near the heading: one of publication before one of change, nearest first.
pub(super) fn published(lines: &[Line], order: Order) -> Option<Date> {
    let days: Vec<(Date, bool)> = lines.iter().filter_map(|l| day(lines, l, order)).collect();
    days.iter().find(|(_, changed)| !changed).or(days.first()).map(|(day, _)| *day)
}

/// The day a line tells, and whether it is called that of a change.
fn day(lines: &[Line], line: &Line, order: Order) -> Option<(Date, bool)> {
    if line.text.chars().count() > LONGEST {
        return None;
    }
    let day = line.datetime.as_deref().and_then(date).or_else(|| within(&line.text, order))?;
    let words = &*WORDS;
    // What stands before it in the page says what it is the day of. Whole words: "updated" is no "date".
    let before = lines.iter().find(|l| l.distance == line.distance - 1 && l.distance != 0).map_or("", |l| l.text.as_str());
    let has = |text: &str, list: &[String]| {
        let text = text.to_lowercase();
        let text = format!(" {} ", text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" "));
        list.iter().any(|w| text.contains(&format!(" {w} ")))
    };
    let own = has(&line.text, &words.published) || has(&line.text, &words.changed);
    let said = if own || within(before, order).is_some() { line.text.clone() } else { format!("{before} {}", line.text) };
    Some((day, has(&said, &words.changed) && !has(&said, &words.published)))
}

/// A date in a short line, alone or among a few other words.
fn within(text: &str, order: Order) -> Option<Date> {
    text.split(['|', '•', '·', '●', '—']).find_map(|part| in_part(part, order))
}

fn in_part(text: &str, order: Order) -> Option<Date> {
    let tokens: Vec<&str> =
        text.split([' ', '\u{a0}', '(', ')']).map(|t| t.trim_matches([',', ';', ':'])).filter(|t| !t.is_empty()).collect();
    if tokens.len() > 16 || !tokens.iter().any(|t| t.chars().any(|c| c.is_ascii_digit())) {
        return None;
    }
    for size in (1..=3).rev() {
        for window in tokens.windows(size) {
            // A date holds a year.
            let joined = window.join(" ");
            if joined.chars().filter(char::is_ascii_digit).count() < 4 || size == 1 && joined.len() < 8 {
                continue;
            }
            if let Some(day) = exact(&joined, order) {
                return Some(day);
            }
        }
    }
    None
}

/// The whole of it a date.
fn exact(text: &str, order: Order) -> Option<Date> {
    const FORMS: [&str; 12] = [
        "%B %d %Y",
        "%b %d %Y",
        "%d %B %Y",
        "%d %b %Y",
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%d.%m.%Y",
        "%d-%b-%Y",
        "%b. %d %Y",
        "%B %d, %Y",
        "%b %d, %Y",
        "%d %b. %Y",
    ];
    let plausible = |d: &Date| (1995..=2100).contains(&d.year());
    let plain = ordinals(text);
    if let Some(day) = FORMS.iter().find_map(|f| Date::strptime(f, &plain).ok()).filter(plausible) {
        return Some(day);
    }
    // Where the one reading cannot be, the other.
    let forms = match order {
        Order::MonthFirst => ["%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y"],
        Order::DayFirst => ["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"],
    };
    forms.iter().find_map(|f| Date::strptime(f, &plain).ok()).filter(plausible)
}

/// "July 18th 2018" without the ending; "Sept" as jiff knows it; no commas.
fn ordinals(text: &str) -> String {
    let part = |p: &str| {
        let p = p.trim_matches(',');
        for end in ["st", "nd", "rd", "th"] {
            if let Some(n) = p.strip_suffix(end).filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
                return n.to_owned();
            }
        }
        match p.trim_end_matches('.') {
            short if short.eq_ignore_ascii_case("sept") => "Sep".to_owned(),
            short if p.ends_with('.') && short.len() == 3 => short.to_owned(),
            _ => p.to_owned(),
        }
    };
    text.split_whitespace().map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, writer: Option<&str>, day: Option<&str>) {
        let found = lines(&Document::from(html), None);
        assert_eq!(author(&found).as_deref(), writer, "{html}");
        assert_eq!(published(&found, Order::default()).map(|d| d.to_string()).as_deref(), day, "{html}");
    }

    #[test]
    fn what_stands_near_the_heading() {
        check("<h1>Talks</h1><div>By <a href=/x>Dr. Jane Doe</a> - Mar 27, 2024</div>", Some("Dr. Jane Doe"), Some("2024-03-27"));
        check(
            "<h1>Talks</h1><p class=author-name>Jane Doe</p><span>Published</span><b>October 14, 2025</b>",
            Some("Jane Doe"),
            Some("2025-10-14"),
        );
        check("<h1>Talks</h1><span>Updated 3 May 2024</span><span>Published 2 May 2024</span>", None, Some("2024-05-02"));
        check("<h1>Talks</h1><i>12.12.2025</i><aside>By John Roe 1 May 2020</aside>", None, Some("2025-12-12"));
        check("<div>July 3, 2025</div><h1>Talks</h1><p>They met in 2019 and they will meet again.</p>", None, Some("2025-07-03"));
        check("<h1>Talks</h1><p>By <a>A. Doe</a>, <a>B. Roe</a> and <a>C. Poe</a></p>", Some("A. Doe, B. Roe, C. Poe"), None);
        check("<h1>Talks</h1><p>Jane Doe</p><span>3 May 2024</span>", Some("Jane Doe"), Some("2024-05-03"));
        check("<h1>Talks</h1><p>By the sea they met, and by the sea they parted for good.</p>", None, None);
    }

    #[test]
    fn names_end_where_other_words_begin() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(name(text, true).as_deref(), expect, "{text}");
        check("Jane Doe Senior Autos Reporter", Some("Jane Doe"));
        check("Jane Doe7 min read", Some("Jane Doe"));
        check("By Jane Doe", Some("Jane Doe"));
        check("Jane Doe July 3, 2025", Some("Jane Doe"));
        check("Author: Jane Doe", Some("Jane Doe"));
        check("View more posts", None);
        check("Dec. 19, 2025 · Jane Doe on behalf of the group", Some("Jane Doe"));
        check("admin", None);
        check("262588213843476", None);
    }
}
