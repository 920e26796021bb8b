//! The versions of a design.

use domain::access::Verb;
use leptos::prelude::*;
use service::designs::{DesignHead, VersionView, VersionWords};

use super::{by, crumbs, version_name};
use crate::kit::Field;
use crate::{Crumb, Form, Page, Sheet, kit};

fn made(page: &Page, v: &VersionView) -> String {
    let who = by(page, &v.by);
    let when = page.date_time(v.made_at);
    page.with("version-made", &[("who", (&who).into()), ("when", (&when).into())])
}

/// All of them.
pub fn versions(page: &Page, head: &DesignHead, all: &[VersionView], form: &Form) -> String {
    let title = page.with("versions-title", &[("design", (&head.title).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(crumbs(page, head, true)).refused(form), || {
        let at = format!("/designs/{}/versions", head.id);
        let lines = all
            .iter()
            .map(|v| {
                let name = version_name(page, &v.name);
                let words = page.with("version-line", &[("n", v.number.into()), ("name", (&name).into())]);
                kit::card(
                    false,
                    view! {
                        <h2><a href=format!("{at}/{}", v.number)>{words}</a></h2>
                        <p class="meta">{made(page, v)}</p>
                    },
                )
            })
            .collect::<Vec<_>>();
        let none = lines.is_empty().then(|| kit::empty("1F5C2", page.t("versions-none")));
        let make = page.may(Verb::ShapeDesign, &head.place).then(|| {
            let name = Field::new("version_name", page.t("version-name")).hint(page.t("version-name-hint")).size(30);
            let form = kit::form(page, form, &at, &page.t("version-make-button"), kit::field(page, form, name));
            view! { <section><h2>{page.t("version-make")}</h2>{form}</section> }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("versions-lead")}</p>
            {none}
            <ul class="cards">{lines}</ul>
            {make}
        }
        .into_any()
    })
}

/// One of them.
pub fn version(page: &Page, v: &VersionWords) -> String {
    let name = version_name(page, &v.version.name);
    let title = page.with(
        "version-title",
        &[("n", v.version.number.into()), ("name", (&name).into()), ("design", (&v.head.title).into())],
    );
    let mut way = crumbs(page, &v.head, true);
    way.push(Crumb::new(page.t("versions"), format!("/designs/{}/versions", v.head.id)));
    page.draw(&Sheet::new(title.clone()).crumbs(way), || {
        let sections = v
            .sections
            .iter()
            .map(|(heading, html)| {
                view! { <section><h2>{heading.clone()}</h2><div class="words" inner_html=html.clone()></div></section> }
            })
            .collect_view();
        view! {
            <h1>{title}</h1>
            <p class="meta">{made(page, &v.version)}</p>
            {sections}
            <p class="go"><a href=format!("/designs/{}", v.head.id)>{page.t("version-now")}</a></p>
        }
        .into_any()
    })
}
