//! Frames and operators: the deeds the news can word, as patterns over a parse.

use super::Problem;
use super::pattern::{Classes, Family, Pattern, parse_pattern, trigger_heads};
use rustc_hash::FxHashMap as HashMap;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// What an operator does to the deed under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OperatorKind {
    /// Looks the new code up in the composition table.
    Compose,
    /// Leaves the code ("begin to attack").
    Transparent,
    /// Changes the mode only ("fail to attack": negated).
    Mode,
}

/// A deed, or a stance toward a deed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// Unique name ("fight-attack"), or the operator's name ("ask").
    pub id: String,
    /// CAMEO code; empty for operators.
    pub code: String,
    /// Recorded both ways.
    pub symmetric: bool,
    /// Code of the record in the other direction ("042" visitor → host, "043" back).
    pub reciprocal: Option<String>,
    /// Code when a state does it as a state ("Vietnam protested": a complaint, no march).
    pub state: Option<String>,
    /// Counts only under an operator or a modal ("warned that it would respond").
    pub under: bool,
    /// Statement act when it differs from the code's.
    pub act: Option<String>,
    /// Set for operators.
    pub operator: Option<OperatorKind>,
    /// Mode set by a mode operator ("hypothetical").
    pub mode: Option<String>,
    /// File it stands in.
    pub file: String,
    /// Ways to word it.
    pub(super) wordings: Vec<Wording>,
    /// Modals that act as this operator ("will").
    pub modals: Vec<String>,
    /// Operator that "not" makes of this one.
    pub negated: Option<String>,
    /// Table rows to use, when not its own.
    pub table: String,
    /// The inner deed is being done when the operator speaks of it ("end the siege").
    pub presupposes: bool,
    /// Code of an operator whose clause holds no known deed but somebody it is done to or with.
    pub bare: Option<String>,
    /// The code holds only when the source's side does the inner deed.
    pub own_deed: bool,
    /// Tests: sentence and "SRC CODE TGT".
    pub yes: Vec<(String, String)>,
    /// Sentences in which it must not fire.
    pub no: Vec<String>,
    /// Tests known to fail, with the reason.
    pub todo: Vec<(String, String)>,
}

