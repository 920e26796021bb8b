//! Whole tables, for moving everything from one database to another.
//!
//! Which tables and columns there are is read from the migrations that are inside the program, so a new column is moved
//! without anybody having to think of it. A test compares what is read here with what both engines say.

use std::sync::LazyLock;

use domain::moment::Moment;
use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    MIGRATION = "select cast(coalesce(max(version), 0) as bigint) from _sqlx_migrations";
    OPEN_BALLOT = "select cast(count(*) as bigint) from decisions where form = 'ballot' and opens_at <= $1 \
                   and closes_at > $1 and voided_at is null";
}
/// SQLite only: rows of one table may come before those they point at, until the transaction ends.
const DEFER_SQLITE: &str = "pragma defer_foreign_keys = on";

/// What a column holds, on both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number, or a time.
    Whole,
    /// Yes or no.
    Truth,
    /// A UUID.
    Id,
    /// Bytes.
    Bytes,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// Words.
    Text(String),
    /// A whole number, or a time.
    Whole(i64),
    /// Yes or no.
    Truth(bool),
    /// A UUID.
    Id(Uuid),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub nullable: bool,
}

/// One table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The column that points at another row of the same table.
    own_parent: Option<String>,
    key: Vec<String>,
}

fn kind(word: &str) -> Kind {
    match word {
        "bigint" | "integer" => Kind::Whole,
        "boolean" => Kind::Truth,
        "uuid" => Kind::Id,
        "bytea" => Kind::Bytes,
        _ => Kind::Text,
    }
}

fn read_column(table: &mut Table, line: &str) {
    let mut words = line.split_whitespace();
    let (Some(name), Some(of)) = (words.next(), words.next()) else { return };
    if line.contains("primary key") {
        table.key.push(name.to_owned());
    }
    if line.contains(&format!("references {} ", table.name)) {
        table.own_parent = Some(name.to_owned());
    }
    let nullable = !line.contains("not null");
    table.columns.push(Column { name: name.to_owned(), kind: kind(of.trim_end_matches(',')), nullable });
}

/// Reads `create table` and `alter table … add column` as our migrations write them: one column a line.
fn read(tables: &mut Vec<Table>, sql: &str) {
    let mut open: Option<Table> = None;
    for line in sql.lines() {
        let line = line.split("--").next().unwrap_or("").trim();
        if let Some(name) = line.strip_prefix("create table ").and_then(|l| l.strip_suffix(" (")) {
            open = Some(Table { name: name.to_owned(), columns: Vec::new(), own_parent: None, key: Vec::new() });
        } else if let Some(rest) = line.strip_prefix("alter table ")
            && let Some((name, column)) = rest.split_once(" add column ")
        {
            if let Some(table) = tables.iter_mut().find(|t| t.name == name) {
                read_column(table, column.trim_end_matches(';'));
            }
        } else if line.starts_with(')') {
            tables.extend(open.take());
        } else if let Some(table) = open.as_mut() {
            match line.split_whitespace().next() {
                Some("primary") => {
                    let inside = line.split(['(', ')']).nth(1).unwrap_or("");
                    table.key = inside.split(',').map(|c| c.trim().to_owned()).collect();
                }
                None | Some("constraint" | "unique" | "foreign" | "check") => {}
                Some(_) => read_column(table, line),
            }
        }
    }
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for migration in crate::engine::POSTGRES_MIGRATIONS.iter() {
        read(&mut all, migration.sql.as_str());
    }
    all
});

/// Every table, each after those it points at.
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// The number of the last migration that this program knows.
pub fn newest_migration() -> i64 {
    crate::engine::POSTGRES_MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0)
}

/// The number of the last migration that this database has had.
///
/// # Errors
/// [`StoreError`] when the database fails, or has no tables of ours.
pub async fn migration(tx: &mut Tx) -> Result<i64, StoreError> {
    ask!(tx, MIGRATION; scalar i64)
}

/// Whether a secret ballot is open at `now`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ballot_open(tx: &mut Tx, now: Moment) -> Result<bool, StoreError> {
    Ok(ask!(tx, OPEN_BALLOT, now.0; scalar i64)? > 0)
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Parents before children, then by key: the same order on both engines.
    fn select(&self, postgres: bool) -> String {
        let mut order = Vec::new();
        order.extend(self.own_parent.as_ref().map(|p| format!("case when {p} is null then 0 else 1 end")));
        // PostgreSQL sorts words by its locale unless it is told; bytes are the same everywhere.
        for name in &self.key {
            let text = self.columns.iter().any(|c| c.name == *name && c.kind == Kind::Text);
            order.push(match (text, postgres) {
                (false, _) => name.clone(),
                (true, false) => format!("cast({name} as blob)"),
                (true, true) => format!("convert_to({name}, 'UTF8')"),
            });
        }
        format!("select {} from {} order by {}", self.names(), self.name, order.join(", "))
    }

    fn insert(&self) -> String {
        let marks = (1..=self.columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        format!("insert into {} ({}) values ({marks})", self.name, self.names())
    }
}

