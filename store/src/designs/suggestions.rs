//! Suggestions for the words of sections, and what those who decide say to them.

use domain::comments::CommentState;
use domain::designs::suggestions::{Deciders, Others, Spot, SuggestionAnswer, SuggestionKind, SuggestionState};
use domain::ids::{CommentId, DesignId, PersonId, SectionId, SuggestionId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use uuid::Uuid;

use crate::{StoreError, Tx};

/// The columns of [`SuggestionRow`].
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select s.id, s.design_id, s.section_id, s.author_id, s.kind, s.picked, s.nth, s.of_all, s.base_words, s.words, s.why, \
             s.state, s.state_at, s.reason, s.final_words, s.made_at, s.edited_at, s.checked_at, s.joined_id, s.comment_id, \
             p.name as author_name, p.role as author_role, p.deleted_at as author_deleted_at, \
             x.heading, x.words as now_words, x.removed_at as section_removed_at, d.title as design_title, \
             (",
            masked!("x"),
            " and ",
            holds!(),
            ") as masked from suggestions s \
             join people p on p.id = s.author_id join sections x on x.id = s.section_id join designs d on d.id = s.design_id ",
            $rest
        )
    };
}

/// The columns of [`AnswerRow`].
macro_rules! answers {
    ($rest:literal) => {
        concat!(
            "select a.suggestion_id, a.person_id, a.answer, a.words, a.others, a.other_ids, a.reason, a.reason_state, a.reason_why, \
             a.reason_checked_at, a.answered_at, p.name, p.role, p.deleted_at, s.design_id, d.title as design_title \
             from suggestion_answers a join suggestions s on s.id = a.suggestion_id join designs d on d.id = s.design_id \
             join people p on p.id = a.person_id ",
            $rest
        )
    };
}

/// In the workspaces where $1 checks words.
macro_rules! mine_to_check {
    () => {
        "d.workspace_id in (select w.workspace_id from workspace_groups w join memberships m on m.group_id = w.group_id \
         where m.person_id = $1 and m.role = 'worker')"
    };
}

/// Groups that hold only the first words of somebody have checked those, and look at no more.
macro_rules! looks_afterwards {
    () => {
        "not exists (select 1 from workspace_groups w join groups g on g.id = w.group_id \
         where w.workspace_id = d.workspace_id and g.checking = 'hold-first')"
    };
}

