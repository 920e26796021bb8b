//! All actions somebody may see, and the public list. Filters are plain forms whose address can be shared and printed.

use domain::actions::ActionStatus;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use service::actions::{ActionsPage, PublicLine, PublicPage};

use crate::kit::{self, Choice, Field};
use crate::{Form, Page, Sheet};

fn statuses(page: &Page) -> Vec<Choice> {
    std::iter::once(Choice::new("", page.t("actions-status-all")))
        .chain(ActionStatus::ALL.iter().map(|s| Choice::new(s.name(), page.t(&format!("action-status-{s}")))))
        .collect()
}

/// Links to the pages before and after, with the same filter.
fn pages(page: &Page, form: &Form, path: &str, names: &[&str], now: usize, more: bool) -> Option<AnyView> {
    if now <= 1 && !more {
        return None;
    }
    let filter: String = names
        .iter()
        .filter(|n| !form.value(n).is_empty())
        .map(|n| format!("{n}={}&", utf8_percent_encode(&form.value(n), NON_ALPHANUMERIC)))
        .collect();
    let link = |to: usize, key: &str, rel: &'static str| {
        let words = page.with(key, &[("page", to.into())]);
        view! { <li><a rel=rel href=format!("{path}?{filter}page={to}")>{words}</a></li> }
    };
    let before = (now > 1).then(|| link(now - 1, "pages-before", "prev"));
    let after = more.then(|| link(now + 1, "pages-after", "next"));
    Some(view! { <nav class="pages" aria-label=page.t("pages-label")><ul>{before}{after}</ul></nav> }.into_any())
}

/// The filter: a form that only looks, so it needs no id.
fn filter(page: &Page, path: &'static str, fields: impl IntoView + 'static) -> AnyView {
    view! {
        <form method="get" action=path class="filters" role="search" aria-label=page.t("actions-filter")>
            {fields}
            <p class="buttons"><button>{page.t("actions-filter-button")}</button></p>
        </form>
    }
    .into_any()
}

/// The list of actions. `form` holds what was chosen.
pub fn list(page: &Page, form: &Form, d: &ActionsPage) -> String {
    page.draw(&Sheet::new(page.t("actions-title")).menu("/actions"), || {
        let mut whose = vec![Choice::new("", page.t("actions-whose-all"))];
        if let Some(me) = page.me() {
            let name = if me.role.is_staff() { "mine" } else { "my-groups" };
            whose.push(Choice::new(name, page.t(&format!("actions-whose-{name}"))));
            if me.role.is_staff() && !me.groups.is_empty() {
                whose.push(Choice::new("my-groups", page.t("actions-whose-my-groups")));
            }
        }
        let fields = view! {
            {kit::select(page, form, Field::new("whose", page.t("actions-whose")), whose)}
            {kit::select(page, form, Field::new("status", page.t("actions-status")), statuses(page))}
            {kit::checkboxes(page, form, Field::new("late", page.t("actions-late")), vec![Choice::new("yes", page.t("actions-late-yes"))])}
        };
        let items = d
            .lines
            .iter()
            .map(|line| {
                kit::card(line.mine && line.weeks_late > 0, view! {
                    <h2><a href=format!("/actions/{}", line.id)>{line.title.clone()}</a></h2>
                    <p>{super::status_tag(page, line.status)}" "{super::late_tag(page, line)}</p>
                    <p class="meta">{super::owner(page, line)}" · "{super::due(page, line)}" · "{super::from(page, line)}</p>
                })
            })
            .collect::<Vec<_>>();
        let chose = ["whose", "status", "late"].iter().any(|name| !form.value(name).is_empty());
        let none = items.is_empty().then(|| {
            kit::empty("1F4CB", page.t(if chose || d.page > 1 { "actions-none" } else { "actions-none-yet" }))
        });
        view! {
            <h1>{page.t("actions-title")}</h1>
            <p class="lead">{page.t("actions-lead")}</p>
            {filter(page, "/actions", fields)}
            {none}
            <ul class="cards">{items}</ul>
            {pages(page, form, "/actions", &["whose", "status", "late"], d.page, d.more)}
        }
        .into_any()
    })
}

fn public_line(page: &Page, p: &PublicLine) -> AnyView {
    let line = &p.line;
    let worked = match &p.said {
        Some(said) => Some(super::work_sentence(page, said)),
        None => (line.status == ActionStatus::Done && line.asked).then(|| page.t("work-asked-line")),
    }
    .map(|words| view! { <p>{words}</p> });
    let news = page.with("action-news", &[("date", (&page.date(line.changed_at)).into())]);
    kit::card(
        false,
        view! {
            <h2><a href=format!("/actions/{}", line.id)>{line.title.clone()}</a></h2>
            <p>{super::status_tag(page, line.status)}" "{super::late_tag(page, line)}</p>
            {super::said_did(page, line, p.last.as_ref().map(|(words, _)| words.as_str()))}
            {worked}
            <p class="meta">{super::from(page, line)}" · "{super::due(page, line)}" · "{news}</p>
        },
    )
}

/// "You said, we did". `form` holds what was chosen.
pub fn you_said_we_did(page: &Page, form: &Form, d: &PublicPage) -> String {
    page.draw(&Sheet::new(page.t("public-title")).menu("/you-said-we-did"), || {
        let groups = std::iter::once(Choice::new("", page.t("public-group-all")))
            .chain(d.groups.iter().map(|(slug, name)| Choice::new(slug.clone(), name.clone())))
            .collect();
        let years = std::iter::once(Choice::new("", page.t("public-year-all")))
            .chain(d.years.iter().map(|y| Choice::new(y.to_string(), y.to_string())))
            .collect();
        let fields = view! {
            {kit::field(page, form, Field::new("words", page.t("public-words")).size(20))}
            {kit::select(page, form, Field::new("status", page.t("actions-status")), statuses(page))}
            {kit::select(page, form, Field::new("group", page.t("public-group")), groups)}
            {kit::select(page, form, Field::new("year", page.t("public-year")), years)}
        };
        let items = d.lines.iter().map(|line| public_line(page, line)).collect::<Vec<_>>();
        // Before anything was done nothing can be chosen: there is no list to look through.
        let chose = ["words", "status", "group", "year"].iter().any(|name| !form.value(name).is_empty());
        let none = items.is_empty().then(|| match chose || d.page > 1 {
            true => kit::empty("1F50D", page.t("public-none")),
            false => kit::empty("1F331", page.t("public-none-yet")),
        });
        let site = page.site.name.clone();
        view! {
            <h1>{page.t("public-title")}</h1>
            <p class="lead">{page.with("public-lead", &[("site", (&site).into())])}</p>
            {filter(page, "/you-said-we-did", fields)}
            {none}
            <ul class="cards">{items}</ul>
            {pages(page, form, "/you-said-we-did", &["words", "status", "group", "year"], d.page, d.more)}
            <p class="meta no-print">{page.t("public-print")}</p>
        }
        .into_any()
    })
}
