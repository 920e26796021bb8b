//! Designs: reading, writing, versions and stages.

mod check;
mod download;
mod new;
mod read;
mod stage;
pub mod suggestions;
mod versions;
mod wipe;
mod write;

pub use check::check;
pub use download::download;
pub use new::{OWN, new, template_headings};
pub use read::read;
pub use stage::stage;
pub use versions::{Show, compare, restore, version, versions};
pub use wipe::wipe;
pub use write::{Look, Mine, both, write};

use domain::designs::Stage;
use leptos::prelude::*;
use service::designs::{By, DesignHead, VersionName};

use crate::{Crumb, Form, Page, kit};

/// The way to a page below a design.
pub(super) fn crumbs(page: &Page, head: &DesignHead, below: bool) -> Vec<Crumb> {
    let mut all = vec![
        Crumb::new(page.t("menu-home"), "/"),
        Crumb::new(head.workspace_title.clone(), format!("/workspaces/{}", head.workspace_slug)),
    ];
    if below {
        all.push(Crumb::new(head.title.clone(), format!("/designs/{}", head.id)));
    }
    all
}

/// A stage in a word.
fn stage_word(page: &Page, stage: Stage) -> String {
    page.t(&format!("stage-{stage}"))
}

/// The six steps of a design, and which one it is in. On a phone only that one shows, with its own number.
fn stages(page: &Page, stage: Stage) -> AnyView {
    if stage == Stage::Stopped {
        return view! { <p>{kit::status_tag("stopped", "1F6D1", stage_word(page, stage))}</p> }.into_any();
    }
    let way: Vec<Stage> = Stage::ALL.iter().copied().filter(|s| *s != Stage::Stopped).collect();
    let at = way.iter().position(|s| *s == stage).unwrap_or(0);
    let names = way
        .iter()
        .enumerate()
        .map(|(n, s)| page.with("stage-step", &[("n", (n + 1).into()), ("stage", (&stage_word(page, *s)).into())]));
    kit::stages(page, names.collect(), at)
}

/// Why the words of a design cannot be changed now, where that is so.
fn closed(page: &Page, head: &DesignHead) -> Option<AnyView> {
    let (look, key) = match (head.stage.words_open(), head.paused) {
        (false, _) => ("info", format!("stage-means-{}", head.stage)),
        (true, true) => ("warning", "pause-is".to_owned()),
        (true, false) => return None,
    };
    Some(kit::notice(look, view! { <p>{page.t(&key)}</p> }).into_any())
}

/// Who: by name where it may be shown, by role in a word where not.
pub(super) fn by(page: &Page, by: &By) -> String {
    let nameless = || page.t(&format!("somebody-{}", by.role));
    by.name.as_ref().map_or_else(nameless, |name| page.named(name, by.role))
}

/// What a version is called.
pub(super) fn version_name(page: &Page, name: &VersionName) -> String {
    match name {
        VersionName::Checking => page.t("version-checking"),
        VersionName::Voting => page.t("version-voting"),
        VersionName::Before(n) => page.with("version-before", &[("n", (*n).into())]),
        VersionName::Again(n) => page.with("version-again", &[("n", (*n).into())]),
        VersionName::Named(name) => name.clone(),
    }
}

/// One button that is a form of its own and says in a hidden field what it does. `to`: what it does it to, for those who
/// hear the button alone.
fn act(form: &Form, action: &str, act: &str, class: &'static str, words: String, to: &str) -> AnyView {
    let to = (!to.is_empty()).then(|| view! { <span class="unseen">": "{to.to_owned()}</span> });
    kit::one_button(form, action, class, kit::hidden("act", act), (words, to))
}
