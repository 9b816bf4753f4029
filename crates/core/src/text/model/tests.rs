use super::*;

fn model() -> &'static Model {
    Model::embedded().expect("the embedded model is readable")
}

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

fn one_root(a: &[Analysis]) -> bool {
    let heads: Vec<usize> = a.iter().map(|t| (t.head.wrapping_add(1)) as usize).collect();
    decode::well_formed(&heads)
}

#[test]
fn a_sentence_does_not_feel_its_neighbours() {
    let all: Vec<Vec<&str>> = (1..60)
        .map(|n| words("The minister said on Friday that rebels had shelled the town .").repeat(n))
        .map(|mut s| {
            let n = s.len() % 37 + 1;
            s.truncate(n);
            s
        })
        .collect();
    let together = model().analyse(&all);
    for (s, a) in all.iter().zip(&together) {
        assert_eq!(&model().analyse(std::slice::from_ref(s))[0], a);
    }
}

#[test]
fn nothing_is_too_odd() {
    let long = vec!["the"; 10_000];
    let odd = vec![vec![], vec![""], vec!["\u{0}", "", "👩‍👩‍👧"], long.clone(), vec![]];
    let out = model().analyse(&odd);
    assert_eq!(out.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 3, 10_000, 0]);
    assert!(out.iter().filter(|s| !s.is_empty()).all(|s| one_root(s)));
    assert!(model().analyse(&[]).is_empty());
}

#[test]
fn broken_files_are_refused() {
    assert!(Model::from_bytes(&[]).is_err());
    assert!(Model::from_bytes(&[255; 64]).is_err());
    assert!(Model::from_bytes(&BYTES[..BYTES.len() / 2]).is_err());
}

/// What the training code's own forward pass says of a few sentences (training/fixture.py).
#[test]
fn agrees_with_the_training_code() {
    let text = include_str!("fixture.tsv");
    for block in text.split("\n\n").filter(|b| !b.trim().is_empty()) {
        let rows: Vec<Vec<&str>> = block.lines().map(|l| l.split('\t').collect()).collect();
        let forms: Vec<&str> = rows.iter().map(|r| r[0]).collect();
        for (got, want) in model().analyse(&[forms])[0].iter().zip(&rows) {
            let head = got.head.wrapping_add(1).to_string();
            let got = [got.upos.as_str(), got.xpos.as_str(), &got.lemma, &head, got.deprel.as_str()];
            assert_eq!(got, want[1..], "{}", want[0]);
        }
    }
}
