//! Outcomes, actions and "You said, we did".

use app::{pages, when};
use axum::extract::Path;
use domain::actions::ActionStatus;
use domain::ids::{ActionId, DesignId};
use domain::moment::Moment;
use service::Refused;
use service::actions::{Filter, PublicFilter, TypedAction, TypedOutcome, TypedUpdate, Whose};

use super::decisions::{about, about_of_page};
use crate::answer::{Outcome, Stop};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/designs/{id}/outcome", outcome_page),
        Door::post("/designs/{id}/outcome", outcome),
        Door::page("/actions", list),
        Door::page("/actions/new", new_page),
        Door::post("/actions/new", new),
        Door::page("/actions/{id}", action_page),
        Door::post("/actions/{id}", action),
        Door::page("/actions/{id}/update", update_page),
        Door::post("/actions/{id}/update", update),
        Door::page("/you-said-we-did", you_said_we_did),
    ]
}

fn id<T: std::str::FromStr>(ctx: &Ctx, typed: &str) -> Result<T, Stop> {
    typed.parse().map_err(|_| ctx.stop(Refused::Unknown))
}

/// The last moment of the day that was typed.
fn due(ctx: &Ctx, posted: &Posted) -> Option<Moment> {
    let part = |name: &str| posted.text(name).to_owned();
    when::end_of_day(ctx.page.words, &ctx.page.zone, &part("due_day"), &part("due_month"), &part("due_year"))
}

async fn outcome_page(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id: DesignId = id(&ctx, &typed)?;
    let form = ctx.form_kept().await?;
    let d = ctx.service().outcome(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::actions::outcome(&ctx.page, &form, &d)))
}

async fn outcome(ctx: Ctx, Path(typed): Path<String>, posted: Posted) -> Outcome {
    let id: DesignId = id(&ctx, &typed)?;
    let form = posted.id(|| ctx.service().new_id());
    let typed = TypedOutcome {
        words: posted.text("words"),
        why: posted.text("why"),
        next: posted.text("next"),
        differs: posted.text("differs"),
        differs_why: posted.text("differs_why"),
    };
    match ctx.service().write_outcome(ctx.who(), id, form, typed).await {
        Ok(()) => Ok(ctx.done(&format!("/designs/{id}/outcome"), "outcome-written")),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().outcome(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::actions::outcome(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

/// What was chosen in a filter, for the page to show again.
fn chosen(ctx: &Ctx, names: &[&str]) -> app::Form {
    let values = names.iter().filter_map(|n| Some(((*n).to_owned(), ctx.query(n)?))).collect();
    ctx.form().filled(values)
}

fn status(form: &app::Form) -> Option<ActionStatus> {
    form.value("status").parse().ok()
}

fn number(ctx: &Ctx) -> usize {
    ctx.query("page").and_then(|p| p.parse().ok()).unwrap_or(1)
}

async fn list(ctx: Ctx) -> Outcome {
    let form = chosen(&ctx, &["whose", "status", "late"]);
    let whose = match form.value("whose").as_str() {
        "mine" => Whose::Mine,
        "my-groups" => Whose::MyGroups,
        _ => Whose::All,
    };
    let filter = Filter { whose, late: form.value("late") == "yes", status: status(&form), page: number(&ctx) };
    let d = ctx.service().actions(ctx.who(), filter).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::actions::list(&ctx.page, &form, &d)))
}

async fn you_said_we_did(ctx: Ctx) -> Outcome {
    let form = chosen(&ctx, &["words", "status", "group", "year"]);
    let filter = PublicFilter {
        status: status(&form),
        group: Some(form.value("group")).filter(|g| !g.is_empty()),
        words: form.value("words").chars().take(200).collect(),
        year: form.value("year").parse().ok(),
        page: number(&ctx),
    };
    let d = ctx.service().you_said_we_did(ctx.who(), &filter).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::actions::you_said_we_did(&ctx.page, &form, &d)))
}

async fn new_page(ctx: Ctx) -> Outcome {
    let form = ctx.form_kept().await?;
    let about = about_of_page(&ctx, &form)?;
    let d = ctx.service().new_action(ctx.who(), &about).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::actions::new(&ctx.page, &form, &d)))
}

async fn new(ctx: Ctx, posted: Posted) -> Outcome {
    let about = about(&ctx, posted.text("design"), posted.text("workspace"))?;
    let form = posted.id(|| ctx.service().new_id());
    let typed = TypedAction {
        title: posted.text("title"),
        you_said: posted.text("you_said"),
        status: posted.text("status"),
        we_will: posted.text("we_will"),
        reason: posted.text("reason"),
        owner_role: posted.text("owner_role"),
        owner: posted.text("owner"),
        team: posted.text("team"),
        due_at: due(&ctx, &posted),
        shown: posted.ticked("shown", "yes"),
    };
    match ctx.service().make_action(ctx.who(), &about, form, typed).await {
        Ok(id) => Ok(ctx.done(&format!("/actions/{id}"), "action-made")),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().new_action(ctx.who(), &about).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::actions::new(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn action_page(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id: ActionId = id(&ctx, &typed)?;
    let form = ctx.form_kept().await?;
    let d = ctx.service().action(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::actions::action(&ctx.page, &form, &d)))
}

async fn action(ctx: Ctx, Path(typed): Path<String>, posted: Posted) -> Outcome {
    let id: ActionId = id(&ctx, &typed)?;
    if posted.text("act") == "ask" {
        ctx.service().ask_did_it_work(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
        return Ok(ctx.done(&format!("/actions/{id}"), "work-asked"));
    }
    match ctx.service().say_did_it_work(ctx.who(), id, posted.text("answer"), posted.text("why")).await {
        Ok(()) => Ok(ctx.done(&format!("/actions/{id}"), "work-said")),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().action(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::actions::action(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn update_page(ctx: Ctx, Path(typed): Path<String>) -> Outcome {
    let id: ActionId = id(&ctx, &typed)?;
    let form = ctx.form_kept().await?;
    let d = ctx.service().update_page(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::actions::update(&ctx.page, &form, &d)))
}

async fn update(ctx: Ctx, Path(typed): Path<String>, posted: Posted) -> Outcome {
    let id: ActionId = id(&ctx, &typed)?;
    let form = posted.id(|| ctx.service().new_id());
    let typed = TypedUpdate {
        status: posted.text("status"),
        words: posted.text("words"),
        reason: posted.text("reason"),
        due_at: due(&ctx, &posted),
        owner: posted.text("owner"),
        owner_role: posted.text("owner_role"),
        shown: posted.ticked("shown", "yes"),
        ask: posted.ticked("ask", "yes"),
    };
    match ctx.service().update_action(ctx.who(), id, form, typed).await {
        Ok(()) => Ok(ctx.done(&format!("/actions/{id}"), "action-updated")),
        Err(Refused::Invalid(problems)) => {
            let d = ctx.service().update_page(ctx.who(), id).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(Refused::Invalid(problems), &posted, |page, form| pages::actions::update(page, form, &d)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
