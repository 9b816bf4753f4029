//! Fitted models as text, so that they can be kept: words with spaces between, numbers as they print, which is exact.

use std::fmt::{Display, Write};
use std::str::{FromStr, SplitAsciiWhitespace};

/// A model being written down.
#[derive(Clone, Debug, Default)]
pub struct Keep(String);

impl Keep {
    /// One value.
    pub fn put(&mut self, value: impl Display) -> &mut Self {
        let gap = if self.0.is_empty() || self.0.ends_with('\n') { "" } else { " " };
        // A string takes whatever is written to it.
        let _ = write!(self.0, "{gap}{value}");
        self
    }

    /// Many.
    pub fn all<T: Display>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        values.into_iter().fold(self, |me, value| me.put(value))
    }

    /// Ends a line, for those who look into it.
    pub fn line(&mut self) -> &mut Self {
        self.0.push('\n');
        self
    }

    /// What was written.
    pub fn text(self) -> String {
        self.0
    }
}

/// A kept model being read.
#[derive(Clone, Debug)]
pub struct Kept<'a>(SplitAsciiWhitespace<'a>);

impl<'a> Kept<'a> {
    /// From its text.
    pub fn new(text: &'a str) -> Self {
        Self(text.split_ascii_whitespace())
    }

    /// The next value; none where there is none, or another kind of value.
    pub fn get<T: FromStr>(&mut self) -> Option<T> {
        self.0.next()?.parse().ok()
    }

    /// So many values.
    pub fn many<T: FromStr, const N: usize>(&mut self) -> Option<[T; N]> {
        let values: Vec<T> = (0..N).map(|_| self.get()).collect::<Option<_>>()?;
        values.try_into().ok()
    }

    /// Goes on only past this word.
    pub fn word(&mut self, word: &str) -> Option<()> {
        (self.0.next()? == word).then_some(())
    }

    /// Whether all was read.
    pub fn done(&mut self) -> Option<()> {
        self.0.next().is_none().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        let numbers = [0.1 + 0.2, -1e-300, f64::MAX, 0.0, 1.0 / 3.0];
        let mut keep = Keep::default();
        keep.put("head").line().all(numbers).put(7u32);
        let text = keep.text();
        let mut kept = Kept::new(&text);
        assert_eq!((kept.word("head"), kept.many(), kept.get(), kept.done()), (Some(()), Some(numbers), Some(7u32), Some(())));
        assert_eq!((Kept::new("x").get::<f64>(), Kept::new("1").many::<u8, 2>(), Kept::new("a").word("b")), (None, None, None));
    }
}
