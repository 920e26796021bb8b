//! The audit log: staff acts, only ever added, each row chained to the one before by its hash.

use domain::ids::PersonId;
use domain::moment::Moment;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    // PostgreSQL has several writers; the chain has one end. The lock lasts until the transaction ends.
    LAST = "select seq, hash from audit order by seq desc limit 1";
    INSERT = "insert into audit (seq, made_at, actor_id, verb, object_kind, object_id, detail, before_hash, hash) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    AFTER = "select seq, made_at, actor_id, verb, object_kind, object_id, detail, before_hash, hash from audit \
             where seq > $1 order by seq limit $2";
    BEFORE = "select seq, made_at, actor_id, verb, object_kind, object_id, detail, before_hash, hash from audit \
              where seq < $1 order by seq desc limit $2";
}
/// PostgreSQL only: one writer of the chain at a time, until the transaction ends.
const LOCK_POSTGRES: &str = "select pg_advisory_xact_lock(7041776)";

/// One line of the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditRow {
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// When.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// Who; nobody for the system.
    pub actor_id: Option<Uuid>,
    /// What they did.
    pub verb: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which.
    pub object_id: String,
    /// Names of fields and states.
    pub detail: String,
    /// The hash of the row before; 32 zero bytes for the first.
    pub before_hash: Vec<u8>,
    /// The hash of this row.
    pub hash: Vec<u8>,
}

/// The end of the chain: number and hash of the last row. Holds the chain until the transaction ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn last(tx: &mut Tx) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    if let Tx::Postgres(t) = tx {
        crate::trace::record(LOCK_POSTGRES);
        sqlx::query(LOCK_POSTGRES).execute(&mut **t).await?;
    }
    ask!(tx, LAST; optional (i64, Vec<u8>))
}

/// Adds a row.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, row: &AuditRow) -> Result<(), StoreError> {
    ask!(tx, INSERT, row.seq, row.made_at.0, row.actor_id, &row.verb, &row.object_kind, &row.object_id, &row.detail,
        &row.before_hash, &row.hash; run)?;
    Ok(())
}

/// Up to `limit` rows after number `seq`, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    ask!(tx, AFTER, seq, limit; all AuditRow)
}

/// Up to `limit` rows before number `seq`, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn before(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    ask!(tx, BEFORE, seq, limit; all AuditRow)
}

/// Who an act of the log is by, for a row to be hashed.
pub fn actor(person: Option<PersonId>) -> Option<Uuid> {
    person.map(|p| p.0)
}
