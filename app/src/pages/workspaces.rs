//! Workspaces and their promise.

use domain::access::Verb;
use domain::designs::Stage;
use domain::designs::suggestions::Deciders;
use domain::moment::Moment;
use domain::workspaces::{Template, says_almost_nothing};
use leptos::prelude::*;
use service::workspaces::{
    DecisionItem, NewWorkspaceForm, Promise, PromiseStanding, PromiseView, PromiseWords, WorkspaceCard, WorkspaceView,
};

use super::groups::{symbols, tags, work_card};
use crate::kit::{Choice, Field};
use crate::{Crumb, Form, Page, Sheet, kit, when};

/// The list of workspaces somebody may know of, by group. One of several groups stands under each of them.
pub fn list(page: &Page, work: Vec<WorkspaceCard>) -> String {
    page.draw(&Sheet::new(page.t("workspaces-title")).menu("/groups"), || {
        let none = work.is_empty().then(|| kit::empty("1F331", page.t("workspaces-none")));
        let mut groups: Vec<_> = work.iter().flat_map(|w| &w.groups).collect();
        groups.sort_by(|a, b| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)));
        groups.dedup_by_key(|g| g.id);
        let mut told = std::collections::BTreeSet::new();
        let parts = groups
            .into_iter()
            .map(|g| {
                let cards = work
                    .iter()
                    .filter(|w| w.groups.iter().any(|x| x.id == g.id))
                    .map(|w| {
                        // A link once on the page: under further groups the title alone says that it is theirs too.
                        if told.insert(w.id) {
                            work_card(w, w.groups.len() > 1)
                        } else {
                            kit::card(
                                false,
                                view! { <p>{w.title.clone()}</p><p class="meta">{page.t("workspaces-above")}</p> },
                            )
                        }
                    })
                    .collect_view();
                view! {
                    <section>
                        <h2><a href=format!("/groups/{}", g.slug)>{g.name.clone()}</a></h2>
                        <ul class="cards">{cards}</ul>
                    </section>
                }
            })
            .collect_view();
        view! { <h1>{page.t("workspaces-title")}</h1><p class="lead">{page.t("workspaces-lead")}</p>{none}{parts} }
            .into_any()
    })
}

/// The form for a new workspace.
pub fn new(page: &Page, form: &Form, f: &NewWorkspaceForm) -> String {
    let mut crumbs = vec![Crumb::new(page.t("groups-title"), "/groups")];
    crumbs.extend(f.from.as_ref().map(|g| Crumb::new(g.name.clone(), format!("/groups/{}", g.slug))));
    let sheet = Sheet::new(page.t("workspace-new-title")).menu("/groups").crumbs(crumbs).refused(form);
    page.draw(&sheet, || {
        let start = f.from.as_ref().or(f.groups.first().filter(|_| f.groups.len() == 1)).map_or("", |g| &g.slug);
        let groups = f.groups.iter().map(|g| Choice::new(g.slug.clone(), g.name.clone()).symbol(g.symbol.clone())).collect();
        let templates = Template::ALL
            .iter()
            .map(|t| Choice::new(t.name(), page.t(&format!("template-{t}"))).hint(page.t(&format!("template-{t}-hint"))))
            .collect();
        let fields = view! {
            {kit::field(page, form, Field::new("title", page.t("workspace-title-label")).hint(page.t("workspace-title-hint")).size(40))}
            {kit::field(page, form, Field::new("summary", page.t("workspace-summary-label"))
                .hint(page.t("workspace-summary-hint")).size(50))}
            {kit::checkboxes(page, form, Field::new("groups", page.t("workspace-groups-label"))
                .hint(page.t("workspace-groups-hint")).start(start), groups)}
            {kit::radios(page, form, Field::new("template", page.t("workspace-template-label")).start("service"), templates)}
            {symbols(page, form, page.t("workspace-symbol-hint"))}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("workspace-new-title")}</h1>
            <p class="lead">{page.t("workspace-new-lead")}</p>
            {kit::form(page, form, "/workspaces/new", &page.t("workspace-new-button"), fields)}
        }
        .into_any()
    })
}

