//! Groups.

use app::pages;
use axum::extract::Path;
use domain::ids::PersonId;
use service::Refused;
use service::groups::{GroupChange, NewGroup};

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/groups", list),
        Door::page("/groups/new", new_page),
        Door::post("/groups/new", new),
        Door::page("/groups/{slug}", view),
        Door::page("/groups/{slug}/people", people_page),
        Door::post("/groups/{slug}/people", people),
        Door::page("/groups/{slug}/settings", settings_page),
        Door::post("/groups/{slug}/settings", settings),
    ]
}

async fn list(ctx: Ctx) -> Outcome {
    let groups = ctx.service().list_groups(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::groups::list(&ctx.page, groups)))
}

async fn view(ctx: Ctx, Path(slug): Path<String>) -> Outcome {
    let group = ctx.service().view_group(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::groups::view(&ctx.page, group)))
}

async fn new_page(ctx: Ctx) -> Outcome {
    ctx.service().new_group_form(ctx.who()).map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::groups::new(&ctx.page, &ctx.form_kept().await?)))
}

async fn new(ctx: Ctx, posted: Posted) -> Outcome {
    let typed = NewGroup {
        name: posted.text("name"),
        purpose: posted.text("purpose"),
        kind: posted.text("kind"),
        visibility: posted.text("visibility"),
        colour: posted.text("colour"),
        symbol: posted.text("symbol"),
        checking: posted.text("checking"),
    };
    let form = posted.id(|| ctx.service().new_id());
    match ctx.service().make_group(ctx.who(), form, typed).await {
        Ok(slug) => Ok(ctx.done(&format!("/groups/{slug}/people"), "group-made")),
        Err(e) => Ok(ctx.again(e, &posted, pages::groups::new)),
    }
}

async fn people_page(ctx: Ctx, Path(slug): Path<String>) -> Outcome {
    let group = ctx.service().group_people(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    let chosen = ctx.query("person").and_then(|id| id.parse().ok());
    Ok(ctx.html(pages::groups::people(&ctx.page, &ctx.form_kept().await?, &group, chosen)))
}

async fn people(ctx: Ctx, Path(slug): Path<String>, posted: Posted) -> Outcome {
    let person = posted.text("person");
    let id = person.parse::<PersonId>().map_err(|_| Refused::invalid("person", "choose"));
    let (service, who) = (ctx.service(), ctx.who());
    let (done, said) = match (posted.text("act"), id) {
        ("role", Ok(id)) => (service.set_group_role(who, &slug, id, posted.text("role")).await, "person-changed"),
        ("out", Ok(id)) => (service.take_out_of_group(who, &slug, id).await, "person-out"),
        ("role" | "out", Err(e)) => (Err(e), ""),
        _ => (service.add_to_group(who, &slug, person, posted.text("role")).await, "person-added"),
    };
    match done {
        Ok(()) => Ok(ctx.done(&format!("/groups/{slug}/people"), said)),
        Err(e @ Refused::Invalid(_)) => {
            let group = service.group_people(who, &slug).await.map_err(|e| ctx.stop_form(e, &posted))?;
            let chosen = matches!(posted.text("act"), "role" | "out").then(|| id_of(person)).flatten();
            Ok(ctx.again(e, &posted, |page, form| pages::groups::people(page, form, &group, chosen)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

fn id_of(person: &str) -> Option<PersonId> {
    person.parse().ok()
}

async fn settings_page(ctx: Ctx, Path(slug): Path<String>) -> Outcome {
    let group = ctx.service().group_settings(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::groups::settings(&ctx.page, &ctx.form_kept().await?, &group)))
}

async fn settings(ctx: Ctx, Path(slug): Path<String>, posted: Posted) -> Outcome {
    let typed = GroupChange {
        name: posted.text("name"),
        purpose: posted.text("purpose"),
        visibility: posted.text("visibility"),
        checking: posted.text("checking"),
        threshold: posted.text("threshold"),
        on_devices: posted.text("on_devices"),
    };
    match ctx.service().change_group(ctx.who(), &slug, typed).await {
        Ok(()) => Ok(ctx.done(&format!("/groups/{slug}"), "saved")),
        Err(e @ Refused::Invalid(_)) => {
            let group = ctx.service().group_settings(ctx.who(), &slug).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::groups::settings(page, form, &group)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
