//! Resident memory: of the program that has answered a page and waits, and with a thousand open event streams. The
//! streams are real ones: each must say that it listens, and hear of one new comment.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

use crate::place::Place;
use crate::plant::{House, SESSIONS};
use crate::process::{self, Memory};
use crate::program::Program;
use crate::{Wrong, http};

/// How many event streams are open.
pub const STREAMS: usize = 1000;
/// How long any of them may take to begin, or to hear.
const MOST: Duration = Duration::from_secs(30);

/// What was measured.
pub struct Measured {
    /// After one page.
    pub idle: Memory,
    /// With every stream open.
    pub streaming: Memory,
    /// From sending a comment until the last stream has heard of it.
    pub heard: Duration,
}

/// What a stream tells.
enum Told {
    Listens,
    Hears(Instant),
    Wrong(String),
}

/// Opens one stream, and waits for news or for the end of the measurement.
async fn stream(
    addr: SocketAddr,
    secret: String,
    path: String,
    tell: mpsc::Sender<Told>,
    mut end: watch::Receiver<bool>,
) -> Result<(), Wrong> {
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\nCookie: tandem-session={secret}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let (mut seen, mut part, mut listens) = (String::new(), [0u8; 2048], false);
    loop {
        let read = tokio::select! {
            read = tokio::time::timeout(MOST, stream.read(&mut part)) => read??,
            _ = end.wait_for(|over| *over) => return Ok(()),
        };
        if read == 0 {
            let first = seen.lines().next().unwrap_or("nothing");
            return Err(format!("a stream ended: {first}").into());
        }
        seen.push_str(&String::from_utf8_lossy(&part[..read]));
        if !listens && seen.starts_with("HTTP/1.1 200") && seen.contains(": listening") {
            listens = true;
            tell.send(Told::Listens).await?;
        }
        if seen.contains("event: news") {
            tell.send(Told::Hears(Instant::now())).await?;
            end.wait_for(|over| *over).await?;
            return Ok(());
        }
    }
}

/// Waits until every stream has told the same, and gives the last moment of it.
async fn each(told: &mut mpsc::Receiver<Told>) -> Result<Instant, Wrong> {
    let mut last = Instant::now();
    for n in 0..STREAMS {
        match tokio::time::timeout(MOST, told.recv()).await {
            Ok(Some(Told::Hears(at))) => last = last.max(at),
            Ok(Some(Told::Listens)) => {}
            Ok(Some(Told::Wrong(what))) => return Err(format!("{n} of {STREAMS} streams, then: {what}").into()),
            Ok(None) | Err(_) => return Err(format!("only {n} of {STREAMS} streams").into()),
        }
    }
    Ok(last)
}

/// The value of a hidden field.
fn hidden<'a>(body: &'a str, name: &str) -> Result<&'a str, Wrong> {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = body.split(&mark).nth(1).ok_or(format!("no field {name}"))?;
    Ok(rest.split('"').next().unwrap_or(rest))
}

/// Writes a comment through its form.
async fn comment(addr: SocketAddr, secret: &str, path: &str, section: &str) -> Result<(), Wrong> {
    let page = http::page(addr, secret, path).await?;
    let form = hidden(&page.body, "form_id")?;
    let fields =
        [("form_id", form), ("section", section), ("kind", "idea"), ("words", "One more thing."), ("reply_to", "")];
    let answer = http::post(addr, secret, path, &fields).await?;
    if answer.status == 303 { Ok(()) } else { Err(format!("a comment was answered {}", answer.status).into()) }
}

/// Measures one engine.
pub async fn measure(place: &Place, house: &House) -> Result<Measured, Wrong> {
    let program = Program::start(place, None).await?;
    http::page(program.addr, &house.sessions[0], "/").await?;
    // What the start itself put aside is given back or not within this second.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = process::memory(program.id)?;

    let (tell, mut told) = mpsc::channel(STREAMS);
    let (over, end) = watch::channel(false);
    // Everybody may read the design. Each session opens five streams; six would be let in.
    let path = format!("/live?design={}", house.draft);
    let mut tasks = Vec::new();
    for n in 0..STREAMS {
        let secret = house.sessions[n % SESSIONS].clone();
        let (path, tell, end) = (path.clone(), tell.clone(), end.clone());
        let addr = program.addr;
        tasks.push(tokio::spawn(async move {
            if let Err(e) = stream(addr, secret, path, tell.clone(), end).await {
                let _ = tell.send(Told::Wrong(e.to_string())).await;
            }
        }));
    }
    each(&mut told).await?;
    let comments = format!("/designs/{}/comments", house.draft);
    let sent = Instant::now();
    comment(program.addr, &house.sessions[0], &comments, &house.section.to_string()).await?;
    let heard = each(&mut told).await?.saturating_duration_since(sent);
    let streaming = process::memory(program.id)?;
    let _ = over.send(true);
    for task in tasks {
        task.await?;
    }
    program.stop().await?;
    Ok(Measured { idle, streaming, heard })
}
