//! Reports of words that somebody found wrong.

use app::pages::reports as pages;
use axum::extract::Path;
use domain::ids::{DesignId, ReportId, SectionId};
use service::Refused;
use service::safety::reports::{TypedReply, TypedReport};

use super::comments::id;
use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/designs/{id}/sections/{section}/report", new_page),
        Door::post("/designs/{id}/sections/{section}/report", new),
        Door::page("/designs/{id}/reports/{report}", one_page),
        Door::post("/designs/{id}/reports/{report}", answer),
    ]
}

async fn new_page(ctx: Ctx, Path((design, section)): Path<(String, String)>) -> Outcome {
    let (design, section): (DesignId, SectionId) = (id(&ctx, &design)?, id(&ctx, &section)?);
    let it = ctx.service().report_form(ctx.who(), design, section).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::new(&ctx.page, &form, &it)))
}

async fn new(ctx: Ctx, Path((design, section)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (design, section): (DesignId, SectionId) = (id(&ctx, &design)?, id(&ctx, &section)?);
    let mark = posted.id(|| ctx.service().new_id());
    let typed = TypedReport { why: posted.text("why"), words: posted.text("words") };
    match ctx.service().report_section(ctx.who(), (design, section), mark, typed).await {
        Ok(report) => Ok(ctx.done(&format!("/designs/{design}/reports/{report}"), "reported")),
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().report_form(ctx.who(), design, section).await;
            let it = it.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::new(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn one_page(ctx: Ctx, Path((design, report)): Path<(String, String)>) -> Outcome {
    let (design, report): (DesignId, ReportId) = (id(&ctx, &design)?, id(&ctx, &report)?);
    let it = ctx.service().report_page(ctx.who(), design, report).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::one(&ctx.page, &form, &it)))
}

async fn answer(ctx: Ctx, Path((design, report)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (design, report): (DesignId, ReportId) = (id(&ctx, &design)?, id(&ctx, &report)?);
    let mark = posted.id(|| ctx.service().new_id());
    let typed = TypedReply { outcome: posted.text("outcome"), reason: posted.text("reason") };
    match ctx.service().answer_report(ctx.who(), (design, report), mark, typed).await {
        Ok(()) => Ok(ctx.done("/moderation", "report-answered")),
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().report_page(ctx.who(), design, report).await;
            let it = it.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::one(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
