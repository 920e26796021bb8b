//! Comments, and the stances of imported conversations.

use domain::comments::{Checking, CommentKind, CommentState, Stance};
use domain::designs::Stage;
use domain::groups::GroupKind;
use domain::ids::{CommentId, DecisionId, DesignId, PersonId, SectionId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::PeopleCount;
use uuid::Uuid;

use crate::{StoreError, Tx};

/// The columns of [`CommentRow`].
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select c.id, c.design_id, c.section_id, c.parent_id, c.author_id, c.author_label, c.kind, c.words, c.state, c.reason, \
             c.made_at, c.shown_at, c.edited_at, c.checked_at, p.name as author_name, p.role as author_role, \
             p.deleted_at as author_deleted_at, \
             (select g.id from suggestions g where g.comment_id = c.id) as suggestion_id \
             from comments c left join people p on p.id = c.author_id ",
            $rest
        )
    };
}

/// Words for somebody who checks them ($1), in their context, longest waiting first: those that are like this.
macro_rules! to_check {
    ($like:literal, $rest:literal) => {
        concat!(
            "select c.id, c.design_id, c.section_id, c.parent_id, c.author_id, c.author_label, c.kind, c.words, c.state, c.reason, \
             c.made_at, c.shown_at, c.edited_at, c.checked_at, p.name as author_name, p.role as author_role, p.deleted_at as author_deleted_at, \
             (select g.id from suggestions g where g.comment_id = c.id) as suggestion_id, d.title as design_title, s.heading, t.words as parent_words, t.state as parent_state \
             from comments c join designs d on d.id = c.design_id join sections s on s.id = c.section_id \
             left join comments t on t.id = c.parent_id left join people p on p.id = c.author_id where ",
            $like,
            " and d.workspace_id in (select w.workspace_id from workspace_groups w join memberships m on m.group_id = w.group_id \
             where m.person_id = $1 and m.role = 'worker')",
            $rest,
            " order by coalesce(c.edited_at, c.made_at), c.id limit $2"
        )
    };
}

/// The same for reasons of shows of hands.
macro_rules! reasons {
    ($like:literal) => {
        concat!(
            "select h.decision_id, h.person_id, p.name, d.question, h.reason, h.reason_state, h.reason_checked_at, h.raised_at from hands h \
             join decisions d on d.id = h.decision_id join people p on p.id = h.person_id where ",
            $like,
            " and d.voided_at is null and d.workspace_id in (select w.workspace_id from workspace_groups w \
             join memberships m on m.group_id = w.group_id where m.person_id = $1 and m.role = 'worker') \
             order by h.raised_at, h.decision_id, h.person_id limit $2"
        )
    };
}

