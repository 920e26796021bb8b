//! A show of hands: making one, raising a hand, making one void, the result.

mod made;
mod result;

use domain::decisions::{DecisionState, Hand};
use domain::ids::DecisionId;
use frontend::LiveNews;
use leptos::prelude::*;
use service::decisions::{Asked, DecisionLine, DecisionPage, HandLine, Head, Reason};

pub use made::{new, void};
pub use result::result;

use crate::kit::{self, Choice, Field};
use crate::pages::errors::sign_in_way;
use crate::{Crumb, Form, Page, Sheet};

/// The symbol of a hand.
pub const fn hand_symbol(hand: Hand) -> &'static str {
    match hand {
        Hand::Ok => "1F44C",
        Hand::NotSure => "1F914",
        Hand::NotOk => "270B",
    }
}

/// Where a decision stands, in a word with its symbol.
pub fn state_tag(page: &Page, state: DecisionState) -> AnyView {
    let (look, code) = match state {
        DecisionState::Waiting => ("soon", "1F4C5"),
        DecisionState::Open => ("open", "270B"),
        DecisionState::Closed => ("decided", "1F512"),
        DecisionState::Void => ("void", "274C"),
    };
    kit::status_tag(look, code, page.t(&format!("decision-state-{state}")))
}

/// When it opens or closes, in one sentence.
pub fn times(
    page: &Page,
    state: DecisionState,
    opens: domain::moment::Moment,
    closes: domain::moment::Moment,
) -> String {
    let (opens, closes) = (page.date_time(opens), page.date_time(closes));
    page.with(&format!("decision-times-{state}"), &[("opens", (&opens).into()), ("closes", (&closes).into())])
}

fn crumbs(page: &Page, head: &Head) -> Vec<Crumb> {
    let mut way = vec![
        Crumb::new(page.t("menu-groups"), "/groups"),
        Crumb::new(head.workspace_title.clone(), format!("/workspaces/{}", head.workspace_slug)),
    ];
    if let Some(design) = &head.design {
        way.push(Crumb::new(design.title.clone(), format!("/designs/{}", design.id)));
    }
    way
}

/// What it is about and how it passes: for the vote and for its result.
fn about(page: &Page, head: &Head) -> AnyView {
    let design = head.design.as_ref().map(|d| {
        let words = page.with("decision-read-design", &[("title", (&d.title).into())]);
        view! { <p class="go"><a href=format!("/designs/{}", d.id)>{words}</a></p> }
    });
    let explanation =
        (!head.explanation.is_empty()).then(|| view! { <p class="lead own-words">{head.explanation.clone()}</p> });
    view! { {explanation}{design} }.into_any()
}

fn rules(page: &Page, head: &Head) -> AnyView {
    let quorum = match head.quorum {
        0 => page.t("decision-quorum-none"),
        n => page.with("decision-quorum", &[("percent", n.into())]),
    };
    view! {
        <section class="facts" aria-labelledby="rules">
            <h2 id="rules">{page.t("decision-rules")}</h2>
            <ul>
                <li>{page.t(&format!("pass-rule-{}", head.pass_rule))}</li>
                <li>{quorum}</li>
                <li>{page.t("decision-not-sure-counts")}</li>
            </ul>
        </section>
    }
    .into_any()
}

fn reason(page: &Page, reason: &Reason) -> Option<AnyView> {
    let (note, words) = match reason {
        Reason::None => return None,
        Reason::Words(words) => (None, words),
        Reason::Held(words) => (Some(page.t("reason-held")), words),
        Reason::TakenAway { words, .. } => (Some(page.t("reason-taken-away")), words),
    };
    let note = note.map(|n| view! { <p class="meta">{n}</p> });
    let why = match reason {
        Reason::TakenAway { why, .. } => Some(page.with("comment-state-reason", &[("reason", why.into())])),
        _ => None,
    };
    let why = why.map(|w| view! { <p class="own-words">{w}</p> });
    Some(view! { <p class="own-words">{words.clone()}</p>{note}{why} }.into_any())
}

