//! Everything in one zip, and back: between engines, without secrets, and never from a bad file.

mod support;

use std::io::{Cursor, Read as _, Write as _};

use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use service::moving::MoveError;
use service::world::{Files as _, sha256, to_hex};
use store::moving::{Cell, is_empty, tables};
use support::Test;
use support::filled::{fill_the_rest, rows};
use zip::write::SimpleFileOptions;

/// Something in every table that the first migration has, by way of plain rows: what each column may hold, at its edges.
async fn fill(test: &Test) {
    let group = test.group("Youth Council", Visibility::Hidden).await;
    let officer = test.member("Ash", Role::Officer, group, GroupRole::Worker).await;
    let young = test.member("Zoë 👩‍🚀 \"quoted\" \\ line\nbreak", Role::YoungPerson, group, GroupRole::Member).await;
    test.session(&young).await;
    let files = service::files::StoredFiles::new(test.service.store().clone(), test.service.world().clock.clone());
    files.put(vec![7; 600 * 1024]).await.expect("kept");
    files.put(Vec::new()).await.expect("an empty file is a file");
    let mut tx = test.service.store().write().await.expect("a transaction");
    let hashes = store::access::CardHashes { code: [1; 32], pictures: [2; 32], link: [3; 32] };
    let (id, person) = (test.service.new_id(), young.id().expect("id"));
    let card = store::access::NewCard { id, person, hashes: &hashes, made_at: test.now(), by: officer.id() };
    store::access::insert_card(&mut tx, &card).await.expect("a card");
    store::settings::set(&mut tx, "name", "Dyffryn").await.expect("set");
    store::access::mark_form(&mut tx, test.form(), None, test.now()).await.expect("marked");
    store::access::tally(&mut tx, "wrong-name", &[3; 32], test.now()).await.expect("counted");
    store::people::set_password(
        &mut tx,
        officer.id().expect("id"),
        "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$EExX5fzTwTN+hNUhYsI5G+QdTY5Gl/M1Pi6L3iml6fM",
        true,
    )
    .await
    .expect("set");
    let act = service::audit::Act { verb: "test", kind: "house", id: "1", detail: "a=b" };
    service::audit::note_system(&mut tx, test.now(), act).await.expect("noted");
    tx.commit().await.expect("committed");
    fill_the_rest(test, officer.id().expect("id").0, group).await;
}

async fn export(test: &Test, whole: bool) -> Vec<u8> {
    let mut zip = Cursor::new(Vec::new());
    test.service.export(&mut zip, whole, |_| {}).await.expect("exported");
    zip.into_inner()
}

#[tokio::test]
async fn what_moves_to_the_other_engine_is_the_same_table_by_table() {
    for (from, to) in support::all().await.into_iter().zip(support::all().await.into_iter().rev()) {
        fill(&from).await;
        let zip = export(&from, true).await;
        to.service.import(Cursor::new(zip), |_| {}).await.expect("imported");
        for table in tables() {
            let (was, mut is) = (rows(&from, table).await, rows(&to, table).await);
            let words = format!("{} from {} to {}", table.name, from.engine, to.engine);
            match table.name.as_str() {
                "sessions" | "kept_forms" | "tallies" | "tries" | "signed_in_from" | "section_locks" => {
                    assert!(!was.is_empty() && is.is_empty(), "{words}");
                    continue;
                }
                // The import itself is the last act.
                "audit" => assert!(is.pop().is_some(), "{words}"),
                _ => {}
            }
            assert!(!was.is_empty(), "nothing was in {words}");
            assert_eq!(was, is, "{words}");
        }
        assert_eq!(to.audited().await.last().map(String::as_str), Some("import"));
        assert!(matches!(to.service.check_audit().await, Ok(service::audit::Chain::Whole(_))));
    }
}

