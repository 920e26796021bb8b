//! Outcomes, actions, their updates, and whether they worked.

use domain::actions::{ActionStatus, DidItWork};
use domain::groups::{GroupKind, Visibility};
use domain::ids::{ActionId, DecisionId, DesignId, GroupId, OutcomeId, PersonId, UpdateId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::{Frozen, PeopleCount};
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    INSERT_OUTCOME = "insert into outcomes (id, design_id, decision_id, words, why, next, differs, differs_why, made_at, made_by) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OUTCOME = "select o.id, o.decision_id, o.words, o.why, o.next, o.differs, o.differs_why, o.made_at from outcomes o \
               where o.design_id = $1 order by o.made_at desc, o.id desc limit 1";
    // The place of an action, and whether it is on the public list: one query for what is hidden and what does not exist.
    DOOR = "select a.shown, a.owner_id, g.id, g.visibility from actions a join workspace_groups w on w.workspace_id = a.workspace_id \
            join groups g on g.id = w.group_id where a.id = $1 order by g.id";
    INSERT = "insert into actions (id, workspace_id, design_id, outcome_id, title, you_said, we_will, owner_role, owner_id, team, \
              due_at, status, reason, shown, made_at, made_by, changed_at, ended_at) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    FIND = "select a.id, a.workspace_id, a.design_id, a.title, a.you_said, a.we_will, a.owner_role, a.owner_id, p.name as owner_name, \
            a.team, a.due_at, a.status, a.reason, a.shown, a.made_at, a.changed_at, a.ended_at, a.asked_at, w.slug as workspace_slug, \
            w.title as workspace_title, d.title as design_title from actions a join workspaces w on w.id = a.workspace_id \
            left join designs d on d.id = a.design_id left join people p on p.id = a.owner_id where a.id = $1";
    ALL = "select a.id, a.workspace_id, a.design_id, a.title, a.you_said, a.we_will, a.owner_role, a.owner_id, p.name as owner_name, \
           a.team, a.due_at, a.status, a.reason, a.shown, a.made_at, a.changed_at, a.ended_at, a.asked_at, w.slug as workspace_slug, \
           w.title as workspace_title, d.title as design_title from actions a join workspaces w on w.id = a.workspace_id \
           left join designs d on d.id = a.design_id left join people p on p.id = a.owner_id order by a.changed_at desc, a.id desc";
    SHOWN = "select a.id, a.workspace_id, a.design_id, a.title, a.you_said, a.we_will, a.owner_role, a.owner_id, \
             p.name as owner_name, a.team, a.due_at, a.status, a.reason, a.shown, a.made_at, a.changed_at, a.ended_at, a.asked_at, \
             w.slug as workspace_slug, w.title as workspace_title, d.title as design_title from actions a \
             join workspaces w on w.id = a.workspace_id left join designs d on d.id = a.design_id \
             left join people p on p.id = a.owner_id where a.shown order by a.changed_at desc, a.id desc";
    OF_DESIGN = "select a.id, a.workspace_id, a.design_id, a.title, a.you_said, a.we_will, a.owner_role, a.owner_id, \
                 p.name as owner_name, a.team, a.due_at, a.status, a.reason, a.shown, a.made_at, a.changed_at, a.ended_at, a.asked_at, \
                 w.slug as workspace_slug, w.title as workspace_title, d.title as design_title from actions a \
                 join workspaces w on w.id = a.workspace_id left join designs d on d.id = a.design_id \
                 left join people p on p.id = a.owner_id where a.design_id = $1 order by a.made_at, a.id";
    ALL_GROUPS = "select w.workspace_id, g.id, g.slug, g.name, g.kind, g.visibility, g.threshold from workspace_groups w \
                  join groups g on g.id = w.group_id where w.workspace_id in (select workspace_id from actions) \
                  order by w.workspace_id, g.name, g.id";
    GROUPS_OF = "select w.workspace_id, g.id, g.slug, g.name, g.kind, g.visibility, g.threshold from workspace_groups w \
                 join groups g on g.id = w.group_id where w.workspace_id = $1 order by g.name, g.id";
    CHANGE = "update actions set status = $2, reason = $3, due_at = $4, owner_id = $5, owner_role = $6, shown = $7, \
              changed_at = $8, ended_at = $9, asked_at = $10 where id = $1";
    ASK = "update actions set asked_at = $2 where id = $1";
    // What keeps a design from being done is decided in `domain`; here is what it needs to know.
    ENDS = "select a.id, a.title, a.status, a.asked_at from actions a where a.design_id = $1 order by a.made_at, a.id";
    INSERT_UPDATE = "insert into action_updates (id, action_id, status, words, reason, made_at, made_by) \
                     values ($1, $2, $3, $4, $5, $6, $7)";
    UPDATES = "select u.id, u.status, u.words, u.reason, u.made_at, p.name, p.role from action_updates u \
               join people p on p.id = u.made_by where u.action_id = $1 order by u.made_at desc, u.id desc";
    SHOWN_UPDATES = "select u.action_id, u.words, u.made_at from action_updates u join actions a on a.id = u.action_id \
                     where a.shown and u.made_at = (select max(v.made_at) from action_updates v where v.action_id = u.action_id)";
    SAY = "insert into did_it_work (action_id, person_id, answer, why, said_at) values ($1, $2, $3, $4, $5) \
           on conflict (action_id, person_id) do update set answer = excluded.answer, why = excluded.why, said_at = case when did_it_work.answer = excluded.answer then did_it_work.said_at \
           else excluded.said_at end";
    SAID = "select s.person_id, p.name, s.answer, s.why, s.said_at from did_it_work s join people p on p.id = s.person_id \
            where s.action_id = $1 order by s.said_at, s.person_id";
    FREEZE = "insert into did_it_work_shown (action_id, shown_from, taken_at, said_yes, said_a_bit, said_no, said_dont_know) \
              values ($1, $2, $3, $4, $5, $6, $7) on conflict (action_id, shown_from) do update set taken_at = excluded.taken_at, \
              said_yes = excluded.said_yes, said_a_bit = excluded.said_a_bit, said_no = excluded.said_no, \
              said_dont_know = excluded.said_dont_know";
    FROZEN = "select f.action_id, f.taken_at, f.said_yes, f.said_a_bit, f.said_no, f.said_dont_know from did_it_work_shown f \
              where f.action_id = $1 and f.shown_from <= $2 order by f.shown_from desc limit 1";
    SHOWN_FROZEN = "select f.action_id, f.taken_at, f.said_yes, f.said_a_bit, f.said_no, f.said_dont_know from did_it_work_shown f \
                    join actions a on a.id = f.action_id where a.shown and f.shown_from = (select max(g.shown_from) \
                    from did_it_work_shown g where g.action_id = f.action_id and g.shown_from <= $1)";
    // Staff who can be given an action: they are in one of its groups. In open groups every officer is in reach.
    STAFF_IN = "select distinct p.id, p.name, p.role, p.team from people p join memberships m on m.person_id = p.id \
                join workspace_groups w on w.group_id = m.group_id where w.workspace_id = $1 and p.active \
                and p.deleted_at is null and p.role in ('officer', 'moderator', 'safeguarding-lead', 'board-member', 'administrator') \
                order by p.name, p.id";
    STAFF_ALL = "select p.id, p.name, p.role, p.team from people p where p.active and p.deleted_at is null \
                 and p.role in ('officer', 'moderator', 'safeguarding-lead', 'board-member', 'administrator') order by p.name, p.id";
}

