//! Decisions: the question, the roll, the hands.

use domain::comments::{Checking, CommentState};
use domain::decisions::{DecisionForm, Hand, PassRule};
use domain::designs::Stage;
use domain::groups::{GroupKind, Visibility};
use domain::ids::{DecisionId, DesignId, GroupId, PersonId, VersionId, WorkspaceId};
use domain::moment::Moment;
use domain::reports::small_numbers::PeopleCount;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    INSERT = "insert into decisions (id, workspace_id, design_id, version_id, question, explanation, form, pass_rule, quorum, \
              opens_at, closes_at, made_at, made_by, void_reason) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '')";
    // The roll: members and leads of the groups who may sign in, never staff.
    TAKE_ROLL = "insert into roll (decision_id, person_id) select distinct d.id, m.person_id from decisions d \
                 join workspace_groups w on w.workspace_id = d.workspace_id join memberships m on m.group_id = w.group_id \
                 join people p on p.id = m.person_id where d.id = $1 and m.role in ('member', 'lead') and p.active \
                 and p.deleted_at is null and p.role in ('young-person', 'supporter', 'parent-carer')";
    FIND = "select d.id, d.workspace_id, d.design_id, d.version_id, d.question, d.explanation, d.form, d.pass_rule, d.quorum, \
            d.opens_at, d.closes_at, d.made_at, d.void_asked_at, d.void_asked_by, d.void_reason, d.voided_at, d.voided_by, \
            w.slug as workspace_slug, w.title as workspace_title, s.title as design_title, s.stage as design_stage, \
            v.number as version_number, a.name as void_asked_name, b.name as voided_name \
            from decisions d join workspaces w on w.id = d.workspace_id left join designs s on s.id = d.design_id \
            left join versions v on v.id = d.version_id left join people a on a.id = d.void_asked_by \
            left join people b on b.id = d.voided_by where d.id = $1";
    OF_DESIGN = "select id, question, opens_at, closes_at, voided_at, pass_rule from decisions where design_id = $1 \
                 order by made_at desc, id desc";
    ROLL_SIZE = "select cast(count(*) as bigint) from roll where decision_id = $1";
    ON_ROLL = "select cast(count(*) as bigint) from roll where decision_id = $1 and person_id = $2";
    HANDS = "select h.person_id, p.name, h.hand, h.reason, h.reason_state, h.reason_why, h.raised_at from hands h \
             join people p on p.id = h.person_id where h.decision_id = $1 order by h.raised_at, h.person_id";
    HAND = "select h.person_id, p.name, h.hand, h.reason, h.reason_state, h.reason_why, h.raised_at from hands h \
            join people p on p.id = h.person_id where h.decision_id = $1 and h.person_id = $2";
    RAISE = "insert into hands (decision_id, person_id, hand, reason, reason_state, raised_at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (decision_id, person_id) do update set hand = excluded.hand, reason = excluded.reason, \
             reason_state = excluded.reason_state, raised_at = excluded.raised_at, \
             reason_checked_at = case when hands.reason = excluded.reason then hands.reason_checked_at end";
    ASK_VOID = "update decisions set void_asked_at = $2, void_asked_by = $3, void_reason = $4 \
                where id = $1 and void_asked_at is null and voided_at is null";
    KEEP = "update decisions set void_asked_at = null, void_asked_by = null, void_reason = '' where id = $1 and voided_at is null";
    MAKE_VOID = "update decisions set voided_at = $2, voided_by = $3 where id = $1 and voided_at is null and void_asked_by <> $3";
    GROUPS = "select g.id, g.slug, g.name, g.kind, g.visibility, g.checking, g.threshold from workspace_groups w \
              join groups g on g.id = w.group_id where w.workspace_id = $1 order by g.name, g.id";
    WORKSPACE = "select id, slug, title from workspaces where id = $1";
    DESIGN = "select d.id, d.workspace_id, d.title, d.stage, w.slug as workspace_slug, w.title as workspace_title \
              from designs d join workspaces w on w.id = d.workspace_id where d.id = $1";
}

