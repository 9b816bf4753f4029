//! One address asked for: redirects, limits of time and size, encodings, each failure in words.

use super::hosts::Hosts;
use super::private::{Private, Public};
use super::robots;
use crate::read::packed;
use std::collections::HashSet;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use ureq::http::{HeaderMap, StatusCode, header};
use url::Url;

/// Redirects followed for one request.
const HOPS: usize = 10;

/// How requests are made.
#[derive(Clone, Debug)]
pub struct Manners {
    /// Requests to addresses of this machine and of private networks are made.
    pub allow_private: bool,
    /// Time for one request, from the look-up of the name to the last byte.
    pub timeout: Duration,
    /// Pause between two requests to one host, where its robots.txt asks for no longer one.
    pub delay: Duration,
    /// Tries after a failure that may pass.
    pub retries: u32,
    /// Pause before the second try; each later one is four times as long.
    pub back_off: Duration,
    /// Largest answer, in bytes, as it is sent and as it is unpacked.
    pub limit: u64,
    /// Who we say we are.
    pub agent: String,
}

/// What a server said last time, for asking whether there is anything new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The `ETag` of the last answer.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub modified: Option<String>,
}

/// An answer that can be used.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 200, or 304 when there is nothing new.
    pub status: u16,
    /// Where it came from, after all redirects.
    pub url: Url,
    /// Kind of content, in small letters; empty when the server does not tell.
    pub kind: String,
    /// The bytes, unpacked, in UTF-8 where the server's charset was needed to know them.
    pub body: Vec<u8>,
    /// For the next time.
    pub known: Known,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In words.
    pub what: String,
    /// Whether another try may help.
    pub passing: bool,
    /// The answer's status, where there was one.
    pub status: Option<u16>,
    /// When the server wants to be asked again.
    pub after: Option<Duration>,
}

impl Trouble {
    pub(super) fn passing(what: impl Into<String>) -> Self {
        Self { what: what.into(), passing: true, status: None, after: None }
    }

    pub(super) fn lasting(what: impl Into<String>) -> Self {
        Self { what: what.into(), passing: false, status: None, after: None }
    }
}

/// Asks servers, politely.
pub struct Client<'a> {
    agent: ureq::Agent,
    manners: Manners,
    hosts: Hosts,
    stop: &'a AtomicBool,
}

/// An answer as it came.
struct Raw {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'a> Client<'a> {
    /// A client with these manners; it gives up when `stop` is raised.
    pub fn new(manners: Manners, stop: &'a AtomicBool) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(manners.timeout))
            .user_agent(manners.agent.as_str())
            .accept("text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,*/*;q=0.5")
            .accept_encoding("gzip, br, zstd")
            .max_idle_connections_per_host(1)
            .build();
        let resolver = Public { allow: manners.allow_private };
        let agent = ureq::Agent::with_parts(config, ureq::unversioned::transport::DefaultConnector::default(), resolver);
        Self { agent, manners, hosts: Hosts::default(), stop }
    }

    /// Whether the user wants to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Asks for an address, again where a failure may pass; tells how often it asked.
    ///
    /// # Errors
    /// There is no usable answer.
    pub fn get(&self, url: &Url, known: &Known) -> (Result<Answer, Trouble>, u32) {
        let mut pause = self.manners.back_off;
        for tries in 1.. {
            let result = self.once(url, known);
            let again = match &result {
                Err(trouble) => trouble.passing && tries <= self.manners.retries && !self.stopped(),
                Ok(_) => false,
            };
            if !again {
                return (result, tries);
            }
            let asked = result.err().and_then(|t| t.after);
            // Who wants more patience than a run has is asked in the next one.
            if let Some(after) = asked.filter(|a| *a > Duration::from_secs(60)) {
                let what = format!("the server wants to be left alone for {} s", after.as_secs());
                return (Err(Trouble { after: Some(after), ..Trouble::passing(what) }), tries);
            }
            self.sleep(pause.max(asked.unwrap_or_default()));
            pause *= 4;
        }
        unreachable!("the tries come to an end")
    }

    fn once(&self, url: &Url, known: &Known) -> Result<Answer, Trouble> {
        let mut at = url.clone();
        let mut seen = HashSet::from([at.clone()]);
        loop {
            self.allowed(&at)?;
            let raw = self.ask(&at, Some(known))?;
            let status = raw.status;
            if let Some(next) = redirect(&raw, &at)? {
                if !seen.insert(next.clone()) {
                    return Err(Trouble::lasting(format!("the address leads in a circle, back to {next}")));
                }
                if seen.len() > HOPS {
                    return Err(Trouble::lasting(format!("the address leads on more than {HOPS} times, last to {next}")));
                }
                at = next;
                continue;
            }
            return match status {
                200 | 203 | 304 => Ok(answer(raw, at)),
                _ => Err(refusal(&raw)),
            };
        }
    }

