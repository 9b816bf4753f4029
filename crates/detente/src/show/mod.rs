//! How records look on a terminal.

mod columns;
mod explain;
mod stages;
mod table;
mod why;

pub use columns::{Cell, Columns, cell};
pub use explain::explain;
pub use stages::stages;
pub use table::{short_ids, table};
pub use why::{copies, event as why_event, statement as why_statement, story, tellings};

use anstyle::{AnsiColor, Style};
use std::borrow::Cow;

/// Headings.
pub const BOLD: Style = Style::new().bold();
/// What matters less.
pub const DIM: Style = Style::new().dimmed();
/// Marked words.
pub const MARK: Style = AnsiColor::Yellow.on_default().underline();
/// Talk.
pub const TALK: Style = AnsiColor::Cyan.on_default();
/// Deeds.
pub const DEED: Style = AnsiColor::Red.on_default();

/// Mark of a code: ◇ talk, ◆ deed. Meetings are deeds; appeals, promises, praise, demands,
/// refusals and threats are talk.
pub fn mark(code: &str) -> (&'static str, Style) {
    match code.get(..2) {
        Some("01" | "02" | "03" | "05" | "09" | "10" | "11" | "12" | "13") => ("◇", TALK),
        _ => ("◆", DEED),
    }
}

/// Text without control characters: an article must not be able to drive the terminal.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                '\n' | '\t' | '\r' => ' ',
                c if c.is_control() => '\u{fffd}',
                c => c,
            })
            .collect(),
    )
}

/// At most `max` characters of text, with an ellipsis when some were cut.
pub fn shorten(text: &str, max: usize) -> String {
    let text = clean(text.trim());
    if text.chars().count() <= max {
        return text.into_owned();
    }
    let cut: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_cannot_drive_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb c");
        assert_eq!(shorten("one two three", 8), "one two…");
    }
}
