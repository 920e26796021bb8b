//! Everything that is held about one person, for that person: each kind of thing with one query.

use domain::ids::PersonId;
use domain::moment::Moment;
use uuid::Uuid;

use crate::{StoreError, Tx};

/// The title of a thing of a workspace, or nothing where the reader may no longer know of it: they wrote the words, but
/// the title belongs to a group they have left.
macro_rules! title_if_known {
    ($workspace:literal, $title:literal) => {
        concat!(
            "case when not exists (select 1 from workspace_groups w join groups g on g.id = w.group_id where w.workspace_id = ",
            $workspace,
            " and g.visibility <> 'open') or exists (select 1 from workspace_groups w join memberships m \
             on m.group_id = w.group_id where w.workspace_id = ",
            $workspace,
            " and m.person_id = $1) then ",
            $title,
            " else '' end"
        )
    };
}

statements! {
    COMMENTS = concat!("select c.id, 'comment' as kind, ", title_if_known!("d.workspace_id", "d.title"),
        " as title, c.words as words, case when c.parent_id is null then c.kind else 'reply' end as detail, c.made_at as at from comments c \
         join designs d on d.id = c.design_id where c.author_id = $1 order by c.made_at, c.id");
    SUGGESTIONS = concat!("select s.id, 'suggestion' as kind, ", title_if_known!("d.workspace_id", "d.title"),
        " as title, trim(s.words || ' ' || s.why) as words, s.state as detail, s.made_at as at from suggestions s \
         join designs d on d.id = s.design_id where s.author_id = $1 order by s.made_at, s.id");
    // What they answered to suggestions of others, and whose they support.
    SUGGESTION_ANSWERS = concat!("select id, kind, title, words, detail, at from (\
         select s.id as id, 'suggestion-answer' as kind, ", title_if_known!("d.workspace_id", "d.title"), " as title, \
             trim(a.words || ' ' || a.reason) as words, a.answer as detail, a.answered_at as at \
             from suggestion_answers a join suggestions s on s.id = a.suggestion_id join designs d on d.id = s.design_id \
             where a.person_id = $1 \
         union all select s.id, 'suggestion-support', ", title_if_known!("d.workspace_id", "d.title"), ", '', '', s.made_at \
             from suggestion_supports u join suggestions s on s.id = u.suggestion_id join designs d on d.id = s.design_id \
             where u.person_id = $1) as said order by at, id");
    HANDS = concat!("select d.id, 'hand' as kind, ", title_if_known!("d.workspace_id", "d.question"),
        " as title, h.reason as words, h.hand as detail, h.raised_at as at from hands h \
         join decisions d on d.id = h.decision_id where h.person_id = $1 order by h.raised_at, d.id");
    ANSWERS = concat!("select a.id, 'did-it-work' as kind, ", title_if_known!("a.workspace_id", "a.title"),
        " as title, w.why as words, w.answer as detail, w.said_at as at from did_it_work w \
         join actions a on a.id = w.action_id where w.person_id = $1 order by w.said_at, a.id");
    SECTIONS = concat!("select s.id, 'section' as kind, ", title_if_known!("d.workspace_id", "d.title"),
        " as title, ", title_if_known!("d.workspace_id", "s.heading"), " as words, '' as detail, s.words_at as at from sections s \
         join designs d on d.id = s.design_id where s.words_by = $1 order by s.words_at, s.id");
    PROMISES = concat!("select p.workspace_id as id, 'promise' as kind, ", title_if_known!("s.id", "s.title"),
        " as title, '' as words, '' as detail, p.shown_at as at from promise_agreements a \
         join promises p on p.workspace_id = a.workspace_id join workspaces s on s.id = a.workspace_id \
         where a.person_id = $1 order by p.shown_at, s.id");
    MADE = concat!("select id, kind, title, '' as words, '' as detail, at from (\
         select s.id as id, 'workspace' as kind, ", title_if_known!("s.id", "s.title"), " as title, s.made_at as at \
             from workspaces s where s.made_by = $1 \
         union all select d.id, 'design', ", title_if_known!("d.workspace_id", "d.title"), ", d.made_at \
             from designs d where d.made_by = $1 \
         union all select d.id, 'decision', ", title_if_known!("d.workspace_id", "d.question"), ", d.made_at \
             from decisions d where d.made_by = $1 \
         union all select t.id, 'template', t.name, t.made_at from templates t where t.made_by = $1 \
         union all select i.design_id, 'picture', ", title_if_known!("d.workspace_id", "d.title"), ", i.made_at \
             from pictures i join designs d on d.id = i.design_id where i.made_by = $1 \
         union all select a.id, 'action', ", title_if_known!("a.workspace_id", "a.title"), ", a.made_at \
             from actions a where a.made_by = $1) as made order by at, id");
    // What they wrote as staff or as leads, in their own words.
    WROTE = concat!("select id, kind, title, words, detail, at from (\
         select o.id as id, 'outcome' as kind, ", title_if_known!("d.workspace_id", "d.title"), " as title, \
             o.words || ' ' || o.why || ' ' || o.next || ' ' || o.differs_why as words, '' as detail, o.made_at as at \
             from outcomes o join designs d on d.id = o.design_id where o.made_by = $1 \
         union all select u.id, 'update', ", title_if_known!("a.workspace_id", "a.title"), ", u.words || ' ' || u.reason, \
             u.status, u.made_at from action_updates u join actions a on a.id = u.action_id where u.made_by = $1 \
         union all select r.id, 'report', ", title_if_known!("d.workspace_id", "d.title"), ", r.words, r.why, r.made_at \
             from reports r join designs d on d.id = r.design_id where r.made_by = $1 \
         union all select r.id, 'reply', ", title_if_known!("d.workspace_id", "d.title"), ", r.reason, r.outcome, r.answered_at \
             from reports r join designs d on d.id = r.design_id where r.answered_by = $1 \
         union all select m.design_id, 'move', ", title_if_known!("d.workspace_id", "d.title"), ", m.reason, m.to_stage, \
             m.moved_at from stage_moves m join designs d on d.id = m.design_id where m.moved_by = $1 \
         union all select v.id, 'version', ", title_if_known!("d.workspace_id", "d.title"), ", ",
             title_if_known!("d.workspace_id", "v.why"), ", ", title_if_known!("d.workspace_id", "v.name"), ", v.made_at \
             from versions v join designs d on d.id = v.design_id where v.made_by = $1 \
         union all select d.id, 'void', ", title_if_known!("d.workspace_id", "d.question"), ", d.void_reason, 'asked', \
             d.void_asked_at from decisions d where d.void_asked_by = $1 \
         union all select d.id, 'void', ", title_if_known!("d.workspace_id", "d.question"), ", '', 'made', \
             d.voided_at from decisions d where d.voided_by = $1) as wrote order by at, id");
    // Where their name stands beside something that is not theirs alone.
    BESIDE = concat!("select id, kind, title, words, detail, at from (\
         select c.id as id, 'check' as kind, ", title_if_known!("d.workspace_id", "d.title"), " as title, \
             c.reason as words, c.state as detail, c.checked_at as at \
             from comments c join designs d on d.id = c.design_id where c.checked_by = $1 \
         union all select s.id, 'check', ", title_if_known!("d.workspace_id", "d.title"), ", s.reason, '', s.checked_at \
             from suggestions s join designs d on d.id = s.design_id where s.checked_by = $1 \
         union all select r.decision_id, 'roll', ", title_if_known!("d.workspace_id", "d.question"), ", '', '', d.opens_at \
             from roll r join decisions d on d.id = r.decision_id where r.person_id = $1 \
         union all select a.id, 'owner', ", title_if_known!("a.workspace_id", "a.title"), ", '', '', a.made_at \
             from actions a where a.owner_id = $1 \
         union all select s.design_id, 'lock', ", title_if_known!("d.workspace_id", "d.title"), ", '', '', l.locked_at \
             from section_locks l join sections s on s.id = l.section_id join designs d on d.id = s.design_id \
             where l.locked_by = $1 \
         union all select t.design_id, 'change', ", title_if_known!("d.workspace_id", "d.title"), ", '', '', t.made_at \
             from text_updates t join designs d on d.id = t.design_id where t.made_by = $1 \
             and not exists (select 1 from changes c where c.design_id = t.design_id and c.made_by = t.made_by \
             and c.made_at / 600000000 = t.made_at / 600000000) \
         union all select c.design_id, 'change', ", title_if_known!("d.workspace_id", "d.title"), ", '', '', c.made_at \
             from changes c join designs d on d.id = c.design_id where c.made_by = $1 or c.decided_by = $1 \
         union all select r.design_id, 'read', ", title_if_known!("d.workspace_id", "d.title"), ", '', '', r.read_at \
             from design_reads r join designs d on d.id = r.design_id where r.person_id = $1) as beside order by at, id");
    CARDS = "select made_at, first_used_at, ended_at from cards where person_id = $1 order by made_at, id";
    ACTS = "select verb, object_kind, object_id, detail, made_at from audit where actor_id = $1 order by seq desc limit $2";
}