/// One hand: symbol, name, words. `check`: the reader may check what waits in this decision.
fn hand_item(page: &Page, line: &HandLine, check: Option<DecisionId>) -> AnyView {
    let who =
        if line.mine { page.with("hand-of-me", &[("name", (&line.name).into())]) } else { page.person(&line.name) };
    let said = page.with(&format!("hand-said-{}", line.hand), &[("name", (&who).into())]);
    // The name is in the words of the link, so that no two are the same.
    let key = match line.reason {
        Reason::Held(_) => Some("reason-check"),
        Reason::Words(_) if !line.mine => Some("reason-take-away"),
        _ => None,
    };
    let check = check.zip(key).map(|(decision, key)| {
        let words = page.with(key, &[("name", (&page.person(&line.name)).into())]);
        let at = format!("/moderation/hands/{decision}/{}", line.person);
        view! { <p class="go"><a href=at>{words}</a></p> }
    });
    view! { <li class="comment">{kit::symbol_line(hand_symbol(line.hand), said)}{reason(page, &line.reason)}{check}</li> }
        .into_any()
}

/// Where the decision stands: the part of the page that changes by itself, with what is announced when it does. `was`: where
/// it stood when the page around it was drawn.
fn state_part(page: &Page, d: &DecisionPage, was: DecisionState) -> AnyView {
    let head = &d.head;
    let at = format!("/decisions/{}", head.id);
    let result = (head.state == DecisionState::Closed).then(
        || view! { <p><a class="button main" href=format!("{at}/result")>{page.t("decision-see-result")}</a></p> },
    );
    // The page around has no form yet: it comes with looking again, and not by itself under somebody's eyes.
    let answer = (was != head.state && d.may_raise)
        .then(|| view! { <p><a class="button main" href=at.clone()>{page.t("decision-answer-now")}</a></p> });
    let void = head.void_reason.as_ref().map(|why| {
        let back = head.design.is_some().then(|| view! { <p>{page.t("decision-void-design")}</p> });
        kit::notice(
            "stop",
            view! {
                <p><strong>{page.t("decision-void-words")}</strong></p>
                <p class="own-words">{why.clone()}</p>
                {back}
            },
        )
    });
    view! {
        <div id="decision-state" data-replace="" data-say=page.t(&format!("decision-say-{}", head.state))>
            <p>{state_tag(page, head.state)}" "{times(page, head.state, head.opens_at, head.closes_at)}</p>
            {void}
            {answer}
            {result}
        </div>
    }
    .into_any()
}

