//! The organisation's settings: names and values.

use crate::{StoreError, Tx};

statements! {
    ALL = "select name, value from settings order by name";
    SET = "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
}

/// Every setting that was ever changed from its default.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    ask!(tx, ALL; all (String, String))
}

/// Sets one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    ask!(tx, SET, name, value; run)?;
    Ok(())
}
