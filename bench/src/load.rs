//! A load of plain HTTP/1.1 over kept connections: every connection sends its next request when it has the whole answer
//! of the one before (a closed loop). Times are in microseconds.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What one load gave.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// Answers a second.
    pub per_second: f64,
    /// Half of the answers took at most this long.
    pub p50: u64,
    /// 99 of a hundred took at most this long.
    pub p99: u64,
    /// Bytes of one answer, with its head.
    pub bytes: usize,
    /// Answers in all, those while warming up too.
    pub answers: usize,
    /// Answers that were not 200.
    pub wrong: u64,
}

/// Sends `GET path` over `connections` for `time`, after a tenth of it to warm up.
pub async fn run(addr: &str, path: &str, cookie: &str, connections: usize, time: Duration) -> std::io::Result<Load> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n");
    let begin = Instant::now() + time / 10;
    let end = begin + time;
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (addr, request) = (addr.to_owned(), request.clone());
        tasks.push(tokio::spawn(async move { one(&addr, request.as_bytes(), begin, end).await }));
    }
    let (mut times, mut bytes, mut answers, mut wrong) = (Vec::new(), 0, 0, 0);
    for task in tasks {
        let one = task.await.map_err(std::io::Error::other)??;
        times.extend(one.times);
        bytes = bytes.max(one.bytes);
        answers += one.answers;
        wrong += one.wrong;
    }
    times.sort_unstable();
    let at =
        |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).copied();
    Ok(Load {
        per_second: times.len() as f64 / time.as_secs_f64(),
        p50: at(0.5).unwrap_or(0),
        p99: at(0.99).unwrap_or(0),
        bytes,
        answers,
        wrong,
    })
}

/// What one connection saw.
#[derive(Default)]
struct One {
    times: Vec<u64>,
    bytes: usize,
    answers: usize,
    wrong: u64,
}

async fn one(addr: &str, request: &[u8], begin: Instant, end: Instant) -> std::io::Result<One> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.set_nodelay(true)?;
    let (mut seen, mut buffer) = (One::default(), Vec::with_capacity(1 << 17));
    loop {
        let started = Instant::now();
        if started >= end {
            return Ok(seen);
        }
        stream.write_all(request).await?;
        buffer.clear();
        let whole = loop {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(std::io::Error::other("the server hung up"));
            }
            if let Some(head) = find(&buffer, b"\r\n\r\n") {
                let length = content_length(&buffer[..head]).ok_or_else(|| std::io::Error::other("no length"))?;
                if buffer.len() >= head + 4 + length {
                    break head + 4 + length;
                }
            }
        };
        seen.bytes = whole;
        seen.answers += 1;
        if !buffer.starts_with(b"HTTP/1.1 200") {
            seen.wrong += 1;
        }
        if started >= begin {
            seen.times.push(u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX));
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    head.lines()
        .find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length:").map(|v| v.trim().to_owned()))?
        .parse()
        .ok()
}