statements! {
    INSERT = "insert into suggestions (id, design_id, section_id, author_id, kind, picked, nth, of_all, base_words, words, why, state, \
              state_at, reason, final_words, made_at, shown_at) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', $13, $14)";
    FIND = columns!("where s.id = $1 and s.design_id = $2");
    // $2 who asks, $3 whether they check words here, $4 one section or null, $5 one state or null, $6 and $7 where the page
    // before ended, $8 how many.
    LIST = columns!("where s.design_id = $1 and (s.state not in ('held', 'hidden-by-moderator', 'withdrawn') or s.author_id = $2 \
        or ($3 and s.state in ('held', 'hidden-by-moderator'))) and (s.section_id = $4 or $4 is null) \
        and (s.state = $5 or $5 is null) and (s.made_at, s.id) < ($6, $7) order by s.made_at desc, s.id desc limit $8");
    // Those that wait for an answer about one section: to be shown together.
    WAITING = columns!("where s.section_id = $1 and s.state = 'pending' order by s.made_at, s.id limit $2");
    WAITING_COUNT = "select section_id, cast(count(*) as bigint) from suggestions where design_id = $1 and state = 'pending' \
                     group by section_id";
    OPEN_SPOTS = "select id, kind, picked, nth, of_all, base_words from suggestions where section_id = $1 and state = 'pending'";
    SET_STATE = "update suggestions set state = $2, state_at = $3 where id = $1";
    SET_FINAL = "update suggestions set state = $2, state_at = $3, final_words = $4, base_words = $5, joined_id = $6 where id = $1";
    EDIT = "update suggestions set kind = $2, picked = $3, nth = $4, of_all = $5, base_words = $6, words = $7, why = $8, state = $9, \
            state_at = $10, edited_at = $10, reason = '', checked_at = null, checked_by = null, shown_at = coalesce(shown_at, $11) \
            where id = $1";
    // Where it belongs now; what it says is what was read and checked.
    PLACE_AGAIN = "update suggestions set nth = $2, of_all = $3, base_words = $4, state = $5, state_at = $6 where id = $1";
    NEWS = columns!("where s.design_id = $1 and s.state_at > $2 and s.state not in ('held', 'hidden-by-moderator', 'withdrawn') \
        order by s.state_at, s.id limit $3");
    SET_COMMENT = "update suggestions set comment_id = $2 where id = $1";
    CHECK = "update suggestions set state = $2, state_at = $4, reason = $3, checked_at = $4, checked_by = $5, \
             shown_at = coalesce(shown_at, $7) where id = $1 and coalesce(edited_at, made_at) = $6 and (state = 'held' \
             or (state not in ('held', 'withdrawn', 'hidden-by-moderator') and $2 = 'hidden-by-moderator'))";
    // Words that everybody sees already are fine: what has become of them stays.
    FINE = "update suggestions set checked_at = $2, checked_by = $3 where id = $1 and coalesce(edited_at, made_at) = $4 \
            and checked_at is null and state not in ('held', 'withdrawn', 'hidden-by-moderator')";
    HELD = concat!(columns!("where s.state = 'held' and "), mine_to_check!(), " order by coalesce(s.edited_at, s.made_at), s.id limit $2");
    UNCHECKED = concat!(columns!("where s.state in ('pending', 'look-again', 'accepted', 'accepted-changed', 'not-accepted') \
        and s.checked_at is null and "), mine_to_check!(), " and ", looks_afterwards!(), " \
        and not exists (select 1 from workspace_groups w join memberships m on m.group_id = w.group_id \
            where w.workspace_id = d.workspace_id and m.person_id = s.author_id and m.role = 'worker') \
        order by coalesce(s.edited_at, s.made_at), s.id limit $2");
    // Answers of those who may still decide: people of its groups, in a role that decides.
    ANSWERS = answers!("where a.suggestion_id = $1 order by a.answered_at, a.person_id");
    STILL_DECIDE = "select distinct m.person_id from memberships m join workspace_groups w on w.group_id = m.group_id \
                    join people p on p.id = m.person_id where w.workspace_id = $1 and m.role in ('member', 'lead', 'worker') \
                    and p.active and p.deleted_at is null";
    ANSWER_PUT = "insert into suggestion_answers (suggestion_id, person_id, answer, words, others, other_ids, reason, reason_state, \
                  reason_why, answered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)";
    ANSWER_DROP = "delete from suggestion_answers where suggestion_id = $1 and person_id = $2";
    ANSWERS_DROP = "delete from suggestion_answers where suggestion_id = $1";
    ANSWER_FIND = answers!("where a.suggestion_id = $1 and a.person_id = $2");
    ANSWER_CHECK = "update suggestion_answers set reason_state = $3, reason_why = $4, reason_checked_at = $6 \
                    where suggestion_id = $1 and person_id = $2 and reason <> '' and answered_at = $5 \
                    and (reason_state = 'held' or (reason_state = 'published' and (reason_checked_at is null or $3 <> 'published')))";
    HELD_ANSWERS = concat!(answers!("where a.reason_state = 'held' and a.reason <> '' and "), mine_to_check!(),
        " order by a.answered_at, a.suggestion_id, a.person_id limit $2");
    UNCHECKED_ANSWERS = concat!(answers!("where a.reason_state = 'published' and a.reason <> '' and a.reason_checked_at is null and "),
        mine_to_check!(), " and ", looks_afterwards!(), " \
        and not exists (select 1 from workspace_groups w join memberships m on m.group_id = w.group_id \
            where w.workspace_id = d.workspace_id and m.person_id = a.person_id and m.role = 'worker') \
        order by a.answered_at, a.suggestion_id, a.person_id limit $2");
    SUPPORT = "insert into suggestion_supports (suggestion_id, person_id) values ($1, $2) on conflict do nothing";
    UNSUPPORT = "delete from suggestion_supports where suggestion_id = $1 and person_id = $2";
    SUPPORTERS = "select x.person_id, p.name, p.role from suggestion_supports x join people p on p.id = x.person_id \
                  where x.suggestion_id = $1 and p.deleted_at is null order by p.name, p.id";
    DECIDERS = "select w.id, w.suggestion_deciders from workspaces w join designs d on d.workspace_id = w.id where d.id = $1";
    WORKSPACE_DECIDERS = "select suggestion_deciders from workspaces where id = $1";
    SET_DECIDERS = "update workspaces set suggestion_deciders = $2 where id = $1 and suggestion_deciders <> $2";
    // Who deletes their account: what only they could read goes, and so do their answers that decided nothing yet.
    FORGET_OWN = "update suggestions set picked = '', base_words = '', words = '', why = '', reason = '', state = 'withdrawn', \
                  state_at = $2 where author_id = $1 and state in ('held', 'withdrawn', 'hidden-by-moderator')";
    FORGET_ANSWERS = "delete from suggestion_answers where person_id = $1 and suggestion_id in \
                      (select id from suggestions where state not in ('accepted', 'accepted-changed', 'not-accepted'))";
    FORGET_SUPPORTS = "delete from suggestion_supports where person_id = $1";
}

