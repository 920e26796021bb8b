//! What happens around every request: nonce, security headers, limits, the log.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use app::pages::errors::Wrong;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequest as _, FromRequestParts as _, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use service::Refused;
use service::world::to_hex;
use tokio::sync::Semaphore;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::bodies::{Bodies, Came, Most};
use crate::ctx::{App, Ctx};
use crate::posted::{MOST_KEPT, Posted, Typed};

/// Requests worked on at once; more wait their turn. An open stream is no longer one of them, and what is still coming in
/// is none yet ([`crate::bodies`]).
const AT_ONCE: usize = 256;
/// Pages that must open when the program is busiest have turns of their own.
const ALWAYS: [&str; 3] = ["/not-safe", "/help", "/talk"];
/// How many of them at once.
const ALWAYS_AT_ONCE: usize = 64;
/// How long one may wait for its turn.
const MOST_WAIT: Duration = Duration::from_secs(10);
/// How long one may take, once all of it is here, until its answer begins.
const MOST_TIME: Duration = Duration::from_secs(60);
/// Longest address we read; browsers and proxies agree on about this much.
const MOST_ADDRESS: usize = 8 * 1024;

/// The door whose address carries the secret of a card.
const CARD_DOOR: &str = "/card/{code}";

/// What is minted for each request before anything looks at it.
#[derive(Debug, Clone)]
pub struct Minted {
    /// For inline scripts.
    pub nonce: String,
    /// Where it came from; only ever hashed.
    pub place: String,
    /// What its form said, once it was read.
    pub typed: Typed,
}

/// What stands around the doors.
#[derive(Clone)]
struct Around {
    app: App,
    turns: Arc<Semaphore>,
    always: Arc<Semaphore>,
    bodies: Bodies,
    /// The doors that take files, and how big.
    files: Arc<HashMap<&'static str, usize>>,
}

impl Around {
    /// Reads what came with a request, before anything is asked about who sent it. `None` when there is no room for it.
    async fn whole(&self, mut parts: Parts, body: Body) -> Option<(Request, Option<Came>)> {
        if parts.method != Method::POST {
            return Some((Request::from_parts(parts, body), None));
        }
        let file = parts.extensions.get::<MatchedPath>().and_then(|door| self.files.get(door.as_str()).copied());
        let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
        let place = parts.extensions.get::<Minted>().map(|m| m.place.clone()).unwrap_or_default();
        let most = (length, file.unwrap_or(MOST_KEPT));
        let came = self.bodies.read(&place, most, file.is_some(), body).await?;
        parts.extensions.insert(came.end);
        Some((Request::from_parts(parts, Body::from(came.bytes.clone())), Some(came)))
    }
}

/// The door as it may stand in a log. Never the address itself: it can hold the secret of a card, or anything somebody typed.
pub fn logged(route: Option<&MatchedPath>) -> &str {
    route.map_or("no door", MatchedPath::as_str)
}

/// The method as it may stand in a log: anybody can send any word as one.
fn logged_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// An address that no page of ours has: too long, not UTF-8, or with a sign that no text has.
fn is_readable(uri: &Uri) -> bool {
    let Some(whole) = uri.path_and_query() else { return true };
    whole.as_str().len() <= MOST_ADDRESS
        && [whole.path(), whole.query().unwrap_or("")]
            .iter()
            .all(|part| percent_encoding::percent_decode_str(part).decode_utf8().is_ok_and(|text| !text.contains('\0')))
}

fn place(app: &App, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let told = app.started.trusted_proxy.then(|| told_by_proxy(request.headers())).flatten();
    told.or(peer).map(network).unwrap_or_default()
}

/// What the proxy in front says. Only one we were told of is asked: it adds the address it saw at the end, be it to the
/// line that came with the request or as a line of its own. Everything before that anybody can write.
fn told_by_proxy(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    let bare = last.strip_prefix('[').and_then(|l| l.strip_suffix(']')).unwrap_or(last);
    // Some proxies add the port.
    bare.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|a| a.ip()))
}

/// An address as a place: of IPv6 whoever has one address has its whole /64, and could try from a new one each time.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Addresses that programs read, not people: their refusals stay short.
fn is_for_programs(path: &str) -> bool {
    ["/static/", "/pkg/", "/api/", "/healthz", "/readyz"].iter().any(|start| path.starts_with(start))
}

/// A page of ours for whoever asked, who may be nobody.
async fn drawn(app: &App, mut asked: Parts, page: impl FnOnce(&Ctx) -> Response) -> Response {
    match Ctx::from_request_parts(&mut asked, app).await {
        Ok(ctx) => page(&ctx),
        Err(stop) => stop.into_response(),
    }
}

/// Our page instead of a library's bare words, which may quote what was sent.
async fn in_our_words(app: &App, asked: Parts, response: Response) -> Response {
    let status = response.status();
    let ours = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("text/plain");
    if !(status.is_client_error() || status.is_server_error())
        || !ours.starts_with("text/plain")
        || is_for_programs(asked.uri.path())
    {
        return response;
    }
    let elsewhere = response.extensions().get::<ProtectionError>().is_some();
    let wrong = match status {
        _ if elsewhere => Wrong::Elsewhere,
        StatusCode::NOT_FOUND => Wrong::NotFound,
        StatusCode::FORBIDDEN => Wrong::NotAllowed,
        StatusCode::METHOD_NOT_ALLOWED => Wrong::WrongMethod,
        StatusCode::PAYLOAD_TOO_LARGE => Wrong::TooBig,
        s if s.is_server_error() => Wrong::Away,
        _ => Wrong::BadRequest,
    };
    drawn(app, asked, |ctx| ctx.wrong(status, &wrong)).await
}

