//! People. Everything that is held about one of them is read by [`mine`].

pub mod mine;

use domain::ids::PersonId;
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::PeopleCount;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    ANY_CARD = "select id from cards limit 1";
    INSERT = "insert into people (id, name, role, sign_in_name, sign_in_key, password, must_change, team, active, made_at) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, true, $9)";
    FIND = "select id, name, role, sign_in_name, team, active, must_change, made_at, seen_at from people \
            where id = $1 and deleted_at is null";
    FIND_BY_KEY = "select id, password, active from people where sign_in_key = $1 and deleted_at is null";
    PASSWORD_OF = "select password from people where id = $1 and deleted_at is null";
    ALL = "select id, name, role, sign_in_name, team, active, must_change, made_at, seen_at from people \
           where deleted_at is null order by name, id";
    SET_NAME = "update people set name = $2 where id = $1 and deleted_at is null";
    SET_ROLE = "update people set role = $2, team = $3 where id = $1 and deleted_at is null";
    SET_ACTIVE = "update people set active = $2 where id = $1 and deleted_at is null";
    SET_PASSWORD = "update people set password = $2, must_change = $3 where id = $1 and deleted_at is null";
    SET_SIGN_IN = "update people set sign_in_name = $2, sign_in_key = $3, password = $4, must_change = $5 \
                   where id = $1 and deleted_at is null";
    SET_SEEN = "update people set seen_at = $2 where id = $1 and deleted_at is null";
    // Who deleted their account stays nobody: not even a form that was on its way brings a name back.
    FORGET = "update people set name = '', sign_in_name = null, sign_in_key = null, password = null, team = '', \
              active = false, news_seen_at = null, deleted_at = $2 where id = $1";
    // Who signs in with a name is staff.
    NAMES_OF_STAFF = "select name from people where sign_in_key is not null and deleted_at is null";
    // Names for the audit log, all in one query; a deleted account has none.
    STAFF_NAMES = "select id, name from people where id in (select actor_id from audit where seq < $1 and seq >= $2)";
    // Two administrators who take each other out at once wait for each other here.
    HOLD_ADMINISTRATORS = "update people set active = active where role = 'administrator' and deleted_at is null";
    COUNT_ANY = "select cast(count(*) as bigint) from people";
    COUNT_ADMINISTRATORS = "select cast(count(*) as bigint) from people \
                            where role = 'administrator' and active and deleted_at is null";
}

/// A person to be made.
#[derive(Debug)]
pub struct NewPerson<'a> {
    /// Their id.
    pub id: PersonId,
    /// The name others see.
    pub name: &'a str,
    /// What they are.
    pub role: Role,
    /// Staff: what they type to sign in, and the same folded.
    pub sign_in: Option<(&'a str, &'a str)>,
    /// Staff: the hash of their password.
    pub password: Option<&'a str>,
    /// They must choose a password of their own at their next sign-in.
    pub must_change: bool,
    /// Their team, or empty.
    pub team: &'a str,
    /// When they were made.
    pub made_at: Moment,
}

/// A person as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PersonRow {
    /// Their id.
    #[sqlx(try_from = "Uuid")]
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// What they are.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Staff: what they type to sign in.
    pub sign_in_name: Option<String>,
    /// Their team, or empty.
    pub team: String,
    /// May sign in.
    pub active: bool,
    /// Must choose a new password.
    pub must_change: bool,
    /// When they were made.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// When they were last here, to the minute.
    pub seen_at: Option<i64>,
}

/// What signing in needs.
#[derive(Debug, sqlx::FromRow)]
pub struct SignInRow {
    /// Their id.
    #[sqlx(try_from = "Uuid")]
    pub id: PersonId,
    /// The hash of their password, if they have one.
    pub password: Option<String>,
    /// May sign in.
    pub active: bool,
}

/// Whether there is any card.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_any_card(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(ask!(tx, ANY_CARD; maybe_scalar Uuid)?.is_some())
}

