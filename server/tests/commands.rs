//! Every command of the program leaves in the log of staff acts what `rights.txt` says, as the system's, and nothing else.
//! A command that is not in the table fails, and so does one that this test does not run.

mod real;

use std::collections::{BTreeMap, BTreeSet};

use clap::CommandFactory as _;
use domain::groups::{GroupColour, GroupKind, Visibility};
use domain::ids::{GroupId, WorkspaceId};
use domain::moment::Moment;
use domain::workspaces::Template;
use real::{Folder, Program, run};
use store::Store;
use store::groups::GroupRow;
use store::workspaces::WorkspaceRow;

/// The commands of the table, each with its answer.
fn table() -> BTreeMap<String, String> {
    include_str!("rights.txt")
        .lines()
        .filter_map(|line| line.strip_prefix("COMMAND "))
        .map(|line| {
            let (name, answer) = line.split_once(" = ").unwrap_or_else(|| panic!("COMMAND words = answer: {line}"));
            (name.to_owned(), answer.trim().to_owned())
        })
        .collect()
}

/// The commands there are, as the command line itself knows them: the last word of each way down.
fn there_are() -> BTreeSet<String> {
    fn down(command: &clap::Command, way: &str, out: &mut BTreeSet<String>) {
        let below: Vec<_> = command.get_subcommands().filter(|c| c.get_name() != "help").collect();
        // Some commands do something by themselves and have others below them.
        if !way.is_empty() && (below.is_empty() || !command.is_subcommand_required_set()) {
            out.insert(way.to_owned());
        }
        for next in below {
            down(next, format!("{way} {}", next.get_name()).trim(), out);
        }
    }
    let mut out = BTreeSet::new();
    let mut whole = server::commands::Command::command();
    whole.build();
    down(&whole, "", &mut out);
    out
}

#[test]
fn every_command_is_in_the_table_and_everything_in_the_table_is_a_command() {
    let (listed, there) = (table().into_keys().collect::<BTreeSet<_>>(), there_are());
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(missing.is_empty(), "commands that rights.txt does not list: {missing:?}");
    assert!(gone.is_empty(), "rights.txt lists what is no command: {gone:?}");
}

/// A place to run one command in: its database has tables, keys, and one group.
async fn place(name: &str) -> (Folder, String) {
    let folder = Folder::new(&name.replace(' ', "-"));
    let url = format!("sqlite:{}", real::path_text(&folder.join("tandem.db")));
    let store = Store::open(&url).await.expect("it opens");
    store.migrate().await.expect("tables");
    let row = GroupRow {
        id: GroupId(uuid::Uuid::from_u128(7)),
        slug: "youth-council".to_owned(),
        name: "Youth Council".to_owned(),
        purpose: "We look after one thing together.".to_owned(),
        kind: GroupKind::YouthCouncil,
        visibility: Visibility::Hidden,
        colour: GroupColour::Plum,
        symbol: "1F465".to_owned(),
        checking: domain::comments::Checking::After,
        threshold: 5,
        on_devices: false,
    };
    let mut tx = store.write().await.expect("a transaction");
    store::groups::insert(&mut tx, &row, Moment(1)).await.expect("a group");
    tx.commit().await.expect("committed");
    store.close().await;
    (folder, url)
}

/// A workspace of the group, opened by whoever was made first.
async fn workspace(url: &str) {
    let store = Store::open(url).await.expect("it opens");
    let mut tx = store.write().await.expect("a transaction");
    let by = store::people::all(&mut tx).await.expect("people").first().expect("somebody").id;
    let row = WorkspaceRow {
        id: WorkspaceId(uuid::Uuid::from_u128(8)),
        slug: "buses".to_owned(),
        title: "Buses".to_owned(),
        summary: "Buses that wait.".to_owned(),
        template: Template::Service,
        symbol: "1F68C".to_owned(),
        made_at: Moment(1),
    };
    store::workspaces::insert(&mut tx, &row, by).await.expect("a workspace");
    store::workspaces::add_group(&mut tx, row.id, GroupId(uuid::Uuid::from_u128(7))).await.expect("its group");
    tx.commit().await.expect("committed");
    store.close().await;
}

/// The log: who (or the system) and what.
async fn log(url: &str) -> Vec<(bool, String)> {
    let store = Store::open(url).await.expect("it opens");
    let mut tx = store.read().await.expect("a transaction");
    let rows = store::audit::after(&mut tx, 0, 100_000).await.expect("rows");
    drop(tx);
    store.close().await;
    rows.into_iter().map(|r| (r.actor_id.is_none(), r.verb)).collect()
}

/// The session that an answer starts, if it starts one.
fn session_of(answer: &real::Answer) -> Option<&str> {
    let (_, set) = answer.head.split_once("tandem-session=")?;
    set.split(';').next().filter(|secret| !secret.is_empty())
}

