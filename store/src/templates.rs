//! Ways to start a design that staff made: a name and the headings of the sections it begins with.

use domain::ids::{PersonId, TemplateId};
use domain::moment::Moment;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    INSERT = "insert into templates (id, name, headings, made_at, made_by, changed_at) values ($1, $2, $3, $4, $5, $4)";
    ALL = "select id, name, headings, changed_at from templates where removed_at is null order by name, id";
    FIND = "select id, name, headings, changed_at from templates where id = $1 and removed_at is null";
    // Only what was read.
    SET = "update templates set name = $2, headings = $3, changed_at = $4 where id = $1 and removed_at is null and changed_at = $5";
    REMOVE = "update templates set removed_at = $2 where id = $1 and removed_at is null";
}

/// A way to start a design.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TemplateRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: TemplateId,
    /// What it is called.
    pub name: String,
    /// Its headings, one in each line.
    pub headings: String,
    /// When it was last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Moment,
}

/// Adds one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut Tx,
    id: TemplateId,
    (name, headings): (&str, &str),
    at: Moment,
    by: PersonId,
) -> Result<(), StoreError> {
    ask!(tx, INSERT, id.0, name, headings, at.0, by.0; run)?;
    Ok(())
}

/// All of them, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<TemplateRow>, StoreError> {
    ask!(tx, ALL; all TemplateRow)
}

/// One of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: TemplateId) -> Result<Option<TemplateRow>, StoreError> {
    ask!(tx, FIND, id.0; optional TemplateRow)
}

/// Writes one anew; 0 when it is gone, or was changed since `seen`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set(
    tx: &mut Tx,
    id: TemplateId,
    (name, headings): (&str, &str),
    now: Moment,
    seen: Moment,
) -> Result<u64, StoreError> {
    ask!(tx, SET, id.0, name, headings, now.0, seen.0; run)
}

/// Takes one away; 0 when it is gone.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut Tx, id: TemplateId, at: Moment) -> Result<u64, StoreError> {
    ask!(tx, REMOVE, id.0, at.0; run)
}
