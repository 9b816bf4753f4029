//! Agent dictionaries: common nouns with the part they add to a code (`FARMER [~AGR]`).

use super::codes;
use super::lines::{Line, bracket};
use super::{Imported, Left, fresh, list, quoted};
use detente_core::knowledge::{Knowledge, words::words};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

pub(super) fn import(file: &str, lines: &[Line], k: &Knowledge) -> Imported {
    let mut out = Imported { toml: format!("# Made of {file} by import-dictionary.\n"), ..Imported::default() };
    let mut sets: HashMap<String, Vec<String>> = HashMap::new();
    let mut by_sector: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for line in lines {
        match read(&line.text, &mut sets) {
            Ok(None) => {}
            Ok(Some((forms, sector))) => {
                let all = forms.len();
                let forms: Vec<String> = forms.into_iter().filter(|w| !known(w, sector, k)).collect();
                out.known += all - forms.len();
                let forms = fresh(&mut seen, forms);
                out.taken += forms.len();
                by_sector.entry(sector).or_default().extend(forms);
            }
            Err(why) => out.left.push(Left { file: file.to_owned(), line: line.number, text: line.text.clone(), why }),
        }
    }
    for (sector, forms) in by_sector.iter().filter(|(_, f)| !f.is_empty()) {
        // Writing to a string cannot fail.
        let _ = writeln!(out.toml, "\n[[agent]]\nsector = {}\nwords = {}", quoted(sector), list(forms));
    }
    out
}

type Forms = (Vec<String>, &'static str);

/// One line: a set of substitutes, or words with plural and code.
fn read(text: &str, sets: &mut HashMap<String, Vec<String>>) -> Result<Option<Forms>, String> {
    if let Some((name, members)) = text.split_once('=').filter(|(n, _)| n.trim().starts_with('!') && n.trim().ends_with('!')) {
        let members = members.split(',').map(|m| m.trim().to_owned()).filter(|m| !m.is_empty()).collect();
        sets.insert(name.trim().to_owned(), members);
        return Ok(None);
    }
    let (before, code, _) = bracket(text, '[', ']').ok_or("no code in brackets")?;
    let sector = match (code.strip_prefix('~'), code.strip_suffix('~')) {
        (Some(code), _) if !code.is_empty() => {
            let blocks = (0..code.len() / 3).filter_map(|i| code.get(3 * i..3 * i + 3));
            blocks.map(codes::sector).find_map(|s| s).ok_or_else(|| format!("{code} has no place among the sectors"))?
        }
        (_, Some(_)) => return Err("a code before the country's has no place here".to_owned()),
        _ => return Err(format!("the code {code} has no tilde")),
    };
    let (phrase, plural) = match bracket(before, '{', '}') {
        Some((phrase, plural, _)) => (phrase, plural),
        None => (before, ""),
    };
    let mut forms = spelled_out(phrase, sets)?;
    for other in plural.split([',', ' ']).filter(|p| !p.is_empty()) {
        forms.extend(spelled_out(other, sets)?);
    }
    Ok(Some((forms, sector)))
}

/// "CONGRESS!PERSON!" with every member of the set; words parted by blanks, in small letters.
fn spelled_out(phrase: &str, sets: &HashMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let mut out = vec![phrase.to_owned()];
    // Every round takes one mark out; sets hold no marks.
    while let Some(with) = out.first().filter(|p| p.contains('!')).cloned() {
        let inner =
            with.split('!').nth(1).filter(|_| with.matches('!').count() > 1).ok_or_else(|| format!("{with}: a mark is not closed"))?;
        let mark = format!("!{inner}!");
        let members = sets.get(&mark).filter(|m| !m.is_empty()).ok_or_else(|| format!("the set {mark} is not given above"))?;
        if members.iter().any(|m| m.contains('!')) {
            return Err(format!("the set {mark} holds another"));
        }
        out = out.iter().flat_map(|p| members.iter().map(|m| p.replace(&mark, m))).collect();
    }
    let clean = |p: String| p.split(['_', ' ']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase();
    let out: Vec<String> = out.into_iter().map(clean).filter(|p| p.len() > 1).collect();
    if out.is_empty() { Err("no words".to_owned()) } else { Ok(out) }
}

/// Whether the lists have these words with the same sector.
fn known(phrase: &str, sector: &str, k: &Knowledge) -> bool {
    let parts = words(phrase);
    let listed = |head: &str| k.agents.with_head(head).iter().any(|a| a.words == parts && a.sector == sector);
    parts.last().is_some_and(|head| listed(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::lines::lines;

    fn read(text: &str) -> Imported {
        import("f", &lines("f", text, &mut Vec::new()), Knowledge::embedded().unwrap())
    }

    #[test]
    fn plurals_and_sets_are_spelled_out() {
        let got =
            read("!PERSON! = MAN, WOMAN\nZITHER!PERSON! [~BUS]\nCHAMBER_OF_ZITHERS {CHAMBERS_OF_ZITHERS} [~GOVBUS]\nZITHERDOM {} [~MED]\n");
        assert!(got.toml.contains("sector = \"BUS\"\nwords = [ \"zitherman\", \"zitherwoman\", ]"), "{}", got.toml);
        assert!(got.toml.contains("\"chamber of zithers\", \"chambers of zithers\""), "{}", got.toml);
        assert!(got.toml.contains("sector = \"JRN\"\nwords = [ \"zitherdom\", ]"), "{}", got.toml);
        assert!(got.left.is_empty(), "{:?}", got.left);
    }

    #[test]
    fn what_has_no_place_is_listed() {
        let got = read("FARMER [~AGR]\nZITHERIST [~KUR]\nLEAGUE [IGO~]\nZITHER!KIN! [~GOV]\nZITHER\n");
        assert_eq!(got.known, 1);
        assert_eq!(got.left.iter().map(|l| l.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
    }
}
