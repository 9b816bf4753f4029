//! Phrases that are looked for at every word of a sentence: found by their first word, so that most words cost one look-up.

use rustc_hash::FxHashMap as HashMap;

/// Phrases with something about each.
#[derive(Clone, Debug)]
pub struct Phrases<T> {
    all: Vec<(Vec<String>, T)>,
    openings: HashMap<String, Vec<usize>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { all: Vec::new(), openings: HashMap::default() }
    }
}

impl<T> Phrases<T> {
    /// Phrases word by word, in the order in which they are to be found. Those without words are left out.
    pub fn new(all: impl IntoIterator<Item = (Vec<String>, T)>) -> Self {
        let all: Vec<_> = all.into_iter().filter(|(words, _)| !words.is_empty()).collect();
        let mut openings: HashMap<String, Vec<usize>> = HashMap::default();
        for (i, (words, _)) in all.iter().enumerate() {
            openings.entry(words[0].clone()).or_default().push(i);
        }
        Self { all, openings }
    }

    /// One by its number.
    pub fn get(&self, i: usize) -> &(Vec<String>, T) {
        &self.all[i]
    }

    /// Numbers of the phrases that stand where a word known by these `keys` stands, in their order: the words after it are
    /// tried by `word` with their distance from it.
    pub fn at<'k>(&self, keys: impl IntoIterator<Item = &'k str>, word: impl Fn(usize, &str) -> bool) -> Vec<usize> {
        let opened = keys.into_iter().filter_map(|key| self.openings.get(key)).flatten().copied();
        let whole = |&i: &usize| self.all[i].0.iter().enumerate().skip(1).all(|(n, w)| word(n, w));
        let mut found: Vec<usize> = opened.filter(whole).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_by_any_key_in_their_order() {
        let phrases = ["red line", "line", "red", "red lines", ""];
        let split = |p: &str| p.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let phrases = Phrases::new(phrases.iter().map(|p| (split(p), p.len())));
        let check = |keys: &[&str], rest: &[&str], want: &[&str]| {
            let found = phrases.at(keys.iter().copied(), |n, w| rest.get(n - 1) == Some(&w));
            assert_eq!(found.iter().map(|&i| phrases.get(i).0.join(" ")).collect::<Vec<_>>(), want);
        };
        check(&["red"], &["line"], &["red line", "red"]);
        check(&["red"], &[], &["red"]);
        check(&["line", "red"], &["lines"], &["line", "red", "red lines"]);
        check(&["blue"], &["line"], &[]);
    }
}