/// The hands so far, for those who may see them: the other part that changes by itself.
fn hands_part(page: &Page, d: &DecisionPage) -> Option<AnyView> {
    d.hands.as_ref().map(|all| {
        let check = d.may_check.then_some(d.head.id);
        let items = all.iter().map(|line| hand_item(page, line, check)).collect::<Vec<_>>();
        let none = items.is_empty().then(|| view! { <p>{page.t("hands-none")}</p> });
        view! {
            <section id="decision-hands" aria-labelledby="hands" data-replace="" data-say=page.t("hands-say-changed")>
                <h2 id="hands">{page.t("hands-title")}</h2>
                {none}
                <ul class="comments">{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// Milliseconds until the clock opens or closes a decision: open pages look again then.
fn look_in(page: &Page, head: &Head) -> Option<i64> {
    let next = match head.state {
        DecisionState::Waiting => head.opens_at,
        DecisionState::Open => head.closes_at,
        DecisionState::Closed | DecisionState::Void => return None,
    };
    Some(next.since(page.now) / 1000 + 1)
}

/// The parts that change, for a page that is open already and was drawn when the decision stood at `was`.
pub fn news(page: &Page, d: &DecisionPage, was: DecisionState) -> String {
    page.draw_part(|| {
        let look_in = look_in(page, &d.head).map(|ms| ms.to_string());
        view! { <div data-look-in=look_in>{state_part(page, d, was)}{hands_part(page, d)}</div> }.into_any()
    })
}

/// What keeps the page fresh by itself, and the plain link that does the same.
fn live(page: &Page, head: &Head) -> AnyView {
    let at = format!("/decisions/{}", head.id);
    view! {
        <p class="go"><a href=at.clone()>{page.t("decision-look-again")}</a></p>
        <LiveNews subject=format!("decision={}", head.id) news=format!("{at}/news?was={}", head.state) since=page.now.0
            look_in=look_in(page, head) one=String::new() many=String::new() />
    }
    .into_any()
}

fn hand_form(page: &Page, form: &Form, d: &DecisionPage) -> AnyView {
    let start = d.mine.as_ref().map(|m| m.hand.name()).unwrap_or_default();
    let words = match d.mine.as_ref().map(|m| &m.reason) {
        Some(Reason::Words(w) | Reason::Held(w) | Reason::TakenAway { words: w, .. }) => w.as_str(),
        _ => "",
    };
    let choices = Hand::ALL
        .iter()
        .map(|hand| Choice::new(hand.name(), page.t(&format!("hand-{hand}"))).symbol(hand_symbol(*hand)))
        .collect();
    let hint = page.t("hand-reason-hint");
    let fields = view! {
        <div class="hands">{kit::radios(page, form, Field::new("hand", page.t("hand-legend")).start(start), choices)}</div>
        {kit::text_area(page, form, Field::new("reason", page.t("hand-reason")).hint(hint).start(words).size(4))}
    };
    let button = page.t(if d.mine.is_some() { "hand-change" } else { "hand-raise" });
    let closes = page.date_time(d.head.closes_at);
    view! {
        <section aria-labelledby="your-hand">
            <h2 id="your-hand">{page.t(if d.mine.is_some() { "hand-title-again" } else { "hand-title" })}</h2>
            {kit::notice("info", view! { <p>{page.t("hand-seen-by")}</p> })}
            <p>{page.with("hand-until", &[("closes", (&closes).into())])}</p>
            {kit::form(page, form, &format!("/decisions/{}", d.head.id), &button, fields)}
        </section>
    }
    .into_any()
}

/// The page of a decision: question, one's own hand, the hands so far.
pub fn decision(page: &Page, form: &Form, d: &DecisionPage) -> String {
    let head = &d.head;
    let mut sheet = Sheet::new(head.question.clone()).crumbs(crumbs(page, head)).refused(form).menu("/groups");
    // What is void stays as it is.
    let lives = head.state != DecisionState::Void;
    if lives {
        sheet = sheet.islands();
    }
    page.draw(&sheet, || {
        let open = head.state == DecisionState::Open;
        let own = d.may_raise.then(|| hand_form(page, form, d));
        // It may have closed while somebody signed in again: their words are not lost with the form.
        let late = (!d.may_raise).then(|| kit::kept(page, [form.value("reason")])).flatten();
        let why_not = (!d.may_raise && open).then(|| {
            let key = match (page.me().is_some(), d.hands.is_some()) {
                (false, _) => "hand-not-signed-in",
                (true, true) => "hand-not-on-roll",
                (true, false) => "hand-not-in-group",
            };
            let sign_in = page.me().is_none().then(|| sign_in_way(page, "hand-sign-in"));
            view! { <p>{page.t(key)}</p>{sign_in} }
        });
        let outside = (d.hands.is_none() && head.state != DecisionState::Void)
            .then(|| view! { <p class="meta">{page.t("hands-hidden-outside")}</p> });
        let asked = d.void_asked.map(|asked| {
            let (words, link) = match asked {
                Asked::ByMe => ("void-is-asked-by-you", "void-wait-link"),
                Asked::ByAnother => ("void-is-asked", "void-answer-link"),
            };
            kit::notice(
                "warning",
                view! {
                    <p>{page.t(words)}</p>
                    <p class="go"><a href=format!("/decisions/{}/void", head.id)>{page.t(link)}</a></p>
                },
            )
        });
        let stop = (d.may_void && d.void_asked.is_none()).then(
            || view! { <p class="go"><a href=format!("/decisions/{}/void", head.id)>{page.t("void-link")}</a></p> },
        );
        view! {
            {kit::error_summary(page, form)}
            {kit::status_tag("hands", "1F64B", page.t("show-of-hands"))}
            <h1>{head.question.clone()}</h1>
            {asked}
            {about(page, head)}
            {own}
            {late}
            {why_not}
            {state_part(page, d, head.state)}
            {hands_part(page, d)}
            {lives.then(|| live(page, head))}
            {outside}
            {rules(page, head)}
            {stop}
        }
        .into_any()
    })
}

/// A decision in a list, for the pages of designs and workspaces.
pub fn line(page: &Page, d: &DecisionLine) -> AnyView {
    view! {
        <li class="go">
            <a href=format!("/decisions/{}", d.id)>{d.question.clone()}</a>
            " "
            {state_tag(page, d.state)}
            <p class="meta">{times(page, d.state, d.opens_at, d.closes_at)}</p>
        </li>
    }
    .into_any()
}
