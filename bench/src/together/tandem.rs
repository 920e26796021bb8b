//! Tandem's editor, as `frontend/src/writing` speaks.

use std::time::Duration;

use domain::designs::wire::{Hears, Says, numbered, read_numbered};
use domain::ids::SectionId;
use tokio_tungstenite::tungstenite::Message;

use super::pen::{Pen, Screen};
use super::talk::{Heard, Talk};
use crate::Wrong;

/// One editor.
pub struct Tandem {
    sections: Vec<SectionId>,
    /// In which of them it types, and how far into what stands there.
    place: (usize, f64),
    writer: u64,
    pen: Option<Pen>,
    screen: Option<Screen>,
    beginning: Vec<Vec<u8>>,
    number: u64,
}

impl Tandem {
    /// An editor of a design of these sections.
    pub fn new(sections: &[SectionId], place: (usize, f64), looks: bool) -> Self {
        Self {
            sections: sections.to_vec(),
            place,
            writer: 0,
            pen: None,
            screen: looks.then(Screen::default),
            beginning: Vec::new(),
            number: 0,
        }
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
                    if let Some(screen) = &mut self.screen {
                        for update in &beginning {
                            screen.show(update)?;
                        }
                    }
                    self.pen = Some(Pen::new(self.writer, &section.to_string(), &beginning, share)?);
                    heard.ready = true;
                    heard.answers.push(Message::Text(Says::Here(Some(section)).text().into()));
                }
                Some(Hears::Saved(number, ..)) => heard.taken = number == self.number,
                Some(Hears::Refused(..) | Hears::Stop(_)) | None => return Err(format!("Tandem said: {text}").into()),
                Some(Hears::People(_) | Hears::Locks(_) | Hears::Here) => {}
            },
            Message::Binary(frame) => {
                let (_, update) = read_numbered(frame).ok_or("a frame without a number")?;
                if self.pen.is_none() {
                    self.beginning.push(update.to_vec());
                } else if let Some(screen) = &mut self.screen {
                    heard.letters = screen.show(update)?;
                }
            }
            _ => {}
        }
        Ok(heard)
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
        let sections: Vec<String> = self.sections.iter().map(SectionId::to_string).collect();
        self.screen.as_ref().map(|screen| screen.words(&sections))
    }
}
