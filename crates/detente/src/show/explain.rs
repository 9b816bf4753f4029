//! What was considered in a text and what was dropped, with the reasons.

use super::{BOLD, Columns, DIM, cell, clean, shorten};
use detente_core::code::{Coded, Considering, Tried, Verdict};
use detente_core::model::{Article, Event, Role, Span};
use detente_core::text::Text;

/// Sentence by sentence: the words that may tell a deed with the frames tried, the deeds with
/// their sides, and the records or the reason for none.
pub fn explain(article: &Article, coded: &Coded, considered: &[Considering]) -> String {
    let mut out = String::new();
    for c in considered {
        let sentence = sentence(&coded.text, c.sentence);
        out.push_str(&format!("{BOLD}{}{BOLD:#}\n", clean(sentence.of(&article.text))));
        actors(&mut out, article, coded, c.sentence);
        words(&mut out, article, c);
        deeds(&mut out, article, coded, c);
        out.push('\n');
    }
    if considered.is_empty() {
        out.push_str("no sentence to read\n");
    }
    for s in &coded.text.skipped {
        out.push_str(&format!("skipped \"{}\": {}\n", shorten(s.span.of(&article.text), 60), clean(&s.reason)));
    }
    out
}

fn sentence(text: &Text, index: u32) -> Span {
    text.sentences.get(index as usize).map(|s| s.span).unwrap_or_default()
}

fn actors(out: &mut String, article: &Article, coded: &Coded, index: u32) {
    out.push_str("actors\n");
    let mut columns = Columns::default();
    for m in coded.mentions.iter().filter(|m| m.sentence == index) {
        columns.row([
            cell(format!(" {}", shorten(m.span.of(&article.text), 40))),
            cell(m.code.as_str()),
            cell(m.link.as_str()),
            cell(clean(&m.why.0.join(" · "))).style(DIM),
        ]);
    }
    let lines = columns.lines();
    out.push_str(if lines.is_empty() { " none\n" } else { &lines });
}

/// One line for each word and frame: what came of its best wording.
fn words(out: &mut String, article: &Article, c: &Considering) {
    out.push_str("words that may tell a deed\n");
    let mut columns = Columns::default();
    let mut rest = c.tried.as_slice();
    let mut last = None;
    while let Some(first) = rest.first() {
        let n = rest.iter().take_while(|t| t.word == first.word).count();
        let (here, after) = rest.split_at(n);
        rest = after;
        let mut frames: Vec<&str> = Vec::new();
        for t in here {
            if !frames.contains(&t.frame.as_str()) {
                frames.push(&t.frame);
            }
        }
        let mut lines: Vec<Line> = frames.iter().filter_map(|f| line(here, f)).collect();
        lines.sort_by_key(|l| std::cmp::Reverse(l.rank));
        let more = lines.iter().filter(|l| l.rank < HELD).count().saturating_sub(FEW);
        let held = lines.iter().filter(|l| l.rank >= HELD).count();
        for l in lines.into_iter().take(held + FEW) {
            let word = if last == Some(first.word) { String::new() } else { shorten(first.word.of(&article.text), 24) };
            last = Some(first.word);
            columns.row([cell(format!(" {word}")), cell(l.what), cell(l.code), cell(l.frame), cell(l.pattern).style(DIM)]);
        }
        if more > 0 {
            columns.row([cell(""), cell(format!("and {more} more frames of which a part is missing")).style(DIM)]);
        }
    }
    let lines = columns.lines();
    out.push_str(if lines.is_empty() { " none\n" } else { &lines });
}

/// Frames shown of those that lack a part.
const FEW: usize = 3;
/// Rank of what held.
const HELD: u32 = 100;

/// What came of a frame at a word.
struct Line {
    rank: u32,
    what: String,
    frame: String,
    pattern: String,
    code: String,
}

/// The best that came of a frame's wordings here; nothing when the word is no form of its trigger.
fn line(here: &[Tried], frame: &str) -> Option<Line> {
    let rank = |t: &Tried| match &t.verdict {
        Verdict::Taken(_) => u32::MAX,
        Verdict::Weaker(s) => HELD + 1 + s,
        Verdict::Idle => HELD,
        Verdict::Lacks(found, _) => (*found).min(9) as u32,
    };
    let t = here.iter().filter(|t| t.frame == frame).max_by_key(|t| rank(t))?;
    let what = match &t.verdict {
        Verdict::Taken(s) => format!("taken, {s}"),
        Verdict::Weaker(s) => format!("weaker, {s}"),
        Verdict::Idle => "holds no known deed".to_owned(),
        Verdict::Lacks(0, _) => return None,
        Verdict::Lacks(_, what) => format!("lacks {}", clean(what)),
    };
    let (frame, pattern) = (clean(&t.frame).into_owned(), clean(&t.pattern).into_owned());
    Some(Line { rank: rank(t), what, frame, pattern, code: t.code.clone() })
}

fn deeds(out: &mut String, article: &Article, coded: &Coded, c: &Considering) {
    out.push_str("deeds\n");
    if c.deeds.is_empty() {
        out.push_str(" none\n");
    }
    for d in &c.deeds {
        let side = |spans: &[Span]| {
            let words: Vec<String> = spans.iter().map(|s| format!("\"{}\"", shorten(s.of(&article.text), 48))).collect();
            if words.is_empty() { "nobody".to_owned() } else { words.join(" + ") }
        };
        let word = shorten(d.word.of(&article.text), 24);
        out.push_str(&format!(
            " {BOLD}{word}{BOLD:#}  {} {}, {}: {} to {}\n",
            clean(&d.code),
            clean(&d.frame),
            d.mode.as_str(),
            side(&d.source),
            side(&d.target)
        ));
        for e in &d.events {
            let (source, target) = sides(e);
            let record = coded.events.iter().find(|k| k.sentence == c.sentence && k.code == e.code && sides(k) == (source, target));
            match record {
                Some(k) => out.push_str(&format!("   record {} {source} {} {target}, {}\n", clean(&k.id), clean(&e.code), k.mode.as_str())),
                None => out.push_str(&format!("   merged or linked: {source} {} {target}\n", clean(&e.code))),
            }
        }
        for reason in &d.dropped {
            out.push_str(&format!("   dropped: {}\n", clean(reason)));
        }
    }
    for u in &c.used {
        out.push_str(&format!("{DIM} \"{}\" is part of a larger deed{DIM:#}\n", shorten(u.of(&article.text), 24)));
    }
}

fn sides(e: &Event) -> (&str, &str) {
    fn code(r: Option<&Role>) -> &str {
        r.map_or("-", |r| r.code.as_str())
    }
    (code(e.source.as_ref()), code(e.target.as_ref()))
}
