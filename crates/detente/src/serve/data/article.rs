//! An article with everything read from it.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{names, text};
use crate::store::{Filter, Row, Rows, Store, Wanted};
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("article", "the article; offsets of records are UTF-8 bytes into its text, those in `spans` UTF-16 units"),
    ("events", "events read from it"),
    ("statements", "statements read from it"),
    ("spans", "start and end of each record's evidence and of each skipped line in UTF-16 units, as browsers count"),
    ("corrections", "what was said of its records"),
    ("names", "names of the actor codes in the answer"),
];

pub(in crate::serve) fn answer(_: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let id = ask.get("id").ok_or_else(|| Problem::new(400, "no article is named", "add ?id="))?;
    let stored = store.article(id)?;
    let article = &stored.article;
    let reading =
        super::rows(store, "SELECT byline, sentences, skipped, notes, failure FROM readings WHERE article = ?", [stored.n], |r| {
            Ok((
                r.get::<_, Option<String>>(0)?,
                r.get::<_, Option<i64>>(1)?,
                r.get::<_, String>(2)?,
                r.get::<_, String>(3)?,
                r.get::<_, Option<String>>(4)?,
            ))
        })?;
    let coded = !reading.is_empty();
    let (byline, sentences, skipped, notes, failure) = reading.into_iter().next().unwrap_or_default();
    let list = |text: &str| serde_json::from_str::<Vec<Value>>(text).unwrap_or_default();
    let (skipped, notes) = (list(&skipped), list(&notes));
    let filter = Filter { article: Some(article.id.clone()), ..Filter::default() };
    let records = |wanted| {
        let mut out: Vec<Row> = Vec::new();
        store.each(wanted, &filter, Rows { limit: Some(5_000), latest_first: false }, |row| {
            out.push(row);
            Ok(())
        })?;
        Ok::<_, Problem>(out)
    };
    let (events, statements) = (records(Wanted::Events)?, records(Wanted::Statements)?);
    let units = Units::new(&article.text);
    let mut spans: Vec<Value> = Vec::new();
    for record in events.iter().chain(&statements) {
        let at = |c: &str| record.get(c).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        if let (Some(start), Some(end)) = (at("evidence_start"), at("evidence_end")) {
            spans.push(json!({"id": text(record, "id"), "start": units.at(start), "end": units.at(end)}));
        }
    }
    for (i, line) in skipped.iter().enumerate() {
        let at = |c: &str| line[c].as_u64().and_then(|n| usize::try_from(n).ok());
        if let (Some(start), Some(end)) = (at("start"), at("end")) {
            spans.push(json!({"skipped": i, "start": units.at(start), "end": units.at(end)}));
        }
    }
    let codes = events.iter().chain(&statements).flat_map(|r| ["source", "target", "speaker", "addressee"].map(|c| text(r, c)));
    let names = names(codes);
    Ok(json!({
        "article": {
            "id": article.id, "outlet": article.outlet, "published": article.published.map(|d| d.to_string()), "url": article.url,
            "title": article.title, "byline": byline, "text": article.text, "coded": coded, "sentences": sentences,
            "skipped": skipped, "notes": notes, "failure": failure,
        },
        "events": events, "statements": statements, "spans": spans,
        "corrections": store.corrections(Some(&article.id))?, "names": names,
    }))
}

/// From bytes to UTF-16 units.
struct Units {
    /// Byte and units before it, at every character that is not plain ASCII.
    steps: Vec<(usize, usize)>,
}

impl Units {
    fn new(text: &str) -> Self {
        let (mut steps, mut units, mut from) = (vec![(0, 0)], 0, 0);
        for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
            units += at - from + c.len_utf16();
            from = at + c.len_utf8();
            steps.push((from, units));
        }
        Self { steps }
    }

    fn at(&self, byte: usize) -> usize {
        let i = self.steps.partition_point(|(b, _)| *b <= byte).saturating_sub(1);
        let (from, units) = self.steps[i];
        units + byte.saturating_sub(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_count_otherwise() {
        let text = "Détente “in” 🕊 words";
        let units = Units::new(text);
        for (at, _) in text.char_indices() {
            assert_eq!(units.at(at), text[..at].encode_utf16().count(), "{at}");
        }
        assert_eq!(units.at(text.len()), text.encode_utf16().count());
    }
}
