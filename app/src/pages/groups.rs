//! Groups.

use leptos::prelude::*;
use service::groups::GroupCard;

use crate::{Page, Sheet, kit};

/// The list of groups somebody may know of.
pub fn list(page: &Page, groups: Vec<GroupCard>) -> String {
    page.draw(&Sheet::new(page.t("groups-title")).menu("/groups"), || {
        let cards = groups
            .into_iter()
            .map(|g| {
                kit::card(
                    false,
                    view! {
                        {kit::group_tag(g.colour, &g.symbol, &page.t(&format!("group-kind-{}", g.kind)))}
                        <h2><a href=format!("/groups/{}", g.slug)>{g.name.clone()}</a></h2>
                        <p>{g.purpose}</p>
                    },
                )
            })
            .collect::<Vec<_>>();
        let none = cards.is_empty().then(|| kit::empty("1F465", page.t("groups-none")));
        view! {
            <h1>{page.t("groups-title")}</h1>
            {none}
            <ul class="cards">{cards}</ul>
        }
        .into_any()
    })
}
