//! The real program, started as anybody starts it, for tests that stop, kill and ask it over a real socket.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

// Tests that also call the house directly have their databases from there: the same file twice.
#[allow(clippy::duplicate_mod)]
#[path = "../../../store/tests/support/mod.rs"]
pub mod db;
pub mod house;
pub mod load;
#[path = "../typed/mod.rs"]
pub mod typed;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use domain::ids::{PersonId, SessionId};
use domain::moment::Moment;
use domain::people::Role;
use service::world::{SystemChance, SystemClock, sha256, to_hex};
use service::{Chance as _, Clock as _};
use store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// The program that cargo built for these tests.
pub const TANDEM: &str = env!("CARGO_BIN_EXE_tandem");

/// A folder that goes away with this value.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tandem_{name}_{}_{}", std::process::id(), random(1 << 30)));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A random number below `most`.
pub fn random(most: u64) -> u64 {
    let mut bytes = [0u8; 8];
    SystemChance.fill(&mut bytes);
    u64::from_be_bytes(bytes) % most
}

/// The program running.
pub struct Program {
    pub addr: SocketAddr,
    pub child: Child,
    pub log: PathBuf,
}

fn command(folder: &Folder, url: &str) -> Command {
    command_of(TANDEM, folder, url)
}

fn command_of(program: &str, folder: &Folder, url: &str) -> Command {
    let mut command = Command::new(program);
    // Settings of whoever runs the tests must not reach the program.
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("TANDEM_")) {
        command.env_remove(name);
    }
    command.current_dir(&folder.0).env("DATABASE_URL", url).env("TANDEM_KEYS", folder.join("keys"));
    command.kill_on_drop(true).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub async fn run(folder: &Folder, url: &str, arguments: &[&str]) -> Output {
    command(folder, url).args(arguments).output().await.expect("the program runs")
}

/// The same where none of PostgreSQL's own tools is installed.
pub async fn run_without_tools(folder: &Folder, url: &str, arguments: &[&str]) -> Output {
    command(folder, url).env("PATH", &folder.0).args(arguments).output().await.expect("the program runs")
}

/// A port that nobody uses now.
pub fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address")
}

impl Program {
    /// Starts it and waits until it is ready.
    pub async fn start(folder: &Folder, url: &str, arguments: &[&str]) -> Self {
        let program = Self::start_only(folder, url, arguments);
        program.ready().await;
        program
    }

    /// Waits until it is ready.
    pub async fn ready(&self) {
        for _ in 0..3000 {
            if let Ok(answer) = get(self.addr, "", "/readyz").await
                && answer.status == 200
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it is not ready after 60 seconds: {}", self.logged());
    }

    /// Starts it in a way that a write beyond a limit is an error, not the end (`ulimit`'s signal is left out).
    pub async fn start_so_that_writing_may_fail(folder: &Folder, url: &str) -> Self {
        let mut command = command_of("sh", folder, url);
        command.args(["-c", "trap '' XFSZ; exec \"$0\" serve", TANDEM]);
        let program = Self::spawn(command, folder);
        program.ready().await;
        program
    }

    /// Starts it with a socket that listens already, as systemd hands one over.
    pub fn start_with_socket(folder: &Folder, url: &str, socket: std::net::TcpListener, arguments: &[&str]) -> Self {
        let addr = socket.local_addr().expect("an address");
        let mut command = command_of("sh", folder, url);
        let start = "export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\" serve \"$@\" 3<&0 </dev/null";
        command.args(["-c", start, TANDEM]).args(arguments);
        command.stdin(std::os::fd::OwnedFd::from(socket));
        Self { addr, ..Self::spawn(command, folder) }
    }

    /// Starts it.
    pub fn start_only(folder: &Folder, url: &str, arguments: &[&str]) -> Self {
        let mut command = command(folder, url);
        command.arg("serve").args(arguments);
        Self::spawn(command, folder)
    }

    fn spawn(mut command: Command, folder: &Folder) -> Self {
        let addr = free_port();
        let log = folder.join("log");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("a log");
        let child = command
            .env("TANDEM_ADDR", addr.to_string())
            .stdout(std::fs::File::create(folder.join("out")).expect("a file"))
            .stderr(file)
            .spawn()
            .expect("the program starts");
        Self { addr, child, log }
    }

    /// Everything it has said on standard output.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.log.with_file_name("out")).unwrap_or_default()
    }

