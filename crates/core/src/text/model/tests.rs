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
fn any_batch_size_gives_the_same() {
    let text = "UN envoys met in Geneva on Monday , but no one of the 14 delegations would say what had been agreed .";
    let all: Vec<Vec<&str>> = (0..90).map(|n| words(text).into_iter().cycle().skip(n).take(n * 7 % 31 + n / 89 * 450).collect()).collect();
    let usual = model().analyse(&all);
    for size in [1, 2, 50, 1_000, usize::MAX] {
        assert!(model().analyse_by(&all, size) == usual, "batches of {size}");
    }
}

#[test]
fn what_was_read_before_changes_nothing() {
    let sentence = vec![words("Rebels shelled two villages near the border , officials said .")];
    let fresh = Model::from_bytes(BYTES).expect("the embedded model is readable");
    let first = fresh.analyse(&sentence);
    let many: Vec<String> = (0..30_000).map(|i| format!("w{i}x")).collect();
    let many: Vec<Vec<&str>> = many.chunks(20).map(|c| c.iter().map(String::as_str).collect()).collect();
    fresh.analyse(&many);
    assert_eq!(fresh.analyse(&sentence), first);
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
    assert!(Model::from_bytes(&BYTES[..BYTES.len() - 1]).is_err());
}

/// What the training code's own forward pass says of a few sentences (training/fixture.py).
#[test]
fn agrees_with_the_training_code() {
    let text = include_str!("fixture.tsv");
    let (mut tokens, mut apart) = (0, 0);
    for block in text.split("\n\n").filter(|b| !b.trim().is_empty()) {
        let rows: Vec<Vec<&str>> = block.lines().map(|l| l.split('\t').collect()).collect();
        let forms: Vec<&str> = rows.iter().map(|r| r[0]).collect();
        for (got, want) in model().analyse(&[forms])[0].iter().zip(&rows) {
            let head = got.head.wrapping_add(1).to_string();
            let got = [got.upos.as_str(), got.xpos.as_str(), &got.lemma, &head, got.deprel.as_str()];
            assert_eq!(got[..3], want[1..4], "{}", want[0]);
            tokens += 1;
            apart += usize::from(got[3..] != want[4..]);
        }
    }
    // The dense layers are rounded to 8 bits here: a head that is all but a tie may fall the other way.
    assert!(apart * 50 <= tokens, "{apart} of {tokens} heads or relations differ");
}
