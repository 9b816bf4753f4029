//! Outlets: papers, agencies, broadcasters.

use super::Problem;
use super::words::words;
use rustc_hash::FxHashMap as HashMap;

/// One outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// Usual name.
    pub name: String,
    /// ISO alpha-3.
    pub country: String,
    /// agency, paper, broadcaster, state media, web, magazine.
    pub kind: String,
}

/// All outlets, found by name.
#[derive(Clone, Debug, Default)]
pub struct Outlets {
    /// Every entry.
    pub list: Vec<Outlet>,
    by_first: HashMap<String, Vec<(Vec<String>, usize, bool)>>,
}

impl Outlets {
    pub(super) fn add(&mut self, file: &str, csv: &str, problems: &mut Vec<Problem>) {
        for (i, line) in csv.lines().enumerate().skip(1) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let cells = cells(line);
            let [name, variants, country, kind, ..] = cells.as_slice() else {
                problems.push(Problem::error(
                    file,
                    format!("line {}: \"{line}\"", i + 1),
                    "write name,variants,country,kind,language,owner",
                ));
                continue;
            };
            let index = self.list.len();
            self.list.push(Outlet { name: name.clone(), country: country.clone(), kind: kind.clone() });
            for n in std::iter::once(name.as_str()).chain(variants.split('|')) {
                let n = n.trim();
                let parts = words(n);
                let Some(first) = parts.first().cloned() else { continue };
                let caps = parts.len() == 1 && !n.chars().any(char::is_lowercase);
                self.by_first.entry(first).or_default().push((parts, index, caps));
            }
        }
        for bucket in self.by_first.values_mut() {
            bucket.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.1.cmp(&b.1)));
        }
    }

    /// Whether an outlet's name begins with this word.
    pub fn begins(&self, word: &str) -> bool {
        self.by_first.contains_key(word)
    }

    /// Longest outlet name at the first of `words`: (index, number of words).
    pub fn at<W: AsRef<str>>(&self, words: &[W], upper: bool) -> Option<(usize, usize)> {
        self.by_first.get(words.first()?.as_ref())?.iter().find_map(|(parts, index, caps)| {
            (words.len() >= parts.len() && parts.iter().zip(words).all(|(a, b)| a == b.as_ref()) && (!caps || upper))
                .then_some((*index, parts.len()))
        })
    }
}

/// Cells of one CSV line: commas, double quotes doubled inside quotes.
pub(super) fn cells(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                if let Some(cell) = out.last_mut() {
                    cell.push('"');
                }
            }
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => {
                if let Some(cell) = out.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn splits_quoted_cells() {
        assert_eq!(super::cells("a,\"b, \"\"c\"\"\",d"), ["a", "b, \"c\"", "d"]);
    }
}
