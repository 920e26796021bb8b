//! People: the list, making somebody, one person, and their printed card.

use domain::people::Role;
use leptos::prelude::*;
use service::people::{NewPersonView, PersonLine, PersonView, PrintedCard};

use crate::kit::{self, Choice, Field};
use crate::pages::access::picture_symbol;
use crate::{Crumb, Form, Page, Sheet};

/// What somebody is, in words.
pub fn role_words(page: &Page, role: Role) -> String {
    page.t(&format!("role-{role}"))
}

fn status(page: &Page, active: bool) -> AnyView {
    if active {
        kit::status_tag("active", "2705", page.t("person-active"))
    } else {
        kit::status_tag("stopped", "26D4", page.t("person-off"))
    }
}

fn way(page: &Page) -> Vec<Crumb> {
    vec![Crumb::new(page.t("people-title"), "/people")]
}

fn way_to(page: &Page, line: &PersonLine) -> Vec<Crumb> {
    let mut way = way(page);
    way.push(Crumb::new(line.name.clone(), format!("/people/{}", line.id)));
    way
}

/// The list. No counts.
pub fn list(page: &Page, people: Vec<PersonLine>) -> String {
    page.draw(&Sheet::new(page.t("people-title")).menu("/people"), || {
        let rows = people
            .into_iter()
            .map(|p| {
                let href = format!("/people/{}", p.id);
                vec![
                    view! { <a href=href>{p.name.clone()}</a> }.into_any(),
                    role_words(page, p.role).into_any(),
                    p.team.clone().into_any(),
                    status(page, p.active),
                ]
            })
            .collect();
        let columns = ["people-name", "people-role", "people-team", "people-status"].map(|key| page.t(key)).to_vec();
        view! {
            <h1>{page.t("people-title")}</h1>
            <p class="lead">{page.t("people-lead")}</p>
            <p class="buttons"><a class="button main" href="/people/new">{page.t("people-new")}</a></p>
            {kit::table(page.t("people-table"), columns, rows)}
        }
        .into_any()
    })
}

fn role_choices(page: &Page, roles: &[Role]) -> Vec<Choice> {
    roles.iter().map(|r| Choice::new(r.name(), role_words(page, *r)).hint(page.t(&format!("role-{r}-hint")))).collect()
}

fn staff_fields(page: &Page, form: &Form, hint: &str) -> AnyView {
    view! {
        <h2>{page.t("person-staff-title")}</h2>
        <p>{page.t(hint)}</p>
        {kit::field(page, form, Field::new("sign_in_name", page.t("person-sign-in-name")).hint(page.t("person-sign-in-name-hint")).autocomplete("off").size(24))}
        {kit::password(page, form, Field::new("new_password", page.t("person-first-password")).hint(page.t("person-first-password-hint")).autocomplete("new-password").size(24))}
    }
    .into_any()
}

/// Making somebody.
pub fn new(page: &Page, form: &Form, data: &NewPersonView) -> String {
    let sheet = Sheet::new(page.t("person-new-title")).crumbs(way(page)).refused(form).menu("/people");
    page.draw(&sheet, || {
        let staff = data.roles.iter().any(|r| r.is_staff());
        let groups = (!data.groups.is_empty()).then(|| {
            let none = Choice::new("", page.t("person-no-group"));
            let all = data.groups.iter().map(|g| Choice::new(g.id.to_string(), g.name.clone()));
            let choices = std::iter::once(none).chain(all).collect();
            // Whoever works with one group adds people to that one.
            let usual = if let [only] = data.groups.as_slice() { only.id.to_string() } else { String::new() };
            let field = Field::new("group", page.t("person-group")).hint(page.t("person-group-hint")).start(usual);
            kit::select(page, form, field, choices)
        });
        let card = kit::checkboxes(
            page,
            form,
            Field::new("card", page.t("person-card-now")).hint(page.t("person-card-now-hint")),
            vec![Choice::new("yes", page.t("person-card-now-yes"))],
        );
        let fields = view! {
            {kit::field(page, form, Field::new("name", page.t("person-name")).hint(page.t("person-name-hint")).autocomplete("off").size(24))}
            {kit::radios(page, form, Field::new("role", page.t("person-role")), role_choices(page, &data.roles))}
            {kit::field(page, form, Field::new("team", page.t("person-team")).hint(page.t("person-team-hint")).autocomplete("off").size(24))}
            {groups}
            {card}
            {staff.then(|| staff_fields(page, form, "person-staff-only"))}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("person-new-title")}</h1>
            {kit::form(page, form, "/people/new", &page.t("person-new-button"), fields)}
        }
        .into_any()
    })
}

