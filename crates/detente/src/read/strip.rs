//! Text of a page without building its tree: for pages too big or nested too deep.

/// Elements whose words nobody sees.
const UNSEEN: [&str; 7] = ["script", "style", "noscript", "template", "svg", "head", "iframe"];
/// Elements inside a line; all others break it.
const INLINE: [&str; 20] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u",
    "time",
];

/// How deep the elements of a page may be nested, at most; unclosed ones count.
pub fn depth(html: &str) -> usize {
    const VOID: [&str; 14] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p"];
    let (mut depth, mut deepest) = (0usize, 0);
    for (i, _) in html.match_indices('<') {
        let rest = &html[i + 1..];
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) && !VOID.contains(&name(rest)) {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

fn name(rest: &str) -> &str {
    &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())]
}

/// The words of the page, a line for each block.
pub fn words(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, r)| r);
            continue;
        }
        let inner = &rest[1..];
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = inner;
            continue;
        }
        let closing = inner.starts_with('/');
        let tag = name(inner.trim_start_matches('/')).to_ascii_lowercase();
        rest = inner.split_once('>').map_or("", |(_, r)| r);
        if !INLINE.contains(&tag.as_str()) {
            out.push('\n');
        }
        if !closing && UNSEEN.contains(&tag.as_str()) {
            rest = after(rest, &tag);
        }
    }
    out.push_str(rest);
    entities(&out)
}

/// What follows the closing tag.
fn after<'a>(text: &'a str, tag: &str) -> &'a str {
    for (i, _) in text.match_indices("</") {
        let rest = &text[i + 2..];
        if name(rest).eq_ignore_ascii_case(tag) {
            return rest.split_once('>').map_or("", |(_, r)| r);
        }
    }
    ""
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = rest.char_indices().take(12).find(|(_, c)| *c == ';').and_then(|(end, _)| Some((entity(&rest[1..end])?, end + 1)));
        match found {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_scripts_go() {
        let html =
            "<head><title>T</title></head><p>Envoys <b>met</b> &amp; left.<script>x<y</script><p>1 < 2 &#8217; &bogus; <!-- no --> end";
        let lines: Vec<String> = words(html).lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
        assert_eq!(lines, ["Envoys met & left.", "1 < 2 ’ &bogus;  end"]);
        assert_eq!(words("<script>never closed"), "\n");
    }

    #[test]
    fn depth_is_counted() {
        assert_eq!(depth("<div><div><br><p>x</div></div><i>"), 2);
    }
}
