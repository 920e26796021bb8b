//! Pictures in the words of a design.

use app::pages::pictures as pages;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use domain::designs::pictures::PictureName;
use domain::ids::{DesignId, SectionId};
use service::Refused;
use service::pictures::drawn_anew::MAX_BYTES;
use service::pictures::{Added, TypedPicture};

use super::comments::id;
use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::{Posted, PostedFile};

/// Most bytes of a form with a picture: some more than a picture may have, so that the page can say so.
const MOST: usize = MAX_BYTES + 4 * 1024 * 1024;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/designs/{id}/sections/{section}/picture", new_page),
        Door::post("/designs/{id}/sections/{section}/picture", new).with_files(MOST),
        Door::page("/designs/{id}/pictures", list),
        Door::page("/designs/{id}/pictures/{picture}", remove_page),
        Door::post("/designs/{id}/pictures/{picture}", remove),
        Door::get("/pictures/{picture}/{width}", file),
    ]
}

async fn new_page(ctx: Ctx, Path((design, section)): Path<(String, String)>) -> Outcome {
    let (design, section): (DesignId, SectionId) = (id(&ctx, &design)?, id(&ctx, &section)?);
    let it = ctx.service().picture_form(ctx.who(), design, section).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::new(&ctx.page, &form, &it)))
}

async fn new(ctx: Ctx, Path((design, section)): Path<(String, String)>, posted: PostedFile) -> Outcome {
    let (design, section): (DesignId, SectionId) = (id(&ctx, &design)?, id(&ctx, &section)?);
    let form = &posted.form;
    let mark = form.id(|| ctx.service().new_id());
    let typed = TypedPicture { shows: form.text("shows"), decoration: form.ticked("decoration", "yes") };
    let sent = posted.file.as_ref().map(|file| file.bytes.to_vec()).unwrap_or_default();
    match ctx.service().add_picture(ctx.who(), (design, section), mark, typed, sent).await {
        Ok(Added { waits }) => {
            let said = if waits { "picture-added-waits" } else { "picture-added" };
            Ok(ctx.done(&format!("/designs/{design}/write#section-{section}"), said))
        }
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().picture_form(ctx.who(), design, section).await;
            let it = it.map_err(|e| ctx.stop_form(e, form))?;
            Ok(ctx.again(e, form, |page, form| pages::new(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, form)),
    }
}

async fn list(ctx: Ctx, Path(design): Path<String>) -> Outcome {
    let design: DesignId = id(&ctx, &design)?;
    let it = ctx.service().list_pictures(ctx.who(), design).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::list(&ctx.page, &it)))
}

async fn remove_page(ctx: Ctx, Path((design, name)): Path<(String, String)>) -> Outcome {
    let (design, name): (DesignId, PictureName) = (id(&ctx, &design)?, id(&ctx, &name)?);
    let it = ctx.service().picture_page(ctx.who(), design, &name).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::remove(&ctx.page, &form, &it)))
}

async fn remove(ctx: Ctx, Path((design, name)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (design, name): (DesignId, PictureName) = (id(&ctx, &design)?, id(&ctx, &name)?);
    match ctx.service().remove_picture(ctx.who(), design, &name, posted.ticked("sure", "yes")).await {
        Ok(()) => Ok(ctx.done(&format!("/designs/{design}/pictures"), "picture-removed")),
        Err(e @ Refused::Invalid(_)) => {
            let it = ctx.service().picture_page(ctx.who(), design, &name).await;
            let it = it.map_err(|e| ctx.stop_form(e, &posted))?;
            Ok(ctx.again(e, &posted, |page, form| pages::remove(page, form, &it)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn file(ctx: Ctx, Path((name, width)): Path<(String, String)>) -> Outcome {
    let (name, width): (PictureName, u32) = (id(&ctx, &name)?, id(&ctx, &width)?);
    let file = ctx.service().picture_file(ctx.who(), &name, width).await.map_err(|e| ctx.stop(e))?;
    let mut response = ctx.html(String::new());
    *response.body_mut() = file.bytes.into();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type()));
    // A word of thanks is for the page that shows it.
    headers.remove(header::SET_COOKIE);
    Ok(response)
}