statements! {
    ABOUT = "select d.id, d.title, d.symbol, d.stage, d.workspace_id, w.slug as workspace_slug, w.title as workspace_title \
             from designs d join workspaces w on w.id = d.workspace_id where d.id = $1";
    HOUSE_RULES = "select g.kind, g.checking, g.threshold from designs d join workspace_groups w on w.workspace_id = d.workspace_id \
                   join groups g on g.id = w.group_id where d.id = $1 order by g.id";
    SECTIONS = "select id, heading, removed_at from sections where design_id = $1 order by position, id";
    // $2 who asks (their own words in every state), $3 whether they check words here, $4 one section or null,
    // $5 and $6 where the page before ended, $7 how many.
    // A place where something was taken away is shown where an answer hangs on it; otherwise only to whom it concerns.
    THREADS = columns!("where c.design_id = $1 and c.parent_id is null \
        and (c.state = 'published' or (c.state in ('held', 'hidden-by-moderator') and ($3 or c.author_id = $2)) \
             or exists (select 1 from comments r where r.parent_id = c.id and (r.state = 'published' \
                        or (r.author_id = $2 and r.state <> 'removed-by-author')))) \
        and (c.section_id = $4 or $4 is null) and (c.made_at, c.id) < ($5, $6) \
        order by c.made_at desc, c.id desc limit $7");
    // The replies of the threads between two ends of a page.
    REPLIES = columns!("join comments t on t.id = c.parent_id where t.design_id = $1 and t.parent_id is null \
        and (t.section_id = $4 or $4 is null) and (t.made_at, t.id) >= ($5, $6) and (t.made_at, t.id) <= ($7, $8) \
        and (c.state = 'published' or (c.state in ('held', 'hidden-by-moderator') and ($3 or c.author_id = $2))) \
        order by c.made_at, c.id");
    STANCES = "select s.comment_id, s.stance, cast(count(*) as bigint) from stances s join comments t on t.id = s.comment_id \
               where t.design_id = $1 and (t.made_at, t.id) >= ($2, $3) and (t.made_at, t.id) <= ($4, $5) \
               group by s.comment_id, s.stance";
    COUNT_PUBLISHED = "select cast(count(*) as bigint) from comments where design_id = $1 and state = 'published'";
    LATEST = columns!("where c.design_id = $1 and c.state = 'published' order by c.made_at desc, c.id desc limit $2");
    // What came to light since a moment, and what changed of what had: never what was always held.
    NEWS = columns!("where c.design_id = $1 and c.shown_at is not null \
        and (c.shown_at > $2 or c.edited_at > $2 or c.checked_at > $2) order by c.made_at, c.id limit $3");
    FIND = columns!("where c.id = $1");
    REPLY_COUNT = "select cast(count(*) as bigint) from comments where parent_id = $1";
    SECTION_FIND = "select id from sections where id = $1 and design_id = $2 and removed_at is null";
    // Whether words of somebody were shown before, in a comment or with a hand, in work of any group of this workspace.
    KNOWN_HERE = "select cast(count(*) as bigint) from (select 1 from workspace_groups w \
                  where w.group_id in (select h.group_id from workspace_groups h where h.workspace_id = $2) \
                  and (exists (select 1 from comments c join designs d on d.id = c.design_id \
                               where c.author_id = $1 and c.state = 'published' and d.workspace_id = w.workspace_id) \
                       or exists (select 1 from suggestions s join designs d on d.id = s.design_id where s.author_id = $1 \
                                  and s.shown_at is not null and s.state <> 'hidden-by-moderator' and d.workspace_id = w.workspace_id) \
                       or exists (select 1 from hands x join decisions e on e.id = x.decision_id where x.person_id = $1 \
                                  and x.reason_state = 'published' and x.reason <> '' and e.workspace_id = w.workspace_id)) \
                  limit 1) as one";
    INSERT = "insert into comments (id, design_id, section_id, parent_id, author_id, author_label, kind, words, state, reason, \
              made_at, shown_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11)";
    // $6: now where it is shown, or null where it is held. Changed words are unchecked words.
    EDIT = "update comments set words = $2, kind = $3, state = $4, edited_at = $5, reason = '', checked_at = null, \
            checked_by = null, shown_at = coalesce(shown_at, $6) where id = $1 and state <> 'removed-by-author'";
    // The words themselves go: an author who takes words away takes them away.
    REMOVE = "update comments set state = 'removed-by-author', words = '', reason = '', edited_at = $2 \
              where id = $1 and state <> 'removed-by-author'";
    // Only the words that were read are checked: an edit in between is another text. What was shown at once is checked
    // afterwards, once.
    CHECK = "update comments set state = $2, reason = $3, checked_at = $4, checked_by = $5, shown_at = coalesce(shown_at, $7) \
             where id = $1 and (state = 'held' or (state = 'published' and (checked_at is null or $2 <> 'published'))) \
             and coalesce(edited_at, made_at) = $6";
    HELD = to_check!("c.state = 'held'", "");
    // Words that were shown at once and that nobody has looked at, but for those of whoever checks words there. Groups that
    // hold only the first words of somebody have checked those, and look at no more.
    UNCHECKED = to_check!("c.state = 'published' and c.checked_at is null and c.author_id is not null", " \
        and not exists (select 1 from workspace_groups w join groups g on g.id = w.group_id \
            where w.workspace_id = d.workspace_id and g.checking = 'hold-first') \
        and not exists (select 1 from workspace_groups w join memberships m on m.group_id = w.group_id \
            where w.workspace_id = d.workspace_id and m.person_id = c.author_id and m.role = 'worker')");
    STANCE_INSERT = "insert into stances (comment_id, voter, stance) values ($1, $2, $3)";
    STANCE_COUNT = "select s.stance, cast(count(*) as bigint) from stances s join comments c on c.id = s.comment_id \
                    where c.design_id = $1 group by s.stance";
    STATE_COUNT = "select state, cast(count(*) as bigint) from comments where design_id = $1 group by state";
    HELD_REASONS = reasons!("h.reason_state = 'held'");
    // As with comments. Nobody on the roll checks words.
    UNCHECKED_REASONS = reasons!("h.reason_state = 'published' and h.reason <> '' and h.reason_checked_at is null \
        and not exists (select 1 from workspace_groups w join groups g on g.id = w.group_id \
            where w.workspace_id = d.workspace_id and g.checking = 'hold-first')");
    REASON_FIND = "select h.decision_id, h.person_id, p.name, d.question, h.reason, h.reason_state, h.reason_checked_at, h.raised_at from hands h \
                   join decisions d on d.id = h.decision_id join people p on p.id = h.person_id \
                   where h.decision_id = $1 and h.person_id = $2 and h.reason <> '' and h.reason_state in ('held', 'published')";
    REASON_CHECK = "update hands set reason_state = $3, reason_why = $4, reason_checked_at = $6 \
                    where decision_id = $1 and person_id = $2 and reason <> '' and raised_at = $5 \
                    and (reason_state = 'held' or (reason_state = 'published' and (reason_checked_at is null or $3 <> 'published')))";
    ALREADY_IMPORTED = "select d.id from designs d where d.workspace_id = $1 and d.title = $2 \
                        and exists (select 1 from comments c where c.design_id = d.id and c.author_id is null) \
                        order by d.made_at, d.id limit 1";
    MAKER = "select id, made_by from workspaces where slug = $1";
}

