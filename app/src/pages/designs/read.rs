//! Reading a design.

use domain::access::Verb;
use domain::decisions::DecisionState;
use domain::designs::Stage;
use domain::ids::SectionId;
use domain::moment::Moment;
use leptos::prelude::*;
use service::designs::{AfterDesign, DesignHead, DesignView, SectionView};

use super::{by, closed, crumbs, stages, suggestions};
use crate::{Page, Sheet, kit};

/// A design to read. `beside`: what people say about it, with a heading whose id is `people-say`.
///
/// `waiting`: how many suggestions wait in which sections. `changed_since`: when the reader was last here, if others changed
/// something since.
pub fn read(
    page: &Page,
    design: DesignView,
    (became, waiting): (&AfterDesign, &[(SectionId, i64)]),
    changed_since: Option<Moment>,
    beside: impl FnOnce(&Page) -> AnyView,
) -> String {
    let head = &design.head;
    let sheet = Sheet::new(head.title.clone()).crumbs(crumbs(page, head, false));
    page.draw(&sheet, || {
        let at = format!("/designs/{}", head.id);
        let open = head.words_open();
        let write = (open && page.may(Verb::WriteSection, &head.place))
            .then(|| view! { <a class="button" href=format!("{at}/write")>{page.t("design-write")}</a> });
        let next = page
            .may(Verb::MoveStage, &head.place)
            .then(|| view! { <a class="button quiet" href=format!("{at}/stage")>{page.t("design-stage-change")}</a> });
        let decide = (head.stage == Stage::Checking && page.may(Verb::OpenDecision, &head.place)).then(
            || view! { <a class="button" href=format!("/decisions/new?design={}", head.id)>{page.t("stage-vote")}</a> },
        );
        // While people decide, deciding comes first; comments can be read beside.
        let open_vote = became.decisions.iter().find(|d| d.state == DecisionState::Open);
        let vote = open_vote.map(|d| {
            view! { <a class="button main" href=format!("/decisions/{}", d.id)>{page.t("design-see-vote")}</a> }
        });
        let says = page.may(Verb::Comment, &head.place) && domain::comments::open_at(head.stage);
        let words = if says { "design-say" } else { "design-read-said" };
        let look = if open_vote.is_some() { "button" } else { "button main" };
        let closed = closed(page, head);
        // Whoever comes for what was decided finds it first, and why on a page of its own.
        let decided = became.outcome.as_ref().map(|o| {
            view! {
                <section class="notice done" aria-labelledby="decided">
                    <h2 id="decided">{page.t("outcome-title")}</h2>
                    <p class="own-words">{o.words.clone()}</p>
                    <p class="go"><a href=format!("{at}/outcome")>{page.t("outcome-read-more")}</a></p>
                </section>
            }
        });
        let pausing = pausing(page, head);
        let wipes = page
            .may(Verb::WipeWords, &head.place)
            .then(|| view! { <li><a href=format!("{at}/wipe")>{page.t("wipe-title")}</a></li> });
        let pictures = page
            .may(Verb::WriteSection, &head.place)
            .then(|| view! { <li><a href=format!("{at}/pictures")>{page.t("write-pictures")}</a></li> });
        let changed = changed_since.map(|at_last| {
            let words = page.with("design-changed-since", &[("when", (&page.date_time(at_last)).into())]);
            let link = view! { <a href=format!("{at}/versions/compare?from=last")>{page.t("since-last")}</a> };
            kit::notice("info", view! { <p>{words}</p><p class="go">{link}</p> })
        });
        let shown: Vec<_> = design.sections.iter().filter(|s| !s.not_needed || !s.words.is_empty()).collect();
        let none = shown.is_empty().then(|| kit::empty("1F4DD", page.t("design-no-sections")));
        let suggests = open && page.may(Verb::Suggest, &head.place);
        let checks = page.may(Verb::CheckWords, &head.place);
        let reports = page.may(Verb::ReportWords, &head.place);
        let sections = shown
            .into_iter()
            .map(|s| {
                let waits = waiting.iter().find(|(id, _)| *id == s.id).map_or(0, |(_, n)| *n);
                let id = s.id.to_string();
                let suggest = suggestions::beside_section(page, head.id, (&id, &s.heading), waits, suggests);
                section(page, &at, s, suggest, (says, checks, reports))
            })
            .collect_view();
        view! {
            <h1>{kit::symbol(&head.symbol, 72)}" "{head.title.clone()}</h1>
            {stages(page, head.stage)}
            {closed}
            {decided}
            {pausing}
            {changed}
            <p class="buttons">
                {vote}
                <a class=look href=format!("{at}/comments")>{page.t(words)}</a>
                {write}
                {decide}
                {next}
            </p>
            {none}
            <div class="columns">
                <div>{sections}</div>
                <div>{beside(page)}</div>
            </div>
            {after(page, became)}
            <section aria-labelledby="more">
                <h2 id="more">{page.t("design-more")}</h2>
                <ul class="links">
                    <li><a href=format!("{at}/suggestions")>{page.t("suggestions-heading")}</a></li>
                    <li><a href=format!("{at}/versions")>{page.t("design-versions")}</a></li>
                    <li><a href=format!("{at}/download")>{page.t("design-download")}</a></li>
                    <li><a href=format!("{at}/stage")>{page.t("design-history")}</a></li>
                    {pictures}
                    {wipes}
                </ul>
            </section>
        }
        .into_any()
    })
}

