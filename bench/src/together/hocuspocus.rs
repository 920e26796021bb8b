//! An editor of Hocuspocus, as its provider for browsers speaks: the sync messages of Yjs, each with the name of the document
//! and a number of its kind in front.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;
use yrs::encoding::read::{Cursor, Read as _};
use yrs::encoding::write::Write as _;

use super::pen::Desk;
use super::talk::{Heard, Keys, Talk};
use crate::Wrong;

const NAME: &str = "design";
/// Kinds of messages.
const SYNC: u32 = 0;
const AUTH: u32 = 2;
const SYNC_REPLY: u32 = 4;
const SYNC_STATUS: u32 = 8;
/// Kinds of sync messages.
const ASKS: u32 = 0;
const ANSWERS: u32 = 1;
const UPDATE: u32 = 2;
/// The state vector of an empty document, and an update that says nothing.
const NOTHING: [u8; 1] = [0];
const NO_CHANGE: [u8; 2] = [0, 0];

/// One editor.
pub struct Hocuspocus {
    writer: u64,
    place: (usize, f64),
    desk: Desk,
}

fn message(kinds: [u32; 2], bytes: &[u8]) -> Message {
    let mut out = Vec::new();
    out.write_string(NAME);
    for kind in kinds {
        out.write_var(kind);
    }
    out.write_buf(bytes);
    Message::Binary(out.into())
}

fn root(n: usize) -> String {
    format!("section {n}")
}

impl Hocuspocus {
    /// An editor with the number `writer`.
    pub fn new(writer: u64, place: (usize, f64), looks: bool) -> Self {
        Self { writer, place, desk: Desk::new(looks) }
    }
}

impl Talk for Hocuspocus {
    fn hello(&mut self) -> Vec<Message> {
        vec![message([AUTH, 0], b"nobody asks")]
    }

    fn hear(&mut self, heard: &Message) -> Result<Heard, Wrong> {
        let mut out = Heard::default();
        let Message::Binary(bytes) = heard else { return Ok(out) };
        let mut from = Cursor::new(bytes);
        from.read_string()?;
        match from.read_var::<u32>()? {
            AUTH => out.answers.push(message([SYNC, ASKS], &NOTHING)),
            SYNC_STATUS => out.taken = true,
            SYNC | SYNC_REPLY => match from.read_var::<u32>()? {
                // It asks what is new here: nothing is.
                ASKS => out.answers.push(message([SYNC_REPLY, ANSWERS], &NO_CHANGE)),
                ANSWERS if !self.desk.is_open() => {
                    let state = from.read_buf()?.to_vec();
                    self.desk.begin(self.writer, &root(self.place.0), &[state], self.place.1)?;
                    out.ready = true;
                }
                UPDATE => out.letters = self.desk.show(from.read_buf()?)?,
                _ => {}
            },
            _ => {}
        }
        Ok(out)
    }

    fn me(&self) -> u64 {
        self.writer
    }

    fn keys(&mut self) -> &mut dyn Keys {
        &mut self.desk
    }

    fn send(&mut self) -> Result<Option<Message>, Wrong> {
        Ok(self.desk.unsent()?.map(|update| message([SYNC, UPDATE], &update)))
    }

    fn each(&self) -> Duration {
        Duration::ZERO
    }

    fn waits(&self) -> bool {
        false
    }

    fn words(&self) -> Option<String> {
        self.desk.words((0..crate::plant::SECTIONS).map(root))
    }
}