/// The way to a workspace: groups, and the first one that may be known of.
pub fn way_to(page: &Page, w: &WorkspaceCard) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::new(page.t("groups-title"), "/groups")];
    crumbs.extend(w.groups.first().map(|g| Crumb::new(g.name.clone(), format!("/groups/{}", g.slug))));
    crumbs
}

fn stage_symbol(stage: Stage) -> &'static str {
    match stage {
        Stage::Drafting => "1F4DD",
        Stage::Checking => "1F440",
        Stage::Voting => "1F5F3",
        Stage::Decided => "2714",
        Stage::Doing => "1F6E0",
        Stage::Done => "2705",
        Stage::Stopped => "1F6D1",
    }
}

/// What to do next, and the one main action of the page.
fn next(page: &Page, w: &WorkspaceView, now: Moment) -> AnyView {
    let slug = &w.work.slug;
    let place = &w.work.place;
    let promise = format!("/workspaces/{slug}/promise");
    let agreed = w.promise.as_ref().is_some_and(|p| p.standing.is_agreed());
    let vote = w.decisions.iter().find(|d| !d.void && d.opens_at <= now && now < d.closes_at);
    let draft = w.designs.iter().find(|d| d.stage.words_open());
    let (words, button) = if w.promise.is_none() {
        if page.may(Verb::WritePromise, place) {
            ("workspace-next-write", Some((format!("{promise}/write"), page.t("promise-write-link"))))
        } else {
            ("workspace-next-wait-promise", None)
        }
    } else if !agreed {
        let mine = w.promise.as_ref().is_some_and(|p| p.mine);
        match (page.may(Verb::AgreePromise, place), mine) {
            (true, false) => ("workspace-next-agree", Some((promise, page.t("promise-read-link")))),
            (true, true) => ("workspace-next-agreed-wait", Some((promise, page.t("promise-see-link")))),
            _ => ("workspace-next-others-agree", Some((promise, page.t("promise-see-link")))),
        }
    } else if let Some(vote) = vote {
        let to = format!("/decisions/{}", vote.id);
        if page.may(Verb::RaiseHand, place) {
            ("workspace-next-vote", Some((to, page.t("workspace-vote-link"))))
        } else {
            ("workspace-next-vote-others", Some((to, page.t("workspace-vote-see-link"))))
        }
    } else if let Some(draft) = draft {
        (
            if page.may(Verb::Comment, place) { "workspace-next-draft" } else { "workspace-next-draft-others" },
            Some((
                format!("/designs/{}", draft.id),
                page.with("workspace-read-link", &[("title", (&draft.title).into())]),
            )),
        )
    } else if page.may(Verb::ShapeDesign, place) && w.designs.is_empty() {
        ("workspace-next-design", Some((format!("/designs/new?workspace={slug}"), page.t("design-new-link"))))
    } else if let Some(action) = w.actions.iter().find(|a| !a.status.is_ended()) {
        (
            "workspace-next-action",
            Some((
                format!("/actions/{}", action.id),
                page.with("workspace-action-link", &[("title", (&action.title).into())]),
            )),
        )
    } else {
        ("workspace-next-nothing", None)
    };
    let button =
        button.map(|(href, words)| view! { <p class="buttons"><a class="button main" href=href>{words}</a></p> });
    view! { <section class="panel"><h2>{page.t("workspace-next-title")}</h2><p>{page.t(words)}</p>{button}</section> }
        .into_any()
}

fn standing_tag(page: &Page, promise: Option<&Promise>) -> AnyView {
    let (name, code, key) = match promise.map(|p| p.standing) {
        None => ("not-started", "270F", "promise-not-written"),
        Some(PromiseStanding::NotYet) => ("checking", "23F3", "promise-not-yet"),
        Some(PromiseStanding::ByHalf) => ("agreed", "1F91D", "promise-by-half"),
        Some(PromiseStanding::ByLead) => ("agreed", "1F91D", "promise-by-lead"),
    };
    kit::status_tag(name, code, page.t(key))
}

