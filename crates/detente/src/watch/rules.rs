//! The watch's part of the settings: sides, rules of alarms and openings, ways of delivery.

use crate::config::Settings;
use crate::failure::Failure;
use crate::store::Side;
use detente_watch::alarm::{Rule, Test};
use detente_watch::opening::OpeningRule;
use detente_watch::series::Measure;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Rules that hold unless the settings say otherwise.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// What the watch goes by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Sides of several codes, by their names.
    pub sides: Vec<Side>,
    /// When alarms are raised.
    pub alarms: Vec<Rule>,
    /// What counts as an opening; with `true` a third party's with both sides.
    pub openings: Vec<(OpeningRule, bool)>,
    /// How alarms are told.
    pub delivery: Delivery,
}

/// How new alarms are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// A program with its arguments; it gets the alarms as JSON lines on its standard input.
    pub command: Option<Vec<String>>,
    /// An address that the alarms are posted to as a JSON list (http).
    pub webhook: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AlarmEntry {
    name: String,
    #[serde(default)]
    off: bool,
    measure: Option<String>,
    days: Option<i32>,
    usual: Option<i32>,
    least: Option<i32>,
    floor: Option<f64>,
    quantile: Option<f64>,
    ratio: Option<f64>,
    change: Option<f64>,
    threshold: Option<f64>,
    hold: Option<i32>,
    origins: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningEntry {
    name: String,
    #[serde(default)]
    off: bool,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    third: bool,
    floor: Option<f64>,
    usual: Option<i32>,
    hold: Option<i32>,
}

impl Rules {
    /// The defaults with the settings laid over them.
    ///
    /// # Errors
    /// A table of the settings makes no sense; file and entry are named.
    pub fn load(settings: &Settings) -> Result<Self, Failure> {
        let mut out = Self::default();
        let defaults: toml::Table = DEFAULTS.parse().map_err(|e| Failure::new(format!("the default rules cannot be read: {e}")))?;
        for (key, table) in &defaults {
            out.lay(key, table, "the defaults")?;
        }
        for key in crate::config::TABLES {
            for (table, from) in settings.tables(key) {
                out.lay(key, table, from)?;
            }
        }
        Ok(out)
    }

    fn lay(&mut self, key: &str, table: &toml::Value, from: &str) -> Result<(), Failure> {
        let wrong = |what: String| Failure::new(format!("{from}: {what}"));
        match key {
            "sides" => {
                let sides: BTreeMap<String, Vec<String>> = read(table).map_err(|e| {
                    wrong(format!("[sides] {e}")).hint("a side is a name and its codes: \"Iran and its groups\" = [\"IRN\", \"LBNREB\"]")
                })?;
                for (name, members) in sides {
                    if members.is_empty() || members.iter().any(String::is_empty) {
                        return Err(wrong(format!("the side \"{name}\" has no codes")));
                    }
                    let members = members.iter().map(|m| m.to_uppercase()).collect();
                    self.sides.retain(|s| !s.name.eq_ignore_ascii_case(&name));
                    self.sides.push(Side { name, members });
                }
            }
            "alarm" => {
                let entries: Vec<AlarmEntry> = read(table).map_err(|e| wrong(format!("[[alarm]] {e}")))?;
                for entry in entries {
                    let before = self.alarms.iter().position(|r| r.name == entry.name);
                    let old = before.map(|i| self.alarms.remove(i));
                    if !entry.off {
                        let name = entry.name.clone();
                        let rule = entry.rule(old).map_err(|e| wrong(format!("alarm \"{name}\": {e}")))?;
                        self.alarms.insert(before.unwrap_or(self.alarms.len()), rule);
                    }
                }
            }
            "opening" => {
                let entries: Vec<OpeningEntry> = read(table).map_err(|e| wrong(format!("[[opening]] {e}")))?;
                for entry in entries {
                    let before = self.openings.iter().position(|(r, _)| r.kind == entry.name);
                    let old = before.map(|i| self.openings.remove(i));
                    if entry.off {
                        continue;
                    }
                    let (old, third) = old.map_or((None, false), |(r, t)| (Some(r), t));
                    let codes = if entry.codes.is_empty() { old.as_ref().map_or(Vec::new(), |r| r.codes.clone()) } else { entry.codes };
                    if codes.is_empty() || codes.iter().any(|c| c.len() < 2 || !c.bytes().all(|b| b.is_ascii_digit())) {
                        return Err(wrong(format!("opening \"{}\": codes are CAMEO codes of two digits or more", entry.name)));
                    }
                    let rule = OpeningRule {
                        kind: entry.name,
                        codes,
                        floor: entry.floor.or(old.as_ref().map(|r| r.floor)).unwrap_or(10.0),
                        usual: entry.usual.or(old.as_ref().map(|r| r.usual)).unwrap_or(365),
                        hold: entry.hold.or(old.as_ref().map(|r| r.hold)).unwrap_or(30),
                    };
                    if rule.usual < 1 || rule.hold < 0 {
                        return Err(wrong(format!("opening \"{}\": usual and hold are days", rule.kind)));
                    }
                    self.openings.insert(before.unwrap_or(self.openings.len()), (rule, entry.third || third));
                }
            }
            "delivery" => {
                self.delivery = read(table).map_err(|e| wrong(format!("[delivery] {e}")))?;
                if self.delivery.command.as_ref().is_some_and(Vec::is_empty) {
                    return Err(wrong("[delivery] command is empty".to_owned()).hint("command = [\"notify-send\", \"détente\"]"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The rules as they stand in a settings file.
    pub fn shown(&self) -> String {
        let mut out = String::new();
        for r in &self.alarms {
            out.push_str(&format!("[[alarm]]\nname = {:?}\nmeasure = {:?}     # {}\n", r.name, r.measure.name(), r.measure.about()));
            out.push_str(&match r.test {
                Test::Level { quantile, ratio } => format!("quantile = {quantile}\nratio = {ratio}\n"),
                Test::Change { ratio, threshold } => format!("change = {ratio}\nthreshold = {threshold}\n"),
            });
            let (days, usual, least, hold) = (r.days, r.usual, r.least, r.hold);
            out.push_str(&format!(
                "floor = {}\ndays = {days}\nusual = {usual}\nleast = {least}\nhold = {hold}\norigins = {}\n\n",
                r.floor, r.origins
            ));
        }
        for (r, third) in &self.openings {
            let third = if *third { "third = true\n" } else { "" };
            let (kind, codes, floor, usual, hold) = (&r.kind, &r.codes, r.floor, r.usual, r.hold);
            out.push_str(&format!(
                "[[opening]]\nname = {kind:?}\ncodes = {codes:?}\n{third}floor = {floor}\nusual = {usual}\nhold = {hold}\n\n"
            ));
        }
        out
    }

    /// The side of a name: one of the settings, else a code.
    pub fn side(&self, name: &str) -> Side {
        self.sides.iter().find(|s| s.name.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| Side::one(name))
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &toml::Value) -> Result<T, String> {
    value.clone().try_into().map_err(|e: toml::de::Error| e.message().to_owned())
}

impl AlarmEntry {
    /// What is not said is as it was before, or as usual.
    fn rule(self, old: Option<Rule>) -> Result<Rule, String> {
        let measure = match &self.measure {
            Some(name) => Measure::named(name)
                .ok_or_else(|| format!("no measure \"{name}\"; they are {}", Measure::ALL.map(|(_, name)| name).join(", ")))?,
            None => old.as_ref().map(|r| r.measure).ok_or("no measure is named")?,
        };
        let (mut quantile, mut ratio, mut change) = (0.98, 2.0, None);
        let mut threshold = 5.0;
        match old.as_ref().map(|r| r.test) {
            Some(Test::Level { quantile: q, ratio: r }) => (quantile, ratio) = (q, r),
            Some(Test::Change { ratio, threshold: t }) => (change, threshold) = (Some(ratio), t),
            None => {}
        }
        if self.quantile.is_some() || self.ratio.is_some() {
            change = None;
        }
        let test = match self.change.or(change) {
            Some(ratio) if self.quantile.is_none() && self.ratio.is_none() => {
                Test::Change { ratio, threshold: self.threshold.unwrap_or(threshold) }
            }
            Some(_) => return Err("change stands by itself, without quantile and ratio".to_owned()),
            None => Test::Level { quantile: self.quantile.unwrap_or(quantile), ratio: self.ratio.unwrap_or(ratio) },
        };
        match test {
            Test::Level { quantile, ratio } if !(0.0..=1.0).contains(&quantile) || ratio < 0.0 || !ratio.is_finite() => {
                return Err("quantile lies between 0 and 1, ratio is not negative".to_owned());
            }
            Test::Change { ratio, threshold } if ratio.is_nan() || ratio <= 1.0 || threshold.is_nan() || threshold <= 0.0 => {
                return Err("change is above 1, threshold above 0".to_owned());
            }
            _ => {}
        }
        let days = |new: Option<i32>, old: Option<i32>, usual: i32, name: &str, low: i32| {
            let n = new.or(old).unwrap_or(usual);
            if (low..=3_660).contains(&n) { Ok(n) } else { Err(format!("{name} is a number of days from {low} to 3660")) }
        };
        let was = old.as_ref();
        let rule = Rule {
            measure,
            test,
            days: days(self.days, was.map(|r| r.days), 7, "days", 1)?,
            usual: days(self.usual, was.map(|r| r.usual), 365, "usual", 1)?,
            least: days(self.least, was.map(|r| r.least), 60, "least", 1)?,
            floor: self.floor.or(was.map(|r| r.floor)).unwrap_or(3.0),
            hold: days(self.hold, was.map(|r| r.hold), 14, "hold", 0)?,
            origins: self.origins.or(was.map(|r| r.origins)).unwrap_or(1),
            name: self.name,
        };
        if rule.floor.is_nan() || rule.floor <= 0.0 {
            return Err("floor is above 0: nothing is no alarm".to_owned());
        }
        Ok(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(text: &str) -> Result<Rules, Failure> {
        let mut rules = Rules::load(&Settings::default())?;
        let table: toml::Table = text.parse().unwrap();
        for (key, value) in &table {
            rules.lay(key, value, "detente.toml")?;
        }
        Ok(rules)
    }

    #[test]
    fn settings_are_laid_over_the_defaults() {
        let plain = laid("").unwrap();
        assert!(plain.alarms.len() >= 4 && plain.openings.iter().any(|(_, third)| *third));
        let rules = laid("[[alarm]]\nname = \"force\"\nfloor = 9\n[[alarm]]\nname = \"threat\"\noff = true\n").unwrap();
        assert_eq!(rules.alarms.len(), plain.alarms.len() - 1);
        let (new, old) = (&rules.alarms[0], &plain.alarms[0]);
        assert_eq!(new, &Rule { floor: 9.0, ..old.clone() });
        let rules = laid("[sides]\n\"Iran and its groups\" = [\"irn\", \"LBNREB\"]\n").unwrap();
        assert_eq!(rules.side("iran AND its groups").members, ["IRN", "LBNREB"]);
        assert_eq!(rules.side("isr").members, ["ISR"]);
    }

    #[test]
    fn what_is_shown_can_be_laid_again() {
        let rules = laid("").unwrap();
        assert_eq!(laid(&rules.shown()).unwrap(), rules);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let check = |text: &str, words: &str| {
            let found = laid(text).map_err(|f| f.what).err().unwrap_or_default();
            assert!(found.contains(words), "{text}: {found}");
        };
        check("[[alarm]]\nname = \"x\"\n", "no measure is named");
        check("[[alarm]]\nname = \"x\"\nmeasure = \"anger\"\n", "no measure \"anger\"");
        check("[[alarm]]\nname = \"x\"\nmeasure = \"force\"\nqantile = 1\n", "qantile");
        check("[[alarm]]\nname = \"x\"\nmeasure = \"force\"\nquantile = 2\n", "quantile lies");
        check("[[alarm]]\nname = \"x\"\nmeasure = \"force\"\nchange = 2\nratio = 2\n", "by itself");
        check("[[alarm]]\nname = \"x\"\nmeasure = \"force\"\nfloor = 0\n", "floor is above 0");
        check("[[opening]]\nname = \"x\"\n", "codes are CAMEO");
        check("[sides]\nx = []\n", "has no codes");
        check("[delivery]\ncommand = []\n", "command is empty");
    }
}
