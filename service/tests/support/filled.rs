//! A row in every table, whatever tables there are: for tests that must not forget one.

use domain::ids::GroupId;
use store::moving::{Cell, Column, Kind, Table, each_row, is_empty, tables};
use uuid::Uuid;

use super::Test;

/// Whether a column holds somebody's id. The names are ours: a test compares them with what the migrations point at people.
pub fn is_of_a_person(column: &Column) -> bool {
    let named = ["person_id", "author_id", "owner_id", "actor_id"].contains(&column.name.as_str());
    column.kind == Kind::Id && (named || column.name.ends_with("_by"))
}

/// Puts a row into every table that has none, by the very means that import uses, children after parents: everything of
/// a person is `person`'s, everything of a group `group`'s, and all other ids are one.
pub async fn fill_the_rest(test: &Test, person: Uuid, group: GroupId) {
    let mut tx = test.service.store().write().await.expect("a transaction");
    let mut empty: Vec<&Table> = Vec::new();
    for table in tables() {
        if is_empty(&mut tx, table).await.expect("asked") {
            empty.push(table);
        }
    }
    for table in empty {
        let row = table.columns.iter().map(|c| sample(&table.name, c, person, group.0)).collect();
        store::moving::insert(&mut tx, table, row).await.unwrap_or_else(|e| panic!("{}: {e:?}", table.name));
    }
    tx.commit().await.expect("committed");
}

fn words(name: &str) -> String {
    format!("{name} é 漢字 👍🏽")
}

/// What a column may hold, at its edges.
fn sample(table: &str, column: &Column, person: Uuid, group: Uuid) -> Cell {
    let name = column.name.as_str();
    if column.nullable && (name == "parent_id" || name == "ended_at") {
        return Cell::Null;
    }
    let closed = service::moving::values(table, name);
    match column.kind {
        Kind::Text if !closed.is_empty() => Cell::Text(closed[0].to_owned()),
        // A picture and its widths name each other by words that are no ids.
        Kind::Text if matches!((table, name), ("pictures", "name") | ("picture_widths", "picture")) => {
            Cell::Text("abcdefgh".to_owned())
        }
        // There is nothing to hide in them.
        Kind::Text if name == "masked_html" => Cell::Null,
        Kind::Text if name == "html" => Cell::Text(service::designs::markdown::draw(&words("words"))),
        Kind::Id if is_of_a_person(column) => Cell::Id(person),
        Kind::Id if name == "group_id" => Cell::Id(group),
        Kind::Id => Cell::Id(Uuid::from_u128(5)),
        Kind::Text => Cell::Text(words(name)),
        Kind::Whole if name.ends_with("_at") => Cell::Whole(i64::MAX - 5),
        Kind::Whole => Cell::Whole(-3),
        Kind::Truth => Cell::Truth(true),
        Kind::Bytes => Cell::Bytes((0..=255).collect()),
    }
}

/// Every row of a table.
pub async fn rows(test: &Test, table: &Table) -> Vec<Vec<Cell>> {
    let mut tx = test.service.store().read().await.expect("a transaction");
    let mut rows = Vec::new();
    let all = each_row(&mut tx, table, |row| {
        rows.push(row);
        Ok::<(), ()>(())
    });
    all.await.expect("asked").expect("taken");
    rows
}