fn decision_words(page: &Page, d: &DecisionItem, now: Moment) -> (&'static str, &'static str, String) {
    let soon = |at| when::soon(page.words, &page.zone, now, at);
    if d.void {
        ("void", "1F6AB", page.t("workspace-vote-void"))
    } else if now < d.opens_at {
        ("soon", "1F51C", page.with("workspace-vote-opens", &[("when", (&soon(d.opens_at)).into())]))
    } else if now < d.closes_at {
        ("open", "1F5F3", page.with("workspace-vote-closes", &[("when", (&soon(d.closes_at)).into())]))
    } else {
        ("decided", "2714", page.with("workspace-vote-closed", &[("when", (&page.date(d.closes_at)).into())]))
    }
}

/// A workspace's own page.
pub fn view(page: &Page, form: &Form, w: &WorkspaceView) -> String {
    let sheet = Sheet::new(w.work.title.clone()).menu("/groups").crumbs(way_to(page, &w.work)).refused(form);
    let now = page.now;
    page.draw(&sheet, || {
        let slug = &w.work.slug;
        let place = &w.work.place;
        let promise = view! {
            <section>
                <h2>{page.t("promise-title")}</h2>
                <p>{standing_tag(page, w.promise.as_ref())}</p>
                {w.promise.as_ref().map(|p| view! {
                    <p class="words">{p.words.what_for.clone()}</p>
                    <p class="go"><a href=format!("/workspaces/{slug}/promise")>{page.t("promise-whole-link")}</a></p>
                })}
            </section>
        };
        let designs = w
            .designs
            .iter()
            .map(|d| {
                kit::card(false, view! {
                    {kit::status_tag(d.stage.name(), stage_symbol(d.stage), page.t(&format!("workspace-stage-{}", d.stage)))}
                    {kit::symbol(&d.symbol, 72)}
                    <h3><a href=format!("/designs/{}", d.id)>{d.title.clone()}</a></h3>
                    <p class="meta">{page.with("workspace-stage-since", &[("date", (&page.date(d.since)).into())])}</p>
                })
            })
            .collect_view();
        let no_designs = w.designs.is_empty().then(|| kit::empty("1F4DD", page.t("workspace-no-designs")));
        let agreed = w.promise.as_ref().is_some_and(|p| p.standing.is_agreed());
        let another = (agreed && !w.designs.is_empty() && page.may(Verb::ShapeDesign, place))
            .then(|| view! { <p><a class="button" href=format!("/designs/new?workspace={slug}")>{page.t("design-another-link")}</a></p> });
        // A question of its own. About a design, people decide from the design's own pages once it is being checked.
        let ask = (agreed && page.may(Verb::OpenDecision, place)).then(|| {
            view! { <p><a class="button" href=format!("/decisions/new?workspace={slug}")>{page.t("workspace-ask-link")}</a></p> }
        });
        let decisions = (!w.decisions.is_empty() || ask.is_some()).then(|| {
            let none = w.decisions.is_empty().then(|| view! { <p>{page.t("workspace-no-decisions")}</p> });
            let rows = w
                .decisions
                .iter()
                .map(|d| {
                    let (name, code, words) = decision_words(page, d, now);
                    kit::card(false, view! {
                        {kit::status_tag(name, code, words)}
                        <h3><a href=format!("/decisions/{}", d.id)>{d.question.clone()}</a></h3>
                    })
                })
                .collect_view();
            view! { <section><h2>{page.t("workspace-decisions")}</h2>{none}<ul class="cards">{rows}</ul>{ask}</section> }
        });
        let actions = (!w.actions.is_empty()).then(|| {
            let rows = w
                .actions
                .iter()
                .map(|a| {
                    let late = !a.status.is_ended() && a.due_at < now;
                    let name = if late { "late" } else { a.status.name() };
                    let code = match a.status {
                        domain::actions::ActionStatus::NotStarted => "1F4C5",
                        domain::actions::ActionStatus::Doing => "1F6E0",
                        domain::actions::ActionStatus::Done => "2705",
                        domain::actions::ActionStatus::Changed => "1F504",
                        domain::actions::ActionStatus::Stopped => "1F6D1",
                    };
                    let due = (!a.status.is_ended()).then(|| {
                        let key = if late { "workspace-action-late" } else { "workspace-action-due" };
                        view! { <p class="meta">{page.with(key, &[("date", (&page.date(a.due_at)).into())])}</p> }
                    });
                    kit::card(false, view! {
                        {kit::status_tag(name, code, page.t(&format!("workspace-action-{}", a.status)))}
                        <h3><a href=format!("/actions/{}", a.id)>{a.title.clone()}</a></h3>
                        {due}
                    })
                })
                .collect_view();
            view! { <section><h2>{page.t("workspace-actions")}</h2><ul class="cards">{rows}</ul></section> }
        });
        view! {
            {kit::error_summary(page, form)}
            {tags(&w.work.groups)}
            <h1>{w.work.title.clone()}</h1>
            <p class="lead">{w.work.summary.clone()}</p>
            {next(page, w, now)}
            {promise}
            <section>
                <h2>{page.t("workspace-designs")}</h2>
                {no_designs}
                <ul class="cards">{designs}</ul>
                {another}
            </section>
            {decisions}
            {actions}
            {deciders(page, form, w)}
        }
        .into_any()
    })
}

