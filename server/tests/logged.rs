//! What people type, and what their browsers say, is never logged or measured: marked words go to every door there is, by
//! every way into it, while the program logs as much as it can.

mod bad;
mod real;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use bad::{MARK, bodies};
use real::house::{self, House, Kind};
use real::{Folder, Program, get};
use server::doors::{Method, all};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The names of all fields that any handler reads, from the source of the handlers: a new field is marked without anybody
/// having to think of it.
fn fields() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let handlers = std::fs::read_dir(source.join("routes")).expect("the handlers").flatten().map(|e| e.path());
    let mut names = BTreeSet::new();
    for file in handlers.chain([source.join("posted.rs"), source.join("ctx.rs")]) {
        let text = std::fs::read_to_string(file).expect("text");
        for call in [".text(\"", ".all(\"", ".ticked(\"", ".query(\"", "moment(&ctx, &posted, \""] {
            names.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    for known in ["name", "password", "code", "words", "reason", "form_id", "act", "kept", "purpose"] {
        assert!(names.contains(known), "{known} is not among {names:?}: this test reads the handlers wrongly");
    }
    names
}

/// What each hole of an address is filled with: marked words, and things that are there.
fn path(door: &str, house: &House, marked: bool) -> String {
    if marked {
        return bad::filled(door, MARK);
    }
    bad::real(door, |name| match name {
        "group" | "workspace" => "kill-test".to_owned(),
        "design" => house.design.to_string(),
        "decision" => house.decision.to_string(),
        "action" => house.action.to_string(),
        "person" => house.young[1].who.id().expect("id").to_string(),
        _ => "1".to_owned(),
    })
}

/// Sends a request with marks in every header a browser fills in by itself, and reads the status. A stream of news never
/// ends, so the body is left.
async fn send(at: SocketAddr, method: &str, path: &str, session: &str, kind: &str, body: &[u8]) -> u16 {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {at}\r\nuser-agent: {MARK}\r\nreferer: http://{at}/{MARK}?{MARK}\r\n\
         accept-language: {MARK}\r\nx-forwarded-for: {MARK}\r\nx-request-id: {MARK}\r\nauthorization: Bearer {MARK}\r\n\
         cookie: tandem-session={session}; tandem-display={MARK}; tandem-said={MARK}; {MARK}={MARK}\r\n\
         content-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(at).await.expect("connected");
    stream.write_all(head.as_bytes()).await.expect("sent");
    // An answer may come before a big body is taken: then the rest of it is not.
    let _ = stream.write_all(body).await;
    let mut start = [0u8; 12];
    stream.read_exact(&mut start).await.unwrap_or_else(|e| panic!("{method} {path}: no answer: {e}"));
    String::from_utf8_lossy(&start[9..]).parse().expect("a status")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_people_type_is_logged_or_measured() {
    const FORM: &str = "application/x-www-form-urlencoded";
    for db in real::db::both().await {
        let house = house::plant(&db.store, 3).await;
        let folder = Folder::new("log");
        let numbers = real::free_port();
        let program =
            Program::start(&folder, &db.url, &["--metrics-addr", &numbers.to_string(), "--log", "trace"]).await;
        let at = program.addr;

        // What is accepted: words that end in the database.
        for (n, kind) in Kind::ALL.into_iter().enumerate() {
            let form = house.next(at, kind, n, format!("{MARK} {n}")).await.expect("a form");
            let answer = form.send(at).await.expect("an answer");
            assert_eq!(answer.status, 303, "{kind:?}: {}", answer.body);
        }

        // What is refused, or means something else: every field marked, at every door, by four kinds of people.
        let marked: String = fields().iter().map(|name| format!("{name}={MARK}&")).collect();
        let people = ["", &house.young[0].session, &house.worker.session, &house.administrator, MARK];
        let mut doors = all();
        // What ends the sessions of those who ask comes last.
        doors.sort_by_key(|d| matches!(d.path, "/sign-out" | "/my-data/delete"));
        for door in &doors {
            for path in [path(door.path, &house, false), path(door.path, &house, true)] {
                let path = format!("{path}?{marked}q={MARK}%FF");
                for session in people {
                    let (method, body) = match door.method {
                        Method::Get => ("GET", ""),
                        Method::Post => ("POST", marked.as_str()),
                    };
                    // The query is too strange for some, and good for others.
                    for path in [&path, path.trim_end_matches("%FF")] {
                        let status = send(at, method, path, session, FORM, body.as_bytes()).await;
                        assert!(status < 500, "{status} {method} {path}");
                    }
                }
            }
        }
        for bad in bodies() {
            for to in ["/sign-in", "/groups/new", "/designs/new", &path("/designs/{id}/write", &house, false)] {
                let status = send(at, "POST", to, &house.administrator, bad.kind, &bad.body).await;
                assert!(status < 500, "{status} {to} {}", bad.what);
            }
        }
        send(at, MARK, "/", "", FORM, b"").await;
        send(at, "GET", &format!("/{MARK}/{MARK}?{MARK}=%FF"), "", FORM, b"").await;

        let measured = get(numbers, "", "/metrics").await.expect("the numbers").body;
        // While the database fails in a way that nobody expected.
        let mut tx = db.store.write().await.expect("a transaction");
        let sql = "update groups set visibility = 'xMARKx'";
        match &mut tx {
            store::Tx::Sqlite(t) => sqlx::query(sql).execute(&mut **t).await.map(|_| ()),
            store::Tx::Postgres(t) => sqlx::query(sql).execute(&mut **t).await.map(|_| ()),
        }
        .expect("written");
        tx.commit().await.expect("committed");
        assert_eq!(send(at, "GET", "/groups", "", FORM, b"").await, 500);

        let (log, said) = (program.logged(), program.said());
        program.kill().await;
        for line in log.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            let line = line.to_string();
            assert!(!line.to_lowercase().contains("xmarkx") && !line.contains("ABCDEFGH"), "{}: {line}", db.engine);
        }
        assert!(log.contains("sqlx::query") && log.contains("\"level\":\"DEBUG\""), "the log is not talkative: {log}");
        for door in &doors {
            let there = format!("\"door\":\"{}\"", door.path);
            assert!(log.contains(&there), "{} was not opened, or is not logged", door.path);
            // Nobody counts who asks for a file that is not there, but everything else.
            let counted = measured.contains(&format!("door=\"{}\"", door.path));
            assert!(counted, "{} is not counted: {measured}", door.path);
        }
        for text in [&measured, &said] {
            assert!(!text.to_lowercase().contains("xmarkx") && !text.contains("ABCDEFGH"), "{text}");
        }
    }
}
