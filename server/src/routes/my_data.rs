//! My data.

use app::pages;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::access::{Place, Verb};
use domain::ids::{GroupId, SessionId};
use domain::moment::Moment;
use service::Refused;
use service::people::my_data::MyData;

use crate::answer::{Outcome, is_own, set_cookie};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/my-data", page),
        Door::post("/my-data", act),
        Door::page("/my-data/delete", delete_page),
        Door::post("/my-data/delete", delete),
        Door::get("/my-data/download", download),
        Door::page("/my-data/password", password_page),
        Door::post("/my-data/password", password),
    ]
}

async fn page(ctx: Ctx) -> Outcome {
    let data = ctx.service().my_data(&ctx.visit).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::my_data::my_data(&ctx.page, &form, &data)))
}

/// The browser keeps nothing of a session that has just ended.
fn signed_out(ctx: &Ctx, said: &str) -> Response {
    let mut response = ctx.done("/", said);
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, set_cookie(ctx, "session", "", Some(0)));
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

async fn act(ctx: Ctx, posted: Posted) -> Outcome {
    let (service, who) = (ctx.service(), ctx.who());
    let done = match posted.text("act") {
        "name" => service.correct_my_name(who, posted.text("name")).await.map(|()| "name-saved"),
        "end" => {
            // What is no session ends nothing, like somebody else's.
            let id = posted.text("session").parse().unwrap_or(SessionId(uuid::Uuid::nil()));
            let this = ctx.visit.session.is_some_and(|s| s.id == id);
            match service.end_my_session(who, id).await {
                Ok(()) if this => return Ok(signed_out(&ctx, "signed-out")),
                other => other.map(|()| "session-ended"),
            }
        }
        "end-all" => match service.end_my_sessions(who).await {
            Ok(()) => return Ok(signed_out(&ctx, "signed-out")),
            Err(e) => Err(e),
        },
        "keep" | "keep-not" => {
            let keeps = posted.text("act") == "keep";
            service.keep_designs_here(&ctx.visit, keeps).await.map(|()| if keeps { "keeps" } else { "keeps-not" })
        }
        "seen" => {
            let until = match posted.text("seen").parse() {
                Ok(until) => Moment(until),
                Err(_) if ctx.page.me().is_some() => return Err(ctx.bad_request()),
                Err(_) => Moment(0),
            };
            service.see_news(who, until).await.map_err(|e| ctx.stop_form(e, &posted))?;
            return Ok(ctx.done("/", "news-seen"));
        }
        "leave" => {
            let id = posted.text("group").parse().unwrap_or(GroupId(uuid::Uuid::nil()));
            service.leave_my_group(who, id).await.map(|()| "left-group")
        }
        _ if ctx.page.may(Verb::UseOwnAccount, &Place::house()) => return Err(ctx.bad_request()),
        _ => Err(Refused::NotAllowed),
    };
    match done {
        Ok(said) => Ok(ctx.done("/my-data", said)),
        Err(e @ Refused::Invalid(_)) => {
            let data = service.my_data(&ctx.visit).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::my_data::my_data(page, form, &data)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

/// The same as the page, for a program to read: times as ISO 8601, nothing left out.
fn json(data: &MyData) -> serde_json::Value {
    let time = |at| app::when::machine(at);
    serde_json::json!({
        "id": data.id,
        "display_name": data.name,
        "role": data.role,
        "team": data.team,
        "sign_in_name": data.sign_in_name,
        "added": time(data.made_at),
        "last_here": data.seen_at.map(time),
        "news_seen": data.news_seen_at.map(time),
        "card": data.card.map(|c| serde_json::json!({
            "made": time(c.made_at), "first_used": c.first_used_at.map(time), "locked": c.locked,
        })),
        "cards": data.cards.iter().map(|c| serde_json::json!({
            "made": time(c.made_at), "first_used": c.first_used_at.map(time), "ended": c.ended_at.map(time),
        })).collect::<Vec<_>>(),
        "groups": data.groups.iter().map(|g| serde_json::json!({
            "name": g.name, "address": format!("/groups/{}", g.slug), "role": g.role, "since": time(g.joined_at),
        })).collect::<Vec<_>>(),
        "sessions": data.sessions.iter().map(|s| serde_json::json!({
            "signed_in": time(s.made_at), "last_used": time(s.seen_at), "shared_device": s.shared,
            "keeps_designs": s.keeps,
        })).collect::<Vec<_>>(),
        "wrote_and_did": data.things.iter().map(|t| serde_json::json!({
            "kind": t.kind, "about": t.title, "words": t.words, "choice": t.detail, "when": time(t.at),
        })).collect::<Vec<_>>(),
        "kept_words": data.kept.iter().map(|k| serde_json::json!({
            "address": k.path, "fields": k.fields,
        })).collect::<Vec<_>>(),
        "acts_in_the_audit_log": data.acts.iter().map(|a| serde_json::json!({
            "act": a.verb, "to": a.kind, "id": a.id, "detail": a.detail, "when": time(a.at),
        })).collect::<Vec<_>>(),
    })
}

async fn download(ctx: Ctx) -> Outcome {
    let data = ctx.service().my_data_to_take_away(&ctx.visit).await.map_err(|e| ctx.stop(e))?;
    let text = serde_json::to_string_pretty(&json(&data))
        .map_err(|_| ctx.stop(Refused::fault("my data cannot be written down")))?;
    let mut response = ctx.html(text);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-data.json\""));
    Ok(response)
}

fn next_of(typed: &str) -> String {
    if is_own(typed) { typed.to_owned() } else { "/my-data".to_owned() }
}

fn first(ctx: &Ctx) -> bool {
    ctx.visit.session.is_some_and(|s| s.must_change)
}

async fn password_page(ctx: Ctx) -> Outcome {
    ctx.service().my_password(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    let next = next_of(&ctx.query("next").unwrap_or_default());
    Ok(ctx.html(pages::my_data::password(&ctx.page, &ctx.form(), first(&ctx), &next)))
}

async fn password(ctx: Ctx, posted: Posted) -> Outcome {
    let next = next_of(posted.text("next"));
    let (old, new) = (posted.text("old_password"), posted.text("new_password"));
    match ctx.service().change_my_password(&ctx.visit, old, new).await {
        Ok(()) => Ok(ctx.done(&next, "password-saved")),
        Err(e @ Refused::Invalid(_)) => {
            let first = first(&ctx);
            Ok(ctx.again(e, &posted, |page, form| pages::my_data::password(page, form, first, &next)))
        }
        // Nothing of a password form is ever shown again.
        Err(e) => Err(ctx.stop_with(e, Vec::new())),
    }
}

async fn delete_page(ctx: Ctx) -> Outcome {
    if !ctx.page.may(Verb::UseOwnAccount, &Place::house()) {
        return Err(ctx.stop(Refused::NotAllowed));
    }
    Ok(ctx.html(pages::my_data::delete(&ctx.page, &ctx.form())))
}

async fn delete(ctx: Ctx, posted: Posted) -> Outcome {
    match ctx.service().delete_me(ctx.who()).await {
        Ok(()) => Ok(signed_out(&ctx, "account-deleted")),
        Err(e) => Ok(ctx.again(e, &posted, pages::my_data::delete)),
    }
}
