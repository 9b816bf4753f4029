use super::*;

#[test]
fn a_noun_said_twice_is_a_manner() {
    let (mut n, f) = nodes(&[
        ("stand", None, "root", Upos::VERB, "VBP"),
        ("shoulder", Some(0), "obj", Upos::NOUN, "NN"),
        ("to", Some(3), "mark", Upos::PART, "TO"),
        ("shoulder", Some(0), "xcomp", Upos::VERB, "VB"),
        ("with", Some(5), "case", Upos::ADP, "IN"),
        ("chad", Some(3), "obl", Upos::PROPN, "NNP"),
    ]);
    let g = Grammar { twice: ["to".to_owned()].into_iter().collect(), ..Grammar::default() };
    repair(&mut n, &f, &g);
    assert_eq!((n[1].head, n[1].rel, n[3].head, n[3].rel), (Some(0), "obl", Some(1), "nmod"));
    assert_eq!((n[5].head, n[5].rel, n[2].rel), (Some(0), "obl", "case"));
}

#[test]
fn a_guest_is_described_not_visited() {
    let (mut n, f) = nodes(&[
        ("held", None, "root", Upos::VERB, "VBD"),
        ("talks", Some(0), "obj", Upos::NOUN, "NNS"),
        ("with", Some(3), "mark", Upos::SCONJ, "IN"),
        ("visiting", Some(0), "advcl", Upos::VERB, "VBG"),
        ("chadian", Some(5), "amod", Upos::ADJ, "JJ"),
        ("premier", Some(3), "obj", Upos::NOUN, "NN"),
        ("haroun", Some(5), "flat", Upos::PROPN, "NNP"),
    ]);
    let g = Grammar { guests: ["visiting".to_owned()].into_iter().collect(), ..Grammar::default() };
    repair(&mut n, &f, &g);
    assert_eq!((n[5].head, n[5].rel, n[3].head, n[3].rel), (Some(0), "obl", Some(5), "amod"));
    assert_eq!((n[2].head, n[2].rel), (Some(5), "case"));
}

#[test]
fn a_word_of_nation_before_a_participle_is_the_noun() {
    let (mut n, f) = nodes(&[
        ("raze", None, "root", Upos::VERB, "VBP"),
        ("homes", Some(0), "obj", Upos::NOUN, "NNS"),
        ("of", Some(5), "case", Upos::ADP, "IN"),
        ("a", Some(5), "det", Upos::DET, "DT"),
        ("chadian", Some(5), "amod", Upos::ADJ, "JJ"),
        ("accused", Some(1), "nmod", Upos::VERB, "VBN"),
        ("of", Some(7), "mark", Upos::SCONJ, "IN"),
        ("killing", Some(5), "advcl", Upos::VERB, "VBG"),
    ]);
    let g = Grammar { indefinites: ["a".to_owned()].into_iter().collect(), ..Grammar::default() };
    repair(&mut n, &f, &g);
    assert_eq!((n[4].head, n[4].rel, n[5].head, n[5].rel), (Some(1), "nmod", Some(4), "acl"));
    assert_eq!((n[2].head, n[3].head, n[7].head), (Some(4), Some(4), Some(5)));
}

#[test]
fn a_phrase_of_manner_ends_before_the_object() {
    let (mut n, f) = nodes(&[
        ("condemn", None, "root", Upos::VERB, "VBP"),
        ("in", Some(4), "case", Upos::ADP, "IN"),
        ("strongest", Some(4), "amod", Upos::ADJ, "JJS"),
        ("terms", Some(4), "compound", Upos::NOUN, "NNS"),
        ("attacks", Some(0), "obl", Upos::NOUN, "NNS"),
    ]);
    let g = Grammar { manners: ["terms".to_owned()].into_iter().collect(), ..Grammar::default() };
    repair(&mut n, &f, &g);
    assert_eq!((n[3].head, n[3].rel, n[1].head, n[2].head), (Some(0), "obl", Some(3), Some(3)));
    assert_eq!((n[4].head, n[4].rel), (Some(0), "obj"));
}