    /// Everything it has logged.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// SIGTERM, as a service manager sends it.
    pub async fn terminate(&self) {
        let id = self.child.id().expect("running").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs").success());
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("killed");
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Reads an answer to its end.
pub async fn read_answer(mut stream: impl tokio::io::AsyncRead + Unpin) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

pub fn get_text(addr: SocketAddr, session: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\ncookie: tandem-session={session}\r\nconnection: close\r\n\r\n")
}

pub fn post_text(addr: SocketAddr, session: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let encode = |s: &str| percent_encoding::utf8_percent_encode(s, percent_encoding::NON_ALPHANUMERIC).to_string();
    let body = fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect::<Vec<_>>().join("&");
    format!(
        "POST {path} HTTP/1.1\r\nhost: {addr}\r\ncookie: tandem-session={session}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub async fn ask(addr: SocketAddr, text: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(text.as_bytes()).await?;
    read_answer(stream).await
}

pub async fn get(addr: SocketAddr, session: &str, path: &str) -> std::io::Result<Answer> {
    ask(addr, &get_text(addr, session, path)).await
}

pub async fn post(addr: SocketAddr, session: &str, path: &str, fields: &[(&str, &str)]) -> std::io::Result<Answer> {
    ask(addr, &post_text(addr, session, path, fields)).await
}

/// A session of somebody by the real clock: the value of their cookie.
pub async fn session(store: &Store, person: PersonId) -> String {
    let now = SystemClock.now();
    let (id, mut secret) = (random_id(), [0u8; 32]);
    SystemChance.fill(&mut secret);
    let secret = to_hex(&secret);
    let session = store::access::NewSession {
        id: SessionId(id),
        secret_hash: sha256(secret.as_bytes()),
        person,
        made_at: now,
        idle: 12 * Moment::HOUR,
        ends_at: now.plus(12 * Moment::HOUR),
        shared: false,
        way: "password",
    };
    let mut tx = store.write().await.expect("a transaction");
    store::access::start_session(&mut tx, &session).await.expect("a session");
    tx.commit().await.expect("committed");
    secret
}

fn random_id() -> uuid::Uuid {
    let mut bytes = [0u8; 16];
    SystemChance.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// An administrator straight into the tables, and the value of their cookie.
pub async fn administrator(store: &Store) -> String {
    let (id, now) = (PersonId(random_id()), SystemClock.now());
    let mut tx = store.write().await.expect("a transaction");
    let new = store::people::NewPerson {
        id,
        name: "Ash",
        role: Role::Administrator,
        sign_in: Some(("ash", "ash")),
        password: None,
        must_change: false,
        team: "",
        made_at: now,
    };
    store::people::insert(&mut tx, &new).await.expect("a person");
    tx.commit().await.expect("committed");
    session(store, id).await
}

/// A form that makes a group with a name.
pub async fn post_group(addr: SocketAddr, session: &str, name: &str) -> std::io::Result<Answer> {
    post(addr, session, "/groups/new", &typed::group(name)).await
}

/// The names of all groups.
pub async fn group_names(store: &Store) -> std::collections::BTreeSet<String> {
    let table = store::moving::tables().iter().find(|t| t.name == "groups").expect("there");
    let at = table.columns.iter().position(|c| c.name == "name").expect("there");
    let mut names = std::collections::BTreeSet::new();
    let mut tx = store.read().await.expect("a transaction");
    let all = store::moving::each_row(&mut tx, table, |row| {
        if let store::moving::Cell::Text(name) = &row[at] {
            names.insert(name.clone());
        }
        Ok::<(), ()>(())
    });
    all.await.expect("asked").expect("taken");
    names
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn path_text(path: &Path) -> &str {
    path.to_str().expect("a name that is text")
}

/// A PostgreSQL server of one test's own: `start` (gives its address), `restart`, `stop`.
pub async fn postgres(act: &str, folder: &Folder) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/postgres.sh");
    let out = Command::new(script).arg(act).arg(&folder.0).output().await.expect("the script runs");
    assert!(out.status.success(), "{act}: {}", text(&out.stderr));
    text(&out.stdout).trim().to_owned()
}
