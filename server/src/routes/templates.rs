//! Ways to start a design that staff made.

use app::pages::templates as pages;
use axum::extract::Path;
use domain::ids::TemplateId;
use service::Refused;
use service::templates::TypedTemplate;

use super::comments::{id, seen};
use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/templates", list),
        Door::post("/templates", make),
        Door::page("/templates/{template}", one),
        Door::post("/templates/{template}", change),
    ]
}

fn typed(posted: &Posted) -> TypedTemplate<'_> {
    TypedTemplate { name: posted.text("name"), headings: posted.text("headings") }
}

async fn list(ctx: Ctx) -> Outcome {
    let all = ctx.service().list_templates(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::templates(&ctx.page, &form, &all)))
}

async fn make(ctx: Ctx, posted: Posted) -> Outcome {
    let mark = posted.id(|| ctx.service().new_id());
    match ctx.service().make_template(ctx.who(), mark, typed(&posted)).await {
        Ok(()) => Ok(ctx.done("/templates", "template-made")),
        Err(e @ Refused::Invalid(_)) => {
            let all = ctx.service().list_templates(ctx.who()).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::templates(page, form, &all)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn one(ctx: Ctx, Path(template): Path<String>) -> Outcome {
    let id: TemplateId = id(&ctx, &template)?;
    let it = ctx.service().template(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::template(&ctx.page, &form, &it)))
}

async fn change(ctx: Ctx, Path(template): Path<String>, posted: Posted) -> Outcome {
    let id: TemplateId = id(&ctx, &template)?;
    if posted.text("act") == "remove" {
        ctx.service().remove_template(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
        return Ok(ctx.done("/templates", "template-removed"));
    }
    match ctx.service().change_template(ctx.who(), id, typed(&posted), seen(&posted)).await {
        Ok(()) => Ok(ctx.done("/templates", "template-changed")),
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().template(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::template(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
