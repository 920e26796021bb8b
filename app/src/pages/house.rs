//! The front door.

use leptos::prelude::*;

use crate::{Page, Sheet};

/// Home for somebody who has not signed in.
pub fn welcome(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("welcome-title")).menu("/"), || {
        view! {
            <h1>{page.t("welcome-heading")}</h1>
            <p class="lead">{page.with("welcome-lead", &[("site", (&page.site.name).into())])}</p>
            <p class="buttons"><a class="button main" href="/sign-in">{page.t("welcome-sign-in")}</a></p>
        }
        .into_any()
    })
}