/// A decision as stored, with the names of what it is about.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DecisionRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: DecisionId,
    /// Where it belongs.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// The design it is about.
    pub design_id: Option<Uuid>,
    /// The version of it.
    pub version_id: Option<Uuid>,
    /// The question.
    pub question: String,
    /// More about it.
    pub explanation: String,
    /// Secret or not.
    #[sqlx(try_from = "String")]
    pub form: DecisionForm,
    /// When it passes.
    #[sqlx(try_from = "String")]
    pub pass_rule: PassRule,
    /// Whole percent of the roll.
    pub quorum: i64,
    /// When it opens.
    #[sqlx(try_from = "i64")]
    pub opens_at: Moment,
    /// When it closes.
    #[sqlx(try_from = "i64")]
    pub closes_at: Moment,
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When somebody asked to make it void.
    pub void_asked_at: Option<i64>,
    /// Who asked.
    pub void_asked_by: Option<Uuid>,
    /// Why, or empty.
    pub void_reason: String,
    /// When it was made void.
    pub voided_at: Option<i64>,
    /// By whom.
    pub voided_by: Option<Uuid>,
    /// The workspace's address.
    pub workspace_slug: String,
    /// Its title.
    pub workspace_title: String,
    /// The design's title.
    pub design_title: Option<String>,
    /// The design's stage, by name.
    pub design_stage: Option<String>,
    /// The version's number.
    pub version_number: Option<i64>,
    /// The name of who asked to make it void.
    pub void_asked_name: Option<String>,
    /// The name of who made it void.
    pub voided_name: Option<String>,
}

/// A decision to be made.
#[derive(Debug)]
pub struct NewDecision<'a> {
    /// Its id.
    pub id: DecisionId,
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// The version of a design it is about.
    pub about: Option<(DesignId, VersionId)>,
    /// The question.
    pub question: &'a str,
    /// More about it, or empty.
    pub explanation: &'a str,
    /// When it passes.
    pub pass_rule: PassRule,
    /// Whole percent of the roll.
    pub quorum: i64,
    /// When it opens.
    pub opens_at: Moment,
    /// When it closes.
    pub closes_at: Moment,
    /// When it was made.
    pub made_at: Moment,
    /// By whom.
    pub made_by: PersonId,
}

/// A decision in a list of a design's.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DecisionLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: DecisionId,
    /// The question.
    pub question: String,
    /// When it opens.
    #[sqlx(try_from = "i64")]
    pub opens_at: Moment,
    /// When it closes.
    #[sqlx(try_from = "i64")]
    pub closes_at: Moment,
    /// When it was made void.
    pub voided_at: Option<i64>,
    /// When it passes.
    #[sqlx(try_from = "String")]
    pub pass_rule: PassRule,
}

/// One hand.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HandRow {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// The hand.
    #[sqlx(try_from = "String")]
    pub hand: Hand,
    /// Why, or empty.
    pub reason: String,
    /// Whether others see the reason.
    #[sqlx(try_from = "String")]
    pub reason_state: CommentState,
    /// Why it was taken away, or empty.
    pub reason_why: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub raised_at: Moment,
}

/// What a group says about its words and its numbers.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PlaceGroupRow {
    /// The group.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    #[sqlx(try_from = "String")]
    pub kind: GroupKind,
    /// Who may know of it.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
    /// How words are checked.
    #[sqlx(try_from = "String")]
    pub checking: Checking,
    /// Its small-number setting.
    pub threshold: i64,
}

/// A workspace's address and title.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WorkspaceLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: WorkspaceId,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// A design's title and stage, with its workspace's.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DesignLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: DesignId,
    /// Its workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// Its title.
    pub title: String,
    /// Its stage.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// The workspace's address.
    pub workspace_slug: String,
    /// The workspace's title.
    pub workspace_title: String,
}

