//! The pictures of a document: each is drawn anew as it is met, and stands in the words by the name it gets here.

use domain::designs::pictures::{MAX_PICTURES, PictureName};

use super::BadDocument;
use crate::pictures::NewPicture;
use crate::pictures::drawn_anew::{draw_anew, points};

/// Most points of all pictures of one document: drawing them takes some seconds.
const MOST_POINTS: u64 = 100_000_000;

/// The pictures of a document, as far as they could be read. One that could not leaves what it shows, as words.
pub struct Pictures<'n> {
    names: Option<&'n mut dyn FnMut() -> PictureName>,
    taken: Vec<NewPicture>,
    points: u64,
    too_many: bool,
}

impl<'n> Pictures<'n> {
    /// Takes what can be read; `names` gives a fresh name for each.
    pub fn taken(names: &'n mut dyn FnMut() -> PictureName) -> Self {
        Self { names: Some(names), taken: Vec::new(), points: 0, too_many: false }
    }

    /// Takes none.
    pub const fn none() -> Self {
        Self { names: None, taken: Vec::new(), points: 0, too_many: false }
    }

    /// Takes one, and gives the name by which it stands in the words.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Option<PictureName> {
        let names = self.names.as_mut().filter(|_| !self.too_many)?;
        self.points = self.points.saturating_add(points(bytes)?);
        if self.taken.len() >= MAX_PICTURES || self.points > MOST_POINTS {
            self.too_many = true;
            return None;
        }
        let widths = draw_anew(bytes).ok()?;
        let name = names();
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
