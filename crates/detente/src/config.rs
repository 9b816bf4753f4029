//! Settings: flag, `DETENTE_*` variable, ./detente.toml, the user's config folder, default.
//!
//! Flags are laid over by the commands; this module knows the rest and remembers where each
//! value came from.

use crate::failure::Failure;
use detente_core::model::Date;
use etcetera::BaseStrategy;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in files; in the environment it is `DETENTE_` and the name in capitals.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What holds when nobody sets it.
    pub default: &'static str,
}

/// Every setting there is.
pub const KEYS: &[Key] = &[
    Key { name: "jobs", about: "articles coded at the same time", default: "one per core" },
    Key { name: "outlet", about: "outlet of articles that name none", default: "unknown" },
    Key { name: "published", about: "publication date of articles that state none", default: "unknown" },
    Key { name: "store", about: "file that holds articles and what was read from them", default: "detente.db" },
    Key { name: "knowledge", about: "folder of knowledge files laid over the compiled-in ones", default: "none" },
];

/// A value and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// As text.
    pub text: String,
    /// "DETENTE_JOBS", or the path of a file.
    pub from: String,
}

/// Tables of the settings files, read by the parts they belong to: `[sides]`, `[[alarm]]`, `[[opening]]`, `[delivery]`.
pub const TABLES: &[&str] = &["sides", "alarm", "opening", "delivery"];

/// The settings in force, flags aside.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    values: BTreeMap<&'static str, Value>,
    tables: Vec<(String, toml::Value, String)>,
}

impl Settings {
    /// Reads the files and the environment.
    ///
    /// # Errors
    /// A file cannot be read or parsed, or a key does not exist.
    pub fn load() -> Result<Self, Failure> {
        let mut settings = Self::default();
        for path in files() {
            settings.lay_file(&path)?;
        }
        let env =
            std::env::vars_os().filter_map(|(k, v)| Some((k.to_str()?.strip_prefix("DETENTE_")?.to_owned(), v.to_string_lossy().into())));
        settings.lay_env(env)?;
        Ok(settings)
    }

    /// A value, if anybody set it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Every table of this name with the file it stands in, the weakest file first.
    pub fn tables(&self, name: &str) -> impl Iterator<Item = (&toml::Value, &str)> {
        self.tables.iter().filter(move |(key, ..)| key == name).map(|(_, table, from)| (table, from.as_str()))
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.get("store").map_or_else(|| PathBuf::from("detente.db"), |v| PathBuf::from(&v.text))
    }

    /// The outlet to assume.
    pub fn outlet(&self) -> Option<String> {
        self.get("outlet").map(|v| v.text.clone())
    }

    /// The publication date to assume.
    ///
    /// # Errors
    /// It is no date.
    pub fn published(&self) -> Result<Option<Date>, Failure> {
        self.get("published").map(|v| parse(v, "published", "a day, as 2018-07-18")).transpose()
    }

    /// Number of threads.
    ///
    /// # Errors
    /// It is no number from 1 to 1024.
    pub fn jobs(&self) -> Result<Option<usize>, Failure> {
        let Some(value) = self.get("jobs") else { return Ok(None) };
        let must = "a number from 1 to 1024";
        let jobs: usize = parse(value, "jobs", must)?;
        match jobs {
            1..=1024 => Ok(Some(jobs)),
            _ => Err(wrong(value, "jobs", must)),
        }
    }

    fn lay_file(&mut self, path: &Path) -> Result<(), Failure> {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(err) => return Err(Failure::io("read", &name, &err)),
        };
        let table: toml::Table = text.parse().map_err(|err: toml::de::Error| {
            Failure::new(format!("{name} is not TOML: {}", err.message())).hint("lines look like: outlet = \"Example Post\"")
        })?;
        for (key, value) in table {
            if TABLES.contains(&key.as_str()) && (value.is_table() || value.is_array()) {
                self.tables.push((key, value, name.clone()));
                continue;
            }
            let text = match value {
                toml::Value::String(s) => s,
                toml::Value::Integer(n) => n.to_string(),
                toml::Value::Datetime(d) => d.to_string(),
                other => {
                    let kind = other.type_str();
                    return Err(Failure::new(format!("{name}: {key} cannot be a {kind}")).hint("give text or a number"));
                }
            };
            self.set(&key, text, &name, &name)?;
        }
        Ok(())
    }

    fn lay_env(&mut self, vars: impl Iterator<Item = (String, String)>) -> Result<(), Failure> {
        for (name, text) in vars {
            let from = format!("DETENTE_{name}");
            self.set(&name.to_lowercase(), text, &from, "the environment")?;
        }
        Ok(())
    }

    fn set(&mut self, key: &str, text: String, from: &str, place: &str) -> Result<(), Failure> {
        let known = KEYS.iter().find(|k| k.name == key).ok_or_else(|| {
            let names: Vec<_> = KEYS.iter().map(|k| k.name).chain(TABLES.iter().copied()).collect();
            Failure::new(format!("{place}: no setting named \"{key}\"")).hint(format!("the settings are {}", names.join(", ")))
        })?;
        self.values.insert(known.name, Value { text, from: from.to_owned() });
        Ok(())
    }
}

/// The files, weakest first.
pub fn files() -> Vec<PathBuf> {
    let user = etcetera::choose_base_strategy().ok().map(|s| s.config_dir());
    let user = user.map(|dir| dir.join("detente").join("config.toml"));
    user.into_iter().chain([PathBuf::from("detente.toml")]).collect()
}

fn parse<T: std::str::FromStr>(value: &Value, key: &str, must: &str) -> Result<T, Failure> {
    value.text.parse().map_err(|_| wrong(value, key, must))
}

fn wrong(value: &Value, key: &str, must: &str) -> Failure {
    Failure::new(format!("{}: {key} is \"{}\"", value.from, value.text)).hint(format!("{key} must be {must}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        let vars = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        settings.lay_env(vars).map(|()| settings)
    }

    #[test]
    fn later_layers_win_and_are_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("detente.toml");
        std::fs::write(&file, "outlet = \"A\"\njobs = 2\npublished = 2018-07-18\n").unwrap();
        let mut settings = Settings::default();
        settings.lay_file(&file).unwrap();
        assert_eq!(settings.published().unwrap().unwrap().to_string(), "2018-07-18");
        settings.lay_env([("JOBS".to_owned(), "3".to_owned())].into_iter()).unwrap();
        assert_eq!(settings.jobs().unwrap(), Some(3));
        assert_eq!(settings.get("jobs").unwrap().from, "DETENTE_JOBS");
        assert!(settings.get("outlet").unwrap().from.ends_with("detente.toml"));
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_errors() {
        assert!(env(&[("JBOS", "1")]).unwrap_err().what.contains("no setting named \"jbos\""));
        assert!(env(&[("JOBS", "0")]).unwrap().jobs().is_err());
        assert!(env(&[("JOBS", "many")]).unwrap().jobs().is_err());
        assert!(env(&[("PUBLISHED", "Friday")]).unwrap().published().is_err());
    }

    #[test]
    fn tables_are_kept_for_those_who_read_them() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("detente.toml");
        std::fs::write(&file, "jobs = 2\n[sides]\n\"Both\" = [\"IRN\", \"SYR\"]\n").unwrap();
        let mut settings = Settings::default();
        settings.lay_file(&file).unwrap();
        assert_eq!(settings.tables("sides").count(), 1);
        assert_eq!(settings.tables("alarm").count(), 0);
        std::fs::write(&file, "[side]\na = 1\n").unwrap();
        assert!(settings.lay_file(&file).is_err());
    }
}
