//! What changed, as people read it: the words of two texts (what stayed, what went and what came), the sections of two
//! states side by side, and what is kept of changes.

mod history;
mod wiping;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

pub use history::{ChangeKind, Letters, Piece, Step, Stretch, back};
pub use wiping::{Past, PastState, WIPED, wipe, wipe_changes, wipe_picked};

use super::diff::{MOST_PAIRS, within};
use crate::ids::SectionId;

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

/// What stays before a change, what goes, and what comes.
struct Change {
    kept: String,
    gone: String,
    come: String,
}

impl Change {
    /// Whether this one and the next are read as one: only a space is between them, and words come for words that go.
    fn joins(&self, next: &Self) -> bool {
        let space = !next.kept.contains('\n') && next.kept.trim().is_empty();
        let words = |a: &str, b: &str| !(a.trim().is_empty() && b.trim().is_empty());
        space && words(&self.gone, &next.gone) && words(&self.come, &next.come)
    }

    fn join(&mut self, next: &Self) {
        for (mine, its) in [(&mut self.gone, &next.gone), (&mut self.come, &next.come)] {
            mine.push_str(&next.kept);
            mine.push_str(its);
        }
    }

    /// Reads lines that went or came as whole lines: what stands before them in their first line begins the line behind them,
    /// too, where the comparison may as well find it there. Gives what belongs before the words that stay behind it.
    fn take_whole_lines(&mut self) -> String {
        let start = self.kept.rfind('\n').map_or(0, |n| n + 1);
        let lines = match (self.gone.is_empty(), self.come.is_empty()) {
            (false, true) => &mut self.gone,
            (true, false) => &mut self.come,
            _ => return String::new(),
        };
        let whole = lines.strip_suffix(&self.kept[start..]).filter(|lines| lines.ends_with('\n'));
        let Some(whole) = whole.map(str::to_owned) else { return String::new() };
        let begun = self.kept.split_off(start);
        *lines = format!("{begun}{whole}");
        begun
    }
}

/// The words of two texts: what both have, what went and what came, in reading order. Two changes with only a space between
/// them are read as one: "removed: the old bus, added: a new tram", not four changes of one word each.
pub fn words(old: &str, new: &str) -> Vec<Part> {
    words_within(old, new, &mut Budget::default())
}

/// The same, comparing no more than the budget allows.
pub fn words_within(old: &str, new: &str, budget: &mut Budget) -> Vec<Part> {
    let tokens: Vec<&str> = old.split_word_bounds().collect();
    let given = budget.0.min(MOST_PAIRS);
    let mut left = given;
    let mut changes: Vec<Change> = Vec::new();
    let mut next = 0;
    for (gone, come) in within(&tokens, new, &mut left) {
        let kept = tokens[next..gone.start].concat();
        let change = Change { kept, gone: tokens[gone.clone()].concat(), come };
        next = gone.end;
        match changes.last_mut() {
            Some(last) if last.joins(&change) => last.join(&change),
            _ => changes.push(change),
        }
    }
    budget.0 -= given - left;
    let mut parts = Vec::new();
    let mut begun = String::new();
    for mut change in changes {
        change.kept.insert_str(0, &std::mem::take(&mut begun));
        begun = change.take_whole_lines();
        parts.extend([Part::Kept(change.kept), Part::Removed(change.gone), Part::Added(change.come)]);
    }
    parts.push(Part::Kept(begun + &tokens[next..].concat()));
    parts.retain(|part| !part.text().is_empty());
    parts
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
pub type Passage = (SectionId, String, String);

/// Compares two states, section by section, in the order of the later one; what went stands where it stood.
pub fn compare(old: &[Passage], new: &[Passage]) -> Vec<Compared> {
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
            parts: words_within(before.map_or("", |s| &s.2), text, &mut budget),
        });
    }
    for (at, (id, heading, text)) in old.iter().enumerate().filter(|(_, s)| !is.contains(&s.0)) {
        // Behind the section that stood before it.
        let behind = old[..at].iter().rev().find_map(|s| out.iter().position(|c| c.id == s.0)).map_or(0, |n| n + 1);
        let parts = words_within(text, "", &mut budget);
        let (id, heading) = (*id, heading.clone());
        out.insert(behind, Compared { id, heading, was: None, fate: Fate::Removed, moved: false, parts });
    }
    out
}

#[cfg(test)]
mod tests;
