//! The web pages' files, compiled in. A name is looked up as it is: no path is ever made of it.

use super::cache::Body;
use super::reply::zip;
use std::sync::{Arc, OnceLock};

/// A file of `web/dist`.
pub(super) struct Asset {
    name: &'static str,
    bytes: &'static [u8],
    body: OnceLock<Arc<Body>>,
}

const fn asset(name: &'static str, bytes: &'static [u8]) -> Asset {
    Asset { name, bytes, body: OnceLock::new() }
}

// `ASSETS`, made by build.rs from what lies in web/dist.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The page that all addresses of the desk give.
pub(super) const INDEX: &str = "index.html";

pub(super) fn find(name: &str) -> Option<Arc<Body>> {
    let asset = ASSETS.iter().find(|a| a.name == name)?;
    let make = || Arc::new(Body { plain: asset.bytes.to_vec(), zipped: zip(asset.bytes, 9), kind: kind(name) });
    Some(Arc::clone(asset.body.get_or_init(make)))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_whole_name_alone() {
        assert!(find(INDEX).is_some_and(|b| String::from_utf8_lossy(&b.plain).contains("<script type=\"module\" src=\"/assets/")));
        for name in ["", "..", "../Cargo.toml", "/etc/passwd", "index", "INDEX.HTML", "dist/index.html", "index.html\0"] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_first_page_is_small() {
        // Everything but what the map alone asks for.
        let first = ASSETS.iter().filter(|a| !a.name.starts_with("world"));
        let bytes: usize = first.filter_map(|a| find(a.name)).map(|b| b.zipped.as_ref().map_or(b.plain.len(), Vec::len)).sum();
        assert!(bytes < 250_000, "{bytes} bytes");
    }
}
