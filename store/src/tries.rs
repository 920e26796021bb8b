//! Tries: counted before they are judged, so that however many come at once, no more are judged than may be.

use domain::moment::Moment;

use crate::{StoreError, Tx};

statements! {
    // One statement takes the try and says when the next may come: of many at once, each sees what the one before left.
    // The first `$5` in a row are free; after that the wait grows by `$6`, up to `$7`.
    TAKE = "insert into tries (kind, key_hash, times, last_at, free_at) values ($1, $2, 1, $3, $3) \
            on conflict (kind, key_hash) do update set \
            times = case when tries.last_at < $4 then 1 else tries.times + 1 end, \
            last_at = $3, \
            free_at = case when tries.last_at < $4 or tries.times < $5 - 1 then $3 \
            when (tries.times - $5 + 2) * $6 < $7 then $3 + (tries.times - $5 + 2) * $6 \
            else $3 + $7 end \
            where tries.free_at <= $3 returning times";
    FREE_AT = "select free_at from tries where kind = $1 and key_hash = $2";
    GIVE_BACK = "update tries set times = times - 1, free_at = $3 where kind = $1 and key_hash = $2 and times > 0";
    FORGET = "delete from tries where kind = $1 and key_hash = $2";
    NOTE_FROM = "insert into signed_in_from (key_hash, last_at) values ($1, $2) \
                 on conflict (key_hash) do update set last_at = $2";
    IS_FROM = "select cast(count(*) as bigint) from signed_in_from where key_hash = $1";
    SWEEP = "delete from tries where last_at < $1";
    SWEEP_FROM = "delete from signed_in_from where last_at < $1";
}

/// How often something may be tried in a row.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// So many without a wait.
    pub free: i64,
    /// By so much the wait grows with every further one (microseconds).
    pub step: i64,
    /// The longest wait.
    pub most: i64,
    /// After so long without a try the count starts again; longer than `most`.
    pub forgotten: i64,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It may be judged: the how manieth in a row it is.
    Try(i64),
    /// Not before this moment. Nothing was counted.
    Wait(Moment),
}

/// Takes a try of a kind under a keyed hash.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut Tx, kind: &str, key: &[u8; 32], pace: Pace, now: Moment) -> Result<Taken, StoreError> {
    let Pace { free, step, most, forgotten } = pace;
    let from = now.plus(-forgotten).0;
    let times = ask!(tx, TAKE, kind, key.as_slice(), now.0, from, free, step, most; maybe_scalar i64)?;
    match times {
        Some(times) => Ok(Taken::Try(times)),
        None => Ok(Taken::Wait(free_at(tx, kind, key).await?.unwrap_or(now))),
    }
}

/// From when the next try may come.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn free_at(tx: &mut Tx, kind: &str, key: &[u8; 32]) -> Result<Option<Moment>, StoreError> {
    Ok(ask!(tx, FREE_AT, kind, key.as_slice(); maybe_scalar i64)?.map(Moment))
}

/// Gives one try back that was right, and its wait.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn give_back(tx: &mut Tx, kind: &str, key: &[u8; 32], now: Moment) -> Result<(), StoreError> {
    ask!(tx, GIVE_BACK, kind, key.as_slice(), now.0; run)?;
    Ok(())
}

/// Starts a count again.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(tx: &mut Tx, kind: &str, key: &[u8; 32]) -> Result<(), StoreError> {
    ask!(tx, FORGET, kind, key.as_slice(); run)?;
    Ok(())
}

/// Notes that somebody signed in with a name from a place, both in one keyed hash.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn note_from(tx: &mut Tx, key: &[u8; 32], now: Moment) -> Result<(), StoreError> {
    ask!(tx, NOTE_FROM, key.as_slice(), now.0; run)?;
    Ok(())
}

/// Whether somebody did, not too long ago.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_from(tx: &mut Tx, key: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(ask!(tx, IS_FROM, key.as_slice(); scalar i64)? > 0)
}

/// Removes what no longer counts.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<(), StoreError> {
    ask!(tx, SWEEP, now.plus(-Moment::DAY).0; run)?;
    ask!(tx, SWEEP_FROM, now.plus(-90 * Moment::DAY).0; run)?;
    Ok(())
}
