//! `detente init --sample`: articles of our own wording and a made-up history, so that there is something to look at.

use super::Exit;
use crate::failure::{self, Failure, Stop};
use crate::store::{ImportRow, ImportedEvent, NewImport, Store};
use detente_core::knowledge::Knowledge;
use detente_core::model::{Article, Date};
use std::path::Path;

/// Name, text and settings of each article of `corpus/`.
const ARTICLES: &[(&str, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/sample.rs"));

/// Who the history is by: nobody. The name says so wherever a number of it is shown.
const CODER: &str = "made-up-sample";
/// Last day of the history, and how many days it has.
const LAST: &str = "2023-11-30";
const DAYS: i64 = 5 * 365;

/// Pairs of the history: sides, events in 100 days, share of conflict in percent, and the day before the last on which it turns.
const PAIRS: &[(&str, &str, u64, u64, i64)] = &[
    ("IRN", "ISR", 60, 78, 21),
    ("RUS", "UKR", 150, 82, 0),
    ("IND", "PAK", 55, 55, 12),
    ("CHN", "TWN", 45, 60, 35),
    ("USA", "CHN", 90, 38, 0),
    ("PRK", "KOR", 40, 62, 9),
    ("AZE", "ARM", 35, 66, 70),
    ("ETH", "EGY", 22, 45, 0),
    ("USA", "IRN", 55, 64, 18),
    ("RUS", "ISR", 25, 22, 0),
    ("RUS", "IRN", 30, 10, 0),
    ("TUR", "GRC", 28, 44, 0),
    ("KGZ", "TJK", 12, 52, 0),
    ("QAT", "ISR", 14, 12, 20),
    ("QAT", "IRN", 12, 8, 20),
    ("USA", "KOR", 35, 6, 0),
];

const TALK: [&str; 8] = ["010", "036", "040", "042", "043", "050", "051", "057"];
const AID: [&str; 4] = ["060", "061", "070", "073"];
const QUARREL: [&str; 8] = ["111", "112", "114", "120", "125", "130", "138", "110"];
const FORCE: [&str; 8] = ["141", "150", "152", "160", "172", "190", "190", "195"];

/// A row of numbers that is the same wherever it is made (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n.max(1)
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }
}

pub(super) fn fill(path: &Path) -> Result<Exit, Stop> {
    let mut store = Store::create(path)?;
    store.add(&articles()?)?;
    let knowledge = Knowledge::embedded().map_err(|_| Failure::new("the knowledge cannot be used").hint("run `detente check`"))?;
    let rows = history(knowledge);
    let new = NewImport { file: "made-up history", format: "sample", digest: "sample-1", coder: Some((CODER, "cameo-sample")) };
    let mut import = store.begin_import(&new)?;
    store.put_rows(&mut import, &rows)?;
    store.finish_import(&import)?;
    drop(store);
    let coded = super::code::rebuild::run(path, true, std::thread::available_parallelism().map_or(1, usize::from))?;
    failure::note("the history of the sample is made up: it shows the pages and says nothing of the world");
    failure::note(&format!("next: detente serve --review --store {}", path.display()));
    Ok(coded)
}

/// The articles of `corpus/`; the day stands in the name.
fn articles() -> Result<Vec<Article>, Failure> {
    let made = ARTICLES.iter().map(|(name, text, settings)| {
        let table: toml::Table = settings.parse().map_err(|e| Failure::new(format!("{name}: {e}")))?;
        let of = |key: &str| table.get(key).and_then(|v| v.as_str()).map(str::to_owned);
        let title = text.lines().next().map(str::to_owned);
        let published = name.get(..10).and_then(|d| d.parse().ok());
        Ok(Article { id: format!("sample-{name}"), text: (*text).to_owned(), title, published, outlet: of("outlet"), url: of("url") })
    });
    made.collect()
}

fn history(knowledge: &Knowledge) -> Vec<(u64, ImportRow)> {
    let last: Date = LAST.parse().unwrap_or_default();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut out = Vec::new();
    for ago in (0..DAYS).rev() {
        let day = last.checked_sub(jiff::Span::new().days(ago)).unwrap_or(last);
        for (a, b, rate, conflict, turn) in PAIRS {
            // After its turn a pair has more to quarrel about; before, it swings slowly.
            let turned = *turn > 0 && ago < *turn;
            let slow = 70 + (ago / 9 + i64::from(a.as_bytes()[0])) % 60;
            let rate = if turned { rate * 3 } else { rate * slow.unsigned_abs() / 100 };
            let conflict = if turned { (conflict + 20).min(95) } else { *conflict };
            for _ in 0..(rate / 100 + u64::from(dice.below(100) < rate % 100)) {
                let (source, target) = if dice.below(2) == 0 { (a, b) } else { (b, a) };
                let cold = dice.below(100) < conflict;
                let deed = dice.below(100) < if cold && turned { 45 } else { 22 };
                let code = dice.one(match (cold, deed) {
                    (true, true) => &FORCE,
                    (true, false) => &QUARREL,
                    (false, true) => &AID,
                    (false, false) => &TALK,
                });
                out.push(event(knowledge, day, source, target, code));
            }
        }
        // A third party turns to both sides while the first pair quarrels.
        if matches!(ago, 3 | 6 | 17) {
            ["IRN", "ISR"].iter().for_each(|side| out.push(event(knowledge, day, "QAT", side, "045")));
            out.push(event(knowledge, day, "RUS", "IRN", "039"));
            out.push(event(knowledge, day, "RUS", "ISR", "039"));
        }
    }
    (1..).zip(out).collect()
}

fn event(knowledge: &Knowledge, day: Date, source: &str, target: &str, code: &str) -> ImportRow {
    let plover = knowledge.ontology.plover(code);
    let name = |code: &str| knowledge.actors.state(code).map(|a| a.name.clone());
    let force = matches!(knowledge.ontology.quad(code), Some(4));
    ImportRow::Event(
        Box::new(ImportedEvent {
            day: Some(day.to_string()),
            source: Some(source.to_owned()),
            source_name: name(source),
            source_country: Some(source.to_owned()),
            target: Some(target.to_owned()),
            target_name: name(target),
            target_country: Some(target.to_owned()),
            cameo: Some(code.to_owned()),
            plover: plover.map(|p| p.event.clone()),
            plover_mode: plover.and_then(|p| p.mode.clone()),
            quad: knowledge.ontology.quad(code),
            goldstein: knowledge.ontology.goldstein(code).map(f64::from),
            place_country: Some(if force { target } else { source }.to_owned()),
            place_name: name(if force { target } else { source }),
            place_precision: Some("country".to_owned()),
            outlet: Some("made up".to_owned()),
            ..ImportedEvent::default()
        }),
        None,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_the_same_each_time() {
        let knowledge = Knowledge::embedded().unwrap();
        let rows = history(knowledge);
        assert!(rows.len() > 10_000 && rows == history(knowledge));
        let articles = articles().unwrap();
        assert!(articles.len() >= 12 && articles.iter().all(|a| a.published.is_some() && a.title.is_some()));
    }
}