    /// Whether the site lets us ask for this; its robots.txt is read once.
    fn allowed(&self, url: &Url) -> Result<(), Trouble> {
        let host = self.hosts.of(url);
        let robots = {
            let mut host = host.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match &host.robots {
                Some(robots) => robots.clone(),
                None => {
                    let robots = self.robots(url, &mut host.last)?;
                    host.robots = Some(robots.clone());
                    robots
                }
            }
        };
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        match robots.allows(path) {
            true => Ok(()),
            false => Err(Trouble::lasting("the site's robots.txt asks robots to leave this page alone")),
        }
    }

    /// A site without the file lets everybody in; one that cannot say lets nobody in for now.
    fn robots(&self, url: &Url, last: &mut Option<Instant>) -> Result<robots::Robots, Trouble> {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        for _ in 0..5 {
            self.wait(*last, self.manners.delay)?;
            let raw = self.send(&at, None, robots::LONGEST as u64, true);
            *last = Some(Instant::now());
            let raw = raw.map_err(|t| Trouble { what: format!("{} (asked for its robots.txt)", t.what), ..t })?;
            if let Some(next) = redirect(&raw, &at)? {
                at = next;
                continue;
            }
            return match raw.status {
                200 => Ok(robots::Robots::read(&String::from_utf8_lossy(&raw.body))),
                429 | 500..=599 => {
                    let why = refusal(&raw);
                    Err(Trouble { what: format!("whether robots are welcome is not known: {}", why.what), passing: true, ..why })
                }
                _ => Ok(robots::Robots::default()),
            };
        }
        Ok(robots::Robots::default())
    }

    /// One request at a time to a host, and a pause between two.
    fn ask(&self, url: &Url, known: Option<&Known>) -> Result<Raw, Trouble> {
        let host = self.hosts.of(url);
        let mut host = host.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let delay = host.robots.as_ref().and_then(|r| r.delay).unwrap_or_default().max(self.manners.delay);
        self.wait(host.last, delay)?;
        let raw = self.send(url, known, self.manners.limit, false);
        host.last = Some(Instant::now());
        raw
    }

    fn wait(&self, last: Option<Instant>, delay: Duration) -> Result<(), Trouble> {
        if let Some(last) = last {
            self.sleep(delay.saturating_sub(last.elapsed()));
        }
        if self.stopped() {
            return Err(Trouble::passing("stopped"));
        }
        Ok(())
    }

    fn sleep(&self, whole: Duration) {
        let end = Instant::now() + whole;
        while !self.stopped() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
    }

    fn send(&self, url: &Url, known: Option<&Known>, limit: u64, cut: bool) -> Result<Raw, Trouble> {
        let mut request = self.agent.get(url.as_str());
        if let Some(etag) = known.and_then(|k| k.etag.as_deref()) {
            request = request.header("If-None-Match", etag);
        }
        if let Some(modified) = known.and_then(|k| k.modified.as_deref()) {
            request = request.header("If-Modified-Since", modified);
        }
        let answer = request.call().map_err(|e| self.words(&e, url))?;
        let (head, body) = answer.into_parts();
        if body.content_length().is_some_and(|n| n > limit) && !cut && head.status == StatusCode::OK {
            return Err(Trouble::lasting(format!("the answer is longer than {} MB", limit >> 20)));
        }
        let mut bytes = Vec::new();
        let reader = body.into_with_config().limit(u64::MAX).reader();
        let read = reader.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|e| self.words(&ureq::Error::from(e), url))?;
        if bytes.len() as u64 > limit && !cut {
            return Err(Trouble::lasting(format!("the answer is longer than {} MB", limit >> 20)));
        }
        let body = unpacked(bytes, &head.headers, limit, cut)?;
        Ok(Raw { status: head.status.as_u16(), headers: head.headers, body })
    }

