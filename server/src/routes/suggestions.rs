//! Suggestions: the list, sending one, answering one, and checking their words.

use app::pages::designs::suggestions as pages;
use axum::extract::Path;
use domain::designs::suggestions::SuggestionState;
use domain::ids::{DesignId, PersonId, SuggestionId};
use domain::moment::Moment;
use service::designs::suggestions::{Filter, TypedAnswer, TypedSuggestion};
use service::{Problems, Refused};

use super::comments::{checked, id, seen, verdict};
use crate::answer::{Outcome, Stop};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/designs/{id}/suggestions", list),
        Door::get("/designs/{id}/suggestions/news", news),
        Door::page("/designs/{id}/suggestions/new", new_page),
        Door::post("/designs/{id}/suggestions/new", new),
        Door::page("/designs/{id}/suggestions/{suggestion}", one_page),
        Door::post("/designs/{id}/suggestions/{suggestion}", one),
        Door::page("/designs/{id}/suggestions/{suggestion}/check", check_page),
        Door::post("/designs/{id}/suggestions/{suggestion}/check", check),
    ]
}

async fn list(ctx: Ctx, Path(design): Path<String>) -> Outcome {
    let design: DesignId = id(&ctx, &design)?;
    let before = ctx.query("before");
    let filter = Filter {
        section: ctx.query("section").and_then(|s| s.parse().ok()),
        state: ctx.query("state").and_then(|s| s.parse().ok()),
        before: before.as_deref(),
    };
    let all = ctx.service().suggestions(ctx.who(), design, filter).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::list(&ctx.page, &all)))
}

async fn news(ctx: Ctx, Path(design): Path<String>) -> Outcome {
    let design: DesignId = id(&ctx, &design)?;
    let since = Moment(ctx.query("since").and_then(|s| s.parse().ok()).unwrap_or(i64::MAX));
    let (lines, read_at) = ctx.service().suggestion_news(ctx.who(), design, since).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::news(&ctx.page, &lines, read_at)))
}

fn typed(posted: &Posted) -> TypedSuggestion<'_> {
    TypedSuggestion {
        section: posted.text("section"),
        kind: posted.text("kind"),
        picked: posted.text("picked"),
        exact: posted.text("exact"),
        words: posted.text("words"),
        why: posted.text("why"),
        seen: posted.text("shown"),
    }
}

async fn new_page(ctx: Ctx, Path(design): Path<String>) -> Outcome {
    let design: DesignId = id(&ctx, &design)?;
    let form = ctx.form_kept().await?;
    let section = ctx.query("section").unwrap_or_else(|| form.value("section"));
    match ctx.service().suggestion_form(ctx.who(), design, &section, None).await {
        // The list of parts was sent without one chosen.
        Ok(f) if f.section.is_none() && ctx.query("choose").is_some() => {
            let form = form.refused(Problems::one("section", "choose"));
            Ok(ctx.refused(pages::new(&ctx.page, &form, &f)))
        }
        Ok(f) => Ok(ctx.html(pages::new(&ctx.page, &form, &f))),
        // The words may be locked since somebody's session ended: what they typed is not lost with the form.
        Err(e) => {
            let kept = ["words", "why"].map(|name| (name.to_owned(), form.value(name)));
            Err(ctx.stop_with(e, kept.into_iter().filter(|(_, typed)| !typed.is_empty()).collect()))
        }
    }
}