/// How many rows one `insert` of a batch carries: SQLite takes 32,766 values in a statement, PostgreSQL 65,535.
const BATCH: usize = 1000;

/// A comment as stored, with what is known of its author.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CommentRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: CommentId,
    /// The design it is about.
    #[sqlx(try_from = "Uuid")]
    pub design_id: DesignId,
    /// The section it is about.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// The comment it answers.
    pub parent_id: Option<Uuid>,
    /// Who wrote it; nobody for imported statements.
    pub author_id: Option<Uuid>,
    /// What an import says of its author.
    pub author_label: String,
    /// What it says first.
    #[sqlx(try_from = "String")]
    pub kind: CommentKind,
    /// Its words; empty once its author took them away.
    pub words: String,
    /// What has become of it.
    #[sqlx(try_from = "String")]
    pub state: CommentState,
    /// Why it was taken away.
    pub reason: String,
    /// When it was written.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When everybody could first read it.
    pub shown_at: Option<i64>,
    /// When its words last changed.
    pub edited_at: Option<i64>,
    /// When somebody checked it.
    pub checked_at: Option<i64>,
    /// The author's name.
    pub author_name: Option<String>,
    /// The author's role.
    pub author_role: Option<String>,
    /// The author deleted their account.
    pub author_deleted_at: Option<i64>,
    /// The suggestion that it was before.
    pub suggestion_id: Option<Uuid>,
}

impl CommentRow {
    /// When these exact words were written: what somebody who checks has read.
    pub fn words_at(&self) -> Moment {
        self.edited_at.map_or(self.made_at, Moment)
    }

    /// Who wrote it.
    pub fn author(&self) -> Option<PersonId> {
        self.author_id.map(PersonId)
    }

    /// The author's role in the organisation.
    pub fn role(&self) -> Option<Role> {
        self.author_role.as_deref().and_then(|r| r.parse().ok())
    }
}

/// A comment to be checked, in its context.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ToCheckRow {
    /// The comment.
    #[sqlx(flatten)]
    pub comment: CommentRow,
    /// The title of its design.
    pub design_title: String,
    /// The heading of its section.
    pub heading: String,
    /// The words it answers.
    pub parent_words: Option<String>,
    /// What has become of what it answers.
    pub parent_state: Option<String>,
}

