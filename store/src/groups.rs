//! Groups and who is in them.

use domain::comments::Checking;
use domain::groups::{GroupColour, GroupKind, GroupRole, Visibility};
use domain::ids::{GroupId, PersonId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::PeopleCount;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    INSERT = "insert into groups (id, slug, name, purpose, kind, visibility, colour, symbol, checking, threshold, on_devices, made_at) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    FIND_BY_SLUG = "select id, slug, name, purpose, kind, visibility, colour, symbol, checking, threshold, on_devices from groups where slug = $1";
    FIND = "select id, slug, name, purpose, kind, visibility, colour, symbol, checking, threshold, on_devices from groups where id = $1";
    ALL = "select id, slug, name, purpose, kind, visibility, colour, symbol, checking, threshold, on_devices from groups order by name, id";
    UPDATE = "update groups set name = $2, purpose = $3, kind = $4, visibility = $5, colour = $6, symbol = $7, checking = $8, \
              threshold = $9, on_devices = $10 where id = $1";
    MEMBERS = "select m.person_id, p.name, p.role as role, m.role as group_role, p.active from memberships m \
               join people p on p.id = m.person_id where m.group_id = $1 and p.deleted_at is null order by p.name, m.person_id";
    JOIN = "insert into memberships (group_id, person_id, role, joined_at) values ($1, $2, $3, $4)";
    SET_ROLE = "update memberships set role = $3 where group_id = $1 and person_id = $2";
    LEAVE = "delete from memberships where group_id = $1 and person_id = $2";
    NO_LONGER_WORKER = "update memberships set role = 'observer' where person_id = $1 and role = 'worker'";
    NAMES_OF = "select g.id, g.slug, g.name, m.role, m.joined_at from memberships m join groups g on g.id = m.group_id \
                where m.person_id = $1 order by g.name, g.id";
    LEAVE_ALL = "delete from memberships where person_id = $1";
    COUNT_PARTAKERS = "select cast(count(*) as bigint) from memberships m join people p on p.id = m.person_id \
                       where m.group_id = $1 and m.role in ('member', 'lead') and p.active";
    // Taken before a rule about who is left is checked, so that two workers cannot take each other out at once.
    HOLD = "update groups set made_at = made_at where id = $1";
    OTHER_WORKERS = "select cast(count(*) as bigint) from memberships m join people p on p.id = m.person_id \
                     where m.group_id = $1 and m.person_id <> $2 and m.role = 'worker' and p.active and p.deleted_at is null";
    JOINABLE = "select p.id, p.name, p.role, p.made_at from people p where p.active and p.deleted_at is null and not exists \
                (select 1 from memberships m where m.group_id = $1 and m.person_id = p.id) order by p.name, p.id";
}

/// Somebody who could be put into a group.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct JoinableRow {
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// Their role in the organisation.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// When they were made: two people can have one name.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
}

/// A group as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct GroupRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Its kind.
    #[sqlx(try_from = "String")]
    pub kind: GroupKind,
    /// Who may know of it.
    #[sqlx(try_from = "String")]
    pub visibility: Visibility,
    /// Its colour and pattern.
    #[sqlx(try_from = "String")]
    pub colour: GroupColour,
    /// Its symbol: an OpenMoji code.
    pub symbol: String,
    /// How words are checked.
    #[sqlx(try_from = "String")]
    pub checking: Checking,
    /// The small-number setting of the group; never lower than the organisation's.
    pub threshold: i64,
    /// Where it is hidden: its members may keep its designs on their own devices.
    pub on_devices: bool,
}

/// One person in a group.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MemberRow {
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub person_id: PersonId,
    /// The name others see.
    pub name: String,
    /// Their role in the organisation.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Their role in the group.
    #[sqlx(try_from = "String")]
    pub group_role: GroupRole,
    /// May sign in.
    pub active: bool,
}

