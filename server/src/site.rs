//! The finished files inside the program, so that one file is a whole installation.

use app::page::Assets;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

/// One file of the site.
pub struct File {
    /// Its address.
    pub path: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
    /// The same as Brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// Its ETag.
    pub tag: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The file at an address.
pub fn find(path: &str) -> Option<&'static File> {
    FILES.iter().find(|f| f.path == path)
}

fn first(start: &str, end: &str) -> String {
    FILES
        .iter()
        .find(|f| f.path.starts_with(start) && f.path.ends_with(end))
        .map_or_else(String::new, |f| f.path.to_owned())
}

fn versioned(path: &str) -> String {
    find(path).map_or_else(|| path.to_owned(), |f| format!("{path}?v={}", f.tag.trim_matches('"')))
}

/// Where pages find their files: names with a hash, or a version behind them.
pub fn assets() -> Assets {
    Assets {
        css: first("/pkg/tandem", ".css"),
        js: first("/pkg/tandem", ".js"),
        wasm: first("/pkg/tandem", ".wasm"),
        boot: versioned("/static/boot.js"),
        extras: versioned("/static/extras.js"),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}

/// Answers with a file. Hashed names never change; everything else is asked for again after a day.
pub fn serve(file: &'static File, headers: &HeaderMap) -> Response {
    let accepts = |h: header::HeaderName, what: &str| {
        headers.get(h).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(what))
    };
    let mut response = Response::new(Body::empty());
    let fresh = accepts(header::IF_NONE_MATCH, file.tag);
    let brotli = file.brotli.filter(|_| accepts(header::ACCEPT_ENCODING, "br"));
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = Body::from(brotli.unwrap_or(file.bytes));
    }
    let out = response.headers_mut();
    let mut set = |name, value: &'static str| {
        out.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, media_type(file.path));
    set(header::ETAG, file.tag);
    set(header::VARY, "accept-encoding");
    let forever = file.path.starts_with("/pkg/");
    set(header::CACHE_CONTROL, if forever { "public, max-age=31536000, immutable" } else { "public, max-age=86400" });
    if brotli.is_some() && !fresh {
        set(header::CONTENT_ENCODING, "br");
    }
    response
}
