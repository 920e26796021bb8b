//! One section for somebody who checks words.

use leptos::prelude::*;
use service::designs::SectionToCheck;

use super::{by, crumbs};
use crate::{Form, Page, Sheet, kit};

/// The section as it was typed, and as everybody reads it until then.
pub fn check(page: &Page, form: &Form, it: &SectionToCheck) -> String {
    let title = page.with("check-section-title", &[("heading", (&it.heading).into())]);
    page.draw(&Sheet::new(title.clone()).refused(form).crumbs(crumbs(page, &it.head, true)), || {
        let html = it.html.clone();
        let hidden = it.masked_html.clone().map(|html| {
            let at = format!("/designs/{}/sections/{}/check", it.head.id, it.id);
            let fields = (kit::hidden("act", "publish"), kit::hidden("seen", &it.words_at.0.to_string()));
            let act = kit::one_button(form, &at, "main", fields, page.t("check-section-button"));
            view! {
                <p class="lead">{page.t("check-section-lead")}</p>
                {act}
                <section aria-labelledby="hidden">
                    <h2 id="hidden">{page.t("check-section-hidden")}</h2>
                    <div class="words soft" inner_html=html.clone()></div>
                </section>
            }
        });
        let by = it.by.as_ref().map(|who| {
            let (who, date) = (by(page, who), page.date(it.words_at));
            view! { <p class="meta">{page.with("section-by", &[("who", (&who).into()), ("date", (&date).into())])}</p> }
        });
        let write = (it.head.words_open() && hidden.is_some()).then(|| {
            let href = format!("/designs/{}/write#section-{}", it.head.id, it.id);
            view! { <p class="go"><a href=href>{page.t("check-section-write")}</a></p> }
        });
        let wipe =
            view! { <p class="go"><a href=format!("/designs/{}/wipe", it.head.id)>{page.t("wipe-title")}</a></p> };
        let none = hidden.is_none().then(|| kit::notice("info", view! { <p>{page.t("check-section-none")}</p> }));
        view! {
            <h1>{title}</h1>
            {none}
            <section aria-labelledby="typed">
                <h2 id="typed">{page.t("check-section-typed")}</h2>
                <div class="words soft" inner_html=html.clone()></div>
                {by}
                {write}
                <p class="go"><a href=format!("/designs/{}/pictures", it.head.id)>{page.t("write-pictures")}</a></p>
                {wipe}
            </section>
            {hidden}
        }
        .into_any()
    })
}
