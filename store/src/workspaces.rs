//! Workspaces and their promise, and the place (groups and their visibility) of everything inside one.

use domain::actions::ActionStatus;
use domain::designs::Stage;
use domain::groups::{GroupColour, Visibility};
use domain::ids::{ActionId, CommentId, DecisionId, DesignId, GroupId, PersonId, SectionId, VersionId, WorkspaceId};
use domain::moment::Moment;
use domain::reports::small_numbers::PeopleCount;
use domain::workspaces::Template;
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
    INSERT = "insert into workspaces (id, slug, title, summary, template, symbol, made_at, made_by) \
              values ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_GROUP = "insert into workspace_groups (workspace_id, group_id) values ($1, $2)";
    FIND = "select id, slug, title, summary, template, symbol, made_at from workspaces where id = $1";
    // Each workspace once for each of its groups: what is needed to ask who may know of it.
    LINES = "select w.id, w.slug, w.title, w.summary, w.symbol, g.id as group_id, g.slug as group_slug, g.name as group_name, \
             g.symbol as group_symbol, g.colour, g.visibility \
             from workspaces w join workspace_groups wg on wg.workspace_id = w.id join groups g on g.id = wg.group_id \
             order by w.made_at desc, w.id, g.name, g.id";
    LINES_OF_GROUP = "select w.id, w.slug, w.title, w.summary, w.symbol, g.id as group_id, g.slug as group_slug, \
                      g.name as group_name, g.symbol as group_symbol, g.colour, g.visibility from workspace_groups mine \
                      join workspaces w on w.id = mine.workspace_id join workspace_groups wg on wg.workspace_id = w.id \
                      join groups g on g.id = wg.group_id \
                      where mine.group_id = $1 order by w.made_at desc, w.id, g.name, g.id";
    LINES_OF_WORKSPACE = "select w.id, w.slug, w.title, w.summary, w.symbol, g.id as group_id, g.slug as group_slug, \
                          g.name as group_name, g.symbol as group_symbol, g.colour, g.visibility from workspaces w \
                          join workspace_groups wg on wg.workspace_id = w.id join groups g on g.id = wg.group_id \
                          where w.id = $1 order by g.name, g.id";
    STAFF = "select cast(count(distinct m.person_id) as bigint) from workspace_groups w \
             join memberships m on m.group_id = w.group_id join people p on p.id = m.person_id \
             where w.workspace_id = $1 and m.role = 'worker' and p.active and p.deleted_at is null \
             and p.role in ('officer', 'moderator', 'safeguarding-lead', 'board-member', 'administrator')";
    PROMISE = "select what_for, can_change, cannot_change, who_decides, money, hear_when, shown_at, agreed_at, agreed_how \
               from promises where workspace_id = $1";
    // Without its words: whether it is agreed, and who counts for that. The people of several groups are one crowd.
    PROMISE_STATE = "select p.shown_at, p.agreed_at, \
        cast((select count(distinct a.person_id) from promise_agreements a \
              join memberships m on m.person_id = a.person_id join workspace_groups w on w.group_id = m.group_id \
              join people x on x.id = a.person_id where a.workspace_id = p.workspace_id and w.workspace_id = p.workspace_id \
              and m.role in ('member', 'lead') and x.active) as bigint) as agreed, \
        cast((select count(distinct m.person_id) from memberships m join workspace_groups w on w.group_id = m.group_id \
              join people x on x.id = m.person_id where w.workspace_id = p.workspace_id \
              and m.role in ('member', 'lead') and x.active) as bigint) as members, \
        cast((select count(*) from promise_agreements a where a.workspace_id = p.workspace_id and a.person_id = $2) \
              as bigint) as mine \
        from promises p where p.workspace_id = $1";
    PROMISE_HOLD = "update promises set shown_at = shown_at where workspace_id = $1";
    PROMISE_INSERT = "insert into promises (workspace_id, what_for, can_change, cannot_change, who_decides, money, hear_when, \
                      shown_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    PROMISE_UPDATE = "update promises set what_for = $2, can_change = $3, cannot_change = $4, who_decides = $5, money = $6, \
                      hear_when = $7, shown_at = $8, agreed_at = null, agreed_how = null where workspace_id = $1";
    PROMISE_AGREED = "update promises set agreed_at = $2, agreed_how = $3 where workspace_id = $1 and agreed_at is null";
    AGREE = "insert into promise_agreements (workspace_id, person_id) values ($1, $2) on conflict do nothing";
    AGREEMENTS_CLEAR = "delete from promise_agreements where workspace_id = $1";
    THRESHOLDS = "select cast(max(g.threshold) as bigint), (select value from settings where name = 'threshold') \
                  from workspace_groups w join groups g on g.id = w.group_id where w.workspace_id = $1";
    DESIGN_LINES = "select id, title, symbol, stage, stage_at from designs where workspace_id = $1 order by stage_at desc, id";
    DECISION_LINES = "select id, question, opens_at, closes_at, voided_at from decisions where workspace_id = $1 \
                      order by opens_at desc, id";
    ACTION_LINES = "select id, title, status, due_at, shown from actions where workspace_id = $1 order by changed_at desc, id";
}

