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
        " as title, c.words as words, c.kind as detail, c.made_at as at from comments c \
         join designs d on d.id = c.design_id where c.author_id = $1 order by c.made_at, c.id");
    HANDS = concat!("select d.id, 'hand' as kind, ", title_if_known!("d.workspace_id", "d.question"),
        " as title, h.reason as words, h.hand as detail, h.raised_at as at from hands h \
         join decisions d on d.id = h.decision_id where h.person_id = $1 order by h.raised_at, d.id");
    ANSWERS = concat!("select a.id, 'did-it-work' as kind, ", title_if_known!("a.workspace_id", "a.title"),
        " as title, w.why as words, w.answer as detail, w.said_at as at from did_it_work w \
         join actions a on a.id = w.action_id where w.person_id = $1 order by w.said_at, a.id");
    SECTIONS = concat!("select s.id, 'section' as kind, ", title_if_known!("d.workspace_id", "d.title"),
        " as title, s.heading as words, '' as detail, s.words_at as at from sections s \
         join designs d on d.id = s.design_id where s.words_by = $1 and s.removed_at is null order by s.words_at, s.id");
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
         union all select a.id, 'action', ", title_if_known!("a.workspace_id", "a.title"), ", a.made_at \
             from actions a where a.made_by = $1) as made order by at, id");
    ACTS = "select seq, verb, made_at from audit where actor_id = $1 order by seq desc limit $2";
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

/// Everything somebody wrote, pressed or made, kind by kind, oldest first. Six queries, however much there is.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx, person: PersonId) -> Result<Vec<MineRow>, StoreError> {
    let mut out = ask!(tx, COMMENTS, person.0; all MineRow)?;
    out.extend(ask!(tx, HANDS, person.0; all MineRow)?);
    out.extend(ask!(tx, ANSWERS, person.0; all MineRow)?);
    out.extend(ask!(tx, SECTIONS, person.0; all MineRow)?);
    out.extend(ask!(tx, PROMISES, person.0; all MineRow)?);
    out.extend(ask!(tx, MADE, person.0; all MineRow)?);
    Ok(out)
}

/// The last acts of somebody in the audit log, newest first: number, verb, when.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn acts(tx: &mut Tx, person: PersonId, most: i64) -> Result<Vec<(i64, String, i64)>, StoreError> {
    ask!(tx, ACTS, person.0, most; all (i64, String, i64))
}
