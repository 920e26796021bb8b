//! The accessible kit: small functions that give finished HTML. Every page is made of these.
//!
//! Fields follow one pattern: label, hint, error, control, tied together with `aria-describedby`; a refused form starts
//! with the error summary, which takes the focus (STANDARDS A-091).

mod fields;
mod parts;

pub use fields::{
    Choice, Field, checkboxes, date_fields, escaped, field, file, form, form_with_file, hidden, kept, kept_box,
    password, radios, select, text_area,
};
pub use parts::{
    card, chart, details, dialog, empty, group_tag, link, mark, notice, one_button, safe_href, said, said_here, stages,
    status_tag, symbol, symbol_line, table,
};

use leptos::prelude::*;

use crate::{Form, Page};

/// The error summary: first in `main`, focused by the browser through `autofocus`-free markup and our small script.
/// Nothing when nothing is wrong. Each line says which field it is about: the fields below tell it what they are called.
pub fn error_summary(page: &Page, form: &Form) -> Option<AnyView> {
    if form.problems().is_empty() {
        return None;
    }
    let lines = form
        .problems()
        .iter()
        .map(|p| {
            let (words, of, field, form) = (problem_words(page, p), page.words, p.field.clone(), form.clone());
            // Not before the page is put together: by then every field is drawn.
            let line = move || match form.field_name(&field) {
                // A question ends with its own sign.
                Some(label) if label.ends_with('?') => format!("{label} {words}"),
                Some(label) => {
                    of.with("error-summary-line", &[("field", (&label).into()), ("problem", (&words).into())])
                }
                None => words.clone(),
            };
            view! { <li><a href=format!("#{}", field_id(&p.field))>{line}</a></li> }
        })
        .collect_view();
    Some(
        view! {
            <div class="error-summary" id="error-summary" tabindex="-1" data-focus="">
                <div role="alert">
                    <h2>{page.t("error-summary-title")}</h2>
                    <ul>{lines}</ul>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// What is wrong and what to do: the message of this field if there is one, or of this kind of problem.
pub fn problem_words(page: &Page, problem: &service::Problem) -> String {
    let own = format!("problem-{}-{}", problem.field.replace('_', "-"), problem.key);
    let key = if page.words.has(&own) { own } else { format!("problem-{}", problem.key) };
    page.with(&key, &[("max", problem.number.into()), ("min", problem.number.into())])
}

/// The id of a field's control.
pub fn field_id(name: &str) -> String {
    format!("field-{}", name.replace('_', "-"))
}
