//! What a site asks robots to leave alone: robots.txt, as RFC 9309 has it.

use std::time::Duration;

/// Our name in these files.
pub const NAME: &str = "detente";

/// Bytes of the file that are read.
pub const LONGEST: usize = 500 << 10;

/// The slowest pace that a file may ask for and get.
const SLOWEST: Duration = Duration::from_secs(60);

/// The rules for us.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    /// Pattern, and whether it allows.
    rules: Vec<(String, bool)>,
    /// The pause it asks for between requests.
    pub delay: Option<Duration>,
}

impl Robots {
    /// Reads a file: the groups that name us, else those for all.
    pub fn read(text: &str) -> Self {
        let (mut ours, mut all) = (Self::default(), Self::default());
        let (mut found, mut for_us, mut for_all, mut in_names) = (false, false, false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or("").trim().trim_start_matches('\u{feff}');
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if !in_names {
                    (for_us, for_all, in_names) = (false, false, true);
                }
                let name: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
                for_us |= name.eq_ignore_ascii_case(NAME);
                for_all |= value.starts_with('*');
                found |= for_us;
                continue;
            }
            let rule = match key.as_str() {
                "allow" | "disallow" => (!value.is_empty()).then(|| (decoded(value), key == "allow")),
                "crawl-delay" => {
                    let delay = value.parse().ok().and_then(|s| Duration::try_from_secs_f64(s).ok()).map(|d| d.min(SLOWEST));
                    for (held, of) in [(for_us, &mut ours), (for_all, &mut all)] {
                        if held && delay.is_some() {
                            of.delay = delay;
                        }
                    }
                    None
                }
                // Sitemaps and the like end no group.
                _ => continue,
            };
            in_names = false;
            for (held, of) in [(for_us, &mut ours), (for_all, &mut all)] {
                of.rules.extend(rule.clone().filter(|_| held));
            }
        }
        if found { ours } else { all }
    }

    /// Whether a path (with its query) may be asked for: the longest pattern that fits decides, of two
    /// alike the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = decoded(path);
        let fitting = self.rules.iter().filter(|(pattern, _)| fits(pattern, &path));
        fitting.max_by_key(|(pattern, allow)| (pattern.len(), *allow)).is_none_or(|(_, allow)| *allow)
    }
}

/// One way of writing each character: percent signs before letters and digits are undone, others put into capitals.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let (mut out, mut i) = (Vec::with_capacity(bytes.len()), 0);
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        match (bytes[i], hex) {
            (b'%', Some(c)) if c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~') => {
                out.push(c);
                i += 3;
            }
            (b'%', Some(c)) => {
                out.extend(format!("%{c:02X}").bytes());
                i += 3;
            }
            (c, _) if c.is_ascii() => {
                out.push(c);
                i += 1;
            }
            (c, _) => {
                out.extend(format!("%{c:02X}").bytes());
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `*` is any stretch, `$` at the end is the end; else the path need only begin so.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, whole) = pattern.strip_suffix('$').map_or((pattern, false), |p| (p, true));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut last = first;
    let mut stars = false;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        (last, stars) = (part, true);
    }
    // The last part may stand again at the very end.
    !whole || rest.is_empty() || stars && (last.is_empty() || rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &str, path: &str, expect: bool) {
        assert_eq!(Robots::read(rules).allows(path), expect, "{path} by {rules}");
    }

    #[test]
    fn the_longest_pattern_decides() {
        let rules = "User-agent: *\nDisallow: /a\nAllow: /a/open\nDisallow: /*.pdf$\nDisallow: /q*x";
        check(rules, "/", true);
        check(rules, "/a/b", false);
        check(rules, "/a/open/1", true);
        check(rules, "/b/paper.pdf", false);
        check(rules, "/b/paper.pdf?x", true);
        check(rules, "/q/1/x/2", false);
        check("User-agent: *\nDisallow:", "/a", true);
        check("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true);
        check("User-agent: *\nDisallow: /caf%c3%a9", "/café", false);
        check("User-agent: *\nDisallow: /%61", "/a", false);
        check("", "/a", true);
    }

    #[test]
    fn our_own_group_goes_before_that_for_all() {
        let rules = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Detente/1.0\nCrawl-delay: 2.5\nDisallow: /a\n\nSitemap: x\nUser-agent: last\nDisallow: /b";
        check(rules, "/a", false);
        check(rules, "/b", true);
        assert_eq!(Robots::read(rules).delay, Some(Duration::from_millis(2500)));
        assert_eq!(Robots::read("User-agent: *\nCrawl-delay: 1e30").delay, None);
    }
}