/// What became of a design: its decisions and the council's actions. Nothing before there is any.
fn after(page: &Page, after: &AfterDesign) -> AnyView {
    let decisions = (!after.decisions.is_empty()).then(|| {
        let lines = after.decisions.iter().map(|d| crate::pages::decisions::line(page, d)).collect_view();
        view! { <section aria-labelledby="decisions"><h2 id="decisions">{page.t("workspace-decisions")}</h2><ul>{lines}</ul></section> }
    });
    let actions = (!after.actions.is_empty()).then(|| {
        let cards = after.actions.iter().map(|a| crate::pages::actions::item(page, a)).collect_view();
        view! { <section aria-labelledby="actions"><h2 id="actions">{page.t("workspace-actions")}</h2><ul class="cards">{cards}</ul></section> }
    });
    view! { {decisions}{actions} }.into_any()
}

/// One press for those who may pause writing and let it go on.
fn pausing(page: &Page, head: &DesignHead) -> Option<AnyView> {
    let may = head.stage.words_open() && page.may(Verb::PauseWriting, &head.place);
    let (act, words) = if head.paused { ("go-on", "pause-end") } else { ("pause", "pause-begin") };
    may.then(|| {
        view! {
            <form method="post" action=format!("/designs/{}/pause", head.id) class="one-button">
                {kit::hidden("act", act)}
                <button class="quiet">{page.t(words)}</button>
            </form>
        }
        .into_any()
    })
}

/// A part with what can be done about it. `says`: the reader can comment; `checks`: the reader checks words; `reports`: the reader
/// can say that something is wrong.
fn section(
    page: &Page,
    at: &str,
    s: &SectionView,
    suggest: Option<AnyView>,
    (says, checks, reports): (bool, bool, bool),
) -> AnyView {
    let id = format!("section-{}", s.id);
    let heading_id = format!("heading-{}", s.id);
    let words = if domain::words::is_blank(&s.words) {
        let key = if s.not_needed { "section-not-needed" } else { "section-empty" };
        view! { <p class="meta">{page.t(key)}</p> }.into_any()
    } else {
        // Drawn and sanitised when it was saved (service::designs::markdown).
        view! { <div class="words" inner_html=s.html.clone()></div> }.into_any()
    };
    let by = s.by.as_ref().filter(|_| !s.words.is_empty()).map(|who| {
        let who = by(page, who);
        let day = page.date(s.words_at);
        view! { <p class="meta">{page.with("section-by", &[("who", (&who).into()), ("date", (&day).into())])}</p> }
    });
    let report = (reports && !domain::words::is_blank(&s.words)).then(|| {
        let href = format!("{at}/sections/{}/report", s.id);
        let of = page.with("masked-check-of", &[("heading", (&s.heading).into())]);
        view! { <p class="go"><a class="meta" href=href>{page.t("report-link")}<span class="unseen">": "{of}</span></a></p> }
    });
    let masked = s.masked.then(|| {
        let check = checks.then(|| {
            let of = page.with("masked-check-of", &[("heading", (&s.heading).into())]);
            view! { " "<a href=format!("{at}/sections/{}/check", s.id)>{page.t("masked-check")}<span class="unseen">" "{of}</span></a> }
        });
        view! { <p class="meta">{page.t("masked-why")}{check}</p> }
    });
    view! {
        <section id=id aria-labelledby=heading_id.clone()>
            <h2 id=heading_id.clone()>{s.heading.clone()}</h2>
            {words}
            {masked}
            {by}
            <p class="go">
                <a href=format!("{at}/comments?section={}", s.id)>
                    {page.with(if says { "section-say" } else { "section-read-said" }, &[("heading", (&s.heading).into())])}
                </a>
            </p>
            {suggest}
            {report}
        </section>
    }
    .into_any()
}
