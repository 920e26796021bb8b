//! Sessions, cards, limits, and the marks that make a form sent twice the same as once.

use domain::ids::{CardId, FormId, GroupId, PersonId, SessionId};
use domain::moment::Moment;
use domain::people::{CARD_TRIES, Role};
use uuid::Uuid;

use crate::{StoreError, Tx};

/// Whether the membership m and that of whoever would make the card, w, give that right for the person p
/// (docs/DECISIONS/0012-who-makes-a-card.md): both are from before the moment, or it is the group they were made in and
/// the maker was there then, or nobody has been here with a card of theirs, so there is nothing to take over yet.
macro_rules! long_enough {
    ($before:literal) => {
        concat!(
            "((m.joined_at <= ",
            $before,
            " and w.joined_at <= ",
            $before,
            ") or (m.joined_at = p.made_at and (w.joined_at <= m.joined_at or (p.seen_at is null \
             and not exists (select 1 from cards c where c.person_id = p.id and c.first_used_at is not null)))))"
        )
    };
}

/// Waits for the same form in another transaction, until the end of this one. Numbers of other locks have one key, this has two.
const FORM_WAIT_POSTGRES: &str = "select pg_advisory_xact_lock(7041777, hashtext(cast($1 as uuid)::text))";

statements! {
    // One query for each request: the session, whose it is, and whether both are still good.
    SESSION_FIND = "select s.id, s.person_id, s.seen_at, s.idle, s.ends_at, s.shared, s.keeps, s.way, p.name, p.role, p.must_change \
                    from sessions s join people p on p.id = s.person_id \
                    where s.secret_hash = $1 and s.ends_at > $2 and s.seen_at + s.idle > $2 \
                    and p.active and p.deleted_at is null";
    GROUPS_OF = "select group_id, role from memberships where person_id = $1 order by group_id";
    // Asked again inside every transaction that somebody writes in.
    STILL_HERE = "select p.id from people p where p.id = $1 and p.active and p.deleted_at is null \
                  and (exists (select 1 from sessions s where s.id = $2 and s.person_id = p.id \
                  and s.ends_at > $3 and s.seen_at + s.idle > $3) or $2 is null)";
    // The same, and their role of this moment: for those who write for longer than one request.
    ROLE_NOW = "select p.role from people p where p.id = $1 and p.active and p.deleted_at is null \
                and exists (select 1 from sessions s where s.id = $2 and s.person_id = p.id \
                and s.ends_at > $3 and s.seen_at + s.idle > $3)";
    // The groups that give somebody a say about the card of somebody else: a matter of time only, not of roles.
    CARD_GROUPS = concat!("select m.group_id from memberships m join people p on p.id = m.person_id \
                   join memberships w on w.group_id = m.group_id \
                   where m.person_id = $1 and w.person_id = $2 and ", long_enough!("$3"), " order by m.group_id");
    // Everybody who could make a card for somebody as a worker of one of their groups.
    WORKERS_FOR = concat!("select cast(count(*) as bigint) from memberships m join people p on p.id = m.person_id \
                   join memberships w on w.group_id = m.group_id join people o on o.id = w.person_id \
                   where m.person_id = $1 and w.role = 'worker' and o.active and o.deleted_at is null and o.id <> $1 and ",
                   long_enough!("$2"));
    SESSION_INSERT = "insert into sessions (id, secret_hash, person_id, made_at, seen_at, idle, ends_at, shared, way) \
                      values ($1, $2, $3, $4, $4, $5, $6, $7, $8)";
    SESSION_TOUCH = "update sessions set seen_at = $2 where id = $1 and seen_at < $2";
    SESSION_OWNER = "select person_id, shared from sessions where secret_hash = $1";
    SESSIONS_OF = "select id, made_at, seen_at, shared, keeps, way from sessions \
                   where person_id = $1 and ends_at > $2 and seen_at + idle > $2 order by seen_at desc, id";
    SET_KEEPS = "update sessions set keeps = $2 where id = $1 and not shared";
    SESSION_END = "delete from sessions where id = $1 and person_id = $2";
    SESSIONS_END_ALL = "delete from sessions where person_id = $1";
    SESSIONS_END_OTHERS = "delete from sessions where person_id = $1 and id <> $2";
    SESSIONS_SWEEP = "delete from sessions where ends_at <= $1 or seen_at + idle <= $1";
    CARD_INSERT = "insert into cards (id, person_id, code_hash, pictures_hash, link_hash, tries, made_at, made_by) \
                   values ($1, $2, $3, $4, $5, 0, $6, $7) on conflict (code_hash) do nothing";
    CARD_FIND = "select c.id, c.person_id, c.pictures_hash, c.tries, p.active from cards c \
                 join people p on p.id = c.person_id \
                 where c.code_hash = $1 and c.ended_at is null and p.deleted_at is null";
    CARD_BY_LINK = "select c.id, c.person_id, c.pictures_hash, c.tries, p.active from cards c \
                    join people p on p.id = c.person_id \
                    where c.link_hash = $1 and c.ended_at is null and p.deleted_at is null";
    // The try is taken before anything is compared, and only while there is one left: however many requests come at
    // once, five are compared.
    CARD_TRY = "update cards set tries = tries + 1 where id = $1 and tries < $2";
    CARD_GOOD = "update cards set tries = 0, first_used_at = coalesce(first_used_at, $2) where id = $1";
    // A link says nothing of whether the pictures are known: what others tried with the code stays counted.
    CARD_LINK_GOOD = "update cards set first_used_at = coalesce(first_used_at, $2) where id = $1";
    CARDS_END = "update cards set ended_at = $2, link_hash = null where person_id = $1 and ended_at is null";
    CARDS_DELETE = "delete from cards where person_id = $1";
    CARD_OF = "select id, tries, made_at, first_used_at from cards where person_id = $1 and ended_at is null";
    TALLY = "insert into tallies (kind, key_hash, minute, times) values ($1, $2, $3, 1) \
             on conflict (kind, key_hash, minute) do update set times = tallies.times + 1 returning times";
    TALLY_SINCE = "select cast(coalesce(sum(times), 0) as bigint) from tallies \
                   where kind = $1 and key_hash = $2 and minute >= $3";
    TALLY_SWEEP = "delete from tallies where minute < $1";
    FORM_MARK = "insert into form_marks (form_id, made_id, made_at) values ($1, $2, $3)";
    FORM_FIND = "select made_id from form_marks where form_id = $1";
    FORM_SWEEP = "delete from form_marks where made_at < $1";
    KEPT_INSERT = "insert into kept_forms (id, person_id, path, fields, kept_at) values ($1, $2, $3, $4, $5)";
    KEPT_FIND = "select path, fields from kept_forms where id = $1 and person_id = $2";
    KEPT_DROP = "delete from kept_forms where person_id = $1 and path = $2";
    KEPT_DROP_ALL = "delete from kept_forms where person_id = $1";
    KEPT_OF = "select path, fields from kept_forms where person_id = $1 order by kept_at, id";
    KEPT_SWEEP = "delete from kept_forms where kept_at < $1";
}

