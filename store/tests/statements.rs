//! Every statement is one that both engines can prepare, and both engines have the same tables.

mod support;

use std::collections::BTreeMap;

use sqlx::{Executor as _, SqlSafeStr as _};
use store::{Store, statements};

#[tokio::test]
async fn every_statement_prepares_on_both_engines() {
    let all = statements();
    assert!(all.len() > 50, "the list of statements is empty: {}", all.len());
    for db in support::both().await {
        for (file, name, sql) in &all {
            let problem = match &db.store {
                Store::Sqlite { writer, .. } => writer.prepare(sql.into_sql_str()).await.err(),
                Store::Postgres(pool) => pool.prepare(sql.into_sql_str()).await.err(),
            };
            assert!(problem.is_none(), "{file}::{name} on {}: {problem:?}", db.engine);
        }
    }
}

/// Table → columns, as the engine itself tells.
async fn layout(store: &Store) -> BTreeMap<String, Vec<String>> {
    let rows: Vec<(String, String)> = match store {
        Store::Sqlite { writer, .. } => sqlx::query_as(
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' \
             and m.name not like 'sqlite_%' order by m.name, c.name",
        )
        .fetch_all(writer)
        .await
        .expect("SQLite tells its tables"),
        Store::Postgres(pool) => sqlx::query_as(
            "select table_name::text, column_name::text from information_schema.columns \
             where table_schema = 'public' order by 1, 2",
        )
        .fetch_all(pool)
        .await
        .expect("PostgreSQL tells its tables"),
    };
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        out.entry(table).or_default().push(column);
    }
    for columns in out.values_mut() {
        columns.sort();
    }
    out.remove("_sqlx_migrations");
    out
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let Some(postgres) = support::postgres().await else { return };
    let sqlite = support::sqlite().await;
    assert_eq!(layout(&sqlite.store).await, layout(&postgres.store).await);
}

/// What `store::moving` reads from the migrations is what both engines have: every table, every column, in both places.
#[tokio::test]
async fn moving_knows_every_table_and_column() {
    for db in support::both().await {
        let mut read = BTreeMap::new();
        for table in store::moving::tables() {
            let mut columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
            columns.sort();
            read.insert(table.name.clone(), columns);
        }
        assert_eq!(read, layout(&db.store).await, "{}", db.engine);
    }
}

/// And of the kinds it thinks they are.
#[tokio::test]
async fn moving_knows_the_kind_of_every_column() {
    use store::moving::Kind;
    let Some(db) = support::postgres().await else { return };
    let Store::Postgres(pool) = &db.store else { return };
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text, data_type::text, is_nullable::text \
         from information_schema.columns where table_schema = 'public' and table_name <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .expect("PostgreSQL tells its columns");
    for (table, column, kind, nullable) in rows {
        let known = store::moving::tables().iter().find(|t| t.name == table).expect("a table");
        let known = known.columns.iter().find(|c| c.name == column).expect("a column");
        let name = match known.kind {
            Kind::Text => "text",
            Kind::Whole => "bigint",
            Kind::Truth => "boolean",
            Kind::Id => "uuid",
            Kind::Bytes => "bytea",
        };
        assert_eq!(kind, name, "{table}.{column}");
        assert_eq!(nullable == "YES", known.nullable, "{table}.{column}");
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let of = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("a file").file_name()).collect();
        names.sort();
        names
    };
    assert!(!of("sqlite").is_empty());
    assert_eq!(of("sqlite"), of("postgres"));
}
