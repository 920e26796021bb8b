//! Pictures in the words of a design: putting one in, all of them, and taking one away for good.

use domain::designs::pictures::WIDTHS;
use domain::groups::Visibility;
use leptos::prelude::*;
use service::designs::DesignHead;
use service::designs::markdown::picture_at;
use service::pictures::{PictureForm, PictureLine, PicturesPage};

use super::designs::{by, crumbs};
use crate::kit::{self, Choice, Field};
use crate::{Form, Page, Sheet};

/// What a picture may be, for the browser's own list of files.
const KINDS: &str = "image/jpeg,image/png,image/webp,image/gif";

/// A picture to choose, what it shows, and what becomes of it.
pub fn new(page: &Page, form: &Form, it: &PictureForm) -> String {
    let title = page.with("picture-title", &[("heading", (&it.heading).into())]);
    page.draw(&Sheet::new(title.clone()).refused(form).crumbs(crumbs(page, &it.head, true)), || {
        let at = format!("/designs/{}/sections/{}/picture", it.head.id, it.section);
        let back = format!("/designs/{}/write#section-{}", it.head.id, it.section);
        let picture = Field::new("picture", page.t("picture-file")).hint(page.t("picture-file-hint"));
        let shows = Field::new("shows", page.t("picture-shows")).hint(page.t("picture-shows-hint")).size(3);
        let open = it.head.place.visibility() == Visibility::Open;
        let decoration = Choice::new("yes", page.t("picture-decoration-yes"));
        let fields = view! {
            {kit::file(page, form, picture, KINDS)}
            {kit::text_area(page, form, shows)}
            {kit::checkboxes(page, form, Field::new("decoration", page.t("picture-decoration")), vec![decoration])}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("picture-lead")}</p>
            <p>{page.t(if it.waits { "picture-who-waits" } else if open { "picture-who-all" } else { "picture-who-group" })}</p>
            <ul>
                <li>{page.t("picture-faces")}</li>
                <li>{page.t("picture-yours")}</li>
                <li>{page.t("picture-place")}</li>
            </ul>
            {kit::form_with_file(form, &at, &page.t("picture-button"), fields)}
            <p class="go"><a href=back>{page.t("picture-back")}</a></p>
        }
        .into_any()
    })
}

/// What a picture shows, for a list in which it stands by itself.
fn shows(page: &Page, line: &PictureLine) -> String {
    match &line.shows {
        Some(shows) => shows.clone(),
        None if line.stands_in.is_empty() => page.t("picture-nowhere"),
        None => page.t("picture-unsaid"),
    }
}

fn shown(line: &PictureLine) -> Option<AnyView> {
    // What it shows stands beside it.
    let picture =
        || view! { <p class="words"><img src=picture_at(line.name.as_str(), WIDTHS[0]) alt="" loading="lazy" /></p> };
    line.seen.then(|| picture().into_any())
}

/// What there is to know of a picture: in which parts it stands, who put it in, and whether it waits.
fn about(page: &Page, head: &DesignHead, line: &PictureLine) -> AnyView {
    let parts = (!line.stands_in.is_empty()).then(|| {
        let links = line.stands_in.iter().map(|(id, heading)| {
            view! { <li><a href=format!("/designs/{}#section-{id}", head.id)>{heading.clone()}</a></li> }
        });
        view! { <p>{page.t("picture-stands-in")}</p><ul class="links">{links.collect_view()}</ul> }
    });
    let (who, date) = (by(page, &line.by), page.date(line.made_at));
    let by = page.with("picture-by", &[("who", (&who).into()), ("date", (&date).into())]);
    let waits = if line.seen { "picture-waits" } else { "picture-waits-for-you" };
    let waits = line.waits.then(|| view! { <p>{page.t(waits)}</p> });
    view! { {parts}<p class="meta">{by}</p>{waits} }.into_any()
}

/// Every picture of a design.
pub fn list(page: &Page, it: &PicturesPage) -> String {
    let head = &it.head;
    let title = page.with("pictures-title", &[("design", (&head.title).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(crumbs(page, head, true)), || {
        let lines = it.pictures.iter().zip(1_i64..).map(|(line, n)| {
            let (what, nth) = (shows(page, line), page.with("picture-nth", &[("n", n.into())]));
            let remove = line.removes.then(|| {
                let href = format!("/designs/{}/pictures/{}", head.id, line.name);
                view! { <p class="go"><a href=href>{page.t("picture-remove")}<span class="unseen">": "{nth.clone()}</span></a></p> }
            });
            let body = view! {
                <h2>{nth}</h2>
                {shown(line)}
                <p class="own-words">{what}</p>
                {about(page, head, line)}
                {remove}
            };
            kit::card(false, body)
        });
        let add = (!it.parts.is_empty()).then(|| {
            let parts = it.parts.iter().map(|(id, heading)| {
                let href = format!("/designs/{}/sections/{id}/picture", head.id);
                view! { <li><a href=href>{page.with("picture-title", &[("heading", heading.into())])}</a></li> }
            });
            view! {
                <section aria-labelledby="add">
                    <h2 id="add">{page.t("section-picture")}</h2>
                    <ul class="links">{parts.collect_view()}</ul>
                </section>
            }
        });
        let none = it.pictures.is_empty().then(|| kit::empty("1F3A8", page.t("pictures-none")));
        view! {
            <h1>{title}</h1>
            <p class="lead">{page.t("pictures-lead")}</p>
            {none}
            <ul class="cards">{lines.collect_view()}</ul>
            {add}
            <p class="go"><a href=format!("/designs/{}/write", head.id)>{page.t("picture-back")}</a></p>
        }
        .into_any()
    })
}

/// One picture for whoever wants to take it away.
pub fn remove(page: &Page, form: &Form, (head, line): &(DesignHead, PictureLine)) -> String {
    let title = page.t("picture-remove-title");
    page.draw(&Sheet::new(title.clone()).refused(form).crumbs(crumbs(page, head, true)), || {
        let at = format!("/designs/{}/pictures/{}", head.id, line.name);
        let sure = Field::new("sure", page.t("picture-sure"));
        let fields = kit::checkboxes(page, form, sure, vec![Choice::new("yes", page.t("picture-sure-yes"))]);
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("picture-remove-lead")}</p>
            <p class="own-words">{shows(page, line)}</p>
            {shown(line)}
            {about(page, head, line)}
            {kit::form(page, form, &at, &page.t("picture-remove-button"), fields)}
        }
        .into_any()
    })
}
