//! Comments, and checking words.

use app::pages::comments as pages;
use axum::extract::Path;
use axum::response::Response;
use domain::ids::{CommentId, DecisionId, DesignId, PersonId};
use domain::moment::Moment;
use service::Refused;
use service::comments::{Comments, Order, Typed, Verdict};

use crate::answer::{Outcome, Stop};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/designs/{id}/comments", list),
        Door::post("/designs/{id}/comments", comment),
        Door::get("/designs/{id}/comments/news", news),
        Door::page("/comments/{id}/edit", edit_page),
        Door::post("/comments/{id}/edit", edit),
        Door::page("/comments/{id}/check", check_page),
        Door::post("/comments/{id}/check", check),
        Door::page("/moderation", moderation_page),
        Door::post("/moderation", moderation),
        Door::page("/moderation/hands/{decision}/{person}", hand_page),
        Door::post("/moderation/hands/{decision}/{person}", hand),
    ]
}

/// An id in an address; what is none is a thing that does not exist.
pub(super) fn id<T: std::str::FromStr>(ctx: &Ctx, text: &str) -> Result<T, Stop> {
    text.parse().map_err(|_| ctx.stop(Refused::Unknown))
}

async fn load(ctx: &Ctx, design: DesignId) -> Result<Comments, Refused> {
    let order = if ctx.query("order").as_deref() == Some("newest") { Order::Newest } else { Order::BySection };
    let section = ctx.query("section").and_then(|s| s.parse().ok());
    ctx.service().comments(ctx.who(), design, order, section, ctx.query("before").as_deref()).await
}

async fn list(ctx: Ctx, Path(design): Path<String>) -> Outcome {
    let design = id(&ctx, &design)?;
    let all = load(&ctx, design).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::list(&ctx.page, &form, &all)))
}

async fn comment(ctx: Ctx, Path(design): Path<String>, posted: Posted) -> Outcome {
    let design: DesignId = id(&ctx, &design)?;
    let typed = Typed {
        section: posted.text("section"),
        kind: posted.text("kind"),
        words: posted.text("words"),
        reply_to: posted.text("reply_to"),
    };
    let form = posted.id(|| ctx.service().new_id());
    match ctx.service().comment(ctx.who(), design, typed, form).await {
        Ok(sent) => {
            let said = if sent.held { "comment-held" } else { "comment-sent" };
            Ok(ctx.done(&format!("/designs/{design}/comments#comment-{}", sent.id), said))
        }
        Err(e @ Refused::Invalid(_)) => {
            let all = load(&ctx, design).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::list(page, form, &all)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn news(ctx: Ctx, Path(design): Path<String>) -> Outcome {
    let design = id(&ctx, &design)?;
    let since = ctx.query("since").and_then(|s| s.parse().ok()).map_or_else(|| ctx.service().now(), Moment);
    let news = ctx.service().new_comments(ctx.who(), design, since).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::news(&ctx.page, &ctx.form(), design, &news)))
}

async fn edit_page(ctx: Ctx, Path(comment): Path<String>) -> Outcome {
    let comment = id(&ctx, &comment)?;
    let mine = ctx.service().my_comment(ctx.who(), comment).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::edit(&ctx.page, &form, &mine)))
}

