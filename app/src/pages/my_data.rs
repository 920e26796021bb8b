//! My data: what is held about me, my sessions and groups, my password, and deleting my account.

use leptos::prelude::*;
use service::people::my_data::{KINDS, MyData, MyThing};

use crate::kit::{self, Field};
use crate::pages::audit::act_words;
use crate::pages::designs::version_name;
use crate::pages::people::role_words;
use crate::{Crumb, Form, Page, Sheet};

const HERE: &str = "/my-data";

fn way(page: &Page) -> Vec<Crumb> {
    vec![Crumb::new(page.t("my-data-title"), HERE)]
}

fn part(form: &Form, act: &str) -> Form {
    if form.value("act") == act { form.clone() } else { Form::new(form.id().to_owned()) }
}

/// Everything that is held about me.
pub fn my_data(page: &Page, form: &Form, data: &MyData) -> String {
    page.draw(&Sheet::new(page.t("my-data-title")).refused(form).menu(HERE), || {
        let staff = data.role.is_staff();
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("my-data-title")}</h1>
            <p class="lead">{page.t("my-data-lead")}</p>
            <p class="buttons">
                <a class="button" href="/my-data/download">{page.t("my-data-download")}</a>
                {staff.then(|| view! { <a class="button" href="/my-data/password">{page.t("my-password-link")}</a> })}
            </p>
            {about(page, data)}
            {name(page, form, data)}
            {groups(page, form, data)}
            {sessions(page, form, data)}
            {device(page, form, data)}
            {things(page, data)}
            {kept(page, data)}
            {staff.then(|| acts(page, data))}
            <section>
                <h2>{page.t("my-delete-title")}</h2>
                <p>{page.t("my-delete-before")}</p>
                <p class="buttons"><a class="button" href="/my-data/delete">{page.t("my-delete-link")}</a></p>
            </section>
        }
        .into_any()
    })
}

fn about(page: &Page, data: &MyData) -> AnyView {
    let fact = |key: &str, words: String| view! { <div><dt>{page.t(key)}</dt><dd>{words}</dd></div> };
    let team = (!data.team.is_empty()).then(|| fact("people-team", data.team.clone()));
    let sign_in = data.sign_in_name.clone().map(|n| fact("person-sign-in-name", n));
    let seen = data.seen_at.map(|at| fact("my-seen", page.date_time(at)));
    let news = data.news_seen_at.map(|at| fact("my-news-seen", page.date_time(at)));
    let card =
        data.card.map(|c| fact("my-card", page.with("my-card-made", &[("date", (&page.date(c.made_at)).into())])));
    view! {
        <section>
            <h2>{page.t("my-about-title")}</h2>
            <dl class="facts">
                {fact("my-name", data.name.clone())}
                {fact("people-role", role_words(page, data.role))}
                {team}
                {sign_in}
                {fact("my-made", page.date(data.made_at))}
                {seen}
                {news}
                {card}
            </dl>
            <p>{page.t("my-about-why")}</p>
        </section>
    }
    .into_any()
}

fn name(page: &Page, form: &Form, data: &MyData) -> AnyView {
    let form = part(form, "name");
    let field = Field::new("name", page.t("my-name")).hint(page.t("my-name-hint")).start(data.name.clone());
    let fields =
        view! { {kit::hidden("act", "name")}{kit::field(page, &form, field.autocomplete("nickname").size(24))} };
    view! {
        <section>
            <h2>{page.t("my-name-title")}</h2>
            {kit::form(page, &form, HERE, &page.t("my-name-button"), fields)}
        </section>
    }
    .into_any()
}

/// A button that does one thing to one line: its name says which, so that no two sound the same.
fn line_button(form: &Form, act: &str, name: &'static str, value: &str, words: String, unseen: String) -> AnyView {
    let fields = (kit::hidden("act", act), kit::hidden(name, value));
    kit::one_button(form, HERE, "", fields, view! { {words}" "<span class="unseen">{unseen}</span> })
}

