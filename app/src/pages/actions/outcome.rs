//! The outcome of a design: read by everybody who may read the design, written once by staff.

use domain::decisions::DecisionState;
use leptos::prelude::*;
use service::actions::{OutcomePage, OutcomeView};

use crate::kit::{self, Choice, Field};
use crate::{Crumb, Form, Page, Sheet};

fn written(page: &Page, o: &OutcomeView) -> AnyView {
    let differs = o.differs_why.as_ref().map(|why| {
        view! { <section class="notice warning"><h2>{page.t("outcome-differs")}</h2><p class="own-words">{why.clone()}</p></section> }
    });
    view! {
        <p class="lead own-words">{o.words.clone()}</p>
        {differs}
        <section><h2>{page.t("outcome-why")}</h2><p class="own-words">{o.why.clone()}</p></section>
        <section><h2>{page.t("outcome-next")}</h2><p class="own-words">{o.next.clone()}</p></section>
        <p class="meta">{page.date(o.made_at)}</p>
    }
    .into_any()
}

fn write(page: &Page, form: &Form, d: &OutcomePage) -> AnyView {
    let same = vec![
        Choice::new("same", page.t("outcome-differs-same")),
        Choice::new("different", page.t("outcome-differs-different")),
    ];
    let fields = view! {
        {kit::text_area(page, form, Field::new("words", page.t("outcome-words")).hint(page.t("outcome-words-hint")).size(4))}
        {kit::text_area(page, form, Field::new("why", page.t("outcome-why-field")).size(4))}
        {kit::text_area(page, form, Field::new("next", page.t("outcome-next-field")).hint(page.t("outcome-next-hint")).size(4))}
        {kit::radios(page, form, Field::new("differs", page.t("outcome-differs-field")), same)}
        {kit::text_area(page, form, Field::new("differs_why", page.t("outcome-differs-why")).size(3))}
    };
    let form =
        kit::form(page, form, &format!("/designs/{}/outcome", d.design), &page.t("outcome-write-button"), fields);
    view! { <section aria-labelledby="write"><h2 id="write">{page.t("outcome-write-title")}</h2>{form}</section> }
        .into_any()
}

/// The page of an outcome.
pub fn outcome(page: &Page, form: &Form, d: &OutcomePage) -> String {
    let (slug, workspace) = &d.workspace;
    let way = vec![
        Crumb::new(workspace.clone(), format!("/workspaces/{slug}")),
        Crumb::new(d.title.clone(), format!("/designs/{}", d.design)),
    ];
    let title = page.with("outcome-page-title", &[("title", (&d.title).into())]);
    let sheet = Sheet::new(title.clone()).crumbs(way).refused(form).menu("/groups");
    page.draw(&sheet, || {
        let body = match &d.outcome {
            Some(o) => written(page, o),
            None => {
                let key = match d.vote.as_ref().map(|v| v.state) {
                    Some(DecisionState::Waiting | DecisionState::Open) => "outcome-none-open",
                    Some(DecisionState::Closed) => "outcome-none-waiting",
                    _ => "outcome-none",
                };
                let write = d.may_write.then(|| write(page, form, d));
                view! { <p class="lead">{page.t(key)}</p>{write} }.into_any()
            }
        };
        let vote = d.vote.as_ref().filter(|v| v.state == DecisionState::Closed).map(|v| {
            view! { <p class="go"><a href=format!("/decisions/{}/result", v.id)>{page.t("outcome-vote")}</a></p> }
        });
        let add = d.may_act.then(|| {
            let at = format!("/actions/new?design={}", d.design);
            view! { <p class="buttons"><a class="button main" href=at>{page.t("outcome-add-action")}</a></p> }
        });
        let actions = (!d.actions.is_empty()).then(|| {
            let items = d.actions.iter().map(|a| super::item(page, a)).collect::<Vec<_>>();
            view! {
                <section aria-labelledby="actions"><h2 id="actions">{page.t("outcome-actions")}</h2><ul class="cards">{items}</ul></section>
            }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {vote}
            {body}
            {actions}
            {add}
        }
        .into_any()
    })
}
