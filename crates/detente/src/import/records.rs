//! Events of record v1, as another run of this program wrote them.

use crate::store::{ImportRow, ImportedEvent, Own, Row};
use serde_json::Value;

/// Columns kept beside the event: they name records and articles that may not be in this store.
const BESIDE: &[&str] = &["id", "article_id", "story_id", "statement_id", "published", "evidence_start", "evidence_end", "coder_version"];

/// Makes a record an event of the store. Its coder is called imported, so that it is never added to what the store's own
/// articles give.
pub(super) fn event(mut row: Row) -> Result<ImportRow, String> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
    let number = |name: &str| row.get(name).and_then(Value::as_f64);
    let integer = |name: &str| row.get(name).and_then(Value::as_i64);
    let coder =
        text("coder_version").zip(text("ontology_version")).ok_or("it does not say who coded it (coder_version, ontology_version)")?;
    let own: Own = serde_json::from_value(Value::Object(row.clone().into_iter().filter(|(_, v)| !v.is_null()).collect()))
        .map_err(|err| format!("it is no event of record v1: {err}"))?;
    if own.mode.is_empty() {
        return Err("it is no event of record v1: it has no mode".to_owned());
    }
    // Its own day when the text gives exactly one, else that of the article.
    let one = own.date_first.clone().filter(|first| own.date_last.as_ref() == Some(first));
    let event = ImportedEvent {
        coder: Some((format!("imported-{}", coder.0), coder.1)),
        day: one.or_else(|| text("published")),
        source: text("source"),
        source_name: text("source_name"),
        source_country: text("source_country"),
        source_sector: text("source_sector"),
        target: text("target"),
        target_name: text("target_name"),
        target_country: text("target_country"),
        target_sector: text("target_sector"),
        cameo: text("cameo"),
        plover: text("plover"),
        plover_mode: text("plover_mode"),
        quad: integer("quad").and_then(|q| u8::try_from(q).ok()),
        goldstein: number("goldstein"),
        sentence: integer("sentence"),
        place_name: text("place_name"),
        place_country: text("place_country"),
        geonameid: integer("geonameid"),
        lat: number("lat"),
        lon: number("lon"),
        place_precision: text("place_precision"),
        outlet: text("outlet"),
        url: text("url"),
        own: Some(Box::new(own)),
    };
    row.retain(|name, value| BESIDE.contains(&name.as_str()) && !value.is_null());
    Ok(ImportRow::Event(Box::new(event), Some(Value::Object(row).to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_keeps_its_mode_and_its_coder() {
        let row = json!({"id": "e:1", "cameo": "190", "source": "ISRMIL", "source_country": "ISR", "mode": "negated", "published": "2018-07-18",
            "date_first": null, "quad": 4, "coder_version": "detente-9", "ontology_version": "v1", "confidence": 0.5});
        let Ok(ImportRow::Event(event, extras)) = event(row.as_object().unwrap().clone()) else { panic!("no event") };
        assert_eq!((event.day.as_deref(), event.cameo.as_deref(), event.quad), (Some("2018-07-18"), Some("190"), Some(4)));
        assert_eq!(event.coder.unwrap().0, "imported-detente-9");
        assert_eq!(event.own.unwrap().mode, "negated");
        assert!(extras.unwrap().contains("e:1"));
    }

    #[test]
    fn what_is_no_event_is_told() {
        assert!(event(Row::new()).is_err());
        let row = json!({"speaker": "RUSGOV", "coder_version": "detente-9", "ontology_version": "v1"});
        assert!(event(row.as_object().unwrap().clone()).is_err_and(|e| e.contains("no mode")));
    }
}
