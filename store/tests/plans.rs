//! What a page asks grows with what is on the page, never with the house: on SQLite, which plans without knowing how many rows
//! there are, no statement reads a whole table that grows. PostgreSQL counts rows and finds the same ways by itself.

mod support;

use std::collections::BTreeMap;

use store::{Store, statements};

/// A step of a plan that reads all of a table, or all that shares one of a few states, and why that is well.
struct Whole {
    file: &'static str,
    name: &'static str,
    step: &'static str,
    why: &'static str,
}

const fn whole(file: &'static str, name: &'static str, step: &'static str, why: &'static str) -> Whole {
    Whole { file, name, step, why }
}

const FEW: &str = "there are tens or hundreds in a county, not thousands";

/// Those that somebody has looked at.
const LOOKED_AT: &[Whole] = &[whole("home", "DUE", "SCAN a", FEW)];

/// Indexes that begin with one of a few states hold half the house under each: an engine that counts no rows takes them for
/// better than they are.
fn is_of_few(step: &str) -> bool {
    ["(state=?)", "(kind=?)", "(stage=?)", "(status=?)", "(role=?)", "(shown=?)"].iter().any(|few| step.contains(few))
}

#[tokio::test]
async fn no_statement_reads_a_whole_table_that_grows() {
    let db = support::sqlite().await;
    let Store::Sqlite { writer, .. } = &db.store else { panic!("SQLite") };
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let (mut looked_at, mut used) = (0, 0);
    for (file, name, sql) in statements() {
        let words = sql.trim_start().split(' ').next().unwrap_or_default().to_ascii_lowercase();
        if !["select", "update", "delete", "insert", "with"].contains(&words.as_str()) {
            continue;
        }
        let explain = sqlx::AssertSqlSafe(format!("explain query plan {sql}"));
        // What only the other engine has is prepared there.
        let Ok(plan) = sqlx::query_as::<_, (i64, i64, i64, String)>(explain).fetch_all(writer).await else { continue };
        looked_at += 1;
        for (_, _, _, step) in plan {
            // `x` is what a statement of two parts has put together itself; a constant row is no table.
            let reads_all = step.starts_with("SCAN") && step != "SCAN x" && !step.contains("CONSTANT ROW");
            if !reads_all && !is_of_few(&step) {
                continue;
            }
            if LOOKED_AT.iter().any(|w| w.file == file && w.name == name && w.step == step && !w.why.is_empty()) {
                used += 1;
                continue;
            }
            found.entry((file.to_owned(), name.to_owned())).or_default().push(step);
        }
    }
    assert!(looked_at > 300, "only {looked_at} statements");
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(used, LOOKED_AT.len(), "one that was looked at is no longer there: take it out of the list");
}
