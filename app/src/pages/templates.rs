//! Ways to start a design that staff made.

use leptos::prelude::*;
use service::templates::OwnTemplate;

use crate::kit::{self, Field};
use crate::page::Crumb;
use crate::{Form, Page, Sheet};

fn fields(page: &Page, form: &Form, now: Option<&OwnTemplate>) -> AnyView {
    let (name, headings) = now.map_or_else(Default::default, |t| (t.name.clone(), t.headings.join("\n")));
    view! {
        {kit::field(page, form, Field::new("name", page.t("template-name")).hint(page.t("template-name-hint")).start(name).size(40))}
        {kit::text_area(page, form, Field::new("headings", page.t("template-headings")).hint(page.t("template-headings-hint")).start(headings).size(8))}
    }
    .into_any()
}

/// All of them, and a form for another one.
pub fn templates(page: &Page, form: &Form, all: &[OwnTemplate]) -> String {
    let title = page.t("templates-title");
    page.draw(&Sheet::new(title.clone()).refused(form), || {
        let cards = all
            .iter()
            .map(|t| {
                let headings = t.headings.iter().map(|h| view! { <li>{h.clone()}</li> }).collect_view();
                kit::card(
                    false,
                    view! {
                        <h3><a href=format!("/templates/{}", t.id)>{t.name.clone()}</a></h3>
                        <ol>{headings}</ol>
                    },
                )
            })
            .collect::<Vec<_>>();
        let there = if cards.is_empty() {
            kit::empty("1F4CB", page.t("templates-none"))
        } else {
            view! { <ul class="cards">{cards}</ul> }.into_any()
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("templates-lead")}</p>
            <section aria-labelledby="there"><h2 id="there">{page.t("templates-there")}</h2>{there}</section>
            <section aria-labelledby="new">
                <h2 id="new">{page.t("template-new")}</h2>
                {kit::form(page, form, "/templates", &page.t("template-new-button"), fields(page, form, None))}
            </section>
        }
        .into_any()
    })
}

/// One of them, to change it or take it away.
pub fn template(page: &Page, form: &Form, t: &OwnTemplate) -> String {
    let way = vec![Crumb::new(page.t("menu-home"), "/"), Crumb::new(page.t("templates-title"), "/templates")];
    page.draw(&Sheet::new(t.name.clone()).refused(form).crumbs(way), || {
        let at = format!("/templates/{}", t.id);
        let fields = view! { {kit::hidden("act", "change")}{kit::hidden("seen", &t.changed_at.0.to_string())}{fields(page, form, Some(t))} };
        let remove =
            kit::one_button(form, &at, "quiet", kit::hidden("act", "remove"), page.t("template-remove-button"));
        view! {
            {kit::error_summary(page, form)}
            <h1>{t.name.clone()}</h1>
            <p class="lead">{page.t("template-lead")}</p>
            {kit::form(page, form, &at, &page.t("template-change-button"), fields)}
            <section aria-labelledby="remove">
                <h2 id="remove">{page.t("template-remove")}</h2>
                <p>{page.t("template-remove-words")}</p>
                {remove}
            </section>
        }
        .into_any()
    })
}
