//! Writing together: two hundred editors in one design, each typing three letters a second, and how long a letter takes to be
//! on another screen. The same load goes through other programs that people write together with.
//!
//! - [`crowd`]: the load; [`talk`]: what it needs of an editor; [`pen`]: a hand and a screen of a shared text
//! - [`tandem`], [`hocuspocus`], [`etherpad`]: the editors of each program
//! - [`others`]: the other programs, as processes

mod crowd;
mod etherpad;
mod hocuspocus;
mod others;
mod pen;
mod talk;
mod tandem;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub use self::crowd::Typed;
use self::crowd::{Way, enter, make_past, stay, type_together};
use crate::place::Place;
use crate::plant::{self, Crowd};
use crate::process::{self, Memory};
use crate::program::Program;
use crate::{Wrong, http, say};

/// How many editors there are at most.
const EDITORS: usize = 200;
/// How many there are, load after load: first as many as a server with one thread bears, too.
pub const LOADS: [usize; 2] = [40, EDITORS];
/// Keys behind a design when it is opened.
pub const PAST: usize = 50_000;
/// How long making that past may take.
const MOST: Duration = Duration::from_secs(120);
/// How often it is opened; the middle one is told.
const OPENED: usize = 9;

/// What was measured of one program.
pub struct Measured {
    /// Its name and version.
    pub name: String,
    /// What came of each of [`LOADS`].
    pub loads: [Load; LOADS.len()],
    /// Keys behind the design when it was opened.
    pub past: usize,
    /// The page that is read, and the page that writes; nothing for the others, whose pages are the same files for everybody.
    pub pages: Option<(Duration, Duration)>,
    /// From opening the socket until one could type.
    pub opened: Duration,
}

/// What came of one load.
pub struct Load {
    /// What became of the letters.
    pub typed: Typed,
    /// Processor time that the server used for each second, 1 is a whole core.
    pub cpu: f64,
    /// Its resident memory after it.
    pub memory: Memory,
}

fn middle(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// Lets so many editors type at the server with the process `id`.
async fn load(way: Way, editors: usize, id: u32) -> Result<Load, Wrong> {
    let mut used = Vec::new();
    let typed = type_together(way, editors, || {
        used.push((process::cpu(id)?, Instant::now()));
        Ok(())
    });
    let typed = typed.await?;
    let ((before, from), (after, to)) = (used[0], used[1]);
    let at = |share| typed.after(share) / 1000;
    let memory = process::memory(id)?;
    let peak = memory.peak / 1024;
    say(&format!(
        "   {editors} editors: p50 {} ms, p99 {} ms, {} missing, peak {peak} MB",
        at(0.5),
        at(0.99),
        typed.missing
    ));
    let cpu = (after - before).as_secs_f64() / (to - from).as_secs_f64();
    Ok(Load { typed, cpu, memory })
}

/// Every load, one after the other.
async fn loads(way: impl Fn() -> Way, id: u32) -> Result<[Load; LOADS.len()], Wrong> {
    let [few, many] = LOADS;
    Ok([load(way(), few, id).await?, load(way(), many, id).await?])
}

async fn open(way: &Way) -> Result<Duration, Wrong> {
    let mut all = Vec::new();
    for n in 0..OPENED {
        let began = Instant::now();
        let (_, editor) = enter(way, n, true).await?;
        all.push(began.elapsed());
        if editor.words().is_some_and(|words| words.len() < PAST / 2) {
            return Err("what was opened is not what was written".into());
        }
    }
    Ok(middle(all))
}

/// Where an editor stands: sections one after the other, and everybody at a place of their own in theirs.
fn place(n: usize) -> (usize, f64) {
    (n % plant::SECTIONS, (n / plant::SECTIONS) as f64 / (EDITORS / plant::SECTIONS) as f64)
}

fn tandem_way(addr: SocketAddr, crowd: &Crowd) -> Way {
    let (design, sections, sessions) = (crowd.design, crowd.sections.clone(), crowd.sessions.clone());
    Way {
        addr,
        path: Box::new(move |_| format!("/designs/{design}/write/live")),
        cookie: Box::new(move |n| Some(format!("tandem-session={}", sessions[n]))),
        editor: Box::new(move |n, looks| Box::new(tandem::Tandem::new(&sections, place(n), looks))),
    }
}

/// Measures Tandem on one engine.
pub async fn tandem(at: &Place) -> Result<Measured, Wrong> {
    say(&format!("{}: {EDITORS} people write in one design, about 3 minutes", at.engine));
    let crowd = plant::crowd(at, EDITORS).await?;
    let program = Program::start(at, None).await?;
    let way = || tandem_way(program.addr, &crowd);
    let loads = loads(way, program.id).await?;
    say("   making its past");
    let before = plant::changes(at, &crowd).await?;
    make_past(way(), PAST.saturating_sub(before), MOST).await?;
    let past = plant::changes(at, &crowd).await?;
    say("   opening it");
    let (mut read, mut write) = (Vec::new(), Vec::new());
    for n in 0..OPENED {
        let secret = &crowd.sessions[n];
        for (path, times) in [("", &mut read), ("/write", &mut write)] {
            let began = Instant::now();
            http::page(program.addr, secret, &format!("/designs/{}{path}", crowd.design)).await?;
            times.push(began.elapsed());
        }
    }
    let opened = open(&way()).await?;
    program.stop().await?;
    let pages = Some((middle(read), middle(write)));
    Ok(Measured { name: format!("Tandem, {}", at.engine), loads, past, pages, opened })
}

/// Measures the other programs that start here.
pub async fn others() -> Result<Vec<Measured>, Wrong> {
    let mut all = Vec::new();
    for other in others::ALL {
        match others::start(other).await {
            Ok(Some(running)) => {
                say(&format!("{}: the same load, about 3 minutes", running.name));
                match other_program(other, &running).await {
                    Ok(measured) => all.push(measured),
                    Err(e) => say(&format!("   {} did not bear it: {e}", running.name)),
                }
            }
            Ok(None) => {
                say(&format!("{} is left out: its packages are not here (make bench brings them)", other.name()))
            }
            Err(e) => say(&format!("{} does not start here, and is left out: {e}", other.name())),
        }
    }
    Ok(all)
}

async fn other_program(other: others::Other, running: &others::Running) -> Result<Measured, Wrong> {
    let way = || other.way(running.addr);
    let somebody = stay(&way(), EDITORS).await?;
    let loads = loads(way, running.id).await?;
    say("   making its past");
    let before = usize::try_from(loads.iter().map(|load| load.typed.all).sum::<u64>())?;
    let made = make_past(way(), PAST.saturating_sub(before), MOST).await?;
    let opened = open(&way()).await?;
    somebody.abort();
    Ok(Measured { name: running.name.clone(), loads, past: before + made, pages: None, opened })
}
