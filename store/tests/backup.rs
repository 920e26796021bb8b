//! What is checked before an SQLite file takes the place of the database.

mod support;

use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use store::backup::{BadCopy, check};
use support::TestDb;

/// A database of ours that nobody has open, and its file.
async fn closed() -> (TestDb, PathBuf) {
    let db = support::sqlite().await;
    db.store.close().await;
    let file = PathBuf::from(db.url.trim_start_matches("sqlite:").split('?').next().unwrap_or_default());
    assert!(file.is_file(), "{}", db.url);
    (db, file)
}

async fn run(file: &PathBuf, sql: &'static str) {
    let mut db = SqliteConnectOptions::new().filename(file).connect().await.expect("it opens");
    sqlx::raw_sql(sql).execute(&mut db).await.expect(sql);
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_database_of_ours_is_good() {
    let (_db, file) = closed().await;
    assert_eq!(check(&file).await, Ok(store::moving::newest_migration()));
    // What SQLite keeps for itself when somebody looks for better plans is no harm.
    run(&file, "analyze").await;
    assert_eq!(check(&file).await, Ok(store::moving::newest_migration()));
}

#[tokio::test]
async fn what_no_migration_of_ours_makes_is_refused() {
    for (kind, name, sql) in [
        (
            "trigger",
            "quiet",
            "create trigger quiet after insert on people begin update people set role = 'administrator'; end",
        ),
        ("view", "v", "create view v as select * from people"),
        ("table", "t", "create table t (id integer)"),
        ("index", "i", "create index i on people (name)"),
        (
            "trigger",
            "audit_no_delete",
            "drop trigger audit_no_delete; create trigger audit_no_delete before delete on audit begin select 1; end",
        ),
        ("trigger", "late", "create trigger late after insert on _sqlx_migrations begin delete from people; end"),
    ] {
        let (_db, file) = closed().await;
        run(&file, sql).await;
        assert_eq!(check(&file).await, Err(BadCopy::Foreign(kind.to_owned(), name.to_owned())), "{sql}");
    }
}
