//! Writing a design: every section with its words, each with its own Save.

use domain::ids::SectionId;
use leptos::prelude::*;
use service::designs::{BothTexts, DesignHead, DesignView, SectionView};

use super::{act, crumbs, stages};
use crate::kit::Field;
use crate::{Form, Page, Sheet, kit};

/// The form that was sent from this page, if one was: what it does, and to which section.
fn sent(form: &Form) -> (String, Option<SectionId>) {
    let typed = form.value("act");
    let (what, id) = typed.split_once(' ').unwrap_or((&typed, ""));
    (what.to_owned(), id.parse().ok())
}

/// The page.
pub fn write(page: &Page, design: DesignView, form: &Form) -> String {
    let head = &design.head;
    let title = page.with("write-title", &[("design", (&head.title).into())]);
    let sheet = Sheet::new(title.clone()).crumbs(crumbs(page, head, true)).refused(form);
    page.draw(&sheet, || {
        let at = format!("/designs/{}/write", head.id);
        let fresh = Form::new(form.id().to_owned());
        let (what, which) = sent(form);
        let last = design.sections.len().saturating_sub(1);
        let sections = design
            .sections
            .iter()
            .enumerate()
            .map(|(n, s)| {
                let mine = |name: &str| if which == Some(s.id) && what == name { form } else { &fresh };
                let places = (n > 0, n < last);
                section(page, &at, s, design.base, (mine("save"), mine("rename"), &fresh), places)
            })
            .collect_view();
        let add = if what == "add" { form } else { &fresh };
        let removed = design
            .removed
            .iter()
            .map(|(id, heading)| {
                let button = act(&fresh, &at, &format!("back {id}"), "quiet", page.t("section-bring-back"), heading);
                view! { <li>{heading.clone()}" "{button}</li> }
            })
            .collect::<Vec<_>>();
        let removed = (!removed.is_empty()).then(|| {
            view! { <section><h2>{page.t("write-removed")}</h2><ul>{removed}</ul></section> }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {stages(page, head.stage)}
            <p class="lead">{page.t("write-lead")}</p>
            {kit::details(page.t("write-how"), view! { <p>{page.t("write-how-bold")}</p><p>{page.t("write-how-list")}</p><p>{page.t("write-how-link")}</p> })}
            {sections}
            <section aria-labelledby="add-section">
                <h2 id="add-section">{page.t("write-add")}</h2>
                <form method="post" action=at.clone() novalidate class="form">
                    {kit::hidden("form_id", add.id())}
                    {kit::hidden("act", "add")}
                    {kit::field(page, add, heading_field(page, "add", add))}
                    <p class="buttons"><button>{page.t("write-add-button")}</button></p>
                </form>
            </section>
            {removed}
            <p class="go"><a href=format!("/designs/{}", head.id)>{page.t("write-read")}</a></p>
        }
        .into_any()
    })
}

/// A heading: its control has the plain id only where it was refused, because the error summary points there.
fn heading_field(page: &Page, place: &str, form: &Form) -> Field {
    let field = Field::new("heading", page.t("section-heading"));
    if form.problem("heading").is_some() { field } else { field.id(format!("field-heading-{place}")) }
}

fn section(
    page: &Page,
    at: &str,
    s: &SectionView,
    base: i64,
    (save, rename, fresh): (&Form, &Form, &Form),
    (up, down): (bool, bool),
) -> AnyView {
    let id = s.id;
    let heading_id = format!("heading-{id}");
    let words = Field::new("words", page.with("section-words", &[("heading", (&s.heading).into())]))
        .start(s.words.clone())
        .size(10);
    let words = if save.problem("words").is_some() { words } else { words.id(format!("field-words-{id}")) };
    let button = |what: &str, key: &str| act(fresh, at, &format!("{what} {id}"), "quiet", page.t(key), &s.heading);
    let needed = if s.not_needed {
        button("needed", "section-needed")
    } else {
        button("not-needed", "section-not-needed-button")
    };
    let mark = s.not_needed.then(|| view! { <p>{kit::status_tag("open", "2796", page.t("section-not-needed"))}</p> });
    let more = view! {
        <form method="post" action=at.to_owned() novalidate class="form">
            {kit::hidden("form_id", rename.id())}
            {kit::hidden("act", &format!("rename {id}"))}
            {kit::field(page, rename, heading_field(page, &id.to_string(), rename).start(s.heading.clone()))}
            <p class="buttons">
                <button class="quiet">{page.t("section-rename")}<span class="unseen">": "{s.heading.clone()}</span></button>
            </p>
        </form>
        {up.then(|| button("up", "section-up"))}
        {down.then(|| button("down", "section-down"))}
        {needed}
        {button("remove", "section-remove")}
    };
    let open = rename.problem("heading").is_some();
    // What the top of the page says is out of sight when the address leads here; the style shows it then.
    let said = page.said.as_ref().and_then(|key| kit::said_here(page, key));
    view! {
        <section id=format!("section-{id}") aria-labelledby=heading_id.clone()>
            <h2 id=heading_id.clone()>{s.heading.clone()}</h2>
            {said}
            {mark}
            <form method="post" action=at.to_owned() novalidate class="form">
                {kit::hidden("form_id", save.id())}
                {kit::hidden("act", &format!("save {id}"))}
                {kit::hidden("base", &save.value_or("base", &base.to_string()))}
                {kit::text_area(page, save, words)}
                <p class="buttons">
                    <button>{page.t("section-save")}<span class="unseen">": "{s.heading.clone()}</span></button>
                </p>
            </form>
            <details class="more" open=open>
                <summary>{page.t("section-change")}<span class="unseen">": "{s.heading.clone()}</span></summary>
                <div>{more}</div>
            </details>
        </section>
    }
    .into_any()
}

/// A form that is older than what is kept: both texts, to be put together by hand.
pub fn both(page: &Page, head: &DesignHead, section: SectionId, texts: &BothTexts, form: &Form) -> String {
    let title = page.t("both-title");
    page.draw(&Sheet::new(title.clone()).crumbs(crumbs(page, head, true)), || {
        let fresh = Form::new(form.id().to_owned());
        let at = format!("/designs/{}/write", head.id);
        let words = Field::new("words", page.t("both-typed")).start(texts.typed.clone()).size(12);
        view! {
            <h1>{title}</h1>
            <p class="lead">{page.t("both-lead")}</p>
            <h2>{texts.heading.clone()}</h2>
            <div class="field">
                <label for="now">{page.t("both-now")}</label>
                {kit::kept_box("now", &texts.now)}
            </div>
            <form method="post" action=at novalidate class="form">
                {kit::hidden("form_id", fresh.id())}
                {kit::hidden("act", &format!("save {section}"))}
                {kit::hidden("base", &texts.base.to_string())}
                {kit::text_area(page, &fresh, words)}
                <p class="buttons"><button class="main">{page.t("section-save")}</button></p>
            </form>
        }
        .into_any()
    })
}
