//! Making a show of hands, and making one void.

use domain::decisions::PassRule;
use leptos::prelude::*;
use service::decisions::{Asked, NewDecisionPage, VoidPage};

use crate::kit::{self, Choice, Field};
use crate::{Crumb, Form, Page, Sheet, when};

/// A date and a time of day: the kit's three fields and one more.
fn moment_fields(
    page: &Page,
    form: &Form,
    (date, time): (&'static str, &'static str),
    label: String,
    hint: Option<String>,
    start: domain::moment::Moment,
) -> AnyView {
    let (day, month, year, clock) = when::fields(&page.zone, start);
    let time_label = page.t(&format!("decision-{date}-time"));
    view! {
        {kit::date_fields(page, form, date, label, hint, [day, month, year])}
        {kit::field(page, form, Field::new(time, time_label).hint(page.t("decision-time-hint")).start(clock).size(8))}
    }
    .into_any()
}

/// The page for a new show of hands.
pub fn new(page: &Page, form: &Form, d: &NewDecisionPage) -> String {
    let mut way = vec![Crumb::new(d.workspace_title.clone(), format!("/workspaces/{}", d.workspace_slug))];
    if let Some(design) = &d.design {
        way.push(Crumb::new(design.title.clone(), format!("/designs/{}", design.id)));
    }
    let sheet = Sheet::new(page.t("decision-new-title")).crumbs(way).refused(form).menu("/groups");
    page.draw(&sheet, || {
        let question = d.design.as_ref().map_or_else(String::new, |design| {
            page.with("decision-question-start", &[("title", (&design.title).into())])
        });
        let rules = PassRule::ALL
            .iter()
            .map(|rule| Choice::new(rule.name(), page.t(&format!("pass-rule-name-{rule}"))).hint(page.t(&format!("pass-rule-{rule}"))))
            .collect();
        let night = form.problem("closes").is_some_and(|p| p.key == "night").then(|| {
            kit::checkboxes(page, form, Field::new("night", page.t("decision-night")), vec![
                Choice::new("yes", page.t("decision-night-yes")),
            ])
        });
        // The warning stays answered while other fields are corrected.
        let night = match night {
            None if form.value("night") == "yes" => Some(kit::hidden("night", "yes")),
            other => other,
        };
        let design = d.design.as_ref().map(|design| design.id.to_string()).unwrap_or_default();
        let locks = d.design.as_ref().map(|design| {
            let words = page.with("decision-new-locks", &[("title", (&design.title).into())]);
            kit::notice("warning", view! { <p>{words}</p> })
        });
        let fields = view! {
            {kit::hidden("workspace", &d.workspace_slug)}
            {kit::hidden("design", &design)}
            {kit::field(page, form, Field::new("question", page.t("decision-question")).hint(page.t("decision-question-hint")).start(question).size(60))}
            {kit::text_area(page, form, Field::new("explanation", page.t("decision-explanation")).hint(page.t("decision-explanation-hint")).size(5))}
            {kit::radios(page, form, Field::new("pass_rule", page.t("decision-pass-rule")).start("more-ok"), rules)}
            {kit::field(page, form, Field::new("quorum", page.t("decision-quorum-field")).hint(page.t("decision-quorum-hint")).start("50").size(5))}
            {moment_fields(page, form, ("opens", "opens_time"), page.t("decision-opens"), Some(page.t("decision-opens-hint")), d.opens_at)}
            {moment_fields(page, form, ("closes", "closes_time"), page.t("decision-closes"), Some(page.t("decision-closes-hint")), d.closes_at)}
            {night}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("decision-new-title")}</h1>
            <p class="lead">{page.t("decision-new-lead")}</p>
            {locks}
            {kit::notice("info", view! { <p>{page.t("decision-new-roll")}</p><p>{page.t("decision-new-fixed")}</p> })}
            {kit::form(page, form, "/decisions/new", &page.t("decision-new-button"), fields)}
        }
        .into_any()
    })
}

/// The page for making a show of hands void: the first person asks, the second one answers.
pub fn void(page: &Page, form: &Form, d: &VoidPage) -> String {
    let at = format!("/decisions/{}", d.head.id);
    let mut way = super::crumbs(page, &d.head);
    way.push(Crumb::new(d.head.question.clone(), at.clone()));
    let sheet = Sheet::new(page.t("void-title")).crumbs(way).refused(form).menu("/groups");
    let at = format!("{at}/void");
    page.draw(&sheet, || {
        let body = match &d.asked {
            None => {
                let fields = view! {
                    {kit::hidden("act", "ask")}
                    {kit::text_area(page, form, Field::new("reason", page.t("void-reason")).hint(page.t("void-reason-hint")).size(4))}
                };
                kit::form(page, form, &at, &page.t("void-ask-button"), fields)
            }
            Some(asked) => {
                let who = match (asked.by, &asked.name) {
                    (Asked::ByMe, _) => page.t("void-asked-by-you"),
                    (Asked::ByAnother, Some(name)) => page.with("void-asked-by", &[("name", name.into())]),
                    (Asked::ByAnother, None) => page.t("void-asked-by-somebody"),
                };
                let seen = asked.at.0.to_string();
                let answer = if asked.by == Asked::ByMe {
                    view! { <p>{page.t("void-wait")}</p> }.into_any()
                } else {
                    let fields = view! { {kit::hidden("act", "make-void")}{kit::hidden("seen", &seen)}<p id="field-confirm">{page.t("void-second-words")}</p> };
                    kit::form(page, form, &at, &page.t("void-make-button"), fields)
                };
                view! {
                    <div class="panel"><p>{who}</p><p class="own-words">{asked.why.clone()}</p></div>
                    {answer}
                    {kit::one_button(form, &at, "quiet", (kit::hidden("act", "keep"), kit::hidden("seen", &seen)), page.t("void-keep-button"))}
                }
                .into_any()
            }
        };
        let design = d.head.design.is_some().then(|| view! { <li>{page.t("void-means-design")}</li> });
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("void-title")}</h1>
            <p class="lead">{d.head.question.clone()}</p>
            <p>{page.t("void-means")}</p>
            <ul>
                <li>{page.t("void-means-two")}</li>
                <li>{page.t("void-means-told")}</li>
                {design}
            </ul>
            {body}
        }
        .into_any()
    })
}
