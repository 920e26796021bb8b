//! Checking words: what is held, what was shown at once, and taking words away with a reason.

use leptos::prelude::*;
use service::comments::{CommentToCheck, Queue, ReasonToCheck, ToCheck};
use service::designs::MaskedSection;
use service::designs::suggestions::{AnswerToCheck, SuggestionToCheck};
use service::safety::reports::ReportLine;

use super::{author, kind_symbol, written};
use crate::kit::{self, Field};
use crate::page::Crumb;
use crate::pages::designs;
use crate::pages::reports::why_words;
use crate::{Form, Page, Sheet};

/// One press on the list: the hidden fields say which words, and that they were read as they are now.
fn press(page: &Page, form: &Form, held: bool, name: &str, seen: i64, ids: &[(&'static str, String)]) -> AnyView {
    let act = ids.iter().fold("publish".to_owned(), |act, (_, id)| format!("{act}-{id}"));
    let fields = ids.iter().map(|(n, v)| kit::hidden(n, v)).collect_view();
    let whom = page.with("check-publish-whom", &[("name", name.into())]);
    let words = page.t(if held { "check-publish" } else { "check-fine" });
    let fields = (kit::hidden("act", &act), fields, kit::hidden("seen", &seen.to_string()));
    let words = view! { {words}<span class="unseen">{if held { " " } else { ": " }}{whom}</span> };
    kit::one_button(form, "/moderation", if held { "main" } else { "quiet" }, fields, words)
}

fn take_away_link(page: &Page, to: String, name: &str) -> AnyView {
    let whom = page.with("check-take-away-whom", &[("name", name.into())]);
    view! { <a class="button quiet" href=to>{page.t("check-take-away")}<span class="unseen">" "{whom}</span></a> }
        .into_any()
}

fn comment_card(page: &Page, form: &Form, held: bool, c: &CommentToCheck) -> AnyView {
    let name = author(page, &c.author);
    let id = c.id.to_string();
    let answers = c.answers.as_ref().map(|words| {
        view! { <p class="meta">{page.t("moderation-answers")}</p><blockquote class="own-words">{words.clone()}</blockquote> }
    });
    let place = page.with("moderation-where", &[("heading", (&c.heading).into())]);
    kit::card(
        held,
        view! {
            <p class="meta">{place}" "
                <a href=format!("/designs/{}/comments?order=newest#comment-{id}", c.design)>{c.design_title.clone()}</a></p>
            {answers}
            <p>{kit::status_tag(c.kind.name(), kind_symbol(c.kind), page.t(&format!("comment-kind-{}", c.kind)))}</p>
            <p class="own-words">{c.words.clone()}</p>
            <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, c.words_at)}</p>
            <div class="acts">
                {press(page, form, held, &name, c.words_at.0, &[("comment", id.clone())])}
                {take_away_link(page, format!("/comments/{id}/check"), &name)}
            </div>
        },
    )
}

fn suggestion_card(page: &Page, form: &Form, held: bool, s: &SuggestionToCheck) -> AnyView {
    let name = author(page, &s.author);
    let id = s.id.to_string();
    let at = format!("/designs/{}/suggestions/{id}", s.design);
    let place = page.with("moderation-where", &[("heading", (&s.heading).into())]);
    let why = page.with("suggestion-why", &[("why", (&s.why).into())]);
    let ids = [("design", s.design.to_string()), ("suggestion", id)];
    kit::card(
        held,
        view! {
            <p class="meta">{place}" "<a href=at.clone()>{s.design_title.clone()}</a></p>
            {crate::pages::designs::suggestions::says(page, s.kind, &s.picked, &s.words)}
            <p class="own-words">{why}</p>
            <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, s.words_at)}</p>
            <div class="acts">
                {press(page, form, held, &name, s.words_at.0, &ids)}
                {take_away_link(page, format!("{at}/check"), &name)}
            </div>
        },
    )
}

fn answer_card(page: &Page, form: &Form, held: bool, a: &AnswerToCheck) -> AnyView {
    let name = author(page, &a.author);
    let at = format!("/designs/{}/suggestions/{}", a.design, a.id);
    let ids = [("design", a.design.to_string()), ("suggestion", a.id.to_string()), ("person", a.person.to_string())];
    kit::card(
        held,
        view! {
            <p class="meta"><a href=at.clone()>{a.design_title.clone()}": "{page.t("moderation-suggestion-link")}</a></p>
            <p class="own-words">{a.words.clone()}</p>
            <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, a.words_at)}</p>
            <div class="acts">
                {press(page, form, held, &name, a.words_at.0, &ids)}
                {take_away_link(page, format!("{at}/check?person={}", a.person), &name)}
            </div>
        },
    )
}

