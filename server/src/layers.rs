//! What happens around every request: nonce, security headers, limits, the log.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use service::world::to_hex;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::ctx::App;

/// What is minted for each request before anything looks at it.
#[derive(Debug, Clone)]
pub struct Minted {
    /// For inline scripts.
    pub nonce: String,
    /// Where it came from; only ever hashed.
    pub place: String,
}

/// The path as it may stand in a log: a card's code is never logged.
pub fn logged_path(path: &str) -> &str {
    if path.starts_with("/card/") { "/card/…" } else { path }
}

fn place(app: &App, request: &Request) -> String {
    // Only a proxy we were told of is believed; it appends the address it saw, so the last one is true.
    if app.started.trusted_proxy
        && let Some(last) =
            request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next())
    {
        return last.trim().to_owned();
    }
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string()).unwrap_or_default()
}

async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = app.service.now();
    let mut random = [0u8; 16];
    app.service.world().chance.fill(&mut random);
    let nonce = to_hex(&random);
    let place = place(&app, &request);
    request.extensions_mut().insert(Minted { nonce: nonce.clone(), place: place.clone() });
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let micros = app.service.now().since(started);
    tracing::info!(%method, path = logged_path(&path), status = response.status().as_u16(), micros, "request");
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
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), interest-cohort=()");
    if app.started.https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

/// Puts everything around the doors.
pub fn around_all(router: Router<App>, app: App) -> Router {
    router
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            // The panic itself is in the log; nothing of it is shown.
            (StatusCode::INTERNAL_SERVER_ERROR, "Sorry, that is our mistake. Please try again.").into_response()
        }))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}
