//! Signing in and out.

use app::pages;
use app::pages::access::Kept;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use domain::people::{CardCode, CardSecret};
use service::Refused;
use service::access::{Credentials, SignedIn};

use crate::answer::{Outcome, Stop, is_own, set_cookie};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/sign-in", sign_in_page),
        Door::post("/sign-in", sign_in),
        Door::page("/card/{code}", card_page),
        Door::post("/card/{code}", card),
        Door::post("/sign-out", sign_out),
    ]
}

#[derive(serde::Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

fn own_or_home(next: &str) -> &str {
    if is_own(next) { next } else { "/" }
}

async fn sign_in_page(ctx: Ctx, Query(q): Query<Next>) -> Outcome {
    Ok(ctx.html(pages::access::sign_in(&ctx.page, &ctx.form(), own_or_home(&q.next), Kept::default())))
}

fn kept(posted: &Posted) -> Kept {
    let fields =
        posted.fields().iter().filter_map(|(n, v)| Some((n.strip_prefix("kept.")?.to_owned(), v.clone()))).collect();
    Kept { fields, owner: posted.text("kept_owner").to_owned() }
}

async fn sign_in(ctx: Ctx, posted: Posted) -> Outcome {
    let by_name = !posted.text("name").is_empty() || !posted.text("password").is_empty();
    let credentials = if by_name {
        Credentials::Password { name: posted.text("name"), password: posted.text("password") }
    } else {
        Credentials::Card {
            code: posted.text("code"),
            pictures: [posted.text("picture1"), posted.text("picture2"), posted.text("picture3")],
        }
    };
    let shared = posted.ticked("shared", "yes");
    let next = own_or_home(posted.text("next")).to_owned();
    match ctx.service().sign_in(credentials, shared, &ctx.place).await {
        Ok(signed_in) => after(&ctx, &signed_in, &next, kept(&posted)).await,
        Err(e @ Refused::Invalid(_)) => {
            let kept = kept(&posted);
            Ok(ctx.again(e, &posted, |page, form| pages::access::sign_in(page, form, &next, kept)))
        }
        // What they tried to sign in with is not shown again; what they wrote before their session ended is.
        Err(e) => Err(ctx.stop_with(e, kept(&posted).fields)),
    }
}

/// Where somebody goes after signing in: back, with the form they had typed before their session ended. Words that are
/// somebody else's, or nobody knows whose, are dropped: whoever takes over a shared device never sees them.
async fn after(ctx: &Ctx, signed_in: &SignedIn, next: &str, kept: Kept) -> Outcome {
    // A new session never stands beside the one this browser had.
    if let Err(e) = ctx.service().sign_out(&ctx.visit).await {
        return Err(ctx.stop_with(e, kept.fields));
    }
    let theirs = ctx.service().is_owner(signed_in.person, &kept.owner);
    let to = if kept.fields.is_empty() || !theirs {
        next.to_owned()
    } else {
        let path = next.split('?').next().unwrap_or("/");
        match ctx.service().keep_form(signed_in.person, path, &kept.fields).await {
            Ok(id) => format!("{path}?kept={id}"),
            Err(e) => return Err(ctx.stop_with(e, kept.fields)),
        }
    };
    Ok(ctx.signed_in(signed_in, &to))
}

/// What stands at the end of a card's link, and a page that does not know it: no other link or field of the page repeats it.
/// A printed link carries a secret; the code of the card is an address too (docs/DECISIONS/0005).
fn linked(mut ctx: Ctx, end: &str) -> Result<(Ctx, Linked), Stop> {
    "/".clone_into(&mut ctx.page.path);
    "/".clone_into(&mut ctx.path);
    // Everything that can be one shows the same page: only the button says whether it is one.
    let found = CardSecret::parse(end).map(Linked::Secret).or_else(|| CardCode::parse(end).map(Linked::Code));
    match found {
        Some(found) => Ok((ctx, found)),
        None => Err(ctx.stop(Refused::Unknown)),
    }
}

enum Linked {
    Secret(CardSecret),
    Code(CardCode),
}

impl Linked {
    fn as_str(&self) -> &str {
        match self {
            Self::Secret(secret) => secret.as_str(),
            Self::Code(code) => code.as_str(),
        }
    }

    fn credentials(&self) -> Credentials<'_> {
        match self {
            Self::Secret(secret) => Credentials::Link { secret: secret.as_str() },
            Self::Code(code) => Credentials::CodeLink { code: code.as_str() },
        }
    }
}

async fn card_page(ctx: Ctx, Path(end): Path<String>) -> Outcome {
    let (ctx, found) = linked(ctx, &end)?;
    Ok(ctx.html(pages::access::card(&ctx.page, &ctx.form(), found.as_str())))
}

async fn card(ctx: Ctx, Path(end): Path<String>, posted: Posted) -> Outcome {
    let (ctx, found) = linked(ctx, &end)?;
    let shared = posted.ticked("shared", "yes");
    match ctx.service().sign_in(found.credentials(), shared, &ctx.place).await {
        Ok(signed_in) => after(&ctx, &signed_in, "/", Kept::default()).await,
        Err(e) => Ok(ctx.again(e, &posted, |page, form| pages::access::card(page, form, found.as_str()))),
    }
}

async fn sign_out(ctx: Ctx, _posted: Posted) -> Outcome {
    ctx.service().sign_out(&ctx.visit).await.map_err(|e| ctx.stop(e))?;
    let mut response = ctx.done("/", "signed-out");
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, set_cookie(&ctx, "session", "", Some(0)));
    // Whoever uses the device next finds nothing of this visit (ASVS 14.3.1). Cookies stay: how pages look is a choice.
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
