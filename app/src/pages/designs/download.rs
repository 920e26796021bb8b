//! Taking a design along as a file.

use leptos::prelude::*;
use service::designs::DesignHead;
use service::designs::export::DocumentKind;

use super::crumbs;
use crate::{Page, Sheet};

/// The kinds of file there are, each with what it is good for.
pub fn download(page: &Page, head: &DesignHead) -> String {
    let title = page.with("download-title", &[("title", (&head.title).into())]);
    let sheet = Sheet::new(title.clone()).crumbs(crumbs(page, head, true));
    page.draw(&sheet, || {
        let kinds = DocumentKind::ALL
            .iter()
            .map(|kind| {
                let ending = kind.ending();
                view! {
                    <li class="card">
                        <h2>{page.t(&format!("download-{ending}"))}</h2>
                        <p>{page.t(&format!("download-{ending}-for"))}</p>
                        <p class="go">
                            <a href=format!("/designs/{}/download/{ending}", head.id) download="">
                                {page.t(&format!("download-{ending}-link"))}
                            </a>
                        </p>
                    </li>
                }
            })
            .collect_view();
        view! {
            <h1>{title.clone()}</h1>
            <p class="lead">{page.t("download-lead")}</p>
            <ul class="cards">{kinds}</ul>
            <p>{page.t("download-print")}" "<a href=format!("/designs/{}", head.id)>{page.t("download-back")}</a></p>
        }
        .into_any()
    })
}
