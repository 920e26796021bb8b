//! The other programs, as they come from npm, each a process on a port of its own with its data in a folder that goes away.
//!
//! `TANDEM_BENCH_OTHERS` names the folder with their packages (`tools/setup.sh bench`), laid out as Etherpad needs it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::process::{Child, Command};

use super::crowd::Way;
use super::{etherpad, hocuspocus, place};
use crate::program::free_port;
use crate::{Wrong, http};

/// How long one may take to start.
const MOST: Duration = Duration::from_secs(60);

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// A server for Yjs, in memory: nothing is kept.
    Hocuspocus,
    /// Etherpad with its file database.
    Etherpad,
}

/// All of them.
pub const ALL: [Other; 2] = [Other::Hocuspocus, Other::Etherpad];

/// One that runs.
pub struct Running {
    /// Its name and version.
    pub name: String,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its process.
    pub id: u32,
    child: Child,
    folder: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Other {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hocuspocus => "Hocuspocus",
            Self::Etherpad => "Etherpad",
        }
    }

    /// Where its package is.
    fn package(self, packages: &Path) -> PathBuf {
        match self {
            Self::Hocuspocus => packages.join("node_modules/@hocuspocus/server"),
            Self::Etherpad => packages.join("etherpad/src"),
        }
    }

    /// How its editors come in.
    pub fn way(self, addr: SocketAddr) -> Way {
        match self {
            Self::Hocuspocus => Way {
                addr,
                path: Box::new(|_| "/".to_owned()),
                cookie: Box::new(|_| None),
                // Each time somebody comes they are another writer, as in a browser.
                editor: Box::new(|n, looks| {
                    let writer = WRITERS.fetch_add(7919, std::sync::atomic::Ordering::Relaxed);
                    Box::new(hocuspocus::Hocuspocus::new(writer, place(n), looks))
                }),
            },
            Self::Etherpad => Way {
                addr,
                path: Box::new(|_| "/socket.io/?EIO=3&transport=websocket".to_owned()),
                cookie: Box::new(|_| None),
                editor: Box::new(|n, _| Box::new(etherpad::Etherpad::new(n))),
            },
        }
    }
}

/// As long as the numbers of Yjs, which are random ones of 32 bits.
static WRITERS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1 << 31);

/// Etherpad's settings: its usual ones, without a limit for how much comes from one address, and without a cookie from its page
/// (`loadTest`), as its own load test has it.
fn settings(addr: SocketAddr, folder: &Path) -> Value {
    json!({
        "ip": addr.ip(), "port": addr.port(), "loglevel": "ERROR", "loadTest": true,
        "dbType": "dirty", "dbSettings": {"filename": folder.join("pads.db")},
        "socketTransportProtocols": ["websocket"],
        "commitRateLimiting": {"duration": 1, "points": 1_000_000},
    })
}

/// Starts one and waits until it answers; nothing when its packages are not here.
pub async fn start(other: Other) -> Result<Option<Running>, Wrong> {
    let Some(packages) = std::env::var_os("TANDEM_BENCH_OTHERS").map(PathBuf::from) else { return Ok(None) };
    let package = other.package(&packages);
    let Ok(about) = std::fs::read_to_string(package.join("package.json")) else { return Ok(None) };
    let about: Value = serde_json::from_str(&about)?;
    let name = format!("{} {}", other.name(), about["version"].as_str().unwrap_or("?"));
    let addr = free_port()?;
    let folder = std::env::temp_dir().join(format!("tandem-bench-{}-{}", other.name(), std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let log = folder.join("log");
    let mut command = Command::new("node");
    match other {
        Other::Hocuspocus => {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/others/hocuspocus.mjs");
            command.arg(script).arg(addr.port().to_string()).env("OTHERS", &packages);
        }
        Other::Etherpad => {
            std::fs::write(folder.join("settings.json"), settings(addr, &folder).to_string())?;
            command.arg(package.join("node/server.js")).arg("--settings").arg(folder.join("settings.json"));
            // It would ask the internet for a newer version.
            command.env("HTTPS_PROXY", "http://127.0.0.1:9");
            command.env("NODE_ENV", "production").current_dir(packages.join("etherpad"));
        }
    }
    let file = std::fs::File::create(&log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).kill_on_drop(true);
    let child = command.spawn()?;
    let id = child.id().ok_or("it ended at once")?;
    let mut running = Running { name, addr, id, child, folder };
    let began = Instant::now();
    while began.elapsed() < MOST && running.child.try_wait()?.is_none() {
        if http::get(addr, "", "/").await.is_ok_and(|answer| answer.status < 500) {
            return Ok(Some(running));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let said = std::fs::read_to_string(&log)?;
    Err(said.lines().rev().take(5).collect::<Vec<_>>().join(" / ").into())
}
