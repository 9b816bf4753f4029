//! A record opened to its words: the sentence with the evidence marked, the chain, the rules.

use super::{BOLD, Columns, DIM, MARK, cell, clean};
use crate::record::{CopyOf, EventRecord, HopRecord, StatementRecord};
use crate::store::{Other, Told};
use detente_core::code::Coded;
use detente_core::link::drift::{Kind, Run};
use detente_core::model::{Article, Event, Link, Role, Span, Statement};

/// Why an event stands as it does.
pub fn event(article: &Article, coded: &Coded, event: &Event, record: &EventRecord) -> String {
    let code = format!("{} {}", record.cameo, record.cameo_name.as_deref().unwrap_or(""));
    let side = |r: Option<&String>| r.cloned().unwrap_or_else(|| "-".to_owned());
    let mut out = format!(
        "{BOLD}{}{BOLD:#}  {} {} {}\n",
        clean(&record.id),
        side(record.source.as_ref()),
        clean(&code),
        side(record.target.as_ref())
    );
    out.push_str(&sentence(article, coded, event.sentence, &event.evidence));
    let linked = [event.source.as_ref(), event.target.as_ref()];
    for role in linked.into_iter().flatten() {
        out.push_str(&elsewhere(article, coded, event.sentence, role));
    }
    for also in &event.also {
        out.push_str(&format!("{DIM}also   {}{DIM:#}\n", clean(also.of(&article.text))));
    }
    let mut facts = Columns::default();
    facts.row([cell("source"), cell(role(event.source.as_ref()))]);
    facts.row([cell("target"), cell(role(event.target.as_ref()))]);
    let goldstein = record.goldstein.map_or("-".to_owned(), |g| format!("{g:.1}"));
    let classes = format!(
        "PLOVER {}{}, quad class {}, Goldstein {goldstein}",
        record.plover.as_deref().unwrap_or("-"),
        record.plover_mode.as_deref().map_or(String::new(), |m| format!(" ({m})")),
        record.quad.map_or("-".to_owned(), |q| q.to_string()),
    );
    facts.row([cell("code"), cell(classes)]);
    let how = event.when.how.map_or(String::new(), |how| format!(" ({how})"));
    facts.row([cell("when"), cell(format!("{}{how}", super::table::when(record)))]);
    if let Some(place) = &record.place_name {
        let country = record.place_country.as_deref().unwrap_or("country unknown");
        facts.row([cell("where"), cell(format!("{} ({country})", clean(place)))]);
    }
    let claimed = record.claimed_by.as_deref().map_or(String::new(), |by| format!(" by {by}"));
    facts.row([cell("mode"), cell(clean(&format!("{}{claimed}", record.mode)))]);
    if let Some(id) = &record.statement_id {
        facts.row([cell("said in"), cell(clean(id))]);
    }
    facts.row([cell("frame"), cell(clean(&record.frame))]);
    for (name, role) in [("to source", event.source.as_ref()), ("to target", event.target.as_ref())] {
        if let Some(path) = role.and_then(|r| path(article, coded, event, r)) {
            facts.row([cell(name), cell(path)]);
        }
    }
    facts.row([cell("sure"), cell(format!("{:.2}", record.confidence))]);
    facts.row([cell("rules"), cell(clean(&event.why.join(" · ")))]);
    out.push_str(&facts.lines());
    out.push_str(&mentions(article, coded, event.sentence));
    out
}

