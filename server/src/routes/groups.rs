//! Groups.

use app::pages;

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![Door::page("/groups", list)]
}

async fn list(ctx: Ctx) -> Outcome {
    let groups = ctx.service().list_groups(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::groups::list(&ctx.page, groups)))
}
