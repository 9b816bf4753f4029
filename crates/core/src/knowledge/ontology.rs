//! The ontology tables: what a CAMEO code is called, where it falls in PLOVER, its quad class
//! and its Goldstein value. Looked up, never typed (I9).
//!
//! Reads `knowledge/cameo.csv` (code,name), `plover.csv` (cameo,plover_event,mode,context) and
//! `goldstein.csv` (cameo,goldstein). A code a table lacks takes its parent's row: 1246 → 124 →
//! 12, so that sub-codes one source never scored still have a value.

use rustc_hash::FxHashMap as HashMap;

/// Version of the tables, written on every record.
pub const VERSION: &str = "cameo-1.1b3+plover-2021+goldstein-icews";

/// The PLOVER reading of a CAMEO code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plover {
    /// Event ("AGREE").
    pub event: String,
    /// Mode ("visit"), where the map has one.
    pub mode: Option<String>,
    /// Context ("military"), where the map has one.
    pub context: Option<String>,
}

/// All tables.
#[derive(Clone, Debug, Default)]
pub struct Ontology {
    names: HashMap<String, String>,
    plover: HashMap<String, Plover>,
    goldstein: HashMap<String, f32>,
}

impl Ontology {
    /// Reads the three tables.
    ///
    /// # Errors
    /// Names the table, the line and what is wrong with it.
    pub fn load(cameo: &str, plover: &str, goldstein: &str) -> Result<Self, String> {
        let mut out = Self::default();
        for (line, row) in rows("cameo.csv", cameo, &["code", "name"])? {
            let [code, name] = fields("cameo.csv", line, row)?;
            code_shape("cameo.csv", line, &code)?;
            if out.names.insert(code.clone(), name).is_some() {
                return Err(format!("cameo.csv line {line}: code {code} stands there twice"));
            }
        }
        let header = ["cameo", "plover_event", "mode", "context"];
        for (line, row) in rows("plover.csv", plover, &header)? {
            let [code, event, mode, context] = fields("plover.csv", line, row)?;
            out.known("plover.csv", line, &code)?;
            let entry = Plover { event, mode: non_empty(mode), context: non_empty(context) };
            out.plover.insert(code, entry);
        }
        for (line, row) in rows("goldstein.csv", goldstein, &["cameo", "goldstein"])? {
            let [code, value] = fields("goldstein.csv", line, row)?;
            out.known("goldstein.csv", line, &code)?;
            let value = value
                .parse::<f32>()
                .ok()
                .filter(|v| (-10.0..=10.0).contains(v))
                .ok_or_else(|| format!("goldstein.csv line {line}: \"{value}\" is no number from -10 to 10"))?;
            out.goldstein.insert(code, value);
        }
        Ok(out)
    }

    /// Whether the code is in the codebook.
    pub fn knows(&self, code: &str) -> bool {
        self.names.contains_key(code)
    }

    /// Every code with its name, in order of the codes.
    pub fn codes(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<_> = self.names.iter().map(|(c, n)| (c.as_str(), n.as_str())).collect();
        all.sort_unstable();
        all
    }

    /// Name of the code; `None` for a code the codebook lacks.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.names.get(code).map(String::as_str)
    }

    /// The PLOVER event, mode and context; `None` for codes PLOVER leaves out (01, 02).
    pub fn plover(&self, code: &str) -> Option<&Plover> {
        inherited(&self.plover, code)
    }

    /// Quad class by the ICEWS and GDELT convention: 1 verbal cooperation (01–05), 2 material
    /// cooperation (06–08), 3 verbal conflict (09–13), 4 material conflict (14–20).
    pub fn quad(&self, code: &str) -> Option<u8> {
        quad(code)
    }

    /// Goldstein value (ICEWS table).
    pub fn goldstein(&self, code: &str) -> Option<f32> {
        inherited(&self.goldstein, code).copied()
    }

    fn known(&self, file: &str, line: usize, code: &str) -> Result<(), String> {
        code_shape(file, line, code)?;
        if self.names.contains_key(code) {
            return Ok(());
        }
        Err(format!("{file} line {line}: code {code} is not in cameo.csv; add it there first"))
    }
}

