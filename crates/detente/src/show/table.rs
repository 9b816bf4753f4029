use super::{BOLD, Columns, DIM, cell, clean, mark, shorten};
use crate::record::{EventRecord, Records, StatementRecord};
use std::collections::HashMap;

const NO_DATE: &str = "no publication date: relative dates stay open (give --published)";

/// The coding of one article as a table.
pub fn table(records: &Records) -> String {
    let ids = short_ids(records.statements.iter().map(|s| s.id.as_str()).chain(records.events.iter().map(|e| e.id.as_str())));
    let mut out = header(records);
    if !records.statements.is_empty() {
        out.push('\n');
        out.push_str(&statements(&records.statements, &ids));
    }
    if !records.events.is_empty() {
        out.push('\n');
        out.push_str(&events(&records.events, &ids));
    }
    if records.statements.is_empty() && records.events.is_empty() {
        out.push_str("nothing found: no event and no statement by a political actor\n");
    }
    let notes = &records.article.notes;
    if records.article.published.is_none() && !notes.iter().any(|n| n.contains("publication date")) {
        out.push_str(&format!("{DIM}note: {NO_DATE}{DIM:#}\n"));
    }
    for note in notes {
        out.push_str(&format!("{DIM}note: {}{DIM:#}\n", clean(note)));
    }
    out
}

fn header(records: &Records) -> String {
    let article = &records.article;
    let title = article.title.as_deref().map_or("untitled".to_owned(), |t| shorten(t, 120));
    let outlet = article.outlet.as_deref().unwrap_or("unknown outlet");
    let date = article.published.as_deref().unwrap_or("undated");
    let mut out = format!("{BOLD}{title}{BOLD:#} · {} · {date}\n", clean(outlet));
    let sentences = article.sentences;
    let plural = if sentences == 1 { "" } else { "s" };
    out.push_str(&format!("{sentences} sentence{plural}"));
    match article.skipped.as_slice() {
        [] => {}
        skipped => {
            let reasons: Vec<String> = skipped.iter().map(|s| format!("{} (\"{}\")", clean(&s.reason), shorten(&s.text, 28))).collect();
            let (shown, more) = reasons.split_at(reasons.len().min(3));
            out.push_str(&format!(", {} skipped: {}", skipped.len(), shown.join(", ")));
            if !more.is_empty() {
                out.push_str(&format!(" and {} more", more.len()));
            }
        }
    }
    out.push('\n');
    out
}

fn statements(statements: &[StatementRecord], ids: &HashMap<String, String>) -> String {
    let mut columns = Columns::default();
    let head = |s: &str| cell(s).style(BOLD);
    columns.row([head("STATEMENTS"), head("speaker"), head(""), head("act"), head("about"), head("origin")]);
    for s in statements {
        let (mark, style) = ("◇", super::TALK);
        columns.row([
            cell(format!(" {mark} {}", shown_id(ids, &s.id))).style(style),
            cell(s.speaker_name.as_deref().map_or("not named".to_owned(), |n| shorten(n, 28))),
            cell(s.speaker.as_deref().unwrap_or("-")),
            cell(shorten(&s.acts.join(", "), 34)),
            cell(about(&s.about)),
            cell(shorten(&s.origin_shown(), 40)),
        ]);
    }
    columns.lines()
}

/// Two states are a pair, anything else a list.
fn about(codes: &[String]) -> String {
    match codes {
        [] => "-".to_owned(),
        [a, b] => format!("{a}–{b}"),
        codes => shorten(&codes.join(" "), 24),
    }
}

fn events(events: &[EventRecord], ids: &HashMap<String, String>) -> String {
    let mut columns = Columns::default();
    let head = |s: &str| cell(s).style(BOLD);
    columns.row([
        head("EVENTS"),
        head("source"),
        head("code"),
        head("target"),
        head("Goldstein").right(),
        head("when"),
        head("where"),
        head(""),
    ]);
    for e in events {
        let (mark, style) = mark(&e.cameo);
        let goldstein = e.goldstein.map_or("-".to_owned(), |g| format!("{g:.1}"));
        columns.row([
            cell(format!(" {mark} {}", shown_id(ids, &e.id))).style(style),
            cell(e.source.as_deref().unwrap_or("-")),
            cell(format!("{} {}", e.cameo, shorten(&name(e), 30))),
            cell(e.target.as_deref().unwrap_or("-")),
            cell(goldstein).right(),
            cell(when(e)),
            cell(e.place_name.as_deref().map_or("-".to_owned(), |p| shorten(p, 24))),
            cell(remarks(e, ids)).style(DIM),
        ]);
    }
    columns.lines()
}

/// The code's name without the codebook's padding.
fn name(e: &EventRecord) -> String {
    let name = e.cameo_name.as_deref().unwrap_or("");
    name.replace(", not specified below", "").replace("conventional military force", "mil. force")
}

/// Days when known, the text's words otherwise.
pub(super) fn when(e: &EventRecord) -> String {
    match (&e.date_first, &e.date_last, &e.date_text) {
        (Some(a), Some(b), _) if a == b => a.clone(),
        (Some(a), Some(b), _) => format!("{a}…{b}"),
        (Some(a), None, _) => format!("{a}…"),
        (None, _, Some(text)) => shorten(text, 24),
        (None, _, None) => "undated".to_owned(),
    }
}

/// Number, mode and statement: only what is not plain.
fn remarks(e: &EventRecord, ids: &HashMap<String, String>) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(e.count_text.as_deref().map(|c| shorten(c, 16)));
    match (e.mode, &e.claimed_by) {
        ("happened", _) => {}
        ("claimed", Some(by)) => parts.push(format!("claimed by {}", shorten(by, 24))),
        (mode, _) => parts.push(mode.to_owned()),
    }
    parts.extend(e.statement_id.as_deref().map(|id| format!("said in {}", shown_id(ids, id))));
    parts.join(", ")
}

fn shown_id(ids: &HashMap<String, String>, id: &str) -> String {
    clean(ids.get(id).map_or(id, String::as_str)).into_owned()
}

/// Ids cut to four digits; longer where two would look alike.
pub fn short_ids<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<String, String> {
    let mut all: Vec<&str> = ids.collect();
    all.sort_unstable();
    all.dedup();
    let common = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let mut out = HashMap::new();
    for (i, id) in all.iter().enumerate() {
        let before = i.checked_sub(1).map_or(0, |j| common(all[j], id));
        let after = all.get(i + 1).map_or(0, |next| common(next, id));
        let length = (before.max(after) + 1).max("s:".len() + 4);
        out.insert((*id).to_owned(), id.get(..length).unwrap_or(id).to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_lengthen_when_ambiguous() {
        let ids = short_ids(["s:41d0aa", "s:41d0ab", "e:41d0aa", "s:9a2e00"].into_iter());
        assert_eq!(ids["s:9a2e00"], "s:9a2e");
        assert_eq!(ids["e:41d0aa"], "e:41d0");
        assert_eq!(ids["s:41d0aa"], "s:41d0aa");
        assert_eq!(ids["s:41d0ab"], "s:41d0ab");
    }

    #[test]
    fn pairs_and_lists_of_actors() {
        let pair = |codes: &[&str]| about(&codes.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(pair(&[]), "-");
        assert_eq!(pair(&["IRN", "ISR"]), "IRN–ISR");
        assert_eq!(pair(&["IRN", "ISR", "SYR"]), "IRN ISR SYR");
    }
}