/// Whose session it was, and on which kind of device.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct OwnerRow {
    /// Whose it was.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// On a device that others use too.
    pub shared: bool,
}

/// A live session and whose it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id (not its secret).
    #[sqlx(try_from = "Uuid")]
    pub id: SessionId,
    /// Whose it is.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// When it was last used, to the minute.
    #[sqlx(try_from = "i64")]
    pub seen_at: Moment,
    /// Microseconds without use before it ends.
    pub idle: i64,
    /// When it ends whatever happens.
    #[sqlx(try_from = "i64")]
    pub ends_at: Moment,
    /// On a device that others use too.
    pub shared: bool,
    /// Designs that they open are kept on this device.
    pub keeps: bool,
    /// `card` or `password`.
    pub way: String,
    /// The person's display name.
    pub name: String,
    /// The person's role.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// The person must choose a new password first.
    pub must_change: bool,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SessionId,
    /// When they signed in.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When it was last used, to the minute.
    #[sqlx(try_from = "i64")]
    pub seen_at: Moment,
    /// On a device that others use too.
    pub shared: bool,
    /// Designs that they open are kept on its device.
    pub keeps: bool,
    /// `card` or `password`.
    pub way: String,
}

/// A session to be made.
#[derive(Debug)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// SHA-256 of the secret in the cookie.
    pub secret_hash: [u8; 32],
    /// Whose it is.
    pub person: PersonId,
    /// Now.
    pub made_at: Moment,
    /// Microseconds without use before it ends.
    pub idle: i64,
    /// When it ends whatever happens.
    pub ends_at: Moment,
    /// On a device that others use too.
    pub shared: bool,
    /// `card` or `password`.
    pub way: &'static str,
}

