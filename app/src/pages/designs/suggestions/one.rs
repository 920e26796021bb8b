//! One suggestion: what it would change, what became of it, and what the reader can do about it.

use domain::designs::suggestions::{Others, SuggestionAnswer, SuggestionState};
use leptos::prelude::*;
use service::designs::suggestions::{AnswerSeen, SuggestionPage, ToRead, WordsToCheck};

use super::{address, fields, meta, near, pieces, says, state_tag, why};
use crate::kit::{self, Choice, Field};
use crate::pages::comments::author;
use crate::pages::designs::{act, crumbs};
use crate::{Crumb, Form, Page, Sheet, when};

/// The form of the page that was sent and came back, for the part it belongs to; a fresh one for all others.
struct Forms<'a> {
    sent: &'a Form,
    fresh: Form,
}

impl Forms<'_> {
    /// The form of a part, and what keeps its ids apart where it is not the one that came back.
    fn of(&self, name: &'static str) -> (&Form, &'static str) {
        let sent = self.sent.value("act");
        if sent == name || (sent.is_empty() && name == "answer") { (self.sent, "") } else { (&self.fresh, name) }
    }
}

fn apart(field: Field, suffix: &str) -> Field {
    if suffix.is_empty() {
        return field;
    }
    let id = format!("{}-{suffix}", kit::field_id(field.name));
    field.id(id)
}

