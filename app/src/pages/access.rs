//! Signing in: by card, by card link, and by name and password.

use domain::people::Picture;
use leptos::prelude::*;

use crate::kit::{self, Choice, Field};
use crate::{Form, Page, Sheet};

/// OpenMoji codes of the card's pictures.
pub const fn picture_symbol(picture: Picture) -> &'static str {
    match picture {
        Picture::Dog => "1F415",
        Picture::House => "1F3E0",
        Picture::Tree => "1F333",
        Picture::Bus => "1F68C",
        Picture::Star => "2B50",
        Picture::Apple => "1F34E",
        Picture::Umbrella => "2602",
        Picture::Fish => "1F41F",
        Picture::Key => "1F511",
        Picture::Drum => "1F941",
        Picture::Boat => "26F5",
        Picture::Moon => "1F319",
    }
}

/// What somebody had typed when their session ended: it travels along until they have signed in again. When nobody knows
/// whose it is it does not: it stands on the page to be copied, for whoever sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Names and values.
    pub fields: Vec<(String, String)>,
    /// The mark of whose they are, or nothing when that is not known.
    pub owner: String,
}

/// Whether others use this device too: asked wherever somebody signs in. `id`: of the box, where a page has two.
fn shared(page: &Page, form: &Form, id: &str) -> AnyView {
    let field = Field::new("shared", page.t("shared-device")).hint(page.t("shared-device-hint")).id(id.to_owned());
    // Whoever said so before their session ended need not say it again.
    let field = if page.was_shared { field.start("yes") } else { field };
    kit::checkboxes(page, form, field, vec![Choice::new("yes", page.t("shared-device-yes"))])
}

/// The sign-in page: two forms, card first. `next`: where to go afterwards.
pub fn sign_in(page: &Page, form: &Form, next: &str, kept: Kept) -> String {
    let sheet = Sheet::new(page.t("sign-in-title")).refused(form).menu("/sign-in");
    page.draw(&sheet, || {
        let known = !kept.owner.is_empty();
        let ended = (!kept.fields.is_empty()).then(|| {
            let words = page.t(if known { "sign-in-kept" } else { "sign-in-copy" });
            kit::notice("info", view! { <p>{words}</p> })
        });
        let (kept, copy) = if known { (kept, Vec::new()) } else { (Kept::default(), kept.fields) };
        let copy = kit::kept(page, copy.into_iter().map(|(_, words)| words));
        // What was typed before the session ended travels on in hidden fields until somebody has signed in.
        let carry = move || {
            let next = kit::hidden("next", next);
            let owner = (!kept.owner.is_empty()).then(|| kit::hidden("kept_owner", &kept.owner));
            let kept = kept
                .fields
                .iter()
                .map(|(name, value)| view! { <input type="hidden" name=format!("kept.{name}") value=value.clone() /> })
                .collect_view();
            view! { {next}{owner}{kept} }.into_any()
        };
        let pictures = (1..=3)
            .map(|n| {
                let name = ["picture1", "picture2", "picture3"][n - 1];
                let all = Picture::ALL
                    .iter()
                    .map(|p| Choice::new(p.name(), page.t(&format!("picture-{p}"))).symbol(picture_symbol(*p)))
                    .collect();
                let legend = page.with("sign-in-picture", &[("n", n.into())]);
                view! { <div class="pictures">{kit::radios(page, form, Field::new(name, legend), all)}</div> }
            })
            .collect_view();
        let by_card = view! {
            {carry()}
            {kit::field(page, form, Field::new("code", page.t("sign-in-code")).hint(page.t("sign-in-code-hint")).size(12).autocomplete("off"))}
            {pictures}
            {shared(page, form, "field-shared")}
        };
        let by_name = view! {
            {carry()}
            {kit::field(page, form, Field::new("name", page.t("sign-in-name")).autocomplete("username").size(24))}
            {kit::password(page, form, Field::new("password", page.t("sign-in-password")).autocomplete("current-password").size(24))}
            {shared(page, form, "field-shared-staff")}
        };
        let staff_open = form.is_filled() && form.value("code").is_empty() && !form.value("name").is_empty();
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("sign-in-title")}</h1>
            <p class="lead">{page.t("sign-in-lead")}</p>
            {ended}
            {copy}
            <span id="field-sign-in"></span>
            <section aria-labelledby="by-card">
                <h2 id="by-card">{page.t("sign-in-by-card")}</h2>
                {kit::form(page, form, "/sign-in", &page.t("sign-in-button"), by_card)}
            </section>
            <details class="more" open=staff_open>
                <summary>{page.t("sign-in-by-name")}</summary>
                {kit::form(page, form, "/sign-in", &page.t("sign-in-staff-button"), by_name)}
            </details>
        }
        .into_any()
    })
}

/// The page a card's link opens: one button. `end`: what the link carries, a secret or the card's code.
pub fn card(page: &Page, form: &Form, end: &str) -> String {
    page.draw(&Sheet::new(page.t("card-title")).refused(form), || {
        let shared = shared(page, form, "field-shared");
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("card-title")}</h1>
            <p class="lead">{page.t("card-lead")}</p>
            <span id="field-sign-in"></span>
            {kit::form(page, form, &format!("/card/{end}"), &page.t("sign-in-button"), shared)}
        }
        .into_any()
    })
}