async fn edit(ctx: Ctx, Path(comment): Path<String>, posted: Posted) -> Outcome {
    let comment: CommentId = id(&ctx, &comment)?;
    if posted.text("act") == "remove" {
        let design = ctx.service().remove_comment(ctx.who(), comment).await.map_err(|e| ctx.stop_form(e, &posted))?;
        return Ok(ctx.done(&format!("/designs/{design}/comments"), "comment-removed"));
    }
    match ctx.service().edit_comment(ctx.who(), comment, posted.text("kind"), posted.text("words")).await {
        Ok((design, sent)) => {
            let said = if sent.held { "comment-changed-held" } else { "comment-changed" };
            Ok(ctx.done(&format!("/designs/{design}/comments#comment-{comment}"), said))
        }
        Err(e @ Refused::Invalid(_)) => {
            let mine = ctx.service().my_comment(ctx.who(), comment).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::edit(page, form, &mine)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

pub(super) fn seen(posted: &Posted) -> Moment {
    // Without it nothing was read, and nothing is checked.
    Moment(posted.text("seen").parse().unwrap_or(i64::MIN))
}

pub(super) fn verdict(posted: &Posted) -> Verdict<'_> {
    if posted.text("act").starts_with("publish") {
        Verdict::Publish
    } else {
        Verdict::TakeAway { reason: posted.text("reason") }
    }
}

pub(super) fn checked(ctx: &Ctx, verdict: Verdict<'_>) -> Response {
    let said = if matches!(verdict, Verdict::Publish) { "words-published" } else { "words-taken-away" };
    ctx.done("/moderation", said)
}

async fn check_page(ctx: Ctx, Path(comment): Path<String>) -> Outcome {
    let comment = id(&ctx, &comment)?;
    let it = ctx.service().comment_to_check(ctx.who(), comment).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::check_comment(&ctx.page, &form, &it)))
}

async fn check(ctx: Ctx, Path(comment): Path<String>, posted: Posted) -> Outcome {
    let comment: CommentId = id(&ctx, &comment)?;
    let verdict = verdict(&posted);
    match ctx.service().check_comment(ctx.who(), comment, verdict, seen(&posted)).await {
        Ok(_) => Ok(checked(&ctx, verdict)),
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().comment_to_check(ctx.who(), comment).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::check_comment(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn moderation_page(ctx: Ctx) -> Outcome {
    let queue = ctx.service().words_to_check(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::moderation(&ctx.page, &ctx.form(), &queue)))
}

/// One press on the list: publish, or say that it is fine. Taking away has a page of its own, for the reason.
async fn moderation(ctx: Ctx, posted: Posted) -> Outcome {
    let seen = seen(&posted);
    let done = if !posted.text("suggestion").is_empty() {
        let (design, it) = (id(&ctx, posted.text("design"))?, id(&ctx, posted.text("suggestion"))?);
        if posted.text("person").is_empty() {
            ctx.service().check_suggestion(ctx.who(), (design, it), Verdict::Publish, seen).await
        } else {
            let person: PersonId = id(&ctx, posted.text("person"))?;
            ctx.service().check_answer(ctx.who(), (design, it, person), Verdict::Publish, seen).await
        }
    } else if posted.text("comment").is_empty() {
        let decision: DecisionId = id(&ctx, posted.text("decision"))?;
        let person: PersonId = id(&ctx, posted.text("person"))?;
        ctx.service().check_hand_reason(ctx.who(), (decision, person), Verdict::Publish, seen).await
    } else {
        let comment = id(&ctx, posted.text("comment"))?;
        ctx.service().check_comment(ctx.who(), comment, Verdict::Publish, seen).await.map(|_| ())
    };
    done.map_err(|e| ctx.stop_form(e, &posted))?;
    Ok(checked(&ctx, Verdict::Publish))
}

async fn hand_page(ctx: Ctx, Path((decision, person)): Path<(String, String)>) -> Outcome {
    let (decision, person) = (id(&ctx, &decision)?, id(&ctx, &person)?);
    let it = ctx.service().reason_to_check(ctx.who(), decision, person).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::check_reason(&ctx.page, &form, &it)))
}

async fn hand(ctx: Ctx, Path((decision, person)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (decision, person) = (id(&ctx, &decision)?, id(&ctx, &person)?);
    let verdict = verdict(&posted);
    match ctx.service().check_hand_reason(ctx.who(), (decision, person), verdict, seen(&posted)).await {
        Ok(()) => Ok(checked(&ctx, verdict)),
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().reason_to_check(ctx.who(), decision, person).await;
            let it = it.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::check_reason(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
