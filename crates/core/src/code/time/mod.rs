//! Times: expressions found by a grammar, resolved to days and TIMEX3 values, given to deeds.
//!
//! `period` knows the calendar, `grammar` the words, `resolve` the days they mean, `deed` whose time it is.

mod deed;
mod grammar;
mod period;
mod resolve;
#[cfg(test)]
mod tests;

pub use deed::of_deed;
pub use resolve::{Kind, NEVER, Told};

use super::tree::Tree;
use crate::knowledge::Knowledge;
use crate::knowledge::time::{Class, Lex};
use crate::model::{Date, Span, When, syntax::Upos};
use crate::text::{self, model::Model};
use grammar::{Grammar, Hit, Said};
use resolve::Tense;

/// A time expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Timex {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// TIMEX3 type.
    pub kind: Kind,
    /// TIMEX3 value.
    pub value: String,
    /// Its days, for events.
    pub when: When,
    /// Whether it waits for the article's date.
    pub open: bool,
}

/// Finds the time expressions of a sentence; what they tell is remembered for those that follow.
pub fn find(tree: &Tree<'_>, k: &Knowledge, told: &mut Told) -> Vec<Timex> {
    let Some(grammar) = Grammar::new(tree, &k.time) else { return Vec::new() };
    let mut out = Vec::new();
    for hit in grammar.all() {
        let r = resolve::resolve(&hit, tense(tree, &hit, k), told, &k.time);
        if let Some(p) = r.period {
            told.last = Some(p);
            if matches!(p, period::Period::Quarter(..)) && !matches!(hit.said, Said::YearBefore | Said::Shift(..)) {
                told.quarter = Some(p);
            }
        }
        let text = tree.span(hit.start).join(tree.span(hit.end - 1)).of(tree.text).to_owned();
        let open = told.published.is_none()
            && r.days.is_none()
            && r.how.is_none()
            && !matches!(hit.said, Said::Vague(_) | Said::Often(_) | Said::Length(_, _, 0));
        let mut when = When { first: r.days.map(|d| d.0), last: r.days.map(|d| d.1), text: Some(text), how: r.how };
        // "has been held since Friday": then, or on any day up to the article's.
        if let (Some(first), Some(published)) = (when.first, told.published)
            && first <= published
            && after(&tree.forms, hit.start, Class::Since, k)
        {
            when.last = Some(published);
        }
        told.never |= r.how == Some(NEVER);
        out.push(Timex { start: hit.start, end: hit.end, kind: r.kind, value: r.value, when, open });
    }
    ranges(tree, k, &mut out);
    out
}

/// Whether a phrase of a class stands right before a token.
fn after(forms: &[String], start: usize, class: Class, k: &Knowledge) -> bool {
    (start.saturating_sub(3)..start).any(|i| k.time.at(&forms[i..start]).any(|(n, l)| i + n == start && l == Lex::Word(class)))
}

/// "from 3 to 5 July", "July 3-5": each end keeps its own value, their days are the whole stretch.
fn ranges(tree: &Tree<'_>, k: &Knowledge, times: &mut [Timex]) {
    let is = |i: usize, class: Class| i < tree.len() && k.time.at(&tree.forms[i..=i]).any(|(_, l)| l == Lex::Word(class));
    // "between 3 and 7 May", "3-7 May"
    for t in times.iter_mut().filter(|t| t.kind == Kind::Date && t.start > 1) {
        let digits = |i: usize| tree.word(i).parse::<i8>().ok();
        let between = t.start > 2 && is(t.start - 3, Class::Between) && is(t.start - 1, Class::And);
        let (Some(a), Some(b)) = (digits(t.start - 2), digits(t.start)) else { continue };
        let first = t.when.first.filter(|f| Some(*f) == t.when.last && f.day() == b && a < b);
        let first = first.and_then(|f| f.with().day(a).build().ok());
        if let Some(first) = first.filter(|_| between || is(t.start - 1, Class::Through)) {
            t.when.first = Some(first);
            t.when.text = Some(tree.span(t.start - 2).join(tree.span(t.end - 1)).of(tree.text).to_owned());
        }
    }
    for i in 1..times.len() {
        let (a, b) = (&times[i - 1], &times[i]);
        let joined =
            b.start == a.end + 1 && (is(a.end, Class::Through) || is(a.end, Class::And) && a.start > 0 && is(a.start - 1, Class::Between));
        let (Some(first), Some(last)) = (a.when.first, b.when.last) else { continue };
        if !joined || first > last || a.kind != Kind::Date {
            continue;
        }
        let text = tree.span(a.start).join(tree.span(b.end - 1)).of(tree.text).to_owned();
        for t in &mut times[i - 1..=i] {
            t.when.first = Some(first);
            t.when.last = Some(last);
            t.when.text = Some(text.clone());
        }
    }
}

/// The token of an expression whose head lies outside it.
fn outer(tree: &Tree<'_>, start: usize, end: usize) -> usize {
    (start..end).find(|&i| tree.head(i).is_none_or(|h| h < start || h >= end)).unwrap_or(start)
}