    /// What went wrong on the way, for people.
    fn words(&self, err: &ureq::Error, url: &Url) -> Trouble {
        let host = url.host_str().unwrap_or_default();
        match err {
            ureq::Error::Timeout(_) => {
                Trouble::passing(format!("{host} did not answer in full within {} s", self.manners.timeout.as_secs_f64()))
            }
            ureq::Error::HostNotFound => Trouble::passing(format!("there is no host named {host}, or names cannot be looked up now")),
            ureq::Error::Io(err) => match err.kind() {
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::ConnectionAborted => {
                    Trouble::passing(format!("{host} broke off its answer"))
                }
                std::io::ErrorKind::ConnectionRefused => Trouble::passing(format!("{host} takes no connections")),
                std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => {
                    Trouble::passing(format!("{host} did not answer in full within {} s", self.manners.timeout.as_secs_f64()))
                }
                _ if err.to_string().contains("lookup") => Trouble::passing(format!("the name {host} cannot be looked up: {err}")),
                _ => Trouble::passing(format!("{host} cannot be reached: {err}")),
            },
            ureq::Error::Other(inner) => match inner.downcast_ref::<Private>() {
                Some(private) => Trouble::lasting(private.to_string()),
                None => Trouble::passing(format!("{host} cannot be reached: {inner}")),
            },
            ureq::Error::ConnectionFailed => Trouble::passing(format!("{host} takes no connections")),
            ureq::Error::Rustls(err) => Trouble::lasting(format!("the connection to {host} is not safe: {err}")),
            ureq::Error::Tls(err) => Trouble::lasting(format!("the connection to {host} is not safe: {err}")),
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => Trouble::lasting("the address cannot be asked for"),
            ureq::Error::Protocol(err) => Trouble::passing(format!("{host} gave an answer that is no HTTP: {err}")),
            ureq::Error::LargeResponseHeader(..) => Trouble::lasting(format!("{host} sends headers without end")),
            other => Trouble::passing(format!("{host} cannot be reached: {other}")),
        }
    }
}

/// Where a redirect leads.
fn redirect(raw: &Raw, at: &Url) -> Result<Option<Url>, Trouble> {
    if !matches!(raw.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let to = raw.headers.get(header::LOCATION).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let Some(to) = to else { return Err(Trouble::lasting("the server says that the page is elsewhere, and not where")) };
    let next = at.join(to.trim()).map_err(|_| Trouble::lasting(format!("the address leads to \"{to}\", which is none")))?;
    if !matches!(next.scheme(), "http" | "https") {
        return Err(Trouble::lasting(format!("the address leads to {}:, which is not fetched", next.scheme())));
    }
    let mut next = next;
    next.set_fragment(None);
    Ok(Some(next))
}

/// A status that is no answer.
fn refusal(raw: &Raw) -> Trouble {
    let status = StatusCode::from_u16(raw.status).ok();
    let reason = status.and_then(|s| s.canonical_reason()).map_or(String::new(), |r| format!(" ({r})"));
    let after = raw.headers.get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
    Trouble {
        what: format!("the server answered {}{reason}", raw.status),
        passing: matches!(raw.status, 408 | 425 | 429 | 500..=599),
        status: Some(raw.status),
        after: after.map(Duration::from_secs),
    }
}

fn answer(raw: Raw, url: Url) -> Answer {
    let text = |name| raw.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let kind = text(header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let body = packed::as_told(raw.body, &kind);
    let known = Known { etag: text(header::ETAG), modified: text(header::LAST_MODIFIED) };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    Answer { status: raw.status, url, kind, body, known }
}

/// Undoes the packing, last one first, within the limit.
fn unpacked(bytes: Vec<u8>, headers: &HeaderMap, limit: u64, cut: bool) -> Result<Vec<u8>, Trouble> {
    let names = headers.get_all(header::CONTENT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let mut bytes = bytes;
    for name in packed::packings(&names.collect::<Vec<_>>().join(",")) {
        let broken = |err: std::io::Error| match err.kind() {
            std::io::ErrorKind::Unsupported => Trouble::lasting(format!("the answer is packed in a way that is not read ({name})")),
            _ => Trouble::passing(format!("the answer is broken or cut short ({name}: {err})")),
        };
        let (out, read) = packed::unpacked(&name, &bytes, limit.saturating_add(1));
        if out.len() as u64 > limit && !cut {
            return Err(Trouble::lasting(format!("the answer unpacks to more than {} MB", limit >> 20)));
        }
        match read {
            Err(err) if cut && err.kind() != std::io::ErrorKind::Unsupported => {}
            other => other.map_err(broken)?,
        }
        bytes = out;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_within_the_limit() {
        use std::io::Write;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&vec![b'a'; 1 << 20]).unwrap();
        let gz = gz.finish().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
        assert_eq!(unpacked(gz.clone(), &headers, 1 << 20, false).unwrap().len(), 1 << 20);
        assert!(unpacked(gz.clone(), &headers, (1 << 20) - 1, false).unwrap_err().what.contains("unpacks to more"));
        let cut = unpacked(gz[..gz.len() / 2].to_vec(), &headers, 1 << 20, false).unwrap_err();
        assert!(cut.passing && cut.what.contains("cut short"), "{}", cut.what);
        assert_eq!(unpacked(b"plain".to_vec(), &headers, 100, false).unwrap(), b"plain");
        headers.insert(header::CONTENT_ENCODING, "zip-of-sorts".parse().unwrap());
        assert!(unpacked(gz, &headers, 1 << 20, false).unwrap_err().what.contains("not read"));
    }
}
