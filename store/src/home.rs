//! What needs somebody: one statement for each kind, each restricted by the groups they are in now and to the newest few.
//! The number of statements is the same for everybody, whatever there is.

use domain::actions::ActionStatus;
use domain::designs::Stage;
use domain::designs::suggestions::SuggestionState;
use domain::groups::GroupRole;
use domain::ids::PersonId;
use domain::moment::Moment;
use uuid::Uuid;

use crate::{StoreError, Tx};

/// `in` the workspaces of the groups that $1 is in, with a condition on their role there. A statement starts from these,
/// and so it reads what is somebody's, however much there is in the whole house (`tests/statements.rs` looks at the
/// plans). A person in two groups of one workspace would see everything twice: `in` instead of a join.
macro_rules! mine {
    ($role:literal) => {
        concat!(
            " in (select g.workspace_id from memberships m join workspace_groups g on g.group_id = m.group_id \
             where m.person_id = $1",
            $role,
            ") "
        )
    };
}

/// In the workspaces of the groups where $1 answers for the council: writes what was decided, cancels a vote as one of two.
macro_rules! answers {
    () => {
        mine!(
            " and (m.role = 'worker' or (m.role <> 'observer' \
             and exists (select 1 from people o where o.id = $1 and o.role = 'officer')))"
        )
    };
}

