//! Who may ask: the name the desk is called by, the token, and where a write comes from.

use super::Options;
use super::ask::{Problem, short};
use axum::http::{HeaderMap, Method, Uri, header};

/// Cookie that holds the token.
const COOKIE: &str = "detente";
/// What a write must carry: a page of another origin cannot set it without being asked first, and is never allowed.
const OWN: &str = "x-detente";

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// It is answered.
    Through,
    /// The token came in the address: it goes into a cookie and out of the address.
    Cookie(String),
}

/// Looks at a request before anything else does.
pub(super) fn check(options: &Options, port: u16, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Pass, Problem> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let host = text(header::HOST).unwrap_or("");
    if headers.get_all(header::HOST).iter().count() != 1 || !host_is_ours(options, port, host) {
        return Err(Problem::new(
            421,
            format!("this desk is not called \"{}\"", short(host)),
            "open it by the address it printed, or start it with --host NAME",
        ));
    }
    if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
        return Err(Problem::new(405, "no such method here", "GET, HEAD and POST are answered"));
    }
    elsewhere(headers)?;
    let pass = token(options, uri, headers)?;
    if *method == Method::POST {
        write(options, host, headers)?;
    }
    Ok(pass)
}

/// A page of another name that resolves to this machine (DNS rebinding) must not reach the desk.
fn host_is_ours(options: &Options, port: u16, host: &str) -> bool {
    let (name, given) = match host.rsplit_once(':') {
        Some((name, digits)) if !digits.contains(']') => (name, digits.parse::<u16>().ok()),
        _ => (host, Some(80)),
    };
    let name = name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let named = options.hosts.iter().any(|h| h.eq_ignore_ascii_case(&name));
    // Behind a name the user gave there may be another port.
    if named {
        return true;
    }
    let own = name == "localhost" || name == "127.0.0.1" || name == "::1" || name == options.address.ip().to_string();
    own && given == Some(port)
}

fn token(options: &Options, uri: &Uri, headers: &HeaderMap) -> Result<Pass, Problem> {
    let Some(token) = &options.token else { return Ok(Pass::Through) };
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let mut cookies = cookies.filter_map(|c| c.trim().split_once('=')).filter(|(n, _)| *n == COOKIE).map(|(_, v)| v);
    let coded: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
    if bearer.is_some_and(|b| same(b, token)) || cookies.any(|c| same(c, &coded)) {
        return Ok(Pass::Through);
    }
    let query = form_urlencoded::parse(uri.query().unwrap_or("").as_bytes());
    if query.into_iter().any(|(n, v)| n == "token" && same(&v, token)) {
        return Ok(Pass::Cookie(format!("{COOKIE}={coded}; HttpOnly; SameSite=Strict; Path=/")));
    }
    Err(Problem::new(401, "this desk asks for a token", "open it as …/?token=WORDS, or send Authorization: Bearer WORDS"))
}

/// Other pages may link to the desk. They may not load anything from it: what they cannot read would still cost time.
fn elsewhere(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map_or("", |v| v.to_str().unwrap_or("?"));
    let asked_by_a_page = !matches!(text("sec-fetch-site"), "" | "none" | "same-origin") && text("sec-fetch-mode") != "navigate";
    match asked_by_a_page {
        true => Err(Problem::new(403, "another page asks for this", "open it in a window of its own")),
        false => Ok(()),
    }
}

/// Compares in a time that does not tell how much is right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