/// Quad class of a code by its root alone.
pub fn quad(code: &str) -> Option<u8> {
    match code.get(..2)?.parse::<u8>().ok()? {
        1..=5 => Some(1),
        6..=8 => Some(2),
        9..=13 => Some(3),
        14..=20 => Some(4),
        _ => None,
    }
}

/// The row of the code or of its nearest ancestor.
fn inherited<'a, T>(table: &'a HashMap<String, T>, code: &str) -> Option<&'a T> {
    (2..=code.len()).rev().find_map(|n| table.get(code.get(..n)?))
}

fn non_empty(s: String) -> Option<String> {
    (!s.is_empty()).then_some(s)
}

fn code_shape(file: &str, line: usize, code: &str) -> Result<(), String> {
    if (2..=4).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(format!("{file} line {line}: \"{code}\" is no CAMEO code (two to four digits as text)"))
}

/// The rows after the header, with line numbers; the header must be the expected one.
fn rows<'a>(file: &str, text: &'a str, header: &[&str]) -> Result<impl Iterator<Item = (usize, &'a str)>, String> {
    let mut lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim_end()));
    let first = lines.next().map_or("", |(_, l)| l.trim_start_matches('\u{feff}'));
    if first != header.join(",") {
        return Err(format!("{file} line 1: the header must be \"{}\", not \"{first}\"", header.join(",")));
    }
    Ok(lines.filter(|(_, l)| !l.is_empty() && !l.starts_with('#')))
}

/// One line's fields: commas between, double quotes around a field that holds a comma, a
/// doubled quote for a quote. Missing fields at the end are empty.
fn fields<const N: usize>(file: &str, line: usize, row: &str) -> Result<[String; N], String> {
    let mut out: [String; N] = std::array::from_fn(|_| String::new());
    let (mut at, mut quoted) = (0, false);
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                out[at].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => {
                at += 1;
                if at == N {
                    return Err(format!("{file} line {line}: more than {N} fields"));
                }
            }
            _ => out[at].push(c),
        }
    }
    if quoted {
        return Err(format!("{file} line {line}: a quotation mark is not closed"));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMEO: &str = "code,name\n12,REJECT\n124,\"Refuse, not specified below\"\n1246,Refuse x\n\
                         04,CONSULT\n042,Make a visit\n01,STATEMENT\n010,Make statement\n";
    const PLOVER: &str = "cameo,plover_event,mode,context\n042,CONSULT,visit,\n124,REJECT,,\n";
    const GOLDSTEIN: &str = "cameo,goldstein\n12,-4\n124,-5\n";

    fn small() -> Ontology {
        Ontology::load(CAMEO, PLOVER, GOLDSTEIN).unwrap()
    }

    #[test]
    fn missing_rows_take_the_parents() {
        let o = small();
        assert_eq!(o.goldstein("1246"), Some(-5.0));
        assert_eq!(o.goldstein("125"), Some(-4.0));
        assert_eq!(o.goldstein("010"), None);
        assert_eq!(o.plover("1246").map(|p| p.event.as_str()), Some("REJECT"));
        assert_eq!(o.plover("042").and_then(|p| p.mode.as_deref()), Some("visit"));
        assert_eq!(o.plover("010"), None);
    }

    #[test]
    fn names_keep_their_commas() {
        assert_eq!(small().name("124"), Some("Refuse, not specified below"));
    }

    #[test]
    fn quad_by_root() {
        let quads: Vec<_> = ["010", "057", "061", "0871", "090", "139", "145", "204", "21", "x"].map(quad).into();
        let want = [1, 1, 2, 2, 3, 3, 4, 4].map(Some);
        assert_eq!(quads[..8], want);
        assert_eq!(quads[8..], [None, None]);
    }

    #[test]
    fn errors_name_the_line() {
        let err = Ontology::load("code,name\n1x,Bad\n", PLOVER, GOLDSTEIN).unwrap_err();
        assert!(err.starts_with("cameo.csv line 2"), "{err}");
        let err = Ontology::load(CAMEO, PLOVER, "cameo,goldstein\n124,low\n").unwrap_err();
        assert!(err.contains("goldstein.csv line 2"), "{err}");
        let err = Ontology::load(CAMEO, PLOVER, "cameo,goldstein\n199,1\n").unwrap_err();
        assert!(err.contains("not in cameo.csv"), "{err}");
    }
}