/// One thing of somebody: something they wrote, pressed or made.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MineRow {
    /// Which thing.
    pub id: Uuid,
    /// What kind of thing.
    pub kind: String,
    /// The title it stands under; empty where they may no longer know it.
    pub title: String,
    /// Their words, or empty.
    pub words: String,
    /// The kind of comment, the hand, the answer; or empty.
    pub detail: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// One act of somebody in the audit log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MyActRow {
    /// What they did.
    pub verb: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which.
    pub object_id: String,
    /// Names of fields and states.
    pub detail: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
}

/// One card of somebody, dead or alive.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MyCardRow {
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When it was first used.
    pub first_used_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// Everything somebody wrote, pressed or made, kind by kind, oldest first. Ten queries, however much there is.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx, person: PersonId) -> Result<Vec<MineRow>, StoreError> {
    let mut out = ask!(tx, COMMENTS, person.0; all MineRow)?;
    out.extend(ask!(tx, SUGGESTIONS, person.0; all MineRow)?);
    out.extend(ask!(tx, SUGGESTION_ANSWERS, person.0; all MineRow)?);
    out.extend(ask!(tx, HANDS, person.0; all MineRow)?);
    out.extend(ask!(tx, ANSWERS, person.0; all MineRow)?);
    out.extend(ask!(tx, SECTIONS, person.0; all MineRow)?);
    out.extend(ask!(tx, PROMISES, person.0; all MineRow)?);
    out.extend(ask!(tx, MADE, person.0; all MineRow)?);
    out.extend(ask!(tx, WROTE, person.0; all MineRow)?);
    out.extend(ask!(tx, BESIDE, person.0; all MineRow)?);
    Ok(out)
}

/// Every card somebody ever had, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn cards(tx: &mut Tx, person: PersonId) -> Result<Vec<MyCardRow>, StoreError> {
    ask!(tx, CARDS, person.0; all MyCardRow)
}

/// The last acts of somebody in the audit log, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn acts(tx: &mut Tx, person: PersonId, most: i64) -> Result<Vec<MyActRow>, StoreError> {
    ask!(tx, ACTS, person.0, most; all MyActRow)
}
