//! An editor of Etherpad 1.8, as its page speaks: messages of socket.io 2 with changesets in them. Letters are put in at the
//! beginning of the pad, where a changeset need not count what is before it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::talk::{Heard, Keys, Talk};
use crate::Wrong;

/// One editor.
pub struct Etherpad {
    token: String,
    author: String,
    revision: u64,
    /// Letters in the pad at that revision.
    length: usize,
    typed: u32,
    unsent: usize,
    sent: usize,
    ready: bool,
    /// Letters of each author that came.
    came: std::collections::HashMap<u64, u32>,
}

fn said(value: &Value) -> Message {
    Message::Text(format!("42{}", json!(["message", value])).into())
}

/// A number as changesets have it.
fn base36(mut n: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[n % 36]);
        n /= 36;
        if n == 0 {
            break;
        }
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

/// How long the text is before and after a changeset: `Z:before>more…`, or `<` for less.
fn lengths(changeset: &str) -> Option<(usize, usize)> {
    let rest = changeset.strip_prefix("Z:")?;
    let sign = rest.find(['>', '<'])?;
    let before = usize::from_str_radix(&rest[..sign], 36).ok()?;
    let more = &rest[sign + 1..];
    let end = more.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(more.len());
    let by = usize::from_str_radix(&more[..end], 36).ok()?;
    Some((before, if rest[sign..].starts_with('>') { before + by } else { before.checked_sub(by)? }))
}

/// A number for an author: all of ours have different ones, and one that did not would be seen as letters that never come.
fn number(author: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    author.hash(&mut hasher);
    hasher.finish()
}

impl Etherpad {
    /// An editor of its own, `n`.
    pub fn new(n: usize) -> Self {
        Self {
            token: format!("t.tandembench{n:010}"),
            author: String::new(),
            revision: 0,
            length: 0,
            typed: 0,
            unsent: 0,
            sent: 0,
            ready: false,
            came: std::collections::HashMap::new(),
        }
    }

    fn told(&mut self, data: &Value, out: &mut Heard) -> Result<(), Wrong> {
        let revision = data["newRev"].as_u64();
        match data["type"].as_str() {
            Some("ACCEPT_COMMIT") => {
                self.revision = revision.ok_or("no revision")?;
                self.length += std::mem::take(&mut self.sent);
                out.taken = true;
            }
            Some("NEW_CHANGES") => {
                self.revision = revision.ok_or("no revision")?;
                let (before, after) = data["changeset"].as_str().and_then(lengths).ok_or("no changeset")?;
                self.length = after;
                let author = number(data["author"].as_str().unwrap_or_default());
                let came = self.came.entry(author).or_default();
                *came += u32::try_from(after.saturating_sub(before))?;
                out.letters.push((author, *came));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Keys for Etherpad {
    fn letter(&mut self) -> Result<u32, Wrong> {
        self.unsent += 1;
        self.typed += 1;
        Ok(self.typed)
    }

    fn any_key(&mut self) -> Result<(), Wrong> {
        self.letter().map(|_| ())
    }
}

impl Talk for Etherpad {
    fn hello(&mut self) -> Vec<Message> {
        Vec::new()
    }

    fn hear(&mut self, message: &Message) -> Result<Heard, Wrong> {
        let mut out = Heard::default();
        let Message::Text(text) = message else { return Ok(out) };
        if text.as_str() == "40" {
            let hello = json!({"component": "pad", "type": "CLIENT_READY", "padId": "design", "sessionID": Value::Null,
                "token": self.token, "protocolVersion": 2});
            out.answers.push(said(&hello));
        }
        let Some(body) = text.strip_prefix("42") else { return Ok(out) };
        let body: Value = serde_json::from_str(body)?;
        let body = &body[1];
        if body.get("disconnect").is_some() || body.get("accessStatus").is_some() {
            return Err(format!("Etherpad said: {text}").into());
        }
        match body["type"].as_str() {
            Some("CLIENT_VARS") => {
                let vars = &body["data"]["collab_client_vars"];
                body["data"]["userId"].as_str().unwrap_or_default().clone_into(&mut self.author);
                self.revision = vars["rev"].as_u64().ok_or("no revision")?;
                self.length = vars["initialAttributedText"]["text"].as_str().unwrap_or_default().chars().count();
                self.ready = true;
                out.ready = true;
            }
            Some("COLLABROOM") if self.ready => self.told(&body["data"], &mut out)?,
            _ => {}
        }
        Ok(out)
    }

    fn me(&self) -> u64 {
        if self.ready { number(&self.author) } else { 0 }
    }

    fn keys(&mut self) -> &mut dyn Keys {
        self
    }

    fn send(&mut self) -> Result<Option<Message>, Wrong> {
        if self.unsent == 0 {
            return Ok(None);
        }
        self.sent = std::mem::take(&mut self.unsent);
        let more = base36(self.sent);
        let changeset = format!("Z:{}>{more}*0+{more}${}", base36(self.length), "x".repeat(self.sent));
        let pool = json!({"numToAttrib": {"0": ["author", self.author]}, "nextNum": 1});
        let data = json!({"type": "USER_CHANGES", "baseRev": self.revision, "changeset": changeset, "apool": pool});
        Ok(Some(said(&json!({"type": "COLLABROOM", "component": "pad", "data": data}))))
    }

    fn each(&self) -> Duration {
        Duration::from_millis(500)
    }

    fn waits(&self) -> bool {
        true
    }

    fn words(&self) -> Option<String> {
        None
    }
}
