//! Making an action, and writing an update of it.

use domain::actions::ActionStatus;
use leptos::prelude::*;
use service::actions::{NewActionPage, Staff, UpdatePage};

use crate::kit::{self, Choice, Field};
use crate::{Crumb, Form, Page, Sheet, when};

fn staff_choices(page: &Page, staff: &[Staff]) -> Vec<Choice> {
    let none = Choice::new("", page.t("action-owner-nobody"));
    let some = staff.iter().map(|s| {
        let team = if s.team.is_empty() { String::new() } else { format!(" ({})", s.team) };
        Choice::new(s.id.to_string(), format!("{}{team}", s.name))
    });
    std::iter::once(none).chain(some).collect()
}

fn shown(page: &Page, form: &Form, nameless: bool, start: bool) -> AnyView {
    let mut field = Field::new("shown", page.t("action-shown-field")).start(if start { "yes" } else { "" });
    if nameless {
        field = field.hint(page.t("action-shown-hint"));
    }
    kit::checkboxes(page, form, field, vec![Choice::new("yes", page.t("action-shown-yes"))])
}

fn due(page: &Page, form: &Form, at: domain::moment::Moment, hint: String) -> AnyView {
    let (day, month, year, _) = when::fields(&page.zone, at);
    kit::date_fields(page, form, "due", page.t("action-due-field"), Some(hint), [day, month, year])
}

/// The page for a new action.
pub fn new(page: &Page, form: &Form, d: &NewActionPage) -> String {
    let (slug, workspace) = &d.workspace;
    let mut way = vec![Crumb::new(workspace.clone(), format!("/workspaces/{slug}"))];
    if let Some((id, title)) = &d.design {
        way.push(Crumb::new(title.clone(), format!("/designs/{id}")));
    }
    let sheet = Sheet::new(page.t("action-new-title")).crumbs(way).refused(form).menu("/actions");
    page.draw(&sheet, || {
        let starts = [ActionStatus::NotStarted, ActionStatus::Doing, ActionStatus::Stopped]
            .into_iter()
            .map(|s| Choice::new(s.name(), page.t(&format!("action-start-{s}"))))
            .collect();
        let me = page.me().map(|p| p.id.to_string()).unwrap_or_default();
        let design = d.design.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        let outcome = d.outcome.as_ref().map(|o| {
            view! { <section class="panel"><h2>{page.t("action-new-outcome")}</h2><p class="own-words">{o.words.clone()}</p></section> }
        });
        let fields = view! {
            {kit::hidden("workspace", slug)}
            {kit::hidden("design", &design)}
            {kit::field(page, form, Field::new("title", page.t("action-title")).size(50))}
            {kit::text_area(page, form, Field::new("you_said", page.t("action-you-said-field")).hint(page.t("action-you-said-hint")).size(3))}
            {kit::radios(page, form, Field::new("status", page.t("action-status-field")).start("not-started"), starts)}
            {kit::text_area(page, form, Field::new("we_will", page.t("action-we-will-field")).hint(page.t("action-we-will-hint")).size(3))}
            {kit::text_area(page, form, Field::new("reason", page.t("action-reason-field")).hint(page.t("action-reason-hint")).size(3))}
            {kit::field(page, form, Field::new("owner_role", page.t("action-owner-role")).hint(page.t("action-owner-role-hint")).size(40))}
            {kit::select(page, form, Field::new("owner", page.t("action-owner-field")).hint(page.t("action-owner-hint")).start(me), staff_choices(page, &d.staff))}
            {kit::field(page, form, Field::new("team", page.t("action-team-field")).hint(page.t("action-team-hint")).size(40))}
            {due(page, form, d.due_at, page.t("action-due-hint"))}
            {shown(page, form, d.nameless, d.shown)}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("action-new-title")}</h1>
            <p class="lead">{page.t("action-new-lead")}</p>
            {outcome}
            {kit::form(page, form, "/actions/new", &page.t("action-new-button"), fields)}
        }
        .into_any()
    })
}

/// The page for an update.
pub fn update(page: &Page, form: &Form, d: &UpdatePage) -> String {
    let line = &d.line;
    let at = format!("/actions/{}", line.id);
    let way = vec![Crumb::new(page.t("actions-title"), "/actions"), Crumb::new(line.title.clone(), at.clone())];
    let title = page.with("action-update-title-of", &[("title", (&line.title).into())]);
    let sheet = Sheet::new(title).crumbs(way).refused(form).menu("/actions");
    page.draw(&sheet, || {
        let statuses = ActionStatus::ALL
            .iter()
            .map(|s| Choice::new(s.name(), page.t(&format!("action-choice-{s}"))))
            .collect();
        let owner = d.owner.map(|p| p.to_string()).unwrap_or_default();
        let mut staff = staff_choices(page, &d.staff);
        // Somebody who can no longer be chosen still has it until another is.
        if !owner.is_empty() && staff.iter().all(|c| c.value != owner) {
            let name = line.owner_name.clone().unwrap_or_else(|| line.owner_role.clone());
            staff.push(Choice::new(owner.clone(), name));
        }
        // Asked once is enough; then there is nothing to choose.
        let ask = match d.asked_at {
            Some(at) => view! { <p>{page.with("work-asked", &[("date", (&page.date(at)).into())])}</p> }.into_any(),
            None => {
                let field = Field::new("ask", page.t("work-ask-field")).hint(page.t("work-ask-hint")).start("yes");
                kit::checkboxes(page, form, field, vec![Choice::new("yes", page.t("work-ask-yes"))])
            }
        };
        let fields = view! {
            {kit::radios(page, form, Field::new("status", page.t("action-update-status")).start(line.status.name()), statuses)}
            {kit::text_area(page, form, Field::new("words", page.t("action-update-words")).hint(page.t("action-update-words-hint")).size(3))}
            {kit::text_area(page, form, Field::new("reason", page.t("action-update-reason")).hint(page.t("action-update-reason-hint")).size(3))}
            {due(page, form, line.due_at, page.t("action-due-hint"))}
            {kit::field(page, form, Field::new("owner_role", page.t("action-owner-role")).hint(page.t("action-owner-role-hint")).start(line.owner_role.clone()).size(40))}
            {kit::select(page, form, Field::new("owner", page.t("action-owner-field")).hint(page.t("action-owner-hint")).start(owner), staff)}
            {ask}
            {shown(page, form, d.nameless, line.shown)}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("action-update-title")}</h1>
            <p class="lead">{line.title.clone()}</p>
            <p>{super::status_tag(page, line.status)}" "{super::late_tag(page, line)}</p>
            {kit::form(page, form, &format!("{at}/update"), &page.t("action-update-button"), fields)}
        }
        .into_any()
    })
}
