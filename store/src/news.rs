//! Carrying news between instances: PostgreSQL's LISTEN and NOTIFY. SQLite has one instance, and nothing to carry.

use sqlx::postgres::PgListener;

use crate::{Store, StoreError, Tx};

/// The channel. PostgreSQL only; what it carries holds ids and nothing else.
const CHANNEL: &str = "tandem";
/// PostgreSQL only: delivered when the transaction commits, and never when it does not.
const NOTIFY_POSTGRES: &str = "select pg_notify('tandem', $1)";

/// Says `payload` to every instance when this transaction commits. Gives whether anything was said: on SQLite there is
/// nobody else.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn notify(tx: &mut Tx, payload: &str) -> Result<bool, StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(false),
        Tx::Postgres(t) => {
            crate::trace::record(NOTIFY_POSTGRES);
            sqlx::query(NOTIFY_POSTGRES).bind(payload).execute(&mut **t).await?;
            Ok(true)
        }
    }
}

/// One connection that hears what other instances say.
#[derive(Debug)]
pub struct Listener(PgListener);

/// What a listener heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Somebody said this.
    Said(String),
    /// The connection was lost: what was said meanwhile was not heard.
    Lost,
}

impl Store {
    /// Starts to listen; `None` on SQLite.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be reached.
    pub async fn listen(&self) -> Result<Option<Listener>, StoreError> {
        let Self::Postgres(pool) = self else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Listener(listener)))
    }
}

impl Listener {
    /// Waits for the next thing that is said.
    ///
    /// # Errors
    /// [`StoreError`] when the connection cannot be had again: listen anew after a while.
    pub async fn next(&mut self) -> Result<Heard, StoreError> {
        Ok(match self.0.try_recv().await? {
            Some(said) => Heard::Said(said.payload().to_owned()),
            None => Heard::Lost,
        })
    }
}
