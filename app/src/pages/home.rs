//! The front door: what needs somebody, or a welcome.

use domain::access::{Place, Verb};
use domain::actions::ActionStatus;
use domain::designs::suggestions::SuggestionState;
use leptos::prelude::*;
use service::designs::SINCE;
use service::home::{FirstStep, Home, MyGroup, Need, PublicLine, Welcome, What};

use crate::{Form, Page, Sheet, kit, when};

/// Home for somebody signed in: what needs them, newest first, and their groups. `owners`: the marks of what they wrote on this
/// device, as [`crate::pages::designs::write::Mine`] has them; nothing on a shared device.
pub fn home(page: &Page, form: &Form, h: &Home, owners: Option<&str>) -> String {
    page.draw(&Sheet::new(page.t("home-title")).menu("/"), || {
        let name = page.me().map(|p| p.name.clone()).unwrap_or_default();
        let needed = h.needs.iter().filter(|n| n.what.needs()).count();
        let heading = page.with("home-heading", &[("name", (&name).into()), ("needed", needed.into())]);
        let cards = h.needs.iter().map(|n| need(page, n)).collect_view();
        let needs = if h.needs.is_empty() {
            kit::empty("1F331", page.t("home-nothing"))
        } else {
            view! { <p class="lead">{page.t("home-lead")}</p><h2 class="unseen">{page.t("home-needs")}</h2><ul class="cards">{cards}</ul> }
                .into_any()
        };
        let groups = if h.groups.is_empty() {
            nowhere_yet(page)
        } else {
            let cards = h.groups.iter().map(|g| my_group(page, g)).collect_view();
            view! { <ul class="cards">{cards}</ul> }.into_any()
        };
        view! {
            <h1>{heading}</h1>
            {owners.map(|owners| unsent(page, owners))}
            {needs}
            {seen(page, form, h)}
            {first_steps(page, &h.first)}
            <section><h2>{page.t("groups-mine")}</h2>{groups}</section>
        }
        .into_any()
    })
}

/// Where words that were typed on this device wait there: the way to where they are sent, and the words themselves, should
/// that place be closed by now. `frontend/js/extras.js` knows, and shows one of the template for each.
fn unsent(page: &Page, owners: &str) -> AnyView {
    view! {
        <div class="notice" id="unsent" data-owners=owners.to_owned() hidden>
            <p>{page.t("home-unsent")}</p>
            <template>
                <div>
                    <p class="go"><a href="/">{page.t("home-unsent-go")}</a></p>
                    <details class="more"><summary>{page.t("home-unsent-show")}</summary><div></div></details>
                    <p class="buttons"><button type="button" class="quiet">{page.t("home-unsent-done")}</button></p>
                </div>
            </template>
        </div>
    }
    .into_any()
}

/// Where there is news: a button that takes it away. It says up to which moment, so that newer news stays.
fn seen(page: &Page, form: &Form, h: &Home) -> Option<AnyView> {
    let until = h.news_until?;
    let fields = (kit::hidden("act", "seen"), kit::hidden("seen", &until.0.to_string()));
    Some(kit::one_button(form, "/my-data", "", fields, page.t("home-seen-button")))
}

/// What comes first in a house that has not all it needs, for those who can see to it.
fn first_steps(page: &Page, left: &[FirstStep]) -> Option<AnyView> {
    let step = |step: &FirstStep| {
        let (href, key) = match step {
            FirstStep::Settings => ("/settings", "home-first-settings"),
            FirstStep::Group => ("/groups/new", "home-first-group"),
            FirstStep::Workers => ("/people/new", "home-first-workers"),
            FirstStep::YoungPerson => ("/people/new", "home-first-young"),
        };
        view! { <li><a href=href>{page.t(key)}</a></li> }
    };
    (!left.is_empty()).then(|| {
        let steps = left.iter().map(step).collect_view();
        view! { <section><h2>{page.t("home-first")}</h2><ol class="links">{steps}</ol></section> }.into_any()
    })
}

/// For somebody in no group: whom to ask.
fn nowhere_yet(page: &Page) -> AnyView {
    let key = match page.me().is_some_and(|p| p.role.is_staff()) {
        true if page.may(Verb::MakeGroup, &Place::house()) => "home-no-groups-staff",
        true => "home-no-groups-work",
        false => "home-no-groups",
    };
    view! { <p>{page.t(key)}</p> }.into_any()
}

fn my_group(page: &Page, g: &MyGroup) -> AnyView {
    let work = page.with("home-group-work", &[("n", g.workspaces.into())]);
    let votes = (g.votes > 0).then(|| page.with("home-group-votes", &[("n", g.votes.into())]));
    let role = page.t(&format!("group-role-{}", g.role));
    kit::card(
        false,
        view! {
            {kit::group_tag(g.colour, &g.symbol, &role)}
            <h3><a href=format!("/groups/{}", g.slug)>{g.name.clone()}</a></h3>
            <p>{work}{votes.map(|v| view! { ", "<strong>{v}</strong> })}</p>
        },
    )
}