macro_rules! cells {
    ($table:expr, $row:expr) => {
        $table
            .columns
            .iter()
            .enumerate()
            .map(|(i, c)| {
                Ok(match c.kind {
                    Kind::Text => $row.try_get::<Option<String>, _>(i)?.map_or(Cell::Null, Cell::Text),
                    Kind::Whole => $row.try_get::<Option<i64>, _>(i)?.map_or(Cell::Null, Cell::Whole),
                    Kind::Truth => $row.try_get::<Option<bool>, _>(i)?.map_or(Cell::Null, Cell::Truth),
                    Kind::Id => $row.try_get::<Option<Uuid>, _>(i)?.map_or(Cell::Null, Cell::Id),
                    Kind::Bytes => $row.try_get::<Option<Vec<u8>>, _>(i)?.map_or(Cell::Null, Cell::Bytes),
                })
            })
            .collect::<Result<Vec<Cell>, sqlx::Error>>()
    };
}

/// Gives every row of a table to `give`, one at a time, until it fails.
///
/// # Errors
/// [`StoreError`] when the database fails; the inner error is the one that `give` stopped with.
pub async fn each_row<E>(
    tx: &mut Tx,
    table: &Table,
    mut give: impl FnMut(Vec<Cell>) -> Result<(), E> + Send,
) -> Result<Result<(), E>, StoreError> {
    match tx {
        Tx::Sqlite(t) => {
            let sql = table.select(false);
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **t);
            while let Some(row) = rows.try_next().await? {
                if let Err(e) = give(cells!(table, row)?) {
                    return Ok(Err(e));
                }
            }
        }
        Tx::Postgres(t) => {
            let sql = table.select(true);
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **t);
            while let Some(row) = rows.try_next().await? {
                if let Err(e) = give(cells!(table, row)?) {
                    return Ok(Err(e));
                }
            }
        }
    }
    Ok(Ok(()))
}

macro_rules! bound {
    ($table:expr, $cells:expr, $query:expr) => {{
        let mut query = $query;
        for (column, cell) in $table.columns.iter().zip($cells) {
            query = match (cell, column.kind) {
                (Cell::Text(v), _) => query.bind(Some(v)),
                (Cell::Whole(v), _) => query.bind(Some(v)),
                (Cell::Truth(v), _) => query.bind(Some(v)),
                (Cell::Id(v), _) => query.bind(Some(v)),
                (Cell::Bytes(v), _) => query.bind(Some(v)),
                (Cell::Null, Kind::Text) => query.bind(None::<String>),
                (Cell::Null, Kind::Whole) => query.bind(None::<i64>),
                (Cell::Null, Kind::Truth) => query.bind(None::<bool>),
                (Cell::Null, Kind::Id) => query.bind(None::<Uuid>),
                (Cell::Null, Kind::Bytes) => query.bind(None::<Vec<u8>>),
            };
        }
        query
    }};
}

/// Adds a row; `cells` in the order of [`Table::columns`].
///
/// # Errors
/// [`StoreError`] when the row does not fit.
pub async fn insert(tx: &mut Tx, table: &Table, cells: Vec<Cell>) -> Result<(), StoreError> {
    let sql = AssertSqlSafe(table.insert());
    match tx {
        Tx::Sqlite(t) => {
            bound!(table, cells, sqlx::query(sql)).execute(&mut **t).await?;
        }
        Tx::Postgres(t) => {
            bound!(table, cells, sqlx::query(sql)).execute(&mut **t).await?;
        }
    }
    Ok(())
}

/// Says that many rows come in their own order. PostgreSQL needs parents first, which is how they are given.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn begin(tx: &mut Tx) -> Result<(), StoreError> {
    if let Tx::Sqlite(t) = tx {
        sqlx::query(DEFER_SQLITE).execute(&mut **t).await?;
    }
    Ok(())
}

/// Whether a table has no row.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_empty(tx: &mut Tx, table: &Table) -> Result<bool, StoreError> {
    let sql = AssertSqlSafe(format!("select cast(count(*) as bigint) from (select 1 from {} limit 1) t", table.name));
    let rows: i64 = match tx {
        Tx::Sqlite(t) => sqlx::query_scalar(sql).fetch_one(&mut **t).await?,
        Tx::Postgres(t) => sqlx::query_scalar(sql).fetch_one(&mut **t).await?,
    };
    Ok(rows == 0)
}