#[tokio::test]
async fn without_move_nobody_can_sign_in_with_what_is_in_it() {
    for test in support::all().await {
        fill(&test).await;
        let zip = export(&test, false).await;
        let mut archive = zip::ZipArchive::new(Cursor::new(&zip)).expect("a zip");
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        for secret in
            ["cards", "sessions", "kept_forms", "tallies", "tries", "signed_in_from", "form_marks", "file_chunks"]
        {
            assert!(!names.contains(&format!("tables/{secret}.jsonl")), "{secret}");
        }
        let mut people = String::new();
        archive.by_name("tables/people.jsonl").expect("there").read_to_string(&mut people).expect("text");
        assert!(people.contains("Ash") && !people.contains("argon2id"), "{}", test.engine);
    }
}

#[tokio::test]
async fn an_open_secret_ballot_is_never_moved() {
    for test in support::all().await {
        fill(&test).await;
        let mut tx = test.service.store().write().await.expect("a transaction");
        let table = tables().iter().find(|t| t.name == "decisions").expect("there");
        let mut row = rows(&test, table).await.remove(0);
        let mut set = |name: &str, cell: Cell| {
            let at = table.columns.iter().position(|c| c.name == name).expect("a column");
            row[at] = cell;
        };
        set("id", Cell::Id(uuid::Uuid::from_u128(9)));
        set("form", Cell::Text("ballot".to_owned()));
        set("opens_at", Cell::Whole(test.now().0));
        set("closes_at", Cell::Whole(test.now().0 + 10));
        set("voided_at", Cell::Null);
        store::moving::insert(&mut tx, table, row).await.expect("a ballot");
        tx.commit().await.expect("committed");
        let refused = test.service.export(Cursor::new(Vec::new()), true, |_| {}).await;
        assert!(matches!(refused, Err(MoveError::BallotOpen)), "{}", test.engine);
        test.pass(11);
        assert!(test.service.export(Cursor::new(Vec::new()), true, |_| {}).await.is_ok(), "{}", test.engine);
    }
}

#[tokio::test]
async fn import_needs_an_empty_database() {
    for test in support::all().await {
        fill(&test).await;
        let zip = export(&test, true).await;
        let refused = test.service.import(Cursor::new(zip), |_| {}).await;
        assert!(matches!(refused, Err(MoveError::NotEmpty(_))), "{}", test.engine);
    }
}

/// The zip again with one part changed (`false`: left out), and the manifest's hash of it put right when `honest`.
fn changed(zip: &[u8], change: impl Fn(&str, &mut Vec<u8>) -> bool, honest: bool) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let mut parts = Vec::new();
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("read");
        parts.push((part.name().to_owned(), bytes));
    }
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut manifest: serde_json::Value = serde_json::from_slice(&parts.last().expect("the manifest").1).expect("JSON");
    for (name, bytes) in &mut parts {
        if name == "manifest.json" {
            *bytes = manifest.to_string().into_bytes();
        }
        if !change(name, bytes) {
            continue;
        }
        if honest && let Some(all) = manifest["parts"].as_array_mut() {
            for part in all.iter_mut().filter(|p| p["name"] == **name) {
                part["sha256"] = to_hex(&sha256(bytes)).into();
            }
        }
        out.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        out.write_all(bytes).expect("written");
    }
    out.finish().expect("a zip").into_inner()
}

fn replace(bytes: &mut Vec<u8>, from: &str, to: &str) -> bool {
    let text = String::from_utf8(bytes.clone()).expect("text");
    *bytes = text.replace(from, to).into_bytes();
    true
}

