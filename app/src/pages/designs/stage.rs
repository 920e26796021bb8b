//! The stage of a design: moving it, and how it came there.

use domain::access::Verb;
use domain::actions::NotYet;
use domain::designs::Stage;
use leptos::prelude::*;
use service::designs::StageView;

use super::{by, crumbs, stage_word, stages};
use crate::kit::Field;
use crate::{Form, Page, Sheet, kit};

/// The step after this one.
const fn next(stage: Stage) -> Option<Stage> {
    match stage {
        Stage::Drafting => Some(Stage::Checking),
        Stage::Checking => Some(Stage::Voting),
        Stage::Voting => Some(Stage::Decided),
        Stage::Decided => Some(Stage::Doing),
        Stage::Doing => Some(Stage::Done),
        Stage::Stopped => Some(Stage::Drafting),
        Stage::Done => None,
    }
}

/// The page.
pub fn stage(page: &Page, design: StageView, form: &Form) -> String {
    let head = &design.head;
    let title = page.with("stage-title", &[("design", (&head.title).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(crumbs(page, head, true)).refused(form), || {
        // The last stage has nothing after it.
        let moving =
            (page.may(Verb::MoveStage, &head.place) && head.stage != Stage::Done).then(|| moving(page, &design, form));
        let history = design
            .moves
            .iter()
            // Numbered as it happened.
            .rev()
            .map(|m| {
                let who = by(page, &m.by);
                let words = page.with(
                    "stage-moved",
                    &[
                        ("who", (&who).into()),
                        ("from", (&stage_word(page, m.from)).into()),
                        ("to", (&stage_word(page, m.to)).into()),
                    ],
                );
                let reason = (!m.reason.is_empty()).then(|| view! { <p class="own-words">{m.reason.clone()}</p> });
                view! { <li><p>{words}" "<span class="meta">{page.date_time(m.at)}</span></p>{reason}</li> }
            })
            .collect::<Vec<_>>();
        let none = history.is_empty().then(|| view! { <p>{page.t("stage-no-moves")}</p> });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {stages(page, head.stage)}
            <p class="lead">{page.t(&format!("stage-means-{}", head.stage))}</p>
            {moving}
            <section>
                <h2>{page.t("stage-history")}</h2>
                {none}
                <ol class="steps">{history}</ol>
            </section>
        }
        .into_any()
    })
}

fn moving(page: &Page, design: &StageView, form: &Form) -> AnyView {
    let head = &design.head;
    let at = format!("/designs/{}/stage", head.id);
    let fresh = Form::new(form.id().to_owned());
    let mine = |to: Stage| if form.value("to") == to.name() { form } else { &fresh };
    let one = |to: Stage, main: bool| {
        let form = mine(to);
        let reason = head.stage.needs_reason(to).then(|| {
            let field = Field::new("reason", page.t("stage-reason")).hint(page.t("stage-reason-hint")).size(4);
            let refused = form.problem("reason").is_some();
            kit::text_area(page, form, if refused { field } else { field.id(format!("field-reason-{to}")) })
        });
        // Where the error summary's link lands when the step itself was refused.
        let id = form.problem("to").map(|_| "field-to");
        view! {
            <form method="post" action=at.clone() novalidate class="form">
                {kit::hidden("form_id", form.id())}
                {kit::hidden("act", to.name())}
                {kit::hidden("from", head.stage.name())}
                {kit::hidden("to", to.name())}
                {reason}
                <p class="buttons">
                    <button id=id class=if main { "main" } else { "quiet" }>{page.t(&format!("stage-to-{to}"))}</button>
                </p>
            </form>
        }
        .into_any()
    };
    let ready = (head.stage == Stage::Drafting).then(|| before_checking(page, design));
    let missing = (head.stage == Stage::Drafting && !design.without_words.is_empty()).then(|| {
        let lines = design.without_words.iter().map(|h| view! { <li>{h.clone()}</li> }).collect_view();
        kit::notice(
            "warning",
            view! {
                <p>{page.t("stage-missing")}</p>
                <ul>{lines}</ul>
                <p class="go"><a href=format!("/designs/{}/write", head.id)>{page.t("stage-missing-write")}</a></p>
            },
        )
    });
    // While people decide, nothing else is asked of them or done with the design.
    let deciding = design.open_vote.is_some();
    let see = design.open_vote.map(
        |vote| view! { <p><a class="button main" href=format!("/decisions/{vote}")>{page.t("design-see-vote")}</a></p> },
    );
    let vote = (!deciding && matches!(head.stage, Stage::Checking | Stage::Voting)).then(|| {
        view! { <p><a class="button main" href=format!("/decisions/new?design={}", head.id)>{page.t("stage-vote")}</a></p> }
    });
    // A design is decided by writing down what was decided, and done once nothing keeps it from that.
    let outcome = match head.stage {
        Stage::Voting if !deciding => Some(("button", "stage-outcome")),
        Stage::Decided if !design.any_action => Some(("button main", "stage-first-action")),
        _ => None,
    }
    .map(|(class, key)| view! { <p><a class=class href=format!("/designs/{}/outcome", head.id)>{page.t(key)}</a></p> });
    let waits = waiting(page, design);
    let forward = next(head.stage)
        .filter(|to| match to {
            Stage::Voting | Stage::Decided => false,
            Stage::Doing => design.any_action,
            Stage::Done => waits.is_none(),
            _ => true,
        })
        .map(|to| one(to, true));
    let back = (head.stage.may_move_to(Stage::Drafting) && next(head.stage) != Some(Stage::Drafting)).then(|| {
        let inside = match design.open_vote {
            // The same act as making the vote void, and the same two people.
            Some(vote) => {
                let void = page.may(Verb::VoidDecision, &head.place).then(|| {
                    view! { <p class="go"><a href=format!("/decisions/{vote}/void")>{page.t("stage-back-void")}</a></p> }
                });
                view! { <p>{page.t("stage-back-vote")}</p>{void} }.into_any()
            }
            None => one(Stage::Drafting, false),
        };
        kit::details(page.t("stage-back"), inside)
    });
    let stop = (!deciding && head.stage.may_move_to(Stage::Stopped))
        .then(|| kit::details(page.t("stage-stop"), one(Stage::Stopped, false)));
    view! {
        <section>
            <h2>{page.t("stage-next")}</h2>
            {ready}
            {missing}
            {see}
            {vote}
            {outcome}
            {waits}
            {forward}
            {back}
            {stop}
        </section>
    }
    .into_any()
}

/// What checking asks for, and what is there already.
fn before_checking(page: &Page, design: &StageView) -> AnyView {
    let head = &design.head;
    let tag = |ready: bool| {
        let (look, code, key) = if ready { ("done", "2714", "ready-yes") } else { ("soon", "23F3", "ready-no") };
        kit::status_tag(look, code, page.t(key))
    };
    let agreed = design.promise_agreed;
    let promise = page.t(if agreed { "ready-promise" } else { "ready-promise-not" });
    let go = (!agreed).then(|| {
        let href = format!("/workspaces/{}/promise", head.workspace_slug);
        view! { " "<a href=href>{page.t("new-design-promise-link")}</a> }
    });
    let written = design.words_ready;
    let words = page.t(if written { "ready-words" } else { "ready-words-not" });
    view! {
        <p>{page.t("ready-title")}</p>
        <ul class="ready">
            <li>{tag(agreed)}" "{promise}{go}</li>
            <li>{tag(written)}" "{words}</li>
            <li>{kit::status_tag("open", "1F4D6", page.t("ready-easy-read-none"))}" "{page.t("ready-easy-read")}</li>
        </ul>
    }
    .into_any()
}

/// Why a design cannot be done yet: each action that goes on, and each that people were not asked about.
fn waiting(page: &Page, design: &StageView) -> Option<AnyView> {
    if design.head.stage != Stage::Doing || (design.waits.is_empty() && design.any_action) {
        return None;
    }
    let lines = design
        .waits
        .iter()
        .map(|w| {
            let words = page.t(match w.why {
                NotYet::GoesOn => "stage-wait-goes-on",
                NotYet::NotAsked => "stage-wait-not-asked",
            });
            view! { <li><a href=format!("/actions/{}", w.action)>{w.title.clone()}</a>": "{words}</li> }
        })
        .collect::<Vec<_>>();
    let none = (!design.any_action).then(|| {
        view! { <p class="go"><a href=format!("/designs/{}/outcome", design.head.id)>{page.t("stage-first-action")}</a></p> }
    });
    Some(kit::notice("info", view! { <p>{page.t("stage-waits")}</p><ul>{lines}</ul>{none} }))
}
