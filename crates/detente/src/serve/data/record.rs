//! A record opened to what is behind it.

use super::super::Desk;
use super::super::ask::{Ask, Problem};
use super::{names, text};
use crate::cli::why::opened;
use crate::store::{Filter, Row, Rows, Store, Wanted};
use serde_json::{Value, json};

pub(in crate::serve) const KEYS: &[(&str, &str)] = &[
    ("record", "the record, as docs/record-v1.md has it"),
    ("title", "title of its article; null for imported events"),
    ("sentence", "the sentence it was read from"),
    ("spans", "start, end and words of each piece of evidence, in UTF-8 bytes"),
    ("rules", "the rules that made it"),
    ("mentions", "actors of the sentence: words, code, name, how they were linked, and the entries behind them"),
    (
        "copies",
        "articles with the same text in order of time: article_id, outlet, published, its sentence there (null where it was left out), changed, changes (runs of words that are same, gone or new since the first)",
    ),
    ("own_columns", "columns of an imported row that record v1 has no place for"),
    ("corrections", "what was said of it"),
    ("changed", "whether program or knowledge have changed since the article was coded, so that rules cannot be shown"),
    ("names", "names of the actor codes in the answer"),
];

pub(in crate::serve) fn answer(desk: &Desk, store: &Store, ask: &Ask) -> Result<Value, Problem> {
    let id = ask.get("id").ok_or_else(|| Problem::new(400, "no record is named", "add ?id="))?;
    let wanted = if id.starts_with("s:") { Wanted::Statements } else { Wanted::Events };
    let mut found: Vec<Row> = Vec::new();
    store.each(wanted, &Filter { id: Some(id.to_owned()), ..Filter::default() }, Rows { limit: Some(2), latest_first: false }, |row| {
        found.push(row);
        Ok(())
    })?;
    let several = found.len() > 1 && text(&found[0], "id") != id;
    let Some(record) = (!several).then(|| found.into_iter().next()).flatten() else {
        let what = if several { "several records begin" } else { "no record begins" };
        return Err(Problem::new(404, format!("{what} with \"{}\"", super::super::ask::short(id)), "/events and /statements list the ids"));
    };
    let (id, codes) = (text(&record, "id").to_owned(), ["source", "target", "speaker", "addressee"].map(|c| text(&record, c).to_owned()));
    let names = names(codes.iter().map(String::as_str));
    let mut out = json!({"record": null, "title": null, "sentence": null, "spans": [], "rules": [], "mentions": [], "copies": [], "own_columns": null,
        "corrections": [], "changed": false, "names": names});
    if text(&record, "article_id").is_empty() {
        out["own_columns"] = Value::Object(store.extras(&id)?);
    } else {
        let article = store.article(text(&record, "article_id"))?.article;
        match opened(&desk.engine()?, store, &article, &id)? {
            Some(opened) => ["sentence", "spans", "rules", "mentions", "copies"].into_iter().for_each(|k| out[k] = opened[k].clone()),
            None => out["changed"] = Value::Bool(true),
        }
        out["title"] = json!(article.title);
        let said: Vec<_> = store.corrections(Some(&article.id))?.into_iter().filter(|c| c.record == id).collect();
        out["corrections"] = json!(said);
    }
    out["record"] = Value::Object(record);
    Ok(out)
}
