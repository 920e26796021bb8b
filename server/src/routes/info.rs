//! Pages that everybody can read. They are drawn without the database where they can be.

use app::pages::info;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::moment::Moment;
use service::{Problems, Refused};

use crate::answer::{Outcome, set_cookie};
use crate::ctx::{Calm, Ctx};
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/accessibility", accessibility),
        Door::page("/attribution", attribution),
        Door::page("/cookies", cookies),
        Door::page("/display", display_page),
        Door::post("/display", display),
        Door::page("/help", help),
        #[cfg(debug_assertions)]
        Door::page("/kit", kit),
        Door::page("/not-safe", not_safe),
        Door::page("/privacy", privacy),
        Door::get("/robots.txt", robots),
        Door::page("/security", security),
        Door::page("/talk", talk),
        Door::get("/.well-known/security.txt", security_txt),
    ]
}

const YEAR: i64 = 365 * 24 * 60 * 60;

async fn accessibility(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::accessibility(&ctx.page, &info::Statement::ours())))
}

async fn attribution(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::attribution(&ctx.page)))
}

async fn cookies(Calm(ctx): Calm) -> Outcome {
    let mut names = ["session", "display", "said"].map(|name| (ctx.app.started.cookie(name), name)).to_vec();
    // What is kept by frontend/js is no cookie, and is left on the device like one.
    names.extend(["left", "unsent", "writing", "kept", "shell"].map(|name| (name.to_owned(), name)));
    Ok(ctx.html(info::cookies(&ctx.page, names)))
}

async fn display_page(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::display(&ctx.page, &ctx.form())))
}

/// Keeps the choices in a cookie for a year. No account is needed, and nothing is written down here.
async fn display(ctx: Ctx, posted: Posted) -> Outcome {
    let mut chosen = ctx.page.display;
    let mut problems = Problems::new();
    for name in ["theme", "size", "spacing", "font", "symbols", "motion"] {
        // A field that was not sent stays as it is: a program may send only what it changes.
        let value = posted.text(name);
        if !value.is_empty() && !chosen.set(name, value) {
            problems.add(name, "choose");
        }
    }
    if !problems.is_empty() {
        return Ok(ctx.again(Refused::Invalid(problems), &posted, info::display));
    }
    let mut response = ctx.done("/display", "display");
    response.headers_mut().append(header::SET_COOKIE, set_cookie(&ctx, "display", &chosen.to_cookie(), Some(YEAR)));
    Ok(response)
}

async fn help(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::help(&ctx.page)))
}

#[cfg(debug_assertions)]
async fn kit(ctx: Ctx) -> Outcome {
    Ok(ctx.html(app::pages::kit::all(&ctx.page, ctx.form().id())))
}

async fn not_safe(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::not_safe(&ctx.page)))
}

async fn privacy(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::privacy(&ctx.page)))
}

fn plain(text: String) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// What young people say here is not for search engines; what the council promises in public is for everybody.
async fn robots() -> Response {
    plain(include_str!("../../../style/robots.txt").to_owned())
}

async fn security(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::security(&ctx.page)))
}

async fn talk(Calm(ctx): Calm) -> Outcome {
    Ok(ctx.html(info::talk(&ctx.page)))
}

/// RFC 9116. It says to be read again within half a year, from the day it is asked for.
async fn security_txt(Calm(ctx): Calm) -> Response {
    let url = &ctx.app.started.url;
    let contact = &ctx.page.site.security_contact;
    let contact = if contact.starts_with("https://") {
        contact.clone()
    } else if contact.contains('@') && !contact.contains(char::is_whitespace) {
        format!("mailto:{contact}")
    } else {
        format!("{url}/talk")
    };
    let expires = Moment(ctx.page.now.0 + Moment::DAY * 182);
    let expires = jiff::Timestamp::from_microsecond(expires.0).map(|t| t.strftime("%Y-%m-%dT00:00:00Z").to_string());
    plain(format!(
        "Contact: {contact}\nExpires: {}\nPreferred-Languages: en\nCanonical: {url}/.well-known/security.txt\nPolicy: {url}/security\n",
        expires.unwrap_or_default()
    ))
}
