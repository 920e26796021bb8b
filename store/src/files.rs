//! Uploaded files, by the SHA-256 of what is in them, in chunks.

use domain::moment::Moment;

use crate::{StoreError, Tx};

statements! {
    FIND = "select size from files where hash = $1";
    INSERT = "insert into files (hash, media_type, size, made_at) values ($1, $2, $3, $4)";
    INSERT_CHUNK = "insert into file_chunks (hash, n, bytes) values ($1, $2, $3)";
    // Nothing shows it any more.
    DROP_CHUNKS = "delete from file_chunks where hash = $1 and not exists (select 1 from picture_widths w where w.file = $1)";
    DROP = "delete from files where hash = $1 and not exists (select 1 from picture_widths w where w.file = $1)";
    // Of what was never shown, because it was refused or the program ended in between.
    SWEEP_CHUNKS = "delete from file_chunks where hash in (select f.hash from files f where f.made_at < $1 \
                    and not exists (select 1 from picture_widths w where w.file = f.hash))";
    SWEEP = "delete from files where made_at < $1 and not exists (select 1 from picture_widths w where w.file = files.hash)";
    CHUNK = "select bytes from file_chunks where hash = $1 and n = $2";
}

/// Bytes of one chunk; the last one of a file may be shorter.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// How many bytes a file has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn size(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<i64>, StoreError> {
    ask!(tx, FIND, hash.as_slice(); maybe_scalar i64)
}

/// Adds a file, all of it.
///
/// # Errors
/// [`StoreError::Taken`] when it is there already.
pub async fn insert(
    tx: &mut Tx,
    hash: &[u8; 32],
    media_type: &str,
    bytes: &[u8],
    now: Moment,
) -> Result<(), StoreError> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    ask!(tx, INSERT, hash.as_slice(), media_type, size, now.0; run)?;
    insert_chunks(tx, hash, bytes).await
}

/// Adds what is in a file whose own row is there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_chunks(tx: &mut Tx, hash: &[u8; 32], bytes: &[u8]) -> Result<(), StoreError> {
    for (n, chunk) in (0_i64..).zip(bytes.chunks(CHUNK_BYTES)) {
        ask!(tx, INSERT_CHUNK, hash.as_slice(), n, chunk; run)?;
    }
    Ok(())
}

/// One chunk of a file, counted from 0; `None` after the last.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn chunk(tx: &mut Tx, hash: &[u8; 32], n: i64) -> Result<Option<Vec<u8>>, StoreError> {
    ask!(tx, CHUNK, hash.as_slice(), n; maybe_scalar Vec<u8>)
}

/// Takes a file away, unless something shows it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove_unused(tx: &mut Tx, hash: &[u8; 32]) -> Result<(), StoreError> {
    ask!(tx, DROP_CHUNKS, hash.as_slice(); run)?;
    ask!(tx, DROP, hash.as_slice(); run)?;
    Ok(())
}

/// Takes away every file that is older than `before` and that nothing shows.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sweep(tx: &mut Tx, before: Moment) -> Result<(), StoreError> {
    ask!(tx, SWEEP_CHUNKS, before.0; run)?;
    ask!(tx, SWEEP, before.0; run)?;
    Ok(())
}
