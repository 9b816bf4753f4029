use super::{BOLD, Columns, DIM, cell, clean, shorten};
use detente_core::code::Coded;
use detente_core::model::{Article, Part, Role, Sentence, Span};

/// What each stage made of the article, in turn: text, code, link.
pub fn stages(article: &Article, coded: &Coded) -> String {
    let mut out = String::new();
    let title = article.title.as_deref().unwrap_or(&article.id);
    out.push_str(&format!("{BOLD}{}{BOLD:#}\n\n", clean(title)));
    text(&mut out, article, coded);
    code(&mut out, article, coded);
    link(&mut out, article, coded);
    out
}

fn text(out: &mut String, article: &Article, coded: &Coded) {
    out.push_str(&format!("{BOLD}TEXT{BOLD:#}\n"));
    let t = &coded.text;
    for (name, span) in [("headline", t.headline), ("byline", t.byline), ("dateline", t.dateline)] {
        if let Some(span) = span {
            out.push_str(&format!("{name}  {}\n", clean(span.of(&article.text))));
        }
    }
    for (i, sentence) in t.sentences.iter().enumerate() {
        let words = clean(sentence.span.of(&article.text)).into_owned();
        let (part, paragraph) = (part(sentence.part), sentence.paragraph);
        out.push_str(&format!("\n{BOLD}# {i} {part}, paragraph {paragraph}{BOLD:#}  {words}\n"));
        out.push_str(&tokens(article, sentence));
    }
    if !t.skipped.is_empty() {
        out.push_str("\nskipped\n");
    }
    for s in &t.skipped {
        let words = shorten(s.span.of(&article.text), 80);
        out.push_str(&format!(" {}: {}  \"{words}\"\n", clean(&s.kind), clean(&s.reason)));
    }
    for quote in &t.quotes {
        let words = shorten(quote.of(&article.text), 80);
        out.push_str(&format!("quote {}–{}  \"{words}\"\n", quote.start, quote.end));
    }
    notes(out, &t.notes);
    out.push('\n');
}

/// Index, form, lemma, UPOS, XPOS, head (0 is the root), relation, as CoNLL-U has them.
fn tokens(article: &Article, sentence: &Sentence) -> String {
    let mut columns = Columns::default();
    for (i, token) in sentence.tokens.iter().enumerate() {
        columns.row([
            cell((i + 1).to_string()).right(),
            cell(clean(token.span.of(&article.text))),
            cell(clean(&token.lemma)),
            cell(token.upos.as_str()),
            cell(token.xpos.as_str()),
            cell(token.head.map_or(0, |h| h + 1).to_string()).right(),
            cell(token.deprel.as_str()),
            cell(if token.quoted { "quoted" } else { "" }).style(DIM),
        ]);
    }
    columns.lines()
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Headline => "headline",
        Part::Byline => "byline",
        Part::Body => "body",
        Part::Caption => "caption",
        Part::Furniture => "furniture",
    }
}

fn code(out: &mut String, article: &Article, coded: &Coded) {
    out.push_str(&format!("{BOLD}CODE{BOLD:#}\nmentions\n"));
    let mut columns = Columns::default();
    for m in &coded.mentions {
        columns.row([
            cell(format!(" {}", m.sentence)).right(),
            cell(shorten(m.span.of(&article.text), 48)),
            cell(m.code.as_str()),
            cell(shorten(&m.name, 32)),
            cell(shorten(m.office.as_deref().unwrap_or(""), 32)),
            cell(m.link.as_str()),
            cell(clean(&m.why.0.join(" · "))).style(DIM),
        ]);
    }
    out.push_str(&columns.lines());
    out.push_str("events\n");
    let mut columns = Columns::default();
    for e in &coded.events {
        columns.row([
            cell(format!(" {}", e.sentence)).right(),
            cell(clean(&e.id)),
            cell(role(e.source.as_ref())),
            cell(e.code.as_str()),
            cell(role(e.target.as_ref())),
            cell(e.mode.as_str()),
            cell(shorten(e.evidence.first().copied().unwrap_or_default().of(&article.text), 32)),
            cell(clean(&e.frame)),
            cell(format!("{:.2}", e.confidence)).right(),
            cell(clean(&e.why.join(" · "))).style(DIM),
        ]);
    }
    out.push_str(&columns.lines());
    out.push_str("statements\n");
    let mut columns = Columns::default();
    for s in &coded.statements {
        columns.row([
            cell(format!(" {}", s.sentence)).right(),
            cell(clean(&s.id)),
            cell(role(s.speaker.as_ref())),
            cell(clean(&s.acts.join(", "))),
            cell(clean(&s.about.join(" "))),
            cell(shorten(words(article, s.cue), 20)),
            cell(format!("\"{}\"", shorten(s.content.of(&article.text), 60))),
            cell(clean(&s.why.join(" · "))).style(DIM),
        ]);
    }
    out.push_str(&columns.lines());
    notes(out, &coded.notes);
    out.push('\n');
}

fn link(out: &mut String, article: &Article, coded: &Coded) {
    out.push_str(&format!("{BOLD}LINK{BOLD:#}\n"));
    for e in &coded.events {
        for also in &e.also {
            let words = shorten(also.of(&article.text), 90);
            out.push_str(&format!(" {} told again  \"{words}\"\n", clean(&e.id)));
        }
        if let Some(s) = e.said_in.and_then(|i| coded.statements.get(i as usize)) {
            out.push_str(&format!(" {} said in {}\n", clean(&e.id), clean(&s.id)));
        }
    }
    for s in &coded.statements {
        let hops: Vec<String> =
            s.chain.hops.iter().map(|h| format!("{} ({}, {})", clean(&h.name), h.kind.as_str(), h.via.as_str())).collect();
        let origin = s.chain.origin().map_or("not named", |h| h.name.as_str());
        let (id, origin, hops) = (clean(&s.id), clean(origin), hops.join(" ▶ "));
        out.push_str(&format!(" {id} origin {origin}; chain {hops}\n"));
    }
}

fn role(role: Option<&Role>) -> String {
    role.map_or("-".to_owned(), |r| format!("{} ({})", clean(&r.code), shorten(&r.name, 24)))
}

fn words(article: &Article, span: Option<Span>) -> &str {
    span.map_or("", |s| s.of(&article.text))
}

fn notes(out: &mut String, notes: &[String]) {
    for note in notes {
        out.push_str(&format!("{DIM}note: {}{DIM:#}\n", clean(note)));
    }
}
