//! An editor of Hocuspocus, as its provider for browsers speaks: the sync messages of Yjs, each with the name of the document
//! and a number of its kind in front.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;
use yrs::encoding::read::{Cursor, Read as _};
use yrs::encoding::write::Write as _;

use super::pen::{Pen, Screen};
use super::talk::{Heard, Talk};
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
    pen: Option<Pen>,
    screen: Option<Screen>,
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
        Self { writer, place, pen: None, screen: looks.then(Screen::default) }
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
                ANSWERS if self.pen.is_none() => {
                    let state = from.read_buf()?.to_vec();
                    if let Some(screen) = &mut self.screen {
                        screen.show(&state)?;
                    }
                    self.pen = Some(Pen::new(self.writer, &root(self.place.0), &[state], self.place.1)?);
                    out.ready = true;
                }
                UPDATE => {
                    if let Some(screen) = &mut self.screen {
                        out.letters = screen.show(from.read_buf()?)?;
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(out)
    }

    fn me(&self) -> u64 {
        self.writer
    }

    fn letter(&mut self) -> Result<u32, Wrong> {
        Ok(self.pen.as_mut().ok_or("no text yet")?.letter())
    }

    fn any_key(&mut self) -> Result<(), Wrong> {
        self.pen.as_mut().ok_or("no text yet")?.any_key();
        Ok(())
    }

    fn send(&mut self) -> Result<Option<Message>, Wrong> {
        let Some(update) = self.pen.as_mut().map(Pen::unsent).transpose()?.flatten() else { return Ok(None) };
        if let Some(screen) = &mut self.screen {
            screen.show(&update)?;
        }
        Ok(Some(message([SYNC, UPDATE], &update)))
    }

    fn each(&self) -> Duration {
        Duration::ZERO
    }

    fn waits(&self) -> bool {
        false
    }

    fn words(&self) -> Option<String> {
        let texts: Vec<String> = (0..crate::plant::SECTIONS).map(root).collect();
        self.screen.as_ref().map(|screen| screen.words(&texts))
    }
}