fn groups(page: &Page, form: &Form, data: &MyData) -> AnyView {
    let lines = data
        .groups
        .iter()
        .map(|g| {
            let role = page.t(&format!("my-group-role-{}", g.role));
            let since =
                page.with("my-group-since", &[("role", (&role).into()), ("date", (&page.date(g.joined_at)).into())]);
            let button =
                line_button(form, "leave", "group", &g.id.to_string(), page.t("my-group-leave"), g.name.clone());
            kit::card(
                false,
                view! { <h3><a href=format!("/groups/{}", g.slug)>{g.name.clone()}</a></h3><p>{since}</p>{button} },
            )
        })
        .collect::<Vec<_>>();
    let none = lines.is_empty().then(|| view! { <p>{page.t("my-groups-none")}</p> });
    view! {
        <section id="field-group">
            <h2>{page.t("my-groups-title")}</h2>
            <p>{page.t("my-groups-words")}</p>
            {none}
            {(!lines.is_empty()).then(|| view! { <ul class="cards">{lines}</ul> })}
        </section>
    }
    .into_any()
}

fn sessions(page: &Page, form: &Form, data: &MyData) -> AnyView {
    let lines = data
        .sessions
        .iter()
        .map(|s| {
            let since = page.date_time(s.made_at);
            let key = if s.this { "my-session-this" } else { "my-session-other" };
            let with_time = |key: &str| page.with(key, &[("time", (&since).into())]);
            let (title, whom) = (with_time(key), with_time(&format!("{key}-whom")));
            let words = page
                .with("my-session-words", &[("made", (&since).into()), ("seen", (&page.date_time(s.seen_at)).into())]);
            let shared = s.shared.then(|| view! { <p>{page.t("my-session-shared")}</p> });
            let id = s.id.to_string();
            let button = line_button(form, "end", "session", &id, page.t("my-session-end"), whom);
            kit::card(false, view! { <h3>{title.clone()}</h3><p>{words}</p>{shared}{button} })
        })
        .collect::<Vec<_>>();
    let all = part(form, "end-all");
    view! {
        <section>
            <h2>{page.t("my-sessions-title")}</h2>
            <p>{page.t("my-sessions-words")}</p>
            <ul class="cards">{lines}</ul>
            {kit::form(page, &all, HERE, &page.t("my-sessions-end-all"), kit::hidden("act", "end-all"))}
        </section>
    }
    .into_any()
}