/// A suggestion, who wrote it, and what its section says now.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SuggestionRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SuggestionId,
    /// The design.
    #[sqlx(try_from = "Uuid")]
    pub design_id: DesignId,
    /// The section.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// Who wrote it.
    #[sqlx(try_from = "Uuid")]
    pub author_id: PersonId,
    /// What it does.
    #[sqlx(try_from = "String")]
    pub kind: SuggestionKind,
    /// The exact words it is about; empty for the whole section.
    pub picked: String,
    /// Which time they stood there.
    pub nth: i64,
    /// Of how many times.
    pub of_all: i64,
    /// What the section said when it was written, or when it was decided.
    pub base_words: String,
    /// What it should say there.
    pub words: String,
    /// Why.
    pub why: String,
    /// What has become of it.
    #[sqlx(try_from = "String")]
    pub state: SuggestionState,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Moment,
    /// Why somebody who checks took it away.
    pub reason: String,
    /// The words that were accepted.
    pub final_words: String,
    /// When it was written.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When its words last changed.
    pub edited_at: Option<i64>,
    /// When somebody checked it.
    pub checked_at: Option<i64>,
    /// The suggestion whose words say this too.
    pub joined_id: Option<Uuid>,
    /// The idea that it became.
    pub comment_id: Option<Uuid>,
    /// The author's name.
    pub author_name: String,
    /// The author's role.
    #[sqlx(try_from = "String")]
    pub author_role: Role,
    /// The author deleted their account.
    pub author_deleted_at: Option<i64>,
    /// The section's heading.
    pub heading: String,
    /// What the section says now.
    pub now_words: String,
    /// The section was taken out.
    pub section_removed_at: Option<i64>,
    /// The title of the design.
    pub design_title: String,
    /// Everybody reads the section with something hidden, until somebody has looked.
    pub masked: bool,
}

/// The place that columns describe.
fn place<'a>(kind: SuggestionKind, picked: &'a str, nth: i64, of: i64, base: &'a str) -> Spot<'a> {
    Spot { kind, picked, nth: usize::try_from(nth).unwrap_or(0), of: usize::try_from(of).unwrap_or(0), base }
}

impl SuggestionRow {
    /// Where it belongs.
    pub fn spot(&self) -> Spot<'_> {
        place(self.kind, &self.picked, self.nth, self.of_all, &self.base_words)
    }

    /// When these exact words were written.
    pub fn words_at(&self) -> Moment {
        self.edited_at.map_or(self.made_at, Moment)
    }
}

/// A suggestion that waits, as far as a change of the section's words asks.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SpotRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SuggestionId,
    #[sqlx(try_from = "String")]
    kind: SuggestionKind,
    picked: String,
    nth: i64,
    of_all: i64,
    base_words: String,
}