/// Adds a person.
///
/// # Errors
/// [`StoreError::Taken`] (`people_sign_in_key`) when the sign-in name is somebody's already.
pub async fn insert(tx: &mut Tx, p: &NewPerson<'_>) -> Result<(), StoreError> {
    let (name, key) = p.sign_in.map_or((None, None), |(n, k)| (Some(n), Some(k)));
    ask!(tx, INSERT, p.id.0, p.name, p.role.name(), name, key, p.password, p.must_change, p.team, p.made_at.0; run)?;
    Ok(())
}

/// One person, unless their account was deleted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: PersonId) -> Result<Option<PersonRow>, StoreError> {
    ask!(tx, FIND, id.0; optional PersonRow)
}

/// Who signs in with this folded name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find_by_key(tx: &mut Tx, key: &str) -> Result<Option<SignInRow>, StoreError> {
    ask!(tx, FIND_BY_KEY, key; optional SignInRow)
}

/// The hash of somebody's password.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn password_of(tx: &mut Tx, id: PersonId) -> Result<Option<String>, StoreError> {
    Ok(ask!(tx, PASSWORD_OF, id.0; maybe_scalar Option<String>)?.flatten())
}

/// Everybody with an account, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<PersonRow>, StoreError> {
    ask!(tx, ALL; all PersonRow)
}

/// Corrects a display name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_name(tx: &mut Tx, id: PersonId, name: &str) -> Result<u64, StoreError> {
    ask!(tx, SET_NAME, id.0, name; run)
}

/// Changes role and team.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_role(tx: &mut Tx, id: PersonId, role: Role, team: &str) -> Result<u64, StoreError> {
    ask!(tx, SET_ROLE, id.0, role.name(), team; run)
}

/// Lets somebody sign in, or not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_active(tx: &mut Tx, id: PersonId, active: bool) -> Result<u64, StoreError> {
    ask!(tx, SET_ACTIVE, id.0, active; run)
}

/// Sets the hash of a password.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_password(tx: &mut Tx, id: PersonId, hash: &str, must_change: bool) -> Result<u64, StoreError> {
    ask!(tx, SET_PASSWORD, id.0, hash, must_change; run)
}

/// Gives somebody a sign-in name and a password, or takes both away.
///
/// # Errors
/// [`StoreError::Taken`] (`people_sign_in_key`) when the sign-in name is somebody's already.
pub async fn set_sign_in(
    tx: &mut Tx,
    id: PersonId,
    sign_in: Option<(&str, &str)>,
    hash: Option<&str>,
    must_change: bool,
) -> Result<u64, StoreError> {
    let (name, key) = sign_in.map_or((None, None), |(n, k)| (Some(n), Some(k)));
    ask!(tx, SET_SIGN_IN, id.0, name, key, hash, must_change; run)
}

/// The names of those who did the acts of the log from `from` up to before `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn names_in_audit(tx: &mut Tx, before: i64, from: i64) -> Result<Vec<(Uuid, String)>, StoreError> {
    ask!(tx, STAFF_NAMES, before, from; all (Uuid, String))
}

/// The names of everybody with a staff role.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn staff_names(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    ask!(tx, NAMES_OF_STAFF; scalars String)
}

/// Keeps the set of administrators as it is until the transaction ends. Call it before [`administrators`] decides.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold_administrators(tx: &mut Tx) -> Result<(), StoreError> {
    ask!(tx, HOLD_ADMINISTRATORS; run)?;
    Ok(())
}

/// Notes that somebody was here.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_seen(tx: &mut Tx, id: PersonId, at: Moment) -> Result<u64, StoreError> {
    ask!(tx, SET_SEEN, id.0, at.0; run)
}

/// Removes who somebody was; their row stays so that what they wrote keeps an author nobody can name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(tx: &mut Tx, id: PersonId, at: Moment) -> Result<u64, StoreError> {
    ask!(tx, FORGET, id.0, at.0; run)
}

/// Whether anybody was ever made here.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(ask!(tx, COUNT_ANY; scalar i64)? > 0)
}

/// How many administrators can sign in: the last one cannot be taken away. Staff, so not a small-numbers matter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn administrators(tx: &mut Tx) -> Result<PeopleCount, StoreError> {
    Ok(ask!(tx, COUNT_ADMINISTRATORS; scalar i64)?.into())
}
