//! Text as it comes, through layout, cutting and the model.

use super::model::Model;
use super::sentence::LONGEST;
use super::{Text, read};
use crate::knowledge::text_cues::tests::cues;
use crate::model::Article;
use crate::model::syntax::Upos;

fn text(words: &str) -> Text {
    let article = Article { text: words.to_owned(), ..Article::default() };
    read(&article, cues(), Model::embedded().expect("the embedded model is readable"))
}

/// Each sentence as `root(subjects; objects)`, with the words of the root's direct dependents.
fn check(words: &str, expect: &[&str]) {
    let found: Vec<String> = text(words)
        .sentences
        .iter()
        .map(|s| {
            let root = s.tokens.iter().position(|t| t.head.is_none()).expect("a root");
            let of = |kind: &str| -> Vec<&str> {
                let mine = s.tokens.iter().filter(|t| t.head == Some(root as u32) && t.deprel.0.split(':').next() == Some(kind));
                mine.map(|t| t.span.of(words)).collect()
            };
            format!("{}({}; {})", s.tokens[root].span.of(words), of("nsubj").join(" "), of("obj").join(" "))
        })
        .collect();
    assert_eq!(found, expect, "{words}");
}

/// What holds of any text: sentences of bounded length, in order, each a tree with one root.
fn sound(words: &str) {
    let t = text(words);
    let mut at = 0;
    for s in &t.sentences {
        assert!((1..=LONGEST).contains(&s.tokens.len()));
        assert_eq!(s.tokens.iter().filter(|t| t.head.is_none()).count(), 1);
        for (i, token) in s.tokens.iter().enumerate() {
            assert!(token.span.range().start >= at && !token.span.is_empty());
            at = token.span.range().end;
            let (mut up, mut steps) = (i, 0);
            while let Some(h) = s.tokens[up].head {
                (up, steps) = (h as usize, steps + 1);
                assert!(steps <= s.tokens.len(), "a ring of heads");
            }
        }
    }
}

#[test]
fn headlines() {
    check("Israel releases 30 prisoners", &["releases(Israel; prisoners)"]);
    check("ISRAEL RELEASES 30 PRISONERS", &["RELEASES(ISRAEL; PRISONERS)"]);
    check("UN Envoy Urges Restraint After Coup", &["Urges(Envoy; Restraint)"]);
    check("Ethiopia, Sudan sign border treaty", &["sign(Ethiopia; treaty)"]);
    check("Gunmen kill 12 in Mali market raid", &["kill(Gunmen; 12)"]);
}

#[test]
fn short_sentences_keep_their_verb() {
    check("Guinea's junta promised elections.", &["promised(junta; elections)"]);
    check("Macron accused Moscow.", &["accused(Macron; Moscow)"]);
    check("Norway trained and equipped the fighters.", &["trained(Norway; fighters)"]);
    check("Fighters trained by Norway seized the town.", &["seized(Fighters; town)"]);
}

#[test]
fn spelling_is_not_needed() {
    check("police arrested three protesters in nairobi on monday", &["arrested(police; protesters)"]);
    check("THE ARMY SHELLED TWO VILLAGES, OFFICIALS SAID.", &["SAID(OFFICIALS; )"]);
    check("BREAKING: rebels seize the airport in Goma #DRC @wire https://example.org/a1", &["seize(rebels; airport)"]);
}

#[test]
fn names_of_all_tongues() {
    check("Nguyễn Văn Thắng met Þorgerður Ólafsdóttir in Ulaanbaatar.", &["met(Nguyễn; Þorgerður)"]);
    check("Abd al-Rahman ould M'Barek thanked Xi'an's mayor.", &["thanked(Abd; mayor)"]);
}

#[test]
fn datelines_are_not_read() {
    for line in ["TEHRAN (Reuters) - ", "TEHRAN, March 3 (Xinhua) -- ", "Tehran — "] {
        check(&format!("{line}Iran expelled two diplomats."), &["expelled(Iran; diplomats)"]);
    }
}

#[test]
fn rows_and_items_stay_apart() {
    let rows = "Town\tKilled\tWounded\nGoma\t12\t40\nBukavu\t3\t9\n";
    assert_eq!(text(rows).sentences.len(), 3);
    let items = "The talks have three aims:\n\n- a ceasefire\n- free passage for aid\n- elections within a year\n";
    assert_eq!(text(items).sentences.len(), 4);
}

#[test]
fn one_sentence_of_five_thousand_words() {
    let words = "the envoy said that ".repeat(1_250) + "it rained.";
    sound(&words);
    assert!(text(&words).sentences.len() >= 5_000 / LONGEST);
}

#[test]
fn floods_of_marks() {
    let marks = ".|\"|\" |“|”|'|' |(|) |[1|!? |…|-|—|:|; |, |$|@a|a.|U. |n't|\u{200d}|:)|\n|a\n|555-|http://|'s |\u{ad}";
    for mark in marks.split('|') {
        sound(&mark.repeat(3_000));
        sound(&format!("Rebels shelled the town {} officials said.", mark.repeat(600)));
    }
    assert!(text(&"Iran, ".repeat(2_000)).sentences.iter().flat_map(|s| &s.tokens).any(|t| t.upos == Upos::PROPN));
}
