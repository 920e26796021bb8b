//! Pages for when something is not there, not allowed, or went wrong. Each says what to do next.

use domain::ids::DesignId;
use leptos::prelude::*;

use crate::{Page, Sheet, kit};

/// What went wrong, for the page to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// 404: there is nothing here, or nothing they may know of.
    NotFound,
    /// 403: it is not theirs to do.
    NotAllowed,
    /// 400: what the browser sent cannot be read.
    BadRequest,
    /// 403: a form that another site sent, or one from an old page of ours.
    Elsewhere,
    /// 408: what was sent did not come in time.
    TooLate,
    /// 413: what was sent is too big.
    TooBig,
    /// 405: an address that does not take this.
    WrongMethod,
    /// 409: the thing has moved on; the message key.
    MovedOn(String),
    /// 429: too many tries; how many seconds to wait.
    TooMany(i64),
    /// 503: try again in a moment.
    Away,
    /// 503: so much is on its way from one place that this was not read.
    Crowded,
    /// 507: the database has no room left; the reference number.
    Full(String),
    /// 500: a fault of ours, with its reference number.
    Fault(String),
}

impl Wrong {
    fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotAllowed => "not-allowed",
            Self::BadRequest => "bad-request",
            Self::Elsewhere => "elsewhere",
            Self::TooLate => "too-late",
            Self::TooBig => "too-big",
            Self::WrongMethod => "wrong-method",
            Self::MovedOn(_) => "moved-on",
            Self::TooMany(_) => "too-many",
            Self::Away => "away",
            Self::Crowded => "crowded",
            Self::Full(_) => "full",
            Self::Fault(_) => "fault",
        }
    }
}

/// The page. `kept`: what was typed, shown so that it can be copied and sent again.
pub fn wrong(page: &Page, what: &Wrong, kept: Vec<(String, String)>) -> String {
    // A page that was only opened, or a button that was pressed: of words nothing is to be said, for there are none.
    let typed = kept.iter().any(|(_, words)| !words.trim().is_empty());
    let key = match what {
        Wrong::MovedOn(_) if !typed => "moved-on-looked",
        other => other.key(),
    };
    let title = page.t(&format!("wrong-{key}-title"));
    page.draw(&Sheet::new(title.clone()), || {
        let own = match what {
            Wrong::MovedOn(name) => {
                let (sent, looked) = (format!("moved-on-{name}"), format!("moved-on-{name}-looked"));
                Some(page.t(if !typed && page.words.has(&looked) { &looked } else { &sent }))
            }
            Wrong::TooMany(seconds) if *seconds < 60 => {
                Some(page.with("wrong-too-many-seconds", &[("seconds", (*seconds).into())]))
            }
            Wrong::TooMany(seconds) => {
                Some(page.with("wrong-too-many-minutes", &[("minutes", ((seconds + 59) / 60).into())]))
            }
            Wrong::Fault(reference) | Wrong::Full(reference) => {
                Some(page.with("wrong-fault-reference", &[("reference", reference.into())]))
            }
            _ => None,
        };
        let sign_in =
            (*what == Wrong::NotFound && page.me().is_none()).then(|| sign_in_way(page, "wrong-not-found-sign-in"));
        let design = matches!(what, Wrong::MovedOn(_)).then(|| design_of(&page.path)).flatten().map(|id| {
            view! { <p class="go"><a href=format!("/designs/{id}")>{page.t("wrong-go-design")}</a></p> }
        });
        let says = format!("wrong-{key}-words");
        let says = page.words.has(&says).then(|| view! { <p>{page.t(&says)}</p> });
        let words = kit::kept(page, kept.into_iter().map(|(_, words)| words));
        view! {
            <h1>{title}</h1>
            <div class="wrong">
                {kit::symbol("1F9ED", 84)}
                <div>
                    {says}
                    {own.map(|words| view! { <p>{words}</p> })}
                    {sign_in}
                    {design}
                    <p class="go"><a href="/">{page.t("wrong-go-home")}</a></p>
                </div>
            </div>
            {words}
        }
        .into_any()
    })
}

/// The design that an address is about: a page below it, or one that names it (`?design=`).
fn design_of(path: &str) -> Option<DesignId> {
    let below = path.strip_prefix("/designs/").and_then(|rest| rest.split(['/', '?']).next());
    let named = || path.split_once('?')?.1.split('&').find_map(|pair| pair.strip_prefix("design="));
    below.and_then(|id| id.parse().ok()).or_else(|| named()?.parse().ok())
}

/// The sign-in page that comes back to `path`.
pub fn sign_in_href(path: &str) -> String {
    format!("/sign-in?next={}", percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC))
}

/// The way to sign in and back to this page, for somebody who could do more here.
pub fn sign_in_way(page: &Page, key: &str) -> AnyView {
    view! { <p class="go"><a href=sign_in_href(&page.path)>{page.t(key)}</a></p> }.into_any()
}