/// A pattern, read when its trigger is first met: most of them never are in a short run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Wording {
    text: String,
    family: Family,
    #[serde(skip)]
    read: OnceLock<Box<Pattern>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFrame {
    id: String,
    code: String,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    adjs: Vec<String>,
    #[serde(default)]
    symmetric: bool,
    #[serde(default)]
    reciprocal: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    under: bool,
    #[serde(default)]
    act: Option<String>,
    #[serde(default)]
    yes: Vec<(String, String)>,
    #[serde(default)]
    no: Vec<String>,
    #[serde(default)]
    todo: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFrames {
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    frame: Vec<RawFrame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOperator {
    name: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    adjs: Vec<String>,
    #[serde(default)]
    modals: Vec<String>,
    #[serde(default)]
    negated: Option<String>,
    #[serde(default)]
    compose: Option<String>,
    #[serde(default)]
    bare: Option<String>,
    #[serde(default)]
    presupposes: bool,
    #[serde(default)]
    doer: Option<String>,
    #[serde(default)]
    symmetric: bool,
    #[serde(default)]
    act: Option<String>,
    #[serde(default)]
    yes: Vec<(String, String)>,
    #[serde(default)]
    no: Vec<String>,
    #[serde(default)]
    todo: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOperators {
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    operator: Vec<RawOperator>,
}

/// A verb that only carries a deed noun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Light {
    /// Pattern of the verb; its DEED slot is the noun.
    pub pattern: Pattern,
    /// Whether the subject suffers the deed ("face sanctions").
    pub subject_is_target: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLight {
    verbs: Vec<String>,
    #[serde(default)]
    subject: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLights {
    #[serde(default)]
    #[allow(dead_code)]
    off: Vec<String>,
    #[serde(default)]
    light: Vec<RawLight>,
}

/// Where a trigger word leads: frame and pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Index into [`Frames::list`].
    pub frame: u32,
    /// Index into the frame's patterns.
    pub pattern: u32,
}

/// All frames, operators and light verbs, found by trigger word.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Frames {
    /// Deeds and operators.
    pub list: Vec<Frame>,
    /// Word classes used by patterns.
    pub classes: Classes,
    /// Whether patterns are taken on trust until they are needed: those that are compiled in.
    #[serde(skip)]
    pub(super) trusted: bool,
    by_word: HashMap<String, Vec<Trigger>>,
    by_modal: HashMap<String, u32>,
    by_id: HashMap<String, u32>,
    lights: Vec<Light>,
    light_words: HashMap<String, Vec<u32>>,
    compose: HashMap<String, Vec<(String, String)>>,
}

/// Whether a file of `knowledge/` holds word classes.
pub(super) fn is_classes(path: &str) -> bool {
    path.starts_with("frames/classes")
}

impl Frames {
    /// Adds a file of `knowledge/`, if it is one of frames. The word classes are there by then.
    pub(super) fn add_file(&mut self, path: &str, file: &str, text: &str, problems: &mut Vec<Problem>) {
        match path {
            "frames/operators.toml" => self.add_operators(file, text, problems),
            "frames/light-verbs.toml" => self.add_lights(file, text, problems),
            "frames/compose.csv" => self.add_compose(file, text, problems),
            p if is_classes(p) => {}
            p if p.starts_with("frames/") => self.add_frames(file, text, problems),
            _ => {}
        }
    }

    /// Adds a file of word classes; the others need them.
    pub(super) fn add_classes(&mut self, file: &str, text: &str, problems: &mut Vec<Problem>) {
        let complaints = self.classes.add(text);
        problems.extend(complaints.into_iter().map(|c| Problem::error(file, c, "mend the class file")));
    }

    /// Adds a file of frames.
    fn add_frames(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: RawFrames = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        for f in raw.frame {
            let mut frame = Frame {
                id: f.id,
                code: f.code,
                symmetric: f.symmetric,
                reciprocal: f.reciprocal,
                state: f.state,
                under: f.under,
                act: f.act,
                operator: None,
                mode: None,
                file: file.to_owned(),
                wordings: Vec::new(),
                modals: Vec::new(),
                negated: None,
                table: String::new(),
                bare: None,
                presupposes: false,
                own_deed: false,
                yes: f.yes,
                no: f.no,
                todo: f.todo,
            };
            self.word(&mut frame, [(Family::Verb, f.verbs), (Family::Noun, f.nouns), (Family::Adj, f.adjs)], problems);
            self.list.push(frame);
        }
    }

    /// Adds the operators.
    fn add_operators(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: RawOperators = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        for o in raw.operator {
            let kind = match o.kind.as_deref() {
                None | Some("compose") => OperatorKind::Compose,
                Some("transparent") => OperatorKind::Transparent,
                Some("mode") => OperatorKind::Mode,
                Some(other) => {
                    problems.push(Problem::error(
                        file,
                        format!("operator {} has kind \"{other}\"", o.name),
                        "kind is compose, transparent or mode",
                    ));
                    continue;
                }
            };
            let mut frame = Frame {
                table: o.compose.unwrap_or_else(|| o.name.clone()),
                bare: o.bare,
                presupposes: o.presupposes,
                id: o.name,
                code: String::new(),
                symmetric: o.symmetric,
                reciprocal: None,
                state: None,
                under: false,
                act: o.act,
                operator: Some(kind),
                mode: o.mode,
                file: file.to_owned(),
                wordings: Vec::new(),
                modals: o.modals,
                negated: o.negated,
                own_deed: o.doer.as_deref() == Some("source"),
                yes: o.yes,
                no: o.no,
                todo: o.todo,
            };
            self.word(&mut frame, [(Family::Verb, o.verbs), (Family::Noun, o.nouns), (Family::Adj, o.adjs)], problems);
            self.list.push(frame);
        }
    }

    fn word(&self, frame: &mut Frame, families: [(Family, Vec<String>); 3], problems: &mut Vec<Problem>) {
        for (family, texts) in families {
            for text in texts {
                let read = match self.trusted {
                    true => OnceLock::new(),
                    false => match parse_pattern(&text, family, &self.classes) {
                        Ok(p) => OnceLock::from(Box::new(p)),
                        Err(e) => {
                            problems.push(Problem::error(
                                &frame.file,
                                format!("{}: pattern \"{text}\": {e}", frame.id),
                                "see knowledge/README.md, Patterns",
                            ));
                            continue;
                        }
                    },
                };
                frame.wordings.push(Wording { text, family, read });
            }
        }
    }

    /// Adds the light verbs.
    fn add_lights(&mut self, file: &str, toml: &str, problems: &mut Vec<Problem>) {
        let raw: RawLights = match super::load::read(toml) {
            Ok(raw) => raw,
            Err(e) => return problems.push(Problem::error(file, e, "mend the file")),
        };
        for light in raw.light {
            for text in &light.verbs {
                // "take part in" already names its preposition; a bare verb takes the noun as object.
                let text = if text.contains("DEED") { text.clone() } else { format!("{text} DEED") };
                match parse_pattern(&text, Family::Verb, &self.classes) {
                    Ok(pattern) => {
                        let index = self.lights.len() as u32;
                        trigger_heads(&text, Family::Verb, &self.classes, |word| {
                            self.light_words.entry(word.to_owned()).or_default().push(index);
                        });
                        self.lights.push(Light { pattern, subject_is_target: light.subject.as_deref() == Some("target") });
                    }
                    Err(e) => {
                        problems.push(Problem::error(file, format!("light verb \"{text}\": {e}"), "see knowledge/README.md, Light verbs"))
                    }
                }
            }
        }
    }

    /// Adds the composition table: `operator,deed,code` lines under a header.
    fn add_compose(&mut self, file: &str, csv: &str, problems: &mut Vec<Problem>) {
        for (i, line) in csv.lines().enumerate().skip(1) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut cells = line.split(',').map(str::trim);
            match (cells.next(), cells.next(), cells.next()) {
                (Some(op), Some(deed), Some(code)) => {
                    self.compose.entry(op.to_owned()).or_default().push((deed.to_owned(), code.to_owned()));
                }
                _ => problems.push(Problem::error(file, format!("line {}: \"{line}\"", i + 1), "write operator,deed,code")),
            }
        }
    }

    /// Builds the index; called once after the last file.
    pub(super) fn seal(&mut self) {
        for (f, frame) in self.list.iter().enumerate() {
            self.by_id.insert(frame.id.clone(), f as u32);
            for modal in &frame.modals {
                self.by_modal.insert(modal.clone(), f as u32);
            }
            for (p, wording) in frame.wordings.iter().enumerate() {
                let trigger = Trigger { frame: f as u32, pattern: p as u32 };
                trigger_heads(&wording.text, wording.family, &self.classes, |word| match self.by_word.get_mut(word) {
                    Some(bucket) if bucket.last() == Some(&trigger) => {}
                    Some(bucket) => bucket.push(trigger),
                    None => {
                        self.by_word.insert(word.to_owned(), vec![trigger]);
                    }
                });
            }
        }
        for rows in self.compose.values_mut() {
            rows.sort_by_key(|(deed, _)| std::cmp::Reverse(deed.len()));
        }
    }

    /// Patterns whose trigger's head is this lemma.
    pub fn triggers(&self, lemma: &str) -> &[Trigger] {
        self.by_word.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Operator of a modal auxiliary.
    pub fn modal(&self, lemma: &str) -> Option<&Frame> {
        self.by_modal.get(lemma).map(|&f| &self.list[f as usize])
    }

    /// Frame or operator by name.
    pub fn by_id(&self, id: &str) -> Option<&Frame> {
        self.by_id.get(id).map(|&f| &self.list[f as usize])
    }

    /// Light verbs with this lemma.
    pub fn lights(&self, lemma: &str) -> impl Iterator<Item = &Light> {
        self.light_words.get(lemma).into_iter().flatten().map(|&i| &self.lights[i as usize])
    }

    /// Frame and pattern behind a trigger.
    pub fn get(&self, trigger: Trigger) -> (&Frame, &Pattern) {
        let frame = &self.list[trigger.frame as usize];
        (frame, self.read(&frame.wordings[trigger.pattern as usize]))
    }

    /// What was taken on trust is read by `detente check` and by a test; if it cannot be, it never holds.
    fn read<'w>(&self, w: &'w Wording) -> &'w Pattern {
        let read = || parse_pattern(&w.text, w.family, &self.classes).unwrap_or_else(|_| Pattern::never(&w.text, w.family));
        w.read.get_or_init(|| Box::new(read()))
    }

    /// Patterns of a frame.
    pub fn patterns<'a>(&'a self, frame: &'a Frame) -> impl Iterator<Item = &'a Pattern> {
        frame.wordings.iter().map(|w| self.read(w))
    }

    /// Code of an operator over a deed; `deed` is empty when the inner clause holds none. `None`
    /// when the table says nothing is coded.
    pub fn composed(&self, operator: &str, deed: &str) -> Option<&str> {
        let rows = self.compose.get(operator)?;
        let row =
            if deed.is_empty() { rows.iter().find(|(d, _)| d.is_empty()) } else { rows.iter().find(|(d, _)| deed.starts_with(d.as_str())) };
        row.map(|(_, code)| code.as_str()).filter(|c| !c.is_empty())
    }

    /// Every code the table can give, with its line for messages.
    pub(super) fn composed_codes(&self) -> impl Iterator<Item = (&str, &str)> {
        let bare = self.list.iter().filter_map(|f| f.bare.as_deref().map(|c| (f.id.as_str(), c)));
        self.compose.iter().flat_map(|(op, rows)| rows.iter().map(move |(_, c)| (op.as_str(), c.as_str()))).chain(bare)
    }
}
