//! What staff did: the audit log, newest first.

use leptos::prelude::*;
use service::audit::{AuditLine, AuditPage};

use crate::{Crumb, Page, Sheet, kit, when};

/// `MakeStaff` as `make-staff`, for message keys.
pub fn key_of(verb: &str) -> String {
    let mut out = String::new();
    for c in verb.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// What was done, in words: the most exact message there is, or the act's own name.
pub fn act_words(page: &Page, verb: &str, detail: &str) -> String {
    let key = key_of(verb);
    let pair = detail.split(' ').next().unwrap_or("");
    let first = pair.split('=').next().unwrap_or("");
    // A detail such as `reason_state=published`: with its value, without, or not at all.
    [format!("audit-{key}-{}", pair.replace(['=', '_'], "-")), format!("audit-{key}-{first}"), format!("audit-{key}")]
        .iter()
        .find(|message| page.words.has(message))
        .map_or_else(
            || page.with("audit-other", &[("act", key.replace('-', " ").as_str().into())]),
            |message| page.t(message),
        )
}

/// What it was done to: a kind and a part of its number, or the name of a setting.
fn thing(page: &Page, line: &AuditLine) -> AnyView {
    let key = format!("audit-kind-{}", line.kind);
    let kind = if page.words.has(&key) { page.t(&key) } else { line.kind.clone() };
    match line.kind.as_str() {
        "person" => view! { <a href=format!("/people/{}", line.id)>{kind}" "{short(&line.id)}</a> }.into_any(),
        "setting" => {
            let key = format!("setting-{}", line.id.replace('_', "-"));
            let name = if page.words.has(&key) { page.t(&key) } else { line.id.clone() };
            view! { {kind}": "{name} }.into_any()
        }
        _ => view! { {kind}" "{short(&line.id)} }.into_any(),
    }
}

/// The end of a long number is enough to tell two things apart.
fn short(id: &str) -> String {
    if id.len() > 12 && id.is_ascii() { format!("…{}", &id[id.len() - 6..]) } else { id.to_owned() }
}

/// A page of the log.
pub fn log(page: &Page, log: &AuditPage) -> String {
    let way = vec![Crumb::new(page.t("settings-title"), "/settings")];
    page.draw(&Sheet::new(page.t("audit-title")).crumbs(way).menu("/settings"), || {
        let rows: Vec<Vec<AnyView>> = log
            .lines
            .iter()
            .map(|l| {
                let who = match l.who.as_deref() {
                    None => page.t("audit-system"),
                    Some("") => page.t("audit-deleted"),
                    Some(name) => name.to_owned(),
                };
                let at = page.date_time(l.made_at);
                vec![
                    l.seq.to_string().into_any(),
                    view! { <time datetime=when::machine(l.made_at)>{at}</time> }.into_any(),
                    who.into_any(),
                    act_words(page, &l.verb, &l.detail).into_any(),
                    thing(page, l),
                    view! { <span class="meta">{l.detail.clone()}</span> }.into_any(),
                ]
            })
            .collect();
        let columns = ["audit-number", "audit-when", "audit-who", "audit-what", "audit-thing", "audit-detail"]
            .map(|key| page.t(key))
            .to_vec();
        let table = if rows.is_empty() {
            kit::empty("1F4DD", page.t("audit-none"))
        } else {
            kit::table(page.t("audit-table"), columns, rows)
        };
        let older = log
            .older
            .map(|seq| view! { <p class="buttons"><a class="button" href=format!("/audit?before={seq}")>{page.t("audit-older")}</a></p> });
        view! {
            <h1>{page.t("audit-title")}</h1>
            <p class="lead">{page.t("audit-lead")}</p>
            {table}
            {older}
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_has_its_own_message_key() {
        assert_eq!(key_of("MakeStaff"), "make-staff");
        assert_eq!(short("0192aaaa-0000-7000-8000-000000abcdef"), "…abcdef");
        assert_eq!(short("name"), "name");
    }
}
