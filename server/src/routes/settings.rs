//! Settings, and the log of what staff did.

use app::pages;
use service::Refused;

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![Door::page("/audit", audit), Door::page("/settings", page), Door::post("/settings", save)]
}

async fn page(ctx: Ctx) -> Outcome {
    let settings = ctx.service().settings_to_change(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::settings::settings(&ctx.page, &form, &settings)))
}

async fn save(ctx: Ctx, posted: Posted) -> Outcome {
    match ctx.service().change_settings(ctx.who(), posted.fields()).await {
        Ok(()) => {
            ctx.app.forget_site();
            Ok(ctx.done("/settings", "saved"))
        }
        Err(e @ Refused::Invalid(_)) => {
            let settings = ctx.service().settings_to_change(ctx.who()).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::settings::settings(page, form, &settings)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn audit(ctx: Ctx) -> Outcome {
    let before = ctx.query("before").and_then(|n| n.parse().ok());
    let log = ctx.service().audit_page(ctx.who(), before).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::audit::log(&ctx.page, &log)))
}