/// The form of one part of a page with several: only the part that was sent shows what was typed and what was wrong.
fn part(form: &Form, act: &str) -> Form {
    if form.value("act") == act { form.clone() } else { Form::new(form.id().to_owned()) }
}

fn act(name: &str) -> AnyView {
    kit::hidden("act", name)
}

/// One person, with what the viewer may do for them.
pub fn person(page: &Page, form: &Form, data: &PersonView) -> String {
    let title = data.line.name.clone();
    let sheet = Sheet::new(title.clone()).crumbs(way(page)).refused(form).menu("/people");
    page.draw(&sheet, || {
        let action = format!("/people/{}", data.line.id);
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {facts(page, data)}
            {(data.may_change && !data.line.role.is_staff()).then(|| card_part(page, data))}
            {data.may_change.then(|| name_part(page, form, data, &action))}
            {(!data.roles.is_empty()).then(|| role_part(page, form, data, &action))}
            {data.may_reset.then(|| reset_part(page, form, &action))}
            {data.may_change.then(|| switch_part(page, form, data, &action))}
            {(!data.may_change).then(|| view! { <p>{page.t("person-not-yours")}</p> })}
        }
        .into_any()
    })
}

fn facts(page: &Page, data: &PersonView) -> AnyView {
    let line = &data.line;
    let fact = |key: &str, words: AnyView| view! { <div><dt>{page.t(key)}</dt><dd>{words}</dd></div> };
    let team = (!line.team.is_empty()).then(|| fact("people-team", line.team.clone().into_any()));
    let sign_in = data.sign_in_name.clone().map(|name| fact("person-sign-in-name", name.into_any()));
    let must = data.must_change.then(|| fact("person-password", page.t("person-must-change").into_any()));
    let seen = data.seen_at.map_or_else(|| page.t("person-never-seen"), |at| page.date_time(at));
    view! {
        <dl class="facts">
            {fact("people-role", role_words(page, line.role).into_any())}
            {team}
            {sign_in}
            {must}
            {fact("people-status", status(page, line.active))}
            {fact("person-seen", seen.into_any())}
        </dl>
    }
    .into_any()
}

fn card_part(page: &Page, data: &PersonView) -> AnyView {
    let words = match data.card {
        None => page.t("card-none"),
        Some(card) if card.locked => page.t("card-locked"),
        Some(card) => match card.first_used_at {
            Some(at) => page.with("card-used", &[("date", (&page.date(at)).into())]),
            None => page.with("card-made", &[("date", (&page.date(card.made_at)).into())]),
        },
    };
    let make = if data.may_card {
        let href = format!("/people/{}/card", data.line.id);
        view! { <p class="buttons"><a class="button" href=href>{page.t("card-new-link")}</a></p> }.into_any()
    } else {
        view! { <p>{page.t("card-by-worker")}</p> }.into_any()
    };
    view! {
        <section>
            <h2>{page.t("card-part-title")}</h2>
            <p>{words}</p>
            {make}
        </section>
    }
    .into_any()
}

fn name_part(page: &Page, form: &Form, data: &PersonView, action: &str) -> AnyView {
    let form = part(form, "name");
    let field =
        Field::new("name", page.t("person-name")).hint(page.t("person-name-hint")).start(data.line.name.clone());
    let fields = view! { {act("name")}{kit::field(page, &form, field.autocomplete("off").size(24))} };
    view! {
        <section>
            <h2>{page.t("person-name-title")}</h2>
            {kit::form(page, &form, action, &page.t("person-name-button"), fields)}
        </section>
    }
    .into_any()
}

fn role_part(page: &Page, form: &Form, data: &PersonView, action: &str) -> AnyView {
    let form = part(form, "role");
    let line = &data.line;
    let to_staff = !line.role.is_staff() && data.roles.iter().any(|r| r.is_staff());
    let fields = view! {
        {act("role")}
        {kit::radios(page, &form, Field::new("role", page.t("person-role")).start(line.role.name()), role_choices(page, &data.roles))}
        {kit::field(page, &form, Field::new("team", page.t("person-team")).hint(page.t("person-team-hint")).start(line.team.clone()).autocomplete("off").size(24))}
        {to_staff.then(|| staff_fields(page, &form, "person-staff-becomes"))}
    };
    view! {
        <section>
            <h2>{page.t("person-role-title")}</h2>
            <p>{page.t("person-role-words")}</p>
            {kit::form(page, &form, action, &page.t("person-role-button"), fields)}
        </section>
    }
    .into_any()
}

fn reset_part(page: &Page, form: &Form, action: &str) -> AnyView {
    let form = part(form, "password");
    let field = Field::new("new_password", page.t("person-first-password")).hint(page.t("person-first-password-hint"));
    let fields = view! { {act("password")}{kit::password(page, &form, field.autocomplete("new-password").size(24))} };
    view! {
        <section>
            <h2>{page.t("person-reset-title")}</h2>
            <p>{page.t("person-reset-words")}</p>
            {kit::form(page, &form, action, &page.t("person-reset-button"), fields)}
        </section>
    }
    .into_any()
}

