//! Real databases for tests, on both engines: included by the tests of every crate with `#[path]`.
//!
//! SQLite: a file in a temporary folder. PostgreSQL: a database of its own, copied from a template that has the tables,
//! on the server that `TANDEM_TEST_POSTGRES` names (`make test` starts one). Without that variable PostgreSQL is left
//! out, and the test says so.

#![allow(
    clippy::allow_attributes,
    clippy::disallowed_methods,
    dead_code,
    clippy::print_stdout,
    reason = "each test file uses its own part of this"
)]

pub mod work;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, Executor as _, PgConnection};
use store::Store;
use tokio::sync::OnceCell;

static NUMBER: AtomicU32 = AtomicU32::new(0);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A database that goes away with this value.
pub struct TestDb {
    /// `sqlite` or `postgres`: name it in messages.
    pub engine: &'static str,
    /// The address to open it with.
    pub url: String,
    /// It, open and with its tables.
    pub store: Store,
    folder: Option<PathBuf>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn name(kind: &str) -> String {
    format!("tandem_{kind}_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Says that something is not tested here, and why: on the screen, and to `make test`, which counts it.
pub fn left_out(words: &str) {
    println!("{words}");
    if let Ok(file) = std::env::var("TANDEM_LEFT_OUT") {
        use std::io::Write as _;
        let to = std::fs::OpenOptions::new().create(true).append(true).open(file);
        to.and_then(|mut f| f.write_all(format!("{words}\n").as_bytes())).expect("written");
    }
}

/// A fresh SQLite database.
pub async fn sqlite() -> TestDb {
    let folder = std::env::temp_dir().join(name("test"));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let url = format!("sqlite:{}", folder.join("tandem.db").display());
    let store = Store::open(&url).await.expect("SQLite opens");
    store.migrate().await.expect("the tables are made");
    TestDb { engine: "sqlite", url, store, folder: Some(folder) }
}

/// A place for an SQLite file that is not there yet.
pub fn empty_sqlite() -> PathBuf {
    let folder = std::env::temp_dir().join(name("copy"));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder.join("tandem.db")
}

/// Opens an SQLite file that has its tables; its folder goes away with the value.
pub async fn open_sqlite(file: &std::path::Path) -> TestDb {
    let url = format!("sqlite:{}", file.display());
    let store = Store::open(&url).await.expect("SQLite opens");
    TestDb { engine: "sqlite", url, store, folder: file.parent().map(std::path::Path::to_path_buf) }
}

fn with_database(url: &str, database: &str) -> String {
    let (before, options) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = before.rsplit_once('/').expect("an address with a database");
    format!("{server}/{database}?{options}")
}

/// A fresh PostgreSQL database, or `None` (said aloud) where no server is given.
pub async fn postgres() -> Option<TestDb> {
    let Ok(base) = std::env::var("TANDEM_TEST_POSTGRES") else {
        left_out("skipped on PostgreSQL: TANDEM_TEST_POSTGRES is not set (make test sets it)");
        return None;
    };
    let template = TEMPLATE
        .get_or_init(|| async {
            let template = name("template");
            let mut server = PgConnection::connect(&base).await.expect("the PostgreSQL server answers");
            server
                .execute(sqlx::AssertSqlSafe(format!("drop database if exists {template}")))
                .await
                .expect("a free name");
            server.execute(sqlx::AssertSqlSafe(format!("create database {template}"))).await.expect("a template");
            let store = Store::open(&with_database(&base, &template)).await.expect("PostgreSQL opens");
            store.migrate().await.expect("the tables are made");
            store.close().await;
            template
        })
        .await;
    let database = name("test");
    let mut server = PgConnection::connect(&base).await.expect("the PostgreSQL server answers");
    // A server that outlives a run meets the same process number again one day.
    server.execute(sqlx::AssertSqlSafe(format!("drop database if exists {database}"))).await.expect("a free name");
    let sql = format!("create database {database} template {template}");
    server.execute(sqlx::AssertSqlSafe(sql)).await.expect("a database");
    let url = with_database(&base, &database);
    let store = Store::open(&url).await.expect("PostgreSQL opens");
    Some(TestDb { engine: "postgres", url, store, folder: None })
}

/// A PostgreSQL database that a test made itself.
pub fn of(url: &str, store: Store) -> TestDb {
    TestDb { engine: "postgres", url: url.to_owned(), store, folder: None }
}

/// A fresh database on each engine there is.
pub async fn both() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    all.extend(postgres().await);
    all
}