/// An outcome.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OutcomeRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: OutcomeId,
    /// The vote it follows.
    pub decision_id: Option<Uuid>,
    /// What was decided.
    pub words: String,
    /// Why.
    pub why: String,
    /// What happens next.
    pub next: String,
    /// It is not what the vote said.
    pub differs: bool,
    /// Then: why.
    pub differs_why: String,
    /// When it was written.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
}

/// An outcome to be written.
#[derive(Debug)]
pub struct NewOutcome<'a> {
    /// Its id.
    pub id: OutcomeId,
    /// The design.
    pub design: DesignId,
    /// The vote it follows.
    pub decision: Option<DecisionId>,
    /// What was decided.
    pub words: &'a str,
    /// Why.
    pub why: &'a str,
    /// What happens next.
    pub next: &'a str,
    /// It is not what the vote said: why.
    pub differs_why: Option<&'a str>,
    /// When.
    pub made_at: Moment,
    /// By whom.
    pub made_by: PersonId,
}

/// One group of an action's door.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DoorRow {
    /// On the public list.
    pub shown: bool,
    /// Who has it.
    pub owner_id: Option<Uuid>,
    /// The group.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Who may know of it.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
}

/// An action as stored, with the names of what it belongs to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ActionRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ActionId,
    /// Where it belongs.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// The design it comes from.
    pub design_id: Option<Uuid>,
    /// What it is called.
    pub title: String,
    /// You said.
    pub you_said: String,
    /// We will.
    pub we_will: String,
    /// The role of who has it.
    pub owner_role: String,
    /// Who has it.
    pub owner_id: Option<Uuid>,
    /// Their name.
    pub owner_name: Option<String>,
    /// The team, or empty.
    pub team: String,
    /// When it is due.
    #[sqlx(try_from = "i64")]
    pub due_at: Moment,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: ActionStatus,
    /// Why it was changed or stopped.
    pub reason: String,
    /// On the public list.
    pub shown: bool,
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When it last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Moment,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// When people were asked whether it worked.
    pub asked_at: Option<i64>,
    /// The workspace's address.
    pub workspace_slug: String,
    /// The workspace's title.
    pub workspace_title: String,
    /// The design's title.
    pub design_title: Option<String>,
}