/// What other tools rely on: of each person with a card `demo --json` prints a link whose page has nothing but a button to
/// sign in with, and the code and pictures that `/sign-in` takes.
async fn cards_of_the_demo_sign_in(folder: &Folder, url: &str, printed: &[u8]) {
    let people: Vec<serde_json::Value> = serde_json::from_slice(printed).expect("one JSON document");
    let with_card: Vec<_> = people.iter().filter(|p| p["card"].is_string()).collect();
    assert!(with_card.len() > 30 && with_card.iter().all(|p| p["code"].is_string()), "{} cards", with_card.len());
    let program = real::Program::start(folder, url, &[]).await;
    let at = program.addr;
    let person = with_card[0];
    let card = person["card"].as_str().expect("a link");
    assert!(card.starts_with("/card/"), "the address of DESIGN 5, on whichever site this is");

    // Reading it signs nobody in, a thousand times over: previews and scanners read too.
    for _ in 0..2 {
        let page = real::get(at, "", card).await.expect("an answer");
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(session_of(&page).is_none(), "reading the page signs in: {}", page.head);
        assert!(page.head.to_lowercase().contains("cache-control: no-store"), "{}", page.head);
        assert_eq!(page.body.matches("<form").count(), 1, "{}", page.body);
        let form = page.body.split("<form").nth(1).and_then(|f| f.split("</form>").next()).expect("a form");
        assert!(form.contains(&format!("action=\"{card}\"")) && form.contains("method=\"post\""), "{form}");
        assert_eq!(form.matches("<button").count(), 1, "{form}");
        assert!(form.split("<button").nth(1).is_some_and(|b| b.contains("Sign in")), "{form}");
        assert!(!form.contains("type=\"text\"") && !form.contains("type=\"password\""), "nothing to type: {form}");

        // Sent back with what it carries, it signs in.
        let hidden: Vec<(&str, &str)> = form
            .split("type=\"hidden\"")
            .skip(1)
            .filter_map(|field| {
                let value = |name: &str| field.split_once(&format!("{name}=\""))?.1.split('"').next();
                Some((value("name")?, value("value")?))
            })
            .collect();
        let signed_in = real::post(at, "", card, &hidden).await.expect("an answer");
        assert_eq!(signed_in.status, 303, "{}", signed_in.body);
        let session = session_of(&signed_in).expect("a session");
        let home = real::get(at, session, "/my-data").await.expect("an answer");
        let name = person["name"].as_str().expect("a name");
        assert!(home.status == 200 && home.body.contains(name), "{name} is not signed in: {}", home.body);
    }
    // A client that carries nothing but the address may do it too.
    let bare = real::post(at, "", card, &[]).await.expect("an answer");
    assert!(bare.status == 303 && session_of(&bare).is_some(), "{}", bare.head);

    let word = |value: &serde_json::Value| value.as_str().expect("a word").to_owned();
    let pictures = person["pictures"].as_array().expect("pictures");
    let [code, one, two, three] = [&person["code"], &pictures[0], &pictures[1], &pictures[2]].map(word);
    let fields = [("code", &*code), ("picture1", &*one), ("picture2", &*two), ("picture3", &*three)];
    let signed_in = real::post(at, "", "/sign-in", &fields).await.expect("an answer");
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    let session = session_of(&signed_in).expect("a session");
    assert_eq!(real::get(at, session, "/my-data").await.expect("an answer").status, 200);
    // In another order the pictures are wrong.
    let fields = [("code", &*code), ("picture1", &*three), ("picture2", &*two), ("picture3", &*one)];
    let wrong = real::post(at, "", "/sign-in", &fields).await.expect("an answer");
    assert!(one == three || (wrong.status != 303 && session_of(&wrong).is_none()), "{}", wrong.head);
    // The link signs in whoever has it, so it never stands in the log.
    let secret = card.trim_start_matches("/card/");
    assert!(!program.logged().contains(secret) && !program.logged().contains(&code), "{}", program.logged());
    program.kill().await;
}

