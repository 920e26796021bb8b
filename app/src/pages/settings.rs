//! The organisation's settings.

use leptos::prelude::*;
use service::settings::Settings;

use crate::kit::{self, Field};
use crate::{Form, Page, Sheet};

/// The settings, each with what it is for.
pub fn settings(page: &Page, form: &Form, now: &Settings) -> String {
    let sheet = Sheet::new(page.t("settings-title")).refused(form).menu("/settings");
    page.draw(&sheet, || {
        let starts = now.pairs();
        let field = |name: &'static str| {
            let start = starts.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default();
            let key = name.replace('_', "-");
            let mut field = Field::new(name, page.t(&format!("setting-{key}"))).start(start).autocomplete("off");
            let hint = format!("setting-{key}-hint");
            if page.words.has(&hint) {
                field = field.hint(page.t(&hint));
            }
            kit::field(page, form, field.size(if name == "threshold" { 4 } else { 40 }))
        };
        let fields = view! {
            <h2>{page.t("settings-who")}</h2>
            {field("name")}
            {field("county")}
            {field("time_zone")}
            <h2>{page.t("settings-help")}</h2>
            {field("help_phone")}
            {field("help_email")}
            {field("moderation_hours")}
            <h2>{page.t("settings-safety")}</h2>
            {field("safeguarding_lead")}
            {field("safety_phone")}
            {field("neutral_site")}
            <h2>{page.t("settings-data")}</h2>
            {field("threshold")}
            {field("privacy_contact")}
            {field("security_contact")}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("settings-title")}</h1>
            <p class="lead">{page.t("settings-lead")}</p>
            <p class="go"><a href="/audit">{page.t("settings-audit")}</a></p>
            {kit::form(page, form, "/settings", &page.t("settings-button"), fields)}
        }
        .into_any()
    })
}