/// The design that comments are about.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AboutRow {
    /// The design.
    #[sqlx(try_from = "Uuid")]
    pub id: DesignId,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// Its workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// The address of its workspace.
    pub workspace_slug: String,
    /// The title of its workspace.
    pub workspace_title: String,
}

/// What a group of a design asks for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RuleRow {
    /// Its kind.
    #[sqlx(try_from = "String")]
    pub kind: GroupKind,
    /// How its words are checked.
    #[sqlx(try_from = "String")]
    pub checking: Checking,
    /// Its small-number setting.
    pub threshold: i64,
}

/// A section's heading.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeadingRow {
    /// The section.
    #[sqlx(try_from = "Uuid")]
    pub id: SectionId,
    /// Its heading.
    pub heading: String,
    /// Taken out of the design.
    pub removed_at: Option<i64>,
}

/// Where a page of threads begins or ends: the moment and the id of a thread.
pub type Mark = (Moment, Uuid);

/// Whose eyes a page is for.
#[derive(Debug, Clone, Copy)]
pub struct Eyes {
    /// Who asks.
    pub who: Option<PersonId>,
    /// They check words here.
    pub checks: bool,
    /// One section only.
    pub section: Option<SectionId>,
}

/// A comment to be made.
#[derive(Debug)]
pub struct NewComment<'a> {
    /// Its id.
    pub id: CommentId,
    /// The design it is about.
    pub design: DesignId,
    /// The section it is about.
    pub section: SectionId,
    /// The comment it answers.
    pub parent: Option<CommentId>,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// What it says first.
    pub kind: CommentKind,
    /// Its words.
    pub words: &'a str,
    /// What becomes of it now.
    pub state: CommentState,
    /// When it was written.
    pub made_at: Moment,
}

/// What a comment page says of its design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn about(tx: &mut Tx, design: DesignId) -> Result<Option<AboutRow>, StoreError> {
    ask!(tx, ABOUT, design.0; optional AboutRow)
}

/// What the groups of a design ask for.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn rules(tx: &mut Tx, design: DesignId) -> Result<Vec<RuleRow>, StoreError> {
    ask!(tx, HOUSE_RULES, design.0; all RuleRow)
}

/// The headings of a design, in order, those taken out too.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn headings(tx: &mut Tx, design: DesignId) -> Result<Vec<HeadingRow>, StoreError> {
    ask!(tx, SECTIONS, design.0; all HeadingRow)
}

/// Up to `most` threads written before a mark, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn threads(
    tx: &mut Tx,
    design: DesignId,
    eyes: Eyes,
    before: Mark,
    most: i64,
) -> Result<Vec<CommentRow>, StoreError> {
    ask!(tx, THREADS, design.0, eyes.who.map(|p| p.0), eyes.checks, eyes.section.map(|s| s.0), before.0.0, before.1, most; all CommentRow)
}

/// The replies of all threads from one mark to another, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn replies(
    tx: &mut Tx,
    design: DesignId,
    eyes: Eyes,
    from: Mark,
    to: Mark,
) -> Result<Vec<CommentRow>, StoreError> {
    ask!(tx, REPLIES, design.0, eyes.who.map(|p| p.0), eyes.checks, eyes.section.map(|s| s.0), from.0.0, from.1, to.0.0, to.1; all CommentRow)
}

/// How people stand to the threads from one mark to another.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn stances(
    tx: &mut Tx,
    design: DesignId,
    from: Mark,
    to: Mark,
) -> Result<Vec<(CommentId, Stance, PeopleCount)>, StoreError> {
    let rows = ask!(tx, STANCES, design.0, from.0.0, from.1, to.0.0, to.1; all (Uuid, String, i64))?;
    Ok(rows.into_iter().filter_map(|(id, stance, n)| Some((id.into(), stance.parse().ok()?, n.into()))).collect())
}

