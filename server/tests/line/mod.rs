//! A page that writes, over a real socket: what the island does, without a browser.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::designs::shared_text::Writer;
use domain::designs::wire::{End, Hears, Says, numbered, read_numbered};
use domain::designs::{Typing, splice};
use domain::ids::{DesignId, SectionId};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longest wait for something that has to come; a test that waits this long has failed.
const LONGEST: Duration = Duration::from_secs(60);

/// An open line.
pub struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub typing: Typing,
    pub writer: (Writer, String),
    pub seq: i64,
    number: u64,
    /// Everything that was said in text, oldest first.
    pub heard: Vec<Hears>,
}

fn typing(writer: Writer) -> Typing {
    let now = AtomicU64::new(0);
    Typing::new(writer, Arc::new(move || now.fetch_add(1000, Ordering::SeqCst)))
}

impl Line {
    /// Opens one as a page of ours does, and waits for its beginning; the status where it is refused.
    pub async fn open(addr: SocketAddr, session: &str, design: DesignId, base: i64) -> Result<Self, u16> {
        Self::open_from(addr, session, design, base, Some(&format!("http://{addr}"))).await
    }

    /// The same from another place.
    pub async fn open_from(
        addr: SocketAddr,
        session: &str,
        design: DesignId,
        base: i64,
        origin: Option<&str>,
    ) -> Result<Self, u16> {
        let url = format!("ws://{addr}/designs/{design}/write/live?base={base}");
        let mut request = url.into_client_request().expect("an address");
        let headers = request.headers_mut();
        let cookie = HeaderValue::from_str(&format!("tandem-session={session}")).expect("a value");
        headers.insert("cookie", cookie);
        if let Some(origin) = origin {
            headers.insert("origin", HeaderValue::from_str(origin).expect("a value"));
        }
        let socket = match connect_async(request).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(answer)) => return Err(answer.status().as_u16()),
            Err(e) => panic!("no line: {e}"),
        };
        let nobody = Writer::from_random(1);
        let mut line = Self {
            socket,
            typing: typing(nobody),
            writer: (nobody, String::new()),
            seq: base,
            number: 0,
            heard: Vec::new(),
        };
        line.begin().await;
        Ok(line)
    }

    async fn begin(&mut self) {
        let mut changes = Vec::new();
        loop {
            match self.next().await.expect("a beginning") {
                Message::Text(text) => match Hears::read(&text).expect("something said") {
                    Hears::Welcome(writer, mark) => self.writer = (writer, mark),
                    Hears::Now(seq) => {
                        self.seq = seq;
                        break;
                    }
                    // It may be over before it begins.
                    other => {
                        let over = matches!(other, Hears::Stop(_));
                        self.heard.push(other);
                        if over {
                            return;
                        }
                    }
                },
                Message::Binary(frame) => changes.push(read_numbered(&frame).expect("a change").1.to_vec()),
                _ => {}
            }
        }
        self.typing = typing(self.writer.0);
        for change in changes {
            self.typing.take(&change).expect("it fits");
        }
    }

    async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(LONGEST, self.socket.next()).await;
        match next.unwrap_or_else(|_| panic!("nothing came for a minute after {:?}", self.heard)) {
            Some(Ok(Message::Close(_)) | Err(_)) | None => None,
            Some(Ok(message)) => Some(message),
        }
    }

    /// Takes in the next thing that is said: gives it when it is text. Nothing at the end.
    async fn step(&mut self) -> Option<Option<Hears>> {
        Some(match self.next().await? {
            Message::Text(text) => {
                let heard = Hears::read(&text).expect("something said");
                self.heard.push(heard.clone());
                Some(heard)
            }
            Message::Binary(frame) => {
                let (seq, update) = read_numbered(&frame).expect("a change");
                self.seq = self.seq.max(i64::try_from(seq).expect("a number"));
                self.typing.take(update).expect("it fits");
                None
            }
            _ => None,
        })
    }

    pub fn words(&self, section: SectionId) -> String {
        self.typing.words(section)
    }

    /// Makes the box of a section say this; nothing is sent yet.
    pub fn type_in(&mut self, section: SectionId, words: &str) {
        let old = self.typing.words(section);
        if let Some(edit) = splice(&old, words, u32::MAX) {
            self.typing.splice(section, &edit);
        }
    }

    /// Sends what was typed, and gives the number of the batch.
    pub async fn send(&mut self) -> u64 {
        let update = self.typing.unsent().expect("something was typed");
        self.send_update(&update).await
    }

    pub async fn send_update(&mut self, update: &[u8]) -> u64 {
        self.number += 1;
        self.send_frame(Message::Binary(numbered(self.number, update).into())).await;
        self.number
    }

    pub async fn send_frame(&mut self, frame: Message) {
        // Whether it is there is seen by the answer.
        let _ = self.socket.send(frame).await;
    }

    pub async fn say(&mut self, says: Says) {
        self.send_frame(Message::Text(says.text().into())).await;
    }

    /// Waits for something said; panics at the end of the line.
    pub async fn until(&mut self, wanted: impl Fn(&Hears) -> bool) -> Hears {
        loop {
            match self.step().await {
                Some(Some(heard)) if wanted(&heard) => return heard,
                Some(_) => {}
                None => panic!("the line ended: {:?}", self.heard),
            }
        }
    }

    /// Writes, sends, and waits until it is kept.
    pub async fn write(&mut self, section: SectionId, words: &str) {
        self.type_in(section, words);
        let number = self.send().await;
        self.until(|h| matches!(h, Hears::Saved(n, ..) if *n == number)).await;
    }

    /// The same over a line that may be cut: whether it is known to be kept, and what was sent.
    pub async fn try_write(&mut self, section: SectionId, words: &str) -> (bool, Vec<u8>) {
        self.type_in(section, words);
        let update = self.typing.unsent().expect("something was typed");
        let number = self.send_update(&update).await;
        while let Some(heard) = self.step().await {
            if matches!(heard, Some(Hears::Saved(n, ..)) if n == number) {
                return (true, update);
            }
        }
        (false, update)
    }

    /// Waits until a section says so.
    pub async fn until_words(&mut self, section: SectionId, words: &str) {
        while self.words(section) != words {
            assert!(self.step().await.is_some(), "the line ended: {:?}", self.heard);
        }
    }

    /// Waits for the end, and gives why it ended, if that was said.
    pub async fn ends(&mut self) -> Option<End> {
        while self.step().await.is_some() {}
        self.heard.iter().rev().find_map(|h| if let Hears::Stop(end) = h { Some(*end) } else { None })
    }

    /// Says nothing any more, not even that it heard: until the program ends the line.
    pub async fn fall_silent(self) {
        let mut raw = self.socket.into_inner();
        let end = tokio::time::timeout(LONGEST, raw.read_to_end(&mut Vec::new())).await;
        // Reset or closed: it is over either way.
        assert!(end.is_ok(), "the line is still open after a minute");
    }

    /// The line is cut, without a word.
    pub fn cut(self) -> Typing {
        self.typing
    }
}
