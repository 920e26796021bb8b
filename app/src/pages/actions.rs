//! Outcomes, actions and "You said, we did".

mod lists;
mod make;
mod outcome;

use domain::actions::{ActionStatus, DidItWork};
use domain::reports::small_numbers::ShownCount;
use leptos::prelude::*;
use service::actions::{ActionLine, ActionPage, UpdateLine};

pub use lists::{list, you_said_we_did};
pub use make::{new, update};
pub use outcome::outcome;

use crate::kit::{self, Choice, Field};
use crate::{Crumb, Form, Page, Sheet};

/// Where an action stands, in a word with its symbol.
pub fn status_tag(page: &Page, status: ActionStatus) -> AnyView {
    let code = match status {
        ActionStatus::NotStarted => "1F4C5",
        ActionStatus::Doing => "1F527",
        ActionStatus::Done => "2705",
        ActionStatus::Changed => "1F504",
        ActionStatus::Stopped => "1F6D1",
    };
    kit::status_tag(status.name(), code, page.t(&format!("action-status-{status}")))
}

/// "Late by 2 weeks", where it is.
pub fn late_tag(page: &Page, line: &ActionLine) -> Option<AnyView> {
    (line.weeks_late > 0)
        .then(|| kit::status_tag("late", "23F0", page.with("action-late", &[("weeks", line.weeks_late.into())])))
}

const fn work_symbol(answer: DidItWork) -> &'static str {
    match answer {
        DidItWork::Yes => "1F44D",
        DidItWork::ABit => "1F44C",
        DidItWork::No => "1F44E",
        DidItWork::DontKnow => "1F914",
    }
}

/// The groups it came from, or "young people" where a name would tell too much.
fn from(page: &Page, line: &ActionLine) -> String {
    let names = if line.groups.is_empty() { page.t("action-young-people") } else { line.groups.join(", ") };
    page.with("action-from", &[("groups", (&names).into())])
}

/// You said → we will, or we cannot because → what happened last. The same everywhere.
fn said_did(page: &Page, line: &ActionLine, last: Option<&str>) -> AnyView {
    let part = |key: &str, words: &str| {
        (!words.is_empty())
            .then(|| view! { <div><dt>{page.t(key)}</dt><dd class="own-words">{words.to_owned()}</dd></div> })
    };
    let because = match line.status {
        ActionStatus::Stopped => part("action-we-cannot", &line.reason),
        ActionStatus::Changed => part("action-changed-because", &line.reason),
        _ => None,
    };
    view! {
        <dl class="said-did">
            {part("action-you-said", &line.you_said)}
            {part("action-we-will", &line.we_will)}
            {because}
            {last.and_then(|words| part("action-last", words))}
        </dl>
    }
    .into_any()
}

/// What people said about whether it worked, in one sentence.
fn work_sentence(page: &Page, said: &[ShownCount; 4]) -> String {
    let words: Vec<String> = said.iter().map(|c| page.count(*c)).collect();
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    page.with(
        "work-sentence",
        &[("yes", word(0).into()), ("abit", word(1).into()), ("no", word(2).into()), ("dontknow", word(3).into())],
    )
}

fn owner(page: &Page, line: &ActionLine) -> String {
    match &line.owner_name {
        Some(name) => page.with("action-who-name", &[("name", name.into()), ("role", (&line.owner_role).into())]),
        None => page.with("action-who", &[("role", (&line.owner_role).into())]),
    }
}

/// "Due on …", or when it ended.
fn due(page: &Page, line: &ActionLine) -> String {
    let ended = line.status.is_ended();
    let date = page.date(if ended { line.changed_at } else { line.due_at });
    page.with(if ended { "action-ended" } else { "action-due" }, &[("date", (&date).into())])
}

/// An action in a list, for the pages of designs, outcomes and workspaces.
pub fn item(page: &Page, line: &ActionLine) -> AnyView {
    kit::card(
        line.mine && !line.status.is_ended(),
        view! {
            <h3><a href=format!("/actions/{}", line.id)>{line.title.clone()}</a></h3>
            <p>{status_tag(page, line.status)}" "{late_tag(page, line)}</p>
            {said_did(page, line, None)}
            <p class="meta">{owner(page, line)}" · "{due(page, line)}</p>
        },
    )
}

