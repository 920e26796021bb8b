//! Everything that is not a field.

use domain::groups::GroupColour;
use leptos::prelude::*;

use crate::{Form, Page};

/// The mark: two rings, ink and sun, one riding on the other.
pub fn mark() -> AnyView {
    view! {
        <svg viewBox="0 0 54 32" width="54" height="32" aria-hidden="true" focusable="false" class="mark-rings">
            <circle cx="17" cy="16" r="12" fill="none" stroke="currentColor" stroke-width="5" />
            <circle cx="36" cy="16" r="12" fill="none" class="mark-sun" stroke-width="5" />
            <path d="M 26.5 8.6 A 12 12 0 0 1 29 16" fill="none" stroke="currentColor" stroke-width="5" />
        </svg>
    }
    .into_any()
}

/// A symbol beside words: decorative, the words say the same. `code` is an OpenMoji code such as `1F68C`.
pub fn symbol(code: &str, size: u16) -> AnyView {
    // Codes are ours or were checked when stored; anything else draws nothing rather than a broken picture.
    if code.is_empty() || !code.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        return ().into_any();
    }
    let px = size.to_string();
    view! { <img class="symbol" src=format!("/static/symbols/{code}.svg") alt="" width=px.clone() height=px loading="lazy" /> }.into_any()
}

/// A symbol and its words in a row.
pub fn symbol_line(code: &str, words: String) -> AnyView {
    view! { <span class="symbol-line">{symbol(code, 40)}<span>{words}</span></span> }.into_any()
}

/// Thanks or news after an act, announced by itself. `key` is a message key that starts with `said-`; anything else is
/// not ours and says nothing.
pub fn said(page: &Page, key: &str) -> Option<AnyView> {
    let words = thanks(page, key)?;
    Some(view! { <div class="notice said" role="status" data-focus="">{words}</div> }.into_any())
}

/// The same words once more in a part of the page that the address may lead to: seen only there, and announced by [`said`].
pub fn said_here(page: &Page, key: &str) -> Option<AnyView> {
    let words = thanks(page, key)?;
    Some(view! { <div class="notice said said-here">{words}</div> }.into_any())
}

fn thanks(page: &Page, key: &str) -> Option<AnyView> {
    let key = format!("said-{key}");
    page.words.has(&key).then(|| view! { <p>{symbol("2705", 40)}<strong>{page.t(&key)}</strong></p> }.into_any())
}

/// A notice: `kind` is `info`, `warning` or `done`.
pub fn notice(kind: &'static str, body: impl IntoView + 'static) -> AnyView {
    view! { <div class=format!("notice {kind}")>{body}</div> }.into_any()
}

/// A status in words, with its symbol. `name` picks the look; the words carry the meaning.
pub fn status_tag(name: &str, code: &str, words: String) -> AnyView {
    view! { <span class=format!("tag tag-{name}")>{symbol(code, 24)}<span>{words}</span></span> }.into_any()
}

/// A group: its colour, its pattern and its symbol together, and its name.
pub fn group_tag(colour: GroupColour, code: &str, name: &str) -> AnyView {
    view! { <span class=format!("group-tag group-{colour}")>{symbol(code, 24)}<span>{name.to_owned()}</span></span> }
        .into_any()
}

/// A card in a list of cards. `needs` draws the thick edge of "needs you".
pub fn card(needs: bool, body: impl IntoView + 'static) -> AnyView {
    view! { <li class=if needs { "card needs" } else { "card" }>{body}</li> }.into_any()
}

/// Nothing here yet: a calm sentence, with what to do.
pub fn empty(code: &str, words: String) -> AnyView {
    view! { <div class="empty">{symbol(code, 72)}<p>{words}</p></div> }.into_any()
}

/// Addresses that may stand in a link: our own paths, https and mailto. Anything else goes nowhere.
pub fn safe_href(href: &str) -> &str {
    let own = href.starts_with('/') && !href.starts_with("//") && !href.starts_with("/\\");
    if own || href.starts_with('#') || href.starts_with("https://") || href.starts_with("mailto:") { href } else { "#" }
}

/// A link whose address comes from somebody's words or settings.
pub fn link(href: &str, words: String) -> AnyView {
    let href = safe_href(href).to_owned();
    let away = href.starts_with("https://").then_some("noreferrer");
    view! { <a href=href rel=away>{words}</a> }.into_any()
}