/// The way through the tree from the deed's word to a side: "attacked nsubj> forces amod> Russian".
fn path(article: &Article, coded: &Coded, event: &Event, role: &Role) -> Option<String> {
    let tokens = &coded.text.sentences.get(event.sentence as usize)?.tokens;
    let head = |i: usize| tokens.get(i).and_then(|t| t.head).map(|h| h as usize).filter(|&h| h < tokens.len());
    let trigger = event.evidence.first()?;
    let from = tokens.iter().position(|t| trigger.contains(t.span))?;
    let inside = |i: usize| tokens.get(i).is_some_and(|t| role.span.contains(t.span));
    let to = (0..tokens.len()).find(|&i| inside(i) && head(i).is_none_or(|h| !inside(h)))?;
    let up = |start: usize| {
        let mut way = vec![start];
        while let Some(h) = way.last().copied().and_then(head).filter(|h| !way.contains(h)) {
            way.push(h);
        }
        way
    };
    let (a, b) = (up(from), up(to));
    let meet = a.iter().position(|t| b.contains(t))?;
    let down = b.iter().position(|t| *t == a[meet])?;
    let word = |i: usize| clean(tokens[i].span.of(&article.text)).into_owned();
    let mut out = word(from);
    for &i in &a[1..=meet] {
        let child = a[a.iter().position(|t| *t == i)? - 1];
        out.push_str(&format!(" <{} {}", tokens[child].deprel.as_str(), word(i)));
    }
    for &i in b[..down].iter().rev() {
        out.push_str(&format!(" {}> {}", tokens[i].deprel.as_str(), word(i)));
    }
    Some(out)
}

/// Why a statement stands as it does.
pub fn statement(article: &Article, coded: &Coded, statement: &Statement, record: &StatementRecord) -> String {
    let mut out = format!(
        "{BOLD}{}{BOLD:#}  {}: {}\n",
        clean(&record.id),
        clean(record.speaker_name.as_deref().unwrap_or("speaker not named")),
        clean(&record.acts.join(", "))
    );
    let spans = [Some(statement.content), statement.cue];
    let spans: Vec<Span> = spans.into_iter().flatten().collect();
    out.push_str(&sentence(article, coded, statement.sentence, &spans));
    if let Some(speaker) = &statement.speaker {
        out.push_str(&elsewhere(article, coded, statement.sentence, speaker));
    }
    out.push_str(&chain(&record.chain));
    let mut facts = Columns::default();
    let office = record.speaker_office.as_deref().map_or(String::new(), |o| format!(", {o}"));
    facts.row([cell("speaker"), cell(clean(&format!("{}{office}", role(statement.speaker.as_ref()))))]);
    let rows = [
        ("about", Some(record.about.join(" ")).filter(|a| !a.is_empty())),
        ("issue", record.issue.clone()),
        ("to", record.addressee_name.clone()),
        ("reason", record.reason.clone()),
        ("means", record.instrument.clone()),
        ("repeated", record.repeated.clone()),
        ("quote", record.quote.clone()),
        ("when", statement.when.text.is_some().then(|| statement.when.to_string())),
        ("rules", Some(statement.why.join(" · "))),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            facts.row([cell(name), cell(clean(&value))]);
        }
    }
    out.push_str(&facts.lines());
    out.push_str(&mentions(article, coded, statement.sentence));
    out
}

/// How many tell the story of an article, and who told it first.
pub fn story(told: &Told) -> String {
    if told.articles < 2 {
        return "story  told by this article alone\n".to_owned();
    }
    let first = match (&told.first_outlet, &told.first_day) {
        (Some(outlet), Some(day)) => format!(", first by {} on {day}", clean(outlet)),
        (Some(outlet), None) => format!(", first by {}", clean(outlet)),
        (None, Some(day)) => format!(", first on {day}"),
        (None, None) => String::new(),
    };
    let outlets = match told.outlets {
        0 => String::new(),
        1 => " of one outlet".to_owned(),
        n => format!(" of {n} outlets"),
    };
    format!("story  told by {} articles{outlets}{first}\n", told.articles)
}