impl SpotRow {
    /// Where it belongs.
    pub fn spot(&self) -> Spot<'_> {
        place(self.kind, &self.picked, self.nth, self.of_all, &self.base_words)
    }
}

/// What somebody who decides said.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnswerRow {
    /// To which suggestion.
    #[sqlx(try_from = "Uuid")]
    pub suggestion_id: SuggestionId,
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// What.
    #[sqlx(try_from = "String")]
    pub answer: SuggestionAnswer,
    /// The words it is to be accepted with.
    pub words: String,
    /// What becomes of others.
    #[sqlx(try_from = "String")]
    pub others: Others,
    /// Which others: their ids with spaces between.
    pub other_ids: String,
    /// Why not.
    pub reason: String,
    /// What has become of the reason.
    #[sqlx(try_from = "String")]
    pub reason_state: CommentState,
    /// Why the reason was taken away.
    pub reason_why: String,
    /// When somebody checked the reason.
    pub reason_checked_at: Option<i64>,
    /// When.
    #[sqlx(try_from = "i64")]
    pub answered_at: Moment,
    /// Their name.
    pub name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// They deleted their account.
    pub deleted_at: Option<i64>,
    /// The design.
    #[sqlx(try_from = "Uuid")]
    pub design_id: DesignId,
    /// The title of the design.
    pub design_title: String,
}

/// What is written down of a suggestion.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// Where it belongs.
    pub spot: Spot<'a>,
    /// What it should say there.
    pub words: &'a str,
    /// Why.
    pub why: &'a str,
    /// What becomes of it now.
    pub state: SuggestionState,
    /// When.
    pub at: Moment,
}

impl Written<'_> {
    fn shown(&self) -> Option<i64> {
        self.state.is_shown().then_some(self.at.0)
    }
}

/// What somebody who decides says.
#[derive(Debug, Clone, Copy)]
pub struct NewAnswer<'a> {
    /// What.
    pub answer: SuggestionAnswer,
    /// The words it is to be accepted with.
    pub words: &'a str,
    /// What becomes of others.
    pub others: Others,
    /// Which others.
    pub other_ids: &'a str,
    /// Why not.
    pub reason: &'a str,
    /// What becomes of the reason.
    pub reason_state: CommentState,
    /// When.
    pub at: Moment,
}

/// Whose eyes a list is for, and what of it they ask for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Who.
    pub who: Option<PersonId>,
    /// They check words here.
    pub checks: bool,
    /// One section only.
    pub section: Option<SectionId>,
    /// One state only.
    pub state: Option<SuggestionState>,
    /// Older than this one.
    pub before: (Moment, Uuid),
    /// How many.
    pub most: i64,
}

fn size(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Adds a suggestion.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut Tx,
    (id, design, section): (SuggestionId, DesignId, SectionId),
    author: PersonId,
    w: &Written<'_>,
) -> Result<(), StoreError> {
    ask!(tx, INSERT, id.0, design.0, section.0, author.0, w.spot.kind.name(), w.spot.picked, size(w.spot.nth), size(w.spot.of),
        w.spot.base, w.words, w.why, w.state.name(), w.at.0, w.shown(); run)?;
    Ok(())
}

/// One suggestion of a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, design: DesignId, id: SuggestionId) -> Result<Option<SuggestionRow>, StoreError> {
    ask!(tx, FIND, id.0, design.0; optional SuggestionRow)
}

/// The suggestions of a design that somebody may see, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn list(tx: &mut Tx, design: DesignId, asked: Asked) -> Result<Vec<SuggestionRow>, StoreError> {
    let (section, state) = (asked.section.map(|s| s.0), asked.state.map(SuggestionState::name));
    let who = asked.who.map(|p| p.0);
    ask!(tx, LIST, design.0, who, asked.checks, section, state, asked.before.0.0, asked.before.1, asked.most; all SuggestionRow)
}

/// Those of one section that wait for an answer, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn waiting(tx: &mut Tx, section: SectionId, most: i64) -> Result<Vec<SuggestionRow>, StoreError> {
    ask!(tx, WAITING, section.0, most; all SuggestionRow)
}