/// A card to be made.
#[derive(Debug)]
pub struct NewCard<'a> {
    /// Its id.
    pub id: CardId,
    /// Whose it is.
    pub person: PersonId,
    /// The keyed hashes of what is on it.
    pub hashes: &'a CardHashes,
    /// Now.
    pub made_at: Moment,
    /// Who made it.
    pub by: Option<PersonId>,
}

/// The keyed hashes of what is on a card: nothing else of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardHashes {
    /// Of the code.
    pub code: [u8; 32],
    /// Of the code and the three pictures in order.
    pub pictures: [u8; 32],
    /// Of the secret in its link.
    pub link: [u8; 32],
}

/// What signing in by card needs.
#[derive(Debug, sqlx::FromRow)]
pub struct CardRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: CardId,
    /// Whose it is.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// Keyed hash of the three pictures in order.
    pub pictures_hash: Vec<u8>,
    /// Wrong tries in a row.
    pub tries: i64,
    /// The person may sign in.
    pub active: bool,
}

/// A person's card as staff see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CardLine {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: CardId,
    /// Wrong tries in a row.
    pub tries: i64,
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When it was first used.
    pub first_used_at: Option<i64>,
}

/// A form that met an ended session.
#[derive(Debug, sqlx::FromRow)]
pub struct KeptRow {
    /// The address it was for.
    pub path: String,
    /// JSON: pairs of name and value.
    pub fields: String,
}

/// The live session with this secret, at `now`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn session(tx: &mut Tx, secret_hash: &[u8; 32], now: Moment) -> Result<Option<SessionRow>, StoreError> {
    ask!(tx, SESSION_FIND, secret_hash.as_slice(), now.0; optional SessionRow)
}

/// Whose session this was, ended or not, as long as its row is there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn session_owner(tx: &mut Tx, secret_hash: &[u8; 32]) -> Result<Option<OwnerRow>, StoreError> {
    ask!(tx, SESSION_OWNER, secret_hash.as_slice(); optional OwnerRow)
}

/// Whether somebody may still sign in and, when they came by a session, whether that lives at `now`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn still_here(
    tx: &mut Tx,
    person: PersonId,
    session: Option<SessionId>,
    now: Moment,
) -> Result<bool, StoreError> {
    Ok(ask!(tx, STILL_HERE, person.0, session.map(|s| s.0), now.0; maybe_scalar Uuid)?.is_some())
}

/// The role of somebody who may still sign in and whose session still lives; nothing when it is not so.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn role_now(
    tx: &mut Tx,
    person: PersonId,
    session: SessionId,
    now: Moment,
) -> Result<Option<String>, StoreError> {
    ask!(tx, ROLE_NOW, person.0, session.0, now.0; maybe_scalar String)
}

/// The groups somebody is in, with their role in each.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn groups_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(Uuid, String)>, StoreError> {
    ask!(tx, GROUPS_OF, person.0; all (Uuid, String))
}

/// The groups that `person` and `maker` have both been in since before `before`; and the one `person` was made in, where
/// `maker` was there then, or while `person` has never used a card nor been here.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn card_groups(
    tx: &mut Tx,
    person: PersonId,
    maker: PersonId,
    before: Moment,
) -> Result<Vec<GroupId>, StoreError> {
    Ok(ask!(tx, CARD_GROUPS, person.0, maker.0, before.0; all (Uuid,))?.into_iter().map(|(id,)| id.into()).collect())
}

