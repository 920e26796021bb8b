//! The two engines: opening, transactions, migrations.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

pub(crate) static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/sqlite");
pub(crate) static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/postgres");

/// What can go wrong in the database. The cause is for the log only, and holds no text of users.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique column had the value already; the name of the constraint or of the column.
    #[error("already there: {0}")]
    Taken(String),
    /// The database did not answer in time, or is away. Trying again later may work.
    #[error("the database is not reachable")]
    Away(#[source] sqlx::Error),
    /// The disk takes nothing more, or cannot be written. Nothing of the transaction happened.
    #[error("the disk of the database takes nothing more")]
    Full(#[source] sqlx::Error),
    /// The address of the database cannot be read.
    #[error("DATABASE_URL must start with sqlite: or postgres:")]
    Address,
    /// Anything else.
    #[error("database")]
    Other(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("migration")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        match &e {
            sqlx::Error::Database(d) if d.is_unique_violation() => {
                // PostgreSQL names the constraint; SQLite names the columns in its message.
                let name = d.constraint().map_or_else(
                    || d.message().rsplit_once(": ").map_or("", |(_, columns)| columns).replace('.', "_"),
                    str::to_owned,
                );
                Self::Taken(name)
            }
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::BeginFailed
            | sqlx::Error::WorkerCrashed => Self::Away(e),
            sqlx::Error::Database(d) => match d.code().map_or(Trouble::Other, |code| trouble(&code)) {
                Trouble::Away => Self::Away(e),
                Trouble::Full => Self::Full(e),
                Trouble::Other => Self::Other(e),
            },
            _ => Self::Other(e),
        }
    }
}

/// What a code of either engine means for whoever waits.
#[derive(Debug, PartialEq, Eq)]
enum Trouble {
    /// Trying again later may work.
    Away,
    /// Somebody must look after the disk.
    Full,
    Other,
}

/// SQLite's codes are numbers (the low byte is the kind), PostgreSQL's have five signs.
fn trouble(code: &str) -> Trouble {
    if code.len() == 5 {
        return match code {
            // disk_full, io_error
            "53100" | "58030" => Trouble::Full,
            // out_of_memory, too_many_connections, read_only_sql_transaction (another server has taken over),
            // serialization_failure, deadlock_detected, lock_not_available
            "53200" | "53300" | "25006" | "40001" | "40P01" | "55P03" => Trouble::Away,
            // 08: the connection; 57P: shut down, crashed, starting up.
            _ if code.starts_with("08") || code.starts_with("57P") => Trouble::Away,
            _ => Trouble::Other,
        };
    }
    match code.parse::<u32>().map(|n| n & 0xff) {
        // BUSY, LOCKED
        Ok(5 | 6) => Trouble::Away,
        // READONLY, IOERR, FULL
        Ok(8 | 10 | 13) => Trouble::Full,
        _ => Trouble::Other,
    }
}

impl StoreError {
    /// What kind of error it is, for a log: the engine's code and the names of our own tables and constraints. Never the
    /// engine's sentence, which may quote a row.
    pub fn kind(&self) -> String {
        let of = |e: &sqlx::Error| match e {
            sqlx::Error::Database(d) => {
                let code = d.code().unwrap_or_default();
                [Some("code"), Some(&*code), d.table(), d.constraint()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            sqlx::Error::Io(e) => format!("connection {:?}", e.kind()),
            sqlx::Error::PoolTimedOut => "no connection in time".to_owned(),
            sqlx::Error::PoolClosed => "closed".to_owned(),
            sqlx::Error::RowNotFound => "no row".to_owned(),
            sqlx::Error::ColumnDecode { index, .. } => format!("column {index} cannot be read"),
            sqlx::Error::ColumnNotFound(name) => format!("there is no column {name}"),
            sqlx::Error::Decode(_) => "a value cannot be read".to_owned(),
            sqlx::Error::Protocol(_) => "protocol".to_owned(),
            sqlx::Error::Tls(_) => "TLS".to_owned(),
            sqlx::Error::WorkerCrashed => "the worker crashed".to_owned(),
            sqlx::Error::BeginFailed | sqlx::Error::InvalidSavePointStatement => "no transaction begins".to_owned(),
            _ => "other".to_owned(),
        };
        match self {
            Self::Taken(name) => format!("taken: {name}"),
            Self::Away(e) | Self::Full(e) | Self::Other(e) => of(e),
            Self::Address => "address".to_owned(),
            Self::Migrate(_) => "migration".to_owned(),
        }
    }
}

/// An open database: many readers, and on SQLite one writer.
#[derive(Debug, Clone)]
pub enum Store {
    /// Inside the program, one file.
    Sqlite {
        /// One connection: SQLite has one writer, and a queue in front of it is fairer than its busy loop.
        writer: SqlitePool,
        /// Several connections that only read.
        readers: SqlitePool,
        /// Where the file is.
        path: PathBuf,
    },
    /// A server, shared by several instances.
    Postgres(PgPool),
}

/// A transaction on one of the engines. Dropped without [`Tx::commit`] it never happened.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str(url)
        .map_err(StoreError::from)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: what was acknowledged survives a power cut, not only a crash of the program.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Words taken away are overwritten on disk, not only unlinked.
        .pragma("secure_delete", "on")
        .busy_timeout(Duration::from_secs(10)))
}

/// Makes the file of a new database, so that nobody else on the computer may read it: SQLite gives the files beside it the
/// same rights. Where that fails, opening says why.
fn keep_private(path: &Path) {
    #[cfg(unix)]
    if !path.as_os_str().is_empty() && path != Path::new(":memory:") {
        use std::os::unix::fs::OpenOptionsExt as _;
        let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Whether a connection can begin a transaction. When the disk is full SQLite ends the transaction by itself; sqlx's own
/// rollback then fails, and it believes for ever that one is open. Such a connection is closed and another one opened.
fn is_fit(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}

impl Store {
    /// Opens the database at `url` (`sqlite:FILE` or `postgres://…`) without touching its tables.
    ///
    /// # Errors
    /// [`StoreError`] when the address cannot be read or the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            let options = sqlite_options(url)?;
            let path = options.get_filename().to_path_buf();
            keep_private(&path);
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .acquire_timeout(Duration::from_secs(20))
                .before_acquire(|connection, _| Box::pin(async move { Ok(is_fit(connection)) }))
                .connect_with(options.clone())
                .await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(8)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(20))
                .before_acquire(|connection, _| Box::pin(async move { Ok(is_fit(connection)) }))
                .connect_with(options)
                .await?;
            Ok(Self::Sqlite { writer, readers, path })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(PgConnectOptions::from_str(url).map_err(StoreError::from)?)
                .await?;
            Ok(Self::Postgres(pool))
        } else {
            Err(StoreError::Address)
        }
    }

    /// Brings the tables up to date. Safe to call from several instances at once.
    ///
    /// # Errors
    /// [`StoreError::Migrate`] when a migration fails; what it had done is undone.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, .. } => SQLITE_MIGRATIONS.run(writer).await?,
            Self::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// A transaction that will write.
    ///
    /// # Errors
    /// [`StoreError::Away`] when no connection is free in time.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            // IMMEDIATE: take the write lock now, so that reading first and writing later cannot fail half-way.
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that only reads, and sees one moment of the database.
    ///
    /// # Errors
    /// [`StoreError::Away`] when no connection is free in time.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// Which engine this is, in one word for the log and for `tandem doctor`.
    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// The file of an SQLite database.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { path, .. } => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Closes every connection, after those in use are given back.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything in this transaction last.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses or went away; then nothing of it happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(t) => t.commit().await?,
            Self::Postgres(t) => t.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Trouble, trouble};

    #[test]
    fn codes_of_both_engines_say_who_must_act() {
        for wait in ["5", "261", "517", "6", "57P01", "57P03", "08006", "40001", "53300"] {
            assert_eq!(trouble(wait), Trouble::Away, "{wait}");
        }
        for disk in ["13", "10", "778", "8", "53100"] {
            assert_eq!(trouble(disk), Trouble::Full, "{disk}");
        }
        for ours in ["1", "19", "787", "23503", "42703", ""] {
            assert_eq!(trouble(ours), Trouble::Other, "{ours}");
        }
    }
}