/// How many suggestions wait for an answer in each section of a design. A count of suggestions, not of people.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn waiting_counts(tx: &mut Tx, design: DesignId) -> Result<Vec<(SectionId, i64)>, StoreError> {
    let rows = ask!(tx, WAITING_COUNT, design.0; all (Uuid, i64))?;
    Ok(rows.into_iter().map(|(id, n)| (id.into(), n)).collect())
}

/// Where those that wait for an answer belong in a section.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open_spots(tx: &mut Tx, section: SectionId) -> Result<Vec<SpotRow>, StoreError> {
    ask!(tx, OPEN_SPOTS, section.0; all SpotRow)
}

/// Says what has become of one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_state(tx: &mut Tx, id: SuggestionId, state: SuggestionState, at: Moment) -> Result<u64, StoreError> {
    ask!(tx, SET_STATE, id.0, state.name(), at.0; run)
}

/// Says that it is in the section: with which words, what the section said before, and as a part of which other one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_final(
    tx: &mut Tx,
    id: SuggestionId,
    state: SuggestionState,
    at: Moment,
    (words, before): (&str, &str),
    joined: Option<SuggestionId>,
) -> Result<u64, StoreError> {
    ask!(tx, SET_FINAL, id.0, state.name(), at.0, words, before, joined.map(|j| j.0); run)
}

/// Writes one anew.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn edit(tx: &mut Tx, id: SuggestionId, w: &Written<'_>) -> Result<u64, StoreError> {
    ask!(tx, EDIT, id.0, w.spot.kind.name(), w.spot.picked, size(w.spot.nth), size(w.spot.of), w.spot.base, w.words, w.why,
        w.state.name(), w.at.0, w.shown(); run)
}

/// Puts one where its words are now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn place_again(tx: &mut Tx, id: SuggestionId, w: &Written<'_>) -> Result<u64, StoreError> {
    let spot = w.spot;
    ask!(tx, PLACE_AGAIN, id.0, size(spot.nth), size(spot.of), spot.base, w.state.name(), w.at.0; run)
}

/// What came or changed since a moment, of what everybody sees; oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn news(tx: &mut Tx, design: DesignId, since: Moment, most: i64) -> Result<Vec<SuggestionRow>, StoreError> {
    ask!(tx, NEWS, design.0, since.0, most; all SuggestionRow)
}

/// Keeps which idea it became.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_comment(tx: &mut Tx, id: SuggestionId, comment: CommentId) -> Result<u64, StoreError> {
    ask!(tx, SET_COMMENT, id.0, comment.0; run)
}

/// Shows held words, or takes words away with a reason; 0 when they changed since `seen` or were checked already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn check(
    tx: &mut Tx,
    id: SuggestionId,
    (state, reason): (SuggestionState, &str),
    now: Moment,
    by: PersonId,
    seen: Moment,
) -> Result<u64, StoreError> {
    let shown = state.is_shown().then_some(now.0);
    ask!(tx, CHECK, id.0, state.name(), reason, now.0, by.0, seen.0, shown; run)
}

/// Says that words that everybody sees are fine; 0 when they changed since `seen` or were checked already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn fine(tx: &mut Tx, id: SuggestionId, now: Moment, by: PersonId, seen: Moment) -> Result<u64, StoreError> {
    ask!(tx, FINE, id.0, now.0, by.0, seen.0; run)
}

/// What is held in the groups in which somebody is a worker, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn held(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<SuggestionRow>, StoreError> {
    ask!(tx, HELD, worker.0, most; all SuggestionRow)
}

/// What was shown at once there, and that nobody has looked at; oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unchecked(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<SuggestionRow>, StoreError> {
    ask!(tx, UNCHECKED, worker.0, most; all SuggestionRow)
}

/// What those who decide said to one, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn answers(tx: &mut Tx, id: SuggestionId) -> Result<Vec<AnswerRow>, StoreError> {
    ask!(tx, ANSWERS, id.0; all AnswerRow)
}

