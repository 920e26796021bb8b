//! What is kept of changes: what one did, how much came and went, and how it is taken back again, so that what was there
//! before can be read without the shared text.

use super::{Part, words};
use crate::ids::SectionId;

crate::named! {
    /// What a saved change did.
    pub enum ChangeKind {
        /// Somebody wrote.
        Words = "words",
        /// Another heading.
        Heading = "heading",
        /// Another place among the sections.
        Order = "order",
        /// A new section.
        Added = "added",
        /// A section was taken out.
        Removed = "removed",
        /// A section was brought back.
        BroughtBack = "brought-back",
        /// The group does not need it.
        NotNeeded = "not-needed",
        /// The group needs it after all.
        Needed = "needed",
        /// Words of an earlier version came back. Nobody wrote them anew, so nobody's letters are counted.
        Restored = "restored",
        /// Words were wiped. What they were is not kept, and nobody's letters are counted.
        Wiped = "wiped",
    }
}

impl ChangeKind {
    /// Whether it changed the words of a section.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Words | Self::Restored | Self::Wiped)
    }
}

/// How many letters and figures came and went: what is counted of who wrote how much. Spaces and signs are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Letters {
    /// How many came.
    pub added: i64,
    /// How many went.
    pub removed: i64,
}

impl Letters {
    /// Together with others.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { added: self.added + other.added, removed: self.removed + other.removed }
    }

    /// What came and went from one text to the next. Only the stretch that differs is looked at, so that a word that grows
    /// letter by letter counts as much as the same word written at once. Long texts take a while.
    pub fn between(old: &str, new: &str) -> Self {
        let Stretch { place, came, gone } = Stretch::between(old, new);
        let come: String = new.chars().skip(place).take(came).collect();
        let count =
            |text: &str| i64::try_from(text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(i64::MAX);
        words(&gone, &come).iter().fold(Self::default(), |all, part| match part {
            Part::Kept(_) => all,
            Part::Added(text) => Self { added: all.added + count(text), ..all },
            Part::Removed(text) => Self { removed: all.removed + count(text), ..all },
        })
    }
}

/// The one stretch of a text that a change touched. Positions and lengths are characters (Unicode scalar values) of the
/// later text; it begins and ends between characters, so it can always be put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub place: usize,
    /// How many characters stand there since.
    pub came: usize,
    /// What stood there before.
    pub gone: String,
}

impl Stretch {
    /// From the first to the last character that differs.
    pub fn between(old: &str, new: &str) -> Self {
        let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
        let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
        Self { place: start, came: b.len() - end - start, gone: a[start..a.len() - end].iter().collect() }
    }

    /// This change and the ones after it as one: `was` is the text after this one, `now` the text after the last.
    #[must_use]
    pub fn up_to(&self, was: &str, now: &str) -> Self {
        Self::between(&self.take_back(was), now)
    }

    /// What touches nothing.
    pub const fn nothing() -> Self {
        Self { place: 0, came: 0, gone: String::new() }
    }

    /// The text as it was before. A stretch of another text gives nonsense, and never fails.
    pub fn take_back(&self, new: &str) -> String {
        let start = new.chars().take(self.place);
        let end = new.chars().skip(self.place.saturating_add(self.came));
        start.chain(self.gone.chars()).chain(end).collect()
    }
}

/// A section in one state of a design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which.
    pub id: SectionId,
    /// Its heading.
    pub heading: String,
    /// Its words as typed.
    pub words: String,
    /// Where it stands among the others.
    pub position: i64,
    /// It was taken out.
    pub removed: bool,
    /// The group does not need it.
    pub not_needed: bool,
}

/// One kept change, as far as taking it back needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Of which section.
    pub section: SectionId,
    /// What it did.
    pub kind: ChangeKind,
    /// For words: where. For a heading or the order `gone` is what it was before, and the stretch has no length.
    pub stretch: Stretch,
}

/// Takes changes back, the last one first: from the sections of now to those of an earlier moment.
pub fn back(pieces: &mut Vec<Piece>, steps: &[Step]) {
    for step in steps {
        if step.kind == ChangeKind::Added {
            pieces.retain(|p| p.id != step.section);
            continue;
        }
        let Some(piece) = pieces.iter_mut().find(|p| p.id == step.section) else { continue };
        match step.kind {
            ChangeKind::Words | ChangeKind::Restored | ChangeKind::Wiped => {
                piece.words = step.stretch.take_back(&piece.words)
            }
            ChangeKind::Heading => piece.heading.clone_from(&step.stretch.gone),
            ChangeKind::Order => piece.position = step.stretch.gone.parse().unwrap_or(piece.position),
            ChangeKind::Removed => piece.removed = false,
            ChangeKind::BroughtBack => piece.removed = true,
            ChangeKind::NotNeeded => piece.not_needed = false,
            ChangeKind::Needed => piece.not_needed = true,
            ChangeKind::Added => {}
        }
    }
    pieces.sort_by_key(|p| (p.position, p.id));
}
