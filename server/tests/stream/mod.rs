//! A browser's end of a stream of live news, over a real socket.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// Longest wait for something that has to come; a test that waits this long has failed.
const LONGEST: Duration = Duration::from_secs(60);

/// An open stream.
pub struct Stream {
    lines: tokio::io::Lines<BufReader<TcpStream>>,
    /// Every line that came, for looking at all of it.
    pub all: String,
    ended: bool,
}

impl Stream {
    /// Opens one and waits until it listens; the status where it is refused.
    pub async fn open(addr: SocketAddr, session: &str, query: &str) -> Result<Self, u16> {
        let mut socket = TcpStream::connect(addr).await.expect("connected");
        let text = format!(
            "GET /live?{query} HTTP/1.1\r\nhost: {addr}\r\ncookie: tandem-session={session}\r\nconnection: close\r\n\r\n"
        );
        socket.write_all(text.as_bytes()).await.expect("asked");
        let mut stream = Self { lines: BufReader::new(socket).lines(), all: String::new(), ended: false };
        let first = stream.line().await.expect("an answer");
        let status: u16 = first.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        if status != 200 {
            return Err(status);
        }
        while let Some(line) = stream.line().await {
            if line == ": listening" {
                return Ok(stream);
            }
        }
        panic!("it never listened: {}", stream.all);
    }

    async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(LONGEST, self.lines.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("nothing came for a minute after: {}", self.all)).ok().flatten();
        if let Some(line) = &line {
            self.all.push_str(line);
            self.all.push('\n');
            // The last chunk of a body that was ended as it should be.
            self.ended |= line == "0";
        }
        line
    }

    /// The next piece of news, or nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<serde_json::Value> {
        while let Some(line) = self.line().await {
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).expect("JSON"));
            }
        }
        None
    }

    /// What the next piece of news is about; panics at the end.
    pub async fn what(&mut self) -> String {
        let news = self.next().await.unwrap_or_else(|| panic!("it ended: {}", self.all));
        news["what"].as_str().expect("a word").to_owned()
    }

    /// Waits for the end; nothing but `alive` may come before.
    pub async fn ends(&mut self) {
        let news = self.next().await;
        assert!(news.is_none(), "it goes on: {news:?}");
        assert!(self.ended, "it was cut off and not ended: {}", self.all);
    }
}