fn nodes(rows: &[(&str, Option<usize>, &'static str, Upos, &'static str)]) -> (Vec<Node>, Vec<String>) {
    rows.iter().map(|&(form, head, rel, upos, xpos)| (Node { head, rel, upos, xpos }, form.to_owned())).unzip()
}

#[test]
fn a_participle_after_have_is_the_verb() {
    let (mut n, f) = nodes(&[
        ("they", Some(1), "nsubj", Upos::PRON, "PRP"),
        ("have", None, "root", Upos::VERB, "VBP"),
        ("shared", Some(3), "amod", Upos::VERB, "VBN"),
        ("maps", Some(1), "obj", Upos::NOUN, "NNS"),
    ]);
    let g = Grammar { perfect: ["have".to_owned()].into_iter().collect(), ..Grammar::default() };
    repair(&mut n, &f, &g);
    assert_eq!((n[2].head, n[2].rel), (None, "root"));
    assert_eq!((n[0].head, n[3].head, n[3].rel), (Some(2), Some(2), "obj"));
    assert_eq!((n[1].head, n[1].rel), (Some(2), "aux"));
}

#[test]
fn a_past_tense_is_no_adjective() {
    let (mut n, f) = nodes(&[
        ("turkey", Some(2), "compound", Upos::PROPN, "NNP"),
        ("condemned", Some(2), "amod", Upos::VERB, "VBD"),
        ("strikes", None, "root", Upos::NOUN, "NNS"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[1].head, n[1].rel), (None, "root"));
    assert_eq!((n[0].rel, n[0].head), ("nsubj", Some(1)));
    assert_eq!((n[2].rel, n[2].head), ("obj", Some(1)));
}

#[test]
fn a_main_clause_has_a_finite_verb() {
    let rows = |end: &'static str| {
        nodes(&[
            ("troops", Some(1), "nsubj:pass", Upos::NOUN, "NNS"),
            ("clashed", None, "root", Upos::VERB, "VBN"),
            (end, Some(1), "punct", Upos::PUNCT, "."),
        ])
    };
    // The folded form of a period is empty; a headline has none.
    let (mut told, f) = rows("");
    repair(&mut told, &f, &Grammar::default());
    assert_eq!((told[0].rel, told[1].xpos), ("nsubj", "VBD"));
    let (mut headline, f) = rows("-");
    repair(&mut headline, &f, &Grammar::default());
    assert_eq!(headline[0].rel, "nsubj:pass");
}

#[test]
fn what_a_listener_is_told_is_the_verbs() {
    let rows = [
        ("she", Some(1), "nsubj", Upos::PRON, "PRP"),
        ("told", None, "root", Upos::VERB, "VBD"),
        ("papers", Some(1), "iobj", Upos::NOUN, "NNS"),
        ("that", Some(5), "mark", Upos::SCONJ, "IN"),
        ("chad", Some(5), "nsubj", Upos::PROPN, "NNP"),
        ("waits", Some(2), "acl", Upos::VERB, "VBZ"),
    ];
    let (mut n, f) = nodes(&rows);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[5].head, n[5].rel), (Some(1), "ccomp"));
}

#[test]
fn a_told_noun_phrase_has_a_verb() {
    let (mut n, f) = nodes(&[
        ("soldiers", None, "root", Upos::NOUN, "NNS"),
        ("deployed", Some(0), "acl", Upos::VERB, "VBN"),
        ("near", Some(3), "case", Upos::ADP, "IN"),
        ("town", Some(1), "obl", Upos::NOUN, "NN"),
        ("", Some(0), "punct", Upos::PUNCT, "."),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[1].head, n[1].rel, n[0].head, n[0].rel), (None, "root", Some(1), "nsubj"));
}

