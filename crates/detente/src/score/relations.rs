//! `score relations`: the class of the deed between a marked source and target.

use super::Report;
use super::gold::{self, is_plover, plover_quad};
use super::metrics::{classes, confusion, macro_f1, ratio, round};
use crate::engine::Engine;
use crate::failure::Failure;
use detente_core::knowledge::ontology::Ontology;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// One marked pair.
struct Pair<'a> {
    text: &'a str,
    sources: Vec<&'a str>,
    targets: Vec<&'a str>,
    label: String,
}

/// What the labels of a file are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// PLOVER events, with YIELD for CONCEDE and RETREAT.
    Plover,
    /// Statement, verbal and material cooperation and conflict.
    Penta,
}

/// Measures labels, and for PLOVER labels their quad classes.
///
/// # Errors
/// A file is not in the format.
pub fn relations(engine: &Engine, files: &[(String, String)], limit: usize) -> Result<Report, Failure> {
    let items = gold::read(files, limit)?;
    let ontology = engine.ontology();
    let codes = || items.iter().flat_map(|i| &i.events).filter_map(|e| e.code.as_deref());
    let scheme = if codes().any(|c| gold::PENTA.contains(&c)) { Scheme::Penta } else { Scheme::Plover };
    let pairs: Vec<Pair> = items
        .iter()
        .flat_map(|item| {
            item.events.iter().filter_map(|e| {
                let code = e.code.as_deref()?;
                let (sources, targets) = e.marks();
                let label = match scheme {
                    Scheme::Penta => code.to_owned(),
                    Scheme::Plover if sources.is_empty() || targets.is_empty() => return None,
                    Scheme::Plover => label(code, ontology)?,
                };
                Some(Pair { text: &item.text, sources, targets, label })
            })
        })
        .collect();
    if pairs.is_empty() {
        return Err(Failure::new("the files hold no event with source_text, target_text and code")
            .hint("each line needs them in \"events\", with a PLOVER name, a CAMEO code or one of the five classes"));
    }
    let start = Instant::now();
    let codes: Vec<Option<String>> = pairs.par_iter().map(|p| engine.relate(p.text, &p.sources, &p.targets)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let label = |c: &str| match scheme {
        Scheme::Penta => gold::penta(c).map(str::to_owned),
        Scheme::Plover => label(c, ontology),
    };
    let got: Vec<Option<String>> = codes.iter().map(|c| c.as_deref().and_then(label)).collect();
    Ok(report(&pairs, &codes, &got, scheme, seconds))
}

fn report(pairs: &[Pair<'_>], codes: &[Option<String>], got: &[Option<String>], scheme: Scheme, seconds: f64) -> Report {
    let both = || pairs.iter().zip(got).map(|(p, g)| (p.label.as_str(), g.as_deref()));
    let right = both().filter(|(gold, got)| Some(*gold) == *got).count();
    let quads = both().filter(|(gold, got)| got.and_then(plover_quad) == plover_quad(gold)).count();
    let classes = classes(both());
    let mut report = Report { n: pairs.len(), seconds, ..Report::default() };
    let mut put = |key: &str, value: Value| report.figures.insert(key.to_owned(), value);
    put("accuracy", json!(round(ratio(right, pairs.len()))));
    put("macro_f1", json!(round(macro_f1(&classes))));
    if scheme == Scheme::Plover {
        put("quad_accuracy", json!(round(ratio(quads, pairs.len()))));
    }
    put("unlabelled", json!(got.iter().filter(|g| g.is_none()).count()));
    let per_class: Map<String, Value> = classes
        .iter()
        .map(|(name, counts)| {
            let mut figures = counts.json();
            figures["n"] = json!(counts.gold);
            ((*name).to_owned(), figures)
        })
        .collect();
    put("per_class", Value::Object(per_class));
    report.confusion = confusion(both());
    report.errors = pairs
        .iter()
        .zip(codes.iter().zip(got))
        .filter(|(p, (_, got))| got.as_deref() != Some(&p.label))
        .map(|(p, (code, got))| {
            json!({
                "text": p.text, "source": p.sources.join(" + "), "target": p.targets.join(" + "),
                "gold": p.label, "got": got, "code": code,
            })
        })
        .collect();
    report
}

/// The label of a code, CAMEO or PLOVER. The fifteen labels count taking and sealing off of territory
/// and attacks on networks as ASSAULT, which the map of 2021 has under COERCE.
fn label(code: &str, ontology: &Ontology) -> Option<String> {
    let event = match is_plover(code) {
        true => code,
        false if ["191", "192", "176"].iter().any(|c| code.starts_with(c)) => "ASSAULT",
        false => ontology.plover(code)?.event.as_str(),
    };
    Some(match event {
        "CONCEDE" | "RETREAT" => "YIELD".to_owned(),
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yield_holds_two_and_quads_are_counted() {
        let ontology = Ontology::load(
            "code,name\n08,YIELD\n087,Retreat\n14,PROTEST\n145,Riot\n",
            "cameo,plover_event,mode,context\n087,RETREAT,,\n145,PROTEST,riot,\n",
            "cameo,goldstein\n",
        )
        .unwrap();
        assert_eq!(label("0871", &ontology).as_deref(), Some("YIELD"));
        assert_eq!(label("145", &ontology).as_deref(), Some("PROTEST"));
        assert_eq!(label("010", &ontology), None);
        let pair = |label: &str| Pair { text: "t", sources: vec!["s"], targets: vec!["t"], label: label.into() };
        let pairs = [pair("YIELD"), pair("PROTEST"), pair("AID")];
        let got = [Some("YIELD".to_owned()), Some("ASSAULT".to_owned()), None];
        let report = report(&pairs, &[None, None, None], &got, Scheme::Plover, 0.0);
        assert_eq!(report.figures["accuracy"], json!(0.3333));
        assert_eq!(report.figures["quad_accuracy"], json!(0.6667));
        assert_eq!(report.figures["macro_f1"], json!(0.3333));
        assert_eq!(report.errors.len(), 2);
    }
}