/// What became of the record's sentence in the copies of its text: the earliest in its words, of the others what changed.
pub fn copies(all: &[CopyOf]) -> String {
    const SHOWN: usize = 12;
    if all.is_empty() {
        return String::new();
    }
    let words = |c: &CopyOf| match &c.sentence {
        None => "left out".to_owned(),
        Some(_) if !c.changed => "the same words".to_owned(),
        Some(_) => c.changes.iter().map(run).collect::<Vec<_>>().join(" "),
    };
    let first = all.iter().position(|c| c.sentence.is_some());
    let mut out = String::from("drift  the sentence in the copies, [-gone-] and {+new+} since the first\n");
    // Copies that say nothing new come after those that do, where there are too many.
    let mut shown: Vec<usize> = (0..all.len()).collect();
    shown.sort_by_key(|&i| (Some(i) != first && !all[i].changed, i));
    shown.truncate(SHOWN);
    shown.sort_unstable();
    for &i in &shown {
        let c = &all[i];
        let told = if Some(i) == first { c.sentence.clone().unwrap_or_default() } else { words(c) };
        let (day, outlet) = (c.published.as_deref().unwrap_or("undated"), c.outlet.as_deref().unwrap_or("-"));
        out.push_str(&format!(" {} {} {DIM}{}{DIM:#}\n   {}\n", clean(day), clean(outlet), clean(&c.article_id), clean(&told)));
    }
    if all.len() > SHOWN {
        out.push_str(&format!(" …and {} more\n", all.len() - SHOWN));
    }
    out
}

/// A run of words as word diffs are written; long stretches that did not change are cut short.
fn run(run: &Run) -> String {
    match run.kind {
        Kind::Gone => format!("[-{}-]", run.words),
        Kind::New => format!("{{+{}+}}", run.words),
        Kind::Same => {
            let words: Vec<&str> = run.words.split_whitespace().collect();
            match words.as_slice() {
                [a, b, c, .., x, y, z] if words.len() > 8 => [a, b, c, "…", x, y, z].map(|w: &str| w).join(" "),
                _ => run.words.clone(),
            }
        }
    }
}

/// The other tellings of an event: when, who, and in which words.
pub fn tellings(id: &str, all: &[Other]) -> String {
    const SHOWN: usize = 12;
    let others: Vec<&Other> = all.iter().filter(|o| o.id != id).collect();
    if others.is_empty() {
        return String::new();
    }
    let copies = others.iter().filter(|o| o.copy).count();
    let of_them = if copies > 0 { format!(", {copies} of them in copies of a text") } else { String::new() };
    let mut lines = Columns::default();
    for o in others.iter().take(SHOWN) {
        lines.row([
            cell(format!(" {}", super::shorten(&o.id, 14))).style(DIM),
            cell(o.published.clone().unwrap_or_default()),
            cell(super::shorten(o.outlet.as_deref().unwrap_or("-"), 24)),
            cell(if o.copy { "copy" } else { "" }),
            cell(super::shorten(o.evidence.as_deref().unwrap_or(""), 80)).style(DIM),
        ]);
    }
    let more = if others.len() > SHOWN { format!(" …and {} more\n", others.len() - SHOWN) } else { String::new() };
    let tellings = if others.len() == 1 { "telling" } else { "tellings" };
    format!("event  counted once with {} other {tellings}{of_them}\n{}{more}", others.len(), lines.lines())
}

/// The sentence (and what of the evidence lies around it) with the spans marked.
fn sentence(article: &Article, coded: &Coded, index: u32, spans: &[Span]) -> String {
    let home = coded.text.sentences.get(index as usize).map(|s| s.span);
    let first = home.or_else(|| spans.first().copied()).unwrap_or_default();
    let whole = spans.iter().filter(|s| home.is_none_or(|h| h.overlaps(**s))).fold(first, |a, b| a.join(*b));
    format!("{}\n", marked(&article.text, whole, spans))
}

