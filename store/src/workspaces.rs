//! Workspaces and their promise, and the place (groups and their visibility) of everything inside one.

use domain::groups::Visibility;
use domain::ids::{ActionId, CommentId, DecisionId, DesignId, GroupId, SectionId, VersionId, WorkspaceId};
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    // The place of a thing: one query each, the same for what is hidden and what does not exist.
    PLACE_OF_WORKSPACE = "select g.id, g.visibility from workspace_groups w join groups g on g.id = w.group_id \
                          where w.workspace_id = $1 order by g.id";
    PLACE_OF_SLUG = "select s.id as workspace_id, g.id, g.visibility from workspaces s \
                     join workspace_groups w on w.workspace_id = s.id join groups g on g.id = w.group_id \
                     where s.slug = $1 order by g.id";
    PLACE_OF_DESIGN = "select g.id, g.visibility from designs d join workspace_groups w on w.workspace_id = d.workspace_id \
                       join groups g on g.id = w.group_id where d.id = $1 order by g.id";
    PLACE_OF_SECTION = "select g.id, g.visibility from sections s join designs d on d.id = s.design_id \
                        join workspace_groups w on w.workspace_id = d.workspace_id \
                        join groups g on g.id = w.group_id where s.id = $1 order by g.id";
    PLACE_OF_VERSION = "select g.id, g.visibility from versions v join designs d on d.id = v.design_id \
                        join workspace_groups w on w.workspace_id = d.workspace_id \
                        join groups g on g.id = w.group_id where v.id = $1 order by g.id";
    PLACE_OF_COMMENT = "select g.id, g.visibility from comments c join designs d on d.id = c.design_id \
                        join workspace_groups w on w.workspace_id = d.workspace_id \
                        join groups g on g.id = w.group_id where c.id = $1 order by g.id";
    PLACE_OF_DECISION = "select g.id, g.visibility from decisions d join workspace_groups w on w.workspace_id = d.workspace_id \
                         join groups g on g.id = w.group_id where d.id = $1 order by g.id";
    PLACE_OF_ACTION = "select g.id, g.visibility from actions a join workspace_groups w on w.workspace_id = a.workspace_id \
                       join groups g on g.id = w.group_id where a.id = $1 order by g.id";
}

/// A group of a place, and who may know of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PlaceRow {
    /// The group.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Who may know of it.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
}

/// The same, with the workspace an address belongs to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SlugPlaceRow {
    /// The workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// The group.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Who may know of it.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
}

/// Something that lives in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A workspace itself.
    Workspace(WorkspaceId),
    /// A design.
    Design(DesignId),
    /// A section of a design.
    Section(SectionId),
    /// A version of a design.
    Version(VersionId),
    /// A comment.
    Comment(CommentId),
    /// A decision.
    Decision(DecisionId),
    /// An action.
    Action(ActionId),
}

/// The groups of a thing; empty when there is no such thing.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn place(tx: &mut Tx, thing: Thing) -> Result<Vec<PlaceRow>, StoreError> {
    match thing {
        Thing::Workspace(id) => ask!(tx, PLACE_OF_WORKSPACE, id.0; all PlaceRow),
        Thing::Design(id) => ask!(tx, PLACE_OF_DESIGN, id.0; all PlaceRow),
        Thing::Section(id) => ask!(tx, PLACE_OF_SECTION, id.0; all PlaceRow),
        Thing::Version(id) => ask!(tx, PLACE_OF_VERSION, id.0; all PlaceRow),
        Thing::Comment(id) => ask!(tx, PLACE_OF_COMMENT, id.0; all PlaceRow),
        Thing::Decision(id) => ask!(tx, PLACE_OF_DECISION, id.0; all PlaceRow),
        Thing::Action(id) => ask!(tx, PLACE_OF_ACTION, id.0; all PlaceRow),
    }
}

/// The workspace at an address and its groups; empty when there is none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn place_of_slug(tx: &mut Tx, slug: &str) -> Result<Vec<SlugPlaceRow>, StoreError> {
    ask!(tx, PLACE_OF_SLUG, slug; all SlugPlaceRow)
}
