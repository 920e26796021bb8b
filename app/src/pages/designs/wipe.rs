//! Wiping words from a design for good.

use leptos::prelude::*;
use service::designs::DesignHead;

use super::crumbs;
use crate::kit::{Choice, Field};
use crate::{Form, Page, Sheet, kit};

/// What goes and what stays, the words, and a box that says it cannot be undone.
pub fn wipe(page: &Page, form: &Form, head: &DesignHead) -> String {
    let title = page.t("wipe-title");
    page.draw(&Sheet::new(title.clone()).refused(form).crumbs(crumbs(page, head, true)), || {
        let at = format!("/designs/{}", head.id);
        let words = Field::new("words", page.t("wipe-words")).hint(page.t("wipe-words-hint")).size(4);
        let sure = Field::new("sure", page.t("wipe-sure"));
        let fields = view! {
            {kit::text_area(page, form, words)}
            {kit::checkboxes(page, form, sure, vec![Choice::new("yes", page.t("wipe-sure-yes"))])}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("wipe-lead")}</p>
            <ul>
                <li>{page.t("wipe-goes-parts")}</li>
                <li>{page.t("wipe-goes-versions")}</li>
                <li>{page.t("wipe-goes-suggestions")}</li>
            </ul>
            <p>{page.t("wipe-sign")}</p>
            <p>{page.t("wipe-stays")}" "<a href=format!("{at}/comments")>{page.t("wipe-comments")}</a></p>
            {kit::form(page, form, &format!("{at}/wipe"), &page.t("wipe-button"), fields)}
        }
        .into_any()
    })
}
