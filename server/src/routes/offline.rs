//! The page that browsers keep for when there is no line. The program that keeps it stands beside the other files ([`super::house`]).

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![Door::page("/offline", offline)]
}

async fn offline(ctx: Ctx) -> Outcome {
    Ok(ctx.html(app::pages::offline::offline(&ctx.page)))
}
