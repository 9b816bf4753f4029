//! Which characters separate words, and which marks open and close.

/// Whether the character is not part of any word: whitespace of any script, zero-width
/// characters that stand between words, control characters.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{180e}')
}

/// Whether the character lives inside a word without being a letter: soft hyphens, joiners,
/// combining marks.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') || is_combining(c)
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{93c}'..='\u{94d}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether the character makes words: letters, digits, underscore and what joins them.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_joiner(c)
}

/// Apostrophes and what is typed for them.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '＇')
}

/// Marks that end a sentence.
pub fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '‼' | '⁇')
}

/// Brackets and quotation marks that only open.
pub fn opens(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '“' | '‘' | '«' | '‹' | '„' | '‚' | '「' | '『' | '（')
}

/// Brackets and quotation marks that only close.
pub fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '”' | '»' | '›' | '」' | '』' | '）')
}

/// Signs of currencies.
pub fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₽' | '₪' | '₹' | '₺' | '₩' | '₴' | '¢' | '₦' | '﷼')
}

/// The text without blanks at either end, as offsets.
pub fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let Some(part) = text.get(start..end) else { return (start, start) };
    let left = part.len() - part.trim_start_matches(is_blank).len();
    let right = part.trim_end_matches(is_blank).len();
    if left >= right { (start, start) } else { (start + left, start + right) }
}