/// A workspace as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WorkspaceRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: WorkspaceId,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is, in one sentence.
    pub summary: String,
    /// What it started from.
    #[sqlx(try_from = "String")]
    pub template: Template,
    /// Its symbol: an OpenMoji code.
    pub symbol: String,
    /// When it was opened.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
}

/// A workspace beside one of its groups.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WorkspaceLine {
    /// The workspace.
    #[sqlx(try_from = "Uuid")]
    pub id: WorkspaceId,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is, in one sentence.
    pub summary: String,
    /// Its symbol.
    pub symbol: String,
    /// The group.
    #[sqlx(try_from = "Uuid")]
    pub group_id: GroupId,
    /// The group's address.
    pub group_slug: String,
    /// The group's name.
    pub group_name: String,
    /// The group's symbol.
    pub group_symbol: String,
    /// The group's colour.
    #[sqlx(try_from = "String")]
    pub colour: GroupColour,
    /// Who may know of the group.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
}

/// The words of a promise.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PromiseRow {
    /// What this is for.
    pub what_for: String,
    /// What can change.
    pub can_change: String,
    /// What cannot, and why.
    pub cannot_change: String,
    /// Who decides.
    pub who_decides: String,
    /// The money.
    pub money: String,
    /// When you will hear.
    pub hear_when: String,
    /// When these words were first shown.
    #[sqlx(try_from = "i64")]
    pub shown_at: Moment,
    /// When it was agreed.
    pub agreed_at: Option<i64>,
    /// How: `half` or `lead`.
    pub agreed_how: Option<String>,
}

/// Where a promise stands, without its words.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct PromiseState {
    /// When its words were first shown.
    #[sqlx(try_from = "i64")]
    pub shown_at: Moment,
    /// When it was agreed.
    pub agreed_at: Option<i64>,
    /// How many of those who take part have agreed.
    #[sqlx(try_from = "i64")]
    pub agreed: PeopleCount,
    /// How many take part.
    #[sqlx(try_from = "i64")]
    pub members: PeopleCount,
    /// 1 when the person asked about has agreed.
    pub mine: i64,
}

/// A design in a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DesignLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: DesignId,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub stage_at: Moment,
}

/// A decision in a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DecisionLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: DecisionId,
    /// What was asked.
    pub question: String,
    /// When it opens.
    #[sqlx(try_from = "i64")]
    pub opens_at: Moment,
    /// When it closes.
    #[sqlx(try_from = "i64")]
    pub closes_at: Moment,
    /// When it was made void.
    pub voided_at: Option<i64>,
}

/// An action in a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ActionLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ActionId,
    /// What is done.
    pub title: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: ActionStatus,
    /// When it is due.
    #[sqlx(try_from = "i64")]
    pub due_at: Moment,
    /// On the public list.
    pub shown: bool,
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

/// Adds a workspace.
///
/// # Errors
/// [`StoreError::Taken`] (`workspaces_slug`) when the address is taken: make another random part.
pub async fn insert(tx: &mut Tx, w: &WorkspaceRow, by: PersonId) -> Result<(), StoreError> {
    ask!(tx, INSERT, w.id.0, &w.slug, &w.title, &w.summary, w.template.name(), &w.symbol, w.made_at.0, by.0; run)?;
    Ok(())
}

/// Makes a workspace one of a group too.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn add_group(tx: &mut Tx, workspace: WorkspaceId, group: GroupId) -> Result<(), StoreError> {
    ask!(tx, INSERT_GROUP, workspace.0, group.0; run)?;
    Ok(())
}

