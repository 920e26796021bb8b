//! Starting the real program: the demo and whom it may be shown to, a socket that was handed over, who may read its numbers,
//! and what it says when it cannot start.

mod real;

use std::net::TcpListener;

use real::{Folder, Program, get, path_text, run, text};

fn url_of(folder: &Folder) -> String {
    format!("sqlite:{}", path_text(&folder.join("tandem.db")))
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).expect("there").permissions().mode() & 0o777
}

async fn starts(folder: &Folder) -> Program {
    let program = Program::start_only(folder, &url_of(folder), &["--demo"]);
    // Filling takes a while in a program that was not built for speed.
    for _ in 0..10 {
        if tokio::time::timeout(std::time::Duration::from_secs(60), program.ready()).await.is_ok() {
            break;
        }
    }
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_filled_once_kept_and_shown_again() {
    let folder = Folder::new("demo");
    let first = starts(&folder).await;
    let said = first.said();
    assert!(said.contains("everybody in it is invented") && said.contains("Staff: a sign-in name"), "{said}");
    let file = folder.join("demo-people.json");
    #[cfg(unix)]
    assert_eq!(mode(&file), 0o600);
    let people = std::fs::read_to_string(&file).expect("kept");
    // One of those it printed signs in by a plain form.
    let all: Vec<serde_json::Value> = serde_json::from_str(&people).expect("JSON");
    let staff = all.iter().find(|p| p["password"].is_string()).expect("staff");
    let word = |name: &str| staff[name].as_str().expect("a word").to_owned();
    assert!(said.contains(&word("password")), "{said}");
    let (name, password) = (word("sign_in_name"), word("password"));
    let fields = [("name", name.as_str()), ("password", password.as_str())];
    assert_eq!(real::post(first.addr, "", "/sign-in", &fields).await.expect("an answer").status, 303);
    for path in ["/", "/sign-in", "/groups", "/not-safe", "/nothing-here"] {
        let page = get(first.addr, "", path).await.expect("an answer");
        assert!(page.body.contains("class=\"demo"), "{path} has no banner: {}", page.body);
    }
    first.kill().await;

    let second = starts(&folder).await;
    assert_eq!(std::fs::read_to_string(&file).expect("kept"), people, "nobody new");
    assert!(second.said().contains(&password), "shown again: {}", second.said());
    assert_eq!(real::post(second.addr, "", "/sign-in", &fields).await.expect("an answer").status, 303);
    second.kill().await;

    // Without the demo the same database has no banner, and the command line fills nothing that is in use.
    let plain = Program::start(&folder, &url_of(&folder), &[]).await;
    assert!(!get(plain.addr, "", "/sign-in").await.expect("an answer").body.contains("class=\"demo"));
    plain.kill().await;
    let refused = run(&folder, &url_of(&folder), &["demo", "--json"]).await;
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
    assert!(text(&refused.stderr).contains("There are people in this database already"), "{refused:?}");

    // Everybody can know its passwords: it is served to this computer only, however it is started.
    for arguments in [&["--addr", "0.0.0.0:0"][..], &["--url", "https://tandem.example.org"], &["--trusted-proxy"]] {
        let all = [&["serve"], arguments].concat();
        let refused = run(&folder, &url_of(&folder), &all).await;
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(text(&refused.stderr).contains("This database is the demo"), "{arguments:?}: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_database_is_never_shown_as_the_demo_and_nobody_else_can_read_it() {
    let folder = Folder::new("real");
    for arguments in [&["keys", "init"][..], &["migrate"], &["admin", "--name", "Alex Reed"]] {
        assert!(run(&folder, &url_of(&folder), arguments).await.status.success(), "{arguments:?}");
    }
    let refused = run(&folder, &url_of(&folder), &["serve", "--demo"]).await;
    assert!(!refused.status.success(), "{refused:?}");
    assert!(text(&refused.stderr).contains("This database is not the demo"), "{refused:?}");
    assert!(!folder.join("demo-people.json").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = folder.join("tandem.db");
        assert_eq!(mode(&file), 0o600);
        // One that others can read is told.
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("set");
        let doctor = run(&folder, &url_of(&folder), &["doctor"]).await;
        assert!(text(&doctor.stdout).contains("chmod 600"), "{doctor:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_for_this_computer_only() {
    let folder = Folder::new("loopback");
    let refused = run(&folder, &url_of(&folder), &["serve", "--demo", "--addr", "0.0.0.0:0"]).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("for this computer only"), "{refused:?}");
    // A socket that somebody else opened counts by where it listens, not by what the setting says.
    let socket = TcpListener::bind("0.0.0.0:0").expect("a port");
    let mut program = Program::start_with_socket(&folder, &url_of(&folder), socket, &["--demo"]);
    let status = program.child.wait().await.expect("it ends");
    assert!(!status.success() && program.logged().contains("for this computer only"), "{}", program.logged());
    assert!(!folder.join("tandem.db").exists() && !folder.join("demo-people.json").exists(), "nothing was made");
    for arguments in
        [&["serve", "--demo", "--url", "https://tandem.example.org"][..], &["serve", "--demo", "--trusted-proxy"]]
    {
        let refused = run(&folder, &url_of(&folder), arguments).await;
        assert!(!refused.status.success() && text(&refused.stderr).contains("for this computer only"), "{refused:?}");
    }
    // The clock of tests, too, goes by where the socket listens.
    let socket = TcpListener::bind("0.0.0.0:0").expect("a port");
    let mut program = Program::start_with_socket(&folder, &url_of(&folder), socket, &["--clock-ahead", "60"]);
    let status = program.child.wait().await.expect("it ends");
    assert!(!status.success() && program.logged().contains("TANDEM_CLOCK_AHEAD"), "{}", program.logged());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_takes_a_socket_that_was_handed_over() {
    let folder = Folder::new("socket");
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    // Nobody serves yet, and the connection waits: that is how a new program takes over without a refused request.
    let waiting = tokio::spawn(get(socket.local_addr().expect("an address"), "", "/healthz"));
    let program = Program::start_with_socket(&folder, &url_of(&folder), socket, &[]);
    program.ready().await;
    assert_eq!(waiting.await.expect("asked").expect("an answer").status, 200);
    assert_eq!(get(program.addr, "", "/sign-in").await.expect("an answer").status, 200);
    program.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_numbers_are_read_at_an_address_of_their_own_or_nowhere() {
    let folder = Folder::new("numbers");
    let without = Program::start(&folder, &url_of(&folder), &[]).await;
    assert_eq!(get(without.addr, "", "/metrics").await.expect("an answer").status, 404);
    without.kill().await;
    let numbers = real::free_port();
    let with = Program::start(&folder, &url_of(&folder), &["--metrics-addr", &numbers.to_string()]).await;
    assert_eq!(get(with.addr, "", "/metrics").await.expect("an answer").status, 404, "never beside the pages");
    let measured = get(numbers, "", "/metrics").await.expect("the numbers").body;
    assert!(measured.contains("tandem_requests_total{") && measured.contains("tandem_request_seconds"), "{measured}");
    with.kill().await;
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    let refused = run(&folder, &url_of(&folder), &["serve", "--metrics-addr", &at, "--addr", "127.0.0.1:0"]).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains(&at), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_installation_has_the_time_zone_it_was_told() {
    let folder = Folder::new("zone");
    let kept = async || -> Option<String> {
        let store = store::Store::open(&url_of(&folder)).await.expect("it opens");
        let mut tx = store.read().await.expect("a transaction");
        let all = store::settings::all(&mut tx).await.expect("asked");
        drop(tx);
        store.close().await;
        all.into_iter().find(|(name, _)| name == "time_zone").map(|(_, zone)| zone)
    };
    Program::start(&folder, &url_of(&folder), &[]).await.kill().await;
    assert_eq!(kept().await, None, "Europe/London by itself");
    Program::start(&folder, &url_of(&folder), &["--time-zone", "Europe/Dublin"]).await.kill().await;
    assert_eq!(kept().await.as_deref(), Some("Europe/Dublin"));
    // What was chosen once is not taken back by a start.
    Program::start(&folder, &url_of(&folder), &["--time-zone", "Europe/Paris"]).await.kill().await;
    assert_eq!(kept().await.as_deref(), Some("Europe/Dublin"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_start_says_what_to_do() {
    let folder = Folder::new("cannot");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    std::fs::write(folder.join("words.pem"), "words").expect("written");
    let cases: [(&[&str], &str); 8] = [
        (&["--addr", "127.0.0.1:0", "--time-zone", "Mars/Olympus"], "TANDEM_TIME_ZONE"),
        (&["--addr", &at], "TANDEM_ADDR"),
        (&["--addr", "127.0.0.1:0", "--log", "=,=?"], "TANDEM_LOG"),
        (&["--addr", "127.0.0.1:0", "--tls-cert", "words.pem"], "TANDEM_TLS_KEY"),
        (&["--addr", "127.0.0.1:0", "--tls-cert", "words.pem", "--tls-key", "words.pem"], "words.pem"),
        (&["--addr", "127.0.0.1:0", "--database-url", "mysql://x"], "DATABASE_URL"),
        (&["--addr", "127.0.0.1:0", "--database-url", "postgres://nobody@127.0.0.1:1/none"], "DATABASE_URL"),
        (&["--addr", "127.0.0.1:0", "--smtp-url", "words"], "TANDEM_SMTP_URL"),
    ];
    for (arguments, wanted) in cases {
        let out = run(&folder, &url_of(&folder), &[&["serve"], arguments].concat()).await;
        let said = text(&out.stderr);
        assert!(!out.status.success() && said.contains(wanted), "{arguments:?}: {said}");
        assert!(said.lines().last().is_some_and(|l| l.starts_with("tandem: ")), "{arguments:?}: {said}");
        assert!(out.stdout.is_empty(), "{arguments:?}: errors stay off standard output");
    }
    std::fs::create_dir_all(folder.join("keys")).expect("a folder");
    std::fs::write(folder.join("keys/0001.key"), "words").expect("written");
    let out = run(&folder, &url_of(&folder), &["serve", "--addr", "127.0.0.1:0"]).await;
    assert!(!out.status.success() && text(&out.stderr).contains("is not a key of Tandem"), "{out:?}");
}
