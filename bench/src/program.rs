//! The real program, started as anybody starts it: `tandem serve` in a folder of its own, with its usual settings.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::place::Place;
use crate::{Wrong, http};

/// How long it may take to start or to stop.
const MOST: Duration = Duration::from_secs(30);

/// The program running.
pub struct Program {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its process.
    pub id: u32,
    child: Child,
    log: PathBuf,
}

/// A port that nobody uses now.
pub fn free_port() -> Result<SocketAddr, Wrong> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Program {
    /// Starts it without waiting for it. `log`: what it logs, where that is not the usual.
    pub fn start_only(place: &Place, log: Option<&str>) -> Result<Self, Wrong> {
        let program = std::env::var("TANDEM_BIN").map_err(|_| "TANDEM_BIN is not set: run tools/bench.sh")?;
        let addr = free_port()?;
        let mut command = Command::new(program);
        // Settings of whoever measures must not reach the program.
        for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("TANDEM_")) {
            command.env_remove(name);
        }
        let path = place.folder.join("log");
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
        command
            .arg("serve")
            .current_dir(&place.folder)
            .env("DATABASE_URL", &place.url)
            .env("TANDEM_ADDR", addr.to_string())
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file);
        if let Some(log) = log {
            command.env("TANDEM_LOG", log);
        }
        let child = command.spawn()?;
        let id = child.id().ok_or("the program ended at once")?;
        Ok(Self { addr, id, child, log: path })
    }

    /// Starts it and waits until it answers.
    pub async fn start(place: &Place, log: Option<&str>) -> Result<Self, Wrong> {
        let program = Self::start_only(place, log)?;
        let began = Instant::now();
        while began.elapsed() < MOST {
            if http::page(program.addr, "", "/readyz").await.is_ok() {
                return Ok(program);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(format!("the program does not answer: {}", program.logged()?).into())
    }

    /// Everything it has logged.
    pub fn logged(&self) -> Result<String, Wrong> {
        Ok(std::fs::read_to_string(&self.log)?)
    }

    /// Ends it as a service manager does, so that the next start finds everything in order.
    pub async fn stop(mut self) -> Result<(), Wrong> {
        Command::new("kill").args(["-TERM", &self.id.to_string()]).status().await?;
        tokio::time::timeout(MOST, self.child.wait()).await??;
        Ok(())
    }
}