/// How many comments of a design everybody sees. A count of comments, not of people.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn published(tx: &mut Tx, design: DesignId) -> Result<i64, StoreError> {
    ask!(tx, COUNT_PUBLISHED, design.0; scalar i64)
}

/// The latest published comments and replies of a design, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn latest(tx: &mut Tx, design: DesignId, most: i64) -> Result<Vec<CommentRow>, StoreError> {
    ask!(tx, LATEST, design.0, most; all CommentRow)
}

/// What came to light after a moment, and what changed of what had, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn news(tx: &mut Tx, design: DesignId, since: Moment, most: i64) -> Result<Vec<CommentRow>, StoreError> {
    ask!(tx, NEWS, design.0, since.0, most; all CommentRow)
}

/// One comment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: CommentId) -> Result<Option<CommentRow>, StoreError> {
    ask!(tx, FIND, id.0; optional CommentRow)
}

/// How many replies a thread has, in every state.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn reply_count(tx: &mut Tx, thread: CommentId) -> Result<i64, StoreError> {
    ask!(tx, REPLY_COUNT, thread.0; scalar i64)
}

/// Whether a design has this section now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn has_section(tx: &mut Tx, design: DesignId, section: SectionId) -> Result<bool, StoreError> {
    Ok(ask!(tx, SECTION_FIND, section.0, design.0; maybe_scalar Uuid)?.is_some())
}

/// Whether words of somebody were shown before, in a comment or with a hand, in work of any group of this workspace.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn known_here(tx: &mut Tx, person: PersonId, workspace: WorkspaceId) -> Result<bool, StoreError> {
    Ok(ask!(tx, KNOWN_HERE, person.0, workspace.0; scalar i64)? > 0)
}

/// Adds a comment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, c: &NewComment<'_>) -> Result<(), StoreError> {
    let shown = (c.state == CommentState::Published).then_some(c.made_at.0);
    ask!(tx, INSERT, c.id.0, c.design.0, c.section.0, c.parent.map(|p| p.0), c.author.map(|p| p.0), "", c.kind.name(), c.words,
        c.state.name(), c.made_at.0, shown; run)?;
    Ok(())
}

/// Changes a comment's words; 0 when its author took it away.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn edit(
    tx: &mut Tx,
    id: CommentId,
    words: &str,
    kind: CommentKind,
    state: CommentState,
    now: Moment,
) -> Result<u64, StoreError> {
    let shown = (state == CommentState::Published).then_some(now.0);
    ask!(tx, EDIT, id.0, words, kind.name(), state.name(), now.0, shown; run)
}

/// Its author takes a comment away, and its words go; 0 when they were gone already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut Tx, id: CommentId, now: Moment) -> Result<u64, StoreError> {
    ask!(tx, REMOVE, id.0, now.0; run)
}

/// Publishes a comment, leaves it published, or takes it away; 0 when it changed since `seen` or was checked already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn check(
    tx: &mut Tx,
    id: CommentId,
    state: CommentState,
    reason: &str,
    now: Moment,
    by: PersonId,
    seen: Moment,
) -> Result<u64, StoreError> {
    let shown = (state == CommentState::Published).then_some(now.0);
    ask!(tx, CHECK, id.0, state.name(), reason, now.0, by.0, seen.0, shown; run)
}

/// What is held in the groups in which somebody is a worker, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn held(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<ToCheckRow>, StoreError> {
    ask!(tx, HELD, worker.0, most; all ToCheckRow)
}

/// What was shown at once in the groups in which somebody is a worker, and that nobody has looked at; oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unchecked(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<ToCheckRow>, StoreError> {
    ask!(tx, UNCHECKED, worker.0, most; all ToCheckRow)
}

/// How many people stand how, over all comments of a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn stance_counts(tx: &mut Tx, design: DesignId) -> Result<Vec<(Stance, PeopleCount)>, StoreError> {
    let rows = ask!(tx, STANCE_COUNT, design.0; all (String, i64))?;
    Ok(rows.into_iter().filter_map(|(stance, n)| Some((stance.parse().ok()?, n.into()))).collect())
}