/// Tense of the verb an expression hangs on.
fn tense(tree: &Tree<'_>, hit: &Hit, k: &Knowledge) -> Tense {
    let is = |word: &str, class: Class| k.time.at(&[word.to_owned()]).any(|(_, l)| l == Lex::Word(class));
    let future = |i: usize| is(&tree.forms[i], Class::Future) || is(&tree.lemmas[i], Class::Future);
    // "as early as Tuesday", "until Friday", "since January"
    let before = |class: Class| after(&tree.forms, hit.start, class, k);
    if before(Class::Since) {
        return Tense::Direct;
    }
    // "stepped down, effective 1 May"
    if before(Class::Effective) {
        return Tense::Future;
    }
    let waits = before(Class::Awaited);
    let head = outer(tree, hit.start, hit.end);
    // "to get around Wednesday's ruling": what is owned by a day may be over.
    let owner = tree.rel(head) == "nmod:poss";
    // "the summit in April", "elections in May": what is planned long before.
    let noun = hit.start.checked_sub(2).filter(|_| tree.prep(head).is_some());
    let mut planned = noun.is_some_and(|n| is(tree.lemma(n), Class::PlannedNoun));
    let awaited_by = |verb: usize| {
        let to_come = waits || tree.prep(head).is_some_and(|p| is(p, Class::SetFor));
        // "a summit set for Washington in April"
        let elsewhere = || tree.kids(verb).iter().any(|&c| tree.prep(c).is_some_and(|p| is(p, Class::SetFor)));
        is(tree.lemma(verb), Class::Arranged) && (to_come || tree.base(head) == "obj" || tree.xpos(verb) == "VBN" && elsewhere())
    };
    let on = tree.kids(head).iter().filter(|&&c| tree.base(c) == "case").all(|&c| is(&tree.forms[c], Class::On));
    let mut at = head;
    for step in 0..8 {
        // "gathered to mark the entry on Friday": when somebody gathered, the entry was over.
        let to = |i: usize| tree.kids(i).iter().any(|&c| tree.base(c) == "mark" && tree.xpos(c) == "TO");
        // "a ceremony in Oslo on 12 March", "a visit by the minister in May"
        planned |= step > 0 && tree.upos(at) == Upos::NOUN && is(tree.lemma(at), Class::PlannedNoun);
        let served = step > 0 && !planned && tree.xpos(at) == "VB" && to(at);
        if served && tree.base(at) == "advcl" && tree.head(at).is_some_and(|h| tree.xpos(h) == "VBD") {
            return Tense::Past;
        }
        if tree.verbal(at) {
            let aux = |c: &&usize| tree.base(**c) == "aux";
            // "may have been killed in March"
            let present = |i: usize| matches!(tree.xpos(i), "VBZ" | "VBP");
            let over = || tree.kids(at).iter().filter(aux).any(|&c| k.grammar.perfect.contains(&tree.forms[c]));
            // "had been scheduled to end on Friday"
            let gave_up =
                |i: usize| tree.kids(i).iter().filter(aux).any(|&c| tree.xpos(c) == "VBD" && k.grammar.perfect.contains(&tree.forms[c]));
            if to(at) && tree.head(at).is_some_and(|h| tree.verbal(h) && future(h) && gave_up(h)) {
                return Tense::Past;
            }
            // "the leaders meet on Monday"
            if step <= 1 && present(at) && is(tree.lemma(at), Class::Timetabled) {
                return Tense::Future;
            }
            if future(at) && !gave_up(at) || tree.kids(at).iter().filter(aux).any(|&c| future(c)) && !over() || awaited_by(at) {
                return Tense::Future;
            }
            if planned {
                return Tense::Planned;
            }
            let past = if step <= 1 && on { Tense::Direct } else { Tense::Past };
            let helpers: Vec<usize> = tree.kids(at).iter().copied().filter(|&c| tree.base(c) == "aux").collect();
            let marked = to(at);
            return match tree.xpos(at) {
                "VBD" => past,
                _ if helpers.iter().any(|&c| tree.xpos(c) == "VBD") => past,
                "VB" if marked && owner => Tense::Open,
                "VB" | "VBN" if marked || waits => Tense::Future,
                // "is heard in May" tells nothing; "has left", "killed on Friday" do.
                "VBN" if helpers.len() == 1 && present(helpers[0]) && tree.rel(helpers[0]) == "aux:pass" => Tense::Open,
                "VBN" => past,
                "VBG" if helpers.iter().any(|&c| present(c)) => Tense::Future,
                _ if waits => Tense::Future,
                _ => Tense::Open,
            };
        }
        match tree.head(at) {
            Some(h) => at = h,
            None => break,
        }
    }
    if waits { Tense::Future } else { Tense::Open }
}

/// A time expression of a text, for whoever asks for times alone.
#[derive(Clone, Debug, PartialEq)]
pub struct TextTime {
    /// Its words.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: Kind,
    /// TIMEX3 value.
    pub value: String,
}

/// The time expressions of a text, nothing left out as furniture.
pub fn times(text: &str, published: Option<Date>, k: &Knowledge, model: &Model) -> Vec<TextTime> {
    let mut told = Told { published, ..Told::default() };
    let mut out = Vec::new();
    for sentence in &text::plain(text, &k.text, model) {
        let tree = Tree::new(sentence, text, k);
        if tree.is_empty() {
            continue;
        }
        for t in find(&tree, k, &mut told) {
            let span = tree.span(t.start).join(tree.span(t.end - 1));
            out.push(TextTime { span, kind: t.kind, value: t.value });
        }
    }
    out
}
