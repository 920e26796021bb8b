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
    let file = FILES.iter().find(|f| f.path == path);
    #[cfg(debug_assertions)]
    let file = file.or_else(|| from_checkout(path));
    file
}

/// In development, when nothing is inside the program: style sheets, scripts, `public/` and what `make dev` built for the
/// browser, as they lie in the checkout, read again each time so that a change is seen at once. What was read is never given
/// back; a development server does not run long.
#[cfg(debug_assertions)]
fn from_checkout(path: &str) -> Option<&'static File> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let top = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    if !FILES.is_empty() || path.contains("..") {
        return None;
    }
    let bytes = if path == "/pkg/tandem.css" {
        let main = std::fs::read_to_string(top.join("style/main.css")).ok()?;
        let parts = main.lines().filter_map(|line| line.strip_prefix("@import \"./")?.strip_suffix("\";"));
        parts.filter_map(|name| std::fs::read(top.join("style").join(name)).ok()).flatten().collect()
    } else if path.starts_with("/pkg/") {
        std::fs::read(top.join("target/site").join(path.trim_start_matches('/'))).ok()?
    } else if let Some(script) = path.strip_prefix("/static/").filter(|name| name.ends_with(".js")) {
        std::fs::read(top.join("frontend/js").join(script)).ok()?
    } else {
        std::fs::read(top.join("public").join(path.trim_start_matches('/'))).ok()?
    };
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let tag: &'static str = format!("\"{:016x}\"", hasher.finish()).leak();
    Some(Box::leak(Box::new(File { path: path.to_owned().leak(), bytes: bytes.leak(), brotli: None, tag })))
}

fn first(start: &str, end: &str) -> String {
    let found = FILES.iter().find(|f| f.path.starts_with(start) && f.path.ends_with(end)).map(|f| f.path.to_owned());
    #[cfg(debug_assertions)]
    let found = found.or_else(|| while_watched(&format!("{start}{end}")));
    found.unwrap_or_default()
}

/// What `make dev` built for the browser, under the plain name that it has there. Tests have no islands.
#[cfg(debug_assertions)]
fn while_watched(path: &str) -> Option<String> {
    std::env::var_os("LEPTOS_WATCH")?;
    from_checkout(path).map(|file| file.path.to_owned())
}

fn stylesheet() -> String {
    let bundled = first("/pkg/tandem", ".css");
    if bundled.is_empty() && cfg!(debug_assertions) { "/pkg/tandem.css".to_owned() } else { bundled }
}

fn versioned(path: &str) -> String {
    find(path).map_or_else(|| path.to_owned(), |f| format!("{path}?v={}", f.tag.trim_matches('"')))
}

/// Where pages find their files: names with a hash, or a version behind them.
pub fn assets() -> Assets {
    Assets {
        css: stylesheet(),
        js: first("/pkg/tandem", ".js"),
        wasm: first("/pkg/tandem", ".wasm"),
        boot: versioned("/static/boot.js"),
        extras: versioned("/static/extras.js"),
        // In development files change under their names: nothing may keep them.
        kept: !FILES.is_empty(),
    }
}

/// The program that keeps pages for when there is no line, with the names of the files in it that it needs for them: those of
/// every page, and those of a page that writes. Another program of ours has other names, so that browsers take it for a new one.
pub fn worker() -> Option<String> {
    let text = std::str::from_utf8(find("/static/sw.js")?.bytes).ok()?;
    let Assets { css, js, wasm, boot, extras, .. } = assets();
    let files = [css.as_str(), extras.as_str(), "/static/mark.svg"].join(" ");
    let islands = [boot.as_str(), js.as_str(), wasm.as_str()].join(" ");
    // Whichever file changed: what is kept under its name is another one.
    let all: String = FILES.iter().map(|file| file.tag).chain([text, &files, &islands]).collect();
    let program = service::world::to_hex(&service::world::sha256(all.as_bytes())[..8]);
    Some(text.replacen("@program", &program, 1).replacen("@files", &files, 1).replacen("@islands", &islands, 1))
}

/// Answers with a script that browsers ask for anew each time.
pub fn script(text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
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
    let age = if cfg!(debug_assertions) && FILES.is_empty() {
        "no-cache"
    } else if forever {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=86400"
    };
    set(header::CACHE_CONTROL, age);
    if brotli.is_some() && !fresh {
        set(header::CONTENT_ENCODING, "br");
    }
    response
}