/// Who decides about suggestions, and the form to change it for those who may.
fn deciders(page: &Page, form: &Form, w: &WorkspaceView) -> AnyView {
    let change = page.may(Verb::SetDeciders, &w.work.place).then(|| {
        let all =
            Deciders::ALL.iter().map(|d| Choice::new(d.name(), page.t(&format!("workspace-deciders-{d}")))).collect();
        let field = Field::new("deciders", page.t("workspace-deciders-title")).start(w.deciders.name());
        let fields = view! { {kit::hidden("act", "deciders")}{kit::radios(page, form, field, all)} };
        let to = format!("/workspaces/{}", w.work.slug);
        let open = !form.problems().is_empty();
        let inside = kit::form(page, form, &to, &page.t("workspace-deciders-button"), fields);
        view! { <details class="more" open=open><summary>{page.t("workspace-deciders-change")}</summary><div>{inside}</div></details> }
    });
    view! {
        <section>
            <h2>{page.t("workspace-deciders-title")}</h2>
            <p>{page.t(&format!("workspace-deciders-{}", w.deciders))}</p>
            {change}
        </section>
    }
    .into_any()
}

fn promise_crumbs(page: &Page, w: &WorkspaceCard) -> Vec<Crumb> {
    let mut crumbs = way_to(page, w);
    crumbs.push(Crumb::new(w.title.clone(), format!("/workspaces/{}", w.slug)));
    crumbs
}

/// The promise, to read and to agree.
pub fn promise(page: &Page, form: &Form, p: &PromiseView) -> String {
    let title = page.with("promise-page-title", &[("title", (&p.work.title).into())]);
    let sheet = Sheet::new(title.clone()).menu("/groups").crumbs(promise_crumbs(page, &p.work));
    page.draw(&sheet, || {
        let write = format!("/workspaces/{}/promise/write", p.work.slug);
        let Some(promise) = &p.promise else {
            let button = p
                .may_write
                .then(|| view! { <p class="buttons"><a class="button main" href=write>{page.t("promise-write-link")}</a></p> });
            return view! {
                <h1>{title}</h1>
                {kit::empty("270F", page.t("promise-none"))}
                {button}
            }
            .into_any();
        };
        let parts = promise
            .words
            .pairs()
            .into_iter()
            .map(|(name, words)| {
                let key = name.replace('_', "-");
                view! { <h2>{page.t(&format!("promise-{key}"))}</h2><p class="words">{words.to_owned()}</p> }
            })
            .collect_view();
        let change = p.may_write.then(|| view! { <p class="go"><a href=write>{page.t("promise-change-link")}</a></p> });
        let hollow = (p.may_write && promise.hollow)
            .then(|| kit::notice("warning", view! { <p><strong>{page.t("promise-hollow-title")}</strong></p><p>{page.t("promise-hollow")}</p> }));
        view! {
            <h1>{title}</h1>
            <p>{standing_tag(page, Some(promise))}</p>
            {hollow}
            <div class="facts">{parts}</div>
            {agreeing(page, form, p, promise)}
            {change}
        }
        .into_any()
    })
}

