//! What is held about somebody, table by table: all of it is shown to them and can be taken away, and deleting the account
//! leaves nothing that names them. A new column with somebody's id must be listed here, or these tests fail.

mod support;

use std::collections::BTreeSet;

use domain::access::Who;
use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use service::people::my_data::{KINDS, MyData};
use store::moving::{Cell, tables};
use support::Test;
use support::filled::{fill_the_rest, is_of_a_person, rows};

/// Where somebody finds it in my data.
#[derive(Clone, Copy)]
enum Shown {
    /// Among what they wrote and did, as this kind.
    As(&'static str),
    Sessions,
    Groups,
    Cards,
    Kept,
    /// As an act of theirs in the log: they did it to somebody else.
    Acts,
}

/// What deleting the account does to it.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// The row goes.
    Goes,
    /// It stays, and points at somebody without a name: others have built on it, or it is counted, or it is the log.
    Stays,
}

const HELD: &[(&str, &str, Shown, Then)] = &[
    ("audit", "actor_id", Shown::Acts, Then::Stays),
    ("cards", "person_id", Shown::Cards, Then::Goes),
    // Cards they made for others stay cards of those others.
    ("cards", "made_by", Shown::Acts, Then::Stays),
    ("sessions", "person_id", Shown::Sessions, Then::Goes),
    ("kept_forms", "person_id", Shown::Kept, Then::Goes),
    ("memberships", "person_id", Shown::Groups, Then::Goes),
    ("workspaces", "made_by", Shown::As("workspace"), Then::Stays),
    ("promise_agreements", "person_id", Shown::As("promise"), Then::Stays),
    ("designs", "made_by", Shown::As("design"), Then::Stays),
    ("stage_moves", "moved_by", Shown::As("move"), Then::Stays),
    ("sections", "words_by", Shown::As("section"), Then::Stays),
    ("text_updates", "made_by", Shown::As("change"), Then::Stays),
    ("section_locks", "locked_by", Shown::As("lock"), Then::Goes),
    ("versions", "made_by", Shown::As("version"), Then::Stays),
    ("changes", "made_by", Shown::As("change"), Then::Stays),
    ("changes", "decided_by", Shown::As("change"), Then::Stays),
    ("design_reads", "person_id", Shown::As("read"), Then::Goes),
    ("comments", "author_id", Shown::As("comment"), Then::Stays),
    ("comments", "checked_by", Shown::As("check"), Then::Stays),
    ("suggestions", "author_id", Shown::As("suggestion"), Then::Stays),
    ("suggestions", "checked_by", Shown::As("check"), Then::Stays),
    // To one that waits: beside one that was decided it stays, without a name.
    ("suggestion_answers", "person_id", Shown::As("suggestion-answer"), Then::Goes),
    ("suggestion_supports", "person_id", Shown::As("suggestion-support"), Then::Goes),
    ("reports", "made_by", Shown::As("report"), Then::Stays),
    ("reports", "answered_by", Shown::As("reply"), Then::Stays),
    ("templates", "made_by", Shown::As("template"), Then::Stays),
    ("pictures", "made_by", Shown::As("picture"), Then::Stays),
    ("decisions", "made_by", Shown::As("decision"), Then::Stays),
    ("decisions", "void_asked_by", Shown::As("void"), Then::Stays),
    ("decisions", "voided_by", Shown::As("void"), Then::Stays),
    ("roll", "person_id", Shown::As("roll"), Then::Stays),
    ("hands", "person_id", Shown::As("hand"), Then::Stays),
    ("outcomes", "made_by", Shown::As("outcome"), Then::Stays),
    ("actions", "owner_id", Shown::As("owner"), Then::Stays),
    ("actions", "made_by", Shown::As("action"), Then::Stays),
    ("action_updates", "made_by", Shown::As("update"), Then::Stays),
    ("did_it_work", "person_id", Shown::As("did-it-work"), Then::Stays),
];

#[test]
#[expect(clippy::disallowed_methods, reason = "the migrations are files")]
fn every_column_with_somebodys_id_is_listed() {
    let listed: BTreeSet<(String, String)> = HELD.iter().map(|(t, c, ..)| ((*t).to_owned(), (*c).to_owned())).collect();
    let mut there = BTreeSet::new();
    for table in tables() {
        for column in table.columns.iter().filter(|c| is_of_a_person(c)) {
            there.insert((table.name.clone(), column.name.clone()));
        }
    }
    assert_eq!(
        there, listed,
        "a column with somebody's id: where is it shown to them, and what does deleting do to it?"
    );
    // Whatever a migration points at people has a name by which it is found here.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/migrations/postgres");
    for file in std::fs::read_dir(folder).expect("migrations") {
        let sql = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        for line in sql.lines().filter(|l| l.contains("references people")) {
            let words = line.split_once(" add column ").map_or(line, |(_, column)| column);
            let name = words.split_whitespace().next().unwrap_or_default();
            assert!(listed.iter().any(|(_, column)| column == name), "{line}");
        }
    }
    for kind in KINDS {
        assert!(
            HELD.iter().any(|(_, _, shown, _)| matches!(shown, Shown::As(k) if *k == kind)),
            "{kind} is never shown"
        );
    }
}

const NAME: &str = "Zebulon Quill";
const SIGN_IN: &str = "zebulon.q";