statements! {
    // `cross join` tells SQLite, which knows nothing of how many rows there are, where to start; to PostgreSQL it is any
    // join.
    PROMISES = concat!("select w.slug, w.title, w.symbol, p.shown_at as at from workspaces w join promises p on p.workspace_id = w.id \
                where p.agreed_at is null and w.id", mine!(" and m.role in ('member', 'lead')"),
                "and not exists (select 1 from promise_agreements a where a.workspace_id = w.id and a.person_id = $1) \
                order by p.shown_at desc, w.id limit 12");
    UNWRITTEN = concat!("select w.slug, w.title, w.symbol, w.made_at as at from workspaces w \
                 where not exists (select 1 from promises p where p.workspace_id = w.id) and w.id",
                 mine!(" and m.role in ('lead', 'worker')"), "order by w.made_at desc, w.id limit 12");
    VOTES = concat!("select d.id, d.question as title, d.opens_at as at, d.closes_at from roll r cross join decisions d \
             where d.id = r.decision_id and r.person_id = $1 and d.opens_at <= $2 and d.closes_at > $2 and d.voided_at is null \
             and d.form = 'show-of-hands' \
             and not exists (select 1 from hands h where h.decision_id = d.id and h.person_id = $1) and d.workspace_id",
             mine!(" and m.role in ('member', 'lead')"), "order by d.opens_at desc, d.id limit 12");
    // A design that went back to drafting after they were asked to decide about it: why, until it moves on.
    SENT_BACK = concat!("select d.id, d.title, d.symbol, m.reason, m.moved_at as at from designs d cross join stage_moves m \
                 where m.design_id = d.id and d.workspace_id", mine!(""), "and d.stage = 'drafting' and m.to_stage = 'drafting' \
                 and m.from_stage in ('voting', 'decided', 'doing') and m.moved_at > $2 and m.moved_by <> $1 \
                 and not exists (select 1 from stage_moves l where l.design_id = d.id and l.n > m.n) \
                 and exists (select 1 from decisions e join roll r on r.decision_id = e.id where e.design_id = d.id and r.person_id = $1) \
                 order by m.moved_at desc, d.id limit 12");
    // The newest section that somebody else wrote in each design whose words are open, until it is read.
    DRAFTS = concat!("select d.id, d.title, d.symbol, d.stage, s.heading, p.name, s.words_at as at \
              from designs d cross join sections s join people p on p.id = s.words_by where s.design_id = d.id and d.workspace_id",
              mine!(""), "and d.stage in ('drafting', 'checking') and s.words_at > $2 and s.removed_at is null and s.words_by <> $1 \
              and not exists (select 1 from design_reads r where r.person_id = $1 and r.design_id = d.id and r.read_at >= s.words_at) \
              and not exists (select 1 from sections n where n.design_id = d.id and n.removed_at is null and n.words_by <> $1 \
              and n.words_at >= s.words_at and (n.words_at > s.words_at or (n.words_at = s.words_at and n.id > s.id))) \
              order by s.words_at desc, d.id limit 12");
    // From what they wrote to what answers it. Most comments are published: `coalesce` keeps SQLite from starting there.
    REPLIES = concat!("select c.id, c.design_id, d.title, d.symbol, p.name, coalesce(c.shown_at, c.made_at) as at from comments mine \
               cross join comments c join designs d on d.id = c.design_id left join people p on p.id = c.author_id \
               where mine.author_id = $1 and mine.parent_id is null and c.parent_id = mine.id and coalesce(c.state, '') = 'published' \
               and coalesce(c.shown_at, c.made_at) > $2 and (c.author_id is null or c.author_id <> $1) \
               and not exists (select 1 from comments own where own.parent_id = mine.id and coalesce(own.author_id, own.id) = $1 \
               and own.made_at > coalesce(c.shown_at, c.made_at)) and d.workspace_id", mine!(""), "order by at desc, c.id limit 12");
    // Since when the oldest words wait that this person checks: comments, and reasons beside hands.
    HELD = concat!("select min(x.at) from (select c.made_at as at from comments c join designs d on d.id = c.design_id \
            where c.state = 'held' and d.workspace_id", mine!(" and m.role = 'worker'"),
            "union all select coalesce(s.edited_at, s.made_at) from suggestions s join designs d on d.id = s.design_id \
            where s.state = 'held' and d.workspace_id", mine!(" and m.role = 'worker'"),
            "union all select a.answered_at from suggestion_answers a join suggestions s on s.id = a.suggestion_id \
            join designs d on d.id = s.design_id where a.reason_state = 'held' and a.reason <> '' \
            and d.workspace_id", mine!(" and m.role = 'worker'"),
            "union all select s.words_at from designs d cross join sections s where s.design_id = d.id and s.removed_at is null and ",
            masked!("s"), " and ", holds!(), " and d.workspace_id", mine!(" and m.role = 'worker'"),
            "union all select r.made_at from designs d cross join reports r where r.design_id = d.id and r.answered_at is null \
            and d.workspace_id", mine!(" and m.role = 'worker'"),
            "union all select h.raised_at from decisions e cross join hands h where h.decision_id = e.id \
            and h.reason_state = 'held' and h.reason <> '' and e.workspace_id", mine!(" and m.role = 'worker'"), ") x");
    // Whoever may write the outcome of a vote that has closed, until it is written. Of two about the same words the later counts.
    TO_DECIDE = concat!("select d.id, d.design_id, d.question as title, d.closes_at as at from designs x cross join decisions d \
                 where d.design_id = x.id and x.stage = 'voting' and d.closes_at <= $2 and d.voided_at is null \
                 and not exists (select 1 from decisions n where n.design_id = x.id and n.voided_at is null and n.made_at > d.made_at) \
                 and x.workspace_id", answers!(), "order by d.closes_at desc, d.id limit 12");
    // For everybody else on its roll it is news.
    CLOSED = concat!("select d.id, d.design_id, d.question as title, d.closes_at as at from roll r cross join decisions d \
              left join designs x on x.id = d.design_id where d.id = r.decision_id and r.person_id = $1 \
              and (x.id is null or x.stage = 'voting') and d.closes_at <= $2 and d.closes_at > $3 and d.voided_at is null \
              and not exists (select 1 from decisions n where n.design_id = d.design_id and n.voided_at is null and n.made_at > d.made_at) \
              and d.workspace_id", mine!(" and m.role in ('member', 'lead')"), "order by d.closes_at desc, d.id limit 12");
    // Somebody else asked to make a vote void: it takes a second member of staff.
    VOID_ASKED = concat!("select d.id, d.design_id, d.question as title, d.void_asked_at as at from decisions d \
                  where d.void_asked_at is not null and d.void_asked_by <> $1 and d.voided_at is null and d.closes_at > $2 \
                  and d.workspace_id", answers!(), "order by d.void_asked_at desc, d.id limit 12");
    // Their own words that somebody who checks took away.
    TAKEN_AWAY = concat!("select c.id, c.design_id, d.title, d.symbol, c.checked_at as at from comments c join designs d on d.id = c.design_id \
                  where c.author_id = $1 and c.state = 'hidden-by-moderator' and c.checked_at > $2 and c.checked_by <> $1 and d.workspace_id", mine!(""),
                  "order by c.checked_at desc, c.id limit 12");
    NEWS_SEEN = "select news_seen_at from people where id = $1";
    // Never back: of two tabs, the one that saw more counts.
    SEE_NEWS = "update people set news_seen_at = $2 where id = $1 and coalesce(news_seen_at, 0) < $2";
    // Suggestions that wait for this person's answer, by design. Where two decide: not their own, and not those that they
    // have answered.
    SUGGESTIONS = concat!("select d.id, d.title, d.symbol, max(s.state_at) as at from designs d cross join suggestions s \
                   join workspaces w on w.id = d.workspace_id where s.design_id = d.id and s.state = 'pending' \
                   and d.stage in ('drafting', 'checking') and d.workspace_id", mine!(""), "\
                   and ((w.suggestion_deciders = 'lead' and w.id", mine!(" and m.role = 'lead'"), ") \
                   or (w.suggestion_deciders = 'officer' and w.id", mine!(" and m.role = 'worker'"), ") \
                   or (w.suggestion_deciders = 'two' and s.author_id <> $1 and w.id", mine!(" and m.role in ('member', 'lead', 'worker')"),
                   "and not exists (select 1 from suggestion_answers a where a.suggestion_id = s.id and a.person_id = $1))) \
                   group by d.id, d.title, d.symbol order by at desc, d.id limit 12");
    // What became of their own suggestions.
    ANSWERED = concat!("select s.id, s.design_id, d.title, d.symbol, s.state, s.state_at as at from suggestions s \
                join designs d on d.id = s.design_id where s.author_id = $1 and s.state_at > $2 \
                and s.state in ('accepted', 'accepted-changed', 'not-accepted', 'look-again', 'hidden-by-moderator') and d.workspace_id",
                mine!(""), "order by s.state_at desc, s.id limit 12");
    // What became of what they said is wrong.
    REPORTS_ANSWERED = concat!("select r.id, r.design_id, d.title, d.symbol, r.answered_at as at from reports r join designs d on d.id = r.design_id \
                        where r.made_by = $1 and r.answered_at > $2 and r.answered_by <> $1 and (d.workspace_id", mine!(""),
                        "or not exists (select 1 from workspace_groups g join groups x on x.id = g.group_id \
                        where g.workspace_id = d.workspace_id and x.visibility <> 'open')) order by r.answered_at desc, r.id limit 12");
    OUTCOMES = concat!("select d.id, d.title, d.symbol, o.made_at as at from designs d cross join outcomes o \
                where o.design_id = d.id and d.workspace_id", mine!(""), "and o.made_at > $2 and o.made_by <> $1 \
                and not exists (select 1 from outcomes n where n.design_id = o.design_id \
                and (n.made_at > o.made_at or (n.made_at = o.made_at and n.id > o.id))) \
                and (exists (select 1 from comments c where c.design_id = o.design_id and c.author_id = $1) \
                or exists (select 1 from hands h join decisions e on e.id = h.decision_id where e.design_id = o.design_id and h.person_id = $1) \
                or exists (select 1 from sections s where s.design_id = o.design_id and s.words_by = $1)) \
                order by o.made_at desc, d.id limit 12");
    // They are asked whether it worked and have not said; or it changed or stopped, and they read why.
    ENDED = concat!("select a.id, a.title, a.status, case when a.status = 'done' then a.asked_at else a.changed_at end as at, a.due_at \
             from actions a where ((a.status = 'done' and a.asked_at > $2 \
             and not exists (select 1 from did_it_work s where s.action_id = a.id and s.person_id = $1)) \
             or (a.status in ('changed', 'stopped') and a.changed_at > $3)) and a.workspace_id",
             mine!(" and m.role in ('member', 'lead')"), "order by at desc, a.id limit 12");
    // Designs the council has nothing more to do for: a lead or worker asks whether it worked, and says that it is done.
    FINISHED = concat!("select d.id, d.title, d.symbol, max(a.changed_at) as at from designs d cross join actions a \
                where a.design_id = d.id and d.stage = 'doing' and not exists (select 1 from actions b where b.design_id = d.id \
                and b.status in ('not-started', 'doing')) and d.workspace_id", mine!(" and m.role in ('lead', 'worker')"),
                "group by d.id, d.title, d.symbol order by at desc, d.id limit 12");
    // Mine to do: due within a week or late. Inside the group, or where all of its groups are open.
    DUE = concat!("select a.id, a.title, a.status, a.changed_at as at, a.due_at from actions a \
           where a.owner_id = $1 and a.status in ('not-started', 'doing') and a.due_at < $2 and (a.workspace_id", mine!(""),
           "or not exists (select 1 from workspace_groups g join groups x on x.id = g.group_id \
           where g.workspace_id = a.workspace_id and x.visibility <> 'open')) \
           order by a.changed_at desc, a.id limit 12");
    // Cards that an administrator made instead of the workers, for those workers. Not a first one that came with the
    // account, nor one from before somebody was in their group: about these they have nothing to ask.
    NEW_CARDS = "select p.id, p.name, c.made_at as at from people p cross join cards c join people b on b.id = c.made_by \
                 where p.id in (select m.person_id from memberships w join memberships m on m.group_id = w.group_id \
                 where w.person_id = $1 and w.role = 'worker') and c.person_id = p.id and c.ended_at is null \
                 and c.made_at > $2 and c.made_at > p.made_at and b.role = 'administrator' and b.id <> $1 \
                 and exists (select 1 from memberships w join memberships m on m.group_id = w.group_id \
                 where w.person_id = $1 and w.role = 'worker' and m.person_id = p.id and m.joined_at <= c.made_at) \
                 and not exists (select 1 from memberships w join memberships m on m.group_id = w.group_id \
                 where w.person_id = b.id and w.role = 'worker' and m.person_id = p.id and w.joined_at <= c.made_at) \
                 order by c.made_at desc, p.id limit 12";
    MY_GROUPS = "select g.slug, g.name, g.symbol, g.colour, m.role, \
        cast((select count(*) from workspace_groups w where w.group_id = g.id) as bigint) as workspaces, \
        cast((select count(*) from decisions d join workspace_groups w on w.workspace_id = d.workspace_id \
              where w.group_id = g.id and d.opens_at <= $2 and d.closes_at > $2 and d.voided_at is null) as bigint) as votes \
        from memberships m join groups g on g.id = m.group_id where m.person_id = $1 order by g.name, g.id";
    // What a house has once it has begun: names, not numbers, so that nobody is counted.
    BEGUN = "select 'group' as what where exists (select 1 from groups) \
             union all select 'workers' where exists (select 1 from memberships a join people p on p.id = a.person_id \
             join memberships b on b.group_id = a.group_id and b.person_id <> a.person_id join people q on q.id = b.person_id \
             where a.role = 'worker' and b.role = 'worker' and p.active = true and q.active = true) \
             union all select 'young-person' where exists (select 1 from memberships m join people p on p.id = m.person_id \
             where p.role = 'young-person' and p.deleted_at is null)";
    // The first lines of the public list, in its order. Neither names a group here (docs/DECISIONS/0011-public-list.md).
    DONE_FOR_ALL = "select a.id, a.title, a.you_said, a.we_will, a.status, a.reason, a.changed_at as at from actions a \
                    where a.shown = true order by a.changed_at desc, a.id desc limit 3";
}

