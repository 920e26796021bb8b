//! Running it: the commands of the real program, stopping, https, mail.

mod real;

use std::sync::Arc;

use real::{Folder, Program, administrator, get, group_names, path_text, post_group, read_answer, run, text};
use service::Mail as _;
use service::world::Letter;
use store::Store;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("not one JSON document: {e}: {}", text(bytes)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_finishes_what_has_begun() {
    let db = real::db::sqlite().await;
    let session = administrator(&db.store).await;
    let folder = Folder::new("stop");
    let mut program = Program::start(&folder, &db.url, &[]).await;
    // A form over a slow line: half of it is there when the program is told to stop.
    let whole = real::post_text(program.addr, &session, "/groups/new", &real::typed::group("The last group"));
    let (first, rest) = whole.split_at(whole.len() - 40);
    let mut slow = TcpStream::connect(program.addr).await.expect("connected");
    slow.write_all(first.as_bytes()).await.expect("sent");
    // Another request is answered meanwhile, so the slow one has been taken up.
    assert_eq!(get(program.addr, "", "/healthz").await.expect("an answer").status, 200);
    program.terminate().await;
    while TcpStream::connect(program.addr).await.is_ok() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    slow.write_all(rest.as_bytes()).await.expect("sent");
    assert_eq!(read_answer(slow).await.expect("a whole answer").status, 303);
    let status = program.child.wait().await.expect("it ends");
    assert!(status.success(), "{status}: {}", program.logged());
    assert!(group_names(&db.store).await.contains("The last group"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_cookies_are_host_only_and_browsers_remember_https() {
    let db = real::db::sqlite().await;
    let folder = Folder::new("https");
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("written");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("written");
    let mut program = Program::start_only(
        &folder,
        &db.url,
        &["--tls-cert", "cert.pem", "--tls-key", "key.pem", "--url", "https://localhost"],
    );
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let ask = async |request: String| {
        for _ in 0..1500 {
            if let Ok(stream) = TcpStream::connect(program.addr).await {
                let name = "localhost".try_into().expect("a name");
                let mut stream = connector.connect(name, stream).await.expect("TLS with our certificate");
                stream.write_all(request.as_bytes()).await.expect("sent");
                return read_answer(stream).await.expect("an answer");
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("it does not listen: {}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
    };
    let page = ask(real::get_text(program.addr, "", "/sign-in")).await;
    assert_eq!(page.status, 200, "{}", page.head);
    assert!(page.head.contains("strict-transport-security: max-age=63072000"), "{}", page.head);
    let form = real::post_text(program.addr, "", "/display", &[("theme", "dark")]);
    let set = ask(form).await;
    let cookie = set.head.lines().find(|l| l.starts_with("set-cookie: ")).unwrap_or("none");
    assert!(cookie.starts_with("set-cookie: __Host-tandem-"), "{cookie}");
    assert!(cookie.contains("; Secure") && cookie.contains("Path=/;") && !cookie.contains("Domain"), "{cookie}");
    program.child.kill().await.expect("killed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_ahead_is_for_this_computer_only() {
    const DAYS: &str = "691200";
    let db = real::db::sqlite().await;
    let session = administrator(&db.store).await;
    let folder = Folder::new("ahead");
    for open_to_others in [
        ["--addr", "0.0.0.0:0"].as_slice(),
        &["--addr", "127.0.0.1:0", "--trusted-proxy"],
        &["--addr", "127.0.0.1:0", "--url", "https://tandem.example"],
        &["--addr", "127.0.0.1:0", "--url", "http://127.0.0.1.example:80/"],
    ] {
        let arguments = [&["serve", "--clock-ahead", DAYS], open_to_others].concat();
        let output = run(&folder, &db.url, &arguments).await;
        assert!(!output.status.success(), "{arguments:?}");
        assert!(text(&output.stderr).contains("for tests on this computer only"), "{}", text(&output.stderr));
    }
    let program = Program::start(&folder, &db.url, &[]).await;
    assert_eq!(get(program.addr, &session, "/my-data").await.expect("an answer").status, 200);
    program.kill().await;
    for url in [[].as_slice(), &["--url", "http://localhost:3000"], &["--url", "http://[::1]:3000"]] {
        let program = Program::start(&folder, &db.url, &[&["--clock-ahead", DAYS], url].concat()).await;
        // Eight days later that session is over.
        let answer = get(program.addr, &session, "/my-data").await.expect("an answer");
        assert!(answer.status == 303 && answer.head.contains("location: /sign-in"), "{}", answer.head);
        program.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_serving_comes_back() {
    let folder = Folder::new("backup");
    let url = format!("sqlite:{}", path_text(&folder.join("tandem.db")));
    let program = Program::start(&folder, &url, &[]).await;
    let store = Store::open(&url).await.expect("it opens");
    let session = administrator(&store).await;
    assert_eq!(post_group(program.addr, &session, "Before").await.expect("an answer").status, 303);
    let out = run(&folder, &url, &["backup", "copy.db", "--json"]).await;
    assert!(out.status.success(), "{out:?}");
    assert_eq!(json(&out.stdout)["engine"], "sqlite");
    assert!(!run(&folder, &url, &["backup", "copy.db"]).await.status.success(), "it overwrites a backup");
    assert_eq!(post_group(program.addr, &session, "After").await.expect("an answer").status, 303);

    let refused = run(&folder, &url, &["restore", "copy.db"]).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("--replace"), "{refused:?}");
    let busy = run(&folder, &url, &["restore", "copy.db", "--replace"]).await;
    assert!(!busy.status.success() && text(&busy.stderr).contains("in use"), "{busy:?}");
    store.close().await;
    program.kill().await;

    std::fs::write(folder.join("bad.db"), b"SQLite format 3\0 and then nothing of it").expect("written");
    std::fs::write(folder.join("text.db"), b"hello").expect("written");
    for bad in ["bad.db", "text.db", "none.db"] {
        let out = run(&folder, &url, &["restore", bad, "--replace"]).await;
        assert!(!out.status.success() && text(&out.stderr).contains(bad), "{out:?}");
    }
    let done = run(&folder, &url, &["restore", "copy.db", "--replace"]).await;
    assert!(done.status.success(), "{done:?}");
    let store = Store::open(&url).await.expect("it opens");
    let names = group_names(&store).await;
    assert!(names.contains("Before") && !names.contains("After"), "{names:?}");
    store.close().await;
    assert!(folder.join("tandem.db.before-restore-1").exists(), "what was there is put aside");

    // Into a place where there is nothing yet.
    let other = format!("sqlite:{}", path_text(&folder.join("other.db")));
    assert!(run(&folder, &other, &["restore", "copy.db"]).await.status.success());
    let store = Store::open(&other).await.expect("it opens");
    assert_eq!(group_names(&store).await, names);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_says_what_to_do() {
    let folder = Folder::new("doctor");
    let url = format!("sqlite:{}", path_text(&folder.join("tandem.db")));
    let ill = run(&folder, &url, &["doctor"]).await;
    assert!(!ill.status.success());
    let said = text(&ill.stdout);
    assert!(said.contains("tandem migrate") && said.contains("tandem keys init"), "{said}");
    assert!(!folder.join("tandem.db").exists(), "a check makes nothing");

    assert!(run(&folder, &url, &["keys", "init"]).await.status.success());
    let twice = run(&folder, &url, &["keys", "init"]).await;
    assert!(!twice.status.success() && text(&twice.stderr).contains("rotate"), "{twice:?}");
    assert_eq!(json(&run(&folder, &url, &["keys", "rotate", "--json"]).await.stdout)["newest"], 2);
    // A key that no Tandem made, with the highest number there is: the next one would have number 0, and be the oldest.
    let last = folder.join("keys").join("4294967295.key");
    std::fs::copy(folder.join("keys").join("0002.key"), &last).expect("copied");
    let full = run(&folder, &url, &["keys", "rotate"]).await;
    assert!(!full.status.success() && text(&full.stderr).contains("move it out of the folder"), "{full:?}");
    assert!(!folder.join("keys").join("0000.key").exists(), "no key was made");
    std::fs::remove_file(&last).expect("removed");
    assert_eq!(json(&run(&folder, &url, &["migrate", "--json"]).await.stdout)["engine"], "sqlite");
    let well = run(&folder, &url, &["doctor", "--json"]).await;
    assert!(well.status.success(), "{well:?}");
    assert_eq!(json(&well.stdout)["good"], true);
    let empty = text(&well.stdout);
    for page in ["/not-safe", "/talk", "/privacy", "/security"] {
        assert!(empty.contains(page) && empty.contains("/settings"), "{page}: {empty}");
    }
    let store = Store::open(&url).await.expect("it opens");
    let mut tx = store.write().await.expect("a transaction");
    for (name, value) in [("safety_phone", "01632 960 199"), ("help_email", "help@brackenshire.example")] {
        store::settings::set(&mut tx, name, value).await.expect("set");
    }
    tx.commit().await.expect("committed");
    store.close().await;
    let filled = text(&run(&folder, &url, &["doctor", "--json"]).await.stdout);
    assert!(!filled.contains("/not-safe") && !filled.contains("/accessibility"), "{filled}");
    assert!(filled.contains("/privacy") && filled.contains("/security"), "{filled}");

    // Somebody changes the log of staff acts behind our back.
    let store = Store::open(&url).await.expect("it opens");
    let service = service::audit::Act { verb: "test", kind: "house", id: "", detail: "" };
    let mut tx = store.write().await.expect("a transaction");
    service::audit::note_system(&mut tx, domain::moment::Moment(1), service).await.expect("noted");
    tx.commit().await.expect("committed");
    let Store::Sqlite { writer, .. } = &store else { panic!("SQLite") };
    let refused = sqlx::query("update audit set verb = 'other'").execute(writer).await.expect_err("refused");
    assert!(refused.to_string().contains("only ever added to"), "{refused}");
    // Whoever owns the file can take the guard away first. The chain still tells.
    sqlx::query("drop trigger audit_no_update").execute(writer).await.expect("dropped");
    sqlx::query("update audit set verb = 'other'").execute(writer).await.expect("changed");
    store.close().await;
    let broken = run(&folder, &url, &["doctor"]).await;
    assert!(!broken.status.success() && text(&broken.stdout).contains("changed at row 1"), "{broken:?}");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = folder.join("keys/0001.key");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("changed");
        let open = run(&folder, &url, &["doctor"]).await;
        assert!(text(&open.stdout).contains("chmod"), "{open:?}");
    }
    let plain = run(&folder, &url, &["doctor", "--url", "http://tandem.example.org"]).await;
    assert!(text(&plain.stdout).contains("is not https"), "{plain:?}");
    let nobody = run(&folder, "postgres://nobody@127.0.0.1:1/none", &["doctor"]).await;
    assert!(!nobody.status.success() && text(&nobody.stdout).contains("cannot be opened"), "{nobody:?}");
}

/// The number in the mark of the log, if there is one mark.
fn marked(folder: &Folder) -> Option<i64> {
    let mut marks: Vec<_> = std::fs::read_dir(folder.join("keys"))
        .expect("a folder")
        .map(|e| e.expect("a file").path())
        .filter(|p| p.extension().is_some_and(|e| e == "mark"))
        .collect();
    assert!(marks.len() < 2, "one database, one mark: {marks:?}");
    let text = std::fs::read_to_string(marks.pop()?).expect("text");
    Some(text.split(' ').next().expect("a number").parse().expect("a number"))
}

/// Rows cut off at the end of the log leave a chain that is whole. The mark beside the keys knows that there were more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_cut_off_at_the_end_of_the_log_are_missed() {
    for db in real::db::both().await {
        let folder = Folder::new("mark");
        let engine = db.engine;
        let note = async |times: u32| {
            for _ in 0..times {
                let act = service::audit::Act { verb: "test", kind: "house", id: "", detail: "" };
                let mut tx = db.store.write().await.expect("a transaction");
                service::audit::note_system(&mut tx, domain::moment::Moment(1), act).await.expect("noted");
                tx.commit().await.expect("committed");
            }
        };
        let cut = async |after: i64| {
            const CUT: &str = "delete from audit where seq > $1";
            match &db.store {
                Store::Sqlite { writer, .. } => {
                    sqlx::query("drop trigger if exists audit_no_delete").execute(writer).await.expect("dropped");
                    sqlx::query(CUT).bind(after).execute(writer).await.expect("cut off");
                }
                Store::Postgres(pool) => {
                    sqlx::query("drop trigger if exists audit_no_update on audit")
                        .execute(pool)
                        .await
                        .expect("dropped");
                    sqlx::query(CUT).bind(after).execute(pool).await.expect("cut off");
                }
            }
        };
        let doctor = async || {
            let out = run(&folder, &db.url, &["doctor"]).await;
            (out.status.success(), text(&out.stdout))
        };
        assert!(run(&folder, &db.url, &["keys", "init"]).await.status.success());
        // An empty log has no end to keep; an installation from before marks begins one.
        assert!(doctor().await.0);
        assert_eq!(marked(&folder), None, "{engine}");
        note(5).await;
        assert!(doctor().await.0 && marked(&folder) == Some(5), "{engine}: {:?}", marked(&folder));
        note(2).await;
        assert_eq!(marked(&folder), Some(5), "{engine}: not with every act");
        assert!(doctor().await.0 && marked(&folder) == Some(7), "{engine}: {:?}", marked(&folder));

        // Fewer rows than there were.
        cut(5).await;
        let (well, said) = doctor().await;
        assert!(!well && said.contains("had 7 rows once and ends at row 5"), "{engine}: {said}");
        assert!(said.contains("keep a backup as evidence") && said.contains(".mark and run this again"), "{said}");
        // Whatever else is done, the mark that shows it stays.
        let mut program = Program::start(&folder, &db.url, &[]).await;
        program.terminate().await;
        assert!(program.child.wait().await.expect("it ends").success());
        assert!(program.logged().contains("run tandem doctor"), "{engine}: {}", program.logged());
        let out = run(&folder, &db.url, &["export", "all.zip"]).await;
        assert!(out.status.success() && text(&out.stderr).contains("Attention: "), "{engine}: {out:?}");
        assert!(!doctor().await.0 && marked(&folder) == Some(7), "{engine}: {:?}", marked(&folder));

        // As many rows as there were, and others.
        note(4).await;
        let (well, said) = doctor().await;
        assert!(!well && said.contains("Row 7 of the log of staff acts is not the one"), "{engine}: {said}");

        // Whoever knows why removes the mark; the next one is begun.
        let keys = std::fs::read_dir(folder.join("keys")).expect("a folder").map(|e| e.expect("a file").path());
        for mark in keys.filter(|p| p.extension().is_some_and(|e| e == "mark")) {
            std::fs::remove_file(mark).expect("removed");
        }
        assert!(doctor().await.0 && marked(&folder) == Some(10), "{engine}: {:?}", marked(&folder));

        // Serving moves it on at its start and at its end, and an export does.
        note(1).await;
        let session = administrator(&db.store).await;
        let mut program = Program::start(&folder, &db.url, &[]).await;
        assert_eq!(marked(&folder), Some(11), "{engine}");
        assert_eq!(post_group(program.addr, &session, "Marked").await.expect("an answer").status, 303);
        program.terminate().await;
        assert!(program.child.wait().await.expect("it ends").success());
        assert_eq!(marked(&folder), Some(12), "{engine}");
        assert!(run(&folder, &db.url, &["export", "more.zip"]).await.status.success());
        assert_eq!(marked(&folder), Some(13), "{engine}");

        // A backup moves it on. Bringing it back is meant to bring back an older log.
        if engine == "postgres" && std::process::Command::new("pg_dump").arg("--version").output().is_err() {
            real::db::left_out("skipped on PostgreSQL: pg_dump is not installed");
            continue;
        }
        assert!(run(&folder, &db.url, &["backup", "copy"]).await.status.success());
        assert_eq!(marked(&folder), Some(14), "{engine}");
        note(6).await;
        assert!(doctor().await.0 && marked(&folder) == Some(20));
        db.store.close().await;
        let back = run(&folder, &db.url, &["restore", "copy", "--replace"]).await;
        assert!(back.status.success(), "{engine}: {back:?}");
        assert_eq!(marked(&folder), Some(15), "{engine}: the copy and the line that says it was put back");
        assert!(doctor().await.0, "{engine}");
    }
}

/// A mail server that takes one letter at a time and gives back what it heard.
async fn mail_server() -> (std::net::SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let (tell, heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let _ = write.write_all(b"220 test\r\n").await;
                let mut letter = false;
                while let Ok(Some(line)) = lines.next_line().await {
                    let _ = tell.send(line.clone());
                    let answer: &[u8] = match line.as_str() {
                        "." if letter => {
                            letter = false;
                            b"250 taken\r\n"
                        }
                        _ if letter => continue,
                        "DATA" => {
                            letter = true;
                            b"354 go on\r\n"
                        }
                        "QUIT" => b"221 bye\r\n",
                        to if to.contains("refused@") => b"550 no such person refused@example.org\r\n",
                        _ => b"250 ok\r\n",
                    };
                    let _ = write.write_all(answer).await;
                }
            });
        }
    });
    (at, heard)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_go_out_by_smtp() {
    let (at, mut heard) = mail_server().await;
    let smtp = server::mail::Smtp::new(&format!("smtp://{at}"), "tandem@example.org").expect("an address");
    smtp.greet().await.expect("it answers");
    let letter = |to: &str| Letter {
        to: to.to_owned(),
        subject: "You said, we did".to_owned(),
        text: "The bus now stops at the school.".to_owned(),
    };
    smtp.send(letter("ash@example.org")).await.expect("sent");
    let mut all = String::new();
    while let Ok(line) = heard.try_recv() {
        all.push_str(&line);
        all.push('\n');
    }
    for part in ["RCPT TO:<ash@example.org>", "From: tandem@example.org", "Subject: You said, we did", "bus now stops"]
    {
        assert!(all.contains(part), "{part}: {all}");
    }
    let refused = smtp.send(letter("refused@example.org")).await.expect_err("refused");
    assert!(refused.contains("refused (550)") && !refused.contains("example.org"), "{refused}");
    assert!(smtp.send(letter("no address")).await.is_err());

    let db = real::db::sqlite().await;
    let folder = Folder::new("mail");
    assert!(run(&folder, &db.url, &["keys", "init"]).await.status.success());
    let good = run(&folder, &db.url, &["doctor", "--smtp-url", &format!("smtp://{at}")]).await;
    assert!(good.status.success() && text(&good.stdout).contains("the mail server answers"), "{good:?}");
    let nobody = format!("smtp://{}", real::free_port());
    let bad = run(&folder, &db.url, &["doctor", "--smtp-url", &nobody]).await;
    assert!(!bad.status.success() && text(&bad.stdout).contains("could not be reached"), "{bad:?}");
}

#[tokio::test]
async fn verify_tells_a_good_result_from_a_changed_one() {
    let folder = Folder::new("verify");
    let url = "sqlite:none.db";
    assert!(run(&folder, url, &["keys", "init"]).await.status.success());
    let keys = service::Keys::read(&folder.join("keys")).expect("keys");
    let signed = service::signed::sign(&keys, r#"{"passed":true}"#.to_owned()).expect("signed");
    let file = folder.join("result.json");
    let write =
        |s: &service::signed::Signed| std::fs::write(&file, serde_json::to_vec(s).expect("JSON")).expect("written");
    write(&signed);
    let good = run(&folder, url, &["verify", "result.json", "--json"]).await;
    assert!(good.status.success(), "{good:?}");
    assert_eq!(json(&good.stdout)["payload"]["passed"], true);
    // A new key signs what is new; what the old one signed is still good.
    assert!(run(&folder, url, &["keys", "rotate"]).await.status.success());
    let still = run(&folder, url, &["verify", "result.json"]).await;
    assert!(still.status.success() && text(&still.stdout).contains("the one you trust"), "{still:?}");
    let rotated = service::Keys::read(&folder.join("keys")).expect("keys");
    let newer = service::signed::sign(&rotated, r#"{"passed":true}"#.to_owned()).expect("signed");
    assert_ne!(newer.public_key, signed.public_key);
    write(&newer);
    assert!(run(&folder, url, &["verify", "result.json"]).await.status.success());
    write(&signed);
    let other = run(&folder, url, &["verify", "result.json", "--public-key", &"0".repeat(64)]).await;
    assert!(!other.status.success() && text(&other.stderr).contains("another key"), "{other:?}");
    let mut changed = signed;
    changed.payload = r#"{"passed":false}"#.to_owned();
    write(&changed);
    let bad = run(&folder, url, &["verify", "result.json"]).await;
    assert!(!bad.status.success() && text(&bad.stderr).contains("changed"), "{bad:?}");
    assert!(bad.stdout.is_empty(), "errors stay off standard output");
}

/// The finished program needs nothing beside it. `make test` names it in TANDEM_BIN after the release build.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_program_is_a_whole_installation() {
    let Ok(program) = std::env::var("TANDEM_BIN") else {
        real::db::left_out("skipped: the release program (TANDEM_BIN is not set; make test sets it)");
        return;
    };
    let folder = Folder::new("alone");
    std::fs::copy(program, folder.join("tandem")).expect("copied");
    let at = real::free_port();
    let mut child = tokio::process::Command::new(folder.join("tandem"))
        .args(["serve", "--demo"])
        .env_clear()
        .env("TANDEM_ADDR", at.to_string())
        .current_dir(&folder.0)
        .stderr(std::fs::File::create(folder.join("log")).expect("a log"))
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let mut page = None;
    for _ in 0..1500 {
        match get(at, "", "/").await {
            Ok(answer) => {
                page = Some(answer);
                break;
            }
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    }
    let mut page =
        page.unwrap_or_else(|| panic!("{}", std::fs::read_to_string(folder.join("log")).unwrap_or_default()));
    assert_eq!(page.status, 200);
    // The way that everybody may go, to a page where the browser does more.
    for (start, end) in [("/groups/", ""), ("/workspaces/", ""), ("/designs/", "/comments")] {
        let addresses = page.body.split('"').filter(|a| a.starts_with(start)).map(|a| a.split('/').take(3));
        let address = addresses.map(|parts| parts.collect::<Vec<_>>().join("/")).find(|a| !a.contains('?'));
        let address = format!("{}{end}", address.unwrap_or_else(|| panic!("no {start}: {}", page.body)));
        page = get(at, "", &address).await.expect("an answer");
        assert_eq!(page.status, 200, "{address}");
    }
    let mut files = std::collections::BTreeSet::new();
    for address in page.body.split(['"', '\'']).filter(|a| a.starts_with("/pkg/") || a.starts_with("/static/")) {
        let address = address.split('#').next().unwrap_or(address);
        let text = real::get_text(at, "", address).replacen("\r\n", "\r\naccept-encoding: gzip, br\r\n", 1);
        let file = real::ask(at, &text).await.expect("an answer");
        assert_eq!(file.status, 200, "{address}");
        // What is packed already (letters) is sent as it is.
        let end = address.rsplit('.').next().unwrap_or("");
        let small = file.head.to_lowercase().contains("content-encoding: br");
        assert!(small || !["css", "js", "wasm", "svg"].contains(&end), "{address} is sent unpacked: {}", file.head);
        files.insert(end.to_owned());
    }
    for kind in ["css", "js", "wasm", "woff2", "svg"] {
        assert!(files.contains(kind), "no {kind} among {files:?}: {}", page.body);
    }
    child.kill().await.expect("killed");
}