/// The request's answer; or a page of ours when there is no turn for it, it takes too long, or something panics.
async fn answered(around: &Around, request: Request, next: Next) -> Response {
    let app = &around.app;
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    // Whatever ends a request early, the words of its form stand on the page.
    let too_slow = async |asked: Parts| drawn(app, asked, Ctx::too_slow).await;
    if !is_readable(&parts.uri) {
        // The page itself must not carry what cannot be read into its links.
        asked.uri = Uri::from_static("/");
        return drawn(app, asked, |ctx| ctx.wrong(StatusCode::BAD_REQUEST, &Wrong::BadRequest)).await;
    }
    let path = parts.uri.path();
    // Whether the program is alive must be known when it is busiest.
    let turns = if is_for_programs(path) {
        None
    } else if ALWAYS.contains(&path) {
        Some(&around.always)
    } else {
        Some(&around.turns)
    };
    // All of it first, then a turn, then who is asking: their rights are those of now.
    let Some((request, _came)) = around.whole(parts, body).await else {
        return drawn(app, asked, Ctx::crowded).await;
    };
    let _turn = match turns {
        None => None,
        Some(turns) => match tokio::time::timeout(MOST_WAIT, turns.acquire()).await {
            Ok(turn) => turn.ok(),
            Err(_) => {
                if request.method() == Method::POST {
                    // Read for its words only.
                    let _ = Posted::from_request(request, app).await;
                }
                return too_slow(asked).await;
            }
        },
    };
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(MOST_TIME, work).await {
        Ok(Ok(response)) => in_our_words(app, asked, response).await,
        // Where it happened is in the log (the hook of `serve`); what it said may quote somebody.
        Ok(Err(_)) => drawn(app, asked, |ctx| ctx.stop(Refused::fault("panic")).into_response()).await,
        Err(_) => too_slow(asked).await,
    }
}

async fn around(State(around): State<Around>, mut request: Request, next: Next) -> Response {
    let app = &around.app;
    let started = app.service.now();
    let mut random = [0u8; 16];
    app.service.world().chance.fill(&mut random);
    let nonce = to_hex(&random);
    let place = place(app, &request);
    request.extensions_mut().insert(Minted { nonce: nonce.clone(), place: place.clone(), typed: Typed::default() });
    let method = logged_method(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = answered(&around, request, next).await;
    let micros = app.service.now().since(started);
    let (door, status) = (logged(route.as_ref()), response.status().as_u16());
    tracing::info!(method, door, status, micros, "request");
    crate::metrics::request(method, door, status, micros);
    if response.status() == StatusCode::FORBIDDEN
        && let Err(e) = app.service.note_refusal(&place).await
    {
        tracing::warn!(error = %e, "a refusal could not be counted");
    }
    let headers = response.headers_mut();
    let csp = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; \
         worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    );
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &csp);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // no-referrer would send `Origin: null` and break the check of where a form came from (ENGINEERING.md 1.7).
    // The address of a card's page is a secret, so from there not even our own pages hear more than the origin.
    let to_whom = if door == CARD_DOOR { "strict-origin" } else { "same-origin" };
    set(header::REFERRER_POLICY, to_whom);
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), interest-cohort=()");
    if app.started.https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

/// Puts everything around the doors. `most`: how much may be on its way at once.
pub fn around_all(router: Router<App>, app: App, most: Most) -> Router {
    let files = crate::doors::all().into_iter().filter_map(|door| Some((door.path, door.files?))).collect();
    let around_them = Around {
        app: app.clone(),
        turns: Arc::new(Semaphore::new(AT_ONCE)),
        always: Arc::new(Semaphore::new(ALWAYS_AT_ONCE)),
        bodies: Bodies::new(most),
        files: Arc::new(files),
    };
    router
        .layer(CsrfLayer::new().with_rejection_response(|_: ProtectionError| {
            // The page is drawn by `in_our_words`, which knows who is asking.
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }))
        .layer(from_fn_with_state(around_them, around))
        .with_state(app)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).expect("a value"));
        }
        told_by_proxy(&headers).map(network)
    }

    #[test]
    fn only_the_last_address_of_the_last_line_is_believed() {
        for lines in
            [&["203.0.113.7"][..], &["9.9.9.1, 203.0.113.7"], &["9.9.9.1", "203.0.113.7"], &["a", "b,203.0.113.7 "]]
        {
            assert_eq!(told(lines).as_deref(), Some("203.0.113.7"), "{lines:?}");
        }
    }

    #[test]
    fn a_port_or_another_address_of_the_same_network_is_no_new_place() {
        for line in
            ["203.0.113.9", "203.0.113.9:5000", "203.0.113.9:5001", "::ffff:203.0.113.9", "[::ffff:203.0.113.9]:80"]
        {
            assert_eq!(told(&[line]).as_deref(), Some("203.0.113.9"), "{line}");
        }
        for line in ["2001:db8:1:1::1", "2001:db8:1:1:a:b:c:d", "[2001:db8:1:1::7]", "[2001:db8:1:1::7]:443"] {
            assert_eq!(told(&[line]).as_deref(), Some("2001:db8:1:1::/64"), "{line}");
        }
        assert_ne!(told(&["2001:db8:1:1::1"]), told(&["2001:db8:1:2::1"]));
    }

    #[test]
    fn what_cannot_be_read_is_not_believed() {
        for lines in
            [&[][..], &[""], &["203.0.113.7,"], &["203.0.113.7, unknown"], &["203.0.113.7", "_hidden"], &["1.2.3"]]
        {
            assert_eq!(told(lines), None, "{lines:?}");
        }
    }
}