/// An action to be made.
#[derive(Debug)]
pub struct NewAction<'a> {
    /// Its id.
    pub id: ActionId,
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// The design it comes from.
    pub design: Option<DesignId>,
    /// The outcome it comes from.
    pub outcome: Option<OutcomeId>,
    /// What it is called.
    pub title: &'a str,
    /// You said.
    pub you_said: &'a str,
    /// We will.
    pub we_will: &'a str,
    /// The role of who has it.
    pub owner_role: &'a str,
    /// Who has it.
    pub owner: Option<PersonId>,
    /// The team, or empty.
    pub team: &'a str,
    /// When it is due.
    pub due_at: Moment,
    /// Where it stands.
    pub status: ActionStatus,
    /// Why it cannot be done, or empty.
    pub reason: &'a str,
    /// On the public list.
    pub shown: bool,
    /// When.
    pub made_at: Moment,
    /// By whom.
    pub made_by: PersonId,
}

/// A group of a workspace.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WorkspaceGroupRow {
    /// The workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
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
    /// Its small-number setting.
    pub threshold: i64,
}

/// What changes about an action with an update.
#[derive(Debug)]
pub struct Change<'a> {
    /// Where it stands now.
    pub status: ActionStatus,
    /// Why it was changed or stopped, or empty.
    pub reason: &'a str,
    /// When it is due now.
    pub due_at: Moment,
    /// Who has it now.
    pub owner: Option<PersonId>,
    /// Their role.
    pub owner_role: &'a str,
    /// On the public list.
    pub shown: bool,
    /// When it changed.
    pub changed_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// When people were asked whether it worked.
    pub asked_at: Option<Moment>,
}

/// How far an action of a design is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EndRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ActionId,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: ActionStatus,
    /// When people were asked whether it worked.
    pub asked_at: Option<i64>,
}