/// A workspace whose promise waits.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingPromise {
    /// The workspace's address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// A vote somebody has not raised a hand in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OpenVote {
    /// The decision.
    pub id: Uuid,
    /// Its question.
    pub title: String,
    /// When it opened.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
    /// When it closes.
    #[sqlx(try_from = "i64")]
    pub closes_at: Moment,
}

/// A vote that has closed, or that somebody asked to make void.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ClosedVote {
    /// The decision.
    pub id: Uuid,
    /// Its design, when it is about one.
    pub design_id: Option<Uuid>,
    /// Its question.
    pub title: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// Somebody's own comment that was taken away, or their report that was answered.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TakenAway {
    /// The comment or the report.
    pub id: Uuid,
    /// The design it is about.
    pub design_id: Uuid,
    /// The design's title.
    pub title: String,
    /// The design's symbol.
    pub symbol: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// A design that went back to drafting.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SentBack {
    /// The design.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Why.
    pub reason: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// A design that somebody else changed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChangedDraft {
    /// The design.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// The section that changed last.
    pub heading: String,
    /// Who changed it.
    pub name: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// A reply to somebody's comment.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NewReply {
    /// The reply.
    pub id: Uuid,
    /// The design it is about.
    pub design_id: Uuid,
    /// The design's title.
    pub title: String,
    /// The design's symbol.
    pub symbol: String,
    /// Who wrote it, unless they have no account here.
    pub name: Option<String>,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// Somebody's own suggestion that was answered, or that they look at again.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnsweredSuggestion {
    /// The suggestion.
    pub id: Uuid,
    /// The design.
    pub design_id: Uuid,
    /// The design's title.
    pub title: String,
    /// The design's symbol.
    pub symbol: String,
    /// What has become of it.
    #[sqlx(try_from = "String")]
    pub state: SuggestionState,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// A design with an outcome, or whose actions have all ended.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NewOutcome {
    /// The design.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// An action that waits for somebody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingAction {
    /// The action.
    pub id: Uuid,
    /// What is done.
    pub title: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: ActionStatus,
    /// When it changed.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
    /// When it is due.
    #[sqlx(try_from = "i64")]
    pub due_at: Moment,
}