/// A member of staff whose id stands in every column that can hold one, with something to be named by wherever names go.
async fn lived(t: &Test) -> Who {
    let group = t.group("Youth Council", Visibility::Open).await;
    t.member("Another worker", Role::Officer, group, GroupRole::Worker).await;
    t.person("Another administrator", Role::Administrator).await;
    let who = t.member(NAME, Role::Administrator, group, GroupRole::Worker).await;
    let id = who.id().expect("id");
    let mut tx = t.service.store().write().await.expect("a transaction");
    let names = Some((SIGN_IN, SIGN_IN));
    store::people::set_sign_in(&mut tx, id, names, Some("$argon2id$of-zebulon"), false).await.expect("a sign-in name");
    store::people::set_role(&mut tx, id, Role::Administrator, "The team of Zebulon").await.expect("a team");
    let hashes = store::access::CardHashes { code: [1; 32], pictures: [2; 32], link: [3; 32] };
    let card = t.service.new_id();
    let card = store::access::NewCard { id: card, person: id, hashes: &hashes, made_at: t.now(), by: Some(id) };
    store::access::insert_card(&mut tx, &card).await.expect("a card");
    let act = service::audit::Act { verb: "ReadAudit", kind: "house", id: "", detail: "" };
    service::audit::note(&mut tx, t.now(), &who, act).await.expect("noted");
    tx.commit().await.expect("committed");
    let words = [("words".to_owned(), "What I was typing".to_owned())];
    t.service.keep_form(id, "/my-data", &words).await.expect("kept");
    t.session(&who).await;
    fill_the_rest(t, id.0, group).await;
    who
}

fn has(data: &MyData, shown: Shown) -> bool {
    match shown {
        Shown::As(kind) => data.things.iter().any(|thing| thing.kind == kind),
        Shown::Sessions => !data.sessions.is_empty(),
        Shown::Groups => !data.groups.is_empty(),
        Shown::Cards => !data.cards.is_empty(),
        Shown::Kept => data.kept.iter().any(|k| k.fields.iter().any(|(_, words)| words == "What I was typing")),
        Shown::Acts => !data.acts.is_empty(),
    }
}

/// How many rows of a table have this id in this column.
async fn held(t: &Test, table: &str, column: &str, person: uuid::Uuid) -> usize {
    let table = tables().iter().find(|t| t.name == table).expect("a table");
    let at = table.columns.iter().position(|c| c.name == column).expect("a column");
    rows(t, table).await.iter().filter(|row| row[at] == Cell::Id(person)).count()
}

#[tokio::test]
async fn somebody_sees_and_takes_away_everything_that_is_held_about_them() {
    for t in support::all().await {
        let who = lived(&t).await;
        let id = who.id().expect("id").0;
        let session = t.session(&who).await;
        let visit = t.visit(&session).await;
        let page = t.service.my_data(&visit).await.expect("my data");
        let file = t.service.my_data_to_take_away(&visit).await.expect("my data");
        for (table, column, shown, _) in HELD {
            assert!(held(&t, table, column, id).await > 0, "{}: nothing is in {table}.{column}", t.engine);
            assert!(has(&page, *shown) && has(&file, *shown), "{}: {table}.{column} is not shown", t.engine);
        }
        // Both halves of stopping a decision.
        let void: BTreeSet<_> = file.things.iter().filter(|x| x.kind == "void").map(|x| x.detail.as_str()).collect();
        assert_eq!(void, BTreeSet::from(["asked", "made"]), "{}", t.engine);
        // Their own words in full.
        for (kind, words) in [
            ("comment", "words é"),
            ("suggestion", "words é"),
            ("suggestion", "why é"),
            ("suggestion-answer", "reason é"),
            ("hand", "reason é"),
            ("did-it-work", "why é"),
            ("outcome", "differs_why é"),
            ("update", "reason é"),
            ("move", "reason é"),
        ] {
            let whole = file.things.iter().any(|x| x.kind == kind && x.words.contains(words));
            assert!(whole, "{}: the words of {kind}", t.engine);
        }
        // What others did is not theirs.
        let other = t.person("Robin", Role::YoungPerson).await;
        let visit = t.visit(&t.session(&other).await).await;
        let data = t.service.my_data_to_take_away(&visit).await.expect("my data");
        assert!(data.things.is_empty() && data.acts.is_empty() && data.cards.is_empty(), "{}", t.engine);
    }
}

#[tokio::test]
async fn deleting_an_account_leaves_nothing_that_names_somebody() {
    for t in support::all().await {
        let who = lived(&t).await;
        let id = who.id().expect("id").0;
        let mut before = Vec::new();
        for (table, column, ..) in HELD {
            before.push(held(&t, table, column, id).await);
        }
        t.service.delete_me(&who).await.expect("deleted");
        for ((table, column, _, then), before) in HELD.iter().zip(before) {
            let after = held(&t, table, column, id).await;
            // Their own card has gone, and with it that they made it themselves.
            let own = (*table, *column) == ("cards", "made_by");
            let wanted = if *then == Then::Goes || own { 0 } else { before };
            let more = usize::from(*table == "audit");
            assert_eq!(after, wanted + more, "{}: {table}.{column}", t.engine);
        }
        // No cell of any table says who it was: not the name, not the sign-in name, not the password, not the team.
        for table in tables() {
            for row in rows(&t, table).await {
                for (column, cell) in table.columns.iter().zip(&row) {
                    let said = match cell {
                        Cell::Text(words) => words.to_lowercase().contains("zebulon"),
                        Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).to_lowercase().contains("zebulon"),
                        _ => false,
                    };
                    assert!(!said, "{}: {}.{} still says it", t.engine, table.name, column.name);
                }
            }
        }
    }
}