/// How many comments of a design are in each state.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn state_counts(tx: &mut Tx, design: DesignId) -> Result<Vec<(CommentState, i64)>, StoreError> {
    let rows = ask!(tx, STATE_COUNT, design.0; all (String, i64))?;
    Ok(rows.into_iter().filter_map(|(state, n)| Some((state.parse().ok()?, n))).collect())
}

/// The workspace at an address and who opened it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn workspace_maker(tx: &mut Tx, slug: &str) -> Result<Option<(WorkspaceId, PersonId)>, StoreError> {
    let row = ask!(tx, MAKER, slug; optional (Uuid, Uuid))?;
    Ok(row.map(|(id, by)| (id.into(), by.into())))
}

/// The design of a conversation that was imported into this workspace under this title.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn already_imported(
    tx: &mut Tx,
    workspace: WorkspaceId,
    title: &str,
) -> Result<Option<DesignId>, StoreError> {
    Ok(ask!(tx, ALREADY_IMPORTED, workspace.0, title; maybe_scalar Uuid)?.map(DesignId))
}

/// Adds many stances, a thousand to a statement. Calls `progress` after each batch with how many are in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_stances(
    tx: &mut Tx,
    all: &[(CommentId, i64, Stance)],
    mut progress: impl FnMut(usize),
) -> Result<(), StoreError> {
    let mut done = 0;
    for part in all.chunks(BATCH) {
        crate::trace::record(STANCE_INSERT);
        match tx {
            Tx::Sqlite(t) => {
                let mut q = sqlx::QueryBuilder::<sqlx::Sqlite>::new("insert into stances (comment_id, voter, stance) ");
                q.push_values(part, |mut row, (comment, voter, stance)| {
                    row.push_bind(comment.0).push_bind(voter.to_string()).push_bind(stance.name());
                });
                q.build().execute(&mut **t).await?;
            }
            Tx::Postgres(t) => {
                let mut q =
                    sqlx::QueryBuilder::<sqlx::Postgres>::new("insert into stances (comment_id, voter, stance) ");
                q.push_values(part, |mut row, (comment, voter, stance)| {
                    row.push_bind(comment.0).push_bind(voter.to_string()).push_bind(stance.name());
                });
                q.build().execute(&mut **t).await?;
            }
        }
        done += part.len();
        progress(done);
    }
    Ok(())
}

/// A reason of a show of hands in its context.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReasonRow {
    /// The decision.
    #[sqlx(try_from = "Uuid")]
    pub decision_id: DecisionId,
    /// Whose hand.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// The question.
    pub question: String,
    /// The reason.
    pub reason: String,
    /// What has become of it.
    #[sqlx(try_from = "String")]
    pub reason_state: CommentState,
    /// When somebody checked it.
    pub reason_checked_at: Option<i64>,
    /// When it was written.
    #[sqlx(try_from = "i64")]
    pub raised_at: Moment,
}

/// Held reasons of shows of hands in the groups in which somebody is a worker, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn held_reasons(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<ReasonRow>, StoreError> {
    ask!(tx, HELD_REASONS, worker.0, most; all ReasonRow)
}

/// Reasons that were shown at once in the groups in which somebody is a worker, and that nobody has looked at; oldest
/// first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unchecked_reasons(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<ReasonRow>, StoreError> {
    ask!(tx, UNCHECKED_REASONS, worker.0, most; all ReasonRow)
}

/// One reason of a show of hands that is held or shown.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn reason_to_check(
    tx: &mut Tx,
    decision: DecisionId,
    person: PersonId,
) -> Result<Option<ReasonRow>, StoreError> {
    ask!(tx, REASON_FIND, decision.0, person.0; optional ReasonRow)
}

/// Publishes the reason of a hand, leaves it, or takes it away; 0 when it changed since `seen` or was checked already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn check_reason(
    tx: &mut Tx,
    (decision, person): (DecisionId, PersonId),
    state: CommentState,
    why: &str,
    seen: Moment,
    now: Moment,
) -> Result<u64, StoreError> {
    ask!(tx, REASON_CHECK, decision.0, person.0, state.name(), why, seen.0, now.0; run)
}
