//! Workspaces and their promise.

use app::pages;
use axum::extract::Path;
use domain::moment::Moment;
use service::Refused;
use service::workspaces::{NewWorkspace, PromiseWords};

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/workspaces", list),
        Door::page("/workspaces/new", new_page),
        Door::post("/workspaces/new", new),
        Door::page("/workspaces/{slug}", view),
        Door::post("/workspaces/{slug}", set_deciders),
        Door::page("/workspaces/{slug}/promise", promise_page),
        Door::post("/workspaces/{slug}/promise", agree),
        Door::page("/workspaces/{slug}/promise/write", write_page),
        Door::post("/workspaces/{slug}/promise/write", write),
    ]
}

async fn list(ctx: Ctx) -> Outcome {
    let work = ctx.service().list_workspaces(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::workspaces::list(&ctx.page, work)))
}

async fn new_page(ctx: Ctx) -> Outcome {
    let group = ctx.query("group");
    let form = ctx.service().new_workspace_form(ctx.who(), group.as_deref()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::workspaces::new(&ctx.page, &ctx.form_kept().await?, &form)))
}

async fn new(ctx: Ctx, posted: Posted) -> Outcome {
    let groups: Vec<&str> = posted.all("groups").collect();
    let typed = NewWorkspace {
        title: posted.text("title"),
        summary: posted.text("summary"),
        template: posted.text("template"),
        symbol: posted.text("symbol"),
        groups: &groups,
    };
    let form = posted.id(|| ctx.service().new_id());
    match ctx.service().open_workspace(ctx.who(), form, typed).await {
        Ok(slug) => Ok(ctx.done(&format!("/workspaces/{slug}/promise/write"), "workspace-made")),
        Err(e @ Refused::Invalid(_)) => {
            let f = ctx.service().new_workspace_form(ctx.who(), None).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::workspaces::new(page, form, &f)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn view(ctx: Ctx, Path(slug): Path<String>) -> Outcome {
    let work = ctx.service().view_workspace(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::workspaces::view(&ctx.page, &ctx.form(), &work)))
}

/// Who decides about suggestions.
async fn set_deciders(ctx: Ctx, Path(slug): Path<String>, posted: Posted) -> Outcome {
    match ctx.service().set_deciders(ctx.who(), &slug, posted.text("deciders")).await {
        Ok(()) => Ok(ctx.done(&format!("/workspaces/{slug}"), "deciders-set")),
        Err(e @ Refused::Invalid(_)) => {
            let work = ctx.service().view_workspace(ctx.who(), &slug).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::workspaces::view(page, form, &work)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn promise_page(ctx: Ctx, Path(slug): Path<String>) -> Outcome {
    let promise = ctx.service().view_promise(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::workspaces::promise(&ctx.page, &ctx.form(), &promise)))
}

async fn agree(ctx: Ctx, Path(slug): Path<String>, posted: Posted) -> Outcome {
    // A form without what was read agrees to nothing that can be read.
    let read = Moment(posted.text("read").parse().unwrap_or(0));
    let (done, said) = if posted.text("act") == "agree-for-group" {
        (ctx.service().agree_promise_for_group(ctx.who(), &slug, read).await, "promise-agreed-for-group")
    } else {
        (ctx.service().agree_promise(ctx.who(), &slug, read).await, "promise-agreed")
    };
    match done {
        Ok(()) => Ok(ctx.done(&format!("/workspaces/{slug}"), said)),
        Err(e) => Err(ctx.stop_form(e, &Posted::default())),
    }
}

async fn write_page(ctx: Ctx, Path(slug): Path<String>) -> Outcome {
    let promise = ctx.service().write_promise_form(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::workspaces::write_promise(&ctx.page, &ctx.form_kept().await?, &promise)))
}

async fn write(ctx: Ctx, Path(slug): Path<String>, posted: Posted) -> Outcome {
    let text = |name: &str| posted.text(name).to_owned();
    let typed = PromiseWords {
        what_for: text("what_for"),
        can_change: text("can_change"),
        cannot_change: text("cannot_change"),
        who_decides: text("who_decides"),
        money: text("money"),
        hear_when: text("hear_when"),
    };
    match ctx.service().write_promise(ctx.who(), &slug, &typed).await {
        Ok(()) => Ok(ctx.done(&format!("/workspaces/{slug}/promise"), "promise-saved")),
        Err(e @ Refused::Invalid(_)) => {
            let p = ctx.service().write_promise_form(ctx.who(), &slug).await.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::workspaces::write_promise(page, form, &p)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}