/// One update.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UpdateRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: UpdateId,
    /// Where the action stood after it.
    #[sqlx(try_from = "String")]
    pub status: ActionStatus,
    /// What happened.
    pub words: String,
    /// Why, or empty.
    pub reason: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// The name of who wrote it.
    pub name: String,
    /// What they are.
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// The last update of an action on the public list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LastUpdateRow {
    /// The action.
    #[sqlx(try_from = "Uuid")]
    pub action_id: ActionId,
    /// What happened.
    pub words: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
}

/// What one person said about whether it worked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SaidRow {
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// The answer.
    #[sqlx(try_from = "String")]
    pub answer: DidItWork,
    /// Why, or empty.
    pub why: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub said_at: Moment,
}

#[derive(sqlx::FromRow)]
struct FrozenRow {
    #[sqlx(try_from = "Uuid")]
    action_id: ActionId,
    #[sqlx(try_from = "i64")]
    taken_at: Moment,
    said_yes: i64,
    said_a_bit: i64,
    said_no: i64,
    said_dont_know: i64,
}

impl FrozenRow {
    fn step(&self) -> Said {
        Frozen::kept([self.said_yes, self.said_a_bit, self.said_no, self.said_dont_know].map(PeopleCount::from))
    }
}

/// A step of "did it work?", in the order of [`DidItWork::ALL`].
pub type Said = Frozen<4>;

/// A member of staff who can be given an action.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StaffRow {
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Their team, or empty.
    pub team: String,
}

/// Writes an outcome.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_outcome(tx: &mut Tx, o: &NewOutcome<'_>) -> Result<(), StoreError> {
    ask!(tx, INSERT_OUTCOME, o.id.0, o.design.0, o.decision.map(|d| d.0), o.words, o.why, o.next, o.differs_why.is_some(),
        o.differs_why.unwrap_or_default(), o.made_at.0, o.made_by.0; run)?;
    Ok(())
}

/// The last outcome of a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn outcome(tx: &mut Tx, design: DesignId) -> Result<Option<OutcomeRow>, StoreError> {
    ask!(tx, OUTCOME, design.0; optional OutcomeRow)
}

/// The groups of an action and whether it is public; empty when there is no such action.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn door(tx: &mut Tx, id: ActionId) -> Result<Vec<DoorRow>, StoreError> {
    ask!(tx, DOOR, id.0; all DoorRow)
}

/// Adds an action.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, a: &NewAction<'_>) -> Result<(), StoreError> {
    let ended = a.status.is_ended().then_some(a.made_at.0);
    ask!(tx, INSERT, a.id.0, a.workspace.0, a.design.map(|d| d.0), a.outcome.map(|o| o.0), a.title, a.you_said, a.we_will,
        a.owner_role, a.owner.map(|p| p.0), a.team, a.due_at.0, a.status.name(), a.reason, a.shown, a.made_at.0,
        a.made_by.0, a.made_at.0, ended; run)?;
    Ok(())
}

/// One action.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: ActionId) -> Result<Option<ActionRow>, StoreError> {
    ask!(tx, FIND, id.0; optional ActionRow)
}

/// Every action, last changed first. The caller leaves out what may not be known.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<ActionRow>, StoreError> {
    ask!(tx, ALL; all ActionRow)
}

/// Every action on the public list, last changed first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn shown(tx: &mut Tx) -> Result<Vec<ActionRow>, StoreError> {
    ask!(tx, SHOWN; all ActionRow)
}

/// The actions of a design, first made first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_design(tx: &mut Tx, design: DesignId) -> Result<Vec<ActionRow>, StoreError> {
    ask!(tx, OF_DESIGN, design.0; all ActionRow)
}

/// The groups of every workspace that has actions.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all_groups(tx: &mut Tx) -> Result<Vec<WorkspaceGroupRow>, StoreError> {
    ask!(tx, ALL_GROUPS; all WorkspaceGroupRow)
}

/// The groups of one workspace.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn groups_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<WorkspaceGroupRow>, StoreError> {
    ask!(tx, GROUPS_OF, workspace.0; all WorkspaceGroupRow)
}