/// Adds a group.
///
/// # Errors
/// [`StoreError::Taken`] (`groups_slug`) when the address is taken: make another random part.
pub async fn insert(tx: &mut Tx, g: &GroupRow, now: Moment) -> Result<(), StoreError> {
    ask!(tx, INSERT, g.id.0, &g.slug, &g.name, &g.purpose, g.kind.name(), g.visibility.name(), g.colour.name(), &g.symbol,
        g.checking.name(), g.threshold, g.on_devices, now.0; run)?;
    Ok(())
}

/// The group at an address.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find_by_slug(tx: &mut Tx, slug: &str) -> Result<Option<GroupRow>, StoreError> {
    ask!(tx, FIND_BY_SLUG, slug; optional GroupRow)
}

/// One group.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: GroupId) -> Result<Option<GroupRow>, StoreError> {
    ask!(tx, FIND, id.0; optional GroupRow)
}

/// Every group, by name. The caller leaves out what may not be known.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<GroupRow>, StoreError> {
    ask!(tx, ALL; all GroupRow)
}

/// Changes a group; its address stays.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn update(tx: &mut Tx, g: &GroupRow) -> Result<u64, StoreError> {
    ask!(tx, UPDATE, g.id.0, &g.name, &g.purpose, g.kind.name(), g.visibility.name(), g.colour.name(), &g.symbol,
        g.checking.name(), g.threshold, g.on_devices; run)
}

/// Who is in a group, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn members(tx: &mut Tx, group: GroupId) -> Result<Vec<MemberRow>, StoreError> {
    ask!(tx, MEMBERS, group.0; all MemberRow)
}

/// Puts somebody into a group.
///
/// # Errors
/// [`StoreError::Taken`] when they are in it already.
pub async fn join(
    tx: &mut Tx,
    group: GroupId,
    person: PersonId,
    role: GroupRole,
    now: Moment,
) -> Result<(), StoreError> {
    ask!(tx, JOIN, group.0, person.0, role.name(), now.0; run)?;
    Ok(())
}

/// Changes somebody's role in a group; 0 when they are not in it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_role(tx: &mut Tx, group: GroupId, person: PersonId, role: GroupRole) -> Result<u64, StoreError> {
    ask!(tx, SET_ROLE, group.0, person.0, role.name(); run)
}

/// Takes somebody out of a group; 0 when they are not in it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn leave(tx: &mut Tx, group: GroupId, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, LEAVE, group.0, person.0; run)
}

/// Somebody who is no longer staff only reads in the groups they worked in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn no_longer_worker(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, NO_LONGER_WORKER, person.0; run)
}

/// A group somebody is in, as they see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OwnGroupRow {
    /// The group.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Their role in it.
    #[sqlx(try_from = "String")]
    pub role: GroupRole,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub joined_at: Moment,
}

/// The groups somebody is in, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn own_groups(tx: &mut Tx, person: PersonId) -> Result<Vec<OwnGroupRow>, StoreError> {
    ask!(tx, NAMES_OF, person.0; all OwnGroupRow)
}

/// Takes somebody out of every group.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn leave_all(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    ask!(tx, LEAVE_ALL, person.0; run)
}

/// How many take part in a group (members and leads who may sign in).
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn partakers(tx: &mut Tx, group: GroupId) -> Result<PeopleCount, StoreError> {
    Ok(ask!(tx, COUNT_PARTAKERS, group.0; scalar i64)?.into())
}

/// Holds a group until the end of the transaction: whoever changes who is in it comes one after the other.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold(tx: &mut Tx, group: GroupId) -> Result<u64, StoreError> {
    ask!(tx, HOLD, group.0; run)
}

/// How many workers who may sign in a group has besides this person. Staff, so not a small-numbers matter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn other_workers(tx: &mut Tx, group: GroupId, person: PersonId) -> Result<PeopleCount, StoreError> {
    Ok(ask!(tx, OTHER_WORKERS, group.0, person.0; scalar i64)?.into())
}

/// Everybody who may sign in and is not in a group, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn joinable(tx: &mut Tx, group: GroupId) -> Result<Vec<JoinableRow>, StoreError> {
    ask!(tx, JOINABLE, group.0; all JoinableRow)
}
