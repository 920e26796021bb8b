//! The front door, the finished files, and what is not there.

use app::pages;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use service::Refused;

use crate::answer::{Outcome, Stop};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;
use crate::site;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/", home),
        Door::get("/pkg/{*path}", file),
        Door::get("/static/{*path}", file),
        Door::get("/sw.js", worker),
        Door::get("/healthz", alive),
        Door::get("/readyz", ready),
    ]
}

async fn home(ctx: Ctx) -> Outcome {
    if ctx.page.me().is_some() {
        let home = ctx.service().home(ctx.who()).await.map_err(|e| ctx.stop(e))?;
        let mine = super::designs::mine(&ctx);
        let owners = (!mine.shared).then_some(mine.owners.as_str());
        return Ok(ctx.html(pages::home::home(&ctx.page, &ctx.form(), &home, owners)));
    }
    let welcome = ctx.service().welcome(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::home::welcome(&ctx.page, &welcome, ctx.visit.lapsed.is_some())))
}

async fn file(uri: axum::http::Uri, headers: HeaderMap, Path(_): Path<String>) -> Response {
    match site::find(uri.path()) {
        Some(file) => site::serve(file, &headers),
        None => (StatusCode::NOT_FOUND, "not found").into_response(),
    }
}

/// The program that keeps pages for when there is no line (docs/DECISIONS/0021). It stands at the root, because browsers let it
/// see the pages below where it stands.
async fn worker() -> Response {
    match site::worker() {
        Some(text) => site::script(text),
        None => (StatusCode::NOT_FOUND, "not found").into_response(),
    }
}

async fn alive() -> &'static str {
    "alive\n"
}

async fn ready(axum::extract::State(app): axum::extract::State<crate::App>) -> Response {
    match app.service.settings().await {
        Ok(_) => (StatusCode::OK, "ready\n").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be reached\n").into_response(),
    }
}

/// The 404 page for every address that is no door. A form from a page of an older program keeps its words.
pub async fn not_found(ctx: Ctx, _read: Result<Posted, Stop>) -> Outcome {
    Err(ctx.stop(Refused::Unknown))
}

/// 405, as a page.
pub async fn wrong_method(ctx: Ctx, _read: Result<Posted, Stop>) -> Outcome {
    Err(ctx.wrong_method())
}