/// What a card says: the look and the symbol of its tag, the tag's words, the sentence, where it goes, and what the button does.
struct Told {
    look: &'static str,
    code: &'static str,
    tag: String,
    words: String,
    href: String,
    button: &'static str,
}

fn told(page: &Page, n: &Need) -> Told {
    let soon = |at| when::soon(page.words, &page.zone, page.now, at);
    let make = |look, code, tag, words, href, button| Told { look, code, tag, words, href, button };
    match &n.what {
        What::AgreePromise { workspace } => make(
            "checking",
            "1F91D",
            page.t("promise-title"),
            page.t("home-agree-words"),
            format!("/workspaces/{workspace}/promise"),
            "home-agree-button",
        ),
        What::WritePromise { workspace } => make(
            "checking",
            "270F",
            page.t("promise-title"),
            page.t("home-write-words"),
            format!("/workspaces/{workspace}/promise/write"),
            "home-write-button",
        ),
        What::Vote { decision, closes_at } => make(
            "sun",
            "23F3",
            page.with("home-vote-tag", &[("when", (&soon(*closes_at)).into())]),
            page.t("home-vote-words"),
            format!("/decisions/{decision}"),
            "home-vote-button",
        ),
        What::ToDecide { design } => make(
            "checking",
            "1F5F3",
            page.t("home-closed-tag"),
            page.t("home-decide-words"),
            format!("/designs/{design}/outcome"),
            "home-decide-button",
        ),
        What::Closed { decision } => make(
            "decided",
            "1F5F3",
            page.t("home-closed-tag"),
            page.t("home-closed-words"),
            format!("/decisions/{decision}"),
            "home-closed-button",
        ),
        What::VoidAsked { decision } => make(
            "checking",
            "1F91D",
            page.t("home-void-tag"),
            page.t("home-void-words"),
            format!("/decisions/{decision}/void"),
            "home-void-button",
        ),
        What::TakenAway { design, comment } => make(
            "held",
            "1F4AC",
            page.t("home-taken-tag"),
            page.t("home-taken-words"),
            format!("/designs/{design}/comments#comment-{comment}"),
            "home-taken-button",
        ),
        What::ReportAnswered { design, report } => make(
            "decided",
            "1F4E3",
            page.t("home-report-tag"),
            page.t("home-report-words"),
            format!("/designs/{design}/reports/{report}"),
            "home-report-button",
        ),
        What::SentBack { design, reason } => make(
            "drafting",
            "21A9",
            page.t("home-back-tag"),
            page.with("home-back-words", &[("reason", reason.into())]),
            format!("/designs/{design}/stage"),
            "home-back-button",
        ),
        What::Draft { design, heading, name } => make(
            "drafting",
            "1F4DD",
            page.t("home-draft-tag"),
            page.with("home-draft-words", &[("name", (&page.person(name)).into()), ("heading", heading.into())]),
            // The moment, so that this change can be read however often somebody was there since.
            format!("/designs/{design}/versions/compare?from={SINCE}{}", n.at.0),
            "home-draft-button",
        ),
        What::Check { since } => make(
            "held",
            "1F440",
            page.t("home-check-tag"),
            page.with("home-check-words", &[("when", (&page.date_time(*since)).into())]),
            "/moderation".to_owned(),
            "home-check-button",
        ),
        What::Due { action, due_at } => {
            let late = *due_at < page.now;
            let date = page.date(*due_at);
            make(
                if late { "late" } else { "soon" },
                "1F4C5",
                page.t(if late { "home-late-tag" } else { "home-due-tag" }),
                page.with(if late { "home-late-words" } else { "home-due-words" }, &[("date", (&date).into())]),
                format!("/actions/{action}"),
                "home-due-button",
            )
        }
        What::Reply { design, comment, name } => make(
            "open",
            "1F4AC",
            page.t("home-reply-tag"),
            match name.as_deref().filter(|n| !n.is_empty()) {
                Some(name) => page.with("home-reply-words", &[("name", name.into())]),
                None => page.t("home-reply-words-somebody"),
            },
            format!("/designs/{design}/comments#comment-{comment}"),
            "home-reply-button",
        ),
        What::Suggestions { design } => make(
            "open",
            "1F4AC",
            page.t("home-suggestions-tag"),
            page.t("home-suggestions-words"),
            format!("/designs/{design}/suggestions?state=pending"),
            "home-suggestions-button",
        ),
        What::Suggestion { design, suggestion, state } => {
            let look = *state == SuggestionState::Look;
            make(
                if look { "checking" } else { "decided" },
                if look { "1F440" } else { "1F4AC" },
                page.t(&format!("suggestion-state-{state}")),
                page.t(if look { "home-suggestion-look-words" } else { "home-suggestion-words" }),
                format!("/designs/{design}/suggestions/{suggestion}"),
                "home-suggestion-button",
            )
        }
        What::Outcome { design } => make(
            "decided",
            "2714",
            page.t("home-outcome-tag"),
            page.t("home-outcome-words"),
            format!("/designs/{design}/outcome"),
            "home-outcome-button",
        ),
        What::DidItWork { action } => make(
            "done",
            "2705",
            page.t("home-worked-tag"),
            page.t("home-worked-words"),
            format!("/actions/{action}#did-it-work"),
            "home-worked-button",
        ),
        What::Ended { action, status } => make(
            status.name(),
            if *status == ActionStatus::Stopped { "1F6D1" } else { "1F504" },
            page.t(&format!("action-status-{status}")),
            page.t("home-ended-words"),
            format!("/actions/{action}"),
            "home-ended-button",
        ),
        What::NewCard { person, made_at } => make(
            "open",
            "1FAAA",
            page.t("home-card-tag"),
            page.with("home-card-words", &[("name", (&n.title).into()), ("date", (&page.date(*made_at)).into())]),
            person.map_or_else(|| "/groups".to_owned(), |id| format!("/people/{id}")),
            if person.is_some() { "home-card-button" } else { "home-card-groups-button" },
        ),
        What::Finish { design } => make(
            "done",
            "1F3C1",
            page.t("home-finish-tag"),
            page.t("home-finish-words"),
            format!("/designs/{design}/stage"),
            "home-finish-button",
        ),
    }
}

