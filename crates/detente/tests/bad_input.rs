//! Input nobody wishes for: a clear error or a correct reading, never a panic.

mod common;

use common::*;

/// Exit code and stderr of `code` on one file.
fn coded(name: &str, bytes: &[u8]) -> (i32, String, String) {
    let dir = folder(&[(name, bytes)]);
    let output = run(&["code", &at(&dir, name), "--json"]);
    assert!(!err(&output).contains("panicked"), "{}", err(&output));
    (code(&output), out(&output), err(&output))
}

#[test]
fn empty_and_blank_files_are_named() {
    for bytes in [&b""[..], b"  \n\n\t", b"\xef\xbb\xbf"] {
        let (code, _, err) = coded("empty.txt", bytes);
        assert!(code == 2 || code == 1, "{code}");
        assert!(code == 1 || err.contains("empty.txt"), "{err}");
    }
}

#[test]
fn binary_files_are_named() {
    let bytes: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let (code, out, err) = coded("binary.txt", &[b"\x7fELF\0\0\0", &bytes[..]].concat());
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("binary.txt"), "{err}");
}

#[test]
fn latin_1_is_read() {
    let (code, out, _) = coded("l.txt", b"Israel attacked Iran near the caf\xe9 in Damascus.\n");
    assert!(code < 2);
    assert!(out.contains("café"), "{out}");
}

#[test]
fn utf_16_is_read() {
    let text = "Israel attacked Iran near the café in Damascus.\n";
    for (mark, little) in [([0xff, 0xfe], true), ([0xfe, 0xff], false)] {
        let mut bytes = mark.to_vec();
        for unit in text.encode_utf16() {
            bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
        }
        let (code, out, err) = coded("u.txt", &bytes);
        assert!(code < 2, "{err}");
        assert!(out.contains("café"), "{out}");
    }
}

#[test]
fn truncated_html_is_read_as_far_as_it_goes() {
    let html = "<html><head><title>Strikes</title></head><body><article><p>Israel attacked Iran. \
                The two states have been at odds for years over Syria.</p><p>Iran condemned the att";
    let (code, out, err) = coded("t.html", html.as_bytes());
    assert!(code < 2, "{err}");
    assert!(out.contains("Israel attacked Iran"), "{out}");
    for cut in (0..html.len()).step_by(31) {
        let (code, ..) = coded("t.html", &html.as_bytes()[..cut]);
        assert!(code <= 2);
    }
}

#[test]
fn missing_files_and_urls_get_a_hint() {
    let missing = run(&["code", "no/such/file.txt"]);
    assert_eq!(code(&missing), 2);
    assert!(err(&missing).contains("no/such/file.txt: no such file"), "{}", err(&missing));
    let url = run(&["code", "https://example.org/a.html"]);
    assert!(err(&url).contains("save the page"), "{}", err(&url));
}

#[test]
fn unwritable_output_is_an_error_before_anything_is_read() {
    let output = run(&["code", "no/such/file.txt", "-o", "/no/such/folder/out.jsonl"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("cannot write /no/such/folder/out.jsonl"), "{}", err(&output));
    assert!(!err(&output).contains("no/such/file.txt"));
}

#[test]
fn broken_json_lines_are_named_and_the_rest_is_read() {
    let lines = b"{\"text\":\"Israel attacked Iran.\"}\n{\"text\":\n\xff\xfe\n[1]\n{\"text\":\"Iran condemned Israel.\"}";
    let (code, out, err) = coded("x.jsonl", lines);
    assert_eq!(code, 2);
    for line in ["x.jsonl line 2", "x.jsonl line 3", "x.jsonl line 4"] {
        assert!(err.contains(line), "{err}");
    }
    assert_eq!(out.matches("\"record\":\"article\"").count(), 2);
}

#[test]
fn a_long_single_line_is_read() {
    let text = "Israel attacked Iran and ".repeat(40_000);
    let (code, _, err) = coded("long.txt", text.as_bytes());
    assert!(code < 2, "{err}");
}

#[test]
fn an_article_over_the_limit_is_refused_with_the_flag_that_allows_it() {
    let dir = folder(&[("big.txt", "no news ".repeat(140_000).as_bytes()), ("a.txt", ARTICLE.as_bytes())]);
    let (big, a) = (at(&dir, "big.txt"), at(&dir, "a.txt"));
    let output = run(&["code", &big, &a, "--json", "--max-size", "1"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("longer than 1 MB") && err(&output).contains("--max-size"), "{}", err(&output));
    assert_eq!(out(&output).matches("\"record\":\"article\"").count(), 1);
}

#[test]
fn many_lines_long_sentences_and_deep_pages_are_read() {
    let lines: String = (0..5_000).map(|i| format!("Iran met Iraq {i}.\n")).collect();
    let sentence = "Israel attacked Iran and ".repeat(1_250) + "left.";
    let deep = format!("<html><body>{}<p>Israel attacked Iran near Damascus, officials said.</p>", "<div>".repeat(50_000));
    for (name, text) in [("lines.txt", lines), ("sentence.txt", sentence), ("deep.html", deep)] {
        let (code, _, err) = coded(name, text.as_bytes());
        assert!(code < 2, "{name}: {err}");
    }
}

#[test]
fn escape_codes_of_an_article_do_not_reach_the_terminal() {
    let dir = folder(&[("a.txt", "Title \u{1b}[2J\n\nIsrael attacked \u{1b}[31mIran.\n".as_bytes())]);
    for args in [["code", "--stages"], ["code", "--jobs=1"]] {
        let output = detente().args(args).arg(at(&dir, "a.txt")).output().unwrap();
        assert!(!out(&output).contains('\u{1b}'));
    }
}