/// One workspace.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: WorkspaceId) -> Result<Option<WorkspaceRow>, StoreError> {
    ask!(tx, FIND, id.0; optional WorkspaceRow)
}

/// Every workspace, newest first, once for each of its groups. The caller leaves out what may not be known.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lines(tx: &mut Tx) -> Result<Vec<WorkspaceLine>, StoreError> {
    ask!(tx, LINES; all WorkspaceLine)
}

/// The workspaces of a group, newest first, once for each of their groups. The caller leaves out what may not be known.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lines_of_group(tx: &mut Tx, group: GroupId) -> Result<Vec<WorkspaceLine>, StoreError> {
    ask!(tx, LINES_OF_GROUP, group.0; all WorkspaceLine)
}

/// One workspace, once for each of its groups, by their names.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lines_of_workspace(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<WorkspaceLine>, StoreError> {
    ask!(tx, LINES_OF_WORKSPACE, id.0; all WorkspaceLine)
}

/// How many members of staff work in a workspace's groups together. Staff, so not a small-numbers matter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn staff(tx: &mut Tx, id: WorkspaceId) -> Result<PeopleCount, StoreError> {
    Ok(ask!(tx, STAFF, id.0; scalar i64)?.into())
}

/// The promise of a workspace, once it is written.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn promise(tx: &mut Tx, id: WorkspaceId) -> Result<Option<PromiseRow>, StoreError> {
    ask!(tx, PROMISE, id.0; optional PromiseRow)
}

/// Where the promise stands, and whether `me` has agreed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn promise_state(
    tx: &mut Tx,
    id: WorkspaceId,
    me: Option<PersonId>,
) -> Result<Option<PromiseState>, StoreError> {
    ask!(tx, PROMISE_STATE, id.0, me.map(|p| p.0); optional PromiseState)
}

/// Holds a promise until the end of the transaction: agreeing and changing its words come one after the other.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold_promise(tx: &mut Tx, id: WorkspaceId) -> Result<u64, StoreError> {
    ask!(tx, PROMISE_HOLD, id.0; run)
}

/// Writes a promise for the first time.
///
/// # Errors
/// [`StoreError::Taken`] when there is one already.
pub async fn insert_promise(tx: &mut Tx, id: WorkspaceId, p: &PromiseRow) -> Result<(), StoreError> {
    ask!(tx, PROMISE_INSERT, id.0, &p.what_for, &p.can_change, &p.cannot_change, &p.who_decides, &p.money, &p.hear_when,
        p.shown_at.0; run)?;
    Ok(())
}

/// Changes the words of a promise: nobody has agreed to them yet.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn update_promise(tx: &mut Tx, id: WorkspaceId, p: &PromiseRow) -> Result<(), StoreError> {
    ask!(tx, PROMISE_UPDATE, id.0, &p.what_for, &p.can_change, &p.cannot_change, &p.who_decides, &p.money, &p.hear_when,
        p.shown_at.0; run)?;
    ask!(tx, AGREEMENTS_CLEAR, id.0; run)?;
    Ok(())
}

/// Notes that somebody agrees; pressing twice is pressing once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn agree(tx: &mut Tx, id: WorkspaceId, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, AGREE, id.0, person.0; run)
}

/// Notes that a promise is agreed; `how` is `half` or `lead`. The first time stays.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_agreed(tx: &mut Tx, id: WorkspaceId, at: Moment, how: &str) -> Result<u64, StoreError> {
    ask!(tx, PROMISE_AGREED, id.0, at.0, how; run)
}

/// The designs of a workspace, the one that moved last first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn designs(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<DesignLine>, StoreError> {
    ask!(tx, DESIGN_LINES, id.0; all DesignLine)
}

/// The decisions of a workspace, the newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn decisions(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<DecisionLine>, StoreError> {
    ask!(tx, DECISION_LINES, id.0; all DecisionLine)
}

/// The actions of a workspace, the one that changed last first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn actions(tx: &mut Tx, id: WorkspaceId) -> Result<Vec<ActionLine>, StoreError> {
    ask!(tx, ACTION_LINES, id.0; all ActionLine)
}

/// The highest small-number threshold of a workspace's groups, and the organisation's as stored.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn thresholds(tx: &mut Tx, id: WorkspaceId) -> Result<(i64, Option<String>), StoreError> {
    let (groups, house) = ask!(tx, THRESHOLDS, id.0; one (Option<i64>, Option<String>))?;
    Ok((groups.unwrap_or_default(), house))
}