/// More for those who want it.
pub fn details(summary: String, body: impl IntoView + 'static) -> AnyView {
    view! { <details class="more"><summary>{summary}</summary><div>{body}</div></details> }.into_any()
}

/// A dialog that opens from a button, without any script: the browser's own popover. Escape and the button inside close it,
/// and the focus goes back to where it was. For asking or telling, never for a form that could lose typing.
pub fn dialog(page: &Page, id: &str, open: String, title: String, body: impl IntoView + 'static) -> AnyView {
    let heading = format!("{id}-title");
    let labelled = heading.clone();
    view! {
        <button type="button" popovertarget=id.to_owned() aria-haspopup="dialog">{open}</button>
        <div id=id.to_owned() class="dialog" popover="auto" role="dialog" aria-labelledby=labelled>
            <h2 id=heading tabindex="-1" autofocus>{title}</h2>
            {body}
            <p class="buttons">
                <button type="button" popovertarget=id.to_owned() popovertargetaction="hide">{page.t("close")}</button>
            </p>
        </div>
    }
    .into_any()
}

/// The stages of a design in a row: those behind it ticked, the one it is in marked. On a phone only that one is shown,
/// with its place in the row. `names` are words; `now` counts from 0.
pub fn stages(page: &Page, names: Vec<String>, now: usize) -> AnyView {
    let all = names.len();
    let steps = names
        .into_iter()
        .enumerate()
        .map(|(i, name)| {
            let count = (i == now).then(|| {
                let words = page.with("stage-count", &[("n", (i + 1).into()), ("all", all.into())]);
                view! { <span class="stages-count">{words}</span> }
            });
            let class = (i < now).then_some("been");
            view! { <li class=class aria-current=(i == now).then_some("step")>{name}{count}</li> }
        })
        .collect_view();
    view! { <ol class="stages" aria-label=page.t("stages-label")>{steps}</ol> }.into_any()
}

/// A table with a caption and column headings; it scrolls inside its own focusable region on a narrow screen.
/// The first cell of each row is its heading.
pub fn table(caption: String, columns: Vec<String>, rows: Vec<Vec<AnyView>>) -> AnyView {
    let head = columns.into_iter().map(|c| view! { <th scope="col">{c}</th> }).collect_view();
    let body = rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let first = cells.next().map(|c| view! { <th scope="row">{c}</th> });
            let rest = cells.map(|c| view! { <td>{c}</td> }).collect_view();
            view! { <tr>{first}{rest}</tr> }
        })
        .collect_view();
    let name = caption.clone();
    view! {
        <div class="table" role="region" tabindex="0" aria-label=name>
            <table>
                <caption>{caption}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A bar chart of shares that may be shown, with its sentence; a table with the same numbers belongs beside it.
/// Each bar: its label, the words of its number, and its length in whole percent. Labels are words of the page and not of
/// the drawing, so that they grow and wrap as all words do.
pub fn chart(sentence: String, bars: Vec<(String, String, u8)>) -> AnyView {
    let rows = bars
        .into_iter()
        .enumerate()
        .map(|(i, (label, number, percent))| {
            let width = format!("{}%", percent.min(100));
            let class = format!("chart-bar chart-bar-{}", i % 4);
            view! {
                <p class="chart-label">{label}" "{number}</p>
                <svg class="chart-row" width="100%" height="24" aria-hidden="true" focusable="false">
                    <rect width="100%" height="24" class="chart-track" />
                    <rect width=width height="24" class=class />
                </svg>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <figure class="chart">
            <div role="img" aria-label=sentence.clone()>{rows}</div>
            <figcaption>{sentence}</figcaption>
        </figure>
    }
    .into_any()
}

/// One button that is a form of its own. `fields`: what it carries, nothing that people fill in. `words`: what stands on it.
pub fn one_button(
    form: &Form,
    action: &str,
    class: &'static str,
    fields: impl IntoView + 'static,
    words: impl IntoView + 'static,
) -> AnyView {
    view! {
        <form method="post" action=action.to_owned() class="one-button">
            {super::hidden("form_id", form.id())}
            {fields}
            <button class=class>{words}</button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::safe_href;

    #[test]
    fn only_own_https_and_mail_addresses_stand_in_links() {
        for bad in ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", "http://x", ""] {
            assert_eq!(safe_href(bad), "#", "{bad}");
        }
        for good in ["/groups", "https://example.org", "mailto:a@example.org", "#main"] {
            assert_eq!(safe_href(good), good);
        }
    }
}
