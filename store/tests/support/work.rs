//! Work that a test begins with.

use domain::ids::{GroupId, PersonId, WorkspaceId};
use domain::moment::Moment;
use domain::workspaces::Template;
use store::Store;
use store::workspaces::{PromiseRow, WorkspaceRow};

/// A workspace of a group with its promise, as plain rows; `agreed`: by half of the group, at `now`.
pub async fn workspace(
    store: &Store,
    (id, slug): (WorkspaceId, &str),
    group: GroupId,
    by: PersonId,
    now: Moment,
    agreed: bool,
) {
    let row = WorkspaceRow {
        id,
        slug: slug.to_owned(),
        title: "Buses".to_owned(),
        summary: "Buses that run when we need them.".to_owned(),
        template: Template::Service,
        symbol: "1F68C".to_owned(),
        made_at: now,
    };
    let words = || "We say so.".to_owned();
    let promise = PromiseRow {
        what_for: words(),
        can_change: words(),
        cannot_change: words(),
        who_decides: words(),
        money: words(),
        hear_when: words(),
        shown_at: now,
        agreed_at: None,
        agreed_how: None,
    };
    let mut tx = store.write().await.expect("a transaction");
    store::workspaces::insert(&mut tx, &row, by).await.expect("a workspace");
    store::workspaces::add_group(&mut tx, id, group).await.expect("its group");
    store::workspaces::insert_promise(&mut tx, id, &promise).await.expect("a promise");
    if agreed {
        store::workspaces::set_agreed(&mut tx, id, now, "half").await.expect("agreed");
    }
    tx.commit().await.expect("committed");
}