/// A write must come from the desk's own pages, or from a program.
fn write(options: &Options, host: &str, headers: &HeaderMap) -> Result<(), Problem> {
    if !options.review {
        return Err(Problem::new(403, "this desk is read-only", "start it with --review to correct records"));
    }
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let own_origin = text("origin").is_none_or(|o| o == format!("http://{host}") || o == format!("https://{host}"));
    let own_site = text("sec-fetch-site").is_none_or(|s| s == "same-origin");
    let json = text("content-type").is_some_and(|t| t.split(';').next() == Some("application/json"));
    if !own_origin || !own_site || !json || text(OWN).is_none() {
        return Err(Problem::new(
            403,
            "a write must come from the desk itself",
            "programs send Content-Type: application/json and X-Detente: 1",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(token: Option<&str>, review: bool) -> Options {
        Options {
            store: "x".into(),
            address: ([127, 0, 0, 1], 8718).into(),
            token: token.map(str::to_owned),
            review,
            author: "a".into(),
            hosts: vec!["desk.example.org".into()],
        }
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(n, v)| (header::HeaderName::from_static(n), v.parse().unwrap())).collect()
    }

    #[test]
    fn only_by_its_own_names() {
        let check = |host: &str, expect: bool| assert_eq!(host_is_ours(&options(None, false), 8718, host), expect, "{host}");
        for ours in ["127.0.0.1:8718", "localhost:8718", "LOCALHOST:8718", "[::1]:8718", "desk.example.org", "desk.example.org:443"] {
            check(ours, true);
        }
        for other in
            ["evil.example", "evil.example:8718", "127.0.0.1:80", "127.0.0.1", "", "localhost.evil.example:8718", "127.0.0.1:8718.evil"]
        {
            check(other, false);
        }
    }

    #[test]
    fn tokens() {
        let with = |uri: &str, lines: &[(&'static str, &str)]| {
            let mut all = vec![("host", "localhost:8718")];
            all.extend(lines);
            check(&options(Some("secret words"), false), 8718, &Method::GET, &uri.parse().unwrap(), &headers(&all))
        };
        assert_eq!(with("/", &[]).unwrap_err().status, 401);
        assert_eq!(with("/", &[("authorization", "Bearer secret word")]).unwrap_err().status, 401);
        assert_eq!(with("/", &[("authorization", "Bearer secret words")]).unwrap(), Pass::Through);
        assert!(matches!(with("/?token=secret+words", &[]).unwrap(), Pass::Cookie(c) if c.starts_with("detente=secret+words; HttpOnly")));
        assert_eq!(with("/", &[("cookie", "a=b; detente=secret+words")]).unwrap(), Pass::Through);
        assert_eq!(with("/", &[("cookie", "detente=")]).unwrap_err().status, 401);
    }

    #[test]
    fn other_pages_may_link_and_not_load() {
        let get = |lines: &[(&'static str, &str)]| {
            let mut all = vec![("host", "localhost:8718")];
            all.extend(lines);
            check(&options(None, false), 8718, &Method::GET, &"/live".parse().unwrap(), &headers(&all)).map_err(|p| p.status)
        };
        for fine in ["none", "same-origin"] {
            assert_eq!(get(&[("sec-fetch-site", fine), ("sec-fetch-mode", "cors")]), Ok(Pass::Through));
        }
        assert_eq!(get(&[]), Ok(Pass::Through));
        assert_eq!(get(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]), Ok(Pass::Through));
        for site in ["cross-site", "same-site", "\u{e9}"] {
            for mode in ["cors", "no-cors", "websocket", ""] {
                assert_eq!(get(&[("sec-fetch-site", site), ("sec-fetch-mode", mode)]), Err(403), "{site} {mode}");
            }
        }
    }

    #[test]
    fn writes_come_from_the_desk_itself() {
        let post = |review: bool, lines: &[(&'static str, &str)]| {
            let mut all = vec![("host", "localhost:8718")];
            all.extend(lines);
            check(&options(None, review), 8718, &Method::POST, &"/correct".parse().unwrap(), &headers(&all)).map_err(|p| p.status)
        };
        let own = [
            ("content-type", "application/json"),
            ("x-detente", "1"),
            ("origin", "http://localhost:8718"),
            ("sec-fetch-site", "same-origin"),
        ];
        assert_eq!(post(true, &own), Ok(Pass::Through));
        assert_eq!(post(true, &own[..2]), Ok(Pass::Through));
        assert_eq!(post(false, &own), Err(403));
        assert_eq!(post(true, &own[1..]), Err(403));
        assert_eq!(post(true, &[own[0]]), Err(403));
        assert_eq!(post(true, &[own[0], own[1], ("origin", "http://evil.example")]), Err(403));
        assert_eq!(post(true, &[own[0], own[1], ("origin", "null")]), Err(403));
        assert_eq!(post(true, &[own[0], own[1], ("sec-fetch-site", "cross-site")]), Err(403));
        assert_eq!(post(true, &[("content-type", "text/plain"), own[1]]), Err(403));
    }
}