/// A card that an administrator made for somebody in a worker's groups.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NewCard {
    /// Whose it is.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// One of somebody's groups, with how much is going on in it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MyGroup {
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Its colour.
    #[sqlx(try_from = "String")]
    pub colour: domain::groups::GroupColour,
    /// What they are in it.
    #[sqlx(try_from = "String")]
    pub role: GroupRole,
    /// How many workspaces it has.
    pub workspaces: i64,
    /// How many votes are open in them.
    pub votes: i64,
}

/// A line of "You said, we did".
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PublicLine {
    /// The action.
    pub id: Uuid,
    /// What is done.
    pub title: String,
    /// You said.
    pub you_said: String,
    /// We will.
    pub we_will: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: ActionStatus,
    /// Why it stopped or changed, or nothing.
    pub reason: String,
    /// When it changed.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// Everything that waits for somebody, by kind.
#[derive(Debug)]
pub struct Waiting {
    /// Promises to agree.
    pub promises: Vec<WaitingPromise>,
    /// Promises to write.
    pub unwritten: Vec<WaitingPromise>,
    /// Votes without their hand.
    pub votes: Vec<OpenVote>,
    /// Votes that have closed and wait for the outcome that they may write.
    pub to_decide: Vec<ClosedVote>,
    /// Votes of theirs that have closed and have no outcome yet.
    pub closed: Vec<ClosedVote>,
    /// Votes that somebody else asked to make void: they may be the second person.
    pub void_asked: Vec<ClosedVote>,
    /// Their own words that somebody who checks took away.
    pub taken_away: Vec<TakenAway>,
    /// News from before is seen.
    pub seen: Moment,
    /// Designs that went back to drafting after they were asked to decide about them.
    pub sent_back: Vec<SentBack>,
    /// Designs that others changed.
    pub drafts: Vec<ChangedDraft>,
    /// Replies to their comments.
    pub replies: Vec<NewReply>,
    /// Designs with suggestions that they decide about.
    pub suggestions: Vec<NewOutcome>,
    /// Their own suggestions that were answered, or that they look at again.
    pub answered: Vec<AnsweredSuggestion>,
    /// What they said is wrong, and somebody answered.
    pub reports: Vec<TakenAway>,
    /// Since when the oldest words wait that they check.
    pub held: Option<Moment>,
    /// Outcomes of what they took part in.
    pub outcomes: Vec<NewOutcome>,
    /// Done, and they are asked whether it worked; or changed or stopped, with the reason.
    pub ended: Vec<WaitingAction>,
    /// Designs whose actions have all ended, for those who move them on.
    pub finished: Vec<NewOutcome>,
    /// Theirs to do, soon or late.
    pub due: Vec<WaitingAction>,
    /// Cards that an administrator made instead of them.
    pub cards: Vec<NewCard>,
}

/// From when on things are new enough for somebody's home page.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    /// Now.
    pub now: Moment,
    /// Changed drafts and replies.
    pub lately: Moment,
    /// Outcomes and finished actions.
    pub longer: Moment,
    /// Actions due before this.
    pub due: Moment,
    /// Cards made instead of the workers.
    pub cards: Moment,
}

