//! What changed in a design: the words of a section between two moments, the sections of two states side by side, and how
//! a kept change is taken back again, so that what was there before can be read without the shared text.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

use super::diff::{MOST_PAIRS, within};
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
    }
}

/// Some words of a text that was compared with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// In both.
    Kept(String),
    /// Only in the earlier one.
    Removed(String),
    /// Only in the later one.
    Added(String),
}

impl Part {
    /// Its words.
    pub fn text(&self) -> &str {
        match self {
            Self::Kept(text) | Self::Removed(text) | Self::Added(text) => text,
        }
    }
}

/// How much is compared word by word, in pairs of words. What is more is shown as a whole: removed, and added.
#[derive(Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(4 * MOST_PAIRS)
    }
}

/// The words of two texts: what both have, what went and what came, in reading order.
pub fn words(old: &str, new: &str, budget: &mut Budget) -> Vec<Part> {
    let tokens: Vec<&str> = old.split_word_bounds().collect();
    let given = budget.0.min(MOST_PAIRS);
    let mut left = given;
    let mut out = Vec::new();
    let mut next = 0;
    for (gone, come) in within(&tokens, new, &mut left) {
        out.push(Part::Kept(tokens[next..gone.start].concat()));
        out.push(Part::Removed(tokens[gone.clone()].concat()));
        out.push(Part::Added(come));
        next = gone.end;
    }
    out.push(Part::Kept(tokens[next..].concat()));
    budget.0 -= given - left;
    joined(out)
}

/// Leaves out what is empty, and reads two changes with only a space between them as one: "removed: the old bus, added: a
/// new tram", not four changes of one word each.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out = Vec::new();
    // What went and what came since the last words that stay, and the space after it that may belong to it.
    let (mut gone, mut come, mut gap) = (String::new(), String::new(), String::new());
    let flush = |out: &mut Vec<Part>, gone: &mut String, come: &mut String, gap: &mut String| {
        for part in
            [Part::Removed(std::mem::take(gone)), Part::Added(std::mem::take(come)), Part::Kept(std::mem::take(gap))]
        {
            match (out.last_mut(), part) {
                (_, part) if part.text().is_empty() => {}
                (Some(Part::Kept(last)), Part::Kept(more)) => last.push_str(&more),
                (_, part) => out.push(part),
            }
        }
    };
    let mut parts = parts.into_iter().filter(|p| !p.text().is_empty()).peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Kept(text) => {
                let space = !text.contains('\n') && text.trim().is_empty();
                let changed = !(gone.is_empty() && come.is_empty());
                if space && changed && gap.is_empty() && parts.peek().is_some() {
                    gap = text;
                } else {
                    flush(&mut out, &mut gone, &mut come, &mut gap);
                    gap = text;
                    flush(&mut out, &mut gone, &mut come, &mut gap);
                }
            }
            change => {
                let (more_gone, more_come) = match change {
                    Part::Removed(text) => {
                        let next = parts.next_if(|p| matches!(p, Part::Added(_)));
                        (text, next.map_or_else(String::new, |p| p.text().to_owned()))
                    }
                    other => (String::new(), other.text().to_owned()),
                };
                let both = |a: &str, b: &str| !(a.trim().is_empty() && b.trim().is_empty());
                if !gap.is_empty() && both(&gone, &more_gone) && both(&come, &more_come) {
                    gone.push_str(&gap);
                    come.push_str(&gap);
                    gap.clear();
                } else if !gap.is_empty() {
                    flush(&mut out, &mut gone, &mut come, &mut gap);
                }
                gone.push_str(&more_gone);
                come.push_str(&more_come);
            }
        }
    }
    flush(&mut out, &mut gone, &mut come, &mut gap);
    out
}

/// How many letters and figures came and went: what is counted of who wrote how much. Spaces and signs are not.
pub fn letters(parts: &[Part]) -> (i64, i64) {
    let count = |text: &str| i64::try_from(text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(i64::MAX);
    parts.iter().fold((0, 0), |(added, removed), part| match part {
        Part::Kept(_) => (added, removed),
        Part::Added(text) => (added + count(text), removed),
        Part::Removed(text) => (added, removed + count(text)),
    })
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
            ChangeKind::Words | ChangeKind::Restored => piece.words = step.stretch.take_back(&piece.words),
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

/// What became of a section between two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in both.
    Stayed,
    /// It came.
    Added,
    /// It went.
    Removed,
}

/// A section in two states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Which.
    pub id: SectionId,
    /// Its heading; of one that went, its last.
    pub heading: String,
    /// Its heading before, where it had another.
    pub was: Option<String>,
    /// Whether it came, went or stayed.
    pub fate: Fate,
    /// It stands at another place among those that stayed.
    pub moved: bool,
    /// Its words.
    pub parts: Vec<Part>,
}

impl Compared {
    /// Whether anything about it differs.
    pub fn changed(&self) -> bool {
        self.fate != Fate::Stayed
            || self.moved
            || self.was.is_some()
            || self.parts.iter().any(|p| !matches!(p, Part::Kept(_)))
    }
}

/// A section of a state that people read: which, its heading, its words.
pub type Shown = (SectionId, String, String);

/// Compares two states, section by section, in the order of the later one; what went stands where it stood.
pub fn compare(old: &[Shown], new: &[Shown]) -> Vec<Compared> {
    let mut budget = Budget::default();
    let (was, is): (Vec<_>, Vec<_>) = (old.iter().map(|s| s.0).collect(), new.iter().map(|s| s.0).collect());
    // Those that kept their order; whatever else is in both was moved.
    let mut kept = Vec::new();
    let mut place = 0;
    for op in capture_diff_slices(Algorithm::Myers, &was, &is) {
        let (_, gone, _) = op.as_tag_tuple();
        if matches!(op, DiffOp::Equal { .. }) {
            kept.extend(was.iter().skip(place).take(gone.len()));
        }
        place += gone.len();
    }
    let mut out: Vec<Compared> = Vec::new();
    for (id, heading, text) in new {
        let before = old.iter().find(|s| s.0 == *id);
        out.push(Compared {
            id: *id,
            heading: heading.clone(),
            was: before.map(|s| s.1.clone()).filter(|was| was != heading),
            fate: if before.is_some() { Fate::Stayed } else { Fate::Added },
            moved: before.is_some() && !kept.contains(id),
            parts: words(before.map_or("", |s| &s.2), text, &mut budget),
        });
    }
    for (at, (id, heading, text)) in old.iter().enumerate().filter(|(_, s)| !is.contains(&s.0)) {
        // Behind the section that stood before it.
        let behind = old[..at].iter().rev().find_map(|s| out.iter().position(|c| c.id == s.0)).map_or(0, |n| n + 1);
        let parts = words(text, "", &mut budget);
        let (id, heading) = (*id, heading.clone());
        out.insert(behind, Compared { id, heading, was: None, fate: Fate::Removed, moved: false, parts });
    }
    out
}

#[cfg(test)]
mod tests;
