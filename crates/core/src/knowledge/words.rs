//! Names as sequences of comparable words.

/// One comparable word: lower case, no periods, no diacritics of the Latin script.
pub fn fold(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii() && b != b'.' && b != b'`') {
        return word.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '.' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' => {}
            '’' | '‘' | '`' | 'ʼ' => out.push('\''),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => fold_char(c, &mut out),
        }
    }
    out
}

/// Latin letters with marks come down to their base, so that "Erdoğan" meets "Erdogan".
fn fold_char(c: char, out: &mut String) {
    const TABLE: &[(&str, &str)] = &[
        ("àáâãäåāăą", "a"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("èéêëēĕėęěə", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľŀł", "l"),
        ("ñńņňŉ", "n"),
        ("òóôõöøōŏőơ", "o"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ţťŧț", "t"),
        ("ùúûüũūŭůűųư", "u"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("þ", "th"),
    ];
    for lower in c.to_lowercase() {
        match TABLE.iter().find(|(from, _)| from.contains(lower)) {
            Some((_, to)) => out.push_str(to),
            // Combining marks left over from decomposed text.
            None if ('\u{300}'..='\u{36f}').contains(&lower) => {}
            None => out.push(lower),
        }
    }
}

/// The words of a name: split at blanks and hyphens, folded, empty ones dropped. The possessive
/// "'s" stays a word of its own, as the tokeniser has it.
pub fn words(name: &str) -> Vec<String> {
    let mut out = Vec::with_capacity(2);
    let mut add = |word: &str| {
        let word = fold(word);
        if !word.is_empty() {
            out.push(word);
        }
    };
    for w in name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | ',' | '(' | ')' | '/')) {
        match w.strip_suffix("'s").or_else(|| w.strip_suffix("’s")) {
            Some(stem) if !stem.is_empty() => {
                add(stem);
                add("'s");
            }
            _ => add(w),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_marks_periods_and_hyphens() {
        let check = |input: &str, expect: &[&str]| assert_eq!(words(input), expect, "{input}");
        check("U.S.", &["us"]);
        check("Recep Tayyip Erdoğan", &["recep", "tayyip", "erdogan"]);
        check("Bashar al-Assad", &["bashar", "al", "assad"]);
        check("People's Liberation Army", &["people", "'s", "liberation", "army"]);
        check("", &[]);
    }
}