/// Who may decide in a workspace where two people do: those whose answers count.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn still_decide(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<PersonId>, StoreError> {
    let rows = ask!(tx, STILL_DECIDE, workspace.0; scalars Uuid)?;
    Ok(rows.into_iter().map(PersonId).collect())
}

/// Keeps what somebody says, in the place of what they said before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn put_answer(tx: &mut Tx, id: SuggestionId, by: PersonId, a: &NewAnswer<'_>) -> Result<(), StoreError> {
    ask!(tx, ANSWER_DROP, id.0, by.0; run)?;
    ask!(tx, ANSWER_PUT, id.0, by.0, a.answer.name(), a.words, a.others.name(), a.other_ids, a.reason, a.reason_state.name(), a.at.0;
        run)?;
    Ok(())
}

/// Drops what was said: it was about other words.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn drop_answers(tx: &mut Tx, id: SuggestionId) -> Result<u64, StoreError> {
    ask!(tx, ANSWERS_DROP, id.0; run)
}

/// What one person said.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn answer(tx: &mut Tx, id: SuggestionId, by: PersonId) -> Result<Option<AnswerRow>, StoreError> {
    ask!(tx, ANSWER_FIND, id.0, by.0; optional AnswerRow)
}

/// Shows a reason, leaves it, or takes it away; 0 when it changed since `seen` or was checked already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn check_answer(
    tx: &mut Tx,
    (id, by): (SuggestionId, PersonId),
    (state, why): (CommentState, &str),
    seen: Moment,
    now: Moment,
) -> Result<u64, StoreError> {
    ask!(tx, ANSWER_CHECK, id.0, by.0, state.name(), why, seen.0, now.0; run)
}

/// Reasons that are held in the groups in which somebody is a worker, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn held_answers(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<AnswerRow>, StoreError> {
    ask!(tx, HELD_ANSWERS, worker.0, most; all AnswerRow)
}

/// Reasons that were shown at once there, and that nobody has looked at; oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unchecked_answers(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<AnswerRow>, StoreError> {
    ask!(tx, UNCHECKED_ANSWERS, worker.0, most; all AnswerRow)
}

/// Says that somebody wants it too, or does not any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn support(tx: &mut Tx, id: SuggestionId, person: PersonId, so: bool) -> Result<u64, StoreError> {
    if so { ask!(tx, SUPPORT, id.0, person.0; run) } else { ask!(tx, UNSUPPORT, id.0, person.0; run) }
}

/// Who wants it too, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn supporters(tx: &mut Tx, id: SuggestionId) -> Result<Vec<(PersonId, String, Role)>, StoreError> {
    let rows = ask!(tx, SUPPORTERS, id.0; all (Uuid, String, String))?;
    Ok(rows.into_iter().filter_map(|(id, name, role)| Some((id.into(), name, role.parse().ok()?))).collect())
}

/// The workspace of a design and who decides there about suggestions.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn deciders(tx: &mut Tx, design: DesignId) -> Result<Option<(WorkspaceId, Deciders)>, StoreError> {
    let row = ask!(tx, DECIDERS, design.0; optional (Uuid, String))?;
    Ok(row.and_then(|(id, who)| Some((id.into(), who.parse().ok()?))))
}

/// Who decides in a workspace about suggestions.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn workspace_deciders(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Deciders>, StoreError> {
    Ok(ask!(tx, WORKSPACE_DECIDERS, workspace.0; maybe_scalar String)?.and_then(|who| who.parse().ok()))
}

/// Says who decides.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_deciders(tx: &mut Tx, workspace: WorkspaceId, who: Deciders) -> Result<u64, StoreError> {
    ask!(tx, SET_DECIDERS, workspace.0, who.name(); run)
}

/// What goes with a deleted account: words that only they could read, answers that decided nothing, whom they supported.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(tx: &mut Tx, person: PersonId, at: Moment) -> Result<(), StoreError> {
    ask!(tx, FORGET_OWN, person.0, at.0; run)?;
    ask!(tx, FORGET_ANSWERS, person.0; run)?;
    ask!(tx, FORGET_SUPPORTS, person.0; run)?;
    Ok(())
}