fn updates(page: &Page, all: &[UpdateLine]) -> AnyView {
    let items = all
        .iter()
        .map(|u| {
            let date = page.date(u.made_at);
            let when = match &u.by {
                Some((name, role)) => {
                    let name = page.named(name, *role);
                    page.with("action-update-by", &[("date", (&date).into()), ("name", (&name).into())])
                }
                None => date,
            };
            let because = (!u.reason.is_empty()).then(|| {
                view! { <p class="own-words">{page.with("action-update-because", &[("reason", (&u.reason).into())])}</p> }
            });
            view! {
                <li class="comment">
                    {status_tag(page, u.status)}
                    <p class="own-words">{u.words.clone()}</p>
                    {because}
                    <p class="meta">{when}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let none = items.is_empty().then(|| view! { <p>{page.t("action-updates-none")}</p> });
    view! {
        <section aria-labelledby="updates">
            <h2 id="updates">{page.t("action-updates")}</h2>
            {none}
            <ul class="comments">{items}</ul>
        </section>
    }
    .into_any()
}

/// "Did it work?": one's own answer, and what people said where it may be shown.
fn did_it_work(page: &Page, form: &Form, d: &ActionPage) -> Option<AnyView> {
    if d.line.status != ActionStatus::Done {
        return None;
    }
    let own = d.may_say.then(|| {
        let (start, why) = d.mine.as_ref().map_or(("", ""), |(a, w)| (a.name(), w.as_str()));
        let choices = DidItWork::ALL
            .iter()
            .map(|a| Choice::new(a.name(), page.t(&format!("work-{a}"))).symbol(work_symbol(*a)))
            .collect();
        let fields = view! {
            <div class="hands">{kit::radios(page, form, Field::new("answer", page.t("work-legend")).start(start), choices)}</div>
            {kit::text_area(page, form, Field::new("why", page.t("work-why")).hint(page.t("work-why-hint")).start(why).size(3))}
        };
        let mine = d.mine.as_ref().map(|(a, _)| {
            let answer = page.t(&format!("work-{a}"));
            view! { <p>{page.with("work-mine", &[("answer", (&answer).into())])}</p> }
        });
        let button = page.t(if d.mine.is_some() { "work-again" } else { "work-button" });
        let form = kit::form(page, form, &format!("/actions/{}", d.line.id), &button, fields);
        view! { <p>{page.t("work-lead")}</p>{mine}{form} }
    });
    let asked = match d.asked_at {
        Some(at) => page.with("work-asked", &[("date", (&page.date(at)).into())]),
        None => page.t("work-not-asked"),
    };
    let ask = d.may_ask.then(|| {
        view! {
            <p>{page.t("work-ask-words")}</p>
            {kit::one_button(form, &format!("/actions/{}", d.line.id), "main", kit::hidden("act", "ask"), page.t("work-ask-button"))}
        }
    });
    let shown = match &d.said {
        Some(said) => {
            let bars = DidItWork::ALL
                .iter()
                .zip(said)
                .zip(d.percents)
                .map(|((a, count), percent)| (page.t(&format!("work-{a}")), page.count(*count), percent))
                .collect();
            let rows = DidItWork::ALL
                .iter()
                .zip(said)
                .map(|(a, count)| {
                    vec![
                        kit::symbol_line(work_symbol(*a), page.t(&format!("work-{a}"))),
                        view! { {page.count(*count)} }.into_any(),
                    ]
                })
                .collect();
            let columns = ["result-column-answer", "result-column-people"].map(|k| page.t(k)).to_vec();
            view! { {kit::chart(work_sentence(page, said), bars)}{kit::table(page.t("work-title"), columns, rows)} }
                .into_any()
        }
        None if d.asked_at.is_none() => ().into_any(),
        None => view! { <p class="meta">{page.t("work-hidden")}</p> }.into_any(),
    };
    let whys = (!d.whys.is_empty()).then(|| {
        let items = d
            .whys
            .iter()
            .map(|w| {
                let answer = page.t(&format!("work-{}", w.answer));
                let by =
                    page.with("work-why-by", &[("name", (&page.person(&w.name)).into()), ("answer", (&answer).into())]);
                view! { <li class="comment"><p class="own-words">{w.words.clone()}</p><p class="meta">{by}</p></li> }
            })
            .collect::<Vec<_>>();
        view! { <h3>{page.t("work-whys")}</h3><ul class="comments">{items}</ul> }
    });
    Some(
        view! { <section aria-labelledby="did-it-work"><h2 id="did-it-work">{page.t("work-title")}</h2><p>{asked}</p>{ask}{own}{shown}{whys}</section> }
            .into_any(),
    )
}

/// The page of an action.
pub fn action(page: &Page, form: &Form, d: &ActionPage) -> String {
    let line = &d.line;
    let way = match &line.workspace {
        Some((slug, title)) => vec![
            Crumb::new(page.t("actions-title"), "/actions"),
            Crumb::new(title.clone(), format!("/workspaces/{slug}")),
        ],
        None => vec![Crumb::new(page.t("public-title"), "/you-said-we-did")],
    };
    let sheet = Sheet::new(line.title.clone()).crumbs(way).refused(form).menu("/actions");
    page.draw(&sheet, || {
        let late = (d.may_update && line.weeks_late > 0)
            .then(|| kit::notice("warning", view! { <p>{page.t("action-late-words")}</p> }));
        let write = d.may_update.then(|| {
            let at = format!("/actions/{}/update", line.id);
            // One main thing to do on a page: once it is done, that is asking whether it worked.
            let class = if d.may_ask { "button" } else { "button main" };
            view! { <p class="buttons"><a class=class href=at>{page.t("action-update-link")}</a></p> }
        });
        let part_of = match (&line.design, &line.workspace) {
            (Some((id, title)), _) => {
                Some((format!("/designs/{id}"), page.with("action-part-of-design", &[("title", title.into())])))
            }
            (None, Some((slug, title))) => {
                Some((format!("/workspaces/{slug}"), page.with("action-part-of-work", &[("title", title.into())])))
            }
            _ => None,
        }
        .map(|(href, words)| view! { <p>{page.t("action-from-work")}" "<a href=href>{words}</a></p> });
        let team = (!line.team.is_empty())
            .then(|| view! { <p>{page.with("action-team", &[("team", (&line.team).into())])}</p> });
        // Whether strangers can read it matters to those who wrote it only.
        let public = line.workspace.is_some().then(|| {
            view! { <p class="meta">{page.t(if line.shown { "action-public-yes" } else { "action-public-no" })}</p> }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{line.title.clone()}</h1>
            <p>{status_tag(page, line.status)}" "{late_tag(page, line)}</p>
            {late}
            {said_did(page, line, None)}
            <section class="facts" aria-labelledby="owner">
                <h2 id="owner">{page.t("action-owner")}</h2>
                <p>{owner(page, line)}</p>
                {team}
                <p>{due(page, line)}</p>
                <p>{from(page, line)}</p>
                {part_of}
                {public}
            </section>
            {write}
            {updates(page, &d.updates)}
            {did_it_work(page, form, d)}
        }
        .into_any()
    })
}
