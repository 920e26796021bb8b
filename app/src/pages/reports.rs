//! Saying that something is wrong with the words of a section, and what became of it.

use domain::safety::{ReportOutcome, ReportWhy};
use leptos::prelude::*;
use service::safety::reports::{ForWorkers, ReportForm, ReportPage};

use super::designs::{by, crumbs};
use crate::kit::{self, Choice, Field};
use crate::{Form, Page, Sheet};

/// What is wrong, in a word.
pub(crate) fn why_words(page: &Page, why: ReportWhy) -> String {
    page.t(&format!("report-why-{why}"))
}

/// The part, what is wrong with it, and who reads this. Whoever said it already is led to what they said.
pub fn new(page: &Page, form: &Form, it: &ReportForm) -> String {
    let title = page.with("report-title", &[("heading", (&it.heading).into())]);
    page.draw(&Sheet::new(title.clone()).refused(form).crumbs(crumbs(page, &it.head, true)), || {
        let at = format!("/designs/{}", it.head.id);
        let html = it.html.clone();
        let act = match it.waits {
            Some(report) => {
                let see = view! { <a href=format!("{at}/reports/{report}")>{page.t("report-waits-link")}</a> };
                kit::notice("info", view! { <p>{page.t("report-waits")}</p><p class="go">{see}</p> })
            }
            None => {
                let choice = |why: &ReportWhy| {
                    let choice = Choice::new(why.name(), why_words(page, *why));
                    match why {
                        ReportWhy::Private => choice.hint(page.t("report-why-private-hint")),
                        ReportWhy::Worry => choice.link("/not-safe", page.t("report-worry-link")),
                        ReportWhy::Unkind | ReportWhy::Other => choice,
                    }
                };
                let words = Field::new("words", page.t("report-words")).hint(page.t("report-words-hint")).size(3);
                let fields = view! {
                    {kit::radios(page, form, Field::new("why", page.t("report-why")), ReportWhy::ALL.iter().map(choice).collect())}
                    {kit::text_area(page, form, words)}
                };
                kit::form(page, form, &format!("{at}/sections/{}/report", it.section), &page.t("report-button"), fields)
            }
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("report-lead")}</p>
            {kit::details(page.t("report-part"), view! { <div class="words soft" inner_html=html.clone()></div> })}
            {act}
        }
        .into_any()
    })
}

/// One report: for the one who said it what became of it, for who checks words the part and an answer to write.
pub fn one(page: &Page, form: &Form, it: &ReportPage) -> String {
    let title = page.with("report-one-title", &[("heading", (&it.heading).into())]);
    page.draw(&Sheet::new(title.clone()).refused(form).crumbs(crumbs(page, &it.head, true)), || {
        let said =
            (!it.words.is_empty()).then(|| view! { <blockquote class="own-words">{it.words.clone()}</blockquote> });
        let when = page.date_time(it.made_at);
        let when = page.with("report-when", &[("when", (&when).into())]);
        let reply = it.reply.as_ref().map(|r| {
            let date = page.date(r.at);
            kit::notice(
                "done",
                view! {
                    <h2>{page.t(&format!("report-outcome-{}", r.outcome))}</h2>
                    <p class="own-words">{r.reason.clone()}</p>
                    <p class="meta">{date}</p>
                },
            )
        });
        let waits = (it.reply.is_none() && it.for_workers.is_none())
            .then(|| kit::notice("info", view! { <p>{page.t("report-waits-worker")}</p> }));
        let said_by = it.for_workers.as_ref().map(|w| {
            let name = by(page, &w.by);
            view! { <p class="meta">{page.with("report-by", &[("name", (&name).into())])}</p> }
        });
        let work = it.for_workers.as_ref().map(|w| part(page, it, w));
        let answer = (it.for_workers.is_some() && it.reply.is_none()).then(|| answer(page, form, it));
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {reply}
            {waits}
            <section aria-labelledby="said">
                <h2 id="said">{page.t("report-said")}</h2>
                <p>{kit::status_tag("held", "1F4E3", why_words(page, it.why))}</p>
                {said}
                {said_by}
                <p class="meta">{when}</p>
            </section>
            {work}
            {answer}
        }
        .into_any()
    })
}

/// The words it is about, and the pages on which something can be done about them.
fn part(page: &Page, it: &ReportPage, w: &ForWorkers) -> AnyView {
    let at = format!("/designs/{}", it.head.id);
    let html = w.html.clone();
    let since = match (w.removed, w.written_since) {
        (true, _) => Some("report-part-removed"),
        (false, true) => Some("report-part-written"),
        (false, false) => None,
    };
    let since = since.map(|key| kit::notice("info", view! { <p>{page.t(key)}</p> }));
    let write = (it.head.words_open() && !w.removed).then(
        || view! { <li><a href=format!("{at}/write#section-{}", it.section)>{page.t("check-section-write")}</a></li> },
    );
    view! {
        <section aria-labelledby="part">
            <h2 id="part">{page.t("report-part")}</h2>
            {since}
            <div class="words soft" inner_html=html.clone()></div>
            <ul class="links">
                {write}
                <li><a href=format!("{at}/wipe")>{page.t("wipe-title")}</a></li>
                <li><a href=at.clone()>{page.t("report-to-design")}</a></li>
            </ul>
        </section>
    }
    .into_any()
}

/// What became of it, and what the one who said it is told.
fn answer(page: &Page, form: &Form, it: &ReportPage) -> AnyView {
    let to = format!("/designs/{}/reports/{}", it.head.id, it.id);
    let choice = |o: &ReportOutcome| Choice::new(o.name(), page.t(&format!("report-outcome-{o}")));
    let fields = view! {
        {kit::radios(page, form, Field::new("outcome", page.t("report-outcome")), ReportOutcome::ALL.iter().map(choice).collect())}
        {kit::text_area(page, form, Field::new("reason", page.t("report-reason")).hint(page.t("report-reason-hint")).size(3))}
    };
    view! {
        <section aria-labelledby="answer">
            <h2 id="answer">{page.t("report-answer")}</h2>
            {kit::form(page, form, &to, &page.t("report-answer-button"), fields)}
        </section>
    }
    .into_any()
}
