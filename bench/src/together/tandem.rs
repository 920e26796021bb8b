//! Tandem's editor, as `frontend/src/writing` speaks.

use std::time::Duration;

use domain::designs::wire::{Hears, Says, numbered, read_numbered};
use domain::ids::SectionId;
use tokio_tungstenite::tungstenite::Message;

use super::pen::Desk;
use super::talk::{Heard, Keys, Talk};
use crate::Wrong;

/// One editor.
pub struct Tandem {
    sections: Vec<SectionId>,
    /// In which of them it types, and how far into what stands there.
    place: (usize, f64),
    writer: u64,
    desk: Desk,
    beginning: Vec<Vec<u8>>,
    number: u64,
}

impl Tandem {
    /// An editor of a design of these sections.
    pub fn new(sections: &[SectionId], place: (usize, f64), looks: bool) -> Self {
        Self { sections: sections.to_vec(), place, writer: 0, desk: Desk::new(looks), beginning: Vec::new(), number: 0 }
    }
}

impl Talk for Tandem {
    fn hello(&mut self) -> Vec<Message> {
        Vec::new()
    }

    fn hear(&mut self, message: &Message) -> Result<Heard, Wrong> {
        let mut heard = Heard::default();
        match message {
            Message::Text(text) => match Hears::read(text) {
                Some(Hears::Welcome(writer, _)) => self.writer = writer.number(),
                Some(Hears::Now(_)) => {
                    let (section, share) = (self.sections[self.place.0], self.place.1);
                    let beginning = std::mem::take(&mut self.beginning);
                    self.desk.begin(self.writer, &section.to_string(), &beginning, share)?;
                    heard.ready = true;
                    heard.answers.push(Message::Text(Says::Here(Some(section)).text().into()));
                }
                Some(Hears::Saved(number, ..)) => heard.taken = number == self.number,
                Some(Hears::Refused(..) | Hears::Stop(_)) | None => return Err(format!("Tandem said: {text}").into()),
                Some(Hears::People(_) | Hears::Locks(_) | Hears::Here) => {}
            },
            Message::Binary(frame) => {
                let (_, update) = read_numbered(frame).ok_or("a frame without a number")?;
                if self.desk.is_open() {
                    heard.letters = self.desk.show(update)?;
                } else {
                    self.beginning.push(update.to_vec());
                }
            }
            _ => {}
        }
        Ok(heard)
    }

    fn me(&self) -> u64 {
        self.writer
    }

    fn keys(&mut self) -> &mut dyn Keys {
        &mut self.desk
    }

    fn send(&mut self) -> Result<Option<Message>, Wrong> {
        let Some(update) = self.desk.unsent()? else { return Ok(None) };
        self.number += 1;
        Ok(Some(Message::Binary(numbered(self.number, &update).into())))
    }

    fn each(&self) -> Duration {
        Duration::from_millis(100)
    }

    fn waits(&self) -> bool {
        true
    }

    fn words(&self) -> Option<String> {
        self.desk.words(self.sections.iter().map(SectionId::to_string))
    }
}
