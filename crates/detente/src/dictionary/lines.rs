//! Lines of a dictionary without comments.

use super::Left;

/// A line with something on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub number: usize,
    /// Without comments, trimmed.
    pub text: String,
}

/// Drops comments: after `#` or `;`, between `<!--` and `-->`, over several lines too.
pub(super) fn lines(file: &str, text: &str, left: &mut Vec<Left>) -> Vec<Line> {
    let mut out = Vec::new();
    // Line a comment was opened on.
    let mut open: Option<usize> = None;
    for (i, raw) in text.lines().enumerate() {
        let number = i + 1;
        let mut kept = String::new();
        let mut rest = raw;
        loop {
            if open.is_some() {
                match rest.split_once("-->") {
                    Some((_, after)) => {
                        open = None;
                        rest = after;
                    }
                    None => break,
                }
            } else {
                match rest.split_once("<!--") {
                    Some((before, after)) => {
                        kept.push_str(before);
                        open = Some(number);
                        rest = after;
                    }
                    None => {
                        kept.push_str(rest);
                        break;
                    }
                }
            }
        }
        let end = kept.find(['#', ';']).unwrap_or(kept.len());
        let kept = kept[..end].trim().trim_start_matches('\u{feff}');
        if !kept.is_empty() {
            out.push(Line { number, text: kept.to_owned() });
        }
    }
    if let Some(number) = open {
        left.push(Left { file: file.to_owned(), line: number, text: "<!--".to_owned(), why: "the comment is never closed".to_owned() });
    }
    out
}

/// A bracketed part: what stands before it, within it, after it.
pub(super) fn bracket(text: &str, open: char, close: char) -> Option<(&str, &str, &str)> {
    let a = text.find(open)?;
    let b = a + text[a..].find(close)?;
    Some((text[..a].trim(), text[a + open.len_utf8()..b].trim(), text[b + close.len_utf8()..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go() {
        let mut left = Vec::new();
        let got = lines("f", "# all\nA_ [X] ; note\nB <!-- in --> C\n<!-- over\nlines --> D\n\n", &mut left);
        let got: Vec<(usize, &str)> = got.iter().map(|l| (l.number, l.text.as_str())).collect();
        assert_eq!(got, [(2, "A_ [X]"), (3, "B  C"), (5, "D")]);
        assert!(left.is_empty());
        lines("f", "A\n<!-- B\n", &mut left);
        assert_eq!(left[0].line, 2);
    }
}