/// Runs a command the way somebody would, and gives the database in which its lines must stand, and how many stood there
/// before.
async fn done(name: &str) -> (Folder, String, usize) {
    let (folder, url) = place(name).await;
    let works = async |arguments: &[&str]| {
        let out = run(&folder, &url, arguments).await;
        assert!(out.status.success(), "{arguments:?}: {out:?}");
    };
    works(&["keys", "init"]).await;
    let mut before = 0;
    match name {
        "admin" => works(&["admin", "--name", "Alex Reed"]).await,
        "backup" => works(&["backup", "copy.db"]).await,
        "card" => works(&["card", "--group", "youth-council", "--name", "Robin"]).await,
        "demo" => {
            let url = format!("sqlite:{}", real::path_text(&folder.join("demo.db")));
            let out = run(&folder, &url, &["demo", "--json"]).await;
            assert!(out.status.success(), "{out:?}");
            cards_of_the_demo_sign_in(&folder, &url, &out.stdout).await;
            return (folder, url, 0);
        }
        "doctor" => {
            // A group that nobody looks after is something to put right.
            works(&["admin", "--name", "Alex Reed"]).await;
            let out = run(&folder, &url, &["doctor"]).await;
            let told = String::from_utf8_lossy(&out.stdout);
            assert!(!out.status.success() && told.contains("tandem worker --group youth-council"), "{out:?}");
            works(&["worker", "--group", "youth-council", "--name", "Alex Reed"]).await;
            works(&["doctor"]).await;
            before = 2;
        }
        "doors" => works(&["doors"]).await,
        "export" => works(&["export", "all.zip"]).await,
        "import" => {
            works(&["export", "all.zip", "--move"]).await;
            let url = format!("sqlite:{}", real::path_text(&folder.join("other.db")));
            let out = run(&folder, &url, &["import", "all.zip"]).await;
            assert!(out.status.success(), "{out:?}");
            // The line of the export came with it.
            return (folder, url, 1);
        }
        "import polis" => {
            works(&["admin", "--name", "Alex Reed"]).await;
            // The line of that administrator.
            before = 1;
            workspace(&url).await;
            std::fs::create_dir_all(folder.join("talk")).expect("a folder");
            for (name, rows) in [
                ("summary.csv", "topic,Buses that wait\n"),
                ("comments.csv", "timestamp,comment-id,moderated,comment-body\n1564963436360,4,1,Later buses\n"),
                ("votes.csv", "comment-id,voter-id,vote\n4,1,1\n"),
            ] {
                std::fs::write(folder.join("talk").join(name), rows).expect("written");
            }
            works(&["import", "polis", "talk", "--workspace", "buses"]).await;
        }
        "keys init" => {}
        "keys rotate" => works(&["keys", "rotate"]).await,
        "worker" => {
            works(&["admin", "--name", "Alex Reed"]).await;
            // The line of that administrator.
            before = 1;
            works(&["worker", "--group", "youth-council", "--name", "Alex Reed"]).await;
        }
        "migrate" => works(&["migrate"]).await,
        "restore" => {
            works(&["backup", "copy.db"]).await;
            works(&["restore", "copy.db", "--replace"]).await;
            // The copy holds the line of its own making.
            before = 1;
        }
        "serve" => {
            let program = Program::start(&folder, &url, &[]).await;
            program.kill().await;
        }
        "verify" => {
            let keys = service::Keys::read(&folder.join("keys")).expect("keys");
            let signed = service::signed::sign(&keys, r#"{"passed":true}"#.to_owned()).expect("signed");
            std::fs::write(folder.join("result.json"), serde_json::to_vec(&signed).expect("JSON")).expect("written");
            works(&["verify", "result.json"]).await;
        }
        other => panic!("nothing here runs `tandem {other}`: add it"),
    }
    (folder, url, before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_command_writes_the_lines_of_the_table_as_the_system() {
    for (name, answer) in table() {
        let (_folder, url, before) = done(&name).await;
        let lines = log(&url).await;
        let (system, people): (Vec<_>, Vec<_>) = lines.into_iter().skip(before).partition(|(system, _)| *system);
        let system: Vec<String> = system.into_iter().map(|(_, verb)| verb).collect();
        let (wanted, with_people) = match answer.split_once('+') {
            Some((wanted, _)) => (wanted, true),
            None => (&*answer, false),
        };
        let wanted: Vec<&str> = wanted.split_whitespace().filter(|w| *w != "nothing").collect();
        assert_eq!(system, wanted, "tandem {name}");
        assert_eq!(!people.is_empty(), with_people, "tandem {name}: what people did");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_to_the_log_is_not_done() {
    let (folder, url) = place("log").await;
    assert!(run(&folder, &url, &["keys", "init"]).await.status.success());
    let store = Store::open(&url).await.expect("it opens");
    let Store::Sqlite { writer, .. } = &store else { panic!("SQLite") };
    let full = "create trigger full before insert on audit begin select raise(abort, 'full'); end";
    sqlx::query(full).execute(writer).await.expect("a log that takes nothing more");
    store.close().await;
    for arguments in [
        &["admin", "--name", "Alex Reed"][..],
        &["card", "--group", "youth-council", "--name", "Robin"],
        &["backup", "copy.db"],
        &["export", "all.zip"],
    ] {
        let out = run(&folder, &url, arguments).await;
        assert!(!out.status.success(), "{arguments:?}: {out:?}");
    }
    assert!(!folder.join("copy.db").exists() && !folder.join("all.zip").exists());
    let store = Store::open(&url).await.expect("it opens");
    let mut tx = store.read().await.expect("a transaction");
    assert!(!store::people::any(&mut tx).await.expect("asked"), "nobody was made");
    drop(tx);
    store.close().await;
}