/// Whether any of these groups of somebody has a worker who can sign in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn has_card_worker(tx: &mut Tx, person: PersonId, before: Moment) -> Result<bool, StoreError> {
    Ok(ask!(tx, WORKERS_FOR, person.0, before.0; scalar i64)? > 0)
}

/// Starts a session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn start_session(tx: &mut Tx, s: &NewSession) -> Result<(), StoreError> {
    ask!(tx, SESSION_INSERT, s.id.0, s.secret_hash.as_slice(), s.person.0, s.made_at.0, s.idle, s.ends_at.0, s.shared, s.way; run)?;
    Ok(())
}

/// Notes that a session was used.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn touch_session(tx: &mut Tx, id: SessionId, now: Moment) -> Result<(), StoreError> {
    ask!(tx, SESSION_TOUCH, id.0, now.0; run)?;
    Ok(())
}

/// Somebody's live sessions, last used first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sessions_of(tx: &mut Tx, person: PersonId, now: Moment) -> Result<Vec<SessionLine>, StoreError> {
    ask!(tx, SESSIONS_OF, person.0, now.0; all SessionLine)
}

/// Says whether designs that somebody opens in a session are kept on its device: never on one that others use too.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_keeps(tx: &mut Tx, id: SessionId, keeps: bool) -> Result<u64, StoreError> {
    ask!(tx, SET_KEEPS, id.0, keeps; run)
}

/// Ends one session of `person`; 0 when it is not theirs.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end_session(tx: &mut Tx, id: SessionId, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, SESSION_END, id.0, person.0; run)
}

/// Ends every session of `person`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end_all_sessions(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, SESSIONS_END_ALL, person.0; run)
}

/// Ends every session of `person` but this one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end_other_sessions(tx: &mut Tx, person: PersonId, but: SessionId) -> Result<u64, StoreError> {
    ask!(tx, SESSIONS_END_OTHERS, person.0, but.0; run)
}

/// Adds a card; `false` when the code is on another card, dead or alive: make another code.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_card(tx: &mut Tx, card: &NewCard<'_>) -> Result<bool, StoreError> {
    let CardHashes { code, pictures, link } = card.hashes;
    let by = card.by.map(|p| p.0);
    let added = ask!(tx, CARD_INSERT, card.id.0, card.person.0, code.as_slice(), pictures.as_slice(), link.as_slice(), card.made_at.0, by; run)?;
    Ok(added > 0)
}

/// The living card with this code.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn card(tx: &mut Tx, code_hash: &[u8; 32]) -> Result<Option<CardRow>, StoreError> {
    ask!(tx, CARD_FIND, code_hash.as_slice(); optional CardRow)
}

/// The living card whose link carries this secret.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn card_by_link(tx: &mut Tx, link_hash: &[u8; 32]) -> Result<Option<CardRow>, StoreError> {
    ask!(tx, CARD_BY_LINK, link_hash.as_slice(); optional CardRow)
}

/// Takes one of the tries of a card; `false` when there is none left, or no such card.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take_try(tx: &mut Tx, id: CardId) -> Result<bool, StoreError> {
    Ok(ask!(tx, CARD_TRY, id.0, CARD_TRIES; run)? > 0)
}

/// Notes a good sign-in by the link: the tries that were taken with the code stay counted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn card_link_good(tx: &mut Tx, id: CardId, now: Moment) -> Result<(), StoreError> {
    ask!(tx, CARD_LINK_GOOD, id.0, now.0; run)?;
    Ok(())
}

/// Notes a good sign-in with code and pictures.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn card_good(tx: &mut Tx, id: CardId, now: Moment) -> Result<(), StoreError> {
    ask!(tx, CARD_GOOD, id.0, now.0; run)?;
    Ok(())
}

