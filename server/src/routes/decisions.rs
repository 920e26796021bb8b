//! Decisions: a show of hands and its result.

use app::{pages, when};
use axum::extract::Path;
use domain::ids::{DecisionId, DesignId};
use domain::moment::Moment;
use service::Refused;
use service::decisions::{About, TypedDecision, TypedHand};

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/decisions/new", new_page),
        Door::post("/decisions/new", new),
        Door::page("/decisions/{id}", decision_page),
        Door::post("/decisions/{id}", decision),
        Door::get("/decisions/{id}/news", news),
        Door::page("/decisions/{id}/result", result),
        Door::page("/decisions/{id}/void", void_page),
        Door::post("/decisions/{id}/void", void),
    ]
}

/// What something new is about: the design when one is named, otherwise the workspace. Values of a form that met an
/// ended session count as well.
pub(super) fn about(ctx: &Ctx, design: &str, workspace: &str) -> Result<About, crate::answer::Stop> {
    if design.is_empty() {
        return Ok(About::Workspace(workspace.to_owned()));
    }
    design.parse::<DesignId>().map(About::Design).map_err(|_| ctx.stop(Refused::Unknown))
}

/// The same for a page that is looked at: from its address, or from the form kept over an ended session.
pub(super) fn about_of_page(ctx: &Ctx, form: &app::Form) -> Result<About, crate::answer::Stop> {
    let value = |name: &str| ctx.query(name).unwrap_or_else(|| form.value(name));
    about(ctx, &value("design"), &value("workspace"))
}

fn id(ctx: &Ctx, typed: &str) -> Result<DecisionId, crate::answer::Stop> {
    typed.parse().map_err(|_| ctx.stop(Refused::Unknown))
}

async fn new_page(ctx: Ctx) -> Outcome {
    let form = ctx.form_kept().await?;
    let about = about_of_page(&ctx, &form)?;
    let d = ctx.service().new_decision(ctx.who(), &about).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::decisions::new(&ctx.page, &form, &d)))
}

fn moment(ctx: &Ctx, posted: &Posted, date: &str, time: &str) -> Option<Moment> {
    let (hour, minute) = when::time_of_day(posted.text(time))?;
    let part = |name: &str| posted.text(&format!("{date}_{name}")).to_owned();
    when::at(ctx.page.words, &ctx.page.zone, &part("day"), &part("month"), &part("year"), hour, minute)
}

async fn new(ctx: Ctx, posted: Posted) -> Outcome {
    let about = about(&ctx, posted.text("design"), posted.text("workspace"))?;
    let form = posted.id(|| ctx.service().new_id());
    let typed = TypedDecision {
        question: posted.text("question"),
        explanation: posted.text("explanation"),
        pass_rule: posted.text("pass_rule"),
        quorum: posted.text("quorum"),
        opens_at: moment(&ctx, &posted, "opens", "opens_time"),
        closes_at: moment(&ctx, &posted, "closes", "closes_time"),
        night_is_fine: posted.ticked("night", "yes"),
    };
    match ctx.service().open_decision(ctx.who(), &about, form, typed).await {
        Ok(id) => Ok(ctx.done(&format!("/decisions/{id}"), "decision-made")),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().new_decision(ctx.who(), &about).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::decisions::new(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn decision_page(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id = id(&ctx, &typed)?;
    let form = ctx.form_kept().await?;
    let d = ctx.service().decision(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::decisions::decision(&ctx.page, &form, &d)))
}

async fn decision(ctx: Ctx, Path(typed): Path<String>, posted: Posted) -> Outcome {
    let id = id(&ctx, &typed)?;
    let here = format!("/decisions/{id}");
    let form = posted.id(|| ctx.service().new_id());
    let hand = TypedHand { hand: posted.text("hand"), reason: posted.text("reason") };
    match ctx.service().raise_hand(ctx.who(), id, form, hand).await {
        Ok(()) => Ok(ctx.done(&here, "hand-raised")),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().decision(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::decisions::decision(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

/// The parts of an open page that change by themselves. Only looked at: a page that asks by itself keeps no session alive.
async fn news(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id = id(&ctx, &typed)?;
    let d = ctx.service().decision(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    let was = ctx.query("was").and_then(|s| s.parse().ok()).unwrap_or(d.head.state);
    Ok(ctx.html(pages::decisions::news(&ctx.page, &d, was)))
}

async fn result(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id = id(&ctx, &typed)?;
    let d = ctx.service().result(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::decisions::result(&ctx.page, &d)))
}

async fn void_page(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id = id(&ctx, &typed)?;
    let form = ctx.form_kept().await?;
    let d = ctx.service().void_page(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::decisions::void(&ctx.page, &form, &d)))
}

async fn void(ctx: Ctx, Path(typed): Path<String>, posted: Posted) -> Outcome {
    let id = id(&ctx, &typed)?;
    let form = posted.id(|| ctx.service().new_id());
    // An answer without what was read answers nothing.
    let seen = Moment(posted.text("seen").parse().unwrap_or(0));
    let (done, said) = match posted.text("act") {
        "make-void" => (ctx.service().make_void(ctx.who(), id, form, seen).await, "void-made"),
        "keep" => (ctx.service().keep_decision(ctx.who(), id, seen).await, "void-kept"),
        "ask" => (ctx.service().ask_void(ctx.who(), id, form, posted.text("reason")).await, "void-asked"),
        _ => {
            ctx.service().void_page(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            return Err(ctx.bad_request());
        }
    };
    match done {
        Ok(()) => Ok(ctx.done(&format!("/decisions/{id}"), said)),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().void_page(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::decisions::void(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
