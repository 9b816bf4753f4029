//! Answers on their way out.

use super::ask::Problem;
use super::cache::Body;
use crate::store::Row;
use axum::body::Body as Stream;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;

/// Nothing runs or loads but our own files; nobody may frame the desk.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer carries.
pub(super) fn guard(headers: &mut HeaderMap) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A body as the client takes it.
pub(super) fn body(body: &Arc<Body>, asked: &HeaderMap, keep: bool) -> Response<Stream> {
    let accepts = asked.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok());
    let zips = accepts.is_some_and(|a| a.split(',').any(|e| e.trim() == "gzip"));
    let (bytes, zipped) = match (&body.zipped, zips) {
        (Some(zipped), true) => (zipped.clone(), true),
        _ => (body.plain.clone(), false),
    };
    let mut reply = Response::new(Stream::from(bytes));
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(body.kind));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Files with a hash in their names never change; all else is asked for anew.
    let cache = if keep { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if zipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    reply
}

pub(super) fn problem(problem: &Problem) -> Response<Stream> {
    let mut reply = Response::new(Stream::from(format!("{}\n", problem.json())));
    *reply.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// A value as JSON.
pub(super) fn json(value: &Value) -> Body {
    finished(format!("{value}\n").into_bytes(), "application/json")
}

/// The rows of an answer as a table.
pub(super) fn csv(value: &Value, rows: &str) -> Body {
    let none = Vec::new();
    let rows = value.get(rows).and_then(Value::as_array).unwrap_or(&none);
    let mut out = csv::Writer::from_writer(Vec::new());
    let columns: Vec<&String> = rows.first().and_then(Value::as_object).map(Row::keys).into_iter().flatten().collect();
    let mut line = |cells: Vec<String>| {
        // Writing to memory cannot fail, and all lines have as many cells as the first.
        out.write_record(cells).expect("memory can be written");
    };
    if !columns.is_empty() {
        line(columns.iter().map(|c| (*c).clone()).collect());
    }
    for row in rows {
        line(columns.iter().map(|c| cell(&row[c.as_str()])).collect());
    }
    finished(out.into_inner().unwrap_or_default(), "text/csv; charset=utf-8")
}

/// A value in a cell: lists are JSON, what is missing is nothing. A text that a spreadsheet would run as a
/// formula is put behind an apostrophe.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) if s.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{s}"),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

fn finished(plain: Vec<u8>, kind: &'static str) -> Body {
    // More would take longer than all the rest of an answer, for a tenth less.
    let zipped = zip(&plain, 3);
    Body { plain, zipped, kind }
}

/// Compressed, where that pays; `level` as zlib has it, 0 to 9.
pub(super) fn zip(bytes: &[u8], level: u32) -> Option<Vec<u8>> {
    if bytes.len() < 1_000 {
        return None;
    }
    let mut out = GzEncoder::new(Vec::new(), Compression::new(level));
    out.write_all(bytes).ok()?;
    out.finish().ok().filter(|z| z.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tables() {
        let value = json!({"rows": [{"a": 1, "b": null, "c": ["x"]}, {"a": "two, or so", "b": "=cmd()", "c": []}]});
        assert_eq!(String::from_utf8(csv(&value, "rows").plain).unwrap(), "a,b,c\n1,,\"[\"\"x\"\"]\"\n\"two, or so\",'=cmd(),[]\n");
        assert_eq!(csv(&json!({"rows": []}), "rows").plain, b"");
        assert_eq!(csv(&json!({}), "rows").plain, b"");
    }
}
