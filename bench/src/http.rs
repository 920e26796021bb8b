//! Asking for one page.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Wrong;

/// How long one answer may take.
const MOST: Duration = Duration::from_secs(20);

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The rest.
    pub body: String,
}

async fn ask(addr: SocketAddr, request: &str) -> Result<Answer, Wrong> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    tokio::time::timeout(MOST, stream.read_to_end(&mut bytes)).await??;
    let text = String::from_utf8(bytes)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("an answer without an end of its head")?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("an answer without a status")?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// Reads a page.
pub async fn get(addr: SocketAddr, session: &str, path: &str) -> Result<Answer, Wrong> {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {addr}\r\nCookie: tandem-session={session}\r\nConnection: close\r\n\r\n");
    ask(addr, &request).await
}

/// Reads a page that must be there.
pub async fn page(addr: SocketAddr, session: &str, path: &str) -> Result<Answer, Wrong> {
    let answer = get(addr, session, path).await?;
    if answer.status == 200 { Ok(answer) } else { Err(format!("{path} answers {}", answer.status).into()) }
}

/// Posts a form.
pub async fn post(addr: SocketAddr, session: &str, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Wrong> {
    let encode = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    let body = body.join("&");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {addr}\r\nCookie: tandem-session={session}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    ask(addr, &request).await
}