/// Ends every card of a person, and with it what its link carries.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end_cards(tx: &mut Tx, person: PersonId, now: Moment) -> Result<u64, StoreError> {
    ask!(tx, CARDS_END, person.0, now.0; run)
}

/// Removes every card a person ever had.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn delete_cards(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, CARDS_DELETE, person.0; run)
}

/// A person's living card.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn card_of(tx: &mut Tx, person: PersonId) -> Result<Option<CardLine>, StoreError> {
    ask!(tx, CARD_OF, person.0; optional CardLine)
}

/// Counts one event of a kind under a keyed hash in its minute; gives the count in that minute.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn tally(tx: &mut Tx, kind: &str, key_hash: &[u8; 32], now: Moment) -> Result<i64, StoreError> {
    ask!(tx, TALLY, kind, key_hash.as_slice(), now.0 / Moment::MINUTE; scalar i64)
}

/// How many events of a kind there were under a keyed hash since `from`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn tally_since(tx: &mut Tx, kind: &str, key_hash: &[u8; 32], from: Moment) -> Result<i64, StoreError> {
    ask!(tx, TALLY_SINCE, kind, key_hash.as_slice(), from.0 / Moment::MINUTE; scalar i64)
}

/// Notes that a form was done, and what it made.
///
/// # Errors
/// [`StoreError::Taken`] when it was done already (ask [`form_done`] first, in the same transaction).
pub async fn mark_form(tx: &mut Tx, form: FormId, made: Option<Uuid>, now: Moment) -> Result<(), StoreError> {
    ask!(tx, FORM_MARK, form.0, made, now.0; run)?;
    Ok(())
}

/// Whether a form was done already: `Some(what it made)`. On PostgreSQL the same form that is under way in another transaction
/// is waited for: a second press gets what the first one made. (SQLite has one writer.)
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn form_done(tx: &mut Tx, form: FormId) -> Result<Option<Option<Uuid>>, StoreError> {
    if let Tx::Postgres(t) = &mut *tx {
        crate::trace::record(FORM_WAIT_POSTGRES);
        sqlx::query(FORM_WAIT_POSTGRES).bind(form.0).execute(&mut **t).await?;
    }
    ask!(tx, FORM_FIND, form.0; maybe_scalar Option<Uuid>)
}

/// Keeps a form that met an ended session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_form(
    tx: &mut Tx,
    id: Uuid,
    person: PersonId,
    path: &str,
    fields: &str,
    now: Moment,
) -> Result<(), StoreError> {
    ask!(tx, KEPT_INSERT, id, person.0, path, fields, now.0; run)?;
    Ok(())
}

/// A kept form of this person.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn kept_form(tx: &mut Tx, id: Uuid, person: PersonId) -> Result<Option<KeptRow>, StoreError> {
    ask!(tx, KEPT_FIND, id, person.0; optional KeptRow)
}

/// Drops what was kept for an address, once its form was accepted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn drop_kept(tx: &mut Tx, person: PersonId, path: &str) -> Result<u64, StoreError> {
    ask!(tx, KEPT_DROP, person.0, path; run)
}

/// Drops everything that was kept for somebody.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn drop_all_kept(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, KEPT_DROP_ALL, person.0; run)
}

/// Every form kept for somebody, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn kept_of(tx: &mut Tx, person: PersonId) -> Result<Vec<KeptRow>, StoreError> {
    ask!(tx, KEPT_OF, person.0; all KeptRow)
}

/// Removes what has ended: sessions a day later (until then they say whose typed words may be), marks and kept forms
/// older than their time, minutes older than a day.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<(), StoreError> {
    ask!(tx, SESSIONS_SWEEP, now.plus(-Moment::DAY).0; run)?;
    ask!(tx, FORM_SWEEP, now.plus(-30 * Moment::DAY).0; run)?;
    ask!(tx, KEPT_SWEEP, now.plus(-7 * Moment::DAY).0; run)?;
    ask!(tx, TALLY_SWEEP, now.plus(-Moment::DAY).0 / Moment::MINUTE; run)?;
    Ok(())
}
