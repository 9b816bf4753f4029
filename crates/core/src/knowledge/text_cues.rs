//! What the text stage must know about English writing: abbreviations, contractions, the
//! outside of an article. Read from `knowledge/cues/*.toml`.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use serde::Deserialize;

use super::furniture::Furniture;
use super::loose::Patterns;

/// When the period of an abbreviation also ends the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abbreviation {
    /// Never: a name follows ("Gen.").
    BeforeName,
    /// Never ("e.g.").
    Inside,
    /// It is one only when a number follows ("No. 5").
    BeforeNumber,
    /// When the next word opens a sentence ("Inc.").
    MayEnd,
}

/// Word lists for tokens and sentences.
#[derive(Debug, Default)]
pub struct Words {
    abbreviations: HashMap<String, Abbreviation>,
    ends_whole: HashSet<String>,
    starters: HashSet<String>,
    saying: HashSet<String>,
    /// Clitics with a straight apostrophe, longest first.
    pub endings: Vec<String>,
    cuts: HashMap<String, usize>,
    whole: HashSet<String>,
    prefixes: HashSet<String>,
    after_number: HashSet<String>,
    after_money: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AbbreviationsFile {
    before_name: Vec<String>,
    inside: Vec<String>,
    before_number: Vec<String>,
    may_end: Vec<String>,
    keep_period: Vec<String>,
    starters: Vec<String>,
    saying: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractionsFile {
    endings: Vec<String>,
    words: HashMap<String, usize>,
    whole: WholeFile,
    hyphen: HyphenFile,
    units: UnitsFile,
}

#[derive(Deserialize)]
struct WholeFile {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct HyphenFile {
    prefixes: Vec<String>,
}

#[derive(Deserialize)]
struct UnitsFile {
    after_number: Vec<String>,
    after_money: Vec<String>,
}

impl Words {
    fn load(abbreviations: &str, contractions: &str) -> Result<Words, String> {
        let a: AbbreviationsFile = super::load::read(abbreviations).map_err(|e| format!("abbreviations.toml: {e}"))?;
        let c: ContractionsFile = super::load::read(contractions).map_err(|e| format!("contractions.toml: {e}"))?;
        // The weaker reading of a word listed twice is kept: a number decides first, then a name.
        let mut table = HashMap::default();
        let classes = [
            (a.may_end, Abbreviation::MayEnd),
            (a.before_number, Abbreviation::BeforeNumber),
            (a.inside, Abbreviation::Inside),
            (a.before_name, Abbreviation::BeforeName),
        ];
        for (words, class) in classes {
            for w in words {
                let capitals = w.to_uppercase();
                if w.chars().filter(|c| c.is_alphabetic()).count() > 2 && w.starts_with(char::is_uppercase) {
                    table.entry(capitals).or_insert(class);
                }
                table.entry(w).or_insert(class);
            }
        }
        let mut endings = c.endings;
        endings.sort_by_key(|e| std::cmp::Reverse(e.len()));
        if let Some((word, at)) = c.words.iter().find(|(w, at)| **at == 0 || **at >= w.len() || !w.is_ascii()) {
            return Err(format!("contractions.toml: {word:?} cannot be cut after {at} letters"));
        }
        Ok(Words {
            abbreviations: table,
            ends_whole: a.keep_period.into_iter().collect(),
            starters: a.starters.into_iter().collect(),
            saying: a.saying.into_iter().collect(),
            endings,
            cuts: c.words,
            whole: c.whole.words.into_iter().collect(),
            prefixes: c.hyphen.prefixes.into_iter().collect(),
            after_number: c.units.after_number.into_iter().collect(),
            after_money: c.units.after_money.into_iter().collect(),
        })
    }

    /// How the word (without its period) is abbreviated, if it is an abbreviation.
    pub fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        self.abbreviations.get(word).copied()
    }

    /// Whether the abbreviation (with its period) stays whole at the end of a sentence.
    pub fn ends_whole(&self, word: &str) -> bool {
        word.strip_suffix('.').is_some_and(|w| self.ends_whole.contains(w))
    }

    /// Whether the capitalised word opens a sentence after an abbreviation.
    pub fn starts(&self, word: &str) -> bool {
        self.starters.contains(word)
    }

    /// Whether the word carries a sentence on after a quotation.
    pub fn says(&self, word: &str) -> bool {
        self.saying.contains(word)
    }

    /// Length in bytes of the first part of a word run together from two.
    pub fn cut(&self, word: &str) -> Option<usize> {
        // The longest entries are short: long words are not worth a lower-case copy.
        if word.len() > 12 || !word.is_ascii() {
            return None;
        }
        self.cuts.get(word.to_ascii_lowercase().as_str()).copied()
    }

    /// Whether the word with its apostrophe (straightened) is one word.
    pub fn whole(&self, word: &str) -> bool {
        word.len() <= 16 && self.whole.contains(word.to_lowercase().as_str())
    }

    /// Whether a hyphen after this first part joins one word.
    pub fn prefix(&self, word: &str) -> bool {
        word.len() <= 12 && self.prefixes.contains(word.to_lowercase().as_str())
    }

    /// Whether the letters after a number are a word of their own.
    pub fn unit(&self, word: &str, money: bool) -> bool {
        self.after_number.contains(word) || money && self.after_money.contains(word)
    }
}

/// Patterns of one kind with their tests.
#[derive(Debug, Default)]
struct Rules {
    patterns: Patterns,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    agency_needs: bool,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    regex: String,
    /// The agency must be one of those listed.
    #[serde(default)]
    agency_needs: bool,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    byline: Vec<RuleFile>,
    dateline: Vec<RuleFile>,
    date_line: Vec<RuleFile>,
    caption: Vec<RuleFile>,
    agencies: AgenciesFile,
}

#[derive(Deserialize)]
struct AgenciesFile {
    names: Vec<String>,
}

/// Patterns for the outside of an article.
#[derive(Debug, Default)]
pub struct Outside {
    bylines: Rules,
    datelines: Rules,
    date_lines: Rules,
    captions: Rules,
    agencies: HashSet<String>,
}

impl Outside {
    fn load(toml: &str) -> Result<Outside, String> {
        let file: LayoutFile = super::load::read(toml).map_err(|e| format!("layout.toml: {e}"))?;
        let rules = |rows: Vec<RuleFile>| -> Result<Rules, String> {
            let sources = rows.iter().map(|r| r.regex.clone()).collect();
            let patterns = Patterns::new(sources).map_err(|(_, e)| format!("layout.toml: {e}"))?;
            let row = |r: RuleFile| Row { agency_needs: r.agency_needs, yes: r.yes, no: r.no };
            Ok(Rules { patterns, rows: rows.into_iter().map(row).collect() })
        };
        Ok(Outside {
            bylines: rules(file.byline)?,
            datelines: rules(file.dateline)?,
            date_lines: rules(file.date_line)?,
            captions: rules(file.caption)?,
            agencies: file.agencies.names.into_iter().collect(),
        })
    }

    /// Byte range of the writer's name in a byline.
    pub fn byline(&self, line: &str) -> Option<std::ops::Range<usize>> {
        let (_, hit) = self.bylines.patterns.matching(line, |_| true).next()?;
        Some(hit.group("name").unwrap_or(hit.range))
    }

    /// Where the dateline's own words end, and where the sentence after it starts.
    pub fn dateline(&self, head: &str) -> Option<(usize, usize)> {
        self.datelines.patterns.matching(head, |_| true).find_map(|(i, hit)| {
            let agency = hit.group("agency").and_then(|r| head.get(r));
            if self.datelines.rows[i].agency_needs && !agency.is_some_and(|a| self.agencies.contains(a.trim())) {
                return None;
            }
            let whole = head.get(hit.range.clone())?;
            let words = whole.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':'));
            (hit.range.start == 0 && !words.is_empty()).then_some((words.len(), hit.range.end))
        })
    }

