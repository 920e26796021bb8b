//! The page for when there is no line: kept by every browser, so it says nothing about anybody.

use leptos::prelude::*;

use crate::{Page, Sheet, kit};

/// What to do, and what there is: the designs that are kept on this device are put in by the page's own script, because only
/// the browser knows them.
pub fn offline(page: &Page) -> String {
    let title = page.t("offline-title");
    let talk = page.with("offline-talk", &[("phone", domain::safety::CHILDLINE.into())]);
    page.draw(&Sheet::new(title.clone()), || {
        view! {
            <h1>{title}</h1>
            <p class="lead">{page.t("offline-lead")}</p>
            <p>{page.t("offline-words")}</p>
            <p class="go"><a href="/help">{page.t("offline-help")}</a></p>
            <section id="kept-here" aria-labelledby="kept-title" hidden>
                <h2 id="kept-title">{page.t("offline-kept")}</h2>
                <p>{page.t("offline-kept-how")}</p>
                <ul class="links" data-write=page.t("offline-write")></ul>
            </section>
            {kit::notice("info", view! { <p>{page.t("offline-safe")}</p><p>{talk}</p> })}
        }
        .into_any()
    })
}