#[test]
fn a_verb_after_to_does_not_describe() {
    let (mut n, f) = nodes(&[
        ("threatened", None, "root", Upos::VERB, "VBD"),
        ("to", Some(3), "case", Upos::ADP, "IN"),
        ("flatten", Some(3), "amod", Upos::VERB, "JJ"),
        ("seoul", Some(0), "obl", Upos::PROPN, "NNP"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[2].rel, n[3].rel, n[3].head), ("xcomp", "obj", Some(2)));
}

#[test]
fn a_phrase_is_joined_to_its_like() {
    let (mut n, f) = nodes(&[
        ("travel", None, "root", Upos::VERB, "VB"),
        ("to", Some(2), "case", Upos::ADP, "IN"),
        ("turkey", Some(0), "obl", Upos::PROPN, "NNP"),
        ("and", Some(5), "cc", Upos::CCONJ, "CC"),
        ("to", Some(5), "case", Upos::ADP, "IN"),
        ("lebanon", Some(0), "conj", Upos::PROPN, "NNP"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[5].head, n[5].rel), (Some(2), "conj"));
}

#[test]
fn at_least_so_many_is_somebody() {
    let (mut n, f) = nodes(&[
        ("at", Some(2), "case", Upos::ADP, "IN"),
        ("least", Some(2), "nmod", Upos::ADJ, "JJS"),
        ("74", Some(4), "obl", Upos::NUM, "CD"),
        ("were", Some(4), "aux:pass", Upos::AUX, "VBD"),
        ("killed", None, "root", Upos::VERB, "VBN"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[0].rel, n[2].rel), ("advmod", "nsubj:pass"));
}

#[test]
fn an_adjective_before_a_number_is_the_verb() {
    let rows = |next: Upos| {
        nodes(&[
            ("agreed", None, "root", Upos::VERB, "VBD"),
            ("to", Some(4), "case", Upos::ADP, "IN"),
            ("free", Some(4), "amod", Upos::ADJ, "JJ"),
            ("-", Some(4), "nummod", next, "CD"),
            ("captives", Some(0), "obl", Upos::NOUN, "NNS"),
        ])
    };
    let g = Grammar { verbal: ["free".to_owned()].into_iter().collect(), ..Grammar::default() };
    let (mut n, f) = rows(Upos::NUM);
    repair(&mut n, &f, &g);
    assert_eq!((n[2].rel, n[2].upos, n[4].head, n[4].rel), ("xcomp", Upos::VERB, Some(2), "obj"));
    let (mut n, f) = rows(Upos::CCONJ);
    repair(&mut n, &f, &g);
    assert_eq!((n[2].rel, n[4].rel), ("amod", "obl"));
}

#[test]
fn a_progressive_is_no_predicate() {
    let (mut n, f) = nodes(&[
        ("chad", Some(3), "nsubj", Upos::PROPN, "NNP"),
        ("is", Some(3), "cop", Upos::AUX, "VBZ"),
        ("probing", Some(3), "amod", Upos::ADJ, "VBG"),
        ("abuses", None, "root", Upos::NOUN, "NNS"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[2].rel, n[2].upos, n[1].rel), ("root", Upos::VERB, "aux"));
    assert_eq!((n[0].head, n[3].head, n[3].rel), (Some(2), Some(2), "obj"));
}

#[test]
fn of_two_past_tenses_the_second_describes() {
    let (mut n, f) = nodes(&[
        ("syria", Some(1), "nsubj", Upos::PROPN, "NNP"),
        ("used", None, "root", Upos::VERB, "VBD"),
        ("banned", Some(1), "xcomp", Upos::VERB, "VBD"),
        ("weapons", Some(2), "obj", Upos::NOUN, "NNS"),
        ("on", Some(5), "case", Upos::ADP, "IN"),
        ("rebels", Some(2), "nmod", Upos::NOUN, "NNS"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[3].head, n[3].rel, n[2].head, n[2].rel), (Some(1), "obj", Some(3), "amod"));
    assert_eq!((n[5].head, n[5].rel), (Some(1), "obl"));
}

#[test]
fn a_relative_clause_ends_before_the_main_verb() {
    let (mut n, f) = nodes(&[
        ("russia", None, "root", Upos::PROPN, "NNP"),
        ("which", Some(2), "nsubj", Upos::PRON, "WDT"),
        ("struck", Some(0), "acl:relcl", Upos::VERB, "VBD"),
        (",", Some(4), "punct", Upos::PUNCT, ","),
        ("accused", Some(2), "conj", Upos::VERB, "VBD"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[4].head, n[0].head, n[0].rel), (None, Some(4), "nsubj"));
}

#[test]
fn a_title_and_its_name_are_one_subject() {
    let (mut n, f) = nodes(&[
        ("leader", Some(2), "nsubj", Upos::NOUN, "NN"),
        ("keir", Some(2), "nsubj", Upos::PROPN, "NNP"),
        ("notified", None, "root", Upos::VERB, "VBD"),
        ("norway", Some(2), "iobj", Upos::PROPN, "NNP"),
        ("of", Some(5), "case", Upos::ADP, "IN"),
        ("tests", Some(2), "nmod", Upos::NOUN, "NNS"),
    ]);
    let g = Grammar { genitives: ["of".to_owned()].into_iter().collect(), ..Grammar::default() };
    repair(&mut n, &f, &g);
    assert_eq!((n[1].head, n[1].rel, n[3].rel), (Some(0), "appos", "obj"));
}

#[test]
fn what_is_due_is_to_come() {
    let (mut n, f) = nodes(&[
        ("iran", Some(4), "nsubj", Upos::PROPN, "NNP"),
        ("is", Some(4), "cop", Upos::AUX, "VBZ"),
        ("due", Some(4), "mark", Upos::ADJ, "JJ"),
        ("to", Some(2), "fixed", Upos::PART, "TO"),
        ("vote", None, "root", Upos::VERB, "VB"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[2].rel, n[4].head, n[4].rel, n[0].head), ("root", Some(2), "xcomp", Some(2)));
    assert_eq!((n[3].head, n[3].rel), (Some(4), "mark"));
}

#[test]
fn to_opens_an_infinitive() {
    let (mut n, f) = nodes(&[
        ("offered", None, "root", Upos::VERB, "VBD"),
        ("to", Some(2), "mark", Upos::PART, "TO"),
        ("hand", Some(0), "obl", Upos::NOUN, "NN"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[2].upos, n[2].rel), (Upos::VERB, "xcomp"));
}

#[test]
fn of_two_subjects_each_goes_to_its_own_verb() {
    // "men were deported, officials said"
    let (mut n, f) = nodes(&[
        ("men", Some(5), "nsubj", Upos::NOUN, "NNS"),
        ("were", Some(2), "aux:pass", Upos::AUX, "VBD"),
        ("deported", Some(5), "ccomp", Upos::VERB, "VBN"),
        (",", Some(5), "punct", Upos::PUNCT, ","),
        ("officials", Some(5), "nsubj", Upos::NOUN, "NNS"),
        ("said", None, "root", Upos::VERB, "VBD"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[0].head, n[0].rel, n[4].head), (Some(2), "nsubj:pass", Some(5)));
    // "the toll rose, officials said"
    let (mut n, f) = nodes(&[
        ("toll", Some(1), "nsubj", Upos::NOUN, "NN"),
        ("rose", None, "root", Upos::VERB, "VBD"),
        (",", Some(4), "punct", Upos::PUNCT, ","),
        ("officials", Some(1), "nsubj", Upos::NOUN, "NNS"),
        ("said", Some(1), "parataxis", Upos::VERB, "VBD"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[0].head, n[3].head, n[3].rel), (Some(1), Some(4), "nsubj"));
}

#[test]
fn who_stands_between_the_commas_tells() {
    // "It will buy ships, Minister Jane Doe said"
    let (mut n, f) = nodes(&[
        ("it", Some(2), "nsubj", Upos::PRON, "PRP"),
        ("will", Some(2), "aux", Upos::AUX, "MD"),
        ("buy", None, "root", Upos::VERB, "VB"),
        ("ships", Some(2), "obj", Upos::NOUN, "NNS"),
        (",", Some(6), "punct", Upos::PUNCT, ","),
        ("minister", Some(6), "nmod:desc", Upos::PROPN, "NNP"),
        ("jane", Some(3), "appos", Upos::PROPN, "NNP"),
        ("doe", Some(6), "flat", Upos::PROPN, "NNP"),
        ("said", Some(3), "acl:relcl", Upos::VERB, "VBD"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[6].head, n[6].rel, n[8].head, n[8].rel), (Some(8), "nsubj", Some(2), "parataxis"));
}

#[test]
fn names_are_whole_and_their_offices() {
    // "Egyptian envoy Hany Selim"
    let (mut n, f) = nodes(&[
        ("envoy", Some(3), "nsubj", Upos::NOUN, "NN"),
        ("hany", Some(0), "appos", Upos::PROPN, "NNP"),
        ("selim", Some(0), "appos", Upos::PROPN, "NNP"),
        ("left", None, "root", Upos::VERB, "VBD"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[2].head, n[2].rel), (Some(1), "flat"));
    // "Secretary of State Marco Rubio"
    let (mut n, f) = nodes(&[
        ("secretary", None, "root", Upos::PROPN, "NNP"),
        ("of", Some(2), "case", Upos::ADP, "IN"),
        ("state", Some(3), "nmod:desc", Upos::PROPN, "NNP"),
        ("marco", Some(0), "nmod", Upos::PROPN, "NNP"),
        ("rubio", Some(3), "flat", Upos::PROPN, "NNP"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[2].head, n[2].rel, n[3].head, n[3].rel), (Some(0), "nmod", Some(0), "appos"));
}

#[test]
fn who_reports_at_the_end_tells_it_all() {
    let (mut n, f) = nodes(&[
        ("it", Some(1), "nsubj", Upos::PRON, "PRP"),
        ("opens", None, "root", Upos::VERB, "VBZ"),
        (",", Some(4), "punct", Upos::PUNCT, ","),
        ("aide", Some(8), "nsubj", Upos::NOUN, "NN"),
        ("told", Some(1), "parataxis", Upos::VERB, "VBD"),
        ("lawmakers", Some(8), "iobj", Upos::NOUN, "NNS"),
        (",", Some(8), "punct", Upos::PUNCT, ","),
        ("armenpress", Some(8), "nsubj", Upos::PROPN, "NNP"),
        ("reported", Some(4), "ccomp", Upos::VERB, "VBD"),
        (".", Some(1), "punct", Upos::PUNCT, "."),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[3].head, n[5].head, n[7].head), (Some(4), Some(4), Some(8)));
    assert_eq!((n[8].head, n[8].rel), (Some(4), "parataxis"));
}

#[test]
fn who_was_quoted_behind_a_comma_describes_nothing() {
    let (mut n, f) = nodes(&[
        ("they", Some(1), "nsubj", Upos::PRON, "PRP"),
        ("got", None, "root", Upos::VERB, "VBD"),
        ("drones", Some(1), "obj", Upos::NOUN, "NNS"),
        (",", Some(4), "punct", Upos::PUNCT, ","),
        ("admiral", Some(2), "appos", Upos::PROPN, "NNP"),
        ("irani", Some(4), "flat", Upos::PROPN, "NNP"),
        ("was", Some(7), "aux:pass", Upos::AUX, "VBD"),
        ("quoted", Some(1), "parataxis", Upos::VERB, "VBN"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[4].head, n[4].rel, n[7].rel), (Some(7), "nsubj:pass", "parataxis"));
}

#[test]
fn the_verb_of_it_all_has_a_teller() {
    let (mut n, f) = nodes(&[
        ("talks", Some(1), "nsubj", Upos::NOUN, "NNS"),
        ("failed", Some(10), "ccomp", Upos::VERB, "VBD"),
        ("with", Some(3), "case", Upos::ADP, "IN"),
        ("ankara", Some(1), "obl", Upos::PROPN, "NNP"),
        (",", Some(5), "punct", Upos::PUNCT, ","),
        ("abdi", Some(3), "appos", Upos::PROPN, "NNP"),
        (",", Some(8), "punct", Upos::PUNCT, ","),
        ("the", Some(8), "det", Upos::DET, "DT"),
        ("commander", Some(3), "appos", Upos::NOUN, "NN"),
        (",", Some(1), "punct", Upos::PUNCT, ","),
        ("said", None, "root", Upos::VERB, "VBD"),
    ]);
    repair(&mut n, &f, &Grammar::default());
    assert_eq!((n[5].head, n[5].rel, n[8].head, n[8].rel), (Some(10), "nsubj", Some(5), "appos"));
}
