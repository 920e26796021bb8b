//! Starting a design, from a template or from a document.

use domain::workspaces::Template;
use leptos::prelude::*;
use service::designs::NewDesignForm;
use service::templates::OwnTemplate;

use crate::kit::{Choice, Field};
use crate::words::Words;
use crate::{Crumb, Form, Page, Sheet, kit};

/// The headings of a template.
pub fn template_headings(words: &Words, template: Template) -> Vec<String> {
    (1..)
        .map(|n| format!("template-{template}-{n}"))
        .take_while(|key| words.has(key))
        .map(|key| words.t(&key))
        .collect()
}

/// How a choice begins that is a way to start that staff made; behind it stands which.
pub const OWN: &str = "own-";

/// The page.
pub fn new(page: &Page, new: &NewDesignForm, form: &Form) -> String {
    let title = page.t("new-design-title");
    let way =
        vec![Crumb::new(page.t("menu-home"), "/"), Crumb::new(new.title.clone(), format!("/workspaces/{}", new.slug))];
    page.draw(&Sheet::new(title.clone()).crumbs(way).refused(form), || {
        let inside = if new.agreed {
            fields(page, new, form)
        } else {
            kit::notice(
                "warning",
                view! {
                    <p>{page.t("new-design-promise")}</p>
                    <p class="go"><a href=format!("/workspaces/{}", new.slug)>{page.t("new-design-promise-link")}</a></p>
                },
            )
        };
        let makes = new
            .makes
            .then(|| view! { <p class="go"><a href="/templates">{page.t("templates-title")}</a></p> });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("new-design-lead")}</p>
            {inside}
            {makes}
        }
        .into_any()
    })
}

fn fields(page: &Page, new: &NewDesignForm, form: &Form) -> AnyView {
    let mut starts: Vec<Choice> = Template::ALL
        .iter()
        .map(|t| {
            let headings = template_headings(page.words, *t).join(", ");
            let choice = Choice::new(t.name(), page.t(&format!("template-{t}")));
            if headings.is_empty() { choice } else { choice.hint(headings) }
        })
        .collect();
    let own = |t: &OwnTemplate| Choice::new(format!("{OWN}{}", t.id), t.name.clone()).hint(t.headings.join(", "));
    starts.extend(new.own.iter().map(own));
    starts.push(Choice::new("document", page.t("new-design-document")).hint(page.t("new-design-document-hint")));
    let start = Field::new("start", page.t("new-design-start")).start(new.template.name());
    let title = Field::new("title", page.t("new-design-name")).hint(page.t("new-design-name-hint")).size(40);
    let document = Field::new("document", page.t("new-design-file")).hint(page.t("new-design-file-hint"));
    let fields = view! {
        {kit::hidden("workspace", &new.slug)}
        {kit::field(page, form, title)}
        {kit::radios(page, form, start, starts)}
        {kit::file(page, form, document, ".md,.markdown,.txt,.docx,.odt")}
    };
    kit::form_with_file(form, "/designs/new", &page.t("new-design-button"), fields)
}
