//! Pages under load: the real program beside the hand-written server, and beside ready bytes. The three take turns, so
//! that whatever else the machine does meets all of them.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use store::Store;
use tokio::process::{Child, Command};

use crate::bare::{Ready, What};
use crate::load::Load;
use crate::place::Place;
use crate::plant::House;
use crate::program::{Program, free_port};
use crate::{Wrong, asked, http, load, plant, process, say};

/// Connections at once.
const CONNECTIONS: usize = 32;
/// Turns of each server for each page; the middle one counts.
const TURNS: usize = 3;
/// How long one turn is.
const TURN: Duration = Duration::from_secs(2);

/// One server under load.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// What the load saw.
    pub load: Load,
    /// Answers for each second of processor time that the server's process used.
    pub per_core: f64,
}

/// One page.
pub struct Measured {
    /// Its name.
    pub name: &'static str,
    /// How many statements it asks.
    pub statements: usize,
    /// The real program.
    pub program: Server,
    /// The hand-written server.
    pub bare: Server,
    /// The same without asking anything.
    pub bytes: Server,
}

/// The hand-written server in its own process.
struct Bare {
    addr: SocketAddr,
    id: u32,
    // Killed when dropped.
    _child: Child,
}

impl Bare {
    async fn start(place: &Place, ready: &[Ready], secret: &str) -> Result<Self, Wrong> {
        let file = place.folder.join("pages.json");
        std::fs::write(&file, serde_json::to_string(ready)?)?;
        let addr = free_port()?;
        let child = Command::new(std::env::current_exe()?)
            .args(["bare", &addr.to_string(), &place.url])
            .arg(&file)
            .kill_on_drop(true)
            .stdin(Stdio::null())
            .spawn()?;
        let bare = Self { addr, id: child.id().ok_or("the hand-written server ended at once")?, _child: child };
        // It knows the pages that it was given and no other.
        let first = ready.first().ok_or("no page to be measured")?;
        let path = format!("/bytes{}", first.what.path());
        let began = Instant::now();
        while http::page(addr, secret, &path).await.is_err() {
            if began.elapsed() > Duration::from_secs(10) {
                return Err("the hand-written server does not answer".into());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(bare)
    }
}

async fn turn(addr: SocketAddr, id: u32, path: &str, secret: &str) -> Result<Server, Wrong> {
    let before = process::cpu(id)?;
    let cookie = format!("tandem-session={secret}");
    let load = load::run(&addr.to_string(), path, &cookie, CONNECTIONS, TURN).await?;
    let used = process::cpu(id)?.saturating_sub(before).as_secs_f64();
    if load.wrong > 0 {
        return Err(format!("{path}: {} of {} answers were not 200", load.wrong, load.answers).into());
    }
    Ok(Server { per_core: load.answers as f64 / used, load })
}

/// The middle one of several turns.
fn middle(mut turns: Vec<Server>) -> Server {
    turns.sort_by(|a, b| a.per_core.total_cmp(&b.per_core));
    let at = turns.len() / 2;
    turns.into_iter().nth(at).unwrap_or_default()
}

async fn page(program: &Program, bare: &Bare, secret: &str, what: What, statements: usize) -> Result<Measured, Wrong> {
    let path = what.path();
    let ready = format!("/bytes{path}");
    let (mut real, mut by_hand, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        real.push(turn(program.addr, program.id, &path, secret).await?);
        by_hand.push(turn(bare.addr, bare.id, &path, secret).await?);
        bytes.push(turn(bare.addr, bare.id, &ready, secret).await?);
    }
    let done =
        Measured { name: what.name(), statements, program: middle(real), bare: middle(by_hand), bytes: middle(bytes) };
    let (a, b) = (done.program.per_core, done.bare.per_core);
    say(&format!("      {}: {a:.0} answers a second and core, {b:.0} by hand ({:.0} %)", done.name, 100.0 * a / b));
    Ok(done)
}

/// The pages of what was planted.
pub const fn all(house: &House) -> [What; 4] {
    [What::Design(house.design), What::Comments(house.draft), What::Home, What::Result(house.decision)]
}

/// Pages on one engine.
pub async fn measure(place: &Place, house: &House, all: &[What]) -> Result<Vec<Measured>, Wrong> {
    let secret = &house.sessions[0];
    let counted = Program::start(place, Some(asked::LOG)).await?;
    let service = plant::house(Store::open(&place.url).await?);
    let mut ready = Vec::new();
    for &what in all {
        ready.push(asked::page(&counted, &service, secret, what).await?);
    }
    counted.stop().await?;
    service.store().close().await;

    let program = Program::start(place, None).await?;
    let bare = Bare::start(place, &ready, secret).await?;
    let mut measured = Vec::new();
    for (&what, ready) in all.iter().zip(&ready) {
        measured.push(page(&program, &bare, secret, what, ready.asked.len()).await?);
    }
    program.stop().await?;
    Ok(measured)
}
