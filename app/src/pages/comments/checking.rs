//! Checking words: what is held, and taking words away with a reason.

use leptos::prelude::*;
use service::comments::{HeldReason, HeldWords, ToCheck};

use super::{author, kind_symbol, written};
use crate::kit::{self, Field};
use crate::page::Crumb;
use crate::{Form, Page, Sheet};

/// What is held in a worker's groups, oldest first. Publishing is one press; taking away asks for a reason on its own page.
pub fn moderation(page: &Page, form: &Form, held: &HeldWords) -> String {
    page.draw(&Sheet::new(page.t("moderation-title")).refused(form), || {
        let publish = |act: String, name: &str, seen: String, ids: Vec<(&'static str, String)>| {
            let ids = ids.into_iter().map(|(n, v)| kit::hidden(n, &v)).collect_view();
            let whom = page.with("check-publish-whom", &[("name", name.into())]);
            view! {
                <form method="post" action="/moderation" class="one-button">
                    {kit::hidden("form_id", form.id())}
                    {kit::hidden("act", &act)}
                    {ids}
                    {kit::hidden("seen", &seen)}
                    <button class="main">{page.t("check-publish")}<span class="unseen">" "{whom}</span></button>
                </form>
            }
        };
        let comments = held
            .comments
            .iter()
            .map(|c| {
                let name = author(page, &c.author);
                let id = c.id.to_string();
                let answers = c.answers.as_ref().map(|words| {
                    view! { <p class="meta">{page.t("moderation-answers")}</p><blockquote class="own-words">{words.clone()}</blockquote> }
                });
                let place = page.with("moderation-where", &[("heading", (&c.heading).into())]);
                let whom = page.with("check-take-away-whom", &[("name", (&name).into())]);
                kit::card(true, view! {
                    <p class="meta">{place}" "
                        <a href=format!("/designs/{}/comments?order=newest#comment-{id}", c.design)>{c.design_title.clone()}</a></p>
                    {answers}
                    <p>{kit::status_tag(c.kind.name(), kind_symbol(c.kind), page.t(&format!("comment-kind-{}", c.kind)))}</p>
                    <p class="own-words">{c.words.clone()}</p>
                    <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, c.words_at)}</p>
                    <div class="acts">
                        {publish(format!("publish-{id}"), &name, c.words_at.0.to_string(), vec![("comment", id.clone())])}
                        <a class="button quiet" href=format!("/comments/{id}/check")>{page.t("check-take-away")}
                            <span class="unseen">" "{whom}</span></a>
                    </div>
                })
            })
            .collect::<Vec<_>>();
        let reasons = held
            .reasons
            .iter()
            .map(|r| {
                let act = format!("publish-{}-{}", r.decision, r.person);
                let ids = vec![("decision", r.decision.to_string()), ("person", r.person.to_string())];
                let name = page.person(&r.name);
                let whom = page.with("check-take-away-whom", &[("name", (&name).into())]);
                kit::card(true, view! {
                    <p class="meta">{page.t("moderation-vote")}" "
                        <a href=format!("/decisions/{}", r.decision)>{r.question.clone()}</a></p>
                    <p class="own-words">{r.words.clone()}</p>
                    <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, r.words_at)}</p>
                    <div class="acts">
                        {publish(act, &name, r.words_at.0.to_string(), ids)}
                        <a class="button quiet" href=format!("/moderation/hands/{}/{}", r.decision, r.person)>
                            {page.t("check-take-away")}<span class="unseen">" "{whom}</span></a>
                    </div>
                })
            })
            .collect::<Vec<_>>();
        let none = (comments.is_empty() && reasons.is_empty()).then(|| kit::empty("2705", page.t("moderation-none")));
        let part = |id: &'static str, key: &str, cards: Vec<AnyView>| {
            let title = page.t(key);
            (!cards.is_empty()).then(|| {
                view! { <section aria-labelledby=id><h2 id=id>{title}</h2><ul class="cards">{cards}</ul></section> }
            })
        };
        let more = held.more.then(|| view! { <p>{page.t("moderation-more")}</p> });
        view! {
            <h1>{page.t("moderation-title")}</h1>
            <p class="lead">{page.t("moderation-lead")}</p>
            {none}
            {part("held-comments", "moderation-comments", comments)}
            {part("held-reasons", "moderation-reasons", reasons)}
            {more}
        }
        .into_any()
    })
}

fn take_away(page: &Page, form: &Form, to: &str, seen: i64) -> AnyView {
    let fields = view! {
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

fn publish(page: &Page, form: &Form, to: &str, seen: i64) -> AnyView {
    view! {
        <form method="post" action=to.to_owned() class="one-button">
            {kit::hidden("form_id", form.id())}
            {kit::hidden("act", "publish")}
            {kit::hidden("seen", &seen.to_string())}
            <button class="main">{page.t("check-publish")}</button>
        </form>
    }
    .into_any()
}

/// One comment for somebody who checks: publish it where it is held, or take it away with a reason.
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
            {it.held.then(|| publish(page, form, &to, it.words_at.0))}
            {take_away(page, form, &to, it.words_at.0)}
        }
        .into_any()
    })
}

/// One held reason of a show of hands for somebody who checks.
pub fn check_reason(page: &Page, form: &Form, it: &HeldReason) -> String {
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
            {publish(page, form, &to, it.words_at.0)}
            {take_away(page, form, &to, it.words_at.0)}
        }
        .into_any()
    })
}