/// Adds a decision.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, d: &NewDecision<'_>) -> Result<(), StoreError> {
    ask!(tx, INSERT, d.id.0, d.workspace.0, d.about.map(|a| a.0.0), d.about.map(|a| a.1.0), d.question, d.explanation,
        DecisionForm::ShowOfHands.name(), d.pass_rule.name(), d.quorum, d.opens_at.0, d.closes_at.0, d.made_at.0,
        d.made_by.0; run)?;
    Ok(())
}

/// Takes the roll: who may decide, as things stand now. Never shown as a number.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take_roll(tx: &mut Tx, id: DecisionId) -> Result<PeopleCount, StoreError> {
    let many = ask!(tx, TAKE_ROLL, id.0; run)?;
    Ok(i64::try_from(many).unwrap_or(i64::MAX).into())
}

/// One decision.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: DecisionId) -> Result<Option<DecisionRow>, StoreError> {
    ask!(tx, FIND, id.0; optional DecisionRow)
}

/// The decisions about a design, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_design(tx: &mut Tx, design: DesignId) -> Result<Vec<DecisionLine>, StoreError> {
    ask!(tx, OF_DESIGN, design.0; all DecisionLine)
}

/// How many are on the roll.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn roll_size(tx: &mut Tx, id: DecisionId) -> Result<PeopleCount, StoreError> {
    Ok(ask!(tx, ROLL_SIZE, id.0; scalar i64)?.into())
}

/// Whether somebody is on the roll.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn on_roll(tx: &mut Tx, id: DecisionId, person: PersonId) -> Result<bool, StoreError> {
    Ok(ask!(tx, ON_ROLL, id.0, person.0; scalar i64)? > 0)
}

/// Every hand, in the order they were raised.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hands(tx: &mut Tx, id: DecisionId) -> Result<Vec<HandRow>, StoreError> {
    ask!(tx, HANDS, id.0; all HandRow)
}

/// The hand of one person.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hand(tx: &mut Tx, id: DecisionId, person: PersonId) -> Result<Option<HandRow>, StoreError> {
    ask!(tx, HAND, id.0, person.0; optional HandRow)
}

/// Raises a hand, or changes it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn raise(
    tx: &mut Tx,
    id: DecisionId,
    person: PersonId,
    hand: Hand,
    reason: &str,
    state: CommentState,
    now: Moment,
) -> Result<(), StoreError> {
    ask!(tx, RAISE, id.0, person.0, hand.name(), reason, state.name(), now.0; run)?;
    Ok(())
}

/// Notes that somebody asks to make it void; 0 when somebody has asked already, or it is void.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ask_void(
    tx: &mut Tx,
    id: DecisionId,
    person: PersonId,
    reason: &str,
    now: Moment,
) -> Result<u64, StoreError> {
    ask!(tx, ASK_VOID, id.0, now.0, person.0, reason; run)
}

/// Forgets that somebody asked to make it void.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep(tx: &mut Tx, id: DecisionId) -> Result<u64, StoreError> {
    ask!(tx, KEEP, id.0; run)
}

/// Makes it void; 0 unless somebody else asked before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn make_void(tx: &mut Tx, id: DecisionId, person: PersonId, now: Moment) -> Result<u64, StoreError> {
    ask!(tx, MAKE_VOID, id.0, now.0, person.0; run)
}

/// The groups of a workspace: how they check words, and their small numbers.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn groups_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<PlaceGroupRow>, StoreError> {
    ask!(tx, GROUPS, workspace.0; all PlaceGroupRow)
}

/// A workspace's address and title.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn workspace(tx: &mut Tx, id: WorkspaceId) -> Result<Option<WorkspaceLine>, StoreError> {
    ask!(tx, WORKSPACE, id.0; optional WorkspaceLine)
}

/// A design's title and stage.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn design(tx: &mut Tx, id: DesignId) -> Result<Option<DesignLine>, StoreError> {
    ask!(tx, DESIGN, id.0; optional DesignLine)
}
