//! Copies of everything, by the real program: a backup while people write, and the way from one engine to the other and
//! back. What came back is compared row by row.

mod real;

use std::collections::BTreeMap;

use real::house::{self, Kind};
use real::load::{Load, WRITERS, nothing_is_missing};
use real::{Folder, Program, path_text, run, text};
use store::Store;
use store::moving::Cell;

type Everything = BTreeMap<String, Vec<Vec<Cell>>>;

/// Every row of every table but those named.
async fn everything(url: &str, but: &[&str]) -> Everything {
    let store = Store::open(url).await.expect("it opens");
    let mut all = BTreeMap::new();
    let mut tx = store.read().await.expect("a transaction");
    for table in store::moving::tables().iter().filter(|t| !but.contains(&t.name.as_str())) {
        let mut rows = Vec::new();
        let read = store::moving::each_row(&mut tx, table, |row| {
            rows.push(row);
            Ok::<(), ()>(())
        });
        read.await.expect("asked").expect("taken");
        all.insert(table.name.clone(), rows);
    }
    drop(tx);
    store.close().await;
    all
}

/// The same, but for the last lines of the log of staff acts: the copying itself stands there.
fn same(was: &Everything, is: &Everything, more_acts: usize, words: &str) {
    assert_eq!(was.keys().collect::<Vec<_>>(), is.keys().collect::<Vec<_>>(), "{words}");
    for (table, rows) in was {
        let now = &is[table];
        if table == "audit" {
            assert!(now.len() <= rows.len() + more_acts, "{words}: audit has {} more lines", now.len() - rows.len());
            assert_eq!(rows[..], now[..rows.len()], "{words}: audit");
            continue;
        }
        assert_eq!(rows, now, "{words}: {table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_people_write_is_one_moment_and_comes_back() {
    for db in real::db::both().await {
        if db.engine == "postgres" && std::process::Command::new("pg_dump").arg("--version").output().is_err() {
            real::db::left_out("skipped on PostgreSQL: pg_dump is not installed");
            continue;
        }
        let folder = Folder::new("backup");
        let house = house::plant(&db.store, WRITERS.len()).await;
        db.store.close().await;
        let program = Program::start(&folder, &db.url, &[]).await;
        let load = Load::default();
        let mut writers = load.start(program.addr, &house, "b");
        load.at_least(16, &program.log).await;
        let before = load.yes.lock().expect("whole").clone();
        let out = run(&folder, &db.url, &["backup", "copy", "--json"]).await;
        assert!(out.status.success(), "{out:?}");
        let during = load.count();
        load.at_least(during + 8, &program.log).await;
        let (after, open) = load.end(&mut writers).await;
        program.kill().await;
        nothing_is_missing(&db.url, &house, (&after, &open), db.engine).await;

        // Put back where there is nothing, and where there is everything.
        let spare = if db.engine == "postgres" { real::db::postgres().await } else { None };
        let empty = match &spare {
            Some(other) => {
                other.store.close().await;
                other.url.clone()
            }
            None => format!("sqlite:{}", path_text(&folder.join("other.db"))),
        };
        for url in [&empty, &db.url] {
            let words = format!("{} into {url}", db.engine);
            let full = url == &db.url;
            if full {
                let refused = run(&folder, url, &["restore", "copy"]).await;
                assert!(!refused.status.success() && text(&refused.stderr).contains("--replace"), "{refused:?}");
                // Not while anybody uses it, however much it is wanted.
                // (What sweeping at the start removes is left out of what is compared.)
                let sweeps = ["sessions", "kept_forms", "tallies", "tries", "signed_in_from"];
                let was = everything(url, &sweeps).await;
                let program = Program::start(&folder, url, &[]).await;
                let refused = run(&folder, url, &["restore", "copy", "--replace"]).await;
                assert!(!refused.status.success() && text(&refused.stderr).contains("is in use. Stop"), "{refused:?}");
                program.kill().await;
                assert!(everything(url, &sweeps).await == was, "{words}: a refused restore changed something");
            }
            // Nor when a byte of it has changed since it was made.
            let (copy, good) = (folder.join("copy"), std::fs::read(folder.join("copy")).expect("a copy"));
            let mut bad = good.clone();
            let last = bad.len() - 1;
            bad[last] ^= 1;
            std::fs::write(&copy, bad).expect("written");
            let refused = run(&folder, url, &["restore", "copy", "--replace"]).await;
            assert!(!refused.status.success() && text(&refused.stderr).contains("has changed since"), "{refused:?}");
            std::fs::write(&copy, good).expect("written");
            let was = if full { everything(url, &[]).await } else { Everything::new() };
            let done = run(&folder, url, &["restore", "copy", "--replace", "--json"]).await;
            assert!(done.status.success(), "{words}: {done:?}");
            let told: serde_json::Value = serde_json::from_slice(&done.stdout).expect("one JSON document");
            assert_eq!(told["put_aside"].is_string(), full, "{words}: {told}");
            // What was there is whole, and can be put back in its turn.
            if let (true, Some(aside)) = (full, told["put_aside"].as_str()) {
                assert!(aside.ends_with(".before-restore-1"), "{aside}");
                let elsewhere = match (db.engine, real::db::postgres().await) {
                    ("postgres", Some(other)) => {
                        other.store.close().await;
                        other.url.clone()
                    }
                    _ => format!("sqlite:{}", path_text(&folder.join("aside.db"))),
                };
                let back = run(&folder, &elsewhere, &["restore", aside]).await;
                assert!(back.status.success(), "{words}: {back:?}");
                same(&was, &everything(&elsewhere, &[]).await, 1, "what was put aside");
            }
            // Everything that was acknowledged before the copy was begun is in it, and nothing is half there.
            let later: Vec<_> = after.iter().skip(before.len()).chain(&open).cloned().collect();
            nothing_is_missing(url, &house, (&before, &later), &words).await;
        }
        // Each restoring stands in the log of its own database, as the last line.
        let restored = async |url: &str| {
            let mut all = everything(url, &[]).await;
            all.get_mut("audit").and_then(Vec::pop).expect("a line that says it was put back");
            all
        };
        same(&restored(&empty).await, &restored(&db.url).await, 0, db.engine);
        if db.engine == "sqlite" {
            let copy = format!("sqlite:{}", path_text(&folder.join("copy")));
            same(&everything(&copy, &[]).await, &everything(&empty, &[]).await, 1, "the copy itself");
        }
        // Where what is there cannot be copied first, it stays.
        if db.engine == "postgres" {
            let was = everything(&db.url, &[]).await;
            let refused = real::run_without_tools(&folder, &db.url, &["restore", "copy", "--replace"]).await;
            assert!(!refused.status.success() && text(&refused.stderr).contains("Nothing was changed"), "{refused:?}");
            assert!(everything(&db.url, &[]).await == was && !folder.join("copy.before-restore-2").exists());
        }
        // And the program goes on from there, with whoever was signed in.
        let program = Program::start(&folder, &db.url, &[]).await;
        let form = house.next(program.addr, Kind::Section, 0, "qafterwardse".to_owned()).await.expect("a form");
        assert_eq!(form.send(program.addr).await.expect("an answer").status, 303, "{}", db.engine);
        program.kill().await;
    }
}

/// A database that lies elsewhere, behind a link: what comes back lies there too, and the link stays one.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restoring_behind_a_link_puts_back_the_file_and_leaves_the_link() {
    let folder = Folder::new("link");
    let disk = folder.join("disk");
    std::fs::create_dir(&disk).expect("a folder");
    let (link, file) = (folder.join("tandem.db"), disk.join("real.db"));
    std::os::unix::fs::symlink("disk/real.db", &link).expect("a link");
    let url = format!("sqlite:{}", path_text(&link));
    let works = async |arguments: &[&str]| {
        let out = run(&folder, &url, arguments).await;
        assert!(out.status.success(), "{arguments:?}: {out:?}");
        text(&out.stdout)
    };
    // Where it points there is nothing yet.
    works(&["migrate"]).await;
    works(&["backup", "copy"]).await;
    works(&["admin", "--name", "Alex"]).await;
    let out = works(&["restore", "copy", "--replace", "--json"]).await;
    assert!(link.is_symlink() && file.is_file() && !file.is_symlink(), "{out}");
    assert_eq!(std::fs::read_dir(&disk).expect("read").count(), 2, "the database and the one before it: {out}");
    let people = everything(&format!("sqlite:{}", path_text(&file)), &[]).await["people"].len();
    assert_eq!(people, 0, "what was there when it was copied");
    // A link to nothing is not replaced by the database.
    std::fs::remove_dir_all(&disk).expect("gone");
    let refused = run(&folder, &url, &["restore", "copy", "--replace"]).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("is a link to something"), "{refused:?}");
    assert!(link.is_symlink() && !file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_one_engine_to_the_other_and_back_everything_is_the_same() {
    const STAYS: [&str; 6] = ["sessions", "kept_forms", "tallies", "tries", "signed_in_from", "section_locks"];
    let from = real::db::sqlite().await;
    let folder = Folder::new("move");
    let house = house::plant(&from.store, WRITERS.len()).await;
    from.store.close().await;
    let program = Program::start(&folder, &from.url, &[]).await;
    for (n, kind) in Kind::ALL.into_iter().enumerate() {
        let form = house.next(program.addr, kind, n, format!("q{n}e é 漢字 👩‍🚀 \"\\")).await.expect("a form");
        assert_eq!(form.send(program.addr).await.expect("an answer").status, 303, "{kind:?}");
    }
    program.kill().await;

    let mut way = vec![("from", from.url.clone())];
    let postgres = real::db::postgres().await;
    way.extend(postgres.as_ref().map(|db| ("PostgreSQL", db.url.clone())));
    way.push(("back", format!("sqlite:{}", path_text(&folder.join("back.db")))));
    let first = everything(&from.url, &STAYS).await;
    for (n, pair) in way.windows(2).enumerate() {
        let ((_, was), (name, is)) = (&pair[0], &pair[1]);
        let file = format!("{n}.zip");
        let out = run(&folder, was, &["export", &file, "--move", "--json"]).await;
        assert!(out.status.success(), "{out:?}");
        let told: serde_json::Value = serde_json::from_slice(&out.stdout).expect("one JSON document");
        assert_eq!(told["whole"], true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.join(&file)).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "only its owner may read it");
        }
        let out = run(&folder, is, &["import", &file]).await;
        assert!(out.status.success(), "{name}: {out:?}");
        // An export and an import for each step, as lines of the log.
        same(&first, &everything(is, &STAYS).await, 4 * (n + 1), name);
        let again = run(&folder, is, &["import", &file]).await;
        assert!(!again.status.success() && text(&again.stderr).contains("not empty"), "{again:?}");
        let doctor = run(&folder, is, &["doctor", "--json"]).await;
        assert!(text(&doctor.stdout).contains("each follows from the one before"), "{name}: {doctor:?}");
    }
    // There people go on, by the same keys; only who was signed in signs in again.
    let last = &way.last().expect("a way").1;
    let program = Program::start(&folder, last, &[]).await;
    let gone = real::get(program.addr, &house.young[0].session, "/my-data").await.expect("an answer");
    assert!(gone.status == 303 || gone.status == 401, "{}", gone.status);
    program.kill().await;
    let store = Store::open(last).await.expect("it opens");
    house::shared_text_and_rows_agree(&store, house.design, "moved").await;
    store.close().await;
    assert!(!run(&folder, &from.url, &["import"]).await.status.success());
    let twice = run(&folder, &from.url, &["export", "0.zip"]).await;
    assert!(!twice.status.success() && text(&twice.stderr).contains("is there already"), "{twice:?}");
}
