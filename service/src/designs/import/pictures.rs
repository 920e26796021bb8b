//! The pictures of a document: each is drawn anew as it is met, and stands in the words by the name it gets here.

use std::collections::HashMap;

use domain::designs::pictures::{MAX_PICTURES, PictureName};

use super::BadDocument;
use crate::pictures::NewPicture;
use crate::pictures::drawn_anew::{Width, draw_anew, points};

/// Most points of all pictures of one document: drawing them takes some seconds.
const MOST_POINTS: u64 = 100_000_000;

/// The pictures of a document, as far as they could be read. One that could not leaves what it shows, as words.
pub struct Pictures<'n> {
    names: Option<&'n mut dyn FnMut() -> PictureName>,
    taken: Vec<NewPicture>,
    /// Files of the document that were looked at already, drawn: a document may show one many times.
    drawn: HashMap<String, Option<Vec<Width>>>,
    /// How many were looked at: also those that could not be read.
    looked: usize,
    points: u64,
    too_many: bool,
}

impl<'n> Pictures<'n> {
    /// Takes what can be read; `names` gives a fresh name for each.
    pub fn taken(names: &'n mut dyn FnMut() -> PictureName) -> Self {
        Self { names: Some(names), ..Self::none() }
    }

    /// Takes none.
    pub fn none() -> Self {
        Self { names: None, taken: Vec::new(), drawn: HashMap::new(), looked: 0, points: 0, too_many: false }
    }

    /// Takes one, and gives the name by which it stands in the words.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Option<PictureName> {
        let widths = self.draw(|| Some(bytes.to_vec()))?;
        self.name(widths)
    }

    /// Takes one that is a file of its document, however often that shows it.
    pub(super) fn take_file(&mut self, file: &str, read: impl FnOnce() -> Option<Vec<u8>>) -> Option<PictureName> {
        if !self.drawn.contains_key(file) {
            let widths = self.draw(read);
            self.drawn.insert(file.to_owned(), widths);
        }
        let widths = self.drawn.get(file)?.clone()?;
        self.name(widths)
    }

    fn draw(&mut self, read: impl FnOnce() -> Option<Vec<u8>>) -> Option<Vec<Width>> {
        if self.names.is_none() || self.too_many {
            return None;
        }
        self.looked += 1;
        if self.looked > MAX_PICTURES {
            self.too_many = true;
            return None;
        }
        let bytes = read()?;
        self.points = self.points.saturating_add(points(&bytes)?);
        if self.points > MOST_POINTS {
            self.too_many = true;
            return None;
        }
        draw_anew(&bytes).ok()
    }

    fn name(&mut self, widths: Vec<Width>) -> Option<PictureName> {
        if self.taken.len() >= MAX_PICTURES {
            self.too_many = true;
            return None;
        }
        let name = self.names.as_mut()?();
        self.taken.push(NewPicture { name: name.clone(), widths });
        Some(name)
    }

    /// All that were taken.
    ///
    /// # Errors
    /// [`BadDocument::Pictures`] when there were more than can be.
    pub(super) fn all(self) -> Result<Vec<NewPicture>, BadDocument> {
        if self.too_many { Err(BadDocument::Pictures) } else { Ok(self.taken) }
    }
}
