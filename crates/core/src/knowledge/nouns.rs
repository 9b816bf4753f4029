//! What kind of thing a common noun names (`nouns.csv`): people, or something that is neither people nor theirs.

use super::Problem;
use std::cmp::Ordering;

/// Kind of what a noun names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NounKind {
    /// A person ("hostage").
    Person,
    /// People together ("crew").
    Group,
    /// Neither, or a place ("laptop", "border").
    Thing,
    /// What nobody can touch ("decision", "revenue").
    Idea,
}

/// The table, kept as its text: a start has no time to take sixteen thousand lines apart.
#[derive(Clone, Debug, Default)]
pub struct Nouns {
    /// Lines "word,kind", sorted by word.
    lines: String,
}

impl Nouns {
    /// Reads the table; its lines must be sorted.
    pub(super) fn add(&mut self, file: &str, text: &str, trusted: bool, problems: &mut Vec<Problem>) {
        let body = text.split_once('\n').map_or("", |(_, body)| body);
        if !trusted {
            let mut before = "";
            for (at, line) in body.lines().enumerate() {
                let (word, kind) = line.split_once(',').unwrap_or((line, ""));
                if NounKind::read(kind).is_none() {
                    problems.push(Problem::error(
                        file,
                        format!("line {}: \"{kind}\" is no kind of noun", at + 2),
                        "write person, group, thing or idea after the comma",
                    ));
                }
                if word <= before {
                    problems.push(Problem::error(
                        file,
                        format!("line {}: \"{word}\" comes after \"{before}\"", at + 2),
                        "sort the lines by word, each once",
                    ));
                }
                before = word;
            }
        }
        self.lines = body.to_owned();
    }

    /// The kind of a lower-case lemma; `None` where it is not listed, or may be either.
    pub fn kind(&self, lemma: &str) -> Option<NounKind> {
        let (mut lo, mut hi) = (0, self.lines.len());
        while lo < hi {
            let middle = lo + (hi - lo) / 2;
            let start = self.lines.as_bytes()[..middle].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
            let end = self.lines.as_bytes()[middle..].iter().position(|&b| b == b'\n').map_or(self.lines.len(), |at| middle + at);
            let (word, kind) = self.lines.get(start..end)?.split_once(',')?;
            match lemma.cmp(word) {
                Ordering::Equal => return NounKind::read(kind.trim_end()),
                Ordering::Less => hi = start,
                Ordering::Greater => lo = end + 1,
            }
        }
        None
    }
}

impl NounKind {
    fn read(kind: &str) -> Option<Self> {
        Some(match kind.trim_end() {
            "person" => Self::Person,
            "group" => Self::Group,
            "thing" => Self::Thing,
            "idea" => Self::Idea,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_are_found_wherever_they_stand() {
        let mut nouns = Nouns::default();
        let mut problems = Vec::new();
        nouns.add("nouns.csv", "word,kind\nabbey,thing\ncrew,group\nhostage,person\nzeal,idea\n", false, &mut problems);
        let check = |word: &str, kind: Option<NounKind>| assert_eq!(nouns.kind(word), kind, "{word}");
        check("abbey", Some(NounKind::Thing));
        check("crew", Some(NounKind::Group));
        check("hostage", Some(NounKind::Person));
        check("zeal", Some(NounKind::Idea));
        check("aardvark", None);
        check("crews", None);
        check("zebra", None);
        assert!(problems.is_empty());
        assert_eq!(Nouns::default().kind("crew"), None);
        nouns.add("nouns.csv", "word,kind\ncrew,group\nabbey,place\n", false, &mut problems);
        assert_eq!(problems.len(), 2);
    }
}