#[tokio::test]
async fn a_bad_file_is_refused_with_a_reason_and_nothing_is_written() {
    let from = support::sqlite().await;
    fill(&from).await;
    let zip = export(&from, true).await;
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("not a zip", b"PK not really".to_vec(), "cannot be read"),
        ("cut short", zip[..zip.len() / 2].to_vec(), "cannot be read"),
        (
            "words changed",
            changed(&zip, |n, b| n != "tables/groups.jsonl" || replace(b, "Youth", "Other"), false),
            "tables/groups.jsonl was changed",
        ),
        ("table missing", changed(&zip, |n, _| n != "tables/groups.jsonl", false), "not those that its manifest names"),
        (
            "not JSON",
            changed(&zip, |n, b| n != "tables/groups.jsonl" || replace(b, "{", "["), true),
            "tables/groups.jsonl, line 1: it is not a JSON object",
        ),
        (
            "a column too many",
            changed(&zip, |n, b| n != "tables/groups.jsonl" || replace(b, "{", "{\"more\":1,"), true),
            "other columns",
        ),
        (
            "another kind of value",
            changed(
                &zip,
                |n, b| n != "tables/groups.jsonl" || replace(b, "\"threshold\":5", "\"threshold\":\"5\""),
                true,
            ),
            "threshold is not what it should be",
        ),
        (
            "a NUL in words",
            changed(&zip, |n, b| n != "tables/groups.jsonl" || replace(b, "Youth", "\\u0000"), true),
            "name is not what it should be",
        ),
        (
            "the same row twice",
            changed(
                &zip,
                |n, b| {
                    if n == "tables/settings.jsonl" {
                        b.extend(b.clone());
                    }
                    true
                },
                true,
            ),
            "in it twice",
        ),
        (
            "pointing nowhere",
            changed(
                &zip,
                |n, b| {
                    if n == "tables/groups.jsonl" {
                        b.clear();
                    }
                    true
                },
                true,
            ),
            "points at something that is not in the file",
        ),
        (
            "another form",
            changed(&zip, |n, b| n != "manifest.json" || replace(b, "\"version\":1", "\"version\":2"), false),
            "this program reads 1",
        ),
        (
            "from elsewhere",
            changed(&zip, |n, b| n != "manifest.json" || replace(b, "tandem-export", "x"), false),
            "not one of Tandem's",
        ),
        (
            "a way out of the folder",
            changed(
                &zip,
                |n, b| n != "manifest.json" || replace(b, "tables/groups.jsonl", "../../groups.jsonl"),
                false,
            ),
            "a part that no export has",
        ),
        (
            "a table that never travels",
            changed(
                &zip,
                |n, b| n != "manifest.json" || replace(b, "tables/cards.jsonl", "tables/sessions.jsonl"),
                false,
            ),
            "a part that no export has",
        ),
        (
            "another version",
            changed(&zip, |n, b| n != "manifest.json" || replace(b, "\"migration\":", "\"migration\":9"), false),
            "use the same version",
        ),
    ];
    for to in support::all().await {
        for (what, bytes, reason) in &cases {
            let refused = to.service.import(Cursor::new(bytes), |_| {}).await;
            let words = refused.err().unwrap_or_else(|| panic!("{what} was taken on {}", to.engine)).to_string();
            assert!(words.contains(reason), "{what} on {}: {words}", to.engine);
            for secret in ["Zoë", "Ash", "argon2"] {
                assert!(!words.contains(secret), "{what}: a reason quotes the file: {words}");
            }
        }
        let mut tx = to.service.store().write().await.expect("a transaction");
        for table in tables() {
            assert!(is_empty(&mut tx, table).await.expect("asked"), "{} on {}", table.name, to.engine);
        }
        drop(tx);
        // And the good one still goes in.
        to.service.import(Cursor::new(&zip), |_| {}).await.expect("imported");
    }
}

#[tokio::test]
async fn files_come_back_as_they_went_in_on_both_engines() {
    for test in support::all().await {
        let files = service::files::StoredFiles::new(test.service.store().clone(), test.service.world().clock.clone());
        let chunk = store::files::CHUNK_BYTES;
        for size in [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk + 7] {
            let bytes: Vec<u8> = (0..size).map(|i| u8::try_from(i % 251).expect("small")).collect();
            let hash = files.put(bytes.clone()).await.expect("kept");
            assert_eq!(hash, sha256(&bytes));
            assert_eq!(files.put(bytes.clone()).await, Ok(hash), "twice is once");
            assert_eq!(files.get(hash).await.expect("asked"), Some(bytes), "{size} on {}", test.engine);
        }
        assert_eq!(files.get([9; 32]).await, Ok(None));
    }
}

