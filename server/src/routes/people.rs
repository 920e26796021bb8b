//! People: the list, making somebody, one person, and their card.

use app::pages;
use app::pages::people::Squares;
use axum::extract::Path;
use domain::ids::PersonId;
use service::Refused;
use service::people::{CardMade, NewPerson, NewRole, PrintedCard};

use crate::answer::{Outcome, Stop};
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::Posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/people", list),
        Door::page("/people/new", new_page),
        Door::post("/people/new", new),
        Door::page("/people/{id}", person_page),
        Door::post("/people/{id}", person),
        Door::page("/people/{id}/card", card_page),
        Door::post("/people/{id}/card", card),
    ]
}

/// An id from an address: what is no id is as unknown as one that nobody has, after the same question of rights.
fn id_of(typed: &str) -> PersonId {
    typed.parse().unwrap_or(PersonId(uuid::Uuid::nil()))
}

async fn list(ctx: Ctx) -> Outcome {
    let people = ctx.service().list_people(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::people::list(&ctx.page, people)))
}

async fn new_page(ctx: Ctx) -> Outcome {
    let data = ctx.service().new_person_view(ctx.who()).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::people::new(&ctx.page, &form, &data)))
}

async fn new(ctx: Ctx, posted: Posted) -> Outcome {
    let typed = NewPerson {
        name: posted.text("name"),
        role: posted.text("role"),
        team: posted.text("team"),
        sign_in_name: posted.text("sign_in_name"),
        password: posted.text("new_password"),
        group: posted.text("group"),
        card: posted.ticked("card", "yes"),
    };
    let form = posted.id(|| ctx.service().new_id());
    match ctx.service().make_person(ctx.who(), form, typed).await {
        Ok(made) => match made.card {
            Some(card) => print(&ctx, made.id, &card).await,
            None => Ok(ctx.done(&format!("/people/{}", made.id), "person-made")),
        },
        Err(e @ Refused::Invalid(_)) => {
            let data = ctx.service().new_person_view(ctx.who()).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::people::new(page, form, &data)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn person_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let data = ctx.service().person(ctx.who(), id_of(&id)).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::people::person(&ctx.page, &form, &data)))
}

async fn person(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = id_of(&id);
    let (service, who) = (ctx.service(), ctx.who());
    let act = posted.text("act");
    let done = match act {
        "name" => service.correct_name(who, id, posted.text("name")).await.map(|()| "name-saved"),
        "role" => {
            let typed = NewRole {
                role: posted.text("role"),
                team: posted.text("team"),
                sign_in_name: posted.text("sign_in_name"),
                password: posted.text("new_password"),
            };
            service.change_role(who, id, typed).await.map(|new| if new { "role-saved" } else { "role-same" })
        }
        "password" => service.reset_password(who, id, posted.text("new_password")).await.map(|()| "password-set"),
        "off" => service.set_active(who, id, false).await.map(|()| "switched-off"),
        "on" => service.set_active(who, id, true).await.map(|()| "switched-on"),
        // No button of the page sends anything else; whoever may not see the page learns nothing from it either.
        _ => match service.person(who, id).await {
            Ok(_) => return Err(ctx.bad_request()),
            Err(e) => Err(e),
        },
    };
    match done {
        Ok(said) => Ok(ctx.done(&format!("/people/{id}"), said)),
        Err(e @ Refused::Invalid(_)) => {
            let data = service.person(who, id).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::people::person(page, form, &data)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn card_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    ask(&ctx, id_of(&id), false).await
}

async fn ask(ctx: &Ctx, id: PersonId, again: bool) -> Outcome {
    let data = ctx.service().person(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    if !data.may_card {
        let staff = data.may_change && data.line.role.is_staff();
        let e = if staff { Refused::Unknown } else { Refused::NotAllowed };
        return Err(ctx.stop(e));
    }
    Ok(ctx.html(pages::people::card_ask(&ctx.page, &ctx.form(), &data.line, again)))
}

async fn card(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = id_of(&id);
    let form = posted.id(|| ctx.service().new_id());
    match ctx.service().make_card(ctx.who(), form, id).await {
        Ok(CardMade::New(card)) => print(&ctx, id, &card).await,
        Ok(CardMade::Already) => ask(&ctx, id, true).await,
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

/// The card, in the answer to the form itself: there is no address that shows it again.
async fn print(ctx: &Ctx, id: PersonId, card: &PrintedCard) -> Outcome {
    let data = ctx.service().person(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    let link = card_link(&ctx.app.started.url, card);
    let qr = squares(&link).map_err(|e| -> Stop { ctx.stop(e) })?;
    Ok(ctx.html(pages::people::card(&ctx.page, &data.line, card, &link, &qr)))
}

/// The link on a card. It carries a secret of its own, not the code.
pub fn card_link(url: &str, card: &PrintedCard) -> String {
    format!("{url}/card/{}", card.secret.as_str())
}

/// A QR code as an SVG path, with the quiet edge of four squares that scanners ask for.
fn squares(link: &str) -> Result<Squares, Refused> {
    use std::fmt::Write as _;
    const EDGE: usize = 4;
    // Medium: a quarter of a card may be creased or stained.
    let code = qrcode::QrCode::with_error_correction_level(link, qrcode::EcLevel::M)
        .map_err(|_| Refused::fault("a link does not fit a QR code"))?;
    let width = code.width();
    let mut path = String::new();
    for (i, colour) in code.into_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", i % width + EDGE, i / width + EDGE);
        }
    }
    Ok(Squares { width: width + 2 * EDGE, path })
}
