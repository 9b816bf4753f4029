//! CoNLL-U files, as Universal Dependencies has them.

use crate::failure::Failure;

/// A syntactic word with its analysis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub form: String,
    pub lemma: String,
    pub upos: String,
    pub xpos: String,
    /// 0 is the root; words count from 1.
    pub head: usize,
    /// Relation without its subtype.
    pub deprel: String,
}

/// A stretch of surface text holding one word, or several ("don't").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Surface {
    pub form: String,
    pub words: std::ops::Range<usize>,
    pub space_after: bool,
}

/// One sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    pub words: Vec<Word>,
    pub surface: Vec<Surface>,
    /// Whether a paragraph or document begins here.
    pub newpar: bool,
}

/// The relation without its subtype.
pub(super) fn base(deprel: &str) -> &str {
    deprel.split(':').next().unwrap_or(deprel)
}

/// Reads a file's sentences.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Sentence>, Failure> {
    let mut out = Vec::new();
    let mut sentence = Sentence::default();
    let mut covered = 0;
    for (number, line) in text.lines().enumerate().map(|(i, l)| (i + 1, l.trim_end())) {
        if line.is_empty() {
            covered = 0;
            finish(name, number, &mut sentence, &mut out)?;
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim_start();
            sentence.newpar |= ["newpar", "newdoc"].iter().any(|k| comment.strip_prefix(k).is_some_and(|r| !r.starts_with('_')));
            continue;
        }
        token(name, number, line, &mut sentence, &mut covered)?;
    }
    finish(name, text.lines().count(), &mut sentence, &mut out)?;
    Ok(out)
}

fn finish(name: &str, line: usize, sentence: &mut Sentence, out: &mut Vec<Sentence>) -> Result<(), Failure> {
    let done = std::mem::take(sentence);
    if done.words.is_empty() {
        // A lone comment block: what it announced holds for the next sentence.
        sentence.newpar = done.newpar;
        return Ok(());
    }
    let n = done.words.len();
    if done.words.iter().any(|w| w.head > n) || done.surface.iter().any(|s| s.words.end > n) {
        return Err(fail(name, line, "a head or range points outside the sentence"));
    }
    out.push(done);
    Ok(())
}

fn fail(name: &str, line: usize, what: &str) -> Failure {
    Failure::new(format!("{name} line {line}: {what}"))
        .hint("CoNLL-U has ten columns with tabs between and an empty line after each sentence")
}

/// One token line. `covered` is the last word a multiword range covers.
fn token(name: &str, number: usize, line: &str, sentence: &mut Sentence, covered: &mut usize) -> Result<(), Failure> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [id, form, lemma, upos, xpos, _, head, deprel, _, misc] = columns[..] else {
        return Err(fail(name, number, &format!("{} columns", columns.len())));
    };
    let space_after = !misc.split('|').any(|m| m == "SpaceAfter=No");
    // Empty nodes ("8.1") are of enhanced graphs only.
    if id.contains('.') {
        return Ok(());
    }
    let bad = || fail(name, number, &format!("\"{id}\" is no token number"));
    if let Some((first, last)) = id.split_once('-') {
        let first: usize = first.parse().map_err(|_| bad())?;
        let last: usize = last.parse().map_err(|_| bad())?;
        if first != sentence.words.len() + 1 || last < first {
            return Err(bad());
        }
        *covered = last;
        sentence.surface.push(Surface { form: form.to_owned(), words: first - 1..last, space_after });
        return Ok(());
    }
    let index: usize = id.parse().map_err(|_| bad())?;
    if index != sentence.words.len() + 1 {
        return Err(bad());
    }
    if index > *covered {
        let words = index - 1..index;
        sentence.surface.push(Surface { form: form.to_owned(), words, space_after });
    }
    sentence.words.push(Word {
        form: form.to_owned(),
        lemma: lemma.to_owned(),
        upos: upos.to_owned(),
        xpos: xpos.to_owned(),
        head: head.parse().map_err(|_| fail(name, number, &format!("\"{head}\" is no head")))?,
        deprel: base(deprel).to_owned(),
    });
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A sentence of lines "id form upos head deprel misc", for tests.
    pub fn sentence(lines: &[&str]) -> String {
        let line = |l: &&str| {
            let c: Vec<&str> = l.split(' ').collect();
            if c.len() == 1 {
                return format!("# {}\n", c[0]);
            }
            let misc = c.get(5).copied().unwrap_or("_");
            format!("{}\t{}\t{}\t{}\tX\t_\t{}\t{}\t_\t{misc}\n", c[0], c[1], c[1], c[2], c[3], c[4])
        };
        lines.iter().map(line).collect::<String>() + "\n"
    }

    #[test]
    fn reads_ranges_empty_nodes_and_paragraphs() {
        let text = sentence(&[
            "newpar",
            "1 We PRON 4 nsubj",
            "2-3 don't _ _ _",
            "2 do AUX 4 aux",
            "3 n't PART 4 advmod:neg",
            "3.1 x X _ _",
            "4 go VERB 0 root SpaceAfter=No",
            "5 . PUNCT 4 punct",
        ]);
        let read = read("a", &text).unwrap();
        assert_eq!(read.len(), 1);
        assert!(read[0].newpar);
        assert_eq!(read[0].words.len(), 5);
        assert_eq!(read[0].words[2].deprel, "advmod");
        let surface: Vec<_> = read[0].surface.iter().map(|s| (s.form.as_str(), s.words.clone())).collect();
        assert_eq!(surface, [("We", 0..1), ("don't", 1..3), ("go", 3..4), (".", 4..5)]);
        assert!(!read[0].surface[2].space_after);
    }

    #[test]
    fn errors_name_the_line() {
        let err = read("a.conllu", "1\tx\n").unwrap_err();
        assert!(err.what.starts_with("a.conllu line 1: 2 columns"), "{err}");
        let far = sentence(&["1 We PRON 9 nsubj"]);
        assert!(read("a", &far).is_err());
    }
}