fn agreeing(page: &Page, form: &Form, p: &PromiseView, promise: &Promise) -> AnyView {
    let path = format!("/workspaces/{}/promise", p.work.slug);
    let read = promise.shown_at.0.to_string();
    let act = |act: &str, class: &'static str, words: String| {
        view! {
            <form method="post" action=path.clone() class="one-button">
                {kit::hidden("form_id", form.id())}
                {kit::hidden("act", act)}
                {kit::hidden("read", &read)}
                <button class=class>{words}</button>
            </form>
        }
    };
    let count =
        promise.agreed.map(|n| view! { <p>{page.with("promise-count", &[("count", (&page.count(n)).into())])}</p> });
    let mine = promise.mine.then(|| view! { <p>{kit::symbol_line("2705", page.t("promise-mine"))}</p> });
    let press = p.may_agree.then(|| {
        view! { <p>{page.t("promise-agree-words")}</p>{act("agree", "main", page.t("promise-agree-button"))} }
    });
    let how = match promise.standing {
        PromiseStanding::NotYet => view! { <p>{page.t("promise-half")}</p> }.into_any(),
        PromiseStanding::ByHalf | PromiseStanding::ByLead => promise
            .agreed_at
            .map(|at| view! { <p>{page.with("promise-agreed-on", &[("date", (&page.date(at)).into())])}</p> })
            .into_any(),
    };
    let lead = match (p.may_agree_for_group, promise.lead_from.filter(|_| page.may(Verb::AgreeForGroup, &p.work.place))) {
        (true, _) => Some(
            view! { <p>{page.t("promise-lead-words")}</p>{act("agree-for-group", "quiet", page.t("promise-lead-button"))} }.into_any(),
        ),
        (false, Some(from)) => Some(view! { <p>{page.with("promise-lead-from", &[("date", (&page.date(from)).into())])}</p> }.into_any()),
        (false, None) => None,
    };
    view! {
        <section>
            <h2>{page.t("promise-agree-title")}</h2>
            {how}
            {count}
            {mine}
            {press}
            {lead}
        </section>
    }
    .into_any()
}

/// The form of a promise.
pub fn write_promise(page: &Page, form: &Form, p: &PromiseView) -> String {
    let title = page.with("promise-write-title", &[("title", (&p.work.title).into())]);
    let mut crumbs = promise_crumbs(page, &p.work);
    crumbs.push(Crumb::new(page.t("promise-title"), format!("/workspaces/{}/promise", p.work.slug)));
    let sheet = Sheet::new(title.clone()).menu("/groups").crumbs(crumbs).refused(form);
    page.draw(&sheet, || {
        let old = p.promise.as_ref().map(|p| p.words.clone());
        let written = old.is_some();
        // Somebody who starts it finds what they said the workspace is.
        let start = old.unwrap_or_else(|| PromiseWords { what_for: p.work.summary.clone(), ..PromiseWords::default() });
        let warn = form.value_or("can_change", &start.can_change);
        // An empty box says so itself.
        let hollow = (!warn.trim().is_empty() && (written || form.is_filled()) && says_almost_nothing(&warn)).then(|| {
            kit::notice("warning", view! { <p><strong>{page.t("promise-hollow-title")}</strong></p><p>{page.t("promise-hollow")}</p> })
        });
        let names = ["what_for", "can_change", "cannot_change", "who_decides", "money", "hear_when"];
        let fields = names
            .into_iter()
            .zip(start.pairs())
            .map(|(name, (_, words))| {
                let key = name.replace('_', "-");
                let field = Field::new(name, page.t(&format!("promise-{key}")))
                    .hint(page.t(&format!("promise-{key}-hint")))
                    .start(words)
                    .size(4);
                kit::text_area(page, form, field)
            })
            .collect_view();
        let again = written.then(|| kit::notice("info", view! { <p>{page.t("promise-change-resets")}</p> }));
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("promise-write-lead")}</p>
            {again}
            {hollow}
            {kit::form(page, form, &format!("/workspaces/{}/promise/write", p.work.slug), &page.t("promise-save-button"), fields)}
        }
        .into_any()
    })
}