/// Everything that waits for somebody. Always twenty statements.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn waiting(tx: &mut Tx, me: PersonId, s: Since) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        promises: ask!(tx, PROMISES, me.0; all WaitingPromise)?,
        unwritten: ask!(tx, UNWRITTEN, me.0; all WaitingPromise)?,
        votes: ask!(tx, VOTES, me.0, s.now.0; all OpenVote)?,
        to_decide: ask!(tx, TO_DECIDE, me.0, s.now.0; all ClosedVote)?,
        closed: ask!(tx, CLOSED, me.0, s.now.0, s.lately.0; all ClosedVote)?,
        void_asked: ask!(tx, VOID_ASKED, me.0, s.now.0; all ClosedVote)?,
        taken_away: ask!(tx, TAKEN_AWAY, me.0, s.lately.0; all TakenAway)?,
        seen: news_seen(tx, me).await?.unwrap_or(Moment(0)),
        sent_back: ask!(tx, SENT_BACK, me.0, s.longer.0; all SentBack)?,
        drafts: ask!(tx, DRAFTS, me.0, s.lately.0; all ChangedDraft)?,
        replies: ask!(tx, REPLIES, me.0, s.lately.0; all NewReply)?,
        suggestions: ask!(tx, SUGGESTIONS, me.0; all NewOutcome)?,
        answered: ask!(tx, ANSWERED, me.0, s.lately.0; all AnsweredSuggestion)?,
        reports: ask!(tx, REPORTS_ANSWERED, me.0, s.lately.0; all TakenAway)?,
        held: ask!(tx, HELD, me.0; scalar Option<i64>)?.map(Moment),
        outcomes: ask!(tx, OUTCOMES, me.0, s.longer.0; all NewOutcome)?,
        ended: ask!(tx, ENDED, me.0, s.longer.0, s.lately.0; all WaitingAction)?,
        finished: ask!(tx, FINISHED, me.0; all NewOutcome)?,
        due: ask!(tx, DUE, me.0, s.due.0; all WaitingAction)?,
        cards: ask!(tx, NEW_CARDS, me.0, s.cards.0; all NewCard)?,
    })
}

/// Up to when somebody has seen the news, if they ever said so.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn news_seen(tx: &mut Tx, me: PersonId) -> Result<Option<Moment>, StoreError> {
    Ok(ask!(tx, NEWS_SEEN, me.0; scalar Option<i64>)?.map(Moment))
}

/// Notes that somebody has seen the news up to a moment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn see_news(tx: &mut Tx, me: PersonId, until: Moment) -> Result<(), StoreError> {
    ask!(tx, SEE_NEWS, me.0, until.0; run)?;
    Ok(())
}

/// Which of `group`, `workers` (two who work in one group) and `young-person` (one in a group) the house has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn begun(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    ask!(tx, BEGUN; scalars String)
}

/// Somebody's groups, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn my_groups(tx: &mut Tx, me: PersonId, now: Moment) -> Result<Vec<MyGroup>, StoreError> {
    ask!(tx, MY_GROUPS, me.0, now.0; all MyGroup)
}

/// The three newest lines of "You said, we did".
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn done_for_all(tx: &mut Tx) -> Result<Vec<PublicLine>, StoreError> {
    ask!(tx, DONE_FOR_ALL; all PublicLine)
}
