//! The two engines: opening, transactions, migrations.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

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
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Away(e),
            // 57P01: administrator shutdown, 57P03: starting up.
            sqlx::Error::Database(d) if d.code().is_some_and(|c| c.starts_with("57P")) => Self::Away(e),
            _ => Self::Other(e),
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

impl Store {
    /// Opens the database at `url` (`sqlite:FILE` or `postgres://…`) without touching its tables.
    ///
    /// # Errors
    /// [`StoreError`] when the address cannot be read or the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            let options = sqlite_options(url)?;
            let path = options.get_filename().to_path_buf();
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .acquire_timeout(Duration::from_secs(20))
                .connect_with(options.clone())
                .await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(8)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(20))
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