/// Changes an action.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn change(tx: &mut Tx, id: ActionId, c: &Change<'_>) -> Result<u64, StoreError> {
    ask!(tx, CHANGE, id.0, c.status.name(), c.reason, c.due_at.0, c.owner.map(|p| p.0), c.owner_role, c.shown,
        c.changed_at.0, c.ended_at.map(|m| m.0), c.asked_at.map(|m| m.0); run)
}

/// Notes that people were asked whether it worked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ask(tx: &mut Tx, id: ActionId, now: Moment) -> Result<u64, StoreError> {
    ask!(tx, ASK, id.0, now.0; run)
}

/// How far each action of a design is, first made first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ends(tx: &mut Tx, design: DesignId) -> Result<Vec<EndRow>, StoreError> {
    ask!(tx, ENDS, design.0; all EndRow)
}

/// Adds an update.
///
/// # Errors
/// [`StoreError`] when the database fails.
#[expect(clippy::too_many_arguments, reason = "one argument for each column")]
pub async fn insert_update(
    tx: &mut Tx,
    id: UpdateId,
    action: ActionId,
    status: ActionStatus,
    words: &str,
    reason: &str,
    by: PersonId,
    now: Moment,
) -> Result<(), StoreError> {
    ask!(tx, INSERT_UPDATE, id.0, action.0, status.name(), words, reason, now.0, by.0; run)?;
    Ok(())
}

/// The updates of an action, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn updates(tx: &mut Tx, action: ActionId) -> Result<Vec<UpdateRow>, StoreError> {
    ask!(tx, UPDATES, action.0; all UpdateRow)
}

/// The last update of each action on the public list.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn shown_updates(tx: &mut Tx) -> Result<Vec<LastUpdateRow>, StoreError> {
    ask!(tx, SHOWN_UPDATES; all LastUpdateRow)
}

/// Says whether it worked, or changes what was said.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn say(
    tx: &mut Tx,
    action: ActionId,
    person: PersonId,
    answer: DidItWork,
    why: &str,
    now: Moment,
) -> Result<(), StoreError> {
    ask!(tx, SAY, action.0, person.0, answer.name(), why, now.0; run)?;
    Ok(())
}

/// What people said about whether it worked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn said(tx: &mut Tx, action: ActionId) -> Result<Vec<SaidRow>, StoreError> {
    ask!(tx, SAID, action.0; all SaidRow)
}

/// Keeps a step for people outside, to be shown from a moment on; one that waits for the same moment is replaced.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn freeze(tx: &mut Tx, action: ActionId, from: Moment, now: Moment, step: Said) -> Result<(), StoreError> {
    let [yes, a_bit, no, dont_know] = step.to_keep();
    ask!(tx, FREEZE, action.0, from.0, now.0, yes, a_bit, no, dont_know; run)?;
    Ok(())
}

/// The step that people outside see now, and when it was taken.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn frozen(tx: &mut Tx, action: ActionId, now: Moment) -> Result<Option<(Said, Moment)>, StoreError> {
    let row = ask!(tx, FROZEN, action.0, now.0; optional FrozenRow)?;
    Ok(row.map(|r| (r.step(), r.taken_at)))
}

/// The same for every action on the public list.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn shown_frozen(tx: &mut Tx, now: Moment) -> Result<Vec<(ActionId, Said)>, StoreError> {
    let rows = ask!(tx, SHOWN_FROZEN, now.0; all FrozenRow)?;
    Ok(rows.into_iter().map(|r| (r.action_id, r.step())).collect())
}

/// Staff who can be given an action of a workspace: everybody where it is `open`, otherwise those in its groups.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn staff(tx: &mut Tx, workspace: WorkspaceId, open: bool) -> Result<Vec<StaffRow>, StoreError> {
    if open { ask!(tx, STAFF_ALL; all StaffRow) } else { ask!(tx, STAFF_IN, workspace.0; all StaffRow) }
}