fn need(page: &Page, n: &Need) -> AnyView {
    let t = told(page, n);
    let needs = n.what.needs();
    let title = if n.title.is_empty() { page.t("home-check-title") } else { n.title.clone() };
    let class = if needs { "button main" } else { "button" };
    kit::card(
        needs,
        view! {
            {kit::status_tag(t.look, t.code, t.tag)}
            {kit::symbol(&n.symbol, 72)}
            <h3>{title.clone()}</h3>
            <p>{t.words}</p>
            // One link a card; for those who hear links alone it says which card it is.
            <p class="buttons"><a class=class href=t.href>{page.t(t.button)}<span class="unseen">": "{title}</span></a></p>
        },
    )
}

/// Home for somebody who has not signed in. `ended`: they were signed in until just now.
pub fn welcome(page: &Page, w: &Welcome, ended: bool) -> String {
    page.draw(&Sheet::new(page.t("welcome-title")).menu("/"), || {
        let done = (!w.done.is_empty()).then(|| {
            let cards = w.done.iter().map(|a| line(page, a)).collect_view();
            view! {
                <section>
                    <h2>{page.t("welcome-done")}</h2>
                    <ul class="cards">{cards}</ul>
                    <p class="go"><a href="/you-said-we-did">{page.t("welcome-done-all")}</a></p>
                </section>
            }
        });
        let groups = (!w.groups.is_empty()).then(|| {
            let cards = w
                .groups
                .iter()
                .map(|g| {
                    kit::card(
                        false,
                        view! {
                            {kit::group_tag(g.colour, &g.symbol, &page.t(&format!("group-kind-{}", g.kind)))}
                            <h3><a href=format!("/groups/{}", g.slug)>{g.name.clone()}</a></h3>
                            <p class="words">{g.purpose.clone()}</p>
                        },
                    )
                })
                .collect_view();
            view! { <section><h2>{page.t("welcome-groups")}</h2><ul class="cards">{cards}</ul></section> }
        });
        let ended = ended.then(|| kit::notice("info", view! { <p>{page.t("welcome-ended")}</p> }));
        view! {
            {ended}
            <h1>{page.t("welcome-heading")}</h1>
            <p class="lead">{page.with("welcome-lead", &[("site", (&page.site.name).into())])}</p>
            <p class="buttons"><a class="button main" href="/sign-in">{page.t("welcome-sign-in")}</a></p>
            {done}
            {groups}
        }
        .into_any()
    })
}

fn line(page: &Page, a: &PublicLine) -> AnyView {
    let (code, did) = match a.status {
        ActionStatus::NotStarted => ("1F4C5", a.we_will.clone()),
        ActionStatus::Doing => ("1F6E0", a.we_will.clone()),
        ActionStatus::Done => ("2705", a.we_will.clone()),
        ActionStatus::Changed => ("1F504", a.reason.clone()),
        ActionStatus::Stopped => ("1F6D1", a.reason.clone()),
    };
    kit::card(
        false,
        view! {
            {kit::status_tag(a.status.name(), code, page.t(&format!("workspace-action-{}", a.status)))}
            <h3><a href=format!("/actions/{}", a.id)>{a.title.clone()}</a></h3>
            <p class="words">{page.with("welcome-you-said", &[("words", (&a.you_said).into())])}</p>
            <p class="words">{page.with(if a.status == ActionStatus::Done { "welcome-done-line".to_owned() } else { format!("welcome-{}", a.status) }.as_str(), &[("words", (&did).into())])}</p>
        },
    )
}