/// The zip with another text in one column of every row of a table, honest about its hash.
fn forged(zip: &[u8], table: &str, column: &str, text: &str) -> Vec<u8> {
    let forge = |name: &str, bytes: &mut Vec<u8>| {
        if name == format!("tables/{table}.jsonl") {
            let lines = String::from_utf8(std::mem::take(bytes)).expect("text");
            for line in lines.lines() {
                let mut row: serde_json::Value = serde_json::from_str(line).expect("JSON");
                assert!(row[column].is_string() || row[column].is_null(), "{table}.{column}");
                row[column] = text.into();
                bytes.extend_from_slice(format!("{row}\n").as_bytes());
            }
        }
        true
    };
    changed(zip, forge, true)
}

#[tokio::test]
async fn what_can_be_derived_is_not_taken_from_the_file() {
    for (from, to) in support::all().await.into_iter().zip(support::all().await) {
        fill(&from).await;
        let mut zip = export(&from, true).await;
        for table in ["sections", "version_sections"] {
            zip = forged(&zip, table, "html", "<script>alert(1)</script>");
        }
        to.service.import(Cursor::new(zip), |_| {}).await.expect("imported");
        for name in ["sections", "version_sections"] {
            let table = tables().iter().find(|t| t.name == name).expect("there");
            assert_eq!(rows(&from, table).await, rows(&to, table).await, "{name} on {}", to.engine);
        }
    }
}

#[tokio::test]
async fn words_that_no_list_has_and_hashes_that_are_not_ours_are_refused() {
    for (from, to) in support::all().await.into_iter().zip(support::all().await) {
        fill(&from).await;
        let zip = export(&from, true).await;
        let greedy =
            "$argon2id$v=19$m=4194304,t=100,p=1$BwcHBwcHBwcHBwcHBwcHBw$EExX5fzTwTN+hNUhYsI5G+QdTY5Gl/M1Pi6L3iml6fM";
        for (table, column, text) in [
            ("groups", "visibility", "nonsense"),
            ("people", "role", "overlord"),
            ("designs", "stage", ""),
            ("stage_moves", "to_stage", "Voting"),
            ("comments", "state", "shown"),
            ("people", "password", greedy),
            ("people", "password", "plain"),
        ] {
            let refused = to.service.import(Cursor::new(forged(&zip, table, column, text)), |_| {}).await;
            let Err(MoveError::Bad(why)) = refused else { panic!("{table}.{column}: {refused:?}") };
            assert!(why.contains(table) && why.contains(column), "{why}");
        }
        for table in tables() {
            assert!(rows(&to, table).await.is_empty(), "{} on {}", table.name, to.engine);
        }
    }
}

#[tokio::test]
async fn a_changed_log_of_staff_acts_is_refused_unless_somebody_says_otherwise() {
    for (from, to) in support::all().await.into_iter().zip(support::all().await) {
        fill(&from).await;
        let zip = forged(&export(&from, true).await, "audit", "detail", "role=administrator");
        let refused = to.service.import(Cursor::new(&zip), |_| {}).await;
        assert!(matches!(refused, Err(MoveError::BrokenLog(1))), "{}: {refused:?}", to.engine);
        assert!(to.audited().await.is_empty(), "{}", to.engine);
        let mut told = Vec::new();
        to.service.import_with(Cursor::new(&zip), true, |line| told.push(line.to_owned())).await.expect("imported");
        assert!(told.iter().any(|line| line.contains("was changed at row 1")), "{told:?}");
        assert_eq!(to.audited().await.last().map(String::as_str), Some("import"), "{}", to.engine);
    }
}