/// `whole` of the text, the spans within it marked; overlapping spans are one mark.
fn marked(text: &str, whole: Span, spans: &[Span]) -> String {
    let mut spans: Vec<Span> = spans.iter().copied().filter(|s| whole.contains(*s) && !s.is_empty()).collect();
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => *last = last.join(span),
            _ => merged.push(span),
        }
    }
    let (mut out, mut at) = (String::new(), whole.start);
    for span in merged {
        let before = Span { start: at, end: span.start };
        out.push_str(&clean(before.of(text)));
        out.push_str(&format!("{MARK}{}{MARK:#}", clean(span.of(text))));
        at = span.end;
    }
    out.push_str(&clean(Span { start: at, end: whole.end }.of(text)));
    out
}

/// The sentence a linked actor was named in, when it is another one.
fn elsewhere(article: &Article, coded: &Coded, index: u32, role: &Role) -> String {
    if role.link == Link::Named {
        return String::new();
    }
    let other = coded.text.sentences.iter().enumerate().find(|(i, s)| *i != index as usize && s.span.contains(role.span));
    match other {
        Some((_, s)) => {
            let link = role.link.as_str();
            let words = marked(&article.text, s.span, &[role.span]);
            format!("{DIM}{link} ▶{DIM:#} {words}\n")
        }
        None => String::new(),
    }
}

/// `Dzhagaryan ─interview▶ Kommersant ─quoted▶ Jerusalem Post`, and under each hop whether we
/// hold its text.
fn chain(hops: &[HopRecord]) -> String {
    if hops.is_empty() {
        return "chain  not named\n".to_owned();
    }
    let (mut top, mut below) = (String::new(), String::new());
    for (i, hop) in hops.iter().enumerate() {
        if i > 0 {
            top.push_str(&format!(" ─{}▶ ", hop.via));
        }
        let width = top.chars().count();
        let name = clean(hop.name.as_deref().unwrap_or("not named")).into_owned();
        if hop.kind != "speaker" {
            let gap = width.saturating_sub(below.chars().count());
            below.push_str(&" ".repeat(gap));
            below.push_str(if hop.seen { "held " } else { "not held " });
        }
        top.push_str(&name);
    }
    let below = below.trim_end();
    match below.is_empty() {
        true => format!("chain  {top}\n"),
        false => format!("chain  {top}\n       {DIM}{below}{DIM:#}\n"),
    }
}

fn mentions(article: &Article, coded: &Coded, index: u32) -> String {
    let mut columns = Columns::default();
    for m in coded.mentions.iter().filter(|m| m.sentence == index) {
        columns.row([
            cell(" ".to_owned() + &super::shorten(m.span.of(&article.text), 48)),
            cell(m.code.as_str()),
            cell(m.link.as_str()),
            cell(clean(&m.why.0.join(" · "))).style(DIM),
        ]);
    }
    let lines = columns.lines();
    if lines.is_empty() { lines } else { format!("mentions\n{lines}") }
}

fn role(role: Option<&Role>) -> String {
    role.map_or("-".to_owned(), |r| clean(&format!("{} {} ({})", r.code, r.name, r.link.as_str())).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_merge_and_stay_within_the_sentence() {
        let s = |a, b| Span::new(a, b);
        let plain = |t: &str| anstream::adapter::strip_str(t).to_string();
        let out = marked("one two three four", s(0, 13), &[s(4, 7), s(6, 9), s(14, 18)]);
        assert_eq!(plain(&out), "one two three");
        assert_eq!(out.matches("two t").count(), 1);
    }

    #[test]
    fn chain_is_drawn_with_what_is_held() {
        let hop = |name: &str, kind, via, seen| HopRecord { name: Some(name.to_owned()), kind, via, cue: None, seen };
        let drawn = chain(&[
            hop("Smith", "speaker", "direct", false),
            hop("The Daily", "outlet", "interview", false),
            hop("The Post", "outlet", "quoted", true),
        ]);
        let plain = anstream::adapter::strip_str(&drawn).to_string();
        assert_eq!(
            plain,
            "chain  Smith ─interview▶ The Daily ─quoted▶ The Post\n\
             \x20                        not held           held\n"
        );
    }
}
