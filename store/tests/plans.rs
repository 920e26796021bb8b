//! What a page asks grows with what is on the page, never with the house: on SQLite, which plans without knowing how many rows
//! there are, no statement reads a whole table that grows. PostgreSQL counts rows and finds the same ways by itself.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use store::{Store, statements};

const FEW: &str = "there are tens or hundreds of these in a county, not thousands";
const SWEEP: &str = "asked every few minutes, by nobody who waits";
const NEWEST: &str = "begins at the end of an index and stops at its limit";
const ONCE: &str = "asked once, when somebody deletes their account";
const FIRST: &str =
    "for administrators; it ends at the first that fits, and before there is one there is little to read";
const OWN: &str = "a parenthesis of the same statement, not a table";

/// Statements that read all of a table, and why that is well. Everything else must find what it wants.
const LOOKED_AT: &[(&str, &[&str], &str)] = &[
    ("access", &["KEPT_SWEEP", "SESSIONS_SWEEP", "TALLY_SWEEP"], SWEEP),
    ("tries", &["SWEEP_FROM"], SWEEP),
    ("files", &["SWEEP", "SWEEP_CHUNKS"], SWEEP),
    ("actions", &["ALL", "ALL_GROUPS", "SHOWN", "SHOWN_FROZEN", "SHOWN_UPDATES"], FEW),
    ("actions", &["STAFF_ALL"], FEW),
    ("audit", &["LAST"], NEWEST),
    ("comments", &["KNOWN_HERE"], OWN),
    ("designs", &["UNLOCK_ALL"], ONCE),
    ("people", &["ANY_CARD"], "one row, whichever comes first, once where a house starts without keys"),
    ("designs/suggestions", &["FORGET_ANSWERS"], ONCE),
    ("groups", &["ALL", "JOINABLE"], FEW),
    ("home", &["BEGUN"], FIRST),
    ("home", &["DONE_FOR_ALL"], NEWEST),
    ("home", &["DUE"], FEW),
    ("people", &["ALL", "COUNT_ADMINISTRATORS", "COUNT_ANY", "HOLD_ADMINISTRATORS", "NAMES_OF_STAFF"], FEW),
    (
        "people/mine",
        &["ACTS", "ANSWERS", "BESIDE", "HANDS", "MADE", "PROMISES", "SECTIONS", "SUGGESTION_ANSWERS", "WROTE"],
        MINE,
    ),
    ("settings", &["ALL"], FEW),
    ("designs/wiping", &["KEPT_FORMS"], "a few that wait for somebody to sign in again, where a worker wipes words"),
    ("templates", &["ALL"], FEW),
    ("workspaces", &["LINES"], FEW),
];

/// An index for each of these would be written at every save of everybody, for a page that each opens once a year.
const MINE: &str = "everything that is known of one person, from every table there is";

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
    let (mut looked_at, mut used) = (0, BTreeSet::new());
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
            if let Some(at) = LOOKED_AT.iter().position(|(of, names, _)| *of == file && names.contains(&name)) {
                used.insert((at, name));
                continue;
            }
            found.entry((file.to_owned(), name.to_owned())).or_default().push(step);
        }
    }
    assert!(looked_at > 200, "only {looked_at} statements");
    assert!(found.is_empty(), "{found:#?}");
    let listed: usize = LOOKED_AT.iter().map(|(_, names, _)| names.len()).sum();
    assert_eq!(used.len(), listed, "one that was looked at is no longer there, take it out of the list: {used:?}");
}