    /// Whether the line only gives a date.
    pub fn date_line(&self, line: &str) -> bool {
        self.date_lines.patterns.matching(line, |_| true).next().is_some()
    }

    /// Whether the line stands under a picture.
    pub fn caption(&self, line: &str) -> bool {
        self.captions.patterns.matching(line, |_| true).next().is_some()
    }

    fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let kinds =
            [("byline", &self.bylines), ("dateline", &self.datelines), ("date_line", &self.date_lines), ("caption", &self.captions)];
        for (kind, rules) in kinds {
            wrong.extend(rules.patterns.too_big().into_iter().map(|(_, e)| format!("layout: {kind}: {e}")));
            for (i, row) in rules.rows.iter().enumerate() {
                let agency = |s: &str| {
                    let found = rules.patterns.matching(s, |k| k == i).find_map(|(_, hit)| s.get(hit.group("agency")?));
                    found.is_some_and(|a| self.agencies.contains(a.trim()))
                };
                let hit = |s: &String| rules.patterns.is_match(i, s) && (!row.agency_needs || agency(s));
                wrong.extend(row.yes.iter().filter(|s| !hit(s)).map(|s| format!("layout: {kind} should match {s:?}")));
                wrong.extend(row.no.iter().filter(|s| hit(s)).map(|s| format!("layout: {kind} should not match {s:?}")));
            }
        }
        wrong
    }
}