fn reason_card(page: &Page, form: &Form, r: &ReasonToCheck) -> AnyView {
    let name = page.person(&r.name);
    let ids = [("decision", r.decision.to_string()), ("person", r.person.to_string())];
    kit::card(
        r.held,
        view! {
            <p class="meta">{page.t("moderation-vote")}" "
                <a href=format!("/decisions/{}", r.decision)>{r.question.clone()}</a></p>
            <p class="own-words">{r.words.clone()}</p>
            <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, r.words_at)}</p>
            <div class="acts">
                {press(page, form, r.held, &name, r.words_at.0, &ids)}
                {take_away_link(page, format!("/moderation/hands/{}/{}", r.decision, r.person), &name)}
            </div>
        },
    )
}

fn masked_card(page: &Page, s: &MaskedSection) -> AnyView {
    let place = page.with("moderation-where", &[("heading", (&s.heading).into())]);
    let of = page.with("masked-check-of", &[("heading", (&s.heading).into())]);
    kit::card(
        true,
        view! {
            <p class="meta">{place}" "<a href=format!("/designs/{}", s.design)>{s.design_title.clone()}</a></p>
            <p class="meta">{written(page, s.words_at)}</p>
            <div class="acts">
                <a class="button" href=format!("/designs/{}/sections/{}/check", s.design, s.id)>
                    {page.t("masked-check")}<span class="unseen">" "{of}</span>
                </a>
            </div>
        },
    )
}

fn report_card(page: &Page, r: &ReportLine) -> AnyView {
    let place = page.with("moderation-where", &[("heading", (&r.heading).into())]);
    let by = page.with("report-of", &[("name", (&designs::by(page, &r.by)).into()), ("heading", (&r.heading).into())]);
    kit::card(
        true,
        view! {
            <p class="meta">{place}" "<a href=format!("/designs/{}", r.design)>{r.design_title.clone()}</a></p>
            <p>{kit::status_tag("held", "1F4E3", why_words(page, r.why))}</p>
            <p class="meta">{page.with("report-when", &[("when", (&page.date_time(r.made_at)).into())])}</p>
            <div class="acts">
                <a class="button" href=format!("/designs/{}/reports/{}", r.design, r.id)>
                    {page.t("moderation-report-open")}<span class="unseen">": "{by}</span>
                </a>
            </div>
        },
    )
}

/// What waits in a worker's groups: first what nobody sees yet, then what everybody sees already. Saying that words are fine
/// is one press; taking away asks for a reason on its own page.
pub fn moderation(page: &Page, form: &Form, queue: &Queue) -> String {
    page.draw(&Sheet::new(page.t("moderation-title")).refused(form).menu("/moderation"), || {
        let comments = |all: &[CommentToCheck], held| {
            all.iter().map(|c| comment_card(page, form, held, c)).collect::<Vec<_>>()
        };
        let reasons = |all: &[ReasonToCheck]| all.iter().map(|r| reason_card(page, form, r)).collect::<Vec<_>>();
        let suggested = |all: &[SuggestionToCheck], held| {
            all.iter().map(|s| suggestion_card(page, form, held, s)).collect::<Vec<_>>()
        };
        let answered = |all: &[AnswerToCheck], held| {
            all.iter().map(|a| answer_card(page, form, held, a)).collect::<Vec<_>>()
        };
        let part = |id: &'static str, keys: (&str, &str), cards: Vec<AnyView>| {
            let (title, lead) = (page.t(keys.0), page.t(keys.1));
            (!cards.is_empty()).then(|| {
                view! {
                    <section aria-labelledby=id><h2 id=id>{title}</h2><p>{lead}</p><ul class="cards">{cards}</ul></section>
                }
            })
        };
        let parts = [
            part(
                "reports",
                ("moderation-reports", "moderation-reports-lead"),
                queue.reports.iter().map(|r| report_card(page, r)).collect(),
            ),
            part(
                "masked-sections",
                ("moderation-masked", "moderation-masked-lead"),
                queue.masked.iter().map(|s| masked_card(page, s)).collect(),
            ),
            part("held-comments", ("moderation-comments", "moderation-unseen"), comments(&queue.comments, true)),
            part("held-reasons", ("moderation-reasons", "moderation-unseen"), reasons(&queue.reasons)),
            part(
                "held-suggestions",
                ("moderation-suggestions", "moderation-unseen"),
                suggested(&queue.suggestions, true),
            ),
            part("held-answers", ("moderation-answers-held", "moderation-unseen"), answered(&queue.answers, true)),
            part("shown-comments", ("moderation-shown", "moderation-seen"), comments(&queue.shown_comments, false)),
            part("shown-reasons", ("moderation-shown-reasons", "moderation-seen"), reasons(&queue.shown_reasons)),
            part(
                "shown-suggestions",
                ("moderation-shown-suggestions", "moderation-seen"),
                suggested(&queue.shown_suggestions, false),
            ),
            part(
                "shown-answers",
                ("moderation-shown-answers", "moderation-seen"),
                answered(&queue.shown_answers, false),
            ),
        ];
        let none = parts.iter().all(Option::is_none).then(|| kit::empty("2705", page.t("moderation-none")));
        let lead = none.is_none().then(|| view! { <p class="lead">{page.t("moderation-lead")}</p> });
        let more = queue.more.then(|| view! { <p>{page.t("moderation-more")}</p> });
        view! {
            <h1>{page.t("moderation-title")}</h1>
            {lead}
            {none}
            {parts.into_iter().collect_view()}
            {more}
        }
        .into_any()
    })
}

