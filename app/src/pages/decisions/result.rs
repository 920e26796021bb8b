//! The result of a show of hands: a sentence, a table and a chart that say the same.

use domain::decisions::{DecisionState, Hand, Verdict};
use domain::reports::small_numbers::ShownCount;
use leptos::prelude::*;
use service::decisions::{Numbers, ResultPage};

use crate::kit;
use crate::words::Value;
use crate::{Crumb, Page, Sheet};

/// "8 said OK": the number chooses between one and many, and is only ever one that may be shown.
fn said(page: &Page, hand: Hand, count: ShownCount) -> String {
    let words = page.count(count);
    page.with(
        &format!("result-said-{hand}"),
        &[("n", count.exact().map_or(Value::Text(&words), Value::Number)), ("count", (&words).into())],
    )
}

/// What happened, in one or two sentences.
pub fn sentence(page: &Page, verdict: Verdict, numbers: Option<&Numbers>) -> String {
    let passed = page.t(&format!("result-{verdict}"));
    let Some(numbers) = numbers else { return passed };
    let [ok, not_sure, not_ok] = numbers.tallies;
    let parts = [said(page, Hand::Ok, ok), said(page, Hand::NotSure, not_sure), said(page, Hand::NotOk, not_ok)];
    page.with(
        "result-sentence",
        &[
            ("passed", (&passed).into()),
            ("ok", (&parts[0]).into()),
            ("notsure", (&parts[1]).into()),
            ("notok", (&parts[2]).into()),
        ],
    )
}

fn tick(page: &Page, good: bool, key: &str) -> AnyView {
    let (code, answer) = if good { ("2705", "yes") } else { ("274C", "no") };
    view! { <li>{kit::symbol_line(code, page.t(&format!("{key}-{answer}")))}</li> }.into_any()
}

fn numbers(page: &Page, n: &Numbers, words: &str) -> AnyView {
    let rows = Hand::ALL
        .iter()
        .zip(n.tallies)
        .zip(n.percents)
        .map(|((hand, count), percent)| {
            let share = page.with("result-percent", &[("percent", i64::from(percent).into())]);
            vec![
                kit::symbol_line(super::hand_symbol(*hand), page.t(&format!("hand-{hand}"))),
                view! { {page.count(count)} }.into_any(),
                view! { {share} }.into_any(),
            ]
        })
        .collect();
    let bars = Hand::ALL
        .iter()
        .zip(n.tallies)
        .zip(n.percents)
        .map(|((hand, count), percent)| (page.t(&format!("hand-{hand}")), page.count(count), percent))
        .collect();
    let columns = ["result-column-answer", "result-column-people", "result-column-share"].map(|k| page.t(k)).to_vec();
    view! {
        {kit::chart(words.to_owned(), bars)}
        {kit::table(page.t("result-table"), columns, rows)}
    }
    .into_any()
}

/// The result page.
pub fn result(page: &Page, d: &ResultPage) -> String {
    let head = &d.head;
    let at = format!("/decisions/{}", head.id);
    let mut way = super::crumbs(page, head);
    way.push(Crumb::new(head.question.clone(), at.clone()));
    let title = page.with("result-title", &[("question", (&head.question).into())]);
    let sheet = Sheet::new(title).crumbs(way).menu("/groups");
    page.draw(&sheet, || {
        let body = match d.verdict {
            Some(verdict) => closed(page, d, verdict),
            None => {
                let key = if head.state == DecisionState::Void { "result-void" } else { "result-not-yet" };
                let closes = page.date_time(head.closes_at);
                view! {
                    {super::state_tag(page, head.state)}
                    <p class="lead">{page.with(key, &[("closes", (&closes).into())])}</p>
                    <p class="go"><a href=at>{page.t("result-to-decision")}</a></p>
                }
                .into_any()
            }
        };
        view! { <h1>{head.question.clone()}</h1>{body} }.into_any()
    })
}

fn closed(page: &Page, d: &ResultPage, verdict: Verdict) -> AnyView {
    let head = &d.head;
    let (look, code) = match verdict {
        Verdict::Passed => ("passed", "2705"),
        Verdict::NotPassed | Verdict::TooFew => ("not-passed", "274C"),
    };
    let words = sentence(page, verdict, d.numbers.as_ref());
    let shown = d.numbers.as_ref().map(|n| numbers(page, n, &words));
    let hidden = d.numbers.is_none().then(|| kit::notice("info", view! { <p>{page.t("result-numbers-hidden")}</p> }));
    let quorum = match head.quorum {
        0 => page.t("decision-quorum-none"),
        n => page.with("decision-quorum", &[("percent", n.into())]),
    };
    let ticks = d.numbers.as_ref().map(|n| {
        view! { <ul>{tick(page, n.rule_met, "result-rule")}{tick(page, n.quorate, "result-quorum")}</ul> }
    });
    let hands = d.hands.as_ref().filter(|h| !h.is_empty()).map(|all| {
        let items = all.iter().map(|line| super::hand_item(page, line, None)).collect::<Vec<_>>();
        view! {
            <section aria-labelledby="hands"><h2 id="hands">{page.t("hands-all-title")}</h2><ul class="comments">{items}</ul></section>
        }
    });
    let outcome = match (&d.outcome, &head.design) {
        (Some(o), Some(design)) => {
            let link = format!("/designs/{}/outcome", design.id);
            Some(
                view! {
                    <section class="panel" aria-labelledby="outcome">
                        <h2 id="outcome">{page.t("outcome-title")}</h2>
                        <p class="own-words">{o.words.clone()}</p>
                        <p class="go"><a href=link>{page.t("outcome-read-more")}</a></p>
                    </section>
                }
                .into_any(),
            )
        }
        (None, Some(design)) => {
            let link = format!("/designs/{}/outcome", design.id);
            Some(
                view! { <p>{page.t("result-outcome-waits")}" "<a href=link>{page.t("outcome-link")}</a></p> }
                    .into_any(),
            )
        }
        _ => None,
    };
    view! {
        {kit::status_tag(look, code, page.t(&format!("verdict-{verdict}")))}
        <p class="lead" id="result-sentence">{words}</p>
        {hidden}
        {shown}
        {outcome}
        <section class="facts" aria-labelledby="rules">
            <h2 id="rules">{page.t("decision-rules")}</h2>
            <ul><li>{page.t(&format!("pass-rule-{}", head.pass_rule))}</li><li>{quorum}</li></ul>
            {ticks}
        </section>
        {hands}
        <p class="meta">{super::times(page, head.state, head.opens_at, head.closes_at)}</p>
        <p class="go"><a href=format!("/decisions/{}", head.id)>{page.t("result-to-decision")}</a></p>
    }
    .into_any()
}