/// Everything the text stage knows, compiled once.
#[derive(Debug, Default)]
pub struct TextCues {
    /// Lines that are not news.
    pub furniture: Furniture,
    /// Bylines, datelines, captions.
    pub outside: Outside,
    /// Abbreviations and contractions.
    pub words: Words,
}

impl TextCues {
    /// Reads the four files' text: `furniture.toml`, `abbreviations.toml`, `contractions.toml`,
    /// `layout.toml`.
    pub fn load(furniture: &str, abbreviations: &str, contractions: &str, layout: &str) -> Result<TextCues, String> {
        Ok(TextCues {
            furniture: Furniture::load(furniture)?,
            outside: Outside::load(layout)?,
            words: Words::load(abbreviations, contractions)?,
        })
    }

    /// Runs the tests written in the files; one line for each that fails.
    pub fn check(&self) -> Vec<String> {
        let mut wrong = self.furniture.check();
        wrong.extend(self.outside.check());
        wrong
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::OnceLock;

    use super::*;

    /// The project's own cue files.
    pub(crate) fn cues() -> &'static TextCues {
        static CUES: OnceLock<TextCues> = OnceLock::new();
        CUES.get_or_init(load)
    }

    fn load() -> TextCues {
        const FURNITURE: &str = include_str!("../../../../knowledge/cues/furniture.toml");
        TextCues::load(
            FURNITURE,
            include_str!("../../../../knowledge/cues/abbreviations.toml"),
            include_str!("../../../../knowledge/cues/contractions.toml"),
            include_str!("../../../../knowledge/cues/layout.toml"),
        )
        .unwrap()
    }

    #[test]
    fn files_pass_their_tests() {
        assert_eq!(cues().check(), Vec::<String>::new());
    }

    #[test]
    fn words_are_classed() {
        let w = &cues().words;
        assert_eq!(w.abbreviation("Gen"), Some(Abbreviation::BeforeName));
        assert_eq!(w.abbreviation("GEN"), Some(Abbreviation::BeforeName));
        assert_eq!(w.abbreviation("no"), Some(Abbreviation::BeforeNumber));
        assert_eq!(w.abbreviation("talks"), None);
        assert_eq!(w.cut("Cannot"), Some(3));
        assert!(w.prefix("Anti") && !w.prefix("world"));
    }

    #[test]
    fn datelines_end_where_the_sentence_starts() {
        let o = &cues().outside;
        assert_eq!(o.dateline("BEIRUT (Reuters) - Fighting went on."), Some((16, 19)));
        assert_eq!(o.dateline("Fighters of the Guard (IRGC) - they fled."), None);
    }
}