/// Whose words, where one address is for several.
fn whose(person: Option<&String>) -> Option<AnyView> {
    person.map(|person| kit::hidden("person", person))
}

/// What somebody who checks can do with words: show them or say that they are fine, and take them away.
pub fn verdict(
    page: &Page,
    form: &Form,
    to: &str,
    (held, checked, seen): (bool, bool, i64),
    person: Option<String>,
) -> AnyView {
    let person = person.as_ref();
    view! {
        {(!checked).then(|| publish(page, form, to, held, seen, person))}
        {take_away(page, form, to, seen, person)}
    }
    .into_any()
}

fn take_away(page: &Page, form: &Form, to: &str, seen: i64, person: Option<&String>) -> AnyView {
    let fields = view! {
        {whose(person)}
        {kit::hidden("act", "take-away")}
        {kit::hidden("seen", &seen.to_string())}
        {kit::text_area(page, form, Field::new("reason", page.t("check-reason")).hint(page.t("check-reason-hint")).size(3))}
    };
    view! {
        <section aria-labelledby="take-away">
            <h2 id="take-away">{page.t("check-take-away-title")}</h2>
            {kit::form(page, form, to, &page.t("check-take-away-button"), fields)}
        </section>
    }
    .into_any()
}

/// Publishes what waits, or says that what everybody sees is fine.
fn publish(page: &Page, form: &Form, to: &str, held: bool, seen: i64, person: Option<&String>) -> AnyView {
    let words = page.t(if held { "check-publish" } else { "check-fine" });
    let fields = (kit::hidden("act", "publish"), whose(person), kit::hidden("seen", &seen.to_string()));
    kit::one_button(form, to, "main", fields, words)
}

/// One comment for somebody who checks: publish it, say that it is fine, or take it away with a reason.
pub fn check_comment(page: &Page, form: &Form, it: &ToCheck) -> String {
    let title = page.t("check-comment-title");
    let sheet = Sheet::new(title.clone()).refused(form).crumbs(vec![
        Crumb::new(it.about.title.clone(), format!("/designs/{}", it.about.id)),
        Crumb::new(page.t("comments-heading"), format!("/designs/{}/comments", it.about.id)),
    ]);
    page.draw(&sheet, || {
        let to = format!("/comments/{}/check", it.id);
        let name = author(page, &it.author);
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p>{page.with("check-comment-by", &[("name", (&name).into())])}</p>
            <blockquote class="own-words">{it.words.clone()}</blockquote>
            <p class="meta">{written(page, it.words_at)}</p>
            {verdict(page, form, &to, (it.held, it.checked, it.words_at.0), None)}
        }
        .into_any()
    })
}

/// One reason of a show of hands for somebody who checks.
pub fn check_reason(page: &Page, form: &Form, it: &ReasonToCheck) -> String {
    let title = page.t("check-reason-title");
    let sheet = Sheet::new(title.clone()).refused(form).crumbs(vec![
        Crumb::new(page.t("moderation-title"), "/moderation"),
        Crumb::new(it.question.clone(), format!("/decisions/{}", it.decision)),
    ]);
    page.draw(&sheet, || {
        let to = format!("/moderation/hands/{}/{}", it.decision, it.person);
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p>{page.with("check-comment-by", &[("name", (&page.person(&it.name)).into())])}</p>
            <blockquote class="own-words">{it.words.clone()}</blockquote>
            {verdict(page, form, &to, (it.held, it.checked, it.words_at.0), None)}
        }
        .into_any()
    })
}