/// Whether designs are kept on the device in somebody's hand, to be read and written without a line.
fn device(page: &Page, form: &Form, data: &MyData) -> AnyView {
    let this = data.sessions.iter().find(|s| s.this);
    let choice = match this {
        Some(s) if s.shared => view! { <p>{page.t("my-device-shared")}</p> }.into_any(),
        Some(s) => {
            let (act, now, button) = if s.keeps {
                ("keep-not", "my-device-on", "my-device-stop")
            } else {
                ("keep", "my-device-off", "my-device-start")
            };
            let form = kit::form(page, &part(form, act), HERE, &page.t(button), kit::hidden("act", act));
            view! { <p>{page.t(now)}</p>{form} }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <section id="device">
            <h2>{page.t("my-device-title")}</h2>
            <p>{page.t("my-device-what")}</p>
            <p>{page.t("my-device-never")}</p>
            <p>{page.t("my-device-goes")}</p>
            {choice}
        </section>
    }
    .into_any()
}

/// What it was exactly, in the words of the page where it stands.
fn detail(page: &Page, t: &MyThing) -> String {
    match t.kind.as_str() {
        "version" => version_name(page, &t.detail.clone().into()),
        "suggestion" => page.t(&format!("suggestion-state-{}", t.detail)),
        "suggestion-answer" => page.t(&format!("suggestion-answer-{}", t.detail)),
        "did-it-work" => page.t(&format!("work-{}", t.detail)),
        "update" => page.t(&format!("action-status-{}", t.detail)),
        "report" => page.t(&format!("report-why-{}", t.detail)),
        "reply" => page.t(&format!("report-outcome-{}", t.detail)),
        "move" => page.t(&format!("workspace-stage-{}", t.detail)),
        kind => page.t(&format!("my-{kind}-{}", t.detail)),
    }
}

fn one_thing(page: &Page, t: &MyThing) -> AnyView {
    let at = page.date(t.at);
    let title = (!t.title.is_empty()).then(|| view! { <p><strong>{t.title.clone()}</strong></p> });
    let words = (!t.words.is_empty()).then(|| view! { <p class="own-words">{t.words.clone()}</p> });
    let detail = (!t.detail.is_empty()).then(|| view! { <p>{detail(page, t)}</p> });
    view! { <li>{title}{detail}{words}<p class="meta">{at}</p></li> }.into_any()
}

fn things(page: &Page, data: &MyData) -> AnyView {
    let parts = KINDS
        .into_iter()
        .filter_map(|kind| {
            let all: Vec<_> = data.things.iter().filter(|t| t.kind == kind).map(|t| one_thing(page, t)).collect();
            (!all.is_empty()).then(|| {
                let inside = view! { <ul class="words">{all}</ul> };
                kit::details(page.t(&format!("my-things-{kind}")), inside)
            })
        })
        .collect::<Vec<_>>();
    let none = parts.is_empty().then(|| view! { <p>{page.t("my-things-none")}</p> });
    view! {
        <section>
            <h2>{page.t("my-things-title")}</h2>
            <p>{page.t("my-things-words")}</p>
            {none}
            {parts}
        </section>
    }
    .into_any()
}

fn kept(page: &Page, data: &MyData) -> Option<AnyView> {
    (!data.kept.is_empty()).then(|| {
        let forms = data
            .kept
            .iter()
            .map(|k| {
                let words: Vec<_> = k
                    .fields
                    .iter()
                    .filter(|(n, v)| n != "act" && !v.trim().is_empty())
                    .map(|(_, v)| view! { <p class="own-words">{v.clone()}</p> })
                    .collect();
                let href = k.path.clone();
                view! { <li><p class="go">{kit::link(&href, k.path.clone())}</p>{words}</li> }
            })
            .collect_view();
        view! {
            <section>
                <h2>{page.t("my-kept-title")}</h2>
                <p>{page.t("my-kept-words")}</p>
                <ul class="words">{forms}</ul>
            </section>
        }
        .into_any()
    })
}

fn acts(page: &Page, data: &MyData) -> AnyView {
    let lines = data
        .acts
        .iter()
        .map(|a| {
            let words = act_words(page, &a.verb, "");
            view! { <li>{words}<span class="meta">" "{page.date_time(a.at)}</span></li> }
        })
        .collect_view();
    let inside = view! { <ul>{lines}</ul> };
    view! {
        <section>
            <h2>{page.t("my-acts-title")}</h2>
            <p>{page.t("my-acts-words")}</p>
            {kit::details(page.t("my-acts-show"), inside)}
        </section>
    }
    .into_any()
}

/// Changing my password. `first`: it was made by somebody else and must be changed before anything else.
pub fn password(page: &Page, form: &Form, first: bool, next: &str) -> String {
    let key = if first { "my-password-first" } else { "my-password" };
    let sheet = Sheet::new(page.t(&format!("{key}-title"))).refused(form).menu(HERE);
    let sheet = if first { sheet } else { sheet.crumbs(way(page)) };
    page.draw(&sheet, || {
        let fields = view! {
            {kit::hidden("next", next)}
            {kit::password(page, form, Field::new("old_password", page.t(&format!("{key}-old"))).autocomplete("current-password").size(24))}
            {kit::password(page, form, Field::new("new_password", page.t("my-password-new")).hint(page.t("my-password-hint")).autocomplete("new-password").size(24))}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t(&format!("{key}-title"))}</h1>
            <p class="lead">{page.t(&format!("{key}-lead"))}</p>
            {kit::form(page, form, "/my-data/password", &page.t("my-password-button"), fields)}
        }
        .into_any()
    })
}

/// Before my account is deleted: what goes, what stays, and why.
pub fn delete(page: &Page, form: &Form) -> String {
    let sheet = Sheet::new(page.t("my-delete-title")).crumbs(way(page)).refused(form).menu(HERE);
    page.draw(&sheet, || {
        let list = |keys: &[&str]| keys.iter().map(|key| view! { <li>{page.t(key)}</li> }).collect_view();
        let staff = page.me().is_some_and(|p| p.role.is_staff());
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("my-delete-title")}</h1>
            <p class="lead">{page.t("my-delete-lead")}</p>
            <h2>{page.t("my-delete-goes")}</h2>
            <ul>{list(&["my-delete-goes-name", "my-delete-goes-card", "my-delete-goes-groups", "my-delete-goes-kept"])}</ul>
            <h2>{page.t("my-delete-stays")}</h2>
            <ul>
                {list(&["my-delete-stays-words", "my-delete-stays-hands"])}
                {staff.then(|| list(&["my-delete-stays-audit"]))}
            </ul>
            <p>{page.t("my-delete-download")}" "<a href="/my-data/download">{page.t("my-data-download")}</a></p>
            <div id="field-delete">{kit::form(page, form, "/my-data/delete", &page.t("my-delete-button"), ())}</div>
            <p class="go"><a href="/my-data">{page.t("my-delete-not")}</a></p>
        }
        .into_any()
    })
}