fn switch_part(page: &Page, form: &Form, data: &PersonView, action: &str) -> AnyView {
    let (name, words, button) = if data.line.active {
        ("off", page.t("person-switch-off-words"), page.t("person-switch-off-button"))
    } else {
        ("on", page.t("person-switch-on-words"), page.t("person-switch-on-button"))
    };
    let title = page.t(&format!("person-switch-{name}-title"));
    let form = part(form, name);
    view! {
        <section id="field-active">
            <h2>{title}</h2>
            <p>{words}</p>
            {kit::form(page, &form, action, &button, act(name))}
        </section>
    }
    .into_any()
}

/// Before a card is made: what it does. `again`: the same form made one already, and it was shown then.
pub fn card_ask(page: &Page, form: &Form, line: &PersonLine, again: bool) -> String {
    let title = page.with("card-ask-title", &[("name", (&line.name).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(way_to(page, line)).menu("/people"), || {
        let notice = again.then(|| kit::notice("warning", view! { <p>{page.t("card-shown-already")}</p> }));
        let off = (!line.active).then(|| kit::notice("warning", view! { <p>{page.t("card-for-off")}</p> }));
        view! {
            <h1>{title}</h1>
            {notice}
            {off}
            <p class="lead">{page.t("card-ask-lead")}</p>
            <ul>
                <li>{page.t("card-ask-ends")}</li>
                <li>{page.t("card-ask-once")}</li>
                <li>{page.t("card-ask-print")}</li>
            </ul>
            {kit::form(page, form, &format!("/people/{}/card", line.id), &page.t("card-ask-button"), ())}
        }
        .into_any()
    })
}

/// A QR code as squares: its width and the path that draws the dark ones.
#[derive(Debug, Clone)]
pub struct Squares {
    /// How many squares it is wide and high, with the quiet edge.
    pub width: usize,
    /// An SVG path.
    pub path: String,
}

/// What somebody types who has no camera: the address without the code, and without what nobody types.
fn sign_in_address(link: &str) -> String {
    let start = link.split("/card/").next().unwrap_or(link);
    let typed = start.trim_start_matches("https://").trim_start_matches("http://");
    format!("{typed}/sign-in")
}

/// The card itself, to print or to copy by hand. Shown this once.
pub fn card(page: &Page, line: &PersonLine, card: &PrintedCard, link: &str, qr: &Squares) -> String {
    let title = page.with("card-made-title", &[("name", (&card.name).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(way_to(page, line)).menu("/people"), || {
        let pictures = card
            .pictures
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let words = page.t(&format!("picture-{p}"));
                let words = page.with("card-picture", &[("n", (i + 1).into()), ("picture", (&words).into())]);
                // Symbols on a card are always drawn, and at once: it is paper, it may be printed before anybody has scrolled
                // to them, and they are half of what signs somebody in.
                let src = format!("/static/symbols/{}.svg", picture_symbol(*p));
                view! { <li class="card-picture"><img class="symbol" src=src alt="" width="84" height="84" /><span>{words}</span></li> }
            })
            .collect_view();
        let words = page.with("card-qr", &[("name", (&card.name).into())]);
        let box_ = format!("0 0 {} {}", qr.width, qr.width);
        let whole = qr.width.to_string();
        view! {
            <h1 class="no-print">{title}</h1>
            <div class="no-print">{kit::notice("warning", view! { <p>{page.t("card-made-words")}</p> })}</div>
            <section class="print-card" aria-labelledby="card-name">
                <h2 id="card-name">{card.name.clone()}</h2>
                <p>{page.with("card-for", &[("site", (&page.site.name).into())])}</p>
                <svg class="card-qr" viewBox=box_ width="220" height="220" role="img" aria-label=words shape-rendering="crispEdges">
                    <rect width=whole.clone() height=whole fill="#ffffff" />
                    <path d=qr.path.clone() fill="#000000" />
                </svg>
                <ol class="card-steps">
                    <li>{page.t("card-step-scan")}</li>
                    <li>{page.t("card-step-press")}</li>
                </ol>
                <p>{page.with("card-no-camera", &[("link", sign_in_address(link).as_str().into())])}</p>
                <div class="code-words">{card.code.spaced()}</div>
                <ol class="card-pictures">{pictures}</ol>
                <p>{page.t("card-keep-safe")}</p>
            </section>
            <p class="buttons no-print"><a class="button" href=format!("/people/{}", line.id)>{page.t("card-made-back")}</a></p>
        }
        .into_any()
    })
}
