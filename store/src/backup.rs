//! Copies of an SQLite database: made while it is in use, and checked before one is put back. PostgreSQL brings its own
//! tools for this (`pg_dump`, `pg_restore`).

use std::collections::HashSet;
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, SqliteConnection};

use crate::{Store, StoreError};

/// `VACUUM INTO`: one moment of the database, while others read and write.
const COPY: &str = "vacuum into $1";
const INTEGRITY: &str = "pragma integrity_check(1)";
const FOREIGN_KEYS: &str = "select cast(count(*) as bigint) from pragma_foreign_key_check";
const MIGRATION: &str = "select cast(coalesce(max(version), 0) as integer) from _sqlx_migrations where success";
/// Everything that a database is made of, but for what SQLite makes by itself and the list of migrations.
const SCHEMA: &str = "select type, name, coalesce(sql, '') from sqlite_master \
                      where name not like 'sqlite\\_%' escape '\\' and not (type = 'table' and name = '_sqlx_migrations') order by type, name";
const JOURNAL_DELETE: &str = "pragma journal_mode = delete";
/// Who else is in a PostgreSQL database. Whose a connection is and what it does is hidden from some; that it is there is not.
const OTHERS: &str = "select cast(count(*) as bigint) from pg_stat_activity where datname = current_database() \
                      and pid <> pg_backend_pid() and coalesce(backend_type, 'client backend') = 'client backend'";
/// How often, and how long apart, is asked whether the others have gone: a connection that was closed is listed a moment more.
const ASKED: (u32, Duration) = (30, Duration::from_millis(100));

/// What is wrong with a file that should be a backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCopy {
    /// Not a database at all.
    #[error("it is not an SQLite database")]
    NotADatabase,
    /// A database, and not one of ours.
    #[error("it is a database, and not one of Tandem")]
    NotOurs,
    /// It has something of its own in it: a trigger there could do anything, later.
    #[error("it has something in it that no Tandem makes: the {0} {1}")]
    Foreign(String, String),
    /// Parts of it are damaged.
    #[error("it is damaged")]
    Damaged,
    /// A newer program made it.
    #[error("a newer Tandem made it (its tables have number {0}, this program knows {1})")]
    Newer(i64, i64),
}

/// Writes a copy of an SQLite database to a file that is not there yet.
///
/// # Errors
/// [`StoreError`] when the file cannot be written.
pub async fn copy(store: &Store, to: &Path) -> Result<(), StoreError> {
    match store {
        Store::Sqlite { readers, .. } => {
            sqlx::query(COPY).bind(to.display().to_string()).execute(readers).await?;
            Ok(())
        }
        Store::Postgres(_) => Err(StoreError::Address),
    }
}

async fn open(file: &Path, read_only: bool) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::from_str("sqlite:")?
        .filename(file)
        .read_only(read_only)
        .busy_timeout(Duration::from_millis(500))
        .connect()
        .await
}

/// Checks a file before it is put in place: gives the number of its last migration.
///
/// # Errors
/// [`BadCopy`]: why it must not be.
pub async fn check(file: &Path) -> Result<i64, BadCopy> {
    let mut db = open(file, true).await.map_err(|_| BadCopy::NotADatabase)?;
    let whole: Result<String, _> = sqlx::query_scalar(INTEGRITY).fetch_one(&mut db).await;
    match whole {
        Ok(answer) if answer == "ok" => {}
        Ok(_) => return Err(BadCopy::Damaged),
        // "file is not a database" has its own code; anything else is damage.
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("26") => return Err(BadCopy::NotADatabase),
        Err(_) => return Err(BadCopy::Damaged),
    }
    let migration: i64 = sqlx::query_scalar(MIGRATION).fetch_one(&mut db).await.map_err(|_| BadCopy::NotOurs)?;
    let broken: i64 = sqlx::query_scalar(FOREIGN_KEYS).fetch_one(&mut db).await.map_err(|_| BadCopy::Damaged)?;
    let known = crate::moving::newest_migration();
    let foreign = if migration <= known { foreign(&mut db, migration).await? } else { None };
    let _ = db.close().await;
    if let Some((kind, name)) = foreign {
        return Err(BadCopy::Foreign(kind, name));
    }
    match (migration, broken) {
        (m, _) if m > known => Err(BadCopy::Newer(m, known)),
        (_, 0) => Ok(migration),
        _ => Err(BadCopy::Damaged),
    }
}

/// The first part of a database that our migrations, up to this number, do not make in just this way: a part too many, or
/// one of ours made otherwise.
async fn foreign(db: &mut SqliteConnection, migration: i64) -> Result<Option<(String, String)>, BadCopy> {
    let damaged = |_: sqlx::Error| BadCopy::Damaged;
    let mut own =
        SqliteConnectOptions::from_str("sqlite::memory:").map_err(damaged)?.connect().await.map_err(damaged)?;
    for one in crate::engine::SQLITE_MIGRATIONS.iter().filter(|m| m.version <= migration) {
        sqlx::raw_sql(one.sql.clone()).execute(&mut own).await.map_err(damaged)?;
    }
    let ours: HashSet<(String, String, String)> =
        sqlx::query_as(SCHEMA).fetch_all(&mut own).await.map_err(damaged)?.into_iter().collect();
    let theirs: Vec<(String, String, String)> = sqlx::query_as(SCHEMA).fetch_all(db).await.map_err(damaged)?;
    Ok(theirs.into_iter().find(|part| !ours.contains(part)).map(|(kind, name, _)| (kind, name)))
}

/// Whether nobody else is connected to a PostgreSQL database: then what is in it may be replaced. Waits a little for those
/// who are just leaving.
///
/// # Errors
/// [`StoreError`] when the server cannot be asked.
pub async fn alone_on_server(url: &str) -> Result<bool, StoreError> {
    let mut db = PgConnection::connect(url).await?;
    for n in 0..ASKED.0 {
        if n > 0 {
            tokio::time::sleep(ASKED.1).await;
        }
        let others: i64 = sqlx::query_scalar(OTHERS).fetch_one(&mut db).await?;
        if others == 0 {
            db.close().await?;
            return Ok(true);
        }
    }
    db.close().await?;
    Ok(false)
}

/// Whether nobody has this database open: then its file may be put aside. Folds the write-ahead log into the file.
pub async fn alone(file: &Path) -> bool {
    let Ok(mut db) = open(file, false).await else { return true };
    // Leaving write-ahead logging needs the file to oneself: SQLite refuses while anybody else is there.
    let mode: Result<String, _> = sqlx::query_scalar(JOURNAL_DELETE).fetch_one(&mut db).await;
    let _ = db.close().await;
    match mode {
        Ok(mode) => mode == "delete",
        // Busy (5), or busy with recovery (261). A damaged file has no journal mode; it may be put aside.
        Err(sqlx::Error::Database(e)) => !e.code().is_some_and(|c| c == "5" || c == "261"),
        Err(_) => true,
    }
}