async fn new(ctx: Ctx, Path(design): Path<String>, posted: Posted) -> Outcome {
    let design: DesignId = id(&ctx, &design)?;
    let mark = posted.id(|| ctx.service().new_id());
    let typed = typed(&posted);
    match ctx.service().suggest(ctx.who(), design, mark, typed).await {
        Ok(sent) => {
            let said = if sent.held { "suggestion-held" } else { "suggestion-sent" };
            Ok(ctx.done(&format!("/designs/{design}/suggestions/{}", sent.id), said))
        }
        Err(e @ Refused::Invalid(_)) => {
            let f = ctx.service().suggestion_form(ctx.who(), design, typed.section, Some(typed)).await;
            let f = f.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::new(page, form, &f)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn one_page(ctx: Ctx, Path((design, suggestion)): Path<(String, String)>) -> Outcome {
    let (design, suggestion) = (id(&ctx, &design)?, id(&ctx, &suggestion)?);
    let it = ctx.service().suggestion(ctx.who(), design, suggestion).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::one(&ctx.page, &form, &it)))
}

/// Does what a form of the page of one suggestion asks for; what is said then.
async fn act(ctx: &Ctx, (design, it): (DesignId, SuggestionId), posted: &Posted) -> Result<&'static str, Refused> {
    let (service, who) = (ctx.service(), ctx.who());
    match posted.text("act") {
        "edit" => {
            let sent = service.edit_suggestion(who, design, it, typed(posted)).await?;
            Ok(if sent.held { "suggestion-held" } else { "suggestion-changed" })
        }
        "keep" => service.keep_suggestion(who, design, it).await.map(|()| "suggestion-kept"),
        "withdraw" => service.withdraw_suggestion(who, design, it).await.map(|()| "suggestion-withdrawn"),
        "support" => service.support_suggestion(who, design, it, true).await.map(|()| "suggestion-supported"),
        "unsupport" => service.support_suggestion(who, design, it, false).await.map(|()| "suggestion-unsupported"),
        "idea" => service.suggestion_as_idea(who, design, it, posted.text("idea")).await.map(|_| "suggestion-idea"),
        _ => {
            let answer = TypedAnswer {
                answer: posted.text("answer"),
                words: posted.text("words"),
                others: posted.text("others"),
                near: posted.text("near"),
                reason: posted.text("reason"),
                seen: seen(posted),
            };
            let mark = posted.id(|| service.new_id());
            let answered = service.answer_suggestion(who, design, it, mark, answer).await?;
            Ok(match (answered.state, answered.reason_held) {
                (SuggestionState::Accepted | SuggestionState::Changed, _) => "suggestion-accepted",
                // Whether the reason is read now, or first by whoever checks.
                (SuggestionState::NotAccepted, true) => "suggestion-not-accepted-held",
                (SuggestionState::NotAccepted, false) => "suggestion-not-accepted",
                _ => "suggestion-answered",
            })
        }
    }
}

async fn one(ctx: Ctx, Path((design, suggestion)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (design, it): (DesignId, SuggestionId) = (id(&ctx, &design)?, id(&ctx, &suggestion)?);
    match act(&ctx, (design, it), &posted).await {
        Ok(said) => Ok(ctx.done(&format!("/designs/{design}/suggestions/{it}"), said)),
        Err(e @ Refused::Invalid(_)) => {
            let view = ctx.service().suggestion(ctx.who(), design, it).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::one(page, form, &view)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

fn person(ctx: &Ctx, typed: &str) -> Result<Option<PersonId>, Stop> {
    if typed.is_empty() { Ok(None) } else { id(ctx, typed).map(Some) }
}

async fn check_page(ctx: Ctx, Path((design, suggestion)): Path<(String, String)>) -> Outcome {
    let (design, suggestion) = (id(&ctx, &design)?, id(&ctx, &suggestion)?);
    let person = person(&ctx, &ctx.query("person").unwrap_or_default())?;
    let it = ctx.service().suggestion_to_check(ctx.who(), design, suggestion, person).await;
    let it = it.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::check(&ctx.page, &form, &it)))
}

async fn check(ctx: Ctx, Path((design, suggestion)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (design, it) = (id(&ctx, &design)?, id(&ctx, &suggestion)?);
    let person = person(&ctx, posted.text("person"))?;
    let (said, seen) = (verdict(&posted), seen(&posted));
    let done = match person {
        Some(person) => ctx.service().check_answer(ctx.who(), (design, it, person), said, seen).await,
        None => ctx.service().check_suggestion(ctx.who(), (design, it), said, seen).await,
    };
    match done {
        Ok(()) => Ok(checked(&ctx, said)),
        Err(e @ Refused::Invalid(_)) => {
            let view = ctx.service().suggestion_to_check(ctx.who(), design, it, person).await;
            let view = view.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::check(page, form, &view)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