/// One suggestion.
pub fn one(page: &Page, form: &Form, it: &SuggestionPage) -> String {
    let heading = &it.line.heading;
    let title = page.with(&format!("suggestion-what-{}", it.line.kind), &[("heading", heading.into())]);
    let mut way = crumbs(page, &it.head, true);
    way.push(Crumb::new(page.t("suggestions-heading"), format!("/designs/{}/suggestions", it.head.id)));
    let sheet = Sheet::new(title.clone()).crumbs(way).refused(form);
    page.draw(&sheet, || {
        let to = address(&it.line);
        let forms = Forms { sent: form, fresh: Form::new(form.id().to_owned()) };
        let deciding = it.line.state == SuggestionState::Pending;
        let others = it.near.iter().any(|line| line.id != it.line.id);
        let near = (deciding && others)
            .then(|| near(page, &it.near, ("suggestion-near-title", "suggestion-near-words")))
            .flatten();
        let check = it.may_check.then(|| {
            let key = if it.line.state == SuggestionState::Held { "suggestion-check" } else { "suggestion-take-away" };
            view! { <p class="acts"><a href=format!("{to}/check")>{page.t(key)}</a></p> }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p>{state_tag(page, it.line.state)}</p>
            {means(page, it)}
            {says(page, it.line.kind, &it.line.picked, &it.line.words)}
            {why(page, &it.line)}
            {meta(page, &it.line)}
            {check}
            {change(page, it)}
            {supporters(page, it, &forms.fresh, &to)}
            {answers(page, it, &to)}
            {near}
            {it.may_decide.then(|| decide(page, it, &forms, &to))}
            {own(page, it, &forms, &to)}
        }
        .into_any()
    })
}

/// What the state means for the reader, where it needs saying.
fn means(page: &Page, it: &SuggestionPage) -> AnyView {
    let line = match it.line.state {
        SuggestionState::Held => Some("suggestion-held-mine"),
        SuggestionState::Look if it.before.is_some() => None,
        SuggestionState::Look => Some("suggestion-look-others"),
        SuggestionState::Withdrawn => Some("suggestion-withdrawn-mine"),
        SuggestionState::Hidden => Some("suggestion-hidden-mine"),
        _ => None,
    };
    let line = line.map(|key| view! { <p>{page.t(key)}</p> });
    let reason = it.reason.as_ref().map(|r| {
        view! { <p class="own-words">{page.with("comment-state-reason", &[("reason", r.into())])}</p> }
    });
    let joined = it.joined.map(|id| {
        let to = format!("/designs/{}/suggestions/{id}", it.head.id);
        view! { <p>{page.t("suggestion-joined")}" "<a href=to>{page.t("suggestion-joined-link")}</a>"."</p> }
    });
    let became = it.comment.map(|id| {
        let to = format!("/designs/{}/comments#comment-{id}", it.head.id);
        view! { <p>{page.t("suggestion-became")}" "<a href=to>{page.t("suggestion-became-link")}</a></p> }
    });
    view! { {line}{reason}{joined}{became} }.into_any()
}

/// The section with the change in it; where the words went, both texts for its author.
fn change(page: &Page, it: &SuggestionPage) -> Option<AnyView> {
    if let Some(before) = &it.before {
        let now = it.section.as_ref().map(|s| s.words.clone()).unwrap_or_default();
        return Some(
            view! {
                <section aria-labelledby="look-again">
                    <h2 id="look-again">{page.t("suggestion-state-look-again")}</h2>
                    <p>{page.t("suggestion-look-words")}</p>
                    <div class="two-texts">
                        <div><h3>{page.t("suggestion-before")}</h3><p class="own-words">{before.clone()}</p></div>
                        <div><h3>{page.t("suggestion-now")}</h3><p class="own-words">{now}</p></div>
                    </div>
                </section>
            }
            .into_any(),
        );
    }
    if it.change.is_empty() {
        return None;
    }
    let done = matches!(it.line.state, SuggestionState::Accepted | SuggestionState::Changed);
    let title = page.t(if done { "suggestion-said-title" } else { "suggestion-says-title" });
    Some(
        view! {
            <section aria-labelledby="change">
                <h2 id="change">{title}</h2>
                <p class="hint">{page.t("suggestion-marks")}</p>
                {pieces(page, &it.change)}
            </section>
        }
        .into_any(),
    )
}

fn supporters(page: &Page, it: &SuggestionPage, fresh: &Form, to: &str) -> AnyView {
    let names = (!it.supporters.is_empty()).then(|| {
        let names =
            it.supporters.iter().map(|(name, role)| view! { <li>{page.named(name, *role)}</li> }).collect_view();
        view! { <p>{page.t("suggestion-supporters")}</p><ul>{names}</ul> }
    });
    let button = it.may_support.then(|| {
        let (what, key) =
            if it.i_support { ("unsupport", "suggestion-unsupport") } else { ("support", "suggestion-support") };
        act(fresh, to, what, "quiet", page.t(key), "")
    });
    view! { {names}{button} }.into_any()
}

fn answer(page: &Page, a: &AnswerSeen, to: &str) -> AnyView {
    let words = a.words.as_ref().map(|words| {
        view! { <p class="meta">{page.t("suggestion-answer-with")}</p><p class="own-words">{words.clone()}</p> }
    });
    let reason = a.reason.as_ref().map(|reason| {
        view! { <p class="own-words">{page.with("suggestion-answer-reason", &[("reason", reason.into())])}</p> }
    });
    let held = a.reason_held.then(|| view! { <p class="hint">{page.t("suggestion-answer-held")}</p> });
    let taken = a.reason_why.as_ref().map(|why| {
        view! { <p class="own-words">{page.with("suggestion-answer-taken", &[("reason", why.into())])}</p> }
    });
    let counts = (!a.counts).then(|| view! { <p class="hint">{page.t("suggestion-answer-counts-not")}</p> });
    let name = author(page, &a.author);
    let check = a.check.map(|person| {
        let whom = page.with("check-take-away-whom", &[("name", (&name).into())]);
        let to = format!("{to}/check?person={person}");
        view! { <p class="acts"><a href=to>{page.t("suggestion-check")}<span class="unseen">" "{whom}</span></a></p> }
    });
    view! {
        <li class="comment">
            <p><strong>{page.t(&format!("suggestion-answer-{}", a.answer))}</strong></p>
            {words}{reason}{held}{taken}{counts}
            <p class="meta"><strong>{name.clone()}</strong>" · "<time datetime=when::machine(a.at)>{page.date_time(a.at)}</time></p>
            {check}
        </li>
    }
    .into_any()
}

fn answers(page: &Page, it: &SuggestionPage, to: &str) -> Option<AnyView> {
    (!it.answers.is_empty()).then(|| {
        let all = it.answers.iter().map(|a| answer(page, a, to)).collect_view();
        view! {
            <section aria-labelledby="answers">
                <h2 id="answers">{page.t("suggestion-answers-title")}</h2>
                <ol class="comments">{all}</ol>
            </section>
        }
        .into_any()
    })
}

fn decide(page: &Page, it: &SuggestionPage, forms: &Forms<'_>, to: &str) -> AnyView {
    let (form, suffix) = forms.of("answer");
    let all = SuggestionAnswer::ALL
        .iter()
        .filter(|a| it.words_open || **a == SuggestionAnswer::Not)
        .map(|a| Choice::new(a.name(), page.t(&format!("suggestion-answer-{a}"))))
        .collect();
    let locked = (!it.words_open).then(|| view! { <p>{page.t("suggestion-decide-locked")}</p> });
    let words = it.words_open.then(|| {
        // Where somebody said yes to other words, those are at hand: two say the same when their words are the same.
        let start = it.answers.iter().rev().find_map(|a| a.words.clone()).unwrap_or_else(|| it.line.words.clone());
        let field = Field::new("words", page.t("suggestion-decide-words")).hint(page.t("suggestion-decide-words-hint"));
        kit::text_area(page, form, apart(field.start(start), suffix))
    });
    let others = (it.words_open && !it.near.is_empty()).then(|| {
        let all =
            Others::ALL.iter().map(|o| Choice::new(o.name(), page.t(&format!("suggestion-others-{o}")))).collect();
        let field = Field::new("others", page.t("suggestion-decide-others")).start(Others::Keep.name());
        kit::radios(page, form, apart(field, suffix), all)
    });
    let answer = apart(Field::new("answer", page.t("suggestion-decide-answer")), suffix);
    let reason =
        Field::new("reason", page.t("suggestion-decide-reason")).hint(page.t("suggestion-decide-reason-hint")).size(3);
    let fields = view! {
        {kit::hidden("act", "answer")}
        {kit::hidden("seen", &it.words_at.0.to_string())}
        {kit::hidden("near", &it.near_ids)}
        {kit::radios(page, form, answer, all)}
        {words}
        {others}
        {kit::text_area(page, form, apart(reason, suffix))}
    };
    view! {
        <section aria-labelledby="decide">
            <h2 id="decide">{page.t("suggestion-decide-title")}</h2>
            <p>{page.t(&format!("suggestion-decide-{}", it.deciders))}</p>
            {locked}
            {kit::form(page, form, to, &page.t("suggestion-decide-button"), fields)}
        </section>
    }
    .into_any()
}

/// What its author can do: keep it, change it, take it back, make an idea of it.
fn own(page: &Page, it: &SuggestionPage, forms: &Forms<'_>, to: &str) -> AnyView {
    let keep = it.may_keep.then(|| {
        view! { <div id="field-keep">{act(&forms.fresh, to, "keep", "main", page.t("suggestion-keep"), "")}</div> }
    });
    let edit = it.section.as_ref().map(|section| {
        let (form, suffix) = forms.of("edit");
        let held = it.held.then(|| view! { <p class="hint">{page.t("comment-edit-held")}</p> });
        let fields = view! {
            {kit::hidden("act", "edit")}
            {fields(page, form, section, Some(&it.line), suffix)}
            {held}
        };
        view! {
            <section aria-labelledby="edit">
                <h2 id="edit">{page.t("suggestion-edit-title")}</h2>
                <p>{page.t("suggestion-edit-lead")}</p>
                {kit::form(page, form, to, &page.t("suggestion-edit-button"), fields)}
            </section>
        }
    });
    let withdraw = it.may_edit.then(|| {
        view! {
            <section aria-labelledby="withdraw">
                <h2 id="withdraw">{page.t("suggestion-withdraw-title")}</h2>
                <p>{page.t("suggestion-withdraw-words")}</p>
                {act(&forms.fresh, to, "withdraw", "quiet", page.t("suggestion-withdraw-button"), "")}
            </section>
        }
    });
    let idea = it.may_be_idea.then(|| {
        let (form, suffix) = forms.of("idea");
        let start = [it.line.words.as_str(), it.line.why.as_str()].into_iter().filter(|w| !w.is_empty());
        let start = start.collect::<Vec<_>>().join("\n\n");
        let field = apart(Field::new("idea", page.t("suggestion-idea-field")).start(start), suffix);
        let fields = view! { {kit::hidden("act", "idea")}{kit::text_area(page, form, field)} };
        view! {
            <section aria-labelledby="idea">
                <h2 id="idea">{page.t("suggestion-idea-title")}</h2>
                <p>{page.t("suggestion-idea-words")}</p>
                {kit::form(page, form, to, &page.t("suggestion-idea-button"), fields)}
            </section>
        }
    });
    view! { {keep}{edit}{withdraw}{idea} }.into_any()
}

/// A suggestion or a reason, for somebody who checks words.
pub fn check(page: &Page, form: &Form, it: &WordsToCheck) -> String {
    let title = page.t(if it.person.is_some() { "check-answer-title" } else { "check-suggestion-title" });
    let at = format!("/designs/{}/suggestions/{}", it.design, it.id);
    let sheet = Sheet::new(title.clone()).refused(form).crumbs(vec![
        Crumb::new(page.t("moderation-title"), "/moderation"),
        Crumb::new(it.design_title.clone(), at.clone()),
    ]);
    page.draw(&sheet, || {
        let name = author(page, &it.author);
        let words = match &it.words {
            ToRead::Suggestion { kind, picked, words, why } => {
                let why = page.with("suggestion-why", &[("why", why.into())]);
                view! { {says(page, *kind, picked, words)}<p class="own-words">{why}</p> }.into_any()
            }
            ToRead::Reason(words) => view! { <p class="own-words">{words.clone()}</p> }.into_any(),
        };
        let parts = crate::pages::comments::verdict(
            page,
            form,
            &format!("{at}/check"),
            (it.held, it.checked, it.words_at.0),
            it.person.map(|p| p.to_string()),
        );
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p>{page.with("check-comment-by", &[("name", (&name).into())])}</p>
            <blockquote>{words}</blockquote>
            <p class="meta"><time datetime=when::machine(it.words_at)>{page.date_time(it.words_at)}</time></p>
            {parts}
        }
        .into_any()
    })
}
